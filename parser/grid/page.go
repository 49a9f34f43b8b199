// Package grid rebuilds tables from glyphs and rulings: the rulings cut the page
// into cells, every piece of text goes to the cell its centre lies in, and a
// table that goes on over a page break is put together again.
package grid

import (
	"cmp"
	"iter"
	"math"
	"slices"
	"strings"
	"unicode"

	"perfgoal/internal/zh"
	"perfgoal/model"
	"perfgoal/parser/pdf"
)

// Distances in points.
const (
	snap    = 3.0  // rulings closer than this are one (double borders, cells drawn each for itself)
	minRule = 2.0  // a shorter line, after joining, is an ornament
	hang    = 14.0 // how far text may hang over an open edge
)

// Page is the layout of one page: its ruled tables and the lines outside
// them, top to bottom.
type Page struct {
	number  int
	width   float32
	height  float32
	tables  []table
	lines   []line
	read    bool            // its text was read from a picture
	bars    []segment       // horizontal rulings that make no table
	walls   []segment       // vertical ones
	ignored []model.Ignored // text that is not seen, or printed over the table
	parts   bool            // it was put together of several pages, so that the next number is not the next page's
}

// table is a ruled table on one page.
type table struct {
	rulings             rulingSet
	xs, ys              []float32 // grid lines
	y0, y1              float32   // where its text may stand: beyond the grid lines at an open edge
	cells               []cell
	owner               []int // index of the cell that each square of the grid belongs to
	faint               bool  // its rulings are white: no border can be seen
	openLeft, openRight bool  // no ruling closes that side
	oneBorder           bool  // one of them is open, and what is printed is whole all the same
	above               int   // index in Page.lines of the first line below the table's top
}

// cell is a cell of a page's table; rows and columns are half-open ranges.
type cell struct {
	r0, r1, c0, c1 int
	x0, y0, x1, y1 float32
	text           string
	openTop        bool  // at the table's first row, with no ruling over it
	openBottom     bool  // at the table's last row, with no ruling under it
	openLeft       bool  // at the table's first column, with no ruling left of it
	openRight      bool  // at the table's last column, with no ruling right of it
	full           bool  // its last line reaches the cell's edge: the text may go on
	read           bool  // its text was read from a picture
	unsure         uint8 // how uncertain the least certain character of it is, of 255
	lines          int   // of text
	gappy          int   // of them, with a gap as wide as between two cells
	doubt          *model.CellDoubt
}

// line is a line of text outside the tables.
type line struct {
	x0, y0, x1, y1 float32
	base, size     float32
	text           string
	pieces         []piece
	wide           bool // it has a gap as wide as between two cells
	conflict       bool // texts are printed over one another in it
	read           bool // as of a cell
	unsure         uint8
}

// piece is a stretch of a line without a wide gap in it. Its soft places are
// gaps too wide for one word and too small for two cells.
type piece struct {
	x0, y0, x1, y1 float32
	base           float32
	text           string
	soft           []soft
}

// soft is a small gap within a piece: behind which byte of its text, and from
// where to where.
type soft struct {
	at     int
	x0, x1 float32
}

// NewPage lays a page out.
func NewPage(p *pdf.Page) *Page {
	out := &Page{number: p.Number, width: float32(p.Width), height: float32(p.Height), read: p.Recognised}
	rulings := withoutStrikes(p)
	if out.cut(visible(rulings)); len(out.tables) == 0 {
		// White rulings on white paper still say where the cells are.
		out.cut(rulings)
		for i := range out.tables {
			out.tables[i].faint = true
		}
	}
	out.dropNested()
	slices.SortFunc(out.tables, func(a, b table) int {
		return cmp.Or(cmp.Compare(a.ys[0], b.ys[0]), cmp.Compare(a.xs[0], b.xs[0]))
	})
	glyphs := out.setAside(p)
	out.placeText(glyphs)
	if out.dissolve() {
		out.placeText(glyphs)
	}
	return out
}

// A table is left with too few rulings to divide its cells where this share of
// its rows of text, and so many of them, have wide gaps within a cell.
const (
	gappyShare = 0.3
	gappyLines = 4
)

