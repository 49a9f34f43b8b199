package grid

import (
	"slices"
	"testing"

	"perfgoal/model"
	"perfgoal/parser/pdf"
)

// loneForm is a page with a form without borders: its title at y, a row of the
// head, the header and the indicators.
func loneForm(number int, y float32, name string, indicators ...string) *pdf.Page {
	p := &pdf.Page{Number: number, Width: 600, Height: 800}
	put(p, 200, y, "支出申报表")
	put(p, 50, y+30, "项目名称")
	put(p, 150, y+30, name)
	for i, s := range []string{"一级指标", "二级指标", "三级指标", "指标值"} {
		put(p, 50+float32(i)*120, y+60, s)
	}
	for n, s := range indicators {
		at := y + 90 + 20*float32(n)
		put(p, 50, at, "产出指标")
		put(p, 170, at, "数量指标")
		put(p, 290, at, s)
		put(p, 410, at, "≥1次")
	}
	return p
}

func cellTexts(t model.Table) []string {
	var out []string
	for _, c := range t.Cells {
		out = append(out, c.Text)
	}
	return out
}

func ignoredFor(t model.Table, reason model.IgnoreReason) []string {
	var out []string
	for _, x := range t.Ignored {
		if x.Reason == reason {
			out = append(out, x.Text)
		}
	}
	return out
}

// Where every form has a page of its own, its title and its rows stand at the
// same place of all; headers and footers do so too, with the page's number.
func TestRunningLines(t *testing.T) {
	var pages []*Page
	for i, name := range []string{"水渠清淤", "堤岸修复", "水质监测"} {
		p := loneForm(i+1, 60, name, "清淤长度", "清淤次数")
		put(p, 50, 20, "内部资料")
		put(p, 50, 780, "打印自业务系统")
		put(p, 500, 780, string(rune('1'+i))+"/3")
		pages = append(pages, NewPage(p))
	}
	tables := Aligned(pages, alignedWords())
	if len(tables) != 3 {
		t.Fatalf("%d tables", len(tables))
	}
	for i, x := range tables {
		texts := cellTexts(x)
		if len(x.Caption) == 0 || x.Caption[len(x.Caption)-1].Text != "支出申报表" {
			t.Errorf("form %d has no title: %+v", i+1, x.Caption)
		}
		if !slices.Contains(texts, "清淤次数") || slices.ContainsFunc(texts, func(s string) bool { return s == "打印自业务系统" || s == "内部资料" || len(s) == 3 }) {
			t.Errorf("form %d: %q", i+1, texts)
		}
		if got := ignoredFor(x, model.PageFurniture); !slices.ContainsFunc(got, func(s string) bool { return s != "内部资料" }) {
			t.Errorf("form %d ignores %q", i+1, got)
		}
	}
}

// A footer that stands on one page alone is known by a page's number in it, or
// by standing far below the form.
func TestLoneFooters(t *testing.T) {
	for _, foot := range [][2]string{{"打印自业务系统", "1/1"}, {"http://甲/乙", "丙"}, {"内部资料", "注意保管"}} {
		p := loneForm(1, 60, "水渠清淤", "清淤长度", "清淤次数", "完工时间")
		put(p, 50, 780, foot[0])
		put(p, 430, 780, foot[1])
		tables := Aligned([]*Page{NewPage(p)}, alignedWords())
		if len(tables) != 1 {
			t.Fatalf("%d tables", len(tables))
		}
		if texts := cellTexts(tables[0]); slices.Contains(texts, foot[0]) || slices.Contains(texts, foot[1]) || !slices.Contains(texts, "完工时间") {
			t.Errorf("%q: cells %q", foot, texts)
		}
		if got := ignoredFor(tables[0], model.PageFurniture); len(got) != 1 {
			t.Errorf("%q: ignored %q", foot, got)
		}
	}
	// What wraps, or has a value, is the form's, however low it stands.
	p := loneForm(1, 60, "水渠清淤", "清淤长度", "清淤次数")
	put(p, 290, 780, "完工时间")
	put(p, 410, 780, "≥3天")
	if texts := cellTexts(Aligned([]*Page{NewPage(p)}, alignedWords())[0]); !slices.Contains(texts, "完工时间") {
		t.Errorf("cells %q", texts)
	}
}

// A header that is printed again on a further page is in the account.
func TestRepeatedHeaderIsIgnored(t *testing.T) {
	first := loneForm(1, 60, "水渠清淤", "清淤长度")
	second := &pdf.Page{Number: 2, Width: 600, Height: 800}
	for i, s := range []string{"一级指标", "二级指标", "三级指标", "指标值"} {
		put(second, 50+float32(i)*120, 60, s)
	}
	for i, s := range []string{"产出指标", "质量指标", "验收合格", "≥9成"} {
		put(second, 50+float32(i)*120, 90, s)
	}
	tables := Aligned([]*Page{NewPage(first), NewPage(second)}, alignedWords())
	if len(tables) != 1 || len(ignoredFor(tables[0], model.RepeatedHeader)) != 1 || !slices.Contains(cellTexts(tables[0]), "验收合格") {
		t.Errorf("%+v", tables)
	}
}
