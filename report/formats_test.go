package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"golang.org/x/net/html"

	"perfgoal/model"
)

// schemas is where the published schemas lie on a developer's machine.
var schemas = filepath.Join("..", "..", "shared", "schemas")

func lintFormat(t *testing.T, name string) Format[LintWriter] {
	t.Helper()
	for _, f := range LintFormats() {
		if f.Name == name {
			return f
		}
	}
	t.Fatalf("no format %s", name)
	return Format[LintWriter]{}
}

// runs are what every format has to be valid for: findings and an unread
// input, nothing found, nothing at all, and text that is hostile to formats.
func runs(t *testing.T) map[string][]Checked {
	t.Helper()
	hostile := sampleChecked(t)
	hostile[0].Path = "a&b <c>,d:e%f\x01.pdf"
	for i := range hostile[0].Findings {
		f := &hostile[0].Findings[i]
		f.Path, f.Text, f.Fingerprint = hostile[0].Path, "=cmd|'/c calc'!A1\x1b\x00]]>&<\"", "same"
		f.Message = model.Message{Text: model.Text{Zh: "一\r\n二::error::|`<script>]]>\x0b", En: "one\r\ntwo::error::|`<script>]]>\x0b"}}
	}
	return map[string][]Checked{
		"findings": sampleChecked(t),
		"clean":    {{Path: "a.pdf", Status: model.StatusOK, Forms: 2, Document: twoForms(t)}},
		"nothing":  nil,
		"hostile":  hostile,
	}
}

func TestSARIF(t *testing.T) {
	var published *jsonschema.Schema
	file := filepath.Join(schemas, "sarif-2.1.0.json")
	if _, err := os.Stat(file); err == nil {
		if published, err = jsonschema.NewCompiler().Compile(file); err != nil {
			t.Fatal(err)
		}
	} else {
		t.Logf("without the published schema, only go-sarif judges: %v", err)
	}
	for name, run := range runs(t) {
		for _, lang := range []model.Lang{model.Chinese, model.English} {
			got := lint(t, lintFormat(t, "sarif"), options(lang), run)
			r, err := sarif.FromBytes(got)
			if err != nil {
				t.Fatalf("%s: %v\n%s", name, err, got)
			}
			if err := r.Validate(); err != nil {
				t.Errorf("%s: go-sarif: %v", name, err)
			}
			if published != nil {
				v, err := jsonschema.UnmarshalJSON(bytes.NewReader(got))
				if err != nil {
					t.Fatal(err)
				}
				if err := published.Validate(v); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
			findings := 0
			for _, c := range run {
				findings += len(c.Findings)
			}
			if len(r.Runs) != 1 || len(r.Runs[0].Results) != findings {
				t.Errorf("%s: %d results, want %d", name, len(r.Runs[0].Results), findings)
			}
			for _, result := range r.Runs[0].Results {
				if rule := r.Runs[0].Tool.Driver.Rules; result.RuleIndex >= 0 && *rule[result.RuleIndex].ID != *result.RuleID {
					t.Errorf("%s: rule index %d is not %s", name, result.RuleIndex, *result.RuleID)
				}
			}
		}
	}
}

func TestFileURI(t *testing.T) {
	for path, want := range map[string]string{
		"a.pdf": "a.pdf", "澄湖 区/a#b.pdf": "%E6%BE%84%E6%B9%96%20%E5%8C%BA/a%23b.pdf", "/srv/a.pdf": "file:///srv/a.pdf",
		"C:/x/a.pdf": "file:///C:/x/a.pdf", "a.zip!/b.pdf": "a.zip%21/b.pdf", "1:2.pdf": "./1:2.pdf",
	} {
		if got := fileURI(path); got != want && got != strings.ReplaceAll(want, "%21", "!") {
			t.Errorf("fileURI(%q) = %q, want %q", path, got, want)
		}
	}
}

func TestJUnit(t *testing.T) {
	lintTool, err := exec.LookPath("xmllint")
	if err != nil {
		t.Log("without xmllint (Debian: libxml2-utils) the published schema is not checked")
	}
	xsd := filepath.Join(schemas, "junit.xsd")
	if _, err := os.Stat(xsd); err != nil {
		t.Logf("without %s the published schema is not checked", xsd)
		lintTool = ""
	}
	for name, run := range runs(t) {
		got := lint(t, lintFormat(t, "junit"), options(model.Chinese), run)
		for _, problem := range junitProblems(got) {
			t.Errorf("%s: %s", name, problem)
		}
		if lintTool != "" {
			c := exec.Command(lintTool, "--noout", "--schema", xsd, "-")
			c.Stdin = bytes.NewReader(got)
			if out, err := c.CombinedOutput(); err != nil {
				t.Errorf("%s: %v\n%s", name, err, out)
			}
		}
		var suites struct {
			Suites []struct {
				Tests    int `xml:"tests,attr"`
				Failures int `xml:"failures,attr"`
				Errors   int `xml:"errors,attr"`
				Cases    []struct {
					Name    string     `xml:"name,attr"`
					Failure []struct{} `xml:"failure"`
					Error   []struct{} `xml:"error"`
				} `xml:"testcase"`
			} `xml:"testsuite"`
		}
		if err := xml.Unmarshal(got, &suites); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, got)
		}
		for i, s := range suites.Suites {
			failures, errs := 0, 0
			for _, c := range s.Cases {
				failures += len(c.Failure)
				errs += len(c.Error)
			}
			if s.Tests != len(s.Cases) || s.Failures != failures || s.Errors != errs || len(s.Cases) < max(1, run[i].Forms) {
				t.Errorf("%s: suite %+v does not count its cases, or lacks a form's", name, s)
			}
		}
	}
}

