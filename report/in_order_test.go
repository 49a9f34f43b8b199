package report

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"
)

// Long lists come out in their order, and stop at the first that fails.
func TestInOrder(t *testing.T) {
	for _, n := range []int{0, 1, 64, 65, 1000} {
		var out, want bytes.Buffer
		for i := range n {
			want.WriteString(strconv.Itoa(i) + "\n")
		}
		if err := inOrder(&out, n, func(b *bytes.Buffer, from, to int) error {
			for i := from; i < to; i++ {
				b.WriteString(strconv.Itoa(i) + "\n")
			}
			return nil
		}); err != nil || out.String() != want.String() {
			t.Errorf("%d: error %v, %d bytes, want %d", n, err, out.Len(), want.Len())
		}
	}
	broken := errors.New("broken")
	var out strings.Builder
	if err := inOrder(&out, 1000, func(b *bytes.Buffer, from, _ int) error {
		if from >= 128 {
			return broken
		}
		b.WriteByte('.')
		return nil
	}); !errors.Is(err, broken) || out.String() != ".." {
		t.Errorf("error %v behind %q", err, out.String())
	}
}

// A fault in rendering a part of a long list is the caller's, who reports it;
// on a goroutine of its own it would end the program.
func TestInOrderCarriesFaults(t *testing.T) {
	defer func() {
		if got := recover(); got != "fault" {
			t.Errorf("caught %v", got)
		}
	}()
	_ = inOrder(io.Discard, 1000, func(_ *bytes.Buffer, from, _ int) error {
		if from == 320 {
			panic("fault")
		}
		return nil
	})
}
