package form

import (
	"iter"
	"runtime"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"perfgoal/internal/meanwhile"
	"perfgoal/internal/zh"
	"perfgoal/model"
)

// token is a cell with its text made ready for comparing.
type token struct {
	model.Cell
	norm  string // normalised text, "" when it is too long for a label
	key   string // the label some layout knows it as, else ""
	label *label // likewise, nil for none
	entry int    // its number in the ledger, 0 for none
}

func (l *Layouts) newToken(c model.Cell) token {
	t := token{Cell: c}
	t.name(l, normLabel(c.Text))
	return t
}

// name gives the token its normalised text, and the label that this is.
func (t *token) name(l *Layouts, norm string) {
	t.norm, t.label, t.key = norm, l.labelOf(norm), ""
	if t.label != nil {
		t.key = t.label.key
	}
}

// row is one row of a table, or a line outside every table.
type row struct {
	tokens  []token // ruled: every cell that starts here; text: the non-blank ones
	ruled   bool    // its columns are where its cells are
	outside bool
	between bool // such a line between two pages of one table
	broken  bool // a page break or a blank line stood before it
	table   int

	geometry model.Geometry
	torn     *model.CellDoubt // why a part of its table may be missing
}

// extent is where a cell begins and ends across the table: in points where
// the page gives them, so that it holds over several tables, else in columns.
func (t token) extent() (from, to float64) {
	if b := t.Location.Box; b != nil {
		return b[0], b[2]
	}
	return float64(t.Col), float64(t.Col + t.ColSpan)
}

// sameEdge is how far two cells' edges may lie apart and still be one
// column's: in points, or in columns where the file has no points.
func (t token) sameEdge() float64 {
	const points, columns = 6, 0.5
	if t.Location.Box != nil {
		return points
	}
	return columns
}

// single returns the only non-blank token of the row.
func (r row) single() (token, bool) {
	only, n := -1, 0
	for i := range r.tokens {
		if r.tokens[i].Text != "" {
			only = i
			n++
		}
	}
	if n != 1 {
		return token{}, false
	}
	return r.tokens[only], true
}

func (r row) blank() bool {
	for i := range r.tokens {
		if r.tokens[i].Text != "" {
			return false
		}
	}
	return true
}

// Found is a declaration, or what was found in the place of one.
type Found struct {
	Form model.Form
	// Code says why Form is no declaration: "self-evaluation",
	// "blank-template" or IndicatorsOnly; "" where it is one. Of the latter,
	// Form has the location.
	Code string
}

// IndicatorsOnly is the code of indicators without the head of a form.
const IndicatorsOnly = "indicators-only"

// Build finds the declarations in a document's tables, in reading order, and
// hands each on as soon as its last row was read. A declaration begins at its
// title, or at a further 项目名称, and may be spread over several tables. Rows
// that belong to no declaration are left alone.
func (l *Layouts) Build(tables iter.Seq[model.Table]) iter.Seq[*Found] {
	return func(yield func(*Found) bool) {
		l.eachForm(tables, yield)
	}
}

func (l *Layouts) eachForm(tables iter.Seq[model.Table], yield func(*Found) bool) {
	processors := runtime.GOMAXPROCS(0)
	q := queue{yield: yield, more: true, most: ahead * processors, crew: meanwhile.NewCrew(processors, ahead*processors)}
	defer q.crew.Close()
	seg := l.newSegment()
	finish := func() {
		q.put(seg)
		seg = l.newSegment()
	}
	var pendingLines []row // lines since the last table: a year or unit above a title
	rd := rowReader{layouts: l}
	i := -1
	for table := range tables {
		i++
		aside := table.Ignored // what was set aside and is no form's yet
		give := func(up *model.Location) {
			n := len(aside)
			if up != nil {
				n = 0
				for n < len(aside) && before(aside[n].Location, *up) {
					n++
				}
			}
			seg.ignored = append(seg.ignored, aside[:n]...)
			aside = aside[n:]
		}
		for _, r := range rd.rowsOf(&table, i) {
			if !q.more {
				return
			}
			starts := l.startsForm(r)
			if t, ok := r.single(); ok && !r.between && l.isTitle(t.norm) {
				give(&t.Location)
				finish()
				seg.title = t
				seg.titled = true
				seg.rows = append(seg.rows, pendingLines...)
				pendingLines = nil
				seg.above = len(seg.rows)
			} else if seg.named && starts || seg.restarts(r) {
				give(&r.tokens[0].Location)
				finish()
				for _, line := range pendingLines { // its year, printed above it as under a title
					if isYearAlone(line.tokens[0].Text) {
						seg.rows = append(seg.rows, line)
					}
				}
				seg.above = len(seg.rows)
			}
			if r.outside {
				line := r
				line.tokens = slices.Clone(r.tokens)
				pendingLines = append(pendingLines, line)
				if len(pendingLines) > linesAbove {
					pendingLines = pendingLines[1:]
				}
			} else {
				pendingLines = nil
			}
			seg.add(r, starts)
		}
		give(nil)
	}
	finish()
	q.drain()
}

