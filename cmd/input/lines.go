package input

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"perfgoal/model"
)

// What a file of forms, of which each stands on a line, is handed on in:
// pieces of this size or more, that no more of it is in memory than is worked
// on. Smaller files are one piece.
const pieceSize = 1 << 20

// savedLine is how each line begins that `perfgoal parse -o jsonl` writes: with
// the path of the form's document.
const savedLine = `{"path":"`

// lined says whether an input is called as forms on lines are.
func lined(name string) bool { return strings.EqualFold(filepath.Ext(name), ".jsonl") }

// lineReader hands on the lines of a stream in pieces, each of whole documents.
type lineReader struct {
	ctx     context.Context
	timeout time.Duration // for each piece; 0 is none
	name    string
	most    int // bytes of a piece
	in      *bufio.Reader
	yield   func(Source) bool
	next    []byte // the line that begins the next piece
	number  int    // lines of the pieces handed on
}

// linesOf opens a file of forms; ok is false where it is better read at once:
// it is small, or no such file.
func linesOf(path string) (f *os.File, in *bufio.Reader, ok bool) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, false
	}
	info, err := f.Stat()
	in = bufio.NewReaderSize(f, 1<<16)
	if err != nil || !info.Mode().IsRegular() || info.Size() <= pieceSize || !atLines(in) {
		_ = f.Close() // it was only read from
		return nil, nil, false
	}
	return f, in, true
}

// atLines says whether a stream begins as forms on lines do.
func atLines(in *bufio.Reader) bool {
	head, _ := in.Peek(len(savedLine))
	return string(head) == savedLine
}

// run yields the pieces, and says whether more is wanted.
func (r *lineReader) run() bool {
	for first := true; ; first = false {
		lines := 0
		data, p, ok := Await(r.ctx, r.timeout, func() ([]byte, *model.Problem) {
			data, n, p := r.piece()
			lines = n
			return data, p
		})
		switch {
		case !ok:
			return false
		case p != nil:
			return r.yield(failed(r.name, p))
		case data == nil && !first:
			return true
		}
		forms := bytes.HasPrefix(data, []byte(savedLine))
		if !r.yield(Source{Path: r.name, Lines: forms, Before: r.number, Read: func() ([]byte, *model.Problem) { return data, nil }}) {
			return false
		}
		r.number += lines
	}
}

// piece reads the next piece and the number of its lines; nil is the end.
func (r *lineReader) piece() (data []byte, lines int, p *model.Problem) {
	last := "" // the document of the line before
	line := r.next
	r.next = nil
	for {
		if line == nil {
			var err error
			line, err = r.line(r.most - len(data))
			switch {
			case errors.Is(err, bufio.ErrTooLong):
				return nil, 0, tooLarge()
			case err != nil && !errors.Is(err, io.EOF):
				return nil, 0, readProblem(err)
			case len(line) == 0:
				return data, lines, nil
			}
		}
		document := documentOf(line)
		if len(data) >= pieceSize && document != "" && last != "" && document != last {
			r.next = line
			return data, lines, nil
		}
		data = append(data, line...)
		if len(bytes.TrimSpace(line)) > 0 {
			last = document
		}
		lines++
		line = nil
	}
}

// line reads a line with its end, of no more bytes than are left.
func (r *lineReader) line(left int) ([]byte, error) {
	var out []byte
	for {
		part, err := r.in.ReadSlice('\n')
		if len(out)+len(part) > left {
			return nil, bufio.ErrTooLong
		}
		out = append(out, part...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return out, err
		}
	}
}

// documentOf is the path that a line begins with; "" where it begins with none.
func documentOf(line []byte) string {
	rest, ok := bytes.CutPrefix(line, []byte(savedLine))
	if !ok {
		return ""
	}
	for end := 0; end < len(rest); end++ {
		switch rest[end] {
		case '\\':
			end++
		case '"':
			path := ""
			if json.Unmarshal(line[len(savedLine)-1:len(savedLine)+end+1], &path) != nil {
				return ""
			}
			return path
		}
	}
	return ""
}
