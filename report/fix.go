package report

import (
	"io"
	"strings"

	"github.com/fatih/color"

	"perfgoal/model"
)

// MendedWriter takes what came of mending documents, one by one.
type MendedWriter interface {
	Add(model.Mended) error
	Close(End) error
}

// FixFormat is the list of changes for people, as a comparison line by line.
func FixFormat() Format[MendedWriter] {
	return Format[MendedWriter]{Name: "text", New: newFixText, Source: true}
}

type fixText struct {
	*lintText
	removed, added ink
	files          int
	written        int // changes
	listed         int // changes that were not written
	left           int
}

func newFixText(w io.Writer, opt Options) MendedWriter {
	l := newLintText(w, opt).(*lintText)
	return &fixText{lintText: l, removed: newInk(opt, color.FgRed), added: newInk(opt, color.FgGreen)}
}

func (f *fixText) Add(m model.Mended) error {
	if len(m.Changes)+len(m.Left) == 0 {
		return f.w.err
	}
	if f.files > 0 {
		f.w.line()
	}
	f.files++
	if m.Target != "" {
		f.written += len(m.Changes)
	} else {
		f.listed += len(m.Changes)
	}
	f.left += len(m.Left)
	path := Printable(m.Path)
	if len(m.Changes) > 0 {
		f.w.line(f.bold.Sprint("--- ", path))
		switch {
		case m.Target != "":
			f.w.line(f.bold.Sprint("+++ ", Printable(m.Target)))
		case m.Copy == nil:
			f.w.line(f.bold.Sprint("+++ ", path, f.opt.say("（这种格式不能改写，请照单改原文件）", " (not a format that is rewritten; change the original by this list)")))
		default:
			f.w.line(f.bold.Sprint("+++ ", path, f.opt.say("（没有写）", " (not written)")))
		}
	} else {
		f.w.line(f.bold.Sprint(path))
	}
	for _, c := range m.Changes {
		f.w.line(f.cyan.Sprint("@@ ", f.where(c.Location, c.Project, c.Field), " ", strings.Join(c.Rules, " "), " @@"))
		f.lines(f.removed, "-", c.Before)
		f.lines(f.added, "+", c.After)
		if c.Joined {
			f.w.line(f.faint.Sprint(f.opt.say("  （原文分几段不同的格式，改后的文字用第一段的格式）", "  (the text was in pieces of different style; the new one has the first one's)")))
		}
	}
	if len(m.Left) > 0 {
		f.w.line(f.yellow.Sprint(f.opt.say("没有改的：", "Left as they are:")))
	}
	for _, x := range m.Left {
		f.w.line("  ", f.where(x.Location, x.Project, ""), " ", x.Rule, f.opt.say("：", ": "), visible(x.Why.In(f.opt.Lang)))
		f.lines(f.faint, "    ", x.Text)
	}
	return f.w.err
}

// where names a cell, its field and its project.
func (f *fixText) where(l model.Location, project, field string) string {
	parts := []string{visible(f.opt.place(l))}
	if name := f.opt.fieldWord(field); field != "" && name != "" {
		parts = append(parts, name)
	}
	if project != "" {
		parts = append(parts, visible(project))
	}
	return strings.Join(parts, " · ")
}

func (f *fixText) lines(c ink, mark, text string) {
	for line := range strings.SplitSeq(text, "\n") {
		f.w.line(c.Sprint(mark, visible(line)))
	}
}

func (f *fixText) Close(End) error {
	if f.files == 0 {
		f.w.line(f.opt.say("没有可以自动改正的问题。", "There is nothing to mend."))
		return f.w.err
	}
	f.w.line()
	sum := f.opt.say("%d 个文件：", "%d file(s): ", f.files)
	if f.written > 0 || f.listed == 0 {
		sum += f.opt.say("改正 %d 处，", "%d change(s) written, ", f.written)
	}
	if f.listed > 0 {
		sum += f.opt.say("可以改正 %d 处（没有写），", "%d change(s) not written, ", f.listed)
	}
	f.w.line(sum, f.opt.say("没有改 %d 处。", "%d left as they are.", f.left))
	return f.w.err
}
