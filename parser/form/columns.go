package form

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"perfgoal/model"
)

// column is one column of the indicator table.
type column struct {
	role       string
	scope      string // annual, overall, half-year; "" where no heading says
	region     string // the region whose values it holds
	start, end float64
	heading    token
}

// side is a group of columns with their own names: most forms have one,
// those that list long-term and annual indicators side by side have two.
type side struct {
	scope    string
	level1   int // index in columnSet.list, -1 where it has none of its own
	level2   int // likewise
	level3   int
	values   []int
	operator int
	unit     int
	weight   int
	remark   int
	others   []int // known columns that are not kept
	unknown  []int
}

// columnSet are the columns of the indicator table, from its header.
type columnSet struct {
	list   []column
	sides  []side
	level1 int     // the first of them, for the sides without their own
	start  float64 // left edge of the first of them
	table  int     // index of the table the header stands in
	scope  string  // of the table: annual or overall
	texts  string  // of the header, to know it again
}

// at returns the index of the column that a cell stands under, -1 for none. A
// cell that reaches over the level-2 column from the level-1 column is a level
// 1: its span says so, not the larger overlap.
func (c *columnSet) at(t token) int {
	from, to := t.extent()
	best, most := -1, 0.0
	for i, col := range c.list {
		n := min(to, col.end) - max(from, col.start)
		if n <= 0 {
			continue
		}
		if col.role == colLevel1 && n > (col.end-col.start)/2 {
			return i
		}
		if n > most {
			best, most = i, n
		}
	}
	return best
}

// spansLevels says whether a level-1 cell reaches over the level-2 column.
func (c *columnSet) spansLevels(t token) bool {
	if len(c.sides) == 0 || c.sides[0].level2 < 0 {
		return false
	}
	from, to := t.extent()
	return from < c.list[c.sides[0].level2].end && to >= c.list[c.sides[0].level2].end-t.sameEdge()
}

func (c *columnSet) column(role string) (column, bool) {
	for _, col := range c.list {
		if col.role == role {
			return col, true
		}
	}
	return column{}, false
}

// indicatorHeader recognises 一级指标 | 二级指标 | 三级指标 | 指标值, in one
// row or two.
func (rd *reader) indicatorHeader(i int) bool {
	r := rd.rows[i]
	if !rd.hasHeading(r) {
		return false
	}
	r.tokens = slices.Concat(rd.reaching(i), r.tokens)
	levels, here, hasName, hasValue := 0, 0, false, false
	for _, t := range r.tokens {
		role, ok := rd.role(t, roleColumn)
		if !ok {
			continue
		}
		if strings.HasPrefix(role, "level") {
			levels++
			if !r.ruled || t.Row == r.tokens[len(r.tokens)-1].Row {
				here++
			}
		}
		hasName = hasName || role == colLevel3
		hasValue = hasValue || role == colValue
	}
	if here == 0 || levels < 2 && !(levels == 1 && hasName && hasValue) {
		return false
	}
	slices.SortStableFunc(r.tokens, func(a, b token) int {
		af, _ := a.extent()
		bf, _ := b.extent()
		return cmp.Compare(af, bf)
	})
	all := strings.Builder{}
	for _, t := range r.tokens {
		all.WriteString(t.norm)
		all.WriteByte('|')
	}
	again := rd.columns.texts == all.String() && len(rd.columns.list) > 0
	set := columnSet{level1: -1, table: r.table, scope: string(model.Annual), texts: all.String(), start: math.Inf(1), list: make([]column, 0, len(r.tokens))}
	for _, t := range r.tokens {
		if role, ok := rd.role(t, roleColumn); ok && strings.HasPrefix(role, "level") {
			from, _ := t.extent()
			set.start = min(set.start, from)
		}
	}
	sub := rd.subHeadings(i)
	grouped := false
	for _, t := range r.tokens {
		role, ok := rd.role(t, roleColumn)
		from, to := t.extent()
		if !ok && from < set.start {
			grouped = rd.group(t, &set) || grouped
			continue
		}
		if under := belowHeading(t, sub); len(under) > 0 {
			rd.bookLabelWhole(t)
			// Below a heading of values, headings of which no layout knows any
			// are the names of regions.
			regions := role == colValue && !slices.ContainsFunc(under, func(s token) bool { _, known := rd.role(s, roleColumn); return known })
			for _, s := range under {
				set.list = append(set.list, rd.subColumn(t, role, regions, s))
			}
			continue
		}
		switch {
		case ok:
		case !r.ruled:
			if t.Text != "" {
				role = colUnknown
			}
		default:
			role = colUnknown
		}
		if role == "" {
			continue
		}
		set.list = append(set.list, column{role: role, scope: rd.headingScope(i, t), start: from, end: to, heading: t})
		if role != colUnknown || t.Text != "" {
			rd.bookLabelWhole(t)
		}
	}
	if !grouped && rd.groupScope != "" { // the label stood in a row of its own
		set.scope, grouped = rd.groupScope, true
	}
	rd.groupScope = ""
	if again && !grouped {
		set.scope = rd.columns.scope
		for _, t := range r.tokens {
			if e := rd.ledger.of(t); e != nil {
				e.labels = 0
			}
			rd.ignore(t, model.RepeatedHeader)
		}
	}
	if len(sub) > 0 {
		rd.skipped = 1
	}
	rd.setSides(&set)
	rd.columns = set
	return true
}

