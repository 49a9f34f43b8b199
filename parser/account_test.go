package parser

import (
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"perfgoal/internal/zh"
	"perfgoal/model"
)

// checkAccount fails where a form's characters are not all accounted for, or
// where something that could not be read stands in a field.
func checkAccount(t testing.TB, f *model.Form) {
	t.Helper()
	r := f.Reading
	if !r.Balanced() {
		t.Fatalf("form %d: %d characters, but %d labels, %d values, %d ignored and %d unread", f.Index, r.Characters, r.Labels, r.Values, r.Ignored, r.Unread)
	}
	if r.Labels < 0 || r.Values < 0 || r.Ignored < 0 || r.Unread < 0 {
		t.Fatalf("form %d: %+v", f.Index, r)
	}
	if r.Unread > 0 && len(f.Doubts) == 0 {
		t.Fatalf("form %d: %d characters are unread and nothing says so", f.Index, r.Unread)
	}
	ignored := 0
	for _, x := range f.Ignored {
		if x.Reason == "" {
			t.Fatalf("form %d: %q is ignored for no reason", f.Index, x.Text)
		}
		ignored += zh.Count(x.Text)
	}
	if ignored < r.Ignored {
		t.Fatalf("form %d: %d characters are ignored, %d are listed", f.Index, r.Ignored, ignored)
	}
	for _, d := range f.Doubts {
		if d.Code == "" || d.Message.In(model.Chinese) == "" || d.Message.In(model.English) == "" {
			t.Fatalf("form %d: doubt %+v says nothing", f.Index, d)
		}
		if field, ok := model.FieldAt(d.Field); ok && d.Text != "" && field.String(f) != "" {
			t.Fatalf("form %d: %s is doubted and yet %q", f.Index, d.Field, field.String(f))
		}
	}
	for _, field := range model.Fields {
		if s := field.String(f); illegible(s) {
			t.Fatalf("form %d: %s is %q", f.Index, field.Path, s)
		}
	}
	for _, rows := range [][]model.Indicator{f.Indicators, f.OverallIndicators} {
		for i := range rows {
			for _, col := range model.IndicatorFields {
				if s := col.String(&rows[i]); illegible(s) {
					t.Fatalf("form %d: indicator %d: %s is %q", f.Index, i+1, col.Path, s)
				}
			}
		}
	}
}

func illegible(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool {
		return r == unicode.ReplacementChar || unicode.Is(unicode.Co, r) || unicode.IsControl(r) && !unicode.IsSpace(r)
	}) >= 0
}

// TestEveryCharacterIsBooked counts what the pages print against the forms'
// accounts: in a document of forms alone they are the same.
func TestEveryCharacterIsBooked(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "testdata", "*", "*.*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	seen := 0
	for _, file := range files {
		ext := filepath.Ext(file)
		if ext != ".pdf" && ext != ".txt" || strings.Contains(file, "budget-book") || filepath.Base(filepath.Dir(file)) == "books" {
			continue
		}
		if strings.HasSuffix(file, "-calc.pdf") { // the sheet's name stands above the form
			continue
		}
		seen++
		t.Run(filepath.Base(file), func(t *testing.T) {
			doc := parseFile(t, file, Options{KeepTables: true})
			printed, booked := 0, 0
			for _, table := range doc.Tables {
				for _, l := range table.Caption {
					printed += zh.Count(l.Text)
				}
				for _, l := range table.Between {
					printed += zh.Count(l.Text)
				}
				for _, x := range table.Ignored {
					printed += zh.Count(x.Text)
				}
				for _, c := range table.Cells {
					printed += zh.Count(c.Text)
				}
			}
			for i := range doc.Forms {
				checkAccount(t, &doc.Forms[i])
				booked += doc.Forms[i].Reading.Characters
				if n := len(doc.Forms[i].Doubts); n > 0 {
					t.Errorf("form %d: %d doubts, the first %+v", i+1, n, doc.Forms[i].Doubts[0])
				}
			}
			if printed != booked {
				t.Errorf("%d characters are printed, the forms account for %d", printed, booked)
			}
		})
	}
	if seen < 20 {
		t.Errorf("only %d documents", seen)
	}
}
