package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"perfgoal/model"
	"perfgoal/parser/form"
)

// TestLayoutKeysAreThoseOfALayout holds the table that layout files are read
// by to the type that it fills.
func TestLayoutKeysAreThoseOfALayout(t *testing.T) {
	names := func(keys []key) (out []string) {
		for _, k := range keys {
			out = append(out, k.name)
			if k.says.Zh == "" || k.says.En == "" {
				t.Errorf("%s is not explained", k.name)
			}
		}
		return out
	}
	tags := func(v any) (out []string) {
		for f := range reflect.TypeOf(v).NumField() {
			name, _, _ := strings.Cut(reflect.TypeOf(v).Field(f).Tag.Get("json"), ",")
			out = append(out, name)
		}
		return out
	}
	same := func(what string, a, b []string) {
		slices.Sort(a)
		slices.Sort(b)
		if diff := cmp.Diff(a, b); diff != "" {
			t.Errorf("%s: type and table differ:\n%s", what, diff)
		}
	}
	same("layout", tags(form.LayoutFile{}), names(layoutKeys(&form.LayoutFile{})))
	for _, name := range slices.Concat(form.LabelKeys(), form.FundingPaths(), form.GoalKeys(), form.ColumnRoles(), form.ScopeNames(), form.Classes()) {
		if m := Meaning(name); m.Zh == "" || m.Zh == name {
			t.Errorf("%s has no meaning in Chinese", name)
		}
	}
}

// TestEmbeddedLayoutsAreReadAlike reads the program's own layout files as if
// they were a user's: nothing of them is refused or lost.
func TestEmbeddedLayoutsAreReadAlike(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "parser", "form", "layouts", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		l, d := parseLayout(path, data)
		if err := d.err(); err != nil {
			t.Errorf("%v", err)
		}
		i := slices.IndexFunc(form.Embedded(), func(e form.LayoutFile) bool { return e.Name == l.Name })
		if i < 0 {
			t.Errorf("%s has the name %q", path, l.Name)
			continue
		}
		want, _ := json.Marshal(form.Embedded()[i])
		got, _ := json.Marshal(l.LayoutFile)
		if !bytes.Equal(want, got) {
			t.Errorf("%s is read as\n%s\nwant\n%s", path, got, want)
		}
	}
}

