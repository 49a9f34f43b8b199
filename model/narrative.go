package model

// SectionKind names a part of a narrative.
type SectionKind string

// The seven parts of a 项目经费情况说明, in printed order.
const (
	SectionOverview SectionKind = "overview" // 项目概述, 项目概况
	SectionBasis    SectionKind = "basis"    // 立项依据
	SectionBody     SectionKind = "body"     // 实施主体
	SectionPlan     SectionKind = "plan"     // 实施方案
	SectionPeriod   SectionKind = "period"   // 实施周期
	SectionBudget   SectionKind = "budget"   // 年度预算安排
	SectionGoal     SectionKind = "goal"     // 绩效目标
)

// SectionKinds are all of them.
var SectionKinds = []SectionKind{SectionOverview, SectionBasis, SectionBody, SectionPlan, SectionPeriod, SectionBudget, SectionGoal}

// Section is one part of a narrative as printed, wrapped lines joined.
type Section struct {
	Heading  string   `json:"heading"`
	Text     string   `json:"text"`
	Location Location `json:"location"` // of the text, on the page it begins
}

// Narrative is what a budget book says of one project in prose
// (项目经费情况说明). A field that the prose does not settle is blank.
type Narrative struct {
	Title   string `json:"title"`
	Project string `json:"project"` // as the title names it; "" where it names none
	// ImplementingBody is the name of one office or of several; "" where the
	// section is prose or a list of contractors.
	ImplementingBody string `json:"implementing_body"`
	Period           string `json:"period"` // as printed
	StartDate        Date   `json:"start_date"`
	EndDate          Date   `json:"end_date"`
	// Amount is the fiscal year's, Parts what the same section divides it into.
	Amount Money   `json:"amount"`
	Parts  []Money `json:"parts"`
	// Division says how the section speaks of its parts, Sum is the total
	// printed behind them (合计), null where none is.
	Division Division                `json:"division"`
	Sum      Money                   `json:"sum"`
	Goal     string                  `json:"goal"`
	Sections map[SectionKind]Section `json:"sections"`
	Location Location                `json:"location"` // of the title
}

// Division says whether the parts of an amount are said to be all of it.
type Division string

// How parts are introduced.
const (
	Undivided Division = ""         // there are none, or they could not be told for certain
	Partial   Division = "partial"  // with a mark that there are others (等), or some that may overlap
	Listed    Division = "listed"   // 其中, without a word on whether these are all
	Complete  Division = "complete" // quarters, or a printed sum of them
)

// Coverage is whose projects a statement counts.
type Coverage string

const (
	WholeDepartment Coverage = "department" // those of the department and the units below it
	SingleUnit      Coverage = "unit"       // one unit's own
)

// Statement is a book's sentence on how many projects have targets and for
// how much money (编报绩效目标的项目20个，涉及项目预算资金7054.05万元).
type Statement struct {
	Projects int   `json:"projects"`
	Amount   Money `json:"amount"` // blank where the sentence gives none
	Year     Year  `json:"year"`   // null where the sentence names none
	// Scope is whose projects are counted; "" where the book does not say.
	Scope    Coverage `json:"scope"`
	Text     string   `json:"text"`
	Location Location `json:"location"`
}
