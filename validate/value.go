package validate

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"perfgoal/internal/zh"
	"perfgoal/model"
)

var (
	basisQuantified = guide("指标应当量化，难以量化的可以定性但要可衡量", "indicators should be quantified; where that is hard, qualitative but assessable")
	basisValues     = guide("指标值的设定", "setting values")
)

var complaintAsSatisfactionRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "V001", Name: "complaint-as-satisfaction", Severity: model.Warning, Default: true, Kind: model.KindGuide, Since: since,
		Basis:     printedAnd("满意度指标反映服务对象的认可程度", "satisfaction reflects how far those served approve"),
		Title:     model.Text{Zh: "用投诉代替满意度", En: "complaints counted under satisfaction"},
		Rationale: model.Text{Zh: "没有投诉不等于满意；投诉率、投诉次数不能说明服务对象的认可程度。", En: "No complaint is no satisfaction; a complaint rate does not say how far those served approve."},
		Fix:       model.Text{Zh: "改为“……满意度≥……%”，投诉类指标可移到质量指标。", En: "Use a satisfaction rate, and move complaints to quality."},
		Bad:       example(edit{lineSatisfaction, "服务对象满意度指标\t参观青少年投诉率\t<5.00(%)"}),
		Good:      example(edit{lineSatisfaction, "服务对象满意度指标\t投诉处置满意度\t≥95.00(%)"}),
	},
	kinds: anyKind,
	form:  complaintAsSatisfaction,
}

func complaintAsSatisfaction(f *form, _ *Thresholds) verdict {
	return eachRow(f, func(r *row) bool { return r.in(model.Satisfaction) }, func(r *row) *model.Finding {
		if !r.is.complaint || strings.Contains(r.name, "不满意") {
			return nil
		}
		x := f.rowFinding(r, "level3", model.Text{
			Zh: "“{name}”统计的是投诉，放在“{level2}”下面不能反映满意程度。请改用满意度，投诉指标移到质量指标。",
			En: `"{name}" counts complaints and says nothing of satisfaction under "{level2}". Use a satisfaction rate and move complaints to quality.`,
		}, nil)
		return &x
	})
}

var wrongDirectionRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "V002", Name: "wrong-direction", Severity: model.Error, Default: true, Kind: model.KindGuide, Since: since, Basis: basisValues,
		Title:     model.Text{Zh: "比较符号的方向反了", En: "the operator rewards the opposite"},
		Rationale: model.Text{Zh: "满意度用“≤”、投诉率用“≥”，就成了越差越达标。", En: "With ≤ on satisfaction or ≥ on complaints the worse result meets the target."},
		Fix:       model.Text{Zh: "把“≤”与“≥”对调。", En: "Turn the operator round."},
		Bad:       example(edit{"≥90.00(%)", "≤90.00(%)"}),
		Good:      clean("参观青少年满意度"),
	},
	kinds: anyKind,
	form:  wrongDirection,
}

// wrongDirection goes by which way the name is wanted. Costs are wanted low,
// save those paid at a set standard.
func wrongDirection(f *form, _ *Thresholds) verdict {
	bounded := func(r *row) bool {
		return r.numeric() && r.Value.Operator != model.NoOperator && r.Value.Operator != model.About
	}
	return eachRow(f, bounded, func(r *row) *model.Finding {
		want := r.is.want
		if want == 0 && r.economicCost() && isMoney(r.unit) && endsIn(r.is.bare, spendings) != "" && !hasAny(r.name, f.lex.saving) && !hasAny(r.name, f.lex.standard) {
			want = -1
		}
		if want > 0 && r.unit == "%" && r.Value.Number.Value.Cmp(hundred) >= 0 && endsIn(r.is.bare, spent) != "" {
			return nil // 预算执行率≤100% is a cap
		}
		text := model.Text{
			Zh: "“{name}”应当越高越好，却写成了“{value}”，越低反而越达标。请把符号改为“≥”。",
			En: `"{name}" is wanted high, but "{value}" rewards low results. Use ≥.`,
		}
		switch op := r.Value.Operator; {
		case want > 0 && (op == model.AtMost || op == model.Below):
		case want < 0 && (op == model.AtLeast || op == model.Above):
			text = model.Text{
				Zh: "“{name}”应当越低越好，却写成了“{value}”，越高反而越达标。请把符号改为“≤”。",
				En: `"{name}" is wanted low, but "{value}" rewards high results. Use ≤.`,
			}
		default:
			return nil
		}
		x := f.rowFinding(r, "value", text, nil)
		return &x
	})
}