// dissolve takes back tables whose rulings do not divide all their cells: only
// horizontal or vertical ones, or only an outer box. Their rulings still part
// what stands on either side. It says whether there was such a table.
func (p *Page) dissolve() bool {
	n := len(p.tables)
	p.tables = slices.DeleteFunc(p.tables, func(t table) bool {
		lines, gappy, tall := 0, 0, 0
		for _, c := range t.cells {
			lines += c.lines
			gappy += c.gappy
			if c.lines >= gappyLines && c.r1-c.r0 >= len(t.ys)-1 {
				tall++
			}
		}
		// Columns that nothing divides into rows: more than the two goals of a
		// form stand side by side in full columns of text.
		columns := len(t.ys) == 2 && tall >= 3
		if !columns && (gappy < gappyLines || float64(gappy) < gappyShare*float64(lines)) {
			return false
		}
		p.bars = append(p.bars, t.rulings.h...)
		p.walls = append(p.walls, t.rulings.v...)
		return true
	})
	return len(p.tables) < n
}

func visible(rulings []pdf.Ruling) []pdf.Ruling {
	return slices.DeleteFunc(slices.Clone(rulings), func(r pdf.Ruling) bool { return r.Faint })
}

// cut makes tables of the rulings that hang together.
func (p *Page) cut(rulings []pdf.Ruling) {
	p.bars, p.walls = nil, nil
	for _, rs := range withLone(components(joinRulings(rulings)), p.height) {
		if t, ok := newTable(rs); ok {
			p.tables = append(p.tables, t)
		} else {
			p.bars = append(p.bars, rs.h...)
			p.walls = append(p.walls, rs.v...)
		}
	}
}

// stampSize is how much larger than a page's text a stamp's is.
const stampSize = 1.5

// A line strikes a text where it runs through the middle of its characters,
// within this part of their height, and over this part of its own length.
const middle, struckPart = 0.26, 0.2

// bar is a horizontal ruling of a page and how much text it runs through.
type bar struct {
	ruling            int
	y, x0, x1, struck float32
}

// withoutStrikes leaves out horizontal rulings that run through the middle of
// text: struck-out words, and borders that some browsers' printing misplaces
// at page breaks. No border of a cell does that.
func withoutStrikes(p *pdf.Page) []pdf.Ruling {
	var bars []bar
	for i, r := range p.Rulings {
		if r.Horizontal() && r.X1-r.X0 >= minRule {
			bars = append(bars, bar{ruling: i, y: r.Y0, x0: r.X0, x1: r.X1})
		}
	}
	slices.SortFunc(bars, func(a, b bar) int { return cmp.Compare(a.y, b.y) })
	var sizes float32
	for i := range p.Glyphs {
		sizes += p.Glyphs[i].Size
	}
	large := stampSize * sizes / float32(max(1, len(p.Glyphs)))
	for i := range p.Glyphs {
		g := &p.Glyphs[i]
		x, y, near := (g.X0+g.X1)/2, (g.Y0+g.Y1)/2, middle*(g.Y1-g.Y0)
		first, _ := slices.BinarySearchFunc(bars, y-near, func(b bar, y float32) int { return cmp.Compare(b.y, y) })
		for n := first; n < len(bars) && bars[n].y < y+near; n++ {
			if b := &bars[n]; x > b.x0 && x < b.x1 && abs32(y-b.y) < near && g.Turn == 0 &&
				!isSpace(g.Rune) && g.Look&^pdf.Coloured == 0 && g.Shade < pale && g.Size < large { // no watermark or stamp
				b.struck += g.X1 - g.X0
			}
		}
	}
	strikes := map[int]bool{}
	for _, b := range bars {
		if b.struck > struckPart*(b.x1-b.x0) {
			strikes[b.ruling] = true
		}
	}
	rulings := make([]pdf.Ruling, 0, len(p.Rulings)-len(strikes))
	for i, r := range p.Rulings {
		if !strikes[i] {
			rulings = append(rulings, r)
		}
	}
	return rulings
}

// dropNested removes tables that lie within a cell of another: boxes drawn
// around a tick or a stamp.
func (p *Page) dropNested() {
	p.tables = slices.DeleteFunc(slices.Clone(p.tables), func(t table) bool {
		for _, o := range p.tables {
			if len(o.cells) > len(t.cells) && o.xs[0] <= t.xs[0]+snap && o.ys[0] <= t.ys[0]+snap &&
				o.xs[len(o.xs)-1] >= t.xs[len(t.xs)-1]-snap && o.ys[len(o.ys)-1] >= t.ys[len(t.ys)-1]-snap {
				return true
			}
		}
		return false
	})
}

