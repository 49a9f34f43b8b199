package office

import (
	"context"
	"iter"
	"slices"
	"strings"
)

// StoredSheet is a sheet with its cells as the file keeps them: a number with
// all its digits, whatever of them is shown, a date as its number of days.
type StoredSheet struct {
	Name   string
	Cells  []StoredCell // those with a text or a formula, row by row from the left
	Merged []StoredArea
}

// StoredCell is a cell; row and column are 0-based.
type StoredCell struct {
	Row, Column int
	Text        string // "" of a formula whose result the file does not hold
	Formula     bool
}

// StoredArea is a range of cells, all ends included, 0-based.
type StoredArea struct{ Top, Left, Bottom, Right int }

// Stored reads the sheets of a workbook in Office Open XML that are not
// hidden, one after the other. An error is a *model.Problem, or the context's,
// and the last that comes.
func Stored(ctx context.Context, data []byte, limits Limits) iter.Seq2[*StoredSheet, error] {
	return func(yield func(*StoredSheet, error) bool) {
		w, err := openWorkbook(newMeter(ctx, limits), data)
		if err != nil {
			yield(nil, err)
			return
		}
		w.stored = true
		for _, ref := range w.sheets {
			if ref.hidden {
				continue
			}
			s, err := w.storedSheet(ref)
			if !yield(s, err) || err != nil {
				return
			}
		}
	}
}

func (w *workbook) storedSheet(ref sheetRef) (*StoredSheet, error) {
	s, err := w.sheet(ref)
	if err != nil {
		return nil, err
	}
	out := &StoredSheet{Name: s.name, Cells: make([]StoredCell, len(s.cells))}
	for i, c := range s.cells {
		out.Cells[i] = StoredCell{c.row, c.col, c.text, c.formula}
	}
	inOrder := func(a, b StoredCell) int {
		if a.Row != b.Row {
			return a.Row - b.Row
		}
		return a.Column - b.Column
	}
	slices.SortStableFunc(out.Cells, inOrder)
	for i := 1; i < len(out.Cells); i++ {
		if inOrder(out.Cells[i-1], out.Cells[i]) == 0 {
			return nil, damaged("一个单元格出现了两次", "a cell stands in it twice", nil)
		}
	}
	for _, a := range s.merges {
		out.Merged = append(out.Merged, StoredArea{a.r0, a.c0, a.r1, a.c1})
	}
	return out, nil
}

// storedText is what a cell holds, without its format.
func (w *workbook) storedText(kind, value string) (string, error) {
	switch kind {
	case "s":
		return w.shared(value)
	case "inlineStr":
		return value, nil
	case "str":
		return unescape(value), nil
	case "b":
		return truth(value), nil
	}
	return strings.TrimSpace(value), nil
}
