package office

import (
	"context"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"perfgoal/model"
)

// DOCX reads the tables and paragraphs of a Word document in Office Open XML.
// Inserted text counts, deleted text is set aside as are headers, footers and
// hidden text. The error is a *model.Problem, or the context's.
func DOCX(ctx context.Context, data []byte, opt Options) ([]model.Table, error) {
	m := newMeter(ctx, opt.Limits)
	a, err := openArchive(m, data)
	if err != nil {
		return nil, err
	}
	main, err := a.mainPart("word/document.xml")
	if err != nil {
		return nil, err
	}
	rels, err := a.relations(main)
	if err != nil {
		return nil, err
	}
	d := &docx{meter: m}
	if d.lists, err = readLists(a, rels); err != nil {
		return nil, err
	}
	as := &assembly{meter: m}
	blocks, err := d.part(a, main)
	if err != nil {
		return nil, err
	}
	if err := as.add(blocks); err != nil {
		return nil, err
	}
	read := map[string]bool{}
	var embedded []model.Table
	for _, r := range rels {
		if read[r.target] {
			continue // one header of many sections
		}
		read[r.target] = true
		switch r.kind {
		case "header", "footer":
			blocks, err := d.part(a, r.target)
			if err != nil {
				return nil, err
			}
			for _, line := range textOf(blocks, nil) {
				d.setAside(model.PageFurniture, line)
			}
		case "footnotes", "endnotes":
			blocks, err := d.part(a, r.target)
			if err != nil {
				return nil, err
			}
			if err := as.add(blocks); err != nil {
				return nil, err
			}
		case "aFChunk":
			tables, err := embeddedPage(ctx, a, r.target, opt)
			if err != nil {
				return nil, err
			}
			embedded = append(embedded, tables...)
		}
	}
	out := append(as.end(d.aside), embedded...)
	if d.pictures && !holdText(out) {
		return nil, pictures()
	}
	return out, nil
}

// embeddedPage reads a web page that programs put into a Word document for
// Word to turn into text; other files that may stand in one are refused.
func embeddedPage(ctx context.Context, a *archive, part string, opt Options) ([]model.Table, error) {
	switch strings.ToLower(path.Ext(part)) {
	case ".htm", ".html", ".xhtml":
		data, err := a.bytes(part)
		if err != nil {
			return nil, err
		}
		return HTML(ctx, data, opt)
	}
	return nil, &model.Problem{Code: "unsupported-format", Message: model.Message{Text: textEmbedded, Args: model.Args{"part": short(path.Base(part))}}}
}

// textOf are the lines of blocks, those in tables too.
func textOf(blocks []block, out []string) []string {
	for _, b := range blocks {
		if b.table != nil {
			out = allLines(b.table, out)
		} else {
			out = append(out, b.line)
		}
	}
	return out
}

// docx reads the parts of one document.
type docx struct {
	meter *meter
	s     *scanner
	lists *lists
	aside []model.Ignored // not printed, outside tables
	table *node           // the table being read
	// pictures is set where one was met.
	pictures bool
	trace    *trace // where the texts of cells stand; nil unless somebody asks
}

// part reads the blocks of a part of the document.
func (d *docx) part(a *archive, name string) ([]block, error) {
	f := &flow{}
	_, err := a.scan(name, func(s *scanner) error {
		d.s = s
		d.trace.enter(name)
		return s.children(func(el element) error { return d.walk(el, f) })
	})
	return f.blocks, err
}

func (d *docx) setAside(why model.IgnoreReason, text string) {
	if text = trim(text); text == "" {
		return
	}
	d.meter.lines++ // what reads runs looks at it
	if d.table != nil {
		d.table.aside = append(d.table.aside, model.Ignored{Reason: why, Text: text, Location: model.Location{Table: d.table.number}})
		return
	}
	d.aside = append(d.aside, model.Ignored{Reason: why, Text: text})
}

