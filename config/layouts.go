package config

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/invopop/jsonschema"
	"go.yaml.in/yaml/v4"

	"perfgoal/internal/reason"
	"perfgoal/model"
	"perfgoal/parser/form"
)

// Layout is a layout of the user's own with the file that it stands in.
type Layout struct {
	Path string
	form.LayoutFile
}

// maxLayouts bounds the files of a folder of layouts; one that has more is no
// such folder.
const maxLayouts = 500

// layoutsShape reads the folder of own layouts, relative to the configuration.
func (f *File) layoutsShape() shape {
	return text(func(d *decoder, n *yaml.Node) {
		dir := n.Value
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(filepath.Dir(f.Path), filepath.FromSlash(dir))
		}
		f.Layouts = d.layouts(n, dir)
	})
}

// layouts reads every layout of a folder. Its mistakes are reported at the
// layouts' own files and lines, those of the folder itself at n.
func (d *decoder) layouts(n *yaml.Node, dir string) []Layout {
	unreadable := func(err error) {
		why := reason.Of(err)
		d.fault(n, say("版式文件夹“{dir}”读不了：{why_zh}", "the folder of layouts {dir} cannot be read: {why_en}", "dir", filepath.ToSlash(dir), "why_zh", why.Zh, "why_en", why.En))
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		unreadable(err)
		return nil
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() && !strings.HasPrefix(e.Name(), ".") && strings.EqualFold(filepath.Ext(e.Name()), ".json") {
			names = append(names, e.Name())
		}
	}
	if len(names) == 0 || len(names) > maxLayouts {
		d.fault(n, say("版式文件夹“{dir}”里应当有 1 到 {most} 个 .json 文件，实际有 {n} 个", "the folder of layouts {dir} should hold 1 to {most} .json files; it holds {n}",
			"dir", filepath.ToSlash(dir), "most", strconv.Itoa(maxLayouts), "n", strconv.Itoa(len(names))))
		return nil
	}
	var out []Layout
	at := map[string]Layout{}
	for _, l := range form.Embedded() {
		at[l.Name] = Layout{LayoutFile: l}
	}
	var checks []func()
	for _, name := range names {
		path := filepath.Join(dir, name)
		data, err := read(path)
		if err != nil {
			var problems Problems
			errors.As(err, &problems)
			d.elsewhere = append(d.elsewhere, problems...)
			continue
		}
		l, own := parseLayout(path, data)
		old, taken := at[l.Name]
		switch {
		case l.Name == "":
		case taken && old.Path == "":
			own.faultAt(own.placed["name"], 0, say("“{name}”是程序自带的版式，请换一个名称", "{name} is a layout that the program comes with; choose another name", "name", l.Name))
		case taken:
			own.faultAt(own.placed["name"], 0, say("版式名称“{name}”在 {other} 里已经用过", "the layout name {name} is taken by {other}", "name", l.Name, "other", filepath.ToSlash(old.Path)))
		default:
			at[l.Name] = l
		}
		checks = append(checks, func() {
			if _, ok := at[l.Extends]; l.Extends != "" && !ok {
				own.faultAt(own.placed["extends"], 0, say("没有“{name}”这个版式", "there is no layout {name}", "name", l.Extends))
			}
			slices.SortStableFunc(own.problems, func(a, b Problem) int { return cmp.Or(a.Line-b.Line, a.Column-b.Column) })
			d.elsewhere = append(d.elsewhere, own.problems...)
		})
		out = append(out, l)
	}
	for _, check := range checks { // once every name is known
		check()
	}
	return out
}

// parseLayout reads one layout file. JSON is read as the YAML that it is, so
// that mistakes have their lines.
func parseLayout(path string, data []byte) (Layout, *decoder) {
	l := Layout{Path: filepath.ToSlash(path)}
	d := &decoder{path: l.Path, placed: map[string]int{}}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if err := json.Unmarshal(data, new(any)); err != nil {
		d.notJSON(data, err)
		return l, d
	}
	// White space between tokens is all that a tab can be in valid JSON.
	d.document(bytes.ReplaceAll(data, []byte("\t"), []byte(" ")), layoutKeys(&l.LayoutFile))
	return l, d
}