// at finds the cell under a point: the table's and the cell's index. Where a
// missing piece of ruling makes a cell that is no rectangle, what lies beside it
// stays its neighbours'.
func (p *Page) at(x, y float32) (int, int) {
	for ti := range p.tables {
		t := &p.tables[ti]
		cols, rows := len(t.xs)-1, len(t.ys)-1
		if x < t.xs[0] || x >= t.xs[cols] || y < t.y0 || y >= t.y1 {
			continue
		}
		c, r := interval(t.xs, x), interval(t.ys, y)
		cell := t.owner[r*cols+c]
		if k := &t.cells[cell]; y >= t.ys[0] || k.openTop {
			if y < t.ys[rows] || k.openBottom {
				return ti, cell
			}
		}
	}
	return -1, -1
}

// interval is the index of the grid interval that holds v, the first or last
// where v lies outside.
func interval(grid []float32, v float32) int {
	i, found := slices.BinarySearch(grid, v)
	if !found {
		i--
	}
	return min(max(i, 0), len(grid)-2)
}

// run is a stretch of glyphs, in drawing order, on one line.
type run struct {
	from, to       int // glyphs[from:to]
	x0, y0, x1, y1 float32
	base, size     float32
}

// placed is a run and the cell it lies in, counted over a page's tables.
type placed struct {
	cell int
	run
}

// byCell hands on each cell's runs, the cells in order, the runs as they came.
func byCell(all []placed) iter.Seq2[int, []run] {
	return func(yield func(int, []run) bool) {
		slices.SortStableFunc(all, func(a, b placed) int { return cmp.Compare(a.cell, b.cell) })
		runs := make([]run, len(all))
		for i := range all {
			runs[i] = all[i].run
		}
		for from := 0; from < len(all); {
			to := from + 1
			for to < len(all) && all[to].cell == all[from].cell {
				to++
			}
			if !yield(all[from].cell, runs[from:to:to]) {
				return
			}
			from = to
		}
	}
}

// finder is Page.at for points of which most lie beside the last.
type finder struct {
	page           *Page
	x0, y0, x1, y1 float32 // the square of the first table's grid that the last lay in
	cell           int
}

func (f *finder) at(x, y float32) (table, cell int) {
	if x >= f.x0 && x < f.x1 && y >= f.y0 && y < f.y1 {
		return 0, f.cell
	}
	table, cell = f.page.at(x, y)
	if table == 0 {
		t := &f.page.tables[0]
		c, r := interval(t.xs, x), interval(t.ys, y)
		f.x0, f.y0, f.x1, f.y1, f.cell = t.xs[c], t.ys[r], t.xs[c+1], t.ys[r+1], cell
	}
	return table, cell
}

