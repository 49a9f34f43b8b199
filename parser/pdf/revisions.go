package pdf

import "bytes"

// revisionsLoop says whether the chain of a file's cross-reference sections,
// each of which names the one before it (/Prev), runs in a circle. Then it
// cannot be known which version of an object is the last, and no reading of
// the file can be trusted.
func revisionsLoop(data []byte) bool {
	at := bytes.LastIndex(data, []byte("startxref"))
	if at < 0 {
		return false
	}
	l := lexer{data: data, pos: at + len("startxref")}
	if l.next() != tokNumber {
		return false
	}
	seen := map[int]bool{}
	for offset, ok := int(l.num), true; ok; offset, ok = previous(data, offset) {
		if seen[offset] {
			return true
		}
		seen[offset] = true
	}
	return false
}

// previous returns the /Prev of the section at an offset: of the trailer
// behind a table, or of a cross-reference stream's dictionary.
func previous(data []byte, offset int) (int, bool) {
	if offset < 0 || offset >= len(data) {
		return 0, false
	}
	l := lexer{data: data, pos: offset}
	k := l.next()
	switch {
	case k == tokKeyword && string(l.text) == "xref":
		i := bytes.Index(data[l.pos:], []byte("trailer"))
		if i < 0 {
			return 0, false
		}
		l.pos += i + len("trailer")
	case k == tokNumber && l.next() == tokNumber && l.next() == tokKeyword && string(l.text) == "obj":
	default:
		return 0, false
	}
	if l.next() != tokDictOpen {
		return 0, false
	}
	d, _ := l.value(tokDictOpen, 0).(dict)
	prev, ok := number(d["Prev"])
	return int(prev), ok
}
