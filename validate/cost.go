package validate

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"perfgoal/internal/zh"
	"perfgoal/model"
)

// cost says whether a row is a cost, under level 1 or, in older forms, as a
// level 2 of output.
func (r *row) cost() bool { return r.in(model.Cost) || r.under(model.Cost) }

// economicCost says whether a row is a cost in money: social and ecological
// costs are paid by others.
func (r *row) economicCost() bool {
	return r.cost() && !r.under(model.SocialCost) && !r.under(model.EcologicalCost)
}

func isMoney(unit string) bool {
	_, _, ok := moneyUnit(unit)
	return ok
}

// moneyUnit splits a folded unit such as 万元/年/人 into what one of it is in
// 元 and what it is counted for.
func moneyUnit(unit string) (scale decimal.Decimal, per []string, ok bool) {
	parts := strings.FieldsFunc(unit, func(r rune) bool { return strings.ContainsRune("/·*每()", r) })
	if len(parts) == 0 {
		return decimal.Zero, nil, false
	}
	exponent, ok := zh.MoneyExponent(strings.TrimSuffix(parts[0], "整"))
	if exponent == 0 {
		return one, parts[1:], ok
	}
	return decimal.New(1, exponent), parts[1:], ok
}

// interval is a figure with the rounding it was printed with.
type interval struct{ mid, half decimal.Decimal }

var one = decimal.NewFromInt(1)

func (a interval) times(b interval) interval {
	switch {
	case b.half.IsZero() && b.mid.Equal(one):
		return a
	case b.half.IsZero() && a.half.IsZero():
		return interval{mid: a.mid.Mul(b.mid)}
	case b.half.IsZero():
		return interval{a.mid.Mul(b.mid), a.half.Mul(b.mid.Abs())}
	}
	return interval{
		mid:  a.mid.Mul(b.mid),
		half: a.mid.Abs().Mul(b.half).Add(b.mid.Abs().Mul(a.half)).Add(a.half.Mul(b.half)),
	}
}

func (a interval) plus(b interval) interval {
	return interval{a.mid.Add(b.mid), a.half.Add(b.half)}
}

func exact(n int64) interval { return interval{mid: decimal.NewFromInt(n)} }

// measured is the value of a row as an interval; ok is false where it is no
// number.
func measured(v *model.Value) (interval, bool) {
	switch {
	case v.Kind == model.KindRange && v.Lower != nil && v.Upper != nil:
		two := decimal.NewFromInt(2)
		return interval{
			mid:  v.Lower.Value.Add(v.Upper.Value).Div(two),
			half: v.Upper.Value.Sub(v.Lower.Value).Abs().Div(two).Add(v.Upper.Half()),
		}, true
	case v.Number == nil || v.Kind == model.KindFrequency || v.Kind == model.KindDate:
		return interval{}, false
	case v.Tolerance != nil:
		return interval{v.Number.Value, v.Tolerance.Value}, true
	}
	return interval{v.Number.Value, v.Number.Half()}, true
}

// term is what one cost row comes to in 元, and how.
type term struct {
	row        *row
	amount     interval // with the months of the plan
	fullYear   interval // with twelve months
	arithmetic string   // 展厅运行费 30000(元/月) × 12个月
	quantities []*row
	factors    []string // what the unit cost is multiplied by
	total      bool     // the row names the whole cost
	guessed    bool     // a quantity fits by its unit alone
	obstacle   obstacle
}

// obstacle is why a term cannot be worked out.
type obstacle int

const (
	noObstacle   obstacle = iota
	noQuantity            // nothing to multiply the unit cost by
	ambiguous             // several quantities give different answers
	unknownUnit           // the value has no unit, or none that is known
	noMonths              // how many months the plan has is not known
	lostQuantity          // the row that counts it has no value
)

// costs are a form's economic cost rows, sorted.
type costs struct {
	terms   []term
	words   []*row // values that are no number
	missing []*row
	other   int  // measured, but not in money (成本节约率)
	twice   *row // a name that stands twice, which S017 reports
}

