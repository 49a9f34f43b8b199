package text

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"perfgoal/internal/zh"
	"perfgoal/model"
)

// Column is what a column of an indicator table holds.
type Column int

const (
	NoColumn       Column = iota
	LevelColumn           // 一级指标, 二级指标
	NameColumn            // 三级指标
	OperatorColumn        // ≥, 定性
	ValueColumn
	UnitColumn
	WeightColumn // points: a number
	NoteColumn   // remarks and what else is text
)

// The rows of an indicator table that has lost its lines are found again like
// this: each piece of text is the beginning of a cell in some column, or goes
// on with the cell before it. What a piece looks like, and what is then left
// blank, makes each such reading more or less costly. The cheapest reading is
// taken, piece by piece, where every other one is dearer by a margin; what
// could be read otherwise for less is doubted.
const (
	never  = 1 << 20
	margin = 2 // by how much the next reading must be dearer
	dear   = 5 // a row that costs as much is doubted, however much dearer others are

	blankValue    = 6
	blankOperator = 4
	blankWeight   = 5
	blankUnit     = 2 // of a bare number
	unknownValue  = 2 // a value in words that no list has
)

// lattice are the columns of a table from the names on, and what is known of
// their widths.
type lattice struct {
	columns []Column
	widths  []int // half-width characters that a column holds at least, 0 for unknown
	rows    bool  // a row begins where a line does
	points  bool  // numbers stand in the column of points
}

// look is what a piece looks like, found out once.
type look struct {
	piece
	folded       string
	runes        int
	width        int // half-width characters
	head         int // width of the word it begins with
	value, word  strength
	sign, number bool
	digit        bool // it begins with a digit
	digits       bool // it ends with one
	letters      bool
	whole        bool // it ends as names do
	closes       bool // it begins with what begins no text
	opens        bool // it ends within brackets, or with what ends no text
}

func lookAt(p piece) look {
	s := zh.Fold(p.text)
	return look{
		piece: p, folded: s, runes: utf8.RuneCountInString(s), width: halves(p.text), head: halves(firstWord(p.text)),
		value: valueStrength(s), word: wordStrength(s), sign: isSign(s), number: pureNumber(s), digit: startsWithDigit(s),
		digits: s != "" && startsWithDigit(s[len(s)-1:]), letters: hasLetter(s), whole: wholeName(s), closes: closes(s), opens: opens(s),
	}
}

func looksOf(ps []piece) []look {
	out := make([]look, len(ps))
	for i, p := range ps {
		out[i] = lookAt(p)
	}
	return out
}

// place is how a piece is read: which column it stands in, and whether it goes
// on with the cell before it.
type place struct {
	column int
	on     bool
}

// rowOf is a row that was found: a text for each column.
type rowOf struct {
	cells []piece
	sure  bool
	all   []piece // what it is made of
}

func newLattice(columns []Column, rows bool) *lattice {
	return &lattice{columns: columns, widths: make([]int, len(columns)), rows: rows}
}

// learn notes how wide the columns are, from the pieces that are certain.
func (l *lattice) learn(pieces [][]piece) {
	numbers, all := 0, 0
	segments := make([][]look, len(pieces))
	for i, ps := range pieces {
		segments[i] = looksOf(ps)
		for _, p := range segments[i] {
			all++
			if p.number {
				numbers++
			}
		}
	}
	l.points = numbers*8 >= all
	for range 2 {
		widths := make([]int, len(l.columns))
		for _, ps := range segments {
			best, certain := l.places(ps)
			for i, at := range best {
				if certain[i] {
					widths[at.column] = max(widths[at.column], ps[i].width)
				}
			}
		}
		l.widths = widths
	}
}

