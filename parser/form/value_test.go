package form

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"perfgoal/internal/zh"
	"perfgoal/model"
)

// reading is a value with its numbers as text, for comparing.
type reading struct {
	Kind                    model.ValueKind
	Op                      model.Operator
	Number, Unit            string
	Lower, Upper, Tolerance string
	Date, Period            string
	Prose                   bool
}

func readingOf(v model.Value) reading {
	text := func(n *model.Number) string {
		if n == nil {
			return ""
		}
		return n.String()
	}
	return reading{v.Kind, v.Operator, text(v.Number), v.Unit, text(v.Lower), text(v.Upper), text(v.Tolerance), v.Date, v.Period, v.Prose}
}

func bound(op model.Operator, number, unit string) reading {
	return reading{Kind: model.KindBound, Op: op, Number: number, Unit: unit}
}

func prose(r reading) reading { r.Prose = true; return r }

func TestParseValue(t *testing.T) {
	words := reading{Kind: model.KindText}
	missing := reading{Kind: model.KindMissing}
	span := func(lower, upper, unit string) reading {
		return reading{Kind: model.KindRange, Lower: lower, Upper: upper, Unit: unit}
	}
	tolerance := func(number, tol, unit string) reading {
		return reading{Kind: model.KindTolerance, Number: number, Tolerance: tol, Unit: unit}
	}
	date := func(op model.Operator, day string) reading {
		return reading{Kind: model.KindDate, Op: op, Date: day}
	}
	often := func(number, unit, period string) reading {
		return reading{Kind: model.KindFrequency, Number: number, Unit: unit, Period: period, Prose: true}
	}
	tests := []struct {
		in   string
		want reading
	}{
		// bounds with a sign
		{"≥26000.00(套)", bound(model.AtLeast, "26000.00", "套")},
		{"≤2526.00(元/套)", bound(model.AtMost, "2526.00", "元/套")},
		{"＝24447套", bound(model.Exactly, "24447", "套")},
		{"=100.00(%)", bound(model.Exactly, "100.00", "%")},
		{"≥９８．５％", bound(model.AtLeast, "98.5", "%")},
		{"≤１２，６００（元）", bound(model.AtMost, "12600", "元")},
		{"≤ 1,280.50 元", bound(model.AtMost, "1280.50", "元")},
		{"<5‰", bound(model.Below, "5", "‰")},
		{">0(起)", bound(model.Above, "0", "起")},
		{"≥-18℃", bound(model.AtLeast, "-18", "℃")},
		{"≈30天", bound(model.About, "30", "天")},
		{"≤16.92(万元/年/人)", bound(model.AtMost, "16.92", "万元/年/人")},
		{"≤0.45元/平方米·天", bound(model.AtMost, "0.45", "元/平方米·天")},
		{"≥12人*天", bound(model.AtLeast, "12", "人*天")},
		{"≥386.5(万㎡)", bound(model.AtLeast, "386.5", "万㎡")},
		{"≤60m3", bound(model.AtMost, "60", "m3")},
		{"1000.00(元/人.次)", bound(model.NoOperator, "1000.00", "元/人.次")},
		{"≥90%；", bound(model.AtLeast, "90", "%")},
		{"≤5天，", bound(model.AtMost, "5", "天")},
		{"≥2次/年", bound(model.AtLeast, "2", "次/年")}, // a sign and a rate stay a bound

		// bounds without a sign or in prose
		{"100％", bound(model.NoOperator, "100", "%")},
		{"90%。", bound(model.NoOperator, "90", "%")},
		{"12", bound(model.NoOperator, "12", "")},
		{"7*24小时", words}, // two factors, not one number
		{"48 小时内", prose(bound(model.AtMost, "48", "小时"))},
		{"48小时以内", prose(bound(model.AtMost, "48", "小时"))},
		{"5个工作日内", prose(bound(model.AtMost, "5", "个工作日"))},
		{"3天之内", prose(bound(model.AtMost, "3", "天"))},
		{"≤24小时内", bound(model.AtMost, "24", "小时")},
		{"不低于99.9%", prose(bound(model.AtLeast, "99.9", "%"))},
		{"不超过 50 万元", prose(bound(model.AtMost, "50", "万元"))},
		{"大于等于90%", prose(bound(model.AtLeast, "90", "%"))},
		{"大于或等于90%", prose(bound(model.AtLeast, "90", "%"))},
		{"大于90%", prose(bound(model.Above, "90", "%"))},
		{"控制在200万元以内", prose(bound(model.AtMost, "200", "万元"))},
		{"90%以上", prose(bound(model.AtLeast, "90", "%"))},
		{"90%及以上", prose(bound(model.AtLeast, "90", "%"))},
		{"95%(含)以上", prose(bound(model.AtLeast, "95", "%"))},
		{"10%以下", prose(bound(model.AtMost, "10", "%"))},
		{"约200人", prose(bound(model.About, "200", "人"))},
		{"200人左右", prose(bound(model.About, "200", "人"))},
		{"0起", bound(model.NoOperator, "0", "起")}, // 起 counts accidents
		{"3000元起", prose(bound(model.AtLeast, "3000", "元"))},

		// ranges
		{"10-20(个)", span("10", "20", "个")},
		{"10～20个", span("10", "20", "个")},
		{"10个-20个", span("10", "20", "个")},
		{"90%—95%", span("90", "95", "%")},
		{"1.5至2.0万元", span("1.5", "2.0", "万元")},
		{"20到30人之间", span("20", "30", "人")},
		{"2－4次", span("2", "4", "次")},

		// tolerances
		{"100±5(mm)", tolerance("100", "5", "mm")},
		{"36.5±0.5℃", tolerance("36.5", "0.5", "℃")},

		// dates
		{"2026年11月底前", prose(date(model.AtMost, "2026-11"))},
		{"≤2026年11月", date(model.AtMost, "2026-11")},
		{"2026年6月30日前", prose(date(model.AtMost, "2026-06-30"))},
		{"2026-06-30", date(model.Exactly, "2026-06-30")},
		{"2026/6/30前", prose(date(model.AtMost, "2026-06-30"))},
		{"≤2026-11-30", date(model.AtMost, "2026-11-30")},
		{"12月底前", prose(date(model.AtMost, "--12"))},
		{"10月15日前", prose(date(model.AtMost, "--10-15"))},
		{"2026年底前", prose(date(model.AtMost, "2026"))},
		{"不晚于2026年9月", prose(date(model.AtMost, "2026-09"))},

		// frequencies
		{"一季度一次", often("1", "次", "quarter")},
		{"每月2次", often("2", "次", "month")},
		{"每周一次", often("1", "次", "week")},
		{"每年三期", often("3", "期", "year")},
		{"2次/月", often("2", "次", "month")},
		{"每半年不少于1次", reading{Kind: model.KindFrequency, Op: model.AtLeast, Number: "1", Unit: "次", Period: "half-year", Prose: true}},
		{"每个月两次", often("2", "次", "month")},

		{"2026年", date(model.Exactly, "2026")},
		{"≤2026年底", date(model.AtMost, "2026")},

		// words
		{"控制于预算内", words},
		{"及时", words},
		{"提升", words},
		{"当年内", words},
		{"有效提升50%", words},
		{"100%完成", words},
		{"≥90%且≤95%", words},
		{"优良", words},
		{"≥**%", words},
		{strings.Repeat("很长的说明", 20), words},

		// nothing
		{"", missing},
		{"  ", missing},
		{"/", missing},
		{"—", missing},
		{"--", missing},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			got := parseValue(tt.in)
			if diff := cmp.Diff(tt.want, readingOf(got)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if got.Raw != strings.TrimSpace(tt.in) {
				t.Errorf("printed text became %q", got.Raw)
			}
		})
	}
}

