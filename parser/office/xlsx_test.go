package office

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const styles = `<numFmts><numFmt numFmtId="164" formatCode="0.00&quot;万元&quot;"/><numFmt numFmtId="165" formatCode=";;;"/></numFmts>
<fonts><font><name val="宋体"/></font><font><name val="Wingdings 2"/></font></fonts>
<borders><border/><border><left style="thin"/><right style="thin"/><top style="thin"/><bottom style="thin"/></border></borders>
<cellXfs><xf numFmtId="0" borderId="0"/><xf numFmtId="0" borderId="1"/><xf numFmtId="14" borderId="1"/><xf numFmtId="164" borderId="1"/><xf numFmtId="165" borderId="1"/><xf numFmtId="0" fontId="1"/><xf numFmtId="11"/></cellXfs>`

func TestXLSX(t *testing.T) {
	tests := []struct {
		name string
		book book
		want string
	}{
		{"merged cells", book{sheets: []string{`<sheetData><row r="1">` + inline("A1", "甲") + inline("C1", "乙") + `</row><row r="2">` + inline("B2", "丙") + inline("C2", "丁") + `</row></sheetData>
<mergeCells><mergeCell ref="A1:B1"/></mergeCells>`}}, "甲(1x2) | 乙\n | 丙 | 丁\n"},
		{"a label merged down over rows that hold nothing else", book{sheets: []string{`<sheetData><row r="1">` + inline("A1", "甲") + inline("B1", "一") + `</row><row r="2"/><row r="3">` + inline("B3", "三") + `</row></sheetData>
<mergeCells><mergeCell ref="A1:A9"/></mergeCells>`}}, "甲(3x1) | 一\n\n三\n"},
		{"text repeated under a merged cell, and other text there", book{sheets: []string{`<sheetData><row r="1">` + inline("A1", "甲") + inline("B1", "甲") + inline("C1", "藏") + inline("D1", "乙") + `</row></sheetData>
<mergeCells><mergeCell ref="A1:C1"/></mergeCells>`}}, "甲(1x3) | 乙\n- repeated-cell: 甲\n- hidden: 藏\n"},
		{"merged cells that overlap", book{sheets: []string{`<sheetData><row r="1">` + inline("A1", "甲") + inline("B1", "乙") + inline("C1", "丙") + `</row></sheetData>
<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="B1:C1"/></mergeCells>`}}, "甲(1x2) | 丙\n- hidden: 乙\n"},
		{"hidden rows, columns and sheets", book{states: map[int]string{1: "hidden", 2: "veryHidden"}, sheets: []string{
			`<cols><col min="2" max="2" hidden="1"/></cols><sheetData><row r="1">` + inline("A1", "甲") + inline("B1", "藏列") + inline("C1", "乙") + `</row><row r="2" hidden="1">` + inline("A2", "藏行") + `</row><row r="3" ht="0">` + inline("A3", "零高") + `</row></sheetData>`,
			`<sheetData><row r="1">` + inline("A1", "藏表") + `</row></sheetData>`, `<sheetData><row r="1">` + inline("A1", "深藏") + `</row></sheetData>`,
		}}, "甲 | 乙\n- hidden: 藏列\n- hidden: 藏行\n- hidden: 零高\n--\n- hidden: 藏表\n--\n- hidden: 深藏\n"},
		{"a merged cell that begins in a hidden row", book{sheets: []string{`<sheetData><row r="1" hidden="1">` + inline("A1", "甲") + `</row><row r="2">` + inline("B2", "乙") + `</row></sheetData><mergeCells><mergeCell ref="A1:A2"/></mergeCells>`}}, "甲 | 乙\n"},
		{"the print area", book{names: `<definedName name="_xlnm.Print_Area" localSheetId="0">'S1'!$A$1:$B$1,S1!$A$3</definedName>`,
			sheets: []string{`<sheetData><row r="1">` + inline("A1", "甲") + inline("C1", "外") + `</row><row r="2">` + inline("A2", "外二") + `</row><row r="3">` + inline("A3", "乙") + `</row></sheetData>`}},
			"甲\n乙\nbreaks [1]\n- not-printed: 外\n- not-printed: 外二\n"},
		{"a print area that is computed", book{names: `<definedName name="_xlnm.Print_Area" localSheetId="0">OFFSET(S1!$A$1,0,0,1,1)</definedName>`,
			sheets: []string{`<sheetData><row r="1">` + inline("A1", "甲") + inline("B1", "乙") + `</row></sheetData>`}}, "甲 | 乙\n"},
		{"shared, rich and phonetic text", book{strings: `<si><t xml:space="preserve"> 甲 </t></si><si><r><t>富</t></r><r><rPr><b/></rPr><t>文本</t></r><rPh sb="0" eb="1"><t>fu</t></rPh></si><si><r><rPr><rFont val="Wingdings 2"/></rPr><t>R</t></r><r><t>是</t></r></si><si><t>上_x000D_
下</t></si>`, sheets: []string{`<sheetData><row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c><c t="s"><v>3</v></c></row></sheetData>`}}, "甲 | 富文本 | ☑是 | 上下\n"},
		{"lines that would run together", book{sheets: []string{`<sheetData><row r="1">` + inline("A1", "100\n200") + inline("B1", "甲1\n乙") + inline("C1", "one\ntwo") + `</row></sheetData>`}}, "100 200 | 甲1乙 | one two\n"},
		{"values through formats", book{styles: styles, sheets: []string{`<sheetData><row r="1"><c r="A1" s="2"><v>46023</v></c><c r="B1" s="3"><v>12.345</v></c><c r="C1"><v>0.5</v></c><c r="D1" t="b"><v>1</v></c><c r="E1" s="6"><v>379000</v></c><c r="F1" t="d"><v>2026-01-01T00:00:00</v></c><c r="G1" s="5" t="str"><v>£</v></c></row></sheetData>`}},
			"2026-01-01 | 12.35万元[12.345] | 0.5 | TRUE | 3.79E+05[379000]? | 2026-01-01 | □\n"},
		{"a value that its format hides", book{styles: styles, sheets: []string{`<sheetData><row r="1">` + inline("A1", "甲") + `<c r="B1" s="4"><v>5</v></c></row></sheetData>`}}, "甲 | \n- unpainted: 5\n"},
		{"formulas", book{sheets: []string{`<sheetData><row r="1"><c r="A1"><f>SUM(B1:B2)</f><v>3</v></c><c r="B1"><f>100.00(%)</f></c><c r="C1" t="e"><f>100.00(%)</f><v>#VALUE!</v></c><c r="D1" t="str"><f>"合"&amp;1</f><v>合1</v></c><c r="E1"><f>A1</f><v></v></c><c r="F1" t="str"><f>""</f><v></v></c></row></sheetData>`}},
			"3 | =100.00(%)? | #VALUE![=100.00(%)]? | 合1 | =A1?\n"},
		{"marks of text", book{sheets: []string{`<sheetData><row r="1">` + inline("A1", "'0012") + inline("B1", "'甲'") + inline("C1", "１２３") + `</row></sheetData>`}}, "0012['0012] | '甲' | １２３\n"},
		{"lines above, between and below bordered tables", book{styles: styles, sheets: []string{`<sheetData><row r="1">` + inline("A1", "标题") + `</row><row r="2"><c r="A2" s="1" t="inlineStr"><is><t>甲</t></is></c><c r="B2" s="1"/></row>
<row r="3">` + inline("A3", "没画边框") + `</row><row r="4"><c r="A4" s="1" t="inlineStr"><is><t>乙</t></is></c></row><row r="6">` + inline("A6", "又一标题") + `</row><row r="7"><c r="A7" s="1" t="inlineStr"><is><t>丙</t></is></c></row><row r="8">` + inline("A8", "注：") + inline("B8", "完") + `</row></sheetData>`}},
			"# 标题\n甲 | \n没画边框 | \n乙 | \n--\n# 又一标题\n丙 | \n注： | 完\n"},
		{"forms side by side", book{sheets: []string{`<sheetData><row r="1">` + inline("A1", "表题") + inline("E1", "表题") + `</row><row r="2">` + inline("A2", "一") + inline("B2", "二") + inline("E2", "三") + inline("F2", "四") + `</row></sheetData>`}},
			"表题 | \n一 | 二\n--\n表题 | \n三 | 四\n"},
		{"a blank column that parts no forms", book{sheets: []string{`<sheetData><row r="1">` + inline("A1", "表题") + `</row><row r="2">` + inline("A2", "一") + inline("E2", "三") + `</row></sheetData>`}}, "表题 | \n一 | 三\n"},
		{"cells and rows without numbers", book{sheets: []string{`<sheetData><row><c t="inlineStr"><is><t>甲</t></is></c><c/><c t="inlineStr"><is><t>乙</t></is></c></row><row><c t="inlineStr"><is><t>丙</t></is></c></row></sheetData>`}}, "甲 | 乙\n丙 | \n"},
		{"a text box", book{extra: map[string]string{
			"xl/worksheets/_rels/sheet1.xml.rels": `<Relationships ` + nsRel + `><Relationship Id="d" Type="` + kind + `drawing" Target="../drawings/drawing1.xml"/></Relationships>`,
			"xl/drawings/drawing1.xml":            `<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:twoCellAnchor><xdr:from><xdr:col>0</xdr:col><xdr:row>0</xdr:row></xdr:from><xdr:sp><xdr:txBody><a:p><a:r><a:t>框里</a:t></a:r><a:r><a:t>的题</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:twoCellAnchor></xdr:wsDr>`,
		}, sheets: []string{`<sheetData><row r="3">` + inline("A3", "甲") + `</row></sheetData><drawing r:id="d"/>`}}, "# 框里的题\n甲\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tables, err := XLSX(t.Context(), tt.book.pack(t), Options{Title: func(s string) bool { return s == "表题" }})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, sketch(tables)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// The strict edition has other namespaces, and programs choose any prefix.
func TestXLSXNamespaces(t *testing.T) {
	b := book{sheets: []string{`<sheetData><row r="1">` + inline("A1", "甲") + `</row></sheetData>`}}
	data := b.pack(t)
	a, err := openArchive(newMeter(t.Context(), Limits{}), data)
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for name := range a.files {
		text, err := a.bytes(name)
		if err != nil {
			t.Fatal(err)
		}
		s := strings.ReplaceAll(string(text), "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")
		if strings.Contains(name, "sheet1") {
			s = strings.NewReplacer("xmlns=", "xmlns:k=", "</", "</k:", "<", "<k:").Replace(s)
		}
		parts[strings.ReplaceAll(strings.ToUpper(name), "/", `\`)] = s
	}
	tables, err := XLSX(t.Context(), packed(t, parts), Options{})
	if err != nil || sketch(tables) != "甲\n" {
		t.Errorf("%q, %v", sketch(tables), err)
	}
}

func TestXLSXLocations(t *testing.T) {
	b := book{sheets: []string{`<sheetData><row r="1" hidden="1"/><row r="30">` + inline("AB30", "甲") + `</row></sheetData>`}}
	tables, err := XLSX(t.Context(), b.pack(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	at := tables[0].Cells[0].Location
	if at.Sheet != "S1" || at.CellName() != "AB30" {
		t.Errorf("%s!%s", at.Sheet, at.CellName())
	}
}
