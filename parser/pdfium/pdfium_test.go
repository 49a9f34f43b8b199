package pdfium

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"perfgoal/model"
	"perfgoal/parser/pdf"
)

// TestMain keeps the compiled module out of the user's cache folder.
func TestMain(m *testing.M) {
	flag.Parse()
	if testing.Short() {
		fmt.Println("skipped with -short: compiling PDFium takes minutes under the race detector")
		return
	}
	dir, err := os.MkdirTemp("", "perfgoal-cache-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for _, name := range []string{"XDG_CACHE_HOME", "HOME", "LocalAppData"} {
		_ = os.Setenv(name, dir)
	}
	status := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(status)
}

func open(t *testing.T, data []byte, opt Options) *File {
	t.Helper()
	f, err := Open(t.Context(), data, opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}

// TestAgrees reads every document with PDFium and with package pdf: pages,
// characters where they stand, and rulings must be the same.
func TestAgrees(t *testing.T) {
	paths, _ := filepath.Glob("../../testdata/pdf/*.pdf")
	if len(paths) == 0 {
		t.Fatal("no documents in testdata/pdf")
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, data)
		})
	}
}

// compare wants every character and ruling of package pdf within a point of one
// of PDFium's.
func compare(t *testing.T, data []byte) {
	t.Helper()
	own, err := pdf.Open(t.Context(), data, pdf.Options{})
	if err != nil {
		t.Fatal(err)
	}
	f := open(t, data, Options{})
	if f.NumPages() != own.NumPages() {
		t.Fatalf("%d pages, want %d", f.NumPages(), own.NumPages())
	}
	for i := range own.NumPages() {
		want, err := own.Page(t.Context(), i)
		if err != nil {
			t.Fatal(err)
		}
		got, err := f.Page(t.Context(), i)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(want.Width-got.Width) > 1 || math.Abs(want.Height-got.Height) > 1 {
			t.Errorf("page %d is %v by %v, want %v by %v", i+1, got.Width, got.Height, want.Width, want.Height)
		}
		if w, g := visible(want.Glyphs), visible(got.Glyphs); w != g {
			t.Errorf("page %d has %d characters, want %d", i+1, g, w)
		}
		for _, g := range want.Glyphs {
			if !blank(g.Rune) && !hasGlyph(got.Glyphs, g) {
				t.Errorf("page %d: %+v is not found", i+1, g)
			}
		}
		for _, r := range want.Rulings {
			if !hasRule(got.Rulings, r) {
				t.Errorf("page %d: no ruling %+v", i+1, r)
			}
		}
		for _, r := range got.Rulings {
			if !hasRule(want.Rulings, r) {
				t.Errorf("page %d: ruling %+v too many", i+1, r)
			}
		}
	}
}

func blank(r rune) bool { return strings.TrimSpace(string(r)) == "" }

func visible(glyphs []pdf.Glyph) int {
	n := 0
	for _, g := range glyphs {
		for _, r := range string(g.Rune) + g.Tail {
			if !blank(r) {
				n++
			}
		}
	}
	return n
}

func near(a, b float32) bool { return math.Abs(float64(a-b)) < 1 }

// hasGlyph finds a character; PDFium folds radicals by itself.
func hasGlyph(glyphs []pdf.Glyph, want pdf.Glyph) bool {
	for _, g := range glyphs {
		radical := want.Rune >= 0x2e80 && want.Rune < 0x2fe0
		if (g.Rune == want.Rune || radical) && near(g.X0, want.X0) && near(g.Base, want.Base) && near(g.Size, want.Size) {
			// What a justified line adds to a character PDFium counts in.
			return radical || math.Abs(float64(g.X1-want.X1)) < 0.2*float64(want.Size)
		}
	}
	return false
}

func hasRule(rulings []pdf.Ruling, want pdf.Ruling) bool {
	for _, r := range rulings {
		if near(r.X0, want.X0) && near(r.Y0, want.Y0) && near(r.X1, want.X1) && near(r.Y1, want.Y1) && r.Faint == want.Faint {
			return true
		}
	}
	return false
}

