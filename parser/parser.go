// Package parser is the only door from bytes to a document: it detects what
// an input is, reads it, rebuilds its tables and puts the forms together.
package parser

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"perfgoal/internal/meanwhile"
	"perfgoal/model"
	"perfgoal/parser/book"
	"perfgoal/parser/form"
	"perfgoal/parser/grid"
	"perfgoal/parser/ocr"
	"perfgoal/parser/pdf"
	"perfgoal/parser/text"
)

// Source is one input, read whole.
type Source struct {
	Path string // as shown to the user
	// Data must not be changed any more: documents may hold parts of it.
	Data []byte
	// Before is how many lines stand before Data, where it is a piece of a
	// larger file of forms.
	Before int
}

// Options say how to read. The zero value is the default.
type Options struct {
	KeepTables bool // keep the rebuilt cells in Document.Tables
	// Each, when set, is handed every form as soon as it was read, with what
	// is known of its document; the document returned holds no forms, and
	// memory does not grow with their number.
	Each     func(*model.Document, model.Form)
	KeepText bool          // keep the running text in Document.Text
	Engine   string        // PDF engine: "" or "auto", "pdfcpu", "ledongthuc", "pdfium"
	Limits   pdf.Limits    // what a file may make the reader do; zero values are the defaults
	NoCache  bool          // keep nothing in the user's cache folder
	Layouts  *form.Layouts // nil for those that the program comes with
	Password string        // for locked PDFs
	Timeout  time.Duration // per input; 0 means DefaultTimeout
	Spent    time.Duration // of Timeout, on getting the input
	Jobs     int           // pages read at once; 0 means all cores
	// OCR reads pages without text from their pictures; Progress, when set, is
	// told of every page so read.
	OCR      bool
	Progress func(page, pages int)
	settle   func(*model.Form) // what is left to do on each form of a scan
	// around, when set, keeps what a book says around its forms, which is being
	// read at the same time.
	around func(*model.Document)
}

// DefaultTimeout bounds the reading of one input.
const DefaultTimeout = 60 * time.Second

// ocrTimeout bounds it where pages are read from their pictures, which takes
// some seconds each.
const ocrTimeout = 10 * time.Minute

// Limit is how long reading may take.
func (o Options) Limit() time.Duration {
	switch {
	case o.Timeout > 0:
		return o.Timeout
	case o.OCR:
		return ocrTimeout
	}
	return DefaultTimeout
}

// maxText bounds a text, in bytes, unless Options.Limits.FileSize does: forms
// without pictures and fonts take some 5 KB each, and what is read of them
// stays in memory until the whole is checked.
const maxText = 64 << 20

