package report

import (
	"strings"
	"unicode/utf8"
)

// Fill breaks the lines of a help text anew, for a terminal of so many columns.
// Lines that begin a line are paragraphs up to the next blank or indented one.
// An indented line may have two parts with blanks between them, such as a flag
// and what it does: the second part goes on below itself. Other indented lines
// stay as they are, to be copied.
func Fill(text string, limit int) string {
	var b strings.Builder
	var p part
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, " \n")
		next := newPart(line)
		if p.goesOn(next) {
			p.body = joinLines(p.body, next.body)
			continue
		}
		p.write(&b, limit)
		p = next
	}
	p.write(&b, limit)
	return b.String()
}

// part is what is filled as one: body goes on in the column where it begins.
type part struct {
	head string // before it: the indent, or a flag's name
	body string
	kind partKind
}

type partKind int

const (
	partNone partKind = iota // before the first line
	partAsIs
	partParagraph
	partTwo
)

func newPart(line string) part {
	body := strings.TrimLeft(line, " ")
	indent := line[:len(line)-len(body)]
	switch first, second, two := strings.Cut(body, "  "); {
	case two && indent != "":
		second = strings.TrimLeft(second, " ")
		return part{line[:len(line)-len(second)], second, partTwo}
	case first == "" || indent != "":
		return part{indent, body, partAsIs}
	}
	return part{"", body, partParagraph}
}

// goesOn says whether a line belongs to the part before it.
func (p *part) goesOn(next part) bool {
	switch p.kind {
	case partParagraph:
		return next.kind == partParagraph
	case partTwo:
		return next.kind == partAsIs && next.body != "" && len(next.head) == width(p.head)
	}
	return false
}

func (p *part) write(b *strings.Builder, limit int) {
	switch p.kind {
	case partNone:
		return
	case partAsIs:
		b.WriteString(p.head + p.body + "\n")
		return
	}
	head, indent := p.head, width(p.head)
	if indent > limit/2 { // too little room beside it
		b.WriteString(strings.TrimRight(head, " ") + "\n")
		const step = 4
		indent = len(head) - len(strings.TrimLeft(head, " ")) + step
		head = strings.Repeat(" ", indent)
	}
	for _, line := range wrap(p.body, limit-indent) {
		b.WriteString(head + line + "\n")
		head = strings.Repeat(" ", indent)
	}
}

// joinLines joins two lines, with a blank between them unless that would stand
// beside a Chinese character.
func joinLines(a, b string) string {
	last, _ := utf8.DecodeLastRuneInString(a)
	first, _ := utf8.DecodeRuneInString(b)
	if wide(last) || wide(first) {
		return a + b
	}
	return a + " " + b
}
