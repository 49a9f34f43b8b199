package office

import (
	"context"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"perfgoal/model"
)

// XLSX reads the sheets of a workbook in Office Open XML. The error is a
// *model.Problem, or the context's.
func XLSX(ctx context.Context, data []byte, opt Options) ([]model.Table, error) {
	m := newMeter(ctx, opt.Limits)
	w, err := openWorkbook(m, data)
	if err != nil {
		return nil, err
	}
	var out []model.Table
	for _, ref := range w.sheets {
		s, err := w.sheet(ref)
		if err != nil {
			return nil, err
		}
		tables, err := s.tables(m, opt.Title)
		if err != nil {
			return nil, err
		}
		out = append(out, tables...)
	}
	if w.pictures && !holdText(out) {
		return nil, pictures()
	}
	return out, nil
}

// workbook is what the sheets of an XLSX share.
type workbook struct {
	archive  *archive
	meter    *meter
	date1904 bool
	sheets   []sheetRef
	strings  []string
	styles   []cellStyle
	formats  *formats
	pictures bool   // one was met on some sheet
	trace    *trace // where the texts of cells stand; nil unless somebody asks
	stored   bool   // cells are read as the file keeps them, not as they are shown
}

func openWorkbook(m *meter, data []byte) (*workbook, error) {
	a, err := openArchive(m, data)
	if err != nil {
		return nil, err
	}
	main, err := a.mainPart("xl/workbook.xml")
	if err != nil {
		return nil, err
	}
	w := &workbook{archive: a, meter: m}
	return w, w.open(main)
}

type sheetRef struct {
	name, part string
	hidden     bool
	printed    []area
}

// cellStyle is what is kept of a cell's style.
type cellStyle struct {
	format   *numberFormat
	bordered bool // a line left or right of it
	symbols  symbolFont
}

func (w *workbook) open(main string) error {
	rels, err := w.archive.relations(main)
	if err != nil {
		return err
	}
	parts := map[string]relation{}
	for _, r := range rels {
		parts[r.id] = r
		switch r.kind {
		case "sharedStrings":
			err = w.readStrings(r.target)
		case "styles":
			err = w.readStyles(r.target)
		}
		if err != nil {
			return err
		}
	}
	if w.formats == nil {
		w.formats = newFormats()
	}
	printed := map[int]string{}
	_, err = w.archive.scan(main, func(s *scanner) error {
		return s.children(func(_ element) error {
			return s.children(func(el element) error {
				switch el.local {
				case "workbookPr":
					w.date1904 = isTrue(attr(el, "date1904"), false)
				case "sheets":
					return s.children(func(el element) error {
						r, ok := parts[attr(el, "id")]
						if state := attr(el, "state"); ok {
							ref := sheetRef{name: attr(el, "name"), part: r.target, hidden: state == "hidden" || state == "veryHidden"}
							if r.kind != "worksheet" {
								ref.part = "" // a chart or a macro sheet has no cells
							}
							w.sheets = append(w.sheets, ref)
						}
						return w.meter.addTable()
					})
				case "definedNames":
					return s.children(func(el element) error {
						n, err := strconv.Atoi(attr(el, "localSheetId"))
						if area := attr(el, "name") == "_xlnm.Print_Area" && err == nil; !area {
							return nil
						}
						printed[n], err = s.text()
						return err
					})
				}
				return nil
			})
		})
	})
	if err != nil {
		return err
	}
	for n, ref := range printed {
		if n >= 0 && n < len(w.sheets) {
			w.sheets[n].printed = printAreas(ref)
		}
	}
	w.sheets = slices.DeleteFunc(w.sheets, func(r sheetRef) bool { return r.part == "" })
	if len(w.sheets) == 0 {
		return damaged("里面没有工作表", "there is no sheet in it", nil)
	}
	return nil
}

