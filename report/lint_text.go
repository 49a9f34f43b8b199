package report

import (
	"bytes"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/fatih/color"

	"perfgoal/model"
)

// lintText is the report for people: findings grouped by document and form,
// then a summary, what was and was not checked, and a verdict.
type lintText struct {
	w   *stickyWriter
	opt Options
	tally
	bold, faint, red, yellow, cyan, green ink
}

// ink is how a part of the report is painted; the zero value paints nothing.
type ink struct{ color *color.Color }

// newInk paints where the report has colours.
func newInk(opt Options, attributes ...color.Attribute) ink {
	if !opt.Color {
		return ink{}
	}
	c := color.New(attributes...)
	c.EnableColor()
	return ink{c}
}

// Sprint is the parts as they are written.
func (i ink) Sprint(parts ...string) string {
	s := strings.Join(parts, "")
	if i.color == nil {
		return s
	}
	return i.color.Sprint(s)
}

func newLintText(w io.Writer, opt Options) LintWriter {
	return &lintText{w: &stickyWriter{w: w}, opt: opt, tally: newTally(opt),
		bold: newInk(opt, color.Bold), faint: newInk(opt, color.Faint), red: newInk(opt, color.FgRed, color.Bold),
		yellow: newInk(opt, color.FgYellow), cyan: newInk(opt, color.FgCyan), green: newInk(opt, color.FgGreen, color.Bold)}
}

// stickyWriter remembers the first error, so that a report need not look
// after every line.
type stickyWriter struct {
	w     io.Writer
	err   error
	wrote bool
	blank bool // the last line is
	buf   []byte
}

func (s *stickyWriter) Write(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.w.Write(p)
	s.err, s.wrote, s.blank = err, true, false
	return n, err
}

func (s *stickyWriter) line(parts ...string) {
	s.buf = s.buf[:0]
	for _, p := range parts {
		s.buf = append(s.buf, p...)
	}
	s.buf = bytes.TrimRight(s.buf, " ")
	blank := len(s.buf) == 0
	s.buf = append(s.buf, '\n')
	_, _ = s.Write(s.buf)
	s.blank = blank
}

// painted writes a line in an ink.
func (s *stickyWriter) painted(i ink, parts ...string) {
	if i.color == nil {
		s.line(parts...)
		return
	}
	s.line(i.Sprint(parts...))
}

// indented writes wrapped text; first stands before the first line, and the
// following lines are indented as far.
func (s *stickyWriter) indented(first, text string, limit int, paint func(...string) string) {
	indent := width(first)
	for i, line := range wrap(text, limit-indent) {
		if i > 0 {
			first = strings.Repeat(" ", indent)
		}
		s.line(first, paint(line))
	}
}

// plain paints nothing.
func plain(parts ...string) string { return strings.Join(parts, "") }

func (l *lintText) severityColor(s model.Severity) ink {
	switch s {
	case model.Error:
		return l.red
	case model.Warning:
		return l.yellow
	default:
		return l.cyan
	}
}

func (l *lintText) Add(c Checked) error {
	l.add(c)
	if l.opt.Summary {
		return l.summary(c)
	}
	shown, readings := l.opt.split(c.Findings)
	trouble := l.opt.trouble(c)
	silent := c.Error == nil && trouble != nil // read in part, and no finding says so
	if len(shown)+len(readings) == 0 && !silent {
		return l.w.err
	}
	if c.Bundle {
		l.w.line(l.bold.Sprint(l.opt.bundleTitle()), l.faint.Sprint(l.opt.say("（%d处问题）", "  (findings: %d)", len(shown))))
	} else {
		counts := l.opt.say("%d张申报表，%d处问题", "forms: %d, findings: %d", c.Forms, len(shown))
		if len(readings) > 0 {
			counts += l.opt.say("，%d处没有读准", ", not read for certain: %d", len(readings))
		}
		l.headed(c.Path, visible(c.Path), l.opt.say("（%s）", "  (%s)", counts), l.faint.Sprint)
	}
	_ = inOrder(l.w, len(shown), func(b *bytes.Buffer, from, to int) error {
		part := *l
		part.w = &stickyWriter{w: b}
		for i := from; i < to; i++ {
			part.listed(c.Bundle, shown, i)
		}
		return nil
	})
	l.readings(readings)
	if silent {
		l.w.line()
		l.w.indented("  ", trouble.Message.In(l.opt.Lang), l.opt.Width, plain)
	}
	l.w.line()
	return l.w.err
}

