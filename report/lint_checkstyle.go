package report

import (
	"encoding/xml"
	"io"
)

// lintCheckstyle writes Checkstyle's XML, a file element for each document.
// A finding in a PDF has no line attribute; its message names the page.
type lintCheckstyle struct {
	w      *stickyWriter
	opt    Options
	opened bool
}

type checkstyleFile struct {
	XMLName xml.Name          `xml:"file"`
	Name    string            `xml:"name,attr"`
	Errors  []checkstyleError `xml:"error"`
}

type checkstyleError struct {
	Line     *int   `xml:"line,attr,omitempty"`
	Severity string `xml:"severity,attr"`
	Message  string `xml:"message,attr"`
	Source   string `xml:"source,attr"`
}

func newLintCheckstyle(w io.Writer, opt Options) LintWriter {
	return &lintCheckstyle{w: &stickyWriter{w: w}, opt: opt}
}

func (l *lintCheckstyle) open() {
	if !l.opened {
		l.opened = true
		l.w.line(`<?xml version="1.0" encoding="UTF-8"?>`)
		l.w.line(`<checkstyle version="4.3">`)
	}
}

func (l *lintCheckstyle) Add(c Checked) error {
	l.open()
	if c.Bundle { // a file element for each document that a finding names
		for i := 0; i < len(c.Findings); {
			j := i
			for j < len(c.Findings) && c.Findings[j].Path == c.Findings[i].Path {
				j++
			}
			if err := l.Add(Checked{Path: c.Findings[i].Path, Findings: c.Findings[i:j]}); err != nil {
				return err
			}
			i = j
		}
		return nil
	}
	file := checkstyleFile{Name: c.Path}
	if p := l.opt.trouble(c); p != nil {
		file.Errors = append(file.Errors, checkstyleError{nil, "error", p.Message.In(l.opt.Lang), "perfgoal." + p.Code})
	}
	for _, f := range c.Findings {
		if l.opt.Lists(f) {
			file.Errors = append(file.Errors, checkstyleError{f.Location.Line, string(f.Severity), l.opt.sentence(f), "perfgoal." + f.Rule})
		}
	}
	body, err := xml.MarshalIndent(file, "  ", "  ")
	if err != nil {
		return err
	}
	l.w.line(string(body))
	return l.w.err
}

func (l *lintCheckstyle) Close(End) error {
	l.open()
	l.w.line(`</checkstyle>`)
	return l.w.err
}
