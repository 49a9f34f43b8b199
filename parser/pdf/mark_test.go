package pdf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	_ "image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"perfgoal/model"
)

// turned is FormPDF with attributes added to its page, and with objects in
// object streams where packed is set, which needs qpdf.
func turned(t testing.TB, attributes string, packed bool) []byte {
	t.Helper()
	data := FormPDF()
	old := "<</Type/Page/Parent 2 0 R/"
	i := bytes.Index(data, []byte(old))
	// The page moves to the end of the file, as an editor would save it.
	end := i + bytes.Index(data[i:], []byte("\nendobj"))
	page := strings.Replace(string(data[i:end]), old, old[:len(old)-1]+attributes+"/", 1)
	start := len(data)
	out := fmt.Appendf(bytes.Clone(data), "3 0 obj\n%s\nendobj\n", page)
	xref := len(out)
	out = fmt.Appendf(out, "xref\n3 1\n%010d 00000 n \ntrailer\n<</Size 7/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n", start, startOffset(data), xref)
	if !packed {
		return out
	}
	qpdf, err := exec.LookPath("qpdf")
	if err != nil {
		t.Skip("needs qpdf")
	}
	in, to := filepath.Join(t.TempDir(), "in.pdf"), filepath.Join(t.TempDir(), "out.pdf")
	if err := os.WriteFile(in, out, 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.Command(qpdf, "--object-streams=generate", in, to).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	data, err = os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

var shapes = []struct {
	name, attributes string
	packed           bool
}{
	{"plain", "", false},
	{"quarter", "/Rotate 90", false},
	{"half", "/Rotate 180", false},
	{"three quarters", "/Rotate -90", false},
	{"cropped", "/CropBox[30 600 500 820]", false},
	{"user unit", "/UserUnit 2", false},
	{"all at once", "/Rotate 270/CropBox[30 610 500 820]/UserUnit 1.5", false},
	{"annots before", "/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/Border[0 0 0]>>]", false},
	{"object streams", "/Rotate 90", true},
}

func openPage(t testing.TB, data []byte) (*File, Page) {
	t.Helper()
	f, err := Open(context.Background(), data, Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := f.Page(context.Background(), 0)
	if err != nil {
		t.Fatal(err)
	}
	return f, p
}

// boxOf is where a text stands on the page as it is seen.
func boxOf(t testing.TB, p Page, text string) model.Box {
	t.Helper()
	runes := []rune(text)
	for i := range p.Glyphs {
		if i+len(runes) > len(p.Glyphs) {
			break
		}
		same := true
		for j, r := range runes {
			same = same && p.Glyphs[i+j].Rune == r
		}
		if !same {
			continue
		}
		box := model.Box{math.MaxFloat32, math.MaxFloat32}
		for _, g := range p.Glyphs[i : i+len(runes)] {
			box = model.Box{min(box[0], float64(g.X0)), min(box[1], float64(g.Y0)), max(box[2], float64(g.X1)), max(box[3], float64(g.Y1))}
		}
		return box
	}
	t.Fatalf("no %q on the page", text)
	return model.Box{}
}

const markedText = "村民满意度"

func marksFor(t testing.TB, p Page, text string) []model.Mark {
	box := boxOf(t, p, text)
	return []model.Mark{
		{Page: 1, Box: &box, Colour: model.Colour{0.9, 0, 0}, Title: "T001 错误", Text: "这里不对：\n请改。"},
		{Page: 1, Colour: model.Colour{0, 0, 0.9}, Title: "S006", Text: "整张表"},
	}
}

func marked(t testing.TB, data []byte, marks []model.Mark) []byte {
	t.Helper()
	out, err := Annotate(context.Background(), data, marks, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAnnotate(t *testing.T) {
	for _, s := range shapes {
		t.Run(s.name, func(t *testing.T) {
			annots := 2
			if strings.Contains(s.attributes, "/Annots") {
				annots = 3
			}
			annotateAnew(t, turned(t, s.attributes, s.packed), markedText, annots)
		})
	}
}

// TestAnnotateOddFiles does so with files whose objects are packed, and whose
// pages are turned, cropped or of another unit, as other programs write them.
func TestAnnotateOddFiles(t *testing.T) {
	for _, name := range []string{"object-streams", "rotated", "cropped", "user-unit", "nested-forms", "encoding-own"} {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile("../../testdata/hard/" + name + ".pdf")
			if err != nil {
				t.Fatal(err)
			}
			annotateAnew(t, data, "收运台账保存年限", 2)
		})
	}
}

// annotateAnew marks a text and reads the copy anew: the original stands in
// front, the page's text is what it was, the note is there, and its rectangle,
// led through the page's own matrix, is the box that was asked for.
func annotateAnew(t *testing.T, data []byte, text string, want int) {
	t.Helper()
	_, before := openPage(t, data)
	marks := marksFor(t, before, text)
	out := marked(t, data, marks)
	if !bytes.HasPrefix(out, data) {
		t.Error("the original is not in front")
	}
	if again := marked(t, data, marks); !bytes.Equal(again, out) {
		t.Error("the same marks gave other bytes")
	}
	f, after := openPage(t, out)
	if got, want := textOf(after), textOf(before); got != want {
		t.Errorf("the page now reads %q, not %q", got, want)
	}
	if len(after.Rulings) != len(before.Rulings) || len(after.Fills) != len(before.Fills) {
		t.Errorf("rulings and fills: %d, %d; before %d, %d", len(after.Rulings), len(after.Fills), len(before.Rulings), len(before.Fills))
	}
	annots, _ := f.inner.resolve(f.list[0].dict["Annots"]).(array)
	if len(annots) != want {
		t.Fatalf("annotations: %d, want %d", len(annots), want)
	}
	a, _ := f.inner.resolve(annots[len(annots)-2]).(dict)
	if a["Contents"] != textString(marks[0].Text) {
		t.Errorf("the note says %v", a["Contents"])
	}
	rect, ok := f.inner.rectangle(a["Rect"])
	if !ok {
		t.Fatal("no rectangle")
	}
	onto, ok := after.back.inverse()
	if !ok {
		t.Fatal("the page is flat")
	}
	x0, y0 := onto.apply(rect[0], rect[1])
	x1, y1 := onto.apply(rect[2], rect[3])
	got := [4]float64{min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)}
	for i, v := range got {
		if math.Abs(v-marks[0].Box[i]) > 0.01 {
			t.Fatalf("the box came to %v, not %v", got, *marks[0].Box)
		}
	}
	if qpdf, err := exec.LookPath("qpdf"); err == nil {
		path := filepath.Join(t.TempDir(), "marked.pdf")
		if err := os.WriteFile(path, out, 0o600); err != nil {
			t.Fatal(err)
		}
		if said, err := exec.Command(qpdf, "--check", path).CombinedOutput(); err != nil {
			t.Errorf("qpdf --check: %v: %s", err, said)
		}
	}
}

// TestAnnotateAsRendered asks other viewers: what their pictures of the copy
// and of the original differ in is the box and the sign in the corner.
func TestAnnotateAsRendered(t *testing.T) {
	viewers := map[string][]string{
		"pdftoppm": {"-r", "72", "-cropbox", "-png", "-singlefile", "IN", "OUT"},
		"mutool":   {"draw", "-q", "-r", "72", "-o", "OUT.png", "IN", "1"},
	}
	for viewer, args := range viewers {
		program, err := exec.LookPath(viewer)
		if err != nil {
			t.Logf("%s is not installed", viewer)
			continue
		}
		picture := func(t *testing.T, data []byte) image.Image {
			dir := t.TempDir()
			in, out := filepath.Join(dir, "in.pdf"), filepath.Join(dir, "page")
			if err := os.WriteFile(in, data, 0o600); err != nil {
				t.Fatal(err)
			}
			var line []string
			for _, a := range args {
				line = append(line, strings.NewReplacer("IN", in, "OUT", out).Replace(a))
			}
			if said, err := exec.Command(program, line...).CombinedOutput(); err != nil {
				t.Fatalf("%s: %v: %s", viewer, err, said)
			}
			f, err := os.Open(out + ".png")
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			m, _, err := image.Decode(f)
			if err != nil {
				t.Fatal(err)
			}
			return m
		}
		for _, s := range shapes {
			t.Run(viewer+"/"+s.name, func(t *testing.T) {
				data := turned(t, s.attributes, s.packed)
				_, page := openPage(t, data)
				marks := marksFor(t, page, markedText)[:1]
				before, after := picture(t, data), picture(t, marked(t, data, marks))
				if before.Bounds() != after.Bounds() {
					t.Fatalf("%v became %v", before.Bounds(), after.Bounds())
				}
				var changed image.Rectangle
				for y := range before.Bounds().Dy() {
					for x := range before.Bounds().Dx() {
						if differs(before.At(x, y), after.At(x, y)) {
							changed = changed.Union(image.Rect(x, y, x+1, y+1))
						}
					}
				}
				if changed.Empty() {
					t.Fatal("no mark is seen")
				}
				// Viewers differ in whether a page's unit enlarges its picture.
				f, err := Open(context.Background(), data, Options{})
				if err != nil {
					t.Fatal(err)
				}
				onto, width, _ := f.inner.seen(f.list[0])
				scale := float64(before.Bounds().Dx()) / width
				// Where FormPDF draws the text, in user space.
				x0, y0 := onto.apply(294, 618)
				x1, y1 := onto.apply(294+5*9, 628)
				want := model.Box{min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)}
				got := model.Box{float64(changed.Min.X) / scale, float64(changed.Min.Y) / scale, float64(changed.Max.X) / scale, float64(changed.Max.Y) / scale}
				const near = 5 // points; pixels are whole, and a font's em is not its box
				for i := range got {
					if math.Abs(got[i]-want[i]) > near {
						t.Fatalf("the mark is seen at %v, not %v", got, want)
					}
				}
			})
		}
	}
}

// differs says whether two pixels are of another colour: how the edges of
// letters are smoothed may depend on whether anything on a page is see-through.
func differs(a, b color.Color) bool {
	const slight = 0x1800
	r0, g0, b0, _ := a.RGBA()
	r1, g1, b1, _ := b.RGBA()
	hue := func(r, g, b uint32) int { return int(r) - int(g+b)/2 }
	d := hue(r0, g0, b0) - hue(r1, g1, b1)
	return d > slight || d < -slight
}

func TestAnnotateTurnedText(t *testing.T) {
	// A landscape table on a portrait page without /Rotate.
	var c strings.Builder
	for i := range 30 {
		fmt.Fprintf(&c, "BT /F1 10 Tf 0 1 -1 0 %d 20 Tm (%c%c) Tj ET\n", 20+12*i%400, 'A'+i%26, 'a'+i%26)
	}
	data := BuildPDF("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>>>>>>>",
		StreamObject("", c.String()))
	_, p := openPage(t, data)
	box := boxOf(t, p, "Cc")
	out := marked(t, data, []model.Mark{{Page: 1, Box: &box}})
	f, _ := openPage(t, out)
	annots, _ := f.inner.resolve(f.list[0].dict["Annots"]).(array)
	a, _ := f.inner.resolve(annots[0]).(dict)
	rect, _ := f.inner.rectangle(a["Rect"])
	// The third text begins at 44, 20 and runs upwards.
	if x, y := (rect[0]+rect[2])/2, (rect[1]+rect[3])/2; math.Abs(x-41) > 4 || y < 20 || y > 40 {
		t.Errorf("the mark is at %v", rect)
	}
}

func TestAnnotateLeavesAlone(t *testing.T) {
	page := "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>"
	pages := "<</Type/Pages/Kids[3 0 R]/Count 1>>"
	cases := map[string]struct {
		data []byte
		code string
	}{
		"signed":        {BuildPDF("", "<</Type/Catalog/Pages 2 0 R/AcroForm<</SigFlags 3/Fields[]>>>>", pages, page), CodeSigned},
		"signature":     {BuildPDF("", "<</Type/Catalog/Pages 2 0 R>>", pages, page, "<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>>>"), CodeSigned},
		"certified":     {BuildPDF("", "<</Type/Catalog/Pages 2 0 R/Perms<</DocMDP 4 0 R>>>>", pages, page, "<<>>"), CodeSigned},
		"wrong offsets": {bytes.Replace(FormPDF(), []byte("\n0000000"), []byte("\n0000009"), 3), CodeUnmarked},
		"no such page":  {FormPDF(), CodeUnmarked},
		"no file":       {[]byte("%PDF-1.4\nnothing"), CodeUnmarked},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := Annotate(context.Background(), c.data, []model.Mark{{Page: 7}}, Limits{})
			var p *model.Problem
			if !errors.As(err, &p) || p.Code != c.code {
				t.Errorf("%v, want %s", err, c.code)
			}
		})
	}
}

