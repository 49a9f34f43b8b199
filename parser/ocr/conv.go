//go:build !noocr && !js

package ocr

// replace is apply where nobody needs x any more.
func (c *convolution) replace(a *arena, x tensor) tensor {
	out := c.apply(a, x)
	a.give(x.v)
	return out
}

// apply is the layer on x.
func (c *convolution) apply(a *arena, x tensor) tensor {
	ph, pw := c.kh/2, c.kw/2
	h, w := (x.h+2*ph-c.kh)/c.sh+1, (x.w+2*pw-c.kw)/c.sw+1
	out := a.tensor(c.out, h, w)
	if c.depth {
		c.eachChannel(a, x, out)
	} else {
		size := h * w
		for m := range c.out {
			plane := out.v[m*size : (m+1)*size]
			for i := range plane {
				plane[i] = c.b[m]
			}
		}
		if c.kh*c.kw > 1 {
			seen := c.unfold(a, x, h, w)
			multiply(c.out, size, c.in*c.kh*c.kw, c.w, seen, out.v)
			a.give(seen)
		} else {
			multiply(c.out, size, c.in, c.w, x.v, out.v)
		}
	}
	if c.scale != 0 {
		hardSwish(out.v, c.scale/6, c.shift)
	}
	return out
}

// hardSwish makes of every value v the least of v + 3 and 6, but not less than
// 0, times v, times scale plus shift.
func hardSwish(values []float32, scale, shift float32) {
	n := 0
	if quick {
		n = len(values) / swishStep * swishStep
		if n > 0 {
			swishFast(&values[0], n, scale, shift)
		}
	}
	for i, v := range values[n:] {
		weight := v + 3
		if weight < 0 {
			weight = 0
		} else if weight > 6 {
			weight = 6
		}
		values[n+i] = v*weight*scale + shift
	}
}

// swishStep is how many values the fast kernel takes at once.
const swishStep = 8

// unfold lays out what each output sees: a row for each place of the kernel, a
// column for each output.
func (c *convolution) unfold(a *arena, x tensor, h, w int) []float32 {
	ph, pw := c.kh/2, c.kw/2
	out := a.floats(c.in * c.kh * c.kw * h * w)
	n := 0
	for ch := range c.in {
		for i := range c.kh {
			for j := range c.kw {
				for y := range h {
					if from := y*c.sh + i - ph; from >= 0 && from < x.h {
						row := x.v[(ch*x.h+from)*x.w : (ch*x.h+from+1)*x.w]
						for k := range w {
							if at := k*c.sw + j - pw; at >= 0 && at < x.w {
								out[n+k] = row[at]
							}
						}
					}
					n += w
				}
			}
		}
	}
	return out
}

// spare is how many columns behind a padded row the fast kernel may look at.
const spare = 24

// eachChannel gives every channel its own kernel.
func (c *convolution) eachChannel(a *arena, x, out tensor) {
	ph, pw := c.kh/2, c.kw/2
	width := x.w + 2*pw + spare
	padded := a.floats((x.h + 2*ph) * width)
	line := a.floats((out.w + 15) &^ 15)
	for ch := range c.out {
		for y := range x.h {
			copy(padded[(y+ph)*width+pw:], x.v[(ch*x.h+y)*x.w:(ch*x.h+y+1)*x.w])
		}
		kernel := c.w[ch*c.kh*c.kw : (ch+1)*c.kh*c.kw]
		for y := range out.h {
			row := out.v[(ch*out.h+y)*out.w : (ch*out.h+y+1)*out.w]
			from := padded[y*c.sh*width:]
			if c.sw == 1 && quick {
				for i := range line {
					line[i] = c.b[ch]
				}
				slideFast(line, from, width, kernel, c.kh, c.kw)
				copy(row, line)
				continue
			}
			for i := range row {
				row[i] = c.b[ch]
			}
			slide(row, from, width, kernel, c.kh, c.kw, c.sw)
		}
	}
	a.give(padded, line)
}

// slide adds a kernel's sums to a row of outputs.
func slide(row, from []float32, width int, kernel []float32, kh, kw, sw int) {
	for i := range kh {
		for j := range kw {
			k := kernel[i*kw+j]
			in := from[i*width+j:]
			if sw == 1 {
				in = in[:len(row)]
				for x, v := range in {
					row[x] += k * v
				}
				continue
			}
			for x := range row {
				row[x] += k * in[x*sw]
			}
		}
	}
}
