package validate_test

import (
	"slices"
	"strings"
	"testing"

	"perfgoal/model"
	"perfgoal/validate"
)

// submitted is a form of a bundle, reduced to what bundle rules look at.
type submitted struct {
	project, unit, department, total string
	year                             int
}

func bundleMoney(s string) model.Money {
	if s == "" {
		return model.Money{}
	}
	n := number(s)
	return model.Money{State: model.MoneyValid, Amount: n.Value, Scale: number("1").Value, Printed: *n, Raw: s}
}

func documentOf(path string, forms ...submitted) model.Document {
	doc := model.Document{Path: path, Status: model.StatusOK, Digest: path}
	for i, s := range forms {
		f := model.Form{Index: i + 1, FiscalYear: model.Year(s.year), Project: model.Project{Name: s.project, ImplementingUnit: s.unit, SupervisingDepartment: s.department}}
		if f.FiscalYear == 0 {
			f.FiscalYear = 2026
		}
		if s.department == "" {
			f.Project.SupervisingDepartment = "云栖市科普事务局"
		}
		f.Funding.Annual.Total = bundleMoney(s.total)
		doc.Forms = append(doc.Forms, f)
	}
	return doc
}

// TestBundleRules hands each rule about bundles what it has to report, and
// what is like it but no fault.
func TestBundleRules(t *testing.T) {
	e := engine(t, validate.Config{Bundle: true})
	hall := submitted{project: "科普展厅运行项目", unit: "云栖市科普馆", total: "360000.00"}
	with := func(s submitted, change func(*submitted)) submitted { change(&s); return s }
	row := func(unit, project, amount string) validate.ManifestRow {
		return validate.ManifestRow{Unit: unit, Project: project, Amount: bundleMoney(amount), Line: 2}
	}
	list := func(rows ...validate.ManifestRow) *validate.Manifest {
		return &validate.Manifest{Path: "list.csv", Rows: rows}
	}
	copied := documentOf("b.pdf", hall)
	copied.Digest = "a.pdf"
	letter := model.Document{Path: "通知.pdf", Status: model.StatusNoForm, Digest: "x"}
	damaged := model.Document{Path: "云栖市科普馆 科普展厅运行项目.pdf", Status: model.StatusUnreadable, Digest: "y", Error: &model.Problem{Code: "damaged", Message: model.Message{Text: model.Text{Zh: "文件损坏", En: "the file is damaged"}}}}
	for _, c := range []struct {
		what     string
		docs     []model.Document
		manifest *validate.Manifest
		want     string
	}{
		{"twice with one amount", []model.Document{documentOf("a.pdf", hall), documentOf("b.pdf", hall)}, nil, "B001"},
		{"twice in one document", []model.Document{documentOf("a.pdf", hall, hall)}, nil, ""},
		{"one name, two units", []model.Document{documentOf("a.pdf", hall), documentOf("b.pdf", with(hall, func(s *submitted) { s.unit = "云栖市天文馆" }))}, nil, ""},
		{"spaces and full width aside", []model.Document{documentOf("a.pdf", hall), documentOf("b.pdf", with(hall, func(s *submitted) { s.project = "科普展厅　运行项目" }))}, nil, "B001"},
		{"twice with two amounts", []model.Document{documentOf("a.pdf", hall), documentOf("b.pdf", with(hall, func(s *submitted) { s.total = "360000.01" }))}, nil, "B002"},
		{"one of the amounts blank", []model.Document{documentOf("a.pdf", hall), documentOf("b.pdf", with(hall, func(s *submitted) { s.total = "" }))}, nil, "B002"},
		{"no names", []model.Document{documentOf("a.pdf", submitted{}), documentOf("b.pdf", submitted{})}, nil, ""},
		{"the same file", []model.Document{documentOf("a.pdf", hall), copied}, nil, "B003"},
		{"two years", []model.Document{documentOf("a.pdf", hall, with(hall, func(s *submitted) { s.project = "巡展" })), documentOf("b.pdf", with(hall, func(s *submitted) { s.project, s.year = "放映", 2025 }))}, nil, "B004"},
		{"a department in two spellings", []model.Document{documentOf("a.pdf", hall), documentOf("b.pdf", with(hall, func(s *submitted) { s.project, s.department = "巡展", "云栖市科普事物局" }))}, nil, "B005"},
		{"two departments", []model.Document{documentOf("a.pdf", hall), documentOf("b.pdf", with(hall, func(s *submitted) { s.project, s.department = "巡展", "云栖市教育局" }))}, nil, ""},
		{"a letter among them", []model.Document{documentOf("a.pdf", hall), letter}, nil, "B006"},
		{"all of the list", []model.Document{documentOf("a.pdf", hall)}, list(row("云栖市科普馆", "科普展厅运行项目", "360000.00")), ""},
		{"the list has no amount", []model.Document{documentOf("a.pdf", hall)}, list(row("云栖市科普馆", "科普展厅运行项目", "")), ""},
		{"one missing", []model.Document{documentOf("a.pdf", hall)}, list(row("云栖市科普馆", "科普展厅运行项目", ""), row("云栖市科普馆", "巡展", "")), "B007"},
		{"one too many", []model.Document{documentOf("a.pdf", hall, with(hall, func(s *submitted) { s.project = "巡展" }))}, list(row("云栖市科普馆", "科普展厅运行项目", "")), "B008"},
		{"another amount than the list's", []model.Document{documentOf("a.pdf", hall)}, list(row("云栖市科普馆", "科普展厅运行项目", "370000.00")), "B009"},
		{"a listed project whose file is damaged", []model.Document{damaged}, list(row("云栖市科普馆", "科普展厅运行项目", "")), "B010"},
	} {
		b := e.NewBundle(c.manifest)
		for i := range c.docs {
			b.Add(validate.NewBundleItem(&c.docs[i]))
		}
		res := b.Close()
		var got []string
		for _, f := range res.Findings {
			got = append(got, f.Rule)
			for _, lang := range []model.Lang{model.Chinese, model.English} {
				if m := f.Message.In(lang); m == "" || strings.ContainsAny(m, "{}") {
					t.Errorf("%s: message %q", c.what, m)
				}
			}
			if f.Path == "" || f.Field == "" || f.Fingerprint == "" {
				t.Errorf("%s: incomplete finding %+v", c.what, f)
			}
		}
		if got = slices.Compact(got); strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, want %q", c.what, messages(res.Findings), c.want)
		}
	}
}

