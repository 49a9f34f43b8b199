package model

// Geometry says what the reading of a form stands on.
type Geometry string

const (
	Ruled   Geometry = "ruled"   // cell borders were seen: rows and columns are certain
	Aligned Geometry = "aligned" // no borders: columns were inferred from alignment
	Loose   Geometry = "text"    // a text extraction: columns may lie
)

// FormKind is whose targets a form declares.
type FormKind string

const (
	ProjectForm    FormKind = "project"    // a project's
	DepartmentForm FormKind = "department" // a whole department's (部门整体)
)

// Form is one declaration (财政项目支出绩效目标申报表).
type Form struct {
	Index          int         `json:"index"` // 1-based within the document
	Kind           FormKind    `json:"kind"`
	Title          string      `json:"title"`
	FiscalYear     Year        `json:"fiscal_year"` // null where none is printed or could be read
	Layout         string      `json:"layout"`      // name of the layout it was read with
	Geometry       Geometry    `json:"geometry"`
	DepartmentName string      `json:"department_name"` // the department where it is not the supervising one
	Project        Project     `json:"project"`
	Funding        Funding     `json:"funding"`
	Goals          Goals       `json:"goals"`
	Indicators     []Indicator `json:"indicators"` // the year's
	// OverallIndicators are those of the whole project (长期, 中期) where the
	// form lists them apart.
	OverallIndicators []Indicator `json:"overall_indicators"`
	// Unparsed lists cells that have text which could not be turned into the
	// field's type, so that nothing printed is lost.
	Unparsed []Unparsed `json:"unparsed"`
	// Reading accounts for every printed character; Ignored and Doubts list
	// what is in no field, with the reason.
	Reading  Reading   `json:"reading"`
	Ignored  []Ignored `json:"ignored"`
	Doubts   []Doubt   `json:"doubts"`
	Location Location  `json:"location"`

	// Sources tells where each head field was read, by field path
	// ("project.name", "funding.annual.total", "goals.annual"). Text is the
	// value's cell as printed; a field whose label stands in the form but
	// whose value is blank has an entry with empty Text.
	Sources map[string]Source `json:"sources,omitempty"`
	// Signs are what the reading noticed about the form's shape.
	Signs []Sign `json:"signs,omitempty"`
	// Required are the level classes that a form of its layout must have.
	Required []Level `json:"required,omitempty"`
	// Stored tells, by field path, what a workbook holds where that is more
	// than it shows: 12.345 of an amount shown as 12.35, which counts as
	// printed.
	Stored map[string]string `json:"stored,omitempty"`
	// Printed holds, in JSON alone, how amounts and dates are printed, by
	// field path; KeepPrinted fills it and Restore takes it back.
	Printed map[string]Printed `json:"printed,omitempty"`
}

// Source is the cell a field was read from.
type Source struct {
	Text     string   `json:"text"`
	Location Location `json:"location"`
}

// Printed is what a form shows of an amount or a date, where JSON holds but
// its value.
type Printed struct {
	Text string `json:"text"` // the cell as printed
	// Number and Scale are those of an amount that is valid: the figure in
	// the printed unit, and 元 in one such unit.
	Number *Number `json:"number,omitempty"`
	Scale  string  `json:"scale,omitempty"`
	// Day is the day that a date names which does not exist: year, month, day.
	Day *[3]int `json:"day,omitempty"`
}

// Unparsed is a cell whose text is not of its field's type.
type Unparsed struct {
	Field    string   `json:"field"`
	Text     string   `json:"text"`
	Location Location `json:"location"`
}

// SignKind names something noticed about a form's shape.
type SignKind string

const (
	SignMisplacedLevel SignKind = "misplaced-level" // Text: level 2, Other: the level 1 it stands in
	SignDriftedLevel   SignKind = "drifted-level"   // Text: level 2 whose own level 1 is missing or further down
	SignDisplacedLabel SignKind = "displaced-label" // a label outside its column
	SignSeparatorRow   SignKind = "separator-row"   // a row of dashes
	SignBrokenLabel    SignKind = "broken-label"    // a label broken by white space or a page break
)

// SignKinds are all of them.
var SignKinds = []SignKind{SignMisplacedLevel, SignDriftedLevel, SignDisplacedLabel, SignSeparatorRow, SignBrokenLabel}

