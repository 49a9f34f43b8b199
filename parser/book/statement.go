package book

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"perfgoal/internal/zh"
	"perfgoal/model"
)

// How a folded sentence says that projects have targets. Each has the count as
// its last group.
const (
	declare = `(?:编报|编制|填报|申报|设置|设定|编写|制定|上报|实行|实施|纳入|开展)了?(?:预算|项目|部门|财政|全过程|支出)*绩效目标(?:管理|编报|申报|编制)?`
	count   = `(\d{1,6}|[一二三四五六七八九十百]{1,5})(?:个|项)`
)

var statementPatterns = []pattern{
	// 编报绩效目标的(2024年度)项目(共)20个
	lazily(declare + `的?([^。;,:()]{0,16}?)项目(?:支出)?(?:数量|数)?(?:共计|总计|合计|共有|共|为|有|:)*` + count),
	// (对)25个项目编制了绩效目标
	lazily(`()` + count + `[^。;,:()\d]{0,14}?项目(?:支出)?[^。;,:\d]{0,16}?` + declare),
	// 绩效目标设置情况:2026年共11个项目
	lazily(`绩效目标(?:设置|编报|编制|申报|管理)情况:?([^。;:()]{0,24}?)(?:共有|共|有)` + count + `项目`),
}

var (
	// statementMoney is the money that the projects stand for.
	statementMoney = lazily(`(?:涉及|金额|资金|预算|经费)[^。;\d]{0,24}?` + moneyPattern.String())
	yearWord       = lazily(`(20\d\d)年`)
)

// How many lines a statement may take before and behind the one that makes the
// reader look for it.
const (
	linesBefore = 2
	linesBehind = 4
)

// statements are those of a stretch of text that reach into the line that
// made one look for them, or behind it.
func statements(p *stretch) []model.Statement {
	folded := p.text.String()
	if !strings.Contains(folded, "项目") || !counts(folded) {
		return nil
	}
	for _, pattern := range statementPatterns {
		found := pattern.FindAllIndex(folded)
		var out []model.Statement
		for i, m := range found {
			if m[1] <= p.from {
				continue
			}
			end := len(folded)
			if i+1 < len(found) {
				end = found[i+1][0]
			}
			if s, ok := statementAt(folded, m, end); ok {
				s.Location = p.at(m[0])
				out = append(out, s)
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

// counts is a cheap look at whether a text counts anything: 20个, 三项.
func counts(s string) bool {
	for _, unit := range []string{"个", "项"} {
		for rest := s; ; {
			i := strings.Index(rest, unit)
			if i < 0 {
				break
			}
			if r, _ := utf8.DecodeLastRuneInString(rest[:i]); r >= '0' && r <= '9' || strings.ContainsRune(hanDigits+"百", r) {
				return true
			}
			rest = rest[i+len(unit):]
		}
	}
	return false
}

func statementAt(folded string, m []int, end int) (model.Statement, bool) {
	n, ok := number(folded[m[4]:m[5]])
	if !ok {
		return model.Statement{}, false
	}
	s := model.Statement{Projects: n}
	start := strings.LastIndexAny(folded[:m[0]], "。;") + 1
	if start > 0 {
		start += len("。") - 1
		if folded[start-len("。")] == ';' {
			start -= len("。") - 1
		}
	}
	before := folded[start:m[4]]
	if years := yearWord.FindAllStringSubmatch(before); years != nil {
		if y, err := strconv.Atoi(years[len(years)-1][1]); err == nil {
			s.Year = model.Year(y)
		}
	}
	s.Scope = coverageIn(folded[:m[4]])
	behind := folded[m[1]:end]
	if i := strings.IndexAny(behind, "。;"); i >= 0 {
		behind = behind[:i]
	}
	s.Text = folded[m[0]:m[1]] + behind
	if x := statementMoney.FindStringSubmatchIndex(behind); x != nil {
		rest := behind[x[1]:]
		others, certain := mentions(rest)
		if digits, unit := behind[x[2]:x[3]], behind[x[4]:x[5]]; certain && (len(others) == 0 || strings.HasPrefix(strings.TrimLeft(rest, ",("), "其中")) {
			if !strings.HasSuffix(unit, "元") {
				unit += "元"
			}
			s.Amount, _ = moneyOf(digits, unit)
		}
	}
	return s, true
}

// coverageIn is whose projects the last words on it say are meant.
func coverageIn(s string) model.Coverage {
	department, unit := strings.LastIndex(s, "本部门"), strings.LastIndex(s, "本单位")
	switch {
	case department > unit:
		return model.WholeDepartment
	case unit > department:
		return model.SingleUnit
	}
	return ""
}

// number reads 20 or 二十.
func number(s string) (int, bool) {
	if n, err := strconv.Atoi(s); err == nil {
		return n, true
	}
	total, digit := 0, 0
	for _, r := range s {
		switch i := strings.IndexRune(hanDigits, r); {
		case r == '百':
			total, digit = total+max(digit, 1)*100, 0
		case r == '十':
			total, digit = total+max(digit, 1)*10, 0
		case i >= 0:
			digit = i/len("一") + 1
		default:
			return 0, false
		}
	}
	return total + digit, total+digit > 0
}

const word = "绩效目标"

// speaksOfTargets is a cheap look at whether a line, behind the one before it,
// names 绩效目标.
func speaksOfTargets(before, line string) bool {
	if strings.Contains(line, word) {
		return true
	}
	for cut := len("绩"); cut < len(word); cut += len("绩") {
		if strings.HasPrefix(line, word[cut:]) && strings.HasSuffix(before, word[:cut]) {
			return true
		}
	}
	return false
}

// cover is what the first lines of a book say of it.
type cover struct {
	year     int
	coverage model.Coverage
}

var coverPattern = lazily(`(20\d\d)年度?[^0-9。;,()]{0,24}?(?:部门|单位|区级|市级|县级|省级|本级|街道|镇)[^0-9。;,()]{0,12}?(?:预算|决算)|(20\d\d)年度?(?:部门|单位)?(?:预算|决算)(?:公开|报告|说明|书|草案)?`)

// coverOf reads the cover from the first lines.
func coverOf(lines string) cover {
	folded := zh.Fold(lines)
	m := coverPattern.FindStringSubmatch(folded)
	if m == nil {
		return cover{}
	}
	c := cover{}
	if y, err := strconv.Atoi(m[1] + m[2]); err == nil {
		c.year = y
	}
	department, unit := strings.Count(folded, "部门预算")+strings.Count(folded, "部门决算"), strings.Count(folded, "单位预算")+strings.Count(folded, "单位决算")
	switch {
	case department > 0 && unit == 0:
		c.coverage = model.WholeDepartment
	case unit > 0 && department == 0:
		c.coverage = model.SingleUnit
	}
	return c
}

var (
	officeLabel = lazily(`^(?:预算主管部门|主管部门|预算部门|预算单位|编制部门|编制单位|部门名称|单位名称):(.{3,40})$`)
	officeTitle = lazily(`^(.{3,40}?)(?:20\d\d年度?|年度)(?:部门|单位)(?:预算|决算)`)
)

// officeOf is the office that the cover names, folded.
func officeOf(lines []string) string {
	for _, l := range lines {
		if m := officeLabel.FindStringSubmatch(zh.Fold(l)); m != nil {
			return m[1]
		}
	}
	if m := officeTitle.FindStringSubmatch(zh.Fold(strings.Join(lines[:min(3, len(lines))], ""))); m != nil {
		return m[1]
	}
	return ""
}