func costsOf(f *form) costs {
	var c costs
	for i := range f.rows {
		r := &f.rows[i]
		if !r.economicCost() {
			continue
		}
		for k := range i {
			if e := &f.rows[k]; e.economicCost() && e.name == r.name {
				c.twice = r
			}
		}
		n, ok := measured(&r.Value)
		switch {
		case r.missing():
			c.missing = append(c.missing, r)
		case !ok:
			c.words = append(c.words, r)
		case hasAny(r.name, f.lex.saving) || r.unit != "" && !isMoney(r.unit):
			c.other++
		default:
			c.terms = append(c.terms, workOut(f, r, n))
		}
	}
	return c
}

// workOut multiplies a cost by what its unit and name call for: months,
// heads, pieces.
func workOut(f *form, r *row, n interval) term {
	t := term{row: r, arithmetic: r.Level3 + " " + printedFigure(&r.Value)}
	scale, per, ok := moneyUnit(r.unit)
	if !ok {
		t.obstacle = unknownUnit
		return t
	}
	t.amount = n.times(interval{mid: scale})
	if len(per) == 0 {
		switch r.is.per {
		case "month":
			per = []string{"月"}
		case "unit":
			per = []string{f.lex.countedIn(r.name)}
		default:
			t.total = f.lex.wholeCost(r.name)
		}
	}
	t.fullYear = t.amount
	for _, p := range per {
		t.multiply(f, p)
	}
	return t
}

// multiply takes in one denominator of the unit: a period, or something that
// a quantity counts ("" where the name does not say what).
func (t *term) multiply(f *form, per string) {
	months := map[zh.Period]int64{zh.Month: 1, zh.Quarter: 3, zh.HalfYear: 6}
	period := periodOf(per)
	if period == zh.Year || t.obstacle != noObstacle {
		return
	}
	q, n, guessed, obstacle := quantityFor(f, t.row, per)
	if k := months[period]; k > 0 && q == nil {
		if !f.monthsKnown() {
			t.obstacle = noMonths
			return
		}
		inPlan := (planMonths(f) + k - 1) / k
		same := inPlan == 12/k && t.amount == t.fullYear
		t.amount = t.amount.times(exact(inPlan))
		if same {
			t.fullYear = t.amount
		} else {
			t.fullYear = t.fullYear.times(exact(12 / k))
		}
		t.factors = append(t.factors, decimal.NewFromInt(inPlan).String()+map[int64]string{1: "个月", 3: "个季度", 6: "个半年"}[k])
		t.arithmetic += " × " + t.factors[len(t.factors)-1]
		return
	}
	if obstacle != noObstacle {
		t.obstacle = obstacle
		return
	}
	t.amount, t.fullYear = t.amount.times(n), t.fullYear.times(n)
	t.guessed = t.guessed || guessed
	t.quantities = append(t.quantities, q)
	t.factors = append(t.factors, printedFigure(&q.Value))
	t.arithmetic += " × " + q.Level3 + " " + printedFigure(&q.Value)
}

// printedFigure is a value without its operator: 16.92万/人.
func printedFigure(v *model.Value) string {
	if v.Number == nil {
		return v.Raw
	}
	return v.Number.Value.String() + v.Unit
}

