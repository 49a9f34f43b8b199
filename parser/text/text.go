// Package text reads declarations that were extracted to plain text. A row of
// the form is a line; its cells are divided by tabs, by the pipes of a
// Markdown table, or by runs of white space. Columns of such a text may lie;
// making sense of that is left to package form.
package text

import (
	"bytes"
	"iter"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
	"unsafe"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	xunicode "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
	"golang.org/x/text/transform"

	"perfgoal/internal/meanwhile"
	"perfgoal/internal/zh"
	"perfgoal/model"
)

// Problems a text can have.
var (
	errBinary = model.Text{
		Zh: "文件内容不是文本，也不是能读的格式，无法读取；请提供申报表的 PDF、Excel、Word 或文本（.txt）文件",
		En: "the content is neither text nor a format that is read; provide the declaration as PDF, Excel, Word or text (.txt)",
	}
	errEncoding = model.Text{
		Zh: "文本编码无法识别（第 {line} 行有既不是 UTF-8 也不是 GB18030 的字节）；请另存为 UTF-8 后重试",
		En: "the text encoding is not recognised (line {line} has bytes that are neither UTF-8 nor GB18030); save it as UTF-8 and try again",
	}
)

// Decode turns the bytes of a text file into UTF-8: with or without a byte
// order mark, UTF-16 and UTF-32 with one, else GB18030 (which contains GBK and
// GB 2312). What is UTF-8 already is not copied: the bytes must not be changed
// any more. The error is a *model.Problem: "not-text" or "bad-encoding".
func Decode(data []byte) (string, error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		data = data[3:]
		if !utf8.Valid(data) {
			return "", encodingProblem(data)
		}
	case bytes.HasPrefix(data, []byte{0xff, 0xfe, 0, 0}), bytes.HasPrefix(data, []byte{0, 0, 0xfe, 0xff}):
		return decodeWith(data, utf32.UTF32(utf32.LittleEndian, utf32.UseBOM))
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}), bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return decodeWith(data, xunicode.UTF16(xunicode.LittleEndian, xunicode.UseBOM))
	}
	switch valid, binary := inspect(data); {
	case binary:
		return "", &model.Problem{Code: "not-text", Message: model.Message{Text: errBinary}}
	case valid:
		return unsafe.String(unsafe.SliceData(data), len(data)), nil // a copy of a large text takes time and memory
	}
	decoded, err := decodeWith(data, simplifiedchinese.GB18030)
	if err != nil && beginsAsUTF8(data) {
		err = encodingProblem(data) // say where the UTF-8 breaks off
	}
	return decoded, err
}

// inspect says whether the bytes are UTF-8, and whether control characters that no
// text has are among them. Stretches of lines are looked at side by side.
func inspect(data []byte) (valid, binary bool) {
	const least = 1 << 20 // bytes that are worth a processor
	parts := make([][]byte, max(1, min(runtime.GOMAXPROCS(0), len(data)/least)))
	for i := range parts {
		parts[i] = data
		n := len(data) / (len(parts) - i)
		if end := bytes.IndexByte(data[n:], '\n'); end >= 0 { // no character runs over it
			parts[i] = data[:n+end+1]
		}
		data = data[len(parts[i]):]
	}
	valids, binaries := make([]bool, len(parts)), make([]bool, len(parts))
	meanwhile.All(len(parts), func(i int) { valids[i], binaries[i] = utf8.Valid(parts[i]), controls(parts[i]) })
	return !slices.Contains(valids, false), slices.Contains(binaries, true)
}

// decodeWith treats a replacement character in the result as the decoding
// error that x/text does not report.
func decodeWith(data []byte, enc encoding.Encoding) (string, error) {
	out, _, err := transform.Bytes(enc.NewDecoder(), data)
	if err != nil || bytes.ContainsRune(out, utf8.RuneError) || controls(out) {
		return "", encodingProblem(out)
	}
	return string(out), nil
}

// beginsAsUTF8 says whether Chinese characters in UTF-8 stand before the first
// byte that is not UTF-8.
func beginsAsUTF8(data []byte) bool {
	for i, han := 0, 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError {
			return false
		}
		if r >= 0x4e00 && r <= 0x9fff {
			if han++; han >= 4 {
				return true
			}
		}
		i += n
	}
	return false
}

