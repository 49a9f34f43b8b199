package pdf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/pdfcpu/pdfcpu/pkg/filter"
	"github.com/pdfcpu/pdfcpu/pkg/log"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	cpumodel "github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"perfgoal/internal/lazy"
	"perfgoal/model"
)

// cpuLayer reads objects with pdfcpu.
type cpuLayer struct {
	ctx  *cpumodel.Context
	data []byte
	// placed is set when every object was found where its entry says.
	placed bool
}

// quietCPU keeps pdfcpu from writing into the user's home or to the terminal.
var quietCPU = sync.OnceFunc(func() {
	cpumodel.ConfigPath = "disable"
	log.DisableLoggers()
})

// openCPU reads the cross-reference table and all objects. When it finds no
// page, objects without an end, or cross-references that lead to another object
// than they name, it tries again on copies: with the ends of objects put where
// they are missing, then with the cross-references spoiled, which makes pdfcpu
// rebuild them from the objects themselves.
func openCPU(ctx context.Context, data []byte, password string, limits Limits) (layer, error) {
	l, err := readCPU(ctx, data, password, limits)
	var over budgetError
	if errors.Is(err, errLocked) || errors.As(err, &over) || ctx.Err() != nil {
		return l, err
	}
	// Where an object lacks its end, pdfcpu may take the next one's stream for
	// it, and a page is gone without a word.
	whole := bytes.Count(data, []byte(" obj")) <= bytes.Count(data, []byte("endobj"))
	sound := err == nil && hasPages(l) && !l.(*cpuLayer).misplaced() && !strayStart(data)
	if sound && whole {
		return l, nil
	}
	ended := endObjects(data)
	if err == nil {
		stated := l.(*cpuLayer).stated()
		if strayStart(data) { // pdfcpu has looked for the objects by itself
			stated = tableOffsets(data)
		}
		if shifted(data, stated) && shifted(ended, stated) {
			return nil, fmt.Errorf("%w: bytes are missing or were added", ErrLost)
		}
	}
	if sound && len(ended) == len(data) {
		return l, nil
	}
	for _, broken := range []string{"", "\nxref", "startxref"} {
		if broken != "" {
			ended = bytes.ReplaceAll(ended, []byte(broken), bytes.Repeat([]byte{'\n'}, len(broken)))
		}
		again, againErr := readCPU(ctx, ended, password, limits)
		if againErr == nil && hasPages(again) && !again.(*cpuLayer).misplaced() {
			return again, nil
		}
	}
	if err == nil {
		return l, nil
	}
	return nil, err
}

// stated are the offsets that the cross-references give, by object number.
func (l *cpuLayer) stated() map[int]int64 {
	out := map[int]int64{}
	for num, e := range l.ctx.Table {
		if e != nil && !e.Free && !e.Compressed && e.Offset != nil && *e.Offset > 0 {
			out[num] = *e.Offset
		}
	}
	return out
}

// misplaced says whether a cross-reference leads to something else than the
// object it names.
func (l *cpuLayer) misplaced() bool {
	for num, e := range l.ctx.Table {
		if !l.inPlace(num, e) {
			return true
		}
	}
	l.placed = true
	return false
}

// inPlace says whether an object stands where its entry says. Some producers
// enter objects at offset 0 that they never wrote.
func (l *cpuLayer) inPlace(num int, e *cpumodel.XRefTableEntry) bool {
	if e == nil || e.Free || e.Compressed || e.Offset == nil || *e.Offset <= 0 {
		return true
	}
	if *e.Offset >= int64(len(l.data)) {
		return false
	}
	head := lexer{data: l.data[*e.Offset:min(int64(len(l.data)), *e.Offset+longestHead)]}
	return head.next() == tokNumber && int(head.num) == num && head.next() == tokNumber &&
		head.next() == tokKeyword && bytes.HasPrefix(head.text, []byte("obj"))
}

// longestHead is more than "number generation obj" takes, with white space.
const longestHead = 64

// objectStart begins an indirect object on a line of its own.
var objectStart = lazy.Regexp(`(?m)^\d{1,8} \d{1,5} obj\b`)

// endObjects puts endobj where an object begins before the last one ended,
// which pdfcpu's rebuilding needs. Streams are left alone.
func endObjects(data []byte) []byte {
	starts := objectStart().FindAllIndex(data, -1)
	var out []byte
	done := 0
	for i := 1; i < len(starts); i++ {
		body := data[starts[i-1][1]:starts[i][0]]
		inStream := bytes.Contains(body, []byte("stream")) && !bytes.Contains(body, []byte("endstream"))
		if inStream || bytes.Contains(body, []byte("endobj")) {
			continue
		}
		out = append(append(out, data[done:starts[i][0]]...), "endobj\n"...)
		done = starts[i][0]
	}
	return append(out, data[done:]...)
}

// warden hands pdfcpu the file. It ends, by a panic that readCPU recovers, what
// pdfcpu itself does not: reading on after the context is done, or the same
// bytes over and over, and recursion without end, as through a stream that is
// its own filter, which would overflow the stack and which no recover could
// catch.
type warden struct {
	*bytes.Reader
	ctx   context.Context
	calls int
	left  int64 // bytes that may still be read
}

// deepest is how many calls may be within each other; pdfcpu bounds its own
// recursion through nested objects far below.
const deepest = 4000

func (w *warden) watch() {
	w.calls++
	if w.calls&127 != 0 {
		return
	}
	if err := w.ctx.Err(); err != nil {
		panic(err)
	}
	var pc [1]uintptr
	if runtime.Callers(deepest, pc[:]) > 0 {
		panic(budgetError{model.Text{Zh: "对象互相引用", En: "objects refer to each other without end"}})
	}
}

