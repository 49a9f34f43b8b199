package cmd

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"perfgoal/report"
)

// choice is a flag that takes one of a few words.
type choice[T ~string] struct {
	to      *T
	allowed []T
}

func (c *choice[T]) String() string { return string(*c.to) }
func (c *choice[T]) Type() string   { return "WORD" }

func (c *choice[T]) Set(s string) error {
	if !slices.Contains(c.allowed, T(s)) {
		return &notAllowed{given: s, allowed: words(c.allowed)}
	}
	*c.to = T(s)
	return nil
}

// addChoice adds a flag for one of a few words, its default named in the help.
func addChoice[T ~string](a *app, flags *pflag.FlagSet, to *T, name, zh, en string, allowed ...T) {
	flags.Var(&choice[T]{to, allowed}, name, a.say(zh+"（默认 %s）", en+" (default %s)", *to))
	flags.Lookup(name).DefValue = "" // else pflag would name it once more, in English
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
	var bad *pflag.InvalidValueError
	var word *notAllowed
	switch {
	case errors.As(err, &unknown):
		name := unknown.GetSpecifiedName()
		if shorts := unknown.GetSpecifiedShortnames(); shorts != "" {
			return a.usage("没有 -%s 这个选项", "unknown flag -%s", name)
		}
		var names []string
		c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		return a.usage("没有 --%s 这个选项%s", "unknown flag --%s%s", name, a.didYouMeanWith("--", name, names))
	case errors.As(err, &noValue):
		return a.usage("选项 --%s 后面缺少值", "flag --%s needs a value", noValue.GetFlag().Name)
	case errors.As(err, &bad) && errors.As(err, &word):
		return a.usage("选项 --%s 不接受“%s”，可用的是：%s%s", "flag --%s does not take %q; it takes %s%s",
			bad.GetFlag().Name, word.given, strings.Join(word.allowed, " "), a.didYouMean(word.given, word.allowed))
	case errors.As(err, &bad):
		return a.usage("选项 --%s 的值“%s”不对：%v", "flag --%s: bad value %q: %v", bad.GetFlag().Name, bad.GetValue(), bad.Unwrap())
	}
	return usageError{report.Printable(err.Error())}
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
