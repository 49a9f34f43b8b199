// Package pdfium reads PDFs with PDFium, compiled to WebAssembly: a second
// opinion for files that package pdf cannot read. The module runs in a sandbox
// with bounded memory; it sees no file of the host.
package pdfium

import (
	"errors"

	"perfgoal/parser/pdf"
)

// Options say how to read.
type Options struct {
	Password string
	Limits   pdf.Limits
	NoCache  bool // do not keep the compiled module in the user's cache folder
}

var (
	// ErrLocked says that a document needs another password.
	ErrLocked = errors.New("pdfium: password required")
	// ErrEngine says that the engine itself does not run.
	ErrEngine = errors.New("pdfium does not run here")
)
