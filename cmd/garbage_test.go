package cmd

import (
	"runtime"
	"sync/atomic"
	"testing"
)

func TestAfterEachCollection(*testing.T) {
	var ran atomic.Int32
	afterEachCollection(func() { ran.Add(1) })
	for ran.Load() < 3 { // or never ends
		runtime.GC()
	}
}

// What is in use always leaves room for garbage.
func TestLimitFor(t *testing.T) {
	if got := limitFor(1 << 30); got != 3<<29 {
		t.Errorf("the limit beside 1 GiB is %d", got)
	}
	keep := make([]byte, 32<<20)
	runtime.GC()
	if got := inUse(); got < 32<<20 {
		t.Errorf("%d bytes are in use, want at least 32 MiB", got)
	}
	runtime.KeepAlive(keep)
}
