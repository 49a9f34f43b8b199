package form

import (
	"fmt"
	"slices"
	"strings"

	"perfgoal/internal/zh"
	"perfgoal/model"
)

// levelState is the classification in force in reading order.
type levelState struct {
	sides         [2]sideState
	rest          string         // what is still to come of a label a page break cut
	costIsLevel1  bool           // 成本指标 is a level 1 in this form
	printedLevel1 map[string]int // level-1 name -> first row it is printed on
	firstOfLevel2 []level2Start  // for drifted labels
}

// sideState is what is in force on one side of the table.
type sideState struct {
	level1, level2 string // names in force
	class1, class2 model.Level
	spanned1       spanLabel // ruled: the printed level-1 label whose cell spans the rows
	weight1        string    // the points printed in it
	spanned2       spanLabel // the same of level 2
	lastRow        int       // row index of the last indicator
	lastName       token     // its name cell
	lastValue      token     // its value cell
}

type spanLabel struct {
	text string
	last int // last row index (within the table) that the cell spans
	from int // table
}

type level2Start struct {
	name, parent string
	row          int
	at           model.Location
	misplaced    bool
}

// surveyLevels finds out whether 成本指标 is a level 1 here, as on today's
// forms, or a level 2 under 产出, as on older ones.
func (rd *reader) surveyLevels() {
	rd.level.printedLevel1 = map[string]int{}
	for i := range rd.level.sides {
		rd.level.sides[i].lastRow = -1
	}
	for _, r := range rd.rows {
		for i := range r.tokens {
			switch r.tokens[i].label.asLevel2().class {
			case model.EconomicCost, model.SocialCost, model.EcologicalCost:
				rd.level.costIsLevel1 = true
				return
			}
		}
	}
}

// bareIndicators recognises an indicator row in a form without a header row.
func (rd *reader) bareIndicators(r row) bool {
	one, two := false, false
	for _, t := range r.tokens {
		if t.key == "" {
			continue
		}
		if t.label.level2.name == t.key {
			two = true
		} else if t.label.level1.name == t.key {
			one = true
		}
	}
	return one && two && rd.phase != inHead
}

// indicatorRow reads one row below the indicator header.
func (rd *reader) indicatorRow(i int) {
	r := rd.rows[i]
	if r.blank() {
		return
	}
	if r.ruled && len(rd.columns.list) > 0 {
		if r.table != rd.columns.table && !rd.sameColumns(r) {
			rd.phase = done // another table
			return
		}
		rd.columns.table = r.table
	}
	if rd.stops(r) {
		rd.phase = done
		return
	}
	if rd.resumes(i) {
		return
	}
	if r.ruled && len(rd.columns.list) > 0 {
		rd.ruledRow(i)
		return
	}
	rd.textRow(i)
}

// separator recognises a row of dashes.
func separator(r row) bool {
	dashes := 0
	for i := range r.tokens {
		s := strings.Trim(r.tokens[i].Text, ":")
		if s == "" {
			continue
		}
		if zh.IsCommon(s, 0) { // as nearly all cells begin
			return false
		}
		if len(s) < 2 || strings.Trim(s, "-—=_") != "" {
			return false
		}
		dashes++
	}
	return dashes > 1
}

// firstCell is the cell at the form's left edge, where labels of the head, the
// funding block and the notes stand; ok is false where the row has none.
func (rd *reader) firstCell(r row) (token, bool) {
	for _, t := range r.tokens {
		if t.Text == "" {
			continue
		}
		from, _ := t.extent()
		switch {
		case t.Col == 0, r.ruled && from < rd.columns.start-t.sameEdge():
			return t, true
		}
		return t, false
	}
	return token{}, false
}