var percentOver100Rule = rule{
	RuleInfo: model.RuleInfo{
		Code: "V003", Name: "percent-over-100", Severity: model.Error, Default: true, Kind: model.KindSum, Since: since, Basis: basisSum,
		Title:     model.Text{Zh: "不可能超过100%的比率超过了100%", En: "a rate over 100 % where that cannot be"},
		Rationale: model.Text{Zh: "合格率、满意度这类部分占整体的比率最多是100%。", En: "A share of a whole, such as a pass rate, is 100 % at most."},
		Fix:       model.Text{Zh: "改成不超过100%的数值。", En: "Enter a value up to 100 %."},
		Bad:       example(edit{"≥98.00(%)", "≥980.00(%)"}),
		Good:      example(edit{"≥98.00(%)", "=100.00(%)"}),
	},
	kinds: anyKind,
	form:  percentOver100,
}

// spendings end the names of costs that are surely wanted low; spent those of
// rates that are capped at the whole.
var (
	spendings = []string{"成本", "费", "费用", "单价", "造价", "租金", "价格", "开支", "支出", "经费"}
	spent     = []string{"执行率", "使用率", "支付率", "支出率", "投资完成率", "预算完成率", "资金完成率", "控制率"}
)

// percentOver100 holds rates against 100 %. Names about change, yields and
// over-fulfilled plans may pass it.
func percentOver100(f *form, _ *Thresholds) verdict {
	return eachRow(f, (*row).percent, func(r *row) *model.Finding {
		top, strict := highest(&r.Value)
		over := top.Cmp(hundred)
		if r.unit != "%" || over < 0 || over == 0 && !strict || !f.lex.endsAtHundred(r.name) {
			return nil
		}
		x := f.rowFinding(r, "value", model.Text{
			Zh: "“{name}”最多是100%，却写成了“{value}”。请改正数值。",
			En: `"{name}" cannot pass 100 %, but the value is "{value}". Correct it.`,
		}, nil)
		return &x
	})
}

func (l *lexicon) endsAtHundred(name string) bool {
	name = withoutBrackets(name)
	if hasAny(name, l.change) || hasAny(name, l.overHundred) {
		return false
	}
	return l.isRate(name) || endsIn(name, l.satisfaction) != "" || hasAny(name, l.bounded)
}

var hundred = decimal.NewFromInt(100)

// highest is the highest number that a value names, and whether the result
// must be above it.
func highest(v *model.Value) (decimal.Decimal, bool) {
	switch {
	case v.Upper != nil:
		return v.Upper.Value, false
	case v.Number == nil:
		return decimal.Zero, false
	case v.Tolerance != nil:
		return v.Number.Value.Add(v.Tolerance.Value), false
	}
	return v.Number.Value, v.Operator == model.Above
}

var exactSatisfactionRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "V004", Name: "exact-satisfaction", Severity: model.Info, Kind: model.KindHeuristic, Since: since, Basis: basisHeuristic,
		Title:     model.Text{Zh: "满意度用了等号", En: "an equals sign on a satisfaction rate"},
		Rationale: model.Text{Zh: "满意度是调查得来的，恰好等于某个数几乎不可能，高于它反而不达标。", En: "Satisfaction comes from surveys and hardly ever equals a figure; above it would fail."},
		Fix:       model.Text{Zh: "改用“≥”。", En: "Use ≥."},
		Bad:       example(edit{"参观青少年满意度\t≥90.00(%)", "参观青少年满意度\t=90.00(%)"}),
		Good:      clean("参观青少年满意度"),
	},
	kinds: anyKind,
	form:  exactSatisfaction,
}

func exactSatisfaction(f *form, _ *Thresholds) verdict {
	return eachRow(f, func(r *row) bool { return r.numeric() && r.is.satisfaction }, func(r *row) *model.Finding {
		if r.Value.Operator != model.Exactly || r.Value.Number.Value.Equal(hundred) {
			return nil // nothing lies above 100 %
		}
		x := f.rowFinding(r, "value", model.Text{
			Zh: "“{name}”写成了“{value}”，调查结果很难恰好相等，请改用“≥”。",
			En: `"{name}" says "{value}"; a survey hardly ever gives exactly that. Use ≥.`,
		}, nil)
		return &x
	})
}

var strictBoundRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "V006", Name: "strict-bound", Severity: model.Info, Kind: model.KindHeuristic, Since: since, Basis: basisHeuristic,
		Title:     model.Text{Zh: "用了“<”或“>”", En: "< or > where ≤ or ≥ is usual"},
		Rationale: model.Text{Zh: "严格的大于、小于使恰好达到指标值也算没完成，多半不是本意。", En: "With a strict sign a result that just reaches the value fails, which is rarely meant."},
		Fix:       model.Text{Zh: "一般改用“≤”或“≥”。", En: "Use ≤ or ≥ as a rule."},
		Bad:       example(edit{"≤24.00(小时)", "<24.00(小时)"}),
		Good:      clean("展项故障修复时间"),
	},
	kinds: anyKind,
	form:  strictBound,
}

func strictBound(f *form, _ *Thresholds) verdict {
	return eachRow(f, (*row).numeric, func(r *row) *model.Finding {
		if r.Value.Operator != model.Below && r.Value.Operator != model.Above {
			return nil
		}
		x := f.rowFinding(r, "value", model.Text{
			Zh: "“{name}”写成了“{value}”，恰好达到这个数也算没完成。一般用“≤”或“≥”。",
			En: `"{name}" says "{value}", so a result of just that fails. ≤ or ≥ is usual.`,
		}, nil)
		return &x
	})
}

var bareMagnitudeUnitRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "V007", Name: "bare-magnitude-unit", Severity: model.Warning, Default: true, Kind: model.KindGuide, Since: since, Basis: basisValues,
		Title:     model.Text{Zh: "单位只有“万”，没有量的名称", En: "the unit is 万 with nothing counted"},
		Rationale: model.Text{Zh: "“万”后面是元、人还是次，读的人只能猜。", En: "Readers can only guess whether 万 counts 元, people or times."},
		Fix:       model.Text{Zh: "写全单位，例如万元、万人次。", En: "Write the whole unit, such as 万元 or 万人次."},
		Bad:       example(edit{"≥20000.00(人)", "≥2.00(万)"}),
		Good:      example(edit{"≥20000.00(人)", "≥2.00(万人)"}),
	},
	kinds: anyKind,
	form:  bareMagnitudeUnit,
}

func bareMagnitudeUnit(f *form, _ *Thresholds) verdict {
	withUnit := func(r *row) bool { return r.Value.Kind != model.KindText && r.unit != "" }
	return eachRow(f, withUnit, func(r *row) *model.Finding {
		if !bareMagnitude(r.unit) {
			return nil
		}
		such := "万人次"
		switch {
		case r.cost() || hasAny(r.name, moneyNames):
			such = "万元"
		case hasAny(r.name, visitNames):
			such = "万次"
		}
		x := f.rowFinding(r, "value", model.Text{
			Zh: "“{name}”的单位是“{unit}”，没有写明是什么。请写全，例如{such}。",
			En: `The unit of "{name}" is "{unit}", which does not say what is counted. Write it in full, such as {such}.`,
		}, model.Args{"unit": r.Value.Unit, "such": strings.Replace(such, "万", magnitudeOf(r.unit), 1)})
		return &x
	})
}

var missingDenominatorRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "V008", Name: "missing-denominator", Severity: model.Warning, Default: true, Kind: model.KindGuide, Since: since, Basis: basisValues,
		Title:     model.Text{Zh: "名称是单价或按月的费用，单位却没有写“每”什么", En: "a per-unit or per-month cost whose unit has no denominator"},
		Rationale: model.Text{Zh: "月租费“≤7万元”，不看名称会当成全年总额。", En: "A monthly rent of ≤7万元 reads like the whole year's."},
		Fix:       model.Text{Zh: "单位写成万元/月、元/台这样。", En: "Write the unit like 万元/月 or 元/台."},
		Bad:       example(edit{lineCost, "经济成本指标\t展厅每月运行费\t≤30000.00(元)"}),
		Good:      example(edit{lineCost, "经济成本指标\t展厅每月运行费\t≤30000.00(元/月)"}),
	},
	kinds: anyKind,
	form:  missingDenominator,
}

