package cmd

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/sys/unix"
)

// openTerminal returns a terminal and the end at which its screen is seen.
func openTerminal(t *testing.T) (screen, tty *os.File) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	t.Cleanup(func() { _ = screen.Close() })
	if err := unix.IoctlSetPointerInt(int(screen.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Skipf("terminals stay locked here: %v", err)
	}
	n, err := unix.IoctlGetUint32(int(screen.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Skipf("terminals have no number here: %v", err)
	}
	tty, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	return screen, tty
}

// onTerminal runs the program on a terminal of so many columns and returns
// what was written there.
func onTerminal(t *testing.T, columns uint16, args ...string) string {
	t.Helper()
	screen, tty := openTerminal(t)
	if err := unix.IoctlSetWinsize(int(tty.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: columns}); err != nil {
		t.Fatal(err)
	}
	seen := make(chan string)
	go func() {
		all, _ := io.ReadAll(screen) // ends in an error once the terminal is closed
		seen <- string(all)
	}()
	Main(args, strings.NewReader(""), tty, tty)
	if err := tty.Close(); err != nil {
		t.Fatal(err)
	}
	return <-seen
}

// The status line and the report go to one terminal: neither is written on the
// other's line, and no status is left behind.
func TestProgressBesideReport(t *testing.T) {
	dir := t.TempDir()
	for n := range 12 {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.pdf", n)), cleanForm(n+1).pdf(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "9-damaged.pdf"), []byte("nothing"), 0o666); err != nil {
		t.Fatal(err)
	}
	const bar = " done, "
	t.Setenv("TERM", "xterm")
	for _, columns := range []uint16{40, 80} {
		for _, args := range [][]string{
			{"lint", "--summary", dir},
			{"lint", "-o", "json=" + filepath.Join(t.TempDir(), "x.json"), dir},
			{"diff", dir, dir},
		} {
			shown := onTerminal(t, columns, append(args, "--lang", "en", "--color", "never")...)
			if !strings.Contains(shown, bar) {
				t.Fatalf("%s: no bar in %q", args[0], shown)
			}
			for _, part := range regexp.MustCompile(`\r\n|\r\x1b\[K`).Split(shown, -1) {
				if strings.Contains(part, bar) && (strings.Contains(part, ".pdf") || utf8.RuneCountInString(part) >= int(columns)) {
					t.Errorf("%s: the status line has more than its text: %q", args[0], part)
				}
			}
			if last := shown[strings.LastIndex(shown, bar):]; !strings.Contains(last, wipe) {
				t.Errorf("%s: the bar is left behind: %q", args[0], last)
			}
		}
	}
	t.Setenv("TERM", "dumb")
	for _, name := range []string{"FORCE_COLOR", "CLICOLOR_FORCE", "FORCE_HYPERLINK"} {
		t.Setenv(name, "")
	}
	if shown := onTerminal(t, 80, "lint", "--lang", "en", "--summary", dir); strings.Contains(shown, bar) || strings.Contains(shown, "\x1b") {
		t.Errorf("drawn on a terminal that takes nothing away: %q", shown)
	}
}

// Whoever sees only the terminal learns once of each input that was not read,
// and why, whether or not the report says so.
func TestUnreadOnTerminal(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "damaged.pdf"), []byte("nothing"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "whole.pdf"), cleanForm(1).pdf(), 0o666); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TERM", "xterm")
	for _, args := range [][]string{
		{"lint"}, {"lint", "--summary"}, {"fix", "--diff"}, {"extract"}, {"extract", "-o", "tsv"}, {"parse", "-o", "table"}, {"stats"}, {"stats", "-o", "csv"},
	} {
		shown := onTerminal(t, 120, append(args, "--lang", "en", "--color", "never", dir)...)
		if n := strings.Count(shown, "but its content is not PDF"); n != 1 {
			t.Errorf("%s: the reason stands there %d times: %q", args, n, shown)
		}
	}
}

// Help goes on below itself where the terminal has no room, and stays as it is
// elsewhere.
func TestHelpOnTerminal(t *testing.T) {
	t.Setenv("TERM", "xterm")
	for columns, want := range map[uint16]string{
		40: "\r\n      --jobs N\r\n          how many inputs",
		80: "\r\n      --jobs N                  how many inputs to read at once, N (default:\r\n                                all cores)",
	} {
		if got := onTerminal(t, columns, "lint", "--help", "--lang", "en"); !strings.Contains(got, want) {
			t.Errorf("%d columns: no %q in %q", columns, want, got)
		}
	}
}
