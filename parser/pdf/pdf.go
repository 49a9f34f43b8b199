// Package pdf reads a PDF's pages as glyphs and rulings (ruling lines). A
// library supplies the file's objects behind a small interface; the content
// streams are interpreted here.
package pdf

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"golang.org/x/text/encoding/simplifiedchinese"

	"perfgoal/model"
)

// Options say how to read a PDF.
type Options struct {
	Engine   string // "" or "auto", "pdfcpu", "ledongthuc"
	Password string
	Limits   Limits
}

// Limits bound what a file may make the reader do; an over-run makes the file
// unreadable (limit-exceeded). Zero means the default, which lies far above
// what real documents need.
type Limits struct {
	FileSize  int64 // bytes of the file; 512 MiB for a PDF
	Pages     int   // pages of the file; 20 000
	Decoded   int64 // bytes one stream may decode to; 64 MiB
	Total     int64 // bytes all streams of the file may decode to; 512 MiB, or 16 times its size
	Operators int   // content-stream operators of a page; 20 million
	Forms     int   // form XObjects drawn on a page; 50 000
	FormDepth int   // form XObjects within each other; 24
	Glyphs    int   // glyphs of a page; 500 000
}

// The defaults of Limits.
const (
	maxFileSize  = 512 << 20
	maxPages     = 20_000
	maxDecoded   = 64 << 20
	maxTotal     = 512 << 20
	maxOperators = 20 << 20
	maxForms     = 50_000
	maxFormDepth = 24
	maxGlyphs    = 500_000

	maxNesting = 64   // arrays and dictionaries within each other
	maxSaved   = 4096 // graphics states saved by q at once
	maxFilters = 16   // filters of a stream
)

// OrDefault puts the defaults where nothing is set.
func (l Limits) OrDefault() Limits {
	l.FileSize = cmp.Or(l.FileSize, maxFileSize)
	l.Pages = cmp.Or(l.Pages, maxPages)
	l.Decoded = cmp.Or(l.Decoded, maxDecoded)
	l.Total = cmp.Or(l.Total, maxTotal)
	l.Operators = cmp.Or(l.Operators, maxOperators)
	l.Forms = cmp.Or(l.Forms, maxForms)
	l.FormDepth = cmp.Or(l.FormDepth, maxFormDepth)
	l.Glyphs = cmp.Or(l.Glyphs, maxGlyphs)
	return l
}

// Engines are the selectable object layers; "auto" is pdfcpu.
var Engines = []string{"auto", "pdfcpu", "ledongthuc"}

// Wordings of what makes a PDF unreadable.
var (
	textLocked = model.Text{
		Zh: "文件设有打开密码，无法读取；请提供不加密的文件，或用 --password-file（环境变量 PERFGOAL_PASSWORD）给出密码",
		En: "the file needs a password to open; provide it unencrypted, or give the password with --password-file or PERFGOAL_PASSWORD",
	}
	textDamaged = model.Text{
		Zh: "文件已损坏，无法读取（{detail_zh}）；请重新导出或重新下载后再试",
		En: "the file is damaged and cannot be read ({detail_en}); export or download it again",
	}
	textScan = model.Text{
		Zh: "文件是扫描件或图片（{pages} 页都没有文字层），无法读取；请先做文字识别（OCR），或改用原软件导出的 PDF",
		En: "the file is a scan or images (none of its {pages} pages has a text layer); run OCR first, or export the PDF from the original program",
	}
	textBlank = model.Text{
		Zh: "文件 {pages} 页都没有文字，也没有图片，无法读取；请检查导出是否完整",
		En: "none of the file's {pages} pages has text or images; check that it was exported completely",
	}
	textGarbled = model.Text{
		Zh: "文件里的文字无法还原（字体没有带 Unicode 对照，{unknown} / {all} 个字符读不出来）；请用原软件重新导出 PDF，并选择“嵌入字体”",
		En: "the text cannot be recovered (fonts carry no way to Unicode; {unknown} of {all} characters are unreadable); export the PDF again with embedded fonts",
	}
	textBudget = model.Text{
		Zh: "文件超出读取限额（{detail_zh}），疑似损坏或恶意文件，未继续读取",
		En: "the file exceeds the reading limits ({detail_en}); it looks damaged or hostile and was not read further",
	}
	textUnsupported = model.Text{
		Zh: "选定的 PDF 引擎 {engine} 不支持这个文件（{detail_zh}）；请改用 --pdf-engine auto",
		En: "the chosen PDF engine {engine} does not support this file ({detail_en}); use --pdf-engine auto",
	}
	textDisputed = model.Text{
		Zh: "文件里的文字不可信（{disputed} / {all} 个字符，字体里的两处对照说的不是同一个字，文件可能已损坏）；请用原软件重新导出 PDF",
		En: "the text cannot be trusted (of {disputed} of {all} characters their fonts say two different things; the file may be damaged); export the PDF again",
	}
	textEngine = model.Text{Zh: "未知的 PDF 引擎 {engine}", En: "unknown PDF engine {engine}"}
)

