//go:build !unix

package cmd

// watched runs the program under watch where its memory is bounded; only Unix
// bounds it by a limit of the process.
func watched(*app, []string) (status int, ran bool) { return 0, false }
