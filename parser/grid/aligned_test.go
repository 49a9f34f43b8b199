package grid

import (
	"slices"
	"strings"
	"testing"

	"perfgoal/model"
	"perfgoal/parser/pdf"
)

// put writes a text at x, on the baseline y, 10 points high.
func put(p *pdf.Page, x, y float32, s string) {
	for _, r := range s {
		p.Glyphs = append(p.Glyphs, pdf.Glyph{Rune: r, X0: x, Y0: y - 8.8, X1: x + 10, Y1: y + 1.2, Base: y, Size: 10})
		x += 10
	}
}

func alignedWords() Words {
	return Words{
		Title: func(s string) bool { return strings.HasSuffix(s, "申报表") },
		Label: func(s string) bool {
			return strings.HasSuffix(s, "指标") || s == "项目名称" || s == "主管部门"
		},
		Header: func(texts []string) int {
			if len(texts) >= 4 && texts[0] == "一级指标" {
				return 2
			}
			return -1
		},
	}
}

// Labels centred over their rows span them; a wrapped name is one cell.
func TestAlignedCentredLabels(t *testing.T) {
	p := &pdf.Page{Number: 1, Width: 600, Height: 800}
	put(p, 200, 60, "支出申报表")
	put(p, 50, 90, "项目名称")
	put(p, 150, 90, "水渠清淤")
	put(p, 300, 90, "主管部门")
	put(p, 400, 90, "水务所")
	for i, s := range []string{"一级指标", "二级指标", "三级指标", "指标值"} {
		put(p, 50+float32(i)*120, 120, s)
	}
	put(p, 290, 150, "清淤长度")
	put(p, 410, 150, "十公里")
	put(p, 170, 165, "数量指标")
	put(p, 290, 180, "清淤次数")
	put(p, 410, 180, "三次")
	put(p, 50, 180, "产出指标")
	put(p, 170, 216, "质量指标")
	put(p, 290, 210, "沿线群众对")
	put(p, 290, 222, "水质评价")
	put(p, 410, 216, "良好")
	tables := Aligned([]*Page{NewPage(p)}, alignedWords())
	if len(tables) != 1 {
		t.Fatalf("%d tables", len(tables))
	}
	got := map[string]model.Cell{}
	for _, c := range tables[0].Cells {
		got[c.Text] = c
	}
	if tables[0].Geometry != model.Aligned {
		t.Errorf("geometry %s", tables[0].Geometry)
	}
	for text, want := range map[string][3]int{ // row, column, rows spanned
		"项目名称": {0, 0, 1}, "水务所": {0, 3, 1}, "清淤长度": {2, 2, 1}, "数量指标": {2, 1, 2}, "产出指标": {2, 0, 3},
		"质量指标": {4, 1, 1}, "沿线群众对水质评价": {4, 2, 1}, "良好": {4, 3, 1},
	} {
		c, ok := got[text]
		if !ok || c.Row != want[0] || c.Col != want[1] || c.RowSpan != want[2] {
			t.Errorf("%s: %v, row %d, column %d, spanning %d; want %v", text, ok, c.Row, c.Col, c.RowSpan, want)
		}
	}
}

// The first label behind a page break is doubted where it stands beside a row
// of its own and others above that row would be its too.
func TestAlignedLabelBehindBreak(t *testing.T) {
	first := &pdf.Page{Number: 1, Width: 600, Height: 800}
	put(first, 200, 60, "支出申报表")
	put(first, 50, 90, "项目名称")
	put(first, 150, 90, "水渠清淤")
	for i, s := range []string{"一级指标", "二级指标", "三级指标", "指标值"} {
		put(first, 50+float32(i)*120, 120, s)
	}
	row := func(p *pdf.Page, y float32, name string) {
		put(p, 290, y, name)
		put(p, 410, y, "三次")
	}
	row(first, 150, "清淤次数")
	row(first, 180, "巡查次数")
	put(first, 170, 165, "数量指标")
	put(first, 50, 165, "产出指标")
	for _, c := range []struct {
		labels [2]float32 // baselines of 时效指标 and 成本指标
		doubts int
	}{
		{[2]float32{90, 165}, 1}, // rows 2 to 4, or those from 3; then two
		{[2]float32{75, 150}, 0}, // rows 2 and 3; then rows 4 to 6
	} {
		second := &pdf.Page{Number: 2, Width: 600, Height: 800}
		for i, name := range []string{"养护次数", "培训次数", "检测次数", "宣传次数", "演练次数", "会议次数"} {
			row(second, 30+30*float32(i), name)
		}
		put(second, 170, c.labels[0], "时效指标")
		put(second, 170, c.labels[1], "成本指标")
		tables := Aligned([]*Page{NewPage(first), NewPage(second)}, alignedWords())
		if len(tables) != 1 {
			t.Fatalf("%d tables", len(tables))
		}
		var doubted []string
		for _, x := range tables[0].Cells {
			if x.Doubt != nil {
				doubted = append(doubted, x.Text)
			}
		}
		if len(doubted) != c.doubts || c.doubts == 1 && doubted[0] != "时效指标" {
			t.Errorf("labels at %v: doubted %v", c.labels, doubted)
		}
	}
}

