package report

import "io"

type lintLines struct {
	w   io.Writer
	opt Options
}

func newLintLines(w io.Writer, opt Options) LintWriter { return lintLines{w, opt} }

// Add writes one finding a line.
func (l lintLines) Add(c Checked) error {
	for _, f := range c.Findings {
		if !l.opt.Lists(f) {
			continue
		}
		b, err := encode(findingIn(f, l.opt.Lang), "", "")
		if err != nil {
			return err
		}
		if _, err := l.w.Write(append(b, '\n')); err != nil {
			return err
		}
	}
	return nil
}

func (l lintLines) Close(End) error { return nil }
