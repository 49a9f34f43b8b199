package report

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/shopspring/decimal"
	halfwidth "golang.org/x/text/width"

	"perfgoal/model"
)

// Side is one of two submissions that are compared.
type Side struct {
	Documents int
	Unread    int
	Forms     []SideForm
	Findings  []model.Finding // about whole documents
}

// SideForm is a form with what was found in it.
type SideForm struct {
	Path     string
	Form     *model.Form
	Findings []model.Finding
}

// Annual adds up the valid annual totals.
func (s *Side) Annual() decimal.Decimal {
	sum := decimal.Zero
	for _, f := range s.Forms {
		if total := f.Form.Funding.Annual.Total; total.Valid() {
			sum = sum.Add(total.Amount)
		}
	}
	return sum
}

// ProjectStatus is what became of a project.
type ProjectStatus string

const (
	Added     ProjectStatus = "added"
	Removed   ProjectStatus = "removed"
	Renamed   ProjectStatus = "renamed" // and possibly changed
	Changed   ProjectStatus = "changed"
	Unchanged ProjectStatus = "unchanged"
)

// Comparison is what differs between two submissions. Projects stand in the
// new side's order, the removed ones last.
type Comparison struct {
	Old, New        *Side
	Projects        []ProjectChange
	Fixed, Appeared []model.Finding // about whole documents
}

// ProjectChange is one project on both sides; Old is nil where it was added,
// New where it was removed.
type ProjectChange struct {
	Status          ProjectStatus
	Old, New        *SideForm
	Fields          []FieldChange
	Indicators      []IndicatorChange
	Fixed, Appeared []model.Finding
	Remaining       int // findings on both sides
}

// FieldChange is a head field, amount or goal that differs. Change is the
// difference in yuan where both are amounts.
type FieldChange struct {
	Field    string
	Old, New string
	Change   *decimal.Decimal
}

// IndicatorChange is an indicator that was added, removed, or whose value or
// level changed.
type IndicatorChange struct {
	Status   ProjectStatus
	Old, New *model.Indicator
}

// Compare pairs the projects of two submissions: by name and unit, by name
// alone, then by likeness within a unit. Years in a name (2025年…) do not
// tell projects apart, since the next year's submission has the next year.
func Compare(before, after *Side) *Comparison {
	c := &Comparison{Old: before, New: after}
	partner := pairs(before.Forms, after.Forms)
	taken := make([]bool, len(before.Forms))
	for i := range after.Forms {
		if j := partner[i]; j >= 0 {
			taken[j] = true
			c.Projects = append(c.Projects, comparePair(&before.Forms[j], &after.Forms[i]))
		} else {
			c.Projects = append(c.Projects, ProjectChange{Status: Added, New: &after.Forms[i], Appeared: after.Forms[i].Findings})
		}
	}
	for j := range before.Forms {
		if !taken[j] {
			c.Projects = append(c.Projects, ProjectChange{Status: Removed, Old: &before.Forms[j]})
		}
	}
	c.Fixed, c.Appeared, _ = compareFindings(before.Findings, after.Findings, nil, nil)
	return c
}

var yearInName = regexp.MustCompile(`(20\d\d\s*[-—~至]\s*)?20\d\d\s*(年度|年)?`)

// folded is text without white space, half width.
func folded(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, halfwidth.Narrow.String(s))
}

func projectKey(f *model.Form) string {
	name := yearInName.ReplaceAllString(folded(f.Project.Name), "")
	if name == "" {
		return folded(f.Project.Name)
	}
	return name
}

func unitKey(f *model.Form) string {
	return folded(f.Project.SupervisingDepartment) + "\x1f" + folded(f.Project.ImplementingUnit)
}

// pairs gives for each new form the index of the old form that it continues,
// or -1. Forms without a name are paired by likeness only.
func pairs(before, after []SideForm) []int {
	partner := make([]int, len(after))
	for i := range partner {
		partner[i] = -1
	}
	taken := make([]bool, len(before))
	byKey := func(key func(*model.Form) string) {
		waiting := map[string][]int{}
		for j := range before {
			if k := key(before[j].Form); !taken[j] && k != "" {
				waiting[k] = append(waiting[k], j)
			}
		}
		for i := range after {
			k := key(after[i].Form)
			if partner[i] < 0 && len(waiting[k]) > 0 {
				partner[i], taken[waiting[k][0]] = waiting[k][0], true
				waiting[k] = waiting[k][1:]
			}
		}
	}
	byKey(func(f *model.Form) string {
		if f.Project.Name == "" {
			return ""
		}
		return folded(f.Project.Name) + "\x1f" + unitKey(f)
	})
	byKey(func(f *model.Form) string {
		if f.Project.Name == "" {
			return ""
		}
		return projectKey(f) + "\x1f" + unitKey(f)
	})
	byKey(projectKey)
	pairByLikeness(before, after, partner, taken)
	return partner
}

