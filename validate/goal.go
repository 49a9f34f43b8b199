package validate

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"perfgoal/internal/lazy"
	"perfgoal/model"
)

// needsGoal are the fields of rules about the annual goal.
var needsGoal = []string{"goals.annual"}

// figure is a number with a unit in a goal's prose.
type figure struct {
	n             decimal.Decimal // multiplied out: 1.2万 is 12000
	unit          string          // canonical
	op            model.Operator  // 不少于, 以上, 以内 …; none for a plain figure
	about         bool            // 约, 左右
	before, after string          // the clause on either side
	text          string          // as written, with what follows of its comparison
	clause        string          // the whole clause as written
	start         int             // offset in the folded goal
}

// goalFigures reads the figures of a folded goal: a number with a counter, a
// unit of time or %. Years, list numbers, standards' versions and 7*24 are
// none; nor are rhythms (每月4次), which are no yearly figure.
func (l *lexicon) goalFigures(goal string) []figure {
	var out []figure
	for i := 0; i < len(goal); {
		if !isDigit(goal[i]) {
			i++
			continue
		}
		end := i
		for end < len(goal) && (isDigit(goal[end]) || (goal[end] == '.' || goal[end] == ',') && end+1 < len(goal) && isDigit(goal[end+1])) {
			end++
		}
		if x, ok := l.figureAt(goal, i, end); ok {
			out = append(out, x)
		}
		i = end
	}
	return out
}

// fromTo is what stands before the figure that a change ends at.
var fromTo = lazy.Regexp(`(?:由|从)[^由从]*\d[^由从]*?(?:提升|提高|增加|增长|上升|扩大|下降|降低|减少|压缩|缩短|压减)(?:到|至|为)?$`)

// deeds are verbs that make a figure one of what is to be done.
var deeds = []string{"完成", "新建", "建设", "建成", "改造", "修建", "修缮", "新增", "购置", "采购", "购买", "更新", "培训", "举办", "开展", "组织", "发放", "补助", "资助", "服务", "提供", "养护", "维护", "达到", "实施", "铺设", "种植", "治理", "保障", "巡查", "巡检", "检查", "检测", "支持", "扶持", "受益", "覆盖", "实现", "整治", "清理", "拆除", "安装", "配备", "招聘", "聘用", "救助", "慰问", "接待", "接种", "筛查", "印制", "编制", "管护", "保洁", "运送", "处理", "处置", "确保", "保证"}

// isBackground says whether a figure only says how large the place is, or what
// a part of is dealt with: 全县总里程2300公里; 老年人8200人，为其中240名….
func isBackground(before, rest string) bool {
	if hasAny(before, deeds) {
		return false
	}
	for _, w := range []string{"全省", "全市", "全县", "全区", "全镇", "全乡", "全街道", "辖区", "户籍", "常住", "总人口", "总里程", "总库容", "总面积"} {
		if strings.Contains(before, w) {
			return true
		}
	}
	after := rest[firstMark(rest, sentenceMarks, false):]
	_, size := utf8.DecodeRuneInString(after)
	next := after[size:]
	return strings.HasPrefix(after, ",") && strings.Contains(next[:firstMark(next, sentenceMarks, false)], "其中")
}

// isPast says whether a figure is where things stand, or a part of another
// figure, and no target: 由90%提升到…, 其中, 比上年.
func isPast(before, after string) bool {
	if hasAny(before, []string{"其中", "上年", "去年", "往年", "同期", "截至", "截止", "目前", "现有", "原有", "已有", "已建成", "已完成", "累计", "较", "比"}) {
		return true
	}
	from := strings.HasSuffix(before, "由") || strings.HasSuffix(before, "从")
	return from && hasAny(clauseAfter(after), []string{"提升", "提高", "增加", "增长", "上升", "扩大", "下降", "降低", "减少", "压缩", "缩短", "压减", "到", "至"})
}

