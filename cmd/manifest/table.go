package manifest

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"perfgoal/internal/zh"
	"perfgoal/parser"
	"perfgoal/parser/text"
)

// table is the rows of a sheet or of a text.
type table struct {
	rows  []row
	exact bool // cells hold a sheet's numbers, not what is shown of them
	// blanksRepeat says that a blank unit repeats the one above: a text keeps
	// no merged cells.
	blanksRepeat bool
	formula      func(line, column int) bool // a cell has one; nil for text
}

type row struct {
	line  int // 1-based row of the file
	cells []cell
}

type cell struct {
	text   string
	whole  string // what the merged cell holds that this one is a part of
	above  bool   // that begins in a row above
	beside bool   // that begins to the left
}

func (t *table) width(i int) int {
	if i >= len(t.rows) {
		return 0
	}
	return len(t.rows[i].cells)
}

func (t *table) at(i, c int) string {
	if c < 0 || c >= t.width(i) {
		return ""
	}
	return strings.TrimFunc(t.rows[i].cells[c].text, isSpace)
}

// over is the heading that stands over a column: its own cell, or the one to
// the left that spans it. A sheet says how far cells are merged; in a text
// the blank cells behind one belong to it.
func (t *table) over(i, c int) string {
	for ; c >= 0; c-- {
		s := t.at(i, c)
		if s != "" || !t.blanksRepeat && (c >= t.width(i) || !t.rows[i].cells[c].beside) {
			return s
		}
	}
	return ""
}

// continues says whether a cell is the lower part of a merged one.
func (t *table) continues(i, c int) bool { return c >= 0 && c < t.width(i) && t.rows[i].cells[c].above }

// merged is what the merged cell holds that a cell is the lower part of.
func (t *table) merged(i, c int) string {
	if !t.continues(i, c) {
		return ""
	}
	return t.rows[i].cells[c].whole
}

// uncomputed says whether a blank cell has a formula whose result the file
// does not hold.
func (t *table) uncomputed(i, c int) bool {
	return t.formula != nil && c >= 0 && t.formula(t.rows[i].line, c)
}

func isSpace(r rune) bool { return unicode.IsSpace(r) || zh.Invisible(r) }

// joined is a text without its line breaks: a name broken to fit its column.
func joined(s string) string {
	var b strings.Builder
	for line := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '\n' || r == '\r' }) {
		line = strings.TrimFunc(line, isSpace)
		if before := b.String(); line != "" && before != "" && line[0] < utf8.RuneSelf && before[len(before)-1] < utf8.RuneSelf {
			b.WriteByte(' ')
		}
		b.WriteString(line)
	}
	return b.String()
}

// read finds the table in a file.
func read(data []byte) (*table, error) {
	f := parser.Recognise(data)
	switch f.Code {
	case parser.FormatXLSX:
		return readSheet(data)
	case parser.FormatText:
		return readText(data)
	case parser.FormatLockedOffice:
		return nil, bad("这是%[1]s；请用密码打开后取消密码，另存为 .xlsx", "it is locked (%[2]s); take the password off and save it as .xlsx", f.Name.Zh, f.Name.En)
	case parser.FormatXLS, parser.FormatXLSB, parser.FormatODS, parser.FormatHTML, parser.FormatExcelXML, parser.FormatOLE:
		return nil, bad("不能直接读取这种格式：%[1]s；请在 Excel 或 WPS 中打开，另存为 .xlsx 或 CSV", "this format is not read: %[2]s; open it in Excel or WPS and save it as .xlsx or CSV", f.Name.Zh, f.Name.En)
	}
	return nil, bad("清单应当是表格，这个文件却是：%[1]s；请把清单另存为 .xlsx 或 CSV", "a manifest is a table, but this is: %[2]s; save the list as .xlsx or CSV", f.Name.Zh, f.Name.En)
}

// maxUnzipped bounds what an XLSX file may unpack to, in bytes.
const maxUnzipped = 512 << 20

// readSheet reads the one sheet that has a header and is not hidden.
func readSheet(data []byte) (*table, error) {
	damaged := bad("打不开这个 XLSX 文件，可能已损坏；请在 Excel 或 WPS 中打开后另存为 .xlsx", "the XLSX file cannot be opened and may be damaged; open it in Excel or WPS and save it as .xlsx")
	book, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: maxUnzipped, RawCellValue: true})
	if err != nil {
		return nil, damaged
	}
	defer func() { _ = book.Close() }()
	var first, found *table
	name := ""
	for _, sheet := range book.GetSheetList() {
		if visible, err := book.GetSheetVisible(sheet); err != nil || !visible {
			continue
		}
		t, err := sheetTable(book, sheet)
		if err != nil {
			return nil, damaged
		}
		if first == nil {
			first = t
		}
		if !hasHeader(t) {
			continue
		}
		if found != nil {
			return nil, bad("工作表“%s”和“%s”都像是清单；请只留一张", "the sheets %q and %q both look like the list; keep one", name, sheet)
		}
		found, name = t, sheet
	}
	switch {
	case found != nil:
		return found, nil
	case first != nil:
		return first, nil
	}
	return nil, damaged
}

