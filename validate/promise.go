package validate

import (
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"perfgoal/internal/lazy"
	"perfgoal/internal/zh"
	"perfgoal/model"
)

// The rules here hold what a goal says of the project as a whole against the
// form: its money, how often something is done, the project's own name.

var goalMoneyMismatchRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "X004", Name: "goal-money-mismatch", Severity: model.Warning, Default: true, Kind: model.KindHeuristic, Since: second, Basis: basisHeuristic,
		Title:     model.Text{Zh: "目标里写的投入金额与本表的资金总额不符", En: "the goal's amount is neither the annual nor the project total"},
		Rationale: model.Text{Zh: "目标里的投入多半是调整预算时忘了改，公开以后两个数互相矛盾。", En: "The goal's amount was mostly left behind when the budget changed; published, the two contradict each other."},
		Fix:       model.Text{Zh: "把目标里的金额改成本表的资金总额，或者写明是哪一部分。", En: "Use the form's total in the goal, or say which part is meant."},
		Bad:       example(edit{"按计划巡检展项", "计划投入资金42万元，按计划巡检展项"}),
		Good:      example(edit{"按计划巡检展项", "计划投入资金36万元，按计划巡检展项"}),
	},
	needs: []string{"goals.annual", "funding.annual.total"},
	form:  goalMoneyMismatch,
}

// outlay is an amount that a goal says is spent on the project: 计划投入资金42万元.
var outlay = lazy.Regexp(`(总投资额?|投资总额|总投入|总预算|预算总额|资金总额|总资金|总经费|投入|安排)(?:项目|财政|预算|专项)?(?:资金|经费|预算)?(?:总额)?(?:共计|合计|共|为|达到|达|约|近|:|人民币|总计)*([\d,]+(?:\.\d+)?)(余|多)?(亿元|万元|千元|元)`)

// outlayWords are those one of which every outlay has; most goals have none.
var outlayWords = []string{"总", "投入", "安排"}

// partialOutlays are words of a clause whose amount is not the whole, not this
// year's or not this project's.
var partialOutlays = []string{"其中", "每", "人均", "户均", "平均", "社会", "企业", "自筹", "带动", "拉动", "撬动", "吸引", "引导", "上年", "去年", "往年", "累计", "已", "中央", "省", "市级", "区级", "县级", "上级", "本级", "银行", "贷款", "捐", "配套", "后续", "以后", "剩余", "节约", "节省", "整合", "另", "分别", "用于", "元/"}

// goalMoneyMismatch looks at a goal that names one amount spent on the whole
// project; several are parts, which the form does not show.
func goalMoneyMismatch(f *form, _ *Thresholds) verdict {
	goal := f.goal()
	if !strings.Contains(goal, "元") || !hasAny(goal, outlayWords) {
		return notApplicable("目标里没有写投入多少", "the goal names no amount spent")
	}
	found := outlay().FindAllStringSubmatchIndex(goal, -1)
	if len(found) == 0 {
		return notApplicable("目标里没有写投入多少", "the goal names no amount spent")
	}
	if len(found) > 1 || !f.Funding.Annual.Total.Valid() {
		return insufficient("目标里写了几笔投入，不知道哪一笔是总额", "the goal names several amounts, and which is the whole is not known", nil)
	}
	m := found[0]
	clause := wholeClause(goal, m[4])
	if hasAny(clause, partialOutlays) || len(yearsIn(clause)) > 0 {
		return notApplicable("目标里的金额只是一部分，或者不是本年度的", "the goal's amount is only a part, or another year's")
	}
	stated, half, ok := statedAmount(goal, m)
	if !ok {
		return notApplicable("目标里没有写投入多少", "the goal names no amount spent")
	}
	if hasAny(goal[m[0]:m[4]], []string{"约", "近"}) || m[6] >= 0 {
		half = decimal.Max(half, stated.Div(decimal.NewFromInt(10)))
	}
	project := f.Funding.Project.Total
	if !project.Valid() && (outlivesYear(f) || !f.monthsKnown()) && strings.Contains(goal[m[2]:m[3]], "总") {
		return insufficient("目标里写的是项目总投入，本表没有印项目资金总额", "the goal speaks of the whole project, whose total the form does not show", nil)
	}
	for _, s := range f.sides() {
		for _, a := range append([]amount{s.total}, s.parts...) {
			if a.Valid() && stated.Sub(a.Amount).Abs().LessThanOrEqual(decimal.Max(half, a.Amount.Mul(outlayTolerance))) {
				return judged(nil)
			}
		}
	}
	annual := f.Funding.Annual.Total
	x := f.finding(f.head("goals.annual", f.Goals.Annual), model.Text{
		Zh: "目标里写的是“{said}”，年度资金总额却是 {annual} 元{project_zh}。请改成一致，或写明是哪一部分。",
		En: `The goal says "{said}", but the annual total is {annual} yuan{project_en}. Make them agree, or say which part is meant.`,
	}, model.Args{"said": goal[m[0]:m[1]], "annual": model.FormatMoney(annual.Amount), "project_zh": "", "project_en": ""})
	if project.Valid() && !project.Amount.Equal(annual.Amount) {
		x.Message.Args["project_zh"] = "，项目资金总额是 " + model.FormatMoney(project.Amount) + " 元"
		x.Message.Args["project_en"] = " and the project total " + model.FormatMoney(project.Amount) + " yuan"
	}
	x.Text = goal[m[0]:m[1]]
	x.Related = []model.Related{f.related(f.head("funding.annual.total", annual.Raw))}
	x.Evidence = map[string]string{"stated": stated.StringFixed(2), "annual": annual.String(), "project": project.String()}
	return judged([]model.Finding{x})
}

