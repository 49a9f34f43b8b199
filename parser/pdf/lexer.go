package pdf

import (
	"math"
	"strconv"
)

// tokenKind is what the lexer found.
type tokenKind byte

const (
	tokEOF tokenKind = iota
	tokNumber
	tokString
	tokName
	tokKeyword
	tokArrayOpen
	tokArrayClose
	tokDictOpen
	tokDictClose
)

// lexer cuts a content stream or a CMap into tokens. Its byte slices are
// valid until the next call.
type lexer struct {
	data []byte
	pos  int
	num  float64
	text []byte // of a string, name or keyword
	buf  []byte // strings with escapes are built here
	// strays counts the bytes within hex strings that are neither digits nor
	// white space.
	strays int
}

// class of a byte: regular, white space or delimiter (ISO 32000-1, 7.2.2).
const (
	regular byte = iota
	space
	delimiter
)

var classOf = func() (t [256]byte) {
	for _, c := range []byte{0, 9, 10, 12, 13, 32} {
		t[c] = space
	}
	for _, c := range []byte("()<>[]{}/%") {
		t[c] = delimiter
	}
	return t
}()

// next returns the next token.
func (l *lexer) next() tokenKind {
	l.skipSpace()
	if l.pos >= len(l.data) {
		return tokEOF
	}
	c := l.data[l.pos]
	switch c {
	case '(':
		l.literal()
		return tokString
	case '<':
		if l.pos+1 < len(l.data) && l.data[l.pos+1] == '<' {
			l.pos += 2
			return tokDictOpen
		}
		l.hex()
		return tokString
	case '>':
		if l.pos+1 < len(l.data) && l.data[l.pos+1] == '>' {
			l.pos += 2
			return tokDictClose
		}
		l.pos++
		return l.next()
	case '[':
		l.pos++
		return tokArrayOpen
	case ']':
		l.pos++
		return tokArrayClose
	case '/':
		l.pos++
		l.name()
		return tokName
	case ')', '{', '}':
		l.pos++
		l.text = l.data[l.pos-1 : l.pos]
		return tokKeyword
	}
	start := l.pos
	for l.pos < len(l.data) && classOf[l.data[l.pos]] == regular {
		l.pos++
	}
	l.text = l.data[start:l.pos]
	if c <= '9' {
		if n, ok := parseReal(l.text); ok {
			l.num = n
			return tokNumber
		}
	}
	return tokKeyword
}

func (l *lexer) skipSpace() {
	for l.pos < len(l.data) {
		c := l.data[l.pos]
		if c == '%' {
			for l.pos < len(l.data) && l.data[l.pos] != '\n' && l.data[l.pos] != '\r' {
				l.pos++
			}
			continue
		}
		if classOf[c] != space {
			return
		}
		l.pos++
	}
}

// parseReal reads a PDF number. Like other readers it forgives a doubled sign
// and a sign within (some producers write 0.-5 and --3).
func parseReal(b []byte) (float64, bool) {
	i, neg := 0, false
	for i < len(b) && (b[i] == '+' || b[i] == '-') {
		neg = neg || b[i] == '-'
		i++
	}
	if i == len(b) {
		return 0, false
	}
	n, scale, point := 0.0, 1.0, false
	digits := false
	for ; i < len(b); i++ {
		switch c := b[i]; {
		case c >= '0' && c <= '9':
			digits = true
			if point {
				scale /= 10
				n += float64(c-'0') * scale
			} else {
				n = n*10 + float64(c-'0')
			}
		case c == '.' && !point:
			point = true
		case c == '-' && digits:
			i = len(b)
		default:
			f, err := strconv.ParseFloat(string(b), 64)
			return f, err == nil && !math.IsInf(f, 0) && !math.IsNaN(f)
		}
	}
	if !digits && !point || math.IsInf(n, 0) {
		return 0, false
	}
	if neg {
		n = -n
	}
	return n, true
}

