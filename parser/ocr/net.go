//go:build !noocr && !js

package ocr

import "math"

const (
	lineHeight = 48  // pixels of a line as the network takes it
	stride     = 8   // pixels of a line to a step of the output
	leastWidth = 96  // a shorter line is filled up
	channels   = 120 // of a step between the layers
	heads      = 8   // of an attention
	paper      = 1   // what a white pixel counts; a black one counts -1
)

// tensor is an array of so many planes of so many rows and columns.
type tensor struct {
	c, h, w int
	v       []float32
}

// convolution is one layer. Where depth is set each channel has a kernel of
// its own, else each output sees all channels.
type convolution struct {
	in, out int
	kh, kw  int
	sh, sw  int // strides
	depth   bool
	w, b    []float32
	// A hard swish follows, times scale plus shift, where scale is not 0.
	scale, shift float32
}

// block is a convolution of each channel, where gate is set a weighing of the
// channels, and a mixing of them.
type block struct {
	each, mix convolution
	gate      *gate
}

// gate weighs channels by what all of a picture has of them.
type gate struct{ narrow, widen convolution }

// norm brings a step's values to one scale.
type norm struct {
	gain, bias []float32
	eps        float32
}

// linear is a matrix, in × out, and what is added.
type linear struct {
	in, out int
	w, b    []float32
}

// attention is a layer in which every step sees all others.
type attention struct {
	before, between norm
	qkv, project    linear
	up, down        linear
}

// network is the whole: a backbone of convolutions that leaves a column a
// step, two layers of attention with a way around them, and the scores.
type network struct {
	first          convolution
	blocks         []block
	squeeze, enter convolution
	layers         []attention
	last           norm
	leave          convolution
	around, down   convolution
	head           linear
	keys           []rune // of the scores but the first, which is for nothing
	twins          []int  // by score, that of the same character in the other width; 0 for none
}

// shape lays the network out, without weights, for the given number of scores.
func shape(classes int) *network {
	n := &network{first: convolution{in: 1, out: 16, kh: 3, kw: 3, sh: 2, sw: 2}}
	in := 16
	for _, b := range []struct {
		k, out, sh, sw int
		gate           int // channels of its narrow part, 0 for none
	}{
		{3, 32, 1, 1, 0}, {3, 64, 1, 1, 0}, {3, 64, 1, 1, 0}, {3, 128, 2, 1, 0}, {3, 128, 1, 1, 0},
		{3, 240, 1, 2, 0}, {5, 240, 1, 1, 0}, {5, 240, 1, 1, 0}, {5, 240, 1, 1, 0}, {5, 240, 1, 1, 0},
		{5, 480, 2, 1, 60}, {5, 480, 1, 1, 120}, {5, 480, 2, 1, 0}, {5, 480, 1, 1, 0},
	} {
		x := block{
			each: convolution{in: in, out: in, kh: b.k, kw: b.k, sh: b.sh, sw: b.sw, depth: true, scale: 1},
			mix:  convolution{in: in, out: b.out, kh: 1, kw: 1, sh: 1, sw: 1, scale: 1},
		}
		if b.gate > 0 {
			x.gate = &gate{narrow: point(in, b.gate), widen: point(b.gate, in)}
		}
		n.blocks = append(n.blocks, x)
		in = b.out
	}
	n.squeeze = convolution{in: in, out: channels / 2, kh: 1, kw: 3, sh: 1, sw: 1}
	n.enter = point(channels/2, channels)
	for range 2 {
		n.layers = append(n.layers, attention{
			before: norm{eps: 1e-5}, between: norm{eps: 1e-5},
			qkv: linear{in: channels, out: 3 * channels}, project: linear{in: channels, out: channels},
			up: linear{in: channels, out: 2 * channels}, down: linear{in: 2 * channels, out: channels},
		})
	}
	n.last.eps = 1e-6
	n.leave = point(channels, in)
	n.around = convolution{in: 2 * in, out: channels / 2, kh: 1, kw: 3, sh: 1, sw: 1}
	n.down = point(channels/2, channels)
	n.head = linear{in: channels, out: classes}
	return n
}

func point(in, out int) convolution { return convolution{in: in, out: out, kh: 1, kw: 1, sh: 1, sw: 1} }

// weights calls the functions for every weight in the order in which they are
// stored: matrix for the large ones, vector for those kept in full precision.
func (n *network) weights(matrix, vector func(to *[]float32, size int)) {
	conv := func(c *convolution) {
		size := c.out * c.kh * c.kw
		if !c.depth {
			size *= c.in
		}
		matrix(&c.w, size)
		vector(&c.b, c.out)
		if c.scale != 0 {
			var act []float32
			vector(&act, 2)
			c.scale, c.shift = act[0], act[1]
		}
	}
	line := func(l *linear) {
		matrix(&l.w, l.in*l.out)
		vector(&l.b, l.out)
	}
	normal := func(l *norm) {
		vector(&l.gain, channels)
		vector(&l.bias, channels)
	}
	conv(&n.first)
	for i := range n.blocks {
		b := &n.blocks[i]
		conv(&b.each)
		if b.gate != nil {
			conv(&b.gate.narrow)
			conv(&b.gate.widen)
		}
		conv(&b.mix)
	}
	conv(&n.squeeze)
	conv(&n.enter)
	for i := range n.layers {
		a := &n.layers[i]
		normal(&a.before)
		line(&a.qkv)
		line(&a.project)
		normal(&a.between)
		line(&a.up)
		line(&a.down)
	}
	normal(&n.last)
	conv(&n.leave)
	conv(&n.around)
	conv(&n.down)
	line(&n.head)
}

