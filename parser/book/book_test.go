package book

import (
	"slices"
	"strings"
	"testing"

	"perfgoal/model"
)

func lines(text string) func(func(Line) bool) {
	return func(yield func(Line) bool) {
		for i, s := range strings.Split(text, "\n") {
			if !yield(Line{Text: s, Number: i + 1}) {
				return
			}
		}
	}
}

func read(text string) Book {
	return Read(lines(text), func(s string) bool { return strings.HasSuffix(s, "绩效目标申报表") })
}

func amounts(list []model.Money) string {
	var out []string
	for _, m := range list {
		out = append(out, m.String())
	}
	return strings.Join(out, " ")
}

func TestBudget(t *testing.T) {
	tests := []struct {
		text, note    string
		year          int
		amount, parts string
		sum           string
		division      model.Division
	}{
		{text: "36万元", amount: "360000.00"},
		{text: "36.5万", amount: "365000.00"},
		{text: "2026年度预算安排12,614.51万元。", year: 2026, amount: "126145100.00"},
		{text: "本年度巡检经费预算金额为349.80万元，分别用于巡检、维修和培训等。", year: 2026, amount: "3498000.00"},
		{text: "360,000.00元", amount: "360000.00"},
		{text: "1.2亿元", amount: "120000000.00"},
		{text: "2026年项目总预算50.00万，其中设备维修50.00万。", year: 2026, amount: "500000.00", parts: "500000.00", division: model.Listed},
		{text: "2026年度项目总预算117万，其中展厅改造87万，志愿活动7万，教具更新18万，出版5万，合计117万。", year: 2026, amount: "1170000.00", parts: "870000.00 70000.00 180000.00 50000.00", sum: "1170000.00", division: model.Complete},
		{text: "2026年预算100万元。其中：布展60万元；讲解40万元。", year: 2026, amount: "1000000.00", parts: "600000.00 400000.00", division: model.Listed},
		{text: "2026年预算100万元，其中政府采购40万元。", year: 2026, amount: "1000000.00", parts: "400000.00", division: model.Partial},
		{text: "2026年预算100万元，其中布展60万元、讲解20万元等。", year: 2026, amount: "1000000.00", parts: "600000.00 200000.00", division: model.Partial},
		{text: "安排资金100万元，用于布展60万元、讲解40万元。", amount: "1000000.00", parts: "600000.00 400000.00", division: model.Listed},
		{text: "布展60万元，讲解40万元，合计100万元。", amount: "1000000.00", parts: "600000.00 400000.00", sum: "1000000.00", division: model.Complete},
		{text: "第一季度用款计划58.05万元，第二季度用款计划58.05万元，第三季度用款计划58.05万元，第四季度用款计划58.05万元。", amount: "2322000.00", parts: "580500.00 580500.00 580500.00 580500.00", division: model.Complete},
		{text: "2026年安排40万元，一季度10万元，二季度10万元，三季度10万元，四季度10万元。", year: 2026, amount: "400000.00", parts: "100000.00 100000.00 100000.00 100000.00", division: model.Complete},
		{text: "上半年20万元，下半年30万元", amount: "500000.00", parts: "200000.00 300000.00", division: model.Complete},
		{text: "2026年预算90万元，比上年增加10万元。", year: 2026, amount: "900000.00"},
		{text: "2026年预算90万元，较2025年减少10万元，主要是设备已购置。", year: 2026, amount: "900000.00"},
		{text: "2026年预算100万元，其中稳增长60万元，展会40万元。", year: 2026, amount: "1000000.00", parts: "600000.00 400000.00", division: model.Listed},
		{text: "项目总投资1500万元，2026年安排300万元。", year: 2026, amount: "3000000.00"},
		{text: "36", note: "(万元)", amount: "360000.00"},
		{text: "36", note: "(单位:元)", amount: "36.00"},
		{text: "2026年预算100万元（其中：区级60万元，市级40万元）。", year: 2026, amount: "1000000.00"},
		// What is not certain is left blank.
		{text: "36"},
		{text: "详见预算表"},
		{text: "30-40万元"},
		{text: "约36万元"},
		{text: "项目批复总投资为1352.06万元，其中建安工程费为1166.67万元，其他费用121.29万元，预备费64.10万元。2025年安排建设资金500万元。", year: 2026},
		{text: "项目总投资1500万元，其中土建1500万元。", year: 2026},
		{text: "项目总投资1500万元，其中土建1200万元、设备300万元。2026年安排200万元。", year: 2026, amount: "2000000.00"},
		{text: "2025年安排建设资金500万元。", year: 2026},
		{text: "2024年-2026年共安排500万元。", year: 2026},
		{text: "布展60万元，讲解40万元。"},
		{text: "每场补贴2万元，共20场。"},
		{text: "按120元/人标准安排。"},
		{text: "2026年安排100万元，其中区级80万元，其中展厅50万元、讲解30万元。", year: 2026, amount: "1000000.00"},
		{text: "2026年度预算100万元，2026年度追加20万元。", year: 2026},
		{text: "建筑面积3万平方米，安排20万元。", amount: "200000.00"},
	}
	for _, tt := range tests {
		got := budgetOf(tt.text, tt.note, tt.year)
		if got.amount.String() != tt.amount || amounts(got.parts) != tt.parts || got.sum.String() != tt.sum || got.division != tt.division {
			t.Errorf("%s\n got %s [%s] %s %q\nwant %s [%s] %s %q", tt.text, got.amount, amounts(got.parts), got.sum, got.division, tt.amount, tt.parts, tt.sum, tt.division)
		}
	}
}

