package report

import (
	"strings"
	"unicode"

	"github.com/mattn/go-runewidth"
)

// columns measures text as a terminal with a Chinese font shows it: two
// columns for Chinese characters and their punctuation, one for characters of
// ambiguous width. It is pinned so that output does not depend on the locale.
var columns = &runewidth.Condition{EastAsianWidth: false, StrictEmojiNeutral: true}

func width(s string) int { return columns.StringWidth(s) }

// noStart are marks that may not begin a line, noEnd those that may not end
// one, in Chinese typesetting.
const (
	noStart = "，。、；：？！）》〉」』】〕”’…—,.;:?!)]}%％"
	noEnd   = "（《〈「『【〔“‘([{"
)

// wrap breaks text into lines of at most limit columns: between any two
// Chinese characters, at blanks, and never inside a number or a word that fits
// on a line of its own. Line breaks in the text stay.
func wrap(s string, limit int) []string {
	limit = max(limit, 4)
	var lines []string
	for _, paragraph := range strings.Split(s, "\n") {
		lines = append(lines, wrapParagraph(strings.TrimRight(paragraph, " \r"), limit)...)
	}
	return lines
}

func wrapParagraph(s string, limit int) []string {
	lines := []string{}
	line, used := "", 0
	flush := func() {
		lines = append(lines, strings.TrimRight(line, " "))
		line, used = "", 0
	}
	for _, piece := range pieces(s) {
		w := width(piece)
		if used+w > limit && used > 0 {
			flush()
			piece = strings.TrimLeft(piece, " ")
			w = width(piece)
		}
		for w > limit { // a word wider than a line has to be cut
			head := columns.Truncate(piece, limit, "")
			if head == "" {
				break
			}
			lines = append(lines, head)
			piece = piece[len(head):]
			w = width(piece)
		}
		line += piece
		used += w
	}
	if line != "" || len(lines) == 0 {
		flush()
	}
	return lines
}

// pieces cuts a paragraph into the parts that no line break may divide.
func pieces(s string) []string {
	var out []string
	var current strings.Builder
	var last rune
	for _, r := range s {
		if current.Len() > 0 && mayBreak(last, r) {
			out = append(out, current.String())
			current.Reset()
		}
		current.WriteRune(r)
		last = r
	}
	if current.Len() > 0 {
		out = append(out, current.String())
	}
	return out
}

func mayBreak(a, b rune) bool {
	if strings.ContainsRune(noEnd, a) || strings.ContainsRune(noStart, b) || b == ' ' {
		return false
	}
	return a == ' ' || wide(a) || wide(b)
}

func wide(r rune) bool {
	return unicode.Is(unicode.Han, r) || columns.RuneWidth(r) == 2
}

// oneLine shortens text to one line of at most limit columns.
func oneLine(s string, limit int) string {
	s = strings.Join(strings.Fields(s), " ")
	return columns.Truncate(s, limit, "…")
}
