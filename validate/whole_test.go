package validate_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"perfgoal/model"
	"perfgoal/validate"
)

// documents are the project's own, by path.
func documents(t *testing.T) map[string]*model.Document {
	t.Helper()
	out := map[string]*model.Document{}
	for _, glob := range []string{"../testdata/text/*.txt", "../testdata/pdf/*.pdf", "../testdata/books/*.txt", "../testdata/books/*.pdf"} {
		paths, err := filepath.Glob(glob)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			doc := parseFile(t, path)
			out[path] = &doc
		}
	}
	if len(out) == 0 {
		t.Fatal("no documents in testdata")
	}
	return out
}

// TestRulesMeetWholeDocuments wants each rule about forms and documents to
// fire in one of the project's documents and to be silent in another.
func TestRulesMeetWholeDocuments(t *testing.T) {
	e := engine(t, validate.Config{Select: []string{"ALL"}})
	fired, silent := map[string]bool{}, map[string]bool{}
	for _, doc := range documents(t) {
		for _, c := range e.Document(doc).Checks {
			fired[c.Rule] = fired[c.Rule] || c.Fail > 0
			silent[c.Rule] = silent[c.Rule] || c.Fail == 0
		}
	}
	for _, r := range e.Rules() {
		if r.Kind == model.KindReading {
			continue // what is doubted is the reader's, see TestDoubtsAreHandedOn
		}
		if !fired[r.Code] {
			t.Errorf("%s fires in no document of testdata", r.Code)
		}
		if !silent[r.Code] {
			t.Errorf("%s is silent in no document of testdata", r.Code)
		}
	}
}

// TestFingerprintsSurvivePrinting wants the same fingerprints of a document
// whichever program printed it, and as text. What only one of them shows
// (levels proved by borders, signs of how a text lies) is left out.
func TestFingerprintsSurvivePrinting(t *testing.T) {
	e := engine(t, validate.Config{Select: []string{"ALL"}, Ignore: []string{"S011", "S012", "S014", "S015"}})
	prints := map[string]map[string][]string{} // document -> printing -> fingerprints
	for path, doc := range documents(t) {
		name := printers.ReplaceAllString(strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)), "")
		if prints[name] == nil {
			prints[name] = map[string][]string{}
		}
		list := []string{}
		for _, f := range e.Document(doc).Findings {
			list = append(list, f.Fingerprint+" "+f.Rule+" "+f.Project+" "+f.Field)
		}
		slices.Sort(list)
		prints[name][path] = list
	}
	compared := 0
	for name, byPath := range prints {
		first := ""
		for _, path := range slices.Sorted(mapKeys(byPath)) {
			if first == "" {
				first = path
				continue
			}
			compared += len(byPath[first])
			if diff := cmp.Diff(withoutFields(byPath[first]), withoutFields(byPath[path])); diff != "" {
				t.Errorf("%s: fingerprints of %s and %s differ:\n%s", name, first, path, diff)
			}
		}
	}
	if compared < 50 {
		t.Errorf("only %d fingerprints compared", compared)
	}
}

// withoutFields drops the field, whose number may move with rows.
func withoutFields(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = s[:strings.LastIndexByte(s, ' ')]
	}
	return out
}

