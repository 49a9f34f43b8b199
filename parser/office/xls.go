package office

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/richardlehane/mscfb"

	"perfgoal/model"
)

// XLS reads the sheets of a workbook of Excel 97-2003 (BIFF8, [MS-XLS]), which
// is also what WPS keeps in .et files. The error is a *model.Problem, or the
// context's.
func XLS(ctx context.Context, data []byte, opt Options) ([]model.Table, error) {
	m := newMeter(ctx, opt.Limits)
	stream, err := workbookStream(m, data)
	if err != nil {
		return nil, err
	}
	b := &biff{meter: m, data: stream, formats: newFormats()}
	if err := b.globals(); err != nil {
		return nil, err
	}
	var out []model.Table
	for i := range b.sheets {
		s, err := b.sheet(&b.sheets[i])
		if err != nil {
			return nil, err
		}
		tables, err := s.tables(m, opt.Title)
		if err != nil {
			return nil, err
		}
		out = append(out, tables...)
	}
	return out, nil
}

// workbookStream takes the workbook out of the compound file around it.
func workbookStream(m *meter, data []byte) ([]byte, error) {
	const mostStorages = 2000
	if storages(data) > mostStorages {
		return nil, tooLarge("内嵌对象太多", "too many embedded objects")
	}
	r, err := mscfb.New(bytes.NewReader(data))
	if err != nil {
		return nil, damaged("复合文档结构不完整", "its compound file is incomplete", err)
	}
	old := false
	for _, f := range r.File {
		if len(f.Path) > 0 {
			continue
		}
		switch f.Name {
		case "EncryptedPackage":
			return nil, locked()
		case "Workbook":
			if f.Size > int64(len(data)) || f.Size > m.limits.Total {
				return nil, damaged("复合文档结构不完整", "its compound file is incomplete", nil)
			}
			stream := make([]byte, f.Size)
			if _, err := io.ReadFull(f, stream); err != nil {
				return nil, damaged("工作簿内容不完整", "the workbook in it is cut off", err)
			}
			return stream, nil
		case "Book":
			old = true
		}
	}
	if old {
		return nil, &model.Problem{Code: "unsupported-format", Message: model.Message{Text: textOldExcel}}
	}
	return nil, damaged("里面没有工作簿", "there is no workbook in it", nil)
}

// storages counts what looks like a storage's directory entry. The library
// keeps every storage's path, which nested ones make long without end.
func storages(data []byte) int {
	const entry, kindAt, lengthAt, storage = 128, 66, 64, 1
	n := 0
	for at := 0; at+entry <= len(data); at += entry {
		e := data[at : at+entry]
		length := int(binary.LittleEndian.Uint16(e[lengthAt:]))
		if e[kindAt] == storage && e[kindAt+1] <= 1 && length >= 2 && length <= 64 && length%2 == 0 && e[length-2] == 0 && e[length-1] == 0 {
			n++
		}
	}
	return n
}

// Records of BIFF8 that are read.
const (
	recFormula     = 0x0006
	recEOF         = 0x000a
	recName        = 0x0018
	recDateMode    = 0x0022
	recFilePass    = 0x002f
	recFont        = 0x0031
	recContinue    = 0x003c
	recObject      = 0x005d
	recColumnInfo  = 0x007d
	recBoundSheet  = 0x0085
	recMulRK       = 0x00bd
	recMulBlank    = 0x00be
	recRichString  = 0x00d6
	recXF          = 0x00e0
	recMergedCells = 0x00e5
	recDrawing     = 0x00ec
	recSST         = 0x00fc
	recLabelSST    = 0x00fd
	recTextObject  = 0x01b6
	recBlank       = 0x0201
	recNumber      = 0x0203
	recLabel       = 0x0204
	recBoolErr     = 0x0205
	recString      = 0x0207
	recRow         = 0x0208
	recRK          = 0x027e
	recFormat      = 0x041e
	recBOF         = 0x0809
)

// biff is a workbook's stream of records.
type biff struct {
	meter    *meter
	data     []byte
	at       int
	read     int
	date1904 bool
	strings  []string
	formats  *formats
	fonts    []symbolFont
	xfs      []xf
	styles   []cellStyle
	sheets   []biffSheet
}

type xf struct {
	font, format int
	bordered     bool
}

type biffSheet struct {
	name    string
	at      int
	hidden  bool
	printed []area
}

// record is one record; its bytes are read with u16 and u32, which give zero
// behind the end.
type record struct {
	kind int
	body []byte
}

