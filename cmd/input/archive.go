package input

import (
	"archive/zip"
	"bytes"
	"cmp"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"perfgoal/model"
)

// Bounds of what one archive that the user names may hold, with the archives
// inside it.
const (
	maxEntries  = 100_000
	maxUnpacked = 8 << 30 // bytes, all entries together
	maxDepth    = 3       // archives inside archives

	// What unpacks to more than maxRatio times its size is a bomb, once it is
	// over bombFloor bytes: an entry by itself, and all of an archive. Text
	// and tables of figures pack to a tenth, blank pages to a fiftieth.
	maxRatio  = 200
	bombFloor = 16 << 20
)

// budget is what remains of the bounds.
type budget struct {
	entries int
	bytes   int64
}

// proportionate is how much so many packed bytes may unpack to.
func proportionate(packed int64) int64 {
	if packed > maxUnpacked/maxRatio {
		return maxUnpacked
	}
	return max(bombFloor, packed*maxRatio)
}

// take counts an entry that is to be unpacked.
func (b *budget) take(size int64) *model.Problem {
	switch {
	case size > MaxSize:
		return tooLarge()
	case size > b.bytes:
		return bomb()
	}
	b.bytes -= size
	return nil
}

// archiveReader is what all kinds of archives need on their way.
type archiveReader struct {
	budget   *budget
	excluded func(path string) bool
	yield    func(Source) bool
}

// file yields the documents of an archive on disk. It is read in place; the
// file is closed when its last document has been read.
func (a archiveReader) file(name string) bool {
	f, err := os.Open(name)
	if err != nil {
		return a.yield(failed(name, readProblem(err)))
	}
	shared := &sharedFile{File: f}
	shared.retain()
	defer shared.release()
	info, err := f.Stat()
	if err != nil {
		return a.yield(failed(name, readProblem(err)))
	}
	a.budget.bytes = proportionate(info.Size())
	return a.open(name, f, info.Size(), 0, shared)
}

// bytes yields the documents of an archive in memory.
func (a archiveReader) bytes(name string, data []byte) bool {
	a.budget.bytes = proportionate(int64(len(data)))
	return a.open(name, bytes.NewReader(data), int64(len(data)), 0, nil)
}

func (a archiveReader) open(name string, r io.ReaderAt, size int64, depth int, file *sharedFile) bool {
	switch {
	case depth > maxDepth:
		return a.yield(failed(name, archiveTooDeep()))
	case isZip(name):
		return a.zip(name, r, size, depth, file)
	}
	return a.tar(name, r, size, depth)
}

// sharedFile is closed when nobody needs it any more. A nil one needs no care.
type sharedFile struct {
	*os.File
	users atomic.Int64
}

func (s *sharedFile) retain() {
	if s != nil {
		s.users.Add(1)
	}
}

func (s *sharedFile) release() {
	if s != nil && s.users.Add(-1) == 0 {
		_ = s.Close()
	}
}

// entry is a file in an archive that may be a submission.
type entry struct {
	name    string
	shown   string
	size    int64
	problem *model.Problem // why it is not to be read
	read    func() ([]byte, *model.Problem)
}

// listing collects the entries of an archive.
type listing struct {
	archiveReader
	archive string
	seen    map[string]bool
	entries []*entry
	problem *model.Problem // of the archive: some of it is not listed
}

// add notes an entry, in the archive's order. It returns nil for what is no
// submission, and for all that follows once there are too many.
func (l *listing) add(rawName string, size int64) *entry {
	if l.budget.entries--; l.budget.entries < 0 {
		l.problem = cmp.Or(l.problem, archiveTooLarge())
		return nil
	}
	name := decodeName(rawName)
	if strings.HasSuffix(name, "/") || hiddenEntry(name) || !isSubmission(name) || l.excluded(l.archive+"!/"+name) {
		return nil
	}
	e := &entry{name: name, size: size}
	switch clean := path.Clean(name); {
	case unsafe(name):
		e.shown, e.problem = strings.TrimPrefix(name, "/"), unsafeName()
	case l.seen[clean]:
		e.shown, e.problem = clean, duplicateEntry()
	default:
		e.shown = clean
		l.seen[clean] = true
	}
	e.shown = l.archive + "!/" + e.shown
	l.entries = append(l.entries, e)
	return e
}

