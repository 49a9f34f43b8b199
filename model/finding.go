package model

import "strconv"

// Severity of a finding.
type Severity string

const (
	Info    Severity = "info"
	Warning Severity = "warning"
	Error   Severity = "error"
)

// Rank orders severities: info 1, warning 2, error 3; 0 for anything else.
func (s Severity) Rank() int {
	switch s {
	case Info:
		return 1
	case Warning:
		return 2
	case Error:
		return 3
	}
	return 0
}

// Outcome is a rule's answer for one form.
type Outcome string

const (
	Pass             Outcome = "pass"
	Fail             Outcome = "fail"
	NotApplicable    Outcome = "not_applicable"
	InsufficientData Outcome = "insufficient_data"
)

// Finding is one thing that does not hold, with its evidence. Its message is
// rendered late, in the user's language.
type Finding struct {
	Rule     string   `json:"rule"`
	Name     string   `json:"name"`
	Severity Severity `json:"severity"`
	Message  Message  `json:"message"`
	Path     string   `json:"path"`
	Form     *int     `json:"form"` // nil for a finding about the whole document or bundle
	Project  string   `json:"project"`
	// Field is the path of the offending field: "funding.annual.total",
	// "indicators[4].value" (0-based).
	Field    string   `json:"field"`
	Text     string   `json:"text"` // the offending cell as printed
	Location Location `json:"location"`
	// Related are the other places that contributed, in reading order.
	Related []Related `json:"related"`
	// Evidence holds the figures behind the finding, as strings.
	Evidence    map[string]string `json:"evidence"`
	Fingerprint string            `json:"fingerprint"`
}

// Related is another place that contributed to a finding.
type Related struct {
	Path     string   `json:"path,omitempty"` // "" where it is the finding's own document
	Form     *int     `json:"form"`
	Field    string   `json:"field"`
	Text     string   `json:"text"`
	Location Location `json:"location"`
}

// Checks counts a rule's outcomes over forms.
type Checks struct {
	Rule             string `json:"rule"`
	Pass             int    `json:"pass"`
	Fail             int    `json:"fail"`
	NotApplicable    int    `json:"not_applicable"`
	InsufficientData int    `json:"insufficient_data"`
}

// Check is a single outcome, for those who want to see each one.
type Check struct {
	Rule    string  `json:"rule"`
	Path    string  `json:"path"`
	Form    *int    `json:"form"`
	Outcome Outcome `json:"outcome"`
	Reason  Message `json:"reason"` // why it could not be judged; empty otherwise
}

// RuleKind says what a rule stands on.
type RuleKind string

const (
	KindForm      RuleKind = "form"      // the form's own structure
	KindSum       RuleKind = "sum"       // arithmetic
	KindGuide     RuleKind = "guide"     // the national guideline 财预〔2021〕101号 and the printed level system
	KindHeuristic RuleKind = "heuristic" // wording and likeness; never an error
	KindReading   RuleKind = "reading"   // printed text that could not be read for certain
	KindOwn       RuleKind = "own"       // a rule of the user's configuration
)

// RuleInfo is what is known about a rule without running it. Reports,
// `rules`, `explain` and the documentation all derive from it.
type RuleInfo struct {
	Code      string
	Name      string
	Severity  Severity
	Default   bool // checked unless told otherwise
	Kind      RuleKind
	Since     string // release that introduced it
	Basis     Text   // document and clause it stands on
	Title     Text   // one line: what it reports
	Rationale Text   // why it matters
	Fix       Text   // what to do
	Mends     Text   // what perfgoal fix does about it; empty where that takes judgement
	Bad, Good ExampleMaker
}

// ExampleMaker makes an example when somebody asks for it, which few runs do;
// nil makes the zero Example.
type ExampleMaker func() Example

// Make returns the example.
func (m ExampleMaker) Make() Example {
	if m == nil {
		return Example{}
	}
	return m()
}

// Example is a short document that shows a rule at work.
type Example struct {
	Document string   // a whole text document, as perfgoal reads it
	Shows    []string // the lines of either that matter, for display
	Config   string   // the configuration to read it with; "" for none
	Files    []string // documents that are checked together with it
	Manifest string   // the list of projects, as CSV, to hold it against; "" for none
	Unread   string   // the name of a file beside it that cannot be read; "" for none
	// Overprinted is a value of the document that other text is printed over,
	// which a text document cannot show; "" for none.
	Overprinted string
}

// Overprint doubts what the example has printed over in a document read from
// it, as the reader of a page does: the value is blank, and the form says why.
func (x Example) Overprint(doc *Document) {
	if x.Overprinted == "" {
		return
	}
	for i := range doc.Forms {
		f := &doc.Forms[i]
		for k := range f.Indicators {
			row := &f.Indicators[k]
			if row.Value.Raw != x.Overprinted {
				continue
			}
			row.Value = Missing()
			f.Doubts = append(f.Doubts, Doubt{Code: OverlappingText, Field: "indicators[" + strconv.Itoa(k) + "].value", Text: x.Overprinted, Location: row.Location})
		}
	}
}

// Report is what linting yields: documents in input order and what was found.
type Report struct {
	Documents []Document
	Rules     []RuleInfo // the rules that were checked, in code order
	Checks    []Checks   // one for each of Rules
	Findings  []Finding  // ordered by path, form, position, code
}
