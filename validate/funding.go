package validate

import (
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"perfgoal/model"
)

// amount is one printed amount of the funding table.
type amount struct {
	field, label, english string
	*model.Money
}

// amountAt is an amount by its path in model.Fields, the item of that label
// where the path is "".
func (f *form) amountAt(path string) amount {
	field, _ := model.FieldAt(path)
	return amount{path, field.Name.Zh, field.Name.En, field.Money(f.Form)}
}

// side is a total with the parts that are printed below it.
type side struct {
	total amount
	parts []amount
}

// sides are the sums of a form. The annual parts are the fields and the items
// that its layout prints beside them.
func (f *form) sides() []side { return f.sums }

func (f *form) lookUpSides() []side {
	of := func(total string, parts ...string) side {
		s := side{total: f.amountAt(total), parts: make([]amount, 0, len(parts))}
		for _, p := range parts {
			s.parts = append(s.parts, f.amountAt(p))
		}
		return s
	}
	if f.Kind == model.DepartmentForm {
		return []side{of("funding.annual.total", "funding.annual.basic", "funding.annual.project")}
	}
	annual := of("funding.annual.total", annualParts...)
	annual.parts = append(annual.parts, f.items()...)
	return []side{of("funding.project.total", "funding.project.fiscal", "funding.project.other"), annual}
}

var annualParts = []string{
	"funding.annual.current_year_appropriation", "funding.annual.carryover", "funding.annual.own", "funding.annual.other",
}

// items are the printed parts of the annual total that are no fields of their
// own, in printed order. A field's own item is known by its place, or by its
// amount where no place was kept.
func (f *form) items() []amount {
	fields := make([]amount, 0, len(annualParts))
	for _, path := range annualParts {
		if a := f.amountAt(path); a.State != model.MoneyBlank {
			fields = append(fields, a)
		}
	}
	var out []amount
	for i := range f.Funding.Items {
		item := &f.Funding.Items[i]
		if !item.Part {
			continue
		}
		own := slices.IndexFunc(fields, func(a amount) bool {
			return item.Location != (model.Location{}) && item.Location.Same(f.Sources[a.field].Location)
		})
		if own < 0 {
			own = slices.IndexFunc(fields, func(a amount) bool {
				return a.State == item.Amount.State && a.Amount.Equal(item.Amount.Amount)
			})
		}
		if own >= 0 {
			fields = slices.Delete(fields, own, own+1)
			continue
		}
		out = append(out, amount{"funding.items[" + strconv.Itoa(i) + "]", item.Label, item.Label, &item.Amount})
	}
	return out
}

// annualSide is the side of the annual total.
func (f *form) annualSide() side { s := f.sides(); return s[len(s)-1] }

// place is where an amount stands.
func (f *form) place(a amount) place {
	if p := f.head(a.field, a.Raw); !strings.HasPrefix(a.field, "funding.items[") {
		return p
	}
	for i := range f.Funding.Items {
		if item := &f.Funding.Items[i]; "funding.items["+strconv.Itoa(i)+"]" == a.field && item.Location != (model.Location{}) {
			return place{a.field, a.Raw, item.Location}
		}
	}
	return f.head(a.field, a.Raw)
}

var fundingTotalMismatchRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "F001", Name: "funding-total-mismatch", Severity: model.Error, Default: true, Kind: model.KindSum, Since: since, Basis: basisSum,
		Title:     model.Text{Zh: "资金总额不等于各组成部分之和", En: "a total is not the sum of its parts"},
		Rationale: model.Text{Zh: "年度资金总额应等于当年财政拨款、上年结转和其他资金之和，项目资金总额应等于财政资金与其他资金之和；对不上说明至少有一个数填错了。", En: "The annual total is appropriation, carryover and other funds together, and the project total fiscal and other funds; where they differ, at least one figure is wrong."},
		Fix:       model.Text{Zh: "逐项核对金额，改正填错的那一个。", En: "Check the amounts and correct the wrong one."},
		Bad:       example(edit{"上年结转资金\t20,000.00", "上年结转资金\t50,000.00"}),
		Good:      clean("年度资金申请总额", "当年财政拨款", "上年结转资金", "其他资金"),
	},
	kinds: anyKind,
	form:  fundingTotalMismatch,
}

