//go:build !noocr && !js

package ocr

import (
	"math"
	"slices"
)

// fit scales a picture to a line of the given width, ink to -1 and paper to 1,
// and fills the rest with paper.
func fit(to tensor, p Picture, width int) {
	cols, rows := kernels(p.W, width), kernels(p.H, to.h)
	between := make([]float32, p.H*width)
	for y := range p.H {
		line := p.Pix[y*p.W : (y+1)*p.W]
		for x, k := range cols {
			var sum float32
			for i, w := range k.weights {
				sum += w * float32(line[k.from+i])
			}
			between[y*width+x] = sum
		}
	}
	for y, k := range rows {
		line := to.v[y*to.w : (y+1)*to.w]
		for i, w := range k.weights {
			from := between[(k.from+i)*width : (k.from+i+1)*width]
			for x, v := range from {
				line[x] += w * v
			}
		}
		for x := range width {
			const half = 127.5
			line[x] = line[x]/half - 1
		}
		for x := width; x < to.w; x++ {
			line[x] = paper
		}
	}
}

// kernel is where the inputs of an output begin, and their weights.
type kernel struct {
	from    int
	weights []float32
}

// kernels are the weights of a triangle around each output, as wide as one
// pixel of the coarser side.
func kernels(from, to int) []kernel {
	scale := float64(from) / float64(to)
	reach := max(scale, 1)
	out := make([]kernel, to)
	for i := range out {
		middle := (float64(i)+0.5)*scale - 0.5
		first := max(int(math.Ceil(middle-reach)), 0)
		last := min(int(math.Floor(middle+reach)), from-1)
		k := kernel{from: min(first, last)}
		var sum float32
		for j := k.from; j <= last; j++ {
			w := float32(max(1-math.Abs(float64(j)-middle)/reach, 0))
			k.weights = append(k.weights, w)
			sum += w
		}
		if sum == 0 {
			k.weights, sum = []float32{1}, 1
		}
		for j := range k.weights {
			k.weights[j] /= sum
		}
		out[i] = k
	}
	return out
}

// arena hands out zeroed buffers and takes them back, to be used again.
type arena struct{ free [][]float32 }

func (a *arena) floats(n int) []float32 {
	best := -1
	for i, b := range a.free {
		if cap(b) >= n && (best < 0 || cap(b) < cap(a.free[best])) {
			best = i
		}
	}
	if best < 0 {
		if len(a.free) > 0 { // one that is too small makes room
			a.free = a.free[:len(a.free)-1]
		}
		return make([]float32, n)
	}
	b := a.free[best][:n]
	a.free = slices.Delete(a.free, best, best+1)
	clear(b)
	return b
}

func (a *arena) give(list ...[]float32) { a.free = append(a.free, list...) }

func (a *arena) tensor(c, h, w int) tensor { return tensor{c, h, w, a.floats(c * h * w)} }
