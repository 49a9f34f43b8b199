package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestSpelling(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`年度资金总额 ＞ 500万元`, `年度资金总额 > 5000000`},
		{`年度资金总额＞＝５００．５万元`, `年度资金总额>=5005000`},
		{`年度资金总额 >= 1.2 亿元`, `年度资金总额 >= 120000000`},
		{`年度资金总额 >= 3,500,000元`, `年度资金总额 >= 3500000`},
		{`年度资金总额 >= 80万`, `年度资金总额 >= 800000`},
		{`年度资金总额 = 1`, `年度资金总额 == 1`},
		{`let x = 1; x`, `let x = 1; x`},
		{`a ≥ 1 且 b ≤ 2 或 c ≠ 3`, `a >= 1  &&  b <= 2  ||  c != 3`},
		{`a => 1`, `a >= 1`},
		{`a <> 1`, `a != 1`},
		{`年度资金总额 不低于 5`, `年度资金总额  >=  5`},
		{`a × 2 ÷ 3 － 1`, `a * 2 / 3 - 1`},
		{`any（指标，．单位 == “元/台”）`, `any(指标,.单位 == "元/台")`},
		{`项目名称 包含 “"双减"”`, `项目名称  contains  "\"双减\""`},
		{`.指标值 == "≥９０％，且＝"`, `.指标值 == "≥９０％，且＝"`},
		{`'a\'≥'`, `'a\'≥'`},
		{`f(1,200)`, `f(1,200)`},
		{`f(1,20)`, `f(1,20)`},
		{`未完成的 "引号`, `未完成的 "引号`},
		{`且有名称`, `且有名称`},
	} {
		if got := spell(c.in); got.text != c.want {
			t.Errorf("%s: %q, want %q", c.in, got.text, c.want)
		}
	}
}

