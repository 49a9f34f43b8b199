//go:build !js

package pdfium

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	gopdfium "github.com/klippa-app/go-pdfium"
	"github.com/tetratelabs/wazero"
)

// The compiled module is machine code that runs as it is read. Therefore its
// folder holds a list of its files' checksums, and a folder that does not agree
// with its list is made anew. It gets its name when it is complete, so that
// programs that start at the same time do not disturb each other.
const (
	sumsName     = "SHA256SUMS"
	folderPrefix = "pdfium-"
	freshPrefix  = "new-"
	// abandoned is how old a folder is whose maker was stopped: compiling takes
	// seconds.
	abandoned = time.Hour
)

// cacheRoot is the program's folder for what it can make again; ok is false
// where the user has none.
func cacheRoot() (root string, ok bool) {
	base, err := os.UserCacheDir()
	if err != nil {
		return "", false
	}
	root = filepath.Join(base, "perfgoal")
	return root, os.MkdirAll(root, 0o700) == nil
}

// fromCache returns an engine out of the folder under root, which it makes
// where it is missing, or nil when that cannot be done.
func fromCache(root string, module []byte) gopdfium.Pool {
	id := sha256.Sum256(module)
	folder := filepath.Join(root, folderPrefix+hex.EncodeToString(id[:8]))
	if intact(folder) {
		if pool, err := compileIn(folder, module); err == nil {
			return pool
		}
	}
	if os.RemoveAll(folder) != nil {
		return nil
	}
	fresh, err := os.MkdirTemp(root, freshPrefix+"*")
	if err != nil {
		return nil
	}
	pool, err := compileIn(fresh, module)
	if err != nil || os.Rename(fresh, folder) != nil { // another was faster
		_ = os.RemoveAll(fresh)
	}
	tidy(root, folder)
	if err != nil {
		return nil
	}
	return pool
}

// compileIn compiles with a cache in a folder. What the cache gained, all of it
// or the code for another kind of processor, is added to the list.
func compileIn(folder string, module []byte) (gopdfium.Pool, error) {
	before, err := files(folder)
	if err != nil {
		return nil, err
	}
	cache, err := wazero.NewCompilationCacheWithDir(folder)
	if err != nil {
		return nil, err
	}
	pool, err := compile(module, cache)
	if err != nil {
		_ = cache.Close(context.Background())
		return nil, err
	}
	if after, err := files(folder); err == nil && len(after) != len(before) {
		if sums, err := checksums(folder, after); err == nil {
			_ = os.WriteFile(filepath.Join(folder, sumsName), sums, 0o600)
		}
	}
	return pool, nil
}

// intact says whether a folder holds what its list says, and nothing else.
func intact(folder string) bool {
	want, err := os.ReadFile(filepath.Join(folder, sumsName))
	if err != nil || len(want) == 0 {
		return false
	}
	names, err := files(folder)
	if err != nil {
		return false
	}
	got, err := checksums(folder, names)
	return err == nil && bytes.Equal(want, got)
}

// files are the names of the files below a folder, without the list of them,
// in order.
func files(folder string) (names []string, err error) {
	err = fs.WalkDir(os.DirFS(folder), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && name != sumsName {
			names = append(names, name)
		}
		return err
	})
	return names, err
}

// checksums lists files as sha256sum does.
func checksums(folder string, names []string) ([]byte, error) {
	var list bytes.Buffer
	for _, name := range names {
		file, err := os.Open(filepath.Join(folder, filepath.FromSlash(name)))
		if err != nil {
			return nil, err
		}
		sum := sha256.New()
		_, err = io.Copy(sum, file)
		file.Close()
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&list, "%x  %s\n", sum.Sum(nil), name)
	}
	return list.Bytes(), nil
}

// tidy removes what other versions of the program and stopped ones left behind.
func tidy(root, folder string) {
	entries, err := os.ReadDir(root)
	if err != nil {
		return
	}
	for _, e := range entries {
		path := filepath.Join(root, e.Name())
		switch info, err := e.Info(); {
		case err != nil, path == folder:
		case strings.HasPrefix(e.Name(), freshPrefix) && time.Since(info.ModTime()) < abandoned:
		case strings.HasPrefix(e.Name(), freshPrefix), strings.HasPrefix(e.Name(), folderPrefix), strings.HasPrefix(e.Name(), "wazero-"):
			_ = os.RemoveAll(path)
		}
	}
}
