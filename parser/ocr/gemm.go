//go:build !noocr && !js

package ocr

import "sync"

// panel is how many columns of the second matrix the fast kernel takes at
// once, tile how many rows of the first.
const (
	panel = 24
	tile  = 4
)

// multiply adds the product of a (m × k) and b (k × n) to c (m × n), all row
// by row.
func multiply(m, n, k int, a, b, c []float32) {
	if quick && n >= panel/2 {
		multiplyFast(m, n, k, a, b, c)
		return
	}
	multiplyPlain(m, n, k, a, b, c)
}

// multiplyPlain works in strips that stay in the processor's caches, two rows
// of the result and four of b at a time.
func multiplyPlain(m, n, k int, a, b, c []float32) {
	const deep, wide = 64, 256
	for k0 := 0; k0 < k; k0 += deep {
		k1 := min(k, k0+deep)
		for n0 := 0; n0 < n; n0 += wide {
			n1 := min(n, n0+wide)
			for i := 0; i < m; i += 2 {
				two := i+1 < m
				top := c[i*n+n0 : i*n+n1]
				low := top
				if two {
					low = c[(i+1)*n+n0 : (i+1)*n+n1]
				}
				for p := k0; p < k1; p += 4 {
					var u, v [4]float32 // of the two rows of a
					var rows [4][]float32
					for q := range 4 {
						at := min(p+q, k1-1)
						rows[q] = b[at*n+n0 : at*n+n1][:len(top)]
						if p+q < k1 {
							u[q] = a[i*k+p+q]
							if two {
								v[q] = a[(i+1)*k+p+q]
							}
						}
					}
					r0, r1, r2, r3 := rows[0], rows[1], rows[2], rows[3]
					if !two {
						for j := range top {
							top[j] += u[0]*r0[j] + u[1]*r1[j] + u[2]*r2[j] + u[3]*r3[j]
						}
						continue
					}
					low = low[:len(top)]
					for j := range top {
						x0, x1, x2, x3 := r0[j], r1[j], r2[j], r3[j]
						top[j] += u[0]*x0 + u[1]*x1 + u[2]*x2 + u[3]*x3
						low[j] += v[0]*x0 + v[1]*x1 + v[2]*x2 + v[3]*x3
					}
				}
			}
		}
	}
}

// panels are buffers for packed columns.
var panels = sync.Pool{New: func() any { return new([]float32) }}

// multiplyFast packs b panel by panel, so that the kernel reads it straight
// on. What does not fill a tile goes through a small one beside the result.
func multiplyFast(m, n, k int, a, b, c []float32) {
	buffer := panels.Get().(*[]float32)
	defer panels.Put(buffer)
	if cap(*buffer) < k*panel {
		*buffer = make([]float32, k*panel)
	}
	packed := (*buffer)[:k*panel]
	var edge [tile * panel]float32
	var rest []float32 // the last rows of a, filled up to a tile
	if r := m % tile; r != 0 {
		rest = make([]float32, tile*k)
		copy(rest, a[(m-r)*k:m*k])
	}
	for n0 := 0; n0 < n; n0 += panel {
		w := min(panel, n-n0)
		if w < panel {
			clear(packed)
		}
		for p := range k {
			copy(packed[p*panel:p*panel+w], b[p*n+n0:p*n+n0+w])
		}
		for i := 0; i < m; i += tile {
			h := min(tile, m-i)
			rows := a[i*k:]
			if h < tile {
				rows = rest
			}
			if w == panel && h == tile {
				tileFast(k, &rows[0], k, &packed[0], &c[i*n+n0], n)
				continue
			}
			for r := range h {
				copy(edge[r*panel:r*panel+w], c[(i+r)*n+n0:])
			}
			tileFast(k, &rows[0], k, &packed[0], &edge[0], panel)
			for r := range h {
				copy(c[(i+r)*n+n0:(i+r)*n+n0+w], edge[r*panel:])
			}
		}
	}
}
