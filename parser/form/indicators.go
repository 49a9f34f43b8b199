package form

import (
	"math"
	"slices"
	"strings"

	"perfgoal/model"
)

// columnRoles are the columns of the indicator table, from its header row.
type columnRoles struct {
	list  []columnRole
	table int // index of the table the header stands in
}

type columnRole struct {
	role       string // level1, level2, level3, value, operator, unit, remark
	start, end float64
	label      string
}

// at returns the role of a cell by the header it stands under.
func (c columnRoles) at(from, to float64) string {
	best, most := "", 0.0
	for _, r := range c.list {
		if n := min(to, r.end) - max(from, r.start); n > most {
			best, most = r.role, n
		}
	}
	return best
}

func (c columnRoles) column(role string) (columnRole, bool) {
	for _, r := range c.list {
		if r.role == role {
			return r, true
		}
	}
	return columnRole{}, false
}

// indicatorHeader recognises 一级指标 | 二级指标 | 三级指标 | 指标值.
func (rd *reader) indicatorHeader(r row) bool {
	var found columnRoles
	levels := 0
	for _, t := range r.tokens {
		role, ok := rd.layout.role(t.key, roleHeader)
		if !ok {
			continue
		}
		if strings.HasPrefix(role, "level") {
			levels++
		}
		from, to := t.extent()
		found.list = append(found.list, columnRole{role, from, to, t.norm})
	}
	_, hasName := found.column("level3")
	_, hasValue := found.column("value")
	if levels < 2 && !(levels == 1 && hasName && hasValue) {
		return false
	}
	found.keepAnnualValue()
	found.table = r.table
	rd.columns = found
	return true
}

// keepAnnualValue leaves one value column where a header has several: the
// year's own.
func (c *columnRoles) keepAnnualValue() {
	values := 0
	annual := -1
	for i, r := range c.list {
		if r.role == "value" {
			values++
			if annual < 0 && (strings.Contains(r.label, "年度") || strings.Contains(r.label, "当年")) {
				annual = i
			}
		}
	}
	if values < 2 {
		return
	}
	kept := false
	for i := range c.list {
		if c.list[i].role != "value" {
			continue
		}
		if annual >= 0 && i != annual || annual < 0 && kept {
			c.list[i].role = "remark"
			continue
		}
		kept = true
	}
}

// levelState is the classification in force in reading order.
type levelState struct {
	level1, level2 string         // canonical names in force
	spanned1       spanLabel      // ruled: the printed label whose cell spans the rows
	spanned2       spanLabel      //
	rest           string         // what is still to come of a label a page break cut
	costIsLevel1   bool           // 成本指标 is a level 1 in this form
	printedLevel1  map[string]int // level-1 name -> first row it is printed on
	firstOfLevel2  []level2Start  // for drifted labels
	displaced      bool           // S012 was noted
	lastRow        int            // row index of the last indicator
	lastName       token          // its name cell
	lastValue      token          // its value cell
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
	rd.level.lastRow = -1
	for _, r := range rd.rows {
		for _, t := range r.tokens {
			if t.key == "" {
				continue
			}
			if name := rd.layout.level2[t.key]; name != "" && name != "成本指标" && slices.Contains(rd.layout.parents[name], "成本指标") {
				rd.level.costIsLevel1 = true
			}
		}
	}
}

// bareIndicators recognises an indicator row in a form without a header row.
func (rd *reader) bareIndicators(r row) bool {
	one, two := false, false
	for _, t := range r.tokens {
		if rd.layout.level2[t.key] == t.key {
			two = true
		} else if rd.layout.level1[t.key] == t.key {
			one = true
		}
	}
	return one && two && rd.phase != inHead
}

