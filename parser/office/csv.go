package office

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"strings"

	"perfgoal/internal/lazy"
	"perfgoal/model"
	"perfgoal/parser/text"
)

var textBadCSV = model.Text{
	Zh: "第 {line} 行的引号不配对，逗号分隔文件（CSV）读不了；请在 Excel 或 WPS 中重新另存",
	En: "the quotes in line {line} do not match, so the comma-separated file cannot be read; save it again in Excel",
}

// CSV reads text whose cells are divided by commas, semicolons or tabs and may
// stand in quotes. A merged cell became a cell with text and blank ones, and
// nothing tells them from cells left blank; so the columns count no more than
// those of other text. The error is a *model.Problem, or the context's.
func CSV(ctx context.Context, data []byte, opt Options) ([]model.Table, error) {
	m := newMeter(ctx, opt.Limits)
	s, err := text.Decode(data)
	if err != nil {
		return nil, err
	}
	comma := divider(s)
	if first, rest, ok := strings.Cut(s, "\n"); ok && strings.HasPrefix(first, "sep=") {
		s = "\n" + rest // a line for Excel; the numbers of the others stay
	}
	for range 2 { // neighbours share the sign between them
		s = asText().ReplaceAllString(s, `$1"$2"$3`)
	}
	r := csv.NewReader(strings.NewReader(s))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = comma, -1, false, true
	var out []model.Table
	cur := model.Table{}
	flush := func() {
		if cur.Rows > 0 || len(cur.Caption) > 0 {
			cur.Geometry = model.Loose
			out = append(out, cur)
		}
		cur = model.Table{}
	}
	gap := false
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, csvProblem(err)
		}
		if err := m.addCells(len(record)); err != nil {
			return nil, err
		}
		line, _ := r.FieldPos(0)
		filled, last := 0, -1
		for i, f := range record {
			if cellText(f) != "" {
				filled++
				last = i
			}
		}
		switch {
		case filled == 0:
			if cur.Rows > 0 {
				flush()
			}
			gap = true
			continue
		case filled == 1 && last == 0:
			if cur.Rows > 0 {
				flush()
			}
			cur.Caption = append(cur.Caption, model.Line{Text: unmark(cellText(record[0])), Location: model.Location{Line: &line}})
			gap = false
			continue
		}
		if gap && len(out) > 0 && cur.Rows == 0 && len(cur.Caption) == 0 {
			cur.Breaks = append(cur.Breaks, 0)
		}
		gap = false
		for col, f := range record {
			f = cellText(f)
			if f == "" {
				continue
			}
			c := model.Cell{
				Row: cur.Rows, Col: col, RowSpan: 1, ColSpan: 1, Text: unmark(f),
				Location: model.Location{Line: &line, Cell: model.Ref{Row: cur.Rows + 1, Col: col + 1}},
			}
			if c.Text != f {
				c.Stored = f
			}
			if isErrorValue(c.Text) {
				c.Doubt = errorDoubt(c.Text, "")
			}
			cur.Cells = append(cur.Cells, c)
		}
		cur.Rows++
		cur.Cols = max(cur.Cols, len(record))
	}
	flush()
	return out, nil
}

// divider is the sign that divides most cells outside quotes.
func divider(s string) rune {
	if rest, ok := strings.CutPrefix(s, "sep="); ok && rest != "" {
		for _, r := range ",;\t" {
			if strings.HasPrefix(rest, string(r)) {
				return r
			}
		}
	}
	const near = 64 << 10 // bytes looked at
	counts := map[rune]int{}
	quoted := false
	for _, r := range s[:min(len(s), near)] {
		switch r {
		case '"':
			quoted = !quoted
		case ',', ';', '\t':
			if !quoted {
				counts[r]++
			}
		}
	}
	best := ','
	for _, r := range ";\t" {
		if counts[r] > counts[best] {
			best = r
		}
	}
	return best
}

// asText is a cell written as the formula ="0012", so that Excel does not take
// the text for a number.
var asText = lazy.Regexp(`(?m)(^|[,;\t])="([^"\r\n]*)"([,;\t\r]|$)`)

// unmark takes off the mark that does the same: '0012.
func unmark(f string) string {
	c := sheetCell{}
	c.setText(f)
	return c.text
}

// isErrorValue recognises what a workbook shows where it has no value.
func isErrorValue(s string) bool {
	switch s {
	case "#VALUE!", "#REF!", "#NAME?", "#DIV/0!", "#N/A", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA":
		return true
	}
	return false
}

func csvProblem(err error) error {
	line := "?"
	var at *csv.ParseError
	if errors.As(err, &at) {
		line = strconv.Itoa(at.Line)
	}
	return &model.Problem{Code: "damaged", Cause: err, Message: model.Message{Text: textBadCSV, Args: model.Args{"line": line}}}
}
