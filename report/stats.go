package report

import (
	"cmp"
	"encoding/csv"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"perfgoal/model"
)

// StatsFormats are the formats of figures over many declarations; the first
// is the default.
func StatsFormats() []Format[DocumentWriter] {
	return []Format[DocumentWriter]{
		{Name: "table", New: func(w io.Writer, opt Options) DocumentWriter { return newStats(w, opt, statsTable) }},
		{Name: "json", New: func(w io.Writer, opt Options) DocumentWriter { return newStats(w, opt, statsWriteJSON) }},
		{Name: "csv", New: func(w io.Writer, opt Options) DocumentWriter { return newStats(w, opt, statsCSV) }},
	}
}

// stats adds up declarations. It keeps sums, not forms.
type stats struct {
	w                      *stickyWriter
	opt                    Options
	write                  func(*stats, statsJSON) error
	documents              int
	unread                 int
	partial                int
	books                  int // documents that hold narratives or statements
	narratives, statements int
	all                    *figures
	groups                 map[string]map[string]*figures // dimension -> name
	levels                 map[[2]string]*figures
}

// figures are one group's sums.
type figures struct {
	forms, indicators, quantified int
	annual                        decimal.Decimal
	noAnnual                      int // forms whose annual total is blank or no amount
	level                         [2]string
	class1, class2                model.Level
}

// statsJSON is `stats -o json`. Money is in yuan; shares are between 0 and 1
// with four places, null where there is nothing to divide by.
type statsJSON struct {
	SchemaVersion string       `json:"schema_version"`
	Tool          Tool         `json:"tool"`
	Summary       statsSummary `json:"summary"`
	ByDepartment  []statsGroup `json:"by_department"`
	ByCategory    []statsGroup `json:"by_category"`
	ByNature      []statsGroup `json:"by_nature"`
	ByYear        []statsGroup `json:"by_year"`
	ByLevel       []statsLevel `json:"by_level"`
}

type statsSummary struct {
	Documents   int  `json:"documents"`
	Unread      int  `json:"unread"`  // documents without forms
	Partial     int  `json:"partial"` // documents that were not read for certain in all places; counted as far as they were
	Books       int  `json:"books"`   // documents in which a budget book's text was found
	Narratives  int  `json:"narratives"`
	Statements  int  `json:"statements"`
	Interrupted bool `json:"interrupted"`
	statsSums
}

type statsGroup struct {
	Name       string  `json:"name"`        // "" where the form leaves it blank
	MoneyShare *string `json:"money_share"` // of all annual totals
	statsSums
}

type statsSums struct {
	Forms           int     `json:"forms"`
	AnnualTotal     string  `json:"annual_total"`
	WithoutAnnual   int     `json:"forms_without_annual_total"` // not in annual_total
	Indicators      int     `json:"indicators"`
	Quantified      int     `json:"quantified"`
	QuantifiedShare *string `json:"quantified_share"`
}

type statsLevel struct {
	Level1          string  `json:"level1"`
	Level2          string  `json:"level2"`
	Forms           int     `json:"forms"` // that have such an indicator
	Indicators      int     `json:"indicators"`
	IndicatorShare  *string `json:"indicator_share"`
	Quantified      int     `json:"quantified"`
	QuantifiedShare *string `json:"quantified_share"`
}

var statsDimensions = []string{"department", "category", "nature", "year"}

func newStats(w io.Writer, opt Options, write func(*stats, statsJSON) error) DocumentWriter {
	s := &stats{w: &stickyWriter{w: w}, opt: opt, write: write, all: &figures{}, groups: map[string]map[string]*figures{}, levels: map[[2]string]*figures{}}
	for _, d := range statsDimensions {
		s.groups[d] = map[string]*figures{}
	}
	return s
}

// quantified says whether a value can be measured: everything but words.
func quantified(v model.Value) bool {
	return v.Kind != model.KindText && v.Kind != model.KindMissing && v.Kind != ""
}

