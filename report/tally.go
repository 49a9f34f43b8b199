package report

import "perfgoal/model"

// tally counts what a run found, for summaries.
type tally struct {
	opt       Options
	documents int
	forms     int
	severity  map[model.Severity]int
	hidden    int
	doubted   int // findings of what could not be read for certain; in no other count
	partial   int // documents with such places
	unclaimed int // characters that no field holds
	perRule   map[string]*ruleTally
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

// ruleTally counts one rule's findings.
type ruleTally struct {
	worst    model.Severity
	findings int
	forms    int
}

func newTally(opt Options) tally {
	t := tally{opt: opt, severity: map[model.Severity]int{}, perRule: map[string]*ruleTally{}, formsOf: map[string]int{},
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
		t.formsOf[c.Path] = c.Forms
	}
	if c.Status == model.StatusPartial {
		t.partial++
	}
	t.unclaimed += c.Unread
	if !c.Bundle && !c.Status.Read() {
		t.unread = append(t.unread, Checked{Path: c.Path, Status: c.Status, Error: c.Error})
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
		path, rule string
		form       int
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
		r := t.perRule[f.Rule]
		if r == nil {
			r = &ruleTally{}
			t.perRule[f.Rule] = r
		}
		r.findings++
		if f.Severity.Rank() > r.worst.Rank() {
			r.worst = f.Severity
		}
		if at := (place{f.Path, f.Rule, formNumber(f.Form)}); f.Form != nil && !seen[at] {
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

// verdict is the sentence to take away.
func (t *tally) verdict(end End) string {
	errors, warnings, infos := t.severity[model.Error], t.severity[model.Warning], t.severity[model.Info]
	var text string
	switch {
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
	default:
		text = t.opt.say("结论：%d张申报表均未发现问题。", "Verdict: nothing was found. Forms checked: %d.", t.forms)
	}
	if t.hidden > 0 {
		text += t.opt.say("其中%d处低于 --min-severity，没有列出。", " Of these, %d are below --min-severity and not listed.", t.hidden)
	}
	if t.forms > 0 && len(t.unread) > 0 {
		text += t.opt.say("另有%d个输入没有得到检查。", " Inputs not checked: %d.", len(t.unread))
	}
	if t.partial > 0 {
		text += t.opt.say("有%d个文件没有全部读准", " Documents not read for certain in all places: %d", t.partial)
		if t.doubted > 0 {
			text += t.opt.say("（%d处）", " (%d)", t.doubted)
		}
		text += t.opt.say("，请对照原件核对“没有读准的地方”。", `; see "Not read for certain" and look at the originals.`)
	}
	if end.Interrupted {
		text += t.opt.say("检查被中断，以上只是已完成的部分。", " The run was interrupted; this is only what was done.")
	}
	return text
}
