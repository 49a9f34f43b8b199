package cmd

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf16"
)

// formSpec is a declaration for a PDF of the tests' own.
type formSpec struct {
	year                      int
	project, unit, department string
	total, appropriation      string // annual, as printed
	start, end                string
	quality                   string            // value of a quality indicator
	satisfaction              string            // value of the satisfaction indicator
	over                      map[string]string // what is printed over a text of the tables
}

func cleanForm(n int) formSpec {
	return formSpec{year: 2026, project: fmt.Sprintf("青石巷%d号便民服务点运行项目", n), unit: fmt.Sprintf("青石县第%d便民服务站", n), department: "青石县便民服务局",
		total: "360,000.00", appropriation: "340,000.00", start: "2026-01-01", end: "2026-12-31", quality: "≥98.00(%)", satisfaction: "≥90.00(%)"}
}

// pdfCell is a cell of a table of six columns.
type pdfCell struct {
	row, col, rows, cols int
	text                 string
	over                 string // printed over the first line
}

// pdf prints the form on one page: ruled cells, and text in a Chinese font
// that is not embedded (UniGB-UCS2-H), as many office programs write it.
func (f formSpec) pdf() []byte {
	var cells []pdfCell
	row := 0
	line := func(texts ...string) {
		for i, t := range texts {
			cols := 1
			if i == len(texts)-1 {
				cols = 6 - i
			}
			cells = append(cells, pdfCell{row: row, col: i, rows: 1, cols: cols, text: t})
		}
		row++
	}
	under := func(title string, lines [][]string) {
		cells = append(cells, pdfCell{row: row, rows: len(lines), cols: 1, text: title})
		for _, texts := range lines {
			for i, t := range texts {
				cols := 1
				if i == len(texts)-1 {
					cols = 5 - i
				}
				cells = append(cells, pdfCell{row: row, col: i + 1, rows: 1, cols: cols, text: t, over: f.over[t]})
			}
			row++
		}
	}
	line("项目名称", f.project, "项目性质", "其他经常性项目", "项目类别", "其他运转类")
	line("主管部门", f.department, "实施单位", f.unit)
	line("计划开始日期", f.start, "计划完成日期", f.end)
	under("项目资金（元）", [][]string{
		{"项目资金总额", f.total, "年度资金申请总额", f.total},
		{"其中：财政资金", f.total, "其中：当年财政拨款", f.appropriation},
		{"", "", "上年结转资金", "20,000.00"},
		{"其他资金", "0.00", "其他资金", "0.00"},
	})
	cells = append(cells, pdfCell{row: row, rows: 2, cols: 1, text: "项目绩效目标"}, pdfCell{row: row, col: 1, rows: 1, cols: 2, text: "项目总目标"}, pdfCell{row: row, col: 3, rows: 1, cols: 3, text: "年度总体目标"})
	cells = append(cells, pdfCell{row: row + 1, col: 1, rows: 1, cols: 2, text: "建成稳定运行的便民服务网点。"},
		pdfCell{row: row + 1, col: 3, rows: 1, cols: 3, text: "保障" + f.project + "全年正常开展，按计划巡检服务设施并及时排除故障，让附近居民少跑路、办成事，逐步扩大服务范围。"})
	row += 2
	under("绩效指标", [][]string{
		{"一级指标", "二级指标", "三级指标", "年度(/项目)指标值"},
		{"成本指标", "经济成本指标", "服务点运行费", "≤30000.00(元/月)"},
		{"产出指标", "数量指标", "设施巡检次数", "≥48.00(次)"},
		{"产出指标", "质量指标", "设施完好率", f.quality},
		{"产出指标", "时效指标", "故障修复时间", "≤24.00(小时)"},
		{"效益指标", "社会效益指标", "服务居民人数", "≥20000.00(人)"},
		{"满意度指标", "服务对象满意度指标", "居民满意度", f.satisfaction},
	})
	return printPDF(fmt.Sprintf("（%d年度）", f.year), row, cells)
}

// letterPDF is a page of prose without a declaration.
func letterPDF(n int) []byte {
	return printPDF(fmt.Sprintf("关于第%d便民服务站报送材料的通知，请按时报送。", n), 0, nil)
}

const (
	pdfMargin, pdfSize, pdfLeading = 40, 9, 12
	pdfHeight, pdfWidth            = 842, 595
)

var pdfColumns = [7]int{pdfMargin, 125, 215, 305, 395, 475, pdfWidth - pdfMargin}

func hexText(s string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	return b.String()
}

func printPDF(subtitle string, rows int, cells []pdfCell) []byte {
	wrapped := func(c pdfCell) [][]rune {
		r, fit := []rune(c.text), (pdfColumns[c.col+c.cols]-pdfColumns[c.col]-6)/pdfSize
		var out [][]rune
		for len(r) > fit {
			out, r = append(out, r[:fit]), r[fit:]
		}
		return append(out, r)
	}
	heights := make([]int, rows)
	for _, c := range cells {
		if c.rows == 1 {
			heights[c.row] = max(heights[c.row], len(wrapped(c))*pdfLeading+6)
		}
	}
	tops := make([]int, rows+1)
	tops[0] = pdfHeight - 110
	for i, h := range heights {
		tops[i+1] = tops[i] - h
	}
	var page bytes.Buffer
	text := func(x, y, size int, s string) {
		fmt.Fprintf(&page, "BT /F %d Tf %d %d Td <%s> Tj ET\n", size, x, y, hexText(s))
	}
	if cells != nil {
		text(210, pdfHeight-60, 14, "财政项目支出绩效目标申报表")
	}
	text(250, pdfHeight-85, 10, subtitle)
	for _, c := range cells {
		x, top, bottom := pdfColumns[c.col], tops[c.row], tops[c.row+c.rows]
		fmt.Fprintf(&page, "%d %d %d %d re S\n", x, bottom, pdfColumns[c.col+c.cols]-x, top-bottom)
		for i, line := range wrapped(c) {
			if len(line) > 0 {
				text(x+3, top-pdfLeading-i*pdfLeading, pdfSize, string(line))
			}
		}
		if c.over != "" {
			text(x+4, top-pdfLeading-1, pdfSize, c.over)
		}
	}
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>", pdfWidth, pdfHeight),
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", page.Len(), page.String()),
		"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>",
		"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /DW 1000 /W [1 95 500] /FontDescriptor 7 0 R >>",
		"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
	}
	var out bytes.Buffer
	out.WriteString("%PDF-1.4\n")
	offsets := make([]int, len(objects))
	for i, o := range objects {
		offsets[i] = out.Len()
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, o := range offsets {
		fmt.Fprintf(&out, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&out, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return out.Bytes()
}
