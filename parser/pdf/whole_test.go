package pdf

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// pagesOf is a file of two pages that share a page tree; change damages it.
func pagesOf(change func(l fakeLayer)) fakeLayer {
	l := fakeLayer{
		1: dict{"Type": name("Catalog"), "Pages": ref{2, 0}},
		2: dict{"Type": name("Pages"), "Kids": array{ref{3, 0}, ref{4, 0}}, "Count": 2, "MediaBox": array{0, 0, 200, 100}},
		7: &stream{dict: dict{}, raw: []byte("BT /F1 10 Tf (a) Tj ET")},
		8: &stream{dict: dict{}, raw: []byte("BT /F1 10 Tf (b) Tj ET")},
		9: latin(),
	}
	for i := range 2 {
		l[3+i] = dict{"Type": name("Page"), "Parent": ref{2, 0}, "Contents": ref{7 + i, 0}, "Resources": dict{"Font": dict{"F1": ref{9, 0}}}}
	}
	if change != nil {
		change(l)
	}
	return l
}

// lost says whether a file is found to have lost something, in its tree or on
// a page.
func lost(t *testing.T, l fakeLayer) bool {
	t.Helper()
	f := newFile(l)
	list := f.pages(100)
	if f.lostPages || f.crossed(list) {
		return true
	}
	for _, n := range list {
		_, err := f.readPage(t.Context(), n)
		if errors.Is(err, ErrLost) {
			return true
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return len(list) != 2
}

func TestWhatIsLostIsNoticed(t *testing.T) {
	if lost(t, pagesOf(nil)) {
		t.Error("a sound file has lost something")
	}
	page := func(l fakeLayer) dict { return l[3].(dict) }
	contents := func(l fakeLayer, d dict, raw string) { l[7] = &stream{dict: d, raw: []byte(raw)} }
	tree := func(l fakeLayer) dict { return l[2].(dict) }
	for what, change := range map[string]func(fakeLayer){
		"a kid less than counted":    func(l fakeLayer) { tree(l)["Kids"] = array{ref{3, 0}} },
		"a kid more than counted":    func(l fakeLayer) { tree(l)["Count"] = 1 },
		"a kid twice":                func(l fakeLayer) { tree(l)["Kids"] = array{ref{3, 0}, ref{3, 0}} },
		"a kid that is not there":    func(l fakeLayer) { tree(l)["Kids"] = array{ref{3, 0}, ref{99, 0}}; delete(tree(l), "Count") },
		"a kid that is no page":      func(l fakeLayer) { tree(l)["Kids"] = array{ref{3, 0}, ref{9, 0}}; delete(tree(l), "Count") },
		"a branch for the tree":      func(l fakeLayer) { tree(l)["Parent"] = ref{1, 0} },
		"no tree":                    func(l fakeLayer) { delete(l, 2) },
		"contents not there":         func(l fakeLayer) { page(l)["Contents"] = ref{99, 0} },
		"contents that are none":     func(l fakeLayer) { page(l)["Contents"] = ref{9, 0} },
		"one of several not there":   func(l fakeLayer) { page(l)["Contents"] = array{ref{7, 0}, ref{99, 0}} },
		"contents of another page":   func(l fakeLayer) { page(l)["Contents"] = ref{8, 0} },
		"no contents, but a font":    func(l fakeLayer) { delete(page(l), "Contents") },
		"empty contents, but a font": func(l fakeLayer) { contents(l, dict{}, "") },
		"an image for contents":      func(l fakeLayer) { contents(l, dict{"Subtype": name("Image")}, "q Q") },
		"an object stream":           func(l fakeLayer) { contents(l, dict{"Type": name("ObjStm")}, "q Q") },
		"an image's filter":          func(l fakeLayer) { contents(l, dict{"Filter": name("DCTDecode")}, "q Q") },
		"an unknown filter":          func(l fakeLayer) { contents(l, dict{"Filter": name("Nix")}, "q Q") },
		"nothing to inflate":         func(l fakeLayer) { contents(l, dict{"Filter": name("FlateDecode"), "Length": 9}, "") },
		"base 85 with a stranger":    func(l fakeLayer) { contents(l, dict{"Filter": name("A85")}, "87cU\xffRD~>") },
		"base 85 without its end":    func(l fakeLayer) { contents(l, dict{"Filter": name("A85")}, "87cURDZ") },
		"hex with a stranger":        func(l fakeLayer) { contents(l, dict{"Filter": name("AHx")}, "71 2x 51>") },
		"hex without its end":        func(l fakeLayer) { contents(l, dict{"Filter": name("AHx")}, "71 20 51") },
		"runs without their end":     func(l fakeLayer) { contents(l, dict{"Filter": name("RL")}, "\x00q\x00 ") },
		"a filter left out":          func(l fakeLayer) { contents(l, dict{}, string(deflated(t, plainContent))) },
		"nothing but a comment":      func(l fakeLayer) { contents(l, dict{}, "%PDF Gau0ED0+H") },
		"a misspelt Tj":              func(l fakeLayer) { contents(l, dict{}, "BT /F1 10 Tf (a) Tk ET") },
		"an operator run together":   func(l fakeLayer) { contents(l, dict{}, "BT /F1 10 Tf 0 g\xb33 4 Td (a) Tj ET") },
		"a place of one number":      func(l fakeLayer) { contents(l, dict{}, "BT /F1 10 Tf 3 Td (a) Tj ET") },
		"a place of three numbers":   func(l fakeLayer) { contents(l, dict{}, "BT /F1 10 Tf 3 4 5 Td (a) Tj ET") },
		"a string without its end":   func(l fakeLayer) { contents(l, dict{}, "BT /F1 10 Tf (a Tj ET") },
		"another object's head":      func(l fakeLayer) { contents(l, dict{}, "BT ET\nendobj 9 0 obj") },
		"a glyph's picture":          func(l fakeLayer) { contents(l, dict{}, "500 0 d0 0 0 m 9 9 l S") },
		"a form that is not there":   func(l fakeLayer) { contents(l, dict{}, "/X Do") },
		"an unusable font": func(l fakeLayer) {
			l[9] = dict{"Type": name("Font"), "Subtype": name("Tjpe1")}
		},
		"a font's map not there": func(l fakeLayer) { l[9].(dict)["ToUnicode"] = ref{99, 0} },
		"a font's map that is none": func(l fakeLayer) {
			l[9].(dict)["ToUnicode"] = ref{10, 0}
			l[10] = &stream{dict: dict{}, raw: []byte("\x00\x01\x00\x00 cmap")}
		},
		"more widths than codes":      func(l fakeLayer) { l[9].(dict)["FirstChar"], l[9].(dict)["LastChar"] = 41, 126 },
		"widths that begin elsewhere": func(l fakeLayer) { l[9].(dict)["FirstChar"], l[9].(dict)["LastChar"] = 2, 126 },
		"a page's size not there":     func(l fakeLayer) { page(l)["MediaBox"] = ref{99, 0} },
	} {
		if !lost(t, pagesOf(change)) {
			t.Errorf("%s: nothing is missed", what)
		}
	}
	for what, change := range map[string]func(fakeLayer){
		"no count":     func(l fakeLayer) { delete(tree(l), "Count") },
		"a blank page": func(l fakeLayer) { delete(page(l), "Contents"); delete(page(l), "Resources") },
		"an empty stream": func(l fakeLayer) {
			contents(l, dict{"Filter": name("FlateDecode"), "Length": 0}, "")
			delete(page(l), "Resources")
		},
		"the same twice, as meant":  func(l fakeLayer) { page(l)["Contents"] = ref{8, 0}; delete(l, 7) },
		"a page that was taken out": func(l fakeLayer) { l[20] = dict{"Type": name("Page"), "Parent": ref{2, 0}} },
		"a flush for an end": func(l fakeLayer) {
			whole := deflated(t, []byte("q Q"))
			// Stored blocks: the text, then the empty one of a flush.
			contents(l, dict{"Filter": name("FlateDecode")}, string(whole[:2])+"\x00\x03\x00\xfc\xffq Q\x00\x00\x00\xff\xff")
		},
		"an operator of a later version": func(l fakeLayer) { contents(l, dict{}, "BX (x) later EX q Q") },
		"an odd operator or two":         func(l fakeLayer) { contents(l, dict{}, "q 1 foo Q bar") },
		"widths with a rest":             func(l fakeLayer) { l[9].(dict)["LastChar"] = 255 },
		"an unused entry":                func(l fakeLayer) { l[30] = nil },
	} {
		if lost(t, pagesOf(change)) {
			t.Errorf("%s: something is missed", what)
		}
	}
}

// Fonts that share what each should have alone are damaged where its own lies
// about unused.
func TestCrossedFonts(t *testing.T) {
	cmap := func(to string) *stream {
		return &stream{dict: dict{}, raw: []byte("begincmap 1 beginbfchar <61> <" + to + "> endbfchar endcmap")}
	}
	two := func(change func(l fakeLayer)) fakeLayer {
		return pagesOf(func(l fakeLayer) {
			other := latin()
			other["BaseFont"] = name("Other")
			l[10], l[11], l[12] = other, cmap("0041"), cmap("0042")
			l[9].(dict)["ToUnicode"], other["ToUnicode"] = ref{11, 0}, ref{12, 0}
			for i := range 2 {
				l[3+i].(dict)["Resources"] = dict{"Font": dict{"F1": ref{9, 0}, "F2": ref{10, 0}}}
			}
			l[7] = &stream{dict: dict{}, raw: []byte("BT /F1 10 Tf (a) Tj /F2 10 Tf (a) Tj ET")}
			change(l)
		})
	}
	for what, tt := range map[string]struct {
		change func(fakeLayer)
		want   bool
	}{
		"sound":                   {func(fakeLayer) {}, false},
		"another's map":           {func(l fakeLayer) { l[10].(dict)["ToUnicode"] = ref{11, 0} }, true},
		"a map shared as meant":   {func(l fakeLayer) { l[10].(dict)["ToUnicode"] = ref{11, 0}; delete(l, 12) }, false},
		"another font":            {func(l fakeLayer) { resourcesOf(l, ref{9, 0}) }, true},
		"two names, as was meant": {func(l fakeLayer) { resourcesOf(l, ref{9, 0}); delete(l, 10) }, false},
	} {
		if got := lost(t, two(tt.change)); got != tt.want {
			t.Errorf("%s: lost is %v", what, got)
		}
	}
}

func resourcesOf(l fakeLayer, second ref) {
	for i := range 2 {
		l[3+i].(dict)["Resources"] = dict{"Font": dict{"F1": ref{9, 0}, "F2": second}}
	}
}

// Bytes that are missing from a file, or were added, show in the distances of
// its objects.
func TestShifted(t *testing.T) {
	good := string(FormPDF())
	width := strings.Index(good, "/DW 1000")
	entry := strings.Index(good, "0000000009 ")
	for what, tt := range map[string]struct {
		data string
		want bool
	}{
		"sound":                     {good, false},
		"in front":                  {"\n\n" + good, false},
		"in the midst":              {strings.Replace(good, "/Count 1", "/Count  1", 1), true},
		"missing":                   {strings.Replace(good, "/Type/Page/", "/Page/", 1), true},
		"missing in the last":       {good[:width] + good[width+3:], true},
		"an entry":                  {good[:entry] + "0000000099 " + good[entry+11:], false},
		"where they begin":          {strings.Replace(good, "startxref\n", "startxref\n9", 1), false},
		"cut off behind the object": {good[:strings.Index(good, "xref\n0 ")], false},
	} {
		data := []byte(tt.data)
		if got := shifted(data, tableOffsets(data)); got != tt.want {
			t.Errorf("%s: shifted is %v", what, got)
		}
	}
}

func TestSignFonts(t *testing.T) {
	standard := func(base string) dict { return dict{"Subtype": name("Type1"), "BaseFont": name(base)} }
	with := func(d dict, k name, v object) dict { d[k] = v; return d }
	for _, tt := range []struct {
		font dict
		in   string
		want string
	}{
		{standard("Symbol"), "\xa3\xb3\xb1\xb4 5a\x62", "≤≥±× 5αβ"},
		{with(standard("Symbol"), "Encoding", name("WinAnsiEncoding")), "\xa3", "≤"},
		{with(standard("Symbol"), "Encoding", dict{"Differences": array{65, name("greaterequal"), name("alpha")}}), "AB\xa3", "≥α≤"},
		{with(standard("ABCDEF+SymbolMT"), "Subtype", name("TrueType")), "\xa3", "≤"},
		{standard("Symbol,Bold"), "\xb3", "≥"},
		{standard("ZapfDingbats"), "\x33\x34l\xac\xfe", "✓✔●①➾"},
		{standard("Wingdings-Regular"), "\xa8\xfe\xfc\x81", "□☑✔①"},
		{standard("Wingdings2"), "\xa3R", "□☑"},
		{standard("Times-Roman"), "'`\xb7\xd0\x80", "’‘•—\ufffd"},
		{with(standard("Own"), "Encoding", name("StandardEncoding")), "\xa1\xfb", "¡ß"},
		{with(standard("Own"), "Encoding", name("NixEncoding")), "5\xa3", "5\ufffd"},
	} {
		if got, _ := decoded(t, tt.font, []byte(tt.in)); got != tt.want {
			t.Errorf("%v %q: %q, want %q", tt.font, tt.in, got, tt.want)
		}
	}
	// A map to the private use area gives the codes of a sign font.
	for base, want := range map[string]string{"AAAAAA+Wingdings": "☑", "Own": "\ufffd"} {
		d := with(standard(base), "ToUnicode", &stream{dict: dict{}, raw: []byte("beginbfchar <41> <F0FE> endbfchar")})
		d["FontDescriptor"], d["FirstChar"], d["Widths"] = dict{"Flags": 4, "FontFile2": &stream{dict: dict{}}}, 65, array{500}
		if got, _ := decoded(t, d, []byte("A")); got != want {
			t.Errorf("%s: %q, want %q", base, got, want)
		}
	}
}

func TestFill(t *testing.T) {
	text := func(s string, unknown ...Unknown) *Page {
		p := &Page{Unknown: unknown}
		for i, r := range []rune(s) {
			p.Glyphs = append(p.Glyphs, Glyph{Rune: r, X0: float32(10 * i), X1: float32(10*i + 10), Base: 50, Size: 10})
		}
		return p
	}
	const ours = "本年度预算资金安排\ufffd万元"
	at := Unknown{At: 9, Code: 0x35}
	for _, tt := range []struct {
		what   string
		page   *Page
		other  string
		want   string
		remain int
	}{
		{"known to the other", text(ours, at), "本年度预算资金安排六万元", "本年度预算资金安排六万元", 0},
		{"unknown to both", text(ours, at), ours, ours, 1},
		{"a repeated code", text(ours, at), "本年度预算资金安排5万元", ours, 1},
		{"a code whose name is known", text(ours, Unknown{At: 9, Code: 0x35, Named: true}), "本年度预算资金安排5万元", "本年度预算资金安排5万元", 0},
		{"a code of which its font says two things", text(ours, Unknown{At: 9, Code: 3, Disputed: true}), "本年度预算资金安排5万元", ours, 1},
		{"another page", text(ours, at), "这是另外的一页内容六不同", ours, 1},
	} {
		if n := tt.page.Fill(text(tt.other)); n != tt.remain || textOf(*tt.page) != tt.want {
			t.Errorf("%s: %q, %d unknown, want %q and %d", tt.what, textOf(*tt.page), n, tt.want, tt.remain)
		}
	}
}

// What cannot be text never leaves a page as a character.
func TestNoGarbageLeavesAPage(t *testing.T) {
	font := dict{"Subtype": name("Type1"), "BaseFont": name("Own"), "Encoding": dict{"Differences": array{65, name("uniE000"), name("u0007"), name("nix"), name("one")}}}
	p := draw(t, onePage("BT /F0 10 Tf (ABCD) Tj ET", dict{"Resources": dict{"Font": dict{"F0": font}}}))
	if got := textOf(p); got != "\ufffd\ufffd\ufffd1" {
		t.Errorf("text %q", got)
	}
	if fmt.Sprint(p.Unknown) != "[{0 65 false false} {1 66 false false} {2 67 false false}]" {
		t.Errorf("unknown: %v", p.Unknown)
	}
}
