package grid

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"perfgoal/model"
)

// lineGap is the greatest distance between baselines, in em, of two lines of
// one cell where no ruling tells.
const lineGap = 1.55

// Aligned reads forms without borders by the alignment of their text: the
// indicator header gives the columns, distances between lines and what rulings
// there are the cells, and where merged labels stand about their rows what
// they span. One table a form; what stands outside titles and headers is left
// out. A form begins at its title, or at the label that each has once.
func Aligned(pages []*Page, words Words) []model.Table {
	if !slices.ContainsFunc(pages, func(p *Page) bool {
		return slices.ContainsFunc(p.lines, func(l line) bool { return words.Header(l.texts()) >= 0 })
	}) {
		return nil
	}
	var out []model.Table
	var cur *alignedForm
	flush := func() {
		if cur != nil && len(cur.header) > 0 {
			out = append(out, cur.table())
		}
		cur = nil
	}
	var above []pagedLine
	begin := func(caption []pagedLine) {
		flush()
		cur = &alignedForm{words: words, pages: map[int]*Page{}, caption: caption}
		above = nil
	}
	running := runningLines(pages, words)
	for _, p := range pages {
		for _, l := range p.lines {
			at := pagedLine{l, p.number}
			if pageNumber(p, l) || running.has(p, l, cur != nil && len(cur.header) > 0) {
				if cur != nil {
					cur.aside = append(cur.aside, at)
				}
				continue
			}
			starts := words.Start != nil && len(l.pieces) > 0 && words.Start(l.pieces[0].text)
			switch {
			case words.Title(l.text):
				begin(append(slices.Clone(above[max(0, len(above)-3):]), at))
				continue
			case starts && (cur == nil || len(cur.header) > 0):
				caption := slices.Clone(above[max(0, len(above)-3):])
				first := len(caption)
				for first > 0 && wrapsOver(caption[first-1], at) {
					first--
				}
				begin(caption[:first])
				cur.pages[p.number] = p
				for _, l := range caption[first:] {
					cur.add(l)
				}
			case cur == nil:
				above = append(above, at)
				continue
			}
			cur.pages[p.number] = p
			cur.add(at)
		}
	}
	flush()
	return out
}

// wrapsOver says whether a line over a form's first label is part of the text
// beside it, which wraps around the label's middle.
func wrapsOver(l, label pagedLine) bool {
	const alike = 1.05 // of the sizes
	return l.page == label.page && label.base-l.base < lineGap*label.size && l.size < alike*label.size && label.size < alike*l.size && !underTitle(l.text)
}

// texts are the pieces of a line.
func (l *line) texts() []string {
	out := make([]string, 0, len(l.pieces))
	for _, p := range l.pieces {
		out = append(out, p.text)
	}
	return out
}

// alignedForm gathers the lines of one form.
type alignedForm struct {
	words   Words
	pages   map[int]*Page
	caption []pagedLine
	head    []pagedLine
	header  []piece // of the indicator table
	name    int     // the header's column of names; labels stand left of it
	at      pagedLine
	body    []pagedLine
	aside   []pagedLine // page numbers and running headers
	again   []pagedLine // the header of the indicator table on further pages

	pitch      float32 // the greatest distance of two lines of one cell, in em
	twoPitches bool    // rows stand further apart than lines of a cell
}

func (f *alignedForm) add(l pagedLine) {
	l.pieces = f.labelsApart(l.pieces)
	name := f.words.Header(l.texts())
	switch {
	case name >= 0:
		if len(f.header) == 0 {
			f.header, f.at, f.name = l.pieces, l, name
		} else {
			f.again = append(f.again, l)
		}
	case len(f.header) > 0:
		f.body = append(f.body, l)
	case len(f.head) == 0 && len(l.pieces) == 1 && underTitle(l.text):
		f.caption = append(f.caption, l)
	default:
		f.head = append(f.head, l)
	}
}

// dropFeet sets aside what stands at the foot of pages far below the form.
func (f *alignedForm) dropFeet() {
	r := running{words: f.words}
	var kept []pagedLine
	for from := 0; from < len(f.body); {
		to := from + 1
		for to < len(f.body) && f.body[to].page == f.body[from].page {
			to++
		}
		lines := f.body[from:to]
		n := len(lines) - r.foot(f.pages[lines[0].page], lines)
		kept, f.aside = append(kept, lines[:n]...), append(f.aside, lines[n:]...)
		from = to
	}
	f.body = kept
}

// underTitle recognises what stands between the title and the form: the year,
// or a field of its own line.
func underTitle(s string) bool {
	rest := strings.Trim(s, "0123456789 \u3000年度()（）[]〔〕")
	return rest == "" || strings.ContainsAny(rest, ":：") || strings.Contains(rest, "单位")
}

