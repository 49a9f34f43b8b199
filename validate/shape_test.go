package validate

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"perfgoal/model"
)

func TestRulesetsAreFound(t *testing.T) {
	sets := []Ruleset{
		{ID: "a", Version: "1.0.0", ValidFrom: "2019-01-01", ValidTo: "2021-12-31", release: 1},
		{ID: "b", Version: "1.0.0", ValidFrom: "2022-01-01", release: 1},
		{ID: "b", Version: "1.1.0", ValidFrom: "2022-01-01", release: 2},
	}
	for name, want := range map[string]string{"a": "1.0.0", "b": "1.1.0", "B": "1.1.0", "b@1.0.0": "1.0.0", "b@9": "", "c": "", "": ""} {
		s, ok := findRuleset(sets, name)
		if ok != (want != "") || ok && s.Version != want {
			t.Errorf("%q: %v %v, want %q", name, s, ok, want)
		}
	}
	for year, want := range map[int]string{2018: "", 2019: "a", 2021: "a", 2022: "b", 2040: "b"} {
		s, ok := rulesetForYear(sets, year)
		if ok != (want != "") || ok && s.ID != want {
			t.Errorf("%d: %v %v, want %q", year, s, ok, want)
		}
	}
	// A pinned set takes in nothing of a later release, nor what is in preview.
	for _, c := range []struct {
		r    rule
		want [3]bool
	}{
		{rule{RuleInfo: model.RuleInfo{Since: "1", Default: true}}, [3]bool{true, true, true}},
		{rule{RuleInfo: model.RuleInfo{Since: "2", Default: true}}, [3]bool{false, false, true}},
		{rule{RuleInfo: model.RuleInfo{Since: "1", Default: true}, preview: true}, [3]bool{}},
		{rule{RuleInfo: model.RuleInfo{Since: "1"}}, [3]bool{}},
	} {
		for i := range sets {
			if sets[i].has(&c.r) != c.want[i] {
				t.Errorf("%+v in %s@%s: %v", c.r, sets[i].ID, sets[i].Version, !c.want[i])
			}
		}
	}
	for _, s := range Rulesets() {
		if _, err := time.Parse(time.DateOnly, s.ValidFrom); err != nil || s.Title.Zh == "" || s.Title.En == "" {
			t.Errorf("%+v: %v", s, err)
		}
	}
}

func TestPreviewRulesAreNamedAlone(t *testing.T) {
	r := &rule{RuleInfo: model.RuleInfo{Code: "V099", Name: "new-thing"}, preview: true}
	for selector, want := range map[string]bool{"V099": true, "v099": true, "new-thing": true, "ALL": false, "V": false, "V09": false} {
		if selects(selector, r) != want {
			t.Errorf("%q selects a preview rule: %v", selector, !want)
		}
	}
}

func TestTombstones(t *testing.T) {
	defer func(before []retired) { tombstones = before }(tombstones)
	tombstones = []retired{{"V098", "gone", model.Text{Zh: "第2版停用，改用 V002", En: "gone since 2; use V002"}}}
	_, err := New(Config{Select: []string{"gone"}})
	if err == nil || err.Error() != "没有这样的规则：“gone”（第2版停用，改用 V002）。用 perfgoal rules 可以列出全部规则。" {
		t.Errorf("a retired rule is answered with %v", err)
	}
	for _, dead := range tombstones {
		for _, r := range registry() {
			if r.Code == dead.code || r.Name == dead.name {
				t.Errorf("%s is in use again", dead.code)
			}
		}
	}
}

func TestVocabularyExtends(t *testing.T) {
	l := extended(Vocabulary{
		Words: map[string][]string{"rate": {"占有度"}, "satisfaction": {"认同 度"}, "more-is-better": {"认同"}, "less-is-better": {"掉膘"}, "counter": {"马力时"}, "complaint": {"吐槽"}},
		Units: map[string]string{"人头": "人"},
	})
	if !l.isRate("市场占有度") || standard().isRate("市场占有度") {
		t.Error("a word added to a list is not taken, or changes the standard")
	}
	if l.direction("居民认同度") != 1 || l.direction("牲畜掉膘率") != -1 || standard().direction("牲畜掉膘率") != 0 {
		t.Error("directions are not extended")
	}
	if !l.isComplaint("网络吐槽次数") || standard().isComplaint("网络吐槽次数") {
		t.Error("complaints are not extended")
	}
	if l.canonicalUnit("人头") != "人" || l.canonicalUnit("名") != "人" || standard().canonicalUnit("人头") != "人头" {
		t.Error("units are not extended")
	}
	if l.counterAt("马力时以上") != "马力时" {
		t.Error("counters are not extended")
	}
	for _, w := range WordLists() {
		if w.Name == "" || w.Says.Zh == "" || w.Says.En == "" || len(w.Words) == 0 {
			t.Errorf("%+v is incomplete", w)
		}
	}
}

