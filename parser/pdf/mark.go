package pdf

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"perfgoal/model"
)

// Problem codes of Annotate.
const (
	CodeSigned    = "signed"
	CodeEncrypted = "encrypted"
	CodeUnmarked  = "cannot-mark"
)

var (
	textSigned = model.Text{
		Zh: "文件有电子签名，加批注会使签名失效，没有生成批注副本",
		En: "the file is digitally signed and a note would break the signature; no marked copy was made",
	}
	textEncrypted = model.Text{
		Zh: "文件已加密，没有生成批注副本；请提供不加密的文件",
		En: "the file is encrypted; no marked copy was made. Provide it unencrypted",
	}
	textUnmarked = model.Text{
		Zh: "文件的内部结构不完整（{detail_zh}），不能在原文件上加批注，没有生成批注副本；请用原软件重新导出 PDF",
		En: "the file's structure is not sound ({detail_en}), so nothing can be added to it; no marked copy was made. Export it again from the original program",
	}
)

func unmarked(why model.Args) error {
	return problem(CodeUnmarked, textUnmarked, why, nil)
}

// Annotate returns a copy of a PDF with marks: the file's own bytes followed by
// an incremental update (ISO 32000-1, 7.5.6). The same file and marks give the
// same bytes. Errors are *model.Problem, of a file that is to be left alone, or
// the context's.
func Annotate(ctx context.Context, data []byte, marks []model.Mark, limits Limits) (out []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			out, err = nil, unmarked(internals(fmt.Errorf("%v", r)))
		}
	}()
	limits = limits.OrDefault()
	// Bytes in front of the header, which a gateway or a mail program put there,
	// are as a rule not counted by the file's offsets.
	if at := headerOffset(data); at > 0 && !strayStart(data[at:]) {
		out, err := annotate(ctx, data[at:], marks, limits)
		var p *model.Problem
		switch {
		case err == nil:
			return slices.Concat(data[:at], out), nil
		case !errors.As(err, &p) || p.Code != CodeUnmarked:
			return nil, err
		}
	}
	return annotate(ctx, data, marks, limits)
}

// headerOffset is where the header stands, 0 where it is not near the file's
// beginning.
func headerOffset(data []byte) int {
	const near = 1024
	return max(0, bytes.Index(data[:min(len(data), near)], []byte("%PDF-")))
}

func annotate(ctx context.Context, data []byte, marks []model.Mark, limits Limits) ([]byte, error) {
	l, err := readCPU(ctx, data, "", limits)
	var over budgetError
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, errLocked):
		return nil, problem(CodeEncrypted, textEncrypted, nil, err)
	case errors.As(err, &over):
		return nil, overrun(over)
	case err != nil:
		return nil, unmarked(internals(err))
	}
	cpu := l.(*cpuLayer)
	switch {
	case cpu.ctx.Encrypt != nil:
		return nil, problem(CodeEncrypted, textEncrypted, nil, nil)
	case strayStart(data) || startOffset(data) < 0 || cpu.misplaced():
		return nil, unmarked(details("交叉引用表有误", "its cross-references are wrong"))
	}
	f := newFile(cpu)
	f.limits = limits
	if f.signed(data) {
		return nil, problem(CodeSigned, textSigned, nil, nil)
	}
	pages := f.pages(limits.Pages)
	if f.lostPages || len(pages) == 0 {
		return nil, unmarked(details("缺少页面", "pages are missing"))
	}
	u := newUpdate(cpu, data)
	byPage := map[int][]model.Mark{}
	for _, m := range marks {
		if m.Page < 1 || m.Page > len(pages) || pages[m.Page-1].at == (ref{}) {
			return nil, unmarked(details(fmt.Sprintf("找不到第 %d 页", m.Page), fmt.Sprintf("page %d is not there", m.Page)))
		}
		byPage[m.Page] = append(byPage[m.Page], m)
	}
	for i, node := range pages {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		number := i + 1
		list, _ := f.resolve(node.dict["Annots"]).(array)
		annots := slices.DeleteFunc(slices.Clone(list), f.earlierMark)
		if len(byPage[number]) == 0 && (len(annots) == len(list) || node.at == (ref{})) {
			continue
		}
		page, err := f.readPage(ctx, node)
		if err != nil {
			return nil, cmp.Or(ctx.Err(), unmarked(internals(err)))
		}
		for _, m := range byPage[number] {
			back := page.back
			if m.Box != nil && m.Lies != nil {
				back = matrix(*m.Lies).times(back)
			}
			annots = append(annots, u.annotation(m, node.at, back, page.Width))
		}
		page.Recycle()
		dict := maps.Clone(node.dict)
		dict["Annots"] = annots
		u.put(node.at, dict)
	}
	if len(u.places) == 0 { // an update changes something
		root, err := cpu.root()
		if err != nil {
			return nil, unmarked(internals(err))
		}
		u.put(ref{int(cpu.ctx.Root.ObjectNumber), int(cpu.ctx.Root.GenerationNumber)}, root)
	}
	return u.finish(), nil
}

