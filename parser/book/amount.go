package book

import (
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"perfgoal/internal/zh"
	"perfgoal/model"
)

// moneyPattern is an amount with its unit in a folded text. 万 alone is 万元
// where the phrase ends behind it.
var moneyPattern = lazily(`(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(万元|亿元|千元|百元|元|万|亿)`)

// mention is an amount that a text names.
type mention struct {
	from, to int
	money    model.Money
	label    string // what stands before it in its phrase
	context  string // what stands before it in its sentence, behind the amount before
}

// mentions are the amounts of a folded text, in order. ok is false where one
// of them is a range, which is no amount.
func mentions(s string) (out []mention, ok bool) {
	last := 0
	for _, m := range moneyPattern.FindAllIndex(s) {
		from, to := m[0], m[1]
		digits, unit := s[m[2]:m[3]], s[m[4]:m[5]]
		behind := s[to:]
		if !strings.HasSuffix(unit, "元") {
			if r, _ := utf8.DecodeRuneInString(behind); behind != "" && !strings.ContainsRune(",。;、.:)(]及和与合共，；（）", r) {
				continue // 3万平方米, 2万人次
			}
			unit += "元"
		}
		if strings.HasPrefix(behind, "/") || strings.HasPrefix(behind, "每") || strings.HasPrefix(behind, "一") && !strings.HasPrefix(behind, "一般") {
			continue // a price
		}
		if from > 0 {
			before := s[:from]
			switch r, _ := utf8.DecodeLastRuneInString(before); {
			case strings.ContainsRune("-~—至", r) && endsWithDigit(strings.TrimRight(before, "-~—至")):
				return nil, false
			case r == '.' || r >= '0' && r <= '9':
				return nil, false // digits that make no number
			case strings.ContainsRune("×*x", r):
				continue
			}
		}
		if strings.HasPrefix(behind, "×") || strings.HasPrefix(behind, "*") {
			continue
		}
		money, known := moneyOf(digits, unit)
		if !known {
			return nil, false
		}
		out = append(out, mention{from: from, to: to, money: money, label: phraseBefore(s[last:from]), context: sentenceBefore(s[last:from])})
		last = to
	}
	return out, true
}

// moneyOf is an amount from its digits and unit.
func moneyOf(digits, unit string) (model.Money, bool) {
	n, err := model.ParseNumber(strings.ReplaceAll(digits, ",", ""))
	exponent, known := zh.MoneyExponent(unit)
	if err != nil || !known || len(digits) > 24 {
		return model.Money{}, false
	}
	scale := decimal.New(1, exponent)
	return model.Money{State: model.MoneyValid, Amount: n.Value.Mul(scale), Scale: scale, Printed: n, Raw: digits + unit}, true
}

// phraseBefore is the end of a text behind its last comma or stop.
func phraseBefore(s string) string {
	if i := strings.LastIndexAny(s, ",。;、:()，；：（）\n"); i >= 0 {
		_, size := utf8.DecodeRuneInString(s[i:])
		return s[i+size:]
	}
	return s
}

func sentenceBefore(s string) string {
	if i := strings.LastIndex(s, "。"); i >= 0 {
		return s[i+len("。"):]
	}
	return s
}