func (s *stats) Add(d *model.Document) error {
	s.documents++
	switch {
	case !d.Status.Read():
		s.unread++
	case d.Status == model.StatusPartial:
		s.partial++
	}
	if len(d.Narratives)+len(d.Statements) > 0 {
		s.books++
		s.narratives += len(d.Narratives)
		s.statements += len(d.Statements)
	}
	for i := range d.Forms {
		f := &d.Forms[i]
		year := ""
		if f.FiscalYear > 0 {
			year = f.FiscalYear.String()
		}
		to := []*figures{s.all}
		for dimension, name := range map[string]string{"department": f.Project.SupervisingDepartment, "category": f.Project.Category, "nature": f.Project.Nature, "year": year} {
			to = append(to, entry(s.groups[dimension], strings.Clone(strings.TrimSpace(name))))
		}
		for _, g := range to {
			g.forms++
			if f.Funding.Annual.Total.Valid() {
				g.annual = g.annual.Add(f.Funding.Annual.Total.Amount)
			} else {
				g.noAnnual++
			}
		}
		seen := map[*figures]bool{}
		for _, x := range f.Indicators {
			labels := [2]string{strings.Clone(x.Level1), strings.Clone(x.Level2)}
			level := entry(s.levels, labels)
			level.level, level.class1, level.class2 = labels, x.Class1, x.Class2
			if !seen[level] {
				seen[level] = true
				level.forms++
			}
			for _, g := range append(to, level) {
				g.indicators++
				if quantified(x.Value) {
					g.quantified++
				}
			}
		}
	}
	return nil
}

func entry[K comparable](m map[K]*figures, key K) *figures {
	if m[key] == nil {
		m[key] = &figures{}
	}
	return m[key]
}

// ratio is n/of with four places, nil where of is zero.
func ratio(n, of decimal.Decimal) *string {
	if of.IsZero() {
		return nil
	}
	s := n.Div(of).StringFixed(4)
	return &s
}

func ratioOf(n, of int) *string {
	return ratio(decimal.NewFromInt(int64(n)), decimal.NewFromInt(int64(of)))
}

func (g *figures) sums() statsSums {
	return statsSums{g.forms, g.annual.StringFixed(max(2, -g.annual.Exponent())), g.noAnnual, g.indicators, g.quantified, ratioOf(g.quantified, g.indicators)}
}

// grouped lists a dimension's groups, the most money first.
func (s *stats) grouped(dimension string) []statsGroup {
	groups := s.groups[dimension]
	out := []statsGroup{}
	for _, name := range slices.SortedFunc(maps.Keys(groups), func(a, b string) int {
		if d := groups[b].annual.Cmp(groups[a].annual); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	}) {
		out = append(out, statsGroup{name, ratio(groups[name].annual, s.all.annual), groups[name].sums()})
	}
	return out
}

func (s *stats) Close(end End) error {
	out := statsJSON{SchemaVersion: SchemaVersion, Tool: s.opt.Tool,
		Summary:      statsSummary{s.documents, s.unread, s.partial, s.books, s.narratives, s.statements, end.Interrupted, s.all.sums()},
		ByDepartment: s.grouped("department"), ByCategory: s.grouped("category"), ByNature: s.grouped("nature"), ByYear: s.grouped("year"),
		ByLevel: []statsLevel{}}
	for _, g := range slices.SortedFunc(maps.Values(s.levels), compareLevels) {
		out.ByLevel = append(out.ByLevel, statsLevel{g.level[0], g.level[1], g.forms, g.indicators, ratioOf(g.indicators, s.all.indicators), g.quantified, ratioOf(g.quantified, g.indicators)})
	}
	if err := s.write(s, out); err != nil {
		return err
	}
	return s.w.err
}

// compareLevels sorts levels as forms print them: by their classes, those
// without one last, then by label.
func compareLevels(a, b *figures) int {
	return cmp.Or(
		cmp.Compare(classOrder(a.class1), classOrder(b.class1)), strings.Compare(a.level[0], b.level[0]),
		cmp.Compare(classOrder(a.class2), classOrder(b.class2)), strings.Compare(a.level[1], b.level[1]))
}

