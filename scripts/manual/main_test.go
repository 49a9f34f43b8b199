package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"perfgoal/cmd"
	"perfgoal/model"
)

// TestEveryCommandHasItsPage wants a page in both languages for each command,
// with its exit statuses, and a completion for each shell.
func TestEveryCommandHasItsPage(t *testing.T) {
	dir := t.TempDir()
	if err := write(dir); err != nil {
		t.Fatal(err)
	}
	read := func(path string) string {
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(path)))
		if err != nil {
			t.Error(err)
		}
		return string(data)
	}
	for _, c := range cmd.Root(model.English).Commands() {
		if !c.IsAvailableCommand() || c.Name() == "help" {
			continue
		}
		page := "perfgoal-" + c.Name() + ".1"
		if text := read("man/man1/" + page); !strings.Contains(text, c.Short) {
			t.Errorf("%s does not say %q", page, c.Short)
		}
		read("man/zh_CN/man1/" + page)
	}
	if page := read("man/man1/perfgoal-lint.1"); !strings.Contains(page, "EXIT STATUS") || strings.Contains(page, dir) {
		t.Error("the page of lint lacks the exit statuses, or names this machine")
	}
	for _, shell := range []string{"perfgoal.bash", "_perfgoal", "perfgoal.fish", "perfgoal.ps1"} {
		if !strings.Contains(read("completions/"+shell), "perfgoal") {
			t.Errorf("%s is empty", shell)
		}
	}
}