// writeAll writes files below a new folder.
func writeAll(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestMistakesOfLayouts wants every mistake at its file and line, in both
// languages.
func TestMistakesOfLayouts(t *testing.T) {
	dir := writeAll(t, map[string]string{
		".perfgoal.yaml": `layouts: 版式
labels:
  project.name: [工程名称, 项目单位, "：（元）"]
  project.nmae: [x]
  value: [达标线, 备注]
  quantity: [工程量, 质量指标]
  funding.annual.total: 今年投入
`,
		"版式/a.json": "{\n\t\"name\": \"甲\",\n\t\"kind\": \"projekt\",\n\t\"fields\": {\"project.nmae\": [\"工程\"], \"funding.unit\": [\"x\"]},\n\t\"columns\": {\"valeu\": [\"达标线\"]},\n\t\"levels\": [{\"name\": \"成果\", \"class\": \"outputs\"}, {\"class\": \"output\", \"level2\": [{\"name\": \"x\", \"class\": \"cost\", \"required\": true}]}],\n\t\"colour\": 1\n}",
		"版式/b.json": "{\n  \"name\": \"甲\",\n  \"extends\": \"nothing\",\n  \"goals\": [\"目标\"]\n}",
		"版式/c.json": "{\n  \"name\": \"central\"\n}",
		"版式/d.json": "{\n  \"name\": \"丁\",\n  \"titles\": [\"任务书\"\n}",
		"版式/e.json": "{\"titles\": [\"任务书\"], \"name\": 3, \"prints\": [\"project.title\"]}",
		"版式/f.json": "",
		"版式/读我.txt": "no layout",
	})
	_, err := Load(filepath.Join(dir, ".perfgoal.yaml"))
	var got []string
	for _, p := range errorsOf(t, err) {
		if p.Message.In(model.Chinese) == p.Message.In(model.English) {
			t.Errorf("%s is in one language", p.In(model.Chinese))
		}
		p.Excerpt = ""
		got = append(got, strings.TrimPrefix(strings.ReplaceAll(p.In(model.Chinese), filepath.ToSlash(dir), ""), "/"))
	}
	want := []string{
		".perfgoal.yaml:3:24: “项目单位”已经是“实施单位”（project.implementing_unit）的标签",
		".perfgoal.yaml:3:30: “：（元）”不能作标签",
		".perfgoal.yaml:4:3: 没有“labels.project.nmae”这个键（是不是 project.name？）",
		".perfgoal.yaml:5:16: “备注”已经是“备注”（remark）的标签",
		".perfgoal.yaml:6:19: “质量指标”已经是“质量指标”（quality）的标签",
		".perfgoal.yaml:7:25: labels.funding.annual.total 应当是一个列表",
		"版式/a.json:3:10: kind 应当是其中之一：project、department、self-evaluation",
		"版式/a.json:4:13: 没有“fields.project.nmae”这个键（是不是 project.name？）",
		"版式/a.json:4:37: 没有“fields.funding.unit”这个键",
		"版式/a.json:5:14: 没有“columns.valeu”这个键",
		"版式/a.json:6:37: levels[0].class 应当是其中之一",
		"版式/a.json:6:49: levels[1]缺少“name”",
		"版式/a.json:6:111: 没有“levels[1].level2[0].required”这个键",
		"版式/a.json:7:2: 没有“colour”这个键",
		"版式/b.json:2: 版式名称“甲”在 版式/a.json 里已经用过",
		"版式/b.json:3: 没有“nothing”这个版式",
		"版式/b.json:4:12: goals 应当是一组“键: 值”",
		"版式/c.json:2: “central”是程序自带的版式",
		"版式/d.json:4:1: 从这里起不是有效的 JSON",
		"版式/e.json:1:",
		"版式/f.json:1:1: 从这里起不是有效的 JSON",
	}
	for i := range max(len(got), len(want)) {
		g, w := "", ""
		if i < len(got) {
			g = got[i]
		}
		if i < len(want) {
			w = want[i]
		}
		if w == "" || !strings.HasPrefix(strings.ReplaceAll(g, "在 /版式", "在 版式"), w) {
			t.Errorf("mistake %d: %q\nwant %q", i+1, g, w)
		}
	}
}

func errorsOf(t *testing.T, err error) Problems {
	t.Helper()
	var problems Problems
	if !errors.As(err, &problems) {
		t.Fatalf("%v is no list of mistakes", err)
	}
	return problems
}

// A folder that is not there or holds no layout is a mistake of the
// configuration's own.
func TestFoldersOfLayouts(t *testing.T) {
	for name, dir := range map[string]string{
		"not there": writeAll(t, map[string]string{"x.yaml": "\nlayouts: ./版式\n"}),
		"no layout": writeAll(t, map[string]string{"x.yaml": "\nlayouts: 版式\n", "版式/读我.txt": "x", "版式/.a.json": "x"}),
		"a file":    writeAll(t, map[string]string{"x.yaml": "\nlayouts: 版式\n", "版式": "x"}),
	} {
		_, err := Load(filepath.Join(dir, "x.yaml"))
		problems := errorsOf(t, err)
		if len(problems) != 1 || problems[0].Line != 2 || !strings.Contains(problems[0].In(model.Chinese), "版式文件夹") || !strings.Contains(problems[0].In(model.English), "folder of layouts") {
			t.Errorf("%s: %v", name, problems)
		}
	}
}

// Labels and layouts change what is read; without them nothing does.
func TestKnownLayouts(t *testing.T) {
	var none *File
	if none.Known() != nil {
		t.Error("no file knows layouts")
	}
	f, err := Parse("x.yaml", []byte("rules: {}\n"))
	if err != nil || f.Known() != nil {
		t.Errorf("a file without layouts knows some, %v", err)
	}
	f, err = Parse("x.yaml", []byte("labels: {project.name: [工程名称], output: [建设成果], funding.annual.total: [今年投入], level3: [考核点], goals.annual: [今年任务], client-satisfaction: [住户评价]}\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, label := range []string{"工程名称", "建设成果", "今年投入", "考核点", "今年任务", "住户评价"} {
		if !f.Known().IsLabel(label) {
			t.Errorf("%s is no label", label)
		}
		if form.Standard().IsLabel(label) {
			t.Errorf("%s is a label everywhere", label)
		}
	}
}

// The guide explains every key of a layout and every word that its keys take.
func TestGuideListsTheKeysOfLayouts(t *testing.T) {
	var b strings.Builder
	b.WriteString("| 键 | 内容 | |\n| --- | --- | --- |\n")
	for _, k := range layoutKeys(&form.LayoutFile{}) {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", k.name, k.says.Zh, k.says.En)
	}
	for _, k := range levelKeys(&form.LevelFile{}, true) {
		fmt.Fprintf(&b, "| `levels[].%s` | %s | %s |\n", k.name, k.says.Zh, k.says.En)
	}
	checkGuide(t, "layouts.md", "keys", b.String())
	b.Reset()
	b.WriteString("| 哪里 | 写法 | 含义 | |\n| --- | --- | --- | --- |\n")
	for _, x := range []struct {
		where string
		words []string
	}{
		{"fields", form.FieldPaths()}, {"funding", form.FundingPaths()}, {"goals", form.GoalKeys()}, {"columns", form.ColumnRoles()},
		{"scopes, indicator_groups", form.ScopeNames()}, {"class", form.Classes()},
	} {
		for _, w := range x.words {
			m := Meaning(w)
			fmt.Fprintf(&b, "| `%s` | `%s` | %s | %s |\n", strings.ReplaceAll(x.where, ", ", "` `"), w, m.Zh, m.En)
		}
	}
	checkGuide(t, "layouts.md", "words", b.String())
}
