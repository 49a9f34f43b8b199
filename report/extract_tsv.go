package report

import (
	"bufio"
	"io"
	"strconv"
	"strings"

	"perfgoal/model"
)

// tsvColumns are the columns of `extract -o tsv`, one cell a row. table is
// 1-based within the document, row and col are 0-based as in the JSON, the
// box is in PDF points; columns that do not apply are empty.
var tsvColumns = []string{"path", "table", "row", "col", "row_span", "col_span", "page", "line", "x0", "y0", "x1", "y1", "text"}

// tsvEscape keeps a cell on one line and in one column. As in CSV, a cell that
// would start a formula begins with an apostrophe.
var tsvEscape = strings.NewReplacer("\\", `\\`, "\t", `\t`, "\n", `\n`, "\r", `\r`)

func tsvText(s string) string { return tsvEscape.Replace(sheetText(s)) }

type extractTSV struct {
	w      *bufio.Writer
	headed bool
}

func newExtractTSV(w io.Writer, _ Options) DocumentWriter {
	return &extractTSV{w: bufio.NewWriter(w)}
}

func (e *extractTSV) Add(d *model.Document) error {
	if err := e.head(); err != nil {
		return err
	}
	for i, t := range d.Tables {
		for _, c := range t.Cells {
			row := []string{tsvText(d.Path), strconv.Itoa(i + 1), strconv.Itoa(c.Row), strconv.Itoa(c.Col),
				strconv.Itoa(c.RowSpan), strconv.Itoa(c.ColSpan), orBlank(c.Location.Page), orBlank(c.Location.Line)}
			if b := c.Location.Box; b != nil {
				for _, v := range b {
					row = append(row, strconv.FormatFloat(v, 'f', 2, 64))
				}
			} else {
				row = append(row, "", "", "", "")
			}
			if err := e.row(append(row, tsvText(c.Text))); err != nil {
				return err
			}
		}
	}
	return e.w.Flush()
}

func (e *extractTSV) Close(End) error {
	if err := e.head(); err != nil {
		return err
	}
	return e.w.Flush()
}

// head writes the header once, also when there is no document.
func (e *extractTSV) head() error {
	if e.headed {
		return nil
	}
	e.headed = true
	return e.row(tsvColumns)
}

func (e *extractTSV) row(cells []string) error {
	_, err := e.w.WriteString(strings.Join(cells, "\t") + "\n")
	return err
}

func orBlank(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}
