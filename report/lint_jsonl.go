package report

import (
	"bytes"
	"io"

	"perfgoal/model"
)

type lintLines struct {
	w   io.Writer
	opt Options
}

func newLintLines(w io.Writer, opt Options) LintWriter { return lintLines{w, opt} }

// Add writes one finding a line.
func (l lintLines) Add(c Checked) error {
	all := l.opt.listed(nil, c.Findings)
	return inOrder(l.w, len(all), func(b *bytes.Buffer, from, to int) error {
		j := jsonText{b: b.AvailableBuffer()}
		for _, f := range all[from:to] {
			j.finding(f, l.opt.Lang)
			j.b = append(j.b, '\n')
		}
		b.Write(j.b)
		return j.err
	})
}

// listed appends those of the findings that are listed.
func (o Options) listed(to []*model.Finding, findings []model.Finding) []*model.Finding {
	for i := range findings {
		if o.Lists(findings[i]) {
			to = append(to, &findings[i])
		}
	}
	return to
}

func (l lintLines) Close(End) error { return nil }
