package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// Sections of a WebAssembly module (WebAssembly Core Specification, 5.5).
const (
	sectionImport  = 2
	sectionExport  = 7
	sectionStart   = 8
	sectionElement = 9
	sectionCode    = 10
)

const kindFunction = 0

// trap is the body of a function that does nothing but stop: no locals,
// unreachable, end.
var trap = []byte{0, 0x00, 0x0b}

// trim replaces every function that can only be reached through dropped
// exports by a trap. Indices stay as they are, so nothing else has to change.
// Whatever a table holds counts as reached.
func trim(module []byte, drop func(export string) bool) ([]byte, error) {
	const header = 8 // magic and version
	if len(module) < header || !bytes.HasPrefix(module, []byte("\x00asm\x01\x00\x00\x00")) {
		return nil, errors.New("not a WebAssembly module of version 1")
	}
	type section struct {
		id   byte
		data []byte
	}
	var sections []section
	in := &reader{data: module[header:]}
	for len(in.data) > 0 && in.err == nil {
		id := in.byte()
		sections = append(sections, section{id, in.bytes(in.uint())})
	}
	imported := 0
	var roots []int
	var bodies [][]byte
	for _, s := range sections {
		r := &reader{data: s.data}
		switch s.id {
		case sectionImport:
			imported = r.imports()
		case sectionExport:
			roots = append(roots, r.exports(drop)...)
		case sectionStart:
			roots = append(roots, r.uint())
		case sectionElement:
			roots = append(roots, r.elements()...)
		case sectionCode:
			for range r.uint() {
				bodies = append(bodies, r.bytes(r.uint()))
			}
		}
		in.err = errors.Join(in.err, r.err)
	}
	if in.err != nil {
		return nil, in.err
	}
	reached, err := reach(bodies, imported, roots)
	if err != nil {
		return nil, err
	}
	code := binary.AppendUvarint(nil, uint64(len(bodies)))
	for i, body := range bodies {
		if !reached[i] {
			body = trap
		}
		code = append(binary.AppendUvarint(code, uint64(len(body))), body...)
	}
	out := bytes.Clone(module[:header])
	for _, s := range sections {
		if s.id == sectionCode {
			s.data = code
		}
		out = append(binary.AppendUvarint(append(out, s.id), uint64(len(s.data))), s.data...)
	}
	return out, nil
}

// reach says which bodies the roots lead to. Functions are counted from the
// imported ones on, which have no bodies.
func reach(bodies [][]byte, imported int, roots []int) ([]bool, error) {
	reached := make([]bool, len(bodies))
	for len(roots) > 0 {
		i := roots[len(roots)-1] - imported
		roots = roots[:len(roots)-1]
		if i < 0 || i < len(bodies) && reached[i] {
			continue
		}
		if i >= len(bodies) {
			return nil, fmt.Errorf("function %d is not there", i+imported)
		}
		reached[i] = true
		r := &reader{data: bodies[i]}
		roots = append(roots, r.calls()...)
		if r.err != nil {
			return nil, fmt.Errorf("function %d: %w", i+imported, r.err)
		}
	}
	return reached, nil
}

// reader reads a module. After an error it returns zeros.
type reader struct {
	data []byte
	err  error
}

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf(format, args...)
	}
	r.data = nil
}

func (r *reader) bytes(n int) []byte {
	if n < 0 || n > len(r.data) {
		r.fail("the module ends early")
		return nil
	}
	b := r.data[:n]
	r.data = r.data[n:]
	return b
}

func (r *reader) byte() byte {
	if b := r.bytes(1); len(b) == 1 {
		return b[0]
	}
	return 0
}

// uint reads a number in LEB128. Of signed ones and those of 64 bits it reads
// the right bytes, whose value is of no use here.
func (r *reader) uint() int {
	var v uint64
	for shift := 0; ; shift += 7 {
		b := r.byte()
		v |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return int(v)
		}
	}
}

func (r *reader) skip(numbers int) {
	for range numbers {
		r.uint()
	}
}

// imports counts the imported functions.
func (r *reader) imports() int {
	n := r.uint()
	for range n {
		r.bytes(r.uint())
		r.bytes(r.uint())
		if kind := r.byte(); kind != kindFunction {
			r.fail("import of kind %d is not expected", kind)
		}
		r.uint()
	}
	return n
}

func (r *reader) exports(drop func(string) bool) (kept []int) {
	for range r.uint() {
		name := string(r.bytes(r.uint()))
		kind, index := r.byte(), r.uint()
		if kind == kindFunction && !drop(name) {
			kept = append(kept, index)
		}
	}
	return kept
}

// elements are the functions that tables hold.
func (r *reader) elements() (held []int) {
	for range r.uint() {
		if mode := r.uint(); mode != 0 {
			r.fail("elements of mode %d are not expected", mode)
		}
		if op := r.byte(); op != 0x41 { // i32.const
			r.fail("elements at %#x are not expected", op)
		}
		r.uint()
		r.byte() // end
		for range r.uint() {
			held = append(held, r.uint())
		}
	}
	return held
}

// calls are the functions that a body calls or takes a reference of (Core
// Specification, 5.4, with the proposals on exceptions and tail calls).
func (r *reader) calls() (called []int) {
	for range r.uint() { // locals
		r.uint()
		r.byte()
	}
	for len(r.data) > 0 {
		switch op := r.byte(); {
		case op == 0x10, op == 0x12, op == 0xd2: // call, return_call, ref.func
			called = append(called, r.uint())
		case op <= 0x01, op == 0x05, op == 0x0a, op == 0x0b, op == 0x0f, op == 0x19, op == 0x1a, op == 0x1b, op == 0xd1,
			op >= 0x45 && op <= 0xc4: // without operands
		case op >= 0x02 && op <= 0x04, op >= 0x06 && op <= 0x09, op == 0x0c, op == 0x0d, op == 0x18, op >= 0x20 && op <= 0x26,
			op >= 0x3f && op <= 0x42, op == 0xd0: // one number
			r.uint()
		case op == 0x11, op == 0x13, op >= 0x28 && op <= 0x3e: // call_indirect, loads and stores
			r.skip(2)
		case op == 0x0e: // br_table
			r.skip(r.uint() + 1)
		case op == 0x1c: // select with types
			r.bytes(r.uint())
		case op == 0x1f: // try_table
			r.uint()
			for range r.uint() {
				if catch := r.byte(); catch <= 1 { // with a tag
					r.uint()
				}
				r.uint()
			}
		case op == 0x43: // f32.const
			r.bytes(4)
		case op == 0x44: // f64.const
			r.bytes(8)
		case op == 0xfc:
			r.bulk()
		case op == 0xfd:
			r.vector()
		default:
			r.fail("operation %#x is not expected", op)
		}
	}
	return called
}

// bulk skips the operands of conversions and of operations on memories and
// tables.
func (r *reader) bulk() {
	switch op := r.uint(); op {
	case 0, 1, 2, 3, 4, 5, 6, 7:
	case 9, 11, 13, 15, 16, 17:
		r.uint()
	case 8, 10, 12, 14:
		r.skip(2)
	default:
		r.fail("operation 0xfc %d is not expected", op)
	}
}

// vector skips the operands of operations on vectors.
func (r *reader) vector() {
	switch op := r.uint(); {
	case op <= 11, op == 92, op == 93: // loads and stores
		r.skip(2)
	case op >= 84 && op <= 91: // of one lane
		r.skip(2)
		r.byte()
	case op == 12, op == 13: // const, shuffle
		r.bytes(16)
	case op >= 21 && op <= 34: // lanes
		r.byte()
	}
}