// White rulings still divide cells, and the table says that they cannot be seen.
func TestFaintRules(t *testing.T) {
	p := &pdf.Page{Number: 1, Width: 600, Height: 800}
	for _, x := range []float32{50, 150, 250} {
		p.Rulings = append(p.Rulings, pdf.Ruling{X0: x, Y0: 100, X1: x, Y1: 140, Faint: true})
	}
	for _, y := range []float32{100, 120, 140} {
		p.Rulings = append(p.Rulings, pdf.Ruling{X0: 50, Y0: y, X1: 250, Y1: y, Faint: true})
	}
	put(p, 60, 114, "甲")
	put(p, 160, 134, "乙")
	tables := Tables([]*Page{NewPage(p)}, alignedWords())
	if len(tables) != 1 || tables[0].Geometry != model.Aligned || len(tables[0].Cells) != 4 {
		t.Fatalf("got %+v", tables)
	}
	if c := tables[0].Cells[3]; c.Text != "乙" || c.Row != 1 || c.Col != 1 {
		t.Errorf("last cell %+v", c)
	}
}

// A raised digit belongs to its line.
func TestSuperscript(t *testing.T) {
	p := &pdf.Page{Number: 1, Width: 600, Height: 800}
	put(p, 50, 120, "面积20km")
	p.Glyphs = append(p.Glyphs, pdf.Glyph{Rune: '2', X0: 110, Y0: 111.7, X1: 113, Y1: 117.7, Base: 117, Size: 6})
	if got := Text([]*Page{NewPage(p)}); len(got) != 1 || got[0] != "面积20km2" {
		t.Errorf("got %q", got)
	}
}

// Without borders, texts whose lines follow each other across two cells, and a
// line that may be a cell's first, are doubted.
func TestAlignedCellsThatTouch(t *testing.T) {
	indicators := func(p *pdf.Page) {
		for i, s := range []string{"一级指标", "二级指标", "三级指标", "指标值"} {
			put(p, 50+float32(i)*120, 220, s)
		}
		for i, s := range []string{"产出指标", "数量指标", "清淤长度", "十公里"} {
			put(p, 50+float32(i)*120, 250, s)
		}
	}
	tests := map[string]struct {
		draw func(*pdf.Page)
		want map[string]bool // text -> doubted
	}{
		"two wrapped values under each other": {func(p *pdf.Page) {
			put(p, 50, 96, "项目名称")
			put(p, 150, 90, "水渠清淤及堤岸")
			put(p, 150, 102, "修复工程")
			put(p, 50, 120, "主管部门")
			put(p, 150, 114, "水务发展和改革")
			put(p, 150, 126, "服务中心")
		}, map[string]bool{"水渠清淤及堤岸修复工程": true, "水务发展和改革服务中心": true}},
		"a line over a value": {func(p *pdf.Page) {
			put(p, 150, 76, "水渠清淤及堤岸")
			put(p, 50, 92, "项目名称")
			put(p, 150, 92, "修复")
			put(p, 50, 112, "主管部门")
			put(p, 150, 112, "水务局")
		}, map[string]bool{"修复": true, "水务局": false}},
		"rows apart": {func(p *pdf.Page) {
			put(p, 50, 96, "项目名称")
			put(p, 150, 90, "水渠清淤及堤岸")
			put(p, 150, 102, "修复工程")
			put(p, 50, 136, "主管部门")
			put(p, 150, 130, "水务发展和改革")
			put(p, 150, 142, "服务中心")
		}, map[string]bool{"水渠清淤及堤岸修复工程": false, "水务发展和改革服务中心": false}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := &pdf.Page{Number: 1, Width: 600, Height: 800}
			put(p, 200, 50, "支出申报表")
			tt.draw(p)
			indicators(p)
			tables := Aligned([]*Page{NewPage(p)}, alignedWords())
			if len(tables) != 1 {
				t.Fatalf("%d tables", len(tables))
			}
			got := map[string]bool{}
			for _, c := range tables[0].Cells {
				got[c.Text] = c.Doubt != nil
			}
			for text, doubted := range tt.want {
				if d, there := got[text]; !there || d != doubted {
					t.Errorf("%s: there %v, doubted %v, want doubted %v; cells %v", text, there, d, doubted, got)
				}
			}
		})
	}
}

