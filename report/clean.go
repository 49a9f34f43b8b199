package report

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Printable is text that others wrote (the name of a file, a cell's text) as
// it may be shown on one line of a terminal, a log or a page: what would
// steer the terminal, reorder the line or stand there unseen is U+FFFD, and a
// line's end a blank.
func Printable(s string) string { return visible(s) }

func visible(s string) string {
	if ordinary(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case unprintable(r):
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

// PrintableLines is Printable for text of several lines, which keeps its line
// ends and tabs.
func PrintableLines(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unprintable(r) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

// ordinary says whether visible leaves a text as it is.
func ordinary(s string) bool {
	for _, r := range s {
		if _, alone := standing(r); !alone && (r == utf8.RuneError || unprintable(r)) {
			return false
		}
	}
	return true
}

// unprintable says whether a character steers or hides text: controls such as
// ESC and BEL, what reorders text, and what has no width.
func unprintable(r rune) bool {
	const filler = '\u3164' // of Hangul
	if r >= 0x2e80 && r < 0xd800 && r != filler || r >= 0xff01 && r < 0xffa0 {
		return false
	}
	return r >= 0x7f && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point) || r < ' '
}