func fundingTotalMismatch(f *form, _ *Thresholds) verdict {
	var findings []model.Finding
	var open verdict
	judgedSides := 0
	for _, s := range f.sides() {
		v, ready := f.summable(s)
		switch {
		case !ready && v.outcome != "":
			open = v
		case ready:
			judgedSides++
			x := f.sumFinding(s.total, s.parts)
			if x != nil && x.Evidence["gap"][0] == '-' && s.total.field == "funding.project.total" && f.otherSources() {
				open = insufficient("项目资金总额下还可能有别的资金来源，本程序没有读到", "the project total may have further sources, which were not read", nil)
				continue
			}
			if x != nil {
				findings = append(findings, *x)
			}
		}
	}
	switch {
	case len(findings) == 0 && open.outcome != "":
		return open
	case len(findings) > 0 || judgedSides > 0:
		return judged(findings)
	}
	return notApplicable("没有印出总额和组成部分", "no total is printed with its parts")
}

// otherSources says whether the form has sources of funds beside the usual
// ones, or an amount that was not read: the project side, which is kept with
// two parts only, may then have more.
func (f *form) otherSources() bool {
	_, own := f.Sources["funding.annual.own"]
	doubted := slices.ContainsFunc(f.Doubts, func(d model.Doubt) bool { return strings.HasPrefix(d.Field, "funding") })
	return own || doubted || len(f.items()) > 0
}

// summable says whether a total can be held against its parts; where figures
// are printed that cannot, the verdict says why.
func (f *form) summable(s side) (v verdict, ready bool) {
	printed := 0
	for i := -1; i < len(s.parts); i++ {
		a := &s.total
		if i >= 0 {
			a = &s.parts[i]
		}
		switch {
		case len(f.Doubts) > 0 && f.HasDoubt(a.field):
			return unfilled(a.field, model.Doubted), false
		case a.State == model.MoneyInvalid && nothing(fold(a.Raw)):
		case a.State == model.MoneyInvalid || a.Valid() && a.Amount.IsNegative():
			return insufficient("有金额不是有效的数（见 F003）", "an amount is not valid (see F003)", nil), false
		case a.Valid() && i >= 0:
			printed++
		}
	}
	switch {
	case printed == 0:
		return verdict{}, false
	case !s.total.Valid():
		return unfilled(s.total.field, f.state(s.total.field)), false
	}
	return verdict{}, true
}

// sumFinding compares a total with the sum of its printed parts. Each printed
// figure stands for itself ± half of its last printed place.
func (f *form) sumFinding(total amount, parts []amount) *model.Finding {
	sum, tolerance := decimal.Zero, total.Half()
	for _, p := range parts {
		if p.Valid() {
			sum, tolerance = sum.Add(p.Amount), tolerance.Add(p.Half())
		}
	}
	gap := sum.Sub(total.Amount)
	if gap.Abs().LessThanOrEqual(tolerance) {
		return nil
	}
	var terms, english []string
	var related []model.Related
	evidence := map[string]string{"total": total.String()}
	for _, p := range parts {
		if !p.Valid() {
			continue
		}
		terms = append(terms, p.label+" "+model.FormatMoney(p.Amount))
		english = append(english, p.english+" "+model.FormatMoney(p.Amount))
		evidence[evidenceName(p)] = p.String()
		related = append(related, f.related(f.place(p)))
	}
	evidence["sum"], evidence["gap"], evidence["tolerance"] = sum.StringFixed(2), gap.StringFixed(2), tolerance.String()
	x := f.finding(f.head(total.field, total.Raw), model.Text{
		Zh: "{terms} ＝ {sum} 元，但{label}填的是 {total} 元，相差 {gap} 元（按所印位数允许的误差为 {tolerance} 元）。请核对这几项金额。",
		En: "{terms_en} = {sum} yuan, but the {label_en} says {total} yuan, a gap of {gap} yuan (rounding of the printed figures allows {tolerance} yuan). Check these amounts.",
	}, model.Args{
		"terms": strings.Join(terms, " ＋ "), "terms_en": strings.Join(english, " + "), "sum": model.FormatMoney(sum),
		"label": total.label, "label_en": total.english, "total": model.FormatMoney(total.Amount),
		"gap": model.FormatMoney(gap.Abs()), "tolerance": tolerance.String(),
	})
	x.Evidence, x.Related = evidence, related
	return &x
}

