package scan

import (
	"cmp"
	"slices"

	"perfgoal/model"
	"perfgoal/parser/ocr"
)

// blob is a patch of ink that hangs together. Its box includes its ends.
type blob struct {
	x0, y0, x1, y1 int
	area           int
	touches        bool // it reached into a ruling that was taken off
}

func (b *blob) height() int { return b.y1 - b.y0 + 1 }
func (b *blob) width() int  { return b.x1 - b.x0 + 1 }

// blobs finds all of the sheet's.
func (s *sheet) blobs() []blob {
	var parent []int
	var list []blob
	root := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	type run struct{ from, to, of int }
	var above, row []run
	for y := range s.h {
		row = row[:0]
		line := s.grey[y*s.w : (y+1)*s.w]
		next := 0
		for x := 0; x < s.w; x++ {
			if line[x] >= s.ink {
				continue
			}
			from := x
			for x < s.w && line[x] < s.ink {
				x++
			}
			r := run{from, x - 1, -1}
			for next < len(above) && above[next].to < r.from-1 {
				next++
			}
			for n := next; n < len(above) && above[n].from <= r.to+1; n++ {
				o := root(above[n].of)
				if r.of < 0 {
					r.of = o
				} else if a := root(r.of); a != o {
					parent[o] = a
					list[a] = union(list[a], list[o])
				}
			}
			if r.of < 0 {
				r.of = len(list)
				parent = append(parent, r.of)
				list = append(list, blob{r.from, y, r.to, y, 0, false})
			}
			b := &list[root(r.of)]
			b.x0, b.x1, b.y1 = min(b.x0, r.from), max(b.x1, r.to), y
			b.area += r.to - r.from + 1
			b.touches = b.touches || s.besideCut(r.from, r.to, y)
			row = append(row, r)
		}
		above, row = row, above
	}
	out := list[:0]
	for i := range list {
		if parent[i] == i {
			out = append(out, list[i])
		}
	}
	return out
}

func union(a, b blob) blob {
	return blob{min(a.x0, b.x0), min(a.y0, b.y0), max(a.x1, b.x1), max(a.y1, b.y1), a.area + b.area, a.touches || b.touches}
}

// besideCut says whether a run of ink ends at a ruling that was taken off.
func (s *sheet) besideCut(from, to, y int) bool {
	if s.cut == nil {
		return false
	}
	if from > 0 && s.cut[y*s.w+from-1] == 1 || to+1 < s.w && s.cut[y*s.w+to+1] == 1 {
		return true
	}
	for _, n := range []int{y - 1, y + 1} {
		if n >= 0 && n < s.h && slices.Contains(s.cut[n*s.w+from:n*s.w+to+1], 1) {
			return true
		}
	}
	return false
}

// Sizes of print, in points.
const (
	speck     = 0.25 // square points: less ink is grain
	largest   = 40.0 // a patch that is larger is no character
	leastEm   = 5.0
	mostEm    = 24.0
	usualEm   = 10.0
	sliver    = 0.12 // em: what is thinner and lies along a ruling is its rest
	partBreak = 2.0  // em: a gap that parts a line
	besides   = 0.12 // em on the left and right of a line's ink that are read with it
)

// trifle is how much ink is none, in parts of an em's square: the dots of print
// have more.
const trifle = 0.006

// ink is how much the part has, in pixels.
func (p *part) ink() float64 {
	n := 0
	for i := range p.blobs {
		n += p.blobs[i].area
	}
	return float64(n)
}

// margins are how many em above and below a line's ink are read with it, and
// how many the second time where the first left something uncertain.
var margins = [2]float64{0.08, 0.2}

// part is a stretch of a line of print: its ink's box in pixels, and what it
// was read as.
type part struct {
	x0, y0, x1, y1 int
	em             float64 // height of its characters, in pixels
	blobs          []blob
	cell           int  // the number of the cell it stands in
	free           bool // it stands in no cell
	touches        bool // a character runs into a ruling
	stain          bool // what may be a scribble runs over it
	hidden         bool // opaque red may hide something in it
	gone           bool // and nothing of it is seen
	torn           bool // rulings of its cell are missing
	faint          bool // what may be print too faint to be ink follows it
	red            bool // red ink lies on it
	chars          []ocr.Char
	left           int // pixels from the sheet's left edge to that of what was read
}