func TestSuppressions(t *testing.T) {
	doc := &model.Document{Forms: []model.Form{{Index: 1, Project: model.Project{Name: "甲 项目"}}, {Index: 2, Project: model.Project{Name: "乙项目"}}}}
	finding := func(code, project, field, mark string) model.Finding {
		return model.Finding{Rule: code, Project: project, Field: field, Fingerprint: mark}
	}
	all := []model.Finding{
		finding("F001", "甲项目", "funding.annual.total", "1"), finding("F001", "乙项目", "funding.annual.total", "2"),
		finding("V002", "甲项目", "indicators[3].value", "3"), finding("S002", "", "funding.project.total", "4"),
	}
	entry := func(code, project, field, mark string) Suppression {
		return Suppression{Rule: code, Project: project, Field: field, Fingerprint: mark, Reason: "r", Expires: "2026-06-30", Path: "p", Line: 7}
	}
	day := func(s string) time.Time {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	e, err := New(Config{Suppressing: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name          string
		entry         Suppression
		today         string
		kept          []int
		expired, dead int
	}{
		{"rule and project", entry("F001", "甲项目", "", ""), "2026-06-30", []int{1, 2, 3}, 0, 0},
		{"by the rule's name", entry("funding-total-mismatch", "甲　项目", "", ""), "2026-01-01", []int{1, 2, 3}, 0, 0},
		{"the day after", entry("F001", "甲项目", "", ""), "2026-07-01", []int{0, 1, 2, 3}, 1, 0},
		{"field", entry("V002", "甲项目", "indicators", ""), "2026-01-01", []int{0, 1, 3}, 0, 0},
		{"part of a field's name", entry("V002", "甲项目", "indi", ""), "2026-01-01", []int{0, 1, 2, 3}, 0, 1},
		{"another field", entry("F001", "甲项目", "funding.project", ""), "2026-01-01", []int{0, 1, 2, 3}, 0, 1},
		{"fingerprint", entry("F001", "乙项目", "", "2"), "2026-01-01", []int{0, 2, 3}, 0, 0},
		{"another fingerprint", entry("F001", "乙项目", "", "1"), "2026-01-01", []int{0, 1, 2, 3}, 0, 1},
		{"whole document", entry("S002", "", "", "4"), "2026-01-01", []int{0, 1, 2}, 0, 0},
		{"a project not checked", entry("F001", "丙项目", "", ""), "2026-01-01", []int{0, 1, 2, 3}, 0, 0},
		{"a rule not checked", entry("S005", "甲项目", "", ""), "2026-01-01", []int{0, 1, 2, 3}, 0, 0},
	} {
		s := NewSuppressions([]Suppression{c.entry}, Rules(), day(c.today))
		kept, dropped := s.Filter(doc, e.Rules(), all)
		var want []string
		for _, i := range c.kept {
			want = append(want, all[i].Fingerprint)
		}
		var got []string
		for _, f := range kept {
			got = append(got, f.Fingerprint)
		}
		if !slices.Equal(got, want) || dropped != len(all)-len(want) {
			t.Errorf("%s: kept %v, want %v", c.name, got, want)
		}
		res := s.Close(e)
		count := map[string]int{}
		for _, f := range res.Findings {
			count[f.Rule]++
			if *f.Location.Line != 7 || f.Path != "p" || f.Fingerprint == "" {
				t.Errorf("%s: %+v", c.name, f)
			}
		}
		if count["B901"] != c.expired || count["B902"] != c.dead {
			t.Errorf("%s: %v", c.name, count)
		}
	}
}

func TestOwnRules(t *testing.T) {
	own := OwnRule{
		Info: model.RuleInfo{Code: "U001", Name: "mine", Severity: model.Info, Default: true, Kind: model.KindOwn, Since: "own"},
		Check: func(f *model.Form) Answer {
			if f.Index == 1 {
				return Answer{Outcome: model.Pass}
			}
			return Answer{Outcome: model.Fail, Field: "project.name", Text: "x", Message: model.Message{Text: model.Text{Zh: "错"}}, Related: []string{"goals.annual", "nowhere"}}
		},
	}
	source := map[string]model.Source{"project.name": {Text: "印的名称"}, "goals.annual": {Text: "印的目标"}}
	doc := &model.Document{Forms: []model.Form{{Index: 1}, {Index: 2, Sources: source}}}
	e, err := New(Config{Own: []OwnRule{own}, Select: []string{"U"}, Layers: [][]Setting{{{Selector: "mine", Severity: model.Error}}}})
	if err != nil {
		t.Fatal(err)
	}
	res := e.Document(doc)
	if len(res.Findings) != 1 || res.Findings[0].Severity != model.Error || res.Findings[0].Text != "印的名称" || len(res.Findings[0].Related) != 1 {
		t.Errorf("%+v", res.Findings)
	}
	if res.Checks[0] != (model.Checks{Rule: "U001", Pass: 1, Fail: 1}) {
		t.Errorf("%+v", res.Checks)
	}
}

func TestEffective(t *testing.T) {
	off, on := false, true
	e, err := New(Config{Ignore: []string{"F003"}, Layers: [][]Setting{
		{{Selector: "F", On: &off, Source: "a:1"}, {Selector: "F001", On: &on, Severity: model.Info, Source: "a:2"}},
		{{Selector: "ALL", Severity: model.Error, Source: "b:1"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range e.Effective() {
		switch x.Rule.Code {
		case "F001":
			if !x.On || x.OnFrom != "a:2" || x.Rule.Severity != model.Error || x.SeverityFrom != "b:1" {
				t.Errorf("%+v", x)
			}
		case "F002":
			if x.On || x.OnFrom != "a:1" {
				t.Errorf("%+v", x)
			}
		case "F003":
			if x.On || x.OnFrom != "--ignore" {
				t.Errorf("%+v", x)
			}
		}
	}
}

// TestRarestBigramsFindCopies holds the search among many texts to
// comparing each with each, on texts that share much of their wording.
func TestRarestBigramsFindCopies(t *testing.T) {
	phrases := []string{"加强队伍建设", "提高服务质量", "保障设施正常运行", "完善管理制度", "按计划开展巡检", "及时排除故障", "组织群众活动", "扩大社会影响", "改善办公条件", "推进信息共享", "开展业务培训", "节约运行成本", "优化营商环境", "落实安全责任"}
	var sets [][]uint64
	for i := range 600 {
		text := ""
		for k, p := range phrases {
			if (i>>(k%10))&1 == k%2 || k > 10 && i%3 == 0 {
				text += p
			}
		}
		text += string(rune(0x4e00 + i%40))
		sets = append(sets, sortedBigrams(text))
	}
	const threshold = 0.75
	near, _ := alike(sets, threshold, 1000)
	missed, pairs, alone := 0, 0, 0
	for i := range sets {
		has := false
		for k := range sets {
			if k == i || jaccard(sets[i], sets[k]) < threshold {
				continue
			}
			has = true
			pairs++
			if !slices.ContainsFunc(near[i], func(n neighbour) bool { return n.index == k }) {
				missed++
			}
		}
		if has && len(near[i]) == 0 {
			alone++
		}
	}
	for i := range near {
		seen := map[int]bool{}
		for _, n := range near[i] {
			if seen[n.index] || n.likeness < threshold {
				t.Fatalf("%d and %d: twice, or under the threshold", i, n.index)
			}
			seen[n.index] = true
		}
		if len(near[i]) == 0 && slices.ContainsFunc(near, func(l []neighbour) bool {
			return slices.ContainsFunc(l, func(n neighbour) bool { return n.index == i })
		}) {
			t.Errorf("%d is reported on one side only", i)
		}
	}
	if pairs == 0 || alone > 0 || missed > 0 {
		t.Errorf("%d texts with copies are not reported; %d of %d pairs missed", alone, missed, pairs)
	}
}

func TestIntervalsMultiply(t *testing.T) {
	of := func(mid, half string) interval {
		return interval{decimal.RequireFromString(mid), decimal.RequireFromString(half)}
	}
	for _, c := range []struct{ a, b, want interval }{
		{of("3", "0.5"), of("1", "0"), of("3", "0.5")},
		{of("3", "0"), of("4", "0"), of("12", "0")},
		{of("3", "0.5"), of("-4", "0"), of("-12", "2")},
		{of("3", "0.5"), of("4", "0.1"), of("12", "2.35")},
	} {
		got := c.a.times(c.b)
		if !got.mid.Equal(c.want.mid) || !got.half.Equal(c.want.half) {
			t.Errorf("%v × %v = %v, want %v", c.a, c.b, got, c.want)
		}
	}
}

// TestSuppressionsNameUnitAndPath: an entry holds for the unit and the document
// that it names, and for no other project of that name.
func TestSuppressionsNameUnitAndPath(t *testing.T) {
	one, two := 1, 2
	findings := []model.Finding{
		{Rule: "F001", Form: &one, Project: "办公设备购置", Field: "funding.annual.total", Fingerprint: "1"},
		{Rule: "F001", Form: &two, Project: "办公设备购置", Field: "funding.annual.total", Fingerprint: "2"},
		{Rule: "D001", Project: "办公设备购置", Fingerprint: "3"},
	}
	doc := &model.Document{Path: "材料/2026/采购.pdf", Forms: []model.Form{
		{Index: 1, Project: model.Project{Name: "办公设备购置", ImplementingUnit: "云栖市科普馆"}},
		{Index: 2, Project: model.Project{Name: "办公设备购置", SupervisingDepartment: "云栖市教育局"}},
	}}
	e, err := New(Config{Suppressing: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		rule, unit, document, kept string
		unused                     int
	}{
		{"F001", "", "", "3", 0},
		{"F001", "云栖市 科普馆", "", "23", 0},
		{"F001", "云栖市教育局", "", "13", 0},
		{"F001", "云栖市体育局", "", "123", 0}, // not among what was checked
		{"D001", "云栖市科普馆", "", "123", 1},
		{"F001", "", "材料/2026/采购.pdf", "3", 0},
		{"F001", "", "采购.pdf", "3", 0},
		{"F001", "", "2026/采购.pdf", "3", 0},
		{"F001", "", "*.pdf", "3", 0},
		{"F001", "", "*.xlsx", "123", 0},
		{"F001", "", "购.pdf", "123", 0},
		{"F001", "", "[", "123", 0},
		{"F001", "云栖市科普馆", "采购.pdf", "23", 0},
	} {
		s := NewSuppressions([]Suppression{{Rule: c.rule, Project: "办公设备购置", Unit: c.unit, Document: c.document, Expires: "2099-12-31"}}, Rules(), time.Now())
		kept, _ := s.Filter(doc, e.Rules(), findings)
		got := ""
		for _, f := range kept {
			got += f.Fingerprint
		}
		if got != c.kept {
			t.Errorf("%s %q %q keeps %s, want %s", c.rule, c.unit, c.document, got, c.kept)
		}
		if unused := len(s.Close(e).Findings); unused != c.unused {
			t.Errorf("%s %q %q: %d entries are called unused, want %d", c.rule, c.unit, c.document, unused, c.unused)
		}
	}
}

// TestChecksStandBelowTheirEntries: whoever reads a rule finds its check right
// below it, in the same file.
func TestChecksStandBelowTheirEntries(t *testing.T) {
	const screen = 30 // lines between an entry's end and its check
	check := regexp.MustCompile(`^\t(?:form|document): +(\w+),$`)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(string(text), "\n")
		for i, line := range lines {
			m := check.FindStringSubmatch(line)
			if m == nil || strings.HasSuffix(file, "_test.go") {
				continue
			}
			below := strings.Join(lines[i:min(len(lines), i+screen)], "\n")
			if !strings.Contains(below, "\nfunc "+m[1]+"(") {
				t.Errorf("%s:%d: %s does not stand right below its entry", file, i+1, m[1])
			}
		}
	}
}
