package form

import (
	"slices"
	"strings"

	"perfgoal/internal/zh"
	"perfgoal/model"
)

// textRow reads a row whose columns may lie: labels are known by what they
// say, and what is left is the name, the value and perhaps a remark.
func (rd *reader) textRow(i int) {
	r := rd.rows[i]
	toks := texts(r)
	if len(toks) == 0 {
		return
	}
	if _, sum := rd.role(toks[0], roleSum); sum && len(toks) > 1 && !hasSign(toks[len(toks)-1].Text) {
		rd.ignoreRow(r, model.OtherColumn)
		return
	}
	if len(toks) == 1 && furniture(toks[0].Text) && !looksLikeValue(toks[0].Text) {
		rd.ignore(toks[0], model.PageFurniture)
		return
	}
	if rest := rd.level.rest; rest != "" {
		if after, ok := strings.CutPrefix(rest, fold(toks[0].Text)); ok {
			rd.level.rest = after
			rd.bookLabelWhole(toks[0])
			toks = toks[1:]
			if len(toks) == 0 {
				return
			}
		}
	}
	toks = rd.tailOfLabel(toks)
	if len(rd.columns.sides) == 2 {
		rd.twoSidedText(i, toks)
		return
	}
	toks, printed1, printed2 := rd.textLabels(i, 0, toks)
	if len(toks) == 1 && toks[0].Doubt != nil { // cells that ran together: no row is known to be there
		rd.take("", toks[0])
		return
	}
	if len(toks) == 0 || rd.continues(r, toks, printed1, printed2) {
		return
	}
	rd.textIndicator(i, 0, toks, printed1, printed2)
}

// textLabels reads the labels a row begins with and puts them in force.
func (rd *reader) textLabels(i, n int, toks []token) (rest []token, printed1, printed2 string) {
	var label2 token
	st := &rd.level.sides[n]
	for len(toks) > 0 {
		t, used, kind := rd.leadingLabel(toks, i, n)
		if kind == notLabel {
			break
		}
		rd.noteLabel(t, kind)
		rd.bookLabel(t, t.Text)
		switch kind {
		case level1Label:
			printed1 = t.Text
			one := t.label.asLevel1()
			for m := range rd.level.sides {
				s := &rd.level.sides[m]
				s.level1, s.class1, s.weight1 = one.name, one.class, points(t.Text)
				if !slices.Contains(rd.layouts.level2[normLabel(s.level2)].parents, one.name) {
					s.level2, s.class2 = "", model.NoLevel // else the level 1 stands a row late
				}
			}
			rd.notePrinted(st.level1, i)
			if label2.Text != "" { // level 1 printed behind its level 2
				rd.setLevel2(n, label2, i, printed1)
			}
		case level2Label:
			printed2 = t.Text
			label2 = t
			rd.setLevel2(n, t, i, printed1)
		}
		toks = used
	}
	return toks, printed1, printed2
}

// textIndicator reads the name, the value and what else its header promises
// from the cells that are left of a row.
func (rd *reader) textIndicator(i, n int, toks []token, printed1, printed2 string) {
	var name, value token
	var more []token
	switch {
	case len(toks) == 1:
		name = toks[0]
		if label, v, ok := nameAndValue(name.Text); ok {
			value = name
			value.Text, name.Text, value.entry = v, label, 0
		} else if parseValue(name.Text).Kind == model.KindBound && hasSign(name.Text) {
			name, value = token{}, toks[0]
		}
	case len(toks) >= 3 && strings.HasSuffix(toks[0].norm, "指标") && !looksLikeValue(toks[1].Text) && (looksLikeValue(toks[2].Text) || !rd.headed(colRemark, colWeight, colOther)):
		rd.bookLabelWhole(toks[0])
		rd.setLevel2(n, toks[0], i, printed1)
		printed2 = toks[0].Text
		name, value, more = toks[1], toks[2], toks[3:]
	default:
		name, value, more = toks[0], toks[1], toks[2:]
	}
	scope := rd.columns.scope
	if n < len(rd.columns.sides) && rd.columns.sides[n].scope != "" && rd.columns.sides[n].scope != scopeHalfYear {
		scope = rd.columns.sides[n].scope
	}
	w := rd.newRow(scope)
	w.name, w.printed1, w.printed2 = name, printed1, printed2
	op, unit := "", ""
	if s := rd.columns.sides; len(s) > n && len(toks) > 1 {
		value, more, op, unit = rd.textColumns(&w, &s[n], name, value, more)
	}
	if value.entry == 0 && value.Text != "" {
		w.raw = value.Text
	} else {
		w.raw = combine(op, rd.takePart(&w, "value", value), unit)
	}
	w.value = value
	if col, ok := rd.columns.column(colLevel3); ok && name.Text != "" {
		w.shifted = float64(name.Col) > col.start
	}
	rd.addIndicator(i, n, w)
	rd.textRest(w, more)
}