// moneyNames and visitNames tell what a magnitude without a unit may count.
var (
	moneyNames = []string{"成本", "费", "资金", "金额", "收入", "产值", "投资", "支出", "销售", "利润", "税", "价", "补助", "补贴", "节约", "增收", "效益"}
	visitNames = []string{"点击", "访问", "浏览", "阅读", "播放", "下载", "转发", "查询", "关注"}
)

// magnitudeOf is the magnitude that a unit begins with: 万 in 万/人.
func magnitudeOf(unit string) string {
	base, _, _ := strings.Cut(unit, "/")
	return base
}

func missingDenominator(f *form, _ *Thresholds) verdict {
	costs := func(r *row) bool { return r.economicCost() && r.Value.Number != nil && isMoney(r.unit) }
	return eachRow(f, costs, func(r *row) *model.Finding {
		per := r.is.per
		if strings.Contains(r.unit, "/") || per != "month" && per != "unit" {
			return nil
		}
		denominator := "月"
		if per == "unit" {
			if denominator = f.lex.countedIn(r.name); denominator == "" {
				denominator = "台"
			}
		}
		x := f.rowFinding(r, "value", model.Text{
			Zh: "“{name}”是单价或按月的费用，单位却只写“{unit}”，看不出是每什么的费用。请写成“{unit}/{per}”这样。",
			En: `"{name}" is a cost per unit or month, but its unit is only "{unit}". Write it like {unit}/{per}.`,
		}, model.Args{"unit": r.Value.Unit, "per": denominator})
		return &x
	})
}

var unquantifiedMeasureRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "V009", Name: "unquantified-measure", Severity: model.Warning, Default: true, Kind: model.KindGuide, Since: since, Basis: basisQuantified,
		Title:     model.Text{Zh: "可以量化的指标用文字作指标值", En: "a measurable name with a word for a value"},
		Rationale: model.Text{Zh: "“……率”“……次数”本来就是数，写“提升”“达标”无法考核。", En: "A rate or a count is a number; 提升 or 达标 cannot be assessed."},
		Fix:       model.Text{Zh: "写成带符号、数字和单位的指标值。", En: "Give operator, number and unit."},
		Bad:       example(edit{lineQuality, "质量指标\t展项完好率\t达标"}),
		Good:      clean("展项完好率"),
	},
	kinds: anyKind,
	form:  unquantifiedMeasure,
}

func unquantifiedMeasure(f *form, _ *Thresholds) verdict {
	return eachRow(f, f.lex.measured, func(r *row) *model.Finding {
		if !f.lex.inWords(r) {
			return nil
		}
		x := f.rowFinding(r, "value", model.Text{
			Zh: "“{name}”是可以量化的，指标值却写“{value}”。请写出符号、数字和单位。",
			En: `"{name}" can be measured, but its value is "{value}". Give operator, number and unit.`,
		}, nil)
		return &x
	})
}

// measured says whether a row's name calls for a number.
func (l *lexicon) measured(r *row) bool {
	return !r.cost() && !masked(r.value) && (r.is.rate || r.is.satisfied || endsIn(r.is.bare, l.measurable) != "")
}

// inWords says whether a value has neither figure nor bound. 零 and 全部 are
// figures in words.
func (l *lexicon) inWords(r *row) bool {
	return r.Value.Kind == model.KindText && !l.proseBound(r.value) && !hasDigit(r.value) && !strings.ContainsAny(r.value, "零〇两百千万") && !hasAny(r.value, []string{"百分之", "全部", "全覆盖", "无", "成以上", "翻番", "一半"})
}

func hasDigit(s string) bool { return strings.ContainsAny(s, "0123456789") }

var qualitativePercentRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "V010", Name: "qualitative-percent", Severity: model.Info, Kind: model.KindHeuristic, Since: since, Basis: basisHeuristic,
		Title:     model.Text{Zh: "“……性”的指标用了百分比", En: "a …性 name with a percentage"},
		Rationale: model.Text{Zh: "“……性”是性质，百分比是比率，二者对不上。", En: "A …性 is a property, a percentage a share."},
		Fix:       model.Text{Zh: "把名称改为“……率”，或把指标值改为定性描述。", En: "Call it a …率, or give a qualitative value."},
		Bad:       example(edit{lineQuality, "质量指标\t展项验收合格性\t=100.00(%)"}),
		Good:      example(edit{lineQuality, "质量指标\t展项验收合格率\t=100.00(%)"}),
	},
	kinds: anyKind,
	form:  qualitativePercent,
}

