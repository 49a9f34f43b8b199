package parser

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"perfgoal/model"
)

// Where things stand in a PDF that was not damaged.
var (
	refAnywhere  = regexp.MustCompile(`\b\d+ 0 R\b`)
	contentsRef  = regexp.MustCompile(`/Contents \d+ 0 R`)
	kidsList     = regexp.MustCompile(`/Kids\s*\[([^\]]*)\]`)
	filterName   = regexp.MustCompile(`/Filter\s*\[?\s*/\w+`)
	lengthNumber = regexp.MustCompile(`/Length \d+`)
	xrefEntry    = regexp.MustCompile(`\d{10} \d{5} n`)
	streamBody   = regexp.MustCompile(`(?s)stream\r?\n(.*?)\r?\n?endstream`)
	objectHead   = regexp.MustCompile(`(?m)^\d+ 0 obj\b`)
)

// damage is one kind of damage: a change at a place drawn by r; nil where the
// file has no such place.
type damage struct {
	name   string
	change func(r *rand.Rand, data []byte) []byte
}

// replaceAt writes b over, or in place of, data[from:to].
func replaceAt(data []byte, from, to int, b string) []byte {
	return slices.Concat(data[:from], []byte(b), data[to:])
}

// overwrite keeps the length, so that all offsets hold.
func overwrite(data []byte, from, to int, b string) []byte {
	if n := to - from; len(b) < n {
		b += strings.Repeat(" ", n-len(b))
	}
	return replaceAt(data, from, to, b)
}

// somewhere draws one of the places of a pattern.
func somewhere(r *rand.Rand, data []byte, p *regexp.Regexp) (from, to int, ok bool) {
	all := p.FindAllIndex(data, -1)
	if len(all) == 0 {
		return 0, 0, false
	}
	at := all[r.IntN(len(all))]
	return at[0], at[1], true
}

func at(p *regexp.Regexp, with func(r *rand.Rand, data []byte, old string) string) func(*rand.Rand, []byte) []byte {
	return func(r *rand.Rand, data []byte) []byte {
		from, to, ok := somewhere(r, data, p)
		if !ok {
			return nil
		}
		return overwrite(data, from, to, with(r, data, string(data[from:to])))
	}
}

// structure lists the bytes outside streams.
func structure(data []byte) []int {
	var out []int
	streams := streamBody.FindAllSubmatchIndex(data, -1)
	for i := range data {
		for len(streams) > 0 && i >= streams[0][3] {
			streams = streams[1:]
		}
		if len(streams) == 0 || i < streams[0][2] {
			out = append(out, i)
		}
	}
	return out
}

// aStream draws a stream; its body lies from the third index to the fourth.
func aStream(r *rand.Rand, data []byte) []int {
	all := streamBody.FindAllSubmatchIndex(data, -1)
	if len(all) == 0 {
		return []int{0, 0, 0, 0}
	}
	return all[r.IntN(len(all))]
}

func objects(data []byte) int { return len(objectHead.FindAll(data, -1)) }

