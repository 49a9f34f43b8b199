package pdf

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestToUnicode(t *testing.T) {
	tests := []struct {
		name, in string
		want     map[uint32]string
	}{
		{"characters", "2 beginbfchar <01> <9879> <0002> <76EE> endbfchar", map[uint32]string{1: "项", 2: "目"}},
		{"wrong count", "100 beginbfchar <01> <9879> endbfchar 0 beginbfchar <02> <76EE> endbfchar", map[uint32]string{1: "项", 2: "目"}},
		{"several characters for one glyph", "1 beginbfchar <05> <00660069> endbfchar", map[uint32]string{5: "fi"}},
		{"one byte is Latin", "1 beginbfchar <05> <41> endbfchar", map[uint32]string{5: "A"}},
		{"surrogates", "1 beginbfchar <05> <D842DFB7> endbfchar", map[uint32]string{5: "𠮷"}},
		{"byte order mark", "1 beginbfchar <05> <FEFF9879> endbfchar", map[uint32]string{5: "项"}},
		{"padding", "1 beginbfchar <05> <98790000> endbfchar", map[uint32]string{5: "项"}},
		{"range", "1 beginbfrange <0010> <0012> <4E00> endbfrange", map[uint32]string{0x10: "一", 0x11: "丁", 0x12: "丂"}},
		{"range over the last byte", "1 beginbfrange <01> <02> <4EFF> endbfrange", map[uint32]string{1: "仿", 2: "伀"}},
		{"range of surrogates", "1 beginbfrange <01> <02> <D842DFFF> endbfrange", map[uint32]string{1: "\U00020bff", 2: "\U00020c00"}},
		{"range with an array", "1 beginbfrange <01> <03> [<9879> <76EE> <0041>] endbfrange", map[uint32]string{1: "项", 2: "目", 3: "A"}},
		{"array shorter than its range", "1 beginbfrange <01> <03> [<9879>] endbfrange", map[uint32]string{1: "项"}},
		{"array longer than its range", "1 beginbfrange <01> <01> [<9879> <76EE>] endbfrange", map[uint32]string{1: "项"}},
		{"range that runs backwards", "1 beginbfrange <03> <01> <4E00> endbfrange", map[uint32]string{}},
		{"range of absurd length", "1 beginbfrange <00000000> <FFFFFFFF> <4E00> endbfrange", map[uint32]string{}},
		{"a range after a broken one", "1 beginbfrange <01> endbfrange 1 beginbfrange <02> <02> <4E00> endbfrange", map[uint32]string{2: "一"}},
		{"breaks off", "5 beginbfchar <01> <9879> <02>", map[uint32]string{1: "项"}},
		{"garbage", "begin ) ] >> beginbfchar (", map[uint32]string{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, parseCMap([]byte(tt.in)).text); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// A byte of a map that was changed is noticed where it is no digit any more.
func TestDamagedToUnicode(t *testing.T) {
	for in, want := range map[string]bool{
		"1 beginbfrange <01> <03> [<9879> <76 EE>\n<0041>] endbfrange":  false,
		"1 beginbfrange <01> <03> [<9879> <7\x1eEE> <0041>] endbfrange": true,
		"1 beginbfrange <01> <03> [<9879>\x05<76EE> <0041>] endbfrange": true,
		"1 beginbfrange <01> <03> [<9879> <76EE <0041>] endbfrange":     true,
		"1 beginbfrange <01> <03> [<9879> 76EE> <0041>] endbfrange":     true,
		"1 beginbfchar <01> <98g9> endbfchar":                           true,
	} {
		if got := parseCMap([]byte(in)).damaged; got != want {
			t.Errorf("%q: damaged %v, want %v", in, got, want)
		}
	}
}

func TestToUnicodeIsBounded(t *testing.T) {
	var b strings.Builder
	for range 40 {
		b.WriteString("1 beginbfrange <00000000> <0000FFFF> <4E00> endbfrange\n")
	}
	for i := range 40 {
		b.WriteString("1 beginbfrange <")
		b.WriteString(strings.Repeat("0", 2)) // another plane each time
		b.WriteByte("0123456789ABCDEF"[i/16])
		b.WriteByte("0123456789ABCDEF"[i%16])
		b.WriteString("0000> <00")
		b.WriteByte("0123456789ABCDEF"[i/16])
		b.WriteByte("0123456789ABCDEF"[i%16])
		b.WriteString("FFFF> <4E00> endbfrange\n")
	}
	if n := len(parseCMap([]byte(b.String())).text); n > maxMapped {
		t.Errorf("%d characters are mapped", n)
	}
}

func TestCIDMap(t *testing.T) {
	m := parseCMap([]byte(`/CIDInit /ProcSet findresource begin
/CMapName /Own-V def /WMode 1 def /GBK-EUC-H usecmap
2 begincodespacerange <00> <80> <8140> <FEFE> endcodespacerange
2 begincidrange <20> <7E> 814 <8140> <8143> 9000 endcidrange
1 begincidchar <80> 7716 endcidchar
1 beginnotdefrange <00> <1F> 1 endnotdefrange
endcmap`))
	if m.wmode != 1 || m.uses != "GBK-EUC-H" {
		t.Errorf("wmode %d, uses %q", m.wmode, m.uses)
	}
	cids := map[uint32]uint32{0x20: 814, 0x21: 815, 0x7e: 908, 0x80: 7716, 0x8140: 9000, 0x8143: 9003}
	for code, want := range cids {
		if got, ok := m.cid(code); !ok || got != want {
			t.Errorf("code %#x: CID %d (%v), want %d", code, got, ok, want)
		}
	}
	for _, code := range []uint32{0x1f, 0x7f, 0x8144, 0xffff} {
		if got, ok := m.cid(code); ok {
			t.Errorf("code %#x: CID %d, want none", code, got)
		}
	}
	cuts := []struct {
		in   string
		code uint32
		n    int
	}{
		{"A\x81\x40", 'A', 1},
		{"\x81\x40A", 0x8140, 2},
		{"\x81\x3f", 0x81, 1}, // the second byte lies outside its range
		{"\xff\xff", 0xff, 1},
		{"\x81", 0x81, 1},
	}
	for _, c := range cuts {
		if code, n := m.cut([]byte(c.in)); code != c.code || n != c.n {
			t.Errorf("% x: code %#x of %d bytes, want %#x of %d", c.in, code, n, c.code, c.n)
		}
	}
}

func TestCutWithoutCodespace(t *testing.T) {
	m := parseCMap(nil)
	if code, n := m.cut([]byte("AB")); code != 'A' || n != 1 {
		t.Errorf("code %#x of %d bytes", code, n)
	}
	wide := parseCMap([]byte("1 begincodespacerange <0000> <00FF> endcodespacerange"))
	if code, n := wide.cut([]byte{0x4e, 0x00, 0x01}); code != 0x4e00 || n != 2 {
		t.Errorf("a code outside every range: %#x of %d bytes, want two bytes to be skipped", code, n)
	}
}

func TestSane(t *testing.T) {
	for s, want := range map[string]bool{"项": true, "A\n": true, "": false, "\x01": false, "\ufffd": false, "\u0085": false, "a\x00": false, "𠮷": true} {
		if sane(s) != want {
			t.Errorf("sane(%q) is %v", s, !want)
		}
	}
}
