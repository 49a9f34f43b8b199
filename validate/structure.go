package validate

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"perfgoal/model"
)

var missingFieldRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "S001", Name: "missing-field", Severity: model.Error, Default: true, Kind: model.KindForm, Since: since, Basis: basisForm,
		Title:     model.Text{Zh: "必填栏目没有填", En: "a required field has no value"},
		Rationale: model.Text{Zh: "项目名称、主管部门、实施单位、年度、年度资金总额和起止日期是一张申报表的身份；缺了它们，审核、汇总和公开都无从谈起。", En: "Project name, department, unit, year, annual total and dates identify a declaration; without them it cannot be reviewed, summed up or published."},
		Fix:       model.Text{Zh: "把空着的栏目补填完整。", En: "Fill in the field."},
		Bad:       example(edit{"实施单位\t云栖市青少年科普馆", "实施单位\t"}),
		Good:      clean("实施单位"),
	},
	kinds: anyKind,
	form:  missingField,
}

// missingField reports each required head field that is left blank. A cell that
// has text which is no date or amount is T003's and F003's. What is not on the
// form nobody could fill in, and what was not read is not known to be blank.
func missingField(f *form, _ *Thresholds) verdict {
	required := requiredOfProject
	if f.Kind == model.DepartmentForm {
		required = requiredOfDepartment
	}
	var findings []model.Finding
	var unknown verdict
	for _, path := range required {
		switch s := f.state(path); {
		case s == model.Filled || s == model.LeftBlank && f.unparsed(path):
			continue
		case s == model.NotOnForm && slices.Contains(unlessPrinted, path):
			continue
		case s != model.LeftBlank:
			unknown = unfilled(path, s)
			continue
		case f.looseDoubt() != nil:
			unknown, _ = f.doubtedTable() // what was not read may stand in the blank
			continue
		}
		field, _ := model.FieldAt(path)
		text := model.Text{
			Zh: "“{label}”没有填写，请补填。",
			En: "The {english} is blank; fill it in.",
		}
		at := f.head(path, "")
		if at.text != "" {
			text = model.Text{
				Zh: "“{label}”只写了“{text}”，等于没有填写，请补填。",
				En: `The {english} says only "{text}", which is as good as blank; fill it in.`,
			}
		}
		findings = append(findings, f.finding(at, text, model.Args{"label": field.Name.Zh, "english": field.Name.En, "text": at.text}))
	}
	if len(findings) == 0 && unknown.outcome != "" {
		return unknown
	}
	return judged(findings)
}

// The fields that a form cannot do without, by its kind. Those of the last
// list are required only where the form asks for them: some layouts do not.
var (
	requiredOfProject = []string{
		"project.name", "project.supervising_department", "project.implementing_unit", "fiscal_year", "funding.annual.total",
		"project.start_date", "project.end_date",
	}
	requiredOfDepartment = []string{"department_name", "fiscal_year", "funding.annual.total"}
	unlessPrinted        = []string{"project.start_date", "project.end_date"}
)

func blank(s string) bool {
	for _, r := range s {
		if !unicode.IsSpace(r) && r != '\u200b' && r != '\ufeff' {
			return false
		}
	}
	return true
}

// unparsed says whether the field's cell has text that is not of its type and
// does not merely hold its place.
func (f *form) unparsed(field string) bool {
	return slices.ContainsFunc(f.Unparsed, func(u model.Unparsed) bool {
		return u.Field == field && !blank(u.Text) && !placeholder(fold(u.Text))
	})
}

var blankProjectTotalRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "S002", Name: "blank-project-total", Severity: model.Info, Kind: model.KindForm, Since: since, Basis: basisForm,
		Title:     model.Text{Zh: "项目资金总额空着", En: "the project total is blank"},
		Rationale: model.Text{Zh: "项目资金总额空着时，看不出年度申请占整个项目的多少。", En: "Without the project total nobody sees what share of the project the year asks for."},
		Fix:       model.Text{Zh: "填写整个项目的资金总额；只有一年的项目，与年度资金总额相同。", En: "Enter the total over the project's whole life; for a project of one year it equals the annual total."},
		Bad:       example(edit{"项目资金总额:\t360,000.00", "项目资金总额:\t"}),
		Good:      clean("项目资金总额"),
	},
	once:     true,
	document: blankProjectTotal,
}

