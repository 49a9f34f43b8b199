package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"perfgoal/model"
)

// DiffFormats are the formats of comparisons; the first is the default.
func DiffFormats() []Format[func(*Comparison) error] {
	return []Format[func(*Comparison) error]{
		{Name: "text", New: diffText},
		{Name: "json", New: diffWriteJSON},
		{Name: "markdown", New: diffMarkdown},
	}
}

// diffJSON is `diff -o json`. Projects that did not change are counted, not
// listed. Money is in yuan.
type diffJSON struct {
	SchemaVersion string        `json:"schema_version"`
	Tool          Tool          `json:"tool"`
	Summary       diffSummary   `json:"summary"`
	Projects      []diffProject `json:"projects"`
	Fixed         []findingJSON `json:"fixed"`        // about whole documents
	NewFindings   []findingJSON `json:"new_findings"` // about whole documents
}

type diffSummary struct {
	Old         diffSide `json:"old"`
	New         diffSide `json:"new"`
	Added       int      `json:"added"`
	Removed     int      `json:"removed"`
	Renamed     int      `json:"renamed"`
	Changed     int      `json:"changed"`
	Unsure      int      `json:"unsure"`
	Unchanged   int      `json:"unchanged"`
	Fixed       int      `json:"fixed"`
	NewFindings int      `json:"new_findings"`
	Remaining   int      `json:"remaining_findings"`
}

type diffSide struct {
	Documents   int    `json:"documents"`
	Unread      int    `json:"unread"`
	Partial     int    `json:"partial"` // not read for certain in all places
	Forms       int    `json:"forms"`
	AnnualTotal string `json:"annual_total"`
}

type diffProject struct {
	Status      ProjectStatus   `json:"status"`
	Name        string          `json:"name"`
	Department  string          `json:"department"`
	Unit        string          `json:"unit"`
	Old         *diffPlace      `json:"old"`
	New         *diffPlace      `json:"new"`
	Fields      []diffField     `json:"fields"`
	Indicators  []diffIndicator `json:"indicators"`
	Unsure      []diffUnsure    `json:"unsure"` // not compared, as a side was not read for certain
	Fixed       []findingJSON   `json:"fixed"`
	NewFindings []findingJSON   `json:"new_findings"`
	Remaining   int             `json:"remaining_findings"`
}

type diffPlace struct {
	Path        string  `json:"path"`
	Form        int     `json:"form"`
	Name        string  `json:"name"`
	AnnualTotal *string `json:"annual_total"`
}

type diffField struct {
	Field  string  `json:"field"`
	Old    string  `json:"old"`
	New    string  `json:"new"`
	Change *string `json:"change"` // in yuan, null where the field is no amount
}

type diffUnsure struct {
	Field string `json:"field"`
	Old   string `json:"old"`
	New   string `json:"new"`
}

type diffIndicator struct {
	Status ProjectStatus `json:"status"`
	Scope  model.Scope   `json:"scope"`
	Name   string        `json:"name"`
	Old    *diffRow      `json:"old"`
	New    *diffRow      `json:"new"`
	Fields []diffField   `json:"fields"` // the columns that differ
}

type diffRow struct {
	Level1 string `json:"level1"`
	Level2 string `json:"level2"`
	Value  string `json:"value"`
}

func (s *Side) json() diffSide {
	sum := s.Annual()
	return diffSide{s.Documents, s.Unread, s.Partial, len(s.Forms), sum.StringFixed(max(2, -sum.Exponent()))}
}

func (c *Comparison) summary() diffSummary {
	s := diffSummary{Old: c.Old.json(), New: c.New.json(), Fixed: len(c.Fixed), NewFindings: len(c.Appeared)}
	for _, p := range c.Projects {
		switch p.Status {
		case Added:
			s.Added++
		case Removed:
			s.Removed++
		case Renamed:
			s.Renamed++
		case Changed:
			s.Changed++
		case Unsure:
			s.Unsure++
		default:
			s.Unchanged++
		}
		s.Fixed += len(p.Fixed)
		s.NewFindings += len(p.Appeared)
		s.Remaining += p.Remaining
	}
	return s
}

// subject is the form that names a project: the new one where there is one.
func (p *ProjectChange) subject() *SideForm {
	if p.New != nil {
		return p.New
	}
	return p.Old
}

