package config

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/vm"
	"github.com/invopop/jsonschema"
	"github.com/shopspring/decimal"
	"go.yaml.in/yaml/v4"

	"perfgoal/internal/lazy"
	"perfgoal/internal/zh"
	"perfgoal/model"
	"perfgoal/parser/form"
	"perfgoal/validate"
)

// Bounds of an expression: nodes of its tree, how deep loops over indicators
// may nest, and what a run may allocate (in the virtual machine's own count).
const (
	maxNodes   = 300
	maxNesting = 2
	maxMemory  = 200_000
)

// ownRule is a rule as the file states it.
type ownRule struct {
	code, name, title, fix, field string
	severity                      model.Severity
	state                         bool // on
	when, must, given             *program
	message                       []piece
	examples                      []*ownExample
	line                          int
}

// program is a compiled expression with what it looks at.
type program struct {
	*vm.Program
	source string
	fields []string // paths of the form's fields in it
}

// piece is a part of a message: words, or an expression in braces.
type piece struct {
	words string
	value *program
}

// ownExample is a form, in fields, with the outcome that is expected of it.
type ownExample struct {
	outcome model.Outcome
	form    group
	line    int
}

// errBlank stops an expression at an operation on a blank amount.
var errBlank = errors.New("blank")

var (
	ownCode = lazy.Regexp(`^U\d{3}$`)
	ownName = lazy.Regexp(`^[a-z0-9]+(-[a-z0-9]+)*$`)
)

func (f *File) ownShape() shape {
	return list(func(int) shape {
		return shape{
			schema: func() *jsonschema.Schema { return objectSchema((&ownRule{}).keys()) },
			read: func(d *decoder, path string, n *yaml.Node) {
				o := &ownRule{severity: model.Warning, state: true, line: n.Line}
				d.mapping(path, n, o.keys())
				if n.Kind != yaml.MappingNode {
					return
				}
				if (o.when == nil) == (o.must == nil) && !hasKey(n, "when") && !hasKey(n, "must") || hasKey(n, "when") && hasKey(n, "must") {
					d.fault(n, say("{key} 要写 must（应当成立的式子）或 when（成立就是问题的式子），只写一个", "{key} needs must (what has to hold) or when (what is a finding), just one of them", "key", path))
				}
				for _, other := range f.own {
					if other.code == o.code && o.code != "" || other.name == o.name && o.name != "" {
						d.fault(n, say("{key} 的代码或名称与第{line}行的规则相同", "{key} has the code or name of the rule on line {line}", "key", path, "line", strconv.Itoa(other.line)))
					}
				}
				for _, r := range validate.Rules() {
					if r.Name == o.name {
						d.fault(n, say("{key} 的名称“{name}”是自带规则 {code} 的", "{key} has the name {name} of the built-in rule {code}", "key", path, "name", o.name, "code", r.Code))
					}
				}
				if o.code != "" && o.name != "" && (o.when != nil || o.must != nil) {
					f.own = append(f.own, o)
				}
			},
		}
	})
}

func hasKey(n *yaml.Node, name string) bool {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return true
		}
	}
	return false
}

