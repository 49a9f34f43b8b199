package main

import (
	"encoding/binary"
	"errors"
	"math"
)

// tensor is an array of the model; of whole numbers only its shape is kept.
type tensor struct {
	shape  []int
	floats []float32
}

// node is a step of the model.
type node struct {
	op      string
	in, out []string
	number  map[string]float32 // attributes
	value   *tensor            // of a constant
	act     []float32          // scale and shift of the hard swish folded in
}

// graph is the part of a model that is looked at.
type graph struct {
	nodes     []node
	constants map[string]*tensor
}

var errModel = errors.New("this is no ONNX model, or of another kind")

// The numbers of the fields that are read, of each kind of message.
const (
	modelGraph = 7

	graphNode, graphConstant = 1, 5

	nodeIn, nodeOut, nodeOp, nodeAttribute = 1, 2, 4, 5

	attributeName, attributeFloat, attributeTensor = 1, 2, 5

	tensorShape, tensorKind, tensorFloats, tensorName, tensorRaw = 1, 2, 4, 8, 9

	kindFloat, kindInt32, kindInt64 = 1, 6, 7
)

// each calls fn for every field of a message; value holds a number, bytes what
// has a length.
func each(message []byte, fn func(field int, value uint64, bytes []byte) error) error {
	for len(message) > 0 {
		key, n := binary.Uvarint(message)
		if n <= 0 {
			return errModel
		}
		message = message[n:]
		var value uint64
		var bytes []byte
		switch key & 7 {
		case 0:
			if value, n = binary.Uvarint(message); n <= 0 {
				return errModel
			}
		case 1:
			n = 8
		case 2:
			size, m := binary.Uvarint(message)
			if m <= 0 || size > uint64(len(message)-m) {
				return errModel
			}
			n = m + int(size)
			bytes = message[m:n]
		case 5:
			n = 4
			if len(message) >= n {
				value = uint64(binary.LittleEndian.Uint32(message))
			}
		default:
			return errModel
		}
		if n > len(message) {
			return errModel
		}
		message = message[n:]
		if err := fn(int(key>>3), value, bytes); err != nil {
			return err
		}
	}
	return nil
}

func readGraph(data []byte) (*graph, error) {
	g := &graph{constants: map[string]*tensor{}}
	err := each(data, func(field int, _ uint64, b []byte) error {
		if field != modelGraph {
			return nil
		}
		return each(b, func(field int, _ uint64, b []byte) error {
			switch field {
			case graphNode:
				n, err := readNode(b)
				g.nodes = append(g.nodes, n)
				return err
			case graphConstant:
				t, name, err := readTensor(b)
				g.constants[name] = t
				return err
			}
			return nil
		})
	})
	return g, err
}

func readNode(b []byte) (node, error) {
	n := node{number: map[string]float32{}}
	err := each(b, func(field int, _ uint64, b []byte) error {
		switch field {
		case nodeIn:
			n.in = append(n.in, string(b))
		case nodeOut:
			n.out = append(n.out, string(b))
		case nodeOp:
			n.op = string(b)
		case nodeAttribute:
			var name string
			return each(b, func(field int, value uint64, b []byte) error {
				var err error
				switch field {
				case attributeName:
					name = string(b)
				case attributeFloat:
					n.number[name] = math.Float32frombits(uint32(value))
				case attributeTensor:
					n.value, _, err = readTensor(b)
				}
				return err
			})
		}
		return nil
	})
	return n, err
}

func readTensor(b []byte) (*tensor, string, error) {
	t := &tensor{}
	var name string
	var kind uint64
	var raw []byte
	err := each(b, func(field int, value uint64, b []byte) error {
		switch field {
		case tensorShape:
			if b == nil {
				t.shape = append(t.shape, int(value))
			}
			for len(b) > 0 {
				v, n := binary.Uvarint(b)
				if n <= 0 {
					return errModel
				}
				t.shape, b = append(t.shape, int(v)), b[n:]
			}
		case tensorKind:
			kind = value
		case tensorFloats:
			if b == nil {
				t.floats = append(t.floats, math.Float32frombits(uint32(value)))
			}
			for ; len(b) >= 4; b = b[4:] {
				t.floats = append(t.floats, math.Float32frombits(binary.LittleEndian.Uint32(b)))
			}
		case tensorName:
			name = string(b)
		case tensorRaw:
			raw = b
		}
		return nil
	})
	switch kind {
	case kindFloat:
		for ; len(raw) >= 4; raw = raw[4:] {
			t.floats = append(t.floats, math.Float32frombits(binary.LittleEndian.Uint32(raw)))
		}
	case kindInt32, kindInt64: // shapes, which the network knows itself
	default:
		return nil, "", errModel
	}
	return t, name, err
}
