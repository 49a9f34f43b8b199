package input

import (
	"archive/tar"
	"bufio"
	"cmp"
	"compress/gzip"
	"errors"
	"io"
	"path"
	"slices"

	"perfgoal/model"
)

// maxHeld bounds how many bytes of a tar's documents are in memory at once
// because they stand in another order than their names.
const maxHeld = 64 << 20

var (
	errBomb  = errors.New("it unpacks to far more than it is")
	errAfter = errors.New("something stands after its end")
)

// tape is a tar archive that is read from front to back, and again where that
// is needed.
type tape struct {
	r    io.ReaderAt
	size int64
	*tar.Reader
	at       int   // headers read
	in, out  int64 // bytes read of the archive, and what they unpacked to
	unpacked io.Reader
}

// rewind begins at the front.
func (t *tape) rewind() error {
	t.at, t.in, t.out = 0, 0, 0
	packed := bufio.NewReader(&counted{io.NewSectionReader(t.r, 0, t.size), &t.in})
	t.unpacked = packed
	if magic, _ := packed.Peek(2); string(magic) == "\x1f\x8b" {
		z, err := gzip.NewReader(packed)
		if err != nil {
			return err
		}
		t.unpacked = z
	}
	t.Reader = tar.NewReader(tapeEnd{t})
	return nil
}

// counted counts what is read.
type counted struct {
	io.Reader
	n *int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	*c.n += int64(n)
	return n, err
}

// tapeEnd is the unpacked side of a tape. It stops what is out of proportion.
type tapeEnd struct{ t *tape }

func (e tapeEnd) Read(p []byte) (int, error) {
	n, err := e.t.unpacked.Read(p)
	e.t.out += int64(n)
	if e.t.out > proportionate(e.t.in) {
		return n, errBomb
	}
	return n, err
}

// next reads the next header.
func (t *tape) next() (*tar.Header, error) {
	h, err := t.Next()
	if errors.Is(err, tar.ErrInsecurePath) { // the listing says so
		err = nil
	}
	t.at++
	return h, err
}

// rest reads what stands after the end, which is nothing but zeros, so that
// the checksum of what is packed is tried. Two tapes in one file are not read
// on: programs differ over what that means.
func (t *tape) rest() error {
	r := tapeEnd{t}
	for buffer := make([]byte, 32<<10); ; {
		n, err := r.Read(buffer)
		if slices.ContainsFunc(buffer[:n], func(b byte) bool { return b != 0 }) {
			return errAfter
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// list lists the entries with their numbers. What is wrong with the tape is
// the listing's problem; the entries before it are listed.
func (t *tape) list(l *listing) map[*entry]int {
	numbers := map[*entry]int{}
	files := map[string]int{} // number of the latest file of a name, for hard links
	sizes := map[int]int64{}
	const block = 512
	end := int64(0) // where the content of the latest entry ends
	for {
		h, err := t.next()
		switch {
		case errors.Is(err, io.EOF):
			// A tape ends with blocks of zeros; without them it was cut.
			if t.out < end+block {
				l.problem = badArchive(io.ErrUnexpectedEOF)
			} else if err := t.rest(); err != nil {
				l.problem = tapeProblem(err)
			}
			return numbers
		case err != nil:
			l.problem = tapeProblem(err)
			return numbers
		}
		number, name := t.at-1, path.Clean(h.Name)
		size := h.Size
		end = t.out
		if !sparse(h) {
			end += (size + block - 1) / block * block
		}
		var p *model.Problem
		switch h.Typeflag {
		case tar.TypeReg, tar.TypeCont, tar.TypeGNUSparse:
			files[name], sizes[number] = number, size
		case tar.TypeLink: // one file under two names
			target, found := files[path.Clean(h.Linkname)]
			if !found {
				p = linkEntry()
				break
			}
			number, size = target, sizes[target]
			files[name] = target
		case tar.TypeSymlink:
			p = linkEntry()
		case tar.TypeDir, tar.TypeXGlobalHeader:
			continue
		default:
			p = specialEntry()
		}
		e := l.add(h.Name, size)
		if l.budget.entries < 0 {
			return numbers
		}
		if e != nil {
			e.problem = cmp.Or(e.problem, p)
			numbers[e] = number
		}
	}
}

// sparse says whether an entry stands with fewer bytes than it has.
func sparse(h *tar.Header) bool {
	return h.Typeflag == tar.TypeGNUSparse || h.PAXRecords["GNU.sparse.major"] != "" || h.PAXRecords["GNU.sparse.map"] != ""
}

// content reads the entry of a number.
func (t *tape) content(number int, size int64) ([]byte, *model.Problem) {
	if t.at > number {
		if err := t.rewind(); err != nil {
			return nil, badArchive(err)
		}
	}
	for t.at <= number {
		if _, err := t.next(); err != nil {
			return nil, tapeProblem(err)
		}
	}
	data, err := io.ReadAll(io.LimitReader(t, size))
	switch {
	case err != nil:
		return nil, tapeProblem(err)
	case int64(len(data)) < size:
		return nil, badArchive(io.ErrUnexpectedEOF)
	}
	return data, nil
}

func tapeProblem(err error) *model.Problem {
	switch {
	case errors.Is(err, errBomb):
		return bomb()
	case errors.Is(err, errAfter):
		return afterEnd()
	}
	return badArchive(err)
}

// tar yields the documents of a .tar, .tar.gz or .tgz, in path order. No more
// than maxHeld bytes are read ahead for that: what is beyond is read when its
// turn comes, from the front again where it stands before what was read.
func (a archiveReader) tar(name string, r io.ReaderAt, size int64, depth int) bool {
	t := &tape{r: r, size: size}
	if err := t.rewind(); err != nil {
		return a.yield(failed(name, badArchive(err)))
	}
	l := &listing{archiveReader: a, archive: name, seen: map[string]bool{}}
	numbers := t.list(l)
	entries := l.inOrder()
	if p := cmp.Or(l.problem, nothingIn(entries)); p != nil && !a.yield(failed(name, p)) {
		return false
	}
	for len(entries) > 0 {
		var batch []*entry
		for held := int64(0); len(entries) > 0 && (len(batch) == 0 || held+entries[0].size <= maxHeld); entries = entries[1:] {
			batch = append(batch, entries[0])
			if entries[0].problem == nil {
				held += entries[0].size
			}
		}
		wanted := slices.DeleteFunc(slices.Clone(batch), func(e *entry) bool { return e.problem != nil })
		slices.SortStableFunc(wanted, func(x, y *entry) int { return cmp.Compare(numbers[x], numbers[y]) })
		for i, e := range wanted {
			if i > 0 && numbers[wanted[i-1]] == numbers[e] { // a hard link
				e.read, e.problem = wanted[i-1].read, wanted[i-1].problem
				continue
			}
			data, p := t.content(numbers[e], e.size)
			e.read, e.problem = func() ([]byte, *model.Problem) { return data, nil }, p
		}
		for _, e := range batch {
			if !a.send(e, depth, func() {}, func() {}) {
				return false
			}
			e.read = nil
		}
	}
	return true
}
