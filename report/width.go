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

func width(s string) int {
	sum := 0
	for _, r := range s {
		w, alone := standing(r)
		if !alone {
			return columns.StringWidth(s)
		}
		sum += w
	}
	return sum
}

// standing is the width of the characters that nearly all text is made of,
// none of which ever joins its neighbours; alone is false for others.
func standing(r rune) (columns int, alone bool) {
	switch {
	case r >= ' ' && r < 0x7f, r >= '–' && r <= '…', r >= '≤' && r <= '≥':
		return 1, true
	case r >= 0x4e00 && r <= 0x9fff, r >= '、' && r <= '】', r >= '！' && r <= '～':
		return 2, true
	}
	return 0, false
}

// noStart says whether a mark may not begin a line, in Chinese typesetting.
func noStart(r rune) bool {
	switch r {
	case '，', '。', '、', '；', '：', '？', '！', '）', '》', '〉', '」', '』', '】', '〕', '”', '’', '…', '—',
		',', '.', ';', ':', '?', '!', ')', ']', '}', '%', '％':
		return true
	}
	return false
}

// noEnd says whether a mark may not end a line.
func noEnd(r rune) bool {
	switch r {
	case '（', '《', '〈', '「', '『', '【', '〔', '“', '‘', '(', '[', '{':
		return true
	}
	return false
}

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
	var lines []string
	begin, used := 0, 0 // where the line begins, and its width
	for at := 0; at < len(s); {
		if n := hanAt(s[at:], limit-used); n > 0 {
			used += 2 * n / len("汉")
			at += n
			continue
		}
		n, w := pieceAt(s[at:])
		end := at + n
		if used+w > limit && used > 0 {
			lines = append(lines, strings.TrimRight(s[begin:at], " "))
			at = end - len(strings.TrimLeft(s[at:end], " "))
			begin, used = at, 0
			w = width(s[at:end])
		}
		for w > limit { // a word wider than a line has to be cut
			head := columns.Truncate(s[at:end], limit, "")
			if head == "" {
				break
			}
			at += len(head)
			lines = append(lines, s[begin:at])
			begin = at
			w = width(s[at:end])
		}
		used += w
		at = end
	}
	if begin < len(s) || len(lines) == 0 {
		lines = append(lines, strings.TrimRight(s[begin:], " "))
	}
	return lines
}

// hanAt is the length of the Chinese characters at the beginning of a text of
// which each stands before another, so that a line may be broken behind it, as
// far as they fit into so many columns.
func hanAt(s string, room int) int {
	const wide = 2 // columns
	fit := max(0, room) / wide * len("汉")
	n := 0
	for i, r := range s {
		if r < 0x4e00 || r > 0x9fff {
			break
		}
		if n = i; n >= fit {
			return fit
		}
	}
	return n
}

// pieceAt is the length of the part at the beginning of a text that no line
// break may divide, and its width.
func pieceAt(s string) (n, columns int) {
	var last rune
	known := true // all that stands in it
	for i, r := range s {
		if i > 0 && mayBreak(last, r) {
			s = s[:i]
			break
		}
		w, alone := standing(r)
		columns, known, last = columns+w, known && alone, r
	}
	if !known {
		columns = width(s)
	}
	return len(s), columns
}

func mayBreak(a, b rune) bool {
	switch {
	case b == ' ':
		return false
	case a == ' ': // also before .xlsx
		return true
	}
	return !noEnd(a) && !noStart(b) && (wide(a) || wide(b))
}

func wide(r rune) bool {
	if w, alone := standing(r); alone {
		return w == 2
	}
	return unicode.Is(unicode.Han, r) || columns.RuneWidth(r) == 2
}

// OneLine shortens text to one line of at most limit columns of a terminal; what
// would do harm there is replaced.
func OneLine(s string, limit int) string { return oneLine(s, limit) }

// oneLine shortens text to one line of at most limit columns, with what
// visible does to it.
func oneLine(s string, limit int) string {
	text, more := cutLine(s, limit)
	return text + more
}

// cutLine is oneLine in two parts: what of the text there is room for, and the
// mark behind what was cut.
func cutLine(s string, limit int) (text, more string) {
	used, cut := 0, 0 // cut is where there is still room for more
	last := ' '
	for i, r := range s {
		w, alone := standing(r)
		if !alone || r == ' ' && (last == ' ' || used == limit) {
			return shortened(s, limit), ""
		}
		if used < limit {
			cut = i
		}
		if used += w; used > limit {
			return s[:cut], cutMark
		}
		last = r
	}
	if last == ' ' {
		return shortened(s, limit), ""
	}
	return s, ""
}

// cutMark stands behind what was cut.
const cutMark = "…"

// shortened is oneLine of whatever text.
func shortened(s string, limit int) string {
	s = strings.Join(strings.Fields(visible(beginning(s, limit))), " ")
	return columns.Truncate(s, limit, cutMark)
}

// beginning is as much of a text as fills more than one line of the limit.
func beginning(s string, limit int) string {
	used := 0
	for i, r := range s {
		if used > limit {
			return s[:i]
		}
		if w, alone := standing(r); alone && r != ' ' {
			used += w
		}
	}
	return s
}
