package model

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// What is written as JSON is read back by the UnmarshalJSON beside it, so that
// forms can be checked on another machine than the one that read them.

// locationJSON is a Location as it is written.
type locationJSON struct {
	Page  *int    `json:"page"`
	Line  *int    `json:"line"`
	BBox  *Box    `json:"bbox"`
	Cell  *string `json:"cell"`
	Sheet *string `json:"sheet"`
	Table int     `json:"table,omitempty"`
	// Source is "ocr" for what was read from a scan, with its confidence.
	Source     string   `json:"source,omitempty"`
	Confidence *float64 `json:"confidence,omitempty"`
}

// sourceOCR marks what was read from a scan.
const sourceOCR = "ocr"

// MarshalJSON writes null for what does not apply.
func (l Location) MarshalJSON() ([]byte, error) {
	var cell, sheet *string
	if l.Sheet != "" {
		sheet = &l.Sheet
	}
	if s := l.CellName(); s != "" {
		cell = &s
	}
	source := ""
	if l.Confidence != nil {
		source = sourceOCR
	}
	return json.Marshal(locationJSON{l.Page, l.Line, l.Box, cell, sheet, l.Table, source, l.Confidence})
}

// quoted is a text as JSON has it, of figures and signs that need no escape.
func quoted(s string) []byte { return []byte(`"` + s + `"`) }

// UnmarshalJSON reads what MarshalJSON writes.
func (l *Location) UnmarshalJSON(b []byte) error {
	var j locationJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	*l = Location{Page: j.Page, Line: j.Line, Box: j.BBox, Table: j.Table, Confidence: j.Confidence}
	if j.Sheet != nil {
		l.Sheet = *j.Sheet
	}
	if j.Cell != nil {
		ref, ok := parseRef(*j.Cell)
		if !ok {
			return fmt.Errorf("cell: %q is not like R12C3 or C12", *j.Cell)
		}
		l.Cell = ref
	}
	return nil
}

// parseRef reads R12C3, or C12 as workbooks have it. A cell of column R or RC
// is not mistaken: R12 has no C behind its digits.
func parseRef(s string) (Ref, bool) {
	const most = 1 << 30
	if row, col, ok := strings.Cut(strings.TrimPrefix(s, "R"), "C"); ok && strings.HasPrefix(s, "R") {
		r, err1 := strconv.Atoi(row)
		c, err2 := strconv.Atoi(col)
		if err1 == nil && err2 == nil && r > 0 && c > 0 && r < most && c < most {
			return Ref{Row: r, Col: c}, true
		}
	}
	col, i := 0, 0
	for ; i < len(s) && s[i] >= 'A' && s[i] <= 'Z'; i++ {
		if col = col*26 + int(s[i]-'A') + 1; col > most {
			return Ref{}, false
		}
	}
	row, err := strconv.Atoi(s[i:])
	if i == 0 || err != nil || row < 1 || row > most {
		return Ref{}, false
	}
	return Ref{Row: row, Col: col}, true
}

// MarshalJSON writes the message in Chinese; a report that speaks another
// language renders messages itself.
func (m Message) MarshalJSON() ([]byte, error) { return json.Marshal(m.In(Chinese)) }

// UnmarshalJSON reads a wording; its language is taken for Chinese.
func (m *Message) UnmarshalJSON(b []byte) error {
	*m = Message{}
	return json.Unmarshal(b, &m.Text.Zh)
}

// isNull says whether a value is JSON's null.
func isNull(b []byte) bool { return bytes.Equal(bytes.TrimSpace(b), []byte("null")) }

// parsePlain reads a decimal as it is written here: no exponent, which could
// make a short text an endless number.
func parsePlain(s string) (Number, error) {
	const longest = 400 // characters
	if s == "" || len(s) > longest || strings.Trim(s, "-.0123456789") != "" {
		return Number{}, fmt.Errorf("%.40q is no decimal number", s)
	}
	return ParseNumber(s)
}

// UnmarshalJSON reads a decimal string.
func (n *Number) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	v, err := parsePlain(s)
	*n = v
	return err
}

// UnmarshalJSON reads a decimal string in 元, or null. How the amount is
// printed is not in it; Form.Restore knows.
func (m *Money) UnmarshalJSON(b []byte) error {
	*m = Money{}
	if isNull(b) {
		return nil
	}
	var n Number
	if err := n.UnmarshalJSON(b); err != nil {
		return err
	}
	*m = Money{State: MoneyValid, Amount: n.Value, Scale: decimal.NewFromInt(1), Printed: n, Raw: n.String()}
	return nil
}

