package report

import (
	"io"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// column is one column of a printed table. A column with a Min may be made
// narrower than its longest cell, down to Min columns; its cells are wrapped.
type column struct {
	Title string
	Min   int
	Right bool // align to the right (figures)
}

// printTable prints a table no wider than limit columns, as long as the
// columns that may shrink leave a way to do so. Cells are wrapped here, since
// tablewriter breaks no text without blanks.
func printTable(w io.Writer, limit int, cols []column, rows [][]string) error {
	rows = slices.Clone(rows)
	for i, row := range rows {
		rows[i] = make([]string, len(row))
		for k, cell := range row {
			rows[i][k] = PrintableLines(cell)
		}
	}
	widths := fit(limit, cols, rows)
	align := make([]tw.Align, len(cols))
	header := make([]string, len(cols))
	for i, c := range cols {
		header[i] = strings.Join(wrap(c.Title, widths[i]), "\n")
		align[i] = tw.AlignLeft
		if c.Right {
			align[i] = tw.AlignRight
		}
	}
	t := tablewriter.NewTable(w,
		tablewriter.WithEastAsian(tw.Off),
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithHeaderAlignment(tw.AlignLeft),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithAlignment(align),
		tablewriter.WithRenderer(renderer.NewBlueprint()),
		tablewriter.WithRendition(tw.Rendition{Symbols: tw.NewSymbols(tw.StyleLight)}),
	)
	t.Header(header)
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = strings.Join(wrap(cell, widths[i]), "\n")
		}
		if err := t.Append(cells); err != nil {
			return err
		}
	}
	return t.Render()
}

// fit decides how wide each column is: as wide as its longest cell where all
// fit, otherwise what is left after the fixed columns, given to the columns
// that may shrink by turns, the widest shrinking first.
func fit(limit int, cols []column, rows [][]string) []int {
	widths := make([]int, len(cols))
	total := 1
	for i, c := range cols {
		widths[i] = width(c.Title)
		for _, row := range rows {
			for _, line := range strings.Split(row[i], "\n") {
				widths[i] = max(widths[i], width(line))
			}
		}
		total += widths[i] + 3 // a blank on either side and a rule
	}
	for total > limit {
		widest := -1
		for i, c := range cols {
			if c.Min > 0 && widths[i] > c.Min && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			break
		}
		widths[widest]--
		total--
	}
	return widths
}
