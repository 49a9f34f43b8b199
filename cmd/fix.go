package cmd

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"perfgoal/cmd/fix"
	"perfgoal/cmd/input"
	"perfgoal/model"
	"perfgoal/parser"
	"perfgoal/report"
	"perfgoal/validate"
)

type fixFlags struct {
	read     readFlags
	config   configFlags
	selected []string
	ignored  []string
	output   string
	diff     bool
	inPlace  bool
}

func (a *app) fixCommand() *cobra.Command {
	f := &fixFlags{}
	c := &cobra.Command{
		Use:   "fix PATH...",
		Short: a.say("自动改正不用判断的问题", "Mend what takes no judgement"),
		Long: a.say(`把不用判断就能改的写进一份改正后的 Excel（.xlsx）或 Word（.docx）：文字里残留的网页
标记、写成文字的界限（48小时内 → ≤48.00(小时)）、全角半角混用的符号和括号、连续的空格、
被空格断开的标签。数字的大小从不改变；改后的文件重新读取、重新检查，问题消失、没有新
问题、其他内容都不变，才算数，否则那一处不改并说明原因。文件的其他部分一个字节也不动。

不写 -o 时，改正后的文件放在原文件旁边，名为“原名-已修正”，已有这个文件时不覆盖；原文件
不动。PDF、.xls、文本等不能改写，列出要改的地方。perfgoal explain 规则 说明哪条规则能自动改。`,
			`Writes what can be mended without judgement into a corrected copy of a workbook
(.xlsx) or Word document (.docx): markup left in text, bounds in words (48小时内 →
≤48.00(小时)), signs and brackets in odd widths, doubled blanks, labels broken by
blanks. No number ever changes its value. The copy is read and checked again: a
change counts only if its defect is gone, nothing new is found and all else is
equal; otherwise it is left out, with the reason. No other byte of the file changes.

Without -o the copy stands beside the original as NAME-已修正, never in the place
of a file that is there; the original stays. PDF, .xls, text and so on are not
rewritten: what to change is listed. perfgoal explain RULE says what is mended.`) + a.fixStatus(),
		Example: `  perfgoal fix --diff 申报表.xlsx
  perfgoal fix 申报表.xlsx
  perfgoal fix -o 改正后/ 报送材料/`,
		PreRun: a.heedSignals,
		RunE:   func(c *cobra.Command, args []string) error { return a.fix(c, f, args) },
	}
	flags := c.Flags()
	flags.StringVarP(&f.output, "output", "o", "", a.say("改正后的文件写到 `FILE`，或写进文件夹 DIR/（结尾加斜杠）", "write the copy to `FILE`, or the copies into a folder, DIR/ (with a slash at the end)"))
	flags.BoolVar(&f.diff, "diff", false, a.say("只显示要改的地方，不写文件", "show what would change, write nothing"))
	flags.BoolVar(&f.inPlace, "in-place", false, a.say("直接改原文件", "change the original files themselves"))
	flags.Var(&list{&f.selected}, "select", a.say("只改这些规则 `RULES` 的问题：代码、名称或代码前缀", "mend only what these `RULES` find: codes, names or code prefixes"))
	flags.Var(&list{&f.ignored}, "ignore", a.say("不改这些规则 `RULES` 的问题", "do not mend what these `RULES` find"))
	f.read.registerReading(a, c)
	f.config.register(a, c)
	return c
}

// fixStatus is the end of the command's long help.
func (a *app) fixStatus() string {
	return a.say(`

退出状态（EXIT STATUS）：
  0    全部读到，能改的都写好了，或没有要改的
  1    有能改而没有写的（--diff，或 PDF、文本等只能列出的）
  2    用法或配置有误，或改正后的文件已经存在
  3    有输入读不了、没有全部读准、没有申报表，或什么也没匹配到（其余照常处理；3 优先于 1）
  4    没有完成：磁盘已满、内存不足等，不是用法有误
  130  被中断`, `

EXIT STATUS
  0    every input was read, and what can be mended was written, or nothing is to be
  1    there are changes that were not written (--diff, or PDF, text and the like)
  2    usage or configuration error, or the corrected copy is there already
  3    some input could not be read, or not for certain, holds no declaration, or
       nothing matched (the others are still mended; 3 outranks 1)
  4    not finished, through no mistake in what was asked
  130  interrupted`)
}

func (a *app) fix(c *cobra.Command, f *fixFlags, paths []string) error {
	switch {
	case f.diff && (f.output != "" || f.inPlace):
		return a.usage("--diff 只显示，不写文件，不能和 -o、--in-place 一起用", "--diff writes nothing; it excludes -o and --in-place")
	case f.inPlace && f.output != "":
		return a.usage("--in-place 和 -o 不能一起用", "--in-place and -o exclude each other")
	case f.output == "-" || stream(f.output) == 1 && f.output != "":
		return a.usage("标准输出用来列出改了什么；改正后的文件请写到一个文件或文件夹/", "standard output lists what changed; write the copy to a file or a folder, DIR/")
	}
	opt, err := f.read.options(a)
	if err != nil {
		return err
	}
	opt.KeepTables = true
	// Every rule looks at the copies, also those that are off.
	every := []string{"ALL"}
	for _, r := range validate.Rules() {
		every = append(every, r.Code)
	}
	plan, err := a.newPlan(&f.config, validate.Config{Select: every, NoSingle: true})
	if err != nil {
		return err
	}
	usual, err := a.newPlan(&f.config, validate.Config{NoSingle: true})
	if err != nil {
		return err
	}
	chosen, err := a.chosen(f)
	if err != nil {
		return err
	}
	j := &fixJob{app: a, ctx: c.Context(), flags: f, plan: plan, usual: usual, options: opt, chosen: chosen, names: report.CopyNames()}
	err = run(c.Context(), a, &f.read, paths, setup[report.MendedWriter]{
		outputs: []target[report.MendedWriter]{{format: report.FixFormat()}},
		options: opt, reading: reading{plan.layouts, plan.ocr}, own: []string{f.config.file},
		report: report.Options{Lang: a.lang, Tool: tool(), Rules: validate.Rules(), MinSeverity: model.Info},
	}, j)
	if err == nil {
		err = j.refused
	}
	if err == nil && j.pending && a.status == statusOK {
		a.status = statusFindings
	}
	return err
}

