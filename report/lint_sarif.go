package report

import (
	"io"
	"net/url"
	"path/filepath"
	"strings"

	"perfgoal/model"
)

// lintSARIF writes SARIF 2.1.0, each result as it comes. Inputs that could
// not be read are notifications of the invocation, not results.
type lintSARIF struct {
	w       io.Writer
	opt     Options
	index   map[string]int // rule code -> index in the driver's rules
	results int
	notes   []sarifNotification
	err     error
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifRule struct {
	ID                   string             `json:"id"`
	Name                 string             `json:"name"`
	ShortDescription     sarifText          `json:"shortDescription"`
	FullDescription      *sarifText         `json:"fullDescription,omitempty"`
	Help                 *sarifText         `json:"help,omitempty"`
	DefaultConfiguration sarifConfiguration `json:"defaultConfiguration"`
	Properties           map[string]any     `json:"properties"`
}

type sarifConfiguration struct {
	Level string `json:"level"`
}

type sarifArtifact struct {
	URI string `json:"uri"`
}

type sarifRegion struct {
	StartLine int `json:"startLine"`
}

type sarifPhysical struct {
	ArtifactLocation sarifArtifact `json:"artifactLocation"`
	Region           *sarifRegion  `json:"region,omitempty"`
}

type sarifLogical struct {
	FullyQualifiedName string `json:"fullyQualifiedName"`
}

type sarifLocation struct {
	ID               *int            `json:"id,omitempty"`
	PhysicalLocation sarifPhysical   `json:"physicalLocation"`
	LogicalLocations []sarifLogical  `json:"logicalLocations,omitempty"`
	Message          *sarifText      `json:"message,omitempty"`
	Properties       *model.Location `json:"properties,omitempty"`
}

type sarifResult struct {
	RuleID              string            `json:"ruleId"`
	RuleIndex           int               `json:"ruleIndex"` // -1: not among the rules
	Level               string            `json:"level"`
	Message             sarifText         `json:"message"`
	Locations           []sarifLocation   `json:"locations"`
	RelatedLocations    []sarifLocation   `json:"relatedLocations,omitempty"`
	PartialFingerprints map[string]string `json:"partialFingerprints,omitempty"`
	Properties          map[string]any    `json:"properties"`
}

type sarifNotification struct {
	Level      string          `json:"level"`
	Message    sarifText       `json:"message"`
	Descriptor sarifDescriptor `json:"descriptor"`
	Locations  []sarifLocation `json:"locations"`
}

type sarifDescriptor struct {
	ID string `json:"id"`
}

func newLintSARIF(w io.Writer, opt Options) LintWriter {
	l := &lintSARIF{w: w, opt: opt, index: map[string]int{}}
	rules := make([]sarifRule, 0, len(opt.Rules))
	for i, r := range opt.Rules {
		l.index[r.Code] = i
		rules = append(rules, l.rule(r))
	}
	driver, err := encode(struct {
		Name     string      `json:"name"`
		Version  string      `json:"version"`
		Language string      `json:"language"`
		Rules    []sarifRule `json:"rules"`
	}{opt.Tool.Name, opt.Tool.Version, sarifLanguage(opt.Lang), rules}, "        ", "  ")
	l.err = err
	l.write("{\n  \"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\",\n  \"version\": \"2.1.0\",\n  \"runs\": [\n    {\n      \"tool\": {\n        \"driver\": ",
		string(driver), "\n      },\n      \"language\": \""+sarifLanguage(opt.Lang)+"\",\n      \"columnKind\": \"unicodeCodePoints\",\n      \"newlineSequences\": [\"\\r\\n\", \"\\n\"],\n      \"results\": [")
	return l
}

func (l *lintSARIF) write(parts ...string) {
	for _, part := range parts {
		if l.err == nil {
			_, l.err = io.WriteString(l.w, part)
		}
	}
}

func (l *lintSARIF) rule(r model.RuleInfo) sarifRule {
	out := sarifRule{ID: r.Code, Name: r.Name, ShortDescription: sarifText{r.Title.In(l.opt.Lang)},
		DefaultConfiguration: sarifConfiguration{sarifLevel(r.Severity)},
		Properties:           map[string]any{"kind": r.Kind, "tags": []string{string(r.Kind)}}}
	if s := r.Rationale.In(l.opt.Lang); s != "" {
		out.FullDescription = &sarifText{s}
	}
	help := r.Fix.In(l.opt.Lang)
	if basis := r.Basis.In(l.opt.Lang); basis != "" {
		help = strings.TrimSpace(help + "\n" + l.opt.say("依据：", "Authority: ") + basis)
	}
	if help != "" {
		out.Help = &sarifText{help}
	}
	return out
}

func sarifLanguage(l model.Lang) string {
	if l == model.English {
		return "en-US"
	}
	return "zh-CN"
}

func sarifLevel(s model.Severity) string {
	if s == model.Info {
		return "note"
	}
	return string(s)
}

// fileURI is a path as a URI reference: relative paths stay relative.
func fileURI(path string) string {
	path = filepath.ToSlash(path)
	if filepath.VolumeName(path) != "" || len(path) > 2 && path[1] == ':' && path[2] == '/' {
		path = "/" + path
	}
	u := url.URL{Path: path}
	if strings.HasPrefix(path, "/") {
		u.Scheme = "file"
	}
	return u.String()
}

// location names a place. A line is a region; a PDF has none, so its page,
// cell and box stand in the properties and no line is made up.
func (l *lintSARIF) location(path string, form *int, field string, at model.Location) sarifLocation {
	out := sarifLocation{PhysicalLocation: sarifPhysical{ArtifactLocation: sarifArtifact{fileURI(path)}}}
	if at.Line != nil {
		out.PhysicalLocation.Region = &sarifRegion{*at.Line}
	}
	if at != (model.Location{}) {
		out.Properties = &at
	}
	if name := fullField(form, field); name != "" {
		out.LogicalLocations = []sarifLogical{{name}}
	}
	return out
}

func (l *lintSARIF) Add(c Checked) error {
	if p := l.opt.trouble(c); p != nil {
		l.notes = append(l.notes, sarifNotification{"error", sarifText{p.Message.In(l.opt.Lang)},
			sarifDescriptor{p.Code}, []sarifLocation{l.location(c.Path, nil, "", model.Location{})}})
	}
	for _, f := range c.Findings {
		if !l.opt.Lists(f) {
			continue
		}
		body, err := encode(l.result(f), "        ", "  ")
		if err != nil {
			return err
		}
		separator := ",\n        "
		if l.results == 0 {
			separator = "\n        "
		}
		l.results++
		l.write(separator, string(body))
	}
	return l.err
}

func (l *lintSARIF) result(f model.Finding) sarifResult {
	r := sarifResult{RuleID: f.Rule, RuleIndex: -1, Level: sarifLevel(f.Severity), Message: sarifText{f.Message.In(l.opt.Lang)},
		Locations:  []sarifLocation{l.location(f.Path, f.Form, f.Field, f.Location)},
		Properties: map[string]any{"form": f.Form, "project": f.Project, "field": f.Field, "text": f.Text}}
	if i, known := l.index[f.Rule]; known {
		r.RuleIndex = i
	}
	if len(f.Evidence) > 0 {
		r.Properties["evidence"] = f.Evidence
	}
	if f.Fingerprint != "" {
		r.PartialFingerprints = map[string]string{"perfgoal/v1": f.Fingerprint}
	}
	for i, related := range f.Related {
		path := related.Path
		if path == "" {
			path = f.Path
		}
		at := l.location(path, related.Form, related.Field, related.Location)
		at.ID, at.Message = &i, &sarifText{related.Text}
		r.RelatedLocations = append(r.RelatedLocations, at)
	}
	return r
}

func (l *lintSARIF) Close(end End) error {
	notes, err := encode(orEmpty(l.notes), "          ", "  ")
	if err != nil {
		return err
	}
	bracket, success := "]", "true"
	if l.results > 0 {
		bracket = "\n      ]"
	}
	if end.Interrupted {
		success = "false"
	}
	l.write(bracket, ",\n      \"invocations\": [\n        {\n          \"executionSuccessful\": ", success,
		",\n          \"toolExecutionNotifications\": ", string(notes), "\n        }\n      ]\n    }\n  ]\n}\n")
	return l.err
}
