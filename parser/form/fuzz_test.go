package form

import (
	"strings"
	"testing"
	"unicode/utf8"

	"perfgoal/model"
)

func FuzzValue(f *testing.F) {
	for _, s := range []string{"≥26000.00(套)", "48小时内", "10-20(个)", "100±5(mm)", "2026年11月底前", "一季度一次", "2次/月", "控制于预算内", "7*24小时", "≤1,280.50元", "-", "≥"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v := parseValue(s)
		if v.Raw != strings.TrimSpace(s) {
			t.Fatalf("printed text became %q", v.Raw)
		}
		has := func(n *model.Number) bool { return n != nil }
		var whole bool
		switch v.Kind {
		case model.KindBound:
			whole = has(v.Number) && !has(v.Lower) && !has(v.Upper) && v.Date == "" && v.Period == ""
		case model.KindRange:
			whole = has(v.Lower) && has(v.Upper) && !has(v.Number)
		case model.KindTolerance:
			whole = has(v.Number) && has(v.Tolerance)
		case model.KindDate:
			whole = v.Date != "" && !has(v.Number) && v.Operator != model.NoOperator
		case model.KindFrequency:
			whole = has(v.Number) && v.Period != "" && v.Unit != ""
		case model.KindText, model.KindMissing:
			whole = !has(v.Number) && !has(v.Lower) && v.Operator == model.NoOperator && v.Unit == "" && v.Date == "" && v.Period == "" && !v.Prose
		}
		if !whole {
			t.Fatalf("%q: half a reading: %+v", s, v)
		}
		if again := parseValue(v.Raw); readingOf(again) != readingOf(v) {
			t.Fatalf("%q is read otherwise the second time", s)
		}
	})
}

func FuzzMoney(f *testing.F) {
	for _, s := range []string{"379,000.00", "880.00万元", "（50.00）", "¥1", "－3", "待定", "1.5亿元", "—", "：1,280.50；"} {
		f.Add(s, "元")
		f.Add(s, "万元")
	}
	f.Fuzz(func(t *testing.T, s, unit string) {
		m := parseMoney(s, unit)
		if m.Raw != strings.TrimSpace(s) {
			t.Fatalf("printed text became %q", m.Raw)
		}
		if !m.Valid() {
			if m.String() != "" {
				t.Fatalf("%q: no amount, yet %s", s, m)
			}
			return
		}
		if !m.Amount.Equal(m.Printed.Value.Mul(m.Scale)) || m.Half().IsNegative() {
			t.Fatalf("%q: %s is not %s × %s", s, m.Amount, m.Printed, m.Scale)
		}
		// What is written out is read back as the same amount.
		if back := parseMoney(m.String(), "元"); !back.Valid() || !back.Amount.Equal(m.Amount) {
			t.Fatalf("%q: %s is read back as %s", s, m, back)
		}
	})
}

func FuzzDate(f *testing.F) {
	for _, s := range []string{"2026-01-01", "2026/1/1", "2026年1月1日", "20260101", "2026-02-30", "2026年—2028年", "2026-01-01至2026-12-31", "长期"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d := parseDate(s)
		if d.Valid {
			if back := parseDate(d.String()); !back.Valid || back.String() != d.String() {
				t.Fatalf("%q: %s is read back as %+v", s, d, back)
			}
		}
		if start, end, ok := periodDays(s); ok != (start.Valid && end.Valid) {
			t.Fatalf("%q: %v to %v, %v", s, start, end, ok)
		}
		if y := yearOf(s); y != 0 && (y < 1900 || y > 2099) {
			t.Fatalf("%q: year %d", s, y)
		}
		if key := normLabel(s); utf8.ValidString(s) && !utf8.ValidString(key) {
			t.Fatalf("%q: label %q is cut within a character", s, key)
		}
	})
}
