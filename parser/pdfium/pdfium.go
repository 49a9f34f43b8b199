//go:build !js

package pdfium

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"unicode/utf16"
	"unicode/utf8"

	gopdfium "github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	pdfiumerrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/responses"

	"perfgoal/model"
	"perfgoal/parser/pdf"
)

// File is an open document. Its pages may be asked for concurrently, but the
// module reads one at a time. It must be closed.
type File struct {
	mu       sync.Mutex
	limits   pdf.Limits
	instance gopdfium.Pdfium
	doc      references.FPDF_DOCUMENT
	pages    int
	release  func() bool // unhooks the instance from the context
}

// Open opens a document. When the context ends, the module is stopped and
// whatever it was asked fails.
func Open(ctx context.Context, data []byte, opt Options) (*File, error) {
	pool, err := start(opt.NoCache)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrEngine, err)
	}
	instance, err := pool.GetInstanceWithContext(ctx)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrEngine, err)
	}
	f := &File{limits: opt.Limits.OrDefault(), instance: instance}
	f.release = context.AfterFunc(ctx, func() { _ = instance.Kill() })
	if err := f.open(data, opt.Password); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func (f *File) open(data []byte, password string) error {
	request := &requests.OpenDocument{FileReader: bytes.NewReader(data), FileReaderSize: int64(len(data))}
	if password != "" {
		request.Password = &password
	}
	doc, err := f.instance.OpenDocument(request)
	switch {
	case errors.Is(err, pdfiumerrors.ErrPassword):
		return ErrLocked
	case err != nil:
		return fmt.Errorf("pdfium: %w", err)
	}
	f.doc = doc.Document
	count, err := f.instance.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: f.doc})
	if err != nil {
		return fmt.Errorf("pdfium: %w", err)
	}
	f.pages = count.PageCount
	switch {
	case f.pages == 0:
		return errors.New("pdfium: no pages")
	case f.pages > f.limits.Pages:
		return pdf.Exceeded(model.Text{Zh: "页数", En: "pages"}, f.limits.Pages)
	}
	return nil
}

// Close frees the module's memory.
func (f *File) Close() {
	if f.release() {
		_ = f.instance.Close()
	}
}

// NumPages returns the number of pages.
func (f *File) NumPages() int { return f.pages }

// Page reads page i (0-based).
func (f *File) Page(ctx context.Context, i int) (p pdf.Page, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("pdfium: page %d: %v", i+1, r)
		}
		if err != nil && ctx.Err() != nil {
			err = ctx.Err()
		}
	}()
	loaded, err := f.instance.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: f.doc, Index: i})
	if err != nil {
		// A page that cannot be loaded is missing text: the document is not
		// read rather than read in part.
		return p, fmt.Errorf("pdfium: page %d: %w", i+1, err)
	}
	defer func() { _, _ = f.instance.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: loaded.Page}) }()
	r := &reader{File: f, ctx: ctx, page: requests.Page{ByReference: &loaded.Page}}
	// What annotations show becomes a part of the page; what is hidden does not.
	flat, err := f.instance.FPDFPage_Flatten(&requests.FPDFPage_Flatten{Page: r.page, Usage: requests.FPDFPage_FlattenUsageNormalDisplay})
	if err != nil || flat.Result == responses.FPDFPage_FlattenResultFail {
		return p, fmt.Errorf("pdfium: page %d: its annotations cannot be read: %w", i+1, err)
	}
	if err := r.begin(i); err != nil {
		return p, err
	}
	if err := r.text(); err != nil {
		return p, err
	}
	if err := r.objects(); err != nil {
		return p, err
	}
	return r.to.Page(), nil
}

// reader reads one page.
type reader struct {
	*File
	ctx   context.Context
	page  requests.Page
	to    *pdf.Builder
	drawn int
}

func (r *reader) begin(i int) error {
	box, err := r.instance.FPDF_GetPageBoundingBox(&requests.FPDF_GetPageBoundingBox{Page: r.page})
	if err != nil {
		return err
	}
	turned, err := r.instance.FPDFPage_GetRotation(&requests.FPDFPage_GetRotation{Page: r.page})
	if err != nil {
		return err
	}
	b := box.Rect
	view := [4]float64{
		float64(min(b.Left, b.Right)), float64(min(b.Top, b.Bottom)),
		float64(max(b.Left, b.Right)), float64(max(b.Top, b.Bottom)),
	}
	r.to = pdf.NewBuilder(i+1, view, int(turned.PageRotation)&3, 1)
	return nil
}