func diffWriteJSON(w io.Writer, opt Options) func(*Comparison) error {
	findings := func(list []model.Finding) []findingJSON {
		out := []findingJSON{}
		for _, f := range list {
			out = append(out, findingIn(f, opt.Lang))
		}
		return out
	}
	place := func(s *SideForm) *diffPlace {
		if s == nil {
			return nil
		}
		p := &diffPlace{s.Path, s.Form.Index, s.Form.Project.Name, nil}
		if total := s.Form.Funding.Annual.Total; total.Valid() {
			amount := total.String()
			p.AnnualTotal = &amount
		}
		return p
	}
	row := func(x *model.Indicator) *diffRow {
		if x == nil {
			return nil
		}
		return &diffRow{x.Level1, x.Level2, x.Value.Raw}
	}
	return func(c *Comparison) error {
		out := diffJSON{SchemaVersion: SchemaVersion, Tool: opt.Tool, Summary: c.summary(), Projects: []diffProject{},
			Fixed: findings(c.Fixed), NewFindings: findings(c.Appeared)}
		for _, p := range c.Projects {
			if p.Status == Unchanged {
				continue
			}
			head := p.subject().Form.Project
			d := diffProject{Status: p.Status, Name: head.Name, Department: head.SupervisingDepartment, Unit: head.ImplementingUnit,
				Old: place(p.Old), New: place(p.New), Fields: changesJSON(p.Fields), Indicators: []diffIndicator{}, Unsure: []diffUnsure{},
				Fixed: findings(p.Fixed), NewFindings: findings(p.Appeared), Remaining: p.Remaining}
			for _, f := range p.Unsure {
				d.Unsure = append(d.Unsure, diffUnsure(f))
			}
			for _, x := range p.Indicators {
				d.Indicators = append(d.Indicators, diffIndicator{x.Status, x.Scope, x.name(), row(x.Old), row(x.New), changesJSON(x.Fields)})
			}
			out.Projects = append(out.Projects, d)
		}
		b, err := encode(out, "", "  ")
		if err != nil {
			return err
		}
		_, err = w.Write(append(b, '\n'))
		return err
	}
}

func changesJSON(list []FieldChange) []diffField {
	out := []diffField{}
	for _, f := range list {
		out = append(out, diffField{f.Field, f.Old, f.New, changeText(f.Change)})
	}
	return out
}

func (x *IndicatorChange) name() string {
	if x.New != nil {
		return x.New.Level3
	}
	return x.Old.Level3
}

func changeText(d *decimal.Decimal) *string {
	if d == nil {
		return nil
	}
	s := d.StringFixed(max(2, -d.Exponent()))
	return &s
}

// fieldWord is a field as people call it.
func (o Options) fieldWord(field string) string {
	if f, known := model.FieldAt(field); known {
		return f.Name.In(o.Lang)
	}
	if label, ok := itemLabel(field); ok {
		return visible(label)
	}
	switch field {
	case "":
		return o.say("没有归入字段的文字", "text in no field")
	case listPath(model.Annual):
		return o.say("指标", "indicators")
	case listPath(model.Overall):
		return o.say("长期指标", "long-term indicators")
	}
	if row, column, ok := strings.Cut(field, "]."); ok {
		list, number, _ := strings.Cut(row, "[")
		if n, err := strconv.Atoi(number); err == nil {
			return o.rowWord(list, n+1) + o.say("", ", ") + o.columnWord(column)
		}
	}
	return o.columnWord(field)
}

func (o Options) rowWord(list string, number int) string {
	if list == listPath(model.Overall) {
		return o.say("长期指标第%d条", "long-term indicator %d", number)
	}
	return o.say("指标第%d条", "indicator %d", number)
}

// columnWord is a column of the indicator table as people call it.
func (o Options) columnWord(column string) string {
	for _, f := range model.IndicatorFields {
		if f.Path == column {
			return f.Name.In(o.Lang)
		}
	}
	return column
}

func (o Options) statusWord(s ProjectStatus) string {
	switch s {
	case Added:
		return o.say("新增", "added")
	case Removed:
		return o.say("取消", "removed")
	case Renamed:
		return o.say("改名", "renamed")
	case Changed:
		return o.say("变化", "changed")
	case Unsure:
		return o.say("没有读准，不能断定有无变化", "not read for certain; whether it changed is not known")
	default:
		return o.say("不变", "unchanged")
	}
}

// fieldLine says what changed in a field; amounts with their difference.
func (o Options) fieldLine(f FieldChange) string {
	if f.Change != nil {
		sign := ""
		if f.Change.IsPositive() {
			sign = "+"
		}
		from, to := decimal.RequireFromString(f.Old), decimal.RequireFromString(f.New)
		line := o.say("%s：%s → %s 元（%s%s", "%s: %s → %s yuan (%s%s", o.fieldWord(f.Field), model.FormatMoney(from), model.FormatMoney(to), sign, model.FormatMoney(*f.Change))
		if !from.IsZero() {
			line += fmt.Sprintf(", %s%s%%", sign, f.Change.Div(from.Abs()).Shift(2).StringFixed(1))
		}
		return strings.Replace(line, ", ", o.say("，", ", "), 1) + o.say("）", ")")
	}
	before, after := shorten(f.Old, f.New)
	return o.say("%s：%s → %s", "%s: %s → %s", o.fieldWord(f.Field), o.orUnfilled(before), o.orUnfilled(after))
}