// TestOutcomesAreHonest: what could not be checked never counts as passed.
func TestOutcomesAreHonest(t *testing.T) {
	e := engine(t, validate.Config{Select: []string{"ALL"}})
	all := drafts()
	for _, c := range []struct{ draft, change, rule string }{
		{"元", "total=", "F001"},
		{"元", "total=待定", "F001"},
		{"元", "carryover=若干", "F001"},
		{"元", "whole=若干", "F002"},
		{"元", "start=; end=", "C001"},
		{"元", "end=", "C001"},
		{"元", "total=", "C001"},
		{"元", "展厅运行费:=", "C001"},
		{"元", "展厅运行费->展品单价; 展品单价:=≤900.00(元/件)", "C001"},
		{"元", "+经济成本指标|展品单价|≤900.00(元/件)", "C001"},
		{"跨年", "whole=; fiscal=; wholeother=; 展厅运行费->项目总成本; 项目总成本:=≤108.00(万元)", "C001"},
		{"元", "start=; end=", "T001"},
		{"元", "end=", "T003"},
		{"元", "start=; end=; +时效指标|展品更换完成时间|2026年11月底前", "T005"},
		{"元", "year=; name=云栖市科普展厅运行项目（2025年）", "T002"},
		{"元", "goal=", "D001"},
		{"元", "goal=同上", "X001"},
		{"元", "start=; end=", "D003"},
		{"元", "goal=投入资金20万元用于展品，投入资金16万元用于保洁，保障科普展厅全年正常开放，让来馆的青少年看得懂、摸得着。", "X004"},
		{"元", "unit=—", "N001"},
	} {
		d := all[c.draft]
		d.rows = slices.Clone(d.rows)
		fields := map[string]string{}
		for k, v := range d.fields {
			fields[k] = v
		}
		d.fields = fields
		if d.change(c.change); d.problem != "" {
			t.Fatalf("%s: %s", c.change, d.problem)
		}
		doc := parseText(t, d.print())
		got := outcomes(e, &doc)[c.rule]
		if got.Outcome != model.InsufficientData {
			t.Errorf("%s: %s answers %s", c.change, c.rule, got.Outcome)
		}
		if got.Reason.In(model.Chinese) == "" || got.Reason.In(model.English) == "" || strings.ContainsAny(got.Reason.In(model.Chinese), "{}") {
			t.Errorf("%s: %s gives the reason %q", c.change, c.rule, got.Reason.In(model.Chinese))
		}
	}
}
