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
	c.Flags().StringArrayVarP(&output, "output", "o", nil, a.say("输出 `FORMAT[=FILE]`：", "output `FORMAT[=FILE]`: ")+formatNames(report.RulesFormats()))
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

// knownSelector says whether a selector names at least one rule: ALL, a code,
// a name or the beginning of a code.
func knownSelector(s string) bool {
	if s == "ALL" {
		return true
	}
	for _, r := range validate.Rules() {
		if s != "" && strings.HasPrefix(r.Code, s) || s == r.Name {
			return true
		}
	}
	return false
}

// ruleWords are all codes and names.
func ruleWords() []string {
	var out []string
	for _, r := range validate.Rules() {
		out = append(out, r.Code, r.Name)
	}
	return out
}
