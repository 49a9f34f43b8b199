package office

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"
	xunicode "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"perfgoal/internal/lazy"
)

// Short names of the namespaces whose elements are read; those of the two
// editions of the standard (transitional and strict) are the same to us.
var namespaces = map[string]string{
	"http://schemas.openxmlformats.org/wordprocessingml/2006/main":           "w",
	"http://purl.oclc.org/ooxml/wordprocessingml/main":                       "w",
	"http://schemas.openxmlformats.org/spreadsheetml/2006/main":              "x",
	"http://purl.oclc.org/ooxml/spreadsheetml/main":                          "x",
	"http://schemas.openxmlformats.org/drawingml/2006/main":                  "a",
	"http://purl.oclc.org/ooxml/drawingml/main":                              "a",
	"http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing":    "xdr",
	"http://purl.oclc.org/ooxml/drawingml/spreadsheetDrawing":                "xdr",
	"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing": "wp",
	"http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing":             "wp",
	"http://schemas.openxmlformats.org/officeDocument/2006/math":             "m",
	"http://purl.oclc.org/ooxml/officeDocument/math":                         "m",
	"http://schemas.openxmlformats.org/markup-compatibility/2006":            "mc",
	"http://schemas.openxmlformats.org/package/2006/relationships":           "rel",
	"urn:schemas-microsoft-com:vml":                                          "v",
}

// scanner reads the elements of one XML part, which it holds whole. It knows
// what packages may hold: elements, text, comments and the five entities of
// XML itself; a document type is an error. With encoding/xml a Word document
// took three times as long, more than twice its PDF.
type scanner struct {
	data   []byte
	at     int
	meter  *meter
	stack  []frame
	spaces map[string]string // prefix -> short name
	names  map[string]name   // names as written, taken apart
	attrs  []attribute       // of the element read last
	closed bool              // that element has no content: its end comes next
	seen   int
}

// name is an element's or attribute's name: its prefix and the rest.
type name struct{ prefix, local string }

// frame is an open element.
type frame struct {
	name   []byte // as written
	chosen bool   // of mc:AlternateContent: one alternative was read
	undo   []binding
}

type binding struct{ prefix, space string }

// element is the start of an element. Its attributes hold until the next one
// is read.
type element struct {
	space string // short name of its namespace, "" for others
	local string
	attrs []attribute
}

type attribute struct {
	local string
	value []byte
}

// token is what the scanner comes to.
type token int

const (
	tokenStart token = iota
	tokenEnd
	tokenText
)

// encodingOf finds the encoding that an XML declaration names.
var encodingOf = lazy.Regexp(`^<\?xml[^>]*encoding=["']([A-Za-z0-9_.:-]+)["']`)

func newScanner(m *meter, data []byte) (*scanner, error) {
	data, err := toUTF8(data)
	return &scanner{data: data, meter: m, spaces: map[string]string{}, names: map[string]name{}}, err
}

func toUTF8(data []byte) ([]byte, error) {
	var decoded []byte
	var err error
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		decoded, _, err = transform.Bytes(xunicode.UTF16(xunicode.LittleEndian, xunicode.UseBOM).NewDecoder(), data)
	default:
		const near = 200 // bytes in which the declaration stands
		decoded = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
		if m := encodingOf().FindSubmatch(decoded[:min(len(decoded), near)]); m != nil && !bytes.EqualFold(m[1], []byte("utf-8")) {
			enc, unknown := htmlindex.Get(string(m[1]))
			if unknown != nil {
				return nil, damaged("XML 的编码无法识别", "the encoding of its XML is not known", unknown)
			}
			decoded, _, err = transform.Bytes(enc.NewDecoder(), decoded)
		}
	}
	if err != nil || !utf8.Valid(decoded) {
		return nil, damaged("XML 里有不是文字的字节", "its XML has bytes that are no text", err)
	}
	return decoded, nil
}

func cutOff() error { return damaged("XML 内容不完整", "its XML is cut off", nil) }
func unpaired() error {
	return damaged("XML 标记不配对", "XML tags do not match", nil)
}

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// tick looks at the context now and then.
func (s *scanner) tick() error {
	if s.seen++; s.seen&0xfff == 0 {
		return s.meter.ctx.Err()
	}
	return nil
}

