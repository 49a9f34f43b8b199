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
func joinHalves(pages []*Page, words Words) []*Page {
	pages = putTogether(pages, words)
	lacks := lacking(pages, words)
	for _, p := range pages {
		for i := range p.tables {
			t := &p.tables[i]
			switch lacks(p, t) {
			case aPart:
				cutOff(t.cells, func(*cell) bool { return true })
			case aBorder:
				t.oneBorder = true
			}
		}
	}
	return pages
}

// What a table lacks.
type lack int

const (
	nothing lack = iota
	aBorder      // and perhaps columns beyond it that a form can be without
	aPart        // what its rows and columns mean cannot be told
)

// lacking says what tables lack that run over the page's edge, or are open on
// one side alone. Where such a table has its indicators' names and values, and no
// other is open on the other side, the rest of it is nowhere, and a border may be
// all that is missing.
func lacking(pages []*Page, words Words) func(*Page, *table) lack {
	var whole []*table
	other := map[bool]bool{} // by whether the left side is the open one
	for _, p := range pages {
		for i := range p.tables {
			t := &p.tables[i]
			if !t.large() || !t.oneSided() {
				continue
			}
			other[!t.openLeft] = true
			if t.hasValues(words) {
				whole = append(whole, t)
			}
		}
	}
	return func(p *Page, t *table) lack {
		first, last := t.xs[0], t.xs[len(t.xs)-1]
		switch {
		case t.openRight && last > p.width-bleed || t.openLeft && first < bleed:
			return aPart
		case !t.large() || !t.oneSided() && !t.partlyOpen():
			return nothing
		case t.partlyOpen() || other[t.openLeft]:
			return aPart
		case slices.ContainsFunc(whole, func(o *table) bool {
			return o.openLeft == t.openLeft && abs32(o.xs[0]-first) <= edge && abs32(o.xs[len(o.xs)-1]-last) <= edge
		}):
			return aBorder
		}
		return aPart
	}
}

// large says whether a table has rows and columns enough for one side that is
// open to tell something.
func (t *table) large() bool {
	const fewRows, fewColumns = 5, 3 // rulings
	return len(t.ys) > fewRows && len(t.xs) > fewColumns
}

// hasValues says whether the table has a header of indicators with the column
// of their values, and a known heading at its open side, and whether the texts
// below those are whole: a cut through a column leaves its heading, or blanks,
// or texts that reach the cut.
func (t *table) hasValues(words Words) bool {
	if words.Values == nil {
		return false
	}
	for r := range len(t.ys) - 1 {
		var texts []string
		var cells []*cell
		for i := range t.cells {
			if c := &t.cells[i]; c.r0 == r || c.r0 == r+1 { // of one row, or two
				texts, cells = append(texts, c.text), append(cells, c)
			}
		}
		n := words.Values(texts)
		if n < 0 {
			continue
		}
		outer := cells[n]
		for _, c := range cells {
			if c.r0 == outer.r0 && (t.openLeft && c.c0 == 0 || t.openRight && c.c1 == len(t.xs)-1) {
				outer = c
			}
		}
		return (outer.text == "" || words.Label(outer.text)) && t.mostlyWhole(cells[n]) && (t.openLeft || t.mostlyWhole(outer))
	}
	return false
}

// mostlyWhole says whether few cells below a heading are blank, or have a text
// that reaches the cell's edge.
func (t *table) mostlyWhole(head *cell) bool {
	const few = 3 // one of so many
	rows, blank, full := 0, 0, 0
	for i := range t.cells {
		c := &t.cells[i]
		if c.c0 != head.c0 || c.r0 < head.r1 {
			continue
		}
		rows++
		switch {
		case c.text == "":
			blank++
		case c.full && c.lines == 1:
			full++
		}
	}
	return few*blank <= rows && few*full <= rows
}

// Cut says whether nothing but parts of forms stands on the pages, cut by
// their edges, that could not be put together.
func Cut(pages []*Page, words Words) bool {
	cut := false
	pages = putTogether(pages, words)
	lacks := lacking(pages, words)
	for _, p := range pages {
		for i := range p.tables {
			t := &p.tables[i]
			if !slices.ContainsFunc(t.cells, func(c cell) bool { return c.text != "" && words.Label(c.text) }) {
				continue
			}
			if lacks(p, t) != aPart {
				return false
			}
			cut = true
		}
	}
	return cut
}

// oneSided says whether a side of the table is open and the other is not: a
// table that is drawn open is so on both.
func (t *table) oneSided() bool { return t.openLeft != t.openRight }

// partlyOpen says whether the border at a side only closes some of the rows: it
// is one between two columns, of which the second was cut off, and what is
// merged goes on there.
func (t *table) partlyOpen() bool {
	const some = 2 // rows
	left, right := 0, 0
	for i := range t.cells {
		if t.cells[i].openLeft {
			left++
		}
		if t.cells[i].openRight {
			right++
		}
	}
	return !t.openRight && right >= some && left == 0 || !t.openLeft && left >= some && right == 0
}