func (o *ownRule) keys() []key {
	return []key{
		{name: "code", required: true, says: model.Text{Zh: "代码，U 加三位数字", En: "code: U and three digits"},
			shape: matching(textTo(&o.code), ownCode().String(), ownCode().MatchString, model.Text{Zh: "U 加三位数字，如 U001", En: "U and three digits, such as U001"})},
		{name: "name", required: true, says: model.Text{Zh: "名称，小写字母、数字和连字符", En: "name: lower-case letters, digits and hyphens"},
			shape: matching(textTo(&o.name), ownName().String(), ownName().MatchString, model.Text{Zh: "小写字母、数字和连字符，如 large-project", En: "lower-case letters, digits and hyphens, such as large-project"})},
		{name: "title", required: true, says: model.Text{Zh: "一句话：它报告什么", En: "one line: what it reports"}, shape: textTo(&o.title)},
		{name: "severity", says: model.Text{Zh: "级别（默认 warning）", En: "severity (default warning)"}, shape: oneOf(&o.severity, model.Error, model.Warning, model.Info)},
		{name: "if", says: model.Text{Zh: "只检查这个式子成立的表", En: "check only forms where this holds"}, shape: expression(&o.given)},
		{name: "must", says: model.Text{Zh: "应当成立的式子，如 项目资金总额 == 财政拨款 + 其他资金", En: "what has to hold"}, shape: expression(&o.must)},
		{name: "when", says: model.Text{Zh: `成立就是问题的式子，如 funding.annual.total > 5000000 && goals.overall == ""`, En: "what is a finding when it holds"}, shape: expression(&o.when)},
		{name: "field", says: model.Text{Zh: "问题所在的字段（默认为式子里的第一个）", En: "the field it is about (default: the expression's first)"}, shape: o.fieldShape()},
		{name: "message", required: true, says: model.Text{Zh: "说明，花括号里可以写字段或式子", En: "the message; fields or expressions stand in braces"}, shape: o.messageShape()},
		{name: "fix", says: model.Text{Zh: "怎么改", En: "how to fix it"}, shape: textTo(&o.fix)},
		{name: "enabled", says: model.Text{Zh: "是否默认检查（默认 true）", En: "on by default (default true)"}, shape: boolean(func(b bool) { o.state = b })},
		{name: "examples", says: model.Text{Zh: "例子，config verify 逐个运行", En: "examples, which config verify runs"}, shape: o.examplesShape()},
	}
}

func (o *ownRule) fieldShape() shape {
	return text(func(d *decoder, n *yaml.Node) {
		f := fieldNamed(n.Value)
		if f == nil {
			d.fault(n, say("没有“{name}”这个字段", "unknown field {name}", "name", n.Value))
			return
		}
		o.field = f.path
	})
}

func (o *ownRule) messageShape() shape {
	return text(func(d *decoder, n *yaml.Node) {
		rest, offset := n.Value, 0
		for {
			open := strings.IndexByte(rest, '{')
			if open < 0 {
				break
			}
			end := strings.IndexByte(rest[open:], '}')
			if end < 0 {
				d.fault(n, say("说明里的“{”没有“}”与之配对", "a { in the message has no }"))
				return
			}
			o.message = append(o.message, piece{words: rest[:open]})
			source := rest[open+1 : open+end]
			if p := d.compile(n, source, []rune(n.Value[:offset+open+1]), false); p != nil {
				o.message = append(o.message, piece{value: p})
			}
			rest, offset = rest[open+end+1:], offset+open+end+1
		}
		o.message = append(o.message, piece{words: rest})
	})
}

func expression(to **program) shape {
	return text(func(d *decoder, n *yaml.Node) { *to = d.compile(n, n.Value, nil, true) })
}

// compile compiles an expression that stands in a node behind some other
// characters of it. A mistake is reported where it stands in the file.
func (d *decoder) compile(n *yaml.Node, source string, before []rune, condition bool) *program {
	used := &usage{}
	options := append(language(), expr.Env(fieldTypes()), expr.Patch(used), expr.MaxNodes(maxNodes))
	if condition {
		options = append(options, expr.AsBool())
	}
	sp := spell(source)
	fault := func(offset int, m model.Message) {
		line, column := sp.place(source, offset)
		line, column = d.within(n, source, before, line, column)
		d.faultAt(line, column, m)
	}
	p, err := expr.Compile(sp.text, options...)
	if m, at, found := percentAfterNumber(sp.text); err != nil && found {
		fault(at, m)
		return nil
	}
	var e *file.Error
	switch {
	case errors.As(err, &e):
		fault(e.From, expressionFault(e.Message))
		return nil
	case err != nil:
		d.fault(n, expressionFault(err.Error()))
		return nil
	case used.depth > maxNesting:
		d.fault(n, say("循环套了{depth}层，最多{most}层", "loops nest {depth} deep; at most {most}", "depth", strconv.Itoa(used.depth), "most", strconv.Itoa(maxNesting)))
		return nil
	}
	for _, r := range used.remarks {
		if r.certain {
			fault(r.at.From, r.message)
			continue
		}
		problems := d.problems
		fault(r.at.From, r.message)
		d.remarks, d.problems = append(d.remarks, d.problems[len(problems):]...), problems
	}
	return &program{Program: p, source: source, fields: used.fields}
}

