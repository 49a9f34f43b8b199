//go:build !noocr && !js

// Package ocr reads the characters of a picture of one line of print. It runs
// the recogniser of PP-OCRv4 (see gen for where its weights come from) in plain
// Go, with a faster kernel where the processor has AVX2. Nothing is made before
// the first line is read.
package ocr

import (
	"context"
	"sync"
)

// Available says whether this build of the program can read pictures.
const Available = true

// Reader reads lines, one after another, and keeps its buffers between them.
// Several may be used at once; they share the weights.
type Reader struct {
	net   *network
	arena arena
}

// NewReader returns a reader; the first one unpacks the weights.
func NewReader() (*Reader, error) {
	net, err := standard()
	if err != nil {
		return nil, err
	}
	return &Reader{net: net}, nil
}

// standard is the network that the program comes with.
var standard = sync.OnceValues(func() (*network, error) { return load(packedWeights, keyList) })

// Line reads a picture of one line. The error is the context's, or ErrSize for
// a picture that is empty or larger than MaxPixels.
func (r *Reader) Line(ctx context.Context, p Picture) ([]Char, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if p.W < 1 || p.H < 1 || p.W > MaxPixels/p.H || len(p.Pix) < p.W*p.H {
		return nil, ErrSize
	}
	width := p.W * lineHeight / p.H
	if width > MaxWidth {
		return nil, ErrSize
	}
	padded := max((width+stride-1)/stride*stride, leastWidth)
	in := r.arena.tensor(1, lineHeight, padded)
	fit(in, p, max(width, 1))
	steps, scores := r.net.run(&r.arena, in)
	scale := float64(p.H) / lineHeight
	chars := r.net.decode(scores, steps, scale, float64(p.W))
	r.arena.give(scores)
	return chars, nil
}
