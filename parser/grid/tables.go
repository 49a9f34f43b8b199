package grid

import (
	"cmp"
	"slices"
	"strings"

	"perfgoal/internal/lazy"
	"perfgoal/model"
)

// edge is how far two pages' columns may lie apart and still be the same, in
// points.
const edge = 4.0

// joined is a table that may run over several pages. Rows are counted over
// all of them.
type joined struct {
	xs      []float32
	rows    int
	cells   []pagedCell
	breaks  []int
	caption []pagedLine
	ignored []model.Ignored
	between []betweenLine
	open    bool  // one side of it has no border, as of a table that goes on there
	faint   bool  // drawn with rulings that cannot be seen
	bottom  table // the last page's part
	page    int   // its number
}

type pagedCell struct {
	cell
	page int
}

type pagedLine struct {
	line
	page int
}

// ignored is the line as text that is no form's.
func (l pagedLine) ignored(reason model.IgnoreReason) model.Ignored {
	return model.Ignored{Reason: reason, Text: l.text, Location: locate(l.page, l.x0, l.y0, l.x1, l.y1, model.Ref{})}
}

// betweenLine is a line before a row of a table that goes on over a page break.
type betweenLine struct {
	pagedLine
	row int
}

// Words is what the form's vocabulary tells about a text.
type Words struct {
	Title func(string) bool // a line that begins a declaration
	Label func(string) bool // a whole label
	Start func(string) bool // the label that every declaration has once, near its top
	// Header recognises the header of the indicator table and returns the
	// column of the names in it, else -1.
	Header func(texts []string) int
	// Values is the column of the values in such a header, -1 where it has none.
	Values func(texts []string) int
}

// Tables puts the pages' tables together. A table that goes on on the next
// page becomes one: repeated header rows are dropped, merged cells are
// extended, a row or a label that the break cut is joined. A title begins
// something new, however well the columns fit.
func Tables(pages []*Page, words Words) []model.Table {
	var done []*joined
	var cur *joined
	var loose []pagedLine // lines since the last table
	var numbers []model.Ignored
	line := func(p *Page, l line) {
		if pageNumber(p, l) {
			numbers = append(numbers, pagedLine{l, p.number}.ignored(model.PageFurniture))
			return
		}
		loose = append(loose, pagedLine{l, p.number})
	}
	pages = joinHalves(pages, words)
	running := runningLines(pages, words)
	byNumber := map[int]*Page{}
	for _, p := range pages {
		byNumber[p.number] = p
	}
	last := -1 // index of the page that cur ends on
	for n, p := range pages {
		next := 0
		numbers = append(numbers, p.ignored...)
		lines := p.linesByTable()
		for i := range p.tables {
			t := &p.tables[i]
			for ; next < len(lines) && lines[next].table <= i; next++ {
				line(p, lines[next].line)
			}
			if i == 0 && cur != nil && (cur.page == p.number-1 || p.parts && last == n-1 && pages[last].parts) && cur.continues(t, loose, words) {
				for _, l := range loose {
					if on := byNumber[l.page]; running.has(on, l.line, true) {
						numbers = append(numbers, l.ignored(model.PageFurniture))
						continue
					}
					cur.between = append(cur.between, betweenLine{l, cur.rows})
				}
				cur.ignored = append(cur.ignored, numbers...)
				cur.add(t, p.number, words)
			} else {
				cur = &joined{caption: loose, ignored: numbers}
				cur.add(t, p.number, words)
				done = append(done, cur)
			}
			last = n
			loose, numbers = nil, nil
		}
		for ; next < len(lines); next++ {
			line(p, lines[next].line)
		}
	}
	switch {
	case len(loose) > 0:
		done = append(done, &joined{caption: loose, ignored: numbers})
	case cur != nil:
		cur.ignored = append(cur.ignored, numbers...)
	}
	out := make([]model.Table, 0, len(done))
	for _, j := range done {
		out = append(out, j.model())
	}
	return out
}

// tableLine is a line with the table it stands before: one that comes behind
// the last table has the number of tables.
type tableLine struct {
	line
	table int
}

