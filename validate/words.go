package validate

import (
	"strings"

	"perfgoal/internal/zh"
)

// fold is the form in which rules compare texts.
func fold(s string) string { return zh.Fold(s) }

// containment is the share of a's bigrams that b has too, both folded; 0 where
// a has none.
func containment(a, b string) float64 {
	x, y := zh.Bigrams(a), zh.Bigrams(b)
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
