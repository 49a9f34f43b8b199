package report

import (
	"bufio"
	"encoding/binary"
	"io"
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"perfgoal/model"
	"perfgoal/report/workbook"
)

// lintXLSX writes a workbook: totals, findings, what was not read for certain
// where there is any, forms and indicators. The long sheets are held packed until their columns' widths are known and
// then streamed, so that a bundle need not fit in memory.
type lintXLSX struct {
	w   io.Writer
	opt Options
	tally
	findingSheet, readingSheet, formSheet, indicatorSheet *sheet
	err                                                   error
}

// sheet is a list: a header row and rows below it, packed until Close.
type sheet struct {
	name, table string
	columns     []sheetColumn
	used        []bool // columns that are written
	widths      columnWidths
	rows        spool
	row         int    // the next one, counted from 1
	unsaid      int    // rows that the sheet has no room for
	packed      []byte // one row, to be used again
}

// sheetColumn is a column of a list. An optional one is left out where every
// row has nil for it.
type sheetColumn struct {
	Title    string
	Optional bool
}

func always(titles ...string) []sheetColumn {
	out := make([]sheetColumn, len(titles))
	for i, t := range titles {
		out[i] = sheetColumn{Title: t}
	}
	return out
}

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
func (w *columnWidths) fit(col int, c workbook.Cell) {
	for len(*w) <= col {
		*w = append(*w, 0)
	}
	widest := 0
	for line := range strings.Lines(c.Text) {
		widest = max(widest, width(strings.TrimRight(line, "\n")))
	}
	need := float64(widest) * columnWidth
	if c.Kind == workbook.Text {
		need = min(need, max(textWidth, min(need/fewLines, longTextWidth), need/mostLines))
	}
	(*w)[col] = min(max((*w)[col], need+cellPadding), workbook.MaxColumnWidth)
}

// height is what a row needs for its text to be seen, in points.
func (w columnWidths) height(cells []workbook.Cell) float64 {
	lines := 1
	for i, c := range cells {
		if c.Kind == workbook.Text {
			lines = max(lines, textLines(c.Text, w[i]))
		}
	}
	return min(float64(lines)*lineHeight, workbook.MaxRowHeight)
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
	l := &lintXLSX{w: w, opt: opt, tally: newTally(opt)}
	o := opt
	l.findingSheet = newSheet("Findings", o.say("问题", "Findings"), always(o.findingColumns()...))
	l.readingSheet = newSheet("Readings", o.readingTitle(), always(o.findingColumns()...))
	l.formSheet = newSheet("Forms", o.say("申报表", "Forms"), o.formColumns())
	l.indicatorSheet = newSheet("Indicators", o.say("指标", "Indicators"), o.indicatorColumns())
	return l
}

// formColumns are every field of a form and what was found in it.
func (o Options) formColumns() []sheetColumn {
	out := always(o.say("文件", "file"), o.say("表序号", "form"))
	for _, f := range model.Fields {
		title := f.Name.In(o.Lang)
		if f.Kind == model.FieldMoney {
			title += o.say("(元)", " (yuan)")
		}
		out = append(out, sheetColumn{title, true})
	}
	out = append(out, sheetColumn{o.say("资金明细(元)", "funding items (yuan)"), true})
	return append(out, always(o.say("指标数", "indicators"), o.say("错误", "errors"), o.say("警告", "warnings"), o.say("提示", "notes"), o.say("没有读准", "not certain"))...)
}

func (l *lintXLSX) formRow(path string, f *model.Form, found map[model.Severity]int) {
	values := []any{path, f.Index}
	for _, field := range model.Fields {
		switch {
		case f.HasDoubt(field.Path):
			values = append(values, l.opt.doubtedText(f, field.Path))
		case !prints(f, field):
			values = append(values, nil)
		case field.Money(f) != nil:
			values = append(values, *field.Money(f))
		case field.Year(f) != nil && *field.Year(f) != 0:
			values = append(values, int(*field.Year(f)))
		default:
			values = append(values, field.String(f))
		}
	}
	values = append(values, l.opt.itemsText(f))
	l.row(l.formSheet, append(values, len(f.Indicators)+len(f.OverallIndicators), found[model.Error], found[model.Warning], found[model.Info], len(f.Doubts))...)
}

