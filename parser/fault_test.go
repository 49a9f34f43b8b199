package parser

import (
	"context"
	"testing"

	"perfgoal/parser/pdf"
)

type brokenPages int

func (n brokenPages) NumPages() int { return int(n) }

func (brokenPages) Page(_ context.Context, i int) (pdf.Page, error) {
	if i == 2 {
		panic("fault")
	}
	return pdf.Page{}, nil
}

// A fault on a page, which is read on a goroutine of its own, is the reader's,
// who reports it of the document.
func TestFaultOnAPageIsTheReaders(t *testing.T) {
	defer func() {
		if got := recover(); got != "fault" {
			t.Errorf("caught %v", got)
		}
	}()
	_, _, _ = layOut(t.Context(), brokenPages(5), 2, nil)
}
