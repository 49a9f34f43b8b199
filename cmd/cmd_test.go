package cmd

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mattn/go-runewidth"
	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/text/encoding/simplifiedchinese"

	"perfgoal/cmd/input"
	"perfgoal/model"
	"perfgoal/parser"
)

var update = flag.Bool("update", false, "rewrite the expected outputs in testdata/script")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"perfgoal": func() {
			status := Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
			leavePeak()
			os.Exit(status)
		},
	})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("LC_ALL", "zh_CN.UTF-8")
			env.Setenv("NO_COLOR", "1")
			scan, err := filepath.Abs("../testdata/scan/district.pdf")
			env.Setenv("SCAN", scan)
			if err != nil {
				return err
			}
			env.Setenv("name", "\x1b]0;x\a\u202e\u200b\n::error::a.txt") // for harmless.txtar, which cannot hold it
			return nil
		},
		Condition: func(c string) (bool, error) {
			if path, ok := strings.CutPrefix(c, "there:"); ok {
				return exists(path), nil
			}
			return false, fmt.Errorf("no condition %s", c)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status":   status,
			"makezip":  makeZip,
			"makexlsx": makeXLSX,
			"encode":   encode,
			"bytes":    writeBytes,
		},
	})
}

// status runs perfgoal and wants its exit status: status 3 perfgoal lint x.
func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N COMMAND...")
	}
	got := "0"
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit interface{ ExitCode() int }
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = fmt.Sprint(exit.ExitCode())
	}
	if got != args[0] {
		ts.Fatalf("exit status %s, want %s", got, args[0])
	}
}

// makeZip packs files: makezip OUT.zip NAME=FILE... A name that starts with
// gbk: is written in GBK without the UTF-8 mark, as Chinese Windows does, raw:
// in UTF-8 without it; locked: is marked as encrypted, link: is a link, and
// hex: gives the name's bytes.
func makeZip(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: makezip OUT.zip NAME=FILE...")
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, arg := range args[1:] {
		name, file, _ := strings.Cut(arg, "=")
		header := &zip.FileHeader{Method: zip.Deflate}
		if plain, ok := strings.CutPrefix(name, "gbk:"); ok {
			encoded, err := simplifiedchinese.GBK.NewEncoder().String(plain)
			ts.Check(err)
			name, header.NonUTF8 = encoded, true
		}
		if plain, ok := strings.CutPrefix(name, "raw:"); ok {
			name, header.NonUTF8 = plain, true
		}
		if plain, ok := strings.CutPrefix(name, "locked:"); ok {
			name, header.Flags = plain, 1
		}
		if plain, ok := strings.CutPrefix(name, "link:"); ok {
			name = plain
			header.SetMode(0o777 | fs.ModeSymlink)
		}
		if plain, ok := strings.CutPrefix(name, "hex:"); ok {
			decoded, err := hex.DecodeString(plain)
			ts.Check(err)
			name = string(decoded)
		}
		header.Name = name
		w, err := z.CreateHeader(header)
		ts.Check(err)
		_, err = w.Write([]byte(ts.ReadFile(file)))
		ts.Check(err)
	}
	ts.Check(z.Close())
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b.Bytes(), 0o666))
}

// writeBytes writes a file that is no text: bytes FILE HEX.
func writeBytes(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: bytes FILE HEX")
	}
	data, err := hex.DecodeString(args[1])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), data, 0o666))
}

func TestStartLang(t *testing.T) {
	tests := []struct {
		args []string
		env  map[string]string
		want model.Lang
	}{
		{nil, nil, model.Chinese},
		{nil, map[string]string{"LANG": "C.UTF-8"}, model.Chinese},
		{nil, map[string]string{"LANG": "zh_CN.UTF-8"}, model.Chinese},
		{nil, map[string]string{"LANG": "en_US.UTF-8"}, model.English},
		{nil, map[string]string{"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.GBK"}, model.Chinese},
		{[]string{"lint", "--lang", "en"}, map[string]string{"LANG": "zh_CN"}, model.English},
		{[]string{"--lang=zh"}, map[string]string{"LANG": "en_GB"}, model.Chinese},
		{[]string{"--", "--lang=en"}, nil, model.Chinese},
	}
	for _, tt := range tests {
		if got := startLang(tt.args, func(k string) string { return tt.env[k] }); got != tt.want {
			t.Errorf("startLang(%q, %v) = %s, want %s", tt.args, tt.env, got, tt.want)
		}
	}
}