func classOrder(class model.Level) int {
	if i := slices.Index(model.Levels, class); i >= 0 {
		return i
	}
	return len(model.Levels)
}

func statsWriteJSON(s *stats, out statsJSON) error {
	b, err := encode(out, "", "  ")
	if err != nil {
		return err
	}
	_, err = s.w.Write(append(b, '\n'))
	return err
}

func (s *stats) dimensionTitle(dimension string) string {
	switch dimension {
	case "department":
		return s.opt.say("主管部门", "department")
	case "category":
		return s.opt.say("项目类别", "category")
	case "nature":
		return s.opt.say("项目性质", "nature")
	case "year":
		return s.opt.say("年度", "year")
	default:
		return s.opt.say("指标级别", "level")
	}
}

// statsCSV is one line a group, its dimension in the first column.
func statsCSV(s *stats, out statsJSON) error {
	if _, err := io.WriteString(s.w, byteOrderMark); err != nil {
		return err
	}
	w := csv.NewWriter(s.w)
	w.UseCRLF = true
	o := s.opt
	rows := [][]string{{o.say("维度", "dimension"), o.say("名称", "name"), o.say("申报表", "forms"), o.say("年度资金(元)", "annual_total"), o.say("资金占比", "money_share"),
		o.say("没有年度金额的表", "forms_without_annual_total"), o.say("指标", "indicators"), o.say("可量化指标", "quantified"), o.say("可量化占比", "quantified_share")}}
	row := func(dimension, name string, g statsSums, share *string) {
		rows = append(rows, []string{dimension, name, strconv.Itoa(g.Forms), g.AnnualTotal, textOrBlank(share), strconv.Itoa(g.WithoutAnnual),
			strconv.Itoa(g.Indicators), strconv.Itoa(g.Quantified), textOrBlank(g.QuantifiedShare)})
	}
	row(o.say("合计", "total"), "", out.Summary.statsSums, ratio(s.all.annual, s.all.annual))
	for i, groups := range [][]statsGroup{out.ByDepartment, out.ByCategory, out.ByNature, out.ByYear} {
		for _, g := range groups {
			row(s.dimensionTitle(statsDimensions[i]), g.Name, g.statsSums, g.MoneyShare)
		}
	}
	for _, l := range out.ByLevel {
		rows = append(rows, []string{s.dimensionTitle("level"), strings.Trim(l.Level1+"/"+l.Level2, "/"), strconv.Itoa(l.Forms), "", "", "",
			strconv.Itoa(l.Indicators), strconv.Itoa(l.Quantified), textOrBlank(l.QuantifiedShare)})
	}
	for _, r := range rows {
		for i := range r {
			if _, err := decimal.NewFromString(r[i]); err != nil { // a negative amount is a number, not a formula
				r[i] = sheetText(r[i])
			}
		}
		if err := w.Write(r); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

func textOrBlank(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// statsTable prints tables with bars: money for groups, counts for levels.
func statsTable(s *stats, out statsJSON) error {
	o := s.opt
	sum := out.Summary
	s.w.indented("", o.say("读到%d个文件、%d张申报表，年度资金合计 %s 元；指标%d条，其中可量化%d条（%s）。",
		"Documents: %d, forms: %d, annual total: %s yuan; indicators: %d, of them quantified: %d (%s).",
		sum.Documents, sum.Forms, model.FormatMoney(s.all.annual), sum.Indicators, sum.Quantified, percent(sum.QuantifiedShare)), o.Width, plain)
	if sum.WithoutAnnual > 0 {
		s.w.indented("", o.say("有%d张表没有有效的年度资金总额，没有计入金额。", "Forms without a valid annual total, not in the sums: %d.", sum.WithoutAnnual), o.Width, plain)
	}
	if sum.Books > 0 {
		s.w.indented("", o.say("有%d个文件是预算文本，其中项目经费情况说明%d处、编报绩效目标的统计%d处。",
			"Budget books: %d, with sections on projects: %d, statements of how many have targets: %d.", sum.Books, sum.Narratives, sum.Statements), o.Width, plain)
	}
	if sum.Unread > 0 {
		s.w.indented("", o.say("有%d个文件没有读到申报表，没有计入。", "Documents without a readable form, not counted: %d.", sum.Unread), o.Width, plain)
	}
	if sum.Partial > 0 {
		s.w.indented("", o.say("有%d个文件没有全部读准，只统计了读准的部分；用 perfgoal lint 可以看到是哪些地方。",
			"Documents not read for certain in all places, counted as far as they were: %d; perfgoal lint names the places.", sum.Partial), o.Width, plain)
	}
	if sum.Interrupted {
		s.w.indented("", o.say("统计被中断，以下只是已完成的部分。", "The run was interrupted; this is only what was done."), o.Width, plain)
	}
	for i, groups := range [][]statsGroup{out.ByDepartment, out.ByCategory, out.ByNature, out.ByYear} {
		if len(groups) == 0 || statsDimensions[i] == "year" && len(groups) == 1 {
			continue
		}
		largest := decimal.Zero
		for _, g := range s.groups[statsDimensions[i]] {
			largest = decimal.Max(largest, g.annual)
		}
		var rows [][]string
		for _, g := range groups {
			annual := s.groups[statsDimensions[i]][g.Name].annual
			rows = append(rows, []string{o.orUnfilled(g.Name), strconv.Itoa(g.Forms), model.FormatMoney(annual), percent(g.MoneyShare), bar(annual, largest),
				strconv.Itoa(g.Indicators), percent(g.QuantifiedShare)})
		}
		s.w.line()
		if err := printTable(s.w, o, []column{{Title: s.dimensionTitle(statsDimensions[i]), Min: 12}, {Title: o.say("表数", "forms"), Right: true},
			{Title: o.say("年度资金（元）", "annual (yuan)"), Right: true}, {Title: o.say("占比", "share"), Right: true}, {Title: "", Min: barWidth},
			{Title: o.say("指标", "indicators"), Right: true}, {Title: o.say("可量化", "quantified"), Right: true}}, rows); err != nil {
			return err
		}
	}
	most := 0
	for _, l := range out.ByLevel {
		most = max(most, l.Indicators)
	}
	var rows [][]string
	for _, l := range out.ByLevel {
		rows = append(rows, []string{o.orUnfilled(l.Level1), o.orUnfilled(l.Level2), strconv.Itoa(l.Forms), strconv.Itoa(l.Indicators),
			bar(decimal.NewFromInt(int64(l.Indicators)), decimal.NewFromInt(int64(most))), percent(l.QuantifiedShare)})
	}
	if len(rows) == 0 {
		return nil
	}
	s.w.line()
	return printTable(s.w, o, []column{{Title: o.say("一级指标", "level 1"), Min: 8}, {Title: o.say("二级指标", "level 2"), Min: 8}, {Title: o.say("表数", "forms"), Right: true},
		{Title: o.say("指标", "indicators"), Right: true}, {Title: "", Min: barWidth}, {Title: o.say("可量化", "quantified"), Right: true}}, rows)
}

func (o Options) orUnfilled(s string) string {
	if s == "" {
		return o.say("（未填）", "(blank)")
	}
	return visible(s)
}

// percent is a share as people read it.
func percent(share *string) string {
	if share == nil {
		return "—"
	}
	d, err := decimal.NewFromString(*share)
	if err != nil {
		return *share
	}
	return d.Shift(2).StringFixed(1) + "%"
}

// barWidth is a full bar, in columns.
const barWidth = 12

// bar draws n as a part of the largest, at least a sliver where n is positive.
func bar(n, largest decimal.Decimal) string {
	if !n.IsPositive() || !largest.IsPositive() {
		return ""
	}
	const eighths = " ▏▎▍▌▋▊▉"
	full := max(1, int(n.Mul(decimal.NewFromInt(barWidth*8)).Div(largest).IntPart()))
	s := strings.Repeat("█", full/8)
	if part := full % 8; part > 0 {
		s += string([]rune(eighths)[part])
	}
	return s
}
