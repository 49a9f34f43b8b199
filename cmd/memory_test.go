package cmd

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"perfgoal/model"
)

// TestAnnotatedInMemory wants of a file in memory the copy that -o annotated
// writes, and of an archive all of them, and why others have none.
func TestAnnotatedInMemory(t *testing.T) {
	wrong, fine := cleanForm(1), cleanForm(2)
	wrong.total, wrong.satisfaction = "360,001.00", ""
	dir := t.TempDir()
	source, copied := filepath.Join(dir, "甲.pdf"), filepath.Join(dir, "一份.pdf")
	if err := os.WriteFile(source, wrong.pdf(), 0o644); err != nil {
		t.Fatal(err)
	}
	Main([]string{"lint", "--no-config", "--lang", "zh", "-o", "annotated=" + copied, source}, strings.NewReader(""), io.Discard, io.Discard)
	want, err := os.ReadFile(copied)
	if err != nil {
		t.Fatal(err)
	}
	got, extension, err := Annotated(t.Context(), model.Chinese, "甲.pdf", wrong.pdf())
	if err != nil || extension != ".pdf" || !bytes.Equal(got, want) {
		t.Errorf("%d bytes, %s, %v; want %d bytes", len(got), extension, err, len(want))
	}

	bundle := pack(t, packed{"乙/甲.pdf", wrong.pdf()}, packed{"丙/甲.pdf", fine.pdf()}, packed{"丁/坏.pdf", []byte("%PDF-1.4 cut")})
	all, extension, err := Annotated(t.Context(), model.Chinese, "报送.zip", bundle)
	if err != nil || extension != ".zip" {
		t.Fatalf("%s, %v", extension, err)
	}
	opened, err := zip.NewReader(bytes.NewReader(all), int64(len(all)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range opened.File {
		names = append(names, f.Name)
	}
	const left = "没有批注副本的文件.txt"
	if !slices.Equal(names, []string{"甲.pdf", "甲-2.pdf", left}) {
		t.Fatalf("the archive holds %q", names)
	}
	f, err := opened.Open(left)
	if err != nil {
		t.Fatal(err)
	}
	why, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(why), "报送.zip!/丁/坏.pdf：") || !strings.Contains(string(why), "损坏") {
		t.Errorf("of those without a copy: %q", why)
	}
}

// TestNothingToAnnotate says why there is no copy.
func TestNothingToAnnotate(t *testing.T) {
	text, err := os.ReadFile("../testdata/text/clean-district.txt")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"坏.pdf": {[]byte("%PDF-1.4 cut"), "损坏"},
		"表.txt": {text, "不是 PDF，没有批注副本"},
		"空.zip": {[]byte("PK\x05\x06" + strings.Repeat("\x00", 18)), "压缩包里没有可以检查的文件"},
	} {
		data, _, err := Annotated(t.Context(), model.Chinese, name, c.data)
		if data != nil || err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %d bytes, %v", name, len(data), err)
		}
	}
}
