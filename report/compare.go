package report

import (
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"perfgoal/internal/lazy"
	"perfgoal/internal/zh"
	"perfgoal/model"
)

// Side is one of two submissions that are compared.
type Side struct {
	Documents int
	Unread    int
	Partial   int // read, but not all of it for certain
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

// doubtedTotals counts the forms whose annual total was not read for certain.
func (s *Side) doubtedTotals() int {
	n := 0
	for _, f := range s.Forms {
		if f.Form.HasDoubt("funding.annual.total") {
			n++
		}
	}
	return n
}

// ProjectStatus is what became of a project.
type ProjectStatus string

const (
	Added     ProjectStatus = "added"
	Removed   ProjectStatus = "removed"
	Renamed   ProjectStatus = "renamed" // and possibly changed
	Changed   ProjectStatus = "changed"
	Unsure    ProjectStatus = "unsure" // no change is seen, but not all was read for certain
	Unchanged ProjectStatus = "unchanged"
)

// ProjectStatuses are all of them.
var ProjectStatuses = []ProjectStatus{Added, Removed, Renamed, Changed, Unsure, Unchanged}

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
	Unsure          []UnsureField
	Fixed, Appeared []model.Finding
	Remaining       int // findings on both sides
}

// UnsureField is a field that was not compared because a side could not read
// it for certain: what stands there as far as it is known. Field is
// "indicators" where rows cannot be paired, "" for text that is in no field.
type UnsureField struct {
	Field    string
	Old, New string
}

// FieldChange is a head field, amount or goal that differs. Change is the
// difference in yuan where both are amounts.
type FieldChange struct {
	Field    string
	Old, New string
	Change   *decimal.Decimal
}

