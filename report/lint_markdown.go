package report

import (
	"fmt"
	"io"
	"strings"

	"perfgoal/model"
)

// lintMarkdown writes the summary tables, then every finding under its
// document and form. What it says of documents is held back until the end,
// because the summary stands first.
type lintMarkdown struct {
	w    *stickyWriter
	opt  Options
	body strings.Builder
	tally
	limit  int // bytes of the findings' part; 0 is no limit
	unsaid int // findings that the limit left out
}

func newLintMarkdown(w io.Writer, opt Options) LintWriter {
	return &lintMarkdown{w: &stickyWriter{w: w}, opt: opt, tally: newTally(opt)}
}

// maxJobSummary keeps a job summary under GitHub's limit of 1 MiB a step,
// beyond which it shows nothing at all.
const maxJobSummary = 900 << 10

// JobSummary is the markdown report, short enough for GitHub's job summary.
func JobSummary() Format[LintWriter] {
	return Format[LintWriter]{Name: "job-summary", New: func(w io.Writer, opt Options) LintWriter {
		l := newLintMarkdown(w, opt).(*lintMarkdown)
		l.limit = maxJobSummary
		return l
	}}
}

// markdownText keeps a document's text from being read as markup.
var markdownEscapes = strings.NewReplacer(`\`, `\\`, "|", `\|`, "<", "&lt;", ">", "&gt;", "&", "&amp;", "*", `\*`, "_", `\_`,
	"`", "\\`", "[", `\[`, "]", `\]`, "#", `\#`, "~", `\~`, "\n", " ", "\r", " ")

func markdownText(s string) string { return markdownEscapes.Replace(visible(s)) }

func (l *lintMarkdown) Add(c Checked) error {
	l.add(c)
	if c.Bundle {
		c.Path = l.opt.bundleTitle()
	}
	headed := false
	var last *int
	findings, readings := l.opt.split(c.Findings)
	for _, f := range findings {
		if l.limit > 0 && l.body.Len() > l.limit {
			l.unsaid++
			continue
		}
		if !headed {
			fmt.Fprintf(&l.body, "\n### %s\n", markdownText(c.Path))
		}
		if !headed || !sameForm(last, f.Form) {
			title := l.opt.say("整份文件", "Whole document")
			if f.Form != nil {
				title = l.opt.formTitle(*f.Form, f.Project)
			}
			fmt.Fprintf(&l.body, "\n#### %s\n\n", markdownText(title))
		}
		headed, last = true, f.Form
		place := l.opt.place(f.Location)
		if c.Bundle {
			place = strings.TrimSpace(visible(f.Path) + " " + place)
		}
		if place != "" {
			place = l.opt.say("（%s）", " (%s)", markdownText(place))
		}
		fmt.Fprintf(&l.body, "- **%s %s**%s %s\n", l.opt.severityWord(f.Severity), f.Rule, place, markdownText(f.Message.In(l.opt.Lang)))
	}
	l.readings(c.Path, headed, readings)
	if p := l.opt.trouble(c); p != nil && c.Error == nil {
		fmt.Fprintf(&l.body, "\n**%s** %s\n", markdownText(c.Path), markdownText(p.Message.In(l.opt.Lang)))
	}
	return nil
}

// readings lists what could not be read for certain, apart from the findings.
func (l *lintMarkdown) readings(path string, headed bool, list []model.Finding) {
	if len(list) == 0 {
		return
	}
	if l.limit > 0 && l.body.Len() > l.limit {
		l.unsaid += len(list)
		return
	}
	if !headed {
		fmt.Fprintf(&l.body, "\n### %s\n", markdownText(path))
	}
	fmt.Fprintf(&l.body, "\n#### %s\n\n%s\n\n", l.opt.readingTitle(), l.opt.readingAdvice())
	for _, f := range list {
		where := ""
		if f.Form != nil {
			where = l.opt.formTitle(*f.Form, f.Project)
		}
		if place := l.opt.where(f); place != "" {
			where = strings.TrimSpace(where + " " + place)
		}
		text := ""
		if f.Text != "" {
			text = l.opt.say("原文：", " Cell: ") + f.Text
		}
		fmt.Fprintf(&l.body, "- **%s**%s %s\n", f.Rule, markdownText(l.opt.say("（%s）", " (%s)", where)), markdownText(f.Message.In(l.opt.Lang)+text))
	}
}

func (l *lintMarkdown) table(head []string, rows [][]string) {
	l.w.line("| ", strings.Join(head, " | "), " |")
	l.w.line("|", strings.Repeat(" --- |", len(head)))
	for _, row := range rows {
		l.w.line("| ", strings.Join(row, " | "), " |")
	}
}

func (l *lintMarkdown) Close(end End) error {
	o := l.opt
	l.w.line("## ", o.say("绩效目标申报表检查结果", "Performance-target declarations checked"))
	l.w.line()
	l.w.line(markdownText(l.verdict(end)))
	l.w.line()
	head := []string{o.say("文件", "files"), o.say("申报表", "forms"), o.say("错误", "errors"), o.say("警告", "warnings"), o.say("提示", "notes"), o.say("没有得到检查的文件", "files not checked")}
	counts := []string{fmt.Sprint(l.documents), fmt.Sprint(l.forms), fmt.Sprint(l.severity[model.Error]), fmt.Sprint(l.severity[model.Warning]),
		fmt.Sprint(l.severity[model.Info]), fmt.Sprint(len(l.unread))}
	if l.partial > 0 {
		head, counts = append(head, o.readingTitle()), append(counts, fmt.Sprint(l.doubted))
	}
	l.table(head, [][]string{counts})
	if len(l.perRule) > 0 {
		l.w.line()
		rows := [][]string{}
		for _, r := range l.rulesByGravity() {
			rows = append(rows, []string{o.severityWord(r.severity), r.code, markdownText(r.title), fmt.Sprint(r.findings)})
		}
		l.table([]string{o.say("级别", "severity"), o.say("规则", "rule"), o.say("问题", "what"), o.say("处数", "count")}, rows)
	}
	if c := end.Manifest; c != nil {
		l.w.line()
		l.w.line("### ", o.say("报送情况", "Completeness"))
		l.w.line()
		var head []string
		for _, column := range o.completenessColumns(c) {
			head = append(head, column.Title)
		}
		rows := o.completenessRows(c)
		for _, row := range rows {
			row[0] = markdownText(row[0])
		}
		l.table(head, rows)
	}
	if len(l.unread) > 0 {
		l.w.line()
		l.w.line("### ", o.say("没有得到检查的文件", "Files not checked"))
		l.w.line()
		for _, c := range l.unread {
			l.w.line("- **", markdownText(c.Path), "** ", markdownText(c.Error.Message.In(o.Lang)))
		}
	}
	_, _ = io.WriteString(l.w, l.body.String())
	if l.unsaid > 0 {
		l.w.line()
		l.w.line(o.say("还有%d处问题没有列在这里，完整结果见日志或其他格式的报告。", "%d more findings are left out here; the log or another format has all of them.", l.unsaid))
	}
	return l.w.err
}
