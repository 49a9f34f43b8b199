//go:build unix

package cmd

import (
	"bytes"
	"strings"
	"testing"

	"perfgoal/model"
)

// TestCrash wants what the runtime says at its end to be taken for that, in
// whatever pieces it comes, and all else to pass.
func TestCrash(t *testing.T) {
	tests := []struct {
		name, text, passed, said string
		status                   int
	}{
		{"memory", "perfgoal: a.pdf：读不了\nruntime: out of memory: cannot allocate 4194304-byte block\nfatal error: out of memory\n\ngoroutine 1", "perfgoal: a.pdf：读不了\n", "内存不足", statusFailed},
		{"threads", "runtime/cgo: pthread_create failed: Resource temporarily unavailable\nSIGABRT", "", "内存不足", statusFailed},
		{"fault", "panic: no luck\n\ngoroutine 1", "", "panic: no luck\n\ngoroutine 1perfgoal: 没有完成：程序出错", statusFailed},
		{"none", "run\nr\n\nfatal\nperfgoal: panic: 1\n用法 fatal error: x", "run\nr\n\nfatal\nperfgoal: panic: 1\n用法 fatal error: x", "", 0},
	}
	for _, tt := range tests {
		for _, piece := range []int{1, 7, len(tt.text)} {
			var out bytes.Buffer
			f := &crashFilter{to: &out}
			for rest := []byte(tt.text); len(rest) > 0; rest = rest[min(piece, len(rest)):] {
				if _, err := f.Write(rest[:min(piece, len(rest))]); err != nil {
					t.Fatal(err)
				}
			}
			f.flush()
			if out.String() != tt.passed {
				t.Errorf("%s in pieces of %d: passed %q, want %q", tt.name, piece, out.String(), tt.passed)
			}
			if (len(f.crash) > 0) != (tt.status != 0) {
				t.Errorf("%s in pieces of %d: crash %q", tt.name, piece, f.crash)
				continue
			}
			var said bytes.Buffer
			a := &app{err: &said, lang: model.Chinese}
			if tt.status != 0 && (a.crashed(f.crash) != tt.status || !strings.Contains(said.String(), tt.said)) {
				t.Errorf("%s: said %q, want %q", tt.name, said.String(), tt.said)
			}
		}
	}
}