// read divides pieces into rows.
func (l *lattice) read(pieces []piece) []rowOf {
	ps := looksOf(pieces)
	best, certain := l.places(ps)
	if best == nil {
		return []rowOf{{all: pieces}}
	}
	var out []rowOf
	for i := 0; i < len(ps); {
		j := i + 1
		for j < len(ps) && (best[j].column > 0 || best[j].on) {
			j++
		}
		next := j
		// A remark that is not certain leaves the row before it as it is,
		// where a figure ends that.
		for k := i + 1; k < j; k++ {
			if !certain[k] && l.columns[best[k].column] == NoteColumn && ps[k-1].value == strong {
				j = k
			}
		}
		r := rowOf{cells: make([]piece, len(l.columns)), sure: true, all: pieces[i:j]}
		cost := 0
		for k := i; k < j; k++ {
			r.sure = r.sure && certain[k] && (ps[k].value != strong || !l.prose(best[k].column))
			c := &r.cells[best[k].column]
			if best[k].on {
				c.text = joinIn(c.text, ps[k].piece)
			} else {
				*c = ps[k].piece
			}
			switch {
			case k == i:
				cost += l.cost(ps[k], best[k])
			default:
				cost += l.step(ps[k-1], best[k-1], ps[k], best[k])
			}
		}
		cost += l.blanks(ps[j-1], best[j-1].column+1, len(l.columns))
		// What follows may belong to this row's last cell.
		r.sure = r.sure && cost < dear && (j == len(ps) || certain[j] || j < next || !l.mayGoOn(ps, best, j))
		out = append(out, r)
		if j < next {
			out = append(out, rowOf{cells: make([]piece, len(l.columns)), all: pieces[j:next]})
		}
		i = next
	}
	// What is not certain may go on with words before it; with a figure not. Nor
	// is a row certain behind words that are not, which may be its beginning,
	// unless it is a whole row.
	for n := 1; n < len(out); n++ {
		before := out[n-1]
		if !before.sure && valueStrength(zh.Fold(before.all[len(before.all)-1].text)) != strong && !l.wholeRow(out[n]) {
			out[n].sure = false
		}
	}
	for n := len(out) - 2; n >= 0; n-- {
		last := out[n].all[len(out[n].all)-1]
		if !out[n+1].sure && valueStrength(zh.Fold(last.text)) != strong {
			out[n].sure = false
		}
	}
	return out
}

// wholeRow says whether a row begins with a whole name, and has all that stands
// before its value.
func (l *lattice) wholeRow(r rowOf) bool {
	for i, c := range l.columns {
		switch {
		case c == ValueColumn:
			return true
		case c == NameColumn && !wholeName(zh.Fold(r.cells[i].text)), c == NoteColumn && r.cells[i].text == "":
			return false
		}
	}
	return true
}

// prose says whether a column holds names or remarks: a value there shows that
// the row has more values than the header has columns for.
func (l *lattice) prose(column int) bool {
	return l.columns[column] == NameColumn || l.columns[column] == NoteColumn
}

// mayGoOn says whether a piece may well go on with the cell before it, unless
// that is a remark.
func (l *lattice) mayGoOn(ps []look, best []place, j int) bool {
	before := best[j-1]
	const unlikely = 3 // whole names and values seldom go on
	return l.columns[before.column] != NoteColumn && l.goesOn(ps[j-1], ps[j], before.column) < unlikely
}

// joinIn puts a piece behind the text it goes on with.
func joinIn(text string, p piece) string {
	if p.space {
		return text + " " + p.text
	}
	return model.JoinWrapped(text, p.text)
}

// places returns the cheapest reading of each piece, and whether every other
// one is dearer by the margin; nil where there is no reading.
func (l *lattice) places(ps []look) ([]place, []bool) {
	n, k := len(ps), len(l.columns)
	if n == 0 {
		return nil, nil
	}
	at := func(i int) place { return place{i / 2, i%2 == 1} }
	forth := make([][]int, n) // cost up to and with the piece
	back := make([][]int, n)  // cost of what comes behind it
	for i := range ps {
		forth[i], back[i] = make([]int, 2*k), make([]int, 2*k)
		for s := range 2 * k {
			forth[i][s] = never
			if i == 0 {
				if s == 0 {
					forth[i][s] = l.cost(ps[0], at(s))
				}
				continue
			}
			for from := range 2 * k {
				if forth[i-1][from] < never {
					forth[i][s] = min(forth[i][s], forth[i-1][from]+l.step(ps[i-1], at(from), ps[i], at(s)))
				}
			}
		}
	}
	for i := n - 1; i >= 0; i-- {
		for s := range 2 * k {
			if i == n-1 {
				back[i][s] = l.blanks(ps[i], at(s).column+1, k)
				continue
			}
			back[i][s] = never
			for to := range 2 * k {
				back[i][s] = min(back[i][s], l.step(ps[i], at(s), ps[i+1], at(to))+back[i+1][to])
			}
		}
	}
	best, certain := make([]place, n), make([]bool, n)
	for i := range ps {
		least, next, which := never, never, 0
		for s := range 2 * k {
			switch c := forth[i][s] + back[i][s]; {
			case c < least:
				least, next, which = c, least, s
			case c < next:
				next = c
			}
		}
		if least >= never {
			return nil, nil
		}
		best[i], certain[i] = at(which), next >= least+margin
	}
	return best, certain
}

