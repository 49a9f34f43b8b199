package office

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"perfgoal/model"
)

// numberFormat is a number format of a workbook (ECMA-376 part 1, 18.8.31):
// up to four sections for positive, negative, zero and text.
type numberFormat struct {
	sections []fmtSection
}

type fmtKind int

const (
	fmtGeneral fmtKind = iota
	fmtNumber
	fmtDate
	fmtText
)

// fmtSection is one section of a format.
type fmtSection struct {
	kind  fmtKind
	parts []fmtPart
	op    string          // of a condition: < <= = <> >= >, "" for none
	limit decimal.Decimal // of a condition

	scientific, fraction, thousands bool
	percents, scale                 int // % signs; commas behind the digits
	year, month, day, clock         bool
}

// fmtPart is a literal, or one placeholder: 0 # ? . @, or a date code.
type fmtPart struct {
	code byte   // 'l' literal; '0' '#' '?' '.' '@' 'E'; 'y' 'o' 'd' 'h' 'i' 's' 'p' (month o, minute i, am/pm p); 'g' General
	text string // the literal, or the letters of a date code
}

// builtinFormats are the formats that have only a number. Those from 27 to
// 36 and from 50 to 58 are the ones of a Chinese Excel.
var builtinFormats = map[int]string{
	1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: `"¥"#,##0;-"¥"#,##0`, 6: `"¥"#,##0;-"¥"#,##0`,
	7: `"¥"#,##0.00;-"¥"#,##0.00`, 8: `"¥"#,##0.00;-"¥"#,##0.00`,
	9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
	14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
	20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
	27: `yyyy"年"m"月"`, 28: `m"月"d"日"`, 29: `m"月"d"日"`, 30: "m-d-yy", 31: `yyyy"年"m"月"d"日"`,
	32: `h"时"mm"分"`, 33: `h"时"mm"分"ss"秒"`, 34: `AM/PMh"时"mm"分"`, 35: `AM/PMh"时"mm"分"ss"秒"`, 36: `yyyy"年"m"月"`,
	37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00",
	41: `#,##0;-#,##0;"-"`, 42: `"¥"#,##0;-"¥"#,##0;"¥-"`, 43: `#,##0.00;-#,##0.00;"-"`, 44: `"¥"#,##0.00;-"¥"#,##0.00;"¥-"`,
	45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
	50: `yyyy"年"m"月"`, 51: `m"月"d"日"`, 52: `yyyy"年"m"月"`, 53: `m"月"d"日"`, 54: `m"月"d"日"`,
	55: `AM/PMh"时"mm"分"`, 56: `AM/PMh"时"mm"分"ss"秒"`, 57: `yyyy"年"m"月"`, 58: `m"月"d"日"`,
}

// formats reads and keeps the formats of a workbook.
type formats struct {
	codes map[int]string // those the workbook defines
	made  map[int]*numberFormat
	by    map[string]*numberFormat // formats by their code
}

func newFormats() *formats {
	return &formats{codes: map[int]string{}, made: map[int]*numberFormat{}, by: map[string]*numberFormat{}}
}

// of is the format with the number.
func (f *formats) of(id int) *numberFormat {
	if n, ok := f.made[id]; ok {
		return n
	}
	code, ok := f.codes[id]
	if !ok {
		code = builtinFormats[id]
	}
	n := f.by[code]
	if n == nil {
		n = parseNumberFormat(code)
		f.by[code] = n
	}
	f.made[id] = n
	return n
}

