package scan

import (
	"context"
	"math"
	"slices"
	"strings"
	"sync/atomic"
	"unicode"

	"perfgoal/internal/meanwhile"
	"perfgoal/model"
	"perfgoal/parser/grid"
	"perfgoal/parser/ocr"
	"perfgoal/parser/pdf"
)

// Resolutions and certainties.
const (
	leastDPI  = 190  // less is refused: at 150 wrong readings are as certain as right ones
	upright   = 0.97 // how certain lines are in the mean, lest other ways up are tried
	asked     = 8    // lines that are asked for it
	sure      = 0.9  // what is less certain is read again
	coarse    = 250  // dpi below which every line is
	coarsely  = 0.95 // how certain a character must be there
	underRed  = 0.98 // how certain a character under red ink must be
	blank     = 0.5  // what is less certain, and stands in no cell, is no print
	longest   = 2400 // pixels of a line at the height it is read; longer ones are divided
	readAt    = 48.0 // pixels: that height
	mostLines = 5000 // of a page
)

// Result is what a page was read as.
type Result struct {
	Page pdf.Page
	DPI  float64
	// Coarse is set where the picture has too few pixels to be read.
	Coarse bool
	// Turned is set where the picture does not lie upright on the page.
	Turned bool
	// Lies leads from Page's points to those of the page that was read, nil
	// where they are the same.
	Lies *model.Affine
}

// Read reads the picture of a page. jobs is how many lines are read at once.
// The error is the context's, or ocr.ErrNone.
func Read(ctx context.Context, page *pdf.Page, picture pdf.Picture, jobs int) (Result, error) {
	var best *reading
	list := []int{0, 2, 1, 3} // quarter turns; where lines stand on end, the last two first
	for i := 0; i < len(list); i++ {
		turns := list[i]
		r, err := prepare(ctx, picture, turns, jobs)
		if err != nil {
			return Result{}, err
		}
		if r.sheet.dpi() < leastDPI {
			return Result{DPI: r.sheet.dpi(), Coarse: true}, nil
		}
		if i == 0 && r.onEnd {
			list = []int{0, 1, 3, 2}
		}
		if best == nil || best.onEnd && !r.onEnd || best.onEnd == r.onEnd && r.certain > best.certain {
			best = r
		}
		if r.certain >= upright && !r.onEnd || len(r.parts) == 0 {
			break
		}
	}
	if err := best.read(ctx, best.parts, jobs); err != nil {
		return Result{}, err
	}
	return Result{DPI: best.sheet.dpi(), Page: best.page(page, picture), Turned: best.turns != 0, Lies: best.lies(picture)}, nil
}

// reading is a sheet with its rulings and lines.
type reading struct {
	sheet   *sheet
	turns   int
	rulings []pdf.Ruling
	cells   []model.Box
	parts   []*part
	certain float64 // of its longest lines, in the mean
	onEnd   bool    // its lines are no lines: the page lies on its side
}

