package office

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func run(text, props string) string {
	return `<w:r><w:rPr>` + props + `</w:rPr><w:t>` + text + `</w:t></w:r>`
}

func p(runs string) string { return `<w:p>` + runs + `</w:p>` }

func cellOf(content string) string { return `<w:tc>` + content + `</w:tc>` }

func TestDOCX(t *testing.T) {
	span2, restart, goOn := `<w:gridSpan w:val="2"/>`, `<w:vMerge w:val="restart"/>`, `<w:vMerge/>`
	numbering := `<w:numbering ` + nsW + `><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="3"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl></w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num></w:numbering>`
	rels := func(kinds ...string) string {
		s := `<Relationships ` + nsRel + `>`
		for _, k := range kinds {
			s += `<Relationship Id="` + k + `" Type="` + kind + k + `" Target="` + k + `.xml"/>`
		}
		return s + `</Relationships>`
	}
	numbered := func(level, text string) string {
		return `<w:p><w:pPr><w:numPr><w:ilvl w:val="` + level + `"/><w:numId w:val="7"/></w:numPr></w:pPr><w:r><w:t>` + text + `</w:t></w:r></w:p>`
	}
	field := func(inner string) string {
		return `<w:r><w:fldChar w:fldCharType="begin"><w:ffData>` + inner + `</w:ffData></w:fldChar></w:r>`
	}
	tests := []struct {
		name, body string
		extra      map[string]string
		want       string
	}{
		{"spans", tbl(tr(tc("甲", span2), tc("乙", restart)), tr(tc("丙"), tc("丁"), tc("藏", goOn))), nil, "甲(1x2) | 乙(2x1)\n丙 | 丁\n- hidden: 藏\n"},
		{"vertical merges of other widths do not join", tbl(tr(tc("甲", span2, restart)), tr(tc("乙", goOn), tc("丙"))), nil, "甲(1x2)\n乙 | 丙\n"},
		{"old horizontal merges", tbl(tr(tc("甲", `<w:hMerge w:val="restart"/>`), tc("", `<w:hMerge/>`), tc("乙"))), nil, "甲 | 乙\n"},
		{"rows that begin further right", tbl(tr(tc("甲"), tc("乙")), `<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>`+tc("丙")+`</w:tr>`), nil, "甲 | 乙\n丙\n"},
		{"lines before, between and after", wp("标题") + wp("  ") + tbl(tr(tc("甲"))) + wp("一") + tbl(tr(tc("乙"))) + wp("尾"), nil, "# 标题\n甲\n--\n# 一\n乙\n--\n# 尾\n"},
		{"paragraphs and breaks of a cell", tbl(tr(cellOf(wp("一") + p(run("二", "")+`<w:r><w:br/></w:r>`+run("三", "")+`<w:r><w:noBreakHyphen/></w:r>`) + wp("4") + wp("5")))), nil, "一二三-4 5\n"},
		{"a table in a cell", tbl(tr(tc("甲"), cellOf(wp("上")+tbl(tr(tc("一"), tc("二")), tr(tc("三"), tc("四")))+wp("")))), nil, "甲(3x1) | 上(1x2)\n一 | 二\n三 | 四\n"},
		{"a table that only frames", tbl(tr(cellOf(wp("题") + tbl(tr(tc("一"), tc("二")))))), nil, "# 题\n一 | 二\n"},
		{"tracked changes", tbl(tr(cellOf(p(run("留", "")+`<w:ins>`+run("增", "")+`</w:ins><w:del><w:r><w:delText>删</w:delText></w:r></w:del><w:moveFrom>`+run("移", "")+`</w:moveFrom>`))), `<w:tr><w:trPr><w:del/></w:trPr>`+tc("删行")+`</w:tr>`, `<w:tr><w:trPr><w:ins/></w:trPr>`+tc("增行")+`</w:tr>`), nil,
			"留增\n增行\n- hidden: 删\n- hidden: 移\n- hidden: 删行\n"},
		{"a deleted paragraph mark", `<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>` + run("前", "") + `</w:p>` + wp("后"), nil, "# 前后\n"},
		{"hidden text", tbl(tr(cellOf(p(run("见", "") + run("藏", `<w:vanish/>`) + run("也见", `<w:vanish w:val="0"/>`))))), nil, "见也见\n- hidden: 藏\n"},
		{"content controls", tbl(tr(cellOf(`<w:sdt><w:sdtPr/><w:sdtContent>`+wp("填")+`</w:sdtContent></w:sdt>`), `<w:sdt><w:sdtContent>`+tc("乙")+`</w:sdtContent></w:sdt>`, cellOf(`<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>`+wp("单击此处")+`</w:sdtContent></w:sdt>`))), nil, "填 | 乙 | \n- blank-mark: 单击此处\n"},
		{"prompts of controls around cells and rows", tbl(tr(`<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>`+tc("单击此处")+`</w:sdtContent></w:sdt>`, tc("乙")), `<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>`+tr(tc("选择"), tc("一项"))+`</w:sdtContent></w:sdt>`, tr(tc("丙"), tc("丁"))), nil,
			" | 乙\n | \n丙 | 丁\n- blank-mark: 单击此处\n- blank-mark: 选择\n- blank-mark: 一项\n"},
		{"form fields", tbl(tr(cellOf(p(field(`<w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox>`)+run("是", "")+field(`<w:checkBox><w:default w:val="0"/></w:checkBox>`)+run("否", ""))), cellOf(p(field(`<w:ddList><w:result w:val="1"/><w:listEntry w:val="一"/><w:listEntry w:val="二"/></w:ddList>`))))), nil, "☑是□否 | 二\n"},
		{"a field shows its result", p(`<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>` + run("3", "") + `<w:r><w:fldChar w:fldCharType="end"/></w:r>`), nil, "# 3\n"},
		{"symbols", tbl(tr(cellOf(p(`<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>`+run("95%", ""))), cellOf(p(run("R", `<w:rFonts w:ascii="Wingdings 2"/>`)+run("是", ""))), cellOf(p(`<w:r><w:sym w:font="Odd" w:char="F0FF"/></w:r>`)))), nil, "≥95% | ☑是 | \ufffd\n"},
		{"math", tbl(tr(cellOf(p(`<m:oMath><m:r><m:t>≤5</m:t></m:r></m:oMath>`)))), nil, "≤5\n"},
		{"one of two alternatives", p(`<mc:AlternateContent><mc:Choice Requires="wps">` + run("新", "") + `</mc:Choice><mc:Fallback>` + run("旧", "") + `</mc:Fallback></mc:AlternateContent>`), nil, "# 新\n"},
		{"an inline text box", tbl(tr(cellOf(p(`<w:r><w:drawing><wp:inline><w:txbxContent>` + wp("框") + `</w:txbxContent></wp:inline></w:drawing></w:r>`)))), nil, "框\n"},
		{"a floating text box", tbl(tr(cellOf(p(run("字", "") + `<w:r><w:drawing><wp:anchor><w:txbxContent>` + wp("框") + `</w:txbxContent></wp:anchor></w:drawing></w:r>`)))), nil, "字框?\n"},
		{"an old floating text box", tbl(tr(cellOf(p(`<w:r><w:pict><v:shape style="position: absolute"><v:textbox><w:txbxContent>` + wp("框") + `</w:txbxContent></v:textbox></v:shape></w:pict></w:r>`)))), nil, "框?\n"},
		{"numbered lists", numbered("0", "甲") + numbered("1", "子") + numbered("1", "丑") + numbered("0", "乙") + numbered("1", "寅"), map[string]string{"word/_rels/document.xml.rels": rels("numbering"), "word/numbering.xml": numbering},
			"# 一、甲\n# 3.子\n# 4.丑\n# 二、乙\n# 3.寅\n"},
		{"numbers by style", `<w:p><w:pPr><w:pStyle w:val="L"/></w:pPr>` + run("甲", "") + `</w:p>`, map[string]string{"word/_rels/document.xml.rels": rels("numbering", "styles"), "word/numbering.xml": numbering,
			"word/styles.xml": `<w:styles ` + nsW + `><w:style w:styleId="L"><w:pPr><w:numPr><w:numId w:val="7"/></w:numPr></w:pPr></w:style></w:styles>`}, "# 一、甲\n"},
		{"headers and footnotes", tbl(tr(tc("甲"))), map[string]string{"word/_rels/document.xml.rels": rels("header", "footnotes"), "word/header.xml": `<w:hdr ` + nsW + `>` + wp("页眉") + `</w:hdr>`, "word/footnotes.xml": `<w:footnotes ` + nsW + `><w:footnote>` + wp("脚注") + `</w:footnote></w:footnotes>`},
			"甲\n- page-furniture: 页眉\n--\n# 脚注\n"},
		{"one header of many sections", tbl(tr(tc("甲"))), map[string]string{"word/_rels/document.xml.rels": `<Relationships ` + nsRel + `>` + strings.Repeat(`<Relationship Id="h" Type="`+kind+`header" Target="header.xml"/>`, 3) + `</Relationships>`,
			"word/header.xml": `<w:hdr ` + nsW + `>` + wp("页眉") + `</w:hdr>`}, "甲\n- page-furniture: 页眉\n"},
		{"a page that Word is to take in", wp("上") + `<w:altChunk/>`, map[string]string{"word/_rels/document.xml.rels": chunk("a.htm"), "word/a.htm": `<table><tr><td>甲<td>乙</table>`}, "# 上\n--\n甲 | 乙\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tables, err := DOCX(t.Context(), letter(t, tt.body, tt.extra), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, sketch(tables)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestListNumbers(t *testing.T) {
	for _, tt := range []struct {
		n            int
		format, want string
	}{
		{1, "decimal", "1"}, {7, "decimalZero", "07"}, {10, "chineseCounting", "十"}, {11, "chineseCounting", "十一"}, {20, "chineseCountingThousand", "二十"},
		{105, "japaneseCounting", "一百〇五"}, {110, "chineseCounting", "一百一十"}, {2, "chineseLegalSimplified", "贰"}, {3, "decimalEnclosedCircle", "③"},
		{21, "decimalEnclosedCircle", "21"}, {2, "lowerLetter", "b"}, {4, "upperRoman", "IV"}, {1999, "lowerRoman", "mcmxcix"}, {-1, "chineseCounting", "-1"}, {3, "decimalFullWidth", "３"},
	} {
		if got := listNumber(tt.n, tt.format); got != tt.want {
			t.Errorf("%d as %s is %q, want %q", tt.n, tt.format, got, tt.want)
		}
	}
}
