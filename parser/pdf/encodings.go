package pdf

import (
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// codePage is what the codes of a one-byte font are; 0 is nothing.
type codePage [256]rune

// fill puts characters to the codes from first on; '␀' leaves one out.
func (e *codePage) fill(first int, characters string) {
	for _, r := range characters {
		if r != '␀' {
			e[first] = r
		}
		first++
	}
}

// The Latin encodings of ISO 32000-1, annex D.
var (
	ascii = sync.OnceValue(func() *codePage {
		e := &codePage{}
		for c := rune(0x20); c < 0x7f; c++ {
			e[c] = c
		}
		return e
	})
	winAnsi  = sync.OnceValue(func() *codePage { return fromSpace(charmap.Windows1252) })
	macRoman = sync.OnceValue(func() *codePage { return fromSpace(charmap.Macintosh) })
	standard = sync.OnceValue(func() *codePage {
		e := *ascii()
		e.fill('\'', "’")
		e.fill('`', "‘")
		e.fill(0xa1, "¡¢£⁄¥ƒ§¤'“«‹›ﬁﬂ␀–†‡·␀¶•‚„”»…‰␀¿␀`´ˆ˜¯˘˙¨␀˚¸␀˝˛ˇ—")
		e.fill(0xe1, "Æ␀ª␀␀␀␀ŁØŒº␀␀␀␀␀æ␀␀␀ı␀␀łøœß")
		return &e
	})
)

// fromSpace is a code page from the space on.
func fromSpace(m *charmap.Charmap) *codePage {
	e := &codePage{}
	for c := 0x20; c < 256; c++ {
		if r := m.DecodeByte(byte(c)); r != utf8.RuneError && !garbage(r) {
			e[c] = r
		}
	}
	return e
}

// signs is the encoding of a font of signs, by the font's name; nil of any
// other. Such a font has its own, whatever its dictionary says.
func signs(font string) *codePage {
	if len(font) > 7 && font[6] == '+' {
		font = font[7:]
	}
	font = strings.NewReplacer(" ", "", "-", "", "_", "").Replace(font)
	switch font, _, _ = strings.Cut(font, ","); strings.TrimSuffix(strings.TrimSuffix(font, "MT"), "Regular") {
	case "Symbol", "SymbolPS":
		return symbol()
	case "ZapfDingbats", "ITCZapfDingbats":
		return dingbats()
	case "Wingdings":
		return wingdings()
	case "Wingdings2":
		return wingdings2()
	}
	return nil
}

// symbolNames are the glyphs of the font Symbol by their codes from 0x20 and
// from 0xa0 on (ISO 32000-1, D.5), symbolSigns what they show.
const (
	symbolNames = `space exclam universal numbersign existential percent ampersand suchthat parenleft parenright asteriskmath plus comma minus period slash
		zero one two three four five six seven eight nine colon semicolon less equal greater question
		congruent Alpha Beta Chi Delta Epsilon Phi Gamma Eta Iota theta1 Kappa Lambda Mu Nu Omicron
		Pi Theta Rho Sigma Tau Upsilon sigma1 Omega Xi Psi Zeta bracketleft therefore bracketright perpendicular underscore
		radicalex alpha beta chi delta epsilon phi gamma eta iota phi1 kappa lambda mu nu omicron
		pi theta rho sigma tau upsilon omega1 omega xi psi zeta braceleft bar braceright similar
		Euro Upsilon1 minute lessequal fraction infinity florin club diamond heart spade arrowboth arrowleft arrowup arrowright arrowdown
		degree plusminus second greaterequal multiply proportional partialdiff bullet divide notequal equivalence approxequal ellipsis arrowvertex arrowhorizex carriagereturn
		aleph Ifraktur Rfraktur weierstrass circlemultiply circleplus emptyset intersection union propersuperset reflexsuperset notsubset propersubset reflexsubset element notelement
		angle gradient registerserif copyrightserif trademarkserif product radical dotmath logicalnot logicaland logicalor arrowdblboth arrowdblleft arrowdblup arrowdblright arrowdbldown
		lozenge angleleft registersans copyrightsans trademarksans summation parenlefttp parenleftex parenleftbt bracketlefttp bracketleftex bracketleftbt bracelefttp braceleftmid braceleftbt braceex
		angleright integral integraltp integralex integralbt parenrighttp parenrightex parenrightbt bracketrighttp bracketrightex bracketrightbt bracerighttp bracerightmid bracerightbt`
	symbolLow  = " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
	symbolHigh = "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪"
	symbolLast = "〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭"
)

var symbol = sync.OnceValue(func() *codePage {
	e := &codePage{}
	e.fill(0x20, symbolLow)
	e.fill(0xa0, symbolHigh)
	e.fill(0xf1, symbolLast)
	return e
})

// dingbats is the encoding of ZapfDingbats (ISO 32000-1, D.6).
var dingbats = sync.OnceValue(func() *codePage {
	e := &codePage{}
	e.fill(0x20, " ✁✂✃✄☎✆✇✈✉☛☞✌✍✎✏✐✑✒✓✔✕✖✗✘✙✚✛✜✝✞✟✠✡✢✣✤✥✦✧★✩✪✫✬✭✮✯✰✱✲✳✴✵✶✷✸✹✺✻✼✽✾✿❀❁❂❃❄❅❆❇❈❉❊❋●❍■❏❐❑❒▲▼◆❖◗❘❙❚❛❜❝❞")
	e.fill(0x80, "❨❩❪❫❬❭❮❯❰❱❲❳❴❵")
	e.fill(0xa1, "❡❢❣❤❥❦❧♣♦♥♠①②③④⑤⑥⑦⑧⑨⑩❶❷❸❹❺❻❼❽❾❿➀➁➂➃➄➅➆➇➈➉➊➋➌➍➎➏➐➑➒➓➔→↔↕➘➙➚➛➜➝➞➟➠➡➢➣➤➥➦➧➨➩➪➫➬➭➮➯␀➱➲➳➴➵➶➷➸➹➺➻➼➽➾")
	return e
})

// wingdings and wingdings2 are the bullets, boxes, ticks and numbers that
// office documents take from these fonts; their other pictures stay unknown.
var (
	wingdings = sync.OnceValue(func() *codePage {
		e := &codePage{}
		for first, characters := range map[int]string{
			0x20: " ", 0x6c: "●", 0x6e: "■", 0x6f: "□", 0x71: "❑❒", 0x74: "⧫◆❖", 0x80: "⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿",
			0x9f: "•", 0xa1: "○", 0xa7: "▪", 0xa8: "□", 0xab: "★", 0xd8: "➢", 0xdf: "←→↑↓", 0xfb: "✗✔☒☑",
		} {
			e.fill(first, characters)
		}
		return e
	})
	wingdings2 = sync.OnceValue(func() *codePage {
		e := &codePage{}
		for first, characters := range map[int]string{0x20: " ", 0x4f: "✗✓", 0x52: "☑☒", 0xa3: "□"} {
			e.fill(first, characters)
		}
		return e
	})
)
