package parser

import (
	"bytes"
	"context"
	"path/filepath"
	"slices"
	"strings"

	"perfgoal/model"
	"perfgoal/parser/office"
)

// officeReader reads one format of office file.
type officeReader func(context.Context, []byte, office.Options) ([]model.Table, error)

// officeReaders are the office formats that are read, by their code.
var officeReaders = map[FormatCode]officeReader{
	FormatXLSX: office.XLSX,
	FormatXLS:  office.XLS,
	FormatDOCX: office.DOCX,
	FormatHTML: office.HTML,
	FormatCSV:  office.CSV,
}

// officeFormat says whether an input is an office file that is read. Packages
// and pages are known by their content; text is comma-separated only where its
// name says so, because commas also stand in prose.
func officeFormat(src Source, recognised FormatCode) (FormatCode, bool) {
	if recognised == FormatText {
		switch ext := strings.ToLower(filepath.Ext(src.Path)); {
		case ext == ".csv":
			return FormatCSV, true
		case beginsAsPage(src.Data), holdsTable(src.Data), (ext == ".html" || ext == ".htm") && bytes.Contains(bytes.ToLower(src.Data), []byte("<t")):
			return FormatHTML, true
		}
	}
	_, ok := officeReaders[recognised]
	return recognised, ok
}

// beginsAsPage recognises a piece of a web page, as systems export it under
// the name of a workbook and browsers put it on the clipboard.
func beginsAsPage(data []byte) bool {
	const near = 512 // bytes looked at
	head := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(data[:min(len(data), near)], []byte("\xef\xbb\xbf")), " \t\r\n"))
	return slices.ContainsFunc([]string{"<table", "<head", "<meta", "<body", "<div", "<style", "<center"}, func(tag string) bool {
		rest, ok := bytes.CutPrefix(head, []byte(tag))
		return ok && len(rest) > 0 && bytes.IndexByte([]byte(" \t\r\n>/"), rest[0]) >= 0
	})
}

// holdsTable recognises a table of a web page that stands behind other text,
// as pages are copied by hand.
func holdsTable(data []byte) bool {
	const leastCells = 8
	cells := 0
	for _, tag := range []string{"<td", "<TD", "<th", "<TH"} {
		for _, end := range []string{">", " "} {
			cells += bytes.Count(data, []byte(tag+end))
		}
	}
	return cells >= leastCells && (bytes.Contains(data, []byte("<tr")) || bytes.Contains(data, []byte("<TR")))
}

func parseOffice(ctx context.Context, src Source, code FormatCode, opt Options) model.Document {
	tables, err := officeReaders[code](ctx, src.Data, office.Options{Title: opt.layouts().IsTitle})
	if err != nil {
		return unreadable(src, string(code), err)
	}
	doc := model.Document{Path: src.Path, Format: string(code)}
	if opt.KeepText {
		doc.Text = office.Text(tables)
	}
	if code == FormatDOCX || code == FormatHTML {
		office.NumberLines(tables)
		takeBook(&doc, captionLines(tables), opt.layouts())
	}
	return finish(doc, slices.Values(tables), opt)
}
