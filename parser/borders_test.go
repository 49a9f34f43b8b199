package parser

import (
	"fmt"
	"strings"
	"testing"
)

// With whatever borders a form is printed, it is the same form, or what is
// unsure is doubted.
func TestFormsWithFewBorders(t *testing.T) {
	sizes := []float64{10}
	if *full {
		sizes = []float64{8, 9, 9.5, 10, 10.5, 11, 12}
	}
	for _, border := range []string{"full", "none", "horizontal", "vertical", "outer", "zebra"} {
		for _, loose := range []bool{false, true} {
			for _, centred := range []bool{false, true} {
				for _, long := range []bool{false, true} {
					t.Run(fmt.Sprintf("%s,loose=%t,centred=%t,long=%t", border, loose, centred, long), func(t *testing.T) {
						var all tally
						for _, size := range sizes {
							f := briefForm()
							if long {
								f = longForm()
							}
							p := paper{border: border, pad: 1.5, size: size, centred: centred, head: fmt.Sprintf("%d年区级预算", f.Year), foot: "第 # 页"}
							if loose {
								p.pad = 6
							}
							if long {
								p.first, p.later, p.whole = 640, 700, true
							}
							data := p.print(f)
							y := judge([]truthForm{f}, parseBytes(t, data, Options{Engine: "pdfcpu"}))
							if len(y.bad) > 0 {
								t.Errorf("at %g points: %s", size, strings.Join(y.bad[:min(len(y.bad), 6)], "; "))
								keep(fmt.Sprintf("%s-%t-%t-%t-%g", border, loose, centred, long, size), data)
							}
							all.add(y)
						}
						if n := all.right + all.doubted + all.refused + len(all.bad); 100*all.right < 85*n {
							t.Errorf("only %v", &all)
						}
						t.Log(&all)
					})
				}
			}
		}
	}
}
