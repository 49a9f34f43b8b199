package text

import (
	"encoding/csv"
	"slices"
	"strings"
	"unicode/utf8"

	"perfgoal/model"
)

// record is one row of a text: a line, or several where a quoted cell or a
// paragraph in a cell broke it.
type record struct {
	cells   []string
	line    int // its first line, counted from one
	blank   bool
	divided bool // it has more than one cell
	feed    bool // a form feed stood in it
}

// records reads a text row by row.
type records struct {
	rest  string
	how   shape
	line  int  // lines read
	width int  // dividers of most rows, 0 where rows differ
	outer bool // rows begin with a pipe that divides nothing
	words Words
	buf   []string
}

func newRecords(s string, how shape, w Words) *records {
	r := &records{rest: s, how: how, words: w}
	r.width = r.usualWidth()
	r.outer = how == byPipes && r.outerPipes()
	return r
}

// most lines of one quoted cell; a quotation mark that nothing closes so soon
// is one of the text.
const quotedLines = 60

// next returns the next row; ok is false at the end. The cells are valid until
// the next call.
func (r *records) next() (record, bool) {
	line, ok := r.take()
	if !ok {
		return record{}, false
	}
	rec := record{line: r.line}
	if strings.IndexByte(line, '\f') >= 0 {
		rec.feed = true
		line = strings.ReplaceAll(line, "\f", "")
	}
	if isBlank(line) {
		rec.blank = true
		return rec, true
	}
	if r.quotes() {
		if cells, lines, ok := r.quoted(line); ok {
			for range lines - 1 {
				r.take()
			}
			rec.cells, rec.divided = cells, len(cells) > 1
			if !rec.divided && len(cells) == 0 {
				rec.blank = true
			}
			return rec, true
		}
	}
	line = r.joinRagged(line)
	if r.how == bySpaces {
		rec.cells, rec.divided = splitSpaces(line)
	} else {
		rec.cells, rec.divided = r.split(line)
	}
	if len(rec.cells) == 0 || !rec.divided {
		rec.cells, rec.divided = []string{line}, false
	}
	return rec, true
}

// take returns the next line without its end.
func (r *records) take() (string, bool) {
	if r.rest == "" {
		return "", false
	}
	line, rest, _ := strings.Cut(r.rest, "\n")
	r.rest = rest
	r.line++
	return strings.TrimSuffix(line, "\r"), true
}

// quotes says whether cells of the shape may be quoted.
func (r *records) quotes() bool { return r.how == byTabs || r.how == byCommas || r.how == bySemicolons }

// quoted reads a row in which a cell is quoted, as spreadsheets put cells with
// line breaks or dividers on the clipboard. ok is false where none is, or
// where no quotation mark closes it.
func (r *records) quoted(line string) (cells []string, lines int, ok bool) {
	d := dividers[r.how]
	if !opensQuote(line, d) {
		if r.how == byTabs {
			return nil, 0, false
		}
		return r.fields(line, 1)
	}
	text, rest := line, r.rest
	for lines = 1; lines <= quotedLines; lines++ {
		if closed(text, d) {
			return r.fields(text, lines)
		}
		if rest == "" {
			break
		}
		next, after, _ := strings.Cut(rest, "\n")
		text += "\n" + strings.TrimSuffix(next, "\r")
		rest = after
	}
	return nil, 0, false
}

// fields splits a row by encoding/csv.
func (r *records) fields(text string, lines int) ([]string, int, bool) {
	c := csv.NewReader(strings.NewReader(text))
	c.Comma, c.LazyQuotes, c.FieldsPerRecord = rune(dividers[r.how]), true, -1
	cells, err := c.Read()
	if err != nil {
		return nil, 0, false
	}
	return cells, lines, true
}

// opensQuote says whether a cell of the row begins with a quotation mark.
func opensQuote(s string, divider byte) bool {
	at := strings.IndexByte(s, '"')
	return at == 0 || at > 0 && strings.Contains(s, string(divider)+`"`)
}

// closed says whether every quoted cell of a row ends where it should: at its
// quotation mark, a divider or the row's end right behind it.
func closed(s string, divider byte) bool {
	for i := 0; i < len(s); {
		if s[i] != '"' {
			n := strings.IndexByte(s[i:], divider)
			if n < 0 {
				return true
			}
			i += n + 1
			continue
		}
		i++
		for {
			n := strings.IndexByte(s[i:], '"')
			if n < 0 {
				return false
			}
			i += n + 1
			if i < len(s) && s[i] == '"' {
				i++
				continue
			}
			break
		}
		switch {
		case i == len(s):
			return true
		case s[i] != divider:
			return false
		}
		i++
	}
	return true
}

