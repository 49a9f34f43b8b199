package pdf

import (
	"bytes"
	"cmp"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	lpdf "github.com/ledongthuc/pdf"

	"perfgoal/model"
)

// ledongthucLayer reads objects with ledongthuc/pdf. That library resolves
// references by itself and does not show them, so this layer looks into its
// values for them (see peek) and remembers by which entry each one is reached.
type ledongthucLayer struct {
	ctx       context.Context
	src       *meteredReader
	reader    *lpdf.Reader
	encrypted bool
	aes       bool
	entries   map[ref]entry
	stuck     bool // a call did not come back; the library is not asked again
}

// entry is where a reference stands: in a dictionary by key, or in an array.
type entry struct {
	in    lpdf.Value
	key   string
	index int
}

func (e entry) resolve() lpdf.Value {
	if e.in.Kind() == lpdf.Array {
		return e.in.Index(e.index)
	}
	return e.in.Key(e.key)
}

// slowest bounds one call into the library, which loops without end on some
// crafted object streams.
const slowest = 10 * time.Second

var (
	errStuck       = errors.New("ledongthuc: an object cannot be read in time")
	errReadTooMuch = errors.New("cross-references lead in a circle")
)

// openLedongthuc reads the cross-references; objects are read when they are
// asked for.
func openLedongthuc(ctx context.Context, data []byte, password string, _ Limits) (layer, error) {
	data = tidyEnds(data)
	if err := vetLedongthuc(data); err != nil {
		return nil, err
	}
	l := &ledongthucLayer{ctx: ctx, src: &meteredReader{ctx: ctx, data: data}, entries: map[ref]entry{}}
	// Each section of the cross-references is read once.
	l.src.left.Store(16*int64(len(data)) + 1<<20)
	asked := false
	ask := func() string {
		if asked {
			return ""
		}
		asked = true
		return password
	}
	var err error
	if !l.within(func() { l.reader, err = lpdf.NewReaderEncrypted(l.src, int64(len(data)), ask) }) {
		return nil, errStuck
	}
	switch {
	case errors.Is(err, lpdf.ErrInvalidPassword):
		return nil, errLocked
	case err != nil && (strings.Contains(err.Error(), "unsupported PDF") || strings.Contains(err.Error(), "encryption key")):
		return nil, fmt.Errorf("ledongthuc: %w: %w", errUnsupported, err)
	case err != nil:
		return nil, fmt.Errorf("ledongthuc: %w", err)
	}
	l.src.left.Store(1 << 50) // from here on time is the limit
	short := false
	l.within(func() {
		encrypt := l.reader.Trailer().Key("Encrypt")
		l.encrypted, l.aes = encrypt.Kind() == lpdf.Dict, encrypt.Key("V").Int64() == 4
		short = l.encrypted && encrypt.Key("Length").Int64() < 128
	})
	if short { // it derives the objects' keys as if all keys had 128 bits
		return nil, fmt.Errorf("ledongthuc: %w: short key", errUnsupported)
	}
	return l, nil
}

// tidyEnds puts a file's ends as the library insists on them: the header
// first and followed by a line's end, %%EOF last.
func tidyEnds(data []byte) []byte {
	if i := bytes.Index(data[:min(len(data), 1024)], []byte("%PDF-")); i > 0 {
		data = data[i:]
	}
	if i := bytes.LastIndex(data, []byte("%%EOF")); i >= 0 {
		data = data[:i+len("%%EOF")]
	}
	if len(data) < 9 || bytes.HasPrefix(data, []byte("%PDF-1.")) && data[7] <= '7' && (data[8] == '\n' || data[8] == '\r') {
		return data
	}
	data = slices.Clone(data)
	copy(data[5:], "1.7\n")
	return data
}

// within runs a call into the library and says whether it came back. Panics
// of the library end the call. What runs on after its time cannot be stopped;
// the layer asks no more of it.
func (l *ledongthucLayer) within(call func()) bool {
	if l.stuck || l.ctx.Err() != nil {
		return false
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() { _ = recover() }()
		call()
	}()
	timer := time.NewTimer(slowest)
	defer timer.Stop()
	select {
	case <-done:
		return true
	case <-l.ctx.Done():
	case <-timer.C:
	}
	l.stuck = true
	return false
}

