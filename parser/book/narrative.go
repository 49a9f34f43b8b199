package book

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"perfgoal/internal/zh"
	"perfgoal/model"
)

// draft is a narrative being read.
type draft struct {
	title, project string
	titled         bool
	at             model.Location
	style          numbering
	number         int // of the last heading
	parts          []*part
	last           *part // nil behind a heading that is not known
}

// part is one of its sections.
type part struct {
	heading
	at    Line
	lines []Line
}

// How many of the seven parts make a narrative: below a title, and without
// one.
const (
	leastParts         = 2
	leastPartsUntitled = 4
)

func (r *reader) narrative(l *Line) {
	if l.Title && !strings.Contains(l.Text, "见") { // 详见项目绩效目标表
		r.close()
		return
	}
	h, ok := headingAt(l.Text)
	if ok && r.cur != nil && r.cur.takes(h) {
		r.cur.begin(h, *l)
		return
	}
	if ok && r.opens(h, l) {
		return
	}
	if r.cur != nil {
		r.within(l)
	}
	if !r.chapter && strings.HasSuffix(l.Text, "说明") {
		if _, project, title := titleOf(squeeze(l.Text)); title && project == "" {
			r.chapter = true
		}
	}
}

// takes says whether a heading goes on with the narrative.
func (d *draft) takes(h heading) bool {
	if h.style != d.style || h.style != unnumbered && h.number <= d.number {
		return false
	}
	return !slices.ContainsFunc(d.parts, func(p *part) bool { return p.kind == h.kind })
}

func (d *draft) begin(h heading, l Line) {
	d.number = h.number
	d.last = &part{heading: h, at: l}
	d.parts = append(d.parts, d.last)
	if h.rest != "" {
		rest := l
		rest.Text = h.rest
		d.last.lines = append(d.last.lines, rest)
	}
}

// opens begins a narrative at a heading, if it is the first of one.
func (r *reader) opens(h heading, l *Line) bool {
	lines, title, project := r.title()
	again := r.cur != nil && h.style == r.cur.style && h.kind == r.cur.parts[0].kind
	if len(lines) == 0 && !again && (h.kind != model.SectionOverview || h.style == unnumbered) {
		return false
	}
	if h.number > 2 { // a narrative does not begin in its middle
		return false
	}
	d := &draft{title: title, project: project, titled: len(lines) > 0, style: h.style, at: l.location()}
	if d.titled {
		d.at = lines[0].location()
		if r.cur != nil {
			r.cur.drop(lines)
		}
	}
	r.close()
	d.begin(h, *l)
	r.cur = d
	return true
}

// drop takes lines back that turned out to be the next narrative's title.
func (d *draft) drop(lines []Line) {
	if d.last == nil {
		return
	}
	d.last.lines = slices.DeleteFunc(d.last.lines, func(l Line) bool {
		return slices.ContainsFunc(lines, func(o Line) bool { return l.same(&o) })
	})
}

// title looks for a title in the lines directly before: one that ends in
// 情况说明, also over several lines, or below a chapter's title a project's
// name. None is found where there are no lines.
func (r *reader) title() (lines []Line, title, project string) {
	n := len(r.recent)
	if n == 0 {
		return nil, "", ""
	}
	joined := ""
	for k := 1; k <= min(3, n); k++ {
		l := &r.recent[n-k]
		if k > 1 && !r.wrapped(l, &r.recent[n-k+1]) {
			break
		}
		joined = squeeze(l.Text) + joined
		if t, p, ok := titleOf(joined); ok {
			lines, title, project = r.recent[n-k:], t, p
		}
	}
	if lines != nil {
		return slices.Clone(lines), title, project
	}
	if last := r.recent[n-1]; r.chapter {
		if name, ok := nameOf(squeeze(last.Text)); ok {
			return []Line{last}, withoutMarker(squeeze(last.Text)), name
		}
	}
	return nil, "", ""
}

// nearlyFull is the share of the widest line from which a line may have been
// wrapped.
const nearlyFull = 0.75

// wrapped says whether a line of a title may go on with the next.
func (r *reader) wrapped(l, next *Line) bool {
	if l.Whole || l.Page != next.Page || next.Apart || next.Number > l.Number+1 {
		return false
	}
	if _, is := headingAt(l.Text); is {
		return false
	}
	if last, _ := utf8.DecodeLastRuneInString(l.Text); strings.ContainsRune("。；：！？;:.…", last) {
		return false
	}
	if _, _, whole := titleOf(squeeze(next.Text)); !whole {
		return true // the next alone is no title
	}
	return l.width() >= nearlyFull*r.widest || r.centred(l, next)
}

// centred says whether two lines stand over each other in the middle of the
// page, set alike, as those of a title do.
func (r *reader) centred(l, next *Line) bool {
	if l.Page == 0 {
		return false
	}
	height, below := l.Box[3]-l.Box[1], next.Box[3]-next.Box[1]
	return math.Abs(l.Box[0]+l.Box[2]-next.Box[0]-next.Box[2]) < 2*height && math.Abs(height-below) < 0.15*height &&
		l.Box[0] > r.left+3*height && next.Box[1]-l.Box[3] < 1.5*height
}