// listed writes one of the findings of a document or bundle, and the heading
// of its form before the first.
func (l *lintText) listed(bundle bool, all []model.Finding, i int) {
	f := all[i]
	if bundle {
		if i == 0 || all[i-1].Path != f.Path || !sameForm(all[i-1].Form, f.Form) {
			l.w.line()
			l.w.line(l.bold.Sprint(l.bundleHeading(f)))
		}
	} else if i == 0 || !sameForm(all[i-1].Form, f.Form) {
		l.w.line()
		l.w.line(l.bold.Sprint(l.heading(f)))
	}
	l.finding(f)
}

// summary is a document in one line.
func (l *lintText) summary(c Checked) error {
	found := map[model.Severity]int{}
	readings := 0
	for _, f := range c.Findings {
		if l.opt.reading(f) {
			readings++
		} else {
			found[f.Severity]++
		}
	}
	path, name := c.Path, visible(c.Path)
	if c.Bundle {
		if len(c.Findings) == 0 {
			return l.w.err
		}
		path, name = "", l.opt.bundleTitle()
	}
	if c.Error != nil && !c.Bundle {
		l.headed(path, name, l.opt.say("：没有得到检查", ": not checked"), l.red.Sprint)
		return l.w.err
	}
	line := l.opt.say("：%d张申报表，错误%d处，警告%d处，提示%d处", ": forms: %d, errors: %d, warnings: %d, notes: %d",
		c.Forms, found[model.Error], found[model.Warning], found[model.Info])
	if c.Bundle {
		line = l.opt.say("：错误%d处，警告%d处，提示%d处", ": errors: %d, warnings: %d, notes: %d", found[model.Error], found[model.Warning], found[model.Info])
	}
	if readings > 0 {
		line += l.opt.say("，没有读准%d处", ", not read for certain: %d", readings)
	}
	l.headed(path, name, line, plain)
	return l.w.err
}

// headed writes a name that leads to a file and what is said of it, which
// stands below the name where a terminal would break the line somewhere.
func (l *lintText) headed(path, name, said string, paint func(...string) string) {
	head := l.bold.Sprint(l.link(path, nil, name))
	if !l.opt.Screen || width(name)+width(said) <= l.opt.Width {
		l.w.line(head, paint(said))
		return
	}
	l.w.line(head)
	l.w.indented("  ", strings.TrimLeft(said, " ：:"), l.opt.Width, paint)
}

// link makes a text lead to a file, or a page of it, where the terminal takes
// links. What lies in an archive leads to the archive.
func (l *lintText) link(path string, page *int, text string) string {
	if !l.opt.Links || text == "" || path == "" {
		return text
	}
	file, _, packed := strings.Cut(path, "!/")
	abs, err := filepath.Abs(file)
	if err != nil {
		return text
	}
	slashed := filepath.ToSlash(abs)
	if !strings.HasPrefix(slashed, "/") { // C:/Users
		slashed = "/" + slashed
	}
	u := url.URL{Scheme: "file", Path: slashed}
	if page != nil && !packed {
		u.Fragment = "page=" + strconv.Itoa(*page)
	}
	return "\x1b]8;;" + u.String() + "\x1b\\" + text + "\x1b]8;;\x1b\\"
}

// readings lists what could not be read for certain, apart from the findings.
func (l *lintText) readings(list []model.Finding) {
	if len(list) == 0 {
		return
	}
	l.w.line()
	l.w.line(l.bold.Sprint(l.opt.readingTitle()), l.faint.Sprint(l.opt.say("（%d处）", "  (%d)", len(list))))
	for i, f := range list {
		if i == 0 || !sameForm(list[i-1].Form, f.Form) {
			l.w.line("  ", l.heading(f))
		}
		l.finding(f)
	}
}

func sameForm(a, b *int) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

func (l *lintText) heading(f model.Finding) string {
	if f.Form == nil {
		return l.opt.say("整份文件", "Whole document")
	}
	return l.opt.formTitle(*f.Form, f.Project)
}

// bundleHeading names the document, too.
func (l *lintText) bundleHeading(f model.Finding) string {
	if f.Form == nil {
		return visible(f.Path)
	}
	return visible(f.Path) + " " + l.heading(f)
}