// junitElement is what an element of a JUnit report may hold. Readers refuse
// reports with anything else, or in another order.
type junitElement struct {
	required, optional []string // attributes
	children           []string // in this order
}

var junitElements = map[string]junitElement{
	"testsuites": {optional: []string{"name", "time", "tests", "failures", "disabled", "errors"}, children: []string{"testsuite"}},
	"testsuite": {required: []string{"name", "tests"}, optional: []string{"failures", "errors", "time", "disabled", "skipped", "timestamp", "hostname", "id", "package"},
		children: []string{"properties", "testcase", "system-out", "system-err"}},
	"testcase": {required: []string{"name"}, optional: []string{"assertions", "time", "classname", "status"},
		children: []string{"skipped", "error", "failure", "system-out", "system-err"}},
	"error":      {optional: []string{"type", "message"}},
	"failure":    {optional: []string{"type", "message"}},
	"skipped":    {},
	"system-out": {},
	"system-err": {},
	"properties": {children: []string{"property"}},
	"property":   {required: []string{"name", "value"}},
}

// junitProblems says what a JUnit report has that its readers do not know.
func junitProblems(data []byte) []string {
	type open struct {
		name string
		last int // the child's place in the order
	}
	var problems []string
	stack := []open{{}}
	say := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	for d := xml.NewDecoder(bytes.NewReader(data)); ; {
		token, err := d.Token()
		switch token := token.(type) {
		case xml.StartElement:
			name, above := token.Name.Local, &stack[len(stack)-1]
			order := []string{"testsuites"}
			if above.name != "" {
				order = junitElements[above.name].children
			}
			switch i := slices.Index(order, name); {
			case i < 0:
				say("%s in %q", name, above.name)
			case i < above.last:
				say("%s in %s comes late", name, above.name)
			default:
				above.last = i
			}
			known := junitElements[name]
			var attributes []string
			for _, a := range token.Attr {
				attributes = append(attributes, a.Name.Local)
				if !slices.Contains(append(slices.Clone(known.required), known.optional...), a.Name.Local) {
					say("attribute %s of %s", a.Name.Local, name)
				}
			}
			for _, a := range known.required {
				if !slices.Contains(attributes, a) {
					say("%s lacks %s", name, a)
				}
			}
			stack = append(stack, open{name: name})
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case nil:
			if !errors.Is(err, io.EOF) {
				say("%v", err)
			}
			return problems
		}
	}
}

