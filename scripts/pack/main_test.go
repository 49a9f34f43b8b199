package main

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestPack wants a zip for Windows and a tar.gz else, with the names as they
// are and the same bytes each time.
func TestPack(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"perfgoal_1_windows_386/perfgoal.exe": "MZ", "perfgoal_1_windows_386/说明.txt": "说明", "perfgoal_1_linux_amd64/perfgoal": "ELF"} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	packed := func() [][]byte {
		if err := packAll(dir, time.Unix(1e9, 0).UTC()); err != nil {
			t.Fatal(err)
		}
		var out [][]byte
		for _, name := range []string{"perfgoal_1_windows_386.zip", "perfgoal_1_linux_amd64.tar.gz"} {
			data, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, data)
		}
		return out
	}
	first, second := packed(), packed()
	if !bytes.Equal(first[0], second[0]) || !bytes.Equal(first[1], second[1]) {
		t.Error("the same files gave other bytes")
	}
	z, err := zip.NewReader(bytes.NewReader(first[0]), int64(len(first[0])))
	if err != nil {
		t.Fatal(err)
	}
	if len(z.File) != 2 || z.File[1].Name != "perfgoal_1_windows_386/说明.txt" || z.File[0].Mode() != 0o755 {
		t.Errorf("the zip holds %v", z.File)
	}
}