// The words by which an amount's part in the section is told.
var (
	// otherMoney marks an amount that is not the fiscal year's.
	otherMoney = []string{"总投资", "批复", "概算", "估算", "累计", "历年", "以前年度", "上年", "去年", "往年", "已安排", "已支付", "已拨", "已下达", "已完成", "已投入",
		"截至", "合同", "全周期", "三年", "五年", "总投入", "中标", "限额", "标准", "单价", "每", "人均", "户均", "余额", "约", "近", "不超过", "以内", "左右"}
	// comparisons hold an amount against another year's.
	comparisons = []string{"较", "比上年", "比去年", "比20", "同比"}
	// changes stand directly before an amount that tells a change.
	changes = []string{"增加", "减少", "增长", "下降", "压缩", "核减", "核增", "调增", "调减", "节约", "增加了", "减少了"}
	// yearly marks the year's whole amount.
	yearly = []string{"年度", "本年", "今年", "当年", "全年", "总预算"}
	// division introduces the parts of an amount.
	division = []string{"其中", "包括", "包含", "分别", "用于", "具体为", "由"}
	// sums begin the phrase of a total behind its parts.
	sums = []string{"合计", "共计", "总计", "共", "以上"}
	// overlapping marks a part that may be counted in another one too.
	overlapping = []string{"采购", "结转", "中小企业", "小微"}

	labelYears = lazily(`(20\d\d)(?:年|[-—~至])`)
	quarterOf  = lazily(`(?:第)?([一二三四1-4])季度|([上下])半年`)
)

func hasAny(s string, words []string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// budget is what a section on the annual budget says.
type budget struct {
	amount, sum model.Money
	parts       []model.Money
	division    model.Division
}

// budgetOf reads the amount of the fiscal year (0 where it is not known) and
// its parts from a section. What the text does not settle is left blank.
func budgetOf(text, note string, year int) budget {
	s := zh.Fold(text)
	if strings.Contains(note, "元") && !moneyPattern.MatchString(s) {
		s = withUnit(s, note)
	}
	s = withoutAsides(s)
	all, ok := mentions(s)
	if !ok || len(all) == 0 {
		return budget{}
	}
	if b, ok := byQuarters(all); ok {
		return b
	}
	b := budget{}
	var heads, parts []*mention
	for i := 0; i < len(all); i++ {
		m := &all[i]
		switch {
		case i > 0 && beginsAsSum(m.label):
			if b.sum.Valid() {
				return budget{}
			}
			b.sum = m.money
		case hasAny(m.label, comparisons):
		case len(heads) > 0 && divided(s, heads[len(heads)-1].to, m.from):
			parts = append(parts, m)
		case endsIn(m.label, changes):
		case !m.ofYear(year):
			i = skipParts(s, all, i)
		default:
			heads = append(heads, m)
		}
	}
	switch {
	case len(heads) == 1:
		b.amount = heads[0].money
	case len(heads) > 1 && b.sum.Valid() && len(parts) == 0 && !hasAny(heads[0].label, yearly):
		b.amount, parts = b.sum, heads
	case len(heads) > 1:
		only := soleYearly(heads)
		if only == nil {
			return budget{}
		}
		b.amount, parts = only.money, nil
	default:
		return budget{}
	}
	b.divide(s, parts)
	return b
}

// withUnit gives bare figures the unit of a note behind the heading.
func withUnit(s, note string) string {
	for _, unit := range []string{"万元", "亿元", "千元", "元"} {
		if strings.Contains(note, unit) {
			if _, err := model.ParseNumber(strings.ReplaceAll(strings.TrimSuffix(s, "。"), ",", "")); err == nil {
				return strings.TrimSuffix(s, "。") + unit
			}
			return s
		}
	}
	return s
}

// withoutAsides leaves out bracketed text that divides a part again.
func withoutAsides(s string) string {
	var b strings.Builder
	depth, from := 0, 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '(':
			if depth == 0 {
				from = i
			}
			depth++
		case ')':
			if depth == 0 {
				continue
			}
			if depth--; depth == 0 && !moneyPattern.MatchString(s[from:i]) {
				b.WriteString(s[from : i+1])
			}
			continue
		}
		if depth == 0 {
			b.WriteByte(s[i])
		}
	}
	if depth > 0 || !moneyPattern.MatchString(b.String()) {
		return s
	}
	return b.String()
}

func endsIn(s string, words []string) bool {
	for _, w := range words {
		if strings.HasSuffix(s, w) {
			return true
		}
	}
	return false
}

func beginsAsSum(label string) bool {
	for _, w := range sums {
		if strings.HasPrefix(label, w) {
			return true
		}
	}
	return false
}

