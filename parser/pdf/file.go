package pdf

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
)

// file resolves the objects of one layer and keeps what was built from them.
type file struct {
	layer     layer
	limits    Limits
	lostPages bool         // the page tree leads to what is not in the file
	spent     atomic.Int64 // bytes that streams were decoded to
	mended    bool         // the objects were gathered from a damaged file; some may be missing
	mu        sync.Mutex
	cache     map[ref]object
	fonts     map[ref]*font
	bytes     map[ref][]byte // decoded form XObjects
}

func newFile(l layer) *file {
	cpu, ok := l.(*cpuLayer)
	return &file{layer: l, mended: ok && cpu.mended, limits: Limits{}.OrDefault(), cache: map[ref]object{}, fonts: map[ref]*font{}, bytes: map[ref][]byte{}}
}

// resolve follows references; a loop of them is null.
func (f *file) resolve(o object) object {
	for range 16 {
		r, ok := o.(ref)
		if !ok {
			return o
		}
		o = f.load(r)
	}
	return nil
}

func (f *file) load(r ref) object {
	f.mu.Lock()
	defer f.mu.Unlock()
	if o, seen := f.cache[r]; seen {
		return o
	}
	o := f.layer.load(r)
	f.cache[r] = o
	return o
}

func (f *file) intOr(o object, otherwise int) int {
	if n, ok := number(f.resolve(o)); ok && math.Abs(n) < 1<<31 {
		return int(n)
	}
	return otherwise
}

// numbers reads an array of n numbers.
func (f *file) numbers(o object, n int) ([]float64, bool) {
	a, ok := f.resolve(o).(array)
	if !ok || len(a) < n {
		return nil, false
	}
	out := make([]float64, n)
	for i := range n {
		v, ok := number(f.resolve(a[i]))
		if !ok {
			return nil, false
		}
		out[i] = v
	}
	return out, true
}

// font returns the font of a resource entry, built once a file.
func (f *file) font(o object) *font {
	r, isRef := o.(ref)
	if isRef {
		f.mu.Lock()
		ft := f.fonts[r]
		f.mu.Unlock()
		if ft != nil {
			return ft
		}
	}
	d, ok := f.resolve(o).(dict)
	if !ok {
		return nil
	}
	ft := f.buildFont(d)
	if isRef {
		f.mu.Lock()
		f.fonts[r] = ft
		f.mu.Unlock()
	}
	return ft
}

// pageNode is a page with the attributes it inherits.
type pageNode struct {
	dict      dict
	resources dict
	media     [4]float64
	crop      [4]float64
	rotate    int
}

// pages walks the page tree. Nothing in it is trusted: no count, no depth, no
// absence of loops. Without a usable tree, every page object is taken in
// number order.
func (f *file) pages(limit int) []pageNode {
	var out []pageNode
	seen := map[ref]bool{}
	var walk func(o object, from pageNode, depth int)
	walk = func(o object, from pageNode, depth int) {
		if depth > maxNesting || len(out) >= limit {
			return
		}
		if r, ok := o.(ref); ok {
			if seen[r] {
				return
			}
			seen[r] = true
		}
		d, ok := f.resolve(o).(dict)
		if !ok {
			return
		}
		node := f.inherit(d, from)
		kids, ok := f.resolve(d["Kids"]).(array)
		if ok && d["Contents"] == nil {
			for _, k := range kids {
				if _, ok := f.resolve(k).(dict); !ok {
					f.lostPages = true
				}
				walk(k, node, depth+1)
			}
			return
		}
		if t := f.resolve(d["Type"]); t == name("Page") || d["Contents"] != nil || d["MediaBox"] != nil && t != name("Pages") {
			node.dict = d
			out = append(out, node)
		}
	}
	start := pageNode{media: [4]float64{0, 0, 595, 842}}
	if root, err := f.layer.root(); err == nil {
		walk(root["Pages"], start, 0)
	}
	if len(out) > 0 {
		return out
	}
	all := f.layer.all()
	for _, r := range all { // a page tree that no catalogue leads to
		if d, ok := f.resolve(r).(dict); ok && f.resolve(d["Type"]) == name("Pages") && d["Parent"] == nil {
			walk(r, start, 0)
		}
	}
	if len(out) > 0 {
		return out
	}
	for _, r := range all {
		if d, ok := f.resolve(r).(dict); ok && f.resolve(d["Type"]) == name("Page") && len(out) < limit {
			node := f.inherit(d, start)
			node.dict = d
			out = append(out, node)
		}
	}
	return out
}