// placeText cuts the glyphs into runs and gives each to the cell under its
// centre, or to the lines outside the tables.
func (p *Page) placeText(glyphs []pdf.Glyph) {
	first := make([]int, len(p.tables)+1) // the number of each table's first cell
	for i := range p.tables {
		first[i+1] = first[i] + len(p.tables[i].cells)
		for n := range p.tables[i].cells {
			p.tables[i].cells[n].text = ""
		}
	}
	var inside []placed
	var outside, hanging []run
	keep := func(r run) {
		for r.from < r.to && isSpace(glyphs[r.from].Rune) {
			r.from++
		}
		for r.from < r.to && isSpace(glyphs[r.to-1].Rune) {
			r.to--
		}
		if r.from == r.to {
			return
		}
		r.x0, r.x1 = glyphs[r.from].X0, glyphs[r.to-1].X1
		y := (r.y0 + r.y1) / 2
		t, c := p.at((r.x0+r.x1)/2, y)
		if t < 0 {
			outside = append(outside, r)
			return
		}
		if ys := p.tables[t].ys; y < ys[0] || y >= ys[len(ys)-1] {
			hanging = append(hanging, r)
			return
		}
		inside = append(inside, placed{first[t] + c, r})
	}
	var cur run
	lastTable, lastCell := -1, -1
	under := finder{page: p}
	for i := range glyphs {
		g := &glyphs[i]
		if ignorable(g.Rune) {
			continue
		}
		// What lies off the page is not seen, but for the end of a text that
		// runs over its edge.
		if runsOn := cur.to == i && cur.to > cur.from && abs32(g.Base-cur.base) < 0.3*g.Size; !runsOn && (g.X1 < 0 || g.Y1 < 0 || g.X0 > p.width || g.Y0 > p.height) {
			continue
		}
		t, c := under.at((g.X0+g.X1)/2, (g.Y0+g.Y1)/2)
		if cur.to > cur.from {
			prev := &glyphs[cur.to-1]
			gap := g.X0 - prev.X1
			same := abs32(g.Base-cur.base) < 0.3*max(g.Size, 1) && gap > -0.6*max(g.Size, 1) && gap < 0.3*max(g.Size, 1) && i == cur.to
			if same && (t != lastTable || c != lastCell) {
				// Text that runs over a ruling without a gap overflows its cell;
				// with one, the next cell's text begins.
				same = gap < 0.04*g.Size && !isSpace(g.Rune) && !isSpace(prev.Rune)
			}
			same = same && !walled(p.walls, prev, g)
			if !same {
				keep(cur)
				cur = run{}
			}
		}
		if cur.to == cur.from {
			cur = run{from: i, to: i + 1, y0: g.Y0, y1: g.Y1, base: g.Base, size: g.Size}
		} else {
			cur.to = i + 1
			cur.y0, cur.y1 = min(cur.y0, g.Y0), max(cur.y1, g.Y1)
		}
		lastTable, lastCell = t, c
	}
	keep(cur)
	for _, r := range hanging { // only the next line of a text that is there
		t, c := p.at((r.x0+r.x1)/2, (r.y0+r.y1)/2)
		n := first[t] + c
		if slices.ContainsFunc(inside, func(o placed) bool {
			return o.cell == n && abs32(o.base-r.base) < 1.7*o.size && abs32(o.size-r.size) < 0.5
		}) {
			inside = append(inside, placed{n, r})
		} else {
			outside = append(outside, r)
		}
	}
	table := 0
	for n, runs := range byCell(inside) {
		for n >= first[table+1] {
			table++
		}
		c := &p.tables[table].cells[n-first[table]]
		ls := lines(runs, glyphs, nil, true)
		for _, l := range ls {
			c.text = model.JoinWrapped(c.text, l.text)
		}
		c.lines, c.gappy = len(ls), 0
		conflict := overprinted(runs, glyphs) // lines has sorted them by their baselines
		for _, l := range ls {
			if l.wide {
				c.gappy++
			}
			conflict = conflict || l.conflict
		}
		c.doubt = nil
		if conflict {
			c.doubt = overprintDoubt()
		}
		if p.read {
			c.read, c.unsure = true, unsure(runs, glyphs)
			if c.unsure > uncertain {
				c.doubt = lowConfidence()
			}
		}
		last := ls[len(ls)-1]
		free := (c.x1 - c.x0) - (last.x1 - last.x0)
		pad := min(max(last.x0-c.x0, 0), max(c.x1-last.x1, 0), 8)
		c.full = free < 1.15*last.size+2*pad
	}
	p.lines = lines(outside, glyphs, p.walls, false)
	for i := range p.lines {
		p.lines[i].read = p.read
	}
	for i := range p.tables {
		t := &p.tables[i]
		t.above, _ = slices.BinarySearchFunc(p.lines, t.ys[0], func(l line, y float32) int { return cmp.Compare(l.base, y) })
	}
}

// lines groups runs by their baselines, top to bottom, and puts the text of
// each line together.
func lines(runs []run, glyphs []pdf.Glyph, walls []segment, inCell bool) []line {
	slices.SortStableFunc(runs, func(a, b run) int { return cmp.Compare(a.base, b.base) })
	var out []line
	for from := 0; from < len(runs); {
		to := from + 1
		for to < len(runs) && runs[to].base-runs[to-1].base < 0.45*max(runs[to].size, runs[to-1].size) &&
			runs[to].base-runs[from].base < 0.7*max(runs[to].size, runs[from].size) {
			to++
		}
		out = append(out, newLine(runs[from:to], glyphs, walls, inCell))
		from = to
	}
	return out
}