func blankProjectTotal(d *document, _ *Thresholds) docVerdict {
	return onceInDocument(d, "funding.project.total",
		func(f *form) bool { return f.state("funding.project.total") == model.LeftBlank },
		model.Text{
			Zh: "{total}张申报表中有{count}张没有填“项目资金总额”（第{forms}张）。",
			En: "{count} of {total} declarations leave the project total blank (forms {forms_en}).",
		})
}

var blankOverallGoalRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "S003", Name: "blank-overall-goal", Severity: model.Info, Kind: model.KindForm, Since: since, Basis: basisForm,
		Title:     model.Text{Zh: "项目总目标空着", En: "the overall goal is blank"},
		Rationale: model.Text{Zh: "年度目标应当由项目总目标分解而来；总目标空着，就看不出年度目标从何而来。", En: "The annual goal derives from the overall goal; where that is blank, nobody sees what it derives from."},
		Fix:       model.Text{Zh: "写明项目整个实施期要达到的目标。", En: "State what the project is to reach over its whole life."},
		Bad:       shown([]string{"项目总目标", annualGoal}, edit{overallGoal, ""}),
		Good:      clean(overallGoal),
	},
	once:     true,
	document: blankOverallGoal,
}

func blankOverallGoal(d *document, _ *Thresholds) docVerdict {
	return onceInDocument(d, "goals.overall",
		func(f *form) bool { return f.state("goals.overall") == model.LeftBlank },
		model.Text{
			Zh: "{total}张申报表中有{count}张没有填“项目总目标”（第{forms}张）。",
			En: "{count} of {total} declarations leave the overall goal blank (forms {forms_en}).",
		})
}

// onceInDocument reports what holds of some forms in one finding.
func onceInDocument(d *document, field string, holds func(*form) bool, text model.Text) docVerdict {
	var numbers []int
	var first *form
	for i := range d.forms {
		f := &d.forms[i]
		if holds(f) {
			numbers = append(numbers, f.Index)
			if first == nil {
				first = f
			}
		}
	}
	if first == nil {
		return onDocument(judged(nil))
	}
	x := first.finding(first.head(field, ""), text, model.Args{
		"total": strconv.Itoa(len(d.forms)), "count": strconv.Itoa(len(numbers)), "forms": numberList(numbers), "forms_en": englishList(numbers),
	})
	x.Form, x.Project = nil, ""
	x.Evidence = map[string]string{"forms": strconv.Itoa(len(d.forms)), "blank": strconv.Itoa(len(numbers))}
	return onDocument(judged([]model.Finding{x}))
}

// numberList prints form numbers, neighbours joined: 1-3、7.
func numberList(numbers []int) string {
	var parts []string
	for i := 0; i < len(numbers); {
		j := i
		for j+1 < len(numbers) && numbers[j+1] == numbers[j]+1 {
			j++
		}
		s := strconv.Itoa(numbers[i])
		if j > i {
			s += "-" + strconv.Itoa(numbers[j])
		}
		parts = append(parts, s)
		i = j + 1
	}
	return strings.Join(parts, "、")
}

func englishList(numbers []int) string {
	return strings.ReplaceAll(numberList(numbers), "、", ", ")
}

var emptyAnnualGoalRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "S004", Name: "empty-annual-goal", Severity: model.Error, Default: true, Kind: model.KindForm, Since: since, Basis: basisForm,
		Title:     model.Text{Zh: "没有填年度总体目标", En: "there is no annual goal"},
		Rationale: model.Text{Zh: "指标是年度总体目标的细化；没有目标，指标就没有依据。", En: "Indicators spell out the annual goal; without it they stand on nothing."},
		Fix:       model.Text{Zh: "写明本年度要完成的任务和要达到的效果。", En: "State what is to be done and reached this year."},
		Bad:       shown([]string{"年度总体目标"}, edit{annualGoal, ""}),
		Good:      clean(annualGoal),
	},
	kinds: anyKind,
	form:  emptyAnnualGoal,
}