// earlierMark says whether an annotation, or the window of one, is a mark of an
// earlier copy, which another program has saved as a file of its own.
func (f *file) earlierMark(o object) bool {
	a, _ := f.resolve(o).(dict)
	if f.resolve(a["Subtype"]) == name("Popup") {
		a, _ = f.resolve(a["Parent"]).(dict)
	}
	const longest = 64 // bytes of what marks have there, as whichever program writes it
	short := func(o object) string {
		if s, ok := f.resolve(o).(str); !ok || len(s) > longest {
			return ""
		}
		return f.text(o)
	}
	return short(a["T"]) == markAuthor && strings.HasPrefix(short(a["NM"]), markName)
}

// signed says whether somebody vouched for the file's bytes.
func (f *file) signed(data []byte) bool {
	const signaturesExist = 1
	if f.intOr(f.acroForm()["SigFlags"], 0)&signaturesExist != 0 {
		return true
	}
	root, err := f.layer.root()
	return err == nil && root["Perms"] != nil || bytes.Contains(data, []byte("/ByteRange"))
}

// inverse leads back; ok is false where m flattens the plane.
func (m matrix) inverse() (matrix, bool) {
	det := m[0]*m[3] - m[1]*m[2]
	if det == 0 {
		return matrix{}, false
	}
	return matrix{m[3] / det, -m[1] / det, -m[2] / det, m[0] / det,
		(m[2]*m[5] - m[3]*m[4]) / det, (m[1]*m[4] - m[0]*m[5]) / det}, true
}

// update gathers the objects of an incremental update.
type update struct {
	cpu    *cpuLayer
	data   []byte // the file
	out    bytes.Buffer
	places map[ref]int // where each object stands in data followed by out
	next   int         // the number of the next new object
	notes  int
}

func newUpdate(cpu *cpuLayer, data []byte) *update {
	u := &update{cpu: cpu, data: data, places: map[ref]int{}, next: 1}
	for num := range cpu.ctx.Table {
		u.next = max(u.next, num+1)
	}
	if cpu.ctx.Size != nil {
		u.next = max(u.next, *cpu.ctx.Size)
	}
	if !bytes.HasSuffix(data, []byte("\n")) {
		u.out.WriteByte('\n')
	}
	return u
}

// put writes an object.
func (u *update) put(at ref, o object) {
	u.places[at] = len(u.data) + u.out.Len()
	fmt.Fprintf(&u.out, "%d %d obj\n", at.num, at.gen)
	if s, ok := o.(*stream); ok {
		d := maps.Clone(s.dict)
		d["Length"] = len(s.raw)
		writeObject(&u.out, d)
		u.out.WriteString("\nstream\n")
		u.out.Write(s.raw)
		u.out.WriteString("\nendstream")
	} else {
		writeObject(&u.out, o)
	}
	u.out.WriteString("\nendobj\n")
}

// add writes a new object.
func (u *update) add(o object) ref {
	at := ref{u.next, 0}
	u.next++
	u.put(at, o)
	return at
}

