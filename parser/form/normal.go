package form

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// fold turns full-width letters, digits and signs into half-width ones and
// drops white space. Chinese punctuation without a half-width twin stays.
func fold(s string) string {
	if !needsFold(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch {
		case unicode.IsSpace(r), r == '\u200b', r == '\ufeff':
			continue
		case r >= 0xff01 && r <= 0xff5e:
			r -= 0xfee0
		case r >= 0xffe0 && r <= 0xffee:
			if n := width.LookupRune(r).Narrow(); n != 0 {
				r = n
			}
		case r == '\u2236' || r == '\ufe30':
			r = ':'
		case r == '\u3014':
			r = '['
		case r == '\u3015':
			r = ']'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// needsFold says whether fold would change anything.
func needsFold(s string) bool {
	for _, r := range s {
		if r <= ' ' || r >= 0x80 && (r < 0x2e80 || r >= 0xfe00 || r == '\u3000' || r == '\u3014' || r == '\u3015') {
			return true
		}
	}
	return false
}

// normLabel is the form in which labels are compared: folded, without a
// number or 其中 before it, without a colon or a bracketed note behind it
// (the unit, the year).
func normLabel(s string) string {
	if len(s) > 150 {
		return "" // no label is that long
	}
	s = fold(s)
	for {
		before := s
		s = strings.TrimRight(s, ":;.、*")
		s = strings.TrimPrefix(s, "*")
		if rest := strings.TrimPrefix(s, "其中"); rest != s && rest != "" {
			s = strings.TrimLeft(rest, ":、")
		}
		s = trimNumber(s)
		if strings.HasSuffix(s, ")") {
			if i := strings.LastIndexByte(s, '('); i > 0 {
				s = s[:i]
			}
		}
		if s == before {
			return s
		}
	}
}

// trimNumber drops a heading's number: "1.", "(一)", "一、".
func trimNumber(s string) string {
	const numerals = "0123456789一二三四五六七八九十"
	if s == "" || s[0] != '(' && (s[0] < '0' || s[0] > '9') && numeralValues[firstRune(s)] == "" {
		return s
	}
	inner := strings.TrimPrefix(s, "(")
	i := strings.IndexFunc(inner, func(r rune) bool { return !strings.ContainsRune(numerals, r) })
	if i <= 0 {
		return s
	}
	for _, mark := range []string{")", ".", "、"} {
		if rest := strings.TrimPrefix(inner[i:], mark); rest != inner[i:] && rest != "" && (mark == ")") == (inner != s) {
			if mark == "." && rest[0] >= '0' && rest[0] <= '9' {
				return s
			}
			return rest
		}
	}
	return s
}

// bracketed returns the bracketed notes of a label, folded: the unit of
// 项目资金（万元）, the year of (2026 年度).
func bracketed(s string) []string {
	var out []string
	s = fold(s)
	for {
		i := strings.IndexByte(s, '(')
		if i < 0 {
			return out
		}
		j := strings.IndexByte(s[i:], ')')
		if j < 0 {
			return append(out, s[i+1:])
		}
		out = append(out, s[i+1:i+j])
		s = s[i+j+1:]
	}
}

// unitOf finds a money unit printed in a label or a line ("单位：万元",
// "项目资金（元）"); "" where there is none.
func unitOf(s string) string {
	for _, note := range bracketed(s) {
		note = strings.TrimPrefix(strings.TrimPrefix(note, "单位"), ":")
		note = strings.TrimSuffix(note, "人民币")
		if moneyUnits[note] != 0 {
			return note
		}
	}
	f := fold(s)
	if i := strings.Index(f, "单位:"); i >= 0 {
		rest := strings.TrimPrefix(f[i+len("单位:"):], "人民币")
		for _, u := range []string{"万元", "千元", "百万元", "亿元", "元"} {
			if strings.HasPrefix(rest, u) {
				return u
			}
		}
	}
	return ""
}

// moneyUnits are the printed money units and their power of ten in 元.
var moneyUnits = map[string]int32{"元": -1, "千元": 3, "万元": 4, "百万元": 6, "亿元": 8}

// moneyExponent is the power of ten of a printed unit; 0 for 元 and unknown.
func moneyExponent(unit string) int32 { return max(0, moneyUnits[unit]) }
