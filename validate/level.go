package validate

import (
	"slices"
	"strconv"
	"strings"

	"perfgoal/model"
)

var rateUnderQuantityRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "L001", Name: "rate-under-quantity", Severity: model.Warning, Default: true, Kind: model.KindGuide, Since: since,
		Basis:     printedAnd("数量指标反映产品和服务的数量", "quantity indicators count products and services"),
		Title:     model.Text{Zh: "比率放在了数量指标下面", En: "a rate under quantity"},
		Rationale: model.Text{Zh: "数量指标应写做了多少；完成率、覆盖率不说明数量，放在这里等于没有数量指标。", En: "Quantity says how much is done; a rate does not, so the form is left without a quantity."},
		Fix:       model.Text{Zh: "改成绝对数，或移到质量指标。", En: "Give an absolute number, or move it to quality."},
		Bad:       example(more(lineQuantity, "数量指标\t展项巡检计划完成率\t=100.00(%)")),
		Good:      clean("数量指标"),
	},
	form: rateUnderQuantity,
}

func rateUnderQuantity(f *form, _ *Thresholds) verdict {
	return eachRow(f, func(r *row) bool { return r.under(model.Quantity) }, func(r *row) *model.Finding {
		if !r.is.rate && !r.is.satisfied && !r.percent() {
			return nil
		}
		x := f.rowFinding(r, "level2", model.Text{
			Zh: "“{name}”是比率，却放在“{level2}”下面。请改成绝对数，或移到质量指标。",
			En: `"{name}" is a rate, but stands under "{level2}". Give an absolute number, or move it to quality.`,
		}, nil)
		return &x
	})
}

var timelinessElsewhereRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "L002", Name: "timeliness-elsewhere", Severity: model.Warning, Default: true, Kind: model.KindGuide, Since: since,
		Basis:     printedAnd("时效指标反映及时程度和效率", "timeliness indicators say how soon something is done"),
		Title:     model.Text{Zh: "时效类指标没有放在时效指标下面", En: "timeliness outside the timeliness indicators"},
		Rationale: model.Text{Zh: "及时性、时长、响应时间说的是快慢，应归时效指标。", En: "How soon and how long belongs to timeliness."},
		Fix:       model.Text{Zh: "移到时效指标下面。", En: "Move it to timeliness."},
		Bad:       example(more(lineQuality, "质量指标\t故障响应时间\t≤30.00(分钟)")),
		Good:      example(more(lineTimeliness, "时效指标\t故障响应时间\t≤30.00(分钟)")),
	},
	form: timelinessElsewhere,
}

func timelinessElsewhere(f *form, _ *Thresholds) verdict {
	return eachRow(f, func(r *row) bool { return r.Level2 != "" && r.name != "" }, func(r *row) *model.Finding {
		if r.under(model.Timeliness) || r.cost() || parents[r.Class2] == model.NoLevel || !r.is.timely {
			return nil // 过程 and the like have their own punctuality: 资金到位及时率
		}
		x := f.rowFinding(r, "level2", model.Text{
			Zh: "“{name}”说的是快慢，却放在“{level2}”下面。请移到时效指标。",
			En: `"{name}" is about how soon, but stands under "{level2}". Move it to timeliness.`,
		}, nil)
		return &x
	})
}

var countUnderBenefitRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "L003", Name: "count-under-benefit", Severity: model.Info, Kind: model.KindHeuristic, Since: since, Basis: basisHeuristic,
		Title:     model.Text{Zh: "次数放在了效益指标下面", En: "a number of times under benefit"},
		Rationale: model.Text{Zh: "做了多少次是产出，不是效益；效益应写带来了什么变化。", En: "How often something is done is output; benefit is the change it brings."},
		Fix:       model.Text{Zh: "移到数量指标；效益另写变化或影响。", En: "Move it to quantity, and state the change as benefit."},
		Bad:       example(more(lineSocial, "社会效益指标\t科普活动开展次数\t≥12.00(次)")),
		Good:      clean("社会效益指标"),
	},
	form: countUnderBenefit,
}