// before says whether a place comes before another in the document.
func before(a, b model.Location) bool {
	switch {
	case a.Page != nil && b.Page != nil && *a.Page != *b.Page:
		return *a.Page < *b.Page
	case a.Box != nil && b.Box != nil:
		return a.Box[1] < b.Box[1]
	case a.Line != nil && b.Line != nil:
		return *a.Line < *b.Line
	}
	return a.Sheet == b.Sheet && a.Cell.Row < b.Cell.Row
}

// linesAbove is how many lines above a title may say its year or unit.
const linesAbove = 3

// queue reads segments at once, a few ahead, and yields their forms in order.
type queue struct {
	yield   func(*Found) bool
	more    bool // the consumer wants more
	forms   int
	crew    *meanwhile.Crew
	most    int             // segments that wait
	reading []func() *Found // nil where nothing of a declaration was there
}

// ahead is how many segments may wait for each processor: a form is read in a
// tenth of a millisecond, so with a few the processors wait for one another.
const ahead = 16

func (q *queue) put(s *segment) {
	s.piece = s.piece || !s.started() && s.layouts.unseen(s.ignored) != nil
	if !s.started() && !s.piece || !q.more {
		s.giveBack()
		return
	}
	q.reading = append(q.reading, meanwhile.By(q.crew, func() *Found {
		defer s.giveBack()
		return s.form()
	}))
	for len(q.reading) > q.most {
		q.take()
	}
}

func (q *queue) take() {
	outcome := q.reading[0]
	q.reading = q.reading[1:]
	found := outcome()
	if found == nil || !q.more {
		return
	}
	if found.Code == "" {
		q.forms++
		found.Form.Index = q.forms
	}
	q.more = q.yield(found)
}

func (q *queue) drain() {
	for len(q.reading) > 0 {
		q.take()
	}
}

// startsForm says whether a row has the label that every form has once.
func (l *Layouts) startsForm(r row) bool {
	if r.outside {
		return false
	}
	is := func(k *label) bool {
		p, ok := k.role(nil, roleField)
		return ok && p == "project.name"
	}
	for n := range r.tokens {
		t := &r.tokens[n]
		if is(t.label) {
			return true
		}
		if n == 0 && t.label == nil {
			if _, _, ok := l.fused(t.Text, func(key string) bool { return is(l.known[key]) }); ok {
				return true
			}
		}
	}
	return false
}

// isHeader says whether a row is the header of an indicator table.
func (l *Layouts) isHeader(r row) bool {
	levels := 0
	for i := range r.tokens {
		if role, ok := r.tokens[i].label.role(nil, roleColumn); ok && strings.HasPrefix(role, "level") {
			levels++
		}
	}
	return levels >= 2
}

// rowReader makes rows of tables, one table after the other in the same memory.
type rowReader struct {
	layouts *Layouts
	rows    []row
	tokens  []token
}

// rowsOf puts a table's cells in rows, its caption lines before them. They hold
// until the next table's are asked for.
func (rd *rowReader) rowsOf(t *model.Table, index int) []row {
	rows := slices.Grow(rd.rows[:0], len(t.Caption)+t.Rows)
	tokens := slices.Grow(rd.tokens[:0], len(t.Caption)+len(t.Cells)+len(t.Between))
	line := func(text string, at model.Location) []token {
		tokens = append(tokens, rd.layouts.newToken(model.Cell{Text: text, Location: at, RowSpan: 1, ColSpan: 1}))
		return tokens[len(tokens)-1:]
	}
	for _, c := range t.Caption {
		rows = append(rows, row{outside: true, table: index, tokens: line(c.Text, c.Location)})
	}
	start := len(rows)
	for range t.Rows {
		rows = append(rows, row{ruled: t.Geometry != model.Loose, geometry: t.Geometry, table: index, torn: t.Doubt})
	}
	// Cells come in reading order: a row's tokens are one stretch of them.
	for i := range t.Cells {
		c := &t.Cells[i]
		if c.Text == "" && t.Geometry == model.Loose {
			continue
		}
		tokens = append(tokens, token{Cell: *c})
		tokens[len(tokens)-1].name(rd.layouts, normLabel(c.Text))
		r := &rows[start+c.Row]
		n := len(tokens)
		r.tokens = tokens[n-1-len(r.tokens) : n : n]
	}
	for _, b := range t.Breaks {
		if b < t.Rows {
			rows[start+b].broken = true
		}
	}
	for n, b := range t.Between {
		rows = slices.Insert(rows, start+min(b.Row, t.Rows)+n, row{outside: true, between: true, table: index, tokens: line(b.Text, b.Location)})
	}
	rd.rows, rd.tokens = rows, tokens
	return rows
}

// segment is the stretch of rows that may be one declaration.
type segment struct {
	layouts *Layouts
	title   token
	titled  bool
	named   bool // a 项目名称 label was seen
	tabled  bool // the header of an indicator table was seen
	piece   bool // a row that only a form's indicators have stands before all that
	above   int  // rows before the title, of which only the year and unit matter
	rows    []row
	tokens  []token // memory for those of the rows
	ignored []model.Ignored

	level1 int                  // the column of the level-1 labels, counted from 1; 0 while unknown
	header string               // the row in which it was found
	again  bool                 // that header has just been repeated on a further page
	class  model.Level          // the level 1 in force
	left   map[model.Level]bool // those before it
}