// quantityFor finds the row that counts what a cost is per. A counter that
// fits many things (个) needs a word in common; several candidates with
// different figures must be told apart by their words, or none is taken; nor
// is one that answers better to another cost. Guessed says that the unit alone
// speaks for the row.
func quantityFor(f *form, cost *row, per string) (q *row, n interval, guessed bool, problem obstacle) {
	per = f.lex.canonicalUnit(per)
	rivals := f.costsPer(per, cost)
	type candidate struct {
		row    *row
		n      interval
		shared int
	}
	var found []candidate
	best, lost := 0, 0
	for _, pass := range []pairing{byUnit, byHead, byName} {
		heads := pass == byHead
		if len(found) > 0 || heads && per != "人" || pass == byName && (per == "" || isGeneric(per)) {
			continue
		}
		for i := range f.rows {
			r := &f.rows[i]
			if !r.under(model.Quantity) || r.percent() {
				continue
			}
			if r.missing() {
				lost = max(lost, sharedWord(cost.name, r.name))
				continue
			}
			unit, scale := f.lex.plainUnit(r.unit)
			if a, b := measures[unit], measures[per]; a.of != "" && a.of == b.of {
				unit, scale = per, scale.Mul(decimal.NewFromInt(a.n)).Div(decimal.NewFromInt(b.n)) // 元/公里 and 米
			}
			if strings.Contains(r.unit, "/") || pass == byUnit && per != "" && unit != per || pass == byName && !(isGeneric(unit) && counts(r.is.bare, per)) {
				continue
			}
			n, ok := measured(&r.Value)
			if !ok {
				continue
			}
			shared := sharedWord(cost.name, r.name)
			if n.mid.IsInteger() && r.Value.Kind == model.KindBound {
				n.half = decimal.Zero // a count of whole things is exact
			}
			switch {
			case heads && (unit != "个" && unit != "岗" && unit != "岗位" && unit != "名额" || shared < 2):
				continue
			case pass == byName:
			case periodOf(per) != "" && shared < 2 && !hasAny(r.name, spans):
				continue // 日志留存时间 6个月 is no time that is paid for
			case !heads && per == "" && shared < 2:
				continue
			case !heads && per != "" && isGeneric(per) && shared < 2:
				continue
			case slices.ContainsFunc(rivals, func(c *row) bool { s := sharedWord(c.name, r.name); return s > shared || shared < 2 }):
				continue
			}
			found = append(found, candidate{r, n.times(interval{mid: scale}), shared})
			best = max(best, shared)
		}
	}
	if lost > best {
		return nil, interval{}, false, lostQuantity
	}
	var pick *candidate
	for i := range found {
		c := &found[i]
		if c.shared < best {
			continue
		}
		if pick != nil && !pick.n.mid.Equal(c.n.mid) {
			return nil, interval{}, false, ambiguous
		}
		pick = c
	}
	if pick == nil {
		return nil, interval{}, false, noQuantity
	}
	return pick.row, pick.n, pick.shared < 2, noObstacle
}

// pairing is how a quantity is found for a cost, the surest first: by the unit
// it is counted in, by heads under another word (个, 岗), or by a name that
// says what is counted where the unit does not: 运行劝导站数量 57个 for 元/站.
type pairing int

const (
	byUnit pairing = iota
	byHead
	byName
)

// spans are names of the time that something is paid for.
var spans = []string{"月数", "年数", "天数", "日数", "周数", "季度数", "服务期", "租期", "租赁期", "运维期", "服务时间", "服务时长", "租赁时间", "用工时间", "期限", "工期"}

// counts says whether a name is that of the number of things of a kind.
func counts(name, kind string) bool {
	thing, ok := strings.CutSuffix(name, endsIn(name, countWords))
	return ok && thing != name && strings.HasSuffix(thing, kind)
}

// costsPer are the other costs that are counted per the same unit.
func (f *form) costsPer(per string, cost *row) []*row {
	var out []*row
	for i := range f.rows {
		r := &f.rows[i]
		if r == cost || !r.economicCost() || r.missing() {
			continue
		}
		_, units, ok := moneyUnit(r.unit)
		if ok && len(units) == 0 && r.is.per == "unit" {
			units = []string{f.lex.countedIn(r.name)}
		}
		if slices.ContainsFunc(units, func(u string) bool { return f.lex.canonicalUnit(u) == per }) {
			out = append(out, r)
		}
	}
	return out
}

// monthsKnown says whether the plan's months in the fiscal year can be told.
func (f *form) monthsKnown() bool {
	s, e := f.Project.StartDate, f.Project.EndDate
	return s.Valid && e.Valid && !e.Before(s) && f.FiscalYear != 0
}