// Sign is one such observation. Indicator is the 0-based index of the
// indicator it stands at, or -1.
type Sign struct {
	Kind      SignKind `json:"kind"`
	Text      string   `json:"text"`
	Other     string   `json:"other"`
	Indicator int      `json:"indicator"`
	Location  Location `json:"location"`
}

// Project holds the head fields.
type Project struct {
	Name                  string `json:"name"`
	Nature                string `json:"nature"`
	Category              string `json:"category"`
	SupervisingDepartment string `json:"supervising_department"`
	ImplementingUnit      string `json:"implementing_unit"`
	StartDate             Date   `json:"start_date"`
	EndDate               Date   `json:"end_date"`
	// Period is the printed span where a form has one cell for it (项目期),
	// as printed; days in it also stand in StartDate and EndDate.
	Period string `json:"period"`
}

// Funding is 项目资金: the project side and the annual side, in money.
type Funding struct {
	Unit    string         `json:"unit"` // as printed: 元 or 万元; "" where none is printed
	Project ProjectFunding `json:"project"`
	Annual  AnnualFunding  `json:"annual"`
	// Items are the rows of the funding block as printed, in order, for the
	// side that a layout with more items than the fields above has.
	Items []FundingItem `json:"items"`
}

// FundingItem is one printed row of the funding block.
type FundingItem struct {
	Label  string `json:"label"`
	Amount Money  `json:"amount"`
	// Part is set where the amount is a part of the annual total: not the
	// total itself, not a part of a part.
	Part     bool     `json:"part,omitempty"`
	Location Location `json:"location"`
}

// ProjectFunding is the left side, over the project's whole life.
type ProjectFunding struct {
	Total  Money `json:"total"`
	Fiscal Money `json:"fiscal"`
	Other  Money `json:"other"`
}

// AnnualFunding is the right side, for the fiscal year.
type AnnualFunding struct {
	Total                    Money `json:"total"`
	CurrentYearAppropriation Money `json:"current_year_appropriation"`
	Carryover                Money `json:"carryover"`
	Own                      Money `json:"own"` // 自有资金, where it is printed apart from Other
	Other                    Money `json:"other"`
	Basic                    Money `json:"basic"`   // 基本支出 of a department
	Project                  Money `json:"project"` // 项目支出 of a department
}

// Goals are the prose goals.
type Goals struct {
	Overall string `json:"overall"`
	Annual  string `json:"annual"`
}

// Scope is the time an indicator's value is for.
type Scope string

const (
	Annual  Scope = "annual"
	Overall Scope = "overall" // the whole project (长期, 中期)
)

// RegionValue is an indicator's value for one region.
type RegionValue struct {
	Region string `json:"region"`
	Value  Value  `json:"value"`
}

// Indicator is one row of the indicator table.
type Indicator struct {
	Scope Scope `json:"scope"`
	// Level1 and Level2 follow the classification: the level-2 label in
	// force in reading order, and its parent.
	Level1 string `json:"level1"`
	Level2 string `json:"level2"`
	Level3 string `json:"level3"`
	// Class1 and Class2 are the classes of Level1 and Level2; "" for a label
	// that no layout knows.
	Class1 Level `json:"class1"`
	Class2 Level `json:"class2"`
	// Printed labels are what stands on the row, or spans it where cell
	// borders show that; "" where nothing does.
	PrintedLevel1 string `json:"printed_level1"`
	PrintedLevel2 string `json:"printed_level2"`
	Value         Value  `json:"value"`
	// A second value column under one name; nil where a form has none.
	LongTermValue *Value `json:"long_term_value"`
	HalfYearValue *Value `json:"half_year_value"`
	// RegionValues are the columns of regions, which stand in place of Value.
	RegionValues []RegionValue `json:"region_values"`
	Weight       string        `json:"weight"`    // 分值, 权重 as printed
	Level1Weight string        `json:"l1_weight"` // the range printed in the level-1 label
	// Remark is the 备注 column, where a form has one.
	Remark string `json:"remark"`
	// Shifted is set when the row's cells stand right of their columns, so a
	// missing value may have been cut off by the extraction.
	Shifted  bool     `json:"shifted"`
	Location Location `json:"location"`
}
