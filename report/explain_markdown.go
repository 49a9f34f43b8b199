package report

import (
	"io"
	"strings"

	"perfgoal/model"
)

// ExplainMarkdown writes what Explain does as a page of the documentation.
func ExplainMarkdown(w io.Writer, opt Options, e Explained) error {
	out := &stickyWriter{w: w}
	r := e.Rule
	out.line("# ", r.Code, " ", r.Name)
	out.line()
	out.line(r.Title.In(opt.Lang))
	out.line()
	out.line(opt.say("| 级别 | 默认 | 类别 | 起始版本 |", "| severity | default | kind | since |"))
	out.line("| --- | --- | --- | --- |")
	out.line("| ", strings.Join([]string{opt.severityWord(r.Severity), opt.yesNo(r.Default), opt.kindWord(r.Kind), r.Since}, " | "), " |")
	for _, s := range []struct{ title, text string }{
		{opt.say("为什么", "Why"), r.Rationale.In(opt.Lang)},
		{opt.say("依据", "Authority"), r.Basis.In(opt.Lang)},
		{opt.say("怎么改", "How to fix"), r.Fix.In(opt.Lang)},
		{opt.say("自动改正", "Mended by the program"), r.Mends.In(opt.Lang)},
		{opt.say("怎么豁免", "How to suppress"), opt.howToSuppress(r)},
	} {
		if s.text != "" {
			out.line()
			out.line("## ", s.title)
			out.line()
			out.line(s.text)
		}
	}
	opt.markdownExample(out, opt.say("有问题的写法", "What it reports"), r.Bad.Make(), e.Bad)
	opt.markdownExample(out, opt.say("正确的写法", "What passes"), r.Good.Make(), e.Good)
	return out.err
}

// markdownExample shows the lines that matter and perfgoal's own output.
func (o Options) markdownExample(out *stickyWriter, title string, x model.Example, found []model.Finding) {
	if x.Document == "" {
		return
	}
	out.line()
	out.line("## ", title)
	out.line()
	out.line("```text")
	for _, line := range x.Shows {
		cells := strings.FieldsFunc(line, func(r rune) bool { return r == '\t' })
		out.line(visible(strings.Join(cells, " │ ")))
	}
	out.line("```")
	out.line()
	out.line(o.say("perfgoal 的输出：", "What perfgoal says:"))
	out.line()
	if len(found) == 0 {
		out.line(o.say("> 没有问题", "> nothing to report"))
		return
	}
	for i, f := range found {
		if i > 0 {
			out.line(">")
		}
		out.line("> ", strings.TrimSpace(o.severityWord(f.Severity)+" "+f.Rule+" "+o.place(f.Location)), o.say("：", ":"))
		for line := range strings.SplitSeq(visible(f.Message.In(o.Lang)), "\n") {
			out.line("> ", strings.NewReplacer("<", "&lt;", "*", `\*`, "|", `\|`).Replace(line))
		}
	}
}

// RulesIndex writes the list of rules as a page that links to their pages.
func RulesIndex(w io.Writer, opt Options, rules []model.RuleInfo) error {
	out := &stickyWriter{w: w}
	out.line(opt.say("# 规则", "# Rules"))
	out.line()
	out.line(opt.say("由规则表生成（go generate ./cmd），不要手工修改。", "Made from the table of rules (go generate ./cmd); not to be edited."))
	out.line()
	out.line(opt.say("| 代码 | 名称 | 级别 | 默认 | 类别 | 说明 |", "| code | name | severity | default | kind | what it reports |"))
	out.line("| --- | --- | --- | --- | --- | --- |")
	for _, r := range rules {
		title := strings.ReplaceAll(r.Title.In(opt.Lang), "|", `\|`)
		out.line("| [", r.Code, "](", r.Code, ".md) | ", strings.Join([]string{r.Name, opt.severityWord(r.Severity), opt.yesNo(r.Default), opt.kindWord(r.Kind), title}, " | "), " |")
	}
	return out.err
}