func emptyAnnualGoal(f *form, _ *Thresholds) verdict {
	switch s := f.state("goals.annual"); s {
	case model.Filled:
		return judged(nil)
	case model.LeftBlank:
		if f.looseDoubt() != nil { // what was not read may be the goal
			v, _ := f.doubtedTable()
			return v
		}
	default:
		return unfilled("goals.annual", s)
	}
	return judged([]model.Finding{f.finding(f.head("goals.annual", ""), model.Text{
		Zh: "没有填写年度总体目标。请写明本年度要完成的任务和预期效果。",
		En: "There is no annual goal. State what is to be done and reached this year.",
	}, nil)})
}

var shortGoalRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "S005", Name: "short-goal", Severity: model.Info, Kind: model.KindHeuristic, Since: since, Basis: basisHeuristic,
		Title:     model.Text{Zh: "年度总体目标过短", En: "the annual goal is very short"},
		Rationale: model.Text{Zh: "一句话的目标往往只重复了项目名称，看不出要做什么、做到什么程度。", En: "A goal of one phrase mostly repeats the project's name."},
		Fix:       model.Text{Zh: "写清任务、数量、时间和预期效果。", En: "State tasks, amounts, dates and the expected effect."},
		Bad:       example(edit{annualGoal, "保障科普展厅全年正常运行。"}),
		Good:      clean(annualGoal),
	},
	needs: needsGoal,
	form:  shortGoal,
}

func shortGoal(f *form, t *Thresholds) verdict {
	n := len([]rune(f.goal()))
	if n >= t.GoalLength {
		return judged(nil)
	}
	x := f.finding(f.head("goals.annual", f.Goals.Annual), model.Text{
		Zh: "年度总体目标只有{length}个字，不足{least}个字。请写清任务、数量、时间和预期效果。",
		En: "The annual goal has only {length} characters (under {least}). State tasks, amounts, dates and the expected effect.",
	}, model.Args{"length": strconv.Itoa(n), "least": strconv.Itoa(t.GoalLength)})
	x.Evidence = map[string]string{"length": strconv.Itoa(n), "least": strconv.Itoa(t.GoalLength)}
	return judged([]model.Finding{x})
}

// level is a class of levels with what it is called in messages.
type level struct {
	class          model.Level
	label, english string
}

var (
	levelCost         = level{model.Cost, "成本指标", "cost"}
	levelOutput       = level{model.Output, "产出指标", "output"}
	levelBenefit      = level{model.Benefit, "效益指标", "benefit"}
	levelSatisfaction = level{model.Satisfaction, "满意度指标", "satisfaction"}
)

var missingLevel1Rule = rule{
	RuleInfo: model.RuleInfo{
		Code: "S006", Name: "missing-level1", Severity: model.Error, Default: true, Kind: model.KindGuide, Since: since,
		Basis: both(printedAnd("成本、产出、效益、满意度四类一级指标的设置", "the four level-1 indicators cost, output, benefit and satisfaction"),
			opinion("绩效目标包括产出、成本，经济效益、社会效益、生态效益、可持续影响和服务对象满意度等", "targets include output, cost, economic, social and ecological benefit, lasting influence and the satisfaction of those served")),
		Title:     model.Text{Zh: "缺少一级指标", En: "a level-1 indicator is missing"},
		Rationale: model.Text{Zh: "产出说明钱办了什么事，效益说明办得有没有用；缺了任何一类都无法评价。成本和满意度一般也应设置。", En: "Output says what the money did and benefit whether it helped; without either nothing can be evaluated. Cost and satisfaction belong there too, as a rule."},
		Fix:       model.Text{Zh: "补上缺少的一级指标及其二级、三级指标。", En: "Add the missing level 1 with its indicators."},
		Bad:       shown([]string{"效益指标", "满意度指标"}, edit{"\t效益指标\t" + lineSocial + "\n\t\t" + lineSustained + "\n", ""}),
		Good:      clean("产出指标", "效益指标"),
	},
	kinds: anyKind,
	form:  missingLevel1,
}

