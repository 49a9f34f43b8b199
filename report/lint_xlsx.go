package report

import (
	"archive/zip"
	"bytes"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"perfgoal/model"
)

// The bounds of an Excel sheet.
const (
	maxSheetRows = 1 << 20
	maxCellText  = 32767 // characters
)

// lintXLSX writes a workbook: totals, findings, forms and indicators. The
// three long sheets are streamed, so that a bundle need not fit in memory.
type lintXLSX struct {
	w   io.Writer
	opt Options
	tally
	book                                    *excelize.File
	findingSheet, formSheet, indicatorSheet *sheet
	totals                                  string
	money, wrapped, head                    int // styles
	err                                     error
}

// sheet is one streamed sheet and its next row.
type sheet struct {
	stream *excelize.StreamWriter
	table  string
	row    int
	cols   int
	unsaid int // rows that the sheet has no room for
}

func newLintXLSX(w io.Writer, opt Options) LintWriter {
	l := &lintXLSX{w: w, opt: opt, tally: newTally(opt), book: excelize.NewFile()}
	o := opt
	l.check(l.book.SetDocProps(&excelize.DocProperties{Creator: author}))
	l.totals = o.say("汇总", "Totals")
	l.check(l.book.SetSheetName("Sheet1", l.totals))
	l.printLayout(l.totals)
	l.money = l.style(&excelize.Style{NumFmt: 4, Alignment: &excelize.Alignment{Vertical: "top"}})
	l.wrapped = l.style(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	l.head = l.style(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{Vertical: "center", WrapText: true}})
	l.findingSheet = l.sheet("Findings", o.say("问题", "Findings"), o.findingColumns(),
		28, 8, 30, 8, 8, 24, 70, 30, 28, 6, 6, 9, 19)
	l.formSheet = l.sheet("Forms", o.say("申报表", "Forms"), o.formColumns(),
		28, 8, 8, 36, 16, 14, 28, 28, 12, 12, 16, 16, 16, 16, 16, 16, 16, 8, 8, 8, 8)
	l.indicatorSheet = l.sheet("Indicators", o.say("指标", "Indicators"), o.indicatorColumns(),
		28, 8, 36, 6, 14, 20, 36, 24, 8, 14, 14, 6, 6, 9)
	return l
}

func (o Options) formColumns() []string {
	if o.Lang == model.English {
		return []string{"file", "form", "year", "project", "nature", "category", "department", "unit", "start", "end",
			"annual total", "appropriation", "carryover", "annual other", "project total", "project fiscal", "project other",
			"indicators", "errors", "warnings", "notes"}
	}
	return []string{"文件", "表序号", "年度", "项目名称", "项目性质", "项目类别", "主管部门", "实施单位", "开始日期", "完成日期",
		"年度资金总额(元)", "当年财政拨款(元)", "上年结转(元)", "年度其他资金(元)", "项目资金总额(元)", "项目财政资金(元)", "项目其他资金(元)",
		"指标数", "错误", "警告", "提示"}
}

func (o Options) indicatorColumns() []string {
	if o.Lang == model.English {
		return []string{"file", "form", "project", "no.", "level 1", "level 2", "level 3", "value", "operator", "number", "unit", "page", "line", "cell"}
	}
	return []string{"文件", "表序号", "项目名称", "序号", "一级指标", "二级指标", "三级指标", "指标值", "符号", "数值", "单位", "页", "行", "单元格"}
}

func (l *lintXLSX) check(err error) {
	if l.err == nil {
		l.err = err
	}
}

func (l *lintXLSX) style(s *excelize.Style) int {
	id, err := l.book.NewStyle(s)
	l.check(err)
	return id
}