// outlayTolerance is how far prose may be off, as a share of the total.
var outlayTolerance = decimal.New(5, -3)

// statedAmount is the amount of an outlay in 元 with half of its last place.
func statedAmount(goal string, m []int) (amount, half decimal.Decimal, ok bool) {
	n, err := model.ParseNumber(strings.ReplaceAll(goal[m[4]:m[5]], ",", ""))
	exponent, known := zh.MoneyExponent(goal[m[8]:m[9]])
	if err != nil || !known {
		return amount, half, false
	}
	scale := decimal.New(1, exponent)
	return n.Value.Mul(scale), n.Half().Mul(scale), true
}

var goalFrequencyMismatchRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "X005", Name: "goal-frequency-mismatch", Severity: model.Info, Kind: model.KindHeuristic, Since: second, Basis: basisHeuristic,
		Title:     model.Text{Zh: "目标里的频次与指标的全年次数对不上", En: "the goal's frequency and an indicator's yearly count differ"},
		Rationale: model.Text{Zh: "目标写每月一次，指标写全年24次，不知道按哪一个考核。", En: "Where the goal says monthly and the indicator 24 a year, nobody knows which one holds."},
		Fix:       model.Text{Zh: "把两处改成一致。", En: "Make the two agree."},
		Bad:       example(edit{"按计划巡检展项", "每月巡检展项2次"}),
		Good:      example(edit{"按计划巡检展项", "每月巡检展项4次"}),
	},
	needs: needsGoal,
	form:  goalFrequencyMismatch,
}

// rhythmic is how often a goal says something is done: 每月巡检展项4次, 每季度
// 开展一次督查, 每月支付账单.
var rhythmic = lazy.Regexp(`每(个?半年|个?季度|个?季|个?月|周|年|日|天)(?:度)?([^，。；,;每]{2,14})`)

var countedTimes = lazy.Regexp(`(\d+|[一二两三四五六七八九十])(?:次|场|期|份|批|轮|篇|笔)`)

// goalFrequencyMismatch compares a rhythm of the goal with the count of the
// row that names the same act.
func goalFrequencyMismatch(f *form, _ *Thresholds) verdict {
	goal := f.goal()
	compared := false
	var findings []model.Finding
	for _, m := range rhythmic().FindAllStringSubmatch(goal, -1) {
		period := periodOf(strings.TrimPrefix(m[1], "个"))
		act, times := m[2], decimal.NewFromInt(1)
		if c := countedTimes().FindStringSubmatchIndex(act); c != nil {
			n, ok := smallNumber(act[c[2]:c[3]])
			if !ok {
				continue
			}
			times, act = n, act[:c[0]]+act[c[1]:]
		} else if hasDigit(act) {
			continue
		}
		perYear := times.Mul(decimal.NewFromInt(periodsPerYear[period]))
		for i := range f.rows {
			r := &f.rows[i]
			if !r.numeric() || r.missing() || !timesUnits[r.unit] || r.unit == "" || !sameAct(act, r.name) || hasAny(r.name, []string{"每", "月均", "单月"}) {
				continue
			}
			compared = true
			if agrees(r.Value.Number.Value, perYear, planMonths(f)) || r.Value.Operator == model.AtLeast && r.Value.Number.Value.LessThan(perYear) || r.Value.Number.Value.GreaterThanOrEqual(perYear.Mul(manyTimes)) {
				break
			}
			x := f.rowFinding(r, "value", model.Text{
				Zh: "年度总体目标里写的是“{said}”，一年是{year}次；“{name}”写的却是“{value}”。请改成一致。",
				En: `The goal says "{said}", which is {year} a year, but "{name}" says "{value}". Make them agree.`,
			}, model.Args{"said": m[0], "year": perYear.String()})
			x.Related = []model.Related{f.related(f.head("goals.annual", f.Goals.Annual))}
			x.Evidence["per_year"] = perYear.String()
			findings = append(findings, x)
			break
		}
	}
	if !compared {
		return notApplicable("目标里没有与次数指标对应的频次", "no frequency of the goal answers to a count")
	}
	return judged(findings)
}

