package pdf

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
)

// program is a TrueType font that has a character map alone: glyph n+1 is the
// n-th character.
func program(chars string) []byte {
	var sub, out bytes.Buffer
	put := func(w *bytes.Buffer, v ...any) {
		for _, x := range v {
			_ = binary.Write(w, binary.BigEndian, x)
		}
	}
	runes := []rune(chars)
	put(&sub, uint16(0), uint16(1), uint16(3), uint16(10), uint32(12))
	put(&sub, uint16(12), uint16(0), uint32(16+12*len(runes)), uint32(0), uint32(len(runes)))
	for i, r := range runes {
		put(&sub, uint32(r), uint32(r), uint32(i+1))
	}
	put(&out, uint32(0x10000), uint16(1), uint16(16), uint16(0), uint16(0))
	out.WriteString("cmap")
	put(&out, uint32(0), uint32(28), uint32(sub.Len()))
	out.Write(sub.Bytes())
	out.Write(make([]byte, 4096)) // the glyphs' shapes
	return out.Bytes()
}

// mapOf is a ToUnicode map of codes from one on.
func mapOf(texts ...string) *stream {
	var b strings.Builder
	fmt.Fprintf(&b, "begincmap %d beginbfchar\n", len(texts))
	for i, s := range texts {
		fmt.Fprintf(&b, "<%04X> <", i+1)
		for _, r := range s {
			fmt.Fprintf(&b, "%04X", r)
		}
		b.WriteString(">\n")
	}
	b.WriteString("endbfchar endcmap")
	return &stream{raw: []byte(b.String())}
}

// What the map and the program say of a glyph is compared, whatever way the
// program is packed and its glyphs are coded.
func TestProgramAgainstMap(t *testing.T) {
	codes := []byte{0, 1, 0, 2, 0, 3}
	tests := []struct {
		name    string
		program string
		texts   []string
		want    string
	}{
		{"they agree", "预算3", []string{"预", "算", "3"}, "预算3"},
		{"a shifted range", "预算3", []string{"预", "籗", "4"}, "预\ufffd\ufffd"},
		{"radicals and compatibility ideographs", "金量3", []string{"\u2fa6", "\uf97e", "３"}, "\u2fa6\uf97e３"},
		{"a glyph of several characters", "预算3", []string{"预", "算计", "3"}, "预算计3"},
		{"signs that share glyphs", "·—－", []string{"•", "―", "-"}, "•―-"},
		{"a map of signs for characters", "\ue001\ue002\ue003", []string{"预", "算", "3"}, "预算3"},
		{"a program without the glyphs", "预", []string{"预", "算", "3"}, "预算3"},
	}
	deflate := func(b []byte) *stream {
		return &stream{dict: dict{"Filter": name("FlateDecode")}, raw: deflated(t, b)}
	}
	pack := map[string]func([]byte) *stream{
		"deflated": deflate,
		"plain":    func(b []byte) *stream { return &stream{raw: b} },
	}
	encodings := map[string]object{
		"identity": name("Identity-H"),
		"mapped":   &stream{raw: []byte("begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange 1 begincidrange <0000> <ffff> 0 endcidrange endcmap")},
	}
	for _, tt := range tests {
		for how, packed := range pack {
			for kind, encoding := range encodings {
				t.Run(tt.name+", "+how+", "+kind, func(t *testing.T) {
					d := composite("", "Identity", dict{"Subtype": name("CIDFontType2"), "FontDescriptor": dict{"FontFile2": packed(program(tt.program))}})
					d["Encoding"], d["ToUnicode"] = encoding, mapOf(tt.texts...)
					if got, _ := decoded(t, d, codes); got != tt.want {
						t.Errorf("%q, want %q", got, tt.want)
					}
				})
			}
		}
	}
	t.Run("glyphs numbered otherwise", func(t *testing.T) {
		d := composite("Identity-H", "Identity", dict{"Subtype": name("CIDFontType2"), "CIDToGIDMap": &stream{raw: make([]byte, 8)}, "FontDescriptor": dict{"FontFile2": deflate(program("甲乙丙"))}})
		d["ToUnicode"] = mapOf("预", "算", "3")
		if got, _ := decoded(t, d, codes); got != "预算3" {
			t.Errorf("%q", got)
		}
	})
}

// CIDs mean characters where the font orders them as it says.
func TestOrderingAgainstMap(t *testing.T) {
	codes := func(s string) []byte {
		var out []byte
		for _, r := range s {
			out = binary.BigEndian.AppendUint16(out, uint16(gb1Reverse()[r]))
		}
		return out
	}
	mapped := func(from, to string) *stream {
		b := codes(from)
		s := fmt.Sprintf("begincmap %d beginbfchar\n", len(b)/2)
		for i, r := range []rune(to) {
			s += fmt.Sprintf("<%x> <%04X>\n", b[2*i:2*i+2], r)
		}
		return &stream{raw: []byte(s + "endbfchar endcmap")}
	}
	for _, tt := range []struct{ printed, mapped, want string }{
		{"预算3", "预算3", "预算3"},
		{"预算3", "预算8", "预算\ufffd"},
		{"预算3", "绩效目", "绩效目"}, // the order is another one
	} {
		d := composite("Identity-H", "GB1", nil)
		d["ToUnicode"] = mapped(tt.printed, tt.mapped)
		if got, _ := decoded(t, d, codes(tt.printed)); got != tt.want {
			t.Errorf("%s as %s: %q, want %q", tt.printed, tt.mapped, got, tt.want)
		}
	}
}

// The names of glyphs are compared where they are names.
func TestNamesAgainstMap(t *testing.T) {
	tests := []struct {
		what  string
		names array
		texts []string
		want  string
	}{
		{"they agree", array{1, name("uni9884"), name("uni7B97"), name("three")}, []string{"预", "算", "3"}, "预算3"},
		{"one differs", array{1, name("uni9884"), name("uni7B97"), name("three")}, []string{"预", "算", "8"}, "预算\ufffd"},
		{"letters for numbers", array{1, name("a"), name("b"), name("c")}, []string{"预", "算", "3"}, "预算3"},
		{"a ligature", array{1, name("fi"), name("uni7B97"), name("three")}, []string{"fi", "算", "3"}, "fi算3"},
	}
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			d := dict{"Subtype": name("Type1"), "Encoding": dict{"Differences": tt.names}, "ToUnicode": mapOf(tt.texts...)}
			if got, _ := decoded(t, d, []byte{1, 2, 3}); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}
