package cmd

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"perfgoal/validate"
)

// complete tells the shell what each flag takes, and explain which rules there
// are, with what they say.
func (a *app) complete(root *cobra.Command) {
	offer := func(words []string, directive cobra.ShellCompDirective) cobra.CompletionFunc {
		return func(_ *cobra.Command, _ []string, toComplete string) ([]string, cobra.ShellCompDirective) {
			// In a list, the last word is being typed.
			head := ""
			if i := strings.LastIndex(toComplete, ","); i >= 0 {
				head = toComplete[:i+1]
			}
			out := make([]string, 0, len(words))
			for _, w := range words {
				if strings.HasPrefix(strings.ToLower(w), strings.ToLower(toComplete[len(head):])) {
					out = append(out, head+w)
				}
			}
			return out, directive
		}
	}
	rules := []string{}
	for _, r := range validate.Rules() {
		rules = append(rules, cobra.CompletionWithDesc(r.Code, r.Title.In(a.lang)))
	}
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			var words []string
			directive := cobra.ShellCompDirectiveNoFileComp
			switch v := f.Value.(type) {
			case interface{ choices() []string }:
				words = v.choices()
			case *outputs:
				words, directive = strings.Fields(v.formats), directive|cobra.ShellCompDirectiveNoSpace
			case *list:
				if f.Name == "select" {
					words = append(words, cobra.CompletionWithDesc("ALL", a.say("全部规则", "every rule")))
				}
				words = append(words, rules...)
			default:
				return
			}
			_ = c.RegisterFlagCompletionFunc(f.Name, offer(words, directive)) // the flag is there
		})
		if c.Name() == "explain" {
			c.ValidArgsFunction = offer(rules, cobra.ShellCompDirectiveNoFileComp)
		}
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(root)
}

func (a *app) completionCommand() *cobra.Command {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	return &cobra.Command{
		Use:       "completion SHELL",
		Short:     a.say("输出命令行自动补全脚本", "Print a shell completion script"),
		Long:      a.say("输出 bash、zsh、fish 或 powershell 的自动补全脚本。", "Prints the completion script for bash, zsh, fish or powershell."),
		Example:   "  source <(perfgoal completion bash)",
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
