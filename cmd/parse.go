package cmd

import (
	"github.com/spf13/cobra"

	"perfgoal/model"
	"perfgoal/report"
)

func (a *app) parseCommand() *cobra.Command {
	f := &readFlags{}
	c := &cobra.Command{
		Use:   "parse PATH...",
		Short: a.say("把申报表还原成数据", "Print the declarations as typed data"),
		Long: a.say(`读取申报表，还原成数据：项目、资金（十进制，单位元）、目标和每一条指标。

PATH 与 perfgoal lint 相同。`, `Reads declarations and prints them as typed data: project, funding (decimal, in
yuan), goals and every indicator.

PATH is as for perfgoal lint.`) + a.exitStatus(false),
		Example: `  perfgoal parse 汇总表.pdf > forms.json
  perfgoal parse -o table 汇总表.txt`,
		RunE: func(c *cobra.Command, args []string) error {
			return a.documents(c, f, args, report.ParseFormats(), false)
		},
	}
	f.register(a, c, formatNames(report.ParseFormats()))
	return c
}

// documents runs a command that prints documents as they were read. raw keeps
// the cells and the running text, and takes a document without a declaration
// for a success.
func (a *app) documents(c *cobra.Command, f *readFlags, paths []string, formats []report.Format[report.DocumentWriter], raw bool) error {
	opt, err := f.options(a)
	if err != nil {
		return err
	}
	opt.KeepTables, opt.KeepText = raw, raw
	return run(c.Context(), a, f, paths, job[report.DocumentWriter, *model.Document]{
		formats: formats,
		options: opt,
		report:  report.Options{Lang: a.lang, Tool: tool()},
		work:    func(d *model.Document, _ bool) *model.Document { return d },
		add:     func(w report.DocumentWriter, d *model.Document) error { return w.Add(d) },
		close:   func(w report.DocumentWriter, end report.End) error { return w.Close(end) },
		noForm:  raw,
		each: func(w report.DocumentWriter, d *model.Document, f model.Form) error {
			if s, ok := w.(report.FormWriter); ok {
				return s.AddForm(d, f)
			}
			return nil
		},
	})
}
