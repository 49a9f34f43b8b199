package cmd

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPartial wants the file of a run that still writes to be left alone, and
// one that nobody writes any more to go.
func TestPartial(t *testing.T) {
	path := filepath.Join(t.TempDir(), strings.Repeat("绩效目标申报表检查结果", 7)+".html")
	first, err := createPartial(path)
	if err != nil {
		t.Fatal(err)
	}
	second, err := createPartial(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(first.Name()); err != nil {
		t.Errorf("the file that is being written: %v", err)
	}
	for _, f := range []*os.File{first, second} { // as when the process is killed
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	third, err := createPartial(path)
	if err != nil {
		t.Fatal(err)
	}
	defer third.Close()
	left, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".*"))
	if err != nil || len(left) != 1 || left[0] != third.Name() {
		t.Errorf("left behind: %q, %v", left, err)
	}
}

// TestFollowed follows links by their text, also in a circle and to nothing.
func TestFollowed(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	for name, to := range map[string]string{"a": "b", "b": at("sub/c"), "round": "circle", "circle": "round", "out": "/dev/stdout"} {
		if err := os.Symlink(to, at(name)); err != nil {
			t.Skip("no links here:", err)
		}
	}
	for path, want := range map[string]string{at("a"): at("sub/c"), at("none"): at("none"), at("out"): "/dev/stdout", "": ""} {
		if got := followed(path); got != want {
			t.Errorf("followed(%q) = %q, want %q", path, got, want)
		}
	}
	if got := followed(at("round")); got != at("round") && got != at("circle") {
		t.Errorf("a circle leads to %q", got)
	}
}
