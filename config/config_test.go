package config

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"perfgoal/model"
	"perfgoal/validate"
)

const good = `# comment
ruleset: cn-2022@2.0.0
rules:
  ALL: off
  C: on
  C005: error
  short-goal: warning
thresholds:
  cost-tolerance: 0.01
  goal-length: 60
vocabulary:
  rate: [占有度]
  units: {人头: 人}
overrides:
  - files: ["归档/**", "*.txt"]
    rules: {C001: off}
output:
  formats: [text, json=out.json]
  lang: zh
  fail-level: none
  show-checks: true
suppressions:
  - rule: C001
    project: 某项目
    reason: 待批复
    expires: 2026-12-31
own-rules:
  - code: U001
    name: total-adds-up
    title: 项目资金总额应等于各项之和
    must: 项目资金总额 == 财政拨款 + 其他资金
    message: 项目资金总额 {项目资金总额} 不等于 {财政拨款 + 其他资金}
    examples:
      - outcome: fail
        form: {项目资金总额: 100, 财政拨款: 60, 其他资金: 30}
      - outcome: pass
        form: {项目资金总额: 0.3, 财政拨款: 0.1, 其他资金: 0.2}
      - outcome: insufficient_data
        form: {项目资金总额: 100, 财政拨款: 60}
  - code: U002
    name: large-without-goal
    title: 大项目没有总目标
    severity: error
    when: |
      funding.annual.total > 5000000
        && goals.overall == ""
    message: 资金 {funding.annual.total} 元，却没有总目标
    examples:
      - {outcome: fail, form: {funding.annual.total: "6,000,000", goals.overall: ""}}
      - {outcome: pass, form: {年度资金总额: 6000000, 项目总目标: 有}}
  - code: U003
    name: sums-of-rows
    title: 各行之和
    if: len(指标) > 0
    must: 合计(map(指标, .数值)) <= 100 and any(indicators, .level3 == "甲")
    message: x {合计(map(指标, .数值))}
    examples:
      - {outcome: not_applicable, form: {}}
      - {outcome: pass, form: {指标: [{三级指标: 甲, 数值: 60}, {level3: 乙, number: "30"}]}}
      - {outcome: fail, form: {指标: [{三级指标: 甲, 数值: 60}, {level3: 乙, number: "60"}]}}
`

func TestGoodFile(t *testing.T) {
	f, err := Parse("x.yaml", []byte(good))
	if err != nil {
		t.Fatalf("a correct file is refused:\n%v", err)
	}
	if problems, n := f.Verify(); len(problems) > 0 || n != 8 {
		t.Errorf("%d examples run, want 8; failing:\n%v", n, problems)
	}
	if *f.Thresholds.GoalLength != 60 || f.Thresholds.CostErrorShare != nil || f.Vocabulary.Units["人头"] != "人" || f.Output.FailLevel != "none" {
		t.Errorf("values are not taken over: %+v", f)
	}
	if got := f.Source("thresholds.goal-length"); got != "x.yaml:10" {
		t.Errorf("the source of a value is %q", got)
	}
	for path, want := range map[string]string{"归档/2024/a.pdf": "0,", "a.txt": "0,", "b/c.txt": "0,", "b/归档/a.pdf": "", "../归档/a.pdf": ""} {
		if got := f.Variant(path); got != want {
			t.Errorf("overrides for %s: %q, want %q", path, got, want)
		}
	}
	e, err := validate.New(f.Engine(f.Variant("a.pdf"), validate.Config{}))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]model.Severity{}
	for _, r := range e.Rules() {
		got[r.Code] = r.Severity
	}
	want := map[string]model.Severity{"C001": model.Warning, "C002": model.Info, "C004": model.Warning, "C005": model.Error, "S005": model.Warning}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rules in force (-want +got):\n%s", diff)
	}
}