// prepare sets the picture straight, finds what is to be read and reads the
// longest lines.
func prepare(ctx context.Context, picture pdf.Picture, turns, jobs int) (*reading, error) {
	s := newSheet(picture, turns)
	r := &reading{sheet: s, turns: turns}
	if s.dpi() < leastDPI {
		return r, ctx.Err()
	}
	s.flatten()
	s.ink = s.threshold()
	s.darken()
	if angle := s.skew(s.ink); angle != 0 {
		s.straighten(angle)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r.rulings = s.rulings(s.ink)
	r.cells = grid.Boxes(&pdf.Page{Width: float64(s.w) * s.points, Height: float64(s.h) * s.points, Rulings: r.rulings})
	r.parts = s.parts(r.cells)
	r.parts = divided(r.parts)
	for _, p := range r.parts[min(len(r.parts), mostLines):] {
		p.gone = true
	}
	first := slices.DeleteFunc(slices.Clone(r.parts), func(p *part) bool { return p.gone })
	slices.SortStableFunc(first, func(a, b *part) int { return (b.x1 - b.x0) - (a.x1 - a.x0) })
	first = first[:min(len(first), asked)]
	r.onEnd = onEnd(r.parts)
	if err := r.read(ctx, first, jobs); err != nil {
		return nil, err
	}
	sum, n := 0.0, 0
	for _, p := range first {
		for _, c := range p.chars {
			sum += float64(c.Sure)
			n++
		}
	}
	if n > 0 {
		r.certain = sum / float64(n)
	}
	return r, nil
}

// onEnd says whether lines are no lines but characters one above the other, of
// a page that lies on its side: most are hardly wider than a character then.
func onEnd(parts []*part) bool {
	const narrow = 1.8 // em
	widths := make([]float64, 0, len(parts))
	for _, p := range parts {
		widths = append(widths, float64(p.x1-p.x0+1)/p.em)
	}
	slices.Sort(widths)
	return len(widths) >= asked && widths[len(widths)/2] < narrow
}

// divided cuts lines that are too long to be read in one go, at a gap.
func divided(list []*part) []*part {
	var out []*part
	for _, p := range list {
		for float64(p.x1-p.x0)*readAt > longest*p.em {
			most := p.x0 + int(longest*p.em/readAt)
			at, wide, end := 0, 0, p.blobs[0].x1
			for i, b := range p.blobs {
				if b.x0 > most {
					break
				}
				// The last third is looked at, so that parts are of a like length.
				if gap := b.x0 - end; i > 0 && gap >= wide && b.x0 > p.x0+(most-p.x0)*2/3 {
					at, wide = i, gap
				}
				end = max(end, b.x1)
			}
			if at == 0 {
				break
			}
			head := *p
			head.blobs, p.blobs = p.blobs[:at], p.blobs[at:]
			head.x1 = head.blobs[0].x1
			for _, b := range head.blobs {
				head.x1 = max(head.x1, b.x1)
			}
			p.x0 = p.blobs[0].x0
			out = append(out, &head)
		}
		out = append(out, p)
	}
	return out
}

// read reads those lines that were not read yet, several at once.
func (r *reading) read(ctx context.Context, list []*part, jobs int) error {
	list = slices.DeleteFunc(slices.Clone(list), func(p *part) bool { return p.chars != nil || p.gone })
	workers := max(min(jobs, len(list)), 1)
	errs := make([]error, workers)
	var next atomic.Int64
	meanwhile.All(workers, func(w int) {
		reader, err := ocr.NewReader()
		for err == nil {
			i := int(next.Add(1)) - 1
			if i >= len(list) {
				return
			}
			err = r.line(ctx, reader, list[i])
		}
		errs[w] = err
	})
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// line reads a line, a second time with more paper around it where a character
// is not certain. Where both say the same, a character is as certain as the
// more certain of the two. Coarse pictures, and lines under red ink, are always
// read twice, and the less certain reading counts.
func (r *reading) line(ctx context.Context, reader *ocr.Reader, p *part) error {
	chars, err := reader.Line(ctx, r.sheet.crop(p, margins[0]))
	if err != nil {
		return err
	}
	strict := r.sheet.dpi() < coarse || p.red
	if strict || slices.ContainsFunc(chars, func(c ocr.Char) bool { return c.Sure < sure }) {
		left := p.left
		again, err := reader.Line(ctx, r.sheet.crop(p, margins[1]))
		if err != nil {
			return err
		}
		p.left = left
		compare(chars, again, strict)
	}
	p.chars = append([]ocr.Char{}, chars...)
	return nil
}

// compare settles how certain characters are that were read twice. Strictly,
// those between the common beginning and end are not certain at all.
func compare(chars, again []ocr.Char, strict bool) {
	same := func(a, b ocr.Char) bool { return halfWidth(a.Rune) == halfWidth(b.Rune) }
	n := min(len(chars), len(again))
	front, back := 0, 0
	for front < n && same(chars[front], again[front]) {
		front++
	}
	for back < n-front && same(chars[len(chars)-1-back], again[len(again)-1-back]) {
		back++
	}
	whole := front == len(chars) && front == len(again)
	if !whole && !strict {
		return
	}
	for i := range chars {
		c := &chars[i]
		switch {
		case whole && !strict:
			c.Sure = max(c.Sure, again[i].Sure)
		case i < front:
			c.Sure = min(c.Sure, again[i].Sure)
		case i >= len(chars)-back:
			c.Sure = min(c.Sure, again[len(again)-len(chars)+i].Sure)
		default:
			c.Sure = 0
		}
	}
	if !whole && front+back == len(chars) && len(chars) > 0 { // the second has more between
		chars[max(front-1, 0)].Sure = 0
	}
}

// crop is the picture of a line with a margin, and of low ink, as a dash has,
// with as much around it as a character takes.
func (s *sheet) crop(p *part, margin float64) ocr.Picture {
	m, beside := margin*p.em, besides*p.em
	y0, y1 := float64(p.y0), float64(p.y1+1)
	if low := 0.9*p.em - (y1 - y0); low > 0 {
		y0, y1 = y0-low/2, y1+low/2
	}
	x0, x1 := max(int(float64(p.x0)-beside), 0), min(int(float64(p.x1)+beside)+1, s.w)
	top, bottom := max(int(y0-m), 0), min(int(y1+m), s.h)
	p.left = x0
	out := ocr.Picture{W: x1 - x0, H: bottom - top}
	out.Pix = make([]uint8, 0, out.W*out.H)
	for y := top; y < bottom; y++ {
		out.Pix = append(out.Pix, s.grey[y*s.w+x0:y*s.w+x1]...)
	}
	return out
}

// redAt says whether red ink lies on a part of a line.
func (s *sheet) redAt(p *part, x0, x1 float64) bool {
	return p.red && s.redIn(p, int(x0), int(x1))
}

// redIn is redAt for lines that were not looked at yet.
func (s *sheet) redIn(p *part, x0, x1 int) bool {
	for y := p.y0; y <= p.y1; y++ {
		for x := max(x0, 0); x <= min(x1, s.w-1); x++ {
			if s.red[y*s.w+x] == 1 {
				return true
			}
		}
	}
	return false
}

// hides says whether red covers a stretch of the line as wide as a digit, so
// densely that nothing printed under it could be seen.
func (s *sheet) hides(p *part) bool {
	if s.red == nil {
		return false
	}
	const width = 0.5 // em
	run, need := 0, int(width*p.em)
	for x := max(p.x0-need, 0); x < min(p.x1+need, s.w); x++ {
		red, ink := 0, 0
		for y := p.y0; y <= p.y1; y++ {
			if s.red[y*s.w+x] == 1 {
				red++
			}
			if s.grey[y*s.w+x] < dark {
				ink++
			}
		}
		if red*10 >= (p.y1-p.y0+1)*9 && ink == 0 {
			if run++; run >= need {
				return true
			}
			continue
		}
		run = 0
	}
	return false
}

// page makes glyphs of what was read, in points of the page as it is seen. A
// page that was turned is handed on upright.
func (r *reading) page(of *pdf.Page, picture pdf.Picture) pdf.Page {
	s := r.sheet
	out := pdf.Page{Number: of.Number, Width: float64(s.w) * s.points, Height: float64(s.h) * s.points, Images: of.Images, Recognised: true}
	dx, dy := float32(0), float32(0)
	if r.turns == 0 {
		out.Width, out.Height = of.Width, of.Height
		dx, dy = float32(picture.X0), float32(picture.Y0)
	}
	for _, x := range r.rulings {
		x.X0, x.X1, x.Y0, x.Y1 = x.X0+dx, x.X1+dx, x.Y0+dy, x.Y1+dy
		out.Rulings = append(out.Rulings, x)
	}
	open, cell := rune(0), -1
	for _, p := range r.parts {
		if p.cell != cell || p.free {
			open, cell = 0, p.cell
		}
		open = p.setWidths(open)
		out.Glyphs = append(out.Glyphs, r.glyphs(p, dx, dy)...)
	}
	return out
}

// lies undoes what set the picture straight: first its own angle, about the
// middle as straighten has it, then the quarter turns.
func (r *reading) lies(picture pdf.Picture) *model.Affine {
	s := r.sheet
	if r.turns == 0 && s.angle == 0 {
		return nil
	}
	x0, y0 := picture.X0, picture.Y0
	sin, cos := math.Sincos(s.angle)
	w, h := float64(s.w)*s.points, float64(s.h)*s.points
	cx, cy := w/2, h/2
	if r.turns == 0 { // what was read has its place on the page already
		cx, cy, x0, y0 = cx+x0, cy+y0, 0, 0
	}
	ex, ey := cx-cx*cos+cy*sin, cy-cx*sin-cy*cos
	switch r.turns {
	case 1:
		return &model.Affine{sin, -cos, cos, sin, ey + x0, w - ex + y0}
	case 2:
		return &model.Affine{-cos, -sin, sin, -cos, w - ex + x0, h - ey + y0}
	case 3:
		return &model.Affine{-sin, cos, -cos, -sin, h - ey + x0, ex + y0}
	}
	return &model.Affine{cos, sin, -sin, cos, ex, ey}
}

// How far from its middle a character's ink may lie, in em: Chinese characters
// are as wide as they are high, others about half.
const (
	halfWide   = 0.60
	halfNarrow = 0.36
)

func halfOf(c rune) float64 {
	if narrow(c) {
		return halfNarrow
	}
	return halfWide
}

// narrow characters are those of Latin print, but for the widest.
func narrow(c rune) bool { return c < 0x2000 && !strings.ContainsRune("%@&MW×÷", c) }

// twins are characters beside others of nearly the same shape that the
// recogniser does not know: ³ and ㎥ are read as these.
const twins = "²㎡"

// wholly is a glyph's doubt where nothing about it is certain.
const wholly = 255

// glyphs are a line's characters, with a doubt each, and one more for each
// stretch of ink that none of them accounts for.
func (r *reading) glyphs(p *part, dx, dy float32) []pdf.Glyph {
	s := r.sheet
	chars := slices.Clone(p.chars)
	for i := range chars {
		chars[i].At += float64(p.left)
	}
	certain := 0.0
	for _, c := range chars {
		certain += float64(c.Sure)
	}
	if len(chars) == 0 || certain < blank*float64(len(chars)) {
		if p.free && !p.gone {
			return nil
		}
	}
	lost := p.unread(chars)
	if p.faint {
		lost = append(lost, [2]int{p.x1 + 1, p.x1 + int(0.3*p.em)})
	}
	if p.gone {
		lost = [][2]int{{p.x0, p.x1}}
	}
	doubtAll := p.touches || p.stain || p.hidden || p.torn
	var out []pdf.Glyph
	size := p.em
	base := float64(p.y1+1) - 0.08*p.em
	if low := 0.9*p.em - float64(p.y1-p.y0+1); low > 0 {
		base += low / 2
	}
	put := func(c rune, x0, x1 float64, doubt uint8) {
		at := func(v float64) float32 { return float32(v * s.points) }
		out = append(out, pdf.Glyph{
			Rune: c, X0: at(x0) + dx, X1: at(x1) + dx, Y0: at(base-0.88*size) + dy, Y1: at(base+0.12*size) + dy,
			Base: at(base) + dy, Size: at(size), Doubt: doubt,
		})
	}
	for i, c := range chars {
		if c.Rune == ' ' {
			continue
		}
		half := halfOf(c.Rune) * size
		x0, x1 := c.At-half, c.At+half
		if i > 0 {
			x0 = max(x0, (chars[i-1].At+c.At)/2)
		}
		if i+1 < len(chars) {
			x1 = min(x1, (chars[i+1].At+c.At)/2)
		}
		x0, x1 = max(x0, float64(p.x0)-1), min(x1, float64(p.x1)+2)
		doubt := uint8(math.Round(float64(1-min(max(c.Sure, 0), 1)) * wholly))
		if doubtAll || c.Rune == ocr.Unknown || strings.ContainsRune(twins, c.Rune) ||
			c.Sure < coarsely && s.dpi() < coarse || c.Sure < underRed && s.redAt(p, x0, x1) {
			doubt = wholly
		}
		put(c.Rune, min(x0, x1), max(x0, x1), doubt)
	}
	for _, l := range lost {
		put(ocr.Unknown, float64(l[0]), float64(l[1]), wholly)
	}
	slices.SortStableFunc(out, leftToRight)
	return out
}

// overhang is how much ink may reach beyond a character it belongs to, in em.
const overhang = 0.15

// unread are the stretches of ink that no character accounts for, from and to:
// those far from every character's middle, those that are wider than what was
// read in them, and those that are apart.
func (p *part) unread(chars []ocr.Char) [][2]int {
	stretches, area := p.stretches()
	out := p.apart(chars)
	for i, t := range stretches {
		if float64(area[i]) < trifle*p.em*p.em || slices.Contains(out, t) {
			continue
		}
		from, to := float64(t[0]), float64(t[1]+1)
		inside, wide := 0, 0.0
		first, last := 0.0, 0.0 // from the stretch's ends to what is read there, in em
		near := false
		for _, c := range chars {
			if c.Rune == ' ' {
				continue
			}
			half := halfOf(c.Rune) * p.em
			if c.At >= from-0.1*p.em && c.At <= to+0.1*p.em {
				inside++
				wide += 2 * half
			}
			if c.At >= from && c.At <= to {
				if first == 0 && last == 0 {
					first = (c.At - half - from) / p.em
				}
				last = (to - c.At - half) / p.em
			}
			near = near || (from+to)/2 >= c.At-half && (from+to)/2 <= c.At+half
		}
		switch {
		case inside == 0 && !near:
			out = append(out, t)
		case inside > 0 && (to-from > wide+0.35*p.em || max(first, last) > overhang):
			out = append(out, t)
		}
	}
	return out
}

// stretches are the columns that ink fills without a break, from and to, and
// how much ink each has.
func (p *part) stretches() (list [][2]int, area []int) {
	for _, b := range p.blobs { // sorted by their left edges
		if n := len(list); n > 0 && b.x0 <= list[n-1][1]+1 {
			list[n-1][1] = max(list[n-1][1], b.x1)
			area[n-1] += b.area
			continue
		}
		list, area = append(list, [2]int{b.x0, b.x1}), append(area, b.area)
	}
	return list, area
}

// apart are the stretches of ink, from and to, that a character near them does
// not account for by where they stand: a figure set high beside letters and
// digits, and a dot beyond the square that a Chinese character fills.
func (p *part) apart(chars []ocr.Char) [][2]int {
	const (
		high   = 0.18 // em that a figure set high is wide and high at least
		sunk   = 0.15 // em below the middle of the line to which it reaches at most
		small  = 0.35 // em that a stop is wide and high at most
		dot    = 0.2  // and a dot, which stands in the middle of the line
		beyond = 0.5  // em from the last character's middle to what is not its own
		pitch  = 1.05 // em from one character's middle to the next, were a dot between
	)
	stretches, area := p.stretches()
	middle := (p.y0 + p.y1) / 2
	var out [][2]int
	for i, t := range stretches {
		if float64(area[i]) < trifle*p.em*p.em {
			continue
		}
		top, bottom := p.y1, p.y0
		for _, b := range p.blobs {
			if b.x0 <= t[1] && b.x1 >= t[0] {
				top, bottom = min(top, b.y0), max(bottom, b.y1)
			}
		}
		at := float64(t[0]+t[1]+1) / 2
		before, behind := -1, -1 // the characters on its sides
		for n := range chars {
			switch {
			case chars[n].Rune == ' ':
			case chars[n].At <= at:
				before = n
			case behind < 0:
				behind = n
			}
		}
		nearest := before
		if before < 0 || behind >= 0 && chars[behind].At-at < at-chars[before].At {
			nearest = behind
		}
		if nearest < 0 {
			continue
		}
		width, height := float64(t[1]-t[0]+1)/p.em, float64(bottom-top+1)/p.em
		han := func(n int) bool { return n >= 0 && unicode.Is(unicode.Han, chars[n].Rune) }
		switch {
		case plain(halfWidth(chars[nearest].Rune)) && float64(bottom-middle) <= sunk*p.em && height >= high && width >= high,
			width < small && height < small && han(before) &&
				(behind < 0 && float64(t[0])-chars[before].At > beyond*p.em || han(behind) && width < dot && height < dot &&
					math.Abs(float64(top+bottom)/2-float64(middle)) < dot*p.em/2 && chars[behind].At-chars[before].At > pitch*p.em):
			out = append(out, t)
		}
	}
	return out
}

// plain are the characters no part of which stands high and alone.
func plain(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || strings.ContainsRune("().,:;", r)
}

// Blank em on the outer side of a bracket or stop, before an opening bracket and
// behind the others: full width leaves some 0.7, half at most 0.4, and what lies
// between tells neither.
const (
	fullBlank = 0.55
	halfBlank = 0.43
)

// widthOf tells the two widths of signs apart whose ink fills them, as ~ and ＜:
// em from which they are wide, and up to which they are narrow.
var widthOf = map[rune]struct{ full, half float64 }{
	'~': {0.68, 0.60}, '<': {0.72, 0.64}, '>': {0.72, 0.64}, '=': {0.76, 0.68},
}

// signBlank is the most em of blank behind such a sign in half width: small ones
// stand in full width too.
const signBlank = 0.28

// A dash is as long as a character, a hyphen about half as long, in em; which of
// the longer ones it is a picture does not tell.
const (
	leastDash  = 0.75
	mostHyphen = 0.68
)

// setWidths decides whether signs such as brackets are printed in full width,
// by the room between their neighbours: their shapes do not tell. A closing
// bracket at the end of a line is as wide as its opening one, which may stand
// in a line before: open is the last one there, and the result the last here.
func (p *part) setWidths(open rune) rune {
	stretches, _ := p.stretches()
	chars := p.chars
	for i := range chars {
		c := &chars[i]
		at := c.At + float64(p.left)
		full := halfWidth(c.Rune) != c.Rune
		half := halfWidth(c.Rune)
		if half != c.Rune {
			c.Rune = half // letters, digits and other signs stand in half width
		}
		own := near(stretches, at, 0.4*p.em)
		long := 0.0
		if own >= 0 {
			long = float64(stretches[own][1]-stretches[own][0]+1) / p.em
		}
		if w, ok := widthOf[half]; ok {
			switch {
			case long >= w.full:
				c.Rune = half + fullWidth
			case long > w.half, own >= 0 && own+1 < len(stretches) && float64(stretches[own+1][0]-stretches[own][1]-1) > signBlank*p.em:
				c.Sure = 0
			}
			continue
		}
		if half == '-' && long > mostHyphen || c.Rune == '—' && long < leastDash {
			c.Sure = 0
		}
		if !strings.ContainsRune("(),:;!?", half) {
			continue
		}
		switch {
		case own > 0 && own+1 < len(stretches) && i > 0 && i+1 < len(chars):
			blank := float64(stretches[own+1][0] - stretches[own][1] - 1)
			if half == '(' {
				blank = float64(stretches[own][0] - stretches[own-1][1] - 1)
			}
			if full = blank > fullBlank*p.em; !full && blank > halfBlank*p.em {
				c.Sure = 0
			}
		case half == ')' && open != 0:
			full = open == '（'
		case half == ',' && i > 0:
			full = !narrow(chars[i-1].Rune)
		}
		if full {
			c.Rune = half + fullWidth
		}
		if half == '(' {
			open = c.Rune
		}
	}
	return open
}

// fullWidth leads from a half-width character to its full-width one.
const fullWidth = '！' - '!'

func halfWidth(r rune) rune {
	if r > ' '+fullWidth && r < 0x7f+fullWidth {
		return r - fullWidth
	}
	return r
}

// near is the stretch nearest to a place, -1 when none is within reach.
func near(stretches [][2]int, at, reach float64) int {
	best := -1
	for i, t := range stretches {
		if far := max(float64(t[0])-at, at-float64(t[1]+1), 0); far < reach {
			best, reach = i, far
		}
	}
	return best
}
