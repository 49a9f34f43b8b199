package text_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"perfgoal/model"
	"perfgoal/parser/form"
	"perfgoal/parser/text"
)

// words is the vocabulary of the forms that the program comes with.
func words() text.Words { return form.Standard().Words() }

// table lists the cells of all tables, a row a string, doubted ones with a
// question mark.
func table(s string) []string {
	var out []string
	for t := range text.Tables(s, words()) {
		rows := make([][]string, t.Rows)
		for _, c := range t.Cells {
			s := fmt.Sprintf("%d:%s", c.Col, c.Text)
			if c.Doubt != nil {
				s += "?"
			}
			rows[c.Row] = append(rows[c.Row], s)
		}
		for _, r := range rows {
			out = append(out, strings.Join(r, " "))
		}
	}
	return out
}

// below is what stands below the header of the indicators.
func below(rows []string) []string {
	i := slices.IndexFunc(rows, func(s string) bool { return strings.Contains(s, "三级指标") })
	return rows[i+1:]
}

const lostHead = "项目支出绩效目标申报表\n（2026年度）\n项目名称\n古桥巡护\n主管部门\n甲局\n实施单位\n乙所\n年度资金总额\n1.00\n年度目标\n巡护古桥。\n绩效指标\n一级指标\n二级指标\n三级指标\n"

