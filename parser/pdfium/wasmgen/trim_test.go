package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"testing"

	"github.com/tetratelabs/wazero"
)

// module exports kept (calls 1), dropped (calls 2 and 3) and has a table that
// holds 3. Function n returns n.
var module = []byte("\x00asm\x01\x00\x00\x00" +
	"\x01\x05\x01\x60\x00\x01\x7f" + // types: () -> i32
	"\x03\x06\x05\x00\x00\x00\x00\x00" + // five functions
	"\x04\x04\x01\x70\x00\x01" + // a table
	"\x07\x12\x02\x04kept\x00\x00\x07dropped\x00\x04" +
	"\x09\x07\x01\x00\x41\x00\x0b\x01\x03" +
	"\x0a\x1d\x05" +
	"\x04\x00\x10\x01\x0b" +
	"\x04\x00\x41\x01\x0b" +
	"\x04\x00\x41\x02\x0b" +
	"\x04\x00\x41\x03\x0b" +
	"\x07\x00\x10\x02\x10\x03\x6a\x0b")

func TestTrim(t *testing.T) {
	out, err := trim(module, func(name string) bool { return name == "dropped" })
	if err != nil {
		t.Fatal(err)
	}
	for body, want := range map[string]bool{
		"\x10\x01\x0b": true, "\x41\x01\x0b": true, "\x41\x02\x0b": false, "\x41\x03\x0b": true, "\x10\x02\x10\x03": false,
	} {
		if got := bytes.Contains(out, []byte(body)); got != want {
			t.Errorf("body %x is there: %v, want %v", body, got, want)
		}
	}
	ctx := t.Context()
	r := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter())
	defer func() { _ = r.Close(ctx) }()
	m, err := r.Instantiate(ctx, out)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := m.ExportedFunction("kept").Call(ctx); err != nil || got[0] != 1 {
		t.Errorf("kept returns %v, %v", got, err)
	}
	if _, err := m.ExportedFunction("dropped").Call(ctx); err == nil {
		t.Error("dropped still runs")
	}
	same, err := trim(module, func(string) bool { return false })
	if err != nil || !bytes.Equal(same, module) {
		t.Errorf("dropping nothing changes the module: %v\n%x\n%x", err, module, same)
	}
	for cut := 1; cut <= 29; cut++ { // within the code
		if _, err := trim(module[:len(module)-cut], func(string) bool { return false }); err == nil {
			t.Errorf("a module without its last %d bytes is taken", cut)
		}
	}
}

// The packed module is the one that go.mod's go-pdfium ships: after an update,
// go generate ./parser/pdfium.
func TestUpToDate(t *testing.T) {
	want, err := small()
	if err != nil {
		t.Fatal(err)
	}
	packed, err := os.Open("../pdfium.wasm.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	z, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, got) {
		t.Error("pdfium.wasm.gz is not what go generate ./parser/pdfium makes")
	}
}
