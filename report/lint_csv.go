package report

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"perfgoal/model"
)

// byteOrderMark makes Excel on Windows read a CSV file as UTF-8.
const byteOrderMark = "\ufeff"

// sheetText is text as a spreadsheet may safely open it: a cell that would
// start a formula begins with an apostrophe, and nothing steers or hides text.
func sheetText(s string) string {
	s = PrintableLines(s)
	if s != "" && strings.ContainsRune("=+-@\t\n＝＋－＠", []rune(s)[0]) {
		return "'" + s
	}
	return s
}

// lintCSV writes one finding a line, for spreadsheets.
type lintCSV struct {
	out  io.Writer
	w    *csv.Writer
	opt  Options
	head bool
}

func newLintCSV(w io.Writer, opt Options) LintWriter {
	c := csv.NewWriter(w)
	c.UseCRLF = true
	return &lintCSV{out: w, w: c, opt: opt}
}

func (l *lintCSV) header() error {
	if l.head {
		return nil
	}
	l.head = true
	if _, err := io.WriteString(l.out, byteOrderMark); err != nil {
		return err
	}
	return l.w.Write(l.opt.findingColumns())
}

// findingColumns head the columns of findingRow.
func (o Options) findingColumns() []string {
	if o.Lang == model.English {
		return []string{"file", "form", "project", "severity", "rule", "name", "message", "text", "field", "page", "line", "cell", "fingerprint"}
	}
	return []string{"文件", "表序号", "项目名称", "级别", "规则", "规则名称", "问题", "原文", "字段", "页", "行", "单元格", "指纹"}
}

func number(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

func (l *lintCSV) Add(c Checked) error {
	if err := l.header(); err != nil {
		return err
	}
	row := func(cells ...string) error {
		for i := range cells {
			cells[i] = sheetText(cells[i])
		}
		return l.w.Write(cells)
	}
	if p := l.opt.trouble(c); p != nil {
		what := l.opt.say("未检查", "not checked")
		if c.Error == nil {
			what = l.opt.say("没有读准", "not certain")
		}
		if err := row(Printable(c.Path), "", "", what, p.Code, "", p.Message.In(l.opt.Lang), "", "", "", "", "", ""); err != nil {
			return err
		}
	}
	for _, f := range c.Findings {
		if !l.opt.Lists(f) {
			continue
		}
		if err := row(Printable(f.Path), number(f.Form), Printable(f.Project), l.opt.gravity(f), f.Rule, f.Name, f.Message.In(l.opt.Lang),
			f.Text, f.Field, number(f.Location.Page), number(f.Location.Line), cellOf(f.Location), f.Fingerprint); err != nil {
			return err
		}
	}
	l.w.Flush()
	return l.w.Error()
}

func (l *lintCSV) Close(End) error {
	if err := l.header(); err != nil {
		return err
	}
	l.w.Flush()
	return l.w.Error()
}
