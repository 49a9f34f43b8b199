package model

// Mark is a note on a page of a PDF: a highlight over Box, or where that is
// nil a sign in the page's corner.
type Mark struct {
	Page   int  // 1-based
	Box    *Box // as the page is seen, in points from its top left corner
	Colour Colour
	Title  string // a few words, such as the rule and how grave it is
	Text   string
}

// Colour is red, green and blue from 0 to 1.
type Colour [3]float64

// MarkedCopy is the line that tells a copy of a PDF with marks from other
// PDFs; it stands right before its last startxref.
const MarkedCopy = "%perfgoal annotated copy\n"