// Every spelling of an operator in the grammar is read, in front and behind.
func TestOperatorSpellings(t *testing.T) {
	for _, sp := range zh.Before {
		v := parseValue(sp.Text + "12.50(个)")
		want := bound(model.Operator(sp.Operator), "12.50", "个")
		want.Prose = sp.Prose
		if diff := cmp.Diff(want, readingOf(v)); diff != "" {
			t.Errorf("%s: -want +got:\n%s", sp.Text, diff)
		}
	}
	for _, sp := range zh.Behind {
		v := parseValue("12.50小时" + sp.Text)
		want := bound(model.Operator(sp.Operator), "12.50", "小时")
		want.Prose = sp.Prose
		if diff := cmp.Diff(want, readingOf(v)); diff != "" {
			t.Errorf("%s: -want +got:\n%s", sp.Text, diff)
		}
	}
}

func TestOnlyAPositiveReadingIsABound(t *testing.T) {
	for _, in := range []string{"≥", "≤元", "≥.5.5", "≥1,2,3", "100±", "±5", "10-", "2026年13月底前", "2026-02-30", "13月底前", "6月40日前",
		"≥1/3", "3/5", "365天*24小时", "1次/1年", "2小时1次", "≥1至3年", "95%以上（含95%）", "3小时以内响应", "1个半小时", "2026年第一季度"} {
		if v := parseValue(in); v.Kind != model.KindText {
			t.Errorf("%q is read as %+v", in, readingOf(v))
		}
	}
}

func BenchmarkValue(b *testing.B) {
	values := []string{"≥26000.00(套)", "≤16.92(万元/年/人)", "=100.00(%)", "48小时内", "2026年11月底前", "一季度一次", "10-20(个)", "控制于预算内"}
	b.ReportAllocs()
	for b.Loop() {
		for _, s := range values {
			parseValue(s)
		}
	}
}

// A number that white space divides must not be read as another number.
func TestBrokenNumbers(t *testing.T) {
	for raw, want := range map[string]model.ValueKind{
		"≥20 30": model.KindText, "≥1 280.50元": model.KindBound, "12 000(人)": model.KindBound,
		"1 2 3": model.KindText, "10月内": model.KindText, "48 小时内": model.KindBound,
	} {
		if got := parseValue(raw); got.Kind != want || got.Raw != raw {
			t.Errorf("parseValue(%q) is %s with raw %q, want %s", raw, got.Kind, got.Raw, want)
		}
	}
	if m := parseMoney("12 34.00", "元"); m.State != model.MoneyInvalid {
		t.Errorf("parseMoney of a divided number is %v", m)
	}
}
