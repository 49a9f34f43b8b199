package validate

// The rules here hold what a budget book says in prose against its forms: the
// sections on single projects (项目经费情况说明) and the sentence on how many
// projects have targets. They look at each section and each sentence once;
// where the book has no forms of its own, a bundle holds it against the forms
// of its office.

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"perfgoal/model"
)

var basisBook = model.Text{
	Zh: "部门预算公开文本里“项目经费情况说明”“绩效目标设置情况”与申报表的对照（依据上海市各区公开的预算文本整理，没有文件规定要逐项一致）",
	En: "a published budget's sections on projects and its sentence on targets, held against the forms (after the books that Shanghai's districts publish; no document demands that they agree)",
}

// booked is a book's prose with the forms to hold it against.
type booked struct {
	path       string
	office     string // whose book it is, "" where it does not say
	year       int    // 0 where it is not known
	narratives []model.Narrative
	statements []model.Statement
	forms      []counterpart
	lex        *lexicon
	// across is set where the forms are those of other documents.
	across bool
	keys   []projectKey // of the forms, once they are asked for
}

// counterpart is a form that a book's prose is held against.
type counterpart struct {
	form                      *form  // nil where it is another document's
	path                      string // "" where it is the book's own document
	index, year               int
	kind                      model.FormKind
	project, department, unit string
	annual                    model.Money
	start, end                model.Date
	goal                      string // folded
	location                  model.Location
}

// bookRule is a rule's check of each of a book's narratives, or of each of its
// statements.
type bookRule struct {
	narrative func(b *booked, n *model.Narrative) verdict
	statement func(b *booked, s *model.Statement) verdict
	// across says that a bundle may hold a book without forms against the
	// forms of other documents.
	across bool
}

func (r *bookRule) checks() bool { return r.narrative != nil || r.statement != nil }

// booked is the document's prose with its own forms, nil where it has none.
func (d *document) booked(l *lexicon) *booked {
	if len(d.Narratives)+len(d.Statements) == 0 {
		return nil
	}
	b := &booked{path: d.Path, office: d.Office, year: int(d.FiscalYear), narratives: d.Narratives, statements: d.Statements, lex: l}
	for i := range d.forms {
		f := &d.forms[i]
		b.forms = append(b.forms, counterpart{form: f, index: f.Index, year: int(f.FiscalYear), kind: f.Kind,
			project: f.Project.Name, department: f.Project.SupervisingDepartment, unit: f.Project.ImplementingUnit,
			annual: f.Funding.Annual.Total, start: f.Project.StartDate, end: f.Project.EndDate, goal: f.goal(), location: f.Location})
	}
	return b
}

// each calls the rule for each of its subjects.
func (r *bookRule) each(b *booked, yield func(verdict)) {
	if r.narrative != nil {
		for i := range b.narratives {
			yield(r.narrative(b, &b.narratives[i]))
		}
	}
	if r.statement != nil {
		for i := range b.statements {
			yield(r.statement(b, &b.statements[i]))
		}
	}
}

// related is a place of a form.
func (c *counterpart) related(field, text string) model.Related {
	index := c.index
	out := model.Related{Path: c.path, Form: &index, Field: field, Text: text, Location: c.location}
	if c.form != nil {
		p := c.form.head(field, text)
		out.Text, out.Location = p.text, p.location
	}
	return out
}

// lacking answers for a rule whose fields of the form are not all filled.
func (c *counterpart) lacking(paths ...string) (verdict, bool) {
	if c.form != nil {
		return c.form.lacking(paths...)
	}
	return verdict{}, false
}

// where names a form in words.
func (c *counterpart) where() (zh, en string) {
	n := strconv.Itoa(c.index)
	if c.path != "" {
		return "“" + c.path + "”第" + n + "张表", c.path + " form " + n
	}
	return "第" + n + "张表", "form " + n
}

// finding is one about a field of a narrative; c is the form that it is held
// against, nil for none.
func (b *booked) finding(n *model.Narrative, field string, kind model.SectionKind, printed string, c *counterpart, text model.Text, args model.Args) model.Finding {
	at := n.Location
	if s, ok := n.Sections[kind]; ok {
		at = s.Location
	}
	x := model.Finding{Path: b.path, Project: n.Project, Field: "narratives[" + strconv.Itoa(b.indexOf(n)) + "]." + field, Text: printed, Location: at,
		Message: model.Message{Text: text, Args: args}}
	name := n.Project
	if name == "" {
		name = n.Title
	}
	args["section"] = name
	if c != nil {
		args["where"], args["where_en"] = c.where()
		if c.path == "" {
			index := c.index
			x.Form, x.Project = &index, c.project
		}
	}
	return x
}

func (b *booked) indexOf(n *model.Narrative) int {
	for i := range b.narratives {
		if &b.narratives[i] == n {
			return i
		}
	}
	return -1
}