// finding prints one finding. Its message holds the arithmetic; the bare
// figures of the evidence are for machine formats.
func (l *lintText) finding(f model.Finding) {
	const indent = "      "
	place := visible(l.opt.where(f))
	head := "  " + l.opt.gravity(f) + "  " + f.Rule + " " + f.Name
	apart := place != "" && width(head)+len("  ")+width(place) > l.opt.Width // on a line of its own
	behind := ""
	if place != "" && !apart {
		behind = "  " + l.faint.Sprint(l.link(f.Path, f.Location.Page, place))
	}
	l.w.line("  ", l.severityColor(f.Severity).Sprint(l.opt.gravity(f)), "  ", f.Rule, " ", f.Name, behind)
	if apart {
		l.w.indented(indent, place, l.opt.Width, func(parts ...string) string {
			return l.faint.Sprint(l.link(f.Path, f.Location.Page, plain(parts...)))
		})
	}
	message := f.Message.In(l.opt.Lang)
	l.w.indented(indent, visible(message), l.opt.Width, plain)
	if f.Text != "" && !strings.Contains(message, f.Text) {
		label := indent + l.opt.say("原文：", "cell: ")
		l.w.line(l.faint.Sprint(label + oneLine(f.Text, l.opt.Width-width(label))))
	}
	for _, r := range f.Related {
		l.related(f, r)
	}
}

// related names another place that contributed, on one line; its form only
// where that is another one.
func (l *lintText) related(f model.Finding, r model.Related) {
	path, form, place := "", "", l.opt.place(r.Location)
	if r.Path != "" && r.Path != f.Path {
		path = visible(r.Path) + " "
	}
	if r.Form != nil && (path != "" || !sameForm(f.Form, r.Form)) {
		form = l.opt.say("第%d张 ", "form %d ", *r.Form)
	}
	if place != "" {
		place += " "
	}
	const indent = "      "
	see := l.opt.say("对照：", "see:  ")
	room := l.opt.Width - width(indent) - width(see) - width(path) - width(form) - width(place)
	text, more := cutLine(r.Text, room)
	if path != "" && r.Text == r.Path {
		text, more = "", ""
	}
	l.w.painted(l.faint, indent, see, path, form, place, text, more)
}

func (l *lintText) Close(end End) error {
	if l.opt.Summary {
		l.gap()
	}
	if l.severity[model.Error]+l.severity[model.Warning]+l.severity[model.Info] > 0 {
		if err := l.ruleTable(); err != nil {
			return err
		}
		if err := l.fileTable(); err != nil {
			return err
		}
	}
	if err := l.manifestTable(end.Manifest); err != nil {
		return err
	}
	l.unreadList()
	l.readingLines()
	l.checkLines()
	l.conclude(end)
	return l.w.err
}

// ruleTable sums up by rule and severity, the gravest and the most frequent first.
func (l *lintText) ruleTable() error {
	var rows [][]string
	for _, r := range l.rulesByGravity() {
		forms := "—" // about whole documents
		if r.forms > 0 {
			forms = fmt.Sprint(r.forms)
		}
		rows = append(rows, []string{l.opt.severityWord(r.severity), r.code, r.title, fmt.Sprint(r.findings), forms})
	}
	return printTable(l.w, l.opt, []column{
		{Title: l.opt.say("级别", "severity")},
		{Title: l.opt.say("规则", "rule")},
		{Title: l.opt.say("问题", "what"), Min: 16},
		{Title: l.opt.say("处数", "count"), Right: true},
		{Title: l.opt.say("涉及表数", "forms"), Right: true},
	}, rows)
}

// fileTable sums up by file, when there is more than one.
func (l *lintText) fileTable() error {
	if l.documents < 2 || l.opt.Summary { // it told each file
		return nil
	}
	rows := make([][]string, 0, len(l.perFile))
	for _, f := range l.perFile {
		forms := fmt.Sprint(f.forms)
		if f.manifest {
			forms = "—" // no document, but the manifest
		}
		rows = append(rows, []string{visible(f.path), forms, fmt.Sprint(f.severity[model.Error]),
			fmt.Sprint(f.severity[model.Warning]), fmt.Sprint(f.severity[model.Info])})
	}
	l.gap()
	if err := printTable(l.w, l.opt, []column{
		{Title: l.opt.say("文件", "file"), Min: 16},
		{Title: l.opt.say("表数", "forms"), Right: true},
		{Title: l.opt.say("错误", "errors"), Right: true},
		{Title: l.opt.say("警告", "warnings"), Right: true},
		{Title: l.opt.say("提示", "notes"), Right: true},
	}, rows); err != nil {
		return err
	}
	if clean := l.clean(); clean > 0 {
		l.w.line(l.opt.say("另有%d个文件没有发现问题。", "Files without findings: %d.", clean))
	}
	return nil
}

