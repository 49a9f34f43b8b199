package book

import (
	"regexp"
	"sync"
)

// pattern is a regular expression that is put together when it is first used:
// most inputs are no books, and a start of the program must not pay for them.
type pattern struct {
	text string
	get  func() *regexp.Regexp
}

func lazily(text string) pattern {
	return pattern{text, sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })}
}

func (p pattern) String() string                         { return p.text }
func (p pattern) MatchString(s string) bool              { return p.get().MatchString(s) }
func (p pattern) FindString(s string) string             { return p.get().FindString(s) }
func (p pattern) FindStringSubmatch(s string) []string   { return p.get().FindStringSubmatch(s) }
func (p pattern) FindStringSubmatchIndex(s string) []int { return p.get().FindStringSubmatchIndex(s) }
func (p pattern) FindAllStringSubmatch(s string) [][]string {
	return p.get().FindAllStringSubmatch(s, -1)
}
func (p pattern) FindAllIndex(s string) [][]int { return p.get().FindAllStringSubmatchIndex(s, -1) }