// IndicatorChange is an indicator that was added, removed, or changed in some
// column. Fields are its columns that differ, by their names in
// model.IndicatorFields.
type IndicatorChange struct {
	Status   ProjectStatus
	Scope    model.Scope
	Old, New *model.Indicator
	Fields   []FieldChange
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

var yearInName = lazy.Regexp(`(20\d\d\s*[-—~至]\s*)?20\d\d\s*(年度|年)?`)

func projectKey(f *model.Form) string {
	name := yearInName().ReplaceAllString(zh.Fold(f.Project.Name), "")
	if name == "" {
		return zh.Fold(f.Project.Name)
	}
	return name
}

func unitKey(f *model.Form) string {
	return zh.Fold(f.Project.SupervisingDepartment) + "\x1f" + zh.Fold(f.Project.ImplementingUnit)
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
		return zh.Fold(f.Project.Name) + "\x1f" + unitKey(f)
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
			if alike := likeness(a, b); alike >= leastLikeness {
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

// likeness is that of two projects' names and indicators, or of their
// indicators alone where a name could not be read for certain.
func likeness(a, b *model.Form) float64 {
	rows := jaccard(indicatorNames(a), indicatorNames(b))
	if a.HasDoubt("project.name") || b.HasDoubt("project.name") {
		return rows
	}
	return (jaccard(zh.Bigrams(projectKey(a)), zh.Bigrams(projectKey(b))) + rows) / 2
}

func indicatorNames(f *model.Form) map[string]struct{} {
	out := map[string]struct{}{}
	for _, x := range f.Indicators {
		out[zh.Fold(x.Level3)] = struct{}{}
	}
	return out
}

func jaccard[K comparable](a, b map[K]struct{}) float64 {
	both := 0
	for k := range a {
		if _, ok := b[k]; ok {
			both++
		}
	}
	if len(a)+len(b) == 0 {
		return 0
	}
	return float64(both) / float64(len(a)+len(b)-both)
}

func comparePair(before, after *SideForm) ProjectChange {
	c := &formComparison{before: before.Form, after: after.Form}
	c.fields()
	c.items()
	c.rows(model.Annual, before.Form.Indicators, after.Form.Indicators)
	c.rows(model.Overall, before.Form.OverallIndicators, after.Form.OverallIndicators)
	c.unassigned()
	p := ProjectChange{Old: before, New: after, Fields: c.changes, Indicators: c.indicators, Unsure: c.unsure}
	p.Fixed, p.Appeared, p.Remaining = compareFindings(before.Findings, after.Findings, before.Form, after.Form)
	switch {
	case slices.ContainsFunc(p.Fields, func(f FieldChange) bool { return f.Field == "project.name" }):
		p.Status = Renamed
	case len(p.Fields)+len(p.Indicators)+len(p.Fixed)+len(p.Appeared) > 0:
		p.Status = Changed
	case len(p.Unsure) > 0:
		p.Status = Unsure
	default:
		p.Status = Unchanged
	}
	return p
}

// formComparison holds one form against another.
type formComparison struct {
	before, after *model.Form
	changes       []FieldChange
	indicators    []IndicatorChange
	unsure        []UnsureField
}

// fields compares what is outside the indicators.
func (c *formComparison) fields() {
	for _, f := range model.Fields {
		if c.before.HasDoubt(f.Path) || c.after.HasDoubt(f.Path) {
			c.unsure = append(c.unsure, UnsureField{f.Path, asFarAsRead(c.before, f.Path, f.String(c.before)), asFarAsRead(c.after, f.Path, f.String(c.after))})
			continue
		}
		if x, y := f.Money(c.before), f.Money(c.after); x != nil && x.Valid() && y.Valid() {
			c.amount(f.Path, *x, *y)
		} else if x, y := f.String(c.before), f.String(c.after); zh.Fold(x) != zh.Fold(y) {
			c.changes = append(c.changes, FieldChange{Field: f.Path, Old: x, New: y})
		}
	}
}

func (c *formComparison) amount(field string, x, y model.Money) {
	if d := y.Amount.Sub(x.Amount); !d.IsZero() {
		c.changes = append(c.changes, FieldChange{field, x.String(), y.String(), &d})
	}
}

// asFarAsRead is what is printed where a field could not be read for certain.
func asFarAsRead(f *model.Form, path, read string) string {
	for _, d := range f.Doubts {
		if d.Field == path {
			return d.Text
		}
	}
	return read
}

// items compares the rows of the funding block that have no field of their
// own, by their labels; what repeats is paired in order.
func (c *formComparison) items() {
	waiting := map[string][]model.Money{}
	for _, x := range ownItems(c.before) {
		waiting[zh.Fold(x.Label)] = append(waiting[zh.Fold(x.Label)], x.Amount)
	}
	take := func(label string) (m model.Money) {
		if list := waiting[zh.Fold(label)]; len(list) > 0 {
			m, waiting[zh.Fold(label)] = list[0], list[1:]
		}
		return m
	}
	item := func(label string, x, y model.Money) {
		field := itemField(label)
		if x.Valid() && y.Valid() {
			c.amount(field, x, y)
		} else if zh.Fold(moneyText(x)) != zh.Fold(moneyText(y)) {
			c.changes = append(c.changes, FieldChange{Field: field, Old: moneyText(x), New: moneyText(y)})
		}
	}
	for _, y := range ownItems(c.after) {
		item(y.Label, take(y.Label), y.Amount)
	}
	for _, x := range ownItems(c.before) {
		if len(waiting[zh.Fold(x.Label)]) > 0 {
			item(x.Label, take(x.Label), model.Money{})
		}
	}
}

// itemField is the path of an item of the funding block.
func itemField(label string) string { return "funding.items[" + label + "]" }

// itemLabel is the label of an item by its path; ok is false for another path.
func itemLabel(field string) (label string, ok bool) {
	rest, ok := strings.CutPrefix(field, "funding.items[")
	return strings.TrimSuffix(rest, "]"), ok
}

// ownItems are the printed items that are in no field: of another cell than a
// field's, and, where cells are not known, of another name.
func ownItems(f *model.Form) []model.FundingItem {
	return slices.DeleteFunc(slices.Clone(f.Funding.Items), func(x model.FundingItem) bool {
		label := zh.Fold(strings.TrimLeft(x.Label, "其中：:"))
		return slices.ContainsFunc(model.Fields, func(field model.Field) bool {
			if field.Kind != model.FieldMoney {
				return false
			}
			src := f.Sources[field.Path]
			return label == field.Name.Zh || slices.Contains(field.Aliases, label) || src.Text != "" && src.Text == x.Amount.Raw && samePlace(src.Location, x.Location)
		})
	})
}

func samePlace(a, b model.Location) bool {
	same := func(x, y *int) bool { return x == y || x != nil && y != nil && *x == *y }
	return a.Sheet == b.Sheet && a.Cell == b.Cell && same(a.Page, b.Page) && same(a.Line, b.Line)
}

// moneyText is an amount in yuan, or what is printed where there is none.
func moneyText(m model.Money) string {
	if m.Valid() {
		return m.String()
	}
	return m.Raw
}

// unassigned notes text that is in no field of one of the forms.
func (c *formComparison) unassigned() {
	texts := func(f *model.Form) string {
		var out []string
		for _, d := range f.Doubts {
			if d.Field == "" {
				out = append(out, d.Text)
			}
		}
		return strings.Join(out, "；")
	}
	if x, y := texts(c.before), texts(c.after); x+y != "" {
		c.unsure = append(c.unsure, UnsureField{"", x, y})
	}
}

// listPath is the path of a list of indicators.
func listPath(scope model.Scope) string {
	if scope == model.Overall {
		return "overall_indicators"
	}
	return "indicators"
}

// rows compares two lists of indicators. Where a row's name was not read for
// certain nothing is said of rows that came or went: they may be that one.
func (c *formComparison) rows(scope model.Scope, before, after []model.Indicator) {
	path := listPath(scope)
	at := func(i int, column string) string { return path + "[" + strconv.Itoa(i) + "]." + column }
	lost := func(f *model.Form, rows []model.Indicator) bool {
		for i := range rows {
			if f.HasDoubt(at(i, "level3")) {
				return true
			}
		}
		return f.HasDoubt(path)
	}
	certain := !lost(c.before, before) && !lost(c.after, after)
	if !certain {
		c.unsure = append(c.unsure, UnsureField{Field: path})
	}
	partner, taken := pairRows(before, after)
	for i := range after {
		b := &after[i]
		if partner[i] < 0 {
			if certain {
				c.indicators = append(c.indicators, IndicatorChange{Status: Added, Scope: scope, New: b})
			}
			continue
		}
		x := IndicatorChange{Status: Changed, Scope: scope, Old: &before[partner[i]], New: b}
		for _, f := range model.IndicatorFields {
			was, is := f.String(x.Old), f.String(b)
			pathOld, pathNew := at(partner[i], f.Path), at(i, f.Path)
			if c.before.HasDoubt(pathOld) || c.after.HasDoubt(pathNew) {
				c.unsure = append(c.unsure, UnsureField{pathNew, asFarAsRead(c.before, pathOld, was), asFarAsRead(c.after, pathNew, is)})
			} else if zh.Fold(was) != zh.Fold(is) {
				x.Fields = append(x.Fields, FieldChange{Field: f.Path, Old: was, New: is})
			}
		}
		if len(x.Fields) > 0 {
			c.indicators = append(c.indicators, x)
		}
	}
	for j := range before {
		if !taken[j] && certain {
			c.indicators = append(c.indicators, IndicatorChange{Status: Removed, Scope: scope, Old: &before[j]})
		}
	}
}

// pairRows pairs indicators by level 2 and name, then by name; what repeats is
// paired in order. It gives each new row its old one or -1, and which old ones
// are taken.
func pairRows(before, after []model.Indicator) (partner []int, taken []bool) {
	partner = make([]int, len(after))
	taken = make([]bool, len(before))
	for i := range partner {
		partner[i] = -1
	}
	for _, key := range []func(*model.Indicator) string{
		func(x *model.Indicator) string {
			return zh.Fold(x.Level2) + "\x1f" + zh.Fold(x.Level3) + "\x1f" + zh.Fold(x.Value.Raw)
		},
		func(x *model.Indicator) string { return zh.Fold(x.Level2) + "\x1f" + zh.Fold(x.Level3) },
		func(x *model.Indicator) string { return zh.Fold(x.Level3) },
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
	return partner, taken
}

// compareFindings pairs findings by rule and field, an indicator's field by
// the indicator's name; so a finding whose figures changed but which still
// stands is neither fixed nor new.
func compareFindings(before, after []model.Finding, a, b *model.Form) (fixed, added []model.Finding, remaining int) {
	key := func(f model.Finding, form *model.Form) string {
		field := f.Field
		if list, rest, ok := strings.Cut(field, "["); ok && form != nil {
			rows := form.Indicators
			if list == listPath(model.Overall) {
				rows = form.OverallIndicators
			}
			number, sub, _ := strings.Cut(rest, "]")
			if n, err := strconv.Atoi(number); err == nil && n >= 0 && n < len(rows) {
				field = list + " " + zh.Fold(rows[n].Level3) + sub
			}
		}
		if form == nil {
			field += "\x1f" + zh.Fold(f.Text)
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
// does not need. Findings of reading are no change of a submission: what was
// not read for certain is told by its doubts.
func (s *Side) Add(c Checked, rules []model.RuleInfo) {
	reading := readingRules(rules)
	perForm := map[int][]model.Finding{}
	for _, f := range c.Findings {
		if reading[f.Rule] {
			continue
		}
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
		f.Funding.Items = ownItems(&f)
		f.Sources, f.Signs, f.Ignored = nil, nil, nil
		s.Forms = append(s.Forms, SideForm{c.Path, &f, perForm[f.Index]})
	}
}

// readingRules are the codes of rules about what was not read for certain.
func readingRules(rules []model.RuleInfo) map[string]bool {
	out := map[string]bool{}
	for _, r := range rules {
		if r.Kind == model.KindReading {
			out[r.Code] = true
		}
	}
	return out
}
