package parser

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"perfgoal/internal/lazy"
	"perfgoal/internal/zh"
	"perfgoal/model"
	"perfgoal/parser/form"
	"perfgoal/parser/pdf"
	"perfgoal/parser/pdfium"
	"perfgoal/parser/scan"
)

// Wordings of scans that cannot be read.
var (
	textScan = model.Text{
		Zh: "文件是扫描件或图片（{pages} 页都没有文字层），没有读取；加 --ocr 可以识别（看不清的格子一律存疑），或改用原软件导出的 PDF",
		En: "the file is a scan or images (none of its {pages} pages has a text layer) and was not read; --ocr reads it, doubting what is not certain, or export the PDF from the original program",
	}
	textCoarse = model.Text{
		Zh: "扫描件第 {page} 页的分辨率太低（约 {dpi} dpi），小字和符号分不清，没有读取；请用 300 dpi 重新扫描（至少 200 dpi）",
		En: "page {page} of the scan is too coarse (about {dpi} dpi) to tell small print and signs apart, and was not read; scan it again at 300 dpi (200 at least)",
	}
	textBlurred = model.Text{
		Zh: "扫描件第 {page} 页大部分看不清（{doubted} / {all} 处），整份没有采用；请放平、对齐后用 300 dpi 重新扫描，或改用原软件导出的 PDF",
		En: "most of page {page} of the scan could not be read for certain ({doubted} of {all} texts), so nothing was taken; scan it again at 300 dpi, flat and straight, or export the PDF from the original program",
	}
	textNoPicture = model.Text{
		Zh: "扫描件第 {page} 页的图像无法解码，没有读取；请重新扫描，或改用原软件导出的 PDF",
		En: "the picture of page {page} of the scan cannot be decoded; scan it again, or export the PDF from the original program",
	}
)

// Problem codes of scans.
const (
	codeCoarse  = "scan-too-coarse"
	codeBlurred = "scan-unclear"
)

// renderDPI is the resolution in which a page is drawn whose pictures cannot be
// taken as they are.
const renderDPI = 300

// fewestGlyphs is how many characters a page with text has at least.
const fewestGlyphs = 3

// scanned reads the pages of a PDF that are pictures.
type scanned struct {
	src     Source
	file    *pdf.File
	opt     Options
	mu      sync.Mutex
	pages   int
	render  *pdfium.File // opened when a page needs it
	failed  error
	once    sync.Once
	restore func() // the limit of memory as it was
	lies    map[int]model.Affine
}

// pictures bounds how many pages are read from their pictures at once: each
// takes some 80 MB.
var pictures = make(chan struct{}, 2)

// room is how much memory, in bytes, may be in use before garbage is collected
// at once: pages leave a lot of it, one after another.
const room = 224 << 20

// saveMemory holds garbage down until the document is closed.
func (s *scanned) saveMemory() {
	s.once.Do(func() {
		if before := debug.SetMemoryLimit(-1); before > room {
			debug.SetMemoryLimit(room)
			s.restore = func() { debug.SetMemoryLimit(before) }
		}
	})
}

// see reads a page that is a picture in place of its text.
func (s *scanned) see(ctx context.Context, i int, p *pdf.Page) error {
	behind := scan.Behind(p)
	if p.Images == 0 || glyphsOf(p) >= fewestGlyphs && behind == nil {
		return nil
	}
	select {
	case pictures <- struct{}{}:
		defer func() { <-pictures }()
	case <-ctx.Done():
		return ctx.Err()
	}
	s.saveMemory()
	picture, err := s.file.Picture(p)
	if errors.Is(err, pdf.ErrPicture) {
		picture, err = s.drawn(ctx, i, p)
	}
	if err != nil {
		return err
	}
	jobs := s.opt.Jobs
	if jobs <= 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	if s.file.NumPages() > 1 { // the cores are busy with whole pages
		jobs = 1
	}
	r, err := scan.Read(ctx, p, picture, jobs)
	switch {
	case err != nil:
		return err
	case r.Coarse:
		return problem(codeCoarse, textCoarse, model.Args{"page": strconv.Itoa(p.Number), "dpi": fmt.Sprintf("%.0f", r.DPI)})
	}
	if !r.Turned { // else they do not lie where it was read
		scan.Compare(&r.Page, behind)
	}
	p.Recycle()
	*p = r.Page
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Lies != nil {
		if s.lies == nil {
			s.lies = map[int]model.Affine{}
		}
		s.lies[p.Number] = *r.Lies
	}
	s.pages++
	if s.opt.Progress != nil {
		s.opt.Progress(s.pages, s.file.NumPages())
	}
	return nil
}

