package model

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

// filler sets every field of a value to something else than zero, so that a
// field which JSON forgets shows as a difference. Types that stand for one
// thing are given a value that can be.
type filler struct{ n int }

func (f *filler) fill(v reflect.Value) {
	f.n++
	switch v.Interface().(type) {
	case Money:
		printed := Number{Value: decimal.New(int64(f.n)*100+50, -2), Places: 2}
		scale := decimal.NewFromInt(10000)
		v.Set(reflect.ValueOf(Money{State: MoneyValid, Amount: printed.Value.Mul(scale), Scale: scale, Printed: printed, Raw: fmt.Sprint(f.n, "万元")}))
		return
	case Number:
		v.Set(reflect.ValueOf(Number{Value: decimal.New(int64(f.n)*10, -1), Places: 1}))
		return
	case Date:
		v.Set(reflect.ValueOf(NewDate(fmt.Sprint(f.n, "号"), 2026, 1, f.n%28+1)))
		return
	case Year:
		v.SetInt(int64(2000 + f.n))
		return
	case Message:
		v.Set(reflect.ValueOf(Message{Text: Text{Zh: fmt.Sprint("话", f.n), En: fmt.Sprint("words ", f.n)}}))
		return
	case Reading:
		v.Set(reflect.ValueOf(Reading{Characters: 10, Labels: 1, Values: 2, Ignored: 3, Unread: 4}))
		return
	case Location:
		page, line := f.n, f.n+1
		v.Set(reflect.ValueOf(Location{Sheet: "表", Table: f.n, Page: &page, Line: &line, Box: &Box{1, 2, 3, 4.5}, Cell: Ref{Row: f.n, Col: f.n * 7}}))
		return
	case FormKind:
		v.SetString(string(DepartmentForm))
		return
	case Geometry:
		v.SetString(string(Aligned))
		return
	case Scope:
		v.SetString(string(Overall))
		return
	case Level:
		v.SetString(string(Levels[f.n%len(Levels)]))
		return
	case DoubtCode:
		v.SetString(string(DoubtCodes[f.n%len(DoubtCodes)]))
		return
	case IgnoreReason:
		v.SetString(string(IgnoreReasons[f.n%len(IgnoreReasons)]))
		return
	case SignKind:
		v.SetString(string(SignKinds[f.n%len(SignKinds)]))
		return
	case Operator:
		v.SetString(string(AtMost))
		return
	case ValueKind:
		v.SetString(string(KindBound))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprint("字", f.n, "<&>"))
	case reflect.Int:
		v.SetInt(1)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			f.fill(v.Index(i))
		}
	case reflect.Array:
		for i := range v.Len() {
			f.fill(v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		elem := reflect.New(v.Type().Elem()).Elem()
		f.fill(elem)
		v.SetMapIndex(reflect.ValueOf("project.name"), elem)
	case reflect.Struct:
		for i := range v.NumField() {
			f.fill(v.Field(i))
		}
	default:
		panic("no way to fill " + v.Type().String())
	}
}

var equalDecimals = cmp.Comparer(func(a, b decimal.Decimal) bool { return a.Equal(b) })

// throughJSON writes a form and reads it back.
func throughJSON(t *testing.T, form Form) Form {
	t.Helper()
	form.KeepPrinted()
	b, err := json.Marshal(form)
	if err != nil {
		t.Fatal(err)
	}
	var back Form
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	if err := back.Restore(); err != nil {
		t.Fatal(err)
	}
	return back
}

func TestFormThroughJSON(t *testing.T) {
	var full Form
	new(filler).fill(reflect.ValueOf(&full).Elem())
	full.Printed = nil
	for i := range full.Doubts {
		full.Doubts[i].Zh, full.Doubts[i].En = "", ""
	}
	if diff := cmp.Diff(full, throughJSON(t, full), equalDecimals); diff != "" {
		t.Errorf("a full form comes back different (-want +got):\n%s", diff)
	}
	empty := Form{Kind: ProjectForm, Geometry: Loose}
	empty.Doubts = []Doubt{}
	if diff := cmp.Diff(empty, throughJSON(t, empty), equalDecimals); diff != "" {
		t.Errorf("an empty form comes back different (-want +got):\n%s", diff)
	}
}

