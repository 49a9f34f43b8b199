// Package validate checks declarations against rules. A rule is one entry of
// a table with its examples; it answers for each form with an outcome, so
// that a check that did not happen never looks like one that passed.
package validate

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"perfgoal/model"
)

// Config chooses what an engine checks. Selectors are rule codes (C001),
// names (cost-budget-mismatch), code prefixes (C, C0) or ALL, in any case.
type Config struct {
	// Ruleset is the set that says which rules are on by default; nil means
	// the current one.
	Ruleset *Ruleset
	Select  []string // empty: the rules that are on
	Ignore  []string // wins over Select
	// Layers turn rules on and off and set severities; a later layer wins over
	// an earlier one, and within a layer the most exact selector does (code or
	// name over prefix over ALL). A severity set so also replaces one that a
	// check chose itself, such as C001's error from 20 % on.
	Layers [][]Setting
	// Thresholds of the rules; nil means DefaultThresholds.
	Thresholds *Thresholds
	// Vocabulary adds words to what the rules go by.
	Vocabulary Vocabulary
	// Own are rules from outside the table; they are on unless a layer or
	// selector says otherwise.
	Own []OwnRule
	// Suppressing lists the rules about suppressions (B901, B902) among the
	// engine's; a Suppressions checks them.
	Suppressing bool
	// Bundle lists the rules about a whole bundle (B001 to B010) among the
	// engine's; a Bundle checks them.
	Bundle bool
	// NoSingle leaves Result.Single empty, which saves memory on bundles of
	// many thousand forms.
	NoSingle bool
}

// Setting is what one line of a configuration says of the rules it selects.
type Setting struct {
	Selector string
	On       *bool          // nil leaves it
	Severity model.Severity // "" leaves it
	Source   string         // where it stands, for Effective
}

// Thresholds are the figures that rules decide by.
type Thresholds struct {
	CostTolerance  decimal.Decimal // C001: least tolerance, as a share of the budget
	CostErrorShare decimal.Decimal // C001: a gap of this share of the budget or more is an error
	GoalLikeness   float64         // D001: least Jaccard likeness of two goals' character bigrams
	GoalLength     int             // S005: characters under which a goal is short
	NumericShare   float64         // Q003: least share of values that are numbers
	RelatedLimit   int             // D001, D003, L007: related places listed in one finding
}

// DefaultThresholds are those of release 1 (rules.md).
func DefaultThresholds() Thresholds {
	return Thresholds{
		CostTolerance:  decimal.New(5, -3),
		CostErrorShare: decimal.New(2, -1),
		GoalLikeness:   0.75,
		GoalLength:     40,
		NumericShare:   0.5,
		RelatedLimit:   20,
	}
}

// Engine checks documents. It does not change after New and may be used from
// several goroutines.
type Engine struct {
	rules      []*rule
	severities map[string]model.Severity // by code, where overridden
	effective  []Effective
	thresholds Thresholds
	lex        *lexicon
	ruleset    Ruleset
	noSingle   bool
}

// Result is what was found in one document and what was checked.
type Result struct {
	Findings []model.Finding // document-wide ones first, then by form, position, code
	Checks   []model.Checks  // one for each of the engine's rules
	Single   []model.Check   // each outcome, by rule and form
}

// Rules lists all rules in code order.
func Rules() []model.RuleInfo { return infos(registry()) }

func infos(rules []*rule) []model.RuleInfo {
	out := make([]model.RuleInfo, len(rules))
	for i, r := range rules {
		out[i] = r.RuleInfo
	}
	return out
}

