package model

import (
	"reflect"
	"strings"
	"testing"
)

// leaves are the paths of the values a form's JSON holds outside its lists
// and its account.
func leaves(t reflect.Type, prefix string) []string {
	skip := map[string]bool{
		"index": true, "kind": true, "layout": true, "geometry": true, "reading": true, "location": true, // of the reading, not of the form
	}
	var out []string
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		path := strings.TrimPrefix(prefix+"."+name, ".")
		switch {
		case name == "-" || f.Type.Kind() == reflect.Slice || f.Type.Kind() == reflect.Map || prefix == "" && skip[name]:
		case f.Type.Kind() == reflect.Struct && f.Type != reflect.TypeFor[Money]() && f.Type != reflect.TypeFor[Date]():
			out = append(out, leaves(f.Type, path)...)
		default:
			out = append(out, path)
		}
	}
	return out
}

func TestFieldsLeaveNothingOut(t *testing.T) {
	paths := leaves(reflect.TypeFor[Form](), "")
	for _, p := range paths {
		if _, ok := FieldAt(p); !ok {
			t.Errorf("%s is missing from Fields", p)
		}
	}
	if len(paths) != len(Fields) {
		t.Errorf("Fields has %d entries, the form %d fields", len(Fields), len(paths))
	}
}

func TestFieldsReachTheirOwnPlace(t *testing.T) {
	kinds := map[FieldKind]func(Field, *Form) bool{
		FieldText:  func(f Field, form *Form) bool { return f.Text(form) != nil },
		FieldYear:  func(f Field, form *Form) bool { return f.Year(form) != nil },
		FieldDate:  func(f Field, form *Form) bool { return f.Date(form) != nil },
		FieldMoney: func(f Field, form *Form) bool { return f.Money(form) != nil },
	}
	seen := map[any]string{}
	names := map[string]string{}
	var form Form
	for _, f := range Fields {
		if !kinds[f.Kind](f, &form) {
			t.Errorf("%s is no %s", f.Path, f.Kind)
		}
		p := f.at(&form)
		if other := seen[p]; other != "" {
			t.Errorf("%s and %s are one place", f.Path, other)
		}
		seen[p] = f.Path
		for _, name := range append([]string{f.Name.Zh}, f.Aliases...) {
			if other := names[name]; other != "" {
				t.Errorf("%s and %s are both called %s", f.Path, other, name)
			}
			names[name] = f.Path
		}
		if f.Name.En == "" {
			t.Errorf("%s has no English name", f.Path)
		}
	}
}

func TestIndicatorFieldsLeaveNothingOut(t *testing.T) {
	skip := map[string]bool{"scope": true, "class1": true, "class2": true, "printed_level1": true, "printed_level2": true, "shifted": true, "location": true}
	known := map[string]bool{}
	for _, f := range IndicatorFields {
		known[f.Path] = true
	}
	typ := reflect.TypeFor[Indicator]()
	for i := range typ.NumField() {
		if name := typ.Field(i).Tag.Get("json"); !skip[name] && !known[name] {
			t.Errorf("%s is missing from IndicatorFields", name)
		}
	}
}

func TestFieldState(t *testing.T) {
	f := &Form{
		Project: Project{Name: "步道"},
		Sources: map[string]Source{"project.name": {Text: "步道"}, "project.nature": {}},
		Doubts:  []Doubt{{Code: UnitNotPrinted, Field: "funding.annual.total"}, {Code: OverlappingText, Field: "indicators[3]"}},
	}
	for path, want := range map[string]FieldState{
		"project.name": Filled, "project.nature": LeftBlank, "project.category": NotOnForm,
		"funding.annual.total": Doubted, "indicators[3].value": Doubted, "indicators[30].value": NotOnForm,
	} {
		if got := f.State(path); got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
	if got := (&Form{}).State("project.name"); got != LeftBlank {
		t.Errorf("a form without sources: %d", got)
	}
}

func TestYearJSON(t *testing.T) {
	for year, want := range map[Year]string{0: "null", 2026: "2026"} {
		if got, err := year.MarshalJSON(); err != nil || string(got) != want {
			t.Errorf("%d: %s, %v", year, got, err)
		}
	}
}
