package pdf_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"perfgoal/model"
	"perfgoal/parser"
	"perfgoal/parser/pdf"
)

// zeros is a stream object that inflates to n bytes of one value.
func zeros(more string, value byte, n int) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	block := bytes.Repeat([]byte{value}, 1<<20)
	for ; n > 0; n -= len(block) {
		if _, err := w.Write(block[:min(n, len(block))]); err != nil {
			panic(err)
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return pdf.StreamObject("/Filter/FlateDecode"+more, b.String())
}

const (
	catalog = "<</Type/Catalog/Pages 2 0 R>>"
	pages   = "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595 842]>>"
	onePage = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>/XObject<</X 6 0 R/Y 7 0 R>>>>>>"
	helv    = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
	hello   = "BT /F1 12 Tf 72 700 Td (Hello hostile world, nothing to see here) Tj ET\n"
)

// page is a document of one page with these contents, a font, and more
// objects from number 6 on.
func page(contents string, more ...string) []byte {
	return pdf.BuildPDF("", append([]string{catalog, pages, onePage, contents, helv}, more...)...)
}

// identity is a Type0 font, object 6, over the objects 7 and 8.
func identity(descendant, toUnicode string) []string {
	return []string{
		"<</Type/Font/Subtype/Type0/BaseFont/Own/Encoding/Identity-H/DescendantFonts[7 0 R]/ToUnicode 8 0 R>>",
		"<</Type/Font/Subtype/CIDFontType2/BaseFont/Own/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>" + descendant + ">>",
		pdf.StreamObject("", toUnicode),
	}
}

// withFont is a document whose only page writes with the Type0 font.
func withFont(descendant, toUnicode string, more ...string) []byte {
	p := strings.Replace(onePage, "/F1 5 0 R", "/F1 6 0 R", 1)
	text := "BT /F1 12 Tf 72 700 Td <" + strings.Repeat("00410042", 40) + "> Tj ET"
	return pdf.BuildPDF("", append(append([]string{catalog, pages, p, pdf.StreamObject("", text), helv}, identity(descendant, toUnicode)...), more...)...)
}

// glyphTable is a TrueType program whose character map has many segments that
// all span the whole plane.
func glyphTable() string {
	const n = 30000
	var sub bytes.Buffer
	words := func(v ...int) {
		for _, x := range v {
			_ = binary.Write(&sub, binary.BigEndian, uint16(x))
		}
	}
	words(4, 0, 0, 2*n, 0, 0, 0)
	for range n {
		words(0xfffe)
	}
	words(0)
	for range n {
		words(0)
	}
	for range 2 * n {
		words(0)
	}
	var out bytes.Buffer
	_ = binary.Write(&out, binary.BigEndian, []uint16{0, 1, 1, 0, 0, 0})
	out.WriteString("cmap")
	_ = binary.Write(&out, binary.BigEndian, []uint32{0, 28, uint32(12 + sub.Len())})
	_ = binary.Write(&out, binary.BigEndian, []uint16{0, 1, 3, 1, 0, 12})
	out.Write(sub.Bytes())
	return out.String()
}

// xrefBomb has a cross-reference stream of two million entries, and an object
// stream when n is the number of objects it claims.
func xrefBomb(size int) []byte {
	b := []byte("%PDF-1.7\n")
	at := len(b)
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	entry := []byte{1, 0, 0, 0, 9, 0, 0}
	for range size {
		if _, err := w.Write(entry); err != nil {
			panic(err)
		}
	}
	_ = w.Close()
	b = fmt.Appendf(b, "1 0 obj\n<</Type/XRef/Size %d/W[1 4 2]/Root 2 0 R/Filter/FlateDecode/Length %d>>\nstream\n", size, z.Len())
	b = append(b, z.Bytes()...)
	return fmt.Appendf(b, "\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n", at)
}

// hostile are files that want to exhaust the reader, with the status and the
// codes it may answer ("" for none).
var hostile = []struct {
	name   string
	file   func() []byte
	status model.Status
	codes  string
}{
	{"zip bomb", func() []byte { return page(zeros("", ' ', 200<<20)) }, model.StatusUnreadable, "limit-exceeded"},
	{"zip bomb in a zip bomb", func() []byte {
		inner := zeros("", ' ', 300<<20)
		inner = inner[strings.Index(inner, "stream\n")+7 : len(inner)-len("\nendstream")]
		var b bytes.Buffer
		w := zlib.NewWriter(&b)
		_, _ = io.WriteString(w, inner)
		_ = w.Close()
		return page(pdf.StreamObject("/Filter[/FlateDecode/FlateDecode]", b.String()))
	}, model.StatusUnreadable, "limit-exceeded"},
	{"many zip bombs below the limit of one", func() []byte {
		kids := ""
		var more []string
		for i := range 12 {
			kids += fmt.Sprintf("%d 0 R ", 4+i)
			more = append(more, "<</Type/Page/Parent 2 0 R/Contents 3 0 R>>")
		}
		objects := []string{catalog, "<</Type/Pages/MediaBox[0 0 595 842]/Kids[" + kids + "]>>", zeros("", ' ', 60<<20)}
		return pdf.BuildPDF("", append(objects, more...)...)
	}, model.StatusUnreadable, "limit-exceeded"},
	{"a form as a zip bomb", func() []byte {
		return page(pdf.StreamObject("", hello+"/X Do"), zeros("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", ' ', 100<<20))
	}, model.StatusUnreadable, "limit-exceeded"},
	{"nested arrays", func() []byte {
		return page(pdf.StreamObject("", hello), strings.Repeat("[", 10_000)+strings.Repeat("]", 10_000))
	}, "", "no-form damaged limit-exceeded"},
	{"nested arrays and dictionaries in the contents", func() []byte {
		return page(pdf.StreamObject("", hello+strings.Repeat("[", 1_000_000)+strings.Repeat("<<", 1_000_000)))
	}, model.StatusNoForm, "no-form"},
	{"kids repeated a million times", func() []byte {
		return pdf.BuildPDF("", catalog, "<</Type/Pages/MediaBox[0 0 9 9]/Kids["+strings.Repeat("3 0 R ", 1_000_000)+"]>>", onePage, pdf.StreamObject("", hello), helv)
	}, model.StatusUnreadable, "damaged"},
	{"a hundred thousand pages", func() []byte {
		return pdf.BuildPDF("", catalog, "<</Type/Pages/Count 100000/MediaBox[0 0 9 9]/Kids["+strings.Repeat("<</Type/Page>>", 100_000)+"]>>")
	}, model.StatusUnreadable, "limit-exceeded"},
	{"everything is itself", func() []byte {
		return pdf.BuildPDF("",
			"<</Type/Catalog/Pages 2 0 R>>",
			"<</Type/Pages/Parent 2 0 R/Kids[2 0 R 3 0 R]/Resources 2 0 R/MediaBox 2 0 R>>",
			"<</Type/Page/Parent 3 0 R/Contents[3 0 R 4 0 R]/Resources<</Font<</F1 5 0 R>>/XObject<</X 4 0 R>>>>/MediaBox[5 0 R 5 0 R 5 0 R 5 0 R]>>",
			"<</Type/XObject/Subtype/Form/Length 4 0 R/Resources 3 0 R/Filter 4 0 R>>\nstream\n/X Do\nendstream",
			"<</Type/Font/Subtype/Type0/DescendantFonts[5 0 R]/ToUnicode 5 0 R/Encoding 5 0 R/W 5 0 R/FontDescriptor 5 0 R>>",
		)
	}, model.StatusUnreadable, "no-text damaged limit-exceeded"},
	{"forms that draw each other", func() []byte {
		form := "/Type/XObject/Subtype/Form/BBox[0 0 600 900]/Resources<</XObject<</X 6 0 R/Y 7 0 R>>>>"
		draw := strings.Repeat("/X Do /Y Do ", 50)
		return page(pdf.StreamObject("", hello+"/X Do"), pdf.StreamObject(form, draw), pdf.StreamObject(form, draw))
	}, "", "no-form limit-exceeded"},
	{"a cascade of forms", func() []byte {
		var more []string
		for i := range 20 {
			more = append(more, pdf.StreamObject(fmt.Sprintf("/Type/XObject/Subtype/Form/BBox[0 0 600 900]/Resources<</XObject<</X %d 0 R>>>>", 7+i), strings.Repeat("/X Do ", 10)))
		}
		return page(pdf.StreamObject("", hello+"/X Do"), append(more, pdf.StreamObject("/Subtype/Form", "n"))...)
	}, model.StatusUnreadable, "limit-exceeded"},
	{"widths without end", func() []byte {
		return withFont("/W["+strings.Repeat("0 65535 500 ", 20_000)+"]", "")
	}, model.StatusUnreadable, "garbled no-text"},
	{"character maps without end", func() []byte {
		ranges := "begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange\n100 beginbfrange\n" +
			strings.Repeat("<0000> <ffff> <4e00>\n", 50_000) + "endbfrange endcmap"
		return withFont("", ranges)
	}, model.StatusUnreadable, "garbled"},
	{"a font program without end", func() []byte {
		data := withFont("/FontDescriptor<</Type/FontDescriptor/FontFile2 9 0 R>>", "", pdf.StreamObject("", glyphTable()))
		return bytes.Replace(data, []byte("/ToUnicode"), []byte("/ToNothing"), 1)
	}, model.StatusNoForm, "no-form"},
	{"saved states without end", func() []byte {
		return page(pdf.StreamObject("", hello+strings.Repeat("q ", 1_000_000)))
	}, model.StatusUnreadable, "limit-exceeded"},
	{"operators without end", func() []byte {
		return page(pdf.StreamObject("", hello+strings.Repeat("n ", 25<<20)))
	}, model.StatusUnreadable, "limit-exceeded"},
	{"glyphs without end", func() []byte {
		form := pdf.StreamObject("/Subtype/Form/Resources<</Font<</F1 5 0 R>>>>", "BT /F1 1 Tf ("+strings.Repeat("glyphs ", 50_000)+") Tj ET")
		return page(pdf.StreamObject("", strings.Repeat("/X Do ", 10)), form)
	}, model.StatusUnreadable, "limit-exceeded"},
	{"a huge inline image", func() []byte {
		return page(pdf.StreamObject("", hello+"BI /W 9000 /H 9000 /BPC 8 /CS /G ID "+strings.Repeat("EI\x80\xff", 5_000_000)))
	}, model.StatusNoForm, "no-form"},
	{"filters without end", func() []byte {
		return page(pdf.StreamObject("/Filter["+strings.Repeat("/RL ", 100_000)+"]", strings.Repeat("\x81x", 1<<18)))
	}, model.StatusUnreadable, "damaged limit-exceeded"},
	{"a predictor of long rows", func() []byte {
		return page(zeros("/DecodeParms<</Predictor 12/Colors 32/BitsPerComponent 16/Columns 1048576>>", 2, 60<<20))
	}, model.StatusUnreadable, "no-text damaged limit-exceeded"},
	{"cross-references in a circle", func() []byte {
		b := page(pdf.StreamObject("", hello))
		at := bytes.LastIndex(b, []byte("xref\n0 "))
		return bytes.Replace(b, []byte("/Root 1 0 R"), fmt.Appendf(nil, "/Prev %d/Root 1 0 R", at), 1)
	}, "", "no-form damaged"},
	{"a large table of cross-references", func() []byte { return xrefBomb(900_000) }, model.StatusUnreadable, "damaged limit-exceeded"},
	{"a table of cross-references without end", func() []byte { return xrefBomb(3_000_000) }, model.StatusUnreadable, "damaged limit-exceeded"},
	{"object streams as zip bombs", func() []byte {
		var more []string
		for range 12 {
			more = append(more, zeros("/Type/ObjStm/N 1000000/First 60000000", ' ', 63<<20))
		}
		return page(pdf.StreamObject("", hello), more...)
	}, "", "no-form damaged limit-exceeded"},
}

// TestHostile reads what would exhaust a trusting reader: a clean answer within
// the limits of work, from either object layer.
func TestHostile(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped with -short: hostile files take minutes under the race detector")
	}
	for _, tt := range hostile {
		t.Run(tt.name, func(t *testing.T) {
			data := tt.file()
			for _, engine := range []string{"pdfcpu", "ledongthuc"} {
				if dir := os.Getenv("HOSTILE_DIR"); dir != "" {
					_ = os.WriteFile(dir+"/"+strings.ReplaceAll(tt.name, " ", "_")+".pdf", data, 0o600)
				}
				doc, err := parser.Parse(t.Context(), parser.Source{Path: "a.pdf", Data: data}, parser.Options{Engine: engine, Timeout: time.Hour})
				if err != nil {
					t.Fatal(err)
				}
				code := ""
				if doc.Error != nil {
					code = doc.Error.Code
				}
				t.Logf("%s: %s %s (%v)", engine, doc.Status, code, doc.Error)
				// The second layer mends nothing, so it may also find the file damaged.
				if engine == "ledongthuc" && doc.Status == model.StatusUnreadable && code != "internal" && code != "timeout" {
					continue
				}
				if tt.status != "" && doc.Status != tt.status {
					t.Errorf("%s answers %s, want %s", engine, doc.Status, tt.status)
				}
				if !strings.Contains(" "+tt.codes+" ", " "+code+" ") {
					t.Errorf("%s answers %q, want one of %s", engine, code, tt.codes)
				}
			}
		})
	}
}
