package validate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"perfgoal/model"
)

// randomGoal is a text of n characters out of a vocabulary of Chinese ones.
func randomGoal(r *rand.Rand, n int) []rune {
	out := make([]rune, n)
	for i := range out {
		out[i] = rune(0x4e00 + r.IntN(2000))
	}
	return out
}

// TestAlikeFindsPlantedPairs plants near copies among many texts and wants
// each of them back, with its exact likeness, and nothing else.
func TestAlikeFindsPlantedPairs(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const n, planted = 3000, 300
	var sets [][]uint64
	for range n {
		sets = append(sets, sortedBigrams(string(randomGoal(r, 60+r.IntN(120)))))
	}
	want := map[[2]int]float64{}
	for i := range planted {
		goal := randomGoal(r, 60+r.IntN(120))
		copied := slices.Clone(goal)
		for range 1 + len(goal)/20 {
			copied[r.IntN(len(copied))] = rune(0x4e00 + r.IntN(2000))
		}
		a, b := sortedBigrams(string(goal)), sortedBigrams(string(copied))
		sets = append(sets, a, b)
		if l := jaccard(a, b); l >= 0.75 {
			want[[2]int{n + 2*i, n + 2*i + 1}] = l
		}
	}
	if len(want) < planted/2 {
		t.Fatalf("only %d pairs planted", len(want))
	}
	near, _ := alike(sets, 0.75, 20)
	got := 0
	for i := range near {
		for _, x := range near[i] {
			if x.index < i {
				continue
			}
			got++
			if want[[2]int{i, x.index}] != x.likeness {
				t.Errorf("%d and %d: %f", i, x.index, x.likeness)
			}
		}
	}
	if got != len(want) {
		t.Errorf("%d of %d pairs found", got, len(want))
	}
}

func TestCopiedGoalReportsBoth(t *testing.T) {
	goal := "组织开展社区健康讲座和义诊活动，宣传常见病预防知识，提高居民健康素养，减少因病致贫的情况发生。"
	goals := []string{goal, "开展河道清淤和岸坡整治，恢复行洪能力，保障沿线居民汛期安全，改善周边水环境质量。", goal, goal[:len(goal)-len("发生。")] + "出现。", ""}
	doc := &model.Document{}
	for i, g := range goals {
		doc.Forms = append(doc.Forms, model.Form{Index: i + 1, Goals: model.Goals{Annual: g}, Project: model.Project{Name: fmt.Sprint("项目", i)}})
	}
	e, err := New(Config{Select: []string{"D001"}})
	if err != nil {
		t.Fatal(err)
	}
	res := e.Document(doc)
	var forms []int
	for _, f := range res.Findings {
		forms = append(forms, *f.Form)
		if len(f.Related) != 2 {
			t.Errorf("form %d names %d others", *f.Form, len(f.Related))
		}
	}
	if !slices.Equal(forms, []int{1, 3, 4}) {
		t.Errorf("reported on %v", forms)
	}
	if c := res.Checks[0]; c.Pass != 1 || c.Fail != 3 || c.InsufficientData != 1 {
		t.Errorf("%+v", c)
	}
}

// TestSpellingsAreFound holds the index against comparing each with each.
func TestSpellingsAreFound(t *testing.T) {
	names := []string{
		"云栖市青溪区政务服务中心", "云栖市青溪区行政服务中心", "青溪区政务服务中心", "云栖市发展和改革委员会", "云栖市发展改革委", "云栖市市场监督管理局", "云栖市市场监管局",
		"云栖市场监管局", "云栖市大数据中心", "云栖市数据中心", "云栖市教育局", "云栖市体育局", "教育局", "云栖市城市治理局", "云栖市城市管理局", "云栖市青溪区教育局", "云栖市青溪教育局",
	}
	doc := &model.Document{}
	for i, n := range names {
		doc.Forms = append(doc.Forms, model.Form{Index: i + 1, Project: model.Project{SupervisingDepartment: n}})
	}
	d := &document{Document: doc}
	for i := range doc.Forms {
		d.forms = append(d.forms, prepare(&doc.Forms[i], standard(), map[string]*naming{}))
	}
	all := spellings(d)
	index := newSpellingIndex()
	pairs := 0
	for i := range all {
		near := index.add(i, &all[i])
		for k := range i {
			if !sameOffice(all[i].office, all[k].office) && !oneMore(&all[i], &all[k]) {
				continue
			}
			pairs++
			if !slices.Contains(near, k) {
				t.Errorf("the index misses %s and %s", names[i], names[k])
			}
		}
	}
	if pairs < 8 {
		t.Errorf("only %d pairs", pairs)
	}
}

