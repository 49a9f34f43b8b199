package report

import (
	"encoding/json"
	"reflect"
	"strings"

	"github.com/invopop/jsonschema"

	"perfgoal/model"
)

// SchemaOf is the JSON Schema (2020-12) of `parse -o json`, `lint -o json`,
// `stats -o json` or `diff -o json`, made from the types that are written. A
// schema that is not strict lets fields be added, as the contract does. It is
// nil for anything else.
func SchemaOf(command string, strict bool) ([]byte, error) {
	var t reflect.Type
	switch command {
	case "parse":
		t = reflect.TypeFor[parseJSON]()
	case "lint":
		t = reflect.TypeFor[lintedJSON]()
	case "stats":
		t = reflect.TypeFor[statsJSON]()
	case "diff":
		t = reflect.TypeFor[diffJSON]()
	default:
		return nil, nil
	}
	r := &jsonschema.Reflector{Anonymous: true, AllowAdditionalProperties: !strict, ExpandedStruct: true, Mapper: printedAs}
	s := r.ReflectFromType(t)
	s.Title = "perfgoal " + command + " -o json"
	for p := s.Properties.Oldest(); p != nil; p = p.Next() {
		if p.Key == "schema_version" {
			p.Value.Const = SchemaVersion
		}
	}
	types := map[string]reflect.Type{}
	structs(t, types)
	markNullable(s, t)
	words := schemaWords()
	describe(s, command, words)
	for name, d := range s.Definitions {
		if t := types[name]; t != nil {
			markNullable(d, t)
		}
		describe(d, name, words)
	}
	b, err := json.MarshalIndent(s, "", "  ")
	return append(b, '\n'), err
}

// parseJSON is `parse -o json`; documentStream writes it piece by piece.
type parseJSON struct {
	SchemaVersion string         `json:"schema_version"`
	Tool          Tool           `json:"tool"`
	Documents     []documentJSON `json:"documents"`
}

func enum(values ...any) *jsonschema.Schema { return &jsonschema.Schema{Type: "string", Enum: values} }

func enumOf[T any](values []T) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "string"}
	for _, v := range values {
		s.Enum = append(s.Enum, v)
	}
	return s
}

func orNull(s *jsonschema.Schema) *jsonschema.Schema {
	return &jsonschema.Schema{OneOf: []*jsonschema.Schema{s, {Type: "null"}}}
}

func decimalString(about string) *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Pattern: `^-?[0-9]+(\.[0-9]+)?$`, Description: about}
}

// printedAs is how types that write themselves look in JSON.
func printedAs(t reflect.Type) *jsonschema.Schema {
	switch t {
	case reflect.TypeFor[model.Money]():
		return orNull(decimalString("in yuan; null where the cell is blank or holds no amount"))
	case reflect.TypeFor[model.Number]():
		return decimalString("with the places that were printed")
	case reflect.TypeFor[model.Date]():
		return &jsonschema.Schema{Type: "string", Pattern: `^([0-9]{4}-[0-9]{2}-[0-9]{2})?$`, Description: `ISO 8601, "" where there is no valid date`}
	case reflect.TypeFor[model.Year]():
		return orNull(&jsonschema.Schema{Type: "integer", Description: "null where none is printed or could be read"})
	case reflect.TypeFor[model.Location]():
		return locationSchema()
	case reflect.TypeFor[model.Operator]():
		return orNull(enum(model.AtMost, model.AtLeast, model.Exactly, model.Below, model.Above, model.About))
	case reflect.TypeFor[model.Status]():
		return enum(model.StatusOK, model.StatusPartial, model.StatusNoForm, model.StatusUnreadable)
	case reflect.TypeFor[model.Severity]():
		return enum(model.Error, model.Warning, model.Info)
	case reflect.TypeFor[model.Outcome]():
		return enum(model.Pass, model.Fail, model.NotApplicable, model.InsufficientData)
	case reflect.TypeFor[model.ValueKind]():
		return enum(model.KindBound, model.KindRange, model.KindTolerance, model.KindDate, model.KindFrequency, model.KindText, model.KindMissing)
	case reflect.TypeFor[model.FormKind]():
		return enum(model.ProjectForm, model.DepartmentForm)
	case reflect.TypeFor[model.Scope]():
		return enum(model.Annual, model.Overall)
	case reflect.TypeFor[model.Level]():
		return enumOf(append([]model.Level{model.NoLevel}, model.Levels...))
	case reflect.TypeFor[model.DoubtCode]():
		return enumOf(model.DoubtCodes)
	case reflect.TypeFor[model.IgnoreReason]():
		return enumOf(model.IgnoreReasons)
	case reflect.TypeFor[model.SignKind]():
		return enumOf(model.SignKinds)
	case reflect.TypeFor[model.Coverage]():
		return enum("", model.WholeDepartment, model.SingleUnit)
	case reflect.TypeFor[model.Division]():
		return enum(model.Undivided, model.Partial, model.Listed, model.Complete)
	case reflect.TypeFor[map[model.SectionKind]model.Section]():
		return sectionsSchema()
	case reflect.TypeFor[model.Message]():
		return &jsonschema.Schema{Type: "string"}
	case reflect.TypeFor[model.Geometry]():
		return enum(model.Ruled, model.Aligned, model.Loose)
	case reflect.TypeFor[ProjectStatus]():
		return enumOf(ProjectStatuses)
	}
	return nil
}

