package pdf

import (
	"bytes"
	"strconv"
)

// claimedPages is how many pages a file says that it has, read where its
// cross-reference tables lead, so that no object has to be read in vain; ok is
// false where they do not lead there, as in a file of compressed objects.
func claimedPages(data []byte) (n int, ok bool) {
	start := bytes.LastIndex(data, []byte("startxref"))
	if start < 0 {
		return 0, false
	}
	l := lexer{data: data, pos: start + len("startxref")}
	if l.next() != tokNumber {
		return 0, false
	}
	newest := int(l.num)
	at, ok := trailerAt(data, newest)
	for _, key := range []name{"Root", "Pages"} {
		if !ok {
			return 0, false
		}
		object, reference, found := numberIn(at, key)
		if !found || !reference {
			return 0, false
		}
		at, ok = objectAt(data, newest, object)
	}
	if !ok {
		return 0, false
	}
	n, reference, ok := numberIn(at, "Count")
	return n, ok && !reference
}

// trailerAt stands before the trailer of the cross-reference table at an
// offset.
func trailerAt(data []byte, table int) (l lexer, ok bool) {
	if table < 0 || table >= len(data) || !bytes.HasPrefix(data[table:], []byte("xref")) {
		return l, false
	}
	i := bytes.Index(data[table:], []byte("trailer"))
	return lexer{data: data, pos: table + i + len("trailer")}, i >= 0
}

// numberIn returns the number that the dictionary before which a lexer stands
// has under a key: of an object, where it is a reference.
func numberIn(l lexer, key name) (n int, reference, ok bool) {
	if l.next() != tokDictOpen {
		return 0, false, false
	}
	for {
		switch l.next() {
		case tokEOF, tokDictClose:
			return 0, false, false
		case tokName:
		default:
			continue
		}
		found := name(l.text) == key
		k := l.next()
		if !found {
			l.value(k, 0)
			continue
		}
		if k != tokNumber {
			return 0, false, false
		}
		n = int(l.num)
		return n, l.next() == tokNumber && l.next() == tokKeyword && string(l.text) == "R", true
	}
}

// objectAt stands before an object, found by the table at an offset or those
// before it.
func objectAt(data []byte, table, number int) (l lexer, ok bool) {
	seen := map[int]bool{}
	for more := true; more && !seen[table]; table, more = previous(data, table) {
		seen[table] = true
		at, ok := entryAt(data, table, number)
		if !ok {
			continue
		}
		l := lexer{data: data, pos: at}
		return l, l.next() == tokNumber && int(l.num) == number && l.next() == tokNumber && l.next() == tokKeyword && string(l.text) == "obj"
	}
	return l, false
}

// entryAt finds an object's offset in one table. Its entries are 20 bytes each
// (ISO 32000-1, 7.5.4).
func entryAt(data []byte, table, number int) (offset int, ok bool) {
	const size, digits, inUse = 20, 10, 17
	if table < 0 || table >= len(data) {
		return 0, false
	}
	l := lexer{data: data, pos: table}
	if l.next() != tokKeyword || string(l.text) != "xref" {
		return 0, false
	}
	for l.next() == tokNumber {
		first := int(l.num)
		if l.next() != tokNumber {
			return 0, false
		}
		n := int(l.num)
		start := l.pos + len(data[l.pos:]) - len(bytes.TrimLeft(data[l.pos:], " \r\n"))
		if n < 0 || n > (len(data)-start)/size {
			return 0, false
		}
		if i := number - first; i >= 0 && i < n {
			entry := data[start+i*size:][:size]
			offset, err := strconv.Atoi(string(entry[:digits]))
			return offset, err == nil && entry[inUse] == 'n' && offset < len(data)
		}
		l.pos = start + n*size
	}
	return 0, false
}