// Problem codes of package pdf.
const (
	CodeLocked  = "locked"
	CodeDamaged = "damaged"
	CodeNoText  = "no-text"
	CodeGarbled = "garbled"
	CodeBudget  = "limit-exceeded"
	CodeEngine  = "engine-unsupported" // the chosen engine cannot, another may
)

// Locked is the problem of a file that another engine found locked.
func Locked(cause error) error { return problem(CodeLocked, textLocked, nil, cause) }

// Damaged is the problem of a file that another engine could not read.
func Damaged(cause error) error {
	return problem(CodeDamaged, textDamaged, internals(cause), cause)
}

// Unsupported is the problem of a file that the chosen engine cannot read
// though another one may.
func Unsupported(engine string, cause error) error {
	return problem(CodeEngine, textUnsupported, withEngine(internals(cause), engine), cause)
}

// Exceeded is the problem of a file that has more than most of something,
// which is named.
func Exceeded(what model.Text, most int) error { return overrun(exceeded(what, most)) }

func exceeded(what model.Text, most int) budgetError {
	more := fmt.Sprintf(" > %d", most)
	return budgetError{model.Text{Zh: what.Zh + more, En: what.En + more}}
}

func overrun(e budgetError) error {
	return problem(CodeBudget, textBudget, details(e.what.Zh, e.what.En), e)
}

func withEngine(args model.Args, engine string) model.Args {
	args["engine"] = engine
	return args
}

func problem(code string, t model.Text, args model.Args, cause error) *model.Problem {
	return &model.Problem{Code: code, Message: model.Message{Text: t, Args: args}, Cause: cause}
}

// File is an open PDF. Its pages may be read concurrently.
type File struct {
	Engine string // the object layer that read it
	inner  *file
	list   []pageNode
}

// Open reads the file's structure. Errors are *model.Problem.
func Open(ctx context.Context, data []byte, opt Options) (*File, error) {
	engine := opt.Engine
	if engine == "" || engine == "auto" {
		engine = "pdfcpu"
	}
	open, ok := layers[engine]
	if !ok {
		return nil, problem("bad-engine", textEngine, model.Args{"engine": engine}, nil)
	}
	limits := opt.Limits.OrDefault()
	if int64(len(data)) > limits.FileSize {
		return nil, Exceeded(model.Text{Zh: "文件字节", En: "bytes"}, int(limits.FileSize))
	}
	if revisionsLoop(data) {
		return nil, problem(CodeDamaged, textDamaged, details("各次修改的记录首尾相接", "its revisions run in a circle"), ErrLost)
	}
	if n, ok := claimedPages(data); ok && n > limits.Pages {
		return nil, Exceeded(model.Text{Zh: "页数", En: "pages"}, limits.Pages)
	}
	limits.Total = max(limits.Total, 16*int64(len(data)))
	l, err := open(ctx, data, opt.Password, limits)
	var over budgetError
	switch {
	case errors.As(err, &over):
		return nil, overrun(over)
	case errors.Is(err, errUnsupported):
		return nil, Unsupported(engine, err)
	case errors.Is(err, errLocked):
		return nil, problem(CodeLocked, textLocked, nil, err)
	case err != nil:
		return nil, problem(CodeDamaged, textDamaged, internals(err), err)
	}
	f := &File{Engine: engine, inner: newFile(l)}
	f.inner.limits = limits
	if f.inner.promisedPages() > limits.Pages {
		return nil, Exceeded(model.Text{Zh: "页数", En: "pages"}, limits.Pages)
	}
	f.list = f.inner.pages(limits.Pages + 1)
	if len(f.list) > limits.Pages {
		return nil, Exceeded(model.Text{Zh: "页数", En: "pages"}, limits.Pages)
	}
	if f.inner.lostPages || f.inner.crossed(f.list) {
		return nil, problem(CodeDamaged, textDamaged, details("缺少页面", "pages are missing"), ErrLost)
	}
	if len(f.list) == 0 {
		return nil, problem(CodeDamaged, textDamaged, details("找不到页面", "no pages"), errNoPages)
	}
	return f, nil
}

