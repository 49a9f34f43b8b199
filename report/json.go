package report

import (
	"bytes"
	"encoding/json"
	"io"

	"perfgoal/model"
)

// encode writes one value without escaping <, > and &, which stand in
// operators and in markup that rules report. prefix starts every line but the
// first; an empty indent writes a single line.
func encode(v any, prefix, indent string) ([]byte, error) {
	var b bytes.Buffer
	enc := newEncoder(&b)
	if indent != "" {
		enc.SetIndent(prefix, indent)
	}
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// newEncoder writes values so, each with a line end.
func newEncoder(w io.Writer) *json.Encoder {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc
}

// orEmpty turns nil into an empty slice: arrays are [], never null.
func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// problem is a model.Problem with its message put into words.
type problem struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

func problemIn(p *model.Problem, lang model.Lang) *problem {
	if p == nil {
		return nil
	}
	return &problem{p.Code, p.Message.In(lang)}
}

// bothWays is a problem in the report's language and in both, for the next
// program that puts it before people.
type bothWays struct {
	problem
	Zh string `json:"message_zh"`
	En string `json:"message_en"`
}

func inBoth(p *model.Problem, lang model.Lang) *bothWays {
	if p == nil {
		return nil
	}
	return &bothWays{problem{p.Code, p.Message.In(lang)}, p.Message.In(model.Chinese), p.Message.In(model.English)}
}

// documentStream writes {"schema_version", "tool", "documents": [...]} with
// each document as it comes, so that none is held.
type documentStream struct {
	w    io.Writer
	opt  Options
	view func(*model.Document, Options) any // for Add
	n    int
}

func (s *documentStream) Add(d *model.Document) error {
	body, err := encode(s.view(d, s.opt), "    ", "  ")
	if err != nil {
		return err
	}
	if err := s.next(); err != nil {
		return err
	}
	_, err = s.w.Write(body)
	return err
}

// next goes to where the next document stands.
func (s *documentStream) next() error {
	s.n++
	if s.n == 1 {
		return s.open()
	}
	_, err := io.WriteString(s.w, ",\n    ")
	return err
}

func (s *documentStream) open() error {
	tool, err := encode(s.opt.Tool, "  ", "  ")
	if err != nil {
		return err
	}
	_, err = io.WriteString(s.w, "{\n  \"schema_version\": \""+SchemaVersion+"\",\n  \"tool\": "+string(tool)+",\n  \"documents\": [\n    ")
	return err
}

func (s *documentStream) Close(End) error {
	if s.n == 0 {
		head, err := encode(struct {
			SchemaVersion string `json:"schema_version"`
			Tool          Tool   `json:"tool"`
			Documents     []any  `json:"documents"`
		}{SchemaVersion, s.opt.Tool, []any{}}, "", "  ")
		if err != nil {
			return err
		}
		_, err = s.w.Write(append(head, '\n'))
		return err
	}
	_, err := io.WriteString(s.w, "\n  ]\n}\n")
	return err
}