// within finds the place in the file of a place in an expression: line
// (1-based) and column (0-based, in characters) of the expression.
func (d *decoder) within(n *yaml.Node, source string, before []rune, line, column int) (int, int) {
	at := n.Line + line - 1
	if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		at++ // the text begins below the | or >
	}
	wanted := strings.Split(source, "\n")[min(line-1, strings.Count(source, "\n"))]
	if at < 1 || at > len(d.lines) {
		return n.Line, n.Column
	}
	raw := d.lines[at-1]
	from := 0
	if at == n.Line {
		from = min(len(string([]rune(raw)[:min(n.Column-1, len([]rune(raw)))])), len(raw))
	}
	i := strings.Index(raw[from:], wanted)
	if i < 0 {
		return n.Line, n.Column + len(before)
	}
	return at, len([]rune(raw[:from+i])) + column + 1
}

var (
	unknownName  = lazy.Regexp(`^unknown name (\S+)`)
	unknownField = lazy.Regexp(`(?:has no|unknown) field (\S+)`)
	mismatch     = lazy.Regexp(`^invalid operation: (\S+) \(mismatched types (.*) and (.*)\)`)
	badToken     = lazy.Regexp(`^unexpected token (.*)`)
	badNumber    = lazy.Regexp(`^bad number syntax: "(.*)"`)
	badCharacter = lazy.Regexp(`^unrecognized character: U\+[0-9A-F]+ '(.*)'`)
)

// expressionFault puts the compiler's words into ours.
func expressionFault(message string) model.Message {
	if m := unknownName().FindStringSubmatch(message); m != nil {
		if column, ok := columnNamed(m[1]); ok {
			return say("“{name}”是指标表里的一列，前面要加一个点：.{name}，写在 any(指标, …) 这样的括号里", "{name} is a column of the indicators: write .{name} within any(indicators, …)", "name", column)
		}
		if field, op, ok := glued(m[1]); ok {
			return say("“{field}”后面的“{op}”两边要空一格，或者写成符号（> < >= <= ==）", "leave blanks around {op} behind {field}, or write it as a sign (> < >= <= ==)", "field", field, "op", op)
		}
		var names []string
		for _, f := range formFields() {
			names = append(names, f.chinese...)
			names = append(names, strings.SplitN(f.path, ".", 2)[0])
		}
		return say("式子里的“{name}”不是字段也不是函数{near_zh}；如果是文字，要加双引号", "{name} in the expression is no field or function{near_en}; a text needs quotes", "name", m[1],
			"near_zh", near(m[1], names, "（是不是 ", "？）"), "near_en", near(m[1], names, " (did you mean ", "?)"))
	}
	if m := unknownField().FindStringSubmatch(message); m != nil {
		return unknownFieldFault(m[1])
	}
	if m := mismatch().FindStringSubmatch(message); m != nil && typeWord(m[2]) == typeWord(m[3]) {
		return say("这里不能用“{op}”", "{op} does not work here", "op", m[1])
	} else if m != nil && (typeWord(m[2]).En == "text" || typeWord(m[3]).En == "text") && (typeWord(m[2]).En == "a number" || typeWord(m[3]).En == "a number") {
		return say("“{op}”两边一边是数，一边是文字：年度、金额和数值不加引号，写成 2026、5000000 或 500万元；文字要加引号，写成 \"特定目标类\"",
			"{op} has a number on one side and text on the other: figures stand without quotes (5000000), texts in quotes", "op", m[1])
	} else if m != nil {
		return say("“{op}”两边的类型不合：{left_zh}与{right_zh}", "the two sides of {op} do not go together: {left_en} and {right_en}", "op", m[1],
			"left_zh", typeWord(m[2]).Zh, "right_zh", typeWord(m[3]).Zh, "left_en", typeWord(m[2]).En, "right_en", typeWord(m[3]).En)
	}
	if m := badNumber().FindStringSubmatch(message); m != nil {
		return say("“{number}”不是数：数后面只能写金额单位（元、万元、亿元），其他单位用 .单位 来比", "{number} is no number: only units of money may follow one; compare others with .unit", "number", m[1])
	}
	if m := badCharacter().FindStringSubmatch(message); m != nil {
		return say("式子里不能用“{character}”", "{character} has no meaning in an expression", "character", m[1])
	}
	if m := badToken().FindStringSubmatch(message); m != nil {
		if m[1] == "EOF" {
			return say("式子没有写完", "the expression breaks off")
		}
		if m[1] == `Operator(",")` {
			return say("这里不应当有逗号：数里不写千分位逗号，几个条件之间写 && 或 ||", "no comma belongs here: write numbers without thousands separators, and && or || between conditions")
		}
		return say("这里不应当有{token}", "unexpected {token}", "token", m[1])
	}
	return say("式子写得不对；请检查括号、引号、运算符和函数的参数", "the expression is wrong: {detail}", "detail", message)
}

