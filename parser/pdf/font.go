package pdf

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"sync"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// codeKind is how a font's bytes are cut and what its codes are.
type codeKind int

const (
	oneByte   codeKind = iota
	rawGBK             // a one-byte font whose text is GBK
	identity           // two bytes, a CID
	ucs2               // two bytes, UCS-2BE
	utf16be            // two or four bytes, UTF-16BE
	multibyte          // a legacy double-byte encoding
	mapped             // an embedded CMap
)

// font turns the bytes of a string into characters and advances. It is not
// changed after it was built, so pages may share it.
type font struct {
	kind     codeKind
	legacy   *[65536]rune      // multibyte: two-byte codes
	gbASCII  uint32            // CID of '!' in the encoding's map, for widths
	cmap     *cmap             // mapped
	unicode  map[uint32]string // ToUnicode
	single   [256]string       // oneByte: the encoding's characters
	gb1      bool              // CIDs are Adobe-GB1's
	vertical bool
	cid      bool
	widths   map[uint32]float64 // by code (simple) or CID, in 1/1000 em
	missing  float64            // width of what widths does not hold
	noWidths bool               // a CID font without W
	scale    float64            // of widths to text space: 0.001, or a Type 3 font's matrix
	type3    bool
	skewed   bool            // its widths are not as many as its first and last codes say
	named    bool            // its program names its glyphs
	program  func() []byte   // where its glyphs are numbered by CID
	disputed map[uint32]bool // codes whose characters its program, or their names, contradict
	lost     bool            // it, or its character map, is damaged or missing
}

// noFont is for text that is shown with a font that is not in the file: how
// much there is can be told, not what.
var noFont = &font{scale: 0.001, missing: 500, single: [256]string{' ': " "}}

// char is one decoded character.
type char struct {
	code     uint32
	n        int     // bytes used
	text     string  // "" when the font gives no way to Unicode
	rune     rune    // instead of text, when it is a single character
	width    float64 // in em
	disputed bool    // its font says two things of it
}

// next decodes the first character of b, which is not empty.
func (ft *font) next(b []byte) char {
	c := char{code: uint32(b[0]), n: 1}
	cid := uint32(0)
	switch ft.kind {
	case oneByte:
		c.text = ft.single[b[0]]
		cid = c.code
	case rawGBK:
		if b[0] >= 0x81 && len(b) > 1 {
			c.n = 2
			c.rune = gbkTable()[be(b[:2])]
			c.width = (ft.width(uint32(b[0])) + ft.width(uint32(b[1]))) * ft.scale
			if c.width == 0 {
				c.width = 1
			}
			return c
		}
		c.rune = rune(b[0])
		cid = c.code
	case identity:
		c.n = min(2, len(b))
		c.code = be(b[:c.n])
		cid = c.code
		if ft.gb1 {
			if t := gb1(); int(cid) < len(t) {
				c.rune = t[cid]
			}
		}
	case ucs2, utf16be:
		c.n = min(2, len(b))
		c.code = be(b[:c.n])
		c.rune = rune(c.code)
		if utf16.IsSurrogate(c.rune) {
			c.rune = utf8.RuneError
			if len(b) >= 4 {
				if r := utf16.DecodeRune(rune(c.code), rune(be(b[2:4]))); r != utf8.RuneError {
					c.rune, c.n, c.code = r, 4, be(b[:4])
				}
			}
		}
		cid = ft.cidOf(c.rune)
	case multibyte:
		if b[0] >= 0x80 && len(b) > 1 {
			c.n = 2
			c.code = be(b[:2])
			c.rune = ft.legacy[c.code]
			if c.rune == 0 && len(b) >= 4 && b[1] >= 0x30 && b[1] <= 0x39 {
				if r := decodeGB18030(b[:4]); r != 0 {
					c.rune, c.n, c.code = r, 4, be(b[:4])
				}
			}
		} else {
			c.rune = rune(b[0])
		}
		cid = ft.cidOf(c.rune)
	case mapped:
		c.code, c.n = ft.cmap.cut(b)
		cid, _ = ft.cmap.cid(c.code)
		if ft.gb1 {
			if t := gb1(); int(cid) < len(t) {
				c.rune = t[cid]
			}
		}
	}
	if ft.unicode != nil {
		if s, ok := ft.unicode[c.code]; ok {
			c.text, c.rune = s, 0
		}
		if ft.disputed[c.code] {
			c.text, c.rune, c.disputed = "", utf8.RuneError, true
		}
	}
	c.width = ft.width(cid) * ft.scale
	return c
}