// em is the usual height of a character, in pixels.
func (s *sheet) em(list []blob) float64 {
	var heights []int
	for i := range list {
		h, w := list[i].height(), list[i].width()
		if p := float64(h) * s.points; p >= 0.4*leastEm && p <= mostEm && w <= 2*h && h <= 4*w {
			heights = append(heights, h)
		}
	}
	if len(heights) == 0 {
		return usualEm / s.points
	}
	slices.Sort(heights)
	const tall, fill = 0.8, 0.9 // of the characters that are as tall, and what they fill of an em
	return max(float64(heights[int(tall*float64(len(heights)-1))])/fill, leastEm/s.points)
}

// parts finds the lines of print in the cells, boxes in points, and outside
// them.
func (s *sheet) parts(cells []model.Box) []*part {
	all := s.blobs()
	least := max(speck/(s.points*s.points), 2)
	most := s.px(largest)
	var large, kept []blob
	for _, b := range all {
		switch {
		case float64(b.area) < least:
		case b.height() > most || b.width() > most:
			large = append(large, b)
		default:
			kept = append(kept, b)
		}
	}
	em := s.em(kept)
	thin := func(b blob) bool { return b.touches && float64(min(b.height(), b.width())) < sliver*em }
	large = slices.DeleteFunc(large, thin)
	kept = slices.DeleteFunc(kept, thin)
	groups := make([][]blob, len(cells)+1)
	index := newIndex(cells, s)
	for _, b := range kept {
		i := index.at((b.x0+b.x1)/2, (b.y0+b.y1)/2)
		b.touches = b.touches || i < len(cells) && alongBorder(&b, index.cells[i], em, s.px(besideBorder))
		groups[i] = append(groups[i], b)
	}
	var out []*part
	stained := s.stained(index, all, large, em)
	torn := torn(index.cells, s.px(touchNear))
	for i, g := range groups {
		if at, ok := stained[i]; ok && len(g) == 0 {
			out = append(out, &part{x0: at.x0, y0: at.y0, x1: at.x1, y1: at.y1, em: em, cell: i, stain: true, gone: true})
		}
		n := len(out)
		for _, p := range lines(g, em) {
			if p.ink() < trifle*p.em*p.em {
				continue
			}
			p.cell, p.free = i, i == len(cells)
			_, p.stain = stained[i]
			p.torn = i < len(cells) && torn[i]
			out = append(out, p)
		}
		if i < len(cells) {
			sideBySide(out[n:])
		}
	}
	for _, p := range out {
		p.hidden = s.hides(p)
		p.faint = !p.free && s.fades(p, index.cells[p.cell])
		if p.red = s.red != nil; p.red {
			p.red = s.redAt(p, float64(p.x0), float64(p.x1))
		}
	}
	return append(out, s.covered(cells, out, em)...)
}

// torn says which cells have others within them: a ruling between them and
// their neighbours is missing.
func torn(cells [][4]int, least int) []bool {
	out := make([]bool, len(cells))
	for i, a := range cells {
		for j, b := range cells {
			if i != j && min(a[2], b[2])-max(a[0], b[0]) > least && min(a[3], b[3])-max(a[1], b[1]) > least &&
				(a[2]-a[0])*(a[3]-a[1]) >= (b[2]-b[0])*(b[3]-b[1]) {
				out[i] = true
			}
		}
	}
	return out
}

// sideBySide marks those parts of a cell that stand on one line with a wide gap
// between them: a ruling may have run there.
func sideBySide(list []*part) {
	for i, a := range list {
		for _, b := range list[i+1:] {
			if min(a.y1, b.y1)-max(a.y0, b.y0) > min(a.y1-a.y0, b.y1-b.y0)/2 {
				a.torn, b.torn = true, true
			}
		}
	}
}

// fades says whether something lies behind a line, within its cell, that is
// lighter than ink and darker than paper: a stop that hardly left a trace.
func (s *sheet) fades(p *part, cell [4]int) bool {
	const from, to = 0.1, 0.75 // em behind the line where a stop's ink would be
	shade := uint8((int(s.ink) + 255) / 2)
	end := min(p.x1+int(to*p.em), cell[2]-s.px(2*besideBorder), s.w)
	if s.red != nil && s.redIn(p, p.x1-int(p.em), end+int(p.em)) { // what is left of it is pale
		return false
	}
	n := 0
	for y := p.y0; y <= min(p.y1+1, s.h-1); y++ {
		for x := p.x1 + 1 + int(from*p.em); x < end; x++ {
			if s.grey[y*s.w+x] < shade {
				n++
			}
		}
	}
	return float64(n) > 2*trifle*p.em*p.em
}

