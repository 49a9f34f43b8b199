package cmd

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestHalvesGiveTheSameFindings parses a folder in two halves, each of several
// pieces, and checks both together: byte for byte what checking the folder
// says, the findings about all documents included.
func TestHalvesGiveTheSameFindings(t *testing.T) {
	paths, err := filepath.Glob("../testdata/text/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatal(err)
	}
	var texts [][]byte
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, data)
	}
	t.Chdir(t.TempDir())
	run := func(args ...string) string {
		t.Helper()
		var out, errOut bytes.Buffer
		if status := Main(args, strings.NewReader(""), &out, &errOut); status == statusUsage {
			t.Fatal(errOut.String())
		}
		return out.String()
	}
	for _, half := range []string{"a", "b"} {
		for i := range 50 {
			to := filepath.Join("in", half, fmt.Sprintf("%03d.txt", i))
			if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(to, texts[i%len(texts)], 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile(half+".jsonl", []byte(run("parse", "-o", "jsonl", filepath.Join("in", half))), 0o600); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(half + ".jsonl")
		if err != nil || info.Size() < 5<<18 {
			t.Errorf("the half is no more than a piece: %v %v", info, err)
		}
	}
	for _, format := range []string{"jsonl", "text"} {
		want := run("lint", "--select", "ALL", "-o", format, "in")
		if got := run("lint", "--select", "ALL", "-o", format, "a.jsonl", "b.jsonl"); got != want || len(want) < 1000 {
			t.Errorf("-o %s: %d bytes from the halves, %d from the folder", format, len(got), len(want))
		}
	}
}
