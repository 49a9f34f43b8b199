package validate_test

import (
	"strings"
	"testing"

	"perfgoal/model"
	"perfgoal/validate"
)

// costForm is the clean form with other cost and quantity rows, budget and
// end of plan. Rows are "level2|name|value".
func costForm(t *testing.T, budget, end string, rows ...string) string {
	t.Helper()
	text := base(t)
	replace := func(from, to string) {
		if !strings.Contains(text, from) {
			t.Fatalf("%q does not stand in the form", from)
		}
		text = strings.ReplaceAll(text, from, to)
	}
	replace("360,000.00", budget)
	replace("340,000.00", budget)
	replace("上年结转资金\t20,000.00", "上年结转资金\t0.00")
	if end != "" {
		replace("2026-12-31", end)
	}
	var costs, quantities string
	for _, r := range rows {
		line := "\t\t" + strings.ReplaceAll(r, "|", "\t") + "\n"
		if strings.Contains(r, "成本指标|") {
			costs += line
		} else {
			quantities += line
		}
	}
	replace("绩效指标\t成本指标\t经济成本指标\t展厅运行费\t≤30000.00(元/月)\n", "绩效指标\t成本指标"+strings.TrimPrefix(costs, "\t"))
	if quantities != "" {
		replace("\t产出指标\t数量指标\t展项巡检次数\t≥48.00(次)\n", "\t产出指标"+strings.TrimPrefix(quantities, "\t"))
	}
	return text
}

