package report

import (
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"perfgoal/model"
)

// lintAnnotated writes a copy of each PDF with its findings marked.
type lintAnnotated struct {
	to     Folder
	opt    Options
	names  fileNames
	copies map[string]*annotatedCopy // by the path of the document
	pdfs   bool                      // one was among the documents
	other  string                    // the first document that was none
}

var textNotPDF = model.Text{
	Zh: "不是 PDF，没有批注副本：只有 PDF 能加批注；其他文件的问题请看网页（html）或 Excel（xlsx）报告",
	En: "is no PDF, so there is no marked copy: only PDFs can be marked; see the report as a page (html) or workbook (xlsx) for what was found in other files",
}

// annotatedCopy is what is kept of a document whose copy was written, for the
// findings about all documents that come last.
type annotatedCopy struct {
	name     string
	size     int // of the original
	first    map[int]int
	findings []model.Finding
	lies     map[int]model.Affine // model.Document.Straightened
	trouble  *model.Problem       // it was not read for certain, and no finding says so
}

func newLintAnnotated(to Folder, opt Options) LintWriter {
	return &lintAnnotated{to: to, opt: opt, names: fileNames{}, copies: map[string]*annotatedCopy{}}
}

func (l *lintAnnotated) Add(c Checked) error {
	if c.Bundle {
		return l.addBundle(c.Findings)
	}
	switch {
	case c.Document == nil:
	case c.Document.Format == "pdf":
		l.pdfs = true
	case c.Status.Read() && l.other == "":
		l.other = c.Path
	}
	if c.Document == nil || c.Document.Format != "pdf" || !c.Status.Read() && !c.Book || len(c.Source) == 0 {
		return nil
	}
	copied := &annotatedCopy{trouble: l.opt.trouble(c), size: len(c.Source), first: map[int]int{}, findings: c.Findings, lies: c.Document.Straightened}
	for i := range c.Document.Forms {
		f := &c.Document.Forms[i]
		if f.Location.Page != nil {
			copied.first[f.Index] = *f.Location.Page
		}
	}
	marked, err := l.opt.Annotate(c.Source, l.marks(copied))
	var p *model.Problem
	switch {
	case errors.As(err, &p):
		l.opt.warn(c.Path, p)
		return nil
	case err != nil:
		return err
	}
	base := fileName(c.Path)
	copied.name = l.names.name(strings.TrimSuffix(base, path.Ext(base)), ".pdf")
	l.copies[c.Path] = copied
	return l.put(copied.name, marked)
}

func (l *lintAnnotated) put(name string, data []byte) error {
	return l.to.Put(name, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// addBundle marks copies once more where findings about all documents concern
// them: what a copy begins with is the original.
func (l *lintAnnotated) addBundle(findings []model.Finding) error {
	var changed []*annotatedCopy
	for _, f := range findings {
		if c := l.copies[f.Path]; c != nil {
			c.findings = append(slices.Clip(c.findings), f)
			if !slices.Contains(changed, c) {
				changed = append(changed, c)
			}
		}
	}
	for _, c := range changed {
		data, err := l.to.Get(c.name)
		if err != nil {
			return err
		}
		marked, err := l.opt.Annotate(data[:c.size], l.marks(c))
		if err != nil {
			return err
		}
		if err := l.put(c.name, marked); err != nil {
			return err
		}
	}
	return nil
}

// Close says so where there was nothing to mark, lest a copy is looked for.
func (l *lintAnnotated) Close(End) error {
	if !l.pdfs && l.other != "" {
		l.opt.warn(l.other, &model.Problem{Code: "not-pdf", Message: model.Message{Text: textNotPDF}})
	}
	return nil
}

// Colours of marks.
var markColours = map[string]model.Colour{
	string(model.Error):   {0.86, 0.1, 0.12},
	string(model.Warning): {0.93, 0.58, 0},
	string(model.Info):    {0.1, 0.45, 0.85},
	"reading":             {0.5, 0.3, 0.7},
}

// marks puts the findings at one place into one mark, whose colour is that of
// the gravest. What has no place stands in the corner of its form's first page.
func (l *lintAnnotated) marks(c *annotatedCopy) []model.Mark {
	type place struct {
		page int
		box  model.Box
		none bool
	}
	var order []place
	at := map[place][]model.Finding{}
	judged, readings := l.opt.split(c.findings)
	for _, f := range slices.Concat(judged, readings) {
		p := place{page: 1, none: true}
		if f.Form != nil && c.first[*f.Form] > 0 {
			p.page = c.first[*f.Form]
		}
		if f.Location.Page != nil {
			p.page = *f.Location.Page
			if f.Location.Box != nil {
				p.box, p.none = *f.Location.Box, false
			}
		}
		if at[p] == nil {
			order = append(order, p)
		}
		at[p] = append(at[p], f)
	}
	marks := make([]model.Mark, 0, len(order))
	for _, p := range order {
		found := at[p]
		gravest := slices.MaxFunc(found, func(a, b model.Finding) int { return l.weight(a) - l.weight(b) })
		var heads, texts []string
		for _, f := range found {
			head := f.Rule + " " + l.opt.gravity(f)
			if !slices.Contains(heads, head) {
				heads = append(heads, head)
			}
			texts = append(texts, l.note(f))
		}
		m := model.Mark{Page: p.page, Colour: markColours[l.opt.tone(gravest)], Title: strings.Join(heads, l.opt.say("、", ", ")), Text: strings.Join(texts, "\n\n")}
		if !p.none {
			m.Box = &p.box
			if lies, straightened := c.lies[p.page]; straightened {
				m.Lies = &lies
			}
		}
		marks = append(marks, m)
	}
	if c.trouble == nil {
		return marks
	}
	title, text := l.opt.readingTitle(), c.trouble.Message.In(l.opt.Lang)
	corner := slices.IndexFunc(marks, func(m model.Mark) bool { return m.Page == 1 && m.Box == nil })
	if corner < 0 {
		return append(marks, model.Mark{Page: 1, Colour: markColours["reading"], Title: title, Text: text})
	}
	m := &marks[corner]
	m.Title += l.opt.say("、", ", ") + title
	m.Text += "\n\n" + text
	return marks
}

// weight orders findings for the colour of their mark.
func (l *lintAnnotated) weight(f model.Finding) int {
	if l.opt.reading(f) {
		return 0
	}
	return f.Severity.Rank()
}

// note is a finding as a note on the page tells it.
func (l *lintAnnotated) note(f model.Finding) string {
	lines := []string{l.opt.say("【%s】%s %s", "[%s] %s %s", l.opt.gravity(f), f.Rule, l.opt.ruleTitle(f.Rule))}
	if f.Form != nil && f.Location.Box == nil {
		lines = append(lines, l.opt.formTitle(*f.Form, f.Project))
	}
	lines = append(lines, visible(f.Message.In(l.opt.Lang)))
	if fix := l.opt.fix(f.Rule); fix != "" {
		lines = append(lines, l.opt.say("怎么办：%s", "What to do: %s", fix))
	}
	return strings.Join(lines, "\n")
}
