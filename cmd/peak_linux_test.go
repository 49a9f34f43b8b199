package cmd

import (
	"os"
	"strconv"
	"strings"
)

// peakFile names the file in which the program leaves its largest resident set.
const peakFile = "PERFGOAL_TEST_PEAK"

// leavePeak writes this process's largest resident set to that file, if any.
// What the system hands on at the end (ru_maxrss) would count the test's own
// memory too, with which the process begins.
func leavePeak() {
	name := os.Getenv(peakFile)
	if name == "" {
		return
	}
	if status, err := os.ReadFile("/proc/self/status"); err == nil {
		_ = os.WriteFile(name, status, 0o600)
	}
}

// peakMemory is the largest resident set of a process that left it, in bytes.
func peakMemory(name string) int64 {
	status, err := os.ReadFile(name)
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	number, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	kilobytes, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return 0
	}
	return kilobytes << 10
}