// missingLevel1 wants the classes that the form's layout requires, the four of
// the standard system where nothing is known of the layout. One counts as
// there when any row has it as level 1 or, as older forms put cost under
// output, as level 2.
func missingLevel1(f *form, _ *Thresholds) verdict {
	var findings []model.Finding
	for _, w := range []level{levelCost, levelOutput, levelBenefit, levelSatisfaction} {
		if !f.requires(w.class) || f.hasLevel(w.class) {
			continue
		}
		text, severity := model.Text{
			Zh: "没有“{label}”。产出指标和效益指标必须设置，请补上。",
			En: "There is no {english} indicator ({label}). Output and benefit are required; add it.",
		}, model.Error
		if w.class == model.Cost || w.class == model.Satisfaction {
			text, severity = model.Text{
				Zh: "没有“{label}”。一般应当设置，请补上；确实不适用的，请说明理由。",
				En: "There is no {english} indicator ({label}). It is expected as a rule; add it, or state why it does not apply.",
			}, model.Warning
		}
		if f.endsEarly() {
			severity = model.Warning
			text.Zh += "（这份文本在它之后再没有指标，可能没有抄全，请对照原表。）"
			text.En += " (Nothing stands in this text where it and what follows belong, so it may have been cut short; check the original.)"
		}
		x := f.finding(f.head("indicators", ""), text, model.Args{"label": w.label, "english": w.english})
		x.Text, x.Severity = w.label, severity
		findings = append(findings, x)
	}
	if len(findings) > 0 {
		if v, open := f.openLevels(func(*row) bool { return true }, func(r *row) (string, bool) { return r.Level1, levels1[r.Class1] }); open {
			return v
		}
	}
	return judged(findings)
}

// levels1 and outputs are the classes that say where a row belongs among the
// four of level 1 and the parts of output.
var (
	levels1 = map[model.Level]bool{model.Cost: true, model.Output: true, model.Benefit: true, model.Satisfaction: true}
	outputs = map[model.Level]bool{model.Quantity: true, model.Quality: true, model.Timeliness: true, model.Cost: true}
)

// requires says whether a form must have a class of levels.
func (f *form) requires(class model.Level) bool {
	if f.Required == nil {
		return f.Kind != model.DepartmentForm
	}
	return slices.Contains(f.Required, class)
}

// endsEarly says whether a text extraction stops before both benefit and
// satisfaction, as one does that was cut short.
func (f *form) endsEarly() bool {
	return f.Geometry == model.Loose && len(f.rows) > 0 && !f.hasLevel(model.Benefit) && !f.hasLevel(model.Satisfaction)
}

// requiresOutput says whether a form must have a class of output: those that
// its layout names, all where it only names output.
func (f *form) requiresOutput(class model.Level) bool {
	if slices.ContainsFunc(f.Required, func(l model.Level) bool { return parents[l] == model.Output }) {
		return f.requires(class)
	}
	return f.requires(model.Output)
}

func (f *form) hasLevel(class model.Level) bool {
	return slices.ContainsFunc(f.rows, func(r row) bool { return r.in(class) || r.under(class) })
}

// openLevels answers for a rule about missing classes where rows stand under
// labels of no known class, or of another system (决策, 过程): the class may be
// there under another name. Of says the label of a row and whether it is known.
func (f *form) openLevels(among func(*row) bool, of func(*row) (label string, known bool)) (v verdict, open bool) {
	for i := range f.rows {
		r := &f.rows[i]
		if !among(r) {
			continue
		}
		if label, known := of(r); label != "" && !known && (f.Required == nil || r.Class1 == model.NoLevel || r.Class2 == model.NoLevel) {
			return insufficient("“{label}”属于哪一类指标不清楚，不能断定缺少哪一类", `which class "{label}" belongs to is not known, so none can be called missing`, model.Args{"label": label}), true
		}
	}
	return f.doubtedTable()
}