// besideBorder is how near to a border of its cell, in points, a straight patch
// may be the rest of a ruling.
const besideBorder = 1.8

// alongBorder says whether a patch is a thin one that lies along a border of
// its cell: what is left of a broken ruling looks like 1 or _.
func alongBorder(b *blob, cell [4]int, em float64, near int) bool {
	const thin, long = 0.2, 0.5 // em
	w, h := float64(b.width()), float64(b.height())
	switch {
	case w < thin*em && h > long*em:
		return b.x0-cell[0] <= near || cell[2]-b.x1 <= near
	case h < thin*em && w > long*em:
		return b.y0-cell[1] <= near || cell[3]-b.y1 <= near
	}
	return false
}

// stained are the cells into which patches reach that are too large for
// characters, as signatures do: what they touch, they take with them. The boxes
// are where they lie.
func (s *sheet) stained(index *index, all, large []blob, em float64) map[int]blob {
	out := map[int]blob{}
	if len(large) == 0 {
		return out
	}
	most := s.px(largest)
	rest := make([]int, len(index.cells)+1) // ink of the other patches, by cell
	for _, b := range all {
		if b.height() <= most && b.width() <= most {
			rest[index.at((b.x0+b.x1)/2, (b.y0+b.y1)/2)] += b.area
		}
	}
	for i, c := range index.cells {
		for _, l := range large {
			at := blob{x0: max(c[0], l.x0), y0: max(c[1], l.y0), x1: min(c[2]-1, l.x1, s.w-1), y1: min(c[3]-1, l.y1, s.h-1)}
			if at.x0 > at.x1 || at.y0 > at.y1 {
				continue
			}
			n := 0
			for y := max(c[1], 0); y < min(c[3], s.h); y++ {
				for _, v := range s.grey[y*s.w+max(c[0], 0) : y*s.w+min(c[2], s.w)] {
					if v < s.ink {
						n++
					}
				}
			}
			if float64(n-rest[i]) > 4*trifle*em*em {
				at.x1, at.y1 = min(at.x1, at.x0+int(em)), min(at.y1, at.y0+int(em))
				out[i] = at
			}
			break
		}
	}
	return out
}

// index finds the cell under a pixel.
type index struct {
	cells [][4]int
	rows  [][]int // the cells that a band of the sheet has a part of
}

const band = 64 // pixels

func newIndex(cells []model.Box, s *sheet) *index {
	x := &index{rows: make([][]int, s.h/band+1)}
	for i, b := range cells {
		c := [4]int{s.px(b[0]), s.px(b[1]), s.px(b[2]), s.px(b[3])}
		x.cells = append(x.cells, c)
		for n := max(c[1]/band, 0); n <= min(c[3]/band, len(x.rows)-1); n++ {
			x.rows[n] = append(x.rows[n], i)
		}
	}
	return x
}

// at is the number of the smallest cell there, or that of cells for none.
func (x *index) at(px, py int) int {
	best, least := len(x.cells), 0
	for _, i := range x.rows[py/band] {
		c := &x.cells[i]
		if size := (c[2] - c[0]) * (c[3] - c[1]); px >= c[0] && px < c[2] && py >= c[1] && py < c[3] && (best == len(x.cells) || size < least) {
			best, least = i, size
		}
	}
	return best
}

// lines groups the ink of one cell into lines, and these into parts.
func lines(list []blob, usual float64) []*part {
	if len(list) == 0 {
		return nil
	}
	bands := bandsOf(list, usual)
	byBand := make([][]blob, len(bands))
	for _, b := range list {
		best, least := 0, 1<<30
		for i, d := range bands {
			far := max(d[0]-b.y1, b.y0-d[1], 0)
			if far == 0 { // the one it shares most rows with
				far = -(min(d[1], b.y1) - max(d[0], b.y0) + 1)
			}
			if far < least {
				best, least = i, far
			}
		}
		byBand[best] = append(byBand[best], b)
	}
	var out []*part
	for _, blobs := range byBand {
		if len(blobs) > 0 {
			out = append(out, cut(blobs, usual)...)
		}
	}
	return out
}