func encodingProblem(decoded []byte) error {
	line := 1
	for i := 0; i < len(decoded); {
		r, n := utf8.DecodeRune(decoded[i:])
		if r == utf8.RuneError {
			break
		}
		if r == '\n' {
			line++
		}
		i += n
	}
	return &model.Problem{Code: "bad-encoding", Message: model.Message{Text: errEncoding, Args: model.Args{"line": strconv.Itoa(line)}}}
}

// controls says whether the bytes hold control characters that no text has.
func controls(data []byte) bool {
	for _, b := range data {
		if b < 0x20 && b != '\t' && b != '\n' && b != '\r' && b != '\f' && b != 0x0b && b != 0x1a {
			return true
		}
	}
	return false
}

// Scattered says whether the text is a page's layout drawn with spaces, as
// pdftotext -layout and mail programs draw it: gaps of many widths, and cells
// that wrapped within their columns. No reading of such lines can be trusted,
// for a cell's lines stand between those of its neighbours.
func Scattered(s string, isLabel func(string) bool) bool {
	if shapeOf(s) != bySpaces {
		return false
	}
	scraps, gapped := 0, 0
	gaps := map[int]bool{}
	for line := range strings.Lines(s) {
		trimmed := strings.TrimSpace(line)
		if trimmed == "" || len(trimmed) > longestDrawn {
			continue
		}
		n := len(gaps)
		if noteGaps(trimmed, gaps); len(gaps) > n || strings.Contains(trimmed, "  ") {
			gapped++
		}
		if utf8.RuneCountInString(trimmed) > 4 || isLabel(trimmed) {
			continue
		}
		if strings.IndexFunc(trimmed, func(r rune) bool { return unicode.Is(unicode.Han, r) }) >= 0 {
			scraps++
		}
	}
	return scraps >= leastScraps && gapped > 0 || len(gaps) >= leastGaps && gapped >= leastDrawn
}

// What shows a drawn page: so many scraps of words alone in their lines, or
// gaps of so many widths in so many lines, none of which is longer.
const (
	leastScraps  = 3
	leastGaps    = 5
	leastDrawn   = 8
	longestDrawn = 2000 // bytes
)

// noteGaps notes the widths of the gaps of two spaces and more within a line.
func noteGaps(line string, gaps map[int]bool) {
	n := 0
	for _, r := range line {
		switch {
		case r == ' ' || r == '\u00a0':
			n++
			continue
		case n >= 2:
			gaps[n] = true
		}
		n = 0
	}
}

// shape is how a file divides cells.
type shape int

const (
	byTabs shape = iota
	byPipes
	bySpaces
	byCommas
	bySemicolons
)

// dividers are the characters of the shapes that have one.
var dividers = map[shape]byte{byTabs: '\t', byPipes: '|', byCommas: ',', bySemicolons: ';'}

// Tables yields the rows of the text as tables: the rows between blank lines,
// form feeds and lines that divide no cells. Such a line becomes the caption
// of the next table. A table that a blank line or a form feed divides from the
// rows before it says so with a break before its first row. A text that has
// lost its table is put together by the labels in it.
func Tables(s string, w Words) iter.Seq[model.Table] {
	return func(yield func(model.Table) bool) {
		for t := range Passing(s, w) {
			t.Cells = slices.Clone(t.Cells)
			if !yield(t) {
				return
			}
		}
	}
}

// Passing is Tables for a consumer that has done with a table's cells before
// it asks for the next table, whose cells take their place.
func Passing(s string, w Words) iter.Seq[model.Table] {
	if strings.IndexByte(s, '\r') >= 0 && strings.IndexByte(s, '\n') < 0 {
		s = strings.ReplaceAll(s, "\r", "\n")
	}
	return func(yield func(model.Table) bool) {
		if Linear(s, w) {
			linearTables(s, w, yield)
			return
		}
		how := shapeOf(s)
		b := builder{yield: yield, more: true, words: w}
		r := newRecords(s, how, w)
		for b.more {
			rec, ok := r.next()
			if !ok {
				break
			}
			if rec.feed {
				b.blank()
			}
			switch {
			case rec.blank:
				b.blank()
			case rec.divided:
				b.row(rec.cells, rec.line)
				b.next = r.line + 1
			case how != bySpaces && b.goesOn(rec):
				b.tail(rec.cells[0])
			default:
				b.outside(strings.TrimSpace(rec.cells[0]), rec.line)
			}
		}
		b.flush()
	}
}

