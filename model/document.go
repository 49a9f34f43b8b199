// Package model holds what every stage of perfgoal hands to the next:
// documents, forms, amounts, indicators, tables of cells and findings.
// It is pure data and imports nothing of this module.
package model

import "strconv"

// Status says how far a document could be read.
type Status string

const (
	StatusOK         Status = "ok"         // at least one form was rebuilt
	StatusPartial    Status = "partial"    // forms were rebuilt, but some of their text is doubted
	StatusNoForm     Status = "no-form"    // readable, but holds no declaration
	StatusUnreadable Status = "unreadable" // damaged, locked, without text, or garbage
)

// Read says whether forms were rebuilt.
func (s Status) Read() bool { return s == StatusOK || s == StatusPartial }

// Document is one input file and the forms found in it.
type Document struct {
	Path   string   `json:"path"`
	Format string   `json:"format"` // "pdf", "text", "docx", "xlsx", "xls", "html", "csv" or "forms"; "" when the input could not even be opened
	Status Status   `json:"status"`
	Error  *Problem `json:"error"`  // nil exactly when Status is ok or partial
	Pages  int      `json:"pages"`  // 0 for text
	Engine string   `json:"engine"` // which PDF object layer read it; "" for text
	Forms  []Form   `json:"forms"`
	// FiscalYear is that of a budget book, as its cover or its tables' titles
	// name it; null for any other document.
	FiscalYear Year `json:"fiscal_year"`
	// Office is whose book it is, "" where that is not printed.
	Office string `json:"office"`
	// Narratives and Statements are what a budget book says around its forms.
	Narratives []Narrative `json:"narratives"`
	Statements []Statement `json:"statements"`
	// Digest is the SHA-256 of the input, kept only when asked for.
	Digest string `json:"-"`
	// Source is the input, kept only when asked for.
	Source []byte `json:"-"`
	// Straightened leads, by the numbers of pages whose picture was turned or
	// set straight to be read, from where their cells are said to lie to where
	// the page shows them.
	Straightened map[int]Affine `json:"-"`
	// Tables are the rebuilt cells, kept only when they were asked for (extract).
	Tables []Table `json:"-"`
	// Text is the running text in reading order, kept only when asked for (extract).
	Text []string `json:"-"`
}

// Problem is why a document has no forms. It is an error, so a parser can
// return it as is; its wording is rendered late, in the user's language.
type Problem struct {
	Code    string  `json:"code"`
	Message Message `json:"message"`
	// Cause is the technical detail behind the problem, nil when there is none.
	Cause error `json:"-"`
}

// Error implements error with the Chinese wording and the cause.
func (p *Problem) Error() string {
	s := p.Code + ": " + p.Message.In(Chinese)
	if p.Cause != nil {
		s += " (" + p.Cause.Error() + ")"
	}
	return s
}

// Unwrap returns the cause.
func (p *Problem) Unwrap() error { return p.Cause }

// Location is where a piece of text stands. Fields that do not apply are
// nil or empty and are written as JSON null.
type Location struct {
	Sheet string // name of a workbook's sheet
	Table int    // 1-based table of a Word document or web page; 0 for none
	Page  *int   // 1-based page of a PDF
	// Line is the 1-based line of a text file; outside the tables of a Word
	// document or web page that of its text, as extract prints it.
	Line *int
	Box  *Box // in PDF points from the page's top left corner
	Cell Ref  // row and column of the table, or of the sheet
	// Confidence is how certain the least certain character is, 0 to 1, of a
	// text that was read from a scan; nil for any other.
	Confidence *float64
}

// CellName is the cell's name within its table, "R12C3", or within its sheet
// as workbooks have it, "C12"; "" for none.
func (l Location) CellName() string {
	if l.Sheet == "" || l.Cell.Row < 1 || l.Cell.Col < 1 {
		return l.Cell.String()
	}
	const letters = 26
	column := ""
	for c := l.Cell.Col; c > 0; c = (c - 1) / letters {
		column = string(rune('A'+(c-1)%letters)) + column
	}
	return column + strconv.Itoa(l.Cell.Row)
}

// Same says whether both name one place: the same cell of the same page, line
// or sheet.
func (l Location) Same(o Location) bool {
	same := func(a, b *int) bool { return a == b || a != nil && b != nil && *a == *b }
	return same(l.Page, o.Page) && same(l.Line, o.Line) && l.Cell == o.Cell && l.Sheet == o.Sheet && l.Table == o.Table &&
		(l.Box == o.Box || l.Box != nil && o.Box != nil && *l.Box == *o.Box)
}

// Ref names a cell by its row and column, 1-based; the zero value is none.
type Ref struct{ Row, Col int }

// String is "R12C3", "" for none.
func (r Ref) String() string {
	if r == (Ref{}) {
		return ""
	}
	return string(r.Append(make([]byte, 0, len("R12345C123"))))
}

// Append is String behind b.
func (r Ref) Append(b []byte) []byte {
	if r == (Ref{}) {
		return b
	}
	b = strconv.AppendInt(append(b, 'R'), int64(r.Row), 10)
	return strconv.AppendInt(append(b, 'C'), int64(r.Col), 10)
}

// Box is a rectangle x0, y0, x1, y1 in PDF points (1/72 inch), y growing
// downwards from the page's top left corner.
type Box [4]float64

// Union returns the smallest box around both.
func (b Box) Union(o Box) Box {
	return Box{min(b[0], o[0]), min(b[1], o[1]), max(b[2], o[2]), max(b[3], o[3])}
}
