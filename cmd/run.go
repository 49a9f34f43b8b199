package cmd

import (
	"context"
	"crypto/sha256"
	"fmt"
	"iter"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"perfgoal/model"
	"perfgoal/parser"
	"perfgoal/parser/pdf"
	"perfgoal/report"
)

// readFlags are the flags of every command that reads documents.
type readFlags struct {
	output       []string
	jobs         int
	stdinName    string
	exclude      []string
	engine       engineName
	passwordFile string
	timeout      time.Duration
	maxPages     int
	maxSize      int64 // MiB
	noCache      bool
	limits       pdf.Limits
}

type engineName string

func (f *readFlags) register(a *app, c *cobra.Command, formats string) {
	f.engine = "auto"
	flags := c.Flags()
	flags.StringArrayVarP(&f.output, "output", "o", nil, a.say("输出 `FORMAT[=FILE]`，可重复；格式有："+formats, "output `FORMAT[=FILE]`, repeatable; formats: "+formats))
	flags.IntVar(&f.jobs, "jobs", 0, a.say("同时处理 `N` 个文件（默认为处理器核数）", "how many inputs to read at once, `N` (default: all cores)"))
	flags.StringVar(&f.stdinName, "stdin-filename", "", a.say("路径为 - 时，标准输入显示的文件名 `NAME`", "`NAME` to show for standard input (-)"))
	flags.StringArrayVar(&f.exclude, "exclude", nil, a.say("不读与 `PATTERN` 匹配的文件或文件夹（压缩包内也算），可重复", "leave out files and folders, also in archives, that match `PATTERN`; repeatable"))
	addChoice(a, flags, &f.engine, "pdf-engine", "读 PDF 用的程序库：auto（pdfcpu，读不了时再用 pdfium）、pdfcpu、ledongthuc 或 pdfium",
		"PDF library: auto (pdfcpu, then pdfium where that fails), pdfcpu, ledongthuc or pdfium", "auto", "pdfcpu", "ledongthuc", "pdfium")
	flags.StringVar(&f.passwordFile, "password-file", "", a.say("文件 `FILE` 的第一行是打开 PDF 的密码（也可用环境变量 PERFGOAL_PASSWORD）", "`FILE` whose first line is the password of locked PDFs (or set PERFGOAL_PASSWORD)"))
	flags.DurationVar(&f.timeout, "timeout", 0, a.say("每个文件最多用多少时间 `DURATION`，如 30s", "time limit for each input, a `DURATION` such as 30s"))
	flags.Int64Var(&f.maxSize, "max-file-size", 0, a.say("PDF 文件最大 `MIB`（默认 512）", "largest PDF to read, in `MIB` (default 512)"))
	flags.IntVar(&f.maxPages, "max-pages", 0, a.say("PDF 最多 `N` 页，超过的不读（默认 20000）", "most pages of a PDF, `N`; one that has more is not read (default 20000)"))
	flags.BoolVar(&f.noCache, "no-cache", false, a.say("不在用户缓存文件夹里保存任何东西", "keep nothing in the user's cache folder"))
	// What hardly anyone needs to change.
	flags.Int64Var(&f.limits.Decoded, "max-stream-bytes", 0, a.say("PDF 内一个数据流解压后最多 `BYTES` 字节", "most `BYTES` one stream of a PDF may decode to"))
	flags.Int64Var(&f.limits.Total, "max-decoded-bytes", 0, a.say("一个 PDF 全部数据流解压后最多 `BYTES` 字节", "most `BYTES` all streams of a PDF may decode to"))
	flags.IntVar(&f.limits.Operators, "max-operators", 0, a.say("PDF 一页最多 `N` 个绘图操作", "most operators of a PDF page, `N`"))
	flags.IntVar(&f.limits.Glyphs, "max-glyphs", 0, a.say("PDF 一页最多 `N` 个字符", "most glyphs of a PDF page, `N`"))
	flags.IntVar(&f.limits.FormDepth, "max-form-depth", 0, a.say("PDF 图形最多嵌套 `N` 层", "how deep forms of a PDF may nest, `N`"))
	for _, exotic := range []string{"max-stream-bytes", "max-decoded-bytes", "max-operators", "max-glyphs", "max-form-depth"} {
		flags.Lookup(exotic).Hidden = true
	}
}

