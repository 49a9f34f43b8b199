package form

import "testing"

// TestProseAboveTheTitle leaves a book's sentences before a form to the book.
func TestProseAboveTheTitle(t *testing.T) {
	for _, line := range []string{"2025年安排资金30万元。", "2025年续建，主管部门：市水务局；"} {
		f := build(t, textTable(line+"\n财政项目支出绩效目标申报表\n(2026年度)\n项目名称|甲项目\n主管部门|市科普局|实施单位|市科普馆\n年度总体目标|建成展厅。\n一级指标|二级指标|三级指标|指标值\n产出指标|数量指标|场次|≥3(次)\n"))
		if f.FiscalYear != 2026 || f.Project.SupervisingDepartment != "市科普局" {
			t.Errorf("%s: %v %q", line, f.FiscalYear, f.Project.SupervisingDepartment)
		}
	}
}
