//go:build unix

package cmd

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// watchedMark, in the environment, says that a process is watched already.
const watchedMark = "PERFGOAL_WATCHED"

// watched runs the program as a child where its address space is bounded
// (ulimit -v), as build machines and shared hosts do. There the runtime ends
// the program when memory runs out, with the status of a usage error and pages
// of its own state, and no code of ours can help it. ran is false where there
// is nothing to watch.
func watched(a *app, args []string) (status int, ran bool) {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_AS, &limit); err != nil || limit.Cur >= 1<<62 || os.Getenv(watchedMark) != "" {
		return 0, false
	}
	self, err := os.Executable()
	if err != nil {
		return 0, false
	}
	end := &crashFilter{to: a.err}
	child := exec.Command(self, args...)
	child.Stdin, child.Stdout, child.Stderr = a.in, a.out, end
	child.Env = append(os.Environ(), watchedMark+"=1")
	if child.Start() != nil {
		return 0, false
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	go func() {
		for s := range signals {
			if s == syscall.SIGTERM { // an interrupt from the terminal reaches the child by itself
				_ = child.Process.Signal(s)
			}
		}
	}()
	_ = child.Wait()
	end.flush()
	if len(end.crash) > 0 {
		return a.crashed(end.crash), true
	}
	if wait, ok := child.ProcessState.Sys().(syscall.WaitStatus); ok && wait.Signaled() {
		const bySignal = 128 // as shells count
		return bySignal + int(wait.Signal()), true
	}
	return child.ProcessState.ExitCode(), true
}

// crashMarks begin the line with which the runtime ends a program.
var crashMarks = []string{"runtime: out of memory", "runtime/cgo: ", "fatal error: ", "panic: "}

// crashFilter passes on what the program says until the runtime speaks.
type crashFilter struct {
	to    io.Writer
	held  []byte // the beginning of a line that may be the runtime's
	midst bool   // of a line that is not
	crash []byte
}

func (f *crashFilter) Write(p []byte) (int, error) {
	for _, b := range p {
		switch {
		case len(f.crash) > 0:
			const enough = 64 << 10
			if len(f.crash) < enough {
				f.crash = append(f.crash, b)
			}
			continue
		case f.midst:
			f.held = append(f.held, b)
		default:
			f.held = append(f.held, b)
			f.midst = true
			for _, mark := range crashMarks {
				switch {
				case bytes.HasPrefix(f.held, []byte(mark)):
					f.crash, f.held = f.held, nil
				case strings.HasPrefix(mark, string(f.held)):
					f.midst = false
				}
			}
		}
		if b == '\n' {
			f.midst = false
			f.flush()
		}
	}
	if f.midst {
		f.flush()
	}
	return len(p), nil
}

func (f *crashFilter) flush() {
	_, _ = f.to.Write(f.held)
	f.held = f.held[:0]
}

// crashed says why the runtime ended the program.
func (a *app) crashed(crash []byte) int {
	for _, word := range []string{"out of memory", "cannot allocate memory", "failed to reserve", "pthread_create failed", "failed to create new OS thread"} {
		if bytes.Contains(crash, []byte(word)) {
			return a.report(a.failure("没有完成：内存不足。请少给几个文件、加上 --jobs 1，或放宽内存限制（ulimit -v）",
				"not finished: out of memory. Give fewer files, add --jobs 1, or raise the limit (ulimit -v)"))
		}
	}
	_, _ = a.err.Write(crash)
	return a.report(a.failure("没有完成：程序出错，请把上面的信息反馈给开发者", "not finished: the program failed; please report what stands above"))
}
