package report

import "io"

type lintLines struct {
	w   io.Writer
	opt Options
}

func newLintLines(w io.Writer, opt Options) LintWriter { return lintLines{w, opt} }

// Add writes one finding a line.
func (l lintLines) Add(c Checked) error {
	j := jsonText{}
	for _, f := range c.Findings {
		if !l.opt.Lists(f) {
			continue
		}
		j.b = j.b[:0]
		j.finding(f, l.opt.Lang)
		if j.err != nil {
			return j.err
		}
		if _, err := l.w.Write(append(j.b, '\n')); err != nil {
			return err
		}
	}
	return nil
}

func (l lintLines) Close(End) error { return nil }
