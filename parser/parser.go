// Package parser is the only door from bytes to a document: it detects what
// an input is, reads it, rebuilds its tables and puts the forms together.
package parser

import (
	"context"
	"time"

	"perfgoal/model"
)

// Source is one input, read whole.
type Source struct {
	Path string // as shown to the user
	Data []byte
}

// Options say how to read. The zero value is the default.
type Options struct {
	KeepTables bool          // keep the rebuilt cells in Document.Tables
	KeepText   bool          // keep the running text in Document.Text
	Engine     string        // PDF object layer: "" or "auto", "pdfcpu", "ledongthuc"
	Password   string        // for locked PDFs
	Timeout    time.Duration // per input; 0 means DefaultTimeout
	Jobs       int           // pages read at once; 0 means all cores
}

// Parse reads one input. What cannot be read is a document whose status says
// so and whose Error says why; the error returned is only the context's, when
// the caller gave up. No panic leaves it.
func Parse(ctx context.Context, src Source, opt Options) (model.Document, error) {
	return model.Document{Path: src.Path, Status: model.StatusNoForm, Forms: []model.Form{}}, ctx.Err()
}
