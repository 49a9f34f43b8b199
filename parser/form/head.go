package form

import (
	"slices"
	"strings"

	"perfgoal/internal/lazy"
	"perfgoal/internal/zh"
	"perfgoal/model"
)

// labelled is what a cell of the head or the funding block is.
type labelled struct {
	kind   roleKind // 0 for a value
	path   string
	key    string
	label  string // as printed
	inline string // the value in the label's own cell
}

// labelKinds are the roles a label of the head or the funding block can have.
var labelKinds = []roleKind{roleField, roleOtherField, roleFunding, roleFundingGroup, roleFundingItem, roleFundingTotal, roleHeadGroup, roleIndicatorGroup}

// label looks at a cell of the head or the funding block.
func (rd *reader) label(t token) labelled {
	if t.label != nil { // a whole label, of whatever kind
		l := rd.standsFor(t.label)
		l.label = t.Text
		return l
	}
	label, value, ok := rd.layouts.fused(t.Text, func(k string) bool {
		l := rd.standsFor(rd.layouts.known[k])
		return l.kind != 0 && l.kind != roleFundingTotal && l.kind != roleHeadGroup && l.kind != roleIndicatorGroup
	})
	if !ok {
		return labelled{}
	}
	l := rd.standsFor(rd.layouts.labelOf(normLabel(label)))
	l.label, l.inline = label, value
	return l
}

// standsFor is what a label of the head or the funding block stands for: in
// the layout's own words, else in the union's.
func (rd *reader) standsFor(k *label) labelled {
	if k == nil {
		return labelled{}
	}
	var own []role
	if rd.layout.index >= 0 {
		own = k.own[rd.layout.index]
	}
	for n, roles := range [2][]role{own, k.roles} {
		for _, kind := range labelKinds {
			for _, r := range roles {
				if r.kind == kind {
					return labelled{kind: kind, path: r.path, key: k.key}
				}
			}
		}
		if n == 0 && slices.ContainsFunc(roles, func(r role) bool { return r.kind == roleOtherSection }) {
			break
		}
	}
	return labelled{}
}

// fieldRow reads a row of labels, each with its value to the right or in its
// own cell: 项目名称 | … | 项目性质 | …, or 其中：财政拨款 | 170.50. ok is false
// where the row has no such label.
func (rd *reader) fieldRow(i int) bool {
	r := rd.rows[i]
	toks := r.tokens
	rd.labels = rd.labelsOf(rd.labels[:0], r)
	labels := rd.labels
	if !slices.ContainsFunc(labels, func(l labelled) bool { return l.kind != 0 }) {
		return false
	}
	if rd.amountsBelow(i, labels) {
		return true
	}
	if t, ok := r.single(); ok {
		if _, year := yearAlone(fold(t.Text)); year { // 2026年度 is no label 年度
			return false
		}
	}
	funds := rd.funds[:0]
	for n := 0; n < len(toks); n++ {
		t, l := toks[n], labels[n]
		if l.kind == 0 {
			continue
		}
		rd.bookLabel(t, l.label)
		if !isFunding(l.kind) || l.kind == roleFundingGroup { // 其中: 财政资金 is no broken label
			rd.brokenLabel(token{Cell: model.Cell{Text: l.label, Location: t.Location}})
		}
		if l.kind == roleFundingGroup && l.inline == "" {
			rd.unitOf(t)
			continue
		}
		if l.kind == roleHeadGroup || l.kind == roleIndicatorGroup {
			if t.Col == 0 || len(texts(r)) == 1 {
				rd.groupScope = l.path
			}
			continue
		}
		value := token{Cell: model.Cell{Location: t.Location}}
		switch {
		case l.inline != "":
			value = t
			value.Text = l.inline
			rd.bookLabel(t, ":")
		case n+1 < len(toks) && rd.follows(r, t, toks[n+1]):
			if isFunding(l.kind) && labels[n+1].kind == roleFundingTotal && labels[n+1].inline == "" { // 财政拨款 | 小计 | 150
				n++
				rd.bookLabelWhole(toks[n])
				if n+1 < len(toks) && rd.follows(r, toks[n], toks[n+1]) && labels[n+1].kind == 0 {
					n++
					value = toks[n]
				}
			} else if rd.isValueOf(l, labels[n+1], toks[n+1]) || l.kind == roleField && n+2 == len(toks) && isFunding(labels[n+1].kind) && labels[n+1].inline == "" {
				n++
				value = toks[n]
			}
		}
		switch l.kind {
		case roleField:
			rd.setField(l.path, l.key, value)
		case roleOtherField:
			rd.ignore(value, model.OtherField)
		default:
			rd.unitOf(token{Cell: model.Cell{Text: l.label, Location: t.Location}})
			funds = append(funds, fund{l, t, value})
		}
	}
	rd.fund(r, funds)
	rd.funds = funds
	return true
}

