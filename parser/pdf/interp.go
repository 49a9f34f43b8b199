package pdf

import (
	"bytes"
	"context"
	"math"
	"unicode"
	"unicode/utf8"

	"perfgoal/model"
)

// matrix is the transformation [a b c d e f] of ISO 32000-1, 8.3.3.
type matrix [6]float64

// times returns m followed by n.
func (m matrix) times(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

func (m matrix) apply(x, y float64) (float64, float64) {
	return m[0]*x + m[2]*y + m[4], m[1]*x + m[3]*y + m[5]
}

// budgetError is an over-run limit.
type budgetError struct{ what model.Text }

func (e budgetError) Error() string { return e.what.En }

// graphics is the part of the graphics state that q and Q save.
type graphics struct {
	ctm         matrix
	clip        [4]float64 // bounds of the clip path, in page space
	lineWidth   float64
	strokeFaint bool
	fillFaint   bool
	strokeSpace int // components that "white" needs: 1, 3 or 4; 0 unknown
	fillSpace   int
	strokeShade shade
	fillShade   shade
	alpha       float64 // of fills, 1 opaque
	strokeAlpha float64
	blended     bool // with a blend mode that lets through what lies below
	mode        int  // text rendering mode

	font                                *font
	size, charSpace, wordSpace, leading float64
	scale, rise                         float64
}

func newState(ctm matrix, clip [4]float64) graphics {
	return graphics{ctm: ctm, clip: clip, lineWidth: 1, scale: 1, strokeSpace: 1, fillSpace: 1, alpha: 1, strokeAlpha: 1}
}

// point is a path point in page space; start begins a subpath, curved marks
// the end of a curve.
type point struct {
	x, y          float64
	start, curved bool
}

// interpreter runs content streams and gathers what they draw.
type interpreter struct {
	file   *file
	ctx    context.Context
	limits Limits
	page   Page
	base   matrix // of the page, without what its contents changed
	state  graphics
	stack  []graphics
	tm     matrix
	tlm    matrix
	path   []point
	elems  []operand // of the last array read
	clips  bool
	active map[ref]bool
	ops    int
	forms  int
	lost   bool // something was drawn that cannot be placed
	annot  bool // within an annotation, whose lines are not the page's

	compatible int // BX sections open, in which unknown operators are welcome
	veiled     int // marked-content depth at which what is not shown began, 0 for none

	actual      string // ActualText in force, to be given to the next glyph
	actualDepth int    // marked-content depth at which it began, 0 for none
	actualUsed  bool
	marked      int
}

// operand is one operand on the stack. Strings and names are copied into the
// run's arena only when they must outlive the next token.
type operand struct {
	kind tokenKind
	num  float64
	text []byte
	elem []operand // array
	obj  object    // dictionary
}

// run interprets one content stream. One that ends within a string, or is full
// of what is no operator, is none, or damaged.
func (in *interpreter) run(data []byte, resources dict, depth int) error {
	l := &lexer{data: data}
	r := &runner{in: in, lex: l, res: resources, depth: depth}
	base, before, marked := len(in.stack), in.ops, in.marked
	var args []operand
	var arena []byte
	keep := func(b []byte) []byte {
		start := len(arena)
		arena = append(arena, b...)
		return arena[start:len(arena):len(arena)]
	}
	for {
		k := l.next()
		switch k {
		case tokEOF:
			if holdsText(args) || r.foreign(in.ops-before) {
				return ErrLost
			}
			in.endMarked(marked)      // left open
			if len(in.stack) > base { // unbalanced q
				in.state = in.stack[base]
				in.stack = in.stack[:base]
			}
			return nil
		case tokNumber:
			args = append(args, operand{kind: k, num: l.num})
		case tokString, tokName:
			args = append(args, operand{kind: k, text: keep(l.text)})
		case tokArrayOpen:
			elems := in.elems[:0]
			for e := l.next(); e != tokEOF && e != tokArrayClose; e = l.next() {
				switch e {
				case tokNumber:
					elems = append(elems, operand{kind: e, num: l.num})
				case tokString, tokName:
					elems = append(elems, operand{kind: e, text: keep(l.text)})
				}
			}
			in.elems = elems
			args = append(args, operand{kind: k, elem: elems})
		case tokDictOpen:
			args = append(args, operand{kind: k, obj: l.value(k, 0)})
		case tokKeyword:
			in.ops++
			if in.ops > in.limits.Operators {
				return exceeded(model.Text{Zh: "操作符", En: "operators"}, in.limits.Operators)
			}
			if in.ops&1023 == 0 && in.ctx.Err() != nil {
				return in.ctx.Err()
			}
			if err := r.do(l.text, args, base); err != nil {
				return err
			}
			if in.lost {
				return ErrLost
			}
			args, arena = args[:0], arena[:0]
			continue
		}
		if len(args) > 256 {
			args, arena = args[:0], arena[:0]
		}
	}
}

// Producers misspell an operator now and then, which readers ignore; a stream
// that is no content at all has hardly anything else.
const (
	strangeFew   = 3
	strangeShare = 20 // one in so many
)

// runner is the run of one stream.
type runner struct {
	in      *interpreter
	lex     *lexer
	res     dict
	depth   int
	strange int // what stood for an operator and is none
}

// foreign says whether what was run, with so many operators, was no content.
func (r *runner) foreign(operators int) bool {
	if operators == r.strange { // nothing that is one
		return len(bytes.TrimSpace(r.lex.data)) > 0
	}
	return r.strange > strangeFew && r.strange*strangeShare > operators
}

// holdsText says whether a string is among the operands.
func holdsText(args []operand) bool {
	for _, a := range args {
		if a.kind == tokString || holdsText(a.elem) {
			return true
		}
	}
	return false
}

// unknown meets what is no operator. With a string before it, it was one that
// showed text; an object's frame within contents says that they ran over
// their end; and a byte that is no ASCII is no producer's mistake but a change.
func (r *runner) unknown(op []byte, args []operand) error {
	if r.in.compatible > 0 {
		return nil
	}
	switch string(op) {
	case "obj", "endobj", "endstream", "d0", "d1": // and the last two stand in a font's pictures of glyphs
		return ErrLost
	}
	if holdsText(args) || bytes.ContainsFunc(op, func(c rune) bool { return c >= utf8.RuneSelf }) {
		return ErrLost
	}
	r.strange++
	return nil
}

func nums(args []operand, n int) ([6]float64, bool) {
	var out [6]float64
	if len(args) < n {
		return out, false
	}
	for i, a := range args[len(args)-n:] {
		if a.kind != tokNumber {
			return out, false
		}
		out[i] = a.num
	}
	return out, true
}

// misplaced meets an operator that places lines or text and lacks the numbers
// for it. No producer writes such; the bytes before it were damaged.
func (r *runner) misplaced() error {
	if r.in.compatible > 0 {
		return nil
	}
	return ErrLost
}

// do carries out one operator. Those with wrong operands are ignored, but where
// they place lines or text: what follows them would stand elsewhere.
func (r *runner) do(op []byte, args []operand, base int) error {
	in, s := r.in, &r.in.state
	switch string(op) {
	// graphics state
	case "q":
		if len(in.stack) >= maxSaved {
			return exceeded(model.Text{Zh: "保存的图形状态", En: "saved graphics states"}, maxSaved)
		}
		in.stack = append(in.stack, *s)
	case "Q":
		if n := len(in.stack); n > base {
			*s = in.stack[n-1]
			in.stack = in.stack[:n-1]
		}
	case "cm":
		v, ok := nums(args, 6)
		if !ok {
			return r.misplaced()
		}
		s.ctm = matrix(v).times(s.ctm)
	case "w":
		if v, ok := nums(args, 1); ok {
			s.lineWidth = v[0]
		}
	case "gs":
		r.extGState(args)
	case "G", "RG", "K", "SC", "SCN":
		s.strokeFaint = faint(args, colorSpace(string(op), s.strokeSpace))
		s.strokeShade = shadeOf(args, colorSpace(string(op), s.strokeSpace))
	case "g", "rg", "k", "sc", "scn":
		s.fillFaint = faint(args, colorSpace(string(op), s.fillSpace))
		s.fillShade = shadeOf(args, colorSpace(string(op), s.fillSpace))
	case "CS":
		s.strokeSpace, s.strokeFaint, s.strokeShade = r.components(args), false, shade{}
	case "cs":
		s.fillSpace, s.fillFaint, s.fillShade = r.components(args), false, shade{}

	// paths
	case "m":
		v, ok := nums(args, 2)
		if !ok {
			return r.misplaced()
		}
		in.moveTo(v[0], v[1])
	case "l":
		v, ok := nums(args, 2)
		if !ok {
			return r.misplaced()
		}
		in.lineTo(v[0], v[1], false)
	case "c":
		v, ok := nums(args, 6)
		if !ok {
			return r.misplaced()
		}
		in.lineTo(v[4], v[5], true)
	case "v", "y":
		v, ok := nums(args, 4)
		if !ok {
			return r.misplaced()
		}
		in.lineTo(v[2], v[3], true)
	case "h":
		in.closePath()
	case "re":
		v, ok := nums(args, 4)
		if !ok {
			return r.misplaced()
		}
		in.moveTo(v[0], v[1])
		in.lineTo(v[0]+v[2], v[1], false)
		in.lineTo(v[0]+v[2], v[1]+v[3], false)
		in.lineTo(v[0], v[1]+v[3], false)
		in.closePath()
	case "S":
		in.paint(true, false)
	case "s":
		in.closePath()
		in.paint(true, false)
	case "f", "F", "f*":
		in.paint(false, true)
	case "B", "B*":
		in.paint(true, true)
	case "b", "b*":
		in.closePath()
		in.paint(true, true)
	case "n":
		in.paint(false, false)
	case "W", "W*":
		in.clips = true

	// text
	case "BT":
		in.tm, in.tlm = matrix{1, 0, 0, 1, 0, 0}, matrix{1, 0, 0, 1, 0, 0}
	case "Tc":
		if v, ok := nums(args, 1); ok {
			s.charSpace = v[0]
		}
	case "Tw":
		if v, ok := nums(args, 1); ok {
			s.wordSpace = v[0]
		}
	case "Tz":
		if v, ok := nums(args, 1); ok {
			s.scale = v[0] / 100
		}
	case "TL":
		if v, ok := nums(args, 1); ok {
			s.leading = v[0]
		}
	case "Ts":
		if v, ok := nums(args, 1); ok {
			s.rise = v[0]
		}
	case "Tf":
		if n := len(args); n >= 2 && args[n-2].kind == tokName {
			s.size = args[n-1].num
			fonts, _ := in.file.resolve(r.res["Font"]).(dict)
			s.font = in.file.font(fonts[name(args[n-2].text)])
		}
	case "Td", "TD":
		v, ok := nums(args, 2)
		if !ok || len(args) != 2 {
			return r.misplaced()
		}
		if op[1] == 'D' {
			s.leading = -v[1]
		}
		in.nextLine(v[0], v[1])
	case "Tm":
		v, ok := nums(args, 6)
		if !ok || len(args) != 6 {
			return r.misplaced()
		}
		in.tm, in.tlm = matrix(v), matrix(v)
	case "T*":
		if holdsText(args) {
			return r.misplaced()
		}
		in.nextLine(0, -s.leading)
	case "Tj":
		return r.showLast(op, args)
	case "'":
		in.nextLine(0, -s.leading)
		return r.showLast(op, args)
	case "\"":
		if n := len(args); n >= 3 {
			s.wordSpace, s.charSpace = args[n-3].num, args[n-2].num
		}
		in.nextLine(0, -s.leading)
		return r.showLast(op, args)
	case "TJ":
		if n := len(args); n > 0 {
			if args[n-1].kind != tokArrayOpen {
				return r.unknown(op, args)
			}
			for _, e := range args[n-1].elem {
				if e.kind == tokNumber {
					in.advance(-e.num / 1000 * s.size)
				} else if err := in.show(e.text); err != nil {
					return err
				}
			}
		}

	// objects and marked content
	case "Do":
		if n := len(args); n > 0 && args[n-1].kind == tokName {
			return r.xobject(name(args[n-1].text))
		}
	case "BI":
		r.inlineImage()
	case "BMC":
		in.marked++
	case "BDC":
		in.marked++
		r.beginVeiled(args)
		r.beginActual(args)
	case "EMC":
		in.endMarked(max(0, in.marked-1))
	case "BX":
		in.compatible++
	case "EX":
		in.compatible = max(0, in.compatible-1)

	// what neither draws lines or text nor moves them, and how text is filled
	case "Tr":
		if v, ok := nums(args, 1); ok {
			s.mode = int(v[0])
		}
	case "ET", "i", "j", "J", "M", "d", "ri", "sh", "MP", "DP", "ID", "EI", "true", "false", "null":
	default:
		return r.unknown(op, args)
	}
	return nil
}

// endMarked ends marked content down to a depth.
func (in *interpreter) endMarked(depth int) {
	if in.actualDepth > depth {
		in.actualDepth, in.actual = 0, ""
	}
	if in.veiled > depth {
		in.veiled = 0
	}
	in.marked = depth
}

// colorSpace is the number of components of an operator's colour.
func colorSpace(op string, current int) int {
	switch op {
	case "G", "g":
		return 1
	case "RG", "rg":
		return 3
	case "K", "k":
		return 4
	}
	return current
}

// faint says whether a colour is white or nearly so.
func faint(args []operand, components int) bool {
	if components == 0 || len(args) < components {
		return false
	}
	for _, a := range args[len(args)-components:] {
		if a.kind != tokNumber {
			return false
		}
		if components == 4 && a.num > 0.03 || components != 4 && a.num < 0.97 {
			return false
		}
	}
	return true
}

// components is how many numbers a colour space's colours have, 0 where white
// cannot be told.
func (r *runner) components(args []operand) int {
	if len(args) == 0 {
		return 0
	}
	n := name(args[len(args)-1].text)
	spaces, _ := r.in.file.resolve(r.res["ColorSpace"]).(dict)
	if a, ok := r.in.file.resolve(spaces[n]).(array); ok && len(a) > 1 {
		kind, _ := r.in.file.resolve(a[0]).(name)
		if s, ok := r.in.file.resolve(a[1]).(*stream); ok && kind == "ICCBased" {
			return r.in.file.intOr(s.dict["N"], 0)
		}
		n = kind
	}
	switch n {
	case "DeviceGray", "CalGray", "G":
		return 1
	case "DeviceRGB", "CalRGB", "RGB":
		return 3
	case "DeviceCMYK", "CMYK":
		return 4
	}
	return 0
}

func (r *runner) extGState(args []operand) {
	if len(args) == 0 {
		return
	}
	states, _ := r.in.file.resolve(r.res["ExtGState"]).(dict)
	d, _ := r.in.file.resolve(states[name(args[len(args)-1].text)]).(dict)
	if lw, ok := number(r.in.file.resolve(d["LW"])); ok {
		r.in.state.lineWidth = lw
	}
	if a, ok := number(r.in.file.resolve(d["ca"])); ok {
		r.in.state.alpha = a
	}
	if a, ok := number(r.in.file.resolve(d["CA"])); ok {
		r.in.state.strokeAlpha = a
	}
	switch v := r.in.file.resolve(d["BM"]).(type) {
	case name:
		r.in.state.blended = v != "Normal" && v != "Compatible"
	case array:
		r.in.state.blended = len(v) > 0 && v[0] != name("Normal") && v[0] != name("Compatible")
	}
	if a, ok := r.in.file.resolve(d["Font"]).(array); ok && len(a) == 2 {
		r.in.state.font = r.in.file.font(a[0])
		if size, ok := number(r.in.file.resolve(a[1])); ok {
			r.in.state.size = size
		}
	}
}

// beginVeiled notes optional content that is not shown.
func (r *runner) beginVeiled(args []operand) {
	in := r.in
	if len(args) < 2 || in.veiled != 0 || string(args[0].text) != "OC" || args[1].kind != tokName {
		return
	}
	all, _ := in.file.resolve(r.res["Properties"]).(dict)
	if in.file.isHidden(all[name(args[1].text)]) {
		in.veiled = in.marked
	}
}

// beginActual notes a replacement text; it is used only where the glyphs
// themselves give no text.
func (r *runner) beginActual(args []operand) {
	in := r.in
	if len(args) < 2 || in.actualDepth != 0 {
		return
	}
	var props dict
	switch a := args[len(args)-1]; a.kind {
	case tokDictOpen:
		props, _ = a.obj.(dict)
	case tokName:
		all, _ := in.file.resolve(r.res["Properties"]).(dict)
		props, _ = in.file.resolve(all[name(a.text)]).(dict)
	}
	if s, ok := in.file.resolve(props["ActualText"]).(str); ok {
		text := string(s)
		if len(s) >= 2 && s[0] == 0xfe && s[1] == 0xff {
			text = utf16Text([]byte(s))
		}
		in.actual, in.actualDepth, in.actualUsed = text, in.marked, false
	}
}

func (in *interpreter) moveTo(x, y float64) {
	x, y = in.state.ctm.apply(x, y)
	in.path = append(in.path, point{x: x, y: y, start: true})
}

func (in *interpreter) lineTo(x, y float64, curved bool) {
	x, y = in.state.ctm.apply(x, y)
	in.path = append(in.path, point{x: x, y: y, start: len(in.path) == 0, curved: curved})
}

func (in *interpreter) closePath() {
	for i := len(in.path) - 1; i >= 0; i-- {
		if in.path[i].start {
			if i < len(in.path)-1 {
				in.path = append(in.path, point{x: in.path[i].x, y: in.path[i].y})
			}
			return
		}
	}
}

// A filled shape no thicker than this, in points, is a ruling.
const thickest = 4

// paint turns the path into rulings and ends it.
func (in *interpreter) paint(stroke, fill bool) {
	if in.clips {
		in.clip()
	}
	if in.veiled != 0 {
		stroke, fill = false, false
	}
	if stroke {
		for i := 1; i < len(in.path); i++ {
			a, b := in.path[i-1], in.path[i]
			if !b.start && !b.curved {
				in.ruling(a.x, a.y, b.x, b.y, in.state.strokeFaint)
			}
		}
	}
	if fill {
		for start := 0; start < len(in.path); {
			end := start + 1
			for end < len(in.path) && !in.path[end].start {
				end++
			}
			in.filled(in.path[start:end])
			in.covered(in.path[start:end])
			start = end
		}
	}
	in.path = in.path[:0]
}

// filled takes a thin filled shape for a ruling.
func (in *interpreter) filled(shape []point) {
	if len(shape) < 3 {
		return
	}
	x0, y0, x1, y1 := bounds(shape)
	for _, p := range shape {
		// Only a shape whose corners lie on its bounds is a bar.
		if p.curved || p.x-x0 > 0.5 && x1-p.x > 0.5 && p.y-y0 > 0.5 && y1-p.y > 0.5 {
			return
		}
	}
	c := in.state.clip
	x0, y0, x1, y1 = max(x0, c[0]), max(y0, c[1]), min(x1, c[2]), min(y1, c[3])
	w, h := x1-x0, y1-y0
	if min(w, h) > thickest || min(w, h) < 0 {
		return
	}
	cx, cy := (x0+x1)/2, (y0+y1)/2
	dot := min(w, h) > 0.6*max(w, h) // may belong to a dotted line of either direction
	if w >= h || dot {
		in.ruling(x0, cy, x1, cy, in.state.fillFaint)
	}
	if h > w || dot {
		in.ruling(cx, y0, cx, y1, in.state.fillFaint)
	}
}

// largestFills bounds how many areas of a page are kept.
const largestFills = 20_000

// covered keeps an opaque filled rectangle: it may hide what was drawn before.
func (in *interpreter) covered(shape []point) {
	s := &in.state
	if len(shape) < 4 || s.alpha < opaque || s.blended || s.fillShade.unknown || len(in.page.Fills) >= largestFills || in.annot {
		return
	}
	x0, y0, x1, y1 := bounds(shape)
	for _, p := range shape {
		if p.curved || p.x-x0 > 0.5 && x1-p.x > 0.5 || p.y-y0 > 0.5 && y1-p.y > 0.5 {
			return // no rectangle
		}
	}
	in.fill(x0, y0, x1, y1, s.fillShade.value, false)
}

func (in *interpreter) fill(x0, y0, x1, y1 float64, shade uint8, image bool) {
	c := in.state.clip
	x0, y0, x1, y1 = max(x0, c[0]), max(y0, c[1]), min(x1, c[2]), min(y1, c[3])
	if x1-x0 <= thickest || y1-y0 <= thickest {
		return
	}
	in.page.Fills = append(in.page.Fills, Fill{float32(x0), float32(y0), float32(x1), float32(y1), len(in.page.Glyphs), shade, image})
}

// opaque is the least alpha that hides what lies below.
const opaque = 0.9

// shade is how light a colour is; one of a space that is not known may be any.
type shade struct {
	value    uint8
	coloured bool
	unknown  bool
}

// shadeOf is the lightness of a colour of so many components, by the weights
// of Rec. 601 for the eye's three receptors.
func shadeOf(args []operand, components int) shade {
	if components == 0 || len(args) < components {
		return shade{unknown: true}
	}
	v := args[len(args)-components:]
	for _, a := range v {
		if a.kind != tokNumber {
			return shade{unknown: true}
		}
	}
	unit := func(f float64) float64 { return min(max(f, 0), 1) }
	var r, g, b float64
	switch components {
	case 1:
		r = unit(v[0].num)
		g, b = r, r
	case 3:
		r, g, b = unit(v[0].num), unit(v[1].num), unit(v[2].num)
	case 4:
		k := 1 - unit(v[3].num)
		r, g, b = (1-unit(v[0].num))*k, (1-unit(v[1].num))*k, (1-unit(v[2].num))*k
	default:
		return shade{unknown: true}
	}
	const colourful = 0.2 // between the strongest and the weakest component
	return shade{value: uint8(255*(0.299*r+0.587*g+0.114*b) + 0.5), coloured: max(r, g, b)-min(r, g, b) > colourful}
}

// under is a shade seen through an alpha over white.
func (s shade) under(alpha float64) uint8 {
	alpha = min(max(alpha, 0), 1)
	return uint8(255 - alpha*(255-float64(s.value)) + 0.5)
}

// look says how a glyph of the text state's font is painted.
func (in *interpreter) look(m matrix, box [4]float64, size float64) (uint8, Look) {
	s := &in.state
	var look Look
	light, paint := s.fillShade.under(s.alpha), s.fillShade
	switch s.mode {
	case 3, 7:
		look |= Invisible
	case 1, 5:
		light, paint = s.strokeShade.under(s.strokeAlpha), s.strokeShade
	}
	if paint.coloured {
		look |= Coloured
	}
	const slant = 0.035 // two degrees
	if a, b := math.Abs(m[0]), math.Abs(m[1]); min(a, b) > slant*max(a, b) {
		look |= Slanted
	}
	if c := s.clip; hidden(box[0], box[2], c[0], c[2]) || hidden(box[1], box[3], c[1], c[3]) {
		look |= Clipped
	}
	if size < 1 {
		look |= Tiny
	}
	return light, look
}

// hidden says whether a clip from c0 to c1 leaves hardly anything of a glyph's
// extent; one that is seen in part is seen.
func hidden(g0, g1, c0, c1 float64) bool {
	const least = 0.05
	return min(g1, c1)-max(g0, c0) < least*(g1-g0)
}

func bounds(ps []point) (x0, y0, x1, y1 float64) {
	x0, y0, x1, y1 = ps[0].x, ps[0].y, ps[0].x, ps[0].y
	for _, p := range ps[1:] {
		x0, y0, x1, y1 = min(x0, p.x), min(y0, p.y), max(x1, p.x), max(y1, p.y)
	}
	return
}

// clip narrows the clip's bounds to the path's.
func (in *interpreter) clip() {
	in.clips = false
	if len(in.path) == 0 {
		return
	}
	x0, y0, x1, y1 := bounds(in.path)
	c := &in.state.clip
	c[0], c[1], c[2], c[3] = max(c[0], x0), max(c[1], y0), min(c[2], x1), min(c[3], y1)
}

// ruling keeps a line that runs along an axis, as far as the clip shows it.
func (in *interpreter) ruling(x0, y0, x1, y1 float64, faint bool) {
	dx, dy := math.Abs(x1-x0), math.Abs(y1-y0)
	if min(dx, dy) > 0.7 && min(dx, dy) > 0.01*max(dx, dy) {
		return // slanted
	}
	x0, x1 = min(x0, x1), max(x0, x1)
	y0, y1 = min(y0, y1), max(y0, y1)
	if dx >= dy {
		y0 = (y0 + y1) / 2
		y1 = y0
	} else {
		x0 = (x0 + x1) / 2
		x1 = x0
	}
	c := in.state.clip
	const slack = 1 // a ruling on the clip's edge is half visible
	x0, x1 = max(x0, c[0]-slack), min(x1, c[2]+slack)
	y0, y1 = max(y0, c[1]-slack), min(y1, c[3]+slack)
	if in.annot || x0 > x1 || y0 > y1 || len(in.page.Rulings) > in.limits.Glyphs {
		return
	}
	in.page.Rulings = append(in.page.Rulings, Ruling{float32(x0), float32(y0), float32(x1), float32(y1), faint})
}

func (in *interpreter) nextLine(x, y float64) {
	in.tlm = matrix{1, 0, 0, 1, x, y}.times(in.tlm)
	in.tm = in.tlm
}

// advance moves the text position by an amount of unscaled text space.
func (in *interpreter) advance(t float64) {
	s := &in.state
	if s.font != nil && s.font.vertical {
		in.tm[4] += t * in.tm[2]
		in.tm[5] += t * in.tm[3]
		return
	}
	t *= s.scale
	in.tm[4] += t * in.tm[0]
	in.tm[5] += t * in.tm[1]
}

func (r *runner) showLast(op []byte, args []operand) error {
	if n := len(args); n > 0 && args[n-1].kind == tokString {
		return r.in.show(args[n-1].text)
	}
	return r.unknown(op, args)
}

// show draws a string.
func (in *interpreter) show(b []byte) error {
	s := &in.state
	ft := s.font
	if ft == nil {
		if s.size == 0 { // no font was ever chosen: nothing can be seen
			return nil
		}
		ft = noFont
	}
	if ft.lost && in.veiled == 0 {
		return ErrLost
	}
	if len(in.page.Glyphs) > in.limits.Glyphs {
		return exceeded(model.Text{Zh: "字符", En: "glyphs"}, in.limits.Glyphs)
	}
	for len(b) > 0 {
		c := ft.next(b)
		b = b[c.n:]
		if in.veiled == 0 {
			if ft.scale == 0.001 && (c.width > widest || c.width > widestHan && unicode.Is(unicode.Han, c.rune)) {
				return ErrLost // the font's widths are damaged, and what follows stands elsewhere
			}
			if ft.skewed && !ft.hasWidth(c.code) {
				return ErrLost
			}
			in.glyph(ft, c)
		}
		step := c.width * s.size
		if ft.vertical {
			step = -s.size
		}
		spacing := s.charSpace
		if c.n == 1 && c.code == ' ' {
			spacing += s.wordSpace
		}
		if ft.vertical {
			in.advance(step - spacing)
		} else {
			in.advance(step + spacing)
		}
	}
	return nil
}

// No character is wider, in em.
const widest, widestHan = 20, 2.5

// Where the em box of a glyph lies about its baseline, in em.
const ascent, descent = 0.88, -0.12

// glyph records one character at the text position.
func (in *interpreter) glyph(ft *font, c char) {
	r, tail := c.rune, ""
	if c.text != "" {
		first, n := utf8.DecodeRuneInString(c.text)
		r, tail = first, c.text[n:]
	}
	if garbage(r) {
		r, tail = utf8.RuneError, ""
	}
	if in.actualDepth != 0 && r == utf8.RuneError {
		if in.actualUsed {
			return
		}
		in.actualUsed = true
		first, n := utf8.DecodeRuneInString(in.actual)
		if n == 0 {
			return
		}
		r, tail = first, in.actual[n:]
		if !sane(in.actual) {
			r, tail = utf8.RuneError, ""
		}
	}
	if r == utf8.RuneError {
		if !c.disputed && ft.blank(c) {
			r = ' '
		} else {
			in.page.Unknown = append(in.page.Unknown, Unknown{At: len(in.page.Glyphs), Code: c.code, Named: ft.named, Disputed: c.disputed})
		}
	}
	s := &in.state
	m := in.tm.times(s.ctm)
	x0, y0, x1, y1 := 0.0, descent*s.size+s.rise, c.width*s.size*s.scale, ascent*s.size+s.rise
	if ft.vertical {
		half := s.size / 2
		x0, x1, y0, y1 = -half, half, -s.size+s.rise, s.rise
	}
	ax, ay := m.apply(x0, y0)
	bx, by := m.apply(x1, y1)
	_, base := m.apply(x0, s.rise)
	size := math.Hypot(m[2], m[3]) * math.Abs(s.size)
	if math.IsNaN(ax+ay+bx+by) || math.IsInf(ax+ay+bx+by, 0) {
		in.lost = true
		return
	}
	light, look := in.look(m, [4]float64{min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)}, size)
	in.page.Glyphs = append(in.page.Glyphs, Glyph{
		Rune: r, Tail: tail,
		X0: float32(min(ax, bx)), Y0: float32(min(ay, by)), X1: float32(max(ax, bx)), Y1: float32(max(ay, by)),
		Base: float32(base), Size: float32(size),
		Turn: quarter(m), Shade: light, Look: look,
	})
}