// printAreas reads the areas that a sheet prints (Sheet1!$A$1:$H$40,…); nil,
// which stands for everything, where one is no plain area.
func printAreas(ref string) []area {
	var out []area
	for _, one := range strings.Split(ref, ",") {
		if i := strings.LastIndexByte(one, '!'); i >= 0 {
			one = one[i+1:]
		}
		a, ok := parseArea(strings.ReplaceAll(one, "$", ""))
		if !ok {
			return nil
		}
		out = append(out, a)
	}
	return out
}

// parseArea reads A1:H40, A1, A:H or 1:40.
func parseArea(ref string) (area, bool) {
	from, to, two := strings.Cut(ref, ":")
	if !two {
		to = from
	}
	r0, c0, ok0 := parseRef(from)
	r1, c1, ok1 := parseRef(to)
	if !ok0 || !ok1 {
		return area{}, false
	}
	if r0 < 0 && r1 < 0 {
		r0, r1 = 0, maxRows-1
	}
	if c0 < 0 && c1 < 0 {
		c0, c1 = 0, maxColumns-1
	}
	a := area{min(r0, r1), min(c0, c1), max(r0, r1), max(c0, c1)}
	return a, a.valid()
}

// parseRef reads C12: row 11, column 2. A part that is missing is -1.
func parseRef(ref string) (row, col int, ok bool) {
	i := 0
	for ; i < len(ref) && ref[i]|0x20 >= 'a' && ref[i]|0x20 <= 'z'; i++ {
		if col = col*26 + int(ref[i]|0x20-'a') + 1; col > maxColumns {
			return 0, 0, false
		}
	}
	if i < len(ref) {
		n, err := strconv.Atoi(ref[i:])
		if err != nil || n < 1 || n > maxRows {
			return 0, 0, false
		}
		row = n
	}
	return row - 1, col - 1, ref != ""
}

// readStrings reads the texts that cells refer to by number.
func (w *workbook) readStrings(part string) error {
	_, err := w.archive.scan(part, func(s *scanner) error {
		w.trace.enter(part)
		return s.children(func(_ element) error {
			return s.children(func(el element) error {
				if el.local != "si" {
					return nil
				}
				from := s.at
				t, err := richText(s, w.trace)
				w.trace.shared(from, s.at)
				w.strings = append(w.strings, t)
				if len(w.strings) > 4*w.meter.limits.Cells {
					return tooLarge("文字太多", "too many texts")
				}
				return err
			})
		})
	})
	return err
}

// richText reads the runs of a text; what tells how to pronounce it is left.
func richText(s *scanner, keep *trace) (string, error) {
	out := ""
	err := s.children(func(el element) error {
		switch el.local {
		case "t":
			from := s.at
			t, err := s.text()
			keep.text(s, from, t)
			out += unescape(t)
			return err
		case "rPh":
			keep.pronounced()
		case "r":
			keep.begin(s)
			var font symbolFont
			return s.children(func(el element) error {
				switch el.local {
				case "rPr":
					return s.children(func(el element) error {
						if el.local == "rFont" {
							font = symbolFontOf(attr(el, "val"))
						}
						return nil
					})
				case "t":
					from := s.at
					t, err := s.text()
					keep.text(s, from, t)
					out += font.text(unescape(t))
					return err
				}
				return nil
			})
		}
		return nil
	})
	return out, err
}

// unescape resolves _x000D_ and the like, by which characters that XML cannot
// hold are written.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for {
		i := strings.Index(s, "_x")
		if i < 0 || len(s) < i+7 {
			break
		}
		if n, err := strconv.ParseUint(s[i+2:i+6], 16, 16); err == nil && s[i+6] == '_' {
			b.WriteString(s[:i])
			b.WriteRune(rune(n))
			s = s[i+7:]
			continue
		}
		b.WriteString(s[:i+2])
		s = s[i+2:]
	}
	return b.String() + s
}

