package report

import (
	"bytes"
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

// lintedJSON is `lint -o json`; lintJSON writes it piece by piece.
type lintedJSON struct {
	lintedHead
	Findings []findingJSON `json:"findings"`
	// Manifest is what of the manifest came; absent without one.
	Manifest *completenessJSON `json:"manifest,omitempty"`
}

// lintedHead stands before the findings.
type lintedHead struct {
	SchemaVersion string         `json:"schema_version"`
	Tool          Tool           `json:"tool"`
	Ruleset       *Ruleset       `json:"ruleset,omitempty"`
	Summary       summaryJSON    `json:"summary"`
	Documents     []checkedJSON  `json:"documents"`
	Checks        []model.Checks `json:"checks"`
	SingleChecks  *[]checkJSON   `json:"single_checks,omitempty"`
}

type lintJSON struct {
	w   io.Writer
	opt Options
	tally
	head     lintedHead
	findings []*model.Finding // behind the head, which has their number
}

func newLintJSON(w io.Writer, opt Options) LintWriter {
	l := &lintJSON{w: w, opt: opt, tally: newTally(opt)}
	l.head.SchemaVersion, l.head.Tool, l.head.Ruleset = SchemaVersion, opt.Tool, opt.Ruleset
	l.head.Documents = []checkedJSON{}
	if opt.ShowChecks {
		l.head.SingleChecks = &[]checkJSON{}
	}
	return l
}

func (l *lintJSON) Add(c Checked) error {
	l.add(c)
	if !c.Bundle {
		l.head.Documents = append(l.head.Documents, checkedJSON{c.Path, c.Status, problemIn(c.Error, l.opt.Lang), c.Forms, doubtsIn(c.Doubts, l.opt.Lang)})
	}
	l.findings = l.opt.listed(l.findings, c.Findings)
	if l.opt.ShowChecks {
		for _, s := range c.Single {
			*l.head.SingleChecks = append(*l.head.SingleChecks,
				checkJSON{s.Rule, s.Path, s.Form, s.Outcome, s.Reason.In(l.opt.Lang)})
		}
	}
	return nil
}

func (l *lintJSON) Close(end End) error {
	l.head.Summary = summaryJSON{
		Documents: l.documents, Forms: l.forms,
		Error: l.severity[model.Error], Warning: l.severity[model.Warning], Info: l.severity[model.Info],
		Hidden: l.hidden, Reading: l.doubted, Partial: l.partial, Unread: len(l.unread), Interrupted: end.Interrupted, Suppressed: end.Suppressed,
	}
	l.head.Checks = l.checks
	head, err := encode(l.head, "", "  ")
	if err != nil {
		return err
	}
	if _, err := l.w.Write(bytes.TrimSuffix(head, []byte("\n}"))); err != nil {
		return err
	}
	j := jsonText{lines: true, depth: 1}
	j.key("findings")
	j.open('[')
	if _, err := l.w.Write(j.b); err != nil {
		return err
	}
	err = inOrder(l.w, len(l.findings), func(b *bytes.Buffer, from, to int) error {
		j := jsonText{b: b.AvailableBuffer(), lines: true, depth: j.depth, empty: from == 0}
		for _, f := range l.findings[from:to] {
			j.next()
			j.finding(f, l.opt.Lang)
		}
		b.Write(j.b)
		return j.err
	})
	if err != nil {
		return err
	}
	j.b, j.empty = j.b[:0], len(l.findings) == 0
	j.close(']')
	if end.Manifest != nil {
		j.key("manifest")
		j.other(completenessIn(end.Manifest))
	}
	j.b = append(j.b, "\n}\n"...)
	if j.err != nil {
		return j.err
	}
	_, err = l.w.Write(j.b)
	return err
}
