package report

import (
	"io"
	"strings"

	"perfgoal/model"
)

// Explained is a rule with what perfgoal really says about its examples.
type Explained struct {
	Rule      model.RuleInfo
	Bad, Good []model.Finding // this rule's findings on either example
}

// Explain writes what a rule reports, why, on whose authority, its examples
// with their outcome, and what to do.
func Explain(w io.Writer, opt Options, e Explained) error {
	l := newLintText(w, opt).(*lintText)
	r := e.Rule
	l.w.line(l.bold.Sprint(r.Code, " ", r.Name, "  ", r.Title.In(opt.Lang)))
	on := opt.say("默认检查", "on by default")
	if !r.Default {
		on = opt.say("默认不检查（用 --select %s 打开）", "off by default (--select %s turns it on)", r.Code)
	}
	l.w.line(opt.say("级别：", "severity: "), l.severityColor(r.Severity).Sprint(opt.severityWord(r.Severity)),
		opt.say("　类别：", "   kind: "), opt.kindWord(r.Kind), opt.say("　", "   "), on)
	section := func(title, text string) {
		if text == "" {
			return
		}
		l.w.line()
		l.w.line(l.bold.Sprint(title))
		l.w.indented("  ", text, opt.Width, plain)
	}
	section(opt.say("为什么", "Why"), r.Rationale.In(opt.Lang))
	section(opt.say("依据", "Authority"), r.Basis.In(opt.Lang))
	section(opt.say("怎么改", "How to fix"), r.Fix.In(opt.Lang))
	section(opt.say("自动改正", "Mended by the program"), opt.mends(r))
	section(opt.say("怎么豁免", "How to suppress"), opt.howToSuppress(r))
	l.example(opt.say("有问题的写法", "What it reports"), r.Bad.Make(), e.Bad)
	l.example(opt.say("正确的写法", "What passes"), r.Good.Make(), e.Good)
	return l.w.err
}

// mends says whether perfgoal fix does anything about a rule.
func (o Options) mends(r model.RuleInfo) string {
	if r.Mends == (model.Text{}) {
		return o.say("perfgoal fix 不改：怎么改要由人判断。", "perfgoal fix leaves it: how to mend it takes judgement.")
	}
	return r.Mends.In(o.Lang)
}

// howToSuppress says how to keep one finding, or the whole rule, from being
// listed.
func (o Options) howToSuppress(r model.RuleInfo) string {
	return o.say("在 .perfgoal.yaml 的 suppressions 里写 rule: %s、project（项目名称）、reason（理由）和 expires（到期日）；整条规则都不用，在 rules 里写 %s: off。",
		"In .perfgoal.yaml, add rule: %s with project, reason and expires to suppressions; to drop the whole rule, write %s: off under rules.", r.Code, r.Code)
}

// example shows the lines that matter and what was found in the whole.
func (l *lintText) example(title string, x model.Example, found []model.Finding) {
	if x.Document == "" {
		return
	}
	l.w.line()
	l.w.line(l.bold.Sprint(title))
	for _, line := range x.Shows {
		cells := strings.FieldsFunc(line, func(r rune) bool { return r == '\t' })
		l.w.indented("  ", visible(strings.Join(cells, " │ ")), l.opt.Width, plain)
	}
	if len(found) == 0 {
		l.w.line(l.green.Sprint(l.opt.say("  perfgoal：没有问题", "  perfgoal: nothing to report")))
		return
	}
	for _, f := range found {
		l.finding(f)
	}
}