func TestCellALine(t *testing.T) {
	tests := []struct {
		name, header, body string
		want               []string
	}{
		{"names and values", "指标值", "产出指标\n数量指标\n巡护次数\n≥24次\n巡护古桥座数\n6座\n时效指标\n险情处置及时性\n及时", []string{
			"1:产出指标 2:数量指标 3:巡护次数 4:≥24次", "3:巡护古桥座数 4:6座", "2:时效指标 3:险情处置及时性 4:及时",
		}},
		{"a wrapped name", "指标值", "产出指标\n数量指标\n参加古桥测绘和险情记录的\n志愿者\n≥40人", []string{
			"1:产出指标 2:数量指标 3:参加古桥测绘和险情记录的志愿者 4:≥40人",
		}},
		{"a page's number between", "指标值", "产出指标\n数量指标\n巡护次数\n— 1 —\n\f≥24次", []string{
			"1:产出指标 2:数量指标 3:巡护次数 4:≥24次",
		}},
		{"operator and unit apart, the unit blank", "指标性质\n指标值\n度量单位", "产出指标\n数量指标\n巡护次数\n≥\n24\n次\n台账\n定性\n健全\n古桥座数\n＝\n6\n座", []string{
			"1:产出指标 2:数量指标 3:巡护次数 4:≥ 5:24 6:次", "3:台账 4:定性 5:健全", "3:古桥座数 4:＝ 5:6 6:座",
		}},
		{"a unit that the line broke", "指标值\n备注", "产出指标\n数量指标\n巡护次数\n≥24次\n每月\n成本指标\n单次巡护成本\n≤7.4万\n元\n", []string{
			"1:产出指标 2:数量指标 3:巡护次数 4:≥24次 5:每月", "2:成本指标 3:单次巡护成本≤7.4万元?",
		}},
		{"a name without a value", "指标值", "产出指标\n数量指标\n巡护次数\n古桥座数\n6座", []string{
			"1:产出指标 2:数量指标 3:巡护次数古桥座数6座?",
		}},
		{"a remark or the next name's first line", "指标值\n备注", "产出指标\n数量指标\n巡护次数\n≥24次\n参照往年巡护次数\n古桥测绘座数\n6座", []string{
			"1:产出指标 2:数量指标 3:巡护次数 4:≥24次", "3:参照往年巡护次数古桥测绘座数6座?",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, below(table(lostHead+tt.header+"\n"+tt.body+"\n"))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// Pages turned into text have labels in the middle of what they span: no row
// can be put together.
func TestDisordered(t *testing.T) {
	right := lostHead + "指标值\n产出指标\n数量指标\n巡护次数\n≥24次\n质量指标\n合格率\n≥95%\n效益指标\n社会效益指标\n投诉下降率\n≥5%\n生态效益指标\n水质达标率\n≥90%\n"
	if text.Disordered(right, words()) {
		t.Error("a text in the order of its rows was refused")
	}
	middle := lostHead + "指标值\n数量指标\n巡护次数\n≥24次\n产出指标\n质量指标\n合格率\n≥95%\n社会效益指标\n投诉下降率\n≥5%\n效益指标\n生态效益指标\n水质达标率\n≥90%\n"
	if !text.Disordered(middle, words()) {
		t.Error("labels in the middle of their rows were not noticed")
	}
	one := strings.Replace(right, "效益指标\n社会效益指标", "社会效益指标", 1)
	if text.Disordered(one, words()) {
		t.Error("a form without one of its labels was taken for another order")
	}
}

// What a converter took off the page by columns has lost its rows, also where
// no level label shows it.
func TestScatteredCells(t *testing.T) {
	rows := "决策\n项目立项\n立项依据充分性\n充分\n充分\n过程\n资金管理\n预算执行率\n≥50%\n≥95%\n产出\n产出数量\n巡护次数\n≥10次\n≥24次\n"
	right := lostHead + "半年指标值\n全年指标值\n" + rows
	tests := []struct {
		name, text string
		want       bool
	}{
		{"in order", right, false},
		{"two forms, the second without a title", right + strings.SplitN(right, "\n", 3)[2], false},
		{"the header again", right + "绩效指标\n一级指标\n二级指标\n三级指标\n半年指标值\n全年指标值\n产出时效\n险情处置及时率\n≥90%\n≥95%\n", false},
		{"a heading below the rows", lostHead + "半年指标值\n" + strings.NewReplacer("充分\n充分", "充分", "≥50%\n", "", "≥10次\n", "").Replace(rows) + "全年指标值\n充分\n≥95%\n≥24次\n", true},
		{"the heading of the names among the rows", strings.Replace(right, "三级指标\n", "", 1) + "三级指标\n效益\n", true},
		{"the values in a run", lostHead + "指标值\n产出指标\n数量指标\n巡护次数\n古桥座数\n质量指标\n合格率\n时效指标\n处置时限\n≥24次\n6座\n≥95%\n≤3天\n", true},
		{"the year below the rows", strings.Replace(right, "（2026年度）\n", "", 1) + "（2026年度）\n", true},
		{"the goal's label below the rows", strings.Replace(right, "年度目标\n", "", 1) + "年度目标\n", true},
		{"the table's label among the rows", strings.Replace(strings.Replace(right, "绩效指标\n", "", 1), "过程\n", "绩效指标\n过程\n", 1), true},
		{"labels in a run, then their values", strings.Replace(right, "项目名称\n古桥巡护\n主管部门\n甲局\n实施单位\n乙所\n", "项目名称\n主管部门\n实施单位\n古桥巡护\n甲局\n乙所\n", 1), true},
		{"blank fields", strings.NewReplacer("古桥巡护\n", "", "甲局\n", "").Replace(right), false},
		{"a blank template", "项目支出绩效目标申报表\n项目名称\n主管部门\n实施单位\n年度资金总额\n年度目标\n绩效指标\n一级指标\n二级指标\n三级指标\n产出指标\n数量指标\n质量指标\n指标值\n", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := text.Disordered(tt.text, words()); got != tt.want {
				t.Errorf("disordered: %v, want %v", got, tt.want)
			}
		})
	}
}

// A text in the order of the page's contents breaks its lines within cells.
func TestCellsOverLines(t *testing.T) {
	head := strings.Replace(lostHead, "一级指标\n二级指标\n三级指标\n", "", 1)
	tests := []struct {
		name, text string
		want       []string // among the rows
	}{
		{"a header of words shows what divides cells", head + "一级指标 二级指标 三级指标 指标值 备注\n产出指标\n数量指标\n巡护古桥及其附属设施次\n数\n≥24 次\n", []string{
			"1:产出指标 2:数量指标 3:巡护古桥及其附属设施次数≥24 次?",
		}},
		{"a direction is no name", head + "一级指标 二级指标 三级指标 指标性质 指标值 度量单位\n产出指标\n数量指标\n巡护台账机\n制\n定性 健全\n", []string{
			"1:产出指标 2:数量指标 3:巡护台账机制定性 健全?",
		}},
		{"a note behind words", head + "一级指标 二级指标 三级指标 指标解释 指标值\n产出指标\n数量指标\n巡护古桥\n次数\n反映巡护的质量 ≥24次\n", []string{
			"1:产出指标 2:数量指标 3:巡护古桥次数反映巡护的质量 ≥24次?",
		}},
		{"a bracket over a page break", head + "一级指标 二级指标 三级指标 指标值\n产出指标\n数量指标\n巡护古桥（含\n显著增加\f\n附属设施）\n", []string{
			"1:产出指标 2:数量指标 3:巡护古桥（含附属设施）显著增加?",
		}},
		{"a goal's items", strings.Replace(head, "巡护古桥。", "目标 1：巡护古桥\n目标 2：测绘古桥", 1) + "一级指标 二级指标 三级指标 指标值\n", []string{
			"0:年度目标 1:目标 1：巡护古桥目标 2：测绘古桥",
		}},
		{"another block behind a goal", strings.Replace(head, "巡护古桥。", "全年按照计划完成对全部古桥的巡护。\n巡护职责\n桥梁科\n按月巡护全部古桥并且做好记录", 1) + "一级指标 二级指标 三级指标 指标值\n", []string{
			"0:年度目标 1:全年按照计划完成对全部古桥的巡护。巡护职责桥梁科按月巡护全部古桥并且做好记录?",
		}},
		{"an amount's label over lines", strings.Replace(head, "年度资金总额\n1.00", "资金总额 3.00 当年资金总额 1.00\n其中：财政拨款 3.00 其中：当年\n财政拨款 1.00", 1) + "一级指标 二级指标 三级指标 指标值\n", []string{
			"0:其中：财政拨款 1:3.00 2:其中：当年财政拨款 3:1.00",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := table(tt.text)
			for _, want := range tt.want {
				if !slices.Contains(got, want) {
					t.Errorf("no row %s\n%s", want, strings.Join(got, "\n"))
				}
			}
		})
	}
}

func TestRowsInPieces(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"a paragraph within a cell", "项目名称\t古桥巡护\t\n主管部门\t文物\n管理局\t\n实施单位\t乙所\t\n备注\t无\t\n", []string{
			"0:项目名称 1:古桥巡护", "0:主管部门 1:文物管理局", "0:实施单位 1:乙所", "0:备注 1:无",
		}},
		{"a line behind the last cell", "项目名称\t古桥巡护\n主管部门\t文物\n管理局\n实施单位\t乙所\n", []string{
			"0:项目名称 1:古桥巡护", "0:主管部门 1:文物管理局?", "0:实施单位 1:乙所",
		}},
		{"a quoted cell", "项目名称\t\"古桥\n巡护\"\n主管部门\t甲局\n", []string{"0:项目名称 1:古桥巡护", "0:主管部门 1:甲局"}},
		{"a blank first cell between pipes", "项目名称|古桥巡护|\n|甲局|乙所\n", []string{"0:项目名称 1:古桥巡护", "1:甲局 2:乙所"}},
		{"merged cells repeated", "项目名称\t古桥巡护\t古桥巡护\n主管部门\t甲局\t甲局\n实施单位\t乙所\t乙所\n项目资金\t0.00\t0.00\n项目资金\t1.00\t2.00\n", []string{
			"0:项目名称 1:古桥巡护", "0:主管部门 1:甲局", "0:实施单位 1:乙所", "0:项目资金 1:0.00", "1:1.00 2:2.00",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, table(tt.text)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// What was set aside is listed.
func TestSetAside(t *testing.T) {
	var got []model.Ignored
	for t := range text.Tables(lostHead+"指标值\n产出指标\n数量指标\n巡护次数\n第 1 页\n≥24次\n", words()) {
		got = append(got, t.Ignored...)
	}
	if len(got) != 1 || got[0].Reason != model.PageFurniture || got[0].Text != "第 1 页" {
		t.Errorf("set aside: %+v", got)
	}
}