// columnNamed says whether a name is that of a column of the lists' rows.
func columnNamed(name string) (string, bool) {
	for _, f := range formFields() {
		for _, r := range f.rows {
			if r.path == name || r.chinese == name {
				return name, true
			}
		}
	}
	return "", false
}

// glued takes a name apart that is a field with an operator in words behind it.
func glued(name string) (field, operator string, ok bool) {
	for _, f := range formFields() {
		for _, c := range f.chinese {
			rest, found := strings.CutPrefix(name, c)
			if !found {
				continue
			}
			for _, x := range zh.Before {
				if x.Prose && strings.HasPrefix(rest, x.Text) {
					return c, x.Text, true
				}
			}
		}
	}
	return "", "", false
}

// unknownFieldFault is about a name below a path or in a row.
func unknownFieldFault(name string) model.Message {
	var names []string
	for _, f := range formFields() {
		names = append(names, strings.Split(f.path, ".")...)
		for _, r := range f.rows {
			names = append(names, r.path, r.chinese)
		}
	}
	return say("没有“{name}”这个字段{near_zh}", "there is no field {name}{near_en}", "name", name,
		"near_zh", near(name, names, "（是不是 ", "？）"), "near_en", near(name, names, " (did you mean ", "?)"))
}

func typeWord(t string) model.Text {
	switch {
	case strings.HasSuffix(t, "number") || t == "int" || t == "float64":
		return model.Text{Zh: "数", En: "a number"}
	case t == "string":
		return model.Text{Zh: "文字", En: "text"}
	case t == "bool":
		return model.Text{Zh: "是非", En: "a truth value"}
	case strings.HasPrefix(t, "[]"):
		return model.Text{Zh: "列表", En: "a list"}
	}
	return model.Text{Zh: "一组字段", En: "a group of fields"}
}

// usage makes literals exact, and notes what an expression looks at.
type usage struct {
	fields  []string
	depth   int
	remarks []remark
}

// Visit implements ast.Visitor. Inner nodes come first.
func (u *usage) Visit(n *ast.Node) {
	switch x := (*n).(type) {
	case *ast.BinaryNode:
		u.compared(x)
		if x.Operator != "??" {
			exactly(&x.Left)
			exactly(&x.Right)
		}
	case *ast.CallNode:
		for i := range x.Arguments {
			exactly(&x.Arguments[i])
		}
	case *ast.ConditionalNode:
		exactly(&x.Exp1)
		exactly(&x.Exp2)
	case *ast.IdentifierNode, *ast.MemberNode:
		if f := fieldNamed(pathOf(*n)); f != nil && !slices.Contains(u.fields, f.path) {
			u.fields = append(u.fields, f.path)
		}
	case *ast.BuiltinNode:
		if slices.ContainsFunc(x.Arguments, func(a ast.Node) bool { _, ok := a.(*ast.PredicateNode); return ok }) {
			u.deepen(*n)
		}
	}
}