func glyphsOf(p *pdf.Page) int {
	n := 0
	for i := range p.Glyphs {
		if p.Glyphs[i].Rune != ' ' {
			n++
		}
	}
	return n
}

// drawn has PDFium draw a page.
func (s *scanned) drawn(ctx context.Context, i int, p *pdf.Page) (pdf.Picture, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.render == nil && s.failed == nil {
		s.render, s.failed = pdfium.Open(ctx, s.src.Data, pdfium.Options{Password: s.opt.Password, Limits: s.opt.Limits, NoCache: s.opt.NoCache})
	}
	undecoded := problem(pdf.CodeNoText, textNoPicture, model.Args{"page": strconv.Itoa(p.Number)})
	if s.failed != nil {
		return pdf.Picture{}, undecoded
	}
	img, err := s.render.Draw(ctx, i, renderDPI)
	switch {
	case ctx.Err() != nil:
		return pdf.Picture{}, ctx.Err()
	case err != nil:
		return pdf.Picture{}, undecoded
	}
	return pdf.Picture{Image: img, Turns: int(4-p.Turned) & 3, X1: p.Width, Y1: p.Height}, nil
}

func (s *scanned) close() {
	if s.restore != nil {
		s.restore()
	}
	if s.render != nil {
		s.render.Close()
	}
}

// any says whether a page was read from its picture.
func (s *scanned) any() bool { return s.pages > 0 }

// finishScan puts the forms of a scan together: labels come from the closed set
// of the layouts, figures must be written as figures are, and where most of a
// page could not be read the whole is not.
func finishScan(doc model.Document, tables []model.Table, opt Options) model.Document {
	l := opt.layouts()
	pages := map[int]*legibility{}
	blurred := false // a line above a table is unclear
	for i := range tables {
		t := &tables[i]
		settleJoined(t)
		settleLabels(t, l)
		for n := range t.Caption {
			if bare := strings.Trim(t.Caption[n].Text, grains); l.IsTitle(bare) { // beside it lie specks
				t.Caption[n].Text = bare
			}
			count(pages, t.Caption[n].Location, unclear(t.Caption[n].Location))
			blurred = blurred || unclear(t.Caption[n].Location)
		}
		for n := range t.Between {
			count(pages, t.Between[n].Location, unclear(t.Between[n].Location))
		}
		for n := range t.Cells {
			c := &t.Cells[n]
			if c.Location.Confidence == nil || c.Text == "" {
				continue
			}
			if paired := pairBrackets(c.Text); c.Doubt == nil && paired != c.Text && !strings.ContainsAny(c.Text, signs) {
				c.Text = paired
			}
			if c.Doubt == nil && (!wellWritten(c.Text) || !l.IsLabel(c.Text) && !oneWidth(c.Text)) {
				c.Doubt = lowConfidence()
			}
			count(pages, c.Location, c.Doubt != nil)
		}
	}
	if number, p := worst(pages); p != nil {
		doc.Status, doc.Forms = model.StatusUnreadable, []model.Form{}
		errors.As(problem(codeBlurred, textBlurred, model.Args{
			"page": strconv.Itoa(number), "doubted": strconv.Itoa(p.doubted), "all": strconv.Itoa(p.all),
		}), &doc.Error)
		if opt.KeepTables {
			doc.Tables = tables
		}
		return doc
	}
	opt.settle = func(f *model.Form) {
		settleForm(f, l)
		if blurred && f.Title == "" && !f.HasDoubt("title") {
			f.Doubts = append(f.Doubts, model.Doubt{Code: model.LowConfidence, Field: "title", Message: model.Message{Text: wordTitle}, Location: f.Location})
		}
	}
	return finish(doc, slices.Values(tables), opt)
}

