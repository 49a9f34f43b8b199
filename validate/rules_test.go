package validate_test

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"

	"perfgoal/model"
	"perfgoal/parser"
	"perfgoal/validate"
)

func parseText(t testing.TB, text string) model.Document {
	t.Helper()
	doc, err := parser.Parse(context.Background(), parser.Source{Path: "example.txt", Data: []byte(text)}, parser.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if doc.Status != model.StatusOK && doc.Status != model.StatusPartial {
		t.Fatalf("example is not read: %v", doc.Error)
	}
	return doc
}

func TestRulesAreDocumented(t *testing.T) {
	code, name := regexp.MustCompile(`^[A-Z]\d{3}$`), regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	seen := map[string]bool{}
	rules := validate.Rules()
	if !slices.IsSortedFunc(rules, func(a, b model.RuleInfo) int { return strings.Compare(a.Code, b.Code) }) {
		t.Error("rules are not in code order")
	}
	for _, r := range rules {
		if !code.MatchString(r.Code) || !name.MatchString(r.Name) || seen[r.Code] || seen[r.Name] {
			t.Errorf("%s %s: malformed or used twice", r.Code, r.Name)
		}
		seen[r.Code], seen[r.Name] = true, true
		for what, text := range map[string]model.Text{"basis": r.Basis, "title": r.Title, "rationale": r.Rationale, "fix": r.Fix} {
			if text.Zh == "" || text.En == "" {
				t.Errorf("%s: %s lacks a language", r.Code, what)
			}
		}
		if r.Severity.Rank() == 0 || r.Kind == "" || r.Since == "" {
			t.Errorf("%s: severity, kind or since missing", r.Code)
		}
		if r.Kind == model.KindHeuristic && r.Severity == model.Error {
			t.Errorf("%s: a heuristic is never an error", r.Code)
		}
		for what, x := range map[string]model.Example{"bad": r.Bad.Make(), "good": r.Good.Make()} {
			for _, text := range append([]string{x.Document}, x.Files...) {
				if _, edit, found := strings.Cut(text, "!! no such text in the example form: "); found {
					t.Errorf("%s: an edit of the %s example changes nothing, because the example form (examples.go) does not hold %q", r.Code, what, strings.TrimSpace(edit))
				}
			}
			if len(x.Shows) == 0 {
				t.Errorf("%s: the %s example shows nothing", r.Code, what)
			}
			for _, line := range x.Shows {
				if !strings.Contains(x.Document+x.Config+strings.Join(x.Files, ""), line) {
					t.Errorf("%s: the %s example does not hold the line %q", r.Code, what, line)
				}
			}
		}
	}
}

// contract is code, name, severity and default of every rule that is not in
// preview.
const contract = `
B001 duplicate-project warning on
B002 conflicting-project error on
B003 identical-files warning on
B004 mixed-years warning on
B005 department-across-files warning on
B006 file-without-form warning on
B007 missing-from-manifest error on
B008 not-in-manifest warning on
B009 manifest-amount-mismatch error on
B010 unread-from-manifest warning on
B901 expired-suppression warning on
B902 unused-suppression warning on
C001 cost-budget-mismatch warning on
C002 unmultipliable-cost info off
C004 unquantified-cost warning on
C005 exact-cost info off
D001 copied-goal warning on
D003 duplicate-service warning on
D004 copied-indicators info off
F001 funding-total-mismatch error on
F002 annual-exceeds-total error on
F003 invalid-amount error on
K001 narrative-amount-mismatch error on
K002 narrative-period-mismatch error on
K003 narrative-parts-mismatch error on
K004 narrative-body-mismatch warning on
K005 narrative-goal-mismatch warning on
K006 statement-mismatch error on
K007 section-without-form warning on
L001 rate-under-quantity warning on
L002 timeliness-elsewhere warning on
L003 count-under-benefit info off
L007 inconsistent-level2 info off
L008 quality-under-benefit info off
N001 department-unit-variant warning off
N003 inconsistent-department warning on
N004 masked-name info off
N005 masked-value error on
N006 misspelt-indicator warning on
Q001 unquantified-timeliness warning off
Q003 mostly-qualitative info off
R001 unread-text warning on
R002 overlapping-text warning on
R003 unknown-column warning on
R004 label-not-found warning on
R005 unit-not-printed warning on
R006 ambiguous-text warning on
S001 missing-field error on
S002 blank-project-total info off
S003 blank-overall-goal info off
S004 empty-annual-goal error on
S005 short-goal info off
S006 missing-level1 error on
S007 missing-output-level2 warning on
S008 no-social-benefit info off
S009 misplaced-level error on
S011 drifted-level1 info off
S012 displaced-label info off
S014 separator-row info off
S015 broken-label info off
S016 missing-value error on
S017 duplicate-indicator error on
S018 compound-indicator info off
T001 plan-outside-year error on
T002 year-in-name warning on
T003 invalid-date error on
T004 frequency-mismatch warning on
T005 target-after-plan warning on
V001 complaint-as-satisfaction warning on
V002 wrong-direction error on
V003 percent-over-100 error on
V004 exact-satisfaction info off
V006 strict-bound info off
V007 bare-magnitude-unit warning on
V008 missing-denominator warning on
V009 unquantified-measure warning on
V010 qualitative-percent info off
V011 prose-bound warning on
V013 value-repeats-verb info off
V014 period-without-denominator info off
V015 implausible-rate warning on
W001 markup-leftover warning on
W002 foreign-word info off
W005 half-width-punctuation info off
W008 unbalanced-brackets warning off
X001 goal-contradicts-indicator warning on
X002 goal-stricter-than-indicator warning on
X003 goal-figure-without-indicator info off
X004 goal-money-mismatch warning on
X005 goal-frequency-mismatch info off
X006 foreign-project-in-goal warning off
`

func TestRulesKeepTheirContract(t *testing.T) {
	var got []string
	for _, r := range validate.Rules() {
		if validate.InPreview(r.Code) {
			continue // may still change
		}
		on := "off"
		if r.Default {
			on = "on"
		}
		got = append(got, strings.Join([]string{r.Code, r.Name, string(r.Severity), on}, " "))
	}
	want := strings.Split(strings.TrimSpace(contract), "\n")
	for _, line := range want {
		if !slices.Contains(got, line) {
			t.Errorf("missing or changed: %s", line)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d rules, the contract has %d", len(got), len(want))
	}
}

// TestExamples runs each rule's examples: the bad one raises the rule, the
// good one neither the rule nor anything that is on by default.
func TestExamples(t *testing.T) {
	standard := engine(t, validate.Config{})
	for _, r := range validate.Rules() {
		if r.Bad.Make().Config != "" || r.Bad.Make().Files != nil || r.Bad.Make().Manifest != "" {
			continue // config tests these, and TestBundleExamples
		}
		t.Run(r.Code, func(t *testing.T) {
			bad, good := parseText(t, r.Bad.Make().Document), parseText(t, r.Good.Make().Document)
			r.Bad.Make().Overprint(&bad)
			fired := false
			alone := engine(t, validate.Config{Select: []string{r.Code}})
			for _, f := range alone.Document(&bad).Findings {
				fired = true
				checkFinding(t, f)
			}
			if !fired {
				t.Errorf("the bad example does not raise %s", r.Code)
			}
			for _, f := range alone.Document(&good).Findings {
				t.Errorf("the good example raises %s: %s", r.Code, f.Message.In(model.Chinese))
			}
			for _, f := range standard.Document(&good).Findings {
				t.Errorf("the good example raises %s: %s", f.Rule, f.Message.In(model.Chinese))
			}
		})
	}
}

// checkFinding holds a finding to what every one must carry.
func checkFinding(t *testing.T, f model.Finding) {
	t.Helper()
	for _, lang := range []model.Lang{model.Chinese, model.English} {
		message := f.Message.In(lang)
		if message == "" || strings.ContainsAny(message, "{}") {
			t.Errorf("%s: message in %s is %q", f.Rule, lang, message)
		}
	}
	if f.Field == "" || f.Fingerprint == "" || f.Related == nil || f.Evidence == nil || f.Severity.Rank() == 0 {
		t.Errorf("%s: incomplete finding %+v", f.Rule, f)
	}
	if f.Form != nil && f.Location.Line == nil && f.Location.Page == nil {
		t.Errorf("%s: no location", f.Rule)
	}
}

// TestExampleFormIsClean keeps the form that all examples start from free of
// findings under every rule.
func TestExampleFormIsClean(t *testing.T) {
	for _, r := range validate.Rules() {
		if r.Code != "W001" {
			continue
		}
		doc := parseText(t, r.Good.Make().Document)
		for _, f := range engine(t, validate.Config{Select: []string{"ALL"}}).Document(&doc).Findings {
			t.Errorf("%s %s: %s", f.Rule, f.Field, f.Message.In(model.Chinese))
		}
	}
}
