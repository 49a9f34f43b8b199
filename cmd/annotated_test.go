package cmd

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// findingPlaces lints paths and returns the places of the findings.
func findingPlaces(t *testing.T, args ...string) []string {
	t.Helper()
	var out, errs bytes.Buffer
	Main(append([]string{"lint", "-o", "json"}, args...), strings.NewReader(""), &out, &errs)
	var got struct {
		Findings []struct {
			Rule, Field string
			Location    struct {
				Page int
				Bbox []float64
			}
		}
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("%v: %s%s", err, out.String(), errs.String())
	}
	var places []string
	for _, f := range got.Findings {
		places = append(places, fmt.Sprint(f.Rule, " ", f.Field, f.Location.Page, f.Location.Bbox))
	}
	return places
}

// TestAnnotatedCopies makes marked copies of a folder's PDFs: with each
// original in front, with what the documents say as before, and left out when
// the folder is read again.
func TestAnnotatedCopies(t *testing.T) {
	dir := t.TempDir()
	wrong, fine := cleanForm(1), cleanForm(2)
	wrong.total, wrong.satisfaction = "360,001.00", ""
	originals := map[string][]byte{"甲.pdf": wrong.pdf(), "乙/甲.pdf": fine.pdf()}
	for name, data := range originals {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	before := findingPlaces(t, dir)
	if len(before) == 0 {
		t.Fatal("nothing was found")
	}
	to := filepath.Join(dir, "批注") + "/"
	for range 2 { // the copies of the first run are no submissions in the second
		if again := findingPlaces(t, "-o", "annotated="+to, "-o", "text="+os.DevNull, dir); !slices.Equal(again, before) {
			t.Fatalf("found %v, before %v", again, before)
		}
	}
	copies := map[string][]byte{}
	for _, name := range []string{"甲.pdf", "甲-2.pdf"} {
		data, err := os.ReadFile(filepath.Join(to, name))
		if err != nil {
			t.Fatal(err)
		}
		copies[name] = data
	}
	for name, data := range originals {
		if !slices.ContainsFunc([][]byte{copies["甲.pdf"], copies["甲-2.pdf"]}, func(c []byte) bool { return bytes.HasPrefix(c, data) && len(c) > len(data) }) {
			t.Errorf("no copy begins with %s", name)
		}
	}
	source := filepath.Join(dir, "甲.pdf")
	single := filepath.Join(dir, "一份.pdf")
	Main([]string{"lint", "-o", "annotated=" + single, source}, strings.NewReader(""), io.Discard, io.Discard)
	if got, want := findingPlaces(t, single), findingPlaces(t, source); !slices.Equal(got, want) {
		t.Errorf("the copy has %v, the original %v", got, want)
	}
	data, err := os.ReadFile(single)
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(data, []byte("/Subtype /Highlight")); n == 0 {
		t.Error("no cell is highlighted")
	}
}

// TestTwoHundredLetters writes a letter for each unit of a bundle.
func TestTwoHundredLetters(t *testing.T) {
	dir := t.TempDir()
	in := filepath.Join(dir, "报送")
	if err := os.Mkdir(in, 0o755); err != nil {
		t.Fatal(err)
	}
	const units = 200
	for n := range units {
		if err := os.WriteFile(filepath.Join(in, fmt.Sprintf("%d.pdf", n+1)), cleanForm(n+1).pdf(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	to := filepath.Join(dir, "意见") + "/"
	var errs bytes.Buffer
	if status := Main([]string{"lint", "--fail-level", "none", "-o", "opinion=" + to, in}, strings.NewReader(""), io.Discard, &errs); status != statusOK {
		t.Fatalf("status %d: %s", status, errs.String())
	}
	for n := range units {
		for _, ext := range []string{".docx", ".html"} {
			path := filepath.Join(to, fmt.Sprintf("青石县第%d便民服务站%s", n+1, ext))
			if info, err := os.Stat(path); err != nil || info.Size() == 0 {
				t.Fatalf("%s: %v", path, err)
			}
		}
	}
}