// stops says whether the row ends the indicator table: notes, signatures.
func (rd *reader) stops(r row) bool {
	t, first := rd.firstCell(r)
	if !first || rd.namesValue(r) {
		return false
	}
	if _, ok := rd.role(t, roleStop); ok {
		rd.stopped = t
		return true
	}
	is := func(k string) bool { _, ok := rd.layouts.role(rd.layout, k, roleStop); return ok }
	label, _, ok := rd.layouts.fused(t.Text, is)
	if ok && strings.HasPrefix(fold(strings.TrimPrefix(t.Text, strings.TrimRight(label, ":： "))), ":") {
		rd.stopped = t
		return true
	}
	if strings.HasPrefix(fold(t.Text), "注:") || strings.HasPrefix(fold(t.Text), "备注:") || strings.HasPrefix(fold(t.Text), "说明:") {
		rd.stopped = t
		return true
	}
	return false
}

// namesValue says whether a text row is a name with its value, whatever label
// the name equals.
func (rd *reader) namesValue(r row) bool {
	if r.ruled {
		return false
	}
	ts := texts(r)
	return len(ts) == 2 && hasSign(ts[1].Text) && looksLikeValue(ts[1].Text)
}

// resumes reads a row of the head or of goals that stands below an indicator
// table at the form's left edge: the form goes on.
func (rd *reader) resumes(i int) bool {
	r := rd.rows[i]
	t, first := rd.firstCell(r)
	if !first || rd.namesValue(r) {
		return false
	}
	if _, group := rd.role(t, roleIndicatorGroup); group {
		return false
	}
	l := rd.label(t)
	_, goal := rd.goalRole(t)
	if l.kind == 0 && !goal || t.label.asLevel1().name != "" || t.label.asLevel2().name != "" {
		return false
	}
	if !r.ruled && len(rd.form.Indicators) == 0 {
		return false
	}
	rd.phase = inHead
	rd.readRow(i)
	return true
}

// goalsAgain reads the row of goals that stands between two indicator tables.
func (rd *reader) goalsAgain(i int) bool {
	t, first := rd.firstCell(rd.rows[i])
	if !first {
		return false
	}
	which, ok := rd.goalRole(t)
	if !ok || which != goalAnnual && which != goalOverall || rd.namesValue(rd.rows[i]) {
		return false
	}
	rd.phase = inGoals
	return rd.goalLabels(i)
}

// ruledRow reads a row whose columns are certain.
func (rd *reader) ruledRow(i int) {
	r := rd.rows[i]
	c := &rd.columns
	parts := make([][]token, len(c.list))
	for _, t := range r.tokens {
		n := c.at(t)
		if n < 0 {
			if _, ok := rd.role(t, roleIndicatorGroup); ok {
				rd.bookLabelWhole(t)
				rd.brokenLabel(t)
			}
			continue
		}
		parts[n] = append(parts[n], t)
	}
	if rd.sumRow(r, parts) {
		return
	}
	inTable := r.tokens[0].Row
	if c.level1 >= 0 {
		shared := make([]*sideState, 0, len(rd.level.sides))
		for n := range rd.level.sides {
			if n >= len(c.sides) || c.sides[n].level1 < 0 {
				shared = append(shared, &rd.level.sides[n])
			}
		}
		rd.level1Cells(i, parts[c.level1], inTable, shared)
	}
	for n := range c.sides[:min(len(c.sides), len(rd.level.sides))] {
		if own := c.sides[n].level1; own >= 0 {
			rd.level1Cells(i, parts[own], inTable, []*sideState{&rd.level.sides[n]})
		}
		rd.ruledSide(i, n, parts, inTable)
	}
}

// sumRow ignores a row that adds up the column of points.
func (rd *reader) sumRow(r row, parts [][]token) bool {
	for _, t := range r.tokens {
		if t.Text == "" {
			continue
		}
		if _, ok := rd.role(t, roleSum); !ok {
			return false
		}
		break
	}
	for _, s := range rd.columns.sides {
		for _, n := range s.values {
			if hasSign(firstText(parts[n]).Text) {
				return false
			}
		}
	}
	rd.ignoreRow(r, model.OtherColumn)
	return true
}

