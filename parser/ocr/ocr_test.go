//go:build !noocr && !js

package ocr

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestMultiply holds the kernels against sums taken one by one, and looks that
// nothing is written behind the result.
func TestMultiply(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		m, n, k := 1+r.IntN(20), 1+r.IntN(80), 1+r.IntN(150)
		a, b := noise(r, m*k), noise(r, k*n)
		c := noise(r, m*n+guard)
		want := append([]float32(nil), c...)
		for i := range m {
			for j := range n {
				for p := range k {
					want[i*n+j] += a[i*k+p] * b[p*n+j]
				}
			}
		}
		plain := append([]float32(nil), c...)
		multiply(m, n, k, a, b, c[:m*n])
		multiplyPlain(m, n, k, a, b, plain[:m*n])
		if !alike(c, want, m*n) || !alike(plain, want, m*n) {
			t.Fatalf("%d × %d times %d × %d", m, k, k, n)
		}
	}
}

// TestConvolution holds the convolution of each channel against sums taken one
// by one.
func TestConvolution(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		size := 3 + 2*r.IntN(2)
		c := convolution{in: 1 + r.IntN(3), kh: size, kw: size, sh: 1 + r.IntN(2), sw: 1 + r.IntN(2), depth: true}
		c.out = c.in
		c.w, c.b = noise(r, c.in*size*size), noise(r, c.in)
		x := tensor{c.in, 1 + r.IntN(12), 1 + r.IntN(70), nil}
		x.v = noise(r, x.c*x.h*x.w)
		got := c.apply(&arena{}, x)
		for ch := range c.out {
			for y := range got.h {
				for z := range got.w {
					sum := c.b[ch]
					for i := range size {
						for j := range size {
							iy, ix := y*c.sh+i-size/2, z*c.sw+j-size/2
							if iy >= 0 && iy < x.h && ix >= 0 && ix < x.w {
								sum += c.w[(ch*size+i)*size+j] * x.v[(ch*x.h+iy)*x.w+ix]
							}
						}
					}
					if is := got.v[(ch*got.h+y)*got.w+z]; math.Abs(float64(is-sum)) > 1e-3 {
						t.Fatalf("%+v of %d × %d: %g, want %g", c.kh, x.h, x.w, is, sum)
					}
				}
			}
		}
	}
}

// TestHardSwish holds the kernel against the formula.
func TestHardSwish(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for n := range 40 {
		got := noise(r, n+guard)
		for i := range got {
			got[i] *= 9
		}
		want := append([]float32(nil), got...)
		for i, v := range want[:n] {
			want[i] = v*min(max(v+3, 0), 6)*0.7 - 0.2
		}
		hardSwish(got[:n], 0.7, -0.2)
		if !alike(got, want, n) {
			t.Fatalf("%d values", n)
		}
	}
}

const guard = 64

func noise(r *rand.Rand, n int) []float32 {
	s := make([]float32, n)
	for i := range s {
		s[i] = r.Float32()*2 - 1
	}
	return s
}

// alike compares the first n closely and what is behind them exactly.
func alike(a, b []float32, n int) bool {
	for i := range a {
		if i >= n && a[i] != b[i] || math.Abs(float64(a[i]-b[i])) > 1e-3 {
			return false
		}
	}
	return true
}

func TestHalf(t *testing.T) {
	for bits, want := range map[uint16]float32{0x3c00: 1, 0xc000: -2, 0x0001: 1.0 / (1 << 24), 0x3555: 0.33325195, 0: 0, 0x7bff: 65504} {
		if got := half(bits); got != want {
			t.Errorf("%#x is %g, want %g", bits, got, want)
		}
	}
}

// bars draws a line of digits of bars, as a display of seven bars has them.
func bars(digits string) Picture {
	const width, height, pad = 30, 44, 10
	lit := map[rune]string{'1': "cf", '7': "acf", '4': "bcdf", '0': "abcefg", '8': "abcdefg"}
	p := Picture{W: pad*2 + width*len(digits), H: height}
	p.Pix = []uint8(strings.Repeat("\xff", p.W*p.H))
	box := func(x0, y0, x1, y1 int) {
		for y := y0; y < y1; y++ {
			for x := x0; x < x1; x++ {
				p.Pix[y*p.W+x] = 0
			}
		}
	}
	for i, d := range digits {
		x := pad + i*width
		for _, bar := range lit[d] {
			switch bar {
			case 'a':
				box(x, 5, x+18, 9)
			case 'b':
				box(x, 5, x+4, 22)
			case 'c':
				box(x+14, 5, x+18, 22)
			case 'd':
				box(x, 20, x+18, 24)
			case 'e':
				box(x, 22, x+4, 39)
			case 'f':
				box(x+14, 22, x+18, 39)
			case 'g':
				box(x, 35, x+18, 39)
			}
		}
	}
	return p
}

func TestLine(t *testing.T) {
	r, err := NewReader()
	if err != nil {
		t.Fatal(err)
	}
	const printed = "8048"
	chars, err := r.Line(t.Context(), bars(printed))
	if err != nil {
		t.Fatal(err)
	}
	got, at := "", 0.0
	for _, c := range chars {
		got += string(c.Rune)
		if c.At <= at {
			t.Errorf("%c stands at %.1f, before the last one", c.Rune, c.At)
		}
		at = c.At
	}
	if got != printed {
		t.Errorf("%q was read as %q", printed, got)
	}
	again, err := r.Line(t.Context(), bars(printed)) // with buffers that were used
	if err != nil || len(again) != len(chars) || again[0] != chars[0] {
		t.Errorf("a second time: %v, %v", again, err)
	}
}

func TestLineBounds(t *testing.T) {
	r, err := NewReader()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []Picture{{}, {W: 10, H: 0}, {W: 10, H: 10}, {W: MaxPixels, H: 2}, {W: 400_000, H: 4, Pix: make([]uint8, 1_600_000)}} {
		if _, err := r.Line(t.Context(), p); !errors.Is(err, ErrSize) {
			t.Errorf("%d × %d: %v", p.W, p.H, err)
		}
	}
	done, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Line(done, bars("7")); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	for _, p := range []Picture{{W: 1, H: 1, Pix: []uint8{0}}, {W: 3, H: 900, Pix: make([]uint8, 2700)}} {
		if _, err := r.Line(t.Context(), p); err != nil {
			t.Errorf("%d × %d: %v", p.W, p.H, err)
		}
	}
}

// TestDecode reads scores: a character is as certain as its best step, both
// widths of one count together, and a step that may hold one is not silent.
func TestDecode(t *testing.T) {
	n := &network{keys: []rune{'a', '(', '（', ' '}}
	n.twins = twins(n.keys)
	row := func(v ...float32) []float32 { return v }
	var scores []float32
	for _, r := range [][]float32{
		row(0, 9, 0, 0, 0), row(0, 12, 0, 0, 0), // a, surer the second time
		row(12, 0, 0, 0, 0),
		row(0, 0, 9, 8.5, 0), // either bracket
		row(12, 0, 0, 0, 0),
		row(4, 3.9, 0, 0, 0), // perhaps a
		row(12, 0, 0, 0, 0),
	} {
		scores = append(scores, r...)
	}
	chars := n.decode(scores, 7, 1, 1000)
	if len(chars) != 3 || chars[0].Rune != 'a' || chars[0].Sure < 0.9999 || chars[1].Rune != '(' || chars[1].Sure < 0.99 ||
		chars[2].Rune != Unknown || chars[2].Sure > 0.6 {
		t.Errorf("%+v", chars)
	}
}