// wholeCost says whether a name is that of the project's whole cost: a total
// of nothing less than the project. 设备购置总额 is the total of a part.
func (l *lexicon) wholeCost(name string) bool {
	for _, w := range l.totalCost {
		i := strings.Index(name, w)
		if i < 0 {
			continue
		}
		of := name[:i]
		for _, cut := range []string{"控制", "建设", "实施", "预算", "经济", "本", "该", "全年", "年度", "年", "当年", "整个"} {
			of = strings.ReplaceAll(of, cut, "")
		}
		if of == "" || strings.HasSuffix(of, "项目") || strings.HasPrefix(w, "项目") {
			return true
		}
	}
	return false
}

func isGeneric(unit string) bool {
	for _, g := range genericCounters {
		if unit == g {
			return true
		}
	}
	return false
}

// plainUnit splits a quantity's unit such as 万人次 into what is counted and
// how many of it.
func (l *lexicon) plainUnit(unit string) (string, decimal.Decimal) {
	if strings.IndexAny(unit, "百千万十亿") != 0 {
		return l.canonicalUnit(unit), one
	}
	for _, m := range []struct {
		word string
		n    int64
	}{{"百万", 1_000_000}, {"千万", 10_000_000}, {"十万", 100_000}, {"万", 10_000}, {"千", 1000}, {"亿", 100_000_000}} {
		if rest, ok := strings.CutPrefix(unit, m.word); ok && rest != "" && (m.word != "千" || rest != "米" && rest != "克" && rest != "瓦") {
			return l.canonicalUnit(rest), decimal.NewFromInt(m.n)
		}
	}
	return l.canonicalUnit(unit), decimal.NewFromInt(1)
}

// canonicalUnit gives one spelling to units that mean the same.
func (l *lexicon) canonicalUnit(unit string) string {
	if u, ok := l.units[unit]; ok {
		return u
	}
	return unit
}

// countedIn is the unit that a per-unit name calls for: 台 in 单台维修费, ""
// where it only says 单价.
func (l *lexicon) countedIn(name string) string {
	for _, a := range averages {
		if strings.Contains(name, a.word) {
			return a.unit
		}
	}
	if c := l.counterAfter(name, "单"); c != "" {
		return c
	}
	return l.counterAfter(name, "每")
}

// sharedWord is the length in characters of the longest piece that two names
// share, words that any cost or quantity has left out.
func sharedWord(a, b string) int {
	best := 0
	for _, x := range strings.Split(commonWords.Replace(a), "|") {
		for _, y := range strings.Split(commonWords.Replace(b), "|") {
			best = max(best, longestCommon([]rune(x), []rune(y)))
		}
	}
	return best
}

// longestCommon is the length of the longest run that both have.
func longestCommon(x, y []rune) int {
	best := 0
	row := make([]int, len(y)+1)
	for i := range x {
		for j := len(y) - 1; j >= 0; j-- {
			if x[i] != y[j] {
				row[j+1] = 0
				continue
			}
			row[j+1] = row[j] + 1
			best = max(best, row[j+1])
		}
	}
	return best
}

// reading is one way to add up a form's costs.
type reading struct {
	amount interval
	terms  []term
}

// readings are the ways to add the costs up, the one to report first. A row
// that names the whole cost stands for itself beside others; all together may
// be meant too. A monthly cost may be meant for the plan's months or the year.
func (c *costs) readings() ([]reading, obstacle) {
	var out []reading
	var all []term
	var problem obstacle
	totals := 0
	for _, t := range c.terms {
		if t.obstacle != noObstacle {
			problem = max(problem, t.obstacle)
			continue
		}
		all = append(all, t)
		if t.total {
			totals++
		}
	}
	if problem == noObstacle {
		all = withoutSubtotals(all)
	}
	if totals == 1 && len(c.terms) > 1 {
		for _, t := range all {
			if t.total {
				out = append(out, reading{t.amount, []term{t}})
			}
		}
	}
	if problem == noObstacle && len(all) > 0 {
		var inPlan, inYear interval
		for _, t := range all {
			inPlan, inYear = inPlan.plus(t.amount), inYear.plus(t.fullYear)
		}
		out = append(out, reading{inPlan, all}, reading{inYear, all})
	}
	return out, problem
}

var costBudgetMismatchRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "C001", Name: "cost-budget-mismatch", Severity: model.Warning, Default: true, Kind: model.KindSum, Since: since, Basis: basisSum,
		Title:     model.Text{Zh: "成本指标算出的金额与年度资金对不上", En: "what the cost indicators multiply out to is not the annual total"},
		Rationale: model.Text{Zh: "单价乘数量、月费乘月数、各分项之和，应当等于申请的资金；多出20%以上的按错误处理；少了的可能是没有列全，最多是警告。", En: "Unit cost times quantity, monthly cost times months, or the parts together should be the money asked for; a sum above it by 20 % or more is an error, one below it at most a warning, for parts may be left out."},
		Fix:       model.Text{Zh: "核对单价、数量、月数和年度资金，改正填错的；只列了部分成本的，把其余成本补上。", En: "Check unit cost, quantity, months and budget; where only part of the cost is listed, add the rest."},
		Bad:       example(edit{"≤30000.00(元/月)", "≤40000.00(元/月)"}),
		Good:      clean("展厅运行费", "年度资金申请总额"),
	},
	needs: []string{"funding.annual.total"},
	form:  costBudgetMismatch,
}

// withoutSubtotals leaves out the rows that only sum up others before them.
func withoutSubtotals(terms []term) []term {
	out := make([]term, 0, len(terms))
	for _, t := range terms {
		sum, is := interval{}, false
		if hasAny(t.row.name, subtotals) && !t.total {
			for i := len(out) - 1; i >= 0 && !is; i-- {
				sum = sum.plus(out[i].amount)
				is = sum.mid.Sub(t.amount.mid).Abs().LessThanOrEqual(sum.half.Add(t.amount.half)) && len(out)-i > 1
			}
		}
		if !is {
			out = append(out, t)
		}
	}
	return out
}

// subtotals mark a cost that may sum up others.
var subtotals = []string{"合计", "小计", "总额", "总计", "共计"}

func costBudgetMismatch(f *form, t *Thresholds) verdict {
	c := costsOf(f)
	budget := f.Funding.Annual.Total
	for i := range f.rows {
		if r := &f.rows[i]; r.doubted && (r.economicCost() || r.under(model.Quantity)) {
			return doubtedRow(r)
		}
	}
	switch {
	case len(c.terms) == 0 && len(c.missing) > 0:
		return insufficient("成本指标没有指标值（见 S016）", "a cost indicator has no value (see S016)", nil)
	case len(c.terms) == 0:
		return notApplicable("没有用金额表示的经济成本指标", "no economic cost is given in money")
	case !budget.Valid():
		return insufficient("年度资金总额不是有效的数（见 F003）", "the annual total is not valid (see F003)", nil)
	case len(c.missing) > 0:
		return insufficient("有成本指标没有指标值（见 S016），无法相加", "a cost indicator has no value (see S016), so the costs cannot be added up", nil)
	case len(c.words) > 0:
		return insufficient("成本指标“{name}”的指标值是文字（{value}），无法相加", `the cost "{name}" has words for a value ({value}), so the costs cannot be added up`,
			model.Args{"name": c.words[0].Level3, "value": c.words[0].Value.Raw})
	}
	if c.twice != nil {
		return insufficient("成本指标“{name}”重名（见 S017），无法相加", `the cost "{name}" stands twice (see S017), so the costs cannot be added up`,
			model.Args{"name": c.twice.Level3})
	}
	readings, problem := c.readings()
	if len(readings) == 0 {
		return obstacleVerdict(f, &c, problem)
	}
	targets := []decimal.Decimal{budget.Amount}
	if parts, ok := f.sumOfParts(); ok {
		targets = append(targets, parts) // where the total is wrong, F001 says so
	}
	project := f.Funding.Project.Total
	if project.Valid() {
		targets = append(targets, project.Amount)
	}
	for _, r := range readings {
		for _, target := range targets {
			if r.amount.mid.Sub(target).Abs().LessThanOrEqual(costTolerance(r, target, budget, t)) {
				return judged(nil)
			}
		}
	}
	above := readings[0].amount.mid.GreaterThan(budget.Amount)
	if above && outlivesYear(f) && !project.Valid() {
		return insufficient("项目跨年度，又没有印项目资金总额，成本指标可能是整个项目的", "the plan reaches beyond the year and no project total is printed, so the costs may be the whole project's", nil)
	}
	x := costFinding(f, readings[0], t)
	if above && x.Severity == model.Error && (readings[0].guessed() || !project.Valid() && !f.monthsKnown()) {
		x.Severity = model.Warning // sure enough to ask, not to accuse
	}
	return judged([]model.Finding{x})
}

