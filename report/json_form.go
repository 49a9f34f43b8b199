package report

import (
	"maps"
	"slices"
	"strconv"

	"perfgoal/model"
)

// form appends a form as encoding/json writes model.Form, with empty arrays
// for nil ones.
func (j *jsonText) form(f *model.Form) {
	j.open('{')
	j.formMembers(f)
	j.close('}')
}

// formMembers appends what stands between a form's braces.
func (j *jsonText) formMembers(f *model.Form) {
	j.number("index", &f.Index)
	j.text("kind", string(f.Kind))
	j.text("title", f.Title)
	j.orNull("fiscal_year", int(f.FiscalYear))
	j.text("layout", f.Layout)
	j.text("geometry", string(f.Geometry))
	j.text("department_name", f.DepartmentName)
	j.object("project", func() {
		p := &f.Project
		j.text("name", p.Name)
		j.text("nature", p.Nature)
		j.text("category", p.Category)
		j.text("supervising_department", p.SupervisingDepartment)
		j.text("implementing_unit", p.ImplementingUnit)
		j.text("start_date", p.StartDate.String())
		j.text("end_date", p.EndDate.String())
		j.text("period", p.Period)
	})
	j.object("funding", func() { j.funding(&f.Funding) })
	j.object("goals", func() {
		j.text("overall", f.Goals.Overall)
		j.text("annual", f.Goals.Annual)
	})
	list(j, "indicators", f.Indicators, j.indicator)
	list(j, "overall_indicators", f.OverallIndicators, j.indicator)
	list(j, "unparsed", f.Unparsed, func(x *model.Unparsed) {
		j.text("field", x.Field)
		j.text("text", x.Text)
		j.place(&x.Location)
	})
	j.object("reading", func() {
		r := &f.Reading
		j.number("characters", &r.Characters)
		j.number("labels", &r.Labels)
		j.number("values", &r.Values)
		j.number("ignored", &r.Ignored)
		j.number("unread", &r.Unread)
	})
	list(j, "ignored", f.Ignored, func(x *model.Ignored) {
		j.text("reason", string(x.Reason))
		j.text("text", x.Text)
		j.place(&x.Location)
	})
	list(j, "doubts", f.Doubts, j.doubt)
	j.place(&f.Location)
	byName(j, "sources", f.Sources, func(s model.Source) {
		j.open('{')
		j.text("text", s.Text)
		j.place(&s.Location)
		j.close('}')
	})
	if len(f.Signs) > 0 {
		list(j, "signs", f.Signs, func(s *model.Sign) {
			j.text("kind", string(s.Kind))
			j.text("text", s.Text)
			j.text("other", s.Other)
			j.number("indicator", &s.Indicator)
			j.place(&s.Location)
		})
	}
	if len(f.Required) > 0 {
		j.key("required")
		j.open('[')
		for _, l := range f.Required {
			j.next()
			j.string(string(l))
		}
		j.close(']')
	}
	byName(j, "stored", f.Stored, j.string)
	byName(j, "printed", f.Printed, j.printed)
}

func (j *jsonText) funding(f *model.Funding) {
	j.text("unit", f.Unit)
	j.object("project", func() {
		j.money("total", f.Project.Total)
		j.money("fiscal", f.Project.Fiscal)
		j.money("other", f.Project.Other)
	})
	j.object("annual", func() {
		a := &f.Annual
		j.money("total", a.Total)
		j.money("current_year_appropriation", a.CurrentYearAppropriation)
		j.money("carryover", a.Carryover)
		j.money("own", a.Own)
		j.money("other", a.Other)
		j.money("basic", a.Basic)
		j.money("project", a.Project)
	})
	list(j, "items", f.Items, func(x *model.FundingItem) {
		j.text("label", x.Label)
		j.money("amount", x.Amount)
		if x.Part {
			j.truth("part", true)
		}
		j.place(&x.Location)
	})
}

