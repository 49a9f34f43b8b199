package model

// Picture is what a page shows, as far as it was read: text, lines and areas.
// Places are in points from the page's top left corner, y growing downwards.
type Picture struct {
	Page          int // 1-based
	Width, Height float64
	Items         []PictureItem // in painting order
	Lines         []PictureLine
}

// PictureItem is a line of text, or an area where Text is empty.
type PictureItem struct {
	Text []string  // its characters
	X    []float32 // where each begins
	Y    float32   // of the baseline
	Size float32   // of the em
	Wide float32   // of the one character of a text that another font may draw wider; else 0
	Turn int       // direction it runs in, in quarter turns clockwise
	Box  Box       // of an area
	// Shade is 0 for black to 255 for white.
	Shade uint8
	Image bool // an area that an image covers
}

// PictureLine is a horizontal or vertical line.
type PictureLine struct {
	Box   Box
	Faint bool
}
