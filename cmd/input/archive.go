package input

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"os"
	"path"
	"strings"
	"sync/atomic"

	"golang.org/x/text/encoding/simplifiedchinese"

	"perfgoal/model"
)

// Bounds of what one archive named on the command line may hold, with the
// archives inside it. What an archive claims is not trusted: the bytes that
// really come are counted.
const (
	maxEntries  = 100_000
	maxUnpacked = 8 << 30 // bytes, all entries together
	maxDepth    = 3       // archives inside archives

	// An entry that unpacks to more than maxRatio times its size is a bomb,
	// once it is over bombFloor bytes. Text and tables of figures pack to a
	// tenth, blank pages to a fiftieth.
	maxRatio  = 200
	bombFloor = 16 << 20
)

// budget is what remains of the bounds.
type budget struct {
	entries  int
	unpacked atomic.Int64
}

func newBudget() *budget {
	b := &budget{entries: maxEntries}
	b.unpacked.Store(maxUnpacked)
	return b
}

// archiveReader is what both kinds of archives need on their way.
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
	if !isZip(name) {
		return a.tar(name, f, 0)
	}
	info, err := f.Stat()
	if err != nil {
		return a.yield(failed(name, readProblem(err)))
	}
	return a.zip(name, f, info.Size(), 0, shared)
}

// bytes yields the documents of an archive in memory.
func (a archiveReader) bytes(name string, data []byte, depth int) bool {
	if !isZip(name) {
		return a.tar(name, bytes.NewReader(data), depth)
	}
	return a.zip(name, bytes.NewReader(data), int64(len(data)), depth, nil)
}

// wanted says whether an entry is a document or an archive to look into.
func (a archiveReader) wanted(archive, entry string) bool {
	return !strings.HasSuffix(entry, "/") && !hiddenEntry(entry) && (isDocument(entry) || IsArchive(entry)) && !a.excluded(archive+"!/"+entry)
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

func (a archiveReader) zip(name string, r io.ReaderAt, size int64, depth int, file *sharedFile) bool {
	if depth > maxDepth {
		return a.yield(failed(name, archiveTooDeep()))
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return a.yield(failed(name, badArchive(err)))
	}
	found := false
	seen := map[string]bool{}
	for _, entry := range z.File {
		if a.budget.entries--; a.budget.entries < 0 {
			return a.yield(failed(name, archiveTooLarge()))
		}
		entryName := decodeName(entry.Name, entry.NonUTF8)
		if !a.wanted(name, entryName) {
			continue
		}
		found = true
		shown := name + "!/" + strings.TrimPrefix(entryName, "/")
		p := entryProblem(entryName, seen)
		switch {
		case p != nil:
		case entry.Flags&1 != 0:
			p = lockedEntry()
		case entry.UncompressedSize64 > MaxSize:
			p = tooLarge()
		}
		var more bool
		switch {
		case p != nil:
			more = a.yield(failed(shown, p))
		case IsArchive(entryName):
			if data, p := a.readEntry(entry); p != nil {
				more = a.yield(failed(shown, p))
			} else {
				more = a.bytes(shown, data, depth+1)
			}
		default:
			file.retain()
			more = a.yield(Source{shown, func() ([]byte, *model.Problem) {
				defer file.release()
				return a.readEntry(entry)
			}})
		}
		if !more {
			return false
		}
	}
	if !found {
		return a.yield(failed(name, emptyArchive()))
	}
	return true
}

// entryProblem is what is wrong with an entry's name. It notes the name.
func entryProblem(name string, seen map[string]bool) *model.Problem {
	clean := path.Clean("/" + name)
	defer func() { seen[clean] = true }()
	switch {
	case unsafe(name):
		return unsafeName()
	case seen[clean]:
		return duplicateEntry()
	}
	return nil
}

func (a archiveReader) readEntry(entry *zip.File) ([]byte, *model.Problem) {
	r, err := entry.Open()
	if err != nil {
		return nil, badArchive(err)
	}
	defer r.Close()
	return a.readPacked(r, int64(entry.CompressedSize64))
}

// readPacked reads an entry within all bounds; packed is its size in the
// archive, or 0 where that is not known.
func (a archiveReader) readPacked(r io.Reader, packed int64) ([]byte, *model.Problem) {
	limit := int64(MaxSize)
	if packed > 0 {
		limit = min(limit, max(bombFloor, packed*maxRatio))
	}
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	left := a.budget.unpacked.Add(-int64(len(data)))
	switch {
	case errors.Is(err, errBomb):
		return nil, bomb()
	case err != nil:
		return nil, badArchive(err)
	case left < 0:
		return nil, archiveTooLarge()
	case int64(len(data)) > limit && limit < MaxSize:
		return nil, bomb()
	case int64(len(data)) > limit:
		return nil, tooLarge()
	}
	return data, nil
}

// decodeName returns an entry's name with slashes. Chinese Windows programs
// write it in GBK without saying so; foreign is set where it is not UTF-8.
func decodeName(name string, foreign bool) string {
	if foreign {
		if decoded, err := simplifiedchinese.GB18030.NewDecoder().String(name); err == nil && !strings.ContainsRune(decoded, '�') {
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