// labelsApart divides pieces at the small gaps in them where a label stands on
// one side: cells whose texts nearly touch.
func (f *alignedForm) labelsApart(pieces []piece) []piece {
	if !slices.ContainsFunc(pieces, func(p piece) bool { return len(p.soft) > 0 }) {
		return pieces
	}
	var out []piece
	for _, p := range pieces {
		out = append(out, f.divide(p)...)
	}
	return out
}

func (f *alignedForm) divide(p piece) []piece {
	if f.words.Label(p.text) {
		return []piece{p}
	}
	for i, a := range p.soft {
		for j := i + 1; j <= len(p.soft); j++ {
			end := len(p.text)
			if j < len(p.soft) {
				end = p.soft[j].at
			}
			if a.at >= end || end > len(p.text) || !f.words.Label(strings.TrimSpace(p.text[a.at:end])) {
				continue
			}
			left := p
			left.text, left.x1, left.soft = strings.TrimSpace(p.text[:a.at]), a.x0, p.soft[:i]
			label := p
			label.text, label.x0, label.soft = strings.TrimSpace(p.text[a.at:end]), a.x1, nil
			out := append(f.divide(left), label)
			if j == len(p.soft) {
				return out
			}
			label.x1 = p.soft[j].x0
			out[len(out)-1] = label
			right := p
			right.text, right.x0, right.soft = strings.TrimSpace(p.text[end:]), p.soft[j].x1, nil
			for _, s := range p.soft[j+1:] {
				right.soft = append(right.soft, soft{s.at - end, s.x0, s.x1})
			}
			return append(out, f.divide(right)...)
		}
	}
	if len(p.soft) > 0 { // a label at the beginning
		if a := p.soft[0]; a.at < len(p.text) && f.words.Label(strings.TrimSpace(p.text[:a.at])) {
			left, right := p, p
			left.text, left.x1, left.soft = strings.TrimSpace(p.text[:a.at]), a.x0, nil
			right.text, right.x0, right.soft = strings.TrimSpace(p.text[a.at:]), a.x1, nil
			for _, s := range p.soft[1:] {
				right.soft = append(right.soft, soft{s.at - a.at, s.x0, s.x1})
			}
			return append([]piece{left}, f.divide(right)...)
		}
	}
	return []piece{p}
}

// settlePitch finds the distance of lines within one cell, in em: the smallest
// that many lines of a column have. Where rows stand further apart than that,
// it tells lines of one cell from lines of two.
func (f *alignedForm) settlePitch() {
	var gaps, rows, steps, around []float32 // of all lines, of those that begin a row, of two such, and of two others with one in their middle
	lines := slices.Concat(f.head, f.body)
	for i, b := range lines {
		begins := f.begins(b)
		for _, p := range b.pieces {
			a, ok := above(lines[max(0, i-reach):i], b, p)
			gap := (b.base - a.base) / max(b.size, a.size, 1)
			if !ok || gap < 0.8 {
				continue
			}
			gaps = append(gaps, gap)
			switch first := f.begins(a); {
			case first && begins:
				steps = append(steps, gap)
			case !first && !begins && f.isAround(lines[max(0, i-reach):i], a, b, p):
				around = append(around, gap)
			}
			if begins && (startsValue(p.text) || f.words.Label(p.text)) {
				rows = append(rows, gap)
			}
		}
	}
	f.pitch = lineGap
	if len(gaps) < 4 {
		return
	}
	if pitch, ok := widePitch(around, steps); ok {
		f.pitch, f.twoPitches = pitch, true
		return
	}
	usual := usualGaps(gaps)
	if len(usual) < 2 || usual[0] >= lineGap || usual[1] < leastStep*usual[0] {
		return
	}
	between := (usual[0] + usual[1]) / 2
	if n := len(rows); n > 0 && 2*count(rows, func(g float32) bool { return g < between }) > n {
		return // rows stand as close as the lines of a cell
	}
	f.pitch, f.twoPitches = min(lineGap, between), true
}

// isAround says whether the lines a and b of a column have a line that begins a
// row right in their middle, beside them: a label or a value in the middle of a
// cell that wraps.
func (f *alignedForm) isAround(before []pagedLine, a, b pagedLine, p piece) bool {
	const near = 0.15 // em
	return slices.ContainsFunc(before, func(m pagedLine) bool {
		return m.page == b.page && abs32((a.base+b.base)/2-m.base) < near*b.size && f.begins(m) && a.base < m.base &&
			!slices.ContainsFunc(m.pieces, func(o piece) bool { return min(p.x1, o.x1) > max(p.x0, o.x0) })
	})
}

// widePitch is the greatest distance of two lines of one cell where that is
// more than usual: the lines around the middle of a row all stand equally far
// apart, and rows stand further; but for a few, where labels of several lines
// stand between them.
func widePitch(around, steps []float32) (pitch float32, ok bool) {
	const fewest, same, few = 2, 1.06, 5
	const widest = 2.4 // em
	if len(around) < fewest || len(steps) == 0 {
		return 0, false
	}
	line := slices.Max(around)
	if line < lineGap || line > widest || slices.Min(around)*same < line {
		return 0, false
	}
	slices.Sort(steps)
	tight, _ := slices.BinarySearch(steps, leastStep*line)
	if few*tight >= len(steps) {
		return 0, false
	}
	return (line + steps[tight]) / 2, true
}