// notJSON reports text that is no JSON.
func (d *decoder) notJSON(data []byte, err error) {
	line, column := 0, 0
	if e := new(json.SyntaxError); errors.As(err, &e) {
		before := data[:min(max(int(e.Offset)-1, 0), len(data))]
		line = bytes.Count(before, []byte("\n")) + 1
		column = len([]rune(string(before[bytes.LastIndexByte(before, '\n')+1:]))) + 1
	}
	d.lines = strings.Split(string(data), "\n")
	d.faultAt(line, column, say("从这里起不是有效的 JSON；请检查引号、逗号和括号", "this is no valid JSON; check quotes, commas and brackets"))
}

// layoutKeys is the table of a layout file, reading into l.
func layoutKeys(l *form.LayoutFile) []key {
	return []key{
		{name: "name", required: true, says: model.Text{Zh: "版式的名称，英文或中文，不能与别的版式相同", En: "the layout's name, unlike any other's"}, shape: textTo(&l.Name)},
		{name: "extends", says: model.Text{Zh: "在哪个版式的基础上：它没写的 prints 和必备级别照那个版式，通常写 common", En: "the layout whose prints and required levels hold where it has none; mostly common"}, shape: textTo(&l.Extends)},
		{name: "note", says: model.Text{Zh: "这种表长什么样，给人看的", En: "what such a form looks like, for people"}, shape: textTo(&l.Note)},
		{name: "note_en", says: model.Text{Zh: "note 的英文", En: "the note in English"}, shape: textTo(&l.NoteEn)},
		{name: "kind", says: model.Text{Zh: "project（项目，不写就是它）、department（部门整体）或 self-evaluation（自评表，不是申报表）", En: "project (the default), department, or self-evaluation, which is no declaration"}, shape: oneOf(&l.Kind, form.Kinds()...)},
		{name: "titles", says: model.Text{Zh: "标题的结尾", En: "what a title ends in"}, shape: labelList(&l.Titles)},
		{name: "title_excludes", says: model.Text{Zh: "标题里有这些词的不算", En: "a title that holds one of these is none"}, shape: labelList(&l.TitleExcludes)},
		{name: "marks", says: model.Text{Zh: "表上有这些标签，说明是这种版式", En: "labels that speak for this layout"}, shape: labelList(&l.Marks)},
		{name: "against", says: model.Text{Zh: "表上有这些标签，说明不是这种版式", En: "labels that speak against it"}, shape: labelList(&l.Against)},
		{name: "prints", says: model.Text{Zh: "这种表印有、应当填写的字段：没有找到标签的会报告", En: "fields that such a form asks for: where their label is not found, that is reported"}, shape: words(&l.Prints, form.PrintPaths())},
		{name: "fields", says: model.Text{Zh: "字段的标签，按字段路径", En: "labels of fields by path"}, shape: labelMap(&l.Fields, form.FieldPaths())},
		{name: "other_fields", says: model.Text{Zh: "不保留内容的栏目", En: "labels whose values are not kept"}, shape: labelList(&l.OtherFields)},
		{name: "other_sections", says: model.Text{Zh: "整块不保留的内容旁边的标签", En: "labels beside whole blocks that are not kept"}, shape: labelList(&l.OtherSections)},
		{name: "funding", says: model.Text{Zh: "金额的标签：project 整个项目，annual 当年，either 看它在哪一侧", En: "labels of amounts: of the whole project, of the year, or of either, told by the label's place"}, shape: labelMap(&l.Funding, form.FundingPaths())},
		{name: "funding_items", says: model.Text{Zh: "金额的组成部分，作为明细保留", En: "parts of an amount, kept as items"}, shape: labelList(&l.FundingItems)},
		{name: "funding_totals", says: model.Text{Zh: "小计：金额属于左边的标签", En: "subtotals: the amount is that of the label on the left"}, shape: labelList(&l.FundingTotals)},
		{name: "funding_groups", says: model.Text{Zh: "整个资金部分旁边的标签", En: "labels beside the whole funding block"}, shape: labelList(&l.FundingGroups)},
		{name: "head_groups", says: model.Text{Zh: "整个基本情况部分旁边的标签", En: "labels beside the whole head"}, shape: labelList(&l.HeadGroups)},
		{name: "goals", says: model.Text{Zh: "目标的标签：overall 总目标，annual 年度目标，group 目标部分的总标题，overall_or_group 两者皆可", En: "labels of goals: overall, annual, group (over the goals), overall_or_group (either)"}, shape: labelMap(&l.Goals, form.GoalKeys())},
		{name: "columns", says: model.Text{Zh: "指标表的表头，按列的作用", En: "headings of the indicator table by the column's role"}, shape: labelMap(&l.Columns, form.ColumnRoles())},
		{name: "scopes", says: model.Text{Zh: "表头里说明是哪段时间的词", En: "words in headings that tell the time they are about"}, shape: labelMap(&l.Scopes, form.ScopeNames())},
		{name: "indicator_groups", says: model.Text{Zh: "指标表旁边的标签：annual 年度的，overall 长期的", En: "labels beside an indicator table: the year's, or long-term"}, shape: labelMap(&l.IndicatorGroups, form.ScopeNames())},
		{name: "stops", says: model.Text{Zh: "到这些标签，指标表就结束了", En: "labels that end the indicator table"}, shape: labelList(&l.Stops)},
		{name: "sums", says: model.Text{Zh: "合计行的标签，不是指标", En: "labels of rows of sums, which are no indicators"}, shape: labelList(&l.Sums)},
		{name: "levels", says: model.Text{Zh: "一级指标及其下的二级指标", En: "levels 1 with the levels 2 below them"}, shape: levelsShape(&l.Levels, true)},
	}
}

