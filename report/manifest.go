package report

import (
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"perfgoal/model"
)

// Completeness says what of a manifest came, by unit. Amounts are in yuan.
type Completeness struct {
	Path  string
	Units []UnitCompleteness
}

// UnitCompleteness counts one unit's projects.
type UnitCompleteness struct {
	Unit                                string
	Expected, Submitted, Missing, Extra int
	Unread                              int // neither submitted nor missing: a file is there but could not be read
	AmountDiffers                       int
	Unstated                            int // expected projects whose amount the manifest does not state
	ExpectedAmount, SubmittedAmount     decimal.Decimal
}

type completenessJSON struct {
	Path  string     `json:"path"`
	Units []unitJSON `json:"units"`
}

type unitJSON struct {
	Unit            string `json:"unit"`
	Expected        int    `json:"expected"`
	Submitted       int    `json:"submitted"`
	Missing         int    `json:"missing"`
	Unread          int    `json:"unread"` // neither submitted nor missing: a file is there but could not be read
	Extra           int    `json:"extra"`
	AmountDiffers   int    `json:"amount_differs"`
	ExpectedAmount  string `json:"expected_amount"`
	SubmittedAmount string `json:"submitted_amount"`
}

func completenessIn(c *Completeness) *completenessJSON {
	if c == nil {
		return nil
	}
	out := &completenessJSON{c.Path, []unitJSON{}}
	for _, u := range c.Units {
		out.Units = append(out.Units, unitJSON{u.Unit, u.Expected, u.Submitted, u.Missing, u.Unread, u.Extra, u.AmountDiffers, u.ExpectedAmount.StringFixed(2), u.SubmittedAmount.StringFixed(2)})
	}
	return out
}

// unknown stands where there is no figure to show.
const unknown = "—"

// expectedAmount is what the manifest states, if it states anything.
func (u UnitCompleteness) expectedAmount() string {
	if u.Unstated > 0 && u.Unstated == u.Expected {
		return unknown
	}
	return model.FormatMoney(u.ExpectedAmount)
}

// sum adds up all units.
func (c *Completeness) sum() UnitCompleteness {
	var s UnitCompleteness
	for _, u := range c.Units {
		s.Expected += u.Expected
		s.Submitted += u.Submitted
		s.Missing += u.Missing
		s.Unread += u.Unread
		s.Extra += u.Extra
		s.AmountDiffers += u.AmountDiffers
		s.Unstated += u.Unstated
		s.ExpectedAmount = s.ExpectedAmount.Add(u.ExpectedAmount)
		s.SubmittedAmount = s.SubmittedAmount.Add(u.SubmittedAmount)
	}
	return s
}

// completenessColumns are those of completenessRows. Unread projects have one
// where there are any.
func (o Options) completenessColumns(c *Completeness) []column {
	columns := o.counts(c)
	return append(columns, column{Title: o.say("清单金额", "expected yuan"), Right: true}, column{Title: o.say("申报金额", "submitted yuan"), Right: true})
}

// counts are the columns before the amounts.
func (o Options) counts(c *Completeness) []column {
	columns := []column{{Title: o.say("单位", "unit"), Min: 8}, {Title: o.say("应报", "expected"), Right: true}, {Title: o.say("已报", "submitted"), Right: true},
		{Title: o.say("缺报", "missing"), Right: true}}
	if c.sum().Unread > 0 {
		columns = append(columns, column{Title: o.say("未读出", "unread"), Right: true})
	}
	return append(columns, column{Title: o.say("清单外", "extra"), Right: true}, column{Title: o.say("金额不符", "amounts"), Right: true})
}

// completenessRows are a row for each unit and one for all.
func (o Options) completenessRows(c *Completeness) [][]string {
	sum := c.sum()
	row := func(name string, u UnitCompleteness) []string {
		cells := []string{name, strconv.Itoa(u.Expected), strconv.Itoa(u.Submitted), strconv.Itoa(u.Missing)}
		if sum.Unread > 0 {
			cells = append(cells, strconv.Itoa(u.Unread))
		}
		return append(cells, strconv.Itoa(u.Extra), strconv.Itoa(u.AmountDiffers), u.expectedAmount(), model.FormatMoney(u.SubmittedAmount))
	}
	var rows [][]string
	for _, u := range c.Units {
		rows = append(rows, row(o.orUnfilled(u.Unit), u))
	}
	return append(rows, row(o.say("合计", "total"), sum))
}

// unitColumns and unitRows are the table for a terminal, where both amounts
// have no room; the difference says more.
func (o Options) unitColumns(c *Completeness) []column {
	return append(o.counts(c), column{Title: o.say("申报多于清单", "over manifest"), Right: true})
}

func (o Options) unitRows(c *Completeness) [][]string {
	rows := o.completenessRows(c)
	counts := len(o.counts(c))
	for i, u := range append(slices.Clone(c.Units), c.sum()) {
		over := model.FormatMoney(u.SubmittedAmount.Sub(u.ExpectedAmount))
		if u.Unstated > 0 {
			over = unknown
		}
		rows[i] = append(rows[i][:counts], over)
	}
	return rows
}

// bundleTitle names what is about all documents together.
func (o Options) bundleTitle() string { return o.say("整批材料", "The whole bundle") }