// projectKey is a project's name in the forms in which names are compared.
type projectKey struct {
	whole    string // folded, without brackets and punctuation
	core     string // without its years and 项目, 专项, 经费
	bare     string // the core without what stands in brackets
	brackets bool
}

// nameSigns stand in names without meaning anything.
const nameSigns = "()[]{}【】〔〕“”\"‘’'《》〈〉—–-_·、,.:;，。：；/\\"

func withoutSigns(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(nameSigns, r) {
			return -1
		}
		return r
	}, s)
}

// nameEndings end a project's name without telling it from another.
var nameEndings = []string{"专项资金", "专项经费", "项目经费", "工作经费", "项目", "专项", "经费", "资金"}

func withoutEndings(s string) string {
	for {
		ending := endsIn(s, nameEndings)
		if ending == "" || ending == s {
			return s
		}
		s = strings.TrimSuffix(s, ending)
	}
}

func keyOfProject(name string) projectKey {
	folded := fold(name)
	k := projectKey{whole: withoutSigns(folded)}
	k.core = withoutEndings(withoutSigns(withoutYears(folded)))
	outside := dropBrackets(withoutYears(folded))
	k.bare, k.brackets = withoutEndings(withoutSigns(outside)), outside != withoutYears(folded)
	return k
}

// dropBrackets leaves out what stands in brackets.
func dropBrackets(s string) string {
	var b strings.Builder
	depth := 0
	for _, r := range s {
		switch r {
		case '(', '[', '【':
			depth++
		case ')', ']', '】':
			depth = max(0, depth-1)
		default:
			if depth == 0 {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}

// match finds the form of a narrative's project by its name. Where there is
// not exactly one, the verdict says so.
func (b *booked) match(n *model.Narrative) (*counterpart, verdict) {
	if len(b.forms) == 0 {
		return nil, notApplicable("没有申报表可以对照", "there are no forms to compare with")
	}
	if n.Project == "" {
		return nil, insufficient("“{title}”没有写是哪个项目", `"{title}" names no project`, model.Args{"title": n.Title})
	}
	if b.keys == nil {
		for i := range b.forms {
			b.keys = append(b.keys, keyOfProject(b.forms[i].project))
		}
	}
	key := keyOfProject(n.Project)
	for _, same := range []func(o projectKey) bool{
		func(o projectKey) bool { return o.whole == key.whole },
		func(o projectKey) bool { return o.core == key.core },
		func(o projectKey) bool { return o.brackets != key.brackets && o.bare == key.bare },
	} {
		var found []int
		for i, o := range b.keys {
			if o.whole != "" && same(o) && (b.year == 0 || b.forms[i].year == 0 || b.forms[i].year == b.year) {
				found = append(found, i)
			}
		}
		switch {
		case len(found) == 1:
			return &b.forms[found[0]], verdict{}
		case len(found) > 1:
			return nil, insufficient("叫“{project}”的申报表不止一张", `several forms are called "{project}"`, model.Args{"project": n.Project})
		}
	}
	return nil, insufficient("按名称没有找到“{project}”的申报表", `no form is called "{project}"`, model.Args{"project": n.Project})
}

var narrativeAmountMismatchRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "K001", Name: "narrative-amount-mismatch", Severity: model.Error, Default: true, Kind: model.KindSum, Since: second, Basis: basisBook,
		Title:     model.Text{Zh: "经费情况说明的年度预算与申报表的年度资金总额不等", En: "a section's annual budget is not the form's annual total"},
		Rationale: model.Text{Zh: "同一个项目在一份预算文本里公开了两个金额，读的人不知道哪一个是批复的预算。", En: "One budget book publishes two amounts for one project, and nobody can tell which was approved."},
		Fix:       model.Text{Zh: "按批复的预算核对，改正填错的一处。", En: "Check against the approved budget and correct the wrong one."},
		Bad:       booklet(edit{"2026年度预算安排36万元，其中展项维护20万元，教具更新16万元。", "2026年度预算安排38万元，其中展项维护20万元，教具更新18万元。"}),
		Good:      bookletShowing("年度预算安排"),
	},
	book: bookRule{narrative: narrativeAmount, across: true},
}

func narrativeAmount(b *booked, n *model.Narrative) verdict {
	c, v := b.match(n)
	if c == nil {
		return v
	}
	if !n.Amount.Valid() {
		return insufficient("“{title}”里没有写明本年度的金额", `"{title}" does not settle the year's amount`, model.Args{"title": n.Title})
	}
	if v, lacks := c.lacking("funding.annual.total"); lacks {
		return v
	}
	if !c.annual.Valid() {
		return insufficient("申报表没有可用的年度资金总额", "the form has no valid annual total", nil)
	}
	if hasAny(n.Sections[model.SectionBudget].Text, []string{"差异原因", "差额", "不一致"}) {
		return notApplicable("说明里解释了与申报表的差别", "the section explains the difference")
	}
	gap, tolerance := n.Amount.Amount.Sub(c.annual.Amount), n.Amount.Half().Add(c.annual.Half())
	if gap.Abs().LessThanOrEqual(tolerance) {
		return judged(nil)
	}
	x := b.finding(n, "amount", model.SectionBudget, n.Amount.Raw, c, model.Text{
		Zh: "“{section}”的经费情况说明写的年度预算是 {stated} 元，{where}的年度资金总额是 {total} 元，相差 {gap} 元。请核对，改成一致。",
		En: `The section on "{section}" gives an annual budget of {stated} yuan, the annual total of {where_en} is {total} yuan, a gap of {gap}. Make them agree.`,
	}, model.Args{"stated": model.FormatMoney(n.Amount.Amount), "total": model.FormatMoney(c.annual.Amount), "gap": model.FormatMoney(gap.Abs())})
	x.Related = []model.Related{c.related("funding.annual.total", c.annual.Raw)}
	x.Evidence = map[string]string{"narrative": n.Amount.String(), "annual_total": c.annual.String(), "gap": gap.StringFixed(2), "tolerance": tolerance.String()}
	return judged([]model.Finding{x})
}

var narrativePeriodMismatchRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "K002", Name: "narrative-period-mismatch", Severity: model.Error, Default: true, Kind: model.KindForm, Since: second, Basis: basisBook,
		Title:     model.Text{Zh: "经费情况说明的实施周期不在本预算年度，或与申报表的起止日期不同", En: "a section's period lies outside the book's year, or differs from the form's dates"},
		Rationale: model.Text{Zh: "去年的说明照抄到今年，周期忘了改，公开出去一看便知。", En: "A section copied from last year's book keeps its dates, and every reader sees it."},
		Fix:       model.Text{Zh: "把实施周期改成本年度的；跨年项目按申报表的起止日期写。", En: "Write this year's period; for a project over several years the form's dates."},
		Bad:       booklet(edit{"2026年1月1日-2026年12月31日", "2025年1月1日-2025年12月31日"}),
		Good:      bookletShowing("实施周期", "2026年1月1日"),
	},
	book: bookRule{narrative: narrativePeriod, across: true},
}

