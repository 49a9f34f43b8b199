package validate

import (
	"html"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"perfgoal/internal/zh"
	"perfgoal/model"
)

// Mending is a place of a finding with the text of the cell that holds it.
type Mending struct {
	Rule  string
	Form  *model.Form
	Field string // as in Finding.Field
	Text  string // as in Finding.Text
	Cell  string // as stored, its lines parted by \n
}

// mender is the edits after which a cell is without a rule's defect, or why
// they cannot be made without judgement.
type mender func(m *Mending) ([]model.Edit, model.Text)

// Mend is what a rule does about one of its findings: the edits of the cell,
// in order, or why there are none.
func Mend(m Mending) ([]model.Edit, model.Text) {
	for _, r := range registry() {
		if r.Code == m.Rule && r.mend != nil {
			return r.mend(&m)
		}
	}
	return nil, needsJudgement
}

var (
	needsJudgement = model.Text{Zh: "怎么改要由人判断", En: "how to mend it takes judgement"}
	notAlone       = model.Text{Zh: "这个值不是单独写在一个单元格里", En: "the value does not stand alone in one cell"}
	needsFigures   = model.Text{Zh: "要换算或补数字，请人工改", En: "figures would have to be converted or added"}
	needsJoining   = model.Text{Zh: "标签被分页或换行断开，请人工改", En: "a page or line break divides the label"}
	otherWords     = model.Text{Zh: "除了界限还有别的文字，请人工改", En: "there are other words beside the bound"}
)

// mendMarkup drops tags, puts a line break for those that end a line, and
// writes entities as their characters.
func mendMarkup(m *Mending) ([]model.Edit, model.Text) {
	var out []model.Edit
	spans := markupSpans(m.Cell)
	for i := 0; i < len(spans); {
		from, to := spans[i][0], spans[i][1]
		with, breaks := "", false
		for ; i < len(spans) && spans[i][0] <= to; i++ {
			to = spans[i][1]
			mark := m.Cell[spans[i][0]:to]
			if mark[0] == '<' {
				breaks = breaks || endsLine(mark)
				continue
			}
			decoded := html.UnescapeString(mark)
			if decoded == mark {
				return nil, model.Text{Zh: "不认识这个网页标记", En: "the entity is not known"}
			}
			if decoded == "\u00a0" {
				if decoded = " "; strings.HasSuffix(with, " ") {
					decoded = ""
				}
			}
			with += decoded
		}
		first := strings.TrimSpace(m.Cell[:from]) == "" || strings.HasSuffix(strings.TrimRight(m.Cell[:from], " "), "\n")
		last := strings.TrimSpace(m.Cell[to:]) == "" || strings.HasPrefix(strings.TrimLeft(m.Cell[to:], " "), "\n")
		switch {
		case with == " " && (first || last || breaks):
			with = ""
		}
		if breaks && with == "" && !first && !last {
			with = "\n"
		}
		out = append(out, model.Edit{From: from, To: to, With: with})
	}
	return out, model.Text{}
}

// endsLine says whether a browser breaks the line at a tag.
func endsLine(tag string) bool {
	name := strings.ToLower(strings.TrimLeft(tag, "</"))
	end := strings.IndexFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return end > 0 && slices.Contains([]string{"br", "p", "div", "li", "tr", "ul", "ol", "table", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "section", "center"}, name[:end])
}

// fullWidth are the marks of half width with those of full width.
var fullWidth = map[rune]string{',': "，", ';': "；", ':': "：", '!': "！", '?': "？"}

// mendPunctuation widens the marks that halfWidthBetween counts.
func mendPunctuation(m *Mending) ([]model.Edit, model.Text) {
	var out []model.Edit
	var before rune
	at, mark := -1, rune(0)
	for i, r := range m.Cell {
		switch {
		case unicode.IsSpace(r):
		case mark != 0:
			if isHan(r) {
				out = append(out, model.Edit{From: at, To: at + 1, With: fullWidth[mark]})
			}
			before, mark = r, 0
		case fullWidth[r] != "" && isHan(before):
			at, mark = i, r
		default:
			before = r
		}
	}
	return out, model.Text{}
}

// mendLabel closes the blanks in a label.
func mendLabel(m *Mending) ([]model.Edit, model.Text) {
	want := []rune(strings.Join(strings.Fields(m.Text), ""))
	var out []model.Edit
	seen, last := 0, rune(0)
	var blanks []model.Edit
	for i, r := range m.Cell {
		if unicode.IsSpace(r) {
			if seen > 0 && r != '\n' {
				blanks = append(blanks, model.Edit{From: i, To: i + utf8.RuneLen(r)})
			}
			continue
		}
		if seen == len(want) {
			break
		}
		if r != want[seen] {
			return nil, notAlone
		}
		if isHan(last) || isHan(r) {
			out = append(out, blanks...)
		}
		blanks, last = nil, r
		seen++
	}
	switch {
	case seen < len(want):
		return nil, notAlone
	case len(out) == 0:
		return nil, needsJoining
	}
	return out, model.Text{}
}