// usualGaps are the distances that many have: not less than a quarter as many
// as have the most frequent one.
func usualGaps(gaps []float32) []float32 {
	const same, farthest = 1.03, 3
	slices.Sort(gaps)
	type peak struct {
		gap float32
		n   int
	}
	var peaks []peak
	most := 0
	for i := 0; i < len(gaps) && gaps[i] < farthest; {
		j := i
		for j < len(gaps) && gaps[j] <= same*gaps[i] {
			j++
		}
		peaks = append(peaks, peak{gaps[(i+j-1)/2], j - i})
		most = max(most, j-i)
		i = j
	}
	var out []float32
	for _, p := range peaks {
		if 4*p.n >= most && (p.n > 1 || most < 4) {
			out = append(out, p.gap)
		}
	}
	return out
}

func count(list []float32, is func(float32) bool) int {
	n := 0
	for _, v := range list {
		if is(v) {
			n++
		}
	}
	return n
}

// reach is how many lines back the line over a piece may stand: centred cells
// beside it have their lines between.
const reach = 6

// above is the nearest of the lines before l that has a piece over p, where
// the two begin at the same place or have the same middle, as the lines of a
// column do.
func above(before []pagedLine, l pagedLine, p piece) (pagedLine, bool) {
	for i := len(before) - 1; i >= 0; i-- {
		a := before[i]
		if a.page != l.page || l.base <= a.base {
			break
		}
		for _, o := range a.pieces {
			if min(p.x1, o.x1)-max(p.x0, o.x0) > 0 {
				const near = 0.1 // em
				return a, abs32(p.x0-o.x0) < near*l.size || abs32(p.x0+p.x1-o.x0-o.x1) < 2*near*l.size
			}
		}
	}
	return pagedLine{}, false
}

// leastStep is how much further apart rows stand than the lines of a cell,
// where the two can be told apart.
const leastStep = 1.12

// begins says which lines begin a row of their own whatever their distance:
// those that hold a label of the head, or in the indicators a value.
func (f *alignedForm) begins(l pagedLine) bool {
	for _, p := range l.pieces {
		if startsValue(p.text) || f.words.Label(p.text) {
			return true
		}
	}
	return false
}

// block is the text of one cell: pieces under each other.
type block struct {
	x0, y0, x1, y1 float32
	first, last    float32 // baselines
	line           float32 // baseline of its last line
	size           float32
	text           string
	page           int
	conflict       bool // texts are printed over one another in it
	lines          []piece
	doubt          *model.CellDoubt // why it is not known to be one cell's, or whose
}

func (b block) mid() float32 { return (b.y0 + b.y1) / 2 }

// blocks stacks pieces that overlap across and follow closely, unless a ruling
// runs between them or the upper one is a whole label.
func (f *alignedForm) blocks(lines []pagedLine) []block {
	isLabel := f.words.Label
	var out []block
	begun := map[float32]bool{} // baselines of lines that begin a row
	for _, l := range lines {
		begins := f.begins(l)
		if begins {
			begun[l.base] = true
		}
		for _, p := range l.pieces {
			joined := false
			for i := len(out) - 1; i >= 0 && !joined; i-- {
				b := &out[i]
				if b.page != l.page || p.base-b.last > f.pitch*b.size || p.base-b.last < 0.5*b.size {
					continue
				}
				if startsValue(p.text) || begins && begun[b.line] && !f.twoPitches && !isLabel(b.text+p.text) {
					continue
				}
				overlap := min(b.x1, p.x1) - max(b.x0, p.x0)
				if overlap < 0.5*min(b.x1-b.x0, p.x1-p.x0) || f.pages[l.page].ruledBetween(b.last, p.base, max(b.x0, p.x0), min(b.x1, p.x1)) {
					continue
				}
				if isLabel(b.text) && !isLabel(b.text+p.text) {
					continue
				}
				b.text = model.JoinWrapped(b.text, p.text)
				b.x0, b.x1, b.y1, b.last, b.line = min(b.x0, p.x0), max(b.x1, p.x1), p.y1, p.base, l.base
				b.conflict = b.conflict || l.conflict
				b.lines = append(b.lines, p)
				joined = true
			}
			if !joined {
				out = append(out, block{p.x0, p.y0, p.x1, p.y1, p.base, p.base, l.base, l.size, p.text, l.page, l.conflict, []piece{p}, nil})
			}
		}
	}
	return out
}

// ruledBetween says whether a horizontal ruling runs between two baselines over
// the stretch from x0 to x1.
func (p *Page) ruledBetween(top, bottom, x0, x1 float32) bool {
	return slices.ContainsFunc(p.bars, func(s segment) bool {
		return s.at > top-1 && s.at < bottom-1 && s.from < (x0+x1)/2 && s.to > (x0+x1)/2
	})
}

