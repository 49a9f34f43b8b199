// Command manual writes the manual pages (English and Chinese) and the shell
// completions below the folder it is given, from the commands themselves.
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra/doc"

	"perfgoal/cmd"
	"perfgoal/model"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: manual DIR")
		os.Exit(2)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "manual:", err)
		os.Exit(1)
	}
}

// pageDate is fixed, so that the same commands give the same pages.
var pageDate = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

func write(dir string) error {
	for lang, folder := range map[model.Lang]string{model.English: "man/man1", model.Chinese: "man/zh_CN/man1"} {
		to := filepath.Join(dir, filepath.FromSlash(folder))
		if err := os.MkdirAll(to, 0o755); err != nil {
			return err
		}
		root := cmd.Root(lang)
		root.DisableAutoGenTag = true
		if err := doc.GenManTree(root, &doc.GenManHeader{Title: "PERFGOAL", Section: "1", Source: "perfgoal", Manual: "perfgoal", Date: &pageDate}, to); err != nil {
			return err
		}
	}
	to := filepath.Join(dir, "completions")
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	root := cmd.Root(model.Chinese)
	return errors.Join(
		root.GenBashCompletionFileV2(filepath.Join(to, "perfgoal.bash"), true),
		root.GenZshCompletionFile(filepath.Join(to, "_perfgoal")),
		root.GenFishCompletionFile(filepath.Join(to, "perfgoal.fish"), true),
		root.GenPowerShellCompletionFileWithDesc(filepath.Join(to, "perfgoal.ps1")),
	)
}