func qualitativePercent(f *form, _ *Thresholds) verdict {
	return eachRow(f, func(r *row) bool {
		return strings.HasSuffix(r.is.bare, "性") && !strings.HasSuffix(r.is.bare, "可用性") && !strings.HasSuffix(r.is.bare, "可靠性") // shares of time by definition
	}, func(r *row) *model.Finding {
		if !r.percent() {
			return nil
		}
		x := f.rowFinding(r, "value", model.Text{
			Zh: "“{name}”是性质，指标值“{value}”却是百分比。请把名称改为“……率”，或改用定性描述。",
			En: `"{name}" is a property, but its value "{value}" is a percentage. Call it a rate, or describe it.`,
		}, nil)
		return &x
	})
}

var proseBoundRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "V011", Name: "prose-bound", Severity: model.Warning, Default: true, Kind: model.KindGuide, Since: since, Basis: basisValues,
		Title:     model.Text{Zh: "界限写成了文字", En: "a bound written in prose"},
		Rationale: model.Text{Zh: "“48小时内”“一季度一次”是有界限的，写成符号、数字和单位才便于核对和评分。", En: "A bound such as 48小时内 is checked and scored better as operator, number and unit."},
		Fix:       model.Text{Zh: "例如把“48小时内”写成“≤48(小时)”，“一季度一次”写成“=4(次)”。", En: "Write ≤48(小时) for 48小时内, =4(次) for 一季度一次."},
		Mends:     model.Text{Zh: "perfgoal fix 可以把数字写明的界限改成符号、数字和单位（“48小时内”改为“≤48.00(小时)”）；要换算的频次、没有数字的界限不改。", En: "perfgoal fix writes a bound whose number is given as operator, number and unit (48小时内 as ≤48.00(小时)); frequencies to be converted and bounds without a number are left."},
		Bad:       example(edit{"≤24.00(小时)", "24小时内"}),
		Good:      clean("展项故障修复时间"),
	},
	kinds: anyKind,
	form:  proseBounds,
	mend:  mendBound,
}

// proseBounds reports bounds in words: a number with words around it, a
// frequency, or a limit without a number. A date (2026年11月底前) has no other
// way to be written.
func proseBounds(f *form, _ *Thresholds) verdict {
	return eachRow(f, func(r *row) bool { return !masked(r.value) }, func(r *row) *model.Finding {
		switch r.Value.Kind {
		case model.KindBound, model.KindRange, model.KindTolerance:
			if !r.Value.Prose {
				return nil
			}
		case model.KindFrequency:
			if strings.Contains(r.value, "/") {
				return nil // 1次/月 is a frequency in signs
			}
		case model.KindText:
			if _, rhythm := spokenRhythm(r.value); r.cost() || !rhythm && !f.lex.proseBound(r.value) {
				return nil
			}
		default:
			return nil
		}
		chinese, english := inSigns(&r.Value)
		x := f.rowFinding(r, "value", model.Text{
			Zh: "“{name}”的指标值“{value}”有界限，却写成了文字。{advice_zh}。",
			En: `The value "{value}" of "{name}" is a bound in words. {advice_en}.`,
		}, model.Args{"advice_zh": chinese, "advice_en": english})
		return &x
	})
}

// inSigns says how a bound in words is written as operator, number and unit.
func inSigns(v *model.Value) (chinese, english string) {
	var suggestion string
	switch {
	case v.Kind == model.KindText:
		if n, ok := spokenRhythm(fold(v.Raw)); ok {
			suggestion = "=" + n.String() + "(次)"
			break
		}
		return "请写成具体的数字、日期或等级", "Give a number, a date or a grade"
	case v.Kind == model.KindFrequency && v.Number != nil && periodsPerYear[zh.Period(v.Period)] > 0:
		perYear := v.Number.Value.Mul(decimal.NewFromInt(periodsPerYear[zh.Period(v.Period)]))
		suggestion = "=" + perYear.String() + "(" + v.Unit + ")"
	case v.Kind == model.KindBound && v.Number != nil && printedSigns[v.Operator] != "":
		suggestion = printedSigns[v.Operator] + v.Number.Value.String()
		if v.Unit != "" {
			suggestion += "(" + v.Unit + ")"
		}
	default:
		return "请写成具体的数字、日期或等级", "Give a number, a date or a grade"
	}
	return "请写成符号、数字和单位，例如“" + suggestion + "”", "Write operator, number and unit, such as " + suggestion
}

