package form

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"perfgoal/model"
)

// sides tells the project side (left) from the annual side (right) of the
// funding block by where the labels of only one side stand.
type sides struct {
	project, annual     bool // a label of that side alone was seen
	projectAt, annualAt float64
	last                []sideAt // the labels read so far, for those below them
}

// sideAt is where a label of a side stood.
type sideAt struct {
	at   float64
	side string
}

// fieldItems is the field of an amount that is kept as an item alone, for
// doubts about it.
const fieldItems = "funding.items"

// The sides of the funding block.
const (
	projectSide = "project"
	annualSide  = "annual"
	eitherSide  = "either"
)

// fund is a label of the funding block with its amount's cell.
type fund struct {
	labelled
	token token
	value token
}

// amountCell is a funding cell, kept until the unit is known.
type amountCell struct {
	path  string // "" for a part that is kept as an item alone
	side  string
	label string
	key   string
	unit  string // printed in its own label
	token
}

// surveySides looks for the labels that belong to one side alone.
func (rd *reader) surveySides() {
	for _, r := range rd.rows {
		if rd.sides.project && rd.sides.annual {
			return
		}
		if r.outside {
			continue
		}
		for _, t := range r.tokens {
			l := rd.label(t)
			if l.kind != roleFunding {
				continue
			}
			side, _, _ := strings.Cut(l.path, ".")
			if side == projectSide && !rd.sides.project {
				rd.sides.project = true
				rd.sides.projectAt, _ = t.extent()
			}
			if side == annualSide && !rd.sides.annual {
				rd.sides.annual = true
				rd.sides.annualAt, _ = t.extent()
			}
		}
	}
}

// fund gives the labels of a row their sides and keeps their amounts.
func (rd *reader) fund(r row, funds []fund) {
	named := 0
	for _, f := range funds {
		if f.kind == roleFunding {
			named++
		}
	}
	n := 0
	for _, f := range funds {
		side, what, _ := strings.Cut(f.path, ".")
		switch {
		case f.kind != roleFunding:
			side, what = rd.sideBelow(f.token, r.ruled, annualSide), ""
		case side == eitherSide:
			side = rd.sideOf(f.token, r.ruled, n, named)
		}
		if f.kind == roleFunding {
			n++
		}
		at, _ := f.token.extent()
		rd.sides.last = append(rd.sides.last, sideAt{at, side})
		path := ""
		if what != "" {
			path = amountPath(side, what)
		}
		rd.amounts = append(rd.amounts, amountCell{path: path, side: side, label: itemLabel(f.label), key: f.key, unit: unitOf(f.label), token: f.value})
	}
}

// itemLabel is a label as it names an item: without 其中 and its number before
// it, a colon and the unit behind it.
func itemLabel(s string) string {
	s = strings.TrimSpace(strings.TrimRight(strings.TrimSpace(s), ":："))
	for _, cut := range []string{"其中：", "其中:", "其中"} {
		if rest, ok := strings.CutPrefix(s, cut); ok && strings.TrimSpace(rest) != "" {
			s = strings.TrimLeft(rest, " \u3000:：、")
			break
		}
	}
	if rest := trimNumber(fold(s)); rest != fold(s) {
		if i := strings.Index(s, string(firstRune(rest))); i >= 0 {
			s = s[i:]
		}
	}
	if unit := unitOf(s); unit != "" {
		if i := strings.LastIndexAny(s, "(（"); i > 0 {
			s = strings.TrimSpace(s[:i])
		}
	}
	return s
}

// amountPath is the field of an amount on a side; "" where the model has none.
func amountPath(side, what string) string {
	if what == "fiscal" && side == annualSide {
		what = "current_year_appropriation"
	}
	path := "funding." + side + "." + what
	if _, ok := model.FieldAt(path); !ok {
		return ""
	}
	return path
}

// sideOf decides the side of a label that both sides use: with two labels in
// the row by their order, else that of the label above in the same column,
// else the nearer of the columns where the sides' own labels stand.
func (rd *reader) sideOf(label token, ruled bool, n, of int) string {
	switch {
	case of == 2 && n == 0:
		return projectSide
	case of >= 2:
		return annualSide
	}
	return rd.sideBelow(label, ruled, rd.nearerSide(label))
}

