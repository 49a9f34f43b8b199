package cmd

import (
	"os"
	"slices"
	"text/template"

	"github.com/spf13/cobra"

	"perfgoal/cmd/input"
	"perfgoal/model"
	"perfgoal/report"
	"perfgoal/validate"
)

type lintFlags struct {
	read        readFlags
	selected    []string
	ignored     []string
	minSeverity model.Severity
	failLevel   failLevel
	showChecks  bool
	summary     bool
	pictures    bool
	manifest    string
	letter      string
	config      configFlags
}

// failLevel is a severity, or none.
type failLevel string

func (l failLevel) reached(s model.Severity) bool {
	least := model.Severity(l).Rank()
	return least > 0 && s.Rank() >= least
}

// severity is "" for none.
func (l failLevel) severity() model.Severity {
	if model.Severity(l).Rank() == 0 {
		return ""
	}
	return model.Severity(l)
}

func (a *app) lintCommand() *cobra.Command {
	f := &lintFlags{minSeverity: model.Info, failLevel: failLevel(model.Error)}
	c := &cobra.Command{
		Use:   "lint PATH...",
		Short: a.say("检查申报表，列出问题", "Check declarations and list what does not hold"),
		Long: a.say(`读取申报表，逐张检查，列出问题和依据。

PATH 可以是文件（.pdf、.xlsx、.xls、.docx、.html、.csv、.txt，或 parse 写出的 .jsonl、.json）、文件夹（含下级文件夹）、通配符、压缩包（.zip、.tar.gz），
或 -（标准输入）。文件夹和压缩包里可能是申报材料的文件全部列出，读不了的说明原因。`, `Reads declarations, checks each form and lists what does not hold, with its
evidence.

PATH is a file (.pdf, .xlsx, .xls, .docx, .html, .csv, .txt, or .jsonl and .json
as parse wrote them), a folder (with those below it), a pattern, an
archive (.zip, .tar.gz), or - for standard input. Of folders and archives every
file that may be a submission is listed, with the reason where it is not read.`) + a.exitStatus(true, true),
		Example: `  perfgoal lint 汇总表.pdf
  perfgoal lint -o text -o json=result.json 报送材料.zip
  perfgoal lint --select ALL --ignore W,S002 --fail-level warning 2026/`,
		PreRun: a.heedSignals,
		RunE:   func(c *cobra.Command, args []string) error { return a.lint(c, f, args) },
	}
	f.read.register(a, c, formatNames(report.LintFormats()))
	f.config.register(a, c)
	f.config.registerBaseline(a, c)
	flags := c.Flags()
	flags.Var(&list{&f.selected}, "select", a.say("只用这些规则 `RULES`：代码、名称或代码前缀，ALL 为全部", "check only these `RULES`: codes, names or code prefixes; ALL is every rule"))
	flags.Var(&list{&f.ignored}, "ignore", a.say("不用这些规则 `RULES`", "leave out these `RULES`"))
	addChoice(a, flags, &f.minSeverity, "min-severity", "只列出这一级及以上的问题：error、warning 或 info",
		"list findings from this severity on: error, warning or info", model.Error, model.Warning, model.Info)
	addChoice(a, flags, &f.failLevel, "fail-level", "有这一级及以上的问题时退出状态为 1：error、warning、info 或 none",
		"exit with 1 on findings from this severity on: error, warning, info or none", "error", "warning", "info", "none")
	flags.StringVar(&f.manifest, "manifest", "", a.say("应报清单 `FILE`（CSV 或 XLSX：单位、项目名称，可有金额）；列出缺报、多报和金额不符的", "`FILE` with what is to be submitted (CSV or XLSX: unit, project, optionally amount); lists what is missing, extra or differs"))
	flags.StringVar(&f.letter, "opinion-template", "", a.say("用自己的模板 `FILE` 写审核意见（-o opinion=文件夹/）；模板可用 perfgoal config letter 新建", "`FILE` with the wording of the letters (-o opinion=DIR/); perfgoal config letter makes one"))
	flags.BoolVar(&f.summary, "summary", false, a.say("text 格式只输出总数和每个文件一行，不逐条列出问题", "in text, print totals and a line for each file, not the findings"))
	flags.BoolVar(&f.pictures, "pictures", false, a.say("html 里附上 PDF 原页的样子，标出问题所在的格子（文件会变大）", "in html, show the pages of PDFs with the cells in question marked (the file grows)"))
	flags.BoolVar(&f.showChecks, "show-checks", false, a.say("在 json 里列出每一次判断", "list every single outcome in json"))
	return c
}

func formatNames[W any](formats []report.Format[W]) string {
	s := ""
	for i, f := range formats {
		if i > 0 {
			s += " "
		}
		s += f.Name
	}
	return s
}