// deepen finds how deep the loop nests that ends here.
func (u *usage) deepen(n ast.Node) {
	depth := loopDepth(n)
	u.depth = max(u.depth, depth)
}

// loopDepth counts the loops within a loop, itself included.
func loopDepth(n ast.Node) int {
	c := &loopCounter{}
	for _, a := range n.(*ast.BuiltinNode).Arguments {
		if p, ok := a.(*ast.PredicateNode); ok {
			ast.Walk(&p.Node, c)
		}
	}
	return 1 + c.deepest
}

type loopCounter struct{ deepest int }

// Visit implements ast.Visitor.
func (c *loopCounter) Visit(n *ast.Node) {
	b, ok := (*n).(*ast.BuiltinNode)
	if ok && slices.ContainsFunc(b.Arguments, func(a ast.Node) bool { _, p := a.(*ast.PredicateNode); return p }) {
		c.deepest = max(c.deepest, loopDepth(b))
	}
}

func pathOf(n ast.Node) string {
	switch x := n.(type) {
	case *ast.IdentifierNode:
		return x.Value
	case *ast.MemberNode:
		if name, ok := x.Property.(*ast.StringNode); ok {
			if base := pathOf(x.Node); base != "" {
				return base + "." + name.Value
			}
		}
	}
	return ""
}

// exactly turns a literal into a decimal.
func exactly(n *ast.Node) {
	switch x := (*n).(type) {
	case *ast.IntegerNode:
		ast.Patch(n, &ast.ConstantNode{Value: number{value: decimal.NewFromInt(int64(x.Value))}})
	case *ast.FloatNode:
		ast.Patch(n, &ast.ConstantNode{Value: number{value: decimal.NewFromFloat(x.Value)}})
	case *ast.UnaryNode:
		if x.Operator != "-" {
			return
		}
		exactly(&x.Node)
		if c, ok := x.Node.(*ast.ConstantNode); ok {
			if v, ok := c.Value.(number); ok {
				ast.Patch(n, &ast.ConstantNode{Value: number{value: v.value.Neg()}})
			}
		}
	}
}

// asNumber takes what operators and functions take: decimals and counts.
func asNumber(v any) (decimal.Decimal, error) {
	switch x := v.(type) {
	case number:
		if x.blank {
			return decimal.Zero, errBlank
		}
		return x.value, nil
	case int:
		return decimal.NewFromInt(int64(x)), nil
	}
	return decimal.Zero, fmt.Errorf("%T is no number", v)
}

var errZero = errors.New("division by zero")