func (w *warden) Read(p []byte) (int, error) {
	w.watch()
	n, err := w.Reader.Read(p)
	if w.left -= int64(n); w.left < 0 {
		panic(budgetError{model.Text{Zh: "同一处被反复引用", En: "the same bytes are read over and over"}})
	}
	return n, err
}

func (w *warden) Seek(offset int64, whence int) (int64, error) {
	w.watch()
	return w.Reader.Seek(offset, whence)
}

func readCPU(ctx context.Context, data []byte, password string, limits Limits) (l layer, err error) {
	quietCPU()
	defer func() {
		switch p := recover().(type) {
		case nil:
		case error:
			l, err = nil, fmt.Errorf("pdfcpu: %w", p)
		default:
			l, err = nil, fmt.Errorf("pdfcpu: %v", p)
		}
	}()
	conf := cpumodel.NewDefaultConfiguration()
	conf.ValidationMode = cpumodel.ValidationRelaxed
	conf.UserPW, conf.OwnerPW = password, password
	conf.Limits.MaxStreamBytes = limits.FileSize
	conf.Limits.MaxDecodeBytes = limits.Decoded
	conf.Limits.MaxObjectCount = 1_000_000
	conf.Limits.MaxXRefEntries = 1_000_000
	c, err := pdfcpu.ReadWithContext(ctx, &warden{Reader: bytes.NewReader(data), ctx: ctx, left: 64*int64(len(data)) + 64<<20}, conf)
	if err != nil {
		switch {
		case errors.Is(err, pdfcpu.ErrWrongPassword):
			return nil, errLocked
		case errors.Is(err, filter.ErrDecodeLimitExceeded), errors.Is(err, cpumodel.ErrMaxRecursionDepthExceeded), strings.Contains(err.Error(), "exceeds limit"):
			return nil, budgetError{model.Text{Zh: "压缩的内容或嵌套的层数", En: "pdfcpu: " + detail(err)}}
		}
		return nil, fmt.Errorf("pdfcpu: %w", err)
	}
	return &cpuLayer{ctx: c, data: data}, nil
}

func hasPages(l layer) bool {
	if l == nil {
		return false
	}
	return len(newFile(l).pages(1)) > 0
}

func (l *cpuLayer) root() (dict, error) {
	if l.ctx.Root == nil {
		return nil, errNoPages
	}
	d, ok := l.load(ref{int(l.ctx.Root.ObjectNumber), int(l.ctx.Root.GenerationNumber)}).(dict)
	if !ok {
		return nil, errNoPages
	}
	return d, nil
}

func (l *cpuLayer) all() []ref {
	out := make([]ref, 0, len(l.ctx.Table))
	for num, e := range l.ctx.Table {
		if e == nil || e.Free {
			continue
		}
		gen := 0
		if e.Generation != nil {
			gen = *e.Generation
		}
		out = append(out, ref{num, gen})
	}
	slices.SortFunc(out, func(a, b ref) int { return a.num - b.num })
	return out
}

// load resolves an object. pdfcpu decodes the members of object streams only
// when they are asked for, and may panic on broken ones.
func (l *cpuLayer) load(r ref) (o object) {
	defer func() {
		if recover() != nil {
			o = nil
		}
	}()
	if !l.placed && !l.inPlace(r.num, l.ctx.Table[r.num]) {
		return nil
	}
	ir := types.NewIndirectRef(r.num, r.gen)
	v, err := l.ctx.Dereference(*ir)
	if err != nil {
		return nil
	}
	o = fromCPU(v, 0)
	if sd, ok := v.(types.StreamDict); ok && l.ctx.Encrypt == nil {
		// pdfcpu believes a length that is too short.
		o.(*stream).raw = streamBytes(l.data, sd.StreamOffset, int64(len(sd.Raw)))
	}
	return o
}

// fromCPU converts pdfcpu's object. Nesting is bounded: a crafted file may
// nest without end.
func fromCPU(v types.Object, depth int) object {
	if depth > maxNesting {
		return nil
	}
	switch v := v.(type) {
	case types.Boolean:
		return bool(v)
	case types.Integer:
		return int(v)
	case types.Float:
		return float64(v)
	case types.Name:
		if s, err := types.DecodeName(string(v)); err == nil {
			return name(s)
		}
		return name(v)
	case types.StringLiteral:
		if b, err := types.Unescape(string(v)); err == nil {
			return str(b)
		}
		return str(v)
	case types.HexLiteral:
		if b, err := v.Bytes(); err == nil {
			return str(b)
		}
		return str("")
	case types.IndirectRef:
		return ref{int(v.ObjectNumber), int(v.GenerationNumber)}
	case types.Array:
		out := make(array, len(v))
		for i, e := range v {
			out[i] = fromCPU(e, depth+1)
		}
		return out
	case types.Dict:
		return dictFromCPU(v, depth)
	case types.StreamDict:
		return &stream{dict: dictFromCPU(v.Dict, depth), raw: v.Raw}
	case types.ObjectStreamDict:
		return &stream{dict: dictFromCPU(v.Dict, depth), raw: v.Raw}
	case types.XRefStreamDict:
		return &stream{dict: dictFromCPU(v.Dict, depth), raw: v.Raw}
	case *types.StreamDict:
		return &stream{dict: dictFromCPU(v.Dict, depth), raw: v.Raw}
	}
	return nil
}

func dictFromCPU(v types.Dict, depth int) dict {
	out := make(dict, len(v))
	for k, e := range v {
		if s, err := types.DecodeName(k); err == nil {
			k = s
		}
		out[name(k)] = fromCPU(e, depth+1)
	}
	return out
}
