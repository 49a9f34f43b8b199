package parser_test

import (
	"context"
	"flag"
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"perfgoal/internal/paper"
	"perfgoal/model"
	"perfgoal/parser"
	"perfgoal/parser/ocr"
	"perfgoal/parser/pdfium"
)

// What TestScans makes: without flags, a few scans.
var (
	scans    = flag.Int("scans", 0, "make and read so many scans of the forms in testdata")
	scanOnly = flag.Int("scan", -1, "with -scans, make and read only the one with that seed")
	scanOut  = flag.String("scanout", "", "a file to write the last scan to")
)

// condition is a way of printing and scanning.
type condition struct {
	name    string
	dpi     int
	quality int
	spoil   paper.Spoil
}

func conditions() []condition {
	return []condition{
		{"300 dpi, askew and grainy", 300, 80, paper.Spoil{Skew: 0.7, Noise: 7, Blur: 0.8}},
		{"200 dpi, sealed", 200, 85, paper.Spoil{Skew: -0.4, Noise: 4, Seal: [2]float64{0.6, 0.33}}},
		{"300 dpi, clean", 300, 0, paper.Spoil{}},
		{"300 dpi, sealed", 300, 80, paper.Spoil{Noise: 3, Blur: 0.5, Seal: [2]float64{0.45, 0.3}}},
		{"300 dpi, sealed densely", 300, 80, paper.Spoil{Noise: 3, Seal: [2]float64{0.55, 0.45}, Dense: true}},
		{"200 dpi, clean", 200, 85, paper.Spoil{Noise: 3}},
		{"200 dpi, blurred", 200, 75, paper.Spoil{Skew: 1.5, Blur: 1.4, Noise: 5}},
		{"300 dpi, shadow and fold", 300, 80, paper.Spoil{Skew: -1, Shadow: 0.45, Fold: true, Noise: 5, Blur: 0.7}},
		{"200 dpi, fax", 200, 0, paper.Spoil{Skew: 0.3, Fax: true, Noise: 12}},
		{"300 dpi, fax", 300, 0, paper.Spoil{Skew: -0.6, Fax: true, Noise: 15, Blur: 0.8}},
		{"300 dpi, signed", 300, 80, paper.Spoil{Noise: 4, Blur: 0.6, Strokes: [2]float64{0.25, 0.4}}},
		{"300 dpi, upside down", 300, 80, paper.Spoil{Turns: 2, Skew: 0.5, Noise: 4}},
		{"300 dpi, quarter turn", 300, 80, paper.Spoil{Turns: 1, Noise: 4}},
		{"200 dpi, three quarter turns", 200, 85, paper.Spoil{Turns: 3, Skew: 0.3, Noise: 4}},
		{"300 dpi, broken rulings", 300, 80, paper.Spoil{Broken: true, Noise: 4, Blur: 0.6}},
		{"200 dpi, faint and specked", 200, 80, paper.Spoil{Faint: 0.45, Specks: 400, Noise: 6}},
		{"300 dpi, faint and specked", 300, 80, paper.Spoil{Faint: 0.6, Specks: 700, Noise: 6, Blur: 0.6}},
		{"200 dpi, half-tone", 200, 0, paper.Spoil{Halftone: true, Blur: 0.6}},
		{"300 dpi, half-tone", 300, 0, paper.Spoil{Halftone: true, Skew: 0.4, Blur: 0.8}},
		{"240 dpi, strong JPEG", 240, 22, paper.Spoil{Skew: 0.9, Noise: 5, Blur: 0.7}},
		{"300 dpi, three degrees askew", 300, 80, paper.Spoil{Skew: 3, Noise: 4, Blur: 0.5}},
		{"220 dpi, sealed, signed, folded", 220, 75, paper.Spoil{
			Skew: 0.5, Noise: 4, Blur: 0.5, Fold: true, Seal: [2]float64{0.7, 0.2}, Strokes: [2]float64{0.15, 0.5},
		}},
		{"150 dpi", 150, 85, paper.Spoil{Noise: 3}},
	}
}

// varied is a condition for another round: seals and signatures lie elsewhere,
// and the page a little otherwise.
func (c condition) varied(round int, r *rand.Rand) condition {
	if round == 0 {
		return c
	}
	c.spoil.Skew += r.Float64()*1.2 - 0.6
	c.spoil.Noise *= 0.7 + 0.6*r.Float64()
	c.spoil.Blur *= 0.7 + 0.6*r.Float64()
	if c.spoil.Seal != [2]float64{} {
		c.spoil.Seal = [2]float64{0.12 + 0.76*r.Float64(), 0.06 + 0.6*r.Float64()}
	}
	if c.spoil.Strokes != [2]float64{} {
		c.spoil.Strokes = [2]float64{0.05 + 0.7*r.Float64(), 0.05 + 0.55*r.Float64()}
	}
	return c
}

