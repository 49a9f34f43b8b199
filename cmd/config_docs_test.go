package cmd

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"perfgoal/model"
	"perfgoal/parser"
	"perfgoal/validate"
)

// TestRulePages holds docs/rules to the table of rules, page by page, and
// wants no page beside them. -update rewrites them.
func TestRulePages(t *testing.T) {
	pages, err := (&app{lang: model.Chinese}).rulePages(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Join("..", "docs", "rules")
	for name, want := range pages {
		path := filepath.Join(root, name)
		if *update {
			if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, want, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Error(err)
			continue
		}
		if diff := cmp.Diff(string(want), strings.ReplaceAll(string(got), "\r\n", "\n")); diff != "" {
			t.Errorf("%s differs from the table of rules (go generate ./cmd):\n%s", path, diff)
		}
	}
	files, err := filepath.Glob(filepath.Join(root, "*", "*.md"))
	if err != nil || len(files) != len(pages) {
		t.Errorf("%d pages in %s, want %d (%v)", len(files), root, len(pages), err)
	}
}

// TestExamplesOfSuppressionRules runs the examples that need a configuration.
func TestExamplesOfSuppressionRules(t *testing.T) {
	a := &app{lang: model.Chinese}
	for _, r := range validate.Rules() {
		if r.Bad.Make().Config == "" {
			continue
		}
		e, err := a.explained(context.Background(), r)
		if err != nil {
			t.Fatal(err)
		}
		if len(e.Bad) != 1 || e.Bad[0].Rule != r.Code {
			t.Errorf("the bad example of %s yields %v", r.Code, e.Bad)
		}
		if len(e.Good) != 0 {
			t.Errorf("the good example of %s yields %v", r.Code, e.Good)
		}
	}
}

// TestOverprintedPage: what the example of R002 says of a text holds for a
// page that is printed so, and for none that is not.
func TestOverprintedPage(t *testing.T) {
	engine, err := validate.New(validate.Config{Select: []string{"R"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, over := range []map[string]string{nil, {"≥48.00(次)": "≥36.00(次)"}} {
		f := cleanForm(1)
		f.over = over
		doc, err := parser.Parse(context.Background(), parser.Source{Path: "x.pdf", Data: f.pdf()}, parser.Options{})
		if err != nil || len(doc.Forms) != 1 {
			t.Fatalf("%v %v", err, doc.Error)
		}
		var got []string
		for _, x := range engine.Document(&doc).Findings {
			got = append(got, x.Rule+" "+x.Field)
		}
		want := []string{"R002 indicators[1].value"}
		if over == nil {
			want = nil
		}
		if !slices.Equal(got, want) {
			t.Errorf("printed over %v: %v, want %v", over, got, want)
		}
	}
}
