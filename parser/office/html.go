package office

import (
	"bytes"
	"context"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/transform"

	"perfgoal/model"
	"perfgoal/parser/text"
)

var (
	textBadPage = model.Text{Zh: "网页内容读不出来；请在浏览器中打开，另存为 PDF 后重试", En: "the page cannot be read; open it in a browser and save it as PDF"}
)

// HTML reads the tables and lines of a web page, and of the workbooks that
// systems export as one. The error is a *model.Problem, or the context's.
func HTML(ctx context.Context, data []byte, opt Options) ([]model.Table, error) {
	m := newMeter(ctx, opt.Limits)
	if int64(len(data)) > m.limits.Part {
		return nil, tooLarge("网页太大", "the page is too big")
	}
	s, err := decodePage(data)
	if err != nil {
		return nil, err
	}
	if err := countTags(m, s); err != nil {
		return nil, err
	}
	root, err := html.Parse(&watched{ctx: ctx, r: strings.NewReader(s)})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, &model.Problem{Code: "damaged", Message: model.Message{Text: textBadPage}, Cause: err}
	}
	p := &page{meter: m}
	f := &pageFlow{}
	if err := p.walk(root, f); err != nil {
		return nil, err
	}
	f.endLine()
	as := &assembly{meter: m}
	if err := as.add(f.blocks); err != nil {
		return nil, err
	}
	return as.end(p.aside), nil
}

// countTags refuses a page whose tree would take more room than there is,
// before it is built: it keeps a node of every tag and the name and value of
// every attribute.
func countTags(m *meter, page string) error {
	const ofCell = 3 // tags and attributes; a form by LibreOffice has 900, as many as 300 cells
	left := ofCell * m.limits.Cells
	if strings.Count(page, "<") > 2*left { // most tags have an end, which keeps nothing
		return tooLarge("标签太多", "too many tags")
	}
	z := html.NewTokenizer(&watched{ctx: m.ctx, r: strings.NewReader(page)})
	for {
		switch z.Next() {
		case html.ErrorToken:
			return m.ctx.Err()
		case html.StartTagToken, html.SelfClosingTagToken:
			left--
			_, more := z.TagName()
			for more {
				left--
				_, _, more = z.TagAttr()
			}
			if left < 0 {
				return tooLarge("标签太多", "too many tags")
			}
		}
	}
}

// decodePage turns a page into UTF-8. What its bytes prove goes before what
// the page says of itself.
func decodePage(data []byte) (string, error) {
	s, err := text.Decode(data)
	if err == nil && !declares(data, "big5") {
		return s, nil
	}
	if enc, name, certain := charset.DetermineEncoding(data, ""); certain && name != "utf-8" {
		if out, _, failed := transform.Bytes(enc.NewDecoder(), data); failed == nil && !bytes.ContainsRune(out, '\ufffd') {
			return string(out), nil
		}
	}
	return s, err
}

func declares(data []byte, name string) bool {
	const head = 1024 // bytes in which browsers look for it
	return bytes.Contains(bytes.ToLower(data[:min(len(data), head)]), []byte("charset="+name))
}

// page is a web page being read.
type page struct {
	meter *meter
	aside []model.Ignored
	table *node
}

// pageFlow is where lines and tables go: the body or a cell.
type pageFlow struct {
	blocks []block
	line   strings.Builder
	keep   bool // white space counts
}

func (f *pageFlow) endLine() {
	if f.line.Len() > 0 {
		f.blocks = append(f.blocks, block{line: f.line.String()})
		f.line.Reset()
	}
}

// write adds text. White space that only lays out the source is one space,
// none where Chinese text is wrapped in it.
func (f *pageFlow) write(s string) {
	if f.keep {
		lines := splitLines(s)
		for i, l := range lines {
			f.line.WriteString(l)
			if i < len(lines)-1 {
				f.endLine()
			}
		}
		return
	}
	space := false
	for _, r := range s {
		switch r {
		case ' ', '\t', '\n', '\r', '\f':
			space = true
			continue
		}
		if space && f.line.Len() > 0 {
			if last := f.line.String()[f.line.Len()-1]; last < 0x80 && last != ' ' || r < 0x80 {
				f.line.WriteByte(' ')
			}
		}
		space = false
		f.line.WriteRune(r)
	}
	if space && f.line.Len() > 0 {
		if last := f.line.String()[f.line.Len()-1]; last < 0x80 && last != ' ' {
			f.line.WriteByte(' ')
		}
	}
}

// blocks that begin and end a line.
var pageBlocks = map[atom.Atom]bool{
	atom.P: true, atom.Div: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true,
	atom.Li: true, atom.Ul: true, atom.Ol: true, atom.Dl: true, atom.Dt: true, atom.Dd: true, atom.Section: true, atom.Article: true,
	atom.Header: true, atom.Footer: true, atom.Center: true, atom.Blockquote: true, atom.Form: true, atom.Fieldset: true, atom.Hr: true,
	atom.Caption: true, atom.Main: true, atom.Aside: true, atom.Nav: true, atom.Address: true, atom.Figure: true, atom.Figcaption: true,
}

