package cmd

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"perfgoal/model"
)

// choice is a flag that takes one of a few words.
type choice[T ~string] struct {
	to      *T
	allowed []T
	called  func(string) (T, bool) // further names of them; may be nil
}

func (c *choice[T]) String() string { return string(*c.to) }
func (c *choice[T]) Type() string   { return "WORD" }

func (c *choice[T]) choices() []string { return words(c.allowed) }

func (c *choice[T]) Set(s string) error {
	word := T(typed(s))
	if c.called != nil {
		if w, ok := c.called(s); ok {
			word = w
		}
	}
	if w := T(inChinese[string(word)]); slices.Contains(c.allowed, w) {
		word = w
	}
	if !slices.Contains(c.allowed, word) {
		return &notAllowed{given: s, allowed: words(c.allowed)}
	}
	*c.to = word
	return nil
}

// inChinese are the words of choices as reports and helps call them.
var inChinese = map[string]string{"错误": "error", "警告": "warning", "提示": "info", "无": "none", "自动": "auto", "总是": "always", "从不": "never"}

// addChoice adds a flag for one of a few words, its default named in the help.
func addChoice[T ~string](a *app, flags *pflag.FlagSet, to *T, name, zh, en string, allowed ...T) *choice[T] {
	c := &choice[T]{to: to, allowed: allowed}
	flags.Var(c, name, a.say(zh+"（默认 "+string(*to)+"）", en+" (default "+string(*to)+")"))
	flags.Lookup(name).DefValue = "" // else pflag would name it once more, in English
	return c
}

// badValue is what a flag says of a value that it does not take.
type badValue struct{ model.Text }

func (e *badValue) Error() string { return e.En }

// number is a flag that takes a whole number from least to most; most is 0
// where there is no bound. Its zero value stands for "not given".
type number[T int | int64] struct {
	to          *T
	least, most T
}

func (n *number[T]) Type() string { return "N" }

func (n *number[T]) String() string {
	if n.to == nil || *n.to == 0 {
		return ""
	}
	return strconv.FormatInt(int64(*n.to), 10)
}

func (n *number[T]) Set(s string) error {
	i, err := strconv.ParseInt(typed(s), 10, 64)
	v := T(i)
	switch {
	case n.most == 0 && (err != nil || int64(v) != i || v < n.least):
		return &badValue{model.Text{Zh: fmt.Sprintf("应当是不小于 %d 的整数", n.least), En: fmt.Sprintf("it takes a whole number from %d on", n.least)}}
	case n.most != 0 && (err != nil || int64(v) != i || v < n.least || v > n.most):
		return &badValue{model.Text{Zh: fmt.Sprintf("应当是 %d 到 %d 的整数", n.least, n.most), En: fmt.Sprintf("it takes a whole number from %d to %d", n.least, n.most)}}
	}
	*n.to = v
	return nil
}

// span is a flag that takes a length of time.
type span struct{ to *time.Duration }

func (d *span) Type() string { return "DURATION" }

func (d *span) String() string {
	if d.to == nil || *d.to == 0 {
		return ""
	}
	return d.to.String()
}

// spanUnits are units of time as people write them, the longer ones first.
var spanUnits = strings.NewReplacer("毫秒", "ms", "秒钟", "s", "秒", "s", "分钟", "m", "分", "m", "小时", "h", "时", "h", " ", "")

func (d *span) Set(s string) error {
	v, err := time.ParseDuration(spanUnits.Replace(typed(s)))
	if err != nil || v <= 0 {
		return &badValue{model.Text{Zh: "应当是大于 0 的时间，带单位：30s（秒）、5m（分钟）、1h（小时）", En: "it takes a time above 0 with its unit: 30s, 5m, 1h"}}
	}
	*d.to = v
	return nil
}

// day is a flag that takes a date; it is kept as 2026-12-31.
type day struct{ to *string }

func (d *day) Type() string   { return "DATE" }
func (d *day) String() string { return *d.to }

// dayMarks stand between year, month and day.
var dayMarks = strings.NewReplacer("/", "-", ".", "-", "年", "-", "月", "-", "日", "")

func (d *day) Set(s string) error {
	v, err := time.Parse("2006-1-2", dayMarks.Replace(typed(s)))
	if err != nil {
		return &badValue{model.Text{Zh: "应当是日期，如 2026-12-31", En: "it takes a date such as 2026-12-31"}}
	}
	*d.to = v.Format(time.DateOnly)
	return nil
}

// list is a flag that takes several words, divided by commas as they are
// typed here, and may be repeated.
type list struct{ to *[]string }

func (l *list) Type() string   { return "WORDS" }
func (l *list) String() string { return strings.Join(*l.to, ",") }

func (l *list) Set(s string) error {
	for word := range strings.FieldsFuncSeq(halfWidth(s), func(r rune) bool { return strings.ContainsRune(",、;", r) || unicode.IsSpace(r) }) {
		*l.to = append(*l.to, unquoted(word))
	}
	return nil
}

// patterns is a flag that takes a pattern as it is and may be repeated.
type patterns struct{ to *[]string }

func (p *patterns) Type() string   { return "PATTERN" }
func (p *patterns) String() string { return strings.Join(*p.to, " ") }