func (w *workbook) readStyles(part string) error {
	w.formats = newFormats()
	var borders []bool
	var fonts []symbolFont
	_, err := w.archive.scan(part, func(s *scanner) error {
		return s.children(func(_ element) error {
			return s.children(func(el element) error {
				switch el.local {
				case "numFmts":
					return s.children(func(el element) error {
						if id, err := strconv.Atoi(attr(el, "numFmtId")); err == nil {
							w.formats.codes[id] = attr(el, "formatCode")
						}
						return nil
					})
				case "fonts":
					return s.children(func(_ element) error {
						f := symbolFont(0)
						err := s.children(func(el element) error {
							if el.local == "name" {
								f = symbolFontOf(attr(el, "val"))
							}
							return nil
						})
						fonts = append(fonts, f)
						return err
					})
				case "borders":
					return s.children(func(_ element) error {
						seen := false
						err := s.children(func(el element) error {
							switch el.local {
							case "left", "right", "start", "end":
								style := attr(el, "style")
								seen = seen || style != "" && style != "none"
							}
							return nil
						})
						borders = append(borders, seen)
						return err
					})
				case "cellXfs":
					return s.children(func(el element) error {
						id, _ := strconv.Atoi(attr(el, "numFmtId"))
						style := cellStyle{format: w.formats.of(id)}
						if b, err := strconv.Atoi(attr(el, "borderId")); err == nil && b >= 0 && b < len(borders) {
							style.bordered = borders[b]
						}
						if f, err := strconv.Atoi(attr(el, "fontId")); err == nil && f >= 0 && f < len(fonts) {
							style.symbols = fonts[f]
						}
						w.styles = append(w.styles, style)
						return nil
					})
				}
				return nil
			})
		})
	})
	return err
}

// sheet reads one sheet.
func (w *workbook) sheet(ref sheetRef) (*sheet, error) {
	out := &sheet{name: ref.name, hidden: ref.hidden, printed: ref.printed}
	drawing := false
	found, err := w.archive.scan(ref.part, func(s *scanner) error {
		w.trace.enter(ref.part)
		return s.children(func(_ element) error {
			return s.children(func(el element) error {
				switch el.local {
				case "cols":
					return s.children(func(el element) error {
						from, _ := strconv.Atoi(attr(el, "min"))
						to, _ := strconv.Atoi(attr(el, "max"))
						if isTrue(attr(el, "hidden"), false) || zero(attr(el, "width")) {
							for c := max(from, 1); c <= min(to, maxColumns); c++ {
								out.columns.add(c - 1)
							}
						}
						return nil
					})
				case "sheetData":
					return w.rows(s, out)
				case "mergeCells":
					return s.children(func(el element) error {
						if a, ok := parseArea(attr(el, "ref")); ok {
							out.merges = append(out.merges, a)
						}
						if len(out.merges) > w.meter.limits.Cells {
							return tooLarge("合并单元格太多", "too many merged cells")
						}
						return nil
					})
				case "drawing":
					drawing = true
				}
				return nil
			})
		})
	})
	if err == nil && !found {
		err = damaged("缺少工作表 "+short(ref.name), "the sheet "+short(ref.name)+" is missing", nil)
	}
	if err == nil && drawing && !w.stored {
		err = w.drawings(ref.part, out)
	}
	return out, err
}

func zero(v string) bool {
	f, err := strconv.ParseFloat(v, 64)
	return err == nil && f == 0
}

