//go:build !js

package pdfium

import (
	"bytes"
	"encoding/binary"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"
	"unicode/utf16"
)

// PDFium drops characters of Chinese fonts that are not embedded when the
// system has no font to show them with. It only needs some glyph, so the module
// sees a file system of its own that holds one small font, whose every
// character is a box.

// fontPath is where PDFium looks for fonts under Linux.
const fontPath = "usr/share/fonts/box.ttf"

// boxFont builds the font: TrueType, with two glyphs (none, box) and a
// character map that leads from every character of the BMP to the box.
func boxFont() []byte {
	var glyph bytes.Buffer // a square outline of four points
	be(&glyph, int16(1), int16(50), int16(0), int16(950), int16(800), uint16(3), uint16(0))
	glyph.Write([]byte{1, 1, 1, 1}) // on the curve, both coordinates as words
	be(&glyph, int16(50), int16(0), int16(900), int16(0), int16(0), int16(800), int16(0), int16(-800))

	tables := []table{
		{"OS/2", os2()},
		{"cmap", charMap()},
		{"glyf", glyph.Bytes()},
		{"head", words(1, 0, 1, 0, 0, 0, 0x5f0f, 0x3cf5, 0, 1000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1000, 1000, 0, 8, 2, 1, 0)},
		{"hhea", words(1, 0, 880, -120, 0, 1000, 0, 0, 1000, 1, 0, 0, 0, 0, 0, 0, 0, 2)},
		{"hmtx", words(1000, 0, 1000, 50)},
		{"loca", binary.BigEndian.AppendUint32(make([]byte, 8), uint32(glyph.Len()))},
		{"maxp", words(1, 0, 2, 4, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)},
		{"name", names("Box")},
		{"post", words(3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)},
	}
	var out bytes.Buffer
	be(&out, uint32(0x10000), uint16(len(tables)), uint16(128), uint16(3), uint16(len(tables)*16-128))
	at := 12 + 16*len(tables)
	var body bytes.Buffer
	for _, t := range tables {
		out.WriteString(t.tag)
		be(&out, t.sum(), uint32(at+body.Len()), uint32(len(t.data)))
		body.Write(t.data)
		body.Write(make([]byte, -len(t.data)&3))
	}
	out.Write(body.Bytes())
	return out.Bytes()
}

type table struct {
	tag  string
	data []byte
}

// sum is the table's checksum: its big-endian words added up.
func (t table) sum() uint32 {
	var n uint32
	for i, c := range t.data {
		n += uint32(c) << (24 - 8*(i&3))
	}
	return n
}

// be writes big-endian values; a buffer takes all of them.
func be(b *bytes.Buffer, values ...any) {
	for _, v := range values {
		_ = binary.Write(b, binary.BigEndian, v)
	}
}

// words are 16-bit values, as most tables are made of.
func words(values ...int) []byte {
	var out []byte
	for _, v := range values {
		out = binary.BigEndian.AppendUint16(out, uint16(v))
	}
	return out
}

// charMap is a cmap table (format 4): segments of 256 characters, which all
// share one list of 256 glyph numbers.
func charMap() []byte {
	const segments = 256
	var ends, starts, deltas, offsets []int
	for s := range segments {
		first, last := s<<8, s<<8|0xff
		if s == 0 {
			first = 0x20
		}
		if s == segments-1 {
			last = 0xfffd
		}
		starts, ends, deltas = append(starts, first), append(ends, last), append(deltas, 0)
		// From this entry of the table of offsets to the list behind it.
		offsets = append(offsets, 2*(segments+1-s))
	}
	starts, ends, deltas, offsets = append(starts, 0xffff), append(ends, 0xffff), append(deltas, 1), append(offsets, 0)
	n := segments + 1
	body := words(slices.Concat(ends, []int{0}, starts, deltas, offsets, slices.Repeat([]int{1}, 256))...)
	sub := append(words(4, 14+len(body), 0, 2*n, 512, 8, 2*n-512), body...)
	head := words(0, 2, 0, 3, 0, 20, 3, 1, 0, 20) // Unicode and Windows, one subtable
	return append(head, sub...)
}

// os2 claims Latin and the Chinese, Japanese and Korean code pages, by which
// PDFium chooses a font.
func os2() []byte {
	var b bytes.Buffer
	b.Write(words(4, 1000, 400, 5, 0, 650, 600, 0, 75, 650, 600, 0, 350, 50, 300, 0)) // version … family class
	b.Write(make([]byte, 10))                                                         // panose
	be(&b, uint32(0xffffffff), uint32(0x2fffffff), uint32(0), uint32(0))
	b.WriteString("NONE")
	b.Write(words(0x40, 0x20, 0xfffd, 880, -120, 0, 880, 120))
	be(&b, uint32(1|1<<17|1<<18|1<<19|1<<20), uint32(0))
	b.Write(words(500, 700, 0, 0x20, 1))
	return b.Bytes()
}

// names is a name table with the font's family, style, full and PostScript
// names.
func names(family string) []byte {
	text := []struct {
		id int
		s  string
	}{{1, family}, {2, "Regular"}, {4, family}, {6, family}}
	var records, store []byte
	for _, t := range text {
		var s []byte
		for _, u := range utf16.Encode([]rune(t.s)) {
			s = binary.BigEndian.AppendUint16(s, u)
		}
		records = append(records, words(3, 1, 0x409, t.id, len(s), len(store))...)
		store = append(store, s...)
	}
	return slices.Concat(words(0, len(text), 6+len(records)), records, store)
}

// oneFile is a read-only file system with a single file in its folders.
type oneFile struct {
	path string
	data []byte
}

// Open implements fs.FS.
func (o oneFile) Open(name string) (fs.File, error) {
	if name == o.path {
		return &memFile{Reader: bytes.NewReader(o.data), info: info{name: name, size: int64(len(o.data))}}, nil
	}
	prefix := name + "/"
	if name == "." {
		prefix = ""
	}
	rest, inside := strings.CutPrefix(o.path, prefix)
	if !inside {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	child, _, isDir := strings.Cut(rest, "/")
	return &memDir{info{name: name, dir: true}, []fs.DirEntry{fs.FileInfoToDirEntry(info{name: child, size: int64(len(o.data)), dir: isDir})}}, nil
}

type memFile struct {
	*bytes.Reader
	info info
}

func (f *memFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *memFile) Close() error               { return nil }

type memDir struct {
	info    info
	entries []fs.DirEntry
}

func (d *memDir) Stat() (fs.FileInfo, error) { return d.info, nil }
func (d *memDir) Close() error               { return nil }
func (d *memDir) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: d.info.name, Err: fs.ErrInvalid}
}

// ReadDir implements fs.ReadDirFile.
func (d *memDir) ReadDir(n int) ([]fs.DirEntry, error) {
	if len(d.entries) == 0 && n > 0 {
		return nil, io.EOF
	}
	out := d.entries
	d.entries = nil
	return out, nil
}

type info struct {
	name string
	size int64
	dir  bool
}

func (i info) Name() string       { return i.name[strings.LastIndexByte(i.name, '/')+1:] }
func (i info) Size() int64        { return i.size }
func (i info) ModTime() time.Time { return time.Time{} }
func (i info) IsDir() bool        { return i.dir }
func (i info) Sys() any           { return nil }
func (i info) Mode() fs.FileMode {
	if i.dir {
		return fs.ModeDir | 0o555
	}
	return 0o444
}
