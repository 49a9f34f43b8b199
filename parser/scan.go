package parser

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"sync"

	"perfgoal/model"
	"perfgoal/parser/ocr"
	"perfgoal/parser/pdf"
	"perfgoal/parser/pdfium"
	"perfgoal/parser/scan"
)

// Wordings of scans that cannot be read.
var (
	textCoarse = model.Text{
		Zh: "扫描件第 {page} 页的分辨率太低（约 {dpi} dpi），小字和符号分不清，没有读取；请用 300 dpi 重新扫描（至少 200 dpi）",
		En: "page {page} of the scan is too coarse (about {dpi} dpi) to tell small print and signs apart, and was not read; scan it again at 300 dpi (200 at least)",
	}
	textBlurred = model.Text{
		Zh: "扫描件大部分格子看不清（{doubted} / {all}），没有采用；请放平、对齐后用 300 dpi 重新扫描，或改用原软件导出的 PDF",
		En: "most cells of the scan could not be read for certain ({doubted} of {all}); scan it again at 300 dpi, flat and straight, or export the PDF from the original program",
	}
	textNoPicture = model.Text{
		Zh: "扫描件第 {page} 页的图像无法解码，没有读取；请重新扫描，或改用原软件导出的 PDF",
		En: "the picture of page {page} of the scan cannot be decoded; scan it again, or export the PDF from the original program",
	}
)

// Problem codes of scans.
const (
	codeCoarse  = "scan-too-coarse"
	codeBlurred = "scan-unclear"
)

// renderDPI is the resolution in which a page is drawn whose pictures cannot be
// taken as they are.
const renderDPI = 300

// fewestGlyphs is how many characters a page with text has at least.
const fewestGlyphs = 3

// scanned reads the pages of a PDF that are pictures.
type scanned struct {
	src    Source
	file   *pdf.File
	opt    Options
	mu     sync.Mutex
	pages  int
	render *pdfium.File // opened when a page needs it
	failed error
}

// pictures bounds how many pages are read from their pictures at once: each
// takes some 80 MB.
var pictures = make(chan struct{}, 2)

// see reads a page that is a picture in place of its text.
func (s *scanned) see(ctx context.Context, i int, p *pdf.Page) error {
	if p.Images == 0 || glyphsOf(p) >= fewestGlyphs {
		return nil
	}
	select {
	case pictures <- struct{}{}:
		defer func() { <-pictures }()
	case <-ctx.Done():
		return ctx.Err()
	}
	picture, err := s.file.Picture(p)
	if errors.Is(err, pdf.ErrPicture) {
		picture, err = s.drawn(ctx, i, p)
	}
	if err != nil {
		return err
	}
	jobs := s.opt.Jobs
	if jobs <= 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	if s.file.NumPages() > 1 { // the cores are busy with whole pages
		jobs = 1
	}
	r, err := scan.Read(ctx, p, picture, jobs)
	switch {
	case err != nil:
		return err
	case r.Coarse:
		return problem(codeCoarse, textCoarse, model.Args{"page": strconv.Itoa(p.Number), "dpi": fmt.Sprintf("%.0f", r.DPI)})
	}
	p.Recycle()
	*p = r.Page
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pages++
	if s.opt.Progress != nil {
		s.opt.Progress(s.src.Path, s.pages, s.file.NumPages())
	}
	return nil
}

func glyphsOf(p *pdf.Page) int {
	n := 0
	for i := range p.Glyphs {
		if p.Glyphs[i].Rune != ' ' {
			n++
		}
	}
	return n
}

// drawn has PDFium draw a page.
func (s *scanned) drawn(ctx context.Context, i int, p *pdf.Page) (pdf.Picture, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.render == nil && s.failed == nil {
		s.render, s.failed = pdfium.Open(ctx, s.src.Data, pdfium.Options{Password: s.opt.Password, Limits: s.opt.Limits, NoCache: s.opt.NoCache})
	}
	undecoded := problem(pdf.CodeNoText, textNoPicture, model.Args{"page": strconv.Itoa(p.Number)})
	if s.failed != nil {
		return pdf.Picture{}, undecoded
	}
	img, err := s.render.Draw(ctx, i, renderDPI)
	switch {
	case ctx.Err() != nil:
		return pdf.Picture{}, ctx.Err()
	case err != nil:
		return pdf.Picture{}, undecoded
	}
	return pdf.Picture{Image: img, X1: p.Width, Y1: p.Height}, nil
}

func (s *scanned) close() {
	if s.render != nil {
		s.render.Close()
	}
}

// any says whether a page was read from its picture.
func (s *scanned) any() bool { return s.pages > 0 }

// judge is nil: what cannot be trusted is doubted cell by cell.
func (s *scanned) judge() error { return nil }

var _ = ocr.Available

// finishScan puts the forms of a scan together.
func finishScan(doc model.Document, tables []model.Table, _ *scanned, opt Options) model.Document {
	return finish(doc, func(yield func(model.Table) bool) {
		for _, t := range tables {
			if !yield(t) {
				return
			}
		}
	}, opt)
}