// usages are what the public does with what was provided.
var usages = []string{"访问", "点击", "浏览", "阅读", "播放", "下载", "查询", "使用", "骑行", "借阅", "参观", "就诊", "乘坐", "出行", "利用", "事故", "被", "日均", "年均", "获奖", "报道", "引用", "转发"}

func countUnderBenefit(f *form, _ *Thresholds) verdict {
	return eachRow(f, func(r *row) bool { return r.in(model.Benefit) }, func(r *row) *model.Finding {
		if !strings.HasSuffix(r.is.bare, "次数") || r.is.want < 0 || r.is.complaint || r.Value.Operator == model.AtMost || r.Value.Operator == model.Below || hasAny(r.name, f.lex.change) || hasAny(r.name, usages) {
			return nil // fewer accidents, or more use made of a thing, are its benefit
		}
		x := f.rowFinding(r, "level2", model.Text{
			Zh: "“{name}”统计的是次数，放在“{level2}”下面看不出效益。请考虑移到产出指标。",
			En: `"{name}" counts times; under "{level2}" it shows no benefit. Consider output.`,
		}, nil)
		return &x
	})
}

var inconsistentLevel2Rule = rule{
	RuleInfo: model.RuleInfo{
		Code: "L007", Name: "inconsistent-level2", Severity: model.Info, Kind: model.KindHeuristic, Since: since, Basis: basisHeuristic,
		Title:     model.Text{Zh: "同名指标在不同的表里归在不同的二级指标下面", En: "one indicator name under different level 2 across forms"},
		Rationale: model.Text{Zh: "同一个指标归类不一，汇总时会散在不同的类里。", En: "Sorted differently, one indicator scatters over several classes when summed up."},
		Fix:       model.Text{Zh: "统一归类。", En: "Sort it the same way everywhere."},
		Bad: pair([]string{"展项完好率"}, nil,
			[]edit{{"云栖市青少年科普展厅运行项目", "云栖市科普大篷车巡展项目"}, {annualGoal, caravanGoal},
				{lineQuality, "质量指标\t车辆年检合格率\t=100.00(%)"}, {lineSocial, "社会效益指标\t展项完好率\t≥98.00(%)"}}),
		Good: pair([]string{"展项完好率"}, nil,
			[]edit{{"云栖市青少年科普展厅运行项目", "云栖市科普大篷车巡展项目"}, {annualGoal, caravanGoal}}),
	},
	document: inconsistentLevel2,
}

// inconsistentLevel2 groups the rows of all forms by name, which is one pass
// however many forms there are, and reports those that are not sorted like
// most; where no label is the commonest, all.
func inconsistentLevel2(d *document, t *Thresholds) docVerdict {
	type use struct{ form, row int }
	type group struct {
		uses   []use
		labels map[string]int
	}
	groups := map[string]*group{}
	var order []*group
	for i := range d.forms {
		for k := range d.forms[i].rows {
			r := &d.forms[i].rows[k]
			if r.name == "" || r.Level2 == "" {
				continue
			}
			g := groups[r.name]
			if g == nil {
				g = &group{labels: map[string]int{}}
				groups[r.name] = g
				order = append(order, g)
			}
			g.uses = append(g.uses, use{i, k})
			g.labels[r.Level2]++
		}
	}
	findings := make([][]model.Finding, len(d.forms))
	for _, g := range order {
		if len(g.labels) < 2 {
			continue
		}
		labels, most := byCount(g.labels)
		var usual []model.Related
		for _, u := range g.uses {
			f := &d.forms[u.form]
			if r := &f.rows[u.row]; r.Level2 == most && len(usual) < t.RelatedLimit {
				usual = append(usual, f.related(r.at("level2")))
			}
		}
		for _, u := range g.uses {
			f := &d.forms[u.form]
			r := &f.rows[u.row]
			if r.Level2 == most {
				continue
			}
			x := f.rowFinding(r, "level2", model.Text{
				Zh: "“{name}”在这里归在“{level2}”，在不同的表里归类不一：{labels}。请统一。",
				En: `"{name}" stands under "{level2}" here, but under different level-2 labels across forms: {labels}. Sort it the same way everywhere.`,
			}, model.Args{"labels": strings.Join(labels, "、")})
			x.Related = usual
			x.Evidence = map[string]string{"level2": strings.Join(labels, "、"), "rows": strconv.Itoa(len(g.uses))}
			findings[u.form] = append(findings[u.form], x)
		}
	}
	out := docVerdict{}
	for i := range d.forms {
		v := judged(findings[i])
		out.findings = append(out.findings, v.findings...)
		out.checks = append(out.checks, docCheck{i, v})
	}
	return out
}