// document puts objects, numbered from 1, into a file without
// cross-references; PDFium finds them by itself.
func document(objects ...string) []byte {
	b := []byte("%PDF-1.7\n")
	for i, o := range objects {
		b = fmt.Appendf(b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	return fmt.Appendf(b, "trailer\n<</Size %d/Root 1 0 R>>\n%%%%EOF\n", len(objects)+1)
}

func stream(more, data string) string {
	return fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", more, len(data), data)
}

// chinese is a page with a font that is not embedded.
func chinese(page, contents string) []byte {
	return document(
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>"+page+">>",
		stream("", contents),
		"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>",
		"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/DW 1000/FontDescriptor 7 0 R>>",
		"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>",
	)
}

func sorted(s string) string {
	runes := []rune(s)
	slices.Sort(runes)
	return string(runes)
}

// Every single character of a font that is not embedded is there, wherever the
// page is turned to.
func TestFontNotEmbedded(t *testing.T) {
	text := "项目支出绩效目标申报表一二三龘"
	var c strings.Builder
	for i, r := range text {
		fmt.Fprintf(&c, "BT /F1 10 Tf %d 100 Td <%04x> Tj ET\n", 20+5*i, r)
	}
	for _, page := range []string{"", "/Rotate 90", "/Rotate 180", "/Rotate 270", "/CropBox[10 20 290 180]"} {
		f := open(t, chinese(page, c.String()), Options{})
		p, err := f.Page(t.Context(), 0)
		f.Close() // only so many may be open at once
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, g := range p.Glyphs {
			got += string(g.Rune) + g.Tail
			if g.X0 < 0 || g.Y0 < 0 || float64(g.X1) > p.Width || float64(g.Y1) > p.Height {
				t.Errorf("%s: %q at %v %v lies outside the page", page, g.Rune, g.X0, g.Y0)
			}
		}
		// PDFium brings them into an order of its own.
		if sorted(got) != sorted(text) {
			t.Errorf("%s: %q, want %q", page, got, text)
		}
	}
}

// An ActualText stands for the whole run of glyphs: its characters, which
// PDFium puts at one point, become one glyph with a tail.
func TestActualText(t *testing.T) {
	f := open(t, chinese("", "/Span<</ActualText<feff7ee96548>>>BDC BT /F1 10 Tf 50 50 Td <4e004e00> Tj ET EMC"), Options{})
	p, err := f.Page(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, g := range p.Glyphs {
		got += string(g.Rune) + g.Tail
	}
	if got != "绩效" || len(p.Glyphs) != 1 {
		t.Errorf("%d glyphs, %q", len(p.Glyphs), got)
	}
}

// Rulings come from strokes and thin shapes, through forms and their matrices.
func TestRules(t *testing.T) {
	data := document(
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>",
		stream("", "10 190 m 110 190 l S\n1 g 10 150 100 1 re f\n0 g 0 0 20 20 re W n 10 10 m 200 10 l S Q\nq 2 0 0 2 0 0 cm /X Do Q"),
		stream("/Type/XObject/Subtype/Form/BBox[0 0 150 100]/Matrix[1 0 0 1 5 5]", "0 0 m 0 5 l S"),
	)
	f := open(t, data, Options{})
	p, err := f.Page(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []pdf.Ruling{
		{X0: 10, Y0: 10, X1: 110, Y1: 10},
		{X0: 10, Y0: 49.5, X1: 110, Y1: 49.5, Faint: true},
		{X0: 10, Y0: 190, X1: 21, Y1: 190}, // as far as the clip shows it
		{X0: 10, Y0: 180, X1: 10, Y1: 190},
	} {
		if !hasRule(p.Rulings, want) {
			t.Errorf("no ruling %+v among %+v", want, p.Rulings)
		}
	}
}

// What annotations show stands on the page; what they hide does not.
func TestAnnotations(t *testing.T) {
	look := "/Type/XObject/Subtype/Form/BBox[0 0 100 50]/Resources<</Font<</F1 5 0 R>>>>"
	helvetica := "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
	data := document("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>/Annots[6 0 R 7 0 R]>>",
		stream("", "BT /F1 10 Tf 20 20 Td (p) Tj ET"), helvetica,
		"<</Type/Annot/Subtype/FreeText/F 4/Rect[100 100 200 150]/AP<</N 8 0 R>>>>",
		"<</Type/Annot/Subtype/FreeText/F 2/Rect[100 100 200 150]/AP<</N 9 0 R>>>>",
		stream(look, "BT /F1 10 Tf 10 10 Td (a) Tj ET"), stream(look, "BT /F1 10 Tf 30 10 Td (h) Tj ET"))
	compare(t, data)
	f := open(t, data, Options{})
	p, err := f.Page(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Glyphs) != 2 || p.Glyphs[1].Rune != 'a' || math.Abs(float64(p.Glyphs[1].X0)-110) > 1 {
		t.Errorf("glyphs %+v", p.Glyphs)
	}
}

func TestProblems(t *testing.T) {
	if _, err := Open(t.Context(), []byte("%PDF-1.7\nnothing"), Options{}); err == nil {
		t.Error("nothing is a document")
	}
	data := chinese("", "BT /F1 10 Tf 50 50 Td <4e004e004e004e00> Tj ET")
	f := open(t, data, Options{Limits: pdf.Limits{Glyphs: 3}})
	_, err := f.Page(t.Context(), 0)
	var p *model.Problem
	if !errors.As(err, &p) || p.Code != pdf.CodeBudget {
		t.Errorf("four glyphs of three: %v", err)
	}
}

// A document that would take for ever is stopped with its context.
func TestStops(t *testing.T) {
	if err := Load(false); err != nil {
		t.Fatal(err)
	}
	var objects []string
	objects = append(objects, "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>", stream("", "/X Do"))
	for i := range 12 {
		objects = append(objects, stream(fmt.Sprintf("/Type/XObject/Subtype/Form/BBox[0 0 150 100]/Resources<</XObject<</X %d 0 R>>>>", 6+i), strings.Repeat("/X Do ", 20)))
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	f, err := Open(ctx, document(objects...), Options{})
	if err == nil {
		_, err = f.Page(ctx, 0)
		f.Close()
	}
	if err == nil {
		t.Error("it was read to its end")
	}
	// The engine goes on with the next document.
	f = open(t, chinese("", "BT /F1 10 Tf 50 50 Td <4e00> Tj ET"), Options{})
	defer f.Close()
	if p, err := f.Page(t.Context(), 0); err != nil || len(p.Glyphs) != 1 {
		t.Errorf("%d glyphs (%v) after a stop", len(p.Glyphs), err)
	}
}

// The compiled module is kept in the user's cache folder, and what does not
// agree with its list of checksums is made anew.
func TestCache(t *testing.T) {
	if err := Load(false); err != nil {
		t.Fatal(err)
	}
	root, ok := cacheRoot()
	if !ok {
		t.Fatal("no cache folder")
	}
	folders, _ := filepath.Glob(filepath.Join(root, "*"))
	if len(folders) != 1 || !intact(folders[0]) {
		t.Fatalf("%v is not one folder that agrees with its list", folders)
	}
	folder := folders[0]
	code := func() (string, []byte) {
		kept, _ := filepath.Glob(filepath.Join(folder, "wazero-*", "*"))
		if len(kept) != 1 {
			t.Fatalf("%v is kept, want one file", kept)
		}
		data, err := os.ReadFile(kept[0])
		if err != nil {
			t.Fatal(err)
		}
		return kept[0], data
	}
	name, whole := code()
	module, err := unpack()
	if err != nil {
		t.Fatal(err)
	}
	for what, damage := range map[string]func() error{
		"a flipped bit": func() error {
			data := slices.Clone(whole)
			data[20] ^= 0x80 // an offset, of which the engine has no checksum
			return os.WriteFile(name, data, 0o600)
		},
		"half of it":    func() error { return os.WriteFile(name, whole[:len(whole)/2], 0o600) },
		"an empty file": func() error { return os.WriteFile(name, nil, 0o600) },
		"no list":       func() error { return os.Remove(filepath.Join(folder, sumsName)) },
	} {
		if err := damage(); err != nil {
			t.Fatal(err)
		}
		if intact(folder) {
			t.Errorf("%s passes", what)
		}
		pool := fromCache(root, module)
		if pool == nil {
			t.Fatalf("%s: no engine", what)
		}
		if err := pool.Close(); err != nil {
			t.Error(err)
		}
		if _, mended := code(); len(mended) != len(whole) || !intact(folder) {
			t.Errorf("%s is not mended", what)
		}
	}
}

// What other versions left is removed, what is being made is not.
func TestTidy(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{"pdfium-1", "pdfium-2", "wazero-v1", "new-1", "new-2", "others"} {
		if err := os.Mkdir(filepath.Join(root, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	long := time.Now().Add(-2 * abandoned)
	if err := os.Chtimes(filepath.Join(root, "new-1"), long, long); err != nil {
		t.Fatal(err)
	}
	tidy(root, filepath.Join(root, "pdfium-2"))
	left, _ := filepath.Glob(filepath.Join(root, "*"))
	for i := range left {
		left[i] = filepath.Base(left[i])
	}
	if want := []string{"new-2", "others", "pdfium-2"}; !slices.Equal(left, want) {
		t.Errorf("left are %v, want %v", left, want)
	}
}

// A document that needs more memory than the first pages gets it, up to the
// limit, and keeps what it holds.
func TestMemory(t *testing.T) {
	m := reserve(0, 0)
	b := m.Reallocate(firstPages << 16)
	b[0], b[len(b)-1] = 1, 2
	more := m.Reallocate((firstPages + 1) << 16)
	if more[0] != 1 || more[len(b)-1] != 2 || more[len(b)] != 0 {
		t.Error("growing loses what the memory holds")
	}
	if n := len(m.Reallocate(memoryPages << 16)); n != memoryPages<<16 {
		t.Errorf("%d bytes are given", n)
	}
	if m.Reallocate((memoryPages+1)<<16) != nil {
		t.Error("there is no limit")
	}
}
