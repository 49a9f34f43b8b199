package cmd

import (
	"fmt"
	"io"
)

// progress draws one line on standard error, and only if that is a terminal
// and there is more than one input.
type progress struct {
	w           io.Writer // nil: draw nothing
	say         func(zh, en string, args ...any) string
	done, total int
}

func (a *app) newProgress(total int) *progress {
	p := &progress{say: a.say, total: total}
	if _, ok := terminal(a.err); ok && total > 1 {
		p.w = a.err
	}
	return p
}

// step counts one more document. Archives hold more than one, so the total is
// only shown while it can be true.
func (p *progress) step() {
	p.done++
	if p.w == nil {
		return
	}
	if p.done < p.total {
		fmt.Fprint(p.w, p.say("已处理 %d/%d …", "%d/%d done …", p.done, p.total))
	} else {
		fmt.Fprint(p.w, p.say("已处理 %d …", "%d done …", p.done))
	}
}

func (p *progress) clear() {
	if p.w != nil {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