func TestCostBudget(t *testing.T) {
	e := engine(t, validate.Config{Select: []string{"C001"}})
	const pass, fail, none, open = model.Pass, model.Fail, model.NotApplicable, model.InsufficientData
	for _, c := range []struct {
		what, budget, end string
		rows              []string
		want              model.Outcome
		severity          model.Severity
		product           string
	}{
		{"monthly", "360,000.00", "", []string{"经济成本指标|运行费|≤3.00(万元/月)"}, pass, "", ""},
		{"monthly in the name", "360,000.00", "", []string{"经济成本指标|月租费|≤3.00(万元)"}, pass, "", ""},
		{"monthly over eleven months", "330,000.00", "2026-11-30", []string{"经济成本指标|运行费|≤3.00(万元/月)"}, pass, "", ""},
		{"the whole year despite a short plan", "360,000.00", "2026-11-30", []string{"经济成本指标|运行费|≤3.00(万元/月)"}, pass, "", ""},
		{"quarterly", "400,000.00", "", []string{"经济成本指标|运行费|≤10.00(万元/季度)"}, pass, "", ""},
		{"yearly", "400,000.00", "", []string{"经济成本指标|运行费|≤40.00(万元/年)"}, pass, "", ""},
		{"unit times quantity", "250,000.00", "", []string{"经济成本指标|座椅单价|≤500.00(元/把)", "数量指标|购置座椅数量|=500.00(把)"}, pass, "", ""},
		{"unit times quantity, off", "260,000.00", "", []string{"经济成本指标|座椅单价|≤500.00(元/把)", "数量指标|购置座椅数量|=500.00(把)"}, fail, model.Warning, "250000.00"},
		{"just under a fifth off", "312,400.00", "", []string{"经济成本指标|座椅单价|≤500.00(元/把)", "数量指标|购置座椅数量|=500.00(把)"}, fail, model.Warning, "250000.00"},
		{"a fifth below", "312,500.00", "", []string{"经济成本指标|座椅单价|≤500.00(元/把)", "数量指标|购置座椅数量|=500.00(把)"}, fail, model.Warning, "250000.00"},
		{"a fifth above", "200,000.00", "", []string{"经济成本指标|座椅单价|≤480.00(元/把)", "数量指标|购置座椅数量|=500.00(把)"}, fail, model.Error, "240000.00"},
		{"just under a fifth above", "200,010.00", "", []string{"经济成本指标|座椅单价|≤480.00(元/把)", "数量指标|购置座椅数量|=500.00(把)"}, fail, model.Warning, "240000.00"},
		{"a quantity that fits by its unit alone", "100,000.00", "", []string{"经济成本指标|座椅单价|≤480.00(元/把)", "数量指标|购置数量|=500.00(把)"}, fail, model.Warning, "240000.00"},
		{"above what is printed in 万元", "100,000.00", "", []string{"经济成本指标|运行费|≤1.00(万元/月)"}, fail, model.Error, "120000.00"},
		{"a sum of parts and its total", "360,000.00", "", []string{"经济成本指标|设备费|≤30.00(万元)", "经济成本指标|安装费|≤6.00(万元)", "经济成本指标|费用合计|≤36.00(万元)"}, pass, "", ""},
		{"a subtotal of some parts", "360,000.00", "", []string{"经济成本指标|主机费|≤20.00(万元)", "经济成本指标|屏幕费|≤10.00(万元)", "经济成本指标|设备费小计|≤30.00(万元)", "经济成本指标|安装费|≤6.00(万元)"}, pass, "", ""},
		{"the total of a part", "360,000.00", "", []string{"经济成本指标|设备购置总额|≤30.00(万元)", "经济成本指标|安装费|≤6.00(万元)"}, pass, "", ""},
		{"a quantity that another cost owns", "360,000.00", "", []string{"经济成本指标|绿道养护单价|≤9.80(元/平方米)", "经济成本指标|栈道板更换单价|≤460.00(元/平方米)", "数量指标|更换栈道板面积|≥1200.00(平方米)"}, open, "", ""},
		{"quantity in 万", "240,000.00", "", []string{"经济成本指标|体检费|≤20.00(元/人次)", "数量指标|体检人次|≥1.20(万人次)"}, pass, "", ""},
		{"per head and month", "720,000.00", "", []string{"经济成本指标|讲解员工资|≤6000.00(元/人/月)", "数量指标|讲解员人数|=10.00(人)"}, pass, "", ""},
		{"per year and head", "800,000.00", "", []string{"经济成本指标|人员成本|≤20.00(万元/年/人)", "数量指标|驻场人数|=4.00(人)"}, pass, "", ""},
		{"per head and day", "90,000.00", "", []string{"经济成本指标|培训费|≤450.00(元/人·天)", "数量指标|培训人数|=50.00(人)", "数量指标|培训天数|=4.00(天)"}, pass, "", ""},
		{"heads counted in 个", "126,000.00", "", []string{"经济成本指标|志愿者补贴|≤1.80(万元/人)", "数量指标|志愿者岗位数|=7.00(个)"}, pass, "", ""},
		{"per system", "450,000.00", "", []string{"经济成本指标|单个系统测评费|≤9.00(万元)", "数量指标|测评系统数量|=5.00(个)"}, pass, "", ""},
		{"partial costs", "120,000.00", "", []string{"经济成本指标|调研费|≤4.00(万元)", "经济成本指标|撰写费|≤6.00(万元)", "经济成本指标|管理费|≤2.00(万元)"}, pass, "", ""},
		{"partial costs, one left out", "120,000.00", "", []string{"经济成本指标|调研费|≤4.00(万元)", "经济成本指标|撰写费|≤6.00(万元)"}, fail, model.Warning, "100000.00"},
		{"total cap", "469,997.00", "", []string{"经济成本指标|项目成本|≤47.00(万元)"}, pass, "", ""},
		{"total cap in 元", "470,000.00", "", []string{"经济成本指标|项目成本|≤470000.00(元)"}, pass, "", ""},
		{"total cap, off", "600,000.00", "", []string{"经济成本指标|项目成本|≤880.00(万元)"}, fail, model.Error, "8800000.00"},
		{"10,000 above in 万元", "1,000,000.00", "", []string{"经济成本指标|项目成本|≤101.00(万元)"}, fail, model.Warning, "1010000.00"},
		{"a total beside a unit cost", "470,000.00", "", []string{"经济成本指标|项目总成本|≤47.00(万元)", "经济成本指标|座椅单价|≤500.00(元/把)"}, pass, "", ""},
		{"a social cost aside", "470,000.00", "", []string{"经济成本指标|项目成本|≤47.00(万元)", "社会成本指标|交通延误损失|≤3.00(万元)"}, pass, "", ""},
		{"a saving aside", "470,000.00", "", []string{"经济成本指标|项目成本|≤47.00(万元)", "经济成本指标|节约采购成本|≥3.00(万元)"}, pass, "", ""},
		{"rounding of the unit cost", "100,400.00", "", []string{"经济成本指标|座椅单价|≤201.00(元/把)", "数量指标|购置座椅数量|=500.00(把)"}, pass, "", ""},

		{"no quantity", "250,000.00", "", []string{"经济成本指标|座椅单价|≤500.00(元/把)", "数量指标|巡检次数|=12.00(次)"}, open, "", ""},
		{"monthly and a unit cost alone", "360,000.00", "", []string{"经济成本指标|服务费|≤3.00(万元/月)", "经济成本指标|座椅单价|≤500.00(元/把)"}, open, "", ""},
		{"two quantities", "250,000.00", "", []string{"经济成本指标|购置单价|≤500.00(元/套)", "数量指标|桌子数量|=500.00(套)", "数量指标|椅子数量|=900.00(套)"}, open, "", ""},
		{"two quantities told apart", "450,000.00", "", []string{"经济成本指标|椅子单价|≤500.00(元/套)", "数量指标|桌子数量|=500.00(套)", "数量指标|椅子数量|=900.00(套)"}, pass, "", ""},
		{"个 without a common word", "250,000.00", "", []string{"经济成本指标|点位建设费|≤500.00(元/个)", "数量指标|接口开发数|=500.00(个)"}, open, "", ""},
		{"words among numbers", "360,000.00", "", []string{"经济成本指标|运行费|≤3.00(万元/月)", "经济成本指标|其他成本|控制于预算内"}, open, "", ""},
		{"a value is missing", "360,000.00", "", []string{"经济成本指标|运行费|≤3.00(万元/月)", "经济成本指标|其他成本|"}, open, "", ""},
		{"words alone", "360,000.00", "", []string{"经济成本指标|项目成本|控制于预算内"}, none, "", ""},
		{"no money", "360,000.00", "", []string{"经济成本指标|成本节约率|≥2.00(%)"}, none, "", ""},
	} {
		t.Run(c.what, func(t *testing.T) {
			doc := parseText(t, costForm(t, c.budget, c.end, c.rows...))
			res := e.Document(&doc)
			if got := res.Single[0].Outcome; got != c.want {
				t.Fatalf("%s (%s), want %s; %v", got, res.Single[0].Reason.In(model.Chinese), c.want, messages(res.Findings))
			}
			if c.want == open && res.Single[0].Reason.In(model.English) == "" {
				t.Error("no reason is given")
			}
			if c.want != fail {
				return
			}
			f := res.Findings[0]
			checkFinding(t, f)
			if f.Severity != c.severity || f.Evidence["product"] != c.product {
				t.Errorf("%s %v, want %s %s", f.Severity, f.Evidence, c.severity, c.product)
			}
		})
	}
}

func messages(findings []model.Finding) []string {
	var out []string
	for _, f := range findings {
		out = append(out, f.Rule+" "+f.Message.In(model.Chinese))
	}
	return out
}
