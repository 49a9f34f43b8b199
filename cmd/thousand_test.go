package cmd

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestThousand checks a district's submission of 1,000 PDFs with defects
// placed on purpose: exactly those are found, the manifest's gaps are named,
// --jobs changes nothing, and memory stays bounded.
func TestThousand(t *testing.T) {
	if testing.Short() {
		t.Skip("reads a thousand PDFs")
	}
	n := 1000
	if raceEnabled {
		n = 100 // ten times slower
	}
	dir := t.TempDir()
	want := placeDefects(t, dir, n)
	run := func(jobs int) ([]byte, time.Duration) {
		// The test binary is the program under that name (TestMain).
		c := exec.Command(os.Args[0])
		c.Args = []string{"perfgoal", "lint", "--jobs", fmt.Sprint(jobs), "--manifest", "清单.csv", "-o", "json", "-o", "html=" + fmt.Sprint("r", jobs, ".html"), "报送.zip"}
		c.Dir = dir
		c.Env = append(os.Environ(), "LC_ALL=zh_CN.UTF-8")
		// Each run is the first on its machine: nothing is compiled yet.
		cache := t.TempDir()
		for _, name := range []string{"HOME", "XDG_CACHE_HOME", "LocalAppData"} {
			c.Env = append(c.Env, name+"="+cache)
		}
		left := filepath.Join(cache, "peak")
		c.Env = append(c.Env, peakFile+"="+left)
		var out, errOut bytes.Buffer
		c.Stdout, c.Stderr = &out, &errOut
		start := time.Now()
		_ = c.Run()
		took := time.Since(start)
		if got := c.ProcessState.ExitCode(); got != statusUnread {
			t.Fatalf("status %d, want %d\n%s", got, statusUnread, errOut.String())
		}
		peak := peakMemory(left) >> 20
		if peak == 0 && runtime.GOOS == "linux" {
			t.Error("the program left no peak")
		}
		t.Logf("--jobs %d: %d PDFs in %.1f s, peak %d MiB", jobs, n, took.Seconds(), peak)
		if peak > 300 && !raceEnabled {
			t.Errorf("--jobs %d: peak %d MiB, want under 300", jobs, peak)
		}
		return out.Bytes(), took
	}
	one, slow := run(1)
	two, fast := run(2)
	t.Logf("two jobs are %.2f times as fast as one on %d cores", slow.Seconds()/fast.Seconds(), runtime.NumCPU())
	if !bytes.Equal(one, two) {
		t.Error("--jobs 1 and --jobs 2 print different bytes")
	}
	for _, pair := range [][2]string{{"r1.html", "r2.html"}} {
		a, errA := os.ReadFile(filepath.Join(dir, pair[0]))
		b, errB := os.ReadFile(filepath.Join(dir, pair[1]))
		if errA != nil || errB != nil || !bytes.Equal(a, b) {
			t.Errorf("%v differ: %v %v", pair, errA, errB)
		}
	}
	var got struct {
		Summary   struct{ Documents, Forms, Unread int }
		Documents []struct {
			Path   string
			Status string
			Error  *struct{ Code string }
		}
		Findings []struct{ Rule, Path, Project string }
		Manifest struct {
			Units []struct {
				Unit           string
				Missing, Extra int
				AmountDiffers  int `json:"amount_differs"`
			}
		}
	}
	if err := json.Unmarshal(one, &got); err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, f := range got.Findings {
		place := strings.TrimPrefix(f.Path, "报送.zip!/")
		if f.Rule == "B007" {
			place = f.Project
		}
		found = append(found, f.Rule+" "+place)
	}
	for _, d := range got.Documents {
		if d.Error != nil {
			found = append(found, d.Error.Code+" "+strings.TrimPrefix(d.Path, "报送.zip!/"))
		}
	}
	for _, u := range got.Manifest.Units {
		for kind, count := range map[string]int{"missing": u.Missing, "extra": u.Extra, "differs": u.AmountDiffers} {
			if count > 0 {
				found = append(found, fmt.Sprintf("%s %d %s", kind, count, u.Unit))
			}
		}
	}
	slices.Sort(found)
	slices.Sort(want)
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("defects (-placed +found):\n%s", diff)
	}
}

// placeDefects writes the bundle and its manifest into dir and returns every
// finding that they must raise, as "rule file", and the manifest's gaps.
func placeDefects(t *testing.T, dir string, n int) (want []string) {
	t.Helper()
	var b, manifest bytes.Buffer
	z := zip.NewWriter(&b)
	manifest.WriteString("单位,项目名称,金额\n")
	add := func(name string, data []byte) {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write(data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	expect := func(format string, args ...any) { want = append(want, fmt.Sprintf(format, args...)) }
	var before []byte
	for i := range n {
		f := cleanForm(i)
		name := fmt.Sprintf("%02d/%04d.pdf", i/100, i)
		listed, amount := true, "360000"
		var data []byte
		switch i % 50 {
		case 3:
			f.appropriation = "330,000.00"
			expect("F001 %s", name)
		case 7:
			f.end = "2026-02-30"
			expect("T003 %s", name)
		case 11:
			f.satisfaction = "≤90.00(%)"
			expect("V002 %s", name)
		case 13:
			f.quality = "≥120.00(%)"
			expect("V003 %s", name)
		case 17: // the neighbour's project once more
			f = cleanForm(i - 1)
			f.start = "2026-02-01"
			listed = false
			expect("B001 %s", name)
		case 19: // once more, with another amount
			f = cleanForm(i - 1)
			f.total, f.appropriation = "368,000.00", "348,000.00"
			listed = false
			expect("B002 %s", name)
			expect("C001 %s", name)
			expect("B009 %s", name)
			expect("differs 1 %s", f.unit)
		case 23: // the neighbour's very file
			data, listed = before, false
			expect("B003 %s", name)
		case 29:
			data, listed = letterPDF(i), false
			expect("B006 %s", name)
			expect("no-form %s", name)
		case 31: // cut off
			data = f.pdf()
			data = data[:len(data)/2]
			expect("damaged %s", name)
			expect("B007 %s", f.project)
			expect("missing 1 %s", f.unit)
		case 37:
			listed = false
			expect("B008 %s", name)
			expect("extra 1 %s", f.unit)
		case 41:
			amount = "350000"
			expect("B009 %s", name)
			expect("differs 1 %s", f.unit)
		case 43: // nobody submits it
			fmt.Fprintf(&manifest, "青石县第%d仓库,青石县第%d仓库改造项目,90000\n", i, i)
			expect("B007 青石县第%d仓库改造项目", i)
			expect("missing 1 青石县第%d仓库", i)
		}
		if data == nil {
			data = f.pdf()
		}
		if listed {
			fmt.Fprintf(&manifest, "%s,%s,%s\n", f.unit, f.project, amount)
		}
		add(name, data)
		before = data
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"报送.zip": b.Bytes(), "清单.csv": manifest.Bytes()} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return want
}