// itemsText are the rows of the funding block that have no field of their own,
// nil where there are none.
func (o Options) itemsText(f *model.Form) any {
	var out []string
	for _, x := range ownItems(f) {
		out = append(out, x.Label+" "+o.amount(x.Amount))
	}
	if out == nil {
		return nil
	}
	return strings.Join(out, o.say("；", "; "))
}

// indicatorColumns are every column of an indicator and what its value was
// read as.
func (o Options) indicatorColumns() []sheetColumn {
	out := always(o.say("文件", "file"), o.say("表序号", "form"), o.say("项目名称", "project"), o.say("范围", "scope"), o.say("序号", "no."))
	for _, f := range model.IndicatorFields {
		out = append(out, sheetColumn{f.Name.In(o.Lang), true})
	}
	return append(out, always(o.say("符号", "operator"), o.say("数值", "number"), o.say("单位", "unit"),
		o.say("页", "page"), o.say("行", "line"), o.say("单元格", "cell"))...)
}

func (l *lintXLSX) indicatorRows(path string, f *model.Form, scope model.Scope, list []model.Indicator) {
	word := l.opt.say("年度", "annual")
	if scope == model.Overall {
		word = l.opt.say("长期", "long-term")
	}
	for i := range list {
		x := &list[i]
		values := []any{path, f.Index, f.Project.Name, word, i + 1}
		for _, column := range model.IndicatorFields {
			at := listPath(scope) + "[" + strconv.Itoa(i) + "]." + column.Path
			switch text := column.String(x); {
			case f.HasDoubt(at):
				values = append(values, l.opt.doubtedText(f, at))
			case text == "" && !slices.Contains(usualColumns, column.Path):
				values = append(values, nil)
			default:
				values = append(values, text)
			}
		}
		l.row(l.indicatorSheet, append(values, string(x.Value.Operator), x.Value.Number, x.Value.Unit, x.Location.Page, x.Location.Line, cellOf(x.Location))...)
	}
}

func newSheet(table, name string, columns []sheetColumn) *sheet {
	s := &sheet{table: table, name: name, columns: columns, row: 2, used: make([]bool, len(columns))}
	for i, c := range columns {
		s.used[i] = !c.Optional
		s.widths.fit(i, toCell(c.Title))
		s.widths[i] += filterButton
	}
	return s
}

// row packs one row. Text is a string; a nil is an empty cell, and no use of
// an optional column.
func (l *lintXLSX) row(s *sheet, values ...any) {
	if l.err != nil {
		return
	}
	if s.row > workbook.MaxRows {
		s.unsaid++
		return
	}
	cells := toCells(values)
	for i, c := range cells {
		s.widths.fit(i, c)
		s.used[i] = s.used[i] || values[i] != nil
	}
	s.packed = packCells(s.packed[:0], cells)
	_, l.err = s.rows.Write(s.packed)
	s.row++
}

func toCells(values []any) []workbook.Cell {
	cells := make([]workbook.Cell, len(values))
	for i, v := range values {
		cells[i] = toCell(v)
	}
	return cells
}

func toCell(v any) workbook.Cell {
	switch v := v.(type) {
	case string:
		if v != "" {
			return workbook.Cell{Kind: workbook.Text, Text: cellText(v)}
		}
	case int:
		return workbook.Cell{Kind: workbook.Number, Text: strconv.Itoa(v), Number: float64(v)}
	case *int:
		if v != nil {
			return toCell(*v)
		}
	case decimal.Decimal:
		// A spreadsheet has no decimals but its own doubles; they hold an
		// amount in 分 exactly as printed up to 15 digits.
		return numberCell(workbook.Money, model.FormatMoney(v), v)
	case model.Money:
		if v.Valid() {
			return toCell(v.Amount)
		} else if v.State == model.MoneyInvalid {
			return toCell(v.Raw)
		}
	case *model.Number:
		if v != nil {
			return numberCell(workbook.Number, v.Value.String(), v.Value)
		}
	}
	return workbook.Cell{}
}

