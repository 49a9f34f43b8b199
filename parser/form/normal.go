package form

import (
	"strings"

	"perfgoal/internal/zh"
)

// fold is zh.Fold, which everything here compares by.
func fold(s string) string { return zh.Fold(s) }

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
		s = trimMarks(s)
		s = strings.TrimPrefix(s, "*")
		if rest := strings.TrimPrefix(s, "其中"); rest != s && rest != "" {
			s = strings.TrimLeft(rest, ":、")
		}
		s = trimPoints(trimNumber(s))
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

// trimMarks drops the marks behind a label.
func trimMarks(s string) string {
	for s != "" {
		switch s[len(s)-1] {
		case ':', ';', '.', '*':
			s = s[:len(s)-1]
			continue
		}
		short, found := strings.CutSuffix(s, "、")
		if !found {
			break
		}
		s = short
	}
	return s
}

// trimPoints drops the points of a label: 成本指标(0-20)分, 预算执行10分.
func trimPoints(s string) string {
	rest, ok := strings.CutSuffix(s, "分")
	if !ok {
		return s
	}
	bare := strings.TrimRight(rest, "0123456789.-~—")
	if bare != "" && (bare != rest || strings.HasSuffix(rest, ")")) {
		return bare
	}
	return s
}

// trimNumber drops a heading's number: "1.", "(一)", "一、".
func trimNumber(s string) string {
	if s == "" || s[0] != '(' && (s[0] < '0' || s[0] > '9') && numeral(firstRune(s)) == "" {
		return s
	}
	inner := strings.TrimPrefix(s, "(")
	i := strings.IndexFunc(inner, func(r rune) bool { return !isDigit(r) && (numeral(r) == "" || r == '两') })
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
		if strings.HasSuffix(note, "元") {
			if _, ok := zh.MoneyExponent(note); ok {
				return note
			}
		}
	}
	for f := fold(s); ; {
		_, rest, found := strings.Cut(f, "单位:")
		if !found {
			return ""
		}
		if u := zh.MoneyUnitAt(rest); u != "" {
			return u
		}
		f = rest
	}
}