// rows reads the cells of a sheet. A cell or row without a number follows the
// one before it.
func (w *workbook) rows(s *scanner, out *sheet) error {
	row := -1
	return s.children(func(el element) error {
		if el.local != "row" {
			return nil
		}
		row++
		if n, err := strconv.Atoi(attr(el, "r")); err == nil {
			row = n - 1
		}
		if row < 0 || row >= maxRows {
			return damaged("行号不对", "a row number is wrong", nil)
		}
		if isTrue(attr(el, "hidden"), false) || zero(attr(el, "ht")) {
			out.rows.add(row)
		}
		col := -1
		return s.children(func(el element) error {
			if el.local != "c" {
				return nil
			}
			col++
			if ref := attr(el, "r"); ref != "" {
				r, c, ok := parseRef(ref)
				if !ok || r < 0 || c < 0 {
					return damaged("单元格编号不对", "a cell reference is wrong", nil)
				}
				row, col = r, c
			}
			if col >= maxColumns {
				return damaged("列太多", "a row has too many columns", nil)
			}
			w.trace.move(out.at(row, col))
			c, err := w.cell(s, el)
			if err != nil {
				return err
			}
			c.row, c.col = row, col
			if c.text != "" || c.bordered || c.formula {
				if len(out.cells) >= w.meter.limits.Cells && c.text == "" && !c.formula {
					return nil // borders that run on and on
				}
				if len(out.cells) >= w.meter.limits.Cells {
					return tooLarge("单元格太多", "too many cells")
				}
				out.cells = append(out.cells, c)
			}
			return nil
		})
	})
}

// Doubts about what a cell holds.
var (
	textNoResult   = model.Text{Zh: "单元格是公式 {formula}，文件里没有保存计算结果；如果本来要填文字，请把单元格格式改为“文本”再填，否则请在 Excel 或 WPS 中打开、重新保存", En: "the cell is the formula {formula}, whose result the file does not hold; if it was to be a text, format the cell as text and enter it again, else open and save the file in Excel"}
	textErrorAlone = model.Text{Zh: "单元格显示错误值 {shown}，不是要填的内容；如果本来要填文字，请把单元格格式改为“文本”再填", En: "the cell shows the error {shown}; if it was to be a text, format the cell as text and enter it again"}
	textErrorValue = model.Text{Zh: "单元格显示错误值 {shown}（公式 {formula}），不是要填的内容；如果本来要填文字，请把单元格格式改为“文本”再填", En: "the cell shows the error {shown} (formula {formula}); if it was to be a text, format the cell as text and enter it again"}
)

// cell reads a cell: what it shows, and what is wrong with that.
func (w *workbook) cell(s *scanner, el element) (c sheetCell, err error) {
	style := cellStyle{format: w.formats.of(0)}
	if n, err := strconv.Atoi(attr(el, "s")); err == nil && n >= 0 && n < len(w.styles) {
		style = w.styles[n]
	}
	c.bordered = style.bordered
	kind := attr(el, "t")
	formula, isFormula, hasValue := "", false, false
	value := ""
	err = s.children(func(el element) error {
		var err error
		switch el.local {
		case "v":
			from := s.at
			value, err = s.text()
			if hasValue = true; kind == "s" {
				w.trace.refers(s, from, value)
			}
		case "f":
			isFormula = true
			w.trace.spoil()
			formula, err = s.text()
		case "is":
			value, err = richText(s, w.trace)
			hasValue = true
		}
		return err
	})
	if err != nil {
		return c, err
	}
	if w.stored {
		c.bordered, c.formula = false, isFormula
		c.text, err = w.storedText(kind, value)
		return c, err
	}
	text := ""
	switch {
	case isFormula && (!hasValue || value == "" && kind != "str"):
		text = "=" + formula
		c.doubt = ambiguous(textNoResult, model.Args{"formula": short(text)})
	case !hasValue:
	case kind == "e":
		text = value
		c.doubt = errorDoubt(value, formula)
		if isFormula && formula != "" {
			c.stored = "=" + formula
		}
	case kind == "s":
		t, err := w.shared(value)
		if err != nil {
			return c, err
		}
		text = style.symbols.text(style.format.text(t))
	case kind == "inlineStr":
		text = style.symbols.text(style.format.text(value))
	case kind == "str":
		text = style.symbols.text(style.format.text(unescape(value)))
	case kind == "b":
		text = truth(value)
	case kind == "d":
		text = isoDate(strings.TrimSpace(value))
	default:
		c.showNumber(strings.TrimSpace(value), style.format, w.date1904)
		return c, nil
	}
	c.setText(text)
	return c, nil
}

