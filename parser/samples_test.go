package parser

import (
	"cmp"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"perfgoal/model"
)

// own and shared are the folders of samples: the project's, and those beside
// the repository, which not everybody has.
var (
	own    = filepath.Join("..", "testdata")
	shared = filepath.Join("..", "..", "shared", "samples")
)

// withShared are the files of the project that a pattern names, and those of
// the shared samples where they are there.
func withShared(t testing.TB, pattern, sharedPattern string) []string {
	t.Helper()
	out := documents(t, filepath.Join(own, pattern))
	if _, err := os.Stat(shared); err != nil {
		t.Log("the shared samples are not beside the repository: only the project's own are tried")
		return out
	}
	return append(out, documents(t, filepath.Join(shared, sharedPattern))...)
}

func TestSampleFormsMatchTheirTruth(t *testing.T) {
	type sample struct {
		dir, file, truth string
		forms            int // in the whole document; the truth may state only the first
		indicators       int // in the whole document, 0 where it is not known
	}
	tests := []sample{
		{own, "text/shifted.txt", "text/shifted.truth.json", 7, 56},
		{own, "pdf/breaks-heading-writer.pdf", "pdf/breaks-heading.truth.json", 5, 0},
		{own, "pdf/budget-book-chromium.pdf", "pdf/budget-book.truth.json", 3, 0},
		{own, "office/clean-district-stack.xlsx", "office/clean-district.truth.json", 6, 0},
	}
	if _, err := os.Stat(shared); err == nil {
		tests = append(tests, []sample{
			{shared, "summary-2026.txt", "summary-2026.truth-1-22.json", 43, 467},
			{shared, "pdf/summary-2026-stsong.pdf", "summary-2026.truth-1-22.json", 43, 467},
			{shared, "pdf/summary-2026-writer.pdf", "summary-2026.truth-1-22.json", 43, 467},
			{shared, "pdf/dev-chromium.pdf", "pdf/dev.truth.json", 5, 0},
			{shared, "pdf/dev-stsong.pdf", "pdf/dev.truth.json", 5, 0},
			{shared, "pdf/dev-writer.pdf", "pdf/dev.truth.json", 5, 0},
		}...)
	}
	for _, tt := range tests {
		t.Run(filepath.Base(tt.file), func(t *testing.T) {
			doc := parseFile(t, filepath.Join(tt.dir, tt.file), Options{})
			if doc.Status != model.StatusOK {
				t.Fatal(doc.Error)
			}
			if len(doc.Forms) != tt.forms {
				t.Fatalf("%d forms, want %d", len(doc.Forms), tt.forms)
			}
			n := 0
			for _, f := range doc.Forms {
				n += len(f.Indicators)
			}
			if tt.indicators != 0 && n != tt.indicators {
				t.Errorf("%d indicators, want %d", n, tt.indicators)
			}
			want := readTruth(t, filepath.Join(tt.dir, tt.truth))
			for _, d := range differences(want, doc.Forms[:min(len(want), len(doc.Forms))]) {
				t.Error(d)
			}
		})
	}
}

func TestSamplesThatCannotBeTrusted(t *testing.T) {
	for _, code := range []string{"locked", "no-text", "garbled"} {
		name := map[string]string{"no-text": "scan"}[code]
		for _, path := range withShared(t, "hard/untrusted-"+code+".pdf", "pdf/"+cmp.Or(name, code)+".pdf") {
			t.Run(filepath.Base(path), func(t *testing.T) {
				doc := parseFile(t, path, Options{})
				if doc.Status != model.StatusUnreadable || doc.Error == nil || doc.Error.Code != code {
					t.Fatalf("%s %v, want unreadable with the code %s", doc.Status, doc.Error, code)
				}
				if len(doc.Forms) != 0 {
					t.Errorf("%d forms were made of it", len(doc.Forms))
				}
			})
		}
	}
}

func TestDamagedSamples(t *testing.T) {
	for _, path := range withShared(t, "hard/damaged-*.pdf", "damage/*.pdf") {
		base, truth := filepath.Base(path), filepath.Join(shared, "pdf", "dev.truth.json")
		if strings.HasPrefix(base, "damaged-") {
			truth = filepath.Join(own, "hard", "truth.json")
		}
		want := readTruth(t, truth)
		if strings.HasPrefix(base, "annot-") {
			continue // a viewer shows their amounts in a heap at the page's foot
		}
		t.Run(base, func(t *testing.T) {
			doc := parseFile(t, path, Options{})
			if doc.Status == model.StatusUnreadable && strings.HasPrefix(base, "min-") {
				return
			}
			for _, d := range differences(want, doc.Forms) {
				t.Error(d)
			}
		})
	}
}

