package input

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
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

// read is every source of an archive with its content or its problem's code.
func read(name string, data []byte) (got []string) {
	unpack(name, data, func(in Source) bool {
		content, p := in.Read()
		if p != nil {
			content = []byte(p.Code)
		}
		got = append(got, strings.TrimPrefix(in.Path, name+"!/")+" "+string(content))
		return true
	})
	return got
}

func want(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n%s\nwant\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestNames wants a name that is valid UTF-8 to be that, whatever its flag
// says, and any other to be GB18030.
func TestNames(t *testing.T) {
	gb, err := simplifiedchinese.GB18030.NewEncoder().String("龙𠀀镇.txt")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, h := range []*zip.FileHeader{{Name: "财政.txt", NonUTF8: true}, {Name: gb, NonUTF8: true}, {Name: "b.txt"}, {Name: "é.txt", NonUTF8: true}} {
		if _, err := z.CreateHeader(h); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	want(t, "names", read("x.zip", b.Bytes()), "b.txt ", "é.txt ", "财政.txt ", "龙𠀀镇.txt ")
}

// TestOverlap wants entries that share bytes to be refused before any is
// unpacked.
func TestOverlap(t *testing.T) {
	honest := pack(t, "a.txt", bytes.Repeat([]byte("text"), 1000))
	// The central directory's one record, many times.
	at := bytes.LastIndex(honest, []byte("PK\x01\x02"))
	end := bytes.LastIndex(honest, []byte("PK\x05\x06"))
	record := honest[at:end]
	const n = 2000
	data := append(slices.Clone(honest[:at]), bytes.Repeat(record, n)...)
	tail := slices.Clone(honest[end:])
	binary.LittleEndian.PutUint16(tail[8:], n)
	binary.LittleEndian.PutUint16(tail[10:], n)
	binary.LittleEndian.PutUint32(tail[12:], uint32(n*len(record)))
	want(t, "overlapping entries", read("x.zip", append(data, tail...)), "x.zip overlapping-entries")
	want(t, "one entry", read("x.zip", honest)[:1], "a.txt "+strings.Repeat("text", 1000))
}

// TestLinks wants a link in an archive to be named, not read as a document
// that holds its target, and a hard link to be the file that it is.
func TestLinks(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	h := &zip.FileHeader{Name: "a.pdf"}
	h.SetMode(0o777 | fs.ModeSymlink)
	pipe := &zip.FileHeader{Name: "b.pdf"}
	pipe.SetMode(0o666 | fs.ModeNamedPipe)
	for _, h := range []*zip.FileHeader{h, pipe} {
		w, err := z.CreateHeader(h)
		if err == nil {
			_, err = w.Write([]byte("../target.pdf"))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	want(t, "zip", read("x.zip", b.Bytes()), "a.pdf link-entry", "b.pdf not-a-file")

	b.Reset()
	w := tar.NewWriter(&b)
	for _, h := range []*tar.Header{
		{Name: "z.txt", Size: 4, Typeflag: tar.TypeReg}, {Name: "a.txt", Linkname: "./z.txt", Typeflag: tar.TypeLink},
		{Name: "b.txt", Linkname: "a.txt", Typeflag: tar.TypeLink}, {Name: "lost.txt", Linkname: "gone.txt", Typeflag: tar.TypeLink},
		{Name: "soft.txt", Linkname: "z.txt", Typeflag: tar.TypeSymlink}, {Name: "pipe", Typeflag: tar.TypeFifo},
		{Name: "program.exe", Size: 4, Typeflag: tar.TypeReg}, {Name: "renamed.pdf", Linkname: "program.exe", Typeflag: tar.TypeLink},
	} {
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if h.Size > 0 {
			if _, err := w.Write([]byte("text")); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	want(t, "tar", read("x.tar", b.Bytes()), "a.txt text", "b.txt text", "lost.txt link-entry", "pipe not-a-file", "renamed.pdf text", "soft.txt link-entry", "z.txt text")
}

// TestCutTar cuts a tar at every place where an entry begins or ends, and
// wants what is whole to be read and the cut to be named.
func TestCutTar(t *testing.T) {
	files := []tarFile{{"b.txt", []byte("two")}, {"a.txt", bytes.Repeat([]byte{0}, 1024)}, {"c.txt", []byte("three")}}
	whole := packTar(t, false, files...)
	for cut := 0; cut < len(whole); cut += 512 {
		got := read("x.tar", whole[:cut])
		ends := cut >= 512*(2+3+2+1) // the first block of zeros after the entries
		if named := len(got) > 0 && got[0] == "x.tar bad-archive"; named == ends {
			t.Errorf("cut at %d: %q, cut named %v", cut, got, named)
		}
		read := 0
		for _, s := range got {
			if strings.Contains(s, ".txt ") && !strings.HasSuffix(s, "bad-archive") {
				read++
			}
		}
		whole := 0
		for _, end := range []int{2, 5, 7} { // blocks; the last of an entry's may be padding
			if cut >= 512*end {
				whole++
			}
		}
		if read != whole {
			t.Errorf("cut at %d: %d entries read of %d that are whole: %q", cut, read, whole, got)
		}
	}
}

// TestTapeOrder wants documents in path order whatever the order of entries,
// also where they do not fit in memory together.
func TestTapeOrder(t *testing.T) {
	piece := make([]byte, maxHeld/2+1) // no two are held at once
	var files []tarFile
	var names []string
	for _, name := range []string{"d/b.txt", "b.txt", "d.txt", "a.txt", "d/a.txt", "c.txt"} {
		files = append(files, tarFile{name, slices.Concat([]byte(name), piece)})
	}
	data := packTar(t, false, files...)
	unpack("x.tar", data, func(in Source) bool {
		content, p := in.Read()
		if p != nil || !bytes.HasPrefix(content, []byte(strings.TrimPrefix(in.Path, "x.tar!/"))) || len(content) < len(piece) {
			t.Errorf("%s: problem %v, or another's content", in.Path, p)
		}
		names = append(names, strings.TrimPrefix(in.Path, "x.tar!/"))
		return true
	})
	want(t, "order", names, "a.txt", "b.txt", "c.txt", "d/a.txt", "d/b.txt", "d.txt")
}

// TestProportion counts what a whole archive unpacks to, so that many small
// bombs are one, and does so before any is unpacked.
func TestProportion(t *testing.T) {
	zeros := make([]byte, bombFloor/4)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"f", "e", "d", "c", "b", "a"} {
		w, err := z.Create(name + ".txt")
		if err == nil {
			_, err = w.Write(zeros)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	var codes []string
	unpack("x.zip", b.Bytes(), func(in Source) bool {
		code := "ok"
		if _, p := in.Read(); p != nil {
			code = p.Code
		}
		codes = append(codes, code)
		return true
	})
	ok := 4
	if by := proportionate(int64(b.Len())) / int64(len(zeros)); by < 6 {
		ok = int(by)
	}
	for i, code := range codes {
		if wanted := map[bool]string{true: "ok", false: "archive-bomb"}[i < ok]; code != wanted {
			t.Errorf("entry %d: %s, want %s (%d bytes packed)", i, code, wanted, b.Len())
		}
	}
}

// TestUnderstated wants an entry that is longer than it claims to be its own
// problem.
func TestUnderstated(t *testing.T) {
	data := pack(t, "a.txt", []byte("more than it says"))
	at := bytes.LastIndex(data, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(data[at+24:], 4) // the unpacked size
	want(t, "understated", read("x.zip", data), "a.txt bad-archive")
}

func TestComparePaths(t *testing.T) {
	sorted := []string{"a/b", "a/b/c", "a/c", "a.txt", "ab", "b"}
	for i, x := range sorted {
		for k, y := range sorted {
			if got := comparePaths(x, y); got != cmp.Compare(i, k) {
				t.Errorf("comparePaths(%q, %q) = %d", x, y, got)
			}
		}
	}
}

// FuzzArchive wants any bytes to be sources that can be read or say why not.
func FuzzArchive(f *testing.F) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("a.txt")
	if err == nil {
		_, err = w.Write([]byte("text"))
	}
	if err = errors.Join(err, z.Close()); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes(), false)
	b.Reset()
	t := tar.NewWriter(&b)
	err = t.WriteHeader(&tar.Header{Name: "a.txt", Size: 4})
	if err == nil {
		_, err = t.Write([]byte("text"))
	}
	if err = errors.Join(err, t.Close()); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes(), true)
	f.Fuzz(func(t *testing.T, data []byte, tape bool) {
		name := "x.zip"
		if tape {
			name = "x.tar"
		}
		n := 0
		unpack(name, data, func(in Source) bool {
			n++
			if content, p := in.Read(); p == nil && len(content) > MaxSize || in.Path == "" {
				t.Errorf("%q: %d bytes, %v", in.Path, len(content), p)
			}
			return true
		})
		if n == 0 {
			t.Error("an archive of which nothing is said")
		}
	})
}
