package cmd

import "github.com/spf13/cobra"

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