func (l *lexicon) figureAt(goal string, start, end int) (figure, bool) {
	last, _ := utf8.DecodeLastRuneInString(goal[:start])
	if last < utf8.RuneSelf && (unicode.IsLetter(last) || strings.ContainsRune("*.-/_#", last)) || last == '×' || last == '第' {
		return figure{}, false
	}
	if _, year := yearAt(goal, start); year && end == start+4 {
		return figure{}, false
	}
	n, err := decimal.NewFromString(strings.ReplaceAll(goal[start:end], ",", ""))
	if err != nil {
		return figure{}, false
	}
	x := figure{start: start}
	rest := strings.TrimPrefix(strings.TrimPrefix(goal[end:], "余"), "多")
	for _, m := range []struct {
		word string
		n    int64
	}{{"亿", 100_000_000}, {"万", 10_000}, {"千", 1000}} {
		if t, ok := strings.CutPrefix(rest, m.word); ok && !strings.HasPrefix(t, "元") && !strings.HasPrefix(t, "米") && !strings.HasPrefix(t, "克") {
			n, rest = n.Mul(decimal.NewFromInt(m.n)), t
			break
		}
	}
	unit := l.unitAt(rest)
	if unit == "" {
		return figure{}, false
	}
	rest = rest[len(unit):]
	x.n, x.unit = n, l.canonicalUnit(unit)
	x.before, x.op, x.about = clauseBefore(goal[:start])
	x.about = x.about || strings.Contains(x.before, "约")
	if m := fromTo().FindStringIndex(goal[lastMark(goal[:start], clauseMarks, false):start]); m != nil {
		x.before = goal[lastMark(goal[:start], clauseMarks, false):start][:m[0]] // 由90%提升到95%: of what stands before
	}
	x.clause = wholeClause(goal, start)
	sentence := goal[lastMark(goal[:start], sentenceMarks, false):start]
	if hasAny(x.before, []string{"每", "均", "单个", "单次"}) || strings.HasPrefix(rest, "/") || strings.Contains(sentence, "其中") || isPast(x.before, rest) || isBackground(x.before, rest) {
		return figure{}, false
	}
	x.after = clauseAfter(rest)
	if next := rest[len(x.after):]; next != "" && isDigit(next[0]) { // of 灌浆6200米和溢洪道改造86米 the second half is the next figure's
		for _, and := range []string{"以及", "和", "及", "与", "并"} {
			if i := strings.Index(x.after, and); i >= 0 {
				x.after = x.after[:i]
			}
		}
	}
	length := end + len(goal[end:]) - len(rest)
	for _, s := range figureSuffixes {
		if t, ok := strings.CutPrefix(rest, s.word); ok {
			if s.op == model.About {
				x.about = true
			} else {
				x.op = s.op
			}
			length += len(rest) - len(t)
			break
		}
	}
	x.text = goal[start:length]
	return x, true
}

// unitAt is the unit that s begins with: of time, % or a counter.
func (l *lexicon) unitAt(s string) string {
	for _, u := range timeUnits {
		if strings.HasPrefix(s, u.word) && !strings.HasPrefix(s, "周岁") && !strings.HasPrefix(s, "周年") {
			return u.word
		}
	}
	if strings.HasPrefix(s, "%") {
		return "%"
	}
	return l.counterAt(s)
}

// clauseMarks end a clause, sentenceMarks one that is quoted whole: of 398个村、
// 居委会网点 all belongs together. A point or comma inside a number ends none.
const (
	clauseMarks   = ",.;:!?，。；：！？、()（）《》“”\n"
	sentenceMarks = ",.;!?，。；！？\n"
)

// lastMark is the end of the last mark (or digit) of a text, 0 for none.
func lastMark(s, marks string, digits bool) int {
	for end := len(s); end > 0; {
		r, n := utf8.DecodeLastRuneInString(s[:end])
		if strings.ContainsRune(marks, r) && !insideNumber(s, end-n) || digits && unicode.IsDigit(r) {
			return end
		}
		end -= n
	}
	return 0
}