func parseNumberFormat(code string) *numberFormat {
	const longest = 1024 // bytes; Excel allows 255 characters
	f := &numberFormat{}
	if len(code) > longest {
		code = ""
	}
	s := fmtSection{}
	flush := func() {
		s.settle()
		f.sections = append(f.sections, s)
		s = fmtSection{}
	}
	lit := func(t string) { s.parts = append(s.parts, fmtPart{'l', t}) }
	for i := 0; i < len(code); {
		c := code[i]
		rest := code[i:]
		switch {
		case c == ';':
			flush()
			i++
		case c == '"':
			end := strings.IndexByte(rest[1:], '"')
			if end < 0 {
				lit(rest[1:])
				i = len(code)
				break
			}
			lit(rest[1 : 1+end])
			i += end + 2
		case c == '\\' || c == '!':
			r := firstRune(rest[1:])
			lit(r)
			i += 1 + len(r)
		case c == '_':
			lit(" ")
			i += 1 + len(firstRune(rest[1:]))
		case c == '*':
			i += 1 + len(firstRune(rest[1:]))
		case c == '[':
			end := strings.IndexByte(rest, ']')
			if end < 0 {
				lit("[")
				i++
				break
			}
			s.bracket(rest[1:end])
			i += end + 1
		case hasFold(rest, "general"):
			s.parts = append(s.parts, fmtPart{'g', ""})
			i += len("general")
		case strings.HasPrefix(rest, "G/通用格式"):
			s.parts = append(s.parts, fmtPart{'g', ""})
			i += len("G/通用格式")
		case hasFold(rest, "am/pm"):
			s.parts = append(s.parts, fmtPart{'p', ""})
			i += len("am/pm")
		case hasFold(rest, "a/p"):
			s.parts = append(s.parts, fmtPart{'p', ""})
			i += len("a/p")
		case strings.HasPrefix(rest, "上午/下午"):
			s.parts = append(s.parts, fmtPart{'p', ""})
			i += len("上午/下午")
		case (c == 'E' || c == 'e') && len(rest) > 1 && (rest[1] == '+' || rest[1] == '-'):
			s.scientific = true
			s.parts = append(s.parts, fmtPart{'E', rest[1:2]})
			i += 2
		case c == '0' || c == '#' || c == '?' || c == '.' || c == '@':
			s.parts = append(s.parts, fmtPart{c, ""})
			i++
		case c == '%':
			s.percents++
			lit("%")
			i++
		case c == ',':
			s.parts = append(s.parts, fmtPart{',', ""})
			i++
		case strings.IndexByte("yYmMdDhHsSeEbBaA", c) >= 0:
			n := 1
			for n < len(rest) && rest[n]|0x20 == c|0x20 {
				n++
			}
			s.parts = append(s.parts, fmtPart{dateCode(c | 0x20), rest[:n]})
			i += n
		default:
			r := firstRune(rest)
			lit(r)
			i += len(r)
		}
	}
	flush()
	return f
}

// dateCode is the code of a date's letter; e is the year of the era, b the
// Buddhist year, a the name of the day.
func dateCode(c byte) byte {
	switch c {
	case 'e', 'b':
		return 'y'
	case 'm':
		return 'o'
	case 'a':
		return 'd'
	}
	return c
}

func firstRune(s string) string {
	for i := range s {
		if i > 0 {
			return s[:i]
		}
	}
	return s
}

func hasFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// bracket reads what stands in brackets: a condition, a currency sign, time
// that runs on; colours, languages and kinds of digits change no value.
func (s *fmtSection) bracket(in string) {
	switch {
	case strings.HasPrefix(in, "$"):
		sign, _, _ := strings.Cut(in[1:], "-")
		if sign != "" {
			s.parts = append(s.parts, fmtPart{'l', sign})
		}
	case in != "" && strings.Trim(strings.ToLower(in), "h") == "":
		s.parts = append(s.parts, fmtPart{'h', "[" + in + "]"})
	case in != "" && strings.Trim(strings.ToLower(in), "m") == "":
		s.parts = append(s.parts, fmtPart{'i', "[" + in + "]"})
	case in != "" && strings.Trim(strings.ToLower(in), "s") == "":
		s.parts = append(s.parts, fmtPart{'s', "[" + in + "]"})
	default:
		n := len(in) - len(strings.TrimLeft(in, "<>="))
		if n == 0 {
			return
		}
		if d, ok := parseStored(strings.TrimSpace(in[n:])); ok {
			s.op, s.limit = in[:n], d
		}
	}
}

// settle finds a section's kind, and tells months from minutes.
func (s *fmtSection) settle() {
	digits, last := false, -1
	for i, p := range s.parts {
		switch p.code {
		case 'y', 'd', 'h', 's', 'o', 'i', 'p':
			s.kind = fmtDate
		case '0', '#', '?':
			digits, last = true, i
		case '@':
			if s.kind == fmtGeneral {
				s.kind = fmtText
			}
		}
	}
	if s.kind == fmtDate {
		s.tellMinutes()
		return
	}
	if !digits {
		if s.kind == fmtGeneral && len(s.parts) > 0 {
			s.kind = fmtNumber
			for _, p := range s.parts {
				if p.code == 'g' {
					s.kind = fmtGeneral
				}
			}
		}
		return
	}
	s.kind = fmtNumber
	kept := s.parts[:0:0]
	point, seen := false, false
	for i, p := range s.parts {
		switch p.code {
		case ',':
			switch {
			case !seen:
				kept = append(kept, fmtPart{'l', ","})
			case i > last:
				s.scale++
			case !point:
				s.thousands = true
			}
			continue
		case '.':
			if point {
				p = fmtPart{'l', "."}
			}
			point = true
		case '0', '#', '?':
			seen = true
		case 'l':
			if p.text == "/" && seen && i < last {
				s.fraction = true
			}
		}
		if p.code == 'l' && p.text == "." {
			p = fmtPart{'l', "."}
		}
		kept = append(kept, p)
	}
	s.parts = kept
}

