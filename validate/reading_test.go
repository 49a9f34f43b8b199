package validate_test

import (
	"slices"
	"strings"
	"testing"

	"perfgoal/model"
	"perfgoal/validate"
)

// doubted is the clean form with one doubt about a field, which is blank as
// the reader leaves it.
func doubted(t *testing.T, field string, blank func(*model.Form)) *model.Document {
	t.Helper()
	doc := parseText(t, base(t))
	line := 7
	f := &doc.Forms[0]
	f.Doubts = append(f.Doubts, model.Doubt{Code: model.AmbiguousText, Field: field, Text: "读不准的字", Location: model.Location{Line: &line}})
	blank(f)
	return &doc
}

func TestDoubtsAreHandedOn(t *testing.T) {
	e := engine(t, validate.Config{})
	for code, rule := range map[model.DoubtCode]string{
		model.UnassignedText: "R001", model.CutOff: "R001", model.OverlappingText: "R002", model.UnknownColumn: "R003", model.LabelNotFound: "R004",
		model.UnitNotPrinted: "R005", model.AmbiguousText: "R006", model.LabelInValue: "R006", model.LowConfidence: "R006",
	} {
		if !slices.Contains(model.DoubtCodes, code) {
			t.Fatalf("%s is no doubt", code)
		}
		doc := doubted(t, "project.nature", func(f *model.Form) { f.Doubts[0].Code = code })
		findings := e.Document(doc).Findings
		if len(findings) != 1 || findings[0].Rule != rule || findings[0].Evidence["text"] != "读不准的字" || findings[0].Location.Line == nil || *findings[0].Location.Line != 7 {
			t.Errorf("%s: %v", code, messages(findings))
			continue
		}
		checkFinding(t, findings[0])
	}
	if len(model.DoubtCodes) != 9 {
		t.Error("a new code of doubt has no rule")
	}
}

// outcomes are a document's single outcomes by rule.
func outcomes(e *validate.Engine, doc *model.Document) map[string]model.Check {
	out := map[string]model.Check{}
	for _, c := range e.Document(doc).Single {
		out[c.Rule] = c
	}
	return out
}

// TestBlankDoubtedAndAbsentAreToldApart: only what is left blank is the
// unit's fault, and each has its own words.
func TestBlankDoubtedAndAbsentAreToldApart(t *testing.T) {
	e := engine(t, validate.Config{Select: []string{"ALL"}})
	for _, c := range []struct {
		field string
		blank func(*model.Form)
		// judging are rules that report the field, needing such that need it
		judging, needing string
	}{
		{"project.name", func(f *model.Form) { f.Project.Name = "" }, "S001", "T002 N004 D003"},
		{"project.supervising_department", func(f *model.Form) { f.Project.SupervisingDepartment = "" }, "S001", "N001"},
		{"fiscal_year", func(f *model.Form) { f.FiscalYear = 0 }, "S001", "T001"},
		{"goals.annual", func(f *model.Form) { f.Goals.Annual = "" }, "S004", "S005 X001 X002 X003 D001"},
		{"funding.annual.total", func(f *model.Form) { f.Funding.Annual.Total = model.Money{} }, "S001", "C001 F001"},
		{"project.end_date", func(f *model.Form) { f.Project.EndDate = model.Date{} }, "S001", "T003 T001 D003"},
	} {
		blankOf := func(change func(f *model.Form)) map[string]model.Check {
			doc := parseText(t, base(t))
			f := &doc.Forms[0]
			c.blank(f)
			change(f)
			return outcomes(e, &doc)
		}
		for words, got := range map[string]map[string]model.Check{
			"空着":   blankOf(func(f *model.Form) { f.Sources[c.field] = model.Source{} }),
			"没有找到": blankOf(func(f *model.Form) { delete(f.Sources, c.field) }),
			"没有读准": blankOf(func(f *model.Form) {
				f.Doubts = []model.Doubt{{Code: model.AmbiguousText, Field: c.field, Text: "字"}}
			}),
		} {
			want := model.InsufficientData
			if words == "空着" {
				want = model.Fail
			} else if c.field == "project.end_date" && words == "没有找到" {
				want = model.Pass // a form that asks for no date needs none
			}
			if got[c.judging].Outcome != want {
				t.Errorf("%s %s: %s answers %s, want %s", c.field, words, c.judging, got[c.judging].Outcome, want)
			}
			for code := range strings.FieldsSeq(c.needing) {
				if x := got[code]; x.Outcome != model.InsufficientData || !strings.Contains(x.Reason.In(model.Chinese), words) {
					t.Errorf("%s %s: %s answers %s (%s)", c.field, words, code, x.Outcome, x.Reason.In(model.Chinese))
				}
			}
		}
	}
}