// linesByTable orders the lines outside the tables by the table they stand
// before. Above tables side by side a line is divided, each piece over its own
// table.
func (p *Page) linesByTable() []tableLine {
	var out []tableLine
	for n, l := range p.lines {
		first := len(p.tables)
		for i := range p.tables {
			if n < p.tables[i].above {
				first = i
				break
			}
		}
		if first == len(p.tables) || !p.beside(first) {
			out = append(out, tableLine{l, first})
			continue
		}
		rest := map[int]line{}
		for _, piece := range l.pieces {
			at := first
			for i := first; i < len(p.tables) && (i == first || p.sameBand(first, i)); i++ {
				if m := (piece.x0 + piece.x1) / 2; m >= p.tables[i].xs[0]-hang {
					at = i
				}
			}
			part, seen := rest[at]
			if !seen {
				part = line{x0: piece.x0, y0: piece.y0, x1: piece.x1, y1: piece.y1, base: l.base, size: l.size}
			} else {
				part.text += " "
			}
			part.text += piece.text
			part.x1 = piece.x1
			part.pieces = append(part.pieces, piece)
			rest[at] = part
		}
		for i := first; i < len(p.tables); i++ {
			if part, ok := rest[i]; ok {
				out = append(out, tableLine{part, i})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b tableLine) int { return cmp.Compare(a.table, b.table) })
	return out
}

// beside says whether another table stands beside the i-th one.
func (p *Page) beside(i int) bool {
	return i+1 < len(p.tables) && p.sameBand(i, i+1)
}

// sameBand says whether two tables share more than half of the lower one's
// height.
func (p *Page) sameBand(i, j int) bool {
	a, b := &p.tables[i], &p.tables[j]
	a0, a1, b0, b1 := a.ys[0], a.ys[len(a.ys)-1], b.ys[0], b.ys[len(b.ys)-1]
	return min(a1, b1)-max(a0, b0) > 0.5*min(a1-a0, b1-b0)
}

// pageNumber recognises a page's number at its top or bottom. What is written
// like an amount is none.
func pageNumber(p *Page, l line) bool {
	if l.base > 0.12*p.height && l.base < 0.88*p.height || decimal().MatchString(l.text) {
		return false
	}
	s := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" 0123456789-—–/第页共.·|~", r) || r == '\u3000' {
			return -1
		}
		return r
	}, l.text)
	return s == ""
}

// decimal is a figure of several digits with its decimals, as 7500.00, and no
// date as 2026.01.15.
var decimal = lazy.Regexp(`\d{3}\.\d{2}(?:[^.\d]|$)`)

// startRows is within how many rows of a declaration its project's name stands.
const startRows = 8

// continues says whether a page's first table is the rest of j: the same
// outer edges, and no title between, nor another form's beginning. A title that is only printed again, over a
// table in which no declaration begins, is a running header.
func (j *joined) continues(t *table, between []pagedLine, words Words) bool {
	if len(between) > 6 {
		return false
	}
	starts := slices.ContainsFunc(t.cells, func(c cell) bool {
		return c.r0 < startRows && (words.Start != nil && words.Start(c.text) || c.r0 == 0 && words.Title(c.text))
	})
	for _, l := range between {
		if words.Title(l.text) && (starts || words.Start == nil || !j.printed(l.text)) {
			return false
		}
	}
	for _, c := range t.cells {
		if c.r0 == 0 && words.Title(c.text) {
			return false
		}
	}
	if j.beginsAgain(t, words) {
		return false
	}
	b := &j.bottom
	return abs32(b.xs[0]-t.xs[0]) <= edge && abs32(b.xs[len(b.xs)-1]-t.xs[len(t.xs)-1]) <= edge
}

// printed says whether a line stood over the table or between its parts
// already.
func (j *joined) printed(text string) bool {
	return slices.ContainsFunc(j.caption, func(l pagedLine) bool { return l.text == text }) ||
		slices.ContainsFunc(j.between, func(l betweenLine) bool { return l.text == text })
}

// beginsAgain says whether t begins with the label that every form has once,
// where j has come to its indicators already: another form, whose title could
// not be read or was not printed. A first row that is printed again begins none.
func (j *joined) beginsAgain(t *table, words Words) bool {
	if words.Start == nil {
		return false
	}
	top := rowTexts(t.cells, 0)
	if len(top) == 0 || !words.Start(top[0]) || j.headerRow(words) < 0 {
		return false
	}
	var first []string
	for _, c := range j.cells {
		if c.r0 == 0 && c.r1 == 1 && c.text != "" {
			first = append(first, c.text)
		}
	}
	return !equal(first, top)
}

