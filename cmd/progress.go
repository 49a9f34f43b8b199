package cmd

import (
	"io"

	"github.com/schollz/progressbar/v3"

	"perfgoal/cmd/input"
)

// progress draws a bar with counts and the time left on standard error, only
// if that is a terminal and there is more than one input.
type progress struct {
	bar         *progressbar.ProgressBar // nil: draw nothing
	done, total int
	exact       bool // archives hold more than one document, so the end is unknown
}

func (a *app) newProgress(set *input.Set) *progress {
	p := &progress{total: len(set.Places), exact: set.Counted()}
	if _, ok := terminal(a.err); ok && set.Many() {
		p.bar = a.newBar(a.err, p.total, p.exact)
	}
	return p
}

// newBar is a bar that counts to total, or without end where that is not known.
func (a *app) newBar(w io.Writer, total int, exact bool) *progressbar.ProgressBar {
	if !exact {
		total = -1
	}
	return progressbar.NewOptions(total,
		progressbar.OptionSetWriter(w),
		progressbar.OptionSetDescription(a.say("正在处理", "working")),
		progressbar.OptionShowCount(),
		progressbar.OptionSetPredictTime(exact),
		progressbar.OptionSetElapsedTime(true),
		progressbar.OptionSetWidth(24),
		progressbar.OptionThrottle(100_000_000), // 0.1 s
		progressbar.OptionClearOnFinish(),
		progressbar.OptionSetTheme(progressbar.Theme{Saucer: "=", SaucerHead: ">", SaucerPadding: " ", BarStart: "[", BarEnd: "]"}),
	)
}

// step counts one more document.
func (p *progress) step() {
	p.done++
	if p.bar != nil {
		_ = p.bar.Add(1)
	}
}

// clear makes room for other lines on the terminal.
func (p *progress) clear() {
	if p.bar != nil {
		_ = p.bar.Clear()
	}
}
