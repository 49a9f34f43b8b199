package pdf

import (
	"errors"
	"math"
	"testing"

	"perfgoal/model"
)

func FuzzLexer(f *testing.F) {
	for _, s := range []string{"q 1 0 0 1 0 0 cm", "(a\\(b\\101)c)", "<4E2D5>", "/A#20B", "[1 2[3]]<</K(v)>>", "0.-5 --3 1.2.3", "%c\r\n", "(", "<", "/"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		l := lexer{data: data}
		for at := -1; ; {
			k := l.next()
			if k == tokEOF {
				break
			}
			if l.pos <= at || l.pos > len(data) {
				t.Fatalf("stands still at %d of %d", l.pos, len(data))
			}
			at = l.pos
			if k == tokNumber && (math.IsNaN(l.num) || math.IsInf(l.num, 0)) {
				t.Fatalf("number %v", l.num)
			}
		}
		v := lexer{data: data}
		v.value(v.next(), 0)
	})
}

func FuzzCMap(f *testing.F) {
	for _, s := range []string{
		"1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfchar <01> <9879> endbfchar",
		"2 beginbfrange <01> <05> <D842DFB7> <06> <07> [<4E00> <4E01>] endbfrange",
		"/WMode 1 def 1 begincodespacerange <8140> <FEFE> endcodespacerange 1 begincidrange <8140> <8150> 900 endcidrange 1 begincidchar <20> 1 endcidchar",
		"/Identity-H usecmap",
	} {
		f.Add([]byte(s), []byte("\x81\x40A"))
	}
	f.Fuzz(func(t *testing.T, data, text []byte) {
		m := parseCMap(data)
		if len(m.text) > maxMapped {
			t.Fatalf("%d characters are mapped", len(m.text))
		}
		for len(text) > 0 {
			code, n := m.cut(text)
			if n < 1 || n > len(text) {
				t.Fatalf("a code of %d bytes out of %d", n, len(text))
			}
			m.cid(code)
			text = text[n:]
		}
	})
}

func FuzzContent(f *testing.F) {
	for _, s := range []string{
		"BT /F1 12 Tf 10 50 Td (Hi) Tj [(a) -200 (b)] TJ T* (c) ' 1 2 (d) \" ET",
		"q 2 0 0 2 5 5 cm 0 0 50 10 re S Q 1 g 0 0 1 40 re f 0 0 10 10 re W n",
		"/Fm Do /Im Do q q Q Q Q",
		"BI /W 1 /H 1 ID \xff\x00 EI 1 0 0 RG 0 0 m 100 0 l s",
		"/Span <</ActualText(x)>> BDC (\x01) Tj EMC /GS gs 50 Tz 3 Ts 1 Tc 2 Tw",
		"", // a page that brings a font along and draws nothing has lost its contents
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file := newFile(pageWithForms(string(data)))
		p, err := file.readPage(t.Context(), file.pages(1)[0])
		var over budgetError
		if err != nil && !errors.As(err, &over) && !errors.Is(err, ErrLost) {
			t.Fatal(err)
		}
		for _, g := range p.Glyphs {
			for _, v := range []float32{g.X0, g.Y0, g.X1, g.Y1, g.Base, g.Size} {
				if v != v {
					t.Fatalf("glyph %+v lies nowhere", g)
				}
			}
			if g.X0 > g.X1 || g.Y0 > g.Y1 || g.Turn > 3 {
				t.Fatalf("glyph %+v is inside out", g)
			}
		}
		for _, r := range p.Rulings {
			if !(r.X0 <= r.X1 && r.Y0 <= r.Y1) || r.X0 != r.X1 && r.Y0 != r.Y1 {
				t.Fatalf("ruling %+v is no line", r)
			}
		}
	})
}

// pageWithForms has a form XObject that draws itself, an image, a graphics
// state and a second page-wide form.
func pageWithForms(content string) fakeLayer {
	l := onePage(content, dict{"Resources": dict{
		"Font":      dict{"F1": latin(), "F2": dict{"Subtype": name("Type0"), "Encoding": name("GBK-EUC-V")}},
		"XObject":   dict{"Fm": ref{5, 0}, "Im": ref{6, 0}},
		"ExtGState": dict{"GS": dict{"LW": 3, "Font": array{ref{7, 0}, 9}}},
	}})
	l[5] = &stream{dict: dict{"Subtype": name("Form"), "Matrix": array{1, 0, 0, 1, 3, 4}, "BBox": array{0, 0, 100, 100}}, raw: []byte("/Fm Do BT /F1 9 Tf (f) Tj ET q")}
	l[6] = &stream{dict: dict{"Subtype": name("Image")}}
	l[7] = latin()
	return l
}

func FuzzFile(f *testing.F) {
	f.Add(FormPDF())
	f.Add(BuildPDF("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R 3 0 R]>>", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"))
	f.Add([]byte("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>\n2 0 obj<</Type/Pages/Kids[3 0 R]>>\n3 0 obj<</Type/Page/Contents 4 0 R>>\n4 0 obj<</Length 9>>stream\nBT ET"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<16 {
			t.Skip("too large to be of use here")
		}
		file, err := Open(t.Context(), data, Options{})
		var p *model.Problem
		if err != nil {
			if !errors.As(err, &p) || p.Code == "" {
				t.Fatalf("error %v says nothing to the user", err)
			}
			return
		}
		var totals Totals
		for i := range min(file.NumPages(), 8) {
			page, err := file.Page(t.Context(), i)
			if err != nil {
				if !errors.As(err, &p) {
					t.Fatalf("page %d: %v", i+1, err)
				}
				return
			}
			totals.Add(&page)
		}
		if err := totals.Judge(); err != nil && !errors.As(err, &p) {
			t.Fatal(err)
		}
	})
}
