package pdf

import (
	"io"
	"unicode/utf8"

	"perfgoal/internal/zh"
)

// A font often says twice what its glyphs are: in its ToUnicode map, and in
// the character table of its embedded program or by the names of its glyphs.
// Where the two name different characters one of them is damaged, and which
// cannot be told.

// nearTable is how far into a program its character table may reach to be
// read, in bytes: it stands before the glyphs' shapes, so that these need not
// be unpacked.
const nearTable = 128 << 10

// askProgram looks up in an embedded TrueType program whose CIDs are its glyph
// numbers what the characters of the ToUnicode map are there, and notes the
// codes for which the program has other ones.
func (f *file) askProgram(ft *font, descendant dict) {
	if len(ft.unicode) == 0 || ft.kind != identity && ft.kind != mapped {
		return
	}
	if m := f.resolve(descendant["CIDToGIDMap"]); m != nil && m != name("Identity") {
		return
	}
	desc, _ := f.resolve(descendant["FontDescriptor"]).(dict)
	s, ok := f.resolve(desc["FontFile2"]).(*stream)
	if !ok {
		return
	}
	tables := unicodeSubtables(sfntTable(f.programHead(s), "cmap"))
	if len(tables) == 0 {
		return
	}
	var codes map[uint32]uint32 // of the glyphs, where they are not the glyphs
	if ft.kind == mapped {
		codes = make(map[uint32]uint32, len(ft.unicode))
		for code := range ft.unicode {
			if gid, ok := ft.cmap.cid(code); ok {
				codes[gid] = code
			}
		}
	}
	// Few glyphs have more than one character: those that agree are looked for
	// where another does not.
	against, agreed := map[uint32]bool{}, map[uint32]bool{}
	look := func(each func(code uint32, want, has rune)) {
		budget := maxMapped
		for _, t := range tables {
			readSubtable(t, &budget, func(gid uint32, r rune) {
				code, ok := gid, true
				if codes != nil {
					code, ok = codes[gid]
				}
				if text := ft.unicode[code]; ok && text != "" {
					if want, n := utf8.DecodeRuneInString(text); n == len(text) {
						each(code, want, r)
					}
				}
			})
		}
	}
	look(func(code uint32, want, has rune) {
		if contradicts(want, has) {
			against[code] = true
		}
	})
	if len(against) == 0 {
		return
	}
	look(func(code uint32, want, has rune) { agreed[code] = agreed[code] || want == has })
	for code := range against {
		if !agreed[code] {
			ft.dispute(code)
		}
	}
}

// askOrdering compares the ToUnicode map with the characters that the CIDs have
// by Adobe-GB1.
func (ft *font) askOrdering() {
	t := gb1()
	chars := make(map[uint32]rune, len(ft.unicode))
	for code := range ft.unicode {
		cid, ok := code, true
		if ft.kind == mapped {
			cid, ok = ft.cmap.cid(code)
		}
		if ok && int(cid) < len(t) {
			chars[code] = t[cid]
		}
	}
	ft.compare(chars)
}

// compare compares the ToUnicode map with what the codes mean by the names or
// the order of the font's glyphs. In some fonts the names are only numbers, or
// letters put for numbers, and the order is not what it is said to be: then
// they agree nowhere, and say nothing.
func (ft *font) compare(chars map[uint32]rune) {
	var against []uint32
	agree := 0
	for code, a := range chars {
		text := ft.unicode[code]
		b, n := utf8.DecodeRuneInString(text)
		switch {
		case n != len(text) || n == 0:
		case a == b:
			agree++
		case contradicts(a, b):
			against = append(against, code)
		}
	}
	if agree <= len(against) {
		return
	}
	for _, code := range against {
		ft.dispute(code)
	}
}

func (ft *font) dispute(code uint32) {
	if ft.disputed == nil {
		ft.disputed = map[uint32]bool{}
	}
	ft.disputed[code] = true
}

// contradicts says whether two characters cannot be the same glyph: both are
// such as fonts do not use for others, and no two that look alike.
func contradicts(a, b rune) bool {
	return a != b && telling(a) && telling(b) && zh.Fold(string(a)) != zh.Fold(string(b))
}

// telling says whether a character is one that fonts do not use for another:
// an ideograph, a digit or a Latin letter.
func telling(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= 0x4e00 && r <= 0x9fff
}

// programHead unpacks the beginning of a font program up to the end of its
// character table, as far as that is near.
func (f *file) programHead(s *stream) []byte {
	if s.decoded != nil {
		return nil
	}
	filters, parms := f.filters(s.dict)
	switch {
	case len(filters) == 0:
		return s.raw[:min(len(s.raw), nearTable)]
	case len(filters) > 1 || filters[0] != "FlateDecode" && filters[0] != "Fl" || f.intOr(parms[0]["Predictor"], 1) > 1:
		return nil
	}
	r, err := zlibReader(s.raw)
	if err != nil {
		return nil
	}
	defer zlibReaders.Put(r)
	const most = 64 // tables that a program has at most
	head := make([]byte, 12+16*most)
	n, err := io.ReadFull(r, head)
	head = head[:n]
	at, size := tablePlace(head, "cmap")
	end := at + size
	if err != nil || end <= uint64(n) || end > nearTable {
		return head
	}
	whole := make([]byte, end)
	more, _ := io.ReadFull(r, whole[copy(whole, head):])
	return whole[:n+more]
}