// shared is the text that a cell refers to by its number.
func (w *workbook) shared(number string) (string, error) {
	n, err := strconv.Atoi(strings.TrimSpace(number))
	if err != nil || n < 0 || n >= len(w.strings) {
		return "", damaged("单元格指向不存在的文字", "a cell refers to a text that is not there", err)
	}
	return w.strings[n], nil
}

// truth is a truth value as Excel shows it.
func truth(value string) string {
	if isTrue(strings.TrimSpace(value), false) {
		return "TRUE"
	}
	return "FALSE"
}

// errorDoubt is the doubt about an error value; formula is "" where the file
// does not tell it.
func errorDoubt(value, formula string) *model.CellDoubt {
	if formula == "" {
		return ambiguous(textErrorAlone, model.Args{"shown": short(value)})
	}
	return ambiguous(textErrorValue, model.Args{"shown": short(value), "formula": short("=" + formula)})
}

// showNumber sets what a number shows. One that cannot be read as a number is
// shown as it is stored.
func (c *sheetCell) showNumber(raw string, f *numberFormat, date1904 bool) {
	d, ok := parseStored(raw)
	if !ok {
		c.setText(raw)
		return
	}
	v := f.number(d, date1904)
	c.text, c.stored, c.doubt = cellText(v.text), v.stored, v.doubt
	if c.text == "" {
		c.text, c.unseen = raw, true
	}
}

// setText sets a text. A mark that keeps Excel from taking it for a number is
// no part of it.
func (c *sheetCell) setText(text string) {
	c.text = cellText(text)
	if len(c.text) > 1 && c.text[0] == '\'' && strings.IndexByte("0123456789+-.", c.text[1]) >= 0 {
		c.text, c.stored = c.text[1:], c.text
	}
}

// isoDate is a date cell of the strict edition.
func isoDate(v string) string {
	if t, err := time.Parse("2006-01-02T15:04:05", strings.TrimSuffix(v, "Z")); err == nil {
		if t.Hour()+t.Minute()+t.Second() == 0 {
			return t.Format(time.DateOnly)
		}
		return t.Format(time.DateTime)
	}
	return v
}

// drawings reads the text that floats over a sheet.
func (w *workbook) drawings(sheetPart string, out *sheet) error {
	rels, err := w.archive.relations(sheetPart)
	if err != nil {
		return err
	}
	for _, r := range rels {
		if r.kind != "drawing" || path.Ext(r.target) != ".xml" {
			continue
		}
		if _, err := w.archive.scan(r.target, func(s *scanner) error {
			return s.children(func(_ element) error {
				return s.children(func(_ element) error {
					box := textBox{}
					err := boxText(s, &box)
					w.pictures = w.pictures || box.picture
					if len(box.lines) > 0 {
						out.boxes = append(out.boxes, box)
					}
					return err
				})
			})
		}); err != nil {
			return err
		}
	}
	return nil
}

// boxText gathers the paragraphs below an element of a drawing, and the cell
// that its corner lies in.
func boxText(s *scanner, box *textBox) error {
	return s.children(func(el element) error {
		switch {
		case el.space == "xdr" && el.local == "from":
			return s.children(func(el element) error {
				t, err := s.text()
				n, _ := strconv.Atoi(strings.TrimSpace(t))
				switch el.local {
				case "row":
					box.row = max(0, min(n, maxRows-1))
				case "col":
					box.col = max(0, min(n, maxColumns-1))
				}
				return err
			})
		case el.space == "a" && el.local == "p":
			box.lines = append(box.lines, "")
			return boxText(s, box)
		case el.space == "a" && el.local == "t" && len(box.lines) > 0:
			t, err := s.text()
			box.lines[len(box.lines)-1] += t
			return err
		case el.space == "a" && el.local == "blip":
			box.picture = true
		}
		return boxText(s, box)
	})
}