func narrativePeriod(b *booked, n *model.Narrative) verdict {
	if !n.StartDate.Valid || !n.EndDate.Valid {
		if n.Period == "" {
			return notApplicable("说明里没有实施周期", "the section gives no period")
		}
		return insufficient("实施周期“{period}”没有写明起止日期", `the period "{period}" names no first and last day`, model.Args{"period": n.Period})
	}
	c, v := b.match(n)
	year := b.year
	if year == 0 && c != nil {
		year = c.year
	}
	span := n.StartDate.String() + "～" + n.EndDate.String()
	outside := year != 0 && (n.StartDate.Year > year || n.EndDate.Year < year)
	switch {
	case (outside || n.EndDate.Before(n.StartDate)) && b.across:
		return notApplicable("只看书本身就已经报过", "reported from the book alone")
	case n.EndDate.Before(n.StartDate):
		x := b.finding(n, "period", model.SectionPeriod, n.Period, c, model.Text{
			Zh: "“{section}”的实施周期结束在开始之前：{span}。请改正。",
			En: `The period of "{section}" ends before it begins: {span}. Correct it.`,
		}, model.Args{"span": span})
		return judged([]model.Finding{x})
	case outside:
		x := b.finding(n, "period", model.SectionPeriod, n.Period, c, model.Text{
			Zh: "“{section}”的实施周期是 {span}，不在{year}年度内。是不是沿用了往年的说明？",
			En: `The period of "{section}" is {span}, outside the fiscal year {year}. Was last year's section taken over?`,
		}, model.Args{"span": span, "year": strconv.Itoa(year)})
		x.Evidence = map[string]string{"start": n.StartDate.String(), "end": n.EndDate.String(), "year": strconv.Itoa(year)}
		return judged([]model.Finding{x})
	}
	if c == nil {
		if year != 0 {
			return judged(nil)
		}
		return v
	}
	if v, lacks := c.lacking("project.start_date", "project.end_date"); lacks {
		return v
	}
	if !c.start.Valid || !c.end.Valid {
		return insufficient("申报表没有可用的起止日期", "the form has no valid dates", nil)
	}
	if sameSpan(n.StartDate, n.EndDate, c.start, c.end, year) {
		return judged(nil)
	}
	x := b.finding(n, "period", model.SectionPeriod, n.Period, c, model.Text{
		Zh: "“{section}”的实施周期是 {span}，{where}的起止日期是 {dates}。请改成一致。",
		En: `The period of "{section}" is {span}, the dates of {where_en} are {dates}. Make them agree.`,
	}, model.Args{"span": span, "dates": c.start.String() + "～" + c.end.String()})
	x.Severity = model.Warning
	x.Related = []model.Related{c.related("project.start_date", c.start.Raw), c.related("project.end_date", c.end.Raw)}
	x.Evidence = map[string]string{"start": n.StartDate.String(), "end": n.EndDate.String(), "plan_start": c.start.String(), "plan_end": c.end.String()}
	return judged([]model.Finding{x})
}

