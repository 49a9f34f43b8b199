package pdfium

import (
	"context"
	"image"

	"perfgoal/parser/pdf"
)

// File is an open document, of which there is none: in a browser PDFium would
// be a module within a module.
type File struct{}

// Load reports that there is no engine.
func Load(bool) error { return ErrEngine }

// Open reports that there is no engine.
func Open(context.Context, []byte, Options) (*File, error) { return nil, ErrEngine }

// Close does nothing.
func (*File) Close() {}

// NumPages returns 0.
func (*File) NumPages() int { return 0 }

// Page reports that there is no engine.
func (*File) Page(context.Context, int) (pdf.Page, error) { return pdf.Page{}, ErrEngine }

// Draw reports that there is no engine.
func (*File) Draw(context.Context, int, int) (image.Image, error) { return nil, ErrEngine }
