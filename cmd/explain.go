package cmd

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"perfgoal/model"
	"perfgoal/parser"
	"perfgoal/report"
	"perfgoal/validate"
)

func (a *app) explainCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "explain RULE",
		Short: a.say("解释一条规则：查什么、为什么、依据、例子、怎么改", "Explain a rule: what, why, authority, examples, how to fix"),
		Long: a.say("解释一条规则，RULE 是规则的代码或名称。例子是当场读取并检查的，所示即实际输出。",
			"Explains one rule, named by code or name. Its examples are read and checked on\nthe spot: what is shown is what perfgoal really says."),
		Example: "  perfgoal explain F001\n  perfgoal explain cost-budget-mismatch",
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return a.usage("请写一条规则的代码或名称，如 perfgoal explain F001", "name one rule, as in perfgoal explain F001")
			}
			rule, found := findRule(args[0])
			if !found {
				if _, err := a.newEngine(validate.Config{Select: args}); err != nil {
					return err
				}
				return a.usage("“%s”不止一条规则，请写完整的代码或名称", "%q is more than one rule; give a whole code or name", args[0])
			}
			return a.explain(c.Context(), rule)
		},
	}
}

func (a *app) explain(ctx context.Context, rule model.RuleInfo) error {
	engine, err := a.newEngine(validate.Config{Select: []string{rule.Code}, Bundle: true})
	if err != nil {
		return err
	}
	bad, err := tryExample(ctx, engine, rule.Bad)
	if err != nil {
		return err
	}
	good, err := tryExample(ctx, engine, rule.Good)
	if err != nil {
		return err
	}
	return report.Explain(a.out, report.Options{Lang: a.lang, Color: a.colorful(a.out), Width: terminalWidth(a.out), MinSeverity: model.Info},
		report.Explained{Rule: rule, Bad: bad, Good: good})
}

// tryExample reads an example as if it were a file and checks it, together
// with the files and the manifest that it has.
func tryExample(ctx context.Context, engine *validate.Engine, x model.Example) ([]model.Finding, error) {
	if x.Files != nil || x.Manifest != "" {
		return tryBundle(ctx, engine, x)
	}
	doc, err := parser.Parse(ctx, parser.Source{Path: "example.txt", Data: []byte(x.Document)}, parser.Options{})
	if err != nil {
		return nil, err
	}
	if doc.Error != nil {
		return nil, doc.Error
	}
	return engine.Document(&doc).Findings, nil
}

func tryBundle(ctx context.Context, engine *validate.Engine, x model.Example) ([]model.Finding, error) {
	var manifest *validate.Manifest
	if x.Manifest != "" {
		m, err := parseManifest("manifest.csv", []byte(x.Manifest))
		if err != nil {
			return nil, err
		}
		manifest = m
	}
	bundle := engine.NewBundle(manifest)
	var findings []model.Finding
	for i, text := range append([]string{x.Document}, x.Files...) {
		doc, err := parser.Parse(ctx, parser.Source{Path: fmt.Sprintf("example-%d.txt", i+1), Data: []byte(text)}, parser.Options{})
		if err != nil {
			return nil, err
		}
		doc.Digest = text
		if doc.Status == model.StatusOK {
			findings = append(findings, engine.Document(&doc).Findings...)
		}
		bundle.Add(validate.NewBundleItem(&doc))
	}
	return append(findings, bundle.Close().Findings...), nil
}
