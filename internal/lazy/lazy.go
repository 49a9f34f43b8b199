// Package lazy leaves the making of tables and expressions to the run that
// first uses them, so that no other run waits for them at its start.
package lazy

import (
	"regexp"
	"sync"
)

// Regexp compiles an expression at its first use, and panics then if it is
// none.
func Regexp(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
