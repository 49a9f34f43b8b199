package text

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	xunicode "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"

	"perfgoal/model"
)

func encoded(t testing.TB, enc encoding.Encoding, s string) []byte {
	t.Helper()
	b, err := enc.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestDecode(t *testing.T) {
	const s = "项目名称\t《渠首》改造≥20㎡\r\n单位：万元\n"
	const rare = "禾屿县𠮷家村\t㐂\n" // outside GBK: four bytes each in GB18030
	tests := []struct {
		name string
		data []byte
		want string
	}{
		{"UTF-8", []byte(s), s},
		{"UTF-8 with its mark", []byte("\xef\xbb\xbf" + s), s},
		{"UTF-16LE with its mark", encoded(t, xunicode.UTF16(xunicode.LittleEndian, xunicode.UseBOM), s), s},
		{"UTF-16BE with its mark", encoded(t, xunicode.UTF16(xunicode.BigEndian, xunicode.UseBOM), s), s},
		{"UTF-32LE with its mark", encoded(t, utf32.UTF32(utf32.LittleEndian, utf32.UseBOM), s), s},
		{"UTF-32BE with its mark", encoded(t, utf32.UTF32(utf32.BigEndian, utf32.UseBOM), s), s},
		{"GBK", encoded(t, simplifiedchinese.GBK, s), s},
		{"GB18030 with four bytes a character", encoded(t, simplifiedchinese.GB18030, rare), rare},
		{"ASCII", []byte("A\tB\n"), "A\tB\n"},
		{"form feed between pages", []byte("一\n\f二\n"), "一\n\f二\n"},
		{"end-of-file mark of old editors", []byte("一\n\x1a"), "一\n\x1a"},
		{"nothing", nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Decode(tt.data)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestDecodeRefuses(t *testing.T) {
	gbk := encoded(t, simplifiedchinese.GBK, "项目名称\n主管部门\n")
	tests := []struct {
		name, code, line string
		data             []byte
	}{
		{"bytes of no encoding on the third line", "bad-encoding", "3", append(gbk, 0xff, 0xff, '\n')},
		{"half a character at the end", "bad-encoding", "3", append(gbk, 0xcf)},
		{"UTF-8 mark, then other bytes", "bad-encoding", "2", []byte("\xef\xbb\xbf项目\n\xcf\xee")},
		{"a replacement character that was saved into it", "bad-encoding", "2", append(encoded(t, simplifiedchinese.GBK, "项目\n"), 0x84, 0x31, 0xa4, 0x37)},
		{"control characters", "not-text", "", []byte("项目\x00名称")},
		{"binary", "not-text", "", []byte{0x7f, 'E', 'L', 'F', 2, 1, 1, 0}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := Decode(tt.data)
			var p *model.Problem
			if !errors.As(err, &p) {
				t.Fatalf("decoded to %q, error %v", s, err)
			}
			if p.Code != tt.code || p.Message.Args["line"] != tt.line {
				t.Errorf("%s in line %q, want %s in line %q", p.Code, p.Message.Args["line"], tt.code, tt.line)
			}
			if s != "" {
				t.Errorf("text %q beside the error", s)
			}
		})
	}
}

// TestDecodeLarge decodes texts that are looked at in stretches.
func TestDecodeLarge(t *testing.T) {
	line := strings.Repeat("项目支出绩效目标", 1000)
	for name, whole := range map[string]string{
		"in lines":      strings.Repeat(line+"\n", 200),
		"all one line":  strings.Repeat(line, 200),
		"one long line": strings.Repeat(line, 150) + "\n" + line,
	} {
		if got, err := Decode([]byte(whole)); err != nil || got != whole {
			t.Errorf("%s: %d bytes, error %v, want %d", name, len(got), err, len(whole))
		}
		for _, at := range []int{10, len(whole) / 2, len(whole) - 10} {
			bad := []byte(whole)
			bad[at] = 0
			var p *model.Problem
			if _, err := Decode(bad); !errors.As(err, &p) || p.Code != "not-text" {
				t.Errorf("%s with a control character at %d: %v", name, at, err)
			}
			bad[at] = 0xff
			if _, err := Decode(bad); !errors.As(err, &p) || p.Code != "bad-encoding" {
				t.Errorf("%s with half a character at %d: %v", name, at, err)
			}
		}
	}
}

// sketch is a table as text: cells as "row,col text", captions, breaks.
type sketch struct {
	Rows, Cols int
	Cells      []string
	Caption    []string
	Breaks     []int
}

func sketches(tables []model.Table) []sketch {
	var out []sketch
	for _, t := range tables {
		s := sketch{Rows: t.Rows, Cols: t.Cols, Breaks: t.Breaks}
		for _, c := range t.Cells {
			s.Cells = append(s.Cells, c.Location.Cell.String()+" "+c.Text)
		}
		for _, l := range t.Caption {
			s.Caption = append(s.Caption, l.Text)
		}
		out = append(out, s)
	}
	return out
}

func TestTables(t *testing.T) {
	tests := []struct {
		name, in string
		want     []sketch
	}{
		{"nothing", "", nil},
		{"blank lines", "\n \n\t\n", nil},
		{"tabs", "项目名称\t水渠清淤\t\n\t\t合计\n", []sketch{
			{Rows: 2, Cols: 3, Cells: []string{"R1C1 项目名称", "R1C2 水渠清淤", "R2C3 合计"}},
		}},
		{"tabs keep pipes in a cell", "项目名称\t甲|乙\n主管部门\t丙\n", []sketch{
			{Rows: 2, Cols: 2, Cells: []string{"R1C1 项目名称", "R1C2 甲|乙", "R2C1 主管部门", "R2C2 丙"}},
		}},
		{"pipes", "| 项目名称 | 水渠清淤 |\n| --- | --- |\n| 主管部门 | |\n", []sketch{
			{Rows: 3, Cols: 2, Cells: []string{"R1C1 项目名称", "R1C2 水渠清淤", "R2C1 ---", "R2C2 ---", "R3C1 主管部门"}},
		}},
		{"full-width pipes without outer ones", "项目名称｜水渠清淤\n主管部门｜水利局\n", []sketch{
			{Rows: 2, Cols: 2, Cells: []string{"R1C1 项目名称", "R1C2 水渠清淤", "R2C1 主管部门", "R2C2 水利局"}},
		}},
		{"runs of spaces", "项目名称    水渠清淤 二期\n  主管部门  水利局\n", []sketch{
			{Rows: 2, Cols: 3, Cells: []string{"R1C1 项目名称", "R1C2 水渠清淤 二期", "R2C2 主管部门", "R2C3 水利局"}},
		}},
		{"ideographic space", "项目名称　水渠清淤\n", []sketch{
			{Rows: 1, Cols: 2, Cells: []string{"R1C1 项目名称", "R1C2 水渠清淤"}},
		}},
		{"CRLF and no end of line", "甲\t乙\r\n丙\t丁", []sketch{
			{Rows: 2, Cols: 2, Cells: []string{"R1C1 甲", "R1C2 乙", "R2C1 丙", "R2C2 丁"}},
		}},
		{"lines without division become the caption", "申报表\n（2026年度）\n甲\t乙\n说明\n丙\t丁\n", []sketch{
			{Rows: 1, Cols: 2, Cells: []string{"R1C1 甲", "R1C2 乙"}, Caption: []string{"申报表", "（2026年度）"}},
			{Rows: 1, Cols: 2, Cells: []string{"R1C1 丙", "R1C2 丁"}, Caption: []string{"说明"}},
		}},
		{"caption at the end", "甲\t乙\n完\n", []sketch{
			{Rows: 1, Cols: 2, Cells: []string{"R1C1 甲", "R1C2 乙"}},
			{Caption: []string{"完"}},
		}},
		{"a blank line is a break", "甲\t乙\n\n丙\t丁\n", []sketch{
			{Rows: 1, Cols: 2, Cells: []string{"R1C1 甲", "R1C2 乙"}},
			{Rows: 1, Cols: 2, Cells: []string{"R1C1 丙", "R1C2 丁"}, Breaks: []int{0}},
		}},
		{"a form feed is a break", "甲\t乙\n\f丙\t丁\n", []sketch{
			{Rows: 1, Cols: 2, Cells: []string{"R1C1 甲", "R1C2 乙"}},
			{Rows: 1, Cols: 2, Cells: []string{"R1C1 丙", "R1C2 丁"}, Breaks: []int{0}},
		}},
		{"no break before the first row", "\n\n甲\t乙\n", []sketch{
			{Rows: 1, Cols: 2, Cells: []string{"R1C1 甲", "R1C2 乙"}},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tables := slices.Collect(Tables(tt.in, Words{}))
			if diff := cmp.Diff(tt.want, sketches(tables)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			for _, table := range tables {
				if table.Geometry != model.Loose {
					t.Errorf("geometry %q", table.Geometry)
				}
			}
		})
	}
}

func TestCellsSayTheirLine(t *testing.T) {
	tables := slices.Collect(Tables("申报表\r\n\r\n甲\t乙\r\n\f丙\t丁\r\n", Words{}))
	var got []int
	for _, table := range tables {
		for _, c := range table.Cells {
			got = append(got, *c.Location.Line)
		}
	}
	if diff := cmp.Diff([]int{3, 3, 4, 4}, got); diff != "" {
		t.Errorf("lines, -want +got:\n%s", diff)
	}
	if *tables[0].Caption[0].Location.Line != 1 {
		t.Errorf("the caption stands in line %d", *tables[0].Caption[0].Location.Line)
	}
}

// A row of many cells or many rows must not cost more than its length.
func TestLargeTables(t *testing.T) {
	wide := slices.Collect(Tables(strings.Repeat("甲\t", 5000)+"\n", Words{}))
	if len(wide) != 1 || len(wide[0].Cells) != 5000 || wide[0].Cols != 5001 {
		t.Errorf("%d tables, %d cells, %d columns", len(wide), len(wide[0].Cells), wide[0].Cols)
	}
	long := slices.Collect(Tables(strings.Repeat("甲\t乙\n", 5000), Words{}))
	if len(long) != 1 || long[0].Rows != 5000 || len(long[0].Cells) != 10000 {
		t.Errorf("%d tables, %d rows, %d cells", len(long), long[0].Rows, len(long[0].Cells))
	}
}

// A UTF-8 file that breaks off within a character says where.
func TestDecodeBrokenOff(t *testing.T) {
	whole := "项目支出绩效目标申报表\n项目名称\t水渠"
	_, err := Decode([]byte(whole[:len(whole)-1]))
	var p *model.Problem
	if !errors.As(err, &p) || p.Code != "bad-encoding" || p.Message.Args["line"] != "2" {
		t.Errorf("got %v", err)
	}
}

// A layout whose wrapped cells fell apart is told from a table of short rows.
func TestScattered(t *testing.T) {
	isLabel := func(s string) bool { return s == "项目名称" }
	layout := "项目名\n      水渠清淤   项目性质   一次性\n 称\n主管部\n     水务所\n 门\n"
	if !Scattered(layout, isLabel) {
		t.Error("a layout was not noticed")
	}
	for _, whole := range []string{"项目名称  水渠清淤\n主管部门  水务所\n", "甲\t乙\n丙\n丁\n戊\n", "项目名称\n项目名称\n项目名称\n"} {
		if Scattered(whole, isLabel) {
			t.Errorf("%q was taken for a layout", whole)
		}
	}
}