// table puts the form's cells together.
func (f *alignedForm) table() model.Table {
	t := model.Table{Geometry: model.Aligned}
	f.settlePitch()
	for _, l := range f.caption {
		t.Caption = append(t.Caption, model.Line{Text: l.text, Location: locate(l.page, l.x0, l.y0, l.x1, l.y1, model.Ref{})})
	}
	f.dropFeet()
	for _, l := range f.aside {
		t.Ignored = append(t.Ignored, l.ignored(model.PageFurniture))
	}
	for _, l := range f.again {
		t.Ignored = append(t.Ignored, l.ignored(model.RepeatedHeader))
	}
	rows := rowsOf(f.blocks(f.head))
	f.divideBesideLabels(rows)
	for _, row := range rows {
		f.headRow(&t, row)
	}
	f.indicatorRows(&t)
	t.Cols = 1
	for _, c := range t.Cells {
		t.Cols = max(t.Cols, c.Col+c.ColSpan)
	}
	sortCells(t.Cells)
	return t
}

// rowsOf groups blocks that stand beside each other.
func rowsOf(bs []block) [][]block {
	slices.SortStableFunc(bs, func(a, b block) int {
		return cmp.Or(cmp.Compare(a.page, b.page), cmp.Compare(a.mid(), b.mid()))
	})
	var rows [][]block
	for _, b := range bs {
		if n := len(rows) - 1; n >= 0 {
			// The row's shortest block says where the row is: a tall one may
			// be a merged cell beside several rows.
			ref := slices.MinFunc(rows[n], func(a, b block) int { return cmp.Compare(a.y1-a.y0, b.y1-b.y0) })
			apart := abs32(ref.mid() - b.mid())
			if ref.page == b.page && (apart < 0.45*max(ref.size, b.size) || overlapped(ref, b) && !crosses(rows[n], b)) {
				rows[n] = append(rows[n], b)
				continue
			}
		}
		rows = append(rows, []block{b})
	}
	for _, r := range rows {
		slices.SortFunc(r, func(a, b block) int { return cmp.Compare(a.x0, b.x0) })
	}
	return rows
}

// overlapped says whether two blocks share more than half of the lower one's
// height.
func overlapped(a, b block) bool {
	return min(a.y1, b.y1)-max(a.y0, b.y0) > 0.5*min(a.y1-a.y0, b.y1-b.y0)
}

// crosses says whether a block stands over or under one of the row.
func crosses(row []block, b block) bool {
	return slices.ContainsFunc(row, func(o block) bool { return min(o.x1, b.x1)-max(o.x0, b.x0) > 0 })
}

// headRow adds a row whose cells reach half way to their neighbours.
func (f *alignedForm) headRow(t *model.Table, row []block) {
	for i, b := range row {
		x0, x1 := b.x0, b.x1
		if i > 0 {
			x0 = (row[i-1].x1 + b.x0) / 2
		}
		if i+1 < len(row) {
			x1 = (b.x1 + row[i+1].x0) / 2
		}
		f.cell(t, t.Rows, i, 1, 1, b.text, b.page, x0, b.y0, x1, b.y1)
		t.Cells[len(t.Cells)-1].Doubt = b.doubt
		doubtLast(t, b.conflict)
	}
	t.Rows++
}

// divideBesideLabels divides texts that stand beside two labels, one under the
// other, of which one has no other text: two cells whose lines follow each other
// as the lines of one do. Each label gets the lines that are nearer, doubted.
func (f *alignedForm) divideBesideLabels(rows [][]block) {
	for i := range rows {
		for n := 1; n < len(rows[i]); n++ {
			own := rows[i][n-1]
			if !f.words.Label(own.text) || f.words.Label(rows[i][n].text) {
				continue
			}
			if i > 0 && f.beginsAbove(rows[i-1], rows[i][n]) {
				rows[i][n].doubt = &model.CellDoubt{Code: model.AmbiguousText, Message: model.Message{Text: wordBeginsAbove}}
			}
			if len(rows[i][n].lines) < 2 {
				continue
			}
			for k := max(0, i-1); k < min(len(rows), i+2); k++ {
				if other, ok := f.labelWithout(rows[k], own, rows[i][n]); ok && k != i {
					rows[k] = divideBlock(&rows[i][n], rows[k], own, other)
				}
			}
		}
	}
}

// labelWithout finds the label of a row that stands beside a text of another
// label, over or under that label or on the line of a part of the text, and has
// no text itself where that stands.
func (f *alignedForm) labelWithout(row []block, own, text block) (block, bool) {
	for n, l := range row {
		if l.page != text.page || l.mid() <= text.y0 || l.mid() >= text.y1 || !f.words.Label(l.text) {
			continue
		}
		if min(l.x1, own.x1) > max(l.x0, own.x0) && !crosses(row, text) {
			return l, true
		}
		for _, p := range text.lines {
			if abs32(p.base-l.last) < sameBase*text.size && l.x1 <= p.x0 && (n+1 == len(row) || row[n+1].x0 > p.x1) {
				return l, true
			}
		}
	}
	return block{}, false
}

