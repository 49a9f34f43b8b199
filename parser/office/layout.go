package office

import (
	"math"
	"slices"
	"sort"

	"perfgoal/model"
)

// block is a piece of a document or of a cell, from top to bottom: a line, or
// a table.
type block struct {
	line  string
	table *node
}

// node is a table as a document holds it: cells whose columns and rows are
// counted, each with blocks in it.
type node struct {
	number int // 1-based, in the document's order
	rows   int
	cells  []*nodeCell
	// aside is text in the table that is not printed.
	aside []model.Ignored
}

type nodeCell struct {
	row, col, rowSpan, colSpan int
	blocks                     []block
	doubt                      *model.CellDoubt
}

func (n *node) at(row, col int) model.Location {
	return model.Location{Table: n.number, Cell: model.Ref{Row: row + 1, Col: col + 1}}
}

// assembly turns a document's blocks into tables.
type assembly struct {
	meter   *meter
	tables  []model.Table
	caption []model.Line
}

// add takes the blocks of a document's body: lines become the caption of the
// table that follows them.
func (as *assembly) add(blocks []block) error {
	for _, b := range blocks {
		if b.table == nil {
			if s := trim(b.line); s != "" {
				as.caption = append(as.caption, model.Line{Text: s})
			}
			continue
		}
		if inner, ok := b.table.frame(); ok { // a border around other content
			if len(b.table.aside) > 0 {
				as.tables = append(as.tables, model.Table{Geometry: model.Ruled, Ignored: b.table.aside})
			}
			if err := as.add(inner); err != nil {
				return err
			}
			continue
		}
		t, err := as.table(b.table)
		if err != nil {
			return err
		}
		t.Caption, as.caption = as.caption, nil
		as.tables = append(as.tables, t)
	}
	return nil
}

// end returns the tables; what was set aside about the whole document goes to
// the first.
func (as *assembly) end(aside []model.Ignored) []model.Table {
	if as.caption != nil || len(as.tables) == 0 && len(aside) > 0 {
		as.tables = append(as.tables, model.Table{Geometry: model.Ruled, Caption: as.caption})
	}
	if len(aside) > 0 {
		as.tables[0].Ignored = append(as.tables[0].Ignored, aside...)
	}
	return as.tables
}

// frame is what a table of a single cell holds, where that is more than a
// line of text.
func (n *node) frame() ([]block, bool) {
	if len(n.cells) != 1 || !slices.ContainsFunc(n.cells[0].blocks, func(b block) bool { return b.table != nil }) {
		return nil, false
	}
	return n.cells[0].blocks, true
}

// rect is a cell's place. The unit is the outer table's row and column; a
// table in a cell divides the cell evenly.
type rect struct {
	x0, x1, y0, y1 float64
	text           string
	doubt          *model.CellDoubt
	location       model.Location
}

// table lays a table out in one grid, with the tables inside it.
func (as *assembly) table(n *node) (model.Table, error) {
	var rects []rect
	out := model.Table{Geometry: model.Ruled}
	if err := as.spread(n, 0, 1, 0, 1, 0, &rects, &out.Ignored); err != nil {
		return out, err
	}
	xs, ys := make([]float64, 0, 2*len(rects)), make([]float64, 0, 2*len(rects))
	for _, r := range rects {
		xs, ys = append(xs, r.x0, r.x1), append(ys, r.y0, r.y1)
	}
	xs, ys = distinct(xs), distinct(ys)
	out.Rows, out.Cols = max(0, len(ys)-1), max(0, len(xs)-1)
	if err := as.meter.addCells(len(rects)); err != nil {
		return out, err
	}
	out.Cells = make([]model.Cell, 0, len(rects))
	for _, r := range rects {
		row, col := indexOf(ys, r.y0), indexOf(xs, r.x0)
		out.Cells = append(out.Cells, model.Cell{
			Row: row, Col: col, RowSpan: max(1, indexOf(ys, r.y1)-row), ColSpan: max(1, indexOf(xs, r.x1)-col),
			Text: r.text, Doubt: r.doubt, Location: r.location,
		})
	}
	slices.SortStableFunc(out.Cells, func(a, b model.Cell) int {
		if a.Row != b.Row {
			return a.Row - b.Row
		}
		return a.Col - b.Col
	})
	return out, nil
}

// tablesDeep is how far tables in tables are laid out; deeper ones are text.
const tablesDeep = 8

