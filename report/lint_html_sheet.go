package report

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"perfgoal/model"
)

// drawing redraws one form as a table of six columns, from the tables of
// fields: what the form has a place for, what stands in it, and what a finding
// is about.
type drawing struct {
	*lintHTML
	form  *model.Form
	marks map[string][]pageRef
}

const sheetColumns = 6

func (d *drawing) groups() [][][]pageCell {
	out := [][][]pageCell{d.headRows(), d.fundingRows(), d.goalRows(),
		d.indicatorRows(model.Annual, d.form.Indicators)}
	if len(d.form.OverallIndicators) > 0 {
		out = append(out, d.indicatorRows(model.Overall, d.form.OverallIndicators))
	}
	return slices.DeleteFunc(out, func(rows [][]pageCell) bool { return len(rows) == 0 })
}

func (d *drawing) shows(f model.Field) bool { return prints(d.form, f) || len(d.marks[f.Path]) > 0 }

// label is a field's name as it heads a cell.
func (d *drawing) label(name model.Text) string {
	s := name.In(d.opt.Lang)
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

func head(text string, cols int) pageCell {
	return pageCell{Head: true, Text: text, Cols: cols, Rows: 1, Scope: "row"}
}

// value is a cell with the text of a field, or how far it was read; the path
// is "" for text that is in no field.
func (d *drawing) value(path, text string, cols int) pageCell {
	c := pageCell{Text: visible(text), Cols: cols, Rows: 1}
	if path != "" {
		c.Refs = d.marks[path]
	}
	switch {
	case d.form.HasDoubt(path):
		c.Text, c.Class = d.opt.doubtedText(d.form, path), "doubted"
	case strings.TrimSpace(c.Text) == "":
		c.Blank, c.Text = true, d.opt.say("（空白）", "(blank)")
	}
	return c
}

// headRows are the fields above the money: the project's name over the whole
// width, the others in pairs.
func (d *drawing) headRows() [][]pageCell {
	var rows [][]pageCell
	var pending []model.Field
	wide := func(f model.Field) []pageCell {
		return []pageCell{head(d.label(f.Name), 1), d.value(f.Path, f.String(d.form), sheetColumns-1)}
	}
	flush := func() {
		if len(pending) == 1 {
			rows = append(rows, wide(pending[0]))
		}
		pending = nil
	}
	for _, f := range model.Fields {
		if f.Kind == model.FieldMoney || f.Path == "title" || f.Path == "fiscal_year" || f.Path == "funding.unit" || strings.HasPrefix(f.Path, "goals.") || !d.shows(f) {
			continue // they have places of their own
		}
		if f.Path == "project.name" {
			flush()
			rows = append(rows, wide(f))
			continue
		}
		if pending = append(pending, f); len(pending) == 2 {
			var row []pageCell
			for _, f := range pending {
				row = append(row, head(d.label(f.Name), 1), d.value(f.Path, f.String(d.form), sheetColumns/2-1))
			}
			rows, pending = append(rows, row), nil
		}
	}
	flush()
	return rows
}

// fundingRows are the amounts, the whole project's beside the year's, then the
// printed items that have no field.
func (d *drawing) fundingRows() [][]pageCell {
	var project, annual []model.Field
	for _, f := range model.Fields {
		switch {
		case f.Kind != model.FieldMoney || !d.shows(f):
		case strings.HasPrefix(f.Path, "funding.project."):
			project = append(project, f)
		default:
			annual = append(annual, f)
		}
	}
	amount := func(f model.Field, cols int) pageCell {
		m := f.Money(d.form)
		text := m.Raw
		if m.Valid() {
			text = model.FormatMoney(m.Amount)
		}
		c := d.value(f.Path, text, cols)
		c.Class = strings.TrimSpace("money " + c.Class)
		return c
	}
	var rows [][]pageCell
	for i := range max(len(project), len(annual)) {
		var row []pageCell
		left := 2 // columns of a side, its label and its amount
		if len(project) == 0 {
			left = 0
		} else if i < len(project) {
			row = append(row, head(d.label(project[i].Name), 1), amount(project[i], 1))
		} else {
			row = append(row, pageCell{Cols: left, Rows: 1})
		}
		right := sheetColumns - 1 - left
		if i < len(annual) {
			row = append(row, head(d.label(annual[i].Name), right/2), amount(annual[i], right-right/2))
		} else {
			row = append(row, pageCell{Cols: right, Rows: 1})
		}
		rows = append(rows, row)
	}
	for _, x := range ownItems(d.form) {
		text := x.Amount.Raw
		if x.Amount.Valid() {
			text = model.FormatMoney(x.Amount.Amount)
		}
		c := d.value(itemField(x.Label), text, 3)
		c.Class = strings.TrimSpace("money " + c.Class)
		rows = append(rows, []pageCell{head(visible(x.Label), 2), c})
	}
	if len(rows) == 0 {
		rows = append(rows, []pageCell{d.value("funding", "", sheetColumns-1)})
	}
	return prefixed(d.fundingTitle(len(rows)), rows)
}

func prefixed(c pageCell, rows [][]pageCell) [][]pageCell {
	rows[0] = append([]pageCell{c}, rows[0]...)
	return rows
}

// fundingTitle heads the amounts, which are in yuan whatever unit is printed.
func (d *drawing) fundingTitle(rows int) pageCell {
	o := d.opt
	title := head(o.say("项目资金（元）", "Funding (yuan)"), 1)
	title.Rows, title.Scope, title.Refs = rows, "rowgroup", slices.Concat(d.marks["funding"], d.marks["funding.unit"])
	switch unit := d.form.Funding.Unit; {
	case d.form.HasDoubt("funding.unit"):
		title.Small = o.say("原表的单位%s", "the form's unit %s", o.doubtedText(d.form, "funding.unit"))
	case unit != "" && unit != "元":
		title.Small = o.say("原表以%s计", "printed in %s", visible(unit))
	}
	return title
}

func (d *drawing) goalRows() [][]pageCell {
	var rows [][]pageCell
	for _, f := range model.Fields {
		if strings.HasPrefix(f.Path, "goals.") && d.shows(f) {
			c := d.value(f.Path, f.String(d.form), sheetColumns-1)
			c.Class = strings.TrimSpace("prose " + c.Class)
			rows = append(rows, []pageCell{head(d.label(f.Name), 1), c})
		}
	}
	return rows
}

// indicatorRows draws the levels as merged cells over the rows they hold for.
// A label that stands in the form and is not what the row is classified under
// is shown as printed, with the classification beside it. Columns that not
// every form has stand small beside the value.
func (d *drawing) indicatorRows(scope model.Scope, list []model.Indicator) [][]pageCell {
	o, path := d.opt, listPath(scope)
	var rows [][]pageCell
	if scope == model.Overall {
		c := head(o.say("长期指标", "Long-term indicators"), sheetColumns)
		c.Scope = "rowgroup"
		rows = append(rows, []pageCell{c})
	}
	title := []pageCell{head(o.say("一级指标", "Level 1"), 1), head(o.say("二级指标", "Level 2"), 1), head(o.say("三级指标", "Level 3"), 2), head(o.say("指标值", "Value"), 2)}
	for i := range title {
		title[i].Scope = "col"
	}
	title[0].Refs = d.marks[path]
	rows = append(rows, title)
	level1 := spans(list, func(x *model.Indicator) string { return x.Level1 + "\x1f" + x.PrintedLevel1 })
	level2 := spans(list, func(x *model.Indicator) string {
		return x.Level1 + "\x1f" + x.PrintedLevel1 + "\x1f" + x.Level2
	})
	for i := range list {
		x := &list[i]
		var row []pageCell
		if n := level1[i]; n > 0 {
			row = append(row, d.levelCell(path, i, n, "level1", x.Level1, x.PrintedLevel1))
		}
		if n := level2[i]; n > 0 {
			row = append(row, d.levelCell(path, i, n, "level2", x.Level2, ""))
		}
		at := path + "[" + strconv.Itoa(i) + "]."
		rows = append(rows, append(row, d.value(at+"level3", x.Level3, 2), d.valueCell(at, x)))
	}
	if len(list) == 0 {
		c := d.value("", "", sheetColumns)
		c.Text = o.say("（没有指标）", "(no indicators)")
		rows = append(rows, []pageCell{c})
	}
	return rows
}

// valueCell is an indicator's value with the columns beside it.
func (d *drawing) valueCell(at string, x *model.Indicator) pageCell {
	o := d.opt
	c := d.value(at+"value", x.Value.Raw, 2)
	if c.Blank {
		c.Text = o.say("（缺）", "(missing)")
	}
	var beside []string
	for _, f := range model.IndicatorFields {
		if slices.Contains(usualColumns, f.Path) {
			continue
		}
		text := visible(f.String(x))
		if d.form.HasDoubt(at + f.Path) {
			text = o.doubtedText(d.form, at+f.Path)
		}
		if f.Path == "region_values" && text != "" && c.Blank {
			c.Text, c.Blank = text, false
			text = ""
		}
		if text != "" {
			beside = append(beside, d.label(f.Name)+o.say("：", ": ")+text)
		}
		c.Refs = slices.Concat(c.Refs, d.marks[at+f.Path])
	}
	c.Small = strings.Join(beside, o.say("；", "; "))
	return c
}

// levelCell is the label of a level over n rows from the i-th on.
func (d *drawing) levelCell(path string, i, n int, column, level, printed string) pageCell {
	field := path + "[" + strconv.Itoa(i) + "]." + column
	c := d.value(field, level, 1)
	if printed != "" && printed != level && !d.form.HasDoubt(field) {
		c = d.value("", printed, 1)
		c.Small = d.opt.say("（应为%s）", "(belongs under %s)", visible(level))
	}
	c.Head, c.Scope, c.Rows = true, "rowgroup", n
	c.Class = strings.TrimSpace("level " + c.Class)
	c.Refs = d.rangeMarks(path, i, n, column)
	return c
}

// spans says for each row over how many rows its label runs, 0 inside a run.
func spans(rows []model.Indicator, key func(*model.Indicator) string) []int {
	out := make([]int, len(rows))
	for i := 0; i < len(rows); {
		j := i + 1
		for j < len(rows) && key(&rows[j]) == key(&rows[i]) {
			j++
		}
		out[i] = j - i
		i = j
	}
	return out
}

// rangeMarks are the marks of a level over the rows that its cell spans.
func (d *drawing) rangeMarks(path string, from, n int, level string) []pageRef {
	var out []pageRef
	for i := from; i < from+n; i++ {
		for _, r := range d.marks[path+"["+strconv.Itoa(i)+"]."+level] {
			if !slices.ContainsFunc(out, func(have pageRef) bool { return have.Number == r.Number }) {
				out = append(out, r)
			}
		}
	}
	return out
}
