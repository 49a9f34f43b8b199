package validate

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"perfgoal/model"
)

const caravanGoal = "组织科普大篷车到乡镇学校巡回展出，配齐车载展品和讲解人员，让偏远地区的孩子也能就近参加科学体验活动，感受科学的乐趣。"

var departmentUnitVariantRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "N001", Name: "department-unit-variant", Severity: model.Warning, Kind: model.KindHeuristic, Since: since, Basis: basisHeuristic,
		Title:     model.Text{Zh: "主管部门与实施单位的名称几乎相同，又不完全相同", En: "department and unit have nearly the same name, but not quite"},
		Rationale: model.Text{Zh: "同一个单位写成了两个名字，汇总时会算成两家。", En: "One office under two names counts as two when summed up."},
		Fix:       model.Text{Zh: "统一使用现行的规范名称。", En: "Use the current official name in both."},
		Bad:       example(edit{"主管部门\t云栖市科普事务局\t实施单位\t云栖市青少年科普馆", "主管部门\t云栖市科普事务中心\t实施单位\t云栖市科普服务中心"}),
		Good:      clean("主管部门"),
	},
	needs: []string{"project.supervising_department", "project.implementing_unit"},
	form:  departmentUnitVariant,
}

func departmentUnitVariant(f *form, _ *Thresholds) verdict {
	department, unit := f.Project.SupervisingDepartment, f.Project.ImplementingUnit
	a, b := fold(department), fold(unit)
	if !nearlySame(a, b) && !oneOther(a, b) {
		return judged(nil)
	}
	x := f.finding(f.head("project.implementing_unit", unit), model.Text{
		Zh: "主管部门“{department}”与实施单位“{unit}”几乎相同，又不完全相同。是不是同一个单位的新旧名称？",
		En: `The department "{department}" and the unit "{unit}" are nearly the same. Are they an old and a new name of one office?`,
	}, model.Args{"department": department, "unit": unit})
	x.Related = []model.Related{f.related(f.head("project.supervising_department", department))}
	x.Evidence = map[string]string{"department": department, "unit": unit}
	return judged([]model.Finding{x})
}

// oneOther says whether two names differ in just one character that is no
// ordinal, as a slip of the pen does: 档案馆 and 档案管. Between a department
// and its unit that is no chance; between any two departments it may be.
func oneOther(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) != len(y) || len(x) < 5 || onlyDiffersIn(x, y, ordinalRunes) {
		return false
	}
	differing := 0
	for i := range x {
		if x[i] != y[i] {
			differing++
		}
	}
	return differing == 1
}

// spelling is one way a department is written in a document.
type spelling struct {
	office
	printed string
	forms   []int // indexes into the document's forms
}

// office is a folded name taken apart.
type office struct {
	region []string
	name   string // without the places
	short  string // with its ending shortened
}

func officeOf(folded string) office {
	region, name := splitRegion(folded)
	return office{region, name, shortOffice(name)}
}

var inconsistentDepartmentRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "N003", Name: "inconsistent-department", Severity: model.Warning, Default: true, Kind: model.KindHeuristic, Since: since, Basis: basisHeuristic,
		Title:     model.Text{Zh: "同一主管部门在文件里有几种写法", En: "one department is spelt in several ways across the document"},
		Rationale: model.Text{Zh: "机构改名后旧名没有改全，或者录入有误，汇总时会算成几个部门。", En: "After an office is renamed the old name lingers, and sums count several departments."},
		Fix:       model.Text{Zh: "统一成现行的规范名称；确实是不同部门的，可以不改。", En: "Use the current official name; where they are different departments, leave them."},
		Bad: pair([]string{"主管部门"}, nil,
			[]edit{{"主管部门\t云栖市科普事务局", "主管部门\t云栖市科普事物局"}, {"云栖市青少年科普展厅运行项目", "云栖市科普大篷车巡展项目"}, {annualGoal, caravanGoal}}),
		Good: pair([]string{"主管部门"}, nil,
			[]edit{{"云栖市青少年科普展厅运行项目", "云栖市科普大篷车巡展项目"}, {annualGoal, caravanGoal}}),
	},
	needs: []string{"project.supervising_department"}, once: true,
	document: inconsistentDepartment,
}

