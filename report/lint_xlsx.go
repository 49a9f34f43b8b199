package report

import (
	"archive/zip"
	"bytes"
	"encoding/gob"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"perfgoal/model"
)

// The bounds of an Excel sheet.
const (
	maxSheetRows = 1 << 20
	maxCellText  = 32767 // characters
)

// lintXLSX writes a workbook: totals, findings, forms and indicators. The
// three long sheets are held packed until their columns' widths are known and
// then streamed, so that a bundle need not fit in memory.
type lintXLSX struct {
	w   io.Writer
	opt Options
	tally
	book                                    *excelize.File
	findingSheet, formSheet, indicatorSheet *sheet
	totals                                  string
	money, number, wrapped, head            int // styles
	err                                     error
}

// sheet is a list: a header row and rows below it, packed until Close.
type sheet struct {
	name, table string
	columns     []string
	widths      columnWidths
	rows        spool
	pack        *gob.Encoder
	row         int // the next one, counted from 1
	unsaid      int // rows that the sheet has no room for
}

// sheetCell is a cell of a packed row.
type sheetCell struct {
	Kind   cellKind
	Text   string // as shown
	Number float64
}

type cellKind byte

const (
	cellEmpty cellKind = iota
	cellString
	cellNumber
	cellMoney
)

// columnWidths are the widths that columns need, in characters of the
// workbook's font, as far as anything stands in them.
type columnWidths []float64

const (
	// A Chinese character of Excel's default font, 11 points, is 15 pixels
	// wide, a digit 7: its two columns are 2.2 digits.
	columnWidth  = 1.1
	cellPadding  = 2.0  // on both sides, in characters
	filterButton = 3.0  // covers the end of a header
	lineHeight   = 15.6 // points

	// Where text wraps: at textWidth, at up to longTextWidth to save lines
	// beyond fewLines, and beyond that only so that it has no more than
	// mostLines, which is what a row can be high.
	textWidth     = 36.0
	longTextWidth = 72.0
	fewLines      = 4
	mostLines     = 22
)

// fit widens a column for a cell. Only text wraps: a number that has no room
// is shown as ###.
func (w *columnWidths) fit(col int, c sheetCell) {
	for len(*w) <= col {
		*w = append(*w, 0)
	}
	widest := 0
	for line := range strings.Lines(c.Text) {
		widest = max(widest, width(strings.TrimRight(line, "\n")))
	}
	need := float64(widest) * columnWidth
	if c.Kind == cellString {
		need = min(need, max(textWidth, min(need/fewLines, longTextWidth), need/mostLines))
	}
	(*w)[col] = min(max((*w)[col], need+cellPadding), excelize.MaxColumnWidth)
}

// height is what a row needs for its text to be seen, in points.
func (w columnWidths) height(cells []sheetCell) float64 {
	lines := 1
	for i, c := range cells {
		if c.Kind == cellString {
			lines = max(lines, textLines(c.Text, w[i]))
		}
	}
	return min(float64(lines)*lineHeight, excelize.MaxRowHeight)
}

// textLines is how many lines text takes in a cell.
func textLines(text string, wide float64) int {
	room := int(math.Round((wide - cellPadding) / columnWidth))
	if len(text) <= room { // bytes: surely no wider
		return 1 + strings.Count(text, "\n")
	}
	return len(wrap(text, room))
}

