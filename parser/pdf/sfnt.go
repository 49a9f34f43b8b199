package pdf

import (
	"encoding/binary"
	"slices"
)

// unicodeOfProgram asks an embedded TrueType font program what its glyphs
// are: its own cmap turned round, code (a glyph number where CIDToGIDMap is
// the identity) to text. nil when the program does not say.
func (f *file) unicodeOfProgram(descendant dict) map[uint32]string {
	return reverseCMap(f.programByCID(descendant))
}

// programByCID is the embedded TrueType program of a descendant font whose
// CIDs are glyph numbers, nil of any other.
func (f *file) programByCID(descendant dict) []byte {
	desc, _ := f.resolve(descendant["FontDescriptor"]).(dict)
	s, ok := f.resolve(desc["FontFile2"]).(*stream)
	if !ok {
		return nil
	}
	if m := f.resolve(descendant["CIDToGIDMap"]); m != nil && m != name("Identity") {
		return nil
	}
	data, err := f.decodeStream(s)
	if err != nil {
		return nil
	}
	return data
}

// blank says whether a character without a way to Unicode draws nothing: a
// space that its producer left out of the map.
func (ft *font) blank(c char) bool {
	if ft.program == nil {
		return false
	}
	gid := c.code
	if ft.kind == mapped {
		gid, _ = ft.cmap.cid(c.code)
	}
	data := ft.program()
	head, loca := sfntTable(data, "head"), sfntTable(data, "loca")
	const format = 50 // of indexToLocFormat in head
	if len(head) < format+2 || gid == 0 {
		return false
	}
	at := func(i uint32) (uint64, bool) {
		size, n := 2, uint64(i)
		if head[format+1] == 1 {
			size = 4
		}
		n *= uint64(size)
		if n+uint64(size) > uint64(len(loca)) {
			return 0, false
		}
		if size == 4 {
			return uint64(binary.BigEndian.Uint32(loca[n:])), true
		}
		return uint64(binary.BigEndian.Uint16(loca[n:])), true
	}
	from, ok1 := at(gid)
	to, ok2 := at(gid + 1)
	return ok1 && ok2 && from == to
}

// reverseCMap reads the Unicode cmap (formats 4 and 12) of an sfnt and
// returns the character of each glyph; nil when there is none.
func reverseCMap(data []byte) map[uint32]string {
	table := sfntTable(data, "cmap")
	out := map[uint32]string{}
	budget := maxMapped
	for _, t := range unicodeSubtables(table) {
		readSubtable(t, &budget, func(gid uint32, r rune) {
			if _, seen := out[gid]; !seen {
				out[gid] = string(r)
			}
		})
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// unicodeSubtables are the subtables of a cmap table whose codes are Unicode,
// each once.
func unicodeSubtables(table []byte) [][]byte {
	if len(table) < 4 {
		return nil
	}
	var out [][]byte
	var seen []int
	n := int(binary.BigEndian.Uint16(table[2:]))
	for i := 0; i < n && 4+8*i+8 <= len(table); i++ {
		rec := table[4+8*i:]
		platform, enc := binary.BigEndian.Uint16(rec), binary.BigEndian.Uint16(rec[2:])
		offset := int(binary.BigEndian.Uint32(rec[4:]))
		if (platform == 0 || platform == 3 && (enc == 1 || enc == 10)) && offset >= 0 && offset+16 <= len(table) && !slices.Contains(seen, offset) {
			seen = append(seen, offset)
			out = append(out, table[offset:])
		}
	}
	return out
}

// readSubtable hands on one subtable's characters and their glyphs. Segments of
// a crafted font may all span everything, so budget bounds their sum.
func readSubtable(t []byte, budget *int, each func(gid uint32, r rune)) {
	set := func(gid uint32, r rune) {
		*budget--
		if gid != 0 && r >= 0x20 {
			each(gid, r)
		}
	}
	u16 := func(i int) int {
		if i < 0 || i+2 > len(t) {
			return 0
		}
		return int(binary.BigEndian.Uint16(t[i:]))
	}
	switch u16(0) {
	case 4:
		segs := u16(6) / 2
		for s := range segs {
			end, start := u16(14+2*s), u16(16+2*segs+2*s)
			delta, offset := u16(16+4*segs+2*s), u16(16+6*segs+2*s)
			if end < start || end == 0xffff && start == 0xffff {
				continue
			}
			for c := start; c <= end && *budget > 0; c++ {
				gid := (c + delta) & 0xffff
				if offset != 0 {
					gid = u16(16 + 6*segs + 2*s + offset + 2*(c-start))
					if gid != 0 {
						gid = (gid + delta) & 0xffff
					}
				}
				set(uint32(gid), rune(c))
			}
		}
	case 12:
		groups := int(binary.BigEndian.Uint32(t[12:]))
		for g := 0; g < groups && 16+12*g+12 <= len(t) && *budget > 0; g++ {
			rec := t[16+12*g:]
			start, end, gid := binary.BigEndian.Uint32(rec), binary.BigEndian.Uint32(rec[4:]), binary.BigEndian.Uint32(rec[8:])
			if end < start || end-start > 0xffff {
				continue
			}
			for c := start; c <= end && *budget > 0; c++ {
				set(gid+c-start, rune(c))
			}
		}
	}
}

// sfntTable returns a table of an sfnt font file, nil when it is not there.
func sfntTable(data []byte, tag string) []byte {
	offset, size := tablePlace(data, tag)
	if size == 0 || offset+size > uint64(len(data)) {
		return nil
	}
	return data[offset : offset+size]
}

// tablePlace is where a table of an sfnt font file stands, in bytes, by the
// directory that the file begins with; a size of 0 when there is none.
func tablePlace(data []byte, tag string) (offset, size uint64) {
	if len(data) < 12 {
		return 0, 0
	}
	n := int(binary.BigEndian.Uint16(data[4:]))
	for i := 0; i < n && 12+16*i+16 <= len(data); i++ {
		rec := data[12+16*i:]
		if string(rec[:4]) == tag {
			return uint64(binary.BigEndian.Uint32(rec[8:])), uint64(binary.BigEndian.Uint32(rec[12:]))
		}
	}
	return 0, 0
}