var missingOutputLevel2Rule = rule{
	RuleInfo: model.RuleInfo{
		Code: "S007", Name: "missing-output-level2", Severity: model.Warning, Default: true, Kind: model.KindGuide, Since: since,
		Basis:     printedAnd("产出指标分为数量、质量、时效指标", "output indicators are quantity, quality and timeliness"),
		Title:     model.Text{Zh: "产出指标缺少数量、质量或时效指标", En: "output lacks quantity, quality or timeliness"},
		Rationale: model.Text{Zh: "只有数量、质量、时效合在一起，才说得清办了多少、办得怎样、何时办完。", En: "Only together do they say how much is done, how well and by when."},
		Fix:       model.Text{Zh: "补上缺少的二级指标；确实不适用的，请说明理由。", En: "Add the missing level 2, or state why it does not apply."},
		Bad:       shown([]string{"产出指标", "质量指标", "时效指标"}, edit{"\t\t" + lineTimeliness + "\n", ""}),
		Good:      clean("数量指标", "质量指标", "时效指标"),
	},
	form: missingOutputLevel2,
}

func missingOutputLevel2(f *form, _ *Thresholds) verdict {
	output := func(r *row) bool { return r.in(model.Output) }
	rows := 0
	labelled := false
	for i := range f.rows {
		if output(&f.rows[i]) {
			rows++
			labelled = labelled || f.rows[i].Level2 != ""
		}
	}
	switch {
	case rows == 0 && !f.requires(model.Output):
		return notApplicable("这种表不要求产出指标", "forms of this layout need no output")
	case rows == 0:
		return insufficient("没有产出指标（见 S006）", "there is no output indicator (see S006)", nil)
	case !labelled:
		return insufficient("产出指标没有印二级指标", "no level 2 is printed with the output indicators", nil)
	}
	var findings []model.Finding
	for _, w := range []level{{model.Quantity, "数量指标", "quantity"}, {model.Quality, "质量指标", "quality"}, {model.Timeliness, "时效指标", "timeliness"}} {
		if !f.requiresOutput(w.class) || f.hasLevel(w.class) {
			continue
		}
		x := f.finding(f.head("indicators", ""), model.Text{
			Zh: "产出指标下没有“{label}”，请补上；确实不适用的，请说明理由。",
			En: "Output has no {english} indicator ({label}); add it, or state why it does not apply.",
		}, model.Args{"label": w.label, "english": w.english})
		x.Text = w.label
		findings = append(findings, x)
	}
	if len(findings) > 0 {
		if v, open := f.openLevels(output, func(r *row) (string, bool) { return r.Level2, outputs[r.Class2] }); open {
			return v
		}
	}
	return judged(findings)
}

var noSocialBenefitRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "S008", Name: "no-social-benefit", Severity: model.Info, Kind: model.KindHeuristic, Since: since, Basis: basisHeuristic,
		Title:     model.Text{Zh: "效益指标里没有社会效益", En: "benefit without social benefit"},
		Rationale: model.Text{Zh: "财政项目大多面向社会公众，通常应有社会效益指标。", En: "Publicly funded projects mostly serve the public, so social benefit is usually expected."},
		Fix:       model.Text{Zh: "考虑补充社会效益指标。", En: "Consider a social benefit."},
		Bad:       shown([]string{"效益指标"}, edit{lineSocial, "经济效益指标\t接待青少年人数\t≥20000.00(人)"}),
		Good:      clean("社会效益指标"),
	},
	form: noSocialBenefit,
}