// sameBase is how far apart, in em, the baselines of one line may lie.
const sameBase = 0.3

// beginsAbove says whether a text may be the end of one that begins in the row
// above: that row has no label, and stands close over the text.
func (f *alignedForm) beginsAbove(row []block, text block) bool {
	near := false
	for _, b := range row {
		if f.words.Label(b.text) {
			return false
		}
		near = near || b.page == text.page && text.first-b.last < nearRow*text.size &&
			min(b.x1, text.x1)-max(b.x0, text.x0) > 0.5*min(b.x1-b.x0, text.x1-text.x0)
	}
	return near
}

// nearRow is how far apart, in em, two lines of a cell may lie at most where
// rows are printed close to each other.
const nearRow = 2

// wordBeginsAbove is said of such a text.
var wordBeginsAbove = model.Text{
	Zh: "上面一行没有栏目的文字可能是这一格的开头，没有框线分不清，这一格没有采用；请对照原件",
	En: "the text without a label in the row above may be the beginning of this cell; without borders nobody can tell, so it was not taken; look at the original",
}

// divideBlock moves the lines of a text that are nearer to the other label
// than to its own to that label's row, which it returns.
func divideBlock(b *block, row []block, own, other block) []block {
	doubt := &model.CellDoubt{Code: model.AmbiguousText, Message: model.Message{Text: wordBesideTwo, Args: model.Args{"a": own.text, "b": other.text}}}
	mine, theirs := block{doubt: doubt}, block{doubt: doubt}
	for _, p := range b.lines {
		to := &mine
		if mid := (p.y0 + p.y1) / 2; abs32(mid-other.mid()) < abs32(mid-own.mid()) {
			to = &theirs
		}
		if to.lines == nil {
			*to = block{p.x0, p.y0, p.x1, p.y1, p.base, p.base, p.base, b.size, "", b.page, b.conflict, nil, doubt}
		}
		to.text = model.JoinWrapped(to.text, p.text)
		to.x0, to.x1, to.y1, to.last, to.line = min(to.x0, p.x0), max(to.x1, p.x1), p.y1, p.base, p.base
		to.lines = append(to.lines, p)
	}
	if mine.lines == nil || theirs.lines == nil {
		b.doubt = doubt
		return row
	}
	*b = mine
	row = append(row, theirs)
	slices.SortFunc(row, func(a, b block) int { return cmp.Compare(a.x0, b.x0) })
	return row
}

// wordBesideTwo is said of such texts.
var wordBesideTwo = model.Text{
	Zh: "这段文字挨着“{a}”和“{b}”两个栏目，中间没有框线，分不清归哪一栏，没有采用；请对照原件",
	En: "this text stands beside two labels, {a} and {b}, with no border between them; whose it is cannot be told, so it was not taken; look at the original",
}

func (f *alignedForm) cell(t *model.Table, row, col, rowSpan, colSpan int, text string, page int, x0, y0, x1, y1 float32) {
	t.Cells = append(t.Cells, model.Cell{
		Row: row, Col: col, RowSpan: rowSpan, ColSpan: colSpan, Text: text,
		Location: locate(page, x0, y0, x1, y1, model.Ref{Row: row + 1, Col: col + 1}),
	})
}

// doubtLast doubts the cell added last where texts are printed over one another
// in it.
func doubtLast(t *model.Table, conflict bool) {
	if conflict {
		t.Cells[len(t.Cells)-1].Doubt = overprintDoubt()
	}
}

func locate(page int, x0, y0, x1, y1 float32, ref model.Ref) model.Location {
	box := model.Box{round(x0), round(y0), round(x1), round(y1)}
	return model.Location{Page: &page, Box: &box, Cell: ref}
}

// indicatorRows adds the header and the rows below it.
func (f *alignedForm) indicatorRows(t *model.Table) {
	edges := f.columns()
	var parts []pagePart
	byPage := map[int][]pagedLine{}
	var pages []int
	for _, l := range f.body {
		if byPage[l.page] == nil {
			pages = append(pages, l.page)
		}
		byPage[l.page] = append(byPage[l.page], l)
	}
	shift := 0
	for n, page := range pages {
		part := f.pagePart(edges, byPage[page])
		part.turned = n > 0 || page != f.at.page
		part.goesOn = n+1 < len(pages)
		parts = append(parts, part)
		if len(part.left) > 0 {
			shift = 1 // the label of the whole table has a column of its own
		}
	}
	for i, h := range f.header {
		f.cell(t, t.Rows, i+shift, 1, 1, h.text, f.at.page, edges[i], h.y0, edges[i+1], h.y1)
	}
	t.Rows++
	tops := f.labelsOnTop(parts)
	for i := range parts {
		if parts[i].turned {
			t.Breaks = append(t.Breaks, t.Rows)
		}
		f.addPart(t, edges, &parts[i], shift, tops)
	}
}

