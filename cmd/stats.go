package cmd

import (
	"github.com/spf13/cobra"

	"perfgoal/report"
)

func (a *app) statsCommand() *cobra.Command {
	f, conf := &readFlags{}, &configFlags{}
	c := &cobra.Command{
		Use:   "stats PATH...",
		Short: a.say("统计申报表、资金和指标", "Add up forms, money and indicators"),
		Long: a.say(`按主管部门、项目类别、项目性质、年度和指标级别统计申报表、年度资金和指标，
以及可量化指标的占比（指标值不是纯文字的算可量化）。

没有有效年度资金总额的表单独计数，不按零计入。PATH 与 perfgoal lint 相同。`,
			`Adds up forms, annual money and indicators by department, category, nature,
year and level, and the share of quantified indicators (those whose value is
not mere words).

Forms without a valid annual total are counted apart, not taken for zero. PATH
is as for perfgoal lint.`) + a.exitStatus(false, true),
		Example: `  perfgoal stats 报送材料.zip
  perfgoal stats -o csv=统计.csv 2026年申报/`,
		PreRun: a.heedSignals,
		RunE: func(c *cobra.Command, args []string) error {
			return a.documents(c, f, conf, args, report.StatsFormats(), false)
		},
	}
	f.register(a, c, formatNames(report.StatsFormats()))
	conf.registerFile(a, c)
	return c
}