// level1Cells puts the row's level 1 in force on the sides that it is for.
func (rd *reader) level1Cells(i int, cells []token, inTable int, sides []*sideState) {
	r := rd.rows[i]
	for _, s := range sides {
		rd.spanning(&s.spanned1, cells, inTable, r.table)
		if len(cells) > 0 {
			s.weight1 = ""
		}
	}
	for _, t := range cells {
		if t.Text == "" {
			continue
		}
		if illegible(t.Text) || t.Doubt != nil {
			rd.take("", t)
			force1(sides, level{}, "", r.broken)
			continue
		}
		rd.brokenLabel(t)
		rd.bookLabelWhole(t)
		for _, s := range sides {
			s.weight1 = points(t.Text)
		}
		one, known := rd.layouts.level1[t.key]
		if two := rd.layouts.level2[t.key]; !known && two.name != "" { // a level 2 in a cell over both columns
			name := rd.levelName(t, two)
			one = level{name: two.parents[0], class: rd.layouts.level1[normLabel(two.parents[0])].class}
			force1(sides, one, name, r.broken)
			for _, s := range sides {
				s.class2 = two.class
			}
			rd.notePrinted(one.name, i)
			continue
		}
		if !known {
			one = level{name: withoutPoints(t.Text)}
		}
		force1(sides, one, "", r.broken)
		rd.notePrinted(one.name, i)
		if rd.columns.spansLevels(t) { // the form has one level here
			for _, s := range sides {
				s.level2, s.class2 = one.name, rd.layouts.level2[normLabel(one.name)].class
			}
		}
	}
}

// force1 puts a level 1, and perhaps its level 2, in force. A label that is
// only printed again behind a page break changes nothing.
func force1(sides []*sideState, one level, two string, broken bool) {
	for _, s := range sides {
		if one.name != s.level1 || !broken || two != "" {
			s.level2, s.class2 = two, model.NoLevel
		}
		s.level1, s.class1 = one.name, one.class
	}
}

// ruledSide reads the row's cells on one side.
func (rd *reader) ruledSide(i, n int, parts [][]token, inTable int) {
	r := rd.rows[i]
	c, s, st := &rd.columns, &rd.columns.sides[n], &rd.level.sides[n]
	cells := func(at int) []token {
		if at < 0 {
			return nil
		}
		return parts[at]
	}
	rd.spanning(&st.spanned2, cells(s.level2), inTable, r.table)
	printed1, printed2 := st.spanned1.text, st.spanned2.text
	for _, t := range cells(s.level2) {
		if t.Text == "" {
			continue
		}
		if illegible(t.Text) || t.Doubt != nil {
			rd.take("", t)
			st.level2, st.class2 = "", model.NoLevel
			continue
		}
		rd.brokenLabel(t)
		rd.bookLabelWhole(t)
		rd.setLevel2(n, t, i, printed1)
	}
	name := firstText(cells(s.level3))
	values := 0
	for _, v := range slices.Concat(s.values, s.unknown) {
		if firstText(parts[v]).Text != "" {
			values++
		}
	}
	rd.numbers(s, parts)
	if name.Text == "" && values == 0 {
		return
	}
	if name.Text == "" && len(cells(s.level3)) == 0 && st.lastName.RowSpan > inTable-st.lastName.Row {
		name = st.lastName // one name cell spans several values
	}
	scope := s.scope
	if scope == "" || scope == scopeHalfYear {
		scope = c.scope
	}
	if len(c.sides) > 1 && s.scope == "" {
		rd.doubtCells(model.AmbiguousText, "", append([]token{name}, rd.cellsOf(s.values, parts)...), wordAmbiguous)
		return
	}
	if rd.form.Geometry == model.Aligned && len(s.values) == 0 && len(s.unknown) == 0 { // the values may stand in the column of names
		rd.noValueColumn()
		rd.doubtCells(model.AmbiguousText, "", cells(s.level3), wordAmbiguous)
		return
	}
	w := rd.newRow(scope)
	w.printed1, w.printed2 = printed1, printed2
	w.name = name
	rd.values(&w, s, parts, scope)
	w.remark = firstText(cells(s.remark))
	w.weight = firstText(cells(s.weight))
	rd.addIndicator(i, n, w)
}

// numbers ignores the cells of columns that are known but not kept.
func (rd *reader) numbers(s *side, parts [][]token) {
	for _, n := range s.others {
		for _, t := range parts[n] {
			reason := model.OtherColumn
			if rd.columns.list[n].role == colNumber {
				reason = model.RowNumber
			}
			rd.ignore(t, reason)
		}
	}
}