func sheetTable(book *excelize.File, sheet string) (*table, error) {
	values, err := book.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		return nil, err
	}
	t := &table{exact: true, formula: func(line, column int) bool {
		at, err := excelize.CoordinatesToCellName(column+1, line)
		if err != nil {
			return false
		}
		f, err := book.GetCellFormula(sheet, at)
		return err == nil && f != ""
	}}
	for i, v := range values {
		r := row{line: i + 1, cells: make([]cell, len(v))}
		for c, s := range v {
			r.cells[c].text = s
		}
		t.rows = append(t.rows, r)
	}
	merged, err := book.GetMergeCells(sheet, true)
	if err != nil {
		return nil, err
	}
	for _, m := range merged {
		left, top, err1 := excelize.CellNameToCoordinates(m.GetStartAxis())
		right, bottom, err2 := excelize.CellNameToCoordinates(m.GetEndAxis())
		if errors.Join(err1, err2) != nil {
			return nil, errors.Join(err1, err2)
		}
		t.merge(top-1, left-1, bottom-1, right-1)
	}
	return t, nil
}

// merge marks the cells that a merged one covers, within the rows that there
// are. What they hold of their own is not shown, so it is not read.
func (t *table) merge(top, left, bottom, right int) {
	const widest = 1024 // columns of a sheet that a list may have
	right = min(right, widest)
	if top >= len(t.rows) {
		return
	}
	whole := t.at(top, left)
	for i := top; i <= min(bottom, len(t.rows)-1); i++ {
		r := &t.rows[i]
		for len(r.cells) <= right {
			r.cells = append(r.cells, cell{})
		}
		for c := left; c <= right; c++ {
			if i == top && c == left {
				continue
			}
			r.cells[c] = cell{whole: whole, above: i > top, beside: c > left}
		}
	}
}

// separators stand between the cells of a text, those of Excel first.
var separators = []rune{'\t', ',', ';', '|', '，', '；'}

// readText reads a text whose cells are divided by whatever makes its header
// be found.
func readText(data []byte) (*table, error) {
	s, err := text.Decode(data)
	if err != nil {
		return nil, bad("既不是表格，也不是 UTF-8 或 GBK 编码的文本；请在 Excel 或 WPS 中另存为 .xlsx 或 CSV UTF-8", "it is neither a sheet nor text in UTF-8 or GBK; save it as .xlsx or CSV UTF-8")
	}
	if !strings.Contains(s, "\n") {
		s = strings.ReplaceAll(s, "\r", "\n") // as Excel for Mac once wrote
	}
	var best *table
	var failed error
	for _, comma := range separators {
		if !strings.ContainsRune(s, comma) {
			continue
		}
		t, err := readSeparated(s, comma)
		if err != nil {
			failed = err
			continue
		}
		if best == nil {
			best = t
		}
		if hasHeader(t) {
			return t, nil
		}
	}
	switch {
	case best != nil:
		return best, nil
	case failed != nil:
		return nil, failed
	}
	return &table{}, nil
}

// readSeparated reads a text with a given separator.
func readSeparated(s string, comma rune) (*table, error) {
	t, err := readRecords(s, comma, false)
	if err == nil {
		return t, nil
	}
	// Quotation marks that are part of a text, as in 6"管. Where they would
	// make a cell run over lines, some mark has lost its partner.
	lazy, lazyErr := readRecords(s, comma, true)
	var at *csv.ParseError
	if lazyErr == nil && len(lazy.rows) == strings.Count(strings.TrimRight(s, "\n"), "\n")+1 {
		return lazy, nil
	}
	if errors.As(err, &at) {
		return nil, bad("第%d行的引号没有成对，读不了；请在 Excel 或 WPS 中另存为 .xlsx", "row %d has a quotation mark without its partner; save the list as .xlsx", at.StartLine)
	}
	return nil, bad("不是有效的 CSV；请在 Excel 或 WPS 中另存为 .xlsx", "it is no CSV; save the list as .xlsx")
}

func readRecords(s string, comma rune, lazy bool) (*table, error) {
	r := csv.NewReader(strings.NewReader(s))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = comma, -1, lazy
	t := &table{blanksRepeat: true}
	for {
		record, err := r.Read()
		switch {
		case errors.Is(err, io.EOF):
			return t, nil
		case err != nil:
			return nil, err
		}
		line, _ := r.FieldPos(0)
		for len(t.rows) < line-1 { // blank lines keep their number
			t.rows = append(t.rows, row{line: len(t.rows) + 1})
		}
		x := row{line: line, cells: make([]cell, len(record))}
		for c, field := range record {
			x.cells[c].text = field
		}
		t.rows = append(t.rows, x)
	}
}