// labelsOf appends what each cell of a row is.
func (rd *reader) labelsOf(to []labelled, r row) []labelled {
	for i := range r.tokens {
		l := labelled{}
		if r.tokens[i].Text != "" {
			l = rd.label(r.tokens[i])
		}
		to = append(to, l)
	}
	return to
}

func isFunding(k roleKind) bool {
	return k == roleFunding || k == roleFundingItem || k == roleFundingTotal || k == roleFundingGroup
}

// isValueOf says whether the cell right of a label holds its value: it is no
// label itself. A field that is not kept may have a word for value that is a
// label elsewhere (财政资金预算分类 | 一般公共预算).
func (rd *reader) isValueOf(l, next labelled, t token) bool {
	switch {
	case l.kind == roleOtherField && next.inline == "":
		return next.kind != roleField && next.kind != roleOtherField
	case l.kind == roleField && next.kind != 0 && next.inline != "":
		// 项目性质 | 其他 一次性项目 is a value: what stands behind a label of the
		// funding and is nothing like an amount makes no funding of it.
		return isFunding(next.kind) && !strings.HasSuffix(fold(next.label), ":") && !likeAmount(next.inline)
	case isFunding(l.kind) && next.kind == roleFundingGroup:
		return false
	}
	return next.kind == 0 && !rd.isSectionLabel(t)
}

// follows says whether the next cell is the label's value cell: in a ruled
// table only the one that touches it.
func (rd *reader) follows(r row, label, next token) bool {
	return !r.ruled || next.Col == label.Col+label.ColSpan
}

// headKey returns the field path of a head label, "" for one whose value is
// not kept.
func (rd *reader) headKey(key string) (string, bool) {
	if path, ok := rd.layouts.role(rd.layout, key, roleField); ok {
		return path, true
	}
	if _, ok := rd.layouts.role(rd.layout, key, roleOtherField); ok {
		return "", true
	}
	return "", false
}

// setField gives a field its value. Where two labels of one field stand on the
// form (预算单位 and 实施单位), the one that the vocabulary names first counts;
// one label with two different texts is doubted.
func (rd *reader) setField(path, key string, t token) {
	if old, seen := rd.form.Sources[path]; seen && old.Text != "" {
		switch {
		case t.Text == "" || fold(t.Text) == fold(old.Text):
			rd.bookValue(t)
			return
		case rd.labelOf[path] == key:
			rd.doubt(model.AmbiguousText, path, t, model.Message{Text: wordTwoValues})
			rd.blank(path)
			return
		case rd.rank(path, key) >= rd.rank(path, rd.labelOf[path]):
			rd.ignore(t, model.OtherField)
			return
		}
	}
	rd.labelOf[path] = key
	raw := t.Text
	text := rd.take(path, t)
	rd.form.Sources[path] = model.Source{Text: raw, Location: t.Location}
	if text == "" {
		rd.blank(path)
		return
	}
	if label := rd.labelInside(text); label != "" {
		rd.doubt(model.LabelInValue, path, t, model.Message{Text: wordLabelIn, Args: model.Args{"label": label}})
		rd.blank(path)
		return
	}
	field, _ := model.FieldAt(path)
	switch field.Kind {
	case model.FieldDate:
		*field.Date(&rd.form) = rd.date(path, t)
	case model.FieldYear:
		y := yearOf(text)
		*field.Year(&rd.form) = model.Year(y)
		if y == 0 && strings.TrimSpace(text) != "" {
			rd.unparsed(path, text, t.Location)
		}
	case model.FieldText:
		if options, ticked := tickBoxes(text); options {
			if ticked == "" && strings.ContainsAny(text, checked) || strings.Contains(ticked, "\x00") {
				rd.doubt(model.AmbiguousText, path, t, model.Message{Text: wordTwoMarks})
				ticked = ""
			}
			text = ticked
		}
		*field.Text(&rd.form) = text
	}
	if path == "project.period" {
		if start, end, ok := periodDays(text); ok {
			for _, d := range []struct {
				path string
				to   *model.Date
				day  model.Date
			}{{"project.start_date", &rd.form.Project.StartDate, start}, {"project.end_date", &rd.form.Project.EndDate, end}} {
				if d.to.Blank() {
					*d.to = d.day
					rd.form.Sources[d.path] = model.Source{Text: text, Location: t.Location}
				}
			}
		}
	}
}

