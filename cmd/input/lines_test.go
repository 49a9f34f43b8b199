package input

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// savedFile writes documents of three lines each, so many that they make
// several pieces; some paths are written with escapes.
func savedFile(t *testing.T, documents int) (path string, data []byte) {
	t.Helper()
	var b bytes.Buffer
	for d := range documents {
		for i := range 3 {
			name := fmt.Sprintf(`报送\\甲\"乙\".%d.pdf`, d)
			if i == 1 {
				name = strings.ReplaceAll(name, "甲", `\u7532`)
			}
			fmt.Fprintf(&b, "{\"path\":\"%s\",\"status\":\"ok\",\"index\":%d,\"pad\":%q}\n", name, i+1, strings.Repeat("x", 9000))
		}
	}
	path = filepath.Join(t.TempDir(), "all.jsonl")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path, b.Bytes()
}

// A large file of forms comes in pieces of whole documents, each with the
// number of the lines before it.
func TestLargeFilesOfFormsComeInPieces(t *testing.T) {
	path, want := savedFile(t, 150)
	for name, opt := range map[string]Options{path: {}, "-": {Stdin: bytes.NewReader(want), StdinName: "all.jsonl"}} {
		set, err := Find([]string{name}, opt)
		if err != nil {
			t.Fatal(err)
		}
		var got []byte
		pieces := 0
		for s := range set.Sources(t.Context()) {
			data, p := s.Read()
			if p != nil || !s.Lines {
				t.Fatal(p, s.Lines)
			}
			if before := bytes.Count(got, []byte{'\n'}); s.Before != before || before%3 != 0 {
				t.Errorf("piece %d: %d lines before it, want %d", pieces, s.Before, before)
			}
			if len(data) > 2*pieceSize {
				t.Errorf("a piece of %d bytes", len(data))
			}
			got = append(got, data...)
			pieces++
		}
		if !bytes.Equal(got, want) || pieces < 3 {
			t.Errorf("%d pieces, %d bytes, want %d", pieces, len(got), len(want))
		}
	}
}

func TestFilesOfFormsThatAreNotCut(t *testing.T) {
	for name, data := range map[string]string{
		"nothing":         "",
		"a whole output":  `{"schema_version":"1","documents":[]}`,
		"a mark in front": "\ufeff" + savedLine + `a","status":"ok"}`,
	} {
		t.Run(name, func(t *testing.T) {
			set, err := Find([]string{"-"}, Options{Stdin: strings.NewReader(data), StdinName: "a.jsonl"})
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for s := range set.Sources(t.Context()) {
				got, p := s.Read()
				if n++; p != nil || s.Lines || string(got) != data {
					t.Errorf("%v, lines %v: %q", p, s.Lines, got)
				}
			}
			if n != 1 {
				t.Errorf("%d sources", n)
			}
		})
	}
}

// A document of more than fits is a problem of the file, not of memory.
func TestTooMuchOnOneLine(t *testing.T) {
	path, _ := savedFile(t, 150)
	f, in, ok := linesOf(path)
	if !ok {
		t.Fatal("not opened")
	}
	defer f.Close()
	var problems []string
	r := lineReader{ctx: t.Context(), name: path, most: 5000, in: in, yield: func(s Source) bool {
		if _, p := s.Read(); p != nil {
			problems = append(problems, p.Code)
		}
		return true
	}}
	if r.run(); len(problems) != 1 || problems[0] != "too-large" {
		t.Error(problems)
	}
}