// flow is where paragraphs and tables go: the body, a cell, a text box.
type flow struct {
	blocks []block
	open   bool  // the paragraph mark of the last line was deleted: the next goes on with it
	para   *para // the paragraph being read; nil between paragraphs
	unread model.IgnoreReason
	// floats is set in a text box that floats: where it lies is not known.
	floats bool
	// floated is set when such a box was met.
	floated bool
}

// para is a paragraph being read.
type para struct {
	lines []string
	text  strings.Builder
	after []block // text boxes that hang on it
	mark  bool    // its mark was deleted
	font  symbolFont
	gone  bool // the run being read is hidden
}

func (p *para) breakLine() {
	p.lines = append(p.lines, p.text.String())
	p.text.Reset()
}

func (f *flow) end(p *para, number string) {
	p.breakLine()
	p.lines[0] = number + p.lines[0]
	for i, l := range p.lines {
		if n := len(f.blocks); i == 0 && f.open && n > 0 && f.blocks[n-1].table == nil {
			f.blocks[n-1].line += l
			continue
		}
		f.blocks = append(f.blocks, block{line: l})
	}
	f.open = p.mark
	f.blocks = append(f.blocks, p.after...)
}

// walk reads an element of the body, of a cell or of a paragraph.
func (d *docx) walk(el element, f *flow) error {
	into := func(el element) error { return d.walk(el, f) }
	if el.space == "m" && el.local == "t" {
		return d.text(f)
	}
	if el.space != "w" {
		return d.foreign(el, f)
	}
	switch el.local {
	case "p":
		return d.paragraph(f)
	case "tbl":
		return d.tbl(f)
	case "t":
		return d.text(f)
	case "r":
		return d.run(f)
	case "del", "moveFrom":
		return d.unread(f, model.Hidden)
	case "delText":
		return d.text(f)
	case "sdt":
		return d.control(func(prompt bool) error {
			if prompt {
				return d.unread(f, model.BlankMark)
			}
			return d.s.children(into)
		})
	case "tab", "ptab":
		d.write(f, "\t")
	case "br", "cr":
		if f.para != nil {
			d.trace.gap()
			f.para.breakLine()
		}
	case "noBreakHyphen":
		d.write(f, "-")
	case "sym":
		d.sign(el, f)
	case "fldChar":
		d.trace.fieldMark(attr(el, "fldCharType"))
		return d.s.children(into)
	case "ffData":
		return d.s.children(into)
	case "fldSimple":
		d.trace.fieldMark("begin")
		d.trace.instruct(attr(el, "instr"))
		d.trace.fieldMark("separate")
		defer d.trace.fieldMark("end")
		return d.s.children(into)
	case "instrText":
		if d.trace == nil {
			return nil
		}
		s, err := d.s.text()
		d.trace.instruct(s)
		return err
	case "checkBox":
		return d.tick(f)
	case "ddList":
		return d.choice(f)
	case "txbxContent":
		return d.textBox(f)
	case "pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr", "sdtPr", "delInstrText", "rPrChange", "pPrChange", "footnotePr",
		"name", "enabled", "calcOnExit", "textInput", "fldData", "statusText", "helpText":
	default: // wrappers: body, hyperlink, ins, moveTo, smartTag …
		return d.s.children(into)
	}
	return nil
}

// foreign reads an element of another vocabulary: only text boxes and math in
// it hold text of the document.
func (d *docx) foreign(el element, f *flow) error {
	d.pictures = d.pictures || el.local == "blip" || el.local == "imagedata" || el.local == "OLEObject"
	floats := el.space == "wp" && el.local == "anchor" ||
		el.space == "v" && strings.Contains(strings.ReplaceAll(attr(el, "style"), " ", ""), "position:absolute")
	was := f.floats
	f.floats = f.floats || floats
	err := d.s.children(func(el element) error { return d.walk(el, f) })
	f.floats = was
	return err
}

// write adds to the paragraph; text outside one has no place.
func (d *docx) write(f *flow, s string) {
	if f.para != nil {
		d.trace.gap()
		f.para.text.WriteString(s)
	}
}

