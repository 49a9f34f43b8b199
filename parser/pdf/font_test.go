package pdf

import (
	"math"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	xunicode "golang.org/x/text/encoding/unicode"
)

// decoded is the text of a string in a font and the sum of its widths in em.
func decoded(t testing.TB, d dict, b []byte) (string, float64) {
	t.Helper()
	ft := newFile(fakeLayer{}).buildFont(d)
	var s strings.Builder
	width := 0.0
	for len(b) > 0 {
		c := ft.next(b)
		if c.n < 1 || c.n > len(b) {
			t.Fatalf("a character of %d bytes out of %d", c.n, len(b))
		}
		b = b[c.n:]
		switch {
		case c.text != "":
			s.WriteString(c.text)
		case c.rune != 0:
			s.WriteRune(c.rune)
		default:
			s.WriteRune('\ufffd')
		}
		width += c.width
	}
	return s.String(), width
}

func composite(cmapName, ordering string, more dict) dict {
	desc := dict{"Subtype": name("CIDFontType0"), "CIDSystemInfo": dict{"Registry": str("Adobe"), "Ordering": str(ordering)}}
	for k, v := range more {
		desc[k] = v
	}
	return dict{"Subtype": name("Type0"), "Encoding": name(cmapName), "DescendantFonts": array{desc}}
}

