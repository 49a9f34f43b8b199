package cmd

import (
	"fmt"
	"io"
	"runtime"
	"time"

	"github.com/schollz/progressbar/v3"

	"perfgoal/cmd/input"
)

// progress draws a bar with counts, the time gone and the time left on
// standard error, only if that is a terminal and there is more than one input.
type progress struct {
	a           *app
	bar         *progressbar.ProgressBar // nil: draw nothing
	done, total int
	exact       bool // archives hold more than one document, so the end is unknown
	start       time.Time
	drawn       time.Time
	shown       int // of done, on the bar
}

// redraw is how long a bar stays as it is at least.
const redraw = 100 * time.Millisecond

func (a *app) newProgress(set *input.Set) *progress {
	if _, ok := terminal(a.err); ok && set.Many() {
		return a.drawProgress(a.err, len(set.Places), set.Counted())
	}
	return &progress{}
}

// drawProgress draws a bar that counts to total, or without end where that is
// not known.
func (a *app) drawProgress(w io.Writer, total int, exact bool) *progress {
	most := total
	if !exact {
		most = -1
	}
	return &progress{a: a, total: total, exact: exact, start: time.Now(), bar: progressbar.NewOptions(most,
		progressbar.OptionSetWriter(w),
		progressbar.OptionSetDescription(a.say("正在处理", "working")),
		progressbar.OptionShowCount(),
		progressbar.OptionSetPredictTime(false), // the description says it in words
		progressbar.OptionSetElapsedTime(false),
		progressbar.OptionSetWidth(24),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionUseANSICodes(runtime.GOOS == "windows"), // where it is not cleared else
		progressbar.OptionSetSpinnerChangeInterval(0),             // or it draws from a goroutine of its own for ever, over what follows
		progressbar.OptionSetTheme(progressbar.Theme{Saucer: "=", SaucerHead: ">", SaucerPadding: " ", BarStart: "[", BarEnd: "]"}),
	)}
}

// pageProgress tells of the pages of a scan that were read, on a line of its
// own that the last one takes away.
func (a *app) pageProgress(page, pages int) {
	const wipe = "\r\x1b[K"
	line := a.say("正在识别扫描件：第 %d 页，共 %d 页", "reading the scan: page %d of %d", page, pages)
	if page >= pages {
		line = ""
	}
	fmt.Fprint(a.err, wipe+line)
}

// step counts one more document.
func (p *progress) step() {
	p.done++
	last := p.exact && p.done >= p.total
	if p.bar == nil || !last && time.Since(p.drawn) < redraw {
		return
	}
	p.drawn = time.Now()
	_ = p.bar.Add(p.done - p.shown)
	p.shown = p.done
	p.bar.Describe(p.text(time.Since(p.start)))
}

// text says how long it has taken and, where the end is known, may still take
// if the rest goes on as fast.
func (p *progress) text(gone time.Duration) string {
	text := p.a.say("正在处理，已用%s", "working, %s gone", p.a.spell(gone))
	if p.exact && p.done > 0 {
		left := gone / time.Duration(p.done) * time.Duration(p.total-p.done)
		text += p.a.say("，约剩%s", ", about %s left", p.a.spell(left))
	}
	return text
}

// spell is a duration in whole seconds, or minutes from an hour on.
func (a *app) spell(d time.Duration) string {
	d = d.Round(time.Second)
	hours, minutes, seconds := int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60
	switch {
	case hours > 0:
		return a.say("%d小时%d分", "%d h %d min", hours, minutes)
	case minutes > 0:
		return a.say("%d分%d秒", "%d min %d s", minutes, seconds)
	default:
		return a.say("%d秒", "%d s", seconds)
	}
}

// clear makes room for other lines on the terminal.
func (p *progress) clear() {
	if p.bar != nil {
		_ = p.bar.Clear()
	}
}