// legibility is how many texts a page has and how many of them are doubted.
type legibility struct{ all, doubted int }

func count(pages map[int]*legibility, at model.Location, doubted bool) {
	if at.Confidence == nil || at.Page == nil {
		return
	}
	p := pages[*at.Page]
	if p == nil {
		p = &legibility{}
		pages[*at.Page] = p
	}
	p.all++
	if doubted {
		p.doubted++
	}
}

// worst is the first page of which more than half is doubted, nil where there
// is none: a form may stand on it that cannot even be told from a blank.
func worst(pages map[int]*legibility) (number int, p *legibility) {
	for _, n := range slices.Sorted(maps.Keys(pages)) {
		if 2*pages[n].doubted > pages[n].all && (pages[n].all >= fewestTexts || len(pages) == 1) {
			return n, pages[n]
		}
	}
	return 0, nil
}

// fewestTexts is how many texts a page has at least to be judged among others:
// the end of a form, or a signature, may be all there is.
const fewestTexts = 6

var (
	wordUnclear = model.Text{Zh: "扫描件这一格没有看清，没有采用；请对照原件", En: "this cell of the scan could not be read for certain, so it was not taken; look at the original"}
	wordSum     = model.Text{Zh: "从扫描件读出的合计与各项之和不符，可能有数字没看清，这几个金额都没有采用；请对照原件", En: "a total read from the scan is not the sum of its parts; a figure may have been misread, so none of them was taken; look at the original"}
	wordNoSign  = model.Text{Zh: "这一格没有读到 ≤、≥、= 之类的符号，而别的指标值有；扫描件可能没看清，没有采用，请对照原件", En: "no sign such as ≤, ≥ or = was read here where other values have one; the scan may be unclear, so it was not taken; look at the original"}
	wordLevel   = model.Text{Zh: "扫描件这一行的一级、二级指标没有看清或不相配，没有采用；请对照原件", En: "the labels of levels 1 and 2 beside this row of the scan could not be read for certain, or do not go together, so they were not taken; look at the original"}
	wordJoined  = model.Text{Zh: "扫描件这里的框线没有看全，几格可能连成了一格，没有采用；请对照原件", En: "rulings of the scan are missing here and cells may have run together, so this was not taken; look at the original"}
	wordTitle   = model.Text{Zh: "没有读出这张表的标题；扫描件表格上方有没看清的文字，请对照原件", En: "no title of this form was read, and text above a table of the scan could not be read for certain; look at the original"}
	wordNoRow   = model.Text{Zh: "扫描件这一行的三级指标没有看清，整行没有采用；请对照原件", En: "the indicator's name in this row of the scan could not be read for certain, so the row was not taken; look at the original"}
)

func lowConfidence() *model.CellDoubt {
	return &model.CellDoubt{Code: model.LowConfidence, Message: model.Message{Text: wordUnclear}}
}

// Certainties of texts that were read from a scan.
const (
	certainly = 0.9 // of a text that is taken
	alike     = 0.7 // of a label that one character tells from another label
)

// unclearText stands where something may be printed.
const unclearText = "\ufffd"

// settleJoined leaves those doubted cells that several must have run together in
// the first row they lie in, and puts an unreadable one into each of the others:
// what stands there is not known, and is not blank.
func settleJoined(t *model.Table) {
	for i := range t.Cells {
		c := t.Cells[i]
		if c.Doubt == nil || c.Doubt.Code != model.LowConfidence || c.Location.Confidence == nil || c.RowSpan < 2 || !ranTogether(t, i) {
			continue
		}
		placed := false
		for row := c.Row; row < c.Row+c.RowSpan; row++ {
			col, n := uncovered(t, c, i, row)
			switch {
			case n == 0:
			case !placed:
				placed = true
				t.Cells[i].Row, t.Cells[i].Col, t.Cells[i].RowSpan, t.Cells[i].ColSpan = row, col, 1, n
			default:
				rest := c
				rest.Row, rest.Col, rest.RowSpan, rest.ColSpan, rest.Text = row, col, 1, n, unclearText
				t.Cells = append(t.Cells, rest)
			}
		}
	}
	slices.SortStableFunc(t.Cells, func(a, b model.Cell) int { return cmp.Or(cmp.Compare(a.Row, b.Row), cmp.Compare(a.Col, b.Col)) })
}