// TestAnnotateBehindJunk marks files with something in front of their header:
// whether their offsets count it or not, the new ones do as they do.
func TestAnnotateBehindJunk(t *testing.T) {
	data := FormPDF()
	for name, junk := range map[string]string{"byte order mark": "\ufeff", "lines": "\n\n", "answer of a server": "HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n"} {
		t.Run(name, func(t *testing.T) {
			whole := append([]byte(junk), data...)
			_, page := openPage(t, data)
			out := marked(t, whole, marksFor(t, page, markedText))
			if !bytes.HasPrefix(out, whole) {
				t.Fatal("the original is not in front")
			}
			if want := marked(t, data, marksFor(t, page, markedText)); !bytes.Equal(out[len(junk):], want) {
				t.Error("the offsets are not counted from the header")
			}
		})
	}
}

// TestAnnotateAgain puts marks in the place of those of an earlier copy that
// another program has saved, so that none of what was mended stays marked.
func TestAnnotateAgain(t *testing.T) {
	data := turned(t, "/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/Border[0 0 0]>>]", false)
	_, page := openPage(t, data)
	marks := marksFor(t, page, markedText)
	saved := bytes.ReplaceAll(marked(t, data, marks), []byte(model.MarkedCopy), nil)
	for _, now := range [][]model.Mark{marks[:1], nil} {
		f, _ := openPage(t, marked(t, saved, now))
		annots, _ := f.inner.resolve(f.list[0].dict["Annots"]).(array)
		if len(annots) != len(now)+1 {
			t.Errorf("%d annotations beside the link, want %d", len(annots)-1, len(now))
		}
	}
}

