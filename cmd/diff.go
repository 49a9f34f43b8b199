package cmd

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"perfgoal/cmd/input"
	"perfgoal/model"
	"perfgoal/parser"
	"perfgoal/report"
	"perfgoal/validate"
)

func (a *app) diffCommand() *cobra.Command {
	f := &lintFlags{failLevel: "none"}
	c := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: a.say("比较两次申报", "Compare two submissions"),
		Long: a.say(`比较两次报送（或两个年度）的申报材料：新增、取消、改名的项目，变化的金额和指标，
已改正的问题和新出现的问题。

OLD 和 NEW 各是一个文件、文件夹、压缩包或通配符。项目按名称和单位配对（名称里的年份
不计），名称改了的按名称和指标的相似程度配对。--fail-level 指新出现的问题。`,
			`Compares two submissions (or two years): projects added, removed and renamed,
amounts and indicators changed, findings fixed and new.

OLD and NEW are each a file, a folder, an archive or a pattern. Projects are
paired by name and unit (years in the name do not count), renamed ones by the
likeness of their names and indicators. --fail-level is about new findings.`) + a.exitStatus(true, true),
		Example: `  perfgoal diff 初稿.zip 修改稿.zip
  perfgoal diff -o markdown=变化.md 2025年/ 2026年/`,
		PreRun: a.heedSignals,
		RunE:   func(c *cobra.Command, args []string) error { return a.diff(c, f, args) },
	}
	f.read.register(a, c, formatNames(report.DiffFormats()))
	f.config.registerFile(a, c)
	flags := c.Flags()
	flags.Var(&list{&f.selected}, "select", a.say("只用这些规则 `RULES`：代码、名称或代码前缀，ALL 为全部", "check only these `RULES`: codes, names or code prefixes; ALL is every rule"))
	flags.Var(&list{&f.ignored}, "ignore", a.say("不用这些规则 `RULES`", "leave out these `RULES`"))
	addChoice(a, flags, &f.failLevel, "fail-level", "新出现这一级及以上的问题时退出状态为 1：error、warning、info 或 none",
		"exit with 1 on new findings from this severity on: error, warning, info or none", "error", "warning", "info", "none")
	return c
}

func (a *app) diff(c *cobra.Command, f *lintFlags, args []string) error {
	if len(args) != 2 {
		return a.usage("请给出两个路径：旧的和新的", "give two paths, the old one and the new one")
	}
	opt, err := f.read.options(a)
	if err != nil {
		return err
	}
	plan, err := a.newPlan(&f.config, validate.Config{})
	if err != nil {
		return err
	}
	engine, err := a.newEngine(validate.Config{Select: f.selected, Ignore: f.ignored, NoSingle: true})
	if err != nil {
		return err
	}
	list, err := targets(a, f.read.output, report.DiffFormats())
	if err != nil {
		return err
	}
	var sets [2]*input.Set
	for i, path := range args {
		if sets[i], err = f.read.find(a, []string{path}, []string{f.read.passwordFile}, files(list)); err != nil {
			return err
		}
		if err := plan.know(sets[i].Places); err != nil {
			return err
		}
		if err := a.spare(files(list), sets[i].Places, append(plan.files(), f.read.passwordFile)); err != nil {
			return err
		}
	}
	out, err := open(a, list, report.Options{Lang: a.lang, Tool: tool(), Rules: engine.Rules(), MinSeverity: model.Info})
	if err != nil {
		return err
	}
	defer out.discard()
	var sides [2]*report.Side
	for i, set := range sets {
		if sides[i], err = a.side(c.Context(), f, set, engine, plan, opt); err != nil {
			return err
		}
	}
	if c.Context().Err() != nil { // a comparison of halves would mislead
		a.line.interrupted()
		fmt.Fprintln(a.err, a.say("perfgoal: 已中断，没有输出。", "perfgoal: interrupted; nothing was written."))
		a.status = statusInterrupted
		return nil
	}
	result := report.Compare(sides[0], sides[1])
	for _, write := range out.writers {
		if err := write(result); err != nil {
			return a.writeError(err)
		}
	}
	if err := out.finish(); err != nil {
		return a.writeError(err)
	}
	appeared := result.Appeared
	for _, p := range result.Projects {
		appeared = append(appeared, p.Appeared...)
	}
	for _, x := range appeared {
		if f.failLevel.reached(x.Severity) {
			a.status = statusFindings
		}
	}
	if sides[0].Unread+sides[1].Unread+sides[0].Partial+sides[1].Partial > 0 {
		a.status = statusUnread
	}
	return nil
}

// side reads and checks one of the two submissions.
func (a *app) side(ctx context.Context, f *lintFlags, set *input.Set, engine *validate.Engine, plan *plan, opt parser.Options) (*report.Side, error) {
	if set.Many() {
		opt.Jobs = 1 // the cores are busy with whole documents
	}
	work := func(d *model.Document) report.Checked { return check(engine, d, true) }
	s := &report.Side{}
	bar := a.newProgress(set)
	defer bar.end()
	err := pipeline(ctx, set.Sources(ctx), f.read.workers(), func(in input.Source) []done[report.Checked] {
		return process(ctx, in, bar.watch(reading{plan.layouts, plan.ocr}.options(opt, in.Path), in.Path), keep{}, work)
	},
		func(list []done[report.Checked]) error {
			for _, d := range list {
				if d.skipped {
					return nil
				}
				s.Documents++
				switch {
				case !d.status.Read():
					s.Unread++
					a.warn(d.path, d.problem)
				case d.status == model.StatusPartial:
					s.Partial++
				}
				s.Add(d.result, engine.Rules())
			}
			bar.step()
			return nil
		})
	return s, err
}
