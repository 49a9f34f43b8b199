package office

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"golang.org/x/text/encoding/htmlindex"
	xunicode "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"perfgoal/model"
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

// scanner reads the elements of one XML part. Namespaces become the short
// names above, "" for others. No entity is expanded but XML's own five.
type scanner struct {
	dec    *xml.Decoder
	meter  *meter
	stack  []frame
	spaces map[string]string // prefix -> short name
	seen   int
}

// frame is an open element.
type frame struct {
	name   xml.Name // as written
	chosen bool     // of mc:AlternateContent: one alternative was read
	undo   []binding
}

type binding struct{ prefix, space string }

func newScanner(m *meter, r io.Reader) *scanner {
	s := &scanner{meter: m, spaces: map[string]string{}}
	head := make([]byte, 2)
	n, _ := io.ReadFull(r, head)
	r = io.MultiReader(bytes.NewReader(head[:n]), r)
	if n == 2 && (head[0] == 0xff && head[1] == 0xfe || head[0] == 0xfe && head[1] == 0xff) {
		r = transform.NewReader(r, xunicode.UTF16(xunicode.LittleEndian, xunicode.UseBOM).NewDecoder())
		s.dec = xml.NewDecoder(r)
		s.dec.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
		return s
	}
	s.dec = xml.NewDecoder(r)
	s.dec.CharsetReader = func(label string, r io.Reader) (io.Reader, error) {
		enc, err := htmlindex.Get(label)
		if err != nil {
			return nil, err
		}
		return transform.NewReader(r, enc.NewDecoder()), nil
	}
	return s
}

// next returns the next start or end of an element, or its text; io.EOF after
// the last one. Bytes of text hold until the next call.
func (s *scanner) next() (xml.Token, error) {
	for {
		if s.seen++; s.seen&0xfff == 0 {
			if err := s.meter.ctx.Err(); err != nil {
				return nil, err
			}
		}
		t, err := s.dec.RawToken()
		if err != nil {
			if errors.Is(err, io.EOF) && len(s.stack) == 0 && s.seen > 1 {
				return nil, io.EOF
			}
			return nil, xmlProblem(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if err := s.open(&t); err != nil {
				return nil, err
			}
			if t.Name.Space != "mc" {
				return t, nil
			}
			switch t.Name.Local {
			case "Choice", "Fallback": // one of the alternatives is enough
				if up := len(s.stack) - 2; up >= 0 {
					if s.stack[up].chosen {
						if err := s.skipTo(len(s.stack) - 1); err != nil {
							return nil, err
						}
						continue
					}
					s.stack[up].chosen = true
				}
			}
			return t, nil
		case xml.EndElement:
			if n := len(s.stack); n == 0 || s.stack[n-1].name != t.Name {
				return nil, damaged("XML 标记不配对", "XML tags do not match", nil)
			}
			s.close()
			return t, nil
		case xml.CharData:
			if len(s.stack) > 0 {
				return t, nil
			}
		}
	}
}

func xmlProblem(err error) error {
	var p *model.Problem
	if errors.As(err, &p) || errors.Is(err, errStopped) {
		return err
	}
	return damaged("XML 内容不完整或有错误", "its XML is cut off or wrong", err)
}

// errStopped is the context's end seen by a reader below the XML decoder.
var errStopped = errors.New("stopped")

func (s *scanner) open(t *xml.StartElement) error {
	if len(s.stack) >= s.meter.limits.Depth {
		return tooLarge("嵌套层数太多", "elements nest too deeply")
	}
	f := frame{name: t.Name}
	for _, a := range t.Attr {
		prefix := a.Name.Local
		switch {
		case a.Name.Space == "xmlns":
		case a.Name.Space == "" && prefix == "xmlns":
			prefix = ""
		default:
			continue
		}
		f.undo = append(f.undo, binding{prefix, s.spaces[prefix]})
		s.spaces[prefix] = namespaces[a.Value]
	}
	s.stack = append(s.stack, f)
	t.Name.Space = s.spaces[t.Name.Space]
	return nil
}

func (s *scanner) close() {
	n := len(s.stack) - 1
	for _, b := range s.stack[n].undo {
		s.spaces[b.prefix] = b.space
	}
	s.stack = s.stack[:n]
}

// skipTo reads on until only so many elements are open.
func (s *scanner) skipTo(depth int) error {
	for len(s.stack) > depth {
		t, err := s.dec.RawToken()
		if err != nil {
			return xmlProblem(err)
		}
		if s.seen++; s.seen&0xfff == 0 {
			if err := s.meter.ctx.Err(); err != nil {
				return err
			}
		}
		switch t := t.(type) {
		case xml.StartElement:
			if err := s.open(&t); err != nil {
				return err
			}
		case xml.EndElement:
			if s.stack[len(s.stack)-1].name != t.Name {
				return damaged("XML 标记不配对", "XML tags do not match", nil)
			}
			s.close()
		}
	}
	return nil
}

// children calls fn for each child of the element that was opened last (of
// the document where none is) and returns at its end. What fn leaves of a
// child unread is passed over.
func (s *scanner) children(fn func(el xml.StartElement) error) error {
	depth := len(s.stack)
	for {
		t, err := s.next()
		if err != nil {
			if depth == 0 && errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if err := fn(t); err != nil {
				return err
			}
			if err := s.skipTo(depth); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		}
	}
}

// text is the text of the element that was opened last, up to its end.
func (s *scanner) text() (string, error) {
	depth := len(s.stack)
	out := ""
	var b strings.Builder
	for {
		t, err := s.next()
		if err != nil {
			return "", err
		}
		switch t := t.(type) {
		case xml.CharData:
			if out == "" && b.Len() == 0 {
				out = string(t)
			} else {
				if b.Len() == 0 {
					b.WriteString(out)
				}
				b.Write(t)
			}
		case xml.EndElement:
			if len(s.stack) < depth {
				if b.Len() > 0 {
					return b.String(), nil
				}
				return out, nil
			}
		}
	}
}

// attr is an element's attribute by its name without prefix, "" for none.
func attr(el xml.StartElement, name string) string {
	for i := range el.Attr {
		if el.Attr[i].Name.Local == name {
			return el.Attr[i].Value
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