// firstMark is where the first mark (or digit) of a text stands, its length
// where there is none.
func firstMark(s, marks string, digits bool) int {
	for i, r := range s {
		if strings.ContainsRune(marks, r) && !insideNumber(s, i) || digits && unicode.IsDigit(r) {
			return i
		}
	}
	return len(s)
}

// insideNumber says whether the point or comma at i stands between digits.
func insideNumber(s string, i int) bool {
	return (s[i] == '.' || s[i] == ',') && i > 0 && i+1 < len(s) && isDigit(s[i-1]) && isDigit(s[i+1])
}

// wholeClause is the clause around an offset, from mark to mark, without the
// number of a list before it.
func wholeClause(s string, at int) string {
	clause := s[lastMark(s[:at], sentenceMarks, false) : at+firstMark(s[at:], sentenceMarks, false)]
	if starts := itemStarts(clause); len(starts) > 0 && starts[0] == 0 {
		if i := strings.IndexAny(clause, "、.)是"); i >= 0 {
			_, size := utf8.DecodeRuneInString(clause[i:])
			clause = clause[i+size:]
		}
	}
	return clause
}

// clauseStart is where the clause that s ends in begins; a number ends one too.
func clauseStart(s string) int { return lastMark(s, clauseMarks, true) }

// clauseBefore is the clause that a figure stands in, up to it, with the
// comparison at its end taken off.
func clauseBefore(s string) (clause string, op model.Operator, about bool) {
	s = s[clauseStart(s):]
	for again := true; again; {
		again = false
		for _, w := range figurePrefixes {
			t, ok := strings.CutSuffix(s, w.word)
			if !ok {
				continue
			}
			s, again = t, true
			switch {
			case w.op == model.About:
				about = true
			case op == model.NoOperator:
				op = w.op
			}
			break
		}
	}
	return s, op, about
}

// clauseAfter is what stands behind a figure in its clause.
func clauseAfter(s string) string { return s[:firstMark(s, clauseMarks, true)] }

// fits says how well a figure is about a row: the characters of the name that
// stand beside the figure, 0 where it is about something else.
func (x *figure) fits(r *row) int {
	name := withoutBrackets(r.name)
	if x.unit == "%" {
		common := commonEnd(x.before, name)
		if common >= 4 || common > 0 && common == utf8.RuneCountInString(name) {
			return common
		}
		return 0
	}
	if isTime(x.unit) {
		if common := commonEnd(x.before, name); common >= 4 {
			return common
		}
		return 0
	}
	best := 0
	for _, core := range [][]rune{[]rune(topic(r.name)), []rune(subject(r.name))} {
		for k := len(core) - 2; k >= 0; k-- { // 支撑云上项目 in 48个项目
			if i := strings.Index(x.after, string(core[k:])); i < 0 || utf8.RuneCountInString(x.after[:i]) > 4 {
				break
			}
			best = max(best, len(core)-k)
		}
		if common := commonEnd(x.before, string(core)); common >= 3 || common == 2 && 2*common >= len(core) { // 巡检40次
			best = max(best, common)
		}
		if best == 0 && len(core) >= 4 && containment(string(core), x.before+x.after) > 0.6 { // 保洁河道40公里
			best = 1
		}
	}
	return best
}

// commonEnd is how many characters two texts end in alike.
func commonEnd(a, b string) int {
	n := 0
	for a != "" && b != "" {
		x, i := utf8.DecodeLastRuneInString(a)
		y, k := utf8.DecodeLastRuneInString(b)
		if x != y {
			break
		}
		a, b = a[:len(a)-i], b[:len(b)-k]
		n++
	}
	return n
}

func isTime(unit string) bool { return minutesOf(unit) > 0 }

