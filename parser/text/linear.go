package text

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"perfgoal/internal/zh"
	"perfgoal/model"
)

// Kind is what a text is as a label of a form.
type Kind int

const (
	NoLabel     Kind = iota
	FieldLabel       // 项目名称
	ProjectFund      // 项目资金总额: an amount of the whole project
	AnnualFund       // 年度资金总额: an amount of the year
	EitherFund       // 其他资金: an amount of either side
	GroupLabel       // 项目资金: a label beside a whole block
	TableLabel       // 绩效指标: the label beside the indicators
	GoalLabel        // 年度总体目标
	GoalGroup        // 绩效目标: a label that may head the goals that follow
	EitherGoal       // 总体目标: such a label, or a goal itself
	HeaderLabel      // 三级指标, 指标值
	NameHeader       // 三级指标 itself
	Level1Label      // 产出指标
	Level2Label      // 数量指标
	StopLabel        // 填报说明
)

// Words is what a form's vocabulary tells about a text.
type Words struct {
	Title  func(string) bool
	Kind   func(string) Kind
	Column func(string) Column // of a heading of the indicators
	// Under says whether a level-2 label may stand below a level-1 label.
	Under func(level1, level2 string) bool
}

// linearLines is how many lines of one label each make a text that has lost
// its table: a form has a dozen and more.
const linearLines = 6

// Linear says whether a text holds a form whose table was lost: a cell a line,
// as a page copied from a viewer has it, or cells glued to each other.
func Linear(s string, w Words) bool {
	if w.Kind == nil {
		return false
	}
	if how := shapeOf(s); how == byCommas || how == bySemicolons {
		return false
	}
	// Nobody has so many labels that a quarter of the lines may be divided.
	most := strings.Count(s, "\n")/4 + 1
	divided := 0
	var rest []string
	for line := range strings.Lines(s) {
		switch line = zh.TrimSpace(line); {
		case line == "" || len(line) > 4000:
		case strings.IndexByte(line, '\t') >= 0, strings.IndexByte(line, '|') >= 0, strings.Contains(line, "｜"):
			if divided++; divided > most {
				return false
			}
		default:
			rest = append(rest, line)
		}
	}
	labels := 0 // alone on their lines, or glued to what follows
	for i, line := range rest {
		if possible := labels + len(rest) - i; possible < linearLines || divided*4 >= possible {
			return false
		}
		if w.Kind(line) != NoLabel || w.prefix(line, true) > 0 {
			labels++
		}
	}
	return labels >= linearLines && divided*4 < labels
}

// labelRunes is how many characters a label has at most.
const labelRunes = 22

// prefix is the length in bytes of the longest label that a text begins with
// and is more than, 0 for none. Where nothing divides it from what follows, it
// counts in a glued text alone, and only with four characters and more.
func (w Words) prefix(s string, glued bool) int {
	best, runes := 0, 0
	for i, r := range s {
		if runes > labelRunes {
			break
		}
		if runes >= 2 {
			divided := r == ' ' || r == '\u3000' || r == ':' || r == '：' || s[i-1] == ':' || strings.HasSuffix(s[:i], "：")
			if (runes >= 4 && glued || divided) && !goesOn(s[i:]) && w.Kind(s[:i]) != NoLabel {
				best = i
			}
		}
		runes++
	}
	return len(strings.TrimRightFunc(s[:best], unicode.IsSpace))
}

// goesOn says whether a text behind a label shows that the label is a part of
// a longer word: 项目名称及…, 数量指标的….
func goesOn(rest string) bool {
	r, _ := utf8.DecodeRuneInString(rest)
	return strings.ContainsRune("的及和与是为、，,。；;）)”》/", r) || numbered(rest)
}

// numbered says whether a text goes on with the number of an item and a mark
// behind it: 目标 1：…
func numbered(rest string) bool {
	rest = zh.Fold(strings.TrimLeft(rest, " "))
	left := strings.TrimLeft(rest, "0123456789")
	if n := len(rest) - len(left); n == 0 || n > 2 {
		return false
	}
	return strings.HasPrefix(left, ":") || strings.HasPrefix(left, "、")
}

// piece is a cell of such a text, or a part of one.
type piece struct {
	text  string
	kind  Kind
	line  int
	first bool // it begins its line
	space bool // one blank alone divides it from the piece before it
}

// division is what stands between the cells of a line.
type division int

const (
	byLines division = iota // a cell a line
	byGaps                  // two and more blanks, a tab, an ideographic space
	byBlank                 // one blank
	byNothing
)

// linearTables rebuilds rows from a text without a table: a label and what
// stands behind it, level labels with names and values. What could be put
// together in more than one way is one cell with a doubt.
func linearTables(s string, w Words, yield func(model.Table) bool) {
	b := linear{words: w, builder: builder{yield: yield, more: true, words: w}, division: divisionOf(s, w)}
	b.eachForm(s, func(pieces []piece) bool {
		b.readForm(pieces)
		return b.builder.more
	})
	b.builder.flush()
}

// eachForm divides a text into pieces and hands them on form by form, as long
// as they are wanted.
func (b *linear) eachForm(s string, read func([]piece) bool) {
	number, page, lastLine := 0, 0, 0
	var pieces []piece
	for line := range strings.Lines(s) {
		number++
		if strings.HasPrefix(line, "\f") {
			page++
			if n := len(pieces) - 1; n >= 0 && pieces[n].line == lastLine && pieces[n].text == strconv.Itoa(page) {
				b.furniture(pieces[n])
				pieces = pieces[:n]
			}
		}
		line = strings.TrimFunc(zh.Plain(line), func(r rune) bool { return unicode.IsSpace(r) || r == '|' || r == '｜' })
		if line == "" {
			continue
		}
		lastLine = number
		switch {
		case pageNumber(line):
			b.furniture(piece{text: line, line: number})
		default:
			if len(pieces) > 0 && b.words.Title(line) { // a form is read before the next
				if !read(pieces) {
					return
				}
				pieces = pieces[:0]
			}
			from := len(pieces)
			pieces = b.split(pieces, line, number)
			if len(pieces) > from {
				pieces[from].first = true
			}
		}
	}
	read(pieces)
}