func (l *ledongthucLayer) root() (dict, error) {
	var d dict
	if !l.within(func() { d, _ = l.convert(l.reader.Trailer().Key("Root"), 0).(dict) }) {
		return nil, errStuck
	}
	if d == nil {
		return nil, errNoPages
	}
	return d, nil
}

func (l *ledongthucLayer) load(r ref) object {
	e, known := l.entries[r]
	if !known {
		return nil
	}
	var o object
	if !l.within(func() { o = l.convert(e.resolve(), 0) }) {
		return nil
	}
	return o
}

// all returns the objects that can be reached from the trailer: the library
// does not tell the others.
func (l *ledongthucLayer) all() []ref {
	l.within(func() { l.convert(l.reader.Trailer(), 0) })
	seen := map[ref]bool{}
	for grown := true; grown && len(seen) < 1<<20; {
		grown = false
		var next []ref
		for r := range l.entries {
			if !seen[r] {
				next = append(next, r)
			}
		}
		for _, r := range next {
			seen[r], grown = true, true
			l.load(r)
		}
		if l.stuck || l.ctx.Err() != nil {
			break
		}
	}
	out := make([]ref, 0, len(seen))
	for r := range seen {
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b ref) int { return cmp.Or(a.num-b.num, a.gen-b.gen) })
	return out
}

// convert turns a value into an object; references within it stay references.
func (l *ledongthucLayer) convert(v lpdf.Value, depth int) object {
	if depth > maxNesting {
		return nil
	}
	switch v.Kind() {
	case lpdf.Bool:
		return v.Bool()
	case lpdf.Integer:
		return int(v.Int64())
	case lpdf.Real:
		return v.Float64()
	case lpdf.Name:
		return name(v.Name())
	case lpdf.String:
		if l.aes {
			return str(unpad([]byte(v.RawString())))
		}
		return str(v.RawString())
	case lpdf.Array:
		items := peek(v)
		out := make(array, v.Len())
		for i := range out {
			if r, ok := reference(items.Index(i)); ok {
				l.meet(r, entry{in: v, index: i})
				out[i] = r
				continue
			}
			out[i] = l.convert(v.Index(i), depth+1)
		}
		return out
	case lpdf.Dict:
		return l.convertDict(v, peek(v), depth)
	case lpdf.Stream:
		p := peek(v)
		s := &stream{dict: l.convertDict(v, p.FieldByName("hdr"), depth)}
		if l.encrypted {
			s.decoded = func(limit int64) ([]byte, error) { return l.decode(v, limit) }
		} else {
			s.raw = streamBytes(l.src.data, p.FieldByName("offset").Int(), v.Key("Length").Int64())
		}
		return s
	}
	return nil
}

func (l *ledongthucLayer) convertDict(v lpdf.Value, entries reflect.Value, depth int) dict {
	out := make(dict, entries.Len())
	for it := entries.MapRange(); it.Next(); {
		key := it.Key().String()
		if r, ok := reference(it.Value()); ok {
			l.meet(r, entry{in: v, key: key})
			out[name(key)] = r
			continue
		}
		out[name(key)] = l.convert(v.Key(key), depth+1)
	}
	return out
}

func (l *ledongthucLayer) meet(r ref, e entry) {
	if _, known := l.entries[r]; !known {
		l.entries[r] = e
	}
}

// peek is a value's content as the library keeps it. It is only read, never
// set; the tests notice when a release of the library keeps it otherwise.
func peek(v lpdf.Value) reflect.Value { return reflect.ValueOf(v).FieldByName("data").Elem() }

// reference reads an element of an array or a dictionary that is one.
func reference(e reflect.Value) (ref, bool) {
	e = e.Elem()
	if e.Kind() != reflect.Struct || e.Type().Name() != "objptr" {
		return ref{}, false
	}
	return ref{int(e.FieldByName("id").Uint()), int(e.FieldByName("gen").Uint())}, true
}

// decode has the library decrypt and decode a stream; it panics on filters it
// does not know.
func (l *ledongthucLayer) decode(v lpdf.Value, limit int64) (data []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			data, err = nil, fmt.Errorf("ledongthuc: %v", p)
		}
	}()
	r := v.Reader()
	defer r.Close()
	data, err = io.ReadAll(io.LimitReader(r, limit+1))
	switch {
	case int64(len(data)) > limit:
		return nil, errTooBig
	case err != nil && len(data) == 0:
		return nil, err
	}
	if l.aes && v.Key("Filter").Kind() == lpdf.Null {
		data = unpad(data)
	}
	return data, nil
}