func (a *app) lint(c *cobra.Command, f *lintFlags, paths []string) error {
	apart := slices.ContainsFunc(f.read.output, isFolder) // outputs that need each single outcome
	bundled := f.manifest != "" || isBundle(paths, f.read.stdinName)
	plan, err := a.newPlan(&f.config, validate.Config{Select: f.selected, Ignore: f.ignored, NoSingle: !f.showChecks && !apart, Bundle: bundled})
	if err != nil {
		return err
	}
	engine, configured, err := plan.engine(firstPath(paths, f.read.stdinName))
	if err != nil {
		return err
	}
	f.defaults(a, c, configured.file)
	if slices.ContainsFunc(f.read.output, isFolder) && !apart { // as the configuration says
		if plan, err = a.newPlan(&f.config, validate.Config{Select: f.selected, Ignore: f.ignored, Bundle: bundled}); err != nil {
			return err
		}
		if engine, configured, err = plan.engine(firstPath(paths, f.read.stdinName)); err != nil {
			return err
		}
	}
	opt, err := f.read.options(a)
	if err != nil {
		return err
	}
	manifest, err := a.readManifest(f.manifest)
	if err != nil {
		return err
	}
	list, err := targets(a, f.read.output, report.LintFormats())
	if err != nil {
		return err
	}
	letter, err := a.readLetter(f.letter, list)
	if err != nil {
		return err
	}
	j := &lintJob{plan: plan, engine: engine, configured: configured, failLevel: f.failLevel}
	if bundled {
		j.bundle = engine.NewBundle(manifest)
	}
	err = run(c.Context(), a, &f.read, paths, setup[report.LintWriter]{
		outputs: append(list, jobSummary(list)...),
		options: opt,
		reading: reading{plan.layouts, plan.ocr},
		own:     []string{f.manifest, f.letter, f.config.file, f.config.baseline},
		report: report.Options{Lang: a.lang, Tool: tool(), Rules: engine.Rules(), Ruleset: plan.ruleset(engine, configured),
			MinSeverity: f.minSeverity, FailLevel: f.failLevel.severity(), ShowChecks: f.showChecks, Letter: letter, Summary: f.summary},
		keep:     keep{digest: bundled},
		pictures: f.pictures,
	}, j)
	if err == nil && j.failed && a.status == statusOK {
		a.status = statusFindings
	}
	return err
}

// lintJob checks documents, and where there may be several all of them
// together.
type lintJob struct {
	plan       *plan
	engine     *validate.Engine // that of the first path
	configured *configured
	bundle     *validate.Bundle // nil for a single document
	failLevel  failLevel
	failed     bool // some finding reaches failLevel
}

func (j *lintJob) begin(places []input.Place, o *report.Options) (configurations []string, err error) {
	o.Rules, err = j.plan.rules(places)
	return j.plan.files(), err
}

func (j *lintJob) work(d *model.Document, forms bool) checkedItem {
	r := checkedItem{Checked: j.plan.check(d, forms)}
	if j.bundle != nil {
		r.item = validate.NewBundleItem(d)
	}
	return r
}

func (j *lintJob) take(r checkedItem) {
	if j.bundle != nil && !r.Bundle {
		j.bundle.Add(r.item)
	}
	for _, finding := range r.Findings {
		j.failed = j.failed || j.failLevel.reached(finding.Severity)
	}
}

func (j *lintJob) write(w report.LintWriter, r checkedItem) error { return w.Add(r.Checked) }

func (j *lintJob) end(end *report.End) (checkedItem, bool) {
	if end.Interrupted { // half a bundle would look like gaps
		return checkedItem{}, false
	}
	out := report.Checked{Bundle: true, Status: model.StatusOK}
	if j.bundle != nil {
		end.Manifest = completeness(j.bundle.Completeness())
		out = bundleChecked(j.bundle)
		out.Findings = j.plan.keep(j.engine, j.configured, &model.Document{}, out.Findings)
	}
	some := j.plan.close(&out)
	end.Suppressed = j.plan.suppressed()
	return checkedItem{Checked: out}, j.bundle != nil || some
}

// check runs the rules over a document and keeps what reports need of it,
// with the forms only where a format shows them.
func check(engine *validate.Engine, d *model.Document, forms bool) report.Checked {
	checked := report.NewChecked(d, forms)
	if !d.Status.Read() && len(d.Narratives)+len(d.Statements) == 0 {
		return checked
	}
	result := engine.Document(d)
	checked.Findings, checked.Checks, checked.Single = result.Findings, result.Checks, result.Single
	return checked
}

// jobSummary adds GitHub's job summary to its annotations: Actions names the
// file that a step adds to in GITHUB_STEP_SUMMARY.
func jobSummary(chosen []target[report.LintWriter]) []target[report.LintWriter] {
	file := os.Getenv("GITHUB_STEP_SUMMARY")
	for _, t := range chosen {
		if t.format.Name == "github" && file != "" {
			return []target[report.LintWriter]{{format: report.JobSummary(), file: file, append: true}}
		}
	}
	return nil
}

// readLetter reads the wording of the letters, nil where none is named.
func (a *app) readLetter(file string, list []target[report.LintWriter]) (*template.Template, error) {
	if file == "" {
		return nil, nil
	}
	if !slices.ContainsFunc(list, func(t target[report.LintWriter]) bool { return t.format.Name == "opinion" }) {
		return nil, a.usage("--opinion-template 要和 -o opinion=文件夹/ 一起用", "--opinion-template goes with -o opinion=DIR/")
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, a.usage("读不了模板 %s：%v", "cannot read the template %s: %v", file, cause(err))
	}
	t, err := report.ParseLetter(string(data))
	if err != nil {
		return nil, a.usage("模板 %s 写得不对：%s", "the template %s is wrong: %s", file, err.Error())
	}
	return t, nil
}