// tellMinutes makes minutes of the months that stand beside hours or seconds.
func (s *fmtSection) tellMinutes() {
	near := func(i, step int) byte {
		for i += step; i >= 0 && i < len(s.parts); i += step {
			if c := s.parts[i].code; strings.IndexByte("yodhis", c) >= 0 {
				return c
			}
		}
		return 0
	}
	for i := range s.parts {
		p := &s.parts[i]
		if p.code == 'o' && len(p.text) <= 2 && (near(i, -1) == 'h' || near(i, 1) == 's') {
			p.code = 'i'
		}
	}
	for _, p := range s.parts {
		switch p.code {
		case 'y':
			s.year = true
		case 'o':
			s.month = true
		case 'd':
			s.day = s.day || len(p.text) <= 2
		case 'h', 'i', 's', 'p':
			s.clock = true
		}
	}
}

// shown is what a cell with a stored value shows.
type shown struct {
	text   string
	stored string // the stored value, where more is stored than is shown
	doubt  *model.CellDoubt
}

// Doubts about what a spreadsheet shows.
var (
	textScientific = model.Text{Zh: "数字显示为科学计数法 {shown}，文件里存的是 {stored}；请把单元格格式改为“数值”或“文本”", En: "the number is shown in scientific notation, {shown}; {stored} is stored: format the cell as number or text"}
	textDayMonth   = model.Text{Zh: "显示为 {shown}，文件里存的是日期 {stored}；Excel 会把 3-5、3/5 一类的输入自动改成日期，请核对并改为“文本”格式", En: "{shown} is shown and the date {stored} is stored; Excel turns entries such as 3-5 or 3/5 into dates: check it and format the cell as text"}
	textBadDate    = model.Text{Zh: "单元格是日期格式，但存的数 {stored} 不是日期", En: "the cell is formatted as a date, but {stored} is none"}
)

func ambiguous(t model.Text, args model.Args) *model.CellDoubt {
	return &model.CellDoubt{Code: model.AmbiguousText, Message: model.Message{Text: t, Args: args}}
}

// digits that Excel keeps of a number.
const significant = 15

// parseStored reads a number as a workbook stores it; ok is false for what is
// none. Exponents are bounded, so that no number grows without end.
func parseStored(raw string) (decimal.Decimal, bool) {
	const longest, furthest = 64, 330
	if raw == "" || len(raw) > longest {
		return decimal.Decimal{}, false
	}
	if i := strings.IndexAny(raw, "eE"); i >= 0 {
		if e, err := strconv.Atoi(raw[i+1:]); err != nil || e > furthest || e < -furthest {
			return decimal.Decimal{}, false
		}
	}
	d, err := decimal.NewFromString(raw)
	if err != nil {
		return d, false
	}
	return toSignificant(d, significant), true
}

func toSignificant(d decimal.Decimal, n int) decimal.Decimal {
	if over := d.NumDigits() - n; over > 0 {
		d = d.Round(-(d.Exponent() + int32(over)))
	}
	return d
}

