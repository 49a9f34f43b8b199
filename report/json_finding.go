package report

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"perfgoal/model"
)

// jsonText puts findings together as encoding/json writes findingJSON, without
// its reflection: there are many, each with many places.
type jsonText struct {
	b     []byte
	lines bool // a line for each value; else all on one
	depth int
	empty bool     // nothing stands in the object or array yet
	names []string // memory for those of an object
	err   error
}

// finding appends a finding.
func (j *jsonText) finding(f *model.Finding, lang model.Lang) {
	j.open('{')
	j.text("rule", f.Rule)
	j.text("name", f.Name)
	j.text("severity", string(f.Severity))
	j.message("message", f.Message, lang)
	j.text("path", f.Path)
	j.number("form", f.Form)
	j.text("project", f.Project)
	j.text("field", f.Field)
	j.text("text", f.Text)
	j.place(&f.Location)
	j.key("related")
	j.open('[')
	for i := range f.Related {
		r := &f.Related[i]
		j.next()
		j.open('{')
		if r.Path != "" {
			j.text("path", r.Path)
		}
		j.number("form", r.Form)
		j.text("field", r.Field)
		j.text("text", r.Text)
		j.place(&r.Location)
		j.close('}')
	}
	j.close(']')
	j.key("evidence")
	j.open('{')
	j.names = slices.AppendSeq(j.names[:0], maps.Keys(f.Evidence))
	slices.Sort(j.names)
	for _, name := range j.names {
		j.next()
		j.string(name)
		j.colon()
		j.string(f.Evidence[name])
	}
	j.close('}')
	j.text("fingerprint", f.Fingerprint)
	j.close('}')
}

// place appends a location.
func (j *jsonText) place(l *model.Location) {
	j.key("location")
	if strings.ContainsAny(l.Sheet, "<>&") { // which its MarshalJSON escapes
		j.other(*l)
		return
	}
	j.open('{')
	j.number("page", l.Page)
	j.number("line", l.Line)
	j.key("bbox")
	if l.Box != nil {
		j.open('[')
		for _, x := range l.Box {
			j.next()
			j.float(x)
		}
		j.close(']')
	} else {
		j.null()
	}
	j.key("cell")
	switch {
	case l.Cell == model.Ref{}:
		j.null()
	case l.Sheet != "":
		j.string(l.CellName())
	default:
		j.b = append(l.Cell.Append(append(j.b, '"')), '"')
	}
	j.textOrNull("sheet", l.Sheet)
	if l.Table != 0 {
		j.number("table", &l.Table)
	}
	if l.Confidence != nil {
		j.text("source", "ocr")
		j.key("confidence")
		j.float(*l.Confidence)
	}
	j.close('}')
}

// open and close begin and end an object or array.
func (j *jsonText) open(bracket byte) {
	j.b = append(j.b, bracket)
	j.depth++
	j.empty = true
}

func (j *jsonText) close(bracket byte) {
	j.depth--
	if !j.empty {
		j.newLine()
	}
	j.b = append(j.b, bracket)
	j.empty = false
}

// next begins a member of an object or array.
func (j *jsonText) next() {
	if !j.empty {
		j.b = append(j.b, ',')
	}
	j.empty = false
	j.newLine()
}

func (j *jsonText) newLine() {
	if !j.lines {
		return
	}
	j.b = append(j.b, '\n')
	for range j.depth {
		j.b = append(j.b, "  "...)
	}
}

// key begins a member whose name needs no escape.
func (j *jsonText) key(name string) {
	j.next()
	j.b = append(append(append(j.b, '"'), name...), '"')
	j.colon()
}

func (j *jsonText) colon() {
	j.b = append(j.b, ':')
	if j.lines {
		j.b = append(j.b, ' ')
	}
}

func (j *jsonText) text(name, s string) {
	j.key(name)
	j.string(s)
}

// message renders a message where it stands: some are long.
func (j *jsonText) message(name string, m model.Message, lang model.Lang) {
	j.key(name)
	before := len(j.b)
	j.b = append(j.b, '"')
	j.b = m.Append(j.b, lang)
	if text := j.b[before+1:]; !isPlain(text) {
		s := string(text)
		j.b = j.b[:before]
		j.other(s)
		return
	}
	j.b = append(j.b, '"')
}

func (j *jsonText) number(name string, n *int) {
	j.key(name)
	if n == nil {
		j.null()
		return
	}
	j.b = strconv.AppendInt(j.b, int64(*n), 10)
}

func (j *jsonText) textOrNull(name, s string) {
	j.key(name)
	if s == "" {
		j.null()
		return
	}
	j.string(s)
}

// float appends a number of a size that places have; others are left to
// encoding/json.
func (j *jsonText) float(x float64) {
	const least, most = 1e-6, 1e21 // that it writes without an exponent
	if abs := math.Abs(x); abs != 0 && !(abs >= least && abs < most) {
		j.other(x)
		return
	}
	j.b = strconv.AppendFloat(j.b, x, 'f', -1, 64)
}

func (j *jsonText) null() { j.b = append(j.b, "null"...) }

// string appends a string. One that has to be escaped is left to
// encoding/json.
func (j *jsonText) string(s string) {
	if !isPlain(s) {
		j.other(s)
		return
	}
	j.b = append(append(append(j.b, '"'), s...), '"')
}

// isPlain says whether a string stands in JSON as it is. It may say no of one
// that does: what it is asked about is mostly Chinese, characters of three
// bytes, which it tells by their bytes since decoding each takes four times as
// long.
func isPlain[S string | []byte](s S) bool {
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c < utf8.RuneSelf:
			if c < ' ' || c == '"' || c == '\\' {
				return false
			}
			i++
		case c >= 0xe3 && c <= 0xec && i+2 < len(s) && s[i+1]&0xc0 == 0x80 && s[i+2]&0xc0 == 0x80:
			i += 3
		default:
			r, n := utf8.DecodeRuneInString(string(s[i:min(i+utf8.UTFMax, len(s))]))
			if r == '\u2028' || r == '\u2029' || r == utf8.RuneError {
				return false
			}
			i += n
		}
	}
	return true
}

// members appends the members of a value that encoding/json writes as an
// object on one line.
func (j *jsonText) members(v any) {
	b, err := encode(v, "", "")
	if err != nil && j.err == nil {
		j.err = err
	}
	if len(b) > len("{}") {
		j.next()
		j.b = append(j.b, b[1:len(b)-1]...)
	}
}

// other appends a value as encoding/json writes it.
func (j *jsonText) other(v any) {
	prefix, indent := "", ""
	if j.lines {
		prefix, indent = strings.Repeat("  ", j.depth), "  "
	}
	b, err := encode(v, prefix, indent)
	j.b = append(j.b, b...)
	if err != nil && j.err == nil {
		j.err = err
	}
}
