package report

import (
	"reflect"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"perfgoal/model"
)

// filledIn puts something into every field of a value, so that none can be
// forgotten. n makes texts and numbers differ.
func filledIn(v reflect.Value, n *int) {
	*n++
	number := model.Number{Value: decimal.New(int64(*n)*100+25, -2), Places: 2}
	switch x := v.Addr().Interface().(type) {
	case *model.Number:
		*x = number
		return
	case *model.Money:
		*x = model.Money{State: model.MoneyValid, Amount: number.Value, Scale: decimal.New(1, 4), Printed: number, Raw: "1 万"}
		return
	case *model.Date:
		*x = model.NewDate("2026年1月5日", 2026, 1, 5)
		return
	case *model.Message:
		*x = model.Message{Text: model.Text{Zh: "<甲>不对&" + strconv.Itoa(*n), En: "wrong"}}
		return
	case *model.Operator:
		*x = model.AtLeast
		return
	case *model.Ref:
		*x = model.Ref{Row: *n, Col: 3}
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("字<" + strconv.Itoa(*n) + `">`)
	case reflect.Int:
		v.SetInt(int64(*n))
	case reflect.Float64:
		v.SetFloat(float64(*n) / 8)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		filledIn(v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		filledIn(v.Index(0), n)
		filledIn(v.Index(1), n)
	case reflect.Array:
		for i := range v.Len() {
			filledIn(v.Index(i), n)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range 3 {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			filledIn(key, n)
			filledIn(value, n)
			v.SetMapIndex(key, value)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			filledIn(v.Field(i), n)
		}
	}
}

// Forms written by hand are what encoding/json makes of model.Form, to the
// byte and to the last field.
func TestFormsAsEncodingJSON(t *testing.T) {
	full, n := model.Form{}, 0
	filledIn(reflect.ValueOf(&full).Elem(), &n)
	strange := full
	strange.Location.Sheet, strange.Title = "<&>", "\x00\xff\u2028"
	strange.Location.Box = &model.Box{0, 1e-9, 1e22, -3.5}
	strange.Indicators, strange.Doubts, strange.Signs, strange.Sources = []model.Indicator{{}}, []model.Doubt{{}}, []model.Sign{{}}, map[string]model.Source{"a": {}}
	for name, f := range map[string]model.Form{"full": full, "blank": {}, "strange": strange} {
		want := f
		want.Unparsed, want.Ignored, want.Doubts, want.Funding.Items = orEmpty(f.Unparsed), orEmpty(f.Ignored), orEmpty(f.Doubts), orEmpty(f.Funding.Items)
		withoutNil := func(rows []model.Indicator) []model.Indicator {
			out := make([]model.Indicator, len(rows))
			for i, r := range rows {
				r.RegionValues = orEmpty(r.RegionValues)
				out[i] = r
			}
			return out
		}
		want.Indicators, want.OverallIndicators = withoutNil(f.Indicators), withoutNil(f.OverallIndicators)
		for _, lines := range []bool{false, true} {
			j := jsonText{lines: lines}
			j.form(&f)
			indent := ""
			if lines {
				indent = "  "
			}
			b, err := encode(want, "", indent)
			if err != nil || j.err != nil {
				t.Fatal(name, err, j.err)
			}
			if diff := cmp.Diff(string(b), string(j.b)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	}
}
