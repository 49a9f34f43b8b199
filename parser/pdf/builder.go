package pdf

import (
	"math"
	"unicode/utf8"
)

// Builder puts a page together from what another engine tells about it, by the
// same rules as the interpreter: what is a ruling, what the clip hides, where a
// character's box lies. Coordinates are the page's user space, as in the file.
type Builder struct{ in *interpreter }

// NewBuilder begins a page. view is its visible box (x0, y0, x1, y1), turns its
// rotation in quarter turns clockwise, unit its user unit in points.
func NewBuilder(number int, view [4]float64, turns int, unit float64) *Builder {
	base, w, h := pageMatrix(view, turns, unit)
	in := &interpreter{limits: Limits{}.OrDefault(), page: Page{Number: number, Width: w, Height: h}}
	in.state = newState(base, [4]float64{0, 0, w, h})
	return &Builder{in}
}

// PathPoint is a point of a path: where a subpath starts, the end of a line,
// or the end of a curve.
type PathPoint struct {
	X, Y          float64
	Start, Curved bool
}

// Paint says how a path or an image is drawn.
type Paint struct {
	Stroke, Fill           bool
	StrokeFaint, FillFaint bool       // white, or nearly so
	Clip                   [4]float64 // what shows, in user space
	Clipped                bool       // whether Clip is set
}

// Path draws a path.
func (b *Builder) Path(points []PathPoint, p Paint) {
	in := b.in
	saved := in.state.clip
	b.clip(p)
	in.state.strokeFaint, in.state.fillFaint = p.StrokeFaint, p.FillFaint
	in.path = in.path[:0]
	for _, q := range points {
		if q.Start {
			in.moveTo(q.X, q.Y)
		} else {
			in.lineTo(q.X, q.Y, q.Curved)
		}
	}
	in.paint(p.Stroke, p.Fill)
	in.state.clip = saved
}

func (b *Builder) clip(p Paint) {
	if !p.Clipped {
		return
	}
	in, c := b.in, p.Clip
	in.path = in.path[:0]
	in.moveTo(c[0], c[1])
	in.lineTo(c[2], c[3], false)
	in.clip()
	in.path = in.path[:0]
}

// Image counts an image that fills a box; a thin one is a ruling.
func (b *Builder) Image(box [4]float64, p Paint) {
	in := b.in
	ctm, clip := in.state.ctm, in.state.clip
	b.clip(p)
	in.state.ctm = matrix{box[2] - box[0], 0, 0, box[3] - box[1], box[0], box[1]}.times(ctm)
	in.image(nil)
	in.state.ctm, in.state.clip = ctm, clip
}

// Text draws the characters of one glyph, or several that cannot be told
// apart. (x, y) is its origin, (dx, dy) the advance to the end of the glyph,
// size the em in user space.
func (b *Builder) Text(text string, x, y, dx, dy, size float64) {
	in := b.in
	r, n := utf8.DecodeRuneInString(text)
	if !sane(text) {
		r, n = utf8.RuneError, len(text)
		in.page.Unknown = append(in.page.Unknown, Unknown{At: len(in.page.Glyphs)})
	}
	// The unit vector along the line, and the one up from it.
	ux, uy := 1.0, 0.0
	if l := math.Hypot(dx, dy); l > 0 {
		ux, uy = dx/l, dy/l
	}
	vx, vy := -uy*size, ux*size
	m := in.state.ctm
	ax, ay := m.apply(x+descent*vx, y+descent*vy)
	bx, by := m.apply(x+dx+ascent*vx, y+dy+ascent*vy)
	_, base := m.apply(x, y)
	if sum := ax + ay + bx + by; math.IsNaN(sum) || math.IsInf(sum, 0) {
		return
	}
	in.page.Glyphs = append(in.page.Glyphs, Glyph{
		Rune: r, Tail: text[n:],
		X0: float32(min(ax, bx)), Y0: float32(min(ay, by)), X1: float32(max(ax, bx)), Y1: float32(max(ay, by)),
		Base: float32(base), Size: float32(size * math.Hypot(m[0], m[1])),
		Turn: quarter(matrix{ux, uy}.times(m)),
	})
}

// Page ends the page and returns it.
func (b *Builder) Page() Page {
	b.in.page.turnUpright()
	return b.in.page
}
