package pdf

import (
	"bytes"
	"strconv"
)

// shifted says whether bytes are missing from the midst of a file, or were
// added to it: then objects stand at other distances from each other than the
// cross-references say, and what lies between them cannot be trusted, even
// where every object can still be found. A single one that is off is a mistake
// in the cross-references, and harmless; all of them alike, something in front.
// stated are the offsets by object number.
func shifted(data []byte, stated map[int]int64) bool {
	actual := map[int]int64{}
	for _, at := range objectStart().FindAllIndex(data, -1) {
		digits, _, _ := bytes.Cut(data[at[0]:at[1]], []byte(" "))
		num, _ := strconv.Atoi(string(digits))
		if _, twice := actual[num]; twice {
			actual[num] = -1 // of which revision cannot be told
			continue
		}
		actual[num] = int64(at[0])
	}
	off := map[int64]int{}
	most := int64(0)
	add := func(by int64) {
		if off[by]++; off[by] > off[most] {
			most = by
		}
	}
	for num, at := range stated {
		if where, found := actual[num]; found && where >= 0 {
			add(where - at)
		}
	}
	end, table := startOffset(data), tableStart(data)
	if table < 0 && strayStart(data) && bytes.Contains(data, []byte("/XRef")) {
		return true // they are a stream, which cannot be found to compare
	}
	tail := table - end
	if end >= 0 && table >= 0 {
		add(tail)
	}
	for by, n := range off {
		if by != most && n > 1 {
			return true
		}
	}
	// Where all objects are in place, by so little as this no number is
	// mistaken, but by what is missing from the last of them.
	const little = 1024
	return end >= 0 && table >= 0 && most == 0 && tail != 0 && abs(int(tail)) < little
}

// startOffset is where the file says that its cross-references begin, -1 where
// it does not say.
func startOffset(data []byte) int64 {
	at := bytes.LastIndex(data, []byte("startxref"))
	if at < 0 {
		return -1
	}
	l := lexer{data: data, pos: at + len("startxref")}
	if l.next() != tokNumber {
		return -1
	}
	return int64(l.num)
}

// tableStart is where the last table of cross-references begins, -1 where
// there is none.
func tableStart(data []byte) int64 {
	if at := bytes.LastIndex(data, []byte("\nxref")); at >= 0 {
		return int64(at) + 1
	}
	return -1
}

// strayStart says whether the file's cross-references do not begin where it
// says.
func strayStart(data []byte) bool {
	at := startOffset(data)
	if at < 0 || at >= int64(len(data)) {
		return at >= 0
	}
	l := lexer{data: data, pos: int(at)}
	k := l.next()
	return !(k == tokKeyword && string(l.text) == "xref" || k == tokNumber && l.next() == tokNumber && l.next() == tokKeyword && string(l.text) == "obj")
}

// tableOffsets reads the last table of cross-references, wherever it is.
func tableOffsets(data []byte) map[int]int64 {
	at := tableStart(data)
	if at < 0 {
		return nil
	}
	out := map[int]int64{}
	l := lexer{data: data, pos: int(at) + len("xref")}
	for l.next() == tokNumber {
		first := int(l.num)
		if l.next() != tokNumber {
			break
		}
		for i := range int(min(l.num, float64(len(data)))) {
			if l.next() != tokNumber {
				return out
			}
			offset := int64(l.num)
			if l.next() != tokNumber || l.next() != tokKeyword {
				return out
			}
			if string(l.text) == "n" && offset > 0 {
				out[first+i] = offset
			}
		}
	}
	return out
}