// quarter is the direction a text runs in page space, in quarter turns
// clockwise.
func quarter(m matrix) uint8 {
	switch {
	case math.Abs(m[1]) > math.Abs(m[0]) && m[1] > 0:
		return 1
	case math.Abs(m[1]) > math.Abs(m[0]):
		return 3
	case m[0] < 0:
		return 2
	}
	return 0
}

// xobject draws a form, or takes a thin image for a ruling. What is to be drawn
// but is not there may have been text.
func (r *runner) xobject(n name) error {
	in := r.in
	objects, _ := in.file.resolve(r.res["XObject"]).(dict)
	o := objects[n]
	s, ok := in.file.resolve(o).(*stream)
	switch {
	case in.veiled != 0:
		return nil
	case !ok:
		return ErrLost
	case in.file.isHidden(s.dict["OC"]):
		return nil
	case in.file.resolve(s.dict["Subtype"]) == name("Image"):
		in.image(s)
		return nil
	}
	return r.form(o, s, r.res)
}

// form draws a form XObject; resources are those it is drawn with where it
// has none of its own.
func (r *runner) form(o object, s *stream, resources dict) error {
	in := r.in
	at, isRef := o.(ref)
	if isRef && in.active[at] {
		return nil // a form that draws itself
	}
	if r.depth >= in.limits.FormDepth {
		return exceeded(model.Text{Zh: "嵌套层数", En: "forms within forms"}, in.limits.FormDepth)
	}
	in.forms++
	if in.forms > in.limits.Forms {
		return exceeded(model.Text{Zh: "嵌套图形", En: "forms"}, in.limits.Forms)
	}
	data, err := in.file.formBytes(at, isRef, s)
	if err != nil {
		return err
	}
	if own, ok := in.file.resolve(s.dict["Resources"]).(dict); ok {
		resources = own
	}
	saved, tm, tlm := in.state, in.tm, in.tlm
	if m, ok := in.file.numbers(s.dict["Matrix"], 6); ok {
		in.state.ctm = matrix(m[:6]).times(in.state.ctm)
	}
	if b, ok := in.file.numbers(s.dict["BBox"], 4); ok {
		in.path = in.path[:0]
		in.moveTo(b[0], b[1])
		in.lineTo(b[2], b[1], false)
		in.lineTo(b[2], b[3], false)
		in.lineTo(b[0], b[3], false)
		in.clip()
		in.path = in.path[:0]
	}
	if isRef {
		in.active[at] = true
	}
	err = in.run(data, resources, r.depth+1)
	delete(in.active, at)
	in.state, in.tm, in.tlm = saved, tm, tlm
	return err
}

