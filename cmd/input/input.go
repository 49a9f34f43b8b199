// Package input turns what a user names (files, folders, patterns, archives,
// standard input) into named sources of bytes. What cannot be had is a source
// whose problem says why and what to do; nothing is skipped unsaid.
package input

import (
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"perfgoal/model"
)

// MaxSize bounds one input held in memory, in bytes.
const MaxSize = 512 << 20

// Source is one document to come: its shown path and a way to its bytes.
// Reading is left to the caller, so that no more inputs are in memory than it
// works on.
type Source struct {
	Path string
	Read func() ([]byte, *model.Problem)
}

// Place is what was named or met in a folder: a file or archive, standard
// input, or nothing that can be read, which the problem then explains.
type Place struct {
	Path    string
	Stdin   bool
	Problem *model.Problem
}

// Options say what to look for and where.
type Options struct {
	Stdin     io.Reader // what "-" stands for
	StdinName string    // its name; "" is "-"
	Exclude   []string  // patterns of what is not read
}

// Set is what was found for the paths that a user named.
type Set struct {
	Places []Place
	opt    Options
}

// PatternError is a pattern that is none.
type PatternError struct{ Pattern string }

func (e *PatternError) Error() string { return "bad pattern: " + e.Pattern }

// failed is a source whose problem is known before it is read.
func failed(path string, p *model.Problem) Source {
	return Source{path, func() ([]byte, *model.Problem) { return nil, p }}
}

func isZip(path string) bool { return strings.EqualFold(filepath.Ext(path), ".zip") }

// IsArchive says by its name whether a file is one that is looked into: .zip,
// .tar, .tar.gz, .tgz.
func IsArchive(path string) bool {
	lower := strings.ToLower(path)
	return isZip(path) || strings.HasSuffix(lower, ".tar.gz") || strings.HasSuffix(lower, ".tgz") || strings.HasSuffix(lower, ".tar")
}

// IsPattern says whether a path may be a pattern.
func IsPattern(path string) bool { return strings.ContainsAny(path, "*?[{") }

// exclusion is --exclude: patterns of what is not read.
type exclusion []string

// match says whether a path is left out. A pattern without a slash means any
// file or folder of that name; one with slashes means the end of a path.
// Entries of archives are matched like files below a folder.
func (e exclusion) match(name string) bool {
	if len(e) == 0 {
		return false
	}
	name = strings.ReplaceAll(filepath.ToSlash(name), "!/", "/")
	for _, pattern := range e {
		pattern = strings.TrimSuffix(filepath.ToSlash(pattern), "/")
		if strings.Contains(pattern, "/") {
			whole := "**/" + strings.TrimPrefix(pattern, "/")
			if doublestar.MatchUnvalidated(whole, name) || doublestar.MatchUnvalidated(whole+"/**", name) {
				return true
			}
			continue
		}
		for part := range strings.SplitSeq(name, "/") {
			if doublestar.MatchUnvalidated(pattern, part) {
				return true
			}
		}
	}
	return false
}

// isDocument says whether a file met in a folder or an archive is an input.
// A file named by the user always is.
func isDocument(path string) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".pdf", ".txt":
		return true
	}
	return false
}

// isClutter says whether a name is hidden or an office program's lock file.
func isClutter(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$")
}

// Find resolves paths, in their order, each file once. The error is a
// *PatternError; what is not there or cannot be read is a Place.
func Find(paths []string, opt Options) (*Set, error) {
	s := &Set{opt: opt}
	exclude := exclusion(opt.Exclude)
	for _, pattern := range exclude {
		if !doublestar.ValidatePattern(pattern) {
			return nil, &PatternError{pattern}
		}
	}
	seen := map[string]bool{}
	add := func(p Place) {
		key := p.Path
		if abs, err := filepath.Abs(p.Path); err == nil && !p.Stdin {
			key = abs
		}
		if !seen[key] && (p.Stdin || p.Problem != nil || !exclude.match(p.Path)) {
			seen[key] = true
			s.Places = append(s.Places, p)
		}
	}
	for _, path := range paths {
		if path == "-" {
			add(Place{Path: "-", Stdin: true})
			continue
		}
		info, err := os.Stat(path)
		switch {
		case err == nil && info.IsDir():
			walk(path, exclude, add)
		case err == nil:
			add(Place{Path: path})
		case IsPattern(path):
			if err := glob(path, add); err != nil {
				return nil, err
			}
		default:
			add(Place{Path: path, Problem: readProblem(err)})
		}
	}
	if len(s.Places) == 0 {
		s.Places = []Place{{Path: strings.Join(paths, " "), Problem: allExcluded()}}
	}
	return s, nil
}

