// Package input turns what a user names (files, folders, patterns, archives,
// standard input) into named sources of bytes. What cannot be had is a source
// whose problem says why and what to do; nothing is skipped unsaid.
package input

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

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
	// Lines is set for a piece of a large file of forms, of which each stands
	// on a line; Before is how many lines stand before it in the file.
	Lines  bool
	Before int
}

// Place is what was named or met in a folder: a file or archive, standard
// input, or nothing that can be read, which the problem then explains.
type Place struct {
	Path    string
	Stdin   bool
	Problem *model.Problem
	special bool // a pipe or device that the user named
}

// Options say what to look for and where.
type Options struct {
	Stdin     io.Reader     // what "-" stands for
	StdinName string        // its name; "" is "-"
	Exclude   []string      // patterns of what is not read
	Timeout   time.Duration // for an archive that comes as a stream; 0 is none
	// Own says whether a file is the program's own, such as a report that it
	// wrote, and not to be read. named are those that the user names. It may
	// be nil.
	Own func(path string, named bool) bool
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
	return Source{Path: path, Read: func() ([]byte, *model.Problem) { return nil, p }}
}

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

// Find resolves paths, in their order, each file once. The error is a
// *PatternError; what is not there or cannot be read is a Place.
func Find(paths []string, opt Options) (*Set, error) {
	for _, pattern := range opt.Exclude {
		if !doublestar.ValidatePattern(pattern) {
			return nil, &PatternError{pattern}
		}
	}
	f := &finder{exclude: opt.Exclude, own: opt.Own, seen: map[string]bool{}}
	for _, path := range paths {
		if path == "-" {
			f.add(Place{Path: "-", Stdin: true})
			continue
		}
		info, err := os.Stat(path)
		switch {
		case err == nil && info.IsDir():
			if !f.walk(path) {
				f.add(Place{Path: path, Problem: noDocuments()})
			}
		case err == nil:
			if f.own == nil || !f.own(path, true) {
				f.add(Place{Path: path, special: !info.Mode().IsRegular()})
			}
		case IsPattern(path):
			if err := f.glob(path); err != nil {
				return nil, err
			}
		default:
			f.add(Place{Path: path, Problem: readProblem(err)})
		}
	}
	if len(f.places) == 0 {
		f.places = []Place{{Path: strings.Join(paths, " "), Problem: nothingLeft()}}
	}
	return &Set{Places: f.places, opt: opt}, nil
}

// Many says whether more than one document is to be expected.
func (s *Set) Many() bool {
	return len(s.Places) > 1 || several(s.Places[0].Path) || several(s.opt.StdinName)
}

// Counted says whether there are as many documents as places, which is not
// known where archives are among them.
func (s *Set) Counted() bool {
	return !slices.ContainsFunc(s.Places, func(p Place) bool { return p.Stdin || several(p.Path) })
}

// several says whether an input may hold more than one document.
func several(name string) bool { return IsArchive(name) || IsForms(name) }

// IsForms says whether an input is called as the forms that `perfgoal parse`
// writes are, of which one file may hold those of many documents.
func IsForms(name string) bool {
	ext := strings.ToLower(filepath.Ext(name))
	return ext == ".json" || ext == ".jsonl"
}

// finder collects places.
type finder struct {
	exclude exclusion
	own     func(path string, named bool) bool
	seen    map[string]bool
	places  []Place
}

func (f *finder) add(p Place) {
	key := p.Path
	if abs, err := filepath.Abs(p.Path); err == nil && !p.Stdin {
		key = abs
	}
	if !f.seen[key] && (p.Stdin || p.Problem != nil || !f.exclude.match(p.Path)) {
		f.seen[key] = true
		f.places = append(f.places, p)
	}
}

// met adds a file that was met in a folder or by a pattern, unless it is
// nobody's submission, and says whether it is one.
func (f *finder) met(path string, kind fs.FileMode) bool {
	if !isSubmission(path) || f.exclude.match(path) || f.own != nil && f.own(path, false) {
		return false
	}
	var p *model.Problem
	if kind&(fs.ModeSymlink|fs.ModeIrregular) != 0 { // Windows has links of the second kind
		switch info, err := os.Stat(path); {
		case err != nil:
			p = readProblem(err)
		case info.IsDir():
			p = linkedFolder()
		default:
			kind = info.Mode()
		}
	}
	// Reading a pipe or device may block for ever or have effects. What else
	// is irregular is a file, of a cloud folder for example.
	if kind&(fs.ModeNamedPipe|fs.ModeSocket|fs.ModeDevice|fs.ModeCharDevice) != 0 {
		p = notAFile()
	}
	f.add(Place{Path: path, Problem: p})
	return true
}