// cidOf is the Adobe-GB1 CID of a character, for its width.
func (ft *font) cidOf(r rune) uint32 {
	if r >= 0x20 && r < 0x7f {
		return uint32(r) - '!' + ft.gbASCII
	}
	if len(ft.widths) == 0 {
		return 0
	}
	return gb1Reverse()[r]
}

// hasWidth says whether a simple font gives a code's width.
func (ft *font) hasWidth(code uint32) bool { _, ok := ft.widths[code]; return ok }

func (ft *font) width(cid uint32) float64 {
	if w, ok := ft.widths[cid]; ok {
		return w
	}
	// Without widths, ASCII in the Chinese fonts is half an em wide.
	if ft.noWidths && ft.gbASCII != 0 && cid+1 >= ft.gbASCII && cid < ft.gbASCII+94 {
		return 500
	}
	return ft.missing
}

// gb1Reverse is the lowest CID of each character.
var gb1Reverse = sync.OnceValue(func() map[rune]uint32 {
	m := map[rune]uint32{}
	for cid, r := range gb1() {
		if _, seen := m[r]; !seen && r != 0 {
			m[r] = uint32(cid)
		}
	}
	return m
})

// table decodes every two-byte code of a legacy encoding at once.
func table(enc encoding.Encoding) *[65536]rune {
	var t [65536]rune
	dec := enc.NewDecoder()
	for hi := 0x81; hi <= 0xfe; hi++ {
		var row []byte
		var codes []int
		for lo := 0x30; lo <= 0xfe; lo++ {
			if lo >= 0x40 && lo != 0x7f {
				row = append(row, byte(hi), byte(lo), '\n')
				codes = append(codes, hi<<8|lo)
			}
		}
		out, err := dec.Bytes(row)
		if err != nil {
			continue
		}
		lines := bytes.Split(out, []byte{'\n'})
		for i, code := range codes {
			if i >= len(lines) {
				break
			}
			if r, n := utf8.DecodeRune(lines[i]); n == len(lines[i]) && r != utf8.RuneError {
				t[code] = r
			}
		}
	}
	return &t
}

func decodeGB18030(b []byte) rune {
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(b)
	if err != nil {
		return 0
	}
	if r, n := utf8.DecodeRune(out); n == len(out) && r != utf8.RuneError {
		return r
	}
	return 0
}

var gbkTable = sync.OnceValue(func() *[65536]rune { return table(simplifiedchinese.GB18030) })

// predefined are the CMaps of ISO 32000-1 table 118 by which Chinese, and some
// other, forms are encoded without a ToUnicode map. gbASCII is the CID of '!'.
var predefined = map[string]struct {
	kind    codeKind
	table   func() *[65536]rune
	gbASCII uint32
}{
	"UniGB-UCS2": {ucs2, nil, 2}, "UniGB-UTF16": {utf16be, nil, 2},
	"UniCNS-UCS2": {ucs2, nil, 2}, "UniCNS-UTF16": {utf16be, nil, 2},
	"UniJIS-UCS2": {ucs2, nil, 2}, "UniJIS-UTF16": {utf16be, nil, 2}, "UniJIS-UCS2-HW": {ucs2, nil, 2},
	"UniKS-UCS2": {ucs2, nil, 2}, "UniKS-UTF16": {utf16be, nil, 2},
	"GBK-EUC": {multibyte, gbkTable, 814}, "GBKp-EUC": {multibyte, gbkTable, 2}, "GBK2K": {multibyte, gbkTable, 2},
	"GB-EUC": {multibyte, gbkTable, 814}, "GBpc-EUC": {multibyte, gbkTable, 2},
	"ETen-B5":   {multibyte, sync.OnceValue(func() *[65536]rune { return table(traditionalchinese.Big5) }), 2},
	"B5pc":      {multibyte, sync.OnceValue(func() *[65536]rune { return table(traditionalchinese.Big5) }), 2},
	"KSCms-UHC": {multibyte, sync.OnceValue(func() *[65536]rune { return table(korean.EUCKR) }), 2},
	"90ms-RKSJ": {multibyte, sync.OnceValue(func() *[65536]rune { return table(japanese.ShiftJIS) }), 2},
}

