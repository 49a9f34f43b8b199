//go:build !linux

package cmd

const peakFile = "PERFGOAL_TEST_PEAK"

func leavePeak() {}

// peakMemory is only measured on Linux.
func peakMemory(string) int64 { return 0 }