// readForm reads the pieces of a form.
func (b *linear) readForm(pieces []piece) {
	b.pieces = b.valuesLikeLabels(b.joinLabels(pieces))
	b.astray, b.mixed = b.fundsAstray(), b.mixedUp()
	b.read()
}

// Disordered says whether a text without tables has the cells in another order
// than the rows, as pages turned into text have them where labels stand in the
// middle of what they span: amounts away from their labels, levels below the
// wrong ones. The beginning of the text tells.
func Disordered(s string, w Words) bool {
	const enough = 256 << 10 // bytes
	if len(s) > enough {
		s = s[:enough]
	}
	if !Linear(s, w) {
		return false
	}
	b := linear{words: w, builder: builder{yield: func(model.Table) bool { return true }, more: true, words: w}, division: divisionOf(s, w)}
	forms, out := 0, 0
	b.eachForm(s, func(pieces []piece) bool {
		b.pieces = b.valuesLikeLabels(b.joinLabels(pieces))
		if !slices.ContainsFunc(b.pieces, func(p piece) bool { return p.kind == NameHeader }) {
			return true
		}
		forms++
		if b.mixedUp() || b.scattered() && b.filled() {
			out++
		}
		return true
	})
	const oneIn = 5 // forms: a text comes from one program
	return out > 0 && out*oneIn >= forms
}

// mixedUp says whether the cells of a form do not stand in the order of its
// rows: level-2 labels stand before the level 1 they belong to, or below that
// of others, more often than a label that someone put in the wrong row does.
func (b *linear) mixedUp() bool {
	late, wrong := 0, 0
	one, both := "", ""
	for i, p := range b.pieces {
		switch p.kind {
		case Level1Label:
			one, both = p.text, ""
		case Level2Label:
			if b.words.Under("", p.text) { // a level 1 as well
				both = p.text
				continue
			}
			if b.words.Under(one, p.text) || b.words.Under(both, p.text) {
				continue
			}
			wrong++
			next := slices.IndexFunc(b.pieces[i:], func(q piece) bool { return q.kind == Level1Label })
			if next > 0 && b.words.Under(b.pieces[i+next].text, p.text) {
				late++
			}
		}
	}
	return late > 1 || wrong > 2 || late > 0 && b.fundsAstray()
}

// scattered says whether cells of the form stand away from their rows: parts of
// the head behind the indicators, headings away from their header, values in a
// run away from what they are values of.
func (b *linear) scattered() bool {
	const run = 3 // labels, or values, that stand together in no row
	inTable, below, goal := false, false, false
	columns, fields, labels, values := 0, 0, 0, 0
	start := "" // the label that the form begins with
	for i, p := range b.pieces {
		if b.words.Kind(p.text) == FieldLabel {
			if key := zh.Fold(p.text); start == "" {
				start = key
			} else if start == key { // another form, or another table of a book
				inTable, below, columns, fields, labels, values = false, false, 0, 0, 0, 0
			}
		}
		if p.kind == NoLabel {
			if b.words.Title(p.text) {
				continue
			}
			if below && bracketed(p.text) && yearLine(p.text) {
				return true
			}
			if inTable && pureNumber(p.text) { // points, perhaps
				continue
			}
			if inTable && !below {
				columns++
			}
			below = below || inTable && wordStrength(zh.Fold(p.text)) == strong
			if inTable && valueStrength(zh.Fold(p.text)) == strong {
				below = true
				if values++; values > max(run, columns) {
					return true
				}
				continue
			}
			values = 0
			if next := i + 1; labels >= run && fields > 1 && !goal && !inTable && !note(p.text) && next < len(b.pieces) && b.pieces[next].kind == NoLabel && !note(b.pieces[next].text) {
				return true
			}
			fields, labels = 0, 0
			if below && b.headOf(p.text) {
				return true
			}
			continue
		}
		values = 0
		switch p.kind {
		case Level1Label, Level2Label:
			below = below || inTable
			continue
		case HeaderLabel, NameHeader:
			inTable = true
			fields, labels = 0, 0
			if b.words.Column(p.text) != LevelColumn {
				columns++
			}
			if below && !b.headerNear(i) {
				return true
			}
			continue
		}
		if below && (b.headOf(p.text) || p.kind == TableLabel && !b.header(i+1)) {
			return true
		}
		labels++
		if p.kind == FieldLabel {
			fields++
		}
		goal = p.kind == GoalLabel || p.kind == GoalGroup || p.kind == EitherGoal // its text may have many lines
	}
	return false
}

// filled says whether the indicators have figures: a blank template has none.
func (b *linear) filled() bool {
	return slices.ContainsFunc(b.pieces, func(p piece) bool {
		s := zh.Fold(p.text)
		return p.kind == NoLabel && valueStrength(s) == strong && strings.ContainsAny(s, "123456789") && !yearLine(p.text)
	})
}

// headOf says whether a text is a label of the funding block or the goals, which
// stand above the indicators.
func (b *linear) headOf(s string) bool {
	switch b.words.Kind(s) {
	case ProjectFund, AnnualFund, GroupLabel, GoalLabel:
		return true
	}
	return false
}

// headerNear says whether the heading at a piece stands in a header: the heading
// of the names is one of those around it, and has another beside it.
func (b *linear) headerNear(at int) bool {
	const widest = 10 // columns
	want, far := NameHeader, widest
	if b.pieces[at].kind == NameHeader {
		want, far = HeaderLabel, 2
	}
	for _, step := range []int{-1, 1} {
		for n := 1; n <= far; n++ {
			i := at + n*step
			if i < 0 || i >= len(b.pieces) {
				break
			}
			p := b.pieces[i]
			if p.kind == want {
				return true
			}
			if p.kind == Level1Label || p.kind == Level2Label || p.kind == NoLabel && valueStrength(zh.Fold(p.text)) == strong {
				break
			}
		}
	}
	return false
}

