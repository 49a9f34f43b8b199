package cmd

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

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

// The bar and the report go to one terminal: neither is written on the other's
// line, and no bar is left behind.
func TestProgressBesideReport(t *testing.T) {
	dir := t.TempDir()
	for n := range 12 {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.pdf", n)), cleanForm(n+1).pdf(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	screen, tty := openTerminal(t)
	seen := make(chan string)
	go func() {
		all, _ := io.ReadAll(screen) // ends in an error once the terminal is closed
		seen <- string(all)
	}()
	Main([]string{"lint", "--lang", "en", "--color", "never", "--summary", dir}, strings.NewReader(""), tty, tty)
	if err := tty.Close(); err != nil {
		t.Fatal(err)
	}
	shown := <-seen
	const bar = "working"
	if !strings.Contains(shown, bar) {
		t.Fatalf("no bar in %q", shown)
	}
	for _, part := range regexp.MustCompile(`[\r\n]+`).Split(shown, -1) {
		if strings.Contains(part, bar) && strings.Contains(part, ".pdf") {
			t.Errorf("the report goes on behind the bar: %q", part)
		}
	}
	if last := shown[strings.LastIndex(shown, bar):]; !strings.Contains(last, "\r") || !strings.Contains(last, "\n") {
		t.Errorf("the bar is left behind: %q", last)
	}
}
