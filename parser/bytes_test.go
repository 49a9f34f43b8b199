package parser

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"perfgoal/model"
)

// One changed byte gives no wrong field without a doubt, save where it is
// itself a part of the text of a stream that nothing protects.
func TestOneChangedByte(t *testing.T) {
	rounds, engine := 12, "pdfcpu"
	if *full {
		rounds, engine = 500, ""
	}
	type file struct {
		name string
		data []byte
		want []truthForm
	}
	var files []file
	for _, path := range documents(t, "../testdata/pdf/*.pdf") {
		truth, ok := truthOf(path)
		if !ok {
			t.Fatalf("%s has no truth file", path)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file{filepath.Base(path), data, readTruth(t, truth)})
	}
	files = files[:min(len(files), 8)]
	files = append(files,
		file{"plain-one-page", paper{border: "full", pad: 3, size: 9}.print(briefForm()), []truthForm{briefForm()}},
		file{"plain-two-pages", paper{border: "full", pad: 3, size: 9, first: 300, later: 700}.print(longForm()), []truthForm{longForm()}})
	for n, f := range files {
		var read, doubted, refused, text, wrong int
		r := rand.New(rand.NewPCG(uint64(n), 7))
		plain := plainStreams(f.data)
		for range rounds {
			at := r.IntN(len(f.data))
			data := bytes.Clone(f.data)
			data[at] ^= byte(1 + r.IntN(255))
			doc := parseBytes(t, data, Options{Engine: engine})
			switch doc.Status {
			case model.StatusUnreadable:
				refused++
				continue
			case model.StatusPartial:
				doubted++
			default:
				read++
			}
			if doc.Status != model.StatusOK {
				continue
			}
			bad := differences(f.want, doc.Forms)
			switch {
			case len(bad) == 0:
			case plain[at]:
				text++
			default:
				wrong++
				t.Errorf("%s: byte %d: %q -> %q: %d differences, the first: %s", f.name, at, f.data[max(0, at-20):min(len(f.data), at+20)], data[at], len(bad), bad[0])
				keep(fmt.Sprintf("byte-%s-%d", f.name, at), data)
			}
		}
		t.Logf("%s: %d read, %d doubted, %d refused, %d changed in unprotected text, %d wrong", f.name, read, doubted, refused, text, wrong)
	}
}

// plainStreams tells the bytes of streams without a filter.
func plainStreams(data []byte) []bool {
	out := make([]bool, len(data))
	for _, m := range streamBody.FindAllSubmatchIndex(data, -1) {
		dict := data[max(0, bytes.LastIndex(data[:m[0]], []byte("obj"))):m[0]]
		if !bytes.Contains(dict, []byte("/Filter")) {
			for i := m[2]; i < m[3]; i++ {
				out[i] = true
			}
		}
	}
	return out
}