func (f *file) inherit(d dict, from pageNode) pageNode {
	node := from
	if r, ok := f.resolve(d["Resources"]).(dict); ok {
		node.resources = r
	}
	if b, ok := f.box(d["MediaBox"]); ok {
		node.media = b
	}
	if b, ok := f.box(d["CropBox"]); ok {
		node.crop = b
	}
	if n, ok := number(f.resolve(d["Rotate"])); ok {
		node.rotate = ((int(n)/90)%4 + 4) % 4
	}
	return node
}

// box reads a rectangle with its corners in order; ok is false for an empty
// or absurd one.
func (f *file) box(o object) ([4]float64, bool) {
	n, ok := f.numbers(o, 4)
	if !ok {
		return [4]float64{}, false
	}
	b := [4]float64{min(n[0], n[2]), min(n[1], n[3]), max(n[0], n[2]), max(n[1], n[3])}
	w, h := b[2]-b[0], b[3]-b[1]
	return b, w >= 1 && h >= 1 && w < 1e6 && h < 1e6
}

// Page is one page as it is seen: in points from its top left corner, y
// growing downwards, after crop, rotation and user unit.
type Page struct {
	Number        int // 1-based
	Width, Height float64
	Glyphs        []Glyph // in drawing order
	Rules         []Rule
	Images        int
}

// Glyph is a drawn character.
type Glyph struct {
	Rune           rune    // U+FFFD when the font gives no way to Unicode
	Tail           string  // what follows Rune where a glyph stands for several characters
	X0, Y0, X1, Y1 float32 // the box of its advance, em high
	Base           float32 // y of the baseline
	Size           float32 // em in points
	Turn           uint8   // direction it runs in, in quarter turns clockwise
}

// Rule is a horizontal or vertical line, X0 <= X1 and Y0 <= Y1.
type Rule struct {
	X0, Y0, X1, Y1 float32
	Faint          bool // white or nearly so
}

// Horizontal says which way the rule runs.
func (r Rule) Horizontal() bool { return r.X1-r.X0 >= r.Y1-r.Y0 }

// glyphBuffers are the glyph slices of pages that were laid out: a file's
// pages need but as many as are read at once.
var glyphBuffers = sync.Pool{New: func() any { return new([]Glyph) }}

// Recycle gives the page's glyphs back; they must not be used any more.
func (p *Page) Recycle() {
	glyphs := p.Glyphs[:0]
	p.Glyphs = nil
	glyphBuffers.Put(&glyphs)
}

// readPage interprets a page's contents.
func (f *file) readPage(ctx context.Context, node pageNode) (Page, error) {
	view := node.media
	if c := node.crop; c[2] > c[0] {
		v := [4]float64{max(view[0], c[0]), max(view[1], c[1]), min(view[2], c[2]), min(view[3], c[3])}
		if v[2]-v[0] >= 1 && v[3]-v[1] >= 1 {
			view = v
		}
	}
	unit := 1.0
	if u, ok := number(f.resolve(node.dict["UserUnit"])); ok && u > 0 && u < 1000 {
		unit = u
	}
	base, w, h := pageMatrix(view, node.rotate, unit)
	in := &interpreter{file: f, ctx: ctx, limits: f.limits, page: Page{Width: w, Height: h, Glyphs: (*glyphBuffers.Get().(*[]Glyph))[:0]}, active: map[ref]bool{}}
	in.state = newState(base, [4]float64{0, 0, w, h})
	data, cut, err := f.contents(node.dict["Contents"])
	if err == nil {
		err = in.run(data, node.resources, 0, cut)
	}
	in.page.turnUpright()
	return in.page, err
}

