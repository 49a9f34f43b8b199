package config

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"perfgoal/model"
)

// ownRuleOf parses one own rule with the expression.
func ownRuleOf(t *testing.T, expression, more string) *ownRule {
	t.Helper()
	f, err := Parse("x.yaml", fmt.Appendf(nil, "own-rules:\n  - code: U001\n    name: a\n    title: b\n    message: m\n    when: '%s'\n%s", expression, more))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return f.own[0]
}

func yuan(n int64) model.Money {
	return model.Money{State: model.MoneyValid, Amount: decimal.NewFromInt(n)}
}

// filledForm has something in every field of the tables.
func filledForm() *model.Form {
	form := &model.Form{}
	for i, f := range model.Fields {
		switch {
		case f.Text(form) != nil:
			*f.Text(form) = "某" + f.Path
		case f.Year(form) != nil:
			*f.Year(form) = 2026
		case f.Date(form) != nil:
			*f.Date(form) = model.NewDate("x", 2026, 1, 1)
		case f.Money(form) != nil:
			*f.Money(form) = yuan(int64(i + 1))
		}
	}
	value := model.Value{Raw: "≥1(个)", Kind: model.KindBound, Operator: model.AtLeast, Unit: "个"}
	form.Indicators = []model.Indicator{{Level1: "产出指标", Level2: "数量指标", Level3: "甲", Class1: model.Output, Class2: model.Quantity,
		Value: value, LongTermValue: &value, HalfYearValue: &value, RegionValues: []model.RegionValue{{Region: "东区", Value: value}},
		Weight: "10", Level1Weight: "（50分）", Remark: "无"}}
	return form
}

// Every field of the tables is known to expressions by its path and each of
// its Chinese names, tells filled from blank, and can be set in an example.
func TestExpressionsKnowEveryField(t *testing.T) {
	filled, empty := filledForm(), &model.Form{}
	for _, f := range model.Fields {
		for _, name := range append([]string{f.Path, f.Name.Zh}, f.Aliases...) {
			test, example := name+` != ""`, `"字"`
			switch f.Kind {
			case model.FieldYear:
				test, example = name+" == 2026", "2026"
			case model.FieldMoney:
				test, example = name+" > 0", "1"
			case model.FieldDate:
				example = `"2026-01-01"`
			}
			o := ownRuleOf(t, test, "    examples:\n      - {outcome: fail, form: {"+name+": "+example+"}}\n")
			if got := o.judge(valuesOf(filled)); got.Outcome != model.Fail {
				t.Errorf("%s of a filled form: %s", test, got.Outcome)
			}
			if got := o.judge(valuesOf(empty)); got.Outcome == model.Fail {
				t.Errorf("%s of an empty form: %s", test, got.Outcome)
			}
			if got := o.judge(o.examples[0].form); got.Outcome != model.Fail {
				t.Errorf("%s: the example's field is not set: %s", test, got.Outcome)
			}
			if o.rule(); o.field != f.Path {
				t.Errorf("a rule about %s points at %q", name, o.field)
			}
		}
	}
	for _, f := range model.IndicatorFields {
		for _, name := range []string{f.Path, f.Name.Zh} {
			test := "any(indicators, ." + name + ` != "")`
			o := ownRuleOf(t, test, "    examples:\n      - {outcome: fail, form: {指标: [{"+name+": 字}]}}\n")
			if got := o.judge(valuesOf(filled)); got.Outcome != model.Fail {
				t.Errorf("%s of a filled row: %s", test, got.Outcome)
			}
			if got := o.judge(o.examples[0].form); got.Outcome != model.Fail {
				t.Errorf("%s: the example's row is not set: %s", test, got.Outcome)
			}
		}
	}
}

func TestNamesAreUnique(t *testing.T) {
	seen := map[string]string{}
	for _, f := range formFields() {
		for _, name := range append([]string{f.path}, f.chinese...) {
			if seen[name] != "" {
				t.Errorf("%s names both %s and %s", name, seen[name], f.path)
			}
			seen[name] = f.path
		}
	}
}

