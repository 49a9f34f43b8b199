package validate_test

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"perfgoal/model"
	"perfgoal/validate"
)

// draft is a declaration to be printed as text: its fields by short names, and
// its indicators as "level 1|level 2|name|value".
type draft struct {
	fields map[string]string
	rows   []string
	levels map[string]string // what this form calls the usual levels
	// problem is a change that found nothing to change.
	problem string
}

// drafts are the forms that mutants start from. None of them has a finding.
func drafts() map[string]draft {
	yuan := draft{
		fields: map[string]string{
			"title": "财政项目支出绩效目标申报表", "year": "(2026年度)", "name": "云栖市青少年科普展厅运行项目", "department": "云栖市科普事务局", "unit": "云栖市青少年科普馆",
			"start": "2026-01-01", "end": "2026-12-31", "money": "元",
			"whole": "360,000.00", "fiscal": "360,000.00", "wholeother": "0.00", "total": "360,000.00", "appropriation": "340,000.00", "carryover": "20,000.00", "other": "0.00",
			"overall": "建成面向全市青少年的常设科普阵地，形成稳定的运行机制。",
			"goal":    "保障科普展厅全年正常开放，按计划巡检展项并及时排除故障，让来馆的青少年看得懂、摸得着、玩得好，逐步扩大科普展厅的服务范围和社会影响。",
		},
		rows: []string{
			"成本指标|经济成本指标|展厅运行费|≤30000.00(元/月)",
			"产出指标|数量指标|展项巡检次数|≥48.00(次)",
			"产出指标|质量指标|展项完好率|≥98.00(%)",
			"产出指标|时效指标|展项故障修复时间|≤24.00(小时)",
			"效益指标|社会效益指标|接待青少年人数|≥20000.00(人)",
			"效益指标|可持续影响指标|展项更新机制健全性|健全",
			"满意度指标|服务对象满意度指标|参观青少年满意度|≥90.00(%)",
		},
	}
	with := func(d draft, changes string, levels map[string]string) draft {
		out := draft{fields: maps.Clone(d.fields), rows: slices.Clone(d.rows), levels: levels}
		out.change(changes)
		return out
	}
	return map[string]draft{
		"元":   yuan,
		"万元":  with(yuan, "money=万元; whole=36.00; fiscal=36.00; wholeother=0.00; total=36.00; appropriation=34.00; carryover=2.00; other=0.00; name=云栖市气象观测站维护项目; 展厅运行费:=≤3.00(万元/月)", nil),
		"整万元": with(yuan, "money=万元; whole=36; fiscal=36; wholeother=0; total=36; appropriation=34; carryover=2; other=0; name=云栖市水文监测站维护项目; 展厅运行费:=≤3.00(万元/月)", nil),
		"跨年":  with(yuan, "start=2025-03-01; end=2027-02-28; whole=1,080,000.00; fiscal=1,080,000.00; name=云栖市古树名木保护项目", nil),
		"旧式":  with(yuan, "name=云栖市乡村书屋运行项目", map[string]string{"成本指标": "产出指标", "经济成本指标": "成本指标", "时效指标": "进度指标", "效益指标": "效果指标", "社会效益指标": "社会效益"}),
	}
}

// change applies changes that stand in one line, parted by semicolons:
// "field=text", "NAME:=value" for the value of a row, "NAME->name" for its
// name, "-NAME" to leave it out, "+level 2|name|value" to add one.
func (d *draft) change(line string) {
	for c := range strings.SplitSeq(line, "; ") {
		c = strings.TrimSpace(c)
		if row, ok := strings.CutPrefix(c, "+"); ok {
			d.add(strings.Split(row, "|"))
			continue
		}
		if name, ok := strings.CutPrefix(c, "-"); ok {
			n := len(d.rows)
			d.rows = slices.DeleteFunc(d.rows, func(r string) bool { return strings.Contains(r, "|"+name+"|") })
			d.must(len(d.rows) < n, c)
			continue
		}
		if name, value, ok := strings.Cut(c, ":="); ok {
			d.edit(c, name, func(cells []string) { cells[3] = value })
			continue
		}
		if name, to, ok := strings.Cut(c, "->"); ok {
			d.edit(c, name, func(cells []string) { cells[2] = to })
			continue
		}
		field, text, ok := strings.Cut(c, "=")
		_, known := d.fields[field]
		d.must(ok && known, c)
		d.fields[field] = text
	}
}