func (rd *reader) nearerSide(label token) string {
	at, _ := label.extent()
	switch {
	case !rd.sides.project:
		return annualSide
	case !rd.sides.annual:
		return projectSide
	case math.Abs(at-rd.sides.projectAt) < math.Abs(at-rd.sides.annualAt):
		return projectSide
	}
	return annualSide
}

// sideBelow is the side of the last label read in the same column of a ruled
// table, else the given one.
func (rd *reader) sideBelow(label token, ruled bool, otherwise string) string {
	if !ruled {
		return otherwise
	}
	at, _ := label.extent()
	for i := len(rd.sides.last) - 1; i >= 0; i-- {
		if s := rd.sides.last[i]; math.Abs(s.at-at) <= label.sameEdge() {
			return s.side
		}
	}
	return otherwise
}

// amountsBelow reads labels whose amounts stand in the row under them, with or
// without a row of parts between. ok is false where the row is none such.
func (rd *reader) amountsBelow(i int, labels []labelled) bool {
	heads := fundHeads(rd.rows[i], labels)
	if len(heads) < 2 {
		return false
	}
	next := i + 1
	if next < len(rd.rows) && !rd.rows[next].outside {
		if parts := fundHeads(rd.rows[next], rd.labelsOf(nil, rd.rows[next])); len(parts) > 0 && allItems(parts) {
			heads = withParts(heads, parts, rd.rows[next].ruled)
			next++
		}
	}
	if next >= len(rd.rows) || rd.rows[next].outside || rd.rows[next].table != rd.rows[i].table {
		return false
	}
	cells := texts(rd.rows[next])
	if len(cells) == 0 {
		return false
	}
	for _, c := range cells {
		if m := parseMoney(c.Text, "元"); m.State == model.MoneyInvalid {
			return false
		}
	}
	values, ok := under(heads, rd.rows[next])
	if !ok {
		return false
	}
	for j := i; j < next; j++ {
		for n, l := range rd.labelsOf(nil, rd.rows[j]) {
			if l.kind != 0 {
				rd.bookLabelWhole(rd.rows[j].tokens[n])
				rd.unitOf(rd.rows[j].tokens[n])
			}
		}
	}
	for n := range heads {
		heads[n].value = values[n]
		side, what, _ := strings.Cut(heads[n].path, ".")
		if heads[n].kind != roleFunding || side == eitherSide {
			side = annualSide
		}
		path := ""
		if heads[n].kind == roleFunding {
			path = amountPath(side, what)
		}
		rd.amounts = append(rd.amounts, amountCell{path: path, side: side, label: itemLabel(heads[n].label), key: heads[n].key, unit: unitOf(heads[n].label), token: values[n]})
	}
	rd.skipped = next - i
	return true
}

// fundHeads returns the amounts' labels of a row that has nothing but labels
// of the funding block, nil for other rows.
func fundHeads(r row, labels []labelled) []fund {
	n := 0
	for i, l := range labels {
		switch t := &r.tokens[i]; {
		case t.Text == "":
			if r.ruled && t.RowSpan == 1 && t.Col > 0 && n > 0 {
				return nil // a value that is blank
			}
		case !isFunding(l.kind) || l.inline != "":
			return nil
		case l.kind != roleFundingGroup:
			n++
		}
	}
	heads := make([]fund, 0, n)
	for i, l := range labels {
		if isFunding(l.kind) && l.kind != roleFundingGroup {
			heads = append(heads, fund{labelled: l, token: r.tokens[i]})
		}
	}
	return heads
}

func allItems(fs []fund) bool {
	for _, f := range fs {
		if f.kind != roleFundingItem && f.kind != roleFundingTotal {
			return false
		}
	}
	return true
}

// withParts puts the parts of a heading in its place.
func withParts(heads, parts []fund, ruled bool) []fund {
	var out []fund
	done := false
	for _, h := range heads {
		from, to := h.token.extent()
		var below []fund
		for _, p := range parts {
			pf, pt := p.token.extent()
			if ruled && min(pt, to)-max(pf, from) > (pt-pf)/2 || !ruled && !done && strings.HasSuffix(h.path, ".fiscal") {
				below = append(below, p)
			}
		}
		if len(below) == 0 {
			out = append(out, h)
			continue
		}
		done = true
		out = append(out, below...)
	}
	return out
}

