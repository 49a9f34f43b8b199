package form

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"perfgoal/model"
)

var update = flag.Bool("update", false, "rewrite the fixtures' expected JSON")

// fixture reads a form drawn as text: lines above a blank line stand above the
// table, below it are the rows as ruledTable has them.
func fixture(t *testing.T, path string) model.Table {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	above, rows, ok := strings.Cut(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n\n")
	if !ok {
		t.Fatalf("%s has no blank line between what stands above the table and its rows", path)
	}
	table := ruledTable(rows)
	page := 1
	for n, line := range strings.Split(above, "\n") {
		table.Caption = append(table.Caption, model.Line{Text: line, Location: model.Location{Page: &page, Box: &model.Box{0, float64(20*n - 200), 400, float64(20*n - 185)}}})
	}
	return table
}

// filled is all that a form says: every field and every row, what is blank
// left out.
type filled struct {
	Code              string              `json:"code,omitempty"` // of what is no declaration
	Kind              model.FormKind      `json:"kind,omitempty"`
	Fields            map[string]string   `json:"fields,omitempty"`
	Items             []string            `json:"funding_items,omitempty"`
	Indicators        []map[string]string `json:"indicators,omitempty"`
	OverallIndicators []map[string]string `json:"overall_indicators,omitempty"`
}

func filledOf(f *Found) filled {
	if f.Code != "" {
		return filled{Code: f.Code}
	}
	out := filled{Kind: f.Form.Kind, Fields: map[string]string{}}
	for _, x := range model.Fields {
		if s := x.String(&f.Form); s != "" {
			out.Fields[x.Path] = s
		}
	}
	for _, x := range f.Form.Funding.Items {
		out.Items = append(out.Items, x.Label+" "+x.Amount.String())
	}
	rows := func(list []model.Indicator) (out []map[string]string) {
		for i := range list {
			row := map[string]string{"class1": string(list[i].Class1), "class2": string(list[i].Class2)}
			for _, x := range model.IndicatorFields {
				row[x.Path] = x.String(&list[i])
			}
			for k, v := range row {
				if v == "" {
					delete(row, k)
				}
			}
			out = append(out, row)
		}
		return out
	}
	out.Indicators, out.OverallIndicators = rows(f.Form.Indicators), rows(f.Form.OverallIndicators)
	return out
}

// checkFixture wants a form to be read with exactly that layout, whole and
// without a doubt, as the file beside it says.
func checkFixture(t *testing.T, all *Layouts, layout, path string) {
	t.Helper()
	var found []*Found
	for f := range all.Build(slices.Values([]model.Table{fixture(t, path)})) {
		found = append(found, f)
	}
	if len(found) != 1 {
		t.Fatalf("%d forms", len(found))
	}
	f := found[0]
	if f.Code == "" {
		if f.Form.Layout != layout {
			t.Errorf("it was read with the layout %q", f.Form.Layout)
		}
		if len(f.Form.Doubts) > 0 || f.Form.Reading.Unread > 0 || !f.Form.Reading.Balanced() {
			t.Errorf("it was not read for certain: %+v, %+v", f.Form.Doubts, f.Form.Reading)
		}
	}
	got, err := json.MarshalIndent(filledOf(f), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	expected := strings.TrimSuffix(path, ".txt") + ".json"
	if *update {
		if err := os.WriteFile(expected, append(got, '\n'), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(expected)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.TrimSpace(strings.ReplaceAll(string(want), "\r\n", "\n")), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", expected, diff)
	}
}

// TestEveryLayoutHasAFixture reads the form of each layout.
func TestEveryLayoutHasAFixture(t *testing.T) {
	dir := filepath.Join("testdata", "layouts")
	names := map[string]bool{}
	for _, l := range Embedded() {
		if l.Name == Common {
			continue // no form is of it
		}
		names[l.Name] = true
		t.Run(l.Name, func(t *testing.T) {
			path := filepath.Join(dir, l.Name+".txt")
			if _, err := os.Stat(path); err != nil {
				t.Fatalf("the layout has no fixture: draw a form of it in %s", path)
			}
			checkFixture(t, Standard(), l.Name, path)
		})
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !names[strings.TrimSuffix(filepath.Base(f), ".txt")] {
			t.Errorf("%s is no layout's", f)
		}
	}
}

// TestOneFileIsALayout adds a layout that no other knows anything of: one file
// beside the form that it is for, and the form is read whole. Without it
// nothing of that form is.
func TestOneFileIsALayout(t *testing.T) {
	dir := t.TempDir()
	const layout = `{
  "name": "渠系养护",
  "kind": "project",
  "titles": ["养护年度计划书"],
  "marks": ["渠段名", "养护口径", "水价贴补"],
  "prints": ["project.name"],
  "fields": {"project.name": ["渠段名"], "project.supervising_department": ["管辖处"], "project.implementing_unit": ["养护班组"], "project.nature": ["新旧"]},
  "other_fields": ["渠长"],
  "funding": {"annual.total": ["本季投入"], "annual.own": ["水费列支"], "annual.current_year_appropriation": ["水价贴补"]},
  "funding_groups": ["投入"],
  "goals": {"annual": ["本季要办成的事"]},
  "columns": {"level1": ["门类"], "level2": ["细目"], "level3": ["养护口径"], "operator": ["界限"], "value": ["定额"], "unit": ["量纲"], "other": ["查验法"]},
  "levels": [
    {"name": "活儿", "class": "output", "required": true, "level2": [{"name": "干多少", "class": "quantity"}, {"name": "干得咋样", "class": "quality"}]},
    {"name": "好处", "class": "benefit", "level2": [{"name": "省水", "class": "ecological-benefit"}]},
    {"name": "口碑", "class": "satisfaction", "level2": [{"name": "用水户口碑", "class": "client-satisfaction"}]}
  ]
}`
	const drawn = `支渠养护年度计划书
二〇二六年（2026年度）

渠段名 | 东三支渠 | < | < | 新旧 | ☑续养 □新养 | <
管辖处 | 清水灌区一处 | < | < | 养护班组 | 东三班 | <
渠长 | 郝某 | < | < | < | < | <
投入（元） | 本季投入 | < | < | 86,400 | < | <
^ | 水价贴补 | < | < | 60,000 | < | <
^ | 水费列支 | < | < | 26,400 | < | <
本季要办成的事 | 渠底清淤，衬砌补齐，放水不漏。 | < | < | < | < | <
门类 | 细目 | 养护口径 | 查验法 | 定额 | 界限 | 量纲
活儿 | 干多少 | 清淤 | 丈量 | 3.6 | ≥ | 公里
^ | 干得咋样 | 补衬砌完好 | 目测 | 95 | ≥ | %
好处 | 省水 | 渗漏损失 | 量水 | 8 | ≤ | %
口碑 | 用水户口碑 | 投诉 | 记录 | 2 | ≤ | 件
`
	const expected = `{
  "kind": "project",
  "fields": {
    "fiscal_year": "2026",
    "funding.annual.current_year_appropriation": "60000.00",
    "funding.annual.own": "26400.00",
    "funding.annual.total": "86400.00",
    "funding.unit": "元",
    "goals.annual": "渠底清淤，衬砌补齐，放水不漏。",
    "project.implementing_unit": "东三班",
    "project.name": "东三支渠",
    "project.nature": "续养",
    "project.supervising_department": "清水灌区一处",
    "title": "支渠养护年度计划书"
  },
  "funding_items": [
    "本季投入 86400.00",
    "水价贴补 60000.00",
    "水费列支 26400.00"
  ],
  "indicators": [
    {
      "class1": "output",
      "class2": "quantity",
      "level1": "活儿",
      "level2": "干多少",
      "level3": "清淤",
      "value": "≥3.6公里"
    },
    {
      "class1": "output",
      "class2": "quality",
      "level1": "活儿",
      "level2": "干得咋样",
      "level3": "补衬砌完好",
      "value": "≥95%"
    },
    {
      "class1": "benefit",
      "class2": "ecological-benefit",
      "level1": "好处",
      "level2": "省水",
      "level3": "渗漏损失",
      "value": "≤8%"
    },
    {
      "class1": "satisfaction",
      "class2": "client-satisfaction",
      "level1": "口碑",
      "level2": "用水户口碑",
      "level3": "投诉",
      "value": "≤2件"
    }
  ]
}`
	for name, text := range map[string]string{"渠系养护.txt": drawn, "渠系养护.json": expected} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, "渠系养护.txt")
	for range Standard().Build(slices.Values([]model.Table{fixture(t, path)})) {
		t.Error("the form is read without its layout: it shows nothing")
	}
	l, err := decodeLayout([]byte(layout))
	if err != nil {
		t.Fatal(err)
	}
	checkFixture(t, With([]LayoutFile{l}, nil), "渠系养护", path)
	t.Run("beside the others", func(t *testing.T) { // which are read as before
		for _, e := range Embedded() {
			if e.Name != Common {
				checkFixture(t, With([]LayoutFile{l}, nil), e.Name, filepath.Join("testdata", "layouts", e.Name+".txt"))
			}
		}
	})
}

// Labels and titles of one's own may hold any character.
func TestLabelsBeyondTheBasicPlane(t *testing.T) {
	const label = "𬭊项工程名"
	if Standard().IsStart(label) {
		t.Fatal("it is known already")
	}
	own := LayoutFile{Name: "own", Titles: []string{"项目目标𬭊"}}
	l := With([]LayoutFile{own}, map[string][]string{"project.name": {label}})
	if !l.IsStart(label) {
		t.Error("the label is not known")
	}
	if !l.IsTitle("某县项目目标𬭊") || l.IsTitle("某县项目目标𬭎") {
		t.Error("the title is not known, or another is")
	}
}
