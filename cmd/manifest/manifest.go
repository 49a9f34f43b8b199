// Package manifest reads the list of what is to be submitted, as offices keep
// it: a sheet of Excel or its text, with titles above the header, headers of
// two rows, merged cells, sums below. What cannot be understood for certain
// is refused with what to do, since a row left out would be reported as
// nothing missing.
package manifest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"perfgoal/internal/zh"
	"perfgoal/model"
	"perfgoal/validate"
)

// Error is what is wrong with a manifest, in both languages.
type Error struct{ model.Text }

// Error implements error in Chinese.
func (e *Error) Error() string { return e.Zh }

func bad(zh, en string, args ...any) error {
	return &Error{model.Text{Zh: fmt.Sprintf(zh, args...), En: fmt.Sprintf(en, args...)}}
}

// Parse reads a manifest: an XLSX file, or text (CSV in UTF-8 or GBK, Excel's
// "Unicode text", with commas, semicolons or tabs between cells). Amounts are
// in 元 unless the cell, the heading or a line above the header names another
// unit. The error is an *Error.
func Parse(path string, data []byte) (*validate.Manifest, error) {
	t, err := read(data)
	if err != nil {
		return nil, err
	}
	h, err := findHeader(t)
	if err != nil {
		return nil, err
	}
	if h == nil {
		return nil, bad("没有找到表头：要有一行同时写着“单位”和“项目名称”（还可以有“金额”）", "no header found; it needs the columns unit and project (amount is optional)")
	}
	r := &rowReader{t: t, h: h, seen: map[[2]string]int{}}
	m := &validate.Manifest{Path: path}
	for i := h.end; i < len(t.rows); i++ {
		row, ok, err := r.row(i)
		if err != nil {
			return nil, err
		}
		if ok {
			m.Rows = append(m.Rows, row)
		}
	}
	if len(m.Rows) == 0 {
		return nil, bad("清单是空的，表头下面没有项目", "it is empty: no project stands below the header")
	}
	return m, nil
}

// rowReader reads the rows below the header in their order.
type rowReader struct {
	t     *table
	h     *header
	above string // the unit of the row above, "" where none is to be repeated
	skip  int    // rows to come that belong to a header printed again
	seen  map[[2]string]int
}

// row reads one row; ok is false for one that names no project: a blank one,
// a sum, a note, a header that is printed again.
func (r *rowReader) row(i int) (row validate.ManifestRow, ok bool, err error) {
	t, h, line := r.t, r.h, r.t.rows[i].line
	unit, project, amount := joined(t.at(i, h.unit)), joined(t.at(i, h.project)), t.at(i, h.amount)
	switch {
	case r.skip > 0:
		r.skip--
		return row, false, nil
	case r.isSum(i, project):
		r.above = "" // what stands below a sum begins anew
		return row, false, nil
	case h.repeats(unit, project):
		r.skip = h.rows - 1
		return row, false, nil
	case unit == "" && project == "" && amount == "", r.isNote(i, unit, project), i == h.end && r.t.numbersColumns(i):
		return row, false, nil
	case t.continues(i, h.project):
		return row, false, bad("第%d行的项目名称与上一行合并，一个项目占了几行；请让每个项目只占一行", "row %d: the project's cell is merged with the one above; give each project one row", line)
	case t.continues(i, h.amount):
		return row, false, bad("第%d行的金额与上一行合并，不知道各是多少；请给每个项目写上自己的金额", "row %d: the amount's cell is merged with the one above; give each project its own amount", line)
	}
	if unit == "" && project != "" {
		unit = joined(t.merged(i, h.unit))
		if t.blanksRepeat { // a text keeps no merged cells
			unit = r.above
		}
	}
	if unit == "" || project == "" {
		return row, false, r.incomplete(i, unit, project)
	}
	r.above = unit
	key := [2]string{zh.Fold(unit), zh.Fold(project)}
	if before, twice := r.seen[key]; twice {
		return row, false, bad("第%d行与第%d行是同一单位的同一项目；一个项目只占一行", "rows %d and %d are the same project of the same unit; give each project one row", line, before)
	}
	r.seen[key] = line
	money, err := r.money(i, amount)
	return validate.ManifestRow{Unit: unit, Project: project, Amount: money, Line: line}, true, err
}

