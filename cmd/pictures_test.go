package cmd

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPictures wants pages in the report where the flag or the configuration
// asks for them, and nowhere else.
func TestPictures(t *testing.T) {
	dir := t.TempDir()
	data, err := os.ReadFile("../testdata/pdf/defects-money-chromium.pdf")
	if err != nil {
		t.Fatal(err)
	}
	in, out := filepath.Join(dir, "汇总表.pdf"), filepath.Join(dir, "a.html")
	if err := os.WriteFile(in, data, 0o666); err != nil {
		t.Fatal(err)
	}
	pages := func(args ...string) int {
		t.Helper()
		var errOut bytes.Buffer
		if status := Main(append([]string{"lint", "-o", "html=" + out, in}, args...), strings.NewReader(""), io.Discard, &errOut); status != statusFindings {
			t.Fatalf("status %d: %s", status, errOut.String())
		}
		page, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Count(page, []byte(`<svg class="page"`))
	}
	if n := pages(); n != 0 {
		t.Errorf("%d pictures that nobody asked for", n)
	}
	if n := pages("--pictures"); n < 5 {
		t.Errorf("%d pictures with --pictures", n)
	}
	if err := os.WriteFile(filepath.Join(dir, ".perfgoal.yaml"), []byte("output:\n  pictures: true\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if n := pages(); n < 5 {
		t.Errorf("%d pictures with the configuration", n)
	}
	if n := pages("--pictures=false"); n != 0 {
		t.Errorf("%d pictures though the flag says none", n)
	}
}