// lineOf is a status line of so many columns whose terminal is a buffer.
func lineOf(columns int) (*statusLine, *bytes.Buffer) {
	var b bytes.Buffer
	return &statusLine{to: &b, columns: func() int { return columns }}, &b
}

// TestProgress draws counts and says what its times are; the time left only
// where the end is known. Nothing is as wide as the terminal, where it would
// go on on a line that is not taken away.
func TestProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // whose clock stands still
		for _, columns := range []int{10, 40, 80, 200} {
			for _, exact := range []bool{true, false} {
				line, b := lineOf(columns)
				p := &progress{a: &app{lang: model.Chinese, line: line}, line: line, many: true, total: 1200, exact: exact, start: time.Now().Add(-7 * time.Hour)}
				p.draw()
				for range 2 {
					p.drawn = time.Time{} // as if it had stood for long
					p.step()
				}
				p.page("单位/"+strings.Repeat("长", 100)+".pdf", 3, 18)
				line.clear()
				all := strings.Split(b.String(), wipe)
				for _, text := range all {
					if w := runewidth.StringWidth(text); w >= columns {
						t.Errorf("%d of %d columns: %q", w, columns, text)
					}
				}
				if all[len(all)-1] != "" {
					t.Errorf("%q is left behind", all[len(all)-1])
				}
				got := b.String()
				if columns == 200 && (!strings.Contains(got, "已处理2") || exact != strings.Contains(got, "，约剩") || exact != strings.Contains(got, "2/1200")) {
					t.Errorf("exact %v: %q", exact, got)
				}
				if columns == 80 && exact && !strings.Contains(got, "[........................] 已处理2/1200，已用7小时0分，约剩4193小时0分") {
					t.Errorf("exact %v: %q", exact, got)
				}
			}
		}
		for _, tt := range []struct {
			lang        model.Lang
			done, total int
			exact       bool
			gone        time.Duration
			want        string
		}{
			{model.Chinese, 0, 40, true, 2 * time.Second, "已处理0/40，已用2秒"},
			{model.Chinese, 10, 40, true, 21*time.Second + 400*time.Millisecond, "已处理10/40，已用21秒，约剩1分4秒"},
			{model.Chinese, 1, 1000, true, 30 * time.Second, "已处理1/1000，已用30秒，约剩8小时19分"},
			{model.Chinese, 10, 1, false, 61 * time.Second, "已处理10，已用1分1秒"},
			{model.English, 3, 6, true, 9 * time.Second, "3/6 done, 9 s gone, about 9 s left"},
		} {
			p := &progress{a: &app{lang: tt.lang}, done: tt.done, total: tt.total, exact: tt.exact}
			if got := p.text(tt.gone); got != tt.want {
				t.Errorf("text = %q, want %q", got, tt.want)
			}
		}
		var b bytes.Buffer
		a := &app{err: &b, lang: model.Chinese}
		p := a.newProgress(&input.Set{Places: []input.Place{{Path: "a.pdf"}, {Path: "b.pdf"}}})
		p.step()
		if opt := p.watch(parser.Options{}, "a.pdf"); b.Len() > 0 || opt.Progress != nil {
			t.Errorf("drawn where there is no terminal: %q", b.String())
		}
	})
}