// bracketed says whether a text stands in round brackets.
func bracketed(s string) bool {
	s = strings.TrimSpace(zh.Fold(s))
	return strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")")
}

type linear struct {
	words    Words
	builder  builder
	pieces   []piece
	division division
	inTable  bool // the header of the indicators was seen
	astray   bool // the form's amounts do not stand behind their labels
	mixed    bool // its cells do not stand in the order of its rows
}

// furniture sets a page's number aside.
func (b *linear) furniture(p piece) {
	t := &b.builder.current
	t.Ignored = append(t.Ignored, model.Ignored{Reason: model.PageFurniture, Text: p.text, Location: model.Location{Line: &p.line}})
}

// pageNumber recognises a page's number by what is written about it: — 3 —,
// 第3页, 共8页.
func pageNumber(s string) bool {
	s = strings.Join(strings.Fields(zh.Fold(s)), "")
	digits := strings.Trim(s, "-—–·第页共/,，")
	dashed := strings.IndexAny(s, "-—–·") == 0 && strings.Trim(s[len(s)-1:], "-") == "" || strings.HasPrefix(s, "—") && strings.HasSuffix(s, "—") || strings.HasPrefix(s, "–") && strings.HasSuffix(s, "–")
	paged := strings.HasSuffix(s, "页") && (strings.HasPrefix(s, "第") || strings.HasPrefix(s, "共"))
	if !dashed && !paged {
		return false
	}
	return strings.Trim(digits, "0123456789-—–/第页共,，") == "" && len(digits) <= 24 && (paged || len(digits) <= 4)
}

// yearLine recognises a line that holds a year and nothing else.
func yearLine(s string) bool {
	s = strings.Join(strings.Fields(zh.Fold(s)), "")
	s = strings.Trim(s, "()[]〔〕")
	if len(s) < 4 || !strings.HasPrefix(s, "20") || strings.Trim(s[:4], "0123456789") != "" {
		return false
	}
	return s[4:] == "年" || s[4:] == "年度"
}

// divisionOf finds out what stands between the cells of a line: what follows
// the labels that lines begin with, where more of them do that than are a
// label alone.
func divisionOf(s string, w Words) division {
	whole := 0
	behind := map[division]int{}
	for line := range strings.Lines(s) {
		line = strings.TrimSpace(line)
		switch {
		case len(line) > 4000 || line == "":
		case w.blankHeader(line):
			return byBlank
		case w.Kind(line) != NoLabel:
			whole++
		default:
			n := w.prefix(line, true)
			if n == 0 {
				continue
			}
			rest := line[n:]
			gap := rest[:len(rest)-len(strings.TrimLeftFunc(rest, unicode.IsSpace))]
			switch {
			case gap == " " || gap == "\u00a0":
				behind[byBlank]++
			case gap != "":
				behind[byGaps]++
			case strings.HasSuffix(line[:n], ":") || strings.HasSuffix(line[:n], "：") || strings.HasPrefix(rest, ":") || strings.HasPrefix(rest, "："):
				whole++
			default:
				behind[byNothing]++
			}
		}
	}
	best := byLines
	for _, d := range []division{byGaps, byBlank, byNothing} {
		if behind[d] > max(whole, behind[best]) {
			best = d
		}
	}
	return best
}

// blankHeader says whether a line is a whole header of indicators whose cells
// one blank divides: then one does so in every line.
func (w Words) blankHeader(line string) bool {
	const fewest = 3 // headings
	cells := strings.Split(line, " ")
	return len(cells) >= fewest && slices.ContainsFunc(cells, func(c string) bool { return w.Kind(c) == NameHeader }) &&
		!slices.ContainsFunc(cells, func(c string) bool { return w.Column(c) == NoColumn })
}

// kind is what a text is as a label where it stands: among the indicators only
// levels, headings and what ends them count.
func (b *linear) kind(s string) Kind {
	if yearLine(s) {
		return NoLabel
	}
	k := b.words.Kind(s)
	switch k {
	case NameHeader:
		b.inTable = true
	case FieldLabel, ProjectFund, AnnualFund, EitherFund, GroupLabel, GoalLabel, GoalGroup, EitherGoal:
		if b.inTable {
			return NoLabel
		}
	}
	return k
}

// split divides a line into cells: at the labels it begins with, and at what
// divides cells in this text.
func (b *linear) split(out []piece, line string, number int) []piece {
	for line != "" {
		if b.words.Title(line) {
			b.inTable = false
			return append(out, piece{text: line, line: number})
		}
		if yearLine(line) {
			return append(out, piece{text: line, line: number})
		}
		if k := b.kind(line); k != NoLabel {
			return append(out, piece{text: line, kind: k, line: number})
		}
		n := b.words.prefix(line, b.division == byNothing)
		if n == 0 || b.kind(line[:n]) == NoLabel {
			break
		}
		k := b.kind(line[:n])
		out = append(out, piece{text: line[:n], kind: k, line: number})
		line = strings.TrimLeft(line[n:], " \u3000\t:：")
		if b.division == byNothing && k == FieldLabel { // its value may begin as a label does
			break
		}
	}
	if line == "" {
		return out
	}
	switch b.division {
	case byNothing:
		return b.splitGlued(out, line, number)
	case byBlank, byGaps:
		cell, rest, single := b.cutCell(line)
		out = append(out, piece{text: cell, kind: b.kind(cell), line: number})
		if rest == "" {
			return out
		}
		from := len(out)
		out = b.split(out, rest, number)
		if single && from < len(out) {
			out[from].space = true
		}
		return out
	}
	for cell := range strings.SplitSeq(line, "\t") {
		if cell = strings.TrimSpace(cell); cell == "" {
			continue
		}
		if i := strings.LastIndexAny(cell, " \u3000"); i > 0 && b.inTable && strings.ContainsAny(cell[i:], signs) && valueStrength(zh.Fold(strings.TrimSpace(cell[i:]))) == strong {
			out = append(out, piece{text: strings.TrimSpace(cell[:i]), line: number})
			cell = strings.TrimLeft(cell[i:], " \u3000")
		}
		out = append(out, piece{text: cell, kind: b.kind(cell), line: number})
	}
	return out
}