// walk adds the inputs below a folder, by name, and says whether there are
// any. A link that is named is followed, as the folder behind it is meant.
func (f *finder) walk(root string) (found bool) {
	if info, err := os.Lstat(root); err == nil && info.Mode()&(fs.ModeSymlink|fs.ModeIrregular) != 0 {
		root += string(filepath.Separator)
	}
	_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			found = true
			f.add(Place{Path: path, Problem: readProblem(err)})
			return nil
		}
		switch {
		case path != root && (isClutter(d.Name()) || f.exclude.match(d.Name()) || f.exclude.match(path)):
			if d.IsDir() {
				return fs.SkipDir
			}
		case !d.IsDir():
			found = f.met(path, d.Type()) || found
		}
		return nil
	})
	return found
}

// glob adds the inputs that match a pattern which the shell did not expand.
// Folders that match are walked, as they are where a shell expands it.
func (f *finder) glob(pattern string) error {
	matches, err := doublestar.FilepathGlob(pattern)
	if err != nil {
		return &PatternError{pattern}
	}
	slices.SortFunc(matches, func(a, b string) int { return comparePaths(filepath.ToSlash(a), filepath.ToSlash(b)) })
	found := false
	for _, m := range matches {
		info, err := os.Lstat(m)
		switch {
		case hidden(m, pattern):
		case err != nil:
			found = true
			f.add(Place{Path: m, Problem: readProblem(err)})
		case info.IsDir():
			if !f.exclude.match(m) {
				found = f.walk(m) || found
			}
		default:
			found = f.met(m, info.Mode()) || found
		}
	}
	if !found {
		f.add(Place{Path: pattern, Problem: noMatch()})
	}
	return nil
}

// hidden says whether a match of a pattern is clutter or lies in a hidden
// folder that the pattern does not name.
func hidden(match, pattern string) bool {
	named := strings.Split(filepath.ToSlash(pattern), "/")
	for part := range strings.SplitSeq(filepath.ToSlash(match), "/") {
		if isClutter(part) && part != "." && part != ".." && !slices.Contains(named, part) {
			return true
		}
	}
	return false
}

// Sources yields the documents at the places in order, opening archives as it
// comes to them. It ends early when ctx does.
func (s *Set) Sources(ctx context.Context) iter.Seq[Source] {
	return func(yield func(Source) bool) {
		for _, p := range s.Places {
			if ctx.Err() != nil || !s.place(ctx, p, yield) {
				return
			}
		}
	}
}

func (s *Set) place(ctx context.Context, p Place, yield func(Source) bool) bool {
	name, read := p.Path, func() ([]byte, *model.Problem) { return readFile(p.Path) }
	if p.Stdin {
		name, read = cmp.Or(s.opt.StdinName, "-"), func() ([]byte, *model.Problem) { return readAll(s.opt.Stdin) }
	}
	a := archiveReader{&budget{entries: maxEntries}, exclusion(s.opt.Exclude).match, yield}
	switch {
	case p.Problem != nil:
		return yield(failed(name, p.Problem))
	case !IsArchive(name):
		if lines := (lineReader{ctx: ctx, timeout: s.opt.Timeout, name: name, most: MaxSize, yield: yield}); lined(name) && !p.special {
			if p.Stdin {
				lines.in = bufio.NewReaderSize(s.opt.Stdin, 1<<16)
				return lines.run()
			}
			if f, in, ok := linesOf(name); ok {
				defer f.Close()
				lines.in = in
				return lines.run()
			}
		}
		return yield(Source{Path: name, Read: read})
	case !p.Stdin && !p.special:
		return a.file(name)
	}
	// A stream is no place to look up entries in.
	data, problem, ok := Await(ctx, s.opt.Timeout, read)
	switch {
	case !ok:
		return false
	case problem != nil:
		return yield(failed(name, problem))
	}
	return a.bytes(name, data)
}

// Await reads, but waits for it no longer than limit (0: for ever), which is
// the input's problem, and not beyond ctx, when ok is false: standard input
// and pipes may never end.
func Await(ctx context.Context, limit time.Duration, read func() ([]byte, *model.Problem)) (data []byte, p *model.Problem, ok bool) {
	type content struct {
		data  []byte
		p     *model.Problem
		fault any
	}
	done := make(chan content, 1)
	go func() {
		c := content{}
		defer func() {
			c.fault = recover()
			done <- c
		}()
		c.data, c.p = read()
	}()
	var late <-chan time.Time
	if limit > 0 {
		timer := time.NewTimer(limit)
		defer timer.Stop()
		late = timer.C
	}
	select {
	case c := <-done:
		if c.fault != nil {
			panic(c.fault) // here the caller can deal with it
		}
		return c.data, c.p, true
	case <-late:
		return nil, tooSlow(limit), true
	case <-ctx.Done():
		return nil, nil, false
	}
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