// chosen are the codes of the rules whose findings are mended.
func (a *app) chosen(f *fixFlags) (map[string]bool, error) {
	selected := f.selected
	if len(selected) == 0 {
		for _, r := range validate.Rules() {
			selected = append(selected, r.Code)
		}
	}
	engine, err := a.newEngine(validate.Config{Select: selected, Ignore: f.ignored})
	if err != nil {
		return nil, err
	}
	out := map[string]bool{}
	for _, r := range engine.Rules() {
		out[r.Code] = r.Mends != (model.Text{})
	}
	return out, nil
}

// fixJob mends documents and writes their copies.
type fixJob struct {
	plainJob[model.Mended]
	*app
	ctx     context.Context
	flags   *fixFlags
	plan    *plan // in which every rule is on
	usual   *plan // that of the configuration
	options parser.Options
	chosen  map[string]bool
	names   func(string) string
	pending bool  // some change was not written
	refused error // some copy was not written, because it is there already
}

func (j *fixJob) begin(places []input.Place, _ *report.Options) ([]string, error) {
	for _, p := range []*plan{j.plan, j.usual} {
		if _, err := p.rules(places); err != nil {
			return nil, err
		}
	}
	out := j.flags.output
	if out != "" && !isFolder(out) {
		if len(places) > 1 || input.IsArchive(places[0].Path) {
			return nil, j.usage("有几个输入，请写成 -o 文件夹/（结尾加斜杠）", "there are several inputs; write -o DIR/, with a slash at the end")
		}
		return j.plan.files(), j.spare([]string{followed(out)}, places, append(j.plan.files(), j.flags.config.file))
	}
	if isFolder(out) {
		list := []target[report.MendedWriter]{{format: report.FixFormat(), file: out, folder: true}}
		set := &input.Set{Places: places}
		return j.plan.files(), checkFolders(j.app, list, set, append(j.plan.files(), j.flags.config.file))
	}
	return j.plan.files(), nil
}

func (j *fixJob) work(d *model.Document, _ bool) model.Mended {
	engine, _, err := j.plan.engine(d.Path)
	if err != nil {
		panic(err) // begin has looked at every place before
	}
	base, configured, err := j.usual.engine(d.Path)
	if err != nil {
		panic(err)
	}
	off := map[string]bool{} // by the configuration
	for _, e := range base.Effective() {
		off[e.Rule.Code] = !e.On && e.OnFrom != ""
	}
	mended := func(all []model.Finding) []model.Finding {
		return j.usual.keep(engine, configured, d, slices.DeleteFunc(slices.Clone(all), func(f model.Finding) bool { return !j.chosen[f.Rule] || off[f.Rule] }))
	}
	opt := j.options
	opt.Layouts = j.plan.layouts(d.Path)
	read := func(data []byte) (model.Document, error) {
		return parser.Parse(j.ctx, parser.Source{Path: d.Path, Data: data}, opt)
	}
	result, err := fix.Document(j.ctx, d, d.Source, engine, mended, read)
	if err != nil {
		return model.Mended{Path: d.Path, Format: d.Format, Status: d.Status}
	}
	return result
}

func (j *fixJob) write(w report.MendedWriter, m model.Mended) error {
	if m.Copy != nil && !j.flags.diff {
		target, refused := j.target(m.Path)
		if refused != nil {
			j.refused = refused
		} else if target != "" {
			if err := j.put(target, m.Copy); err != nil {
				return err
			}
			m.Target = target
		}
	}
	j.pending = j.pending || len(m.Changes) > 0 && m.Target == ""
	return w.Add(m)
}

func (j *fixJob) put(target string, data []byte) error {
	if isFolder(j.flags.output) {
		if err := os.MkdirAll(j.flags.output, 0o777); err != nil {
			return err
		}
	}
	return j.writeWhole(target, data)
}

// target is where the copy of a file goes; "" for one without a place of its
// own, such as an archive's entry.
func (j *fixJob) target(path string) (string, error) {
	switch out := j.flags.output; {
	case isFolder(out):
		return filepath.Join(out, j.names(path)), nil
	case out != "":
		return out, nil
	}
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return "", j.usage("%s 在压缩包里或来自标准输入，改正后的文件没有地方放；请用 -o 文件夹/", "%s comes from an archive or standard input, so its copy has no place; use -o DIR/", path)
	}
	if j.flags.inPlace {
		return path, nil
	}
	ext := filepath.Ext(path)
	target := strings.TrimSuffix(path, ext) + correctedSuffix + ext
	if _, err := os.Lstat(target); err == nil {
		return "", j.usage("%s 已经有了，没有覆盖；请先删除或改名，或用 -o 另写一处", "%s is there already and was not overwritten; remove it, or write elsewhere with -o", target)
	}
	return target, nil
}

// correctedSuffix ends the name of a corrected copy, before its extension.
const correctedSuffix = "-已修正"
