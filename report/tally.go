package report

import (
	"cmp"
	"slices"
	"strings"

	"perfgoal/model"
)

// tally counts what a run found, for summaries.
type tally struct {
	opt       Options
	documents int
	forms     int
	books     int // documents that are budget books
	severity  map[model.Severity]int
	hidden    int
	doubted   int // findings of what could not be read for certain; in no other count
	partial   int // documents with such places
	unclaimed int // characters that no field holds
	perRule   map[ruleAt]*ruleTally
	checks    []model.Checks // one for each of opt.Rules
	slot      map[string]int // rule code -> index in checks
	unread    []Checked      // documents without forms; their findings are not kept
	perFile   []fileTally    // documents with findings
	formsOf   map[string]int // forms of each document
}

// fileTally counts one document's findings.
type fileTally struct {
	path     string
	forms    int
	severity map[model.Severity]int
	manifest bool // no document: the manifest
}

// ruleAt is a rule at one severity: some rules find graver and lighter things.
type ruleAt struct {
	code     string
	severity model.Severity
}

// ruleTally counts one rule's findings at one severity. A form that has both
// graver and lighter ones counts for each.
type ruleTally struct {
	findings int
	forms    int
}

func newTally(opt Options) tally {
	t := tally{opt: opt, severity: map[model.Severity]int{}, perRule: map[ruleAt]*ruleTally{}, formsOf: map[string]int{},
		checks: make([]model.Checks, len(opt.Rules)), slot: make(map[string]int, len(opt.Rules))}
	for i, r := range opt.Rules {
		t.checks[i].Rule = r.Code
		t.slot[r.Code] = i
	}
	return t
}

func (t *tally) add(c Checked) {
	if !c.Bundle {
		t.documents++
		t.forms += c.Forms
		if c.Book {
			t.books++
		}
		t.formsOf[c.Path] = c.Forms
	}
	if c.Status == model.StatusPartial {
		t.partial++
	}
	t.unclaimed += c.Unread
	if !c.Bundle && !c.Status.Read() {
		t.unread = append(t.unread, Checked{Path: c.Path, Status: c.Status, Error: c.Error, Book: c.Book})
	}
	for _, k := range c.Checks {
		i, known := t.slot[k.Rule]
		if !known {
			i = len(t.checks)
			t.slot[k.Rule] = i
			t.checks = append(t.checks, model.Checks{Rule: k.Rule})
		}
		t.checks[i].Pass += k.Pass
		t.checks[i].Fail += k.Fail
		t.checks[i].NotApplicable += k.NotApplicable
		t.checks[i].InsufficientData += k.InsufficientData
	}
	type place struct {
		path string
		form int
		rule ruleAt
	}
	seen := map[place]bool{}
	file := fileTally{path: c.Path, forms: c.Forms, severity: map[model.Severity]int{}}
	if len(c.Findings) > 0 && !c.Bundle {
		t.perFile = append(t.perFile, file)
	}
	for _, f := range c.Findings {
		if c.Bundle {
			file = t.fileOf(f.Path)
		}
		if t.opt.reading(f) {
			t.doubted++
			continue
		}
		file.severity[f.Severity]++
		t.severity[f.Severity]++
		if !t.opt.Shown(f.Severity) {
			t.hidden++
		}
		rule := ruleAt{f.Rule, f.Severity}
		r := t.perRule[rule]
		if r == nil {
			r = &ruleTally{}
			t.perRule[rule] = r
		}
		r.findings++
		if at := (place{f.Path, formNumber(f.Form), rule}); f.Form != nil && !seen[at] {
			seen[at] = true
			r.forms++
		}
	}
}

func formNumber(form *int) int {
	if form == nil {
		return 0
	}
	return *form
}

// fileOf is the tally of a document that a finding about the bundle names.
func (t *tally) fileOf(path string) fileTally {
	for _, f := range t.perFile {
		if f.path == path {
			return f
		}
	}
	forms, read := t.formsOf[path]
	f := fileTally{path: path, forms: forms, severity: map[model.Severity]int{}, manifest: !read}
	t.perFile = append(t.perFile, f)
	return f
}

// ruleSum is what one rule found at one severity, for summaries.
type ruleSum struct {
	ruleAt
	ruleTally
	title string
}

// rulesByGravity lists what the rules found by rule and severity, the gravest
// and the most frequent first. Its counts add up to those of the verdict.
func (t *tally) rulesByGravity() []ruleSum {
	titles := map[string]string{}
	for _, r := range t.opt.Rules {
		titles[r.Code] = r.Title.In(t.opt.Lang)
	}
	var out []ruleSum
	for rule, found := range t.perRule {
		out = append(out, ruleSum{rule, *found, titles[rule.code]})
	}
	slices.SortFunc(out, func(a, b ruleSum) int {
		return cmp.Or(b.severity.Rank()-a.severity.Rank(), b.findings-a.findings, strings.Compare(a.code, b.code))
	})
	return out
}

