package office

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"perfgoal/model"
)

// bomb is a package whose part unpacks to n bytes of nothing.
func bomb(t *testing.T, name string, n int64, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range parts {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	w, err := z.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	spaces := bytes.Repeat([]byte{' '}, 1<<20)
	for ; n > 0; n -= int64(len(spaces)) {
		if _, err := w.Write(spaces[:min(n, int64(len(spaces)))]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// chunk is the relation to a file that stands inside a document.
func chunk(target string) string {
	return `<Relationships ` + nsRel + `><Relationship Id="c" Type="` + kind + `aFChunk" Target="` + target + `"/></Relationships>`
}

// Hostile files end in a problem that has a name, whatever they try.
func TestHostileFiles(t *testing.T) {
	sheet := func(body string) []byte { return book{sheets: []string{body}}.pack(t) }
	xls, err := os.ReadFile("testdata/sheet.xls")
	if err != nil {
		t.Fatal(err)
	}
	changed := func(old, with string) []byte {
		if !bytes.Contains(xls, []byte(old)) {
			t.Fatalf("%q is not in the workbook", old)
		}
		return bytes.Replace(xls, []byte(old), []byte(with), 1)
	}
	deep := func(open, end string, n int) string { return strings.Repeat(open, n) + strings.Repeat(end, n) }
	storage := make([]byte, 128)
	copy(storage, "a\x00")
	binary.LittleEndian.PutUint16(storage[64:], 4)
	storage[66] = 1
	good := book{sheets: []string{`<sheetData><row r="1">` + inline("A1", "甲") + `</row></sheetData>`}}.pack(t)
	tests := []struct {
		name, code string
		read       func(context.Context, []byte, Options) ([]model.Table, error)
		data       []byte
	}{
		{"no ZIP", "damaged", XLSX, []byte("PK\x03\x04 not really")},
		{"a ZIP cut off", "damaged", XLSX, good[:len(good)-40]},
		{"nothing of a workbook", "damaged", XLSX, packed(t, map[string]string{"a.txt": "x"})},
		{"a sheet that is missing", "damaged", XLSX, packed(t, map[string]string{"xl/workbook.xml": `<workbook ` + nsX + `><sheets><sheet name="S" r:id="s1"/></sheets></workbook>`, "xl/_rels/workbook.xml.rels": `<Relationships ` + nsRel + `><Relationship Id="s1" Type="worksheet" Target="no.xml"/></Relationships>`})},
		{"XML cut off", "damaged", XLSX, sheet(`<sheetData><row r="1"><c r="A1"><v>1`)},
		{"XML tags crossed", "damaged", XLSX, sheet(`<sheetData><row></sheetData></row>`)},
		{"an entity of its own", "damaged", DOCX, packed(t, map[string]string{"word/document.xml": `<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><w:document ` + nsW + `><w:body>` + wp("&b;") + `</w:body></w:document>`})},
		{"an entity from outside", "damaged", DOCX, packed(t, map[string]string{"word/document.xml": `<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document ` + nsW + `><w:body>` + wp("&x;") + `</w:body></w:document>`})},
		{"a text that is not there", "damaged", XLSX, sheet(`<sheetData><row r="1"><c r="A1" t="s"><v>7</v></c></row></sheetData>`)},
		{"a row beyond the last", "damaged", XLSX, sheet(`<sheetData><row r="99999999"/></sheetData>`)},
		{"a column beyond the last", "damaged", XLSX, sheet(`<sheetData><row r="1"><c r="ZZZZ1"><v>1</v></c></row></sheetData>`)},
		{"a bomb of spaces", "limit", XLSX, bomb(t, "xl/worksheets/sheet1.xml", 5<<20, map[string]string{"xl/workbook.xml": `<workbook ` + nsX + `><sheets><sheet name="S" r:id="s1"/></sheets></workbook>`, "xl/_rels/workbook.xml.rels": `<Relationships ` + nsRel + `><Relationship Id="s1" Type="worksheet" Target="worksheets/sheet1.xml"/></Relationships>`})},
		{"a bomb of a document", "limit", DOCX, bomb(t, "word/document.xml", 5<<20, nil)},
		{"elements without end", "limit", DOCX, letter(t, deep("<w:smartTag>", "</w:smartTag>", 5000), nil)},
		{"tables in tables without end", "limit", DOCX, letter(t, deep("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>", 3000), nil)},
		{"rich text without end", "limit", XLSX, sheet(`<sheetData><row r="1"><c r="A1" t="inlineStr"><is>` + deep("<r>", "</r>", 3000) + `</is></c></row></sheetData>`)},
		{"two corners of the sheet, and all between merged", "limit", XLSX, sheet(`<sheetData><row r="1">` + inline("A1", "甲") + inline("XFD1", "乙") + `</row><row r="1048576">` + inline("XFD1048576", "丙") + `</row></sheetData><mergeCells><mergeCell ref="A1:A1048576"/></mergeCells>`)},
		{"a table with too many columns", "limit", DOCX, letter(t, tbl(tr(strings.Repeat(tc("", `<w:gridSpan w:val="4000"/>`), 9))), nil)},
		{"paragraphs without end", "limit", DOCX, letter(t, strings.Repeat(`<w:p/>`, 1001), nil)},
		{"hidden text without end", "limit", DOCX, letter(t, `<w:p>`+strings.Repeat(`<w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r>`, 1001)+`</w:p>`, nil)},
		{"tags without end", "limit", HTML, []byte("<table><tr><td>" + strings.Repeat("<b>", 301))},
		{"attributes without end", "limit", HTML, []byte("<table>" + strings.Repeat("<tr a b c>", 80))},
		{"pictures alone", "no-text", DOCX, letter(t, `<w:p><w:r><w:drawing><wp:inline><blip/></wp:inline></w:drawing></w:r></w:p>`, nil)},
		{"a picture alone on a sheet", "no-text", XLSX, book{sheets: []string{`<sheetData/><drawing r:id="d"/>`}, extra: map[string]string{
			"xl/worksheets/_rels/sheet1.xml.rels": `<Relationships ` + nsRel + `><Relationship Id="d" Type="` + kind + `drawing" Target="../drawings/drawing1.xml"/></Relationships>`,
			"xl/drawings/drawing1.xml":            `<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:twoCellAnchor><xdr:pic><xdr:blipFill><a:blip/></xdr:blipFill></xdr:pic></xdr:twoCellAnchor></xdr:wsDr>`,
		}}.pack(t)},
		{"another file inside", "unsupported-format", DOCX, letter(t, `<w:altChunk/>`, map[string]string{"word/_rels/document.xml.rels": chunk("a.mht"), "word/a.mht": "MIME-Version: 1.0"})},
		{"pages in pages without end", "damaged", HTML, []byte(strings.Repeat("<div>", 100000))},
		{"a locked workbook", "encrypted", XLS, changed("\x42\x00\x02\x00", "\x2f\x00\x02\x00")},
		{"a workbook without its beginning", "damaged", XLS, changed("\x09\x08\x10\x00\x00\x06", "\x08\x08\x10\x00\x00\x06")},
		{"a workbook of Excel 95", "unsupported-format", XLS, changed("\x09\x08\x10\x00\x00\x06\x05\x00", "\x09\x08\x10\x00\x00\x05\x05\x00")},
		{"a workbook cut off", "damaged", XLS, xls[:3000]},
		{"storages without end", "limit", XLS, append(bytes.Clone(xls), bytes.Repeat(storage, 5000)...)},
		{"a compound file of nothing", "damaged", XLS, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			opt := Options{}
			if strings.HasPrefix(tt.name, "a bomb") {
				opt.Limits = Limits{Part: 4 << 20}
			}
			if strings.HasSuffix(tt.name, "text without end") || strings.HasPrefix(tt.name, "paragraphs") {
				opt.Limits = Limits{Lines: 1000}
			}
			if tt.name == "tags without end" || tt.name == "attributes without end" {
				opt.Limits = Limits{Cells: 100}
			}
			_, err := tt.read(t.Context(), tt.data, opt)
			if got := problemCode(err); got != tt.code {
				t.Errorf("%q (%v), want %q", got, err, tt.code)
			}
		})
	}
}

// What is large but holds little is read: borders painted down the whole
// sheet, a merged cell to its end, a word in its last corner.
func TestLargeButLittle(t *testing.T) {
	b := book{styles: styles, sheets: []string{
		`<sheetData><row r="1">` + inline("A1", "甲") + `</row><row r="1048576">` + inline("XFD1048576", "乙") + `</row></sheetData>`,
		`<sheetData><row r="1">` + inline("A1", "甲") + `</row>` + strings.Repeat(`<row><c s="1"/><c s="1"/><c s="1"/></row>`, 20000) + `</sheetData><mergeCells><mergeCell ref="A1:XFD1"/></mergeCells>`,
	}}
	tables, err := XLSX(t.Context(), b.pack(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := sketch(tables); !strings.Contains(got, "甲 | \n | 乙\n") || len(tables) != 2 || len(tables[1].Cells) > 3 {
		t.Errorf("%.200s", got)
	}
}

// The reader stops soon after its context ends.
func TestContextEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	xls, err := os.ReadFile("testdata/sheet.xls")
	if err != nil {
		t.Fatal(err)
	}
	rows := strings.Repeat(`<row><c t="inlineStr"><is><t>甲</t></is></c></row>`, 5000)
	for name, err := range map[string]error{
		"XLSX": func() error {
			_, err := XLSX(ctx, book{sheets: []string{`<sheetData>` + rows + `</sheetData>`}}.pack(t), Options{})
			return err
		}(),
		"DOCX": func() error {
			_, err := DOCX(ctx, letter(t, strings.Repeat(wp("甲"), 5000), nil), Options{})
			return err
		}(),
		"HTML": func() error { _, err := HTML(ctx, []byte("<p>甲"), Options{}); return err }(),
		"CSV":  func() error { _, err := CSV(ctx, []byte("甲,乙"), Options{}); return err }(),
		"XLS":  func() error { _, err := XLS(ctx, xls, Options{}); return err }(),
	} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// checkTables holds the promises of every table, whatever it was read from.
func checkTables(t *testing.T, tables []model.Table) {
	t.Helper()
	for _, table := range tables {
		at := model.Ref{Row: -1}
		for _, c := range table.Cells {
			if c.Row < 0 || c.Col < 0 || c.RowSpan < 1 || c.ColSpan < 1 || c.Row+c.RowSpan > table.Rows || c.Col+c.ColSpan > table.Cols {
				t.Fatalf("a cell outside its table of %d rows and %d columns: %+v", table.Rows, table.Cols, c)
			}
			if c.Row < at.Row || c.Row == at.Row && c.Col < at.Col {
				t.Fatalf("cells out of order: %+v after %+v", c, at)
			}
			at = model.Ref{Row: c.Row, Col: c.Col}
		}
		for _, b := range table.Breaks {
			if b < 0 || b > table.Rows {
				t.Fatalf("a break at row %d of %d", b, table.Rows)
			}
		}
	}
}

// fuzz reads data with a small budget and checks what comes out.
func fuzz(t *testing.T, read func(context.Context, []byte, Options) ([]model.Table, error), data []byte) {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	tables, err := read(ctx, data, Options{Limits: Limits{Part: 1 << 20, Total: 4 << 20, Cells: 20000}, Title: func(s string) bool { return strings.HasSuffix(s, "题") }})
	if err != nil {
		if p, ok := errors.AsType[*model.Problem](err); !ok || p.Code == "" {
			t.Fatalf("%v is no problem with a code", err)
		}
		return
	}
	checkTables(t, tables)
}

// The parts of a document are fuzzed bare: the ZIP around them would only
// keep the fuzzer from what is ours to read.
func FuzzDOCX(f *testing.F) {
	f.Add([]byte(wp("标题")+tbl(tr(tc("甲", `<w:gridSpan w:val="2"/>`), tc("乙", `<w:vMerge w:val="restart"/>`)), tr(tc("丙"), cellOf(tbl(tr(tc("丁")))), tc("", `<w:vMerge/>`)))), []byte(`<w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num>`))
	f.Add([]byte(`<w:sdt><w:sdtContent>`+wp("填")+`</w:sdtContent></w:sdt><w:p><w:del>`+run("删", "")+`</w:del></w:p>`), []byte{})
	f.Add([]byte(`<w:p><w:pPr><w:pStyle w:val="L"/></w:pPr></w:p>`), []byte(`<w:num w:numId="7"/><w:style w:styleId="L"><w:pPr><w:numPr><w:numId w:val="7"/></w:numPr></w:pPr></w:style>`))
	f.Fuzz(func(t *testing.T, body, numbering []byte) {
		data := letter(t, string(body), map[string]string{
			"word/_rels/document.xml.rels": `<Relationships ` + nsRel + `><Relationship Id="n" Type="` + kind + `numbering" Target="numbering.xml"/><Relationship Id="s" Type="` + kind + `styles" Target="numbering.xml"/></Relationships>`,
			"word/numbering.xml":           `<w:numbering ` + nsW + `>` + string(numbering) + `</w:numbering>`})
		fuzz(t, DOCX, data)
		fuzz(t, DOCX, body)
	})
}

func FuzzXLSX(f *testing.F) {
	f.Add([]byte(`<cols><col min="2" max="2" hidden="1"/></cols><sheetData><row r="1">`+inline("A1", "表题")+`<c r="C1" s="2"><v>46023</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells>`), []byte(styles), []byte(`<si><t>甲</t></si>`))
	f.Add([]byte(`<sheetData><row><c t="s"><v>0</v></c><c><f>1/0</f></c></row></sheetData>`), []byte{}, []byte(`<si><r><t>富</t></r></si>`))
	f.Fuzz(func(t *testing.T, sheet, styles, texts []byte) {
		fuzz(t, XLSX, book{sheets: []string{string(sheet), string(sheet)}, states: map[int]string{1: "hidden"}, styles: string(styles), strings: string(texts),
			names: `<definedName name="_xlnm.Print_Area" localSheetId="0">S1!$A$1:$D$9</definedName>`}.pack(t))
		fuzz(t, XLSX, sheet)
	})
}

func FuzzXLS(f *testing.F) {
	data, err := os.ReadFile("testdata/sheet.xls")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) { fuzz(t, XLS, data) })
}

func FuzzHTML(f *testing.F) {
	f.Add([]byte(`<p>题</p><table><tr><td rowspan=2>甲<td colspan=3>乙<table><tr><td>丙</table></table>`))
	f.Fuzz(func(t *testing.T, data []byte) { fuzz(t, HTML, data) })
}

// TestXLSBeyondColumns moves each cell of a text to columns that no sheet has.
func TestXLSBeyondColumns(t *testing.T) {
	data, err := os.ReadFile("testdata/sheet.xls")
	if err != nil {
		t.Fatal(err)
	}
	record := []byte{0xfd, 0, 10, 0} // a cell with one of the workbook's texts
	moved := 0
	for at := 0; ; {
		i := bytes.Index(data[at:], record)
		if i < 0 {
			break
		}
		at += i + len(record)
		for _, column := range []uint16{maxColumns, 65530} {
			bad := bytes.Clone(data)
			binary.LittleEndian.PutUint16(bad[at+2:], column)
			var p *model.Problem
			if _, err := XLS(t.Context(), bad, Options{Limits: Limits{Part: 1 << 20, Total: 4 << 20, Cells: 20000}}); !errors.As(err, &p) || p.Code != "damaged" {
				t.Errorf("column %d at byte %d: %v", column, at, err)
			}
		}
		moved++
	}
	if moved < 5 {
		t.Errorf("only %d cells were moved", moved)
	}
}
