package report

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"perfgoal/model"
)

// project is a form with a name, an annual total and indicators (name, value).
func project(t *testing.T, name, total string, indicators ...string) SideForm {
	f := &model.Form{Index: 1, Project: model.Project{Name: name, SupervisingDepartment: "澄湖区水务局", ImplementingUnit: "澄湖区河道所"}}
	if total != "" {
		f.Funding.Annual.Total = money(t, total)
	}
	for i := 0; i < len(indicators); i += 2 {
		f.Indicators = append(f.Indicators, model.Indicator{Level1: "产出指标", Level2: "数量指标", Level3: indicators[i],
			Value: model.Value{Raw: indicators[i+1], Kind: model.KindBound}})
	}
	return SideForm{Path: "a.pdf", Form: f}
}

func side(forms ...SideForm) *Side {
	for i := range forms {
		forms[i].Form.Index = i + 1
	}
	return &Side{Documents: 1, Forms: forms}
}

func TestCompareStatus(t *testing.T) {
	before := side(
		project(t, "河道保洁项目", "100", "保洁长度", "≥10(公里)", "出动船只", "≥5(艘)"),
		project(t, "2025年水闸维修", "200", "维修座数", "≥2(座)"),
		project(t, "泵站运行管护项目", "300", "运行泵站", "≥3(座)", "巡查次数", "≥12(次)"),
		project(t, "水质监测", "400", "监测点", "≥4(个)"),
		project(t, "防汛物资", "", "物资种类", "≥6(种)"),
	)
	after := side(
		project(t, "防汛物资", "600", "物资种类", "≥6(种)"),
		project(t, "泵站运行维护项目", "300", "运行泵站", "≥3(座)", "巡查次数", "≥12(次)"),
		project(t, "2026年水闸维修", "200", "维修座数", "≥2(座)"),
		project(t, "河道 保洁项目", "100", "出动船只", "≥5(艘)", "保洁长度", "≥12(公里)", "打捞量", "≥9(吨)"),
		project(t, "节水宣传", "50", "宣传次数", "≥2(次)"),
	)
	c := Compare(before, after)
	var got []string
	for _, p := range c.Projects {
		s := string(p.Status) + " " + p.subject().Form.Project.Name
		for _, f := range p.Fields {
			s += fmt.Sprintf(" %s:%s→%s", f.Field, f.Old, f.New)
		}
		for _, x := range p.Indicators {
			s += fmt.Sprintf(" %s %s", x.Status, x.name())
		}
		got = append(got, s)
	}
	want := []string{
		"changed 防汛物资 funding.annual.total:→600.00",
		"renamed 泵站运行维护项目 project.name:泵站运行管护项目→泵站运行维护项目",
		"renamed 2026年水闸维修 project.name:2025年水闸维修→2026年水闸维修",
		"changed 河道 保洁项目 changed 保洁长度 added 打捞量",
		"added 节水宣传",
		"removed 水质监测",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestCompareFindings wants a finding that only changed its figures to
// remain, moved rows to stay paired, and repeats to be counted.
func TestCompareFindings(t *testing.T) {
	finding := func(rule, field, text string) model.Finding {
		return model.Finding{Rule: rule, Field: field, Text: text, Severity: model.Error, Form: ptr(1)}
	}
	before := project(t, "甲", "1", "一", "≥1", "二", "≥2")
	after := project(t, "甲", "1", "二", "≥2", "一", "≥1")
	before.Findings = []model.Finding{finding("F001", "funding.annual.total", "1"), finding("V003", "indicators[1].value", "≥2"),
		finding("X", "goals.annual", "a"), finding("X", "goals.annual", "b")}
	after.Findings = []model.Finding{finding("F001", "funding.annual.total", "9"), finding("V003", "indicators[0].value", "≥2"),
		finding("X", "goals.annual", "a"), finding("T003", "project.end_date", "?")}
	p := Compare(side(before), side(after)).Projects[0]
	if p.Remaining != 3 || len(p.Fixed) != 1 || p.Fixed[0].Rule != "X" || len(p.Appeared) != 1 || p.Appeared[0].Rule != "T003" {
		t.Errorf("remaining %d, fixed %v, new %v", p.Remaining, p.Fixed, p.Appeared)
	}
}

// changedField returns the form with another value in the field.
func changedField(t *testing.T, form model.Form, f model.Field) *model.Form {
	t.Helper()
	switch {
	case f.Text(&form) != nil:
		*f.Text(&form) = "另一个" + f.Path
	case f.Year(&form) != nil:
		*f.Year(&form) = 2031
	case f.Date(&form) != nil:
		*f.Date(&form) = model.NewDate("2031/1/1", 2031, 1, 1)
	case f.Money(&form) != nil:
		*f.Money(&form) = money(t, "31")
	default:
		t.Fatalf("%s has no accessor", f.Path)
	}
	return &form
}

// Another value in any field of the tables is reported as just that, and what
// a side could not read for certain is not compared, but told.
func TestCompareSeesEveryField(t *testing.T) {
	form := project(t, "河道保洁项目", "100", "保洁长度", "≥10(公里)").Form
	for _, f := range model.Fields {
		p := comparePair(&SideForm{Form: form}, &SideForm{Form: changedField(t, *form, f)})
		if len(p.Fields) != 1 || p.Fields[0].Field != f.Path || p.Fields[0].New == "" || p.Status == Unchanged {
			t.Errorf("%s changed: %s %+v", f.Path, p.Status, p.Fields)
		}
		line := options(model.Chinese).fieldLine(p.Fields[0])
		if !strings.HasPrefix(line, f.Name.Zh+"：") {
			t.Errorf("%s is called %s", f.Path, line)
		}
		doubted := *form
		doubted.Doubts = []model.Doubt{{Code: model.AmbiguousText, Field: f.Path, Text: "甲或乙"}}
		p = comparePair(&SideForm{Form: changedField(t, *form, f)}, &SideForm{Form: &doubted})
		if len(p.Fields) != 0 || len(p.Unsure) != 1 || p.Unsure[0].Field != f.Path || p.Unsure[0].New != "甲或乙" || p.Status != Unsure {
			t.Errorf("%s doubted: %s %+v %+v", f.Path, p.Status, p.Fields, p.Unsure)
		}
	}
	value := model.Value{Raw: "另一个值", Kind: model.KindText}
	for column, change := range map[string]func(*model.Indicator){
		"level1": func(x *model.Indicator) { x.Level1 = "另一级" }, "level2": func(x *model.Indicator) { x.Level2 = "另一级" },
		"level3": func(x *model.Indicator) { x.Level3 = "另一项" }, "value": func(x *model.Indicator) { x.Value = value },
		"long_term_value": func(x *model.Indicator) { x.LongTermValue = &value }, "half_year_value": func(x *model.Indicator) { x.HalfYearValue = &value },
		"region_values": func(x *model.Indicator) { x.RegionValues = []model.RegionValue{{Region: "东区", Value: value}} },
		"weight":        func(x *model.Indicator) { x.Weight = "31" }, "l1_weight": func(x *model.Indicator) { x.Level1Weight = "31" },
		"remark": func(x *model.Indicator) { x.Remark = "另一个备注" },
	} {
		if !slices.ContainsFunc(model.IndicatorFields, func(f model.IndicatorField) bool { return f.Path == column }) {
			t.Errorf("no column %s", column)
		}
		for _, scope := range []model.Scope{model.Annual, model.Overall} {
			was := project(t, "河道保洁项目", "100", "保洁长度", "≥10(公里)").Form
			is := project(t, "河道保洁项目", "100", "保洁长度", "≥10(公里)").Form
			change(&is.Indicators[0])
			if scope == model.Overall {
				for _, f := range []*model.Form{was, is} {
					f.Indicators, f.OverallIndicators = nil, f.Indicators
				}
			}
			p := Compare(side(SideForm{Form: was}), side(SideForm{Form: is})).Projects[0]
			if column == "level3" {
				if len(p.Indicators) != 2 || p.Indicators[0].Status != Added || p.Indicators[1].Status != Removed {
					t.Errorf("another name: %+v", p.Indicators)
				}
				continue
			}
			if len(p.Indicators) != 1 || p.Indicators[0].Scope != scope || len(p.Indicators[0].Fields) != 1 || p.Indicators[0].Fields[0].Field != column {
				t.Errorf("%s %s changed: %+v", scope, column, p.Indicators)
			}
			is.Doubts = []model.Doubt{{Code: model.AmbiguousText, Field: listPath(scope) + "[0]." + column, Text: "甲或乙"}}
			p = Compare(side(SideForm{Form: was}), side(SideForm{Form: is})).Projects[0]
			if len(p.Indicators) != 0 || len(p.Unsure) != 1 || p.Status != Unsure {
				t.Errorf("%s %s doubted: %s %+v %+v", scope, column, p.Status, p.Indicators, p.Unsure)
			}
		}
	}
	if len(model.IndicatorFields) != 10 {
		t.Error("a column of the table is not changed by this test")
	}
}

// A project whose name is doubted is still the one with its indicators.
func TestCompareDoubtedName(t *testing.T) {
	was := project(t, "河道保洁", "1", "一", "≥1", "二", "≥2")
	is := project(t, "", "1", "一", "≥1", "二", "≥2")
	is.Form.Doubts = []model.Doubt{{Code: model.OverlappingText, Field: "project.name", Text: "河道保法"}}
	c := Compare(side(was), side(is))
	if len(c.Projects) != 1 || c.Projects[0].Status != Unsure {
		t.Errorf("%+v", c.Projects)
	}
}

// Where a row's name is doubted, rows that seem to come or go may be that one.
func TestCompareDoubtedRow(t *testing.T) {
	was := project(t, "甲", "1", "一", "≥1", "二", "≥2").Form
	is := project(t, "甲", "1", "一", "≥3", "", "≥2").Form
	is.Doubts = []model.Doubt{{Code: model.OverlappingText, Field: "indicators[1]", Text: "二三"}}
	p := Compare(side(SideForm{Form: was}), side(SideForm{Form: is})).Projects[0]
	if len(p.Indicators) != 1 || p.Indicators[0].New.Level3 != "一" || len(p.Unsure) == 0 || p.Unsure[0].Field != "indicators" {
		t.Errorf("%+v, unsure %+v", p.Indicators, p.Unsure)
	}
}

func TestCompareItems(t *testing.T) {
	with := func(items ...model.FundingItem) *model.Form {
		f := project(t, "甲", "1").Form
		f.Funding.Items = items
		return f
	}
	item := func(label, amount string) model.FundingItem {
		return model.FundingItem{Label: label, Amount: money(t, amount)}
	}
	before := with(item("中央资金", "1"), item("地方资金", "2"), item("地方资金", "3"), item("其中：上年结转资金", "9"))
	after := with(item("地方资金", "2.00"), item("中央 资金", "5"), item("单位资金", "4"), item("上年结转资金", "8"))
	var got []string
	for _, f := range Compare(side(SideForm{Form: before}), side(SideForm{Form: after})).Projects[0].Fields {
		got = append(got, options(model.Chinese).fieldLine(f))
	}
	want := []string{"中央 资金：1.00 → 5.00 元（+4.00，+400.0%）", "单位资金：（未填） → 4.00", "地方资金：3.00 → （未填）"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestShorten(t *testing.T) {
	long := "这是一段很长的文字用来说明两段文字只有一个地方不同的时候只给出不同的地方和前后几个字就够了"
	a, b := shorten(long+"甲"+long, long+"乙乙"+long)
	if a != "…方和前后几个字就够了甲这是一段很长的文字用…" || b != "…方和前后几个字就够了乙乙这是一段很长的文字用…" {
		t.Errorf("%s\n%s", a, b)
	}
	if a, b := shorten("短", "长"); a != "短" || b != "长" {
		t.Errorf("%s %s", a, b)
	}
}

func TestDiffGolden(t *testing.T) {
	before := side(project(t, "河道保洁项目", "100000", "保洁长度", "≥10(公里)"), project(t, "水质监测", "400", "监测点", "≥4(个)"))
	after := side(project(t, "河道保洁项目", "120000.5", "保洁长度", "≥12(公里)"), project(t, "节水<b>宣传", "50", "宣传次数", "≥2(次)"))
	before.Forms[0].Findings = []model.Finding{{Rule: "F001", Name: "funding-total-mismatch", Severity: model.Error, Form: ptr(1), Field: "funding.annual.total",
		Message: model.Message{Text: model.Text{Zh: "合计不符。", En: "The total does not add up."}}}}
	after.Forms[1].Findings = []model.Finding{{Rule: "S004", Name: "empty-annual-goal", Severity: model.Error, Form: ptr(2), Field: "goals.annual",
		Message: model.Message{Text: model.Text{Zh: "没有年度目标。", En: "No annual goal."}}}}
	before.Forms = append(before.Forms, project(t, "泵站运行", "300", "运行泵站", "≥3(座)"), project(t, "防汛物资", "600", "物资种类", "≥6(种)"))
	after.Forms = append(after.Forms, project(t, "泵站运行", "300", "运行泵站", "≥3(座)"), project(t, "防汛物资", "600", "物资种类", "≥6(种)"))
	for i := range after.Forms {
		before.Forms[i].Form.Index, after.Forms[i].Form.Index = i+1, i+1
	}
	before.Forms[2].Form.Indicators[0].Weight, after.Forms[2].Form.Indicators[0].Weight = "10", "15"
	after.Forms[3].Form.Doubts = []model.Doubt{{Code: model.OverlappingText, Field: "goals.annual", Text: "保障汛期物资"}, {Code: model.UnassignedText, Text: "见附件"}}
	after.Unread, after.Partial = 1, 1
	for _, lang := range []model.Lang{model.Chinese, model.English} {
		for _, format := range DiffFormats() {
			for name, c := range map[string]*Comparison{"diff": Compare(before, after), "diff-same": Compare(before, before)} {
				var b bytes.Buffer
				if err := format.New(&b, options(lang))(c); err != nil {
					t.Fatal(err)
				}
				golden(t, name+"."+string(lang)+"."+format.Name, b.Bytes())
			}
		}
	}
}

func TestStatsGolden(t *testing.T) {
	other := sampleDocument(t)
	other.Path, other.Forms[0].Project.SupervisingDepartment, other.Forms[0].Project.Category = "b.pdf", "=1+1", ""
	other.Forms[0].Funding.Annual.Total = model.Money{State: model.MoneyInvalid, Raw: "待定"}
	for _, lang := range []model.Lang{model.Chinese, model.English} {
		for _, format := range StatsFormats() {
			for name, documents := range map[string][]*model.Document{"stats": {sampleDocument(t), other, lockedDocument()}, "stats-none": nil} {
				var b bytes.Buffer
				w := format.New(&b, options(lang))
				for _, d := range documents {
					if err := w.Add(d); err != nil {
						t.Fatal(err)
					}
				}
				if err := w.Close(End{}); err != nil {
					t.Fatal(err)
				}
				golden(t, name+"."+string(lang)+"."+format.Name, b.Bytes())
			}
		}
	}
}

func TestBar(t *testing.T) {
	n := func(v int64) decimal.Decimal { return decimal.NewFromInt(v) }
	for _, tt := range []struct {
		n, of int64
		want  string
	}{{0, 5, ""}, {5, 5, "████████████"}, {1, 2, "██████"}, {1, 1000, "▏"}, {-1, 5, ""}} {
		if got := bar(n(tt.n), n(tt.of)); got != tt.want || width(got) > barWidth {
			t.Errorf("bar(%d, %d) = %q, want %q", tt.n, tt.of, got, tt.want)
		}
	}
}
