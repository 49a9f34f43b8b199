package pdf

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"sync/atomic"

	"perfgoal/model"
)

// file resolves the objects of one layer and keeps what was built from them.
type file struct {
	layer     layer
	limits    Limits
	lostPages bool         // the page tree leads to what is not in the file
	spent     atomic.Int64 // bytes that streams were decoded to
	mu        sync.Mutex
	cache     map[ref]object
	fonts     map[ref]*font
	bytes     map[ref][]byte // decoded form XObjects
	users     map[ref]dict   // the font that each part of a font was met in
	offOnce   sync.Once
	off       map[ref]bool // optional content that is not shown
	orphans   func() orphans
}

func newFile(l layer) *file {
	f := &file{layer: l, limits: Limits{}.OrDefault(), cache: map[ref]object{}, fonts: map[ref]*font{}, bytes: map[ref][]byte{}, users: map[ref]dict{}}
	f.orphans = sync.OnceValue(f.findOrphans)
	return f
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
	at        ref // the zero value where no reference leads to it
	dict      dict
	resources dict
	media     [4]float64
	crop      [4]float64
	rotate    int
}

// promisedPages is how many pages the file says it has.
func (f *file) promisedPages() int {
	root, err := f.layer.root()
	if err != nil {
		return 0
	}
	tree, _ := f.resolve(root["Pages"]).(dict)
	return f.intOr(tree["Count"], 0)
}

// pages walks the page tree. Nothing in it is trusted: no depth, no absence of
// loops. What shows that a page is missing, or stands twice, sets lostPages: a
// kid that is no page, one that was met before, a count that does not hold.
// Without a usable tree, every page object is taken in number order.
func (f *file) pages(limit int) []pageNode {
	start := pageNode{media: [4]float64{0, 0, 595, 842}}
	w := &treeWalk{file: f, limit: limit, seen: map[ref]bool{}}
	if root, err := f.layer.root(); err == nil {
		w.tree(root["Pages"], start)
	}
	if len(w.out) > 0 {
		return w.out
	}
	all := f.layer.all()
	trees := 0
	for _, r := range all { // a page tree that no catalogue leads to
		if d, ok := f.resolve(r).(dict); ok && f.resolve(d["Type"]) == name("Pages") && d["Parent"] == nil {
			w.tree(r, start)
			trees++
		}
	}
	if len(w.out) > 0 {
		f.lostPages = f.lostPages || trees > 1
		return w.out
	}
	for _, r := range all {
		if d, ok := f.resolve(r).(dict); ok && f.resolve(d["Type"]) == name("Page") && len(w.out) < limit {
			node := f.inherit(d, start)
			node.dict, node.at = d, r
			w.out = append(w.out, node)
		}
	}
	// How many there were, and in what order, the lost tree knew.
	f.lostPages = f.lostPages || len(w.out) > 1
	return w.out
}

// treeWalk gathers the pages of page trees.
type treeWalk struct {
	*file
	limit int
	seen  map[ref]bool
	out   []pageNode
}

// tree walks one whole tree and checks its count.
func (w *treeWalk) tree(o object, start pageNode) {
	from := len(w.out)
	w.node(o, start, 0)
	root, ok := w.resolve(o).(dict)
	if !ok || len(w.out) >= w.limit {
		return
	}
	if _, branch := w.resolve(root["Parent"]).(dict); branch { // the tree is larger
		w.lostPages = true
	}
	if root["Count"] == nil {
		return
	}
	if count, ok := number(w.resolve(root["Count"])); !ok || count != float64(len(w.out)-from) {
		w.lostPages = true
	}
}

