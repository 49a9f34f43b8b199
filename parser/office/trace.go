package office

import (
	"bytes"
	"strconv"
	"strings"

	"perfgoal/model"
)

// trace notes, while a file is read, where the texts of its cells stand in
// its parts. All its methods do nothing on nil, which is what reading alone
// has.
type trace struct {
	part    string
	cell    model.Location // the cell being read; zero outside cells
	run     int            // where the run being read begins; 0 outside runs
	parted  bool           // something other than text came since the last stretch
	spans   []stretch
	strings []sharedText
	refs    []reference
	spoken  bool                    // the text being read says how it is pronounced
	spoiled map[model.Location]bool // cells whose text is not their own, such as formulas
	bound   int                     // controls being read that fill in their text
	fields  []field                 // those being read, one within another
	within  int                     // how many of them began outside the cell
	filled  int                     // how many of them give their results now
}

// field is a field of a Word document: its instruction, then its result.
type field struct {
	instruction string // its beginning
	filled      bool   // its result is being read, which is Word's
}

// typed says whether the field's result is what one typed: any other Word
// would write anew.
func (f field) typed() bool {
	name, _, _ := strings.Cut(strings.TrimSpace(f.instruction), " ")
	return strings.EqualFold(name, "HYPERLINK") || strings.EqualFold(name, "FORMTEXT")
}

// stretch is the content of one element that holds text.
type stretch struct {
	cell     model.Location
	part     string
	from, to int // in the part's text as UTF-8 without a mark of byte order
	text     string
	style    string // what its run says of its style
	parted   bool   // a line break or the like stands before it
	changed  bool
}

// sharedText is a text that cells of a workbook refer to by its number.
type sharedText struct {
	from, to int // of what stands in its element
	spans    [2]int
	spoken   bool // it says how parts of it are pronounced, by their places
}

// reference is a cell that refers to a shared text.
type reference struct {
	cell     model.Location
	part     string
	from, to int // of the number
	number   int
}

func (t *trace) enter(part string) {
	if t != nil {
		t.part, t.cell, t.parted = part, model.Location{}, false
	}
}

// move goes to another cell and returns the one that was being read.
func (t *trace) move(to model.Location) (from model.Location) {
	if t == nil {
		return from
	}
	from, t.cell, t.parted, t.run = t.cell, to, false, 0
	return from
}

// hold keeps the fields that begin in a cell to it, until release.
func (t *trace) hold() (release func()) {
	if t == nil {
		return func() {}
	}
	outside := t.within
	t.within = len(t.fields)
	return func() {
		for len(t.fields) > t.within {
			t.fieldMark("end")
		}
		t.within = outside
	}
}

// fieldMark notes where a field begins, its result begins, or it ends.
func (t *trace) fieldMark(kind string) {
	if t == nil {
		return
	}
	last := len(t.fields) - 1
	switch {
	case kind == "begin":
		t.fields = append(t.fields, field{})
	case last < t.within: // it began in another cell
	case kind == "separate" && !t.fields[last].filled && !t.fields[last].typed():
		t.fields[last].filled = true
		t.filled++
	case kind == "end":
		if t.fields[last].filled {
			t.filled--
		}
		t.fields = t.fields[:last]
	}
}

// instruct notes a piece of a field's instruction.
func (t *trace) instruct(s string) {
	if t == nil {
		return
	}
	const enough = 64 // bytes that hold the field's name
	if last := len(t.fields) - 1; last >= t.within && len(t.fields[last].instruction) < enough {
		t.fields[last].instruction += s
	}
}

// bind enters (by 1) and leaves (by -1) a control that fills in its text.
func (t *trace) bind(by int) {
	if t != nil {
		t.bound += by
	}
}

// begin notes that a run begins.
func (t *trace) begin(s *scanner) {
	if t != nil {
		t.run = s.at
	}
}

func (t *trace) gap() {
	if t != nil {
		t.parted = true
	}
}

// text notes the text of the element whose content began at from and whose
// end was read last.
func (t *trace) text(s *scanner, from int, text string) {
	if t == nil || text == "" {
		return
	}
	if t.bound > 0 || t.filled > 0 {
		t.spoil()
	}
	style := ""
	if open := bytes.LastIndexByte(s.data[:from], '<'); t.run > 0 && t.run <= open {
		style = string(s.data[t.run:open])
	}
	t.spans = append(t.spans, stretch{cell: t.cell, part: t.part, from: from, to: contentEnd(s, from), text: text, style: style, parted: t.parted})
	t.parted = false
}

func contentEnd(s *scanner, from int) int {
	return from + max(0, bytes.LastIndex(s.data[from:s.at], []byte("</")))
}

// shared notes that a text which cells refer to was read.
func (t *trace) shared(from, to int) {
	if t == nil {
		return
	}
	t.run = 0
	first := 0
	if n := len(t.strings); n > 0 {
		first = t.strings[n-1].spans[1]
	}
	t.strings = append(t.strings, sharedText{from, to, [2]int{first, len(t.spans)}, t.spoken})
	t.spoken = false
}

// pronounced notes that a text says how it is pronounced: another text would
// not fit that.
func (t *trace) pronounced() {
	switch {
	case t == nil:
	case t.cell == model.Location{}:
		t.spoken = true
	default:
		t.spoil()
	}
}

// refers notes that the cell refers to a shared text.
func (t *trace) refers(s *scanner, from int, value string) {
	if n, err := strconv.Atoi(strings.TrimSpace(value)); t != nil && err == nil {
		t.refs = append(t.refs, reference{t.cell, t.part, from, contentEnd(s, from), n})
	}
}

func (t *trace) spoil() {
	if t == nil {
		return
	}
	if t.spoiled == nil {
		t.spoiled = map[model.Location]bool{}
	}
	t.spoiled[t.cell] = true
}

// mark and drop forget what a row held that turns out not to be there.
func (t *trace) mark() int {
	if t == nil {
		return 0
	}
	return len(t.spans)
}

func (t *trace) drop(mark int) {
	if t != nil {
		t.spans = t.spans[:mark]
	}
}
