package office

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"perfgoal/model"
)

// TestStored wants what the file keeps of the sheets that are seen, in order,
// with no regard to formats and borders.
func TestStored(t *testing.T) {
	data := book{
		states:  map[int]string{1: "hidden", 2: "veryHidden"},
		strings: `<si><t>甲_x000D_</t></si><si><r><t>乙</t></r><r><t>丙</t></r><rPh><t>x</t></rPh></si>`,
		styles: `<numFmts><numFmt numFmtId="170" formatCode="0.00&quot;元&quot;"/></numFmts><borders><border/><border><left style="thin"/></border></borders>` +
			`<cellXfs><xf/><xf numFmtId="14"/><xf numFmtId="170" borderId="1"/></cellXfs>`,
		sheets: []string{
			`<sheetData><row r="2" hidden="1"><c r="B2" t="s"><v>1</v></c><c r="A2" s="1"><v>46023</v></c></row>` +
				`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" s="2"/><c r="D1" s="2"><v>0.30000000000000004</v></c></row>` +
				`<row r="3"><c r="A3"><f t="shared" si="0"/></c><c r="B3" t="str"><f>A1</f><v>_x0041_</v></c><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c></row></sheetData>` +
				`<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells><drawing r:id="none"/>`,
			`<sheetData><row><c t="s"><v>9</v></c></row></sheetData>`,
			`<sheetData><row><c t="s"><v>9</v></c></row></sheetData>`,
			`<sheetData/>`,
		},
	}.pack(t)
	var got []StoredSheet
	for s, err := range Stored(context.Background(), data, Limits{}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, *s)
	}
	want := []StoredSheet{
		{Name: "S1", Cells: []StoredCell{
			{0, 0, "甲\r", false}, {0, 3, "0.30000000000000004", false},
			{1, 0, "46023", false}, {1, 1, "乙丙", false},
			{2, 0, "", true}, {2, 1, "A", true}, {2, 2, "TRUE", false}, {2, 3, "#N/A", false},
		}, Merged: []StoredArea{{0, 0, 1<<20 - 1, 1<<14 - 1}}},
		{Name: "S4", Cells: []StoredCell{}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestStoredProblems(t *testing.T) {
	row := `<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>1</f></c></row>`
	tests := []struct {
		name, code string
		limits     Limits
		data       []byte
	}{
		{"no ZIP", "damaged", Limits{}, []byte("PK\x03\x04 not really")},
		{"a text that is not there", "damaged", Limits{}, book{sheets: []string{`<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData>`}}.pack(t)},
		{"a cell twice", "damaged", Limits{}, book{sheets: []string{`<sheetData>` + row + row + `</sheetData>`}}.pack(t)},
		{"too many cells", "limit", Limits{Cells: 1}, book{sheets: []string{`<sheetData>` + row + `</sheetData>`}}.pack(t)},
		{"too many bytes", "limit", Limits{Part: 100}, book{sheets: []string{`<sheetData>` + row + `</sheetData>`}}.pack(t)},
	}
	for _, tt := range tests {
		var last error
		n := 0
		for _, err := range Stored(context.Background(), tt.data, tt.limits) {
			last = err
			n++
		}
		if p := new(model.Problem); !errors.As(last, &p) || p.Code != tt.code || n != 1 {
			t.Errorf("%s: %v after %d sheets, want %s", tt.name, last, n, tt.code)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range Stored(ctx, book{sheets: []string{`<sheetData>` + row + `</sheetData>`}}.pack(t), Limits{}) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("a reader that was stopped says %v", err)
		}
	}
}