// printedSigns prints an operator as forms do.
var printedSigns = map[model.Operator]string{model.AtMost: "≤", model.AtLeast: "≥", model.Exactly: "=", model.Below: "<", model.Above: ">"}

var valueRepeatsVerbRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "V013", Name: "value-repeats-verb", Severity: model.Info, Kind: model.KindHeuristic, Since: since, Basis: basisHeuristic,
		Title:     model.Text{Zh: "指标值只是重复了名称里的动词", En: "the value only repeats the name's verb"},
		Rationale: model.Text{Zh: "“提升服务效能＝提升”没有说提升多少、怎样算提升。", En: "“Raise efficiency = raise” does not say by how much."},
		Fix:       model.Text{Zh: "写明程度或衡量办法。", En: "State the degree, or how it is measured."},
		Bad:       example(edit{lineSustained, "可持续影响指标\t提升科普服务能力\t提升"}),
		Good:      clean("展项更新机制健全性"),
	},
	kinds: anyKind,
	form:  valueRepeatsVerb,
}

// degrees are verbs of which one can say how much.
var degrees = []string{"提升", "提高", "减少", "降低", "扩大", "节省", "节约"}

func valueRepeatsVerb(f *form, _ *Thresholds) verdict {
	return eachRow(f, func(r *row) bool { return r.Value.Kind == model.KindText }, func(r *row) *model.Finding {
		verb := ""
		for _, v := range verbsOfChange {
			if strings.HasPrefix(r.name, v) {
				verb = v
			}
		}
		if verb == "" || r.value != verb || f.lex.measured(r) {
			return nil // V009 speaks of what can be measured
		}
		text := model.Text{
			Zh: "“{name}”的指标值只写了“{value}”，没有说明程度。请写明怎样衡量，例如达到什么状态、由谁评定。",
			En: `The value of "{name}" is only "{value}", without any degree. State how it is measured: which state is reached, who judges.`,
		}
		if slices.Contains(degrees, verb) {
			text = model.Text{
				Zh: "“{name}”的指标值只写了“{value}”，没有说明程度。请写明{value}多少，或者怎样衡量。",
				En: `The value of "{name}" is only "{value}", without any degree. State how much, or how it is measured.`,
			}
		}
		x := f.rowFinding(r, "value", text, nil)
		return &x
	})
}

var periodWithoutDenominatorRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "V014", Name: "period-without-denominator", Severity: model.Info, Kind: model.KindGuide, Since: second, Basis: basisValues,
		Title:     model.Text{Zh: "名称是每月、每日的量，单位却没有写“每”什么", En: "a name by the month or day whose unit has no denominator"},
		Rationale: model.Text{Zh: "“每月发送量≥2万条”不看名称会当成全年的量。", En: "Twenty thousand a month reads like the whole year's."},
		Fix:       model.Text{Zh: "单位写成条/月、人次/日这样。", En: "Write the unit like 条/月 or 人次/日."},
		Bad:       example(more(lineQuantity, "数量指标\t每月推送科普短文\t≥8.00(篇)")),
		Good:      example(more(lineQuantity, "数量指标\t每月推送科普短文\t≥8.00(篇/月)")),
	},
	kinds: anyKind,
	form:  periodWithoutDenominator,
}

// recurring are words that make a name one of a period, with the period.
var recurring = []struct{ word, per string }{
	{"每月", "月"}, {"月均", "月"}, {"每季度", "季度"}, {"每周", "周"}, {"每日", "日"}, {"每天", "天"}, {"日均", "日"}, {"工作日", "日"},
}