var damages = []damage{
	{"contents gone", at(contentsRef, func(*rand.Rand, []byte, string) string { return "/Contents 99999 0 R" })},
	{"contents of another object", at(contentsRef, func(r *rand.Rand, data []byte, _ string) string {
		return fmt.Sprintf("/Contents %d 0 R", 1+r.IntN(objects(data)))
	})},
	{"contents of another page", func(r *rand.Rand, data []byte) []byte {
		all := contentsRef.FindAllIndex(data, -1)
		if len(all) < 2 {
			return nil
		}
		i := r.IntN(len(all))
		j := (i + 1 + r.IntN(len(all)-1)) % len(all)
		return overwrite(data, all[i][0], all[i][1], string(data[all[j][0]:all[j][1]]))
	}},
	{"no contents", at(contentsRef, func(*rand.Rand, []byte, string) string { return "" })},
	{"a kid missing", kids(func(r *rand.Rand, _ []byte, list []string) []string {
		i := r.IntN(len(list))
		return slices.Delete(list, i, i+1)
	})},
	{"a kid doubled", kids(func(r *rand.Rand, _ []byte, list []string) []string {
		list[r.IntN(len(list))] = list[r.IntN(len(list))]
		return list
	})},
	{"another object for a kid", kids(func(r *rand.Rand, data []byte, list []string) []string {
		list[r.IntN(len(list))] = fmt.Sprintf("%d 0 R", 1+r.IntN(objects(data)))
		return list
	})},
	{"another reference", at(refAnywhere, func(r *rand.Rand, data []byte, _ string) string {
		return fmt.Sprintf("%d 0 R", 1+r.IntN(objects(data)))
	})},
	{"a reference to nothing", at(refAnywhere, func(*rand.Rand, []byte, string) string { return "99999 0 R" })},
	{"an image's filter", at(filterName, func(*rand.Rand, []byte, string) string { return "/Filter/DCTDecode" })},
	{"an unknown filter", at(filterName, func(*rand.Rand, []byte, string) string { return "/Filter/NixDecode" })},
	{"no filter", at(filterName, func(_ *rand.Rand, _ []byte, old string) string { return strings.Replace(old, "Filter", "Fixter", 1) })},
	{"a wrong length", at(lengthNumber, func(r *rand.Rand, _ []byte, old string) string {
		n, _ := strconv.Atoi(strings.TrimPrefix(old, "/Length "))
		return fmt.Sprintf("/Length %d", []int{0, n / 2, n - 1, n + 1, 2 * n, 99999999}[r.IntN(6)])
	})},
	{"an offset elsewhere", at(xrefEntry, func(r *rand.Rand, data []byte, _ string) string {
		return fmt.Sprintf("%010d 00000 n", r.IntN(len(data)))
	})},
	{"an offset of another object", at(xrefEntry, func(r *rand.Rand, data []byte, _ string) string {
		from, to, _ := somewhere(r, data, xrefEntry)
		return string(data[from:to])
	})},
	{"a free object", at(xrefEntry, func(_ *rand.Rand, _ []byte, old string) string { return strings.Replace(old, "n", "f", 1) })},
	{"a stream cut short", func(r *rand.Rand, data []byte) []byte {
		at := aStream(r, data)
		if at[3]-at[2] < 2 {
			return nil
		}
		return replaceAt(data, at[2]+1+r.IntN(at[3]-at[2]-1), at[3], "")
	}},
	{"a stream overwritten", func(r *rand.Rand, data []byte) []byte {
		at := aStream(r, data)
		if at[3]-at[2] < 2 {
			return nil
		}
		from := at[2] + r.IntN(at[3]-at[2])
		to := min(at[3], from+1+r.IntN(64))
		return replaceAt(data, from, to, strings.Repeat("\x00", to-from))
	}},
	{"a stream's bytes flipped", func(r *rand.Rand, data []byte) []byte {
		at := aStream(r, data)
		if at[3] == at[2] {
			return nil
		}
		out := bytes.Clone(data)
		out[at[2]+r.IntN(at[3]-at[2])] ^= byte(1 + r.IntN(255))
		return out
	}},
	{"a byte of the structure", func(r *rand.Rand, data []byte) []byte {
		out := bytes.Clone(data)
		places := structure(data)
		out[places[r.IntN(len(places))]] = byte(r.IntN(256))
		return out
	}},
	{"a letter of the structure", func(r *rand.Rand, data []byte) []byte {
		out := bytes.Clone(data)
		places := structure(data)
		out[places[r.IntN(len(places))]] = byte('0' + r.IntN(75))
		return out
	}},
	{"bytes taken out", func(r *rand.Rand, data []byte) []byte {
		from := r.IntN(len(data))
		return replaceAt(data, from, min(len(data), from+1+r.IntN(200)), "")
	}},
	{"bytes put in", func(r *rand.Rand, data []byte) []byte {
		from := r.IntN(len(data))
		return replaceAt(data, from, from, strings.Repeat("x\n", 1+r.IntN(50)))
	}},
	{"cut off", func(r *rand.Rand, data []byte) []byte { return data[:1000+r.IntN(len(data)-1000)] }},
	{"an object gone", func(r *rand.Rand, data []byte) []byte {
		from, _, ok := somewhere(r, data, objectHead)
		if !ok {
			return nil
		}
		end := bytes.Index(data[from:], []byte("endobj"))
		return overwrite(data, from, from+end+len("endobj"), "")
	}},
}

// kids changes the list of a page tree's kids.
func kids(change func(r *rand.Rand, data []byte, list []string) []string) func(*rand.Rand, []byte) []byte {
	return func(r *rand.Rand, data []byte) []byte {
		all := kidsList.FindAllSubmatchIndex(data, -1)
		if len(all) == 0 {
			return nil
		}
		at := all[r.IntN(len(all))]
		list := refAnywhere.FindAllString(string(data[at[2]:at[3]]), -1)
		if len(list) < 2 {
			return nil
		}
		out := strings.Join(change(r, data, list), " ")
		if len(out) > at[3]-at[2] {
			return replaceAt(data, at[2], at[3], out)
		}
		return overwrite(data, at[2], at[3], out)
	}
}

// A damaged file gives every field of every form, or none.
func TestDamagedFilesAreReadWholeOrNotAtAll(t *testing.T) {
	files, rounds, engine := documents(t, "../testdata/pdf/*.pdf"), 1, ""
	if testing.Short() {
		engine = "pdfcpu" // compiling PDFium takes minutes under the race detector
	}
	// For a longer look, at other files, of which those that fail are kept.
	if more := os.Getenv("DAMAGE_FILES"); more != "" {
		files = documents(t, more)
	}
	if n, err := strconv.Atoi(os.Getenv("DAMAGE_ROUNDS")); err == nil {
		rounds = n
	}
	read, refused := 0, 0
	for _, path := range files {
		truth, ok := truthOf(path)
		if !ok {
			t.Fatalf("%s has no truth file", path)
		}
		want := readTruth(t, truth)
		good, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i, d := range damages {
			for round := range rounds {
				r := rand.New(rand.NewPCG(uint64(round), uint64(i)))
				data := d.change(r, good)
				if data == nil || bytes.Equal(data, good) {
					continue
				}
				doc, err := Parse(t.Context(), Source{Path: "a.pdf", Data: data}, Options{Engine: engine})
				if err != nil {
					t.Fatal(err)
				}
				if doc.Status == model.StatusUnreadable {
					refused++
					continue
				}
				read++
				if bad := differences(want, doc.Forms); len(bad) > 0 {
					t.Errorf("%s, %s %d: %s (%v), %d differences, the first: %s", filepath.Base(path), d.name, round, doc.Status, doc.Error, len(bad), bad[0])
					if dir := os.Getenv("DAMAGE_KEEP"); dir != "" {
						_ = os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%d-%d.pdf", strings.TrimSuffix(filepath.Base(path), ".pdf"), i, round)), data, 0o600)
					}
				}
			}
		}
	}
	t.Logf("%d read, %d refused", read, refused)
	// Most kinds can be mended where they met something that does not matter.
	if read == 0 || refused == 0 {
		t.Error("the damages are not what they should be")
	}
}