// The status line stands alone: what else is written takes it away, and it
// does not come back in the midst of a line, nor when documents follow each
// other fast, but after each that wrote something.
func TestStatusLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // whose clock stands still
		null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = null.Close() })
		line, b := lineOf(80)
		out := &statusScreen{line, null}
		write := func(text string) {
			t.Helper()
			if _, err := io.WriteString(out, text); err != nil {
				t.Fatal(err)
			}
		}
		expect := func(what, want string) {
			t.Helper()
			if got := b.String(); got != want {
				t.Errorf("%s: %q, want %q", what, got, want)
			}
			b.Reset()
		}
		line.show("一")
		expect("shown", wipe+"一")
		write("报告\n")
		expect("written over", wipe)
		write("报告\n")
		expect("nothing to take away", "")
		write("半行")
		line.show("二")
		line.interrupted()
		expect("in the midst of a line", "")
		write("完\n")
		line.show("三")
		line.interrupted()
		expect("interrupted", wipe+"三"+wipe)

		p := &progress{a: &app{lang: model.English, line: line}, line: line, many: true, total: 9, exact: true, start: time.Now()}
		p.draw()
		b.Reset()
		p.step()
		expect("too soon", "")
		write("a.pdf\n")
		b.Reset()
		p.step()
		if b.Len() == 0 {
			t.Error("not shown again after what was written")
		}
		p.end()
		b.Reset()
		p.page("b.pdf", 2, 3)
		expect("after the end", "")
	})
}

// A line draws nothing by itself, over what is written below it, and leaves
// nothing running.
func TestProgressAtRest(t *testing.T) {
	for _, exact := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			line, b := lineOf(80)
			set := &input.Set{Places: []input.Place{{Path: "a.pdf"}, {Path: "b.pdf"}, {Path: "c.zip"}}}
			if exact {
				set.Places[2].Path = "c.pdf"
			}
			p := (&app{lang: model.Chinese, line: line}).newProgress(set)
			p.step()
			p.end()
			drawn := b.Len()
			if drawn == 0 {
				t.Error("nothing was drawn before")
			}
			time.Sleep(time.Minute)
			synctest.Wait()
			if b.Len() != drawn {
				t.Errorf("exact %v: %q was drawn after the line was cleared", exact, b.String()[drawn:])
			}
		})
	}
}

func TestDidYouMean(t *testing.T) {
	a := &app{lang: model.English}
	for word, want := range map[string]string{"lnit": "lint", "jsonll": "jsonl", "frobnicate": ""} {
		got := a.didYouMean(word, []string{"lint", "parse", "jsonl"})
		if want == "" && got != "" || want != "" && got != ". Did you mean "+want+"?" {
			t.Errorf("%s: got %q, want %q suggested", word, got, want)
		}
	}
}

func manyInputs(n int) func(func(input.Source) bool) {
	return func(yield func(input.Source) bool) {
		for i := range n {
			if !yield(input.Source{Path: fmt.Sprint(i)}) {
				return
			}
		}
	}
}

// A fault in listing the inputs, as in an archive, is the caller's once what was
// listed before is done.
func TestPipelineCarriesFaults(t *testing.T) {
	done := 0
	defer func() {
		if got := recover(); got != "fault" || done != 20 {
			t.Errorf("caught %v after %d inputs", got, done)
		}
	}()
	_ = pipeline(t.Context(), func(yield func(input.Source) bool) {
		manyInputs(20)(yield)
		panic("fault")
	}, 3, func(input.Source) int { return 1 }, func(n int) error {
		done += n
		return nil
	})
}