// inconsistentDepartment groups the distinct spellings. Only those that an
// index finds to be a few characters apart are compared, so the work does not
// grow with the square of departments.
func inconsistentDepartment(d *document, _ *Thresholds) docVerdict {
	all := spellings(d)
	if len(all) == 0 {
		return onDocument(insufficient("没有填主管部门（见 S001）", "no department is filled in (see S001)", nil))
	}
	var parts, english, names []string
	var first *form
	var related []model.Related
	for _, group := range sameOffices(all) {
		if len(group) < 2 {
			continue
		}
		var zh, en []string
		for _, i := range group {
			s := &all[i]
			numbers := make([]int, len(s.forms))
			for k, index := range s.forms {
				numbers[k] = d.forms[index].Index
			}
			zh = append(zh, "“"+s.printed+"”（第"+numberList(numbers)+"张）")
			en = append(en, `"`+s.printed+`" (forms `+englishList(numbers)+")")
			names = append(names, s.printed)
			f := &d.forms[s.forms[0]]
			if first == nil {
				first = f
				continue
			}
			related = append(related, f.related(f.head("project.supervising_department", s.printed)))
		}
		parts, english = append(parts, strings.Join(zh, "与")), append(english, strings.Join(en, " and "))
	}
	if first == nil {
		return onDocument(judged(nil))
	}
	x := first.finding(first.head("project.supervising_department", ""), model.Text{
		Zh: "主管部门的写法不一致：{groups}。是同一个部门的，请统一成现行名称。",
		En: "The department is spelt differently: {groups_en}. Where it is one department, use its current name.",
	}, model.Args{"groups": strings.Join(parts, "；"), "groups_en": strings.Join(english, "; ")})
	inOrder := slices.Sorted(slices.Values(names)) // the forms' order is no part of the finding
	x.Form, x.Project, x.Text, x.Related = nil, "", strings.Join(inOrder, "、"), related
	x.Evidence = map[string]string{"spellings": strings.Join(names, "; ")}
	return onDocument(judged([]model.Finding{x}))
}

// spellingIndex finds spellings a few characters apart: those where one is
// the other without some characters (or without its place), and those that
// become equal when each drops a fifth.
type spellingIndex struct {
	whole   map[string][]int // by the spelling itself
	reduced map[string][]int // by the spelling without some characters
	dropped map[string][]int // by what is left without a fifth
}

func newSpellingIndex() *spellingIndex {
	return &spellingIndex{map[string][]int{}, map[string][]int{}, map[string][]int{}}
}

// add enters a spelling and returns the earlier ones worth comparing.
func (x *spellingIndex) add(i int, s *spelling) []int {
	var near []int
	place := s.lastRegion() + "|"
	short := []rune(s.short)
	reduced := []string{"|" + s.short}
	for _, r := range without(short, min(2, len(short)*3/10)) {
		reduced = append(reduced, place+r)
	}
	reduced = append(reduced, without([]rune(fold(s.printed)), 1)...)
	for _, w := range []string{place + s.short, fold(s.printed)} {
		near = append(append(near, x.whole[w]...), x.reduced[w]...)
		x.whole[w] = append(x.whole[w], i)
	}
	for _, r := range reduced {
		near = append(near, x.whole[r]...)
		x.reduced[r] = append(x.reduced[r], i)
	}
	for _, r := range without(short, min(2, len(short)/5)) {
		key := place + r
		near = append(near, x.dropped[key]...)
		x.dropped[key] = append(x.dropped[key], i)
	}
	slices.Sort(near)
	near = slices.Compact(near)
	return slices.DeleteFunc(near, func(k int) bool { return k == i })
}

