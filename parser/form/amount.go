package form

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"perfgoal/internal/lazy"
	"perfgoal/internal/zh"
	"perfgoal/model"
)

// parseMoney reads a funding cell in the form's unit. A unit printed in the
// cell itself wins. A cell that holds text but no amount is MoneyInvalid.
func parseMoney(raw, unit string) model.Money {
	raw = strings.TrimSpace(raw)
	m := model.Money{Raw: raw}
	s := fold(raw)
	s = strings.TrimRight(strings.TrimLeft(s, ":¥￥"), ";。")
	if blankMark(s) {
		return m
	}
	if brokenNumber(raw) {
		m.State = model.MoneyInvalid
		return m
	}
	if bare, ok := withoutRemark(s); ok {
		s = bare
	}
	if rest, u, ok := zh.CutMoneyUnit(s); ok {
		s, unit = rest, u
	}
	m.State = model.MoneyInvalid
	digits, ok := plainNumber(strings.TrimPrefix(s, "¥"))
	if !ok {
		return m
	}
	n, err := model.ParseNumber(digits)
	if err != nil {
		return m
	}
	exponent, known := zh.MoneyExponent(unit)
	amount := n.Value
	if known && exponent > 0 {
		amount = n.Value.Shift(exponent)
		if amount.Abs().GreaterThanOrEqual(decimal.New(1, longestNumber)) {
			return m
		}
	}
	m.State = model.MoneyValid
	m.Printed = n
	if known {
		m.Scale, m.Amount = decimal.New(1, exponent), amount
	}
	return m
}

// withoutRemark takes a bracketed remark off an amount that has its unit before
// it: 854万(其中示范建设295万元).
func withoutRemark(s string) (string, bool) {
	i := strings.IndexByte(s, '(')
	if i <= 0 || !strings.HasSuffix(s, ")") {
		return s, false
	}
	_, _, ok := zh.CutMoneyUnit(s[:i])
	return s[:i], ok
}

// bareAmount says whether a line is nothing but figures with the marks of
// amounts, one or several: more than a page's number is.
func bareAmount(s string) bool {
	const fewest = 3 // digits
	digits, marks := 0, 0
	for _, r := range fold(s) {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r == '.' || r == ',':
			marks++
		case !unicode.IsSpace(r):
			return false
		}
	}
	return digits >= fewest && marks > 0
}

// likeAmount says whether a text may stand for an amount: it is a sign for
// none, has figures, or names a unit of money (伍万元, and 万元 alone).
func likeAmount(s string) bool {
	s = fold(s)
	return blankMark(s) || strings.ContainsAny(s, "0123456789元")
}

// blankMark says whether a cell holds only a sign for nothing.
func blankMark(s string) bool {
	return strings.Trim(s, "-—–―/\\_·.") == ""
}

// numberSigns are signs in numbers that folding leaves alone.
var numberSigns = strings.NewReplacer("−", "-", "，", ",", "．", ".")

// longestNumber is how many digits a number has at most before its point, an
// amount in 元 as well.
const longestNumber = 30

// plainNumber accepts an optional sign, digits with correctly or not grouped
// commas, and a fraction, and returns them without commas.
func plainNumber(s string) (string, bool) {
	if s == "" {
		return "", false
	}
	if digitsOnly(s) && len(s) <= longestNumber {
		return s, true
	}
	if strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0 {
		s = numberSigns.Replace(s)
	}
	if strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") {
		s = "-" + s[1:len(s)-1] // accountants' brackets
	}
	body := strings.TrimPrefix(strings.TrimPrefix(s, "+"), "-")
	if body == "" || body[0] == ',' {
		return "", false
	}
	whole, fraction, point := strings.Cut(body, ".")
	if point && (fraction == "" || !digitsOnly(fraction)) {
		return "", false
	}
	first := true
	for g := range strings.SplitSeq(whole, ",") {
		if !digitsOnly(g) || g == "" || !first && len(g) != 3 && len(g) != 4 {
			return "", false
		}
		first = false
	}
	out := strings.ReplaceAll(whole, ",", "")
	if len(out) > longestNumber {
		return "", false
	}
	if point {
		out += "." + fraction
	}
	if strings.HasPrefix(s, "-") {
		out = "-" + out
	}
	return out, true
}

// brokenNumber says whether white space stands between digits other than as
// the mark of thousands: what number that is cannot be known.
func brokenNumber(s string) bool {
	if strings.IndexFunc(s, unicode.IsSpace) < 0 {
		return false
	}
	rs := []rune(s)
	digit := func(i int) bool { return i >= 0 && i < len(rs) && unicode.IsDigit(rs[i]) }
	for i := 1; i < len(rs); i++ {
		if !unicode.IsSpace(rs[i]) || !digit(i-1) {
			continue
		}
		j := i
		for j < len(rs) && unicode.IsSpace(rs[j]) {
			j++
		}
		if digit(j) && (!digit(j+1) || !digit(j+2) || digit(j+3) || digit(i-4) || rs[i] == '\n') {
			return true
		}
	}
	return false
}

func digitsOnly(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

var (
	dayPattern = lazy.Regexp(`^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?(?:[T]?\d{1,2}:\d{2}(?::\d{2})?)?$`)
	packedDay  = lazy.Regexp(`^(\d{4})(\d{2})(\d{2})$`)
	yearInText = lazy.Regexp(`((?:19|20)\d{2})[-年]?(?:年?度|年)?`)
)

// parseDate reads a day in the usual spellings (2026-01-01, 2026/1/1,
// 2026年1月1日, 20260101). Anything else keeps its text and is not valid.
func parseDate(raw string) model.Date {
	raw = strings.TrimSpace(raw)
	s := fold(raw)
	if blankMark(s) {
		return model.Date{}
	}
	m := dayPattern().FindStringSubmatch(s)
	if m == nil {
		m = packedDay().FindStringSubmatch(s)
	}
	if m == nil {
		return model.Date{Raw: raw}
	}
	return model.NewDate(raw, atoi(m[1]), atoi(m[2]), atoi(m[3]))
}

// periodDays splits "2026-01-01至2026-12-31" into its two days; ok is false
// when the text is not exactly two days.
func periodDays(raw string) (start, end model.Date, ok bool) {
	s := fold(raw)
	for _, sep := range []string{"至", "到", "~", "～", "—", "--", "-"} {
		for i := strings.Index(s, sep); i > 0; {
			start, end = parseDate(s[:i]), parseDate(strings.TrimLeft(s[i+len(sep):], "—-~～"))
			if start.Valid && end.Valid {
				return start, end, true
			}
			next := strings.Index(s[i+len(sep):], sep)
			if next < 0 {
				break
			}
			i += len(sep) + next
		}
	}
	return model.Date{}, model.Date{}, false
}

// yearOf finds the fiscal year in a title or a year cell; 0 where none is.
func yearOf(s string) int {
	m := yearInText().FindStringSubmatch(fold(s))
	if m == nil {
		return 0
	}
	return atoi(m[1])
}

// atoi reads digits that a pattern has already checked.
func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