// must notes a change that finds nothing to change.
func (d *draft) must(ok bool, change string) {
	if !ok && d.problem == "" {
		d.problem = "nothing answers to " + strconv.Quote(change) + " (see draft.change)"
	}
}

func (d *draft) edit(change, name string, do func(cells []string)) {
	i := slices.IndexFunc(d.rows, func(r string) bool { return strings.Contains(r, "|"+name+"|") })
	if d.must(i >= 0, change); i < 0 {
		return
	}
	cells := strings.Split(d.rows[i], "|")
	do(cells)
	d.rows[i] = strings.Join(cells, "|")
}

// add puts a row (level 2, name, value) behind the last one of its level 2, or
// of its level 1 where there is none.
func (d *draft) add(cells []string) {
	if d.must(len(cells) == 3, strings.Join(cells, "|")); len(cells) != 3 {
		return
	}
	level1 := "产出指标"
	for suffix, l := range map[string]string{"成本指标": "成本指标", "效益指标": "效益指标", "影响指标": "效益指标", "满意度指标": "满意度指标"} {
		if strings.HasSuffix(cells[0], suffix) {
			level1 = l
		}
	}
	at := len(d.rows) - 1
	for _, behind := range []string{level1 + "|", level1 + "|" + cells[0] + "|"} {
		for i, r := range d.rows {
			if strings.HasPrefix(r, behind) {
				at = i
			}
		}
	}
	d.rows = slices.Insert(d.rows, at+1, level1+"|"+strings.Join(cells, "|"))
}

func (d *draft) label(usual string) string {
	if l, ok := d.levels[usual]; ok {
		return l
	}
	return usual
}

// print is the draft as text, labels of merged cells printed once.
func (d *draft) print() string {
	f := d.fields
	var b strings.Builder
	line := func(cells ...string) { b.WriteString(strings.Join(cells, "\t") + "\n") }
	line(f["title"])
	if f["year"] != "" {
		line(f["year"])
	}
	line("项目名称", f["name"], "项目性质", "其他经常性项目", "项目类别", "其他运转类")
	line("主管部门", f["department"], "实施单位", f["unit"])
	line("计划开始日期", f["start"], "计划完成日期", f["end"])
	line("项目资金("+f["money"]+")", "项目资金总额:", f["whole"], "年度资金申请总额:", f["total"])
	line("", "其中: 财政资金", f["fiscal"], "其中: 当年财政拨款", f["appropriation"])
	line("", "", "", "上年结转资金", f["carryover"])
	line("", "其他资金", f["wholeother"], "其他资金", f["other"])
	line("项目绩效目标", "项目总目标", "年度总体目标")
	line("", f["overall"], f["goal"])
	line("", "一级指标", "二级指标", "三级指标", "年度(/项目)指标值")
	rows := slices.Clone(d.rows)
	slices.SortStableFunc(rows, func(x, y string) int { // one block for each level 1
		return strings.Index("成本指标 产出指标 效益指标 满意度指标", d.firstLevel(x)) - strings.Index("成本指标 产出指标 效益指标 满意度指标", d.firstLevel(y))
	})
	last1, last2 := "", ""
	for i, r := range rows {
		c := strings.Split(r, "|")
		first, one, two := "", d.label(c[0]), d.label(c[1])
		if i == 0 {
			first = "绩效指标"
		}
		show1, show2 := one, two
		if one == last1 {
			show1 = ""
			if two == last2 {
				show2 = ""
			}
		}
		line(first, show1, show2, c[2], c[3])
		last1, last2 = one, two
	}
	return b.String()
}