// newLine puts a line together; inCell leaves its pieces out, which nobody asks
// for in a cell.
func newLine(runs []run, glyphs []pdf.Glyph, walls []segment, inCell bool) line {
	if len(runs) > 1 {
		slices.SortStableFunc(runs, func(a, b run) int { return cmp.Compare(a.x0, b.x0) })
	}
	l := line{x0: runs[0].x0, y0: runs[0].y0, x1: runs[0].x1, y1: runs[0].y1, base: runs[0].base, size: runs[0].size}
	runs, overlap, conflict := withoutRepeats(runs, glyphs)
	l.conflict = conflict
	n := 0
	for _, r := range runs {
		n += r.to - r.from
	}
	order := make([]int, 0, n)
	for _, r := range runs {
		for g := r.from; g < r.to; g++ {
			if !ignorable(glyphs[g].Rune) {
				order = append(order, g)
			}
		}
		l.x1, l.y0, l.y1 = max(l.x1, r.x1), min(l.y0, r.y0), max(l.y1, r.y1)
		l.size = max(l.size, r.size)
	}
	if overlap { // pieces drawn out of order
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(glyphs[a].X0, glyphs[b].X0) })
	}
	var all, part strings.Builder
	const most = 3 // bytes of most characters
	all.Grow(most * len(order))
	cur := piece{}
	flush := func() {
		if part.Len() > 0 {
			cur.text = strings.TrimSpace(part.String())
			l.pieces = append(l.pieces, cur)
		}
		part.Reset()
		cur = piece{}
	}
	for n, i := range order {
		g := &glyphs[i]
		if n > 0 {
			prev := &glyphs[order[n-1]]
			gap, em := g.X0-prev.X1, max(g.Size, prev.Size)
			if gap > 0.5*em || gap > 0.2*em && word(g.Rune) && word(prev.Rune) {
				if !isSpace(prev.Rune) && !isSpace(g.Rune) {
					all.WriteByte(' ')
					part.WriteByte(' ')
				}
			}
			l.wide = l.wide || gap > cellGap*em
			if inCell {
				write(&all, g)
				continue
			}
			// A gap parts pieces; a small one where the text was not written
			// in one go, as that of neighbouring columns is not.
			if gap > 0.6*em || gap > 0.12*em && i != order[n-1]+1 || walled(walls, prev, g) {
				flush()
			} else if gap > softGap*em && part.Len() > 0 {
				cur.soft = append(cur.soft, soft{part.Len(), prev.X1, g.X0})
			}
		}
		if inCell {
			write(&all, g)
			continue
		}
		if part.Len() == 0 {
			cur = piece{x0: g.X0, y0: g.Y0, x1: g.X1, y1: g.Y1, base: g.Base, soft: cur.soft}
		}
		cur.x1, cur.y0, cur.y1 = max(cur.x1, g.X1), min(cur.y0, g.Y0), max(cur.y1, g.Y1)
		write(&all, g)
		write(&part, g)
	}
	flush()
	l.text = strings.TrimSpace(all.String())
	l.unsure = unsure(runs, glyphs)
	return l
}

// uncertain is the doubt, of 255, up to which a character that was read from a
// picture counts as read: a tenth.
const uncertain = 25

// unsure is the doubt about the least certain of the runs' characters.
func unsure(runs []run, glyphs []pdf.Glyph) uint8 {
	var most uint8
	for _, r := range runs {
		for i := r.from; i < r.to; i++ {
			most = max(most, glyphs[i].Doubt)
		}
	}
	return most
}

var wordLowConfidence = model.Text{
	Zh: "扫描件这一格没有看清，没有采用；请对照原件",
	En: "this cell of the scan could not be read for certain, so it was not taken; look at the original",
}

func lowConfidence() *model.CellDoubt {
	return &model.CellDoubt{Code: model.LowConfidence, Message: model.Message{Text: wordLowConfidence}}
}

// confidence is how certain a text that was read from a picture is, nil for
// any other.
func confidence(read bool, unsure uint8) *float64 {
	if !read {
		return nil
	}
	const places = 1000
	v := math.Round(float64(255-unsure)/255*places) / places
	return &v
}

// softGap is how many em lie at least between texts of two cells that touch.
const softGap = 0.1

// cellGap is how many em lie at least between the texts of two cells, and
// hardly ever within one.
const cellGap = 1.6

// walled says whether a vertical ruling runs between two neighbouring glyphs.
func walled(walls []segment, a, b *pdf.Glyph) bool {
	return slices.ContainsFunc(walls, func(w segment) bool {
		return w.at > (a.X0+a.X1)/2 && w.at < (b.X0+b.X1)/2 && w.from < b.Base && w.to > b.Base-b.Size/2
	})
}

// withoutRepeats drops runs that say again what another has said on the same
// spot, as texts drawn twice for boldness do. overlap says whether runs that
// are left reach into each other, conflict whether their glyphs lie over one
// another: nobody can tell then which is meant.
func withoutRepeats(runs []run, glyphs []pdf.Glyph) (kept []run, overlap, conflict bool) {
	end, apart := runs[0].x1, true
	for _, r := range runs[1:] {
		apart = apart && r.x0 >= end
		end = max(end, r.x1)
	}
	if apart {
		return runs, false, false
	}
	kept = runs[:0:0]
	for _, r := range runs {
		again := false
		for n := len(kept) - 1; n >= 0 && !again; n-- {
			k := &kept[n]
			if k.x1 <= r.x0 {
				continue
			}
			again = repeats(r, *k, glyphs)
			if !again && repeats(*k, r, glyphs) {
				*k, again = r, true
			}
		}
		if again {
			continue
		}
		for n := range kept {
			if k := &kept[n]; r.x0 < k.x1-0.3*r.size && k.x0 < r.x1 {
				overlap = true
				conflict = conflict || collide(r, *k, glyphs)
			}
		}
		kept = append(kept, r)
	}
	return kept, overlap, conflict
}

