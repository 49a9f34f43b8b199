package cmd

import (
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"perfgoal/cmd/input"
	"perfgoal/parser"
	"perfgoal/report"
)

// statusLine is a line of the terminal that says how far a run is. It is taken
// away before anything else is written there. Methods of a nil one do nothing:
// there is no terminal, or one that cannot take a line away.
type statusLine struct {
	to io.Writer
	// columns of the terminal, which may change while the program runs.
	columns func() int
	mu      sync.Mutex
	shown   bool
	midst   bool // what else was written does not end with its line
}

// statusScreen is a terminal that has a status line.
type statusScreen struct {
	*statusLine
	file *os.File
}

// wipe takes away what stands on the cursor's line.
const wipe = "\r\x1b[K"

func (s *statusScreen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.take()
	if len(p) > 0 {
		s.midst = p[len(p)-1] != '\n'
	}
	return s.file.Write(p)
}

// withStatusLine gives the terminal that standard error is a status line.
func withStatusLine(out, errOut io.Writer) (_, _ io.Writer, l *statusLine) {
	to, ok := terminal(errOut)
	if !ok || os.Getenv("TERM") == "dumb" {
		return out, errOut, nil
	}
	l = &statusLine{to: to, columns: func() int {
		if columns, _, err := term.GetSize(int(to.Fd())); err == nil && columns > 0 {
			return columns
		}
		return 80
	}}
	if file, ok := terminal(out); ok {
		out = &statusScreen{l, file}
	}
	return out, &statusScreen{l, to}, l
}

// show puts the first of the texts that fits on the line, or else as much of
// the last as does.
func (l *statusLine) show(texts ...string) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.midst {
		return
	}
	room := l.columns() - 1 // behind the last column the terminal goes to a new line
	text := ""
	for _, t := range texts {
		if text = report.OneLine(t, room); text == t {
			break
		}
	}
	l.shown = true
	_, _ = io.WriteString(l.to, wipe+text)
}

// clear takes the text away.
func (l *statusLine) clear() {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.take()
}

func (l *statusLine) take() {
	if l.shown {
		l.shown = false
		_, _ = io.WriteString(l.to, wipe)
	}
}

// interrupted takes away what the terminal shows of an interrupt (^C).
func (l *statusLine) interrupted() {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.midst {
		l.shown = true
		l.take()
	}
}

// taken says whether the text has been taken away.
func (l *statusLine) taken() bool {
	if l == nil {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.shown
}

// progress tells on the status line how many documents of a run are done, the
// time gone and the time left, and which page of a scan was read.
type progress struct {
	a           *app
	line        *statusLine
	mu          sync.Mutex
	many        bool // documents are counted
	done, total int
	exact       bool   // archives hold more than one document, so the end is unknown
	scan        string // the page of a scan that was read last
	over        bool   // nothing is told any more
	start       time.Time
	drawn       time.Time
}

// redraw is how long a text stays as it is at least, unless it is taken away.
const redraw = 100 * time.Millisecond

func (a *app) newProgress(set *input.Set) *progress {
	p := &progress{a: a, line: a.line, many: set.Many(), total: len(set.Places), exact: set.Counted(), start: time.Now()}
	if p.many {
		p.draw()
	}
	return p
}

// watch has the pages of a scan told.
func (p *progress) watch(opt parser.Options, path string) parser.Options {
	if p.line != nil {
		opt.Progress = func(page, pages int) { p.page(path, page, pages) }
	}
	return opt
}

// page tells of a page of a scan that was read.
func (p *progress) page(path string, page, pages int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.scan = p.a.say("正在识别扫描件：第 %d 页，共 %d 页", "reading the scan: page %d of %d", page, pages)
	if p.many {
		p.scan = p.a.say("第 %d 页，共 %d 页：%s", "page %d of %d: %s", page, pages, path)
	}
	p.draw()
}

// step counts one more document.
func (p *progress) step() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	p.scan = ""
	switch {
	case p.line == nil || !p.many:
	case p.exact && p.done >= p.total:
		p.line.clear()
	case p.line.taken() || time.Since(p.drawn) >= redraw:
		p.draw()
	}
}

// end takes the text away for good: a page that was given up may still be
// told of.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.over = true
	p.line.clear()
}

func (p *progress) draw() {
	if p.line == nil || p.over {
		return
	}
	p.drawn = time.Now()
	if !p.many {
		p.line.show(p.scan)
		return
	}
	text := p.text(p.drawn.Sub(p.start))
	texts := []string{text}
	if p.exact {
		texts = []string{p.bar() + " " + text, text}
	}
	if p.scan != "" {
		for i := range texts {
			texts[i] += p.a.say("；", "; ") + p.scan
		}
	}
	p.line.show(texts...)
}

// bar pictures how much is done.
func (p *progress) bar() string {
	const long = 24
	full := long * p.done / max(p.total, 1)
	return "[" + strings.Repeat("#", full) + strings.Repeat(".", long-full) + "]"
}

// text says how much is done, how long it has taken and, where the end is
// known, may still take if the rest goes on as fast.
func (p *progress) text(gone time.Duration) string {
	count := strconv.Itoa(p.done)
	if p.exact {
		count += "/" + strconv.Itoa(p.total)
	}
	text := p.a.say("已处理%s，已用%s", "%s done, %s gone", count, p.a.spell(gone))
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
