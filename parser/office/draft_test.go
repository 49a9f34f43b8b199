package office

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"perfgoal/model"
)

func partOf(t *testing.T, data []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	r, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	_ = r.Close()
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// rewritten gives the cell at S1's row and column another text.
func rewritten(t *testing.T, d *Draft, row, col int, text string) bool {
	t.Helper()
	at := model.Location{Sheet: "S1", Cell: model.Ref{Row: row, Col: col}}
	joined, err := d.Change(at, model.Edits(d.Text(at), text))
	if err != nil {
		t.Fatalf("%v: %v", at.Cell, err)
	}
	return joined
}

func draftOf(t *testing.T, data []byte, format string) *Draft {
	t.Helper()
	d, err := NewDraft(t.Context(), data, format, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func made(t *testing.T, d *Draft) []byte {
	t.Helper()
	data, err := d.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestSharedTexts changes one of two cells that share a text, and both of two
// others.
func TestSharedTexts(t *testing.T) {
	shared := func(ref, n string) string { return `<c r="` + ref + `" t="s"><v>` + n + `</v></c>` }
	data := book{
		sheets:  []string{`<sheetData><row r="1">` + shared("A1", "0") + shared("B1", "0") + `</row><row r="2">` + shared("A2", "1") + shared("B2", "1") + `</row></sheetData>`},
		strings: `<si><t>甲 乙</t></si><si><r><rPr><b/></rPr><t>丙</t></r><r><t>丁</t></r></si>`,
	}.pack(t)
	d := draftOf(t, data, "xlsx")
	rewritten(t, d, 1, 1, "甲乙 ")
	if !rewritten(t, d, 2, 1, "戊") || !rewritten(t, d, 2, 2, "戊") {
		t.Error("an edit over two runs is not said to take the first one's style")
	}
	out := made(t, d)
	const head = `<sst ` + nsX + `>`
	want := head + `<si><t>甲 乙</t></si><si><r><rPr><b/></rPr><t>戊</t></r><r><t></t></r></si><si><t xml:space="preserve">甲乙 </t></si></sst>`
	if got := partOf(t, out, "xl/sharedStrings.xml"); got != want {
		t.Errorf("shared texts\n%s\nwant\n%s", got, want)
	}
	if got := partOf(t, out, "xl/worksheets/sheet1.xml"); !strings.Contains(got, shared("A1", "2")+shared("B1", "0")) || !strings.Contains(got, shared("A2", "1")) {
		t.Errorf("sheet: %s", got)
	}
	for _, name := range []string{"xl/workbook.xml", "xl/styles.xml", "_rels/.rels"} {
		if partOf(t, out, name) != partOf(t, data, name) {
			t.Errorf("%s changed", name)
		}
	}
	tables, err := XLSX(t.Context(), out, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := sketch(tables); got != "甲乙 | 甲 乙\n戊 | 戊\n" {
		t.Errorf("reads %q", got)
	}
}

// TestCountOfSharedTexts keeps the number of texts right that the part states.
func TestCountOfSharedTexts(t *testing.T) {
	b := book{sheets: []string{`<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>0</v></c></row></sheetData>`}, strings: `<si><t>甲</t></si>`}
	data := b.pack(t)
	parts := map[string]string{}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		parts[f.Name] = partOf(t, data, f.Name)
	}
	parts["xl/sharedStrings.xml"] = strings.Replace(parts["xl/sharedStrings.xml"], "<sst ", `<sst count="2" uniqueCount="1" `, 1)
	d := draftOf(t, packed(t, parts), "xlsx")
	rewritten(t, d, 1, 2, "乙")
	if got := partOf(t, made(t, d), "xl/sharedStrings.xml"); !strings.Contains(got, `count="2" uniqueCount="2"`) {
		t.Error(got)
	}
}

// TestTextsNotTyped leaves what a formula, a number or a code in the text
// shows, and texts that say how they are pronounced.
func TestTextsNotTyped(t *testing.T) {
	const spoken = `<rPh sb="0" eb="1"><t>yin</t></rPh>`
	data := book{strings: `<si><t>音</t>` + spoken + `</si>`, sheets: []string{`<sheetData><row r="1"><c r="A1" t="str"><f>"甲"</f><v>甲</v></c><c r="B1"><v>12</v></c>` + inline("C1", "乙_x000A_丙") + `<c r="D1" t="s"><v>0</v></c><c r="E1" t="inlineStr"><is><t>音</t>` + spoken + `</is></c></row></sheetData>`}}.pack(t)
	d := draftOf(t, data, "xlsx")
	for col := 1; col <= 5; col++ {
		at := model.Location{Sheet: "S1", Cell: model.Ref{Row: 1, Col: col}}
		if _, err := d.Change(at, []model.Edit{{With: "丁"}}); !errors.As(err, new(*model.Problem)) {
			t.Errorf("column %d: %v", col, err)
		}
	}
}

// TestHeadingsOfTables leaves what a table of a sheet (its head, where it has
// one) names in a part of its own, too.
func TestHeadingsOfTables(t *testing.T) {
	for _, c := range []struct {
		props string
		typed bool
	}{{``, false}, {` headerRowCount="0"`, true}} {
		data := book{sheets: []string{`<sheetData><row r="1">` + inline("A1", "甲") + `</row><row r="2">` + inline("A2", "甲") + inline("B2", "乙") + inline("C2", "丙") + `</row></sheetData>`}, extra: map[string]string{
			"xl/worksheets/_rels/sheet1.xml.rels": `<Relationships ` + nsRel + `><Relationship Id="t" Type="` + kind + `table" Target="../tables/table1.xml"/></Relationships>`,
			"xl/tables/table1.xml":                `<table ` + nsX + ` ref="A2:B4"` + c.props + `/>`,
		}}.pack(t)
		d := draftOf(t, data, "xlsx")
		for _, cell := range []struct {
			row, col int
			want     string
			head     bool
		}{{1, 1, "甲", false}, {2, 1, "甲", true}, {2, 2, "乙", true}, {2, 3, "丙", false}} {
			if cell.head && !c.typed {
				cell.want = ""
			}
			if got := d.Text(model.Location{Sheet: "S1", Cell: model.Ref{Row: cell.row, Col: cell.col}}); got != cell.want {
				t.Errorf("%q, row %d, column %d: %q, want %q", c.props, cell.row, cell.col, got, cell.want)
			}
		}
	}
}

// TestTextsFilledIn leaves what a field or a control fills in, and takes what
// was typed into one.
func TestTextsFilledIn(t *testing.T) {
	mark := func(kind string) string { return `<w:r><w:fldChar w:fldCharType="` + kind + `"/></w:r>` }
	begun := func(instruction string) string {
		return mark("begin") + `<w:r><w:instrText> ` + instruction + ` </w:instrText></w:r>` + mark("separate")
	}
	complexField := func(instruction string) string {
		return `<w:p>` + begun(instruction) + `<w:r><w:t>甲</w:t></w:r>` + mark("end") + `</w:p>`
	}
	control := func(props, inside string) string {
		return `<w:sdt><w:sdtPr>` + props + `</w:sdtPr><w:sdtContent>` + inside + `</w:sdtContent></w:sdt>`
	}
	const bound = `<w:dataBinding w:xpath="/a" w:storeItemID="{0}"/>`
	around := func(s string) string { return `<w:tc>` + s + `</w:tc>` }
	for i, c := range []struct {
		row   string
		typed bool
	}{
		{tr(around(complexField("MERGEFIELD a"))), false},
		{tr(around(complexField("HYPERLINK \\l a"))), true},
		{tr(around(complexField("FORMTEXT"))), true},
		{tr(around(`<w:p><w:fldSimple w:instr=" DATE "><w:r><w:t>甲</w:t></w:r></w:fldSimple></w:p>`)), false},
		{tr(around(`<w:p>` + control(bound, `<w:r><w:t>甲</w:t></w:r>`) + `</w:p>`)), false},
		{tr(around(`<w:p>` + control(`<w:dropDownList/>`, `<w:r><w:t>甲</w:t></w:r>`) + `</w:p>`)), false},
		{tr(around(`<w:p>` + control(`<w:text/>`, `<w:r><w:t>甲</w:t></w:r>`) + `</w:p>`)), true},
		{tr(control(bound, tc("甲"))), false},
		{control(bound, tr(tc("甲"))), false},
		{tr(around(complexField("PAGE")), tc("甲")), false},
		{tr(around(begun("PAGE")+wp("甲")), tc("甲")), false}, // a field without end ends with its cell
		{tr(around(wp("甲")+begun("PAGE")), tc("甲")), true},
		{tr(around(mark("end")+wp("甲")), tc("甲")), true},
		{tr(around(`<w:p>` + mark("begin") + `<w:r><w:instrText>HYPER</w:instrText></w:r><w:r><w:instrText>LINK a</w:instrText></w:r>` + mark("separate") + `<w:r><w:t>甲</w:t></w:r>` + mark("end") + `</w:p>`)), true},
	} {
		d := draftOf(t, letter(t, tbl(c.row), nil), "docx")
		at := model.Location{Table: 1, Cell: model.Ref{Row: 1, Col: 1}}
		if got := d.Text(at) == "甲"; got != c.typed {
			t.Errorf("%d: typed %v, want %v", i, got, c.typed)
		}
		at.Cell.Col = 2
		if strings.Count(c.row, "<w:tc>") == 2 && d.Text(at) != "甲" {
			t.Errorf("%d: the cell behind a field is left, too", i)
		}
	}
}

// TestTablesFilledIn leaves the table that is a field's result, whatever fields
// its cells hold, and takes the one behind it.
func TestTablesFilledIn(t *testing.T) {
	mark := func(kind string) string { return `<w:r><w:fldChar w:fldCharType="` + kind + `"/></w:r>` }
	open := `<w:p>` + mark("begin") + `<w:r><w:instrText>DATABASE \\d a</w:instrText></w:r>` + mark("separate") + `</w:p>`
	table := tbl(tr(`<w:tc>`+wp("甲")+mark("end")+mark("begin")+`</w:tc>`, tc("乙")))
	d := draftOf(t, letter(t, open+table+`<w:p>`+mark("end")+`</w:p>`+table, nil), "docx")
	for number, want := range map[int]string{1: "", 2: "乙"} {
		if got := d.Text(model.Location{Table: number, Cell: model.Ref{Row: 1, Col: 2}}); got != want {
			t.Errorf("table %d: %q, want %q", number, got, want)
		}
	}
}

func TestSignedFilesAreLeft(t *testing.T) {
	data := letter(t, tbl(tr(tc("甲"))), map[string]string{"_xmlsignatures/sig1.xml": "<a/>"})
	var p *model.Problem
	if _, err := NewDraft(t.Context(), data, "docx", Options{}); !errors.As(err, &p) || p.Code != "signed" {
		t.Errorf("got %v", err)
	}
}

// TestDocumentCells finds the cells of a document as its reader does: behind
// nested tables, deleted rows and text that is not printed.
func TestDocumentCells(t *testing.T) {
	gone := `<w:tr><w:trPr><w:del w:id="1"/></w:trPr>` + tc("删") + `</w:tr>`
	runs := `<w:tc><w:p><w:r><w:rPr><w:b/></w:rPr><w:t>48</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>小时</w:t></w:r><w:del w:id="2"><w:r><w:delText>以</w:delText></w:r></w:del><w:r><w:t>内</w:t></w:r></w:p></w:tc>`
	two := `<w:tc>` + wp("第一段&lt;br&gt;") + wp("第二段") + `</w:tc>`
	data := letter(t, tbl(tr(tc("外"), `<w:tc>`+tbl(tr(tc("里")))+wp("")+`</w:tc>`), gone, tr(runs, two)), nil)
	d := draftOf(t, data, "docx")
	at := func(table, row, col int) model.Location {
		return model.Location{Table: table, Cell: model.Ref{Row: row, Col: col}}
	}
	for _, c := range []struct {
		at   model.Location
		want string
	}{{at(1, 1, 1), "外"}, {at(2, 1, 1), "里"}, {at(1, 2, 1), "48小时内"}, {at(1, 2, 2), "第一段<br>\n第二段"}} {
		if got := d.Text(c.at); got != c.want {
			t.Errorf("%v: %q, want %q", c.at, got, c.want)
		}
	}
	if joined, err := d.Change(at(1, 2, 1), model.Edits("48小时内", "≤48(小时)")); err != nil || joined {
		t.Errorf("joined %v, %v", joined, err)
	}
	if _, err := d.Change(at(1, 2, 2), []model.Edit{{From: len("第一段"), To: len("第一段<br>\n第"), With: ""}}); err == nil {
		t.Error("an edit over the end of a paragraph was made")
	}
	if _, err := d.Change(at(1, 2, 2), []model.Edit{{From: len("第一"), To: len("第一段<br>"), With: "\n节"}}); err != nil {
		t.Fatal(err)
	}
	got := partOf(t, made(t, d), "word/document.xml")
	for _, want := range []string{
		`<w:t>≤48(</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>小时</w:t></w:r>`, `<w:r><w:t>)</w:t></w:r>`,
		`<w:t>第一</w:t><w:br/><w:t xml:space="preserve">节</w:t>`, "<w:delText>以</w:delText>",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
}

// TestOtherEncodings changes nothing in parts whose places are not those of
// UTF-8.
func TestOtherEncodings(t *testing.T) {
	body := `<?xml version="1.0" encoding="GBK"?><w:document ` + nsW + `><w:body>` + tbl(tr(tc("A&#30002;"), tc("\xbc\xd7"))) + `</w:body></w:document>`
	d := draftOf(t, packed(t, map[string]string{"word/document.xml": body}), "docx")
	if _, err := d.Change(model.Location{Table: 1, Cell: model.Ref{Row: 1, Col: 1}}, []model.Edit{{From: 0, To: 1, With: "B"}}); err != nil {
		t.Fatal(err)
	}
	var p *model.Problem
	if _, err := d.Bytes(); !errors.As(err, &p) || p.Code != "encoding" {
		t.Errorf("got %v", err)
	}
}
