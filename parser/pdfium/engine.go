// Package pdfium reads PDFs with PDFium, compiled to WebAssembly: a second
// opinion for files that package pdf cannot read. The module runs in a sandbox
// with bounded memory; it sees no file of the host.
package pdfium

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sync"

	gopdfium "github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

const (
	// memoryPages bounds the module's memory, in pages of 64 KiB: 160 MiB. The
	// document itself stays outside.
	memoryPages = 2560
	// instances bounds how many documents are read at once; each may fill its
	// memory.
	instances = 2
)

// engine is the compiled module. It is built when the first document needs it.
type engine struct {
	once sync.Once
	pool gopdfium.Pool
	err  error
}

// engines are with and without the cache in the user's folder.
var engines [2]engine

// Load makes the engine ready, which takes some seconds when its module is not
// in the cache.
func Load(noCache bool) error {
	_, err := start(noCache)
	return err
}

// start compiles the module, or takes it from the cache.
func start(noCache bool) (gopdfium.Pool, error) {
	e := &engines[0]
	if noCache {
		e = &engines[1]
	}
	e.once.Do(func() {
		if dir, ok := cacheDir(); ok && !noCache {
			if cache, err := wazero.NewCompilationCacheWithDir(dir); err == nil {
				if e.pool, e.err = compile(cache); e.err == nil {
					return
				}
			}
		}
		// A cache that cannot be read or written must not stop the reading.
		e.pool, e.err = compile(nil)
	})
	return e.pool, e.err
}

func compile(cache wazero.CompilationCache) (gopdfium.Pool, error) {
	// Compiling leaves much garbage behind; this keeps the peak below 400 MiB.
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(350 << 20))
	config := wazero.NewRuntimeConfig().
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
		WithMemoryLimitPages(memoryPages).
		WithCloseOnContextDone(true)
	if cache != nil {
		config = config.WithCompilationCache(cache)
	}
	ctx := experimental.WithCompilationWorkers(context.Background(), runtime.GOMAXPROCS(0))
	ctx = experimental.WithMemoryAllocator(ctx, experimental.MemoryAllocatorFunc(reserve))
	return webassembly.Init(webassembly.Config{
		Context:       ctx,
		MaxTotal:      instances,
		FSConfig:      wazero.NewFSConfig().WithFSMount(oneFile{fontPath, boxFont()}, "/"),
		RuntimeConfig: config,
		Stdout:        io.Discard,
		Stderr:        io.Discard,
	})
}

// memory is a module's memory, reserved at once: growing by copies would need
// more than twice as much. The system provides pages only when they are used.
type memory struct{ all []byte }

func reserve(_, _ uint64) experimental.LinearMemory {
	return &memory{make([]byte, memoryPages<<16)}
}

// Reallocate implements experimental.LinearMemory.
func (m *memory) Reallocate(size uint64) []byte {
	if size > uint64(len(m.all)) {
		return nil
	}
	return m.all[:size]
}

// Free implements experimental.LinearMemory.
func (m *memory) Free() { m.all = nil }

// cacheDir is the folder for the compiled module; ok is false when it cannot
// be written.
func cacheDir() (dir string, ok bool) {
	base, err := os.UserCacheDir()
	if err != nil {
		return "", false
	}
	dir = filepath.Join(base, "perfgoal")
	if os.MkdirAll(dir, 0o700) != nil {
		return "", false
	}
	probe, err := os.CreateTemp(dir, "probe-*")
	if err != nil {
		return "", false
	}
	probe.Close()
	return dir, os.Remove(probe.Name()) == nil
}
