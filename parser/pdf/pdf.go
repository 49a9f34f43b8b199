// Package pdf reads a PDF's pages as glyphs and rules (ruling lines). A
// library supplies the file's objects behind a small interface; the content
// streams are interpreted here.
package pdf

import (
	"context"
	"errors"
	"fmt"

	"perfgoal/model"
)

// Options say how to read a PDF.
type Options struct {
	Engine   string // "" or "auto", "pdfcpu", "ledongthuc"
	Password string
}

// Budgets bound what a file may make the reader do; an over-run makes the
// file unreadable. They lie far above what real documents need.
const (
	maxDecoded   = 64 << 20 // bytes one stream may decode to
	maxNesting   = 64       // arrays and dictionaries within each other
	maxFormDepth = 24       // form XObjects within each other
	maxOperators = 20 << 20 // content-stream operators of a page
	maxForms     = 50_000   // form XObjects drawn on a page
	maxGlyphs    = 2 << 20  // glyphs of a page
	maxPages     = 20_000
)

// Engines are the selectable object layers.
var Engines = []string{"auto", "pdfcpu", "ledongthuc"}

// Wordings of what makes a PDF unreadable.
var (
	textLocked = model.Text{
		Zh: "文件设有打开密码，无法读取；请提供不加密的文件，或用 --password-file（环境变量 PERFGOAL_PASSWORD）给出密码",
		En: "the file needs a password to open; provide it unencrypted, or give the password with --password-file or PERFGOAL_PASSWORD",
	}
	textDamaged = model.Text{
		Zh: "文件已损坏，无法读取（{detail}）；请重新导出或重新下载后再试",
		En: "the file is damaged and cannot be read ({detail}); export or download it again",
	}
	textScan = model.Text{
		Zh: "文件是扫描件或图片（{pages} 页都没有文字层），无法读取；请先做文字识别（OCR），或改用原软件导出的 PDF",
		En: "the file is a scan or images (none of its {pages} pages has a text layer); run OCR first, or export the PDF from the original program",
	}
	textGarbled = model.Text{
		Zh: "文件里的文字无法还原（字体没有带 Unicode 对照，{unknown} / {all} 个字符读不出来）；请用原软件重新导出 PDF，并选择“嵌入字体”",
		En: "the text cannot be recovered (fonts carry no way to Unicode; {unknown} of {all} characters are unreadable); export the PDF again with embedded fonts",
	}
	textBudget = model.Text{
		Zh: "文件超出读取限额（{detail}），疑似损坏或恶意文件，未继续读取",
		En: "the file exceeds the reading limits ({detail}); it looks damaged or hostile and was not read further",
	}
	textUnsupported = model.Text{
		Zh: "选定的 PDF 引擎 {engine} 不支持这个文件（{detail}）；请改用 --pdf-engine auto",
		En: "the chosen PDF engine {engine} does not support this file ({detail}); use --pdf-engine auto",
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
	l, err := open(ctx, data, opt.Password)
	var over budgetError
	switch {
	case errors.As(err, &over):
		return nil, problem(CodeBudget, textBudget, model.Args{"detail": over.Error()}, err)
	case errors.Is(err, errUnsupported):
		return nil, problem(CodeEngine, textUnsupported, model.Args{"engine": engine, "detail": detail(err)}, err)
	case errors.Is(err, errLocked):
		return nil, problem(CodeLocked, textLocked, nil, err)
	case err != nil:
		return nil, problem(CodeDamaged, textDamaged, model.Args{"detail": detail(err)}, err)
	}
	f := &File{Engine: engine, inner: newFile(l)}
	f.list = f.inner.pages(maxPages)
	if len(f.list) == 0 {
		return nil, problem(CodeDamaged, textDamaged, model.Args{"detail": "找不到页面 / no pages"}, errNoPages)
	}
	return f, nil
}

// layers are the object layers by name.
var layers = map[string]func(ctx context.Context, data []byte, password string) (layer, error){
	"pdfcpu":     openCPU,
	"ledongthuc": openLedongthuc,
}

// detail is an error's text, shortened for a message.
func detail(err error) string {
	s := []rune(err.Error())
	if len(s) > 80 {
		s = append(s[:80], '…')
	}
	return string(s)
}

// NumPages returns the number of pages.
func (f *File) NumPages() int { return len(f.list) }

// Page reads page i (0-based). The error is a *model.Problem for an exceeded
// budget, or the context's.
func (f *File) Page(ctx context.Context, i int) (p Page, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = problem(CodeDamaged, textDamaged, model.Args{"detail": fmt.Sprintf("第 %d 页: %v", i+1, r)}, nil)
		}
	}()
	p, err = f.inner.readPage(ctx, f.list[i])
	p.Number = i + 1
	var over budgetError
	if errors.As(err, &over) {
		err = problem(CodeBudget, textBudget, model.Args{"detail": fmt.Sprintf("第 %d 页: %s", i+1, over)}, err)
	}
	return p, err
}

// Totals sum up what pages hold, to judge whether a text can be trusted.
type Totals struct {
	Pages   int
	Glyphs  int // all but white space
	Unknown int // without a way to Unicode, or decoded to garbage
}

// Add counts a page in.
func (t *Totals) Add(p *Page) {
	t.Pages++
	for i := range p.Glyphs {
		g := &p.Glyphs[i]
		if g.Rune == ' ' {
			continue
		}
		t.Glyphs++
		if garbage(g.Rune) {
			t.Unknown++
		}
	}
}

// garbage says whether a character cannot be the text of a document: the
// replacement character, control and private-use characters.
func garbage(r rune) bool {
	return r == 0xfffd || r == 0 || r < 0x20 || r >= 0x7f && r < 0xa0 || r >= 0xe000 && r <= 0xf8ff || r >= 0xf0000 || r >= 0xfdd0 && r <= 0xfdef
}

// Judge returns why the text of a file cannot be trusted, nil when it can: no
// text at all, or more than one character in twenty without meaning.
func (t *Totals) Judge() error {
	switch {
	case t.Glyphs < 3*t.Pages && t.Glyphs < 20:
		return problem(CodeNoText, textScan, model.Args{"pages": fmt.Sprint(t.Pages)}, nil)
	case t.Unknown*20 > t.Glyphs:
		return problem(CodeGarbled, textGarbled, model.Args{"unknown": fmt.Sprint(t.Unknown), "all": fmt.Sprint(t.Glyphs)}, nil)
	}
	return nil
}