// Wordings of problems that are not one reader's own.
var (
	textEmpty       = model.Text{Zh: "文件是空的，没有内容可读；请检查是否上传或保存完整", En: "the file is empty; check that it was saved or uploaded completely"}
	textUnsupported = model.Text{Zh: "不能直接读取这种格式：{kind_zh}；{advice_zh}", En: "this format is not read directly: {kind_en}; {advice_en}"}
	textMisnamed    = model.Text{Zh: "文件扩展名是 .pdf，但内容是别的格式：{kind_zh}；{advice_zh}", En: "the file is named .pdf, but its content is of another format: {kind_en}; {advice_en}"}
	textNotPDF      = model.Text{Zh: "文件扩展名是 .pdf，但内容不是 PDF；请重新导出", En: "the file is named .pdf but its content is not PDF; export it again"}
	textScattered   = model.Text{Zh: "这是按页面版式用空格排出来的文本，表格单元格已被拆散，无法可靠还原；请直接用原来的 PDF", En: "this text is a page's layout drawn with spaces, in which table cells have fallen apart; use the original PDF instead"}
	textTooLarge    = model.Text{Zh: "文本太大（{size} MiB，上限 {limit} MiB），没有读取；请拆成几个文件，或用 --max-file-size 放宽上限", En: "the text is too large ({size} MiB, the limit is {limit} MiB) and was not read; split it, or raise the limit with --max-file-size"}
	textDisordered  = model.Text{Zh: "这是从页面上转换来的文本，表格单元格的次序已经打乱，无法可靠还原；请直接用原来的 PDF 或表格文件", En: "this text was converted from pages, and its table cells are no longer in order; use the original PDF or spreadsheet instead"}
	textNoForm      = model.Text{Zh: "可以读取，但其中没有找到项目支出绩效目标申报表", En: "it could be read, but no performance-target declaration was found in it"}
	textBook        = model.Text{Zh: "是预算文本，其中没有找到项目支出绩效目标申报表，只核对了文字说明（项目经费情况说明{narratives}处，编报绩效目标的统计{statements}处）", En: "a budget book without performance-target declarations; only its text was checked (sections on projects: {narratives}, statements of how many have targets: {statements})"}
	textCutOff      = model.Text{Zh: "表格比纸宽，被页面边缘切开，无法可靠地拼接；请调整打印缩放（把所有列打印在一页宽），重新导出", En: "the form is wider than the page, whose edge cuts it, and cannot be put together for certain; scale it to one page's width and export it again"}
	textTimeout     = model.Text{Zh: "读取超过时限（{limit}）；请用 --timeout 放宽时限，或把文件拆小", En: "reading took longer than the limit ({limit}); raise it with --timeout or split the file"}
	textInternal    = model.Text{Zh: "读取时发生内部错误（{detail}）；请把这个文件反馈给开发者", En: "an internal error occurred while reading ({detail}); please report this file"}
)

// textPiece words the doubt of indicators that stand between forms.
var textPiece = model.Text{Zh: "这里有绩效指标，但没有表头，不知道属于哪张表，没有采用；可能缺页或页序错乱，请对照原件", En: "indicators stand here without the head of a form, and it is not known which form they belong to; a page may be missing or out of its place; look at the original"}

// textInstead words what stands in the place of a declaration.
var textInstead = map[string]model.Text{
	"self-evaluation": {Zh: "这是绩效自评表（有实际完成值、得分），不是绩效目标申报表，没有检查", En: "this is a self-evaluation (it has achieved values and scores), not a declaration; it was not checked"},
	"blank-template":  {Zh: "这是没有填写的空白模板，没有检查；请提交填好的申报表", En: "this is a template that was not filled in; submit the completed declaration"},
	"indicators-only": {Zh: "只有指标，没有项目名称、资金等表头内容，不是完整的申报表，没有检查；请提交完整的表", En: "there are indicators alone, without the project's name and funding; submit the whole form"},
}

// Parse reads one input. What cannot be read is a document whose status says
// so and whose Error says why; the error returned is only the context's, when
// the caller gave up. No panic leaves it.
func Parse(ctx context.Context, src Source, opt Options) (doc model.Document, err error) {
	limit := opt.Limit()
	inner, cancel := context.WithTimeout(ctx, limit-opt.Spent)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			doc = unreadable(src, doc.Format, &model.Problem{
				Code:    "internal",
				Message: model.Message{Text: textInternal, Args: model.Args{"detail": fmt.Sprint(p)}},
			})
			err = ctx.Err()
		}
	}()
	doc = parse(inner, src, opt)
	if ctx.Err() != nil {
		return doc, ctx.Err()
	}
	if doc.Error != nil && errors.Is(inner.Err(), context.DeadlineExceeded) {
		doc = timedOut(src, doc.Format, limit, inner.Err())
	}
	return doc, nil
}

func timedOut(src Source, format string, limit time.Duration, cause error) model.Document {
	return unreadable(src, format, &model.Problem{
		Code: "timeout", Message: model.Message{Text: textTimeout, Args: model.Args{"limit": limit.String()}}, Cause: cause,
	})
}

