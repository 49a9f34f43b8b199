// Package fix mends what takes no judgement in a document: it asks the rules
// for the edits of the cells that their findings name, makes them in a copy,
// and keeps only those after which the copy, read and checked again, differs
// in nothing else.
package fix

import (
	"context"
	"errors"
	"slices"
	"strings"

	"perfgoal/model"
	"perfgoal/parser/office"
	"perfgoal/validate"
)

// Reader reads a document again, its tables kept.
type Reader func(data []byte) (model.Document, error)

// Writes says whether copies of a format can be written.
func Writes(format string) bool { return format == "xlsx" || format == "docx" }

// job is one document being mended.
type job struct {
	ctx    context.Context
	engine *validate.Engine
	read   Reader
	doc    *model.Document
	mended func([]model.Finding) []model.Finding
	before []model.Finding
	todo   []model.Finding // those of before to mend
	draft  *office.Draft
	result *model.Mended
}

// Document mends a document that was read with its tables kept; data is the
// file. All rules of the engine must say nothing new of the copy; mended picks
// the findings to mend from theirs. The error is only the context's.
func Document(ctx context.Context, doc *model.Document, data []byte, engine *validate.Engine, mended func([]model.Finding) []model.Finding, read Reader) (model.Mended, error) {
	result := model.Mended{Path: doc.Path, Format: doc.Format, Status: doc.Status, Error: doc.Error}
	if !doc.Status.Read() {
		return result, nil
	}
	j := &job{ctx: ctx, engine: engine, read: read, mended: mended, doc: doc, result: &result}
	j.before = engine.Document(doc).Findings
	j.todo = mended(j.before)
	if Writes(doc.Format) {
		draft, err := office.NewDraft(ctx, data, doc.Format, office.Options{})
		if ctx.Err() != nil {
			return result, ctx.Err()
		}
		if err != nil {
			j.leaveAll(err)
			return result, nil
		}
		j.draft = draft
	}
	plans := j.plans()
	if j.draft == nil {
		for _, p := range plans {
			result.Changes = append(result.Changes, p.Change)
		}
		return result, nil
	}
	unplanned := len(result.Left)
	plans, last, err := j.follow(plans)
	if err != nil {
		return result, err
	}
	kept, last, err := j.accept(nil, plans, last)
	if err != nil {
		return result, err
	}
	if last != nil {
		result.Left = slices.Concat(slices.DeleteFunc(slices.Clone(result.Left[:unplanned]), last.gone), result.Left[unplanned:])
	}
	if len(kept) == 0 {
		return result, nil
	}
	if result.Copy, err = j.made(kept); err != nil {
		j.leaveAll(err)
		result.Copy = nil
		return result, nil
	}
	for _, p := range kept {
		result.Changes = append(result.Changes, p.Change)
	}
	return result, nil
}

// plan is a cell that is to change, and the edits one after another.
type plan struct {
	model.Change
	steps  [][]model.Edit
	fields []string // those whose text changes
	first  *plan    // without what follow added; nil where that is nothing
}

// place is one place of a finding.
type place struct {
	rule     string
	form     *model.Form
	field    string
	text     string
	location model.Location
}

// places are those of the findings of rules that mend, in order.
func (j *job) places() []place {
	mends := map[string]bool{}
	for _, r := range j.engine.Rules() {
		mends[r.Code] = r.Mends != (model.Text{})
	}
	var out []place
	add := func(rule string, form *int, field, text string, at model.Location) {
		if form != nil && *form >= 1 && *form <= len(j.doc.Forms) {
			out = append(out, place{rule, &j.doc.Forms[*form-1], field, text, at})
		}
	}
	for _, f := range j.todo {
		if !mends[f.Rule] {
			continue
		}
		add(f.Rule, f.Form, f.Field, f.Text, f.Location)
		for _, r := range f.Related {
			if r.Path == "" {
				add(f.Rule, r.Form, r.Field, r.Text, r.Location)
			}
		}
	}
	return out
}

// plans are the cells to change, in the order of their first finding.
func (j *job) plans() []*plan {
	b := &planner{job: j, at: map[cellKey]*plan{}}
	for _, p := range j.places() {
		cells, whyNone := j.cells(p)
		if len(cells) == 0 {
			j.leave(p, whyNone)
			continue
		}
		done, why := false, model.Text{}
		for _, c := range cells {
			if w := b.mend(p, c); w == (model.Text{}) {
				done = true
			} else {
				why = w
			}
		}
		if !done {
			j.leave(p, why)
		}
	}
	return b.plans
}

// planner collects what is to become of each cell.
type planner struct {
	*job
	plans []*plan
	at    map[cellKey]*plan
}

type cellKey struct {
	model.Location
	field string // where a location is a whole row
}

// held is a cell with the text that it stores.
type held struct {
	location model.Location
	text     string
}