// hasHeading says whether a row has the heading of a level.
func (rd *reader) hasHeading(r row) bool {
	for i := range r.tokens {
		if role, ok := r.tokens[i].label.role(rd.layout, roleColumn); ok && strings.HasPrefix(role, "level") {
			return true
		}
	}
	return false
}

// reaching are the headings of the row above that reach down into this one: a
// header of two rows whose first has the headings over several columns.
func (rd *reader) reaching(i int) []token {
	if i == 0 || !rd.rows[i].ruled || rd.rows[i-1].outside || rd.rows[i-1].table != rd.rows[i].table || len(rd.rows[i].tokens) == 0 {
		return nil
	}
	at := rd.rows[i].tokens[0].Row
	var out []token
	for _, t := range rd.rows[i-1].tokens {
		if _, ok := rd.role(t, roleColumn); ok && t.Row+t.RowSpan == at+1 {
			out = append(out, t)
		}
	}
	return out
}

// group reads the label beside the header: 绩效指标, 长期绩效指标.
func (rd *reader) group(t token, set *columnSet) bool {
	if t.Text == "" {
		return false
	}
	scope, ok := rd.role(t, roleIndicatorGroup)
	if !ok {
		return false
	}
	set.scope = scope
	rd.bookLabelWhole(t)
	rd.brokenLabel(t)
	return true
}

// subHeadings are the cells of a header's second row: below those of its cells
// that span one row while others span two.
func (rd *reader) subHeadings(i int) []token {
	r := rd.rows[i]
	if !r.ruled || i+1 >= len(rd.rows) || rd.rows[i+1].table != r.table || rd.rows[i+1].outside {
		return nil
	}
	deep := 0
	for _, t := range r.tokens {
		if role, ok := rd.role(t, roleColumn); ok && strings.HasPrefix(role, "level") && t.RowSpan > 1 {
			deep++
		}
	}
	if deep == 0 {
		return nil
	}
	next := rd.rows[i+1]
	for _, t := range next.tokens {
		if !slices.ContainsFunc(r.tokens, func(h token) bool { return h.RowSpan == 1 && len(belowHeading(h, []token{t})) > 0 }) {
			return nil
		}
	}
	return next.tokens
}

// belowHeading are the cells that stand under a heading of one row.
func belowHeading(h token, cells []token) []token {
	if h.RowSpan != 1 {
		return nil
	}
	from, to := h.extent()
	var out []token
	for _, c := range cells {
		cf, ct := c.extent()
		if min(to, ct)-max(from, cf) > (ct-cf)/2 {
			out = append(out, c)
		}
	}
	return out
}

// subColumn is the column of a second heading under a first one.
func (rd *reader) subColumn(over token, overRole string, regions bool, t token) column {
	from, to := t.extent()
	col := column{role: colUnknown, start: from, end: to, heading: t}
	role, known := rd.role(t, roleColumn)
	switch {
	case known:
		col.role = role
		if col.scope = rd.layouts.scopeOf(t.Text); col.scope == "" {
			col.scope = rd.layouts.scopeOf(over.Text)
		}
	case rd.layouts.scopeOf(t.Text) != "" && overRole == colValue: // 指标值 over 半年 | 全年
		col.role, col.scope = colValue, rd.layouts.scopeOf(t.Text)
	case regions && t.Text != "":
		col.role, col.region = colValue, t.Text
	}
	rd.bookLabelWhole(t)
	return col
}

