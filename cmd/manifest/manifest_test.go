package manifest

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"perfgoal/validate"
)

// lines shows a manifest as unit|project|amount.
func lines(m *validate.Manifest) (out []string) {
	for _, r := range m.Rows {
		out = append(out, strings.Join([]string{r.Unit, r.Project, r.Amount.String()}, "|"))
	}
	return out
}

func encoded(t *testing.T, e encoding.Encoding, s string) string {
	t.Helper()
	b, err := e.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// sheet is one sheet of a workbook for tests.
type sheet struct {
	name   string
	rows   [][]any
	merged [][2]string
	hidden bool
}

func workbook(t *testing.T, sheets ...sheet) []byte {
	t.Helper()
	book := excelize.NewFile()
	defer func() { _ = book.Close() }()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for i, s := range sheets {
		if i == 0 {
			check(book.SetSheetName("Sheet1", s.name))
		} else {
			_, err := book.NewSheet(s.name)
			check(err)
		}
		for r, row := range s.rows {
			at, err := excelize.CoordinatesToCellName(1, r+1)
			check(err)
			check(book.SetSheetRow(s.name, at, &row))
		}
		for _, m := range s.merged {
			check(book.MergeCell(s.name, m[0], m[1]))
		}
	}
	for i, s := range sheets {
		if s.hidden {
			book.SetActiveSheet((i + 1) % len(sheets))
			check(book.SetSheetVisible(s.name, false))
		}
	}
	var b bytes.Buffer
	check(book.Write(&b))
	return b.Bytes()
}

func TestTexts(t *testing.T) {
	plain := "2026年应报项目清单,,\n序号,单位名称,项目名称,预算金额（万元）\n1,澄湖区水务局,河道保洁,\"1,234.56\"\n\n2,澄湖区教育局,\"课桌椅\n更新\",\n,合计,,1234.56\n"
	want := []string{"澄湖区水务局|河道保洁|12345600.00", "澄湖区教育局|课桌椅更新|"}
	tabs := "单 位\t项目名称\t金额\r\n澄湖区水务局\t河道保洁\t379000\r\n\t水闸检修\t\"1,200.50\"\r\n"
	two := []string{"澄湖区水务局|河道保洁|379000.00", "澄湖区水务局|水闸检修|1200.50"}
	tests := []struct {
		name, data string
		want       []string
	}{
		{"UTF-8", plain, want},
		{"UTF-8 with a mark", "\ufeff" + plain, want},
		{"GBK", encoded(t, simplifiedchinese.GBK, plain), want},
		{"Unicode text of Excel", encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), tabs), two},
		{"tabs", tabs, two},
		{"semicolons", "单位;项目名称;金额\n甲;乙;1,200.50\n", []string{"甲|乙|1200.50"}},
		{"line of the separator", "sep=;\n单位;项目名称;金额\n甲;乙;12\n", []string{"甲|乙|12.00"}},
		{"full-width commas", "单位，项目名称，金额\n甲，乙，12\n", []string{"甲|乙|12.00"}},
		{"lines of an old Mac", "单位,项目名称\r甲,乙\r", []string{"甲|乙|"}},
		{"commas in a title before tabs", "清单，2026年，水务，教育\n单位\t项目名称\n甲,丙\t乙\n", []string{"甲,丙|乙|"}},
		{"blanks and marks in headings", " 单　位 *,项 目 名 称:,金 额 ( 万 元 )\n甲,乙,3.5\n", []string{"甲|乙|35000.00"}},
		{"unit repeated by blanks", "单位,项目名称\n甲,一\n,二\n,三\n丙,四\n", []string{"甲|一|", "甲|二|", "甲|三|", "丙|四|"}},
		{"header of two rows", "单位,项目名称,资金（万元）,,\n,,总额,财政拨款,其他\n甲,乙,5,3,2\n", []string{"甲|乙|50000.00"}},
		{"header below headings", "基本情况,,年度资金,\n单位,项目名称,合计,其中：财政\n甲,乙,5,3\n", []string{"甲|乙|5.00"}},
		{"unit and project of two rows", "单位信息,,项目信息,,金额\n编码,名称,编码,名称,\n001,甲,P1,乙,5\n", []string{"甲|乙|5.00"}},
		{"several units", "项目清单,,单位：万元\n单位,项目名称,年度金额\n甲,乙,37.9\n甲,丙,379000元\n甲,丁,￥0.5万元\n", []string{"甲|乙|379000.00", "甲|丙|379000.00", "甲|丁|5000.00"}},
		{"heading against the note", "（金额单位：万元）\n单位,项目名称,金额（元）\n甲,乙,37.9\n", []string{"甲|乙|37.90"}},
		{"codes and kinds beside", "单位编码,单位名称,项目编码,项目类别,项目名称,预算科目,预算数\n001,甲,P1,特定,乙,2010301,5\n", []string{"甲|乙|5.00"}},
		{"sums", "序号,单位,项目名称,金额\n合 计,,,12\n1,甲,一,5\n,甲小计,,5\n2,丙,二,7\n,总计：,,12\n", []string{"甲|一|5.00", "丙|二|7.00"}},
		{"columns of letters and numbers", "单位,项目名称,金额\n甲,乙,1\n丁,丙,5\n", []string{"丁|丙|5.00"}},
		{"numbered columns", "序号,单位,项目名称,金额\n栏次,1,2,3\n1,丁,丙,5\n", []string{"丁|丙|5.00"}},
		{"units called by letters", "单位,项目名称,金额\n甲,乙,5\n丙,丁,1\n", []string{"甲|乙|5.00", "丙|丁|1.00"}},
		{"header printed again", "单位,项目名称,金额\n甲,一,5\n单位,项目名称,金额\n丙,二,7\n", []string{"甲|一|5.00", "丙|二|7.00"}},
		{"header of two rows again", "单位,项目名称,资金,\n,,总额,其他\n甲,一,5,1\n单位,项目名称,资金,\n,,总额,其他\n丙,二,7,1\n", []string{"甲|一|5.00", "丙|二|7.00"}},
		{"notes below", "单位,项目名称\n甲,乙\n注：本表由财政局汇总,\n填表人：张三,\n", []string{"甲|乙|"}},
		{"inches", "单位,项目名称,金额\n甲,6\"管更换,5\n丙,8\"管更换,7\n", []string{"甲|6\"管更换|5.00", "丙|8\"管更换|7.00"}},
		{"amount before the names", "金额,项目名称,单位\n5,乙,甲\n", []string{"甲|乙|5.00"}},
		{"English", "Unit,Project,Amount\nA,B,1200\n", []string{"A|B|1200.00"}},
	}
	for _, tt := range tests {
		m, err := Parse("清单.csv", []byte(tt.data))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if diff := cmp.Diff(tt.want, lines(m)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	m, err := Parse("清单.csv", []byte(plain))
	if err != nil || m.Rows[0].Line != 3 {
		t.Errorf("first row %+v (%v), want line 3", m, err)
	}
}

func TestSheets(t *testing.T) {
	merged := sheet{name: "清单", rows: [][]any{
		{"2026年度项目清单"},
		{"", "", "", "", "单位：万元"},
		{"单位", "项目名称", "资金", "", "备注"},
		{"", "", "总额", "其中：财政"},
		{"澄湖区水务局", "河道保洁", 37.9, 30},
		{"", "水闸检修", 0.1 + 0.2, 0.3},
		{"", "小计", 38.2, 30.3},
		{"", "泵站运行", "￥1,000.00元"},
		{"澄湖区\n教育局", "课桌椅更新", "12万元"},
		{"合计", "", 50},
	}, merged: [][2]string{{"A1", "E1"}, {"A3", "A4"}, {"B3", "B4"}, {"C3", "D3"}, {"A5", "A8"}, {"A10", "B10"}}}
	want := []string{"澄湖区水务局|河道保洁|379000.00", "澄湖区水务局|水闸检修|3000.00", "澄湖区水务局|泵站运行|1000.00", "澄湖区教育局|课桌椅更新|120000.00"}
	simple := sheet{name: "Sheet1", rows: [][]any{{"说明"}, {"实施单位", "项目名称", "金额"}, {"澄湖区水务局", "河道保洁", 1234.5}}}
	notes := sheet{name: "说明", rows: [][]any{{"填报说明"}, {"一、按单位填报项目"}}}
	old := sheet{name: "去年", rows: [][]any{{"单位", "项目名称"}, {"旧单位", "旧项目"}}, hidden: true}
	tests := []struct {
		name   string
		sheets []sheet
		want   []string
	}{
		{"plain", []sheet{simple}, []string{"澄湖区水务局|河道保洁|1234.50"}},
		{"merged cells", []sheet{merged}, want},
		{"behind another sheet", []sheet{notes, merged}, want},
		{"beside a hidden sheet", []sheet{old, simple}, []string{"澄湖区水务局|河道保洁|1234.50"}},
		{"large numbers", []sheet{{name: "a", rows: [][]any{{"单位", "项目名称", "金额"}, {"甲", "乙", 4536783.75}, {"甲", "丙", 1e12}, {"甲", "丁", 379000.10000000003}}}},
			[]string{"甲|乙|4536783.75", "甲|丙|1000000000000.00", "甲|丁|379000.10"}},
	}
	for _, tt := range tests {
		m, err := Parse("清单.XLSX", workbook(t, tt.sheets...))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if diff := cmp.Diff(tt.want, lines(m)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// TestRefused wants a manifest that is not understood for certain to be
// refused with its row and with what to do, for a row left out would look
// like nothing missing.
func TestRefused(t *testing.T) {
	head := []any{"单位", "项目名称", "金额"}
	uncomputed := func() string {
		book := excelize.NewFile()
		defer func() { _ = book.Close() }()
		for i, row := range [][]any{head, {"甲", "乙"}} {
			if err := book.SetSheetRow("Sheet1", []string{"A1", "A2"}[i], &row); err != nil {
				t.Fatal(err)
			}
		}
		if err := book.SetCellFormula("Sheet1", "C2", "1+1"); err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := book.Write(&b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	tests := []struct{ data, want string }{
		{"", "没有找到表头"},
		{"a,b\n1,2\n", "没有找到表头"},
		{"单位：甲\n项目名称,金额\n乙,5\n", "没有找到表头"},
		{"项目清单,单位：万元\n乙,5\n", "没有找到表头"},
		{"单位,项目名称\n", "清单是空的"},
		{"单位,项目名称\n甲,\n", "第2行缺单位或项目名称"},
		{"单位,项目名称\n,乙\n", "第2行缺单位或项目名称"},
		{"单位,项目名称,金额\n甲,一,5\n小计,,5\n,二,7\n", "第4行缺单位或项目名称"},
		{"单位,项目名称,金额\n甲,一,5\n,,7\n", "第3行有金额，但缺单位和项目名称"},
		{"单位,项目名称,金额\n甲,乙,若干\n", "第2行的金额“若干”不是数字"},
		{"单位,项目名称,金额\n甲,乙,\"1,23,4\"\n", "第2行的金额“1,23,4”不是数字"},
		{"单位,项目名称,金额\n甲,乙,3.79E+05\n", "不是数字"},
		{"单位,项目名称,金额\n甲,乙,-\n", "没有金额请留空"},
		{"单位,项目名称\n甲,乙\n\n甲,乙\n", "第4行与第2行"},
		{"单位,项目名称\n甲,乙\n甲, 乙 \n", "第3行与第2行"},
		{"单位,项目名称,2025年预算,2026年预算\n甲,乙,1,2\n", "第1行有几列都像是金额"},
		{"单位,项目名称,资金,\n,,财政拨款,其他\n甲,乙,1,2\n", "第1行有几列都像是金额"},
		{"基本情况,,资金,\n单位,项目名称,财政拨款,其他\n甲,乙,1,2\n", "第2行有几列都像是金额"},
		{"单位,项目名称,金额\n甲,\"乙,5\n丙,丁,7\n戊,己,9\n", "引号没有成对"},
		{"单位,项目名称\n\xff\xff\xff,\xff\n", "UTF-8 或 GBK"},
		{"PK\x03\x04 no book", "已损坏或不完整；请把清单另存为 .xlsx 或 CSV"},
		{"%PDF-1.7\n", "PDF 文件；请把清单另存为 .xlsx 或 CSV"},
		{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "另存为 .xlsx 或 CSV"},
		{"<html><table>", "网页文件（HTML）；请在 Excel 或 WPS 中打开，另存为 .xlsx 或 CSV"},
		{string(workbook(t, sheet{name: "a", rows: [][]any{head, {"甲", "一"}}}, sheet{name: "b", rows: [][]any{head, {"甲", "二"}}})), "工作表“a”和“b”都像是清单"},
		{string(workbook(t, sheet{name: "a", rows: [][]any{head, {"甲", "一"}, {"", "二"}}})), "与上一行合并单元格"},
		{string(workbook(t, sheet{name: "a", rows: [][]any{head, {"甲", "一", 5}, {"乙", "二", ""}}, merged: [][2]string{{"C2", "C3"}}})), "第3行的金额与上一行合并"},
		{string(workbook(t, sheet{name: "a", rows: [][]any{head, {"甲", "一", 5}, {"", "", 7}}, merged: [][2]string{{"A2", "A3"}, {"B2", "B3"}}})), "第3行的项目名称与上一行合并"},
		{uncomputed(), "第2行的金额是没有算出结果的公式"},
	}
	for _, tt := range tests {
		m, err := Parse("m.csv", []byte(tt.data))
		if err == nil {
			t.Errorf("%.60q: read as %v, want %s", tt.data, lines(m), tt.want)
			continue
		}
		if !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%.60q: %v, want %s", tt.data, err, tt.want)
		}
		if e := new(Error); !errors.As(err, &e) || e.En == "" || strings.Contains(e.En, "%!") || strings.Contains(e.Zh, "%!") {
			t.Errorf("%.60q: message %+v", tt.data, e.Text)
		}
	}
}