// TestJUnitProblems wants the check of the reports to refuse what is wrong.
func TestJUnitProblems(t *testing.T) {
	for report, want := range map[string]int{
		`<testsuites><testsuite name="a" tests="0"/></testsuites>`: 0,
		`<testsuite name="a" tests="0"/>`:                          1,
		`<testsuites><testsuite name="a"/></testsuites>`:           1,
		`<testsuites><testsuite name="a" tests="1"><testcase name="b"><failure/><error/></testcase></testsuite></testsuites>`: 1,
		`<testsuites><testsuite name="a" tests="1"><testcase name="b" file="c"><passed/></testcase></testsuite></testsuites>`: 2,
		`<testsuites>`: 1,
	} {
		if got := junitProblems([]byte(report)); len(got) != want {
			t.Errorf("%s: %q, want %d", report, got, want)
		}
	}
}

// TestJUnitAgreesWithFailLevel wants a case to fail exactly when the run does.
func TestJUnitAgreesWithFailLevel(t *testing.T) {
	for level, want := range map[model.Severity]int{"": 0, model.Error: 1, model.Warning: 2, model.Info: 3} {
		opt := options(model.Chinese)
		opt.FailLevel = level
		if got := strings.Count(string(lint(t, lintFormat(t, "junit"), opt, sampleChecked(t))), "<failure"); got != want {
			t.Errorf("fail level %q: %d failures, want %d", level, got, want)
		}
	}
}

func TestCheckstyle(t *testing.T) {
	for name, run := range runs(t) {
		var report struct {
			XMLName xml.Name `xml:"checkstyle"`
			Files   []struct {
				Errors []struct {
					Severity string `xml:"severity,attr"`
					Source   string `xml:"source,attr"`
					Line     *int   `xml:"line,attr"`
				} `xml:"error"`
			} `xml:"file"`
		}
		if err := xml.Unmarshal(lint(t, lintFormat(t, "checkstyle"), options(model.English), run), &report); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for i, f := range report.Files {
			want := len(run[i].Findings)
			if run[i].Error != nil {
				want++
			}
			if len(f.Errors) != want {
				t.Errorf("%s: %d errors in file %d, want %d", name, len(f.Errors), i, want)
			}
			for _, e := range f.Errors {
				if e.Line != nil && *e.Line < 1 || !strings.HasPrefix(e.Source, "perfgoal.") {
					t.Errorf("%s: %+v", name, e)
				}
			}
		}
	}
}

func TestGitLab(t *testing.T) {
	for name, run := range runs(t) {
		got := lint(t, lintFormat(t, "gitlab"), options(model.Chinese), run)
		var issues []struct {
			Description, Fingerprint, Severity string
			CheckName                          string `json:"check_name"`
			Location                           struct {
				Path  string
				Lines struct{ Begin int }
			}
		}
		if err := json.Unmarshal(got, &issues); err != nil || issues == nil {
			t.Fatalf("%s: %v, %v\n%s", name, issues, err, got)
		}
		seen := map[string]bool{}
		for _, i := range issues {
			if seen[i.Fingerprint] || i.Fingerprint == "" || i.Location.Path == "" || i.Location.Lines.Begin < 1 {
				t.Errorf("%s: %+v: not unique, or a field that GitLab needs is missing", name, i)
			}
			seen[i.Fingerprint] = true
			if !strings.Contains("info minor major critical blocker", i.Severity) {
				t.Errorf("%s: severity %q", name, i.Severity)
			}
		}
	}
	// A finding keeps its fingerprint when it moves to another line.
	moved := sampleChecked(t)
	moved[0].Findings[2].Location.Line = ptr(99)
	line := regexp.MustCompile(`"begin": \d+`)
	before, after := lint(t, lintFormat(t, "gitlab"), options(model.Chinese), sampleChecked(t)), lint(t, lintFormat(t, "gitlab"), options(model.Chinese), moved)
	if bytes.Equal(before, after) || !bytes.Equal(line.ReplaceAll(before, nil), line.ReplaceAll(after, nil)) {
		t.Error("a moved line changes more than the line")
	}
}

