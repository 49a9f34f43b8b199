package office

import (
	"archive/zip"
	"bytes"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"perfgoal/internal/lazy"
	"perfgoal/model"
)

// Draft is a workbook (XLSX) or Word document (DOCX) whose cells can be given
// another text. All else stays as it is: other parts byte for byte, and in
// the parts that change everything but those texts. A Draft is not safe for
// several goroutines.
type Draft struct {
	data  []byte
	meter *meter
	trace *trace
	cells map[model.Location][]int // spans that hold a cell's text, in order
	by    map[model.Location]int   // cells that refer to shared texts: index into trace.refs
	uses  map[int]int              // how many cells refer to each shared text
	own   map[model.Location][]stretch
	heads map[sheetRow][]columns
	main  string // the part of the shared texts
	book  bool
}

type sheetRow struct {
	sheet string
	row   int
}

// columns are those from one to another, both counted from 1.
type columns struct{ from, to int }

// TextNotTyped is why a cell's text is left that the program around it made.
var TextNotTyped = model.Text{
	Zh: "单元格的文字不是直接填写的（公式、域、关联数据的控件、表格的标题行、文本框、编号、拼音或特殊字体），没有改动",
	En: "the cell's text was not typed into it (a formula, a field, a control bound to data, the heading of a table, a text box, numbering, a guide to its pronunciation or a symbol font); it is left alone",
}

// Reasons why a text cannot be changed.
var (
	textSigned = model.Text{Zh: "文件有数字签名，改了签名就失效，没有改动", En: "the file is signed, and a change would break the signature; it is left alone"}
	textBroken = model.Text{Zh: "要改的地方跨了换行，没有改动", En: "a line break stands within what would change; it is left alone"}
	textCoded  = model.Text{Zh: "文件里的文字不是 UTF-8 编码，没有改动", En: "the file's text is not in UTF-8; it is left alone"}
)

// NewDraft opens a file of the format ("xlsx" or "docx"). The error is a
// *model.Problem, or the context's.
func NewDraft(ctx context.Context, data []byte, format string, opt Options) (*Draft, error) {
	d := &Draft{data: data, meter: newMeter(ctx, opt.Limits), trace: &trace{}, cells: map[model.Location][]int{}, by: map[model.Location]int{}, uses: map[int]int{}, own: map[model.Location][]stretch{}, heads: map[sheetRow][]columns{}}
	a, err := openArchive(d.meter, data)
	if err != nil {
		return nil, err
	}
	for name := range a.files {
		if strings.HasPrefix(name, "_xmlsignatures/") {
			return nil, &model.Problem{Code: "signed", Message: model.Message{Text: textSigned}}
		}
	}
	if d.book = format == "xlsx"; d.book {
		err = d.readBook(a)
	} else {
		err = d.readDocument(a)
	}
	if err != nil {
		return nil, err
	}
	for i, s := range d.trace.spans {
		if s.cell != (model.Location{}) && !d.notTyped(s.cell) {
			d.cells[s.cell] = append(d.cells[s.cell], i)
		}
	}
	for i, r := range d.trace.refs {
		d.uses[r.number]++
		if r.number >= 0 && r.number < len(d.trace.strings) && !d.notTyped(r.cell) && !d.trace.strings[r.number].spoken {
			d.by[r.cell] = i
		}
	}
	return d, nil
}

// notTyped says whether a cell's text is made by the program around it.
func (d *Draft) notTyped(at model.Location) bool {
	return d.trace.spoiled[at] || slices.ContainsFunc(d.heads[sheetRow{at.Sheet, at.Cell.Row}], func(c columns) bool {
		return c.from <= at.Cell.Col && at.Cell.Col <= c.to
	})
}

func (d *Draft) readDocument(a *archive) error {
	main, err := a.mainPart("word/document.xml")
	if err != nil {
		return err
	}
	rels, err := a.relations(main)
	if err != nil {
		return err
	}
	r := &docx{meter: d.meter, trace: d.trace}
	if r.lists, err = readLists(a, rels); err != nil {
		return err
	}
	_, err = r.part(a, main)
	return err
}

func (d *Draft) readBook(a *archive) error {
	main, err := a.mainPart("xl/workbook.xml")
	if err != nil {
		return err
	}
	w := &workbook{archive: a, meter: d.meter, trace: d.trace}
	if err := w.open(main); err != nil {
		return err
	}
	if len(d.trace.spans) > 0 {
		d.main = d.trace.spans[0].part
	}
	for _, ref := range w.sheets {
		if _, err := w.sheet(ref); err != nil {
			return err
		}
		if err := d.headings(a, ref); err != nil {
			return err
		}
	}
	return nil
}

