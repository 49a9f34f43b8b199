package ocr

import "errors"

// Picture is a grey picture, row by row from the top: 0 is black, 255 white.
type Picture struct {
	W, H int
	Pix  []uint8
}

// Char is a character that was read.
type Char struct {
	Rune rune    // Unknown where something stands that was not read
	At   float64 // its middle, in pixels from the picture's left edge
	Sure float32 // how certain it is, 0 to 1
}

// Unknown stands for a character that was noticed and not read.
const Unknown = '\ufffd'

// Bounds of a picture: a line of print has far less.
const (
	MaxPixels = 4 << 20
	MaxWidth  = 3200 // of a line brought to the height that is read, 48 pixels
)

// ErrSize is the error of a picture that is empty or too large.
var ErrSize = errors.New("ocr: a picture of no size, or too large")

// ErrNone is the error of a build without the recogniser.
var ErrNone = errors.New("ocr: built without text recognition")
