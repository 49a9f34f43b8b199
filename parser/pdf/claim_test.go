package pdf

import (
	"bytes"
	"fmt"
	"testing"
)

// A file's own tables say how many pages it claims, the newest of them first.
func TestClaimedPages(t *testing.T) {
	file := BuildPDF("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 7>>", "<</Type/Page/Parent 2 0 R>>")
	newer := func(tree string, prev int) []byte {
		at := len(file)
		b := append(bytes.Clone(file), "2 0 obj\n"+tree+"\nendobj\n"...)
		xref := len(b)
		return fmt.Appendf(b, "xref\n0 1\n0000000000 65535 f \n2 1\n%010d 00000 n \ntrailer\n<</Size 4/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n", at, prev, xref)
	}
	before := bytes.LastIndex(file, []byte("xref\n0 "))
	for name, tt := range map[string]struct {
		data []byte
		n    int
		ok   bool
	}{
		"one revision":               {file, 7, true},
		"a newer page tree":          {newer("<</Type/Pages/Kids[3 0 R]/Count 30000>>", before), 30000, true},
		"a catalogue that is lost":   {newer("<</Type/Pages/Kids[3 0 R]/Count 30000>>", 0), 0, false},
		"a count that is an object":  {newer("<</Type/Pages/Kids[3 0 R]/Count 30000 0 R>>", before), 30000, false},
		"no number":                  {newer("<</Type/Pages/Kids[3 0 R]/Count(9)>>", before), 0, false},
		"tables that lead elsewhere": {append([]byte("%more"), file...), 0, false},
		"nothing":                    {nil, 0, false},
		"a start without a table":    {[]byte("startxref\n99999999"), 0, false},
		"a table of nothing":         {[]byte("xref\n0 99999999\ntrailer<</Root 1 0 R>>startxref\n0"), 0, false},
	} {
		if n, ok := claimedPages(tt.data); n != tt.n || ok != tt.ok {
			t.Errorf("%s: %d pages, %v; want %d, %v", name, n, ok, tt.n, tt.ok)
		}
	}
	for n := range len(file) {
		claimedPages(file[n:])
		claimedPages(file[:n])
	}
}
