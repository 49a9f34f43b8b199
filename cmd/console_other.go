//go:build !windows

package cmd

import "io"

// utf8Console prepares the terminal; only Windows needs it.
func utf8Console(...io.Writer) (restore func()) { return func() {} }