// numberCell is a cell of a number, or of its digits where it is beyond a
// double.
func numberCell(kind workbook.Kind, shown string, d decimal.Decimal) workbook.Cell {
	f := d.InexactFloat64()
	if math.IsInf(f, 0) {
		return workbook.Cell{Kind: workbook.Text, Text: cellText(shown)}
	}
	return workbook.Cell{Kind: kind, Text: shown, Number: f}
}

// packCells appends a row in few bytes; unpackCells reads it.
func packCells(b []byte, cells []workbook.Cell) []byte {
	b = binary.AppendUvarint(b, uint64(len(cells)))
	for _, c := range cells {
		b = append(b, byte(c.Kind))
		switch c.Kind {
		case workbook.Text:
			b = append(binary.AppendUvarint(b, uint64(len(c.Text))), c.Text...)
		case workbook.Number, workbook.Money: // what is shown of it was measured
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(c.Number))
		}
	}
	return b
}

func unpackCells(r *bufio.Reader, into []workbook.Cell) ([]workbook.Cell, error) {
	n, err := binary.ReadUvarint(r)
	for ; n > 0 && err == nil; n-- {
		var kind byte
		if kind, err = r.ReadByte(); err != nil {
			break
		}
		c := workbook.Cell{Kind: workbook.Kind(kind)}
		switch c.Kind {
		case workbook.Text:
			var length uint64
			if length, err = binary.ReadUvarint(r); err == nil {
				text := make([]byte, length)
				_, err = io.ReadFull(r, text)
				c.Text = string(text)
			}
		case workbook.Number, workbook.Money:
			var bits [8]byte
			_, err = io.ReadFull(r, bits[:])
			c.Number = math.Float64frombits(binary.LittleEndian.Uint64(bits[:]))
		}
		into = append(into, c)
	}
	return into, err
}

// list is a sheet with a header row, of the columns that are used.
func (s *sheet) list() workbook.Sheet {
	var head []workbook.Cell
	var widths columnWidths
	for i, c := range s.columns {
		if s.used[i] {
			head, widths = append(head, workbook.Cell{Kind: workbook.Heading, Text: c.Title}), append(widths, s.widths[i])
		}
	}
	return workbook.Sheet{Name: s.name, Table: s.table, Widths: widths, Rows: func(yield func(workbook.Row, error) bool) {
		if !yield(workbook.Row{Cells: head}, nil) {
			return
		}
		packed, err := s.rows.reader()
		if err != nil {
			yield(workbook.Row{}, err)
			return
		}
		r := bufio.NewReader(packed)
		var cells []workbook.Cell
		for range s.row - 2 {
			if cells, err = unpackCells(r, cells[:0]); err != nil {
				yield(workbook.Row{}, err)
				return
			}
			row := cells[:0]
			for i, c := range cells {
				if s.used[i] {
					row = append(row, c)
				}
			}
			if !yield(workbook.Row{Cells: row, Height: widths.height(row)}, nil) {
				return
			}
		}
	}}
}

// cellText fits text into a cell.
func cellText(s string) string {
	s = PrintableLines(strings.ToValidUTF8(s, "�"))
	if utf8.RuneCountInString(s) > workbook.MaxText {
		s = string([]rune(s)[:workbook.MaxText-1]) + "…"
	}
	return s
}

func (l *lintXLSX) Add(c Checked) error {
	l.add(c)
	o := l.opt
	perForm := map[int]map[model.Severity]int{}
	if p := o.trouble(c); p != nil {
		what := o.say("未检查", "not checked")
		if c.Error == nil {
			what = o.say("没有读准", "not certain")
		}
		l.row(l.findingSheet, c.Path, nil, "", what, p.Code, "", p.Message.In(o.Lang))
	}
	for _, f := range c.Findings {
		to := l.findingSheet
		if o.reading(f) {
			to = l.readingSheet
		} else if f.Form != nil {
			if perForm[*f.Form] == nil {
				perForm[*f.Form] = map[model.Severity]int{}
			}
			perForm[*f.Form][f.Severity]++
		}
		if !o.Lists(f) {
			continue
		}
		l.row(to, f.Path, f.Form, f.Project, o.gravity(f), f.Rule, f.Name, f.Message.In(o.Lang), f.Text, f.Field,
			f.Location.Page, f.Location.Line, cellOf(f.Location), f.Fingerprint)
	}
	if c.Document == nil {
		return l.err
	}
	for i := range c.Document.Forms {
		f := &c.Document.Forms[i]
		l.formRow(c.Path, f, perForm[f.Index])
		l.indicatorRows(c.Path, f, model.Annual, f.Indicators)
		l.indicatorRows(c.Path, f, model.Overall, f.OverallIndicators)
	}
	return l.err
}