// bleed is how near to the page's edge a ruling ends that the edge has cut, in
// points.
const bleed = 2

func putTogether(pages []*Page, words Words) []*Page {
	if sheet := joinSheet(pages, words); sheet != nil {
		return sheet
	}
	pages = joinDownThenOver(pages, words)
	for i := 0; i+1 < len(pages); i++ {
		a, b := pages[i], pages[i+1]
		if len(a.tables) != 1 || len(b.tables) != 1 {
			continue
		}
		l, r := &a.tables[0], &b.tables[0]
		if b := b.withRowsOf(l); closedHalves(a, b, words) {
			pages = slices.Concat(pages[:i], []*Page{joinPages(a, b)}, pages[i+2:])
			i--
			continue
		}
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

// joinSheet joins the pages of a sheet that is both wider and higher than a
// page, whose borders are drawn along the cuts: in columns of pages, or row by
// row. The first row of pages shows that they are parts of a form; the others
// have the same columns, and rulings at the same heights. nil where they have
// not.
func joinSheet(pages []*Page, words Words) []*Page {
	const most = 4 // parts beside each other
	boxed := make([]*Page, len(pages))
	for i, p := range pages {
		if boxed[i] = p.boxed(); len(boxed[i].tables) != 1 {
			return nil
		}
	}
	pages = boxed
	for parts := 2; parts <= most; parts++ {
		rows := len(pages) / parts
		if rows < 2 || len(pages)%parts != 0 {
			continue
		}
		for _, order := range []func(i, j int) int{
			func(i, j int) int { return j*rows + i },
			func(i, j int) int { return i*parts + j },
		} {
			if sheet := joinRowsOfPages(pages, rows, parts, order, words); sheet != nil {
				return sheet
			}
		}
	}
	return nil
}

func joinRowsOfPages(pages []*Page, rows, parts int, order func(i, j int) int, words Words) []*Page {
	out := make([]*Page, rows)
	for i := range out {
		out[i] = pages[order(i, 0)]
		if i > 0 && !sameWidth(out[i], pages[order(0, 0)]) {
			return nil
		}
		for j := 1; j < parts; j++ {
			b := pages[order(i, j)].withRowsOf(&out[i].tables[0])
			if i == 0 && !closedHalves(out[i], b, words) || i > 0 && !(sameWidth(b, pages[order(0, j)]) && sameHeights(&out[i].tables[0], &b.tables[0])) {
				return nil
			}
			out[i] = joinPages(out[i], b)
		}
	}
	return out
}

// boxed is a page on which a single box stands that is no table by itself, but
// may be the last cell of a part, as a page with that table.
func (p *Page) boxed() *Page {
	if len(p.tables) > 0 || len(p.bars) != 2 || len(p.walls) != 2 {
		return p
	}
	top, bottom, left, right := p.bars[0], p.bars[1], p.walls[0], p.walls[1]
	if top.at > bottom.at {
		top, bottom = bottom, top
	}
	if left.at > right.at {
		left, right = right, left
	}
	if abs32(left.from-top.at) > edge || abs32(left.to-bottom.at) > edge || abs32(top.from-left.at) > edge || abs32(top.to-right.at) > edge {
		return p
	}
	c := cell{r1: 1, c1: 1, x0: left.at, y0: top.at, x1: right.at, y1: bottom.at}
	out := *p
	out.lines = nil
	above := 0
	for _, l := range p.lines {
		switch {
		case l.base < c.y0:
			above++
			out.lines = append(out.lines, l)
		case l.base > c.y1:
			out.lines = append(out.lines, l)
		default:
			c.text = model.JoinWrapped(c.text, l.text)
			c.lines++
		}
	}
	out.tables = []table{{xs: []float32{c.x0, c.x1}, ys: []float32{c.y0, c.y1}, y0: c.y0, y1: c.y1, cells: []cell{c}, above: above}}
	return &out
}

// sameWidth says whether the tables of two pages begin and end at the same
// places.
func sameWidth(a, b *Page) bool {
	x, y := a.tables[0].xs, b.tables[0].xs
	return abs32(x[0]-y[0]) <= edge && abs32(x[len(x)-1]-y[len(y)-1]) <= edge
}

// sameHeights says whether two tables reach from the same height to the same,
// and all rulings of the one that has fewer stand where the other has some.
func sameHeights(a, b *table) bool {
	few, many := a.ys, b.ys
	if len(few) > len(many) {
		few, many = many, few
	}
	return abs32(few[0]-many[0]) <= rowSlack && abs32(few[len(few)-1]-many[len(many)-1]) <= rowSlack &&
		!slices.ContainsFunc(few, func(y float32) bool { return at(many, y) < 0 })
}

// joinDownThenOver joins the pages of a sheet that was printed in columns of
// pages: all left halves, then all right ones. Every page must have its twin.
func joinDownThenOver(pages []*Page, words Words) []*Page {
	const fewest = 8 // rows that must agree over all pages
	h := len(pages) / 2
	if h == 0 || len(pages)%2 != 0 {
		return pages
	}
	rows, whole, torn := 0, 0, false
	for i := range h {
		a, b := pages[i], pages[i+h]
		if len(a.tables) != 1 || len(b.tables) != 1 {
			return pages
		}
		b = b.withRowsOf(&a.tables[0])
		if !closedHalves(a, b, words) && (!sameRows(&a.tables[0], &b.tables[0]) ||
			len(a.tables[0].xs) == len(b.tables[0].xs) && !a.tables[0].openRight) {
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
		out[i] = joinPages(pages[i], pages[i+h].withRowsOf(&pages[i].tables[0]))
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
	joined.parts = true
	l, r := &a.tables[0], &b.tables[0]
	joined.tables = []table{beside(l, r)}
	joined.width = l.xs[len(l.xs)-1] + b.width - r.xs[0]
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

// closedHalves says whether two pages are the halves of a form whose columns
// were divided where one ends, and a border drawn along the cut: their rulings
// stand at the same heights, but for those that only one half has, a form
// begins on the left one alone, and a cell goes on across the cut.
func closedHalves(a, b *Page, words Words) bool {
	const fewest = 5  // rulings that must agree
	const inside = 10 // points from the page's edge, which so cut nothing
	l, r := &a.tables[0], &b.tables[0]
	if a.width-l.xs[len(l.xs)-1] < inside || r.xs[0] < inside || min(len(l.ys), len(r.ys)) < fewest || !sameHeights(l, r) {
		return false
	}
	across := slices.ContainsFunc(l.cells, func(c cell) bool {
		return c.openRight && slices.ContainsFunc(r.cells, func(o cell) bool {
			return o.openLeft && abs32(l.ys[c.r0]-r.ys[o.r0]) <= rowSlack && abs32(l.ys[c.r1]-r.ys[o.r1]) <= rowSlack
		})
	})
	if !across {
		return false
	}
	return !slices.ContainsFunc(b.lines, func(l line) bool {
		again := slices.ContainsFunc(a.lines, func(o line) bool { return o.text == l.text }) // in the margin of every page
		return !again && words.Title(l.text)
	}) &&
		!slices.ContainsFunc(r.cells, func(c cell) bool { return words.Title(c.text) || words.Start(c.text) })
}

// withRowsOf is a page whose table lacks the rows above it that are one cell
// from edge to edge, in the middle of a form of three parts: only rulings over
// and under them show them, at the heights of the left part's. They are put to
// the table.
func (p *Page) withRowsOf(l *table) *Page {
	r := &p.tables[0]
	k := at(l.ys, r.ys[0])
	if k <= 0 {
		return p
	}
	cols := len(r.xs) - 1
	for _, y := range l.ys[:k] {
		if !slices.ContainsFunc(p.bars, func(s segment) bool {
			return abs32(s.at-y) <= rowSlack && s.from <= r.xs[0]+edge && s.to >= r.xs[cols]-edge
		}) {
			return p
		}
	}
	out, t := *p, *r
	t.ys = slices.Concat(l.ys[:k], r.ys)
	t.y0 = t.ys[0]
	t.cells = make([]cell, k, k+len(r.cells))
	for i := range k {
		t.cells[i] = cell{r0: i, r1: i + 1, c1: cols, x0: r.xs[0], y0: t.ys[i], x1: r.xs[cols], y1: t.ys[i+1], openLeft: true, openRight: true}
	}
	for _, c := range r.cells {
		c.r0, c.r1 = c.r0+k, c.r1+k
		t.cells = append(t.cells, c)
	}
	out.lines = nil
	t.above = 0
	for _, l := range p.lines {
		i, _ := slices.BinarySearch(t.ys[:k+1], l.base)
		switch {
		case i == 0:
			t.above++
			out.lines = append(out.lines, l)
		case i > k:
			out.lines = append(out.lines, l)
		default:
			c := &t.cells[i-1]
			c.text = model.JoinWrapped(c.text, l.text)
			c.lines++
		}
	}
	t.owner = nil
	out.tables = []table{t}
	return &out
}

// at is the index of a ruling among others, -1 where none stands at its height.
func at(ys []float32, y float32) int {
	return slices.IndexFunc(ys, func(o float32) bool { return abs32(o-y) <= rowSlack })
}

// refined is a table with further rulings, which divide none of its cells.
func (t *table) refined(ys []float32) table {
	out := *t
	out.ys, out.cells = ys, slices.Clone(t.cells)
	for i := range out.cells {
		c := &out.cells[i]
		c.r0, c.r1 = at(ys, t.ys[c.r0]), at(ys, t.ys[c.r1])
	}
	return out
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
	if len(l.ys) != len(r.ys) {
		finer := l.ys
		if len(r.ys) > len(finer) {
			finer = r.ys
		}
		left, right := l.refined(finer), r.refined(finer)
		l, r = &left, &right
	}
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
			if straddles(c.text, o.text) {
				return true
			}
		}
	}
	return false
}

// straddles says whether a character stands on both sides of a cut.
func straddles(left, right string) bool {
	a, _ := utf8.DecodeLastRuneInString(left)
	b, _ := utf8.DecodeRuneInString(right)
	return a == b
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