// columns finds the edges between the header's columns: where fewest pieces
// of the body stand, in the middle of the widest such place.
func (f *alignedForm) columns() []float32 {
	edges := []float32{0}
	for i := 0; i+1 < len(f.header); i++ {
		a, b := f.header[i], f.header[i+1]
		from, to := (a.x0+a.x1)/2, (b.x0+b.x1)/2
		const step = 1
		best, least, run, bestRun := (a.x1+b.x0)/2, math.MaxInt, 0, 0
		last := -1
		for x := from; x <= to; x += step {
			n := 0
			for _, l := range f.body {
				for _, p := range l.pieces {
					if p.x0 <= x && x <= p.x1 {
						n++
					}
				}
			}
			if a.x0 <= x && x <= a.x1 || b.x0 <= x && x <= b.x1 {
				n++
			}
			if n == last {
				run++
			} else {
				run = 1
			}
			last = n
			if n < least || n == least && run > bestRun {
				least, bestRun = n, run
				best = x - float32(run-1)*step/2
			}
		}
		edges = append(edges, best)
	}
	// The first column is as wide left of its header as right of it; what
	// stands further left heads the whole table.
	if len(edges) > 1 {
		edges[0] = f.header[0].x0 - max(edges[1]-f.header[0].x1, 0)
	}
	return append(edges, f.header[len(f.header)-1].x1+400)
}

// pagePart is what one page holds of the indicators: the columns from the name
// on make the rows, the label columns before them span rows.
type pagePart struct {
	page    int
	columns [][]block
	left    []block // left of the first column: the label of the whole table
	rows    [][]block
	bounds  []float32
	turned  bool // a page break lies before it
	goesOn  bool // and one behind it
}

func (f *alignedForm) pagePart(edges []float32, lines []pagedLine) pagePart {
	n := len(f.header)
	out := pagePart{page: lines[0].page, columns: make([][]block, n)}
	for _, b := range f.blocks(f.apart(f.withoutHeader(lines), edges)) {
		if (b.x0+b.x1)/2 < edges[0] {
			out.left = append(out.left, b)
			continue
		}
		c := 0
		for c+1 < n && (b.x0+b.x1)/2 >= edges[c+1] {
			c++
		}
		out.columns[c] = append(out.columns[c], b)
	}
	if out.rows = rowsOf(slices.Concat(out.columns[f.name:]...)); len(out.rows) > 0 {
		out.bounds = rowBounds(out.rows)
	}
	return out
}

// addPart adds a page's cells.
func (f *alignedForm) addPart(t *model.Table, edges []float32, part *pagePart, shift int, tops alignment) {
	rows, bounds := part.rows, part.bounds
	for i, b := range part.left {
		f.cell(t, t.Rows+min(i, max(0, len(rows)-1)), 0, 1, 1, b.text, b.page, b.x0, b.y0, b.x1, b.y1)
		doubtLast(t, b.conflict)
	}
	if len(rows) == 0 {
		for c, column := range part.columns[:f.name] { // labels whose rows stand on another page
			for i, b := range column {
				f.cell(t, t.Rows+i, c+shift, 1, 1, b.text, b.page, b.x0, b.y0, b.x1, b.y1)
				doubtLast(t, b.conflict)
			}
			t.Rows += len(column)
		}
		return
	}
	for c := range part.columns {
		if c >= f.name {
			for r, row := range rows {
				text, box, conflict := "", block{y0: bounds[r], y1: bounds[r+1]}, false
				for _, b := range row {
					if m := (b.x0 + b.x1) / 2; m >= edges[c] && m < edges[c+1] {
						text = model.JoinWrapped(text, b.text)
						box.y0, box.y1 = b.y0, b.y1
						conflict = conflict || b.conflict
					}
				}
				f.cell(t, t.Rows+r, c+shift, 1, 1, text, part.page, edges[c], box.y0, edges[c+1], box.y1)
				doubtLast(t, conflict)
			}
			continue
		}
		starts, ruled := f.pages[part.page].ruledSpans(part.columns[c], bounds)
		var unsure []bool
		if !ruled {
			starts, unsure = part.spans(c, tops)
		}
		for i, b := range part.columns[c] {
			end := len(rows)
			if i+1 < len(part.columns[c]) {
				end = starts[i+1]
			}
			f.cell(t, t.Rows+starts[i], c+shift, max(1, end-starts[i]), 1, b.text, b.page, edges[c], bounds[starts[i]], edges[c+1], bounds[max(end, starts[i]+1)])
			doubtLast(t, b.conflict)
			if unsure != nil && unsure[i] {
				t.Cells[len(t.Cells)-1].Doubt = &model.CellDoubt{Code: model.AmbiguousText, Message: model.Message{Text: wordSpan}}
			}
		}
	}
	t.Rows += len(rows)
}

