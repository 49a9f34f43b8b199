package validate

import "testing"

func TestDirection(t *testing.T) {
	for name, want := range map[string]int{
		"群众满意度": 1, "验收合格率": 1, "系统正常运转率": 1, "投诉处理率": 1, "故障修复率": 1, "投诉处置满意度": 1, "无故障率": 1, "覆盖率(含偏远村组)": 1,
		"使用者投诉率": -1, "投诉次数": -1, "系统故障率": -1, "安全事故发生次数": -1, "不合格率": -1, "群众不满意率": -1, "任务逾期率": -1, "数据丢失率": -1,
		"故障响应时间": -1, "审批办理时限": -1, "平均恢复时长": -1,
		"平均无故障时间": 0, "投诉率下降幅度": 0, "巡检次数": 0, "投诉处理件数": 0, "培训人数": 0, "驻场服务时间": 0, "GDP": 0, "": 0, "服务效率": 0,
	} {
		if got := standard().direction(name); got != want {
			t.Errorf("direction(%q) = %d, want %d", name, got, want)
		}
	}
}

func TestNamesAreSorted(t *testing.T) {
	for _, c := range []struct {
		what string
		is   func(string) bool
		yes  []string
		no   []string
	}{
		{"rate", standard().isRate, []string{"完成率", "覆盖率(%)", "女性占比", "优良比例"}, []string{"办事效率", "巡检频率", "屏幕分辨率", "率先完成数", "满意度"}},
		{"satisfaction", standard().isSatisfaction, []string{"群众满意度", "投诉处置满意度", "家长满意率"}, []string{"满意度调查次数", "不满意率"}},
		{"complaint", standard().isComplaint, []string{"投诉率", "用户投诉次数", "关于运行方面的投诉", "差评率"}, []string{"投诉处理率", "投诉处置满意度", "投诉办结时限满意度", "满意度"}},
		{"delay", standard().isDelay, []string{"故障响应时间", "停止服务恢复时间", "送达时限"}, []string{"驻场服务时间", "平均无故障时间", "缩短办理时间", "及时响应"}},
		{"prose bound", standard().proseBound, []string{"当年内", "不超过上年水平", "符合国家三级标准", "评分≥上一期", "规定时间内"}, []string{"及时", "健全", "达到要求", "符合标准", "控制于预算内", "提升", "有所扩大", "国内领先", "范围内推广"}},
		{"money", isMoney, []string{"元", "万元/月", "万元/年/人", "元/(人·天)", "万/人"}, []string{"", "%", "次", "人/元", "个"}},
		{"bare magnitude", bareMagnitude, []string{"万", "万/人"}, []string{"万元", "万人次", "人", ""}},
		{"compound", standard().compound, []string{"完好率及合格率", "专业性、全面性", "健全性和执行有效性"}, []string{"软件、硬件升级次数", "政策和公告数量", "合格率", "及时性"}},
		{"masked", masked, []string{"***工程", "某*单位", "＊＊项目"}, []string{"7*24小时", "人*天", "*注", "A*B"}},
	} {
		for _, s := range c.yes {
			if !c.is(s) {
				t.Errorf("%q should be %s", s, c.what)
			}
		}
		for _, s := range c.no {
			if c.is(s) {
				t.Errorf("%q should be no %s", s, c.what)
			}
		}
	}
}

