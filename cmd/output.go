package cmd

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/term"

	"perfgoal/report"
)

// target is one -o FORMAT[=FILE].
type target[W any] struct {
	format report.Format[W]
	file   string        // where links lead to; "" is standard output
	append bool          // add to the file in place
	to     io.Writer     // where results go in place of a file; nil for none
	folder bool          // file is a folder for several files
	into   report.Folder // where the files go in place of a folder; nil for none
}

// files are the files that outputs go to.
func files[W any](list []target[W]) (out []string) {
	for _, t := range list {
		if t.file != "" && !t.folder {
			out = append(out, t.file)
		}
	}
	return out
}

// targets reads the -o flags. The formats' first is the default.
func targets[W any](a *app, specs []string, formats []report.Format[W]) ([]target[W], error) {
	if len(specs) == 0 {
		return []target[W]{{format: formats[0]}}, nil
	}
	var out []target[W]
	taken := map[string]bool{}
	for _, spec := range specs {
		name, file, _ := strings.Cut(spec, "=")
		if file == "-" {
			file = ""
		}
		file = followed(file)
		if stream(file) == 1 {
			file = ""
		}
		format, found := find(formats, name)
		if !found {
			var names []string
			for _, f := range formats {
				names = append(names, f.Name)
			}
			return nil, a.usage("没有“%s”这种输出格式，可用的是：%s%s", "unknown output format %q; there are %s%s",
				name, strings.Join(names, " "), a.didYouMean(name, names))
		}
		folder := isFolder(file)
		switch {
		case folder && format.Folder == nil:
			return nil, a.usage("%[1]s 只写一个文件，请写成 -o %[1]s=文件名（结尾不加斜杠）", "%[1]s is one file: -o %[1]s=FILE, without a slash at the end", name)
		case !folder && format.New == nil && (file == "" || !format.Each):
			return nil, a.usage("%[1]s 要写好几个文件，请写成 -o %[1]s=文件夹/（结尾加斜杠）", "%[1]s writes several files; give it a folder: -o %[1]s=DIR/, with a slash at the end", name)
		}
		if _, screen := terminal(a.out); screen && file == "" && name == "xlsx" {
			return nil, a.usage("xlsx 不能输出到屏幕，请写成 -o xlsx=文件名", "xlsx is not for a terminal; give it a file: -o xlsx=FILE")
		}
		key := filepath.Clean(file)
		if abs, err := filepath.Abs(file); err == nil && file != "" {
			key = abs
		}
		if taken[key] || sameFile(file, statAll(slices.Collect(maps.Keys(taken)))) >= 0 {
			if file == "" {
				return nil, a.usage("只能有一种格式输出到屏幕，其余请写成 -o %s=文件名", "only one format can go to standard output; give the others a file: -o %s=FILE", name)
			}
			return nil, a.usage("两个 -o 写到了同一个文件：%s", "two -o write to the same file: %s", file)
		}
		taken[key] = true
		out = append(out, target[W]{format: format, file: file, folder: folder})
	}
	return out, nil
}

// isFolder says whether an output's name is that of a folder.
func isFolder(name string) bool {
	return strings.HasSuffix(name, "/") || strings.HasSuffix(name, string(filepath.Separator))
}

func find[W any](formats []report.Format[W], name string) (report.Format[W], bool) {
	for _, f := range formats {
		if f.Name == name {
			return f, true
		}
	}
	return report.Format[W]{}, false
}

// sinks are the writers of all targets and what lies below them.
type sinks[W any] struct {
	writers []W
	below   []*sink
}

// sink is standard output, or a file that is written beside its place and
// moved there when it is whole, so that no half report is ever found.
type sink struct {
	*bufio.Writer
	file *os.File // nil for standard output
	path string   // "" when file is written in place
}

// open makes the writers. On an error nothing is left open.
func open[W any](a *app, list []target[W], opt report.Options) (*sinks[W], error) {
	s := &sinks[W]{}
	for _, t := range list {
		if t.into != nil {
			s.writers = append(s.writers, t.format.Folder(t.into, opt))
			continue
		}
		if t.folder || t.format.New == nil {
			s.writers = append(s.writers, t.format.Folder(&outFolder{app: a, path: t.file, single: !t.folder}, opt))
			continue
		}
		below, err := a.openSink(t.file, t.append)
		if t.to != nil {
			below, err = &sink{Writer: bufio.NewWriter(t.to)}, nil
		}
		if err != nil {
			s.discard()
			return nil, a.usage("写不了 %s：%v", "cannot write %s: %v", t.file, cause(err))
		}
		o := opt
		o.Color = t.file == "" && a.colorful(a.out)
		o.Links = t.file == "" && a.linking(a.out)
		o.Width = 80
		if t.file == "" {
			o.Width = terminalWidth(a.out)
			o.Screen = isTerminal(a.out)
		}
		s.below = append(s.below, below)
		s.writers = append(s.writers, t.format.New(below, o))
	}
	return s, nil
}

