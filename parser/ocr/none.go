//go:build noocr || js

// Package ocr reads the characters of a picture of one line of print. This
// build leaves the recogniser out.
package ocr

import "context"

// Available says whether this build of the program can read pictures.
const Available = false

// Reader would read lines.
type Reader struct{}

// NewReader returns ErrNone.
func NewReader() (*Reader, error) { return nil, ErrNone }

// Line returns ErrNone.
func (*Reader) Line(context.Context, Picture) ([]Char, error) { return nil, ErrNone }
