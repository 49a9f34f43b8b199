package validate

import (
	"strconv"

	"perfgoal/model"
)

// rule is one entry of a family's table: what is known about it, and its
// check. Exactly one of form, document, bundle and book is set; rules about
// suppressions have none, because a Suppressions checks them once all is read.
type rule struct {
	model.RuleInfo
	// needs are the fields without which nothing can be judged; where one is
	// blank, doubted or not on the form, the engine answers for the rule.
	needs []string
	// kinds are the kinds of form that the rule is about: those of projects
	// where it is nil.
	kinds    []model.FormKind
	once     bool // a rule about a document with one outcome in all, not one for each form
	own      bool // from a configuration
	preview  bool // new: off, and not selected with others, until a later ruleset takes it in
	form     func(f *form, t *Thresholds) verdict
	document func(d *document, t *Thresholds) docVerdict
	bundle   bundleCheck // a Bundle checks it once all is read
	mend     mender      // nil where its findings take judgement
	book     bookRule    // about what a budget book says around its forms
}

func (r *rule) aboutSuppressions() bool {
	return r.form == nil && r.document == nil && r.bundle == nil && !r.book.checks()
}

// verdict is a rule's answer for one form.
type verdict struct {
	outcome  model.Outcome
	reason   model.Message // why it could not be judged; empty otherwise
	findings []model.Finding
}

// judged is fail where there are findings, and pass where there are none.
func judged(findings []model.Finding) verdict {
	if len(findings) == 0 {
		return verdict{outcome: model.Pass}
	}
	return verdict{outcome: model.Fail, findings: findings}
}

func notApplicable(zh, en string) verdict {
	return verdict{outcome: model.NotApplicable, reason: model.Message{Text: model.Text{Zh: zh, En: en}}}
}

func insufficient(zh, en string, args model.Args) verdict {
	return verdict{outcome: model.InsufficientData, reason: model.Message{Text: model.Text{Zh: zh, En: en}, Args: args}}
}

// docVerdict is the answer of a rule that looks at a whole document: its
// findings and the outcomes it counts, one for each form or one in all.
type docVerdict struct {
	findings []model.Finding
	checks   []docCheck
}

// docCheck is one outcome; form is an index into the document's forms, or -1
// for the document.
type docCheck struct {
	form int
	verdict
}

// onDocument is one outcome for the whole document.
func onDocument(v verdict) docVerdict {
	return docVerdict{findings: v.findings, checks: []docCheck{{form: -1, verdict: v}}}
}

// document is a document with its forms prepared for the rules.
type document struct {
	*model.Document
	forms []form
	// stored is what cells hold behind what they show, by form and field.
	stored map[int]map[string]string
}

// form is a declaration prepared for the rules.
type form struct {
	*model.Form
	rows []row
	// further are the values beside those of rows: in other columns, of regions,
	// and those of the whole project. Most forms have none.
	further  []row
	lex      *lexicon
	goalText string       // what goal returns
	figures  []figure     // of the goal
	sums     []side       // what sides returns
	states   []fieldState // of fields that many rules ask for
}

// goal is the annual goal without markup, folded.
func (f *form) goal() string { return f.goalText }

// row is an indicator with its texts folded, so that no rule folds again.
type row struct {
	*model.Indicator
	index int
	// beside says where a further row's value stands; nil for the values of rows.
	beside *beside
	name   string // level 3: half width, without white space
	value  string // the printed value, folded likewise
	unit   string // folded likewise
	is     *naming
	lex    *lexicon
	blank  bool // the value is a placeholder
	// doubted is set where the row's name or value could not be read for
	// certain.
	doubted bool
}

// beside is where a value stands that is not a row's of the year: in the table
// of the whole project, or in another column, which may be a region's.
type beside struct {
	overall        bool
	column, region string // "" for the column of values
}

func (r *row) overall() bool { return r.beside != nil && r.beside.overall }

// column is the one that the row's value stands in.
func (r *row) column() string {
	if r.beside == nil || r.beside.column == "" {
		return "value"
	}
	return r.beside.column
}

