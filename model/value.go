package model

// ValueKind is the shape of an indicator's value.
type ValueKind string

const (
	KindBound     ValueKind = "bound"     // one operator, number and unit: ≤2526.00(元/套)
	KindRange     ValueKind = "range"     // Lower and Upper: 10-20(个)
	KindTolerance ValueKind = "tolerance" // Number ± Tolerance: 100±5(mm)
	KindDate      ValueKind = "date"      // Date, and an operator such as <= for 月底前
	KindFrequency ValueKind = "frequency" // Count times in Period: 一季度一次
	KindText      ValueKind = "text"
	KindMissing   ValueKind = "missing"
)

// Operator compares a measured result with the value: what is on the right of
// it is the printed number. The zero value is written as JSON null.
type Operator string

const (
	NoOperator Operator = ""
	AtMost     Operator = "<="
	AtLeast    Operator = ">="
	Exactly    Operator = "="
	Below      Operator = "<"
	Above      Operator = ">"
	About      Operator = "~"
)

// MarshalJSON writes null where there is no operator. It quotes the sign
// itself, because json.Marshal would write < and > as escapes.
func (o Operator) MarshalJSON() ([]byte, error) {
	if o == NoOperator {
		return []byte("null"), nil
	}
	return []byte(`"` + string(o) + `"`), nil
}

// Value is an indicator's value (指标值): what was printed, and what it means.
type Value struct {
	Raw      string    `json:"raw"` // as printed, wrapped lines joined
	Kind     ValueKind `json:"kind"`
	Operator Operator  `json:"operator"`
	// Number is the bound of a bound, the middle of a tolerance, the count of
	// a frequency; nil for other kinds.
	Number *Number `json:"number"`
	Unit   string  `json:"unit"` // as printed, half width: 元/套, 万元/年/人, %

	Lower     *Number `json:"lower,omitempty"`     // of a range
	Upper     *Number `json:"upper,omitempty"`     // of a range
	Tolerance *Number `json:"tolerance,omitempty"` // of a tolerance
	Date      string  `json:"date,omitempty"`      // ISO 8601, shortened to what is printed: 2026-11
	Period    string  `json:"period,omitempty"`    // of a frequency: day, week, month, quarter, half-year, year
	// Prose is set when the bound is written in words around the number
	// (48小时内, 不低于90%) instead of with a sign.
	Prose bool `json:"prose,omitempty"`
}

// Missing is the value of an indicator that has none.
func Missing() Value { return Value{Kind: KindMissing} }
