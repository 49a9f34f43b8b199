//go:build !windows

package cmd

import "io"

// fromExplorer is for files dropped on the program in Windows' Explorer.
func fromExplorer(args []string, _ io.Reader, _ io.Writer) ([]string, func(status int)) {
	return args, func(int) {}
}
