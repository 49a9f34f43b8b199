package cmd

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
)

const (
	// memoryTarget is where the collector begins to hurry, in bytes: hostile
	// files leave much garbage in little time.
	memoryTarget = 400 << 20
	// spare is the least share of what is in use that the collector leaves for
	// garbage. With less it would run all the time once the target is passed.
	spare = 0.5
	// firstPercent puts the first collection off until 24 MiB are in use, the
	// runtime's 4 MiB in proportion: most runs are over before. laterPercent
	// holds from then on.
	firstPercent, laterPercent = 600, 300
)

// boundGarbage says when the collector runs, unless GOGC does. It sets the
// target, unless GOMEMLIMIT does, and raises it wherever more is in use than
// leaves room for garbage.
func boundGarbage() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(firstPercent)
		var once sync.Once
		afterEachCollection(func() { once.Do(func() { debug.SetGCPercent(laterPercent) }) })
	}
	if debug.SetMemoryLimit(-1) != math.MaxInt64 {
		return
	}
	debug.SetMemoryLimit(memoryTarget)
	afterEachCollection(func() {
		if enough := limitFor(inUse()); enough > debug.SetMemoryLimit(-1) {
			debug.SetMemoryLimit(enough)
		}
	})
}

// limitFor is the limit that leaves room for garbage beside what is in use.
func limitFor(inUse uint64) int64 { return int64(float64(inUse) * (1 + spare)) }

// inUse is what the last collection found in use, in bytes.
func inUse() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// afterEachCollection calls do whenever the collector has run: it finds an
// object that nobody uses, whose finalizer puts it there again.
func afterEachCollection(do func()) {
	type unused struct{ _ [64]byte }
	var again func(*unused)
	again = func(u *unused) {
		runtime.SetFinalizer(u, again)
		do()
	}
	runtime.SetFinalizer(&unused{}, again)
}
