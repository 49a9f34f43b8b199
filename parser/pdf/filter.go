package pdf

import (
	"bytes"
	"cmp"
	"compress/flate"
	"compress/zlib"
	"encoding/ascii85"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/hhrutter/lzw"
)

// errTooBig is returned when a stream, or all together, decode to more than
// the limits allow.
var errTooBig = errors.New("too many decoded bytes")

// errImage is returned for a stream that only images have.
var errImage = errors.New("an image's filter")

// errBrokenOff comes with the bytes of a stream that ends too early.
var errBrokenOff = errors.New("the stream breaks off")

// errCorrupt is an errBrokenOff whose bytes cannot be trusted either: the
// encoding is broken within, or its checksum does not hold.
var errCorrupt = fmt.Errorf("%w: its data is damaged", errBrokenOff)

// decodeStream applies a stream's filters. A stream that breaks off is
// decoded as far as it goes; an image filter is an error.
func (f *file) decodeStream(s *stream) ([]byte, error) {
	data, err := f.decodeWhole(s)
	if errors.Is(err, errBrokenOff) {
		err = nil
	}
	return data, err
}

// decodeWhole is decodeStream, but also tells when a stream breaks off or is
// corrupt.
func (f *file) decodeWhole(s *stream) ([]byte, error) {
	if s.decoded != nil {
		data, err := s.decoded(f.limits.Decoded)
		if f.spent.Add(int64(len(data))) > f.limits.Total {
			return nil, errTooBig
		}
		return data, err
	}
	filters, parms := f.filters(s.dict)
	if len(filters) > maxFilters {
		return nil, errTooBig
	}
	data := s.raw
	var broken error
	for i, fl := range filters {
		var err error
		data, err = f.applyFilter(data, fl, parms[i])
		switch {
		case errors.Is(err, errBrokenOff):
			broken = cmp.Or(broken, err)
		case err != nil:
			return nil, err
		case ends[fl] && !errors.Is(broken, errCorrupt):
			broken = nil // what was packed within came to its end
		}
	}
	return data, broken
}

// ends are the filters whose data says itself where it ends, so that an end
// mark missing around it loses nothing.
var ends = map[name]bool{"FlateDecode": true, "Fl": true, "LZWDecode": true, "LZW": true}

// filters returns the names of a stream's filters and their parameters, which
// are nil where there are none.
func (f *file) filters(d dict) ([]name, []dict) {
	get := func(long, short name) object {
		if o := f.resolve(d[long]); o != nil {
			return o
		}
		return f.resolve(d[short])
	}
	var names []name
	switch v := get("Filter", "F").(type) {
	case name:
		names = []name{v}
	case array:
		for _, o := range v {
			if n, ok := f.resolve(o).(name); ok {
				names = append(names, n)
			}
		}
	}
	parms := make([]dict, len(names))
	switch v := get("DecodeParms", "DP").(type) {
	case dict:
		if len(parms) > 0 {
			parms[0] = v
		}
	case array:
		for i := range min(len(v), len(parms)) {
			parms[i], _ = f.resolve(v[i]).(dict)
		}
	}
	return names, parms
}

func (f *file) applyFilter(data []byte, filter name, parms dict) ([]byte, error) {
	switch filter {
	case "FlateDecode", "Fl":
		out, err := f.inflate(data)
		return f.unpredict(out, parms, err)
	case "LZWDecode", "LZW":
		early := true
		if v, ok := f.resolve(parms["EarlyChange"]).(int); ok {
			early = v != 0
		}
		r := lzw.NewReader(bytes.NewReader(data), early)
		defer r.Close()
		out, err := f.readBounded(r)
		return f.unpredict(out, parms, err)
	case "ASCII85Decode", "A85":
		return decode85(data)
	case "ASCIIHexDecode", "AHx":
		return decodeHex(data)
	case "RunLengthDecode", "RL":
		return f.decodeRuns(data)
	case "Crypt":
		return data, nil // the object layer has decrypted
	}
	switch filter {
	case "DCTDecode", "DCT", "CCITTFaxDecode", "CCF", "JBIG2Decode", "JPXDecode":
		return nil, fmt.Errorf("%w: %s", errImage, filter)
	}
	return nil, fmt.Errorf("unknown filter %s", filter)
}

// readBounded reads up to the limits. An error after the first bytes is
// errBrokenOff at the data's end, errCorrupt before.
func (f *file) readBounded(r io.Reader) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(16 << 10)
	n, err := io.Copy(&b, io.LimitReader(r, min(f.limits.Decoded, f.limits.Total-f.spent.Load())+1))
	if n > f.limits.Decoded || f.spent.Add(n) > f.limits.Total {
		return nil, errTooBig
	}
	switch {
	case err == nil:
		return b.Bytes(), nil
	case n == 0:
		return nil, err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return b.Bytes(), errBrokenOff
	}
	return b.Bytes(), errCorrupt
}

// zlibReaders are readers to be used again: a new one costs 40 KB.
var zlibReaders sync.Pool

func zlibReader(data []byte) (io.Reader, error) {
	if r, ok := zlibReaders.Get().(io.Reader); ok {
		return r, r.(zlib.Resetter).Reset(bytes.NewReader(data), nil)
	}
	return zlib.NewReader(bytes.NewReader(data))
}