// cutCell cuts the first cell off a line.
func (b *linear) cutCell(line string) (cell, rest string, single bool) {
	for i := 0; i < len(line); {
		r, n := utf8.DecodeRuneInString(line[i:])
		if !unicode.IsSpace(r) {
			i += n
			continue
		}
		behind := strings.TrimLeftFunc(line[i:], unicode.IsSpace)
		gap := line[i : len(line)-len(behind)]
		wide := gap != " " && gap != "\u00a0"
		if wide || b.division == byBlank && !numbered(behind) {
			return line[:i], behind, !wide
		}
		i += len(gap)
	}
	return line, "", false
}

// splitGlued divides a line in which nothing stands between the cells: behind
// an amount, a day, and a value with its sign. Where a text ends and the next
// label begins nothing tells: it is left in one piece.
func (b *linear) splitGlued(out []piece, line string, number int) []piece {
	if len(out) > 0 && out[len(out)-1].line == number && out[len(out)-1].kind == FieldLabel && b.words.Kind(line) != NoLabel {
		return append(out, piece{text: line, line: number})
	}
	if len(out) > 0 && out[len(out)-1].line == number && out[len(out)-1].kind != NoLabel && !b.inTable {
		n := len(line) - len(strings.TrimLeft(line, "0123456789,.-"))
		if n > 0 && n < len(line) && b.words.prefix(line[n:], true) > 0 || n > 0 && n < len(line) && b.words.Kind(line[n:]) != NoLabel {
			out = append(out, piece{text: line[:n], line: number})
			return b.split(out, line[n:], number)
		}
	}
	if name, value, ok := nameValue(line); ok && b.inTable && wholeName(zh.Fold(name)) && !strings.ContainsAny(name, "，,。；;") {
		return append(out, piece{text: name, line: number}, piece{text: value, line: number})
	}
	return append(out, piece{text: line, kind: b.kind(line), line: number})
}

// labelWithin says whether a label stands somewhere within a text.
func (b *linear) labelWithin(s string) bool {
	for i := range s {
		if b.words.prefix(s[i:], true) > 0 || i > 0 && b.words.Kind(s[i:]) != NoLabel {
			return true
		}
		for n, runes := i, 0; i > 0 && runes < 3 && n < len(s); runes++ { // labels of three characters
			_, w := utf8.DecodeRuneInString(s[n:])
			if n += w; runes >= 1 && b.words.Kind(s[i:n]) == FieldLabel {
				return true
			}
		}
	}
	return false
}

// joinLabels puts labels together that the lines broke: 经济效益 / 指标.
func (b *linear) joinLabels(in []piece) []piece {
	const most = 6 // lines of one label
	var out []piece
	inTable := false
	for i := 0; i < len(in); {
		inTable = (inTable || in[i].kind == NameHeader) && !b.words.Title(in[i].text)
		joined, used := in[i], 1
		text := in[i].text
		if yearLine(text) { // a label may have a year before it, but not in a line of its own
			out = append(out, in[i])
			i++
			continue
		}
		for n := 1; n < most && i+n < len(in); n++ {
			next := in[i+n]
			runes := utf8.RuneCountInString(next.text)
			sided := next.kind == EitherFund && !inTable && b.sideOf(text+next.text) // 其中：当年 / 财政拨款
			if runes > 8 || utf8.RuneCountInString(text) > labelRunes || next.kind != NoLabel && runes > 2 && !sided {
				break // the next line is a label of its own
			}
			text += next.text
			k := b.words.Kind(text)
			if inTable && k != Level1Label && k != Level2Label && k != HeaderLabel && k != NameHeader && k != TableLabel {
				continue
			}
			if k != NoLabel {
				joined, used = piece{text: text, kind: k, line: in[i].line, first: in[i].first}, n+1
			}
		}
		out = append(out, joined)
		i += used
	}
	return out
}

// sideOf says whether a text is the label of an amount of one side.
func (b *linear) sideOf(s string) bool {
	k := b.words.Kind(s)
	return k == ProjectFund || k == AnnualFund
}

// valuesLikeLabels tells values that say what a label of an amount says from
// such labels: 项目类别 / 其他. They stand right behind a field's label and no
// amount follows them.
func (b *linear) valuesLikeLabels(ps []piece) []piece {
	for i := range ps {
		if ps[i].kind != EitherFund || i == 0 || ps[i-1].kind != FieldLabel {
			continue
		}
		if i+1 == len(ps) || ps[i+1].kind != NoLabel || !startsWithDigit(zh.Fold(ps[i+1].text)) {
			ps[i].kind = NoLabel
		}
	}
	return ps
}

// read turns the pieces into rows.
func (b *linear) read() {
	i := 0
	for i < len(b.pieces) {
		p := b.pieces[i]
		switch {
		case b.words.Title(p.text):
			b.builder.outside(p.text, p.line)
			i++
		case b.header(i), p.kind == TableLabel && b.header(i+1):
			i = b.indicators(i)
		case p.kind == NoLabel:
			b.builder.outside(p.text, p.line)
			i++
		default:
			i = b.labelled(i)
		}
	}
}

func (b *linear) row(ps ...piece) {
	b.cells(ps, nil)
}

// cells adds a row; a doubt goes to its last cell.
func (b *linear) cells(ps []piece, doubt *model.CellDoubt) {
	t := &b.builder.current
	for col, p := range ps {
		if p.text == "" {
			continue
		}
		line := p.line
		c := model.Cell{Row: t.Rows, Col: col, RowSpan: 1, ColSpan: 1, Text: p.text,
			Location: model.Location{Line: &line, Cell: model.Ref{Row: t.Rows + 1, Col: col + 1}}}
		if col == len(ps)-1 {
			c.Doubt = doubt
		}
		t.Cells = append(t.Cells, c)
	}
	b.builder.started = true
	t.Rows++
	t.Cols = max(t.Cols, len(ps))
}

