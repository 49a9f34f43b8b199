package parser_test

import (
	"context"
	"flag"
	"fmt"
	"image"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"perfgoal/internal/paper"
	"perfgoal/model"
	"perfgoal/parser"
	"perfgoal/parser/ocr"
	"perfgoal/parser/pdfium"
)

// scans is how many scans TestScans makes; without it, a few.
var scans = flag.Int("scans", 0, "make and read so many scans of the forms in testdata")

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
		{"300 dpi, sealed densely", 300, 80, paper.Spoil{Noise: 3, Seal: [2]float64{0.55, 0.45}, Dense: true}},
		{"200 dpi, blurred", 200, 75, paper.Spoil{Skew: 1.5, Blur: 1.4, Noise: 5}},
		{"300 dpi, shadow and fold", 300, 80, paper.Spoil{Skew: -1, Shadow: 0.45, Fold: true, Noise: 5, Blur: 0.7}},
		{"200 dpi, fax", 200, 0, paper.Spoil{Skew: 0.3, Fax: true, Noise: 12}},
		{"300 dpi, signed", 300, 80, paper.Spoil{Noise: 4, Blur: 0.6, Strokes: [2]float64{0.25, 0.4}}},
		{"300 dpi, upside down", 300, 80, paper.Spoil{Turns: 2, Skew: 0.5, Noise: 4}},
		{"300 dpi, quarter turn", 300, 80, paper.Spoil{Turns: 1, Noise: 4}},
		{"300 dpi, broken rulings", 300, 80, paper.Spoil{Broken: true, Noise: 4, Blur: 0.6}},
		{"200 dpi, faint and specked", 200, 80, paper.Spoil{Faint: 0.45, Specks: 400, Noise: 6}},
		{"200 dpi, half-tone", 200, 0, paper.Spoil{Halftone: true, Blur: 0.6}},
		{"240 dpi, strong JPEG", 240, 22, paper.Spoil{Skew: 0.9, Noise: 5, Blur: 0.7}},
	}
}

// tally is what became of the fields of scans.
type tally struct{ scans, refused, right, doubted, lost, wrong int }

// TestScans prints forms, scans them in many ways and reads them again: what is
// accepted must be what is printed.
func TestScans(t *testing.T) {
	if !ocr.Available {
		t.Skip("built without text recognition")
	}
	files, err := filepath.Glob("../testdata/pdf/*.pdf")
	if err != nil || len(files) == 0 {
		t.Fatal("no forms", err)
	}
	files = slices.DeleteFunc(files, func(f string) bool {
		return strings.Contains(f, "budget-book") || strings.Contains(f, "blank") // not forms alone
	})
	list := conditions()
	n := *scans
	if n == 0 {
		n, files = 2, slices.DeleteFunc(files, func(f string) bool { return !strings.Contains(f, "clean-district-chromium") })
	}
	sums := map[string]*tally{}
	for i := range n {
		c := list[i%len(list)]
		c.spoil.Seed = uint64(i)
		if round := i / len(list); round > 0 { // elsewhere, and a little otherwise
			c.spoil.Skew += float64(round%5-2) * 0.3
			if c.spoil.Seal != [2]float64{} {
				c.spoil.Seal = [2]float64{0.3 + 0.1*float64(round%6), 0.15 + 0.11*float64(round%7)}
			}
			if c.spoil.Strokes != [2]float64{} {
				c.spoil.Strokes = [2]float64{0.1 + 0.1*float64(round%7), 0.15 + 0.1*float64(round%6)}
			}
		}
		if sums[c.name] == nil {
			sums[c.name] = &tally{}
		}
		checkScan(t, files[(i/len(list)+i)%len(files)], c, sums[c.name])
	}
	for _, name := range slices.Sorted(maps.Keys(sums)) {
		s := sums[name]
		t.Logf("%-28s scans %3d refused %3d | fields right %5d doubted %5d lost %3d wrong %3d", name, s.scans, s.refused, s.right, s.doubted, s.lost, s.wrong)
	}
	if s := sums[list[0].name]; s.right < 9*(s.doubted+s.lost+s.wrong) {
		t.Errorf("too little was accepted: %+v", *s)
	}
}

func checkScan(t *testing.T, file string, c condition, sum *tally) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	printed, err := parser.Parse(t.Context(), parser.Source{Path: file, Data: data}, parser.Options{})
	if err != nil || len(printed.Forms) == 0 {
		t.Fatal(file, err, printed.Error)
	}
	pages := min(printed.Pages, 2)
	scan := scanOf(t, data, pages, c)
	got, err := parser.Parse(t.Context(), parser.Source{Path: "scan.pdf", Data: scan}, parser.Options{OCR: true})
	if err != nil {
		t.Fatal(err)
	}
	sum.scans++
	if got.Status == model.StatusUnreadable {
		sum.refused++
		return
	}
	for i := range got.Forms {
		if !got.Forms[i].Reading.Balanced() {
			t.Errorf("%s, %s: the account of form %d does not add up: %+v", filepath.Base(file), c.name, i+1, got.Forms[i].Reading)
		}
	}
	for i := range got.Forms {
		// The last form may go on on a page that was left out.
		if i >= len(printed.Forms) {
			sum.wrong++
			t.Errorf("%s, %s: a form too many", filepath.Base(file), c.name)
			break
		}
		complete := pages == printed.Pages || i+1 < len(got.Forms)
		compareForm(&printed.Forms[i], &got.Forms[i], complete, sum, func(what, want, is string) {
			t.Errorf("%s, %s: form %d, %s: %q was read as %q", filepath.Base(file), c.name, i+1, what, want, is)
		})
	}
}

// scanOf draws the first pages of a PDF and spoils them.
func scanOf(t *testing.T, data []byte, pages int, c condition) []byte {
	t.Helper()
	f, err := pdfium.Open(context.Background(), data, pdfium.Options{NoCache: false})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var list []*image.RGBA
	for i := range pages {
		m, err := f.Draw(t.Context(), i, c.dpi)
		if err != nil {
			t.Fatal(err)
		}
		s := c.spoil
		s.Seed += uint64(i) << 32
		list = append(list, paper.Page(m, s))
	}
	out, err := paper.PDF(list, c.dpi, c.quality)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// mentions says whether a doubt's text holds what is printed, or a part of it.
func mentions(doubted, printed string) bool {
	const part = 6 // bytes: two characters
	doubted = strings.ReplaceAll(doubted, "\ufffd", "")
	return strings.Contains(doubted, printed) || len(doubted) >= part && strings.Contains(printed, doubted)
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
			// Where a hidden ruling makes one cell of several, the doubt about it
			// holds what was made of them all.
			if sum.lost++; complete && len(got.Doubts) == 0 {
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
