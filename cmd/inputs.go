package cmd

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

// maxInput bounds one input held in memory, in bytes.
const maxInput = 512 << 20

// input is one document to come: its shown path and a way to its bytes. Reading
// is left to the workers, so that no more inputs are in memory than they hold.
type input struct {
	path string
	read func() ([]byte, *model.Problem)
}

// failed is an input whose problem is known before it is read.
func failed(path string, p *model.Problem) input {
	return input{path, func() ([]byte, *model.Problem) { return nil, p }}
}

// place is what a PATH argument leads to: a file, standard input, or nothing.
type place struct {
	path    string
	stdin   bool
	problem *model.Problem
}

func isZip(path string) bool { return strings.EqualFold(filepath.Ext(path), ".zip") }

// isArchive goes by the name: .zip, .tar, .tar.gz, .tgz.
func isArchive(path string) bool {
	lower := strings.ToLower(path)
	return isZip(path) || strings.HasSuffix(lower, ".tar.gz") || strings.HasSuffix(lower, ".tgz") || strings.HasSuffix(lower, ".tar")
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

// isDocument says whether a file met in a folder or an archive is an input.
// A file named on the command line always is.
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

// places resolves the PATH arguments, in their order, each file once.
func (a *app) places(args []string, exclude exclusion) ([]place, error) {
	for _, pattern := range exclude {
		if !doublestar.ValidatePattern(pattern) {
			return nil, a.usage("通配符“%s”写得不对", "bad pattern %q", pattern)
		}
	}
	var out []place
	seen := map[string]bool{}
	add := func(p place) {
		key := p.path
		if abs, err := filepath.Abs(p.path); err == nil && !p.stdin {
			key = abs
		}
		if !seen[key] && (p.stdin || p.problem != nil || !exclude.match(p.path)) {
			seen[key] = true
			out = append(out, p)
		}
	}
	for _, arg := range args {
		if arg == "-" {
			add(place{path: "-", stdin: true})
			continue
		}
		info, err := os.Stat(arg)
		switch {
		case err == nil && info.IsDir():
			walk(arg, exclude, add)
		case err == nil:
			add(place{path: arg})
		case strings.ContainsAny(arg, "*?[{"):
			if err := a.glob(arg, add); err != nil {
				return nil, err
			}
		default:
			add(place{path: arg, problem: readProblem(err)})
		}
	}
	if len(out) == 0 {
		return []place{{path: strings.Join(args, " "), problem: allExcluded()}}, nil
	}
	return out, nil
}

// walk adds the inputs below a folder, by name.
func walk(root string, exclude exclusion, add func(place)) {
	found := false
	_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			found = true
			add(place{path: path, problem: readProblem(err)})
			return nil
		}
		if path != root && (isClutter(d.Name()) || exclude.match(d.Name()) || exclude.match(path)) {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if !d.IsDir() && (isDocument(path) || isArchive(path)) {
			found = true
			add(place{path: path})
		}
		return nil
	})
	if !found {
		add(place{path: root, problem: noDocuments()})
	}
}

// glob adds the inputs that match a pattern which the shell did not expand.
func (a *app) glob(pattern string, add func(place)) error {
	matches, err := doublestar.FilepathGlob(pattern, doublestar.WithFilesOnly())
	if err != nil {
		return a.usage("通配符“%s”写得不对", "bad pattern %q", pattern)
	}
	slices.Sort(matches)
	found := false
	for _, m := range matches {
		if !isClutter(filepath.Base(m)) && (isDocument(m) || isArchive(m)) {
			found = true
			add(place{path: m})
		}
	}
	if !found {
		add(place{path: pattern, problem: noMatch()})
	}
	return nil
}

// inputs yields the documents at the places in order, opening archives as it
// comes to them.
func (a *app) inputs(places []place, stdinName string, exclude exclusion) iter.Seq[input] {
	return func(yield func(input) bool) {
		for _, p := range places {
			switch {
			case p.problem != nil:
				if !yield(failed(p.path, p.problem)) {
					return
				}
			case p.stdin:
				if !a.stdinInputs(stdinName, exclude, yield) {
					return
				}
			case isArchive(p.path):
				if !(archiveReader{newBudget(), exclude.match, yield}).file(p.path) {
					return
				}
			default:
				if !yield(input{p.path, func() ([]byte, *model.Problem) { return readFile(p.path) }}) {
					return
				}
			}
		}
	}
}

func (a *app) stdinInputs(name string, exclude exclusion, yield func(input) bool) bool {
	if name == "" {
		name = "-"
	}
	if !isArchive(name) {
		return yield(input{name, func() ([]byte, *model.Problem) { return readAll(a.in) }})
	}
	data, p := readAll(a.in)
	if p != nil {
		return yield(failed(name, p))
	}
	return archiveReader{newBudget(), exclude.match, yield}.bytes(name, data, 0)
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
	if info.Size() > maxInput {
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
	data, err := io.ReadAll(io.LimitReader(r, maxInput+1))
	switch {
	case err != nil:
		return nil, readProblem(err)
	case len(data) > maxInput:
		return nil, tooLarge()
	}
	return data, nil
}