func (d *docx) text(f *flow) error {
	from := d.s.at
	s, err := d.s.text()
	if err != nil || s == "" {
		return err
	}
	why := f.unread
	if f.para != nil && f.para.gone {
		why = model.Hidden
	}
	if f.para != nil {
		s = f.para.font.text(s)
	}
	if why != "" {
		d.setAside(why, s)
		return nil
	}
	if f.para != nil {
		d.trace.text(d.s, from, s)
		f.para.text.WriteString(s)
	}
	return nil
}

// unread reads what is not printed.
func (d *docx) unread(f *flow, why model.IgnoreReason) error {
	was := f.unread
	f.unread = why
	err := d.s.children(func(el element) error { return d.walk(el, f) })
	f.unread = was
	return err
}

// run reads a run: its properties, then what it holds.
func (d *docx) run(f *flow) error {
	d.trace.begin(d.s)
	if f.para == nil {
		return d.s.children(func(el element) error { return d.walk(el, f) })
	}
	if d.meter.lines > d.meter.limits.Lines {
		return d.meter.addLine()
	}
	font, gone := f.para.font, f.para.gone
	err := d.s.children(func(el element) error {
		if el.space != "w" || el.local != "rPr" {
			return d.walk(el, f)
		}
		return d.s.children(func(el element) error {
			switch el.local {
			case "rFonts":
				for _, name := range []string{"ascii", "hAnsi"} {
					if s := symbolFontOf(attr(el, name)); s != noSymbols {
						f.para.font = s
					}
				}
			case "vanish", "webHidden":
				f.para.gone = isTrue(attr(el, "val"), true)
			}
			return nil
		})
	})
	f.para.font, f.para.gone = font, gone
	return err
}

func (d *docx) paragraph(f *flow) error {
	if err := d.meter.addLine(); err != nil {
		return err
	}
	outer := f.para
	p := &para{}
	f.para = p
	number := ""
	err := d.s.children(func(el element) error {
		if el.space != "w" || el.local != "pPr" {
			return d.walk(el, f)
		}
		style, list, level := "", "", ""
		err := d.s.children(func(el element) error {
			switch el.local {
			case "pStyle":
				style = attr(el, "val")
			case "numPr":
				return d.s.children(func(el element) error {
					switch el.local {
					case "numId":
						list = attr(el, "val")
					case "ilvl":
						level = attr(el, "val")
					}
					return nil
				})
			case "rPr":
				return d.s.children(func(el element) error {
					p.mark = p.mark || el.local == "del" || el.local == "moveFrom"
					return nil
				})
			}
			return nil
		})
		number = d.lists.number(style, list, level)
		return err
	})
	f.para = outer
	d.trace.gap()
	f.end(p, number)
	return err
}

// sign writes a character of a symbol font.
func (d *docx) sign(el element, f *flow) {
	code, err := strconv.ParseUint(attr(el, "char"), 16, 32)
	if err != nil {
		return
	}
	r, ok := symbolFontOf(attr(el, "font")).sign(rune(code))
	if !ok {
		r = rune(code)
		if code >= 0xe000 && code <= 0xf8ff {
			r = utf8.RuneError // the font's own: no way to know it
		}
	}
	d.write(f, string(r))
}

// tick writes a tick box of a form field.
func (d *docx) tick(f *flow) error {
	ticked, said := false, false
	err := d.s.children(func(el element) error {
		switch el.local {
		case "checked":
			ticked, said = isTrue(attr(el, "val"), true), true
		case "default":
			if !said {
				ticked = isTrue(attr(el, "val"), true)
			}
		}
		return nil
	})
	if ticked {
		d.write(f, "☑")
	} else {
		d.write(f, "□")
	}
	return err
}

// choice writes the entry of a drop-down field that was chosen.
func (d *docx) choice(f *flow) error {
	var entries []string
	at := 0
	err := d.s.children(func(el element) error {
		switch el.local {
		case "result":
			at, _ = strconv.Atoi(attr(el, "val"))
		case "default":
			if at == 0 {
				at, _ = strconv.Atoi(attr(el, "val"))
			}
		case "listEntry":
			entries = append(entries, attr(el, "val"))
		}
		return nil
	})
	if at >= 0 && at < len(entries) {
		d.write(f, entries[at])
	}
	return err
}

