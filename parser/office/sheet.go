package office

import (
	"slices"
	"sort"

	"perfgoal/model"
)

// Sizes of a sheet.
const (
	maxRows    = 1 << 20
	maxColumns = 1 << 14
)

// sheet is what a workbook holds of one sheet, whatever its format.
type sheet struct {
	name    string
	hidden  bool
	cells   []sheetCell // those with a text, and bordered blank ones
	merges  []area
	rows    bits // hidden rows
	columns bits // hidden columns
	printed []area
	boxes   []textBox
}

// sheetCell is a cell as stored; row and column are 0-based.
type sheetCell struct {
	row, col int
	text     string
	stored   string
	doubt    *model.CellDoubt
	unseen   bool // its format shows nothing
	bordered bool // a line left or right of it
	formula  bool // of cells read as stored
}

// area is a range of cells, both ends included, 0-based.
type area struct{ r0, c0, r1, c1 int }

func (a area) holds(row, col int) bool {
	return a.r0 <= row && row <= a.r1 && a.c0 <= col && col <= a.c1
}

func (a area) valid() bool {
	return 0 <= a.r0 && a.r0 <= a.r1 && a.r1 < maxRows && 0 <= a.c0 && a.c0 <= a.c1 && a.c1 < maxColumns
}

// textBox is a text that floats over a sheet, where its corner lies.
type textBox struct {
	row, col int
	lines    []string
	picture  bool // it holds one
}

// bits is a set of small numbers.
type bits []uint64

func (b bits) has(n int) bool { return n>>6 < len(b) && b[n>>6]&(1<<(n&63)) != 0 }

func (b *bits) add(n int) {
	for n>>6 >= len(*b) {
		*b = append(*b, 0)
	}
	(*b)[n>>6] |= 1 << (n & 63)
}

