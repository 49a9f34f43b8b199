package pdf

import (
	"strings"
	"sync"
)

// glyphNames are the glyph names of the Latin encodings (Adobe Glyph List),
// with the signs that values use.
var glyphNames = sync.OnceValue(func() map[string]rune {
	m := map[string]rune{}
	put := func(first rune, names string) {
		for _, n := range strings.Fields(names) {
			if n != "-" {
				m[n] = first
			}
			first++
		}
	}
	put(0x20, `space exclam quotedbl numbersign dollar percent ampersand quotesingle parenleft parenright asterisk plus comma hyphen period slash
		zero one two three four five six seven eight nine colon semicolon less equal greater question at`)
	put('A', "A B C D E F G H I J K L M N O P Q R S T U V W X Y Z bracketleft backslash bracketright asciicircum underscore grave")
	put('a', "a b c d e f g h i j k l m n o p q r s t u v w x y z braceleft bar braceright asciitilde")
	put(0xa0, `nbspace exclamdown cent sterling currency yen brokenbar section dieresis copyright ordfeminine guillemotleft logicalnot softhyphen registered macron
		degree plusminus twosuperior threesuperior acute mu paragraph periodcentered cedilla onesuperior ordmasculine guillemotright onequarter onehalf threequarters questiondown
		Agrave Aacute Acircumflex Atilde Adieresis Aring AE Ccedilla Egrave Eacute Ecircumflex Edieresis Igrave Iacute Icircumflex Idieresis
		Eth Ntilde Ograve Oacute Ocircumflex Otilde Odieresis multiply Oslash Ugrave Uacute Ucircumflex Udieresis Yacute Thorn germandbls
		agrave aacute acircumflex atilde adieresis aring ae ccedilla egrave eacute ecircumflex edieresis igrave iacute icircumflex idieresis
		eth ntilde ograve oacute ocircumflex otilde odieresis divide oslash ugrave uacute ucircumflex udieresis yacute thorn ydieresis`)
	signs := []rune(symbolLow + symbolHigh + symbolLast)
	for i, n := range strings.Fields(symbolNames) {
		if m[n] == 0 {
			m[n] = signs[i]
		}
	}
	for n, r := range map[string]rune{
		"bullet": '•', "endash": '–', "emdash": '—', "quoteleft": '‘', "quoteright": '’', "quotedblleft": '“', "quotedblright": '”',
		"quotesinglbase": '‚', "quotedblbase": '„', "ellipsis": '…', "dagger": '†', "daggerdbl": '‡', "perthousand": '‰',
		"guilsinglleft": '‹', "guilsinglright": '›', "fi": 'ﬁ', "fl": 'ﬂ', "Euro": '€', "trademark": '™', "minus": '−', "fraction": '⁄',
		"notequal": '≠', "lessequal": '≤', "greaterequal": '≥', "approxequal": '≈', "infinity": '∞', "Scaron": 'Š', "scaron": 'š',
		"Zcaron": 'Ž', "zcaron": 'ž', "OE": 'Œ', "oe": 'œ', "florin": 'ƒ', "circumflex": 'ˆ', "tilde": '˜', "Ydieresis": 'Ÿ', "middot": '·',
		"hyphenminus": '-', "sfthyphen": '\u00ad', "nonbreakingspace": '\u00a0', "checkbox": '☐', "H18533": '■', "square": '□',
	} {
		m[n] = r
	}
	return m
})
