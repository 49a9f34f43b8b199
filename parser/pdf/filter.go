package pdf

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"encoding/ascii85"
	"errors"
	"fmt"
	"io"

	"github.com/hhrutter/lzw"
)

// errTooBig is returned when a stream decodes to more than the budget allows.
var errTooBig = errors.New("a stream decodes to too many bytes")

// decodeStream applies a stream's filters. A stream that breaks off is
// decoded as far as it goes; an image filter is an error.
func (f *file) decodeStream(s *stream) ([]byte, error) {
	if s.decoded != nil {
		return s.decoded(maxDecoded)
	}
	filters, parms := f.filters(s.dict)
	data := s.raw
	for i, fl := range filters {
		var err error
		data, err = f.applyFilter(data, fl, parms[i])
		if err != nil {
			return nil, err
		}
	}
	return data, nil
}

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
		out, err := inflate(data)
		if err != nil {
			return nil, err
		}
		return f.unpredict(out, parms)
	case "LZWDecode", "LZW":
		early := true
		if v, ok := f.resolve(parms["EarlyChange"]).(int); ok {
			early = v != 0
		}
		r := lzw.NewReader(bytes.NewReader(data), early)
		defer r.Close()
		out, err := readBounded(r)
		if err != nil {
			return nil, err
		}
		return f.unpredict(out, parms)
	case "ASCII85Decode", "A85":
		return decode85(data)
	case "ASCIIHexDecode", "AHx":
		return decodeHex(data), nil
	case "RunLengthDecode", "RL":
		return decodeRuns(data)
	case "Crypt":
		return data, nil // the object layer has decrypted
	}
	return nil, fmt.Errorf("filter %s holds no text", filter)
}

// readBounded reads up to the budget; an error after the first bytes only
// ends the stream.
func readBounded(r io.Reader) ([]byte, error) {
	var b bytes.Buffer
	n, err := io.Copy(&b, io.LimitReader(r, maxDecoded+1))
	if n > maxDecoded {
		return nil, errTooBig
	}
	if err != nil && n == 0 {
		return nil, err
	}
	return b.Bytes(), nil
}

// inflate decodes a zlib stream; one whose header is broken is tried as raw
// deflate.
func inflate(data []byte) ([]byte, error) {
	data = bytes.TrimLeft(data, "\r\n")
	if r, err := zlib.NewReader(bytes.NewReader(data)); err == nil {
		defer r.Close()
		out, err := readBounded(r)
		if err == nil || errors.Is(err, errTooBig) {
			return out, err
		}
	}
	raw := data
	if len(raw) > 2 && raw[0]&0x0f == 8 {
		raw = raw[2:]
	}
	r := flate.NewReader(bytes.NewReader(raw))
	defer r.Close()
	return readBounded(r)
}

// unpredict undoes the PNG and TIFF predictors.
func (f *file) unpredict(data []byte, parms dict) ([]byte, error) {
	predictor := f.intOr(parms["Predictor"], 1)
	if predictor < 2 {
		return data, nil
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
		return data, nil
	}
	out := make([]byte, 0, len(data))
	prev := make([]byte, rowLen)
	for len(data) > 1 {
		kind := data[0]
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
	return out, nil
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
	if i := bytes.IndexByte(data, '~'); i >= 0 {
		data = data[:i]
	}
	out := make([]byte, 4*len(data))
	n, _, err := ascii85.Decode(out, data, true)
	if err != nil && n == 0 {
		return nil, err
	}
	return out[:n], nil
}

func decodeHex(data []byte) []byte {
	out := make([]byte, 0, len(data)/2)
	high, half := byte(0), false
	for _, c := range data {
		if c == '>' {
			break
		}
		v, ok := hexDigit(c)
		if !ok {
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
	return out
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

func decodeRuns(data []byte) ([]byte, error) {
	var out []byte
	for i := 0; i < len(data); {
		n := int(data[i])
		i++
		switch {
		case n == 128:
			return out, nil
		case n < 128:
			end := min(i+n+1, len(data))
			out = append(out, data[i:end]...)
			i = end
		case i < len(data):
			out = append(out, bytes.Repeat(data[i:i+1], 257-n)...)
			i++
		}
		if len(out) > maxDecoded {
			return nil, errTooBig
		}
	}
	return out, nil
}
