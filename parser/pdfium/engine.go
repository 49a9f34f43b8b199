//go:build !js

package pdfium

import (
	"bytes"
	"compress/gzip"
	"context"
	_ "embed"
	"io"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"

	gopdfium "github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

//go:generate go run ./wasmgen pdfium.wasm.gz

// packed is PDFium, without what writes PDFs.
//
//go:embed pdfium.wasm.gz
var packed []byte

const (
	// memoryPages bounds the module's memory, in pages of 64 KiB: 160 MiB. The
	// document itself stays outside.
	memoryPages = 2560
	// firstPages is what nearly every document is read in: 24 MiB, of which
	// PDFium takes 18 at once.
	firstPages = 384
	// compileRoom is how much compiling may take, in bytes, before its garbage
	// is collected at once: the first run must not need more than any other.
	compileRoom = 160 << 20
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

// start compiles the module, or takes it from the cache. A cache that cannot be
// read or written must not stop the reading.
func start(noCache bool) (gopdfium.Pool, error) {
	e := &engines[0]
	if noCache {
		e = &engines[1]
	}
	e.once.Do(func() {
		var module []byte
		if module, e.err = unpack(); e.err != nil {
			return
		}
		if !noCache {
			if root, ok := cacheRoot(); ok {
				if e.pool = fromCache(root, module); e.pool != nil {
					return
				}
			}
		}
		e.pool, e.err = compile(module, nil)
	})
	return e.pool, e.err
}

func unpack() ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

func compile(module []byte, cache wazero.CompilationCache) (gopdfium.Pool, error) {
	before := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(before)
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(int64(before[0].Value.Uint64()) + compileRoom))
	config := wazero.NewRuntimeConfig().
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
		WithMemoryLimitPages(memoryPages).
		WithCloseOnContextDone(true)
	if cache != nil {
		config = config.WithCompilationCache(cache)
	}
	ctx := experimental.WithCompilationWorkers(context.Background(), runtime.GOMAXPROCS(0))
	ctx = experimental.WithMemoryAllocator(ctx, experimental.MemoryAllocatorFunc(reserve))
	pool, err := webassembly.InitWithWASM(webassembly.Config{
		Context:       ctx,
		WASM:          module,
		MaxTotal:      instances,
		FSConfig:      wazero.NewFSConfig().WithFSMount(oneFile{fontPath, boxFont()}, "/"),
		RuntimeConfig: config,
		Stdout:        io.Discard,
		Stderr:        io.Discard,
	})
	debug.FreeOSMemory()
	return pool, err
}

// memory is a module's memory. The few documents for which the first pages do
// not suffice get all at once: growing by copies would need more than twice as
// much. It stays with the garbage collector, because a module may still run for
// a moment after it was told to stop.
type memory struct{ all []byte }

func reserve(_, _ uint64) experimental.LinearMemory {
	return &memory{make([]byte, firstPages<<16)}
}

// Reallocate implements experimental.LinearMemory.
func (m *memory) Reallocate(size uint64) []byte {
	if size > memoryPages<<16 {
		return nil
	}
	if size > uint64(len(m.all)) {
		all := make([]byte, memoryPages<<16)
		copy(all, m.all)
		m.all = all
	}
	return m.all[:size]
}

// Free implements experimental.LinearMemory.
func (m *memory) Free() { m.all = nil }