// formBytes decodes a form once a file.
func (f *file) formBytes(at ref, isRef bool, s *stream) ([]byte, error) {
	if isRef {
		f.mu.Lock()
		data, seen := f.bytes[at]
		f.mu.Unlock()
		if seen {
			return data, nil
		}
	}
	data, err := f.content(s)
	if err == nil && isRef && len(data) < 1<<20 {
		f.mu.Lock()
		f.bytes[at] = data
		f.mu.Unlock()
	}
	return data, err
}

// image counts an image; a thin one is a ruling.
func (in *interpreter) image(s *stream) {
	if in.veiled != 0 {
		return
	}
	in.page.Images++
	m := in.state.ctm
	x0, y0 := m.apply(0, 0)
	x1, y1 := m.apply(1, 1)
	w, h := math.Abs(x1-x0), math.Abs(y1-y0)
	in.page.draw(s, m, w, h)
	if min(w, h) > thickest || max(w, h) < 4*thickest {
		in.fill(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1), 0, true)
		return
	}
	cx, cy := (x0+x1)/2, (y0+y1)/2
	if w >= h {
		in.ruling(x0, cy, x1, cy, false)
	} else {
		in.ruling(cx, y0, cx, y1, false)
	}
}

// inlineImage skips from BI to behind EI. The data may contain anything, so
// EI counts only between white space where the text behind it looks like
// operators again.
func (r *runner) inlineImage() {
	l := r.lex
	for {
		k := l.next()
		if k == tokEOF {
			return
		}
		if k == tokKeyword && string(l.text) == "ID" {
			break
		}
	}
	l.pos++
	for {
		i := bytes.Index(l.data[min(l.pos, len(l.data)):], []byte("EI"))
		if i < 0 {
			l.pos = len(l.data)
			return
		}
		at := l.pos + i
		l.pos = at + 2
		if at > 0 && classOf[l.data[at-1]] == space && (l.pos >= len(l.data) || classOf[l.data[l.pos]] == space) && plain(l.data[l.pos:]) {
			break
		}
	}
	r.in.image(nil)
}

// plain says whether the next bytes are printable, as operators are.
func plain(b []byte) bool {
	for _, c := range b[:min(len(b), 12)] {
		if c >= 0x7f || c < 0x20 && classOf[c] != space {
			return false
		}
	}
	return true
}
