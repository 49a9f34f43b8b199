// Package office reads the tables of office files: workbooks (XLSX, XLS),
// Word documents (DOCX), web pages and comma-separated text. What comes out
// are the same cells that PDF and text give, with what the file hides set
// aside and what a program did to a value doubted.
//
// Workbooks are read as a stream of XML or records with own code, not through
// a workbook library: such a library holds the whole sheet (1.1 GB for a
// sheet of a million cells), writes parts to temporary files, and hands out
// dates and unsaved formulas as if they had been typed.
package office

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"perfgoal/model"
)

// Limits bound what a file may make its reader do. Zero values are the
// defaults.
type Limits struct {
	Part   int64 // bytes one part of a package may unpack to
	Total  int64 // bytes all parts of a package may unpack to
	Cells  int   // cells of all tables, blank ones included
	Lines  int   // paragraphs, and pieces of text that are not printed
	Tables int   // tables, nested ones included
	Depth  int   // how deep elements may nest
}

// defaults are far above what a form needs: 1,000 forms are 300,000 cells in a
// workbook, and 60 MB of XML in a Word document that LibreOffice writes.
var defaults = Limits{Part: 128 << 20, Total: 160 << 20, Cells: 500_000, Lines: 600_000, Tables: 100_000, Depth: 400}

func (l Limits) orDefaults() Limits {
	if l.Part <= 0 {
		l.Part = defaults.Part
	}
	if l.Total <= 0 {
		l.Total = defaults.Total
	}
	if l.Cells <= 0 {
		l.Cells = defaults.Cells
	}
	if l.Lines <= 0 {
		l.Lines = defaults.Lines
	}
	if l.Tables <= 0 {
		l.Tables = defaults.Tables
	}
	if l.Depth <= 0 {
		l.Depth = defaults.Depth
	}
	return l
}

// Options say how to read. The zero value is the default.
type Options struct {
	Limits Limits
	// Title says whether a text begins a declaration; a sheet with two of
	// them side by side is divided between them. May be nil.
	Title func(string) bool
}

// Problems that office files have.
var (
	textDamaged  = model.Text{Zh: "文件已损坏，打不开（{detail}）；请在 Word、Excel 或 WPS 中打开原文件，另存一份后重试", En: "the file is damaged ({detail}); open the original in Word, Excel or WPS, save it again and retry"}
	textTooLarge = model.Text{Zh: "文件内容太大（{detail}），超过读取上限；请删掉多余的行、列或工作表，或拆成几个文件", En: "the file holds too much ({detail}); remove rows, columns or sheets that are not needed, or split it"}
	textLocked   = model.Text{Zh: "文件加了密码，读不了；请用密码打开后取消密码，另存后重试", En: "the file is locked with a password; open it, take the password off, save it and retry"}
	textPictures = model.Text{Zh: "文件里只有图片，没有文字，无法读取；请先做文字识别（OCR），或改用填表的原文件", En: "the file holds pictures and no text; run text recognition (OCR) on it first, or use the original that was filled in"}
	textEmbedded = model.Text{Zh: "文档的内容是嵌入的另一个文件（{part}），不能直接读取；请在 Word 或 WPS 中打开，另存一份后重试", En: "the document's content is another file embedded in it ({part}), which is not read; open it in Word or WPS, save it again and retry"}
	textOldExcel = model.Text{Zh: "这是 Excel 5.0/95 的旧格式，不能直接读取；请在 Excel 或 WPS 中打开，另存为 .xlsx 后重试", En: "this is a workbook of Excel 5.0/95, which is not read; open it in Excel or WPS and save it as .xlsx"}
)

func damaged(zh, en string, cause error) error {
	return &model.Problem{Code: "damaged", Cause: cause, Message: detailed(textDamaged, zh, en)}
}

func tooLarge(zh, en string) error {
	return &model.Problem{Code: "limit", Message: detailed(textTooLarge, zh, en)}
}

func locked() error {
	return &model.Problem{Code: "encrypted", Message: model.Message{Text: textLocked}}
}

// pictures is the problem of a file that holds pictures alone.
func pictures() error {
	return &model.Problem{Code: "no-text", Message: model.Message{Text: textPictures}}
}

