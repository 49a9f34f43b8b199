package form

import (
	"math"
	"slices"

	"perfgoal/model"
)

// goalColumn is a goal whose text stands in the rows below its label.
type goalColumn struct {
	which      string  // "overall" or "annual"
	start, end float64 // extent of the label
}

// goalState is where the goal texts are expected.
type goalState struct {
	columns []goalColumn
	last    string // the goal that was written last
	doubted map[string]bool
}

// goalRole returns overall, annual, overall_or_group or group.
func (rd *reader) goalRole(t token) (string, bool) { return rd.role(t, roleGoal) }

// goalInline splits a cell that holds a goal's label and its text.
func (rd *reader) goalInline(t token) (which, text string, ok bool) {
	label, text, ok := cutColon(t.Text)
	if !ok || text == "" || len(label) > 60 {
		return "", "", false
	}
	which, ok = rd.layouts.role(rd.layout, rd.layouts.keyOf(normLabel(label)), roleGoal)
	if !ok || which != goalOverall && which != goalAnnual {
		return "", "", false
	}
	rd.bookLabel(t, label+":")
	return which, text, true
}

// The goals a form has.
const (
	goalOverall = "overall"
	goalAnnual  = "annual"
)

// goalLabels reads a row with goal labels. A text to the right of its label
// is that goal; otherwise the texts are expected in the rows below.
func (rd *reader) goalLabels(i int) bool {
	r := rd.rows[i]
	type entry struct {
		role string
		at   int
	}
	var entries []entry
	inline := false
	for n, t := range r.tokens {
		role, ok := rd.goalRole(t)
		if !ok {
			if which, text, ok := rd.goalInline(t); ok {
				t.Text = text
				rd.writeGoal(which, t)
				inline = true
			}
			continue
		}
		entries = append(entries, entry{role, n})
		rd.bookLabelWhole(t)
		rd.brokenLabel(t)
	}
	if len(entries) == 0 {
		return inline
	}
	has := func(role string) bool {
		for _, e := range entries {
			if e.role == role {
				return true
			}
		}
		return false
	}
	if len(rd.goals.columns) > 0 && !has("overall") && !has("annual") && len(texts(r)) > len(entries) {
		// The label of the whole block, centred beside the texts: the goals'
		// own labels stand above.
		rest := r
		rest.tokens = slices.DeleteFunc(slices.Clone(r.tokens), func(t token) bool { _, ok := rd.goalRole(t); return ok })
		return rd.goalText(rest)
	}
	var below []goalColumn
	wrote := false
	for n, e := range entries {
		label := r.tokens[e.at]
		which := e.role
		text, right := rd.goalToTheRight(r, e.at)
		switch which {
		case "overall_or_group":
			if has("overall") || !has("annual") && (!right || text.Text == "") {
				continue // it heads the goals that follow
			}
			which = "overall"
		case "group":
			if n < len(entries)-1 || !right || text.Text == "" || rd.form.Goals.Annual != "" {
				continue
			}
			which = "annual"
		}
		if right {
			rd.writeGoal(which, text)
			wrote = true
			continue
		}
		from, to := label.extent()
		below = append(below, goalColumn{which, from, to})
		if field := "goals." + which; rd.form.Sources[field] == (model.Source{}) { // blank until a text is found
			rd.form.Sources[field] = model.Source{Location: label.Location}
		}
	}
	if len(below) > 0 {
		rd.goals.columns = below
		rd.goals.last = ""
	} else if wrote {
		rd.goals.columns = nil
	}
	return true
}

// goalToTheRight returns the cell right of a goal label when it is the goal's
// own: it holds text, or it is the last cell of the row and no other goal
// label shares the row.
func (rd *reader) goalToTheRight(r row, at int) (token, bool) {
	if at+1 >= len(r.tokens) {
		return token{}, false
	}
	next := r.tokens[at+1]
	if !rd.follows(r, r.tokens[at], next) {
		return token{}, false
	}
	if _, label := rd.goalRole(next); label {
		return token{}, false
	}
	if next.Text != "" {
		return next, true
	}
	return next, r.ruled && at+2 == len(r.tokens)
}

