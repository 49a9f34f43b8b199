package form

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"perfgoal/internal/lazy"
	"perfgoal/internal/zh"
	"perfgoal/model"
)

// ParseValue reads an indicator's value as it is printed in a cell.
func ParseValue(raw string) model.Value { return parseValue(raw) }

// parseValue reads an indicator's value. The printed text is always kept.
//
//	value     = missing | bound | range | tolerance | date | frequency | text
//	bound     = [operator] number [unit] [suffix]
//	range     = number [unit] ("-" | "至" | "~") number [unit]
//	tolerance = number "±" number [unit]
//	date      = [operator] [year] month [day] [suffix]
//	frequency = ("每" | "一") period number "次" | number "次/" period
func parseValue(raw string) model.Value {
	raw = strings.TrimSpace(raw)
	v := model.Value{Raw: raw, Kind: model.KindText}
	s := fold(raw)
	if blankMark(s) {
		v.Kind = model.KindMissing
		return v
	}
	if !counts(s) || utf8.RuneCountInString(s) > 60 || brokenNumber(raw) || strings.HasSuffix(s, "内") && monthsOrMonth().MatchString(s) {
		return v
	}
	// Called by name: through a list of functions, each try would cost memory.
	got := model.Value{Raw: raw}
	if parseFrequency(s, &got) {
		return got
	}
	got = model.Value{Raw: raw}
	if parseCalendar(s, &got) {
		return got
	}
	got = model.Value{Raw: raw}
	if parseQuantity(s, &got) {
		return got
	}
	return v
}

// counts says whether a text holds a digit or a Chinese numeral.
func counts(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return isDigit(r) || numeral(r) != "" }) >= 0
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// parseQuantity reads bound, range and tolerance.
func parseQuantity(s string, v *model.Value) bool {
	sp, rest, opened := zh.CutBefore(s)
	v.Operator, v.Prose = model.Operator(sp.Operator), sp.Prose
	first, rest, ok := leadingNumber(strings.TrimPrefix(rest, ":"))
	if !ok {
		return false
	}
	if t, ok := strings.CutPrefix(rest, "±"); ok {
		tolerance, unit, ok := leadingNumber(t)
		unit, unitOK := cleanUnit(unit)
		if !ok || !unitOK {
			return false
		}
		v.Kind, v.Number, v.Tolerance, v.Unit = model.KindTolerance, &first, &tolerance, unit
		return true
	}
	if second, unit, ok := upperBound(rest); ok && !opened {
		v.Kind, v.Lower, v.Upper, v.Unit = model.KindRange, &first, &second, unit
		return true
	}
	for _, sp := range zh.Behind {
		t, found := strings.CutSuffix(rest, sp.Text)
		if !found {
			continue
		}
		if sp.Text == "内" {
			u, _ := cleanUnit(t)
			if !zh.TimeUnits[u] {
				continue
			}
		}
		if sp.Text == "起" { // 起 is the counter of accidents unless a unit stands before it
			if u, ok := cleanUnit(t); !ok || u == "" {
				continue
			}
		}
		rest = t
		if v.Operator == model.NoOperator || opened && v.Prose {
			if v.Operator == model.NoOperator {
				v.Operator = model.Operator(sp.Operator)
			}
			v.Prose = true
		}
		break
	}
	unit, ok := cleanUnit(rest)
	if !ok {
		return false
	}
	v.Kind, v.Number, v.Unit = model.KindBound, &first, unit
	return true
}

// upperBound reads the second half of a range after its first number.
func upperBound(s string) (model.Number, string, bool) {
	for _, sep := range []string{"-", "—", "–", "~", "～", "∼", "至", "到"} {
		left, right, found := strings.Cut(s, sep)
		if !found || right == "" {
			continue
		}
		unit1, ok := cleanUnit(left)
		if !ok {
			continue
		}
		second, tail, ok := leadingNumber(strings.TrimLeft(right, "-—"))
		if !ok {
			continue
		}
		unit, ok := cleanUnit(strings.TrimSuffix(strings.TrimSuffix(tail, "之间"), "左右"))
		if !ok || unit1 != "" && unit != "" && unit1 != unit {
			continue
		}
		if unit == "" {
			unit = unit1
		}
		return second, unit, true
	}
	return model.Number{}, "", false
}