// headings leaves the heads of a sheet's tables (those that one inserts): the
// names of their columns stand in a part of their own, too, and where the two
// differ Excel takes the file for damaged.
func (d *Draft) headings(a *archive, ref sheetRef) error {
	rels, err := a.relations(ref.part)
	if err != nil {
		return err
	}
	read := map[string]bool{}
	for _, r := range rels {
		if r.kind != "table" || read[r.target] {
			continue
		}
		read[r.target] = true
		if _, err := a.scan(r.target, func(s *scanner) error {
			return s.children(func(el element) error {
				first, last, _ := strings.Cut(attr(el, "ref"), ":")
				row, from, ok := parseRef(first)
				_, to, _ := parseRef(last)
				if !ok || row < 0 || from < 0 || attr(el, "headerRowCount") == "0" {
					return nil
				}
				at := sheetRow{ref.name, row + 1}
				d.heads[at] = append(d.heads[at], columns{from + 1, max(from, to) + 1})
				return nil
			})
		}); err != nil {
			return err
		}
	}
	return nil
}

// spans are the pieces of a cell's text: those that the draft gave it, or
// those of the file.
func (d *Draft) spans(at model.Location) []stretch {
	if s, ok := d.own[at]; ok {
		return s
	}
	var out []stretch
	if i, ok := d.by[at]; ok {
		t := d.trace.strings[d.trace.refs[i].number]
		return slices.Clone(d.trace.spans[t.spans[0]:t.spans[1]])
	}
	for _, i := range d.cells[at] {
		out = append(out, d.trace.spans[i])
	}
	return out
}

// Text is the text that a cell holds, its lines and what else stands between
// its pieces parted by \n. It is "" where the cell's text was not typed.
func (d *Draft) Text(at model.Location) string {
	var b strings.Builder
	for i, s := range d.spans(at) {
		if i > 0 && s.parted {
			b.WriteByte('\n')
		}
		b.WriteString(s.text)
	}
	return b.String()
}

// Change edits the text that Text returned. Where an edit reaches over pieces
// of different style, what it puts there takes the first one's, and joined is
// true. On an error, a *model.Problem, nothing is changed.
func (d *Draft) Change(at model.Location, edits []model.Edit) (joined bool, err error) {
	spans := slices.Clone(d.spans(at))
	if len(spans) == 0 || slices.ContainsFunc(spans, func(s stretch) bool {
		return d.book && strings.Contains(s.text, "_x") // the code of a character, which is no text
	}) {
		return false, &model.Problem{Code: "not-typed", Message: model.Message{Text: TextNotTyped}}
	}
	for _, e := range slices.Backward(edits) {
		over, err := replace(spans, e)
		if err != nil {
			return false, err
		}
		joined = joined || over
	}
	d.own[at] = spans
	return joined, nil
}

// Undo gives a cell the file's text again.
func (d *Draft) Undo() { clear(d.own) }

// replace makes one edit in the pieces of a text.
func replace(spans []stretch, e model.Edit) (joined bool, err error) {
	start, style, touched := 0, "", false
	with := e.With
	for i := range spans {
		s := &spans[i]
		if i > 0 && s.parted {
			if e.From <= start && start < e.To {
				return false, &model.Problem{Code: "broken-text", Message: model.Message{Text: textBroken}}
			}
			start++
		}
		end := start + len(s.text)
		from, to := max(e.From, start), min(e.To, end)
		size := len(s.text)
		inside := from < to || from == to && e.From == e.To && with != "" && from >= start && to <= end
		if inside {
			s.text = s.text[:from-start] + with + s.text[to-start:]
			joined = joined || touched && s.style != style
			s.changed, with, style, touched = true, "", s.style, true
		}
		start += size
	}
	return joined && e.With != "", nil
}

// patch is a change of a part's bytes.
type patch struct {
	from, to int
	with     string
}

