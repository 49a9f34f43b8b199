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

// TestActionTakesTheRelease runs the action's first step: it takes the release
// of the version that is named if its checksum is right, stops where it is
// wrong, and leaves the rest to the next step where there is no release.
func TestActionTakesTheRelease(t *testing.T) {
	for _, tool := range []string{"bash", "curl", "sha256sum", "tar"} {
		if _, err := exec.LookPath(tool); err != nil || runtime.GOOS == "windows" {
			t.Skipf("the step needs a Unix shell with %s", tool)
		}
	}
	data, err := os.ReadFile("../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	var action struct {
		Runs struct {
			Steps []struct{ ID, Run string }
		}
	}
	if err := yaml.Unmarshal(data, &action); err != nil {
		t.Fatal(err)
	}
	step := action.Runs.Steps[0]
	if step.ID != "released" {
		t.Fatalf("the first step is %q", step.ID)
	}
	const ref, folder = "v1.2.3", "perfgoal_1.2.3_linux_amd64"
	server := t.TempDir()
	release := filepath.Join(server, "owner", "perfgoal", "releases", "download", ref)
	if err := os.MkdirAll(filepath.Join(release, folder), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(release, folder, "perfgoal"), []byte("#!/bin/sh\n"), 0o777); err != nil {
		t.Fatal(err)
	}
	// The checksums name further files.
	pack := exec.Command("sh", "-ec", "tar -czf "+folder+".tar.gz "+folder+"; sha256sum "+folder+".tar.gz >checksums.txt; echo $(sha256sum </dev/null | cut -c-64)'  "+
		folder+".tar.gz.sbom.json' >>checksums.txt; rm -r "+folder)
	pack.Dir = release
	if out, err := pack.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	run := func(ref, arch string) (found string, err error) {
		temp := t.TempDir()
		output := filepath.Join(temp, "output")
		c := exec.Command("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step.Run)
		c.Env = append(os.Environ(), "SERVER=file://"+server, "REPOSITORY=owner/perfgoal", "REF="+ref, "RUNNER_OS=Linux", "RUNNER_ARCH="+arch,
			"RUNNER_TEMP="+temp, "GITHUB_OUTPUT="+output)
		said, err := c.CombinedOutput()
		if err != nil {
			t.Logf("%s", said)
			return "", err
		}
		text, err := os.ReadFile(output)
		if err != nil {
			t.Fatal(err)
		}
		_, statErr := os.Stat(filepath.Join(temp, "perfgoal"))
		if there := statErr == nil; there != (string(text) == "found=true\n") {
			t.Errorf("%s on %s: %q, but a program is there: %v", ref, arch, text, there)
		}
		return strings.TrimSpace(string(text)), nil
	}
	for _, want := range []struct{ ref, arch, found string }{
		{ref, "X64", "found=true"}, {ref, "ARM64", "found=false"}, {ref, "S390X", "found=false"},
		{"v1", "X64", "found=false"}, {"main", "X64", "found=false"}, {"", "X64", "found=false"},
	} {
		if found, err := run(want.ref, want.arch); err != nil || found != want.found {
			t.Errorf("%q on %s: %q, %v, want %q", want.ref, want.arch, found, err, want.found)
		}
	}
	sums := filepath.Join(release, "checksums.txt")
	for what, text := range map[string]string{"another checksum": strings.Repeat("0", 64) + "  " + folder + ".tar.gz\n", "no checksum": ""} {
		if err := os.WriteFile(sums, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if found, err := run(ref, "X64"); err == nil {
			t.Errorf("%s: %s", what, found)
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
	for file, pattern := range map[string]string{"../Dockerfile": `(?m)^FROM (\S+)`, "../action.yml": `(?m)uses: (\S+)`, "../.github/workflows/ci.yml": `(?m)uses: (\S+)`} {
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
	if used != 8 {
		t.Errorf("%d images and actions, want 8", used)
	}
}
