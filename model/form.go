package model

// Geometry says what the reading of a form stands on.
type Geometry string

const (
	Ruled   Geometry = "ruled"   // cell borders were seen: rows and columns are certain
	Aligned Geometry = "aligned" // no borders: columns were inferred from alignment
	Columns Geometry = "text"    // a text extraction: columns may lie
)

// Form is one declaration (财政项目支出绩效目标申报表).
type Form struct {
	Index      int         `json:"index"` // 1-based within the document
	Title      string      `json:"title"`
	FiscalYear int         `json:"fiscal_year"` // 0 where none is printed
	Layout     string      `json:"layout"`      // name of the layout it was read with
	Geometry   Geometry    `json:"geometry"`
	Project    Project     `json:"project"`
	Funding    Funding     `json:"funding"`
	Goals      Goals       `json:"goals"`
	Indicators []Indicator `json:"indicators"`
	// Unparsed lists cells that have text which could not be turned into the
	// field's type, so that nothing printed is lost.
	Unparsed []Unparsed `json:"unparsed"`
	Location Location   `json:"location"`

	// Sources tells where each head field was read, by field path
	// ("project.name", "funding.annual.total", "goals.annual"). Text is the
	// value's cell as printed; a field whose label stands in the form but
	// whose value is blank has an entry with empty Text.
	Sources map[string]Source `json:"-"`
	// Signs are what the reading noticed about the form's shape.
	Signs []Sign `json:"-"`
}

// Source is the cell a field was read from.
type Source struct {
	Text     string
	Location Location
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

// Sign is one such observation. Indicator is the 0-based index of the
// indicator it stands at, or -1.
type Sign struct {
	Kind      SignKind
	Text      string
	Other     string
	Indicator int
	Location  Location
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
	Unit    string         `json:"unit"` // as printed: 元 or 万元; the layout's own where none is printed
	Project ProjectFunding `json:"project"`
	Annual  AnnualFunding  `json:"annual"`
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
	Other                    Money `json:"other"`
}

// Goals are the prose goals.
type Goals struct {
	Overall string `json:"overall"`
	Annual  string `json:"annual"`
}

// Indicator is one row of the indicator table.
type Indicator struct {
	// Level1 and Level2 follow the classification: the level-2 label in
	// force in reading order, and its parent.
	Level1 string `json:"level1"`
	Level2 string `json:"level2"`
	Level3 string `json:"level3"`
	// Printed labels are what stands on the row, or spans it where cell
	// borders show that; "" where nothing does.
	PrintedLevel1 string `json:"printed_level1"`
	PrintedLevel2 string `json:"printed_level2"`
	Value         Value  `json:"value"`
	// Remark is the 备注 column, where a form has one.
	Remark string `json:"remark"`
	// Shifted is set when the row's cells stand right of their columns, so a
	// missing value may have been cut off by the extraction.
	Shifted  bool     `json:"shifted"`
	Location Location `json:"location"`
}
