package cmd

import (
	"bufio"
	"fmt"
	"io"

	"github.com/inconshreveable/mousetrap"
	"github.com/spf13/cobra"
	"golang.org/x/sys/windows"
)

// fromExplorer turns files dropped on the program in Explorer into a run that
// writes a page, and returns what opens it afterwards. A double click shows
// the help and waits, since its window would close at once.
func fromExplorer(args []string, in io.Reader, out io.Writer) ([]string, func(status int)) {
	cobra.MousetrapHelpText = "" // cobra would only say that this is a command line tool
	if !mousetrap.StartedByExplorer() {
		return args, func(int) {}
	}
	wait := func() {
		fmt.Fprintln(out, "按回车键关闭。Press Enter to close.")
		_, _ = bufio.NewReader(in).ReadString('\n')
	}
	lint, page, ok := droppedArgs(args)
	if !ok {
		return args, func(int) { wait() }
	}
	return lint, func(status int) {
		file, err := windows.UTF16PtrFromString(page)
		verb, verbErr := windows.UTF16PtrFromString("open")
		if err != nil || verbErr != nil || status == statusUsage || windows.ShellExecute(0, verb, file, nil, nil, windows.SW_SHOWNORMAL) != nil {
			wait()
		}
	}
}
