package form

import (
	"strings"

	"perfgoal/model"
)

// headRow reads label-value pairs such as 项目名称 | … | 项目性质 | ….
func (rd *reader) headRow(r row) bool {
	found := false
	toks := r.tokens
	for i := 0; i < len(toks); i++ {
		t := toks[i]
		label, inline := t.Text, ""
		path, ok := rd.headField(t.key)
		if !ok {
			var split bool
			label, inline, split = fused(t.Text, func(k string) bool { _, ok := rd.headField(k); return ok })
			if !split {
				continue
			}
			path, _ = rd.headField(normLabel(label))
		}
		found = true
		value := token{Cell: model.Cell{Location: t.Location, Text: inline}}
		if inline == "" && i+1 < len(toks) && rd.follows(r, t, toks[i+1]) {
			if _, next := rd.headField(toks[i+1].key); !next {
				value = toks[i+1]
				i++
			}
		}
		rd.brokenLabel(token{Cell: model.Cell{Text: label, Location: t.Location}})
		rd.setField(path, value)
	}
	return found
}

// follows says whether the next cell is the label's value cell: in a ruled
// table only the one that touches it.
func (rd *reader) follows(r row, label, next token) bool {
	return !r.ruled || next.Col == label.Col+label.ColSpan
}

// headField returns the field path of a head label, "" for one whose value is
// not kept.
func (rd *reader) headField(key string) (string, bool) {
	if path, ok := rd.layout.role(key, roleField); ok {
		return path, true
	}
	if _, ok := rd.layout.role(key, roleOtherField); ok {
		return "", true
	}
	return "", false
}

func (rd *reader) setField(path string, t token) {
	if path == "" {
		return
	}
	if old, seen := rd.form.Sources[path]; seen && (old.Text != "" || t.Text == "") {
		return // the first printed value counts
	}
	rd.form.Sources[path] = model.Source{Text: t.Text, Location: t.Location}
	p := &rd.form.Project
	switch path {
	case "project.name":
		p.Name = t.Text
	case "project.nature":
		p.Nature = t.Text
	case "project.category":
		p.Category = t.Text
	case "project.supervising_department":
		p.SupervisingDepartment = t.Text
	case "project.implementing_unit":
		p.ImplementingUnit = t.Text
	case "project.start_date":
		p.StartDate = rd.date(path, t)
	case "project.end_date":
		p.EndDate = rd.date(path, t)
	case "project.period":
		p.Period = t.Text
		if start, end, ok := periodDays(t.Text); ok {
			p.StartDate, p.EndDate = start, end
			for _, f := range []string{"project.start_date", "project.end_date"} {
				rd.form.Sources[f] = model.Source{Text: t.Text, Location: t.Location}
			}
		}
	case "fiscal_year":
		rd.form.FiscalYear = model.Year(yearOf(t.Text))
		if rd.form.FiscalYear == 0 && strings.TrimSpace(t.Text) != "" {
			rd.unparsed(path, t.Text, t.Location)
		}
	}
}

func (rd *reader) date(path string, t token) model.Date {
	d := parseDate(t.Text)
	if !d.Valid && !d.Blank() {
		rd.unparsed(path, t.Text, t.Location)
	}
	return d
}
