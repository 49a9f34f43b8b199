package cmd

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

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