// values are the pieces up to the next label.
func (b *linear) values(i int) []piece {
	j := i
	for j < len(b.pieces) && b.pieces[j].kind == NoLabel && !b.words.Title(b.pieces[j].text) {
		j++
	}
	return b.pieces[i:j]
}

// joinPieces is one piece of several.
func joinPieces(ps []piece) piece {
	out := ps[0]
	for _, p := range ps[1:] {
		out.text = joinIn(out.text, p)
	}
	return out
}

// closeBrackets moves a piece that closes a bracket behind the one that opened
// it: a page break within a row puts the row's other cells between the two.
func closeBrackets(ps []piece) []piece {
	open := func(s string) int { return strings.Count(zh.Fold(s), "(") - strings.Count(zh.Fold(s), ")") }
	for i := 0; i+2 < len(ps); i++ {
		if open(ps[i].text) != 1 || open(ps[i+1].text) != 0 {
			continue
		}
		if n := slices.IndexFunc(ps[i+1:], func(p piece) bool { return open(p.text) != 0 }); n > 0 && open(ps[i+1+n].text) == -1 {
			ps = slices.Clone(ps)
			closing := ps[i+1+n]
			ps = slices.Insert(slices.Delete(ps, i+1+n, i+2+n), i+1, closing)
		}
	}
	return ps
}

var (
	wordRunTogether = model.Text{
		Zh: "这份文字丢了表格，这里的几行可能是一项，也可能是几项，没有采用；请用原来的文件",
		En: "this text has lost its table; these lines may be one field or several, so they were not taken; use the original file",
	}
)

func doubtful() *model.CellDoubt {
	return &model.CellDoubt{Code: model.AmbiguousText, Message: model.Message{Text: wordRunTogether}}
}

// labelled reads a label of the head, the funding block or the goals and what
// stands behind it.
func (b *linear) labelled(i int) int {
	p := b.pieces[i]
	vals := b.values(i + 1)
	next := i + 1 + len(vals)
	switch p.kind {
	case GoalLabel, GoalGroup, EitherGoal:
		return b.goals(i)
	case ProjectFund, AnnualFund, EitherFund:
		return b.funds(i)
	case GroupLabel, TableLabel:
		b.row(p)
		if len(vals) > 0 {
			return i + 1
		}
		return next
	case Level1Label, Level2Label:
		return b.group(i, table{level1: -1, level2: -1, name: -1, level2b: -1, nameB: -1})
	case StopLabel:
		b.row(append([]piece{p}, vals...)...)
		return next
	}
	kept := vals
	for len(kept) > 1 && note(kept[len(kept)-1].text) {
		kept = kept[:len(kept)-1]
	}
	switch {
	case len(kept) == 0:
		b.row(p)
	case b.division == byNothing && b.labelWithin(kept[0].text), b.labelAmong(kept):
		b.cells([]piece{p, joinPieces(kept)}, doubtful())
	case len(kept) == 1 || goesOnUnfinished(kept):
		b.row(p, joinPieces(kept))
	default: // one value over several lines, or a field that is not known
		b.cells([]piece{p, joinPieces(kept)}, doubtful())
	}
	for _, v := range vals[len(kept):] {
		b.row(v)
	}
	return next
}

// labelAmong says whether a word of the values is a label: cells ran together.
func (b *linear) labelAmong(ps []piece) bool {
	for _, p := range ps {
		words := strings.Fields(p.text)
		if len(words) > 1 && slices.ContainsFunc(words, func(w string) bool { return b.words.Kind(w) != NoLabel && utf8.RuneCountInString(w) > 2 }) {
			return true
		}
	}
	return false
}

// goesOnUnfinished says whether every piece goes on with the one before it, as
// an open bracket shows.
func goesOnUnfinished(ps []piece) bool {
	text := ps[0].text
	for _, p := range ps[1:] {
		if !unfinished(text, p.text) {
			return false
		}
		text = joinIn(text, p)
	}
	return true
}

// note says whether a line is about the whole form: a year, a unit.
func note(s string) bool {
	s = zh.Fold(s)
	return strings.Contains(s, "单位:") || yearLine(s)
}

// goals reads goal labels and their texts. Two labels in a row with texts
// behind them leave open where one goal ends.
func (b *linear) goals(i int) int {
	j := i
	var labels []piece
	own, either := 0, 0
	for j < len(b.pieces) && (b.pieces[j].kind == GoalLabel || b.pieces[j].kind == GoalGroup || b.pieces[j].kind == EitherGoal) {
		labels = append(labels, b.pieces[j])
		switch b.pieces[j].kind {
		case GoalLabel:
			own++
		case EitherGoal:
			either++
		}
		j++
	}
	vals := b.values(j)
	if own == 1 && (len(vals) > 1 || b.division == byNothing) { // with one goal beside it, the other may be one as well
		own += either
	}
	next := j + len(vals)
	switch {
	case len(vals) == 0:
		b.row(labels...)
	case own <= 1 && ragged(vals):
		b.cells(append(labels, joinPieces(vals)), doubtful())
	case own <= 1:
		b.row(append(labels, joinPieces(vals))...)
	case own == 2 && len(vals) == 2 && vals[0].line == vals[1].line && !vals[1].space: // a cell each
		b.row(labels...)
		b.row(vals...)
	default:
		b.row(labels...)
		b.cells([]piece{joinPieces(vals)}, doubtful())
	}
	return next
}

// ragged says whether a text of several lines has one that ends neither a
// sentence nor a full line: cells of another block may have run into it.
func ragged(ps []piece) bool {
	const full = 0.8 // of the widest line
	widest := 0
	for _, p := range ps {
		widest = max(widest, halves(p.text))
	}
	for i := 1; i < len(ps); i++ {
		last, _ := utf8.DecodeLastRuneInString(zh.Fold(ps[i-1].text))
		next := zh.Fold(ps[i].text)
		if !strings.ContainsRune(".。;!:,、)", last) && float64(halves(ps[i-1].text)) < full*float64(widest) && !itemised(next) {
			return true
		}
	}
	return false
}