// add appends a page's table.
func (j *joined) add(t *table, page int, words Words) {
	isLabel := words.Label
	skip := 0
	if j.rows > 0 {
		skip = j.repeated(t, words)
		j.setAside(t, skip, page)
	}
	first := j.rows // the row that t's row skip becomes
	cut := j.rows > 0 && j.cutsRow(t, skip, words)
	if cut {
		first--
	}
	if j.rows > 0 && !cut {
		j.breaks = append(j.breaks, j.rows)
	}
	lead := leadingBlank(t, skip)
	last := j.rows - 1
	j.cells = slices.Grow(j.cells, len(t.cells))
	for _, c := range t.cells {
		if c.r1 <= skip {
			continue
		}
		top := c.r0 <= skip
		c.r0, c.r1 = max(c.r0, skip)-skip+first, c.r1-skip+first
		if top && j.rows > 0 {
			a := j.over(c, last)
			heads, sure := j.headsBlank(a, &c, t, skip, words)
			if a != nil && (cut || heads || carriesOn(a, &c, lead, isLabel)) {
				if heads && !sure {
					a.doubt = &model.CellDoubt{Code: model.AmbiguousText, Message: model.Message{Text: wordHeadsBlank}}
				}
				a.text = model.JoinWrapped(a.text, c.text)
				if a.doubt == nil {
					a.doubt = c.doubt
				}
				a.read, a.unsure = a.read || c.read, max(a.unsure, c.unsure)
				a.full, a.openBottom = c.full, c.openBottom
				a.r1 = c.r1
				continue
			}
		}
		j.cells = append(j.cells, pagedCell{c, page})
	}
	j.rows = max(j.rows, first+len(t.ys)-1-skip)
	j.xs = cluster(append(append([]float32{}, j.xs...), t.xs...))
	j.bottom, j.page, j.faint = *t, page, t.faint
	j.open = j.open || t.oneBorder
}

// carriesOn says whether the cell c at the top of a page is the rest of the
// cell a above the break, in a row of its own: a merged label without its
// text, or a label whose text the break cut.
func carriesOn(a *pagedCell, c *cell, lead float32, isLabel func(string) bool) bool {
	switch {
	case c.text == "":
		return c.x0 < lead
	case a.text == "":
		return false
	}
	return isLabel(a.text+c.text) && !isLabel(c.text)
}

// wordHeadsBlank is said of a label behind a page break that may be that of
// the row before it too.
var wordHeadsBlank = model.Text{
	Zh: "分页处上一页最后一格是空的，分不清这个标签是否也管上一页的那一行；请核对，或让这几行印在同一页",
	En: "the cell above the page break is blank, and whether this label is meant for its row too cannot be told; check it, or print these rows on one page",
}

// headsBlank says whether the label c at the top of a page is that of the
// blank cell a above the break: the text of a merged cell all went to its lower
// part. No ruling closes such a cell at the break, or it is one where labels are
// merged; sure is false where a blank may as well repeat the label above it.
func (j *joined) headsBlank(a *pagedCell, c *cell, t *table, skip int, words Words) (heads, sure bool) {
	if a == nil || a.text != "" || c.text == "" || !words.Label(c.text) {
		return false, false
	}
	if a.openBottom && (c.openTop || skip > 0) { // below a repeated header its upper edge is the header's
		return true, true
	}
	from := -1
	if abs32(c.x0-t.xs[0]) > edge { // the first column holds nothing but labels
		if from = j.headerRow(words); from < 0 || a.r0 <= from {
			return false, false
		}
	}
	if a.r0 == from+1 || a.r1-a.r0 > 1 || c.r1-c.r0 > 1 {
		return true, true
	}
	merged := false
	for _, o := range j.cells {
		if o.r0 > from && o.r0 != a.r0 && abs32(o.x0-a.x0) <= edge && abs32(o.x1-a.x1) <= edge {
			if o.text == "" {
				return false, false // blanks repeat the label above them
			}
			merged = merged || o.r1-o.r0 > 1
		}
	}
	for _, o := range t.cells {
		if o.r0 > skip && abs32(o.x0-a.x0) <= edge && abs32(o.x1-a.x1) <= edge {
			if o.text == "" {
				return false, false
			}
			merged = merged || o.r1-o.r0 > 1
		}
	}
	if !merged && slices.ContainsFunc(j.cells, func(o pagedCell) bool { return o.r0 == a.r0 && o.x0 > a.x0 && words.Label(o.text) }) {
		return false, false // the label beside it says where its row belongs
	}
	return true, merged
}