func unreadable(src Source, format string, err error) model.Document {
	var problem *model.Problem
	if !errors.As(err, &problem) {
		problem = &model.Problem{Code: "unreadable", Cause: err, Message: model.Message{
			Text: textInternal, Args: model.Args{"detail": err.Error()},
		}}
	}
	return model.Document{Path: src.Path, Format: format, Status: model.StatusUnreadable, Error: problem, Forms: []model.Form{}}
}

func problem(code string, t model.Text, args model.Args) error {
	return &model.Problem{Code: code, Message: model.Message{Text: t, Args: args}}
}

func parse(ctx context.Context, src Source, opt Options) model.Document {
	named := strings.EqualFold(filepath.Ext(src.Path), ".pdf")
	if len(bytes.TrimSpace(src.Data)) == 0 {
		return unreadable(src, "", problem("empty", textEmpty, nil))
	}
	f := Recognise(src.Data)
	code, isOffice := officeFormat(src, f.Code)
	switch {
	case f.Code == FormatPDF:
		return parsePDF(ctx, src, opt)
	case isOffice && !named:
		return parseOffice(ctx, src, code, opt)
	case f.Advice != model.Text{}:
		return unreadable(src, "", unsupported(f, named))
	case named:
		return unreadable(src, "pdf", problem("not-a-pdf", textNotPDF, nil))
	}
	return parseText(src, opt)
}

// unsupported is a format that is known but not read.
func unsupported(f Format, namedPDF bool) error {
	text := textUnsupported
	if namedPDF {
		text = textMisnamed
	}
	return problem("unsupported-format", text, model.Args{
		"kind_zh": f.Name.Zh, "kind_en": f.Name.En, "advice_zh": f.Advice.Zh, "advice_en": f.Advice.En,
	})
}

func parseText(src Source, opt Options) model.Document {
	go opt.layouts() // made at first use, and decoding does not need them
	const mib = 1 << 20
	limit := cmp.Or(opt.Limits.FileSize, maxText)
	if size := int64(len(src.Data)); size > limit {
		return unreadable(src, "text", problem(pdf.CodeBudget, textTooLarge, model.Args{
			"size": strconv.FormatInt((size+mib-1)/mib, 10), "limit": strconv.FormatInt(limit/mib, 10),
		}))
	}
	s, err := text.Decode(src.Data)
	if err != nil {
		return unreadable(src, "text", err)
	}
	doc := model.Document{Path: src.Path, Format: "text"}
	l := opt.layouts()
	if declares(s, l) {
		switch {
		case text.Scattered(s, l.IsLabel):
			return unreadable(src, "text", problem("scattered-text", textScattered, nil))
		case text.Disordered(s, l.Words()):
			return unreadable(src, "text", problem("scattered-text", textDisordered, nil))
		}
	}
	if opt.KeepText {
		doc.Text = strings.Split(strings.TrimSuffix(strings.ReplaceAll(s, "\r\n", "\n"), "\n"), "\n")
	}
	read := meanwhile.Do(func() book.Book { return book.Read(textLines(s), l.IsTitle) })
	opt.around = func(doc *model.Document) { keepBook(doc, read()) }
	tables := text.Passing
	if opt.KeepTables {
		tables = text.Tables
	}
	return finish(doc, tables(s, l.Words()), opt)
}

// declares says whether a form stands in the text: its title in a line, or,
// among the words, the label that every form has once and the heading of the
// indicators' names.
func declares(s string, l *form.Layouts) bool {
	words := l.Words()
	start, header := false, false
	for line := range strings.Lines(s) {
		if l.IsTitle(line) {
			return true
		}
		for word := range strings.FieldsSeq(line) {
			start = start || l.IsStart(word)
			header = header || words.Kind(word) == text.NameHeader
		}
		if start && header {
			return true
		}
	}
	return false
}

// inBrowser says that the page runs the program. What it leaves out the program
// that one installs has, so that the page says of a scan what that says.
const inBrowser = runtime.GOOS == "js"