// Bytes is the file with the changes made.
func (d *Draft) Bytes() ([]byte, error) {
	patches, err := d.patches()
	if err != nil {
		return nil, err
	}
	z, err := zip.NewReader(bytes.NewReader(d.data), int64(len(d.data)))
	if err != nil {
		return nil, damaged("压缩结构不完整", "its ZIP structure is incomplete", err)
	}
	a, err := openArchive(newMeter(d.meter.ctx, d.meter.limits), d.data)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range z.File {
		changes := patches[partName(f.Name)]
		if len(changes) == 0 {
			if err := w.Copy(f); err != nil {
				return nil, damaged("压缩内容读不出来", "a part cannot be unpacked", err)
			}
			continue
		}
		raw, err := a.bytes(f.Name)
		if err != nil {
			return nil, err
		}
		changed, err := patched(raw, changes)
		if err != nil {
			return nil, err
		}
		header := f.FileHeader
		header.Modified = time.Time{} // else the writer would add a second field for it
		to, err := w.CreateHeader(&header)
		if err != nil {
			return nil, err
		}
		if _, err := to.Write(changed); err != nil {
			return nil, err
		}
	}
	if err := w.SetComment(z.Comment); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// patched makes the changes in a part, which must be UTF-8 for their places
// to be right.
func patched(raw []byte, changes []patch) ([]byte, error) {
	text, err := toUTF8(raw)
	if err != nil {
		return nil, err
	}
	if !bytes.HasSuffix(raw, text) || len(raw)-len(text) > len("\xef\xbb\xbf") {
		return nil, &model.Problem{Code: "encoding", Message: model.Message{Text: textCoded}}
	}
	var out bytes.Buffer
	out.Write(raw[:len(raw)-len(text)])
	slices.SortFunc(changes, func(a, b patch) int { return a.from - b.from })
	at := 0
	for _, c := range changes {
		out.Write(text[at:c.from])
		out.WriteString(c.with)
		at = c.to
	}
	out.Write(text[at:])
	return out.Bytes(), nil
}

// patches are the changes of each part, by its comparable name.
func (d *Draft) patches() (map[string][]patch, error) {
	out := map[string][]patch{}
	parts := map[string][]byte{}
	a, err := openArchive(newMeter(d.meter.ctx, d.meter.limits), d.data)
	if err != nil {
		return nil, err
	}
	text := func(part string) ([]byte, error) {
		if parts[part] == nil {
			raw, err := a.bytes(part)
			if err == nil {
				raw, err = toUTF8(raw)
			}
			if err != nil {
				return nil, err
			}
			parts[part] = raw
		}
		return parts[part], nil
	}
	byNumber := map[int][]model.Location{}
	for at, spans := range d.own {
		if i, ok := d.by[at]; ok {
			n := d.trace.refs[i].number
			byNumber[n] = append(byNumber[n], at)
			continue
		}
		for _, s := range spans {
			body, err := text(s.part)
			if err != nil {
				return nil, err
			}
			out[partName(s.part)] = append(out[partName(s.part)], s.patches(body)...)
		}
	}
	if len(byNumber) == 0 {
		return out, nil
	}
	body, err := text(d.main)
	if err != nil {
		return nil, err
	}
	d.sharedPatches(body, byNumber, out)
	return out, nil
}

// sharedPatches changes shared texts: in place where every cell that refers
// to one changes alike, else by adding one for the cells that change.
func (d *Draft) sharedPatches(body []byte, byNumber map[int][]model.Location, out map[string][]patch) {
	main := partName(d.main)
	end := bytes.LastIndex(body, []byte("</"))
	count := len(d.trace.strings)
	var added strings.Builder
	numbers := make([]int, 0, len(byNumber))
	for n := range byNumber {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	for _, n := range numbers {
		cells := byNumber[n]
		slices.SortFunc(cells, func(a, b model.Location) int { return d.by[a] - d.by[b] })
		alike := !slices.ContainsFunc(cells, func(at model.Location) bool { return d.Text(at) != d.Text(cells[0]) })
		if alike && len(cells) == d.uses[n] {
			for _, s := range d.own[cells[0]] {
				out[main] = append(out[main], s.patches(body)...)
			}
			continue
		}
		made := map[string]int{}
		for _, at := range cells {
			number, ok := made[d.Text(at)]
			if !ok {
				number = count
				count++
				made[d.Text(at)] = number
				added.WriteString(d.copyOf(body, n, d.own[at]))
			}
			ref := d.trace.refs[d.by[at]]
			out[partName(ref.part)] = append(out[partName(ref.part)], patch{ref.from, ref.to, strconv.Itoa(number)})
		}
	}
	if added.Len() == 0 {
		return
	}
	out[main] = append(out[main], patch{end, end, added.String()})
	if m := uniqueCount().FindSubmatchIndex(body[:min(end, headOfStrings)]); m != nil {
		out[main] = append(out[main], patch{m[2], m[3], strconv.Itoa(count)})
	}
}

// headOfStrings is how far into the part of shared texts its first element
// reaches at most.
const headOfStrings = 4096

var uniqueCount = lazy.Regexp(`<(?:[A-Za-z0-9_]+:)?sst\b[^>]*\buniqueCount=["'](\d+)["']`)

// copyOf is the element of a shared text with other texts in its pieces.
func (d *Draft) copyOf(body []byte, number int, spans []stretch) string {
	t := d.trace.strings[number]
	start := bytes.LastIndexByte(body[:t.from], '<')
	stop := t.to
	var changes []patch
	for _, s := range spans {
		for _, c := range s.patches(body) {
			changes = append(changes, patch{c.from - start, c.to - start, c.with})
		}
	}
	out, err := patched(body[start:stop], changes)
	if err != nil {
		return string(body[start:stop])
	}
	return string(out)
}

// patches put a piece's text into its element.
func (s stretch) patches(body []byte) []patch {
	if !s.changed {
		return nil
	}
	open := bytes.LastIndexByte(body[:s.from], '<')
	tag := body[open:s.from]
	var out []patch
	if strings.TrimSpace(s.text) != s.text && !bytes.Contains(tag, []byte("xml:space")) {
		out = append(out, patch{s.from - 1, s.from - 1, ` xml:space="preserve"`})
	}
	text := escape(s.text)
	if name, _, ok := strings.Cut(string(tag[1:len(tag)-1]), ":"); ok && strings.Contains(text, "\n") && bytes.HasPrefix(tag, []byte("<"+name+":t")) && strings.HasPrefix(partName(s.part), "word/") {
		text = strings.ReplaceAll(text, "\n", "</"+name+":t><"+name+":br/><"+name+`:t xml:space="preserve">`)
	}
	return append(out, patch{s.from, s.to, text})
}

// escape writes text as XML has it.
func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}
