package report

import (
	"io"
	"strings"

	"perfgoal/model"
)

// RulesFormats are the formats of the list of rules; the first is the default.
func RulesFormats() []Format[func([]model.RuleInfo) error] {
	return []Format[func([]model.RuleInfo) error]{
		{Name: "table", New: rulesTable},
		{Name: "json", New: rulesJSON},
		{Name: "markdown", New: rulesMarkdown},
	}
}

func (o Options) yesNo(b bool) string {
	if b {
		return o.say("是", "yes")
	}
	return o.say("否", "no")
}

func rulesTable(w io.Writer, opt Options) func([]model.RuleInfo) error {
	return func(rules []model.RuleInfo) error {
		rows := make([][]string, 0, len(rules))
		for _, r := range rules {
			rows = append(rows, []string{r.Code, r.Name, opt.severityWord(r.Severity), opt.yesNo(r.Default), opt.kindWord(r.Kind), r.Title.In(opt.Lang)})
		}
		return printTable(w, opt, []column{
			{Title: opt.say("代码", "code")},
			{Title: opt.say("名称", "name")},
			{Title: opt.say("级别", "severity")},
			{Title: opt.say("默认", "default")},
			{Title: opt.say("类别", "kind")},
			{Title: opt.say("说明", "what it reports"), Min: 16},
		}, rows)
	}
}

type ruleJSON struct {
	Code      string         `json:"code"`
	Name      string         `json:"name"`
	Severity  model.Severity `json:"severity"`
	Default   bool           `json:"default"`
	Kind      model.RuleKind `json:"kind"`
	Since     string         `json:"since"`
	Basis     string         `json:"basis"`
	Title     string         `json:"title"`
	Rationale string         `json:"rationale"`
	Fix       string         `json:"fix"`
}

func rulesJSON(w io.Writer, opt Options) func([]model.RuleInfo) error {
	return func(rules []model.RuleInfo) error {
		list := make([]ruleJSON, 0, len(rules))
		for _, r := range rules {
			list = append(list, ruleJSON{r.Code, r.Name, r.Severity, r.Default, r.Kind, r.Since,
				r.Basis.In(opt.Lang), r.Title.In(opt.Lang), r.Rationale.In(opt.Lang), r.Fix.In(opt.Lang)})
		}
		b, err := encode(struct {
			SchemaVersion string     `json:"schema_version"`
			Tool          Tool       `json:"tool"`
			Rules         []ruleJSON `json:"rules"`
		}{SchemaVersion, opt.Tool, list}, "", "  ")
		if err != nil {
			return err
		}
		_, err = w.Write(append(b, '\n'))
		return err
	}
}

func rulesMarkdown(w io.Writer, opt Options) func([]model.RuleInfo) error {
	return func(rules []model.RuleInfo) error {
		out := &stickyWriter{w: w}
		out.line(opt.say("| 代码 | 名称 | 级别 | 默认 | 类别 | 说明 |", "| code | name | severity | default | kind | what it reports |"))
		out.line("| --- | --- | --- | --- | --- | --- |")
		for _, r := range rules {
			title := strings.ReplaceAll(r.Title.In(opt.Lang), "|", `\|`)
			out.line("| ", strings.Join([]string{r.Code, r.Name, opt.severityWord(r.Severity), opt.yesNo(r.Default), opt.kindWord(r.Kind), title}, " | "), " |")
		}
		return out.err
	}
}