func (j *joined) labelsBlank(a *pagedCell, c *cell, t *table, skip int, words Words) bool {
	heads, _ := j.headsBlank(a, c, t, skip, words)
	return heads
}

// headerRow is the row of the indicators' header, -1 where there is none.
func (j *joined) headerRow(words Words) int {
	texts := map[int][]string{}
	for _, c := range j.cells {
		if c.text != "" && c.r1-c.r0 == 1 {
			texts[c.r0] = append(texts[c.r0], c.text)
		}
	}
	for r := j.rows - 1; r >= 0; r-- {
		if len(texts[r]) > 1 && words.Header(texts[r]) >= 0 {
			return r
		}
	}
	return -1
}

// over is the cell of the last row that stands over c: the same left and
// right edge.
func (j *joined) over(c cell, row int) *pagedCell {
	for i := len(j.cells) - 1; i >= 0; i-- {
		a := &j.cells[i]
		if a.r1 == row+1 && abs32(a.x0-c.x0) <= edge && abs32(a.x1-c.x1) <= edge {
			return a
		}
	}
	return nil
}

// repeated counts the rows at the top of t that say the same as rows of j do:
// a header that the producer printed again. Only the table's first rows and
// the header of the indicators are printed again; other rows that say the same
// are rows of their own.
func (j *joined) repeated(t *table, words Words) int {
	top := rowTexts(t.cells, 0)
	if len(top) < 2 {
		return 0
	}
	heads := words.Header(top) >= 0
	seen := map[int][]string{}
	for _, c := range j.cells {
		if c.text != "" && c.r1-c.r0 == 1 {
			seen[c.r0] = append(seen[c.r0], c.text)
		}
	}
	for r := range j.rows {
		if !equal(seen[r], top) || r > 0 && !heads || j.otherLabel(t, r, words.Label) {
			continue
		}
		n := 1
		for n < len(t.ys)-1 {
			again := rowTexts(t.cells, n)
			if len(again) < 2 || !equal(seen[r+n], again) {
				break
			}
			n++
		}
		if (heads || r+n < j.rows) && n < len(t.ys)-1 {
			return n
		}
	}
	return 0
}

// otherLabel says whether a merged label beside t's first row is another than
// the one beside row r: 年度绩效指标 under 长期绩效指标 heads a table of its own,
// whose header is no repetition.
func (j *joined) otherLabel(t *table, r int, isLabel func(string) bool) bool {
	for _, c := range t.cells {
		if c.r0 != 0 || c.r1 == 1 || c.text == "" || !isLabel(c.text) {
			continue
		}
		for i := range j.cells {
			a := &j.cells[i]
			if a.r0 == r && a.r1-a.r0 > 1 && abs32(a.x0-c.x0) <= edge && abs32(a.x1-c.x1) <= edge &&
				a.text != "" && a.text != c.text && !isLabel(a.text+c.text) {
				return true
			}
		}
	}
	return false
}

// setAside keeps the texts of the rows that are left out.
func (j *joined) setAside(t *table, rows, page int) {
	for _, c := range t.cells {
		if c.r0 < rows && c.text != "" {
			j.ignored = append(j.ignored, model.Ignored{Reason: model.RepeatedHeader, Text: c.text, Location: locate(page, c.x0, c.y0, c.x1, c.y1, model.Ref{})})
		}
	}
}

// rowTexts are the texts of a row's own cells. A merged one that begins there
// may be printed again or not.
func rowTexts(cells []cell, row int) []string {
	var out []string
	for _, c := range cells {
		if c.r0 == row && c.r1-c.r0 == 1 && c.text != "" {
			out = append(out, c.text)
		}
	}
	return out
}

