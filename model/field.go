package model

import "strconv"

// FieldKind is the type of a form's field.
type FieldKind string

const (
	FieldText  FieldKind = "text"
	FieldYear  FieldKind = "year"
	FieldDate  FieldKind = "date"
	FieldMoney FieldKind = "money"
)

// Field is one field of a form outside its indicators: its path as findings
// and JSON name it, its names, and the way to it. Exactly one of the typed
// accessors is not nil for a form, as Kind says.
type Field struct {
	Path string
	Name Text
	Kind FieldKind
	// Aliases are further Chinese names that rules written by users go by.
	Aliases []string

	at func(*Form) any
}

// Text is the field in the form, nil where it is no text.
func (f Field) Text(form *Form) *string { p, _ := f.at(form).(*string); return p }

// Year is the field in the form, nil where it is no year.
func (f Field) Year(form *Form) *Year { p, _ := f.at(form).(*Year); return p }

// Date is the field in the form, nil where it is no date.
func (f Field) Date(form *Form) *Date { p, _ := f.at(form).(*Date); return p }

// Money is the field in the form, nil where it is no amount.
func (f Field) Money(form *Form) *Money { p, _ := f.at(form).(*Money); return p }

// String is the field as people read it: a text as it stands, a day in ISO
// 8601, an amount in 元; what could not be read as its type as printed, ""
// where nothing is.
func (f Field) String(form *Form) string {
	switch p := f.at(form).(type) {
	case *string:
		return *p
	case *Year:
		return p.String()
	case *Date:
		if p.Valid {
			return p.String()
		}
		return p.Raw
	case *Money:
		if p.Valid() {
			return p.String()
		}
		return p.Raw
	}
	return ""
}

// Fields are the form's fields outside its indicators, in printed order. What
// reads, shows, compares or names fields ranges over it.
var Fields = []Field{
	{"title", Text{"标题", "title"}, FieldText, nil, func(f *Form) any { return &f.Title }},
	{"fiscal_year", Text{"年度", "fiscal year"}, FieldYear, []string{"预算年度"}, func(f *Form) any { return &f.FiscalYear }},
	{"department_name", Text{"部门名称", "department"}, FieldText, nil, func(f *Form) any { return &f.DepartmentName }},
	{"project.name", Text{"项目名称", "project name"}, FieldText, nil, func(f *Form) any { return &f.Project.Name }},
	{"project.nature", Text{"项目性质", "nature"}, FieldText, []string{"项目属性"}, func(f *Form) any { return &f.Project.Nature }},
	{"project.category", Text{"项目类别", "category"}, FieldText, nil, func(f *Form) any { return &f.Project.Category }},
	{"project.supervising_department", Text{"主管部门", "supervising department"}, FieldText, nil, func(f *Form) any { return &f.Project.SupervisingDepartment }},
	{"project.implementing_unit", Text{"实施单位", "implementing unit"}, FieldText, nil, func(f *Form) any { return &f.Project.ImplementingUnit }},
	{"project.start_date", Text{"计划开始日期", "start date"}, FieldDate, []string{"开始日期"}, func(f *Form) any { return &f.Project.StartDate }},
	{"project.end_date", Text{"计划完成日期", "end date"}, FieldDate, []string{"完成日期"}, func(f *Form) any { return &f.Project.EndDate }},
	{"project.period", Text{"项目期", "project period"}, FieldText, []string{"起止时间"}, func(f *Form) any { return &f.Project.Period }},
	{"funding.unit", Text{"金额单位", "unit of money"}, FieldText, nil, func(f *Form) any { return &f.Funding.Unit }},
	{"funding.project.total", Text{"项目资金总额", "project total"}, FieldMoney, nil, func(f *Form) any { return &f.Funding.Project.Total }},
	{"funding.annual.total", Text{"年度资金总额", "annual total"}, FieldMoney, []string{"年度资金申请总额"}, func(f *Form) any { return &f.Funding.Annual.Total }},
	{"funding.project.fiscal", Text{"财政资金", "fiscal funds, whole project"}, FieldMoney, []string{"财政拨款"}, func(f *Form) any { return &f.Funding.Project.Fiscal }},
	{"funding.annual.current_year_appropriation", Text{"当年财政拨款", "current-year appropriation"}, FieldMoney, nil, func(f *Form) any { return &f.Funding.Annual.CurrentYearAppropriation }},
	{"funding.annual.carryover", Text{"上年结转资金", "carryover"}, FieldMoney, nil, func(f *Form) any { return &f.Funding.Annual.Carryover }},
	{"funding.annual.own", Text{"自有资金", "own funds"}, FieldMoney, nil, func(f *Form) any { return &f.Funding.Annual.Own }},
	{"funding.project.other", Text{"其他资金", "other funds, whole project"}, FieldMoney, nil, func(f *Form) any { return &f.Funding.Project.Other }},
	{"funding.annual.other", Text{"年度其他资金", "other funds, annual"}, FieldMoney, nil, func(f *Form) any { return &f.Funding.Annual.Other }},
	{"funding.annual.basic", Text{"基本支出", "basic expenditure"}, FieldMoney, nil, func(f *Form) any { return &f.Funding.Annual.Basic }},
	{"funding.annual.project", Text{"项目支出", "project expenditure"}, FieldMoney, nil, func(f *Form) any { return &f.Funding.Annual.Project }},
	{"goals.overall", Text{"项目总目标", "overall goal"}, FieldText, nil, func(f *Form) any { return &f.Goals.Overall }},
	{"goals.annual", Text{"年度总体目标", "annual goal"}, FieldText, nil, func(f *Form) any { return &f.Goals.Annual }},
}

