package pdf

import (
	"math"
	"strings"
	"unicode"
)

// Flags of annotations and of form fields (ISO 32000-1, tables 165, 221, 228).
const (
	flagHidden   = 1 << 1
	flagNoView   = 1 << 5
	flagPassword = 1 << 13
	flagComb     = 1 << 24
)

// annotations draws what a viewer shows of a page's annotations: their normal
// appearances. Their lines are left out: a field's frame, or a reviewer's
// stroke, is no border of a table.
func (in *interpreter) annotations(page dict) error {
	f := in.file
	list, _ := f.resolve(page["Annots"]).(array)
	if page["Annots"] != nil && list == nil && f.acroForm() != nil {
		return ErrLost
	}
	in.annot = true
	for _, o := range list {
		a, ok := f.resolve(o).(dict)
		if !ok {
			if f.acroForm() != nil { // it may have been a field
				return ErrLost
			}
			continue
		}
		if err := in.annotation(a); err != nil {
			return err
		}
	}
	return nil
}

func (in *interpreter) annotation(a dict) error {
	f := in.file
	subtype := f.resolve(a["Subtype"])
	if f.intOr(a["F"], 0)&(flagHidden|flagNoView) != 0 || subtype == name("Popup") || f.isHidden(a["OC"]) {
		return nil
	}
	rect, ok := f.rectangle(a["Rect"])
	if !ok {
		return nil
	}
	looks, _ := f.resolve(a["AP"]).(dict)
	o := looks["N"]
	if states, ok := f.resolve(o).(dict); ok {
		state, _ := f.resolve(a["AS"]).(name)
		if o = states[state]; o == nil {
			return nil // as a box that is not ticked
		}
	}
	look, _ := f.resolve(o).(*stream)
	if look == nil && o != nil && f.resolve(o) == nil {
		return ErrLost
	}
	written := in.written(a, subtype)
	if look == nil {
		return in.unseen(rect, a, written)
	}
	from := len(in.page.Glyphs)
	if err := in.appearance(rect, o, look); err != nil {
		return err
	}
	// Where viewers are told to make the appearances anew, one that shows
	// something else than the value is not what they show.
	if written != "" && f.resolve(f.acroForm()["NeedAppearances"]) == true && !in.shows(from, written) {
		in.page.Glyphs = in.page.Glyphs[:from]
		for n := len(in.page.Unknown); n > 0 && in.page.Unknown[n-1].At >= from; n = len(in.page.Unknown) {
			in.page.Unknown = in.page.Unknown[:n-1]
		}
		return in.unseen(rect, a, written)
	}
	return nil
}

// rectangle is a rectangle with its corners in order; ok is false for none or
// an empty one.
func (f *file) rectangle(o object) ([4]float64, bool) {
	n, ok := f.numbers(o, 4)
	if !ok {
		return [4]float64{}, false
	}
	r := [4]float64{min(n[0], n[2]), min(n[1], n[3]), max(n[0], n[2]), max(n[1], n[3])}
	return r, r[2] > r[0] && r[3] > r[1]
}

// appearance draws an appearance stream into an annotation's rectangle
// (ISO 32000-1, 12.5.5): the box around its transformed bounding box is
// stretched onto the rectangle.
func (in *interpreter) appearance(rect [4]float64, o object, look *stream) error {
	f := in.file
	box, ok := f.rectangle(look.dict["BBox"])
	if !ok {
		return nil
	}
	m := matrix{1, 0, 0, 1, 0, 0}
	if v, ok := f.numbers(look.dict["Matrix"], 6); ok {
		m = matrix(v)
	}
	x0, y0 := m.apply(box[0], box[1])
	x1, y1 := x0, y0
	for _, c := range [][2]float64{{box[2], box[1]}, {box[0], box[3]}, {box[2], box[3]}} {
		x, y := m.apply(c[0], c[1])
		x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x), max(y1, y)
	}
	if x1 <= x0 || y1 <= y0 {
		return nil
	}
	sx, sy := (rect[2]-rect[0])/(x1-x0), (rect[3]-rect[1])/(y1-y0)
	state := in.state
	in.state = newState(matrix{sx, 0, 0, sy, rect[0] - x0*sx, rect[1] - y0*sy}.times(in.base), in.state.clip)
	resources, _ := f.resolve(f.acroForm()["DR"]).(dict)
	r := &runner{in: in}
	err := r.form(o, look, resources)
	in.state = state
	return err
}

// acroForm is the file's interactive form, nil where there is none.
func (f *file) acroForm() dict {
	root, err := f.layer.root()
	if err != nil {
		return nil
	}
	d, _ := f.resolve(root["AcroForm"]).(dict)
	return d
}

