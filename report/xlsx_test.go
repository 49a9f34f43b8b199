package report

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/unicode/norm"

	"perfgoal/model"
	"perfgoal/report/workbook"
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

// cellName is how Excel calls a cell, both counted from 1.
func cellName(column, row int) string {
	name, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		panic(err)
	}
	return name
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
	d.Forms[0].Sources = map[string]model.Source{"funding.project.total": {}} // its cell is blank
	book := openBook(t, lint(t, lintFormat(t, "xlsx"), options(model.Chinese), []Checked{{Path: "a.pdf", Status: model.StatusOK, Forms: 1, Document: d}}))
	rows := rowsOf(t, book, "申报表")
	seen := 0
	for column, want := range map[string]string{"年度资金总额(元)": "68000", "上年结转资金(元)": "1234567890123.45", "年度其他资金(元)": "详见附件", "项目资金总额(元)": ""} {
		for j, head := range rows[0] {
			if head != column {
				continue
			}
			seen++
			got := ""
			if j < len(rows[1]) {
				got = rows[1][j]
			}
			if got != want {
				t.Errorf("%s = %q, want %q", column, got, want)
			}
			if column == "年度资金总额(元)" {
				if shown, err := book.GetCellValue("申报表", cellName(j+1, 2)); err != nil || shown != "68,000.00" {
					t.Errorf("shown amount %q, %v", shown, err)
				}
			}
			kind, err := book.GetCellType("申报表", cellName(j+1, 2))
			if _, bad := decimal.NewFromString(want); bad == nil && (err != nil || kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber) {
				t.Errorf("%s has cell type %v, %v, want a number", column, kind, err)
			}
		}
	}
	if seen != 4 {
		t.Errorf("%d of 4 columns found in %q", seen, rows[0])
	}
}

// TestXLSXPrints renders the workbook and wants every character of every
// sheet on paper: no figure as ###, no text cut off.
func TestXLSXPrints(t *testing.T) {
	if testing.Short() {
		t.Skip("needs LibreOffice")
	}
	for _, tool := range []string{"soffice", "pdftotext"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("without %s the workbook is not rendered", tool)
		}
	}
	opt, many := manyForms(t, 43)
	huge := twoForms(t)
	for i := range huge.Forms {
		huge.Forms[i].Funding.Project.Total = money(t, "123456789012.34")
		huge.Forms[i].Project.SupervisingDepartment = strings.Repeat("澄湖区市民服务中心", 20)
	}
	huge.Path = strings.Repeat("2026年度预算申报材料/", 12) + "汇总表.pdf"
	wordy := sampleChecked(t)[0].Findings[1]
	wordy.Path, wordy.Text = huge.Path, strings.Repeat("围绕中心、服务大局，按时保质完成全年任务。", 90)
	wordy.Message = model.Message{Text: model.Text{Zh: "第一行\n" + strings.Repeat("请逐项核对后改正，", 60) + "\nfunding.annual.total"}}
	var b bytes.Buffer
	w := lintFormat(t, "xlsx").New(&b, opt)
	for _, c := range []Checked{many, {Path: huge.Path, Status: model.StatusOK, Forms: 2, Document: huge, Findings: []model.Finding{wordy}},
		{Path: "locked.pdf", Status: model.StatusUnreadable, Error: lockedProblem()}} {
		if err := w.Add(c); err != nil {
			t.Fatal(err)
		}
	}
	large := decimal.RequireFromString("98765432109.87")
	units := []UnitCompleteness{
		{Unit: "澄湖区气象台", Expected: 200000, Submitted: 199999, Missing: 1, ExpectedAmount: large, SubmittedAmount: large},
		{Unit: strings.Repeat("澄湖区重点项目建设推进工作领导小组办公室", 3), Expected: 2, Extra: 3},
	}
	if err := w.Close(End{Manifest: &Completeness{Path: strings.Repeat("应报清单", 30) + ".xlsx", Units: units}}); err != nil {
		t.Fatal(err)
	}
	text := rendered(t, b.Bytes())
	if strings.Contains(text, "##") {
		t.Errorf("figures that have no room:\n%s", text)
	}
	onPaper := runeCounts(text)
	book := openBook(t, b.Bytes())
	for _, sheet := range book.GetSheetList() {
		rows, err := book.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			for r, n := range runeCounts(strings.Join(row, "")) {
				onPaper[r] -= n
			}
		}
	}
	for r, n := range onPaper {
		if n < 0 {
			t.Errorf("%q is cut off %d times", r, -n)
		}
	}
}

// runeCounts counts characters that leave ink. Rendering may choose another
// code for the same shape.
func runeCounts(s string) map[rune]int {
	out := map[rune]int{}
	for _, r := range strings.Join(strings.Fields(norm.NFKC.String(s)), "") {
		out[r]++
	}
	return out
}

// rendered is the text of a workbook as LibreOffice prints it.
func rendered(t *testing.T, book []byte) string {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "report.xlsx")
	if err := os.WriteFile(file, book, 0o666); err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), "soffice", "-env:UserInstallation=file://"+filepath.Join(dir, "profile"),
		"--headless", "--convert-to", "pdf", "--outdir", dir, file)
	if out, err := c.CombinedOutput(); err != nil {
		t.Skipf("LibreOffice does not run here: %v\n%s", err, out)
	}
	out, err := exec.CommandContext(t.Context(), "pdftotext", filepath.Join(dir, "report.pdf"), "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// TestPackedCells wants a row that was packed to be read as it was, but for
// what is shown of numbers.
func TestPackedCells(t *testing.T) {
	rows := [][]workbook.Cell{
		{},
		{{}, {Kind: workbook.Text, Text: "甲\n乙"}, {Kind: workbook.Number, Number: -0.5}, {}},
		{{Kind: workbook.Money, Number: 1234567890123.45}, {Kind: workbook.Text, Text: strings.Repeat("长", 40000)}},
	}
	var b []byte
	for _, row := range rows {
		b = packCells(b, row)
	}
	r := bufio.NewReader(bytes.NewReader(b))
	for _, want := range rows {
		got, err := unpackCells(r, nil)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%v became %v, %v", want, got, err)
		}
	}
	whole := packCells(nil, rows[1])
	for cut := range whole {
		if got, err := unpackCells(bufio.NewReader(bytes.NewReader(whole[:cut])), nil); err == nil {
			t.Errorf("a row cut off after %d bytes became %v", cut, got)
		}
	}
}

// TestXLSXNumbers wants what no double holds to stand there as its digits.
func TestXLSXNumbers(t *testing.T) {
	for s, want := range map[string]workbook.Kind{"1" + strings.Repeat("0", 300): workbook.Number, "1" + strings.Repeat("0", 400): workbook.Text} {
		n := model.Number{Value: decimal.RequireFromString(s)}
		if c := toCell(&n); c.Kind != want || c.Text != s {
			t.Errorf("%.5s… of %d digits became %v", s, len(s), c)
		}
	}
}

// TestXLSXColumns wants the columns of a sheet to be called differently, which
// its table needs.
func TestXLSXColumns(t *testing.T) {
	for _, lang := range []model.Lang{model.Chinese, model.English} {
		o := options(lang)
		for sheet, columns := range map[string][]sheetColumn{"findings": always(o.findingColumns()...), "forms": o.formColumns(), "indicators": o.indicatorColumns()} {
			seen := map[string]bool{"": true}
			for _, c := range columns {
				if key := strings.ToLower(c.Title); seen[key] {
					t.Errorf("%s: two columns of the %s are called %q", lang, sheet, c.Title)
				} else {
					seen[key] = true
				}
			}
		}
	}
}
