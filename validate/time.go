package validate

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"perfgoal/internal/lazy"
	"perfgoal/internal/zh"
	"perfgoal/model"
)

var planOutsideYearRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "T001", Name: "plan-outside-year", Severity: model.Error, Default: true, Kind: model.KindForm, Since: since, Basis: basisForm,
		Title:     model.Text{Zh: "计划起止日期不在预算年度内", En: "the plan's dates do not meet the fiscal year"},
		Rationale: model.Text{Zh: "年度绩效目标只管本年度；计划日期与本年度没有交集，多半是沿用了上一年的表。跨年度的项目可以早于或晚于本年度，只要有交集。", En: "The annual goal is about this year; dates that never meet it mostly come from last year's form. A plan over several years is fine as long as it meets the year."},
		Fix:       model.Text{Zh: "改正计划开始、完成日期或者年度。", En: "Correct the dates or the year."},
		Bad: example(edit{"计划开始日期\t2026-01-01\t计划完成日期\t2026-12-31",
			"计划开始日期\t2025-01-01\t计划完成日期\t2025-12-31"}),
		Good: clean("计划开始日期"),
	},
	needs: []string{"fiscal_year"},
	form:  planOutsideYear,
}

func planOutsideYear(f *form, _ *Thresholds) verdict {
	start, end := f.Project.StartDate, f.Project.EndDate
	switch {
	case !start.Valid && !end.Valid || start.Valid && end.Valid && end.Before(start):
		return f.datesMissing()
	}
	early := end.Valid && end.Year < int(f.FiscalYear)
	late := start.Valid && start.Year > int(f.FiscalYear)
	if !early && !late {
		if !start.Valid || !end.Valid {
			return f.datesMissing()
		}
		return judged(nil)
	}
	field, raw, other, otherRaw := "project.start_date", start.Raw, "project.end_date", end.Raw
	if early {
		field, raw, other, otherRaw = other, otherRaw, field, raw
	}
	x := f.finding(f.head(field, raw), model.Text{
		Zh: "预算年度是{year}年，计划日期却是 {start} 至 {end}，与本年度没有交集。请改正日期或年度。",
		En: "The fiscal year is {year}, but the plan runs from {start} to {end} and never meets it. Correct the dates or the year.",
	}, model.Args{"year": f.FiscalYear.String(), "start": orDash(start.String()), "end": orDash(end.String())})
	x.Related = []model.Related{f.related(f.head(other, otherRaw))}
	x.Evidence = map[string]string{"fiscal_year": f.FiscalYear.String(), "start_date": start.String(), "end_date": end.String()}
	return judged([]model.Finding{x})
}

var yearInNameRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "T002", Name: "year-in-name", Severity: model.Warning, Default: true, Kind: model.KindHeuristic, Since: since, Basis: basisHeuristic,
		Title:     model.Text{Zh: "项目名称里的年份不含预算年度", En: "the project's name carries years without the fiscal year"},
		Rationale: model.Text{Zh: "名称写着别的年份，常是沿用往年申报表时忘了改。", En: "A name with other years mostly shows a form taken over from an earlier year."},
		Fix:       model.Text{Zh: "改正项目名称里的年份；确实是往年项目结转的，可以不改。", En: "Correct the year in the name; a project carried over from an earlier year may keep it."},
		Bad:       example(edit{"云栖市青少年科普展厅运行项目", "云栖市青少年科普展厅运行项目（2024-2025年）"}),
		Good:      example(edit{"云栖市青少年科普展厅运行项目", "云栖市青少年科普展厅运行项目（2025-2027年）"}),
	},
	needs: []string{"project.name"},
	form:  yearInName,
}