// control reads a content control, whose content inside reads. One that still
// shows its prompt is blank; what one shows of data beside the text, or of a
// list, was not typed.
func (d *docx) control(inside func(prompt bool) error) error {
	prompt, bound := false, false
	return d.s.children(func(el element) error {
		switch el.local {
		case "sdtPr":
			return d.s.children(func(el element) error {
				switch el.local {
				case "showingPlcHdr":
					prompt = isTrue(attr(el, "val"), true)
				case "dataBinding", "dropDownList":
					bound = true
				}
				return nil
			})
		case "sdtContent":
			if bound {
				d.trace.bind(1)
				defer d.trace.bind(-1)
			}
			return inside(prompt)
		}
		return nil
	})
}

// textBox reads a text box; it goes behind the paragraph that it hangs on.
func (d *docx) textBox(f *flow) error {
	inner := &flow{unread: f.unread}
	defer d.trace.move(d.trace.move(model.Location{}))
	err := d.s.children(func(el element) error { return d.walk(el, inner) })
	if f.para != nil {
		f.para.after = append(f.para.after, inner.blocks...)
	} else {
		f.blocks = append(f.blocks, inner.blocks...)
	}
	f.floated = f.floated || f.floats && slices.ContainsFunc(textOf(inner.blocks, nil), func(s string) bool { return trim(s) != "" })
	return err
}

var textFloating = model.Text{
	Zh: "单元格里有浮动文本框，文字实际印在哪里无法确定；请把文本框里的字直接填进单元格",
	En: "a floating text box hangs on the cell, and where its text is printed cannot be known; type the text into the cell itself",
}

// tbl reads a table.
func (d *docx) tbl(f *flow) error {
	if err := d.meter.addTable(); err != nil {
		return err
	}
	outer := d.table
	n := &node{number: d.meter.tables}
	d.table = n
	t := &docxTable{docx: d, node: n, unread: f.unread}
	err := d.s.children(t.part)
	d.table = outer
	t.end()
	if f.unread != "" {
		for _, l := range allLines(n, nil) {
			d.setAside(f.unread, l)
		}
		return err
	}
	if len(n.cells) == 0 {
		if outer != nil {
			outer.aside = append(outer.aside, n.aside...)
		} else {
			d.aside = append(d.aside, n.aside...)
		}
		return err
	}
	at := block{table: n}
	if f.para != nil { // a table in a paragraph: some content controls
		f.para.after = append(f.para.after, at)
	} else {
		f.blocks = append(f.blocks, at)
	}
	f.open = false
	return err
}

// docxTable is a table being read.
type docxTable struct {
	docx   *docx
	node   *node
	unread model.IgnoreReason
	open   []*nodeCell // by column: the vertically merged cell that reaches the last row
	gone   bool        // the row is deleted or hidden
	col    int
}

// part reads a row, or what wraps rows.
func (t *docxTable) part(el element) error {
	if el.space == "w" {
		switch el.local {
		case "tblPr", "tblGrid":
			return nil
		case "sdt":
			return t.control(t.part)
		case "tr":
			return t.row()
		}
	}
	return t.docx.s.children(t.part)
}

// control reads a content control around rows or cells.
func (t *docxTable) control(inside func(element) error) error {
	return t.docx.control(func(prompt bool) error {
		was := t.unread
		if prompt && was == "" {
			t.unread = model.BlankMark
		}
		err := t.docx.s.children(inside)
		t.unread = was
		return err
	})
}

