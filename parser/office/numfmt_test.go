package office

import "testing"

func TestNumberFormats(t *testing.T) {
	tests := []struct {
		format, raw, text, stored string
		doubt                     bool
	}{
		{"General", "379000", "379000", "", false},
		{"General", "0.30000000000000004", "0.3", "", false},
		{"General", "12.345678901234", "12.3456789", "12.345678901234", false},
		{"General", "123456789012", "1.23457E+11", "123456789012", true},
		{"General", "-7", "-7", "", false},
		{"General", "1E-3", "0.001", "", false},
		{"", "5", "5", "", false},
		{"0.00", "12.345", "12.35", "12.345", false},
		{"0.00", "2.675", "2.68", "2.675", false}, // half up, in decimals
		{"0.00", "1.005", "1.01", "1.005", false},
		{"0", "0.5", "1", "0.5", false},
		{"#,##0.00", "1234567.5", "1,234,567.50", "", false},
		{"#,##0", "999", "999", "", false},
		{"#,##0", "-1234", "-1,234", "", false},
		{"0%", "0.95", "95%", "", false},
		{"0.0%", "0.9876", "98.8%", "0.9876", false},
		{`0.00"万元"`, "12.5", "12.50万元", "", false},
		{`"≥"0"%"`, "95", "≥95%", "", false},
		{`[$¥-804]#,##0.00`, "1500", "¥1,500.00", "", false},
		{`_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ `, "1500", " 1,500.00 ", "", false},
		{`_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ `, "0", " - ", "", false},
		{`0.00;-0.00;;@`, "0", "", "", false},
		{`#,##0.00_);[Red](#,##0.00)`, "-5.5", "(5.50)", "", false},
		{`[>=10000]0.0,"千";0`, "12300", "12.3千", "", false},
		{`[>=10000]0.0,"千";0`, "50", "50", "", false},
		{"000000", "12", "000012", "", false},
		{"000-0000", "1234567", "123-4567", "", false},
		{"0.##", "5", "5", "", false},
		{"0.##", "5.10", "5.1", "", false},
		{"0.00E+00", "379000", "3.79E+05", "379000", true},
		{"@", "95", "95", "", false},
		{"yyyy-mm-dd", "46023", "2026-01-01", "", false},
		{"m/d/yy", "46387", "2026-12-31", "", false},
		{`yyyy"年"m"月"d"日"`, "46023", "2026-01-01", "", false},
		{"[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "46023", "2026-01-01", "", false},
		{`[DBNum1][$-804]yyyy"年"m"月"d"日"`, "46023", "2026-01-01", "", false},
		{`yyyy"年"m"月"`, "46357", "2026年12月", "2026-12-01", false},
		{`m"月"d"日"`, "46086", "3月5日", "2026-03-05", true},
		{"d-mmm", "46086", "5-Mar", "2026-03-05", true},
		{"yyyy/m/d h:mm", "46023.5", "2026-01-01 12:00:00", "", false},
		{"yyyy/m/d h:mm", "46023", "2026-01-01", "", false},
		{"h:mm", "0.354166666666667", "8:30", "0.354166666666667", false},
		{"[h]:mm", "0.5", "12:00", "0.5", false},
		{"yyyy-mm-dd", "-3", "-3", "", true},
		{"yyyy-mm-dd", "9999999", "9999999", "", true},
		{"yyyy-mm-dd", "59", "1900-02-28", "", false}, // Excel's 1900 has a 29 February
		{"yyyy-mm-dd", "61", "1900-03-01", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.format+" "+tt.raw, func(t *testing.T) {
			d, ok := parseStored(tt.raw)
			if !ok {
				t.Fatal("not read as a number")
			}
			got := parseNumberFormat(tt.format).number(d, false)
			if got.text != tt.text || got.stored != tt.stored || (got.doubt != nil) != tt.doubt {
				t.Errorf("got %q stored %q doubt %v, want %q %q %v", got.text, got.stored, got.doubt != nil, tt.text, tt.stored, tt.doubt)
			}
		})
	}
	d, _ := parseStored("44561")
	if got := parseNumberFormat("yyyy-mm-dd").number(d, true).text; got != "2026-01-01" {
		t.Errorf("a day counted from 1904 is %s", got)
	}
	if got := parseNumberFormat(`@"号"`).text("3"); got != "3号" {
		t.Errorf("a text section gives %q", got)
	}
	for _, raw := range []string{"", "x", "1e999999999", "1e-999999999", "NaN", "0x10"} {
		if _, ok := parseStored(raw); ok {
			t.Errorf("%q is taken for a number", raw)
		}
	}
}

// No format, however odd, makes the reader fail.
func FuzzNumberFormat(f *testing.F) {
	for _, code := range builtinFormats {
		f.Add(code, "46023.75")
	}
	f.Add(`[>=1]0,,;[h]:"x`, "-0.5")
	f.Fuzz(func(_ *testing.T, code, raw string) {
		d, ok := parseStored(raw)
		if !ok {
			return
		}
		n := parseNumberFormat(code)
		n.number(d, false)
		n.number(d, true)
		n.text(raw)
	})
}
