package validate

import (
	"runtime"
	"sync/atomic"

	"perfgoal/internal/meanwhile"
)

// stretch is how many forms or findings a processor takes at a time.
const stretch = 16

// eachStretch calls do for stretches of n things, several at once.
func eachStretch(n int, do func(from, to int)) {
	sideBySide((n+stretch-1)/stretch, func(i int) { do(i*stretch, min((i+1)*stretch, n)) })
}

// eachShare calls do for a share of n things for each processor, where what is
// learnt of some serves the others.
func eachShare(n int, do func(from, to int)) {
	shares := min(runtime.GOMAXPROCS(0), (n+stretch-1)/stretch)
	sideBySide(shares, func(i int) { do(i*n/shares, (i+1)*n/shares) })
}

// sideBySide calls do for each number under n, as many at once as there are
// processors. A fault in one of them becomes the caller's, who can catch it.
func sideBySide(n int, do func(i int)) {
	if n == 1 {
		do(0)
		return
	}
	var next atomic.Int64
	meanwhile.All(min(runtime.GOMAXPROCS(0), n), func(int) {
		for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
			do(i)
		}
	})
}