func noSocialBenefit(f *form, _ *Thresholds) verdict {
	benefit := func(r *row) bool { return r.in(model.Benefit) }
	switch {
	case !slices.ContainsFunc(f.rows, func(r row) bool { return benefit(&r) }):
		return insufficient("没有效益指标（见 S006）", "there is no benefit indicator (see S006)", nil)
	case f.hasLevel(model.SocialBenefit):
		return judged(nil)
	case !slices.ContainsFunc(f.rows, func(r row) bool { return benefit(&r) && r.Level2 != "" }):
		return insufficient("效益指标没有印二级指标", "no level 2 is printed with the benefit indicators", nil)
	}
	if v, open := f.openLevels(benefit, func(r *row) (string, bool) { return r.Level2, parents[r.Class2] == model.Benefit }); open {
		return v
	}
	x := f.finding(f.head("indicators", ""), model.Text{
		Zh: "效益指标里没有社会效益指标，请考虑补充。",
		En: "There is no social benefit among the benefit indicators; consider one.",
	}, nil)
	x.Text = "社会效益指标"
	return judged([]model.Finding{x})
}

var misplacedLevelRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "S009", Name: "misplaced-level", Severity: model.Error, Default: true, Kind: model.KindGuide, Since: since,
		Basis:     printedAnd("二级指标归属于相应的一级指标", "a level 2 belongs to its own level 1"),
		Title:     model.Text{Zh: "二级指标放在了别的一级指标下面", En: "a level-2 label stands under the wrong level 1"},
		Rationale: model.Text{Zh: "例如时效指标属于产出，放在效益下面，汇总和评分都会算错类。", En: "Timeliness, for one, belongs to output; under benefit it is summed and scored in the wrong class."},
		Fix:       model.Text{Zh: "把这条指标移到它所属的一级指标下面。没有表格线的文本里，合并单元格错位也会造成同样的样子，请对照原表核实。", En: "Move the indicator under its own level 1. In text without cell borders a shifted merged cell can look the same; check against the original."},
		Bad:       example(edit{"\t\t" + lineTimeliness + "\n", ""}, edit{"\t效益指标\t" + lineSocial, "\t效益指标\t" + lineTimeliness + "\n\t\t" + lineSocial}),
		Good:      clean("时效指标"),
	},
	form: misplacedLevel,
}

// misplacedLevel goes by what the reading noticed. Cell borders prove it;
// without them a shifted merged cell can look the same.
func misplacedLevel(f *form, _ *Thresholds) verdict {
	if len(f.rows) == 0 {
		return notApplicable("没有指标", "there are no indicators")
	}
	var findings []model.Finding
	for _, s := range f.Signs {
		if s.Kind != model.SignMisplacedLevel || f.strange(s) {
			continue
		}
		text := model.Text{
			Zh: "“{text}”放在了“{other}”下面，但它不属于“{other}”。请移到它所属的一级指标下面。",
			En: `"{text}" stands under "{other}", where it does not belong. Move it under its own level 1.`,
		}
		severity := model.Error
		if f.Geometry != model.Ruled {
			severity = model.Warning
			text.Zh += "（这份文本没有表格线，合并单元格错位也会是这个样子，请对照原表核实。）"
			text.En += " (This text has no cell borders, and a shifted merged cell can look the same; check against the original.)"
		}
		x := f.finding(f.signPlace(s), text, model.Args{"text": s.Text, "other": s.Other})
		x.Severity = severity
		x.Evidence = map[string]string{"level2": s.Text, "printed_under": s.Other, "geometry": string(f.Geometry)}
		findings = append(findings, x)
	}
	return judged(findings)
}

// strange says whether a level stands under one of another system (决策, 过程)
// or of no known class, where nothing can be said of who belongs to whom.
func (f *form) strange(s model.Sign) bool {
	for i := range f.rows {
		r := &f.rows[i]
		if r.Level1 == s.Other || r.PrintedLevel1 == s.Other && r.Class1 != model.NoLevel {
			return !levels1[r.Class1]
		}
	}
	return false
}

var missingValueRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "S016", Name: "missing-value", Severity: model.Error, Default: true, Kind: model.KindForm, Since: since, Basis: basisForm,
		Title:     model.Text{Zh: "指标没有指标值", En: "an indicator has no value"},
		Rationale: model.Text{Zh: "没有指标值就没有评价标准。", En: "Without a value there is nothing to measure against."},
		Fix:       model.Text{Zh: "补填指标值；如果原表有值，请用原始 PDF 重新检查。", En: "Enter the value; where the original has one, check the original PDF instead."},
		Bad:       example(edit{lineQuantity, "数量指标\t展项巡检次数\t"}),
		Good:      clean("展项巡检次数"),
	},
	kinds: anyKind,
	form:  missingValue,
}

func missingValue(f *form, _ *Thresholds) verdict {
	if len(f.rows)+len(f.further) == 0 {
		return notApplicable("没有指标", "there are no indicators")
	}
	var unread *row
	var findings []model.Finding
	look := func(r *row) {
		switch {
		case !r.missing() || r.column() != "value" || r.otherValue():
		case r.doubted || f.looseDoubt() != nil:
			unread = r
		default:
			findings = append(findings, f.valueMissing(r))
		}
	}
	for i := range f.rows {
		look(&f.rows[i])
	}
	for i := range f.further {
		look(&f.further[i])
	}
	if len(findings) == 0 && unread != nil && unread.doubted {
		return doubtedRow(unread)
	} else if len(findings) == 0 && unread != nil {
		if v, doubted := f.doubtedTable(); doubted {
			return v
		}
	}
	return judged(findings)
}

func (f *form) valueMissing(r *row) model.Finding {
	text := model.Text{
		Zh: "“{name}”（{level2}）没有指标值，请补填。",
		En: `"{name}" ({level2}) has no value; enter it.`,
	}
	if r.blank {
		text = model.Text{
			Zh: "“{name}”（{level2}）的指标值只写了“{value}”，等于没有填，请补填。",
			En: `The value of "{name}" ({level2}) is only "{value}", which is as good as none; enter it.`,
		}
	}
	if r.Shifted {
		text = model.Text{
			Zh: "“{name}”（{level2}）没有指标值。这一行在文本提取时向右错位，指标值可能是被截掉的，请对照原表；原表也没有的，请补填。",
			En: `"{name}" ({level2}) has no value. The text extraction shifted this row to the right, so the value may have been cut there; check the original, and enter it where that has none either.`,
		}
	}
	return f.rowFinding(r, "value", text, nil)
}

// otherValue says whether a value of the row stands in another column, of a
// region or another span of time.
func (r *row) otherValue() bool {
	return len(r.RegionValues) > 0 || r.LongTermValue != nil && r.LongTermValue.Raw != "" || r.HalfYearValue != nil && r.HalfYearValue.Raw != ""
}

var duplicateIndicatorRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "S017", Name: "duplicate-indicator", Severity: model.Error, Default: true, Kind: model.KindForm, Since: since, Basis: basisForm,
		Title:     model.Text{Zh: "同一个二级指标下三级指标重名", En: "the same level-3 name stands twice under one level 2"},
		Rationale: model.Text{Zh: "重复的指标会被重复计分，两个指标值不同时更不知以哪个为准。", En: "A repeated indicator is scored twice, and with two values nobody knows which one holds."},
		Fix:       model.Text{Zh: "删去重复的一行，或者把名称改得能够区分。", En: "Delete one, or give them different names."},
		Bad:       example(more(lineQuantity, "数量指标\t展项巡检次数\t≥50.00(次)")),
		Good:      example(more(lineQuantity, "数量指标\t展教活动场次\t≥12.00(场)")),
	},
	kinds: anyKind,
	form:  duplicateIndicator,
}