// headed says whether the header has a column of one of the roles.
func (rd *reader) headed(roles ...string) bool {
	return slices.ContainsFunc(rd.columns.list, func(c column) bool { return slices.Contains(roles, c.role) })
}

// textColumns sorts the cells behind the name by the header's columns: by
// place where name and cells stand in columns of the header, else by order
// where there are as many.
func (rd *reader) textColumns(w *rowReading, s *side, name, value token, more []token) (token, []token, string, string) {
	rest := append([]token{value}, more...)
	var roles []int // columns behind the name, in order
	for n, c := range rd.columns.list {
		if s.level3 >= 0 && n > s.level3 && !strings.HasPrefix(c.role, "level") {
			roles = append(roles, n)
		}
	}
	inPlace := rd.exactColumn(name) == s.level3 && rd.aligned(rest)
	switch {
	case len(roles) < 2:
		return value, more, "", ""
	case inPlace || len(roles) == len(rest):
	case s.operator >= 0 || s.unit >= 0 || len(s.values) > 1:
		// The columns lie and cells are missing: which of them are is not known.
		rd.doubtCells(model.AmbiguousText, w.path("value"), rest, wordAmbiguous)
		return token{}, nil, "", ""
	default:
		return value, more, "", ""
	}
	main, left, op, unit := token{}, []token(nil), "", ""
	for k, t := range rest {
		n := rd.exactColumn(t)
		if !inPlace {
			n = roles[k]
		}
		c := rd.columns.list[n]
		switch {
		case c.role == colOperator && isOperator(t.Text):
			op = rd.takePart(w, "value", t)
		case c.role == colOperator && isDirection(t.Text):
			rd.ignore(t, model.OtherColumn)
		case c.role == colUnit:
			unit = rd.takePart(w, "value", t)
		case c.role == colWeight:
			w.weight = t
		case c.role == colRemark && n == s.remark:
			w.remark = t
		case c.role == colNumber, c.role == colOther, c.role == colDirection, c.role == colRemark:
			rd.ignore(t, model.OtherColumn)
		case c.role == colValue && c.region != "":
			w.regions = append(w.regions, model.RegionValue{Region: c.region, Value: parseValue(rd.takePart(w, "region_values", t))})
		case c.role == colValue && c.scope == scopeHalfYear:
			w.halfYear = valueOrNil(rd.takePart(w, "half_year_value", t))
		case c.role == colValue && len(s.values) > 1 && c.scope == string(model.Overall):
			w.longTerm = valueOrNil(rd.takePart(w, "long_term_value", t))
		case c.role == colValue && main.Text == "":
			main = t
		case c.role == colUnknown:
			field := ""
			if len(s.values) == 0 {
				field = w.path("value")
			}
			rd.doubt(model.UnknownColumn, field, t, model.Message{Text: wordUnknownCol, Args: model.Args{"heading": c.heading.Text}})
		default:
			left = append(left, t)
		}
	}
	return main, left, op, unit
}

// exactColumn is the column whose heading stands where the cell does, -1 for
// none.
func (rd *reader) exactColumn(t token) int {
	return slices.IndexFunc(rd.columns.list, func(c column) bool { return c.heading.Col == t.Col })
}

// aligned says whether every cell stands in a column of the header's.
func (rd *reader) aligned(cells []token) bool {
	return !slices.ContainsFunc(cells, func(t token) bool { return rd.exactColumn(t) < 0 })
}

// textRest books the cells behind the value: a remark where the header has
// one, the same text over again where a merged cell was repeated; anything
// else is doubted.
func (rd *reader) textRest(w rowReading, more []token) {
	list := &rd.form.Indicators
	if w.scope == model.Overall {
		list = &rd.form.OverallIndicators
	}
	ind := &(*list)[len(*list)-1]
	for _, t := range more {
		switch {
		case fold(t.Text) == fold(w.raw) || fold(t.Text) == fold(ind.Level3):
			rd.ignore(t, model.RepeatedCell)
		case rd.headed(colRemark) || len(rd.columns.list) == 0:
			ind.Remark = model.JoinWrapped(ind.Remark, rd.takePart(&w, "remark", t))
		case rd.headed(colOther, colNumber, colWeight, colDirection):
			rd.ignore(t, model.OtherColumn)
		}
	}
}