// tally is what became of the fields of scans, and how many scans were refused.
type tally struct{ scans, refused, right, doubted, unread, lost, wrong int }

func (s *tally) add(o tally) {
	s.scans, s.refused, s.right, s.doubted = s.scans+o.scans, s.refused+o.refused, s.right+o.right, s.doubted+o.doubted
	s.unread, s.lost, s.wrong = s.unread+o.unread, s.lost+o.lost, s.wrong+o.wrong
}

// printout is what is scanned: some pages of a PDF, and the forms on them, the
// last of which may go on elsewhere.
type printout struct {
	file        string
	data        []byte
	page, pages int
	forms       []model.Form
	complete    bool
	hard        bool // it has characters that are hard to read, or not known
}

// prints are the forms of testdata: a page for each of those that were printed
// to be scanned, and the first two pages of the other documents.
func prints(t *testing.T) []printout {
	t.Helper()
	var out []printout
	for _, pattern := range []string{"prints", "pdf"} {
		files, err := filepath.Glob("../testdata/" + pattern + "/*.pdf")
		if err != nil || len(files) == 0 {
			t.Fatal("no forms", err)
		}
		for _, file := range files {
			if strings.Contains(file, "budget-book") || strings.Contains(file, "blank") { // not forms alone
				continue
			}
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			doc, err := parser.Parse(t.Context(), parser.Source{Path: file, Data: data}, parser.Options{})
			if err != nil || doc.Status != model.StatusOK {
				t.Fatal(file, err, doc.Error)
			}
			if pattern == "pdf" {
				pages := min(doc.Pages, 2)
				out = append(out, printout{filepath.Base(file), data, 0, pages, doc.Forms, pages == doc.Pages, false})
				continue
			}
			for i := range doc.Forms {
				out = append(out, printout{filepath.Base(file), data, i, 1, doc.Forms[i : i+1], true, true})
			}
		}
	}
	return out
}

// TestScans prints forms, scans them in many ways and reads them again: what is
// accepted must be what is printed.
func TestScans(t *testing.T) {
	if !ocr.Available {
		t.Skip("built without text recognition")
	}
	list, all := conditions(), prints(t)
	n := *scans
	if n == 0 {
		n, all = 2, slices.DeleteFunc(all, func(p printout) bool { return p.file != "clean-district-chromium.pdf" })
	}
	sums := make([]tally, len(list))
	var usual tally // of the first condition, but for prints that are hard to read
	var mu sync.Mutex
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && t.Context().Err() == nil; i = int(next.Add(1)) - 1 {
				if *scanOnly >= 0 && i != *scanOnly {
					continue
				}
				round := i / len(list)
				r := rand.New(rand.NewPCG(uint64(i), 16)) //nolint:gosec // the same scans every time
				c := list[i%len(list)].varied(round, r)
				c.spoil.Seed = uint64(i)
				// A step that shares no factor with the number of prints leads every condition to all of them.
				p := &all[(i%len(list)*5+round*7)%len(all)]
				sum := checkScan(t, p, c)
				mu.Lock()
				sums[i%len(list)].add(sum)
				if i%len(list) == 0 && !p.hard {
					usual.add(sum)
				}
				mu.Unlock()
			}
		})
	}
	group.Wait()
	var total tally
	line := func(name string, s tally) {
		if s.scans == 0 {
			return
		}
		t.Logf("%-32s scans %3d refused %3d | fields accepted %5d doubted %5d refused %5d lost %3d wrong %3d", name, s.scans, s.refused, s.right, s.doubted, s.unread, s.lost, s.wrong)
	}
	for i, s := range sums {
		line(list[i].name, s)
		total.add(s)
	}
	line("all", total)
	if s := usual; *scanOnly < 0 && s.right < 9*(s.doubted+s.unread+s.lost+s.wrong) {
		t.Errorf("too little was accepted: %+v", s)
	}
	if s := sums[0]; *scanOnly < 0 && s.right < 4*(s.doubted+s.unread+s.lost+s.wrong) {
		t.Errorf("too little was accepted: %+v", s)
	}
}

