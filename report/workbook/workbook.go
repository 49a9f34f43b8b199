// Package workbook writes workbooks in Office Open XML (XLSX), as much of them
// as reports need: sheets of rows that are streamed, columns as wide as told,
// tables with a filter, and A4 paper to print on. The same book gives the same
// bytes.
//
// It is own code because a library for workbooks made every run of the
// program, whatever its output, wait for tables and expressions: 2.3 of the
// 10 ms that `perfgoal version` took.
package workbook

import (
	"archive/zip"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
)

// The bounds of Excel.
const (
	MaxRows        = 1 << 20 // of a sheet
	MaxText        = 32767   // characters of a cell
	MaxColumnWidth = 255     // characters
	MaxRowHeight   = 409     // points
)

// Book is a workbook; its first sheet is the one that is open.
type Book struct {
	Creator string
	Sheets  []Sheet
}

// Sheet is a sheet of rows. It prints on A4 across, as wide as the page.
type Sheet struct {
	Name   string    // up to 31 characters, without any of []:*?/\
	Widths []float64 // of its columns, in digits of the font of 11 points
	// Table names the table that the rows are, so that they can be filtered;
	// "" for none. Its first row is Headings that differ in more than case;
	// it stays in sight and prints on every page.
	Table string
	Rows  iter.Seq2[Row, error] // an error ends the writing
}

// Row is a row of cells from the first column on.
type Row struct {
	Cells  []Cell  // no longer used once the next row is asked for
	Height float64 // in points; 0 leaves it to Excel
	Merged bool    // its first cell runs over all columns
}

// Cell is what stands in a cell.
type Cell struct {
	Kind   Kind
	Text   string  // of a Text or Heading; of a number, what is shown of it
	Number float64 // of a Number or Money; finite
}

// Kind says what a cell holds and how it is shown.
type Kind byte

const (
	Blank   Kind = iota
	Text         // wraps
	Number       // shown as it is
	Money        // shown as 68,000.00
	Heading      // text in bold
)

// Write writes a book. It reads the rows of one sheet after the other.
func Write(w io.Writer, b Book) error {
	z := zip.NewWriter(w)
	tables := 0
	for _, s := range b.Sheets {
		if s.Table != "" {
			tables++
		}
	}
	// The types of the parts stand first, where programs look for them that
	// tell a workbook from other archives.
	for _, part := range []struct{ name, text string }{
		{"[Content_Types].xml", contentTypes(len(b.Sheets), tables)},
		{"_rels/.rels", packageRelations},
		{"docProps/core.xml", coreProperties(b.Creator)},
		{"xl/workbook.xml", workbookPart(b.Sheets)},
		{"xl/_rels/workbook.xml.rels", workbookRelations(len(b.Sheets))},
		{"xl/styles.xml", styles},
	} {
		if err := writePart(z, part.name, part.text); err != nil {
			return err
		}
	}
	table := 0
	for i, s := range b.Sheets {
		headings, rows, err := writeSheet(z, i, s)
		if err != nil {
			return err
		}
		if s.Table == "" {
			continue
		}
		table++
		text, err := tablePart(table, s.Table, headings, rows)
		if err != nil {
			return fmt.Errorf("sheet %s: %w", s.Name, err)
		}
		if err := writePart(z, sheetPath("_rels/", i)+".rels", relations(fmt.Sprintf("../tables/table%d.xml", table), "table")); err != nil {
			return err
		}
		if err := writePart(z, fmt.Sprintf("xl/tables/table%d.xml", table), text); err != nil {
			return err
		}
	}
	return z.Close()
}

// writePart adds a part without a time, which would differ from run to run.
func writePart(z *zip.Writer, name, text string) error {
	f, err := z.Create(name)
	if err != nil {
		return err
	}
	_, err = io.WriteString(f, text)
	return err
}

func sheetPath(folder string, i int) string {
	return "xl/worksheets/" + folder + "sheet" + strconv.Itoa(i+1) + ".xml"
}

// writeSheet writes a sheet's part. headings are the texts of its first row
// where it is a table, rows is how many it has.
func writeSheet(z *zip.Writer, i int, s Sheet) (headings []string, rows int, err error) {
	f, err := z.Create(sheetPath("", i))
	if err != nil {
		return nil, 0, err
	}
	b := sheetHead(i, s)
	var merged []int
	for row, err := range s.Rows {
		if err != nil {
			return nil, 0, err
		}
		if rows++; rows > MaxRows {
			return nil, 0, fmt.Errorf("sheet %s: more than %d rows", s.Name, MaxRows)
		}
		if s.Table != "" && rows == 1 {
			for _, c := range row.Cells {
				headings = append(headings, c.Text)
			}
		}
		if row.Merged {
			merged = append(merged, rows)
		}
		b = appendRow(b, rows, row)
		if _, err := f.Write(b); err != nil {
			return nil, 0, err
		}
		b = b[:0]
	}
	b = append(b, "</sheetData>"...)
	if merged != nil {
		b = fmt.Appendf(b, `<mergeCells count="%d">`, len(merged))
		for _, row := range merged {
			b = fmt.Appendf(b, `<mergeCell ref="A%d:%s"/>`, row, cellName(len(s.Widths), row))
		}
		b = append(b, "</mergeCells>"...)
	}
	b = append(b, `<pageSetup paperSize="9" fitToHeight="0" orientation="landscape"/>`...)
	if s.Table != "" {
		b = append(b, `<tableParts count="1"><tablePart r:id="rId1"/></tableParts>`...)
	}
	b = append(b, "</worksheet>"...)
	_, err = f.Write(b)
	return headings, rows, err
}

