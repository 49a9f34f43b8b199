package report

import (
	"io"

	"perfgoal/model"
)

// findingJSON is model.Finding with its message put into words.
type findingJSON struct {
	Rule        string            `json:"rule"`
	Name        string            `json:"name"`
	Severity    model.Severity    `json:"severity"`
	Message     string            `json:"message"`
	Path        string            `json:"path"`
	Form        *int              `json:"form"`
	Project     string            `json:"project"`
	Field       string            `json:"field"`
	Text        string            `json:"text"`
	Location    model.Location    `json:"location"`
	Related     []model.Related   `json:"related"`
	Evidence    map[string]string `json:"evidence"`
	Fingerprint string            `json:"fingerprint"`
}

func findingIn(f model.Finding, lang model.Lang) findingJSON {
	evidence := f.Evidence
	if evidence == nil {
		evidence = map[string]string{}
	}
	return findingJSON{f.Rule, f.Name, f.Severity, f.Message.In(lang), f.Path, f.Form, f.Project,
		f.Field, f.Text, f.Location, orEmpty(f.Related), evidence, f.Fingerprint}
}

type checkedJSON struct {
	Path   string       `json:"path"`
	Status model.Status `json:"status"`
	Error  *problem     `json:"error"`
	Forms  int          `json:"forms"`
	Doubts []doubtJSON  `json:"doubts"` // what could not be read for certain
}

type checkJSON struct {
	Rule    string        `json:"rule"`
	Path    string        `json:"path"`
	Form    *int          `json:"form"`
	Outcome model.Outcome `json:"outcome"`
	Reason  string        `json:"reason"`
}

type summaryJSON struct {
	Documents   int  `json:"documents"`
	Forms       int  `json:"forms"`
	Error       int  `json:"error"`
	Warning     int  `json:"warning"`
	Info        int  `json:"info"`
	Hidden      int  `json:"hidden"`  // counted above, but below --min-severity and so not listed
	Reading     int  `json:"reading"` // findings of what could not be read for certain; not counted by severity
	Partial     int  `json:"partial"` // documents with such places
	Unread      int  `json:"unread"`  // documents without forms
	Interrupted bool `json:"interrupted"`
	Suppressed  int  `json:"suppressed"` // found, but left out by a configuration or baseline
}

type lintJSON struct {
	w   io.Writer
	opt Options
	tally
	body struct {
		SchemaVersion string         `json:"schema_version"`
		Tool          Tool           `json:"tool"`
		Ruleset       *Ruleset       `json:"ruleset,omitempty"`
		Summary       summaryJSON    `json:"summary"`
		Documents     []checkedJSON  `json:"documents"`
		Checks        []model.Checks `json:"checks"`
		SingleChecks  *[]checkJSON   `json:"single_checks,omitempty"`
		Findings      []findingJSON  `json:"findings"`
		// Manifest is what of the manifest came; absent without one.
		Manifest *completenessJSON `json:"manifest,omitempty"`
	}
}

func newLintJSON(w io.Writer, opt Options) LintWriter {
	l := &lintJSON{w: w, opt: opt, tally: newTally(opt)}
	l.body.SchemaVersion, l.body.Tool, l.body.Ruleset = SchemaVersion, opt.Tool, opt.Ruleset
	l.body.Documents, l.body.Findings = []checkedJSON{}, []findingJSON{}
	if opt.ShowChecks {
		l.body.SingleChecks = &[]checkJSON{}
	}
	return l
}

func (l *lintJSON) Add(c Checked) error {
	l.add(c)
	if !c.Bundle {
		l.body.Documents = append(l.body.Documents, checkedJSON{c.Path, c.Status, problemIn(c.Error, l.opt.Lang), c.Forms, doubtsIn(c.Doubts, l.opt.Lang)})
	}
	for _, f := range c.Findings {
		if l.opt.Lists(f) {
			l.body.Findings = append(l.body.Findings, findingIn(f, l.opt.Lang))
		}
	}
	if l.opt.ShowChecks {
		for _, s := range c.Single {
			*l.body.SingleChecks = append(*l.body.SingleChecks,
				checkJSON{s.Rule, s.Path, s.Form, s.Outcome, s.Reason.In(l.opt.Lang)})
		}
	}
	return nil
}

func (l *lintJSON) Close(end End) error {
	l.body.Summary = summaryJSON{
		Documents: l.documents, Forms: l.forms,
		Error: l.severity[model.Error], Warning: l.severity[model.Warning], Info: l.severity[model.Info],
		Hidden: l.hidden, Reading: l.doubted, Partial: l.partial, Unread: len(l.unread), Interrupted: end.Interrupted, Suppressed: end.Suppressed,
	}
	l.body.Checks, l.body.Manifest = l.checks, completenessIn(end.Manifest)
	b, err := encode(l.body, "", "  ")
	if err != nil {
		return err
	}
	_, err = l.w.Write(append(b, '\n'))
	return err
}
