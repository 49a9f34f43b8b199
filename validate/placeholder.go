package validate

import (
	"strings"
	"unicode/utf8"

	"perfgoal/internal/zh"
)

// placeholders are what people write into a cell that they leave open. A
// stroke of any length counts as one too.
var placeholders = map[string]bool{
	"无": true, "待定": true, "同上": true, "暂无": true, "暂缺": true, "待补": true, "待补充": true, "未定": true, "空": true, "略": true,
	"待填": true, "待确定": true, "待明确": true, "待核实": true, "待核定": true, "待批复": true, "待审核": true, "待测算": true, "待安排": true, "无数据": true, "N/A": true, "n/a": true, "TBD": true,
}

// placeholder says whether a folded text only holds a cell's place. A figure
// never does: 0 is a value.
func placeholder(folded string) bool {
	return folded != "" && (placeholders[strings.Trim(folded, "()[]【】。")] || strings.Trim(folded, "-—–―/\\_·.…*?×xX") == "")
}

// longestPlaceholder is the most bytes that a placeholder has; longer texts
// are not folded to find out.
const longestPlaceholder = 96

// holdsPlace is placeholder for a text as printed.
func holdsPlace(s string) bool { return len(s) <= longestPlaceholder && placeholder(fold(s)) }

// nothing says whether a folded amount says that there is none, which is an
// answer where no amount is required: 无, —. 待定 is no answer.
func nothing(folded string) bool {
	return folded == "无" || folded == "暂无" || placeholder(folded) && !placeholders[folded]
}

// loneUnits are units of one character that say nothing by themselves.
var loneUnits = map[string]bool{"米": true, "次": true, "个": true, "人": true, "户": true, "件": true, "台": true, "套": true, "吨": true, "亩": true, "场": true, "份": true, "项": true, "家": true, "处": true, "条": true, "座": true, "名": true, "期": true, "天": true, "元": true, "所": true}

// bareValue says whether a folded value is an operator or a unit with no
// figure: ≥, ≥(次), %.
func (l *lexicon) bareValue(folded string) bool {
	const longestUnit = 6
	if folded == "" || hasDigit(folded) || strings.Contains(folded, "*") {
		return false
	}
	rest, operator := cutSign(folded)
	bracketed := strings.HasPrefix(rest, "(") && strings.HasSuffix(rest, ")")
	unit := strings.Trim(rest, "()")
	switch {
	case rest == "":
		return true
	case utf8.RuneCountInString(unit) > longestUnit:
		return false
	case operator && bracketed || unit == "%":
		return true
	case strings.Contains(unit, "/"):
		unit, _, _ = strings.Cut(unit, "/")
	case !bracketed && !operator && utf8.RuneCountInString(unit) < 2:
		return loneUnits[unit] // 优, 好, 有 may be values
	}
	return unit == l.counterAt(unit) && unit != "" || isMoney(unit) || zh.TimeUnits[unit]
}