// plain prints a number with no more digits than it has.
func plain(d decimal.Decimal) string {
	s := d.String()
	if strings.IndexByte(s, '.') >= 0 {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	if s == "-0" {
		s = "0"
	}
	return s
}

// number shows a stored number.
func (f *numberFormat) number(d decimal.Decimal, date1904 bool) shown {
	s, negate := f.choose(d)
	switch {
	case s == nil:
		return general(d)
	case s.kind == fmtDate:
		return s.date(d, date1904)
	case s.kind == fmtText, s.fraction:
		return general(d)
	case s.kind == fmtGeneral && len(s.parts) == 0 && len(f.sections) > 1:
		return shown{} // a section left empty shows nothing
	case s.kind == fmtGeneral:
		g := general(d)
		g.text = s.around(g.text)
		return g
	}
	v := d
	if negate {
		v = d.Abs()
	}
	out := s.digits(v)
	if s.scientific {
		out.doubt = ambiguous(textScientific, model.Args{"shown": out.text, "stored": plain(d)})
		out.stored = plain(d)
		return out
	}
	if out.stored != "" {
		out.stored = plain(d)
	}
	return out
}

// choose takes the section for a number; negate says that the section shows
// the number without its sign.
func (f *numberFormat) choose(d decimal.Decimal) (s *fmtSection, negate bool) {
	n := min(len(f.sections), 3)
	if n == 0 {
		return nil, false
	}
	conditions := false
	for i := range n {
		s := &f.sections[i]
		if s.op == "" {
			continue
		}
		conditions = true
		if holds(d.Cmp(s.limit), s.op) {
			return s, d.IsNegative() && i > 0
		}
	}
	if conditions {
		for i := range n {
			if f.sections[i].op == "" {
				return &f.sections[i], d.IsNegative() && i > 0
			}
		}
		return nil, false
	}
	switch {
	case n >= 2 && d.IsNegative():
		return &f.sections[1], true
	case n >= 3 && d.IsZero():
		return &f.sections[2], false
	}
	return &f.sections[0], false
}

func holds(cmp int, op string) bool {
	switch op {
	case "<":
		return cmp < 0
	case "<=":
		return cmp <= 0
	case "=":
		return cmp == 0
	case "<>":
		return cmp != 0
	case ">=":
		return cmp >= 0
	case ">":
		return cmp > 0
	}
	return false
}

// general shows a number as the General format does: eleven characters.
func general(d decimal.Decimal) shown {
	const width = 11
	if d.IsZero() {
		return shown{text: "0"}
	}
	whole := d.Abs().Truncate(0)
	if whole.NumDigits() > width {
		sci := scientific(d, 5)
		return shown{text: sci, stored: plain(d), doubt: ambiguous(textScientific, model.Args{"shown": sci, "stored": plain(d)})}
	}
	tiny := decimal.New(1, -9)
	if d.Abs().LessThan(tiny) {
		sci := scientific(d, 5)
		return shown{text: sci, stored: plain(d), doubt: ambiguous(textScientific, model.Args{"shown": sci, "stored": plain(d)})}
	}
	r := d.Round(int32(max(0, width-1-whole.NumDigits())))
	out := shown{text: plain(r)}
	if !r.Equal(d) {
		out.stored = plain(d)
	}
	return out
}

func scientific(d decimal.Decimal, places int) string {
	f, _ := d.Float64() // only shown, never counted with
	return strconv.FormatFloat(f, 'E', places, 64)
}

// around puts the literals of a General section around a text.
func (s *fmtSection) around(text string) string {
	if len(s.parts) <= 1 {
		return text
	}
	var b strings.Builder
	for _, p := range s.parts {
		switch p.code {
		case 'l':
			b.WriteString(p.text)
		case 'g', '@':
			b.WriteString(text)
		}
	}
	return b.String()
}

// text shows a stored text.
func (f *numberFormat) text(t string) string {
	s := f.sections[len(f.sections)-1]
	if s.kind == fmtText && (len(f.sections) == 1 || len(f.sections) == 4) {
		return s.around(t)
	}
	return t
}

// digits shows a number through placeholders.
func (s *fmtSection) digits(d decimal.Decimal) shown {
	if s.scientific {
		return shown{text: scientific(d, s.places())}
	}
	v := d
	for range s.percents {
		v = v.Shift(2)
	}
	for range s.scale {
		v = v.Shift(-3)
	}
	places := s.places()
	r := v.Round(int32(places))
	negative := r.IsNegative()
	whole, frac, _ := strings.Cut(r.Abs().StringFixed(int32(places)), ".")
	if whole == "0" {
		whole = ""
	}
	slots := 0
	for _, p := range s.parts {
		if p.code == '.' {
			break
		}
		if isDigit(p.code) {
			slots++
		}
	}
	var b strings.Builder
	if negative {
		b.WriteByte('-')
	}
	left := slots // digit places still to come before the point
	behind := false
	for _, p := range s.parts {
		switch {
		case p.code == 'l':
			b.WriteString(p.text)
		case p.code == '@':
			b.WriteString(plain(d))
		case p.code == '.':
			behind = true
			if slots == 0 {
				b.WriteString(whole)
			}
			if frac = trimPlaces(frac, s.parts); frac != "" {
				b.WriteByte('.')
			}
		case isDigit(p.code) && behind:
			if frac != "" {
				b.WriteByte(frac[0])
				frac = frac[1:]
			}
		case isDigit(p.code):
			if left == slots && len(whole) > slots { // more digits than places: all before the first
				for i := len(whole); i > slots; i-- {
					b.WriteByte(whole[len(whole)-i])
					s.comma(&b, i-1)
				}
				whole = whole[len(whole)-slots:]
			}
			switch {
			case left <= len(whole):
				b.WriteByte(whole[len(whole)-left])
				s.comma(&b, left-1)
			case p.code == '0':
				b.WriteByte('0')
				s.comma(&b, left-1)
			}
			left--
		}
	}
	out := shown{text: b.String()}
	if !r.Equal(v) && slots+places > 0 {
		out.stored = plain(d)
	}
	return out
}

func isDigit(code byte) bool { return code == '0' || code == '#' || code == '?' }

// comma parts thousands where so many digits are still to come.
func (s *fmtSection) comma(b *strings.Builder, toCome int) {
	if s.thousands && toCome > 0 && toCome%3 == 0 {
		b.WriteByte(',')
	}
}

// places is the number of decimals that a section has room for.
func (s *fmtSection) places() int {
	n, behind := 0, false
	for _, p := range s.parts {
		switch {
		case p.code == '.':
			behind = true
		case p.code == 'E':
			return n
		case behind && isDigit(p.code):
			n++
		}
	}
	return min(n, 30)
}

// trimPlaces drops zeros at the end for which the format has # or ?.
func trimPlaces(frac string, parts []fmtPart) string {
	kept, n, behind := 0, 0, false
	for _, p := range parts {
		switch {
		case p.code == '.':
			behind = true
		case behind && isDigit(p.code) && n < len(frac):
			n++
			if p.code == '0' || frac[n-1] != '0' {
				kept = n
			}
		}
	}
	return frac[:kept]
}

// date shows a serial number as a date. A whole day reads the same whatever
// the format: 2026-01-01; where the format shows only the year and month, or
// a time, that is what is printed. A day without its year may be an entry
// that was no date.
func (s *fmtSection) date(d decimal.Decimal, date1904 bool) shown {
	at, ok := serialDate(d, date1904)
	if !ok {
		return shown{text: plain(d), doubt: ambiguous(textBadDate, model.Args{"stored": plain(d)})}
	}
	iso := at.Format(time.DateOnly)
	switch {
	case s.year && s.month && s.day:
		if s.clock && at.Hour()+at.Minute()+at.Second() > 0 {
			return shown{text: at.Format(time.DateTime)}
		}
		return shown{text: iso}
	case s.day && s.month:
		text := s.written(at)
		return shown{text: text, stored: iso, doubt: ambiguous(textDayMonth, model.Args{"shown": text, "stored": iso})}
	case s.year && s.month:
		return shown{text: fmt.Sprintf("%d年%d月", at.Year(), int(at.Month())), stored: iso}
	}
	return shown{text: s.written(at), stored: plain(d)}
}

// serialDate is the day that a serial number stands for. Excel counts a 29
// February 1900 that there never was.
func serialDate(d decimal.Decimal, date1904 bool) (time.Time, bool) {
	const last, leap, secondsADay = 2958465, 60, 86400
	if d.IsNegative() || d.GreaterThan(decimal.New(last+1, 0)) {
		return time.Time{}, false
	}
	days := d.Truncate(0).IntPart()
	seconds := d.Sub(d.Truncate(0)).Mul(decimal.New(secondsADay, 0)).Round(0).IntPart()
	base := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case date1904:
		base = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case days < leap:
		base = base.AddDate(0, 0, 1)
	}
	return base.AddDate(0, 0, int(days)).Add(time.Duration(seconds) * time.Second), true
}