// count is how many dividers a line has.
func (r *records) count(line string) int {
	switch r.how {
	case byPipes:
		return strings.Count(line, "|") + strings.Count(line, "｜")
	case byTabs:
		return strings.Count(line, "\t")
	}
	return 0
}

// usualWidth is the number of dividers that whole rows have, 0 where nothing
// tells: only then can a shorter line be told for a part of a row. Every other
// row has it; or, where blank cells at the end are written, some do and none
// has more.
func (r *records) usualWidth() int {
	if r.how != byTabs && r.how != byPipes {
		return 0
	}
	counts, ending := map[int]int{}, map[int]int{}
	rows := 0
	for line := range strings.Lines(r.rest) {
		line = strings.TrimRight(line, "\r\n")
		if n := r.count(line); n > 0 {
			counts[n]++
			rows++
			if endsBlank(line, r.how) {
				ending[n]++
			}
		}
	}
	best, widest := 0, 0
	for n, c := range counts {
		if c > counts[best] || c == counts[best] && n > best {
			best = n
		}
		widest = max(widest, n)
	}
	// Rows that were broken count for less than a whole one.
	switch {
	case best >= 2 && counts[best]*2 >= rows:
		return best
	case widest >= 2 && r.how == byTabs && ending[widest] >= leastWhole && counts[widest]*10 >= rows:
		return widest
	case widest >= 2 && r.how == byTabs && counts[widest] >= leastWhole && r.completes(widest):
		return widest
	}
	return 0
}

// completes says whether four of five lines that are shorter than a row make
// whole rows with those behind them.
func (r *records) completes(width int) bool {
	trial := *r
	trial.width = width
	short, left := 0, 0
	for {
		line, ok := trial.take()
		if !ok {
			break
		}
		n := trial.count(line)
		if n == 0 || n >= width {
			continue
		}
		short++
		if trial.count(trial.joinRagged(line)) < width {
			left++
		}
	}
	return short > 0 && left*5 <= short
}

// leastWhole is how many rows must be whole for the others to be parts.
const leastWhole = 3

// outerPipes says whether rows are framed by pipes: nearly all that have one
// begin with it. Where they are not, a pipe at the beginning stands behind a
// blank cell.
func (r *records) outerPipes() bool {
	rows, framed := 0, 0
	for line := range strings.Lines(r.rest) {
		line = strings.TrimSpace(line)
		if r.count(line) == 0 {
			continue
		}
		rows++
		if strings.HasPrefix(line, "|") || strings.HasPrefix(line, "｜") {
			framed++
		}
	}
	return framed*10 >= rows*9
}

// raggedLines is how many lines a row may be broken into.
const raggedLines = 12

// joinRagged joins a line that a paragraph's end within a cell broke off with
// the lines that complete it: together they have as many dividers as the other
// rows, and the break is inside a cell's text.
func (r *records) joinRagged(line string) string {
	have := r.count(line)
	if r.width == 0 || have >= r.width || endsBlank(line, r.how) && r.how == byTabs {
		return line
	}
	text, rest, n := line, r.rest, have
	for used := 1; used < raggedLines && rest != ""; used++ {
		next, after, _ := strings.Cut(rest, "\n")
		next = strings.TrimSuffix(next, "\r")
		if isBlank(next) {
			return line
		}
		k := r.count(next)
		if n+k > r.width || begins(next, r.how) {
			return line
		}
		label := r.labelAcross(text, next)
		if !label && (k == r.width || r.how == byTabs && r.isLabel(next)) {
			return line
		}
		text += "\n" + next
		rest = after
		if n += k; n == r.width && (k > 0 || !r.more(rest)) {
			for range used {
				r.take()
			}
			return text
		}
	}
	return line
}

// begins says whether a line begins with a divider: it is a row whose first
// cell is blank.
func begins(line string, how shape) bool {
	line = strings.TrimLeft(line, " ")
	return how == byTabs && strings.HasPrefix(line, "\t") || how == byPipes && strings.HasPrefix(line, "|")
}

// isLabel says whether a line's first cell is a label: it begins a row.
func (r *records) isLabel(line string) bool {
	first, _, _ := strings.Cut(line, "\t")
	return r.words.Kind != nil && r.words.Kind(strings.TrimSpace(first)) != NoLabel
}

