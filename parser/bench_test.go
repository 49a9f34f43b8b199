package parser

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"perfgoal/model"
)

// BenchmarkParseText reads one large text, as long as a city's submission,
// made of the forms in testdata.
func BenchmarkParseText(b *testing.B) {
	var all bytes.Buffer
	for all.Len() < 4<<20 {
		for _, name := range []string{"clean-district", "clean-central", "defects-values", "shifted"} {
			data, err := os.ReadFile(filepath.Join("..", "testdata", "text", name+".txt"))
			if err != nil {
				b.Fatal(err)
			}
			all.Write(data)
			all.WriteString("\n\n")
		}
	}
	b.SetBytes(int64(all.Len()))
	b.ReportAllocs()
	forms := 0
	for b.Loop() {
		doc, err := Parse(b.Context(), Source{Path: "a.txt", Data: all.Bytes()}, Options{})
		if err != nil || doc.Status != model.StatusOK {
			b.Fatal(doc.Error, err)
		}
		forms = len(doc.Forms)
	}
	b.ReportMetric(float64(forms), "forms/op")
}

// BenchmarkParsePDF reads documents of several pages by both producers.
func BenchmarkParsePDF(b *testing.B) {
	for _, name := range []string{"defects-values-chromium.pdf", "defects-goals-writer.pdf", "breaks-chromium.pdf", "breaks-writer.pdf"} {
		data, err := os.ReadFile(filepath.Join("..", "testdata", "pdf", name))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			pages := 0
			for b.Loop() {
				doc, err := Parse(b.Context(), Source{Path: name, Data: data}, Options{})
				if err != nil || doc.Status != model.StatusOK {
					b.Fatal(doc.Error, err)
				}
				pages = doc.Pages
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*pages)/1e6, "ms/page")
		})
	}
}

// BenchmarkParseOffice reads one document of six forms in every format.
func BenchmarkParseOffice(b *testing.B) {
	for _, name := range []string{"pdf/clean-district-writer.pdf", "office/clean-district.docx", "office/clean-district.xlsx", "office/clean-district.xls"} {
		data, err := os.ReadFile(filepath.Join("..", "testdata", filepath.FromSlash(name)))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(filepath.Base(name), func(b *testing.B) {
			b.ReportAllocs()
			forms := 0
			for b.Loop() {
				doc, err := Parse(b.Context(), Source{Path: name, Data: data}, Options{})
				if err != nil || doc.Status != model.StatusOK {
					b.Fatal(doc.Error, err)
				}
				forms = len(doc.Forms)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*forms)/1e6, "ms/form")
		})
	}
}
