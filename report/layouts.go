package report

import (
	"io"
	"strings"

	"github.com/mattn/go-runewidth"

	"perfgoal/model"
)

// Layout is a layout of forms as it is shown to people.
type Layout struct {
	Name  string
	Path  string // the file of a user's own; "" where the program comes with it
	Note  model.Text
	Kind  string
	Marks []string
	Parts []LayoutPart
}

// LayoutPart is one key of a layout file.
type LayoutPart struct {
	Key     string
	Says    model.Text
	Entries []LayoutEntry
}

// LayoutEntry are labels and what they stand for; Key is "" where the part
// says it all.
type LayoutEntry struct {
	Key    string
	Says   model.Text
	Labels []string
}

var kindsOfLayout = map[string]model.Text{
	"project":         {Zh: "项目", En: "project"},
	"department":      {Zh: "部门整体", En: "whole department"},
	"self-evaluation": {Zh: "自评表，不是申报表", En: "self-evaluation, no declaration"},
}

// Layouts lists the layouts: name, kind, where each comes from, what it looks
// like, the labels that tell it and the columns of its own.
func Layouts(w io.Writer, opt Options, list []Layout) error {
	l := newLintText(w, opt).(*lintText)
	for i, x := range list {
		if i > 0 {
			l.w.line()
		}
		l.layoutHead(x)
		for _, p := range x.Parts {
			if p.Key == "marks" || p.Key == "columns" {
				l.layoutPart(p, false)
			}
		}
	}
	l.w.line()
	l.w.line(opt.say("perfgoal explain layout 名称：显示一种版式的全部标签；common 是各版式共用的。", "perfgoal explain layout NAME shows all labels of one; common are those that all share."))
	return l.w.err
}

// ExplainLayout shows one layout in full.
func ExplainLayout(w io.Writer, opt Options, x Layout) error {
	l := newLintText(w, opt).(*lintText)
	l.layoutHead(x)
	for _, p := range x.Parts {
		l.w.line()
		l.layoutPart(p, true)
	}
	return l.w.err
}

func (l *lintText) layoutHead(x Layout) {
	from := l.opt.say("程序自带", "comes with the program")
	if x.Path != "" {
		from = Printable(x.Path)
	}
	l.w.line(l.bold.Sprint(Printable(x.Name)), "  ", kindsOfLayout[x.Kind].In(l.opt.Lang), l.opt.say("　", "  "), from)
	if note := x.Note.In(l.opt.Lang); note != "" {
		l.w.indented("  ", Printable(note), l.opt.Width, plain)
	}
}

// layoutPart writes a part's labels; explained, with what the part is for.
func (l *lintText) layoutPart(p LayoutPart, explained bool) {
	if explained {
		l.w.line(l.bold.Sprint(p.Key), "  ", p.Says.In(l.opt.Lang))
	}
	width := 0
	for _, e := range p.Entries {
		width = max(width, runewidth.StringWidth(entryName(e, l.opt.Lang)))
	}
	for _, e := range p.Entries {
		name := entryName(e, l.opt.Lang)
		switch {
		case !explained && e.Key == "":
			name = p.Key
		case name != "":
			name += strings.Repeat(" ", width-runewidth.StringWidth(name))
		}
		if name != "" {
			name += "  "
		}
		l.w.indented("  ", name+Printable(strings.Join(e.Labels, l.opt.say("、", ", "))), l.opt.Width, plain)
	}
}

func entryName(e LayoutEntry, lang model.Lang) string {
	if says := e.Says.In(lang); says != "" && says != strings.TrimSpace(e.Key) {
		return e.Key + " " + says
	}
	return e.Key
}
