package pdf

import (
	"slices"
	"unicode/utf16"
)

// codeRange maps the codes lo..hi of n bytes.
type codeRange struct {
	lo, hi uint32
	n      int
	cid    uint32 // of lo, in a CID map
}

// cmap is a character map: how bytes are cut into codes, and what a code
// stands for: a CID, or text in a ToUnicode map.
type cmap struct {
	space []codeRange
	cids  []codeRange
	text  map[uint32]string
	uses  string // usecmap
	wmode int
	// damaged is set where something other than text stands for a text.
	damaged bool
}

// maxMapped bounds what ranges of a crafted map may expand to.
const maxMapped = 1 << 20

// parseCMap reads a CMap stream. Faults of real producers are forgiven: wrong
// counts, arrays of the wrong length, ranges that overlap.
func parseCMap(data []byte) *cmap {
	m := &cmap{text: map[uint32]string{}}
	l := lexer{data: data}
	var last object
	budget := maxMapped
	for {
		k := l.next()
		if k == tokEOF {
			break
		}
		if k != tokKeyword {
			prev := last
			last = l.value(k, 0)
			if prev == name("WMode") {
				if v, ok := last.(int); ok {
					m.wmode = v
				}
			}
			continue
		}
		switch string(l.text) {
		case "usecmap":
			if n, ok := last.(name); ok {
				m.uses = string(n)
			}
		case "begincodespacerange":
			m.readRanges(&l, func(lo, hi []byte, _ object) {
				m.space = append(m.space, codeRange{lo: be(lo), hi: be(hi), n: len(lo)})
			}, false)
		case "begincidrange", "beginnotdefrange":
			notdef := l.text[5] == 'n'
			m.readRanges(&l, func(lo, hi []byte, v object) {
				if cid, ok := v.(int); ok && !notdef {
					m.cids = append(m.cids, codeRange{be(lo), be(hi), len(lo), uint32(cid)})
				}
			}, true)
		case "begincidchar":
			m.readChars(&l, func(code []byte, v object) {
				if cid, ok := v.(int); ok {
					m.cids = append(m.cids, codeRange{be(code), be(code), len(code), uint32(cid)})
				}
			})
		case "beginbfchar":
			m.readChars(&l, func(code []byte, v object) {
				if s, ok := v.(str); ok && budget > 0 {
					budget--
					m.text[be(code)] = utf16Text([]byte(s))
				}
			})
		case "beginbfrange":
			m.readRanges(&l, func(lo, hi []byte, v object) { m.bfRange(be(lo), be(hi), v, &budget) }, true)
		}
	}
	m.damaged = m.damaged || l.strays > 0
	slices.SortStableFunc(m.cids, func(a, b codeRange) int { return int(int64(a.lo) - int64(b.lo)) })
	return m
}

func (m *cmap) bfRange(lo, hi uint32, v object, budget *int) {
	if hi < lo || hi-lo > 0xffff {
		return
	}
	switch v := v.(type) {
	case array:
		for i, o := range v {
			s, ok := o.(str)
			m.damaged = m.damaged || !ok
			if !ok || lo+uint32(i) > hi || *budget <= 0 {
				continue
			}
			*budget--
			m.text[lo+uint32(i)] = utf16Text([]byte(s))
		}
	case str:
		units := []byte(v)
		for code := lo; code <= hi && *budget > 0; code++ {
			*budget--
			m.text[code] = utf16Text(units)
			units = increment(units)
		}
	}
}

// increment counts a UTF-16BE text up by one in its last character.
func increment(b []byte) []byte {
	out := slices.Clone(b)
	if n := len(out); n >= 4 && out[n-4]&0xfc == 0xd8 && out[n-2]&0xfc == 0xdc {
		r := utf16.DecodeRune(rune(out[n-4])<<8|rune(out[n-3]), rune(out[n-2])<<8|rune(out[n-1])) + 1
		hi, lo := utf16.EncodeRune(r)
		out[n-4], out[n-3], out[n-2], out[n-1] = byte(hi>>8), byte(hi), byte(lo>>8), byte(lo)
		return out
	}
	for i := len(out) - 1; i >= 0; i-- {
		out[i]++
		if out[i] != 0 || i < len(out)-1 {
			break
		}
	}
	return out
}

// readRanges reads "<lo> <hi> [value]" up to the end keyword.
func (m *cmap) readRanges(l *lexer, each func(lo, hi []byte, v object), valued bool) {
	for {
		k := l.next()
		if k != tokString {
			return
		}
		lo := slices.Clone(l.text)
		if l.next() != tokString {
			return
		}
		hi := slices.Clone(l.text)
		var v object
		if valued {
			if k = l.next(); k == tokEOF || k == tokKeyword {
				return
			}
			v = l.value(k, 0)
		}
		each(lo, hi, v)
	}
}

func (m *cmap) readChars(l *lexer, each func(code []byte, v object)) {
	for {
		if l.next() != tokString {
			return
		}
		code := slices.Clone(l.text)
		k := l.next()
		if k == tokEOF || k == tokKeyword {
			return
		}
		each(code, l.value(k, 0))
	}
}

// be is a big-endian number of up to four bytes.
func be(b []byte) uint32 {
	var n uint32
	for _, c := range b {
		n = n<<8 | uint32(c)
	}
	return n
}

// utf16Text decodes a ToUnicode value: UTF-16BE, or one byte as Latin-1. Some
// producers write UTF-16LE with its mark.
func utf16Text(b []byte) string {
	if len(b) == 1 {
		return string(rune(b[0]))
	}
	if len(b) >= 2 && b[0] == 0xfe && b[1] == 0xff {
		b = b[2:]
	}
	units := make([]uint16, 0, len(b)/2)
	for i := 0; i+1 < len(b); i += 2 {
		units = append(units, uint16(b[i])<<8|uint16(b[i+1]))
	}
	for len(units) > 1 && units[len(units)-1] == 0 {
		units = units[:len(units)-1]
	}
	return string(utf16.Decode(units))
}

// cut takes the next code off the bytes by the codespace ranges.
func (m *cmap) cut(b []byte) (code uint32, n int) {
	for size := 1; size <= 4 && size <= len(b); size++ {
		c := be(b[:size])
		for _, r := range m.space {
			if r.n == size && inRange(c, r, size) {
				return c, size
			}
		}
	}
	n = 1
	if len(m.space) > 0 {
		n = m.space[0].n
		for _, r := range m.space {
			n = min(n, r.n)
		}
	}
	n = min(max(n, 1), len(b))
	return be(b[:n]), n
}

// inRange compares byte by byte, as codespace ranges are defined.
func inRange(c uint32, r codeRange, size int) bool {
	for i := range size {
		shift := 8 * (size - 1 - i)
		v := byte(c >> shift)
		if v < byte(r.lo>>shift) || v > byte(r.hi>>shift) {
			return false
		}
	}
	return true
}

// cid looks a code up; ranges are sorted by their first code.
func (m *cmap) cid(code uint32) (uint32, bool) {
	i, found := slices.BinarySearchFunc(m.cids, code, func(r codeRange, c uint32) int {
		switch {
		case c < r.lo:
			return 1
		case c > r.hi:
			return -1
		}
		return 0
	})
	if !found {
		return 0, false
	}
	r := m.cids[i]
	return r.cid + code - r.lo, true
}

// sane says whether a ToUnicode value is text: not empty, and nothing in it
// that cannot be text but white space.
func sane(s string) bool {
	for _, r := range s {
		if garbage(r) && r != '\t' && r != '\n' && r != '\r' {
			return false
		}
	}
	return s != ""
}