// itemised says whether a text begins with an item's number: 1. （2） ③ 四、 目标5
func itemised(folded string) bool {
	folded = strings.TrimPrefix(strings.TrimPrefix(folded, "目标"), "(")
	r, _ := utf8.DecodeRuneInString(folded)
	return r >= '0' && r <= '9' || r >= '①' && r <= '⑳' || strings.ContainsRune("一二三四五六七八九十●◆★-", r)
}

// funds reads labels of amounts. The labels of both sides stand in one row.
func (b *linear) funds(i int) int {
	row := []piece{}
	first := b.pieces[i]
	sides := 0
	j := i
	for j < len(b.pieces) {
		p := b.pieces[j]
		if !p.kind.fund() || sides == 1 && !beside(first, p) || sides > 1 {
			break
		}
		vals := b.values(j + 1)
		row = append(row, p)
		sides++
		j++
		if len(vals) == 0 {
			row = append(row, piece{})
			continue
		}
		if b.astray {
			b.cells(append(row, joinPieces(vals)), doubtful())
			return j + len(vals)
		}
		row = append(row, vals[0])
		j += len(vals)
		if len(vals) > 1 {
			b.row(row...)
			for _, v := range vals[1:] {
				b.row(v)
			}
			return j
		}
	}
	b.row(row...)
	return j
}

func (k Kind) fund() bool { return k == ProjectFund || k == AnnualFund || k == EitherFund }

// fundsAstray says whether amounts stand elsewhere than behind their labels:
// behind a label stand several, or a text.
func (b *linear) fundsAstray() bool {
	for i, p := range b.pieces {
		if !p.kind.fund() {
			continue
		}
		vals := b.values(i + 1)
		for len(vals) > 0 && note(vals[len(vals)-1].text) {
			vals = vals[:len(vals)-1]
		}
		amounts := 0
		for n, v := range vals {
			s := zh.Fold(v.text)
			if n == 1 && amounts == 1 && !v.first && hasLetter(s) { // the beginning of a label that goes on in the next line
				return true
			}
			if startsWithDigit(strings.TrimLeft(s, "-¥￥")) {
				amounts++
			} else if n == 0 && hasLetter(s) && utf8.RuneCountInString(s) > 2 {
				return true
			}
		}
		if amounts > 1 {
			return true
		}
	}
	return false
}

// beside says whether two labels of amounts are the two sides of one row: the
// same amount of the project and of the year.
func beside(a, b piece) bool {
	switch a.kind {
	case ProjectFund:
		return b.kind == AnnualFund
	case EitherFund:
		x, y := fundOf(a.text), fundOf(b.text)
		return b.kind == AnnualFund && x != "" && x == y || b.kind == EitherFund && zh.Fold(a.text) == zh.Fold(b.text)
	}
	return false
}

// fundOf is the word that says which amount a label names, "" for none that
// both sides have.
func fundOf(label string) string {
	label = zh.Fold(label)
	for _, words := range [][]string{{"总额", "总预算", "合计"}, {"财政", "拨款"}, {"其他", "其它"}} {
		if slices.ContainsFunc(words, func(w string) bool { return strings.Contains(label, w) }) {
			return words[0]
		}
	}
	return ""
}

// table is the header of an indicator table that has lost its lines.
type table struct {
	level1, level2, name int // where its columns stand, -1 for none
	lattice              *lattice
	// A table with two sides has names and values twice: where the second
	// ones stand, -1 for none.
	level2b, nameB int
}

// header says whether a header of indicators begins at a piece.
func (b *linear) header(i int) bool {
	return i < len(b.pieces) && (b.pieces[i].kind == HeaderLabel || b.pieces[i].kind == NameHeader)
}

// indicators reads the header, with the label beside it, and the level labels, names and values below it.
func (b *linear) indicators(i int) int {
	j := i
	var header []piece
	beside := 0
	if b.pieces[i].kind == TableLabel { // it says whose indicators these are
		header = append(header, b.pieces[i])
		beside = 1
		j++
	}
	for j < len(b.pieces) && b.words.Column(b.pieces[j].text) != NoColumn && b.pieces[j].kind != Level1Label && b.pieces[j].kind != Level2Label {
		header = append(header, b.pieces[j])
		j++
	}
	if j == i+beside {
		header = append(header, b.pieces[j])
		j++
	}
	if j < len(b.pieces) && b.pieces[j].kind == NoLabel { // a heading that nobody knows, perhaps
		if vals := b.values(j); j+len(vals) < len(b.pieces) && len(vals) == 1 && (b.pieces[j+1].kind == Level1Label || b.pieces[j+1].kind == TableLabel) {
			header = append(header, vals[0])
			j++
		}
	}
	b.row(header...)
	t := b.tableOf(header[beside:]).shifted(beside)
	end := b.tableEnd(j)
	if b.mixed || t.level1 >= 0 && b.levelsUnknown(b.pieces[j:end]) {
		t = b.tableOf(nil)
	}
	if t.lattice != nil && t.nameB < 0 { // the columns of two sides may differ in width
		t.lattice.learn(b.segments(j, end))
	}
	if t.nameB >= 0 {
		for j < end {
			j = b.sided(j, end, t)
		}
	}
	for j < end {
		switch p := b.pieces[j]; p.kind {
		case Level1Label, Level2Label:
			j = b.group(j, t)
		case NoLabel:
			vals := b.values(j)
			b.rows(nil, vals, t)
			j += len(vals)
		default:
			b.row(p)
			j++
		}
	}
	if j < len(b.pieces) && b.pieces[j].kind == StopLabel {
		b.row(b.pieces[j])
		j++
	}
	return j
}

