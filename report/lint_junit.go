package report

import (
	"encoding/xml"
	"io"
	"strings"

	"perfgoal/model"
)

// lintJUnit writes a suite for each document and a case for each form. Only
// findings that fail the run fail a case, so that the report and the exit
// status agree; the others stand in the case's output. What could not be read
// for certain is an error of the case: it was not checked in all places.
type lintJUnit struct {
	w      *stickyWriter
	opt    Options
	opened bool
}

type junitSuite struct {
	XMLName  xml.Name    `xml:"testsuite"`
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name      string     `xml:"name,attr"`
	ClassName string     `xml:"classname,attr"`
	Errors    []junitBad `xml:"error"`
	Failures  []junitBad `xml:"failure"`
	Output    string     `xml:"system-out,omitempty"`
}

type junitBad struct {
	Type    string `xml:"type,attr"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

func newLintJUnit(w io.Writer, opt Options) LintWriter {
	return &lintJUnit{w: &stickyWriter{w: w}, opt: opt}
}

func (l *lintJUnit) open() {
	if !l.opened {
		l.opened = true
		l.w.line(`<?xml version="1.0" encoding="UTF-8"?>`)
		l.w.line(`<testsuites name="perfgoal">`)
	}
}

func (l *lintJUnit) fails(s model.Severity) bool {
	return l.opt.FailLevel != "" && s.Rank() >= l.opt.FailLevel.Rank()
}

func (l *lintJUnit) Add(c Checked) error {
	l.open()
	if c.Bundle {
		c.Path = l.opt.bundleTitle()
	}
	suite := junitSuite{Name: c.Path}
	byForm := map[int]*junitCase{}
	whole := junitCase{Name: l.opt.say("整份文件", "Whole document"), ClassName: c.Path}
	if c.Bundle {
		whole.Name = c.Path
	}
	var cases []*junitCase
	if c.Document != nil {
		for _, f := range c.Document.Forms {
			x := &junitCase{Name: l.opt.formTitle(f.Index, f.Project.Name), ClassName: c.Path}
			byForm[f.Index] = x
			cases = append(cases, x)
		}
	}
	if p := l.opt.trouble(c); p != nil {
		whole.Errors = []junitBad{{p.Code, p.Message.In(l.opt.Lang), ""}}
	}
	for _, f := range c.Findings {
		to := &whole
		if f.Form != nil && byForm[*f.Form] != nil {
			to = byForm[*f.Form]
		}
		message := f.Message.In(l.opt.Lang)
		place := l.opt.place(f.Location)
		if c.Bundle {
			place = strings.TrimSpace(f.Path + " " + place)
		}
		text := l.opt.say("规则：%s %s\n级别：%s\n位置：%s\n字段：%s\n原文：%s", "rule: %s %s\nseverity: %s\nplace: %s\nfield: %s\ncell: %s",
			f.Rule, f.Name, l.opt.gravity(f), place, f.Field, f.Text)
		switch {
		case l.opt.reading(f): // the form was not checked in all places, as the exit status says
			to.Errors = append(to.Errors, junitBad{f.Rule, message, text})
		case l.fails(f.Severity):
			to.Failures = append(to.Failures, junitBad{f.Rule, message, text})
		case l.opt.Shown(f.Severity):
			to.Output += strings.Join([]string{l.opt.severityWord(f.Severity), f.Rule, place, message}, " ") + "\n"
		}
	}
	if len(whole.Errors)+len(whole.Failures) > 0 || whole.Output != "" || len(cases) == 0 {
		cases = append([]*junitCase{&whole}, cases...)
	}
	for _, x := range cases {
		suite.Cases = append(suite.Cases, *x)
		suite.Errors += min(1, len(x.Errors))
		if len(x.Errors) == 0 {
			suite.Failures += min(1, len(x.Failures))
		}
	}
	suite.Tests = len(suite.Cases)
	return l.suite(suite)
}

func (l *lintJUnit) suite(s junitSuite) error {
	body, err := xml.MarshalIndent(s, "  ", "  ")
	if err != nil {
		return err
	}
	l.w.line(string(body))
	return l.w.err
}

func (l *lintJUnit) Close(end End) error {
	l.open()
	if end.Interrupted {
		name := l.opt.say("检查被中断，其余文件没有检查", "interrupted; the other files were not checked")
		if err := l.suite(junitSuite{Name: "perfgoal", Tests: 1, Errors: 1,
			Cases: []junitCase{{Name: name, ClassName: "perfgoal", Errors: []junitBad{{"interrupted", name, ""}}}}}); err != nil {
			return err
		}
	}
	l.w.line(`</testsuites>`)
	return l.w.err
}
