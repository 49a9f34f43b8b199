package validate_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"perfgoal/model"
	"perfgoal/validate"
)

func codesOf(e *validate.Engine) string {
	var out []string
	for _, r := range e.Rules() {
		out = append(out, r.Code)
	}
	return strings.Join(out, " ")
}

func TestSelection(t *testing.T) {
	for _, c := range []struct {
		selected, ignored []string
		want              string
	}{
		{[]string{"F"}, nil, "F001 F002 F003"},
		{[]string{"f001", "Invalid-Date"}, nil, "F001 T003"},
		{[]string{"F", "T001"}, []string{"F00"}, "T001"},
		{[]string{"F"}, []string{"annual-exceeds-total"}, "F001 F003"},
		{[]string{"ALL"}, []string{"C", "D", "F", "K", "L", "N", "Q", "R", "S", "T", "V", "W"}, "X001 X002 X003 X004 X005 X006"},
		{nil, []string{"ALL"}, ""},
	} {
		e := engine(t, validate.Config{Select: c.selected, Ignore: c.ignored})
		if got := codesOf(e); got != c.want {
			t.Errorf("%v without %v: %s, want %s", c.selected, c.ignored, got, c.want)
		}
	}
	selected := codesOf(engine(t, validate.Config{Select: []string{"ALL"}, Suppressing: true, Bundle: true}))
	for _, r := range validate.Rules() {
		if strings.Contains(selected, r.Code) == validate.InPreview(r.Code) {
			t.Errorf("ALL selects %s: %v", r.Code, !validate.InPreview(r.Code))
		}
	}
	for _, r := range engine(t, validate.Config{}).Rules() {
		if !r.Default {
			t.Errorf("%s is checked though it is off by default", r.Code)
		}
	}
}

func TestUnknownSelectors(t *testing.T) {
	_, err := validate.New(validate.Config{Select: []string{"F009", "C001"}, Ignore: []string{"wrong-directoin", "quatsch", ""}})
	var unknown *validate.UnknownSelectors
	if !errors.As(err, &unknown) {
		t.Fatalf("got %v", err)
	}
	if diff := cmp.Diff([]string{"F009", "wrong-directoin", "quatsch", ""}, unknown.Selectors); diff != "" {
		t.Error(diff)
	}
	for _, lang := range []model.Lang{model.Chinese, model.English} {
		text := unknown.Message().In(lang)
		if !strings.Contains(text, "F001") || !strings.Contains(text, "wrong-direction") || strings.Contains(text, "{") {
			t.Errorf("%s: %s", lang, text)
		}
	}
}

func TestSeverityOverrides(t *testing.T) {
	e := engine(t, validate.Config{Select: []string{"V", "S006"}, Layers: [][]validate.Setting{{
		{Selector: "V002", Severity: model.Warning}, {Selector: "V", Severity: model.Info}, {Selector: "ALL", Severity: model.Error}}}})
	for _, r := range e.Rules() {
		want := map[string]model.Severity{"V002": model.Warning, "S006": model.Error}[r.Code]
		if want == "" {
			want = model.Info
		}
		if r.Severity != want {
			t.Errorf("%s is %s, want %s", r.Code, r.Severity, want)
		}
	}
	doc := parseText(t, strings.Replace(base(t), "\t满意度指标\t服务对象满意度指标\t参观青少年满意度\t≥90.00(%)\n", "", 1))
	if f := e.Document(&doc).Findings; len(f) != 1 || f[0].Severity != model.Error {
		t.Errorf("a severity that a check chose is not overridden: %v", f)
	}
	if _, err := validate.New(validate.Config{Layers: [][]validate.Setting{{{Selector: "V999", Severity: model.Info}}}}); err == nil {
		t.Error("an unknown rule in severities passes")
	}
}

func TestThresholds(t *testing.T) {
	th := validate.DefaultThresholds()
	th.CostTolerance = decimal.New(5, -2)
	doc := parseText(t, strings.Replace(base(t), "≤30000.00(元/月)", "≤31000.00(元/月)", 1))
	if f := engine(t, validate.Config{Thresholds: &th}).Document(&doc).Findings; len(f) != 0 {
		t.Errorf("3.33 %% passes a tolerance of 5 %%: %v", messages(f))
	}
	th = validate.DefaultThresholds()
	th.CostErrorShare = decimal.New(3, -2)
	if f := engine(t, validate.Config{Thresholds: &th}).Document(&doc).Findings; len(f) != 1 || f[0].Severity != model.Error {
		t.Errorf("a gap over the error share is no error: %v", messages(f))
	}
}

// faulty is a document of several forms with findings on each.
func faulty(t testing.TB, n int) model.Document {
	var b strings.Builder
	for i := range n {
		form := strings.NewReplacer("青少年科普展厅", fmt.Sprintf("%d号展厅", i), "≥90.00(%)", "≤90.00(%)", "≤30000.00(元/月)", "控制于预算内").Replace(base(t))
		b.WriteString(form + "\n")
	}
	return parseText(t, b.String())
}