// segments are those that have been read; others take their rows' memory.
var segments = sync.Pool{New: func() any { return &segment{rows: make([]row, 0, usualRows)} }}

func (l *Layouts) newSegment() *segment {
	s := segments.Get().(*segment)
	s.layouts = l
	return s
}

// giveBack leaves the segment's memory, wiped, to another.
func (s *segment) giveBack() {
	*s = segment{rows: wiped(s.rows), tokens: wiped(s.tokens)}
	segments.Put(s)
}

// restarts says whether a page begins with a level 1 that the indicators have
// left before: it goes on with another form, whose first page is missing.
func (s *segment) restarts(r row) bool {
	if r.outside || !r.ruled || len(r.tokens) == 0 {
		return false
	}
	begins := r.broken || len(s.rows) > 0 && s.rows[len(s.rows)-1].table != r.table
	if s.layouts.isHeader(r) {
		s.meetHeader(r, begins)
		return false
	}
	begins = begins || s.again
	for _, t := range r.tokens {
		if t.Col+1 != s.level1 || t.key == "" {
			continue
		}
		class := t.label.asLevel1().class
		if class == model.NoLevel {
			continue
		}
		s.again = false
		if class == s.class {
			break
		}
		if begins && s.left[class] {
			return true
		}
		if s.class != model.NoLevel {
			if s.left == nil {
				s.left = map[model.Level]bool{}
			}
			s.left[s.class] = true
		}
		s.class = class
	}
	return false
}

// meetHeader takes a header for the first of a list of indicators, or for the
// last one repeated at the top of a page.
func (s *segment) meetHeader(r row, begins bool) {
	var text strings.Builder
	for _, t := range r.tokens {
		text.WriteString(t.norm)
		text.WriteByte('|')
	}
	if s.again = begins && text.String() == s.header; s.again {
		return
	}
	s.level1, s.header, s.class, s.left = 0, text.String(), model.NoLevel, nil
	for _, t := range r.tokens {
		if role, _ := t.label.role(nil, roleColumn); role == colLevel1 {
			s.level1 = t.Col + 1
			return
		}
	}
}

// rowsBefore is how many rows right above a form without a title are kept.
const rowsBefore = 6

// add takes a row; named says whether the label that every form has once is in
// it.
func (s *segment) add(r row, named bool) {
	r.tokens = s.keep(r.tokens)
	if !s.started() && !named && (r.outside || len(r.tokens) == 0) {
		s.rows = append(s.rows, r)
		if len(s.rows) > rowsBefore {
			s.rows = s.rows[len(s.rows)-rowsBefore:]
		}
		return
	}
	s.named = s.named || named
	s.piece = s.piece || !s.started() && r.ruled && s.layouts.pieceOfIndicators(r)
	s.tabled = s.tabled || !r.outside && s.layouts.isHeader(r)
	s.rows = append(s.rows, r)
}

// keep copies a row's tokens into the segment's memory. What is there already
// stays where it is.
func (s *segment) keep(list []token) []token {
	if cap(s.tokens)-len(s.tokens) < len(list) {
		s.tokens = make([]token, 0, max(usualTokens, len(list)))
	}
	n := len(s.tokens)
	s.tokens = append(s.tokens, list...)
	return s.tokens[n:len(s.tokens):len(s.tokens)]
}

// started says whether a form's beginning was seen.
func (s *segment) started() bool { return s.titled || s.named || s.tabled }

// leastMarks is how many labels of a layout a form must have for the layout to
// be said to fit.
const leastMarks = 2

// choose takes the layout that most of its marks speak for; a plain one with
// the union's labels where none fits.
func (s *segment) choose() *layout {
	list := s.layouts.list
	votes := make([]int, len(list))
	for i, l := range list {
		if slices.ContainsFunc(l.ends, func(end string) bool { return strings.HasSuffix(s.title.norm, end) }) {
			votes[i] += voteTitle
		}
	}
	seen := make([]bool, s.layouts.marks)
	for k := range s.rows {
		r := &s.rows[k]
		for i := range r.tokens {
			t := &r.tokens[i]
			if t.label == nil || len(t.label.votes) == 0 || seen[t.label.number] {
				continue
			}
			seen[t.label.number] = true
			for _, x := range t.label.votes {
				votes[x.layout] += x.weight
			}
		}
	}
	best, most := -1, leastMarks-1
	for i, n := range votes {
		if n > most {
			best, most = i, n
		}
	}
	if best >= 0 {
		return list[best]
	}
	plain := &layout{index: -1, file: LayoutFile{Kind: string(model.ProjectForm)}}
	if len(list) > 0 {
		plain.required, plain.file.Prints = list[0].required, list[0].file.Prints
	}
	return plain
}

// achieved counts the headings and labels that only a self-evaluation has.
func (s *segment) achieved() int {
	seen := map[string]bool{}
	for _, r := range s.rows {
		if r.outside {
			continue
		}
		for i := range r.tokens {
			t := &r.tokens[i]
			if role, ok := t.label.role(nil, roleColumn); ok && role == colActual {
				seen[t.key] = true
			}
		}
	}
	return len(seen)
}

// selfEvaluated is how many such headings make a self-evaluation.
const selfEvaluated = 2

