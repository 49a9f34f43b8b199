package cmd

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"perfgoal/model"
	"perfgoal/report"
	"perfgoal/validate"
)

func (a *app) rulesCommand() *cobra.Command {
	var output []string
	c := &cobra.Command{
		Use:   "rules",
		Short: a.say("列出全部规则", "List the rules"),
		Long: a.say("列出全部规则：代码、名称、级别、是否默认检查、类别和说明。",
			"Lists every rule: code, name, severity, whether it is on by default, kind, and\nwhat it reports."),
		Args: a.noArguments,
		RunE: func(*cobra.Command, []string) error {
			list, err := targets(a, output, report.RulesFormats())
			if err != nil {
				return err
			}
			out, err := open(a, list, report.Options{Lang: a.lang, Tool: tool()})
			if err != nil {
				return err
			}
			defer out.discard()
			var errs []error
			for _, write := range out.writers {
				errs = append(errs, write(validate.Rules()))
			}
			return errors.Join(append(errs, out.finish())...)
		},
	}
	c.Flags().VarP(&outputs{&output, formatNames(report.RulesFormats())}, "output", "o", a.say("输出 `FORMAT[=FILE]`：", "output `FORMAT[=FILE]`: ")+formatNames(report.RulesFormats()))
	return c
}

func (a *app) noArguments(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return a.usage("perfgoal %s 不需要“%s”", "perfgoal %s takes no argument %q", c.Name(), args[0])
	}
	return nil
}

// findRule looks a rule up by code or name, in any case.
func findRule(word string) (model.RuleInfo, bool) {
	for _, r := range validate.Rules() {
		if strings.EqualFold(r.Code, word) || strings.EqualFold(r.Name, word) {
			return r, true
		}
	}
	return model.RuleInfo{}, false
}

// newEngine sets up the rules that the selectors name. A selector that names
// none is a usage error.
func (a *app) newEngine(c validate.Config) (*validate.Engine, error) {
	engine, err := validate.New(c)
	var unknown *validate.UnknownSelectors
	if errors.As(err, &unknown) {
		return nil, usageError{text: unknown.Message().In(a.lang)}
	}
	return engine, err
}
