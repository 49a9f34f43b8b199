package validate

import (
	"strconv"
	"strings"

	"perfgoal/model"
)

var unquantifiedTimelinessRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "Q001", Name: "unquantified-timeliness", Severity: model.Warning, Kind: model.KindGuide, Since: since, Basis: basisQuantified,
		Title:     model.Text{Zh: "时效指标只写“及时”", En: "timeliness = 及时"},
		Rationale: model.Text{Zh: "“及时”没有标准，做得早晚都可以说及时。", En: "及时 sets no standard; anything can be called prompt."},
		Fix:       model.Text{Zh: "写明时限：响应、维修写时长，例如“≤24(小时)”；采购、验收、上线写日期，例如“2026年11月底前”。", En: "State the limit: hours for response and repair, such as ≤24(小时), a date for purchase, acceptance and going live."},
		Bad:       example(edit{lineTimeliness, "时效指标\t展项故障排除及时性\t及时"}),
		Good:      clean("时效指标"),
	},
	kinds: anyKind,
	form:  unquantifiedTimeliness,
}

func unquantifiedTimeliness(f *form, _ *Thresholds) verdict {
	return eachRow(f, func(r *row) bool { return r.under(model.Timeliness) }, func(r *row) *model.Finding {
		if r.Value.Kind != model.KindText || !strings.Contains(r.value, "及时") || hasDigit(r.value) || f.lex.measured(r) {
			return nil // V009 speaks of what can be measured
		}
		such := f.limitFor(r)
		x := f.rowFinding(r, "value", model.Text{
			Zh: "时效指标“{name}”只写“{value}”，没有时限。请写明，例如“{such}”。",
			En: `The timeliness "{name}" says only "{value}". State a limit, such as {such}.`,
		}, model.Args{"such": such})
		return &x
	})
}

// doneOnce are things that are finished on a day.
var doneOnce = []string{"完成", "完工", "竣工", "开工", "采购", "购置", "验收", "上线", "交付", "建成", "建设", "编制", "印制", "安装", "招标", "搬迁", "开展", "启用", "投用"}

// limitFor is a limit as the row may give one: hours for what answers or
// repairs, a date for what is finished once, days for what recurs.
func (f *form) limitFor(r *row) string {
	for _, x := range f.figures {
		if isTime(x.unit) && x.op == model.AtMost && openRow(f, passage(f.goal(), x.start)) == r {
			return "≤" + x.n.String() + "(" + x.unit + ")" // the goal's own, which X002 asks for too
		}
	}
	if hasAny(r.name, f.lex.delay) || hasAny(r.name, []string{"应急", "抢险", "受理", "咨询"}) {
		return "≤24(小时)"
	}
	if !hasAny(r.name, doneOnce) {
		return "≤5(个工作日)"
	}
	year := ""
	if f.FiscalYear != 0 {
		year = f.FiscalYear.String() + "年"
	}
	return year + "11月底前"
}

var mostlyQualitativeRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "Q003", Name: "mostly-qualitative", Severity: model.Info, Kind: model.KindHeuristic, Since: since, Basis: basisHeuristic,
		Title:     model.Text{Zh: "定量指标不到一半", En: "under half of the values are numbers"},
		Rationale: model.Text{Zh: "多数指标没有数，年终评价只能凭印象。", En: "With few numbers the evaluation goes by impressions."},
		Fix:       model.Text{Zh: "把能量化的指标改成数字。", En: "Turn into numbers what can be."},
		Bad: example(edit{lineQuantity, "数量指标\t展项巡检\t按计划开展"}, edit{lineQuality, "质量指标\t展项状态\t良好"},
			edit{lineTimeliness, "时效指标\t展项故障排除及时性\t及时"}, edit{lineSocial, "社会效益指标\t科普氛围\t改善"}),
		Good: clean("≥", "≤"),
	},
	kinds: anyKind,
	form:  mostlyQualitative,
}

func mostlyQualitative(f *form, t *Thresholds) verdict {
	valued, numbers := 0, 0
	for i := range f.rows {
		r := &f.rows[i]
		if r.missing() {
			continue
		}
		valued++
		if r.Value.Kind != model.KindText {
			numbers++
		}
	}
	if valued == 0 {
		return insufficient("没有带指标值的指标", "no indicator has a value", nil)
	}
	if float64(numbers) >= t.NumericShare*float64(valued) {
		return judged(nil)
	}
	x := f.finding(f.head("indicators", ""), model.Text{
		Zh: "{valued}条指标里只有{numbers}条是数字，其余都是文字。请把能量化的改成数字。",
		En: "Only {numbers} of {valued} values are numbers. Turn into numbers what can be.",
	}, model.Args{"valued": strconv.Itoa(valued), "numbers": strconv.Itoa(numbers)})
	x.Evidence = map[string]string{"values": strconv.Itoa(valued), "numbers": strconv.Itoa(numbers)}
	return judged([]model.Finding{x})
}