// sumOfParts is the sum of the annual parts, where they are printed and valid.
func (f *form) sumOfParts() (decimal.Decimal, bool) {
	sum, printed := decimal.Zero, false
	for _, p := range f.annualSide().parts {
		if p.State == model.MoneyInvalid && !nothing(fold(p.Raw)) {
			return decimal.Zero, false
		}
		if p.Valid() {
			sum, printed = sum.Add(p.Amount), true
		}
	}
	return sum, printed
}

// evidenceName is an amount's name in evidence: the last part of its path, or
// the printed label of an item.
func evidenceName(a amount) string {
	if strings.HasPrefix(a.field, "funding.items[") {
		return a.label
	}
	return a.field[strings.LastIndexByte(a.field, '.')+1:]
}

var annualExceedsTotalRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "F002", Name: "annual-exceeds-total", Severity: model.Error, Default: true, Kind: model.KindSum, Since: since, Basis: basisSum,
		Title:     model.Text{Zh: "年度资金大于项目资金总额", En: "the annual total exceeds the project total"},
		Rationale: model.Text{Zh: "一年的资金不可能超过整个项目的资金。", En: "One year cannot cost more than the whole project."},
		Fix:       model.Text{Zh: "核对项目资金总额和年度资金总额。", En: "Check both totals."},
		Bad: example(edit{"项目资金总额:\t360,000.00", "项目资金总额:\t300,000.00"},
			edit{"其中: 财政资金\t360,000.00", "其中: 财政资金\t300,000.00"}),
		Good: clean("项目资金总额"),
	},
	form: annualExceedsTotal,
}

func annualExceedsTotal(f *form, _ *Thresholds) verdict {
	annual, project := f.Funding.Annual.Total, f.Funding.Project.Total
	for _, path := range []string{"funding.annual.total", "funding.project.total"} {
		if f.HasDoubt(path) {
			return unfilled(path, model.Doubted)
		}
	}
	switch {
	case annual.State == model.MoneyInvalid || project.State == model.MoneyInvalid:
		return insufficient("有总额不是有效的数（见 F003）", "a total is not valid (see F003)", nil)
	case project.Valid() && f.state("funding.annual.total") == model.LeftBlank:
		return unfilled("funding.annual.total", model.LeftBlank)
	case !annual.Valid() || !project.Valid():
		return notApplicable("没有同时印出项目资金总额和年度资金总额", "the two totals are not both printed")
	}
	tolerance := annual.Half().Add(project.Half())
	gap := annual.Amount.Sub(project.Amount)
	if gap.LessThanOrEqual(tolerance) {
		return judged(nil)
	}
	x := f.finding(f.head("funding.annual.total", annual.Raw), model.Text{
		Zh: "年度资金总额 {annual} 元大于项目资金总额 {project} 元，多出 {gap} 元（允许误差 {tolerance} 元）。请核对这两个总额。",
		En: "The annual total {annual} yuan exceeds the project total {project} yuan by {gap} yuan (tolerance {tolerance} yuan). Check both.",
	}, model.Args{"annual": model.FormatMoney(annual.Amount), "project": model.FormatMoney(project.Amount),
		"gap": model.FormatMoney(gap), "tolerance": tolerance.String()})
	x.Related = []model.Related{f.related(f.head("funding.project.total", project.Raw))}
	x.Evidence = map[string]string{"annual": annual.String(), "project": project.String(), "gap": gap.StringFixed(2), "tolerance": tolerance.String()}
	return judged([]model.Finding{x})
}

var invalidAmountRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "F003", Name: "invalid-amount", Severity: model.Error, Default: true, Kind: model.KindSum, Since: since, Basis: basisForm,
		Title:     model.Text{Zh: "金额不是有效的数", En: "an amount is not valid"},
		Rationale: model.Text{Zh: "金额不是数字、为负数或小于一分钱，都无法参加核对和汇总。", En: "An amount that is no number, is negative or finer than a fen cannot be checked or summed up."},
		Fix:       model.Text{Zh: "填写不小于零、以元计最多两位小数的数字。", En: "Enter a number that is not negative and has at most two decimals in 元."},
		Bad:       example(edit{"上年结转资金\t20,000.00", "上年结转资金\t两万"}),
		Good:      clean("上年结转资金"),
	},
	kinds: anyKind,
	form:  invalidAmount,
}

func invalidAmount(f *form, _ *Thresholds) verdict {
	var findings []model.Finding
	printed := false
	var noted *amount
	report := func(a *amount, text model.Text) {
		findings = append(findings, f.finding(f.place(*a), text,
			model.Args{"label": a.label, "english": a.english, "raw": a.Raw}))
	}
	check := func(a *amount) {
		printed = printed || a.State != model.MoneyBlank
		switch {
		case a.State == model.MoneyInvalid && (nothing(fold(a.Raw)) || a.field == "funding.annual.total" && placeholder(fold(a.Raw))):
			// blank, which S001 reports where it matters
		case a.State == model.MoneyInvalid && annotated(fold(a.Raw)):
			noted = a // an amount with remarks is read by people, though not by this program
		case a.State == model.MoneyInvalid:
			report(a, model.Text{Zh: "“{label}”填的是“{raw}”，不是金额。请填数字。", En: `The {english} says "{raw}", which is no amount. Enter a number.`})
		case a.Valid() && a.Amount.IsNegative():
			report(a, model.Text{Zh: "“{label}”填的是“{raw}”，金额不能是负数。", En: `The {english} says "{raw}"; an amount cannot be negative.`})
		case a.Valid() && finerThanFen(a.Money):
			report(a, model.Text{Zh: "“{label}”填的是“{raw}”，以元计超过了两位小数。请精确到分。", En: `The {english} says "{raw}", more than two decimals in yuan. Round it to the fen.`})
		}
	}
	for _, s := range f.sides() {
		check(&s.total)
		for i := range s.parts {
			check(&s.parts[i])
		}
	}
	if noted != nil && len(findings) == 0 {
		return insufficient("“{label}”的金额里写有说明，没有读成数", "the {english} has remarks in it and was not read as an amount", model.Args{"label": noted.label, "english": noted.english})
	}
	if !printed {
		return notApplicable("没有印出任何金额", "no amount is printed")
	}
	return judged(findings)
}

// annotated says whether an amount begins with a figure and goes on with a
// remark in brackets: 854万元(其中示范建设295万元).
func annotated(folded string) bool {
	i := strings.IndexByte(folded, '(')
	return i > 0 && isDigit(folded[0]) && strings.ContainsFunc(folded[i:], isHan)
}

// finerThanFen says whether an amount has more than two decimals in 元, as
// printed or once multiplied out.
func finerThanFen(m *model.Money) bool {
	if m.Scale.Equal(decimal.NewFromInt(1)) && m.Printed.Places > 2 {
		return true
	}
	return !m.Amount.Equal(m.Amount.Truncate(2))
}