// leadingNumber splits a number with its commas from the text behind it.
func leadingNumber(s string) (model.Number, string, bool) {
	i := 0
	if s == "" || s[0] > '9' && !strings.HasPrefix(s, "−") {
		return model.Number{}, s, false
	}
	if strings.HasPrefix(s, "-") || strings.HasPrefix(s, "−") {
		_, i = utf8.DecodeRuneInString(s)
	}
	for i < len(s) && (s[i] >= '0' && s[i] <= '9' || s[i] == '.' || s[i] == ',') {
		i++
	}
	for i > 0 && (s[i-1] == '.' || s[i-1] == ',') {
		i--
	}
	digits, ok := plainNumber(s[:i])
	if !ok {
		return model.Number{}, s, false
	}
	n, err := model.ParseNumber(digits)
	return n, s[i:], err == nil
}

// notUnits are words that make the text behind a number more than a unit.
var notUnits = []string{"完成", "达标", "提升", "提高", "下降", "降低", "增长", "减少", "合格", "其中", "不", "等", "和", "及", "或", "且", "各", "每个", "达到", "通过", "安全", "正常", "覆盖",
	"以上", "以内", "以下", // with more words behind them: 小时以内响应
	"个半", "年第", // 1个半小时, 2026年第一季度
	"前", "月底", "月末"} // of a day that does not exist: 13月底前

// cleanUnit takes the brackets off a unit; ok is false when the text is more
// than a unit.
func cleanUnit(s string) (string, bool) {
	if strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") && strings.Count(s, "(") == 1 {
		s = s[1 : len(s)-1]
	}
	s = strings.TrimRight(s, "。;,、")
	if s == "" || s == "%" || s == "‰" || s == "%%" {
		return s, true
	}
	if utf8.RuneCountInString(s) > 12 {
		return "", false
	}
	for _, w := range notUnits {
		if strings.Contains(s, w) {
			return "", false
		}
	}
	last := ' '
	for i, r := range s {
		prev := last
		last = r
		switch {
		case unicode.IsLetter(r), r == '/', r == '·', r == '²', r == '³', r == '℃', r == '°', r == '㎡', r == '%', r == 'Ω':
		case unicode.IsDigit(r) && prev < 0x80 && (unicode.IsLetter(prev) || unicode.IsDigit(prev)): // m2, CO2, but not 1/3 or 天*24小时
		case unicode.Is(unicode.So, r), r == '(' && i > 0, r == ')':
		case (r == '*' || r == '.') && i > 0 && i < len(s)-1: // 人*天, 人.次
		default:
			return "", false
		}
	}
	return s, true
}

var (
	calendar = lazy.Regexp(`^(?:(\d{4})年)?(\d{1,2})月(?:(\d{1,2})[日号])?(?:份)?(底|末|初|中旬|上旬|下旬)?(之前|以前|前|内|之内|以内)?(?:完成|完工|到位)?$`)
	isoDay   = lazy.Regexp(`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[日]?(之前|以前|前)?$`)
	// 10月内 is within ten months or by October: it stays what it is.
	monthsOrMonth = lazy.Regexp(`^\d{1,2}月(?:以内|之内|内)$`)
	yearOnly      = lazy.Regexp(`^((?:19|20)\d{2})年(?:度)?(底|末)?(之前|以前|前|内|之内|以内)?$`)
)

