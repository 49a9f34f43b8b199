// Package zh holds what is known of Chinese text wherever it is read or
// compared: one folding, pairs of characters, units of money, operators and
// periods. It is a leaf: it imports nothing of this module.
package zh

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// Plain returns text as it is kept in a field: characters that only look like
// others, as fonts and extractions yield them, are the others. Radicals
// (Kangxi and supplement), compatibility ideographs and ligatures become
// ordinary characters, the division slash and the horizontal bar the signs
// that Chinese text means; characters that draw nothing are dropped. Full
// width, punctuation and white space stay.
func Plain(s string) string {
	i := firstOdd(s)
	if i < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	b.WriteString(s[:i])
	for _, r := range s[i:] {
		if !Odd(r) {
			b.WriteRune(r)
		} else {
			b.WriteString(PlainRune(r))
		}
	}
	return b.String()
}

// firstOdd is where the first character stands that Plain changes, -1 for none.
// Bytes up to 0xc1 begin none, and from 0xe3 to 0xee begin characters of three
// bytes that it leaves alone.
func firstOdd(s string) int {
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c < 0xc2:
			i++
		case c >= 0xe3 && c <= 0xee:
			i += 3
		default:
			r, n := utf8.DecodeRuneInString(s[i:])
			if Odd(r) {
				return i
			}
			i += n
		}
	}
	return -1
}

// Odd says whether Plain changes the character.
func Odd(r rune) bool {
	switch {
	case r < 0xad:
		return false
	case r < 0x2e80:
		return Invisible(r) || r == '\u2015' || r == '\u2044' || r == '\u2215'
	case r <= 0x2fdf, r >= 0xf900 && r <= 0xfaff, r >= 0xfb00 && r <= 0xfb06, r == '\ufeff', r >= 0x2f800 && r <= 0x2fa1f:
		return true
	}
	return false
}

// PlainRune is Plain for one character.
func PlainRune(r rune) string {
	switch {
	case !Odd(r):
	case Invisible(r):
		return ""
	case r <= 0x2fdf && r >= 0x2e80:
		return string(radical(r))
	case r == '\u2015': // fonts share its glyph with the dash of Chinese text
		return "—"
	case r == '\u2044' || r == '\u2215':
		return "/"
	default:
		return norm.NFKC.String(string(r))
	}
	return string(r)
}

// Invisible characters draw nothing: soft hyphens, joiners, marks of
// direction, the byte order mark.
func Invisible(r rune) bool {
	switch r {
	case '\u00ad', '\u200b', '\u200c', '\u200d', '\u200e', '\u200f', '\u2060', '\ufeff':
		return true
	}
	return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}

// Fold is the form in which texts are compared: plain, half width where there
// is one, without white space. Case and Chinese punctuation without a
// half-width twin stay.
func Fold(s string) string {
	if !needsFold(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	kept := 0 // where what stays as it is begins
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		at := i
		i += n
		if r > ' ' && r < utf8.RuneSelf || r >= 0x3400 && r <= 0x9fff {
			continue
		}
		b.WriteString(s[kept:at])
		kept = i
		switch {
		case unicode.IsSpace(r):
		case Odd(r):
			b.WriteString(PlainRune(r))
		default:
			b.WriteRune(narrow(r))
		}
	}
	b.WriteString(s[kept:])
	return b.String()
}

// narrow is the half-width twin of a character.
func narrow(r rune) rune {
	switch {
	case r >= 0xff01 && r <= 0xff5e:
		return r - 0xfee0
	case r >= 0xffe0 && r <= 0xffee:
		if n := width.LookupRune(r).Narrow(); n != 0 {
			return n
		}
	case r == '\u2236' || r == '\ufe30':
		return ':'
	case r == '\u3014':
		return '['
	case r == '\u3015':
		return ']'
	}
	return r
}