// byCount prints labels with their counts, the commonest first, and names the
// commonest, "" where several are.
func byCount(labels map[string]int) (printed []string, most string) {
	names := make([]string, 0, len(labels))
	for l := range labels {
		names = append(names, l)
	}
	slices.SortFunc(names, func(a, b string) int {
		if labels[a] != labels[b] {
			return labels[b] - labels[a]
		}
		return strings.Compare(a, b)
	})
	if len(names) == 1 || labels[names[0]] > labels[names[1]] {
		most = names[0]
	}
	for i, l := range names {
		names[i] = l + "（" + strconv.Itoa(labels[l]) + "）"
	}
	return names, most
}

var qualityUnderBenefitRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "L008", Name: "quality-under-benefit", Severity: model.Info, Kind: model.KindGuide, Since: second,
		Basis:     printedAnd("效益指标反映产出带来的影响，质量指标反映产出达到的标准", "benefit is the effect of the output, quality the standard that it reaches"),
		Title:     model.Text{Zh: "质量类指标放在了效益指标下面，或者经济效益没有说到钱", En: "quality under benefit, or an economic benefit that names no money"},
		Rationale: model.Text{Zh: "运转率、丢失率、验收合格率说的是办得怎样，不是带来了什么变化；经济效益应当说到收入、成本或节约。", En: "Running, loss and acceptance rates say how well a thing is done, not what it changes; an economic benefit speaks of income, cost or saving."},
		Fix:       model.Text{Zh: "移到质量指标；效益另写带来的变化。", En: "Move it to quality, and state the change as benefit."},
		Bad:       example(more(lineSocial, "社会效益指标\t展项正常运转率\t≥98.00(%)")),
		Good:      clean("社会效益指标"),
	},
	form: qualityUnderBenefit,
}

var (
	// qualityEnds end names of how well a thing was done.
	qualityEnds = []string{"运转率", "运行率", "完好率", "丢失率", "故障率", "故障发生率", "验收合格率", "验收通过率", "质量合格率", "产品合格率", "差错率"}
	// economic are pieces of words that speak of money or trade.
	economic = []string{"成本", "费", "收", "产", "值", "利", "税", "节", "省", "支出", "经济", "资", "投", "价", "金", "损", "贸", "消费", "就业", "市场", "旅游", "销", "亏", "债", "赔", "GDP", "采购", "粮", "商", "营", "增", "元", "财", "减负", "降本", "回报", "贷", "盈", "效益", "预算"}
)

func qualityUnderBenefit(f *form, _ *Thresholds) verdict {
	return eachRow(f, func(r *row) bool { return r.in(model.Benefit) && r.Level2 != "" }, func(r *row) *model.Finding {
		text := model.Text{
			Zh: "“{name}”说的是办得怎样，放在“{level2}”下面看不出效益。请考虑移到质量指标。",
			En: `"{name}" says how well a thing is done; under "{level2}" it shows no benefit. Consider quality.`,
		}
		switch {
		case endsIn(r.is.bare, qualityEnds) != "" && parents[r.Class2] == model.Benefit:
		case r.under(model.EconomicBenefit) && (r.Value.Kind == model.KindText || r.percent()) && !hasAny(r.name, economic) && !hasAny(r.value, economic):
			text = model.Text{
				Zh: "“{name}”放在“{level2}”下面，却没有说到收入、成本或节约。请写明经济上的变化，或移到别的二级指标。",
				En: `"{name}" stands under "{level2}" but names no income, cost or saving. State the economic change, or move it.`,
			}
		default:
			return nil
		}
		x := f.rowFinding(r, "level2", text, nil)
		return &x
	})
}