func yearInName(f *form, _ *Thresholds) verdict {
	spans := yearsIn(fold(f.Project.Name))
	if len(spans) == 0 {
		return notApplicable("项目名称里没有年份", "the name carries no year")
	}
	if v, lacking := f.lacking("fiscal_year"); lacking {
		return v
	}
	var years []string
	for _, s := range spans {
		if s[0] <= int(f.FiscalYear) && int(f.FiscalYear) <= s[1] {
			return judged(nil)
		}
		y := strconv.Itoa(s[0])
		if s[1] > s[0] {
			y += "-" + strconv.Itoa(s[1])
		}
		years = append(years, y)
	}
	x := f.finding(f.head("project.name", f.Project.Name), model.Text{
		Zh: "项目名称里的年份是{years}，预算年度却是{year}年。是不是沿用往年的表忘了改？",
		En: "The name carries {years}, but the fiscal year is {year}. Was the form taken over from an earlier year?",
	}, model.Args{"years": strings.Join(years, "、"), "year": f.FiscalYear.String()})
	x.Evidence = map[string]string{"years": strings.Join(years, "、"), "fiscal_year": f.FiscalYear.String()}
	return judged([]model.Finding{x})
}

// yearsIn finds the years and ranges of years in a folded name. Four digits
// from 2000 to 2099 are a year unless a Latin letter stands before them
// (Office2021) or something counted behind them (2000套); so are four Chinese
// ones before 年. The year of a document's number, 〔2024〕15号, is none.
func yearsIn(name string) [][2]int {
	var spans [][2]int
	name = withChineseYears(withoutDocumentNumbers(name))
	for i := 0; i < len(name); {
		year, ok := yearAt(name, i)
		if !ok {
			_, size := utf8.DecodeRuneInString(name[i:])
			i += size
			continue
		}
		span := [2]int{year, year}
		rest := strings.TrimPrefix(strings.TrimPrefix(name[i+4:], "年"), "度")
		end := i + 4
		for _, dash := range []string{"—", "–", "-", "~", "～", "至", "到", "/", "、"} {
			t, found := strings.CutPrefix(rest, dash)
			if !found {
				continue
			}
			t = strings.TrimLeft(t, "—-")
			at := len(name) - len(t)
			if second, ok := yearAt(name, at); ok && second >= year {
				span[1], end = second, at+4
			} else if len(t) >= 2 && isDigit(t[0]) && isDigit(t[1]) && (len(t) == 2 || !isDigit(t[2])) {
				n, _ := strconv.Atoi(t[:2])
				if n += year / 100 * 100; n > year {
					span[1], end = n, at+2
				}
			}
			break
		}
		spans = append(spans, span)
		i = end
	}
	return spans
}

// documentNumbers are numbers of documents as folding leaves them: [2024]15号.
var documentNumbers = lazy.Regexp(`[\[(【]\d{4}[\])】]第?\d+号`)

func withoutDocumentNumbers(name string) string {
	if !strings.Contains(name, "号") {
		return name
	}
	return documentNumbers().ReplaceAllString(name, "")
}

var (
	chineseYear   = lazy.Regexp(`[二][〇零○Oo0][〇零○Oo0一二三四五六七八九][〇零○Oo0一二三四五六七八九]年`)
	chineseDigits = strings.NewReplacer("〇", "0", "零", "0", "○", "0", "O", "0", "o", "0", "一", "1", "二", "2", "三", "3", "四", "4", "五", "5", "六", "6", "七", "7", "八", "8", "九", "9")
)

// withChineseYears writes 二〇二四年 as 2024年.
func withChineseYears(name string) string {
	if !strings.Contains(name, "二") || !strings.Contains(name, "年") {
		return name
	}
	return chineseYear().ReplaceAllStringFunc(name, chineseDigits.Replace)
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

// yearAt reads four digits that are a year and no count.
func yearAt(s string, i int) (int, bool) {
	if i+4 > len(s) || s[i] != '2' || s[i+1] != '0' || !isDigit(s[i+2]) || !isDigit(s[i+3]) {
		return 0, false
	}
	if i > 0 {
		before, _ := utf8.DecodeLastRuneInString(s[:i])
		if unicode.IsDigit(before) || before == '.' || before < utf8.RuneSelf && unicode.IsLetter(before) {
			return 0, false
		}
	}
	rest := s[i+4:]
	if rest != "" && (isDigit(rest[0]) || rest[0] == '.' && len(rest) > 1 && isDigit(rest[1])) {
		return 0, false
	}
	if standard().counterAt(rest) != "" || hasPrefixAny(rest, "元", "万", "余", "多", "平", "亩", "号", "%") {
		if !strings.HasPrefix(rest, "年") {
			return 0, false
		}
	}
	n, err := strconv.Atoi(s[i : i+4])
	return n, err == nil
}

func hasPrefixAny(s string, prefixes ...string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

var invalidDateRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "T003", Name: "invalid-date", Severity: model.Error, Default: true, Kind: model.KindForm, Since: since, Basis: basisForm,
		Title:     model.Text{Zh: "日期无效，或完成早于开始", En: "a date is none, or the end is before the start"},
		Rationale: model.Text{Zh: "日期不存在或前后颠倒，就无法判断项目在哪个时段实施。", En: "With dates that do not exist or stand in the wrong order nobody knows when the project runs."},
		Fix:       model.Text{Zh: "填写真实存在的日期，完成日期不早于开始日期。", En: "Enter dates that exist, the end not before the start."},
		Bad:       example(edit{"计划完成日期\t2026-12-31", "计划完成日期\t2026-02-30"}),
		Good:      clean("计划完成日期"),
	},
	form: invalidDate,
}

