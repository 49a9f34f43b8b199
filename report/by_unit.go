package report

import (
	"slices"
	"strings"

	"perfgoal/internal/zh"
	"perfgoal/model"
)

// units tells documents apart by the unit that submitted each form: the
// implementing unit, or where none is named the department. Spellings that
// differ in width or white space are one unit.
type units struct {
	order []string // keys in the order they were met; "" is no unit
	names map[string]string
	forms map[formAt]string
	ofDoc map[string][]string // the units of each document, by path
}

type formAt struct {
	path string
	form int
}

// piece is what concerns one unit.
type piece struct {
	unit string // key
	Checked
}

func newUnits() *units {
	return &units{names: map[string]string{}, forms: map[formAt]string{}, ofDoc: map[string][]string{}}
}

// key files a unit by its name.
func (u *units) key(name string) string {
	k := zh.Fold(name)
	if _, known := u.names[k]; !known {
		u.names[k] = strings.Join(strings.Fields(name), " ")
		u.order = append(u.order, k)
	}
	return k
}

func unitOf(f *model.Form) string {
	for _, name := range []string{f.Project.ImplementingUnit, f.Project.SupervisingDepartment, f.DepartmentName} {
		if strings.TrimSpace(name) != "" {
			return name
		}
	}
	return ""
}

// split divides a document, or what is said of all of them, by unit. What is
// said of a document as a whole concerns every unit in it.
func (u *units) split(c Checked) []piece {
	switch {
	case c.Bundle:
		return u.splitBundle(c)
	case c.Document != nil && c.Book && !c.Status.Read(): // a budget book without forms is its office's
		k := u.key(c.Document.Office)
		u.ofDoc[c.Path] = []string{k}
		return []piece{{k, c}}
	case !c.Status.Read() || c.Document == nil:
		return []piece{{u.key(""), c}}
	}
	var keys []string
	forms := map[string][]model.Form{}
	for _, f := range c.Document.Forms {
		k := u.key(unitOf(&f))
		u.forms[formAt{c.Path, f.Index}] = k
		if forms[k] == nil {
			keys = append(keys, k)
		}
		forms[k] = append(forms[k], f)
	}
	u.ofDoc[c.Path] = keys
	if len(keys) == 1 {
		return []piece{{keys[0], c}}
	}
	out := make([]piece, 0, len(keys))
	for _, k := range keys {
		out = append(out, piece{k, u.part(c, k, forms[k])})
	}
	return out
}

// part is what of a document concerns one of several units.
func (u *units) part(c Checked, unit string, forms []model.Form) Checked {
	mine := func(form *int) bool { return form == nil || u.forms[formAt{c.Path, *form}] == unit }
	d := *c.Document
	d.Forms = forms
	out := NewChecked(&d, true)
	out.Status, out.Source = model.StatusOK, nil
	if len(out.Doubts) > 0 {
		out.Status = model.StatusPartial
	}
	for _, f := range c.Findings {
		if mine(f.Form) {
			out.Findings = append(out.Findings, f)
		}
	}
	slot := map[string]int{}
	for _, s := range c.Single {
		if !mine(s.Form) {
			continue
		}
		out.Single = append(out.Single, s)
		i, known := slot[s.Rule]
		if !known {
			i = len(out.Checks)
			slot[s.Rule] = i
			out.Checks = append(out.Checks, model.Checks{Rule: s.Rule})
		}
		switch s.Outcome {
		case model.Pass:
			out.Checks[i].Pass++
		case model.Fail:
			out.Checks[i].Fail++
		case model.NotApplicable:
			out.Checks[i].NotApplicable++
		case model.InsufficientData:
			out.Checks[i].InsufficientData++
		}
	}
	return out
}

func (u *units) splitBundle(c Checked) []piece {
	var out []piece
	add := func(k string, f model.Finding) {
		i := slices.IndexFunc(out, func(p piece) bool { return p.unit == k })
		if i < 0 {
			i = len(out)
			out = append(out, piece{k, Checked{Bundle: true, Status: model.StatusOK}})
		}
		out[i].Findings = append(out[i].Findings, f)
	}
	for _, f := range c.Findings {
		switch {
		case f.Form != nil:
			k, known := u.forms[formAt{f.Path, *f.Form}]
			if !known {
				k = u.key("")
			}
			add(k, f)
		case len(u.ofDoc[f.Path]) > 0:
			for _, k := range u.ofDoc[f.Path] {
				add(k, f)
			}
		default: // a line of the manifest names its unit
			add(u.key(f.Evidence["unit"]), f)
		}
	}
	return out
}

// title names a unit.
func (u *units) title(o Options, key string) string {
	if u.names[key] == "" {
		return o.say("未列明单位", "no unit named")
	}
	return visible(u.names[key])
}

// of is what of the manifest concerns a unit, nil without.
func (u *units) of(c *Completeness, key string) *Completeness {
	if c == nil {
		return nil
	}
	out := &Completeness{Path: c.Path}
	for _, x := range c.Units {
		if zh.Fold(x.Unit) == key {
			out.Units = append(out.Units, x)
		}
	}
	if out.Units == nil {
		return nil
	}
	return out
}