// Measures of marks, in points as the page is seen.
const (
	markLine   = 0.8
	iconSize   = 16.0
	iconInset  = 6.0
	markPale   = 0.7 // how far the highlight is from the mark's colour to white
	flagPrints = 1 << 2
)

// Who marks are said to be by, and what their names begin with.
const (
	markAuthor = "perfgoal"
	markName   = "perfgoal-"
)

// annotation writes a mark with its appearance. back leads from the page as it
// is seen, whose width is given, to its user space.
func (u *update) annotation(m model.Mark, page ref, back matrix, width float64) ref {
	seen := [4]float64{width - iconInset - iconSize, iconInset, width - iconInset, iconInset + iconSize}
	if m.Box != nil {
		seen = *m.Box
	}
	corners := array{}
	x0, y0 := back.apply(seen[0], seen[1])
	x1, y1 := x0, y0
	for _, c := range [][2]float64{{seen[0], seen[1]}, {seen[2], seen[1]}, {seen[0], seen[3]}, {seen[2], seen[3]}} {
		x, y := back.apply(c[0], c[1])
		corners = append(corners, x, y)
		x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x), max(y1, y)
	}
	rect := array{x0, y0, x1, y1}
	u.notes++
	a := dict{"Type": name("Annot"), "Subtype": name("Highlight"), "P": page, "Rect": rect, "QuadPoints": corners, "F": flagPrints,
		"C": array{m.Colour[0], m.Colour[1], m.Colour[2]}, "T": str(markAuthor), "NM": str(markName + strconv.Itoa(u.notes)),
		"Subj": textString(m.Title), "Contents": textString(m.Text)}
	if m.Box == nil {
		a["Subtype"], a["Name"] = name("Text"), name("Comment")
		delete(a, "QuadPoints")
	}
	look := &stream{raw: drawMark(m, seen, back), dict: dict{"Type": name("XObject"), "Subtype": name("Form"), "BBox": rect,
		"Resources": dict{"ExtGState": dict{"M": dict{"Type": name("ExtGState"), "BM": name("Multiply")}}}}}
	a["AP"] = dict{"N": u.add(look)}
	return u.add(a)
}

// drawMark draws without text, which would be taken for the form's when the
// copy is read.
func drawMark(m model.Mark, seen [4]float64, back matrix) []byte {
	var b bytes.Buffer
	put := func(operator string, operands ...float64) {
		for _, v := range operands {
			writeObject(&b, v)
			b.WriteByte(' ')
		}
		b.WriteString(operator + "\n")
	}
	put("q")
	put("cm", back[:]...)
	pale := func(c float64) float64 { return c + (1-c)*markPale }
	b.WriteString("/M gs\n")
	w, h := seen[2]-seen[0], seen[3]-seen[1]
	if m.Box != nil {
		put("rg", pale(m.Colour[0]), pale(m.Colour[1]), pale(m.Colour[2]))
		put("re", seen[0], seen[1], w, h)
		put("f")
		put("RG", m.Colour[:]...)
		put("w", markLine)
		inset := markLine / 2
		put("re", seen[0]+inset, seen[1]+inset, w-2*inset, h-2*inset)
		put("S")
	} else { // an exclamation mark on a square
		put("rg", m.Colour[:]...)
		put("re", seen[0], seen[1], w, h)
		put("f")
		put("g", 0)
		put("re", seen[0]+w*0.44, seen[1]+h*0.18, w*0.12, h*0.42)
		put("re", seen[0]+w*0.44, seen[1]+h*0.7, w*0.12, h*0.12)
		put("f")
	}
	put("Q")
	return b.Bytes()
}