// leastLikeness is how alike two projects of one unit must be to be one that
// was renamed: the mean of the likeness of their names and of their
// indicators' names.
const leastLikeness = 0.6

// pairByLikeness pairs what is left, the most alike first, among the forms of
// one department and unit.
func pairByLikeness(before, after []SideForm, partner []int, taken []bool) {
	byUnit := map[string][]int{}
	for j := range before {
		if !taken[j] {
			byUnit[unitKey(before[j].Form)] = append(byUnit[unitKey(before[j].Form)], j)
		}
	}
	type candidate struct {
		i, j  int
		alike float64
	}
	var candidates []candidate
	for i := range after {
		if partner[i] >= 0 {
			continue
		}
		for _, j := range byUnit[unitKey(after[i].Form)] {
			a, b := before[j].Form, after[i].Form
			alike := (jaccard(bigrams(projectKey(a)), bigrams(projectKey(b))) + jaccard(indicatorNames(a), indicatorNames(b))) / 2
			if alike >= leastLikeness {
				candidates = append(candidates, candidate{i, j, alike})
			}
		}
	}
	slices.SortStableFunc(candidates, func(a, b candidate) int {
		switch {
		case a.alike > b.alike:
			return -1
		case a.alike < b.alike:
			return 1
		}
		return 0
	})
	for _, c := range candidates {
		if partner[c.i] < 0 && !taken[c.j] {
			partner[c.i], taken[c.j] = c.j, true
		}
	}
}

func bigrams(s string) map[string]bool {
	out := map[string]bool{}
	r := []rune(s)
	for i := 0; i+1 < len(r); i++ {
		out[string(r[i:i+2])] = true
	}
	return out
}

func indicatorNames(f *model.Form) map[string]bool {
	out := map[string]bool{}
	for _, x := range f.Indicators {
		out[folded(x.Level3)] = true
	}
	return out
}

func jaccard(a, b map[string]bool) float64 {
	both := 0
	for k := range a {
		if b[k] {
			both++
		}
	}
	if len(a)+len(b) == 0 {
		return 0
	}
	return float64(both) / float64(len(a)+len(b)-both)
}

func comparePair(before, after *SideForm) ProjectChange {
	p := ProjectChange{Old: before, New: after, Fields: compareFields(before.Form, after.Form),
		Indicators: compareIndicators(before.Form.Indicators, after.Form.Indicators)}
	p.Fixed, p.Appeared, p.Remaining = compareFindings(before.Findings, after.Findings, before.Form, after.Form)
	switch {
	case folded(before.Form.Project.Name) != folded(after.Form.Project.Name):
		p.Status = Renamed
	case len(p.Fields)+len(p.Indicators)+len(p.Fixed)+len(p.Appeared) > 0:
		p.Status = Changed
	default:
		p.Status = Unchanged
	}
	return p
}

func compareFields(a, b *model.Form) []FieldChange {
	var out []FieldChange
	text := func(field, x, y string) {
		if folded(x) != folded(y) {
			out = append(out, FieldChange{Field: field, Old: x, New: y})
		}
	}
	money := func(field string, x, y model.Money) {
		switch {
		case x.Valid() && y.Valid():
			if d := y.Amount.Sub(x.Amount); !d.IsZero() {
				out = append(out, FieldChange{field, x.String(), y.String(), &d})
			}
		case x.Valid() || y.Valid() || folded(x.Raw) != folded(y.Raw):
			out = append(out, FieldChange{Field: field, Old: moneyText(x), New: moneyText(y)})
		}
	}
	year := func(f *model.Form) string {
		if f.FiscalYear == 0 {
			return ""
		}
		return f.FiscalYear.String()
	}
	text("fiscal_year", year(a), year(b))
	text("project.name", a.Project.Name, b.Project.Name)
	text("project.nature", a.Project.Nature, b.Project.Nature)
	text("project.category", a.Project.Category, b.Project.Category)
	text("project.supervising_department", a.Project.SupervisingDepartment, b.Project.SupervisingDepartment)
	text("project.implementing_unit", a.Project.ImplementingUnit, b.Project.ImplementingUnit)
	text("project.start_date", dateText(a.Project.StartDate), dateText(b.Project.StartDate))
	text("project.end_date", dateText(a.Project.EndDate), dateText(b.Project.EndDate))
	x, y := a.Funding, b.Funding
	money("funding.project.total", x.Project.Total, y.Project.Total)
	money("funding.project.fiscal", x.Project.Fiscal, y.Project.Fiscal)
	money("funding.project.other", x.Project.Other, y.Project.Other)
	money("funding.annual.total", x.Annual.Total, y.Annual.Total)
	money("funding.annual.current_year_appropriation", x.Annual.CurrentYearAppropriation, y.Annual.CurrentYearAppropriation)
	money("funding.annual.carryover", x.Annual.Carryover, y.Annual.Carryover)
	money("funding.annual.other", x.Annual.Other, y.Annual.Other)
	text("goals.overall", a.Goals.Overall, b.Goals.Overall)
	text("goals.annual", a.Goals.Annual, b.Goals.Annual)
	return out
}

