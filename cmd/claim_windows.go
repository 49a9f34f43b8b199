package cmd

import "os"

// claim has nothing to do: Windows does not remove a file that is open.
func claim(*os.File) {}

// removeUnclaimed removes a file that no process has open.
func removeUnclaimed(path string) { _ = os.Remove(path) }
