//go:build !noocr && !js

package ocr

import (
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
)

//go:generate go run ./gen -model ch_PP-OCRv4_rec_infer.onnx -keys ppocr_keys_v1.txt

// packedWeights are the weights in the order of network.weights: matrices as
// half-precision numbers, vectors in full, all little-endian.
//
//go:embed weights.bin
var packedWeights []byte

// keyList names the characters that are told apart, one a line; a space comes
// behind them.
//
//go:embed keys.txt
var keyList string

// load makes the network of its weights.
func load(packed []byte, keys string) (*network, error) {
	var list []rune
	for line := range strings.SplitSeq(strings.TrimSuffix(keys, "\n"), "\n") {
		r := []rune(strings.TrimSuffix(line, "\r"))
		if len(r) != 1 {
			return nil, fmt.Errorf("ocr: key %q", line)
		}
		list = append(list, r[0])
	}
	n := shape(len(list) + 2)
	n.keys = append(list, ' ')
	n.twins = twins(n.keys)
	short := false
	take := func(size int) []byte {
		if short = short || size > len(packed); short {
			return make([]byte, size)
		}
		b := packed[:size]
		packed = packed[size:]
		return b
	}
	n.weights(func(to *[]float32, size int) {
		b := take(2 * size)
		*to = make([]float32, size)
		for i := range *to {
			(*to)[i] = half(binary.LittleEndian.Uint16(b[2*i:]))
		}
	}, func(to *[]float32, size int) {
		b := take(4 * size)
		*to = make([]float32, size)
		for i := range *to {
			(*to)[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
		}
	})
	if short || len(packed) > 0 {
		return nil, errors.New("ocr: the weights do not fit the network")
	}
	return n, nil
}

// twins finds the characters that are there in full and in half width.
func twins(keys []rune) []int {
	const full = '！' - '!' // from a half-width character to its full-width one
	at := map[rune]int{}
	for i, r := range keys {
		at[r] = i + 1
	}
	out := make([]int, len(keys)+1)
	for i, r := range keys {
		if r > ' ' && r < 0x7f {
			if j := at[r+full]; j > 0 {
				out[i+1], out[j] = j, i+1
			}
		}
	}
	return out
}

// half is the value of a half-precision number; there are no infinite ones.
func half(h uint16) float32 {
	sign := uint32(h&0x8000) << 16
	exponent, fraction := uint32(h>>10)&0x1f, uint32(h&0x3ff)
	if exponent == 0 {
		const unit = 1.0 / (1 << 24)
		return math.Float32frombits(sign | math.Float32bits(float32(fraction)*unit))
	}
	return math.Float32frombits(sign | (exponent+127-15)<<23 | fraction<<13)
}
