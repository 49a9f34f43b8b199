//go:build unix

package cmd

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"perfgoal/model"
)

// TestSignal stops a command that waits for more of its standard input: it
// reports what is done and tells by its status that it was stopped.
func TestSignal(t *testing.T) {
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		for _, command := range [][]string{{"lint", "-o", "json", "-"}, {"parse", "-o", "json", "-"}, {"extract", "-o", "json", "-"}, {"stats", "-o", "json", "-"}} {
			c := exec.CommandContext(t.Context(), os.Args[0])
			c.Args = append([]string{"perfgoal"}, command...)
			var out bytes.Buffer
			c.Stdout = &out
			in, err := c.StdinPipe()
			if err == nil {
				err = c.Start()
			}
			if err == nil { // more than a pipe holds: once it is written, somebody reads
				_, err = in.Write([]byte(strings.Repeat("关于召开会议的通知\n", 20_000)))
			}
			if err == nil {
				err = c.Process.Signal(s)
			}
			if err != nil {
				t.Fatal(err)
			}
			failed := new(exec.ExitError)
			if err := c.Wait(); !errors.As(err, &failed) || failed.ExitCode() != statusInterrupted {
				t.Errorf("%v: %v ended it with %v, want status %d", command, s, err, statusInterrupted)
			}
			if !strings.HasSuffix(out.String(), "}\n") {
				t.Errorf("%v: the output is cut off: %s", command, out.String())
			}
		}
	}
	for _, c := range Root(model.Chinese).Commands() {
		if reads := strings.Contains(" lint fix parse stats diff extract ", " "+c.Name()+" "); reads != (c.PreRun != nil) {
			t.Errorf("%s heeds signals: %t, want %t", c.Name(), c.PreRun != nil, reads)
		}
	}
}
