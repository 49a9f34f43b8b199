// Command pack makes an archive of each folder below the one it is given: a
// zip of those for Windows, a tar.gz of the others. The same files give the
// same bytes.
package main

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	stamp := flag.Int64("time", 0, "when the files are said to have been changed, in seconds since 1970")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: pack [-time SECONDS] DIR")
		os.Exit(2)
	}
	if err := packAll(flag.Arg(0), time.Unix(*stamp, 0).UTC()); err != nil {
		fmt.Fprintln(os.Stderr, "pack:", err)
		os.Exit(1)
	}
}

func packAll(dir string, changed time.Time) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		pack, extension := packTar, ".tar.gz"
		if strings.Contains(e.Name(), "_windows_") {
			pack, extension = packZip, ".zip"
		}
		if err := packTo(filepath.Join(dir, e.Name()), extension, pack, changed); err != nil {
			return err
		}
	}
	return nil
}

// packer writes the files of a folder; each name begins with the folder's.
type packer func(w io.Writer, folder string, changed time.Time) error

func packTo(folder, extension string, pack packer, changed time.Time) (err error) {
	f, err := os.Create(folder + extension)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return pack(f, folder, changed)
}

const (
	plainMode   = 0o644
	programMode = 0o755
)

// each calls add for every file, in the order of their names.
func each(folder string, add func(name string, mode fs.FileMode, data []byte) error) error {
	return filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(filepath.Dir(folder), path)
		if err != nil {
			return err
		}
		mode := fs.FileMode(plainMode)
		if base := filepath.Base(path); base == "perfgoal" || base == "perfgoal.exe" {
			mode = programMode
		}
		return add(filepath.ToSlash(name), mode, data)
	})
}

func packZip(w io.Writer, folder string, changed time.Time) error {
	z := zip.NewWriter(w)
	err := each(folder, func(name string, mode fs.FileMode, data []byte) error {
		h := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: changed}
		h.SetMode(mode)
		f, err := z.CreateHeader(h)
		if err != nil {
			return err
		}
		_, err = f.Write(data)
		return err
	})
	return errors.Join(err, z.Close())
}

func packTar(w io.Writer, folder string, changed time.Time) error {
	packed := gzip.NewWriter(w)
	t := tar.NewWriter(packed)
	err := each(folder, func(name string, mode fs.FileMode, data []byte) error {
		if err := t.WriteHeader(&tar.Header{Name: name, Mode: int64(mode), Size: int64(len(data)), ModTime: changed, Format: tar.FormatPAX}); err != nil {
			return err
		}
		_, err := t.Write(data)
		return err
	})
	return errors.Join(err, t.Close(), packed.Close())
}