// sameSpot says whether two glyphs are one character drawn on nearly one spot.
func sameSpot(a, b *pdf.Glyph) bool {
	return a.Rune == b.Rune && a.Tail == b.Tail && abs32(a.X0-b.X0) < 0.35*max(a.X1-a.X0, 0.3*a.Size) && abs32(a.Base-b.Base) < 0.3*a.Size
}

// repeats says whether every character of a run stands in another on the same
// spot.
func repeats(r, of run, glyphs []pdf.Glyph) bool {
	at := of.from
	for i := r.from; i < r.to; i++ {
		if isSpace(glyphs[i].Rune) || ignorable(glyphs[i].Rune) {
			continue
		}
		n := at
		for n < of.to && !sameSpot(&glyphs[i], &glyphs[n]) {
			n++
		}
		if n == of.to {
			return false
		}
		at = n
	}
	return true
}

// onTop is the share of a glyph's width that another must cover to lie over
// it.
const onTop = 0.45

// collide says whether a character of one run lies over one of another.
func collide(a, b run, glyphs []pdf.Glyph) bool {
	for i := a.from; i < a.to; i++ {
		g := &glyphs[i]
		if isSpace(g.Rune) || g.Rune == '_' {
			continue
		}
		for n := b.from; n < b.to; n++ {
			o := &glyphs[n]
			if isSpace(o.Rune) || o.Rune == '_' {
				continue
			}
			x := min(g.X1, o.X1) - max(g.X0, o.X0)
			y := min(g.Y1, o.Y1) - max(g.Y0, o.Y0)
			if x > onTop*min(g.X1-g.X0, o.X1-o.X0) && y > onTop*min(g.Y1-g.Y0, o.Y1-o.Y0) {
				return true
			}
		}
	}
	return false
}

// overprinted says whether a line's glyphs lie over those of the line before:
// two texts printed half a line apart.
func overprinted(runs []run, glyphs []pdf.Glyph) bool {
	if len(runs) < 2 {
		return false
	}
	for i := range runs {
		for n := i + 1; n < len(runs); n++ {
			a, b := runs[i], runs[n]
			if b.base-a.base >= 0.75*min(a.size, b.size) {
				break
			}
			if b.base != a.base && min(a.x1, b.x1) > max(a.x0, b.x0) && !repeats(b, a, glyphs) && !repeats(a, b, glyphs) && collide(a, b, glyphs) {
				return true
			}
		}
	}
	return false
}

var wordOverprint = model.Text{
	Zh: "这一格里有几层文字叠在一起，无法判断以哪一层为准，没有采用；请对照原件",
	En: "texts are printed over one another in this cell, and nobody can tell which holds, so it was not taken; look at the original",
}

func overprintDoubt() *model.CellDoubt {
	return &model.CellDoubt{Code: model.OverlappingText, Message: model.Message{Text: wordOverprint}}
}

// write adds a glyph's text, plain.
func write(b *strings.Builder, g *pdf.Glyph) {
	switch r := g.Rune; {
	case r == '\u00a0' || r == '\t' || r == '\n' || r == '\r':
		b.WriteByte(' ')
	case zh.Odd(r):
		b.WriteString(zh.PlainRune(r))
	default:
		b.WriteRune(r)
	}
	b.WriteString(g.Tail)
}

// ignorable characters draw nothing.
func ignorable(r rune) bool { return zh.Invisible(r) }

func isSpace(r rune) bool { return unicode.IsSpace(r) }

func word(r rune) bool {
	return r < 0x2e80 && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

func abs32(f float32) float32 { return max(f, -f) }

// Boxes are the cells that a page's rulings make, in points of the page.
func Boxes(p *pdf.Page) []model.Box {
	laid := NewPage(p)
	var out []model.Box
	for i := range laid.tables {
		for _, c := range laid.tables[i].cells {
			out = append(out, model.Box{float64(c.x0), float64(c.y0), float64(c.x1), float64(c.y1)})
		}
	}
	return out
}