func TestPeriod(t *testing.T) {
	tests := []struct{ text, want string }{
		{"2026年1月1日-2026年12月31日", "2026-01-01 2026-12-31"},
		{"2026年1月1日至2027年12月31日。", "2026-01-01 2027-12-31"},
		{"2026.1.1-2026.12.31", "2026-01-01 2026-12-31"},
		{"2026.01.01—12.31", "2026-01-01 2026-12-31"},
		{"2026/1/1～2026/12/31", "2026-01-01 2026-12-31"},
		{"2026-01-01至2026-12-31", "2026-01-01 2026-12-31"},
		{"自2026年3月1日起至2026年11月30日止", "2026-03-01 2026-11-30"},
		{"项目实施周期为2026年1月1日到12月31日。", "2026-01-01 2026-12-31"},
		{"2026 年 1 月-12 月", "2026-01-01 2026-12-31"},
		{"2026年1-12月", "2026-01-01 2026-12-31"},
		{"2024年7月至2026年6月", "2024-07-01 2026-06-30"},
		{"2026年3月至2026年11月", "2026-03-01 2026-11-30"},
		{"2026.1-2026.12", "2026-01-01 2026-12-31"},
		{"2024-2026年", "2024-01-01 2026-12-31"},
		{"2026年度", "2026-01-01 2026-12-31"},
		{"2026年全年", "2026-01-01 2026-12-31"},
		{"2026全年度。", "2026-01-01 2026-12-31"},
		{"2026度", ""},
		{"全年度", ""},
		{"1月-12月", ""},
		{"2025年10月正式开工，合同工期490天。", ""},
		{"第一季度审价 第二季度审价 第三季度支付 第四季度支付。", ""},
		{"2024年1月1日至2026年12月31日，其中2026年1月1日至2026年12月31日为本年度", ""},
		{"2026年2月1日至2026年2月30日", ""},
		{"长期", ""},
	}
	for _, tt := range tests {
		start, end, ok := periodOf(tt.text)
		got := ""
		if ok {
			got = start.String() + " " + end.String()
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestBody(t *testing.T) {
	for text, want := range map[string]string{
		"云栖市科普事务局":                             "云栖市科普事务局",
		"云栖市科普事务局。":                            "云栖市科普事务局",
		"实施主体为云栖市科普事务局。":                       "云栖市科普事务局",
		"实施单位：云栖市青少年科普馆":                       "云栖市青少年科普馆",
		"由云栖市青少年科普馆负责实施。":                      "云栖市青少年科普馆",
		"云栖市科普事务局、云栖市教育局":                      "云栖市科普事务局、云栖市教育局",
		"云栖市科普事务局（本级）":                         "云栖市科普事务局（本级）",
		"施工单位：云栖建工有限公司；监理单位：云栖监理有限公司":          "",
		"本工程建设单位为科普馆，代建单位为城投公司。":               "",
		"本项目由科普馆牵头，会同教育局、文旅局组织实施，各街道配合做好宣传工作。": "",
		"详见实施方案":                               "",
		"":                                     "",
	} {
		if got := bodyOf(text); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestTitle(t *testing.T) {
	for line, want := range map[string]string{
		"科普展厅运行项目经费情况说明":          "科普展厅运行项目",
		"科普创新专项经费情况说明":            "科普创新专项",
		"生命科学专项（政策资金）经费情况说明":      "生命科学专项（政策资金）",
		"（二）科普展厅运行项目经费情况说明":       "科普展厅运行项目",
		"2、科普展厅运行项目经费使用情况说明":      "科普展厅运行项目",
		"科普大篷车项目情况说明":             "科普大篷车项目",
		"科普发展专项资金情况说明":            "科普发展专项资金",
		"“小小科学家”项目经费情况说明":         "小小科学家”项目",
		"项目经费情况说明":                "",
		"七、项目经费情况说明":              "",
		"2026年项目经费情况说明":           "",
		"2026年度重点项目经费情况说明":        "",
		"云栖市科普事务局2026年项目经费情况说明":   "",
		"云栖市科普事务局2026年部门项目支出情况说明": "",
	} {
		_, project, ok := titleOf(squeeze(line))
		if !ok || project != want {
			t.Errorf("%s: %q %v, want %q", line, project, ok, want)
		}
	}
	for _, line := range []string{"一、项目概述", "财政项目支出绩效目标申报表", "以上是情况说明。"} {
		if _, _, ok := titleOf(squeeze(line)); ok {
			t.Errorf("%s is taken for a title", line)
		}
	}
}

func TestHeading(t *testing.T) {
	tests := []struct {
		line string
		kind model.SectionKind
		rest string
	}{
		{"一、项目概述", model.SectionOverview, ""},
		{"一、项目概况：", model.SectionOverview, ""},
		{"（一）项目概况", model.SectionOverview, ""},
		{"1.项目概述", model.SectionOverview, ""},
		{"1、 项目基本情况", model.SectionOverview, ""},
		{"项目概述", model.SectionOverview, ""},
		{"二、立项依据", model.SectionBasis, ""},
		{"三、实施主体：云栖市科普事务局", model.SectionBody, "云栖市科普事务局"},
		{"三、 实 施 主 体", model.SectionBody, ""},
		{"三、项目实施单位  云栖市科普馆", model.SectionBody, "云栖市科普馆"},
		{"五、实施周期: 2026年1月-12月", model.SectionPeriod, "2026年1月-12月"},
		{"六、年度预算安排（万元）", model.SectionBudget, ""},
		{"六、2026年度预算安排", model.SectionBudget, ""},
		{"六、2026年预算安排情况", model.SectionBudget, ""},
		{"七、绩效目标", model.SectionGoal, ""},
		{"七、年度绩效目标", model.SectionGoal, ""},
		{"（十一）绩效目标", model.SectionGoal, ""},
		{"实施方案编制完成后报主管部门", "", ""},
		{"三、实施主体责任落实到位", "", ""},
		{"1.5万元", "", ""},
		{"绩效目标设置情况", "", ""},
		{"四、绩效目标设置情况", "", ""},
	}
	for _, tt := range tests {
		h, ok := headingAt(tt.line)
		if ok != (tt.kind != "") || h.kind != tt.kind || h.rest != tt.rest {
			t.Errorf("%s: %q %q %v", tt.line, h.kind, h.rest, ok)
		}
	}
}

func TestStatement(t *testing.T) {
	tests := []struct {
		text     string
		projects int
		amount   string
		year     int
		scope    model.Coverage
	}{
		{"按照要求，本部门2个预算单位开展了2026年项目预算绩效目标编报工作，编报绩效目标的项目12个，涉及项目预算资金7,054.05万元。", 12, "70540500.00", 2026, model.WholeDepartment},
		{"2026年度，本单位编报绩效目标的项目共5个，涉及项目预算资金1381.60万元。", 5, "13816000.00", 2026, model.SingleUnit},
		{"全过程管理情况：编报绩效目标的 2025 年度项目 39 个，涉及预算金额 4415.48 万元；绩效跟踪评价的 2025 年度项目 38 个，涉及预算金额 4000 万元；", 39, "44154800.00", 2025, ""},
		{"绩效目标设置情况：2026年共11个项目，涉及预算资金120.00万元。", 11, "1200000.00", 2026, ""},
		{"本部门对25个项目编制了绩效目标，涉及资金300万元。", 25, "3000000.00", 0, model.WholeDepartment},
		{"2026年，本单位填报绩效目标的项目为三个，涉及财政资金30万。", 3, "300000.00", 2026, model.SingleUnit},
		{"本部门实行绩效目标管理的项目8个，涉及资金3,600,000.00元，其中一般公共预算拨款300万元。", 8, "3600000.00", 0, model.WholeDepartment},
		{"纳入绩效目标管理的项目共有8个，涉及一般公共预算资金100万元、政府性基金预算资金50万元。", 8, "", 0, ""},
		{"本单位编报绩效目标的项目0个，涉及项目预算资金0万元。", 0, "0.00", 0, model.SingleUnit},
	}
	for _, tt := range tests {
		got := read(tt.text).Statements
		if len(got) != 1 {
			t.Errorf("%s: %d statements", tt.text, len(got))
			continue
		}
		s := got[0]
		if s.Projects != tt.projects || s.Amount.String() != tt.amount || int(s.Year) != tt.year || s.Scope != tt.scope {
			t.Errorf("%s: %d %s %d %s", tt.text, s.Projects, s.Amount, s.Year, s.Scope)
		}
		// Wherever the page wraps it, the sentence says the same.
		runes := []rune(tt.text)
		for cut := 1; cut < len(runes); cut++ {
			wrapped := read(string(runes[:cut]) + "\n" + string(runes[cut:])).Statements
			if len(wrapped) != 1 || wrapped[0].Projects != tt.projects || wrapped[0].Amount.String() != tt.amount || wrapped[0].Scope != tt.scope {
				t.Errorf("wrapped behind %q: %+v", string(runes[:cut]), wrapped)
			}
		}
	}
	for _, text := range []string{
		"（绩效目标管理工作情况，以及编报绩效目标的项目数量、单位数量、预算金额等）",
		"四、绩效目标设置情况 ……………… 21",
		"项目绩效目标\t项目总目标\t年度总体目标",
		"完成绩效目标的项目验收工作，涉及3个街道，资金20万元。",
	} {
		if got := read(text).Statements; len(got) != 0 {
			t.Errorf("%s: %+v", text, got)
		}
	}
}

const chapter = `云栖市2026年市级部门预算
预算主管部门：云栖市科普事务局
目录
六、其他相关情况说明
七、项目经费情况说明
六、其他相关情况说明
（一）车辆情况说明
共有车辆2辆。
科普展厅运行项目经费情况说明
一、项目概述
保障展厅常年开放，
配合学校课程。
二、立项依据
1.《云栖市科普条例》
2.《云栖市展厅管理办法》
三、实施主体
云栖市青少年科普馆
四、实施方案
1.按月巡检；
2.按季更新。
五、实施周期
2026年1月1日-2026年12月31日
六、年度预算安排
2026年度预算安排36万元，其中巡检2
0万元，更新16万元。
七、绩效目标
全年开放300天。
科普大篷车进学校进社区进乡村巡回展览
项目经费情况说明
（一）项目概况
下乡巡展。
（二）立项依据
年度计划。
（三）实施主体
云栖市科普事务局
（五）实施周期
全年度
（六）年度预算安排
12万
（七）绩效目标
详见单位的项目绩效目标表
第二部分 附表
收入预算表`

func TestNarratives(t *testing.T) {
	got := read(chapter)
	if got.FiscalYear != 2026 || len(got.Narratives) != 2 {
		t.Fatalf("year %v, %d narratives: %+v", got.FiscalYear, len(got.Narratives), got.Narratives)
	}
	first, second := got.Narratives[0], got.Narratives[1]
	if first.Title != "科普展厅运行项目经费情况说明" || first.Project != "科普展厅运行项目" || first.ImplementingBody != "云栖市青少年科普馆" ||
		first.StartDate.String() != "2026-01-01" || first.EndDate.String() != "2026-12-31" || first.Amount.String() != "360000.00" ||
		amounts(first.Parts) != "200000.00 160000.00" || first.Goal != "全年开放300天。" || len(first.Sections) != 7 || *first.Location.Line != 9 {
		t.Errorf("%+v", first)
	}
	if s := first.Sections[model.SectionOverview]; s.Text != "保障展厅常年开放，配合学校课程。" || s.Heading != "项目概述" || *s.Location.Line != 11 {
		t.Errorf("%+v", s)
	}
	if second.Title != "科普大篷车进学校进社区进乡村巡回展览项目经费情况说明" || second.Project != "科普大篷车进学校进社区进乡村巡回展览项目" || second.Period != "全年度" || second.StartDate.Valid ||
		second.Amount.String() != "120000.00" || second.Goal != "详见单位的项目绩效目标表" || len(second.Sections) != 6 {
		t.Errorf("%+v", second)
	}
}

// TestNarrativeLayouts are the ways in which books set the same section.
func TestNarrativeLayouts(t *testing.T) {
	body := []string{"项目概述", "保障开放。", "立项依据", "年度计划。", "实施主体", "云栖市科普馆", "实施方案", "按月巡检。", "实施周期", "2026年1月-12月", "年度预算安排", "36万元", "绩效目标", "全年开放。"}
	numbered := func(style func(int) string) string {
		var b strings.Builder
		for i, s := range body {
			if i%2 == 0 {
				b.WriteString(style(i / 2))
			}
			b.WriteString(s + "\n")
		}
		return b.String()
	}
	han := []string{"一", "二", "三", "四", "五", "六", "七"}
	plain := func(int) string { return "" }
	byHan := func(i int) string { return han[i] + "、" }
	brackets := func(i int) string { return "（" + han[i] + "）" }
	digits := func(i int) string { return string(rune('1'+i)) + "." }
	for name, tt := range map[string]struct {
		text     string
		projects []string
	}{
		"numbered":           {"甲展厅项目经费情况说明\n" + numbered(byHan) + "乙展厅项目经费情况说明\n" + numbered(byHan), []string{"甲展厅项目", "乙展厅项目"}},
		"in brackets":        {"甲展厅项目经费情况说明\n" + numbered(brackets) + "乙展厅项目经费情况说明\n" + numbered(brackets), []string{"甲展厅项目", "乙展厅项目"}},
		"by digits":          {"甲展厅项目经费情况说明\n" + numbered(digits) + "乙展厅项目经费情况说明\n" + numbered(digits), []string{"甲展厅项目", "乙展厅项目"}},
		"without numbers":    {"甲展厅项目经费情况说明\n" + numbered(plain) + "乙展厅项目经费情况说明\n" + numbered(plain), []string{"甲展厅项目", "乙展厅项目"}},
		"no name":            {"项目经费情况说明\n" + numbered(byHan), []string{""}},
		"name below":         {"七、项目经费情况说明\n（一）甲展厅项目\n" + numbered(digits) + "（二）乙展厅专项资金\n" + numbered(digits), []string{"甲展厅项目", "乙展厅专项资金"}},
		"name with label":    {"七、项目经费情况说明\n项目名称：甲展厅\n" + numbered(byHan), []string{"甲展厅"}},
		"page furniture":     {"甲展厅项目经费情况说明\n" + strings.Replace(numbered(byHan), "三、", "- 12 -\n三、", 1), []string{"甲展厅项目"}},
		"behind a statement": {"编报绩效目标的项目1个，涉及项目预算资金36万元。\n甲展厅项目经费情况说明\n" + numbered(byHan), []string{"甲展厅项目"}},
		"nothing":            {"目录\n七、项目经费情况说明\n八、名词解释\n一、基本支出\n人员经费。\n", nil},
		"another's headings": {"一、主要职能\n负责科普。\n二、机构设置\n设三科。\n三、绩效目标\n全面完成。\n", nil},
	} {
		var got []string
		for _, n := range read(tt.text).Narratives {
			got = append(got, n.Project)
			if n.Amount.String() != "360000.00" || n.EndDate.String() != "2026-12-31" || n.ImplementingBody != "云栖市科普馆" || n.Goal != "全年开放。" || len(n.Sections) != 7 {
				t.Errorf("%s: %+v", name, n)
			}
		}
		if !slices.Equal(got, tt.projects) {
			t.Errorf("%s: %q, want %q", name, got, tt.projects)
		}
	}
}

// TestWrappedAnywhere wraps a book at every width: its facts stay.
func TestWrappedAnywhere(t *testing.T) {
	source := "科普展厅运行和展品更新改造项目经费情况说明\n一、项目概述\n保障展厅常年开放，配合学校课程，逐步扩大服务范围和社会影响。\n五、实施周期\n2026年1月1日至2026年12月31日\n六、年度预算安排\n2026年度项目总预算1,170.00万元，其中展厅改造870.00万元，志愿活动70.00万元，教具更新180.00万元，出版50.00万元。\n七、绩效目标\n全年开放300天。"
	for width := 8; width < 60; width++ {
		var out []string
		for _, s := range strings.Split(source, "\n") {
			runes := []rune(s)
			for len(runes) > width {
				out = append(out, string(runes[:width]))
				runes = runes[width:]
			}
			out = append(out, string(runes))
		}
		got := read(strings.Join(out, "\n")).Narratives
		if len(got) != 1 {
			t.Errorf("width %d: %d narratives", width, len(got))
			continue
		}
		n := got[0]
		if n.Amount.String() != "11700000.00" || amounts(n.Parts) != "8700000.00 700000.00 1800000.00 500000.00" || n.StartDate.String() != "2026-01-01" || n.EndDate.String() != "2026-12-31" || n.Goal != "全年开放300天。" {
			t.Errorf("width %d: %+v", width, n)
		}
		if n.Project != "科普展厅运行和展品更新改造项目" {
			t.Errorf("width %d: project %q", width, n.Project)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(chapter)
	f.Add("编报绩效目标的项目12个，涉及项目预算资金7,054.05万元。")
	f.Add("项目经费情况说明\n一、项目概述\n六、年度预算安排（万元）\n3(6\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, n := range read(text).Narratives {
			if len(n.Sections) < leastParts || n.Amount.Valid() && n.Amount.String() == "" {
				t.Errorf("%+v", n)
			}
		}
	})
}
