package config

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
	"github.com/invopop/jsonschema"
	"github.com/shopspring/decimal"
	"go.yaml.in/yaml/v4"

	"perfgoal/model"
)

// shape is how a value is read and what its schema is; both stand together, so
// that they cannot drift apart.
type shape struct {
	schema func() *jsonschema.Schema
	read   func(d *decoder, path string, n *yaml.Node)
}

// key is one key of a mapping.
type key struct {
	name     string
	says     model.Text
	required bool
	shape
}

// decoder walks the nodes of one file and gathers what is wrong.
type decoder struct {
	path     string
	lines    []string
	problems Problems
	// remarks are comparisons that hardly ever hold; Verify reports them.
	remarks Problems
	// elsewhere are the mistakes of other files that this one names.
	elsewhere Problems
	// placed is the line of each value by its path: "thresholds.goal-length".
	placed map[string]int
}

func (d *decoder) fault(n *yaml.Node, m model.Message) {
	d.faultAt(n.Line, n.Column, m)
}

// faultAt notes a mistake with the line of the file that it is in.
func (d *decoder) faultAt(line, column int, m model.Message) {
	p := Problem{Path: d.path, Line: line, Column: column, Message: m}
	if line > 0 && line <= len(d.lines) && column > 0 {
		p.Excerpt = excerpt(d.lines[line-1], column)
	}
	d.problems = append(d.problems, p)
}

// plain follows an alias.
func plain(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias
	}
	return n
}

// kindWords name what stands where something else was expected.
func kindWord(n *yaml.Node) (zh, en string) {
	switch {
	case n.Kind == yaml.MappingNode:
		return "一组“键: 值”", "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "一个列表", "a list"
	case n.Tag == "!!null":
		return "空值", "nothing"
	}
	value := []rune(strings.Join(strings.Fields(n.Value), " "))
	if len(value) > longestShown {
		value = append(value[:longestShown], '…')
	}
	return "“" + string(value) + "”", strconv.Quote(string(value))
}

// longestShown is how many characters of a wrong value a message quotes: a
// file that is no configuration may be one value as a whole.
const longestShown = 40

func (d *decoder) wrong(n *yaml.Node, path, zh, en string) {
	gotZh, gotEn := kindWord(n)
	d.fault(n, say("{key} 应当是{want_zh}，这里写的是{got_zh}", "{key} should be {want_en}, but this is {got_en}",
		"key", path, "want_zh", zh, "want_en", en, "got_zh", gotZh, "got_en", gotEn))
}

// document reads a whole file into a mapping of the keys.
func (d *decoder) document(data []byte, keys []key) {
	d.lines = strings.Split(string(data), "\n")
	loader, err := yaml.NewLoader(strings.NewReader(string(data)), yaml.WithUniqueKeys(false))
	var root yaml.Node
	if err == nil {
		err = loader.Load(&root)
	}
	if err != nil {
		if strings.TrimSpace(withoutComments(d.lines)) == "" {
			return // an empty file sets nothing
		}
		d.syntax(err)
		return
	}
	if root.Kind == yaml.DocumentNode && len(root.Content) > 0 {
		top := plain(root.Content[0])
		if top.Tag != "!!null" {
			d.mapping("", top, keys)
		}
	}
	var second yaml.Node
	if err := loader.Load(&second); err == nil {
		d.fault(&second, say("一个配置文件里只能有一份内容，“---”之后的没有读", "a configuration holds one document; what follows the --- was not read"))
	}
}

func withoutComments(lines []string) string {
	var b strings.Builder
	for _, l := range lines {
		if t := strings.TrimSpace(l); !strings.HasPrefix(t, "#") && t != "---" {
			b.WriteString(t)
		}
	}
	return b.String()
}

// syntax reports text that is no YAML.
func (d *decoder) syntax(err error) {
	var e *yaml.LoadError
	line, column, detail := 0, 0, err.Error()
	if errors.As(err, &e) {
		line, column, detail = e.Mark.Line, e.Mark.Column, e.Message
	}
	d.faultAt(line, column, say("从这里起不是有效的 YAML；请检查缩进、冒号后的空格和引号", "this is no valid YAML ({detail}); check indentation, the blank after colons, and quotes", "detail", detail))
}