func parsePDF(ctx context.Context, src Source, opt Options) model.Document {
	go opt.layouts() // made at first use, and opening takes one processor alone
	r := readPDF(ctx, src, opt)
	if r.err != nil {
		if (ocr.Available || inBrowser) && !opt.OCR && pdf.IsScan(r.err) {
			r.err = problem(pdf.CodeNoText, textScan, model.Args{"pages": strconv.Itoa(r.pages)})
		}
		d := unreadable(src, "pdf", r.err)
		d.Pages, d.Engine = r.pages, r.engine
		return d
	}
	doc := model.Document{Path: src.Path, Format: "pdf", Pages: r.pages, Engine: r.engine}
	if opt.KeepText {
		doc.Text = grid.Text(r.laid)
	}
	illegible := func() model.Document {
		d := unreadable(src, "pdf", r.totals.Illegible())
		d.Pages, d.Engine, d.Text = r.pages, r.engine, doc.Text
		return d
	}
	if grid.Cut(r.laid, opt.words()) {
		d := unreadable(src, "pdf", problem("cut-off", textCutOff, nil))
		d.Pages, d.Engine, d.Text = r.pages, r.engine, doc.Text
		return d
	}
	tables := grid.Tables(r.laid, opt.words())
	if aligned := grid.Aligned(r.laid, opt.words()); len(aligned) > 0 { // forms without borders among the others
		tables = append(withoutLinesOf(tables, aligned), aligned...)
		slices.SortStableFunc(tables, func(a, b model.Table) int { return cmp.Compare(pageOf(a), pageOf(b)) })
	}
	if r.illegible(opt.layouts(), tables) {
		return illegible()
	}
	takeBook(&doc, pageLines(r.laid), opt.layouts())
	if ocr.Available && r.scan != nil {
		doc.Straightened = r.scan.lies
		return finishScan(doc, tables, opt)
	}
	return finish(doc, slices.Values(tables), opt)
}

// withoutLinesOf leaves out of tables' captions the lines that other tables
// have taken, and tables of which nothing is left.
func withoutLinesOf(tables, others []model.Table) []model.Table {
	type stretch struct{ from, to float64 }
	taken := map[int][]stretch{} // by page, from top to bottom
	for _, t := range others {
		mine := map[int]stretch{}
		add := func(l model.Location) {
			s, there := mine[*l.Page]
			if !there {
				s = stretch{l.Box[1], l.Box[3]}
			}
			mine[*l.Page] = stretch{min(s.from, l.Box[1]), max(s.to, l.Box[3])}
		}
		for _, c := range t.Cells {
			add(c.Location)
		}
		for _, l := range t.Caption {
			add(l.Location)
		}
		for page, s := range mine {
			taken[page] = append(taken[page], s)
		}
	}
	for i := range tables {
		tables[i].Caption = slices.DeleteFunc(tables[i].Caption, func(l model.Line) bool {
			middle := (l.Location.Box[1] + l.Location.Box[3]) / 2
			return slices.ContainsFunc(taken[*l.Location.Page], func(s stretch) bool { return middle >= s.from && middle <= s.to })
		})
	}
	return slices.DeleteFunc(tables, func(t model.Table) bool {
		return len(t.Cells) == 0 && len(t.Caption) == 0 && len(t.Between) == 0 && len(t.Ignored) == 0
	})
}

// pageOf is the page that a table begins on.
func pageOf(t model.Table) int {
	for _, c := range t.Cells {
		if c.Location.Page != nil {
			return *c.Location.Page
		}
	}
	for _, l := range t.Caption {
		if l.Location.Page != nil {
			return *l.Location.Page
		}
	}
	return 0
}

// layouts are the layouts to read with.
func (o Options) layouts() *form.Layouts {
	if o.Layouts != nil {
		return o.Layouts
	}
	return form.Standard()
}

// words is the vocabulary by which tables are put together.
func (o Options) words() grid.Words {
	l := o.layouts()
	return grid.Words{Title: l.IsTitle, Label: l.IsLabel, Start: l.IsStart, Header: l.IndicatorHeader, Values: l.ValueHeader}
}

