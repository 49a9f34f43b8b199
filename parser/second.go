package parser

import (
	"context"
	"errors"
	"runtime/debug"
	"strings"
	"time"

	"perfgoal/model"
	"perfgoal/parser/form"
	"perfgoal/parser/grid"
	"perfgoal/parser/pdf"
	"perfgoal/parser/pdfium"
)

// pageSource is an open PDF, whichever engine reads it.
type pageSource interface {
	NumPages() int
	Page(ctx context.Context, i int) (pdf.Page, error)
}

// reading is what one engine made of a PDF. err is why its text cannot be
// trusted, nil when it can.
type reading struct {
	engine string
	pages  int // 0 when it could not be opened
	laid   []*grid.Page
	err    error
	more   bool // another engine may do better
}

// The second opinion has so much time for a file, and so much more for each
// MiB of it, besides the time to load its engine: a file that the first engine
// cannot read is often one that costs the second all the time it is given.
const (
	secondTime    = 6 * time.Second
	secondTimeMiB = time.Second
)

// readPDF reads a PDF with the engine of the options. By default pdfcpu reads,
// and PDFium is asked where that fails; its reading counts only if it can be
// trusted, else the first verdict stays.
func readPDF(ctx context.Context, data []byte, opt Options) reading {
	if opt.Engine == "pdfium" {
		return readPDFium(ctx, data, opt)
	}
	first := readObjects(ctx, data, opt)
	if first.err == nil || !first.more || opt.Engine != "" && opt.Engine != "auto" || ctx.Err() != nil {
		return first
	}
	debug.FreeOSMemory() // what the first engine left does not add to the second's
	if err := pdfium.Load(opt.NoCache); err != nil {
		return first
	}
	limited, cancel := context.WithTimeout(ctx, secondTime+time.Duration(len(data)>>20)*secondTimeMiB)
	defer cancel()
	second := readPDFium(limited, data, opt)
	switch {
	case second.err != nil,
		codeOf(first.err) == pdf.CodeGarbled && !speaks(opt.layouts(), second.laid),
		codeOf(first.err) == pdf.CodeDamaged && !pdf.Intact(data, second.pages):
		return first
	}
	return second
}

// readObjects reads with an object layer and the interpreter of package pdf.
func readObjects(ctx context.Context, data []byte, opt Options) reading {
	file, err := pdf.Open(ctx, data, pdf.Options{Engine: opt.Engine, Password: opt.Password, Limits: opt.Limits})
	if err != nil {
		// Where contents are missing or damaged, no engine has them.
		return reading{err: err, more: codeOf(err) == pdf.CodeDamaged && !errors.Is(err, pdf.ErrLost)}
	}
	r := lay(ctx, file, file.Engine, opt)
	switch codeOf(r.err) {
	case pdf.CodeDamaged:
		r.more = !errors.Is(r.err, pdf.ErrLost)
	case pdf.CodeGarbled:
		r.more = true
	case pdf.CodeNoText:
		r.more = file.HasFonts()
	}
	return r
}

func readPDFium(ctx context.Context, data []byte, opt Options) reading {
	file, err := pdfium.Open(ctx, data, pdfium.Options{Password: opt.Password, Limits: opt.Limits, NoCache: opt.NoCache})
	if err != nil {
		return reading{err: pdfiumProblem(err)}
	}
	defer file.Close()
	r := lay(ctx, file, "pdfium", opt)
	if r.err != nil {
		r.err = pdfiumProblem(r.err)
	}
	return r
}

// pdfiumProblem words what package pdfium reports.
func pdfiumProblem(err error) error {
	switch {
	case codeOf(err) != "":
		return err
	case errors.Is(err, pdfium.ErrLocked):
		return pdf.Locked(err)
	case errors.Is(err, pdfium.ErrEngine):
		return pdf.Unsupported("pdfium", err)
	}
	return pdf.Damaged(err)
}

func codeOf(err error) string {
	var p *model.Problem
	if errors.As(err, &p) {
		return p.Code
	}
	return ""
}

// lay reads all pages and judges what they hold.
func lay(ctx context.Context, file pageSource, engine string, opt Options) reading {
	l := opt.layouts()
	r := reading{engine: engine, pages: file.NumPages()}
	laid, totals, err := layOut(ctx, file, opt.Jobs)
	r.laid = laid
	if err == nil {
		err = totals.Judge()
	}
	if err == nil && totals.Strange() && !labelled(l, r.laid) {
		err = totals.Garbled()
	}
	r.err = err
	return r
}

// labelled says whether a title or label of a form stands on the pages.
func labelled(l *form.Layouts, pages []*grid.Page) bool {
	for _, line := range grid.Text(pages) {
		for cell := range strings.SplitSeq(line, "\t") {
			if l.IsTitle(cell) || l.IsLabel(cell) {
				return true
			}
		}
	}
	return false
}

// speaks says whether a text is Chinese beyond doubt, as it must be where
// another engine found that the fonts give no text: a label of a form, or the
// characters that every Chinese text is full of.
func speaks(l *form.Layouts, pages []*grid.Page) bool {
	if labelled(l, pages) {
		return true
	}
	chinese, frequent := 0, 0
	for _, line := range grid.Text(pages) {
		for _, r := range line {
			if r >= 0x4e00 && r <= 0x9fff {
				chinese++
				if strings.ContainsRune(mostFrequent, r) {
					frequent++
				}
			}
		}
	}
	return chinese >= 50 && frequent*10 >= chinese
}

// mostFrequent make up a sixth and more of Chinese prose, and a tenth of
// official writing; of characters taken at random they are one in two hundred.
const mostFrequent = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动" +
	"同工也能下过子说产种面而方后多定行学法所民得经项目金资单位标管理部门"
