package validate

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"perfgoal/model"
)

// lexicon is the vocabulary that an engine goes by: the lists of
// vocabulary.go with those words that a configuration adds.
type lexicon struct {
	rate, notRate, satisfaction, count, measurable []string
	timely, served, delay, complaint, more, less   []string
	change, overHundred, bounded                   []string
	saving, standard, totalCost                    []string
	counter, bound, vague                          []string
	units                                          map[string]string
	senses                                         map[rune][]sense
	counterBy                                      map[rune][]string // counters by their first character
}

// WordList is a list of words that a configuration may add to.
type WordList struct {
	Name  string     // the key in a configuration
	Says  model.Text // what a word on it means
	Words []string   // what is on it already
}

// listed ties the lists' names to their fields.
var listed = []struct {
	name string
	says model.Text
	of   func(*lexicon) *[]string
}{
	{"rate", model.Text{Zh: "名称以它结尾的是比率", En: "ends the name of a rate"}, func(l *lexicon) *[]string { return &l.rate }},
	{"not-rate", model.Text{Zh: "以“率”结尾但不是比率", En: "ends in 率 but is no rate"}, func(l *lexicon) *[]string { return &l.notRate }},
	{"satisfaction", model.Text{Zh: "名称以它结尾的是满意度", En: "ends the name of a satisfaction rate"}, func(l *lexicon) *[]string { return &l.satisfaction }},
	{"count", model.Text{Zh: "名称以它结尾的是计数", En: "ends the name of a count"}, func(l *lexicon) *[]string { return &l.count }},
	{"measurable", model.Text{Zh: "名称以它结尾的应当用数表示", En: "ends a name that calls for a number"}, func(l *lexicon) *[]string { return &l.measurable }},
	{"timely", model.Text{Zh: "名称含有它的说的是快慢", En: "makes a name one about how soon"}, func(l *lexicon) *[]string { return &l.timely }},
	{"service-time", model.Text{Zh: "名称含有它的时长是服务量，不是快慢", En: "makes a duration one of service rendered"}, func(l *lexicon) *[]string { return &l.served }},
	{"delay", model.Text{Zh: "“时间”“时限”等前面紧接着它的应当越短越好", En: "directly before a word for time: one that had better be short"}, func(l *lexicon) *[]string { return &l.delay }},
	{"complaint", model.Text{Zh: "说的是投诉", En: "is about complaints"}, func(l *lexicon) *[]string { return &l.complaint }},
	{"more-is-better", model.Text{Zh: "应当越高越好", En: "is wanted high"}, func(l *lexicon) *[]string { return &l.more }},
	{"less-is-better", model.Text{Zh: "应当越低越好", En: "is wanted low"}, func(l *lexicon) *[]string { return &l.less }},
	{"change", model.Text{Zh: "说的是变化，方向和100%都不受限", En: "is about a change, free of direction and 100 %"}, func(l *lexicon) *[]string { return &l.change }},
	{"over-hundred", model.Text{Zh: "可以超过100%", En: "may pass 100 %"}, func(l *lexicon) *[]string { return &l.overHundred }},
	{"bounded", model.Text{Zh: "最多是100%", En: "ends at 100 %"}, func(l *lexicon) *[]string { return &l.bounded }},
	{"saving", model.Text{Zh: "成本名称含有它的是节约", En: "makes a cost one of money saved"}, func(l *lexicon) *[]string { return &l.saving }},
	{"set-cost", model.Text{Zh: "按既定标准支付的成本", En: "makes a cost one paid at a set standard"}, func(l *lexicon) *[]string { return &l.standard }},
	{"total-cost", model.Text{Zh: "说的是项目的全部成本", En: "names the whole cost"}, func(l *lexicon) *[]string { return &l.totalCost }},
	{"counter", model.Text{Zh: "量词", En: "is a unit that things are counted in"}, func(l *lexicon) *[]string { return &l.counter }},
	{"prose-bound", model.Text{Zh: "指标值含有它的是文字写的界限", En: "makes a value a bound in words"}, func(l *lexicon) *[]string { return &l.bound }},
	{"vague", model.Text{Zh: "指标值以它结尾的是状态，不是界限", En: "makes a value a state and no bound"}, func(l *lexicon) *[]string { return &l.vague }},
}