// indicatorRow reads one row below the indicator header.
func (rd *reader) indicatorRow(i int) {
	r := rd.rows[i]
	if separator(r) {
		rd.sign(model.SignSeparatorRow, r.tokens[0].Text, "", -1, r.tokens[0].Location)
		return
	}
	if rd.stops(r) {
		rd.phase = done
		return
	}
	if r.ruled && len(rd.columns.list) > 0 {
		if r.table != rd.columns.table && !rd.sameColumns(r) {
			rd.phase = done // another table
			return
		}
		rd.columns.table = r.table
		rd.ruledRow(i)
		return
	}
	rd.textRow(i)
}

// sameEdge is how far two tables' edges may lie apart and still be one
// column's, in points.
const sameEdge = 6

// sameColumns says whether a row of another table has its cells where the
// indicator columns are: the table was only divided there.
func (rd *reader) sameColumns(r row) bool {
	for _, role := range []string{"level3", "value"} {
		c, ok := rd.columns.column(role)
		if !ok {
			continue
		}
		fits := slices.ContainsFunc(r.tokens, func(t token) bool {
			from, to := t.extent()
			return math.Abs(from-c.start) <= sameEdge && math.Abs(to-c.end) <= sameEdge
		})
		if !fits {
			return false
		}
	}
	return true
}

// separator recognises a row of dashes, as Markdown puts under a header.
func separator(r row) bool {
	dashes := 0
	for _, t := range r.tokens {
		s := strings.Trim(t.Text, ":")
		if s == "" {
			continue
		}
		if len(s) < 2 || strings.Trim(s, "-—=_") != "" {
			return false
		}
		dashes++
	}
	return dashes > 0
}

// stops says whether the row ends the indicator table: notes, signatures.
func (rd *reader) stops(r row) bool {
	for n, t := range r.tokens {
		if t.Text == "" {
			continue
		}
		if _, ok := rd.layout.role(t.key, roleStop); ok {
			return true
		}
		if _, ok := rd.layout.role(t.key, roleFunding); ok && n == 0 && len(rd.form.Indicators) > 0 {
			return true
		}
		if _, ok := rd.headField(t.key); ok && n == 0 {
			return true
		}
		label, _, ok := fused(t.Text, func(k string) bool { _, ok := rd.layout.role(k, roleStop); return ok })
		return ok && strings.HasPrefix(fold(strings.TrimPrefix(t.Text, strings.TrimRight(label, ":： "))), ":")
	}
	return false
}

// ruledRow reads a row whose columns are certain.
func (rd *reader) ruledRow(i int) {
	r := rd.rows[i]
	parts := map[string][]token{}
	for _, t := range r.tokens {
		role := rd.columns.at(t.extent())
		parts[role] = append(parts[role], t)
	}
	inTable := r.tokens[0].Row
	rd.spanning(&rd.level.spanned1, parts["level1"], inTable, r.table)
	rd.spanning(&rd.level.spanned2, parts["level2"], inTable, r.table)
	printed1, printed2 := rd.level.spanned1.text, rd.level.spanned2.text
	for _, t := range parts["level1"] {
		if t.Text != "" {
			rd.brokenLabel(t)
			name := rd.levelName(rd.layout.level1, t)
			if name != rd.level.level1 || !r.broken { // else the label is only printed again
				rd.level.level2 = ""
			}
			rd.level.level1 = name
			rd.notePrinted(rd.level.level1, i)
		}
	}
	if len(parts["level2"]) == 0 && len(parts["level1"]) > 0 && parts["level1"][0].ColSpan > 1 {
		// One cell spans both label columns: the form has one level here.
		_, end := parts["level1"][0].extent()
		if col, ok := rd.columns.column("level2"); ok && end >= col.end-sameEdge {
			rd.level.level2 = rd.level.level1
		}
	}
	for _, t := range parts["level2"] {
		if t.Text != "" {
			rd.brokenLabel(t)
			rd.setLevel2(t, i, printed1)
		}
	}
	name, value := firstText(parts["level3"]), firstText(parts["value"])
	raw := value.Text
	if op := firstText(parts["operator"]); op.Text != "" && !strings.HasPrefix(fold(raw), fold(op.Text)) {
		raw = operatorText(op.Text) + raw
	}
	if u := firstText(parts["unit"]); u.Text != "" && raw != "" && !strings.HasSuffix(fold(raw), fold(u.Text)) && !strings.HasSuffix(fold(raw), "("+fold(u.Text)+")") {
		raw += u.Text
	}
	if name.Text == "" && raw == "" {
		return
	}
	if name.Text == "" && len(parts["level3"]) == 0 && rd.level.lastName.RowSpan > inTable-rd.level.lastName.Row {
		name = rd.level.lastName // one name cell spans several values
	}
	at := name.Location
	if name.Text == "" {
		at = value.Location
	} else if at.Box != nil && value.Location.Box != nil && value.Text != "" && samePage(at, value.Location) {
		box := at.Box.Union(*value.Location.Box)
		at.Box = &box
	}
	rd.addIndicator(i, model.Indicator{
		Level3: name.Text, PrintedLevel1: printed1, PrintedLevel2: printed2,
		Value: parseValue(raw), Remark: firstText(parts["remark"]).Text, Location: at,
	}, name, value)
}

