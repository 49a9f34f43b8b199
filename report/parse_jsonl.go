package report

import (
	"encoding/hex"
	"encoding/json"
	"io"

	"perfgoal/model"
)

// lineHead starts every line of `parse -o jsonl`.
type lineHead struct {
	Path   string       `json:"path"`
	Format string       `json:"format"`
	Status model.Status `json:"status"`
	Error  *bothWays    `json:"error"`
	SHA256 string       `json:"sha256,omitempty"`
}

// bookJSON is what a budget book says around its forms, on the line of its
// first form, or of the document that has none.
type bookJSON struct {
	BookYear   model.Year        `json:"book_year"`
	Office     string            `json:"office"`
	Narratives []model.Narrative `json:"narratives"`
	Statements []model.Statement `json:"statements"`
}

// bookIn is nil for a document that is no book.
func bookIn(d *model.Document) *bookJSON {
	if len(d.Narratives)+len(d.Statements) == 0 {
		return nil
	}
	return &bookJSON{d.FiscalYear, d.Office, narrativesJSON(d.Narratives), orEmpty(d.Statements)}
}

type parseLines struct {
	lines *json.Encoder // one value a line
	opt   Options
}

func newParseLines(w io.Writer, opt Options) DocumentWriter {
	return parseLines{newEncoder(w), opt}
}

// Add writes one form a line, its fields beside the document's path and
// status. A document without forms is one line with its error, so that no
// input is missing from the output.
func (p parseLines) Add(d *model.Document) error {
	if len(d.Forms) == 0 && !d.Status.Read() {
		return p.lines.Encode(struct {
			lineHead
			*bookJSON
		}{p.head(d), bookIn(d)})
	}
	for _, f := range d.Forms {
		if err := p.AddForm(d, f); err != nil {
			return err
		}
	}
	return nil
}

// AddForm writes one form's line before its document is read to the end.
func (p parseLines) AddForm(d *model.Document, f model.Form) error {
	var book *bookJSON
	if f.Index == 1 {
		book = bookIn(d)
	}
	return p.lines.Encode(struct {
		lineHead
		model.Form
		*bookJSON
	}{p.head(d), formJSON(f, p.opt.Lang), book})
}

func (p parseLines) head(d *model.Document) lineHead {
	return lineHead{d.Path, d.Format, d.Status, inBoth(d.Error, p.opt.Lang), hex.EncodeToString([]byte(d.Digest))}
}

func (p parseLines) Close(End) error { return nil }