// mend adds a rule's edits of a cell; why is set where there are none.
func (b *planner) mend(p place, c held) (why model.Text) {
	k := cellKey{Location: c.location}
	if b.draft == nil {
		k.field = p.field
	}
	known, cell := b.at[k], c.text
	if known != nil {
		cell = known.After
	}
	edits, why := validate.Mend(validate.Mending{Rule: p.rule, Form: p.form, Field: p.field, Text: p.text, Cell: cell})
	switch {
	case len(edits) == 0 && known != nil && why == (model.Text{}):
		return why // another rule's edits have mended it on the way
	case len(edits) == 0 && why == (model.Text{}):
		return textNoCell
	case len(edits) == 0:
		return why
	}
	after := model.Edited(cell, edits)
	switch {
	case !sameNumbers(cell, after):
		return textNumber
	case b.draft == nil && newMarkup(cell, after):
		return textMarkup
	}
	if known == nil {
		known = &plan{Change: model.Change{Form: p.form.Index, Project: p.form.Project.Name, Location: c.location, Before: cell, Field: p.field}}
		b.at[k] = known
		b.plans = append(b.plans, known)
	}
	known.add(p.rule, p.field, after, edits)
	return why
}

// add takes what a rule does about a field.
func (p *plan) add(rule, field, after string, edits []model.Edit) {
	p.After = after
	p.steps = append(p.steps, edits)
	if !slices.Contains(p.Rules, rule) {
		p.Rules = append(p.Rules, rule)
	}
	p.fields = append(p.fields, field)
}

// mostRounds is how often a cell is looked at again: an entity hides a tag,
// the tag a bound in words, and that one odd widths.
const mostRounds = 3

// follow adds to the plans what shows in their cells once they are carried
// out, such as a bound in words within a tag, and leaves out those after which
// there is a tag or entity that was none. The last copy made is that of the
// plans, nil where that is not so.
func (j *job) follow(plans []*plan) ([]*plan, *trial, error) {
	for range mostRounds {
		if len(plans) == 0 {
			break
		}
		t, err := j.try(plans)
		if err != nil || t.broken {
			return plans, nil, err
		}
		todo, more := j.mended(t.findings), false
		for _, p := range plans {
			more = p.extend(&t.after, todo) || more
		}
		if more {
			continue
		}
		sound := slices.DeleteFunc(slices.Clone(plans), func(p *plan) bool { return newMarkup(p.Before, p.After) })
		if len(sound) == len(plans) {
			return plans, t, nil
		}
		for _, p := range plans {
			if newMarkup(p.Before, p.After) {
				j.reject(p, &model.Message{Text: textMarkup})
			}
		}
		return sound, nil, nil
	}
	return plans, nil, nil
}

// extend adds what findings in a copy that has the plan's text ask for.
func (p *plan) extend(after *model.Document, todo []model.Finding) bool {
	if p.Form > len(after.Forms) {
		return false
	}
	was, more := *p, false
	for _, f := range todo {
		if f.Form == nil || *f.Form != p.Form || f.Field == "" || !slices.Contains(p.fields, f.Field) {
			continue
		}
		edits, _ := validate.Mend(validate.Mending{Rule: f.Rule, Form: &after.Forms[p.Form-1], Field: f.Field, Text: f.Text, Cell: p.After})
		text := model.Edited(p.After, edits)
		if len(edits) == 0 || !sameNumbers(p.After, text) || !sameNumbers(p.Before, text) {
			continue
		}
		p.add(f.Rule, f.Field, text, edits)
		more = true
	}
	if more && p.first == nil {
		was.steps, was.fields, was.Rules = slices.Clip(was.steps), slices.Clip(was.fields), slices.Clip(was.Rules)
		p.first = &was
	}
	return more
}

// cells are those that hold a place's text: the one that holds it alone, or
// the columns of its row over which it is spread. Where there are none, why
// says so.
func (j *job) cells(p place) (cells []held, why model.Text) {
	if j.draft == nil {
		return []held{{p.location, p.text}}, why
	}
	why = textNoCell
	want := squeezed(p.text)
	inTable := strings.HasPrefix(p.field, "indicators[")
	var equal, pieces []model.Location
	holds := false
	for i := range j.doc.Tables {
		for _, c := range j.doc.Tables[i].Cells {
			l, have := c.Location, squeezed(c.Text)
			if l.Sheet != p.location.Sheet || l.Table != p.location.Table || l.Cell.Row != p.location.Cell.Row || have == "" {
				continue
			}
			if squeezed(j.draft.Text(l)) != have { // what the file stores must be what was read
				if have == want && j.draft.Text(l) == "" {
					why = office.TextNotTyped
				}
				continue
			}
			switch {
			case have == want:
				equal = append(equal, l)
			case strings.Contains(want, have):
				pieces = append(pieces, l)
			}
			holds = holds || l == p.location && strings.Contains(have, want) && !inTable
		}
	}
	one := func(l model.Location) []held { return []held{{l, j.draft.Text(l)}} }
	switch {
	case len(equal) == 1:
		return one(equal[0]), why
	case holds || slices.Contains(equal, p.location):
		return one(p.location), why
	case !inTable:
		return nil, why
	case len(equal) > 1: // the same in several columns, such as two years'
		pieces = equal
	}
	for _, l := range pieces {
		cells = append(cells, one(l)...)
	}
	return cells, why
}

