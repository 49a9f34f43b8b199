package validate_test

import (
	"slices"
	"strings"
	"testing"

	"perfgoal/model"
	"perfgoal/validate"
)

// relabelled is the clean form with labels of another region: the classes
// stay, the words change.
func relabelled(t *testing.T, labels map[string]string) *model.Document {
	t.Helper()
	doc := parseText(t, base(t))
	for i := range doc.Forms[0].Indicators {
		x := &doc.Forms[0].Indicators[i]
		for from, to := range labels {
			for _, label := range []*string{&x.Level1, &x.Level2, &x.PrintedLevel1, &x.PrintedLevel2} {
				if *label == from {
					*label = to
				}
			}
		}
	}
	return &doc
}

func TestSynonymsOfLevelsAreTheLevels(t *testing.T) {
	e := engine(t, validate.Config{Select: []string{"ALL"}})
	doc := relabelled(t, map[string]string{"效益指标": "效果指标", "时效指标": "进度指标", "成本指标": "投入控制", "满意度指标": "认可情况", "产出指标": "完成情况", "数量指标": "工作量", "社会效益指标": "社会效果"})
	if found := e.Document(doc).Findings; len(found) > 0 {
		t.Errorf("%v", messages(found))
	}
}

// TestUnknownSystemsOfLevelsAreLeftAlone: labels of no known class, or of
// another system, may be what seems to be missing.
func TestUnknownSystemsOfLevelsAreLeftAlone(t *testing.T) {
	e := engine(t, validate.Config{})
	for _, other := range []struct {
		label string
		class model.Level
	}{{"投入与管理", model.Process}, {"决策", model.Decision}, {"过程", model.Process}, {"影响力目标", model.Influence}, {"能力建设", model.NoLevel}} {
		doc := parseText(t, base(t))
		f := &doc.Forms[0]
		for i := range f.Indicators {
			if x := &f.Indicators[i]; x.Class1 == model.Cost {
				x.Level1, x.PrintedLevel1, x.Class1, x.Level2, x.Class2 = other.label, other.label, other.class, "", model.NoLevel
			}
		}
		f.Signs = []model.Sign{{Kind: model.SignMisplacedLevel, Text: "财务管理", Other: other.label, Indicator: 0}}
		res := e.Document(&doc)
		for _, x := range res.Findings {
			t.Errorf("%s: %s %s", other.label, x.Rule, x.Message.In(model.Chinese))
		}
		for _, c := range res.Single {
			if c.Rule == "S006" && c.Outcome != model.InsufficientData {
				t.Errorf("%s: S006 answers %s", other.label, c.Outcome)
			}
		}
	}
}

// TestRequiredLevelsAreTheLayouts: what must be there is for the layout to say.
func TestRequiredLevelsAreTheLayouts(t *testing.T) {
	e := engine(t, validate.Config{Select: []string{"S006", "S007"}})
	for _, c := range []struct {
		required []model.Level
		want     string
	}{
		{nil, "S006 S006 S007"},
		{[]model.Level{}, ""},
		{[]model.Level{model.Output, model.Benefit}, "S007"},
		{[]model.Level{model.Benefit}, ""},
		{[]model.Level{model.Output, model.Benefit, model.Satisfaction}, "S006 S007"},
		{[]model.Level{model.Output, model.Quantity, model.Quality}, "S007"},
		{[]model.Level{model.Output, model.Quantity, model.Timeliness}, ""},
	} {
		doc := parseText(t, base(t))
		f := &doc.Forms[0]
		f.Required = c.required
		f.Indicators = slices.DeleteFunc(f.Indicators, func(x model.Indicator) bool {
			return x.Class1 == model.Cost || x.Class1 == model.Satisfaction || x.Class2 == model.Quality
		})
		var got []string
		for _, x := range e.Document(&doc).Findings {
			got = append(got, x.Rule)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%v: %v, want %s", c.required, got, c.want)
		}
	}
}

// TestCostUnderOutput: older forms have cost as a level 2 of output.
func TestCostUnderOutput(t *testing.T) {
	e := engine(t, validate.Config{Select: []string{"ALL"}})
	doc := parseText(t, base(t))
	f := &doc.Forms[0]
	for i := range f.Indicators {
		if x := &f.Indicators[i]; x.Class1 == model.Cost {
			x.Level1, x.Level2, x.Class1, x.Class2 = "产出指标", "成本指标", model.Output, model.Cost
		}
	}
	res := e.Document(&doc)
	if len(res.Findings) > 0 {
		t.Errorf("%v", messages(res.Findings))
	}
	for _, c := range res.Checks {
		if c.Rule == "C001" && c.Pass != 1 {
			t.Errorf("%+v", c)
		}
	}
}