// minutesOf is how long a unit of time is in minutes; working days are kept
// apart from days by the caller, who compares units first.
func minutesOf(unit string) int64 {
	for _, u := range timeUnits {
		if u.word == unit {
			return u.minutes
		}
	}
	return 0
}

// bound brings a figure and a row's bound to one unit.
func (x *figure) bound(r *row) (mine, theirs decimal.Decimal, ok bool) {
	if !r.numeric() || strings.Contains(r.unit, "/") {
		return mine, theirs, false
	}
	unit, scale := r.lex.plainUnit(r.unit)
	if a, b := minutesOf(x.unit), minutesOf(unit); a > 0 && b > 0 && (x.unit == "工作日") == (unit == "工作日") {
		return x.n.Mul(decimal.NewFromInt(a)), r.Value.Number.Value.Mul(decimal.NewFromInt(b)), true
	}
	a, b := measures[x.unit], measures[unit]
	if a.of != "" && a.of == b.of {
		return x.n.Mul(decimal.NewFromInt(a.n)), r.Value.Number.Value.Mul(scale).Mul(decimal.NewFromInt(b.n)), true
	}
	return x.n, r.Value.Number.Value.Mul(scale), unit == x.unit || x.unit == "%" && r.percent()
}

// measures are units that convert, each as a whole number of a small one (for
// areas a third of a square metre, because 15亩 are one 公顷).
var measures = map[string]struct {
	of string
	n  int64
}{
	"米": {"length", 1}, "公里": {"length", 1000}, "里": {"length", 500},
	"平方米": {"area", 3}, "亩": {"area", 2000}, "公顷": {"area", 30_000}, "平方公里": {"area", 3_000_000},
	"克": {"mass", 1}, "公斤": {"mass", 1000}, "千克": {"mass", 1000}, "吨": {"mass", 1_000_000},
	"课时": {"lesson", 1}, "学时": {"lesson", 1},
}

var goalContradictsIndicatorRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "X001", Name: "goal-contradicts-indicator", Severity: model.Warning, Default: true, Kind: model.KindHeuristic, Since: since, Basis: basisHeuristic,
		Title:     model.Text{Zh: "目标里的数达不到指标值", En: "the goal's own figure fails the indicator's bound"},
		Rationale: model.Text{Zh: "目标写48个，指标要求不少于50个，二者必有一个写错。", En: "Where the goal says 48 and the indicator 50 or more, one of them is wrong."},
		Fix:       model.Text{Zh: "把目标和指标改成一致。", En: "Make goal and indicator agree."},
		Bad:       example(edit{"按计划巡检展项", "全年完成展项巡检40次"}),
		Good:      example(edit{"按计划巡检展项", "全年完成展项巡检48次"}),
	},
	needs: needsGoal,
	form:  goalContradicts,
}

func goalContradicts(f *form, _ *Thresholds) verdict {
	goal := f.goal()
	compared := false
	reported := map[string]bool{}
	var findings []model.Finding
	for _, x := range f.figures {
		r := x.match(f)
		if r == nil || f.ofAnotherYear(goal, x) {
			continue
		}
		mine, theirs, _ := x.bound(r)
		compared = true
		said := strconv.Itoa(r.index) + " " + x.text
		if !contradicts(x, mine, r.Value.Operator, theirs) || reported[said] {
			continue
		}
		reported[said] = true
		y := f.rowFinding(r, "value", model.Text{
			Zh: "年度总体目标里写的是“{figure}”，达不到指标“{name}”的指标值“{value}”。请改成一致。",
			En: `The goal says "{figure}", which fails the indicator "{name}" ({value}). Make them agree.`,
		}, model.Args{"figure": x.clause})
		y.Related = []model.Related{f.related(f.head("goals.annual", f.Goals.Annual))}
		y.Evidence["goal_figure"] = x.text
		findings = append(findings, y)
	}
	if v, doubted := f.doubtedTable(); doubted && len(findings) == 0 {
		return v
	}
	if !compared {
		return notApplicable("目标里没有与指标对应的数", "no figure of the goal answers to an indicator")
	}
	return judged(findings)
}

