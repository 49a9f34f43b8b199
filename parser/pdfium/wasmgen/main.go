// Command wasmgen packs the PDFium module of go-pdfium for package pdfium,
// without the functions that write PDFs: nothing here calls them, and one of
// them is so large that compiling it takes more memory than all the others.
//
// usage: wasmgen OUT.gz
package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: wasmgen OUT.gz")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(name string) error {
	module, err := small()
	if err != nil {
		return err
	}
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(module); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile(name, out.Bytes(), 0o666)
}

// small is the trimmed module of the version of go-pdfium that go.mod names.
func small() ([]byte, error) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/klippa-app/go-pdfium").Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	module, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "internal", "pdfium_wasm", "pdfium.wasm"))
	if err != nil {
		return nil, err
	}
	return trim(module, writes)
}

// writes says whether an exported function writes a PDF.
func writes(export string) bool { return strings.HasPrefix(export, "FPDF_Save") }
