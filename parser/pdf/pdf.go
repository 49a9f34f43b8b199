// Package pdf reads a PDF's pages as glyphs and rules (ruling lines).
package pdf

import (
	"context"
	"errors"
)

// Options say how to read a PDF.
type Options struct {
	Engine   string // "" or "auto", "pdfcpu", "ledongthuc"
	Password string
	Jobs     int // pages at once; 0 means all cores
}

// File is a PDF that was read.
type File struct {
	Engine string
	Pages  []Page
}

// Page is one page in points from its top left corner.
type Page struct{}

// Read reads all pages.
func Read(context.Context, []byte, Options) (*File, error) {
	return nil, errors.New("not read yet")
}
