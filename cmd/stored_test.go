package cmd

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// valuesWorkbook is a form whose cells went through what a spreadsheet does
// to values, written to a file of a folder.
func valuesWorkbook(t *testing.T, dir string) string {
	t.Helper()
	book := excelize.NewFile()
	var faults []string
	format := func(code string) int {
		id, err := book.NewStyle(&excelize.Style{CustomNumFmt: &code})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	type styled struct {
		value any
		style int
	}
	type formula struct{ text, fault string }
	money, day, sci := format("#,##0.00"), format("yyyy/m/d"), format("0.00E+00")
	rows := [][]any{
		{"财政项目支出绩效目标申报表"},
		{"（2026年度）"},
		{"项目名称", "青萝浦驳岸加固", "", "项目性质", "其他一次性项目"},
		{"主管部门", "青萝浦水务局", "", "实施单位", "青萝浦水闸所"},
		{"计划开始日期", styled{46023, day}, "", "计划完成日期", "２０２６年１２月３１日"},
		{"项目资金（元）", "项目资金总额", styled{1234567890123, 0}, "年度资金申请总额", styled{379000.004, money}},
		{"", "其中：财政资金", formula{"SUM(C8:C9)", ""}, "当年财政拨款", "'368,000.00"},
		{"", "其他资金", "4,000.00", "上年结转资金", styled{1000.006, money}},
		{"", "", "", "其他资金", "０.００"},
		{"年度总体目标", "完成驳岸加固，保障行洪安全。"},
		{"一级指标", "二级指标", "三级指标", "指标值"},
		{"产出指标", "数量指标", "加固驳岸长度", styled{0.125, 0}},
		{"产出指标", "质量指标", "验收合格率", formula{"100.00(%)", "#VALUE!"}},
		{"产出指标", "数量指标", "巡查次数", styled{46086, format(`m"月"d"日"`)}},
		{"产出指标", "数量指标", "沉降观测点", styled{37900000, sci}},
		{"效益指标", "社会效益指标", "受益居民", formula{"300户", ""}},
		{"满意度指标", "服务对象满意度指标", "居民满意度", styled{12.349, format(`0.0"%"`)}},
	}
	for r, row := range rows {
		for c, v := range row {
			at, err := excelize.CoordinatesToCellName(c+1, r+1)
			if err != nil {
				t.Fatal(err)
			}
			switch v := v.(type) {
			case styled:
				err = book.SetCellValue("Sheet1", at, v.value)
				if err == nil {
					err = book.SetCellStyle("Sheet1", at, at, v.style)
				}
			case formula:
				err = book.SetCellFormula("Sheet1", at, v.text)
				if v.fault != "" {
					faults = append(faults, `<c r="`+at+`"`, `<c t="e" r="`+at+`"`, "<f>"+v.text+"</f>", "<f>"+v.text+"</f><v>"+v.fault+"</v>")
				}
			default:
				err = book.SetCellValue("Sheet1", at, v)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	var saved bytes.Buffer
	if err := book.Write(&saved); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "values.xlsx")
	if err := os.WriteFile(path, rewritten(t, saved.Bytes(), "xl/worksheets/sheet1.xml", strings.NewReplacer(faults...)), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// rewritten is a package with a text of one part replaced.
func rewritten(t *testing.T, data []byte, part string, by *strings.Replacer) []byte {
	t.Helper()
	from, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	to := zip.NewWriter(&b)
	for _, f := range from.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == part {
			text = []byte(by.Replace(string(text)))
		}
		w, err := to.Create(f.Name)
		if err == nil {
			_, err = w.Write(text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// evidenceOf lints a file and returns the evidence of what was found by rule
// and field, with the message under "why".
func evidenceOf(t *testing.T, path string) map[string]map[string]string {
	t.Helper()
	var out, errOut bytes.Buffer
	Main([]string{"lint", "--lang", "en", "--select", "ALL", "-o", "json", path}, strings.NewReader(""), &out, &errOut)
	var report struct {
		Findings []struct {
			Rule, Field, Message string
			Evidence             map[string]string
		}
	}
	if err := json.Unmarshal(out.Bytes(), &report); err != nil {
		t.Fatalf("%v\n%s", err, errOut.String())
	}
	found := map[string]map[string]string{}
	for _, f := range report.Findings {
		f.Evidence["why"] = f.Message
		found[f.Rule+" "+f.Field] = f.Evidence
	}
	return found
}

// A figure shown rounded counts as printed, and whoever compares it sees what
// is stored; what cannot be trusted is doubted with what is stored, and why.
func TestStoredValuesAreEvidence(t *testing.T) {
	found := evidenceOf(t, valuesWorkbook(t, t.TempDir()))
	for at, want := range map[string]map[string]string{
		"F001 funding.annual.total":   {"stored": "379000.004", "stored funding.annual.carryover": "1000.006", "carryover": "1000.01", "total": "379000.00"},
		"R006 funding.project.total":  {"text": "1.23457E+12", "stored": "1234567890123", "why": "scientific"},
		"R006 funding.project.fiscal": {"text": "=SUM(C8:C9)", "why": "whose result the file does not hold"},
		"R006 indicators[1].value":    {"text": "#VALUE!", "stored": "=100.00(%)", "why": "format the cell as text"},
		"R006 indicators[2].value":    {"text": "3月5日", "stored": "2026-03-05", "why": "the date 2026-03-05 is stored"},
		"R006 indicators[3].value":    {"text": "3.79E+07", "stored": "37900000", "why": "scientific"},
		"R006 indicators[4].value":    {"text": "=300户", "why": "format the cell as text"},
		"V015 indicators[5].value":    {"stored": "12.349", "value": "12.3%"},
	} {
		evidence, ok := found[at]
		if !ok {
			t.Errorf("%s was not found", at)
			continue
		}
		for name, text := range want {
			if got := evidence[name]; got != text && !(name == "why" && strings.Contains(got, text)) {
				t.Errorf("%s: %s is %q, want %q", at, name, got, text)
			}
		}
	}
}