func (t *docxTable) row() error {
	t.col, t.gone = 0, false
	row := t.node.rows
	cells := len(t.node.cells)
	traced := t.docx.trace.mark()
	var put []vertical
	var cell func(el element) error
	cell = func(el element) error {
		if el.space == "w" {
			switch el.local {
			case "trPr":
				return t.docx.s.children(func(el element) error {
					switch el.local {
					case "gridBefore":
						t.col = count(attr(el, "val"))
					case "hidden":
						t.gone = isTrue(attr(el, "val"), true)
					case "del", "moveFrom":
						t.gone = true
					}
					return nil
				})
			case "tblPrEx":
				return nil
			case "sdt":
				return t.control(cell)
			case "tc":
				v, err := t.cell(row)
				put = append(put, v)
				if err == nil && len(t.node.cells)&0xff == 0 {
					err = t.docx.meter.ctx.Err()
				}
				if len(t.node.cells) > t.docx.meter.limits.Cells {
					err = tooLarge("单元格太多", "too many cells")
				}
				return err
			}
		}
		return t.docx.s.children(cell)
	}
	if err := t.docx.s.children(cell); err != nil {
		return err
	}
	if t.gone {
		for _, v := range put {
			for _, l := range textOf(v.blocks, nil) {
				t.docx.setAside(model.Hidden, l)
			}
		}
		t.node.cells = t.node.cells[:cells]
		t.docx.trace.drop(traced)
		return nil
	}
	t.node.rows++
	t.settle(row, put)
	return nil
}

// vertical is a cell of a row before it is known whether it goes on with the
// one above.
type vertical struct {
	*nodeCell
	merged, starts bool
	left           bool // merged into the cell left of it
	gone           bool
}

// settle joins the cells of a row with those above and left of them.
func (t *docxTable) settle(row int, put []vertical) {
	var open []*nodeCell
	reaches := func(c, column *nodeCell) {
		if open == nil {
			open = make([]*nodeCell, max(t.col, len(t.open)))
		}
		open[column.col] = c
	}
	hide := func(v vertical) {
		for _, l := range textOf(v.blocks, nil) {
			t.docx.setAside(model.Hidden, l)
		}
	}
	var last *nodeCell
	for _, v := range put {
		c := v.nodeCell
		switch {
		case v.gone:
			hide(v)
			continue
		case v.left && last != nil && last.col+last.colSpan == c.col:
			last.colSpan += c.colSpan
			hide(v)
			continue
		case v.merged && !v.starts && c.col < len(t.open) && t.open[c.col] != nil && t.open[c.col].colSpan == c.colSpan:
			above := t.open[c.col]
			above.rowSpan = row + 1 - above.row
			hide(v) // Word shows the first cell's text alone
			reaches(above, c)
			last = nil
			continue
		case v.merged:
			reaches(c, c)
		}
		t.node.cells = append(t.node.cells, c)
		last = c
	}
	t.open = open
}

// widest is how many columns a table may have; Word itself stops at 63.
const widest = 4096

func count(v string) int {
	n, _ := strconv.Atoi(v)
	return max(0, min(n, widest))
}

// cell reads a cell.
func (t *docxTable) cell(row int) (vertical, error) {
	d := t.docx
	f := &flow{unread: t.unread}
	v := vertical{nodeCell: &nodeCell{row: row, col: t.col, rowSpan: 1, colSpan: 1}}
	defer d.trace.move(d.trace.move(t.node.at(row, t.col)))
	defer d.trace.hold()()
	err := d.s.children(func(el element) error {
		if el.space != "w" || el.local != "tcPr" {
			return d.walk(el, f)
		}
		return d.s.children(func(el element) error {
			switch el.local {
			case "gridSpan":
				v.colSpan = max(1, count(attr(el, "val")))
			case "vMerge":
				v.merged, v.starts = true, attr(el, "val") == "restart"
			case "hMerge":
				v.left = attr(el, "val") != "restart"
			case "cellDel":
				v.gone = true
			}
			return nil
		})
	})
	v.blocks = f.blocks
	if f.floated {
		v.doubt = &model.CellDoubt{Code: model.AmbiguousText, Message: model.Message{Text: textFloating}}
	}
	if t.col += v.colSpan; t.col > widest {
		err = tooLarge("列太多", "too many columns")
	}
	return v, err
}

func (t *docxTable) end() {
	for _, c := range t.node.cells {
		c.rowSpan = min(c.rowSpan, t.node.rows-c.row)
	}
}
