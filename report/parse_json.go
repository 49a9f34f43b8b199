package report

import (
	"bytes"
	"encoding/hex"
	"io"

	"perfgoal/model"
)

// documentJSON is model.Document as `parse -o json` prints it.
type documentJSON struct {
	documentHead
	Forms []model.Form `json:"forms"`
	documentTail
}

// documentHead is what stands before a document's forms.
type documentHead struct {
	Path   string       `json:"path"`
	Format string       `json:"format"`
	Status model.Status `json:"status"`
	Error  *bothWays    `json:"error"`
	Pages  int          `json:"pages"`
	Engine string       `json:"engine"`
	SHA256 string       `json:"sha256,omitempty"` // of the input
}

// documentTail is what stands after them.
type documentTail struct {
	FiscalYear model.Year        `json:"fiscal_year"` // of a budget book
	Office     string            `json:"office"`      // whose book it is
	Narratives []model.Narrative `json:"narratives"`
	Statements []model.Statement `json:"statements"`
}

// parseStream writes documents whose forms may come one by one. What stands
// before the forms is known only after the last of them, so they wait for it
// packed.
type parseStream struct {
	documentStream
	forms *spool // of the document to come; nil for none
}

func newParseJSON(w io.Writer, opt Options) DocumentWriter {
	return &parseStream{documentStream: documentStream{w: w, opt: opt}}
}

// AddForm takes a form of the document that Add comes to next.
func (p *parseStream) AddForm(_ *model.Document, f model.Form) error {
	f = written(f, p.opt.Lang)
	const depth = 4 // of a form in the whole
	j := jsonText{lines: true, depth: depth}
	j.form(&f)
	if j.err != nil {
		return j.err
	}
	before := ",\n        "
	if p.forms == nil {
		p.forms, before = &spool{}, "\n        "
	}
	if _, err := io.WriteString(p.forms, before); err != nil {
		return err
	}
	_, err := p.forms.Write(j.b)
	return err
}

func (p *parseStream) Add(d *model.Document) error {
	defer func() { p.forms = nil }()
	for _, f := range d.Forms {
		if err := p.AddForm(d, f); err != nil {
			return err
		}
	}
	head, err := encode(documentHead{d.Path, d.Format, d.Status, inBoth(d.Error, p.opt.Lang), d.Pages, d.Engine, hex.EncodeToString([]byte(d.Digest))}, "    ", "  ")
	if err != nil {
		return err
	}
	tail, err := encode(documentTail{d.FiscalYear, d.Office, narrativesJSON(d.Narratives), orEmpty(d.Statements)}, "    ", "  ")
	if err != nil {
		return err
	}
	if err := p.next(); err != nil {
		return err
	}
	if _, err := p.w.Write(append(bytes.TrimSuffix(head, []byte("\n    }")), ",\n      \"forms\": ["...)); err != nil {
		return err
	}
	// Where reading ended in a problem, what was read before it does not count.
	if p.forms != nil && d.Status.Read() {
		if err := p.forms.copyTo(p.w); err != nil {
			return err
		}
		if _, err := io.WriteString(p.w, "\n      "); err != nil {
			return err
		}
	}
	_, err = p.w.Write(append([]byte("],"), bytes.TrimPrefix(tail, []byte("{"))...))
	return err
}

// narrativesJSON returns the narratives with no nil array in them.
func narrativesJSON(list []model.Narrative) []model.Narrative {
	out := make([]model.Narrative, len(list))
	for i, n := range list {
		n.Parts = orEmpty(n.Parts)
		out[i] = n
	}
	return out
}

// written is a form as it is written: messages in the language, and what its
// reader needs to take it for the document itself.
func written(f model.Form, lang model.Lang) model.Form {
	f.KeepPrinted()
	f.Doubts = inLanguage(f.Doubts, lang)
	return f
}