func (a *app) openSink(path string, add bool) (*sink, error) {
	switch stream(path) {
	case 1:
		return &sink{Writer: bufio.NewWriterSize(a.out, 1<<16)}, nil
	case 2:
		return &sink{Writer: bufio.NewWriter(a.err)}, nil
	}
	info, err := os.Stat(path)
	there := err == nil
	switch {
	case !there && !errors.Is(err, fs.ErrNotExist):
		return nil, err // the name is too long, or links lead in a circle
	case there && info.IsDir():
		return nil, syscall.EISDIR
	case add, descriptor(path), there && !info.Mode().IsRegular():
		// A device or a pipe is written to, never replaced.
		flags := os.O_WRONLY | os.O_APPEND
		if add {
			flags |= os.O_CREATE
		}
		f, err := os.OpenFile(path, flags, 0o666)
		if err != nil {
			return nil, err
		}
		return &sink{Writer: bufio.NewWriter(f), file: f}, nil
	}
	mode := fs.FileMode(0o666)
	if there {
		// What cannot be written is not replaced either.
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return nil, err
		}
		_ = f.Close()
		mode = info.Mode().Perm()
	}
	f, err := createPartial(path)
	if err != nil {
		return nil, err
	}
	if there {
		_ = f.Chmod(mode) // not every file system has modes
	}
	return &sink{Writer: bufio.NewWriter(f), file: f, path: path}, nil
}

// writeWhole writes a file in one piece.
func (a *app) writeWhole(path string, data []byte) error {
	below, err := a.openSink(followed(path), false)
	if err != nil {
		return err
	}
	s := sinks[struct{}]{below: []*sink{below}}
	defer s.discard()
	if _, err := below.Write(data); err != nil {
		return err
	}
	return s.finish()
}

// flush brings what was written so far before the reader's eyes.
func (s *sinks[W]) flush() error {
	var errs []error
	for _, b := range s.below {
		errs = append(errs, b.Flush())
	}
	return errors.Join(errs...)
}

// finish flushes and moves the files to their places.
func (s *sinks[W]) finish() error {
	errs := []error{s.flush()}
	for _, b := range s.below {
		if b.file == nil {
			continue
		}
		err := b.file.Close()
		if err == nil && b.path != "" {
			err = os.Rename(b.file.Name(), b.path)
		}
		errs = append(errs, err)
		b.file = nil
	}
	return errors.Join(errs...)
}

// discard drops files that were not finished.
func (s *sinks[W]) discard() {
	for _, b := range s.below {
		if b.file == nil {
			continue
		}
		_ = b.file.Close()
		if b.path != "" {
			_ = os.Remove(b.file.Name())
		}
	}
}

// cause strips the operation and path that a message already names.
func cause(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// writeError says that an output could not be written.
func (a *app) writeError(err error) error {
	return a.failure("写输出时出错：%v", "writing the output failed: %v", err)
}

// terminal returns the file behind w if that is a terminal.
func terminal(w io.Writer) (*os.File, bool) {
	if s, ok := w.(*statusScreen); ok {
		return s.file, true
	}
	f, ok := w.(*os.File)
	return f, ok && term.IsTerminal(int(f.Fd()))
}

func isTerminal(w io.Writer) bool {
	_, ok := terminal(w)
	return ok
}

// terminalWidth is the width of the terminal within what is good to read, 80
// where there is none.
func terminalWidth(w io.Writer) int {
	if f, ok := terminal(w); ok {
		if columns, _, err := term.GetSize(int(f.Fd())); err == nil && columns > 0 {
			return min(max(columns, 40), 120)
		}
	}
	return 80
}

func (a *app) colorful(w io.Writer) bool {
	switch a.color {
	case "always":
		return true
	case "never":
		return false
	}
	set := func(name string) bool { v := os.Getenv(name); return v != "" && v != "0" && v != "false" }
	switch _, screen := terminal(w); {
	case os.Getenv("NO_COLOR") != "":
		return false
	case set("FORCE_COLOR"), set("CLICOLOR_FORCE"):
		return true
	case os.Getenv("FORCE_COLOR") != "", os.Getenv("CLICOLOR") == "0", os.Getenv("TERM") == "dumb":
		return false
	default:
		return screen
	}
}

// linking says whether a terminal shows links in its text (OSC 8). None says
// so itself; those that are known to are named, and FORCE_HYPERLINK decides.
func (a *app) linking(w io.Writer) bool {
	if v := os.Getenv("FORCE_HYPERLINK"); v != "" {
		return v != "0"
	}
	if _, screen := terminal(w); !screen || os.Getenv("TERM") == "dumb" || os.Getenv("CI") != "" {
		return false
	}
	for _, name := range []string{"WT_SESSION", "KITTY_WINDOW_ID", "KONSOLE_VERSION", "DOMTERM", "ALACRITTY_WINDOW_ID"} {
		if os.Getenv(name) != "" {
			return true
		}
	}
	if slices.Contains([]string{"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper"}, os.Getenv("TERM_PROGRAM")) {
		return true
	}
	const firstLinking = 5000 // VTE 0.50
	version, err := strconv.Atoi(os.Getenv("VTE_VERSION"))
	return err == nil && version >= firstLinking
}