func (r record) u8(at int) int {
	if at >= 0 && at < len(r.body) {
		return int(r.body[at])
	}
	return 0
}

func (r record) u16(at int) int { return r.u8(at) | r.u8(at+1)<<8 }
func (r record) u32(at int) int { return r.u16(at) | r.u16(at+2)<<16 }

func (r record) float(at int) float64 {
	if at+8 > len(r.body) {
		return 0
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(r.body[at:]))
}

func (r record) from(at int) []byte { return r.body[min(at, len(r.body)):] }

// next reads a record.
func (b *biff) next() (record, error) {
	if b.read++; b.read&0xfff == 0 && b.meter.ctx.Err() != nil {
		return record{}, b.meter.ctx.Err()
	}
	const head = 4
	if b.at < 0 || b.at+head > len(b.data) {
		return record{}, damaged("工作簿内容不完整", "the workbook in it is cut off", nil)
	}
	kind, size := int(binary.LittleEndian.Uint16(b.data[b.at:])), int(binary.LittleEndian.Uint16(b.data[b.at+2:]))
	if b.at+head+size > len(b.data) {
		return record{}, damaged("工作簿内容不完整", "the workbook in it is cut off", nil)
	}
	r := record{kind, b.data[b.at+head : b.at+head+size]}
	b.at += head + size
	return r, nil
}

// more are the bodies of the records that go on with the last one.
func (b *biff) more() ([][]byte, error) {
	var out [][]byte
	for {
		at := b.at
		r, err := b.next()
		if err != nil || r.kind != recContinue {
			b.at = at
			if len(b.data)-at < 4 {
				err = nil // said when it is read again
			}
			return out, err
		}
		out = append(out, r.body)
	}
}

func (b *biff) globals() error {
	first, err := b.next()
	if err != nil {
		return err
	}
	const biff8 = 0x0600
	if first.kind != recBOF {
		return damaged("工作簿内容不完整", "the workbook in it is damaged", nil)
	}
	if first.u16(0) != biff8 {
		return &model.Problem{Code: "unsupported-format", Message: model.Message{Text: textOldExcel}}
	}
	printed := map[int][]area{}
	for {
		r, err := b.next()
		if err != nil {
			return err
		}
		switch r.kind {
		case recEOF:
			for i, a := range printed {
				if i >= 1 && i <= len(b.sheets) {
					b.sheets[i-1].printed = a
				}
			}
			b.makeStyles()
			b.dropCharts()
			if len(b.sheets) == 0 {
				return damaged("里面没有工作表", "there is no sheet in it", nil)
			}
			return nil
		case recFilePass:
			return locked()
		case recDateMode:
			b.date1904 = r.u16(0) == 1
		case recFormat:
			text, _ := stringAt(r.from(2), 2)
			b.formats.codes[r.u16(0)] = text
		case recFont:
			name, _ := stringAt(r.from(14), 1)
			b.fonts = append(b.fonts, symbolFontOf(name))
		case recXF:
			const sides = 0xff // four bits each for the lines left and right
			b.xfs = append(b.xfs, xf{r.u16(0), r.u16(2), r.u32(10)&sides != 0})
		case recBoundSheet:
			if err := b.meter.addTable(); err != nil {
				return err
			}
			name, _ := stringAt(r.from(6), 1)
			s := biffSheet{name: name, at: r.u32(0), hidden: r.u8(4)&3 != 0}
			if r.u8(5) != 0 {
				s.at = -1 // a chart or macros
			}
			b.sheets = append(b.sheets, s)
		case recSST:
			if err := b.readStrings(r); err != nil {
				return err
			}
		case recName:
			if sheet, areas := printArea(r); areas != nil {
				printed[sheet] = areas
			}
		}
	}
}

func (b *biff) dropCharts() {
	kept := b.sheets[:0]
	for _, s := range b.sheets {
		if s.at >= 0 {
			kept = append(kept, s)
		}
	}
	b.sheets = kept
}

func (b *biff) makeStyles() {
	for _, x := range b.xfs {
		style := cellStyle{format: b.formats.of(x.format), bordered: x.bordered}
		if x.font > 4 { // there is no font 4
			x.font--
		}
		if x.font < len(b.fonts) {
			style.symbols = b.fonts[x.font]
		}
		b.styles = append(b.styles, style)
	}
}

func (b *biff) style(n int) cellStyle {
	if n < len(b.styles) {
		return b.styles[n]
	}
	return cellStyle{format: b.formats.of(0)}
}