// New makes an engine. The error is an *UnknownSelectors that names every
// selector that is no rule, with near matches.
func New(c Config) (*Engine, error) {
	set := c.Ruleset
	if set == nil {
		set = CurrentRuleset()
	}
	e := &Engine{severities: map[string]model.Severity{}, thresholds: DefaultThresholds(), lex: standard(), ruleset: *set, noSingle: c.NoSingle}
	all := slices.Clone(registry())
	for i := range c.Own {
		all = append(all, c.Own[i].rule())
	}
	slices.SortStableFunc(all, func(a, b *rule) int { return strings.Compare(a.Code, b.Code) })
	unknown := &UnknownSelectors{rules: all}
	selected, ignored := unknown.mark(c.Select), unknown.mark(c.Ignore)
	states := make(map[string]*Effective, len(all))
	for _, r := range all {
		states[r.Code] = &Effective{Rule: r.RuleInfo, On: set.has(r)}
	}
	for _, layer := range c.Layers {
		e.lay(layer, states, unknown)
	}
	if len(unknown.Selectors) > 0 {
		return nil, unknown
	}
	if c.Thresholds != nil {
		e.thresholds = *c.Thresholds
		e.thresholds.RelatedLimit = max(1, e.thresholds.RelatedLimit)
	}
	if len(c.Vocabulary.Words)+len(c.Vocabulary.Units) > 0 {
		e.lex = extended(c.Vocabulary)
	}
	for _, r := range all {
		s := states[r.Code]
		if len(c.Select) > 0 {
			s.On, s.OnFrom = selected[r.Code], "--select"
		}
		if ignored[r.Code] {
			s.On, s.OnFrom = false, "--ignore"
		}
		e.effective = append(e.effective, *s)
		if s.On && (c.Suppressing || !r.aboutSuppressions()) && (c.Bundle || r.bundle == nil) {
			e.rules = append(e.rules, r)
		}
	}
	return e, nil
}

// lay applies one layer of settings, the broadest selectors first, so that
// the most exact one stays.
func (e *Engine) lay(layer []Setting, states map[string]*Effective, unknown *UnknownSelectors) {
	settings := slices.SortedStableFunc(slices.Values(layer), func(a, b Setting) int {
		return cmp.Compare(unknown.breadth(b.Selector), unknown.breadth(a.Selector))
	})
	for _, s := range settings {
		for code := range unknown.mark([]string{s.Selector}) {
			x := states[code]
			if s.On != nil {
				x.On, x.OnFrom = *s.On, s.Source
			}
			if s.Severity != "" {
				e.severities[code] = s.Severity
				x.Rule.Severity, x.SeverityFrom = s.Severity, s.Source
			}
		}
	}
}

// Effective is what became of a rule, and what made it so: a setting's source,
// --select, --ignore, or "" for the ruleset.
type Effective struct {
	Rule         model.RuleInfo // with its effective severity
	On           bool
	OnFrom       string
	SeverityFrom string
}

// Effective lists every rule in code order, on or off.
func (e *Engine) Effective() []Effective { return slices.Clone(e.effective) }

// Ruleset is the set that the engine's rules come from.
func (e *Engine) Ruleset() Ruleset { return e.ruleset }

// Thresholds are those the engine decides by.
func (e *Engine) Thresholds() Thresholds { return e.thresholds }

// Rules lists the rules the engine checks, in code order, with the severities
// it gives them.
func (e *Engine) Rules() []model.RuleInfo {
	out := infos(e.rules)
	for i := range out {
		if s, ok := e.severities[out[i].Code]; ok {
			out[i].Severity = s
		}
	}
	return out
}

// Document checks one document. One that has neither forms nor what a budget
// book says around them yields no findings and no outcomes.
func (e *Engine) Document(doc *model.Document) Result {
	d := &document{Document: doc, forms: make([]form, len(doc.Forms))}
	eachShare(len(doc.Forms), func(from, to int) {
		known := map[string]*naming{}
		for i := from; i < to; i++ {
			d.forms[i] = prepare(&doc.Forms[i], e.lex, known)
		}
	})
	d.keepStored()
	res := Result{Findings: []model.Finding{}, Checks: make([]model.Checks, len(e.rules)), Single: []model.Check{}}
	for i, r := range e.rules {
		res.Checks[i].Rule = r.Code
	}
	e.check(&res, d)
	if b := d.booked(e.lex); b != nil {
		for i, r := range e.rules {
			r.book.each(b, func(v verdict) {
				e.count(&res, &res.Checks[i], d, -1, v)
				e.complete(&res, r, d, v.findings)
			})
		}
	}
	slices.SortStableFunc(res.Single, func(a, b model.Check) int {
		return cmp.Or(strings.Compare(a.Rule, b.Rule), cmp.Compare(formNumber(a.Form), formNumber(b.Form)))
	})
	sortFindings(res.Findings)
	fingerprint(res.Findings, doc)
	return res
}

