package model

// Cell is one cell of a rebuilt table.
type Cell struct {
	Row      int      `json:"row"` // 0-based
	Col      int      `json:"col"` // 0-based
	RowSpan  int      `json:"row_span"`
	ColSpan  int      `json:"col_span"`
	Text     string   `json:"text"` // wrapped lines joined
	Location Location `json:"location"`
	// Stored is the value that a workbook holds where that is more than it
	// shows: 12.345 of a cell that shows 12.35.
	Stored string `json:"stored,omitempty"`
	// Doubt is why Text cannot be trusted, nil where it can.
	Doubt *CellDoubt `json:"doubt,omitempty"`
}

// CellDoubt is why a cell's text cannot be trusted: characters printed over
// one another, a formula that gave no value, a cell cut by the page.
type CellDoubt struct {
	Code    DoubtCode `json:"code"`
	Message Message   `json:"message"`
}

// Table is a grid of cells in reading order. From a PDF it may run over
// several pages; from text, a table is the rows between blank stretches.
type Table struct {
	Rows     int      `json:"rows"`
	Cols     int      `json:"cols"`
	Geometry Geometry `json:"geometry"`
	// Caption is the text lines directly above the table, where a form's
	// title, year and unit stand.
	Caption []Line `json:"caption"`
	Cells   []Cell `json:"cells"`
	// Breaks are the rows before which a page break, or in text a blank line,
	// stood.
	Breaks []int `json:"breaks"`
	// Between are lines that stand between the table's parts on two pages.
	Between []BetweenLine `json:"between,omitempty"`
	// Doubt is why a part of the table may be missing, nil where none is.
	Doubt *CellDoubt `json:"doubt,omitempty"`
	// Ignored is text in and about the table that is in no cell, with the
	// reason: watermarks, page numbers, repeated headers, hidden rows.
	Ignored []Ignored `json:"ignored,omitempty"`
}

// BetweenLine is a line that stands before a row of a table that a page break
// divides.
type BetweenLine struct {
	Line
	Row int `json:"row"`
}

// Line is a line of text outside a table.
type Line struct {
	Text     string   `json:"text"`
	Location Location `json:"location"`
}

// JoinWrapped puts two lines of a cell that the page wrapped together: with
// nothing between Chinese characters, with a space between Latin words.
func JoinWrapped(a, b string) string {
	if a != "" && b != "" && latin(a[len(a)-1]) && latin(b[0]) {
		return a + " " + b
	}
	return a + b
}

func latin(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
