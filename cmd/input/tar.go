package input

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"perfgoal/model"
)

// errBomb stops a stream that unpacks to far more than it is.
var errBomb = errors.New("it unpacks to far more than it is")

// meter counts the packed bytes of a stream and stops the unpacked ones where
// they are out of proportion.
type meter struct {
	packed   io.Reader
	unpacked io.Reader
	in, out  int64
}

func (m *meter) Read(p []byte) (int, error) {
	n, err := m.unpacked.Read(p)
	m.out += int64(n)
	if m.out > bombFloor && m.out > m.in*maxRatio || m.out > maxUnpacked {
		return n, errBomb
	}
	return n, err
}

// packedSide counts what is read of the archive itself.
type packedSide struct{ m *meter }

func (s packedSide) Read(p []byte) (int, error) {
	n, err := s.m.packed.Read(p)
	s.m.in += int64(n)
	return n, err
}

// tar yields the documents of a .tar, .tar.gz or .tgz. It is a stream, so its
// documents are read as it is walked; no more of them are in memory than the
// pipeline takes up.
func (a archiveReader) tar(name string, r io.Reader, depth int) bool {
	if depth > maxDepth {
		return a.yield(failed(name, archiveTooDeep()))
	}
	m := &meter{packed: r}
	packed := bufio.NewReader(packedSide{m})
	m.unpacked = packed
	if magic, _ := packed.Peek(2); string(magic) == "\x1f\x8b" {
		z, err := gzip.NewReader(packed)
		if err != nil {
			return a.yield(failed(name, badArchive(err)))
		}
		m.unpacked = z
	}
	t := tar.NewReader(m)
	found := false
	seen := map[string]bool{}
	for {
		entry, err := t.Next()
		switch {
		case errors.Is(err, io.EOF):
			if !found {
				return a.yield(failed(name, emptyArchive()))
			}
			return true
		case errors.Is(err, errBomb):
			return a.yield(failed(name, bomb()))
		case err != nil && !errors.Is(err, tar.ErrInsecurePath):
			return a.yield(failed(name, badArchive(err)))
		}
		if a.budget.entries--; a.budget.entries < 0 {
			return a.yield(failed(name, archiveTooLarge()))
		}
		entryName := decodeName(entry.Name, !utf8.ValidString(entry.Name))
		if entry.Typeflag != tar.TypeReg || !a.wanted(name, entryName) {
			continue
		}
		found = true
		shown := name + "!/" + strings.TrimPrefix(entryName, "/")
		p := entryProblem(entryName, seen)
		if p == nil && entry.Size > MaxSize {
			p = tooLarge()
		}
		var data []byte
		if p == nil {
			data, p = a.readPacked(t, 0)
		}
		var more bool
		switch {
		case p != nil:
			more = a.yield(failed(shown, p))
		case IsArchive(entryName):
			more = a.bytes(shown, data, depth+1)
		default:
			more = a.yield(Source{shown, func() ([]byte, *model.Problem) { return data, nil }})
		}
		if !more {
			return false
		}
	}
}