func encodedBy(t testing.TB, enc encoding.Encoding, s string) []byte {
	t.Helper()
	b, err := enc.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestPredefinedCMaps(t *testing.T) {
	utf16 := xunicode.UTF16(xunicode.BigEndian, xunicode.IgnoreBOM)
	const simplified = "项目支出≥90%（元）A1"
	tests := []struct {
		cmap, ordering string
		enc            encoding.Encoding
		text           string
	}{
		{"UniGB-UCS2", "GB1", utf16, simplified},
		{"UniGB-UTF16", "GB1", utf16, simplified + "𠮷"},
		{"GBK-EUC", "GB1", simplifiedchinese.GBK, simplified + "镕"},
		{"GBKp-EUC", "GB1", simplifiedchinese.GBK, simplified + "镕"},
		{"GBK2K", "GB1", simplifiedchinese.GB18030, simplified + "㐂𠮷"},
		{"GB-EUC", "GB1", simplifiedchinese.GBK, simplified},
		{"GBpc-EUC", "GB1", simplifiedchinese.GBK, simplified},
		{"UniCNS-UCS2", "CNS1", utf16, "績效目標90%"},
		{"UniCNS-UTF16", "CNS1", utf16, "績效目標90%"},
		{"ETen-B5", "CNS1", traditionalchinese.Big5, "績效目標90%"},
		{"B5pc", "CNS1", traditionalchinese.Big5, "績效目標90%"},
		{"UniJIS-UCS2", "Japan1", utf16, "目標かな90%"},
		{"UniJIS-UTF16", "Japan1", utf16, "目標かな90%"},
		{"UniJIS-UCS2-HW", "Japan1", utf16, "目標かな90%"},
		{"90ms-RKSJ", "Japan1", japanese.ShiftJIS, "目標かな90%"},
		{"UniKS-UCS2", "Korea1", utf16, "목표90%"},
		{"UniKS-UTF16", "Korea1", utf16, "목표90%"},
		{"KSCms-UHC", "Korea1", korean.EUCKR, "목표90%"},
	}
	tested := map[string]bool{}
	for _, tt := range tests {
		tested[tt.cmap] = true
		for _, way := range []string{"-H", "-V"} {
			t.Run(tt.cmap+way, func(t *testing.T) {
				d := composite(tt.cmap+way, tt.ordering, nil)
				if got, _ := decoded(t, d, encodedBy(t, tt.enc, tt.text)); got != tt.text {
					t.Errorf("got %q, want %q", got, tt.text)
				}
				if ft := newFile(fakeLayer{}).buildFont(d); ft.vertical != (way == "-V") {
					t.Errorf("vertical is %v", ft.vertical)
				}
			})
		}
	}
	for cmap := range predefined {
		if !tested[cmap] {
			t.Errorf("%s is not tested", cmap)
		}
	}
}

func TestIdentityWithAdobeGB1(t *testing.T) {
	cid := func(s string) []byte {
		var b []byte
		for _, r := range s {
			n := gb1Reverse()[r]
			if n == 0 {
				t.Fatalf("%q has no CID", r)
			}
			b = append(b, byte(n>>8), byte(n))
		}
		return b
	}
	const text = "绩效目标申报表，≥90%"
	for _, cmap := range []string{"Identity-H", "Identity-V"} {
		if got, _ := decoded(t, composite(cmap, "GB1", nil), cid(text)); got != text {
			t.Errorf("%s: got %q, want %q", cmap, got, text)
		}
	}
	// Of another collection, or of a map that is not known, nothing is known.
	if got, _ := decoded(t, composite("NobodyKnows-H", "GB1", nil), cid(text)); strings.ContainsAny(got, text) {
		t.Errorf("an unknown map: got %q", got)
	}
	if got, _ := decoded(t, composite("Identity-H", "Identity", nil), []byte{0x12, 0x34, 0x56}); got != "\ufffd\ufffd" {
		t.Errorf("got %q without any way to Unicode", got)
	}
}

func TestToUnicodeWins(t *testing.T) {
	d := composite("Identity-H", "GB1", nil)
	d["ToUnicode"] = &stream{dict: dict{}, raw: []byte("3 beginbfchar <0001> <9879> <0002> <FFFD> <0022> <00660069> endbfchar")}
	// CID 2 is '!' in Adobe-GB1: its map entry is garbage, so the collection counts.
	if got, _ := decoded(t, d, []byte{0, 1, 0, 2, 0, 0x22}); got != "项!fi" {
		t.Errorf("got %q", got)
	}
}

func TestEmbeddedCMap(t *testing.T) {
	d := composite("", "GB1", dict{"DW": 700})
	d["Encoding"] = &stream{dict: dict{"WMode": 1}, raw: []byte("2 begincodespacerange <00> <7F> <8000> <FFFF> endcodespacerange 2 begincidrange <41> <5A> 34 <8000> <8001> 2 endcidrange")}
	got, width := decoded(t, d, []byte{'A', 0x80, 0x01, 'B'})
	if got != `A"B` {
		t.Errorf("got %q", got)
	}
	if math.Abs(width-2.1) > 1e-9 {
		t.Errorf("width %v, want 2.1", width)
	}
	if ft := newFile(fakeLayer{}).buildFont(d); !ft.vertical {
		t.Error("WMode 1 is not vertical")
	}
	d["Encoding"] = &stream{dict: dict{}, raw: []byte("/GBK-EUC-H usecmap")}
	if got, _ := decoded(t, d, encodedBy(t, simplifiedchinese.GBK, "目标A")); got != "目标A" {
		t.Errorf("usecmap GBK-EUC-H: got %q", got)
	}
}

func simple(encoding object, more dict) dict {
	d := dict{"Subtype": name("TrueType"), "BaseFont": name("Own"), "Encoding": encoding}
	for k, v := range more {
		d[k] = v
	}
	return d
}

func TestSimpleFonts(t *testing.T) {
	differences := array{65, name("one"), name("uni9879"), name("u1F600"), 200, name("lessequal"), name("f_i"), name("g123"), 300, name("A")}
	tests := []struct {
		name string
		font dict
		in   string
		want string
	}{
		{"WinAnsi", simple(name("WinAnsiEncoding"), nil), "A\xa5\x96\xe9\x81", "A¥–é\ufffd"},
		{"MacRoman", simple(name("MacRomanEncoding"), nil), "A\xb4\xb2", "A¥≤"},
		{"no encoding is ASCII", simple(nil, nil), "A~\xa5", "A~\ufffd"},
		{"differences", simple(dict{"BaseEncoding": name("WinAnsiEncoding"), "Differences": differences}, nil), "ABC\xc8\xc9\xcaD", "1项😀≤\ufffd\ufffdD"},
		{"embedded symbolic font without encoding", simple(nil, dict{"FontDescriptor": dict{"Flags": 4, "FontFile2": &stream{dict: dict{}}}}), "AB", "\ufffd\ufffd"},
		{"the same with ToUnicode", simple(nil, dict{"FontDescriptor": dict{"Flags": 4, "FontFile2": &stream{dict: dict{}}}, "ToUnicode": &stream{dict: dict{}, raw: []byte("1 beginbfchar <41> <9879> endbfchar")}}), "AB", "项\ufffd"},
		{"Type 3 without encoding", dict{"Subtype": name("Type3")}, "A", "\ufffd"},
		{"Type 3 with differences", dict{"Subtype": name("Type3"), "Encoding": dict{"Differences": array{1, name("uni76EE")}}}, "\x01", "目"},
		{"name in raw GBK", dict{"Subtype": name("TrueType"), "BaseFont": name(encodedBy(t, simplifiedchinese.GBK, "宋体"))}, string(encodedBy(t, simplifiedchinese.GBK, "项目A1≥")), "项目A1≥"},
		{"subset name in raw GBK", dict{"Subtype": name("TrueType"), "BaseFont": name("ABCDEF+" + string(encodedBy(t, simplifiedchinese.GBK, "黑体"))), "Encoding": name("WinAnsiEncoding")}, string(encodedBy(t, simplifiedchinese.GBK, "目标")), "目标"},
		{"name in UTF-8", dict{"Subtype": name("TrueType"), "BaseFont": name("宋体"), "Encoding": name("WinAnsiEncoding")}, "\xe9", "é"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, _ := decoded(t, tt.font, []byte(tt.in)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestGlyphText(t *testing.T) {
	tests := map[string]string{
		"A": "A", "space": " ", "one": "1", "percent": "%", "lessequal": "≤", "greaterequal": "≥", "fi": "ﬁ", "yen": "¥", "eacute": "é",
		"uni4E00": "一", "uni4E004E01": "一丁", "u20BB7": "𠮷", "u4E00": "一", "uni4E00.vert": "一", "A.alt": "A",
		"": "", "g123": "", "cid_45": "", "uniXYZW": "", "u": "u", "unicorn": "", "u110000": "", ".notdef": "",
	}
	for in, want := range tests {
		if got := glyphText(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestWidths(t *testing.T) {
	gbk := func(s string) []byte { return encodedBy(t, simplifiedchinese.GBK, s) }
	w := array{2, array{300, 310}, 10, 12, 450, ref{99, 0}, 814, 908, 520}
	tests := []struct {
		name string
		font dict
		in   []byte
		want float64
	}{
		{"simple", simple(name("WinAnsiEncoding"), dict{"FirstChar": 65, "Widths": array{600, 700}}), []byte("ABA"), 1.9},
		{"simple, behind the widths", simple(name("WinAnsiEncoding"), dict{"FirstChar": 65, "Widths": array{600}, "FontDescriptor": dict{"MissingWidth": 250}}), []byte("AZ"), 0.85},
		{"Courier", dict{"Subtype": name("Type1"), "BaseFont": name("Courier-Bold")}, []byte("ABC"), 1.8},
		{"Type 3 has its own scale", dict{"Subtype": name("Type3"), "FontMatrix": array{0.01, 0, 0, 0.01, 0, 0}, "FirstChar": 65, "Widths": array{60}}, []byte("A"), 0.6},
		{"CIDs by list, by range and by default", composite("Identity-H", "GB1", dict{"W": w, "DW": 900}), []byte{0, 2, 0, 3, 0, 11, 0, 50}, 0.3 + 0.31 + 0.45 + 0.9},
		{"without W ASCII is half an em", composite("GBK-EUC-H", "GB1", nil), gbk("A项"), 1.5},
		{"and so with Unicode codes", composite("UniGB-UCS2-H", "GB1", nil), []byte{0, 'A', 0x98, 0x79}, 1.5},
		{"ASCII of GBK-EUC has CIDs from 814 on", composite("GBK-EUC-H", "GB1", dict{"W": w}), gbk("A"), 0.52},
		{"ASCII of GBKp-EUC has CIDs from 1 on", composite("GBKp-EUC-H", "GB1", dict{"W": w}), gbk(`!"`), 0.61},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, got := decoded(t, tt.font, tt.in); math.Abs(got-tt.want) > 1e-9 {
				t.Errorf("width %v em, want %v", got, tt.want)
			}
		})
	}
}

func TestWidthsAreBounded(t *testing.T) {
	w := array{}
	for range 100 {
		w = append(w, 0, 65535, 500)
	}
	w = append(w, 0, 2_000_000_000, 500, -5, 3, 1, 7)
	ft := newFile(fakeLayer{}).buildFont(composite("Identity-H", "GB1", dict{"W": w}))
	if len(ft.widths) > 1<<16 {
		t.Errorf("%d widths", len(ft.widths))
	}
}