// spread puts a table's cells into the area given.
func (as *assembly) spread(n *node, x0, x1, y0, y1 float64, depth int, out *[]rect, aside *[]model.Ignored) error {
	*aside = append(*aside, n.aside...)
	columns := 0
	for _, c := range n.cells {
		columns = max(columns, c.col+c.colSpan)
	}
	if columns == 0 {
		return nil
	}
	// The outer table counts in whole rows and columns, so that its edges
	// stay exact.
	wide, high := (x1-x0)/float64(columns), (y1-y0)/float64(n.rows)
	if depth == 0 {
		wide, high = 1, 1
	}
	for _, c := range n.cells {
		r := rect{
			x0: x0 + float64(c.col)*wide, x1: x0 + float64(c.col+c.colSpan)*wide,
			y0: y0 + float64(c.row)*high, y1: y0 + float64(c.row+c.rowSpan)*high,
			doubt: c.doubt, location: n.at(c.row, c.col),
		}
		if err := as.fill(r, c.blocks, depth, out, aside); err != nil {
			return err
		}
	}
	return nil
}

// fill puts a cell's blocks into its area, one below the other.
func (as *assembly) fill(r rect, blocks []block, depth int, out *[]rect, aside *[]model.Ignored) error {
	type piece struct {
		lines []string
		table *node
	}
	var pieces []piece
	rows := 0
	for _, b := range blocks {
		last := len(pieces) - 1
		switch {
		case b.table != nil && depth+1 < tablesDeep:
			if b.table.rows > 0 && len(b.table.cells) > 0 {
				pieces = append(pieces, piece{table: b.table})
				rows += b.table.rows
			} else {
				*aside = append(*aside, b.table.aside...)
			}
		case b.table == nil && trim(b.line) == "":
		default:
			lines := []string{b.line}
			if b.table != nil {
				lines = allLines(b.table, nil)
				*aside = append(*aside, b.table.aside...)
			}
			if last >= 0 && pieces[last].table == nil {
				pieces[last].lines = append(pieces[last].lines, lines...)
				continue
			}
			pieces = append(pieces, piece{lines: lines})
			rows++
		}
	}
	if len(pieces) == 0 {
		*out = append(*out, r)
		return as.limit(*out)
	}
	high := (r.y1 - r.y0) / float64(rows)
	y := r.y0
	for i, p := range pieces {
		n := 1
		if p.table != nil {
			n = p.table.rows
		}
		end := y + float64(n)*high
		if i == len(pieces)-1 {
			end = r.y1
		}
		if p.table != nil {
			if err := as.spread(p.table, r.x0, r.x1, y, end, depth+1, out, aside); err != nil {
				return err
			}
		} else {
			part := r
			part.y0, part.y1, part.text = y, end, joinLines(p.lines)
			*out = append(*out, part)
		}
		y = end
	}
	return as.limit(*out)
}

func (as *assembly) limit(rects []rect) error {
	if len(rects) > as.meter.limits.Cells {
		return tooLarge("单元格太多", "too many cells")
	}
	if len(rects)&0xfff == 0 {
		return as.meter.ctx.Err()
	}
	return nil
}

// allLines are the lines in a table's cells.
func allLines(n *node, out []string) []string {
	for _, c := range n.cells {
		for _, b := range c.blocks {
			if b.table != nil {
				out = allLines(b.table, out)
			} else {
				out = append(out, b.line)
			}
		}
	}
	return out
}

// near is how far two edges may lie apart by the rounding of fractions alone.
const near = 1e-9

func distinct(edges []float64) []float64 {
	sort.Float64s(edges)
	return slices.CompactFunc(edges, func(a, b float64) bool { return math.Abs(b-a) < near })
}

func indexOf(edges []float64, v float64) int {
	i := sort.SearchFloat64s(edges, v)
	if i > 0 && (i == len(edges) || v-edges[i-1] < edges[i]-v) {
		i--
	}
	return i
}

// tableBuilder puts rows of cells into a table, each in the first column that
// no cell from above reaches into.
type tableBuilder struct {
	node *node
	// until is the first row that each column is free in again.
	until []int
	col   int
}

func (b *tableBuilder) startRow() { b.node.rows++; b.col = 0 }

// put places a cell in the current row at the next free column.
func (b *tableBuilder) put(rowSpan, colSpan int, blocks []block) *nodeCell {
	row := b.node.rows - 1
	for b.col < len(b.until) && b.until[b.col] > row {
		b.col++
	}
	// A cell is no wider than the columns that are free.
	for w := 1; w < colSpan; w++ {
		if b.col+w < len(b.until) && b.until[b.col+w] > row {
			colSpan = w
		}
	}
	c := &nodeCell{row: row, col: b.col, rowSpan: rowSpan, colSpan: colSpan, blocks: blocks}
	for len(b.until) < b.col+colSpan {
		b.until = append(b.until, 0)
	}
	for i := range colSpan {
		b.until[b.col+i] = row + rowSpan
	}
	b.col += colSpan
	b.node.cells = append(b.node.cells, c)
	return c
}

// end cuts cells that reach below the last row.
func (b *tableBuilder) end() {
	for _, c := range b.node.cells {
		c.rowSpan = min(c.rowSpan, b.node.rows-c.row)
	}
}