// levelsShape reads a list of levels; those of level 1 have levels below them.
func levelsShape(to *[]form.LevelFile, first bool) shape {
	return list(func(int) shape {
		return shape{
			schema: func() *jsonschema.Schema { return objectSchema(levelKeys(&form.LevelFile{}, first)) },
			read: func(d *decoder, path string, n *yaml.Node) {
				*to = append(*to, form.LevelFile{})
				d.mapping(path, n, levelKeys(&(*to)[len(*to)-1], first))
			},
		}
	})
}

// levelKeys is the table of a level, reading into l.
func levelKeys(l *form.LevelFile, first bool) []key {
	var class string
	out := []key{
		{name: "name", required: true, says: model.Text{Zh: "级别的名称，结果里就用它", En: "the level's name, as results have it"}, shape: textTo(&l.Name)},
		{name: "class", required: true, says: model.Text{Zh: "级别的类别，规则按它判断", En: "its class, which rules go by"}, shape: then(oneOf(&class, form.Classes()...), func() { l.Class = model.Level(class) })},
		{name: "labels", says: model.Text{Zh: "别的写法", En: "other spellings"}, shape: labelList(&l.Labels)},
	}
	if first {
		out = append(out,
			key{name: "required", says: model.Text{Zh: "这种表必须有它", En: "such a form must have it"}, shape: boolean(func(b bool) { l.Required = b })},
			key{name: "level2", says: model.Text{Zh: "其下的二级指标", En: "the levels 2 below it"}, shape: levelsShape(&l.Level2, false)})
	}
	return out
}

// then does something more once a value was read.
func then(s shape, do func()) shape {
	read := s.read
	s.read = func(d *decoder, path string, n *yaml.Node) { read(d, path, n); do() }
	return s
}

// labelText is a text that can be a label.
func labelText(set func(d *decoder, n *yaml.Node)) shape {
	return text(func(d *decoder, n *yaml.Node) {
		if !form.IsPossibleLabel(n.Value) {
			d.fault(n, say("“{label}”不能作标签：太长，或除了序号、括号和冒号没有别的字", "{label} can be no label: it is too long, or nothing but numbers, brackets and colons", "label", n.Value))
			return
		}
		set(d, n)
	})
}

func labelList(to *[]string) shape {
	return list(func(int) shape { return labelText(func(_ *decoder, n *yaml.Node) { *to = append(*to, n.Value) }) })
}

// words is a list of words of which only some are allowed.
func words(to *[]string, allowed []string) shape {
	return list(func(int) shape {
		var word string
		return then(oneOf(&word, allowed...), func() {
			if word != "" {
				*to = append(*to, word)
			}
		})
	})
}