func checkScan(t *testing.T, p *printout, c condition) tally {
	t.Helper()
	sum := tally{scans: 1}
	scan, err := scanOf(t.Context(), p, c)
	if err != nil {
		t.Error(err)
		return sum
	}
	if *scanOut != "" {
		if err := os.WriteFile(*scanOut, scan, 0o600); err != nil {
			t.Error(err)
		}
	}
	got, err := parser.Parse(t.Context(), parser.Source{Path: "scan.pdf", Data: scan}, parser.Options{OCR: true})
	if err != nil {
		t.Error(err)
		return sum
	}
	where := fmt.Sprintf("%s, page %d, %s (seed %d)", p.file, p.page+1, c.name, c.spoil.Seed)
	if got.Status == model.StatusUnreadable {
		sum.refused = 1
		if p.complete {
			for i := range p.forms {
				sum.unread += fieldsOf(&p.forms[i])
			}
		}
		return sum
	}
	for i := range got.Forms {
		if !got.Forms[i].Reading.Balanced() {
			t.Errorf("%s: the account of form %d does not add up: %+v", where, i+1, got.Forms[i].Reading)
		}
	}
	if len(got.Forms) == 0 {
		sum.lost++
		t.Errorf("%s: no form", where)
	}
	for i := range got.Forms {
		// The last form may go on on a page that was left out.
		if i >= len(p.forms) {
			sum.wrong++
			t.Errorf("%s: a form too many", where)
			break
		}
		complete := p.complete || i+1 < len(got.Forms)
		compareForm(&p.forms[i], &got.Forms[i], complete, &sum, func(what, want, is string) {
			t.Errorf("%s: form %d, %s: %q was read as %q", where, i+1, what, want, is)
		})
	}
	return sum
}

func fieldsOf(f *model.Form) int {
	n := 4 * len(f.Indicators)
	for _, field := range model.Fields {
		if field.String(f) != "" {
			n++
		}
	}
	return n
}

// scanOf draws pages of a PDF and spoils them.
func scanOf(ctx context.Context, p *printout, c condition) ([]byte, error) {
	f, err := pdfium.Open(ctx, p.data, pdfium.Options{})
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var list []*image.RGBA
	for i := range p.pages {
		m, err := f.Draw(ctx, p.page+i, c.dpi)
		if err != nil {
			return nil, err
		}
		s := c.spoil
		s.Seed += uint64(i) << 32
		list = append(list, paper.Page(m, s))
	}
	return paper.PDF(list, c.dpi, c.quality)
}

