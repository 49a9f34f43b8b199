package cmd

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// screen is a block of the README that shows a command and what it prints.
var screen = regexp.MustCompile("(?s)```console\n\\$ go run ./cmd/perfgoal ([^\n]*)\n(.*?)```")

// TestReadme runs the commands whose output the README shows, and wants the
// two commands for a fresh machine to be there.
func TestReadme(t *testing.T) {
	t.Chdir("..")
	t.Setenv("LC_ALL", "zh_CN.UTF-8")
	before, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	after := screen.ReplaceAllStringFunc(string(before), func(block string) string {
		command := screen.FindStringSubmatch(block)[1]
		var out, errOut bytes.Buffer
		if status := Main(strings.Fields(command), strings.NewReader(""), &out, &errOut); status != statusFindings {
			t.Errorf("perfgoal %s: status %d, want findings\n%s", command, status, errOut.String())
		}
		return "```console\n$ go run ./cmd/perfgoal " + command + "\n" + out.String() + "```"
	})
	if strings.Count(after, "```console") != 2 || !strings.Contains(after, "\ngo test ./...\n```") {
		t.Error("the README lacks a screen of output in both languages, or the command that runs the tests")
	}
	if *update {
		if err := os.WriteFile("README.md", []byte(after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(before), after); diff != "" {
		t.Errorf("README.md (-shown +real; -update rewrites):\n%s", diff)
	}
}