func TestListsInExpressions(t *testing.T) {
	form := filledForm()
	form.OverallIndicators = form.Indicators
	form.Funding.Items = []model.FundingItem{{Label: "中央资金", Amount: yuan(600_000)}}
	for _, test := range []string{
		`any(指标, .class1 == "output" and .二级类别 == "quantity")`,
		`len(overall_indicators) == 1 and 长期指标[0].三级指标 == "甲"`,
		`sum(map(funding.items, .amount)) == 600000 and any(资金明细, .名称 == "中央资金")`,
		`any(指标, .operator == ">=" and .单位 == "个" and .kind == "bound")`,
	} {
		if got := ownRuleOf(t, test, "").judge(valuesOf(form)); got.Outcome != model.Fail {
			t.Errorf("%s: %s (%s)", test, got.Outcome, got.Reason.In(model.Chinese))
		}
	}
}

// What was not read for certain, or is not on the form, cannot be judged; a
// blank cell can.
func TestOwnRulesDoNotJudgeDoubts(t *testing.T) {
	blank := map[string]model.Source{"goals.overall": {}, "project.end_date": {Text: "年底"}}
	for _, c := range []struct {
		name, test string
		form       model.Form
		want       model.Outcome
		says       string
	}{
		{"blank", `blank(项目总目标)`, model.Form{Sources: blank}, model.Fail, ""},
		{"doubted", `blank(项目总目标)`, model.Form{Sources: blank, Doubts: []model.Doubt{{Field: "goals.overall"}}}, model.InsufficientData, "“项目总目标”没有读准"},
		{"not on the form", `blank(项目期)`, model.Form{Sources: blank}, model.InsufficientData, "没有“项目期”这一栏"},
		{"no date", `blank(计划完成日期)`, model.Form{Sources: blank, Project: model.Project{EndDate: model.Date{Raw: "年底"}}}, model.InsufficientData, "不是日期"},
		{"no year", `年度 < 2026`, model.Form{}, model.InsufficientData, "空白"},
		{"a row doubted", `none(指标, .value != "")`, model.Form{Doubts: []model.Doubt{{Field: "indicators[0].value"}}}, model.InsufficientData, "“指标”没有读准"},
		{"another field doubted", `blank(项目总目标)`, model.Form{Sources: blank, Doubts: []model.Doubt{{Field: "goals.annual"}, {Field: ""}}}, model.Fail, ""},
	} {
		o := ownRuleOf(t, c.test, "")
		got := o.rule().Check(&c.form)
		if got.Outcome != c.want || !strings.Contains(got.Reason.In(model.Chinese), c.says) {
			t.Errorf("%s: %s (%s), want %s", c.name, got.Outcome, got.Reason.In(model.Chinese), c.want)
		}
	}
}

var update = flag.Bool("update", false, "rewrite the lists in docs that are made from tables")

// The guide lists just the fields that there are.
func TestGuideListsTheFields(t *testing.T) {
	checkGuide(t, "configuration.md", "fields", fieldList())
}

// checkGuide holds what a guide lists between two comments to what it is made
// from.
func checkGuide(t *testing.T, guide, name, want string) {
	t.Helper()
	begin, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->\n"
	path := filepath.Join("..", "docs", guide)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	page := strings.ReplaceAll(string(b), "\r\n", "\n")
	head, rest, found := strings.Cut(page, begin)
	got, tail, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s has no list of %s", path, name)
	}
	if *update {
		if err := os.WriteFile(path, []byte(head+begin+want+end+tail), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if got != want {
		t.Errorf("the list of %s in %s (-update rewrites):\n%s\nwant:\n%s", name, path, got, want)
	}
}

// fieldList is the table of fields as the guide shows it.
func fieldList() string {
	var b strings.Builder
	b.WriteString("| 中文名 | 英文路径 | 类型 |\n| --- | --- | --- |\n")
	kinds := map[model.FieldKind]string{model.FieldText: "文字", model.FieldYear: "年份", model.FieldDate: "日期（2026-01-31）", model.FieldMoney: "金额"}
	for _, f := range formFields() {
		kind := kinds[f.kind]
		if f.rows != nil {
			var names []string
			for _, r := range f.rows {
				names = append(names, r.chinese+" `"+r.path+"`")
			}
			kind = "列表，每行有：" + strings.Join(names, "、")
			if f.path == "overall_indicators" {
				kind = "列表，每行与“指标”相同"
			}
		}
		fmt.Fprintf(&b, "| %s | `%s` | %s |\n", strings.Join(f.chinese, "、"), f.path, kind)
	}
	return b.String()
}
