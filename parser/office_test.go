package parser

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"perfgoal/model"
)

func TestOfficeDocumentsMatchTheirTruth(t *testing.T) {
	var paths []string
	for _, ext := range []string{"docx", "xlsx", "xls"} {
		paths = append(paths, documents(t, "../testdata/office/*."+ext)...)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			truth, ok := truthOf(path)
			if !ok {
				t.Fatal("no truth file")
			}
			doc := checkDocument(t, path, readTruth(t, truth))
			format := strings.TrimPrefix(filepath.Ext(path), ".")
			if doc.Format != format || doc.Status != model.StatusOK {
				t.Errorf("format %q, status %q", doc.Format, doc.Status)
			}
			for i, f := range doc.Forms {
				if f.Geometry != model.Ruled {
					t.Errorf("form %d: geometry %q", i+1, f.Geometry)
				}
				for j, ind := range f.Indicators {
					at := ind.Location
					if at.Cell.Row < 1 || at.Cell.Col < 1 || (at.Sheet == "") != (format == "docx") || (at.Table == 0) != (format != "docx") {
						t.Errorf("form %d indicator %d: %+v does not say where it stands", i+1, j+1, at)
					}
				}
			}
		})
	}
}

// What somebody reads in the PDF and in the office files must be one form.
func TestPDFAndOfficeGiveTheSameForms(t *testing.T) {
	for _, path := range documents(t, "../testdata/office/clean-*.*") {
		if strings.HasSuffix(path, ".json") {
			continue
		}
		t.Run(filepath.Base(path), func(t *testing.T) {
			truth, _ := truthOf(path)
			stem := strings.TrimSuffix(filepath.Base(truth), ".truth.json")
			printed := parseFile(t, filepath.Join("..", "testdata", "pdf", stem+"-writer.pdf"), Options{})
			saved := parseFile(t, path, Options{})
			if len(saved.Forms) != len(printed.Forms) || len(saved.Forms) == 0 {
				t.Fatalf("%d forms in the file, %d in the PDF", len(saved.Forms), len(printed.Forms))
			}
			for i := range saved.Forms {
				a, b := saved.Forms[i], printed.Forms[i]
				if a.Layout != b.Layout || a.Reading.Unread != 0 || len(a.Doubts) != 0 || len(a.Signs) != len(b.Signs) {
					t.Errorf("form %d: layout %s/%s, unread %d, doubts %v, signs %v/%v", i+1, a.Layout, b.Layout, a.Reading.Unread, a.Doubts, a.Signs, b.Signs)
				}
				for _, f := range model.Fields {
					if squeeze(f.String(&a)) != squeeze(f.String(&b)) {
						t.Errorf("form %d %s: %q in the file, %q in the PDF", i+1, f.Path, f.String(&a), f.String(&b))
					}
				}
				for j := range min(len(a.Indicators), len(b.Indicators)) {
					for _, f := range model.IndicatorFields {
						if x, y := f.String(&a.Indicators[j]), f.String(&b.Indicators[j]); squeeze(x) != squeeze(y) {
							t.Errorf("form %d indicator %d %s: %q in the file, %q in the PDF", i+1, j+1, f.Path, x, y)
						}
					}
				}
			}
		})
	}
}

// Office files are known by what they hold: a system that exports a web page
// calls it .xls, and WPS calls its workbooks .et.
func TestOfficeFormatsAreKnownByContent(t *testing.T) {
	page := []byte("<table border=1><tr><td>项目名称</td><td>甲</td></tr></table>")
	for _, tt := range []struct {
		name, from, format string
		data               []byte
	}{
		{name: "a.et", from: "clean-central.xls", format: "xls"},
		{name: "a.wps", from: "clean-central.docx", format: "docx"},
		{name: "a", from: "clean-central.xlsx", format: "xlsx"},
		{name: "a.doc", from: "clean-central.docx", format: "docx"},
		{name: "export.xls", data: page, format: "html"},
		{name: "a.txt", data: append([]byte("\xef\xbb\xbf\n"), page...), format: "html"},
		{name: "a.csv", data: []byte("项目名称,甲\n"), format: "csv"},
		{name: "a.txt", data: []byte("项目名称,甲\n"), format: "text"},
	} {
		data := tt.data
		if tt.from != "" {
			data = readTestdata(t, "office", tt.from)
		}
		doc, err := Parse(t.Context(), Source{Path: tt.name, Data: data}, Options{})
		if err != nil || doc.Format != tt.format {
			t.Errorf("%s is read as %q (%v)", tt.name, doc.Format, err)
		}
	}
}

func readTestdata(t testing.TB, parts ...string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(append([]string{"..", "testdata"}, parts...)...))
	if err != nil {
		t.Fatal(err)
	}
	return data
}