// language is what expressions are written in: decimals with the usual
// operators, texts, loops over indicators, and a few functions.
func language() []expr.Option {
	options := []expr.Option{expr.DisableAllBuiltins()}
	for _, name := range []string{"all", "any", "none", "one", "filter", "map", "count", "find", "len", "trim", "upper", "lower"} {
		options = append(options, expr.EnableBuiltin(name))
	}
	binary := func(op, name string, result any, do func(a, b decimal.Decimal) (any, error)) {
		types := []any{new(func(number, number) number), new(func(number, int) number), new(func(int, number) number)}
		if _, truth := result.(bool); truth {
			types = []any{new(func(number, number) bool), new(func(number, int) bool), new(func(int, number) bool)}
		} else if op == "/" {
			types = append(types, new(func(int, int) number))
		}
		options = append(options, expr.Function(name, func(p ...any) (any, error) {
			a, err := asNumber(p[0])
			if err != nil {
				return nil, err
			}
			b, err := asNumber(p[1])
			if err != nil {
				return nil, err
			}
			return do(a, b)
		}, types...), expr.Operator(op, name))
	}
	sum := func(do func(a, b decimal.Decimal) decimal.Decimal) func(a, b decimal.Decimal) (any, error) {
		return func(a, b decimal.Decimal) (any, error) { return number{value: do(a, b)}, nil }
	}
	test := func(do func(order int) bool) func(a, b decimal.Decimal) (any, error) {
		return func(a, b decimal.Decimal) (any, error) { return do(a.Cmp(b)), nil }
	}
	binary("+", "add$", number{}, sum(decimal.Decimal.Add))
	binary("-", "sub$", number{}, sum(decimal.Decimal.Sub))
	binary("*", "mul$", number{}, sum(decimal.Decimal.Mul))
	binary("/", "div$", number{}, func(a, b decimal.Decimal) (any, error) {
		if b.IsZero() {
			return nil, errZero
		}
		return number{value: a.Div(b)}, nil
	})
	binary("==", "eq$", true, test(func(o int) bool { return o == 0 }))
	binary("!=", "ne$", true, test(func(o int) bool { return o != 0 }))
	binary("<", "lt$", true, test(func(o int) bool { return o < 0 }))
	binary("<=", "le$", true, test(func(o int) bool { return o <= 0 }))
	binary(">", "gt$", true, test(func(o int) bool { return o > 0 }))
	binary(">=", "ge$", true, test(func(o int) bool { return o >= 0 }))
	for _, name := range []string{"blank", "空白"} {
		options = append(options, expr.Function(name, isBlank, new(func(number) bool), new(func(string) bool)))
	}
	for _, name := range []string{"abs", "绝对值"} {
		options = append(options, expr.Function(name, func(p ...any) (any, error) {
			a, err := asNumber(p[0])
			return number{value: a.Abs()}, err
		}, new(func(number) number)))
	}
	for _, name := range []string{"sum", "合计"} {
		options = append(options, expr.Function(name, addUp, new(func([]any) number)))
	}
	for _, name := range []string{"chars", "字数"} {
		options = append(options, expr.Function(name, func(p ...any) (any, error) { return len([]rune(p[0].(string))), nil }, new(func(string) int)))
	}
	return options
}

func isBlank(p ...any) (any, error) {
	switch x := p[0].(type) {
	case number:
		return x.blank, nil
	case string:
		return strings.TrimSpace(x) == "", nil
	}
	return false, nil
}

func addUp(p ...any) (any, error) {
	list, _ := p[0].([]any)
	total := decimal.Zero
	for _, v := range list {
		n, err := asNumber(v)
		if err != nil {
			return nil, err
		}
		total = total.Add(n)
	}
	return number{value: total}, nil
}

// run evaluates an expression over a form.
func (p *program) run(v group) (any, error) {
	machine := vm.VM{MemoryBudget: maxMemory}
	out, err := machine.Run(p.Program, v)
	if err != nil && errors.Is(err, errBlank) {
		return nil, errBlank
	}
	return out, err
}

// rule makes the rule that an engine runs.
func (o *ownRule) rule() validate.OwnRule {
	if o.field == "" {
		o.field = "title"
		for _, p := range []*program{o.must, o.when, o.given} {
			if p != nil && len(p.fields) > 0 {
				o.field = p.fields[0]
				break
			}
		}
	}
	same := func(s string) model.Text { return model.Text{Zh: s, En: s} }
	return validate.OwnRule{
		Info: model.RuleInfo{
			Code: o.code, Name: o.name, Severity: o.severity, Default: o.state, Kind: model.KindOwn, Since: "own",
			Basis: model.Text{Zh: "本单位的配置文件", En: "the configuration"}, Title: same(o.title), Fix: same(o.fix),
		},
		Check: func(f *model.Form) validate.Answer {
			if a, unsure := o.unsure(f); unsure {
				return a
			}
			a := o.judge(valuesOf(f))
			if s, ok := f.Sources[a.Field]; ok {
				a.Text = s.Text
			}
			return a
		},
	}
}