// guessed says whether a quantity was taken for its unit alone.
func (r *reading) guessed() bool {
	return slices.ContainsFunc(r.terms, func(t term) bool { return t.guessed })
}

// costTolerance is the rounding of the printed figures, at least the set share
// of the budget.
func costTolerance(r reading, target decimal.Decimal, budget model.Money, t *Thresholds) decimal.Decimal {
	return decimal.Max(r.amount.half.Add(budget.Half()), target.Mul(t.CostTolerance))
}

// outlivesYear says whether the plan reaches beyond the fiscal year, so that
// an indicator may be meant for the whole project.
func outlivesYear(f *form) bool {
	s, e := f.Project.StartDate, f.Project.EndDate
	return f.FiscalYear != 0 && (s.Valid && s.Year < int(f.FiscalYear) || e.Valid && e.Year > int(f.FiscalYear))
}

func obstacleVerdict(f *form, c *costs, problem obstacle) verdict {
	name := ""
	for _, t := range c.terms {
		if t.obstacle == problem {
			name = t.row.Level3
			break
		}
	}
	args := model.Args{"name": name}
	switch problem {
	case noMonths:
		if v, lacking := f.lacking("project.start_date", "project.end_date", "fiscal_year"); lacking {
			return v
		}
		return insufficient("“{name}”按月计，起止日期却无效（见 T003）", `"{name}" is by the month, but the dates are invalid (see T003)`, args)
	case ambiguous:
		return insufficient("“{name}”可以与几个不同的数量相乘，无法确定用哪一个", `"{name}" could be multiplied by several different quantities`, args)
	case lostQuantity:
		return insufficient("与“{name}”相乘的数量没有指标值（见 S016）", `the quantity to multiply "{name}" by has no value (see S016)`, args)
	case unknownUnit:
		return insufficient("“{name}”的指标值没有能识别的金额单位", `the value of "{name}" has no known unit of money`, args)
	}
	return insufficient("没有能与“{name}”相乘的数量，单位对不上", `no quantity fits the unit of "{name}"`, args)
}