func (w *treeWalk) node(o object, from pageNode, depth int) {
	if len(w.out) >= w.limit {
		return
	}
	r, isRef := o.(ref)
	d, ok := w.resolve(o).(dict)
	if !ok || depth > maxNesting || isRef && w.seen[r] {
		w.lostPages = w.lostPages || depth > 0
		return
	}
	if isRef {
		w.seen[r] = true
	}
	node := w.inherit(d, from)
	kids, ok := w.resolve(d["Kids"]).(array)
	if ok && d["Contents"] == nil {
		for _, k := range kids {
			w.node(k, node, depth+1)
		}
		return
	}
	if t := w.resolve(d["Type"]); t == name("Page") || d["Contents"] != nil || d["MediaBox"] != nil && t != name("Pages") {
		node.dict, node.at = d, r
		w.out = append(w.out, node)
		return
	}
	w.lostPages = true
}

func (f *file) inherit(d dict, from pageNode) pageNode {
	node := from
	if r, ok := f.resolve(d["Resources"]).(dict); ok {
		node.resources = r
	}
	if b, ok := f.box(d["MediaBox"]); ok {
		node.media = b
	} else if _, isRef := d["MediaBox"].(ref); isRef && f.resolve(d["MediaBox"]) == nil {
		f.lostPages = true
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
	Rulings       []Ruling
	Fills         []Fill // in drawing order
	Images        int
	Drawn         []Drawn   // the large images, in drawing order
	Recognised    bool      // the glyphs were read from a picture
	Unknown       []Unknown // the glyphs that are U+FFFD, in drawing order
	// Turned is how many quarter turns clockwise nearly all its text ran, so
	// that the page was turned back by them.
	Turned uint8
	// back leads from the page as it is seen to its user space.
	back matrix
}

// Unknown is a glyph whose font gives no way to Unicode, or two that differ.
type Unknown struct {
	At       int    // index in Page.Glyphs
	Code     uint32 // its code in the font
	Named    bool   // the font's program names its glyphs
	Disputed bool   // its ToUnicode map and its program, or its name, say different things
}

// Glyph is a drawn character.
type Glyph struct {
	Rune           rune    // U+FFFD when the font gives no way to Unicode
	Tail           string  // what follows Rune where a glyph stands for several characters
	X0, Y0, X1, Y1 float32 // the box of its advance, em high
	Base           float32 // y of the baseline
	Size           float32 // em in points
	Turn           uint8   // direction it runs in, in quarter turns clockwise
	Shade          uint8   // how light it is painted: 0 black, 255 white or not at all
	Look           Look    // what is odd about how it is painted
	Doubt          uint8   // how uncertain one read from a picture is: 0 not at all, 255 wholly
}

// Look says what is odd about how a glyph is painted; several may hold.
type Look uint8

const (
	Slanted   Look = 1 << iota // it runs at an angle to the page's axes
	Invisible                  // text rendering mode 3: neither filled nor stroked
	Clipped                    // it lies outside the clip path
	Tiny                       // smaller than a point
	Coloured                   // painted in a colour, not in black or grey
)

// Fill is an opaque area that was painted over what was drawn before it.
type Fill struct {
	X0, Y0, X1, Y1 float32
	Before         int   // the glyphs before this index lie under it
	Shade          uint8 // as of a glyph
	Image          bool  // an image, whose shades are not known
}

// Ruling is a horizontal or vertical line, X0 <= X1 and Y0 <= Y1.
type Ruling struct {
	X0, Y0, X1, Y1 float32
	Faint          bool // white or nearly so
}

// Horizontal says which way the ruling runs.
func (r Ruling) Horizontal() bool { return r.X1-r.X0 >= r.Y1-r.Y0 }

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
	base, w, h := f.seen(node)
	in := &interpreter{file: f, ctx: ctx, limits: f.limits, page: Page{Width: w, Height: h, Glyphs: (*glyphBuffers.Get().(*[]Glyph))[:0]}, active: map[ref]bool{}, base: base}
	in.state = newState(base, [4]float64{0, 0, w, h})
	data, err := f.contents(node)
	if err == nil {
		err = in.run(data, node.resources, 0)
	}
	if err == nil {
		err = in.annotations(node.dict)
	}
	in.page.back, _ = base.inverse()
	in.page.turnUpright()
	return in.page, err
}

