package pdf

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"perfgoal/model"
)

// otherwise are the files that ledongthuc/pdf cannot open, with the
// code it must answer: damage it does not repair, and encryption it lacks.
var otherwise = map[string]string{
	"bomb-pages.pdf":          CodeBudget,
	"bomb-prev.pdf":           CodeDamaged,
	"damaged-endobj.pdf":      CodeDamaged,
	"damaged-startxref.pdf":   CodeDamaged,
	"damaged-tail.pdf":        CodeDamaged,
	"damaged-xref.pdf":        CodeDamaged,
	"locked-empty.pdf":        CodeEngine,
	"untrusted-locked.pdf":    CodeLocked,
	"bomb_pages_loop.pdf":     CodeDamaged,
	"bomb_prev_loop.pdf":      CodeDamaged,
	"damaged_startxref.pdf":   CodeDamaged,
	"damaged_truncated70.pdf": CodeDamaged,
	"damaged_truncated97.pdf": CodeDamaged,
	"raw_missing_endobj.pdf":  CodeDamaged,
	"raw_xref_off.pdf":        CodeDamaged,
	"enc_aes256_empty.pdf":    CodeEngine,
	"enc_rc4_40_empty.pdf":    CodeEngine,
	"locked.pdf":              CodeEngine,
}

// TestLayersAgree reads every document with both object layers: their glyphs,
// rulings and page sizes must be the same.
func TestLayersAgree(t *testing.T) {
	own, _ := filepath.Glob("../../testdata/pdf/*.pdf")
	if len(own) == 0 {
		t.Fatal("no documents in testdata/pdf")
	}
	odd, _ := filepath.Glob("../../testdata/hard/*.pdf")
	for _, path := range append(own, odd...) {
		t.Run(filepath.Base(path), func(t *testing.T) { compareLayers(t, path, otherwise[filepath.Base(path)]) })
	}
	t.Run("shared", func(t *testing.T) {
		var shared []string
		for _, dir := range []string{"pdf", "hard", "real"} {
			found, _ := filepath.Glob("../../../shared/samples/" + dir + "/*.pdf")
			shared = append(shared, found...)
		}
		if len(shared) == 0 {
			t.Skip("the shared samples are not beside this checkout")
		}
		for _, path := range shared {
			t.Run(filepath.Base(path), func(t *testing.T) { compareLayers(t, path, otherwise[filepath.Base(path)]) })
		}
	})
}

// compareLayers compares the two readings. code is what the second layer must
// answer where it cannot open the file, "" where it can.
func compareLayers(t *testing.T, path, code string) {
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	second, err := Open(t.Context(), data, Options{Engine: "ledongthuc"})
	if code != "" {
		if got := codeOf(err); got != code {
			t.Fatalf("ledongthuc answers %q (%v), want %q", got, err, code)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	first, err := Open(t.Context(), data, Options{Engine: "pdfcpu"})
	if err != nil {
		t.Fatal(err)
	}
	if first.NumPages() != second.NumPages() {
		t.Fatalf("%d pages and %d", first.NumPages(), second.NumPages())
	}
	glyphs, rulings := 0, 0
	for i := range first.NumPages() {
		a, errA := first.Page(t.Context(), i)
		b, errB := second.Page(t.Context(), i)
		if codeOf(errA) != codeOf(errB) {
			t.Fatalf("page %d: %v and %v", i+1, errA, errB)
		}
		if !slices.Equal(a.Glyphs, b.Glyphs) || !slices.Equal(a.Rulings, b.Rulings) || a.Width != b.Width || a.Height != b.Height {
			t.Fatalf("page %d differs: %s", i+1, cmp.Diff(a, b))
		}
		glyphs += len(a.Glyphs)
		rulings += len(a.Rulings)
	}
	t.Logf("%d pages, %d glyphs, %d rulings", first.NumPages(), glyphs, rulings)
}

func codeOf(err error) string {
	var p *model.Problem
	if errors.As(err, &p) {
		return p.Code
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// A reference is seen as one, and the same object has the same reference
// wherever it is reached from: fonts are built once.
func TestLedongthucKeepsReferences(t *testing.T) {
	f, err := Open(context.Background(), twoPages(""), Options{Engine: "ledongthuc"})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		if _, err := f.Page(t.Context(), i); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(f.inner.fonts); n != 1 {
		t.Errorf("%d fonts were built, want 1", n)
	}
	if got, want := f.inner.layer.all(), []ref{{1, 0}, {2, 0}, {3, 0}, {4, 0}, {5, 0}, {6, 0}}; !slices.Equal(got, want) {
		t.Errorf("objects %v, want %v", got, want)
	}
}

// A stream whose length is wrong is read up to its end by both layers.
func TestLayersMendLengths(t *testing.T) {
	for _, engine := range []string{"pdfcpu", "ledongthuc"} {
		for _, length := range []string{"/Length 3", "/Length 999999"} {
			f, err := Open(t.Context(), twoPages(length), Options{Engine: engine})
			if err != nil {
				t.Fatal(engine, err)
			}
			p, err := f.Page(t.Context(), 0)
			if err != nil || len(p.Glyphs) != 5 {
				t.Errorf("%s, %s: %d glyphs (%v), want 5", engine, length, len(p.Glyphs), err)
			}
		}
	}
}

// twoPages is a document whose two pages share a font and their contents.
// length replaces the length of the contents unless it is empty.
func twoPages(length string) []byte {
	content := "BT /F1 12 Tf 72 700 Td (Hello) Tj ET"
	if length == "" {
		length = fmt.Sprintf("/Length %d", len(content))
	}
	return document(
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 5 0 R/Resources<</Font<</F1 6 0 R>>>>>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 5 0 R/Resources<</Font<</F1 6 0 R>>>>>>",
		"<<"+length+">>\nstream\n"+content+"\nendstream",
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
	)
}

// document puts objects, numbered from 1, into a file; the first is the
// catalogue.
func document(objects ...string) []byte {
	b := []byte("%PDF-1.7\n")
	offsets := make([]int, len(objects))
	for i, o := range objects {
		offsets[i] = len(b)
		b = fmt.Appendf(b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	at := len(b)
	b = fmt.Appendf(b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, o := range offsets {
		b = fmt.Appendf(b, "%010d 00000 n \n", o)
	}
	return fmt.Appendf(b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, at)
}