// inOrder brings the entries into path order and counts what they unpack to.
func (l *listing) inOrder() []*entry {
	slices.SortStableFunc(l.entries, func(x, y *entry) int { return comparePaths(x.shown, y.shown) })
	for _, e := range l.entries {
		if e.problem == nil {
			e.problem = l.budget.take(e.size)
		}
	}
	return l.entries
}

// send yields an entry, or the documents of the archive that it is. Between
// retain and release the archive has to be open.
func (a archiveReader) send(e *entry, depth int, retain, release func()) bool {
	switch {
	case e.problem != nil:
		return a.yield(failed(e.shown, e.problem))
	case IsArchive(e.name):
		data, p := e.read()
		if p != nil {
			return a.yield(failed(e.shown, p))
		}
		return a.open(e.shown, bytes.NewReader(data), int64(len(data)), depth+1, nil)
	}
	retain()
	read := e.read
	return a.yield(Source{Path: e.shown, Read: func() ([]byte, *model.Problem) {
		defer release()
		return read()
	}})
}

func (a archiveReader) zip(name string, r io.ReaderAt, size int64, depth int, file *sharedFile) bool {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return a.yield(failed(name, badArchive(err)))
	}
	if overlapping(z.File) {
		return a.yield(failed(name, overlappingEntries()))
	}
	l := &listing{archiveReader: a, archive: name, seen: map[string]bool{}}
	for _, f := range z.File {
		if f.Mode().IsDir() {
			continue
		}
		size := int64(min(f.UncompressedSize64, MaxSize+1))
		e := l.add(f.Name, size)
		if e == nil || e.problem != nil {
			continue
		}
		switch mode := f.Mode(); {
		case f.Flags&1 != 0:
			e.problem = lockedEntry()
		case mode&fs.ModeSymlink != 0:
			e.problem = linkEntry()
		case !mode.IsRegular():
			e.problem = specialEntry()
		case size > proportionate(int64(min(f.CompressedSize64, MaxSize))):
			e.problem = bomb()
		}
		e.read = func() ([]byte, *model.Problem) { return readZipped(f, size) }
	}
	entries := l.inOrder()
	if p := cmp.Or(l.problem, nothingIn(entries)); p != nil && !a.yield(failed(name, p)) {
		return false
	}
	for _, e := range entries {
		if !a.send(e, depth, file.retain, file.release) {
			return false
		}
	}
	return true
}

func nothingIn(entries []*entry) *model.Problem {
	if len(entries) == 0 {
		return emptyArchive()
	}
	return nil
}

// overlapping says whether entries share bytes, as no packing program makes
// them: a small file then unpacks to as much as one likes.
func overlapping(files []*zip.File) bool {
	type span struct{ start, end int64 }
	spans := make([]span, 0, len(files))
	for _, f := range files {
		start, err := f.DataOffset()
		if err != nil || f.CompressedSize64 == 0 {
			continue // reading it says what is wrong
		}
		spans = append(spans, span{start, start + int64(min(f.CompressedSize64, 1<<62))})
	}
	slices.SortFunc(spans, func(x, y span) int { return cmp.Compare(x.start, y.start) })
	const header = 30 // bytes of the shortest header before an entry's data
	for i := 1; i < len(spans); i++ {
		if spans[i].start-header < spans[i-1].end {
			return true
		}
	}
	return false
}

// readZipped reads an entry, which is not to hold more than it claims.
func readZipped(f *zip.File, size int64) ([]byte, *model.Problem) {
	r, err := f.Open()
	if err != nil {
		return nil, badArchive(err)
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, size+1))
	switch {
	case err != nil:
		return nil, badArchive(err)
	case int64(len(data)) > size:
		return nil, understated()
	}
	return data, nil
}

// decodeName returns an entry's name with slashes. Packing programs write it
// in UTF-8, with or without saying so, or on Chinese Windows in GBK.
func decodeName(name string) string {
	if !utf8.ValidString(name) {
		if decoded, err := simplifiedchinese.GB18030.NewDecoder().String(name); err == nil {
			name = decoded
		}
	}
	return strings.ReplaceAll(name, `\`, "/")
}

func hiddenEntry(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if part == "__MACOSX" || isClutter(part) && part != "." && part != ".." {
			return true
		}
	}
	return false
}

// unsafe says whether a name leads out of the archive.
func unsafe(name string) bool {
	clean := path.Clean(name)
	return path.IsAbs(name) || clean == ".." || strings.HasPrefix(clean, "../") || len(name) > 1 && name[1] == ':'
}
