package grid

import (
	"slices"

	"perfgoal/model"
)

// rowSlack is how far the rows of two halves of a form may differ in height,
// in points.
const rowSlack = 1.5

// joinHalves puts a form together that is wider than the page and was printed
// as a left and a right half: the left one is open at its right edge, the right
// one at its left edge, and their rows are the same heights. A cell that the
// cut divides within several lines cannot be put together for certain.
func joinHalves(pages []*Page) []*Page {
	for i := 0; i+1 < len(pages); i++ {
		a, b := pages[i], pages[i+1]
		if len(a.tables) != 1 || len(b.tables) != 1 {
			continue
		}
		l, r := &a.tables[0], &b.tables[0]
		if !l.openRight || !r.openLeft {
			continue
		}
		if !sameRows(l, r) {
			if l.xs[len(l.xs)-1] > a.width-margin && abs32(l.xs[len(l.xs)-1]-r.xs[len(r.xs)-1]) > edge {
				cutOff(l.cells, func(c *cell) bool { return c.c1 == len(l.xs)-1 })
				cutOff(r.cells, func(c *cell) bool { return c.c0 == 0 })
			}
			continue
		}
		joined := *a
		joined.tables = []table{beside(l, r)}
		joined.lines = joinLines(a.lines, b.lines, l, r)
		joined.tables[0].above = l.above
		pages = slices.Concat(pages[:i], []*Page{&joined}, pages[i+2:])
		i-- // perhaps there is a third part
	}
	return pages
}

// margin is how far from the page's right edge a table may end that the edge
// has cut, in points.
const margin = 72

// cutOff doubts the cells at the edge of a table whose other part was not
// found.
func cutOff(cells []cell, at func(*cell) bool) {
	for i := range cells {
		if c := &cells[i]; c.text != "" && at(c) {
			c.doubt = &model.CellDoubt{Code: model.CutOff, Message: model.Message{Text: wordCut}}
		}
	}
}

// sameRows says whether two tables have rows of the same heights.
func sameRows(a, b *table) bool {
	if len(a.ys) != len(b.ys) || len(a.ys) < 4 {
		return false
	}
	for i := 1; i < len(a.ys); i++ {
		if abs32((a.ys[i]-a.ys[i-1])-(b.ys[i]-b.ys[i-1])) > rowSlack {
			return false
		}
	}
	return true
}

// wordCut is said of a cell that the page's edge cut within several lines.
var wordCut = model.Text{
	Zh: "这一格被页面边缘切成两半，无法确定地拼接；请调整打印缩放，让整张表在一页之内",
	En: "the page's edge cuts this cell in two, and it cannot be put together for certain; print the form to fit the page",
}

// beside is the table of a left and a right half. The cells at the cut are one.
func beside(l, r *table) table {
	out := *l
	cut := l.xs[len(l.xs)-1]
	shift := cut - r.xs[0]
	out.xs = slices.Clone(l.xs[:len(l.xs)-1])
	for _, x := range r.xs[1:] { // the halves of the column at the cut are one
		out.xs = append(out.xs, x+shift)
	}
	out.cells = slices.Clone(l.cells)
	cols := len(l.xs) - 1
	used := map[int]bool{}
	for i := range out.cells {
		c := &out.cells[i]
		if c.c1 != cols {
			continue
		}
		for n := range r.cells {
			o := &r.cells[n]
			if used[n] || o.c0 != 0 || o.r0 != c.r0 || o.r1 != c.r1 {
				continue
			}
			used[n] = true
			if c.text != "" && o.text != "" && (c.lines > 1 || o.lines > 1) {
				c.doubt = &model.CellDoubt{Code: model.CutOff, Message: model.Message{Text: wordCut}}
			}
			c.text = model.JoinWrapped(c.text, o.text)
			c.c1, c.x1 = cols+o.c1-1, o.x1+shift
			break
		}
	}
	for n, o := range r.cells {
		if used[n] {
			continue
		}
		o.c0, o.c1 = o.c0+cols-1, o.c1+cols-1
		o.x0, o.x1 = o.x0+shift, o.x1+shift
		out.cells = append(out.cells, o)
	}
	slices.SortStableFunc(out.cells, func(a, b cell) int {
		if a.r0 != b.r0 {
			return a.r0 - b.r0
		}
		return a.c0 - b.c0
	})
	out.owner = nil
	out.openRight = r.openRight
	return out
}

// joinLines puts the lines outside the tables together: a line whose twin on
// the other half stands as far over the table is one with it.
func joinLines(a, b []line, l, r *table) []line {
	out := slices.Clone(a)
	for _, x := range b {
		twin := -1
		for i := range out {
			if abs32((l.ys[0]-out[i].base)-(r.ys[0]-x.base)) <= rowSlack {
				twin = i
			}
		}
		if twin < 0 {
			out = append(out, x)
			continue
		}
		out[twin].text += x.text
		out[twin].pieces = append(slices.Clone(out[twin].pieces), x.pieces...)
	}
	return out
}
