// Package book reads what a budget book says around its forms: sections of
// prose on single projects (项目经费情况说明) and the sentence on how many
// projects have targets. It is fed running text line by line, whatever file
// that came from.
package book

import (
	"iter"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"perfgoal/internal/zh"
	"perfgoal/model"
)

// Line is a line of running text, outside tables.
type Line struct {
	Text   string
	Page   int // of a PDF, 1-based; 0 where there is none
	Number int // of a text's line, 1-based; 0 where there is none
	// Paragraph tells the paragraphs of a document without pages or lines
	// apart; 0 elsewhere.
	Paragraph int
	Box       model.Box // in PDF points; zero where there is none
	Edge      bool      // at a page's top or bottom, where running headers stand
	Apart     bool      // a table stands before it
	Whole     bool      // a paragraph, which no page wrapped
}

func (l *Line) location() model.Location {
	out := model.Location{}
	if l.Page > 0 {
		page, box := l.Page, l.Box
		out.Page, out.Box = &page, &box
	}
	if l.Number > 0 {
		number := l.Number
		out.Line = &number
	}
	return out
}

// same says whether two lines are one.
func (l *Line) same(o *Line) bool {
	return l.Page == o.Page && l.Number == o.Number && l.Paragraph == o.Paragraph && l.Box == o.Box && l.Text == o.Text
}

// Book is what was found.
type Book struct {
	FiscalYear model.Year // 0 where the book names none
	Office     string     // whose book it is, "" where it does not say
	Narratives []model.Narrative
	Statements []model.Statement
}

// Read finds narratives and statements in the running text of a document.
// isForm says whether a line is the title of a declaration, which ends what is
// said before it.
func Read(lines iter.Seq[Line], isForm func(string) bool) Book {
	r := reader{isForm: isForm, edges: map[string]int{}, left: math.Inf(1)}
	for l := range lines {
		r.line(l)
	}
	return r.end()
}

// reader goes through the lines once.
type reader struct {
	isForm     func(string) bool
	statements []model.Statement
	drafts     []*draft
	cur        *draft
	recent     []Line         // the last lines, at most recentLines
	cover      []string       // the first lines
	chapter    bool           // a title that names no project stood before
	widest     float64        // of the lines so far
	left       float64        // where the leftmost of them begins
	edges      map[string]int // how often a line stood at a page's edge, digits apart
	pending    *stretch
}

const (
	// recentLines is how far back a title or the begin of a statement is
	// looked for.
	recentLines = 4
	// coverLines is how many lines may hold the book's title.
	coverLines = 40
)

func (r *reader) line(l Line) {
	l.Text = zh.TrimSpace(l.Text)
	if l.Text == "" {
		return
	}
	if r.cur == nil && strings.IndexByte(l.Text, '\t') >= 0 && !numbered(l.Text) {
		r.settle() // a row of a table, which is no part of a sentence or a title
		r.recent = r.recent[:0]
		return
	}
	if len(r.cover) < coverLines {
		r.cover = append(r.cover, l.Text)
	}
	before := ""
	if n := len(r.recent); n > 0 {
		before = r.recent[n-1].Text
	}
	furniture := r.furniture(&l)
	if !furniture {
		r.statement(before, &l)
		r.narrative(&l)
		if l.Page > 0 || float64(len(l.Text)) > r.widest { // else it has fewer characters
			r.widest = max(r.widest, l.width())
		}
		r.left = min(r.left, l.Box[0])
	}
	if furniture {
		if _, _, title := titleOf(squeeze(l.Text)); !title {
			return
		}
	}
	if len(r.recent) == recentLines {
		copy(r.recent, r.recent[1:])
		r.recent = r.recent[:recentLines-1]
	}
	r.recent = append(r.recent, l)
}

// width is how wide a line is, in points or in characters.
func (l *Line) width() float64 {
	if l.Page > 0 {
		return l.Box[2] - l.Box[0]
	}
	return float64(utf8.RuneCountInString(l.Text))
}

// furniture recognises running headers: lines at the edge of a page that stand
// there on an earlier page too.
func (r *reader) furniture(l *Line) bool {
	if !l.Edge {
		return false
	}
	key := strings.Map(func(c rune) rune {
		if unicode.IsDigit(c) || unicode.IsSpace(c) {
			return -1
		}
		return c
	}, l.Text)
	r.edges[key]++
	return r.edges[key] > 1 || key == "" || strings.Trim(key, "-—–第页共/") == ""
}

// stretch is text that may hold a statement.
type stretch struct {
	text    strings.Builder // folded
	from    int             // where the line begins that speaks of targets
	lines   []Line
	offsets []int // where each of the lines begins
	behind  int   // lines behind that one
}

func (p *stretch) add(l Line) {
	p.lines, p.offsets = append(p.lines, l), append(p.offsets, p.text.Len())
	p.text.WriteString(zh.Fold(l.Text))
}

// at is where the text at an offset stands.
func (p *stretch) at(offset int) model.Location {
	i, found := slices.BinarySearch(p.offsets, offset)
	if !found {
		i--
	}
	return p.lines[max(0, i)].location()
}

// statement gathers the lines about one that speaks of targets.
func (r *reader) statement(before string, l *Line) {
	tabbed := strings.ContainsRune(l.Text, '\t')
	if p := r.pending; p != nil && tabbed {
		r.settle() // a row of a table ends the sentence
	} else if p != nil {
		p.add(*l)
		p.behind++
		if p.behind >= linesBehind || strings.Contains(l.Text, "。") {
			r.settle()
		}
		return
	}
	if tabbed || !speaksOfTargets(before, l.Text) || r.isForm(l.Text) {
		return
	}
	p := &stretch{}
	for _, b := range r.recent[max(0, len(r.recent)-linesBefore):] {
		p.add(b)
	}
	p.from = p.text.Len()
	p.add(*l)
	r.pending = p
	if i := strings.LastIndex(l.Text, word); i >= 0 && strings.Contains(l.Text[i:], "。") {
		r.settle()
	}
}

func (r *reader) settle() {
	if p := r.pending; p != nil {
		r.pending = nil
		r.statements = append(r.statements, statements(p)...)
	}
}

// end gives what was found, once the cover's year is known.
func (r *reader) end() Book {
	r.settle()
	r.close()
	out := Book{Narratives: []model.Narrative{}, Statements: r.statements}
	if len(r.drafts)+len(r.statements) == 0 {
		return Book{Narratives: out.Narratives, Statements: []model.Statement{}}
	}
	c := coverOf(strings.Join(r.cover, ""))
	for i := range out.Statements {
		s := &out.Statements[i]
		if s.Scope == "" {
			s.Scope = c.coverage
		}
		if c.year == 0 {
			c.year = int(s.Year)
		}
	}
	out.FiscalYear, out.Office = model.Year(c.year), officeOf(r.cover)
	for _, d := range r.drafts {
		out.Narratives = append(out.Narratives, d.narrative(c.year))
	}
	return out
}