// stringAt reads a string whose length takes so many bytes, and returns how
// many bytes it has.
func stringAt(body []byte, lengthBytes int) (string, int) {
	r := record{body: body}
	n := r.u8(0)
	if lengthBytes == 2 {
		n = r.u16(0)
	}
	flags := r.u8(lengthBytes)
	at := lengthBytes + 1
	if flags&8 != 0 {
		at += 2
	}
	if flags&4 != 0 {
		at += 4
	}
	s := chars(r.from(at), n, flags&1 != 0)
	if flags&1 != 0 {
		n *= 2
	}
	return s, at + n
}

// chars are n characters of one byte, or of two.
func chars(b []byte, n int, wide bool) string {
	if !wide {
		units := make([]rune, 0, min(n, len(b)))
		for _, c := range b[:min(n, len(b))] {
			units = append(units, rune(c))
		}
		return string(units)
	}
	units := make([]uint16, 0, min(n, len(b)/2))
	for i := 0; i < n && 2*i+1 < len(b); i++ {
		units = append(units, binary.LittleEndian.Uint16(b[2*i:]))
	}
	return string(utf16.Decode(units))
}

// pieces reads on through the records that a long one is divided into.
type pieces struct {
	list [][]byte
	at   int
}

func (p *pieces) done() bool {
	for len(p.list) > 0 && p.at >= len(p.list[0]) {
		p.list, p.at = p.list[1:], 0
	}
	return len(p.list) == 0
}

func (p *pieces) byte() int {
	if p.done() {
		return 0
	}
	b := p.list[0][p.at]
	p.at++
	return int(b)
}

func (p *pieces) u16() int { return p.byte() | p.byte()<<8 }

func (p *pieces) skip(n int) {
	for n > 0 && !p.done() {
		step := min(n, len(p.list[0])-p.at)
		p.at += step
		n -= step
	}
}

// chars reads n characters. Where they go on in a further piece, that says
// anew whether characters have one byte or two.
func (p *pieces) chars(n int, wide bool) string {
	var out strings.Builder
	for n > 0 && len(p.list) > 0 {
		if p.at >= len(p.list[0]) {
			if p.done() {
				break
			}
			wide = p.byte()&1 != 0
			continue
		}
		here := p.list[0][p.at:]
		size := 1
		if wide {
			size = 2
		}
		fits := min(n, len(here)/size)
		if fits == 0 { // half a character: a damaged file
			p.at = len(p.list[0])
			continue
		}
		out.WriteString(chars(here, fits, wide))
		p.at += fits * size
		n -= fits
	}
	return out.String()
}

func (b *biff) readStrings(first record) error {
	more, err := b.more()
	if err != nil {
		return err
	}
	p := &pieces{list: append([][]byte{first.from(8)}, more...)}
	for !p.done() {
		if len(b.strings) > 4*b.meter.limits.Cells {
			return tooLarge("文字太多", "too many texts")
		}
		n := p.u16()
		flags := p.byte()
		runs, extra := 0, 0
		if flags&8 != 0 {
			runs = p.u16()
		}
		if flags&4 != 0 {
			extra = p.u16() | p.u16()<<16
		}
		b.strings = append(b.strings, p.chars(n, flags&1 != 0))
		const runBytes = 4
		p.skip(runs*runBytes + extra)
	}
	return nil
}

// printArea reads the built-in name for the area that a sheet prints; the
// sheet is 1-based. areas is nil for other names.
func printArea(r record) (sheet int, areas []area) {
	const builtIn, printAreaName = 0x20, 6
	if r.u16(0)&builtIn == 0 || r.u8(3) != 1 || r.u8(15) != printAreaName {
		return 0, nil
	}
	at := 16
	if r.u8(14)&1 != 0 {
		at++ // a character of two bytes
	}
	end := at + r.u16(4)
	for at < end && at < len(r.body) {
		const columnBits = 0x3fff
		switch op := r.u8(at); op {
		case 0x3b, 0x5b, 0x7b: // an area on a sheet
			areas = append(areas, area{r.u16(at + 3), r.u16(at+7) & columnBits, r.u16(at + 5), r.u16(at+9) & columnBits})
			at += 11
		case 0x3a, 0x5a, 0x7a: // a cell on a sheet
			areas = append(areas, area{r.u16(at + 3), r.u16(at+5) & columnBits, r.u16(at + 3), r.u16(at+5) & columnBits})
			at += 7
		case 0x10: // union
			at++
		case 0x29, 0x49, 0x69: // the areas follow
			at += 3
		default:
			return 0, nil
		}
	}
	return r.u16(8), areas
}

