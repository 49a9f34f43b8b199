// Command perfgoal reads budget performance-target declarations and reports
// what does not hold in them.
package main

//go:generate go run ../../scripts/manual ../../share

import (
	"os"
	"runtime/debug"

	"perfgoal/cmd"
)

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(250) // most runs are over before a collection pays
	}
	os.Exit(cmd.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
