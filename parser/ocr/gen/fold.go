package main

import (
	"errors"
	"math"
)

// folder makes one step of a convolution and what follows it.
type folder struct {
	graph *graph
	uses  map[string]int
	user  map[string]int // the last node that uses a value
	gone  []bool
}

// fold returns the model's steps, with normalisations, factors and hard swishes
// made part of the convolution before them.
func (f *folder) fold() ([]node, error) {
	g := f.graph
	f.uses, f.user, f.gone = map[string]int{}, map[string]int{}, make([]bool, len(g.nodes))
	for i, n := range g.nodes {
		if n.value != nil && len(n.out) == 1 {
			g.constants[n.out[0]] = n.value
		}
		for _, name := range n.in {
			f.uses[name]++
			f.user[name] = i
		}
	}
	for i := range g.nodes {
		if n := &g.nodes[i]; n.op == "Conv" && !f.gone[i] {
			if err := f.convolution(n); err != nil {
				return nil, err
			}
		}
	}
	var out []node
	for i, n := range g.nodes {
		if !f.gone[i] {
			out = append(out, n)
		}
	}
	return out, nil
}

// only is the node that alone uses a value, if it does op.
func (f *folder) only(name, op string) (*node, int) {
	i := f.user[name]
	if f.uses[name] != 1 || f.graph.nodes[i].op != op {
		return nil, 0
	}
	return &f.graph.nodes[i], i
}

// scalar is the constant beside a value in a node of two inputs.
func (f *folder) scalar(n *node, name string) (float32, bool) {
	other := n.in[0]
	if other == name {
		other = n.in[1]
	}
	t := f.graph.constants[other]
	if t == nil || len(t.floats) != 1 {
		return 0, false
	}
	return t.floats[0], true
}

func (f *folder) convolution(n *node) error {
	weights := f.graph.constants[n.in[1]]
	if weights == nil {
		return errors.New("a convolution without weights")
	}
	outs := weights.shape[0]
	size := len(weights.floats) / outs
	w := &tensor{shape: weights.shape, floats: append([]float32(nil), weights.floats...)}
	b := &tensor{shape: []int{outs}, floats: make([]float32, outs)}
	if len(n.in) > 2 {
		copy(b.floats, f.graph.constants[n.in[2]].floats)
	}
	y := n.out[0]
	if norm, at := f.only(y, "BatchNormalization"); norm != nil {
		part := func(i int) []float32 { return f.graph.constants[norm.in[i]].floats }
		gain, bias, mean, variance := part(1), part(2), part(3), part(4)
		for m := range outs {
			s := gain[m] / float32(math.Sqrt(float64(variance[m]+norm.number["epsilon"])))
			for i := range size {
				w.floats[m*size+i] *= s
			}
			b.floats[m] = (b.floats[m]-mean[m])*s + bias[m]
		}
		f.gone[at], y = true, norm.out[0]
	}
	if scale, shift, end := f.affine(y); end != y {
		for i := range w.floats {
			w.floats[i] *= scale
		}
		for i := range b.floats {
			b.floats[i] = b.floats[i]*scale + shift
		}
		y = end
	} else if bias := f.bias(y); bias != nil { // added as a constant of its own
		for i, v := range bias.floats {
			b.floats[i] += v
		}
		_, at := f.only(y, "Add")
		f.gone[at], y = true, f.graph.nodes[at].out[0]
	}
	if end := f.hardSwish(y); end != "" {
		scale, shift, after := f.affine(end)
		n.act, y = []float32{scale, shift}, after
	}
	n.in = []string{n.in[0], n.out[0] + ".weights", n.out[0] + ".bias"}
	f.graph.constants[n.in[1]], f.graph.constants[n.in[2]] = w, b
	n.out = []string{y}
	return nil
}

// bias is a constant for every channel that is added to a value.
func (f *folder) bias(y string) *tensor {
	n, _ := f.only(y, "Add")
	if n == nil {
		return nil
	}
	for _, name := range n.in {
		if t := f.graph.constants[name]; t != nil && len(t.floats) >= fewest {
			return t
		}
	}
	return nil
}

// affine follows a factor and a summand, and returns the value behind them.
func (f *folder) affine(y string) (scale, shift float32, end string) {
	scale = 1
	if n, at := f.only(y, "Mul"); n != nil {
		if s, ok := f.scalar(n, y); ok && s != 1 {
			scale, y = s, n.out[0]
			f.gone[at] = true
			if n, at := f.only(y, "Add"); n != nil {
				if s, ok := f.scalar(n, y); ok {
					shift, y = s, n.out[0]
					f.gone[at] = true
				}
			}
		}
	}
	return scale, shift, y
}

// hardSwish recognises y × clip(y + 3, 0, 6) ÷ 6 and returns the value behind
// it, "" where there is none.
func (f *folder) hardSwish(y string) string {
	if f.uses[y] != 2 {
		return ""
	}
	var sum *node
	first := -1
	for i := range f.graph.nodes {
		if n := &f.graph.nodes[i]; n.op == "Add" && n.in[0] == y {
			if three, ok := f.scalar(n, y); ok && three == 3 {
				sum, first = n, i
			}
		}
	}
	if sum == nil {
		return ""
	}
	clip, second := f.only(sum.out[0], "Clip")
	if clip == nil {
		return ""
	}
	product, third := f.only(clip.out[0], "Mul")
	if product == nil {
		return ""
	}
	quotient, fourth := f.only(product.out[0], "Div")
	if quotient == nil {
		return ""
	}
	if six, ok := f.scalar(quotient, product.out[0]); !ok || six != 6 {
		return ""
	}
	for _, i := range []int{first, second, third, fourth} {
		f.gone[i] = true
	}
	return quotient.out[0]
}
