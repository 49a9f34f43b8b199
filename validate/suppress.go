package validate

import (
	pathpkg "path"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"perfgoal/model"
)

var expiredSuppressionRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "B901", Name: "expired-suppression", Severity: model.Warning, Default: true, Kind: model.KindForm, Since: since,
		Basis:     model.Text{Zh: "配置文件里写明的到期日", En: "the expiry date that the configuration gives"},
		Title:     model.Text{Zh: "豁免已经到期", En: "a suppression has expired"},
		Rationale: model.Text{Zh: "豁免是有期限的；到期以后，原来的问题重新列出，要么改正，要么重新说明理由。", En: "A suppression holds for a time; after it the finding is listed again, to be corrected or argued anew."},
		Fix:       model.Text{Zh: "改正问题并删去这一条；确需延长的，重新写明理由和到期日。", En: "Correct the finding and delete the entry, or renew its reason and date."},
		Bad:       suppressed("F001", "2024-12-31", true),
		Good:      suppressed("F001", "2099-12-31", true),
	},
}

var unusedSuppressionRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "B902", Name: "unused-suppression", Severity: model.Warning, Default: true, Kind: model.KindForm, Since: since,
		Basis:     model.Text{Zh: "配置文件里的豁免与检查结果的对照", En: "the suppressions of the configuration held against the findings"},
		Title:     model.Text{Zh: "豁免没有对应的问题", En: "a suppression matches no finding"},
		Rationale: model.Text{Zh: "问题已经改正，豁免却还留着，以后同样的问题再出现就看不到了。", En: "The finding is gone; were it to come back, the entry left behind would hide it."},
		Fix:       model.Text{Zh: "删去这一条；如果问题还在，核对规则、项目名称、单位、文件和字段写得对不对。", En: "Delete the entry; where the finding is still there, check the entry's rule, project, unit, path and field."},
		Bad:       suppressed("F001", "2099-12-31", false),
		Good:      suppressed("F001", "2099-12-31", true),
	},
}

// suppressed is an example of a suppression, with a document that has the
// finding or has it no more.
func suppressed(code, expires string, found bool) model.ExampleMaker {
	return func() model.Example {
		x := model.Example{Document: exampleForm}
		if found {
			x.Document = edited([]edit{{"上年结转资金\t20,000.00", "上年结转资金\t50,000.00"}})
		}
		x.Shows = []string{"  - rule: " + code, "    project: 云栖市青少年科普展厅运行项目", "    reason: 结转数待财政局批复后调整", "    expires: " + expires}
		x.Config = "suppressions:\n" + strings.Join(x.Shows, "\n") + "\n"
		return x
	}
}

// Suppression is an entry that keeps a finding from being listed.
type Suppression struct {
	Rule        string // code or name
	Project     string // as printed; white space and full width do not matter
	Unit        string // the implementing unit, else the department, likewise; "" for any
	Document    string // the document's path, its end or a pattern (*.pdf); "" for any
	Field       string // "" for any; "indicators" means all of them
	Fingerprint string // "" for any
	Reason      string
	Expires     string // the last day it holds, YYYY-MM-DD
	Path        string // the file it stands in
	Line        int    // 1-based
}

// Suppressions hold findings against the entries of one file. Filter may be
// called from several goroutines; Close once all calls are done.
type Suppressions struct {
	entries []entry
}

type entry struct {
	Suppression
	code    string
	project string // folded
	unit    string // folded
	expired bool
	seen    atomic.Bool // its project and rule were checked
	matched atomic.Bool
}

// NewSuppressions readies entries. Today is the day that expiry is held
// against; rules are those that entries may name. An entry that names none is
// left to the configuration to report and matches nothing.
func NewSuppressions(list []Suppression, rules []model.RuleInfo, today time.Time) *Suppressions {
	s := &Suppressions{entries: make([]entry, len(list))}
	day := today.Format(time.DateOnly)
	for i, x := range list {
		e := &s.entries[i]
		e.Suppression, e.project, e.unit, e.expired = x, fold(x.Project), fold(x.Unit), x.Expires < day
		for _, r := range rules {
			if strings.EqualFold(x.Rule, r.Code) || strings.EqualFold(x.Rule, r.Name) {
				e.code = r.Code
			}
		}
	}
	return s
}

// Filter returns the findings that no entry suppresses, and how many it left
// out. Checked are the rules that the document was checked with.
func (s *Suppressions) Filter(doc *model.Document, checked []model.RuleInfo, findings []model.Finding) ([]model.Finding, int) {
	if len(s.entries) == 0 {
		return findings, 0
	}
	codes := make(map[string]bool, len(checked))
	for _, r := range checked {
		codes[r.Code] = true
	}
	owners := make([]owner, len(doc.Forms))
	byIndex := make(map[int]*owner, len(doc.Forms))
	for i := range doc.Forms {
		p := &doc.Forms[i].Project
		owners[i] = owner{fold(p.Name), fold(p.ImplementingUnit), fold(p.SupervisingDepartment)}
		byIndex[doc.Forms[i].Index] = &owners[i]
	}
	byRule := map[string][]*entry{}
	for i := range s.entries {
		e := &s.entries[i]
		if !e.about(doc.Path) {
			continue
		}
		if codes[e.code] && slices.ContainsFunc(owners, func(o owner) bool { return o.project == e.project && e.of(&o) }) {
			e.seen.Store(true)
		}
		if !e.expired {
			byRule[e.code] = append(byRule[e.code], e)
		}
	}
	kept := make([]model.Finding, 0, len(findings))
	for i := range findings {
		hit := false
		for _, e := range byRule[findings[i].Rule] {
			if e.matches(&findings[i], byIndex) {
				e.matched.Store(true)
				hit = true
			}
		}
		if !hit {
			kept = append(kept, findings[i])
		}
	}
	return kept, len(findings) - len(kept)
}