// fieldIndex is where each path stands in Fields.
var fieldIndex = func() map[string]int {
	m := make(map[string]int, len(Fields))
	for i, f := range Fields {
		m[f.Path] = i
	}
	return m
}()

// FieldAt returns the field of a path ("project.name"); ok is false where
// there is none.
func FieldAt(path string) (Field, bool) {
	i, ok := fieldIndex[path]
	if !ok {
		return Field{}, false
	}
	return Fields[i], true
}

// IndicatorField is one column of the indicator table by its name in paths
// ("level3" of "indicators[4].level3").
type IndicatorField struct {
	Path string
	Name Text
	at   func(*Indicator) string
}

// String is the column's text in the row.
func (f IndicatorField) String(row *Indicator) string { return f.at(row) }

// IndicatorFields are the columns of an indicator, in printed order.
var IndicatorFields = []IndicatorField{
	{"level1", Text{"一级指标", "level 1"}, func(x *Indicator) string { return x.Level1 }},
	{"level2", Text{"二级指标", "level 2"}, func(x *Indicator) string { return x.Level2 }},
	{"level3", Text{"三级指标", "level 3"}, func(x *Indicator) string { return x.Level3 }},
	{"value", Text{"指标值", "value"}, func(x *Indicator) string { return x.Value.Raw }},
	{"long_term_value", Text{"长期指标值", "long-term value"}, func(x *Indicator) string { return rawOf(x.LongTermValue) }},
	{"half_year_value", Text{"半年指标值", "half-year value"}, func(x *Indicator) string { return rawOf(x.HalfYearValue) }},
	{"region_values", Text{"区域指标值", "values by region"}, func(x *Indicator) string {
		s := ""
		for i, r := range x.RegionValues {
			if i > 0 {
				s += "；"
			}
			s += r.Region + " " + r.Value.Raw
		}
		return s
	}},
	{"weight", Text{"分值", "weight"}, func(x *Indicator) string { return x.Weight }},
	{"l1_weight", Text{"一级指标分值", "weight of level 1"}, func(x *Indicator) string { return x.Level1Weight }},
	{"remark", Text{"备注", "remark"}, func(x *Indicator) string { return x.Remark }},
}

func rawOf(v *Value) string {
	if v == nil {
		return ""
	}
	return v.Raw
}

// Year is a calendar year; the zero value is none and is written as null.
type Year int

// String is the year in digits, "" where there is none.
func (y Year) String() string {
	if y == 0 {
		return ""
	}
	return strconv.Itoa(int(y))
}

// MarshalJSON writes null where there is no year.
func (y Year) MarshalJSON() ([]byte, error) {
	if y == 0 {
		return []byte("null"), nil
	}
	return []byte(y.String()), nil
}

// FieldState tells apart why a field has no value.
type FieldState int

const (
	NotOnForm FieldState = iota // neither label nor value was found
	LeftBlank                   // the label stands on the form, its cell is blank
	Doubted                     // something is printed that could not be read for certain
	Filled
)

// State says whether the field of a path was filled, left blank, not found or
// doubted. Where nothing is known of labels (a form not read by this program)
// a blank field counts as left blank.
func (f *Form) State(path string) FieldState {
	if f.HasDoubt(path) {
		return Doubted
	}
	if field, ok := FieldAt(path); ok && field.String(f) != "" {
		return Filled
	}
	src, found := f.Sources[path]
	switch {
	case src.Text != "":
		return Filled
	case found || f.Sources == nil:
		return LeftBlank
	}
	return NotOnForm
}

// HasDoubt says whether a doubt names the field of a path, or a part of it:
// one of "indicators[3]" doubts "indicators[3].value" too.
func (f *Form) HasDoubt(path string) bool {
	for i := range f.Doubts {
		d := f.Doubts[i].Field
		if d == "" {
			continue
		}
		if d == path || len(path) > len(d) && path[:len(d)] == d && path[len(d)] == '.' {
			return true
		}
	}
	return false
}

// HasDoubtBelow says whether a doubt names a part of the field or list of a
// path: one of "indicators[3].value" is below "indicators".
func (f *Form) HasDoubtBelow(path string) bool {
	for i := range f.Doubts {
		d := f.Doubts[i].Field
		if len(d) > len(path) && d[:len(path)] == path && (d[len(path)] == '.' || d[len(path)] == '[') {
			return true
		}
	}
	return false
}
