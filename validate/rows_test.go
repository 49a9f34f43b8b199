package validate_test

import (
	"strings"
	"testing"

	"perfgoal/model"
	"perfgoal/validate"
)

// base is the clean form of the examples.
func base(t testing.TB) string {
	t.Helper()
	for _, r := range validate.Rules() {
		if r.Code == "F001" {
			return r.Good.Make().Document
		}
	}
	t.Fatal("no F001")
	return ""
}

func codes(t testing.TB, e *validate.Engine, text string) []string {
	t.Helper()
	doc := parseText(t, text)
	var out []string
	for _, f := range e.Document(&doc).Findings {
		out = append(out, f.Rule)
		t.Log(f.Rule, f.Message.In(model.Chinese))
	}
	return out
}

// TestFaultyHeads: one fault in the head or the goal raises its own rule alone.
func TestFaultyHeads(t *testing.T) {
	e := engine(t, validate.Config{})
	for _, c := range []struct{ old, new, want string }{
		{"云栖市青少年科普展厅运行项目", "", "S001"},
		{"云栖市科普事务局", "", "S001"},
		{"(2026年度)", "", ""}, // printed nowhere: nothing that could be filled in
		{"2026-12-31", "", "S001"},
		{"2026-12-31", "2026-13-31", "T003"},
		{"2026-12-31", "2025-12-31", "T003"},
		{"2026-12-31", "2028-12-31", ""},
		{"计划开始日期\t2026-01-01\t计划完成日期\t2026-12-31", "计划开始日期\t2027-01-01\t计划完成日期\t2027-12-31", "T001"},
		{"展厅运行项目", "展厅运行项目（2025年）", "T002"},
		{"展厅运行项目", "2024年展厅运行项目", "T002"},
		{"展厅运行项目", "展厅运行项目（2025-2026年度）", ""},
		{"展厅运行项目", "展厅运行项目（2000套展品）", ""},
		{"340,000.00", "350,000.00", "F001"},
		{"年度资金申请总额:\t360,000.00", "年度资金申请总额:\t350,000.00", "F001"},
		{"20,000.00", "-20,000.00", "F003"},
		{"年度资金申请总额:\t360,000.00", "年度资金申请总额:\t", "S001"},
		{"年度资金申请总额:\t360,000.00", "年度资金申请总额:\t待定", "S001"},
		{"20,000.00", "两万", "F003"},
		{"20,000.00", "20,000.001", "F003"},
		{"项目资金总额:\t360,000.00", "项目资金总额:\t460,000.00", "F001"},
		{"按计划巡检展项", "全年巡检40次", "X001"},
		{"按计划巡检展项", "全年巡检60次", ""},
		{"按计划巡检展项", "参观青少年满意度达到85%", "X001"},
		{"按计划巡检展项", "故障修复时间不超过48小时", "X001"},
		{"按计划巡检展项", "每月巡检4次", ""},
		{"按计划巡检展项", "接待10000名青少年", "X001"},
		{"按计划巡检展项", "接待青少年3万人", ""},
		{"按计划巡检展项", "满意度达到85%以上", ""},
		{"按计划巡检展项", "满意度达到85%", "X001"},
		{"按计划巡检展项", "满意度由85%提升到92%", ""},
		{"按计划巡检展项", "接待青少年2.3万人", ""},
		{"按计划巡检展项", "接待青少年2.3万人，其中乡村青少年5000人", ""},
		{"按计划巡检展项", "故障修复时间由36小时缩短到24小时", ""},
		{"按计划巡检展项", "&nbsp;按计划巡检展项", "W001"},
		{"≤30000.00(元/月)", "≤31000.00(元/月)", "C001"},
		{"≤30000.00(元/月)", "≤30100.00(元/月)", ""},
		{"≤30000.00(元/月)", "控制在预算内", "C004"},
		{"≤30000.00(元/月)", "≤3.00(万元/月)", ""},
		{"展厅运行费\t≤30000.00(元/月)", "展厅每月运行费\t≤3.00(万元)", "V008"},
		{"\t\t质量指标\t展项完好率\t≥98.00(%)\n", "", "S007"},
		{"\t满意度指标\t服务对象满意度指标\t参观青少年满意度\t≥90.00(%)\n", "", "S006"},
	} {
		text := strings.Replace(base(t), c.old, c.new, 1)
		if text == base(t) {
			t.Fatalf("%q does not stand in the form", c.old)
		}
		found := codes(t, e, text)
		if c.want == "" && len(found) > 0 || c.want != "" && (len(found) != 1 || found[0] != c.want) {
			t.Errorf("%q -> %q raises %v, want %q", c.old, c.new, found, c.want)
		}
	}
}
