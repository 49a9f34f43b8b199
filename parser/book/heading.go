package book

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"perfgoal/internal/zh"
	"perfgoal/model"
)

// numbering is the style in which a heading is numbered.
type numbering int

const (
	unnumbered        numbering = iota
	byHan                       // 一、
	byHanInBrackets             // （一）
	byDigit                     // 1. 1、
	byDigitInBrackets           // (1)
)

const hanDigits = "一二三四五六七八九十"

// marker takes the number off the beginning of a folded line.
func marker(s string) (style numbering, n int, rest string) {
	inner, bracketed := strings.CutPrefix(s, "(")
	digits := 0
	for digits < len(inner) && inner[digits] >= '0' && inner[digits] <= '9' {
		digits++
	}
	switch {
	case digits > 0 && digits <= 2:
		style = byDigit
		for _, c := range inner[:digits] {
			n = n*10 + int(c-'0')
		}
		rest = inner[digits:]
	case digits == 0:
		style = byHan
		for rest = inner; rest != ""; {
			r, size := utf8.DecodeRuneInString(rest)
			i := strings.IndexRune(hanDigits, r)
			if i < 0 {
				break
			}
			if d := i/len("一") + 1; d == 10 {
				n = max(n, 1) * 10
			} else {
				n += d
			}
			rest = rest[size:]
		}
	}
	if n == 0 {
		return unnumbered, 0, s
	}
	if bracketed {
		if after, ok := strings.CutPrefix(rest, ")"); ok {
			return style + 1, n, strings.TrimPrefix(after, "、")
		}
		return unnumbered, 0, s
	}
	for _, stop := range []string{"、", ".", ",", ":", "．"} {
		after, ok := strings.CutPrefix(rest, stop)
		if ok && !(style == byDigit && stop == "." && startsWithDigit(after)) { // 1.5万元 is no number of a heading
			return style, n, after
		}
	}
	return unnumbered, 0, s
}

func startsWithDigit(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }
func endsWithDigit(s string) bool   { return s != "" && s[len(s)-1] >= '0' && s[len(s)-1] <= '9' }

// headings are the names of the seven parts, folded; of names that begin alike
// the longest counts.
var headings = sync.OnceValue(func() map[string]model.SectionKind {
	out := map[string]model.SectionKind{}
	for kind, names := range map[model.SectionKind]string{
		model.SectionOverview: "项目概述 项目概况 项目基本概况 项目基本情况 项目情况概述 项目简介 项目概要 项目情况 项目内容 项目内容概述 概述 概况",
		model.SectionBasis:    "立项依据 项目立项依据 设立依据 项目设立依据 项目依据 政策依据 立项政策依据 立项情况 立项背景及依据 立项背景和依据",
		model.SectionBody:     "实施主体 项目实施主体 实施单位 项目实施单位 项目单位 组织实施主体 项目组织实施主体 实施部门 责任主体",
		model.SectionPlan:     "实施方案 项目实施方案 实施计划 项目实施计划 实施内容 项目实施内容 实施方案及计划 实施方案和计划 工作方案 实施步骤",
		model.SectionPeriod:   "实施周期 项目实施周期 实施期限 项目实施期限 实施期 项目周期 项目期限 实施时间 项目实施时间 起止时间 项目起止时间 实施年限",
		model.SectionBudget:   "年度预算安排 年度预算 年度预算安排情况 年度项目预算安排 年度预算资金安排 年度预算资金 预算安排 预算安排情况 项目预算安排 项目年度预算安排 预算资金安排 年度资金安排 资金安排 资金安排情况 年度经费安排 经费安排 经费预算 项目预算 年度预算金额 项目年度预算",
		model.SectionGoal:     "绩效目标 项目绩效目标 年度绩效目标 项目年度绩效目标 绩效目标情况 预期绩效目标 绩效总目标 总体绩效目标 年度绩效目标情况 年度总体目标 绩效目标及指标",
	} {
		for name := range strings.FieldsSeq(names) {
			out[name] = kind
		}
	}
	return out
})

// longestHeading is the length of the longest of them, in bytes.
const longestHeading = len("项目组织实施主体") + len("情况")

var headingYear = lazily(`^20\d\d年度?`)

// heading is a line that begins a part.
type heading struct {
	kind   model.SectionKind
	style  numbering
	number int
	name   string // without its number
	note   string // a bracketed note behind the name: (单位:万元)
	rest   string // text that follows on the same line, as printed
}

// beginsAsHeading is a cheap look at whether a line may be a heading: it begins
// with a number and a stop, or as one of the names does.
func beginsAsHeading(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	switch r {
	case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '０', '１', '２', '３', '４', '５', '６', '７', '８', '９',
		'(', '（', '一', '二', '三', '四', '五', '六', '七', '八', '九', '十':
		return numbered(s) || r == '2' || r == '２' // a year
	case '项', '立', '设', '政', '实', '组', '责', '年', '预', '资', '经', '绩', '总', '起', '概', '工':
		return true
	}
	return false
}

// numbered says whether a stop stands near the beginning of a line.
func numbered(s string) bool {
	const near = 16 // bytes
	for _, r := range s[:min(near, len(s))] {
		switch r {
		case '、', '.', '．', ',', '，', ':', '：', ')', '）':
			return true
		}
	}
	return false
}

