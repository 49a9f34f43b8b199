package zh

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// TestByteWays holds what tells characters by their bytes against decoding.
func TestByteWays(t *testing.T) {
	count := func(s string) int {
		n := 0
		for _, r := range s {
			if r > ' ' && !unicode.IsSpace(r) && !Invisible(r) {
				n++
			}
		}
		return n
	}
	bigrams := func(s string) []uint64 {
		var out []uint64
		var last rune
		for _, r := range s {
			if last != 0 {
				out = append(out, uint64(last)<<32|uint64(r))
			}
			last = r
		}
		return out
	}
	check := func(s string) {
		if got, want := Count(s), count(s); got != want {
			t.Errorf("Count(%q) is %d, want %d", s, got, want)
		}
		if got, want := TrimSpace(s), strings.TrimSpace(s); got != want {
			t.Errorf("TrimSpace(%q) is %q, want %q", s, got, want)
		}
		var got []uint64
		EachBigram(s, func(g uint64) { got = append(got, g) })
		if want := bigrams(s); !slices.Equal(got, want) {
			t.Errorf("EachBigram(%q) gives %x, want %x", s, got, want)
		}
		for _, few := range []string{" \t\u3000", "\t|｜", "√✓□■", "项目"} {
			if got, want := HasAny(s, few), strings.ContainsAny(s, few); got != want {
				t.Errorf("HasAny(%q, %q) is %v", s, few, got)
			}
		}
		if r, _ := utf8.DecodeRuneInString(s); s != "" && IsCommon(s, 0) != (r > '\u3000' && r <= '\ucfff') {
			t.Errorf("IsCommon(%q) is %v", s, IsCommon(s, 0))
		}
	}
	for r := range rune(0x11000) {
		check(string(r))
		check("项" + string(r))
		check(string(r) + "目 ")
		check("a" + string(r) + "b")
	}
	for a := range 256 { // bytes that are no characters
		for b := range 256 {
			check(string([]byte{byte(a), byte(b)}))
			check(string([]byte{0xe5, byte(a), byte(b)}))
			check(string([]byte{byte(a), 0x80, byte(b), '.'}))
		}
	}
}
