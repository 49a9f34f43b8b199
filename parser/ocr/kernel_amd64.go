//go:build amd64 && !purego && !noocr

package ocr

import "golang.org/x/sys/cpu"

// quick says whether the processor has what the fast kernels need.
var quick = cpu.X86.HasAVX2 && cpu.X86.HasFMA

// tileFast adds the product of four rows of a, lda apart, and k packed rows of
// 24 columns to four rows of c, ldc apart. k is at least 1.
//
//go:noescape
func tileFast(k int, a *float32, lda int, b *float32, c *float32, ldc int)

// slideRow adds a kernel's sums to n outputs, a multiple of 16; rows of the
// input are width apart.
//
//go:noescape
func slideRow(out *float32, n int, in *float32, width int, kernel *float32, kh, kw int)

// swishFast is hardSwish for n values, a multiple of 8.
//
//go:noescape
func swishFast(values *float32, n int, scale, shift float32)

func slideFast(out, in []float32, width int, kernel []float32, kh, kw int) {
	slideRow(&out[0], len(out), &in[0], width, &kernel[0], kh, kw)
}