func (j *jsonText) indicator(x *model.Indicator) {
	j.text("scope", string(x.Scope))
	j.text("level1", x.Level1)
	j.text("level2", x.Level2)
	j.text("level3", x.Level3)
	j.text("class1", string(x.Class1))
	j.text("class2", string(x.Class2))
	j.text("printed_level1", x.PrintedLevel1)
	j.text("printed_level2", x.PrintedLevel2)
	j.value("value", &x.Value)
	j.value("long_term_value", x.LongTermValue)
	j.value("half_year_value", x.HalfYearValue)
	list(j, "region_values", x.RegionValues, func(r *model.RegionValue) {
		j.text("region", r.Region)
		j.value("value", &r.Value)
	})
	j.text("weight", x.Weight)
	j.text("l1_weight", x.Level1Weight)
	j.text("remark", x.Remark)
	j.truth("shifted", x.Shifted)
	j.place(&x.Location)
}

func (j *jsonText) value(name string, v *model.Value) {
	if v == nil {
		j.number(name, nil)
		return
	}
	j.object(name, func() {
		j.text("raw", v.Raw)
		j.text("kind", string(v.Kind))
		j.textOrNull("operator", string(v.Operator))
		if v.Number == nil {
			j.number("number", nil)
		} else {
			j.decimal("number", v.Number)
		}
		j.text("unit", v.Unit)
		j.decimal("lower", v.Lower)
		j.decimal("upper", v.Upper)
		j.decimal("tolerance", v.Tolerance)
		j.unlessBlank("date", v.Date)
		j.unlessBlank("period", v.Period)
		if v.Prose {
			j.truth("prose", true)
		}
	})
}

func (j *jsonText) doubt(d *model.Doubt) {
	j.text("code", string(d.Code))
	j.text("field", d.Field)
	j.text("text", d.Text)
	j.unlessBlank("stored", d.Stored)
	j.key("message")
	j.other(d.Message)
	j.unlessBlank("message_zh", d.Zh)
	j.unlessBlank("message_en", d.En)
	j.place(&d.Location)
}

func (j *jsonText) printed(p model.Printed) {
	j.open('{')
	j.text("text", p.Text)
	j.decimal("number", p.Number)
	j.unlessBlank("scale", p.Scale)
	if p.Day != nil {
		j.key("day")
		j.other(p.Day)
	}
	j.close('}')
}

// object appends a member that is an object.
func (j *jsonText) object(name string, members func()) {
	j.key(name)
	j.open('{')
	members()
	j.close('}')
}

// list appends a member that is an array of objects.
func list[T any](j *jsonText, name string, all []T, members func(*T)) {
	j.key(name)
	j.open('[')
	for i := range all {
		j.next()
		j.open('{')
		members(&all[i])
		j.close('}')
	}
	j.close(']')
}

// byName appends a member that is a map, its names in order, unless it is
// empty.
func byName[T any](j *jsonText, name string, all map[string]T, value func(T)) {
	if len(all) == 0 {
		return
	}
	j.key(name)
	j.open('{')
	for _, k := range slices.Sorted(maps.Keys(all)) {
		j.next()
		j.string(k)
		j.colon()
		value(all[k])
	}
	j.close('}')
}

func (j *jsonText) unlessBlank(name, s string) {
	if s != "" {
		j.text(name, s)
	}
}

func (j *jsonText) truth(name string, is bool) {
	j.key(name)
	j.b = strconv.AppendBool(j.b, is)
}

// orNull appends a number, null for 0.
func (j *jsonText) orNull(name string, n int) {
	if n == 0 {
		j.number(name, nil)
		return
	}
	j.number(name, &n)
}

// decimal appends a number as a string, nothing for nil.
func (j *jsonText) decimal(name string, n *model.Number) {
	if n != nil {
		j.text(name, n.String())
	}
}

// money appends an amount in 元, null where there is none.
func (j *jsonText) money(name string, m model.Money) {
	if !m.Valid() {
		j.number(name, nil)
		return
	}
	j.text(name, m.String())
}