// blank makes a doubted field blank.
func (rd *reader) blank(path string) {
	field, ok := model.FieldAt(path)
	if !ok {
		return
	}
	f := &rd.form
	switch field.Kind {
	case model.FieldText:
		*field.Text(f) = ""
	case model.FieldYear:
		*field.Year(f) = 0
	case model.FieldDate:
		*field.Date(f) = model.Date{}
	case model.FieldMoney:
		*field.Money(f) = model.Money{}
	}
}

// rank is the place of a label among its field's: the first is the usual one.
func (rd *reader) rank(path, key string) int {
	for _, l := range append([]*layout{rd.layout}, rd.layouts.list...) {
		if i := slices.IndexFunc(l.file.Fields[path], func(s string) bool { return normLabel(s) == key }); i >= 0 {
			return i
		}
	}
	if i := slices.Index(rd.layouts.ranked[path], key); i >= 0 {
		return i
	}
	return len(rd.layouts.ranked[path])
}

// date reads a day. A year or a month alone is no day: forms that ask for it
// have a period, as the ones with one cell for both.
func (rd *reader) date(path string, t token) model.Date {
	d := parseDate(t.Text)
	if !d.Valid && coarse().MatchString(fold(t.Text)) {
		if path == "project.start_date" {
			rd.form.Project.Period = strings.TrimSpace(t.Text)
		} else if p := &rd.form.Project.Period; *p != "" {
			*p += "至" + strings.TrimSpace(t.Text)
		} else {
			*p = "至" + strings.TrimSpace(t.Text)
		}
		if _, printed := rd.labelOf["project.period"]; !printed {
			rd.form.Sources["project.period"] = model.Source{Text: rd.form.Project.Period, Location: t.Location}
		}
		return model.Date{}
	}
	if !d.Valid && !d.Blank() {
		rd.unparsed(path, t.Text, t.Location)
	}
	return d
}

// coarse is a year or a month of a year.
var coarse = lazy.Regexp(`^(?:19|20)\d{2}(?:年度?|[年./-](?:0?[1-9]|1[0-2])月?(?:份|底|初|末)?)$`)

// leastLabel is how many characters a label inside a value must have to be
// taken for one: shorter ones are words of every text.
const leastLabel = 4

// labelInside returns a label with its colon that stands within a short value:
// two cells that ran together.
func (rd *reader) labelInside(text string) string {
	if len(text) > 300 {
		return ""
	}
	for i := 1; i < len(text); i++ {
		if text[i] != ':' && !strings.HasPrefix(text[i:], "：") {
			continue
		}
		runes := []rune(text[:i])
		for n := min(len(runes)-1, 14); n >= leastLabel; n-- {
			word := string(runes[len(runes)-n:])
			if key := rd.layouts.keyOf(normLabel(word)); key != "" {
				_, head := rd.layouts.role(rd.layout, key, roleField)
				_, money := rd.layouts.role(rd.layout, key, roleFunding)
				if head || money {
					return word
				}
			}
		}
	}
	return ""
}

// The marks of tick boxes. R and S are what the symbol fonts of text
// processors leave of a ticked box.
const (
	checked   = "√☑✓✔■☒R"
	unchecked = "□☐○◯"
)

