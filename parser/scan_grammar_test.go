package parser

import (
	"fmt"
	"slices"
	"testing"

	"perfgoal/model"
	"perfgoal/parser/form"
)

func TestFiguresAreWellWritten(t *testing.T) {
	for text, want := range map[string]bool{
		"60,000.00": true, "0.00": true, "≥99.95(%)": true, "2026-12-31": true, "2026年11月底前": true, "2025-2026年": true,
		"2026.01.31": true, "1.完成治理": true, "12000人次": true, "没有数字": true, "1,234,567": true,
		"60.000.00": false, "60,00.00": false, "2026-13-01": false, "2026年2月41日": false, "1O0.00": false, "12 000.00": false, "《653.50(元)": false,
		"2026年一2028年": false, "体检一次": true, "I类": false, "LED屏": true, "≥5%≥90%": false, "340:00(吨)": false,
	} {
		if got := wellWritten(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestLabelsAreSettled(t *testing.T) {
	unsure := func(text string, confidence float64) model.Cell {
		return model.Cell{Text: text, Doubt: lowConfidence(), Location: model.Location{Confidence: &confidence}}
	}
	for _, tt := range []struct {
		text       string
		confidence float64
		want       string
		doubted    bool
	}{
		{"年度资金申请总额", 0.5, "年度资金申请总额", false},
		{"年度资全申请总额", 0.5, "年度资金申请总额", false},
		{"\ufffd年度资金申请总额\ufffd", 0, "年度资金申请总额", false},
		{"数量指标", 0.5, "数量指标", true}, // 质量指标 differs in the uncertain character
		{"数量指标", 0.8, "数量指标", false},
		{"某量指标", 0.8, "某量指标", true}, // two labels are as near
		{"别的东西", 0.5, "别的东西", true},
	} {
		table := model.Table{Rows: 1, Cols: 1, Cells: []model.Cell{unsure(tt.text, tt.confidence)}}
		settleLabels(&table, form.Standard())
		if c := table.Cells[0]; c.Text != tt.want || (c.Doubt != nil) != tt.doubted {
			t.Errorf("%q at %.1f became %q, doubted: %v", tt.text, tt.confidence, c.Text, c.Doubt != nil)
		}
	}
}

func TestUnclearPage(t *testing.T) {
	one, two := 1, 2
	sure := 1.0
	pages := map[int]*legibility{}
	at := func(page *int) model.Location { return model.Location{Page: page, Confidence: &sure} }
	for i := range 20 {
		count(pages, at(&one), i == 0)
		count(pages, at(&two), i < 11)
	}
	count(pages, model.Location{Page: &one}, true) // was not read from a picture
	if n, p := worst(pages); n != 2 || p.doubted != 11 || p.all != 20 {
		t.Errorf("page %d, %+v", n, p)
	}
	pages[2] = &legibility{all: 3, doubted: 3} // the end of a form
	if n, p := worst(pages); p != nil {
		t.Errorf("page %d, %+v", n, p)
	}
}

func TestLevelsOfScans(t *testing.T) {
	page, other, sure := 1, 2, 1.0
	row := func(one, two string, printed bool, top float64) model.Indicator {
		r := model.Indicator{Level1: one, Level2: two, Level3: "某项工作", Location: model.Location{Page: &page, Box: &model.Box{200, top, 400, top + 20}, Confidence: &sure}}
		if printed {
			r.PrintedLevel1, r.PrintedLevel2 = one, two
		}
		return r
	}
	beside := model.Doubt{Location: model.Location{Page: &page, Box: &model.Box{50, 0, 300, 100}}}
	elsewhere := beside
	elsewhere.Location.Page = &other
	for _, tt := range []struct {
		name    string
		row     model.Indicator
		doubt   model.Doubt
		doubted bool
	}{
		{"as printed", row("产出指标", "数量指标", true, 20), beside, false},
		{"two labels in one", row("效益指标", "生态效益指标可持续影响指标", true, 20), elsewhere, true},
		{"one character wrong", row("满意度指标", "服务对象满意度指棕", true, 20), elsewhere, true},
		{"of another level 1", row("产出指标", "社会效益指标", true, 20), elsewhere, true},
		{"from the row above, nothing unclear", row("产出指标", "数量指标", false, 20), elsewhere, false},
		{"from the row above, beside what is unclear", row("产出指标", "数量指标", false, 20), beside, true},
		{"below what is unclear", row("产出指标", "数量指标", false, 120), beside, false},
	} {
		f := model.Form{Indicators: []model.Indicator{tt.row}, Doubts: []model.Doubt{tt.doubt}, Reading: model.Reading{Characters: 20, Labels: 20}}
		settleLevels(&f, "indicators", f.Indicators, form.Standard())
		got := f.Indicators[0]
		if (got.Level1 == "" && got.Level2 == "" && f.HasDoubt("indicators[0].level1") && f.HasDoubt("indicators[0].level2")) != tt.doubted {
			t.Errorf("%s: %q, %q, %+v", tt.name, got.Level1, got.Level2, f.Doubts)
		}
		if !f.Reading.Balanced() {
			t.Errorf("%s: %+v", tt.name, f.Reading)
		}
	}
}

func TestCellsThatRanTogether(t *testing.T) {
	for text, want := range map[string]bool{
		"其他经常性项目项目类别特定目标类": true, "其他经常性项目": false, "柳汀区水务局": false, "主管部门": true, "项目": false,
	} {
		if got := form.Standard().HoldsFieldLabel(text); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

// Where rulings are missing, the cells that are not seen are unreadable, not
// blank.
func TestCellsBehindAJoinedOne(t *testing.T) {
	unsure := 0.0
	cell := func(row, col, rows, cols int, text string, doubt bool) model.Cell {
		c := model.Cell{Row: row, Col: col, RowSpan: rows, ColSpan: cols, Text: text, Location: model.Location{Confidence: &unsure}}
		if doubt {
			c.Doubt = lowConfidence()
		}
		return c
	}
	for _, tt := range []struct {
		name  string
		cells []model.Cell
		want  []string
	}{
		{"two values in one", []model.Cell{
			cell(0, 0, 1, 1, "开始", false), cell(0, 1, 2, 1, "甲乙", true), cell(1, 0, 1, 1, "完成", false),
		}, []string{"0,0 1×1 开始", "0,1 1×1 甲乙", "1,0 1×1 完成", "1,1 1×1 \ufffd"}},
		{"a cell around others", []model.Cell{
			cell(0, 0, 1, 1, "名称", false), cell(0, 0, 2, 3, "值值", true), cell(1, 0, 1, 1, "名称", false),
		}, []string{"0,0 1×1 名称", "0,1 1×2 值值", "1,0 1×1 名称", "1,1 1×2 \ufffd"}},
		{"a merged label", []model.Cell{
			cell(0, 0, 2, 1, "绩效指标", false), cell(0, 1, 2, 1, "产出", true), cell(0, 2, 1, 1, "甲", false), cell(1, 2, 1, 1, "乙", false),
		}, []string{"0,0 2×1 绩效指标", "0,1 2×1 产出", "0,2 1×1 甲", "1,2 1×1 乙"}},
		{"nothing in doubt", []model.Cell{
			cell(0, 0, 1, 1, "开始", false), cell(0, 1, 2, 1, "甲乙", false), cell(1, 0, 1, 1, "完成", false),
		}, []string{"0,0 1×1 开始", "0,1 2×1 甲乙", "1,0 1×1 完成"}},
	} {
		table := model.Table{Rows: 2, Cols: 3, Cells: tt.cells}
		settleJoined(&table)
		var got []string
		for _, c := range table.Cells {
			got = append(got, fmt.Sprintf("%d,%d %d×%d %s", c.Row, c.Col, c.RowSpan, c.ColSpan, c.Text))
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q", tt.name, got)
		}
	}
}

func TestLegible(t *testing.T) {
	for text, want := range map[string]string{
		"渠道长度": "渠道长度", "修\ufffd渠道长度": "渠道长度", "每公里渠道修\ufffd成本": "每公里渠道修", "\ufffd\ufffd": "", "甲乙\ufffd 丙丁": "甲乙",
	} {
		if got := legible(text); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}
