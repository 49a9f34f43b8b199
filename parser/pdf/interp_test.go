package pdf

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"perfgoal/model"
)

// spot is where a glyph begins and how wide and large it is.
type spot struct {
	Text          string
	X, Base, W, S float64
}

func spots(p Page) []spot {
	var out []spot
	round := func(f float32) float64 { return math.Round(float64(f)*100) / 100 }
	for _, g := range p.Glyphs {
		out = append(out, spot{string(g.Rune) + g.Tail, round(g.X0), round(g.Base), round(g.X1 - g.X0), round(g.Size)})
	}
	return out
}

// The page is 200 by 100 points; characters of F1 are half an em wide.
func TestTextPositions(t *testing.T) {
	tests := []struct {
		name, content string
		want          []spot
	}{
		{"Td and Tj", "BT /F1 10 Tf 20 30 Td (ab) Tj ET", []spot{{"a", 20, 70, 5, 10}, {"b", 25, 70, 5, 10}}},
		{"lines", "BT /F1 10 Tf 12 TL 20 30 Td (a) Tj T* (b) Tj (c) ' 0 -5 TD (d) Tj T* (e) Tj ET",
			[]spot{{"a", 20, 70, 5, 10}, {"b", 20, 82, 5, 10}, {"c", 20, 94, 5, 10}, {"d", 20, 99, 5, 10}, {"e", 20, 104, 5, 10}}},
		{"quotation mark sets spacing", "BT /F1 10 Tf 10 TL 0 50 Td 3 1 (a b) \" ET",
			[]spot{{"a", 0, 60, 5, 10}, {" ", 6, 60, 5, 10}, {"b", 15, 60, 5, 10}}},
		{"Tm replaces, Td adds", "BT /F1 10 Tf 1 0 0 1 50 40 Tm (a) Tj 5 5 Td (b) Tj 2 0 0 2 0 0 Tm 10 10 Td (c) Tj ET",
			[]spot{{"a", 50, 60, 5, 10}, {"b", 55, 55, 5, 10}, {"c", 20, 80, 10, 20}}},
		{"size in the matrix", "BT /F1 1 Tf 12 0 0 12 10 10 Tm (ab) Tj ET", []spot{{"a", 10, 90, 6, 12}, {"b", 16, 90, 6, 12}}},
		{"TJ moves back", "BT /F1 10 Tf 0 50 Td [(a) -500 (b) 1000 (c)] TJ ET", []spot{{"a", 0, 50, 5, 10}, {"b", 10, 50, 5, 10}, {"c", 5, 50, 5, 10}}},
		{"character and word space", "BT /F1 10 Tf 2 Tc 7 Tw 0 50 Td (a b) Tj ET", []spot{{"a", 0, 50, 5, 10}, {" ", 7, 50, 5, 10}, {"b", 21, 50, 5, 10}}},
		{"horizontal scaling", "BT /F1 10 Tf 50 Tz 4 Tc 0 50 Td (a) Tj [(b) -1000 (c)] TJ ET",
			[]spot{{"a", 0, 50, 2.5, 10}, {"b", 4.5, 50, 2.5, 10}, {"c", 14, 50, 2.5, 10}}},
		{"rise", "BT /F1 10 Tf 0 50 Td (m) Tj 4 Ts (2) Tj 0 Ts (x) Tj ET", []spot{{"m", 0, 50, 5, 10}, {"2", 5, 46, 5, 10}, {"x", 10, 50, 5, 10}}},
		{"cm scales and moves", "q 2 0 0 2 10 20 cm BT /F1 5 Tf 5 5 Td (a) Tj ET Q BT /F1 5 Tf (b) Tj ET", []spot{{"a", 20, 70, 5, 10}, {"b", 0, 100, 2.5, 5}}},
		{"invisible text of a scan is kept", "BT 3 Tr /F1 10 Tf 0 50 Td (a) Tj ET", []spot{{"a", 0, 50, 5, 10}}},
		{"Q without q", "Q Q BT /F1 10 Tf 0 50 Td (a) Tj ET Q", []spot{{"a", 0, 50, 5, 10}}},
		{"q without Q", "q 1 0 0 1 10 0 cm q BT /F1 10 Tf 0 50 Td (a) Tj ET", []spot{{"a", 10, 50, 5, 10}}},
		{"a font the page does not have", "BT /F9 10 Tf 0 50 Td (a) Tj ET", []spot{{"�", 0, 50, 5, 10}}},
		{"text before any font", "BT 0 50 Td (a) Tj ET", nil},
		{"wrong operands are passed over", "BT /F1 10 Tf 0 50 Td (x) Tc 1 w (y) Tz Tj TJ ' (a) Tj ET", []spot{{"a", 0, 50, 5, 10}}},
		{"unknown operators are passed over", "BT /F1 10 Tf 0 50 Td foo 1 2 bar (a) Tj ET", []spot{{"a", 0, 50, 5, 10}}},
		{"inline image", "BI /W 2 /H 1 /BPC 8 ID \x00EI\xff EI BT /F1 10 Tf 0 50 Td (a) Tj ET", []spot{{"a", 0, 50, 5, 10}}},
		{"inline image without end", "BT /F1 10 Tf 0 50 Td (a) Tj ET BI /W 2 ID \x00\x01(b) Tj", []spot{{"a", 0, 50, 5, 10}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, spots(draw(t, onePage(tt.content, nil)))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestVerticalWriting(t *testing.T) {
	l := onePage("BT /V 10 Tf 100 90 Td <98797 6EE> Tj ET", dict{"Resources": dict{"Font": dict{"V": composite("UniGB-UCS2-V", "GB1", nil)}}})
	p := draw(t, l)
	if textOf(p) != "项目" {
		t.Fatalf("text %q", textOf(p))
	}
	a, b := p.Glyphs[0], p.Glyphs[1]
	if a.X0 != b.X0 || b.Y0-a.Y0 != 10 {
		t.Errorf("the second character stands at %v,%v, the first at %v,%v", b.X0, b.Y0, a.X0, a.Y0)
	}
}

func TestRules(t *testing.T) {
	tests := []struct {
		name, content string
		want          []Ruling
	}{
		{"strokes", "10 20 m 60 20 l S 10 20 m 10 70 l s", []Ruling{{X0: 10, Y0: 80, X1: 60, Y1: 80}, {X0: 10, Y0: 30, X1: 10, Y1: 80}, {X0: 10, Y0: 30, X1: 10, Y1: 80}}},
		{"a stroked rectangle", "10 20 40 30 re S", []Ruling{
			{X0: 10, Y0: 80, X1: 50, Y1: 80}, {X0: 50, Y0: 50, X1: 50, Y1: 80}, {X0: 10, Y0: 50, X1: 50, Y1: 50}, {X0: 10, Y0: 50, X1: 10, Y1: 80}}},
		{"thin filled rectangles", "10 20 50 1 re f 10 20 1 50 re f*", []Ruling{{X0: 10, Y0: 79.5, X1: 60, Y1: 79.5}, {X0: 10.5, Y0: 30, X1: 10.5, Y1: 80}}},
		{"rectangle drawn backwards", "60 21 -50 -1 re f", []Ruling{{X0: 10, Y0: 79.5, X1: 60, Y1: 79.5}}},
		{"thin filled polygon", "10 20 m 60 20 l 60 21 l 10 21 l f", []Ruling{{X0: 10, Y0: 79.5, X1: 60, Y1: 79.5}}},
		{"a filled area is no ruling", "10 20 50 30 re f", nil},
		{"slanted line", "10 20 m 60 60 l S", nil},
		{"curve", "10 20 m 20 20 50 20 60 20 c S", nil},
		{"a dot may belong to either direction", "10 20 1 1 re f", []Ruling{{X0: 10, Y0: 79.5, X1: 11, Y1: 79.5}, {X0: 10.5, Y0: 79, X1: 10.5, Y1: 80}}},
		{"white", "1 G 10 20 m 60 20 l S 0 G 1 1 1 RG 10 30 m 60 30 l S 0 0 0 0 K 10 40 m 60 40 l S 1 g 10 50 50 1 re f",
			[]Ruling{{X0: 10, Y0: 80, X1: 60, Y1: 80, Faint: true}, {X0: 10, Y0: 70, X1: 60, Y1: 70, Faint: true}, {X0: 10, Y0: 60, X1: 60, Y1: 60, Faint: true}, {X0: 10, Y0: 49.5, X1: 60, Y1: 49.5, Faint: true}}},
		{"black of the press", "0 0 0 1 K 10 20 m 60 20 l S", []Ruling{{X0: 10, Y0: 80, X1: 60, Y1: 80}}},
		{"clipped", "q 20 0 20 100 re W n 10 20 m 60 20 l S Q 10 30 m 60 30 l S", []Ruling{{X0: 19, Y0: 80, X1: 41, Y1: 80}, {X0: 10, Y0: 70, X1: 60, Y1: 70}}},
		{"clipped away", "0 0 5 5 re W n 10 20 m 60 20 l S", nil},
		{"outside the page", "10 -50 m 60 -50 l S -30 20 m -10 20 l S", nil},
		{"hangs out of the page", "150 20 m 900 20 l S", []Ruling{{X0: 150, Y0: 80, X1: 201, Y1: 80}}},
		{"path without painting", "10 20 m 60 20 l n", nil},
		{"under a turned matrix", "q 0 1 -1 0 100 0 cm 10 20 m 60 20 l S Q", []Ruling{{X0: 80, Y0: 40, X1: 80, Y1: 90}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := draw(t, onePage(tt.content, nil)).Rulings
			if diff := cmp.Diff(tt.want, got, cmpopts.EquateApprox(0, 0.01)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestFormXObjects(t *testing.T) {
	tests := []struct {
		name, content, form string
		more                dict
		want                []spot
	}{
		{"matrix and own state", "q 1 0 0 1 10 10 cm /Fm Do Q BT (z) Tj ET", "BT /F1 10 Tf (a) Tj ET", dict{"Matrix": array{2, 0, 0, 2, 5, 5}}, []spot{{"a", 15, 85, 10, 20}}},
		{"text state goes on behind it", "BT /F1 10 Tf 20 30 Td (a) Tj ET /Fm Do BT (b) Tj ET", "/F1 20 Tf", nil, []spot{{"a", 20, 70, 5, 10}, {"b", 0, 100, 5, 10}}},
		{"draws itself", "/Fm Do", "/Fm Do BT /F1 10 Tf (a) Tj ET /Fm Do", nil, []spot{{"a", 0, 100, 5, 10}}},
		{"takes more off the stack than it put there", "q 1 0 0 1 10 0 cm /Fm Do BT /F1 10 Tf (b) Tj ET Q", "Q Q BT /F1 10 Tf (a) Tj ET", nil, []spot{{"a", 10, 100, 5, 10}, {"b", 10, 100, 5, 10}}},
		{"leaves its state on the stack", "/Fm Do BT /F1 10 Tf (b) Tj ET", "q 1 0 0 1 10 0 cm q", nil, []spot{{"b", 0, 100, 5, 10}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := onePage(tt.content, dict{"Resources": dict{"Font": dict{"F1": latin()}, "XObject": dict{"Fm": ref{5, 0}}}})
			d := dict{"Subtype": name("Form")}
			for k, v := range tt.more {
				d[k] = v
			}
			l[5] = &stream{dict: d, raw: []byte(tt.form)}
			if diff := cmp.Diff(tt.want, spots(draw(t, l))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestFormsNestOnlySoDeep(t *testing.T) {
	objects := dict{}
	l := onePage("/X0 Do", dict{"Resources": dict{"Font": dict{"F1": latin()}, "XObject": objects}})
	for i := range 60 {
		objects[name(fmt.Sprintf("X%d", i))] = ref{10 + i, 0}
		l[10+i] = &stream{dict: dict{"Subtype": name("Form")}, raw: []byte(fmt.Sprintf("BT /F1 9 Tf (a) Tj ET /X%d Do", i+1))}
	}
	f := newFile(l)
	_, err := f.readPage(t.Context(), f.pages(1)[0])
	var over budgetError
	if !errors.As(err, &over) {
		t.Errorf("forms within each other without end: %v", err)
	}
}

func TestFormClipsToItsBox(t *testing.T) {
	l := onePage("/Fm Do", dict{"Resources": dict{"XObject": dict{"Fm": ref{5, 0}}}})
	l[5] = &stream{dict: dict{"Subtype": name("Form"), "BBox": array{0, 0, 50, 50}}, raw: []byte("10 20 m 150 20 l S 10 70 m 40 70 l S")}
	want := []Ruling{{X0: 10, Y0: 80, X1: 51, Y1: 80}}
	if diff := cmp.Diff(want, draw(t, l).Rulings); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestThinImageIsARule(t *testing.T) {
	l := onePage("q 100 0 0 1 10 20 cm /Im Do Q q 50 0 0 50 0 0 cm /Im Do Q", dict{"Resources": dict{"XObject": dict{"Im": ref{5, 0}}}})
	l[5] = &stream{dict: dict{"Subtype": name("Image")}}
	p := draw(t, l)
	if diff := cmp.Diff([]Ruling{{X0: 10, Y0: 79.5, X1: 110, Y1: 79.5}}, p.Rulings); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if p.Images != 2 {
		t.Errorf("%d images, want 2", p.Images)
	}
}

func TestActualText(t *testing.T) {
	font := dict{"F0": simple(dict{"Differences": array{65, name("g1"), name("g2"), name("uni9879")}}, dict{"FontDescriptor": dict{"Flags": 4, "FontFile2": &stream{dict: dict{}}}, "FirstChar": 65, "Widths": array{500, 500, 500}})}
	res := dict{"Font": font, "Properties": dict{"P": dict{"ActualText": str("\xfe\xff\x76\xee\x68\x07")}}}
	tests := []struct{ name, content, want string }{
		{"stands for what has no text", "/Span <</ActualText <FEFF76EE6807>>> BDC (AB) Tj EMC (A) Tj", "目标\ufffd"},
		{"by name", "/Span /P BDC (A) Tj EMC", "目标"},
		{"does not replace text", "/Span <</ActualText(x)>> BDC (C) Tj EMC", "项"},
		{"ends with its own mark", "/Span <</ActualText(x)>> BDC /P BMC (A) Tj EMC (B) Tj EMC (A) Tj", "x\ufffd"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := draw(t, onePage("BT /F0 10 Tf "+tt.content+" ET", dict{"Resources": res}))
			if got := textOf(p); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// The same text on a page turned, cropped or scaled stands where it is seen.
func TestPageView(t *testing.T) {
	const content = "BT /F1 10 Tf 20 30 Td (a) Tj ET 20 30 m 70 30 l S"
	tests := []struct {
		name   string
		more   dict
		w, h   float64
		want   spot
		ruling Ruling
	}{
		{"as it is", nil, 200, 100, spot{"a", 20, 70, 5, 10}, Ruling{X0: 20, Y0: 70, X1: 70, Y1: 70}},
		{"cropped", dict{"CropBox": array{10, 10, 110, 60}}, 100, 50, spot{"a", 10, 30, 5, 10}, Ruling{X0: 10, Y0: 30, X1: 60, Y1: 30}},
		{"a crop that lies outside counts as none", dict{"CropBox": array{500, 500, 600, 600}}, 200, 100, spot{"a", 20, 70, 5, 10}, Ruling{X0: 20, Y0: 70, X1: 70, Y1: 70}},
		{"media box with its corners swapped", dict{"MediaBox": array{200, 100, 0, 0}}, 200, 100, spot{"a", 20, 70, 5, 10}, Ruling{X0: 20, Y0: 70, X1: 70, Y1: 70}},
		{"media box off the origin", dict{"MediaBox": array{-10, -20, 190, 80}}, 200, 100, spot{"a", 30, 50, 5, 10}, Ruling{X0: 30, Y0: 50, X1: 80, Y1: 50}},
		{"user unit", dict{"UserUnit": 2.0}, 400, 200, spot{"a", 40, 140, 10, 20}, Ruling{X0: 40, Y0: 140, X1: 140, Y1: 140}},
		{"turned right round", dict{"Rotate": 360}, 200, 100, spot{"a", 20, 70, 5, 10}, Ruling{X0: 20, Y0: 70, X1: 70, Y1: 70}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := draw(t, onePage(content, tt.more))
			if p.Width != tt.w || p.Height != tt.h {
				t.Errorf("%v by %v, want %v by %v", p.Width, p.Height, tt.w, tt.h)
			}
			if diff := cmp.Diff([]spot{tt.want}, spots(p)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if diff := cmp.Diff([]Ruling{tt.ruling}, p.Rulings); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// A page whose text was written for its rotation reads upright after it.
func TestRotate(t *testing.T) {
	const text = "abcdefghijklmnopqrstuvwxyz"
	matrices := map[int]string{
		0:   "1 0 0 1 20 30",
		90:  "0 1 -1 0 30 20",
		180: "-1 0 0 -1 180 70",
		270: "0 -1 1 0 170 80",
	}
	for rotate, m := range matrices {
		for _, declared := range []bool{true, false} {
			t.Run(fmt.Sprintf("%d declared %v", rotate, declared), func(t *testing.T) {
				more := dict{}
				if declared {
					more["Rotate"] = rotate
				}
				p := draw(t, onePage("BT /F1 10 Tf "+m+" Tm ("+text[:20]+") Tj ET", more))
				if wide := rotate%180 == 0; (p.Width == 200) != wide {
					t.Errorf("the page is %v by %v", p.Width, p.Height)
				}
				for i, g := range p.Glyphs {
					if g.Turn != 0 {
						t.Fatalf("%q is turned by %d quarters", g.Rune, g.Turn)
					}
					if i > 0 && (g.X0 <= p.Glyphs[i-1].X0 || math.Abs(float64(g.Base-p.Glyphs[i-1].Base)) > 0.01) {
						t.Fatalf("%q does not follow %q on its line", g.Rune, p.Glyphs[i-1].Rune)
					}
				}
			})
		}
	}
}

func TestContentsInPieces(t *testing.T) {
	l := onePage("", dict{"Contents": array{ref{5, 0}, ref{7, 0}}})
	l[5] = &stream{dict: dict{}, raw: []byte("BT /F1 10 Tf 0 50 Td (a)")}
	l[7] = &stream{dict: dict{}, raw: []byte("Tj ET")}
	if got := textOf(draw(t, l)); got != "a" {
		t.Errorf("text %q, want %q", got, "a")
	}
}

func TestBudgets(t *testing.T) {
	fonts := dict{"F1": latin()}
	tests := []struct {
		name string
		l    func() fakeLayer
	}{
		{"glyphs", func() fakeLayer {
			l := onePage(strings.Repeat("/Fm Do ", 30_000), dict{"Resources": dict{"Font": fonts, "XObject": dict{"Fm": ref{5, 0}}}})
			l[5] = &stream{dict: dict{"Subtype": name("Form")}, raw: []byte("BT /F1 1 Tf (" + strings.Repeat("x", 100) + ") Tj ET")}
			return l
		}},
		{"forms", func() fakeLayer {
			l := onePage(strings.Repeat("/Fm Do ", maxForms+1), dict{"Resources": dict{"XObject": dict{"Fm": ref{5, 0}}}})
			l[5] = &stream{dict: dict{"Subtype": name("Form")}}
			return l
		}},
		{"operators", func() fakeLayer {
			l := onePage(strings.Repeat("/Fm Do ", 2_200), dict{"Resources": dict{"XObject": dict{"Fm": ref{5, 0}}}})
			l[5] = &stream{dict: dict{"Subtype": name("Form")}, raw: []byte(strings.Repeat("q Q ", 5_000))}
			return l
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFile(tt.l())
			_, err := f.readPage(t.Context(), f.pages(1)[0])
			var over budgetError
			if !errors.As(err, &over) {
				t.Errorf("error %v, want an exceeded budget", err)
			}
		})
	}
}

func TestReadingStopsWithItsContext(t *testing.T) {
	f := newFile(onePage(strings.Repeat("q Q ", 2_000), nil))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.readPage(ctx, f.pages(1)[0]); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
}

func TestPageTree(t *testing.T) {
	leaf := dict{"Type": name("Page"), "Contents": ref{9, 0}}
	loop := array{ref{2, 0}, ref{3, 0}, ref{4, 0}}
	deep := fakeLayer{1: dict{"Pages": ref{2, 0}}}
	for i := 2; i < 300; i++ {
		deep[i] = dict{"Type": name("Pages"), "Kids": array{ref{i + 1, 0}}}
	}
	deep[300] = leaf
	wide := array{}
	for range 50 {
		wide = append(wide, dict{"Type": name("Page")})
	}
	tests := []struct {
		name string
		l    fakeLayer
		want int
	}{
		{"one page", fakeLayer{1: dict{"Pages": ref{2, 0}}, 2: dict{"Kids": array{ref{3, 0}}}, 3: leaf}, 1},
		{"loops to its parent and twice the same page", fakeLayer{1: dict{"Pages": ref{2, 0}}, 2: dict{"Type": name("Pages"), "Kids": loop}, 3: leaf, 4: dict{"Type": name("Pages"), "Kids": loop}}, 1},
		{"kids that are not there", fakeLayer{1: dict{"Pages": ref{2, 0}}, 2: dict{"Kids": array{ref{8, 0}, 7, ref{3, 0}}}, 3: leaf}, 1},
		{"count is not trusted", fakeLayer{1: dict{"Pages": ref{2, 0}}, 2: dict{"Count": 1 << 30, "Kids": array{ref{3, 0}}}, 3: leaf}, 1},
		{"no catalogue, a tree all the same", fakeLayer{2: dict{"Type": name("Pages"), "Kids": array{ref{3, 0}}}, 3: leaf}, 1},
		{"only pages", fakeLayer{5: leaf, 7: leaf}, 2},
		{"nested without end, found by its type", deep, 1},
		{"no page at all", fakeLayer{1: dict{"Pages": ref{1, 0}}}, 0},
		{"limited", fakeLayer{1: dict{"Pages": ref{2, 0}}, 2: dict{"Kids": wide}}, 20},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := len(newFile(tt.l).pages(20)); got != tt.want {
				t.Errorf("%d pages, want %d", got, tt.want)
			}
		})
	}
}

func TestPagesInherit(t *testing.T) {
	l := fakeLayer{
		1: dict{"Pages": ref{2, 0}},
		2: dict{"MediaBox": array{0, 0, 300, 400}, "Rotate": 90, "Resources": dict{"A": 1}, "Kids": array{ref{3, 0}, ref{4, 0}}},
		3: dict{"Type": name("Page")},
		4: dict{"Type": name("Page"), "MediaBox": array{0, 0, 10, 20}, "Rotate": -90, "Resources": dict{"B": 2}},
	}
	nodes := newFile(l).pages(10)
	if len(nodes) != 2 {
		t.Fatalf("%d pages", len(nodes))
	}
	if n := nodes[0]; n.media != [4]float64{0, 0, 300, 400} || n.rotate != 1 || n.resources["A"] != 1 {
		t.Errorf("the first page: %+v", n)
	}
	if n := nodes[1]; n.media != [4]float64{0, 0, 10, 20} || n.rotate != 3 || n.resources["B"] != 2 {
		t.Errorf("the second page: %+v", n)
	}
}

func TestReferencesInACircle(t *testing.T) {
	f := newFile(fakeLayer{1: ref{2, 0}, 2: ref{1, 0}, 3: ref{4, 0}, 4: 7})
	if o := f.resolve(ref{1, 0}); o != nil {
		t.Errorf("a circle resolves to %v", o)
	}
	if o := f.resolve(ref{3, 0}); o != 7 {
		t.Errorf("a reference to a reference resolves to %v", o)
	}
}

func TestJudge(t *testing.T) {
	tests := []struct {
		name string
		t    Totals
		want string // problem code, "" for text that can be trusted
	}{
		{"a form", Totals{Pages: 1, Glyphs: 800}, ""},
		{"one in fifty is unknown", Totals{Pages: 1, Glyphs: 800, Unknown: 16}, ""},
		{"more than one in fifty", Totals{Pages: 1, Glyphs: 800, Unknown: 17}, CodeGarbled},
		{"all unknown", Totals{Pages: 3, Glyphs: 900, Unknown: 900}, CodeGarbled},
		{"no text", Totals{Pages: 3}, CodeNoText},
		{"only page numbers", Totals{Pages: 6, Glyphs: 6}, CodeNoText},
		{"a short page", Totals{Pages: 1, Glyphs: 15}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.t.Judge()
			code := ""
			var p *model.Problem
			if errors.As(err, &p) {
				code = p.Code
			}
			if code != tt.want {
				t.Errorf("%q, want %q", code, tt.want)
			}
		})
	}
}

func TestTotalsCountGarbage(t *testing.T) {
	var sum Totals
	for _, r := range "项目 90%\ufffd\ue123\x01\uffff" {
		sum.Add(&Page{Glyphs: []Glyph{{Rune: r}}})
	}
	if sum.Pages != 10 || sum.Glyphs != 9 || sum.Unknown != 4 {
		t.Errorf("%+v, want 10 pages, 9 characters, 4 of them unknown", sum)
	}
}

// A file written byte by byte reads through the object layer.
func TestOpenSmallFile(t *testing.T) {
	file, err := Open(t.Context(), FormPDF(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := file.Page(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	text := textOf(p)
	for _, want := range []string{"项目支出绩效目标申报表", "其中：财政拨款", "服务对象满意度指标", "≥20公里"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing from %q", want, text)
		}
	}
	if len(p.Rulings) != 4*24 || p.Number != 1 || p.Width != 595 {
		t.Errorf("%d rulings, page %d, width %v", len(p.Rulings), p.Number, p.Width)
	}
}

// Damage to the cross-references is mended; what is left without a page is
// reported.
func TestOpenDamaged(t *testing.T) {
	good := string(FormPDF())
	mended := map[string]string{
		"startxref points elsewhere":  strings.Replace(good, "startxref\n", "startxref\n9", 1),
		"no end":                      good[:strings.Index(good, "xref\n0 ")],
		"an object without its end":   strings.Replace(good, "/Kids[3 0 R]/Count 1>>\nendobj\n", "/Kids[3 0 R]/Count 1>>\n", 1),
		"bytes in front":              "\n\n\n" + good,
		"a size that is too small":    strings.Replace(good, "/Size 7", "/Size 2", 1),
		"an offset of another object": strings.Replace(good, good[strings.Index(good, "0000000009"):][:10], "0000000058", 1),
	}
	for what, data := range mended {
		t.Run(what, func(t *testing.T) {
			file, err := Open(t.Context(), []byte(data), Options{})
			if err != nil {
				t.Fatal(err)
			}
			p, err := file.Page(t.Context(), 0)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(textOf(p), "水渠清淤") {
				t.Errorf("the text is %q", textOf(p))
			}
		})
	}
	for what, data := range map[string]string{
		"only a header":   "%PDF-1.4\n",
		"a wrong count":   strings.Replace(good, "/Count 1", "/Count 2", 1),
		"a loop of pages": string(BuildPDF("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R]/Count 1>>")),
	} {
		t.Run(what, func(t *testing.T) {
			_, err := Open(t.Context(), []byte(data), Options{})
			var p *model.Problem
			if !errors.As(err, &p) || p.Code != CodeDamaged {
				t.Errorf("error %v, want %s", err, CodeDamaged)
			}
		})
	}
}

// A byte that changed within the numbers that place lines or text leaves an
// operator without them, and what follows somewhere else.
func TestDamagedPlaces(t *testing.T) {
	for _, content := range []string{
		"BT /F1 10 Tf 0 5$0 Td (a) Tj ET",
		"BT /F1 10 Tf 1 0 0 1 10\"40 Tm (a) Tj ET",
		"BT /F1 10 Tf 0 50 Td 10 TL (a) Tj <62> T* ET",
		"q 1 0 0 1 10 =0 cm BT /F1 10 Tf (a) Tj ET Q",
		"10 10 50 ;0 re S",
		"168 253093 1 re f",
		"10 \xb10 m 20 20 l S",
		"10 10 m 20 2! l S",
		"10 10 m 1 2 3 4 5 c S",
		"10 10 m 1 2 3 v S",
	} {
		f := newFile(onePage(content, nil))
		if _, err := f.readPage(t.Context(), f.pages(10)[0]); !errors.Is(err, ErrLost) {
			t.Errorf("%s: %v", content, err)
		}
	}
	draw(t, onePage("BX 1 2 3 Tm EX BT /F1 10 Tf (a) Tj ET", nil)) // what a reader may pass over
}