// sheet starts a sheet with a frozen header row. Widths are in characters.
func (l *lintXLSX) sheet(table, name string, columns []string, widths ...float64) *sheet {
	s := &sheet{table: table, row: 2, cols: len(columns)}
	_, err := l.book.NewSheet(name)
	l.check(err)
	l.printLayout(name)
	if s.stream, err = l.book.NewStreamWriter(name); err != nil {
		l.check(err)
		return s
	}
	for i, w := range widths {
		l.check(s.stream.SetColWidth(i+1, i+1, w))
	}
	l.check(s.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
	cells := make([]any, len(columns))
	for i, c := range columns {
		cells[i] = excelize.Cell{StyleID: l.head, Value: c}
	}
	l.check(s.stream.SetRow("A1", cells))
	return s
}

func (l *lintXLSX) row(s *sheet, cells ...any) {
	if l.err != nil {
		return
	}
	if s.row > maxSheetRows {
		s.unsaid++
		return
	}
	for i, c := range cells {
		switch v := c.(type) {
		case string:
			cells[i] = excelize.Cell{StyleID: l.wrapped, Value: cellText(v)}
		case *int:
			if cells[i] = nil; v != nil {
				cells[i] = *v
			}
		case model.Money:
			// A spreadsheet has no decimals but its own doubles; they hold an
			// amount in 分 exactly as printed up to 15 digits.
			if cells[i] = nil; v.Valid() {
				cells[i] = excelize.Cell{StyleID: l.money, Value: v.Amount.InexactFloat64()}
			} else if v.State == model.MoneyInvalid {
				cells[i] = excelize.Cell{StyleID: l.wrapped, Value: cellText(v.Raw)}
			}
		case *model.Number:
			if cells[i] = nil; v != nil {
				cells[i] = v.Value.InexactFloat64()
			}
		}
	}
	l.check(s.stream.SetRow(cellName(1, s.row), cells))
	s.row++
}

func cellName(col, row int) string {
	name, err := excelize.CoordinatesToCellName(col, row)
	if err != nil { // cannot be: both are counted from 1
		return ""
	}
	return name
}

// cellText fits text into a cell.
func cellText(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == 0xfffe || r == 0xffff {
			return '�'
		}
		return r
	}, PrintableLines(strings.ToValidUTF8(s, "�")))
	if utf8.RuneCountInString(s) > maxCellText {
		s = string([]rune(s)[:maxCellText-1]) + "…"
	}
	return s
}

func (l *lintXLSX) Add(c Checked) error {
	l.add(c)
	o := l.opt
	perForm := map[int]map[model.Severity]int{}
	if c.Error != nil {
		l.row(l.findingSheet, c.Path, nil, "", o.say("未检查", "not checked"), c.Error.Code, "", c.Error.Message.In(o.Lang))
	}
	for _, f := range c.Findings {
		if f.Form != nil {
			if perForm[*f.Form] == nil {
				perForm[*f.Form] = map[model.Severity]int{}
			}
			perForm[*f.Form][f.Severity]++
		}
		if !o.Shown(f.Severity) {
			continue
		}
		l.row(l.findingSheet, f.Path, f.Form, f.Project, o.severityWord(f.Severity), f.Rule, f.Name, f.Message.In(o.Lang), f.Text, f.Field,
			f.Location.Page, f.Location.Line, f.Location.Cell.String(), f.Fingerprint)
	}
	if c.Document == nil {
		return l.err
	}
	for _, f := range c.Document.Forms {
		var year any
		if f.FiscalYear > 0 {
			year = f.FiscalYear
		}
		p, a, n := f.Funding.Project, f.Funding.Annual, perForm[f.Index]
		l.row(l.formSheet, c.Path, f.Index, year, f.Project.Name, f.Project.Nature, f.Project.Category, f.Project.SupervisingDepartment,
			f.Project.ImplementingUnit, dateText(f.Project.StartDate), dateText(f.Project.EndDate),
			a.Total, a.CurrentYearAppropriation, a.Carryover, a.Other, p.Total, p.Fiscal, p.Other,
			len(f.Indicators), n[model.Error], n[model.Warning], n[model.Info])
		for i, x := range f.Indicators {
			l.row(l.indicatorSheet, c.Path, f.Index, f.Project.Name, i+1, x.Level1, x.Level2, x.Level3, x.Value.Raw,
				string(x.Value.Operator), x.Value.Number, x.Value.Unit, x.Location.Page, x.Location.Line, x.Location.Cell.String())
		}
	}
	return l.err
}

// dateText is the date in ISO form, or what is printed in its place.
func dateText(d model.Date) string {
	if d.Valid {
		return d.String()
	}
	return d.Raw
}

// printLayout makes a sheet print on A4 across, as wide as the page.
func (l *lintXLSX) printLayout(name string) {
	landscape, a4, width, height := "landscape", 9, 1, 0 // one page wide, as many high as it takes
	l.check(l.book.SetPageLayout(name, &excelize.PageLayoutOptions{Orientation: &landscape, Size: &a4, FitToWidth: &width, FitToHeight: &height}))
	fit := true
	l.check(l.book.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fit}))
}

