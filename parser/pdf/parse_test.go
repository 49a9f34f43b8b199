package pdf_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"perfgoal/model"
	"perfgoal/parser"
	"perfgoal/parser/pdf"
)

// A whole file of a few objects becomes a form.
func TestSmallFileBecomesAForm(t *testing.T) {
	doc, err := parser.Parse(t.Context(), parser.Source{Path: "a.pdf", Data: pdf.FormPDF()}, parser.Options{Engine: "pdfcpu"})
	if err != nil || len(doc.Forms) != 1 {
		t.Fatalf("%d forms, problem %v, error %v", len(doc.Forms), doc.Error, err)
	}
	f := doc.Forms[0]
	if f.Project.Name != "水渠清淤" || f.FiscalYear != 2026 || f.Goals.Annual != "清淤二十公里" || f.Funding.Annual.Total.String() != "125000.00" || f.Geometry != model.Ruled {
		t.Errorf("name %q, year %d, goal %q, total %s, geometry %q", f.Project.Name, f.FiscalYear, f.Goals.Annual, f.Funding.Annual.Total, f.Geometry)
	}
	if len(f.Indicators) != 2 || f.Indicators[1].Level2 != "服务对象满意度指标" || f.Indicators[0].Value.Raw != "≥20公里" {
		t.Errorf("indicators %+v", f.Indicators)
	}
}

// doubtedPDF is a form with a character that its font does not know, so that
// it is read in part.
func doubtedPDF() []byte {
	return bytes.Replace(pdf.FormPDF(), []byte("<67516C11"), []byte("<E1236C11"), 1)
}

func TestDamagedFormIsPartial(t *testing.T) {
	doc, err := parser.Parse(t.Context(), parser.Source{Path: "a.pdf", Data: doubtedPDF()}, parser.Options{Engine: "pdfcpu"})
	if err != nil || doc.Status != model.StatusPartial || doc.Error != nil || len(doc.Forms) != 1 || len(doc.Forms[0].Doubts) == 0 {
		t.Errorf("status %s, problem %v, %d forms, error %v; want one form with doubts", doc.Status, doc.Error, len(doc.Forms), err)
	}
}

// FuzzPDF reads a whole input from bytes to forms: no panic, no hang, and a
// document whose status, problem and forms agree.
func FuzzPDF(f *testing.F) {
	f.Add(pdf.FormPDF())
	f.Add(doubtedPDF())
	f.Add(pdf.BuildPDF("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R 3 0 R]>>", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"))
	f.Add([]byte("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>\n2 0 obj<</Type/Pages/Kids[3 0 R]>>\n3 0 obj<</Type/Page/Contents 4 0 R>>\n4 0 obj<</Length 9>>stream\nBT ET"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<16 {
			t.Skip("too large to be of use here")
		}
		doc, err := parser.Parse(t.Context(), parser.Source{Path: "a.pdf", Data: data}, parser.Options{Jobs: 1, Engine: "pdfcpu", Timeout: time.Hour})
		if err != nil {
			t.Fatal(err)
		}
		read := doc.Status.Read()
		if read != (doc.Error == nil) || read != (len(doc.Forms) > 0) || doc.Forms == nil {
			t.Fatalf("status %s, problem %v, %d forms", doc.Status, doc.Error, len(doc.Forms))
		}
		doubted := slices.ContainsFunc(doc.Forms, func(f model.Form) bool { return len(f.Doubts) > 0 })
		if doubted != (doc.Status == model.StatusPartial) {
			t.Fatalf("status %s, forms with doubts: %v", doc.Status, doubted)
		}
		if doc.Error != nil && doc.Error.Code == "internal" {
			t.Fatal(doc.Error)
		}
	})
}