// TestPipelineOrder lets later inputs finish first and still wants results in
// input order.
func TestPipelineOrder(t *testing.T) {
	var got []string
	err := pipeline(t.Context(), manyInputs(50), 4, func(in input.Source) string {
		if len(in.Path) == 1 {
			time.Sleep(5 * time.Millisecond)
		}
		return in.Path
	}, func(s string) error {
		got = append(got, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := make([]string, 50)
	for i := range want {
		want[i] = fmt.Sprint(i)
	}
	if !slices.Equal(got, want) {
		t.Errorf("order %v", got)
	}
}

// TestPipelineBounded wants the inputs in memory to depend on the workers, not
// on how many there are.
func TestPipelineBounded(t *testing.T) {
	started := make(chan struct{}, 1000)
	release := make(chan struct{})
	finished := make(chan error)
	go func() {
		finished <- pipeline(t.Context(), manyInputs(1000), 2, func(input.Source) int {
			started <- struct{}{}
			return 0
		}, func(int) error {
			<-release
			return nil
		})
	}()
	time.Sleep(50 * time.Millisecond)
	if n := len(started); n > 10 {
		t.Errorf("%d inputs were worked on although none could be written", n)
	}
	close(release)
	if err := <-finished; err != nil {
		t.Fatal(err)
	}
}

func TestPipelineStops(t *testing.T) {
	full := errors.New("disk full")
	n := 0
	err := pipeline(t.Context(), manyInputs(1_000_000), 2, func(input.Source) int { return 0 }, func(int) error {
		n++
		return full
	})
	if !errors.Is(err, full) || n != 1 {
		t.Errorf("error %v after %d results, want the first write error and no more", err, n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := pipeline(ctx, manyInputs(1_000_000), 2, func(input.Source) int { return 0 }, func(int) error { return nil }); err != nil {
		t.Errorf("cancelled pipeline: %v", err)
	}
}

// interrupter interrupts the run when it is read.
type interrupter struct {
	cancel context.CancelFunc
	io.Reader
}

func (i interrupter) Read(p []byte) (int, error) {
	i.cancel()
	return i.Reader.Read(p)
}

// TestInterrupt stops a run while it waits for standard input: what was done
// before is reported, and the file is whole.
func TestInterrupt(t *testing.T) {
	dir := t.TempDir()
	letter := filepath.Join(dir, "letter.txt")
	if err := os.WriteFile(letter, []byte("关于召开会议的通知\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	never, _ := io.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	out := filepath.Join(dir, "out.json")
	var stderr bytes.Buffer
	a := &app{in: interrupter{cancel, never}, out: io.Discard, err: &stderr, lang: model.English}
	if got := a.main(ctx, []string{"lint", "--lang", "en", "--jobs", "1", "-o", "json=" + out, letter, "-"}); got != statusInterrupted {
		t.Errorf("status %d, want %d; %s", got, statusInterrupted, stderr.String())
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	var result struct {
		Summary   struct{ Interrupted bool }
		Documents []struct{ Path string }
	}
	if err := json.Unmarshal(data, &result); err != nil {
		t.Fatal(err)
	}
	if !result.Summary.Interrupted || len(result.Documents) != 1 || result.Documents[0].Path != letter {
		t.Errorf("output %+v, want the first document and that the run was interrupted", result)
	}
}

// TestInterruptedArchive stops a run that waits for an archive on standard
// input.
func TestInterruptedArchive(t *testing.T) {
	never, _ := io.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	time.AfterFunc(50*time.Millisecond, cancel)
	a := &app{in: never, out: io.Discard, err: io.Discard, lang: model.English}
	if got := a.main(ctx, []string{"lint", "--stdin-filename", "a.zip", "-"}); got != statusInterrupted {
		t.Errorf("status %d, want %d", got, statusInterrupted)
	}
}

// TestFaultStaysWithItsInput wants a panic in a rule or a parser to be one
// input's problem.
func TestFaultStaysWithItsInput(t *testing.T) {
	in := input.Source{Path: "a.txt", Read: func() ([]byte, *model.Problem) { return []byte("通知\n"), nil }}
	list := process(t.Context(), in, parser.Options{}, keep{}, func(d *model.Document) model.Document {
		if d.Error == nil || d.Error.Code != "internal-fault" {
			panic("a rule went wrong")
		}
		return *d
	})
	if len(list) != 1 {
		t.Fatalf("%d results of one input", len(list))
	}
	if d := list[0]; d.status != model.StatusUnreadable || d.problem == nil || !strings.Contains(d.problem.Error(), "a rule went wrong") {
		t.Errorf("process = %+v, want the fault as the input's problem", d)
	}
}

// packed is a file in an archive.
type packed struct {
	name string
	data []byte
}

func packTar(t *testing.T, zipped bool, files ...packed) []byte {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser = nopCloser{&b}
	if zipped {
		w = gzip.NewWriter(&b)
	}
	out := tar.NewWriter(w)
	for _, f := range files {
		if err := out.WriteHeader(&tar.Header{Name: f.name, Size: int64(len(f.data)), Mode: 0o644, Format: tar.FormatGNU}); err != nil {
			t.Fatal(err)
		}
		if _, err := out.Write(f.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(out.Close(), w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

func pack(t *testing.T, files ...packed) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		w, err := z.Create(f.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(f.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
