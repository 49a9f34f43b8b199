package validate_test

import (
	"strings"
	"testing"

	"perfgoal/model"
	"perfgoal/validate"
)

// TestRulesThatMendDo mends each such rule's bad example, and wants the rule
// to be silent afterwards.
func TestRulesThatMendDo(t *testing.T) {
	for _, r := range validate.Rules() {
		bad := r.Bad.Make().Document
		if validate.HasMender(r.Code) != (r.Mends != model.Text{}) {
			t.Errorf("%s says that it mends, or does, but not both", r.Code)
		}
		if r.Mends == (model.Text{}) {
			continue
		}
		doc := parseText(t, bad)
		found := only(t, r.Code).Document(&doc).Findings
		if len(found) == 0 {
			t.Fatalf("%s: silent on its bad example", r.Code)
		}
		for _, f := range found {
			edits, why := validate.Mend(validate.Mending{Rule: r.Code, Form: &doc.Forms[*f.Form-1], Field: f.Field, Text: f.Text, Cell: f.Text})
			if len(edits) == 0 {
				t.Errorf("%s leaves %q: %s", r.Code, f.Text, why.Zh)
			}
			bad = strings.Replace(bad, f.Text, model.Edited(f.Text, edits), 1)
		}
		mended := parseText(t, bad)
		if rest := only(t, r.Code).Document(&mended).Findings; len(rest) > 0 {
			t.Errorf("%s finds %q in what it mended", r.Code, rest[0].Text)
		}
	}
}

func only(t *testing.T, code string) *validate.Engine {
	t.Helper()
	e, err := validate.New(validate.Config{Select: []string{code}})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestMends shows what becomes of texts, "" where it takes judgement. The form
// prints its other values as in the example: ≥98.00(%).
func TestMends(t *testing.T) {
	const line = "展项故障修复时间\t≤24.00(小时)"
	for _, c := range []struct{ rule, value, want string }{
		{"V011", "48小时内", "≤48.00(小时)"},
		{"V011", "不超过 2.5 小时", "≤2.5(小时)"},
		{"V011", "2小时以内", "≤2.00(小时)"},
		{"V011", "不低于95%", "≥95.00(%)"},
		{"V011", "缩短5天以上", ""},
		{"V011", "两小时内", ""},
		{"V011", "一季度一次", ""},
		{"V011", "不少于26000吨（含）", ""},
		{"W009", "＞＝９５．５（％）", "≥95.5(%)"},
		{"W009", "=>95(%)", "≥95(%)"},
		{"W009", "＝100.00(%）", "=100.00(%)"},
		{"W001", "&ge;95.00(%)", "≥95.00(%)"},
		{"W001", "<b>≥9</b>5.00(%)", "≥95.00(%)"},
		{"W010", "按月  检修", "按月 检修"},
	} {
		bad := strings.Replace(validate.ExampleForm, line, "展项故障修复时间\t"+c.value, 1)
		doc := parseText(t, bad)
		found := only(t, c.rule).Document(&doc).Findings
		got := ""
		for _, f := range found {
			edits, _ := validate.Mend(validate.Mending{Rule: c.rule, Form: &doc.Forms[0], Field: f.Field, Text: f.Text, Cell: f.Text})
			if len(edits) > 0 {
				got = model.Edited(f.Text, edits)
			}
		}
		if len(found) == 0 && c.want != "" || got != c.want {
			t.Errorf("%s: %q becomes %q, want %q (%d findings)", c.rule, c.value, got, c.want, len(found))
		}
	}
}
