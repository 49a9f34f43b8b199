package zh

import (
	"strings"
	"sync"
	"unicode/utf8"
)

// Spelling is one way an operator is written, with the operator as JSON has
// it: "<=", ">=", "=", "<", ">", "~".
type Spelling struct {
	Text     string
	Operator string
	Prose    bool // in words instead of a sign
}

// Before are the spellings that stand before the number, longer ones first.
var Before = []Spelling{
	{"大于或等于", ">=", true}, {"小于或等于", "<=", true},
	{"大于等于", ">=", true}, {"小于等于", "<=", true},
	{"不得低于", ">=", true}, {"不得少于", ">=", true}, {"不得超过", "<=", true}, {"不得高于", "<=", true},
	{"不低于", ">=", true}, {"不少于", ">=", true}, {"不小于", ">=", true}, {"不短于", ">=", true}, {"不早于", ">=", true},
	{"不超过", "<=", true}, {"不高于", "<=", true}, {"不大于", "<=", true}, {"不多于", "<=", true}, {"不长于", "<=", true},
	{"不晚于", "<=", true}, {"不迟于", "<=", true}, {"控制在", "<=", true}, {"不足", "<", true},
	{"至少", ">=", true}, {"最少", ">=", true}, {"最低", ">=", true},
	{"至多", "<=", true}, {"最多", "<=", true}, {"最高", "<=", true}, {"不超", "<=", true},
	{"大于", ">", true}, {"高于", ">", true}, {"超过", ">", true}, {"多于", ">", true},
	{"小于", "<", true}, {"低于", "<", true}, {"少于", "<", true},
	{"等于", "=", true}, {"大约", "~", true}, {"约", "~", true},
	{">=", ">=", false}, {"=>", ">=", false}, {"<=", "<=", false}, {"=<", "<=", false},
	{"≥", ">=", false}, {"≧", ">=", false}, {"⩾", ">=", false}, {"≽", ">=", false}, {"≮", ">=", false},
	{"≤", "<=", false}, {"≦", "<=", false}, {"⩽", "<=", false}, {"≼", "<=", false}, {"≯", "<=", false},
	{"==", "=", false}, {"=", "=", false}, {"═", "=", false}, {"﹦", "=", false}, {"＝", "=", false},
	{"<", "<", false}, {"‹", "<", false}, {"〈", "<", false}, {"﹤", "<", false}, {"⟨", "<", false},
	{">", ">", false}, {"›", ">", false}, {"〉", ">", false}, {"﹥", ">", false}, {"⟩", ">", false},
	{"≈", "~", false}, {"~", "~", false}, {"～", "~", false}, {"∼", "~", false},
}

// beforeBy are the spellings of Before by the character they begin with.
var beforeBy = sync.OnceValue(func() map[rune][]Spelling {
	by := map[rune][]Spelling{}
	for _, sp := range Before {
		first, _ := utf8.DecodeRuneInString(sp.Text)
		by[first] = append(by[first], sp)
	}
	return by
})

// CutBefore takes the operator that a folded text begins with off it; ok is
// false where there is none.
func CutBefore(s string) (sp Spelling, rest string, ok bool) {
	first, _ := utf8.DecodeRuneInString(s)
	for _, sp := range beforeBy()[first] {
		if rest, ok := strings.CutPrefix(s, sp.Text); ok {
			return sp, rest, true
		}
	}
	return Spelling{}, s, false
}

// Behind are the spellings that stand behind the unit. A single 内 counts only
// behind a unit of time.
var Behind = []Spelling{
	{"及以上", ">=", true}, {"(含)以上", ">=", true}, {"以上", ">=", true}, {"起", ">=", true},
	{"及以内", "<=", true}, {"(含)以内", "<=", true}, {"以内", "<=", true}, {"之内", "<=", true},
	{"及以下", "<=", true}, {"(含)以下", "<=", true}, {"以下", "<=", true}, {"内", "<=", true},
	{"左右", "~", true}, {"上下", "~", true},
}