// buildFont reads a font dictionary. What is missing is filled in as readers
// commonly do; a font that gives no way to Unicode yields characters without
// text.
func (f *file) buildFont(d dict) *font {
	ft := &font{scale: 0.001, widths: map[uint32]float64{}}
	subtype, _ := f.resolve(d["Subtype"]).(name)
	switch to := f.resolve(d["ToUnicode"]).(type) {
	case *stream:
		data, err := f.decodeWhole(to)
		// A map that breaks off behind its end has everything.
		ended := errors.Is(err, errBrokenOff) && !errors.Is(err, errCorrupt) && bytes.Contains(data, []byte("endcmap"))
		ft.lost = err != nil && !ended || !bytes.Contains(data, []byte("begin")) && len(bytes.TrimSpace(data)) > 0
		ft.lost = ft.lost || f.sole(d["ToUnicode"], d, func(o orphans) bool { return o.maps })
		m := parseCMap(data)
		ft.unicode, ft.lost = m.text, ft.lost || m.damaged
		for code, text := range ft.unicode {
			if text = f.ownSigns(d, text); !sane(text) {
				delete(ft.unicode, code)
			} else {
				ft.unicode[code] = text
			}
		}
	case nil:
		ft.lost = d["ToUnicode"] != nil
	case name: // Identity-H, by some old producers: it says nothing
	default:
		ft.lost = true
	}
	switch subtype {
	case "Type0":
		f.buildComposite(ft, d)
	case "Type1", "MMType1", "TrueType", "Type3":
		f.buildSimple(ft, d, subtype)
	default:
		ft.lost = true
	}
	return ft
}

// ownSigns reads the private-use characters that a sign font's map gives for
// its codes.
func (f *file) ownSigns(d dict, text string) string {
	r, n := utf8.DecodeRuneInString(text)
	if n != len(text) || r < 0xf020 || r > 0xf0ff {
		return text
	}
	base, _ := f.resolve(d["BaseFont"]).(name)
	if t := signs(string(base)); t != nil && t[byte(r)] != 0 {
		return string(t[byte(r)])
	}
	return text
}

// part is an object that a font refers to; lost is set when it leads nowhere.
func (f *file) part(ft *font, o object) object {
	v := f.resolve(o)
	if o != nil && v == nil {
		ft.lost = true
	}
	return v
}

func (f *file) buildSimple(ft *font, d dict, subtype name) {
	first := f.intOr(d["FirstChar"], 0)
	if ws, ok := f.part(ft, d["Widths"]).(array); ok {
		for i, o := range ws {
			if w, ok := number(f.resolve(o)); ok && i < 256 {
				ft.widths[uint32(first+i)] = w
			}
		}
	}
	desc, _ := f.part(ft, d["FontDescriptor"]).(dict)
	ft.named = desc["FontFile"] != nil || desc["FontFile3"] != nil
	if len(ft.widths) == 0 && (ft.named || desc["FontFile2"] != nil) {
		ft.lost = true // only the standard fonts go without
	}
	if w, ok := number(f.resolve(desc["MissingWidth"])); ok {
		ft.missing = w
	} else if n := len(ft.widths); n > 0 && d["LastChar"] != nil {
		last := f.intOr(d["LastChar"], 0)
		ft.skewed = last != first+n-1
		ft.lost = ft.lost || last < first+n-1 // its first code is not the one that the widths begin with
	}
	base, _ := f.resolve(d["BaseFont"]).(name)
	if len(ft.widths) == 0 && subtype != "Type3" {
		ft.missing = 550 // the standard 14 fonts, near enough to tell words apart
		if strings.Contains(string(base), "Courier") {
			ft.missing = 600
		}
	}
	if subtype == "Type3" {
		ft.type3 = true
		if m, ok := f.numbers(d["FontMatrix"], 6); ok {
			ft.scale = m[0]
			if ft.scale == 0 {
				ft.scale = m[1]
			}
		}
	}
	if ft.unicode == nil && gbkName(string(base)) {
		ft.kind = rawGBK
		return
	}
	f.simpleEncoding(ft, d, desc, subtype)
}

