package pdf

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"encoding/ascii85"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/hhrutter/lzw"
)

// plainContent is long enough that every filter has work to do.
var plainContent = []byte(strings.Repeat("BT /F1 12 Tf 1 0 0 1 72 700 Tm <4E2D6587> Tj ET\n", 40) + "\x00\x01\xfe\xff")

func write(t testing.TB, data []byte, open func(io.Writer) io.WriteCloser) []byte {
	t.Helper()
	var b bytes.Buffer
	w := open(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func deflated(t testing.TB, data []byte) []byte {
	return write(t, data, func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) })
}

// packedRuns encodes as RunLengthDecode undoes it.
func packedRuns(data []byte) []byte {
	var out []byte
	for i := 0; i < len(data); {
		n := 1
		for i+n < len(data) && n < 128 && data[i+n] == data[i] {
			n++
		}
		if n > 1 {
			out = append(out, byte(257-n), data[i])
		} else {
			out = append(out, 0, data[i])
		}
		i += n
	}
	return append(out, 128)
}

// predicted encodes rows with PNG filters, one after the other of all five.
func predicted(data []byte, columns, bpp int) []byte {
	var out []byte
	prev := make([]byte, columns)
	for n := 0; len(data) > 0; n++ {
		row := make([]byte, columns)
		copy(row, data)
		data = data[min(columns, len(data)):]
		kind := n % 5
		out = append(out, byte(kind))
		for i := range row {
			left, up, corner := 0, int(prev[i]), 0
			if i >= bpp {
				left, corner = int(row[i-bpp]), int(prev[i-bpp])
			}
			guess := []int{0, left, up, (left + up) / 2, paeth(left, up, corner)}[kind]
			out = append(out, row[i]-byte(guess))
		}
		prev = row
	}
	return out
}

func TestFilters(t *testing.T) {
	flateBytes := deflated(t, plainContent)
	var a85 bytes.Buffer
	enc := ascii85.NewEncoder(&a85)
	_, _ = enc.Write(plainContent)
	_ = enc.Close()
	lzwBytes := func(early bool) []byte {
		return write(t, plainContent, func(w io.Writer) io.WriteCloser { return lzw.NewWriter(w, early) })
	}
	rows := bytes.Repeat([]byte("0123456789ab"), 7)
	tests := []struct {
		name string
		dict dict
		raw  []byte
		want []byte
	}{
		{"none", dict{}, plainContent, plainContent},
		{"Flate", dict{"Filter": name("FlateDecode")}, flateBytes, plainContent},
		{"Flate in short", dict{"F": name("Fl")}, flateBytes, plainContent},
		{"Flate behind a line end", dict{"Filter": name("FlateDecode")}, append([]byte("\r\n"), flateBytes...), plainContent},
		{"Flate with a wrong check sum", dict{"Filter": name("FlateDecode")}, append(flateBytes[:len(flateBytes)-4:len(flateBytes)-4], 0, 0, 0, 0), plainContent},
		{"Flate without check sum", dict{"Filter": name("FlateDecode")}, flateBytes[:len(flateBytes)-4], plainContent},
		{"deflate without header", dict{"Filter": name("FlateDecode")}, write(t, plainContent, func(w io.Writer) io.WriteCloser { f, _ := flate.NewWriter(w, 9); return f }), plainContent},
		{"LZW", dict{"Filter": name("LZWDecode")}, lzwBytes(true), plainContent},
		{"LZW without early change", dict{"Filter": name("LZWDecode"), "DecodeParms": dict{"EarlyChange": 0}}, lzwBytes(false), plainContent},
		{"ASCII85", dict{"Filter": name("ASCII85Decode")}, append(a85.Bytes(), "~>"...), plainContent},
		{"ASCII85 with both marks", dict{"Filter": name("A85")}, []byte("<~" + a85.String() + "~>\n"), plainContent},
		{"ASCIIHex", dict{"Filter": name("ASCIIHexDecode")}, []byte(hex.EncodeToString(plainContent) + ">"), plainContent},
		{"ASCIIHex, odd, with spaces", dict{"Filter": name("AHx")}, []byte("4 1\n4>zz"), []byte("A@")},
		{"RunLength", dict{"Filter": name("RunLengthDecode")}, packedRuns(plainContent), plainContent},
		{"RunLength breaks off", dict{"Filter": name("RL")}, []byte{3, 'a', 'b'}, []byte("ab")},
		{"two filters", dict{"Filter": array{name("ASCIIHexDecode"), name("FlateDecode")}}, []byte(hex.EncodeToString(flateBytes)), plainContent},
		{"Crypt is the object layer's", dict{"Filter": array{name("Crypt"), name("FlateDecode")}}, flateBytes, plainContent},
		{"PNG predictors", dict{"Filter": name("FlateDecode"), "DecodeParms": dict{"Predictor": 15, "Columns": 12}}, deflated(t, predicted(rows, 12, 1)), rows},
		{"PNG predictors of three bytes a pixel", dict{"Filter": array{name("FlateDecode")}, "DecodeParms": array{dict{"Predictor": 12, "Columns": 4, "Colors": 3}}}, deflated(t, predicted(rows, 12, 3)), rows},
		{"TIFF predictor", dict{"Filter": name("LZWDecode"), "DecodeParms": dict{"Predictor": 2, "Columns": 4}},
			write(t, []byte{1, 1, 1, 1, 10, 0, 0, 5}, func(w io.Writer) io.WriteCloser { return lzw.NewWriter(w, true) }), []byte{1, 2, 3, 4, 10, 10, 10, 15}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFile(fakeLayer{})
			got, err := f.decodeStream(&stream{dict: tt.dict, raw: tt.raw})
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, tt.want) {
				t.Errorf("got %d bytes % .40x, want %d % .40x", len(got), got, len(tt.want), tt.want)
			}
		})
	}
}