func costFinding(f *form, r reading, t *Thresholds) model.Finding {
	budget := f.Funding.Annual.Total
	gap := r.amount.mid.Sub(budget.Amount)
	tolerance := costTolerance(r, budget.Amount, budget, t)
	percent := "—"
	if !budget.Amount.IsZero() {
		percent = gap.Mul(decimal.NewFromInt(100)).Div(budget.Amount).StringFixed(2) + "%"
		if gap.IsPositive() {
			percent = "+" + percent
		}
	}
	var steps, unitCosts, quantities, rows []string
	var related []model.Related
	for i, x := range r.terms {
		steps = append(steps, x.arithmetic)
		unitCosts = append(unitCosts, printedFigure(&x.row.Value))
		if len(x.factors) > 0 {
			quantities = append(quantities, strings.Join(x.factors, " × "))
		}
		rows = append(rows, x.row.Level3)
		if i > 0 {
			related = append(related, f.related(x.row.at("value")))
		}
		for _, q := range x.quantities {
			rows = append(rows, q.Level3)
			related = append(related, f.related(q.at("value")))
		}
	}
	text := model.Text{
		Zh: "{steps} ＝ {product} 元，年度资金总额却是 {budget} 元，{direction} {gap} 元（{percent}；允许误差 {tolerance} 元）。请核对单价、数量、月数和年度资金。",
		En: "{steps} = {product} yuan, but the annual total is {budget} yuan: a gap of {signed} yuan ({percent}; tolerance {tolerance} yuan). Check unit cost, quantity, months and budget.",
	}
	direction := "多出"
	if gap.IsNegative() {
		direction = "少了"
		text.Zh = strings.Replace(text.Zh, "请核对", "如果只列了部分成本，请补全；否则请核对", 1)
	}
	first := r.terms[0].row
	x := f.rowFinding(first, "value", text, model.Args{
		"steps": strings.Join(steps, " ＋ "), "product": model.FormatMoney(r.amount.mid), "budget": model.FormatMoney(budget.Amount),
		"direction": direction, "gap": model.FormatMoney(gap.Abs()), "signed": model.FormatMoney(gap),
		"percent": percent, "tolerance": model.FormatMoney(tolerance),
	})
	// Below the budget some part may simply not be listed.
	if gap.IsPositive() && gap.GreaterThanOrEqual(budget.Amount.Mul(t.CostErrorShare)) {
		x.Severity = model.Error
	}
	x.Related = append(related, f.related(f.head("funding.annual.total", budget.Raw)))
	x.Evidence = map[string]string{
		"unit_cost": strings.Join(unitCosts, "; "), "quantity": strings.Join(quantities, "; "),
		"product": r.amount.mid.StringFixed(2), "budget": budget.String(),
		"gap": gap.StringFixed(2), "gap_percent": percent, "tolerance": tolerance.StringFixed(2),
		"rows": strings.Join(rows, "; "),
	}
	return x
}

var unmultipliableCostRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "C002", Name: "unmultipliable-cost", Severity: model.Info, Kind: model.KindSum, Since: since, Basis: basisSum,
		Title:     model.Text{Zh: "单价没有可以相乘的数量", En: "a unit cost with no quantity to multiply"},
		Rationale: model.Text{Zh: "只有单价没有数量，就无法核对申请的资金。", En: "With a unit cost alone the money asked for cannot be checked."},
		Fix:       model.Text{Zh: "在数量指标里补上同一单位的数量。", En: "Add a quantity in the same unit."},
		Bad:       example(edit{lineCost, "经济成本指标\t展项更新单价\t≤90000.00(元/套)"}),
		Good:      example(edit{lineCost, "经济成本指标\t展项更新单价\t≤90000.00(元/套)"}, more(lineQuantity, "数量指标\t展项更新数量\t=4.00(套)")),
	},
	form: unmultipliableCost,
}

func unmultipliableCost(f *form, _ *Thresholds) verdict {
	c := costsOf(f)
	if len(c.terms) == 0 {
		return notApplicable("没有用金额表示的经济成本指标", "no economic cost is given in money")
	}
	var findings []model.Finding
	for _, t := range c.terms {
		if t.obstacle != noQuantity {
			continue
		}
		findings = append(findings, f.rowFinding(t.row, "value", model.Text{
			Zh: "“{name}”是单价（{value}），但数量指标里没有能与它相乘的数量。请补上同一单位的数量。",
			En: `"{name}" is a unit cost ({value}), but no quantity can be multiplied by it. Add one in the same unit.`,
		}, nil))
	}
	return judged(findings)
}

var unquantifiedCostRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "C004", Name: "unquantified-cost", Severity: model.Warning, Default: true, Kind: model.KindGuide, Since: since,
		Basis:     guide("成本指标应当细化、量化", "cost indicators should be specific and quantified"),
		Title:     model.Text{Zh: "成本指标没有写成数", En: "a cost indicator whose value is no number"},
		Rationale: model.Text{Zh: "“控制于预算内”对任何项目都成立，起不到控制成本的作用。", En: "“Within the budget” holds for every project and controls nothing."},
		Fix:       model.Text{Zh: "写出控制数：整个项目的写年度资金总额，分项的写分项金额，单价、月费写单位成本，例如“≤2.5(万元/月)”。", En: "Give a figure: the annual total for the whole project, the amount of a part, or a unit cost such as ≤2.5(万元/月)."},
		Bad:       example(edit{"≤30000.00(元/月)", "控制于预算内"}),
		Good:      clean("展厅运行费"),
	},
	form: unquantifiedCost,
}

