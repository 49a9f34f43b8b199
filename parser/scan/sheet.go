// Package scan reads the picture of a page: it sets the paper straight, finds
// the rulings and the lines of print in the cells that they make, has package
// ocr read the lines, and hands on a page of glyphs and rulings like that of
// any other PDF. What is not certain carries a doubt.
package scan

import (
	"image"
	"image/color"
	"math"

	"perfgoal/parser/pdf"
)

// sheet is a page's picture in grey, paper white, without red ink.
type sheet struct {
	w, h   int
	grey   []uint8 // 0 black to 255 white
	red    []uint8 // 1 where red ink lies; nil where there is none
	cut    []uint8 // 1 where a ruling's ink was taken off
	ink    uint8   // what is darker than it is ink
	points float64 // points to a pixel
	angle  float64 // that it was turned back by to lie straight, in radians
}

// Red ink: how much redder than green and blue, of 255.
const (
	redder   = 28
	leastRed = 1e-4 // of a sheet's pixels, lest the grain of a camera counts
)

// newSheet turns a picture the way it is seen on the page. In the red of its
// colours red ink is as light as paper, and what is printed under it stays.
func newSheet(p pdf.Picture, turns int) *sheet {
	b := p.Image.Bounds()
	turn := (p.Turns + turns) & 3
	s := &sheet{w: b.Dx(), h: b.Dy()}
	s.points = (p.X1 - p.X0) / float64(s.w)
	if p.Turns&1 == 1 {
		s.points = (p.Y1 - p.Y0) / float64(s.w)
	}
	s.grey = make([]uint8, s.w*s.h)
	switch img := p.Image.(type) {
	case *image.Gray:
		for y := range s.h {
			copy(s.grey[y*s.w:(y+1)*s.w], img.Pix[y*img.Stride:])
		}
	case *image.YCbCr:
		s.colours(func(x, y int) (r, g, b uint8) {
			i, j := img.YOffset(b0(img.Rect, x, y)), img.COffset(b0(img.Rect, x, y))
			return color.YCbCrToRGB(img.Y[i], img.Cb[j], img.Cr[j])
		})
	case interface {
		RGB(x, y int) (r, g, b uint8)
	}:
		s.colours(img.RGB)
	case *image.RGBA:
		s.colours(func(x, y int) (r, g, b uint8) {
			q := img.Pix[img.PixOffset(b0(img.Rect, x, y)):]
			return q[0], q[1], q[2]
		})
	default:
		s.colours(func(x, y int) (r, g, b uint8) {
			c := color.RGBAModel.Convert(img.At(b0(img.Bounds(), x, y))).(color.RGBA)
			return c.R, c.G, c.B
		})
	}
	if p.Mirrored {
		s.each(func(pix []uint8) []uint8 { return mirrored(pix, s.w, s.h) })
	}
	for range turn {
		s.each(func(pix []uint8) []uint8 { return turned(pix, s.w, s.h) })
		s.w, s.h = s.h, s.w
	}
	s.coarsen()
	return s
}

func b0(r image.Rectangle, x, y int) (int, int) { return r.Min.X + x, r.Min.Y + y }

func (s *sheet) each(change func([]uint8) []uint8) {
	s.grey = change(s.grey)
	if s.red != nil {
		s.red = change(s.red)
	}
}

// colours fills the sheet.
func (s *sheet) colours(at func(x, y int) (r, g, b uint8)) {
	red := make([]uint8, s.w*s.h)
	n := 0
	for y := range s.h {
		for x := range s.w {
			r, g, b := at(x, y)
			i := y*s.w + x
			if int(r)-int(max(g, b)) >= redder {
				red[i] = 1
				n++
				s.grey[i] = r
				continue
			}
			s.grey[i] = uint8((int(r)*77 + int(g)*150 + int(b)*29) >> 8)
		}
	}
	if float64(n) >= leastRed*float64(len(red)) {
		s.red = red
	}
}

func mirrored(pix []uint8, w, h int) []uint8 {
	out := make([]uint8, len(pix))
	for y := range h {
		for x := range w {
			out[y*w+x] = pix[y*w+w-1-x]
		}
	}
	return out
}