// shorten cuts long texts to where they differ, with a little around it.
func shorten(a, b string) (string, string) {
	const long, around = 40, 10 // characters
	x, y := []rune(a), []rune(b)
	if len(x) <= long && len(y) <= long {
		return a, b
	}
	head := 0
	for head < min(len(x), len(y)) && x[head] == y[head] {
		head++
	}
	tail := 0
	for tail < min(len(x), len(y))-head && x[len(x)-1-tail] == y[len(y)-1-tail] {
		tail++
	}
	cut := func(r []rune) string {
		from, to := max(0, head-around), min(len(r), len(r)-tail+around)
		s := string(r[from:to])
		if from > 0 {
			s = "…" + s
		}
		if to < len(r) {
			s += "…"
		}
		return s
	}
	return cut(x), cut(y)
}

func (o Options) indicatorLine(x IndicatorChange) string {
	what := o.say("指标", "indicator")
	if x.Scope == model.Overall {
		what = o.say("长期指标", "long-term indicator")
	}
	switch x.Status {
	case Added:
		return o.say("新增%s %s：%s", "%s added: %s %s", what, visible(x.New.Level3), o.orUnfilled(x.New.Value.Raw))
	case Removed:
		return o.say("取消%s %s：%s", "%s removed: %s %s", what, visible(x.Old.Level3), o.orUnfilled(x.Old.Value.Raw))
	}
	var parts []string
	for _, f := range x.Fields {
		before, after := shorten(f.Old, f.New)
		change := o.orUnfilled(before) + " → " + o.orUnfilled(after)
		if f.Field != "value" {
			change = o.columnWord(f.Field) + " " + change
		}
		parts = append(parts, change)
	}
	return o.say("%s %s：%s", "%s %s: %s", what, visible(x.New.Level3), strings.Join(parts, o.say("；", "; ")))
}

// unsureLine says what was not compared.
func (o Options) unsureLine(f UnsureField) string {
	if f.Old == "" && f.New == "" { // a list
		return o.say("没有读准，不能断定有无增减：%s", "not read for certain, so whether any came or went is not known: %s", o.fieldWord(f.Field))
	}
	if f.Field == "" { // each side has its own
		var sides []string
		if f.Old != "" {
			sides = append(sides, o.say("旧：", "old: ")+visible(f.Old))
		}
		if f.New != "" {
			sides = append(sides, o.say("新：", "new: ")+visible(f.New))
		}
		return o.fieldWord("") + o.say("（", " (") + strings.Join(sides, o.say("；", "; ")) + o.say("）", ")")
	}
	before, after := shorten(f.Old, f.New)
	return o.say("没有读准，不能比较：%s（旧：%s；新：%s）", "not read for certain, not compared: %s (old: %s; new: %s)",
		o.fieldWord(f.Field), o.orUnfilled(before), o.orUnfilled(after))
}

// projectHead names a project with what became of it.
func (o Options) projectHead(p *ProjectChange) string {
	f := p.subject().Form
	name := visible(f.Project.Name)
	if name == "" {
		name = o.say("（未填项目名称）", "(no project name)")
	}
	if p.Status == Renamed {
		name = o.orUnfilled(p.Old.Form.Project.Name) + " → " + o.orUnfilled(p.New.Form.Project.Name)
	}
	if unit := f.Project.ImplementingUnit; unit != "" {
		name += o.say("（%s）", " (%s)", visible(unit))
	}
	if total := f.Funding.Annual.Total; (p.Status == Added || p.Status == Removed) && total.Valid() {
		name += o.say("，年度 %s 元", ", %s yuan", model.FormatMoney(total.Amount))
	}
	return name
}

// lines are what changed within a project, but for its name.
func (o Options) lines(p *ProjectChange) []string {
	var out []string
	for _, f := range p.Fields {
		if f.Field != "project.name" {
			out = append(out, o.fieldLine(f))
		}
	}
	for _, x := range p.Indicators {
		out = append(out, o.indicatorLine(x))
	}
	for _, f := range p.Unsure {
		out = append(out, o.unsureLine(f))
	}
	for _, f := range p.Fixed {
		out = append(out, o.say("已改正 %s：%s", "fixed %s: %s", f.Rule, visible(f.Message.In(o.Lang))))
	}
	for _, f := range p.Appeared {
		out = append(out, o.say("新问题 %s %s：%s", "new %s %s: %s", o.severityWord(f.Severity), f.Rule, visible(f.Message.In(o.Lang))))
	}
	return out
}

