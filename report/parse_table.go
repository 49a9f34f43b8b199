package report

import (
	"io"
	"slices"
	"strconv"
	"strings"

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
	if err := p.book(d); err != nil {
		return err
	}
	for i := range d.Forms {
		if err := p.form(&d.Forms[i]); err != nil {
			return err
		}
	}
	return p.w.err
}

// book prints what a budget book says around its forms.
func (p parseTable) book(d *model.Document) error {
	o := p.opt
	var rows [][]string
	for _, s := range d.Statements {
		rows = append(rows, []string{o.say("绩效目标设置情况", "targets"), visible(s.Text)})
	}
	for i := range d.Narratives {
		n := &d.Narratives[i]
		body := []string{visible(n.ImplementingBody), visible(n.Period)}
		if n.Amount.Valid() {
			body = append(body, o.say("%s 元", "%s yuan", model.FormatMoney(n.Amount.Amount)))
		}
		body = slices.DeleteFunc(body, func(s string) bool { return s == "" })
		rows = append(rows, []string{visible(n.Title), strings.Join(body, o.say("；", "; "))})
	}
	if len(rows) == 0 {
		return nil
	}
	if err := printTable(p.w, o, []column{{Title: o.say("预算文本里的说明", "in the book's text"), Min: 16}, {Title: o.say("内容", "content"), Min: 20}}, rows); err != nil {
		return err
	}
	p.w.line()
	return nil
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
	if err := printTable(p.w, o, []column{{Title: o.say("项目", "field")}, {Title: o.say("内容", "content"), Min: 20}}, p.headRows(f)); err != nil {
		return err
	}
	if rows := p.fundingRows(f); len(rows) > 0 {
		if err := printTable(p.w, o, []column{{Title: o.say("范围", "for")}, {Title: o.say("资金（元）", "funding (yuan)"), Min: 12},
			{Title: o.say("金额", "amount"), Min: 16, Right: true}}, rows); err != nil {
			return err
		}
	}
	if err := p.indicators(f, model.Annual, f.Indicators); err != nil {
		return err
	}
	if len(f.OverallIndicators) > 0 {
		p.w.line(o.say("长期指标", "Long-term indicators"))
		if err := p.indicators(f, model.Overall, f.OverallIndicators); err != nil {
			return err
		}
	}
	p.doubts(f)
	p.w.line()
	return p.w.err
}

// prints says whether a field is to be shown: what the form has a place for,
// and what stands in it.
func prints(f *model.Form, field model.Field) bool {
	_, labelled := f.Sources[field.Path]
	return labelled || field.String(f) != "" || f.HasDoubt(field.Path)
}

// cell is what stands in a field, or how far it was read.
func (p parseTable) cell(f *model.Form, path, text string) string {
	if !f.HasDoubt(path) {
		return visible(text)
	}
	return p.opt.doubtedText(f, path)
}

func (p parseTable) headRows(f *model.Form) [][]string {
	var rows [][]string
	for _, field := range model.Fields {
		if field.Kind != model.FieldMoney && prints(f, field) {
			rows = append(rows, []string{field.Name.In(p.opt.Lang), p.cell(f, field.Path, field.String(f))})
		}
	}
	return rows
}

// fundingRows are the amounts: the whole project's, the year's, and the rows
// of the funding block that are in no field.
func (p parseTable) fundingRows(f *model.Form) [][]string {
	o := p.opt
	var rows [][]string
	for _, side := range []struct{ prefix, word string }{{"funding.project.", o.say("项目", "project")}, {"funding.annual.", o.say("年度", "annual")}} {
		for _, field := range model.Fields {
			if m := field.Money(f); m != nil && strings.HasPrefix(field.Path, side.prefix) && prints(f, field) {
				rows = append(rows, []string{side.word, field.Name.In(o.Lang), p.cell(f, field.Path, o.amount(*m))})
			}
		}
	}
	for _, x := range ownItems(f) {
		rows = append(rows, []string{o.say("明细", "item"), visible(x.Label), o.amount(x.Amount)})
	}
	return rows
}

// amount is an amount as people read it.
func (o Options) amount(m model.Money) string {
	switch m.State {
	case model.MoneyValid:
		return model.FormatMoney(m.Amount)
	case model.MoneyInvalid:
		return o.say("“%s”不是金额", "%q is no amount", visible(m.Raw))
	default:
		return "—"
	}
}

// indicators prints a list of indicators with every column that has something
// in it.
func (p parseTable) indicators(f *model.Form, scope model.Scope, list []model.Indicator) error {
	o := p.opt
	cols := []column{{Title: o.say("序号", "no."), Right: true}}
	rows := make([][]string, len(list))
	for i := range list {
		rows[i] = []string{strconv.Itoa(i + 1)}
	}
	path := func(i int, column string) string { return listPath(scope) + "[" + strconv.Itoa(i) + "]." + column }
	for _, column := range model.IndicatorFields {
		cells, filled := make([]string, len(list)), slices.Contains(usualColumns, column.Path)
		for i := range list {
			cells[i] = p.cell(f, path(i, column.Path), column.String(&list[i]))
			filled = filled || cells[i] != ""
			if column.Path == "value" && cells[i] == "" && len(list[i].RegionValues) == 0 {
				cells[i] = o.say("（缺）", "(missing)")
			}
		}
		if !filled {
			continue
		}
		cols = append(cols, newColumn(column, o.Lang))
		for i := range rows {
			rows[i] = append(rows[i], cells[i])
		}
	}
	cols = append(cols, column{Title: o.say("位置", "place"), Min: 8})
	for i := range rows {
		rows[i] = append(rows[i], o.place(list[i].Location))
	}
	return printTable(p.w, o, cols, rows)
}

// newColumn is a printed column of the indicator table.
func newColumn(f model.IndicatorField, lang model.Lang) column {
	const level, other = 8, 10 // least widths, in terminal columns
	c := column{Title: f.Name.In(lang), Min: other}
	if strings.HasPrefix(f.Path, "level") {
		c.Min = level
	}
	return c
}

// doubts lists what could not be read for certain.
func (p parseTable) doubts(f *model.Form) {
	o := p.opt
	if len(f.Doubts) == 0 {
		return
	}
	p.w.indented("", o.say("%s（%d处）：%s", "%s (%d): %s", o.readingTitle(), len(f.Doubts), o.readingAdvice()), o.Width, plain)
	for _, d := range f.Doubts {
		p.w.indented("  ", o.doubtHead(d), o.Width, plain)
		p.w.indented("      ", visible(d.Message.In(o.Lang)), o.Width, plain)
	}
}
