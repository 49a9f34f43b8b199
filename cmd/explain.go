package cmd

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"perfgoal/cmd/manifest"
	"perfgoal/config"
	"perfgoal/model"
	"perfgoal/parser"
	"perfgoal/report"
	"perfgoal/validate"
)

func (a *app) explainCommand() *cobra.Command {
	conf := &configFlags{}
	c := &cobra.Command{
		Use:   "explain RULE|layouts|layout NAME",
		Short: a.say("解释一条规则，或认得的版式", "Explain a rule, or the layouts that are known"),
		Long: a.say(`解释一条规则：查什么、为什么、依据、例子、怎么改。RULE 是规则的代码或名称；
例子是当场读取并检查的，所示即实际输出。

explain layouts 列出认得的版式，配置文件里自己的也在内；explain layout NAME 显示一种
版式的全部标签（写 common 显示各版式共用的）。`,
			`Explains one rule, named by code or name: what, why, authority, examples, how to
fix. Its examples are read and checked on the spot: what is shown is what perfgoal
really says.

explain layouts lists the layouts that are known, those of the configuration among
them; explain layout NAME shows all labels of one (common for those that all share).`),
		Example: "  perfgoal explain F001\n  perfgoal explain cost-budget-mismatch\n  perfgoal explain layouts\n  perfgoal explain layout two-sided",
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 && (args[0] == "layouts" || args[0] == "layout") {
				return a.explainLayouts(conf, args)
			}
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
	conf.registerFile(a, c)
	return c
}

func (a *app) explain(ctx context.Context, rule model.RuleInfo) error {
	e, err := a.explained(ctx, rule)
	if err != nil {
		return err
	}
	return report.Explain(a.out, report.Options{Lang: a.lang, Color: a.colorful(a.out), Width: terminalWidth(a.out), Screen: isTerminal(a.out), MinSeverity: model.Info}, e)
}

// explained is a rule with what perfgoal says of its examples.
func (a *app) explained(ctx context.Context, rule model.RuleInfo) (e report.Explained, err error) {
	e.Rule = rule
	engine, err := a.newEngine(validate.Config{Select: []string{rule.Code}, Bundle: true, Suppressing: true})
	if err != nil {
		return e, err
	}
	if e.Bad, err = tryExample(ctx, engine, rule.Bad.Make()); err != nil {
		return e, err
	}
	e.Good, err = tryExample(ctx, engine, rule.Good.Make())
	return e, err
}

// tryExample reads an example as if it were a file and checks it, together
// with the files and the manifest that it has.
func tryExample(ctx context.Context, engine *validate.Engine, x model.Example) ([]model.Finding, error) {
	if x.Config != "" {
		return trySuppressed(ctx, engine, x)
	}
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
	x.Overprint(&doc)
	return engine.Document(&doc).Findings, nil
}

// exampleDay is the day that examples hold expiry against.
var exampleDay = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

// trySuppressed checks an example with its configuration, for the rules about
// suppressions that the engine has.
func trySuppressed(ctx context.Context, engine *validate.Engine, x model.Example) ([]model.Finding, error) {
	file, err := config.Parse(config.Name, []byte(x.Config))
	if err != nil {
		return nil, err
	}
	var checked []string
	for _, s := range file.Suppressions {
		checked = append(checked, s.Rule)
	}
	all, err := validate.New(file.Engine("", validate.Config{Select: checked}))
	if err != nil {
		return nil, err
	}
	doc, err := parser.Parse(ctx, parser.Source{Path: "example.txt", Data: []byte(x.Document)}, parser.Options{})
	if err != nil {
		return nil, err
	}
	hidden := validate.NewSuppressions(file.Suppressions, validate.Rules(), exampleDay)
	hidden.Filter(&doc, all.Rules(), all.Document(&doc).Findings)
	return hidden.Close(engine).Findings, nil
}

func tryBundle(ctx context.Context, engine *validate.Engine, x model.Example) ([]model.Finding, error) {
	var list *validate.Manifest
	if x.Manifest != "" {
		m, err := manifest.Parse("manifest.csv", []byte(x.Manifest))
		if err != nil {
			return nil, err
		}
		list = m
	}
	bundle := engine.NewBundle(list)
	var findings []model.Finding
	for i, text := range append([]string{x.Document}, x.Files...) {
		doc, err := parser.Parse(ctx, parser.Source{Path: fmt.Sprintf("example-%d.txt", i+1), Data: []byte(text)}, parser.Options{})
		if err != nil {
			return nil, err
		}
		doc.Digest = text
		if doc.Status.Read() {
			findings = append(findings, engine.Document(&doc).Findings...)
		}
		bundle.Add(validate.NewBundleItem(&doc))
	}
	if x.Unread != "" {
		unread, err := parser.Parse(ctx, parser.Source{Path: x.Unread}, parser.Options{})
		if err != nil {
			return nil, err
		}
		bundle.Add(validate.NewBundleItem(&unread))
	}
	return append(findings, bundle.Close().Findings...), nil
}