// TestAnnotateStraightened puts the mark of a page whose picture was turned to
// be read where its cell is seen.
func TestAnnotateStraightened(t *testing.T) {
	data := turned(t, "/Rotate 90", false)
	_, page := openPage(t, data)
	box := boxOf(t, page, markedText)
	lies := model.Affine{-1, 0, 0, -1, page.Width, page.Height}
	elsewhere := lies.Box(box)
	if lies.Box(elsewhere) != box {
		t.Fatalf("%v led to and fro is %v", box, lies.Box(elsewhere))
	}
	rect := func(m model.Mark) object {
		f, _ := openPage(t, marked(t, data, []model.Mark{m}))
		annots, _ := f.inner.resolve(f.list[0].dict["Annots"]).(array)
		a, _ := f.inner.resolve(annots[0]).(dict)
		return a["Rect"]
	}
	if got, want := fmt.Sprint(rect(model.Mark{Page: 1, Box: &elsewhere, Lies: &lies})), fmt.Sprint(rect(model.Mark{Page: 1, Box: &box})); got != want {
		t.Errorf("the mark is at %s, not %s", got, want)
	}
}

// TestAnnotateGivesUp asks on every page whether to go on, where there is
// nothing to mark, too.
func TestAnnotateGivesUp(t *testing.T) {
	const pages = 40
	objects := []string{"<</Type/Catalog/Pages 2 0 R>>", ""}
	kids := ""
	for i := range pages {
		kids += fmt.Sprintf("%d 0 R ", i+3)
		objects = append(objects, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>")
	}
	objects[1] = fmt.Sprintf("<</Type/Pages/Kids[%s]/Count %d>>", kids, pages)
	data := BuildPDF("", objects...)
	reading, all := &askedContext{Context: t.Context()}, &askedContext{Context: t.Context()}
	if _, err := readCPU(reading, data, "", Limits{}.OrDefault()); err != nil {
		t.Fatal(err)
	}
	if _, err := Annotate(all, data, nil, Limits{}); err != nil {
		t.Fatal(err)
	}
	if asked := all.asked.Load() - reading.asked.Load(); asked < pages {
		t.Errorf("it asked %d times on %d pages", asked, pages)
	}
}

// askedContext counts how often it is asked for its end.
type askedContext struct {
	context.Context
	asked atomic.Int64
}

func (c *askedContext) Err() error {
	c.asked.Add(1)
	return c.Context.Err()
}
