package report

import (
	"bufio"
	"io"
	"strings"
	"unicode"

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
		if _, err := e.w.WriteString("==> " + visible(d.Path) + " <==\n"); err != nil {
			return err
		}
	}
	for _, line := range d.Text {
		if _, err := e.w.WriteString(terminalSafe(line)); err != nil {
			return err
		}
		if err := e.w.WriteByte('\n'); err != nil {
			return err
		}
	}
	return e.w.Flush()
}

// terminalSafe takes from a line of a document only what would steer a
// terminal or reorder the line, so that the text can be read again as it is.
func terminalSafe(line string) string {
	return strings.Map(func(r rune) rune {
		if r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
			return unicode.ReplacementChar
		}
		return r
	}, line)
}

func (e *extractText) Close(End) error { return nil }
