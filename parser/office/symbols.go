package office

import "strings"

// symbolFont is a font whose characters are signs with codes of their own.
type symbolFont byte

const (
	noSymbols symbolFont = iota
	symbolGreek
	wingdings
	wingdings2
)

func symbolFontOf(name string) symbolFont {
	switch strings.ToLower(name) {
	case "symbol":
		return symbolGreek
	case "wingdings":
		return wingdings
	case "wingdings 2":
		return wingdings2
	}
	return noSymbols
}

// symbolSigns are the signs that forms use of these fonts: tick boxes and
// operators. Codes are those of the fonts' own tables.
var symbolSigns = map[symbolFont]map[byte]rune{
	symbolGreek: {0xb3: '≥', 0xa3: '≤', 0xb1: '±', 0xb4: '×', 0xb8: '÷', 0xb9: '≠', 0xbb: '≈', 0xb0: '°', 0xb7: '•', 0x25: '%'},
	wingdings:   {0xfe: '☑', 0xfd: '☒', 0xfc: '✓', 0xfb: '✗', 0xa8: '□', 0x6f: '□', 0x71: '□', 0x6e: '■', 0xa7: '■', 0xa1: '○', 0x6c: '●'},
	wingdings2:  {0x52: '☑', 0x53: '☒', 0x54: '☒', 0x50: '✓', 0x4f: '✗', 0xa3: '□', 0x2a: '□', 0xa2: '■'},
}

// sign is the character of a code; ok is false for one that is not known.
// Word keeps codes in the private use area from U+F000.
func (f symbolFont) sign(code rune) (rune, bool) {
	if code >= 0xf000 && code <= 0xf0ff {
		code -= 0xf000
	}
	if code > 0xff {
		return 0, false
	}
	r, ok := symbolSigns[f][byte(code)]
	return r, ok
}

// text is a text written in the font.
func (f symbolFont) text(s string) string {
	if f == noSymbols {
		return s
	}
	return strings.Map(func(r rune) rune {
		if sign, ok := f.sign(r); ok {
			return sign
		}
		return r
	}, s)
}