// raw reads the next token, without regard to alternatives. The bytes of a
// text hold until the next call. quick leaves attributes and text unread.
func (s *scanner) raw(quick bool) (token, element, []byte, error) {
	if s.closed {
		s.closed = false
		s.pop()
		return tokenEnd, element{}, nil, nil
	}
	for {
		if err := s.tick(); err != nil {
			return 0, element{}, nil, err
		}
		rest := s.data[s.at:]
		if len(rest) == 0 {
			if len(s.stack) == 0 && s.seen > 1 {
				return 0, element{}, nil, io.EOF
			}
			return 0, element{}, nil, cutOff()
		}
		if rest[0] != '<' {
			n := bytes.IndexByte(rest, '<')
			if n < 0 {
				n = len(rest)
			}
			s.at += n
			if quick || len(s.stack) == 0 {
				continue
			}
			text, err := resolve(rest[:n])
			return tokenText, element{}, text, err
		}
		switch {
		case bytes.HasPrefix(rest, []byte("<!--")):
			if err := s.pass(rest, "-->"); err != nil {
				return 0, element{}, nil, err
			}
		case bytes.HasPrefix(rest, []byte("<?")):
			if err := s.pass(rest, "?>"); err != nil {
				return 0, element{}, nil, err
			}
		case bytes.HasPrefix(rest, []byte("<![CDATA[")):
			const open = len("<![CDATA[")
			if err := s.pass(rest, "]]>"); err != nil {
				return 0, element{}, nil, err
			}
			return tokenText, element{}, rest[open:max(open, s.at-(len(s.data)-len(rest))-len("]]>"))], nil
		case bytes.HasPrefix(rest, []byte("<!")):
			return 0, element{}, nil, damaged("XML 里有不该有的文档类型声明", "its XML declares a document type, which no office program writes", nil)
		case bytes.HasPrefix(rest, []byte("</")):
			n := bytes.IndexByte(rest, '>')
			if n < 0 {
				return 0, element{}, nil, cutOff()
			}
			top := len(s.stack) - 1
			if top < 0 || !bytes.Equal(bytes.TrimRight(rest[2:n], " \t\r\n"), s.stack[top].name) {
				return 0, element{}, nil, unpaired()
			}
			s.at += n + 1
			s.pop()
			return tokenEnd, element{}, nil, nil
		default:
			el, err := s.start(quick)
			return tokenStart, el, nil, err
		}
	}
}

// pass goes behind the end of a comment and the like.
func (s *scanner) pass(rest []byte, end string) error {
	n := bytes.Index(rest, []byte(end))
	if n < 0 {
		return cutOff()
	}
	s.at += n + len(end)
	return nil
}

// start reads the start of an element.
func (s *scanner) start(quick bool) (element, error) {
	if len(s.stack) >= s.meter.limits.Depth {
		return element{}, tooLarge("嵌套层数太多", "elements nest too deeply")
	}
	d, i := s.data, s.at+1
	for i < len(d) && !blank(d[i]) && d[i] != '>' && d[i] != '/' {
		if d[i] == '<' {
			return element{}, unpaired()
		}
		i++
	}
	f := frame{name: d[s.at+1 : i]}
	if len(f.name) == 0 {
		return element{}, unpaired()
	}
	s.attrs = s.attrs[:0]
	for {
		for i < len(d) && blank(d[i]) {
			i++
		}
		if i >= len(d) {
			return element{}, cutOff()
		}
		if d[i] == '>' {
			i++
			break
		}
		if d[i] == '/' {
			if i+1 >= len(d) || d[i+1] != '>' {
				return element{}, unpaired()
			}
			s.closed = true
			i += 2
			break
		}
		from := i
		for i < len(d) && d[i] != '=' && !blank(d[i]) && d[i] != '>' && d[i] != '<' {
			i++
		}
		written := d[from:i]
		for i < len(d) && blank(d[i]) {
			i++
		}
		if i >= len(d) || d[i] != '=' || len(written) == 0 {
			return element{}, damaged("XML 内容有错误", "its XML is wrong", nil)
		}
		for i++; i < len(d) && blank(d[i]); i++ {
		}
		if i >= len(d) || d[i] != '"' && d[i] != '\'' {
			return element{}, damaged("XML 内容有错误", "its XML is wrong", nil)
		}
		n := bytes.IndexByte(d[i+1:], d[i])
		if n < 0 {
			return element{}, cutOff()
		}
		value := d[i+1 : i+1+n]
		i += n + 2
		if quick {
			continue
		}
		value, err := resolve(value)
		if err != nil {
			return element{}, err
		}
		a := s.name(written)
		switch {
		case a.prefix == "xmlns":
			s.bind(&f, a.local, value)
		case a.prefix == "" && a.local == "xmlns":
			s.bind(&f, "", value)
		default:
			s.attrs = append(s.attrs, attribute{a.local, value})
		}
	}
	s.at = i
	s.stack = append(s.stack, f)
	if quick {
		return element{}, nil
	}
	n := s.name(f.name)
	return element{s.spaces[n.prefix], n.local, s.attrs}, nil
}