// owner is whose form it is, folded.
type owner struct{ project, unit, department string }

// of says whether the form is of the unit that the entry names.
func (e *entry) of(o *owner) bool {
	return e.unit == "" || o != nil && (e.unit == o.unit || o.unit == "" && e.unit == o.department)
}

// about says whether the entry is for the document of a path.
func (e *entry) about(documentPath string) bool {
	if e.Document == "" {
		return true
	}
	path, want := strings.ReplaceAll(documentPath, `\`, "/"), strings.ReplaceAll(e.Document, `\`, "/")
	if path == want || strings.HasSuffix(path, "/"+want) {
		return true
	}
	whole, err := pathpkg.Match(want, path)
	last, err2 := pathpkg.Match(want, pathpkg.Base(path))
	return err == nil && whole || err2 == nil && last
}

func (e *entry) matches(f *model.Finding, owners map[int]*owner) bool {
	var whose *owner
	if f.Form != nil {
		whose = owners[*f.Form]
	}
	switch {
	case !e.of(whose):
		return false
	case e.Fingerprint != "" && e.Fingerprint != f.Fingerprint:
		return false
	case e.project != fold(f.Project) && (e.Project != "" || e.Fingerprint == ""):
		return false
	}
	rest, ok := strings.CutPrefix(f.Field, e.Field)
	return ok && (e.Field == "" || rest == "" || rest[0] == '.' || rest[0] == '[')
}

// Close returns what is wrong with the entries themselves (B901, B902), as far
// as the engine checks those rules. An entry whose project or rule was not
// among what was checked cannot be judged.
func (s *Suppressions) Close(e *Engine) Result {
	res := Result{Findings: []model.Finding{}, Checks: []model.Checks{}, Single: []model.Check{}}
	for _, r := range e.rules {
		if !r.aboutSuppressions() {
			continue
		}
		res.Checks = append(res.Checks, model.Checks{Rule: r.Code})
		count := &res.Checks[len(res.Checks)-1]
		for i := range s.entries {
			x := &s.entries[i]
			doc := &document{Document: &model.Document{Path: x.Path}}
			v := x.expiry(i)
			if r.Code == "B902" {
				v = x.usefulness(i)
			}
			e.count(&res, count, doc, -1, v)
			e.complete(&res, r, doc, v.findings)
		}
	}
	sortFindings(res.Findings)
	fingerprint(res.Findings, &model.Document{})
	return res
}

func (e *entry) expiry(i int) verdict {
	if !e.expired {
		return judged(nil)
	}
	return judged([]model.Finding{e.finding(i, model.Text{
		Zh: "对“{project}”豁免 {rule} 的这一条已于 {expires} 到期（理由：{reason}），不再起作用。请改正问题后删去，或重新写明理由和到期日。",
		En: `The suppression of {rule} for "{project}" expired on {expires} (reason: {reason}) and no longer holds. Correct the finding and delete it, or renew its reason and date.`,
	})})
}

func (e *entry) usefulness(i int) verdict {
	switch {
	case e.expired:
		return notApplicable("豁免已经到期（见 B901）", "the suppression has expired (see B901)")
	case e.matched.Load():
		return judged(nil)
	case !e.seen.Load():
		return insufficient("这次没有检查“{project}”的 {rule}", `{rule} was not checked for "{project}" this time`, model.Args{"project": e.Project, "rule": e.Rule})
	}
	return judged([]model.Finding{e.finding(i, model.Text{
		Zh: "对“{project}”豁免 {rule} 的这一条没有对应的问题（理由：{reason}）。问题已经改正的，请删去；还在的，请核对规则、项目名称和字段。",
		En: `The suppression of {rule} for "{project}" matches no finding (reason: {reason}). Delete it where the finding is gone; otherwise check its rule, project and field.`,
	})})
}

func (e *entry) finding(i int, text model.Text) model.Finding {
	f := model.Finding{
		Project: e.Project, Field: "suppressions[" + strconv.Itoa(i) + "]", Text: e.Rule,
		Message:  model.Message{Text: text, Args: model.Args{"rule": e.Rule, "project": orDash(e.Project), "reason": e.Reason, "expires": e.Expires}},
		Evidence: map[string]string{"rule": e.Rule, "reason": e.Reason, "expires": e.Expires},
	}
	if e.Line > 0 {
		line := e.Line
		f.Location.Line = &line
	}
	return f
}