// layers are the object layers by name.
var layers = map[string]func(ctx context.Context, data []byte, password string, limits Limits) (layer, error){
	"pdfcpu":     openCPU,
	"ledongthuc": openLedongthuc,
}

// details says in both languages what is wrong.
func details(zh, en string) model.Args { return model.Args{"detail_zh": zh, "detail_en": en} }

// internals is a library's word, which only the English message hands on.
func internals(err error) model.Args { return details("内部结构无法解析", detail(err)) }

// detail is the first line of an error's text, shortened for a message.
func detail(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	s := []rune(line)
	if len(s) > 80 {
		s = append(s[:80], '…')
	}
	return string(s)
}

// HasFonts says whether there is a font in the file.
func (f *File) HasFonts() bool {
	for _, n := range f.list {
		if fonts, ok := f.inner.resolve(n.resources["Font"]).(dict); ok && len(fonts) > 0 {
			return true
		}
	}
	for _, r := range f.inner.layer.all() {
		if d, ok := f.inner.resolve(r).(dict); ok && f.inner.resolve(d["Type"]) == name("Font") {
			return true
		}
	}
	return false
}

// NumPages returns the number of pages.
func (f *File) NumPages() int { return len(f.list) }

// Page reads page i (0-based). The error is a *model.Problem for an exceeded
// budget, or the context's.
func (f *File) Page(ctx context.Context, i int) (p Page, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = problem(CodeDamaged, textDamaged, details(fmt.Sprintf("第 %d 页的内容无法解析", i+1), fmt.Sprintf("page %d: %v", i+1, r)), nil)
		}
	}()
	p, err = f.inner.readPage(ctx, f.list[i])
	p.Number = i + 1
	var over budgetError
	switch {
	case errors.As(err, &over):
		err = overrun(over)
	case errors.Is(err, ErrLost):
		err = problem(CodeDamaged, textDamaged, details(fmt.Sprintf("第 %d 页内容不完整", i+1), fmt.Sprintf("page %d is incomplete", i+1)), err)
	}
	return p, err
}

// Totals sum up what pages hold, to judge whether a text can be trusted.
type Totals struct {
	Pages   int
	Glyphs  int // all but white space
	Unknown int // without a way to Unicode, or decoded to garbage
	Images  int
	Odd     int // accented Latin letters, which wrong maps yield for punctuation
	Chinese int // unified ideographs
	Rare    int // those of them that are not among the 3755 common ones of GB 2312
	// Disputed are those of the unknown ones of which their fonts say two things.
	Disputed int
	// Doubted are the pages (1-based) on which unknown characters stand, in
	// the order they were added.
	Doubted []int
}

// Add counts a page in.
func (t *Totals) Add(p *Page) {
	t.Pages++
	t.Images += p.Images
	known := common()
	unknown := t.Unknown
	for i := range p.Glyphs {
		g := &p.Glyphs[i]
		if g.Rune == ' ' {
			continue
		}
		t.Glyphs++
		switch {
		case g.Rune >= 0x4e00 && g.Rune <= 0x9fff:
			t.Chinese++
			if !known[g.Rune-0x4e00] {
				t.Rare++
			}
		case garbage(g.Rune):
			t.Unknown++
		case g.Rune >= 0xc0 && g.Rune <= 0x24f && g.Rune != '×' && g.Rune != '÷':
			t.Odd++
		}
	}
	for i := range p.Unknown {
		if p.Unknown[i].Disputed {
			t.Disputed++
		}
	}
	if t.Unknown > unknown {
		t.Doubted = append(t.Doubted, p.Number)
	}
}