// firstLevel is the usual level 1 whose block a row is printed in.
func (d *draft) firstLevel(row string) string {
	usual, _, _ := strings.Cut(row, "|")
	if l := d.label(usual); strings.Contains("成本指标 产出指标 效益指标 满意度指标", l) {
		return l
	}
	return usual
}

// mutant is a change to drafts with the rules that have to name it: the first
// must, further ones may too. "" wants silence.
type mutant struct {
	drafts string // names of drafts, "" for all
	change string
	rules  string
}

// TestMutants puts single defects and innocent variations into the drafts. A
// defect must be named by its rule and by no other that is on by default; a
// variation by none. To add a case, add a line to a table of
// mutants_table_test.go.
func TestMutants(t *testing.T) {
	e := engine(t, validate.Config{Select: []string{"ALL"}, Ignore: []string{"S011", "S012", "S014", "S015"}})
	on := map[string]bool{}
	for _, r := range validate.Rules() {
		on[r.Code] = r.Default
	}
	type tally struct{ caught, defects, silent, variations int }
	tallies := map[string]*tally{}
	of := func(code string) *tally {
		if tallies[code] == nil {
			tallies[code] = &tally{}
		}
		return tallies[code]
	}
	cases := 0
	run := func(name, text, rules, about string) {
		cases++
		doc := parseText(t, text)
		found := map[string]string{}
		for _, x := range e.Document(&doc).Findings {
			found[x.Rule] = string(x.Severity) + " " + x.Message.In(model.Chinese)
		}
		allowed := strings.Fields(rules)
		ok := true
		for code, message := range found {
			if on[code] && !slices.Contains(allowed, code) {
				ok = false
				t.Errorf("%s: %s is raised: %s", name, code, message)
			}
		}
		if len(allowed) == 0 {
			of(about).variations++
			if _, raised := found[about]; raised && !on[about] {
				ok = false
				t.Errorf("%s: %s is raised: %s", name, about, found[about])
			}
			if ok {
				of(about).silent++
			}
			return
		}
		of(allowed[0]).defects++
		if _, raised := found[allowed[0]]; !raised {
			t.Errorf("%s: %s is not raised, only %v", name, allowed[0], slices.Sorted(maps.Keys(found)))
		} else if ok {
			of(allowed[0]).caught++
		}
	}
	all := drafts()
	for about, list := range mutantTables {
		for _, m := range list {
			for base, d := range all {
				if m.drafts != "" && !slices.Contains(strings.Fields(m.drafts), base) {
					continue
				}
				changed := draft{fields: maps.Clone(d.fields), rows: slices.Clone(d.rows), levels: d.levels}
				if changed.change(m.change); changed.problem != "" {
					t.Fatalf("the line {%q, %q} of %s: %s", m.drafts, m.change, about, changed.problem)
				}
				run(base+" "+m.change, changed.print(), m.rules, about)
			}
		}
	}
	for about, list := range bundleTables {
		for _, m := range list {
			var forms []string
			for i, changes := range m.forms {
				base := all["元"]
				d := draft{fields: maps.Clone(base.fields), rows: slices.Clone(base.rows)}
				if i > 0 {
					d.change(otherForms[i-1])
				}
				if changes != "" {
					d.change(changes)
				}
				if d.problem != "" {
					t.Fatalf("the lines %q of %s: %s", m.forms, about, d.problem)
				}
				forms = append(forms, d.print())
			}
			run(strings.Join(m.forms, " / "), strings.Join(forms, "\n"), m.rules, about)
		}
	}
	for _, code := range slices.Sorted(maps.Keys(tallies)) {
		x := tallies[code]
		t.Logf("%s caught %d/%d silent %d/%d", code, x.caught, x.defects, x.silent, x.variations)
	}
	const fewest = 400
	if t.Logf("%d cases", cases); cases < fewest {
		t.Errorf("only %d cases, want %d", cases, fewest)
	}
}