// ranTogether says whether a cell lies around others, or reaches over more rows than
// what stands left of it does.
func ranTogether(t *model.Table, i int) bool {
	c := &t.Cells[i]
	shorter, next := false, false
	for n := range t.Cells {
		o := &t.Cells[n]
		switch {
		case n == i:
		case o.Row < c.Row+c.RowSpan && o.Row+o.RowSpan > c.Row && o.Col < c.Col+c.ColSpan && o.Col+o.ColSpan > c.Col:
			return true
		case o.Col+o.ColSpan != c.Col:
		case o.Row == c.Row:
			shorter = o.Text != "" && o.RowSpan < c.RowSpan
		case o.Row > c.Row && o.Row < c.Row+c.RowSpan:
			next = true
		}
	}
	return shorter && next
}

// uncovered are the first columns of cell i, as it was, and how many, that no
// other cell takes in a row.
func uncovered(t *model.Table, c model.Cell, i, row int) (col, n int) {
	for at := c.Col; at < c.Col+c.ColSpan; at++ {
		taken := false
		for k := range t.Cells {
			o := &t.Cells[k]
			taken = taken || k != i && row >= o.Row && row < o.Row+o.RowSpan && at >= o.Col && at < o.Col+o.ColSpan
		}
		switch {
		case !taken && n == 0:
			col, n = at, 1
		case !taken:
			n++
		case n > 0:
			return col, n
		}
	}
	return col, n
}

// grains are what specks beside a label are read as.
const grains = "\ufffd·.,，、'‘’-_~ "

// settleLabels takes doubtful cells where labels stand for the nearest label,
// at most one character away but for a speck at either end. Names and values of
// indicators are left alone.
func settleLabels(t *model.Table, l *form.Layouts) {
	nameRow, nameCol := headerOf(t, l)
	for i := range t.Cells {
		c := &t.Cells[i]
		if c.Doubt == nil || c.Doubt.Code != model.LowConfidence || c.Location.Confidence == nil ||
			nameRow >= 0 && c.Row > nameRow && c.Col >= nameCol {
			continue
		}
		text := c.Text
		if bare := strings.Trim(text, grains); bare != text && utf8.RuneCountInString(text)-utf8.RuneCountInString(bare) <= 3 && l.IsLabel(bare) {
			text = bare
		}
		label, others := l.NearestLabel(text)
		same := label != "" && l.IsLabel(text)
		switch {
		case label == "", others && (!same || *c.Location.Confidence < alike):
		case same:
			c.Text, c.Doubt = text, nil
		default:
			c.Text, c.Doubt = label, nil
		}
	}
}

// headerOf is the row of the indicators' header and the column of their names,
// -1 where there is none.
func headerOf(t *model.Table, l *form.Layouts) (row, col int) {
	for from := 0; from < len(t.Cells); {
		to := from
		var texts []string
		for to < len(t.Cells) && t.Cells[to].Row == t.Cells[from].Row {
			texts = append(texts, t.Cells[to].Text)
			to++
		}
		if n := l.IndicatorHeader(texts); n >= 0 {
			return t.Cells[from].Row, t.Cells[from+n].Col
		}
		from = to
	}
	return -1, -1
}

// figures, dates, and letters that are taken for digits.
var (
	figure    = lazy.Regexp(`[0-9][0-9.,]*`)
	wellMade  = lazy.Regexp(`^(?:(?:0|[1-9][0-9]*|[0-9]+)(?:\.[0-9]+)?|[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?)$`)
	dotted    = lazy.Regexp(`^(?:19|20)[0-9]{2}\.(?:0?[1-9]|1[0-2])(?:\.(?:0?[1-9]|[12][0-9]|3[01]))?$`)
	dated     = lazy.Regexp(`([0-9]{4})[-/年]([0-9]+)(?:[-/月]([0-9]+))?`)
	mistaken  = lazy.Regexp(`[0-9][OoQlISB|][0-9.,]|[0-9][,.][OoQlI|]|《[0-9]|[0-9]》|[0-9][:：；;][0-9]|^[-_·~'"|,.:;、，。—]+ ?[≥≤=<>0-9]|[0-9年月日]一[0-9]|(?:^|[^A-Za-z])[Il|]+(?:[^A-Za-z]|$)|[≥≤][^≥≤]*[0-9][^≥≤]*[≥≤]`)
	separated = lazy.Regexp(`[0-9]\s+[0-9.,]|[.,]\s+[0-9]`)
)