// step is the cost of a piece in its place behind the piece before it.
func (l *lattice) step(before look, was place, p look, is place) int {
	if is.on {
		if is.column != was.column {
			return never
		}
		return l.goesOn(before, p, is.column)
	}
	cost := l.cost(p, is)
	if before.opens || p.closes {
		cost += 4
	}
	newRow := is.column <= was.column
	switch {
	case newRow && is.column != 0:
		return never
	case newRow:
		if l.rows && !p.first {
			return never
		}
		if l.columns[was.column] == NoteColumn { // or is that the first line of this name?
			if c := l.goesOn(before, p, 0); c < never {
				cost += c
			}
		}
		return cost + l.blanks(before, was.column+1, len(l.columns))
	case l.rows && p.first:
		return never
	}
	cost += l.blanks(before, was.column+1, is.column)
	if l.columns[was.column] == ValueColumn && l.columns[is.column] == NoteColumn && (l.unitApart(before, p) || brokenUnit(before, p)) {
		cost += 3
	}
	if l.columns[was.column] == OperatorColumn && l.columns[is.column] == ValueColumn && before.sign && !p.digit {
		cost += 4
	}
	if l.columns[is.column] == ValueColumn && slices.Contains(l.columns[was.column+1:is.column], OperatorColumn) && !p.digit {
		cost -= blankOperator - 1 // words need no operator
	}
	return cost
}

// unitApart says whether a piece may be the unit of the number before it, which
// a blank alone divides from it, in a table without a column of units.
func (l *lattice) unitApart(before, p look) bool {
	return p.space && before.digits && p.runes <= unitRunes && p.letters && !p.digit && !slices.Contains(l.columns, UnitColumn)
}

// brokenUnit says whether a piece may be the rest of a unit that the line before
// it broke: 7.4万 / 元, 800人 / 次.
func brokenUnit(before, p look) bool {
	const most = 2 // characters of such a rest
	last, _ := utf8.DecodeLastRuneInString(before.folded)
	return before.value == strong && p.runes <= most && p.letters && !p.digit && p.word != strong && (p.runes == 1 || before.digits || strings.ContainsRune("百千万亿", last))
}

// blanks is the cost of leaving columns blank behind a piece.
func (l *lattice) blanks(before look, from, to int) int {
	cost := 0
	for c := from; c < to; c++ {
		switch l.columns[c] {
		case ValueColumn:
			cost += blankValue
		case OperatorColumn:
			cost += blankOperator
		case UnitColumn:
			if before.digits {
				cost += blankUnit
			}
		case WeightColumn:
			if l.points {
				cost += blankWeight
			}
		}
	}
	return cost
}

// cost is that of beginning a cell of the column with the piece.
func (l *lattice) cost(p look, is place) int {
	value, word, runes := p.value, p.word, p.runes
	switch l.columns[is.column] {
	case NameColumn:
		switch {
		case value == strong || runes < 2 || !p.letters, slices.Contains(l.columns, OperatorColumn) && isDirection(p.folded):
			return never
		case word == strong:
			return 3
		case value == weak || word == weak || runes == 2 || !p.whole:
			return 1
		}
		return 0
	case OperatorColumn:
		if p.sign || isDirection(p.folded) {
			return 0
		}
		return never
	case ValueColumn:
		switch {
		case value == strong || word == strong:
			return 0
		case value == weak || word == weak:
			return 1
		case p.sign:
			return never
		case p.whole && runes > unitRunes:
			return unknownValue + margin
		}
		return unknownValue
	case UnitColumn:
		switch {
		case runes > 6 || p.digit || p.sign || word == strong:
			return never
		case runes > 3:
			return 1
		}
		return 0
	case WeightColumn:
		if p.number {
			return 0
		}
		return never
	}
	switch {
	case p.number:
		return 3
	case value == strong:
		return 2
	case p.whole && runes >= unitRunes:
		return 3
	}
	return 1
}

// goesOn is the cost of a piece that goes on with the cell before it. A cell's
// line is wrapped only where the next word did not fit.
func (l *lattice) goesOn(before, p look, column int) int {
	role := l.columns[column]
	if role == OperatorColumn || role == WeightColumn || p.sign {
		return never
	}
	extra := 0
	if l.rows { // where a row is a line, few go on in the next
		extra = dear
	}
	if p.space && !p.first { // a blank within a cell
		if l.unitApart(before, p) {
			return 0
		}
		return 2
	}
	if l.rows && !p.first {
		return never
	}
	if before.opens || p.closes {
		return 0
	}
	if before.width+p.head <= l.widths[column] {
		return never
	}
	switch role {
	case NameColumn:
		if p.value == strong {
			return never
		}
		if before.whole && p.runes >= 3 {
			return 3 + extra
		}
	case ValueColumn:
		if before.value == strong || before.word == strong {
			return 3 + extra
		}
	case UnitColumn:
		return 2 + extra
	case NoteColumn:
		if p.whole {
			return 3 + extra
		}
	}
	return 1 + extra
}