// wordSpan is said of a merged label that no border shows the rows of.
var wordSpan = model.Text{
	Zh: "没有表格线，分不清这个标签管哪几行；请核对，或给表格加上边框后重新导出",
	En: "no border shows which rows this label is meant for; check it, or export the form with borders",
}

// withoutHeader puts the second line of header labels that wrap to the header.
func (f *alignedForm) withoutHeader(lines []pagedLine) []pagedLine {
	if lines[0].page != f.at.page || lines[0].base-f.at.base > lineGap*f.at.size {
		return lines
	}
	rest := slices.Clone(lines)
	rest[0].pieces = slices.DeleteFunc(slices.Clone(lines[0].pieces), func(p piece) bool {
		i := slices.IndexFunc(f.header, func(h piece) bool {
			return min(h.x1, p.x1)-max(h.x0, p.x0) > 0 && f.words.Label(h.text+p.text)
		})
		if i >= 0 {
			f.header[i].text += p.text
		}
		return i >= 0
	})
	return rest
}

// apart divides pieces that hold two labels on both sides of a column's edge.
func (f *alignedForm) apart(lines []pagedLine, edges []float32) []pagedLine {
	out := slices.Clone(lines)
	for i := range out {
		var pieces []piece
		for _, p := range out[i].pieces {
			at := slices.IndexFunc(edges, func(e float32) bool { return e > p.x0+5 && e < p.x1-5 })
			cut := -1
			for i := range p.text {
				if at >= 0 && i > 0 && f.words.Label(p.text[:i]) && f.words.Label(p.text[i:]) {
					cut = i
				}
			}
			if cut < 0 {
				pieces = append(pieces, p)
				continue
			}
			left, right := p, p
			left.text, left.x1 = strings.TrimSpace(p.text[:cut]), edges[at]
			right.text, right.x0 = strings.TrimSpace(p.text[cut:]), edges[at]
			pieces = append(pieces, left, right)
		}
		out[i].pieces = pieces
	}
	return out
}

// rowBounds are the edges between rows, half way between their texts.
func rowBounds(rows [][]block) []float32 {
	top := func(r []block) float32 {
		return slices.MinFunc(r, func(a, b block) int { return cmp.Compare(a.y0, b.y0) }).y0
	}
	bottom := func(r []block) float32 {
		return slices.MaxFunc(r, func(a, b block) int { return cmp.Compare(a.y1, b.y1) }).y1
	}
	out := []float32{top(rows[0])}
	for i := 0; i+1 < len(rows); i++ {
		out = append(out, (bottom(rows[i])+top(rows[i+1]))/2)
	}
	out = append(out, bottom(rows[len(rows)-1]))
	if len(rows) > 1 { // the outer rows have a margin too
		pad := (top(rows[1]) - bottom(rows[0])) / 2
		out[0] -= max(0, pad)
		out[len(out)-1] += max(0, pad)
	}
	return out
}

// ruledSpans finds the first row of each label where horizontal rulings divide
// the label column; ok is false when they do not divide every two labels.
func (p *Page) ruledSpans(labels []block, bounds []float32) (starts []int, ok bool) {
	rows := len(bounds) - 1
	for i, l := range labels {
		first := 0
		for r := 1; r < rows && bounds[r] < l.mid(); r++ {
			slack := min(bounds[r]-bounds[r-1], bounds[r+1]-bounds[r]) / 2
			if p.ruledBetween(bounds[r]-slack, bounds[r]+slack, l.x0, l.x1) {
				first = r
			}
		}
		if i > 0 && first <= starts[i-1] {
			return nil, false
		}
		starts = append(starts, first)
	}
	return starts, len(labels) > 1
}

// alignment is how merged labels stand about their rows.
type alignment int

const (
	unknownAlignment alignment = iota
	atTop                      // beside the first line of their first row
	midway                     // in the middle of them all
)

// labelsOnTop finds how the form's merged labels stand: in the one way that
// fits all of them. Where both do, cells of unequal heights beside each other
// tell how the form's cells stand.
func (f *alignedForm) labelsOnTop(parts []pagePart) alignment {
	top, middle := true, true
	for i := range parts {
		p := &parts[i]
		if len(p.rows) == 0 {
			continue
		}
		for c := range f.name {
			if len(p.columns[c]) == 0 {
				continue
			}
			_, a := p.onTop(c)
			_, b := p.inMiddle(c, exactly)
			top, middle = top && a, middle && b
		}
	}
	switch {
	case top && !middle:
		return atTop
	case middle && !top:
		return midway
	}
	high, centred := 0, 0
	rows := rowsOf(f.blocks(f.head))
	for _, p := range parts {
		rows = append(rows, p.rows...)
	}
	for _, row := range rows {
		for i := range row {
			for n := range i {
				a, b := &row[i], &row[n]
				if abs32((a.y1-a.y0)-(b.y1-b.y0)) < 0.5*a.size {
					continue
				}
				if abs32(a.first-b.first) < sameLine*a.size {
					high++
				}
				if abs32(a.mid()-b.mid()) < sameLine*a.size {
					centred++
				}
			}
		}
	}
	switch {
	case high > 0 && centred == 0:
		return atTop
	case centred > 0 && high == 0:
		return midway
	}
	return unknownAlignment
}

