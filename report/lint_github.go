package report

import (
	"io"
	"strconv"
	"strings"

	"perfgoal/model"
)

// lintGitHub writes workflow commands, which GitHub Actions shows as
// annotations (it shows ten of a kind for each step; the job summary and the
// log hold all of them).
type lintGitHub struct {
	w   *stickyWriter
	opt Options
}

func newLintGitHub(w io.Writer, opt Options) LintWriter {
	return lintGitHub{&stickyWriter{w: w}, opt}
}

// The characters that end a workflow command's message, and in addition its
// properties.
var (
	githubMessage  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func (l lintGitHub) command(level, path string, line *int, title, message string) {
	s := "::" + level + " file=" + githubProperty.Replace(visible(path))
	if line != nil {
		s += ",line=" + strconv.Itoa(*line)
	}
	l.w.line(s, ",title=", githubProperty.Replace(visible(title)), "::", githubMessage.Replace(visible(message)))
}

func (l lintGitHub) Add(c Checked) error {
	if p := l.opt.trouble(c); p != nil {
		l.command("error", c.Path, nil, p.Code, p.Message.In(l.opt.Lang))
	}
	for _, f := range c.Findings {
		if !l.opt.Lists(f) {
			continue
		}
		level := string(f.Severity)
		if f.Severity == model.Info {
			level = "notice"
		}
		l.command(level, f.Path, f.Location.Line, f.Rule+" "+f.Name, l.opt.sentence(f))
	}
	return l.w.err
}

func (l lintGitHub) Close(End) error { return l.w.err }
