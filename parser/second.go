package parser

import (
	"context"
	"errors"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"perfgoal/model"
	"perfgoal/parser/form"
	"perfgoal/parser/grid"
	"perfgoal/parser/ocr"
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
	totals *pdf.Totals
	// doubted are the indices of the pages on which unknown characters stand.
	doubted []int
	scan    *scanned // nil where no page was read from its picture
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
func readPDF(ctx context.Context, src Source, opt Options) reading {
	data := src.Data
	if opt.Engine == "pdfium" {
		return readPDFium(ctx, data, opt)
	}
	first, file := readObjects(ctx, src, opt)
	if first.err == nil && len(first.doubted) > 0 && (opt.Engine == "" || opt.Engine == "auto") && ctx.Err() == nil {
		first.fill(ctx, file, data, opt)
		return first
	}
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
		codeOf(first.err) == pdf.CodeDamaged && !(pdf.Intact(data, second.pages) && distinct(second.laid)):
		return first
	}
	return second
}

// fill asks PDFium for the characters that the first engine did not know, on
// their pages alone.
func (r *reading) fill(ctx context.Context, file *pdf.File, data []byte, opt Options) {
	if pdfium.Load(opt.NoCache) != nil {
		return
	}
	limited, cancel := context.WithTimeout(ctx, secondTime+time.Duration(len(data)>>20)*secondTimeMiB)
	defer cancel()
	other, err := pdfium.Open(limited, data, pdfium.Options{Password: opt.Password, Limits: opt.Limits, NoCache: opt.NoCache})
	if err != nil || other.NumPages() != r.pages {
		return
	}
	defer other.Close()
	var left []int
	rest := 0
	for n, i := range r.doubted {
		ours, err := file.Page(ctx, i)
		if err != nil {
			return
		}
		theirs, err := other.Page(limited, i)
		if err != nil { // no time for more
			r.doubted = append(left, r.doubted[n:]...)
			return
		}
		unknown := ours.Fill(&theirs)
		r.laid[i] = grid.NewPage(&ours)
		ours.Recycle()
		if rest += unknown; unknown > 0 {
			left = append(left, i)
		}
	}
	r.doubted, r.totals.Unknown = left, rest
}

// illegible says whether unknown characters stand in a form and no doubt says
// so: in one of its fields, or in the tables that it was made of.
func (r *reading) illegible(l *form.Layouts, tables []model.Table) bool {
	if len(r.doubted) == 0 {
		return false
	}
	found, doubted, unknown := false, false, false
	for x := range l.Build(slices.Values(tables)) {
		if x.Code != "" {
			continue
		}
		f := x.Form
		found, doubted = true, doubted || len(f.Doubts) > 0
		f.Doubts, f.Ignored = nil, nil
		unknown = unknown || unknownIn(reflect.ValueOf(f))
	}
	return found && (unknown || !doubted && slices.ContainsFunc(tables, func(t model.Table) bool { return unknownInTable(l, &t) }))
}

// unknownInTable says whether a table has cells of a form, and unknown
// characters in any, or in the lines above it in which its title stands.
func unknownInTable(l *form.Layouts, t *model.Table) bool {
	const near = 3 // lines: a year, a unit of money or a title
	labelled, unknown := false, false
	head := max(0, len(t.Caption)-near)
	for i := range t.Caption {
		if l.IsTitle(t.Caption[i].Text) {
			labelled, head = true, min(head, max(0, i-near))
			break
		}
	}
	for i := head; i < len(t.Caption); i++ {
		unknown = unknown || strings.ContainsRune(t.Caption[i].Text, '\ufffd')
	}
	for i := range t.Cells {
		s := t.Cells[i].Text
		labelled = labelled || l.IsTitle(s) || l.IsLabel(s)
		unknown = unknown || strings.ContainsRune(s, '\ufffd')
	}
	return labelled && unknown
}

// unknownIn says whether an unknown character stands in any string of a value.
func unknownIn(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String:
		return strings.ContainsRune(v.String(), '\ufffd')
	case reflect.Pointer, reflect.Interface:
		return !v.IsNil() && unknownIn(v.Elem())
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if unknownIn(v.Index(i)) {
				return true
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if unknownIn(v.Field(i)) {
				return true
			}
		}
	}
	return false
}

// distinct says whether every page has text of its own, as one that an engine
// could not read, or shows in another's place, has not.
func distinct(pages []*grid.Page) bool {
	seen := map[string]bool{}
	for i := range pages {
		text := strings.Join(grid.Text(pages[i:i+1]), "\n")
		if text == "" || seen[text] {
			return false
		}
		seen[text] = true
	}
	return true
}

// readObjects reads with an object layer and the interpreter of package pdf.
func readObjects(ctx context.Context, src Source, opt Options) (reading, *pdf.File) {
	file, err := pdf.Open(ctx, src.Data, pdf.Options{Engine: opt.Engine, Password: opt.Password, Limits: opt.Limits})
	if err != nil {
		// Where contents are missing or damaged, no engine has them.
		return reading{err: err, more: codeOf(err) == pdf.CodeDamaged && !errors.Is(err, pdf.ErrLost)}, nil
	}
	var scan *scanned
	if opt.OCR && ocr.Available {
		scan = &scanned{src: src, file: file, opt: opt}
		defer scan.close()
	}
	r := lay(ctx, file, file.Engine, opt, scan)
	switch codeOf(r.err) {
	case pdf.CodeDamaged:
		r.more = !errors.Is(r.err, pdf.ErrLost)
	case pdf.CodeGarbled:
		r.more = true
	case pdf.CodeNoText:
		r.more = file.HasFonts()
	}
	if r.totals != nil && r.totals.Disputed > 0 {
		r.more = false // another engine believes one of two
	}
	return r, file
}

func readPDFium(ctx context.Context, data []byte, opt Options) reading {
	file, err := pdfium.Open(ctx, data, pdfium.Options{Password: opt.Password, Limits: opt.Limits, NoCache: opt.NoCache})
	if err != nil {
		return reading{err: pdfiumProblem(err)}
	}
	defer file.Close()
	r := lay(ctx, file, "pdfium", opt, nil)
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
func lay(ctx context.Context, file pageSource, engine string, opt Options, scan *scanned) reading {
	l := opt.layouts()
	r := reading{engine: engine, pages: file.NumPages()}
	var see func(context.Context, int, *pdf.Page) error
	if ocr.Available && scan != nil { // so that builds without it leave out what reads pictures
		see = scan.see
	}
	laid, totals, err := layOut(ctx, file, opt.Jobs, see)
	r.laid, r.totals = laid, totals
	if ocr.Available && scan != nil && scan.any() {
		r.scan, r.err = scan, err // what cannot be trusted is doubted cell by cell
		return r
	}
	if err == nil {
		err = totals.Judge()
		for _, number := range totals.Doubted {
			r.doubted = append(r.doubted, number-1)
		}
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