func TestPrintedThroughJSON(t *testing.T) {
	one, wan := decimal.NewFromInt(1), decimal.NewFromInt(10000)
	number := func(s string) Number {
		n, err := ParseNumber(s)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	base := Form{Kind: ProjectForm, Geometry: Ruled, Doubts: []Doubt{}}
	tests := map[string]func(f *Form){
		"an amount in 万元 with places": func(f *Form) {
			f.Funding.Annual.Total = Money{MoneyValid, decimal.New(379000, 0), wan, number("37.900"), "37.900"}
		},
		"an amount with commas": func(f *Form) {
			f.Funding.Annual.Total = Money{MoneyValid, decimal.New(1234567, 0), one, number("1234567.00"), "1,234,567.00"}
		},
		"a negative amount": func(f *Form) {
			f.Funding.Annual.Other = Money{MoneyValid, decimal.New(-55, -1), one, number("-5.5"), "-5.5"}
		},
		"a cell that is no amount": func(f *Form) { f.Funding.Project.Total = Money{State: MoneyInvalid, Raw: "详见附表"} },
		"an item that is no amount": func(f *Form) {
			f.Funding.Items = []FundingItem{{Label: "甲", Amount: Money{State: MoneyInvalid, Raw: "—"}}}
		},
		"a date in Chinese":            func(f *Form) { f.Project.StartDate = NewDate("2026年1月1日", 2026, 1, 1) },
		"a day that does not exist":    func(f *Form) { f.Project.EndDate = NewDate("2026-06-31", 2026, 6, 31) },
		"a date that is none":          func(f *Form) { f.Project.EndDate = Date{Raw: "长期"} },
		"a day in the year of no form": func(f *Form) { f.Project.EndDate = Date{Raw: "1月5日", Month: time.January, Day: 5} },
		"a value without operator": func(f *Form) {
			n := number("48")
			f.Indicators = []Indicator{{Scope: Annual, Value: Value{Kind: KindBound, Number: &n}}}
		},
		"no year": func(f *Form) { f.FiscalYear = 0 },
	}
	for name, set := range tests {
		t.Run(name, func(t *testing.T) {
			f := base
			set(&f)
			if diff := cmp.Diff(f, throughJSON(t, f), equalDecimals); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestLocationThroughJSON(t *testing.T) {
	certain := 0.984
	for _, l := range []Location{
		{}, {Cell: Ref{Row: 12, Col: 3}}, {Sheet: "表", Cell: Ref{Row: 12, Col: 3}}, {Sheet: "S", Cell: Ref{Row: 5, Col: 18*26 + 3}}, // column RC
		{Sheet: "S", Cell: Ref{Row: 1048576, Col: 16384}}, {Sheet: "S", Cell: Ref{Row: 1, Col: 26}}, {Sheet: "S", Cell: Ref{Row: 1, Col: 27}},
		{Sheet: "S", Cell: Ref{Row: 12, Col: 18}}, {Table: 3, Cell: Ref{Row: 1, Col: 1}}, {Confidence: &certain},
	} {
		b, err := json.Marshal(l)
		if err != nil {
			t.Fatal(err)
		}
		var back Location
		if err := json.Unmarshal(b, &back); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(l, back); diff != "" {
			t.Errorf("%s (-want +got):\n%s", b, diff)
		}
	}
	if got := (Location{Sheet: "S", Cell: Ref{Row: 12, Col: 28}}).CellName(); got != "AB12" {
		t.Errorf("column 28 is %s", got)
	}
}

// TestWrongJSON wants what cannot be to be refused, so that no rule meets it.
func TestWrongJSON(t *testing.T) {
	const good = `{"index":1,"kind":"project","geometry":"ruled","reading":{"characters":0},"project":{"start_date":"2026-01-01"},"funding":{"annual":{"total":"12.50"}},
"indicators":[{"scope":"annual","class1":"","class2":"","value":{"kind":"bound","number":"1","operator":"<="}}]}`
	read := func(s string) error {
		var f Form
		if err := json.Unmarshal([]byte(s), &f); err != nil {
			return err
		}
		return f.Restore()
	}
	if err := read(good); err != nil {
		t.Fatalf("the good one: %v", err)
	}
	tests := map[string][2]string{
		"a bound without number":   {`"number":"1"`, `"number":null`},
		"a number with exponent":   {`"number":"1"`, `"number":"1e999999999"`},
		"a number that is a float": {`"number":"1"`, `"number":1`},
		"an unknown operator":      {`"<="`, `"=<"`},
		"an unknown value kind":    {`"bound"`, `"limit"`},
		"a range without bounds":   {`"bound"`, `"range"`},
		"a tolerance without one":  {`"bound"`, `"tolerance"`},
		"a date without day":       {`"bound"`, `"date"`},
		"a day that is none":       {`2026-01-01`, `2026-02-30`},
		"a date in other writing":  {`2026-01-01`, `2026/01/01`},
		"an amount that is none":   {`"12.50"`, `"12.5.0"`},
		"an amount as a float":     {`"12.50"`, `12.5`},
		"an unknown scope":         {`"annual","class1"`, `"daily","class1"`},
		"an unknown class":         {`"class1":""`, `"class1":"x"`},
		"an unknown form kind":     {`"project","geometry"`, `"thing","geometry"`},
		"an unknown geometry":      {`"ruled"`, `"round"`},
		"characters that vanish":   {`"characters":0`, `"characters":7`},
		"a sign out of range":      {`"indicators"`, `"signs":[{"kind":"drifted-level","indicator":9}],"indicators"`},
		"an unknown doubt":         {`"indicators"`, `"doubts":[{"code":"x"}],"indicators"`},
		"an unknown reason":        {`"indicators"`, `"ignored":[{"reason":"x"}],"indicators"`},
		"an unknown required":      {`"indicators"`, `"required":["x"],"indicators"`},
		"a cell that is none":      {`"indicators"`, `"location":{"cell":"12"},"indicators"`},
		"another printed amount":   {`"indicators"`, `"printed":{"funding.annual.total":{"text":"1","number":"1","scale":"1"}},"indicators"`},
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			s := strings.Replace(good, change[0], change[1], 1)
			if s == good {
				t.Fatal("nothing was changed")
			}
			if read(s) == nil {
				t.Error("it was taken")
			}
		})
	}
}