// check runs the rules about the whole document, one by one, and those about
// single forms, stretch by stretch, several at once where there are many forms.
func (e *Engine) check(res *Result, d *document) {
	if len(d.forms) == 0 {
		return
	}
	parts := make([]Result, len(e.rules)+(len(d.forms)+stretch-1)/stretch)
	do := func(i int) {
		if i < len(e.rules) {
			parts[i] = e.wholeDocument(i, d)
			return
		}
		from := (i - len(e.rules)) * stretch
		parts[i] = e.someForms(d, from, min(from+stretch, len(d.forms)))
	}
	if len(d.forms) > stretch {
		sideBySide(len(parts), do)
	} else {
		for i := range parts {
			do(i)
		}
	}
	found := 0
	for i := range parts {
		found += len(parts[i].Findings)
	}
	res.Findings = slices.Grow(res.Findings, found)
	for i := range parts {
		res.add(&parts[i])
		parts[i] = Result{} // may be let go
	}
}

// add adds what was found in a part.
func (res *Result) add(part *Result) {
	for i, c := range part.Checks {
		sum := &res.Checks[i]
		sum.Pass, sum.Fail = sum.Pass+c.Pass, sum.Fail+c.Fail
		sum.NotApplicable, sum.InsufficientData = sum.NotApplicable+c.NotApplicable, sum.InsufficientData+c.InsufficientData
	}
	res.Findings, res.Single = append(res.Findings, part.Findings...), append(res.Single, part.Single...)
}

// someForms checks the forms from one up to another. It takes all rules for
// each, so that what they look at is still in the cache.
func (e *Engine) someForms(d *document, from, to int) Result {
	res := Result{Checks: make([]model.Checks, len(e.rules))}
	for k := from; k < to; k++ {
		for i, r := range e.rules {
			if r.form == nil {
				continue
			}
			v, ok := r.meets(&d.forms[k])
			if ok {
				v = r.form(&d.forms[k], &e.thresholds)
			}
			res.Checks[i].Rule = r.Code
			e.count(&res, &res.Checks[i], d, k, v)
			e.complete(&res, r, d, v.findings)
		}
	}
	return res
}

// wholeDocument checks a rule about the document on those of its forms that the
// rule can look at.
func (e *Engine) wholeDocument(at int, d *document) Result {
	r := e.rules[at]
	if r.document == nil {
		return Result{}
	}
	res := Result{Checks: make([]model.Checks, len(e.rules))}
	c := &res.Checks[at]
	c.Rule = r.Code
	view, skipped, last := *d, 0, verdict{}
	out := make([]docCheck, 0, len(d.forms))
	kept := make([]int, 0, len(d.forms))
	for k := range d.forms {
		v, ok := r.meets(&d.forms[k])
		if ok {
			kept = append(kept, k)
			continue
		}
		skipped, last = skipped+1, v
		out = append(out, docCheck{k, v})
	}
	if skipped > 0 {
		view.forms = make([]form, len(kept))
		for i, k := range kept {
			view.forms[i] = d.forms[k]
		}
	}
	v := docVerdict{}
	switch {
	case len(kept) > 0:
		v = r.document(&view, &e.thresholds)
	case r.once:
		v = onDocument(last)
	}
	for _, x := range v.checks {
		if x.form >= 0 {
			x.form = kept[x.form]
		}
		e.count(&res, c, d, x.form, x.verdict)
	}
	if !r.once {
		for _, x := range out {
			e.count(&res, c, d, x.form, x.verdict)
		}
	}
	e.complete(&res, r, d, v.findings)
	return res
}

func (e *Engine) count(res *Result, c *model.Checks, d *document, k int, v verdict) {
	switch v.outcome {
	case model.Pass:
		c.Pass++
	case model.Fail:
		c.Fail++
	case model.NotApplicable:
		c.NotApplicable++
	case model.InsufficientData:
		c.InsufficientData++
	}
	if e.noSingle {
		return
	}
	check := model.Check{Rule: c.Rule, Path: d.Path, Outcome: v.outcome, Reason: v.reason}
	if k >= 0 {
		check.Form = &d.forms[k].Index
	}
	res.Single = append(res.Single, check)
}

