package grid

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"perfgoal/model"
	"perfgoal/parser/pdf"
)

// sheet is a page under construction, 600 by 800 points.
type sheet struct{ pdf.Page }

func newSheet(number int) *sheet {
	return &sheet{pdf.Page{Number: number, Width: 600, Height: 800}}
}

func (s *sheet) h(y, x0, x1 float32) *sheet {
	s.Rulings = append(s.Rulings, pdf.Ruling{X0: x0, Y0: y, X1: x1, Y1: y})
	return s
}

func (s *sheet) v(x, y0, y1 float32) *sheet {
	s.Rulings = append(s.Rulings, pdf.Ruling{X0: x, Y0: y0, X1: x, Y1: y1})
	return s
}

func (s *sheet) box(x0, y0, x1, y1 float32) *sheet {
	return s.h(y0, x0, x1).h(y1, x0, x1).v(x0, y0, y1).v(x1, y0, y1)
}

// grid draws all rulings between the columns and rows.
func (s *sheet) grid(xs, ys []float32) *sheet {
	for _, y := range ys {
		s.h(y, xs[0], xs[len(xs)-1])
	}
	for _, x := range xs {
		s.v(x, ys[0], ys[len(ys)-1])
	}
	return s
}

// text writes from x on the baseline y; ASCII is half an em wide.
func (s *sheet) text(x, y, size float32, text string) *sheet {
	for _, r := range text {
		w := size
		if r < 0x80 {
			w = size / 2
		}
		s.Glyphs = append(s.Glyphs, pdf.Glyph{Rune: r, X0: x, X1: x + w, Y0: y - 0.88*size, Y1: y + 0.12*size, Base: y, Size: size})
		x += w
	}
	return s
}

var someLabels = map[string]bool{"项目名称": true, "数量指标": true, "质量指标": true, "产出指标": true, "效益指标": true, "满意度指标": true, "服务对象满意度指标": true, "长期绩效指标": true, "年度绩效指标": true}

var words = Words{
	Title: func(s string) bool { return strings.HasSuffix(s, "申报表") },
	Label: func(s string) bool { return someLabels[s] },
	Start: func(s string) bool { return s == "项目名称" },
	Header: func(texts []string) int {
		return slices.Index(texts, "三级指标")
	},
	Values: func(texts []string) int { return slices.Index(texts, "指标值") },
}

func tablesOf(sheets ...*sheet) []model.Table {
	var pages []*Page
	for _, s := range sheets {
		pages = append(pages, NewPage(&s.Page))
	}
	return Tables(pages, words)
}

// sketch is a table as lines "R1C1 text", with the span where it is not one
// by one, and its captions and breaks.
func sketch(t model.Table) []string {
	var out []string
	for _, l := range t.Caption {
		out = append(out, "above: "+l.Text)
	}
	for _, c := range t.Cells {
		s := c.Location.Cell.String()
		if c.RowSpan != 1 || c.ColSpan != 1 {
			s += fmt.Sprintf(" %dx%d", c.RowSpan, c.ColSpan)
		}
		out = append(out, strings.TrimSpace(s+" "+c.Text))
	}
	for _, b := range t.Breaks {
		out = append(out, fmt.Sprintf("break before R%d", b+1))
	}
	return out
}

func one(t *testing.T, tables []model.Table) model.Table {
	t.Helper()
	if len(tables) != 1 {
		for _, x := range tables {
			t.Log(sketch(x))
		}
		t.Fatalf("%d tables, want one", len(tables))
	}
	if tables[0].Geometry != model.Ruled && tables[0].Rows > 0 {
		t.Errorf("geometry %q", tables[0].Geometry)
	}
	return tables[0]
}