// characters counts the characters of a text after folding compatibility
// forms, white space left out.
func characters(s string) map[rune]int {
	count := map[rune]int{}
	for _, r := range squeeze(norm.NFKC.String(s)) {
		count[r]++
	}
	return count
}

// TestOddFilesGiveTheirForm reads one form through every encoding, filter and
// page that makes it hard.
func TestOddFilesGiveTheirForm(t *testing.T) {
	want := readTruth(t, filepath.Join(own, "hard", "truth.json"))
	for _, path := range documents(t, filepath.Join(own, "hard", "*.pdf")) {
		base := filepath.Base(path)
		if strings.HasPrefix(base, "bomb-") || strings.HasPrefix(base, "untrusted-") {
			continue
		}
		t.Run(base, func(t *testing.T) {
			doc := parseFile(t, path, Options{})
			for _, d := range differences(want, doc.Forms) {
				t.Error(d)
			}
			if doc.Status != model.StatusOK {
				t.Errorf("status %s", doc.Status)
			}
		})
	}
}

func TestHardSamplesGiveTheirText(t *testing.T) {
	dir := filepath.Join(shared, "hard")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the shared samples are not beside the repository; TestOddFilesGiveTheirForm reads the project's own")
	}
	raw, err := os.ReadFile(filepath.Join(dir, "truth.txt"))
	if err != nil {
		t.Fatal(err)
	}
	want := characters(string(raw))
	total := 0
	for _, n := range want {
		total += n
	}
	lost := map[string]bool{"damaged_truncated70.pdf": true} // its text is cut off
	// Printed with repeated header rows, or with text that runs on over page
	// after page: every character is there, some several times.
	repeats := map[string]bool{"fop_ttf.pdf": true, "qpdf_objstm_lo_calc.pdf": true}
	for _, path := range documents(t, filepath.Join(dir, "*.pdf")) {
		base := filepath.Base(path)
		if strings.HasPrefix(base, "bomb_") || lost[base] {
			continue
		}
		t.Run(base, func(t *testing.T) {
			doc := parseFile(t, path, Options{KeepText: true})
			if doc.Status == model.StatusUnreadable {
				t.Fatal(doc.Error)
			}
			missing, extra := compare(want, characters(strings.Join(doc.Text, "")))
			if missing*200 > total {
				t.Errorf("%d of %d characters are missing", missing, total)
			}
			if extra*200 > total && !repeats[base] {
				t.Errorf("%d characters too many beside %d", extra, total)
			}
		})
	}
}

// compare counts what is missing from got, and what it has too much.
func compare(want, got map[rune]int) (missing, extra int) {
	for r, n := range want {
		missing += max(0, n-got[r])
	}
	for r, n := range got {
		extra += max(0, n-want[r])
	}
	return missing, extra
}

func TestBombsEndCleanly(t *testing.T) {
	for _, path := range withShared(t, "hard/bomb-*.pdf", "hard/bomb_*.pdf") {
		base := filepath.Base(path)
		t.Run(base, func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			doc, err := Parse(t.Context(), Source{Path: path, Data: data}, Options{Timeout: time.Hour})
			runtime.ReadMemStats(&after)
			if err != nil {
				t.Fatal(err)
			}
			if doc.Error != nil && doc.Error.Code == "internal" {
				t.Errorf("status %s, problem %v", doc.Status, doc.Error)
			}
			if doc.Status == model.StatusOK {
				t.Errorf("%d forms were made of it", len(doc.Forms))
			}
			if grown := int64(after.Sys) - int64(before.Sys); grown > 512<<20 {
				t.Errorf("took %d MiB", grown>>20)
			}
		})
	}
}

func TestRealBooksHoldNoDeclaration(t *testing.T) {
	const shared, ours = 10_000, 500 // characters that a book has at least
	for _, path := range withShared(t, "books/without-forms.docx", "real/*.pdf") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			doc := parseFile(t, path, Options{KeepText: true})
			if doc.Status != model.StatusNoForm {
				t.Errorf("status %s (%v), %d forms", doc.Status, doc.Error, len(doc.Forms))
			}
			least := shared
			if strings.HasPrefix(path, own) {
				least = ours
			}
			if len(squeeze(strings.Join(doc.Text, ""))) < least {
				t.Error("hardly any text was read")
			}
		})
	}
}