// without lists what is left of a name without one character up to n, at most
// two.
func without(name []rune, n int) []string {
	var out []string
	for i := range name {
		if n < 1 {
			break
		}
		rest := slices.Concat(name[:i], name[i+1:])
		out = append(out, string(rest))
		for k := i; n == 2 && k < len(rest); k++ {
			out = append(out, string(slices.Concat(rest[:k], rest[k+1:])))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// oneMore says whether a name is the other with one more character that no
// ordinal or proper name explains: 云栖市市场监管局 and 云栖市场监管局.
func oneMore(a, b *spelling) bool {
	x, y := []rune(fold(a.printed)), []rune(fold(b.printed))
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) < 6 || len(y) != len(x)+1 || endsIn(a.name, properNamed) != "" || endsIn(b.name, properNamed) != "" {
		return false
	}
	return longestSubsequence(x, y) == len(x) && !onlyDiffersIn(x, y, ordinalRunes)
}

func spellings(d *document) []spelling {
	index := map[string]int{}
	var all []spelling
	for i := range d.forms {
		printed := d.forms[i].Project.SupervisingDepartment
		key := fold(printed)
		if key == "" {
			continue
		}
		k, ok := index[key]
		if !ok {
			k = len(all)
			index[key] = k
			all = append(all, spelling{office: officeOf(key), printed: printed})
		}
		all[k].forms = append(all[k].forms, i)
	}
	return all
}

func (s *spelling) lastRegion() string {
	if len(s.region) == 0 {
		return ""
	}
	return s.region[len(s.region)-1]
}

// nearlySame says whether two different folded names look like one office.
func nearlySame(a, b string) bool { return a != b && sameOffice(officeOf(a), officeOf(b)) }

// sameOffice holds for the same place (or one without its upper place) and
// names that differ in one or two characters. Offices whose names are proper
// names (schools, streets), or that differ only in a number or a point of the
// compass, are different.
func sameOffice(a, b office) bool {
	if !sameRegion(a.region, b.region) {
		return false
	}
	x, y := []rune(a.short), []rune(b.short)
	if len(x) > len(y) {
		x, y = y, x
	}
	if string(x) == string(y) {
		return len(x) >= 3
	}
	if len(x) < 4 || x[len(x)-1] != y[len(y)-1] || endsIn(a.name, properNamed) != "" || endsIn(b.name, properNamed) != "" {
		return false
	}
	common := longestSubsequence(x, y)
	if onlyDiffersIn(x, y, ordinalRunes) {
		return false
	}
	return common*10 >= len(y)*8 || common == len(x) && len(x)*10 >= len(y)*7
}

// shortOffice shortens endings that are written both ways.
func shortOffice(core string) string {
	for long, short := range officeEndings { // at most one fits
		if s, ok := strings.CutSuffix(core, long); ok {
			return s + short
		}
	}
	return core
}

// splitRegion takes the places off the front: 上海市 松江区 政务服务中心.
func splitRegion(name string) (regions []string, core string) {
	for {
		cut := 0
		n := 0
		for i, r := range name {
			n++
			if n > 1 && n <= 8 && strings.ContainsRune("省市区县旗盟州", r) {
				cut = i + utf8.RuneLen(r)
				break
			}
		}
		if cut == 0 || cut == len(name) || endsIn(name[:cut], notRegions) != "" {
			return regions, name
		}
		regions = append(regions, name[:cut])
		name = name[cut:]
	}
}

// sameRegion says whether one list of places is the other without its upper
// ones.
func sameRegion(a, b []string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	return slices.Equal(a, b[len(b)-len(a):])
}

// longestSubsequence is the length of the longest common subsequence.
func longestSubsequence(x, y []rune) int {
	row := make([]int, len(y)+1)
	for i := range x {
		diagonal := 0
		for j := range y {
			above := row[j+1]
			if x[i] == y[j] {
				row[j+1] = diagonal + 1
			} else {
				row[j+1] = max(row[j+1], row[j])
			}
			diagonal = above
		}
	}
	return row[len(y)]
}

// onlyDiffersIn says whether all characters that one has more of than the
// other are among the given ones.
func onlyDiffersIn(x, y []rune, set string) bool {
	count := map[rune]int{}
	for _, r := range x {
		count[r]++
	}
	for _, r := range y {
		count[r]--
	}
	differs := false
	for r, n := range count {
		if n == 0 {
			continue
		}
		differs = true
		if !strings.ContainsRune(set, r) && !unicode.IsDigit(r) {
			return false
		}
	}
	return differs
}

var maskedNameRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "N004", Name: "masked-name", Severity: model.Info, Kind: model.KindForm, Since: since, Basis: basisForm,
		Title:     model.Text{Zh: "项目名称里有星号", En: "an asterisk in a project's name"},
		Rationale: model.Text{Zh: "名称被遮盖，公开后看不出是什么项目，也无法与其他材料对应。", En: "A masked name cannot be matched with other papers."},
		Fix:       model.Text{Zh: "涉密的按规定处理；不涉密的写全名称。", En: "Handle it as secret where it is, and write the whole name where it is not."},
		Bad:       example(edit{"云栖市青少年科普展厅运行项目", "云栖市***展厅运行项目"}),
		Good:      clean("项目名称"),
	},
	needs: []string{"project.name"},
	form:  maskedName,
}