func equal(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// cutsRow says whether the page break cut a row in two. Edges that no ruling
// closes prove it, unless both parts hold whole texts. Where both edges are
// closed, every text at the top must continue a text whose last line was full,
// or stand under a blank where others stand over one: the row must lack
// something that a row of its own would have.
func (j *joined) cutsRow(t *table, skip int, words Words) bool {
	texts, continued, apart, blankUnder := 0, 0, 0, 0
	open := true
	for _, c := range t.cells {
		if c.r0 > skip || c.r1 <= skip {
			continue
		}
		a := j.over(c, j.rows-1)
		switch {
		case c.text == "" && a != nil && a.text != "" && a.r1-a.r0 == 1:
			blankUnder++
		case c.text == "":
		case j.labelsBlank(a, &c, t, skip, words): // that of a merged cell says nothing of the row
		default:
			texts++
			open = open && (c.openTop || skip > 0) && a != nil && a.openBottom
			switch {
			case a == nil:
			case a.text == "":
				apart++
			case a.full && !startsValue(c.text):
				continued++
			}
		}
	}
	if texts == 0 {
		return false
	}
	if open { // each text stands on either side of the break, or runs over it
		return continued+apart == texts
	}
	return (continued == texts || apart == texts && blankUnder > 0) && (blankUnder > 0 || texts == 1)
}

// startsValue recognises the beginning of a value, which begins a row of its
// own.
func startsValue(s string) bool {
	return strings.ContainsAny(s[:min(len(s), 3)], "≥≤=＝＞＜<>≧≦")
}

// leadingBlank is the left edge of the first cell with text in a row: blank
// cells left of it carry on the merged cells above them.
func leadingBlank(t *table, row int) float32 {
	lead := t.xs[len(t.xs)-1]
	for _, c := range t.cells {
		if c.r0 == row && c.text != "" {
			lead = min(lead, c.x0)
		}
	}
	return lead
}

// model turns the table into cells in reading order. Columns are counted by
// the grid lines of all its pages.
func (j *joined) model() model.Table {
	t := model.Table{Rows: j.rows, Cols: max(0, len(j.xs)-1), Geometry: model.Ruled, Breaks: j.breaks, Ignored: j.ignored}
	if j.faint {
		t.Geometry = model.Aligned
	}
	if j.open {
		t.Doubt = &model.CellDoubt{Code: model.CutOff, Message: model.Message{Text: wordOneBorder}}
	}
	for _, l := range j.caption {
		page, box := l.page, model.Box{round(l.x0), round(l.y0), round(l.x1), round(l.y1)}
		t.Caption = append(t.Caption, model.Line{Text: l.text, Location: model.Location{Page: &page, Box: &box, Confidence: confidence(l.read, l.unsure)}})
	}
	for _, l := range j.between {
		t.Between = append(t.Between, model.BetweenLine{Row: l.row, Line: model.Line{Text: l.text, Location: locate(l.page, l.x0, l.y0, l.x1, l.y1, model.Ref{})}})
	}
	t.Cells = make([]model.Cell, 0, len(j.cells))
	pages, boxes := make([]int, len(j.cells)), make([]model.Box, len(j.cells))
	for i, c := range j.cells {
		pages[i], boxes[i] = c.page, model.Box{round(c.x0), round(c.y0), round(c.x1), round(c.y1)}
		c0, c1 := column(j.xs, c.x0), column(j.xs, c.x1)
		t.Cells = append(t.Cells, model.Cell{
			Row: c.r0, Col: c0, RowSpan: c.r1 - c.r0, ColSpan: max(1, c1-c0), Text: c.text, Doubt: c.doubt,
			Location: model.Location{Page: &pages[i], Box: &boxes[i], Cell: model.Ref{Row: c.r0 + 1, Col: c0 + 1}, Confidence: confidence(c.read, c.unsure)},
		})
	}
	sortCells(t.Cells)
	return t
}

// wordOneBorder is said of a table of which columns may be missing.
var wordOneBorder = model.Text{
	Zh: "表格有一边没有边框；印出来的内容已经照读，但这一边可能还有没印出来的列，请对照原件",
	En: "one side of the table has no border; what is printed was read, but columns may be missing on that side; look at the original",
}

// column is the index of the grid line nearest to x.
func column(xs []float32, x float32) int {
	best := 0
	for i := range xs {
		if abs32(xs[i]-x) < abs32(xs[best]-x) {
			best = i
		}
	}
	return best
}

// round keeps a tenth of a point.
func round(f float32) float64 { return float64(int(f*10+0.5)) / 10 }