// within takes a line into the section being read, or ends the narrative
// before it.
func (r *reader) within(l *Line) {
	d := r.cur
	if r.ends(l) {
		r.close()
		return
	}
	style, number, _ := marker(zh.Fold(firstRunes(l.Text)))
	if style == byHan && (d.style != byHan || number > d.number) && !d.wraps() {
		if d.style != byHan || d.has(model.SectionGoal) {
			r.close()
		} else {
			d.last = nil // a heading that is not known
			d.number = number
		}
		return
	}
	if d.last != nil {
		d.last.lines = append(d.last.lines, *l)
	}
}

// firstRunes is the beginning of a line, as far as a number may reach.
func firstRunes(s string) string {
	const most = 24 // bytes
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "")
}

func (d *draft) has(kind model.SectionKind) bool {
	return slices.ContainsFunc(d.parts, func(p *part) bool { return p.kind == kind })
}

// wraps says whether the section's last line goes on: the page wrapped it in
// the middle of a sentence.
func (d *draft) wraps() bool {
	if d.last == nil || len(d.last.lines) == 0 {
		return false
	}
	l := d.last.lines[len(d.last.lines)-1]
	last, _ := utf8.DecodeLastRuneInString(l.Text)
	return !l.Whole && strings.ContainsRune("，、,（(“《", last)
}

// ends says whether a line behind the last section is none of it: what stands
// behind a table, a part's or a table's title.
func (r *reader) ends(l *Line) bool {
	p := r.cur.last
	if p == nil || p.kind != model.SectionGoal {
		return false
	}
	if l.Apart || strings.HasPrefix(l.Text, "第") && strings.Contains(firstRunes(l.Text), "部分") {
		return true
	}
	if len(p.lines) == 0 {
		return false
	}
	before := p.lines[len(p.lines)-1]
	last, _ := utf8.DecodeLastRuneInString(before.Text)
	finished := before.Whole || strings.ContainsRune("。！；.”）)表", last)
	if !finished || utf8.RuneCountInString(l.Text) > 40 || strings.ContainsAny(l.Text, "。；，") {
		return false
	}
	if style, _, _ := marker(zh.Fold(firstRunes(l.Text))); style != unnumbered {
		return false
	}
	if before.Page != l.Page {
		return true
	}
	for _, ending := range []string{"表", "说明", "概况", "目录", "附件"} {
		if strings.HasSuffix(l.Text, ending) {
			return true
		}
	}
	return false
}

// close ends the narrative being read.
func (r *reader) close() {
	d := r.cur
	r.cur = nil
	if d == nil {
		return
	}
	least := leastPartsUntitled
	if d.titled {
		least = leastParts
	}
	if len(d.parts) >= least {
		r.drafts = append(r.drafts, d)
	}
}

// narrative is the draft with its fields read; year is the book's, 0 where it
// is not known.
func (d *draft) narrative(year int) model.Narrative {
	n := model.Narrative{Title: d.title, Project: d.project, Parts: []model.Money{}, Sections: map[model.SectionKind]model.Section{}, Location: d.at}
	for _, p := range d.parts {
		text := p.text()
		n.Sections[p.kind] = model.Section{Heading: p.name + p.note, Text: text, Location: p.location()}
		switch p.kind {
		case model.SectionBody:
			n.ImplementingBody = bodyOf(text)
		case model.SectionPeriod:
			n.Period = text
			if start, end, ok := periodOf(text); ok {
				n.StartDate, n.EndDate = start, end
			}
		case model.SectionBudget:
			takeBudget(&n, p.note, year)
		case model.SectionGoal:
			n.Goal = text
		}
	}
	return n
}

// takeBudget reads the amount and its parts from the section on the budget.
func takeBudget(n *model.Narrative, note string, year int) {
	b := budgetOf(n.Sections[model.SectionBudget].Text, note, year)
	n.Amount, n.Sum, n.Division = b.amount, b.sum, b.division
	if n.Parts = b.parts; n.Parts == nil {
		n.Parts = []model.Money{}
	}
}

// Restore gives the amounts of what was read back from JSON the places that
// they were printed with, which only the text has. Amounts that the text does
// not name so are left as they are.
func Restore(narratives []model.Narrative, list []model.Statement, year model.Year) {
	for i := range narratives {
		n := narratives[i]
		note := ""
		if at := strings.IndexByte(n.Sections[model.SectionBudget].Heading, '('); at >= 0 {
			note = n.Sections[model.SectionBudget].Heading[at:]
		}
		if takeBudget(&n, note, int(year)); n.Amount.String() == narratives[i].Amount.String() && len(n.Parts) == len(narratives[i].Parts) {
			narratives[i] = n
		}
	}
	for i := range list {
		p := &stretch{}
		p.add(Line{Text: list[i].Text})
		if again := statements(p); len(again) == 1 && again[0].Amount.String() == list[i].Amount.String() {
			list[i].Amount = again[0].Amount
		}
	}
}

// text is the section's lines, joined where the page wrapped them.
func (p *part) text() string {
	out := ""
	for i := range p.lines {
		l := zh.Plain(p.lines[i].Text)
		if i > 0 && p.lines[i-1].Whole && endsWithDigit(out) && startsWithDigit(l) {
			out += "\n" + l
			continue
		}
		out = model.JoinWrapped(out, l)
	}
	return out
}

// location is where the text begins, with the box of all that stands on that
// page; the heading's where there is no text.
func (p *part) location() model.Location {
	if len(p.lines) == 0 {
		return p.at.location()
	}
	first := p.lines[0]
	for _, l := range p.lines[1:] {
		if l.Page == first.Page && l.Page > 0 {
			first.Box = first.Box.Union(l.Box)
		}
	}
	return first.location()
}
