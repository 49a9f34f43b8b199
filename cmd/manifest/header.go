package manifest

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"perfgoal/internal/lazy"
	"perfgoal/internal/zh"
)

// header says where the columns are. amount is -1 where there is none.
type header struct {
	unit, project, amount int
	scale                 decimal.Decimal // 元 in one of the amounts
	rows                  int             // one or two
	end                   int             // the first row below it
	unitName, projectName string          // the headings, as heading gives them
}

// repeats says whether a row is the header once more, as on every printed page.
func (h *header) repeats(unit, project string) bool {
	return unit != "" && project != "" && heading(unit) == h.unitName && heading(project) == h.projectName
}

// The words by which columns are known, the more exact ones first.
var (
	unitWords  = []string{"实施单位", "项目单位", "申报单位", "填报单位", "用款单位", "预算单位", "单位名称", "单位", "主管部门", "预算部门", "部门名称", "部门", "unit"}
	projWords  = []string{"项目名称", "项目", "project"}
	moneyWords = []string{"年度资金总额", "年度资金申请总额", "年度资金", "年度金额", "年度预算", "预算金额", "预算数", "资金总额", "总金额", "资金", "金额", "预算", "amount"}

	// What names another thing about a unit, a project or money.
	otherWords = []string{"编码", "代码", "编号", "类别", "类型", "性质", "科目", "来源", "属性", "负责人", "联系", "地址", "序号", "个数", "数量", "计量单位", "级次", "占比", "比例", "%", "code"}

	// What the lower of two rows may say below a unit's or project's heading.
	lowerWords = slices.Concat(unitWords, projWords, []string{"名称", "全称", "简称", "编码", "代码", "编号", "项目编码", "项目代码", "项目编号", "单位编码", "单位代码", "项目类别", "项目性质"})

	// What titles of lists have, and headings over columns of money have not.
	titleWords = []string{"清单", "表", "项目", "单位", "部门"}

	// Of several columns named alike, the one that ends in these is meant.
	wholeEndings = []string{"名称", "总额", "合计", "总计", "小计"}
)

// moneyNote is a cell that says in what unit the amounts are.
var moneyNote = lazy.Regexp(`^[(（]?(金额|货币|计量)?单位[:：]?(人民币)?(百万|万|千|亿)?元[)）]?$`)

// longest is how many characters a heading may have; titles and notes have more.
const longest = 24

// heading is what a column is known by: folded, without notes in brackets and
// marks of required columns.
func heading(s string) string {
	s = strings.ToLower(zh.Fold(s))
	if moneyNote().MatchString(s) {
		return ""
	}
	s = brackets().ReplaceAllString(s, "")
	if utf8.RuneCountInString(s) > longest {
		return ""
	}
	return strings.Trim(s, "*:")
}

var brackets = lazy.Regexp(`[(\[【].*?[)\]】]`)

// findHeader looks for the row, or the two rows one below the other, whose
// headings name unit and project; nil where there is none. It is an error that
// several columns may be meant.
func findHeader(t *table) (*header, error) {
	for i := range t.rows {
		h, err := t.header(i, i)
		if h == nil && err == nil {
			continue
		}
		if i+1 < len(t.rows) && t.isLower(i+1, h) {
			if two, err := t.header(i, i+1); two != nil || err != nil {
				return two, err
			}
		}
		if h != nil && h.amount < 0 && i > 0 && t.spans(i-1) {
			err = t.amountBelow(i-1, h)
		}
		return h, err
	}
	return nil, nil
}

// hasHeader says whether there is a header, be it one that is refused.
func hasHeader(t *table) bool {
	h, err := findHeader(t)
	return h != nil || err != nil
}

// amountBelow finds the amount's column where only the row above the header
// says that it is one: 资金 over 总额 and 其他.
func (t *table) amountBelow(upper int, h *header) error {
	names := make([]string, t.width(upper+1))
	for c := range names {
		parent := heading(t.over(upper, c))
		if containsAny(parent, moneyWords) && !containsAny(parent, titleWords) {
			names[c] = parent + heading(t.at(upper+1, c))
		}
	}
	var several []string
	if h.amount, several = pick(names, moneyWords, h.unit, h.project); several != nil {
		return severalColumns(t.rows[upper+1].line, "金额", "amounts", several)
	}
	if h.amount >= 0 {
		if scale, ok := scaleIn(t.over(upper, h.amount) + t.at(upper+1, h.amount)); ok {
			h.scale = scale
		}
	}
	return nil
}

