package config

import (
	"encoding/json"

	"github.com/invopop/jsonschema"
)

// Schema is the JSON Schema (2020-12) of .perfgoal.yaml, indented and ended by
// a line feed. It is made from the same table that files are read by.
func Schema() ([]byte, error) {
	s := objectSchema((&File{}).keys())
	s.Version = "https://json-schema.org/draft/2020-12/schema"
	s.Title = ".perfgoal.yaml"
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