// Merge adds the counts of other pages.
func (t *Totals) Merge(o *Totals) {
	t.Pages += o.Pages
	t.Glyphs += o.Glyphs
	t.Unknown += o.Unknown
	t.Odd += o.Odd
	t.Images += o.Images
	t.Chinese += o.Chinese
	t.Rare += o.Rare
	t.Disputed += o.Disputed
	t.Doubted = append(t.Doubted, o.Doubted...)
}

// common are the 3755 ideographs of level 1 of GB 2312 (its rows 16 to 55),
// of which ordinary Chinese text consists but for one character in a hundred.
var common = sync.OnceValue(func() *[0x9fff - 0x4e00 + 1]bool {
	var t [0x9fff - 0x4e00 + 1]bool
	var level1 []byte
	for hi := byte(0xb0); hi <= 0xd7; hi++ {
		for lo := byte(0xa1); lo <= 0xfe; lo++ {
			level1 = append(level1, hi, lo)
		}
	}
	text, _ := simplifiedchinese.GBK.NewDecoder().Bytes(level1)
	for _, r := range string(text) {
		if r >= 0x4e00 && r <= 0x9fff {
			t[r-0x4e00] = true
		}
	}
	return &t
})

// Strange says whether the Chinese characters are mostly rare ones, as they
// are when a font's codes were taken for something else than they are.
func (t *Totals) Strange() bool { return t.Chinese >= 20 && t.Rare*2 > t.Chinese }

// Garbled is the problem of a text that is Strange and has none of the words
// a document would have.
func (t *Totals) Garbled() error {
	return problem(CodeGarbled, textGarbled, model.Args{"unknown": fmt.Sprint(t.Unknown + t.Rare), "all": fmt.Sprint(t.Glyphs)}, nil)
}

// Illegible is the problem of a file with forms in which unknown characters
// stand.
func (t *Totals) Illegible() error {
	if t.Disputed > 0 {
		return problem(CodeDamaged, textDisputed, model.Args{"disputed": fmt.Sprint(t.Disputed), "all": fmt.Sprint(t.Glyphs)}, nil)
	}
	return problem(CodeGarbled, textGarbled, model.Args{"unknown": fmt.Sprint(t.Unknown), "all": fmt.Sprint(t.Glyphs)}, nil)
}

// garbage says whether a character cannot be the text of a document: the
// replacement character, control and private-use characters, and what Unicode
// has no characters for.
func garbage(r rune) bool {
	return r == 0xfffd || r&0xfffe == 0xfffe || r == 0 || r < 0x20 || r >= 0x7f && r < 0xa0 || r >= 0xe000 && r <= 0xf8ff || r >= 0xf0000 || r >= 0xfdd0 && r <= 0xfdef
}

// IsScan says whether an error is that of a file of images without text.
func IsScan(err error) bool {
	var p *model.Problem
	return errors.As(err, &p) && p.Message.Text == textScan
}

// Judge returns why the text of a file cannot be trusted as a whole, nil when
// it can: no text at all, or more than one character in fifty without meaning.
// Even where it can, the pages in Doubted hold unknown characters.
func (t *Totals) Judge() error {
	switch {
	case t.Glyphs < 3*t.Pages && t.Glyphs < 20 && t.Images == 0:
		return problem(CodeNoText, textBlank, model.Args{"pages": fmt.Sprint(t.Pages)}, nil)
	case t.Glyphs < 3*t.Pages && t.Glyphs < 20:
		return problem(CodeNoText, textScan, model.Args{"pages": fmt.Sprint(t.Pages)}, nil)
	case t.Odd >= 5 && t.Odd*200 > t.Glyphs && t.Chinese*2 > t.Glyphs:
		// Chinese text strewn with ÿ and Ā: a re-distiller's wrong map.
		return problem(CodeGarbled, textGarbled, model.Args{"unknown": fmt.Sprint(t.Unknown + t.Odd), "all": fmt.Sprint(t.Glyphs)}, nil)
	case t.Unknown*50 > t.Glyphs:
		return t.Illegible()
	}
	return nil
}
