package config

import (
	"slices"
	"strings"
	"sync"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"

	"perfgoal/internal/zh"
	"perfgoal/model"
)

// closedSet is what a field of an indicator can hold, whatever is printed.
// Rules may write any of the spellings.
type closedSet struct {
	values    []string
	spellings map[string]string // to one of the values
	shown     string            // how messages list them
}

// canonical is the value that a spelling means; ok is false where it means
// none. "" is a field that is blank.
func (c *closedSet) canonical(text string) (string, bool) {
	text = zh.Fold(text)
	if text == "" || slices.Contains(c.values, text) {
		return text, true
	}
	v, ok := c.spellings[text]
	return v, ok
}

// closedSets are the closed fields of an indicator by both their names.
var closedSets = sync.OnceValue(func() map[string]*closedSet {
	operators := &closedSet{spellings: map[string]string{}, shown: `≥ ≤ = > < ~`}
	for _, list := range [][]zh.Spelling{zh.Before, zh.Behind} {
		for _, x := range list {
			operators.spellings[zh.Fold(x.Text)] = x.Operator
			if !slices.Contains(operators.values, x.Operator) {
				operators.values = append(operators.values, x.Operator)
			}
		}
	}
	operators.spellings["=="] = "="
	kinds := &closedSet{spellings: map[string]string{"数值": "bound", "数": "bound", "区间": "range", "范围": "range", "偏差": "tolerance", "日期": "date", "频次": "frequency", "频率": "frequency", "文字": "text", "缺": "missing", "空白": "missing"},
		shown: "数值 区间 偏差 日期 频次 文字 缺"}
	for _, k := range []model.ValueKind{model.KindBound, model.KindRange, model.KindTolerance, model.KindDate, model.KindFrequency, model.KindText, model.KindMissing} {
		kinds.values = append(kinds.values, string(k))
	}
	return map[string]*closedSet{
		"operator": operators, "符号": operators, "kind": kinds, "值类型": kinds,
		"class1": classes(firstLevels), "一级类别": classes(firstLevels), "class2": classes(secondLevels), "二级类别": classes(secondLevels),
	}
})

type levelName struct {
	name  string // without 指标
	class model.Level
}

// firstLevels and secondLevels are the classes by their usual names.
var (
	firstLevels = []levelName{{"成本", model.Cost}, {"产出", model.Output}, {"效益", model.Benefit}, {"满意度", model.Satisfaction}, {"决策", model.Decision}, {"过程", model.Process}, {"影响力", model.Influence}}
	// An older form's 成本指标 is a level 2 of output.
	secondLevels = []levelName{{"经济成本", model.EconomicCost}, {"社会成本", model.SocialCost}, {"生态环境成本", model.EcologicalCost}, {"数量", model.Quantity}, {"质量", model.Quality}, {"时效", model.Timeliness},
		{"经济效益", model.EconomicBenefit}, {"社会效益", model.SocialBenefit}, {"生态效益", model.EcologicalBenefit}, {"可持续影响", model.Sustainability}, {"服务对象满意度", model.ClientSatisfaction}, {"成本", model.Cost}}
)

func classes(levels []levelName) *closedSet {
	c := &closedSet{spellings: map[string]string{}}
	var shown []string
	for _, l := range levels {
		c.values = append(c.values, string(l.class))
		c.spellings[l.name], c.spellings[l.name+"指标"] = string(l.class), string(l.class)
		shown = append(shown, l.name+"指标")
	}
	c.shown = strings.Join(shown, " ")
	return c
}

// usual are texts that an open field mostly holds. A field may hold others,
// so a comparison with a part of one is only remarked upon.
var usual = sync.OnceValue(func() map[string][]string {
	labels := func(levels []levelName) []string {
		var out []string
		for _, l := range levels {
			out = append(out, l.name+"指标")
		}
		return out
	}
	natures := []string{"其他经常性项目", "其他一次性项目", "经常性项目", "一次性项目", "延续性项目", "新增项目", "延续项目"}
	return map[string][]string{
		"project.category": {"特定目标类", "其他运转类", "公用经费", "人员类", "运转类"}, "project.nature": natures,
		"level1": labels(firstLevels), "一级指标": labels(firstLevels), "level2": labels(secondLevels), "二级指标": labels(secondLevels),
	}
})

// fieldOf names the field that a node of an expression stands for: the path of
// a form's own, or the column of a row.
func fieldOf(n ast.Node) string {
	if f := fieldNamed(pathOf(n)); f != nil {
		return f.path
	}
	if m, ok := n.(*ast.MemberNode); ok {
		if name, ok := m.Property.(*ast.StringNode); ok {
			return name.Value
		}
	}
	return ""
}

// remark is something about an expression, with its offset in characters.
type remark struct {
	at      file.Location
	message model.Message
	certain bool // it can never hold; else it hardly ever will
}

// compared looks at a comparison of a field with texts: the texts of a closed
// field are put into its own spelling, and what it never holds is noted.
func (u *usage) compared(x *ast.BinaryNode) {
	if !slices.Contains([]string{"==", "!=", "in", "<", "<=", ">", ">="}, x.Operator) {
		return
	}
	field, texts := x.Left, []*ast.Node{&x.Right}
	if list, ok := x.Right.(*ast.ArrayNode); ok {
		texts = nil
		for i := range list.Nodes {
			texts = append(texts, &list.Nodes[i])
		}
	} else if _, ok := x.Left.(*ast.StringNode); ok {
		field, texts = x.Right, []*ast.Node{&x.Left}
	}
	name := fieldOf(field)
	if name == "" {
		return
	}
	for _, t := range texts {
		s, ok := (*t).(*ast.StringNode)
		if !ok {
			continue
		}
		switch set := closedSets()[name]; {
		case set != nil:
			if v, ok := set.canonical(s.Value); ok {
				s.Value = v
				continue
			}
			u.remarks = append(u.remarks, remark{s.Location(), say("“{field}”从来不会是“{text}”，只会是：{all}", "{field} is never {text}; it is one of {all}", "field", name, "text", s.Value, "all", set.shown), true})
		case isDateField(name):
			if s.Value != "" && !isDay(s.Value) {
				u.remarks = append(u.remarks, remark{s.Location(), say("日期要写成 2026-01-31 这样，“{text}”比不上", "dates are written as 2026-01-31; {text} never matches", "text", s.Value), true})
			}
		default:
			if near := partOf(usual()[name], s.Value); near != "" {
				u.remarks = append(u.remarks, remark{s.Location(), say("“{field}”里印的一般是“{near}”，不会恰好是“{text}”；写全，或者改用 contains “{text}”", "{field} mostly says {near} and never just {text}; write it in full, or use contains", "field", shownName(name), "near", near, "text", s.Value), false})
			}
		}
	}
}

// partOf is the usual text that the given one is only a part of.
func partOf(usual []string, text string) string {
	text = zh.Fold(text)
	if text == "" || slices.Contains(usual, text) {
		return ""
	}
	for _, u := range usual {
		if strings.Contains(u, text) {
			return u
		}
	}
	return ""
}

func shownName(name string) string {
	if f := fieldNamed(name); f != nil {
		return f.chinese[0]
	}
	return name
}

func isDateField(name string) bool {
	f := fieldNamed(name)
	return f != nil && f.kind == model.FieldDate
}
