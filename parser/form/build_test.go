package form

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"perfgoal/model"
)

// textTable is the table of a text extraction: a line a row, "|" between the
// columns, a line without "|" before the first row is a caption, an empty
// line a break.
func textTable(s string) model.Table {
	t := model.Table{Geometry: model.Loose}
	for n, line := range strings.Split(strings.Trim(s, "\n"), "\n") {
		at := n + 1
		switch {
		case line == "":
			t.Breaks = append(t.Breaks, t.Rows)
			continue
		case !strings.Contains(line, "|") && t.Rows == 0:
			t.Caption = append(t.Caption, model.Line{Text: line, Location: model.Location{Line: &at}})
			continue
		}
		for col, text := range strings.Split(line, "|") {
			if text = strings.TrimSpace(text); text != "" {
				t.Cells = append(t.Cells, model.Cell{Row: t.Rows, Col: col, RowSpan: 1, ColSpan: 1, Text: text, Location: model.Location{Line: &at}})
			}
			t.Cols = max(t.Cols, col+1)
		}
		t.Rows++
	}
	return t
}

// ruledTable is a table whose borders were seen: columns are divided by "|",
// "<" is a cell that the one on its left spans, "^" one that the one above
// does.
func ruledTable(s string) model.Table {
	t := model.Table{Geometry: model.Ruled}
	above := map[int]int{} // column -> index of the cell above
	for n, line := range strings.Split(strings.Trim(s, "\n"), "\n") {
		last := -1
		for col, text := range strings.Split(line, "|") {
			text = strings.TrimSpace(text)
			t.Cols = max(t.Cols, col+1)
			switch text {
			case "<":
				c := &t.Cells[last]
				if c.Row == n {
					c.ColSpan = col - c.Col + 1
				}
				above[col] = last
				continue
			case "^":
				last = above[col]
				t.Cells[last].RowSpan = n - t.Cells[last].Row + 1
				continue
			}
			page, box := 1, model.Box{float64(50 * col), float64(20 * n), float64(50*col + 50), float64(20*n + 20)}
			t.Cells = append(t.Cells, model.Cell{Row: n, Col: col, RowSpan: 1, ColSpan: 1, Text: text, Location: model.Location{Page: &page, Box: &box}})
			last = len(t.Cells) - 1
			above[col] = last
		}
		t.Rows = n + 1
	}
	for i := range t.Cells { // boxes as wide as the spans
		c := &t.Cells[i]
		*c.Location.Box = model.Box{float64(50 * c.Col), float64(20 * c.Row), float64(50 * (c.Col + c.ColSpan)), float64(20 * (c.Row + c.RowSpan))}
	}
	return t
}

func build(t *testing.T, tables ...model.Table) model.Form {
	t.Helper()
	forms := formsOf(tables)
	if len(forms) != 1 {
		t.Fatalf("%d forms, want one", len(forms))
	}
	return forms[0]
}

// rows are the indicators as "level1/level2/level3=value".
func rows(f model.Form) []string {
	var out []string
	for _, i := range f.Indicators {
		out = append(out, i.Level1+"/"+i.Level2+"/"+i.Level3+"="+i.Value.Raw)
	}
	return out
}

func signs(f model.Form) []string {
	var out []string
	for _, s := range f.Signs {
		text := string(s.Kind) + " " + s.Text
		if s.Other != "" {
			text += " in " + s.Other
		}
		out = append(out, text)
	}
	return out
}

// amounts are the funding cells as "project total/fiscal/other, annual
// total/appropriation/carryover/other".
func amounts(f model.Form) string {
	p, a := f.Funding.Project, f.Funding.Annual
	show := func(m model.Money) string {
		if m.State == model.MoneyBlank {
			return "-"
		}
		if m.State == model.MoneyInvalid {
			return "invalid"
		}
		return m.String()
	}
	return fmt.Sprintf("%s/%s/%s, %s/%s/%s/%s", show(p.Total), show(p.Fiscal), show(p.Other), show(a.Total), show(a.CurrentYearAppropriation), show(a.Carryover), show(a.Other))
}

const districtHead = `
财政项目支出绩效目标申报表
（2026年度）
项目名称|水渠清淤项目|项目性质|其他经常性项目|项目类别|特定目标类
主管部门|柳汀区水利局|实施单位|柳汀区水利站
计划开始日期|2026-01-01|计划完成日期|2026-12-31
项目资金（元）|项目资金总额：|3,000.00|年度资金申请总额：|1,500.00
|其中：财政资金|2,000.00|其中：当年财政拨款|1,000.00
||||上年结转资金|200.00
|其他资金|1,000.00|其他资金|300.00
项目绩效目标|项目总目标|年度总体目标
|三年清淤六十公里。|今年清淤二十公里。
`

const header = "|一级指标|二级指标|三级指标|指标值\n"

const threeRows = header + `绩效指标|产出指标|数量指标|清淤长度|≥20.00(公里)
||质量指标|验收合格率|=100.00(%)
|满意度指标|服务对象满意度指标|村民满意度|≥90.00(%)
`

var threeIndicators = []string{
	"产出指标/数量指标/清淤长度=≥20.00(公里)",
	"产出指标/质量指标/验收合格率==100.00(%)",
	"满意度指标/服务对象满意度指标/村民满意度=≥90.00(%)",
}

func TestDistrictLayout(t *testing.T) {
	f := build(t, textTable(districtHead+threeRows))
	if f.Layout != "district" || f.Geometry != model.Loose || f.FiscalYear != 2026 || f.Title != "财政项目支出绩效目标申报表" || f.Funding.Unit != "元" || f.Index != 1 {
		t.Errorf("layout %q, geometry %q, year %d, title %q, unit %q", f.Layout, f.Geometry, f.FiscalYear, f.Title, f.Funding.Unit)
	}
	p := f.Project
	got := []string{p.Name, p.Nature, p.Category, p.SupervisingDepartment, p.ImplementingUnit, p.StartDate.String(), p.EndDate.String()}
	want := []string{"水渠清淤项目", "其他经常性项目", "特定目标类", "柳汀区水利局", "柳汀区水利站", "2026-01-01", "2026-12-31"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("project, -want +got:\n%s", diff)
	}
	if got, want := amounts(f), "3000.00/2000.00/1000.00, 1500.00/1000.00/200.00/300.00"; got != want {
		t.Errorf("amounts %s, want %s", got, want)
	}
	if diff := cmp.Diff(model.Goals{Overall: "三年清淤六十公里。", Annual: "今年清淤二十公里。"}, f.Goals); diff != "" {
		t.Errorf("goals, -want +got:\n%s", diff)
	}
	if diff := cmp.Diff(threeIndicators, rows(f)); diff != "" {
		t.Errorf("indicators, -want +got:\n%s", diff)
	}
	if len(f.Signs) != 0 || len(f.Unparsed) != 0 {
		t.Errorf("signs %v, unparsed %v", f.Signs, f.Unparsed)
	}
	for path, line := range map[string]int{"project.name": 3, "funding.annual.total": 6, "goals.annual": 11, "fiscal_year": 2} {
		if s, ok := f.Sources[path]; !ok || s.Location.Line == nil || *s.Location.Line != line {
			t.Errorf("%s was read from %+v, want line %d", path, s, line)
		}
	}
}