// written is the text that an annotation carries for viewers to show: a text
// or choice field's value, what stands in a free text.
func (in *interpreter) written(a dict, subtype object) string {
	f := in.file
	switch subtype {
	case name("FreeText"):
		return f.text(a["Contents"])
	case name("Widget"):
		if kind := f.inherited(a, "FT"); kind == name("Tx") || kind == name("Ch") {
			return f.text(f.inherited(a, "V"))
		}
	}
	return ""
}

// inherited is an entry of a field, or of the fields it belongs to.
func (f *file) inherited(d dict, key name) object {
	for range maxNesting {
		if v := f.resolve(d[key]); v != nil {
			return v
		}
		up, ok := f.resolve(d["Parent"]).(dict)
		if !ok {
			break
		}
		d = up
	}
	return nil
}

// text is a text string, "" for anything else.
func (f *file) text(o object) string {
	s, ok := f.resolve(o).(str)
	switch {
	case !ok:
		return ""
	case strings.HasPrefix(string(s), "\xfe\xff"):
		return strings.TrimSpace(utf16Text([]byte(s)))
	case strings.HasPrefix(string(s), "\xef\xbb\xbf"):
		return strings.TrimSpace(string(s[3:]))
	}
	var b strings.Builder
	for _, c := range []byte(s) {
		switch r := winAnsi()[c]; {
		case r != 0:
			b.WriteRune(r)
		case c == '\n' || c == '\r' || c == '\t':
			b.WriteByte(c)
		default:
			b.WriteRune('\ufffd')
		}
	}
	return strings.TrimSpace(b.String())
}

// shows says whether the glyphs drawn from one on are a text, white space
// aside.
func (in *interpreter) shows(from int, text string) bool {
	var b strings.Builder
	for _, g := range in.page.Glyphs[from:] {
		b.WriteRune(g.Rune)
		b.WriteString(g.Tail)
	}
	return withoutSpace(b.String()) == withoutSpace(text)
}

func withoutSpace(s string) string { return strings.Join(strings.Fields(s), "") }

// unseen stands for the text of an annotation without an appearance. Only
// where viewers are told to make one, of a plain text field, is it certain
// what they show; else one unknown character stands in its place.
func (in *interpreter) unseen(rect [4]float64, a dict, text string) error {
	f := in.file
	if text == "" {
		return nil
	}
	flags := f.intOr(f.inherited(a, "Ff"), 0)
	plain := f.inherited(a, "FT") == name("Tx") && flags&(flagPassword|flagComb) == 0 && sane(text)
	if !plain || f.resolve(f.acroForm()["NeedAppearances"]) != true {
		text = "\ufffd"
	}
	in.typeset(rect, text)
	return nil
}

// typeset writes a text into a rectangle from its top left, as large as it
// fits in.
func (in *interpreter) typeset(rect [4]float64, text string) {
	const largest, smallest, leading = 12.0, 1.0, 1.2
	width, height := rect[2]-rect[0], rect[3]-rect[1]
	lines, size := []string(nil), largest
	for ; size > smallest; size *= 0.9 {
		lines = wrapped(text, width/size)
		if float64(len(lines))*size*leading <= max(height, size*leading) && size <= height {
			break
		}
	}
	m := in.base
	for i, line := range lines {
		x, y := rect[0], rect[3]-(float64(i)+ascent)*size
		for _, r := range line {
			w := advanceOf(r) * size
			ax, ay := m.apply(x, y+descent*size)
			bx, by := m.apply(x+w, y+ascent*size)
			_, base := m.apply(x, y)
			if r == '\ufffd' {
				in.page.Unknown = append(in.page.Unknown, Unknown{At: len(in.page.Glyphs)})
			}
			in.page.Glyphs = append(in.page.Glyphs, Glyph{
				Rune: r,
				X0:   float32(min(ax, bx)), Y0: float32(min(ay, by)), X1: float32(max(ax, bx)), Y1: float32(max(ay, by)),
				Base: float32(base), Size: float32(size * math.Hypot(m[0], m[1])), Turn: quarter(m),
			})
			x += w
		}
	}
}

// wrapped breaks a text into lines no wider than so many em, at least one
// character each.
func wrapped(text string, width float64) []string {
	var out []string
	for line := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == '\r' }) {
		start, used := 0, 0.0
		for i, r := range line {
			w := advanceOf(r)
			if used+w > width && i > start {
				out = append(out, line[start:i])
				start, used = i, 0
			}
			used += w
		}
		out = append(out, line[start:])
	}
	return out
}

// advanceOf is the width of a character in em, near enough.
func advanceOf(r rune) float64 {
	if r < 0x2000 && !unicode.Is(unicode.Han, r) {
		return 0.5
	}
	return 1
}
