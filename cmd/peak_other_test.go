//go:build !linux

package cmd

import "os"

// peakMemory is only measured on Linux.
func peakMemory(*os.ProcessState) int64 { return 0 }
