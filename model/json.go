package model

import "encoding/json"

// MarshalJSON writes null for what does not apply.
func (l Location) MarshalJSON() ([]byte, error) {
	var cell, sheet *string
	if l.Sheet != "" {
		sheet = &l.Sheet
	}
	if s := l.CellName(); s != "" {
		cell = &s
	}
	return json.Marshal(struct {
		Page  *int    `json:"page"`
		Line  *int    `json:"line"`
		BBox  *Box    `json:"bbox"`
		Cell  *string `json:"cell"`
		Sheet *string `json:"sheet"`
		Table int     `json:"table,omitempty"`
	}{l.Page, l.Line, l.Box, cell, sheet, l.Table})
}

// MarshalJSON writes the message in Chinese; a report that speaks another
// language renders messages itself.
func (m Message) MarshalJSON() ([]byte, error) { return json.Marshal(m.In(Chinese)) }