// written prints a date as the format has it.
func (s *fmtSection) written(at time.Time) string {
	var b strings.Builder
	half := false
	for _, p := range s.parts {
		half = half || p.code == 'p'
	}
	two := func(n int, letters string) {
		if len(letters) > 1 {
			fmt.Fprintf(&b, "%02d", n)
		} else {
			b.WriteString(strconv.Itoa(n))
		}
	}
	for _, p := range s.parts {
		switch p.code {
		case 'l':
			b.WriteString(p.text)
		case '.', '0', ',':
			b.WriteByte(p.code)
		case 'y':
			if len(p.text) == 2 && p.text[0]|0x20 == 'y' {
				two(at.Year()%100, p.text)
			} else {
				b.WriteString(strconv.Itoa(at.Year()))
			}
		case 'o':
			if len(p.text) > 2 {
				b.WriteString(at.Month().String()[:3])
			} else {
				two(int(at.Month()), p.text)
			}
		case 'd':
			if len(p.text) > 2 {
				b.WriteString("星期" + string([]rune("日一二三四五六")[at.Weekday()]))
			} else {
				two(at.Day(), p.text)
			}
		case 'h':
			h := at.Hour()
			if half {
				h = (h+11)%12 + 1
			}
			two(h, p.text)
		case 'i':
			two(at.Minute(), p.text)
		case 's':
			two(at.Second(), p.text)
		case 'p':
			if at.Hour() < 12 {
				b.WriteString("上午")
			} else {
				b.WriteString("下午")
			}
		}
	}
	return b.String()
}