// seen leads from a page's user space to the page as it is seen, whose width
// and height it returns too.
func (f *file) seen(node pageNode) (base matrix, w, h float64) {
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
	return pageMatrix(view, node.rotate, unit)
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

// contents puts a page's content streams together. What the file promises but
// cannot give is ErrLost: text may have stood there.
func (f *file) contents(node pageNode) ([]byte, error) {
	var parts array
	switch v := f.resolve(node.dict["Contents"]).(type) {
	case *stream:
		data, err := f.content(v)
		if err == nil && len(v.raw) == 0 && v.decoded == nil && f.drawsText(node) {
			err = ErrLost
		}
		return data, err
	case array:
		parts = v
	case nil:
		if node.dict["Contents"] != nil || f.drawsText(node) {
			return nil, ErrLost
		}
	default:
		return nil, ErrLost
	}
	var all []byte
	for _, e := range parts {
		s, ok := f.resolve(e).(*stream)
		if !ok {
			return nil, ErrLost
		}
		data, err := f.content(s)
		if err != nil {
			return nil, err
		}
		if int64(len(all)+len(data)) > f.limits.Decoded {
			return nil, f.tooBig()
		}
		all = append(append(all, data...), '\n')
	}
	return all, nil
}

// drawsText says whether a page brings a font of its own along, as one that
// is blank does not.
func (f *file) drawsText(node pageNode) bool {
	own, _ := f.resolve(node.dict["Resources"]).(dict)
	fonts, _ := f.resolve(own["Font"]).(dict)
	return len(fonts) > 0
}

// content decodes a stream of operators whole, or says why not: an exceeded
// limit, or ErrLost, also for one that only something else can be.
func (f *file) content(s *stream) ([]byte, error) {
	if t := f.resolve(s.dict["Type"]); t != nil && t != name("XObject") || f.resolve(s.dict["Subtype"]) == name("Image") {
		return nil, ErrLost
	}
	if len(s.raw) == 0 && s.decoded == nil && f.intOr(s.dict["Length"], 0) == 0 {
		return nil, nil // empty, whatever its filter
	}
	data, err := f.decodeWhole(s)
	switch {
	case err == nil:
		return data, nil
	case errors.Is(err, errTooBig):
		return nil, f.tooBig()
	}
	return nil, fmt.Errorf("%w: %w", ErrLost, err)
}

// tooBig is the limit that decoded bytes exceeded.
func (f *file) tooBig() error {
	if f.spent.Load() > f.limits.Total {
		return exceeded(model.Text{Zh: "全部解压字节", En: "decoded bytes of all streams"}, int(f.limits.Total))
	}
	return exceeded(model.Text{Zh: "解压字节", En: "decoded bytes of a stream"}, int(f.limits.Decoded))
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
	for i := range p.Fills {
		f := &p.Fills[i]
		f.X0, f.Y0, f.X1, f.Y1 = box(f.X0, f.Y0, f.X1, f.Y1)
	}
	for i := range p.Glyphs {
		g := &p.Glyphs[i]
		g.X0, g.Y0, g.X1, g.Y1 = box(g.X0, g.Y0, g.X1, g.Y1)
		g.Base = g.Y1 + descent*g.Size
		g.Turn = (g.Turn + 4 - turn) % 4
	}
	for i := range p.Rulings {
		r := &p.Rulings[i]
		r.X0, r.Y0, r.X1, r.Y1 = box(r.X0, r.Y0, r.X1, r.Y1)
	}
	unturned := [4]matrix{1: {0, 1, -1, 0, p.Width, 0}, 2: {-1, 0, 0, -1, p.Width, p.Height}, 3: {0, -1, 1, 0, 0, p.Height}}
	p.back = unturned[turn].times(p.back)
	if onto, ok := unturned[turn].inverse(); ok {
		for i := range p.Drawn {
			p.Drawn[i].at = p.Drawn[i].at.times(onto)
		}
	}
	p.Turned = turn
	if turn != 2 {
		p.Width, p.Height = p.Height, p.Width
	}
}
