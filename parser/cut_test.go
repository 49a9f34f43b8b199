package parser

import (
	"fmt"
	"strings"
	"testing"
)

// Wherever the page's edge cuts a form that is too wide for it, no field is
// read wrong or lost without a word.
func TestFormsCutByThePagesEdge(t *testing.T) {
	step := 37.0
	if *full {
		step = 1
	}
	run := func(name string, forms []truthForm, boxes func(at float64) [][4]float64) {
		t.Run(name, func(t *testing.T) {
			var all tally
			for _, f := range forms {
				for at := 120.0; at < 540; at += step {
					s := paper{border: "full", pad: 3, size: 9, centred: true}.sheets(f)
					s.boxes = boxes(at)
					data := s.pdf()
					y := judge([]truthForm{f}, parseBytes(t, data, Options{Engine: "pdfcpu"}))
					if len(y.bad) > 0 {
						t.Errorf("%s, cut at %g: %s", f.ProjectName, at, strings.Join(y.bad[:min(len(y.bad), 4)], "; "))
						keep(fmt.Sprintf("cut-%s-%d-%g", strings.ReplaceAll(name, " ", "_"), f.Year, at), data)
					}
					all.add(y)
				}
			}
			t.Log(&all)
		})
	}
	both := []truthForm{briefForm(), longForm()}
	run("two parts", both[:1], func(at float64) [][4]float64 {
		return [][4]float64{{0, 0, at, paperHeight}, {at, 0, paperWidth, paperHeight}}
	})
	run("three parts", both, func(at float64) [][4]float64 {
		a := at / 2
		return [][4]float64{{0, 0, a, paperHeight}, {a, 0, a + 250, paperHeight}, {a + 250, 0, paperWidth + 20, paperHeight}}
	})
	run("the right part is missing", both, func(at float64) [][4]float64 { return [][4]float64{{0, 0, at, paperHeight}} })
}
