package pdf_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"perfgoal/model"
	"perfgoal/parser"
	"perfgoal/parser/pdf"
)

func read(t *testing.T, data []byte, engine string) model.Document {
	t.Helper()
	return readWith(t, data, parser.Options{Engine: engine, NoCache: true})
}

func readWith(t *testing.T, data []byte, opt parser.Options) model.Document {
	t.Helper()
	doc, err := parser.Parse(t.Context(), parser.Source{Path: "a.pdf", Data: data}, opt)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// PDFium is asked where the first engine fails, and believed only where
// nothing can be missing.
func TestSecondOpinion(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped with -short: compiling PDFium takes minutes under the race detector")
	}
	good := pdf.FormPDF()
	want := read(t, good, "")
	if want.Engine != "pdfcpu" || len(want.Forms) != 1 {
		t.Fatalf("%d forms by %s", len(want.Forms), want.Engine)
	}
	// A version that pdfcpu does not take.
	strange := bytes.Replace(good, []byte("%PDF-1."), []byte("%PDF-9."), 1)
	if doc := read(t, strange, "pdfcpu"); doc.Status != model.StatusUnreadable {
		t.Fatalf("pdfcpu answers %s", doc.Status)
	}
	doc := read(t, strange, "auto")
	if doc.Engine != "pdfium" {
		t.Fatalf("read by %q: %v", doc.Engine, doc.Error)
	}
	if diff := cmp.Diff(fields(want), fields(doc)); diff != "" {
		t.Errorf("-pdfcpu +pdfium:\n%s", diff)
	}
	// The same with a page that no engine can find.
	broken := bytes.Replace(strange, []byte("xref\n"), []byte("90 0 obj\n<</Type/Page/Contents 91 0 R>>\nendobj\nxref\n"), 1)
	if doc := read(t, broken, "auto"); doc.Status != model.StatusUnreadable || doc.Error.Code != "damaged" {
		t.Errorf("a file with a lost page is %s (%v)", doc.Status, doc.Error)
	}
}

// A character that stays unknown is in no field, and makes a file doubtful
// where it stands in a form, only there.
func TestUnknownCharacters(t *testing.T) {
	engine := "auto"
	if testing.Short() {
		engine = "pdfcpu"
	}
	// They stand in a private-use area, as characters that an office made up
	// for itself do.
	unknown := func(hex string) []byte {
		form := pdf.FormPDF()
		if !bytes.Contains(form, []byte(hex)) {
			t.Fatalf("%s is not in the form", hex)
		}
		return bytes.Replace(form, []byte(hex), []byte("E123"), 1)
	}
	for name, tt := range map[string]struct {
		data   []byte
		status model.Status
	}{
		"none":               {pdf.FormPDF(), model.StatusOK},
		"in a value":         {unknown("6E05"), model.StatusPartial},
		"in a label":         {unknown("540D"), model.StatusPartial},
		"in the year":        {unknown("0032"), model.StatusUnreadable}, // above the table, where no doubt speaks of it
		"at the page's foot": {pdf.FormPDF("BT /F1 9 Tf 500 20 Td <E123> Tj ET"), model.StatusOK},
	} {
		doc := read(t, tt.data, engine)
		if doc.Status != tt.status || len(doc.Forms) == 1 != (doc.Status != model.StatusUnreadable) {
			t.Errorf("%s: %s (%v), %d forms", name, doc.Status, doc.Error, len(doc.Forms))
		}
		for _, s := range fields(doc) {
			if strings.ContainsAny(s, "\ufffd\ue123") {
				t.Errorf("%s: a field is %q", name, s)
			}
		}
	}
}

// fields are what was read, without where it stands.
func fields(d model.Document) []string {
	var out []string
	for _, f := range d.Forms {
		out = append(out, f.Title, f.Project.Name, f.Project.SupervisingDepartment, f.Goals.Annual, f.Funding.Annual.Total.String(), string(f.Geometry))
		for _, i := range f.Indicators {
			out = append(out, i.Level1, i.Level2, i.Level3, i.Value.Raw)
		}
	}
	return out
}

// Garbage stays garbage, and a scan is not worth a second look.
func TestFirstVerdictStays(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped with -short: compiling PDFium takes minutes under the race detector")
	}
	font := "/FontDescriptor<</Type/FontDescriptor/FontName/Own/Flags 4>>"
	garbled := bytes.Replace(withFont(font, ""), []byte("/ToUnicode"), []byte("/ToNothing"), 1)
	scan := page(pdf.StreamObject("", "q 500 0 0 700 40 40 cm /X Do Q"), pdf.StreamObject("/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray", "x"))
	scan = bytes.Replace(scan, []byte("/Font<</F1 5 0 R>>"), bytes.Repeat([]byte(" "), len("/Font<</F1 5 0 R>>")), 1)
	scan = bytes.Replace(scan, []byte("/Type/Font/"), []byte("/Type/None/"), 1)
	// An engine that is loaded for the first time leaves its code in the cache.
	cache := t.TempDir()
	for _, name := range []string{"HOME", "XDG_CACHE_HOME", "LocalAppData"} {
		t.Setenv(name, cache)
	}
	if doc := readWith(t, scan, parser.Options{}); doc.Error == nil || doc.Error.Code != "no-text" {
		t.Errorf("a scan is %s (%v)", doc.Status, doc.Error)
	}
	if left, err := os.ReadDir(cache); err != nil || len(left) > 0 {
		t.Errorf("the second engine was loaded for a scan: %v %v", left, err)
	}
	for name, tt := range map[string]struct {
		data []byte
		code string
	}{"garbled": {garbled, "garbled"}, "scan": {scan, "no-text"}} {
		doc := read(t, tt.data, "auto")
		if doc.Error == nil || doc.Error.Code != tt.code || doc.Engine != "pdfcpu" {
			t.Errorf("%s: %s by %s (%v)", name, doc.Status, doc.Engine, doc.Error)
		}
	}
}

// Chinese made of rare characters only, without a single label, is what a
// wrong character map yields.
func TestRareCharactersAreGarbage(t *testing.T) {
	write := func(text string) []byte {
		var hex strings.Builder
		for _, r := range text {
			const digits = "0123456789abcdef"
			for shift := 12; shift >= 0; shift -= 4 {
				hex.WriteByte(digits[r>>shift&15])
			}
		}
		p := strings.Replace(onePage, "/F1 5 0 R", "/F1 6 0 R", 1)
		return pdf.BuildPDF("", catalog, pages, p, pdf.StreamObject("", "BT /F1 9 Tf 20 700 Td <"+hex.String()+"> Tj ET"), helv,
			"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[7 0 R]>>",
			"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/DW 1000>>")
	}
	rare := strings.Repeat("龘靐齉爩麤灪龗厵", 5)
	for text, code := range map[string]string{
		rare: "garbled",
		"本年度安排清淤河道二十公里并按月开展巡查保持水面整洁": "no-form",
	} {
		if doc := read(t, write(text), "pdfcpu"); doc.Error == nil || doc.Error.Code != code {
			t.Errorf("%q is %s (%v), want %s", text, doc.Status, doc.Error, code)
		}
	}
}