const centralHead = `
项目支出绩效目标申报表
（2026年度）
项目名称|水库加固
主管部门及代码|[308001]禾屿县水利局|实施单位|禾屿县水库站
项目属性|延续项目|项目期|2026年—2028年
项目资金（万元）|中期资金总额：|3,600.00|年度资金总额：|1,200.00
|其中：财政拨款|3,000.00|其中：财政拨款|1,000.00
|其他资金|600.00|其他资金|200.00
`

func TestMidtermLayout(t *testing.T) {
	goals := `总体目标|中期目标（2026年—2028年）|年度目标（2026年度）
|加固三座水库。|今年加固一座。
`
	f := build(t, textTable(centralHead+goals+threeRows))
	if f.Layout != "midterm" || f.Funding.Unit != "万元" || f.Project.Nature != "延续项目" || f.Project.Period != "2026年—2028年" || f.Project.StartDate.Valid {
		t.Errorf("layout %q, unit %q, project %+v", f.Layout, f.Funding.Unit, f.Project)
	}
	if got, want := amounts(f), "36000000.00/30000000.00/6000000.00, 12000000.00/10000000.00/-/2000000.00"; got != want {
		t.Errorf("amounts %s, want %s", got, want)
	}
	if diff := cmp.Diff(model.Goals{Overall: "加固三座水库。", Annual: "今年加固一座。"}, f.Goals); diff != "" {
		t.Errorf("goals, -want +got:\n%s", diff)
	}
}

func TestPeriodOfTwoDays(t *testing.T) {
	head := strings.Replace(centralHead, "2026年—2028年", "2026-03-01至2026-11-30", 1)
	f := build(t, textTable(head+threeRows))
	if f.Project.StartDate.String() != "2026-03-01" || f.Project.EndDate.String() != "2026-11-30" || f.Project.Period != "2026-03-01至2026-11-30" {
		t.Errorf("%+v", f.Project)
	}
}

func TestGoals(t *testing.T) {
	tests := []struct {
		name, goals     string
		overall, annual string
	}{
		{"to the right of their labels", "项目总目标|三年。\n年度总体目标|今年。\n", "三年。", "今年。"},
		{"below their labels", "项目总目标|年度总体目标\n三年。|今年。\n", "三年。", "今年。"},
		{"below, the overall one blank", "项目绩效目标|项目总目标|年度总体目标\n||今年。\n", "", "今年。"},
		{"only the annual one", "年度目标|今年。\n", "", "今年。"},
		{"the group's own text", "绩效目标|今年清淤二十公里。\n", "", "今年清淤二十公里。"},
		{"总体目标 heads both", "总体目标|中期目标|年度目标\n|三年。|今年。\n", "三年。", "今年。"},
		{"绩效目标 heads both", "绩效目标|总体目标（2026年—2028年）|年度目标\n|三年。|今年。\n", "三年。", "今年。"},
		{"in several rows", "项目总目标|年度总体目标\n三年一。|今年一。\n三年二。|今年二。\n", "三年一。三年二。", "今年一。今年二。"},
		{"cut by a page break", "项目总目标|年度总体目标\n三年。|今年清淤\n\n||二十公里。\n", "三年。", "今年清淤二十公里。"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := build(t, textTable("项目支出绩效目标申报表\n项目名称|水渠清淤项目\n"+tt.goals+threeRows))
			if diff := cmp.Diff(model.Goals{Overall: tt.overall, Annual: tt.annual}, f.Goals); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if diff := cmp.Diff(threeIndicators, rows(f)); diff != "" {
				t.Errorf("indicators, -want +got:\n%s", diff)
			}
		})
	}
}

func TestFunding(t *testing.T) {
	tests := []struct {
		name, rows, unit, want string
	}{
		{"blank project side", "项目资金（元）|项目资金总额：||年度资金申请总额：|1,500.00\n|其中：财政资金||其中：当年财政拨款|1,500.00\n", "元", "-/-/-, 1500.00/1500.00/-/-"},
		{"annual side alone", "年度资金总额（万元）|15.00\n其中：财政拨款|12.00\n其他资金|3.00\n", "万元", "-/-/-, 150000.00/120000.00/-/30000.00"},
		{"labels of either side by their place", "项目资金（元）|项目资金总额|30|年度资金总额|20\n|其中：财政拨款|25|其中：财政拨款|15\n|其他资金|5|其他资金|5\n", "元", "30.00/25.00/5.00, 20.00/15.00/-/5.00"},
		{"label and amount in one cell", "年度资金总额：1,280.50|其中：财政拨款 1,000.00|其他资金：280.50\n单位：元|\n", "元", "-/-/-, 1280.50/1000.00/-/280.50"},
		{"a unit in its own line", "单位：万元|\n年度资金总额|2\n", "万元", "-/-/-, 20000.00/-/-/-"},
		{"a unit within the cell", "项目资金（元）|年度资金总额|2万元\n", "元", "-/-/-, 20000.00/-/-/-"},
		{"no number", "年度资金总额（元）|待定\n", "元", "-/-/-, invalid/-/-/-"},
		{"one label with two amounts is doubted", "年度资金总额（元）|5\n年度资金总额|7\n", "元", "-/-/-, -/-/-/-"},
		{"no unit anywhere", "年度资金总额|5\n其他资金|—\n", "", "-/-/-, -/-/-/-"},
		{"in the row below", "项目资金（万元）|年度资金总额|财政拨款|其他资金\n|12|10|2\n", "万元", "-/-/-, 120000.00/100000.00/-/20000.00"},
		{"parts in a second row", "资金情况|本年度预计投入(万元)|财政资金(万元)|其他\n|中央|省级|\n|9|4|3|2|\n", "万元", "-/-/-, 90000.00/-/-/20000.00"},
		{"an amount that touches the next label", "项目资金（元）|项目资金总额：|4,536.75年度资金申请总额：|1,000.00\n", "元", "4536.75/-/-, 1000.00/-/-/-"},
		{"a sum of its own column", "项目资金（万元）|财政拨款|小计|10\n|其他资金||2\n", "万元", "-/-/-, -/100000.00/-/20000.00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := build(t, textTable("项目支出绩效目标申报表\n项目名称|水渠清淤项目\n"+tt.rows+threeRows))
			if got := amounts(f); got != tt.want || f.Funding.Unit != tt.unit {
				t.Errorf("%s in %s, want %s in %s", got, f.Funding.Unit, tt.want, tt.unit)
			}
		})
	}
	f := build(t, textTable("项目名称|水渠清淤项目\n年度资金总额（元）|待定\n"+threeRows))
	if len(f.Unparsed) != 1 || f.Unparsed[0].Field != "funding.annual.total" || f.Unparsed[0].Text != "待定" {
		t.Errorf("what is no amount is lost: %+v", f.Unparsed)
	}
}

