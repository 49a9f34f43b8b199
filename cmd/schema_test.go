package cmd

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"perfgoal/report"
)

// TestSchemasAreCommitted wants schema/ to be what the types say.
func TestSchemasAreCommitted(t *testing.T) {
	for _, name := range schemaNames {
		got, err := schemaOf(name)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("..", "schema", name+".schema.json")
		if *update {
			if err := os.WriteFile(path, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not what the types say; -update rewrites it", path)
		}
		compile(t, got)
	}
}

// property is what the guide says of a field of a JSON output.
type property struct{ path, zh, en string }

// properties are the fields of a schema by their paths. An object that several
// fields hold is entered where it comes first.
func properties(t *testing.T, name string) []property {
	t.Helper()
	data, err := schemaOf(name)
	if err != nil {
		t.Fatal(err)
	}
	var root struct {
		Defs map[string]json.RawMessage `json:"$defs"`
	}
	if err := json.Unmarshal(data, &root); err != nil {
		t.Fatal(err)
	}
	var (
		out  []property
		seen = map[string]bool{}
		walk func(at string, raw json.RawMessage)
	)
	type node struct {
		Ref         string `json:"$ref"`
		Description string
		Title       string
		Properties  json.RawMessage
		Items       json.RawMessage
		Additional  json.RawMessage `json:"additionalProperties"`
		OneOf       []json.RawMessage
	}
	walk = func(at string, raw json.RawMessage) {
		var n node
		if json.Unmarshal(raw, &n) != nil {
			return // true or false
		}
		if name := strings.TrimPrefix(n.Ref, "#/$defs/"); name != "" && !seen[name] {
			seen[name] = true
			walk(at, root.Defs[name])
		}
		if bytes.Contains(n.Properties, []byte(`"bbox"`)) && bytes.Contains(n.Properties, []byte(`"cell"`)) && !bytes.Contains(n.Properties, []byte(`"location"`)) {
			if seen["location"] {
				return
			}
			seen["location"] = true
		}
		for d := json.NewDecoder(bytes.NewReader(n.Properties)); len(n.Properties) > 0; {
			key, err := d.Token()
			if err != nil {
				break
			}
			name, isKey := key.(string)
			if !isKey {
				continue
			}
			var below json.RawMessage
			if err := d.Decode(&below); err != nil {
				t.Fatal(err)
			}
			var p node
			_ = json.Unmarshal(below, &p)
			zh, en, _ := strings.Cut(p.Description, " / ")
			path := strings.TrimPrefix(at+"."+name, ".")
			out = append(out, property{path, zh, en})
			walk(path, below)
		}
		if len(n.Items) > 0 {
			walk(at+"[]", n.Items)
		}
		if len(n.Additional) > 0 {
			walk(at+".*", n.Additional)
		}
		for _, one := range n.OneOf {
			walk(at, one)
		}
	}
	walk("", data)
	return out
}

// TestJSONGuide holds docs/json.md to the schemas, and wants each field to be
// explained in both languages. -update rewrites it.
func TestJSONGuide(t *testing.T) {
	path := filepath.Join("..", "docs", "json.md")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	page := strings.ReplaceAll(string(b), "\r\n", "\n")
	want := page
	for _, name := range []string{"parse", "lint", "stats", "diff"} {
		var table strings.Builder
		table.WriteString("| 字段 | 内容 | |\n| --- | --- | --- |\n")
		for _, p := range properties(t, name) {
			if p.zh == "" || p.en == "" {
				t.Errorf("%s of %s is not explained", p.path, name)
			}
			fmt.Fprintf(&table, "| `%s` | %s | %s |\n", p.path, p.zh, p.en)
		}
		begin, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->\n"
		head, rest, found := strings.Cut(want, begin)
		_, tail, closed := strings.Cut(rest, end)
		if !found || !closed {
			t.Fatalf("%s has no place for the fields of %s", path, name)
		}
		want = head + begin + table.String() + end + tail
	}
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if diff := cmp.Diff(want, page); diff != "" {
		t.Errorf("%s (-schemas +page; -update rewrites):\n%s", path, diff)
	}
}

func compile(t *testing.T, schema []byte) *jsonschema.Schema {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", v); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestOutputsMatchTheirSchema holds every golden JSON file, and what is really
// printed for every document of testdata, to the schema without room for
// fields that it does not know.
func TestOutputsMatchTheirSchema(t *testing.T) {
	documents, err := filepath.Glob("../testdata/*/*")
	if err != nil {
		t.Fatal(err)
	}
	var inputs []string
	for _, d := range documents {
		if ext := filepath.Ext(d); ext == ".pdf" || ext == ".txt" {
			inputs = append(inputs, d)
		}
	}
	if len(inputs) < 20 {
		t.Fatalf("only %d documents", len(inputs))
	}
	for command, args := range map[string][]string{
		"parse": {"parse", "-o", "json"}, "lint": {"lint", "--select", "ALL", "--show-checks", "-o", "json"},
		"stats": {"stats", "-o", "json"}, "diff": {"diff", "-o", "json"},
	} {
		strict, err := report.SchemaOf(command, true)
		if err != nil {
			t.Fatal(err)
		}
		schema := compile(t, strict)
		validate := func(what string, data []byte) {
			v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
			if err != nil {
				t.Errorf("%s: %v", what, err)
			} else if err := schema.Validate(v); err != nil {
				t.Errorf("%s: %v", what, err)
			}
		}
		golden, err := filepath.Glob("../report/testdata/" + command + "*.json")
		if err != nil || len(golden) == 0 {
			t.Errorf("no golden files of %s: %v", command, err)
		}
		for _, path := range golden {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			validate(path, data)
		}
		if command == "diff" {
			args = append(args, "../testdata/text/clean-district.txt", "../testdata/text/defects-money.txt")
		} else {
			args = append(args, inputs...)
			args = append(args, "nowhere.pdf")
		}
		var out, errOut bytes.Buffer
		Main(args, strings.NewReader(""), &out, &errOut)
		validate("perfgoal "+command, out.Bytes())
	}
}

// TestSchemaRefuses wants the schema to notice what the contract forbids.
func TestSchemaRefuses(t *testing.T) {
	b, err := report.SchemaOf("parse", false)
	if err != nil {
		t.Fatal(err)
	}
	schema := compile(t, b)
	const head = `{"schema_version": "1", "tool": {"name": "perfgoal", "version": "1"}, "documents": `
	for _, documents := range []string{"null", `[{"path": "a.pdf"}]`,
		`[{"path": "a", "format": "pdf", "status": "good", "error": null, "pages": 0, "engine": "", "forms": []}]`,
		`[{"path": "a", "format": "pdf", "status": "ok", "error": null, "pages": 0, "engine": "", "forms": null}]`} {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(head + documents + "}"))
		if err != nil {
			t.Fatal(err)
		}
		if schema.Validate(v) == nil {
			t.Errorf("documents %s pass", documents)
		}
	}
}