// FuzzSpelling: any text is spelled without a panic, each character leads back
// into what was written, and the compiler's answer is a mistake with a place.
func FuzzSpelling(f *testing.F) {
	for _, s := range []string{`a ≥ 500万元`, `“`, `"\`, `1,234`, `=`, `．＝＞`, "a\nb ≠ c", `0x1万元`, `1..2`, `99999999999999999999亿元`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return
		}
		sp := spell(s)
		if len(sp.from) != len([]rune(sp.text))+1 {
			t.Fatalf("%d places for %q", len(sp.from), sp.text)
		}
		for i, at := range sp.from {
			if at < 0 || at > len([]rune(s)) || i > 0 && at < sp.from[i-1] {
				t.Fatalf("%q: places %v", s, sp.from)
			}
		}
		_, _ = Parse("x.yaml", []byte("own-rules:\n  - code: U001\n    name: a\n    title: t\n    message: m\n    when: |\n      "+strings.ReplaceAll(s, "\n", " ")+"\n"))
	})
}

// TestClosedFields: fields that only ever hold a few values take them in any
// spelling, and refuse what they never hold.
func TestClosedFields(t *testing.T) {
	rule := func(when, example string) string {
		return "own-rules:\n  - code: U001\n    name: a\n    title: t\n    message: m\n    when: " + when + "\n    examples:\n      - {outcome: fail, form: " + example + "}\n"
	}
	for _, c := range []struct{ when, example string }{
		{`any(指标, .符号 == "≥")`, `{指标: [{指标值: "≥90%"}]}`},
		{`any(指标, .符号 == ">=")`, `{指标: [{指标值: "≥90%"}]}`},
		{`any(指标, .符号 == "＞＝")`, `{指标: [{指标值: "不低于90%"}]}`},
		{`any(指标, "≤" == .operator)`, `{indicators: [{operator: "<="}]}`},
		{`any(指标, .符号 == "≤")`, `{指标: [{符号: "≤"}]}`},
		{`any(指标, .符号 in ["＝", "≤"])`, `{指标: [{指标值: "=3(次)"}]}`},
		{`any(指标, .符号 != "≥" && .符号 != "")`, `{指标: [{指标值: "=3(次)"}]}`},
		{`指标[0].符号 == "="`, `{指标: [{指标值: "=3(次)"}]}`},
		{`any(指标, .值类型 == "文字")`, `{指标: [{指标值: 良好}]}`},
		{`any(指标, .值类型 == "text")`, `{指标: [{指标值: 良好}]}`},
		{`any(指标, .一级类别 == "成本指标")`, `{指标: [{一级指标: 成本指标}]}`},
		{`any(指标, .class1 == "cost")`, `{指标: [{level1: 成本}]}`},
		{`any(指标, .二级类别 == "时效")`, `{指标: [{二级指标: 时效指标}]}`},
		{`any(指标, .数值 > 80 && .单位 == "%")`, `{指标: [{指标值: "≥90%"}]}`},
		{`any(指标, .数值 > 80)`, `{指标: [{指标值: "≥10%", 数值: 95}]}`},
		{`any(指标, .数值 > 80)`, `{指标: [{数值: 95, 指标值: "≥10%"}]}`},
		{`计划开始日期 == "2026-01-01"`, `{计划开始日期: "2026-01-01"}`},
		{`年度资金总额 > 500万元`, `{年度资金总额: 500.01万元}`},
	} {
		f, err := Parse("x.yaml", []byte(rule(c.when, c.example)))
		if err != nil {
			t.Errorf("%s is refused:\n%v", c.when, err)
			continue
		}
		if problems, _ := f.Verify(); len(problems) > 0 {
			t.Errorf("%s:\n%v", c.when, problems)
		}
	}
	for _, c := range []struct{ when, want string }{
		{`any(指标, .符号 == "约等于多少")`, "“符号”从来不会是“约等于多少”，只会是：≥ ≤ = > < ~"},
		{`any(指标, .值类型 == "百分比")`, "“值类型”从来不会是“百分比”"},
		{`any(指标, .一级类别 in ["产出指标", "产出目标"])`, "“一级类别”从来不会是“产出目标”"},
		{`计划开始日期 == "2026年1月1日"`, "日期要写成 2026-01-31 这样"},
		{`计划开始日期 < "2026.1.1"`, "日期要写成 2026-01-31 这样"},
		{`年度资金总额 > "500万元"`, "金额和数值不加引号"},
		{`年度资金总额 > 5,000,000`, "不写千分位逗号"},
		{`any(指标, .数值 >= 90%)`, "数后面不写“%”"},
		{`any(指标, .数值 >= 3年)`, "“3年”不是数"},
		{`any(指标, 符号 == "≥")`, "前面要加一个点：.符号"},
		{`年度资金总额大于5`, "“大于”两边要空一格"},
		{`项目类别 == 特定目标类`, "如果是文字，要加双引号"},
		{`项目名称 ☆ "甲"`, "式子里不能用“☆”"},
	} {
		_, err := Parse("x.yaml", []byte(rule("'"+c.when+"'", "{}")))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: want %s, got:\n%v", c.when, c.want, err)
		}
	}
}

// TestHardlyEverEqual: a comparison that an open field hardly ever meets is
// no mistake, but Verify says so.
func TestHardlyEverEqual(t *testing.T) {
	for _, c := range []struct{ when, want string }{
		{`项目类别 == "特定目标"`, "“项目类别”里印的一般是“特定目标类”"},
		{`项目性质 == "一次性"`, "“项目性质”里印的一般是“其他一次性项目”"},
		{`any(指标, .一级指标 == "产出")`, "“一级指标”里印的一般是“产出指标”"},
		{`项目类别 == "特定目标类"`, ""},
		{`项目类别 == "民生类"`, ""},
		{`项目类别 contains "特定目标"`, ""},
		{`项目名称 == "特定目标"`, ""},
	} {
		f, err := Parse("x.yaml", []byte("own-rules:\n  - code: U001\n    name: a\n    title: t\n    message: m\n    when: '"+c.when+"'\n"))
		if err != nil {
			t.Errorf("%s: %v", c.when, err)
			continue
		}
		problems, _ := f.Verify()
		if (c.want == "") != (len(problems) == 0) || !strings.Contains(problems.Error(), c.want) {
			t.Errorf("%s: want %q, got:\n%v", c.when, c.want, problems)
		}
	}
}

// TestOtherEncodings: a configuration that an editor saved in another encoding
// is named as that, with what to do.
func TestOtherEncodings(t *testing.T) {
	for name, c := range map[string]struct{ data, want string }{
		"gbk":    {"rules: {}\n# \xb9\xe6\xd4\xf2\n", "从第2行起），多半是按 GBK"},
		"utf-16": {"\xff\xfer\x00u\x00", "UTF-16"},
	} {
		path := filepath.Join(t.TempDir(), "x.yaml")
		if err := os.WriteFile(path, []byte(c.data), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Load(path)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "另存为") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