// unsure answers for a form where a field of the expression was not read for
// certain or is not on the form: what does not stand there cannot be wrong.
func (o *ownRule) unsure(f *model.Form) (validate.Answer, bool) {
	no := func(reason model.Message) (validate.Answer, bool) {
		return validate.Answer{Outcome: model.InsufficientData, Reason: reason}, true
	}
	for _, p := range []*program{o.given, o.must, o.when} {
		if p == nil {
			continue
		}
		for _, path := range p.fields {
			field, single := model.FieldAt(path)
			name := model.Text{Zh: fieldNamed(path).chinese[0], En: path}
			switch {
			case f.HasDoubt(path) || !single && f.HasDoubtBelow(path):
				return no(say("“{zh}”没有读准", "{en} could not be read for certain", "zh", name.Zh, "en", name.En))
			case !single || p == o.given:
			case f.State(path) == model.NotOnForm:
				return no(say("表上没有“{zh}”这一栏", "the form has no field {en}", "zh", name.Zh, "en", name.En))
			case field.Date(f) != nil && !field.Date(f).Valid && !field.Date(f).Blank():
				return no(say("“{zh}”不是日期", "{en} is no date", "zh", name.Zh, "en", name.En))
			}
		}
	}
	return validate.Answer{}, false
}

// judge answers for a form: the condition, the expression, the message.
func (o *ownRule) judge(v group) validate.Answer {
	insufficient := func(err error) validate.Answer {
		reason := say("式子用到的金额或数值是空白的", "an amount or figure of the expression is blank")
		if !errors.Is(err, errBlank) {
			reason = say("式子算不出来", "the expression cannot be worked out ({cause})", "cause", firstLine(err))
		}
		return validate.Answer{Outcome: model.InsufficientData, Reason: reason}
	}
	for _, p := range []*program{o.given, o.must, o.when} {
		if p != nil && v["fiscal_year"] == 0 && slices.Contains(p.fields, "fiscal_year") {
			return insufficient(errBlank)
		}
	}
	if o.given != nil {
		holds, err := o.given.run(v)
		if err != nil {
			return insufficient(err)
		}
		if holds != true {
			return validate.Answer{Outcome: model.NotApplicable, Reason: say("不符合这条规则的前提", "the rule's condition does not hold")}
		}
	}
	p, wrong := o.when, true
	if o.must != nil {
		p, wrong = o.must, false
	}
	holds, err := p.run(v)
	switch {
	case err != nil:
		return insufficient(err)
	case holds != wrong:
		return validate.Answer{Outcome: model.Pass}
	}
	evidence := map[string]string{"expression": p.source}
	var b strings.Builder
	for _, x := range o.message {
		b.WriteString(x.words)
		if x.value == nil {
			continue
		}
		value, err := x.value.run(v)
		shown := fmt.Sprint(value)
		if err != nil {
			shown = number{blank: true}.String()
		}
		evidence[x.value.source] = shown
		b.WriteString(shown)
	}
	return validate.Answer{Outcome: model.Fail, Field: o.field, Evidence: evidence, Related: p.fields,
		Message: model.Message{Text: model.Text{Zh: "{message}", En: "{message}"}, Args: model.Args{"message": b.String()}}}
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

func (o *ownRule) examplesShape() shape {
	outcomes := []model.Outcome{model.Pass, model.Fail, model.NotApplicable, model.InsufficientData}
	keys := func(x *ownExample) []key {
		return []key{
			{name: "outcome", required: true, says: model.Text{Zh: "应有的结果", En: "the outcome expected"}, shape: oneOf(&x.outcome, outcomes...)},
			{name: "form", required: true, says: model.Text{Zh: "表的各个字段（中文或英文名），没写的是空白；金额以元计", En: "fields by English path or Chinese name, amounts in 元; what is not given is blank"}, shape: x.formShape()},
		}
	}
	return list(func(int) shape {
		return shape{
			schema: func() *jsonschema.Schema { return objectSchema(keys(&ownExample{})) },
			read: func(d *decoder, path string, n *yaml.Node) {
				x := &ownExample{form: valuesOf(&model.Form{}), line: n.Line}
				d.mapping(path, n, keys(x))
				o.examples = append(o.examples, x)
			},
		}
	})
}

func (x *ownExample) formShape() shape {
	return free(func() *jsonschema.Schema { return &jsonschema.Schema{} }, func(d *decoder, path string, name, value *yaml.Node) {
		f := fieldNamed(name.Value)
		switch {
		case f == nil:
			d.fault(name, say("没有“{name}”这个字段", "unknown field {name}", "name", name.Value))
		case f.rows != nil:
			rows := []any{}
			list(func(int) shape {
				row := blankRow(f.rows)
				rows = append(rows, row)
				return object(rowKeys(f.rows, row)...)
			}).read(d, path, value)
			f.put(x.form, rows)
		case value.Kind != yaml.ScalarNode || f.set(x.form, value.Value) != nil:
			d.wrong(value, path, "这个字段的值", "a value of that field")
		}
	})
}

func blankRow(fields []rowField) group {
	row := make(group, 2*len(fields))
	for _, f := range fields {
		f.put(row, "")
		if f.number {
			f.put(row, number{blank: true})
		}
	}
	return row
}

// rowKeys are the fields of a list's row in an example, each by two names.
func rowKeys(fields []rowField, row group) []key {
	var out []key
	given := map[string]bool{} // what the example says itself, which nothing derived replaces
	for _, f := range fields {
		s := f.exampleText(fields, row, given)
		if f.number {
			s = shape{
				schema: func() *jsonschema.Schema { return &jsonschema.Schema{} },
				read: func(d *decoder, path string, n *yaml.Node) {
					value, err := numberIn(n.Value)
					if n.Kind != yaml.ScalarNode || err != nil {
						d.wrong(n, path, "数", "a number")
						return
					}
					given[f.path] = true
					f.put(row, value)
				},
			}
		}
		says := model.Text{Zh: f.chinese, En: f.path}
		out = append(out, key{name: f.path, says: says, shape: s}, key{name: f.chinese, says: says, shape: s})
	}
	return out
}

// exampleText is how a text of an example's row is read: in the spelling of
// its closed set, and with what follows from it on a form too. An indicator's
// value brings its operator, number and unit along, a level its class.
func (f *rowField) exampleText(fields []rowField, row group, given map[string]bool) shape {
	derive := func(name string, value any) {
		for i := range fields {
			if fields[i].path == name && !given[name] {
				fields[i].put(row, value)
			}
		}
	}
	s := anyTextFor(func(string) {})
	s.read = func(d *decoder, path string, n *yaml.Node) {
		if !d.scalar(n, path, "文字", "text") {
			return
		}
		text := n.Value
		if set := closedSets()[f.path]; set != nil {
			v, ok := set.canonical(text)
			if !ok {
				d.wrong(n, path, "其中之一："+set.shown, "one of "+set.shown)
				return
			}
			text = v
		}
		given[f.path] = true
		f.put(row, text)
		switch f.path {
		case "value":
			v := form.ParseValue(text)
			derive("kind", string(v.Kind))
			derive("operator", string(v.Operator))
			derive("unit", v.Unit)
			if v.Number != nil {
				derive("number", number{value: v.Number.Value})
			}
		case "level1", "level2":
			if class, ok := closedSets()["class"+f.path[len("level"):]].spellings[zh.Fold(text)]; ok {
				derive("class"+f.path[len("level"):], class)
			}
		}
	}
	return s
}

// Verify runs the examples of own rules and returns those with another
// outcome and comparisons that hardly ever hold, and how many examples there
// are.
func (f *File) Verify() (Problems, int) {
	out := slices.Clone(f.remarks)
	count := 0
	for _, o := range f.own {
		for _, x := range o.examples {
			count++
			if got := o.judge(x.form).Outcome; got != x.outcome {
				out = append(out, Problem{Path: f.Path, Line: x.line, Message: say("规则 {code} 的这个例子应当是 {want}，实际是 {got}", "this example of rule {code} should be {want}, but is {got}",
					"code", o.code, "want", string(x.outcome), "got", string(got))})
			}
		}
	}
	return out, count
}
