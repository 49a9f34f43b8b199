package pdf

import (
	"fmt"
	"strings"
	"testing"
)

func TestRevisionsLoop(t *testing.T) {
	// Two sections at known offsets; prev is what the older one names.
	file := func(prev string) []byte {
		older := "%PDF-1.4\n"
		at := len(older)
		older += "xref\n0 0\ntrailer\n<</Size 1" + prev + ">>\n"
		newer := len(older)
		older += fmt.Sprintf("xref\n0 0\ntrailer\n<</Size 1/Prev %d>>\nstartxref\n%d\n%%%%EOF\n", at, newer)
		return []byte(older)
	}
	if revisionsLoop(file("")) {
		t.Error("two sections were taken for a circle")
	}
	first := file("")
	newer := strings.LastIndex(string(first), "xref\n0 0")
	digits := len(fmt.Sprint(newer)) + len("/Prev ")
	if !revisionsLoop(file(fmt.Sprintf("/Prev %d", newer+digits))) {
		t.Error("a circle of two was not noticed")
	}
	if !revisionsLoop(file("/Prev 9")) {
		t.Error("a section that names itself was not noticed")
	}
	for _, odd := range []string{"", "startxref", "startxref\n99999", "startxref\n0\n", "%PDF startxref -5"} {
		if revisionsLoop([]byte(odd)) {
			t.Errorf("%q was taken for a circle", odd)
		}
	}
}
