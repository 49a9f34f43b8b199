package model

// DoubtCode says why something printed was not taken into a field.
type DoubtCode string

const (
	UnassignedText  DoubtCode = "unassigned-text"  // no field claims it
	UnknownColumn   DoubtCode = "unknown-column"   // a filled column whose heading is not known
	OverlappingText DoubtCode = "overlapping-text" // glyphs printed over one another
	AmbiguousText   DoubtCode = "ambiguous-text"   // two readings are possible
	CutOff          DoubtCode = "cut-off"          // the page's edge cuts the cell
	LabelInValue    DoubtCode = "label-in-value"   // a label stands inside a value
	UnitNotPrinted  DoubtCode = "unit-not-printed" // an amount whose unit stands nowhere
	LabelNotFound   DoubtCode = "label-not-found"  // a required label is missing while unknown labels stand there
	LowConfidence   DoubtCode = "low-confidence"   // a scan's characters are not certain
)

// DoubtCodes are all of them.
var DoubtCodes = []DoubtCode{
	UnassignedText, UnknownColumn, OverlappingText, AmbiguousText, CutOff, LabelInValue, UnitNotPrinted, LabelNotFound, LowConfidence,
}

// Doubt is a place of a form that could not be read for certain. The field it
// names is blank; Text is what is printed there.
type Doubt struct {
	Code  DoubtCode `json:"code"`
	Field string    `json:"field"` // path as in Finding.Field; "" where no field is known
	Text  string    `json:"text"`
	// Stored is what a workbook holds there where that is not what it shows:
	// the formula behind an error, the day behind 3月5日.
	Stored  string  `json:"stored,omitempty"`
	Message Message `json:"message"`
	// Zh and En are, in JSON alone, the message in both languages: Message is
	// in the report's.
	Zh       string   `json:"message_zh,omitempty"`
	En       string   `json:"message_en,omitempty"`
	Location Location `json:"location"`
}

// IgnoreReason says why printed text is in no field and is not doubted.
type IgnoreReason string

const (
	RepeatedHeader IgnoreReason = "repeated-header" // a heading printed again on a further page
	PageFurniture  IgnoreReason = "page-furniture"  // page numbers, running headers, 续表
	Separator      IgnoreReason = "separator"       // a row of dashes, as Markdown has
	Signature      IgnoreReason = "signature"       // signatures, seals, dates and remarks behind the form
	OtherField     IgnoreReason = "other-field"     // a field of the form that is not kept: telephone, code, legal basis
	RowNumber      IgnoreReason = "row-number"      // the column of running numbers
	Watermark      IgnoreReason = "watermark"       // text over the table off the page's own angle, or repeated across it
	Unpainted      IgnoreReason = "unpainted"       // text that a viewer does not show
	Covered        IgnoreReason = "covered"         // text under a later opaque fill
	Hidden         IgnoreReason = "hidden"          // hidden rows, columns or sheets; deleted text
	NotPrinted     IgnoreReason = "not-printed"     // outside the area that a sheet prints
	RepeatedCell   IgnoreReason = "repeated-cell"   // a merged cell's text repeated in each cell it spans
	OtherColumn    IgnoreReason = "other-column"    // a column that is known but not kept
	Caption        IgnoreReason = "caption"         // a line about the title that names no field
	BlankMark      IgnoreReason = "blank-mark"      // a stroke or dots that stand for nothing
)

// IgnoreReasons are all of them.
var IgnoreReasons = []IgnoreReason{
	RepeatedHeader, PageFurniture, Separator, Signature, OtherField, RowNumber, Watermark, Unpainted, Covered, Hidden, NotPrinted, RepeatedCell, OtherColumn, Caption, BlankMark,
}

// Ignored is printed text that was left out of the fields on purpose.
type Ignored struct {
	Reason   IgnoreReason `json:"reason"`
	Text     string       `json:"text"`
	Location Location     `json:"location"`
}

// Reading is the account of a form's characters that are not white space,
// after folding. Characters is the sum of the four others, always.
type Reading struct {
	Characters int `json:"characters"`
	Labels     int `json:"labels"`
	Values     int `json:"values"`
	Ignored    int `json:"ignored"`
	Unread     int `json:"unread"`
}

// Balanced says whether the account adds up.
func (r Reading) Balanced() bool {
	return r.Characters == r.Labels+r.Values+r.Ignored+r.Unread
}
