//go:build unix

// Command compare measures perfgoal against an empty Go program, against the C
// tools that only extract a PDF's text, and against iconv, which only recodes a
// text, on the same inputs in one run, and prints ratios.
//
//	go run ./scripts/compare [-runs 7] [-text sample.txt -mb 20] [file.pdf...]
//
// Every tool is a whole process with its output thrown away. The tools take
// turns, so that what else the machine does falls on all of them; the figures
// are medians.
package main

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"
	"unicode"
)

func main() {
	if err := compare(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

// command is one way to work on a file; {} in its arguments is the file.
type command struct {
	name string
	args []string
}

// measure is one run of a command. memory is the peak resident set, in bytes.
type measure struct {
	wall   time.Duration
	cpu    time.Duration
	memory int64
}

func compare(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("compare", flag.ContinueOnError)
	runs := flags.Int("runs", 7, "runs of each command; the median counts")
	binary := flags.String("perfgoal", "", "perfgoal binary (default: build this checkout)")
	text := flags.String("text", "", "text document to repeat for the throughput of text")
	mb := flags.Int("mb", 20, "how many MB of it")
	if err := flags.Parse(args); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "perfgoal-compare-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if *binary == "" {
		*binary = filepath.Join(dir, "perfgoal")
		if err := build(*binary, "./cmd/perfgoal"); err != nil {
			return err
		}
	}
	if err := compareStart(out, *binary, *runs, dir); err != nil {
		return err
	}
	for _, pdf := range flags.Args() {
		if err := comparePDF(out, *binary, pdf, *runs); err != nil {
			return err
		}
	}
	if *text != "" {
		return compareText(out, *binary, *text, *mb, *runs, dir)
	}
	return nil
}

// build builds a program as it is released: without cgo.
func build(binary, source string) error {
	c := exec.Command("go", "build", "-trimpath", "-o", binary, source)
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	c.Stderr = os.Stderr
	if err := c.Run(); err != nil {
		return fmt.Errorf("building %s: %w", source, err)
	}
	return nil
}

// compareStart measures what it costs to start.
func compareStart(out io.Writer, perfgoal string, runs int, dir string) error {
	source, empty := filepath.Join(dir, "empty.go"), filepath.Join(dir, "empty")
	if err := os.WriteFile(source, []byte("package main\n\nfunc main() {}\n"), 0o666); err != nil {
		return err
	}
	if err := build(empty, source); err != nil {
		return err
	}
	return compareOn(out, "start", "", runs,
		[]command{{"perfgoal version", []string{perfgoal, "version"}}}, []command{{"empty Go program", []string{empty}}})
}

// rivals read a PDF's text, recoders a text.
var (
	rivals = []rival{
		{command{"mutool draw -F stext", []string{"mutool", "draw", "-q", "-F", "stext", "-o", os.DevNull, "{}"}}, "mupdf-tools"},
		{command{"pdftotext -bbox-layout", []string{"pdftotext", "-bbox-layout", "{}", os.DevNull}}, "poppler-utils"},
	}
	recoders = []rival{{command{"iconv -f UTF-8 -t GB18030", []string{"iconv", "-f", "UTF-8", "-t", "GB18030", "{}"}}, "libc-bin"}}
)

// rival is another's tool and the Debian package that brings it.
type rival struct {
	command
	debian string
}

// found are the tools that are on PATH; it names what is missing.
func found(list []rival) []command {
	var out []command
	for _, r := range list {
		path, err := exec.LookPath(r.args[0])
		if err != nil {
			fmt.Fprintf(os.Stderr, "compare: %s is not here (Debian package %s), left out\n", r.args[0], r.debian)
			continue
		}
		out = append(out, command{r.name, append([]string{path}, r.args[1:]...)})
	}
	return out
}

func comparePDF(out io.Writer, perfgoal, pdf string, runs int) error {
	ours := []command{
		{"perfgoal lint", []string{perfgoal, "lint", "-o", "json", "{}"}},
		{"perfgoal extract", []string{perfgoal, "extract", "-o", "text", "{}"}},
	}
	return compareOn(out, filepath.Base(pdf), pdf, runs, ours, found(rivals))
}

// compareOn measures commands on a file and prints how each stands to theirs.
func compareOn(out io.Writer, title, file string, runs int, ours, theirs []command) error {
	results, err := measureAll(append(slices.Clone(ours), theirs...), file, runs)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s, median of %d runs, %d cores\n", title, runs, runtime.NumCPU())
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	header := []string{"", "wall ms", "cpu ms", "MiB"}
	for _, r := range theirs {
		header = append(header, "/ "+r.name)
	}
	fmt.Fprintln(w, strings.Join(header, "\t")+"\t")
	for _, c := range append(ours, theirs...) {
		m := results[c.name]
		row := []string{c.name, millis(m.wall), millis(m.cpu), mebibytes(m.memory)}
		for _, r := range theirs {
			row = append(row, fmt.Sprintf("%.2f", float64(m.wall)/float64(results[r.name].wall)))
		}
		fmt.Fprintln(w, strings.Join(row, "\t")+"\t")
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(out)
	return nil
}

// compareText measures on a quarter of the text and on all of it: memory beyond
// the input's own size should not grow.
func compareText(out io.Writer, perfgoal, sample string, mb, runs int, dir string) error {
	for _, size := range []int{max(1, mb/4), mb} {
		file := filepath.Join(dir, fmt.Sprintf("%dmb.txt", size))
		if err := repeat(sample, file, size); err != nil {
			return err
		}
		ours := []command{
			{"perfgoal parse -o jsonl", []string{perfgoal, "parse", "-o", "jsonl", "{}"}},
			{"perfgoal lint -o jsonl", []string{perfgoal, "lint", "-o", "jsonl", "{}"}},
			{"perfgoal lint --summary", []string{perfgoal, "lint", "--summary", "{}"}},
		}
		if err := compareOn(out, fmt.Sprintf("%d MB of text", size), file, runs, ours, found(recoders)); err != nil {
			return err
		}
	}
	return nil
}

// repeat writes the sample again and again until the file has that many MB,
// each time with other projects: copies of one form are a rare thing, of which
// there is much to report. It goes through a small buffer: a child's peak
// memory, as the kernel counts it, starts at what this process holds.
func repeat(sample, file string, mb int) error {
	data, err := os.ReadFile(sample)
	if err != nil {
		return err
	}
	if len(data) == 0 {
		return fmt.Errorf("%s is empty", sample)
	}
	text := strings.TrimRight(string(data), "\r\n") + "\n\n"
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	written := 0
	for n := uint64(0); written < mb*1_000_000; n++ {
		k, err := f.WriteString(otherProjects(text, n))
		if err != nil {
			_ = f.Close()
			return err
		}
		written += k
	}
	return f.Close()
}

// projectName is what stands behind its label on a form.
var projectName = regexp.MustCompile(`项目名称[ \t]+([^\t\r\n|]+)`)

// otherProjects puts other characters in the projects' names and in the cells
// that hold sentences, as many as stood there; the first text stays as it is.
func otherProjects(text string, n uint64) string {
	if n == 0 {
		return text
	}
	var had []rune
	for _, r := range text {
		if unicode.Is(unicode.Han, r) && !slices.Contains(had, r) {
			had = append(had, r)
		}
	}
	has := slices.Clone(had)
	rand.New(rand.NewPCG(n, 0)).Shuffle(len(has), func(i, j int) { has[i], has[j] = has[j], has[i] })
	to := make(map[rune]rune, len(had))
	for i, r := range had {
		to[r] = has[i]
	}
	other := func(s string) string {
		return strings.Map(func(r rune) rune { return cmp.Or(to[r], r) }, s)
	}
	names := map[string]bool{}
	for _, m := range projectName.FindAllStringSubmatch(text, -1) {
		names[strings.TrimSpace(m[1])] = true
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		cells := strings.Split(line, "\t")
		for i, c := range cells {
			if names[strings.TrimSpace(c)] || strings.Contains(c, "。") {
				cells[i] = other(c)
			}
		}
		b.WriteString(strings.Join(cells, "\t"))
	}
	return b.String()
}

// measureAll runs the commands by turns and returns each one's medians.
func measureAll(commands []command, file string, runs int) (map[string]measure, error) {
	all := map[string][]measure{}
	for i := range runs + 1 {
		for _, c := range commands {
			m, err := runOnce(c, file)
			if err != nil {
				return nil, err
			}
			if i > 0 { // the first round warms the file cache
				all[c.name] = append(all[c.name], m)
			}
		}
	}
	medians := map[string]measure{}
	for name, list := range all {
		medians[name] = measure{
			wall:   median(list, func(m measure) time.Duration { return m.wall }),
			cpu:    median(list, func(m measure) time.Duration { return m.cpu }),
			memory: median(list, func(m measure) int64 { return m.memory }),
		}
	}
	return medians, nil
}

func median[T time.Duration | int64](list []measure, of func(measure) T) T {
	values := make([]T, len(list))
	for i, m := range list {
		values[i] = of(m)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

func runOnce(c command, file string) (measure, error) {
	args := slices.Clone(c.args)
	for i, a := range args {
		if a == "{}" {
			args[i] = file
		}
	}
	var complaint bytes.Buffer
	process := exec.Command(args[0], args[1:]...)
	process.Stderr = &complaint
	start := time.Now()
	err := process.Run()
	wall := time.Since(start)
	// perfgoal's status 1 says that there are findings: it did its work.
	findings := strings.HasPrefix(c.name, "perfgoal ") && process.ProcessState != nil && process.ProcessState.ExitCode() == 1
	if err != nil && !findings {
		return measure{}, fmt.Errorf("%s: %w: %s", c.name, err, strings.TrimSpace(complaint.String()))
	}
	usage, ok := process.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return measure{}, fmt.Errorf("no resource usage on %s", runtime.GOOS)
	}
	memory := int64(usage.Maxrss) //nolint:unconvert // int32 on some platforms
	if runtime.GOOS != "darwin" { // there it is bytes, elsewhere KiB
		memory *= 1024
	}
	return measure{wall, process.ProcessState.UserTime() + process.ProcessState.SystemTime(), memory}, nil
}

func millis(d time.Duration) string { return fmt.Sprintf("%.1f", float64(d.Microseconds())/1000) }

func mebibytes(n int64) string { return fmt.Sprintf("%.1f", float64(n)/(1<<20)) }