// divided says whether the words between a head and a mention behind it make
// the latter a part of the former.
func divided(s string, head, from int) bool {
	between := s[head:from]
	for _, w := range division {
		i := strings.Index(between, w)
		if i < 0 {
			continue
		}
		// Behind a full stop only a sentence that begins so goes on with it.
		stop := strings.LastIndex(between, "。")
		if stop < 0 || strings.HasPrefix(strings.TrimPrefix(between[stop:], "。"), w) || i > stop {
			return true
		}
	}
	return false
}

// ofYear says whether an amount is the fiscal year's, as far as its words
// tell.
func (m *mention) ofYear(year int) bool {
	if hasAny(m.label, otherMoney) {
		return false
	}
	found := labelYears.FindAllStringSubmatch(m.context)
	if len(found) > 1 {
		return false
	}
	for _, y := range found {
		if year != 0 && y[1] != model.Year(year).String() || !strings.HasPrefix(m.context[strings.Index(m.context, y[1])+4:], "年") {
			return false
		}
	}
	return true
}

// skipParts is the last mention that divides the amount at index i.
func skipParts(s string, all []mention, i int) int {
	head := all[i].to
	for i+1 < len(all) && divided(s, head, all[i+1].from) && !strings.Contains(s[head:all[i+1].from], "。") {
		i++
	}
	return i
}

// soleYearly is the one mention that is called the year's, nil where none or
// several are.
func soleYearly(heads []*mention) *mention {
	var only *mention
	for _, m := range heads {
		if !hasAny(m.context, yearly) && !labelYears.MatchString(m.context) {
			continue
		}
		if only != nil {
			return nil
		}
		only = m
	}
	return only
}

// divide takes the parts over and says how they are introduced.
func (b *budget) divide(s string, parts []*mention) {
	if len(parts) == 0 {
		return
	}
	if strings.Count(s[:parts[len(parts)-1].from], "其中") > 1 { // parts of parts
		b.sum = model.Money{}
		return
	}
	overlaps := 0
	for _, m := range parts {
		b.parts = append(b.parts, m.money)
		if hasAny(m.label, overlapping) {
			overlaps++
		}
	}
	behind := s[parts[len(parts)-1].to:]
	switch {
	case strings.HasPrefix(behind, "等"), overlaps > 0:
		b.division = model.Partial
	case b.sum.Valid():
		b.division = model.Complete
	default:
		b.division = model.Listed
	}
}

// byQuarters reads a section that names an amount for each quarter or half
// year, with or without their sum.
func byQuarters(all []mention) (budget, bool) {
	var parts, others []mention
	seen := map[string]bool{}
	halves := 0
	for _, m := range all {
		q := quarterOf.FindStringSubmatch(m.label)
		if q == nil {
			others = append(others, m)
			continue
		}
		which := q[1] + q[2]
		if seen[which] {
			return budget{}, false
		}
		seen[which] = true
		if q[2] != "" {
			halves++
		}
		parts = append(parts, m)
	}
	whole := len(parts) == 4 && halves == 0 || len(parts) == 2 && halves == 2
	if !whole || len(others) > 1 {
		return budget{}, false
	}
	b := budget{division: model.Complete}
	for i, m := range parts {
		b.parts = append(b.parts, m.money)
		if i == 0 {
			b.amount = m.money
			continue
		}
		if !m.money.Scale.Equal(b.amount.Scale) {
			return budget{}, false
		}
		b.amount.Amount = b.amount.Amount.Add(m.money.Amount)
		b.amount.Printed.Value = b.amount.Printed.Value.Add(m.money.Printed.Value)
		b.amount.Printed.Places = max(b.amount.Printed.Places, m.money.Printed.Places)
		b.amount.Raw += "+" + m.money.Raw
	}
	if len(others) == 1 {
		b.amount = others[0].money
	}
	return b, true
}
