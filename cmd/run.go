package cmd

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"iter"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"perfgoal/cmd/input"
	"perfgoal/internal/meanwhile"
	"perfgoal/model"
	"perfgoal/parser"
	"perfgoal/parser/form"
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
	ocr          bool
	limits       pdf.Limits
}

type engineName string

// Bounds of what flags take.
const (
	maxJobs = 1024    // more never help
	maxMiB  = 1 << 20 // a tebibyte, for a size in MiB
)

func (f *readFlags) register(a *app, c *cobra.Command, formats string) {
	c.Flags().VarP(&outputs{&f.output, formats}, "output", "o", a.say("输出 `FORMAT[=FILE]`，可重复；格式有："+formats, "output `FORMAT[=FILE]`, repeatable; formats: "+formats))
	f.registerReading(a, c)
}

// registerReading registers the flags about reading alone.
func (f *readFlags) registerReading(a *app, c *cobra.Command) {
	f.engine = "auto"
	flags := c.Flags()
	flags.Var(&number[int]{&f.jobs, 1, maxJobs}, "jobs", a.say("同时处理 `N` 个文件（默认为处理器核数）", "how many inputs to read at once, `N` (default: all cores)"))
	flags.StringVar(&f.stdinName, "stdin-filename", "", a.say("路径为 - 时，标准输入显示的文件名 `NAME`", "`NAME` to show for standard input (-)"))
	flags.Var(&patterns{&f.exclude}, "exclude", a.say("不读与 `PATTERN` 匹配的文件或文件夹（压缩包内也算），可重复", "leave out files and folders, also in archives, that match `PATTERN`; repeatable"))
	addChoice(a, flags, &f.engine, "pdf-engine", "读 PDF 用的程序库：auto（pdfcpu，读不了时再用 pdfium）、pdfcpu、ledongthuc 或 pdfium",
		"PDF library: auto (pdfcpu, then pdfium where that fails), pdfcpu, ledongthuc or pdfium", "auto", "pdfcpu", "ledongthuc", "pdfium")
	flags.StringVar(&f.passwordFile, "password-file", "", a.say("文件 `FILE` 的第一行是打开 PDF 的密码（也可用环境变量 PERFGOAL_PASSWORD）", "`FILE` whose first line is the password of locked PDFs (or set PERFGOAL_PASSWORD)"))
	flags.Var(&span{&f.timeout}, "timeout", a.say("读取和检查每个文件最多用多少时间 `DURATION`，如 30s（默认 1m0s，识别扫描件时 10m0s）", "time limit for reading each input, a `DURATION` such as 30s (default 1m0s, 10m0s with --ocr)"))
	flags.Var(&number[int64]{&f.maxSize, 1, maxMiB}, "max-file-size", a.say("文件最大 `MIB`，超过的不读（默认 PDF 512、文本 64）", "largest file to read, in `MIB` (default 512 for PDF, 64 for text)"))
	flags.Var(&number[int]{&f.maxPages, 1, 0}, "max-pages", a.say("PDF 最多 `N` 页，超过的不读（默认 20000）", "most pages of a PDF, `N`; one that has more is not read (default 20000)"))
	flags.BoolVar(&f.noCache, "no-cache", false, a.say("不在用户缓存文件夹里保存任何东西", "keep nothing in the user's cache folder"))
	flags.BoolVar(&f.ocr, "ocr", false, a.say("识别扫描件（每页约 1 至 3 秒）；看不清的格子一律存疑，不猜", "read scans (some 1 to 3 seconds a page); cells that are not certain are doubted, never guessed"))
	// What hardly anyone needs to change.
	flags.Var(&number[int64]{&f.limits.Decoded, 1, 0}, "max-stream-bytes", a.say("PDF 内一个数据流解压后最多 `BYTES` 字节", "most `BYTES` one stream of a PDF may decode to"))
	flags.Var(&number[int64]{&f.limits.Total, 1, 0}, "max-decoded-bytes", a.say("一个 PDF 全部数据流解压后最多 `BYTES` 字节", "most `BYTES` all streams of a PDF may decode to"))
	flags.Var(&number[int]{&f.limits.Operators, 1, 0}, "max-operators", a.say("PDF 一页最多 `N` 个绘图操作", "most operators of a PDF page, `N`"))
	flags.Var(&number[int]{&f.limits.Glyphs, 1, 0}, "max-glyphs", a.say("PDF 一页最多 `N` 个字符", "most glyphs of a PDF page, `N`"))
	flags.Var(&number[int]{&f.limits.FormDepth, 1, 0}, "max-form-depth", a.say("PDF 图形最多嵌套 `N` 层", "how deep forms of a PDF may nest, `N`"))
	for _, exotic := range []string{"max-stream-bytes", "max-decoded-bytes", "max-operators", "max-glyphs", "max-form-depth"} {
		flags.Lookup(exotic).Hidden = true
	}
}

