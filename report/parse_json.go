package report

import (
	"io"

	"perfgoal/model"
)

// documentJSON is model.Document as `parse -o json` prints it.
type documentJSON struct {
	Path   string       `json:"path"`
	Format string       `json:"format"`
	Status model.Status `json:"status"`
	Error  *problem     `json:"error"`
	Pages  int          `json:"pages"`
	Engine string       `json:"engine"`
	Forms  []model.Form `json:"forms"`
}

func newParseJSON(w io.Writer, opt Options) DocumentWriter {
	return &documentStream{w: w, opt: opt, view: func(d *model.Document, opt Options) any {
		return documentJSON{d.Path, d.Format, d.Status, problemIn(d.Error, opt.Lang), d.Pages, d.Engine, formsJSON(d)}
	}}
}

// formsJSON returns the forms with no nil array in them.
func formsJSON(d *model.Document) []model.Form {
	forms := make([]model.Form, len(d.Forms))
	for i, f := range d.Forms {
		f.Indicators = orEmpty(f.Indicators)
		f.Unparsed = orEmpty(f.Unparsed)
		forms[i] = f
	}
	return forms
}
