package report

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"perfgoal/model"
)

func openBook(t *testing.T, data []byte) *excelize.File {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = book.Close() })
	return book
}

func rowsOf(t *testing.T, book *excelize.File, name string) [][]string {
	t.Helper()
	rows, err := book.GetRows(name, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestXLSX(t *testing.T) {
	for name, run := range runs(t) {
		data := lint(t, lintFormat(t, "xlsx"), options(model.Chinese), run)
		if again := lint(t, lintFormat(t, "xlsx"), options(model.Chinese), run); !bytes.Equal(data, again) {
			t.Errorf("%s: not the same bytes twice", name)
		}
		book := openBook(t, data)
		if got := strings.Join(book.GetSheetList(), " "); got != "汇总 问题 申报表 指标" {
			t.Errorf("%s: sheets %s", name, got)
		}
		findings, forms, indicators := 0, 0, 0
		for _, c := range run {
			findings += len(c.Findings)
			if c.Error != nil {
				findings++
			}
			if c.Document != nil {
				forms += len(c.Document.Forms)
				for _, f := range c.Document.Forms {
					indicators += len(f.Indicators)
				}
			}
		}
		for sheet, want := range map[string]int{"问题": findings, "申报表": forms, "指标": indicators} {
			if got := len(rowsOf(t, book, sheet)) - 1; got != want {
				t.Errorf("%s: %d rows in %s, want %d", name, got, sheet, want)
			}
			panes, err := book.GetPanes(sheet)
			if err != nil || !panes.Freeze || panes.YSplit != 1 {
				t.Errorf("%s: header of %s not frozen: %+v, %v", name, sheet, panes, err)
			}
			tables, err := book.GetTables(sheet)
			if err != nil || len(tables) != 1 {
				t.Errorf("%s: no filter on %s: %v, %v", name, sheet, tables, err)
			}
			if w, err := book.GetColWidth(sheet, "A"); err != nil || w < 20 {
				t.Errorf("%s: first column of %s is %v wide, %v", name, sheet, w, err)
			}
		}
		counted := map[string]string{}
		for _, row := range rowsOf(t, book, "汇总") {
			if len(row) == 2 {
				counted[row[0]] = row[1]
			}
		}
		if counted["文件"] != fmt.Sprint(len(run)) || counted["申报表"] != fmt.Sprint(forms) {
			t.Errorf("%s: totals %v, want %d files and %d forms", name, counted, len(run), forms)
		}
		for _, sheet := range book.GetSheetList() {
			for i, row := range rowsOf(t, book, sheet) {
				for j := range row {
					if formula, err := book.GetCellFormula(sheet, cellName(j+1, i+1)); err != nil || formula != "" {
						t.Errorf("%s: %s %s holds a formula %q, %v", name, sheet, cellName(j+1, i+1), formula, err)
					}
				}
			}
		}
	}
}

// TestXLSXMoney wants amounts to be numbers that a sum can take up, exact to
// the 分, blank cells blank, and what is no amount as printed.
func TestXLSXMoney(t *testing.T) {
	d := sampleDocument(t)
	d.Forms[0].Funding.Annual.Carryover = money(t, "1234567890123.45")
	book := openBook(t, lint(t, lintFormat(t, "xlsx"), options(model.Chinese), []Checked{{Path: "a.pdf", Status: model.StatusOK, Forms: 1, Document: d}}))
	rows := rowsOf(t, book, "申报表")
	for column, want := range map[string]string{"年度资金总额(元)": "68000", "上年结转(元)": "1234567890123.45", "年度其他资金(元)": "详见附件", "项目资金总额(元)": ""} {
		for j, head := range rows[0] {
			if head != column {
				continue
			}
			got := ""
			if j < len(rows[1]) {
				got = rows[1][j]
			}
			if got != want {
				t.Errorf("%s = %q, want %q", column, got, want)
			}
			kind, err := book.GetCellType("申报表", cellName(j+1, 2))
			if _, bad := decimal.NewFromString(want); bad == nil && (err != nil || kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber) {
				t.Errorf("%s has cell type %v, %v, want a number", column, kind, err)
			}
		}
	}
	shown, err := book.GetCellValue("申报表", "K2")
	if err != nil || shown != "68,000.00" {
		t.Errorf("shown amount %q, %v", shown, err)
	}
}