// labelAcross says whether a line's end and the next line's beginning make a
// label together: 服务对象 / 满意度指标.
func (r *records) labelAcross(line, next string) bool {
	if r.how != byTabs || r.words.Kind == nil {
		return false
	}
	last := line[strings.LastIndexByte(line, '\t')+1:]
	first, _, _ := strings.Cut(next, "\t")
	return strings.TrimSpace(last) != "" && strings.TrimSpace(first) != "" && len(last)+len(first) < 100 && !note(last) &&
		r.words.Kind(last) == NoLabel && (r.words.Kind(first) == NoLabel || r.words.isLevel(first)) && r.words.Kind(last+first) != NoLabel
}

// more says whether the next line of the rest holds no divider: it may belong
// to the same cell.
func (r *records) more(rest string) bool {
	next, _, _ := strings.Cut(rest, "\n")
	return !isBlank(next) && r.count(next) == 0
}

// endsBlank says whether a line's last cell is blank: no text was broken.
func endsBlank(line string, how shape) bool {
	d := "\t"
	if how == byPipes {
		d = "|"
	}
	return strings.HasSuffix(strings.TrimRight(line, " "), d)
}

// split divides a line into cells; ok is false for a line without any
// division.
func (r *records) split(line string) (cells []string, ok bool) {
	buf := r.buf[:0]
	divider := byte('\t')
	if r.how == byPipes {
		divider = '|'
		line = strings.TrimSpace(strings.ReplaceAll(line, "｜", "|"))
		if strings.IndexByte(line, '|') < 0 {
			return nil, false
		}
		if r.outer {
			line = strings.TrimSuffix(strings.TrimPrefix(line, "|"), "|")
		}
	}
	for {
		i := strings.IndexByte(line, divider)
		if i < 0 {
			buf = append(buf, line)
			r.buf = buf
			return buf, r.how == byPipes || len(buf) > 1
		}
		buf = append(buf, line[:i])
		line = line[i+1:]
	}
}

// separated says whether a text is a table of separated values: most of its
// rows have the same number of dividers.
func separated(s string, how shape) bool {
	d := dividers[how]
	if strings.Count(s, string(d)) < 8 {
		return false
	}
	r := &records{rest: s, how: how}
	counts := map[int]int{}
	rows := 0
	for {
		line, ok := r.take()
		if !ok || rows > 400 {
			break
		}
		if isBlank(line) {
			continue
		}
		cells, lines, ok := r.quoted(line)
		if !ok {
			cells, lines = []string{line}, 1
		}
		for range lines - 1 {
			r.take()
		}
		counts[len(cells)]++
		rows++
	}
	for n, c := range counts {
		if n >= 3 && c*4 >= rows*3 && rows >= 4 {
			return true
		}
	}
	return false
}

// joinBreaks joins the lines of one cell, as written or as Markdown has them.
func joinBreaks(s string) string {
	if strings.IndexByte(s, '<') >= 0 {
		for _, br := range []string{"<br>", "<br/>", "<br />", "<BR>", "<BR/>"} {
			s = strings.ReplaceAll(s, br, "\n")
		}
	}
	if strings.IndexByte(s, '\n') < 0 {
		return s
	}
	out := ""
	for line := range strings.Lines(s) {
		out = model.JoinWrapped(out, strings.TrimSpace(line))
	}
	return out
}

// span is a run of columns that one cell takes up.
type span struct {
	from, to int
	text     string
}

// leastRepeats is how many rows with the same text in neighbouring cells show
// that merged cells were repeated.
const leastRepeats = 3

// mergeRepeats makes one cell of the same text over again in neighbouring
// cells where the table has that in several rows: an export that repeats a
// merged cell in each cell it spans. Where the same text stands in more cells
// than a merged one has, the row above with such cells tells how they divide.
func mergeRepeats(t *model.Table, w Words) {
	rows := make([][]int, t.Rows) // row -> indices of its cells, which come in order
	all := make([]int, len(t.Cells))
	for i := range t.Cells {
		all[i] = i
		r := &rows[t.Cells[i].Row]
		*r = all[i-len(*r) : i+1]
	}
	drop := map[int]bool{}
	repeat := func(i int) {
		drop[i] = true
		t.Ignored = append(t.Ignored, model.Ignored{Reason: model.RepeatedCell, Text: t.Cells[i].Text, Location: t.Cells[i].Location})
	}
	repeatedDown(t, rows, w, repeat)
	if repeatedAcross(t, rows, w) >= leastRepeats {
		var above []span
		for _, cells := range rows {
			above = mergeAcross(t, cells, above, w, repeat)
		}
	}
	if len(drop) == 0 {
		return
	}
	kept := t.Cells[:0]
	for i, c := range t.Cells {
		if !drop[i] {
			kept = append(kept, c)
		}
	}
	t.Cells = kept
}