// ofAnotherYear says whether a figure's clause names years and the fiscal year
// is none of them.
func (f *form) ofAnotherYear(goal string, x figure) bool {
	from := lastMark(goal[:x.start], sentenceMarks, false)
	named := false
	for i := from; i < x.start; i++ {
		y, ok := yearAt(goal, i)
		if ok && y == int(f.FiscalYear) {
			return false
		}
		named = named || ok
	}
	return named && f.FiscalYear != 0
}

// elliptic says whether a figure's own clause does not name what it is of.
func (x *figure) elliptic() bool {
	of := x.before + x.after
	for _, w := range []string{"年", "力争", "争取", "确保", "达到", "提高到", "提升到", "提升至", "提高至", "保持", "稳定", "在", "并", "且", "均", "都"} {
		of = strings.ReplaceAll(of, w, "")
	}
	return of == ""
}

// match is the row a figure is about; nil where none is, or where several
// with different values fit equally well. A figure about satisfaction is about
// any satisfaction row, first of all one that it agrees with.
func (x *figure) match(f *form) *row {
	var pick, agreed, satisfied, equal *row
	best := 0
	for i := range f.rows {
		r := &f.rows[i]
		if r.cost() || r.missing() || r.doubted || x.added() && !hasAny(r.name, additions) {
			continue
		}
		mine, theirs, ok := x.bound(r)
		if !ok {
			continue
		}
		if x.satisfaction() && r.is.satisfaction {
			satisfied = r
			if !contradicts(*x, mine, r.Value.Operator, theirs) {
				agreed = r
			}
		}
		n := x.fits(r)
		if n > 0 && mine.Equal(theirs) {
			equal = r
		}
		switch {
		case n == 0 || n < best:
		case n > best:
			pick, best = r, n
		case pick != nil && pick.value != r.value:
			pick = nil
		}
	}
	if pick == nil && x.satisfaction() {
		if agreed != nil || x.op == model.AtLeast { // 90%以上 is no contradiction of one group's 95%
			return agreed
		}
		return satisfied
	}
	if pick != nil && equal != nil {
		return equal // the figure that a row gives exactly is that row's
	}
	return pick
}

// satisfaction says whether the figure is one of satisfaction.
func (x *figure) satisfaction() bool {
	return x.unit == "%" && endsIn(x.before, satisfactionWords) != ""
}

// added says whether the figure is what is added, and not the whole.
func (x *figure) added() bool { return hasAny(x.before, additions) }

var additions = []string{"新增", "增加", "增设", "扩建", "新添", "新招"}

// contradicts says whether a figure fails a bound. < and > count as ≤ and ≥,
// and a figure given as about may be off by a tenth.
func contradicts(x figure, mine decimal.Decimal, op model.Operator, theirs decimal.Decimal) bool {
	slack := decimal.Zero
	if x.about {
		slack = theirs.Abs().Div(decimal.NewFromInt(10))
	}
	low := mine.Add(slack).LessThan(theirs)
	high := mine.Sub(slack).GreaterThan(theirs)
	switch op {
	case model.AtLeast, model.Above:
		return low && x.op != model.AtMost
	case model.AtMost, model.Below:
		return high && x.op != model.AtLeast
	case model.Exactly:
		return low && x.op != model.AtLeast || high && x.op != model.AtMost
	}
	return false
}

var goalStricterThanIndicatorRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "X002", Name: "goal-stricter-than-indicator", Severity: model.Warning, Default: true, Kind: model.KindHeuristic, Since: since, Basis: basisHeuristic,
		Title:     model.Text{Zh: "目标给了时限，指标却只写“及时”", En: "the goal gives a limit that its indicator leaves open"},
		Rationale: model.Text{Zh: "目标承诺1小时内响应，指标只写“及时”，承诺就考核不到。", En: "A promise of one hour in the goal cannot be held against an indicator that says only 及时."},
		Fix:       model.Text{Zh: "把目标里的时限写进指标值。", En: "Put the goal's limit into the indicator's value."},
		Bad: example(edit{"及时排除故障", "在24小时内排除展项故障"},
			edit{lineTimeliness, "时效指标\t展项故障排除及时性\t及时"}),
		Good: example(edit{"及时排除故障", "在24小时内排除展项故障"}),
	},
	needs: needsGoal,
	form:  goalStricter,
}

func goalStricter(f *form, _ *Thresholds) verdict {
	goal := f.goal()
	var findings []model.Finding
	limits := false
	reported := map[int]bool{}
	for _, x := range f.figures {
		if !isTime(x.unit) || x.op != model.AtMost || minutesOf(x.unit) >= minutesOf("月") {
			continue
		}
		limits = true
		r := openRow(f, passage(goal, x.start))
		if r == nil || reported[r.index] || takenUp(f, x) {
			continue
		}
		reported[r.index] = true
		y := f.rowFinding(r, "value", model.Text{
			Zh: "年度总体目标写明了“{figure}”，指标“{name}”却只写“{value}”。请把时限写进指标值。",
			En: `The goal says "{figure}", but the indicator "{name}" says only "{value}". Put the limit into the value.`,
		}, model.Args{"figure": x.clause})
		y.Related = []model.Related{f.related(f.head("goals.annual", f.Goals.Annual))}
		y.Evidence["goal_limit"] = x.text
		findings = append(findings, y)
	}
	if !limits {
		return notApplicable("目标里没有时限", "the goal gives no limit of time")
	}
	return judged(findings)
}

// openRow is the timeliness without a figure that the passage is most about.
func openRow(f *form, passage string) *row {
	const half = 0.5
	var pick *row
	best := 0.0
	for i := range f.rows {
		r := &f.rows[i]
		if r.Value.Kind != model.KindText || hasDigit(r.value) || f.lex.proseBound(r.value) || !r.under(model.Timeliness) && !r.is.timely {
			continue
		}
		about := strings.ReplaceAll(topic(strings.TrimSuffix(r.name, "度")), "及时", "")
		if share := containment(about, passage); share >= half && share > best {
			pick, best = r, share
		}
	}
	return pick
}

// takenUp says whether some row gives the figure, or one for the same thing,
// or would if it had not lost its value.
func takenUp(f *form, x figure) bool {
	sum, parts := decimal.Zero, 0
	for i := range f.rows {
		if strings.Contains(f.rows[i].name, x.text) { // 48小时内报告率
			return true
		}
		if mine, theirs, ok := x.bound(&f.rows[i]); ok && !isTime(x.unit) && x.unit != "%" && theirs.LessThan(mine) {
			if sum, parts = sum.Add(theirs), parts+1; parts > 1 && sum.Equal(mine) {
				return true // 3560名 of 2000 at primary and 1560 at middle schools
			}
		}
		if x.single() && sharedWord(x.clause, f.rows[i].name) >= longNoun {
			return true // 新建烘干房1座, of which an indicator gives the floor space
		}
		if f.rows[i].missing() && x.fits(&f.rows[i]) > 0 || x.satisfaction() && f.rows[i].is.satisfaction {
			return true
		}
		if mine, theirs, ok := x.bound(&f.rows[i]); ok && (mine.Equal(theirs) || x.fits(&f.rows[i]) > 0) {
			return true
		}
	}
	return false
}

// longNoun is how many characters a goal and an indicator must share to be
// about one and the same thing.
const longNoun = 3

// single says whether the figure only says that there is one of a thing.
func (x *figure) single() bool { return x.n.Equal(one) && x.unit != "%" && !isTime(x.unit) }