// prepare readies a form for the rules. Names that repeat are looked into
// once: known holds what they say.
func prepare(m *model.Form, l *lexicon, known map[string]*naming) form {
	f := form{Form: m, rows: make([]row, len(m.Indicators)), lex: l}
	for i := range m.Indicators {
		f.rows[i] = prepareRow(&m.Indicators[i], i, l, known)
		f.addColumns(&f.rows[i])
	}
	for i := range m.OverallIndicators {
		r := prepareRow(&m.OverallIndicators[i], i, l, known)
		r.beside = &beside{overall: true}
		f.further = append(f.further, r)
		f.addColumns(&r)
	}
	f.doubtRows()
	f.goalText = fold(stripMarkup(m.Goals.Annual))
	f.figures = l.goalFigures(f.goalText)
	f.states = f.lookUpStates()
	f.sums = f.lookUpSides()
	return f
}

const (
	annualList  = "indicators"
	overallList = "overall_indicators"
)

func prepareRow(in *model.Indicator, i int, l *lexicon, known map[string]*naming) row {
	name := fold(in.Level3)
	is := known[name]
	if is == nil {
		is = l.look(name)
		known[name] = is
	}
	r := row{Indicator: in, index: i, name: name, value: fold(in.Value.Raw), unit: fold(in.Value.Unit), is: is, lex: l}
	r.blank = r.standsForNone()
	return r
}

// addColumns makes a further row of each value that stands beside a row's own.
func (f *form) addColumns(r *row) {
	if r.LongTermValue != nil {
		f.addColumn(r, "long_term_value", "", r.LongTermValue)
	}
	if r.HalfYearValue != nil {
		f.addColumn(r, "half_year_value", "", r.HalfYearValue)
	}
	for i := range r.RegionValues {
		f.addColumn(r, "region_values", r.RegionValues[i].Region, &r.RegionValues[i].Value)
	}
}

func (f *form) addColumn(r *row, column, region string, v *model.Value) {
	x, in := *r, *r.Indicator
	in.Value = *v
	x.Indicator, x.beside = &in, &beside{r.overall(), column, region}
	x.value, x.unit = fold(v.Raw), fold(v.Unit)
	x.blank = x.standsForNone()
	f.further = append(f.further, x)
}

// under says whether the row's level 2 is of the class.
func (r *row) under(class model.Level) bool { return r.Class2 == class }

// in says whether the row's level 1 is of the class, or would be, were it
// printed.
func (r *row) in(class model.Level) bool {
	return r.Class1 == class || r.Class1 == model.NoLevel && parents[r.Class2] == class
}

// parents are the level-1 classes that level-2 classes belong to.
var parents = map[model.Level]model.Level{
	model.Cost: model.Cost, model.EconomicCost: model.Cost, model.SocialCost: model.Cost, model.EcologicalCost: model.Cost,
	model.Quantity: model.Output, model.Quality: model.Output, model.Timeliness: model.Output,
	model.EconomicBenefit: model.Benefit, model.SocialBenefit: model.Benefit, model.EcologicalBenefit: model.Benefit, model.Sustainability: model.Benefit,
	model.ClientSatisfaction: model.Satisfaction,
}

// missing says whether the row has no value of its own, or only something that
// holds its place; S016 reports that, so other rules leave it alone.
func (r *row) missing() bool { return r.blank || r.Value.Kind == model.KindMissing }

// standsForNone says whether the row's value is text that stands for none. 无 is a
// value where none of a thing is what is wanted.
func (r *row) standsForNone() bool {
	if r.Value.Kind == model.KindMissing || r.Value.Number != nil || !placeholder(r.value) && !r.lex.bareValue(r.value) {
		return false
	}
	return r.value != "无" || r.callsForValue()
}

// callsForValue says whether 无 can be no answer to the row's name: where it
// is about a figure or a property, and not about something unwanted.
func (r *row) callsForValue() bool {
	if r.is.want < 0 || hasAny(r.is.bare, r.lex.less) || hasAny(r.is.bare, unwanted) {
		return false
	}
	return r.is.rate || r.is.satisfied || r.economicCost() || endsIn(r.is.bare, r.lex.count) != "" || endsIn(r.is.bare, r.lex.measurable) != "" ||
		endsIn(r.is.bare, []string{"性", "度", "面积", "长度", "里程", "机制", "制度", "时间", "时限", "期限", "年限", "水平", "能力"}) != ""
}

// unwanted things are best when there are none.
var unwanted = []string{"影响", "风险", "负面", "损害", "破坏", "干扰", "问题", "危害", "争议", "欠", "超", "违"}