// bandsOf are the first and last rows of the lines.
func bandsOf(list []blob, em float64) [][2]int {
	top, bottom := list[0].y0, list[0].y1
	for i := range list {
		top, bottom = min(top, list[i].y0), max(bottom, list[i].y1)
	}
	// How much of each row patches cover; low ones, such as dots and dashes,
	// make no line of their own where there are others.
	cover := make([]int, bottom-top+1)
	tall := func(b *blob) bool { return float64(b.height()) >= 0.3*em }
	some := slices.ContainsFunc(list, func(b blob) bool { return tall(&b) })
	for i := range list {
		b := &list[i]
		if some && !tall(b) {
			continue
		}
		for y := b.y0; y <= b.y1; y++ {
			cover[y-top] += b.width()
		}
	}
	var bands [][2]int
	from := -1
	for y := 0; y <= len(cover); y++ {
		full := y < len(cover) && cover[y] > 0
		switch {
		case full && from < 0:
			from = y
		case !full && from >= 0:
			bands = append(bands, [2]int{from + top, y - 1 + top})
			from = -1
		}
	}
	bands = apart(bands, cover, top, em)
	bands = together(bands, em)
	if some { // low patches far from every line make lines after all
		for i := range list {
			b := &list[i]
			if tall(b) || slices.ContainsFunc(bands, func(d [2]int) bool {
				return float64(max(d[0]-b.y1, b.y0-d[1])) < 0.6*em
			}) {
				continue
			}
			bands = append(bands, [2]int{b.y0, b.y1})
		}
		slices.SortFunc(bands, func(a, b [2]int) int { return cmp.Compare(a[0], b[0]) })
		bands = together(bands, em)
	}
	return bands
}

// apart divides bands that hold several lines whose ink touches, where they
// have least of it.
func apart(bands [][2]int, cover []int, top int, em float64) [][2]int {
	const one, pitch = 1.75, 1.4 // em: higher bands are several lines; from line to line
	var out [][2]int
	for _, d := range bands {
		for float64(d[1]-d[0]+1) > one*em {
			from, to := d[0]+int(0.6*em), min(d[0]+int(pitch*em), d[1]-int(0.4*em))
			at := from
			for y := from; y <= to; y++ {
				if cover[y-top] < cover[at-top] {
					at = y
				}
			}
			out = append(out, [2]int{d[0], at - 1})
			d[0] = at
		}
		out = append(out, d)
	}
	return out
}

// together joins bands that are parts of one line, as the strokes of 二 and =
// are.
func together(bands [][2]int, em float64) [][2]int {
	var out [][2]int
	for _, d := range bands {
		if n := len(out); n > 0 {
			last := &out[n-1]
			low := float64(d[1]-d[0]+1) < 0.5*em || float64(last[1]-last[0]+1) < 0.5*em
			if low && float64(d[0]-last[1]) < 0.45*em && float64(d[1]-last[0]+1) <= 1.15*em {
				last[1] = d[1]
				continue
			}
		}
		out = append(out, d)
	}
	return out
}

// cut divides a line where it has wide gaps.
func cut(blobs []blob, usual float64) []*part {
	slices.SortFunc(blobs, func(a, b blob) int { return cmp.Or(cmp.Compare(a.x0, b.x0), cmp.Compare(a.y0, b.y0)) })
	var out []*part
	var p *part
	for _, b := range blobs {
		if p == nil || float64(b.x0-p.x1) > partBreak*max(usual, p.em) {
			p = &part{x0: b.x0, y0: b.y0, x1: b.x1, y1: b.y1, em: usual}
			out = append(out, p)
		}
		p.x1, p.y0, p.y1 = max(p.x1, b.x1), min(p.y0, b.y0), max(p.y1, b.y1)
		p.touches = p.touches || b.touches
		p.blobs = append(p.blobs, b)
		if h := float64(p.y1 - p.y0 + 1); h > 1.2*p.em {
			p.em = h
		}
	}
	for _, p := range out {
		h := float64(p.y1 - p.y0 + 1)
		if h > 0.75*usual {
			p.em = h * 1.05
		}
	}
	return out
}