// sheet reads one sheet's records.
func (b *biff) sheet(ref *biffSheet) (*sheet, error) {
	out := &sheet{name: ref.name, hidden: ref.hidden, printed: ref.printed}
	b.at = ref.at
	if r, err := b.next(); err != nil || r.kind != recBOF {
		if err == nil {
			err = damaged("工作表内容不完整", "a sheet in it is damaged", nil)
		}
		return nil, err
	}
	deep := 0 // in a chart on the sheet
	pending := -1
	corner, note := [2]int{}, false
	for {
		r, err := b.next()
		if err != nil {
			return nil, err
		}
		if len(out.cells) > b.meter.limits.Cells+maxColumns || len(out.merges) > b.meter.limits.Cells {
			return nil, tooLarge("单元格太多", "too many cells")
		}
		switch {
		case r.kind == recBOF:
			deep++
			continue
		case r.kind == recEOF && deep > 0:
			deep--
			continue
		case r.kind == recEOF:
			return out, nil
		case deep > 0:
			continue
		}
		switch r.kind {
		case recColumnInfo:
			if r.u16(8)&1 != 0 || r.u16(4) == 0 {
				for c := r.u16(0); c <= min(r.u16(2), maxColumns-1); c++ {
					out.columns.add(c)
				}
			}
		case recRow:
			const zeroHeight = 0x20
			if r.u16(12)&zeroHeight != 0 {
				out.rows.add(r.u16(0))
			}
		case recMergedCells:
			for i := range min(r.u16(0), (len(r.body)-2)/8) {
				at := 2 + 8*i
				out.merges = append(out.merges, area{r.u16(at), r.u16(at + 4), r.u16(at + 2), r.u16(at + 6)})
			}
		case recDrawing:
			if row, col, ok := anchor(r.body); ok {
				corner = [2]int{row, col}
			}
		case recObject:
			const comment = 0x19
			note = r.u16(4) == comment
		case recTextObject:
			more, err := b.more()
			if err != nil {
				return nil, err
			}
			p := &pieces{list: more}
			if n := r.u16(10); n > 0 && !note {
				text := p.chars(n, p.byte()&1 != 0)
				out.boxes = append(out.boxes, textBox{row: corner[0], col: corner[1], lines: splitLines(text)})
			}
		case recString:
			text, err := b.longString(r)
			if err != nil {
				return nil, err
			}
			if pending >= 0 {
				c := &out.cells[pending]
				c.setText(text)
				pending = -1
			}
		default:
			n := len(out.cells)
			if err := b.cells(r, out); err != nil {
				return nil, err
			}
			for i := n; i < len(out.cells); i++ {
				if out.cells[i].col >= maxColumns {
					return nil, damaged("列太多", "a row has too many columns", nil)
				}
			}
			if r.kind == recFormula && len(out.cells) > n {
				pending = -1
				if r.u16(12) == 0xffff && r.u8(6) == 0 {
					pending = n
				}
			}
		}
	}
}

// longString reads a formula's text, which may go on in further records.
func (b *biff) longString(r record) (string, error) {
	more, err := b.more()
	if err != nil {
		return "", err
	}
	p := &pieces{list: append([][]byte{r.body}, more...)}
	n := p.u16()
	return p.chars(n, p.byte()&1 != 0), nil
}

// anchor finds the cell in which a drawn object begins.
func anchor(b []byte) (row, col int, ok bool) {
	i := bytes.Index(b, []byte{0x10, 0xf0, 18, 0, 0, 0}) // a client anchor of 18 bytes
	if i < 0 {
		return 0, 0, false
	}
	r := record{body: b[i+6:]}
	return r.u16(6), r.u16(2), len(r.body) >= 18
}

