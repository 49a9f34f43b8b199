package form

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"perfgoal/model"
)

func TestParseMoney(t *testing.T) {
	tests := []struct {
		in, unit string
		want     string // in 元; "" for blank, "invalid" for text that is no amount
	}{
		{"379000.00", "元", "379000.00"},
		{"379,000.00", "元", "379000.00"},
		{"12,5208,00.00", "元", "invalid"},
		{"１，２８０．５０", "元", "1280.50"},
		{"1 280.50", "元", "1280.50"}, // a space where the cell wrapped
		{"880.00", "万元", "8800000.00"},
		{"880.00万元", "元", "8800000.00"},
		{"880.00（万元）", "元", "8800000.00"},
		{"500元", "万元", "500.00"},
		{"3千元", "元", "3000.00"},
		{"1.5亿元", "万元", "150000000.00"},
		{"2百万元", "元", "2000000.00"},
		{"¥100.00", "元", "100.00"},
		{"￥100.00", "元", "100.00"},
		{"：1,280.50", "元", "1280.50"},
		{"0", "元", "0.00"},
		{"-50.00", "元", "-50.00"},
		{"－50.00", "元", "-50.00"},
		{"−50.00", "元", "-50.00"},
		{"(50.00)", "元", "-50.00"}, // accountants write a loss so
		{"（50.00）", "元", "-50.00"},
		{"1.234", "元", "1.234"},
		{"0.0001", "万元", "1.00"},
		{"90071992547409931.01", "元", "90071992547409931.01"},
		{"123456789012345678901234567890", "元", "123456789012345678901234567890.00"},
		{"12345678901234567890123456", "万元", "123456789012345678901234560000.00"},
		{"123456789012345678901234567", "万元", "invalid"}, // in 元 it is longer than numbers are
		{"", "元", ""},
		{"  ", "元", ""},
		{"—", "元", ""},
		{"/", "万元", ""},
		{"待定", "元", "invalid"},
		{"万元", "元", "invalid"},
		{"约100", "元", "invalid"},
		{"1.2.3", "元", "invalid"},
		{"1,00", "元", "invalid"},
		{",100", "元", "invalid"},
		{"100.", "元", "invalid"},
		{"100美元", "元", "invalid"},
		{"1e5", "元", "invalid"},
		{"--5", "元", "invalid"},
		{"100 其他资金", "元", "invalid"},
	}
	for _, tt := range tests {
		t.Run(tt.in+" "+tt.unit, func(t *testing.T) {
			m := parseMoney(tt.in, tt.unit)
			got := m.String()
			if m.State == model.MoneyInvalid {
				got = "invalid"
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestMoneyKeepsWhatWasPrinted(t *testing.T) {
	m := parseMoney(" 16.90万元 ", "元")
	if m.Raw != "16.90万元" || m.Printed.String() != "16.90" || m.Scale.String() != "10000" || m.Half().String() != "50" {
		t.Errorf("raw %q, printed %s, scale %s, half %s", m.Raw, m.Printed, m.Scale, m.Half())
	}
}

func TestParseDate(t *testing.T) {
	tests := []struct{ in, want string }{
		{"2026-01-01", "2026-01-01"},
		{"2026/1/1", "2026-01-01"},
		{"2026.1.1", "2026-01-01"},
		{"2026年1月1日", "2026-01-01"},
		{"2026 年 12 月 31 日", "2026-12-31"},
		{"２０２６－０１－０１", "2026-01-01"},
		{"20260101", "2026-01-01"},
		{"2026-01-01 00:00:00", "2026-01-01"},
		{"2026-06-31", ""},
		{"2026-02-29", ""},
		{"2026年1月", ""},
		{"2026", ""},
		{"26-1-1", ""},
		{"长期", ""},
		{"2026-01-01至2026-12-31", ""},
	}
	for _, tt := range tests {
		d := parseDate(tt.in)
		if d.String() != tt.want {
			t.Errorf("%q: got %q, want %q", tt.in, d, tt.want)
		}
		if d.Raw != tt.in {
			t.Errorf("%q: the printed text became %q", tt.in, d.Raw)
		}
	}
	for _, blank := range []string{"", " ", "—", "/"} {
		if d := parseDate(blank); !d.Blank() || d.Valid {
			t.Errorf("%q is not blank: %+v", blank, d)
		}
	}
}

func TestPeriodDays(t *testing.T) {
	tests := []struct {
		in         string
		start, end string // "" where the text is not exactly two days
	}{
		{"2026-01-01至2026-12-31", "2026-01-01", "2026-12-31"},
		{"2026年1月1日—2026年12月31日", "2026-01-01", "2026-12-31"},
		{"2026-01-01 - 2026-12-31", "2026-01-01", "2026-12-31"},
		{"2026/1/1-2026/12/31", "2026-01-01", "2026-12-31"},
		{"2026.01.01~2027.06.30", "2026-01-01", "2027-06-30"},
		{"2026-01-01——2026-12-31", "2026-01-01", "2026-12-31"},
		{"20260101到20261231", "2026-01-01", "2026-12-31"},
		{"2026年—2028年", "", ""},
		{"3年", "", ""},
		{"2026-01-01", "", ""},
		{"2026-01-01至长期", "", ""},
		{"2026-02-30至2026-12-31", "", ""},
		{"", "", ""},
	}
	for _, tt := range tests {
		start, end, ok := periodDays(tt.in)
		if start.String() != tt.start || end.String() != tt.end || ok != (tt.start != "") {
			t.Errorf("%q: %s to %s (%v), want %s to %s", tt.in, start, end, ok, tt.start, tt.end)
		}
	}
}

func TestYearOf(t *testing.T) {
	tests := map[string]int{
		"（2026年度）": 2026, "2026年": 2026, "２０２６ 年度": 2026, "预算年度：2027": 2027,
		"1999年": 1999, "年度": 0, "": 0, "1826年": 0, "[308001]": 0,
	}
	for in, want := range tests {
		if got := yearOf(in); got != want {
			t.Errorf("%q: %d, want %d", in, got, want)
		}
	}
}

func TestNormLabel(t *testing.T) {
	tests := []struct{ in, want string }{
		{"项目名称", "项目名称"},
		{"项目 名称：", "项目名称"},
		{"项　目　名　称", "项目名称"},
		{"项目资金（万元）", "项目资金"},
		{"其中：财政拨款", "财政拨款"},
		{"其中:当年财政拨款", "当年财政拨款"},
		{"其中", "其中"},
		{"一、项目名称", "项目名称"},
		{"（一）项目概况", "项目概况"},
		{"1.主管部门", "主管部门"},
		{"*项目名称", "项目名称"},
		{"年度（/项目）指标值", "年度(/项目)指标值"},
		{"总体目标（2026年—2028年）", "总体目标"},
		{"年度目标（2026年度）：", "年度目标"},
		{"1.5倍", "1.5倍"},
		{"", ""},
	}
	for _, tt := range tests {
		if got := normLabel(tt.in); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.in, got, tt.want)
		}
		if again := normLabel(normLabel(tt.in)); again != tt.want {
			t.Errorf("%q: %q when done twice", tt.in, again)
		}
	}
	long := ""
	for range 60 {
		long += "项目"
	}
	if normLabel(long) != "" {
		t.Error("a text of 120 characters is taken for a label")
	}
}

func TestFused(t *testing.T) {
	isLabel := func(key string) bool {
		return key == "项目类别" || key == "年度资金总额" || key == "其他资金" || key == "填报说明"
	}
	tests := []struct {
		in, label, value string // "" for no label
	}{
		{"项目类别 其他运转类", "项目类别", "其他运转类"},
		{"项目类别　其他 运转类", "项目类别", "其他 运转类"},
		{"年度资金总额：1,280.50", "年度资金总额：", "1,280.50"},
		{"年度资金总额1,280.50", "年度资金总额", "1,280.50"},
		{"其他资金 0.00", "其他资金", "0.00"},
		{"项目 类别 其他", "项目 类别", "其他"},
		{"项目类别", "", ""},
		{"项目类别：", "", ""},
		{"项目类别其他运转类", "", ""},
		{"类别 其他", "", ""},
		{"", "", ""},
	}
	for _, tt := range tests {
		label, value, ok := Standard().fused(tt.in, isLabel)
		if label != tt.label || value != tt.value || ok != (tt.label != "") {
			t.Errorf("%q: %q and %q (%v), want %q and %q", tt.in, label, value, ok, tt.label, tt.value)
		}
	}
}

func TestUnitOf(t *testing.T) {
	tests := map[string]string{
		"项目资金（万元）": "万元", "项目资金(元)": "元", "单位：万元": "万元", "金额单位: 元": "元",
		"（单位：千元）": "千元", "单位：人民币万元": "万元", "项目资金（元人民币）": "元",
		"实施单位：水利局": "", "项目资金": "", "（2026年度）": "", "单位": "", "（": "",
	}
	for in, want := range tests {
		if got := unitOf(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestJoinWrappedText(t *testing.T) {
	tests := []struct{ a, b, want string }{
		{"服务对", "象满意度", "服务对象满意度"},
		{"budget", "target", "budget target"},
		{"≥90", "%", "≥90%"},
		{"", "目标", "目标"},
		{"目标", "", "目标"},
		{"GB", "18030", "GB18030"},
	}
	for _, tt := range tests {
		if got := model.JoinWrapped(tt.a, tt.b); got != tt.want {
			t.Errorf("%q + %q = %q, want %q", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestFoldKeepsChinesePunctuation(t *testing.T) {
	got := fold("ＡＢＣ\u3000１２３：（％）。、“”￥\u200b\ufeff")
	if diff := cmp.Diff("ABC123:(%)。、“”¥", got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