// sectionsSchema is the object of a narrative's sections, by their kind.
func sectionsSchema() *jsonschema.Schema {
	section := &jsonschema.Schema{Type: "object", Properties: jsonschema.NewProperties(), Required: []string{"heading", "text", "location"}, AdditionalProperties: jsonschema.FalseSchema}
	section.Properties.Set("heading", &jsonschema.Schema{Type: "string"})
	section.Properties.Set("text", &jsonschema.Schema{Type: "string"})
	section.Properties.Set("location", locationSchema())
	describe(section, "Section", schemaWords())
	return &jsonschema.Schema{Type: "object", PropertyNames: enumOf(model.SectionKinds), AdditionalProperties: section}
}

func locationSchema() *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "object", Properties: jsonschema.NewProperties(), Required: []string{"page", "line", "bbox", "cell", "sheet"},
		AdditionalProperties: jsonschema.FalseSchema}
	four, least := uint64(4), json.Number("1")
	s.Properties.Set("page", orNull(&jsonschema.Schema{Type: "integer", Minimum: least}))
	s.Properties.Set("line", orNull(&jsonschema.Schema{Type: "integer", Minimum: least}))
	s.Properties.Set("bbox", orNull(&jsonschema.Schema{Type: "array", Items: &jsonschema.Schema{Type: "number"}, MinItems: &four, MaxItems: &four}))
	s.Properties.Set("sheet", orNull(&jsonschema.Schema{Type: "string"}))
	s.Properties.Set("cell", orNull(&jsonschema.Schema{Type: "string", Pattern: "^(R[0-9]+C[0-9]+|[A-Z]+[0-9]+)$"}))
	s.Properties.Set("table", &jsonschema.Schema{Type: "integer", Minimum: least})
	s.Properties.Set("source", &jsonschema.Schema{Type: "string", Enum: []any{"ocr"}})
	s.Properties.Set("confidence", &jsonschema.Schema{Type: "number", Minimum: "0", Maximum: "1"})
	describe(s, "Location", schemaWords())
	return s
}

// structs collects the struct types below t by name.
func structs(t reflect.Type, into map[string]reflect.Type) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		structs(t.Elem(), into)
	case reflect.Struct:
		if printedAs(t) != nil || t.Name() != "" && into[t.Name()] != nil {
			return
		}
		if t.Name() != "" {
			into[t.Name()] = t
		}
		for i := range t.NumField() {
			structs(t.Field(i).Type, into)
		}
	}
}

// markNullable lets a pointer that is always written be null.
func markNullable(s *jsonschema.Schema, t reflect.Type) {
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous && f.Type.Kind() == reflect.Struct {
			markNullable(s, f.Type)
			continue
		}
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Type.Kind() != reflect.Pointer || strings.Contains(options, "omitempty") || s.Properties == nil {
			continue
		}
		if p, found := s.Properties.Get(name); found {
			s.Properties.Set(name, orNull(p))
		}
	}
}