// under finds the cell under each heading: by place in a ruled table, else by
// order where there are as many cells as headings.
func under(heads []fund, r row) ([]token, bool) {
	if !r.ruled {
		cells := texts(r)
		return cells, len(cells) == len(heads)
	}
	out := make([]token, len(heads))
	taken := 0
	for n, h := range heads {
		from, to := h.token.extent()
		for _, t := range r.tokens {
			tf, tt := t.extent()
			if t.Text != "" && min(tt, to)-max(tf, from) > (tt-tf)/2 {
				out[n] = t
				taken++
				break
			}
		}
	}
	return out, taken == len(texts(r))
}

// texts are the cells of a row that are not blank, to be read and not changed.
func texts(r row) []token {
	blank := func(t token) bool { return t.Text == "" }
	if !slices.ContainsFunc(r.tokens, blank) {
		return r.tokens[:len(r.tokens):len(r.tokens)]
	}
	return slices.DeleteFunc(slices.Clone(r.tokens), blank)
}

// settleAmounts turns the funding cells into money now that the whole form's
// unit is known. An amount whose unit stands nowhere is doubted.
func (rd *reader) settleAmounts() {
	annual := 0
	for i := range rd.amounts {
		if rd.amounts[i].side == annualSide {
			annual++
		}
	}
	rd.form.Funding.Items = make([]model.FundingItem, 0, annual)
	for _, a := range rd.amounts {
		unit := a.unit
		if unit == "" {
			unit = rd.form.Funding.Unit
		}
		path := a.path
		if old, seen := rd.form.Sources[path]; path != "" && seen && old.Text != "" {
			switch {
			case a.Text == "":
				path = ""
			case rd.labelOf[path] != a.key:
				path = "" // a part of what the usual label names: 一般公共预算 under 财政拨款
			case fold(a.Text) == fold(old.Text):
				rd.bookValue(a.token)
				continue
			default:
				rd.doubt(model.AmbiguousText, path, a.token, model.Message{Text: wordTwoValues})
				rd.blank(path)
				continue
			}
		}
		if path == "" && a.Text == "" {
			continue
		}
		field := path
		if field == "" {
			field = fieldItems
		} else {
			rd.labelOf[path] = a.key
			rd.form.Sources[path] = model.Source{Text: a.Text, Location: a.Location}
		}
		m := rd.money(field, a, unit)
		if path != "" {
			if f, ok := model.FieldAt(path); ok {
				*f.Money(&rd.form) = m
			}
		}
		if a.side == annualSide && a.Text != "" {
			if path == "" && a.Stored != "" {
				rd.keepStored(fmt.Sprintf("funding.items[%d]", len(rd.form.Funding.Items)), a.token)
			}
			rd.form.Funding.Items = append(rd.form.Funding.Items, model.FundingItem{Label: a.label, Amount: m, Location: a.Location, Part: rd.isPart(path)})
		}
	}
}

// money reads an amount's cell.
func (rd *reader) money(field string, a amountCell, unit string) model.Money {
	if blankMark(fold(a.Text)) {
		rd.ignore(a.token, model.BlankMark)
		return parseMoney(a.Text, unit)
	}
	text := rd.take(field, a.token)
	if text == "" {
		return model.Money{}
	}
	m := parseMoney(text, unit)
	switch {
	case m.State == model.MoneyInvalid:
		rd.unparsed(field, text, a.Location)
	case m.Valid() && m.Scale.IsZero():
		rd.doubt(model.UnitNotPrinted, field, a.token, model.Message{Text: wordNoUnit})
		return model.Money{}
	}
	return m
}

// isPart says whether an amount is a part of the annual total itself: one of
// the form's own parts, or an item where no such part is printed.
func (rd *reader) isPart(path string) bool {
	switch path {
	case "funding.annual.total":
		return false
	case "":
		return rd.form.Sources["funding.annual.current_year_appropriation"].Text == "" && rd.form.Sources["funding.annual.own"].Text == ""
	}
	return true
}