// run returns the number of steps of a line and their scores, one row of them
// a step, before they are made shares of 1.
func (n *network) run(a *arena, x tensor) (steps int, scores []float32) {
	x = n.first.replace(a, x)
	for i := range n.blocks {
		b := &n.blocks[i]
		x = b.each.replace(a, x)
		if b.gate != nil {
			b.gate.apply(a, x)
		}
		x = b.mix.replace(a, x)
	}
	columns := pool(a, x)
	a.give(x.v)
	x, steps = columns, columns.w
	y := swish(n.enter.replace(a, swish(n.squeeze.apply(a, x))))
	seq := a.floats(steps * channels)
	transpose(seq, y.v, channels, steps)
	for i := range n.layers {
		seq = n.layers[i].replace(a, seq, steps)
	}
	n.last.apply(seq, seq)
	transpose(y.v, seq, steps, channels)
	y = swish(n.leave.replace(a, y))
	both := a.tensor(x.c+y.c, 1, steps)
	copy(both.v, x.v)
	copy(both.v[len(x.v):], y.v)
	a.give(x.v, y.v)
	y = swish(n.down.replace(a, swish(n.around.replace(a, both))))
	transpose(seq, y.v, channels, steps)
	scores = n.head.apply(a, seq, steps)
	a.give(y.v, seq)
	return steps, scores
}

// apply weighs the channels of x in place.
func (g *gate) apply(a *arena, x tensor) {
	size := x.h * x.w
	mean := a.tensor(x.c, 1, 1)
	for c := range x.c {
		var sum float64
		for _, v := range x.v[c*size : (c+1)*size] {
			sum += float64(v)
		}
		mean.v[c] = float32(sum / float64(size))
	}
	y := g.narrow.replace(a, mean)
	for i, v := range y.v {
		y.v[i] = max(v, 0)
	}
	y = g.widen.replace(a, y)
	for c, v := range y.v {
		const slope, middle = 0.1666667, 0.5 // of a hard sigmoid
		weight := min(max(slope*v+middle, 0), 1)
		plane := x.v[c*size : (c+1)*size]
		for i := range plane {
			plane[i] *= weight
		}
	}
	a.give(y.v)
}

// pool takes the mean of every two columns over all three rows.
func pool(a *arena, x tensor) tensor {
	out := a.tensor(x.c, 1, x.w/2)
	for c := range x.c {
		for i := range out.w {
			var sum float32
			for y := range x.h {
				row := x.v[(c*x.h+y)*x.w:]
				sum += row[2*i] + row[2*i+1]
			}
			out.v[c*out.w+i] = sum / float32(2*x.h)
		}
	}
	return out
}

// replace is the layer: seq and its result have a row of channels a step. seq
// is given back.
func (l *attention) replace(a *arena, seq []float32, steps int) []float32 {
	const size = channels / heads
	x := a.floats(len(seq))
	l.before.apply(x, seq)
	qkv := l.qkv.apply(a, x, steps)
	scale := float32(1 / math.Sqrt(size))
	q, k, v := a.floats(steps*size), a.floats(size*steps), a.floats(steps*size)
	seen := a.floats(steps * size)
	weights := a.floats(steps * steps)
	for h := range heads {
		for t := range steps {
			row := qkv[t*3*channels+h*size:]
			for i := range size {
				q[t*size+i] = row[i] * scale
				k[i*steps+t] = row[channels+i]
				v[t*size+i] = row[2*channels+i]
			}
		}
		clear(weights)
		multiply(steps, steps, size, q, k, weights)
		for t := range steps {
			softmax(weights[t*steps : (t+1)*steps])
		}
		clear(seen)
		multiply(steps, size, steps, weights, v, seen)
		for t := range steps {
			copy(x[t*channels+h*size:t*channels+(h+1)*size], seen[t*size:])
		}
	}
	out := l.project.apply(a, x, steps)
	add(out, seq)
	a.give(seq, qkv, q, k, v, seen, weights)
	l.between.apply(x, out)
	wide := swish(tensor{v: l.up.apply(a, x, steps)}).v
	y := l.down.apply(a, wide, steps)
	add(y, out)
	a.give(x, wide, out)
	return y
}

func (n *norm) apply(to, from []float32) {
	for t := 0; t < len(from); t += channels {
		row := from[t : t+channels]
		var sum, square float32
		for _, v := range row {
			sum += v
		}
		mean := sum / channels
		for _, v := range row {
			square += (v - mean) * (v - mean)
		}
		d := float32(1 / math.Sqrt(float64(square/channels+n.eps)))
		for i, v := range row {
			to[t+i] = (v-mean)*d*n.gain[i] + n.bias[i]
		}
	}
}

func (l *linear) apply(a *arena, x []float32, steps int) []float32 {
	out := a.floats(steps * l.out)
	for t := range steps {
		copy(out[t*l.out:], l.b)
	}
	multiply(steps, l.out, l.in, x, l.w, out)
	return out
}

func add(to, what []float32) {
	for i, v := range what {
		to[i] += v
	}
}

func transpose(to, from []float32, rows, cols int) {
	for r := range rows {
		for c := range cols {
			to[c*rows+r] = from[r*cols+c]
		}
	}
}

func swish(x tensor) tensor {
	for i, v := range x.v {
		x.v[i] = v / (1 + float32(math.Exp(-float64(v))))
	}
	return x
}

func softmax(row []float32) {
	top := row[0]
	for _, v := range row {
		top = max(top, v)
	}
	var sum float32
	for i, v := range row {
		row[i] = float32(math.Exp(float64(v - top)))
		sum += row[i]
	}
	for i := range row {
		row[i] /= sum
	}
}