// strength is how surely a text is a value.
type strength int

const (
	none strength = iota
	weak
	strong
)

// unitRunes is how long the unit behind a number may be for the text to be a
// value and no name that begins with a number (12345热线知晓率).
const unitRunes = 4

// valueStrength recognises values by their sign, number or period.
func valueStrength(folded string) strength {
	r, n := utf8.DecodeRuneInString(folded)
	if strings.ContainsRune(signs, r) && len(folded) > n {
		return strong
	}
	if r >= '0' && r <= '9' {
		rest := strings.TrimLeft(folded, "0123456789.,%‰-~—–至年月日/:")
		switch left := utf8.RuneCountInString(rest); {
		case left <= unitRunes || strings.HasSuffix(rest, ")") && left <= unitRunes+3:
			return strong
		case left <= 4*unitRunes:
			return weak
		}
		return none
	}
	for _, sp := range zh.Before {
		if rest, ok := strings.CutPrefix(folded, sp.Text); ok && sp.Prose && startsWithDigit(rest) {
			return strong
		}
	}
	return none
}

// wordStrength recognises values in words.
func wordStrength(folded string) strength {
	switch n := utf8.RuneCountInString(folded); {
	case !wordValue(folded):
		return none
	case n <= 4:
		return strong
	}
	return weak
}

// nameEnds are what names of indicators end in.
var nameEnds = []string{"率", "数", "数量", "性", "度", "程度", "水平", "时间", "成本", "情况", "面积", "金额", "总额", "效果", "作用", "影响", "标准", "费用", "人次", "次数", "比例", "质量", "支出", "年限", "时限"}

func wholeName(folded string) bool {
	folded = strings.TrimSuffix(folded, ")")
	return slices.ContainsFunc(nameEnds, func(e string) bool { return strings.HasSuffix(folded, e) })
}

// unfinished says whether a text goes on in the next.
func unfinished(before, next string) bool { return opens(zh.Fold(before)) || closes(zh.Fold(next)) }

// opens says whether a text ends within brackets, or with what ends no text.
func opens(folded string) bool {
	for _, pair := range [][2]string{{"(", ")"}, {"《", "》"}, {"“", "”"}} {
		if strings.Count(folded, pair[0]) > strings.Count(folded, pair[1]) {
			return true
		}
	}
	last, _ := utf8.DecodeLastRuneInString(folded)
	return strings.ContainsRune("、,及与和的(《“", last)
}

// closes says whether a text begins with what begins none.
func closes(folded string) bool {
	r, _ := utf8.DecodeRuneInString(folded)
	return strings.ContainsRune("),.;:、。”》%‰", r)
}

// directions stand in the column of operators beside the signs.
var directions = []string{"定性", "定量", "正向", "反向", "逆向", "预期性", "约束性", "正指标", "逆指标", "适度", "无"}

func isDirection(s string) bool { return slices.Contains(directions, zh.Fold(s)) }

// isSign says whether a text is an operator and nothing else.
func isSign(s string) bool {
	s = zh.Fold(s)
	return s != "" && (strings.Trim(s, signs) == "" || slices.ContainsFunc(zh.Before, func(sp zh.Spelling) bool { return sp.Text == s }))
}

func startsWithDigit(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

// pureNumber recognises points: 10, 7.5, 10分.
func pureNumber(s string) bool {
	s = strings.TrimSuffix(strings.TrimSuffix(zh.Fold(s), "分"), "%")
	return s != "" && len(s) <= 5 && strings.Trim(s, "0123456789.") == ""
}

func hasLetter(s string) bool { return strings.IndexFunc(s, unicode.IsLetter) >= 0 }

// halves is how wide a text is in half-width characters.
func halves(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r >= 0x2e80 {
			n++
		}
	}
	return n
}

// firstWord is what must fit into a line together: a Chinese character with
// the sign behind it, a number, a Latin word.
func firstWord(s string) string {
	for i, r := range s {
		if i > 0 && (r >= 0x2e80 && !strings.ContainsRune("，。、；：）”》％", r) || r == ' ') {
			return s[:i]
		}
	}
	return s
}
