package cmd

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"perfgoal/cmd/input"
	"perfgoal/config"
	"perfgoal/model"
	"perfgoal/report"
	"perfgoal/validate"
)

func (a *app) baselineCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "baseline write",
		Short: a.say("基线：记下已有的问题，以后只看新的", "The baseline: note the findings there are, so that only new ones show"),
		Long: a.say(`baseline write 把现有的问题连同理由和到期日写进一个文件，
以后 lint --baseline 文件 只列出新出现的问题。到期或已经不存在的条目会作为问题列出。`,
			`baseline write notes all findings in a file, with a reason and an expiry date;
lint --baseline FILE then lists only what is new. Entries that have expired or
match nothing any more are findings themselves.`),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return a.usage("请写 write", "give write")
			}
			return a.usage("没有“%s”这个子命令%s", "unknown subcommand %q%s", args[0], a.didYouMean(args[0], []string{"write"}))
		},
	}
	a.addCommands(c, a.baselineWrite())
	return c
}

type baselineFlags struct {
	read    readFlags
	config  configFlags
	file    string
	reason  string
	expires string
}

func (a *app) baselineWrite() *cobra.Command {
	f := &baselineFlags{}
	var selected, ignored []string
	c := &cobra.Command{
		Use:     "write --file FILE --reason TEXT --expires DATE PATH...",
		Short:   a.say("把现有的问题写进基线文件", "Note the findings there are in a baseline file"),
		Long:    a.say("检查 PATH，把各份文件的全部问题写进基线文件；整批材料的问题（B 开头的规则，以及预算文本与别的文件里的表对照的）不写，每次都报。理由和到期日必填，对每一条都适用，可以再逐条修改。", "Checks PATH and notes all findings about single documents in a baseline file; those\nabout a whole bundle (rules B…, and a budget book held against forms in other files)\nare not noted, and reported each time. Reason and expiry date are required; they\nstand in each entry and may be changed there.") + a.exitStatus(false, true),
		Example: "  perfgoal baseline write --file baseline.yaml --reason 存量问题 --expires 2026-12-31 2026/",
		PreRun:  a.heedSignals,
		RunE: func(c *cobra.Command, args []string) error {
			return a.writeBaseline(c, f, validate.Config{Select: selected, Ignore: ignored, NoSingle: true}, args)
		},
	}
	f.read.register(a, c, "")
	f.config.register(a, c)
	flags := c.Flags()
	flags.Lookup("output").Hidden = true
	flags.StringVar(&f.file, "file", "", a.say("要写的基线文件 `FILE`", "the baseline `FILE` to write"))
	flags.StringVar(&f.reason, "reason", "", a.say("理由 `TEXT`", "the reason, `TEXT`"))
	flags.Var(&day{&f.expires}, "expires", a.say("到期日 `DATE`，如 2026-12-31", "the last day it holds, a `DATE` such as 2026-12-31"))
	flags.Var(&list{&selected}, "select", a.say("同 lint", "as lint"))
	flags.Var(&list{&ignored}, "ignore", a.say("同 lint", "as lint"))
	return c
}

func (a *app) writeBaseline(c *cobra.Command, f *baselineFlags, base validate.Config, paths []string) error {
	switch _, err := time.Parse(time.DateOnly, f.expires); {
	case len(f.read.output) > 0:
		return a.usage("baseline write 不接受 -o，基线文件用 --file 指定", "baseline write takes no -o; --file names the baseline")
	case f.file == "":
		return a.usage("请用 --file 写明基线文件", "name the baseline with --file")
	case strings.TrimSpace(f.reason) == "":
		return a.usage("请用 --reason 写明理由", "give the reason with --reason")
	case err != nil:
		return a.usage("请用 --expires 写明到期日，如 --expires 2026-12-31", "give the expiry date with --expires, such as --expires 2026-12-31")
	}
	p, err := a.newPlan(&f.config, base)
	if err != nil {
		return err
	}
	opt, err := f.read.options(a)
	if err != nil {
		return err
	}
	own := []string{f.config.file, f.read.passwordFile}
	j := &baselineJob{plan: p, file: f.file, own: own, entry: config.Entry{Reason: f.reason, Expires: f.expires}, seen: map[config.Entry]bool{}}
	err = run(c.Context(), a, &f.read, paths, setup[report.LintWriter]{options: opt, reading: reading{p.layouts, p.ocr}, own: append(own, f.file)}, j)
	if err != nil || a.status == statusInterrupted {
		return err
	}
	entries := j.entries
	slices.SortFunc(entries, func(x, y config.Entry) int {
		return cmp.Or(strings.Compare(x.Project, y.Project), strings.Compare(x.Rule, y.Rule), strings.Compare(x.Fingerprint, y.Fingerprint))
	})
	data, err := config.Baseline(entries)
	if err != nil {
		return err
	}
	if old, err := os.ReadFile(f.file); err != nil || !bytes.Equal(old, data) {
		if err := a.writeWhole(f.file, data); err != nil {
			return a.usage("写不了 %s：%v", "cannot write %s: %v", f.file, cause(err))
		}
	}
	fmt.Fprintln(a.out, a.say("已把%s处问题写入 %s", "findings noted: %s, in %s", strconv.Itoa(len(entries)), f.file))
	return nil
}

// baselineJob notes every finding once.
type baselineJob struct {
	plainJob[report.Checked]
	plan    *plan
	file    string       // to be written
	own     []string     // files that the command goes by
	entry   config.Entry // what all have in common
	entries []config.Entry
	seen    map[config.Entry]bool
}

func (j *baselineJob) begin(places []input.Place, _ *report.Options) ([]string, error) {
	_, err := j.plan.rules(places)
	if err != nil {
		return nil, err
	}
	return nil, j.plan.app.spare([]string{j.file}, places, append(j.own, j.plan.files()...))
}

func (j *baselineJob) work(d *model.Document, forms bool) report.Checked {
	return j.plan.check(d, forms)
}

func (j *baselineJob) write(w report.LintWriter, r report.Checked) error { return w.Add(r) }

func (j *baselineJob) take(r report.Checked) {
	for _, x := range r.Findings {
		e := j.entry
		e.Rule, e.Project, e.Field, e.Fingerprint = x.Rule, x.Project, stableField(x.Field), x.Fingerprint
		if !j.seen[e] {
			j.seen[e] = true
			j.entries = append(j.entries, e)
		}
	}
}

// stableField leaves out fields that are told by a row's number, because rows
// move; the fingerprint tells those apart.
func stableField(field string) string {
	if strings.ContainsRune(field, '[') {
		return ""
	}
	return field
}
