package model

import "time"

// Date is a day, or the text of a cell that is none.
type Date struct {
	Raw   string // as printed; "" where the cell is blank
	Year  int
	Month time.Month
	Day   int
	Valid bool // Raw is a day that exists
}

// NewDate returns the date, valid only if that day exists.
func NewDate(raw string, year, month, day int) Date {
	d := Date{Raw: raw, Year: year, Month: time.Month(month), Day: day}
	t := time.Date(year, d.Month, day, 0, 0, 0, 0, time.UTC)
	d.Valid = year >= 1900 && year <= 2200 && t.Year() == year && t.Month() == d.Month && t.Day() == day
	return d
}

// Blank says whether nothing was printed.
func (d Date) Blank() bool { return d.Raw == "" }

// String is the ISO 8601 form, "" where there is no valid date.
func (d Date) String() string {
	if !d.Valid {
		return ""
	}
	digit := func(n int) byte { return '0' + byte(n%10) }
	iso := [...]byte{
		digit(d.Year / 1000), digit(d.Year / 100), digit(d.Year / 10), digit(d.Year), '-',
		digit(int(d.Month) / 10), digit(int(d.Month)), '-', digit(d.Day / 10), digit(d.Day),
	}
	if string(iso[:]) == d.Raw {
		return d.Raw
	}
	return string(iso[:])
}

// Before compares two valid dates.
func (d Date) Before(o Date) bool { return d.ordinal() < o.ordinal() }

// ordinal orders days; 0 where there is no valid date.
func (d Date) ordinal() int {
	if !d.Valid {
		return 0
	}
	const days, months = 32, 13
	return (d.Year*months+int(d.Month))*days + d.Day
}

// MarshalJSON writes the ISO 8601 form, or "" (the printed text of a date
// that is none stands in the form's unparsed list).
func (d Date) MarshalJSON() ([]byte, error) { return quoted(d.String()), nil }