func departmentForm() model.Form {
	money := func(s string) model.Money {
		n, err := model.ParseNumber(s)
		if err != nil {
			panic(err)
		}
		return model.Money{State: model.MoneyValid, Amount: n.Value, Scale: n.Value.Div(n.Value), Printed: n, Raw: s}
	}
	return model.Form{
		Index: 1, Kind: model.DepartmentForm, Title: "部门整体支出绩效目标表", FiscalYear: 2026, DepartmentName: "云栖市科普事务局",
		Funding: model.Funding{Unit: "元", Annual: model.AnnualFunding{Total: money("900000.00"), Basic: money("500000.00"), Project: money("400000.00")}},
		Goals:   model.Goals{Annual: "统筹全市科普工作，办好展厅、巡展和科普活动，提高市民科学素质，完成年度各项任务。"},
		Indicators: []model.Indicator{
			{Level1: "产出指标", Class1: model.Output, Level2: "数量指标", Class2: model.Quantity, Level3: "举办科普活动场次", Value: model.Value{Raw: "≥24(场)", Kind: model.KindBound, Operator: model.AtLeast, Number: number("24"), Unit: "场"}},
			{Level1: "满意度指标", Class1: model.Satisfaction, Level2: "服务对象满意度指标", Class2: model.ClientSatisfaction, Level3: "市民满意度", Value: model.Value{Raw: "≥90(%)", Kind: model.KindBound, Operator: model.AtLeast, Number: number("90"), Unit: "%"}},
		},
	}
}

func number(s string) *model.Number {
	n, err := model.ParseNumber(s)
	if err != nil {
		panic(err)
	}
	return &n
}

// TestDepartmentForms: a whole department's form has its own fields and sums;
// what is about projects does not apply.
func TestDepartmentForms(t *testing.T) {
	e := engine(t, validate.Config{Select: []string{"ALL"}})
	check := func(what, want string, change func(*model.Form)) {
		t.Helper()
		f := departmentForm()
		change(&f)
		res := e.Document(&model.Document{Status: model.StatusOK, Forms: []model.Form{f}})
		var got []string
		for _, x := range res.Findings {
			got = append(got, x.Rule)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %q", what, messages(res.Findings), want)
		}
	}
	check("clean", "", func(*model.Form) {})
	check("no department", "S001", func(f *model.Form) { f.DepartmentName = "" })
	check("no year", "S001", func(f *model.Form) { f.FiscalYear = 0 })
	check("basic and project do not add up", "F001", func(f *model.Form) { f.Funding.Annual.Basic.Amount = f.Funding.Annual.Project.Amount })
	check("satisfaction wanted low", "V002", func(f *model.Form) { f.Indicators[1].Value.Operator = model.AtMost })
	got := outcomes(e, &model.Document{Status: model.StatusOK, Forms: []model.Form{departmentForm()}})
	for _, code := range []string{"C001", "D001", "D003", "N001", "N003", "T001", "T002", "T003", "S002", "F002"} {
		if got[code].Outcome != model.NotApplicable {
			t.Errorf("%s answers %s", code, got[code].Outcome)
		}
	}
}

// TestItemsAreTheParts: a layout with other items than the usual ones is
// summed over those that it prints.
func TestItemsAreTheParts(t *testing.T) {
	e := engine(t, validate.Config{Select: []string{"F001"}})
	item := func(label, amount string, part bool) model.FundingItem {
		n := number(amount)
		return model.FundingItem{Label: label, Part: part, Amount: model.Money{State: model.MoneyValid, Amount: n.Value, Scale: number("1").Value, Printed: *n, Raw: amount}}
	}
	for _, c := range []struct {
		items []model.FundingItem
		want  model.Outcome
	}{
		{[]model.FundingItem{item("年度资金总额", "360000.00", false), item("中央资金", "200000.00", true), item("上级资金", "100000.00", true), item("自有资金", "60000.00", true)}, model.Pass},
		{[]model.FundingItem{item("中央资金", "200000.00", true), item("上级资金", "100000.00", true), item("自有资金", "50000.00", true)}, model.Fail},
		{[]model.FundingItem{item("财政拨款", "360000.00", true), item("其中：中央资金", "200000.00", false)}, model.Pass},
	} {
		doc := parseText(t, base(t))
		doc.Forms[0].Funding.Items = c.items
		doc.Forms[0].Funding.Annual = model.AnnualFunding{Total: doc.Forms[0].Funding.Annual.Total}
		res := e.Document(&doc)
		if res.Single[0].Outcome != c.want {
			t.Errorf("%v: %s %v", c.items, res.Single[0].Outcome, messages(res.Findings))
		}
		for _, x := range res.Findings {
			checkFinding(t, x)
			if x.Evidence["中央资金"] != "200000.00" {
				t.Errorf("%v", x.Evidence)
			}
		}
	}
}

// TestProjectSideMayHaveFurtherSources: where a form has funds beside the
// usual ones, a project total above its two known parts proves nothing.
func TestProjectSideMayHaveFurtherSources(t *testing.T) {
	e := engine(t, validate.Config{Select: []string{"F001"}})
	for _, c := range []struct {
		change func(*model.Form)
		want   model.Outcome
	}{
		{func(*model.Form) {}, model.Fail},
		{func(f *model.Form) { f.Sources["funding.annual.own"] = model.Source{} }, model.InsufficientData},
		{func(f *model.Form) {
			f.Doubts = []model.Doubt{{Code: model.AmbiguousText, Field: "funding.annual.own", Text: "10"}}
		}, model.InsufficientData},
		{func(f *model.Form) {
			f.Sources["funding.annual.own"] = model.Source{}
			f.Funding.Project.Other = f.Funding.Project.Total // more than the total is wrong whatever else there is
		}, model.Fail},
	} {
		doc := parseText(t, strings.Replace(base(t), "其中: 财政资金\t360,000.00", "其中: 财政资金\t300,000.00", 1))
		c.change(&doc.Forms[0])
		if got := e.Document(&doc).Single[0].Outcome; got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}