// labelMap is a mapping of known keys to labels.
func labelMap(to *map[string][]string, names []string) shape {
	var keys []key
	for _, name := range names {
		keys = append(keys, key{name: name, says: Meaning(name), shape: list(func(int) shape {
			return labelText(func(_ *decoder, n *yaml.Node) { put(to, name, n.Value) })
		})})
	}
	return object(keys...)
}

func put(to *map[string][]string, name, label string) {
	if *to == nil {
		*to = map[string][]string{}
	}
	(*to)[name] = append((*to)[name], label)
}

// meanings are what keys stand for that are no field's path.
var meanings = map[string]model.Text{
	"level1": {Zh: "一级指标", En: "level 1"}, "level2": {Zh: "二级指标", En: "level 2"}, "level3": {Zh: "三级指标的名称", En: "the indicator's name"},
	"value": {Zh: "指标值", En: "its value"}, "operator": {Zh: "符号（≥ ≤ =）", En: "the operator"}, "unit": {Zh: "计量单位", En: "the unit"},
	"weight": {Zh: "分值、权重", En: "points or weight"}, "direction": {Zh: "指标方向（不保留）", En: "the direction (not kept)"}, "remark": {Zh: "备注", En: "a remark"},
	"number": {Zh: "序号（不保留）", En: "a row number (not kept)"}, "other": {Zh: "不保留的列", En: "a column that is not kept"},
	"actual":  {Zh: "实际完成的值：只有自评表才有", En: "what was achieved: only self-evaluations have it"},
	"overall": {Zh: "整个项目、长期", En: "the whole project, long-term"}, "annual": {Zh: "年度", En: "the year"}, "half-year": {Zh: "半年", En: "half the year"},
	"group": {Zh: "总标题", En: "a heading over the others"}, "overall_or_group": {Zh: "总目标，或总标题", En: "the overall goal, or a heading over the others"},
	"either.total": {Zh: "总额（哪一侧看位置）", En: "the total (its place tells the side)"}, "either.fiscal": {Zh: "财政资金（哪一侧看位置）", En: "fiscal funds (its place tells the side)"},
	"either.other": {Zh: "其他资金（哪一侧看位置）", En: "other funds (its place tells the side)"}, "either.carryover": {Zh: "结转资金（哪一侧看位置）", En: "carryover (its place tells the side)"},
}

// Meaning is what a key of a layout stands for, in people's words.
func Meaning(name string) model.Text {
	if m, ok := meanings[name]; ok {
		return m
	}
	for _, path := range []string{name, "funding." + name} {
		if f, ok := model.FieldAt(path); ok {
			return f.Name
		}
	}
	if l, ok := form.LevelNamed(model.Level(name)); ok {
		return model.Text{Zh: l, En: name}
	}
	return model.Text{Zh: name, En: name}
}

// labelsShape reads further labels by what they stand for.
func (f *File) labelsShape() shape {
	var keys []key
	for _, name := range form.LabelKeys() {
		keys = append(keys, key{name: name, says: Meaning(name), shape: list(func(int) shape {
			return labelText(func(d *decoder, n *yaml.Node) {
				if what := form.Taken(n.Value, name); what != "" {
					m := Meaning(strings.TrimPrefix(what, "funding."))
					d.fault(n, say("“{label}”已经是“{what_zh}”（{path}）的标签", "{label} is a label of {what_en} ({path}) already", "label", n.Value, "what_zh", m.Zh, "what_en", m.En, "path", what))
					return
				}
				put(&f.Labels, name, n.Value)
			})
		})})
	}
	return object(keys...)
}

// Known are the layouts to read with: those that the program comes with, the
// file's own and its further labels. It is nil where the file adds nothing.
func (f *File) Known() *form.Layouts {
	if f == nil {
		return nil
	}
	return f.known
}

func (f *File) makeLayouts() {
	if len(f.Layouts) == 0 && len(f.Labels) == 0 {
		return
	}
	var own []form.LayoutFile
	for _, l := range f.Layouts {
		own = append(own, l.LayoutFile)
	}
	f.known = form.With(own, f.Labels)
}

// LayoutKey says what a key of a layout file is for.
func LayoutKey(name string) model.Text {
	if k := find(layoutKeys(&form.LayoutFile{}), name); k != nil {
		return k.says
	}
	return model.Text{}
}
