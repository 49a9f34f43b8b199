package report

import (
	"bytes"
	"io"
	"runtime"
	"sync"

	"perfgoal/internal/meanwhile"
)

// inOrder writes so many items in their order, while stretches of them are
// being rendered side by side.
func inOrder(w io.Writer, n int, render func(b *bytes.Buffer, from, to int) error) error {
	const stretch = 64
	if n <= stretch {
		var b bytes.Buffer
		if err := render(&b, 0, n); err != nil || n == 0 {
			return err
		}
		_, err := w.Write(b.Bytes())
		return err
	}
	type part struct {
		b   *bytes.Buffer
		err error
	}
	var waiting []func() part
	var spare sync.Pool // of buffers
	write := func() error {
		p := waiting[0]()
		waiting = waiting[1:]
		if p.err != nil {
			return p.err
		}
		_, err := w.Write(p.b.Bytes())
		p.b.Reset()
		spare.Put(p.b)
		return err
	}
	for from := 0; from < n; from += stretch {
		waiting = append(waiting, meanwhile.Do(func() part {
			b, reused := spare.Get().(*bytes.Buffer)
			if !reused {
				b = &bytes.Buffer{}
			}
			return part{b, render(b, from, min(from+stretch, n))}
		}))
		if len(waiting) > 2*runtime.GOMAXPROCS(0) {
			if err := write(); err != nil {
				return err
			}
		}
	}
	for len(waiting) > 0 {
		if err := write(); err != nil {
			return err
		}
	}
	return nil
}