// TestDoubtedRowsAreNotJudged: an indicator that was not read is neither
// missing nor right.
func TestDoubtedRowsAreNotJudged(t *testing.T) {
	e := engine(t, validate.Config{Select: []string{"ALL"}})
	doc := doubted(t, "indicators[2].value", func(f *model.Form) { f.Indicators[2].Value = model.Missing() })
	got := outcomes(e, doc)
	for _, code := range []string{"S016", "V009", "V003"} {
		if got[code].Outcome != model.InsufficientData {
			t.Errorf("%s answers %s", code, got[code].Outcome)
		}
	}
	if got["R006"].Outcome != model.Fail {
		t.Error("the doubt itself is not reported")
	}
	// Text nobody claims may be the missing level.
	doc = doubted(t, "", func(f *model.Form) { f.Indicators = f.Indicators[:2] })
	got = outcomes(e, doc)
	for _, code := range []string{"S006", "S007"} {
		if got[code].Outcome != model.InsufficientData {
			t.Errorf("%s answers %s", code, got[code].Outcome)
		}
	}
}

// TestValuesInOtherColumnsAreValues: a region's, a long-term or a half-year
// value stands for the row's own.
func TestValuesInOtherColumnsAreValues(t *testing.T) {
	e := engine(t, validate.Config{})
	for name, change := range map[string]func(*model.Indicator){
		"region":    func(x *model.Indicator) { x.RegionValues = []model.RegionValue{{Region: "东区", Value: x.Value}} },
		"long-term": func(x *model.Indicator) { v := x.Value; x.LongTermValue = &v },
		"half-year": func(x *model.Indicator) { v := x.Value; x.HalfYearValue = &v },
	} {
		doc := parseText(t, base(t))
		x := &doc.Forms[0].Indicators[2]
		change(x)
		x.Value = model.Missing()
		if found := e.Document(&doc).Findings; len(found) > 0 {
			t.Errorf("%s: %v", name, messages(found))
		}
	}
}

// TestBlankAnnualTotalIsNoPass: what cannot be compared did not pass.
func TestBlankAnnualTotalIsNoPass(t *testing.T) {
	e := engine(t, validate.Config{})
	doc := parseText(t, strings.Replace(base(t), "年度资金申请总额:\t360,000.00", "年度资金申请总额:\t", 1))
	got := outcomes(e, &doc)
	for _, rule := range []string{"F001", "F002", "C001"} {
		if got[rule].Outcome != model.InsufficientData {
			t.Errorf("%s: %s", rule, got[rule].Outcome)
		}
	}
	doc = parseText(t, strings.NewReplacer("2026-01-01", "", "2026-12-31", "").Replace(base(t)))
	if c := outcomes(e, &doc)["C001"]; c.Outcome != model.InsufficientData {
		t.Errorf("C001 without dates: %s", c.Outcome)
	}
	doc = parseText(t, strings.Replace(base(t), "云栖市青少年科普馆", "待定", 1))
	if c := outcomes(e, &doc)["S001"]; c.Outcome != model.Fail {
		t.Errorf("S001 on a placeholder: %s", c.Outcome)
	}
}
