package parser

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"perfgoal/model"
)

// samples is the folder of shared samples beside the repository; the test is
// skipped where it is not there.
func samples(t testing.TB) string {
	t.Helper()
	dir := filepath.Join("..", "..", "shared", "samples")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the shared samples are not beside the repository")
	}
	return dir
}

func TestSampleFormsMatchTheirTruth(t *testing.T) {
	dir := samples(t)
	tests := []struct {
		file, truth string
		forms       int // in the whole document; the truth may state only the first
		indicators  int // in the whole document, 0 where it is not known
	}{
		{"summary-2026.txt", "summary-2026.truth-1-22.json", 43, 467},
		{"pdf/summary-2026-stsong.pdf", "summary-2026.truth-1-22.json", 43, 467},
		{"pdf/summary-2026-writer.pdf", "summary-2026.truth-1-22.json", 43, 467},
		{"pdf/dev-chromium.pdf", "pdf/dev.truth.json", 5, 0},
		{"pdf/dev-stsong.pdf", "pdf/dev.truth.json", 5, 0},
		{"pdf/dev-writer.pdf", "pdf/dev.truth.json", 5, 0},
	}
	for _, tt := range tests {
		t.Run(filepath.Base(tt.file), func(t *testing.T) {
			doc := parseFile(t, filepath.Join(dir, tt.file), Options{})
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
			want := readTruth(t, filepath.Join(dir, tt.truth))
			for _, d := range differences(want, doc.Forms[:min(len(want), len(doc.Forms))]) {
				t.Error(d)
			}
		})
	}
}

func TestSamplesThatCannotBeTrusted(t *testing.T) {
	dir := samples(t)
	for file, code := range map[string]string{
		"locked.pdf":  "locked",
		"scan.pdf":    "no-text",
		"garbled.pdf": "garbled",
	} {
		t.Run(file, func(t *testing.T) {
			doc := parseFile(t, filepath.Join(dir, "pdf", file), Options{})
			if doc.Status != model.StatusUnreadable || doc.Error == nil || doc.Error.Code != code {
				t.Fatalf("%s %v, want unreadable with the code %s", doc.Status, doc.Error, code)
			}
			if len(doc.Forms) != 0 {
				t.Errorf("%d forms were made of it", len(doc.Forms))
			}
		})
	}
}

func TestDamagedSamples(t *testing.T) {
	dir := samples(t)
	want := readTruth(t, filepath.Join(dir, "pdf", "dev.truth.json"))
	for _, path := range documents(t, filepath.Join(dir, "damage", "*.pdf")) {
		base := filepath.Base(path)
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

func TestHardSamplesGiveTheirText(t *testing.T) {
	dir := filepath.Join(samples(t), "hard")
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
	for _, path := range documents(t, filepath.Join(samples(t), "hard", "bomb_*.pdf")) {
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
	for _, path := range documents(t, filepath.Join(samples(t), "real", "*.pdf")) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			doc := parseFile(t, path, Options{KeepText: true})
			if doc.Status != model.StatusNoForm {
				t.Errorf("status %s (%v), %d forms", doc.Status, doc.Error, len(doc.Forms))
			}
			if len(squeeze(strings.Join(doc.Text, ""))) < 10_000 {
				t.Error("hardly any text was read")
			}
		})
	}
}
