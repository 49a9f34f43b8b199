package pdf

import (
	"bytes"
	"compress/zlib"
	"io"

	"perfgoal/internal/lazy"
)

var (
	anyObject  = lazy.Regexp(`\b\d{1,8}[\r\n\t ]+\d{1,5}[\r\n\t ]+obj\b`)
	pageObject = lazy.Regexp(`/Type[\r\n\t ]*/Page\b`)
	oneFlate   = lazy.Regexp(`/Filter[\r\n\t ]*(\[[\r\n\t ]*)?/FlateDecode[\r\n\t ]*(\]|/[^F]|>)`)
)

// Intact says whether a file whose structure is damaged still holds what stood
// on its pages: every stream that is simply deflated decodes to its end and
// its checksum holds, and no more page objects stand in it than the given
// number of pages that were found. It is asked before another engine is
// believed that mends the structure, for such an engine leaves out in silence
// what it cannot decode.
func Intact(data []byte, pages int) bool {
	encrypted := bytes.Contains(data, []byte("/Encrypt"))
	starts := anyObject().FindAllIndex(data, -1)
	found := map[string]bool{}
	left := int64(maxTotal)
	for i, at := range starts {
		end := len(data)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		header, body, streamed := bytes.Cut(data[at[1]:end], []byte("stream"))
		if pageObject().Match(header) {
			found[string(data[at[0]:at[1]])] = true
		}
		if !streamed || encrypted || !oneFlate().Match(header) {
			continue
		}
		// What looks like an object may stand by chance within the stream.
		if !bytes.Contains(body, []byte("endstream")) {
			body = data[at[1]+len(header)+len("stream"):]
		}
		n, ok := inflates(bytes.TrimLeft(body, "\r\n"), left)
		if left -= n; !ok || left <= 0 {
			return false
		}
	}
	return len(found) <= pages
}

// inflates decodes a zlib stream for nothing but its length and whether it is
// whole.
func inflates(data []byte, most int64) (n int64, ok bool) {
	r, err := zlib.NewReader(bytes.NewReader(data))
	if err != nil {
		return 0, false
	}
	defer r.Close()
	n, err = io.Copy(io.Discard, io.LimitReader(r, most))
	return n, err == nil
}
