package config

import (
	"context"
	"os"
	"regexp"
	"strings"
	"testing"

	"perfgoal/model"
	"perfgoal/parser"
	"perfgoal/validate"
)

// ownRulesInDocs are the rules of docs/own-rules.md in one configuration.
func ownRulesInDocs(t *testing.T) *File {
	t.Helper()
	text, err := os.ReadFile("../docs/own-rules.md")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, m := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		b.WriteString(m[1])
	}
	f, err := Parse("own-rules.md", []byte(b.String()))
	if err != nil {
		t.Fatalf("the rules of docs/own-rules.md are refused:\n%v", err)
	}
	return f
}

// TestOwnRulesInDocs runs the examples of the rules that docs/own-rules.md
// shows, and has each of them meet a printed form with one defect and the same
// form without it.
func TestOwnRulesInDocs(t *testing.T) {
	f := ownRulesInDocs(t)
	problems, examples := f.Verify()
	if len(problems) > 0 {
		t.Errorf("docs/own-rules.md:\n%v", problems)
	}
	if len(f.Own) != 10 || examples < 20 {
		t.Errorf("%d rules with %d examples", len(f.Own), examples)
	}
	for _, o := range f.own {
		found := map[model.Outcome]bool{}
		for _, x := range o.examples {
			found[x.outcome] = true
		}
		if !found[model.Fail] || !found[model.Pass] {
			t.Errorf("%s needs an example that fails and one that passes", o.code)
		}
	}

	base := ""
	for _, r := range validate.Rules() {
		if r.Code == "F001" {
			base = r.Good.Make().Document
		}
	}
	const quantity = "数量指标\t展项巡检次数\t≥48.00(次)\n"
	good := strings.NewReplacer(
		quantity, quantity+"\t\t数量指标\t配发台式计算机单价\t≤6000.00(元/台)\n\t\t数量指标\t讲座场次\t≥12.00(场)\n",
		"2026-12-31", "2026-12-15").Replace(base)
	e, err := validate.New(validate.Config{Own: f.Own, Select: []string{"U"}})
	if err != nil {
		t.Fatal(err)
	}
	codes := func(text string) string {
		doc, err := parser.Parse(context.Background(), parser.Source{Path: "x.txt", Data: []byte(text)}, parser.Options{})
		if err != nil || len(doc.Forms) != 1 {
			t.Fatalf("not read: %v %v", err, doc.Error)
		}
		var out []string
		for _, x := range e.Document(&doc).Findings {
			out = append(out, x.Rule)
		}
		return strings.Join(out, " ")
	}
	if got := codes(good); got != "" {
		t.Errorf("the good form raises %s", got)
	}
	for _, c := range []struct {
		want string
		edit []string
	}{
		{"U101", []string{"项目资金总额:\t360,000.00\t年度资金申请总额:\t360,000.00", "项目资金总额:\t5,000,000.00\t年度资金申请总额:\t5,000,000.00", "建成面向全市青少年的常设科普阵地，形成稳定的运行机制。", ""}},
		{"U102", []string{"科普展厅运行项目", "科普展厅改造项目"}},
		{"U103", []string{"云栖市青少年科普馆", "云栖市第二小学", "年度资金申请总额:\t360,000.00", "年度资金申请总额:\t800,000.01"}},
		{"U104", []string{"≤6000.00(元/台)", "≤6000.01(元/台)"}},
		{"U105", []string{"≥90.00(%)", "≥84.90(%)"}},
		{"U106", []string{"≤30000.00(元/月)", "=30000.00(元/月)"}},
		{"U107", []string{quantity, "", "\t\t数量指标\t讲座场次\t≥12.00(场)\n", ""}},
		{"U108", []string{"20,000.00", "108,000.01"}},
		{"U109", []string{"≤24.00(小时)", "及时"}},
		{"U110", []string{"2026-12-15", "2026-12-16"}},
	} {
		if got := codes(strings.NewReplacer(c.edit...).Replace(good)); got != c.want {
			t.Errorf("%s: the bad form raises %q", c.want, got)
		}
	}
}

// TestOwnRulesInTemplate: what config init writes as comments is correct once
// the comment signs are taken off.
func TestOwnRulesInTemplate(t *testing.T) {
	text, err := os.ReadFile("../cmd/config_template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	inside := false
	for line := range strings.Lines(string(text)) {
		inside = inside && strings.HasPrefix(line, "# ") || line == "# own-rules:\n"
		if inside {
			b.WriteString(strings.TrimPrefix(line, "# "))
		}
	}
	f, err := Parse("template", []byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	if problems, examples := f.Verify(); len(problems) > 0 || len(f.Own) != 2 || examples != 4 {
		t.Errorf("%d rules, %d examples: %v", len(f.Own), examples, problems)
	}
}
