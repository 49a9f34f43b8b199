package scan

import (
	"cmp"
	"slices"

	"perfgoal/parser/pdf"
)

// Rulings of a sheet, in points.
const (
	shortest  = 15.0 // a run of ink that is part of a ruling is that long
	thickest  = 4.0  // a ruling is no thicker
	slack     = 0.3  // a break in a run that is bridged at once
	joinGap   = 8.0  // a break between two pieces of one ruling
	sameLine  = 1.2  // how far pieces of one ruling may lie apart across
	border    = 36.0 // a ruling that meets but one other is that long
	touchNear = 4.0  // how near a ruling's end must come to one that it meets
)

// stroke is a long straight stretch of ink. Along it are from and to, across
// it first and last, all in pixels, the ends included.
type stroke struct {
	from, to, first, last int
	area                  int
	sum                   float64 // of the places across, weighed by length
	runs                  []span
}

// span is a run of ink: in row (or column) at, from one end to the other.
type span struct{ at, from, to int }

func (s *stroke) middle() float64 { return s.sum/float64(s.area) + 0.5 }

func (s *stroke) length() int { return s.to - s.from + 1 }

func (s *stroke) thickness() float64 { return float64(s.area) / float64(s.length()) }

// strokes finds the horizontal ones of a picture of w columns.
func (s *sheet) strokes(grey []uint8, w, h int, ink uint8) []*stroke {
	least, bridge := s.px(shortest), max(s.px(slack), 1)
	var all []*stroke
	var open []*stroke // those that the row before went on with
	for y := range h {
		row := grey[y*w : (y+1)*w]
		var next []*stroke
		for _, r := range runs(row, y, ink, least, bridge) {
			var to *stroke
			for _, o := range open {
				if o.overlaps(r) {
					if to == nil {
						to = o
					} else if o != to {
						to.take(o)
						all = slices.DeleteFunc(all, func(x *stroke) bool { return x == o })
						next = slices.DeleteFunc(next, func(x *stroke) bool { return x == o })
						o.runs = nil
					}
				}
			}
			if to == nil {
				to = &stroke{from: r.from, to: r.to, first: y, last: y}
				all = append(all, to)
			}
			to.put(r)
			if !slices.Contains(next, to) {
				next = append(next, to)
			}
		}
		open = next
	}
	thick := float64(s.px(thickest))
	return slices.DeleteFunc(all, func(x *stroke) bool { return x.thickness() > thick })
}

// overlaps says whether a run lies below one of the stroke's last runs.
func (s *stroke) overlaps(r span) bool {
	for i := len(s.runs) - 1; i >= 0 && s.runs[i].at >= r.at-1; i-- {
		if o := s.runs[i]; o.at == r.at-1 && o.from <= r.to+1 && o.to >= r.from-1 {
			return true
		}
	}
	return false
}

func (s *stroke) put(r span) {
	n := r.to - r.from + 1
	s.from, s.to, s.last = min(s.from, r.from), max(s.to, r.to), max(s.last, r.at)
	s.area += n
	s.sum += float64(n) * float64(r.at)
	s.runs = append(s.runs, r)
}

func (s *stroke) take(o *stroke) {
	s.from, s.to, s.first, s.last = min(s.from, o.from), max(s.to, o.to), min(s.first, o.first), max(s.last, o.last)
	s.area += o.area
	s.sum += o.sum
	s.runs = append(s.runs, o.runs...)
	slices.SortStableFunc(s.runs, func(a, b span) int { return cmp.Compare(a.at, b.at) })
}

// runs are the runs of ink of a row that are long enough, small breaks bridged.
func runs(row []uint8, y int, ink uint8, least, bridge int) []span {
	var out []span
	from, last := -1, -1
	end := func() {
		if from >= 0 && last-from+1 >= least {
			out = append(out, span{y, from, last})
		}
		from = -1
	}
	for x, v := range row {
		if v >= ink {
			if from >= 0 && x-last > bridge {
				end()
			}
			continue
		}
		if from < 0 {
			from = x
		}
		last = x
	}
	end()
	return out
}