// pageMatrix leads from a page's user space to the page as it is seen, whose
// width and height it returns too.
func pageMatrix(view [4]float64, turns int, unit float64) (base matrix, w, h float64) {
	w, h = (view[2]-view[0])*unit, (view[3]-view[1])*unit
	base = matrix{unit, 0, 0, -unit, -view[0] * unit, view[3] * unit}
	switch turns {
	case 1:
		base = base.times(matrix{0, 1, -1, 0, h, 0})
		w, h = h, w
	case 2:
		base = base.times(matrix{-1, 0, 0, -1, w, h})
	case 3:
		base = base.times(matrix{0, -1, 1, 0, 0, w})
		w, h = h, w
	}
	return base, w, h
}

// contents puts a page's content streams together. cut is true when the last
// one breaks off. What the file promises but cannot give is an error: text may
// have stood there.
func (f *file) contents(o object) (all []byte, cut bool, err error) {
	var parts array
	switch v := f.resolve(o).(type) {
	case *stream:
		all, err := f.decodeWhole(v)
		return f.judged(v, all, err)
	case array:
		parts = v
	case nil:
		if _, missing := o.(ref); missing && f.mended {
			return nil, false, ErrLost
		}
	}
	for _, e := range parts {
		s, ok := f.resolve(e).(*stream)
		if !ok {
			if _, missing := e.(ref); missing && f.mended {
				return nil, false, ErrLost
			}
			continue
		}
		if cut { // something is missing in between
			return nil, false, ErrLost
		}
		data, err := f.decodeWhole(s)
		if data, cut, err = f.judged(s, data, err); err != nil {
			return nil, false, err
		}
		if int64(len(all)+len(data)) > f.limits.Decoded {
			return nil, false, f.tooBig()
		}
		all = append(append(all, data...), '\n')
	}
	return all, cut, nil
}

// judged turns what decoding contents said into an exceeded limit, a loss, or
// whether they break off.
func (f *file) judged(s *stream, data []byte, err error) ([]byte, bool, error) {
	switch {
	case err == nil:
		return data, false, nil
	case errors.Is(err, errCorrupt):
		return nil, false, ErrLost
	case errors.Is(err, errBrokenOff):
		return data, true, nil
	case errors.Is(err, errTooBig):
		return nil, false, f.tooBig()
	case len(s.raw) == 0 && s.decoded == nil, errors.Is(err, errImage):
		return nil, false, nil
	}
	return nil, false, fmt.Errorf("%w: %w", ErrLost, err)
}

// tooBig is the limit that decoded bytes exceeded.
func (f *file) tooBig() error {
	if f.spent.Load() > f.limits.Total {
		return exceeded("全部解压字节 decoded bytes of all streams", int(f.limits.Total))
	}
	return exceeded("解压字节 decoded bytes of a stream", int(f.limits.Decoded))
}

// turnUpright turns a page whose text nearly all runs in one other direction,
// as a landscape table on a portrait page without /Rotate does.
func (p *Page) turnUpright() {
	var count [4]int
	for i := range p.Glyphs {
		count[p.Glyphs[i].Turn]++
	}
	turn := uint8(0)
	for q := uint8(1); q < 4; q++ {
		if count[q] >= 20 && count[q]*10 >= len(p.Glyphs)*9 {
			turn = q
		}
	}
	if turn == 0 {
		return
	}
	w, h := float32(p.Width), float32(p.Height)
	box := func(x0, y0, x1, y1 float32) (float32, float32, float32, float32) {
		switch turn {
		case 1:
			return y0, w - x1, y1, w - x0
		case 2:
			return w - x1, h - y1, w - x0, h - y0
		}
		return h - y1, x0, h - y0, x1
	}
	for i := range p.Glyphs {
		g := &p.Glyphs[i]
		g.X0, g.Y0, g.X1, g.Y1 = box(g.X0, g.Y0, g.X1, g.Y1)
		g.Base = g.Y1 + descent*g.Size
		g.Turn = (g.Turn + 4 - turn) % 4
	}
	for i := range p.Rules {
		r := &p.Rules[i]
		r.X0, r.Y0, r.X1, r.Y1 = box(r.X0, r.Y0, r.X1, r.Y1)
	}
	if turn != 2 {
		p.Width, p.Height = p.Height, p.Width
	}
}
