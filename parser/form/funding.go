package form

import (
	"math"
	"strings"

	"perfgoal/model"
)

// sides tells the project side (left) from the annual side (right) of the
// funding block by where the labels of only one side stand.
type sides struct {
	project, annual     bool // a label of that side alone was seen
	projectAt, annualAt float64
}

// amountCell is a funding cell, kept until the unit is known.
type amountCell struct {
	path string
	token
}

// surveySides looks for the labels that belong to one side alone.
func (rd *reader) surveySides() {
	for _, r := range rd.rows {
		if rd.sides.project && rd.sides.annual {
			return
		}
		for _, t := range r.tokens {
			path, ok := rd.fundingRole(t)
			if !ok || r.outside {
				continue
			}
			if strings.HasPrefix(path, "project.") && !rd.sides.project {
				rd.sides.project = true
				rd.sides.projectAt, _ = t.extent()
			}
			if strings.HasPrefix(path, "annual.") && !rd.sides.annual {
				rd.sides.annual = true
				rd.sides.annualAt, _ = t.extent()
			}
		}
	}
}

func (rd *reader) fundingRole(t token) (string, bool) {
	path, ok := rd.layout.role(t.key, roleFunding)
	if ok {
		return path, true
	}
	label, _, split := fused(t.Text, func(k string) bool { _, ok := rd.layout.role(k, roleFunding); return ok })
	if !split {
		return "", false
	}
	return rd.layout.role(normLabel(label), roleFunding)
}

// fundingRow reads a row of the funding block: labels, each followed by its
// amount or by nothing.
func (rd *reader) fundingRow(r row) bool {
	type entry struct {
		path string
		at   int // index of the label's token
		cell token
	}
	var entries []entry
	group := false
	for i, t := range r.tokens {
		if _, ok := rd.layout.role(t.key, roleFundingGroup); ok {
			group = true
			rd.brokenLabel(t)
			rd.unit(t.Text)
			continue
		}
		path, ok := rd.fundingRole(t)
		if !ok {
			continue
		}
		e := entry{path: path, at: i, cell: token{Cell: model.Cell{Location: t.Location}}}
		if _, whole := rd.layout.role(t.key, roleFunding); !whole {
			_, value, _ := fused(t.Text, func(k string) bool { _, ok := rd.layout.role(k, roleFunding); return ok })
			e.cell.Text = value
		} else if i+1 < len(r.tokens) && rd.follows(r, t, r.tokens[i+1]) {
			if _, next := rd.fundingRole(r.tokens[i+1]); !next && !rd.isHeadLabel(r.tokens[i+1]) {
				e.cell = r.tokens[i+1]
			}
		}
		rd.unit(t.Text)
		entries = append(entries, e)
	}
	if len(entries) == 0 {
		return group
	}
	for n, e := range entries {
		side, what, _ := strings.Cut(e.path, ".")
		if side == "either" {
			side = rd.sideOf(r.tokens[e.at], n, len(entries))
		}
		path := "funding." + side + "." + amountField(side, what)
		rd.amounts = append(rd.amounts, amountCell{path, e.cell})
	}
	return true
}

func (rd *reader) isHeadLabel(t token) bool {
	_, ok := rd.headField(t.key)
	return ok
}

// amountField is the model's name of an amount on a side.
func amountField(side, what string) string {
	if what == "fiscal" && side == "annual" {
		return "current_year_appropriation"
	}
	return what
}

// sideOf decides the side of a label that both sides use: with two labels in
// the row by their order, else by the nearer of the columns where the sides'
// own labels stand.
func (rd *reader) sideOf(label token, n, of int) string {
	at, _ := label.extent()
	switch {
	case of == 2 && n == 0:
		return "project"
	case of >= 2:
		return "annual"
	case !rd.sides.project:
		return "annual"
	case !rd.sides.annual:
		return "project"
	case math.Abs(at-rd.sides.projectAt) < math.Abs(at-rd.sides.annualAt):
		return "project"
	}
	return "annual"
}

// settleAmounts turns the funding cells into money now that the whole form's
// unit is known. The first printed amount of a field counts.
func (rd *reader) settleAmounts() {
	unit := rd.form.Funding.Unit
	if unit == "" {
		unit = rd.layout.defaultUnit
		rd.form.Funding.Unit = unit
	}
	f := &rd.form.Funding
	for _, a := range rd.amounts {
		slot := amountSlot(f, a.path)
		if slot == nil {
			continue
		}
		if old, seen := rd.form.Sources[a.path]; seen && (old.Text != "" || a.Text == "") {
			continue
		}
		rd.form.Sources[a.path] = model.Source{Text: a.Text, Location: a.Location}
		*slot = parseMoney(a.Text, unit)
		if slot.State == model.MoneyInvalid {
			rd.unparsed(a.path, a.Text, a.Location)
		}
	}
}

// amountSlot is the amount at a field path, nil where there is none.
func amountSlot(f *model.Funding, path string) *model.Money {
	switch path {
	case "funding.project.total":
		return &f.Project.Total
	case "funding.project.fiscal":
		return &f.Project.Fiscal
	case "funding.project.other":
		return &f.Project.Other
	case "funding.annual.total":
		return &f.Annual.Total
	case "funding.annual.current_year_appropriation":
		return &f.Annual.CurrentYearAppropriation
	case "funding.annual.carryover":
		return &f.Annual.Carryover
	case "funding.annual.other":
		return &f.Annual.Other
	}
	return nil
}