// complete fills in what every finding of a rule has in common.
func (e *Engine) complete(res *Result, r *rule, d *document, findings []model.Finding) {
	res.Findings = slices.Grow(res.Findings, len(findings))
	for _, f := range findings {
		f.Rule, f.Name, f.Path = r.Code, r.Name, d.Path
		if s, ok := e.severities[r.Code]; ok {
			f.Severity = s
		} else if f.Severity == "" {
			f.Severity = r.Severity
		}
		if f.Related == nil {
			f.Related = []model.Related{}
		}
		if f.Evidence == nil {
			f.Evidence = map[string]string{}
		}
		d.addStored(&f)
		res.Findings = append(res.Findings, f)
	}
}

// keepStored notes which forms have cells that hold more than they show; few
// do, and each finding asks.
func (d *document) keepStored() {
	for i := range d.forms {
		if f := &d.forms[i]; len(f.Stored) > 0 {
			if d.stored == nil {
				d.stored = map[int]map[string]string{}
			}
			d.stored[f.Index] = f.Stored
		}
	}
}

// addStored adds what a workbook holds behind the cells of a finding, where
// that is more than they show: "stored" for the finding's own cell,
// "stored FIELD" for one that contributed.
func (d *document) addStored(x *model.Finding) {
	if len(d.stored) == 0 {
		return
	}
	stored := func(number *int, field string) string {
		if number == nil {
			return ""
		}
		return d.stored[*number][field]
	}
	if s := stored(x.Form, x.Field); s != "" {
		x.Evidence["stored"] = s
	}
	for _, r := range x.Related {
		if s := stored(r.Form, r.Field); s != "" && r.Path == "" && r.Field != x.Field {
			x.Evidence["stored "+r.Field] = s
		}
	}
}

func sortFindings(findings []model.Finding) {
	type place struct{ form, position, at int }
	order := make([]place, len(findings))
	eachStretch(len(findings), func(from, to int) {
		for i := from; i < to; i++ {
			order[i] = place{formNumber(findings[i].Form), position(findings[i].Field), i}
		}
	})
	slices.SortFunc(order, func(a, b place) int {
		if c := cmp.Or(cmp.Compare(a.form, b.form), cmp.Compare(a.position, b.position)); c != 0 {
			return c
		}
		return cmp.Or(strings.Compare(findings[a.at].Rule, findings[b.at].Rule), cmp.Compare(a.at, b.at))
	})
	// Each goes to its place, and what stood there to its own, round and round:
	// findings are large, and there may be many.
	for i := range order {
		if order[i].at == i {
			continue
		}
		first, to := findings[i], i
		for from := order[to].at; from != i; from = order[to].at {
			findings[to] = findings[from]
			order[to].at = to
			to = from
		}
		findings[to] = first
		order[to].at = to
	}
}

func formNumber(form *int) int {
	if form == nil {
		return 0
	}
	return *form
}

// fieldOrder is where each head field stands on the printed form.
var fieldOrder = func() map[string]int {
	m := map[string]int{"": 0}
	for _, f := range model.Fields {
		if _, seen := m["funding"]; !seen && strings.HasPrefix(f.Path, "funding.") {
			m["funding"] = len(m)
		}
		m[f.Path] = len(m)
	}
	m["indicators"] = len(m)
	return m
}()

// columnOrder is where each column of the indicator table stands, 0 for the
// row itself.
var columnOrder = func() map[string]int {
	m := map[string]int{"": 0}
	for _, f := range model.IndicatorFields {
		m[f.Path] = len(m)
	}
	return m
}()

// overallAt is where the indicators of the whole project come: behind any row
// of the year's.
const overallAt = 1 << 30

// position orders fields as they stand on the form.
func position(field string) int {
	if rest, ok := strings.CutPrefix(field, "overall_"); ok && strings.HasPrefix(rest, "indicators[") {
		return overallAt + position(rest)
	}
	if rest, ok := strings.CutPrefix(field, "indicators["); ok {
		number, column, _ := strings.Cut(rest, "]")
		n, err := strconv.Atoi(number)
		if err == nil {
			return len(fieldOrder) + n*len(columnOrder) + columnOrder[strings.TrimPrefix(column, ".")]
		}
	}
	if at, ok := fieldOrder[field]; ok {
		return at
	}
	if list, rest, ok := strings.Cut(field, "["); ok && (list == "narratives" || list == "statements") {
		number, _, _ := strings.Cut(rest, "]")
		if n, err := strconv.Atoi(number); err == nil {
			return n - math.MaxInt32 // before the form's own fields
		}
	}
	return -1
}