// levelsUnknown says whether the first cells of a table with levels are none
// that is known: its labels are other ones, or stand elsewhere.
func (b *linear) levelsUnknown(ps []piece) bool {
	i := slices.IndexFunc(ps, func(p piece) bool { return p.kind != TableLabel })
	return i >= 0 && ps[i].kind == NoLabel
}

// tableEnd is where an indicator table ends: at a title, a label of the head
// or the notes, or its header over again.
func (b *linear) tableEnd(i int) int {
	for i < len(b.pieces) {
		p := b.pieces[i]
		switch p.kind {
		case TableLabel:
			if b.header(i + 1) {
				return i
			}
		case Level1Label, Level2Label:
		case NoLabel:
			if b.words.Title(p.text) {
				return i
			}
		default:
			return i
		}
		i++
	}
	return i
}

// segments are the pieces between the level labels.
func (b *linear) segments(i, end int) [][]piece {
	var out [][]piece
	for i < end {
		vals := b.values(i)
		if len(vals) > 0 && i+len(vals) <= end {
			out = append(out, vals)
		}
		i += max(1, len(vals))
	}
	return out
}

// tableOf makes the columns of a header. A table whose sides differ, or
// without a column of names, has no lattice: nothing tells its cells apart.
func (b *linear) tableOf(header []piece) table {
	none := table{level1: -1, level2: -1, name: -1, level2b: -1, nameB: -1}
	t := none
	var columns, second []Column
	for n, h := range header {
		c := b.words.Column(h.text)
		switch {
		case c == LevelColumn && t.name >= 0 && t.level2b < 0 && t.nameB < 0:
			t.level2b = n
		case c == NameColumn && t.name >= 0 && t.nameB < 0:
			t.nameB = n
			second = append(second, c)
		case c == LevelColumn && t.level1 < 0:
			t.level1 = n
		case c == LevelColumn && t.level2 < 0:
			t.level2 = n
		case c == NameColumn && t.name < 0:
			t.name = n
			columns = append(columns, c)
		case t.name < 0 || c == LevelColumn || c == NameColumn || t.level2b >= 0 && t.nameB < 0:
			return none // a column before the levels or the names, or more sides
		default:
			if c == NoColumn {
				c = NoteColumn
			}
			if t.nameB >= 0 {
				second = append(second, c)
			} else {
				columns = append(columns, c)
			}
		}
	}
	if t.name < 0 || !slices.Contains(columns, ValueColumn) || b.division == byNothing && len(columns) != 2 || t.level2b >= 0 && t.nameB < 0 {
		return none
	}
	if t.nameB >= 0 && (b.division != byLines || len(columns) != 2 || !slices.Equal(columns, second)) {
		return none
	}
	t.lattice = newLattice(columns, b.division != byLines)
	return t
}

// shifted is the table with its columns further to the right.
func (t table) shifted(by int) table {
	for _, at := range []*int{&t.level1, &t.level2, &t.name, &t.level2b, &t.nameB} {
		if *at >= 0 {
			*at += by
		}
	}
	return t
}

// cutLabel says whether a name begins with a level label that a line cut:
// 可持续影响指 of 可持续影响指标. A name and a label then ran together.
func (b *linear) cutLabel(name string) bool {
	runes := 0
	for i := range name {
		if runes >= 4 && runes <= labelRunes && (b.words.isLevel(name[:i]+"标") || b.words.isLevel(name[:i]+"响指标")) {
			return true
		}
		runes++
	}
	return false
}

// sided reads the rows below the level labels of a table with two sides: a
// row's left cells, then its right ones, with or without the level 2 between
// them again. Rows whose sides speak of different things may have a blank
// side, and are doubted.
func (b *linear) sided(i, end int, t table) int {
	j := i
	var labels []piece
	for j < end && b.pieces[j].kind != NoLabel {
		if k := b.pieces[j].kind; k != Level1Label && k != Level2Label {
			b.row(b.pieces[j])
			return j + 1
		}
		labels = append(labels, b.pieces[j])
		j++
	}
	left := b.values(j)
	j += len(left)
	all := slices.Clone(left)
	rows := b.sure(left, t)
	var again []piece
	if t.level2b >= 0 && len(labels) > 0 && j < end && b.pieces[j].kind == Level2Label && zh.Fold(b.pieces[j].text) == zh.Fold(labels[len(labels)-1].text) {
		again = b.pieces[j : j+1]
		right := b.values(j + 1)
		j += 1 + len(right)
		all = append(all, right...)
		if more := b.sure(right, t); len(rows) == 1 && more != nil {
			rows = append(rows, more...)
		} else {
			rows = nil
		}
	} else if t.level2b >= 0 {
		rows = nil
	}
	paired := len(rows) > 0 && len(rows)%2 == 0
	for n := 0; paired && n < len(rows); n += 2 {
		paired = n == 0 && again != nil || alike(rows[n].cells[0].text, rows[n+1].cells[0].text)
	}
	for len(labels) > 2 || len(labels) == 2 && labels[0].kind == labels[1].kind {
		b.row(labels[0])
		labels = labels[1:]
	}
	if !paired {
		row := t.beside(labels)
		for _, p := range again {
			all = append([]piece{p}, all...)
		}
		if len(all) > 0 {
			b.cells(append(row, joinPieces(all)), doubtful())
		} else {
			b.row(labels...)
		}
		return j
	}
	for n := 0; n < len(rows); n += 2 {
		row := make([]piece, t.nameB+len(t.lattice.columns))
		if n == 0 {
			t.place(row, labels)
			if again != nil {
				row[t.level2b] = again[0]
			}
		}
		copy(row[t.name:], rows[n].cells)
		copy(row[t.nameB:], rows[n+1].cells)
		b.row(row...)
	}
	return j
}

// sure are the rows that pieces make, nil where one of them is not certain.
func (b *linear) sure(ps []piece, t table) []rowOf {
	if len(ps) == 0 {
		return nil
	}
	rows := t.lattice.read(ps)
	if slices.ContainsFunc(rows, func(r rowOf) bool { return !r.sure || b.cutLabel(r.cells[0].text) }) {
		return nil
	}
	return rows
}