// twoSidedText reads a row of a text with a long-term and an annual side. The
// cells of one side may be blank, and then nothing tells which: such a row is
// doubted.
func (rd *reader) twoSidedText(i int, toks []token) {
	sides := rd.columns.sides
	if sides[0].scope == "" || sides[1].scope == "" {
		rd.doubtCells(model.AmbiguousText, "", toks, wordAmbiguous)
		return
	}
	// Cells stand under their own headings, or there is one for each.
	rest, printed1, printed2 := rd.textLabels(i, 0, toks)
	if len(rest) == 1 && rest[0].Doubt != nil {
		rd.take("", rest[0])
		return
	}
	if len(rest) < 4 {
		rd.doubtCells(model.AmbiguousText, "", rest, wordAmbiguous)
		return
	}
	left := rest[:2]
	right, again1, again2 := rd.textLabels(i, 1, rest[2:])
	if again1 == "" {
		again1 = printed1
	}
	if len(right) != 2 {
		rd.doubtCells(model.AmbiguousText, "", rest, wordAmbiguous)
		return
	}
	for n, part := range [][]token{left, right} {
		w := rd.newRow(sides[n].scope)
		w.name, w.value = part[0], part[1]
		w.printed1, w.printed2 = printed1, printed2
		if n == 1 {
			w.printed1, w.printed2 = again1, again2
		}
		w.raw = rd.takePart(&w, "value", part[1])
		rd.addIndicator(i, n, w)
	}
}

// labelKind is what a leading cell of a text row is.
type labelKind int

const (
	notLabel labelKind = iota
	groupLabel
	level1Label
	level2Label
)

// leadingLabel looks at the first cell: a whole label, the beginning of one
// that a page break cut, or a label fused with the name behind it. It returns
// the label and the cells that are left.
func (rd *reader) leadingLabel(toks []token, i, n int) (token, []token, labelKind) {
	t := toks[0]
	rest := toks[1:]
	if _, ok := rd.role(t, roleIndicatorGroup); ok && t.label.asLevel1().name == "" {
		return t, rest, groupLabel
	}
	if kind := rd.labelKind(t.label, rest, n); kind != notLabel {
		return t, rest, kind
	}
	if label, remainder, ok := rd.cutLabel(t, i); ok {
		rd.level.rest = remainder
		rd.sign(model.SignBrokenLabel, t.Text, "", -1, t.Location)
		kind := level2Label
		if rd.layouts.level2[label].name == "" {
			kind = level1Label
		}
		t.name(rd.layouts, label)
		return t, rest, kind
	}
	full := func(k string) bool {
		return strings.HasSuffix(k, "指标") && (rd.layouts.level2[k].name != "" || rd.layouts.level1[k].name != "") || k == "绩效指标"
	}
	if label, name, ok := rd.layouts.fused(t.Text, full); ok {
		head, tail := t, t
		head.Text, tail.Text = label, name
		head, tail = rd.layouts.newToken(head.Cell), rd.layouts.newToken(tail.Cell)
		head.entry, tail.entry = t.entry, t.entry
		rest = append([]token{tail}, rest...)
		kind := rd.labelKind(head.label, rest, n)
		if kind == notLabel {
			kind = groupLabel
		}
		return head, rest, kind
	}
	return t, toks, notLabel
}

// labelKind classifies a whole label. An abbreviation (满意度) counts only
// where a name and a value are left behind it; 成本指标 is a level 2 on forms
// that have it under 产出.
func (rd *reader) labelKind(k *label, rest []token, n int) labelKind {
	one, two := k.asLevel1(), k.asLevel2()
	if one.name == "" && two.name == "" {
		return notLabel
	}
	if !strings.HasSuffix(k.key, "指标") && len(rest) < 2 {
		return notLabel
	}
	switch {
	case two.name == "":
		return level1Label
	case one.name == "":
		return level2Label
	case one.class == model.Satisfaction:
		if rd.level.sides[n].class1 == model.Satisfaction && rd.level.sides[n].level2 == "" {
			return level2Label // printed as both levels
		}
		return level1Label
	case rd.level.costIsLevel1 || !rd.underOutput(rest, n):
		return level1Label
	}
	return level2Label
}

// underOutput says whether an ambiguous label stands below 产出: that is the
// level 1 in force and no level-2 label follows in the row.
func (rd *reader) underOutput(rest []token, n int) bool {
	if len(rest) > 0 && rest[0].label.asLevel2().name != "" {
		return false
	}
	return rd.level.sides[n].class1 == model.Output
}

