package cmd

import (
	"io"

	"golang.org/x/sys/windows"
)

// utf8Console makes a Windows console read UTF-8 and colour sequences, and
// returns what sets it back. Where there is no console nothing is changed.
func utf8Console(writers ...io.Writer) (restore func()) {
	const utf8CodePage = 65001
	before, err := windows.GetConsoleOutputCP()
	if err != nil || windows.SetConsoleOutputCP(utf8CodePage) != nil {
		return func() {}
	}
	for _, w := range writers {
		f, ok := terminal(w)
		if !ok {
			continue
		}
		var mode uint32
		if handle := windows.Handle(f.Fd()); windows.GetConsoleMode(handle, &mode) == nil {
			_ = windows.SetConsoleMode(handle, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING)
		}
	}
	return func() { _ = windows.SetConsoleOutputCP(before) }
}
