package parser

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// ink adds to a printed form what people put over it, and hides parts of it.
type ink struct {
	name string
	draw func(s *sheets)
	hide bool // the values it covers may be doubted, but all others must be read
}

// turned writes a text on a slant, degrees anticlockwise, in an RGB colour.
func (s *sheets) turned(page int, x, y, size, degrees float64, colour, text string) {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	fmt.Fprintf(s.page(page), "q %s rg BT /F %g Tf %.4f %.4f %.4f %.4f %.2f %.2f Tm <%s> Tj ET Q\n", colour, size, cos, sin, -sin, cos, x, paperHeight-y, hexOf(text))
}

func TestWhatIsPrintedOverAForm(t *testing.T) {
	const red, grey, blue = "0.85 0.1 0.1", "0.8 0.8 0.8", "0.7 0.8 0.95"
	marks := []ink{
		{name: "a diagonal mark in light grey", draw: func(s *sheets) { s.turned(0, 120, 600, 60, 45, grey, "内部资料") }},
		{name: "a diagonal mark in strong red", draw: func(s *sheets) { s.turned(0, 120, 600, 60, 30, red, "征求意见稿") }},
		{name: "a diagonal mark in black at the text's own size", draw: func(s *sheets) { s.turned(0, 200, 400, 9, 45, "0 0 0", "仅供内部审核使用") }},
		{name: "a flat large mark in light grey", draw: func(s *sheets) { s.turned(0, 100, 400, 70, 0, grey, "样本样本") }},
		{name: "a flat large mark in light blue", draw: func(s *sheets) { s.turned(0, 60, 300, 48, 0, blue, "预算公开专用") }},
		{name: "small tilted tiles", draw: func(s *sheets) {
			for y := 120.0; y < 800; y += 70 {
				for x := 30.0; x < 560; x += 130 {
					s.turned(0, x, y, 11, 20, grey, "财政局 张三 2026")
				}
			}
		}},
		{name: "small flat tiles in light grey", draw: func(s *sheets) {
			for y := 133.0; y < 800; y += 61 {
				for x := 27.0; x < 560; x += 113 {
					s.turned(0, x, y, 13, 0, "0.87 0.87 0.87", "区财政局监制")
				}
			}
		}},
		{name: "a mark turned upwards along the edge", draw: func(s *sheets) { s.turned(0, 570, 700, 10, 90, grey, "电子文件 打印无效") }},
		{name: "a round seal", draw: func(s *sheets) {
			for i, r := range []rune("梧桐区教育局财务专用章") {
				a := 210 - float64(i)*24
				sin, cos := math.Sincos(a * math.Pi / 180)
				s.turned(0, 420+45*cos, 330-45*sin, 11, a-90, red, string(r))
			}
			s.turned(0, 414, 333, 14, 0, red, "★")
		}},
		{name: "a tilted stamp over amounts", draw: func(s *sheets) { s.turned(0, 330, 260, 24, 12, red, "已审核") }},
		{name: "a straight stamp over amounts", hide: true, draw: func(s *sheets) { s.turned(0, 400, 226, 22, 0, red, "已审核") }},
		{name: "white text between the lines", draw: func(s *sheets) { s.turned(0, 150, 240, 9, 0, "1 1 1", "999,999.00") }},
		{name: "text without paint", draw: func(s *sheets) {
			fmt.Fprintf(s.page(0), "q 3 Tr BT /F 9 Tf 1 0 0 1 150 600 Tm <%s> Tj ET Q\n", hexOf("隐藏文字"))
		}},
		{name: "text smaller than a point", draw: func(s *sheets) { s.turned(0, 150, 240, 0.6, 0, "0 0 0", "看不见的小字") }},
		{name: "text outside the clip", draw: func(s *sheets) {
			fmt.Fprintf(s.page(0), "q 0 0 10 10 re W n BT /F 9 Tf 1 0 0 1 150 600 Tm <%s> Tj ET Q\n", hexOf("剪掉的字"))
		}},
		{name: "text off the page", draw: func(s *sheets) { s.turned(0, 800, 240, 9, 0, "0 0 0", "页外文字") }},
		{name: "a highlighted cell", draw: func(s *sheets) {
			under(s, fmt.Sprintf("q 1 1 0 rg 40 %d 515 14 re f Q\n", paperHeight-200))
		}},
		{name: "a tilted mark in a form XObject's place, drawn first", draw: func(s *sheets) {
			under(s, fmt.Sprintf("q 0.8 0.8 0.8 rg BT /F 54 Tf 0.7071 0.7071 -0.7071 0.7071 150 250 Tm <%s> Tj ET Q\n", hexOf("草稿")))
		}},
		{name: "a mark in outlines", draw: func(s *sheets) {
			fmt.Fprintf(s.page(0), "q 1 Tr 0.8 0.2 0.2 RG BT /F 66 Tf 0.866 0.5 -0.5 0.866 150 350 Tm <%s> Tj ET Q\n", hexOf("作废"))
		}},
	}
	var all tally
	for _, border := range []string{"full", "none"} {
		for _, m := range marks {
			t.Run(border+" "+m.name, func(t *testing.T) {
				for _, f := range []truthForm{briefForm(), longForm()} {
					s := paper{border: border, pad: 3.5, size: 9, centred: border == "full"}.sheets(f)
					m.draw(s)
					data := s.pdf()
					y := judge([]truthForm{f}, parseBytes(t, data, Options{Engine: "pdfcpu"}))
					if len(y.bad) > 0 {
						t.Errorf("%s: %s", f.ProjectName, strings.Join(y.bad[:min(len(y.bad), 5)], "; "))
						keep("mark-"+border+"-"+strings.ReplaceAll(m.name, " ", "_")+fmt.Sprint(f.Year), data)
					}
					if most := 0; !m.hide && y.doubted+y.refused > most {
						t.Logf("%s: %v", f.ProjectName, &y)
					}
					all.add(y)
				}
			})
		}
	}
	if n := all.right + all.doubted + all.refused + len(all.bad); 100*all.right < 85*n {
		t.Errorf("only %v", &all)
	}
	t.Log(&all)
}

// under draws something below all that stands on the first page.
func under(s *sheets, content string) {
	p := s.page(0)
	rest := p.String()
	p.Reset()
	p.WriteString(content + rest)
}