// mendBlanks leaves one blank of several.
func mendBlanks(m *Mending) ([]model.Edit, model.Text) {
	var out []model.Edit
	for _, s := range doubledBlanks(m.Cell) {
		out = append(out, model.Edit{From: s[0], To: s[1], With: " "})
	}
	return out, model.Text{}
}

// mendWidths writes a value's signs as forms print them.
func mendWidths(m *Mending) ([]model.Edit, model.Text) {
	// The operator may stand in a column of its own.
	r := m.indicator()
	if r == nil || !strings.Contains(squeezed(r.Value.Raw), squeezed(m.Cell)) {
		return nil, notAlone
	}
	return oddSigns(m.Cell, styleOf(m.Form).half), model.Text{}
}

// mendBound writes a bound in words as operator, number and unit, as the
// form's other values are written.
func mendBound(m *Mending) ([]model.Edit, model.Text) {
	r := m.indicator()
	switch {
	case r == nil || squeezed(m.Cell) != squeezed(r.Value.Raw):
		return nil, notAlone
	case r.Value.Kind != model.KindBound || r.Value.Number == nil || printedSigns[r.Value.Operator] == "" || !hasDigit(fold(r.Value.Raw)):
		return nil, needsFigures
	case !boundAlone(&r.Value), strings.ContainsAny(r.Value.Unit, "()（）"): // 吨（含）
		return nil, otherWords
	}
	style := styleOf(m.Form)
	digits := r.Value.Number.Value.String()
	if style.decimals && r.Value.Number.Value.IsInteger() && r.Class1 != model.Cost {
		digits = r.Value.Number.Value.StringFixed(2)
	} else if n := r.Value.Number.Value; -n.Exponent() > 0 {
		digits = n.StringFixed(-n.Exponent())
	}
	text := printedSigns[r.Value.Operator] + digits
	switch {
	case r.Value.Unit != "" && style.brackets:
		text += "(" + r.Value.Unit + ")"
	default:
		text += r.Value.Unit
	}
	// As little as may be changes, so that pieces keep their styles.
	from := len(m.Cell) - len(strings.TrimLeftFunc(m.Cell, unicode.IsSpace))
	edits := model.Edits(strings.TrimSpace(m.Cell), text)
	for i := range edits {
		edits[i].From += from
		edits[i].To += from
	}
	return edits, model.Text{}
}

// boundAlone says whether a value's words are its bound and nothing else.
func boundAlone(v *model.Value) bool {
	rest := squeezed(v.Raw)
	cut := func(piece string) {
		rest = strings.Replace(rest, piece, "", 1)
	}
	at := strings.IndexAny(rest, "0123456789")
	if at < 0 {
		return false
	}
	end := at + len(rest[at:]) - len(strings.TrimLeft(rest[at:], "0123456789.,"))
	head, tail := rest[:at], rest[end:]
	rest = tail
	cut(squeezed(v.Unit))
	tail = strings.Trim(rest, "()")
	for _, s := range zh.Before {
		if s.Prose && s.Operator == string(v.Operator) && head == s.Text {
			head = ""
		}
	}
	for _, s := range zh.Behind {
		if s.Operator == string(v.Operator) && tail == strings.Trim(s.Text, "()") {
			tail = ""
		}
	}
	return head == "" && tail == ""
}

// squeezed is a text folded, without white space.
func squeezed(s string) string { return strings.Join(strings.Fields(fold(s)), "") }

// indicator is the row whose value the field is, nil for another field.
func (m *Mending) indicator() *model.Indicator {
	i, ok := indicatorOf(m.Field, "value")
	if !ok || i >= len(m.Form.Indicators) {
		return nil
	}
	return &m.Form.Indicators[i]
}

// indicatorOf is the number of the row that a field such as
// indicators[3].value names, where its column is the one given.
func indicatorOf(field, column string) (int, bool) {
	rest, ok := strings.CutPrefix(field, "indicators[")
	number, end, cut := strings.Cut(rest, "].")
	if !ok || !cut || end != column {
		return 0, false
	}
	n := 0
	for _, c := range number {
		if c < '0' || c > '9' || n > 1<<20 {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

// valueStyle is how a form's values are mostly written.
type valueStyle struct {
	brackets bool // ≥98.00(%)
	half     bool // their brackets are of half width
	decimals bool // ≥98.00
}

// styleOf looks at the values that are written in signs. A form with none has
// them as the national form prints them.
func styleOf(f *model.Form) valueStyle {
	all, brackets, half, decimals := 0, 0, 0, 0
	for i := range f.Indicators {
		v := &f.Indicators[i].Value
		if v.Kind != model.KindBound || v.Prose || v.Number == nil || v.Operator == model.NoOperator {
			continue
		}
		all++
		if strings.ContainsAny(v.Raw, "(（") {
			brackets++
		}
		if strings.Contains(v.Raw, "(") {
			half++
		}
		if strings.Contains(fold(v.Raw), ".") {
			decimals++
		}
	}
	return valueStyle{brackets: 2*brackets >= all, half: 2*half >= brackets, decimals: 2*decimals >= all}
}
