package cmd

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"perfgoal/model"
	"perfgoal/parser"
	"perfgoal/report"
	"perfgoal/validate"
)

// everyDocument parses all documents of testdata, and some that hold none.
func everyDocument(t *testing.T) []model.Document {
	t.Helper()
	var paths []string
	for _, pattern := range []string{"text/*.txt", "pdf/defects-*.pdf", "office/*.docx", "office/*.xls*"} {
		found, err := filepath.Glob(filepath.Join("..", "testdata", filepath.FromSlash(pattern)))
		if err != nil || len(found) == 0 {
			t.Fatalf("%s matches nothing (%v)", pattern, err)
		}
		paths = append(paths, found...)
	}
	sources := []parser.Source{
		{Path: "empty.txt"}, {Path: "photo.png", Data: []byte("\x89PNG\r\n\x1a\n")}, {Path: "prose.txt", Data: []byte("今天开会。\n")},
		// Doubted fields, an amount that is none, a day that does not exist.
		{Path: "doubts.html", Data: []byte(`<table><tr><td colspan=4>财政项目支出绩效目标申报表</td></tr><tr><td colspan=4>（2026年度）</td></tr>
<tr><td>项目名称</td><td>甲 & 乙<b>改造</b></td><td>实施单位</td><td>丙所</td></tr>
<tr><td>计划开始日期</td><td>2026年1月1日</td><td>计划完成日期</td><td>2026-06-31</td></tr>
<tr><td>项目资金总额</td><td>十万</td><td>年度资金总额</td><td>37.90</td></tr>
<tr><td>一级指标</td><td>二级指标</td><td>三级指标</td><td>指标值</td></tr>
<tr><td>产出指标</td><td>数量指标</td><td>次数</td><td>≥&lt;3次</td></tr></table>`)},
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, parser.Source{Path: path, Data: data})
	}
	var out []model.Document
	for _, src := range sources {
		doc, err := parser.Parse(t.Context(), src, parser.Options{})
		if err != nil {
			t.Fatal(err)
		}
		doc.Digest = strings.Repeat("x", 31) + string(rune('0'+len(src.Data)%10))
		out = append(out, doc)
	}
	return out
}

// findingsOf checks the documents, each alone and all together, and writes
// what was found in both languages.
func findingsOf(t *testing.T, docs []model.Document) string {
	t.Helper()
	engine, err := validate.New(validate.Config{Select: []string{"ALL"}, Bundle: true})
	if err != nil {
		t.Fatal(err)
	}
	bundle := engine.NewBundle(nil)
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	add := func(found []model.Finding) {
		for _, f := range found {
			if err := enc.Encode([]any{f, f.Message.In(model.English)}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i := range docs {
		d := &docs[i]
		b.WriteString(d.Path + " " + string(d.Status) + "\n")
		if d.Error != nil {
			b.WriteString(d.Error.Code + d.Error.Message.In(model.Chinese) + d.Error.Message.In(model.English) + "\n")
		}
		result := engine.Document(d)
		add(result.Findings)
		if err := enc.Encode(result.Checks); err != nil {
			t.Fatal(err)
		}
		bundle.Add(validate.NewBundleItem(d))
	}
	add(bundle.Close().Findings)
	return b.String()
}

// Forms that were parsed here and are checked there must give what checking
// the files gives, to the byte, in one output or in two.
func TestFormsAsInputGiveTheSameFindings(t *testing.T) {
	docs := everyDocument(t)
	if !slices.ContainsFunc(docs, func(d model.Document) bool { return d.Status == model.StatusPartial }) {
		t.Error("no document has doubts")
	}
	want := findingsOf(t, docs)
	for _, format := range report.ParseFormats() {
		if format.Name == "table" {
			continue
		}
		for _, lang := range []model.Lang{model.Chinese, model.English} {
			t.Run(format.Name+" "+string(lang), func(t *testing.T) {
				var back []model.Document
				for half := range slices.Chunk(docs, len(docs)/2+1) {
					var b bytes.Buffer
					w := format.New(&b, report.Options{Lang: lang})
					for i := range half {
						if err := w.Add(&half[i]); err != nil {
							t.Fatal(err)
						}
					}
					if err := w.Close(report.End{}); err != nil {
						t.Fatal(err)
					}
					if !parser.IsForms(b.Bytes()) {
						t.Errorf("it is not recognised: %.200s", b.Bytes())
					}
					for d := range parser.Forms(t.Context(), parser.Source{Path: "forms", Data: b.Bytes()}, parser.Options{}) {
						if d.Format != "forms" {
							t.Errorf("format %q", d.Format)
						}
						back = append(back, d)
					}
				}
				if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(findingsOf(t, back), "\n")); diff != "" {
					t.Errorf("-files +forms:\n%s", diff)
				}
			})
		}
	}
	if n := strings.Count(want, "\n"); n < 100 {
		t.Errorf("only %d lines were compared", n)
	}
}

// TestFormsThatCannotBe wants JSON that no program of ours wrote to be refused
// with the place, not guessed at.
func TestFormsThatCannotBe(t *testing.T) {
	line := `{"path":"a.pdf","format":"pdf","status":"ok","error":null,"index":1,"kind":"project","geometry":"ruled"}`
	for name, tt := range map[string]struct{ data, where string }{
		"cut off":                {`{"schema_version":"1","documents":[{"path":"a.pdf"`, "documents[0]"},
		"another version":        {`{"schema_version":"9","documents":[]}`, "schema_version"},
		"no documents":           {`{"schema_version":"1","tool":{}}`, "documents"},
		"more behind":            {`{"schema_version":"1","documents":[]} x`, "behind"},
		"a status that is none":  {`{"schema_version":"1","documents":[{"path":"a","status":"fine","forms":[]}]}`, "documents[0]"},
		"ok without forms":       {`{"schema_version":"1","documents":[{"path":"a","status":"ok","error":null,"forms":[]}]}`, "documents[0]"},
		"unread without a cause": {`{"path":"a","status":"unreadable","error":null}`, "unreadable"},
		"the second line":        {line + "\n" + strings.Replace(line, `"ruled"`, `"round"`, 1), "line 2"},
		"no JSON":                {line + "\nx", "line 2"},
		"a bad digest":           {strings.Replace(line, `"index"`, `"sha256":"zz","index"`, 1), "sha256"},
	} {
		t.Run(name, func(t *testing.T) {
			var last model.Document
			for d := range parser.Forms(t.Context(), parser.Source{Path: "x", Data: []byte(tt.data)}, parser.Options{}) {
				last = d
			}
			p := last.Error
			if p == nil || p.Code != "bad-forms" || last.Path != "x" || last.Status != model.StatusUnreadable {
				t.Fatalf("%+v", last)
			}
			for _, lang := range []model.Lang{model.Chinese, model.English} {
				where := tt.where
				if n, ok := strings.CutPrefix(where, "line "); ok && lang == model.Chinese {
					where = "第" + n + "行"
				}
				if s := p.Message.In(lang); !strings.Contains(s, where) {
					t.Errorf("%q does not say where: %s", s, where)
				}
			}
		})
	}
}
