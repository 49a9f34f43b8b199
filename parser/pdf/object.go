package pdf

import "errors"

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
)

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