func (l *lintXLSX) Close(end End) error {
	for _, s := range []*sheet{l.findingSheet, l.formSheet, l.indicatorSheet} {
		if s.stream == nil {
			continue
		}
		l.check(s.stream.AddTable(&excelize.Table{Name: s.table, StyleName: "TableStyleLight1",
			Range: "A1:" + cellName(s.cols, max(2, s.row-1))}))
		l.check(s.stream.Flush())
	}
	l.totalSheet(end)
	l.book.SetActiveSheet(0)
	if l.err == nil {
		l.err = writeSorted(l.w, l.book)
	}
	l.check(l.book.Close())
	return l.err
}

// writeSorted writes the workbook with its parts by name: excelize writes
// streamed sheets in an order that changes from run to run.
func writeSorted(w io.Writer, book *excelize.File) error {
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		return err
	}
	parts, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		return err
	}
	slices.SortFunc(parts.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	out := zip.NewWriter(w)
	for _, part := range parts.File {
		if err := out.Copy(part); err != nil {
			return err
		}
	}
	return out.Close()
}

func (l *lintXLSX) totalSheet(end End) {
	o, row := l.opt, 1
	put := func(cells ...any) {
		l.check(l.book.SetSheetRow(l.totals, cellName(1, row), &cells))
		row++
	}
	heading := func(cells ...any) {
		put(cells...)
		l.check(l.book.SetCellStyle(l.totals, cellName(1, row-1), cellName(len(cells), row-1), l.head))
	}
	l.check(l.book.SetColWidth(l.totals, "A", "A", 24))
	l.check(l.book.SetColWidth(l.totals, "B", "B", 12))
	l.check(l.book.SetColWidth(l.totals, "C", "C", 60))
	l.check(l.book.SetColWidth(l.totals, "D", "E", 12))
	put(cellText(l.verdict(end)))
	l.check(l.book.MergeCell(l.totals, "A1", "E1"))
	l.check(l.book.SetCellStyle(l.totals, "A1", "E1", l.wrapped))
	l.check(l.book.SetRowHeight(l.totals, 1, 48))
	row++
	put(o.say("文件", "files"), l.documents)
	put(o.say("没有得到检查的文件", "files not checked"), len(l.unread))
	put(o.say("申报表", "forms"), l.forms)
	put(o.say("错误", "errors"), l.severity[model.Error])
	put(o.say("警告", "warnings"), l.severity[model.Warning])
	put(o.say("提示", "notes"), l.severity[model.Info])
	if n := l.findingSheet.unsaid + l.formSheet.unsaid + l.indicatorSheet.unsaid; n > 0 {
		put(o.say("工作表放不下、没有写入的行", "rows the sheets have no room for"), n)
	}
	if len(l.perRule) > 0 {
		row++
		heading(o.say("级别", "severity"), o.say("规则", "rule"), o.say("问题", "what"), o.say("处数", "count"), o.say("涉及表数", "forms"))
		for _, r := range l.rulesByGravity() {
			put(o.severityWord(r.worst), r.code, r.title, r.findings, r.forms)
		}
	}
	if c := end.Manifest; c != nil {
		row++
		put(o.say("报送情况", "Completeness"), "", c.Path)
		var head []any
		for _, column := range o.completenessColumns(c) {
			head = append(head, column.Title)
		}
		heading(head...)
		sum := c.sum()
		sum.Unit = o.say("合计", "total")
		for _, u := range append(slices.Clone(c.Units), sum) {
			cells := []any{cellText(o.orUnfilled(u.Unit)), u.Expected, u.Submitted, u.Missing}
			if sum.Unread > 0 {
				cells = append(cells, u.Unread)
			}
			put(append(cells, u.Extra, u.AmountDiffers, u.ExpectedAmount.InexactFloat64(), u.SubmittedAmount.InexactFloat64())...)
			l.check(l.book.SetCellStyle(l.totals, cellName(len(head)-1, row-1), cellName(len(head), row-1), l.money))
		}
	}
	sum := l.outcomes()
	row++
	heading(o.say("判断结果", "outcome"), o.say("次数", "count"))
	put(o.say("通过", "pass"), sum.Pass)
	put(o.say("不通过", "fail"), sum.Fail)
	put(o.say("不适用", "not applicable"), sum.NotApplicable)
	put(o.say("数据不足，无法判断", "insufficient data"), sum.InsufficientData)
}
