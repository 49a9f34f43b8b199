package grid

import (
	"slices"
	"strings"

	"perfgoal/model"
	"perfgoal/parser/pdf"
)

// What is not seen, and what is printed over the table without being a part of
// it, is set aside before cells are made.
const (
	contrast  = 12  // of 255: a text so near to what it is painted on is not seen
	paper     = 250 // the shade of white
	pale      = 105 // a text so light is a watermark where it is large or repeated
	largeMark = 1.25
	mostText  = 0.5 // of a page's glyphs: then it is the page's text, however it is painted
	askew     = 0.9 // of a page's glyphs off its axes: then the page itself is
)

// setAside returns the glyphs that are the page's text, and lists the others.
func (p *Page) setAside(page *pdf.Page) []pdf.Glyph {
	glyphs := page.Glyphs
	odd := len(page.Fills) > 0
	for i := 0; !odd && i < len(glyphs); i++ {
		odd = glyphs[i].Look != 0 || glyphs[i].Shade >= pale || glyphs[i].Turn != 0
	}
	if !odd {
		return glyphs
	}
	reasons := make([]model.IgnoreReason, len(glyphs))
	p.unseen(page, reasons)
	p.marks(page, reasons)
	kept := glyphs[:0:0]
	var text strings.Builder
	var box model.Box
	var reason model.IgnoreReason
	last := -1
	flush := func() {
		if s := strings.TrimSpace(text.String()); s != "" {
			n := p.number
			b := box
			p.ignored = append(p.ignored, model.Ignored{Reason: reason, Text: s, Location: model.Location{Page: &n, Box: &b}})
		}
		text.Reset()
	}
	for i := range glyphs {
		g := &glyphs[i]
		if reasons[i] == "" {
			kept = append(kept, *g)
			continue
		}
		b := model.Box{round(g.X0), round(g.Y0), round(g.X1), round(g.Y1)}
		if i != last+1 || reasons[i] != reason || text.Len() == 0 || far(&glyphs[i-1], g) {
			flush()
			box, reason = b, reasons[i]
		}
		box = box.Union(b)
		write(&text, g)
		last = i
	}
	flush()
	return kept
}

// far says whether a glyph does not follow the one drawn before it.
func far(a, b *pdf.Glyph) bool {
	const em = 2
	return abs32(a.X1-b.X0) > em*a.Size && abs32(a.X0-b.X0) > em*a.Size || abs32(a.Base-b.Base) > em*a.Size
}

// unseen finds what a viewer does not show: painted in the colour of what lies
// below, with nothing, outside the clip, smaller than a point, or under a later
// opaque area. The invisible text that recognition puts over a scan stays: it
// is the page's text.
func (p *Page) unseen(page *pdf.Page, reasons []model.IgnoreReason) {
	invisible, all := 0, 0
	for i := range page.Glyphs {
		if isSpace(page.Glyphs[i].Rune) {
			continue
		}
		all++
		if page.Glyphs[i].Look&pdf.Invisible != 0 {
			invisible++
		}
	}
	recognised := float64(invisible) >= mostText*float64(all)
	for i := range page.Glyphs {
		g := &page.Glyphs[i]
		x, y := (g.X0+g.X1)/2, (g.Y0+g.Y1)/2
		switch {
		case g.Look&(pdf.Clipped|pdf.Tiny) != 0:
			reasons[i] = model.Unpainted
			continue
		case g.Look&pdf.Invisible != 0:
			if !recognised && !overImage(page, x, y) {
				reasons[i] = model.Unpainted
			}
			continue
		}
		ground, image := uint8(255), false
		for n := range page.Fills {
			f := &page.Fills[n]
			if x < f.X0 || x > f.X1 || y < f.Y0 || y > f.Y1 {
				continue
			}
			if f.Before > i { // painted later
				if !f.Image {
					reasons[i] = model.Covered
					break
				}
				continue
			}
			ground, image = f.Shade, f.Image
		}
		if reasons[i] == "" && !image && g.Shade >= paper && diff(g.Shade, ground) < contrast {
			reasons[i] = model.Unpainted
		}
	}
}

func diff(a, b uint8) uint8 { return max(a, b) - min(a, b) }

// overImage says whether an image lies at a place.
func overImage(page *pdf.Page, x, y float32) bool {
	return slices.ContainsFunc(page.Fills, func(f pdf.Fill) bool { return f.Image && x >= f.X0 && x <= f.X1 && y >= f.Y0 && y <= f.Y1 })
}

// passage is a run of glyphs drawn one after the other in one way: the same
// size and shade.
type passage struct {
	from, to int
	slanted  int
	size     float32
	shade    uint8
	coloured bool
	text     string
}

// marks finds watermarks, stamps and seals: passages off the page's own angle,
// and pale ones that are larger than the page's text or stand on it again and
// again.
func (p *Page) marks(page *pdf.Page, reasons []model.IgnoreReason) {
	glyphs := page.Glyphs
	slanted, all := 0, 0
	var sizes []float32
	for i := range glyphs {
		if isSpace(glyphs[i].Rune) || reasons[i] != "" {
			continue
		}
		all++
		sizes = append(sizes, glyphs[i].Size)
		if glyphs[i].Look&pdf.Slanted != 0 {
			slanted++
		}
	}
	if all == 0 || float64(slanted) > askew*float64(all) {
		return // a page that was scanned or placed askew
	}
	slices.Sort(sizes)
	usual := sizes[len(sizes)/2]
	p.turned(glyphs, reasons)
	list := passages(glyphs)
	rings := seals(glyphs, list)
	count := map[string]int{}
	for _, s := range list {
		count[s.text]++
	}
	for _, s := range list {
		n := s.to - s.from
		mark := s.slanted*2 > n
		if !mark && s.shade >= pale {
			// A pale heading or note of the table's own size stays.
			mark = s.size > largeMark*usual && count[s.text] > 1 || s.size > 2*usual || count[s.text] > 2 && p.crosses(glyphs[s.from:s.to])
		}
		mark = mark || s.coloured && s.size > largeMark*usual && p.sticksOut(glyphs[s.from:s.to])
		mark = mark || slices.ContainsFunc(rings, func(r ring) bool { return r.holds(glyphs, &s) })
		for i := s.from; i < s.to; i++ {
			if reasons[i] == "" && (mark || glyphs[i].Look&pdf.Slanted != 0) {
				reasons[i] = model.Watermark
			}
		}
	}
}

