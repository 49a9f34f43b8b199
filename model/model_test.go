package model

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNewDate(t *testing.T) {
	tests := []struct {
		name             string
		year, month, day int
		want             string // "" for no valid day
	}{
		{"ordinary", 2026, 1, 1, "2026-01-01"},
		{"leap day", 2028, 2, 29, "2028-02-29"},
		{"no leap day", 2026, 2, 29, ""},
		{"June has 30 days", 2026, 6, 31, ""},
		{"no month 13", 2026, 13, 1, ""},
		{"no month 0", 2026, 0, 1, ""},
		{"no day 0", 2026, 1, 0, ""},
		{"first year", 1900, 1, 1, "1900-01-01"},
		{"before the first year", 1899, 12, 31, ""},
		{"last year", 2200, 12, 31, "2200-12-31"},
		{"behind the last year", 2201, 1, 1, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := NewDate("as printed", tt.year, tt.month, tt.day)
			if d.String() != tt.want || d.Valid != (tt.want != "") {
				t.Errorf("got %q valid %v, want %q", d, d.Valid, tt.want)
			}
			if d.Raw != "as printed" {
				t.Errorf("the printed text became %q", d.Raw)
			}
			b, err := json.Marshal(d)
			if err != nil {
				t.Fatal(err)
			}
			if want := `"` + tt.want + `"`; string(b) != want {
				t.Errorf("JSON %s, want %s", b, want)
			}
		})
	}
}

func TestDateOrder(t *testing.T) {
	early, late := NewDate("", 2025, 12, 31), NewDate("", 2026, 1, 1)
	if !early.Before(late) || late.Before(early) || early.Before(early) {
		t.Error("31 December does not come before 1 January")
	}
	if !(Date{}).Blank() || NewDate("2026-01-01", 2026, 1, 1).Blank() {
		t.Error("Blank does not tell a printed date from none")
	}
}

func TestMessage(t *testing.T) {
	both := Text{Zh: "第 {line} 行：{what}", En: "line {line}: {what}"}
	tests := []struct {
		name string
		m    Message
		lang Lang
		want string
	}{
		{"Chinese", Message{both, Args{"line": "3", "what": "空"}}, Chinese, "第 3 行：空"},
		{"English", Message{both, Args{"line": "3", "what": "空"}}, English, "line 3: 空"},
		{"unknown language is Chinese", Message{both, Args{"line": "3", "what": "空"}}, "fr", "第 3 行：空"},
		{"no English falls back", Message{Text: Text{Zh: "只有中文"}}, English, "只有中文"},
		{"unknown argument stays", Message{both, Args{"line": "3"}}, Chinese, "第 3 行：{what}"},
		{"without arguments", Message{Text: both}, Chinese, "第 {line} 行：{what}"},
		{"an argument is not expanded again", Message{both, Args{"line": "{what}", "what": "x"}}, Chinese, "第 {what} 行：x"},
		{"open brace", Message{Text{Zh: "{a} 与 {b"}, Args{"a": "1"}}, Chinese, "1 与 {b"},
		{"empty argument", Message{Text{Zh: "[{a}]"}, Args{"a": ""}}, Chinese, "[]"},
		{"nothing", Message{}, Chinese, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.m.In(tt.lang); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	b, err := json.Marshal(Message{both, Args{"line": "1", "what": "<"}})
	if err != nil {
		t.Fatal(err)
	}
	var back string
	if err := json.Unmarshal(b, &back); err != nil || back != "第 1 行：<" {
		t.Errorf("JSON %s is not the Chinese wording (%v)", b, err)
	}
}

func TestLocationJSON(t *testing.T) {
	page, line := 2, 17
	box := Box{1, 2.5, 3, 4}
	tests := []struct {
		name string
		l    Location
		want string
	}{
		{"nothing is known", Location{}, `{"page":null,"line":null,"bbox":null,"cell":null,"sheet":null}`},
		{"PDF", Location{Page: &page, Box: &box, Cell: Ref{Row: 12, Col: 3}}, `{"page":2,"line":null,"bbox":[1,2.5,3,4],"cell":"R12C3","sheet":null}`},
		{"text", Location{Line: &line}, `{"page":null,"line":17,"bbox":null,"cell":null,"sheet":null}`},
		{"a table's cell", Location{Line: &line, Table: 3, Cell: Ref{Row: 1, Col: 2}}, `{"page":null,"line":17,"bbox":null,"cell":"R1C2","sheet":null,"table":3}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b, err := json.Marshal(tt.l)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(b)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestBoxUnion(t *testing.T) {
	a, b := Box{0, 10, 20, 30}, Box{5, 5, 40, 12}
	want := Box{0, 5, 40, 30}
	if a.Union(b) != want || b.Union(a) != want {
		t.Errorf("union is %v and %v, want %v", a.Union(b), b.Union(a), want)
	}
}

func TestOperatorJSON(t *testing.T) {
	tests := map[Operator]string{
		NoOperator: "null", AtMost: `"<="`, AtLeast: `">="`, Exactly: `"="`, Below: `"<"`, Above: `">"`, About: `"~"`,
	}
	for op, want := range tests {
		got, err := op.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != want {
			t.Errorf("%q: %s, want %s", string(op), got, want)
		}
	}
}

func TestMissingValueJSON(t *testing.T) {
	b, err := json.Marshal(Missing())
	if err != nil {
		t.Fatal(err)
	}
	want := `{"raw":"","kind":"missing","operator":null,"number":null,"unit":""}`
	if diff := cmp.Diff(want, string(b)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestSeverityRank(t *testing.T) {
	order := []Severity{"", Info, Warning, Error}
	for i := 1; i < len(order); i++ {
		if order[i-1].Rank() >= order[i].Rank() {
			t.Errorf("%q does not rank below %q", order[i-1], order[i])
		}
	}
}

func TestProblemIsAnError(t *testing.T) {
	cause := errors.New("offset 12")
	p := &Problem{Code: "damaged", Message: Message{Text: Text{Zh: "文件已损坏"}}, Cause: cause}
	if s := p.Error(); !strings.Contains(s, "damaged") || !strings.Contains(s, "文件已损坏") || !strings.Contains(s, "offset 12") {
		t.Errorf("Error() = %q misses code, wording or cause", s)
	}
	if !errors.Is(p, cause) {
		t.Error("the cause cannot be unwrapped")
	}
	b, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(`{"code":"damaged","message":"文件已损坏"}`, string(b)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestLocationSame(t *testing.T) {
	one, also, two := 3, 3, 4
	a := Location{Page: &one, Box: &Box{1, 2, 3, 4}, Cell: Ref{Row: 2, Col: 1}}
	if b := (Location{Page: &also, Box: &Box{1, 2, 3, 4}, Cell: Ref{Row: 2, Col: 1}}); !a.Same(b) {
		t.Error("one place read twice is two")
	}
	for _, b := range []Location{{}, {Page: &two, Box: a.Box, Cell: a.Cell}, {Page: &one, Cell: a.Cell}, {Page: &one, Box: a.Box, Cell: Ref{Row: 2, Col: 2}}, {Line: &one, Box: a.Box, Cell: a.Cell}} {
		if a.Same(b) {
			t.Errorf("%+v is taken for %+v", b, a)
		}
	}
}
