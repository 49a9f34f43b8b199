//go:build unix

package validate

import (
	"syscall"
	"time"
)

// cpuTime is what the process has used of processors so far, which another
// process beside it does not lengthen as it does the time that passes.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