// accept keeps the plans with which the copy holds up, beside those kept
// already; where some do not it tries them by halves. made is the copy of all
// of them, nil where it is yet to be made; last is the copy that holds up, nil
// for none.
func (j *job) accept(kept, plans []*plan, made *trial) (all []*plan, last *trial, err error) {
	if len(plans) == 0 {
		return kept, nil, nil
	}
	all = append(slices.Clone(kept), plans...)
	if made == nil {
		if made, err = j.try(all); err != nil {
			return nil, nil, err
		}
	}
	why := made.why
	if why == nil {
		why = compare(j.doc, &made.after, j.before, made.findings, all)
	}
	if why == nil {
		return all, made, nil
	}
	if len(plans) == 1 {
		p := plans[0]
		if p.first != nil {
			if *p = *p.first; !newMarkup(p.Before, p.After) {
				return j.accept(kept, plans, nil)
			}
			why = &model.Message{Text: textMarkup}
		}
		j.reject(p, why)
		return kept, nil, nil
	}
	half := len(plans) / 2
	kept, last, err = j.accept(kept, plans[:half], nil)
	if err != nil {
		return nil, nil, err
	}
	all, more, err := j.accept(kept, plans[half:], nil)
	if more != nil {
		last = more
	}
	return all, last, err
}

// reject leaves a planned cell as it is.
func (j *job) reject(p *plan, why *model.Message) {
	for _, rule := range p.Rules {
		j.result.Left = append(j.result.Left, model.Unmended{Rule: rule, Form: p.Form, Project: p.Project, Location: p.Location, Text: p.Before, Why: *why})
	}
}

// made is the file with the plans carried out.
func (j *job) made(plans []*plan) ([]byte, error) {
	j.draft.Undo()
	for _, p := range plans {
		for _, edits := range p.steps {
			joined, err := j.draft.Change(p.Location, edits)
			if err != nil {
				return nil, err
			}
			p.Joined = p.Joined || joined
		}
	}
	return j.draft.Bytes()
}

// trial is a copy with some plans, read and checked again.
type trial struct {
	after    model.Document
	findings []model.Finding
	broken   bool           // it could not be made
	why      *model.Message // then
}

// gone says whether nothing is found any more where something was left.
func (t *trial) gone(x model.Unmended) bool {
	return !slices.ContainsFunc(t.findings, func(f model.Finding) bool {
		if f.Rule != x.Rule {
			return false
		}
		at := func(form *int, l model.Location) bool { return form != nil && *form == x.Form && l.Same(x.Location) }
		return at(f.Form, f.Location) || slices.ContainsFunc(f.Related, func(r model.Related) bool { return at(r.Form, r.Location) })
	})
}

// try makes a copy with the plans. The error is only the context's.
func (j *job) try(plans []*plan) (*trial, error) {
	data, err := j.made(plans)
	if j.ctx.Err() != nil {
		return nil, j.ctx.Err()
	}
	if err != nil {
		return &trial{broken: true, why: reason(err)}, nil
	}
	after, err := j.read(data)
	if err != nil {
		return nil, err
	}
	return &trial{after: after, findings: j.engine.Document(&after).Findings}, nil
}

func (j *job) leave(p place, why model.Text) {
	j.result.Left = append(j.result.Left, unmended(p, model.Message{Text: why}))
}

func unmended(p place, why model.Message) model.Unmended {
	return model.Unmended{Rule: p.rule, Form: p.form.Index, Project: p.form.Project.Name, Location: p.location, Text: p.text, Why: why}
}

// leaveAll leaves every finding for one reason.
func (j *job) leaveAll(err error) {
	j.result.Changes, j.result.Left = nil, nil
	for _, p := range j.places() {
		j.result.Left = append(j.result.Left, unmended(p, *reason(err)))
	}
}

func reason(err error) *model.Message {
	var p *model.Problem
	if errors.As(err, &p) {
		return &p.Message
	}
	return &model.Message{Text: textFailed, Args: model.Args{"cause": err.Error()}}
}

// Reasons why something is left as it is.
var (
	textNoCell  = model.Text{Zh: "找不到单独写着它的单元格", En: "no cell was found that holds it alone"}
	textNumber  = model.Text{Zh: "改了会使数字分不清，请人工改", En: "its numbers would no longer be the same"}
	textFailed  = model.Text{Zh: "写不出改正后的文件：{cause}", En: "the copy could not be made: {cause}"}
	textMarkup  = model.Text{Zh: "去掉代码以后会成为网页标记，请人工改", En: "without its entities it would be a tag"}
	textRemains = model.Text{Zh: "改了以后问题仍在", En: "the defect would remain"}
	textNewOne  = model.Text{Zh: "改了会出现新问题 {rule}", En: "it would bring a new finding, {rule}"}
	textOther   = model.Text{Zh: "改了会影响别的内容（{where}）", En: "it would change something else ({where})"}
)
