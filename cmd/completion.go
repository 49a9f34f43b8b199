package cmd

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"perfgoal/validate"
)

// complete tells the shell what each flag takes, and explain which rules and
// layouts there are, with what they say.
func (a *app) complete(root *cobra.Command) {
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			f.Usage = strings.ReplaceAll(f.Usage, "`", "") // marks that only the help takes away
			if offered := a.offered(f); offered != nil {
				_ = c.RegisterFlagCompletionFunc(f.Name, offered) // the flag is there
			}
		})
		if c.Name() == "explain" {
			c.ValidArgsFunction = a.offerExplained
		}
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(root)
}

// offered completes what a flag takes; nil leaves it to the shell, which knows
// the files.
func (a *app) offered(f *pflag.Flag) cobra.CompletionFunc {
	switch v := f.Value.(type) {
	case interface{ choices() []string }:
		return offer(v.choices())
	case *outputs:
		formats := offer(strings.Fields(v.formats))
		return func(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
			if strings.Contains(typed, "=") { // a file follows
				return nil, cobra.ShellCompDirectiveDefault
			}
			words, directive := formats(c, args, typed)
			return words, directive | cobra.ShellCompDirectiveNoSpace
		}
	case *list:
		var more []string
		if f.Name == "select" {
			more = append(more, cobra.CompletionWithDesc("ALL", a.say("全部规则", "every rule")))
		}
		return a.offerRules(more)
	case *number[int], *number[int64], *span, *day:
		return offer(nil)
	}
	if f.Name == "ruleset" {
		var sets []string
		for _, s := range validate.Rulesets() {
			sets = append(sets, cobra.CompletionWithDesc(s.ID+"@"+s.Version, s.Title.In(a.lang)))
		}
		return offer(sets)
	}
	return nil
}

// offer completes the last word of a list parted by commas with one of those.
func offer(words []string) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		head := typed[:strings.LastIndex(typed, ",")+1]
		out := make([]string, 0, len(words))
		for _, w := range words {
			if strings.HasPrefix(strings.ToLower(w), strings.ToLower(typed[len(head):])) {
				out = append(out, head+w)
			}
		}
		return out, cobra.ShellCompDirectiveNoFileComp
	}
}

// first completes only the first argument.
func first(complete cobra.CompletionFunc) cobra.CompletionFunc {
	return func(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return complete(c, args, typed)
	}
}

// offerCommands completes the name of a command.
func offerCommands(root *cobra.Command) cobra.CompletionFunc {
	return first(func(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		var commands []string
		for _, sub := range root.Commands() {
			commands = append(commands, cobra.CompletionWithDesc(sub.Name(), sub.Short))
		}
		return offer(commands)(c, args, typed)
	})
}

// offerRules completes the codes of rules, or, once what is typed begins none,
// their names.
func (a *app) offerRules(more []string) cobra.CompletionFunc {
	codes, names := slices.Clone(more), []string(nil)
	for _, r := range validate.Rules() {
		codes = append(codes, cobra.CompletionWithDesc(r.Code, r.Title.In(a.lang)))
		names = append(names, cobra.CompletionWithDesc(r.Name, r.Title.In(a.lang)))
	}
	byCode, byName := offer(codes), offer(names)
	return func(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		out, directive := byCode(c, args, typed)
		if len(out) == 0 {
			return byName(c, args, typed)
		}
		return out, directive
	}
}

// offerExplained completes what explain takes.
func (a *app) offerExplained(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	if len(args) == 1 && args[0] == "layout" {
		var names []string
		for _, l := range a.knownLayouts(nil) {
			names = append(names, cobra.CompletionWithDesc(l.Name, l.Note.In(a.lang)))
		}
		return offer(names)(c, args, typed)
	}
	return first(a.offerRules([]string{
		cobra.CompletionWithDesc("layouts", a.say("认得的版式", "the layouts that are known")),
		cobra.CompletionWithDesc("layout", a.say("一种版式的全部标签", "all labels of one layout")),
	}))(c, args, typed)
}

func (a *app) completionCommand() *cobra.Command {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: a.say("输出命令行自动补全脚本", "Print a shell completion script"),
		Long:  a.say("输出 bash、zsh、fish 或 powershell 的自动补全脚本。bash 还要装 bash-completion。", "Prints the completion script for bash, zsh, fish or powershell. That for bash needs\nthe package bash-completion."),
		Example: `  source <(perfgoal completion bash)
  perfgoal completion zsh > "${fpath[1]}/_perfgoal"
  perfgoal completion fish > ~/.config/fish/completions/perfgoal.fish
  perfgoal completion powershell | Out-String | Invoke-Expression`,
		ValidArgs: shells,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return a.usage("请写一种 shell：bash、zsh、fish 或 powershell", "name a shell: bash, zsh, fish or powershell")
			}
			root := c.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(a.out, true)
			case "zsh":
				return root.GenZshCompletion(a.out)
			case "fish":
				return root.GenFishCompletion(a.out, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(a.out)
			}
			return a.usage("没有“%s”的补全脚本%s", "no completion for %q%s", args[0], a.didYouMean(args[0], shells))
		},
	}
}