// parseCalendar reads a date: 2026年11月底前, ≤2026-11-30, 12月前. A month
// without a year is written as ISO 8601 does: --12.
func parseCalendar(s string, v *model.Value) bool {
	sp, rest, _ := zh.CutBefore(s)
	op := model.Operator(sp.Operator)
	v.Prose = sp.Prose
	if strings.HasPrefix(rest, "(") && strings.HasSuffix(rest, ")") {
		rest = rest[1 : len(rest)-1]
	}
	if rest == "" || rest[0] < '0' || rest[0] > '9' {
		return false
	}
	var suffix string
	switch {
	case strings.Contains(rest, "月"):
		m := calendar().FindStringSubmatch(rest)
		if m == nil || m[1] == "" && m[3] == "" && m[4] == "" && m[5] == "" {
			return false // 12月 alone may be a count of months
		}
		month, day := atoi(m[2]), atoi(m[3])
		if month < 1 || month > 12 || m[3] != "" && (day < 1 || day > 31) {
			return false
		}
		v.Date = "-"
		if m[1] != "" {
			v.Date = m[1]
		}
		v.Date += "-" + twoDigits(month)
		if m[3] != "" {
			v.Date += "-" + twoDigits(day)
		}
		suffix = m[5]
	case strings.Contains(rest, "年"):
		m := yearOnly().FindStringSubmatch(rest)
		if m == nil {
			return false
		}
		v.Date, suffix = m[1], m[3]
	case len(rest) > 4 && strings.IndexByte("-/.", rest[4]) >= 0:
		m := isoDay().FindStringSubmatch(rest)
		if m == nil {
			return false
		}
		d := model.NewDate(rest, atoi(m[1]), atoi(m[2]), atoi(m[3]))
		if !d.Valid {
			return false
		}
		v.Date, suffix = d.String(), m[4]
	default:
		return false
	}
	if suffix != "" {
		v.Prose = true
		if op == model.NoOperator {
			op = model.AtMost
		}
	}
	if op == model.NoOperator {
		op = model.Exactly
	}
	v.Kind, v.Operator = model.KindDate, op
	return true
}

func twoDigits(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// numeral is what a Chinese numeral up to ten is in digits, "" for other
// characters.
func numeral(r rune) string {
	switch r {
	case '一':
		return "1"
	case '二', '两':
		return "2"
	case '三':
		return "3"
	case '四':
		return "4"
	case '五':
		return "5"
	case '六':
		return "6"
	case '七':
		return "7"
	case '八':
		return "8"
	case '九':
		return "9"
	case '十':
		return "10"
	}
	return ""
}

// parseFrequency reads 一季度一次, 每月2次, 每半年不少于1次, 2次/月. A bound
// with a sign and the unit 次/年 stays a bound.
func parseFrequency(s string, v *model.Value) bool {
	if rest, ok := leadingPeriod(s); ok {
		for _, p := range zh.Periods {
			t, found := strings.CutPrefix(rest, p.Text)
			if !found {
				continue
			}
			if sp, u, ok := zh.CutBefore(t); ok {
				t, v.Operator = u, model.Operator(sp.Operator)
			}
			n, tail, ok := countOf(t)
			tail = strings.TrimSuffix(strings.TrimSuffix(tail, "以上"), "及")
			if !ok || !timesUnit(tail) {
				return false
			}
			v.Kind, v.Number, v.Unit, v.Period, v.Prose = model.KindFrequency, &n, tail, string(p.Period), true
			return true
		}
		return false
	}
	if !strings.Contains(s, "次") {
		return false
	}
	n, tail, ok := countOf(s)
	if !ok {
		return false
	}
	for _, word := range []string{"次/", "次每", "次／"} {
		t, found := strings.CutPrefix(tail, word)
		if !found {
			continue
		}
		for _, p := range zh.Periods {
			if t == p.Text {
				v.Kind, v.Number, v.Unit, v.Period, v.Prose = model.KindFrequency, &n, "次", string(p.Period), true
				return true
			}
		}
	}
	return false
}

// leadingPeriod takes the word before a period off: 每, 每个, 一, 1.
func leadingPeriod(s string) (string, bool) {
	for _, word := range []string{"每个", "每一", "每", "一个", "一", "1个", "1"} {
		if rest, ok := strings.CutPrefix(s, word); ok {
			for _, p := range zh.Periods {
				if strings.HasPrefix(rest, p.Text) {
					return rest, true
				}
			}
		}
	}
	return s, false
}

func timesUnit(s string) bool {
	switch s {
	case "次", "期", "轮", "回", "份", "篇", "场", "遍":
		return true
	}
	return false
}

// countOf reads a leading count in digits or a Chinese numeral up to ten.
func countOf(s string) (model.Number, string, bool) {
	if s == "" {
		return model.Number{}, s, false
	}
	if n, rest, ok := leadingNumber(s); ok {
		return n, rest, true
	}
	r, size := utf8.DecodeRuneInString(s)
	digits := numeral(r)
	if digits == "" || numeral(firstRune(s[size:])) != "" {
		return model.Number{}, s, false
	}
	n, err := model.ParseNumber(digits)
	return n, s[size:], err == nil
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}
