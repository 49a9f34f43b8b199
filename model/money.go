package model

import "github.com/shopspring/decimal"

// Number is an exact decimal that remembers how many places were printed.
type Number struct {
	Value  decimal.Decimal
	Places int32 // digits printed after the decimal point
}

// ParseNumber reads plain digits with an optional sign and point ("2526.00").
func ParseNumber(s string) (Number, error) {
	d, err := decimal.NewFromString(s)
	if err != nil {
		return Number{}, err
	}
	return Number{Value: d, Places: max(0, -d.Exponent())}, nil
}

// String prints the number with the places it was printed with.
func (n Number) String() string { return n.Value.StringFixed(n.Places) }

// MarshalJSON writes a decimal string.
func (n Number) MarshalJSON() ([]byte, error) { return quoted(n.String()), nil }

// Half is half a unit of the last printed place, in the number's own unit.
// Zeros that end a decimal fraction were printed too: 880.00 is 880 ± 0.005,
// 880 is 880 ± 0.5. Zero is exact.
func (n Number) Half() decimal.Decimal {
	if n.Value.IsZero() {
		return decimal.Zero
	}
	return decimal.New(5, -n.Places-1)
}

// MoneyState tells a blank cell from one that holds no amount.
type MoneyState int

const (
	MoneyBlank   MoneyState = iota // the cell is blank or absent
	MoneyValid                     // Amount holds the value
	MoneyInvalid                   // the cell has text that is no amount
)

// Money is an amount in 元, with how it was printed.
type Money struct {
	State   MoneyState
	Amount  decimal.Decimal // in 元
	Scale   decimal.Decimal // 元 in one printed unit: 1 or 10000
	Printed Number          // in the printed unit
	Raw     string          // the cell as printed
}

// Valid says whether there is an amount.
func (m Money) Valid() bool { return m.State == MoneyValid }

// Half is half a unit of the last printed place, in 元.
func (m Money) Half() decimal.Decimal { return m.Printed.Half().Mul(m.Scale) }

// String prints the amount in 元 with at least two places, "" where there is none.
func (m Money) String() string {
	if !m.Valid() {
		return ""
	}
	return m.Amount.StringFixed(max(2, -m.Amount.Exponent()))
}

// MarshalJSON writes a decimal string in 元, or null where there is no amount.
func (m Money) MarshalJSON() ([]byte, error) {
	if !m.Valid() {
		return []byte("null"), nil
	}
	return quoted(m.String()), nil
}

// FormatMoney prints an amount in 元 as people read it: 12,520,800.00.
func FormatMoney(d decimal.Decimal) string {
	s := d.Abs().StringFixed(2)
	for i := len(s) - 6; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	if d.IsNegative() {
		s = "-" + s
	}
	return s
}
