package config

import (
	"encoding/json"

	"github.com/invopop/jsonschema"

	"perfgoal/parser/form"
)

// Schema is the JSON Schema (2020-12) of .perfgoal.yaml, indented and ended by
// a line feed. It is made from the same table that files are read by.
func Schema() ([]byte, error) { return schemaOf(".perfgoal.yaml", (&File{}).keys()) }

// LayoutSchema is that of a layout file.
func LayoutSchema() ([]byte, error) { return schemaOf("layout", layoutKeys(&form.LayoutFile{})) }

func schemaOf(title string, keys []key) ([]byte, error) {
	s := objectSchema(keys)
	s.Version = "https://json-schema.org/draft/2020-12/schema"
	s.Title = title
	b, err := json.MarshalIndent(s, "", "  ")
	return append(b, '\n'), err
}

func objectSchema(keys []key) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "object", Properties: jsonschema.NewProperties(), AdditionalProperties: jsonschema.FalseSchema}
	for _, k := range keys {
		p := k.schema()
		p.Description = k.says.Zh + " / " + k.says.En
		s.Properties.Set(k.name, p)
		if k.required {
			s.Required = append(s.Required, k.name)
		}
	}
	return s
}

func jsonNumber(s string) json.Number { return json.Number(s) }