// cells reads the record of a cell, or of several.
func (b *biff) cells(r record, out *sheet) error {
	add := func(col, style int, set func(c *sheetCell, s cellStyle)) {
		s := b.style(style)
		c := sheetCell{row: r.u16(0), col: col, bordered: s.bordered}
		if set != nil {
			set(&c, s)
		}
		if c.text != "" || s.bordered && len(out.cells) < b.meter.limits.Cells || r.kind == recFormula {
			out.cells = append(out.cells, c)
		}
	}
	number := func(v float64) func(c *sheetCell, s cellStyle) {
		return func(c *sheetCell, s cellStyle) {
			c.showNumber(strconv.FormatFloat(v, 'g', -1, 64), s.format, b.date1904)
		}
	}
	text := func(t string) func(c *sheetCell, s cellStyle) {
		return func(c *sheetCell, s cellStyle) { c.setText(s.symbols.text(s.format.text(t))) }
	}
	col, style := r.u16(2), r.u16(4)
	switch r.kind {
	case recBlank:
		add(col, style, nil)
	case recMulBlank:
		for i := range max(0, len(r.body)-6) / 2 {
			add(col+i, r.u16(4+2*i), nil)
		}
	case recNumber:
		add(col, style, number(r.float(6)))
	case recRK:
		add(col, style, number(rk(r.u32(6))))
	case recMulRK:
		const pair = 6
		for i := range max(0, len(r.body)-6) / pair {
			add(col+i, r.u16(4+pair*i), number(rk(r.u32(6+pair*i))))
		}
	case recLabelSST:
		n := r.u32(6)
		if n >= len(b.strings) {
			return damaged("单元格指向不存在的文字", "a cell refers to a text that is not there", nil)
		}
		add(col, style, text(b.strings[n]))
	case recLabel, recRichString:
		s, _ := stringAt(r.from(6), 2)
		add(col, style, text(s))
	case recBoolErr:
		add(col, style, func(c *sheetCell, _ cellStyle) { c.setLogical(r.u8(6), r.u8(7) != 0) })
	case recFormula:
		if r.u16(12) != 0xffff {
			add(col, style, func(c *sheetCell, s cellStyle) {
				number(r.float(6))(c, s)
				if r.float(6) == 0 && givesText(r) {
					c.stored, c.doubt = "", &model.CellDoubt{Code: model.AmbiguousText, Message: model.Message{Text: textNotComputed}}
				}
			})
			break
		}
		const logical, fault = 1, 2
		add(col, style, func(c *sheetCell, _ cellStyle) {
			if kind := r.u8(6); kind == logical || kind == fault {
				c.setLogical(r.u8(8), kind == fault)
			}
		})
	}
	return nil
}

var textNotComputed = model.Text{
	Zh: "单元格是得出文字的公式，但文件里没有保存计算结果；请在 Excel 或 WPS 中打开、重新保存",
	En: "the cell is a formula that gives a text, but the file does not hold its result; open and save the file in Excel",
}

// textFunctions are the numbers of functions that give a text: TEXT, LEFT,
// RIGHT, MID, REPT, CHAR, LOWER, UPPER, PROPER, TRIM, REPLACE, SUBSTITUTE,
// FIXED, CONCATENATE.
var textFunctions = map[int]bool{48: true, 115: true, 116: true, 31: true, 30: true, 111: true, 112: true, 113: true, 114: true, 118: true, 119: true, 120: true, 14: true, 336: true}

// givesText says whether the last step of a formula's record gives a text;
// then the number 0 beside it is no result, but stands for none.
func givesText(r record) bool {
	const start, concat = 22, 0x08
	end := start + r.u16(20)
	if end > len(r.body) || end == start {
		return false
	}
	class := func(op, kind int) bool { return op == kind || op == kind+0x20 || op == kind+0x40 }
	return r.u8(end-1) == concat && end-start > 1 ||
		end-start >= 3 && class(r.u8(end-3), 0x21) && textFunctions[r.u16(end-2)] ||
		end-start >= 4 && class(r.u8(end-4), 0x22) && textFunctions[r.u16(end-2)]
}

// setLogical sets a truth value, or an error.
func (c *sheetCell) setLogical(v int, fault bool) {
	if !fault {
		c.text = "FALSE"
		if v != 0 {
			c.text = "TRUE"
		}
		return
	}
	names := map[int]string{0x00: "#NULL!", 0x07: "#DIV/0!", 0x0f: "#VALUE!", 0x17: "#REF!", 0x1d: "#NAME?", 0x24: "#NUM!", 0x2a: "#N/A"}
	if c.text = names[v]; c.text == "" {
		c.text = "#ERROR!"
	}
	c.doubt = errorDoubt(c.text, "")
}

// rk reads a number packed into four bytes.
func rk(v int) float64 {
	const hundredths, integer = 1, 2
	var f float64
	if v&integer != 0 {
		f = float64(int32(uint32(v)) >> 2)
	} else {
		f = math.Float64frombits(uint64(uint32(v)&^3) << 32)
	}
	if v&hundredths != 0 {
		f /= 100
	}
	return f
}
