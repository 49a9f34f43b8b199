package cmd

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// TestGitLabTemplate runs the template's script over paths with blanks, a
// pattern and a name that looks like a flag.
func TestGitLabTemplate(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the script is for a Unix shell")
	}
	data, err := os.ReadFile("../templates/perfgoal.gitlab-ci.yml")
	if err != nil {
		t.Fatal(err)
	}
	_, jobs, _ := strings.Cut(string(data), "\n---\n")
	var template struct {
		Perfgoal struct {
			Variables map[string]struct {
				Value  string
				Expand *bool
			}
			Script []string
		}
	}
	if err := yaml.Unmarshal([]byte(jobs), &template); err != nil {
		t.Fatal(err)
	}
	paths := template.Perfgoal.Variables["PERFGOAL_PATHS"]
	if paths.Value != "$[[ inputs.paths ]]" || paths.Expand == nil || *paths.Expand {
		t.Errorf("the paths are %+v, want them as they are given", paths)
	}
	dir, bin := t.TempDir(), t.TempDir()
	letter, err := os.ReadFile("../testdata/text/clean-district.txt")
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"补报 材料.txt", "-o.txt", "a$(touch b).txt", "c1.txt"}
	for _, name := range names {
		if err := os.WriteFile(filepath.Join(dir, name), letter, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(self, filepath.Join(bin, "perfgoal")); err != nil {
		t.Fatal(err)
	}
	script := strings.ReplaceAll(strings.Join(template.Perfgoal.Script, "\n"), "$[[ inputs.fail-level ]]", "none")
	c := exec.Command("sh", "-e", "-c", script)
	c.Dir = dir
	c.Env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "LC_ALL=zh_CN.UTF-8", "NO_COLOR=1",
		"PERFGOAL_PATHS=补报 材料.txt\n-o.txt\na$(touch b).txt\nc[0-9].txt\n")
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	junit, err := os.ReadFile(filepath.Join(dir, "perfgoal.xml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if !bytes.Contains(junit, []byte(name)) {
			t.Errorf("%s was not checked:\n%s", name, out)
		}
	}
}

// TestPreCommitHook wants names to stand behind --, and the pattern to take
// what is read, whatever the case of its name.
func TestPreCommitHook(t *testing.T) {
	data, err := os.ReadFile("../.pre-commit-hooks.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var hooks []struct {
		Entry, Files string
		Args         []string
	}
	if err := yaml.Unmarshal(data, &hooks); err != nil || len(hooks) != 1 {
		t.Fatalf("%d hooks, %v", len(hooks), err)
	}
	if h := hooks[0]; h.Entry != "perfgoal lint" || len(h.Args) == 0 || h.Args[len(h.Args)-1] != "--" {
		t.Errorf("%s %q FILE...: names may be taken for flags", h.Entry, h.Args)
	}
	files, err := regexp.Compile(hooks[0].Files)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"报送/汇总表.PDF": true, "a.txt": true, "a.xlsx": true, "a.XLS": true, "a.docx": true, "a.csv": true, "a.html": true,
		"a.jsonl": true, "a.et": true, "a.wps": true, "a.go": false, "pdf": false, "a.pdf.md": false} {
		if files.MatchString(name) != want {
			t.Errorf("%s is taken: %v", name, !want)
		}
	}
}

// pinned is a name that cannot change its meaning: a digest or a commit.
var pinned = regexp.MustCompile(`@sha256:[0-9a-f]{64}$|@[0-9a-f]{40}$`)

// TestPinned wants every image and action by its digest.
func TestPinned(t *testing.T) {
	used := 0
	for file, pattern := range map[string]string{"../Dockerfile": `(?m)^FROM (\S+)`, "../action.yml": `(?m)uses: (\S+)`} {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(string(data), -1) {
			used++
			if !pinned.MatchString(m[1]) {
				t.Errorf("%s: %s may change under its name", file, m[1])
			}
		}
	}
	if used != 3 {
		t.Errorf("%d images and actions, want 3", used)
	}
}