func TestFindingsAreOrdered(t *testing.T) {
	doc := faulty(t, 5)
	doc.Forms[2].Project.SupervisingDepartment = "云栖市科普事物局"
	findings := engine(t, validate.Config{Select: []string{"ALL"}}).Document(&doc).Findings
	if findings[0].Form != nil {
		t.Errorf("document-wide findings come first, got %v", findings[0])
	}
	last, field := 0, ""
	for _, f := range findings {
		if f.Form == nil {
			continue
		}
		if *f.Form < last {
			t.Fatalf("form %d after %d", *f.Form, last)
		}
		if *f.Form > last {
			last, field = *f.Form, ""
		}
		if strings.HasPrefix(field, "indicators[") && !strings.HasPrefix(f.Field, "indicators[") {
			t.Errorf("%s after %s", f.Field, field)
		}
		field = f.Field
	}
	if last != 5 {
		t.Errorf("last form %d", last)
	}
}

func TestFingerprints(t *testing.T) {
	e := engine(t, validate.Config{Select: []string{"ALL"}, Ignore: []string{"D", "L007", "S00", "N003"}})
	doc := faulty(t, 4)
	doc.Forms[3].Project.Name = doc.Forms[0].Project.Name // same findings twice
	prints := func(d model.Document) []string {
		var out []string
		for _, f := range e.Document(&d).Findings {
			if len(f.Fingerprint) != 16 {
				t.Fatalf("fingerprint %q", f.Fingerprint)
			}
			out = append(out, f.Fingerprint)
		}
		slices.Sort(out)
		return out
	}
	want := prints(doc)
	if len(slices.Compact(slices.Clone(want))) != len(want) {
		t.Error("fingerprints repeat")
	}
	moved := doc
	moved.Forms = slices.Clone(doc.Forms)
	slices.Reverse(moved.Forms)
	for i := range moved.Forms {
		f := &moved.Forms[i]
		f.Index = i + 1
		f.Location = model.Location{}
		f.Indicators = slices.Clone(f.Indicators)
		slices.Reverse(f.Indicators)
		for k := range f.Indicators {
			f.Indicators[k].Location = model.Location{}
			f.Indicators[k].Value.Raw = strings.ReplaceAll(f.Indicators[k].Value.Raw, "(", " （")
		}
	}
	if diff := cmp.Diff(want, prints(moved)); diff != "" {
		t.Errorf("fingerprints change when forms move and are printed again:\n%s", diff)
	}
}

func TestChecksCountEveryForm(t *testing.T) {
	doc := faulty(t, 6)
	e := engine(t, validate.Config{Select: []string{"ALL"}})
	res := e.Document(&doc)
	wide := map[string]bool{"N003": true, "S002": true, "S003": true}
	single := map[string]int{}
	for _, c := range res.Single {
		single[c.Rule]++
		if (c.Form == nil) != wide[c.Rule] {
			t.Errorf("%s: form %v", c.Rule, c.Form)
		}
		if unjudged := c.Outcome == model.NotApplicable || c.Outcome == model.InsufficientData; unjudged != (c.Reason.In(model.Chinese) != "") {
			t.Errorf("%s is %s with the reason %q", c.Rule, c.Outcome, c.Reason.In(model.Chinese))
		}
	}
	for i, c := range res.Checks {
		want := 6
		switch {
		case wide[c.Rule]:
			want = 1
		case strings.HasPrefix(c.Rule, "K"): // about a book's prose, of which there is none
			want = 0
		}
		if n := c.Pass + c.Fail + c.NotApplicable + c.InsufficientData; n != want || single[c.Rule] != want {
			t.Errorf("%s: %d outcomes, %d single ones, want %d", c.Rule, n, single[c.Rule], want)
		}
		if c.Rule != e.Rules()[i].Code {
			t.Errorf("checks are not in the order of rules: %s", c.Rule)
		}
	}
	if again := engine(t, validate.Config{NoSingle: true}).Document(&doc); len(again.Single) != 0 {
		t.Error("NoSingle keeps outcomes")
	}
}

func TestEmptyAndBareDocuments(t *testing.T) {
	e := engine(t, validate.Config{Select: []string{"ALL"}})
	res := e.Document(&model.Document{Status: model.StatusUnreadable})
	if len(res.Findings) != 0 || len(res.Single) != 0 || len(res.Checks) != len(e.Rules()) {
		t.Errorf("a document without forms: %+v", res)
	}
	for _, c := range res.Checks {
		if c.Pass+c.Fail+c.NotApplicable+c.InsufficientData > 0 {
			t.Errorf("%+v counts outcomes without forms", c)
		}
	}
	res = e.Document(&model.Document{Forms: []model.Form{{Index: 1}, {Index: 2, Indicators: make([]model.Indicator, 3)}}})
	for _, f := range res.Findings {
		if f.Message.In(model.Chinese) == "" {
			t.Errorf("%s has no message", f.Rule)
		}
	}
}

func TestEngineIsConcurrent(t *testing.T) {
	doc := faulty(t, 8)
	e := engine(t, validate.Config{Select: []string{"ALL"}})
	want := e.Document(&doc)
	var wg sync.WaitGroup
	results := make([]validate.Result, 8)
	for i := range results {
		wg.Go(func() { results[i] = e.Document(&doc) })
	}
	wg.Wait()
	for _, got := range results {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("results differ:\n%s", diff)
		}
	}
}