// cutLabel recognises the beginning of a label whose end stands in one of the
// next rows.
func (rd *reader) cutLabel(t token, i int) (label, remainder string, ok bool) {
	piece := fold(t.Text)
	if len([]rune(piece)) < 2 || len(piece) > 36 {
		return "", "", false
	}
	from, _ := slices.BinarySearch(rd.layouts.labels, piece)
	for _, l := range rd.layouts.labels[from:] {
		tail, found := strings.CutPrefix(l, piece)
		if !found {
			break
		}
		if tail == "" || !strings.HasSuffix(l, "指标") {
			continue
		}
		if rd.endsSoon(tail, i) {
			return l, tail, true
		}
	}
	return "", "", false
}

// endsSoon says whether the end of a cut label, or a beginning of it, opens
// one of the next three rows.
func (rd *reader) endsSoon(tail string, i int) bool {
	for j := i + 1; j < len(rd.rows) && j <= i+3; j++ {
		r := rd.rows[j]
		if r.outside || len(r.tokens) == 0 {
			continue
		}
		first := fold(r.tokens[0].Text)
		if first == tail || first != "" && len(r.tokens) == 1 && strings.HasPrefix(tail, first) {
			return true
		}
	}
	return false
}

// tailOfLabel drops the end of the label in force where it opens a row: the
// label was whole, or an abbreviation, before the page break.
func (rd *reader) tailOfLabel(toks []token) []token {
	if len(toks) == 0 {
		return toks
	}
	t := fold(toks[0].Text)
	if t != "指标" && t != "标" && t != "响指标" && t != "度指标" {
		return toks
	}
	if st := &rd.level.sides[0]; strings.HasSuffix(st.level2, t) || strings.HasSuffix(st.level1, t) {
		rd.bookLabelWhole(toks[0])
		return toks[1:]
	}
	return toks
}

// noteLabel notes a broken label, and one outside its column.
func (rd *reader) noteLabel(t token, kind labelKind) {
	rd.brokenLabel(t)
	role := ""
	switch kind {
	case level1Label:
		role = colLevel1
	case level2Label:
		role = colLevel2
	}
	if role == "" {
		return
	}
	if col, ok := rd.columns.column(role); ok && float64(t.Col) != col.start {
		rd.sign(model.SignDisplacedLabel, t.Text, "", len(rd.form.Indicators), t.Location)
	}
}

// continues adds what a page break cut off the last indicator's name or value
// to it. Only a lone cell right behind a break can be that.
func (rd *reader) continues(r row, toks []token, printed1, printed2 string) bool {
	if !r.broken || len(toks) != 1 || printed1 != "" || printed2 != "" || len(rd.form.Indicators) == 0 {
		return false
	}
	last := &rd.form.Indicators[len(rd.form.Indicators)-1]
	t := toks[0]
	w := rowReading{list: "indicators", index: len(rd.form.Indicators) - 1}
	st := &rd.level.sides[0]
	if t.Doubt != nil || illegible(t.Text) {
		rd.take(w.path("level3"), t)
		return true
	}
	rd.bookValue(t)
	switch {
	case last.Value.Kind == model.KindMissing && looksLikeValue(t.Text):
		last.Value = parseValue(t.Text)
	case open(last.Value.Raw) && !open(last.Level3):
		last.Value = parseValue(model.JoinWrapped(last.Value.Raw, t.Text))
	case t.Col == st.lastValue.Col && t.Col != st.lastName.Col && last.Value.Kind == model.KindText:
		last.Value = parseValue(model.JoinWrapped(last.Value.Raw, t.Text))
	default:
		last.Level3 = model.JoinWrapped(last.Level3, t.Text)
	}
	return true
}

// open says whether a text has a bracket that is not closed.
func open(s string) bool {
	f := fold(s)
	return strings.Count(f, "(") > strings.Count(f, ")") || strings.Count(s, "“") > strings.Count(s, "”") || strings.Count(s, "《") > strings.Count(s, "》")
}

func looksLikeValue(s string) bool {
	v := parseValue(s)
	return v.Kind != model.KindText && v.Kind != model.KindMissing
}

// hasSign says whether a text begins with an operator's sign.
func hasSign(s string) bool {
	sp, _, ok := zh.CutBefore(fold(s))
	return ok && !sp.Prose
}

// nameAndValue splits a cell in which a name and a signed value were fused.
func nameAndValue(s string) (name, value string, ok bool) {
	i := strings.LastIndexAny(s, " \t\u3000")
	if i <= 0 {
		return "", "", false
	}
	value = strings.TrimSpace(s[i:])
	if !hasSign(value) || parseValue(value).Kind == model.KindText {
		return "", "", false
	}
	return strings.TrimSpace(s[:i]), value, true
}