// gbkName says whether a font's name is Chinese in raw GBK bytes, which marks
// the one-byte TrueType fonts of some old producers: their text is GBK too.
func gbkName(s string) bool {
	if i := strings.IndexByte(s, '+'); i == 6 {
		s = s[i+1:]
	}
	t := gbkTable()
	pairs := 0
	for i := 0; i < len(s); i++ {
		if s[i] < 0x80 {
			continue
		}
		if i+1 >= len(s) {
			return false
		}
		r := t[int(s[i])<<8|int(s[i+1])]
		if r < 0x4e00 || r > 0x9fff {
			return false
		}
		pairs++
		i++
	}
	return pairs >= 2 && !utf8.ValidString(s)
}

// simpleEncoding fills the characters of a one-byte font.
func (f *file) simpleEncoding(ft *font, d, desc dict, subtype name) {
	base := ""
	var differences array
	switch e := f.part(ft, d["Encoding"]).(type) {
	case name:
		base = string(e)
	case dict:
		if n, ok := f.resolve(e["BaseEncoding"]).(name); ok {
			base = string(n)
		}
		differences, _ = f.part(ft, e["Differences"]).(array)
	}
	embedded := f.resolve(desc["FontFile"]) != nil || f.resolve(desc["FontFile2"]) != nil || f.resolve(desc["FontFile3"]) != nil
	symbolic := f.intOr(desc["Flags"], 0)&4 != 0
	font, _ := f.resolve(d["BaseFont"]).(name)
	codes := signs(string(font))
	switch {
	case codes != nil && subtype != "Type3":
	case base == "MacRomanEncoding":
		codes = macRoman()
	case base == "WinAnsiEncoding" || base == "PDFDocEncoding":
		codes = winAnsi()
	case subtype == "Type3" || embedded && symbolic:
		// Such a font numbers its glyphs as it likes: what its codes mean
		// cannot be known.
		codes = nil
	case subtype != "TrueType" && base == "" || base == "StandardEncoding":
		codes = standard()
	default:
		codes = ascii()
	}
	if codes != nil {
		for c, r := range codes {
			if r != 0 {
				ft.single[c] = string(r)
			}
		}
	}
	code := 0
	named := map[uint32]rune{}
	for _, o := range differences {
		switch v := f.resolve(o).(type) {
		case int:
			code = v
		case name:
			if code >= 0 && code < 256 {
				ft.single[code] = glyphText(string(v))
				if r, n := utf8.DecodeRuneInString(ft.single[code]); n == len(ft.single[code]) {
					named[uint32(code)] = r
				}
			}
			code++
		}
	}
	if len(ft.unicode) > 0 {
		ft.compare(named)
	}
}

// glyphText is the text of a glyph name, "" for one that says nothing
// (Adobe Glyph List conventions: uni4E00, u1F600, a_b, a.alt).
func glyphText(s string) string {
	s, _, _ = strings.Cut(s, ".")
	if r, ok := glyphNames()[s]; ok {
		return string(r)
	}
	var hex string
	switch {
	case strings.HasPrefix(s, "uni") && len(s) >= 7:
		hex = s[3:]
		var b strings.Builder
		for ; len(hex) >= 4; hex = hex[4:] {
			v, err := strconv.ParseUint(hex[:4], 16, 32)
			if err != nil {
				return ""
			}
			b.WriteRune(rune(v))
		}
		return b.String()
	case strings.HasPrefix(s, "u") && len(s) >= 5 && len(s) <= 7:
		if v, err := strconv.ParseUint(s[1:], 16, 32); err == nil && v <= utf8.MaxRune {
			return string(rune(v))
		}
	}
	return ""
}