// options turns the flags into the parser's options.
func (f *readFlags) options(a *app) (parser.Options, error) {
	opt := parser.Options{Engine: string(f.engine), Timeout: f.timeout, Password: os.Getenv("PERFGOAL_PASSWORD"), Limits: f.limits, NoCache: f.noCache}
	opt.Limits.Pages, opt.Limits.FileSize = f.maxPages, f.maxSize<<20
	switch {
	case f.jobs < 0:
		return opt, a.usage("--jobs 不能是负数", "--jobs cannot be negative")
	case f.timeout < 0:
		return opt, a.usage("--timeout 不能是负数", "--timeout cannot be negative")
	case min(f.maxSize, int64(f.maxPages), f.limits.Decoded, f.limits.Total) < 0,
		min(f.limits.Operators, f.limits.Glyphs, f.limits.FormDepth) < 0:
		return opt, a.usage("--max-… 不能是负数", "--max-… cannot be negative")
	}
	if f.passwordFile != "" {
		data, err := os.ReadFile(f.passwordFile)
		if err != nil {
			return opt, a.usage("读不了密码文件 %s：%v", "cannot read the password file %s: %v", f.passwordFile, cause(err))
		}
		line, _, _ := strings.Cut(string(data), "\n")
		opt.Password = strings.TrimRight(line, "\r")
	}
	return opt, nil
}

// job is what one command does with its inputs: work turns a document into
// what the writers take, at many at once; add hands that to the writers, in
// input order.
type job[W, R any] struct {
	formats []report.Format[W]
	options parser.Options
	report  report.Options
	work    func(d *model.Document, forms bool) R // forms: some format shows them
	add     func(W, R) error
	close   func(W, report.End) error
	inspect func(R)                                    // sees every result once, in order; for the exit status
	noForm  bool                                       // a document without a declaration, or with doubts, is no failure
	extra   func([]target[W]) []target[W]              // outputs that come with the chosen ones; may be nil
	each    func(W, *model.Document, model.Form) error // writes a form before its document is read to the end; may be nil
	last    func(*report.End) (R, bool)                // what is left to say once all is read; may be nil
	prepare func([]place, *report.Options) error       // sees the places before any is read; may be nil
	digest  bool                                       // work needs Document.Digest
	forms   bool                                       // set by run: some chosen format needs the forms
}

// done is one input's way through the pipeline.
type done[R any] struct {
	result  R
	skipped bool // the run was interrupted before it
	problem *model.Problem
	path    string
	status  model.Status
}

// run reads the inputs at the paths, puts them through a job and writes the
// outputs. It leaves the exit status in a.
func run[W, R any](ctx context.Context, a *app, f *readFlags, paths []string, j job[W, R]) error {
	if len(paths) == 0 {
		return a.usage("没有指定要读的文件或文件夹（读标准输入请写 -）", "no PATH given (use - for standard input)")
	}
	list, err := targets(a, f.output, j.formats)
	if err != nil {
		return err
	}
	if j.extra != nil {
		list = append(list, j.extra(list)...)
	}
	for _, t := range list {
		j.forms = j.forms || t.format.Forms
	}
	places, err := a.places(paths, f.exclude)
	if err != nil {
		return err
	}
	if j.prepare != nil {
		if err := j.prepare(places, &j.report); err != nil {
			return err
		}
	}
	jobs := f.jobs
	if jobs == 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	j.report.Many = len(places) > 1 || isArchive(places[0].path) || isArchive(f.stdinName)
	j.options.Jobs = jobs
	if j.report.Many {
		j.options.Jobs = 1 // the cores are busy with whole documents
	}
	out, err := open(a, list, j.report)
	if err != nil {
		return err
	}
	defer out.discard()

	var writing error
	if !j.report.Many && j.each != nil && streams(list) {
		// One input, and every output takes form by form: none is kept.
		j.options.Each = func(d *model.Document, form model.Form) {
			for _, w := range out.writers {
				if writing == nil {
					writing = j.each(w, d, form)
				}
			}
		}
	}
	bar := a.newProgress(places, j.report.Many)
	end := report.End{}
	unread := false
	err = pipeline(ctx, a.inputs(places, f.stdinName, f.exclude), jobs, func(in input) done[R] { return process(ctx, in, j) },
		func(d done[R]) error {
			if d.skipped {
				end.Interrupted = true
				return nil
			}
			bar.clear()
			switch {
			case d.status == model.StatusUnreadable, d.status == model.StatusNoForm && !j.noForm:
				unread = true
				if !namesUnread(a, list) {
					a.warn(d.path, d.problem)
				}
			case d.status == model.StatusPartial && !j.noForm: // the report tells its doubts
				unread = true
			}
			if j.inspect != nil {
				j.inspect(d.result)
			}
			for _, w := range out.writers {
				if err := j.add(w, d.result); err != nil {
					return err
				}
			}
			bar.step()
			return out.flush()
		})
	bar.clear()
	if err == nil {
		err = writing
	}
	if err != nil {
		return a.usage("写输出时出错：%v", "writing the output failed: %v", cause(err))
	}
	end.Interrupted = end.Interrupted || ctx.Err() != nil
	if j.last != nil {
		if r, ok := j.last(&end); ok {
			j.inspect(r)
			for _, w := range out.writers {
				if err := j.add(w, r); err != nil {
					return a.usage("写输出时出错：%v", "writing the output failed: %v", cause(err))
				}
			}
		}
	}
	for _, w := range out.writers {
		if err := j.close(w, end); err != nil {
			return a.usage("写输出时出错：%v", "writing the output failed: %v", cause(err))
		}
	}
	if err := out.finish(); err != nil {
		return a.usage("写输出时出错：%v", "writing the output failed: %v", cause(err))
	}
	switch {
	case end.Interrupted:
		fmt.Fprintln(a.err, a.say("perfgoal: 已中断，输出的是已完成的部分。", "perfgoal: interrupted; the output holds what was done."))
		a.status = statusInterrupted
	case unread:
		a.status = statusUnread
	}
	return nil
}

