// Package config reads .perfgoal.yaml: which rules are on and how severe they
// are, thresholds, vocabulary, own rules, suppressions and output defaults. It
// is strict: every mistake of a file is reported at once, each with its place.
package config

import (
	"strconv"
	"strings"

	"github.com/mattn/go-runewidth"

	"perfgoal/model"
)

// Problem is one mistake in a file.
type Problem struct {
	Path    string
	Line    int // 1-based; 0 where it is about the whole file
	Column  int // 1-based, in characters; 0 where only the line is known
	Message model.Message
	Excerpt string // the line with a caret below; "" where there is none
}

// In renders the problem with its place.
func (p Problem) In(lang model.Lang) string {
	place := p.Path
	if p.Line > 0 {
		place += ":" + strconv.Itoa(p.Line)
		if p.Column > 0 {
			place += ":" + strconv.Itoa(p.Column)
		}
	}
	s := place + ": " + p.Message.In(lang)
	if p.Excerpt != "" {
		s += "\n" + p.Excerpt
	}
	return s
}

// Problems are the mistakes of a file in their order. They are an error.
type Problems []Problem

// Error implements error in Chinese.
func (p Problems) Error() string { return p.In(model.Chinese) }

// In renders all problems, each on lines of its own.
func (p Problems) In(lang model.Lang) string {
	lines := make([]string, len(p))
	for i, x := range p {
		lines[i] = x.In(lang)
	}
	return strings.Join(lines, "\n")
}

// excerpt is a line of a file with a caret below a column (1-based, in
// characters). Wide characters take two columns of a terminal.
func excerpt(line string, column int) string {
	narrow := runewidth.Condition{}
	runes := []rune(strings.TrimRight(line, "\r\n"))
	from := 0 // long lines are cut before the caret
	const most = 60
	for from < column-1 && narrow.StringWidth(string(runes[from:min(column-1, len(runes))])) > most {
		from++
	}
	shown, indent := string(runes[from:]), narrow.StringWidth(string(runes[from:min(max(column-1, 0), len(runes))]))
	return "    " + strings.ReplaceAll(shown, "\t", " ") + "\n    " + strings.Repeat(" ", indent) + "^"
}

func say(zh, en string, args ...string) model.Message {
	m := model.Message{Text: model.Text{Zh: zh, En: en}}
	for i := 0; i+1 < len(args); i += 2 {
		if m.Args == nil {
			m.Args = model.Args{}
		}
		m.Args[args[i]] = args[i+1]
	}
	return m
}
