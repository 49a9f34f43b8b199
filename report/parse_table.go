package report

import (
	"io"
	"strconv"

	"perfgoal/model"
)

// parseTable prints each form as tables for reading.
type parseTable struct {
	w   *stickyWriter
	opt Options
}

func newParseTable(w io.Writer, opt Options) DocumentWriter {
	return parseTable{&stickyWriter{w: w}, opt}
}

func (p parseTable) Close(End) error { return p.w.err }

func (p parseTable) Add(d *model.Document) error {
	o := p.opt
	if d.Error != nil {
		p.w.indented(visible(d.Path)+o.say("：", ": "), visible(d.Error.Message.In(o.Lang)), o.Width, plain)
		p.w.line()
	}
	if len(d.Forms) > 0 {
		p.w.line(visible(d.Path), o.say("（%d张申报表）", " (forms: %d)", len(d.Forms)))
		p.w.line()
	}
	for i := range d.Forms {
		if err := p.form(&d.Forms[i]); err != nil {
			return err
		}
	}
	return p.w.err
}

func (p parseTable) form(f *model.Form) error {
	o := p.opt
	head := o.formTitle(f.Index, f.Project.Name)
	if f.FiscalYear > 0 {
		head += o.say("（%d年度）", " (%d)", f.FiscalYear)
	}
	for _, line := range wrap(head, o.Width) {
		p.w.line(line)
	}
	if err := printTable(p.w, o.Width, []column{{Title: o.say("项目", "field")}, {Title: o.say("内容", "content"), Min: 20}}, p.headRows(f)); err != nil {
		return err
	}
	if err := p.funding(f); err != nil {
		return err
	}
	if err := p.indicators(f); err != nil {
		return err
	}
	p.w.line()
	return p.w.err
}

func (p parseTable) headRows(f *model.Form) [][]string {
	o := p.opt
	date := func(d model.Date) string {
		if d.Valid {
			return d.String()
		}
		return visible(d.Raw)
	}
	period := visible(f.Project.Period)
	if start, end := date(f.Project.StartDate), date(f.Project.EndDate); start+end != "" {
		period = start + o.say(" 至 ", " to ") + end
	}
	return [][]string{
		{o.say("项目名称", "name"), visible(f.Project.Name)},
		{o.say("项目性质", "nature"), visible(f.Project.Nature)},
		{o.say("项目类别", "category"), visible(f.Project.Category)},
		{o.say("主管部门", "department"), visible(f.Project.SupervisingDepartment)},
		{o.say("实施单位", "unit"), visible(f.Project.ImplementingUnit)},
		{o.say("起止日期", "period"), period},
		{o.say("项目总目标", "overall goal"), visible(f.Goals.Overall)},
		{o.say("年度总体目标", "annual goal"), visible(f.Goals.Annual)},
	}
}

func (p parseTable) funding(f *model.Form) error {
	o := p.opt
	money := func(m model.Money) string {
		switch m.State {
		case model.MoneyValid:
			return model.FormatMoney(m.Amount)
		case model.MoneyInvalid:
			return o.say("“%s”不是金额", "%q is no amount", visible(m.Raw))
		default:
			return "—"
		}
	}
	project, annual := f.Funding.Project, f.Funding.Annual
	return printTable(p.w, o.Width, []column{
		{Title: o.say("资金（元）", "funding (yuan)")},
		{Title: o.say("合计", "total"), Right: true},
		{Title: o.say("财政拨款", "fiscal"), Right: true},
		{Title: o.say("上年结转", "carryover"), Right: true},
		{Title: o.say("其他资金", "other"), Right: true},
	}, [][]string{
		{o.say("项目", "project"), money(project.Total), money(project.Fiscal), "—", money(project.Other)},
		{o.say("年度", "annual"), money(annual.Total), money(annual.CurrentYearAppropriation), money(annual.Carryover), money(annual.Other)},
	})
}

func (p parseTable) indicators(f *model.Form) error {
	o := p.opt
	rows := make([][]string, 0, len(f.Indicators))
	for i, n := range f.Indicators {
		value := visible(n.Value.Raw)
		if n.Value.Kind == model.KindMissing {
			value = o.say("（缺）", "(missing)")
		}
		rows = append(rows, []string{strconv.Itoa(i + 1), visible(n.Level1), visible(n.Level2), visible(n.Level3), value, o.place(n.Location)})
	}
	return printTable(p.w, o.Width, []column{
		{Title: o.say("序号", "no."), Right: true},
		{Title: o.say("一级指标", "level 1"), Min: 8},
		{Title: o.say("二级指标", "level 2"), Min: 8},
		{Title: o.say("三级指标", "level 3"), Min: 12},
		{Title: o.say("指标值", "value"), Min: 10},
		{Title: o.say("位置", "place"), Min: 8},
	}, rows)
}
