package report

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strconv"

	"perfgoal/model"
)

// lintGitLab writes a Code Quality report. GitLab keeps one issue for each
// fingerprint and calls an issue new by it, so fingerprints are unique and do
// not depend on lines.
type lintGitLab struct {
	w    *stickyWriter
	opt  Options
	seen map[string]int
	n    int
}

type gitlabIssue struct {
	Description string         `json:"description"`
	CheckName   string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"`
	Location    gitlabLocation `json:"location"`
}

type gitlabLocation struct {
	Path  string      `json:"path"`
	Lines gitlabLines `json:"lines"`
}

// gitlabLines: GitLab rejects an issue without a line. Where there is none (a
// PDF), it is 1 and the description names the page and cell.
type gitlabLines struct {
	Begin int `json:"begin"`
}

func newLintGitLab(w io.Writer, opt Options) LintWriter {
	return &lintGitLab{w: &stickyWriter{w: w}, opt: opt, seen: map[string]int{}}
}

func (l *lintGitLab) Add(c Checked) error {
	if p := l.opt.trouble(c); p != nil {
		if err := l.issue(p.Message.In(l.opt.Lang), p.Code, p.Code, "critical", c.Path, nil); err != nil {
			return err
		}
	}
	for _, f := range c.Findings {
		if !l.opt.Lists(f) {
			continue
		}
		severity := map[model.Severity]string{model.Error: "major", model.Warning: "minor", model.Info: "info"}[f.Severity]
		if err := l.issue(l.opt.sentence(f), f.Rule+" "+f.Name, f.Fingerprint, severity, f.Path, f.Location.Line); err != nil {
			return err
		}
	}
	return l.w.err
}

func (l *lintGitLab) issue(description, check, mark, severity, path string, line *int) error {
	key := path + "\x1f" + check + "\x1f" + mark
	l.seen[key]++
	if n := l.seen[key]; n > 1 {
		key += "\x1f" + strconv.Itoa(n)
	}
	sum := sha256.Sum256([]byte(key))
	issue := gitlabIssue{description, check, hex.EncodeToString(sum[:16]), severity, gitlabLocation{path, gitlabLines{1}}}
	if line != nil {
		issue.Location.Lines.Begin = *line
	}
	body, err := encode(issue, "  ", "  ")
	if err != nil {
		return err
	}
	separator := ",\n  "
	if l.n == 0 {
		separator = "[\n  "
	}
	l.n++
	_, err = io.WriteString(l.w, separator+string(body))
	return err
}

func (l *lintGitLab) Close(End) error {
	if l.n == 0 {
		l.w.line("[]")
	} else {
		l.w.line("\n]")
	}
	return l.w.err
}