// numeric says whether the value is a number with an optional operator and unit.
func (r *row) numeric() bool { return r.Value.Kind == model.KindBound && r.Value.Number != nil }

// percent says whether the value is counted in hundredths.
func (r *row) percent() bool { return r.unit == "%" || r.unit == "百分比" || r.unit == "百分点" }

// place is a field of a form with what is printed there.
type place struct {
	field, text string
	location    model.Location
}

// head is the place of a field outside the indicator table.
func (f *form) head(field, text string) place {
	p := place{field: field, text: text, location: f.Location}
	if s, ok := f.Sources[field]; ok {
		p.location = s.Location
		if s.Text != "" {
			p.text = s.Text
		}
	}
	return p
}

// path is the row's own, in the list that it stands in.
func (r *row) path() string {
	list := annualList
	if r.overall() {
		list = overallList
	}
	return list + "[" + strconv.Itoa(r.index) + "]"
}

// shown is the value as printed, behind its region where it is one's.
func (r *row) shown() string {
	if r.beside != nil && r.beside.region != "" {
		return r.beside.region + " " + r.Value.Raw
	}
	return r.Value.Raw
}

// at is the place of a row's field: level1, level2, level3, or value, which is
// the column that the row's value stands in.
func (r *row) at(field string) place {
	name := field
	if field == "value" {
		name = r.column()
	}
	p := place{field: r.path() + "." + name, location: r.Location}
	switch field {
	case "level1":
		p.text = r.Level1
	case "level2":
		p.text = r.Level2
	case "level3":
		p.text = r.Level3
	default:
		p.text = r.shown()
	}
	return p
}

// finding starts a finding at a place. The engine completes it: rule, name,
// severity (unless the check chose one), path, project, fingerprint.
func (f *form) finding(p place, text model.Text, args model.Args) model.Finding {
	index := f.Index
	return model.Finding{
		Form: &index, Project: f.Project.Name,
		Field: p.field, Text: p.text, Location: p.location,
		Message: model.Message{Text: text, Args: args},
	}
}

// rowFinding is a finding at a row's field whose message may use {name},
// {value} and {level2}.
func (f *form) rowFinding(r *row, field string, text model.Text, args model.Args) model.Finding {
	all := model.Args{"name": r.Level3, "value": r.shown(), "level2": r.Level2}
	for k, v := range args {
		all[k] = v
	}
	out := f.finding(r.at(field), text, all)
	out.Evidence = map[string]string{"indicator": r.Level3, "value": r.shown()}
	return out
}

// related is a contributing place of a form.
func (f *form) related(p place) model.Related {
	index := f.Index
	return model.Related{Form: &index, Field: p.field, Text: p.text, Location: p.location}
}

// eachRow runs a check over the rows that have a name and are not missing
// their value, and over the values beside them; a form without any has nothing
// to judge, and a row that could not be read for certain makes silence no
// proof.
func eachRow(f *form, applies func(*row) bool, check func(*row) *model.Finding) verdict {
	var findings []model.Finding
	var doubted *row
	seen := false
	look := func(r *row) *model.Finding {
		if r.doubted {
			doubted = r
			return nil
		}
		if r.missing() || !applies(r) {
			return nil
		}
		seen = true
		return check(r)
	}
	for i := range f.rows {
		if x := look(&f.rows[i]); x != nil {
			findings = append(findings, *x)
		}
	}
	for i := range f.further {
		if x := look(&f.further[i]); x != nil {
			findings = withFurther(findings, x)
		}
	}
	switch {
	case len(findings) == 0 && doubted != nil:
		return doubtedRow(doubted)
	case !seen:
		return notApplicable("表中没有这条规则涉及的指标", "no indicator that this rule is about")
	}
	return judged(findings)
}

// withFurther adds a finding about a further row. One cell is reported once,
// and what is repeated word for word elsewhere on the form is a related place
// of the first.
func withFurther(findings []model.Finding, x *model.Finding) []model.Finding {
	for i := range findings {
		y := &findings[i]
		if y.Field == x.Field {
			return findings
		}
		if y.Text == x.Text && y.Message.Text == x.Message.Text && y.Evidence["indicator"] == x.Evidence["indicator"] {
			y.Related = append(y.Related, model.Related{Form: x.Form, Field: x.Field, Text: x.Text, Location: x.Location})
			return findings
		}
	}
	return append(findings, *x)
}
