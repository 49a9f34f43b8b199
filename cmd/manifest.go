package cmd

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"perfgoal/cmd/input"
	"perfgoal/model"
	"perfgoal/validate"
)

// manifestColumns are the words by which a manifest's header is known, the
// more exact ones first.
var manifestColumns = [3][]string{
	{"实施单位", "预算单位", "单位名称", "单位", "主管部门", "部门", "unit"},
	{"项目名称", "项目", "project"},
	{"年度资金总额", "年度资金", "年度金额", "预算金额", "预算数", "资金", "金额", "预算", "amount"},
}

// manifestError is what is wrong with a manifest, in both languages.
type manifestError struct{ model.Text }

func (e *manifestError) Error() string { return e.Zh }

func badManifest(zh, en string, args ...any) error {
	return &manifestError{model.Text{Zh: fmt.Sprintf(zh, args...), En: fmt.Sprintf(en, args...)}}
}

// readManifest reads --manifest; what is wrong with it is a usage error.
func (a *app) readManifest(path string) (*validate.Manifest, error) {
	if path == "" {
		return nil, nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, a.usage("读不了清单 %s：%v", "cannot read the manifest %s: %v", path, cause(err))
	}
	m, err := parseManifest(path, data)
	if err != nil {
		text := model.Text{Zh: err.Error(), En: err.Error()}
		if bad := new(manifestError); errors.As(err, &bad) {
			text = bad.Text
		}
		return nil, a.usage("清单 %s：%s", "manifest %s: %s", path, text.In(a.lang))
	}
	return m, nil
}

// parseManifest reads a CSV file (UTF-8 or GB18030) or the first sheet of an
// XLSX file that has a header. Rows without unit and project are skipped; any
// other row that is not whole is an error, for a row left out would be
// reported as nothing missing.
func parseManifest(path string, data []byte) (*validate.Manifest, error) {
	rows, err := manifestRows(path, data)
	if err != nil {
		return nil, err
	}
	m := &validate.Manifest{Path: path}
	head := -1
	var at [3]int
	scale := decimal.New(1, 0)
	seen := map[[2]string]int{}
	for i, row := range rows {
		if head < 0 {
			if columns, ok := findColumns(row); ok {
				head, at = i, columns
				if at[2] >= 0 && strings.Contains(row[at[2]], "万") {
					scale = decimal.New(10_000, 0)
				}
			}
			continue
		}
		unit, project, amount := cellAt(row, at[0]), cellAt(row, at[1]), cellAt(row, at[2])
		line := i + 1
		switch {
		case unit == "" && project == "", project == "" && slices.Contains([]string{"合计", "总计", "小计", "total"}, strings.ToLower(unit)):
			continue
		case unit == "" || project == "":
			return nil, badManifest("第%d行缺单位或项目名称", "row %d lacks the unit or the project", line)
		}
		if before, twice := seen[[2]string{unit, project}]; twice {
			return nil, badManifest("第%d行与第%d行是同一单位的同一项目", "rows %d and %d are the same project of the same unit", line, before)
		}
		seen[[2]string{unit, project}] = line
		money := model.Money{Raw: amount, Scale: scale}
		if amount != "" {
			n, err := model.ParseNumber(strings.NewReplacer(",", "", "，", "", " ", "", "¥", "", "￥", "").Replace(amount))
			if err != nil {
				return nil, badManifest("第%d行的金额“%s”不是数字", "row %d: the amount %q is no number", line, amount)
			}
			money.State, money.Printed, money.Amount = model.MoneyValid, n, n.Value.Mul(scale)
		}
		m.Rows = append(m.Rows, validate.ManifestRow{Unit: unit, Project: project, Amount: money, Line: line})
	}
	if head < 0 {
		return nil, badManifest("没有找到表头，要有“单位”和“项目名称”两列（“金额”可选）", "no header found; it needs the columns unit and project (amount is optional)")
	}
	if len(m.Rows) == 0 {
		return nil, badManifest("清单是空的", "it is empty")
	}
	return m, nil
}

func cellAt(row []string, i int) string {
	if i < 0 || i >= len(row) {
		return ""
	}
	return strings.TrimSpace(row[i])
}

// findColumns says where a header has unit, project and amount (-1: none).
func findColumns(row []string) (at [3]int, ok bool) {
	at = [3]int{-1, -1, -1}
	for k, words := range manifestColumns {
		for _, word := range words {
			for i, cell := range row {
				if at[k] < 0 && !slices.Contains(at[:k], i) && len([]rune(cell)) <= 20 && strings.Contains(strings.ToLower(strings.TrimSpace(cell)), word) {
					at[k] = i
				}
			}
		}
	}
	return at, at[0] >= 0 && at[1] >= 0
}

func manifestRows(path string, data []byte) ([][]string, error) {
	if strings.EqualFold(filepath.Ext(path), ".xlsx") {
		book, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: input.MaxSize, RawCellValue: true})
		if err != nil {
			return nil, badManifest("打不开这个 XLSX 文件：%v", "cannot open the XLSX file: %v", err)
		}
		defer func() { _ = book.Close() }()
		for _, sheet := range book.GetSheetList() {
			rows, err := book.GetRows(sheet, excelize.Options{RawCellValue: true})
			if err != nil {
				return nil, badManifest("读不了工作表 %s：%v", "cannot read sheet %s: %v", sheet, err)
			}
			if slices.ContainsFunc(rows, func(row []string) bool { _, ok := findColumns(row); return ok }) {
				return rows, nil
			}
		}
		return nil, nil
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) {
		decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
		if err != nil || bytes.ContainsRune(decoded, utf8.RuneError) {
			return nil, badManifest("既不是 UTF-8 也不是 GBK 编码，请另存为 CSV UTF-8 或 XLSX", "it is neither UTF-8 nor GBK; save it as CSV UTF-8 or XLSX")
		}
		data = decoded
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord, r.LazyQuotes, r.TrimLeadingSpace = -1, true, true
	if first, _, _ := bytes.Cut(data, []byte("\n")); bytes.Count(first, []byte("\t")) > bytes.Count(first, []byte(",")) {
		r.Comma = '\t'
	}
	var rows [][]string
	for {
		row, err := r.Read()
		switch {
		case errors.Is(err, io.EOF):
			return rows, nil
		case err != nil:
			return nil, badManifest("不是有效的 CSV：%v", "it is no CSV: %v", err)
		}
		line, _ := r.FieldPos(0)
		for len(rows) < line-1 { // blank lines keep their number
			rows = append(rows, nil)
		}
		rows = append(rows, row)
	}
}