// place is where PDFium puts a character.
type place struct {
	x, y   float64 // origin
	dx, dy float64 // advance
	size   float64
}

// text reads the characters. Those that share an origin stand for one glyph:
// a ligature, or an ActualText of a run of glyphs.
func (r *reader) text() error {
	loaded, err := r.instance.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: r.page})
	if err != nil {
		return err
	}
	tp := loaded.TextPage
	defer func() { _, _ = r.instance.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: tp}) }()
	count, err := r.instance.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: tp})
	if err != nil {
		return err
	}
	if count.Count > r.limits.Glyphs {
		return pdf.Exceeded(model.Text{Zh: "字符", En: "glyphs"}, r.limits.Glyphs)
	}
	var run strings.Builder
	var at place
	flush := func() {
		if run.Len() > 0 {
			r.to.Text(run.String(), at.x, at.y, at.dx, at.dy, at.size)
			run.Reset()
		}
	}
	high := rune(0)
	for i := range count.Count {
		c, ok, err := r.char(tp, i)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		if utf16.IsSurrogate(c) {
			if high == 0 {
				high = c
				continue
			}
			c, high = utf16.DecodeRune(high, c), 0
		}
		p, err := r.place(tp, i)
		if err != nil {
			return err
		}
		if run.Len() == 0 || p.x != at.x || p.y != at.y {
			flush()
			at = p
		} else if math.Hypot(p.dx, p.dy) > math.Hypot(at.dx, at.dy) {
			at.dx, at.dy = p.dx, p.dy
		}
		run.WriteRune(c)
	}
	flush()
	return nil
}

// char returns a character; ok is false for one that PDFium made up between
// words and lines.
func (r *reader) char(tp references.FPDF_TEXTPAGE, i int) (c rune, ok bool, err error) {
	made, err := r.instance.FPDFText_IsGenerated(&requests.FPDFText_IsGenerated{TextPage: tp, Index: i})
	if err != nil || made.IsGenerated {
		return 0, false, err
	}
	code, err := r.instance.FPDFText_GetUnicode(&requests.FPDFText_GetUnicode{TextPage: tp, Index: i})
	if err != nil {
		return 0, false, err
	}
	c = rune(uint32(code.Unicode))
	if c == 2 { // how PDFium tells a hyphen at a line's end
		hyphen, err := r.instance.FPDFText_IsHyphen(&requests.FPDFText_IsHyphen{TextPage: tp, Index: i})
		if err == nil && hyphen.IsHyphen {
			return '-', true, nil
		}
	}
	lost, err := r.instance.FPDFText_HasUnicodeMapError(&requests.FPDFText_HasUnicodeMapError{TextPage: tp, Index: i})
	if err != nil {
		return 0, false, err
	}
	if lost.HasUnicodeMapError || c == 0 || c > utf8.MaxRune {
		c = utf8.RuneError
	}
	return c, true, nil
}

func (r *reader) place(tp references.FPDF_TEXTPAGE, i int) (place, error) {
	var p place
	origin, err := r.instance.FPDFText_GetCharOrigin(&requests.FPDFText_GetCharOrigin{TextPage: tp, Index: i})
	if err != nil {
		return p, err
	}
	size, err := r.instance.FPDFText_GetFontSize(&requests.FPDFText_GetFontSize{TextPage: tp, Index: i})
	if err != nil {
		return p, err
	}
	got, err := r.instance.FPDFText_GetMatrix(&requests.FPDFText_GetMatrix{TextPage: tp, Index: i})
	if err != nil {
		return p, err
	}
	m := got.Matrix
	p.x, p.y = origin.X, origin.Y
	p.size = math.Abs(size.FontSize) * math.Hypot(float64(m.C), float64(m.D))
	// Along the line reaches the loose box, which holds the advance. PDFium
	// computes it for upright lines only; others have the box of their ink.
	if math.Abs(float64(m.A)) >= math.Abs(float64(m.B)) {
		box, err := r.instance.FPDFText_GetLooseCharBox(&requests.FPDFText_GetLooseCharBox{TextPage: tp, Index: i})
		if err != nil {
			return p, err
		}
		p.dx = math.Copysign(math.Abs(float64(box.Rect.Right-box.Rect.Left)), float64(m.A))
		return p, nil
	}
	box, err := r.instance.FPDFText_GetCharBox(&requests.FPDFText_GetCharBox{TextPage: tp, Index: i})
	if err != nil {
		return p, err
	}
	p.dy = math.Copysign(math.Abs(box.Top-box.Bottom), float64(m.B))
	return p, nil
}

