package cmd

import (
	"github.com/spf13/cobra"

	"perfgoal/cmd/input"
	"perfgoal/model"
	"perfgoal/report"
	"perfgoal/validate"
)

func (a *app) parseCommand() *cobra.Command {
	f, conf := &readFlags{}, &configFlags{}
	c := &cobra.Command{
		Use:   "parse PATH...",
		Short: a.say("把申报表还原成数据", "Print the declarations as typed data"),
		Long: a.say(`读取申报表，还原成数据：项目、资金（十进制，单位元）、目标和每一条指标。

PATH 与 perfgoal lint 相同。`, `Reads declarations and prints them as typed data: project, funding (decimal, in
yuan), goals and every indicator.

PATH is as for perfgoal lint.`) + a.exitStatus(false, true),
		Example: `  perfgoal parse 汇总表.pdf > forms.json
  perfgoal parse -o table 汇总表.txt`,
		PreRun: a.heedSignals,
		RunE: func(c *cobra.Command, args []string) error {
			return a.documents(c, f, conf, args, report.ParseFormats(), false)
		},
	}
	f.register(a, c, formatNames(report.ParseFormats()))
	conf.registerFile(a, c)
	return c
}

// documents runs a command that prints documents as they were read. raw keeps
// the cells and the running text, and takes a document without a declaration
// for a success.
func (a *app) documents(c *cobra.Command, f *readFlags, conf *configFlags, paths []string, formats []report.Format[report.DocumentWriter], raw bool) error {
	plan, err := a.newPlan(conf, validate.Config{})
	if err != nil {
		return err
	}
	opt, err := f.options(a)
	if err != nil {
		return err
	}
	list, err := targets(a, f.output, formats)
	if err != nil {
		return err
	}
	opt.KeepTables, opt.KeepText = raw, raw
	return run(c.Context(), a, f, paths, setup[report.DocumentWriter]{
		outputs: list, options: opt, reading: reading{plan.layouts, plan.ocr}, own: []string{conf.file}, report: report.Options{Lang: a.lang, Tool: tool()}, noForm: raw,
		keep: keep{digest: !raw}, // whoever checks the forms later looks for files sent twice
	}, printJob{plan: plan})
}

// printJob prints documents as they are.
type printJob struct {
	plainJob[*model.Document]
	plan *plan
}

func (j printJob) begin(places []input.Place, _ *report.Options) ([]string, error) {
	err := j.plan.know(places)
	return j.plan.files(), err
}

func (printJob) work(d *model.Document, _ bool) *model.Document { return d }

func (printJob) write(w report.DocumentWriter, d *model.Document) error { return w.Add(d) }