func (s *scanner) bind(f *frame, prefix string, value []byte) {
	f.undo = append(f.undo, binding{prefix, s.spaces[prefix]})
	s.spaces[prefix] = namespaces[string(value)]
}

// name takes a name apart; a part has few different ones.
func (s *scanner) name(written []byte) name {
	if n, ok := s.names[string(written)]; ok {
		return n
	}
	prefix, local, ok := bytes.Cut(written, []byte(":"))
	if !ok {
		prefix, local = nil, written
	}
	n := name{string(prefix), string(local)}
	const most = 4096 // different names; beyond, a hostile file pays itself
	if len(s.names) < most {
		s.names[string(written)] = n
	}
	return n
}

func (s *scanner) pop() {
	n := len(s.stack) - 1
	for _, b := range s.stack[n].undo {
		s.spaces[b.prefix] = b.space
	}
	s.stack = s.stack[:n]
}

// resolve puts characters in the place of entities and references, and one
// line break for each of a file.
func resolve(b []byte) ([]byte, error) {
	if bytes.IndexByte(b, '\r') >= 0 {
		b = bytes.ReplaceAll(bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	}
	i := bytes.IndexByte(b, '&')
	if i < 0 {
		return b, nil
	}
	out := make([]byte, 0, len(b))
	for ; i >= 0; i = bytes.IndexByte(b, '&') {
		out = append(out, b[:i]...)
		b = b[i+1:]
		const longest = 10 // characters of a reference
		n := bytes.IndexByte(b[:min(len(b), longest)], ';')
		if n < 0 {
			return nil, damaged("XML 里有不认识的实体", "its XML has an unknown entity", nil)
		}
		r, ok := entity(string(b[:n]))
		if !ok {
			return nil, damaged("XML 里有不认识的实体", "its XML has an unknown entity", nil)
		}
		out = utf8.AppendRune(out, r)
		b = b[n+1:]
	}
	return append(out, b...), nil
}

func entity(s string) (rune, bool) {
	switch s {
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "amp":
		return '&', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	if len(s) < 2 || s[0] != '#' {
		return 0, false
	}
	digits, base := s[1:], 10
	if digits[0] == 'x' || digits[0] == 'X' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	return rune(n), err == nil && n > 0 && n <= utf8.MaxRune
}

// next reads the next token; of mc:AlternateContent only the first
// alternative. io.EOF comes after the last token.
func (s *scanner) next() (token, element, []byte, error) {
	for {
		kind, el, text, err := s.raw(false)
		if err != nil || kind != tokenStart || el.space != "mc" || el.local != "Choice" && el.local != "Fallback" {
			return kind, el, text, err
		}
		if up := len(s.stack) - 2; up >= 0 {
			if s.stack[up].chosen {
				if err := s.skipTo(len(s.stack) - 1); err != nil {
					return 0, el, nil, err
				}
				continue
			}
			s.stack[up].chosen = true
		}
		return kind, el, text, nil
	}
}

// skipTo reads on until only so many elements are open.
func (s *scanner) skipTo(depth int) error {
	for len(s.stack) > depth {
		if _, _, _, err := s.raw(true); err != nil {
			return err
		}
	}
	return nil
}

// children calls fn for each child of the element that was opened last (of
// the document where none is) and returns at its end. What fn leaves of a
// child unread is passed over.
func (s *scanner) children(fn func(el element) error) error {
	depth := len(s.stack)
	for {
		kind, el, _, err := s.next()
		if err != nil {
			if depth == 0 && errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		switch kind {
		case tokenStart:
			if err := fn(el); err != nil {
				return err
			}
			if err := s.skipTo(depth); err != nil {
				return err
			}
		case tokenEnd:
			return nil
		}
	}
}

// text is the text of the element that was opened last, up to its end.
func (s *scanner) text() (string, error) {
	depth := len(s.stack)
	out := ""
	for {
		kind, _, text, err := s.next()
		if err != nil {
			return "", err
		}
		switch kind {
		case tokenText:
			out += string(text)
		case tokenEnd:
			if len(s.stack) < depth {
				return out, nil
			}
		}
	}
}

// attr is an element's attribute by its name without prefix, "" for none.
func attr(el element, local string) string {
	for i := range el.attrs {
		if el.attrs[i].local == local {
			return string(el.attrs[i].value)
		}
	}
	return ""
}

// isTrue reads a boolean attribute; absent is what stands for none.
func isTrue(v string, absent bool) bool {
	switch v {
	case "":
		return absent
	case "1", "true", "on", "t":
		return true
	}
	return false
}
