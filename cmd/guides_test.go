package cmd

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var consoleBlock = regexp.MustCompile("(?s)```console\n(.*?)```")

// fileBlock is a block of a guide that is a file of its examples.
var fileBlock = regexp.MustCompile("(?s)<!-- file: ([^\n]*) -->\n```[a-z]*\n(.*?)```")

// TestGuides runs every command that the guides show, in a folder with the
// files that they speak of, and wants what they print to be what is shown: all
// of it, or its beginning. A command must exist and be used rightly (no exit
// status 2); one whose tool is not installed is passed over.
func TestGuides(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the guides' commands are for a Unix shell")
	}
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("without bash the commands are not run")
	}
	guides, err := filepath.Glob("../docs/*.md")
	if err != nil || len(guides) < 5 {
		t.Fatalf("guides: %v, %v", guides, err)
	}
	bin := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(self, filepath.Join(bin, "perfgoal")); err != nil {
		t.Fatal(err)
	}
	for _, guide := range guides {
		t.Run(filepath.Base(guide), func(t *testing.T) {
			dir := guideFiles(t)
			before, err := os.ReadFile(guide)
			if err != nil {
				t.Fatal(err)
			}
			for _, file := range fileBlock.FindAllStringSubmatch(string(before), -1) { // files that the guide itself has
				path := filepath.Join(dir, filepath.FromSlash(file[1]))
				if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(file[2]), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			after := consoleBlock.ReplaceAllStringFunc(string(before), func(block string) string {
				body := consoleBlock.FindStringSubmatch(block)[1]
				var out strings.Builder
				for _, part := range strings.Split("\n"+body, "\n$ ")[1:] {
					command, shown, _ := strings.Cut(part, "\n")
					out.WriteString("$ " + command + "\n" + runGuide(t, bash, bin, dir, command, shown))
				}
				return "```console\n" + out.String() + "```"
			})
			if *update {
				if err := os.WriteFile(guide, []byte(after), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(before), after); diff != "" {
				t.Errorf("%s (-shown +real; -update rewrites):\n%s", guide, diff)
			}
		})
	}
}

// runGuide returns as many lines of what a command prints as are shown.
func runGuide(t *testing.T, bash, bin, dir, command, shown string) string {
	t.Helper()
	for _, tool := range []string{"jq", "duckdb"} {
		if _, err := exec.LookPath(tool); err != nil && regexp.MustCompile(`\b`+tool+`\b`).MatchString(command) {
			t.Logf("without %s not run: %s", tool, command)
			return shown
		}
	}
	c := exec.Command(bash, "-c", command)
	c.Dir = dir
	c.Env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "LC_ALL=zh_CN.UTF-8", "NO_COLOR=1", "GITHUB_STEP_SUMMARY=")
	var errOut strings.Builder
	c.Stderr = &errOut
	out, err := c.Output()
	if status := c.ProcessState.ExitCode(); err != nil && status != statusFindings && status != statusUnread {
		t.Errorf("%s: %v\n%s", command, err, errOut.String())
	}
	lines := strings.SplitAfter(string(out), "\n")
	return strings.Join(lines[:min(len(lines), strings.Count(shown, "\n"))], "")
}

// guideFiles is a folder with the files that the guides speak of.
func guideFiles(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, from := range map[string]string{
		"汇总表.pdf": "../testdata/pdf/defects-time-writer.pdf", "初稿.txt": "../testdata/text/clean-district.txt", "修改稿.txt": "../testdata/text/defects-money.txt",
		"申报表.docx": "../testdata/office/defects-values.docx",
	} {
		data, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
			t.Fatal(err)
		}
		if name == "初稿.txt" {
			if err := os.WriteFile(filepath.Join(dir, "报送材料.zip"), pack(t, packed{name, data}), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	list := "单位,项目名称,金额（万元）\n柳汀区环境卫生所,生活垃圾分类收运服务项目,468\n柳汀区教育装备站,中小学课桌椅更新项目,65\n柳汀区气象台,雷达维护项目,10\n"
	if err := os.WriteFile(filepath.Join(dir, "清单.csv"), []byte(list), 0o666); err != nil {
		t.Fatal(err)
	}
	return dir
}
