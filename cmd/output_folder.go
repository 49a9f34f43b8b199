package cmd

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"perfgoal/cmd/input"
)

// outFolder is an output of several files, or the one file of a format that
// writes one for each input. Each file appears when it is whole.
type outFolder struct {
	*app
	path   string
	single bool // path is the file
}

func (f *outFolder) file(name string) string {
	if f.single {
		return f.path
	}
	return filepath.Join(f.path, name)
}

func (f *outFolder) Put(name string, write func(io.Writer) error) error {
	path := followed(f.file(name))
	if !f.single {
		if err := os.MkdirAll(f.path, 0o777); err != nil {
			return fmt.Errorf("%s: %w", f.path, cause(err))
		}
	}
	below, err := f.openSink(path, false)
	if err != nil {
		return fmt.Errorf("%s: %w", path, cause(err))
	}
	s := sinks[struct{}]{below: []*sink{below}}
	defer s.discard()
	if err := write(below); err != nil {
		return err
	}
	return s.finish()
}

func (f *outFolder) Get(name string) ([]byte, error) { return os.ReadFile(f.file(name)) }

// checkFolders refuses folders in which what is written could take the place
// of an input, and one file for several inputs.
func checkFolders[W any](a *app, list []target[W], set *input.Set, own []string) error {
	for _, t := range list {
		if t.into != nil {
			continue
		}
		if !t.folder && t.format.New == nil && set.Many() {
			return a.usage("有几个输入，%[1]s 要写成 -o %[1]s=文件夹/（结尾加斜杠）", "there are several inputs; give %[1]s a folder: -o %[1]s=DIR/, with a slash at the end", t.format.Name)
		}
		if !t.folder {
			continue
		}
		info, err := os.Stat(filepath.Clean(t.file))
		if err != nil {
			continue // it will be made
		}
		if !info.IsDir() {
			return a.usage("%s 不是文件夹", "%s is no folder", t.file)
		}
		refuse := func(path string) error {
			return a.usage("输出文件夹 %s 里有这次要读的文件 %s；请换一个文件夹", "the output folder %s holds %s, which this run reads; give another folder", t.file, path)
		}
		inside := linkedFrom(t.file)
		for _, p := range set.Places {
			if p.Stdin {
				continue
			}
			if dir, err := os.Stat(filepath.Dir(p.Path)); err == nil && os.SameFile(dir, info) || sameFile(p.Path, inside) >= 0 {
				return refuse(p.Path)
			}
		}
		for _, path := range own { // may lie there, but not where a report goes
			ext := strings.ToLower(filepath.Ext(followed(path)))
			dir, err := os.Stat(filepath.Dir(path))
			if path != "" && err == nil && os.SameFile(dir, info) && slices.Contains([]string{".html", ".docx", ".pdf"}, ext) || sameFile(path, inside) >= 0 {
				return refuse(path)
			}
		}
	}
	return nil
}

// linkedFrom looks up the files that links in a folder lead to.
func linkedFrom(dir string) []os.FileInfo {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	var links []string
	for _, e := range entries {
		if !e.Type().IsRegular() && !e.IsDir() {
			links = append(links, filepath.Join(dir, e.Name()))
		}
	}
	return statAll(links)
}
