package pdf

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/binary"
	"sync"
)

// To make it anew: go run ./cidgen PATH-OF/Adobe-GB1-UCS2 gb1.gz

// gb1Packed is Adobe-GB1-UCS2, the Unicode value of each CID of the Adobe-GB1
// collection (see NOTICE): one varint a CID from 0 on, gzipped; 0 is none.
//
//go:embed gb1.gz
var gb1Packed []byte

// gb1 is the table, unpacked when the first font needs it.
var gb1 = sync.OnceValue(func() []rune {
	r, err := gzip.NewReader(bytes.NewReader(gb1Packed))
	if err != nil {
		return nil
	}
	br := bytes.NewBuffer(nil)
	if _, err := br.ReadFrom(r); err != nil {
		return nil
	}
	var out []rune
	for {
		v, err := binary.ReadUvarint(br)
		if err != nil {
			return out
		}
		out = append(out, rune(v))
	}
})