func (rd *reader) cellsOf(columns []int, parts [][]token) []token {
	var out []token
	for _, n := range columns {
		out = append(out, parts[n]...)
	}
	return out
}

// doubtCells doubts cells whose meaning is not certain.
func (rd *reader) doubtCells(code model.DoubtCode, field string, cells []token, word model.Text) {
	for _, t := range cells {
		if e := rd.ledger.of(t); t.Text != "" && (e == nil || !e.doubted) {
			rd.doubt(code, field, t, model.Message{Text: word})
		}
	}
}

// rowReading is an indicator while its cells are put together.
type rowReading struct {
	list               string // indicators or overall_indicators
	index              int
	scope              model.Scope
	printed1, printed2 string
	name, weight       token
	remark             token
	value              token // the cell of the main value, for what a page break cut off
	raw                string
	longTerm, halfYear *model.Value
	regions            []model.RegionValue
	shifted            bool
}

func (rd *reader) newRow(scope string) rowReading {
	if scope == string(model.Overall) {
		return rowReading{list: "overall_indicators", index: len(rd.form.OverallIndicators), scope: model.Overall}
	}
	return rowReading{list: "indicators", index: len(rd.form.Indicators), scope: model.Annual}
}

func (w *rowReading) path(part string) string { return fmt.Sprintf("%s[%d].%s", w.list, w.index, part) }

// takePart books a cell of an indicator and returns its text, "" where it
// cannot be trusted.
func (rd *reader) takePart(w *rowReading, part string, t token) string {
	if t.Text == "" {
		return ""
	}
	if t.Doubt == nil && !illegible(t.Text) {
		if e := rd.ledger.of(t); e != nil && e.doubted {
			return ""
		}
		rd.bookValue(t)
		if t.Stored != "" {
			rd.keepStored(w.path(part), t)
		}
		return t.Text
	}
	return rd.take(w.path(part), t)
}

// values puts the row's values together: operator, number and unit, whatever
// the order of their columns, for each column of values.
func (rd *reader) values(w *rowReading, s *side, parts [][]token, scope string) {
	op, unit := rd.operatorCell(w, s, parts), ""
	if s.unit >= 0 {
		unit = rd.takePart(w, "value", firstText(parts[s.unit]))
	}
	main := false
	for _, n := range s.values {
		col, t := rd.columns.list[n], firstText(parts[n])
		text := combine(op, rd.takePart(w, "value", t), unit)
		switch {
		case col.region != "":
			w.regions = append(w.regions, model.RegionValue{Region: col.region, Value: parseValue(text)})
			if w.value.Text == "" {
				w.value = t
			}
		case col.scope == scopeHalfYear:
			w.halfYear = valueOrNil(text)
		case len(s.values) > 1 && col.scope == string(model.Overall) && scope != string(model.Overall):
			w.longTerm = valueOrNil(text)
		case !main:
			main = true
			w.raw, w.value = text, t
		default: // two columns of values that nothing tells apart
			rd.doubtCells(model.UnknownColumn, w.path("value"), parts[n], wordAmbiguous)
		}
	}
	for _, n := range s.unknown {
		heading := rd.columns.list[n].heading.Text
		if heading == "" {
			heading = "（无标题）"
		}
		for _, t := range parts[n] {
			if t.Text == "" {
				continue
			}
			field := ""
			if len(s.values) == 0 {
				field = w.path("value")
			}
			rd.doubt(model.UnknownColumn, field, t, model.Message{Text: wordUnknownCol, Args: model.Args{"heading": heading}})
		}
	}
	if len(s.values) == 0 && len(s.unknown) == 0 {
		rd.noValueColumn()
	}
}

// noValueColumn doubts the values of a table whose header names none.
func (rd *reader) noValueColumn() {
	const all = "indicators[*].value"
	if !rd.form.HasDoubt(all) {
		rd.form.Doubts = append(rd.form.Doubts, model.Doubt{Code: model.LabelNotFound, Field: all,
			Message: model.Message{Text: wordNoLabel, Args: model.Args{"label": "指标值"}}, Location: rd.form.Location})
	}
}