// form reads the segment; nil when nothing of a declaration is there.
func (s *segment) form() *Found {
	if !s.started() {
		return &Found{Code: IndicatorsOnly, Form: model.Form{Location: s.place()}}
	}
	lay := s.choose()
	rd := readers.Get().(*reader)
	defer rd.giveBack()
	rd.layouts, rd.layout, rd.rows, rd.above, rd.aside = s.layouts, lay, s.rows, s.above, s.ignored
	kind := model.FormKind(lay.file.Kind)
	if kind == "" {
		kind = model.ProjectForm
	}
	rd.form = model.Form{
		Kind: kind, Title: s.title.Text, Layout: lay.file.Name, Geometry: model.Loose, Location: s.title.Location,
		Indicators: []model.Indicator{}, Unparsed: []model.Unparsed{}, Sources: make(map[string]model.Source, usualFields), Required: lay.required,
	}
	rd.open(s.title)
	rd.read()
	if i := slices.IndexFunc(s.rows, func(r row) bool { return r.torn != nil }); i >= 0 {
		d := s.rows[i].torn
		rd.form.Doubts = append(rd.form.Doubts, model.Doubt{Code: d.Code, Message: d.Message, Location: rd.form.Location})
	}
	switch {
	case !rd.sawIndicators && !rd.headAlone():
		return nil
	case !rd.sawIndicators:
		rd.form.Doubts = append(rd.form.Doubts, model.Doubt{Code: model.LabelNotFound, Field: "indicators", Message: model.Message{Text: wordNoIndicators}, Location: rd.form.Location})
	case lay.file.Kind == kindSelfEvaluation && s.achieved() > 0 || s.achieved() >= selfEvaluated || strings.Contains(s.title.norm, "自评"):
		return &Found{Code: kindSelfEvaluation}
	case !s.named && len(rd.form.Sources) < leastSources:
		return &Found{Code: IndicatorsOnly, Form: model.Form{Location: s.place()}}
	case rd.template():
		return &Found{Code: "blank-template"}
	}
	return &Found{Form: rd.form}
}

// place is where the segment's first cell stands.
func (s *segment) place() model.Location {
	for _, r := range s.rows {
		if !r.outside && len(r.tokens) > 0 {
			return r.tokens[0].Location
		}
	}
	if x := s.layouts.unseen(s.ignored); x != nil {
		return x.Location
	}
	return s.title.Location
}

// headAlone says whether a form whose indicators were not found was filled in
// under a title of declarations: its name, and an amount.
func (rd *reader) headAlone() bool {
	return rd.form.Title != "" && rd.form.Project.Name != "" && len(rd.form.Sources) >= leastSources &&
		slices.ContainsFunc(rd.amounts, func(a amountCell) bool { return a.path != "" && a.Text != "" })
}

// What most forms have at most.
const (
	usualRows    = 32
	usualTokens  = 128
	usualAmounts = 12
	usualLabels  = 16 // of level 2
	usualFields  = 24 // beside the indicators
	usualSigns   = 8  // where there is one
)

// leastSources is how many fields beside the indicators make a form of a table
// without a project's name.
const leastSources = 3

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
	layouts *Layouts
	layout  *layout
	form    model.Form
	rows    []row
	above   int
	phase   phase
	ledger  ledger
	aside   []model.Ignored // what the page's reader set aside

	sawIndicators bool
	last          int // index of the last row that is the form's
	skipped       int // rows of the next ones that a row has read already
	section       section
	sides         sides
	amounts       []amountCell
	labels        []labelled        // of the row being read
	funds         []fund            // likewise
	labelOf       map[string]string // field path -> label it was read by
	goals         goalState
	columns       columnSet
	groupScope    string // of the label that stands before a header
	level         levelState
	stopped       token // the label that ended the indicators
	veiled        token // a line above the form that cannot be read
}

// readers are those that have read a form; others take their memory, of which
// nothing is left in the form.
var readers = sync.Pool{New: func() any {
	return &reader{
		amounts: make([]amountCell, 0, usualAmounts),
		labelOf: make(map[string]string, usualFields),
		level:   levelState{firstOfLevel2: make([]level2Start, 0, usualLabels)},
	}
}}

// giveBack leaves the reader's memory, wiped, to another.
func (rd *reader) giveBack() {
	clear(rd.labelOf)
	*rd = reader{
		ledger:  ledger{entries: wiped(rd.ledger.entries)},
		level:   levelState{firstOfLevel2: wiped(rd.level.firstOfLevel2)},
		amounts: wiped(rd.amounts), labels: wiped(rd.labels), funds: wiped(rd.funds), labelOf: rd.labelOf,
	}
	readers.Put(rd)
}

func wiped[T any](s []T) []T {
	clear(s)
	return s[:0]
}

// section is a block of the form that is not kept, with the rows it spans.
type section struct {
	last  int // last row of its table
	table int
}

func (rd *reader) role(t token, kind roleKind) (string, bool) {
	return t.label.role(rd.layout, kind)
}

