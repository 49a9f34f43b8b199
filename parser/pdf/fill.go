package pdf

import "math"

// Fill puts in a page's unknown characters what another engine reads in the
// same places, and returns how many stay unknown. The other page counts only
// where it agrees in what is known. What merely repeats a character's code is
// no reading: that is how engines answer when they do not know either; and of
// what the font itself says two things, another engine believes one.
func (p *Page) Fill(other *Page) int {
	const agree = 0.9 // of the known characters; engines differ in spaces and ligatures
	at := map[[2]int][]int{}
	for i := range other.Glyphs {
		k := square(&other.Glyphs[i])
		at[k] = append(at[k], i)
	}
	known, same := 0, 0
	for i := range p.Glyphs {
		g := &p.Glyphs[i]
		if garbage(g.Rune) || g.Rune == ' ' {
			continue
		}
		known++
		if o := other.near(g, at); o != nil && o.Rune == g.Rune {
			same++
		}
	}
	if float64(same) < agree*float64(known) {
		return len(p.Unknown)
	}
	left := p.Unknown[:0]
	for _, u := range p.Unknown {
		g := &p.Glyphs[u.At]
		o := other.near(g, at)
		if u.Disputed || o == nil || garbage(o.Rune) || !u.Named && repeats(u.Code, o.Rune) {
			left = append(left, u)
			continue
		}
		g.Rune, g.Tail = o.Rune, o.Tail
	}
	p.Unknown = left
	return len(left)
}

// repeats says whether a character is its code, in any of the encodings by
// which engines guess.
func repeats(code uint32, r rune) bool {
	if uint32(r) == code {
		return true
	}
	if code > 0xff {
		return false
	}
	return r == winAnsi()[code] || r == macRoman()[code] || r == standard()[code] || r == symbol()[code]
}

// side is the edge of the squares by which glyphs are found, in points.
const side = 4

func square(g *Glyph) [2]int {
	return [2]int{int(math.Floor(float64(g.X0 / side))), int(math.Floor(float64(g.Base / side)))}
}

// near is the glyph that begins where another page's does, nil when none does.
func (p *Page) near(g *Glyph, at map[[2]int][]int) *Glyph {
	k := square(g)
	var best *Glyph
	least := 0.2 * max(g.Size, 1)
	for dx := -1; dx <= 1; dx++ {
		for dy := -1; dy <= 1; dy++ {
			for _, i := range at[[2]int{k[0] + dx, k[1] + dy}] {
				o := &p.Glyphs[i]
				if d := max(abs32(o.X0-g.X0), abs32(o.Base-g.Base)); d < least && o.Turn == g.Turn {
					least, best = d, o
				}
			}
		}
	}
	return best
}

func abs32(f float32) float32 { return max(f, -f) }
