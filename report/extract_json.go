package report

import (
	"io"

	"perfgoal/model"
)

// extractedJSON is a document before any interpretation.
type extractedJSON struct {
	Path   string        `json:"path"`
	Format string        `json:"format"`
	Status model.Status  `json:"status"`
	Error  *problem      `json:"error"`
	Pages  int           `json:"pages"`
	Engine string        `json:"engine"`
	Text   []string      `json:"text"`
	Tables []model.Table `json:"tables"`
}

func newExtractJSON(w io.Writer, opt Options) DocumentWriter {
	return &documentStream{w: w, opt: opt, view: func(d *model.Document, opt Options) any {
		tables := make([]model.Table, len(d.Tables))
		for i, t := range d.Tables {
			t.Caption, t.Cells, t.Breaks = orEmpty(t.Caption), orEmpty(t.Cells), orEmpty(t.Breaks)
			tables[i] = t
		}
		return extractedJSON{d.Path, d.Format, d.Status, problemIn(d.Error, opt.Lang), d.Pages, d.Engine, orEmpty(d.Text), tables}
	}}
}