func shapeOf(s string) shape {
	tabs := strings.Count(s, "\t")
	pipes := strings.Count(s, "|") + strings.Count(s, "｜")
	lines := strings.Count(s, "\n") + 1
	switch {
	case tabs > 0 && tabs >= pipes:
		return byTabs
	case pipes >= lines/2 && pipes > 0:
		return byPipes
	}
	for _, how := range []shape{byCommas, bySemicolons} {
		if separated(s, how) {
			return how
		}
	}
	return bySpaces
}

// splitSpaces divides at two or more spaces or an ideographic space between
// words. A cell's column is the number of divisions before it.
func splitSpaces(line string) ([]string, bool) {
	var cells []string
	start, end, spaces := -1, 0, 0
	for i, r := range line {
		if unicode.IsSpace(r) {
			spaces++
			if r == '\u3000' {
				spaces++
			}
			continue
		}
		if start >= 0 && spaces >= 2 {
			cells = append(cells, line[start:end])
			start = i
		} else if start < 0 {
			if spaces >= 2 {
				cells = append(cells, "")
			}
			start = i
		}
		spaces = 0
		end = i + utf8.RuneLen(r)
	}
	if start >= 0 {
		cells = append(cells, line[start:end])
	}
	return cells, len(cells) > 1
}

// builder gathers rows into tables.
type builder struct {
	yield   func(model.Table) bool
	more    bool // the consumer wants more
	current model.Table
	gap     bool // a blank line stood before what comes next
	started bool // a row was read
	next    int  // the line behind the last row
	words   Words
}

// blank ends the table at a blank line.
func (b *builder) blank() {
	if b.current.Rows > 0 {
		b.flush()
	}
	b.gap = true
}

func (b *builder) row(texts []string, line int) {
	t := &b.current
	if b.gap && b.started && t.Rows == 0 && len(t.Caption) == 0 {
		t.Breaks = append(t.Breaks, 0)
	}
	b.gap, b.started = false, true
	for col, s := range texts {
		s = zh.Plain(joinBreaks(zh.TrimSpace(s)))
		if s == "" {
			continue
		}
		t.Cells = append(t.Cells, model.Cell{
			Row: t.Rows, Col: col, RowSpan: 1, ColSpan: 1, Text: s,
			Location: model.Location{Line: &line, Cell: model.Ref{Row: t.Rows + 1, Col: col + 1}},
		})
	}
	t.Rows++
	t.Cols = max(t.Cols, len(texts))
}

// goesOn says whether a line without cells right behind a row may be a further
// paragraph of its last cell: it is no title, label, note or page number.
func (b *builder) goesOn(rec record) bool {
	n := len(b.current.Cells)
	if b.current.Rows == 0 || rec.line != b.next || n == 0 || b.words.Kind == nil {
		return false
	}
	last := &b.current.Cells[n-1]
	s := strings.TrimSpace(rec.cells[0])
	return last.Row == b.current.Rows-1 && last.Col > 0 && b.words.Kind(s) == NoLabel && b.words.prefix(s, false) == 0 &&
		!b.words.Title(s) && !note(s) && !pageNumber(s)
}

// tail puts a paragraph behind the last cell, which is doubted: the line may
// as well stand between the rows.
func (b *builder) tail(s string) {
	c := &b.current.Cells[len(b.current.Cells)-1]
	c.Text = model.JoinWrapped(c.Text, zh.Plain(strings.TrimSpace(s)))
	c.Doubt = &model.CellDoubt{Code: model.AmbiguousText, Message: model.Message{Text: wordParagraph}}
	b.next++
}

var wordParagraph = model.Text{
	Zh: "这一格后面另有一行不带格子的文字，可能是它的下一段，也可能不是，没有采用；请用原来的文件",
	En: "a line without cells stands behind this one, which may go on there or not, so it was not taken; use the original file",
}

func (b *builder) outside(s string, line int) {
	if b.current.Rows > 0 {
		b.flush()
	}
	b.current.Caption = append(b.current.Caption, model.Line{Text: zh.Plain(joinBreaks(s)), Location: model.Location{Line: &line}})
	b.gap = false
}

func (b *builder) flush() {
	if b.more && (b.current.Rows > 0 || len(b.current.Caption) > 0) {
		b.current.Geometry = model.Loose
		mergeRepeats(&b.current, b.words)
		b.more = b.yield(b.current)
	}
	b.current = model.Table{Cells: b.current.Cells[:0]}
}

func isBlank(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return !unicode.IsSpace(r) }) < 0
}
