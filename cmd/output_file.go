package cmd

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"perfgoal/cmd/input"
)

// followed is where a path leads to: links are followed to the end, also to
// what is not there yet, but not beyond the name of an open stream.
func followed(path string) string {
	const most = 40 // as many as Linux follows
	for range most {
		if path == "" || descriptor(path) {
			return path
		}
		to, err := os.Readlink(path)
		if err != nil {
			return path
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(path), to)
		}
		path = to
	}
	return path // a circle; opening it says so
}

// stream is the number of the standard stream that a path names: 1 for
// standard output, as "" is, 2 for standard error, 0 for none.
func stream(path string) int {
	switch path {
	case "", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1":
		return 1
	case "/dev/stderr", "/dev/fd/2", "/proc/self/fd/2":
		return 2
	}
	return 0
}

// descriptor says whether a path names an open file of the process, which may
// be any file, but is not to be replaced.
func descriptor(path string) bool {
	return stream(path) > 0 || strings.HasPrefix(path, "/dev/fd/") || strings.HasPrefix(path, "/proc/self/fd/")
}

// statAll looks up files; those that are not there are nil.
func statAll(paths []string) []os.FileInfo {
	out := make([]os.FileInfo, len(paths))
	for i, path := range paths {
		if path == "" {
			continue
		}
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			out[i] = info
		}
	}
	return out
}

// sameFile is the index of the file that a path leads to, whatever its
// spelling, or -1.
func sameFile(path string, among []os.FileInfo) int {
	var info os.FileInfo
	for i, other := range among {
		if other == nil {
			continue
		}
		if info == nil {
			var err error
			if info, err = os.Stat(path); err != nil {
				return -1
			}
		}
		if os.SameFile(info, other) {
			return i
		}
	}
	return -1
}

// written looks up what the run writes to, standard output included where it
// is a file: the shell may have opened an input for it.
func (a *app) written(paths []string) []os.FileInfo {
	out := statAll(paths)
	if f, ok := a.out.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			out = append(out, info)
		}
	}
	return out
}

// spare refuses outputs that would destroy what the run reads: its inputs and
// the files that it goes by.
func (a *app) spare(outputs []string, places []input.Place, own []string) error {
	written := a.written(outputs)
	refuse := func(i int, path string) error {
		if i == len(outputs) {
			return a.usage("标准输出会写进这次要读的文件 %s；请换一个输出文件", "standard output would be written to %s, which this run reads; use another file", path)
		}
		return a.usage("输出 %s 会覆盖这次要读的文件 %s；请换一个输出文件名", "the output %s would overwrite %s, which this run reads; give it another name", outputs[i], path)
	}
	for _, path := range own {
		if i := sameFile(path, written); path != "" && i >= 0 {
			return refuse(i, path)
		}
	}
	for _, p := range places {
		if !p.Stdin {
			if i := sameFile(p.Path, written); i >= 0 {
				return refuse(i, p.Path)
			}
			continue
		}
		f, redirected := a.in.(*os.File)
		if !redirected {
			continue
		}
		info, err := f.Stat()
		for i, other := range written {
			if err == nil && other != nil && os.SameFile(info, other) {
				return refuse(i, "-")
			}
		}
	}
	return nil
}

// partialPrefix begins the names of the files in which the output for a path
// is written until it is whole. They are hidden, so that nobody takes them
// for reports.
func partialPrefix(path string) string {
	base := filepath.Base(path)
	const longest = 100 // bytes; names have at most 255
	for len(base) > longest {
		_, size := utf8.DecodeLastRuneInString(base)
		base = base[:len(base)-size]
	}
	return "." + base + ".perfgoal-"
}

const partialSuffix = ".partial"

// createPartial makes the file in which the output for a path is written, and
// removes those that a run left behind which was killed.
func createPartial(path string) (*os.File, error) {
	dir, prefix := filepath.Dir(path), partialPrefix(path)
	removeAbandoned(dir, prefix)
	for {
		name := filepath.Join(dir, fmt.Sprintf("%s%08x%s", prefix, rand.Uint32(), partialSuffix))
		f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
		switch {
		case os.IsExist(err):
			continue
		case err != nil:
			return nil, err
		}
		claim(f)
		// Another run may have taken it for abandoned before it was claimed.
		there, err := os.Stat(name)
		mine, mineErr := f.Stat()
		if err == nil && mineErr == nil && os.SameFile(there, mine) {
			return f, nil
		}
		_ = f.Close()
	}
}

func removeAbandoned(dir, prefix string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		name := e.Name()
		if e.Type().IsRegular() && strings.HasPrefix(name, prefix) && strings.HasSuffix(name, partialSuffix) {
			removeUnclaimed(filepath.Join(dir, name))
		}
	}
}

// canWriteIn says whether files can be made in a folder.
func canWriteIn(dir string) bool {
	f, err := os.CreateTemp(dir, ".perfgoal-*"+partialSuffix)
	if err != nil {
		return false
	}
	_ = f.Close()
	_ = os.Remove(f.Name())
	return true
}
