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

// printTable prints a table no wider than the report, as long as the columns
// that may shrink leave a way to do so. Where they do not, a terminal would tear
// the table's lines apart: there it goes without the columns that only picture
// others, and if that is not enough, its rows are told one by one. Cells are
// wrapped here, since tablewriter breaks no text without blanks.
func printTable(w io.Writer, opt Options, cols []column, rows [][]string) error {
	rows = slices.Clone(rows)
	for i, row := range rows {
		rows[i] = make([]string, len(row))
		for k, cell := range row {
			rows[i][k] = PrintableLines(cell)
		}
	}
	widths, fits := fit(opt.Width, cols, rows)
	if !fits && opt.Screen {
		cols, rows = withoutPictures(cols, rows)
		if widths, fits = fit(opt.Width, cols, rows); !fits {
			return printRows(w, opt.Width, cols, rows)
		}
	}
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
// fits is false where that is wider than the limit.
func fit(limit int, cols []column, rows [][]string) (widths []int, fits bool) {
	widths = make([]int, len(cols))
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
			return widths, false
		}
		widths[widest]--
		total--
	}
	return widths, true
}

// withoutPictures leaves out the columns without a title, which only picture
// others.
func withoutPictures(cols []column, rows [][]string) ([]column, [][]string) {
	said := func(i int) bool { return cols[i].Title != "" }
	var kept []column
	for i, c := range cols {
		if said(i) {
			kept = append(kept, c)
		}
	}
	out := make([][]string, len(rows))
	for r, row := range rows {
		for i, cell := range row {
			if said(i) {
				out[r] = append(out[r], cell)
			}
		}
	}
	return kept, out
}

// printRows prints rows as what each column says of them, as much on a line as
// there is room for.
func printRows(w io.Writer, limit int, cols []column, rows [][]string) error {
	const apart, indent = "  ", "  "
	out := &stickyWriter{w: w}
	for _, row := range rows {
		line := ""
		for i, cell := range row {
			if cell == "" {
				continue
			}
			for k, part := range wrap(oneLine(cols[i].Title, limit)+" "+strings.ReplaceAll(cell, "\n", " "), limit-width(indent)) {
				switch {
				case line == "":
					line = part
				case k == 0 && width(line)+width(apart)+width(part) <= limit:
					line += apart + part
				default:
					out.line(line)
					line = indent + part
				}
			}
		}
		if line != "" {
			out.line(line)
		}
	}
	return out.err
}
