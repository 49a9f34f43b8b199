package zh

import "strings"

// moneyExponents are the units of money and their power of ten in 元, longer
// names before those they end in.
var moneyExponents = []struct {
	unit     string
	exponent int32
}{
	{"千万元", 7}, {"百万元", 6}, {"十万元", 5}, {"万元", 4}, {"亿元", 8}, {"千元", 3}, {"百元", 2}, {"人民币元", 0}, {"元", 0},
	{"千万", 7}, {"百万", 6}, {"万", 4}, {"亿", 8},
}

// MoneyExponent is the power of ten of a unit of money (万元: 4); ok is false
// for what is none. The input is folded.
func MoneyExponent(unit string) (exponent int32, ok bool) {
	for _, u := range moneyExponents {
		if u.unit == unit {
			return u.exponent, true
		}
	}
	return 0, false
}

// CutMoneyUnit takes the unit of money off the end of a folded text, in or
// without brackets. The abbreviations 万 and 亿 count as 万元 and 亿元 where a
// digit stands before them.
func CutMoneyUnit(s string) (rest, unit string, ok bool) {
	trimmed := strings.TrimSuffix(s, "整")
	for _, u := range moneyExponents {
		for _, suffix := range []string{u.unit, "(" + u.unit + ")"} {
			rest, found := strings.CutSuffix(trimmed, suffix)
			if !found || rest == "" {
				continue
			}
			if !strings.HasSuffix(u.unit, "元") && !endsInDigit(rest) {
				continue
			}
			unit = u.unit
			if !strings.HasSuffix(unit, "元") {
				unit += "元"
			}
			return rest, strings.TrimPrefix(unit, "人民币"), true
		}
	}
	return s, "", false
}

func endsInDigit(s string) bool { return s != "" && s[len(s)-1] >= '0' && s[len(s)-1] <= '9' }

// MoneyUnitAt returns the unit of money that a folded text begins with, "" for
// none.
func MoneyUnitAt(s string) string {
	s = strings.TrimPrefix(s, "人民币")
	for _, u := range moneyExponents {
		if strings.HasSuffix(u.unit, "元") && strings.HasPrefix(s, u.unit) {
			return u.unit
		}
	}
	return ""
}

// Period is a recurring stretch of time.
type Period string

const (
	Day      Period = "day"
	Week     Period = "week"
	Month    Period = "month"
	Quarter  Period = "quarter"
	HalfYear Period = "half-year"
	Year     Period = "year"
)

// Periods are the spellings of periods, longer ones before those they begin with.
var Periods = []struct {
	Text   string
	Period Period
}{
	{"半年", HalfYear}, {"季度", Quarter}, {"季", Quarter}, {"年度", Year}, {"年", Year},
	{"个月", Month}, {"月", Month}, {"周", Week}, {"星期", Week}, {"天", Day}, {"日", Day},
}

// TimeUnits are the units in which a stretch of time is counted.
var TimeUnits = set("秒", "分", "分钟", "小时", "时", "钟头", "天", "日", "个工作日", "工作日", "周", "个星期", "星期", "旬",
	"月", "个月", "季度", "个季度", "季", "年", "个自然日", "自然日")

func set(words ...string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}
