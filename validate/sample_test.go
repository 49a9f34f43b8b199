package validate_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"perfgoal/model"
	"perfgoal/parser"
	"perfgoal/validate"
)

// samples is where the real documents lie that do not belong to the project.
const samples = "../../shared/samples"

func sample(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join(samples, name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no %s beside the project; skipped", name)
	}
	return path
}

func parseFile(t testing.TB, path string) model.Document {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return parseAs(t, path, data)
}

func parseAs(t testing.TB, path string, data []byte) model.Document {
	t.Helper()
	doc, err := parser.Parse(context.Background(), parser.Source{Path: path, Data: data}, parser.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func engine(t testing.TB, c validate.Config) *validate.Engine {
	t.Helper()
	e, err := validate.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// key is what the expected findings name: form, rule and severity.
func key(rule string, form *int, severity model.Severity) string {
	if form == nil {
		return fmt.Sprintf("-- %s %s", rule, severity)
	}
	return fmt.Sprintf("%02d %s %s", *form, rule, severity)
}

func TestExpectedFindingsOfTheSample(t *testing.T) {
	path := sample(t, "summary-2026.txt")
	data, err := os.ReadFile(sample(t, "summary-2026.expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var expected []struct {
		Rule     string
		Severity model.Severity
		Form     *int
	}
	if err := json.Unmarshal(data, &expected); err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, x := range expected {
		want = append(want, key(x.Rule, x.Form, x.Severity))
	}
	doc := parseFile(t, path)
	res := engine(t, validate.Config{}).Document(&doc)
	for _, f := range res.Findings {
		got = append(got, key(f.Rule, f.Form, f.Severity))
		if testing.Verbose() {
			t.Log(key(f.Rule, f.Form, f.Severity), f.Message.In(model.Chinese))
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-expected +got):\n%s", diff)
	}
	for _, c := range res.Checks {
		if c.Rule == "C001" && c != (model.Checks{Rule: "C001", Pass: 17, Fail: 12, NotApplicable: 12, InsufficientData: 2}) {
			t.Errorf("C001 checks: %+v", c)
		}
	}
}