// clean counts the documents that were checked and that no finding names.
func (l *lintText) clean() int {
	named := map[string]bool{}
	for _, c := range l.unread {
		named[c.Path] = true
	}
	for _, f := range l.perFile {
		if _, read := l.formsOf[f.path]; read {
			named[f.path] = true
		}
	}
	return l.documents - len(named)
}

// manifestTable says what of the manifest came, by unit.
func (l *lintText) manifestTable(c *Completeness) error {
	if c == nil {
		return nil
	}
	l.gap()
	l.w.line(l.bold.Sprint(l.opt.say("对照清单 %s 的报送情况（金额单位：元）", "Submitted against the manifest %s", visible(c.Path))))
	return printTable(l.w, l.opt, l.opt.unitColumns(c), l.opt.unitRows(c))
}

// unreadList names every input that gave no form, with what is wrong and what
// to do.
func (l *lintText) unreadList() {
	if len(l.unread) == 0 {
		return
	}
	l.gap()
	heading := l.opt.say("以下%d个输入没有得到检查：", "Not checked: %d", len(l.unread))
	if l.proseOnly() > 0 {
		heading = l.opt.say("以下%d个输入没有读到申报表：", "No declaration was read: %d", len(l.unread))
	}
	l.w.line(l.red.Sprint(heading))
	for _, c := range l.unread {
		l.w.line("  ", l.bold.Sprint(visible(c.Path)))
		if c.Error != nil {
			l.w.indented("      ", visible(c.Error.Message.In(l.opt.Lang)), l.opt.Width, plain)
		}
	}
}

// readingLines say what the places that were not read for certain mean, and
// how much of the print they are.
func (l *lintText) readingLines() {
	if l.partial == 0 {
		return
	}
	l.gap()
	l.w.indented("", l.opt.readingTitle()+l.opt.say("：", ": ")+l.opt.readingAdvice(), l.opt.Width, plain)
	if l.unclaimed > 0 {
		l.w.indented("", l.opt.say("没有归入任何字段的文字共%d个字。", "Characters in no field: %d.", l.unclaimed), l.opt.Width, plain)
	}
}

// gap sets the parts of the summary apart from what was written before them.
func (l *lintText) gap() {
	if l.w.wrote && !l.w.blank {
		l.w.line()
	}
}

// checkLines say what was really checked, and what could not be.
func (l *lintText) checkLines() {
	sum := l.outcomes()
	if sum.Pass+sum.Fail+sum.InsufficientData == 0 {
		return
	}
	l.gap()
	l.w.indented("", l.judged(), l.opt.Width, plain)
	if l.opt.Ruleset != nil {
		l.w.indented("", l.opt.rulesetLine(l.opt.Ruleset), l.opt.Width, plain)
	}
	if sum.InsufficientData == 0 {
		return
	}
	var rules []string
	for _, c := range l.checks {
		if c.InsufficientData > 0 {
			rules = append(rules, l.opt.say("%s %d次", "%s %d", c.Rule, c.InsufficientData))
		}
	}
	l.w.indented("", l.opt.say("因数据不足无法判断%d次（%s），这些不算通过；用 -o json --show-checks 可逐项查看原因。",
		"Could not be judged for want of data: %d (%s); these do not count as passed. -o json --show-checks gives each reason.",
		sum.InsufficientData, strings.Join(rules, l.opt.say("，", ", "))), l.opt.Width, plain)
}

// conclude prints the verdict.
func (l *lintText) conclude(end End) {
	if end.Suppressed > 0 {
		l.w.indented("", l.opt.say("另有%d处问题按豁免或基线没有列出。", "Findings left out by suppressions or the baseline: %d.", end.Suppressed), l.opt.Width, plain)
	}
	paint := l.green
	if worst := l.worst(end); worst != "" {
		paint = l.severityColor(worst)
	}
	l.w.indented("", l.verdict(end), l.opt.Width, paint.Sprint)
}
