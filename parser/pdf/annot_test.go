package pdf

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// annotated is a page that writes a "p" and has one annotation with the
// appearance of object 5, an "a" at (10, 10) of a box of 100 by 50.
func annotated(annotation, form, root dict, look string) fakeLayer {
	a := dict{"Type": name("Annot"), "Rect": array{20, 20, 120, 70}, "AP": dict{"N": ref{5, 0}}}
	for k, v := range annotation {
		if v == nil {
			delete(a, k)
		} else {
			a[k] = v
		}
	}
	l := onePage("0.5 0 0 0.5 0 0 cm BT /F1 10 Tf (p) Tj ET", dict{"Annots": array{a}})
	d := dict{"Subtype": name("Form"), "BBox": array{0, 0, 100, 50}, "Resources": dict{"Font": dict{"F1": latin()}}}
	for k, v := range form {
		d[k] = v
	}
	l[5] = &stream{dict: d, raw: []byte(look)}
	for k, v := range root {
		l[1].(dict)[k] = v
	}
	return l
}

const lookA = "0 0 100 50 re S BT /F1 10 Tf 10 10 Td (a) Tj ET"

func TestAnnotationsAreReadAsTheyAreShown(t *testing.T) {
	page := spot{"p", 0, 100, 2.5, 5}
	layer := dict{"OCProperties": dict{"OCGs": array{ref{9, 0}}, "D": dict{"OFF": array{ref{9, 0}}}}}
	form := func(more dict) dict {
		d := dict{"NeedAppearances": true}
		for k, v := range more {
			d[k] = v
		}
		return dict{"AcroForm": d}
	}
	tests := []struct {
		name                   string
		annotation, form, root dict
		look                   string
		want                   []spot
	}{
		{"a stamp", dict{"Subtype": name("Stamp")}, nil, nil, lookA, []spot{{"a", 30, 70, 5, 10}}},
		{"stretched", dict{"Subtype": name("FreeText"), "Rect": array{0, 0, 200, 100}}, nil, nil, lookA, []spot{{"a", 20, 80, 10, 20}}},
		{"corners in another order", dict{"Subtype": name("FreeText"), "Rect": array{200, 100, 0, 0}}, nil, nil, lookA, []spot{{"a", 20, 80, 10, 20}}},
		{"moved by its matrix, and back", dict{"Subtype": name("Stamp")}, dict{"Matrix": array{1, 0, 0, 1, 500, 500}}, nil, lookA, []spot{{"a", 30, 70, 5, 10}}},
		{"a state of several", dict{"Subtype": name("Widget"), "AP": dict{"N": dict{"On": ref{5, 0}}}, "AS": name("On")}, nil, nil, lookA, []spot{{"a", 30, 70, 5, 10}}},
		{"another state", dict{"Subtype": name("Widget"), "AP": dict{"N": dict{"On": ref{5, 0}}}, "AS": name("Off")}, nil, nil, lookA, nil},
		{"hidden", dict{"Subtype": name("Stamp"), "F": 2}, nil, nil, lookA, nil},
		{"not to be viewed", dict{"Subtype": name("Stamp"), "F": 32}, nil, nil, lookA, nil},
		{"to be printed", dict{"Subtype": name("Stamp"), "F": 4}, nil, nil, lookA, []spot{{"a", 30, 70, 5, 10}}},
		{"a popup", dict{"Subtype": name("Popup")}, nil, nil, lookA, nil},
		{"a layer that is off", dict{"Subtype": name("Stamp"), "OC": ref{9, 0}}, nil, layer, lookA, nil},
		{"a layer that is on", dict{"Subtype": name("Stamp"), "OC": ref{8, 0}}, nil, layer, lookA, []spot{{"a", 30, 70, 5, 10}}},
		{"the form's fonts", dict{"Subtype": name("Widget")}, dict{"Resources": nil}, form(dict{"DR": dict{"Font": dict{"F1": latin()}}}), lookA, []spot{{"a", 30, 70, 5, 10}}},
		{"a value that its appearance shows", dict{"Subtype": name("Widget"), "FT": name("Tx"), "V": str("a")}, nil, form(nil), lookA, []spot{{"a", 30, 70, 5, 10}}},
		{"a value without appearance", dict{"Subtype": name("Widget"), "FT": name("Tx"), "V": str("12"), "AP": nil}, nil, nil, "", []spot{{"\ufffd", 20, 40.56, 12, 12}}},
		{"a value to be shown", dict{"Subtype": name("Widget"), "FT": name("Tx"), "V": str("12"), "AP": nil}, nil, form(nil), "", []spot{{"1", 20, 40.56, 6, 12}, {"2", 26, 40.56, 6, 12}}},
		{"a value of the field it belongs to", dict{"Subtype": name("Widget"), "AP": nil, "Parent": dict{"FT": name("Tx"), "V": str("\xfe\xff\x51\x43")}}, nil, form(nil), "", []spot{{"元", 20, 40.56, 12, 12}}},
		{"a value other than its appearance", dict{"Subtype": name("Widget"), "FT": name("Tx"), "V": str("1")}, nil, form(nil), lookA, []spot{{"1", 20, 40.56, 6, 12}}},
		{"a choice", dict{"Subtype": name("Widget"), "FT": name("Ch"), "V": str("1"), "AP": nil}, nil, form(nil), "", []spot{{"\ufffd", 20, 40.56, 12, 12}}},
		{"an empty field", dict{"Subtype": name("Widget"), "FT": name("Tx"), "V": str(" "), "AP": nil}, nil, form(nil), "", nil},
		{"a note's text", dict{"Subtype": name("Text"), "Contents": str("1"), "AP": nil}, nil, nil, "", nil},
		{"a free text", dict{"Subtype": name("FreeText"), "Contents": str("1"), "AP": nil}, nil, nil, "", []spot{{"\ufffd", 20, 40.56, 12, 12}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := annotated(tt.annotation, tt.form, tt.root, tt.look)
			l[8], l[9] = dict{"Type": name("OCG")}, dict{"Type": name("OCG")}
			p := draw(t, l)
			if diff := cmp.Diff(append([]spot{page}, tt.want...), spots(p)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if len(p.Rulings) > 0 {
				t.Errorf("a frame became a ruling: %v", p.Rulings)
			}
		})
	}
}

// An annotation that is promised but not there may have been a field.
func TestAnnotationsThatAreLost(t *testing.T) {
	for what, change := range map[string]func(fakeLayer){
		"the annotation": func(l fakeLayer) { l[3].(dict)["Annots"] = array{ref{99, 0}} },
		"its appearance": func(l fakeLayer) { delete(l, 5) },
		"all of them":    func(l fakeLayer) { l[3].(dict)["Annots"] = ref{99, 0} },
	} {
		l := annotated(dict{"Subtype": name("Widget")}, nil, dict{"AcroForm": dict{"Fields": array{}}}, lookA)
		change(l)
		f := newFile(l)
		if _, err := f.readPage(t.Context(), f.pages(1)[0]); !errors.Is(err, ErrLost) {
			t.Errorf("%s: %v, want %v", what, err, ErrLost)
		}
	}
}

func TestLayers(t *testing.T) {
	const content = "BT /F1 10 Tf 0 50 Td /OC /L BDC (h) Tj EMC (s) Tj ET /OC /L BDC /X Do 0 0 m 50 0 l S EMC"
	for what, tt := range map[string]struct {
		properties, group dict
		want              string
	}{
		"no layers":          {nil, dict{"Type": name("OCG")}, "hsx"},
		"on":                 {dict{"D": dict{"ON": array{ref{9, 0}}}}, dict{"Type": name("OCG")}, "hsx"},
		"off":                {dict{"D": dict{"OFF": array{ref{9, 0}}}}, dict{"Type": name("OCG")}, "s"},
		"all off":            {dict{"OCGs": array{ref{9, 0}}, "D": dict{"BaseState": name("OFF")}}, dict{"Type": name("OCG")}, "s"},
		"all off but one":    {dict{"OCGs": array{ref{9, 0}}, "D": dict{"BaseState": name("OFF"), "ON": array{ref{9, 0}}}}, dict{"Type": name("OCG")}, "hsx"},
		"any of two":         {dict{"D": dict{"OFF": array{ref{8, 0}}}}, dict{"Type": name("OCMD"), "OCGs": array{ref{7, 0}, ref{8, 0}}}, "hsx"},
		"all of two":         {dict{"D": dict{"OFF": array{ref{8, 0}}}}, dict{"Type": name("OCMD"), "P": name("AllOn"), "OCGs": array{ref{7, 0}, ref{8, 0}}}, "s"},
		"one that must be 0": {dict{"D": dict{"OFF": array{ref{8, 0}}}}, dict{"Type": name("OCMD"), "P": name("AllOff"), "OCGs": ref{8, 0}}, "hsx"},
	} {
		l := onePage(content, dict{"Resources": dict{"Font": dict{"F1": latin()}, "Properties": dict{"L": ref{9, 0}}, "XObject": dict{"X": ref{5, 0}}}})
		l[5] = &stream{dict: dict{"Subtype": name("Form")}, raw: []byte("BT /F1 10 Tf (x) Tj ET")}
		l[9] = tt.group
		if tt.properties != nil {
			l[1].(dict)["OCProperties"] = tt.properties
		}
		p := draw(t, l)
		if got := textOf(p); got != tt.want {
			t.Errorf("%s: %q, want %q", what, got, tt.want)
		}
		if (len(p.Rulings) > 0) != strings.Contains(tt.want, "h") {
			t.Errorf("%s: %d rulings", what, len(p.Rulings))
		}
	}
}

func TestWrapped(t *testing.T) {
	for _, tt := range []struct {
		text  string
		width float64
		want  []string
	}{
		{"项目支出", 2, []string{"项目", "支出"}},
		{"项目", 0.3, []string{"项", "目"}},
		{"12.50\n元", 9, []string{"12.50", "元"}},
	} {
		if diff := cmp.Diff(tt.want, wrapped(tt.text, tt.width)); diff != "" {
			t.Errorf("%q in %v em: -want +got:\n%s", tt.text, tt.width, diff)
		}
	}
}