// turned sets text aside that stands outside the tables, turned by a quarter
// where the page's text is not: what runs along its edge.
func (p *Page) turned(glyphs []pdf.Glyph, reasons []model.IgnoreReason) {
	n := 0
	for i := range glyphs {
		if glyphs[i].Turn != 0 {
			n++
		}
	}
	if 2*n > len(glyphs) {
		return
	}
	for i := range glyphs {
		g := &glyphs[i]
		if g.Turn == 0 || reasons[i] != "" {
			continue
		}
		if t, _ := p.at((g.X0+g.X1)/2, (g.Y0+g.Y1)/2); t < 0 {
			reasons[i] = model.Watermark
		}
	}
}

// ring is a seal's circle of characters.
type ring struct {
	x, y, radius float32
	shade        uint8
}

// seals finds passages whose characters stand around a middle.
func seals(glyphs []pdf.Glyph, list []passage) []ring {
	const fewest, inner, outer = 5, 0.55, 1.45
	var out []ring
	for _, s := range list {
		if !s.coloured || s.to-s.from < fewest || s.slanted*2 <= s.to-s.from {
			continue
		}
		g := glyphs[s.from:s.to]
		x0, y0, x1, y1 := g[0].X0, g[0].Y0, g[0].X1, g[0].Y1
		for i := range g {
			x0, y0, x1, y1 = min(x0, g[i].X0), min(y0, g[i].Y0), max(x1, g[i].X1), max(y1, g[i].Y1)
		}
		r := ring{x: (x0 + x1) / 2, y: (y0 + y1) / 2, radius: (x1 - x0 + y1 - y0) / 4, shade: s.shade}
		round := !slices.ContainsFunc(g, func(o pdf.Glyph) bool {
			dx, dy := (o.X0+o.X1)/2-r.x, (o.Y0+o.Y1)/2-r.y
			d := dx*dx + dy*dy
			return d < inner*inner*r.radius*r.radius || d > outer*outer*r.radius*r.radius
		})
		if round {
			out = append(out, r)
		}
	}
	return out
}

// holds says whether a passage in the seal's colour stands within it: its
// star, or the line below that.
func (r ring) holds(glyphs []pdf.Glyph, s *passage) bool {
	if !s.coloured || s.shade != r.shade {
		return false
	}
	for _, at := range []float32{glyphs[s.from].X0, glyphs[s.to-1].X1} {
		if dx, dy := at-r.x, (glyphs[s.from].Y0+glyphs[s.from].Y1)/2-r.y; dx*dx+dy*dy > r.radius*r.radius {
			return false
		}
	}
	return true
}

// sticksOut says whether a character does not fit the cell it stands in: what
// was stamped on a table is not written for its cells.
func (p *Page) sticksOut(glyphs []pdf.Glyph) bool {
	const slack = 1 // point
	return slices.ContainsFunc(glyphs, func(g pdf.Glyph) bool {
		t, c := p.at((g.X0+g.X1)/2, (g.Y0+g.Y1)/2)
		if t < 0 {
			return false
		}
		k := &p.tables[t].cells[c]
		return g.X0 < k.x0-slack || g.X1 > k.x1+slack || g.Y0 < k.y0-slack || g.Y1 > k.y1+slack
	})
}

// passages cuts a page's glyphs where their size or shade changes.
func passages(glyphs []pdf.Glyph) []passage {
	const sameSize = 0.02
	var out []passage
	for i := 0; i < len(glyphs); {
		a := &glyphs[i]
		s := passage{from: i, size: a.Size, shade: a.Shade, coloured: a.Look&pdf.Coloured != 0}
		var text strings.Builder
		j := i
		for ; j < len(glyphs); j++ {
			g := &glyphs[j]
			if abs32(g.Size-s.size) > sameSize*s.size || g.Shade != s.shade || j > i && apart(&glyphs[j-1], g) {
				break
			}
			if g.Look&pdf.Slanted != 0 {
				s.slanted++
			}
			if !isSpace(g.Rune) {
				text.WriteRune(g.Rune)
			}
		}
		s.to, s.text = j, text.String()
		out = append(out, s)
		i = j
	}
	return out
}

// apart says whether two glyphs drawn one after the other belong to different
// passages: a straight line's next one stands elsewhere. Glyphs of a round seal
// turn, and stay together.
func apart(a, b *pdf.Glyph) bool {
	if (a.Look|b.Look)&pdf.Slanted != 0 {
		const reach = 6 // em, from letter to letter of a seal
		return abs32(a.X0-b.X0) > reach*max(a.Size, b.Size) || abs32(a.Base-b.Base) > reach*max(a.Size, b.Size)
	}
	return far(a, b)
}

// crosses says whether a passage runs over a ruling of the page's tables.
func (p *Page) crosses(glyphs []pdf.Glyph) bool {
	table, cell := -1, -1
	for i := range glyphs {
		g := &glyphs[i]
		t, c := p.at((g.X0+g.X1)/2, (g.Y0+g.Y1)/2)
		if i > 0 && (t != table || c != cell) {
			return true
		}
		table, cell = t, c
	}
	return false
}