// tickBoxes reads a choice printed as boxes: 新增项目□ 延续项目√. options is
// false where the text is none; ticked is the ticked option, "" where none is,
// and holds a zero byte where several are.
func tickBoxes(text string) (options bool, ticked string) {
	const ticks = "☑✓✔√☒"
	if !zh.HasAny(text, ticks+unchecked+"■") {
		return false, ""
	}
	text = bracketBoxes(text)
	if !zh.HasAny(text, ticks+unchecked) {
		return false, ""
	}
	type option struct {
		name string
		mark rune
	}
	isMark := func(r rune, next string) bool {
		if r == 'R' {
			return next == "" || strings.HasPrefix(next, " ") || strings.HasPrefix(next, "\u3000") || firstRune(next) > 0x2e80
		}
		return strings.ContainsRune(checked+unchecked, r)
	}
	var list []option
	name := strings.Builder{}
	first := firstRune(strings.TrimSpace(text))
	before := strings.ContainsRune(checked+unchecked, first) && first != 'R'
	var pending rune
	for i, r := range text {
		if !isMark(r, text[i+len(string(r)):]) {
			name.WriteRune(r)
			continue
		}
		if before {
			if pending != 0 {
				list = append(list, option{clean(name.String()), pending})
			}
			pending = r
		} else {
			list = append(list, option{clean(name.String()), r})
		}
		name.Reset()
	}
	if before && pending != 0 {
		if clean(name.String()) == "" { // a mark before the first and behind the last: whose each is, is not known
			return true, "\x00"
		}
		list = append(list, option{clean(name.String()), pending})
	}
	for _, o := range list {
		if !strings.ContainsRune(checked, o.mark) || o.name == "" {
			continue
		}
		if ticked != "" {
			return true, ticked + "\x00" + o.name
		}
		ticked = o.name
	}
	return len(list) > 0, ticked
}

// bracketBoxes puts boxes in the place of brackets that are used as such:
// （√）新增项目 （　）延续项目. Text without a tick in brackets stays as it is.
func bracketBoxes(text string) string {
	if !tickInBrackets().MatchString(text) {
		return text
	}
	return emptyBrackets().ReplaceAllString(tickInBrackets().ReplaceAllString(text, "☑"), "□")
}

var (
	tickInBrackets = lazy.Regexp(`[(（\[【〔][ \t\x{3000}]*[√✓✔☑■][ \t\x{3000}]*[)）\]】〕]`)
	emptyBrackets  = lazy.Regexp(`[(（\[【〔][ \t\x{3000}]*[)）\]】〕]`)
)

// clean takes blanks and separators off an option's ends.
func clean(s string) string { return strings.Trim(s, " \t\u3000\n()（）[]/、，,;；|") }

// splitGlued divides a cell of the head or the funding block in which the end
// of a value touches the next label: 4,536,783.75年度资金申请总额：
func (rd *reader) splitGlued() {
	for i := range rd.rows {
		r := &rd.rows[i]
		if r.outside {
			continue
		}
		if rd.layouts.isHeader(*r) {
			return
		}
		for n := 0; n < len(r.tokens); n++ {
			t := r.tokens[n]
			value, label, ok := rd.gluedLabel(t)
			if !ok {
				continue
			}
			left, right := t, t
			left.Text, left.ColSpan = value, max(1, t.ColSpan-1)
			left.name(rd.layouts, "")
			right.Text = label
			right.name(rd.layouts, normLabel(label))
			right.Col, right.ColSpan = left.Col+left.ColSpan, t.Col+t.ColSpan-left.Col-left.ColSpan
			if right.ColSpan <= 0 { // both stand in one column: the label's value begins behind it
				right.Col, right.ColSpan = t.Col, t.ColSpan
				left.Col, left.ColSpan = t.Col, 0
			}
			rd.ledger.split(&left, &right)
			r.tokens = slices.Concat(r.tokens[:n], []token{left, right}, r.tokens[n+1:])
			n++
		}
	}
}

// gluedLabel recognises an amount or a day with a label right behind it.
func (rd *reader) gluedLabel(t token) (value, label string, ok bool) {
	if t.key != "" || len(t.Text) > 120 || t.Text == "" {
		return "", "", false
	}
	first := firstRune(t.Text)
	if first < '0' || first > '9' {
		return "", "", false
	}
	i := strings.IndexFunc(t.Text, func(r rune) bool { return r >= 0x2e80 && r != '，' })
	if i <= 0 {
		return "", "", false
	}
	value, label = strings.TrimSpace(t.Text[:i]), t.Text[i:]
	if _, ok := plainNumber(fold(value)); !ok {
		return "", "", false
	}
	for _, unit := range []string{"万元", "元"} {
		if rest, cut := strings.CutPrefix(label, unit); cut && rest != "" {
			value, label = value+unit, rest
			break
		}
	}
	key := rd.layouts.keyOf(normLabel(label))
	_, money := rd.layouts.role(rd.layout, key, roleFunding)
	_, head := rd.headKey(key)
	return value, label, money || head
}