// wellWritten says whether a text's figures and dates are written as figures
// and dates are: 60.000.00 is none, nor is the 31st month.
func wellWritten(s string) bool {
	if mistaken().MatchString(s) || separated().MatchString(s) {
		return false
	}
	for _, f := range figure().FindAllString(s, -1) {
		f = strings.TrimRight(f, ".,") // an enumeration's dot, a comma behind a year
		if !wellMade().MatchString(f) && !dotted().MatchString(f) {
			return false
		}
	}
	for _, d := range dated().FindAllStringSubmatch(s, -1) {
		if len(d[2]) == len(d[1]) { // from one year to another
			continue
		}
		month, _ := strconv.Atoi(d[2])
		day, _ := strconv.Atoi(d[3])
		if month < 1 || month > 12 || d[3] != "" && (day < 1 || day > 31) {
			return false
		}
	}
	return true
}

// brackets are those that are printed in two widths, each behind its opening.
var brackets = map[rune]rune{')': '(', '）': '（', ']': '[', '］': '［', '》': '《', '】': '【'}

// signs stand in values, of which nothing is mended.
const signs = "≤≥=＝<>＜＞±~"

// pairBrackets closes brackets in the width in which they were opened, which a
// picture shows better: nothing but the end of the line stands behind many a
// closing one.
func pairBrackets(s string) string {
	closing := map[rune]rune{'(': ')', '（': '）', '[': ']', '［': '］'}
	var open []rune
	return strings.Map(func(r rune) rune {
		if _, opens := closing[r]; opens {
			open = append(open, r)
			return r
		}
		n := len(open) - 1
		if n < 0 || r != ')' && r != '）' && r != ']' && r != '］' {
			return r
		}
		want := closing[open[n]]
		open = open[:n]
		if round := r == ')' || r == '）'; round != (want == ')' || want == '）') {
			return r
		}
		return want
	}, s)
}

// oneWidth says whether brackets are closed in the width in which they were
// opened, quotation marks are closed as they were opened, and stops between
// Chinese characters are as wide as those: the two widths look alike in a
// picture.
func oneWidth(s string) bool {
	curved := strings.Count(s, "“")
	if curved != strings.Count(s, "”") || strings.Count(s, `"`)%2 == 1 || curved > 0 && strings.Contains(s, `"`) {
		return false
	}
	var open []rune
	runes := []rune(s)
	han := func(i int) bool { return i >= 0 && i < len(runes) && unicode.Is(unicode.Han, runes[i]) }
	for i, r := range runes {
		switch r {
		case '(', '（', '[', '［', '《', '【':
			open = append(open, r)
		case ')', '）', ']', '］', '》', '】':
			n := len(open) - 1
			if n >= 0 && open[n] == brackets[r] {
				open = open[:n]
			} else if n >= 0 || !numbers(runes[:i]) {
				return false
			}
		case ',', ';', '!', '?':
			if han(i-1) && han(i+1) {
				return false
			}
		}
	}
	return len(open) == 0
}

// numbers says whether a text ends in the number of an item: 1) or 一）.
func numbers(s []rune) bool {
	return len(s) > 0 && (unicode.IsDigit(s[len(s)-1]) || strings.ContainsRune("一二三四五六七八九十", s[len(s)-1]))
}