// inflate decodes a zlib stream. One whose header is broken, or which lacks the
// checksum at its end, is tried as raw deflate.
func (f *file) inflate(data []byte) ([]byte, error) {
	data = bytes.TrimLeft(data, "\r\n")
	if r, err := zlibReader(data); err == nil {
		defer zlibReaders.Put(r)
		out, err := f.readBounded(r)
		if err == nil || errors.Is(err, errTooBig) || errors.Is(err, errCorrupt) {
			return out, err
		}
	}
	raw := data
	if len(raw) > 2 && raw[0]&0x0f == 8 {
		raw = raw[2:]
	}
	r := flate.NewReader(bytes.NewReader(raw))
	defer r.Close()
	out, err := f.readBounded(r)
	// Some producers only flush and never end; then nothing is missing.
	if errors.Is(err, errBrokenOff) && !errors.Is(err, errCorrupt) && bytes.HasSuffix(bytes.TrimRight(data, "\r\n"), flushed) {
		err = nil
	}
	return out, err
}

// flushed is the empty block to which a flush brings deflated data (RFC 1951, 3.2.4).
var flushed = []byte{0, 0, 0xff, 0xff}

// unpredict undoes the PNG and TIFF predictors. err is what decoding said
// before; it is handed on.
func (f *file) unpredict(data []byte, parms dict, err error) ([]byte, error) {
	predictor := f.intOr(parms["Predictor"], 1)
	if predictor < 2 || err != nil && !errors.Is(err, errBrokenOff) {
		return data, err
	}
	colors, bits, columns := f.intOr(parms["Colors"], 1), f.intOr(parms["BitsPerComponent"], 8), f.intOr(parms["Columns"], 1)
	if colors < 1 || colors > 32 || bits < 1 || bits > 16 || columns < 1 || columns > 1<<20 {
		return nil, errors.New("predictor parameters out of range")
	}
	bpp := max(1, (colors*bits+7)/8)
	rowLen := (columns*colors*bits + 7) / 8
	if predictor == 2 {
		if bits == 8 {
			for start := 0; start < len(data); start += rowLen {
				row := data[start:min(start+rowLen, len(data))]
				for i := bpp; i < len(row); i++ {
					row[i] += row[i-bpp]
				}
			}
		}
		return data, err
	}
	out := make([]byte, 0, len(data))
	prev := make([]byte, rowLen)
	for len(data) > 1 {
		kind := data[0]
		if kind > 4 {
			return out, errCorrupt
		}
		n := min(rowLen, len(data)-1)
		row := data[1 : 1+n]
		data = data[1+n:]
		for i := range row {
			var left, up, corner int
			up = int(prev[i])
			if i >= bpp {
				left, corner = int(row[i-bpp]), int(prev[i-bpp])
			}
			switch kind {
			case 1:
				row[i] += byte(left)
			case 2:
				row[i] += byte(up)
			case 3:
				row[i] += byte((left + up) / 2)
			case 4:
				row[i] += byte(paeth(left, up, corner))
			}
		}
		out = append(out, row...)
		copy(prev, row)
	}
	return out, err
}

// paeth is the predictor of PNG filter type 4 (RFC 2083, 6.6).
func paeth(a, b, c int) int {
	p := a + b - c
	pa, pb, pc := abs(p-a), abs(p-b), abs(p-c)
	if pa <= pb && pa <= pc {
		return a
	}
	if pb <= pc {
		return b
	}
	return c
}

func abs(n int) int { return max(n, -n) }

func decode85(data []byte) ([]byte, error) {
	data = bytes.TrimSpace(data)
	data = bytes.TrimPrefix(data, []byte("<~"))
	end := bytes.IndexByte(data, '~')
	if end >= 0 {
		data = data[:end]
	}
	out := make([]byte, 4*len(data))
	n, read, err := ascii85.Decode(out, data, true)
	switch {
	case err != nil || len(bytes.TrimSpace(data[read:])) > 0:
		return out[:n], errCorrupt
	case end < 0:
		return out[:n], errBrokenOff
	}
	return out[:n], nil
}

func decodeHex(data []byte) ([]byte, error) {
	out := make([]byte, 0, len(data)/2)
	high, half := byte(0), false
	err := errBrokenOff
	for _, c := range data {
		if c == '>' {
			err = nil
			break
		}
		v, ok := hexDigit(c)
		if !ok {
			if classOf[c] != space {
				return out, errCorrupt
			}
			continue
		}
		if half {
			out = append(out, high<<4|v)
		}
		high, half = v, !half
	}
	if half {
		out = append(out, high<<4)
	}
	return out, err
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}

func (f *file) decodeRuns(data []byte) ([]byte, error) {
	var out []byte
	ended := false
	for i := 0; i < len(data); {
		n := int(data[i])
		i++
		switch {
		case n == 128:
			ended = true
			i = len(data)
		case n < 128:
			end := min(i+n+1, len(data))
			out = append(out, data[i:end]...)
			i = end
		case i < len(data):
			out = append(out, bytes.Repeat(data[i:i+1], 257-n)...)
			i++
		}
		if int64(len(out)) > f.limits.Decoded {
			return nil, errTooBig
		}
	}
	if f.spent.Add(int64(len(out))) > f.limits.Total {
		return nil, errTooBig
	}
	if !ended {
		return out, errBrokenOff
	}
	return out, nil
}