// goalText reads a row of goal texts below their labels, and what a page
// break cut off them.
func (rd *reader) goalText(r row) bool {
	for _, t := range r.tokens {
		if t.Text != "" && rd.isSectionLabel(t) {
			return false
		}
	}
	var texts []token
	for _, t := range r.tokens {
		if t.Text != "" {
			texts = append(texts, t)
		}
	}
	if len(texts) == 0 {
		return true
	}
	if len(rd.goals.columns) == 0 {
		if len(texts) == 1 && rd.goals.last != "" && (r.broken || !r.ruled || texts[0].Col > 0) && rd.label(texts[0]).kind == 0 {
			return rd.continueGoal(texts[0])
		}
		return false
	}
	if len(texts) == 1 && texts[0].Doubt != nil && len(rd.goals.columns) > 1 { // all of them, run together
		for _, c := range rd.goals.columns[1:] {
			rd.doubtGoal(c.which, texts[0])
		}
		rd.writeGoal(rd.goals.columns[0].which, texts[0])
		return true
	}
	if !r.ruled && len(texts) == len(rd.goals.columns) {
		for i, t := range texts {
			rd.writeGoal(rd.goals.columns[i].which, t)
		}
		return true
	}
	for _, t := range texts {
		if which := rd.nearestGoal(t, r.ruled); which != "" {
			rd.writeGoal(which, t)
		}
	}
	return true
}

// isSectionLabel says whether a cell begins another part of the form.
func (rd *reader) isSectionLabel(t token) bool {
	if t.key == "" {
		return false
	}
	for _, kind := range []roleKind{roleField, roleOtherField, roleOtherSection, roleColumn, roleIndicatorGroup, roleFunding} {
		if _, ok := rd.role(t, kind); ok {
			return true
		}
	}
	return t.label.level1.name == t.key
}

// nearestGoal is the goal over the text: the one whose label shares most of
// its extent in a ruled table, "" where none does; else the one that begins
// nearest. A text that is as near to two belongs to the one written last.
func (rd *reader) nearestGoal(t token, ruled bool) string {
	best, score := "", math.Inf(-1)
	from, to := t.extent()
	for _, c := range rd.goals.columns {
		n := -math.Abs(from - c.start)
		if ruled {
			n = min(to, c.end) - max(from, c.start)
			if n <= 0 {
				continue
			}
		}
		if n > score || n == score && c.which == rd.goals.last {
			best, score = c.which, n
		}
	}
	return best
}

// doubtGoal doubts a goal whose text stands in a cell with another's, which
// books it.
func (rd *reader) doubtGoal(which string, t token) {
	if rd.goals.doubted == nil {
		rd.goals.doubted = map[string]bool{}
	}
	rd.goals.doubted[which] = true
	rd.form.Doubts = append(rd.form.Doubts, model.Doubt{Code: t.Doubt.Code, Field: "goals." + which, Text: t.Text, Stored: t.Stored, Message: t.Doubt.Message, Location: t.Location})
}

func (rd *reader) writeGoal(which string, t token) {
	slot := &rd.form.Goals.Annual
	if which == goalOverall {
		slot = &rd.form.Goals.Overall
	}
	field := "goals." + which
	if rd.goals.doubted == nil {
		rd.goals.doubted = map[string]bool{}
	}
	if rd.goals.doubted[which] {
		rd.doubt(model.AmbiguousText, field, t, model.Message{Text: wordAmbiguous})
		return
	}
	src, seen := rd.form.Sources[field]
	if !seen || *slot == "" {
		src.Location = t.Location
	}
	raw := t.Text
	if text := rd.take(field, t); text == "" && raw != "" {
		rd.goals.doubted[which] = true
		*slot = ""
	} else {
		*slot = model.JoinWrapped(*slot, text)
	}
	src.Text = model.JoinWrapped(src.Text, raw)
	rd.form.Sources[field] = src
	rd.goals.last = which
}

// continueGoal adds a line that stands outside the table's columns to the
// goal written last; where none is, to the only goal there can be.
func (rd *reader) continueGoal(t token) bool {
	switch {
	case rd.goals.last != "":
		rd.writeGoal(rd.goals.last, t)
	case len(rd.goals.columns) == 1:
		rd.writeGoal(rd.goals.columns[0].which, t)
	default:
		return false
	}
	return true
}
