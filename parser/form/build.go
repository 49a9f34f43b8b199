package form

import (
	"fmt"
	"iter"
	"maps"
	"runtime"
	"slices"
	"strings"

	"perfgoal/model"
)

// token is a cell with its text made ready for comparing.
type token struct {
	model.Cell
	norm string // normalised text, "" when it is too long for a label
	key  string // norm where some layout knows it as a label, else ""
}

func newToken(c model.Cell) token {
	t := token{Cell: c, norm: normLabel(c.Text)}
	if known := knownLabels(); len(t.norm) <= known.longest && known.set[t.norm] {
		t.key = t.norm
	}
	return t
}

// row is one row of a table, or a line outside every table.
type row struct {
	tokens  []token // ruled: every cell that starts here; text: the non-blank ones
	ruled   bool    // its columns are where its cells are
	outside bool
	broken  bool // a page break or a blank line stood before it
	table   int

	geometry model.Geometry
}

// extent is where a cell begins and ends across the table: in points where
// the page gives them, so that it holds over several tables, else in columns.
func (t token) extent() (from, to float64) {
	if b := t.Location.Box; b != nil {
		return b[0], b[2]
	}
	return float64(t.Col), float64(t.Col + t.ColSpan)
}

// single returns the only non-blank token of the row.
func (r row) single() (token, bool) {
	var only token
	n := 0
	for _, t := range r.tokens {
		if t.Text != "" {
			only = t
			n++
		}
	}
	return only, n == 1
}

// Build finds the declarations in a document's tables, in reading order, and
// hands each on as soon as its last row was read. A
// declaration begins at its title, or at a further 项目名称, and may be spread
// over several tables. Rows that belong to no declaration are left alone.
func Build(tables iter.Seq[model.Table]) iter.Seq[model.Form] {
	return func(yield func(model.Form) bool) {
		eachForm(tables, yield)
	}
}

func eachForm(tables iter.Seq[model.Table], yield func(model.Form) bool) {
	q := queue{yield: yield, more: true}
	seg := segment{}
	finish := func() {
		q.put(seg)
		seg = segment{}
	}
	var pendingLines []row // lines since the last table: a year or unit above a title
	i := -1
	for table := range tables {
		i++
		for _, r := range rowsOf(&table, i) {
			if !q.more {
				return
			}
			if t, ok := r.single(); ok && isTitle(t.norm) {
				finish()
				seg.title = t
				seg.titled = true
				seg.rows = append(seg.rows, pendingLines...)
				pendingLines = nil
			} else if seg.named && hasRole(r, "project.name") {
				finish()
			}
			if r.outside {
				pendingLines = append(pendingLines, r)
				if len(pendingLines) > 3 {
					pendingLines = pendingLines[1:]
				}
			} else {
				pendingLines = nil
			}
			seg.add(r)
		}
	}
	finish()
	q.drain()
}

// queue reads segments at once, a few ahead, and yields their forms in order.
type queue struct {
	yield   func(model.Form) bool
	more    bool // the consumer wants more
	forms   int
	reading []chan outcome
}

// outcome is a segment's outcome. A panic is carried over to the consumer's
// side, where it can be caught.
type outcome struct {
	form  model.Form
	ok    bool
	fault any
}

func (q *queue) put(s segment) {
	if !s.named && !s.titled || !q.more {
		return
	}
	ch := make(chan outcome, 1)
	go func() {
		var r outcome
		defer func() {
			if r.fault = recover(); r.fault != nil {
				r.ok = false
			}
			ch <- r
		}()
		r.form, r.ok = s.form()
	}()
	q.reading = append(q.reading, ch)
	for len(q.reading) > 2*runtime.GOMAXPROCS(0) {
		q.take()
	}
}

func (q *queue) take() {
	r := <-q.reading[0]
	q.reading = q.reading[1:]
	if r.fault != nil {
		panic(r.fault)
	}
	if r.ok && q.more {
		q.forms++
		r.form.Index = q.forms
		q.more = q.yield(r.form)
	}
}

func (q *queue) drain() {
	for len(q.reading) > 0 {
		q.take()
	}
}

// IsTitle says whether a line is a declaration's title.
func IsTitle(s string) bool { return isTitle(normLabel(s)) }

// IsLabel says whether a text is a whole label of a form.
func IsLabel(s string) bool {
	key := normLabel(s)
	return key != "" && layouts()[0].isLabel(key)
}

// IndicatorHeader recognises the header row of the indicator table by its
// texts and returns the index of the column of names, else -1.
func IndicatorHeader(texts []string) int {
	l := layouts()[0]
	name, levels := -1, 0
	for i, s := range texts {
		role, ok := l.role(normLabel(s), roleHeader)
		if !ok {
			continue
		}
		if role == "level3" {
			name = i
		}
		if role == "level1" || role == "level2" || role == "level3" {
			levels++
		}
	}
	if levels < 2 {
		return -1
	}
	return name
}