func mapKeys[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// TestFingerprintsSurviveReordering turns the forms and the rows of a document
// around and wants the same fingerprints.
func TestFingerprintsSurviveReordering(t *testing.T) {
	e := engine(t, validate.Config{Select: []string{"F", "V", "N005", "S016", "T", "W001"}})
	doc := parseFile(t, "../testdata/text/defects-values.txt")
	before := fingerprints(e.Document(&doc))
	slices.Reverse(doc.Forms)
	for i := range doc.Forms {
		doc.Forms[i].Index = i + 1
		slices.Reverse(doc.Forms[i].Indicators)
	}
	after := fingerprints(e.Document(&doc))
	if len(before) == 0 {
		t.Fatal("nothing is found")
	}
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
}

func fingerprints(r validate.Result) []string {
	out := []string{}
	for _, f := range r.Findings {
		out = append(out, f.Rule+" "+f.Fingerprint)
	}
	slices.Sort(out)
	return out
}

// mutation is one defect put into a form, with the rules that may name it:
// the first must.
type mutation struct {
	name   string
	change func(*model.Form) bool // false where the form has no place for it
	rules  string
}

// row finds the first indicator under a level 2 with a numeric value.
func rowUnder(f *model.Form, level2 string) *model.Indicator {
	for i := range f.Indicators {
		in := &f.Indicators[i]
		if strings.Contains(in.Level2, level2) && in.Value.Kind == model.KindBound && in.Value.Number != nil {
			return in
		}
	}
	return nil
}

func onRow(level2 string, change func(*model.Indicator)) func(*model.Form) bool {
	return func(f *model.Form) bool {
		in := rowUnder(f, level2)
		if in == nil {
			return false
		}
		change(in)
		return true
	}
}

func setNumber(in *model.Indicator, value string, operator model.Operator, unit string) {
	n, err := model.ParseNumber(value)
	if err != nil {
		panic(err)
	}
	in.Value = model.Value{Raw: string(operator) + value + "(" + unit + ")", Kind: model.KindBound, Operator: operator, Number: &n, Unit: unit}
}

func setText(in *model.Indicator, text string) {
	in.Value = model.Value{Raw: text, Kind: model.KindText}
}

func always(change func(*model.Form)) func(*model.Form) bool {
	return func(f *model.Form) bool { change(f); return true }
}

// headText changes a head field together with where it was read.
func headText(f *model.Form, field string, to *string, text string) {
	*to = text
	if s, ok := f.Sources[field]; ok {
		s.Text = text
		f.Sources[field] = s
	}
}

var mutations = []mutation{
	{"no name", always(func(f *model.Form) { headText(f, "project.name", &f.Project.Name, "") }), "S001"},
	{"no department", always(func(f *model.Form) {
		headText(f, "project.supervising_department", &f.Project.SupervisingDepartment, "")
	}), "S001"},
	{"no goal", always(func(f *model.Form) { headText(f, "goals.annual", &f.Goals.Annual, "") }), "S004"},
	{"no quality", func(f *model.Form) bool {
		n := len(f.Indicators)
		f.Indicators = slices.DeleteFunc(f.Indicators, func(in model.Indicator) bool { return strings.Contains(in.Level2, "质量") })
		return len(f.Indicators) < n
	}, "S007"},
	{"no satisfaction", func(f *model.Form) bool {
		n := len(f.Indicators)
		f.Indicators = slices.DeleteFunc(f.Indicators, func(in model.Indicator) bool {
			return strings.Contains(in.Level2, "满意") || strings.Contains(in.Level1, "满意")
		})
		return len(f.Indicators) < n
	}, "S006"},
	{"a value lost", onRow("质量", func(in *model.Indicator) { in.Value = model.Missing() }), "S016"},
	{"a row twice", func(f *model.Form) bool {
		in := rowUnder(f, "质量")
		if in == nil {
			return false
		}
		f.Indicators = append(f.Indicators, *in)
		return true
	}, "S017"},
	{"the total too large by a tenth", func(f *model.Form) bool {
		m := &f.Funding.Annual.Carryover
		if !m.Valid() || !f.Funding.Annual.Total.Valid() {
			return false
		}
		m.Amount = m.Amount.Add(f.Funding.Annual.Total.Amount)
		m.Printed.Value = m.Printed.Value.Add(f.Funding.Annual.Total.Printed.Value)
		return true
	}, "F001"},
	{"an amount in words", always(func(f *model.Form) {
		f.Funding.Annual.Other = model.Money{State: model.MoneyInvalid, Raw: "若干"}
	}), "F003"},
	{"a plan of years ago", func(f *model.Form) bool {
		if !f.Project.StartDate.Valid || f.Project.EndDate.Year != int(f.FiscalYear) {
			return false
		}
		f.Project.StartDate, f.Project.EndDate = model.NewDate("2019-01-01", 2019, 1, 1), model.NewDate("2019-12-31", 2019, 12, 31)
		return true
	}, "T001"},
	{"a plan that ends first", func(f *model.Form) bool {
		if !f.Project.StartDate.Valid || !f.Project.EndDate.Valid || f.Project.StartDate.Year != f.Project.EndDate.Year {
			return false
		}
		f.Project.StartDate, f.Project.EndDate = f.Project.EndDate, f.Project.StartDate
		return true
	}, "T003"},
	{"another year in the name", always(func(f *model.Form) {
		headText(f, "project.name", &f.Project.Name, f.Project.Name+"（2019年）")
	}), "T002"},
	{"satisfaction wanted low", onRow("满意", func(in *model.Indicator) { setNumber(in, "90.00", model.AtMost, "%") }), "V002"},
	{"a rate of 130 %", onRow("质量", func(in *model.Indicator) {
		in.Level3 = "设施维修合格率"
		setNumber(in, "130.00", model.AtLeast, "%")
	}), "V003"},
	{"complaints as satisfaction", onRow("满意", func(in *model.Indicator) {
		in.Level3 = "群众投诉次数"
		setNumber(in, "3.00", model.AtMost, "次")
	}), "V001"},
	{"a bare magnitude", onRow("社会效益", func(in *model.Indicator) { setNumber(in, "2.00", model.AtLeast, "万") }), "V007 X001 X003"},
	{"a rate in words", onRow("质量", func(in *model.Indicator) {
		in.Level3 = "设施维修合格率"
		setText(in, "较高")
	}), "V009"},
	{"a bound in words", onRow("质量", func(in *model.Indicator) {
		in.Level3 = "设施完好程度"
		setText(in, "不低于上年水平")
	}), "V011"},
	{"a rate as quantity", onRow("数量", func(in *model.Indicator) {
		in.Level3 = "设施巡查覆盖率"
		setNumber(in, "95.00", model.AtLeast, "%")
	}), "L001 C001 T004"},
	{"a response time as quality", onRow("质量", func(in *model.Indicator) {
		in.Level3 = "热线响应时间"
		setNumber(in, "15.00", model.AtMost, "分钟")
	}), "L002 S007"},
	{"a cost in words", onRow("成本", func(in *model.Indicator) { setText(in, "控制于预算内") }), "C004"},
	{"a name masked", onRow("质量", func(in *model.Indicator) { in.Level3 = "**设施合格率" }), "N005"},
	{"markup in the goal", always(func(f *model.Form) {
		headText(f, "goals.annual", &f.Goals.Annual, f.Goals.Annual+"<br/>")
	}), "W001"},
}

// TestSingleDefects puts each defect into each clean form of testdata. Under
// the default rules just the rule of the defect may fire.
func TestSingleDefects(t *testing.T) {
	e := engine(t, validate.Config{})
	var forms []model.Form
	for _, path := range []string{"../testdata/text/clean-district.txt", "../testdata/text/clean-central.txt", "../testdata/pdf/clean-district-writer.pdf", "../testdata/pdf/clean-central-chromium.pdf"} {
		doc := parseFile(t, path)
		forms = append(forms, doc.Forms...)
	}
	for _, m := range mutations {
		t.Run(m.name, func(t *testing.T) {
			allowed := strings.Fields(m.rules)
			applied := 0
			for i := range forms {
				f := clone(t, &forms[i])
				if found := e.Document(&model.Document{Path: "clean", Status: model.StatusOK, Forms: []model.Form{*f}}).Findings; len(found) > 0 {
					t.Fatalf("%s is not clean: %v", f.Project.Name, messages(found))
				}
				if !m.change(f) {
					continue
				}
				applied++
				var codes []string
				for _, x := range e.Document(&model.Document{Path: "mutated", Status: model.StatusOK, Forms: []model.Form{*f}}).Findings {
					codes = append(codes, x.Rule)
					if !slices.Contains(allowed, x.Rule) {
						t.Errorf("%s: %s fires as well: %s", forms[i].Project.Name, x.Rule, x.Message.In(model.Chinese))
					}
				}
				if !slices.Contains(codes, allowed[0]) {
					t.Errorf("%s: %s does not fire, only %v", forms[i].Project.Name, allowed[0], codes)
				}
			}
			if applied < 3 {
				t.Errorf("only %d forms have a place for it", applied)
			}
		})
	}
}

// clone copies what mutations change.
func clone(t *testing.T, f *model.Form) *model.Form {
	t.Helper()
	c := *f
	c.Indicators = slices.Clone(f.Indicators)
	c.Sources = map[string]model.Source{}
	for k, v := range f.Sources {
		c.Sources[k] = v
	}
	return &c
}

// TestExpectationsNameRules holds the notes of testdata to the rules there are.
func TestExpectationsNameRules(t *testing.T) {
	known := map[string]bool{}
	for _, r := range validate.Rules() {
		known[r.Code] = true
	}
	paths, err := filepath.Glob("../testdata/*/*.expected.json")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no expectations: %v", err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var list []struct{ Rule string }
		if err := json.Unmarshal(data, &list); err != nil {
			t.Fatal(err)
		}
		for _, x := range list {
			if !known[x.Rule] {
				t.Errorf("%s expects %s, which is no rule", path, x.Rule)
			}
		}
	}
}