// sameSpan says whether two spans agree: they are equal, or one is what the
// other has of the fiscal year.
func sameSpan(aStart, aEnd, bStart, bEnd model.Date, year int) bool {
	type span struct{ from, to string }
	a, b := span{aStart.String(), aEnd.String()}, span{bStart.String(), bEnd.String()}
	if a == b {
		return true
	}
	if year == 0 {
		return false
	}
	first, last := strconv.Itoa(year)+"-01-01", strconv.Itoa(year)+"-12-31"
	clip := func(s span) span { return span{max(s.from, first), min(s.to, last)} }
	return a == clip(b) || b == clip(a)
}

var narrativePartsMismatchRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "K003", Name: "narrative-parts-mismatch", Severity: model.Error, Default: true, Kind: model.KindSum, Since: second, Basis: basisBook,
		Title:     model.Text{Zh: "经费情况说明里各部分之和不等于年度预算", En: "the parts in a section do not add up to its annual budget"},
		Rationale: model.Text{Zh: "“其中”各项加起来对不上总数，至少有一个数是错的。", En: "Where the parts do not make the whole, at least one figure is wrong."},
		Fix:       model.Text{Zh: "逐项核对金额；只列了一部分的，写明“等”或补上其余的。", En: "Check each amount; where only some are listed, say so or add the others."},
		Bad:       booklet(edit{"教具更新16万元", "教具更新18万元"}),
		Good:      bookletShowing("年度预算安排"),
	},
	book: bookRule{narrative: narrativeParts},
}

func narrativeParts(b *booked, n *model.Narrative) verdict {
	if len(n.Parts) == 0 {
		return notApplicable("说明里没有把金额分成几部分", "the section does not divide its amount")
	}
	if !n.Amount.Valid() {
		return insufficient("“{title}”里没有写明本年度的金额", `"{title}" does not settle the year's amount`, model.Args{"title": n.Title})
	}
	beside, _ := b.match(n) // only to show it there
	sum, tolerance := decimal.Zero, n.Amount.Half()
	var terms []string
	for _, p := range n.Parts {
		sum, tolerance = sum.Add(p.Amount), tolerance.Add(p.Half())
		terms = append(terms, model.FormatMoney(p.Amount))
	}
	gap := sum.Sub(n.Amount.Amount)
	differs := gap.Abs().GreaterThan(tolerance)
	sums := n.Sum.Valid() && n.Sum.Amount.Sub(n.Amount.Amount).Abs().GreaterThan(n.Sum.Half().Add(n.Amount.Half()))
	severity := model.Error
	switch {
	case !differs && !sums:
		return judged(nil)
	case sums && !differs:
		x := b.finding(n, "amount", model.SectionBudget, n.Amount.Raw, beside, model.Text{
			Zh: "“{section}”的年度预算是 {stated} 元，后面的合计却是 {sum} 元。请核对。",
			En: `The annual budget of "{section}" is {stated} yuan, the sum behind it {sum} yuan. Check them.`,
		}, model.Args{"stated": model.FormatMoney(n.Amount.Amount), "sum": model.FormatMoney(n.Sum.Amount)})
		x.Evidence = map[string]string{"amount": n.Amount.String(), "sum": n.Sum.String()}
		return judged([]model.Finding{x})
	case gap.IsNegative() && (n.Division == model.Partial || n.Division == model.Listed && len(n.Parts) == 1):
		return insufficient("说明里只列了一部分金额", "the section lists only some of the parts", nil)
	case gap.IsNegative() && n.Division == model.Listed, n.Division == model.Partial:
		severity = model.Warning
	}
	x := b.finding(n, "parts", model.SectionBudget, n.Amount.Raw, beside, model.Text{
		Zh: "“{section}”的各部分 {terms} ＝ {sum} 元，年度预算写的是 {stated} 元，相差 {gap} 元。请核对这几个金额。",
		En: `The parts of "{section}" {terms} = {sum} yuan, but its annual budget is {stated} yuan, a gap of {gap}. Check these amounts.`,
	}, model.Args{"terms": strings.Join(terms, " ＋ "), "sum": model.FormatMoney(sum), "stated": model.FormatMoney(n.Amount.Amount), "gap": model.FormatMoney(gap.Abs())})
	x.Severity = severity
	x.Evidence = map[string]string{"amount": n.Amount.String(), "sum": sum.StringFixed(2), "gap": gap.StringFixed(2), "tolerance": tolerance.String()}
	return judged([]model.Finding{x})
}

var narrativeBodyMismatchRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "K004", Name: "narrative-body-mismatch", Severity: model.Warning, Default: true, Kind: model.KindHeuristic, Since: second, Basis: basisBook,
		Title:     model.Text{Zh: "经费情况说明的实施主体不是申报表的实施单位或主管部门", En: "a section's implementing body is neither the form's unit nor its department"},
		Rationale: model.Text{Zh: "实施主体写成了别的单位，多半是从别的项目复制的，钱由谁用也就说不清。", En: "Another office's name was mostly copied from another project, and leaves open who spends the money."},
		Fix:       model.Text{Zh: "把实施主体改成申报表的实施单位；确由别的单位实施的，改申报表。", En: "Name the form's unit; where another office does implement it, correct the form."},
		Bad:       booklet(edit{"三、实施主体\n云栖市青少年科普馆", "三、实施主体\n云栖市农业农村局"}),
		Good:      bookletShowing("实施主体", "实施单位"),
	},
	book: bookRule{narrative: narrativeBody, across: true},
}

func narrativeBody(b *booked, n *model.Narrative) verdict {
	c, v := b.match(n)
	if c == nil {
		return v
	}
	if n.ImplementingBody == "" {
		return insufficient("“{title}”的实施主体不是一个单位的名称", `the implementing body of "{title}" is no office's name`, model.Args{"title": n.Title})
	}
	if c.unit == "" && c.department == "" {
		return insufficient("申报表没有实施单位和主管部门", "the form names neither unit nor department", nil)
	}
	certain := true
	for _, body := range bodiesIn(n.ImplementingBody) {
		if oneOffice(body, fold(c.unit)) || oneOffice(body, fold(c.department)) {
			return judged(nil)
		}
		certain = certain && isOffice(body)
	}
	if !certain {
		return insufficient("“{body}”是不是申报表上的单位，从名称看不出来", `whether "{body}" is the form's office cannot be told from its name`, model.Args{"body": n.ImplementingBody})
	}
	for _, field := range []string{"project.implementing_unit", "project.supervising_department"} {
		if v, lacks := c.lacking(field); lacks {
			return v
		}
	}
	x := b.finding(n, "implementing_body", model.SectionBody, n.ImplementingBody, c, model.Text{
		Zh: "“{section}”的实施主体写的是“{body}”，{where}的实施单位是“{unit}”，主管部门是“{department}”。请核实。",
		En: `The implementing body of "{section}" is "{body}", but the unit of {where_en} is "{unit}" and its department "{department}". Find out which holds.`,
	}, model.Args{"body": n.ImplementingBody, "unit": c.unit, "department": c.department})
	x.Related = []model.Related{c.related("project.implementing_unit", c.unit)}
	x.Evidence = map[string]string{"body": n.ImplementingBody, "unit": c.unit, "department": c.department}
	return judged([]model.Finding{x})
}

// bodiesIn are the offices that a text names, folded.
func bodiesIn(s string) []string {
	return strings.FieldsFunc(strings.NewReplacer("以及", "、", "和", "、", "及", "、").Replace(fold(s)), func(r rune) bool { return r == '、' || r == ',' })
}

// publicOffices are what the name of a public office ends in.
var publicOffices = []string{"局", "委", "委员会", "中心", "办", "办公室", "办事处", "处", "院", "学校", "小学", "中学", "大学", "幼儿园", "馆", "站", "所", "队", "部", "政府", "联合会", "总工会", "协会", "厅", "署"}

// isOffice says whether a folded name is a public office's, and not that of a
// company which may work for one.
func isOffice(s string) bool {
	s = withoutBrackets(s)
	return utf8.RuneCountInString(s) >= 4 && endsIn(s, publicOffices) != "" && !hasAny(s, []string{"公司", "企业", "各", "等", "有关", "相关", "本部门", "本单位", "设计院"})
}

// oneOffice says whether two folded names may mean one office: one is part of
// the other, or its abbreviation (区文旅局 of 普陀区文化和旅游局).
func oneOffice(a, b string) bool {
	a, b = officeName(a), officeName(b)
	if utf8.RuneCountInString(a) > utf8.RuneCountInString(b) {
		a, b = b, a
	}
	if utf8.RuneCountInString(a) < 2 {
		return false
	}
	return strings.Contains(b, a) || abbreviates(a, b)
}

// officeName leaves out what says that the office itself is meant.
func officeName(s string) string {
	s = withoutBrackets(s)
	for _, w := range []string{"本级", "机关", "本部", "部门"} {
		if rest := strings.TrimSuffix(s, w); utf8.RuneCountInString(rest) >= 3 {
			s = rest
		}
	}
	return s
}

// abbreviates says whether all characters of a stand in b in their order, the
// last at its end.
func abbreviates(a, b string) bool {
	ra, rb := []rune(a), []rune(b)
	if len(ra) < 3 || ra[len(ra)-1] != rb[len(rb)-1] {
		return false
	}
	i := 0
	for _, r := range rb {
		if i < len(ra) && ra[i] == r {
			i++
		}
	}
	return i == len(ra)
}

var narrativeGoalMismatchRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "K005", Name: "narrative-goal-mismatch", Severity: model.Warning, Default: true, Kind: model.KindHeuristic, Since: second, Basis: basisBook,
		Title:     model.Text{Zh: "经费情况说明的绩效目标与申报表的年度总体目标，数字或项目对不上", En: "a section's goal and the form's name different figures or projects"},
		Rationale: model.Text{Zh: "同一件事两处写的数量不同，考核时不知道按哪一个。", En: "Where one thing has two counts, nobody knows which one is to be reached."},
		Fix:       model.Text{Zh: "按申报表改写说明里的目标，或写“详见绩效目标表”。", En: "Rewrite the section's goal after the form, or refer to it."},
		Bad:       booklet(edit{"展厅全年开放300天", "展厅全年开放280天"}),
		Good:      bookletShowing("300天"),
	},
	book: bookRule{narrative: narrativeGoal, across: true},
}

func narrativeGoal(b *booked, n *model.Narrative) verdict {
	c, v := b.match(n)
	if c == nil {
		return v
	}
	goal := fold(stripMarkup(n.Goal))
	if goal == "" || refersToForm(goal) {
		return notApplicable("说明里没有另写目标", "the section gives no goal of its own")
	}
	if v, lacks := c.lacking("goals.annual"); lacks {
		return v
	}
	if c.goal == "" {
		return insufficient("申报表没有年度总体目标", "the form has no annual goal", nil)
	}
	if o := b.namedInstead(n, c, goal); o != nil {
		x := b.finding(n, "goal", model.SectionGoal, n.Goal, c, model.Text{
			Zh: "“{section}”的绩效目标写的是另一个项目“{other}”。是不是从别处复制的？",
			En: `The goal of "{section}" is about another project, "{other}". Was it copied?`,
		}, model.Args{"other": o.project})
		x.Related = []model.Related{o.related("project.name", o.project), c.related("goals.annual", "")}
		x.Evidence = map[string]string{"named": o.project}
		return judged([]model.Finding{x})
	}
	theirs := b.lex.goalFigures(c.goal)
	compared := false
	var out []model.Finding
	for _, mine := range b.lex.goalFigures(goal) {
		other := figureLike(mine, theirs)
		if other == nil {
			continue
		}
		compared = true
		if other.n.Equal(mine.n) {
			continue
		}
		x := b.finding(n, "goal", model.SectionGoal, mine.clause, c, model.Text{
			Zh: "“{section}”的绩效目标写“{mine}”，{where}的年度总体目标写“{theirs}”。请改成一致。",
			En: `The goal of "{section}" says "{mine}", the annual goal of {where_en} "{theirs}". Make them agree.`,
		}, model.Args{"mine": mine.clause, "theirs": other.clause})
		x.Related = []model.Related{c.related("goals.annual", other.clause)}
		x.Related[0].Text = other.clause
		x.Evidence = map[string]string{"narrative": mine.text, "form": other.text}
		out = append(out, x)
	}
	if !compared {
		return notApplicable("两处目标没有写到同一个数字", "the two goals have no figure in common")
	}
	return judged(out)
}

// refersToForm says whether a goal only sends the reader to the form.
func refersToForm(goal string) bool {
	const short = 45
	return utf8.RuneCountInString(goal) <= short && strings.Contains(goal, "见") && strings.Contains(goal, "表")
}

// namedInstead is another form's project that the goal names, where it names
// neither its own nor what that form is about in passing.
func (b *booked) namedInstead(_ *model.Narrative, c *counterpart, goal string) *counterpart {
	own := keyOfProject(c.project).core
	if own == "" || strings.Contains(withoutSigns(goal), own) {
		return nil
	}
	const telling = 5 // characters of a name that no other thing has
	for i := range b.forms {
		o := &b.forms[i]
		core := b.keys[i].core
		if o != c && utf8.RuneCountInString(core) >= telling && core != own && strings.Contains(withoutSigns(goal), core) && !strings.Contains(withoutSigns(c.goal), core) {
			return o
		}
	}
	return nil
}

// figureLike is the other goal's figure about the same thing: of the same
// unit, among the same words. nil where none or several could be meant.
func figureLike(x figure, list []figure) *figure {
	const same = 0.75 // share of the words about a figure that stand about the other
	var found *figure
	for i := range list {
		y := &list[i]
		if y.unit != x.unit || x.added() != y.added() {
			continue
		}
		a, b := withoutDigits(x.before+x.after), withoutDigits(y.before+y.after)
		if a != b && (containment(a, b) < same || containment(b, a) < same) {
			continue
		}
		if y.n.Equal(x.n) {
			return y
		}
		if found != nil {
			return nil
		}
		found = y
	}
	return found
}

func withoutDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, s)
}

var statementMismatchRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "K006", Name: "statement-mismatch", Severity: model.Error, Default: true, Kind: model.KindSum, Since: second, Basis: basisBook,
		Title:     model.Text{Zh: "编报绩效目标的项目个数或金额与申报表对不上", En: "the stated number or amount of projects with targets is not that of the forms"},
		Rationale: model.Text{Zh: "预算文本写编报了几个项目、多少钱，所附的申报表却不是这个数，说明漏了表或写错了数。", En: "Where the book's own count differs from its forms, a form is missing or the figure is wrong."},
		Fix:       model.Text{Zh: "逐张清点申报表，改正个数和金额，或补上缺的表。", En: "Count the forms, correct the figures, or add what is missing."},
		Bad:       booklet(edit{"项目1个，涉及项目预算资金36.00万元", "项目1个，涉及项目预算资金63.00万元"}),
		Good:      bookletShowing("编报绩效目标的项目"),
	},
	book: bookRule{statement: statementCount, across: true},
}

func statementCount(b *booked, s *model.Statement) verdict {
	if len(b.forms) == 0 {
		return notApplicable("没有申报表可以对照", "there are no forms to compare with")
	}
	forms, v := b.counted(s)
	if len(forms) == 0 {
		return v
	}
	n := len(forms)
	sum, tolerance, known := decimal.Zero, s.Amount.Half(), s.Amount.Valid()
	for _, c := range forms {
		if !c.annual.Valid() {
			known = false
			continue
		}
		sum, tolerance = sum.Add(c.annual.Amount), tolerance.Add(c.annual.Half())
	}
	sameCount := n == s.Projects
	sameAmount := known && sum.Sub(s.Amount.Amount).Abs().LessThanOrEqual(tolerance)
	severity := model.Error
	switch {
	case sameCount && (sameAmount || !s.Amount.Valid()):
		return judged(nil)
	case sameCount && !known:
		return insufficient("有的申报表没有可用的年度资金总额", "some forms have no valid annual total", nil)
	case n < s.Projects && !sameAmount && 2*n < s.Projects:
		return insufficient("只有{n}张申报表，而编报的项目有{projects}个：看来只公开了一部分", "there are {n} forms of {projects} projects: it seems that only some were published",
			model.Args{"n": strconv.Itoa(n), "projects": strconv.Itoa(s.Projects)})
	case n < s.Projects && !sameAmount:
		severity = model.Warning // perhaps only some were published
	}
	var zh, en []string
	if !sameCount {
		zh = append(zh, "编报绩效目标的项目有"+strconv.Itoa(s.Projects)+"个，申报表有"+strconv.Itoa(n)+"张")
		en = append(en, "there are "+strconv.Itoa(s.Projects)+" projects with targets, but "+strconv.Itoa(n)+" forms")
	}
	if known && !sameAmount {
		zh = append(zh, "涉及资金 "+model.FormatMoney(s.Amount.Amount)+" 元，各表年度资金总额之和是 "+model.FormatMoney(sum)+" 元")
		en = append(en, "they stand for "+model.FormatMoney(s.Amount.Amount)+" yuan, but the forms' annual totals make "+model.FormatMoney(sum)+" yuan")
	}
	index := slices.IndexFunc(b.statements, func(o model.Statement) bool { return o.Text == s.Text && o.Location == s.Location })
	field := "projects"
	if sameCount {
		field = "amount"
	}
	x := model.Finding{Path: b.path, Severity: severity, Field: "statements[" + strconv.Itoa(index) + "]." + field, Text: s.Text, Location: s.Location,
		Message: model.Message{Text: model.Text{
			Zh: "文中写{said_zh}。请核对，改正数字或补上缺的表。",
			En: "The text says that {said_en}. Correct the figures, or add the forms that are missing.",
		}, Args: model.Args{"said_zh": strings.Join(zh, "；"), "said_en": strings.Join(en, "; ")}},
		Evidence: map[string]string{"projects": strconv.Itoa(s.Projects), "forms": strconv.Itoa(n), "amount": s.Amount.String(), "sum": sum.StringFixed(2)}}
	return judged([]model.Finding{x})
}

// counted are the forms that a statement counts: those of its year, and of the
// one unit where it speaks of a unit. The verdict says why there are none.
func (b *booked) counted(s *model.Statement) ([]*counterpart, verdict) {
	var out []*counterpart
	units := map[string]bool{}
	seen := map[string]bool{}
	for i := range b.forms {
		c := &b.forms[i]
		if c.kind == model.DepartmentForm || s.Year != 0 && c.year != 0 && c.year != int(s.Year) {
			continue
		}
		if s.Scope == model.SingleUnit && b.office != "" && c.unit != "" && !sameUnit(fold(b.office), fold(c.unit)) {
			continue
		}
		key := fold(c.project) + "\x1f" + fold(c.unit)
		if b.across && c.project != "" && seen[key] {
			continue // handed in twice
		}
		seen[key] = true
		units[officeName(fold(c.unit))] = true
		out = append(out, c)
	}
	if s.Scope == model.SingleUnit && b.office == "" && len(units) > 1 {
		return nil, insufficient("文中写的是本单位，但申报表有几个单位的，不知道是哪一个", "the sentence speaks of one unit, but the forms are of several", nil)
	}
	return out, notApplicable("没有这一年度、这个单位的申报表", "there are no forms of that year and office")
}