// settleForm doubts what a form's own sense says may have been misread.
func settleForm(f *model.Form, l *form.Layouts) {
	settleUnparsed(f)
	for _, field := range model.Fields {
		if field.Kind == model.FieldText && strings.HasPrefix(field.Path, "project.") &&
			f.Sources[field.Path].Location.Confidence != nil && l.HoldsFieldLabel(field.String(f)) {
			doubtField(f, field.Path, wordJoined)
		}
	}
	for _, path := range []string{"fiscal_year", "funding.unit"} {
		if from, ok := f.Sources[path]; ok && unclear(from.Location) {
			if path == "funding.unit" { // without it no amount is known
				for _, field := range model.Fields {
					if field.Kind == model.FieldMoney {
						doubtField(f, field.Path, wordUnclear)
					}
				}
				f.Funding.Items = nil
			}
			doubtField(f, path, wordUnclear)
		}
	}
	if f.FiscalYear != 0 && (f.FiscalYear < 2000 || f.FiscalYear > 2100) {
		doubtField(f, "fiscal_year", wordUnclear)
	}
	settleSum(f, "funding.project.total", "funding.project.fiscal", "funding.project.other")
	if f.Kind == model.DepartmentForm {
		settleSum(f, "funding.annual.total", "funding.annual.basic", "funding.annual.project")
	} else {
		settleSum(f, "funding.annual.total", "funding.annual.current_year_appropriation", "funding.annual.carryover", "funding.annual.own", "funding.annual.other")
	}
	settleSigns(f)
	settleLevels(f, "indicators", f.Indicators, l)
	settleLevels(f, "overall_indicators", f.OverallIndicators, l)
	settleBlanks(f, "indicators", f.Indicators)
	settleBlanks(f, "overall_indicators", f.OverallIndicators)
	settleRows(f)
	for i := range f.Doubts { // why text was not taken, where it was not clear in the first place
		if d := &f.Doubts[i]; unclear(d.Location) && (d.Code == model.UnassignedText || d.Code == model.AmbiguousText) {
			d.Code, d.Message = model.LowConfidence, model.Message{Text: wordUnclear}
		}
	}
	for i := range f.Doubts {
		f.Doubts[i].Text = legible(f.Doubts[i].Text)
	}
}

// legible is the longest stretch of a text in which every character was read:
// it can be looked for in the original.
func legible(text string) string {
	if !strings.ContainsRune(text, utf8.RuneError) {
		return text
	}
	best := ""
	for stretch := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == utf8.RuneError }) {
		if stretch = strings.TrimSpace(stretch); utf8.RuneCountInString(stretch) > utf8.RuneCountInString(best) {
			best = stretch
		}
	}
	return best
}

func unclear(at model.Location) bool { return at.Confidence != nil && *at.Confidence < certainly }

// doubtField blanks a field and says so.
func doubtField(f *model.Form, path string, word model.Text) {
	field, ok := model.FieldAt(path)
	from, printed := f.Sources[path]
	if !ok || !printed && field.String(f) == "" || f.HasDoubt(path) {
		return
	}
	text := from.Text
	if text == "" {
		text = field.String(f)
	}
	switch field.Kind {
	case model.FieldText:
		*field.Text(f) = ""
	case model.FieldYear:
		*field.Year(f) = 0
	case model.FieldDate:
		*field.Date(f) = model.Date{}
	case model.FieldMoney:
		if field.Money(f).State == model.MoneyBlank {
			return
		}
		*field.Money(f) = model.Money{}
	}
	f.Doubts = append(f.Doubts, model.Doubt{Code: model.LowConfidence, Field: path, Text: text, Message: model.Message{Text: word}, Location: from.Location})
	unbook(f, text)
}

// unbook makes a text that was booked as a value unread.
func unbook(f *model.Form, text string) {
	n := min(zh.Count(text), f.Reading.Values)
	f.Reading.Values -= n
	f.Reading.Unread += n
}

// settleUnparsed doubts what is no amount or date where one must stand.
func settleUnparsed(f *model.Form) {
	left := f.Unparsed[:0]
	for _, u := range f.Unparsed {
		if u.Location.Confidence == nil {
			left = append(left, u)
			continue
		}
		if _, ok := model.FieldAt(u.Field); ok {
			doubtField(f, u.Field, wordUnclear)
		}
		if !f.HasDoubt(u.Field) {
			f.Doubts = append(f.Doubts, model.Doubt{Code: model.LowConfidence, Field: u.Field, Text: u.Text, Message: model.Message{Text: wordUnclear}, Location: u.Location})
		}
	}
	f.Unparsed = left
	for _, field := range model.Fields {
		if d := field.Date(f); d != nil && d.Raw != "" && !d.Valid && f.Sources[field.Path].Location.Confidence != nil {
			doubtField(f, field.Path, wordUnclear)
		}
	}
}