// periodWithoutDenominator is V008 beyond costs.
func periodWithoutDenominator(f *form, _ *Thresholds) verdict {
	counted := func(r *row) bool {
		return r.numeric() && !r.cost() && r.unit != "" && !r.percent() && !r.is.rate && !r.is.timely && r.is.want >= 0 && !isTime(r.unit) || r.numeric() && r.unit == "小时" && strings.Contains(r.name, "工作日") && !r.is.timely && r.is.want >= 0
	}
	return eachRow(f, counted, func(r *row) *model.Finding {
		if strings.ContainsAny(r.unit, "/每") || bareMagnitude(r.unit) {
			return nil // V007 speaks of a unit that is no unit
		}
		for _, x := range recurring {
			if !strings.Contains(r.name, x.word) {
				continue
			}
			y := f.rowFinding(r, "value", model.Text{
				Zh: "“{name}”是按“{word}”计的，单位却只写“{unit}”，容易当成全年的量。请写成“{unit}/{per}”。",
				En: `"{name}" is counted by {word}, but its unit is only "{unit}" and reads like the year's. Write {unit}/{per}.`,
			}, model.Args{"word": x.word, "unit": r.Value.Unit, "per": x.per})
			return &y
		}
		return nil
	})
}

var implausibleRateRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "V015", Name: "implausible-rate", Severity: model.Warning, Default: true, Kind: model.KindSum, Since: second, Basis: basisSum,
		Title:     model.Text{Zh: "比率的数值或单位不合情理", En: "a rate with a value or unit that can hardly be meant"},
		Rationale: model.Text{Zh: "满意度目标不到60%、合格率0.90%、比率用“人”作单位，多半是填错了小数点或单位。", En: "Satisfaction under 60 %, a pass rate of 0.90 %, a rate counted in people: the point or the unit is mostly wrong."},
		Fix:       model.Text{Zh: "核对数值和单位。", En: "Check value and unit."},
		Bad:       example(edit{"≥98.00(%)", "≥0.98(%)"}),
		Good:      clean("展项完好率"),
	},
	kinds: anyKind,
	form:  implausibleRate,
}

var (
	leastSatisfaction = decimal.NewFromInt(60)
	// wholes are what a rate of nearly all is of: one in a hundred of them or
	// less is no target.
	wholes = []string{"满意", "合格", "达标", "完成", "及时", "准确", "完好", "验收", "通过", "正常", "执行", "到位", "覆盖", "办结", "整改", "可用", "成功", "在线", "到岗", "上岗", "发放"}
	// rateUnits are units of things, in which no rate is counted.
	rateUnits = map[string]bool{"人": true, "个": true, "次": true, "件": true, "户": true, "家": true, "名": true, "人次": true, "项": true, "套": true, "台": true, "份": true, "场": true, "起": true, "位": true, "条": true, "座": true, "处": true, "所": true, "辆": true, "间": true, "栋": true, "亩": true, "公里": true, "米": true, "吨": true}
)

func implausibleRate(f *form, _ *Thresholds) verdict {
	rates := func(r *row) bool { return r.numeric() && !r.cost() && (r.is.rate || r.is.satisfied) }
	return eachRow(f, rates, func(r *row) *model.Finding {
		n := r.Value.Number.Value
		var text model.Text
		switch {
		case r.percent() && n.IsNegative() && !hasAny(r.name, f.lex.change):
			text = model.Text{Zh: "“{name}”的指标值是“{value}”，比率不会小于0。请改正。", En: `"{name}" says "{value}"; no rate is under 0. Correct it.`}
		case r.unit == "%" && r.is.want > 0 && n.IsPositive() && n.LessThanOrEqual(one) && hasAny(r.is.bare, wholes):
			text = model.Text{Zh: "“{name}”的指标值是“{value}”，不超过百分之一。是不是想写“{meant}%”？", En: `"{name}" says "{value}", one in a hundred at most. Is {meant} % meant?`}
		case r.unit == "%" && r.is.satisfaction && n.LessThan(leastSatisfaction) && n.GreaterThan(one) && r.Value.Operator != model.AtMost && r.Value.Operator != model.Below:
			text = model.Text{Zh: "“{name}”的目标只有“{value}”，一多半人满意就算完成。请核对数值。", En: `"{name}" aims at only "{value}", which half of those asked would meet. Check the value.`}
		case rateUnits[r.unit] && strings.HasSuffix(r.is.bare, "率") && !n.IsZero():
			text = model.Text{Zh: "“{name}”是比率，单位却是“{unit}”。请把单位改为“%”，或者把名称改为数量。", En: `"{name}" is a rate, but its unit is "{unit}". Use %, or name it as a count.`}
		default:
			return nil
		}
		x := f.rowFinding(r, "value", text, model.Args{"unit": r.Value.Unit, "meant": n.Mul(hundred).String()})
		return &x
	})
}
