package cmd

import (
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/text/width"

	"perfgoal/internal/lazy"
)

// What a Chinese input method, or an office program that corrects what is
// typed, leaves on a command line in the place of ASCII.
const (
	dashes = "-－—–―−‐‑‒﹣﹘"
	spaces = "\u3000\u00a0"
)

// quotes are pairs of them. A Windows prompt leaves the ASCII ones, too, where
// they do not group.
var quotes = [][2]string{{"“", "”"}, {"‘", "’"}, {"”", "”"}, {"’", "’"}, {"“", "“"}, {"‘", "‘"}, {"＂", "＂"}, {"＇", "＇"}, {"「", "」"}, {"'", "'"}, {`"`, `"`}}

// typed is a word as it would be in ASCII: half width, lower case, no space
// around it.
func typed(s string) string {
	return strings.ToLower(strings.TrimSpace(halfWidth(s)))
}

// halfWidth turns full-width letters, digits and signs into ASCII.
func halfWidth(s string) string { return width.Fold.String(s) }

var flagName = lazy.Regexp(`^[A-Za-z][A-Za-z0-9-]*$`)

// cutFlag takes a flag apart, whatever dashes and width it was typed in. name
// is "" for what is no flag; dashed is how many dashes it has.
func cutFlag(arg string) (name, value string, given bool, dashed int) {
	rest := strings.TrimLeft(arg, dashes)
	dashed = len([]rune(arg)) - len([]rune(rest))
	if dashed == 0 {
		return "", "", false, 0
	}
	name = rest
	if i := strings.IndexAny(rest, "=＝"); i >= 0 {
		name, value, given = rest[:i], strings.TrimPrefix(strings.TrimPrefix(rest[i:], "="), "＝"), true
	}
	name = halfWidth(strings.Map(func(r rune) rune {
		if strings.ContainsRune(dashes, r) {
			return '-'
		}
		return r
	}, name))
	if !flagName().MatchString(name) {
		return "", "", false, dashed
	}
	return name, value, given, dashed
}

// typist knows the program's flags and commands, to tell what was meant.
type typist struct {
	flags    func() map[string]*pflag.Flag // by name and by letter
	commands []string
}

func newTypist(root *cobra.Command) *typist {
	t := &typist{flags: sync.OnceValue(func() map[string]*pflag.Flag { return flagsOf(root) })}
	for _, c := range root.Commands() {
		t.commands = append(t.commands, c.Name())
	}
	return t
}

// flagsOf are all flags of a command and of those below it.
func flagsOf(root *cobra.Command) map[string]*pflag.Flag {
	flags := map[string]*pflag.Flag{}
	add := func(f *pflag.Flag) {
		flags[f.Name] = f
		if f.Shorthand != "" {
			flags[f.Shorthand] = f
		}
	}
	root.PersistentFlags().VisitAll(add)
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		c.Flags().VisitAll(add)
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(root)
	return flags
}

// args puts a command line right that was typed with a Chinese input method:
// full-width and long dashes, letters and spaces, curly quotes. What is the
// name of a file is left as it is, and so is all behind "--" but its quotes.
func (t *typist) args(args []string) []string {
	args = joinQuoted(args)
	var out []string
	var words []string    // the command and what follows it
	var value *pflag.Flag // the flag whose value comes next
	literal := false
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		if literal || value != nil {
			out, value = append(out, unquoted(arg)), nil
			continue
		}
		if parts := t.divided(arg, words == nil); len(parts) > 1 {
			args = append(parts, args...)
			continue
		}
		if flag, next, ok := t.flag(arg); ok {
			out, value, literal = append(out, flag), next, flag == "--"
			continue
		}
		arg = unquoted(arg)
		switch {
		case words == nil && slices.Contains(t.commands, typed(arg)):
			arg = typed(arg)
		case words != nil && len(words) <= takesWords[words[0]]:
			arg = halfWidth(arg)
		}
		words = append(words, arg)
		out = append(out, arg)
	}
	return out
}

// takesWords is how many words, not paths, follow a command.
var takesWords = map[string]int{"explain": 1, "schema": 1, "completion": 1, "help": 2, "config": 1, "baseline": 1}

// flag is an argument as the flag that it was meant to be, and that flag if
// its value is still to come.
func (t *typist) flag(arg string) (flag string, value *pflag.Flag, ok bool) {
	name, given, hasValue, dashed := cutFlag(arg)
	if dashed == 0 || arg == "-" || exists(arg) {
		return "", nil, false
	}
	if name == "" {
		switch arg {
		case "－":
			return "-", nil, true // standard input
		case "--", "－－", "——":
			return "--", nil, true
		}
		return "", nil, false
	}
	lower, letter := strings.ToLower(name), t.flags()[name[:1]]
	meant := t.flags()[lower]
	switch plain := strings.HasPrefix(arg, "-"+name[:1]) || strings.HasPrefix(arg, "--"+name[:1]); {
	case dashed == 1 && plain:
		flag, meant = arg, nil // a letter, perhaps with its value behind it
		if len(name) == 1 && !hasValue {
			meant = letter
		}
		hasValue = false
	case len(name) == 1 && letter != nil && !plain:
		flag, meant = "-"+name, letter
	case dashed == 1 && meant == nil && letter != nil:
		flag = "-" + name
	case meant != nil && len(name) > 1:
		flag = "--" + lower
	default:
		flag, meant = "--"+name, nil
	}
	if hasValue {
		return flag + "=" + unquoted(given), nil, true
	}
	if meant != nil && meant.NoOptDefVal == "" {
		value = meant
	}
	return flag, value, true
}

// divided takes an argument apart that full-width spaces should have divided.
func (t *typist) divided(arg string, first bool) []string {
	if !strings.ContainsAny(arg, spaces) || exists(arg) {
		return nil
	}
	parts := strings.FieldsFunc(arg, func(r rune) bool { return strings.ContainsRune(spaces, r) })
	if len(parts) == 0 {
		return nil
	}
	name, _, _, _ := cutFlag(parts[0])
	meant := name != "" || first && slices.Contains(t.commands, typed(parts[0])) ||
		!slices.ContainsFunc(parts, func(p string) bool { return !exists(p) })
	if !meant {
		return nil
	}
	return parts
}

// joinQuoted puts arguments together that Chinese quotes should have grouped.
func joinQuoted(args []string) []string {
	var out []string
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if last := closing(args[i:]); last > 0 && !exists(arg) {
			arg, i = strings.Join(args[i:i+last+1], " "), i+last
		}
		out = append(out, arg)
	}
	return out
}

// closing is how far behind the first argument the one stands that closes the
// quotation which the first opens; 0 where none is open.
func closing(args []string) int {
	body := args[0]
	if i := strings.IndexAny(body, "=＝"); i >= 0 { // --manifest=“…, json=“…
		body = strings.TrimLeft(body[i:], "=＝")
	}
	for _, q := range quotes {
		rest, opens := strings.CutPrefix(body, q[0])
		if !opens || strings.Contains(rest, q[1]) {
			continue
		}
		for j := 1; j < len(args); j++ {
			if strings.HasSuffix(args[j], q[1]) {
				return j
			}
		}
	}
	return 0
}

// unquoted is a value without quotes around it that the shell did not take
// for such. The name of a file that has them is left as it is.
func unquoted(s string) string {
	for _, q := range quotes {
		body, opens := strings.CutPrefix(s, q[0])
		body, closes := strings.CutSuffix(body, q[1])
		if opens && closes && body != "" && !strings.Contains(body, q[0]) && !exists(s) {
			return body
		}
	}
	return s
}