// needsFold says whether Fold might change anything. It looks at bytes, since
// nearly all it is asked about are labels of plain Chinese characters: three
// bytes of which the first lies from 0xe3 to 0xee.
func needsFold(s string) bool {
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c <= ' ':
			return true
		case c < utf8.RuneSelf:
			i++
		case c < 0xe3 || c > 0xee || c == 0xe3 && i+2 < len(s) && s[i+1] == 0x80 && s[i+2] < 0xa1:
			return true
		default:
			i += 3
		}
	}
	return false
}

// Count is the number of characters that a reader sees in a text: those that
// are left after folding.
func Count(s string) int {
	n := 0
	for i := 0; i < len(s); {
		if c := s[i]; c > ' ' && c < utf8.RuneSelf {
			n++
			i++
			continue
		}
		if IsCommon(s, i) {
			n++
			i += 3
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r > ' ' && !unicode.IsSpace(r) && !Invisible(r) {
			n++
		}
		i += size
	}
	return n
}

// IsCommon says whether one of the characters stands at i of which Chinese
// text mostly is, U+3001 to U+CFFF: the ideographs and their punctuation, none
// of them space. It tells by the bytes, in a quarter of the time that decoding
// takes; the character has three.
func IsCommon(s string, i int) bool {
	return s[i] >= 0xe3 && s[i] <= 0xec && i+2 < len(s) && s[i+1]&0xc0 == 0x80 && s[i+2]&0xc0 == 0x80 &&
		(s[i] != 0xe3 || s[i+1] != 0x80 || s[i+2] != 0x80)
}

// TrimSpace is strings.TrimSpace, which looks twice at texts that begin or end
// in Chinese.
func TrimSpace(s string) string {
	for s != "" && isASCIISpace(s[0]) {
		s = s[1:]
	}
	for s != "" && isASCIISpace(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	n := len(s)
	if n == 0 || (s[0] < utf8.RuneSelf || IsCommon(s, 0)) && (s[n-1] < utf8.RuneSelf || n >= 3 && IsCommon(s, n-3)) {
		return s
	}
	return strings.TrimSpace(s)
}

func isASCIISpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

// HasAny says whether a text holds one of a few characters. It is
// strings.ContainsAny for sets that are not ASCII, and decodes only characters
// of the kinds that the set has.
func HasAny(s, few string) bool {
	ascii, common := false, false
	for i := 0; i < len(few); {
		n := kindAt(few, i)
		ascii, common = ascii || n == oneByte, common || n == threeBytes
		i += max(n, 1)
	}
	for i := 0; i < len(s); {
		n := kindAt(s, i)
		if n == oneByte && !ascii || n == threeBytes && !common {
			i += n
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if strings.ContainsRune(few, r) {
			return true
		}
		i += size
	}
	return false
}

// The characters that kindAt tells by their bytes, by how many they have.
const (
	oneByte    = 1
	threeBytes = 3
)

func kindAt(s string, i int) int {
	switch {
	case s[i] < utf8.RuneSelf:
		return oneByte
	case IsCommon(s, i):
		return threeBytes
	}
	return 0
}

// EachBigram hands on the neighbouring pairs of characters of a folded text,
// the first in the upper half.
func EachBigram(folded string, yield func(uint64)) {
	var last rune
	for i := 0; i < len(folded); {
		r, n := rune(folded[i]), 1
		switch {
		case r < utf8.RuneSelf:
		case IsCommon(folded, i):
			r, n = r&0x0f<<12|rune(folded[i+1]&0x3f)<<6|rune(folded[i+2]&0x3f), 3
		default:
			r, n = utf8.DecodeRuneInString(folded[i:])
		}
		if last != 0 {
			yield(uint64(last)<<32 | uint64(r))
		}
		last = r
		i += n
	}
}

// Bigrams is the set of a folded text's pairs.
func Bigrams(folded string) map[uint64]struct{} {
	set := make(map[uint64]struct{}, len(folded)/3)
	EachBigram(folded, func(g uint64) { set[g] = struct{}{} })
	return set
}