func valueOrNil(text string) *model.Value {
	v := parseValue(text)
	return &v
}

// operatorCell is the row's operator. Words for its direction or kind are no
// operator.
func (rd *reader) operatorCell(w *rowReading, s *side, parts [][]token) string {
	if s.operator < 0 {
		return ""
	}
	t := firstText(parts[s.operator])
	switch {
	case t.Text == "":
		return ""
	case isOperator(t.Text):
		return strings.TrimSpace(rd.takePart(w, "value", t))
	case isDirection(t.Text):
		rd.ignore(t, model.OtherColumn)
	default:
		rd.doubt(model.UnknownColumn, w.path("value"), t, model.Message{Text: wordUnknownCol, Args: model.Args{"heading": rd.columns.list[s.operator].heading.Text}})
	}
	return ""
}

// isOperator says whether a cell holds an operator and nothing else.
func isOperator(s string) bool {
	_, rest, ok := zh.CutBefore(fold(s))
	return ok && rest == ""
}

// isDirection recognises what stands in a column of kinds or directions.
func isDirection(s string) bool {
	s = fold(s)
	for _, word := range []string{"正向", "反向", "逆向", "定性", "定量", "预期性", "约束性", "正指标", "逆指标", "适度"} {
		if strings.HasPrefix(s, word) {
			return true
		}
	}
	return blankMark(s) || s == "无"
}

// combine puts operator, number and unit together. The operator goes before a
// number alone, the unit behind one alone; a cell that has them already stays
// as it is.
func combine(op, value, unit string) string {
	if value == "" {
		return ""
	}
	plain := fold(value)
	if op != "" && firstRune(plain) >= '0' && firstRune(plain) <= '9' {
		value = op + value
	}
	u := fold(unit)
	if u != "" && !blankMark(u) && u != "无" && !isDirection(unit) && plain[len(plain)-1] >= '0' && plain[len(plain)-1] <= '9' {
		value += unit
	}
	return value
}

// points are the points or their range printed in a level label: (0-20)分,
// （50分）, 20%.
func points(label string) string {
	s := fold(label)
	i := strings.LastIndexByte(s, '(')
	if i < 0 {
		return ""
	}
	inner, _, _ := strings.Cut(s[i+1:], ")")
	inner = strings.TrimSuffix(inner, "分")
	if strings.Trim(strings.TrimSuffix(inner, "%"), "0123456789.-~—至") != "" || !strings.ContainsAny(inner, "0123456789") {
		return ""
	}
	return inner
}

// withoutPoints is a label that no layout knows, without a bracketed note
// behind it.
func withoutPoints(label string) string {
	s := strings.TrimSuffix(strings.TrimSpace(label), "分")
	if strings.HasSuffix(s, ")") || strings.HasSuffix(s, "）") {
		if i := strings.LastIndexAny(s, "(（"); i > 0 {
			return strings.TrimSpace(s[:i])
		}
	}
	return strings.TrimSpace(label)
}

func samePage(a, b model.Location) bool {
	return a.Page != nil && b.Page != nil && *a.Page == *b.Page
}

// spanning keeps the label whose cell spans the row.
func (rd *reader) spanning(s *spanLabel, cells []token, inTable, table int) {
	for _, t := range cells {
		*s = spanLabel{text: t.Text, last: t.Row + t.RowSpan - 1, from: table}
		return
	}
	if s.from != table || inTable > s.last {
		*s = spanLabel{}
	}
}

func firstText(ts []token) token {
	for _, t := range ts {
		if t.Text != "" {
			return t
		}
	}
	return token{}
}

// levelName is the name of a printed level-2 label: the label itself without a
// bracketed note where it is written out, the classification's name of an
// abbreviation.
func (rd *reader) levelName(t token, known level) string {
	if known.name == "" || t.norm != t.key && strings.HasSuffix(t.norm, "指标") && withoutNotes(t.norm) == t.key {
		return strings.Join(strings.Fields(withoutPoints(t.Text)), "")
	}
	return known.name
}

