package grid

import "perfgoal/model"

// Line is a line of running text: text outside tables.
type Line struct {
	Text string
	Page int // 1-based
	Box  model.Box
	// Edge is set at a page's top and bottom, where running headers stand.
	Edge bool
	// Apart is set where a table stands between the line and the one before it.
	Apart bool
}

// edgeShare is the share of a page's height at its top and bottom where running
// headers, footers and page numbers stand.
const edgeShare = 0.12

// EachLine hands on the running text of the pages in reading order, without
// page numbers.
func EachLine(pages []*Page, yield func(Line) bool) {
	apart := false
	for _, p := range pages {
		next := 0
		upTo := func(n int) bool {
			for ; next < n; next++ {
				l := &p.lines[next]
				edge := l.base < edgeShare*p.height || l.base > (1-edgeShare)*p.height
				if edge && pageNumber(p, *l) {
					continue
				}
				if !yield(Line{Text: l.text, Page: p.number, Box: model.Box{round(l.x0), round(l.y0), round(l.x1), round(l.y1)}, Edge: edge, Apart: apart}) {
					return false
				}
				apart = false
			}
			return true
		}
		for t := range p.tables {
			if !upTo(p.tables[t].above) {
				return
			}
			apart = true
		}
		if !upTo(len(p.lines)) {
			return
		}
	}
}
