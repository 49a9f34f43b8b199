package grid

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"perfgoal/model"
	"perfgoal/parser/pdf"
)

// part draws one part of a wide sheet: rows of the given heights from y on, a
// border along each cut. A text "" leaves a cell blank; rows with one text are
// one cell from edge to edge, open where the sheet goes on.
func part(number int, xs []float32, y float32, openLeft, openRight bool, rows ...[]string) *sheet {
	const height = 20
	s := newSheet(number)
	last := len(xs) - 1
	for i, row := range rows {
		top := y + float32(i)*height
		s.h(top, xs[0], xs[last]).h(top+height, xs[0], xs[last])
		for n, x := range xs {
			inner := n > 0 && n < last
			if inner && len(row) == 1 || n == 0 && openLeft && len(row) == 1 || n == last && openRight && len(row) == 1 {
				continue
			}
			s.v(x, top, top+height)
		}
		for n, text := range row {
			s.text(xs[n]+4, top+14, 10, text)
		}
	}
	return s
}

var (
	threeColumns = []float32{40, 140, 240, 340}
	twoColumns   = []float32{40, 180, 300}
)

// A spreadsheet cuts a wide sheet where a column ends and draws the border on
// both sides; what is merged across the cut goes on there.
func TestPartsOfASheet(t *testing.T) {
	left := func(number int) *sheet {
		return part(number, threeColumns, 100, false, true,
			[]string{"项目名称"}, []string{"一级指标", "二级指标", "三级指标"}, []string{"产出指标", "数量指标", "甲"}, []string{"", "", "乙"}, []string{"效益指标", "", "丙"})
	}
	right := func(number int) *sheet {
		return part(number, twoColumns, 100, true, false,
			[]string{"读书会"}, []string{"指标值", "备注"}, []string{"1次", "无"}, []string{"2次", ""}, []string{"3次", "有"})
	}
	want := []string{
		"R1C1 1x5 项目名称读书会",
		"R2C1 一级指标", "R2C2 二级指标", "R2C3 三级指标", "R2C4 指标值", "R2C5 备注",
		"R3C1 产出指标", "R3C2 数量指标", "R3C3 甲", "R3C4 1次", "R3C5 无",
		"R4C1", "R4C2", "R4C3 乙", "R4C4 2次", "R4C5",
		"R5C1 效益指标", "R5C2", "R5C3 丙", "R5C4 3次", "R5C5 有",
	}
	more := func(number int, xs []float32, texts ...[]string) *sheet {
		return part(number, xs, 40, false, false, texts...)
	}
	below := func(number int) *sheet {
		return more(number, threeColumns, []string{"满意度指标", "", "丁"}, []string{"", "", "戊"})
	}
	beside := func(number int) *sheet { return more(number, twoColumns, []string{"4次", ""}, []string{"5次", ""}) }
	higher := slices.Concat(want, []string{
		"R6C1 满意度指标", "R6C2", "R6C3 丁", "R6C4 4次", "R6C5",
		"R7C1", "R7C2", "R7C3 戊", "R7C4 5次", "R7C5", "break before R6",
	})
	middle := func(number int) *sheet {
		return part(number, twoColumns, 100, true, true,
			[]string{""}, []string{"三级指标", "指标值"}, []string{"甲", "1次"}, []string{"乙", "2次"}, []string{"丙", "3次"})
	}
	tests := []struct {
		name   string
		sheets []*sheet
		want   []string
	}{
		{"two parts", []*sheet{left(1), right(2)}, want},
		{"higher than a page, down then over", []*sheet{left(1), below(2), right(3), beside(4)}, higher},
		{"higher than a page, over then down", []*sheet{left(1), right(2), below(3), beside(4)}, higher},
		{"three parts", []*sheet{
			part(1, twoColumns, 100, false, true,
				[]string{"项目名称"}, []string{"一级指标", "二级指标"}, []string{"产出指标", "数量指标"}, []string{"", ""}, []string{"效益指标", ""}),
			middle(2),
			part(3, twoColumns, 100, true, false,
				[]string{"读书会"}, []string{"分值", "备注"}, []string{"10", "无"}, []string{"20", ""}, []string{"30", "有"}),
		}, []string{
			"R1C1 1x6 项目名称读书会",
			"R2C1 一级指标", "R2C2 二级指标", "R2C3 三级指标", "R2C4 指标值", "R2C5 分值", "R2C6 备注",
			"R3C1 产出指标", "R3C2 数量指标", "R3C3 甲", "R3C4 1次", "R3C5 10", "R3C6 无",
			"R4C1", "R4C2", "R4C3 乙", "R4C4 2次", "R4C5 20", "R4C6",
			"R5C1 效益指标", "R5C2", "R5C3 丙", "R5C4 3次", "R5C5 30", "R5C6 有",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, sketch(one(t, tablesOf(tt.sheets...)))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
	t.Run("another form", func(t *testing.T) {
		other := part(2, twoColumns, 100, true, false,
			[]string{"项目名称"}, []string{"指标值", "备注"}, []string{"1次", "无"}, []string{"2次", ""}, []string{"3次", "有"})
		if n := len(tablesOf(left(1), other)); n != 2 {
			t.Errorf("%d tables", n)
		}
	})
	t.Run("a text on both sides of the cut", func(t *testing.T) {
		l := part(1, threeColumns, 100, false, true,
			[]string{"项目名称"}, []string{"一级指标", "二级指标", "三级指标"}, []string{"产出指标", "数量指标", "甲"}, []string{"", "", "乙"}, []string{"全年办会"})
		r := part(2, twoColumns, 100, true, false,
			[]string{"读书会"}, []string{"指标值", "备注"}, []string{"1次", "无"}, []string{"2次", ""}, []string{"会三次"})
		cells := one(t, tablesOf(l, r)).Cells
		if c := cells[len(cells)-1]; c.Doubt == nil {
			t.Errorf("%q is not doubted", c.Text)
		}
	})
}

// A table that is closed on one side alone, or at the right of some rows alone,
// has lost what stood there.
func TestCutTables(t *testing.T) {
	rows := [][]string{{"项目名称"}, {"产出指标", "数量指标", "甲"}, {"", "", "乙"}, {"", "质量指标", "丙"}, {"效益指标", "", "丁"}, {"读书会"}}
	open := func(s *sheet) *sheet {
		s.Rulings = slices.DeleteFunc(s.Rulings, func(r pdf.Ruling) bool { return r.X0 == r.X1 && r.X0 == threeColumns[3] })
		return s
	}
	both := func(s *sheet) *sheet {
		s.Rulings = slices.DeleteFunc(s.Rulings, func(r pdf.Ruling) bool { return r.X0 == r.X1 && r.X0 == threeColumns[0] })
		return s
	}
	tests := []struct {
		name  string
		sheet *sheet
		want  bool
	}{
		{"closed", part(1, threeColumns, 100, false, false, rows...), false},
		{"open on one side", open(part(1, threeColumns, 100, false, false, rows...)), true},
		{"open on both sides", both(open(part(1, threeColumns, 100, false, false, rows...))), false},
		{"merged cells open", part(1, threeColumns, 100, false, true, rows...), true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Cut([]*Page{NewPage(&tt.sheet.Page)}, words); got != tt.want {
				t.Errorf("cut: %v, want %v", got, tt.want)
			}
		})
	}
}

// A table that has its names and values and lacks one border is read, and said
// to lack it; where a column was cut through, or has lost its heading, or the
// other half stands elsewhere, it is cut off.
func TestOneBorderMissing(t *testing.T) {
	four := []float32{40, 140, 240, 340, 440}
	draw := func(openLeft bool, head, value string, more ...[]string) *sheet {
		rows := append([][]string{{"项目名称", "读书会"}, {"产出指标", "数量指标", "三级指标", head}, {"", "", "甲", value}, {"", "", "乙", value}, {"", "", "丙", value}}, more...)
		s := part(1, four, 100, false, false, rows...)
		x := four[4]
		if openLeft {
			x = four[0]
		}
		s.Rulings = slices.DeleteFunc(s.Rulings, func(r pdf.Ruling) bool { return r.X0 == r.X1 && r.X0 == x })
		return s
	}
	usual := words.Label
	w := words
	w.Label = func(s string) bool { return usual(s) || s == "指标值" }
	tests := map[string]struct {
		pages []*sheet
		cut   bool
	}{
		"right":                {[]*sheet{draw(false, "指标值", "1次")}, false},
		"left":                 {[]*sheet{draw(true, "指标值", "1次")}, false},
		"no values":            {[]*sheet{draw(false, "指标值", "")}, true},
		"values that reach it": {[]*sheet{draw(false, "指标值", "不少于一百二十次以上")}, true},
		"a cut heading":        {[]*sheet{draw(false, "指标", "1次")}, true},
		"both halves":          {[]*sheet{draw(false, "指标值", "1次"), draw(true, "指标值", "1次", []string{"", "", "丁", "4次"})}, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var pages []*Page
			for i, s := range tt.pages {
				s.Number = i + 1
				pages = append(pages, NewPage(&s.Page))
			}
			if got := Cut(pages, w); got != tt.cut {
				t.Errorf("cut: %v", got)
			}
			x := Tables(pages, w)[0]
			doubted := slices.ContainsFunc(x.Cells, func(c model.Cell) bool { return c.Doubt != nil })
			if doubted != tt.cut || (x.Doubt != nil) == tt.cut {
				t.Errorf("cells doubted %v, the table %v", doubted, x.Doubt)
			}
		})
	}
}

// A running footer between the pages of a table is no line of it.
func TestFooterBetweenPages(t *testing.T) {
	rows := [][]string{{"项目名称", "读书会", ""}, {"产出指标", "数量指标", "甲"}, {"", "", "乙"}, {"", "质量指标", "丙"}, {"效益指标", "", "丁"}, {"", "", "戊"}}
	var pages []*Page
	for n := 1; n <= 3; n++ {
		s := part(n, threeColumns, 100, false, false, rows[2*n-2:2*n]...)
		s.text(40, float32(s.Height)-20, 10, "打印自系统 "+string(rune('0'+n))+"/3")
		pages = append(pages, NewPage(&s.Page))
	}
	x := Tables(pages, words)
	if x[0].Rows != 6 || len(x[0].Between) != 0 || len(ignoredFor(x[0], model.PageFurniture)) < 2 {
		t.Errorf("%d tables, between %+v, ignored %+v", len(x), x[0].Between, x[0].Ignored)
	}
}