// sameUnit says whether two folded names mean one unit: 区司法局 and
// 普陀区司法局, not a unit below it.
func sameUnit(a, b string) bool {
	a, b = officeName(a), officeName(b)
	if len(a) > len(b) {
		a, b = b, a
	}
	return utf8.RuneCountInString(a) >= 3 && strings.HasSuffix(b, a)
}

var sectionWithoutFormRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "K007", Name: "section-without-form", Severity: model.Warning, Default: true, Kind: model.KindForm, Since: second, Basis: basisBook,
		Title:     model.Text{Zh: "项目有经费情况说明，却没有申报表", En: "a project has a section but no form"},
		Rationale: model.Text{Zh: "同一本预算里别的项目都附了申报表，单单这个项目没有，多半是漏了。", En: "Where a book holds forms, a project that it describes should have one."},
		Fix:       model.Text{Zh: "补上这个项目的申报表；名称写法不同的，改成一致。", En: "Add the project's form, or give the project one name in both places."},
		Bad:       booklet(edit{"青少年科普展厅运行项目经费情况说明", "天文台望远镜维修项目经费情况说明"}),
		Good:      bookletShowing("经费情况说明", "项目名称"),
	},
	book: bookRule{narrative: sectionWithoutForm},
}

func sectionWithoutForm(b *booked, n *model.Narrative) verdict {
	c, v := b.match(n)
	if c != nil {
		return judged(nil)
	}
	if len(b.forms) == 0 || n.Project == "" {
		return v
	}
	key := keyOfProject(n.Project)
	const alike = 0.5 // share of a name's pairs of characters from which it may be the same in other words
	for i := range b.forms {
		o := &b.keys[i]
		if o.whole == "" {
			return insufficient("有一张申报表没有项目名称，可能就是“{project}”的", `a form without a project's name may be that of "{project}"`, model.Args{"project": n.Project})
		}
		if o.core == key.core || o.bare == key.bare || strings.Contains(o.core, key.core) || strings.Contains(key.core, o.core) || max(containment(key.core, o.core), containment(o.core, key.core)) >= alike {
			return insufficient("“{project}”和申报表“{name}”是不是一个项目，从名称看不出来", `whether "{project}" is the form's "{name}" cannot be told from the names`, model.Args{"project": n.Project, "name": b.forms[i].project})
		}
	}
	x := b.finding(n, "project", "", n.Title, nil, model.Text{
		Zh: "“{section}”有经费情况说明，但{count}张申报表里没有它的。请补上，或把名称改成一致。",
		En: `There is a section on "{section}", but none of the {count} forms is its own. Add it, or use one name.`,
	}, model.Args{"count": strconv.Itoa(len(b.forms))})
	x.Evidence = map[string]string{"project": n.Project, "forms": strconv.Itoa(len(b.forms))}
	return judged([]model.Finding{x})
}

// exampleProse is a book's text about the example form, with which it agrees.
const exampleProse = "云栖市2026年市级部门预算\n" +
	"预算主管部门：云栖市科普事务局\n" +
	"四、绩效目标设置情况\n" +
	"2026年，本部门编报绩效目标的项目1个，涉及项目预算资金36.00万元。\n" +
	"云栖市青少年科普展厅运行项目经费情况说明\n" +
	"一、项目概述\n" +
	"保障科普展厅正常开放。\n" +
	"二、立项依据\n" +
	"年度工作计划。\n" +
	"三、实施主体\n" +
	"云栖市青少年科普馆\n" +
	"四、实施方案\n" +
	"按月巡检，按季更新。\n" +
	"五、实施周期\n" +
	"2026年1月1日-2026年12月31日\n" +
	"六、年度预算安排\n" +
	"2026年度预算安排36万元，其中展项维护20万元，教具更新16万元。\n" +
	"七、绩效目标\n" +
	"展厅全年开放300天，服务青少年。\n"

// exampleBook is that text before the example form, whose goal has the
// section's figure.
func exampleBook() string {
	return exampleProse + strings.Replace(exampleForm, annualGoal, "展厅全年开放300天，"+annualGoal, 1)
}

// booklet is the example book with edits; what matters are the changed lines.
func booklet(edits ...edit) model.ExampleMaker {
	return func() model.Example { return editedBook(edits) }
}

func editedBook(edits []edit) model.Example {
	doc := exampleBook()
	var words []string
	for _, e := range edits {
		if !strings.Contains(doc, e.old) {
			doc += unmatched + e.old + "\n"
			continue
		}
		doc = strings.Replace(doc, e.old, e.new, 1)
		words = append(words, strings.Split(e.new, "\n")...)
	}
	return showing(doc, words)
}

// bookletShowing is the example book as it is; the lines that hold one of the
// words matter.
func bookletShowing(words ...string) model.ExampleMaker {
	return func() model.Example { return showing(exampleBook(), words) }
}