func newLintXLSX(w io.Writer, opt Options) LintWriter {
	l := &lintXLSX{w: w, opt: opt, tally: newTally(opt), book: excelize.NewFile()}
	o := opt
	l.totals = o.say("汇总", "Totals")
	l.check(l.book.SetSheetName("Sheet1", l.totals))
	l.printLayout(l.totals)
	l.money = l.style(&excelize.Style{NumFmt: 4, Alignment: &excelize.Alignment{Vertical: "top"}})
	l.number = l.style(&excelize.Style{Alignment: &excelize.Alignment{Vertical: "top"}})
	l.wrapped = l.style(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	l.head = l.style(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{Vertical: "center"}})
	l.findingSheet = newSheet("Findings", o.say("问题", "Findings"), o.findingColumns())
	l.formSheet = newSheet("Forms", o.say("申报表", "Forms"), o.formColumns())
	l.indicatorSheet = newSheet("Indicators", o.say("指标", "Indicators"), o.indicatorColumns())
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

func newSheet(table, name string, columns []string) *sheet {
	s := &sheet{table: table, name: name, columns: columns, row: 2}
	s.pack = gob.NewEncoder(&s.rows)
	for i, c := range columns {
		s.widths.fit(i, toCell(c))
		s.widths[i] += filterButton
	}
	return s
}

// row packs one row. Text is a string; a nil is an empty cell.
func (l *lintXLSX) row(s *sheet, values ...any) {
	if l.err != nil {
		return
	}
	if s.row > maxSheetRows {
		s.unsaid++
		return
	}
	cells := toCells(values)
	for i, c := range cells {
		s.widths.fit(i, c)
	}
	l.check(s.pack.Encode(cells))
	s.row++
}

func toCells(values []any) []sheetCell {
	cells := make([]sheetCell, len(values))
	for i, v := range values {
		cells[i] = toCell(v)
	}
	return cells
}

func toCell(v any) sheetCell {
	switch v := v.(type) {
	case string:
		if v != "" {
			return sheetCell{Kind: cellString, Text: cellText(v)}
		}
	case int:
		return sheetCell{cellNumber, strconv.Itoa(v), float64(v)}
	case *int:
		if v != nil {
			return toCell(*v)
		}
	case decimal.Decimal:
		// A spreadsheet has no decimals but its own doubles; they hold an
		// amount in 分 exactly as printed up to 15 digits.
		return sheetCell{cellMoney, model.FormatMoney(v), v.InexactFloat64()}
	case model.Money:
		if v.Valid() {
			return toCell(v.Amount)
		} else if v.State == model.MoneyInvalid {
			return toCell(v.Raw)
		}
	case *model.Number:
		if v != nil {
			return sheetCell{cellNumber, v.Value.String(), v.Value.InexactFloat64()}
		}
	}
	return sheetCell{}
}

// styled is a cell as excelize takes it.
func (l *lintXLSX) styled(c sheetCell) any {
	switch c.Kind {
	case cellString:
		return excelize.Cell{StyleID: l.wrapped, Value: c.Text}
	case cellNumber:
		return excelize.Cell{StyleID: l.number, Value: c.Number}
	case cellMoney:
		return excelize.Cell{StyleID: l.money, Value: c.Number}
	}
	return nil
}

// stream writes a list with a frozen header row that prints on every page.
func (l *lintXLSX) stream(s *sheet) error {
	if _, err := l.book.NewSheet(s.name); err != nil {
		return err
	}
	l.printLayout(s.name)
	w, err := l.book.NewStreamWriter(s.name)
	if err != nil {
		return err
	}
	for i, wide := range s.widths {
		l.check(w.SetColWidth(i+1, i+1, wide))
	}
	l.check(w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
	head := make([]any, len(s.columns))
	for i, c := range s.columns {
		head[i] = excelize.Cell{StyleID: l.head, Value: c}
	}
	l.check(w.SetRow("A1", head))
	packed, err := s.rows.reader()
	if err != nil {
		return err
	}
	rows := gob.NewDecoder(packed)
	for row := 2; row < s.row; row++ {
		var cells []sheetCell // fresh: gob leaves zero fields as they were
		if err := rows.Decode(&cells); err != nil {
			return err
		}
		values := make([]any, len(cells))
		for i, c := range cells {
			values[i] = l.styled(c)
		}
		if err := w.SetRow(cellName(1, row), values, excelize.RowOpts{Height: s.widths.height(cells)}); err != nil {
			return err
		}
	}
	l.check(w.AddTable(&excelize.Table{Name: s.table, StyleName: "TableStyleLight1",
		Range: "A1:" + cellName(len(s.columns), max(2, s.row-1))}))
	l.check(l.book.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", Scope: s.name, RefersTo: "'" + s.name + "'!$1:$1"}))
	return w.Flush()
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
		if r < ' ' && r != '\n' && r != '\t' || r == 0xfffe || r == 0xffff {
			return '�'
		}
		return r
	}, strings.ToValidUTF8(s, "�"))
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
		var year *int
		if f.FiscalYear > 0 {
			year = (*int)(&f.FiscalYear)
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
		if l.err == nil {
			l.check(l.stream(s))
		}
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

// totalRow is a row of the sheet of totals.
type totalRow struct {
	cells    []sheetCell
	head     bool
	sentence bool // its one cell runs over all columns
}

// totalSheet sums up. Unlike the lists it is short, and its parts share their
// columns.
func (l *lintXLSX) totalSheet(end End) {
	var rows []totalRow
	o := l.opt
	put := func(values ...any) { rows = append(rows, totalRow{cells: toCells(values)}) }
	heading := func(values ...any) { rows = append(rows, totalRow{cells: toCells(values), head: true}) }
	sentence := func(text string) { rows = append(rows, totalRow{cells: toCells([]any{text}), sentence: true}) }

	sentence(l.verdict(end))
	put()
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
		put()
		heading(o.say("级别", "severity"), o.say("规则", "rule"), o.say("问题", "what"), o.say("处数", "count"), o.say("涉及表数", "forms"))
		for _, r := range l.rulesByGravity() {
			put(o.severityWord(r.severity), r.code, r.title, r.findings, r.forms)
		}
	}
	if c := end.Manifest; c != nil {
		put()
		sentence(o.say("报送情况：%s", "Completeness: %s", c.Path))
		var head []any
		for _, column := range o.completenessColumns() {
			head = append(head, column.Title)
		}
		heading(head...)
		sum := c.sum()
		sum.Unit = o.say("合计", "total")
		for _, u := range append(slices.Clone(c.Units), sum) {
			put(o.orUnfilled(u.Unit), u.Expected, u.Submitted, u.Missing, u.Extra, u.AmountDiffers, u.ExpectedAmount, u.SubmittedAmount)
		}
	}
	sum := l.outcomes()
	put()
	heading(o.say("判断结果", "outcome"), o.say("次数", "count"))
	put(o.say("通过", "pass"), sum.Pass)
	put(o.say("不通过", "fail"), sum.Fail)
	put(o.say("不适用", "not applicable"), sum.NotApplicable)
	put(o.say("数据不足，无法判断", "insufficient data"), sum.InsufficientData)
	sentence(l.judged())
	l.writeTotals(rows)
}

func (l *lintXLSX) writeTotals(rows []totalRow) {
	widths := make(columnWidths, 5) // what a sentence runs over at least
	for _, r := range rows {
		for i, c := range r.cells {
			if !r.sentence {
				widths.fit(i, c)
			}
		}
	}
	all := 0.0
	for i := range widths {
		widths[i] = max(widths[i], 9) // Excel's own width
		all += widths[i]
		name, err := excelize.ColumnNumberToName(i + 1)
		l.check(err)
		l.check(l.book.SetColWidth(l.totals, name, name, widths[i]))
	}
	for n, r := range rows {
		first, last := cellName(1, n+1), cellName(max(1, len(r.cells)), n+1)
		height := widths.height(r.cells)
		for i, c := range r.cells {
			if cell, ok := l.styled(c).(excelize.Cell); ok {
				at := cellName(i+1, n+1)
				l.check(l.book.SetCellValue(l.totals, at, cell.Value))
				l.check(l.book.SetCellStyle(l.totals, at, at, cell.StyleID))
			}
		}
		if r.head {
			l.check(l.book.SetCellStyle(l.totals, first, last, l.head))
		}
		if r.sentence {
			last = cellName(len(widths), n+1)
			l.check(l.book.MergeCell(l.totals, first, last))
			l.check(l.book.SetCellStyle(l.totals, first, last, l.wrapped))
			height = columnWidths{all}.height(r.cells)
		}
		l.check(l.book.SetRowHeight(l.totals, n+1, height))
	}
}
