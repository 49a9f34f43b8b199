package report

import (
	"bufio"
	"io"

	"perfgoal/model"
)

type extractText struct {
	w    *bufio.Writer
	many bool
}

func newExtractText(w io.Writer, opt Options) DocumentWriter {
	return &extractText{w: bufio.NewWriter(w), many: opt.Many}
}

// Add writes the running text line by line. The output of one file is that
// file's text and nothing else; of several, each is headed by its path.
func (e *extractText) Add(d *model.Document) error {
	if e.many {
		if _, err := e.w.WriteString("==> " + d.Path + " <==\n"); err != nil {
			return err
		}
	}
	for _, line := range d.Text {
		if _, err := e.w.WriteString(line); err != nil {
			return err
		}
		if err := e.w.WriteByte('\n'); err != nil {
			return err
		}
	}
	return e.w.Flush()
}

func (e *extractText) Close(End) error { return nil }