// mapping reads the keys of a mapping; all that is unknown, twice or missing
// is reported.
func (d *decoder) mapping(path string, n *yaml.Node, keys []key) {
	if n.Kind != yaml.MappingNode {
		d.wrong(n, orFile(path), "一组“键: 值”", "a mapping")
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, value := n.Content[i], plain(n.Content[i+1])
		if seen[name.Value] {
			d.fault(name, say("“{key}”写了两次", "{key} stands twice", "key", join(path, name.Value)))
			continue
		}
		seen[name.Value] = true
		k := find(keys, name.Value)
		if k == nil {
			d.unknown(path, name, keys)
			continue
		}
		d.placed[join(path, k.name)] = name.Line
		k.read(d, join(path, k.name), value)
	}
	for _, k := range keys {
		if k.required && !seen[k.name] {
			d.fault(n, say("{path}缺少“{key}”（{says_zh}）", "{path_en} lacks {key} ({says_en})", "path", orFile(path), "path_en", orFile(path), "key", k.name, "says_zh", k.says.Zh, "says_en", k.says.En))
		}
	}
}

func find(keys []key, name string) *key {
	for i := range keys {
		if keys[i].name == name {
			return &keys[i]
		}
	}
	return nil
}

func (d *decoder) unknown(path string, name *yaml.Node, keys []key) {
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = k.name
	}
	d.fault(name, say("没有“{key}”这个键{near_zh}；这里可以写：{all}", "unknown key {key}{near_en}; there are {all}",
		"key", join(path, name.Value), "all", strings.Join(names, " "),
		"near_zh", near(name.Value, names, "（是不是 ", "？）"), "near_en", near(name.Value, names, " (did you mean ", "?)")))
}

// near is the nearest of the words within brackets, "" where none is near.
func near(word string, words []string, before, after string) string {
	best, least := "", max(1, utf8.RuneCountInString(word)/3)+1
	for _, w := range words {
		if n := levenshtein.ComputeDistance(strings.ToLower(word), w); n < least {
			best, least = w, n
		}
	}
	if best == "" {
		return ""
	}
	return before + best + after
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func orFile(path string) string {
	if path == "" {
		return "配置文件"
	}
	return path
}

// scalar says whether n is a single value that is not nothing.
func (d *decoder) scalar(n *yaml.Node, path, zh, en string) bool {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		d.wrong(n, path, zh, en)
		return false
	}
	return true
}

// text is a value of any words that are not blank.
func text(set func(d *decoder, n *yaml.Node)) shape {
	return shape{
		schema: func() *jsonschema.Schema { return &jsonschema.Schema{Type: "string"} },
		read: func(d *decoder, path string, n *yaml.Node) {
			if !d.scalar(n, path, "文字", "text") {
				return
			}
			if strings.TrimSpace(n.Value) == "" {
				d.fault(n, say("{key} 不能是空的", "{key} must not be blank", "key", path))
				return
			}
			set(d, n)
		},
	}
}

func textTo(to *string) shape {
	return text(func(_ *decoder, n *yaml.Node) { *to = n.Value })
}

// anyText is text that may be blank.
func anyText(to *string) shape { return anyTextFor(func(s string) { *to = s }) }

func anyTextFor(to func(string)) shape {
	s := textTo(new(string))
	s.read = func(d *decoder, path string, n *yaml.Node) {
		if d.scalar(n, path, "文字", "text") {
			to(n.Value)
		}
	}
	return s
}

// matching is text of a pattern, which want puts into words.
func matching(s shape, pattern string, ok func(string) bool, want model.Text) shape {
	read := s.read
	return shape{
		schema: func() *jsonschema.Schema { return &jsonschema.Schema{Type: "string", Pattern: pattern} },
		read: func(d *decoder, path string, n *yaml.Node) {
			if n.Kind == yaml.ScalarNode && n.Tag != "!!null" && !ok(n.Value) {
				d.wrong(n, path, want.Zh, want.En)
				return
			}
			read(d, path, n)
		},
	}
}

// oneOf is one of a few words.
func oneOf[T ~string](to *T, allowed ...T) shape {
	words := make([]string, len(allowed))
	for i, w := range allowed {
		words[i] = string(w)
	}
	list := strings.Join(words, "、")
	return shape{
		schema: func() *jsonschema.Schema {
			s := &jsonschema.Schema{Type: "string"}
			for _, w := range words {
				s.Enum = append(s.Enum, w)
			}
			return s
		},
		read: func(d *decoder, path string, n *yaml.Node) {
			for _, w := range allowed {
				if n.Kind == yaml.ScalarNode && n.Value == string(w) {
					*to = w
					return
				}
			}
			d.wrong(n, path, "其中之一："+list, "one of "+strings.Join(words, ", ")+near(n.Value, words, " (did you mean ", "?)"))
		},
	}
}