// outcomes adds up the checks of all rules that judge a form.
func (t *tally) outcomes() model.Checks {
	var sum model.Checks
	reading := readingRules(t.opt.Rules)
	for _, c := range t.checks {
		if reading[c.Rule] {
			continue
		}
		sum.Pass += c.Pass
		sum.Fail += c.Fail
		sum.NotApplicable += c.NotApplicable
		sum.InsufficientData += c.InsufficientData
	}
	return sum
}

// judged says how often the rules were applied, and with what outcome, and why
// the failures are not as many as the findings where they are not.
func (t *tally) judged() string {
	sum, why := t.outcomes(), ""
	if sum.Fail != t.severity[model.Error]+t.severity[model.Warning]+t.severity[model.Info] {
		why = t.opt.say("（一条规则对一张表只算一次，一次不通过可能指出几处问题）", "; a rule judges a form once, and one failure may hold several findings")
	}
	return t.opt.say("共检查%d张申报表，用规则%d条，作出判断%d次：通过%d次，不通过%d次%s；另有%d次不适用。",
		"Checked forms: %d, rules: %d, judgements: %d (%d passed, %d failed%s); %d did not apply.",
		t.forms, len(t.opt.Rules)-len(readingRules(t.opt.Rules)), sum.Pass+sum.Fail, sum.Pass, sum.Fail, why, sum.NotApplicable)
}

// proseOnly is how many inputs are budget books without forms: what they say
// in prose was checked.
func (t *tally) proseOnly() int {
	n := 0
	for _, c := range t.unread {
		if c.Book {
			n++
		}
	}
	return n
}

// worst is how grave the verdict is, "" where everything was read and checked
// and at most notes were made.
func (t *tally) worst(end End) model.Severity {
	switch {
	case t.severity[model.Error] > 0 || t.forms == 0 || len(t.unread) > 0:
		return model.Error
	case t.severity[model.Warning] > 0 || t.partial > 0 || end.Interrupted:
		return model.Warning
	}
	return ""
}

// verdict is the sentence to take away.
func (t *tally) verdict(end End) string {
	errors, warnings, infos := t.severity[model.Error], t.severity[model.Warning], t.severity[model.Info]
	var text string
	switch {
	case t.forms == 0 && t.books > 0:
		text = t.opt.say("结论：没有读到申报表，只核对了预算文本里的说明，发现%d处错误、%d处警告、%d处提示。",
			"Verdict: no declaration was read; only the text of budget books was checked. Errors: %d, warnings: %d, notes: %d.", errors, warnings, infos)
	case t.forms == 0:
		text = t.opt.say("结论：没有读到任何申报表，什么都没有检查。", "Verdict: no declaration was read, so nothing was checked.")
	case errors > 0:
		text = t.opt.say("结论：发现%d处错误、%d处警告、%d处提示。请先改正错误，再逐条核对警告。",
			"Verdict: errors: %d, warnings: %d, notes: %d. Correct the errors first, then look at each warning.", errors, warnings, infos)
	case warnings > 0:
		text = t.opt.say("结论：没有错误，有%d处警告、%d处提示，请逐条核对。",
			"Verdict: no errors. Warnings: %d, notes: %d; look at each.", warnings, infos)
	case infos > 0:
		text = t.opt.say("结论：没有错误和警告，有%d处提示可供参考。", "Verdict: no errors or warnings. Notes: %d.", infos)
	case t.partial > 0:
		text = t.opt.say("结论：%d张申报表中读准的部分未发现问题。", "Verdict: nothing was found in what was read for certain. Forms checked: %d.", t.forms)
	default:
		text = t.opt.say("结论：%d张申报表均未发现问题。", "Verdict: nothing was found. Forms checked: %d.", t.forms)
	}
	if t.hidden > 0 {
		text += t.opt.say("其中%d处低于 --min-severity，没有列出。", " Of these, %d are below --min-severity and not listed.", t.hidden)
	}
	books := t.proseOnly()
	if t.forms > 0 && books > 0 {
		text += t.opt.say("另有%d份预算文本没有申报表，只核对了文字说明。", " Budget books without forms, of which the prose was checked: %d.", books)
	}
	if t.forms > 0 && len(t.unread) > books {
		text += t.opt.say("另有%d个输入没有得到检查。", " Inputs not checked: %d.", len(t.unread)-books)
	}
	if t.partial > 0 {
		text += t.opt.say("有%d个文件没有全部读准", " Documents not read for certain in all places: %d", t.partial)
		if t.doubted > 0 {
			text += t.opt.say("（%d处）", " (%d)", t.doubted)
		}
		text += t.opt.say("，请对照原件核对。", "; look at the originals.")
	}
	if end.Interrupted {
		text += t.opt.say("检查被中断，以上只是已完成的部分。", " The run was interrupted; this is only what was done.")
	}
	return text
}