func TestHeadFields(t *testing.T) {
	tests := []struct {
		name, rows string
		want       map[string]string
	}{
		{"label and value in one cell", "财政项目支出绩效目标申报表|\n项目名称：水渠|\n项目类别 其他运转类|主管部门　水利局\n", map[string]string{"project.name": "水渠", "project.category": "其他运转类", "project.supervising_department": "水利局"}},
		{"broken labels", "项目 名称|水渠\n主 管 部 门|水利局\n", map[string]string{"project.name": "水渠", "project.supervising_department": "水利局"}},
		{"a label without its value", "项目名称|水渠\n实施单位|主管部门|水利局\n", map[string]string{"project.name": "水渠", "project.implementing_unit": "", "project.supervising_department": "水利局"}},
		{"fields that are not kept", "项目名称|水渠\n联系人|王某|主管部门|水利局\n", map[string]string{"project.name": "水渠", "project.supervising_department": "水利局"}},
		{"synonyms", "专项名称|水渠\n预算部门|水利局|项目单位|水利站\n", map[string]string{"project.name": "水渠", "project.supervising_department": "水利局", "project.implementing_unit": "水利站"}},
		{"values that begin with a word of the funding", "项目名称|其他 费用补助项目\n项目性质|其他 一次 性项 目|项目类别|其他 运转类\n", map[string]string{"project.name": "其他 费用补助项目", "project.nature": "其他 一次 性项 目", "project.category": "其他 运转类"}},
		{"funding beside a label without its value", "项目名称|水渠\n项目类别|其他资金 5.00|\n", map[string]string{"project.name": "水渠", "project.category": ""}},
		{"funding that has nothing, beside a label without its value", "项目名称|水渠\n项目类别|其他资金：无|\n项目性质|其他资金 —|\n", map[string]string{"project.name": "水渠", "project.category": "", "project.nature": ""}},
		{"funding in other figures, beside a label without its value", "项目名称|水渠\n项目类别|其他资金 ５．００|\n项目性质|其他资金 伍万元|\n", map[string]string{"project.name": "水渠", "project.category": "", "project.nature": ""}},
		{"years alone are a period", "项目名称|水渠\n开始时间|2025年|完成时间|2027年6月\n", map[string]string{"project.name": "水渠", "project.start_date": "2025年", "project.end_date": "2027年6月", "project.period": "2025年至2027年6月"}},
		{"a day that does not exist", "项目名称|水渠\n计划完成日期|2026-06-31\n", map[string]string{"project.name": "水渠", "project.end_date": "2026-06-31"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := build(t, textTable(tt.rows+threeRows))
			got := map[string]string{}
			for path, s := range f.Sources {
				if strings.HasPrefix(path, "project.") {
					got[path] = s.Text
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// In a text the columns may lie: labels are known by what they say.
func TestIndicatorsOfATextExtraction(t *testing.T) {
	const head = "项目名称|水渠清淤项目\n"
	tests := []struct {
		name, rows string
		want       []string
		signs      []string
	}{
		{"in their columns", threeRows, threeIndicators, nil},
		{"without header", "年度目标|今年。\n产出指标|数量指标|清淤长度|≥20公里\n|质量指标|合格率|=100%\n", []string{"产出指标/数量指标/清淤长度=≥20公里", "产出指标/质量指标/合格率==100%"}, nil},
		{"a row without labels", header + "|产出指标|数量指标|清淤长度|≥20公里\n|||加固长度|≥5公里\n", []string{"产出指标/数量指标/清淤长度=≥20公里", "产出指标/数量指标/加固长度=≥5公里"}, nil},
		{"a row to the right", header + "|产出指标|数量指标|清淤长度|≥20公里\n||||加固长度|≥5公里\n", []string{"产出指标/数量指标/清淤长度=≥20公里", "产出指标/数量指标/加固长度=≥5公里"}, nil},
		{"a row so far right that its value is cut", header + "|产出指标|数量指标|清淤长度|≥20公里\n||||加固长度\n", []string{"产出指标/数量指标/清淤长度=≥20公里", "产出指标/数量指标/加固长度="}, nil},
		{"labels outside their column", header + "|||产出指标|数量指标|清淤长度|≥20公里\n|||||质量指标|合格率|=100%\n",
			[]string{"产出指标/数量指标/清淤长度=≥20公里", "产出指标/质量指标/合格率==100%"}, []string{"displaced-label 产出指标", "displaced-label 数量指标", "displaced-label 质量指标"}},
		{"a level 1 a row late", header + "|产出指标|数量指标|清淤长度|≥20公里\n||社会效益指标|惠及人口|≥3万人\n|效益指标||就业人数|≥5人\n",
			[]string{"产出指标/数量指标/清淤长度=≥20公里", "效益指标/社会效益指标/惠及人口=≥3万人", "效益指标/社会效益指标/就业人数=≥5人"}, []string{"drifted-level 社会效益指标 in 效益指标"}},
		{"a level 1 missing", header + "|产出指标|数量指标|清淤长度|≥20公里\n||社会效益指标|惠及人口|≥3万人\n",
			[]string{"产出指标/数量指标/清淤长度=≥20公里", "效益指标/社会效益指标/惠及人口=≥3万人"}, []string{"drifted-level 社会效益指标 in 效益指标"}},
		{"a level 2 beside a level 1 that is not its parent", header + "|效益指标|时效指标|按期完成率|=100%\n",
			[]string{"产出指标/时效指标/按期完成率==100%"}, []string{"misplaced-level 时效指标 in 效益指标"}},
		{"a row of dashes", "|一级指标|二级指标|三级指标|指标值\n|---|---|---|---\n|产出指标|数量指标|清淤长度|≥20公里\n", []string{"产出指标/数量指标/清淤长度=≥20公里"}, []string{"separator-row ---"}},
		{"a label broken by white space", header + "|产出 指标|数量指标|清淤长度|≥20公里\n", []string{"产出指标/数量指标/清淤长度=≥20公里"}, []string{"broken-label 产出 指标"}},
		{"a label cut by a page break", header + "|产出指标|数量指标|清淤长度|≥20公里\n|效益指标|可持续影|管护机制|健全\n\n|响指标\n", []string{"产出指标/数量指标/清淤长度=≥20公里", "效益指标/可持续影响指标/管护机制=健全"}, []string{"broken-label 可持续影"}},
		{"a name cut by a page break", header + "|产出指标|数量指标|清淤总|≥20公里\n\n|||长度\n", []string{"产出指标/数量指标/清淤总长度=≥20公里"}, nil},
		{"a value cut by a page break", header + "|产出指标|数量指标|清淤长度|≥20.00(公\n\n||||里)\n", []string{"产出指标/数量指标/清淤长度=≥20.00(公里)"}, nil},
		{"label and name in one cell", header + "|产出指标|数量指标 清淤长度|≥20公里\n", []string{"产出指标/数量指标/清淤长度=≥20公里"}, nil},
		{"name and value in one cell", header + "|产出指标|数量指标|清淤长度 ≥20公里\n", []string{"产出指标/数量指标/清淤长度=≥20公里"}, nil},
		{"成本指标 under 产出 on older forms", header + "|产出指标|数量指标|清淤长度|≥20公里\n||成本指标|每公里成本|≤3万元\n", []string{"产出指标/数量指标/清淤长度=≥20公里", "产出指标/成本指标/每公里成本=≤3万元"}, nil},
		{"成本指标 as a level of its own", header + "|成本指标|经济成本指标|每公里成本|≤3万元\n|产出指标|数量指标|清淤长度|≥20公里\n", []string{"成本指标/经济成本指标/每公里成本=≤3万元", "产出指标/数量指标/清淤长度=≥20公里"}, nil},
		{"notes end the table", threeRows + "填报说明|应填尽填\n|||不是指标|≥1\n", threeIndicators, nil},
		{"a signature ends the table", threeRows + "填报人|王某|联系电话|1\n", threeIndicators, nil},
		{"remarks", "|一级指标|二级指标|三级指标|指标值|备注\n|产出指标|数量指标|清淤长度|≥20公里|含支渠\n", []string{"产出指标/数量指标/清淤长度=≥20公里"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := build(t, textTable(head+tt.rows))
			if diff := cmp.Diff(tt.want, rows(f)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if diff := cmp.Diff(tt.signs, signs(f)); diff != "" {
				t.Errorf("signs, -want +got:\n%s", diff)
			}
		})
	}
}

func TestShiftedRowsAreMarked(t *testing.T) {
	f := build(t, textTable("项目名称|水渠\n"+header+"|产出指标|数量指标|清淤长度|≥20公里\n||||加固长度\n|||护坡长度\n"))
	var got []bool
	for _, i := range f.Indicators {
		got = append(got, i.Shifted)
	}
	if diff := cmp.Diff([]bool{false, true, false}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for _, i := range f.Indicators[1:] {
		if i.Value.Kind != model.KindMissing {
			t.Errorf("%s has the value %+v", i.Level3, i.Value)
		}
	}
}

func TestRuledForm(t *testing.T) {
	f := build(t, ruledTable(`
项目支出绩效目标申报表|<|<|<|<
（2026年度）|<|<|<|<
项目名称|<|水渠清淤项目|<|<
主管部门|<|水利局|实施单位|水利站
项目资金（元）|项目资金总额||年度资金总额|20
^|其中：财政拨款||其中：财政拨款|15
^|其他资金||其他资金|5
项目绩效目标|项目总目标|<|年度总体目标|<
^||<|今年清淤二十公里。|<
绩效指标|一级指标|二级指标|三级指标|指标值
^|产出指标|数量指标|清淤长度|≥20公里
^|^|^|加固长度|≥5公里
^|^|质量指标|合格率|=100%
^|满意度指标|服务对象满意度指标|村民满意度|≥90%
`))
	if f.Geometry != model.Ruled || f.Project.Name != "水渠清淤项目" || f.Project.ImplementingUnit != "水利站" || f.FiscalYear != 2026 {
		t.Errorf("geometry %q, year %d, project %+v", f.Geometry, f.FiscalYear, f.Project)
	}
	if got, want := amounts(f), "-/-/-, 20.00/15.00/-/5.00"; got != want {
		t.Errorf("amounts %s, want %s", got, want)
	}
	if diff := cmp.Diff(model.Goals{Annual: "今年清淤二十公里。"}, f.Goals); diff != "" {
		t.Errorf("goals, -want +got:\n%s", diff)
	}
	want := []string{"产出指标/数量指标/清淤长度=≥20公里", "产出指标/数量指标/加固长度=≥5公里", "产出指标/质量指标/合格率==100%", "满意度指标/服务对象满意度指标/村民满意度=≥90%"}
	if diff := cmp.Diff(want, rows(f)); diff != "" {
		t.Errorf("indicators, -want +got:\n%s", diff)
	}
	// A label that spans the row is printed there.
	if i := f.Indicators[1]; i.PrintedLevel1 != "产出指标" || i.PrintedLevel2 != "数量指标" {
		t.Errorf("printed labels of the second row: %q and %q", i.PrintedLevel1, i.PrintedLevel2)
	}
	if len(f.Signs) != 0 {
		t.Errorf("signs %v", signs(f))
	}
}

func TestRuledIndicators(t *testing.T) {
	tests := []struct {
		name, rows string
		want       []string
		signs      []string
	}{
		{"a level 2 inside another level 1's cell", "一级指标|二级指标|三级指标|指标值\n效益指标|社会效益指标|惠及人口|≥3万人\n^|时效指标|按期完成率|=100%\n",
			[]string{"效益指标/社会效益指标/惠及人口=≥3万人", "产出指标/时效指标/按期完成率==100%"}, []string{"misplaced-level 时效指标 in 效益指标"}},
		{"operator and unit in columns of their own", "一级指标|二级指标|三级指标|运算符号|指标值|计量单位\n产出指标|数量指标|清淤长度|≥|20|公里\n^|质量指标|合格率|定性|优良|\n",
			[]string{"产出指标/数量指标/清淤长度=≥20公里", "产出指标/质量指标/合格率=优良"}, nil},
		{"two value columns: the year's counts", "一级指标|二级指标|三级指标|中期指标值|年度指标值\n产出指标|数量指标|清淤长度|≥60公里|≥20公里\n", []string{"产出指标/数量指标/清淤长度=≥20公里"}, nil},
		{"a blank value", "一级指标|二级指标|三级指标|指标值\n产出指标|数量指标|清淤长度|\n", []string{"产出指标/数量指标/清淤长度="}, nil},
		{"one name over two values", "一级指标|二级指标|三级指标|指标值\n产出指标|数量指标|清淤长度|≥20公里\n^|^|^|≤25公里\n", []string{"产出指标/数量指标/清淤长度=≥20公里", "产出指标/数量指标/清淤长度=≤25公里"}, nil},
		{"blank rows are passed over", "一级指标|二级指标|三级指标|指标值\n产出指标|数量指标|清淤长度|≥20公里\n||| \n", []string{"产出指标/数量指标/清淤长度=≥20公里"}, nil},
		{"notes end the table", "一级指标|二级指标|三级指标|指标值\n产出指标|数量指标|清淤长度|≥20公里\n填报说明|应填尽填|<|<\n||不是指标|≥1\n", []string{"产出指标/数量指标/清淤长度=≥20公里"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := build(t, ruledTable("项目名称|水渠|<|<\n"+tt.rows))
			if diff := cmp.Diff(tt.want, rows(f)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if diff := cmp.Diff(tt.signs, signs(f)); diff != "" {
				t.Errorf("signs, -want +got:\n%s", diff)
			}
		})
	}
}

func TestAnotherTableBehindTheForm(t *testing.T) {
	first := ruledTable("项目名称|水渠|<|<\n一级指标|二级指标|三级指标|指标值\n产出指标|数量指标|清淤长度|≥20公里\n")
	other := ruledTable("序号|单位名称|金额|<|<\n1|水利站|20|<|<\n")
	f := build(t, first, other)
	if diff := cmp.Diff([]string{"产出指标/数量指标/清淤长度=≥20公里"}, rows(f)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	rest := ruledTable("产出指标|质量指标|合格率|=100%\n")
	f = build(t, first, rest)
	if diff := cmp.Diff([]string{"产出指标/数量指标/清淤长度=≥20公里", "产出指标/质量指标/合格率==100%"}, rows(f)); diff != "" {
		t.Errorf("the same columns in a table of their own, -want +got:\n%s", diff)
	}
}

func TestSeveralForms(t *testing.T) {
	second := strings.NewReplacer("水渠清淤项目", "道路养护项目").Replace(districtHead + threeRows)
	tests := []struct {
		name   string
		tables []model.Table
	}{
		{"each in its table", []model.Table{textTable(districtHead + threeRows), textTable(second)}},
		{"in one table, by their titles", []model.Table{ruledTable("项目支出绩效目标申报表|<|<|<\n项目名称|水渠清淤项目|<|<\n一级指标|二级指标|三级指标|指标值\n产出指标|数量指标|清淤长度|≥20公里\n项目支出绩效目标申报表|<|<|<\n项目名称|道路养护项目|<|<\n一级指标|二级指标|三级指标|指标值\n产出指标|数量指标|养护里程|≥9公里\n")}},
		{"in one table, by 项目名称 alone", []model.Table{textTable("项目名称|水渠清淤项目\n" + threeRows + "项目名称|道路养护项目\n" + threeRows)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var names []string
			for i, f := range formsOf(tt.tables) {
				names = append(names, f.Project.Name)
				if f.Index != i+1 || len(f.Indicators) == 0 {
					t.Errorf("form %d: index %d, %d indicators", i+1, f.Index, len(f.Indicators))
				}
			}
			if diff := cmp.Diff([]string{"水渠清淤项目", "道路养护项目"}, names); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// A form that follows without a title has the year that is printed above it,
// whether or not the page before it ends its table.
func TestYearOfAFormWithoutATitle(t *testing.T) {
	form := func(name string) string {
		return "项目名称|" + name + "|<|<\n主管部门|甲局|实施单位|乙所\n一级指标|二级指标|三级指标|指标值\n产出指标|数量指标|巡护次数|≥24次"
	}
	year := func(s string) model.Line { return model.Line{Text: s} }
	apart := []model.Table{ruledTable(form("甲项目")), ruledTable(form("乙项目"))}
	apart[0].Caption = []model.Line{year("项目支出绩效目标申报表"), year("（2025年度）")}
	apart[1].Caption = []model.Line{year("（2026年度）")}
	together := ruledTable(form("甲项目") + "\n" + form("乙项目"))
	together.Caption = apart[0].Caption
	together.Breaks = []int{4}
	together.Between = []model.BetweenLine{{Row: 4, Line: year("（2026年度）")}}
	for name, tables := range map[string][]model.Table{"apart": apart, "in one table": {together}} {
		forms := formsOf(tables)
		if len(forms) != 2 || forms[0].FiscalYear != 2025 || forms[1].FiscalYear != 2026 {
			t.Errorf("%s: %d forms", name, len(forms))
			for _, f := range forms {
				t.Logf("%s of %d", f.Project.Name, f.FiscalYear)
			}
		}
	}
}

// Columns that alignment alone gave may have run together: without a column of
// values, what stands below the names may be both.
func TestAlignedNamesWithoutValues(t *testing.T) {
	table := ruledTable("项目名称|古桥巡护|<\n主管部门|甲局|<\n一级指标|二级指标|三级指标\n产出指标|数量指标|巡护次数≥24次")
	table.Caption = []model.Line{{Text: "项目支出绩效目标申报表"}}
	for geometry, want := range map[model.Geometry]int{model.Ruled: 1, model.Aligned: 0} {
		table.Geometry = geometry
		f := build(t, table)
		doubted := slices.ContainsFunc(f.Doubts, func(d model.Doubt) bool { return d.Text == "巡护次数≥24次" })
		if len(f.Indicators) != want || doubted != (want == 0) {
			t.Errorf("%s: %d indicators, doubts %+v", geometry, len(f.Indicators), f.Doubts)
		}
	}
}

func TestWhatIsNoForm(t *testing.T) {
	tests := map[string]model.Table{
		"nothing":                    {},
		"a list of projects":         textTable("序号|项目名称|主管部门|金额\n1|水渠|水利局|20\n2|道路|交通局|30\n"),
		"a title alone":              textTable("项目支出绩效目标申报表\n|\n"),
		"a title over another table": textTable("项目支出绩效目标申报表\n科目|金额\n教育|20\n"),
		"an indicator table alone":   textTable(threeRows),
	}
	for name, table := range tests {
		t.Run(name, func(t *testing.T) {
			forms := formsOf([]model.Table{table})
			if len(forms) != 0 {
				t.Errorf("%d forms were made: %+v", len(forms), forms)
			}
		})
	}
}

func TestTitles(t *testing.T) {
	tests := map[string]bool{
		"财政项目支出绩效目标申报表": true, "项目支出绩效目标表（2026年度）": true, "专项资金绩效目标申报表": true, "项目 支出 绩效 目标 申报表": true,
		"部门整体支出绩效目标申报表": true, "项目支出绩效自评表": true, "绩效目标申报表（基础设施建设类）": true, "雨露计划绩效目标申报表": true,
		"项目绩效目标汇总表": false, "": false, "现将项目支出绩效目标申报表的填报要求说明如下": false,
		"按照通知要求，请各单位报送项目支出绩效目标申报表": false,
	}
	for in, want := range tests {
		if Standard().IsTitle(in) != want {
			t.Errorf("IsTitle(%q) is %v", in, !want)
		}
	}
}

func TestLabels(t *testing.T) {
	tests := map[string]bool{
		"项目名称": true, "数量指标": true, "服务对象满意度指标": true, "其中：财政拨款": true, "年度总体目标": true, "三级指标": true,
		"2026年度总体目标": true, "2026年指标值": true, "上年结转（结余）资金": true, "2026年": false, "2026年度": false,
		"水渠清淤": false, "": false, "数量指": false, "≥20公里": false,
	}
	for in, want := range tests {
		if Standard().IsLabel(in) != want {
			t.Errorf("IsLabel(%q) is %v", in, !want)
		}
	}
}

// Every level-2 label of the classification is found under its own level 1,
// and every layout has marks of its own.
func TestClassification(t *testing.T) {
	l := Standard()
	for _, x := range l.list {
		if len(x.file.Marks) == 0 || len(x.required) == 0 || len(x.file.Prints) == 0 || x.file.Note == "" {
			t.Errorf("layout %s: %d marks, %d required levels, %d fields, note %q", x.file.Name, len(x.file.Marks), len(x.required), len(x.file.Prints), x.file.Note)
		}
	}
	for key, two := range l.level2 {
		if len(two.parents) == 0 {
			t.Errorf("%s (%s) has no level 1", key, two.name)
		}
		for _, parent := range two.parents {
			if l.level1[normLabel(parent)].name == "" {
				t.Errorf("%s stands under the unknown %s", two.name, parent)
			}
		}
	}
}

// A signature line ends the indicators, whatever its colon; a form may begin
// with a label fused to its value.
func TestEdgesOfAForm(t *testing.T) {
	head := textTable(`
项目名称：沟渠整治项目 | 主管部门 | 水务所
| 一级指标 | 二级指标 | 三级指标 | 指标值
绩效指标 | 产出指标 | 数量指标 | 整治沟渠长度 | ≥3.5(公里)
填报人：王某 | 联系电话：1`)
	forms := formsOf([]model.Table{head})
	if len(forms) != 1 || len(forms[0].Indicators) != 1 || forms[0].Project.Name != "沟渠整治项目" {
		t.Fatalf("got %+v", forms)
	}
}

// What the font gave no way to is doubted, in the head as in an indicator.
func TestIllegibleText(t *testing.T) {
	table := textTable(`
项目名称 | 沟渠` + "\ufffd" + `治项目 | 主管部门 | 水务所
| 一级指标 | 二级指标 | 三级指标 | 指标值
绩效指标 | 产出指标 | 数量指标 | 整治沟渠长度 | ` + "\uffff" + `3.5(公里)`)
	forms := formsOf([]model.Table{table})
	if len(forms) != 1 {
		t.Fatalf("%d forms", len(forms))
	}
	var fields []string
	for _, u := range forms[0].Doubts {
		fields = append(fields, string(u.Code)+" "+u.Field)
	}
	if want := []string{"ambiguous-text project.name", "ambiguous-text indicators[0].value"}; !slices.Equal(fields, want) {
		t.Errorf("doubts %v, want %v", fields, want)
	}
	if f := forms[0]; f.Project.Name != "" || f.Indicators[0].Value.Raw != "" || f.Indicators[0].Level3 != "整治沟渠长度" {
		t.Errorf("name %q, indicators %+v", f.Project.Name, f.Indicators)
	}
}

// formsOf are the declarations among tables.
func formsOf(tables []model.Table) []model.Form {
	var out []model.Form
	for f := range Standard().Build(slices.Values(tables)) {
		if f.Code == "" {
			out = append(out, f.Form)
		}
	}
	return out
}

// A row that has lost its blank first cell stands a column to the left: its
// cells are then told by their order, never by the headings above them.
func TestTextRowsThatSlidOutOfTheirColumns(t *testing.T) {
	head := `项目支出绩效目标表
（2026年度）
项目名称 | 排水管网改造
主管部门 | 甲局 | 实施单位 | 乙站
项目资金（万元） | 年度资金总额 | 218.60
其中：财政拨款 | 218.60
年度目标 | 改造管网。
`
	f := build(t, textTable(head+`一级指标 | 二级指标 | 三级指标 | 指标值 | 备注
产出指标 | 数量指标 | 改造长度 | ≥2.4公里 | 竣工图
质量指标 | 试验合格率 | =100%
时效指标 | 完工时间 | 6月底前 | 合同
 | | 开工时间 | 3月`))
	var got []string
	for _, x := range f.Indicators {
		got = append(got, strings.Join([]string{x.Level2, x.Level3, x.Value.Raw, x.Remark}, "|"))
	}
	want := []string{"数量指标|改造长度|≥2.4公里|竣工图", "质量指标|试验合格率|=100%|", "时效指标|完工时间|6月底前|合同", "时效指标|开工时间|3月|"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	// With the value in several columns nothing tells which cell is missing.
	f = build(t, textTable(head+`一级指标 | 二级指标 | 三级指标 | 指标性质 | 指标值 | 度量单位
产出指标 | 数量指标 | 改造长度 | ≥ | 2.4 | 公里
质量指标 | 试验合格率 | = | 100 | %
时效指标 | 完工时间 | 6月底前`))
	if got := f.Indicators[1].Value.Raw; got != "=100%" {
		t.Errorf("a row with a cell for each column gives %q", got)
	}
	if x := f.Indicators[2].Value.Raw; x != "" || !f.HasDoubt("indicators[2].value") {
		t.Errorf("a row without operator and unit gives %q and the doubts %v", x, f.Doubts)
	}
}

func TestTickBoxes(t *testing.T) {
	for text, want := range map[string]string{
		"新增项目□　延续项目√":        "延续项目",
		"□新增项目 ☑延续项目":        "延续项目",
		"（√）新增项目 （ ）延续项目":    "新增项目",
		"[ ]新增项目 [✓]延续项目":    "延续项目",
		"新增项目（　） 延续项目（ √ ）":  "延续项目",
		"新增项目□ 延续项目□":        "",
		"□新增项目√ 延续项目□":       "?", // whose each mark is cannot be told
		"新增项目√ 延续项目√":        "?",
		"☑新增项目 ☑延续项目 □一次性项目": "?",
	} {
		options, ticked := tickBoxes(text)
		if strings.Contains(ticked, "\x00") {
			ticked = "?"
		}
		if !options || ticked != want {
			t.Errorf("%s: %v, %q, want %q", text, options, ticked, want)
		}
	}
	for _, text := range []string{"延续项目", "其他（ ）类", "新增项目（第三批）"} {
		if options, _ := tickBoxes(text); options {
			t.Errorf("%s has no boxes", text)
		}
	}
}

// Two sides may each have their own level 1, and the year's may stand first.
func TestTwoSidesWithTheirOwnLevels(t *testing.T) {
	f := build(t, ruledTable(`项目名称 | 河堤加固 | < | < | < | < | < | < | <
主管部门 | 甲局 | < | < | < | 实施单位 | 乙站 | < | <
绩效指标 | 年度指标 | < | < | < | 长期指标 | < | < | <
^ | 一级指标 | 二级指标 | 三级指标 | 指标值 | 一级指标 | 二级指标 | 三级指标 | 指标值
^ | 产出指标 | 数量指标 | 加固长度 | ≥1公里 | 产出指标 | 数量指标 | 加固长度 | ≥6公里
^ | ^ | 质量指标 | 合格率 | =100% | 效益指标（60分） | 社会效益指标 | 保护人口 | ≥3万人
^ | 效益指标 | 社会效益指标 | 险情 | =0次 | ^ | 生态效益指标 | 护岸绿化 | ≥2公里`))
	show := func(list []model.Indicator) (out []string) {
		for _, x := range list {
			out = append(out, strings.Join([]string{x.Level1, x.Level2, x.Level3, x.Value.Raw, x.PrintedLevel1, x.Level1Weight}, "|"))
		}
		return out
	}
	want := []string{"产出指标|数量指标|加固长度|≥1公里|产出指标|", "产出指标|质量指标|合格率|=100%|产出指标|", "效益指标|社会效益指标|险情|=0次|效益指标|"}
	if diff := cmp.Diff(want, show(f.Indicators)); diff != "" {
		t.Error(diff)
	}
	want = []string{"产出指标|数量指标|加固长度|≥6公里|产出指标|", "效益指标|社会效益指标|保护人口|≥3万人|效益指标（60分）|60", "效益指标|生态效益指标|护岸绿化|≥2公里|效益指标（60分）|60"}
	if diff := cmp.Diff(want, show(f.OverallIndicators)); diff != "" {
		t.Error(diff)
	}
	for _, d := range f.Doubts {
		t.Errorf("doubt %+v", d)
	}
}

// Below a heading of values, unknown headings are regions only where none of
// them is a heading of the table's own: else their cells are doubted.
func TestHeadingsBelowTheValue(t *testing.T) {
	head := `项目名称 | 河堤加固 | < | < | < | <
主管部门 | 甲局 | < | 实施单位 | 乙站 | <
`
	f := build(t, ruledTable(head+`一级指标 | 二级指标 | 三级指标 | 指标值 | < | <
^ | ^ | ^ | 指标性质 | 目标数 | 度量单位
产出指标 | 数量指标 | 加固长度 | ≥ | 1.2 | 公里`))
	if x := f.Indicators[0]; x.RegionValues != nil || x.Value.Raw != "" || !f.HasDoubt("indicators[0].value") {
		t.Errorf("%+v, doubts %+v", x, f.Doubts)
	}
	f = build(t, ruledTable(head+`一级指标 | 二级指标 | 三级指标 | 指标值 | < | <
^ | ^ | ^ | 指标性质 | 数值 | 度量单位
产出指标 | 数量指标 | 加固长度 | ≥ | 1.2 | 公里`))
	if x := f.Indicators[0].Value.Raw; x != "≥1.2公里" || len(f.Doubts) > 0 {
		t.Errorf("%q, doubts %+v", x, f.Doubts)
	}
	f = build(t, ruledTable(head+`一级指标 | 二级指标 | 三级指标 | 指标值 | < | <
^ | ^ | ^ | 东河区 | 西岭县 | 市本级
产出指标 | 数量指标 | 加固长度 | ≥1公里 | ≥2公里 | `))
	if x := f.Indicators[0].RegionValues; len(x) != 3 || x[1].Region != "西岭县" || x[1].Value.Raw != "≥2公里" {
		t.Errorf("%+v, doubts %+v", x, f.Doubts)
	}
}

// Headings may say the time they are about before any word for a column.
func TestHeadingsWithTheirScope(t *testing.T) {
	f := build(t, ruledTable(`项目名称 | 河堤加固 | < | < | < | < | <
主管部门 | 甲局 | < | 实施单位 | 乙站 | < | <
一级指标 | 年度二级指标 | 年度三级指标 | 年度目标值 | 中长期二级指标 | 中长期三级指标 | 中长期目标值
产出指标 | 数量指标 | 加固长度 | ≥1公里 | 质量指标 | 合格率 | =100%`))
	if len(f.Indicators) != 1 || f.Indicators[0].Value.Raw != "≥1公里" || len(f.OverallIndicators) != 1 || f.OverallIndicators[0].Level2 != "质量指标" || len(f.Doubts) > 0 {
		t.Errorf("%+v\n%+v\n%+v", f.Indicators, f.OverallIndicators, f.Doubts)
	}
}

// A form that only marks where things are to be written is a template,
// whatever its project's cell says to write there.
func TestTemplatesWithHints(t *testing.T) {
	drawn := func(name, first, value string) string {
		return `项目名称 | ` + name + ` | < | < | <
主管部门 |  | < | 实施单位 | 
一级指标 | 二级指标 | 三级指标 | 指标值 | 备注
产出指标 | 数量指标 | ` + first + ` | ` + value + ` |
^ | ^ | 指标2： |  | 
^ | ^ | …… |  | `
	}
	code := func(s string) (out string) {
		for f := range Standard().Build(slices.Values([]model.Table{ruledTable(s)})) {
			out += f.Code + "."
		}
		return out
	}
	if got := code(drawn("（填写全称）", "指标1：", "")); got != "blank-template." {
		t.Errorf("a template is %q", got)
	}
	for _, s := range []string{drawn("河堤加固", "加固长度", ""), drawn("（填写全称）", "指标1：", "≥2公里")} {
		if got := code(s); got != "." {
			t.Errorf("a form with something in it is %q", got)
		}
	}
}

// A year alone is a value, not the label 年度 with a year before it.
func TestYearAsValue(t *testing.T) {
	f := build(t, ruledTable(`项目名称 | 河堤加固 | < | < | <
主管部门 | 甲局 | < | 项目起止时间 | 2025年
实施单位 | 乙站 | < | 年度 | 2026年
一级指标 | 二级指标 | 三级指标 | 指标值 | 备注
产出指标 | 数量指标 | 加固长度 | ≥1公里 | 2025年度`))
	if f.Project.Period != "2025年" || f.FiscalYear != 2026 || f.Indicators[0].Remark != "2025年度" || len(f.Doubts) > 0 {
		t.Errorf("period %q, year %d, remark %q, doubts %+v", f.Project.Period, f.FiscalYear, f.Indicators[0].Remark, f.Doubts)
	}
}

// Amounts that stand by themselves on the page of a form whose cells for them
// are blank were meant for the cells.
func TestAmountsBesideTheirCells(t *testing.T) {
	const blank = `项目名称|水渠清淤项目
项目资金（元）|年度资金总额|
|其他资金|
`
	filled := strings.Replace(blank, "年度资金总额|", "年度资金总额|500.00", 1)
	for _, tt := range []struct {
		name, form, line string
		page             int
		want             int // doubts
	}{
		{"an amount", blank, "26,500.00", 1, 1},
		{"several over each other", blank, "8855792,50,,500.00 0.0..00", 1, 1},
		{"on the next page", blank, "26,500.00", 2, 0},
		{"under a form that was filled in", filled, "26,500.00", 1, 0},
		{"a page's number", blank, "12", 1, 0},
		{"prose", blank, "二、政府采购 26,500.00 元。", 1, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			after := model.Table{Geometry: model.Ruled, Caption: []model.Line{{Text: tt.line, Location: model.Location{Page: &tt.page}}}}
			f := build(t, ruledTable(tt.form+threeRows), after)
			n := 0
			for _, d := range f.Doubts {
				if d.Code == model.UnassignedText && d.Text == tt.line {
					n++
				}
			}
			if n != tt.want {
				t.Errorf("doubted %d times, want %d", n, tt.want)
			}
		})
	}
}

// A piece of a form that stands without its head, and a head without its
// indicators, are not passed over.
func TestFormsInPieces(t *testing.T) {
	const head = `财政项目支出绩效目标申报表|<|<|<
项目名称|水渠清淤项目|主管部门|水利局
项目资金（元）|<|年度资金总额|500.00
`
	piece := "产出指标|数量指标|清淤长度|≥20.00(公里)\n"
	titled := func(s string) model.Table {
		title, rest, _ := strings.Cut(s, "\n")
		x := ruledTable(rest)
		page := 1
		x.Caption = []model.Line{{Text: strings.Trim(title, "|<"), Location: model.Location{Page: &page}}}
		return x
	}
	codes := func(tables ...model.Table) (codes, doubted []string) {
		for f := range Standard().Build(slices.Values(tables)) {
			codes = append(codes, f.Code)
			for _, d := range f.Form.Doubts {
				doubted = append(doubted, d.Field)
			}
		}
		return codes, doubted
	}
	if got, _ := codes(ruledTable(piece), titled(head+threeRows)); !slices.Equal(got, []string{IndicatorsOnly, ""}) {
		t.Errorf("a piece before a form: %q", got)
	}
	for _, rest := range []string{"||村民满意度|≥90.00(%)\n", "产出指标|数量指标|清淤\n"} {
		if got, _ := codes(ruledTable(rest), titled(head+threeRows)); !slices.Equal(got, []string{IndicatorsOnly, ""}) {
			t.Errorf("%q before a form: %q", rest, got)
		}
	}
	if got, doubted := codes(titled(head), titled(head+threeRows)); !slices.Equal(got, []string{"", ""}) || !slices.Contains(doubted, "indicators") {
		t.Errorf("a head without indicators: %q, doubted %q", got, doubted)
	}
	if got, _ := codes(ruledTable("项目名称|单位|金额\n甲|水利局|5.00\n"), ruledTable("收入|支出\n1.00|2.00\n")); len(got) != 0 {
		t.Errorf("other tables: %q", got)
	}
}

// A line above a form that cannot be read may be the one that says its year.
func TestYearThatCannotBeRead(t *testing.T) {
	table := ruledTable("项目名称|水渠清淤项目|主管部门|水利局\n项目资金（元）|<|年度资金总额|500.00\n" + threeRows)
	page := 1
	table.Caption = []model.Line{{Text: "（2\ufffd26年度）", Location: model.Location{Page: &page}}}
	f := build(t, table)
	if f.FiscalYear != 0 || !f.HasDoubt("fiscal_year") {
		t.Errorf("year %d, doubts %+v", f.FiscalYear, f.Doubts)
	}
}

// Labels and values that are not seen, as outside the paper, are rows of the
// form; labels alone may be a merged cell's, shown on its other page.
func TestRowsThatAreNotSeen(t *testing.T) {
	for _, tt := range []struct {
		texts []string
		want  bool
	}{{[]string{"效益指标", "社会效益指标", "≥3(万人)", "≥9(个)"}, true}, {[]string{"产出指标", "时效指标", "≥3(万人)"}, false}, {[]string{"内部资料", "草稿"}, false}, {nil, false}} {
		table := textTable(districtHead + threeRows)
		for _, s := range tt.texts {
			line := 99
			table.Ignored = append(table.Ignored, model.Ignored{Reason: model.Unpainted, Text: s, Location: model.Location{Line: &line}})
		}
		f := build(t, table)
		if got := slices.ContainsFunc(f.Doubts, func(d model.Doubt) bool { return d.Code == model.CutOff }); got != tt.want {
			t.Errorf("%q: doubted %v, want %v", tt.texts, got, tt.want)
		}
	}
	table, page := textTable(districtHead+threeRows), 1
	table.Ignored = []model.Ignored{{Reason: model.Unpainted, Text: "≥3(万人)", Location: model.Location{Page: &page, Box: &model.Box{50, -60, 90, -50}}}}
	if f := build(t, table); !slices.ContainsFunc(f.Doubts, func(d model.Doubt) bool { return d.Code == model.CutOff }) {
		t.Errorf("a value above the paper is passed over: %+v", f.Doubts)
	}
}

// A page that begins with a level 1 that the form has left goes on with
// another form, whose first page is missing.
func TestLevelsThatBeginAgain(t *testing.T) {
	const head = `项目名称|水渠清淤项目|主管部门|水利局
项目资金（元）|<|年度资金总额|500.00
`
	const header = "一级指标|二级指标|三级指标|指标值\n"
	const output = "产出指标|数量指标|清淤长度|≥20.00(公里)\n"
	const cost = "产出指标|成本指标|清淤单价|≤3.00(元)\n"
	const benefit = "效益指标|社会效益指标|受益村庄|≥3.00(个)\n"
	tests := map[string]struct {
		rows   string
		breaks []int
		want   []string
	}{
		"output again on a new page":     {head + header + output + benefit + output + benefit, []int{5}, []string{"", IndicatorsOnly}},
		"output again on the same page":  {head + header + output + benefit + output, nil, []string{""}},
		"the level in force again":       {head + header + output + benefit + benefit, []int{5}, []string{""}},
		"a level 2 that is a level 1":    {head + header + cost + "|成本指标|运行费|≤3.00(元)\n" + output + benefit, []int{4, 5}, []string{""}},
		"a header that is repeated":      {head + header + output + header + benefit + header + benefit, []int{4, 6}, []string{""}},
		"restarted below such a header":  {head + header + output + benefit + header + output, []int{5}, []string{"", IndicatorsOnly}},
		"another list on a new page":     {head + "长期指标|" + header + "|" + output + "|" + benefit + "年度指标|" + header + "|" + output + "|" + benefit, []int{5}, []string{""}},
		"a second list on the same page": {head + header + output + benefit + header + output + benefit, []int{7}, []string{""}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			table := ruledTable(tt.rows)
			table.Breaks = tt.breaks
			var got []string
			for f := range Standard().Build(slices.Values([]model.Table{table})) {
				got = append(got, f.Code)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
