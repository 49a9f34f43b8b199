package config

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"perfgoal/model"
)

// number is an amount or figure in an expression: exact, and possibly blank.
type number struct {
	value decimal.Decimal
	blank bool
}

// String prints the number as messages show it.
func (n number) String() string {
	if n.blank {
		return "（空白）"
	}
	return model.FormatMoney(n.value)
}

func moneyOf(m model.Money) number { return number{m.Amount, !m.Valid()} }

// The fields of a form as expressions see them, by their English paths and by
// the names printed on the form.
type (
	formFields struct {
		Title      string             `expr:"title"`
		FiscalYear int                `expr:"fiscal_year"`
		Project    projectFields      `expr:"project"`
		Funding    fundingFields      `expr:"funding"`
		Goals      goalFields         `expr:"goals"`
		Indicators []*indicatorFields `expr:"indicators"`

		Year                  int                `expr:"年度"`
		Name                  string             `expr:"项目名称"`
		Nature                string             `expr:"项目性质"`
		Category              string             `expr:"项目类别"`
		SupervisingDepartment string             `expr:"主管部门"`
		ImplementingUnit      string             `expr:"实施单位"`
		StartDate             string             `expr:"计划开始日期"`
		EndDate               string             `expr:"计划完成日期"`
		ProjectTotal          number             `expr:"项目资金总额"`
		Fiscal                number             `expr:"财政资金"`
		FiscalToo             number             `expr:"财政拨款"`
		ProjectOther          number             `expr:"其他资金"`
		AnnualTotal           number             `expr:"年度资金总额"`
		AnnualTotalToo        number             `expr:"年度资金申请总额"`
		Appropriation         number             `expr:"当年财政拨款"`
		Carryover             number             `expr:"上年结转资金"`
		AnnualOther           number             `expr:"年度其他资金"`
		Overall               string             `expr:"项目总目标"`
		Annual                string             `expr:"年度总体目标"`
		Rows                  []*indicatorFields `expr:"指标"`
	}
	projectFields struct {
		Name                  string `expr:"name"`
		Nature                string `expr:"nature"`
		Category              string `expr:"category"`
		SupervisingDepartment string `expr:"supervising_department"`
		ImplementingUnit      string `expr:"implementing_unit"`
		StartDate             string `expr:"start_date"`
		EndDate               string `expr:"end_date"`
	}
	fundingFields struct {
		Unit    string       `expr:"unit"`
		Project projectMoney `expr:"project"`
		Annual  annualMoney  `expr:"annual"`
	}
	projectMoney struct {
		Total  number `expr:"total"`
		Fiscal number `expr:"fiscal"`
		Other  number `expr:"other"`
	}
	annualMoney struct {
		Total         number `expr:"total"`
		Appropriation number `expr:"current_year_appropriation"`
		Carryover     number `expr:"carryover"`
		Other         number `expr:"other"`
	}
	goalFields struct {
		Overall string `expr:"overall"`
		Annual  string `expr:"annual"`
	}
	indicatorFields struct {
		Level1   string `expr:"level1"`
		Level2   string `expr:"level2"`
		Level3   string `expr:"level3"`
		Value    string `expr:"value"`
		Kind     string `expr:"kind"`
		Operator string `expr:"operator"`
		Number   number `expr:"number"`
		Unit     string `expr:"unit"`

		First  string `expr:"一级指标"`
		Second string `expr:"二级指标"`
		Third  string `expr:"三级指标"`
		Raw    string `expr:"指标值"`
		Sign   string `expr:"符号"`
		Figure number `expr:"数值"`
		Count  string `expr:"单位"`
	}
)

// fieldsOf lays a form out for expressions.
func fieldsOf(f *model.Form) *formFields {
	p, m, n := f.Project, f.Funding.Project, f.Funding.Annual
	v := &formFields{
		Title: f.Title, FiscalYear: int(f.FiscalYear),
		Project: projectFields{p.Name, p.Nature, p.Category, p.SupervisingDepartment, p.ImplementingUnit, p.StartDate.String(), p.EndDate.String()},
		Funding: fundingFields{
			Unit:    f.Funding.Unit,
			Project: projectMoney{moneyOf(m.Total), moneyOf(m.Fiscal), moneyOf(m.Other)},
			Annual:  annualMoney{moneyOf(n.Total), moneyOf(n.CurrentYearAppropriation), moneyOf(n.Carryover), moneyOf(n.Other)},
		},
		Goals: goalFields{f.Goals.Overall, f.Goals.Annual},
	}
	for i := range f.Indicators {
		in := &f.Indicators[i]
		x := &indicatorFields{
			Level1: in.Level1, Level2: in.Level2, Level3: in.Level3, Value: in.Value.Raw, Kind: string(in.Value.Kind),
			Operator: string(in.Value.Operator), Number: number{blank: true}, Unit: in.Value.Unit,
		}
		if in.Value.Number != nil {
			x.Number = number{value: in.Value.Number.Value}
		}
		v.Indicators = append(v.Indicators, x)
	}
	v.name()
	return v
}