// headingAt reads a line as the heading of a part.
func headingAt(raw string) (heading, bool) {
	raw = zh.TrimSpace(raw)
	if !beginsAsHeading(raw) {
		return heading{}, false
	}
	begin := raw
	if len(begin) > 3*longestHeading { // only the beginning matters
		begin = strings.ToValidUTF8(begin[:3*longestHeading], "")
	}
	folded := zh.Fold(begin)
	style, number, rest := marker(folded)
	year := headingYear.FindString(rest)
	after := rest[len(year):]
	name, kind, ok := longestName(after)
	if !ok && year != "" { // 2026年度预算安排: the name begins with the year's 年度
		if i := strings.Index(year, "年"); i > 0 {
			after = rest[i+len("年"):]
			name, kind, ok = longestName(after)
		}
	}
	if !ok {
		return heading{}, false
	}
	behind := after[len(name):]
	h := heading{kind: kind, style: style, number: number, name: name}
	if note, found := bracketed(behind); found {
		h.note, behind = note, behind[len(note):]
	}
	consumed := utf8.RuneCountInString(folded) - utf8.RuneCountInString(behind)
	tail := skipVisible(raw, consumed)
	text := strings.TrimSpace(tail)
	switch {
	case text == "", text == "。":
		return h, true
	case strings.HasPrefix(text, ":"), strings.HasPrefix(text, "："):
		h.rest = strings.TrimSpace(strings.TrimLeft(text, ":："))
		return h, true
	case style != unnumbered && tail != text && (tail[0] == ' ' || tail[0] == '\t' || strings.HasPrefix(tail, "\u3000")):
		h.rest = text
		return h, true
	}
	return heading{}, false
}

// bracketed is a bracketed note at the beginning of a text.
func bracketed(s string) (string, bool) {
	if !strings.HasPrefix(s, "(") {
		return "", false
	}
	end := strings.IndexByte(s, ')')
	if end < 0 || end > 40 {
		return "", false
	}
	return s[:end+1], true
}

func longestName(s string) (string, model.SectionKind, bool) {
	best, known := "", headings()
	for i := range s {
		if i > longestHeading {
			break
		}
		if _, ok := known[s[:i]]; ok {
			best = s[:i]
		}
	}
	if len(s) <= longestHeading {
		if _, ok := known[s]; ok {
			best = s
		}
	}
	return best, known[best], best != ""
}

// skipVisible is what follows the first n characters that are not white space.
func skipVisible(s string, n int) string {
	for i, r := range s {
		if unicode.IsSpace(r) || zh.Invisible(r) {
			if n == 0 {
				return s[i:]
			}
			continue
		}
		if n == 0 {
			return s[i:]
		}
		n--
	}
	return ""
}

// squeeze is a title as it is kept: plain, without white space.
func squeeze(s string) string {
	return strings.Join(strings.Fields(zh.Plain(s)), "")
}

// titleEndings are what a narrative's title ends in, behind the project's
// name; the longest counts.
var titleEndings = []string{
	"经费预算安排情况说明", "经费安排情况说明", "经费预算情况说明", "经费使用情况说明", "经费支出情况说明", "支出预算情况说明", "预算安排情况说明",
	"资金安排情况说明", "资金使用情况说明", "经费情况说明", "支出情况说明", "预算情况说明", "资金情况说明", "绩效目标情况说明", "情况说明",
}

// namesNothing are titles without their endings that name no project.
var namesNothing = lazily(`^(?:附件?[0-9一二三四五六七八九十]*[:：]?)?(?:.{0,30}(?:局|委员会|委|办公室|办事处|部门|单位|街道|镇|政府|本级))?(?:20\d\d年(?:度)?)?(?:部门|单位|本部门|本单位)?(?:重点|主要|部分|其他|重大|政策和?)?(?:项目|专项|项目支出)?$`)

// titleOf reads a squeezed line as a narrative's title; project is "" where it
// names none.
func titleOf(s string) (title, project string, ok bool) {
	title = withoutMarker(s)
	if utf8.RuneCountInString(title) > 80 || strings.ContainsAny(title, "。；！？") {
		return "", "", false
	}
	for _, ending := range titleEndings {
		name, found := strings.CutSuffix(title, ending)
		if !found {
			continue
		}
		name = strings.Trim(name, "《》“”\"的—-")
		if strings.HasPrefix(ending, "资金") && strings.HasSuffix(name, "专项") {
			name += "资金"
		}
		if namesNothing.MatchString(name) {
			name = ""
		}
		return title, name, true
	}
	return "", "", false
}

// withoutMarker takes the number off a title, which keeps its own width.
func withoutMarker(s string) string {
	folded := zh.Fold(s)
	_, _, rest := marker(folded)
	return skipVisible(s, utf8.RuneCountInString(folded)-utf8.RuneCountInString(rest))
}

// projectEndings are what the name of a project ends in.
var projectEndings = []string{"项目", "专项", "经费", "资金", "工程", "工作", "服务", "采购", "补贴", "补助"}

// nameOf reads a line under a chapter's title as the name of a project:
// （二）人民调解项目, 项目名称：人民调解.
func nameOf(s string) (string, bool) {
	s = strings.TrimSpace(withoutMarker(s))
	for _, label := range []string{"项目名称：", "项目名称:"} {
		if name, ok := strings.CutPrefix(s, label); ok && name != "" {
			return name, utf8.RuneCountInString(name) <= 60
		}
	}
	if n := utf8.RuneCountInString(s); n < 3 || n > 45 || strings.ContainsAny(s, "。；，！？：;:") {
		return "", false
	}
	bare := s
	if open := strings.LastIndexAny(bare, "（("); open > 0 && (strings.HasSuffix(bare, "）") || strings.HasSuffix(bare, ")")) {
		bare = bare[:open]
	}
	for _, ending := range projectEndings {
		if strings.HasSuffix(bare, ending) {
			return s, true
		}
	}
	return "", false
}