// manyTimes is how often the rhythm's count a row must hold to count the act
// over all it is done for: 每周探访一次 for each of many people.
var manyTimes = decimal.NewFromInt(10)

// smallNumber reads 4 or 四.
func smallNumber(s string) (decimal.Decimal, bool) {
	if i := strings.Index("一二三四五六七八九十", s); i >= 0 {
		return decimal.NewFromInt(int64(i/len("一") + 1)), true
	}
	if s == "两" {
		return decimal.NewFromInt(2), true
	}
	n, err := decimal.NewFromString(s)
	return n, err == nil
}

// sameAct says whether a name counts the act that a goal's phrase begins with:
// 账单支付次数 and 支付账单.
func sameAct(phrase, name string) bool {
	for _, lead := range []string{"至少", "不少于", "开展", "组织", "进行", "完成", "对", "按时", "定期", "按期", "及时"} {
		phrase = strings.TrimPrefix(phrase, lead)
	}
	runes := []rune(phrase)
	if len(runes) < 2 {
		return false
	}
	about := topic(name)
	verb := string(runes[:2])
	if !strings.Contains(about, verb) {
		return false
	}
	rest := strings.ReplaceAll(about, verb, "")
	return rest == "" || len(runes) >= 4 && (strings.Contains(rest, string(runes[2:4])) || strings.Contains(string(runes[2:]), rest))
}

var foreignProjectInGoalRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "X006", Name: "foreign-project-in-goal", Severity: model.Warning, Kind: model.KindHeuristic, Since: second, Basis: basisHeuristic,
		Title:     model.Text{Zh: "目标里写的是别的项目", En: "the goal names another project"},
		Rationale: model.Text{Zh: "“通过实施某某项目”写的不是本项目，多半是从别的表复制来的。", En: "Where the goal is reached “through” another project, it was mostly copied from that form."},
		Fix:       model.Text{Zh: "按本项目改写目标。", En: "Write the goal of this project."},
		Bad:       example(edit{"保障科普展厅", "通过实施“云栖市天文台望远镜维修”项目，保障科普展厅"}),
		Good:      example(edit{"保障科普展厅", "通过实施“青少年科普展厅运行”项目，保障科普展厅"}),
	},
	needs:    []string{"goals.annual", "project.name"},
	document: foreignProjectInGoal,
}

// throughProject is a project that a goal says it is reached through.
var throughProject = lazy.Regexp(`(?:通过|依托|借助)(?:实施|开展|推进|完成|申报)?(?:“([^“”]{4,40})”(项目|工程|专项)?|《([^《》]{4,40})》(?:项目|工程))`)

func foreignProjectInGoal(d *document, _ *Thresholds) docVerdict {
	owners := map[string]int{} // by what a project's name is for, its form
	for i := range d.forms {
		if core := serviceOf(fold(d.forms[i].Project.Name)).core; utf8.RuneCountInString(core) >= 4 {
			if _, seen := owners[core]; !seen {
				owners[core] = i
			}
		}
	}
	var out docVerdict
	for i := range d.forms {
		v := projectInGoal(d, i, owners)
		out.findings = append(out.findings, v.findings...)
		out.checks = append(out.checks, docCheck{i, v})
	}
	return out
}

func projectInGoal(d *document, i int, owners map[string]int) verdict {
	f := &d.forms[i]
	m := throughProject().FindStringSubmatch(f.goal())
	if m == nil {
		return notApplicable("目标里没有写通过哪个项目实现", "the goal names no project that it is reached through")
	}
	named := m[1] + m[3]
	own, said := serviceOf(fold(f.Project.Name)).core, serviceOf(fold(named)).core
	if own == said || strings.Contains(own, said) || strings.Contains(said, own) {
		return judged(nil)
	}
	k, other := owners[said]
	other = other && k != i
	const hardly = 0.2
	isProject := m[2] != "" || m[3] != "" || endsIn(named, []string{"项目", "工程", "经费"}) != ""
	if !other && (!isProject || utf8.RuneCountInString(said) < 4 || containment(said, own) > hardly) {
		return judged(nil)
	}
	text := model.Text{
		Zh: "年度总体目标写的是通过“{named}”实现，本项目却是“{project}”{where}。请按本项目改写。",
		En: `The goal is reached through "{named}", but this project is "{project}"{where_en}. Write its own goal.`,
	}
	args := model.Args{"named": named, "project": f.Project.Name, "where": "", "where_en": ""}
	x := f.finding(f.head("goals.annual", f.Goals.Annual), text, args)
	x.Text = named
	x.Evidence = map[string]string{"named": named}
	if other {
		o := &d.forms[k]
		args["where"] = "，那是第" + numberList([]int{o.Index}) + "张表的项目"
		args["where_en"] = ", and that is the project of form " + numberList([]int{o.Index})
		x.Related = []model.Related{o.related(o.head("project.name", o.Project.Name))}
	}
	return judged([]model.Finding{x})
}
