// Command perfgoal reads budget performance-target declarations and reports
// what does not hold in them.
package main

//go:generate go run ../../scripts/manual ../../share

import (
	"os"

	"perfgoal/cmd"
)

func main() {
	os.Exit(cmd.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
