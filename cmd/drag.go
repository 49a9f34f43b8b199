package cmd

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// droppedArgs are the arguments that check files dropped on the program, and
// the page that they write: beside the first file, or in the folder for
// temporary files where that cannot be written. ok is false for arguments
// that are no dropped files.
func droppedArgs(paths []string) (args []string, page string, ok bool) {
	if len(paths) == 0 || slices.ContainsFunc(paths, func(p string) bool { return !filepath.IsAbs(p) || !exists(p) }) {
		return nil, "", false
	}
	first := filepath.Clean(paths[0])
	name := strings.TrimSuffix(filepath.Base(first), filepath.Ext(first)) + "-检查报告.html"
	page = filepath.Join(filepath.Dir(first), name)
	if !canWriteIn(filepath.Dir(page)) {
		page = filepath.Join(os.TempDir(), name)
	}
	return append([]string{"lint", "-o", "html=" + page, "--"}, paths...), page, true
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
