package grid

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"perfgoal/internal/lazy"
)

// runningBand is the share of a page's height at its top and bottom in which
// running headers and footers stand.
const runningBand = 0.14

// running are a document's running headers and footers: lines that stand at the
// same place at the top or bottom of several pages and say the same but for
// their numbers. Where every form has a page of its own, its title, its captions
// and its rows may do so too; they are none.
type running struct {
	words Words
	again map[string]bool
}

func runningLines(pages []*Page, words Words) running {
	r := running{words, map[string]bool{}}
	seen := map[string]int{} // the last page with it
	for _, p := range pages {
		for _, l := range p.lines {
			k := runningKey(p, l)
			if k == "" || r.ofForm(l) {
				continue
			}
			if n, before := seen[k]; before && n != p.number {
				r.again[k] = true
			}
			seen[k] = p.number
		}
	}
	return r
}

// has says whether a line is a running header or footer. One that says a year
// may be what the form below it is known by; it counts within a form alone.
func (r running) has(p *Page, l line, within bool) bool {
	k := runningKey(p, l)
	if k == "" || r.ofForm(l) {
		return false
	}
	return r.again[k] && (within || !printedYear().MatchString(l.text)) || slices.ContainsFunc(l.pieces, func(p piece) bool { return pageMark().MatchString(p.text) })
}

var (
	printedYear = lazy.Regexp(`20\d\d\s*年`)
	// What browsers and offices print at a page's foot beside other words: its
	// number with that of all pages, or where the document came from.
	pageMark = lazy.Regexp(`^\s*\d{1,4}\s*/\s*\d{1,4}\s*$|^\s*第\s*\d{1,4}\s*页|://`)
)

// foot are the last lines of a page that stand far below its form and name no
// part of it.
func (r running) foot(p *Page, lines []pagedLine) int {
	const far = 3 // times the greatest distance of the lines above
	for n := len(lines) - 1; n > 1; n-- {
		var most float32
		for i := 1; i < n; i++ {
			most = max(most, lines[i].base-lines[i-1].base)
		}
		if lines[n].base-lines[n-1].base < far*most {
			continue
		}
		if slices.ContainsFunc(lines[n:], func(l pagedLine) bool { return runningKey(p, l.line) == "" || r.ofForm(l.line) }) {
			return 0
		}
		return len(lines) - n
	}
	return 0
}

// runningKey names a line at the top or the bottom of a page by its place and
// its text without numbers, "" for any other.
func runningKey(p *Page, l line) string {
	if l.base > runningBand*p.height && l.base < (1-runningBand)*p.height {
		return ""
	}
	var text strings.Builder
	for _, r := range l.text {
		if !unicode.IsDigit(r) {
			text.WriteRune(r)
		}
	}
	return strconv.Itoa(int(l.base/4)) + " " + text.String()
}

// ofForm says whether a line can be a form's own: its title, a row with a label
// or a value, or a caption with a field's name before a colon.
func (r running) ofForm(l line) bool {
	if r.words.Title(l.text) || r.words.Header(l.texts()) >= 0 {
		return true
	}
	for _, p := range l.pieces {
		if startsValue(p.text) || r.words.Label(p.text) {
			return true
		}
	}
	before, _, colon := strings.Cut(strings.ReplaceAll(l.text, "：", ":"), ":")
	last, _ := utf8.DecodeLastRuneInString(strings.TrimSpace(before))
	return colon && unicode.Is(unicode.Han, last)
}
