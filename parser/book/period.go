package book

import (
	"strconv"
	"time"

	"perfgoal/internal/zh"
	"perfgoal/model"
)

// A point in time as a period names it, in a folded text: the year may be left
// out behind the first, the day and the month anywhere.
const (
	yearPart  = `(20\d\d)(?:年度?|[./-])`
	monthPart = `(\d{1,2})(?:月份?|[./-])?`
	dayPart   = `(\d{1,2})(?:日|号)?`
	joint     = `(?:起|开始)?(?:至|到|[-—–~～─]+)`
)

var (
	// 2025年1月1日-2025年12月31日, 2025.1.1-12.31, 2025/01/01至2025/12/31
	daySpan = lazily(yearPart + `(\d{1,2})(?:月|[./-])` + dayPart + joint + `(?:` + yearPart + `)?(\d{1,2})(?:月|[./-])` + dayPart)
	// 2025年1月-12月, 2024年7月至2026年6月, 2025.1-2025.12, 2025年1-12月
	monthSpan = lazily(yearPart + monthPart + joint + `(?:` + yearPart + `)?` + `(\d{1,2})(?:月份?|$|[^\d./-])`)
	// 2024-2026年, 2024年至2026年
	yearSpan = lazily(`(20\d\d)(?:年度?)?` + joint + `(20\d\d)年`)
	// 2025年度, 2025年全年, 2025全年度
	wholeYear = lazily(`^(?:项目)?(?:实施)?(?:周期|期限)?(?:为|:)?(20\d\d)(?:年(?:度|全年|全年度)?|全年度?)(?:。|;)?$`)
	anyYear   = lazily(`20\d\d(?:年|[./-]\d)`)
)

// periodOf reads the first and the last day of a period. ok is false where the
// text does not name exactly one span with its years.
func periodOf(text string) (start, end model.Date, ok bool) {
	s := zh.Fold(text)
	if m := daySpan.FindStringSubmatchIndex(s); m != nil {
		if anyYear.MatchString(s[:m[0]]) || anyYear.MatchString(s[m[1]:]) {
			return start, end, false
		}
		from, to := group(s, m, 1), group(s, m, 4)
		if to == 0 {
			to = from
		}
		raw := s[m[0]:m[1]]
		start = model.NewDate(raw, from, group(s, m, 2), group(s, m, 3))
		end = model.NewDate(raw, to, group(s, m, 5), group(s, m, 6))
		return start, end, start.Valid && end.Valid
	}
	if m := monthSpan.FindStringSubmatchIndex(s); m != nil {
		if anyYear.MatchString(s[:m[0]]) || anyYear.MatchString(s[m[1]:]) {
			return start, end, false
		}
		from, to := group(s, m, 1), group(s, m, 3)
		if to == 0 {
			to = from
		}
		return months(s[m[0]:m[1]], from, group(s, m, 2), to, group(s, m, 4))
	}
	if m := yearSpan.FindStringSubmatchIndex(s); m != nil {
		if anyYear.MatchString(s[:m[0]]) || anyYear.MatchString(s[m[1]:]) {
			return start, end, false
		}
		return months(s[m[0]:m[1]], group(s, m, 1), 1, group(s, m, 2), 12)
	}
	if m := wholeYear.FindStringSubmatchIndex(s); m != nil {
		year := group(s, m, 1)
		return months(s, year, 1, year, 12)
	}
	return start, end, false
}

// group is a submatch as a number, 0 where it did not take part.
func group(s string, m []int, n int) int {
	if m[2*n] < 0 {
		return 0
	}
	v, err := strconv.Atoi(s[m[2*n]:m[2*n+1]])
	if err != nil {
		return 0
	}
	return v
}

// months are the first day of one month and the last of another.
func months(raw string, fromYear, from, toYear, to int) (start, end model.Date, ok bool) {
	if from < 1 || from > 12 || to < 1 || to > 12 {
		return start, end, false
	}
	last := time.Date(toYear, time.Month(to)+1, 0, 0, 0, 0, 0, time.UTC).Day()
	start, end = model.NewDate(raw, fromYear, from, 1), model.NewDate(raw, toYear, to, last)
	return start, end, start.Valid && end.Valid
}