// Many says whether more than one document is to be expected.
func (s *Set) Many() bool {
	return len(s.Places) > 1 || IsArchive(s.Places[0].Path) || IsArchive(s.opt.StdinName)
}

// Counted says whether there are as many documents as places, which is not
// known where archives are among them.
func (s *Set) Counted() bool {
	return !slices.ContainsFunc(s.Places, func(p Place) bool { return p.Stdin || IsArchive(p.Path) })
}

// walk adds the inputs below a folder, by name.
func walk(root string, exclude exclusion, add func(Place)) {
	found := false
	_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			found = true
			add(Place{Path: path, Problem: readProblem(err)})
			return nil
		}
		if path != root && (isClutter(d.Name()) || exclude.match(d.Name()) || exclude.match(path)) {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if !d.IsDir() && (isDocument(path) || IsArchive(path)) {
			found = true
			add(Place{Path: path})
		}
		return nil
	})
	if !found {
		add(Place{Path: root, Problem: noDocuments()})
	}
}

// glob adds the inputs that match a pattern which the shell did not expand.
func glob(pattern string, add func(Place)) error {
	matches, err := doublestar.FilepathGlob(pattern, doublestar.WithFilesOnly())
	if err != nil {
		return &PatternError{pattern}
	}
	slices.Sort(matches)
	found := false
	for _, m := range matches {
		if !isClutter(filepath.Base(m)) && (isDocument(m) || IsArchive(m)) {
			found = true
			add(Place{Path: m})
		}
	}
	if !found {
		add(Place{Path: pattern, Problem: noMatch()})
	}
	return nil
}

// Sources yields the documents at the places in order, opening archives as it
// comes to them.
func (s *Set) Sources() iter.Seq[Source] {
	return func(yield func(Source) bool) {
		for _, p := range s.Places {
			switch {
			case p.Problem != nil:
				if !yield(failed(p.Path, p.Problem)) {
					return
				}
			case p.Stdin:
				if !s.stdin(yield) {
					return
				}
			case IsArchive(p.Path):
				if !s.archive(yield).file(p.Path) {
					return
				}
			default:
				if !yield(Source{p.Path, func() ([]byte, *model.Problem) { return readFile(p.Path) }}) {
					return
				}
			}
		}
	}
}

func (s *Set) archive(yield func(Source) bool) archiveReader {
	return archiveReader{newBudget(), exclusion(s.opt.Exclude).match, yield}
}

func (s *Set) stdin(yield func(Source) bool) bool {
	name := s.opt.StdinName
	if name == "" {
		name = "-"
	}
	if !IsArchive(name) {
		return yield(Source{name, func() ([]byte, *model.Problem) { return readAll(s.opt.Stdin) }})
	}
	data, p := readAll(s.opt.Stdin)
	if p != nil {
		return yield(failed(name, p))
	}
	return s.archive(yield).bytes(name, data, 0)
}

func readFile(path string) ([]byte, *model.Problem) {
	f, err := os.Open(path)
	if err != nil {
		return nil, readProblem(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, readProblem(err)
	}
	if info.Size() > MaxSize {
		return nil, tooLarge()
	}
	if !info.Mode().IsRegular() {
		return readAll(f)
	}
	data := make([]byte, info.Size())
	n, err := io.ReadFull(f, data)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, readProblem(err)
	}
	return data[:n], nil
}

// readAll reads a stream within the limit.
func readAll(r io.Reader) ([]byte, *model.Problem) {
	data, err := io.ReadAll(io.LimitReader(r, MaxSize+1))
	switch {
	case err != nil:
		return nil, readProblem(err)
	case len(data) > MaxSize:
		return nil, tooLarge()
	}
	return data, nil
}
