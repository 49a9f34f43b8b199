package grid

import (
	"cmp"
	"slices"
	"strings"

	"perfgoal/model"
)

func sortCells(cells []model.Cell) {
	slices.SortStableFunc(cells, func(a, b model.Cell) int {
		return cmp.Or(cmp.Compare(a.Row, b.Row), cmp.Compare(a.Col, b.Col))
	})
}

// Text is the running text of the pages in reading order: lines outside
// tables as they stand, a table's row on one line with tabs between cells. A
// form feed begins every page but the first.
func Text(pages []*Page) []string {
	var out []string
	for i, p := range pages {
		if i > 0 {
			out = append(out, "\f")
		}
		next := 0
		for t := range p.tables {
			for ; next < p.tables[t].above; next++ {
				out = append(out, p.lines[next].text)
			}
			out = append(out, p.tables[t].text()...)
		}
		for ; next < len(p.lines); next++ {
			out = append(out, p.lines[next].text)
		}
	}
	return out
}

func (t *table) text() []string {
	rows := make([][]string, len(t.ys)-1)
	cells := slices.Clone(t.cells)
	slices.SortStableFunc(cells, func(a, b cell) int { return cmp.Or(cmp.Compare(a.r0, b.r0), cmp.Compare(a.c0, b.c0)) })
	for _, c := range cells {
		rows[c.r0] = append(rows[c.r0], c.text)
	}
	var out []string
	for _, r := range rows {
		if len(r) > 0 {
			out = append(out, strings.TrimRight(strings.Join(r, "\t"), "\t"))
		}
	}
	return out
}
