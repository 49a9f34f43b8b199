package manifest

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"perfgoal/internal/zh"
	"perfgoal/model"
	"perfgoal/parser"
	"perfgoal/parser/office"
	"perfgoal/parser/text"
)

// table is the rows of a sheet or of a text.
type table struct {
	rows  []row
	exact bool // cells hold a sheet's numbers, not what is shown of them
	// blanksRepeat says that a blank unit repeats the one above: a text keeps
	// no merged cells.
	blanksRepeat bool
	size         int // cells of a sheet's rows, blank ones included
	covered      int // cells of merged ones; they overlap in no file that Excel writes
}

type row struct {
	line  int // 1-based row of the file
	cells []cell
}

type cell struct {
	text    string
	whole   string // what the merged cell holds that this one is a part of
	above   bool   // that begins in a row above
	beside  bool   // that begins to the left
	formula bool
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
	return c >= 0 && c < t.width(i) && t.rows[i].cells[c].formula
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

// mostCells is how many cells the rows of a sheet may have, those included
// that are blank or covered by merged ones: 100,000 projects in 20 columns.
const mostCells = 2_000_000

var errTooLarge = &Error{model.Text{Zh: "内容太多，超过读取上限；请只留清单需要的行和列", En: "it holds more than is read; keep only the rows and columns that the list needs"}}

// readSheet reads the one sheet that has a header and is not hidden.
func readSheet(data []byte) (*table, error) {
	damaged := bad("打不开这个 XLSX 文件，可能已损坏；请在 Excel 或 WPS 中打开后另存为 .xlsx", "the XLSX file cannot be opened and may be damaged; open it in Excel or WPS and save it as .xlsx")
	var first, found *table
	name := ""
	for sheet, err := range office.Stored(context.Background(), data, office.Limits{Cells: mostCells}) {
		if p := new(model.Problem); errors.As(err, &p) && p.Code != "damaged" {
			return nil, &Error{model.Text{Zh: p.Message.In(model.Chinese), En: p.Message.In(model.English)}}
		}
		if err != nil {
			return nil, damaged
		}
		t, err := sheetTable(sheet)
		if err != nil {
			return nil, err
		}
		if first == nil {
			first = t
		}
		if !hasHeader(t) {
			continue
		}
		if found != nil {
			return nil, bad("工作表“%s”和“%s”都像是清单；请只留一张", "the sheets %q and %q both look like the list; keep one", name, sheet.Name)
		}
		found, name = t, sheet.Name
	}
	switch {
	case found != nil:
		return found, nil
	case first != nil:
		return first, nil
	}
	return nil, damaged
}

func sheetTable(s *office.StoredSheet) (*table, error) {
	t := &table{exact: true}
	for from := 0; from < len(s.Cells); {
		to, at := from+1, s.Cells[from].Row
		for to < len(s.Cells) && s.Cells[to].Row == at {
			to++
		}
		for len(t.rows) <= at {
			t.rows = append(t.rows, row{line: len(t.rows) + 1})
		}
		if err := t.widen(at, s.Cells[to-1].Column); err != nil {
			return nil, err
		}
		for _, c := range s.Cells[from:to] {
			t.rows[at].cells[c.Column] = cell{text: c.Text, formula: c.Formula}
		}
		from = to
	}
	for _, m := range s.Merged {
		if err := t.merge(m); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// widen gives a row the cells up to a column.
func (t *table) widen(i, column int) error {
	more := column + 1 - t.width(i)
	if more <= 0 {
		return nil
	}
	if t.size += more; t.size > mostCells {
		return errTooLarge
	}
	t.rows[i].cells = append(t.rows[i].cells, make([]cell, more)...)
	return nil
}

// merge marks the cells that a merged one covers, within the rows that there
// are. What they hold of their own is not shown, so it is not read.
func (t *table) merge(m office.StoredArea) error {
	const widest = 1024 // columns of a sheet that a list may have
	right, bottom := min(m.Right, widest), min(m.Bottom, len(t.rows)-1)
	if m.Left > right || m.Top > bottom {
		return nil
	}
	if t.covered += (bottom - m.Top + 1) * (right - m.Left + 1); t.covered > mostCells {
		return errTooLarge
	}
	whole := t.at(m.Top, m.Left)
	for i := m.Top; i <= bottom; i++ {
		if err := t.widen(i, right); err != nil {
			return err
		}
		for c := m.Left; c <= right; c++ {
			if i == m.Top && c == m.Left {
				continue
			}
			t.rows[i].cells[c] = cell{whole: whole, above: i > m.Top, beside: c > m.Left}
		}
	}
	return nil
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