// headingScope is the scope that a heading, or the heading over it, names.
func (rd *reader) headingScope(i int, t token) string {
	if s := rd.layouts.scopeOf(t.Text); s != "" {
		return s
	}
	if i == 0 || !rd.rows[i].ruled || rd.rows[i-1].table != rd.rows[i].table || rd.rows[i-1].outside {
		return ""
	}
	from, to := t.extent()
	for _, over := range rd.rows[i-1].tokens {
		of, ot := over.extent()
		if over.Text == "" || over.ColSpan < 2 || min(to, ot)-max(from, of) < (to-from)/2 {
			continue
		}
		scope := rd.layouts.scopeOf(over.Text)
		if _, group := rd.role(over, roleIndicatorGroup); scope != "" && (group || strings.HasSuffix(over.norm, "指标")) {
			rd.bookLabelWhole(over)
			return scope
		}
	}
	return ""
}

// setSides groups the columns: a second column of names, or of level 2, begins
// a second side.
func (rd *reader) setSides(c *columnSet) {
	blank := side{level1: -1, level2: -1, level3: -1, operator: -1, unit: -1, weight: -1, remark: -1}
	cur := blank
	put := func() {
		if cur.level3 >= 0 || cur.level2 >= 0 || len(cur.values) > 0 {
			c.sides = append(c.sides, cur)
		}
		cur = blank
	}
	first := func(slot *int, i int) {
		if *slot < 0 {
			*slot = i
		} else {
			cur.others = append(cur.others, i)
		}
	}
	for i, col := range c.list {
		switch col.role {
		case colLevel1:
			if c.level1 < 0 {
				c.level1 = i
				continue
			}
			put()
			cur.level1 = i
		case colLevel2:
			if cur.level2 >= 0 && cur.level3 >= 0 {
				put()
			}
			first(&cur.level2, i)
		case colLevel3:
			if cur.level3 >= 0 {
				put()
			}
			first(&cur.level3, i)
		case colValue:
			cur.values = append(cur.values, i)
		case colOperator:
			first(&cur.operator, i)
		case colUnit:
			first(&cur.unit, i)
		case colWeight:
			first(&cur.weight, i)
		case colRemark:
			first(&cur.remark, i)
		case colUnknown:
			cur.unknown = append(cur.unknown, i)
		default:
			cur.others = append(cur.others, i)
		}
	}
	put()
	for i := range c.sides {
		s := &c.sides[i]
		for _, n := range append([]int{s.level3, s.level2}, s.values...) {
			if n >= 0 && c.list[n].scope != "" && (n == s.level3 || n == s.level2 || len(s.values) == 1) {
				s.scope = c.list[n].scope
				break
			}
		}
	}
	if len(c.sides) == 2 {
		rd.scopeSides(c)
	}
}

// scopeSides gives two sides their scopes: as their headings say, else as the
// goals above them stand.
func (rd *reader) scopeSides(c *columnSet) {
	a, b := &c.sides[0], &c.sides[1]
	other := map[string]string{string(model.Annual): string(model.Overall), string(model.Overall): string(model.Annual)}
	switch {
	case a.scope != "" && b.scope != "" && a.scope != b.scope:
	case a.scope == "" && b.scope != "":
		a.scope = other[b.scope]
	case b.scope == "" && a.scope != "":
		b.scope = other[a.scope]
	default:
		a.scope, b.scope = "", ""
		if g := rd.goals.columns; len(g) == 2 && g[0].which == goalOverall && g[1].which == goalAnnual {
			a.scope, b.scope = string(model.Overall), string(model.Annual)
		}
	}
}

// sameColumns says whether a row of another table has its cells where the
// indicator columns are: the table was only divided there.
func (rd *reader) sameColumns(r row) bool {
	for _, role := range []string{colLevel3, colValue} {
		c, ok := rd.columns.column(role)
		if !ok {
			continue
		}
		fits := slices.ContainsFunc(r.tokens, func(t token) bool {
			from, to := t.extent()
			return math.Abs(from-c.start) <= t.sameEdge() && math.Abs(to-c.end) <= t.sameEdge()
		})
		if !fits {
			return false
		}
	}
	return true
}
