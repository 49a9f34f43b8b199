package validate_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"perfgoal/model"
	"perfgoal/validate"
)

// printers are the endings that tell printings of one document apart.
var printers = regexp.MustCompile(`-(writer|chromium|bom|crlf|gb18030)$`)

// TestDocumentsOfTheProject checks each of the project's own documents, as
// text and as PDF, against what was written down for it. Signs of how the
// text lies (S011 to S015) are the reader's and tested there.
func TestDocumentsOfTheProject(t *testing.T) {
	e := engine(t, validate.Config{Select: []string{"ALL"}, Ignore: []string{"S011", "S012", "S014", "S015"}})
	var paths []string
	for _, glob := range []string{"../testdata/text/*.txt", "../testdata/pdf/*.pdf"} {
		found, err := filepath.Glob(glob)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, found...)
	}
	if len(paths) == 0 {
		t.Fatal("no documents in testdata")
	}
	for _, path := range paths {
		name := strings.TrimSuffix(path, filepath.Ext(path))
		data, err := os.ReadFile(printers.ReplaceAllString(name, "") + ".expected.json")
		if err != nil {
			continue
		}
		t.Run(filepath.Base(path), func(t *testing.T) {
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
				if !regexp.MustCompile(`^S01[1245]$`).MatchString(x.Rule) {
					want = append(want, key(x.Rule, x.Form, x.Severity))
				}
			}
			doc := parseFile(t, path)
			for _, f := range e.Document(&doc).Findings {
				got = append(got, key(f.Rule, f.Form, f.Severity))
				t.Log(got[len(got)-1], f.Field, f.Message.In(model.Chinese))
			}
			slices.Sort(want)
			slices.Sort(got)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("findings (-expected +got):\n%s", diff)
			}
		})
	}
}