func invalidDate(f *form, _ *Thresholds) verdict {
	start, end := f.Project.StartDate, f.Project.EndDate
	var findings []model.Finding
	for _, d := range []struct {
		field, label, english string
		model.Date
	}{{"project.start_date", "开始日期", "start date", start}, {"project.end_date", "完成日期", "end date", end}} {
		raw := d.Raw
		for _, u := range f.Unparsed {
			if u.Field == d.field && blank(raw) {
				raw = u.Text
			}
		}
		if blank(raw) || d.Valid || placeholder(fold(raw)) {
			continue // S001 reports a placeholder
		}
		findings = append(findings, f.finding(f.head(d.field, raw), model.Text{
			Zh: "{label}填的是“{raw}”，不是有效的日期。请按 2026-01-31 这样的格式填写。",
			En: `The {english} says "{raw}", which is no date. Write it like 2026-01-31.`,
		}, model.Args{"label": d.label, "english": d.english, "raw": raw}))
	}
	if start.Valid && end.Valid && end.Before(start) {
		x := f.finding(f.head("project.end_date", end.Raw), model.Text{
			Zh: "完成日期 {end} 早于开始日期 {start}，请改正。",
			En: "The end date {end} is before the start date {start}; correct them.",
		}, model.Args{"start": start.String(), "end": end.String()})
		x.Related = []model.Related{f.related(f.head("project.start_date", start.Raw))}
		x.Evidence = map[string]string{"start_date": start.String(), "end_date": end.String()}
		findings = append(findings, x)
	}
	if len(findings) == 0 && (start.Blank() || end.Blank()) {
		return f.datesMissing()
	}
	return judged(findings)
}

// datesMissing answers for a rule that needs both dates of the plan.
func (f *form) datesMissing() verdict {
	if v, lacking := f.lacking("project.start_date", "project.end_date"); lacking {
		return v
	}
	return insufficient("起止日期无效（见 T003）", "the dates are invalid (see T003)", nil)
}

// rhythm is how often something happens in a year, read from one row.
type rhythm struct {
	row     *row
	perYear decimal.Decimal
	unit    string // what is counted: 次 fits anything
}

var frequencyMismatchRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "T004", Name: "frequency-mismatch", Severity: model.Warning, Default: true, Kind: model.KindSum, Since: since, Basis: basisSum,
		Title:     model.Text{Zh: "频次与次数对不上", En: "a frequency and a count of the same thing differ"},
		Rationale: model.Text{Zh: "一处写一季度一次（一年4次），另一处写3次，不知道以哪个为准。", En: "Once a quarter is four a year; where another row says three, nobody knows which one holds."},
		Fix:       model.Text{Zh: "把两处改成一致。", En: "Make the two agree."},
		Bad:       example(edit{lineTimeliness, "时效指标\t展项巡检及时性\t一季度一次"}),
		Good:      example(edit{lineTimeliness, "时效指标\t展项巡检及时性\t=4.00(次/月)"}),
	},
	form: frequencyMismatch,
}