// settleSum doubts a total and its parts where they do not add up. Parts that
// are rounded may differ by as much as their last places allow.
func settleSum(f *model.Form, total string, parts ...string) {
	of := func(path string) *model.Money {
		field, _ := model.FieldAt(path)
		return field.Money(f)
	}
	whole := of(total)
	if !whole.Valid() || f.HasDoubt(total) || f.Sources[total].Location.Confidence == nil {
		return
	}
	sum, room, n := decimal.Zero, whole.Half(), 0
	for _, p := range parts {
		if f.HasDoubt(p) {
			return
		}
		if m := of(p); m.Valid() {
			sum, room = sum.Add(m.Amount), room.Add(m.Half())
			n++
		}
	}
	for i := range f.Funding.Items {
		item := &f.Funding.Items[i]
		own := slices.ContainsFunc(parts, func(p string) bool { return item.Location.Same(f.Sources[p].Location) })
		if item.Part && !own && strings.HasPrefix(total, "funding.annual") && item.Amount.Valid() {
			sum, room = sum.Add(item.Amount.Amount), room.Add(item.Amount.Half())
		}
	}
	if n == 0 || sum.Sub(whole.Amount).Abs().LessThanOrEqual(room) {
		return
	}
	for _, p := range append([]string{total}, parts...) {
		doubtField(f, p, wordSum)
	}
}

// settleSigns doubts a figure without a sign where other values have one: the
// sign may have been cut off. A coarse ≥ reads as a 2, so that a form of none
// but figures without signs is trusted only if none of them begins so.
func settleSigns(f *model.Form) {
	for _, list := range []struct {
		name string
		rows []model.Indicator
	}{{"indicators", f.Indicators}, {"overall_indicators", f.OverallIndicators}} {
		signed := 0
		for i := range list.rows {
			if v := &list.rows[i].Value; v.Operator != model.NoOperator || v.Kind == model.KindBound && strings.HasPrefix(v.Raw, "2") {
				signed++
			}
		}
		for i := range list.rows {
			v := &list.rows[i].Value
			path := fmt.Sprintf("%s[%d].value", list.name, i)
			if signed < 1 || v.Kind != model.KindBound || v.Operator != model.NoOperator || v.Prose ||
				list.rows[i].Location.Confidence == nil || f.HasDoubt(path) {
				continue
			}
			f.Doubts = append(f.Doubts, model.Doubt{Code: model.LowConfidence, Field: path, Text: v.Raw, Message: model.Message{Text: wordNoSign}, Location: list.rows[i].Location})
			unbook(f, v.Raw)
			*v = model.Missing()
		}
	}
}

// settleLevels doubts labels of levels that are none of the layouts', that do
// not go together, or that a row has from one above it while something unclear
// stands where its own would.
func settleLevels(f *model.Form, list string, rows []model.Indicator, l *form.Layouts) {
	last := map[string]string{} // the label that was doubted on the row before
	for i := range rows {
		r := &rows[i]
		inherits := r.PrintedLevel1 == "" || r.PrintedLevel2 == ""
		if r.Location.Confidence == nil || l.LevelsFit(r.Level1, r.Level2) && !(inherits && unclearBeside(f, r.Location)) {
			clear(last)
			continue
		}
		for _, x := range []struct {
			name           string
			label, printed *string
			class          *model.Level
		}{{"level1", &r.Level1, &r.PrintedLevel1, &r.Class1}, {"level2", &r.Level2, &r.PrintedLevel2, &r.Class2}} {
			path := fmt.Sprintf("%s[%d].%s", list, i, x.name)
			if *x.label == "" || f.HasDoubt(path) {
				continue
			}
			f.Doubts = append(f.Doubts, model.Doubt{Code: model.LowConfidence, Field: path, Text: *x.label, Message: model.Message{Text: wordLevel}, Location: r.Location})
			if *x.printed != "" && last[x.name] != *x.printed { // booked once for all rows that it spans
				n := min(zh.Count(*x.printed), f.Reading.Labels)
				f.Reading.Labels -= n
				f.Reading.Unread += n
			}
			last[x.name] = *x.printed
			*x.label, *x.printed, *x.class = "", "", model.NoLevel
		}
	}
}

