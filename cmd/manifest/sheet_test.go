package manifest

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// book is a workbook of one sheet, made of what stands in the sheet's part.
func book(t *testing.T, sheet string) string {
	t.Helper()
	const (
		space    = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
		relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range []struct{ name, text string }{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="` + relation + `officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook ` + space + `><sheets><sheet name="清单" sheetId="1" r:id="a"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="` + relation + `worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
		{"xl/worksheets/sheet1.xml", `<worksheet ` + space + `>` + sheet + `</worksheet>`},
	} {
		w, err := z.Create(part.name)
		if err == nil {
			_, err = w.Write([]byte(part.text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func textCell(at, text string) string {
	return `<c r="` + at + `" t="inlineStr"><is><t>` + text + `</t></is></c>`
}

// line is a row with a unit and a project, and the amount's cell as it stands
// in the file.
func line(row int, amount string) string {
	return fmt.Sprintf(`<row r="%d">%s%s%s</row>`, row, textCell(fmt.Sprint("A", row), "甲"), textCell(fmt.Sprint("B", row), fmt.Sprint("项目", row)), amount)
}

var headings = `<row r="1">` + textCell("A1", "单位") + textCell("B1", "项目名称") + textCell("C1", "金额") + `</row>`

// TestStoredAmounts wants an amount to be the number that the file holds,
// whatever its format shows of it, and what is no number to be refused.
func TestStoredAmounts(t *testing.T) {
	tests := []struct{ cell, want, refused string }{
		{``, "", ""},
		{`<c r="C2"/>`, "", ""},
		{`<c r="C2" s="9"><v>1234.5</v></c>`, "1234.50", ""},
		{`<c r="C2"><v> 379000 </v></c>`, "379000.00", ""},
		{`<c r="C2" t="n"><v>0.30000000000000004</v></c>`, "0.30", ""},
		{`<c r="C2"><v>1.2E+7</v></c>`, "12000000.00", ""},
		{`<c r="C2"><f>1+1</f><v>2</v></c>`, "2.00", ""},
		{`<c r="C2" t="str"><f>TEXT(2,"0")</f><v>2</v></c>`, "2.00", ""},
		{`<c r="C2" t="inlineStr"><is><r><t>1,2</t></r><r><t>00元</t></r></is></c>`, "1200.00", ""},
		{`<c r="C2"><v>46023</v></c>`, "46023.00", ""}, // as a date is stored
		{`<c r="C2"><f>1+1</f></c>`, "", "第2行的金额是没有算出结果的公式"},
		{`<c r="C2"><f t="shared" si="0"/></c>`, "", "第2行的金额是没有算出结果的公式"},
		{`<c r="C2"><f t="shared" ref="C2:C9" si="0">1+1</f><v></v></c>`, "", "第2行的金额是没有算出结果的公式"},
		{`<c r="C2" t="b"><v>1</v></c>`, "", "第2行的金额“TRUE”不是数字"},
		{`<c r="C2" t="e"><f>1/0</f><v>#DIV/0!</v></c>`, "", "第2行的金额“#DIV/0!”不是数字"},
		{`<c r="C2" t="s"><v>0</v></c>`, "", "可能已损坏"}, // there are no texts
		{`<c r="C2"><v>1</v></c><c r="C2"><v>2</v></c>`, "", "可能已损坏"},
	}
	for _, tt := range tests {
		m, err := Parse("m.xlsx", []byte(book(t, `<sheetData>`+headings+line(2, tt.cell)+`</sheetData>`)))
		switch {
		case tt.refused != "":
			if err == nil || !strings.Contains(err.Error(), tt.refused) {
				t.Errorf("%s: %v, want %s", tt.cell, err, tt.refused)
			}
		case err != nil:
			t.Errorf("%s: %v", tt.cell, err)
		default:
			if diff := cmp.Diff([]string{"甲|项目2|" + tt.want}, lines(m)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.cell, diff)
			}
		}
	}
}

// TestHostileSheets wants files that would fill the memory to be refused, and
// those that only say that they are large to be read.
func TestHostileSheets(t *testing.T) {
	whole := book(t, `<sheetData>`+headings+line(2, "")+`</sheetData>`)
	edges := strings.Builder{}
	for row := 3; row < 200; row++ {
		fmt.Fprintf(&edges, `<row r="%[1]d"><c r="XFD%[1]d"><v>1</v></c></row>`, row)
	}
	tests := []struct{ name, data, want string }{
		{"said to be as large as can be", book(t, `<dimension ref="A1:XFD1048576"/><cols><col min="1" max="16384" width="9"/></cols><sheetData>`+headings+line(2, "")+`</sheetData><mergeCells><mergeCell ref="D2:XFD1048576"/><mergeCell ref="A5:XFD1048576"/></mergeCells>`), ""},
		{"all merged", book(t, `<sheetData>`+headings+line(2, "")+`<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData><mergeCells><mergeCell ref="A3:XFD1048576"/></mergeCells>`), "超过读取上限"},
		{"merged again and again", book(t, `<sheetData>`+headings+line(2, "")+`<row r="1000"><c r="A1000"><v>1</v></c></row></sheetData><mergeCells>`+strings.Repeat(`<mergeCell ref="A3:XFD1000"/>`, 100)+`</mergeCells>`), "超过读取上限"},
		{"cells at the edge", book(t, `<sheetData>`+headings+line(2, "")+edges.String()+`</sheetData>`), "超过读取上限"},
		{"beyond the edge", book(t, `<sheetData>`+headings+`<row r="2"><c r="XFE2"><v>1</v></c></row></sheetData>`), "可能已损坏"},
		{"below the last row", book(t, `<sheetData>`+headings+`<row r="1048577"/></sheetData>`), "可能已损坏"},
		{"nested", book(t, strings.Repeat("<a>", 5000)), "内容太大"},
		{"cut off", whole[:len(whole)*3/4], "可能已损坏"},
		{"XML cut off", book(t, `<sheetData>`+headings+`<row r="2"><c`), "可能已损坏"},
	}
	if !testing.Short() {
		tests = append(tests, struct{ name, data, want string }{"a bomb", book(t, strings.Repeat(" ", 130<<20)), "内容太大"})
	}
	for _, tt := range tests {
		m, err := Parse("m.xlsx", []byte(tt.data))
		if tt.want == "" {
			if err != nil || len(m.Rows) != 1 {
				t.Errorf("%s: %v, want a row", tt.name, err)
			}
			continue
		}
		e := new(Error)
		if !errors.As(err, &e) || !strings.Contains(e.Zh, tt.want) || e.En == "" || strings.ContainsAny(e.Zh+e.En, "{}") {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
	}
}
