package report

import (
	"encoding/hex"
	"io"

	"perfgoal/model"
)

// documentJSON is model.Document as `parse -o json` prints it.
type documentJSON struct {
	Path   string       `json:"path"`
	Format string       `json:"format"`
	Status model.Status `json:"status"`
	Error  *bothWays    `json:"error"`
	Pages  int          `json:"pages"`
	Engine string       `json:"engine"`
	SHA256 string       `json:"sha256,omitempty"` // of the input
	Forms  []model.Form `json:"forms"`

	FiscalYear model.Year        `json:"fiscal_year"` // of a budget book
	Office     string            `json:"office"`      // whose book it is
	Narratives []model.Narrative `json:"narratives"`
	Statements []model.Statement `json:"statements"`
}

func newParseJSON(w io.Writer, opt Options) DocumentWriter {
	return &documentStream{w: w, opt: opt, view: func(d *model.Document, opt Options) any {
		return documentJSON{d.Path, d.Format, d.Status, inBoth(d.Error, opt.Lang), d.Pages, d.Engine, hex.EncodeToString([]byte(d.Digest)), formsJSON(d, opt.Lang),
			d.FiscalYear, d.Office, narrativesJSON(d.Narratives), orEmpty(d.Statements)}
	}}
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

// formsJSON returns the forms with no nil array in them, and their messages in
// the language.
func formsJSON(d *model.Document, lang model.Lang) []model.Form {
	forms := make([]model.Form, len(d.Forms))
	for i, f := range d.Forms {
		forms[i] = formJSON(f, lang)
	}
	return forms
}

// formJSON is a form as it is written: empty arrays for nil ones, messages in
// the language, and what its reader needs to take it for the document itself.
func formJSON(f model.Form, lang model.Lang) model.Form {
	f.KeepPrinted()
	f.Indicators, f.OverallIndicators = rowsWithoutNil(f.Indicators), rowsWithoutNil(f.OverallIndicators)
	f.Unparsed, f.Ignored, f.Doubts = orEmpty(f.Unparsed), orEmpty(f.Ignored), inLanguage(f.Doubts, lang)
	f.Funding.Items = orEmpty(f.Funding.Items)
	return f
}

func rowsWithoutNil(rows []model.Indicator) []model.Indicator {
	out := make([]model.Indicator, len(rows))
	for i, r := range rows {
		r.RegionValues = orEmpty(r.RegionValues)
		out[i] = r
	}
	return out
}