// numeric is a decimal within limits, both of which are allowed.
func numeric(set func(decimal.Decimal), low, high string) shape {
	from, to := decimal.RequireFromString(low), decimal.RequireFromString(high)
	return shape{
		schema: func() *jsonschema.Schema {
			return &jsonschema.Schema{Type: "number", Minimum: jsonNumber(low), Maximum: jsonNumber(high)}
		},
		read: func(d *decoder, path string, n *yaml.Node) {
			v, err := decimal.NewFromString(n.Value)
			if n.Kind != yaml.ScalarNode || err != nil || n.Tag != "!!int" && n.Tag != "!!float" || v.LessThan(from) || v.GreaterThan(to) {
				d.wrong(n, path, "从 "+low+" 到 "+high+" 的数", "a number from "+low+" to "+high)
				return
			}
			set(v)
		},
	}
}

// integer is a whole number within limits, both of which are allowed.
func integer(set func(int), low, high int) shape {
	return shape{
		schema: func() *jsonschema.Schema {
			return &jsonschema.Schema{Type: "integer", Minimum: jsonNumber(strconv.Itoa(low)), Maximum: jsonNumber(strconv.Itoa(high))}
		},
		read: func(d *decoder, path string, n *yaml.Node) {
			v, err := strconv.Atoi(n.Value)
			if n.Kind != yaml.ScalarNode || err != nil || n.Tag != "!!int" || v < low || v > high {
				d.wrong(n, path, "从 "+strconv.Itoa(low)+" 到 "+strconv.Itoa(high)+" 的整数", "a whole number from "+strconv.Itoa(low)+" to "+strconv.Itoa(high))
				return
			}
			set(v)
		},
	}
}

func boolean(set func(bool)) shape {
	return shape{
		schema: func() *jsonschema.Schema { return &jsonschema.Schema{Type: "boolean"} },
		read: func(d *decoder, path string, n *yaml.Node) {
			if n.Kind != yaml.ScalarNode || n.Value != "true" && n.Value != "false" {
				d.wrong(n, path, "true 或 false", "true or false")
				return
			}
			set(n.Value == "true")
		},
	}
}

// list is a list; item makes the shape of its next element.
func list(item func(i int) shape) shape {
	return shape{
		schema: func() *jsonschema.Schema { return &jsonschema.Schema{Type: "array", Items: item(0).schema()} },
		read: func(d *decoder, path string, n *yaml.Node) {
			if n.Kind != yaml.SequenceNode {
				d.wrong(n, path, "一个列表（每行以“- ”开头）", "a list")
				return
			}
			for i, x := range n.Content {
				at := path + "[" + strconv.Itoa(i) + "]"
				d.placed[at] = x.Line
				item(i).read(d, at, plain(x))
			}
		},
	}
}

func texts(to *[]string) shape {
	return list(func(int) shape {
		return text(func(_ *decoder, n *yaml.Node) { *to = append(*to, n.Value) })
	})
}

// object is a mapping with known keys.
func object(keys ...key) shape {
	return shape{
		schema: func() *jsonschema.Schema { return objectSchema(keys) },
		read:   func(d *decoder, path string, n *yaml.Node) { d.mapping(path, n, keys) },
	}
}

// free is a mapping whose keys are the user's; each is handed to read.
func free(value func() *jsonschema.Schema, read func(d *decoder, path string, name, value *yaml.Node)) shape {
	return shape{
		schema: func() *jsonschema.Schema {
			return &jsonschema.Schema{Type: "object", AdditionalProperties: value()}
		},
		read: func(d *decoder, path string, n *yaml.Node) {
			if n.Kind != yaml.MappingNode {
				d.wrong(n, path, "一组“键: 值”", "a mapping")
				return
			}
			seen := map[string]bool{}
			for i := 0; i+1 < len(n.Content); i += 2 {
				name := n.Content[i]
				if seen[name.Value] {
					d.fault(name, say("“{key}”写了两次", "{key} stands twice", "key", join(path, name.Value)))
					continue
				}
				seen[name.Value] = true
				d.placed[join(path, name.Value)] = name.Line
				read(d, join(path, name.Value), name, plain(n.Content[i+1]))
			}
		},
	}
}
