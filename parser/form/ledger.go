package form

import (
	"unicode"
	"unicode/utf8"

	"perfgoal/internal/zh"
	"perfgoal/model"
)

// ledger books every printed piece of a form once. A piece's characters go to
// labels, values or ignored; what is left when the form was read is unread,
// and doubted.
type ledger struct{ entries []entry }

// entry is one cell or line.
type entry struct {
	text    string
	at      *model.Location
	chars   int // what there is to book
	labels  int
	values  int
	ignored int
	reason  model.IgnoreReason // of what was ignored
	doubted bool               // a doubt names it already
	outside bool               // it is not the form's after all
}

func (e *entry) left() int { return e.chars - e.labels - e.values - e.ignored }

// open enters a token and gives it its number.
func (l *ledger) open(t *token) {
	if t.Text == "" {
		return
	}
	l.entries = append(l.entries, entry{text: t.Text, at: &t.Location, chars: zh.Count(t.Text)})
	t.entry = len(l.entries)
}

// of is the entry of a token, nil for one that was made up.
func (l *ledger) of(t token) *entry {
	if t.entry == 0 {
		return nil
	}
	return &l.entries[t.entry-1]
}

// bookLabel books a text of the token as a label.
func (rd *reader) bookLabel(t token, text string) {
	if e := rd.ledger.of(t); e != nil {
		e.labels += min(zh.Count(text), e.left())
	}
}

// bookLabelWhole books what is left of the token as a label.
func (rd *reader) bookLabelWhole(t token) {
	if e := rd.ledger.of(t); e != nil {
		e.labels += e.left()
	}
}

// bookValue books what is left of the token as a value.
func (rd *reader) bookValue(t token) {
	if e := rd.ledger.of(t); e != nil && !e.doubted {
		e.values += e.left()
	}
}

// ignore books what is left of the token as left out for a reason.
func (rd *reader) ignore(t token, reason model.IgnoreReason) {
	e := rd.ledger.of(t)
	if e == nil || e.left() == 0 || e.doubted {
		return
	}
	e.ignored += e.left()
	e.reason = reason
}

// ignoreRow books a whole row so.
func (rd *reader) ignoreRow(r row, reason model.IgnoreReason) {
	for _, t := range r.tokens {
		rd.ignore(t, reason)
	}
}

// take books a token as the value of a field and returns its text. Where the
// text cannot be trusted it is doubted instead, and the field stays blank.
func (rd *reader) take(field string, t token) string {
	if t.Text == "" {
		return ""
	}
	if e := rd.ledger.of(t); e != nil && e.doubted {
		return "" // one cell of two fields: the other's doubt holds
	}
	if d := t.Doubt; d != nil {
		rd.doubt(d.Code, field, t, d.Message)
		return ""
	}
	if illegible(t.Text) {
		rd.doubt(model.AmbiguousText, field, t, model.Message{Text: wordIllegible})
		return ""
	}
	rd.bookValue(t)
	rd.keepStored(field, t)
	return t.Text
}

// keepStored notes what a workbook holds behind a field's cell, where that is
// more than it shows.
func (rd *reader) keepStored(field string, t token) {
	if t.Stored == "" || field == "" || field == fieldItems {
		return
	}
	if rd.form.Stored == nil {
		rd.form.Stored = map[string]string{}
	}
	rd.form.Stored[field] = t.Stored
}

// doubt records that a token could not be read for certain. The rest of its
// characters stays unread.
func (rd *reader) doubt(code model.DoubtCode, field string, t token, m model.Message) {
	if e := rd.ledger.of(t); e != nil {
		e.doubted = true
		e.values, e.labels, e.ignored = 0, 0, 0
	}
	rd.form.Doubts = append(rd.form.Doubts, model.Doubt{Code: code, Field: field, Text: t.Text, Stored: t.Stored, Message: m, Location: t.Location})
}

// settleLedger closes the account: what is unread is doubted, what was ignored
// listed, and the sums are the form's reading.
func (rd *reader) settleLedger() {
	f := &rd.form
	for i := range rd.ledger.entries {
		e := &rd.ledger.entries[i]
		if e.outside {
			continue
		}
		if e.left() > 0 && !e.doubted {
			text := e.text
			if e.labels > 0 { // the label of a cell was read, its rest was not
				if _, rest, ok := rd.layouts.fused(text, rd.layouts.isLabel); ok {
					text = rest
				}
			}
			f.Doubts = append(f.Doubts, model.Doubt{Code: model.UnassignedText, Text: text, Message: model.Message{Text: wordUnassigned}, Location: *e.at})
		}
		if e.ignored > 0 {
			f.Ignored = append(f.Ignored, model.Ignored{Reason: e.reason, Text: e.text, Location: *e.at})
		}
		f.Reading.Characters += e.chars
		f.Reading.Labels += e.labels
		f.Reading.Values += e.values
		f.Reading.Ignored += e.ignored
		f.Reading.Unread += e.left()
	}
	rd.unseenRows()
	for _, x := range rd.aside {
		n := zh.Count(x.Text)
		f.Ignored = append(f.Ignored, x)
		f.Reading.Characters += n
		f.Reading.Ignored += n
	}
}

