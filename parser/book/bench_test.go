package book

import (
	"os"
	"testing"
)

// BenchmarkReadNothing reads a text without a book, as most inputs are.
func BenchmarkReadNothing(b *testing.B) {
	data, err := os.ReadFile("../../testdata/text/clean-district.txt")
	if err != nil {
		b.Fatal(err)
	}
	text := string(data)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		read(text)
	}
}