// frequencyMismatch compares each row that counts times with each row that
// gives a frequency for the same thing.
func frequencyMismatch(f *form, _ *Thresholds) verdict {
	var rhythms []rhythm
	for i := range f.rows {
		if n, unit, ok := yearlyCount(&f.rows[i]); ok {
			rhythms = append(rhythms, rhythm{&f.rows[i], n, unit})
		}
	}
	if len(rhythms) == 0 {
		return notApplicable("没有写频次的指标", "no indicator gives a frequency")
	}
	months := planMonths(f)
	compared := false
	var findings []model.Finding
	for i := range f.rows {
		r := &f.rows[i]
		if !r.numeric() || !timesUnits[r.unit] {
			continue
		}
		for _, h := range rhythms {
			if h.row == r || h.unit != "次" && h.unit != r.unit || !sameThing(r.name, h.row.name) {
				continue
			}
			compared = true
			if agrees(r.Value.Number.Value, h.perYear, months) {
				continue
			}
			x := f.rowFinding(r, "value", model.Text{
				Zh: "“{other}”写的是“{frequency}”，一年是{year}次；“{name}”写的却是“{value}”。请改成一致。",
				En: `"{other}" says "{frequency}", which is {year} a year, but "{name}" says "{value}". Make them agree.`,
			}, model.Args{"other": h.row.Level3, "frequency": h.row.Value.Raw, "year": h.perYear.String()})
			x.Related = []model.Related{f.related(h.row.at("value"))}
			x.Evidence = map[string]string{"frequency": h.row.Value.Raw, "per_year": h.perYear.String(), "count": r.Value.Number.Value.String()}
			findings = append(findings, x)
			break
		}
	}
	if !compared {
		return notApplicable("没有与频次相对应的次数指标", "no count is about the same thing as the frequency")
	}
	return judged(findings)
}

// timesUnits are the units in which something repeated is counted.
var timesUnits = map[string]bool{"次": true, "份": true, "篇": true, "期": true, "场": true, "场次": true, "轮": true, "遍": true, "回": true, "次数": true, "": true}

// yearlyCount is how often a year a row's value says, and of what: 一季度一次,
// or 1 份/月.
func yearlyCount(r *row) (n decimal.Decimal, unit string, ok bool) {
	if n, ok := spokenRhythm(r.value); ok {
		return n, "次", true
	}
	if r.Value.Number == nil {
		return decimal.Zero, "", false
	}
	period, unit := r.Value.Period, r.unit
	switch r.Value.Kind {
	case model.KindFrequency:
	case model.KindBound:
		base, per, found := strings.Cut(r.unit, "/")
		if !found || !timesUnits[base] || base == "" {
			return decimal.Zero, "", false
		}
		period, unit = string(periodOf(per)), base
	default:
		return decimal.Zero, "", false
	}
	times, ok := periodsPerYear[zh.Period(period)]
	return r.Value.Number.Value.Mul(decimal.NewFromInt(times)), unit, ok
}

// halfYearly is a rhythm that the reader leaves as text: 半年一次, 每半年两次.
var halfYearly = lazy.Regexp(`^(?:每|一)?个?半年(?:至少|不少于)?([一二两三四五六七八九十]|\d+)次$`)

// spokenRhythm is how often a year a text value says, in words.
func spokenRhythm(value string) (decimal.Decimal, bool) {
	if !strings.Contains(value, "半年") {
		return decimal.Zero, false
	}
	m := halfYearly().FindStringSubmatch(value)
	if m == nil {
		return decimal.Zero, false
	}
	n, ok := smallNumber(m[1])
	return n.Mul(decimal.NewFromInt(periodsPerYear[zh.HalfYear])), ok
}

// agrees says whether a count is the yearly one, or the one over the months
// of a plan that is shorter than the year.
func agrees(count, perYear decimal.Decimal, months int64) bool {
	if count.Equal(perYear) {
		return true
	}
	inPlan := perYear.Mul(decimal.NewFromInt(months)).Div(decimal.NewFromInt(12))
	return months < 12 && (count.Equal(inPlan.Floor()) || count.Equal(inPlan.Ceil()))
}

