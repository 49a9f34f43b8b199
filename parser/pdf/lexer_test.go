package pdf

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// lexed is a token as text, its kind in front.
func lexed(s string) []string {
	l := lexer{data: []byte(s)}
	out := []string{}
	for {
		switch k := l.next(); k {
		case tokEOF:
			return out
		case tokString:
			out = append(out, "("+string(l.text)+")")
		case tokName:
			out = append(out, "/"+string(l.text))
		case tokNumber:
			out = append(out, "number")
		case tokKeyword:
			out = append(out, string(l.text))
		default:
			out = append(out, map[tokenKind]string{tokArrayOpen: "[", tokArrayClose: "]", tokDictOpen: "<<", tokDictClose: ">>"}[k])
		}
	}
}

func TestLexer(t *testing.T) {
	tests := []struct {
		name, in string
		want     []string
	}{
		{"nothing", " \x00\t\r\n\f", []string{}},
		{"operators", "q 1 0 0 1 0 0 cm/F1 12 Tf(x)Tj T* ' \"", []string{"q", "number", "number", "number", "number", "number", "number", "cm", "/F1", "number", "Tf", "(x)", "Tj", "T*", "'", "\""}},
		{"comment", "BT % Tj (no)\nET%end", []string{"BT", "ET"}},
		{"comment ends at CR", "% a\rq", []string{"q"}},
		{"nested parentheses", "(a(b)c)", []string{"(a(b)c)"}},
		{"escapes", `(\n\r\t\b\f\(\)\\\q)`, []string{"(\n\r\t\b\f()\\q)"}},
		{"octal", `(\101\1012\7\08\377)`, []string{"(AA2\x07\x008\xff)"}},
		{"octal overflows to a byte", `(\501)`, []string{"(A)"}},
		{"a line that goes on", "(a\\\nb\\\r\nc\\\rd)", []string{"(abcd)"}},
		{"line ends are LF", "(a\r\nb\rc)", []string{"(a\nb\nc)"}},
		{"escaped parenthesis does not nest", `(a\(b)c)`, []string{"(a(b)", "c", ")"}},
		{"string without end", "(ab", []string{"(ab)"}},
		{"escape without end", `(ab\`, []string{"(ab)"}},
		{"hexadecimal", "<4E2d 5\n9>", []string{"(\x4e\x2d\x59)"}},
		{"odd hexadecimal", "<4E2>", []string{"(\x4e\x20)"}},
		{"empty and broken hexadecimal", "<><4z1>", []string{"()", "(A)"}},
		{"hexadecimal without end", "<41", []string{"(A)"}},
		{"names", "/A/B#20C#2/a.b_c-1/#ZZ/", []string{"/A", "/B C#2", "/a.b_c-1", "/#ZZ", "/"}},
		{"arrays and dictionaries", "[1[/A]]<</K<41>>>", []string{"[", "number", "[", "/A", "]", "]", "<<", "/K", "(A)", ">>"}},
		{"stray closers", "> ) q", []string{")", "q"}},
		{"a word that begins with a digit", "1abc 0.5.5x", []string{"1abc", "0.5.5x"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, lexed(tt.in)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestNumbers(t *testing.T) {
	tests := []struct {
		in   string
		want float64
	}{
		{"0", 0}, {"12", 12}, {"+12", 12}, {"-12", -12}, {"12.", 12}, {".5", 0.5}, {"-.5", -0.5}, {"3.25", 3.25},
		{"--3", -3},   // doubled signs, as some producers write
		{"0.-5", 0},   // a sign within ends the number
		{"12-34", 12}, //
		{"0000000001.50", 1.5},
		{"1e3", 1000},
		{"99999999999", 99999999999},
	}
	for _, tt := range tests {
		l := lexer{data: []byte(tt.in)}
		if k := l.next(); k != tokNumber || math.Abs(l.num-tt.want) > 1e-9 {
			t.Errorf("%q: token %d, %v, want %v", tt.in, k, l.num, tt.want)
		}
		if k := l.next(); k != tokEOF {
			t.Errorf("%q: more than one token", tt.in)
		}
	}
	for _, in := range []string{"-", "+", "--", "1.2.3", "Inf", "-Inf", "NaN", "1e999", strings.Repeat("9", 400)} {
		l := lexer{data: []byte(in)}
		if k := l.next(); k != tokKeyword {
			t.Errorf("%q: token %d with the number %v", in, k, l.num)
		}
	}
}

func TestValue(t *testing.T) {
	tests := []struct {
		name, in string
		want     object
	}{
		{"integer", "12", 12},
		{"real", "1.5", 1.5},
		{"an integer too large", "99999999999", float64(99999999999)},
		{"string", "(a)", str("a")},
		{"name", "/A", name("A")},
		{"booleans and null", "[true false null]", array{true, false, nil}},
		{"dictionary", "<</A 1/B[/C<</D(e)>>]>>", dict{"A": 1, "B": array{name("C"), dict{"D": str("e")}}}},
		{"dictionary without its last value", "<</A 1/B>>", dict{"A": 1}},
		{"dictionary with a stray number", "<<7/A 1>>", dict{"A": 1}},
		{"array without end", "[1 2", array{1, 2}},
		{"dictionary without end", "<</A 1", dict{"A": 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := lexer{data: []byte(tt.in)}
			if diff := cmp.Diff(tt.want, l.value(l.next(), 0)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestNestingIsBounded(t *testing.T) {
	for _, opener := range []string{"[", "<</A"} {
		l := lexer{data: []byte(strings.Repeat(opener, 100_000))}
		depth := 0
		for o := l.value(l.next(), 0); o != nil; depth++ {
			switch v := o.(type) {
			case array:
				o = nil
				if len(v) > 0 {
					o = v[0]
				}
			case dict:
				o = v["A"]
			}
		}
		if depth > maxNesting+1 {
			t.Errorf("%q nests %d deep", opener, depth)
		}
	}
}
