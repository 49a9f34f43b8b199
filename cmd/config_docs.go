package cmd

import (
	"bytes"
	"context"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"perfgoal/model"
	"perfgoal/report"
	"perfgoal/validate"
)

//go:generate go run ./perfgoal docs ../docs/rules

// docsCommand writes the pages of the rules; it is for the project itself.
func (a *app) docsCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "docs DIR",
		Short:  a.say("生成规则的文档", "Write the pages of the rules"),
		Hidden: true,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return a.usage("请写一个文件夹", "give one folder")
			}
			pages, err := a.rulePages(c.Context())
			if err != nil {
				return err
			}
			for name, page := range pages {
				path := filepath.Join(args[0], name)
				if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
					return err
				}
				if err := os.WriteFile(path, page, 0o666); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// rulePages are the pages of all rules in both languages, by their path below
// docs/rules. What they show of perfgoal's output is its real output.
func (a *app) rulePages(ctx context.Context) (map[string][]byte, error) {
	pages := map[string][]byte{}
	rules := validate.Rules()
	for _, rule := range rules {
		e, err := a.explained(ctx, rule)
		if err != nil {
			return nil, err
		}
		for _, lang := range []model.Lang{model.Chinese, model.English} {
			var b bytes.Buffer
			if err := report.ExplainMarkdown(&b, report.Options{Lang: lang}, e); err != nil {
				return nil, err
			}
			pages[filepath.Join(string(lang), rule.Code+".md")] = b.Bytes()
		}
	}
	for _, lang := range []model.Lang{model.Chinese, model.English} {
		var b bytes.Buffer
		if err := report.RulesIndex(&b, report.Options{Lang: lang}, rules); err != nil {
			return nil, err
		}
		pages[filepath.Join(string(lang), "README.md")] = b.Bytes()
	}
	return pages, nil
}