// passage is the part of a folded goal that belongs together around an
// offset: the numbered item, or the sentence where nothing is numbered.
func passage(goal string, at int) string {
	starts := itemStarts(goal)
	if len(starts) < 2 {
		starts = sentenceStarts(goal)
	}
	from, to := 0, len(goal)
	for _, s := range starts {
		if s <= at {
			from = s
		} else {
			to = s
			break
		}
	}
	return goal[from:to]
}

// itemStarts are the offsets of list numbers: 1、 2. (三) 四是.
func itemStarts(goal string) []int {
	var out []int
	sentence := true
	for i, r := range goal {
		if sentence && startsItem(goal[i:]) {
			out = append(out, i)
		}
		sentence = strings.ContainsRune("。；;.!?！？\n:：", r) && !(r == '.' && i > 0 && isDigit(goal[i-1])) || r == '(' || i == 0 && r == '('
	}
	return out
}

func startsItem(s string) bool {
	s = strings.TrimPrefix(s, "(")
	digits := 0
	for digits < len(s) && isDigit(s[digits]) {
		digits++
	}
	rest := s[digits:]
	if digits == 0 {
		r, size := utf8.DecodeRuneInString(s)
		if !strings.ContainsRune("一二三四五六七八九十", r) {
			return false
		}
		rest = s[size:]
	}
	if digits > 2 {
		return false
	}
	next, size := utf8.DecodeRuneInString(rest)
	if next == '是' && digits == 0 {
		return true
	}
	after := rest[size:]
	return strings.ContainsRune("、.)", next) && (after == "" || !isDigit(after[0]))
}

func sentenceStarts(goal string) []int {
	out := []int{0}
	for i, r := range goal {
		if strings.ContainsRune("。；;！!\n", r) {
			out = append(out, i+utf8.RuneLen(r))
		}
	}
	return out
}

var goalFigureWithoutIndicatorRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "X003", Name: "goal-figure-without-indicator", Severity: model.Info, Kind: model.KindHeuristic, Since: since, Basis: basisHeuristic,
		Title:     model.Text{Zh: "目标里的数没有对应的指标", En: "a figure in the goal that no indicator takes up"},
		Rationale: model.Text{Zh: "目标里写了数量，却没有指标考核它，等于没有写。", En: "A figure in the goal that no indicator holds is never assessed."},
		Fix:       model.Text{Zh: "为它设一条指标，或在现有指标里写上这个数。", En: "Add an indicator for it, or put it into one."},
		Bad:       example(edit{"按计划巡检展项", "更新展品12件，按计划巡检展项"}),
		Good: example(edit{"按计划巡检展项", "更新展品12件，按计划巡检展项"},
			more(lineQuantity, "数量指标\t更新展品件数\t=12.00(件)")),
	},
	needs: needsGoal,
	form:  figureWithoutIndicator,
}

func figureWithoutIndicator(f *form, _ *Thresholds) verdict {
	goal := f.goal()
	figures := f.figures
	if len(figures) == 0 {
		return notApplicable("目标里没有数", "the goal has no figures")
	}
	if v, doubted := f.doubtedTable(); doubted {
		return v
	}
	reported := map[string]bool{}
	var findings []model.Finding
	for _, x := range figures {
		if x.elliptic() || f.ofAnotherYear(goal, x) || takenUp(f, x) || x.match(f) != nil || isTime(x.unit) && openRow(f, passage(goal, x.start)) != nil {
			continue // X002 speaks of a limit that an indicator leaves open
		}
		if reported[x.text+x.clause] {
			continue
		}
		reported[x.text+x.clause] = true
		y := f.finding(f.head("goals.annual", f.Goals.Annual), model.Text{
			Zh: "年度总体目标里的“{figure}”没有对应的指标。请设一条指标考核它。",
			En: `No indicator takes up "{figure}" of the goal. Add one.`,
		}, model.Args{"figure": x.clause})
		y.Evidence = map[string]string{"goal_figure": x.text}
		findings = append(findings, y)
	}
	return judged(findings)
}