func duplicateIndicator(f *form, _ *Thresholds) verdict {
	if len(f.rows) == 0 {
		return notApplicable("没有指标", "there are no indicators")
	}
	if !f.namesRepeat() {
		return judged(nil)
	}
	type occurrence struct{ first, second, count int }
	type key struct{ level2, name string }
	seen := make(map[key]*occurrence, len(f.rows))
	var order []*occurrence
	for i := range f.rows {
		r := &f.rows[i]
		if r.name == "" {
			continue
		}
		k := key{r.Level2, r.name}
		o := seen[k]
		if o == nil {
			seen[k] = &occurrence{first: i, count: 1}
			continue
		}
		if o.count++; o.count == 2 {
			o.second = i
			order = append(order, o)
		}
	}
	var findings []model.Finding
	for _, o := range order {
		first, second := &f.rows[o.first], &f.rows[o.second]
		text := model.Text{
			Zh: "“{name}”在“{level2}”下出现了{count}次（指标值：{first}；{value}）。请删去重复的，或把名称改得能够区分。",
			En: `"{name}" stands {count} times under "{level2}" (values: {first}; {value}). Delete one, or give them different names.`,
		}
		if f.Geometry != model.Ruled && first.value == second.value {
			text.Zh += "（这份文本没有表格线，同一个合并单元格可能被读了两遍，请对照原表核实。）"
			text.En += " (This text has no cell borders, and one merged cell may have been read twice; check against the original.)"
		}
		x := f.rowFinding(second, "level3", text, model.Args{"count": strconv.Itoa(o.count), "first": orDash(first.Value.Raw), "value": orDash(second.Value.Raw)})
		x.Related = []model.Related{f.related(first.at("level3"))}
		x.Evidence = map[string]string{"name": second.Level3, "level2": second.Level2, "count": strconv.Itoa(o.count)}
		findings = append(findings, x)
	}
	return judged(findings)
}

// namesRepeat says whether two rows have the same name, which few forms have.
func (f *form) namesRepeat() bool {
	const few = 64
	if len(f.rows) > few {
		return true // the caller's map finds out
	}
	for i := range f.rows {
		for k := range i {
			if f.rows[i].is == f.rows[k].is {
				return true
			}
		}
	}
	return false
}

func orDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

var compoundIndicatorRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "S018", Name: "compound-indicator", Severity: model.Info, Kind: model.KindGuide, Since: since,
		Basis:     guide("指标应当清晰、便于考核", "indicators should be clear and easy to assess"),
		Title:     model.Text{Zh: "一条指标衡量了几件事", En: "one indicator measures several things"},
		Rationale: model.Text{Zh: "几件事合用一个指标值，其中一件没做到时无法判断是否完成。", En: "When several things share one value, nobody can tell whether it is met once one of them fails."},
		Fix:       model.Text{Zh: "拆成几条指标，各自给出指标值。", En: "Split it into one indicator each."},
		Bad:       example(edit{lineQuality, "质量指标\t展项完好率及讲解合格率\t≥98.00(%)"}),
		Good:      example(more(lineQuality, "质量指标\t讲解合格率\t≥98.00(%)")),
	},
	form: compoundIndicator,
}

// compoundIndicator looks for two measuring words joined in one name, or
// properties listed with 、.
func compoundIndicator(f *form, _ *Thresholds) verdict {
	return eachRow(f, func(r *row) bool { return r.name != "" }, func(r *row) *model.Finding {
		if !f.lex.compound(withoutBrackets(r.name)) {
			return nil
		}
		x := f.rowFinding(r, "level3", model.Text{
			Zh: "“{name}”一条指标衡量了几件事，却只有一个指标值“{value}”。请拆成几条，各给指标值。",
			En: `"{name}" measures several things with one value "{value}". Split it into one indicator each.`,
		}, nil)
		return &x
	})
}

// compound says whether a folded name joins two things that are measured.
func (l *lexicon) compound(name string) bool {
	parts := strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune("、和及与,;/", r) })
	measured := 0
	for _, p := range parts {
		p = strings.TrimPrefix(strings.TrimPrefix(p, "以"), "其")
		if l.isRate(p) || endsIn(p, l.satisfaction) != "" || endsIn(p, l.count) != "" || endsIn(p, []string{"性", "时效", "时间", "程度"}) != "" {
			measured++
		}
	}
	return measured >= 2
}
