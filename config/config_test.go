package config

import (
	"strings"
	"testing"

	"perfgoal/model"
)

const good = `# comment
ruleset: cn-2022@1.0.0
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

func TestZZ(t *testing.T) {
	f, err := Parse("x.yaml", []byte(good))
	if err != nil {
		t.Fatal("\n" + err.Error())
	}
	p, n := f.Verify()
	t.Log(p, n)
	if len(p) > 0 || n != 8 {
		t.Error(p.Error(), n)
	}
	bad := strings.NewReplacer("goal-length: 60", "goal-lenght: 60", "C: on", "C: yes", "short-goal", "short-gaol", "2026-12-31", "2026-13-31", "财政拨款 + 其他资金\n", "财政拨款 + 其它资金\n",
		"&& goals.overall", "&& goals.overal", "lang: zh", "lang: fr", "cost-tolerance: 0.01", "cost-tolerance: lots").Replace(good)
	_, err = Parse("x.yaml", []byte(bad))
	t.Log("\n" + err.Error())
	t.Log("\n" + err.(Problems).In(model.English))
	for _, s := range []string{"a: [", "rules:\n\tx: 1", "- a", "", "# nur\n", "---\na: 1\n---\nb: 2\n"} {
		_, err = Parse("x.yaml", []byte(s))
		t.Logf("%q\n%v", s, err)
	}
}