// rulings finds the lines that make tables, and takes their ink off the sheet.
func (s *sheet) rulings(ink uint8) []pdf.Ruling {
	flat := s.strokes(s.grey, s.w, s.h, ink)
	upright := s.strokes(transposed(s.grey, s.w, s.h), s.h, s.w, ink)
	flat, upright = s.joined(flat), s.joined(upright)
	for {
		n := len(flat) + len(upright)
		flat = s.touching(flat, upright)
		upright = s.touching(upright, flat)
		if len(flat)+len(upright) == n {
			break
		}
	}
	var out []pdf.Ruling
	at := func(v float64) float32 { return float32(v * s.points) }
	for _, x := range flat {
		y := at(x.middle())
		out = append(out, pdf.Ruling{X0: at(float64(x.from)), Y0: y, X1: at(float64(x.to + 1)), Y1: y})
	}
	for _, x := range upright {
		c := at(x.middle())
		out = append(out, pdf.Ruling{X0: c, Y0: at(float64(x.from)), X1: c, Y1: at(float64(x.to + 1))})
	}
	s.wipe(flat, upright)
	return out
}

func transposed(pix []uint8, w, h int) []uint8 {
	const block = 64
	out := make([]uint8, len(pix))
	for y0 := 0; y0 < h; y0 += block {
		for x0 := 0; x0 < w; x0 += block {
			for y := y0; y < min(y0+block, h); y++ {
				for x := x0; x < min(x0+block, w); x++ {
					out[x*h+y] = pix[y*w+x]
				}
			}
		}
	}
	return out
}

// joined makes pieces one whose ends nearly meet.
func (s *sheet) joined(list []*stroke) []*stroke {
	slices.SortFunc(list, func(a, b *stroke) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.first, b.first)) })
	gap, near := s.px(joinGap), sameLine/s.points
	var out []*stroke
	for _, x := range list {
		i := slices.IndexFunc(out, func(o *stroke) bool {
			d := o.middle() - x.middle()
			return x.from-o.to <= gap && x.to > o.to && max(d, -d) <= near
		})
		if i < 0 {
			out = append(out, x)
			continue
		}
		out[i].take(x)
	}
	return out
}

// touching keeps the strokes that meet two of the others, or one where they are
// long: the outer border of a merged cell that goes on on the next page. A dash
// within a text meets none.
func (s *sheet) touching(list, across []*stroke) []*stroke {
	near := s.px(touchNear)
	return slices.DeleteFunc(list, func(x *stroke) bool {
		n := 0
		for _, o := range across {
			if m := int(o.middle()); m >= x.from-near && m <= x.to+near {
				if c := int(x.middle()); c >= o.from-near && c <= o.to+near {
					n++
				}
			}
		}
		return n < 2 && (n < 1 || x.length() < s.px(border))
	})
}

// wipe paints rulings white, a pixel beyond their edges.
func (s *sheet) wipe(flat, upright []*stroke) {
	const beyond = 2 // pixels, for what blur leaves
	paint := func(x0, x1, y0, y1 int) {
		for y := max(y0, 0); y <= min(y1, s.h-1); y++ {
			row := s.grey[y*s.w : (y+1)*s.w]
			cut := s.cut[y*s.w : (y+1)*s.w]
			for x := max(x0, 0); x <= min(x1, s.w-1); x++ {
				row[x], cut[x] = 255, 1
			}
		}
	}
	s.cut = make([]uint8, len(s.grey))
	for _, x := range flat {
		for _, r := range x.runs {
			paint(r.from-beyond, r.to+beyond, r.at-beyond, r.at+beyond)
		}
	}
	for _, x := range upright {
		for _, r := range x.runs {
			paint(r.at-beyond, r.at+beyond, r.from-beyond, r.to+beyond)
		}
	}
}