// turned turns by a quarter clockwise.
func turned(pix []uint8, w, h int) []uint8 {
	out := make([]uint8, len(pix))
	for y := range h {
		for x := range w {
			out[x*h+h-1-y] = pix[y*w+x]
		}
	}
	return out
}

// fine is the resolution beyond which pixels are put together, in dpi: more
// of them say nothing more about print.
const fine = 500

func (s *sheet) coarsen() {
	for s.dpi() > fine && min(s.w, s.h) > 2 {
		w, h := s.w/2, s.h/2
		s.each(func(pix []uint8) []uint8 {
			out := make([]uint8, w*h)
			for y := range h {
				a, b := pix[2*y*s.w:], pix[(2*y+1)*s.w:]
				for x := range w {
					sum := int(a[2*x]) + int(a[2*x+1]) + int(b[2*x]) + int(b[2*x+1])
					out[y*w+x] = uint8((sum + 2) / 4)
				}
			}
			return out
		})
		s.w, s.h, s.points = w, h, 2*s.points
	}
}

// dpi is the sheet's resolution.
func (s *sheet) dpi() float64 { return 72 / s.points }

// px turns points into pixels.
func (s *sheet) px(points float64) int { return int(math.Round(points / s.points)) }

// flatten makes paper white wherever it lies in a shadow. What paper is is
// taken from the light pixels of each square of the sheet.
func (s *sheet) flatten() {
	const square = 18      // points
	const lightShare = 0.3 // of a square's pixels that count
	const darkest = 60     // paper is not darker than that
	n := max(s.px(square), 8)
	cols, rows := (s.w+n-1)/n, (s.h+n-1)/n
	paper := make([]float64, cols*rows)
	for r := range rows {
		for c := range cols {
			var count [256]int
			total := 0
			for y := r * n; y < min((r+1)*n, s.h); y++ {
				for x := c * n; x < min((c+1)*n, s.w); x++ {
					count[s.grey[y*s.w+x]]++
					total++
				}
			}
			left := int(lightShare * float64(total))
			v := 255
			for ; v > darkest && left >= count[v]; v-- {
				left -= count[v]
			}
			paper[r*cols+c] = float64(v)
		}
	}
	paper = lighter(paper, cols, rows)
	for y := range s.h {
		fy := min(max((float64(y)+0.5)/float64(n)-0.5, 0), float64(rows-1))
		r := min(int(fy), max(rows-2, 0))
		fy -= float64(r)
		below := min(r+1, rows-1)
		for x := range s.w {
			fx := min(max((float64(x)+0.5)/float64(n)-0.5, 0), float64(cols-1))
			c := min(int(fx), max(cols-2, 0))
			fx -= float64(c)
			right := min(c+1, cols-1)
			p := (paper[r*cols+c]*(1-fx)+paper[r*cols+right]*fx)*(1-fy) + (paper[below*cols+c]*(1-fx)+paper[below*cols+right]*fx)*fy
			i := y*s.w + x
			s.grey[i] = uint8(min(float64(s.grey[i])*255/p, 255))
		}
	}
}

// lighter gives a square that is darker than those around it, as one full of
// ink is, their paper.
func lighter(paper []float64, cols, rows int) []float64 {
	out := make([]float64, len(paper))
	for r := range rows {
		for c := range cols {
			var list [9]float64
			n := 0
			for y := max(r-1, 0); y <= min(r+1, rows-1); y++ {
				for x := max(c-1, 0); x <= min(c+1, cols-1); x++ {
					list[n] = paper[y*cols+x]
					n++
				}
			}
			var sum float64
			most := 0.0
			for _, v := range list[:n] {
				sum += v
				most = max(most, v)
			}
			out[r*cols+c] = max((sum/float64(n)+most)/2, 1)
		}
	}
	return out
}

// threshold is the shade below which a pixel is ink: between the paper and
// what is darkest on it.
func (s *sheet) threshold() uint8 {
	const lowest, highest = 110, 190
	var count [256]int
	for _, v := range s.grey {
		count[v]++
	}
	var total, sum float64
	for v, n := range count {
		total += float64(n)
		sum += float64(v) * float64(n)
	}
	best, at := 0.0, 0
	var below, dark float64
	for v, n := range count[:255] {
		below += float64(n)
		dark += float64(v) * float64(n)
		if below == 0 || below == total {
			continue
		}
		d := dark/below - (sum-dark)/(total-below)
		if between := below * (total - below) * d * d; between > best {
			best, at = between, v
		}
	}
	return uint8(min(max(at, lowest), highest))
}