// unpad takes off the padding of AES, which the library leaves (RFC 8018, 6.1.1).
func unpad(b []byte) []byte {
	if len(b) == 0 {
		return b
	}
	n := int(b[len(b)-1])
	if n == 0 || n > 16 || n > len(b) || !bytes.Equal(b[len(b)-n:], bytes.Repeat([]byte{byte(n)}, n)) {
		return b
	}
	return b[:len(b)-n]
}

// meteredReader hands the library the file. It ends loops through the file by
// a panic, which the library or within recovers.
type meteredReader struct {
	ctx  context.Context
	data []byte
	left atomic.Int64 // bytes that may still be read
}

func (m *meteredReader) ReadAt(p []byte, off int64) (int, error) {
	if err := m.ctx.Err(); err != nil {
		panic(err)
	}
	if off < 0 || off >= int64(len(m.data)) {
		return 0, io.EOF
	}
	n := copy(p, m.data[off:])
	if m.left.Add(-int64(n)-64) < 0 {
		panic(errReadTooMuch)
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// What vetLedongthuc lets pass: objects in a table or bytes in a row, and
// bytes of a decoded object stream.
const (
	mostEntries = 4 << 20
	mostObjects = 16 << 20
)

// vetLedongthuc refuses what makes the library ask for memory without bound,
// which no recover can catch: it trusts the sizes it finds in a file's
// cross-references, predictors and object streams.
func vetLedongthuc(data []byte) error {
	over := func(what string) error {
		return budgetError{model.Text{Zh: "内部结构里的数", En: "ledongthuc: " + what}}
	}
	l := &lexer{data: data}
	key, inArray := "", false
	object, widest := 0, 0.0 // where the last object began, and the largest number of a W in it
	for {
		switch l.next() {
		case tokEOF:
			return nil
		case tokName:
			key, inArray = string(l.text), false
		case tokArrayOpen:
			inArray = true
		case tokArrayClose, tokDictClose:
			key, inArray = "", false
		case tokNumber:
			switch {
			case key == "W" && inArray:
				widest = max(widest, l.num)
			case key == "Size" || key == "N" || key == "Columns" || key == "Index" && inArray:
				if l.num > mostEntries {
					return over(key)
				}
			case key == "obj" && l.num > max(mostEntries, float64(len(data))):
				return over("an integer object")
			}
			if !inArray {
				key = ""
			}
		case tokKeyword:
			switch string(l.text) {
			case "obj":
				object, key, widest = l.pos, "obj", 0
			case "xref":
				if !vetTable(l) {
					return over("xref")
				}
			case "stream":
				i := bytes.Index(data[l.pos:], []byte("endstream"))
				if i < 0 {
					return nil
				}
				header := data[object:l.pos]
				if widest > mostEntries && bytes.Contains(header, []byte("XRef")) {
					return over("W")
				}
				if !vetObjects(header, data[l.pos:l.pos+i]) {
					return over("ObjStm")
				}
				l.pos += i
			}
		}
	}
}

// vetTable reads the sections of a cross-reference table: "start count" and so
// many lines.
func vetTable(l *lexer) bool {
	for {
		back := l.pos
		if l.next() != tokNumber {
			l.pos = back
			return true
		}
		start := l.num
		if l.next() != tokNumber || start+l.num > mostEntries {
			return start+l.num <= mostEntries
		}
		for range int(l.num) {
			back = l.pos
			for _, want := range []tokenKind{tokNumber, tokNumber, tokKeyword} {
				if l.next() != want {
					l.pos = back
					return true
				}
			}
		}
	}
}

// vetObjects says whether an object stream, if it is one, decodes to a
// bearable size.
func vetObjects(header, data []byte) bool {
	if !bytes.Contains(header, []byte("ObjStm")) {
		return true
	}
	if bytes.Count(header, []byte("FlateDecode")) > 1 {
		return false
	}
	r, err := zlib.NewReader(bytes.NewReader(bytes.TrimLeft(data, "\r\n")))
	if err != nil {
		return true
	}
	defer r.Close()
	n, _ := io.Copy(io.Discard, io.LimitReader(r, mostObjects+1))
	return n <= mostObjects
}
