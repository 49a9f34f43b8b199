package scan

import (
	"cmp"
	"slices"
	"unicode"

	"perfgoal/parser/pdf"
)

// Behind are the characters that a page holds unseen, as scanners put what they
// recognised behind the picture; nil where some are seen, and the page is not
// one of a picture alone.
func Behind(page *pdf.Page) []pdf.Glyph {
	var out []pdf.Glyph
	for i := range page.Glyphs {
		g := &page.Glyphs[i]
		switch {
		case unicode.IsSpace(g.Rune):
		case page.Images == 0 || g.Look&pdf.Invisible == 0:
			return nil
		default:
			out = append(out, *g)
		}
	}
	return out
}

// Compare doubts what was read of a page where the characters behind its picture
// differ. Where there are none, nothing differs.
func Compare(page *pdf.Page, behind []pdf.Glyph) {
	for from := 0; from < len(page.Glyphs); {
		to := from + 1
		for to < len(page.Glyphs) && page.Glyphs[to].Base == page.Glyphs[from].Base && page.Glyphs[to].X0 >= page.Glyphs[to-1].X0 {
			to++
		}
		compareLine(page.Glyphs[from:to], behind)
		from = to
	}
}

// mostBehind is how many times more characters may stand behind a line than in
// it, to be compared.
const mostBehind = 8

// compareLine doubts those characters of a line that have none like them in the
// same order behind it, and those beside which more stand there.
func compareLine(line, behind []pdf.Glyph) {
	const around = 0.5 // em on the left and right of the line that are looked at
	first, last := line[0], line[len(line)-1]
	reach := around * first.Size
	var theirs []pdf.Glyph
	for _, g := range behind {
		x, y := (g.X0+g.X1)/2, (g.Y0+g.Y1)/2
		if y >= first.Y0 && y <= first.Y1 && x >= first.X0-reach && x <= last.X1+reach && compared(g.Rune) {
			theirs = append(theirs, g)
		}
	}
	slices.SortStableFunc(theirs, leftToRight)
	var ours []int // indices of those of the line that count
	for i := range line {
		if compared(line[i].Rune) {
			ours = append(ours, i)
		}
	}
	if len(theirs) == 0 || len(ours) == 0 {
		return
	}
	if len(theirs) > mostBehind*len(ours)+mostBehind {
		for i := range line {
			line[i].Doubt = wholly
		}
		return
	}
	same := func(i, j int) bool { return halfWidth(line[ours[i]].Rune) == halfWidth(theirs[j].Rune) }
	// longest[i][j] is how many of ours from i and theirs from j are common.
	longest := make([][]int, len(ours)+1)
	longest[len(ours)] = make([]int, len(theirs)+1)
	for i := len(ours) - 1; i >= 0; i-- {
		longest[i] = make([]int, len(theirs)+1)
		for j := len(theirs) - 1; j >= 0; j-- {
			longest[i][j] = max(longest[i+1][j], longest[i][j+1])
			if same(i, j) {
				longest[i][j] = longest[i+1][j+1] + 1
			}
		}
	}
	for i, j := 0, 0; i < len(ours) || j < len(theirs); {
		switch {
		case i < len(ours) && j < len(theirs) && same(i, j):
			i, j = i+1, j+1
		case j == len(theirs) || i < len(ours) && longest[i+1][j] >= longest[i][j+1]:
			line[ours[i]].Doubt = wholly
			i++
		default:
			line[ours[min(i, len(ours)-1)]].Doubt = wholly
			j++
		}
	}
}

func leftToRight(a, b pdf.Glyph) int { return cmp.Compare(a.X0, b.X0) }

// compared are the characters that both must have: stops and brackets are left
// out of or taken for others in what scanners recognise, but those in figures
// count.
func compared(r rune) bool {
	r = halfWidth(r)
	return unicode.IsLetter(r) || unicode.IsDigit(r) || slices.Contains([]rune{'.', '%', '<', '>', '≤', '≥', '±'}, r)
}