// name gives each field its Chinese name.
func (v *formFields) name() {
	p, m, n := &v.Project, &v.Funding.Project, &v.Funding.Annual
	v.Year, v.Name, v.Nature, v.Category = v.FiscalYear, p.Name, p.Nature, p.Category
	v.SupervisingDepartment, v.ImplementingUnit, v.StartDate, v.EndDate = p.SupervisingDepartment, p.ImplementingUnit, p.StartDate, p.EndDate
	v.ProjectTotal, v.Fiscal, v.FiscalToo, v.ProjectOther = m.Total, m.Fiscal, m.Fiscal, m.Other
	v.AnnualTotal, v.AnnualTotalToo, v.Appropriation, v.Carryover, v.AnnualOther = n.Total, n.Total, n.Appropriation, n.Carryover, n.Other
	v.Overall, v.Annual, v.Rows = v.Goals.Overall, v.Goals.Annual, v.Indicators
	for _, x := range v.Indicators {
		x.First, x.Second, x.Third, x.Raw, x.Sign, x.Figure, x.Count = x.Level1, x.Level2, x.Level3, x.Value, x.Operator, x.Number, x.Unit
	}
}

// formField is a field that examples may set and rules may point at.
type formField struct {
	path    string   // as in findings
	chinese []string // the names it goes by in Chinese
	set     func(v *formFields, value string) error
}

func textField(path, chinese string, of func(*formFields) *string) formField {
	return formField{path, []string{chinese}, func(v *formFields, s string) error { *of(v) = s; return nil }}
}

func moneyField(path string, of func(*formFields) *number, chinese ...string) formField {
	return formField{path, chinese, func(v *formFields, s string) error { return setNumber(of(v), s) }}
}

func setNumber(to *number, s string) error {
	if s = strings.ReplaceAll(strings.TrimSpace(s), ",", ""); s == "" {
		*to = number{blank: true}
		return nil
	}
	d, err := decimal.NewFromString(s)
	*to = number{value: d}
	return err
}

var formFieldTable = []formField{
	textField("title", "标题", func(v *formFields) *string { return &v.Title }),
	{"fiscal_year", []string{"年度"}, func(v *formFields, s string) error { _, err := fmt.Sscanf(s, "%d", &v.FiscalYear); return err }},
	textField("project.name", "项目名称", func(v *formFields) *string { return &v.Project.Name }),
	textField("project.nature", "项目性质", func(v *formFields) *string { return &v.Project.Nature }),
	textField("project.category", "项目类别", func(v *formFields) *string { return &v.Project.Category }),
	textField("project.supervising_department", "主管部门", func(v *formFields) *string { return &v.Project.SupervisingDepartment }),
	textField("project.implementing_unit", "实施单位", func(v *formFields) *string { return &v.Project.ImplementingUnit }),
	textField("project.start_date", "计划开始日期", func(v *formFields) *string { return &v.Project.StartDate }),
	textField("project.end_date", "计划完成日期", func(v *formFields) *string { return &v.Project.EndDate }),
	moneyField("funding.project.total", func(v *formFields) *number { return &v.Funding.Project.Total }, "项目资金总额"),
	moneyField("funding.project.fiscal", func(v *formFields) *number { return &v.Funding.Project.Fiscal }, "财政资金", "财政拨款"),
	moneyField("funding.project.other", func(v *formFields) *number { return &v.Funding.Project.Other }, "其他资金"),
	moneyField("funding.annual.total", func(v *formFields) *number { return &v.Funding.Annual.Total }, "年度资金总额", "年度资金申请总额"),
	moneyField("funding.annual.current_year_appropriation", func(v *formFields) *number { return &v.Funding.Annual.Appropriation }, "当年财政拨款"),
	moneyField("funding.annual.carryover", func(v *formFields) *number { return &v.Funding.Annual.Carryover }, "上年结转资金"),
	moneyField("funding.annual.other", func(v *formFields) *number { return &v.Funding.Annual.Other }, "年度其他资金"),
	textField("goals.overall", "项目总目标", func(v *formFields) *string { return &v.Goals.Overall }),
	textField("goals.annual", "年度总体目标", func(v *formFields) *string { return &v.Goals.Annual }),
	{"indicators", []string{"指标"}, nil},
}

// fieldNamed finds a field by its path or a Chinese name.
func fieldNamed(name string) *formField {
	for i := range formFieldTable {
		f := &formFieldTable[i]
		if f.path == name {
			return f
		}
		for _, c := range f.chinese {
			if c == name {
				return f
			}
		}
	}
	return nil
}

// blankForm is a form where nothing is filled in.
func blankForm() *formFields {
	none := number{blank: true}
	return &formFields{Funding: fundingFields{Project: projectMoney{none, none, none}, Annual: annualMoney{none, none, none, none}}}
}
