package grid

import (
	"cmp"
	"slices"
	"unicode/utf8"

	"perfgoal/model"
)

// rowSlack is how far the rows of two halves of a form may differ in height,
// in points.
const rowSlack = 1.5

// joinHalves puts a form together that is wider than the page and was printed
// as a left and a right half, page by page or all left halves first: their rows
// are the same heights. A cell that the cut divides within several lines cannot
// be put together for certain.
func joinHalves(pages []*Page) []*Page {
	pages = putTogether(pages)
	for _, p := range pages {
		for i := range p.tables {
			if t := &p.tables[i]; p.bleeds(t) {
				cutOff(t.cells, func(*cell) bool { return true })
			}
		}
	}
	return pages
}

// bleeds says whether a table runs over the page's edge and so lacks a part:
// what its rows and columns mean cannot be told.
func (p *Page) bleeds(t *table) bool {
	return t.openRight && t.xs[len(t.xs)-1] > p.width-bleed || t.openLeft && t.xs[0] < bleed
}

// Cut says whether nothing but parts of forms stands on the pages, cut by
// their edges, that could not be put together.
func Cut(pages []*Page, words Words) bool {
	cut := false
	for _, p := range putTogether(pages) {
		for i := range p.tables {
			t := &p.tables[i]
			if !slices.ContainsFunc(t.cells, func(c cell) bool { return c.text != "" && words.Label(c.text) }) {
				continue
			}
			if !p.bleeds(t) {
				return false
			}
			cut = true
		}
	}
	return cut
}

// bleed is how near to the page's edge a ruling ends that the edge has cut, in
// points.
const bleed = 2

func putTogether(pages []*Page) []*Page {
	pages = joinDownThenOver(pages)
	for i := 0; i+1 < len(pages); i++ {
		a, b := pages[i], pages[i+1]
		if len(a.tables) != 1 || len(b.tables) != 1 {
			continue
		}
		l, r := &a.tables[0], &b.tables[0]
		if !l.openRight || !r.openLeft {
			continue
		}
		if !sameRows(l, r) || straddled(l, r) {
			if l.xs[len(l.xs)-1] > a.width-margin && abs32(l.xs[len(l.xs)-1]-r.xs[len(r.xs)-1]) > edge {
				cutOff(l.cells, func(c *cell) bool { return c.openRight })
				cutOff(r.cells, func(c *cell) bool { return c.openLeft })
			}
			continue
		}
		pages = slices.Concat(pages[:i], []*Page{joinPages(a, b)}, pages[i+2:])
		i-- // perhaps there is a third part
	}
	return pages
}

// joinDownThenOver joins the pages of a sheet that was printed in columns of
// pages: all left halves, then all right ones. Every page must have its twin.
func joinDownThenOver(pages []*Page) []*Page {
	const fewest = 8 // rows that must agree over all pages
	h := len(pages) / 2
	if h == 0 || len(pages)%2 != 0 {
		return pages
	}
	rows, whole, torn := 0, 0, false
	for i := range h {
		a, b := pages[i], pages[i+h]
		if len(a.tables) != 1 || len(b.tables) != 1 || !sameRows(&a.tables[0], &b.tables[0]) ||
			len(a.tables[0].xs) == len(b.tables[0].xs) && !a.tables[0].openRight {
			return pages
		}
		rows += len(a.tables[0].ys) - 1
		whole += a.tables[0].closedRows()
		torn = torn || straddled(&a.tables[0], &b.tables[0])
	}
	// A spreadsheet is cut between its columns, and only through the text of
	// merged cells; a cut through a column leaves nothing certain.
	if rows < fewest || torn && 2*whole < rows {
		return pages
	}
	out := make([]*Page, h)
	for i := range h {
		out[i] = joinPages(pages[i], pages[i+h])
	}
	return out
}

// closedRows counts the rows whose last cell a ruling closes.
func (t *table) closedRows() int {
	n := 0
	for i := range t.cells {
		if c := &t.cells[i]; c.c1 == len(t.xs)-1 && !c.openRight {
			n += c.r1 - c.r0
		}
	}
	return n
}

// joinPages is the page of a left and a right half.
func joinPages(a, b *Page) *Page {
	joined := *a
	l, r := &a.tables[0], &b.tables[0]
	joined.tables = []table{beside(l, r)}
	joined.lines = joinLines(a.lines, b.lines, l, r)
	joined.tables[0].above = l.above
	joined.ignored = slices.Concat(a.ignored, b.ignored)
	return &joined
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

// beside is the table of a left and a right half. Cells that no ruling closes at
// the cut are one, and doubted where it runs through characters.
func beside(l, r *table) table {
	out := *l
	cols := len(l.xs) - 1
	shift := l.xs[cols] - r.xs[0]
	out.xs = slices.Clone(l.xs)
	for _, x := range r.xs[1:] {
		out.xs = append(out.xs, x+shift)
	}
	out.cells = slices.Clone(l.cells)
	torn := straddled(l, r)
	used := map[int]bool{}
	for i := range out.cells {
		c := &out.cells[i]
		if !c.openRight {
			continue
		}
		for n := range r.cells {
			o := &r.cells[n]
			if used[n] || !o.openLeft || o.r0 != c.r0 || o.r1 != c.r1 {
				continue
			}
			used[n] = true
			if c.text != "" && o.text != "" && (torn || c.lines > 1 || o.lines > 1) {
				c.doubt = &model.CellDoubt{Code: model.CutOff, Message: model.Message{Text: wordCut}}
			}
			if c.doubt == nil {
				c.doubt = o.doubt
			}
			c.text = model.JoinWrapped(c.text, o.text)
			c.c1, c.x1, c.openRight = cols+o.c1, o.x1+shift, o.openRight
			break
		}
	}
	for n, o := range r.cells {
		if used[n] {
			continue
		}
		o.c0, o.c1 = o.c0+cols, o.c1+cols
		o.x0, o.x1 = o.x0+shift, o.x1+shift
		o.openLeft = false
		out.cells = append(out.cells, o)
	}
	slices.SortStableFunc(out.cells, func(a, b cell) int { return cmp.Or(a.r0-b.r0, a.c0-b.c0) })
	out.owner = nil
	out.openRight = r.openRight
	return out
}

// straddled says whether the cut runs through characters, which then stand on
// both halves or on none.
func straddled(l, r *table) bool {
	for _, c := range l.cells {
		for _, o := range r.cells {
			if c.c1 != len(l.xs)-1 || o.c0 != 0 || o.r0 != c.r0 || c.text == "" || o.text == "" {
				continue
			}
			a, _ := utf8.DecodeLastRuneInString(c.text)
			if b, _ := utf8.DecodeRuneInString(o.text); a == b {
				return true
			}
		}
	}
	return false
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