func unquantifiedCost(f *form, _ *Thresholds) verdict {
	return eachRow(f, (*row).economicCost, func(r *row) *model.Finding {
		if r.Value.Kind != model.KindText || masked(r.value) || hasDigit(r.value) {
			return nil // 按每人1000元标准执行 controls the cost, if in words
		}
		b := f.Funding.Annual.Total
		if r.overall() {
			b = f.Funding.Project.Total
		}
		such := ""
		switch {
		case b.Valid() && (f.lex.wholeCost(r.name) || r.is.per == ""):
			such = "≤" + inItsUnit(b)
		case r.is.per == "month":
			such = "≤2.5(万元/月)"
		case f.lex.countedIn(r.name) != "":
			such = "≤500(元/" + f.lex.countedIn(r.name) + ")"
		}
		text := model.Text{
			Zh: "成本指标“{name}”写的是“{value}”，没有数字，起不到控制成本的作用。请写出控制数，例如“{such}”。",
			En: `The cost "{name}" says "{value}", which is no number and controls nothing. Give a figure, such as {such}.`,
		}
		switch {
		case such == "":
			text.Zh = strings.Replace(text.Zh, "，例如“{such}”", "", 1)
			text.En = strings.Replace(text.En, ", such as {such}", "", 1)
		case b.Valid() && !f.lex.wholeCost(r.name) && r.is.per == "":
			text.Zh = strings.Replace(text.Zh, "例如“{such}”", "按分项或单价写；只有这一项的，就是本表的{total}“{such}”", 1)
			text.En = strings.Replace(text.En, "such as {such}", "by part or unit; where this is the only cost, the form's {total_en} {such}", 1)
		}
		total := model.Text{Zh: "年度资金总额", En: "annual total"}
		if r.overall() {
			total = model.Text{Zh: "项目资金总额", En: "project total"}
		}
		x := f.rowFinding(r, "value", text, model.Args{"such": such, "total": total.Zh, "total_en": total.En})
		if b.Valid() {
			x.Evidence["budget"] = b.String()
		}
		return &x
	})
}

var exactCostRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "C005", Name: "exact-cost", Severity: model.Info, Kind: model.KindHeuristic, Since: since, Basis: basisHeuristic,
		Title:     model.Text{Zh: "成本用了等号", En: "an equals sign on a cost"},
		Rationale: model.Text{Zh: "花得少一些反而不达标，一般不是本意。", En: "Spending less would miss the target, which is rarely meant."},
		Fix:       model.Text{Zh: "改用“≤”。", En: "Use ≤."},
		Bad:       example(edit{"≤30000.00(元/月)", "=30000.00(元/月)"}),
		Good:      clean("展厅运行费"),
	},
	form: exactCost,
}

// inItsUnit is an amount in 万元 where it was printed so, else in 元.
func inItsUnit(m model.Money) string {
	if m.Scale.Equal(decimal.New(1, 4)) {
		return m.Printed.String() + "(万元)"
	}
	return m.String() + "(元)"
}

func exactCost(f *form, _ *Thresholds) verdict {
	return eachRow(f, func(r *row) bool { return r.economicCost() && r.Value.Number != nil }, func(r *row) *model.Finding {
		if r.Value.Operator != model.Exactly {
			return nil
		}
		x := f.rowFinding(r, "value", model.Text{
			Zh: "成本“{name}”写成了“{value}”，少花一些反而不达标。一般用“≤”。",
			En: `The cost "{name}" says "{value}", so spending less would miss it. ≤ is usual.`,
		}, nil)
		return &x
	})
}