// A text that stands with one line on another label's line is divided.
func TestTextOnAnotherLabelsLine(t *testing.T) {
	at := func(x, y float32, lines ...string) block {
		b := block{x0: x, y0: y - 10, x1: x, size: 10, page: 1, text: strings.Join(lines, ""), first: y}
		for _, s := range lines {
			p := piece{x0: x, y0: y - 10, x1: x + 10*float32(len([]rune(s))), y1: y, base: y, text: s}
			b.lines = append(b.lines, p)
			b.x1, b.y1, b.last = max(b.x1, p.x1), y, y
			y += 12
		}
		return b
	}
	rows := [][]block{
		{at(50, 100, "项目名称"), at(120, 100, "清淤"), at(300, 100, "主管部门")},
		{at(150, 112, "项目名称"), at(400, 100, "水务发展和改革局", "水务所水务所")},
	}
	(&alignedForm{words: alignedWords()}).divideBesideLabels(rows)
	if a, b := rows[0][len(rows[0])-1], rows[1][1]; a.text != "水务发展和改革局" || a.doubt == nil || b.text != "水务所水务所" || b.doubt == nil {
		t.Errorf("%q (%v) and %q (%v)", a.text, a.doubt, b.text, b.doubt)
	}
}

// Where lines stand far apart and rows further, wrapped cells are known by the
// label or value in their middle.
func TestAlignedWideLines(t *testing.T) {
	p := &pdf.Page{Number: 1, Width: 600, Height: 800}
	put(p, 200, 50, "支出申报表")
	put(p, 150, 80, "水渠清淤及堤岸")
	put(p, 50, 90, "项目名称")
	put(p, 150, 100, "修复工程")
	put(p, 50, 127, "主管部门")
	put(p, 150, 127, "水务局")
	for i, s := range []string{"一级指标", "二级指标", "三级指标", "指标值"} {
		put(p, 50+float32(i)*120, 160, s)
	}
	for i, s := range []string{"清淤长度", "清淤次数", "完工时间"} {
		y := 190 + 27*float32(i)
		put(p, 290, y, s)
		put(p, 410, y, "≥1次")
	}
	put(p, 50, 217, "产出指标")
	put(p, 170, 217, "数量指标")
	put(p, 290, 271, "沿线群众对水")
	put(p, 290, 291, "质的评价")
	put(p, 410, 281, "≥9成")
	put(p, 50, 281, "效益指标")
	put(p, 170, 281, "社会指标")
	tables := Aligned([]*Page{NewPage(p)}, alignedWords())
	if len(tables) != 1 {
		t.Fatalf("%d tables", len(tables))
	}
	var got []string
	for _, c := range tables[0].Cells {
		got = append(got, c.Text)
	}
	for _, want := range []string{"水渠清淤及堤岸修复工程", "沿线群众对水质的评价", "清淤次数"} {
		if !slices.Contains(got, want) {
			t.Errorf("no cell %s in %q", want, got)
		}
	}
}

// A form without a title begins with the first line of the text beside its
// first label, not with the label.
func TestAlignedNameAboveItsLabel(t *testing.T) {
	words := alignedWords()
	words.Start = func(s string) bool { return s == "项目名称" }
	p := &pdf.Page{Number: 1, Width: 600, Height: 800}
	put(p, 250, 60, "(2026年度)")
	put(p, 150, 84, "水渠清淤及堤岸")
	put(p, 50, 90, "项目名称")
	put(p, 150, 96, "修复工程")
	put(p, 50, 127, "主管部门")
	put(p, 150, 127, "水务局")
	for i, s := range []string{"一级指标", "二级指标", "三级指标", "指标值"} {
		put(p, 50+float32(i)*120, 160, s)
	}
	for i, s := range []string{"产出指标", "数量指标", "清淤长度", "≥9公里"} {
		put(p, 50+float32(i)*120, 190, s)
	}
	tables := Aligned([]*Page{NewPage(p)}, words)
	if len(tables) != 1 || len(tables[0].Caption) != 1 {
		t.Fatalf("%+v", tables)
	}
	if !slices.ContainsFunc(tables[0].Cells, func(c model.Cell) bool { return c.Text == "水渠清淤及堤岸修复工程" && c.Doubt == nil }) {
		t.Errorf("no whole name in %+v", tables[0].Cells)
	}
}