func isTitle(key string) bool {
	if key == "" {
		return false
	}
	l := layouts()[0]
	ends := slices.ContainsFunc(l.titles, func(t string) bool { return strings.HasSuffix(key, t) })
	return ends &&
		slices.ContainsFunc(l.titleNeeds, func(t string) bool { return strings.Contains(key, t) }) &&
		!slices.ContainsFunc(l.titleBars, func(t string) bool { return strings.Contains(key, t) })
}

func hasRole(r row, path string) bool {
	if r.outside {
		return false
	}
	is := func(key string) bool {
		p, ok := layouts()[0].role(key, roleField)
		return ok && p == path
	}
	for n, t := range r.tokens {
		if is(t.key) {
			return true
		}
		if n == 0 && t.key == "" {
			if _, _, ok := fused(t.Text, is); ok {
				return true
			}
		}
	}
	return false
}

// rowsOf puts a table's cells in rows, its caption lines before them.
func rowsOf(t *model.Table, index int) []row {
	rows := make([]row, 0, len(t.Caption)+t.Rows)
	for _, c := range t.Caption {
		line := newToken(model.Cell{Text: c.Text, Location: c.Location, RowSpan: 1, ColSpan: 1})
		rows = append(rows, row{outside: true, table: index, tokens: []token{line}})
	}
	start := len(rows)
	for range t.Rows {
		rows = append(rows, row{ruled: t.Geometry != model.Loose, geometry: t.Geometry, table: index})
	}
	// Cells come in reading order: a row's tokens are one stretch of them.
	tokens := make([]token, 0, len(t.Cells))
	for _, c := range t.Cells {
		if c.Text == "" && t.Geometry == model.Loose {
			continue
		}
		tokens = append(tokens, newToken(c))
		r := &rows[start+c.Row]
		n := len(tokens)
		r.tokens = tokens[n-1-len(r.tokens) : n : n]
	}
	for _, b := range t.Breaks {
		if b < t.Rows {
			rows[start+b].broken = true
		}
	}
	return rows
}

// segment is the stretch of rows that may be one declaration.
type segment struct {
	title  token
	titled bool
	named  bool // a 项目名称 label was seen
	rows   []row
}

func (s *segment) add(r row) {
	if !s.titled && !s.named && !hasRole(r, "project.name") {
		if r.outside || len(r.tokens) == 0 {
			s.rows = append(s.rows, r)
			if len(s.rows) > 6 { // only what stands right above a form matters
				s.rows = s.rows[len(s.rows)-6:]
			}
			return
		}
	}
	s.named = s.named || hasRole(r, "project.name")
	s.rows = append(s.rows, r)
}

// form reads the segment; ok is false when it is no declaration: it has no
// project name field (or title) or nothing of an indicator table.
func (s *segment) form() (model.Form, bool) {
	rd := &reader{layout: chooseLayout(s.rows), rows: s.rows}
	rd.form = model.Form{
		Kind: model.ProjectForm, Title: s.title.Text, Layout: rd.layout.name, Geometry: model.Loose, Location: s.title.Location,
		Indicators: []model.Indicator{}, Unparsed: []model.Unparsed{}, Sources: map[string]model.Source{},
	}
	if s.title.Text != "" {
		rd.year(s.title.Text, s.title.Location)
	}
	rd.read()
	if !rd.sawIndicators || !s.named && len(rd.form.Sources) < 3 {
		return model.Form{}, false
	}
	return rd.form, true
}

// chooseLayout takes the layout most of whose marks stand in the rows.
func chooseLayout(rows []row) *layout {
	all := layouts()
	best, most := all[0], -1
	for _, l := range all {
		n := 0
		for _, r := range rows {
			for _, t := range r.tokens {
				if l.marks[t.key] {
					n++
				}
			}
		}
		if n > most {
			best, most = l, n
		}
	}
	return best
}

// phase is how far the reading of a form has come.
type phase int

const (
	inHead phase = iota
	inGoals
	inIndicators
	done
)

// reader reads one form's rows from top to bottom.
type reader struct {
	layout *layout
	form   model.Form
	rows   []row
	phase  phase

	sawIndicators bool
	sides         sides
	amounts       []amountCell
	goals         goalState
	columns       columnRoles
	level         levelState
}

