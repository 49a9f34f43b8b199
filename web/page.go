// Package web makes the page that runs the linter in a browser: one HTML file
// that needs no network and no installing.
package web

import (
	"bytes"
	"compress/gzip"
	"context"
	_ "embed"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"text/template"
)

var (
	//go:embed page/page.html
	pageTemplate string
	//go:embed page/style.css
	pageStyle string
	//go:embed page/page.js
	pageScript string
	//go:embed page/worker.js
	workerScript string
)

// sample is what a new worker reads a few times before it counts as ready: what is
// built at first use is then there, and the browser has compiled it.
const sample = "testdata/hard/encoding-own.pdf"

// Build writes the page with the linter compiled from the module in whose
// folder the process runs. version is what the linter calls itself; "" leaves
// it to the Go toolchain, as for the program.
func Build(ctx context.Context, w io.Writer, version string) error {
	root, err := goOutput(ctx, "list", "-m", "-f", "{{.Dir}}")
	if err != nil {
		return err
	}
	toolchain, err := goOutput(ctx, "env", "GOROOT")
	if err != nil {
		return err
	}
	runtime, err := os.ReadFile(filepath.Join(toolchain, "lib", "wasm", "wasm_exec.js"))
	if err != nil {
		return err
	}
	document, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(sample)))
	if err != nil {
		return err
	}
	linter, err := compile(ctx, root, version)
	if err != nil {
		return err
	}
	if linter, err = pack(linter); err != nil {
		return err
	}
	page, err := template.New("page").Parse(pageTemplate)
	if err != nil {
		return err
	}
	return page.Execute(w, map[string]any{
		"Style": pageStyle, "Script": pageScript, "Worker": string(runtime) + "\n" + workerScript,
		"Sample": encode(document), "SampleSize": len(document), "Linter": encode(linter), "LinterSize": len(linter),
	})
}

func goOutput(ctx context.Context, args ...string) (string, error) {
	out, err := exec.CommandContext(ctx, "go", args...).Output()
	if err != nil {
		return "", fmt.Errorf("go %s: %w", strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(out)), nil
}

// compile makes the WebAssembly module, without what only debuggers need.
func compile(ctx context.Context, root, version string) ([]byte, error) {
	dir, err := os.MkdirTemp("", "perfgoal-page-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	file := filepath.Join(dir, "perfgoal.wasm")
	flags := "-s -w"
	if version != "" {
		flags += " -X perfgoal/cmd.version=" + version
	}
	c := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", flags, "-o", file, "./web/wasm")
	c.Dir, c.Stderr = root, os.Stderr
	c.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "GOFLAGS=")
	if err := c.Run(); err != nil {
		return nil, fmt.Errorf("compiling the linter: %w", err)
	}
	return os.ReadFile(file)
}

// pack compresses with what every browser can undo.
func pack(data []byte) ([]byte, error) {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(data); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// Thirteen bits fit into two of 91 characters, from '=' on ('<' would begin a
// tag) and then from '!' on; so the page grows by 23 %, not by base64's 33 %.
const (
	digits     = 91
	digitBits  = 13
	firstDigit = '='
	lastDigit  = '~'
)

// encode writes bytes in printable characters, none of which means anything
// within a script element. It is undone by decode in page.js, which is told the
// number of bytes.
func encode(data []byte) string {
	var alphabet [digits]byte
	for i := range alphabet {
		c := firstDigit + i
		if c > lastDigit {
			c += '!' - lastDigit - 1
		}
		alphabet[i] = byte(c)
	}
	out := make([]byte, 0, len(data)*16/digitBits+2)
	held, bits := 0, 0
	put := func(v int) { out = append(out, alphabet[v%digits], alphabet[v/digits]) }
	for _, b := range data {
		held |= int(b) << bits
		if bits += 8; bits >= digitBits {
			put(held & (1<<digitBits - 1))
			held, bits = held>>digitBits, bits-digitBits
		}
	}
	if bits > 0 {
		put(held)
	}
	return string(out)
}