func (l *lintXLSX) Close(end End) error {
	if l.err != nil {
		return l.err
	}
	book := workbook.Book{Creator: author, Sheets: []workbook.Sheet{l.totalSheet(end)}}
	for _, s := range []*sheet{l.findingSheet, l.readingSheet, l.formSheet, l.indicatorSheet} {
		if s == l.readingSheet && s.row == 2 {
			continue // nothing to tell
		}
		book.Sheets = append(book.Sheets, s.list())
	}
	return workbook.Write(l.w, book)
}

// totalRow is a row of the sheet of totals.
type totalRow struct {
	cells    []workbook.Cell
	sentence bool // its one cell runs over all columns
}

// totalSheet sums up. Unlike the lists it is short, and its parts share their
// columns.
func (l *lintXLSX) totalSheet(end End) workbook.Sheet {
	var rows []totalRow
	o := l.opt
	put := func(values ...any) { rows = append(rows, totalRow{cells: toCells(values)}) }
	heading := func(values ...any) {
		cells := toCells(values)
		for i := range cells {
			cells[i].Kind = workbook.Heading
		}
		rows = append(rows, totalRow{cells: cells})
	}
	sentence := func(text string) { rows = append(rows, totalRow{cells: toCells([]any{text}), sentence: true}) }

	sentence(l.verdict(end))
	if l.partial > 0 {
		sentence(o.readingTitle() + o.say("：", ": ") + o.readingAdvice())
	}
	put()
	put(o.say("文件", "files"), l.documents)
	put(o.say("没有得到检查的文件", "files not checked"), len(l.unread))
	put(o.say("申报表", "forms"), l.forms)
	put(o.say("错误", "errors"), l.severity[model.Error])
	put(o.say("警告", "warnings"), l.severity[model.Warning])
	put(o.say("提示", "notes"), l.severity[model.Info])
	if l.partial > 0 {
		put(o.say("没有全部读准的文件", "files not read for certain in all places"), l.partial)
		put(o.readingTitle(), l.doubted)
	}
	if n := l.findingSheet.unsaid + l.readingSheet.unsaid + l.formSheet.unsaid + l.indicatorSheet.unsaid; n > 0 {
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
		for _, column := range o.completenessColumns(c) {
			head = append(head, column.Title)
		}
		heading(head...)
		sum := c.sum()
		sum.Unit = o.say("合计", "total")
		for _, u := range append(slices.Clone(c.Units), sum) {
			cells := []any{o.orUnfilled(u.Unit), u.Expected, u.Submitted, u.Missing}
			if sum.Unread > 0 {
				cells = append(cells, u.Unread)
			}
			var expected any = u.ExpectedAmount
			if u.expectedAmount() == unknown {
				expected = unknown
			}
			put(append(cells, u.Extra, u.AmountDiffers, expected, u.SubmittedAmount)...)
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
	widths, laid := totalRows(rows)
	return workbook.Sheet{Name: o.say("汇总", "Totals"), Widths: widths, Rows: laid}
}

// totalRows lays the rows of the totals out.
func totalRows(rows []totalRow) (columnWidths, iter.Seq2[workbook.Row, error]) {
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
	}
	return widths, func(yield func(workbook.Row, error) bool) {
		for _, r := range rows {
			row := workbook.Row{Cells: r.cells, Height: widths.height(r.cells), Merged: r.sentence}
			if r.sentence {
				row.Height = columnWidths{all}.height(r.cells)
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}