// tables turns the sheet into tables: one, or several where forms stand side
// by side. Hidden rows and columns, and rows and columns without text, are
// left out of the grid; a cell's location keeps its place on the sheet.
func (s *sheet) tables(m *meter, isTitle func(string) bool) ([]model.Table, error) {
	slices.SortStableFunc(s.cells, func(a, b sheetCell) int {
		if a.row != b.row {
			return a.row - b.row
		}
		return a.col - b.col
	})
	if s.hidden {
		return s.allHidden(), nil
	}
	g := &sheetGrid{sheet: s}
	if err := g.place(m); err != nil {
		return nil, err
	}
	g.chooseRows()
	g.chooseLines(isTitle)
	var out []model.Table
	for _, cols := range g.columnGroups(isTitle) {
		tables, err := g.split(m, cols)
		if err != nil {
			return nil, err
		}
		out = append(out, tables...)
	}
	s.float(&out)
	if len(g.ignored) > 0 {
		if len(out) == 0 {
			out = append(out, model.Table{Geometry: model.Ruled})
		}
		out[0].Ignored = append(out[0].Ignored, g.ignored...)
	}
	for range out {
		if err := m.addTable(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *sheet) at(row, col int) model.Location {
	return model.Location{Sheet: s.name, Cell: model.Ref{Row: row + 1, Col: col + 1}}
}

// allHidden is a hidden sheet: nothing of it is printed.
func (s *sheet) allHidden() []model.Table {
	t := model.Table{Geometry: model.Ruled}
	for _, c := range s.cells {
		if c.text != "" {
			t.Ignored = append(t.Ignored, model.Ignored{Reason: model.Hidden, Text: c.text, Location: s.at(c.row, c.col)})
		}
	}
	if t.Ignored == nil {
		return nil
	}
	return []model.Table{t}
}

// float puts floating text before the first table that begins below it, or
// behind them all.
func (s *sheet) float(out *[]model.Table) {
	sort.SliceStable(s.boxes, func(i, j int) bool { return s.boxes[i].row < s.boxes[j].row })
	var last []model.Line
	for _, box := range s.boxes {
		for _, text := range box.lines {
			if text = trim(text); text == "" {
				continue
			}
			line := model.Line{Text: text, Location: s.at(box.row, box.col)}
			to := slices.IndexFunc(*out, func(t model.Table) bool {
				return len(t.Cells) > 0 && t.Cells[0].Location.Cell.Row >= box.row+1
			})
			if to < 0 {
				last = append(last, line)
			} else {
				(*out)[to].Caption = append((*out)[to].Caption, line)
			}
		}
	}
	if last != nil {
		*out = append(*out, model.Table{Geometry: model.Ruled, Caption: last})
	}
}

// misses says whether a number from…to is not in the set.
func (b bits) misses(from, to int) bool {
	for n := from; n <= to; n++ {
		if n>>6 >= len(b) {
			return true
		}
		if n&63 == 0 && n+63 <= to && b[n>>6] == ^uint64(0) {
			n += 63
			continue
		}
		if !b.has(n) {
			return true
		}
	}
	return false
}

// sheetGrid is a sheet's visible part.
type sheetGrid struct {
	sheet   *sheet
	placed  []placedCell
	ignored []model.Ignored
	rows    map[int]int // row of the sheet -> row of the grid
	order   []int       // row of the grid -> row of the sheet
	broken  bits        // rows of the grid above which a blank row stood
	ruled   bits        // rows of the sheet with a bordered cell
	lines   bits        // rows of the grid that stand outside the tables
	last    int         // the last row of the sheet that holds text
}

// placedCell is a cell with the area that it spans.
type placedCell struct {
	sheetCell
	span area
}

// place gives each cell its span and sets aside what is not seen.
func (g *sheetGrid) place(m *meter) error {
	s := g.sheet
	merges := slices.DeleteFunc(s.merges, func(a area) bool { return !a.valid() || a.r0 == a.r1 && a.c0 == a.c1 })
	slices.SortStableFunc(merges, func(a, b area) int {
		if a.r0 != b.r0 {
			return a.r0 - b.r0
		}
		return a.c0 - b.c0
	})
	for _, c := range s.cells {
		if c.text != "" {
			g.last = max(g.last, c.row)
		}
		if c.bordered {
			g.ruled.add(c.row)
		}
	}
	aside := func(c sheetCell, why model.IgnoreReason) {
		if c.text != "" {
			g.ignored = append(g.ignored, model.Ignored{Reason: why, Text: c.text, Location: s.at(c.row, c.col)})
		}
	}
	open := openMerges{}
	next, row := 0, -1
	tops := map[area]int{} // where the cell of a merge is among those placed
	for _, c := range s.cells {
		if c.row != row {
			row = c.row
			if row&0xff == 0 && m.ctx.Err() != nil {
				return m.ctx.Err()
			}
			open.close(row)
			for ; next < len(merges) && merges[next].r0 <= row; next++ {
				open.add(merges[next], row)
			}
		}
		span := area{c.row, c.col, c.row, c.col}
		if a, ok := open.over(c.col); ok {
			span = a
		}
		if c.row != span.r0 || c.col != span.c0 {
			// Some programs write a merged cell's text into each cell it
			// covers; other text under a merged cell is not shown.
			why := model.Hidden
			if i, ok := tops[span]; ok && g.placed[i].text == c.text {
				why = model.RepeatedCell
			}
			aside(c, why)
			continue
		}
		if !g.seen(span) {
			aside(c, model.Hidden)
			continue
		}
		if c.unseen {
			aside(c, model.Unpainted)
			c.text, c.stored, c.doubt = "", "", nil
		}
		if len(s.printed) > 0 && c.text != "" && !slices.ContainsFunc(s.printed, func(a area) bool { return a.holds(c.row, c.col) }) {
			aside(c, model.NotPrinted)
			continue
		}
		tops[span] = len(g.placed)
		g.placed = append(g.placed, placedCell{c, span})
	}
	// Merged cells of which the file keeps no cell are blank.
	for _, a := range open.all {
		if _, ok := tops[a]; !ok && g.seen(a) {
			g.placed = append(g.placed, placedCell{sheetCell{row: a.r0, col: a.c0}, a})
		}
	}
	slices.SortStableFunc(g.placed, func(a, b placedCell) int {
		if a.row != b.row {
			return a.row - b.row
		}
		return a.col - b.col
	})
	return nil
}

// openMerges are the merged cells that reach the current row, from left to
// right. One that overlaps another is no merged cell.
type openMerges struct {
	row []area
	all []area // every one that was taken
}

func (o *openMerges) close(row int) {
	o.row = slices.DeleteFunc(o.row, func(a area) bool { return a.r1 < row })
}

func (o *openMerges) add(a area, row int) {
	if a.r1 < row {
		return
	}
	i := sort.Search(len(o.row), func(i int) bool { return o.row[i].c1 >= a.c0 })
	if i < len(o.row) && o.row[i].c0 <= a.c1 {
		return
	}
	o.row = slices.Insert(o.row, i, a)
	o.all = append(o.all, a)
}

// over is the merged cell that a column lies in.
func (o *openMerges) over(col int) (area, bool) {
	i := sort.Search(len(o.row), func(i int) bool { return o.row[i].c1 >= col })
	if i < len(o.row) && o.row[i].c0 <= col {
		return o.row[i], true
	}
	return area{}, false
}

// seen says whether a part of an area is not hidden.
func (g *sheetGrid) seen(a area) bool {
	return g.sheet.rows.misses(a.r0, a.r1) && g.sheet.columns.misses(a.c0, a.c1)
}

// chooseRows numbers the rows that hold text, and those that a cell with text
// runs over. What stands above and below a blank row is apart.
func (g *sheetGrid) chooseRows() {
	g.rows = map[int]int{}
	var wanted bits
	reached := -1
	for _, p := range g.placed { // in order of their first rows
		if p.text == "" {
			continue
		}
		to := min(p.span.r1, g.last)
		for r := max(p.span.r0, reached+1); r <= to; r++ {
			wanted.add(r)
		}
		reached = max(reached, to)
	}
	gap := false
	for r := 0; r <= g.last; r++ {
		switch {
		case g.sheet.rows.has(r):
		case wanted.has(r):
			if gap && len(g.order) > 0 {
				g.broken.add(len(g.order))
			}
			gap = false
			g.rows[r] = len(g.order)
			g.order = append(g.order, r)
		case !g.ruled.has(r):
			gap = true
		}
	}
}

// columnGroups are the columns of each table: all that hold something, and
// apart from each other where a column without text or border parts two forms
// that each have a title.
func (g *sheetGrid) columnGroups(isTitle func(string) bool) [][]int {
	starts, ends := make([]int, maxColumns), make([]int, maxColumns)
	widest := -1
	for _, p := range g.placed {
		if _, ok := g.rows[p.row]; !ok && p.text == "" {
			continue
		}
		starts[p.span.c0]++
		ends[p.span.c1]++
		widest = max(widest, p.span.c1)
	}
	var groups [][]int
	var cur []int
	gap := false
	over := 0 // cells that hold the column
	for c := 0; c <= widest; c++ {
		over += starts[c]
		used := over > 0
		over -= ends[c]
		switch {
		case g.sheet.columns.has(c):
		case !used:
			gap = true
		default:
			if gap && cur != nil && isTitle != nil && g.titled(isTitle, cur[0], cur[len(cur)-1]) && g.titled(isTitle, c, widest) {
				groups = append(groups, cur)
				cur = nil
			}
			gap = false
			cur = append(cur, c)
		}
	}
	if cur != nil {
		groups = append(groups, cur)
	}
	return groups
}

// titled says whether a form's title begins in the columns.
func (g *sheetGrid) titled(isTitle func(string) bool, from, to int) bool {
	for _, p := range g.placed {
		if p.text != "" && from <= p.col && p.col <= to && isTitle(p.text) {
			return true
		}
	}
	return false
}

// chooseLines finds the rows that stand outside the tables of a sheet that
// draws borders, as they do on paper: a title and what stands with it above
// the first bordered row or further down, and single lines below a table or
// apart from it. Rows of more cells stay rows, because somebody may have
// forgotten their borders; so does a row whose text is doubted.
func (g *sheetGrid) chooseLines(isTitle func(string) bool) {
	const aboutTitle, alone = 3, 1 // texts of a row
	ruled := func(i int) bool { return g.ruled.has(g.order[i]) }
	n := len(g.order)
	texts := make([]int, n)
	titled, joined := bits{}, bits{} // joined: a cell from above reaches in, or a text is doubted
	for _, p := range g.placed {
		top, bottom, ok := within(g.order, p.span.r0, min(p.span.r1, g.last))
		if !ok || p.text == "" {
			continue
		}
		texts[top]++
		if isTitle != nil && isTitle(p.text) {
			titled.add(top)
		}
		if p.doubt != nil {
			joined.add(top)
		}
		for i := top + 1; i <= bottom; i++ {
			joined.add(i)
		}
	}
	for i := 0; i < n; {
		if ruled(i) {
			i++
			continue
		}
		end, most := i, 0
		title, apart, whole := i == 0, g.broken.has(i), true
		for ; end < n && !ruled(end); end++ {
			title = title || titled.has(end)
			apart = apart || g.broken.has(end)
			whole = whole && !joined.has(end)
			most = max(most, texts[end])
		}
		if i == 0 && end == n {
			return // no borders at all
		}
		apart = apart || end == n || g.broken.has(end)
		if whole && (title && most <= aboutTitle || apart && most <= alone) {
			for r := i; r < end; r++ {
				g.lines.add(r)
			}
		}
		i = end
	}
}

// split builds the tables of the columns, from top to bottom, each with the
// lines above it.
func (g *sheetGrid) split(m *meter, cols []int) ([]model.Table, error) {
	var out []model.Table
	var caption []model.Line
	for r := 0; r < len(g.order); {
		end := r
		for end < len(g.order) && g.lines.has(end) == g.lines.has(r) {
			end++
		}
		t, err := g.table(m, cols, r, end)
		if err != nil {
			return nil, err
		}
		if g.lines.has(r) {
			for _, c := range t.Cells {
				if c.Text != "" {
					caption = append(caption, model.Line{Text: c.Text, Location: c.Location})
				}
			}
		} else {
			t.Caption, caption = caption, nil
			out = append(out, t)
		}
		r = end
	}
	if caption != nil {
		out = append(out, model.Table{Geometry: model.Ruled, Caption: caption})
	}
	return out, nil
}

// table builds the cells of the columns in the rows from…to of the grid, to
// excluded; blank cells are included.
func (g *sheetGrid) table(m *meter, cols []int, from, to int) (model.Table, error) {
	order := g.order[from:to]
	t := model.Table{Rows: len(order), Cols: len(cols), Geometry: model.Ruled}
	if int64(len(cols))*int64(len(order)) > maxRows*maxColumns { // more than a small machine's int
		return t, tooLarge("单元格太多", "too many cells")
	}
	if err := m.addCells(len(order) * len(cols)); err != nil {
		return t, err
	}
	for i := range order {
		if g.broken.has(from + i) {
			t.Breaks = append(t.Breaks, i)
		}
	}
	taken := make([]bits, len(order)) // columns that a cell from above or from the left covers
	t.Cells = []model.Cell{}
	at := 0
	if from > 0 {
		at = sort.Search(len(g.placed), func(i int) bool { return g.placed[i].row > g.order[from-1] })
	}
	for r := range order {
		blankUpTo := 0
		blanks := func(to int) {
			for c := blankUpTo; c < to; c++ {
				if !taken[r].has(c) {
					t.Cells = append(t.Cells, model.Cell{Row: r, Col: c, RowSpan: 1, ColSpan: 1, Location: g.sheet.at(order[r], cols[c])})
				}
			}
			blankUpTo = max(blankUpTo, to)
		}
		// Cells that begin in a row left out above this one and reach it come
		// first: they are in order by their own row.
		var here []placedCell
		for ; at < len(g.placed) && g.placed[at].row <= order[r]; at++ {
			here = append(here, g.placed[at])
		}
		slices.SortStableFunc(here, func(a, b placedCell) int { return a.col - b.col })
		for _, p := range here {
			left, right, ok := within(cols, p.span.c0, p.span.c1)
			if !ok {
				continue
			}
			top, bottom, ok := within(order, p.span.r0, p.span.r1)
			if !ok || top != r || taken[r].has(left) {
				continue
			}
			blanks(left)
			for i := top; i <= bottom; i++ {
				for c := left; c <= right; c++ {
					taken[i].add(c)
				}
			}
			t.Cells = append(t.Cells, model.Cell{
				Row: r, Col: left, RowSpan: bottom - top + 1, ColSpan: right - left + 1, Text: p.text, Stored: p.stored, Doubt: p.doubt,
				Location: g.sheet.at(p.row, p.col),
			})
		}
		blanks(len(cols))
	}
	return t, nil
}

// within is the first and last index of the numbers from…to in a sorted list.
func within(list []int, from, to int) (first, last int, ok bool) {
	first = sort.SearchInts(list, from)
	last = sort.SearchInts(list, to+1) - 1
	return first, last, first <= last
}
