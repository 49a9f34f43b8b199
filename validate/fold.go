package validate

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// fold makes texts comparable: half width where there is one, no white space.
// Case stays.
func fold(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if s[i] <= ' ' || s[i] == 0xC2 || s[i] >= 0xE2 && (s[i] < 0xE4 || s[i] == 0xEF) {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		if unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' {
			continue
		}
		if r >= 0xFF01 && r <= 0xFF5E || r >= 0xFFE0 && r <= 0xFFE6 {
			if n := width.LookupRune(r).Narrow(); n != 0 {
				r = n
			}
		}
		b.WriteRune(r)
	}
	return b.String()
}

// bigrams is the set of neighbouring pairs of characters, folded.
func bigrams(s string) map[uint64]struct{} {
	set := make(map[uint64]struct{}, len(s)/3)
	eachBigram(s, func(g uint64) { set[g] = struct{}{} })
	return set
}

func eachBigram(s string, yield func(uint64)) {
	var last rune
	for _, r := range fold(s) {
		if last != 0 {
			yield(uint64(last)<<32 | uint64(r))
		}
		last = r
	}
}

// containment is the share of a's bigrams that b has too; 0 where a has none.
func containment(a, b string) float64 {
	x, y := bigrams(a), bigrams(b)
	if len(x) == 0 {
		return 0
	}
	n := 0
	for g := range x {
		if _, ok := y[g]; ok {
			n++
		}
	}
	return float64(n) / float64(len(x))
}

// hasAny says whether s holds one of the words.
func hasAny(s string, words []string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// endsIn returns the word that s ends in, "" where there is none.
func endsIn(s string, words []string) string {
	for _, w := range words {
		if strings.HasSuffix(s, w) {
			return w
		}
	}
	return ""
}

// withoutBrackets drops a bracketed remark at the end of a name:
// 覆盖率（含偏远村组） is about 覆盖率.
func withoutBrackets(s string) string {
	for strings.HasSuffix(s, ")") {
		i := strings.LastIndexByte(s, '(')
		if i <= 0 {
			break
		}
		s = s[:i]
	}
	return s
}