func (p *patterns) Set(s string) error {
	*p.to = append(*p.to, s)
	return nil
}

// outputs is a flag that takes FORMAT[=FILE] and may be repeated.
type outputs struct {
	to      *[]string
	formats string // their names, parted by spaces
}

func (o *outputs) Type() string   { return "FORMAT" }
func (o *outputs) String() string { return strings.Join(*o.to, ",") }

func (o *outputs) Set(s string) error {
	s = unquoted(strings.TrimPrefix(s, "＝")) // -o＝json
	format, file := s, ""
	if i := strings.IndexAny(s, "=＝"); i >= 0 {
		format, file = s[:i], "="+unquoted(strings.TrimLeft(s[i:], "=＝"))
	}
	*o.to = append(*o.to, typed(format)+file)
	return nil
}

func words[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = string(w)
	}
	return out
}

// notAllowed is a word that a flag does not take.
type notAllowed struct {
	given   string
	allowed []string
}

func (e *notAllowed) Error() string {
	return fmt.Sprintf("%q is not one of %s", e.given, strings.Join(e.allowed, ", "))
}

// flagError puts pflag's errors into the user's language, with a suggestion.
func (a *app) flagError(c *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var noValue *pflag.ValueRequiredError
	var invalid *pflag.InvalidValueError
	var syntax *pflag.InvalidSyntaxError
	var word *notAllowed
	var bad *badValue
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() != "":
		name, _, _ := strings.Cut(unknown.GetSpecifiedShortnames(), "=")
		return a.usage("没有 -%s 这个选项%s", "unknown flag -%s%s", name, a.longFlag(name, names))
	case errors.As(err, &unknown):
		name := unknown.GetSpecifiedName()
		return a.usage("没有 --%s 这个选项%s", "unknown flag --%s%s", name, a.didYouMeanWith("--", name, names))
	case errors.As(err, &noValue):
		return a.usage("选项 --%s 后面缺少值", "flag --%s needs a value", noValue.GetFlag().Name)
	case errors.As(err, &syntax):
		return a.usage("“%s”不是选项的写法，选项写作 --名称 或 --名称=值", "%q is no flag; flags are written --name or --name=value", syntax.GetSpecifiedFlag())
	case errors.As(err, &invalid) && errors.As(err, &word):
		return a.usage("选项 --%s 不接受“%s”，可用的是：%s%s", "flag --%s does not take %q; it takes %s%s",
			invalid.GetFlag().Name, word.given, strings.Join(word.allowed, " "), a.didYouMean(word.given, word.allowed))
	case errors.As(err, &invalid) && errors.As(err, &bad):
		return a.usage("选项 --%s 的值“%s”不对：%s", "flag --%s: bad value %q: %s", invalid.GetFlag().Name, invalid.GetValue(), bad.In(a.lang))
	case errors.As(err, &invalid) && invalid.GetFlag().Value.Type() == "bool":
		return a.usage("选项 --%[1]s 的值“%[2]s”不对：不用写值，要用就写 --%[1]s", "flag --%[1]s: bad value %[2]q: it takes none; write --%[1]s",
			invalid.GetFlag().Name, invalid.GetValue())
	case errors.As(err, &invalid):
		return a.usage("选项 --%s 的值“%s”不对", "flag --%s: bad value %q", invalid.GetFlag().Name, invalid.GetValue())
	}
	return a.usage("命令行写得不对", "bad command line")
}

// longFlag ends an error about a flag of one dash with the flag of two that
// has that name, or one near it.
func (a *app) longFlag(name string, names []string) string {
	if utf8.RuneCountInString(name) < 2 {
		return ""
	}
	return a.didYouMeanWith("--", name, names)
}

// didYouMean ends an error with the nearest of the candidates, or with
// nothing when none is near.
func (a *app) didYouMean(word string, candidates []string) string {
	return a.didYouMeanWith("", word, candidates)
}

func (a *app) didYouMeanWith(prefix, word string, candidates []string) string {
	best, least := "", max(2, len(word)/3)+1
	for _, c := range candidates {
		if d := levenshtein.ComputeDistance(strings.ToLower(word), strings.ToLower(c)); d < least {
			best, least = c, d
		}
	}
	if best == "" {
		return ""
	}
	return a.say("。是不是想用 %s？", ". Did you mean %s?", prefix+best)
}

// usageTemplate is cobra's, in the user's language.
func (a *app) usageTemplate() string {
	return a.say("用法：", "Usage:") + `
  {{if .HasAvailableSubCommands}}{{.CommandPath}} COMMAND{{else}}{{.UseLine}}{{end}}{{if .HasExample}}

` + a.say("例子：", "Examples:") + `
{{.Example}}{{end}}{{if .HasAvailableSubCommands}}

` + a.say("命令：", "Commands:") + `{{range .Commands}}{{if .IsAvailableCommand}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{end}}{{if .HasAvailableLocalFlags}}

` + a.say("选项：", "Flags:") + `
{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}{{if .HasAvailableInheritedFlags}}

` + a.say("通用选项：", "Common flags:") + `
{{.InheritedFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}
`
}