// darken makes the print of a faint sheet black: the shade that most of its ink
// has becomes the darkest.
func (s *sheet) darken() {
	var count [256]int
	total := 0
	for _, v := range s.grey {
		if v < s.ink {
			count[v]++
			total++
		}
	}
	const share = 4 // a quarter of the ink is darker
	shade, n := 0, 0
	for n*share < total {
		n += count[shade]
		shade++
	}
	if shade < 2 {
		return
	}
	var to [256]uint8
	for v := range to {
		to[v] = uint8(max(0, 255-(255-v)*255/(255-shade)))
	}
	for i, v := range s.grey {
		s.grey[i] = to[v]
	}
	s.ink = to[s.ink]
}

// Straightening: how far a sheet may lie askew, and the steps in which the
// angle is looked for, in degrees.
const (
	mostSkew   = 6
	coarseStep = 0.25
	fineStep   = 0.02
	leastSkew  = 0.03
)

// skew is the angle by which the sheet's lines fall to the right, in radians:
// the one along which ink gathers most.
func (s *sheet) skew(ink uint8) float64 {
	const enough = 60_000 // points of ink looked at
	var xs, ys []float32
	total := 0
	for _, v := range s.grey {
		if v < ink {
			total++
		}
	}
	every := total/enough + 1
	n := 0
	for y := range s.h {
		for x, v := range s.grey[y*s.w : (y+1)*s.w] {
			if v < ink {
				if n++; n%every == 0 {
					xs, ys = append(xs, float32(x)), append(ys, float32(y))
				}
			}
		}
	}
	margin := int(float64(s.w)*math.Tan(mostSkew*math.Pi/180)) + 1
	count := make([]int32, s.h+2*margin+2)
	score := func(degrees float64) float64 {
		clear(count)
		slope := float32(math.Tan(degrees * math.Pi / 180))
		for i, x := range xs {
			count[int(ys[i]-x*slope)+margin+1]++
		}
		var sum float64
		for _, c := range count {
			sum += float64(c) * float64(c)
		}
		return sum
	}
	best, most := 0.0, 0.0
	search := func(from, to, step float64) {
		middle := best
		for d := from; d <= to; d += step {
			if v := score(middle + d); v > most*1.0001 {
				best, most = middle+d, v
			}
		}
	}
	search(-mostSkew+coarseStep, mostSkew-coarseStep, coarseStep)
	search(-coarseStep, coarseStep, fineStep)
	if math.Abs(best) < leastSkew {
		return 0
	}
	return best * math.Pi / 180
}

// straighten turns the sheet back by an angle, about its middle.
func (s *sheet) straighten(angle float64) {
	s.angle = angle
	sin, cos := math.Sincos(angle)
	out := make([]uint8, len(s.grey))
	var red []uint8
	if s.red != nil {
		red = make([]uint8, len(s.red))
	}
	cx, cy := float64(s.w-1)/2, float64(s.h-1)/2
	const one = 1 << 8 // positions are counted in parts of a pixel
	dx, dy := int(cos*one*one), int(sin*one*one)
	for y := range s.h {
		ry := float64(y) - cy
		fx := int((-cx*cos - ry*sin + cx) * one * one)
		fy := int((-cx*sin + ry*cos + cy) * one * one)
		for x := range s.w {
			i := y*s.w + x
			px, py := fx>>16, fy>>16
			if px < 0 || py < 0 || px+1 >= s.w || py+1 >= s.h {
				out[i] = 255
			} else {
				u, v := (fx>>8)&(one-1), (fy>>8)&(one-1)
				at := s.grey[py*s.w+px:]
				under := s.grey[(py+1)*s.w+px:]
				top := int(at[0])*(one-u) + int(at[1])*u
				low := int(under[0])*(one-u) + int(under[1])*u
				out[i] = uint8((top*(one-v) + low*v) >> 16)
				if red != nil {
					red[i] = s.red[(py+v>>7)*s.w+px+u>>7]
				}
			}
			fx, fy = fx+dx, fy+dy
		}
	}
	s.grey, s.red = out, red
}
