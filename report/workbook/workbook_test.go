package workbook

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"iter"
	"math"
	"math/rand/v2"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"perfgoal/parser/office"
)

func rows(rows ...Row) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func cells(kind Kind, texts ...string) Row {
	r := Row{}
	for _, s := range texts {
		r.Cells = append(r.Cells, Cell{Kind: kind, Text: s})
	}
	return r
}

func written(t *testing.T, b Book) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, b); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// opened is a book as another program reads it.
func opened(t *testing.T, data []byte) *excelize.File {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = book.Close() })
	return book
}

func TestTexts(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", ""},
		{`a & b < c > d "e" 'f'`, `a & b < c > d "e" 'f'`},
		{"  两头空格 ", "  两头空格 "},
		{"一行\n二行\t格", "一行\n二行\t格"},
		{"\n", "\n"},
		{"a\rb\r\nc", "a\rb\r\nc"},
		{"\x00\x01\x1b", "\x00\x01\x1b"},
		{"_x000D_", "_x000D_"},
		{"_x_x005F_x000d__x12_ _x000G_", "_x_x005F_x000d__x12_ _x000G_"},
		{"=1+1", "=1+1"},
		{"]]>", "]]>"},
		{"\xff汉\ufffe\uffff😀", "\ufffd汉\ufffd\ufffd😀"},
	}
	for _, kind := range []Kind{Text, Heading} {
		var all []Row
		for _, tt := range tests {
			all = append(all, cells(kind, tt.text))
		}
		book := opened(t, written(t, Book{Sheets: []Sheet{{Name: "a", Rows: rows(all...)}}}))
		for i, tt := range tests {
			at := cellName(1, i+1)
			if got, err := book.GetCellValue("a", at); err != nil || got != tt.want {
				t.Errorf("%q is read as %q, %v", tt.text, got, err)
			}
			if f, err := book.GetCellFormula("a", at); err != nil || f != "" {
				t.Errorf("%q became the formula %q, %v", tt.text, f, err)
			}
		}
	}
}