// TestMistakesAreAllReported changes one thing each and wants just that
// reported, at its place.
func TestMistakesAreAllReported(t *testing.T) {
	for _, c := range []struct {
		old, new     string
		line, column int
		says         string
	}{
		{"goal-length: 60", "goal-lengths: 60", 10, 3, "goal-length？"},
		{"  C: on", "  C: yes", 5, 6, "off、on"},
		{"short-goal", "short-gaol", 7, 0, "short-goal"},
		{"2026-12-31", "2026-13-31", 26, 14, "日期"},
		{"财政拨款 + 其他资金\n", "财政拨款 + 其它资金\n", 31, 28, "其他资金？"},
		{"财政拨款 + 其他资金\n", "财政拨款 + \"1\"\n", 31, 26, "一边是数，一边是文字"},
		{"财政拨款 + 其他资金\n", "财政拨款 +\n", 31, 26, "没有写完"},
		{"财政拨款 + 其他资金}", "财政拨款 + 其它资金}", 32, 42, "其他资金？"},
		{"&& goals.overall", "&& goals.overal", 46, 18, "overal"},
		{"lang: zh", "lang: fr", 19, 9, "zh、en"},
		{"cost-tolerance: 0.01", "cost-tolerance: 1.01", 9, 19, "从 0 到 1"},
		{"cost-tolerance: 0.01", "cost-tolerance: \"0.01\"", 9, 19, "从 0 到 1"},
		{"show-checks: true", "show-checks: [true]", 21, 16, "列表"},
		{"    reason: 待批复\n", "", 23, 5, "reason"},
		{"reason: 待批复", "reason: ' '", 25, 13, "空"},
		{"name: large-without-goal", "name: total-adds-up", 40, 5, "第28行"},
		{"name: large-without-goal", "name: short-goal", 40, 5, "S005"},
		{"合计(map(", "repeat(map(", 55, 11, "repeat"},
		{"if: len(指标) > 0", "if: 1 in 1..1000000000", 54, 15, "不能用"},
		{"ruleset: cn-2022@2.0.0", "ruleset: cn-1900", 2, 10, "cn-2022@2.0.0"},
		{"ruleset: cn-2022@2.0.0", "ruleset: cn-2022@1.0.0", 2, 10, "停用"},
		{"rate: [占有度]", "rate: 占有度", 12, 9, "列表"},
	} {
		bad := strings.Replace(good, c.old, c.new, 1)
		if bad == good {
			t.Fatalf("%q is not in the file", c.old)
		}
		_, err := Parse("x.yaml", []byte(bad))
		var problems Problems
		if !errors.As(err, &problems) || len(problems) != 1 {
			t.Errorf("%q: want one problem, got:\n%v", c.new, err)
			continue
		}
		p := problems[0]
		if p.Line != c.line || c.column > 0 && p.Column != c.column || !strings.Contains(p.Message.In(model.Chinese), c.says) {
			t.Errorf("%q: want %d:%d %s, got:\n%v", c.new, c.line, c.column, c.says, err)
		}
		if strings.ContainsAny(p.Message.In(model.English), "，。？“") {
			t.Errorf("%q: English message %s", c.new, p.Message.In(model.English))
		}
	}
}

func TestSyntax(t *testing.T) {
	for text, want := range map[string]bool{"": true, "# only\n": true, "---\n": true, "{}": true, "a: [": false, "rules:\n\tx: 1": false, "- a": false, "7": false,
		"rules: {}\n---\nrules: {}\n": false, "rules: &a {C: off}\noverrides:\n  - {files: [x], rules: *a}\n": true, "\x00": false, "rules: *a": false} {
		if _, err := Parse("x.yaml", []byte(text)); (err == nil) != want {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(good)
	f.Add("own-rules:\n  - {code: U001, name: a, title: b, when: 'a'}\n")
	f.Fuzz(func(t *testing.T, text string) {
		file, err := Parse("x.yaml", []byte(text))
		var problems Problems
		if err != nil && (!errors.As(err, &problems) || problems.In(model.English) == "") {
			t.Errorf("a problem without words: %v", err)
		}
		if err != nil {
			return
		}
		if failing, n := file.Verify(); len(failing) > n {
			t.Errorf("%d of %d examples fail", len(failing), n)
		}
	})
}

// TestRunsAreBounded wants the heaviest expression that is taken to end soon
// on a form of many rows.
func TestRunsAreBounded(t *testing.T) {
	f, err := Parse("x.yaml", []byte("own-rules:\n  - code: U001\n    name: heavy\n    title: t\n    message: m\n    when: any(指标, any(指标, .单位 == \"x\")) and len(map(指标, filter(指标, .单位 == \"\"))) > 0\n"))
	if err != nil {
		t.Fatal(err)
	}
	form := &model.Form{Indicators: make([]model.Indicator, 2000)}
	if a := f.Own[0].Check(form); a.Outcome == model.Fail {
		t.Errorf("outcome %v", a)
	}
}

func TestSchemaHoldsFiles(t *testing.T) {
	b, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"suppressions", "own-rules", "goal-likeness", "not-rate", "additionalProperties"} {
		if !strings.Contains(string(b), word) {
			t.Errorf("the schema lacks %s", word)
		}
	}
}

func TestBaselineIsReadBack(t *testing.T) {
	entries := []Entry{{Rule: "F001", Project: "某“项目”: 一#号", Fingerprint: "0123456789abcdef", Reason: "存量", Expires: "2026-12-31"},
		{Rule: "S002", Project: "", Fingerprint: "0000000000000123", Reason: "是", Expires: "2026-12-31"}}
	b, err := Baseline(entries)
	if err != nil {
		t.Fatal(err)
	}
	got, err := ParseBaseline("b.yaml", b)
	if err != nil {
		t.Fatalf("%v\n%s", err, b)
	}
	for i, e := range entries {
		if g := got[i]; g.Rule != e.Rule || g.Project != e.Project || g.Fingerprint != e.Fingerprint || g.Expires != e.Expires || g.Line == 0 {
			t.Errorf("%+v became %+v", e, g)
		}
	}
}