// Forms that are all alike list the same others, and share the lists: what a
// document's findings need grows with its forms, not with the lists' length.
func TestListsAreShared(t *testing.T) {
	const n = 500
	doc := &model.Document{Forms: make([]model.Form, n)}
	for i := range doc.Forms {
		doc.Forms[i] = generated(1).Forms[0]
		doc.Forms[i].Index = i + 1
	}
	e, err := New(Config{Select: []string{"D001", "D003"}})
	if err != nil {
		t.Fatal(err)
	}
	limit := e.Thresholds().RelatedLimit
	found := map[string]int{}
	lists := map[string]map[*model.Related]bool{"D001": {}, "D003": {}}
	for _, f := range e.Document(doc).Findings {
		found[f.Rule]++
		lists[f.Rule][&f.Related[0]] = true
		if len(f.Related) != limit || slices.ContainsFunc(f.Related, func(r model.Related) bool { return *r.Form == *f.Form }) {
			t.Errorf("%s of form %d lists %d others, or itself", f.Rule, *f.Form, len(f.Related))
		}
	}
	for rule, distinct := range lists {
		if found[rule] != n || len(distinct) > limit+1 {
			t.Errorf("%s: %d findings with %d lists, want %d with at most %d", rule, found[rule], len(distinct), n, limit+1)
		}
	}
}

// A message names a few of the others, counts the rest, and says so where they
// were not all looked for.
func TestOthersAreCounted(t *testing.T) {
	e, err := New(Config{Select: []string{"D001", "D003"}})
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range map[int][2]string{
		2:  {"第2张“", "第2张“"},
		6:  {"第6张“", "第6张“"},
		7:  {"等6张几乎相同", "等6张像是同一项服务"},
		20: {"等19张几乎相同", "等19张像是同一项服务"},
		21: {"等20张几乎相同", "等20张像是同一项服务"},
		22: {"等至少20张几乎相同", "等至少20张像是同一项服务"},
		60: {"等至少20张几乎相同", "等至少20张像是同一项服务"},
	} {
		doc := &model.Document{Forms: make([]model.Form, n)}
		for i := range doc.Forms {
			doc.Forms[i] = generated(1).Forms[0]
			doc.Forms[i].Index = i + 1
		}
		for _, f := range e.Document(doc).Findings {
			if *f.Form != 1 {
				continue
			}
			text, i := f.Message.In(model.Chinese), 0
			if f.Rule == "D003" {
				i = 1
				if part := strings.Contains(text, "，列出的21张年度资金合计"); part != (n > 21) {
					t.Errorf("%d forms: %s", n, text)
				}
			}
			if !strings.Contains(text, want[i]) || strings.Count(text, "张“") != min(n-1, namedOthers) || strings.Contains(text, "等") != (n > namedOthers+1) {
				t.Errorf("%d forms: %s says %q, want %q in it", n, f.Rule, text, want[i])
			}
			if english := f.Message.In(model.English); strings.Count(english, `form `) != min(n-1, namedOthers) || strings.Contains(english, " more") != (n > namedOthers+1) {
				t.Errorf("%d forms: %s says %q", n, f.Rule, english)
			}
		}
	}
}

// Of very many goals made of the same phrases, some that are alike are missed:
// no message says how many there are.
func TestCrowdedGoalsAreNotCounted(t *testing.T) {
	const n = 300
	r := rand.New(rand.NewPCG(3, 9))
	han := func(n int) string {
		out := make([]rune, n)
		for i := range out {
			out[i] = rune(0x4e00 + r.IntN(20000))
		}
		return string(out)
	}
	base := han(200)
	doc := &model.Document{Forms: make([]model.Form, n)}
	for i := range doc.Forms {
		doc.Forms[i] = generated(1).Forms[0]
		doc.Forms[i].Index, doc.Forms[i].Goals.Annual = i+1, base+han(4)
	}
	e, err := New(Config{Select: []string{"D001"}})
	if err != nil {
		t.Fatal(err)
	}
	found := e.Document(doc).Findings
	if len(found) != n {
		t.Errorf("%d findings", len(found))
	}
	for _, f := range found {
		if text := f.Message.In(model.Chinese); !strings.Contains(text, "等至少") {
			t.Errorf("form %d: %s", *f.Form, text)
		}
	}
}

// A list that its limit cuts short says so however short it is, one that holds
// all does not.
func TestShortListsSayTheyAreCut(t *testing.T) {
	limits := DefaultThresholds()
	limits.RelatedLimit = 1
	e, err := New(Config{Select: []string{"D001", "D003"}, Thresholds: &limits})
	if err != nil {
		t.Fatal(err)
	}
	for n := 2; n <= 3; n++ {
		doc := &model.Document{Forms: make([]model.Form, n)}
		for i := range doc.Forms {
			doc.Forms[i] = generated(1).Forms[0]
			doc.Forms[i].Index = i + 1
		}
		for _, f := range e.Document(doc).Findings {
			if text := f.Message.In(model.Chinese); strings.Contains(text, "等至少1张") != (n > 2) {
				t.Errorf("%d forms: %s", n, text)
			}
		}
	}
}

func TestLeastFirst(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 8))
	for range 2000 {
		keys := make([]uint64, r.IntN(200))
		for i := range keys {
			keys[i] = uint64(r.IntN(1 + r.IntN(300)))
		}
		want := slices.Clone(keys)
		slices.Sort(want)
		n := r.IntN(len(keys) + 1)
		got := slices.Clone(keys)
		leastFirst(got, n)
		if !slices.Equal(got[:n], want[:n]) {
			t.Fatalf("%d least of %v: %v", n, keys, got[:n])
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Fatal("a key was lost")
		}
	}
}