// repeatedAcross counts the rows in which a text stands in neighbouring cells
// that do not each say so for themselves.
func repeatedAcross(t *model.Table, rows [][]int, w Words) int {
	n := 0
	for _, cells := range rows {
		for k := 1; k < len(cells); k++ {
			a, b := &t.Cells[cells[k-1]], &t.Cells[cells[k]]
			if a.Text == b.Text && a.Col+1 == b.Col && !manyCells(a.Text, w) && !w.isLevel(a.Text) {
				n++
				break
			}
		}
	}
	return n
}

// mergeAcross merges the repeated cells of a row; it returns the spans that
// the rows so far leave above the next.
func mergeAcross(t *model.Table, cells []int, above []span, w Words, repeat func(int)) []span {
	var spans []span
	for n := 0; n < len(cells); {
		first := &t.Cells[cells[n]]
		m := n + 1
		for m < len(cells) && t.Cells[cells[m]].Text == first.Text && t.Cells[cells[m]].Col == t.Cells[cells[m-1]].Col+1 {
			m++
		}
		run := span{first.Col, t.Cells[cells[m-1]].Col + 1, first.Text}
		parts := []span{run}
		if divided := divide(run, above); len(divided) > 1 && (manyCells(first.Text, w) || w.goals(divided)) {
			parts = divided
		}
		for _, part := range parts {
			spans = append(spans, span{part.from, part.to, first.Text})
			for k := n; k < m; k++ {
				c := &t.Cells[cells[k]]
				switch {
				case c.Col == part.from:
					c.ColSpan = part.to - part.from
				case c.Col > part.from && c.Col < part.to:
					repeat(cells[k])
				}
			}
		}
		n = m
	}
	return append(slices.DeleteFunc(above, func(s span) bool {
		return slices.ContainsFunc(spans, func(o span) bool { return s.from < o.to && o.from < s.to })
	}), spans...)
}

// leastDown is how many rows in a row begin with a text that no one knows
// where it is a merged cell's, repeated.
const leastDown = 3

// repeatedDown makes one cell of a label over again at the left edge of the
// rows below: a block's label, merged beside all its rows. Labels of levels
// say the same again where they are repeated, and stay.
func repeatedDown(t *model.Table, rows [][]int, w Words, repeat func(int)) {
	for r := 0; r < len(rows); r++ {
		if len(rows[r]) == 0 {
			continue
		}
		first := &t.Cells[rows[r][0]]
		end := r + 1
		for end < len(rows) && len(rows[end]) > 0 && t.Cells[rows[end][0]].Text == first.Text && t.Cells[rows[end][0]].Col == first.Col {
			end++
		}
		if end == r+1 || !w.block(first.Text) && (end-r < leastDown || first.Col > 0 || utf8.RuneCountInString(first.Text) < 4 || w.isLevel(first.Text) || likeValue(first.Text)) {
			continue
		}
		first.RowSpan = end - r
		for k := r + 1; k < end; k++ {
			repeat(rows[k][0])
		}
		r = end - 1
	}
}

// isLevel says whether a text is a label of a level.
func (w Words) isLevel(s string) bool {
	if w.Kind == nil {
		return false
	}
	k := w.Kind(s)
	return k == Level1Label || k == Level2Label
}

// block says whether a text is a label that stands beside a block of rows.
func (w Words) block(s string) bool {
	if w.Kind == nil {
		return false
	}
	switch w.Kind(s) {
	case GroupLabel, TableLabel, GoalGroup, EitherGoal, GoalLabel:
		return true
	}
	return false
}

// goals says whether spans are those of goals' labels.
func (w Words) goals(spans []span) bool {
	return w.Kind != nil && !slices.ContainsFunc(spans, func(s span) bool {
		k := w.Kind(s.text)
		return k != GoalLabel && k != EitherGoal
	})
}

// manyCells says whether neighbouring cells may say the same, each for itself:
// a label that both sides of the funding block have, or a number.
func manyCells(s string, w Words) bool {
	return w.Kind != nil && w.Kind(s) == EitherFund || likeValue(s)
}

// divide cuts a run of equal cells where the rows above had cells of their own
// that fill it exactly.
func divide(run span, above []span) []span {
	var parts []span
	for _, s := range above {
		if s.from >= run.from && s.to <= run.to {
			parts = append(parts, s)
		}
	}
	slices.SortFunc(parts, func(a, b span) int { return a.from - b.from })
	at := run.from
	for _, p := range parts {
		if p.from != at {
			return []span{run}
		}
		at = p.to
	}
	// A run that one cell above covers, or that its neighbours split evenly.
	if at != run.to || len(parts) < 2 {
		return []span{run}
	}
	return parts
}
