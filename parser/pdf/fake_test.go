package pdf

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// fakeLayer holds a file's objects by number; object 1 is the catalogue.
type fakeLayer map[int]object

func (l fakeLayer) root() (dict, error) {
	d, ok := l[1].(dict)
	if !ok {
		return nil, errNoPages
	}
	return d, nil
}

func (l fakeLayer) load(r ref) object { return l[r.num] }

func (l fakeLayer) all() []ref {
	var out []ref
	for n := range l {
		out = append(out, ref{n, 0})
	}
	slices.SortFunc(out, func(a, b ref) int { return a.num - b.num })
	return out
}

// latin is a font with ASCII text in which every character is half an em wide.
func latin() dict {
	widths := array{}
	for range 95 {
		widths = append(widths, 500)
	}
	return dict{"Type": name("Font"), "Subtype": name("TrueType"), "BaseFont": name("Own"), "Encoding": name("WinAnsiEncoding"), "FirstChar": 32, "Widths": widths}
}

// onePage is a page of 200 by 100 points with the font F1; more is added to
// the page's dictionary.
func onePage(content string, more dict) fakeLayer {
	page := dict{"Type": name("Page"), "Parent": ref{2, 0}, "Contents": ref{4, 0}}
	for k, v := range more {
		page[k] = v
	}
	return fakeLayer{
		1: dict{"Type": name("Catalog"), "Pages": ref{2, 0}},
		2: dict{"Type": name("Pages"), "Kids": array{ref{3, 0}}, "Count": 1, "MediaBox": array{0, 0, 200, 100},
			"Resources": dict{"Font": dict{"F1": latin()}}},
		3: page,
		4: &stream{dict: dict{}, raw: []byte(content)},
	}
}

func draw(t testing.TB, l fakeLayer) Page {
	t.Helper()
	f := newFile(l)
	nodes := f.pages(10)
	if len(nodes) != 1 {
		t.Fatalf("%d pages", len(nodes))
	}
	p, err := f.readPage(context.Background(), nodes[0])
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func textOf(p Page) string {
	var b strings.Builder
	for _, g := range p.Glyphs {
		b.WriteRune(g.Rune)
		b.WriteString(g.Tail)
	}
	return b.String()
}

// BuildPDF writes a file with the bodies as objects 1, 2, …, of which the
// first is the catalogue. trailer is added to the trailer's dictionary.
func BuildPDF(trailer string, bodies ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	offsets := []int{}
	for i, body := range bodies {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, body)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(bodies)+1)
	for _, at := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n", len(bodies)+1, trailer, start)
	return b.Bytes()
}

// StreamObject is the body of a stream object; more stands in its dictionary.
func StreamObject(more, data string) string {
	return "<<" + more + "/Length " + strconv.Itoa(len(data)) + ">>\nstream\n" + data + "\nendstream"
}

// FormPDF is a page with a small declaration in the encoding UniGB-UCS2-H,
// drawn as a table with rulings; more is added to its contents.
func FormPDF(more ...string) []byte {
	rows := [][]string{
		{"项目名称", "水渠清淤", "主管部门", "水利局"},
		{"年度资金总额", "12.50", "其中：财政拨款", "12.50"},
		{"年度目标", "清淤二十公里", "", ""},
		{"一级指标", "二级指标", "三级指标", "指标值"},
		{"产出指标", "数量指标", "清淤长度", "≥20公里"},
		{"满意度指标", "服务对象满意度指标", "村民满意度", "≥90%"},
	}
	var c strings.Builder
	show := func(x, y int, s string) {
		fmt.Fprintf(&c, "BT /F1 9 Tf %d %d Td <", x, y)
		for _, r := range s {
			fmt.Fprintf(&c, "%04X", r)
		}
		c.WriteString("> Tj ET\n")
	}
	show(200, 780, "项目支出绩效目标申报表")
	show(220, 765, "（2026年度）")
	show(400, 765, "单位：万元")
	for i, row := range rows {
		y := 740 - 24*i
		for j, s := range row {
			fmt.Fprintf(&c, "%d %d 120 24 re S\n", 50+120*j, y-8)
			show(54+120*j, y, s)
		}
	}
	for _, s := range more {
		c.WriteString(s)
	}
	return BuildPDF("",
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
		StreamObject("", c.String()),
		"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>",
		"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/DW 1000>>",
	)
}
