package office

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"

	"perfgoal/model"
)

// testdata/sheet.xls and sheet.xlsx were made from sheet.fods, by hand, with
// LibreOffice. What the two hold is the same; of the XLS the text of formulas
// is not read, and it lacks the result of the formula that gives a text.
func TestXLSHoldsWhatXLSXHolds(t *testing.T) {
	read := func(name string, by func([]byte) ([]model.Table, error)) string {
		data, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		tables, err := by(data)
		if err != nil {
			t.Fatal(err)
		}
		return sketch(tables)
	}
	xls := read("sheet.xls", func(d []byte) ([]model.Table, error) { return XLS(t.Context(), d, Options{}) })
	xlsx := read("sheet.xlsx", func(d []byte) ([]model.Table, error) { return XLSX(t.Context(), d, Options{}) })
	if diff := cmp.Diff(xlsx, strings.NewReplacer("0?\n", "合计5\n", "#DIV/0!?", "#DIV/0![=1/0]?").Replace(xls)); diff != "" {
		t.Errorf("-xlsx +xls:\n%s", diff)
	}
	for _, want := range []string{"青石镇试用表", "资金(2x1) | 总额 | 1,234,567.50 | 12.35万元[12.345]\n", "95% | 3.79E+05[379000]?", "2026-01-01 | 2026年12月[2026-12-01] | 3月5日[2026-03-05]?",
		"2026-12-31 | 0.3 | 合计5\n", "#DIV/0![=1/0]? | 第一行第二行 | 富文本\n", "TRUE", "-0.5", "- not-printed: 范围之外\n", "- hidden: 藏列\n", "- hidden: 藏行\n", "- hidden: 看不见\n", "# 框里的标题\n乙 | 表\n"} {
		if !strings.Contains(xlsx, want) {
			t.Errorf("%q is not in\n%s", want, xlsx)
		}
	}
}

func TestHTML(t *testing.T) {
	tests := []struct{ name, page, want string }{
		{"spans", `<table><tr><td rowspan=2>甲</td><td colspan="2">乙</td></tr><tr><td>丙</td><td>丁</td></tr></table>`, "甲(2x1) | 乙(1x2)\n丙 | 丁\n"},
		{"spans that reach beyond the table", `<table><tr><td rowspan=99>甲</td><td rowspan=0>乙</td></tr><tr><td>丙</td></tr></table>`, "甲(2x1) | 乙(2x1)\n丙\n"},
		{"lines about tables", `<h1>题</h1><p>一<br>二</p><table><caption>表题</caption><tr><th>甲</th></tr></table><div>尾</div>`, "# 题\n# 一\n# 二\n# 表题\n甲\n--\n# 尾\n"},
		{"tags left open", `<table><tr><td>甲<td>乙<tr><td>丙</table>`, "甲 | 乙\n丙\n"},
		{"white space of the source", "<table><tr><td>\n  项目\n  名称 </td><td>two\n words</td><td>5\n 个</td></tr></table>", "项目名称 | two words | 5 个\n"},
		{"what is not shown", `<script>var x</script><table><tr style="display: none"><td>藏行</td></tr><tr><td>甲</td><td hidden>藏格</td><td><span style="visibility:hidden">藏字</span>乙</td></tr></table>`, "甲 | 乙\n- hidden: 藏行\n- hidden: 藏格\n- hidden: 藏字\n"},
		{"fields of a form", `<table><tr><td><input value="填"><input type=hidden value=no></td><td><input type=checkbox checked>是<input type=checkbox>否</td><td><select><option>一<option selected>二</select></td></tr></table>`, "填 | ☑是□否 | 二\n"},
		{"a table in a cell", `<table><tr><td>甲</td><td><table><tr><td>一</td></tr><tr><td>二</td></tr></table></td></tr></table>`, "甲(2x1) | 一\n二\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tables, err := HTML(t.Context(), []byte(tt.page), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, sketch(tables)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
	page := `<html><head><meta charset="gb2312"></head><table><tr><td>绩效目标</td></tr></table></html>`
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, data := range []string{gbk, strings.Replace(page, "gb2312", "utf-8", 1), page} {
		tables, err := HTML(t.Context(), []byte(data), Options{})
		if err != nil || sketch(tables) != "绩效目标\n" {
			t.Errorf("%q: %q, %v", data, sketch(tables), err)
		}
	}
}

func TestCSV(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"quotes and lines", "标题,,\r\n甲,\"乙,丙\",\"上\n下\"\r\n", "# 标题\n甲 | 乙,丙 | 上下\n"},
		{"semicolons", "甲;乙\n丙;1,5\n", "甲 | 乙\n丙 | 1,5\n"},
		{"tabs", "甲\t乙\n", "甲 | 乙\n"},
		{"a line for Excel", "sep=;\n甲;乙,丙\n", "甲 | 乙,丙\n"},
		{"marks of text", "=\"0012\",=\"05\",'0034,#VALUE!\n", "0012 | 05 | 0034['0034] | #VALUE!?\n"},
		{"blank rows", "甲,乙\n,,\n丙,丁\n", "甲 | 乙\n--\n丙 | 丁\nbreaks [0]\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tables, err := CSV(t.Context(), []byte(tt.text), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, sketch(tables)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
	_, err := CSV(t.Context(), []byte("甲,乙\n\"丙,丁\n"), Options{})
	if p, ok := errors.AsType[*model.Problem](err); !ok || p.Code != "damaged" || !strings.Contains(p.Message.In(model.Chinese), "第 2 行") && !strings.Contains(p.Message.In(model.Chinese), "第 3 行") {
		t.Errorf("an open quote: %v", err)
	}
}

func TestText(t *testing.T) {
	tables, err := HTML(t.Context(), []byte(`<p>题</p><table><tr><td>甲</td><td>乙</td><td></td></tr><tr><td>丙</td></tr></table><p>尾</p>`), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"题", "甲\t乙", "丙", "尾"}, Text(tables)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
