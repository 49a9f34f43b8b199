package model

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

func dec(t *testing.T, s string) decimal.Decimal {
	t.Helper()
	d, err := decimal.NewFromString(s)
	if err != nil {
		t.Fatalf("decimal %q: %v", s, err)
	}
	return d
}

func TestParseNumber(t *testing.T) {
	tests := []struct {
		in     string
		value  string
		places int32
	}{
		{"2526.00", "2526", 2},
		{"16.92", "16.92", 2},
		{"48", "48", 0},
		{"0", "0", 0},
		{"-0.5", "-0.5", 1},
		{"007.10", "7.1", 2},
		{"99999999999999999999.99", "99999999999999999999.99", 2},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			n, err := ParseNumber(tt.in)
			if err != nil {
				t.Fatal(err)
			}
			if !n.Value.Equal(dec(t, tt.value)) || n.Places != tt.places {
				t.Errorf("got %s with %d places, want %s with %d", n.Value, n.Places, tt.value, tt.places)
			}
		})
	}
	for _, in := range []string{"", "元", "1,000", "1.2.3", "--1", "十"} {
		if n, err := ParseNumber(in); err == nil {
			t.Errorf("ParseNumber(%q) = %v, want an error", in, n)
		}
	}
}

func TestNumberPrintsAsItWasPrinted(t *testing.T) {
	for _, in := range []string{"2526.00", "0.10", "-3.50", "12", "0.000"} {
		n, err := ParseNumber(in)
		if err != nil {
			t.Fatal(err)
		}
		if n.String() != in {
			t.Errorf("String() = %q, want %q", n.String(), in)
		}
		got, err := json.Marshal(n)
		if err != nil {
			t.Fatal(err)
		}
		if want := `"` + in + `"`; string(got) != want {
			t.Errorf("JSON = %s, want %s", got, want)
		}
	}
}

func TestNumberHalf(t *testing.T) {
	tests := []struct{ in, half string }{
		{"880.00", "0.005"}, // zeros that end a fraction are formatting
		{"880.0", "0.05"},
		{"880", "0.5"},
		{"16.92", "0.005"},
		{"3.50", "0.005"},
		{"3.05", "0.005"},
		{"0.10", "0.005"},
		{"-16.9", "0.05"},
		{"0", "0"}, // nothing is exactly nothing
		{"0.00", "0"},
		{"1000", "0.5"}, // zeros before the point are digits
	}
	for _, tt := range tests {
		n, err := ParseNumber(tt.in)
		if err != nil {
			t.Fatal(err)
		}
		if got := n.Half(); !got.Equal(dec(t, tt.half)) {
			t.Errorf("Half(%s) = %s, want %s", tt.in, got, tt.half)
		}
	}
}

func money(t *testing.T, amount, printed string, scale int64) Money {
	t.Helper()
	n, err := ParseNumber(printed)
	if err != nil {
		t.Fatal(err)
	}
	return Money{State: MoneyValid, Amount: dec(t, amount), Scale: decimal.NewFromInt(scale), Printed: n, Raw: printed}
}

func TestMoneyJSON(t *testing.T) {
	tests := []struct {
		name string
		m    Money
		want string
	}{
		{"blank", Money{}, "null"},
		{"no amount", Money{State: MoneyInvalid, Raw: "待定"}, "null"},
		{"whole yuan", money(t, "379000", "379000", 1), `"379000.00"`},
		{"zero is an amount", money(t, "0", "0.00", 1), `"0.00"`},
		{"ten thousands", money(t, "8800000", "880.00", 10000), `"8800000.00"`},
		{"more than two places are kept", money(t, "1.234", "1.234", 1), `"1.234"`},
		{"negative", money(t, "-5.5", "-5.5", 1), `"-5.50"`},
		{"beyond a float", money(t, "90071992547409931.01", "90071992547409931.01", 1), `"90071992547409931.01"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := json.Marshal(tt.m)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(got)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestMoneyHalfIsInYuan(t *testing.T) {
	if got, want := money(t, "8800000", "880.00", 10000).Half(), dec(t, "50"); !got.Equal(want) {
		t.Errorf("half of 880.00 万元 = %s 元, want %s", got, want)
	}
	if got, want := money(t, "169200", "16.92", 10000).Half(), dec(t, "50"); !got.Equal(want) {
		t.Errorf("half of 16.92 万元 = %s 元, want %s", got, want)
	}
}

func TestFormatMoney(t *testing.T) {
	tests := []struct{ in, want string }{
		{"0", "0.00"},
		{"999", "999.00"},
		{"1000", "1,000.00"},
		{"12520800", "12,520,800.00"},
		{"-1234.5", "-1,234.50"},
		{"-999", "-999.00"},
		{"123456", "123,456.00"},
		{"0.005", "0.01"},
	}
	for _, tt := range tests {
		if got := FormatMoney(dec(t, tt.in)); got != tt.want {
			t.Errorf("FormatMoney(%s) = %q, want %q", tt.in, got, tt.want)
		}
	}
}