// holdText says whether any text was found, printed or not.
func holdText(tables []model.Table) bool {
	return slices.ContainsFunc(tables, func(t model.Table) bool {
		return len(t.Caption)+len(t.Ignored) > 0 || slices.ContainsFunc(t.Cells, func(c model.Cell) bool { return c.Text != "" })
	})
}

// detailed puts a detail with a wording for each language into a message.
func detailed(t model.Text, zh, en string) model.Message {
	return model.Message{Text: model.Text{Zh: strings.ReplaceAll(t.Zh, "{detail}", zh), En: strings.ReplaceAll(t.En, "{detail}", en)}}
}

// meter counts what one document has used of its limits.
type meter struct {
	ctx    context.Context
	limits Limits
	bytes  int64
	cells  int
	lines  int
	tables int
}

func newMeter(ctx context.Context, l Limits) *meter { return &meter{ctx: ctx, limits: l.orDefaults()} }

// addCells books cells that a table is going to have.
func (m *meter) addCells(n int) error {
	if m.cells += n; m.cells > m.limits.Cells || n < 0 {
		return tooLarge("单元格太多", "too many cells")
	}
	return m.ctx.Err()
}

// addLine books a paragraph.
func (m *meter) addLine() error {
	if m.lines++; m.lines > m.limits.Lines {
		return tooLarge("段落太多", "too many paragraphs")
	}
	return nil
}

func (m *meter) addTable() error {
	if m.tables++; m.tables > m.limits.Tables {
		return tooLarge("表格太多", "too many tables")
	}
	return nil
}

// Text is the running text of the tables: caption lines, and a line for each
// row with tabs between its cells.
func Text(tables []model.Table) []string {
	var out []string
	for i := range tables {
		t := &tables[i]
		for _, l := range t.Caption {
			out = append(out, l.Text)
		}
		var row strings.Builder
		at := -1
		for _, c := range t.Cells {
			if c.Row != at {
				if at >= 0 {
					out = append(out, strings.TrimRight(row.String(), "\t"))
				}
				row.Reset()
				at = c.Row
			} else {
				row.WriteByte('\t')
			}
			row.WriteString(c.Text)
		}
		if at >= 0 {
			out = append(out, strings.TrimRight(row.String(), "\t"))
		}
	}
	return out
}

// NumberLines gives the lines outside tables that have no place of their own
// their number among the lines of Text.
func NumberLines(tables []model.Table) {
	n := 0
	for i := range tables {
		t := &tables[i]
		for k := range t.Caption {
			n++
			if at := &t.Caption[k].Location; *at == (model.Location{}) {
				number := n
				at.Line = &number
			}
		}
		row := -1
		for _, c := range t.Cells {
			if c.Row != row {
				row = c.Row
				n++
			}
		}
	}
}

// joinLines puts the lines of a cell together: with nothing between Chinese
// characters, as wrapped lines of a page are, and with a space where letters
// or digits would run together.
func joinLines(lines []string) string {
	if len(lines) == 1 {
		return trim(lines[0])
	}
	var b strings.Builder
	last := byte(0)
	for _, l := range lines {
		l = trim(l)
		if l == "" {
			continue
		}
		if word(last) && word(l[0]) {
			b.WriteByte(' ')
		}
		b.WriteString(l)
		last = l[len(l)-1]
	}
	return b.String()
}

func word(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

func trim(s string) string { return strings.TrimFunc(s, blankRune) }

// blankRune says whether nothing is seen of a character at the edge of a text.
func blankRune(r rune) bool {
	return unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' || r == 0
}

// splitLines divides a cell's text at its line breaks.
func splitLines(s string) []string {
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	return strings.Split(s, "\n")
}

// cellText is a cell's text with its lines joined.
func cellText(s string) string {
	if !strings.ContainsAny(s, "\r\n") {
		return trim(s)
	}
	return joinLines(splitLines(s))
}

// short cuts a text that goes into a message.
func short(s string) string {
	const most = 80 // characters
	n := 0
	for i := range s {
		if n++; n > most {
			return s[:i] + "…"
		}
	}
	return s
}