// streams says whether every chosen format takes form by form.
func streams[W any](list []target[W]) bool {
	for _, t := range list {
		if !t.format.Streams {
			return false
		}
	}
	return true
}

// process reads and parses one input and does the job's work on it.
// A fault of the program is that input's problem; the others go on.
func process[W, R any](ctx context.Context, in input, j job[W, R]) (d done[R]) {
	defer func() {
		if fault := recover(); fault != nil {
			doc := model.Document{Path: in.path, Status: model.StatusUnreadable, Error: internalFault(fault)}
			d = done[R]{result: j.work(&doc, j.forms), path: in.path, status: doc.Status, problem: doc.Error}
		}
	}()
	if ctx.Err() != nil {
		return done[R]{skipped: true}
	}
	doc := model.Document{Path: in.path, Status: model.StatusUnreadable}
	data, p, ok := readUntil(ctx, in)
	switch {
	case !ok:
		return done[R]{skipped: true}
	case p != nil:
		doc.Error = p
	default:
		parsed, err := parser.Parse(ctx, parser.Source{Path: in.path, Data: data}, j.options)
		if err != nil {
			return done[R]{skipped: true}
		}
		doc = parsed
	}
	if j.digest && data != nil {
		sum := sha256.Sum256(data)
		doc.Digest = string(sum[:])
	}
	return done[R]{result: j.work(&doc, j.forms), path: in.path, status: doc.Status, problem: doc.Error}
}

// readUntil reads an input unless the run is interrupted before it comes:
// standard input may never end.
func readUntil(ctx context.Context, in input) (data []byte, p *model.Problem, ok bool) {
	type content struct {
		data []byte
		p    *model.Problem
	}
	read := make(chan content, 1)
	go func() {
		data, p := in.read()
		read <- content{data, p}
	}()
	select {
	case c := <-read:
		return c.data, c.p, true
	case <-ctx.Done():
		return nil, nil, false
	}
}

// pipeline works on the inputs with so many workers and emits the results in
// input order. A slot a worker keeps the order; their number bounds what is in
// memory, whatever the number of inputs.
func pipeline[R any](ctx context.Context, inputs iter.Seq[input], workers int, work func(input) R, emit func(R) error) error {
	type task struct {
		in   input
		slot chan<- R
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	tasks := make(chan task)
	order := make(chan (<-chan R), 2*workers)
	go func() {
		defer close(order)
		defer close(tasks)
		for in := range inputs {
			slot := make(chan R, 1)
			select {
			case order <- slot:
			case <-ctx.Done():
				return
			}
			tasks <- task{in, slot}
		}
	}()
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for t := range tasks {
				t.slot <- work(t.in)
			}
		})
	}
	var failed error
	for slot := range order {
		r := <-slot
		if failed == nil {
			if failed = emit(r); failed != nil {
				cancel()
			}
		}
	}
	group.Wait()
	return failed
}

// warn names an input that could not be read on standard error.
func (a *app) warn(path string, p *model.Problem) {
	if p == nil {
		return
	}
	fmt.Fprintf(a.err, "perfgoal: %s%s%s\n", path, a.say("：", ": "), p.Message.In(a.lang))
}

// namesUnread says whether the user sees the unread inputs in the report
// itself, because it is for people and goes to a terminal.
func namesUnread[W any](a *app, list []target[W]) bool {
	if _, ok := terminal(a.out); !ok {
		return false
	}
	for _, t := range list {
		if t.file == "" && (t.format.Name == "text" || t.format.Name == "table") {
			return true
		}
	}
	return false
}