// numbersColumns says whether a row numbers the columns, as some forms do
// below the header: 栏次, 1, 2, 3 or 甲, 乙, 1, 2.
func (t *table) numbersColumns(i int) bool {
	numbers, letters := 0, 0
	for c := range t.rows[i].cells {
		s := strings.Trim(zh.Fold(t.at(i, c)), "()")
		switch {
		case s == "" || s == "栏次":
		case s == strconv.Itoa(numbers+1):
			numbers++
		case numbers == 0 && letters < len(stems) && s == stems[letters]:
			letters++
		default:
			return false
		}
	}
	return numbers > 0 && numbers+letters > 1
}

// stems number what is no figure.
var stems = []string{"甲", "乙", "丙", "丁", "戊"}

func (r *rowReader) incomplete(i int, unit, project string) error {
	line := r.t.rows[i].line
	switch {
	case unit == "" && project == "":
		return bad("第%d行有金额，但缺单位和项目名称；是合计的请在这一行写上“合计”", "row %d has an amount, but lacks the unit and the project; write 合计 there if it is a sum", line)
	case project == "":
		return bad("第%d行缺单位或项目名称：有单位“%s”，没有项目名称", "row %d lacks the unit or the project: it has the unit %q and no project", line, unit)
	}
	return bad("第%d行缺单位或项目名称：有项目“%s”，没有单位（与上一行同一单位的，请填上或与上一行合并单元格）",
		"row %d lacks the unit or the project: it has the project %q and no unit (where it is that of the row above, write it again or merge the cells)", line, project)
}

// sums are the words of a row that adds others up.
var sums = []string{"合计", "总计", "小计", "累计", "共计", "total", "subtotal", "grandtotal"}

// isSum says whether a row adds others up: the word stands in the unit's or
// project's cell or before both, or ends the cell of a unit without project.
func (r *rowReader) isSum(i int, project string) bool {
	for c := range max(r.h.unit, r.h.project) + 1 {
		word := strings.Trim(brackets().ReplaceAllString(strings.ToLower(zh.Fold(r.t.at(i, c))), ""), ":")
		if slices.Contains(sums, word) || project == "" && (strings.HasSuffix(word, "小计") || strings.HasSuffix(word, "合计")) {
			return true
		}
	}
	return false
}

// notes begin a line below the list.
var notes = []string{"注:", "备注:", "说明:", "填表人", "填报人", "制表人", "审核人", "负责人", "单位负责人", "经办人", "联系人", "联系电话", "填表日期", "填报日期", "打印日期", "制表日期"}

// isNote says whether a row is a note below the list: it begins like one, and
// lacks unit or project, and the amount.
func (r *rowReader) isNote(i int, unit, project string) bool {
	if unit != "" && project != "" || r.t.at(i, r.h.amount) != "" {
		return false
	}
	for c := range r.t.rows[i].cells {
		if s := zh.Fold(r.t.at(i, c)); s != "" {
			return slices.ContainsFunc(notes, func(n string) bool { return strings.HasPrefix(s, n) })
		}
	}
	return false
}

func (r *rowReader) money(i int, s string) (model.Money, error) {
	line := r.t.rows[i].line
	m := model.Money{Raw: s, Scale: r.h.scale}
	if s == "" {
		if r.t.uncomputed(i, r.h.amount) {
			return m, bad("第%d行的金额是没有算出结果的公式，请在 Excel 中打开、保存后再试", "row %d: the amount is a formula without its result; open and save the file in Excel", line)
		}
		return m, nil
	}
	n, scale, err := parseAmount(s, r.t.exact)
	if err != nil {
		return m, bad("第%d行的金额“%s”不是数字（没有金额请留空）", "row %d: the amount %q is no number (leave it blank where there is none)", line, s)
	}
	if !scale.IsZero() {
		m.Scale = scale
	}
	m.State, m.Printed, m.Amount = model.MoneyValid, n, n.Value.Mul(m.Scale)
	return m, nil
}

// one is the scale of amounts in 元.
var one = decimal.New(1, 0)