// open enters the form's cells in the ledger and reads its title.
func (rd *reader) open(title token) {
	n := 0
	for i := range rd.rows {
		n += len(rd.rows[i].tokens)
	}
	rd.ledger.entries = slices.Grow(rd.ledger.entries, n)
	for i := range rd.rows {
		for n := range rd.rows[i].tokens {
			t := &rd.rows[i].tokens[n]
			if title.Text != "" && t.norm == title.norm && t.Text == title.Text && title.entry == 0 && t.Location.Same(title.Location) {
				rd.ledger.open(t)
				title.entry = t.entry
				continue
			}
			rd.ledger.open(t)
		}
	}
	if title.Text == "" {
		return
	}
	rd.form.Title = rd.take("title", title)
	rd.year(title)
}

func (rd *reader) read() {
	rd.last = -1
	rd.splitGlued()
	rd.surveySides()
	rd.surveyLevels()
	for i := range rd.rows {
		if rd.skipped > 0 {
			rd.skipped--
			rd.last = i
			continue
		}
		r := rd.rows[i]
		if r.outside {
			rd.outsideLine(i)
			continue
		}
		if rd.phase == done {
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
		rd.readRow(i)
		if rd.phase != done {
			rd.last = i
		}
	}
	rd.afterwards()
	rd.settleAmounts()
	rd.settleLevels()
	rd.settleFields()
	rd.settleLedger()
}

func (rd *reader) readRow(i int) {
	r := rd.rows[i]
	switch {
	case rd.inSection(r):
		rd.ignoreRow(r, model.OtherField)
	case rd.separates(r):
	case rd.indicatorHeader(i):
		rd.form.Indicators = slices.Grow(rd.form.Indicators, len(rd.rows)-i-1)
		rd.phase = inIndicators
		rd.sawIndicators = true
	case rd.phase == inIndicators && rd.goalsAgain(i):
	case rd.phase == inIndicators:
		rd.indicatorRow(i)
	case rd.opensSection(r):
	case rd.goalLabels(i):
		rd.phase = inGoals
	case rd.phase == inGoals && rd.goalText(r):
	case rd.fieldRow(i):
	case rd.bareIndicators(r):
		rd.phase = inIndicators
		rd.sawIndicators = true
		rd.indicatorRow(i)
	default:
		rd.looseRow(r)
	}
}

// separates ignores a row of dashes, as Markdown puts under a header.
func (rd *reader) separates(r row) bool {
	if !separator(r) {
		return false
	}
	rd.sign(model.SignSeparatorRow, r.tokens[0].Text, "", -1, r.tokens[0].Location)
	rd.ignoreRow(r, model.Separator)
	return true
}

// inSection says whether the row lies beside a label whose block is not kept.
func (rd *reader) inSection(r row) bool {
	return r.ruled && rd.section.last > 0 && r.table == rd.section.table && r.tokens[0].Row <= rd.section.last &&
		r.tokens[0].Row > 0
}

// opensSection recognises the label of such a block at the left edge. What
// stands right of it in its own row is not kept either.
func (rd *reader) opensSection(r row) bool {
	t := r.tokens[0]
	if _, ok := rd.role(t, roleOtherSection); !ok {
		return false
	}
	rd.bookLabelWhole(t)
	rd.ignoreRow(r, model.OtherField)
	rd.section = section{last: t.Row + t.RowSpan - 1, table: r.table}
	if t.RowSpan == 1 && r.ruled && rd.phase == inHead {
		rd.section.last = rd.sectionEnd(r)
	}
	return true
}

// sectionEnd is the last row of a block whose label spans one row alone: the
// rows under it, up to the next one that begins with a label.
func (rd *reader) sectionEnd(r row) int {
	last := r.tokens[0].Row
	for _, next := range rd.rows {
		if next.outside || next.table != r.table || len(next.tokens) == 0 || next.tokens[0].Row <= last {
			continue
		}
		if slices.ContainsFunc(next.tokens, func(t token) bool {
			return t.key != "" && (t.Col == 0 || rd.layouts.isHeader(next) || rd.isGoalLabel(t))
		}) {
			break
		}
		last = next.tokens[0].Row
	}
	return last
}

func (rd *reader) isGoalLabel(t token) bool {
	_, ok := rd.role(t, roleGoal)
	return ok
}

// looseRow reads the year and unit from a row that holds no label.
func (rd *reader) looseRow(r row) {
	t, ok := r.single()
	if !ok {
		return
	}
	if rd.phase == inHead {
		rd.caption(t)
	}
	if furniture(t.Text) {
		rd.ignore(t, model.PageFurniture)
	}
}

// outsideLine reads a line outside the tables: a year, a unit, a caption, or
// in a text the rest of a goal that runs over several lines.
func (rd *reader) outsideLine(i int) {
	r := rd.rows[i]
	t := r.tokens[0]
	switch {
	case i < rd.above:
		if !isSentence(t.Text) { // what a book says before its forms is not about this one
			rd.caption(t)
		}
		if e := rd.ledger.of(t); e != nil && e.left() == e.chars && !e.doubted {
			e.outside = true // it stands above the form
		}
		rd.hiddenYear(t)
	case t.Text == rd.form.Title && rd.ledger.of(t).left() == 0:
	case rd.phase == inHead:
		rd.caption(t)
		if e := rd.ledger.of(t); e != nil && e.left() == e.chars && !e.doubted && rd.last < 0 {
			if rd.form.Title == "" {
				e.outside = true
				rd.hiddenYear(t)
			} else {
				rd.ignore(t, model.Caption)
			}
		}
		rd.furnitureLine(t)
	case rd.furnitureLine(t):
	case rd.phase == inGoals && rd.form.Geometry == model.Loose && rd.continueGoal(t):
		rd.last = i
	}
}

// isSentence says whether a line is a piece of prose.
func isSentence(s string) bool { return strings.ContainsAny(s, "。；") }

// furnitureLine ignores what belongs to the page: numbers, running headers,
// captions of a table that goes on.
func (rd *reader) furnitureLine(t token) bool {
	if furniture(t.Text) || t.norm != "" && t.Text == rd.form.Title || rd.layouts.isTitle(strings.TrimSuffix(strings.TrimPrefix(t.norm, "续"), "续")) {
		rd.ignore(t, model.PageFurniture)
		return true
	}
	n := 0
	for _, r := range rd.rows {
		if r.outside && r.tokens[0].Text == t.Text {
			n++
		}
	}
	if n > 1 { // the same line stands between the pages again
		rd.ignore(t, model.PageFurniture)
	}
	return n > 1
}

// furniture recognises a page's number and the captions of continued tables.
func furniture(s string) bool {
	key := fold(s)
	key = strings.Trim(key, "-—–·.()[]")
	switch key {
	case "续表", "接上表", "接上页", "续上表", "续", "接下页", "转下页", "":
		return true
	}
	key = strings.ReplaceAll(strings.ToLower(key), "page", "页")
	rest := strings.Map(func(r rune) rune {
		if strings.ContainsRune("0123456789-—–/第页共.·|~,，of", r) {
			return -1
		}
		return r
	}, key)
	return rest == "" && len(key) <= 24 && (strings.Contains(key, "页") || len(key) <= 4 || strings.ContainsAny(key, "/-—"))
}

// caption reads a line above the table: the year, the unit, fields with their
// label (预算单位：… 金额单位：…).
func (rd *reader) caption(t token) {
	if t.Text == "" {
		return
	}
	rd.year(t)
	if rd.unitOf(t) && len(fold(t.Text)) < 40 {
		rd.bookLabelWhole(t)
	}
	rd.captionFields(t)
}

// captionFields reads the labelled parts of a line: 填报单位（盖章）：甲局  联系人：乙.
func (rd *reader) captionFields(t token) {
	parts := strings.FieldsFunc(t.Text, func(r rune) bool { return r == '\u3000' || r == '\t' })
	if len(parts) == 1 {
		parts = strings.Split(t.Text, "  ")
	}
	whole := len(parts) == 1
	for _, p := range parts {
		p = strings.TrimSpace(p)
		label, value, ok := cutColon(p)
		if !ok {
			continue
		}
		key := rd.layouts.keyOf(normLabel(label))
		path, known := rd.headKey(key)
		if !known {
			if unitOf(p) != "" {
				rd.bookLabel(t, p)
			}
			continue
		}
		rd.bookLabel(t, label+":")
		part := token{Cell: model.Cell{Text: value, Location: t.Location}}
		if whole {
			part.entry = t.entry
		}
		if path != "" {
			rd.setField(path, key, part)
		} else if whole {
			rd.ignore(t, model.OtherField)
		}
		if e := rd.ledger.of(t); e != nil && !whole && !e.doubted {
			n := min(zh.Count(value), e.left())
			if path != "" {
				e.values += n
			} else {
				e.ignored, e.reason = e.ignored+n, model.OtherField
			}
		}
	}
}

// hiddenYear keeps a line above the form that cannot be read: it may say the
// form's year.
func (rd *reader) hiddenYear(t token) {
	if illegible(t.Text) {
		rd.veiled = t
	}
}

func (rd *reader) year(t token) {
	if len(t.Text) > 150 {
		return
	}
	key := fold(t.Text)
	if rd.form.FiscalYear != 0 {
		year, alone := yearAlone(key)
		switch from := rd.form.Sources["fiscal_year"]; {
		case !alone:
		case year == int(rd.form.FiscalYear): // printed twice: in the title and under it
			rd.bookValue(t)
		case from.Text != rd.form.Title && !isYearAlone(from.Text): // that was the year of another line: the running header's
			rd.bookValue(t)
			rd.form.FiscalYear = model.Year(year)
			rd.form.Sources["fiscal_year"] = model.Source{Text: t.Text, Location: t.Location}
		}
		return
	}
	if !strings.Contains(key, "年") && !strings.Contains(key, "(") && len(key) > 6 {
		return
	}
	y := yearOf(key)
	if y == 0 {
		return
	}
	if rd.ledger.of(t) != nil && t.Text != rd.form.Title && rd.take("fiscal_year", t) == "" {
		return
	}
	rd.form.FiscalYear = model.Year(y)
	rd.form.Sources["fiscal_year"] = model.Source{Text: t.Text, Location: t.Location}
}

// yearAlone reads a line that holds a year and nothing else: (2026年度).
func yearAlone(key string) (int, bool) {
	s := strings.Trim(key, "()[]〔〕")
	y := yearOf(s)
	rest, ok := cutYear(s)
	return y, ok && y != 0 && rest == ""
}

func isYearAlone(s string) bool {
	_, ok := yearAlone(fold(s))
	return ok
}

// unitOf takes the unit of money from a label or line; ok says whether it
// names one.
func (rd *reader) unitOf(t token) bool {
	u := unitOf(t.Text)
	if u != "" && rd.form.Funding.Unit == "" {
		rd.form.Funding.Unit = u
		rd.form.Sources["funding.unit"] = model.Source{Text: t.Text, Location: t.Location}
	}
	return u != ""
}

func (rd *reader) unparsed(field, text string, at model.Location) {
	rd.form.Unparsed = append(rd.form.Unparsed, model.Unparsed{Field: field, Text: text, Location: at})
}

func (rd *reader) sign(kind model.SignKind, text, other string, indicator int, at model.Location) {
	if rd.form.Signs == nil {
		rd.form.Signs = make([]model.Sign, 0, usualSigns)
	}
	rd.form.Signs = append(rd.form.Signs, model.Sign{Kind: kind, Text: text, Other: other, Indicator: indicator, Location: at})
}

// brokenLabel notes a label that white space or a page break has broken.
func (rd *reader) brokenLabel(t token) {
	if zh.HasAny(strings.TrimSpace(t.Text), " \t\u3000") {
		rd.sign(model.SignBrokenLabel, t.Text, "", -1, t.Location)
	}
}

// afterwards books what stands behind the indicators. Rows of the same table
// are the form's: notes and signatures are ignored. What follows in other
// tables is not, unless it looks like indicators, or is an amount by itself on
// a page of a form whose amounts are blank: then it is doubted.
func (rd *reader) afterwards() {
	stray := rd.strayAmounts()
	table := -1
	if rd.last >= 0 {
		table = rd.rows[rd.last].table
	}
	for i := rd.last + 1; i < len(rd.rows); i++ {
		r := rd.rows[i]
		switch {
		case rd.likeIndicators(r):
		case r.outside && stray(r.tokens[0]):
		case !r.outside && r.table == table:
			rd.ignoreRow(r, model.Signature)
		default:
			for _, t := range r.tokens {
				if _, year := yearAlone(fold(t.Text)); year && rd.form.FiscalYear == 0 { // this form's, or the next one's
					rd.doubt(model.AmbiguousText, "fiscal_year", t, model.Message{Text: wordAmbiguous})
					continue
				}
				if e := rd.ledger.of(t); e != nil && e.left() == e.chars && !e.doubted {
					e.outside = true
				}
			}
		}
	}
}

// strayAmounts says of a line outside the tables whether it is nothing but an
// amount on the page where the form ends, while the form has cells for amounts
// and nothing in any of them: amounts that a program has put beside their cells,
// as it may do with what was typed into a fillable form.
func (rd *reader) strayAmounts() func(t token) bool {
	no := func(token) bool { return false }
	if rd.last < 0 || len(rd.rows[rd.last].tokens) == 0 {
		return no
	}
	page := rd.rows[rd.last].tokens[0].Location.Page
	if page == nil || len(rd.amounts) == 0 || slices.ContainsFunc(rd.amounts, func(a amountCell) bool { return a.Text != "" }) {
		return no
	}
	return func(t token) bool {
		at := t.Location.Page
		return at != nil && *at == *page && bareAmount(t.Text)
	}
}

// likeIndicators says whether a row behind the form's end has what only its
// indicators have: a level label or a value with its sign.
func (rd *reader) likeIndicators(r row) bool {
	if r.outside {
		t := r.tokens[0]
		_, _, ok := nameAndValue(t.Text)
		return ok && rd.phase == inIndicators
	}
	texts := 0
	for _, t := range r.tokens {
		if t.Text != "" {
			texts++
		}
	}
	return texts > 1 && slices.ContainsFunc(r.tokens, func(t token) bool { return rd.layouts.isLevel(t) || isSignedValue(t) })
}

// pieceOfIndicators says whether a row can only be of a form's indicators: it
// has a signed value beside another text, or labels of both levels.
func (l *Layouts) pieceOfIndicators(r row) bool {
	texts, levels, values := 0, 0, 0
	for _, t := range r.tokens {
		switch {
		case t.Text == "":
			continue
		case l.isLevel(t):
			levels++
		case isSignedValue(t):
			values++
		}
		texts++
	}
	return levels > 1 || values > 0 && texts > 1
}

func (l *Layouts) isLevel(t token) bool {
	return strings.HasSuffix(t.key, "指标") && (t.label.level1.name != "" || t.label.level2.name != "")
}

func isSignedValue(t token) bool { return hasSign(t.Text) && looksLikeValue(t.Text) }

// settleFields doubts the fields that such a form asks for and that were not
// found while text stands there that nothing claims.
func (rd *reader) settleFields() {
	if rd.form.FiscalYear == 0 && rd.veiled.Text != "" && !rd.form.HasDoubt("fiscal_year") {
		rd.form.Doubts = append(rd.form.Doubts, model.Doubt{Code: model.AmbiguousText, Field: "fiscal_year", Text: rd.veiled.Text, Message: model.Message{Text: wordIllegible}, Location: rd.veiled.Location})
	}
	unread := slices.ContainsFunc(rd.ledger.entries, func(e entry) bool { return !e.outside && !e.doubted && e.left() > 0 })
	for _, path := range rd.layout.file.Prints {
		if rd.form.State(path) != model.NotOnForm || rd.form.HasDoubt(path) {
			continue
		}
		field, _ := model.FieldAt(path)
		switch {
		case path == "project.name":
			rd.form.Doubts = append(rd.form.Doubts, model.Doubt{Code: model.LabelNotFound, Field: path, Message: model.Message{Text: wordNoName}, Location: rd.form.Location})
		case path == "goals.annual" && rd.form.Goals.Overall != "":
		case unread:
			rd.form.Doubts = append(rd.form.Doubts, model.Doubt{Code: model.LabelNotFound, Field: path,
				Message: model.Message{Text: wordNoLabel, Args: model.Args{"label": field.Name.Zh}}, Location: rd.form.Location})
		}
	}
}

// template says whether the form was never filled in: its name and amounts are
// blank or placeholders, and so are its values.
func (rd *reader) template() bool {
	f := &rd.form
	placeholder := func(s string) bool {
		s = fold(s)
		return blankMark(s) || strings.Contains(s, "**") || strings.Contains(s, "××") || strings.Contains(s, "XX") || strings.Trim(s, "…. X×*") == ""
	}
	for _, field := range model.Fields {
		if m := field.Money(f); m != nil && m.Valid() && !m.Amount.IsZero() {
			return false
		}
	}
	marked := strings.Contains(fold(f.Title), "模板") || strings.Contains(fold(f.Title), "样表") || strings.Contains(fold(f.Title), "样式")
	if f.FiscalYear == 0 {
		for _, r := range rd.rows {
			for _, t := range r.tokens {
				marked = marked || strings.Contains(strings.ToUpper(t.norm), "20XX") || strings.Contains(t.norm, "20××")
			}
		}
	}
	if !marked && slices.ContainsFunc(f.Doubts, func(d model.Doubt) bool { return d.Text != "" && (d.Field != "" || d.Code == model.AmbiguousText) }) {
		return false // something is printed there, whatever it is
	}
	named := f.Project.Name != "" && !placeholder(f.Project.Name)
	filled, called, total := 0, 0, 0
	for _, x := range slices.Concat(f.Indicators, f.OverallIndicators) {
		total++
		if !slotName(x.Level3) {
			called++
		}
		values := []string{x.Value.Raw}
		for _, v := range []*model.Value{x.LongTermValue, x.HalfYearValue} {
			if v != nil {
				values = append(values, v.Raw)
			}
		}
		for _, v := range x.RegionValues {
			values = append(values, v.Value.Raw)
		}
		if slices.ContainsFunc(values, func(v string) bool { v = fold(v); return !placeholder(v) && strings.Trim(v, "≥≤=<>%…") != "" }) {
			filled++
		}
	}
	switch {
	case filled == 0 && (!named || marked || total > 0 && called == 0):
		return true
	case marked:
		return filled*2 <= total
	}
	return false
}

// slotName says whether a text only marks where an indicator's name is to be
// written: 指标1：, ……
func slotName(s string) bool {
	return strings.Trim(strings.TrimPrefix(fold(s), "指标"), "0123456789一二三四五六七八九十:…. X×*") == ""
}

// fused splits a cell that holds a label and its value ("项目类别 其他运转类",
// "年度资金总额：1,280.50") at the longest label it begins with.
func (l *Layouts) fused(text string, isLabel func(key string) bool) (label, value string, ok bool) {
	if len(text) > 600 || !l.starts.has(firstRune(text)) {
		return "", "", false
	}
	var room [8]int
	cuts, digit := room[:0], -1
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == ' ', c == '\t', c == '\n':
			cuts = append(cuts, i)
		case c == ':':
			cuts = append(cuts, i+1)
		case c < utf8.RuneSelf:
			if digit < 0 && c >= '0' && c <= '9' {
				digit = i
			}
		case zh.IsCommon(text, i):
			i += 2
		case strings.HasPrefix(text[i:], "\u3000"):
			cuts = append(cuts, i)
		case strings.HasPrefix(text[i:], "："):
			cuts = append(cuts, i+len("："))
		}
	}
	if digit > 0 {
		cuts = append(cuts, digit)
		slices.Sort(cuts)
	}
	for _, i := range slices.Backward(cuts) {
		value = strings.TrimLeft(text[i:], " \t\u3000\n:：")
		if value == "" {
			continue
		}
		if key := l.keyOf(normLabel(text[:i])); key != "" && isLabel(key) {
			return strings.TrimSpace(text[:i]), strings.TrimSpace(value), true
		}
	}
	return "", "", false
}

// cutColon splits "label：value" at the first colon.
func cutColon(s string) (label, value string, ok bool) {
	i := strings.Index(s, "：")
	if half := strings.IndexByte(s, ':'); half >= 0 && (i < 0 || half < i) {
		i = half
	}
	if i <= 0 {
		return "", "", false
	}
	value = strings.TrimLeft(s[i:], ":： ")
	return strings.TrimSpace(s[:i]), strings.TrimSpace(value), true
}