func (f *file) buildComposite(ft *font, d dict) {
	ft.cid = true
	ft.missing = 1000
	var desc dict
	if a, ok := f.resolve(d["DescendantFonts"]).(array); ok && len(a) > 0 {
		desc, _ = f.resolve(a[0]).(dict)
		ft.lost = ft.lost || f.sole(a[0], d, func(o orphans) bool { return o.fonts })
	}
	if kind := f.resolve(desc["Subtype"]); kind != name("CIDFontType0") && kind != name("CIDFontType2") {
		ft.lost = true
	}
	info, _ := f.part(ft, desc["CIDSystemInfo"]).(dict)
	ordering, _ := f.resolve(info["Ordering"]).(str)
	ft.gb1 = ordering == "GB1"
	if w, ok := number(f.resolve(desc["DW"])); ok {
		ft.missing = w
	}
	if w, ok := f.part(ft, desc["W"]).(array); ok {
		f.cidWidths(ft, w)
	}
	ft.noWidths = len(ft.widths) == 0
	switch e := f.resolve(d["Encoding"]).(type) {
	case name:
		f.namedCMap(ft, string(e))
	case *stream:
		data, err := f.decodeWhole(e)
		if err != nil {
			ft.lost = true
			break
		}
		ft.cmap = parseCMap(data)
		ft.kind = mapped
		if v, ok := f.resolve(e.dict["WMode"]).(int); ok {
			ft.cmap.wmode = v
		}
		ft.vertical = ft.cmap.wmode == 1
		uses := ft.cmap.uses
		if n, ok := f.resolve(e.dict["UseCMap"]).(name); ok {
			uses = string(n)
		}
		if len(ft.cmap.cids) == 0 && uses != "" {
			f.namedCMap(ft, uses)
		}
	default: // it says nothing, and must be there
		ft.kind, ft.gb1 = identity, false
		return
	}
	// A map of the file's own that only repeats Identity still means CIDs; an
	// embedded TrueType font may say what its glyphs are.
	if len(ft.unicode) == 0 && !ft.gb1 && (ft.kind == identity || ft.kind == mapped) {
		ft.unicode = f.unicodeOfProgram(desc)
	}
	f.askProgram(ft, desc)
	if ft.gb1 && len(ft.unicode) > 0 && (ft.kind == identity || ft.kind == mapped) {
		ft.askOrdering()
	}
	if ft.kind == identity || ft.kind == mapped {
		ft.program = sync.OnceValue(func() []byte { return f.programByCID(desc) })
	}
}

// namedCMap sets the font up for a predefined CMap. Of an unknown one it is
// only taken that its codes have two bytes; what they mean is not known.
func (f *file) namedCMap(ft *font, cmapName string) {
	ft.vertical = strings.HasSuffix(cmapName, "-V") || cmapName == "V"
	base := strings.TrimSuffix(strings.TrimSuffix(cmapName, "-H"), "-V")
	p, ok := predefined[base]
	if !ok {
		ft.kind = identity
		ft.gb1 = ft.gb1 && base == "Identity"
		return
	}
	ft.kind, ft.gbASCII = p.kind, p.gbASCII
	if p.table != nil {
		ft.legacy = p.table()
	}
}

// cidWidths reads a W array: "c [w1 w2 …]" and "first last w". Ranges of a
// crafted file are bounded.
func (f *file) cidWidths(ft *font, w array) {
	budget := maxMapped
	for i := 0; i < len(w); {
		first, ok := number(f.resolve(w[i]))
		if !ok || i+1 >= len(w) || first < 0 || first > 65535 {
			i++
			continue
		}
		switch v := f.resolve(w[i+1]).(type) {
		case array:
			for n, o := range v {
				if x, ok := number(f.resolve(o)); ok && n < 65536 {
					ft.widths[uint32(first)+uint32(n)] = x
				}
			}
			i += 2
		default:
			last, ok := number(v)
			if !ok || i+2 >= len(w) {
				i++
				continue
			}
			x, ok := number(f.resolve(w[i+2]))
			for c := uint32(first); ok && last <= 65535 && c <= uint32(max(last, 0)) && budget > 0; c++ {
				ft.widths[c] = x
				budget--
			}
			i += 3
		}
	}
}