// options turns the flags into the parser's options.
func (f *readFlags) options(a *app) (parser.Options, error) {
	opt := parser.Options{Engine: string(f.engine), Timeout: f.timeout, Password: os.Getenv("PERFGOAL_PASSWORD"), Limits: f.limits, NoCache: f.noCache, OCR: f.ocr}
	opt.Limits.Pages, opt.Limits.FileSize = f.maxPages, f.maxSize<<20
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

// setup is how a command reads and where its results go.
type setup[W any] struct {
	outputs []target[W]
	options parser.Options
	reading reading
	report  report.Options
	own     []string // files that the command goes by, such as a manifest
	noForm  bool     // a document without a declaration, or with doubts, is no failure
	keep    keep
	// pictures are to be made of the pages of PDFs, for the outputs that show
	// them.
	pictures bool
}

// keep is what of an input its document carries on.
type keep struct {
	digest bool // Document.Digest
	source bool // Document.Source
}

// job is what a command does with the documents of a run. Only work is called
// by several goroutines at once.
type job[W, R any] interface {
	// begin sees the places before any is read, and returns the
	// configurations that hold for them.
	begin(places []input.Place, o *report.Options) (configurations []string, err error)
	// work turns a document into a result, with the forms only where some
	// output shows them.
	work(d *model.Document, forms bool) R
	// take sees every result once, in input order.
	take(R)
	// write hands a result to a writer.
	write(W, R) error
	// end says what is left once all is read, if anything is.
	end(*report.End) (R, bool)
}

// plainJob is the part of a job that many have nothing to do in.
type plainJob[R any] struct{}

func (plainJob[R]) take(R)                              {}
func (plainJob[R]) end(*report.End) (none R, more bool) { return none, false }

// done is one input's way through the pipeline.
type done[R any] struct {
	result  R
	skipped bool // the run was interrupted before it
	problem *model.Problem
	path    string
	status  model.Status
}

// find resolves the paths of a command. own are the files that it goes by,
// such as a manifest; outputs are those that it writes.
func (f *readFlags) find(a *app, paths, own, outputs []string) (*input.Set, error) {
	ours, written := statAll(own), a.written(outputs)
	set, err := input.Find(paths, input.Options{Stdin: a.in, StdinName: f.stdinName, Exclude: f.exclude, Timeout: cmp.Or(f.timeout, parser.DefaultTimeout),
		Own: func(path string, named bool) bool {
			if named { // unless it is the report that is to be written anew
				return sameFile(path, written) >= 0 && report.IsOutput(path)
			}
			if i := sameFile(path, written); i == len(outputs) && written[i].Size() == 0 {
				return true // the shell has made it for the report
			}
			return sameFile(path, ours) >= 0 || report.IsOutput(path)
		}})
	if bad := new(input.PatternError); errors.As(err, &bad) {
		return nil, a.usage("通配符“%s”写得不对", "bad pattern %q", bad.Pattern)
	}
	return set, err
}

// workers is how many documents are worked on at once.
func (f *readFlags) workers() int {
	if f.jobs == 0 {
		return runtime.GOMAXPROCS(0)
	}
	return f.jobs
}

// run reads the inputs at the paths, puts them through a job and writes the
// outputs. It leaves the exit status in a.
func run[W interface{ Close(report.End) error }, R any](ctx context.Context, a *app, f *readFlags, paths []string, s setup[W], j job[W, R]) error {
	if len(paths) == 0 {
		return a.usage("没有指定要读的文件或文件夹（读标准输入请写 -）", "no PATH given (use - for standard input)")
	}
	own := append(s.own, f.passwordFile)
	set, err := f.find(a, paths, own, files(s.outputs))
	if err != nil {
		return err
	}
	configurations, err := j.begin(set.Places, &s.report)
	if err != nil {
		return err
	}
	if err := a.spare(files(s.outputs), set.Places, append(own, configurations...)); err != nil {
		return err
	}
	s.report.Many = set.Many()
	s.report.Warn = a.warn
	s.report.Annotate = func(source []byte, marks []model.Mark) ([]byte, error) {
		return pdf.Annotate(ctx, source, marks, s.options.Limits)
	}
	if s.pictures {
		s.report.Pictures = func(source []byte, pages []int) ([]model.Picture, error) {
			return pdf.Pictures(ctx, source, pages, pdf.Options{Limits: s.options.Limits, Password: s.options.Password})
		}
	}
	if err := checkFolders(a, s.outputs, set, own); err != nil {
		return err
	}
	s.keep.source = s.pictures || slices.ContainsFunc(s.outputs, func(t target[W]) bool { return t.format.Source })
	s.options.Jobs = f.workers()
	if s.report.Many {
		s.options.Jobs = 1 // the cores are busy with whole documents
	}
	out, err := open(a, s.outputs, s.report)
	if err != nil {
		return err
	}
	defer out.discard()

	var writing error
	if !s.report.Many && streams(s.outputs) {
		// One input, and every output takes form by form: none is kept.
		s.options.Each = func(d *model.Document, form model.Form) {
			for _, w := range out.writers {
				if writer, ok := any(w).(report.FormWriter); ok && writing == nil {
					writing = writer.AddForm(d, form)
				}
			}
		}
	}
	forms := slices.ContainsFunc(s.outputs, func(t target[W]) bool { return t.format.Forms })
	work := func(d *model.Document) R { return j.work(d, forms) }
	bar := a.newProgress(set)
	end := report.End{}
	unread := false
	err = pipeline(ctx, set.Sources(ctx), f.workers(), func(in input.Source) []done[R] {
		return process(ctx, in, bar.watch(s.reading.options(s.options, in.Path), in.Path), s.keep, work)
	},
		func(list []done[R]) error {
			for _, d := range list {
				if d.skipped {
					end.Interrupted = true
					return nil
				}
				switch {
				case d.status == model.StatusUnreadable, d.status == model.StatusNoForm && !s.noForm:
					unread = true
					if !namesUnread(a, s.outputs) {
						a.warn(d.path, d.problem)
					}
				case d.status == model.StatusPartial && !s.noForm: // the report tells its doubts
					unread = true
				}
				j.take(d.result)
				for _, w := range out.writers {
					if err := j.write(w, d.result); err != nil {
						return err
					}
				}
			}
			if err := out.flush(); err != nil {
				return err
			}
			bar.step()
			return nil
		})
	bar.end()
	if err == nil {
		err = writing
	}
	if err != nil {
		return a.writeError(err)
	}
	if end.Interrupted = end.Interrupted || ctx.Err() != nil; end.Interrupted {
		a.line.interrupted()
	}
	if r, more := j.end(&end); more {
		j.take(r)
		for _, w := range out.writers {
			if err := j.write(w, r); err != nil {
				return a.writeError(err)
			}
		}
	}
	for _, w := range out.writers {
		if err := w.Close(end); err != nil {
			return a.writeError(err)
		}
	}
	if err := out.finish(); err != nil {
		return a.writeError(err)
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

// reading is how documents are read by where they stand, as configurations
// say.
type reading struct {
	layouts func(path string) *form.Layouts // to read a document with; nil for the standard ones
	ocr     func(path string) bool          // whether to read scans; nil for only where the flag says so
}

// options are those for a document at a place.
func (r reading) options(opt parser.Options, path string) parser.Options {
	if r.layouts != nil {
		opt.Layouts = r.layouts(path)
	}
	opt.OCR = opt.OCR || r.ocr != nil && r.ocr(path)
	return opt
}

// streams says whether there are outputs and every one takes form by form.
func streams[W any](list []target[W]) bool {
	return len(list) > 0 && !slices.ContainsFunc(list, func(t target[W]) bool { return !t.format.Streams })
}

// process reads and parses one input and does the job's work on it, or on
// each document where the input holds forms that were parsed before. A fault
// of the program is that document's problem; the others go on.
func process[R any](ctx context.Context, in input.Source, opt parser.Options, keep keep, work func(*model.Document) R) (list []done[R]) {
	doc := model.Document{Path: in.Path, Status: model.StatusUnreadable}
	defer func() {
		if fault := recover(); fault != nil {
			doc.Error = internalFault(fault)
			list = []done[R]{guarded(&doc, work)}
		}
	}()
	if ctx.Err() != nil {
		return []done[R]{{skipped: true}}
	}
	limit, start := opt.Limit(), time.Now()
	data, p, ok := input.Await(ctx, limit, in.Read)
	opt.Timeout, opt.Spent = limit, time.Since(start)
	src := parser.Source{Path: in.Path, Data: data}
	digest := ""
	if keep.digest && data != nil {
		sum := sha256.Sum256(data)
		digest = string(sum[:])
	}
	if each := opt.Each; each != nil {
		opt.Each = func(d *model.Document, f model.Form) {
			d.Digest = digest
			each(d, f)
		}
	}
	switch {
	case !ok:
		return []done[R]{{skipped: true}}
	case p != nil:
		doc.Error = p
	case in.Lines || parser.IsForms(data):
		src.Before = in.Before
		var all []done[R]
		for d := range parser.Forms(ctx, src, opt) {
			all = append(all, guarded(&d, work))
		}
		if ctx.Err() != nil {
			return []done[R]{{skipped: true}}
		}
		return all
	default:
		parsed, err := parser.Parse(ctx, src, opt)
		if err != nil {
			return []done[R]{{skipped: true}}
		}
		doc = parsed
	}
	doc.Digest = digest
	if keep.source {
		doc.Source = data
	}
	return []done[R]{guarded(&doc, work)}
}

// guarded does the job's work on a document; a fault in it makes the document
// unreadable.
func guarded[R any](doc *model.Document, work func(*model.Document) R) (d done[R]) {
	defer func() {
		if fault := recover(); fault != nil {
			doc := model.Document{Path: doc.Path, Status: model.StatusUnreadable, Error: internalFault(fault)}
			d = done[R]{result: work(&doc), path: doc.Path, status: doc.Status, problem: doc.Error}
		}
	}()
	return done[R]{result: work(doc), path: doc.Path, status: doc.Status, problem: doc.Error}
}

func internalFault(fault any) *model.Problem {
	return &model.Problem{Code: "internal-fault", Message: model.Message{Text: model.Text{
		Zh: "处理这个文件时程序出错（{cause}），其余文件不受影响；请把这个文件反馈给开发者",
		En: "the program failed on this input ({cause}), the others are not affected; please report it",
	}, Args: model.Args{"cause": fmt.Sprint(fault)}}}
}

// pipeline works on the inputs with so many workers and emits the results in
// input order. A slot a worker keeps the order; their number bounds what is in
// memory, whatever the number of inputs.
func pipeline[R any](ctx context.Context, inputs iter.Seq[input.Source], workers int, work func(input.Source) R, emit func(R) error) error {
	type task struct {
		in   input.Source
		slot chan<- R
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	tasks := make(chan task)
	order := make(chan (<-chan R), 2*workers)
	listed := meanwhile.Do(func() (none struct{}) {
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
		return
	})
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
	listed() // or its fault
	return failed
}

// warn says what an input lacks: that it could not be read, or has no copy.
func (a *app) warn(path string, p *model.Problem) {
	if p == nil {
		return
	}
	why := report.Printable(path) + a.say("：", ": ") + report.Printable(p.Message.In(a.lang))
	if a.told != nil {
		a.told(why)
		return
	}
	fmt.Fprintf(a.err, "perfgoal: %s\n", why)
}

// namesUnread says whether the user sees the unread inputs in the report
// itself, because it is for people and goes to a terminal.
func namesUnread[W any](a *app, list []target[W]) bool {
	if _, ok := terminal(a.out); !ok {
		return false
	}
	return slices.ContainsFunc(list, func(t target[W]) bool { return t.file == "" && t.format.NamesUnread })
}
