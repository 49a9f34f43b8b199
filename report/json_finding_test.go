package report

import (
	"bytes"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"

	"perfgoal/model"
)

// Findings written by hand are what encoding/json makes of findingJSON, to the
// byte.
func TestFindingsAsEncodingJSON(t *testing.T) {
	box, sure := model.Box{1, 2.5, 3e-9, 1e22}, 0.93
	places := []model.Location{
		{}, {Line: ptr(7), Cell: model.Ref{Row: 3, Col: 2}}, {Table: 2, Cell: model.Ref{Row: 1, Col: 1}},
		{Page: ptr(2), Box: &box, Confidence: &sure}, {Sheet: "表<1>&\"a\"", Cell: model.Ref{Row: 4, Col: 30}},
	}
	texts := []string{"", "甲", `引号"与\`, "<b>&amp;</b>", "换\n行\t和\x00\x1b\x7f", "\u2028\u2029", "坏\xff字\xe4\xb8", "😀", "\ufffd"}
	var findings []model.Finding
	for i, s := range texts {
		f := model.Finding{Rule: "S001", Name: "missing-field", Severity: model.Error, Path: s, Project: s, Field: "goals.annual", Text: s,
			Message: model.Message{Text: model.Text{Zh: "“{text}”不对", En: "{text} is wrong"}, Args: model.Args{"text": s}}, Location: places[i%len(places)], Fingerprint: "00ff"}
		if i%2 == 1 {
			f.Form = ptr(i)
			f.Evidence = map[string]string{"sum": s, s: "1", "a": "2"}
		}
		for k := range i % 4 {
			f.Related = append(f.Related, model.Related{Path: texts[(i+k)%3], Form: f.Form, Field: s, Text: s, Location: places[(i+k)%len(places)]})
		}
		findings = append(findings, f)
	}
	for _, lang := range []model.Lang{model.Chinese, model.English} {
		for _, f := range findings {
			for _, depth := range []int{0, 2} {
				j := jsonText{lines: depth > 0, depth: depth}
				j.finding(&f, lang)
				prefix, indent := "", ""
				if depth > 0 {
					prefix, indent = "    ", "  "
				}
				want, err := encode(findingIn(f, lang), prefix, indent)
				if err != nil || j.err != nil {
					t.Fatal(err, j.err)
				}
				if diff := cmp.Diff(string(want), string(j.b)); diff != "" {
					t.Errorf("-want +got:\n%s", diff)
				}
			}
		}
	}
}

func TestLintJSONWithoutFindings(t *testing.T) {
	var b bytes.Buffer
	if err := newLintJSON(&b, Options{}).Close(End{Manifest: &Completeness{Path: "清单.csv"}}); err != nil {
		t.Fatal(err)
	}
	const want = "  \"checks\": [],\n  \"findings\": [],\n  \"manifest\": {\n    \"path\": \"清单.csv\",\n    \"units\": []\n  }\n}\n"
	if got := b.String(); len(got) < len(want) || got[len(got)-len(want):] != want {
		t.Errorf("it ends in %s, want %s", got, want)
	}
}

// BenchmarkLintJSON writes findings that name many other places.
func BenchmarkLintJSON(b *testing.B) {
	c := crowded()
	b.ReportAllocs()
	for b.Loop() {
		w := newLintJSON(io.Discard, Options{Lang: model.Chinese})
		if err := w.Add(c); err != nil {
			b.Fatal(err)
		}
		if err := w.Close(End{}); err != nil {
			b.Fatal(err)
		}
	}
}