func TestOneTable(t *testing.T) {
	xs, ys := []float32{50, 150, 350}, []float32{100, 130, 160}
	filled := func(s *sheet) *sheet {
		return s.text(55, 120, 10, "项目名称").text(155, 120, 10, "水渠清淤").text(55, 150, 10, "主管部门").text(155, 150, 10, "水利局")
	}
	plain := []string{"R1C1 项目名称", "R1C2 水渠清淤", "R2C1 主管部门", "R2C2 水利局"}
	tests := []struct {
		name string
		s    *sheet
		want []string
	}{
		{"rulings all through", filled(newSheet(1).grid(xs, ys)), plain},
		{"one rectangle for each cell", filled(newSheet(1).box(50, 100, 150, 130).box(150, 100, 350, 130).box(50, 130, 150, 160).box(150, 130, 350, 160)), plain},
		{"rectangles that do not quite meet", filled(newSheet(1).box(50, 100, 149, 129).box(150.5, 100, 350, 129).box(50, 130.5, 149, 160).box(150.5, 130.5, 350, 160)), plain},
		{"double border", filled(newSheet(1).box(48, 98, 352, 162).grid(xs, ys)), plain},
		{"rulings in short pieces", func() *sheet {
			s := newSheet(1)
			for _, y := range ys {
				for x := float32(50); x < 350; x += 6 {
					s.h(y, x, x+3)
				}
			}
			for _, x := range xs {
				for y := float32(100); y < 160; y += 6 {
					s.v(x, y, y+3)
				}
			}
			return filled(s)
		}(), plain},
		{"open at the sides", filled(newSheet(1).h(100, 50, 350).h(130, 50, 350).h(160, 50, 350).v(150, 100, 160).v(50, 100, 160)), plain},
		{"a white ruling divides nothing", func() *sheet {
			s := newSheet(1).grid(xs, ys)
			s.Rulings = append(s.Rulings, pdf.Ruling{X0: 250, Y0: 100, X1: 250, Y1: 160, Faint: true})
			return filled(s)
		}(), plain},
		{"a ruling through a part of a cell divides nothing", filled(newSheet(1).grid(xs, ys).h(115, 290, 350)),
			[]string{"R1C1 2x1 项目名称", "R1C2 2x1 水渠清淤", "R3C1 主管部门", "R3C2 水利局"}},
		{"a box within a cell is an ornament", filled(newSheet(1).grid(xs, ys).box(300, 110, 308, 118)), plain},
		{"merged downwards", newSheet(1).box(50, 100, 350, 160).v(150, 100, 160).h(130, 150, 350).text(55, 135, 10, "产出指标").text(155, 120, 10, "数量").text(155, 150, 10, "质量"),
			[]string{"R1C1 2x1 产出指标", "R1C2 数量", "R2C2 质量"}},
		{"merged to the right", newSheet(1).box(50, 100, 350, 160).h(130, 50, 350).v(150, 130, 160).text(150, 120, 10, "申报内容").text(55, 150, 10, "甲").text(155, 150, 10, "乙"),
			[]string{"R1C1 1x2 申报内容", "R2C1 甲", "R2C2 乙"}},
		{"blank cells are cells", newSheet(1).grid(xs, ys).text(55, 120, 10, "项目名称"),
			[]string{"R1C1 项目名称", "R1C2", "R2C1", "R2C2"}},
		{"wrapped lines", newSheet(1).grid(xs, ys).text(155, 112, 10, "对全区水渠进行清").text(155, 124, 10, "淤并加固"),
			[]string{"R1C1", "R1C2 对全区水渠进行清淤并加固", "R2C1", "R2C2"}},
		{"wrapped Latin words", newSheet(1).grid(xs, ys).text(155, 112, 10, "budget").text(155, 124, 10, "target"),
			[]string{"R1C1", "R1C2 budget target", "R2C1", "R2C2"}},
		{"text that runs over its cell's edge", newSheet(1).grid(xs, ys).text(52, 120, 10, "服务对象满意度指标类"),
			[]string{"R1C1 服务对象满意度指标类", "R1C2", "R2C1", "R2C2"}},
		{"text that a gap divides at the ruling", newSheet(1).grid(xs, ys).text(110, 120, 10, "名称").text(152, 120, 10, "水渠"),
			[]string{"R1C1 名称", "R1C2 水渠", "R2C1", "R2C2"}},
		{"printed twice for boldness", newSheet(1).grid(xs, ys).text(55, 120, 10, "项目名称").text(55.4, 120, 10, "项目名称"),
			[]string{"R1C1 项目名称", "R1C2", "R2C1", "R2C2"}},
		{"letters that really stand twice", newSheet(1).grid(xs, ys).text(55, 120, 10, "人人清清"),
			[]string{"R1C1 人人清清", "R1C2", "R2C1", "R2C2"}},
		{"pieces out of order", newSheet(1).grid(xs, ys).text(75, 120, 10, "名称").text(55, 120, 10, "项目"),
			[]string{"R1C1 项目名称", "R1C2", "R2C1", "R2C2"}},
		{"radicals and compatibility forms are folded", newSheet(1).grid(xs, ys).text(55, 120, 10, "项⽬⻓⺠⼾"),
			[]string{"R1C1 项目长民户", "R1C2", "R2C1", "R2C2"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, sketch(one(t, tablesOf(tt.s)))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestLinesAroundATable(t *testing.T) {
	s := newSheet(1).grid([]float32{50, 150, 350}, []float32{200, 230}).
		text(200, 150, 16, "绩效目标申报表").text(200, 180, 10, "（2026 年度）").text(55, 220, 10, "甲").text(155, 220, 10, "乙").
		text(55, 260, 10, "填报说明").text(290, 790, 9, "- 1 -")
	tables := tablesOf(s)
	if len(tables) != 2 {
		t.Fatalf("%d tables, want the table and what stands below it", len(tables))
	}
	if diff := cmp.Diff([]string{"above: 绩效目标申报表", "above: （2026 年度）", "R1C1 甲", "R1C2 乙"}, sketch(tables[0])); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff([]string{"above: 填报说明"}, sketch(tables[1])); diff != "" { // the page's number is left out
		t.Errorf("-want +got:\n%s", diff)
	}
	l := tables[0].Caption[0].Location
	if l.Page == nil || *l.Page != 1 || l.Box == nil || l.Box[0] != 200 || l.Box[3] < 150 {
		t.Errorf("the title stands at page %v box %v", l.Page, l.Box)
	}
}

func TestWhatIsNoTable(t *testing.T) {
	tests := map[string]*sheet{
		"an underline":        newSheet(1).h(100, 50, 350).text(55, 95, 10, "标题"),
		"a box around a text": newSheet(1).box(50, 50, 550, 750).text(55, 95, 10, "标题"),
		"nothing but text":    newSheet(1).text(55, 95, 10, "标题"),
	}
	for name, s := range tests {
		t.Run(name, func(t *testing.T) {
			table := one(t, tablesOf(s))
			if table.Rows != 0 || len(table.Cells) != 0 {
				t.Errorf("a table of %d rows was made: %v", table.Rows, sketch(table))
			}
			if diff := cmp.Diff([]string{"above: 标题"}, sketch(table)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
	if tables := tablesOf(newSheet(1)); len(tables) != 0 {
		t.Errorf("an empty page gives %d tables", len(tables))
	}
}

func TestSeveralTablesOnAPage(t *testing.T) {
	s := newSheet(1).grid([]float32{50, 150, 350}, []float32{100, 130}).text(55, 120, 10, "甲").text(155, 120, 10, "乙").
		text(55, 180, 10, "二、另一张").
		grid([]float32{50, 150, 350}, []float32{200, 230}).text(55, 220, 10, "丙").text(155, 220, 10, "丁")
	tables := tablesOf(s)
	if len(tables) != 2 {
		t.Fatalf("%d tables, want 2", len(tables))
	}
	if diff := cmp.Diff([]string{"above: 二、另一张", "R1C1 丙", "R1C2 丁"}, sketch(tables[1])); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// Columns of the indicator table in the page-break tests.
var four = []float32{50, 130, 230, 400, 550}

// row writes a row's texts, each a little inside its cell.
func (s *sheet) row(y float32, texts ...string) *sheet {
	for i, text := range texts {
		if text != "" {
			s.text(four[i]+4, y, 10, text)
		}
	}
	return s
}

func TestPageBreaks(t *testing.T) {
	// The first page ends in two whole rows under a header.
	first := func() *sheet {
		return newSheet(1).grid(four, []float32{700, 720, 740, 760}).row(714, "一级指标", "二级指标", "三级指标", "指标值").
			row(734, "产出指标", "数量指标", "清淤长度", "≥20公里").row(754, "", "质量指标", "合格率", "=100%")
	}
	head := []string{"R1C1 一级指标", "R1C2 二级指标", "R1C3 三级指标", "R1C4 指标值", "R2C1 产出指标", "R2C2 数量指标", "R2C3 清淤长度", "R2C4 ≥20公里"}
	with := func(more ...string) []string { return append(append([]string{}, head...), more...) }
	third := []string{"R3C1", "R3C2 质量指标", "R3C3 合格率", "R3C4 =100%"}
	tests := []struct {
		name   string
		second *sheet
		want   []string
	}{
		{"whole rows follow", newSheet(2).grid(four, []float32{50, 70}).row(64, "效益指标", "社会效益", "惠及人口", "≥3万人"),
			with(append(third, "R4C1 效益指标", "R4C2 社会效益", "R4C3 惠及人口", "R4C4 ≥3万人", "break before R4")...)},
		{"the header is printed again", newSheet(2).grid(four, []float32{50, 70, 90}).row(64, "一级指标", "二级指标", "三级指标", "指标值").row(84, "效益指标", "社会效益", "惠及人口", "≥3万人"),
			with(append(third, "R4C1 效益指标", "R4C2 社会效益", "R4C3 惠及人口", "R4C4 ≥3万人", "break before R4")...)},
		{"page numbers and a running head between", newSheet(2).text(250, 30, 9, "某区预算").text(290, 790, 9, "2").grid(four, []float32{50, 70}).row(64, "效益指标", "社会效益", "惠及人口", "≥3万人"),
			with(append(third, "R4C1 效益指标", "R4C2 社会效益", "R4C3 惠及人口", "R4C4 ≥3万人", "break before R4")...)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, sketch(one(t, tablesOf(first(), tt.second)))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// What is written like an amount is no page's number, wherever it stands.
func TestAmountAtThePagesFoot(t *testing.T) {
	for text, kept := range map[string]bool{"7500.00": true, "- 3 -": false, "2026.01.15": false, "12": false} {
		tables := tablesOf(newSheet(1).grid(four, []float32{50, 70}).row(64, "效益指标", "社会效益", "惠及人口", "≥3万人").text(60, 790, 9, text))
		if got := len(tables) > 1 && len(tables[1].Caption) == 1; got != kept {
			t.Errorf("%s: kept %v, want %v", text, got, kept)
		}
	}
}

// The header of a table beside another label is its own, not the first one's
// printed again: what stands under it is not the first table's.
func TestHeaderBesideAnotherLabel(t *testing.T) {
	page := func(n int, y float32, label string, row ...string) *sheet {
		s := newSheet(n).box(20, y, 50, y+40).grid(four, []float32{y, y + 20, y + 40}).row(y+14, "一级指标", "二级指标", "三级指标", "指标值").row(y+34, row...)
		for i, r := range []rune(label) { // its narrow cell wraps it
			s.text(22+float32(i%2)*12, y+10+float32(i/2)*11, 10, string(r))
		}
		return s
	}
	for label, headers := range map[string]int{"年度绩效指标": 2, "长期绩效指标": 1} {
		table := one(t, tablesOf(page(1, 700, "长期绩效指标", "产出指标", "数量指标", "清淤长度", "≥20公里"), page(2, 50, label, "产出指标", "数量指标", "清淤长度", "≥5公里")))
		n := 0
		for _, s := range texts(table) {
			if s == "一级指标" {
				n++
			}
		}
		if n != headers {
			t.Errorf("beside %s: %d headers, want %d: %v", label, n, headers, texts(table))
		}
	}
}

func TestWhatAPageBreakDivides(t *testing.T) {
	first := func() *sheet { return newSheet(1).grid(four, []float32{700, 720}).row(714, "甲", "乙", "丙", "丁") }
	tests := []struct {
		name   string
		second *sheet
		tables int
	}{
		{"other outer edges", newSheet(2).grid([]float32{80, 200, 500}, []float32{50, 70}).text(90, 64, 10, "甲"), 2},
		{"a title between", newSheet(2).text(200, 30, 16, "绩效目标申报表").grid(four, []float32{50, 70}).row(64, "甲", "乙", "丙", "丁"), 2},
		{"a title in the first row", newSheet(2).box(50, 50, 550, 90).h(70, 50, 550).v(130, 70, 90).text(200, 64, 10, "绩效目标申报表").text(55, 84, 10, "甲"), 2},
		{"a page without it between", newSheet(3).grid(four, []float32{50, 70}).row(64, "戊", "己", "庚", "辛"), 2},
		{"the same columns", newSheet(2).grid(four, []float32{50, 70}).row(64, "戊", "己", "庚", "辛"), 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := 0
			for _, table := range tablesOf(first(), tt.second) {
				if table.Rows > 0 {
					n++
				}
			}
			if n != tt.tables {
				t.Errorf("%d tables, want %d", n, tt.tables)
			}
		})
	}
}

// texts are the non-blank cells of a table.
func texts(t model.Table) []string {
	var out []string
	for _, c := range t.Cells {
		if c.Text != "" {
			out = append(out, c.Text)
		}
	}
	return out
}

func TestARowCutByThePageBreak(t *testing.T) {
	// The name fills its line; its rest stands alone in a closed row.
	first := newSheet(1).grid(four, []float32{700, 720, 740}).row(714, "一级指标", "二级指标", "三级指标", "指标值").
		row(734, "产出指标", "数量指标", "对全区各条灌溉水渠全面进行清淤疏", "≥20公里")
	second := newSheet(2).grid(four, []float32{50, 70, 90}).row(64, "", "", "通长度", "").row(84, "效益指标", "社会效益", "惠及人口", "≥3万人")
	table := one(t, tablesOf(first, second))
	want := []string{"一级指标", "二级指标", "三级指标", "指标值", "产出指标", "数量指标", "对全区各条灌溉水渠全面进行清淤疏通长度", "≥20公里", "效益指标", "社会效益", "惠及人口", "≥3万人"}
	if diff := cmp.Diff(want, texts(table)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if table.Rows != 3 {
		t.Errorf("%d rows, want 3", table.Rows)
	}
}

func TestARowWithoutItsClosingRule(t *testing.T) {
	// Neither page draws a ruling at the break: the goal runs over it.
	first := newSheet(1).box(50, 700, 550, 720).v(150, 700, 780).v(50, 720, 780).v(550, 720, 780).text(55, 714, 10, "项目名称").text(155, 714, 10, "水渠清淤").
		text(55, 740, 10, "年度目标").text(155, 740, 10, strings.Repeat("清", 39)).text(155, 755, 10, strings.Repeat("淤", 39))
	second := newSheet(2).v(50, 40, 80).v(150, 40, 80).v(550, 40, 80).h(80, 50, 550).text(155, 55, 10, "疏通水渠。")
	table := one(t, tablesOf(first, second))
	goal := strings.Repeat("清", 39) + strings.Repeat("淤", 39) + "疏通水渠。"
	if diff := cmp.Diff([]string{"项目名称", "水渠清淤", "年度目标", goal}, texts(table)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestALabelThatGoesOnBehindThePageBreak(t *testing.T) {
	first := func(label string) *sheet {
		return newSheet(1).box(50, 700, 550, 740).v(130, 700, 740).v(230, 700, 740).v(400, 700, 740).h(720, 230, 550).
			row(724, "产出指标", label).row(714, "", "", "清淤长度", "≥20公里").row(734, "", "", "加固长度", "≥5公里")
	}
	second := func(label string) *sheet {
		return newSheet(2).grid(four, []float32{50, 70, 90}).row(64, "", label, "护坡长度", "≥2公里").row(84, "效益指标", "社会效益", "惠及人口", "≥3万人")
	}
	spans := func(table model.Table) map[string]int {
		out := map[string]int{}
		for _, c := range table.Cells {
			if c.Col < 2 && c.Text != "" {
				out[c.Text] = c.RowSpan
			}
		}
		return out
	}
	tests := []struct {
		name          string
		above, behind string
		want          map[string]int
	}{
		{"its cell goes on without text", "数量指标", "", map[string]int{"产出指标": 3, "数量指标": 3, "效益指标": 1, "社会效益": 1}},
		{"its text is cut", "数量指", "标", map[string]int{"产出指标": 3, "数量指标": 3, "效益指标": 1, "社会效益": 1}},
		{"another label begins", "数量指标", "质量指标", map[string]int{"产出指标": 3, "数量指标": 2, "质量指标": 1, "效益指标": 1, "社会效益": 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			table := one(t, tablesOf(first(tt.above), second(tt.behind)))
			if diff := cmp.Diff(tt.want, spans(table)); diff != "" {
				t.Errorf("rows spanned, -want +got:\n%s", diff)
			}
			if table.Rows != 4 {
				t.Errorf("%d rows, want 4", table.Rows)
			}
		})
	}
}

func TestCellsKnowTheirPageAndBox(t *testing.T) {
	table := one(t, tablesOf(
		newSheet(1).grid(four, []float32{700, 720}).row(714, "甲", "乙", "丙", "丁"),
		newSheet(2).grid(four, []float32{50, 70}).row(64, "戊", "己", "庚", "辛"),
	))
	want := map[string]struct {
		page int
		box  model.Box
	}{
		"甲": {1, model.Box{50, 700, 130, 720}},
		"丁": {1, model.Box{400, 700, 550, 720}},
		"己": {2, model.Box{130, 50, 230, 70}},
	}
	for _, c := range table.Cells {
		if w, ok := want[c.Text]; ok && (*c.Location.Page != w.page || *c.Location.Box != w.box) {
			t.Errorf("%s: page %d box %v, want page %d box %v", c.Text, *c.Location.Page, *c.Location.Box, w.page, w.box)
		}
	}
}

func TestText(t *testing.T) {
	pages := []*Page{
		NewPage(&newSheet(1).text(200, 50, 16, "申报表").grid([]float32{50, 150, 350}, []float32{100, 130, 160}).text(55, 120, 10, "甲").text(155, 120, 10, "乙").text(155, 150, 10, "丁").text(55, 300, 10, "完").Page),
		NewPage(&newSheet(2).text(50, 50, 10, "第二页").Page),
	}
	want := []string{"申报表", "甲\t乙", "\t丁", "完", "\f", "第二页"}
	if diff := cmp.Diff(want, Text(pages)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestWordsStandApart(t *testing.T) {
	s := newSheet(1)
	s.text(50, 50, 10, "GB").text(63, 50, 10, "18030").text(150, 50, 10, "国标")
	if diff := cmp.Diff([]string{"above: GB 18030 国标"}, sketch(one(t, tablesOf(s)))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// A sheet wider than the page is printed as all left halves, then all right
// ones. A cell whose characters the cut runs through stands in part on both:
// it is doubted, and the others are whole.
func TestHalvesCutThroughCharacters(t *testing.T) {
	ys := make([]float32, 11)
	for i := range ys {
		ys[i] = 50 + 20*float32(i)
	}
	half := func(number int, left bool, text string) *sheet {
		s := newSheet(number)
		xs := []float32{50, 150, 250}
		closed := []float32{150, 250, 350}
		if left {
			closed = []float32{50, 150}
		} else {
			xs[2] = 350
		}
		for _, y := range ys {
			s.h(y, xs[0], xs[2])
		}
		for _, x := range closed {
			s.v(x, ys[0], ys[10])
		}
		if left { // the cut runs along a column, and through a merged cell
			s.v(250, ys[0], ys[3]).v(250, ys[4], ys[10])
		} else {
			s.v(50, ys[0], ys[3]).v(50, ys[4], ys[10])
		}
		for i := range 10 {
			if left {
				s.text(60, ys[i]+14, 10, fmt.Sprintf("栏目%d", i))
			} else {
				s.text(160, ys[i]+14, 10, fmt.Sprintf("%d.50", i))
			}
		}
		if left {
			s.text(210, ys[3]+14, 10, text)
		} else {
			s.text(52, ys[3]+14, 10, text)
		}
		return s
	}
	table := one(t, tablesOf(half(1, true, "三年2026"), half(2, false, "62028")))
	doubted := 0
	for _, c := range table.Cells {
		if c.Doubt != nil {
			doubted++
			if c.Text != "三年202662028" {
				t.Errorf("%q is doubted", c.Text)
			}
		}
	}
	if got := texts(table); doubted != 1 || !slices.Contains(got, "9.50") || !slices.Contains(got, "栏目9") {
		t.Errorf("%d doubted of %q", doubted, got)
	}
}
