package pdf

import (
	"bytes"
	"errors"
)

// object is a PDF object: nil, bool, int, float64, name, str, array, dict,
// *stream or ref.
type object any

type (
	name  string
	str   string // the string's bytes, decrypted and unescaped
	array []object
	dict  map[name]object
	ref   struct{ num, gen int }
)

// stream is a stream's dictionary with its bytes, decrypted but still encoded.
type stream struct {
	dict dict
	raw  []byte
	// decoded is set instead of raw by a layer that only hands out decoded bytes.
	decoded func(limit int64) ([]byte, error)
}

// layer is a library's view of a file's objects. Implementations need not be
// safe for concurrent use.
type layer interface {
	root() (dict, error) // the document catalogue
	load(r ref) object   // nil when there is no such object
	all() []ref          // every object's number, in ascending order
}

var (
	errLocked  = errors.New("password required")
	errNoPages = errors.New("no pages")
	// ErrLost is the cause of a page's contents being missing from the file,
	// or broken off.
	ErrLost = errors.New("a page's contents are incomplete")
	// errUnsupported is what a library cannot read though the file is sound.
	errUnsupported = errors.New("unsupported")
)

// streamBytes returns a stream's bytes as they stand in the file at offset.
// Where its length is wrong it reaches to the next endstream, at most to the
// object's end.
func streamBytes(data []byte, offset, length int64) []byte {
	if offset < 0 || offset > int64(len(data)) {
		return nil
	}
	rest := data[offset:]
	end, objectEnd := []byte("endstream"), []byte("endobj")
	if length >= 0 && length <= int64(len(rest)) {
		behind := bytes.TrimLeft(rest[length:min(int64(len(rest)), length+32)], "\r\n\t \x00")
		// An endstream that is damaged itself stands before the object's end.
		if bytes.HasPrefix(behind, end) || bytes.Contains(behind, objectEnd) {
			return rest[:length]
		}
	}
	i := bytes.Index(rest, end)
	if i < 0 {
		return rest
	}
	return bytes.TrimSuffix(bytes.TrimSuffix(rest[:i], []byte("\n")), []byte("\r"))
}

// number returns an object's number.
func number(o object) (float64, bool) {
	switch v := o.(type) {
	case int:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}