func (rd *reader) notePrinted(name string, row int) {
	if _, seen := rd.level.printedLevel1[name]; !seen {
		rd.level.printedLevel1[name] = row
	}
}

// setLevel2 puts a level-2 label in force and notes what is wrong with where
// it stands: printed1 is the level 1 in its row or around it.
// A label that the classification does not know keeps the level 1 in force.
func (rd *reader) setLevel2(n int, t token, row int, printed1 string) {
	two := t.label.asLevel2()
	st := &rd.level.sides[n]
	st.level2, st.class2 = rd.levelName(t, two), two.class
	if len(two.parents) == 0 {
		return
	}
	start := level2Start{name: st.level2, parent: two.parents[0], row: row, at: t.Location}
	around := rd.layouts.level1[rd.layouts.keyOf(normLabel(printed1))]
	if printed1 != "" && around.name != "" && !slices.Contains(two.parents, around.name) && two.class != model.ClientSatisfaction {
		start.misplaced = true
		rd.sign(model.SignMisplacedLevel, t.Text, printed1, len(rd.form.Indicators), t.Location)
	}
	switch {
	case slices.Contains(two.parents, st.level1):
		start.parent = st.level1
	case two.class == model.ClientSatisfaction && around.name != "":
		// Older forms print it under 效益: it is satisfaction all the same.
		st.level1, st.class1 = two.parents[0], model.Satisfaction
		return
	case st.level1 != "" && printed1 != "" && around.name == "":
		// A level 1 that the classification does not know may hold it.
		return
	default:
		st.level1, st.class1 = two.parents[0], rd.layouts.level1[normLabel(two.parents[0])].class
	}
	rd.level.firstOfLevel2 = append(rd.level.firstOfLevel2, start)
}

// addIndicator puts a row's cells together.
func (rd *reader) addIndicator(row, n int, w rowReading) {
	st := &rd.level.sides[n]
	ind := model.Indicator{
		Scope: w.scope, Level1: st.level1, Level2: st.level2, Class1: st.class1, Class2: st.class2,
		Level3: rd.takePart(&w, "level3", w.name), PrintedLevel1: w.printed1, PrintedLevel2: w.printed2,
		Value: parseValue(w.raw), LongTermValue: w.longTerm, HalfYearValue: w.halfYear, RegionValues: w.regions,
		Weight: rd.takePart(&w, "weight", w.weight), Level1Weight: st.weight1,
		Remark: rd.takePart(&w, "remark", w.remark), Shifted: w.shifted, Location: w.name.Location,
	}
	if w.name.Text == "" {
		ind.Location = w.value.Location
	} else if a, b := w.name.Location, w.value.Location; a.Box != nil && b.Box != nil && w.value.Text != "" && samePage(a, b) {
		box := a.Box.Union(*b.Box)
		ind.Location.Box = &box
	}
	if w.scope == model.Overall {
		rd.form.OverallIndicators = append(rd.form.OverallIndicators, ind)
	} else {
		rd.form.Indicators = append(rd.form.Indicators, ind)
	}
	st.lastRow, st.lastName, st.lastValue = row, w.name, w.value
}

// settleLevels notes the level-2 labels whose own level 1 is missing or
// stands further down, and what the form's own levels make of the required
// ones: where costs stand under 产出, no level 1 of their own is.
func (rd *reader) settleLevels() {
	for _, s := range rd.level.firstOfLevel2 {
		first, printed := rd.level.printedLevel1[s.parent]
		if !s.misplaced && (!printed || first > s.row) {
			rd.sign(model.SignDriftedLevel, s.name, s.parent, -1, s.at)
		}
	}
	costUnderOutput := slices.ContainsFunc(rd.form.Indicators, func(x model.Indicator) bool { return x.Class1 == model.Output && x.Class2 == model.Cost })
	if costUnderOutput && !rd.level.costIsLevel1 {
		rd.form.Required = slices.DeleteFunc(slices.Clone(rd.form.Required), func(l model.Level) bool { return l == model.Cost })
	}
}