// objects reads the paths and images.
func (r *reader) objects() error {
	count, err := r.instance.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: r.page})
	if err != nil {
		return err
	}
	for i := range count.Count {
		object, err := r.instance.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: r.page, Index: i})
		if err != nil {
			continue
		}
		if err := r.object(object.PageObject, identity, 0); err != nil {
			return err
		}
	}
	return nil
}

// matrix is [a b c d e f].
type matrix [6]float64

var identity = matrix{1, 0, 0, 1, 0, 0}

func (m matrix) apply(x, y float64) (float64, float64) {
	return m[0]*x + m[2]*y + m[4], m[1]*x + m[3]*y + m[5]
}

// times returns m followed by n.
func (m matrix) times(n matrix) matrix {
	e, f := n.apply(m[4], m[5])
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3], e, f,
	}
}

func (r *reader) matrixOf(o references.FPDF_PAGEOBJECT) matrix {
	got, err := r.instance.FPDFPageObj_GetMatrix(&requests.FPDFPageObj_GetMatrix{PageObject: o})
	if err != nil {
		return identity
	}
	m := got.Matrix
	return matrix{float64(m.A), float64(m.B), float64(m.C), float64(m.D), float64(m.E), float64(m.F)}
}

func (r *reader) object(o references.FPDF_PAGEOBJECT, m matrix, depth int) error {
	r.drawn++
	if r.drawn > r.limits.Operators {
		return pdf.Exceeded(model.Text{Zh: "图形", En: "objects"}, r.limits.Operators)
	}
	if r.drawn&63 == 0 && r.ctx.Err() != nil {
		return r.ctx.Err()
	}
	kind, err := r.instance.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: o})
	if err != nil {
		return nil //nolint:nilerr // an object that cannot be asked draws nothing
	}
	switch kind.Type {
	case enums.FPDF_PAGEOBJ_PATH:
		return r.path(o, m)
	case enums.FPDF_PAGEOBJ_IMAGE:
		x0, y0, x1, y1 := bounds(r.matrixOf(o).times(m), [4]float64{0, 0, 1, 1})
		r.to.Image([4]float64{x0, y0, x1, y1}, r.clipped(o, m))
	case enums.FPDF_PAGEOBJ_FORM:
		if depth >= r.limits.FormDepth {
			return nil
		}
		count, err := r.instance.FPDFFormObj_CountObjects(&requests.FPDFFormObj_CountObjects{PageObject: o})
		if err != nil {
			return nil //nolint:nilerr // an object that cannot be asked draws nothing
		}
		inner := r.matrixOf(o).times(m)
		for i := range count.Count {
			child, err := r.instance.FPDFFormObj_GetObject(&requests.FPDFFormObj_GetObject{PageObject: o, Index: uint64(i)})
			if err != nil {
				continue
			}
			if err := r.object(child.PageObject, inner, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// bounds is a box around the transformed corners of one.
func bounds(m matrix, b [4]float64) (x0, y0, x1, y1 float64) {
	x0, y0 = m.apply(b[0], b[1])
	x1, y1 = x0, y0
	for _, c := range [][2]float64{{b[2], b[1]}, {b[0], b[3]}, {b[2], b[3]}} {
		x, y := m.apply(c[0], c[1])
		x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x), max(y1, y)
	}
	return
}

func (r *reader) path(o references.FPDF_PAGEOBJECT, outer matrix) error {
	mode, err := r.instance.FPDFPath_GetDrawMode(&requests.FPDFPath_GetDrawMode{PageObject: o})
	if err != nil {
		return nil //nolint:nilerr // an object that cannot be asked draws nothing
	}
	fill := mode.FillMode != enums.FPDF_FILLMODE_NONE
	if !fill && !mode.Stroke {
		return nil
	}
	count, err := r.instance.FPDFPath_CountSegments(&requests.FPDFPath_CountSegments{PageObject: o})
	if err != nil {
		return nil //nolint:nilerr // an object that cannot be asked draws nothing
	}
	r.drawn += count.Count
	if r.drawn > r.limits.Operators {
		return pdf.Exceeded(model.Text{Zh: "图形", En: "objects"}, r.limits.Operators)
	}
	m := r.matrixOf(o).times(outer)
	points := r.points(m, count.Count, func(i int) (references.FPDF_PATHSEGMENT, error) {
		s, err := r.instance.FPDFPath_GetPathSegment(&requests.FPDFPath_GetPathSegment{PageObject: o, Index: i})
		if err != nil {
			return "", err
		}
		return s.PathSegment, nil
	})
	paint := r.clipped(o, outer)
	paint.Fill, paint.Stroke = fill, mode.Stroke
	if fill {
		c, err := r.instance.FPDFPageObj_GetFillColor(&requests.FPDFPageObj_GetFillColor{PageObject: o})
		paint.FillFaint = err == nil && faint(c.FillColor.R, c.FillColor.G, c.FillColor.B)
	}
	if mode.Stroke {
		c, err := r.instance.FPDFPageObj_GetStrokeColor(&requests.FPDFPageObj_GetStrokeColor{PageObject: o})
		paint.StrokeFaint = err == nil && faint(c.StrokeColor.R, c.StrokeColor.G, c.StrokeColor.B)
	}
	r.to.Path(points, paint)
	return nil
}

// faint says whether a colour is white or nearly so, as the interpreter of
// package pdf has it.
func faint(r, g, b uint) bool { return min(r, g, b) >= 247 }

// points reads the segments of a path; a closed subpath is led back to its
// start. Of a curve only the end is kept.
func (r *reader) points(m matrix, n int, segment func(int) (references.FPDF_PATHSEGMENT, error)) []pdf.PathPoint {
	out := make([]pdf.PathPoint, 0, n+1)
	start := 0
	for i := range n {
		s, err := segment(i)
		if err != nil {
			return out
		}
		kind, err := r.instance.FPDFPathSegment_GetType(&requests.FPDFPathSegment_GetType{PathSegment: s})
		if err != nil {
			return out
		}
		at, err := r.instance.FPDFPathSegment_GetPoint(&requests.FPDFPathSegment_GetPoint{PathSegment: s})
		if err != nil {
			return out
		}
		x, y := m.apply(float64(at.X), float64(at.Y))
		p := pdf.PathPoint{X: x, Y: y, Start: kind.Type == enums.FPDF_SEGMENT_MOVETO || len(out) == 0, Curved: kind.Type == enums.FPDF_SEGMENT_BEZIERTO}
		if p.Start {
			start = len(out)
		}
		out = append(out, p)
		end, err := r.instance.FPDFPathSegment_GetClose(&requests.FPDFPathSegment_GetClose{PathSegment: s})
		if err == nil && end.IsClose && (x != out[start].X || y != out[start].Y) {
			out = append(out, pdf.PathPoint{X: out[start].X, Y: out[start].Y})
		}
	}
	return out
}

// clipped returns the bounds of an object's clip.
func (r *reader) clipped(o references.FPDF_PAGEOBJECT, m matrix) pdf.Paint {
	var p pdf.Paint
	got, err := r.instance.FPDFPageObj_GetClipPath(&requests.FPDFPageObj_GetClipPath{PageObject: o})
	if err != nil {
		return p
	}
	clip := got.ClipPath
	paths, err := r.instance.FPDFClipPath_CountPaths(&requests.FPDFClipPath_CountPaths{ClipPath: clip})
	if err != nil {
		return p
	}
	for i := range paths.Count {
		count, err := r.instance.FPDFClipPath_CountPathSegments(&requests.FPDFClipPath_CountPathSegments{ClipPath: clip, PathIndex: i})
		if err != nil || count.Count == 0 || count.Count > 1000 {
			continue
		}
		points := r.points(m, count.Count, func(j int) (references.FPDF_PATHSEGMENT, error) {
			s, err := r.instance.FPDFClipPath_GetPathSegment(&requests.FPDFClipPath_GetPathSegment{ClipPath: clip, PathIndex: i, SegmentIndex: j})
			if err != nil {
				return "", err
			}
			return s.PathSegment, nil
		})
		if len(points) == 0 {
			continue
		}
		b := [4]float64{points[0].X, points[0].Y, points[0].X, points[0].Y}
		for _, q := range points[1:] {
			b = [4]float64{min(b[0], q.X), min(b[1], q.Y), max(b[2], q.X), max(b[3], q.Y)}
		}
		if p.Clipped {
			b = [4]float64{max(b[0], p.Clip[0]), max(b[1], p.Clip[1]), min(b[2], p.Clip[2]), min(b[3], p.Clip[3])}
		}
		p.Clip, p.Clipped = b, true
	}
	return p
}