// literal reads a (string), whose parentheses may nest.
func (l *lexer) literal() {
	l.pos++
	start, depth := l.pos, 1
	for i := l.pos; i < len(l.data); i++ {
		switch l.data[i] {
		case '\\', '\r':
			l.escaped(start, i, depth)
			return
		case '(':
			depth++
		case ')':
			depth--
			if depth == 0 {
				l.text, l.pos = l.data[start:i], i+1
				return
			}
		}
	}
	l.text, l.pos = l.data[start:], len(l.data)
}

// escaped goes on with a string from its first escape.
func (l *lexer) escaped(start, i, depth int) {
	out := append(l.buf[:0], l.data[start:i]...)
	for ; i < len(l.data); i++ {
		c := l.data[i]
		switch c {
		case '(':
			depth++
		case ')':
			depth--
			if depth == 0 {
				l.buf, l.text, l.pos = out, out, i+1
				return
			}
		case '\r':
			c = '\n'
			if i+1 < len(l.data) && l.data[i+1] == '\n' {
				i++
			}
		case '\\':
			i++
			if i >= len(l.data) {
				continue
			}
			switch e := l.data[i]; e {
			case 'n':
				c = '\n'
			case 'r':
				c = '\r'
			case 't':
				c = '\t'
			case 'b':
				c = '\b'
			case 'f':
				c = '\f'
			case '\r':
				if i+1 < len(l.data) && l.data[i+1] == '\n' {
					i++
				}
				continue
			case '\n':
				continue
			default:
				if e < '0' || e > '7' {
					c = e
					break
				}
				v := 0
				for n := 0; n < 3 && i < len(l.data) && l.data[i] >= '0' && l.data[i] <= '7'; n++ {
					v = v*8 + int(l.data[i]-'0')
					i++
				}
				i--
				c = byte(v)
			}
		}
		out = append(out, c)
	}
	l.buf, l.text, l.pos = out, out, len(l.data)
}

func (l *lexer) hex() {
	l.pos++
	out := l.buf[:0]
	high, half := byte(0), false
	for l.pos < len(l.data) {
		c := l.data[l.pos]
		l.pos++
		if c == '>' {
			break
		}
		v, ok := hexDigit(c)
		if !ok {
			if classOf[c] != space {
				l.strays++
			}
			continue
		}
		if half {
			out = append(out, high<<4|v)
		}
		high, half = v, !half
	}
	if half {
		out = append(out, high<<4)
	}
	l.buf, l.text = out, out
}

func (l *lexer) name() {
	start := l.pos
	escape := false
	for l.pos < len(l.data) && classOf[l.data[l.pos]] == regular {
		escape = escape || l.data[l.pos] == '#'
		l.pos++
	}
	l.text = l.data[start:l.pos]
	if !escape {
		return
	}
	out := l.buf[:0]
	for i := 0; i < len(l.text); i++ {
		c := l.text[i]
		if c == '#' && i+2 < len(l.text) {
			h, ok1 := hexDigit(l.text[i+1])
			v, ok2 := hexDigit(l.text[i+2])
			if ok1 && ok2 {
				c = h<<4 | v
				i += 2
			}
		}
		out = append(out, c)
	}
	l.buf, l.text = out, out
}

// value reads one object for which the token k was the first; keywords other
// than true, false and null end it.
func (l *lexer) value(k tokenKind, depth int) object {
	if depth > maxNesting {
		return nil
	}
	switch k {
	case tokNumber:
		if l.num == math.Trunc(l.num) && math.Abs(l.num) < 1<<31 {
			return int(l.num)
		}
		return l.num
	case tokString:
		return str(l.text)
	case tokName:
		return name(l.text)
	case tokKeyword:
		switch string(l.text) {
		case "true":
			return true
		case "false":
			return false
		}
	case tokArrayOpen:
		out := array{}
		for {
			k := l.next()
			if k == tokEOF || k == tokArrayClose {
				return out
			}
			out = append(out, l.value(k, depth+1))
		}
	case tokDictOpen:
		out := dict{}
		for {
			k := l.next()
			if k == tokEOF || k == tokDictClose {
				return out
			}
			if k != tokName {
				continue
			}
			key := name(l.text)
			k = l.next()
			if k == tokEOF || k == tokDictClose {
				return out
			}
			out[key] = l.value(k, depth+1)
		}
	}
	return nil
}