// layOut reads the pages, several at once, each into its own slot. Glyphs are
// dropped as soon as a page is laid out.
// see, when it is not nil, may change a page before.
func layOut(ctx context.Context, file pageSource, jobs int, see func(ctx context.Context, i int, p *pdf.Page) error) ([]*grid.Page, *pdf.Totals, error) {
	n := file.NumPages()
	if jobs <= 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	pages := make([]*grid.Page, n)
	sums := make([]pdf.Totals, n)
	errs := make([]error, n)
	var next atomic.Int64
	meanwhile.All(min(jobs, n), func(int) {
		for {
			i := int(next.Add(1)) - 1
			if i >= n || ctx.Err() != nil {
				return
			}
			p, err := file.Page(ctx, i)
			if err != nil {
				errs[i] = err
				cancel()
				return
			}
			if see != nil {
				if err := see(ctx, i, &p); err != nil {
					errs[i] = err
					cancel()
					return
				}
			}
			sums[i].Add(&p)
			pages[i] = grid.NewPage(&p)
			p.Recycle()
		}
	})
	totals := &pdf.Totals{}
	for i := range n {
		if err := errs[i]; err != nil && !errors.Is(err, context.Canceled) {
			return nil, nil, err
		}
		totals.Merge(&sums[i])
	}
	if err := context.Cause(ctx); err != nil {
		return nil, nil, err
	}
	return pages, totals, nil
}

// finish puts the forms together.
func finish(doc model.Document, tables iter.Seq[model.Table], opt Options) model.Document {
	doc.Status, doc.Error = model.StatusOK, nil
	if opt.KeepTables {
		doc.Tables = slices.Collect(tables)
		tables = slices.Values(doc.Tables)
	}
	takeAround := func() {
		if opt.around != nil {
			opt.around(&doc)
			opt.around = nil
		}
	}
	if opt.Each != nil { // it is told of the document, too
		takeAround()
	}
	code := ""
	var forms []*model.Form
	var last *model.Form     // kept back until it is known what follows it
	var pieces []model.Doubt // met before the first form
	hand := func() {
		if last == nil {
			return
		}
		if opt.settle != nil {
			opt.settle(last)
		}
		if len(last.Doubts) > 0 {
			doc.Status = model.StatusPartial
		}
		if opt.Each != nil {
			opt.Each(&doc, *last)
		} else {
			forms = append(forms, last)
		}
	}
	for x := range opt.layouts().Build(tables) {
		switch {
		case x.Code == form.IndicatorsOnly:
			code = x.Code
			d := model.Doubt{Code: model.UnassignedText, Message: model.Message{Text: textPiece}, Location: x.Form.Location}
			if last == nil {
				pieces = append(pieces, d)
			} else {
				last.Doubts = append(last.Doubts, d)
			}
		case x.Code != "":
			code = x.Code
		default:
			hand()
			last = &x.Form
			last.Doubts = append(last.Doubts, pieces...)
			pieces = nil
		}
	}
	hand()
	takeAround()
	doc.Forms = make([]model.Form, len(forms))
	for i, f := range forms {
		doc.Forms[i] = *f
	}
	if last == nil {
		doc.Status = model.StatusNoForm
		doc.Error = noForm(code)
		if n := len(doc.Narratives) + len(doc.Statements); n > 0 && doc.Error.Code == "no-form" {
			doc.Error.Message = model.Message{Text: textBook, Args: model.Args{"narratives": strconv.Itoa(len(doc.Narratives)), "statements": strconv.Itoa(len(doc.Statements))}}
		}
	}
	return doc
}

// noForm says why a document without declarations has none; code is what was
// found in the place of one, "" for nothing.
func noForm(code string) *model.Problem {
	t, known := textInstead[code]
	if !known {
		code, t = "no-form", textNoForm
	}
	return &model.Problem{Code: code, Message: model.Message{Text: t}}
}
