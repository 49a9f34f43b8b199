package validate

import (
	"slices"
	"strconv"
	"strings"

	"perfgoal/model"
)

// Ruleset is a set of rules with the fiscal years it is valid for. What stands
// in a set never changes; what is new makes a new version.
type Ruleset struct {
	ID        string     `json:"id"`
	Version   string     `json:"version"`
	ValidFrom string     `json:"valid_from"` // first day, YYYY-MM-DD
	ValidTo   string     `json:"valid_to"`   // last day; "" while it is in force
	Title     model.Text `json:"-"`
	// release is the last one whose rules are in the set.
	release int
}

// rulesets are all sets, oldest first. The guideline that the rules of kind
// guide stand on came out in August 2021, for the declarations of 2022.
var rulesets = []Ruleset{
	{
		ID: "cn-2022", Version: "2.0.0", ValidFrom: "2022-01-01", release: 2,
		Title: model.Text{
			Zh: "财政项目支出绩效目标申报表，参照财预〔2021〕101号和中发〔2018〕34号",
			En: "declarations of project spending, after 财预〔2021〕101号 and 中发〔2018〕34号",
		},
	},
}

// retiredRulesets are the sets that are gone, by ID@VERSION, with the reason.
var retiredRulesets = map[string]model.Text{
	"cn-2022@1.0.0": {
		Zh: "规则集 cn-2022@1.0.0 已在第2版停用：其中的检查有误报（如 V002）和漏报（以万元填报时的 F001、C001），已逐条改正，旧的结果不再给出。请改写为 cn-2022@2.0.0。",
		En: "the ruleset cn-2022@1.0.0 is retired since release 2: its checks had false alarms (such as V002) and blind spots (F001 and C001 in 万元), which are mended, so its results are no longer given; write cn-2022@2.0.0",
	},
}

// RetiredRuleset says why a set is gone, if ID@VERSION names one that is.
func RetiredRuleset(name string) (model.Text, bool) {
	why, ok := retiredRulesets[strings.ToLower(strings.TrimSpace(name))]
	return why, ok
}

// Rulesets are all sets, oldest first.
func Rulesets() []Ruleset { return slices.Clone(rulesets) }

// CurrentRuleset is the newest set.
func CurrentRuleset() *Ruleset {
	s := rulesets[len(rulesets)-1]
	return &s
}

// FindRuleset finds a set by its id, which means its newest version, or by
// ID@VERSION.
func FindRuleset(name string) (*Ruleset, bool) { return findRuleset(rulesets, name) }

func findRuleset(sets []Ruleset, name string) (*Ruleset, bool) {
	id, version, pinned := strings.Cut(name, "@")
	for _, s := range slices.Backward(sets) {
		if strings.EqualFold(s.ID, id) && (!pinned || s.Version == version) {
			return &s, true
		}
	}
	return nil, false
}

// RulesetForYear is the newest set that is valid in a fiscal year.
func RulesetForYear(year int) (*Ruleset, bool) { return rulesetForYear(rulesets, year) }

func rulesetForYear(sets []Ruleset, year int) (*Ruleset, bool) {
	for _, s := range slices.Backward(sets) {
		if s.validIn(year) {
			return &s, true
		}
	}
	return nil, false
}

// validIn says whether the set is in force on the first day of a year.
func (s *Ruleset) validIn(year int) bool {
	day := strconv.Itoa(year) + "-01-01"
	return day >= s.ValidFrom && (s.ValidTo == "" || day <= s.ValidTo)
}

// has says whether the set turns a rule on. Rules of later releases and those
// in preview are not in it, so a pinned set stays what it was.
func (s *Ruleset) has(r *rule) bool {
	if r.own {
		return r.Default
	}
	release, err := strconv.Atoi(r.Since)
	return r.Default && !r.preview && (err != nil || release <= s.release)
}

// retired is a rule that is gone. Its code and name are never used again.
type retired struct {
	code, name string
	why        model.Text // when it went, why, and what to use instead
}

// tombstones are the rules that are gone. There are none yet.
var tombstones []retired

func tombstone(selector string) (model.Text, bool) {
	for _, t := range tombstones {
		if strings.EqualFold(selector, t.code) || strings.EqualFold(selector, t.name) {
			return t.why, true
		}
	}
	return model.Text{}, false
}
