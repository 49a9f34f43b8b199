package config

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/expr-lang/expr/types"
	"github.com/shopspring/decimal"

	"perfgoal/model"
)

// number is an amount or figure in an expression: exact, and possibly blank.
type number struct {
	value decimal.Decimal
	blank bool
}

// String prints the number as messages show it.
func (n number) String() string {
	if n.blank {
		return "（空白）"
	}
	return model.FormatMoney(n.value)
}

func moneyOf(m model.Money) number { return number{m.Amount, !m.Valid()} }

// group is a row or a part of a form as an expression sees it: fields by
// their names, each an int, a string, a number, a group or a list of groups.
type group = map[string]any

// formField is what rules may look at, examples may set and findings may
// point at: a field of the form, or one of its lists.
type formField struct {
	path    string
	chinese []string
	kind    model.FieldKind
	of      func(*model.Form) any // its value in an expression
	rows    []rowField            // what a row of a list holds; nil for a single field
}

// rowField is a field of a list's rows. Rows are of one type each, so that
// the accessor takes whatever its list holds.
type rowField struct {
	path, chinese string
	number        bool // else text
	of            func(row any) any
}

// formFields are the form's own fields and its lists.
var formFields = sync.OnceValue(func() []formField {
	var out []formField
	for _, f := range model.Fields {
		out = append(out, formField{path: f.Path, chinese: append([]string{f.Name.Zh}, f.Aliases...), kind: f.Kind,
			of: func(form *model.Form) any { return fieldValue(f, form) }})
	}
	indicators := indicatorFields()
	return append(out,
		listField("indicators", "指标", indicators, func(f *model.Form) []model.Indicator { return f.Indicators }),
		listField("overall_indicators", "长期指标", indicators, func(f *model.Form) []model.Indicator { return f.OverallIndicators }),
		listField("funding.items", "资金明细", []rowField{
			{"label", "名称", false, func(row any) any { return row.(*model.FundingItem).Label }},
			{"amount", "金额", true, func(row any) any { return moneyOf(row.(*model.FundingItem).Amount) }},
		}, func(f *model.Form) []model.FundingItem { return f.Funding.Items }))
})

func fieldValue(f model.Field, form *model.Form) any {
	switch f.Kind {
	case model.FieldYear:
		return int(*f.Year(form))
	case model.FieldMoney:
		return moneyOf(*f.Money(form))
	case model.FieldDate:
		return f.Date(form).String()
	default:
		return f.String(form)
	}
}

func listField[T any](path, chinese string, fields []rowField, of func(*model.Form) []T) formField {
	return formField{path: path, chinese: []string{chinese}, rows: fields, of: func(f *model.Form) any {
		rows := of(f)
		out := make([]any, len(rows))
		for i := range rows {
			out[i] = rowOf(fields, &rows[i])
		}
		return out
	}}
}

// rowOf lays a row out under both names of each field.
func rowOf(fields []rowField, row any) group {
	g := make(group, 2*len(fields))
	for _, f := range fields {
		f.put(g, f.of(row))
	}
	return g
}

// put sets the field under both names.
func (f *rowField) put(row group, value any) { row[f.path], row[f.chinese] = value, value }

// indicatorFields are the columns of an indicator, what its value was read as,
// and the classes of its levels.
func indicatorFields() []rowField {
	text := func(path, chinese string, of func(*model.Indicator) string) rowField {
		return rowField{path, chinese, false, func(row any) any { return of(row.(*model.Indicator)) }}
	}
	var out []rowField
	for _, f := range model.IndicatorFields {
		out = append(out, text(f.Path, f.Name.Zh, f.String))
	}
	return append(out,
		text("kind", "值类型", func(x *model.Indicator) string { return string(x.Value.Kind) }),
		text("operator", "符号", func(x *model.Indicator) string { return string(x.Value.Operator) }),
		rowField{"number", "数值", true, func(row any) any {
			if n := row.(*model.Indicator).Value.Number; n != nil {
				return number{value: n.Value}
			}
			return number{blank: true}
		}},
		text("unit", "单位", func(x *model.Indicator) string { return x.Value.Unit }),
		text("class1", "一级类别", func(x *model.Indicator) string { return string(x.Class1) }),
		text("class2", "二级类别", func(x *model.Indicator) string { return string(x.Class2) }))
}

// valuesOf lays a form out for expressions: by paths and by Chinese names.
func valuesOf(form *model.Form) group {
	env := group{}
	for _, f := range formFields() {
		f.put(env, f.of(form))
	}
	return env
}

// put sets the field's value under all its names.
func (f *formField) put(env group, value any) {
	at, name := env, f.path
	for {
		head, rest, deeper := strings.Cut(name, ".")
		if !deeper {
			break
		}
		below, _ := at[head].(group)
		if below == nil {
			below = group{}
			at[head] = below
		}
		at, name = below, rest
	}
	at[name] = value
	for _, c := range f.chinese {
		env[c] = value
	}
}

// set sets the field from the text of an example.
func (f *formField) set(env group, text string) error {
	var value any
	var err error
	switch f.kind {
	case model.FieldYear:
		var year int
		_, err = fmt.Sscanf(text, "%d", &year)
		value = year
	case model.FieldMoney:
		value, err = numberIn(text)
	default:
		value = text
	}
	if err == nil {
		f.put(env, value)
	}
	return err
}

// numberIn reads a figure as an example gives it; an amount may have a unit of
// money (500万元).
func numberIn(s string) (number, error) {
	if s = spell(strings.ReplaceAll(strings.TrimSpace(s), ",", "")).text; s == "" {
		return number{blank: true}, nil
	}
	d, err := decimal.NewFromString(s)
	return number{value: d}, err
}

// fieldTypes are the types of what valuesOf lays out, for the compiler.
var fieldTypes = sync.OnceValue(func() types.Map {
	ofNumber := types.TypeOf(number{})
	env := group{}
	for _, f := range formFields() {
		switch {
		case f.rows != nil:
			row := types.Map{}
			for _, r := range f.rows {
				t := types.String
				if r.number {
					t = ofNumber
				}
				row[r.path], row[r.chinese] = t, t
			}
			f.put(env, types.Array(row))
		case f.kind == model.FieldYear:
			f.put(env, types.Int)
		case f.kind == model.FieldMoney:
			f.put(env, ofNumber)
		default:
			f.put(env, types.String)
		}
	}
	return typeOf(env)
})

// typeOf turns groups of types into the type of such groups.
func typeOf(g group) types.Map {
	m := make(types.Map, len(g))
	for name, v := range g {
		if below, ok := v.(group); ok {
			m[name] = typeOf(below)
		} else {
			m[name] = v.(types.Type)
		}
	}
	return m
}

// fieldNamed finds a field by its path or a Chinese name.
func fieldNamed(name string) *formField {
	fields := formFields()
	for i := range fields {
		if f := &fields[i]; f.path == name || slices.Contains(f.chinese, name) {
			return f
		}
	}
	return nil
}