func (o Options) diffHead(c *Comparison) []string {
	s := c.summary()
	before, after := c.Old.Annual(), c.New.Annual()
	change := after.Sub(before)
	sign := ""
	if change.IsPositive() {
		sign = "+"
	}
	projects := o.say("项目：新增%d个，取消%d个，改名%d个，有变化%d个，不变%d个", "projects: %d added, %d removed, %d renamed, %d changed, %d unchanged", s.Added, s.Removed, s.Renamed, s.Changed, s.Unchanged)
	if s.Unsure > 0 {
		projects += o.say("，没有读准、不能断定的%d个", ", %d not known", s.Unsure)
	}
	total := func(side *Side) string {
		text := o.say("年度资金 %s 元", "annual total: %s yuan", model.FormatMoney(side.Annual()))
		if n := side.doubtedTotals(); n > 0 {
			text += o.say("（不含没有读准的%d张）", " (without those not read for certain: %d)", n)
		}
		return text
	}
	difference := o.say("（%s%s）", " (%s%s)", sign, model.FormatMoney(change))
	if c.Old.doubtedTotals()+c.New.doubtedTotals() > 0 {
		difference = "" // of unlike sums
	}
	out := []string{
		o.say("旧：%d个文件、%d张申报表，%s", "old: documents: %d, forms: %d, %s", s.Old.Documents, s.Old.Forms, total(c.Old)),
		o.say("新：%d个文件、%d张申报表，%s%s", "new: documents: %d, forms: %d, %s%s", s.New.Documents, s.New.Forms, total(c.New), difference),
		projects,
		o.say("问题：已改正%d处，新出现%d处，仍存在%d处", "findings: %d fixed, %d new, %d remaining", s.Fixed, s.NewFindings, s.Remaining),
	}
	if n := s.Old.Unread + s.New.Unread; n > 0 {
		out = append(out, o.say("注意：有%d个文件没有读到申报表（旧%d个，新%d个），其中的项目会显示为新增或取消。",
			"Mind: %d documents gave no form (old %d, new %d); their projects look added or removed.", n, s.Old.Unread, s.New.Unread))
	}
	if n := s.Old.Partial + s.New.Partial; n > 0 {
		out = append(out, o.say("注意：有%d个文件没有全部读准（旧%d个，新%d个）；没有读准的字段不作比较，也不计入合计，请对照原件。",
			"Mind: %d documents were not read for certain in all places (old %d, new %d); those fields are neither compared nor added up, look at the originals.", n, s.Old.Partial, s.New.Partial))
	}
	return out
}

// diffOrder are the statuses that are listed, in order.
var diffOrder = []ProjectStatus{Added, Removed, Renamed, Changed, Unsure}

func (c *Comparison) with(status ProjectStatus) []*ProjectChange {
	var out []*ProjectChange
	for i := range c.Projects {
		if c.Projects[i].Status == status {
			out = append(out, &c.Projects[i])
		}
	}
	return out
}

// sections are the changed projects by what became of them, and the findings
// about whole documents.
func (o Options) sections(c *Comparison, head func(string), project func(string, []string)) {
	for _, status := range diffOrder {
		list := c.with(status)
		if len(list) == 0 {
			continue
		}
		head(o.say("%s（%d个）", "%s (%d)", o.statusWord(status), len(list)))
		for _, p := range list {
			project(o.projectHead(p), o.lines(p))
		}
	}
	if whole := (&ProjectChange{Fixed: c.Fixed, Appeared: c.Appeared}); len(c.Fixed)+len(c.Appeared) > 0 {
		head(o.say("整份文件", "Whole documents"))
		project("", o.lines(whole))
	}
}

func diffText(w io.Writer, opt Options) func(*Comparison) error {
	l := newLintText(w, opt).(*lintText)
	return func(c *Comparison) error {
		for _, line := range opt.diffHead(c) {
			l.w.indented("", line, opt.Width, plain)
		}
		opt.sections(c, func(head string) {
			l.w.line()
			l.w.line(l.bold.Sprint(head))
		}, func(head string, lines []string) {
			if head != "" {
				l.w.indented("  ", head, opt.Width, l.cyan.Sprint)
			}
			for _, line := range lines {
				l.w.indented("      ", line, opt.Width, plain)
			}
		})
		return l.w.err
	}
}

func diffMarkdown(w io.Writer, opt Options) func(*Comparison) error {
	out := &stickyWriter{w: w}
	return func(c *Comparison) error {
		out.line("## ", opt.say("申报材料比较", "Comparison of submissions"))
		out.line()
		for _, line := range opt.diffHead(c) {
			out.line("- ", markdownText(line))
		}
		opt.sections(c, func(head string) {
			out.line()
			out.line("### ", markdownText(head))
			out.line()
		}, func(head string, lines []string) {
			if head != "" {
				out.line("- **", markdownText(head), "**")
			}
			for _, line := range lines {
				indent := "- "
				if head != "" {
					indent = "  - "
				}
				out.line(indent, markdownText(line))
			}
		})
		return out.err
	}
}
