package cmd

import (
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestNotice wants NOTICE to name the modules that some binary contains, and
// no others. What only tests use, such as a library for workbooks, would cost
// every run its initialisation.
func TestNotice(t *testing.T) {
	if testing.Short() {
		t.Skip("asks the Go command what is built")
	}
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("without the Go command nobody knows what is built")
	}
	version := regexp.MustCompile(`/v[0-9]+$`)
	var built []string
	for _, target := range []string{"linux amd64 perfgoal/cmd/perfgoal", "windows amd64 perfgoal/cmd/perfgoal", "darwin arm64 perfgoal/cmd/perfgoal", "js wasm perfgoal/web/wasm"} {
		words := strings.Fields(target)
		c := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{with .Module}}{{.Path}}{{end}}", words[2])
		c.Env = append(os.Environ(), "GOOS="+words[0], "GOARCH="+words[1], "CGO_ENABLED=0")
		out, err := c.Output()
		if err != nil {
			t.Skipf("the Go command does not run here: %v", err)
		}
		for path := range strings.FieldsSeq(string(out)) {
			if path = version.ReplaceAllString(path, ""); path != "perfgoal" && path != "go.yaml.in/yaml" {
				built = append(built, path)
			}
		}
	}
	notice, err := os.ReadFile("../NOTICE")
	if err != nil {
		t.Fatal(err)
	}
	list, _, _ := strings.Cut(string(notice), "\nThe rules refer")
	named := regexp.MustCompile(`(github\.com|golang\.org)/[\w./-]*\w`).FindAllString(list, -1)
	slices.Sort(built)
	slices.Sort(named)
	for _, path := range slices.Compact(built) {
		if !slices.Contains(named, path) {
			t.Errorf("NOTICE does not name %s", path)
		}
	}
	for _, path := range named {
		if !slices.Contains(built, path) {
			t.Errorf("NOTICE names %s, which no binary contains", path)
		}
	}
}