// UnmarshalJSON reads the ISO 8601 form, or "".
func (d *Date) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	*d = Date{}
	if s == "" {
		return nil
	}
	var year, month, day int
	if n, err := fmt.Sscanf(s, "%4d-%2d-%2d", &year, &month, &day); err != nil || n != 3 || len(s) != len("2006-01-02") {
		return fmt.Errorf("%.40q is not like 2026-01-31", s)
	}
	if *d = NewDate(s, year, month, day); !d.Valid {
		return fmt.Errorf("%q is no day", s)
	}
	return nil
}

// UnmarshalJSON reads a year, or null.
func (y *Year) UnmarshalJSON(b []byte) error {
	*y = 0
	if isNull(b) {
		return nil
	}
	var n int
	err := json.Unmarshal(b, &n)
	*y = Year(n)
	return err
}

// UnmarshalJSON reads an operator, or null.
func (o *Operator) UnmarshalJSON(b []byte) error {
	*o = NoOperator
	if isNull(b) {
		return nil
	}
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	switch v := Operator(s); v {
	case AtMost, AtLeast, Exactly, Below, Above, About:
		*o = v
		return nil
	}
	return fmt.Errorf("%.40q is no operator", s)
}

// eachMoney goes through a form's amounts by path.
func (f *Form) eachMoney(fn func(path string, m *Money)) {
	for _, field := range Fields {
		if m := field.Money(f); m != nil {
			fn(field.Path, m)
		}
	}
	for i := range f.Funding.Items {
		fn(fmt.Sprintf("funding.items[%d].amount", i), &f.Funding.Items[i].Amount)
	}
}

// KeepPrinted notes in Printed and Doubts what JSON would lose of amounts,
// dates and messages: how they are printed, and the other language.
func (f *Form) KeepPrinted() {
	f.Printed = nil
	note := func(path string, p Printed) {
		if f.Printed == nil {
			f.Printed = map[string]Printed{}
		}
		f.Printed[path] = p
	}
	f.eachMoney(func(path string, m *Money) {
		switch m.State {
		case MoneyValid:
			number := m.Printed
			note(path, Printed{Text: m.Raw, Number: &number, Scale: m.Scale.String()})
		case MoneyInvalid:
			note(path, Printed{Text: m.Raw})
		}
	})
	for _, field := range Fields {
		d := field.Date(f)
		switch {
		case d == nil || d.Raw == "" || d.Valid && d.Raw == d.String():
		case !d.Valid && (d.Year != 0 || d.Month != 0 || d.Day != 0):
			note(field.Path, Printed{Text: d.Raw, Day: &[3]int{d.Year, int(d.Month), d.Day}})
		default:
			note(field.Path, Printed{Text: d.Raw})
		}
	}
	doubts := make([]Doubt, len(f.Doubts))
	for i, d := range f.Doubts {
		d.Zh, d.En = d.Message.In(Chinese), d.Message.In(English)
		doubts[i] = d
	}
	f.Doubts = doubts
}