// drawnPrint is a form that was printed, and the picture of its page at 300 dpi.
func drawnPrint(t *testing.T) (*model.Form, image.Image) {
	t.Helper()
	data, err := os.ReadFile("../testdata/prints/hei-weasyprint.pdf")
	if err != nil {
		t.Fatal(err)
	}
	printed, err := parser.Parse(t.Context(), parser.Source{Path: "print.pdf", Data: data}, parser.Options{})
	if err != nil {
		t.Fatal(err)
	}
	f, err := pdfium.Open(t.Context(), data, pdfium.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := f.Draw(t.Context(), 0, 300)
	if err != nil {
		t.Fatal(err)
	}
	return &printed.Forms[0], m
}

// What a scanner put behind its picture is compared with what is read of it.
func TestTextBehindAScan(t *testing.T) {
	if !ocr.Available {
		t.Skip("built without text recognition")
	}
	printed, m := drawnPrint(t)
	behind := ""
	height := float64(m.Bounds().Dy()) * 72 / 300
	for path, text := range map[string]string{"funding.project.total": "888,000.80", "project.end_date": "2026-08-16"} { // 2026-08-18 is printed
		box := printed.Sources[path].Location.Box
		behind += fmt.Sprintf("BT 3 Tr /F 8 Tf %.1f %.1f Td (%s) Tj ET\n", (box[0]+box[2])/2-21, height-(box[1]+box[3])/2-3, text)
	}
	scan, err := paper.Searchable([]*image.RGBA{paper.Page(m, paper.Spoil{})}, 300, 0, []string{behind})
	if err != nil {
		t.Fatal(err)
	}
	doc, err := parser.Parse(t.Context(), parser.Source{Path: "scan.pdf", Data: scan}, parser.Options{OCR: true})
	if err != nil || len(doc.Forms) != 1 {
		t.Fatal(err, doc.Error)
	}
	got := &doc.Forms[0]
	if got.Project.Name != printed.Project.Name || !got.Funding.Project.Total.Valid() {
		t.Errorf("what nothing contradicts was not taken: %q, %+v", got.Project.Name, got.Funding.Project.Total)
	}
	if got.Project.EndDate.Raw != "" || !got.HasDoubt("project.end_date") {
		t.Errorf("the date behind the picture differs, and %q was taken", got.Project.EndDate.Raw)
	}
}

// TestScanOnItsSide says where the cells of a page are seen that was turned to
// be read.
func TestScanOnItsSide(t *testing.T) {
	if !ocr.Available {
		t.Skip("built without text recognition")
	}
	printed, m := drawnPrint(t)
	height := float64(m.Bounds().Dy()) * 72 / 300
	for name, behind := range map[string][]string{
		"picture alone": nil,
		"with text":     {"BT 3 Tr /F 5 Tf 0 -1 1 0 4 500 Tm (unseen, and runs down the page) Tj ET\n"},
	} {
		t.Run(name, func(t *testing.T) {
			onItsSide := behind == nil // else its text has it turned already
			scan, err := paper.Searchable([]*image.RGBA{paper.Page(m, paper.Spoil{Turns: 1})}, 300, 0, behind)
			if err != nil {
				t.Fatal(err)
			}
			seenWherePrinted(t, scan, printed, onItsSide, height)
		})
	}
}

// seenWherePrinted compares where a scan's cells are seen with where the form
// was printed, on a page of the height given that a quarter turn clockwise has
// put on its side.
func seenWherePrinted(t *testing.T, scan []byte, printed *model.Form, onItsSide bool, height float64) {
	doc, err := parser.Parse(t.Context(), parser.Source{Path: "scan.pdf", Data: scan}, parser.Options{OCR: true})
	if err != nil || len(doc.Forms) != 1 {
		t.Fatal(err, doc.Error)
	}
	const near = 3 // points
	lies, straightened := doc.Straightened[1]
	if straightened != onItsSide {
		t.Fatalf("the page was straightened: %t", straightened)
	}
	for _, path := range []string{"project.name", "project.end_date", "funding.annual.total"} {
		was, is := printed.Sources[path].Location.Box, doc.Forms[0].Sources[path].Location.Box
		if was == nil || is == nil {
			t.Fatalf("%s has no place", path)
		}
		got, x, y := *is, (was[0]+was[2])/2, (was[1]+was[3])/2
		if onItsSide {
			got, x, y = lies.Box(*is), height-y, x
		}
		if math.Hypot((got[0]+got[2])/2-x, (got[1]+got[3])/2-y) > near {
			t.Errorf("%s is seen at %v, its middle should be at %.1f, %.1f", path, got, x, y)
		}
	}
}

// mentions says whether a doubt's text holds what is printed, or a part of it.
func mentions(doubted, printed string) bool {
	const part = 9 // bytes: three characters
	return strings.Contains(doubted, printed) || len(doubted) > part && strings.Contains(printed, doubted)
}

func compareForm(want, got *model.Form, complete bool, sum *tally, wrong func(what, want, got string)) {
	plain := func(s string) string { return strings.Join(strings.Fields(s), "") }
	field := func(what, path, printed, w, g string) {
		w, g = plain(w), plain(g)
		switch {
		case w == g:
			if w != "" {
				sum.right++
			}
		case g == "" && (got.HasDoubt(path) || slices.ContainsFunc(got.Doubts, func(d model.Doubt) bool { return mentions(plain(d.Text), plain(printed)) })):
			sum.doubted++
		case g == "":
			if complete {
				sum.lost++
				wrong(what+" (lost)", w, g)
			}
		case !complete && strings.HasPrefix(w, g): // it goes on on a page that was left out
		default:
			sum.wrong++
			wrong(what, w, g)
		}
	}
	for _, f := range model.Fields {
		printed := f.String(want)
		if m := f.Money(want); m != nil {
			printed = m.Raw
		}
		field(f.Path, f.Path, printed, f.String(want), f.String(got))
	}
	next := 0
	for i := range got.Indicators {
		g := &got.Indicators[i]
		at := slices.IndexFunc(want.Indicators[next:], func(w model.Indicator) bool { return plain(w.Level3) == plain(g.Level3) })
		if at < 0 {
			sum.wrong++
			wrong("an indicator that is not printed", "", g.Level3+"|"+g.Value.Raw)
			continue
		}
		sum.doubted += 4 * at // rows that were doubted whole
		w := &want.Indicators[next+at]
		next += at + 1
		path := fmt.Sprintf("indicators[%d]", i)
		field(path+".level1", path+".level1", w.Level1, w.Level1, g.Level1)
		field(path+".level2", path+".level2", w.Level2, w.Level2, g.Level2)
		field(path+".level3", path+".level3", w.Level3, w.Level3, g.Level3)
		field(path+".value", path+".value", w.Value.Raw, w.Value.Raw, g.Value.Raw)
	}
	if missing := len(want.Indicators) - next; missing > 0 && complete {
		sum.doubted += 4 * missing
		if len(got.Doubts) == 0 {
			sum.lost++
			wrong("rows (lost)", fmt.Sprint(missing), "")
		}
	}
}