// githubCommand is a workflow command as the Actions runner reads it.
var githubCommand = regexp.MustCompile(`^::(error|warning|notice) file=([^,:\r\n]+)(,line=[1-9]\d*)?,title=([^,:\r\n]+)::([^\r\n]*)$`)

func TestGitHub(t *testing.T) {
	for name, run := range runs(t) {
		want := 0
		for _, c := range run {
			want += len(c.Findings)
			if c.Error != nil {
				want++
			}
		}
		lines := strings.Split(strings.TrimSuffix(string(lint(t, lintFormat(t, "github"), options(model.Chinese), run)), "\n"), "\n")
		if want == 0 {
			lines = lines[1:]
		}
		if len(lines) != want {
			t.Errorf("%s: %d commands, want %d", name, len(lines), want)
		}
		for _, line := range lines {
			if !githubCommand.MatchString(line) {
				t.Errorf("%s: %q is no workflow command", name, line)
			}
		}
	}
}

func TestCSV(t *testing.T) {
	for name, run := range runs(t) {
		got := lint(t, lintFormat(t, "csv"), options(model.Chinese), run)
		body, marked := bytes.CutPrefix(got, []byte(byteOrderMark))
		if !marked || bytes.Contains(bytes.ReplaceAll(body, []byte("\r\n"), nil), []byte("\r")) {
			t.Errorf("%s: no byte order mark, or a bare carriage return", name)
		}
		rows, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, got)
		}
		want := 1
		for _, c := range run {
			want += len(c.Findings)
			if c.Error != nil {
				want++
			}
		}
		if len(rows) != want {
			t.Errorf("%s: %d rows, want %d", name, len(rows), want)
		}
		for _, row := range rows {
			for _, cell := range row {
				if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
					t.Errorf("%s: cell %q starts a formula", name, cell)
				}
			}
		}
	}
}

func TestMarkdown(t *testing.T) {
	md := goldmark.New(goldmark.WithExtensions(extension.GFM))
	for name, run := range runs(t) {
		var b bytes.Buffer
		if err := md.Convert(lint(t, lintFormat(t, "markdown"), options(model.Chinese), run), &b); err != nil {
			t.Fatal(err)
		}
		page, err := html.Parse(&b)
		if err != nil {
			t.Fatal(err)
		}
		count := map[string]int{}
		for n := range page.Descendants() {
			if n.Type == html.ElementNode {
				count[n.Data]++
			}
		}
		want := 0
		for _, c := range run {
			want += len(c.Findings)
			if c.Error != nil {
				want++
			}
		}
		if count["li"] != want || count["table"] < 1 || count["script"]+count["code"] > 0 {
			t.Errorf("%s: elements %v, want %d items, a table, and no markup from a document", name, count, want)
		}
	}
}

// TestJobSummaryLimit wants the job summary to stay under GitHub's limit and
// to say what it leaves out.
func TestJobSummaryLimit(t *testing.T) {
	many := sampleChecked(t)[:1]
	for len(many[0].Findings) < 20_000 {
		many[0].Findings = append(many[0].Findings, many[0].Findings[1])
	}
	got := string(lint(t, JobSummary(), options(model.Chinese), many))
	if len(got) > 1<<20 || !strings.Contains(got, "没有列在这里") {
		t.Errorf("%d bytes, ends %q", len(got), got[len(got)-100:])
	}
}