// standardLexicon is the vocabulary without additions.
func standardLexicon() *lexicon {
	l := &lexicon{
		rate: rateWords, notRate: notRates, satisfaction: satisfactionWords, count: countWords, measurable: measurableWords,
		timely: delayNames, served: volumeTimes, delay: delayWords, complaint: complaintWords, more: moreIsBetter, less: lessIsBetter,
		change: changeWords, overHundred: overHundred, bounded: boundedWords,
		saving: savingWords, standard: standardWords, totalCost: totalCosts,
		counter: counters, bound: boundWords, vague: vagueReferences, units: sameUnits,
	}
	l.senses, l.counterBy = sensesOf(l.more, l.less), byFirst(l.counter)
	return l
}

// standard is the vocabulary that no configuration has added to.
var standard = sync.OnceValue(standardLexicon)

// WordLists are the lists that a configuration may add to.
func WordLists() []WordList {
	out := make([]WordList, len(listed))
	for i, x := range listed {
		out[i] = WordList{x.name, x.says, slices.Clone(*x.of(standard()))}
	}
	return out
}

// Vocabulary is what a configuration adds: words by the name of their list,
// and units by the spelling that they mean.
type Vocabulary struct {
	Words map[string][]string
	Units map[string]string
}

// extended is the standard lexicon with additions. Lists that are not known
// are left out; a configuration reports them.
func extended(v Vocabulary) *lexicon {
	l := standardLexicon()
	for _, x := range listed {
		words := v.Words[x.name]
		if len(words) == 0 {
			continue
		}
		list := slices.Clone(*x.of(l))
		for _, w := range words {
			if w = fold(w); w != "" && !slices.Contains(list, w) {
				list = append(list, w)
			}
		}
		if x.name == "counter" { // longer ones first, as counterAt wants them
			slices.SortStableFunc(list, func(a, b string) int { return len(b) - len(a) })
		}
		*x.of(l) = list
	}
	// A word of complaint is one that is wanted low.
	l.senses, l.counterBy = sensesOf(l.more, slices.Concat(l.less, v.Words["complaint"])), byFirst(l.counter)
	if len(v.Units) > 0 {
		l.units = maps.Clone(l.units)
		for from, to := range v.Units {
			l.units[fold(from)] = fold(to)
		}
	}
	return l
}

// naming is what an indicator's name says of it.
type naming struct {
	bare         string // without a bracketed remark at its end
	rate         bool
	satisfied    bool // ends as a satisfaction rate does
	satisfaction bool // measures satisfaction, and not the lack of it
	complaint    bool
	timely       bool   // about how soon something is done
	want         int    // +1 more, -1 less, 0 unknown or either
	per          string // of a cost: "month", "unit", "year", ""
}

func (l *lexicon) look(name string) *naming {
	bare := withoutBrackets(name)
	return &naming{
		bare: bare, satisfaction: l.isSatisfaction(bare), rate: l.isRate(bare), satisfied: endsIn(bare, l.satisfaction) != "",
		complaint: l.isComplaint(bare), timely: l.isTimely(bare), want: l.direction(bare), per: l.perUnit(name),
	}
}

// isTimely says whether a name is about how soon something is done. A
// duration of service rendered (培训时长) is a quantity, and satisfaction with
// timeliness is satisfaction.
func (l *lexicon) isTimely(name string) bool {
	if strings.Contains(name, "满意") || hasAny(name, l.change) {
		return false
	}
	switch {
	case hasAny(name, l.timely) || strings.HasSuffix(name, "时效"):
		return true
	case strings.Contains(name, "时长"):
		return l.isDelay(name) && !hasAny(name, l.served)
	}
	return false
}
