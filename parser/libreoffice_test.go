package parser

import (
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"perfgoal/model"
)

// webPageOf writes tables as a web page with their spans.
func webPageOf(tables []model.Table) string {
	var b strings.Builder
	b.WriteString(`<html><head><meta charset="utf-8"><style>td{border:1px solid black}</style></head><body>`)
	for _, t := range tables {
		for _, l := range t.Caption {
			fmt.Fprintf(&b, "<p>%s</p>\n", html.EscapeString(l.Text))
		}
		rows := make([]strings.Builder, t.Rows)
		for _, c := range t.Cells {
			fmt.Fprintf(&rows[c.Row], "<td rowspan=%d colspan=%d>%s</td>", c.RowSpan, c.ColSpan, html.EscapeString(c.Text))
		}
		b.WriteString("<table>")
		for i := range rows {
			b.WriteString("<tr>" + rows[i].String() + "</tr>\n")
		}
		b.WriteString("</table>")
	}
	return b.String() + "</body></html>"
}

// LibreOffice makes a Word document and workbooks of a page. Every field is as
// in the PDF, or doubted where LibreOffice took the text for a formula; an
// amount may have lost its zeros.
func TestLibreOfficeConversions(t *testing.T) {
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("without LibreOffice nothing is converted")
	}
	if testing.Short() {
		t.Skip("LibreOffice takes several seconds")
	}
	path := filepath.Join("..", "..", "shared", "samples", "pdf", "summary-2026-stsong.pdf")
	if _, err := os.Stat(path); err != nil {
		path = filepath.Join("..", "testdata", "pdf", "defects-values-chromium.pdf")
		t.Logf("the large summary is not here; %s is converted instead", path)
	}
	want := parseFile(t, path, Options{KeepTables: true})
	dir := t.TempDir()
	page := filepath.Join(dir, "forms.html")
	if err := os.WriteFile(page, []byte(webPageOf(want.Tables)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, to := range []struct{ ext, reader, writer string }{
		{"docx", "HTML (StarWriter)", "MS Word 2007 XML"}, {"xlsx", "HTML (StarCalc)", "Calc MS Excel 2007 XML"}, {"xls", "HTML (StarCalc)", "MS Excel 97"},
	} {
		t.Run(to.ext, func(t *testing.T) {
			out, err := exec.CommandContext(t.Context(), soffice, "-env:UserInstallation=file://"+filepath.ToSlash(dir)+"/profile", "--headless",
				"--convert-to", to.ext+":"+to.writer, "--infilter="+to.reader, "--outdir", dir, page).CombinedOutput()
			file := filepath.Join(dir, "forms."+to.ext)
			if _, missing := os.Stat(file); err != nil || missing != nil {
				t.Skipf("LibreOffice does not convert to %s: %v %s", to.ext, err, out)
			}
			got := parseFile(t, file, Options{})
			if len(got.Forms) != len(want.Forms) {
				t.Fatalf("%d forms, want %d", len(got.Forms), len(want.Forms))
			}
			right, doubted := 0, 0
			for i := range want.Forms {
				a, b := &want.Forms[i], &got.Forms[i]
				hold := func(field, x, y string) {
					switch {
					case b.HasDoubt(field):
						doubted++
					case sameShown(x, y):
						right++
					default:
						t.Errorf("form %d %s: %q, want %q", i+1, field, y, x)
					}
				}
				for _, f := range model.Fields {
					hold(f.Path, f.String(a), f.String(b))
				}
				if len(a.Indicators) != len(b.Indicators) {
					t.Errorf("form %d: %d indicators, want %d", i+1, len(b.Indicators), len(a.Indicators))
					continue
				}
				for j := range a.Indicators {
					for _, f := range model.IndicatorFields {
						hold(fmt.Sprintf("indicators[%d].%s", j, f.Path), f.String(&a.Indicators[j]), f.String(&b.Indicators[j]))
					}
				}
			}
			t.Logf("%d fields right, %d doubted", right, doubted)
			if to.ext == "docx" && doubted > 0 || doubted > right {
				t.Errorf("%d fields are doubted", doubted)
			}
		})
	}
}

// sameShown compares what fields show; a workbook drops zeros behind the point.
func sameShown(a, b string) bool {
	if squeeze(a) == squeeze(b) {
		return true
	}
	x, err1 := decimal.NewFromString(strings.ReplaceAll(a, ",", ""))
	y, err2 := decimal.NewFromString(strings.ReplaceAll(b, ",", ""))
	return err1 == nil && err2 == nil && x.Equal(y)
}