func (p *page) walk(n *html.Node, f *pageFlow) error {
	switch n.Type {
	case html.TextNode:
		f.write(n.Data)
		return nil
	case html.CommentNode, html.DoctypeNode:
		return nil
	}
	if n.Type == html.ElementNode {
		switch n.DataAtom {
		case atom.Script, atom.Style, atom.Head, atom.Template, atom.Noscript, atom.Iframe, atom.Object, atom.Svg, atom.Colgroup:
			return nil
		case atom.Br:
			f.endLine()
			return nil
		case atom.Input:
			f.write(inputText(n))
			return nil
		case atom.Select:
			f.write(chosen(n))
			return nil
		}
		if unseen(n) {
			p.hide(n)
			return nil
		}
		if n.DataAtom == atom.Table {
			f.endLine()
			return p.tbl(n, f)
		}
		if n.DataAtom == atom.Pre || n.DataAtom == atom.Textarea {
			defer func(was bool) { f.keep = was }(f.keep)
			f.keep = true
		}
	}
	starts := n.Type == html.ElementNode && pageBlocks[n.DataAtom]
	if starts {
		f.endLine()
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if err := p.walk(c, f); err != nil {
			return err
		}
	}
	if starts {
		f.endLine()
	}
	return nil
}

func value(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

// inputText is what a field of a page shows.
func inputText(n *html.Node) string {
	kind, _ := value(n, "type")
	_, checked := value(n, "checked")
	switch strings.ToLower(kind) {
	case "hidden", "button", "submit", "reset", "image", "password", "file":
		return ""
	case "checkbox":
		if checked {
			return "☑"
		}
		return "□"
	case "radio":
		if checked {
			return "●"
		}
		return "○"
	}
	v, _ := value(n, "value")
	return v
}

// chosen is the text of the options that a list shows as chosen: the first
// where none is marked.
func chosen(n *html.Node) string {
	first, out, seen := "", "", false
	for c := range n.Descendants() {
		if c.DataAtom != atom.Option {
			continue
		}
		t := trim(nodeText(c))
		if !seen {
			first, seen = t, true
		}
		if _, ok := value(c, "selected"); ok {
			out += t
		}
	}
	if out == "" {
		return first
	}
	return out
}

func nodeText(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

// unseen says whether a browser shows nothing of an element.
func unseen(n *html.Node) bool {
	if _, ok := value(n, "hidden"); ok {
		return true
	}
	style, ok := value(n, "style")
	if !ok {
		return false
	}
	style = strings.ToLower(strings.ReplaceAll(style, " ", ""))
	return strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden")
}

func (p *page) hide(n *html.Node) {
	t := strings.Join(strings.Fields(nodeText(n)), " ")
	if t == "" {
		return
	}
	if p.table != nil {
		p.table.aside = append(p.table.aside, model.Ignored{Reason: model.Hidden, Text: t, Location: model.Location{Table: p.table.number}})
		return
	}
	p.aside = append(p.aside, model.Ignored{Reason: model.Hidden, Text: t})
}

// tbl reads a table. Its caption comes before it.
func (p *page) tbl(n *html.Node, f *pageFlow) error {
	if err := p.meter.addTable(); err != nil {
		return err
	}
	t := &node{number: p.meter.tables}
	outer := p.table
	p.table = t
	defer func() { p.table = outer }()
	b := tableBuilder{node: t}
	if err := p.rows(n, &b, f); err != nil {
		return err
	}
	b.end()
	if len(t.cells) > 0 || len(t.aside) > 0 {
		f.blocks = append(f.blocks, block{table: t})
	}
	return nil
}

func (p *page) rows(n *html.Node, b *tableBuilder, f *pageFlow) error {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type != html.ElementNode:
		case unseen(c):
			p.hide(c)
		case c.DataAtom == atom.Caption:
			p.table = nil
			err := p.walk(c, f)
			p.table = b.node
			if err != nil {
				return err
			}
		case c.DataAtom == atom.Thead || c.DataAtom == atom.Tbody || c.DataAtom == atom.Tfoot:
			if err := p.rows(c, b, f); err != nil {
				return err
			}
		case c.DataAtom == atom.Tr:
			b.startRow()
			if err := p.cells(c, b); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *page) cells(tr *html.Node, b *tableBuilder) error {
	for c := tr.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom != atom.Td && c.DataAtom != atom.Th {
			continue
		}
		if unseen(c) {
			p.hide(c)
			continue
		}
		inner := &pageFlow{}
		for k := c.FirstChild; k != nil; k = k.NextSibling {
			if err := p.walk(k, inner); err != nil {
				return err
			}
		}
		inner.endLine()
		b.put(rowspan(c), span(c, "colspan"), inner.blocks)
		if b.col > widest {
			return tooLarge("列太多", "too many columns")
		}
		if len(b.node.cells) > p.meter.limits.Cells {
			return tooLarge("单元格太多", "too many cells")
		}
		if len(b.node.cells)&0xff == 0 && p.meter.ctx.Err() != nil {
			return p.meter.ctx.Err()
		}
	}
	return nil
}

func span(n *html.Node, name string) int {
	v, _ := value(n, name)
	i, err := strconv.Atoi(strings.TrimSpace(v))
	if err != nil || i < 1 {
		return 1
	}
	return min(i, widest)
}

// rowspan of 0 runs to the table's end.
func rowspan(n *html.Node) int {
	if v, _ := value(n, "rowspan"); strings.TrimSpace(v) == "0" {
		return maxRows
	}
	return span(n, "rowspan")
}