// settleBlanks doubts what a row lacks while text that is no field's stands in
// the row, or reaches there: it may be in that.
func settleBlanks(f *model.Form, list string, rows []model.Indicator) {
	for i := range rows {
		r := &rows[i]
		n := slices.IndexFunc(f.Doubts, func(d model.Doubt) bool { return d.Field == "" && crosses(d.Location, r.Location) })
		if n < 0 || r.Location.Confidence == nil {
			continue
		}
		for _, x := range []struct {
			name  string
			blank bool
		}{{"level1", r.Level1 == ""}, {"level2", r.Level2 == ""}, {"value", r.Value.Kind == model.KindMissing}} {
			path := fmt.Sprintf("%s[%d].%s", list, i, x.name)
			if x.blank && !f.HasDoubt(path) {
				f.Doubts = append(f.Doubts, model.Doubt{Code: model.LowConfidence, Field: path, Text: f.Doubts[n].Text, Message: model.Message{Text: wordJoined}, Location: r.Location})
			}
		}
	}
}

// unclearBeside says whether text that could not be read stands left of a row,
// or may reach there.
func unclearBeside(f *model.Form, row model.Location) bool {
	return slices.ContainsFunc(f.Doubts, func(d model.Doubt) bool { return crosses(d.Location, row) && d.Location.Box[0] < row.Box[0] })
}

// crosses says whether a box lies across the middle of a row.
func crosses(at, row model.Location) bool {
	if at.Page == nil || at.Box == nil || row.Page == nil || row.Box == nil || *at.Page != *row.Page {
		return false
	}
	middle := (row.Box[1] + row.Box[3]) / 2
	return at.Box[1] < middle && at.Box[3] > middle
}

// settleRows takes out indicators whose name was not read: which one a value is
// for is not known then. What was read of the row is doubted with it.
func settleRows(f *model.Form) {
	f.Indicators = settled(f, "indicators", f.Indicators)
	f.OverallIndicators = settled(f, "overall_indicators", f.OverallIndicators)
}

func settled(f *model.Form, name string, rows []model.Indicator) []model.Indicator {
	var kept []model.Indicator
	at := make([]int, len(rows)) // where each row is now, -1 for none
	for i := range rows {
		r := &rows[i]
		if r.Location.Confidence == nil && r.Location != (model.Location{}) || r.Level3 != "" {
			at[i] = len(kept)
			kept = append(kept, *r)
			continue
		}
		at[i] = -1
		if r.Value.Raw != "" {
			f.Doubts = append(f.Doubts, model.Doubt{Code: model.LowConfidence, Text: r.Value.Raw, Message: model.Message{Text: wordNoRow}, Location: r.Location})
			unbook(f, r.Value.Raw)
		}
	}
	if len(kept) == len(rows) {
		return rows
	}
	for i := range f.Doubts {
		d := &f.Doubts[i]
		rest, ok := strings.CutPrefix(d.Field, name+"[")
		number, rest, closed := strings.Cut(rest, "]")
		n, err := strconv.Atoi(number)
		switch {
		case !ok || !closed || err != nil || n < 0 || n >= len(at):
		case at[n] < 0:
			d.Field = ""
		default:
			d.Field = fmt.Sprintf("%s[%d]%s", name, at[n], rest)
		}
	}
	signs := f.Signs[:0]
	for _, s := range f.Signs {
		if name == "indicators" && s.Indicator >= 0 && s.Indicator < len(at) {
			if s.Indicator = at[s.Indicator]; s.Indicator < 0 {
				continue
			}
		}
		signs = append(signs, s)
	}
	f.Signs = signs
	return kept
}
