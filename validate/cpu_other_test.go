//go:build !unix

package validate

import "time"

// cpuTime is not known here.
func cpuTime() time.Duration { return 0 }
