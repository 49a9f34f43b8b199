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
	toks := r.tokens
	if rest := rd.level.rest; rest != "" && len(toks) > 0 {
		if after, ok := strings.CutPrefix(rest, fold(toks[0].Text)); ok {
			rd.level.rest = after
			toks = toks[1:]
			if len(toks) == 0 {
				return
			}
		}
	}
	toks = rd.tailOfLabel(toks)
	printed1, printed2 := "", ""
	var label2 token
	for len(toks) > 0 {
		t, used, kind := rd.leadingLabel(toks, i)
		if kind == notLabel {
			break
		}
		rd.noteLabel(t, kind)
		switch kind {
		case groupLabel:
		case level1Label:
			printed1 = t.Text
			rd.level.level1 = rd.layout.level1[t.key]
			if !slices.Contains(rd.layout.parents[rd.level.level2], rd.level.level1) {
				rd.level.level2 = "" // else the level 1 stands a row late
			}
			rd.notePrinted(rd.level.level1, i)
			if label2.Text != "" { // level 1 printed behind its level 2
				rd.setLevel2(label2, i, printed1)
			}
		case level2Label:
			printed2 = t.Text
			label2 = t
			rd.setLevel2(t, i, printed1)
		}
		toks = used
	}
	if len(toks) == 0 {
		return
	}
	if rd.continues(r, toks, printed1, printed2) {
		return
	}
	var name, value, remark token
	switch _, hasRemark := rd.columns.column("remark"); {
	case len(toks) == 1:
		name = toks[0]
		if n, v, ok := nameAndValue(name.Text); ok {
			value = name
			value.Text, name.Text = v, n
		} else if parseValue(name.Text).Kind == model.KindBound && hasSign(name.Text) {
			name, value = token{}, toks[0]
		}
	case len(toks) >= 3 && hasRemark:
		name, value, remark = toks[0], toks[1], toks[2]
	case len(toks) >= 3 && strings.HasSuffix(toks[0].norm, "指标"):
		rd.setLevel2(toks[0], i, printed1)
		printed2 = toks[0].Text
		name, value = toks[1], toks[2]
	default:
		name, value = toks[0], toks[1]
		for _, t := range toks[2:] {
			remark.Text = model.JoinWrapped(remark.Text, t.Text)
		}
	}
	at := name.Location
	if name.Text == "" {
		at = value.Location
	}
	ind := model.Indicator{
		Level3: name.Text, PrintedLevel1: printed1, PrintedLevel2: printed2,
		Value: parseValue(value.Text), Remark: remark.Text, Location: at,
	}
	if col, ok := rd.columns.column("level3"); ok && name.Text != "" {
		ind.Shifted = float64(name.Col) > col.start
	}
	rd.addIndicator(i, ind, name, value)
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
func (rd *reader) leadingLabel(toks []token, i int) (token, []token, labelKind) {
	t := toks[0]
	rest := toks[1:]
	if _, ok := rd.layout.role(t.key, roleIndicatorGroup); ok {
		return t, rest, groupLabel
	}
	if kind := rd.labelKind(t.key, rest); kind != notLabel {
		return t, rest, kind
	}
	if label, remainder, ok := rd.cutLabel(t, i); ok {
		rd.level.rest = remainder
		rd.sign(model.SignBrokenLabel, t.Text, "", -1, t.Location)
		kind := level2Label
		if rd.layout.level2[label] == "" {
			kind = level1Label
		}
		t.norm, t.key = label, label
		return t, rest, kind
	}
	full := func(k string) bool {
		return rd.layout.level2[k] == k || rd.layout.level1[k] == k || k == "绩效指标"
	}
	if label, name, ok := fused(t.Text, full); ok {
		head, tail := t, t
		head.Text, tail.Text = label, name
		head, tail = newToken(head.Cell), newToken(tail.Cell)
		rest = append([]token{tail}, rest...)
		kind := rd.labelKind(head.key, rest)
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
func (rd *reader) labelKind(key string, rest []token) labelKind {
	one, two := rd.layout.level1[key], rd.layout.level2[key]
	if one == "" && two == "" {
		return notLabel
	}
	if !strings.HasSuffix(key, "指标") && len(rest) < 2 {
		return notLabel
	}
	switch {
	case two == "":
		return level1Label
	case one == "":
		return level2Label
	case rd.level.costIsLevel1 || !rd.underOutput(rest):
		return level1Label
	}
	return level2Label
}

// underOutput says whether an ambiguous label stands below 产出: that is the
// level 1 in force and no level-2 label follows in the row.
func (rd *reader) underOutput(rest []token) bool {
	if len(rest) > 0 && rd.layout.level2[rest[0].key] != "" {
		return false
	}
	return rd.level.level1 == "产出指标"
}

// cutLabel recognises the beginning of a label whose end stands in one of the
// next rows.
func (rd *reader) cutLabel(t token, i int) (label, remainder string, ok bool) {
	piece := fold(t.Text)
	if len([]rune(piece)) < 2 || len(piece) > 36 {
		return "", "", false
	}
	for _, l := range rd.layout.levelLabels {
		tail, found := strings.CutPrefix(l, piece)
		if !found || tail == "" || !strings.HasSuffix(l, "指标") {
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
	if strings.HasSuffix(rd.level.level2, t) || strings.HasSuffix(rd.level.level1, t) {
		return toks[1:]
	}
	return toks
}

// noteLabel notes a broken label, and once a form one outside its column.
func (rd *reader) noteLabel(t token, kind labelKind) {
	rd.brokenLabel(t)
	role := map[labelKind]string{level1Label: "level1", level2Label: "level2"}[kind]
	if rd.level.displaced || role == "" {
		return
	}
	if col, ok := rd.columns.column(role); ok && float64(t.Col) != col.start {
		rd.level.displaced = true
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
	switch {
	case last.Value.Kind == model.KindMissing && looksLikeValue(t.Text):
		last.Value = parseValue(t.Text)
	case open(last.Value.Raw) && !open(last.Level3):
		last.Value = parseValue(model.JoinWrapped(last.Value.Raw, t.Text))
	case t.Col == rd.level.lastValue.Col && t.Col != rd.level.lastName.Col && last.Value.Kind == model.KindText:
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
	s = fold(s)
	return slices.ContainsFunc(zh.Before, func(sp zh.Spelling) bool { return !sp.Prose && strings.HasPrefix(s, sp.Text) })
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
