package validate

import (
	"slices"
	"sort"
	"strings"

	"github.com/agnivade/levenshtein"

	"perfgoal/model"
)

// allRules are the rules in code order. Each stands beside its check; a new one
// is added here.
var allRules = inCodeOrder(
	&duplicateProjectRule, &conflictingProjectRule, &identicalFilesRule, &mixedYearsRule, &departmentAcrossFilesRule, &fileWithoutFormRule, &missingFromManifestRule, &notInManifestRule, &manifestAmountMismatchRule, &unreadFromManifestRule, &expiredSuppressionRule, &unusedSuppressionRule,
	&costBudgetMismatchRule, &unmultipliableCostRule, &unquantifiedCostRule, &exactCostRule,
	&copiedGoalRule, &duplicateServiceRule, &copiedIndicatorsRule,
	&fundingTotalMismatchRule, &annualExceedsTotalRule, &invalidAmountRule,
	&narrativeAmountMismatchRule, &narrativePeriodMismatchRule, &narrativePartsMismatchRule, &narrativeBodyMismatchRule, &narrativeGoalMismatchRule, &statementMismatchRule, &sectionWithoutFormRule,
	&rateUnderQuantityRule, &timelinessElsewhereRule, &countUnderBenefitRule, &inconsistentLevel2Rule, &qualityUnderBenefitRule,
	&departmentUnitVariantRule, &inconsistentDepartmentRule, &maskedNameRule, &maskedValueRule, &misspeltIndicatorRule,
	&unquantifiedTimelinessRule, &mostlyQualitativeRule,
	&unreadTextRule, &overlappingTextRule, &unknownColumnRule, &labelNotFoundRule, &unitNotPrintedRule, &ambiguousTextRule,
	&missingFieldRule, &blankProjectTotalRule, &blankOverallGoalRule, &emptyAnnualGoalRule, &shortGoalRule, &missingLevel1Rule, &missingOutputLevel2Rule, &noSocialBenefitRule, &misplacedLevelRule, &driftedLevel1Rule, &displacedLabelRule, &separatorRowRule, &brokenLabelRule, &missingValueRule, &duplicateIndicatorRule, &compoundIndicatorRule,
	&planOutsideYearRule, &yearInNameRule, &invalidDateRule, &frequencyMismatchRule, &targetAfterPlanRule,
	&complaintAsSatisfactionRule, &wrongDirectionRule, &percentOver100Rule, &exactSatisfactionRule, &strictBoundRule, &bareMagnitudeUnitRule, &missingDenominatorRule, &unquantifiedMeasureRule, &qualitativePercentRule, &proseBoundRule, &valueRepeatsVerbRule, &periodWithoutDenominatorRule, &implausibleRateRule,
	&markupLeftoverRule, &foreignWordRule, &halfWidthPunctuationRule, &unbalancedBracketsRule, &oddSignsRule, &doubledBlanksRule,
	&goalContradictsIndicatorRule, &goalStricterThanIndicatorRule, &goalFigureWithoutIndicatorRule, &goalMoneyMismatchRule, &goalFrequencyMismatchRule, &foreignProjectInGoalRule,
)

func inCodeOrder(rules ...*rule) []*rule {
	slices.SortFunc(rules, func(a, b *rule) int { return strings.Compare(a.Code, b.Code) })
	return rules
}

func registry() []*rule { return allRules }

// selects says whether a selector means a rule. A preview rule is meant only
// by its own code or name, so that it never comes in with others.
func selects(s string, r *rule) bool {
	upper := strings.ToUpper(s)
	if upper == r.Code || strings.EqualFold(s, r.Name) {
		return true
	}
	return !r.preview && (upper == "ALL" || s != "" && strings.HasPrefix(r.Code, upper))
}

// UnknownSelectors is the error for selectors that are no rule.
type UnknownSelectors struct {
	Selectors []string
	rules     []*rule
}

// mark returns the codes that the selectors mean, and notes those that mean
// none.
func (u *UnknownSelectors) mark(selectors []string) map[string]bool {
	marked := map[string]bool{}
	for _, selector := range selectors {
		s := strings.TrimSpace(selector)
		hit := false
		for _, r := range u.rules {
			if selects(s, r) {
				marked[r.Code], hit = true, true
			}
		}
		if !hit {
			u.Selectors = append(u.Selectors, selector)
		}
	}
	return marked
}

// breadth is how many rules a selector means.
func (u *UnknownSelectors) breadth(selector string) int {
	n := 0
	for _, r := range u.rules {
		if selects(strings.TrimSpace(selector), r) {
			n++
		}
	}
	return n
}

// Error implements error in Chinese.
func (u *UnknownSelectors) Error() string { return u.Message().In(model.Chinese) }

// Message names every unknown selector with the nearest rules.
func (u *UnknownSelectors) Message() model.Message {
	var zh, en []string
	for _, s := range u.Selectors {
		near := nearest(s, u.rules)
		z, e := "“"+s+"”", `"`+s+`"`
		if t, ok := tombstone(s); ok {
			zh, en = append(zh, z+"（"+t.Zh+"）"), append(en, e+" ("+t.En+")")
			continue
		}
		if len(near) > 0 {
			z += "（是不是 " + strings.Join(near, "、") + "？）"
			e += " (did you mean " + strings.Join(near, ", ") + "?)"
		}
		zh, en = append(zh, z), append(en, e)
	}
	return model.Message{
		Text: model.Text{
			Zh: "没有这样的规则：{list_zh}。用 perfgoal rules 可以列出全部规则。",
			En: "no such rule: {list_en}. perfgoal rules lists them all.",
		},
		Args: model.Args{"list_zh": strings.Join(zh, "，"), "list_en": strings.Join(en, ", ")},
	}
}

// nearest are the codes and names that differ least from a misspelt selector,
// at most three.
func nearest(s string, rules []*rule) []string {
	type candidate struct {
		text string
		d    int
	}
	var all []candidate
	lower := strings.ToLower(strings.TrimSpace(s))
	for _, r := range rules {
		for _, word := range []string{r.Code, r.Name} {
			if d := levenshtein.ComputeDistance(lower, strings.ToLower(word)); d <= 1 || d <= len(word)/4 {
				all = append(all, candidate{word, d})
			}
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].d < all[j].d })
	var out []string
	for _, c := range all[:min(3, len(all))] {
		out = append(out, c.text)
	}
	return out
}
