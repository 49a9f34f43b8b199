package pdf_test

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"strings"
	"testing"

	"perfgoal/model"
	"perfgoal/parser"
	"perfgoal/parser/pdf"
)

// packed is a deflated stream object whose bytes were changed.
func packed(data string, change func([]byte) []byte) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write([]byte(data))
	_ = w.Close()
	return pdf.StreamObject("/Filter/FlateDecode", string(change(b.Bytes())))
}

func whole(b []byte) []byte { return b }

// manyLines is text that deflates to several hundred bytes.
func manyLines() string {
	var b strings.Builder
	b.WriteString("q BT /F1 12 Tf 72 700 Td\n")
	for i := range 200 {
		fmt.Fprintf(&b, "(line %d of %d) Tj 0 -12 Td\n", i*i, i*7919)
	}
	b.WriteString("ET Q")
	return b.String()
}

// What is damaged within a page's contents is never read in part.
func TestDamagedContents(t *testing.T) {
	text := manyLines()
	tests := []struct {
		name string
		file []byte
		code string
	}{
		{"whole", page(packed(text, whole)), "no-form"},
		{"without its checksum", page(packed(text, func(b []byte) []byte { return b[:len(b)-4] })), "no-form"},
		{"with a wrong checksum", page(packed(text, func(b []byte) []byte { b[len(b)-1] ^= 1; return b })), "damaged"},
		{"broken off", page(packed(text, func(b []byte) []byte { return b[:len(b)/2] })), "damaged"},
		{"damaged within", page(packed(text, func(b []byte) []byte { b[len(b)/2] ^= 0x55; return b })), "damaged"},
		{"without their beginning", page(packed(text, func(b []byte) []byte { return b[20:] })), "damaged"},
		{"a page is not there", pdf.BuildPDF("", catalog, "<</Type/Pages/Kids[3 0 R 9 0 R]/MediaBox[0 0 595 842]>>", onePage, packed(text, whole), helv), "damaged"},
		{"a character map with a wrong checksum", pdf.BuildPDF("", append([]string{catalog, pages, strings.Replace(onePage, "5 0 R", "6 0 R", 1),
			packed("BT /F1 12 Tf 72 700 Td <"+strings.Repeat("0041", 60)+"> Tj ET", whole), helv},
			append(identity("", "")[:2], packed("1 beginbfrange <0000> <ffff> <0020> endbfrange", func(b []byte) []byte { b[len(b)-1] ^= 1; return b }))...)...), "damaged"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, engine := range []string{"pdfcpu", "ledongthuc"} {
				doc, err := parser.Parse(t.Context(), parser.Source{Path: "a.pdf", Data: tt.file}, parser.Options{Engine: engine})
				if err != nil {
					t.Fatal(err)
				}
				if doc.Error.Code != tt.code || (doc.Status == model.StatusUnreadable) != (tt.code == "damaged") {
					t.Errorf("%s answers %s (%v), want %s", engine, doc.Status, doc.Error, tt.code)
				}
			}
		})
	}
}

func TestIntact(t *testing.T) {
	text := manyLines()
	good := page(packed(text, whole))
	if !pdf.Intact(good, 1) {
		t.Error("a sound file is not intact")
	}
	if pdf.Intact(good, 0) {
		t.Error("a page that no engine found is not missed")
	}
	for name, change := range map[string]func([]byte) []byte{
		"damaged":    func(b []byte) []byte { b[len(b)/2] ^= 0x55; return b },
		"broken off": func(b []byte) []byte { return b[:len(b)/2] },
	} {
		if pdf.Intact(page(packed(text, change)), 1) {
			t.Errorf("a file with a stream %s is intact", name)
		}
	}
	if cut := good[:bytes.Index(good, []byte("stream\n"))+100]; pdf.Intact(cut, 1) {
		t.Error("a file that ends within a stream is intact")
	}
}

// Limits can be lowered; each over-run says so.
func TestLimits(t *testing.T) {
	data := page(packed(manyLines(), whole))
	tests := map[string]pdf.Limits{
		"":               {},
		"file size":      {FileSize: 100},
		"glyphs":         {Glyphs: 50},
		"operators":      {Operators: 50},
		"a stream":       {Decoded: 1000},
		"no page at all": {Pages: 1},
	}
	for name, limits := range tests {
		want := "limit-exceeded"
		if name == "" || name == "no page at all" {
			want = "no-form"
		}
		doc, err := parser.Parse(t.Context(), parser.Source{Path: "a.pdf", Data: data}, parser.Options{Engine: "pdfcpu", Limits: limits})
		if err != nil || doc.Error.Code != want {
			t.Errorf("%q: %v (%v), want %s", name, doc.Error, err, want)
		}
	}
	two := pdf.BuildPDF("", catalog, "<</Type/Pages/Kids[3 0 R 6 0 R]/MediaBox[0 0 595 842]>>", onePage, packed(manyLines(), whole), helv, onePage)
	for most, want := range map[int]string{1: "limit-exceeded", 2: "no-form"} {
		doc, err := parser.Parse(t.Context(), parser.Source{Path: "a.pdf", Data: two}, parser.Options{Engine: "pdfcpu", Limits: pdf.Limits{Pages: most}})
		if err != nil || doc.Error.Code != want {
			t.Errorf("%d pages at most: %v (%v), want %s", most, doc.Error, err, want)
		}
	}
}