// moneyText is an amount in yuan, or what is printed where there is none.
func moneyText(m model.Money) string {
	if m.Valid() {
		return m.String()
	}
	return m.Raw
}

// compareIndicators pairs indicators by level 2 and name, then by name; what
// repeats is paired in order.
func compareIndicators(before, after []model.Indicator) []IndicatorChange {
	partner := make([]int, len(after))
	taken := make([]bool, len(before))
	for i := range partner {
		partner[i] = -1
	}
	for _, key := range []func(*model.Indicator) string{
		func(x *model.Indicator) string {
			return folded(x.Level2) + "\x1f" + folded(x.Level3) + "\x1f" + folded(x.Value.Raw)
		},
		func(x *model.Indicator) string { return folded(x.Level2) + "\x1f" + folded(x.Level3) },
		func(x *model.Indicator) string { return folded(x.Level3) },
	} {
		waiting := map[string][]int{}
		for j := range before {
			if !taken[j] {
				waiting[key(&before[j])] = append(waiting[key(&before[j])], j)
			}
		}
		for i := range after {
			k := key(&after[i])
			if partner[i] < 0 && len(waiting[k]) > 0 {
				partner[i], taken[waiting[k][0]] = waiting[k][0], true
				waiting[k] = waiting[k][1:]
			}
		}
	}
	var out []IndicatorChange
	for i := range after {
		b := &after[i]
		if partner[i] < 0 {
			out = append(out, IndicatorChange{Status: Added, New: b})
			continue
		}
		if a := &before[partner[i]]; folded(a.Value.Raw) != folded(b.Value.Raw) || folded(a.Level2) != folded(b.Level2) || folded(a.Level1) != folded(b.Level1) {
			out = append(out, IndicatorChange{Changed, a, b})
		}
	}
	for j := range before {
		if !taken[j] {
			out = append(out, IndicatorChange{Status: Removed, Old: &before[j]})
		}
	}
	return out
}

// compareFindings pairs findings by rule and field, an indicator's field by
// the indicator's name; so a finding whose figures changed but which still
// stands is neither fixed nor new.
func compareFindings(before, after []model.Finding, a, b *model.Form) (fixed, added []model.Finding, remaining int) {
	key := func(f model.Finding, form *model.Form) string {
		field := f.Field
		if rest, ok := strings.CutPrefix(field, "indicators["); ok && form != nil {
			number, sub, _ := strings.Cut(rest, "]")
			if n, err := strconv.Atoi(number); err == nil && n >= 0 && n < len(form.Indicators) {
				field = "indicators " + folded(form.Indicators[n].Level3) + sub
			}
		}
		if form == nil {
			field += "\x1f" + folded(f.Text)
		}
		return f.Rule + "\x1f" + field
	}
	count := map[string]int{}
	for _, f := range before {
		count[key(f, a)]++
	}
	for _, f := range after {
		if k := key(f, b); count[k] > 0 {
			count[k]--
			remaining++
		} else {
			added = append(added, f)
		}
	}
	for i := len(before) - 1; i >= 0; i-- {
		if k := key(before[i], a); count[k] > 0 {
			count[k]--
			fixed = append(fixed, before[i])
		}
	}
	slices.Reverse(fixed)
	return fixed, added, remaining
}

// Add puts a checked document's forms into the side, without what comparing
// does not need.
func (s *Side) Add(c Checked) {
	perForm := map[int][]model.Finding{}
	for _, f := range c.Findings {
		if f.Form == nil {
			s.Findings = append(s.Findings, f)
		} else {
			perForm[*f.Form] = append(perForm[*f.Form], f)
		}
	}
	if c.Document == nil {
		return
	}
	for _, f := range c.Document.Forms {
		f.Sources, f.Signs = nil, nil
		s.Forms = append(s.Forms, SideForm{c.Path, &f, perForm[f.Index]})
	}
}
