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