func (rd *reader) read() {
	rd.surveySides()
	rd.surveyLevels()
	for i := range rd.rows {
		r := rd.rows[i]
		if r.outside {
			rd.outsideLine(r)
			continue
		}
		if r.geometry != "" {
			rd.form.Geometry = r.geometry
		}
		if len(r.tokens) == 0 {
			continue
		}
		if rd.form.Location == (model.Location{}) {
			rd.form.Location = r.tokens[0].Location
		}
		switch {
		case rd.phase == done:
		case rd.indicatorHeader(r):
			rd.phase = inIndicators
			rd.sawIndicators = true
		case rd.phase == inIndicators:
			rd.indicatorRow(i)
		case rd.goalLabels(i):
			rd.phase = inGoals
		case rd.phase == inGoals && rd.goalText(r):
		case rd.fundingRow(r):
		case rd.headRow(r):
		case rd.bareIndicators(r):
			rd.phase = inIndicators
			rd.sawIndicators = true
			rd.indicatorRow(i)
		default:
			rd.looseRow(r)
		}
	}
	rd.settleAmounts()
	rd.settleLevels()
	rd.illegible()
}

// illegible lists the fields in which the font gave no way to a character, so
// that nobody takes the rest of the text for the whole.
func (rd *reader) illegible() {
	const unknown = "\ufffd"
	for _, field := range slices.Sorted(maps.Keys(rd.form.Sources)) {
		if s := rd.form.Sources[field]; strings.Contains(s.Text, unknown) && !slices.ContainsFunc(rd.form.Unparsed, func(u model.Unparsed) bool { return u.Field == field }) {
			rd.unparsed(field, s.Text, s.Location)
		}
	}
	for i, ind := range rd.form.Indicators {
		for _, p := range []struct{ part, text string }{{"level3", ind.Level3}, {"value", ind.Value.Raw}} {
			if strings.Contains(p.text, unknown) {
				rd.unparsed(fmt.Sprintf("indicators[%d].%s", i, p.part), p.text, ind.Location)
			}
		}
	}
}

// looseRow reads the year and unit from a row that holds no label.
func (rd *reader) looseRow(r row) {
	if t, ok := r.single(); ok && rd.phase == inHead {
		rd.year(t.Text, t.Location)
		rd.unit(t.Text)
	}
}

// outsideLine reads a line outside the tables: a year, a unit, or in a text
// the rest of a goal that runs over several lines.
func (rd *reader) outsideLine(r row) {
	t := r.tokens[0]
	switch rd.phase {
	case inHead:
		rd.year(t.Text, t.Location)
		rd.unit(t.Text)
	case inGoals:
		if rd.form.Geometry == model.Loose {
			rd.continueGoal(t)
		}
	}
}

func (rd *reader) year(s string, at model.Location) {
	if rd.form.FiscalYear != 0 || len(s) > 150 {
		return
	}
	key := fold(s)
	if !strings.Contains(key, "年") && !strings.Contains(key, "(") && len(key) > 6 {
		return
	}
	if y := yearOf(key); y != 0 {
		rd.form.FiscalYear = model.Year(y)
		rd.form.Sources["fiscal_year"] = model.Source{Text: s, Location: at}
	}
}

func (rd *reader) unit(s string) {
	if rd.form.Funding.Unit == "" {
		rd.form.Funding.Unit = unitOf(s)
	}
}

func (rd *reader) unparsed(field, text string, at model.Location) {
	rd.form.Unparsed = append(rd.form.Unparsed, model.Unparsed{Field: field, Text: text, Location: at})
}

func (rd *reader) sign(kind model.SignKind, text, other string, indicator int, at model.Location) {
	rd.form.Signs = append(rd.form.Signs, model.Sign{Kind: kind, Text: text, Other: other, Indicator: indicator, Location: at})
}

// brokenLabel notes a label that white space or a page break has broken.
func (rd *reader) brokenLabel(t token) {
	if strings.ContainsAny(strings.TrimSpace(t.Text), " \t\u3000") {
		rd.sign(model.SignBrokenLabel, t.Text, "", -1, t.Location)
	}
}

// fused splits a cell that holds a label and its value ("项目类别 其他运转类",
// "年度资金总额：1,280.50") at the longest label it begins with.
func fused(text string, isLabel func(key string) bool) (label, value string, ok bool) {
	if len(text) > 600 || !labelStarts()[firstRune(text)] {
		return "", "", false
	}
	var cuts []int
	for i, r := range text {
		switch r {
		case ' ', '\t', '\u3000', '\n':
			cuts = append(cuts, i)
		case ':', '：':
			cuts = append(cuts, i+len(string(r)))
		}
	}
	if i := strings.IndexAny(text, "0123456789"); i > 0 {
		cuts = append(cuts, i)
	}
	if cuts == nil {
		return "", "", false
	}
	slices.Sort(cuts)
	for _, i := range slices.Backward(cuts) {
		value = strings.TrimLeft(text[i:], " \t\u3000\n:：")
		if value == "" {
			continue
		}
		if key := normLabel(text[:i]); key != "" && isLabel(key) {
			return strings.TrimSpace(text[:i]), strings.TrimSpace(value), true
		}
	}
	return "", "", false
}