// finish ends the update with cross-references of the kind that the file's
// last ones are.
func (u *update) finish() []byte {
	trailer := dict{"Prev": int(startOffset(u.data))}
	if r := u.cpu.ctx.Root; r != nil {
		trailer["Root"] = fromCPU(*r, 0)
	}
	if r := u.cpu.ctx.Info; r != nil {
		trailer["Info"] = fromCPU(*r, 0)
	}
	if id := u.cpu.ctx.ID; len(id) > 0 {
		trailer["ID"] = fromCPU(id, 0)
	}
	l := lexer{data: u.data, pos: int(startOffset(u.data))}
	asTable := l.next() == tokKeyword
	start := len(u.data) + u.out.Len()
	if asTable {
		trailer["Size"] = u.next
		u.out.WriteString("xref\n")
		for _, run := range u.runs() {
			fmt.Fprintf(&u.out, "%d %d\n", run[0].num, len(run))
			for _, r := range run {
				fmt.Fprintf(&u.out, "%010d %05d n \n", u.places[r], r.gen)
			}
		}
		u.out.WriteString("trailer\n")
		writeObject(&u.out, trailer)
		u.out.WriteByte('\n')
	} else {
		at := ref{u.next, 0}
		u.places[at] = start
		trailer["Type"], trailer["Size"] = name("XRef"), u.next+1
		const inUse, offsetBytes, generationBytes = 1, 8, 2
		trailer["W"] = array{1, offsetBytes, generationBytes}
		index, raw := array{}, []byte{}
		for _, run := range u.runs() {
			index = append(index, run[0].num, len(run))
			for _, r := range run {
				raw = append(raw, inUse)
				for shift := 8 * (offsetBytes - 1); shift >= 0; shift -= 8 {
					raw = append(raw, byte(u.places[r]>>shift))
				}
				raw = append(raw, byte(r.gen>>8), byte(r.gen))
			}
		}
		trailer["Index"] = index
		u.put(at, &stream{dict: trailer, raw: raw})
	}
	fmt.Fprintf(&u.out, "%sstartxref\n%d\n%%%%EOF\n", model.MarkedCopy, start)
	return slices.Concat(u.data, u.out.Bytes())
}

// runs are the objects by number, those that follow each other together.
func (u *update) runs() [][]ref {
	var out [][]ref
	for _, r := range slices.SortedFunc(maps.Keys(u.places), func(a, b ref) int { return a.num - b.num }) {
		if n := len(out); n > 0 && out[n-1][len(out[n-1])-1].num == r.num-1 {
			out[n-1] = append(out[n-1], r)
			continue
		}
		out = append(out, []ref{r})
	}
	return out
}

// textString is a text as PDF has it outside of contents.
func textString(s string) str {
	b := []byte{0xfe, 0xff}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u>>8), byte(u))
	}
	return str(b)
}

// writeObject writes an object as it stands in a file; a dictionary's keys are
// in order, so that the same object gives the same bytes.
func writeObject(b *bytes.Buffer, o object) {
	switch v := o.(type) {
	case bool, int:
		fmt.Fprint(b, v)
	case float64:
		const decimals = 4 // a ten-thousandth of a point
		if v == float64(int64(v)) {
			b.WriteString(strconv.FormatInt(int64(v), 10))
			return
		}
		b.WriteString(strconv.FormatFloat(v, 'f', decimals, 64))
	case name:
		b.WriteByte('/')
		for _, c := range []byte(v) {
			if c <= ' ' || c > '~' || bytes.IndexByte([]byte("#/%()<>[]{}"), c) >= 0 {
				fmt.Fprintf(b, "#%02x", c)
			} else {
				b.WriteByte(c)
			}
		}
	case str:
		fmt.Fprintf(b, "<%x>", string(v))
	case array:
		b.WriteByte('[')
		for i, e := range v {
			if i > 0 {
				b.WriteByte(' ')
			}
			writeObject(b, e)
		}
		b.WriteByte(']')
	case dict:
		b.WriteString("<<")
		for _, k := range slices.Sorted(maps.Keys(v)) {
			writeObject(b, k)
			b.WriteByte(' ')
			writeObject(b, v[k])
		}
		b.WriteString(">>")
	case ref:
		fmt.Fprintf(b, "%d %d R", v.num, v.gen)
	default:
		b.WriteString("null")
	}
}
