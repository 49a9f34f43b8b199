package report

import "perfgoal/model"

// tally counts what a run found, for summaries.
type tally struct {
	opt       Options
	documents int
	forms     int
	severity  map[model.Severity]int
	hidden    int
	perRule   map[string]*ruleTally
	checks    []model.Checks // one for each of opt.Rules
	slot      map[string]int // rule code -> index in checks
	unread    []Checked      // documents without forms; their findings are not kept
	perFile   []fileTally    // documents with findings
}

// fileTally counts one document's findings.
type fileTally struct {
	path     string
	forms    int
	severity map[model.Severity]int
}

// ruleTally counts one rule's findings.
type ruleTally struct {
	worst    model.Severity
	findings int
	forms    int
}

func newTally(opt Options) tally {
	t := tally{opt: opt, severity: map[model.Severity]int{}, perRule: map[string]*ruleTally{},
		checks: make([]model.Checks, len(opt.Rules)), slot: make(map[string]int, len(opt.Rules))}
	for i, r := range opt.Rules {
		t.checks[i].Rule = r.Code
		t.slot[r.Code] = i
	}
	return t
}

func (t *tally) add(c Checked) {
	t.documents++
	t.forms += c.Forms
	if c.Status != model.StatusOK {
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
		rule string
		form int
	}
	seen := map[place]bool{}
	file := fileTally{c.Path, c.Forms, map[model.Severity]int{}}
	if len(c.Findings) > 0 {
		t.perFile = append(t.perFile, file)
	}
	for _, f := range c.Findings {
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
		if f.Form != nil && !seen[place{f.Rule, *f.Form}] {
			seen[place{f.Rule, *f.Form}] = true
			r.forms++
		}
	}
}

// outcomes adds up the checks of all rules.
func (t *tally) outcomes() model.Checks {
	var sum model.Checks
	for _, c := range t.checks {
		sum.Pass += c.Pass
		sum.Fail += c.Fail
		sum.NotApplicable += c.NotApplicable
		sum.InsufficientData += c.InsufficientData
	}
	return sum
}