// Restore puts back what KeepPrinted noted, after a form was read from JSON.
// The error says what of the form cannot be: a value without what its kind
// needs, a name that is none of those there are.
func (f *Form) Restore() error {
	var failed error
	wrong := func(format string, args ...any) {
		if failed == nil {
			failed = fmt.Errorf(format, args...)
		}
	}
	wan := decimal.NewFromInt(10000)
	f.eachMoney(func(path string, m *Money) {
		p, noted := f.Printed[path]
		switch {
		case noted && m.State == MoneyValid && p.Number != nil:
			n, err := parsePlain(p.Scale)
			if err != nil || !n.Value.Mul(p.Number.Value).Equal(m.Amount) {
				wrong("printed: %s is not the amount %s", path, m.Amount)
				return
			}
			m.Scale, m.Printed, m.Raw = n.Value, *p.Number, p.Text
		case noted && m.State == MoneyBlank:
			m.State, m.Raw = MoneyInvalid, p.Text
		case m.State == MoneyValid && f.Funding.Unit == "万元":
			m.Scale = wan
			v := m.Amount.Div(wan)
			m.Printed = Number{Value: v, Places: max(0, -v.Exponent())}
			m.Raw = m.Printed.String()
		}
	})
	for _, field := range Fields {
		d := field.Date(f)
		p, noted := f.Printed[field.Path]
		if d == nil || !noted {
			continue
		}
		switch {
		case d.Valid:
			d.Raw = p.Text
		case p.Day != nil:
			*d = NewDate(p.Text, p.Day[0], p.Day[1], p.Day[2])
			if d.Valid {
				wrong("printed: %s is a day, and %s is blank", p.Text, field.Path)
			}
		default:
			d.Raw = p.Text
		}
	}
	f.Printed = nil
	for i := range f.Doubts {
		d := &f.Doubts[i]
		if d.Zh != "" || d.En != "" {
			d.Message = Message{Text: Text{Zh: d.Zh, En: d.En}}
		}
		d.Zh, d.En = "", ""
		if !oneOf(d.Code, DoubtCodes) {
			wrong("doubts[%d].code: %.40q", i, string(d.Code))
		}
	}
	for i, x := range f.Ignored {
		if !oneOf(x.Reason, IgnoreReasons) {
			wrong("ignored[%d].reason: %.40q", i, string(x.Reason))
		}
	}
	if !oneOf(f.Kind, []FormKind{ProjectForm, DepartmentForm}) {
		wrong("kind: %.40q", string(f.Kind))
	}
	if !oneOf(f.Geometry, []Geometry{Ruled, Aligned, Loose}) {
		wrong("geometry: %.40q", string(f.Geometry))
	}
	if !f.Reading.Balanced() {
		wrong("reading: the characters do not add up")
	}
	for i := range f.Signs {
		s := &f.Signs[i]
		if !oneOf(s.Kind, SignKinds) || s.Indicator < -1 || s.Indicator >= len(f.Indicators) {
			wrong("signs[%d]: %.40q at indicator %d", i, string(s.Kind), s.Indicator)
		}
	}
	for i, l := range f.Required {
		if !oneOf(l, Levels) {
			wrong("required[%d]: %.40q", i, string(l))
		}
	}
	for _, list := range []struct {
		name string
		rows []Indicator
	}{{"indicators", f.Indicators}, {"overall_indicators", f.OverallIndicators}} {
		for i := range list.rows {
			if err := list.rows[i].check(); err != nil {
				wrong("%s[%d].%w", list.name, i, err)
			}
		}
	}
	return failed
}

func oneOf[T comparable](v T, all []T) bool {
	for _, x := range all {
		if x == v {
			return true
		}
	}
	return false
}

// check says what of an indicator cannot be.
func (x *Indicator) check() error {
	for name, l := range map[string]Level{"class1": x.Class1, "class2": x.Class2} {
		if l != NoLevel && !oneOf(l, Levels) {
			return fmt.Errorf("%s: %.40q", name, string(l))
		}
	}
	if !oneOf(x.Scope, []Scope{Annual, Overall}) {
		return fmt.Errorf("scope: %.40q", string(x.Scope))
	}
	if err := x.Value.check(); err != nil {
		return fmt.Errorf("value: %w", err)
	}
	for _, v := range []*Value{x.LongTermValue, x.HalfYearValue} {
		if v == nil {
			continue
		}
		if err := v.check(); err != nil {
			return fmt.Errorf("value: %w", err)
		}
	}
	for i := range x.RegionValues {
		if err := x.RegionValues[i].Value.check(); err != nil {
			return fmt.Errorf("region_values[%d]: %w", i, err)
		}
	}
	return nil
}

// check says what a value lacks of its kind: those who use it rely on that.
func (v *Value) check() error {
	missing := ""
	switch v.Kind {
	case KindBound, KindFrequency:
		if v.Number == nil {
			missing = "number"
		}
	case KindTolerance:
		if v.Number == nil || v.Tolerance == nil {
			missing = "number or tolerance"
		}
	case KindRange:
		if v.Lower == nil || v.Upper == nil {
			missing = "lower or upper"
		}
	case KindDate:
		if v.Date == "" {
			missing = "date"
		}
	case KindText, KindMissing:
	default:
		return fmt.Errorf("kind: %.40q", string(v.Kind))
	}
	if missing != "" {
		return fmt.Errorf("a %s without %s", v.Kind, missing)
	}
	return nil
}