// sheetHead is what stands before a sheet's rows.
func sheetHead(i int, s Sheet) []byte {
	b := []byte(declaration + `<worksheet xmlns="` + mainSpace + `" xmlns:r="` + relationSpace + `">` +
		`<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView`)
	if i == 0 {
		b = append(b, ` tabSelected="1"`...)
	}
	b = append(b, ` workbookViewId="0">`...)
	if s.Table != "" {
		b = append(b, `<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft"/>`...)
	}
	b = append(b, `</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>`...)
	if len(s.Widths) > 0 {
		b = append(b, "<cols>"...)
		for c, width := range s.Widths {
			b = fmt.Appendf(b, `<col min="%[1]d" max="%[1]d" width="`, c+1)
			b = strconv.AppendFloat(b, width, 'f', -1, 64)
			b = append(b, `" customWidth="1"/>`...)
		}
		b = append(b, "</cols>"...)
	}
	return append(b, "<sheetData>"...)
}

func appendRow(b []byte, n int, row Row) []byte {
	b = append(b, `<row r="`...)
	b = strconv.AppendInt(b, int64(n), 10)
	if row.Height > 0 {
		b = append(b, `" ht="`...)
		b = strconv.AppendFloat(b, row.Height, 'f', -1, 64)
		b = append(b, `" customHeight="1`...)
	}
	b = append(b, `">`...)
	for i, c := range row.Cells {
		if c.Kind == Blank {
			continue
		}
		b = append(b, `<c r="`...)
		b = appendCellName(b, i+1, n)
		b = append(b, `" s="`...)
		b = strconv.AppendInt(b, int64(c.Kind), 10) // the styles are in the order of the kinds
		switch c.Kind {
		case Number, Money:
			b = append(b, `"><v>`...)
			b = strconv.AppendFloat(b, c.Number, 'f', -1, 64)
			b = append(b, `</v></c>`...)
		default:
			b = append(b, `" t="inlineStr"><is><t`...)
			if strings.TrimSpace(c.Text) != c.Text {
				b = append(b, ` xml:space="preserve"`...)
			}
			b = append(b, '>')
			b = appendEscaped(b, c.Text, true)
			b = append(b, `</t></is></c>`...)
		}
	}
	return append(b, "</row>"...)
}

// cellName is how Excel calls a cell, both counted from 1: B12.
func cellName(column, row int) string { return string(appendCellName(nil, column, row)) }

func appendCellName(b []byte, column, row int) []byte {
	var letters [3]byte // XFD is the last column
	i := len(letters)
	for ; column > 0 && i > 0; column = (column - 1) / 26 {
		i--
		letters[i] = 'A' + byte((column-1)%26)
	}
	return strconv.AppendInt(append(b, letters[i:]...), int64(row), 10)
}

// appendEscaped writes text so that every program reads it as it is.
// Characters that XML cannot hold are written _x001B_ as Excel does, and what
// only looks like that is kept from being read so. Line breaks stand as they
// are where lines says so; the names of columns have them written as well.
func appendEscaped(b []byte, s string, lines bool) []byte {
	for i, r := range s { // a byte that is no text is U+FFFD here
		switch {
		case r == '&':
			b = append(b, "&amp;"...)
		case r == '<':
			b = append(b, "&lt;"...)
		case r == '>':
			b = append(b, "&gt;"...)
		case r == '"':
			b = append(b, "&quot;"...)
		case r == '_' && escaped(s[i:]):
			b = append(b, "_x005F_"...)
		case r < ' ' && !(lines && (r == '\n' || r == '\t')):
			b = fmt.Appendf(b, "_x%04x_", r)
		case r == 0xfffe || r == 0xffff:
			b = append(b, "\ufffd"...)
		default:
			b = append(b, string(r)...)
		}
	}
	return b
}

// escaped says whether a text begins with what stands for a character: _x000D_.
func escaped(s string) bool {
	const length = len("_x000D_")
	if len(s) < length || s[1] != 'x' || s[length-1] != '_' {
		return false
	}
	_, err := strconv.ParseUint(s[2:length-1], 16, 16)
	return err == nil
}