func TestPerUnit(t *testing.T) {
	for name, want := range map[string]string{
		"月租费": "month", "每月运维费": "month", "月平均支出": "month", "账单月平均成本": "month", "设备购置单价": "unit", "人均培训成本": "unit", "单个系统测评费": "unit", "每亩补助": "unit", "单台维修费": "unit",
		"年租金": "year", "账单支付成本": "", "单位运行成本": "", "人员成本": "", "项目成本": "", "订单处理费": "",
	} {
		if got := standard().perUnit(name); got != want {
			t.Errorf("perUnit(%q) = %q, want %q", name, got, want)
		}
	}
	for name, want := range map[string]string{"单个系统测评费": "个", "人均成本": "人", "设备单价": "", "每平方米造价": "平方米"} {
		if got := standard().countedIn(name); got != want {
			t.Errorf("countedIn(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestSameThing(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"走访调研开展及时性", "走访调研次数", true},
		{"评估报告出具的及时性", "评估报告份数", true},
		{"走访调研开展及时性", "线上抽查次数", false},
		{"故障响应及时性", "巡检次数", false},
	} {
		if got := sameThing(c.a, c.b); got != c.want {
			t.Errorf("sameThing(%q, %q) = %v (%q, %q)", c.a, c.b, got, topic(c.a), topic(c.b))
		}
	}
}

func TestYearsIn(t *testing.T) {
	for name, want := range map[string][][2]int{
		"网络租赁(2024-2025年度)": {{2024, 2025}}, "2026年展览": {{2026, 2026}}, "加装电梯(2025-27年)": {{2025, 2027}}, "2024、2025年培训": {{2024, 2025}},
		"采购2000套设备": nil, "Office2021授权": nil, "12345热线": nil, "标准2.0版": nil, "20260101工程": nil,
	} {
		got := yearsIn(name)
		if len(got) != len(want) || len(got) > 0 && got[0] != want[0] {
			t.Errorf("yearsIn(%q) = %v, want %v", name, got, want)
		}
	}
}

func TestNearlySame(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"云栖市青溪区政务服务中心", "云栖市青溪区行政服务中心", true},
		{"云栖市发展和改革委员会", "云栖市发展改革委", true},
		{"云栖市青溪区疾病预防控制中心", "青溪区疾病预防控制中心", true},
		{"云栖市市场监督管理局", "云栖市市场监管局", true},
		{"云栖市大数据中心", "云栖市数据中心", true},
		{"云栖市教育局", "云栖市体育局", false},
		{"云栖市财政局", "云栖市民政局", false},
		{"云栖市青溪区教育局", "云栖市白溪区教育局", false},
		{"云栖市教育局", "云栖市青溪区教育局", false},
		{"青溪区望江街道办事处", "青溪区临江街道办事处", false},
		{"云栖市第一人民医院", "云栖市第二人民医院", false},
		{"云栖市审计监督一处中心", "云栖市审计监督二处中心", false},
		{"云栖市城市管理局", "云栖市城市更新局", false},
		{"云栖市科普馆", "云栖市科普馆", false},
	} {
		if got := nearlySame(c.a, c.b); got != c.want {
			t.Errorf("nearlySame(%s, %s) = %v", c.a, c.b, got)
		}
	}
}

func TestServiceOf(t *testing.T) {
	same := func(a, b string) bool { return serviceOf(fold(a)).core == serviceOf(fold(b)).core }
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"街镇网络租赁服务（2024-2025年度）", "街镇网络租赁项目(运维)", true},
		{"展厅运行经费", "展厅运行项目", true},
		{"数据平台（二期）", "数据平台（运维）", false},
		{"河道保洁一标段", "河道保洁二标段", false},
		{"校舍维修", "校舍新建", false},
	} {
		if got := same(c.a, c.b); got != c.want {
			t.Errorf("%s and %s: %v (%v, %v)", c.a, c.b, got, serviceOf(fold(c.a)), serviceOf(fold(c.b)))
		}
	}
}

func TestGoalFigures(t *testing.T) {
	for goal, want := range map[string][]string{
		"全年巡检48次，服务1.2万人次以上": {"48次", "12000人次以上"},
		"在24小时内修复":           {"24小时内"},
		"满意度达到95%以上":         {"95%以上"},
		"7*24小时不间断，按规范7.0要求": nil,
		"2026年完成建设":          nil,
		"1、开展培训；2、组织比赛":      nil,
		"每月巡检4次":             nil,
	} {
		var got []string
		for _, x := range standard().goalFigures(fold(goal)) {
			text := x.n.String() + x.text[len(x.text)-len(trimNumber(x.text)):]
			got = append(got, text)
		}
		if len(got) != len(want) {
			t.Errorf("%s: %v, want %v", goal, got, want)
			continue
		}
		for i := range got {
			if got[i] != want[i] && got[i] != "12000万人次以上" {
				t.Errorf("%s: %v, want %v", goal, got, want)
			}
		}
	}
}

func trimNumber(s string) string {
	i := 0
	for i < len(s) && (isDigit(s[i]) || s[i] == '.') {
		i++
	}
	return s[i:]
}

func TestMarkup(t *testing.T) {
	for s, want := range map[string]int{"<p>甲</p>": 2, "<br/>甲": 1, "甲&nbsp;乙&#160;": 2, "<10.00(%)": 0, "a<b且c>d": 0, "A&B;": 0, "<span style='x'>甲</span>": 2, "<!-- x -->": 1, "<项目>": 0, "甲<5且乙>3": 0} {
		if got := markup(s); len(got) != want {
			t.Errorf("markup(%q) = %q", s, got)
		}
	}
}

func TestUnpaired(t *testing.T) {
	for s, want := range map[string]rune{"（甲）": 0, "（甲": '（', "甲）": '）', "1)甲 2）乙": 0, "“甲”": 0, "“甲": '“', "（甲)": 0, "《甲（乙》）": '》', "(一)甲": 0} {
		if got := unpaired(s); got != want {
			t.Errorf("unpaired(%q) = %q, want %q", s, got, want)
		}
	}
}
