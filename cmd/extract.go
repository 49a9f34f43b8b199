package cmd

import (
	"github.com/spf13/cobra"

	"perfgoal/report"
)

func (a *app) extractCommand() *cobra.Command {
	f, conf := &readFlags{}, &configFlags{}
	c := &cobra.Command{
		Use:   "extract PATH...",
		Short: a.say("输出从文件里读到的文字或表格，不作解释", "Print the text or table cells that were read, uninterpreted"),
		Long: a.say(`输出从文件里读到的内容，不作任何解释：按阅读顺序的文字（text），
或还原出的表格单元（json、tsv）。不要求文件里有申报表。

PATH 与 perfgoal lint 相同。`, `Prints what was read before any interpretation: the text in reading order
(text), or the rebuilt table cells (json, tsv). A document need not hold a
declaration.

PATH is as for perfgoal lint.`) + a.exitStatus(false, false),
		Example: `  perfgoal extract 汇总表.pdf > 汇总表.txt
  perfgoal extract -o tsv=cells.tsv 汇总表.pdf`,
		PreRun: a.heedSignals,
		RunE: func(c *cobra.Command, args []string) error {
			return a.documents(c, f, conf, args, report.ExtractFormats(), true)
		},
	}
	f.register(a, c, formatNames(report.ExtractFormats()))
	conf.registerFile(a, c)
	return c
}
