package input

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

func unpack(name string, data []byte, yield func(Source) bool) {
	archiveReader{&budget{entries: maxEntries}, exclusion(nil).match, yield}.bytes(name, data)
}

// TestArchiveLimits wants an archive's claims to be doubted and its faults to
// stay with the entry.
func TestArchiveLimits(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"a.txt", "../../b.txt", "/c.txt", "a.txt", `C:\d.txt`, "notes.docx", "scan", "tool.exe", "__MACOSX/e.txt", "~$f.pdf", ".g.pdf"} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte("text")); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	var got []string
	unpack("x.zip", b.Bytes(), func(in Source) bool {
		code := "ok"
		if _, p := in.Read(); p != nil {
			code = p.Code
		}
		got = append(got, in.Path+" "+code)
		return true
	})
	want := []string{
		"x.zip!/../../b.txt unsafe-name", "x.zip!/C:/d.txt unsafe-name",
		"x.zip!/a.txt ok", "x.zip!/a.txt duplicate-entry", "x.zip!/c.txt unsafe-name", "x.zip!/notes.docx ok", "x.zip!/scan ok",
	}
	if !slices.Equal(got, want) {
		t.Errorf("entries\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestNestedArchives follows archives in archives, but not for ever.
func TestNestedArchives(t *testing.T) {
	data := pack(t, "a.txt", []byte("text"))
	for depth := range maxDepth + 2 {
		var got []string
		unpack("x.zip", data, func(in Source) bool {
			code := "ok"
			if _, p := in.Read(); p != nil {
				code = p.Code
			}
			got = append(got, code)
			return true
		})
		want := "ok"
		if depth > maxDepth {
			want = "archive-too-deep"
		}
		if !slices.Equal(got, []string{want}) {
			t.Errorf("%d archives deep: %v, want %s", depth, got, want)
		}
		data = pack(t, "n.zip", data)
	}
}

// TestBombs wants what unpacks to far more than it is to be noticed by the
// bytes that come, not by the claim, and the rest of a zip to be read.
func TestBombs(t *testing.T) {
	zeros := make([]byte, bombFloor+1<<20)
	codes := func(name string, data []byte) (got []string) {
		unpack(name, data, func(in Source) bool {
			code := "ok"
			if _, p := in.Read(); p != nil {
				code = p.Code
			}
			got = append(got, in.Path+" "+code)
			return true
		})
		return got
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range []struct {
		name string
		data []byte
	}{{"bomb.pdf", zeros}, {"inner.zip", pack(t, "deep.txt", zeros)}, {"good.txt", []byte("text")}} {
		w, err := z.Create(f.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(f.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	want := []string{"x.zip!/bomb.pdf archive-bomb", "x.zip!/good.txt ok", "x.zip!/inner.zip!/deep.txt archive-bomb"}
	if got := codes("x.zip", b.Bytes()); !slices.Equal(got, want) {
		t.Errorf("zip: %v, want %v", got, want)
	}
	packed := packTar(t, true, tarFile{"good.txt", []byte("text")}, tarFile{"bomb.pdf", zeros}, tarFile{"after.txt", []byte("text")})
	want = []string{"x.tar.gz archive-bomb", "x.tar.gz!/bomb.pdf archive-bomb", "x.tar.gz!/good.txt ok"}
	if got := codes("x.tar.gz", packed); !slices.Equal(got, want) {
		t.Errorf("tar.gz: %v, want %v", got, want)
	}
	// What no document is read for is stopped, too.
	packed = packTar(t, true, tarFile{"movie.bin", zeros}, tarFile{"after.txt", []byte("text")})
	if got := codes("x.tgz", packed); !slices.Equal(got, []string{"x.tgz archive-bomb"}) {
		t.Errorf("tgz with a bomb that is no document: %v", got)
	}
}

// TestTar reads a tape archive like a zip.
func TestTar(t *testing.T) {
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("澄湖区.txt")
	if err != nil {
		t.Fatal(err)
	}
	files := []tarFile{{"a.txt", []byte("one")}, {"../b.txt", nil}, {"./a.txt", nil}, {gbk, []byte("two")}, {"n.zip", pack(t, "c.txt", []byte("three"))}, {"notes.docx", nil}}
	want := []string{"../b.txt unsafe-name", "a.txt one", "a.txt duplicate-entry", "n.zip!/c.txt three", "notes.docx ", "澄湖区.txt two"}
	for _, name := range []string{"x.tar", "x.tar.gz", "X.TGZ"} {
		data := packTar(t, name != "x.tar", files...)
		var got []string
		unpack(name, data, func(in Source) bool {
			content, p := in.Read()
			if p != nil {
				content = []byte(p.Code)
			}
			got = append(got, strings.TrimPrefix(in.Path, name+"!/")+" "+string(content))
			return true
		})
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
		truncated := 0
		unpack(name, data[:len(data)/2], func(in Source) bool {
			if _, p := in.Read(); p != nil && p.Code == "bad-archive" {
				truncated++
			}
			return true
		})
		if truncated != 1 && name != "x.tar" {
			t.Errorf("%s cut in half: %d problems, want 1", name, truncated)
		}
	}
}

type tarFile struct {
	name string
	data []byte
}

func packTar(t *testing.T, packed bool, files ...tarFile) []byte {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser = nopCloser{&b}
	if packed {
		w = gzip.NewWriter(&b)
	}
	out := tar.NewWriter(w)
	for _, f := range files {
		if err := out.WriteHeader(&tar.Header{Name: f.name, Size: int64(len(f.data)), Mode: 0o644, Format: tar.FormatGNU}); err != nil {
			t.Fatal(err)
		}
		if _, err := out.Write(f.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(out.Close(), w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

// pack makes an archive of one entry.
func pack(t *testing.T, name string, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestExclude(t *testing.T) {
	tests := []struct {
		pattern, path string
		want          bool
	}{
		{"*.txt", "a/b.txt", true}, {"*.txt", "a/b.pdf", false}, {"草稿", "2026/草稿/x.pdf", true}, {"草稿", "2026/草稿箱/x.pdf", false},
		{"草稿/", "a.zip!/草稿/x.pdf", true}, {"b/*.pdf", "a/b/x.pdf", true}, {"b/*.pdf", "a/bb/x.pdf", false}, {"a/b", "a/b/c/x.pdf", true},
	}
	for _, tt := range tests {
		if got := (exclusion{tt.pattern}).match(tt.path); got != tt.want {
			t.Errorf("--exclude %s of %s = %v", tt.pattern, tt.path, got)
		}
	}
}