// spans says whether a row has headings that stand over several columns: it
// is no title, and some cells beside the filled ones are blank.
func (t *table) spans(i int) bool {
	filled := 0
	for c := range t.rows[i].cells {
		if s := t.at(i, c); s != "" && !moneyNote().MatchString(zh.Fold(s)) {
			filled++
		}
	}
	return filled >= 2 && filled < max(t.width(i), t.width(i+1))
}

// isLower says whether a row is the lower one of a header: it has text and no
// figures, and no unit and project of its own. h is what the row above makes
// alone, nil where that is not clear.
func (t *table) isLower(i int, h *header) bool {
	text := false
	for c := range t.rows[i].cells {
		s := t.at(i, c)
		if _, _, err := parseAmount(s, true); err == nil {
			return false
		}
		text = text || s != ""
		named := h == nil || c == h.unit || c == h.project
		if name := heading(s); named && s != "" && !slices.Contains(lowerWords, name) && (h != nil || !slices.Contains(moneyWords, name)) {
			return false
		}
	}
	return text
}

// header makes a header of one row or of two; nil where unit or project is
// missing.
func (t *table) header(first, last int) (*header, error) {
	line := t.rows[first].line
	raw := make([]string, max(t.width(first), t.width(last)))
	names := make([]string, len(raw))
	for c := range raw {
		raw[c] = t.at(first, c)
		if below := t.at(last, c); last != first && below != "" {
			raw[c] = t.over(first, c) + below
		}
		names[c] = heading(raw[c])
	}
	h := &header{scale: one, rows: last - first + 1, end: last + 1}
	var several []string
	if h.unit, several = pick(names, unitWords); several != nil {
		return nil, severalColumns(line, "单位", "units", several)
	}
	if h.project, several = pick(names, projWords, h.unit); several != nil && h.unit >= 0 {
		return nil, severalColumns(line, "项目名称", "projects", several)
	}
	if h.unit < 0 || h.project < 0 {
		return nil, nil
	}
	if h.amount, several = pick(names, moneyWords, h.unit, h.project); several != nil {
		return nil, severalColumns(line, "金额", "amounts", several)
	}
	h.unitName, h.projectName = heading(t.at(first, h.unit)), heading(t.at(first, h.project))
	if scale, ok := t.scaleAbove(first); ok {
		h.scale = scale
	}
	if h.amount >= 0 {
		if scale, ok := scaleIn(raw[h.amount]); ok {
			h.scale = scale
		}
	}
	return h, nil
}

func severalColumns(line int, zh, en string, names []string) error {
	return bad("第%d行有几列都像是%s：“%s”“%s”；请只留一列，或把要用的一列改名为“%[2]s”",
		"row %d has several columns that look like %[5]s: %[3]q and %[4]q; keep one, or name the one to use %[2]q", line, zh, names[0], names[1], en)
}

// pick finds the column that the most exact of the words names, -1 for none.
// several are the names of columns of which each may be meant.
func pick(names, words []string, taken ...int) (column int, several []string) {
	for _, exact := range []bool{true, false} {
		for _, word := range words {
			var found, whole []int
			for c, name := range names {
				if slices.Contains(taken, c) || containsAny(name, otherWords) || name != word && (exact || !strings.Contains(name, word)) {
					continue
				}
				found = append(found, c)
				if slices.ContainsFunc(wholeEndings, func(e string) bool { return strings.HasSuffix(name, e) }) {
					whole = append(whole, c)
				}
			}
			if len(found) > 1 && len(whole) == 1 {
				found = whole
			}
			switch {
			case len(found) == 1:
				return found[0], nil
			case len(found) > 1:
				return -1, []string{names[found[0]], names[found[1]]}
			}
		}
	}
	return -1, nil
}

func containsAny(s string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
}

// scaleAbove is the unit that a line above the header gives for all amounts.
func (t *table) scaleAbove(header int) (decimal.Decimal, bool) {
	for i := header - 1; i >= 0; i-- {
		for c := range t.rows[i].cells {
			s := zh.Fold(t.at(i, c))
			if j := strings.LastIndex(s, "单位:"); j >= 0 {
				s = s[j:]
			}
			if moneyNote().MatchString(s) {
				return scaleIn(s)
			}
		}
	}
	return one, false
}
