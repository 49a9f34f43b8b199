package cmd

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path"
	"strings"
	"sync/atomic"

	"golang.org/x/text/encoding/simplifiedchinese"

	"perfgoal/model"
)

// Bounds of one archive. An entry is read whole, so what an archive claims
// is not trusted: the bytes that really come are counted.
const (
	maxEntries  = 100_000
	maxUnpacked = 8 << 30 // bytes, all entries together
	maxDepth    = 3       // archives inside archives
)

// archiveFile yields the documents of an archive on disk. It is read in
// place; the file is closed when its last document has been read.
func archiveFile(name string, yield func(input) bool) bool {
	f, err := os.Open(name)
	if err != nil {
		return yield(failed(name, readProblem(err)))
	}
	info, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return yield(failed(name, readProblem(err)))
	}
	shared := &sharedFile{File: f}
	shared.retain()
	defer shared.release()
	return archive(name, f, info.Size(), 0, shared, yield)
}

// archiveBytes yields the documents of an archive in memory.
func archiveBytes(name string, data []byte, depth int, yield func(input) bool) bool {
	return archive(name, bytes.NewReader(data), int64(len(data)), depth, nil, yield)
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

func archive(name string, r io.ReaderAt, size int64, depth int, file *sharedFile, yield func(input) bool) bool {
	if depth > maxDepth {
		return yield(failed(name, archiveTooDeep()))
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return yield(failed(name, badArchive(err)))
	}
	var unpacked uint64
	found := false
	seen := map[string]bool{}
	for i, entry := range z.File {
		entryName := decodeName(entry)
		if strings.HasSuffix(entryName, "/") || hiddenEntry(entryName) || !isDocument(entryName) && !isArchive(entryName) {
			continue
		}
		found = true
		shown := name + "!/" + strings.TrimPrefix(entryName, "/")
		unpacked += entry.UncompressedSize64
		var p *model.Problem
		switch {
		case i >= maxEntries || unpacked > maxUnpacked:
			return yield(failed(name, archiveTooLarge()))
		case unsafe(entryName):
			p = unsafeName()
		case seen[entryName]:
			p = duplicateEntry()
		case entry.Flags&1 != 0:
			p = lockedEntry()
		case entry.UncompressedSize64 > maxInput:
			p = tooLarge()
		}
		seen[entryName] = true
		var more bool
		switch {
		case p != nil:
			more = yield(failed(shown, p))
		case isArchive(entryName):
			if data, p := readEntry(entry); p != nil {
				more = yield(failed(shown, p))
			} else {
				more = archiveBytes(shown, data, depth+1, yield)
			}
		default:
			file.retain()
			more = yield(input{shown, func() ([]byte, *model.Problem) {
				defer file.release()
				return readEntry(entry)
			}})
		}
		if !more {
			return false
		}
	}
	if !found {
		return yield(failed(name, emptyArchive()))
	}
	return true
}

func readEntry(entry *zip.File) ([]byte, *model.Problem) {
	r, err := entry.Open()
	if err != nil {
		return nil, badArchive(err)
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, maxInput+1))
	switch {
	case err != nil:
		return nil, badArchive(err)
	case len(data) > maxInput:
		return nil, tooLarge()
	}
	return data, nil
}

// decodeName returns an entry's name with slashes. Chinese Windows programs
// write it in GBK without saying so.
func decodeName(entry *zip.File) string {
	name := entry.Name
	if entry.NonUTF8 {
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