func TestFiltersThatCannotBeUndone(t *testing.T) {
	tests := []struct {
		name string
		dict dict
		raw  []byte
	}{
		{"image", dict{"Filter": name("DCTDecode")}, []byte("\xff\xd8")},
		{"unknown", dict{"Filter": name("FooDecode")}, []byte("x")},
		{"no deflate", dict{"Filter": name("FlateDecode")}, []byte("\xff\xff\xff\xff")},
		{"columns out of range", dict{"Filter": name("FlateDecode"), "DecodeParms": dict{"Predictor": 12, "Columns": 1 << 30}}, deflated(t, []byte("x"))},
		{"negative colours", dict{"Filter": name("FlateDecode"), "DecodeParms": dict{"Predictor": 12, "Colors": -1}}, deflated(t, []byte("x"))},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := newFile(fakeLayer{}).decodeStream(&stream{dict: tt.dict, raw: tt.raw}); err == nil {
				t.Errorf("decoded to %q", got)
			}
		})
	}
}

// A stream that breaks off gives what stands before the break.
func TestTruncatedFlate(t *testing.T) {
	f := newFile(fakeLayer{})
	noise := make([]byte, 20_000)
	for i := range noise {
		noise[i] = byte(i * i >> 3)
	}
	full := deflated(t, noise)
	for _, part := range []int{95, 60, 30} {
		got, err := f.decodeStream(&stream{dict: dict{"Filter": name("FlateDecode")}, raw: full[:len(full)*part/100]})
		if err != nil {
			t.Fatalf("cut to %d %%: %v", part, err)
		}
		if len(got) == 0 || !bytes.HasPrefix(noise, got) {
			t.Errorf("cut to %d %%: %d bytes, not the beginning of the stream", part, len(got))
		}
	}
}

func TestDecodedBytesAreBounded(t *testing.T) {
	f := newFile(fakeLayer{})
	zeros := write(t, nil, func(w io.Writer) io.WriteCloser {
		z := zlib.NewWriter(w)
		chunk := make([]byte, 1<<20)
		for range maxDecoded>>20 + 1 {
			_, _ = z.Write(chunk)
		}
		return z
	})
	if _, err := f.decodeStream(&stream{dict: dict{"Filter": name("FlateDecode")}, raw: zeros}); !errors.Is(err, errTooBig) {
		t.Errorf("Flate: error %v, want %v", err, errTooBig)
	}
	runs := bytes.Repeat([]byte{129, 'x'}, maxDecoded/128+2)
	if _, err := f.decodeStream(&stream{dict: dict{"Filter": name("RunLengthDecode")}, raw: runs}); !errors.Is(err, errTooBig) {
		t.Errorf("RunLength: error %v, want %v", err, errTooBig)
	}
}
