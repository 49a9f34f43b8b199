package report

import (
	"encoding/hex"
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
	w    io.Writer
	opt  Options
	line []byte // the last one, whose room serves the next
}

func newParseLines(w io.Writer, opt Options) DocumentWriter { return &parseLines{w: w, opt: opt} }

// Add writes one form a line, its fields beside the document's path and
// status. A document without forms is one line with its error, so that no
// input is missing from the output.
func (p *parseLines) Add(d *model.Document) error {
	if len(d.Forms) == 0 && !d.Status.Read() {
		return newEncoder(p.w).Encode(struct {
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
func (p *parseLines) AddForm(d *model.Document, f model.Form) error {
	f = written(f, p.opt.Lang)
	j := jsonText{b: p.line[:0]}
	j.open('{')
	j.members(p.head(d))
	j.formMembers(&f)
	if book := bookIn(d); book != nil && f.Index == 1 {
		j.members(book)
	}
	j.close('}')
	if j.err != nil {
		return j.err
	}
	p.line = append(j.b, '\n')
	_, err := p.w.Write(p.line)
	return err
}

func (p *parseLines) head(d *model.Document) lineHead {
	return lineHead{d.Path, d.Format, d.Status, inBoth(d.Error, p.opt.Lang), hex.EncodeToString([]byte(d.Digest))}
}

func (p *parseLines) Close(End) error { return nil }