// place puts level labels in their columns of a row.
func (t table) place(row, labels []piece) {
	for _, l := range labels {
		if l.kind == Level1Label && t.level1 >= 0 {
			row[t.level1] = l
		} else if t.level2 >= 0 {
			row[t.level2] = l
		} else if t.level1 >= 0 {
			row[t.level1] = l
		}
	}
}

// beside is a row of level labels alone, with room for them at the left edge,
// where labels of the form itself stand.
func (t table) beside(labels []piece) []piece {
	if t.name > 0 && (t.level1 >= 0 || t.level2 >= 0) {
		row := make([]piece, t.name)
		t.place(row, labels)
		return row
	}
	row := slices.Clone(labels)
	if len(row) == 0 {
		row = append(row, piece{})
	}
	return row
}

// alike says whether two names speak of the same thing: half of what one says
// stands in the other.
func alike(a, b string) bool {
	x, y := zh.Bigrams(zh.Fold(a)), zh.Bigrams(zh.Fold(b))
	if len(x) > len(y) {
		x, y = y, x
	}
	same := 0
	for k := range x {
		if _, ok := y[k]; ok {
			same++
		}
	}
	return same > 0 && same*2 >= len(x)
}

// group reads level labels and the names and values under them.
func (b *linear) group(i int, t table) int {
	j := i
	var labels []piece
	for j < len(b.pieces) && (b.pieces[j].kind == Level1Label || b.pieces[j].kind == Level2Label) {
		labels = append(labels, b.pieces[j])
		j++
	}
	vals := b.values(j)
	b.rows(labels, vals, t)
	return j + len(vals)
}

// rows adds the indicators under level labels.
func (b *linear) rows(labels, vals []piece, t table) {
	for len(labels) > 2 || len(labels) == 2 && labels[0].kind == labels[1].kind { // labels without indicators
		b.row(labels[0])
		labels = labels[1:]
	}
	if len(vals) == 0 {
		if len(labels) > 0 {
			b.row(labels...)
		}
		return
	}
	unknown := func(ps []piece) {
		b.cells(append(t.beside(labels), joinPieces(closeBrackets(ps))), doubtful())
	}
	if t.lattice == nil {
		unknown(vals)
		return
	}
	var unsure []piece
	put := func() {
		if len(unsure) > 0 {
			unknown(unsure)
			labels, unsure = nil, nil
		}
	}
	for _, r := range t.lattice.read(vals) {
		if !r.sure || b.cutLabel(r.cells[0].text) {
			unsure = append(unsure, r.all...)
			continue
		}
		put()
		row := make([]piece, t.name, t.name+len(r.cells))
		t.place(row, labels)
		labels = nil
		b.row(append(row, r.cells...)...)
	}
	put()
}

// signs begin a value.
const signs = "≥≤=＝＞＜<>≧≦±≈~～"

// likeValue recognises a value by its sign, its number or its period.
func likeValue(s string) bool {
	f := zh.Fold(s)
	r, _ := utf8.DecodeRuneInString(f)
	if strings.ContainsRune(signs, r) {
		return true
	}
	if r >= '0' && r <= '9' {
		return utf8.RuneCountInString(f) <= 24 && !strings.ContainsAny(f, "。；")
	}
	for _, sp := range zh.Before {
		if rest, ok := strings.CutPrefix(f, sp.Text); ok && sp.Prose && rest != "" && rest[0] >= '0' && rest[0] <= '9' {
			return true
		}
	}
	return false
}

// wordValues are what indicators that are no numbers have for values.
var wordValues = []string{"提升", "提高", "改善", "增强", "加强", "健全", "完善", "建立", "长期", "持续", "有效", "显著", "明显", "稳步", "逐步", "不断", "良好", "优良", "规范", "合规", "合理", "合法",
	"及时", "按时", "按期", "正常", "稳定", "安全", "满意", "达标", "合格", "完成", "充分", "明确", "优", "良", "好", "是", "有", "无", "零", "降低", "减少", "下降", "促进", "保障", "推动", "基本", "较", "进一步", "全面", "准确", "完整", "科学", "可持续", "符合", "达到", "控制在"}

// wordValue recognises a short value in words.
func wordValue(s string) bool {
	f := zh.Fold(s)
	if utf8.RuneCountInString(f) > 6 {
		return false
	}
	return slices.ContainsFunc(wordValues, func(w string) bool {
		return strings.HasPrefix(f, w) || strings.HasSuffix(f, w) && utf8.RuneCountInString(f) <= 4
	})
}

// nameValue divides a line that holds a name and its value, by the sign or the
// number that the value begins with, or by the only blank in it.
func nameValue(s string) (name, value string, ok bool) {
	if i := strings.IndexAny(s, signs); i > 0 && likeValue(s[i:]) && utf8.RuneCountInString(s[:i]) >= 2 {
		return strings.TrimSpace(s[:i]), strings.TrimSpace(s[i:]), true
	}
	if i := strings.LastIndexAny(s, " \u3000"); i > 0 {
		name, value = strings.TrimSpace(s[:i]), strings.TrimLeft(s[i:], " \u3000")
		single := !strings.ContainsAny(name, " \u3000")
		if utf8.RuneCountInString(name) >= 2 && !likeValue(name) && (likeValue(value) || single && (wordValue(value) || strings.ContainsAny(value, "0123456789"))) {
			return name, value, true
		}
	}
	// 覆盖率100%: the last number with its unit ends the line.
	i := strings.LastIndexFunc(s, func(r rune) bool { return !(r >= '0' && r <= '9' || r == '.' || r == ',' || r == '%' || r == '‰') })
	if i > 0 {
		_, n := utf8.DecodeRuneInString(s[i:])
		if v := s[i+n:]; strings.HasSuffix(v, "%") && likeValue(v) && utf8.RuneCountInString(s[:i+n]) >= 3 {
			return s[:i+n], v, true
		}
	}
	return "", "", false
}