func samePage(a, b model.Location) bool { return a.Page != nil && b.Page != nil && *a.Page == *b.Page }

// operatorText is the sign of an operator column that is written in words.
func operatorText(s string) string {
	switch fold(s) {
	case "正向", "反向", "定性", "定量":
		return ""
	}
	return strings.TrimSpace(s)
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

// levelName is the classification's name of a printed label, the label itself
// where the classification does not know it.
func (rd *reader) levelName(known map[string]string, t token) string {
	if name := known[t.key]; name != "" {
		return name
	}
	return t.Text
}

func (rd *reader) notePrinted(name string, row int) {
	if _, seen := rd.level.printedLevel1[name]; !seen {
		rd.level.printedLevel1[name] = row
	}
}

// setLevel2 puts a level-2 label in force and notes what is wrong with where
// it stands: printed1 is the level 1 in its row or around it.
// A label that the classification does not know keeps the level 1 in force.
func (rd *reader) setLevel2(t token, row int, printed1 string) {
	name := rd.levelName(rd.layout.level2, t)
	rd.level.level2 = name
	parents := rd.layout.parents[name]
	if len(parents) == 0 {
		return
	}
	start := level2Start{name: name, parent: parents[0], row: row, at: t.Location}
	if printed1 != "" {
		around := rd.layout.level1[normLabel(printed1)]
		if around != "" && !slices.Contains(parents, around) {
			start.misplaced = true
			rd.sign(model.SignMisplacedLevel, t.Text, printed1, len(rd.form.Indicators), t.Location)
		}
	}
	if !slices.Contains(parents, rd.level.level1) {
		rd.level.level1 = parents[0]
	} else {
		start.parent = rd.level.level1
	}
	rd.level.firstOfLevel2 = append(rd.level.firstOfLevel2, start)
}

func (rd *reader) addIndicator(row int, ind model.Indicator, name, value token) {
	ind.Scope, ind.Level1, ind.Level2 = model.Annual, rd.level.level1, rd.level.level2
	ind.Class1, ind.Class2 = rd.layout.classes[ind.Level1], rd.layout.classes[ind.Level2]
	rd.form.Indicators = append(rd.form.Indicators, ind)
	rd.level.lastRow, rd.level.lastName, rd.level.lastValue = row, name, value
}

// settleLevels notes the level-2 labels whose own level 1 is missing or
// stands further down.
func (rd *reader) settleLevels() {
	for _, s := range rd.level.firstOfLevel2 {
		first, printed := rd.level.printedLevel1[s.parent]
		if !s.misplaced && (!printed || first > s.row) {
			rd.sign(model.SignDriftedLevel, s.name, s.parent, -1, s.at)
		}
	}
}
