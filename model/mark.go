package model

// Mark is a note on a page of a PDF: a highlight over Box, or where that is
// nil a sign in the page's corner.
type Mark struct {
	Page int  // 1-based
	Box  *Box // as the page is seen, in points from its top left corner
	// Lies leads from where Box is said to be to where it is seen, nil where
	// that is the same; see Document.Straightened.
	Lies   *Affine
	Colour Colour
	Title  string // a few words, such as the rule and how grave it is
	Text   string
}

// Affine leads from one plane to another: x' = m[0]x + m[2]y + m[4] and
// y' = m[1]x + m[3]y + m[5].
type Affine [6]float64

// Apply is where a point comes to.
func (m Affine) Apply(x, y float64) (float64, float64) {
	return m[0]*x + m[2]*y + m[4], m[1]*x + m[3]*y + m[5]
}

// Box is the smallest box around what another becomes.
func (m Affine) Box(b Box) Box {
	x, y := m.Apply(b[0], b[1])
	out := Box{x, y, x, y}
	for _, corner := range [][2]float64{{b[2], b[1]}, {b[0], b[3]}, {b[2], b[3]}} {
		x, y := m.Apply(corner[0], corner[1])
		out = out.Union(Box{x, y, x, y})
	}
	return out
}

// Colour is red, green and blue from 0 to 1.
type Colour [3]float64

// MarkedCopy is the line that tells a copy of a PDF with marks from other
// PDFs; it stands right before its last startxref.
const MarkedCopy = "%perfgoal annotated copy\n"