func TestNumbers(t *testing.T) {
	tests := []struct {
		number        float64
		stored, money string
	}{
		{0, "0", "0.00"},
		{68000, "68000", "68,000.00"},
		{0.30000000000000004, "0.30000000000000004", "0.30"},
		{1234567890123.45, "1234567890123.45", "1,234,567,890,123.45"},
		{-1e15, "-1000000000000000", "-1,000,000,000,000,000.00"},
	}
	var all []Row
	for _, tt := range tests {
		all = append(all, Row{Cells: []Cell{{}, {Kind: Number, Number: tt.number}, {Kind: Money, Number: tt.number}}})
	}
	book := opened(t, written(t, Book{Sheets: []Sheet{{Name: "a", Rows: rows(all...)}}}))
	stored, err := book.GetRows("a", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	shown, err := book.GetRows("a")
	if err != nil {
		t.Fatal(err)
	}
	for i, tt := range tests {
		if diff := cmp.Diff([]string{"", tt.stored, tt.stored}, stored[i]); diff != "" {
			t.Error(diff)
		}
		if got := shown[i][2]; got != tt.money {
			t.Errorf("%v is shown as %s, want %s", tt.number, got, tt.money)
		}
	}
}

// sample has everything that a book can have.
func sample() Book {
	return Book{Creator: "某 & 某", Sheets: []Sheet{
		{Name: "总 & '计'表", Widths: []float64{12.5, 9, 255}, Rows: rows(
			Row{Cells: []Cell{{Kind: Text, Text: "一句话"}}, Height: 31.2, Merged: true},
			Row{},
			Row{Cells: []Cell{{Kind: Heading, Text: "项"}, {}, {Kind: Number, Number: 2}}, Height: MaxRowHeight},
			Row{Cells: []Cell{{Kind: Text, Text: "又一句"}}, Merged: true},
		)},
		{Name: "它's", Widths: []float64{20, 20}, Table: "One", Rows: rows(cells(Heading, "名称\n全称", `甲"&<乙`), cells(Text, "a", "b"))},
		{Name: "空", Widths: []float64{20}, Table: "Two", Rows: rows(cells(Heading, "_x000D_"))},
	}}
}

func TestBook(t *testing.T) {
	data := written(t, sample())
	if !bytes.Equal(data, written(t, sample())) {
		t.Error("not the same bytes twice")
	}
	book := opened(t, data)
	if diff := cmp.Diff([]string{"总 & '计'表", "它's", "空"}, book.GetSheetList()); diff != "" {
		t.Error(diff)
	}
	if p, err := book.GetDocProps(); err != nil || p.Creator != "某 & 某" {
		t.Errorf("made by %+v, %v", p, err)
	}
	first := book.GetSheetList()[0]
	for column, want := range map[string]float64{"A": 12.5, "B": 9, "C": 255} {
		if got, err := book.GetColWidth(first, column); err != nil || got != want {
			t.Errorf("column %s is %v wide, want %v, %v", column, got, want, err)
		}
	}
	for row, want := range map[int]float64{1: 31.2, 2: 15, 3: MaxRowHeight} {
		if got, err := book.GetRowHeight(first, row); err != nil || got != want {
			t.Errorf("row %d is %v high, want %v, %v", row, got, want, err)
		}
	}
	merged, err := book.GetMergeCells(first)
	if err != nil || len(merged) != 2 || merged[0].GetEndAxis() != "C1" || merged[1].GetStartAxis() != "A4" || merged[1].GetEndAxis() != "C4" {
		t.Errorf("merged %v, %v", merged, err)
	}
	id, err := book.GetCellStyle(first, "A3")
	if err != nil {
		t.Fatal(err)
	}
	if style, err := book.GetStyle(id); err != nil || !style.Font.Bold {
		t.Errorf("the heading's style is %+v, %v", style, err)
	}
	names := map[string]string{}
	for _, n := range book.GetDefinedName() {
		names[n.Scope] = n.Name + " " + n.RefersTo
	}
	if diff := cmp.Diff(map[string]string{"它's": "_xlnm.Print_Titles '它''s'!$1:$1", "空": "_xlnm.Print_Titles '空'!$1:$1"}, names); diff != "" {
		t.Error(diff)
	}
	for i, sheet := range book.GetSheetList() {
		page, err := book.GetPageLayout(sheet)
		if err != nil || *page.Size != 9 || *page.Orientation != "landscape" || *page.FitToHeight != 0 {
			t.Errorf("%s prints on %+v, %v", sheet, page, err)
		}
		if p, err := book.GetSheetProps(sheet); err != nil || !*p.FitToPage {
			t.Errorf("%s does not fit a page: %v", sheet, err)
		}
		panes, err := book.GetPanes(sheet)
		if err != nil || panes.Freeze != (i > 0) {
			t.Errorf("%s has panes %+v, %v", sheet, panes, err)
		}
		tables, err := book.GetTables(sheet)
		if err != nil || len(tables) != min(i, 1) {
			t.Fatalf("%s has tables %v, %v", sheet, tables, err)
		}
		if want := []string{"", "A1:B2", "A1:A2"}[i]; i > 0 && tables[0].Range != want {
			t.Errorf("%s has a table of %s, want %s", sheet, tables[0].Range, want)
		}
	}
	columns := part(t, data, "xl/tables/table1.xml") + part(t, data, "xl/tables/table2.xml")
	for _, want := range []string{`name="名称_x000a_全称"`, `name="甲&quot;&amp;&lt;乙"`, `name="_x005F_x000D_"`} {
		if !strings.Contains(columns, want) {
			t.Errorf("no column %s in %s", want, columns)
		}
	}
}

func part(t *testing.T, data []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestParts wants every part to be XML, to have its type told and to be
// reached from another one, the types first.
func TestParts(t *testing.T) {
	data := written(t, sample())
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if z.File[0].Name != "[Content_Types].xml" {
		t.Errorf("%s stands first", z.File[0].Name)
	}
	var names, reached, typed []string
	for _, f := range z.File {
		d := xml.NewDecoder(strings.NewReader(part(t, data, f.Name)))
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
			start, ok := token.(xml.StartElement)
			if !ok {
				continue
			}
			for _, a := range start.Attr {
				switch start.Name.Local + " " + a.Name.Local {
				case "Relationship Target":
					reached = append(reached, path.Join(path.Dir(path.Dir(f.Name)), a.Value))
				case "Override PartName":
					typed = append(typed, strings.TrimPrefix(a.Value, "/"))
				}
			}
		}
		if path.Ext(f.Name) != ".rels" && f.Name != "[Content_Types].xml" {
			names = append(names, f.Name)
		}
	}
	for _, list := range [][]string{names, reached, typed} {
		slices.Sort(list)
	}
	if diff := cmp.Diff(names, reached); diff != "" {
		t.Errorf("parts and what is reached of them:\n%s", diff)
	}
	if diff := cmp.Diff(names, typed); diff != "" {
		t.Errorf("parts and what has a type:\n%s", diff)
	}
}

var errRows = errors.New("no more rows")

func TestErrors(t *testing.T) {
	broken := func(yield func(Row, error) bool) { _ = yield(Row{}, nil) && yield(Row{}, errRows) }
	if err := Write(io.Discard, Book{Sheets: []Sheet{{Name: "a", Rows: broken}}}); !errors.Is(err, errRows) {
		t.Errorf("the error of the rows became %v", err)
	}
	for _, headings := range [][]string{{"a", "b", "A"}, {"a", ""}, {"状态", "状态"}} {
		if err := Write(io.Discard, Book{Sheets: []Sheet{{Name: "a", Table: "T", Rows: rows(cells(Heading, headings...))}}}); err == nil {
			t.Errorf("a table with the headings %q was written", headings)
		}
	}
	if err := Write(full{}, sample()); !errors.Is(err, errRows) {
		t.Errorf("the error of the writer became %v", err)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errRows }

func TestCellName(t *testing.T) {
	for column := 1; column <= excelize.MaxColumns; column++ {
		if want, err := excelize.CoordinatesToCellName(column, 7); err != nil || cellName(column, 7) != want {
			t.Fatalf("column %d is called %s, want %s, %v", column, cellName(column, 7), want, err)
		}
	}
	if MaxRows != excelize.TotalRows || MaxText != excelize.TotalCellChars || MaxColumnWidth != excelize.MaxColumnWidth || MaxRowHeight != excelize.MaxRowHeight {
		t.Error("other bounds than Excel's")
	}
}

// TestReadBack writes cells of odd characters and numbers and wants the reader
// of forms and another library to find them as they were.
func TestReadBack(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	pieces := []string{"汉", "a", " ", "\n", "\t", "\r", "_", "_x", "_x000D_", "x005F_", "0041_", "&", "&lt;", "<", ">", `"`, "'", "=", "\x00", "\x1f", "\u0085", "\u2028", "😀", "]]>", "-1", "1E5"}
	var want [][]Cell
	var all []Row
	for range 300 {
		var row []Cell
		for range 4 {
			switch r.IntN(4) {
			case 0:
				row = append(row, Cell{})
			case 1:
				row = append(row, Cell{Kind: Number, Number: math.Round(r.NormFloat64()*1e9) / math.Pow(10, float64(r.IntN(8)))})
			default:
				s := "甲"
				for range r.IntN(6) {
					s += pieces[r.IntN(len(pieces))]
				}
				row = append(row, Cell{Kind: Text, Text: s})
			}
		}
		want, all = append(want, row), append(all, Row{Cells: row})
	}
	data := written(t, Book{Sheets: []Sheet{{Name: "a", Rows: rows(all...)}}})
	book, own := opened(t, data), map[[2]int]string{}
	for s, err := range office.Stored(t.Context(), data, office.Limits{}) {
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range s.Cells {
			own[[2]int{c.Row, c.Column}] = c.Text
		}
	}
	for i, row := range want {
		for j, c := range row {
			text := c.Text
			if c.Kind == Number {
				text = strconv.FormatFloat(c.Number, 'f', -1, 64)
			}
			other, err := book.GetCellValue("a", cellName(j+1, i+1), excelize.Options{RawCellValue: true})
			if err != nil || other != text || own[[2]int{i, j}] != text {
				t.Errorf("%q was read as %q and %q, %v", text, own[[2]int{i, j}], other, err)
			}
		}
	}
}
