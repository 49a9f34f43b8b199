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
	before []model.Finding
	todo   []model.Finding // those of before to mend
	mended func([]model.Finding) []model.Finding
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
	j := &job{ctx: ctx, engine: engine, read: read, doc: doc, mended: mended, result: &result}
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
	kept, err := j.accept(nil, plans)
	if err != nil {
		return result, err
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
		cells := j.cells(p)
		if len(cells) == 0 {
			j.leave(p, textNoCell)
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
	if !sameNumbers(cell, after) {
		return textNumber
	}
	if known == nil {
		known = &plan{Change: model.Change{Form: p.form.Index, Project: p.form.Project.Name, Location: c.location, Before: cell, Field: p.field}}
		b.at[k] = known
		b.plans = append(b.plans, known)
	}
	known.After = after
	known.steps = append(known.steps, edits)
	if !slices.Contains(known.Rules, p.rule) {
		known.Rules = append(known.Rules, p.rule)
	}
	known.fields = append(known.fields, p.field)
	return why
}

// cells are those that hold a place's text: the one that holds it alone, or
// the columns of its row over which it is spread.
func (j *job) cells(p place) []held {
	if j.draft == nil {
		return []held{{p.location, p.text}}
	}
	want := squeezed(p.text)
	inTable := strings.HasPrefix(p.field, "indicators[")
	var equal, pieces []model.Location
	holds := false
	for i := range j.doc.Tables {
		for _, c := range j.doc.Tables[i].Cells {
			l, have := c.Location, squeezed(c.Text)
			// What the file stores must be what was read.
			if l.Sheet != p.location.Sheet || l.Table != p.location.Table || l.Cell.Row != p.location.Cell.Row || have == "" || squeezed(j.draft.Text(l)) != have {
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
		return one(equal[0])
	case holds || slices.Contains(equal, p.location):
		return one(p.location)
	case !inTable:
		return nil
	case len(equal) > 1: // the same in several columns, such as two years'
		pieces = equal
	}
	var out []held
	for _, l := range pieces {
		out = append(out, one(l)...)
	}
	return out
}

// accept keeps the plans with which the copy holds up, beside those kept
// already; where some do not it tries them by halves.
func (j *job) accept(kept, plans []*plan) ([]*plan, error) {
	if len(plans) == 0 {
		return kept, nil
	}
	all := append(slices.Clone(kept), plans...)
	c, err := j.try(all)
	if err != nil {
		return nil, err
	}
	if c.why == nil {
		return all, nil
	}
	if len(plans) == 1 {
		p := plans[0]
		further, err := j.further(kept, p, c)
		if err != nil {
			return nil, err
		}
		if further != nil {
			return append(slices.Clone(kept), further), nil
		}
		for _, rule := range p.Rules {
			j.result.Left = append(j.result.Left, model.Unmended{Rule: rule, Form: p.Form, Project: p.Project, Location: p.Location, Text: p.Before, Why: *c.why})
		}
		return kept, nil
	}
	half := len(plans) / 2
	if kept, err = j.accept(kept, plans[:half]); err != nil {
		return nil, err
	}
	return j.accept(kept, plans[half:])
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

// further is a plan that also mends what other rules say of a cell once its
// first defect is gone, such as wide signs that stood beside markup; nil where
// there is none with which the copy holds up. c is the copy made so far.
func (j *job) further(kept []*plan, p *plan, c copied) (*plan, error) {
	for {
		more := j.revealed(p, c)
		if more == nil {
			return nil, nil
		}
		var err error
		if c, err = j.try(append(slices.Clone(kept), more)); err != nil {
			return nil, err
		}
		if c.why == nil {
			return more, nil
		}
		p = more
	}
}

// revealed is a plan with the edits of one rule more, which finds something new
// in its cell.
func (j *job) revealed(p *plan, c copied) *plan {
	for _, f := range j.mended(unknown(j.before, c.found)) {
		if slices.Contains(p.Rules, f.Rule) || f.Form == nil || *f.Form != p.Form || !slices.Contains(p.fields, f.Field) || *f.Form > len(c.doc.Forms) {
			continue
		}
		edits, why := validate.Mend(validate.Mending{Rule: f.Rule, Form: &c.doc.Forms[*f.Form-1], Field: f.Field, Text: f.Text, Cell: p.After})
		if len(edits) == 0 || why != (model.Text{}) {
			continue
		}
		more := *p
		more.After = model.Edited(p.After, edits)
		if !sameNumbers(p.Before, more.After) {
			continue
		}
		more.steps = append(slices.Clone(p.steps), edits)
		more.Rules = append(slices.Clone(p.Rules), f.Rule)
		more.fields = append(slices.Clone(p.fields), f.Field)
		return &more
	}
	return nil
}

// copied is a copy that was tried: what was read and found in it, and what is
// wrong with it, nil where it differs in nothing but the plans.
type copied struct {
	doc   model.Document
	found []model.Finding
	why   *model.Message
}

// try makes a copy with the plans and holds it against the original. The error
// is only the context's.
func (j *job) try(plans []*plan) (c copied, err error) {
	data, err := j.made(plans)
	if j.ctx.Err() != nil {
		return c, j.ctx.Err()
	}
	if err != nil {
		return copied{why: reason(err)}, nil
	}
	if c.doc, err = j.read(data); err != nil {
		return c, err
	}
	c.found = j.engine.Document(&c.doc).Findings
	c.why = compare(j.doc, &c.doc, j.before, c.found, plans)
	return c, nil
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
	textRemains = model.Text{Zh: "改了以后问题仍在", En: "the defect would remain"}
	textNewOne  = model.Text{Zh: "改了会出现新问题 {rule}", En: "it would bring a new finding, {rule}"}
	textOther   = model.Text{Zh: "改了会影响别的内容（{where}）", En: "it would change something else ({where})"}
)