// unseenRows doubts a form some of whose indicators are printed where a viewer
// does not show them.
func (rd *reader) unseenRows() {
	if x := rd.layouts.unseen(rd.aside); x != nil {
		rd.form.Doubts = append(rd.form.Doubts, model.Doubt{Code: model.CutOff, Text: x.Text, Message: model.Message{Text: wordUnseen}, Location: x.Location})
	}
}

// unseen finds indicators, their labels and values, among what was set aside as
// not painted; nil where there are none. Labels alone may be those of a merged
// cell, which spreadsheets print on each of its pages and show on one; but what
// lies left of the paper or above it is shown nowhere.
func (l *Layouts) unseen(aside []model.Ignored) *model.Ignored {
	const least = 2 // of either
	var first *model.Ignored
	labels, values := 0, 0
	for i := range aside {
		x := &aside[i]
		if x.Reason != model.Unpainted {
			continue
		}
		t := l.newToken(model.Cell{Text: x.Text})
		switch {
		case l.isLevel(t):
			labels++
		case isSignedValue(t):
			values++
		default:
			continue
		}
		if b := x.Location.Box; b != nil && (b[2] < 0 || b[3] < 0) {
			return x
		}
		if first == nil {
			first = x
		}
	}
	if labels >= least && values >= least {
		return first
	}
	return nil
}

// illegible says whether a text holds characters that stand for something the
// font or the file gave no way to: replacement, private-use and control
// characters, and those that Unicode sets apart as none.
func illegible(s string) bool {
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c >= ' ' && c < 0x7f, c == '\n', c == '\t', c == '\r':
			i++
		case c < utf8.RuneSelf:
			return true
		case zh.IsCommon(s, i):
			i += 3
		default:
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == unicode.ReplacementChar || r&0xfffe == 0xfffe || r >= 0xfdd0 && r <= 0xfdef || r < 0xa0 || r >= 0xe000 && r <= 0xf8ff || r >= 0xf0000 {
				return true
			}
			i += n
		}
	}
	return false
}

// The wordings of doubts that the form's reader has.
var (
	wordIllegible    = model.Text{Zh: "这里有认不出来的字符，这一格没有采用；请对照原件", En: "this cell has characters that could not be read, so it was not taken; look at the original"}
	wordUnassigned   = model.Text{Zh: "这段文字不知道属于哪一项，没有采用；请对照原件", En: "it is not known which field this text belongs to; look at the original"}
	wordUnknownCol   = model.Text{Zh: "“{heading}”这一列的含义不明，没有采用；请对照原件", En: "what the column {heading} means is not known, so it was not taken; look at the original"}
	wordNoUnit       = model.Text{Zh: "表上没有写明金额单位（元还是万元），这个金额没有采用；请在表上写明单位", En: "the form does not say whether amounts are in 元 or 万元, so this amount was not taken; print the unit on the form"}
	wordNoLabel      = model.Text{Zh: "没有找到“{label}”，而表上有不认识的栏目；请对照原件", En: "{label} was not found, while the form has headings that are not known; look at the original"}
	wordNoName       = model.Text{Zh: "没有找到项目名称；请对照原件", En: "no project name was found; look at the original"}
	wordUnseen       = model.Text{Zh: "这张表有一部分印在看不见的地方（例如纸外），没有采用；请重新导出，并对照原件", En: "a part of this form stands where it is not seen, as outside the paper, and was not taken; export it again and look at the original"}
	wordNoIndicators = model.Text{Zh: "有表头，没有找到绩效指标，可能缺页或页序错乱；请对照原件", En: "the form has its head but no indicators were found; a page may be missing or out of its place; look at the original"}
	wordLabelIn      = model.Text{Zh: "这一格里混进了另一个栏目“{label}”，没有采用；请对照原件", En: "another label, {label}, stands inside this cell, so it was not taken; look at the original"}
	wordTwoMarks     = model.Text{Zh: "选项没有勾选，或勾选了不止一个，无法判断；请对照原件", En: "no option, or more than one, is ticked; look at the original"}
	wordTwoValues    = model.Text{Zh: "同一项在表上有两处不同的内容，无法判断用哪一个；请对照原件", En: "the form has two different texts for one field; look at the original"}
	wordAmbiguous    = model.Text{Zh: "这一行有不止一种读法，没有采用；请对照原件", En: "this row can be read in more than one way, so it was not taken; look at the original"}
)

// split gives the two parts of a cell entries of their own.
func (l *ledger) split(left, right *token) {
	e := &l.entries[left.entry-1]
	e.text, e.chars = left.Text, zh.Count(left.Text)
	l.open(right)
}