// sameThing says whether two names are about one thing: without their
// measuring words, one holds the other.
func sameThing(a, b string) bool {
	x, y := topic(a), topic(b)
	if utf8.RuneCountInString(x) > utf8.RuneCountInString(y) {
		x, y = y, x
	}
	return utf8.RuneCountInString(x) >= 2 && (strings.Contains(y, x) || utf8.RuneCountInString(x) >= 4 && containment(x, y) >= 0.8)
}

var targetAfterPlanRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "T005", Name: "target-after-plan", Severity: model.Warning, Default: true, Kind: model.KindSum, Since: second, Basis: basisSum,
		Title:     model.Text{Zh: "指标的日期晚于项目完成日期，或者不在项目年份内", En: "an indicator's date lies after the plan's end or outside its years"},
		Rationale: model.Text{Zh: "项目已经结束，指标却还没有到期，或者写的是别的年份，年终无法考核。", En: "A target that falls due after the project has ended, or in another year, cannot be assessed."},
		Fix:       model.Text{Zh: "改正指标值里的日期，或者计划完成日期。", En: "Correct the date in the value, or the plan's end."},
		Bad:       example(edit{"计划完成日期\t2026-12-31", "计划完成日期\t2026-10-31"}, more(lineTimeliness, "时效指标\t展项更新完成时间\t2026年11月底前")),
		Good:      example(more(lineTimeliness, "时效指标\t展项更新完成时间\t2026年11月底前")),
	},
	form: targetAfterPlan,
}

// targetAfterPlan holds each date among the values against the plan. A date
// without a year is taken for the fiscal year's; one that only names a month
// or a year is late only if its first day is.
func targetAfterPlan(f *form, _ *Thresholds) verdict {
	dated := func(r *row) bool { return r.Value.Kind == model.KindDate && r.Value.Date != "" }
	due := func(r row) bool { return dated(&r) && !r.missing() }
	if !slices.ContainsFunc(f.rows, due) && !slices.ContainsFunc(f.further, due) {
		return eachRow(f, dated, nil)
	}
	start, end := f.Project.StartDate, f.Project.EndDate
	if !start.Valid || !end.Valid || end.Before(start) {
		return f.datesMissing()
	}
	return eachRow(f, dated, func(r *row) *model.Finding {
		date := r.Value.Date
		if rest, ok := strings.CutPrefix(date, "--"); ok { // --11: a month without a year
			if f.FiscalYear == 0 {
				return nil
			}
			date = f.FiscalYear.String() + "-" + rest
		}
		year, err := strconv.Atoi(strings.SplitN(date, "-", 2)[0])
		if err != nil || year >= start.Year && date <= end.String()[:min(len(date), len("2006-01-02"))] {
			return nil
		}
		text := model.Text{
			Zh: "“{name}”的日期是“{value}”，项目计划 {end} 就完成了。请改正其中一个。",
			En: `"{name}" is due "{value}", but the plan ends on {end}. Correct one of them.`,
		}
		if year < start.Year || year > end.Year {
			text = model.Text{
				Zh: "“{name}”的日期是“{value}”，不在项目的起止年份内（{start} 至 {end}）。是不是沿用了别的年度的表？",
				En: `"{name}" is due "{value}", outside the plan's years ({start} to {end}). Was it taken over from another year's form?`,
			}
		}
		x := f.rowFinding(r, "value", text, model.Args{"start": start.String(), "end": end.String()})
		x.Related = []model.Related{f.related(f.head("project.end_date", end.Raw))}
		x.Evidence["date"], x.Evidence["end_date"] = r.Value.Date, end.String()
		return &x
	})
}

// planMonths are the months of the plan that lie in the fiscal year, 12 where
// that is unknown. A month that is only begun counts.
func planMonths(f *form) int64 {
	start, end := f.Project.StartDate, f.Project.EndDate
	if !start.Valid || !end.Valid || f.FiscalYear == 0 || end.Before(start) {
		return 12
	}
	first, last := int64(1), int64(12)
	if start.Year == int(f.FiscalYear) {
		first = int64(start.Month)
	}
	if end.Year == int(f.FiscalYear) {
		last = int64(end.Month)
	}
	if start.Year > int(f.FiscalYear) || end.Year < int(f.FiscalYear) {
		return 12
	}
	return last - first + 1
}