// How far a label may stand from where its rows would have it, in em.
const (
	exactly  = 0.3
	roughly  = 0.6
	sameLine = 0.15
)

// spans finds the first row of each label of a column. unsure tells the labels
// whose rows differ between the two ways that labels stand; nil where there
// are none.
func (p *pagePart) spans(c int, known alignment) (starts []int, unsure []bool) {
	high, a := p.onTop(c)
	centred, b := p.inMiddle(c, exactly)
	if !b {
		if rough, ok := p.inMiddle(c, roughly); ok && !a {
			centred, b = rough, true
		}
	}
	switch {
	case a && (!b || known == atTop):
		return high, nil
	case b && (!a || known == midway):
		return centred, p.afterBreak(c, centred)
	case !a && !b:
		unsure = make([]bool, len(high))
		for i := range unsure {
			unsure[i] = true
		}
		return high, unsure
	}
	// The label's rows, and where the next one's begin, must be the same.
	differ := func(i int) bool { return i < len(high) && high[i] != centred[i] }
	for i := range high {
		if differ(i) || differ(i+1) {
			if unsure == nil {
				unsure = make([]bool, len(high))
			}
			unsure[i] = true
		}
	}
	return high, unsure
}

// afterBreak doubts the first label behind a page break, where rows above its
// own line are taken for its: some programs set the label that follows a cell
// which the break has cut beside its first row, and all others in the middle of
// theirs. nil where it stands beside no row.
func (p *pagePart) afterBreak(c int, starts []int) (unsure []bool) {
	labels := p.columns[c]
	if !p.turned || len(labels) == 0 {
		return nil
	}
	end := len(p.rows)
	if len(starts) > 1 {
		end = starts[1]
	}
	for r := starts[0] + 1; r < end; r++ {
		if abs32(firstLine(p.rows[r])-labels[0].first) < sameLine*labels[0].size {
			unsure = make([]bool, len(labels))
			unsure[0] = true
		}
	}
	return unsure
}

// firstLine is the height of a row's first line.
func firstLine(row []block) float32 {
	return slices.MinFunc(row, func(a, b block) int { return cmp.Compare(a.first, b.first) }).first
}

// onTop has each label begin at the row whose first line it stands beside; ok
// says whether each stands beside one.
func (p *pagePart) onTop(c int) (starts []int, ok bool) {
	labels := p.columns[c]
	starts, ok = make([]int, len(labels)), true
	for i, l := range labels {
		best, miss := 0, float32(math.MaxFloat32)
		for r, row := range p.rows {
			if d := abs32(firstLine(row) - l.first); d < miss {
				best, miss = r, d
			}
		}
		ok = ok && miss < sameLine*l.size
		if i > 0 && best <= starts[i-1] {
			best, ok = min(starts[i-1]+1, len(p.rows)-1), false
		}
		starts[i] = best
	}
	// Below the header the first row has its labels.
	return starts, ok && (p.turned || len(starts) == 0 || starts[0] == 0)
}

// inMiddle has each label begin where the one before ends, in the middle of its
// rows. On a later page the first rows may still belong to a label above.
func (p *pagePart) inMiddle(c int, slack float32) (starts []int, ok bool) {
	last := 0
	if p.turned {
		last = len(p.rows) - 1
	}
	for _, cut := range []bool{false, true} {
		for first := 0; first <= last; first++ {
			if starts, ok := chain(p.columns[c], p.bounds, first, cut, slack); ok {
				return starts, true
			}
		}
	}
	return nil, false
}

// chain tries to have the first label begin at a row and every other where
// the one before ends. The last one must end with the rows; where a page break
// has cut it, it takes what is left.
func chain(labels []block, bounds []float32, first int, cut bool, slack float32) ([]int, bool) {
	n := len(bounds) - 1
	starts := make([]int, len(labels))
	at := first
	for i, l := range labels {
		best, miss := -1, float32(math.MaxFloat32)
		for end := at + 1; end <= n; end++ {
			if d := abs32((bounds[at]+bounds[end])/2 - l.mid()); d < miss {
				best, miss = end, d
			}
		}
		if best < 0 || miss > slack*l.size {
			if !cut || i < len(labels)-1 || best < 0 || l.mid() < bounds[at] {
				return nil, false
			}
			best = n
		}
		starts[i] = at
		at = best
	}
	return starts, at == n || cut
}