func maskedName(f *form, _ *Thresholds) verdict {
	if !masked(f.Project.Name) {
		return judged(nil)
	}
	return judged([]model.Finding{f.finding(f.head("project.name", f.Project.Name), model.Text{
		Zh: "项目名称“{name}”里有星号。不涉密的请写全名称。",
		En: `The name "{name}" has asterisks. Write it in full unless it is secret.`,
	}, model.Args{"name": f.Project.Name})})
}

var maskedValueRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "N005", Name: "masked-value", Severity: model.Error, Default: true, Kind: model.KindForm, Since: since, Basis: basisForm,
		Title:     model.Text{Zh: "指标名称或指标值里留有星号", En: "asterisks left in an indicator's name or value"},
		Rationale: model.Text{Zh: "指标被遮盖或占位符没有替换，无法考核。", En: "A masked indicator, or a placeholder nobody replaced, cannot be assessed."},
		Fix:       model.Text{Zh: "写出实际的名称和数值。", En: "Write the real name and value."},
		Bad:       example(edit{"≥48.00(次)", "≥**(次)"}),
		Good:      clean("展项巡检次数"),
	},
	kinds: anyKind,
	form:  maskedValue,
}

func maskedValue(f *form, _ *Thresholds) verdict {
	if len(f.rows)+len(f.further) == 0 {
		return notApplicable("没有指标", "there are no indicators")
	}
	var findings []model.Finding
	for i := range f.rows {
		findings = append(findings, f.maskedIn(&f.rows[i])...)
	}
	for i := range f.further {
		for _, x := range f.maskedIn(&f.further[i]) {
			findings = withFurther(findings, &x)
		}
	}
	return judged(findings)
}

// maskedIn reports asterisks in a row's name and value.
func (f *form) maskedIn(r *row) []model.Finding {
	var findings []model.Finding
	for _, field := range []string{"level3", "value"} {
		text := r.Level3
		if field == "value" {
			text = r.Value.Raw
		}
		if !masked(text) {
			continue
		}
		findings = append(findings, f.rowFinding(r, field, model.Text{
			Zh: "“{name}”（{value}）里留有星号，请写出实际内容（第{row}条指标，“{text}”）。",
			En: `Asterisks are left in "{name}" ({value}); write what is meant (indicator {row}, "{text}").`,
		}, model.Args{"row": strconv.Itoa(r.index + 1), "text": text}))
	}
	return findings
}

// masked says whether asterisks stand for something left out: several in a
// row, or one that is no sign of multiplication (7*24, A*B, 人*天) or footnote.
func masked(s string) bool {
	if strings.IndexByte(s, '*') < 0 && !strings.Contains(s, "＊") {
		return false
	}
	s = strings.ReplaceAll(s, "＊", "*")
	if strings.Contains(s, "**") {
		return true
	}
	runes := []rune(fold(s))
	for i, r := range runes {
		if r != '*' || i == 0 || i+1 == len(runes) || strings.ContainsRune("天日次月年时班期", runes[i+1]) {
			continue
		}
		if isHan(runes[i-1]) && isHan(runes[i+1]) {
			return true
		}
	}
	return false
}
