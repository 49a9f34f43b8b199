package parser

import (
	"iter"
	"strings"

	"perfgoal/internal/zh"
	"perfgoal/model"
	"perfgoal/parser/book"
	"perfgoal/parser/form"
	"perfgoal/parser/grid"
)

// takeBook keeps what a budget book says around its forms.
func takeBook(doc *model.Document, lines iter.Seq[book.Line], l *form.Layouts) {
	keepBook(doc, book.Read(lines, l.IsTitle))
}

func keepBook(doc *model.Document, b book.Book) {
	doc.FiscalYear, doc.Office, doc.Narratives, doc.Statements = b.FiscalYear, b.Office, b.Narratives, b.Statements
}

// pageLines is the running text of laid-out pages.
func pageLines(pages []*grid.Page) iter.Seq[book.Line] {
	return func(yield func(book.Line) bool) {
		grid.EachLine(pages, func(g grid.Line) bool {
			return yield(book.Line{Text: g.Text, Page: g.Page, Box: g.Box, Edge: g.Edge, Apart: g.Apart})
		})
	}
}

// textLines is a text's running text. Form feeds divide it into pages, whose
// first and last lines may be running headers.
func textLines(s string) iter.Seq[book.Line] {
	return func(yield func(book.Line) bool) {
		paged := strings.ContainsRune(s, '\f')
		begins := true
		n := 0
		for raw := range strings.Lines(s) {
			n++
			line := strings.TrimSuffix(raw, "\n")
			for strings.HasSuffix(line, "\r") {
				line = line[:len(line)-1]
			}
			if after, found := strings.CutPrefix(line, "\f"); found {
				line, begins = after, true
			}
			bare := zh.TrimSpace(line)
			if bare == "" || printedPageNumber(bare) {
				continue
			}
			out := book.Line{Text: line, Number: n, Edge: paged && begins}
			begins = false
			if !yield(out) {
				return
			}
		}
	}
}

// captionLines are those of a document outside its tables, which stand before
// each table as its caption.
func captionLines(tables []model.Table) iter.Seq[book.Line] {
	return func(yield func(book.Line) bool) {
		n := 0
		for i := range tables {
			for k, c := range tables[i].Caption {
				n++
				line := book.Line{Text: c.Text, Paragraph: n, Whole: true, Apart: k == 0 && i > 0}
				if c.Location.Line != nil {
					line.Number = *c.Location.Line
				}
				if !yield(line) {
					return
				}
			}
		}
	}
}

// pageWords are the words around a page's number.
const pageWords = "第页共"

// printedPageNumber recognises a page's number by the strokes or words about
// it: - 12 -, 第 3 页 共 9 页.
func printedPageNumber(s string) bool {
	if len(s) > 40 || zh.IsCommon(s, 0) && !strings.Contains(pageWords, s[:3]) {
		return false
	}
	digits := false
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits = true
		case !strings.ContainsRune(" \u3000-—–/"+pageWords, r):
			return false
		}
	}
	return digits && strings.ContainsAny(s, "-—–第")
}
