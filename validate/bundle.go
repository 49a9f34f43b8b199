package validate

// The rules here look at all documents of a run together. A Bundle checks them.

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"perfgoal/model"
)

var (
	basisBundle   = model.Text{Zh: "同一批材料之间的对照", En: "the documents of one bundle held against each other"}
	basisManifest = model.Text{Zh: "报送清单（--manifest）与申报表的对照", En: "the manifest (--manifest) held against the forms"}
)

// otherProject makes the example form another project, without likeness to
// the first.
var otherProject = []edit{{"云栖市青少年科普展厅运行项目", "云栖市科普大篷车巡展项目"}, {annualGoal, caravanGoal}}

// files is an example of two documents, each the example form with edits.
func files(words []string, first, second []edit) model.ExampleMaker {
	return func() model.Example {
		x := showing(edited(first), words)
		x.Files = []string{edited(second)}
		return x
	}
}

func withFiles(m model.ExampleMaker, more ...string) model.ExampleMaker {
	return func() model.Example {
		x := m()
		x.Files = more
		return x
	}
}

func withManifest(m model.ExampleMaker, manifest string) model.ExampleMaker {
	return func() model.Example {
		x := m()
		x.Manifest = manifest
		return x
	}
}

func withUnread(m model.ExampleMaker, name string) model.ExampleMaker {
	return func() model.Example {
		x := m()
		x.Unread = name
		return x
	}
}

// ManifestRow is a project that is to be submitted.
type ManifestRow struct {
	Unit, Project string
	Amount        model.Money // blank where the manifest gives none
	Line          int         // 1-based row of the file
}

// Manifest is the list of what is to be submitted.
type Manifest struct {
	Path string
	Rows []ManifestRow
}

// Completeness is what of a manifest came, by unit: the manifest's units in
// its order, then units that only forms name. Amounts are in yuan.
type Completeness struct {
	Manifest string
	Units    []UnitCompleteness
}

// UnitCompleteness counts one unit's projects.
type UnitCompleteness struct {
	Unit                                string
	Expected, Submitted, Missing, Extra int
	Unread                              int // neither submitted nor missing: a file is there but could not be read
	AmountDiffers                       int
	Unstated                            int             // expected projects whose amount the manifest does not state
	ExpectedAmount, SubmittedAmount     decimal.Decimal // what is valid of them
}

// bundleCheck is a rule's check of a bundle.
type bundleCheck func(b *Bundle, t *Thresholds) verdict

// Bundle holds what the bundle rules need of each document, not the forms.
// It is fed in input order by one goroutine.
type Bundle struct {
	engine   *Engine
	manifest *Manifest
	docs     []bundleDoc
	forms    []bundleForm
	books    []bundleBook
}

// bundleBook is what a book without forms says, to be held against the forms
// of its office.
type bundleBook struct {
	doc        int
	office     string
	year       int
	narratives []model.Narrative
	statements []model.Statement
}

type bundleDoc struct {
	path, digest string
	status       model.Status
	problem      *model.Problem
	twin         int  // an earlier document with the same content, or -1
	book         bool // it holds what a budget book says around its forms
}

type bundleForm struct {
	doc                       int
	index, year               int
	project, department, unit string
	annual                    model.Money
	name, office              model.Location // of the project's name and the department
	location                  model.Location
	kind                      model.FormKind
	start, end                model.Date
	goal                      string
}

// NewBundle starts a bundle; the manifest may be nil.
func (e *Engine) NewBundle(manifest *Manifest) *Bundle { return &Bundle{engine: e, manifest: manifest} }

// BundleItem is what a bundle keeps of one document. Items may be made by
// several goroutines.
type BundleItem struct {
	doc   bundleDoc
	forms []bundleForm
	book  *bundleBook
}

// NewBundleItem takes from a document what bundle rules need.
func NewBundleItem(doc *model.Document) BundleItem {
	item := BundleItem{doc: bundleDoc{path: doc.Path, digest: doc.Digest, status: doc.Status, problem: doc.Error, twin: -1}}
	if item.doc.book = len(doc.Narratives)+len(doc.Statements) > 0; item.doc.book && len(doc.Forms) == 0 {
		item.book = &bundleBook{office: doc.Office, year: int(doc.FiscalYear), narratives: doc.Narratives, statements: doc.Statements}
	}
	for i := range doc.Forms {
		f := &doc.Forms[i]
		money := f.Funding.Annual.Total
		money.Raw = ""
		item.forms = append(item.forms, bundleForm{index: f.Index, year: int(f.FiscalYear),
			project: strings.Clone(f.Project.Name), department: strings.Clone(f.Project.SupervisingDepartment), unit: strings.Clone(f.Project.ImplementingUnit),
			annual: money, location: f.Location, name: sourceOf(f, "project.name"), office: sourceOf(f, "project.supervising_department"),
			kind: f.Kind, start: f.Project.StartDate, end: f.Project.EndDate, goal: strings.Clone(f.Goals.Annual)})
	}
	return item
}

func sourceOf(f *model.Form, field string) model.Location {
	if s, ok := f.Sources[field]; ok {
		return s.Location
	}
	return f.Location
}

// Add takes the next document.
func (b *Bundle) Add(item BundleItem) {
	doc := len(b.docs)
	b.docs = append(b.docs, item.doc)
	for _, f := range item.forms {
		f.doc = doc
		b.forms = append(b.forms, f)
	}
	if item.book != nil {
		item.book.doc = doc
		b.books = append(b.books, *item.book)
	}
}

// Close checks the bundle rules that the engine has. Findings stand in input
// order, those about the manifest itself last.
func (b *Bundle) Close() Result {
	byDigest := map[string]int{}
	for i := range b.docs {
		if first, seen := byDigest[b.docs[i].digest]; seen && b.docs[i].digest != "" {
			b.docs[i].twin = first
		} else {
			byDigest[b.docs[i].digest] = i
		}
	}
	res := Result{Findings: []model.Finding{}, Checks: []model.Checks{}, Single: []model.Check{}}
	order := map[string]int{}
	for i, d := range b.docs {
		order[d.path] = i
	}
	whole := &document{Document: &model.Document{}}
	books := b.booked()
	for _, r := range b.engine.rules {
		if r.book.across && len(books) > 0 {
			b.holdBooks(&res, r, books, whole)
			continue
		}
		if r.bundle == nil {
			continue
		}
		res.Checks = append(res.Checks, model.Checks{Rule: r.Code})
		v := r.bundle(b, &b.engine.thresholds)
		b.engine.count(&res, &res.Checks[len(res.Checks)-1], whole, -1, v)
		for _, f := range v.findings {
			path := f.Path
			b.engine.complete(&res, r, whole, []model.Finding{f})
			res.Findings[len(res.Findings)-1].Path = path
		}
	}
	slices.SortStableFunc(res.Findings, func(x, y model.Finding) int {
		return cmp.Or(cmp.Compare(orderOf(order, x.Path), orderOf(order, y.Path)), cmp.Compare(formNumber(x.Form), formNumber(y.Form)), strings.Compare(x.Rule, y.Rule))
	})
	fingerprint(res.Findings, whole.Document)
	return res
}

func orderOf(order map[string]int, path string) int {
	if i, known := order[path]; known {
		return i
	}
	return len(order)
}

// key names a project within its unit, "" where the form does not name it.
func (f *bundleForm) key() string {
	if fold(f.project) == "" {
		return ""
	}
	return fold(f.project) + "\x1f" + fold(f.unit)
}

func (b *Bundle) finding(f *bundleForm, field string, at model.Location, text model.Text, args model.Args) model.Finding {
	index := f.index
	return model.Finding{Path: b.docs[f.doc].path, Form: &index, Project: f.project, Field: field, Text: f.project, Location: at,
		Message: model.Message{Text: text, Args: args}}
}

func (b *Bundle) related(f *bundleForm, field, text string, at model.Location) model.Related {
	index := f.index
	return model.Related{Path: b.docs[f.doc].path, Form: &index, Field: field, Text: text, Location: at}
}

// where names a form's place in words, for messages.
func (b *Bundle) where(f *bundleForm) (zh, en string) {
	n := strconv.Itoa(f.index)
	return "“" + b.docs[f.doc].path + "”第" + n + "张", b.docs[f.doc].path + " form " + n
}

// repeats calls each with every form whose project an earlier form of another
// document names, and that form. Forms of identical files are left to B003.
func (b *Bundle) repeats(each func(first, again *bundleForm)) {
	byKey := map[string]int{}
	for i := range b.forms {
		f := &b.forms[i]
		key := f.key()
		if key == "" || b.docs[f.doc].twin >= 0 {
			continue
		}
		first, seen := byKey[key]
		if !seen {
			byKey[key] = i
			continue
		}
		if b.forms[first].doc != f.doc {
			each(&b.forms[first], f)
		}
	}
}

func amountOf(m model.Money) string {
	if !m.Valid() {
		return "—"
	}
	return model.FormatMoney(m.Amount)
}

func sameAmount(a, b model.Money) bool {
	return a.Valid() && b.Valid() && a.Amount.Equal(b.Amount) || !a.Valid() && !b.Valid()
}

var duplicateProjectRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "B001", Name: "duplicate-project", Severity: model.Warning, Default: true, Kind: model.KindForm, Since: since, Basis: basisBundle,
		Title:     model.Text{Zh: "同一个项目报了不止一次", En: "one project submitted more than once"},
		Rationale: model.Text{Zh: "同一单位的同一项目在几份材料里各报一次，汇总时金额会重复计算。", En: "A project that stands in several documents is counted more than once in the sums."},
		Fix:       model.Text{Zh: "保留最后确定的一份，撤回其余的。", En: "Keep the final one and withdraw the others."},
		Bad:       files([]string{"项目名称"}, nil, []edit{{"(2026年度)\n", "(2026年度)\n\n"}}),
		Good:      files([]string{"项目名称"}, nil, otherProject),
	},
	bundle: duplicateProject,
}

func duplicateProject(b *Bundle, _ *Thresholds) verdict {
	var out []model.Finding
	b.repeats(func(first, again *bundleForm) {
		if !sameAmount(first.annual, again.annual) {
			return // B002
		}
		zh, en := b.where(first)
		x := b.finding(again, "project.name", again.name, model.Text{
			Zh: "项目“{project}”（{unit}）在{where_zh}已经报过，年度金额同为 {amount} 元。是不是重复报送？",
			En: `The project "{project}" ({unit}) already stands in {where_en} with the same amount, {amount} yuan. Was it submitted twice?`,
		}, model.Args{"project": again.project, "unit": again.unit, "where_zh": zh, "where_en": en, "amount": amountOf(again.annual)})
		x.Related = []model.Related{b.related(first, "project.name", first.project, first.name)}
		x.Evidence = map[string]string{"amount": again.annual.String()}
		out = append(out, x)
	})
	return b.judgedIfForms(out)
}

var conflictingProjectRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "B002", Name: "conflicting-project", Severity: model.Error, Default: true, Kind: model.KindSum, Since: since, Basis: basisBundle,
		Title:     model.Text{Zh: "同一个项目报了不同的金额", En: "one project submitted with different amounts"},
		Rationale: model.Text{Zh: "同一项目的年度金额前后不一，不知道以哪一份为准。", En: "Nobody can tell which of the amounts holds."},
		Fix:       model.Text{Zh: "核实以哪一份为准，撤回其余的。", En: "Find out which one holds and withdraw the others."},
		Bad: files([]string{"项目名称", "年度资金申请总额", "当年财政拨款"}, nil,
			[]edit{{"项目资金总额:\t360,000.00\t年度资金申请总额:\t360,000.00", "项目资金总额:\t380,000.00\t年度资金申请总额:\t380,000.00"}, {"360,000.00\t其中: 当年财政拨款\t340,000.00", "380,000.00\t其中: 当年财政拨款\t360,000.00"}}),
		Good: files([]string{"项目名称", "年度资金申请总额"}, nil, otherProject),
	},
	bundle: conflictingProject,
}

func conflictingProject(b *Bundle, _ *Thresholds) verdict {
	var out []model.Finding
	b.repeats(func(first, again *bundleForm) {
		if sameAmount(first.annual, again.annual) {
			return // B001
		}
		zh, en := b.where(first)
		x := b.finding(again, "funding.annual.total", again.location, model.Text{
			Zh: "项目“{project}”（{unit}）在{where_zh}也报了，那里的年度金额是 {before} 元，这里是 {now} 元。请核实以哪一份为准。",
			En: `The project "{project}" ({unit}) also stands in {where_en}, with {before} yuan there and {now} here. Find out which holds.`,
		}, model.Args{"project": again.project, "unit": again.unit, "where_zh": zh, "where_en": en, "before": amountOf(first.annual), "now": amountOf(again.annual)})
		x.Related = []model.Related{b.related(first, "funding.annual.total", amountOf(first.annual), first.location)}
		x.Evidence = map[string]string{"before": first.annual.String(), "now": again.annual.String()}
		out = append(out, x)
	})
	return b.judgedIfForms(out)
}

func (b *Bundle) judgedIfForms(findings []model.Finding) verdict {
	if len(b.forms) == 0 {
		return notApplicable("没有申报表", "there is no form")
	}
	return judged(findings)
}

var identicalFilesRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "B003", Name: "identical-files", Severity: model.Warning, Default: true, Kind: model.KindForm, Since: since, Basis: basisBundle,
		Title:     model.Text{Zh: "两个文件的内容完全相同", En: "two files with the same content"},
		Rationale: model.Text{Zh: "同一个文件交了两次；也可能本应是另一个文件，却复制错了。", En: "The file was handed in twice, or stands in the place of another one."},
		Fix:       model.Text{Zh: "删去重复的文件；如果本应是别的文件，请补交。", En: "Delete the copy, or hand in the file that should stand there."},
		Bad:       files([]string{"项目名称"}, nil, nil),
		Good:      files([]string{"项目名称"}, nil, otherProject),
	},
	bundle: identicalFiles,
}

func identicalFiles(b *Bundle, _ *Thresholds) verdict {
	var out []model.Finding
	for _, d := range b.docs {
		if d.twin < 0 {
			continue
		}
		first := b.docs[d.twin].path
		out = append(out, model.Finding{Path: d.path, Field: "file", Text: first, Message: model.Message{Text: model.Text{
			Zh: "这个文件与“{first}”的内容完全相同。是不是重复提交，或者交错了文件？",
			En: "This file has the same content as {first}. Was it handed in twice, or in the place of another?",
		}, Args: model.Args{"first": first}}, Related: []model.Related{{Path: first, Field: "file", Text: first}}})
	}
	return judged(out)
}

var mixedYearsRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "B004", Name: "mixed-years", Severity: model.Warning, Default: true, Kind: model.KindForm, Since: since, Basis: basisBundle,
		Title:     model.Text{Zh: "一批材料里有几个预算年度", En: "several fiscal years in one bundle"},
		Rationale: model.Text{Zh: "一批报送材料通常是同一个预算年度的；年度不同的，多半是误交了往年的表。", En: "A bundle is usually of one year; a form of another year was probably handed in by mistake."},
		Fix:       model.Text{Zh: "核实年度不同的表，换成本年度的。", En: "Check the forms of another year and replace them."},
		Bad: files([]string{"年度)"}, nil, slices.Concat(otherProject, []edit{{"(2026年度)", "(2025年度)"},
			{"计划开始日期\t2026-01-01\t计划完成日期\t2026-12-31", "计划开始日期\t2025-01-01\t计划完成日期\t2025-12-31"}})),
		Good: files([]string{"年度)"}, nil, otherProject),
	},
	bundle: mixedYears,
}

func mixedYears(b *Bundle, t *Thresholds) verdict {
	count := map[int]int{}
	for _, f := range b.forms {
		if f.year > 0 {
			count[f.year]++
		}
	}
	if len(count) == 0 {
		return insufficient("没有一张表写明年度（见 S001）", "no form names its year (see S001)", nil)
	}
	// The year of most forms is taken for the bundle's, the later of equals.
	years := slices.SortedFunc(maps.Keys(count), func(x, y int) int { return cmp.Or(cmp.Compare(count[y], count[x]), cmp.Compare(y, x)) })
	var out []model.Finding
	for _, year := range years[1:] {
		var x *model.Finding
		for i := range b.forms {
			f := &b.forms[i]
			if f.year != year {
				continue
			}
			if x == nil {
				first := b.finding(f, "fiscal_year", f.location, model.Text{
					Zh: "这批材料多数是{most}年度的（{n}张），{year}年度的有{m}张，从这一张起。是不是误交了别的年度的表？",
					En: "Most forms here ({n}) are of {most}; {m} are of {year}, this being the first. Were they handed in by mistake?",
				}, model.Args{"most": strconv.Itoa(years[0]), "n": strconv.Itoa(count[years[0]]), "year": strconv.Itoa(year), "m": strconv.Itoa(count[year])})
				first.Text = strconv.Itoa(year)
				first.Evidence = map[string]string{"year": strconv.Itoa(year), "forms": strconv.Itoa(count[year])}
				x = &first
			} else if len(x.Related) < t.RelatedLimit {
				x.Related = append(x.Related, b.related(f, "fiscal_year", f.project, f.location))
			}
		}
		out = append(out, *x)
	}
	return judged(out)
}

var departmentAcrossFilesRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "B005", Name: "department-across-files", Severity: model.Warning, Default: true, Kind: model.KindHeuristic, Since: since, Basis: basisHeuristic,
		Title:     model.Text{Zh: "同一主管部门在几个文件里写法不同", En: "one department under several names across files"},
		Rationale: model.Text{Zh: "名称不统一，按部门汇总时会被当作几个部门。", En: "Sums by department would take it for several."},
		Fix:       model.Text{Zh: "按机构的规范全称统一写法；确实是不同部门的，不用改。", En: "Use the office's full name throughout, unless they are different offices."},
		Bad:       files([]string{"主管部门"}, nil, slices.Concat(otherProject, []edit{{"主管部门\t云栖市科普事务局", "主管部门\t云栖市科普事务管理局"}})),
		Good:      files([]string{"主管部门"}, nil, otherProject),
	},
	bundle: departmentAcrossFiles,
}

// departmentAcrossFiles groups spellings as N003 does within a document; a
// group within one document is left to it.
func departmentAcrossFiles(b *Bundle, t *Thresholds) verdict {
	var all []spelling
	bySpelling := map[string]int{}
	for i := range b.forms {
		folded := fold(b.forms[i].department)
		if folded == "" {
			continue
		}
		k, seen := bySpelling[folded]
		if !seen {
			k = len(all)
			bySpelling[folded] = k
			all = append(all, spelling{office: officeOf(folded), printed: b.forms[i].department})
		}
		all[k].forms = append(all[k].forms, i)
	}
	if len(all) == 0 {
		return insufficient("没有填主管部门（见 S001）", "no department is filled in (see S001)", nil)
	}
	var out []model.Finding
	for _, group := range sameOffices(all) {
		docs := map[int]bool{}
		var zh, en []string
		for _, i := range group {
			for _, f := range all[i].forms {
				docs[b.forms[f].doc] = true
			}
			n := strconv.Itoa(len(all[i].forms))
			zh, en = append(zh, "“"+all[i].printed+"”（"+n+"张）"), append(en, `"`+all[i].printed+`" (`+n+")")
		}
		if len(group) < 2 || len(docs) < 2 {
			continue
		}
		// The spelling of most forms is taken for the usual one.
		slices.SortStableFunc(group, func(x, y int) int { return cmp.Compare(len(all[y].forms), len(all[x].forms)) })
		f := &b.forms[all[group[1]].forms[0]]
		x := b.finding(f, "project.supervising_department", f.office, model.Text{
			Zh: "这批材料里，主管部门有几种相近的写法：{list_zh}。如果是同一个部门，请统一。",
			En: "The department is spelt in several ways across the files: {list_en}. Where it is one office, use one name.",
		}, model.Args{"list_zh": strings.Join(zh, "、"), "list_en": strings.Join(en, ", ")})
		x.Text = f.department
		for k, i := range group {
			other := &b.forms[all[i].forms[0]]
			if k != 1 && len(x.Related) < t.RelatedLimit {
				x.Related = append(x.Related, b.related(other, "project.supervising_department", other.department, other.office))
			}
		}
		out = append(out, x)
	}
	return judged(out)
}

// sameOffices groups spellings that are likely one office's.
func sameOffices(all []spelling) [][]int {
	parent := make([]int, len(all))
	for i := range parent {
		parent[i] = i
	}
	root := func(i int) int {
		for parent[i] != i {
			i = parent[i]
		}
		return i
	}
	index := newSpellingIndex()
	for i := range all {
		for _, k := range index.add(i, &all[i]) {
			if root(i) != root(k) && (sameOffice(all[i].office, all[k].office) || oneMore(&all[i], &all[k])) {
				parent[root(i)] = root(k)
			}
		}
	}
	slot := map[int]int{}
	var groups [][]int
	for i := range all {
		r := root(i)
		if _, seen := slot[r]; !seen {
			slot[r] = len(groups)
			groups = append(groups, nil)
		}
		groups[slot[r]] = append(groups[slot[r]], i)
	}
	return groups
}

var fileWithoutFormRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "B006", Name: "file-without-form", Severity: model.Warning, Default: true, Kind: model.KindForm, Since: since, Basis: basisBundle,
		Title:     model.Text{Zh: "文件里没有申报表", En: "a file without a declaration"},
		Rationale: model.Text{Zh: "报送材料里混进了别的文件，或者申报表交错了。", En: "Something else was handed in, perhaps in the place of a form."},
		Fix:       model.Text{Zh: "确认这个文件是不是该交的；不是的请去掉，本应是申报表的请补交。", En: "Find out whether the file belongs here; remove it, or hand in the form that it stands for."},
		Bad:       withFiles(clean("项目名称"), "关于报送二〇二六年度绩效目标的通知\n请各科室按时报送。\n"),
		Good:      files([]string{"项目名称"}, nil, otherProject),
	},
	bundle: fileWithoutForm,
}

func fileWithoutForm(b *Bundle, _ *Thresholds) verdict {
	var out []model.Finding
	for _, d := range b.docs {
		if d.status == model.StatusNoForm && !d.book {
			out = append(out, model.Finding{Path: d.path, Field: "file", Text: d.path, Message: model.Message{Text: model.Text{
				Zh: "这个文件可以读取，但里面没有申报表。请确认是不是该交的文件。",
				En: "This file can be read but holds no declaration. Make sure that it belongs here.",
			}}})
		}
	}
	return judged(out)
}

// unread says whether the document is there but could not be read.
func (d *bundleDoc) unread() bool {
	if d.status != model.StatusUnreadable || d.problem == nil {
		return false
	}
	switch d.problem.Code {
	case "not-found", "no-documents", "no-match":
		return false
	}
	return true
}

// match is how the manifest and the forms meet.
type match struct {
	rows   [][]int // forms of each row
	forms  []int   // row of each form, -1: none
	unread []int   // for each row without a form the unread document that is named after it, -1: none
	adrift int     // unread documents that are named after no row
}

// matched pairs forms with the manifest's rows: by the project's name and the
// implementing unit, else the department. Other likenesses are not guessed.
func (b *Bundle) matched() match {
	m := match{rows: make([][]int, len(b.manifest.Rows)), forms: make([]int, len(b.forms))}
	byKey := map[string]int{}
	for i, r := range b.manifest.Rows {
		key := fold(r.Project) + "\x1f" + fold(r.Unit)
		if _, seen := byKey[key]; !seen {
			byKey[key] = i
		}
	}
	for i := range b.forms {
		f := &b.forms[i]
		m.forms[i] = -1
		for _, unit := range []string{f.unit, f.department} {
			if row, found := byKey[fold(f.project)+"\x1f"+fold(unit)]; found && fold(f.project) != "" {
				m.forms[i] = row
				m.rows[row] = append(m.rows[row], i)
				break
			}
		}
	}
	b.matchUnread(&m)
	return m
}

// matchUnread finds the rows that unread documents are named after: by the
// project, else by the unit, in the name of the file or of a folder above it.
func (b *Bundle) matchUnread(m *match) {
	m.unread = make([]int, len(b.manifest.Rows))
	for i := range m.unread {
		m.unread[i] = -1
	}
	for d := range b.docs {
		if !b.docs[d].unread() {
			continue
		}
		path := fold(b.docs[d].path)
		holds := func(name string) bool { name = fold(name); return name != "" && strings.Contains(path, name) }
		var byProject, byBoth, byUnit []int
		for i, r := range b.manifest.Rows {
			project, unit := holds(r.Project), holds(r.Unit)
			switch {
			case project && unit:
				byBoth = append(byBoth, i)
			case project:
				byProject = append(byProject, i)
			case unit:
				byUnit = append(byUnit, i)
			}
		}
		named := byUnit
		if len(byBoth) > 0 {
			named = byBoth
		} else if len(byProject) > 0 {
			named = byProject
		}
		for _, i := range named {
			if len(m.rows[i]) == 0 && m.unread[i] < 0 {
				m.unread[i] = d
			}
		}
		if len(named) == 0 {
			m.adrift++
		}
	}
}

func noManifest() verdict {
	return notApplicable("没有给出清单（--manifest）", "no manifest was given (--manifest)")
}

var missingFromManifestRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "B007", Name: "missing-from-manifest", Severity: model.Error, Default: true, Kind: model.KindForm, Since: since, Basis: basisManifest,
		Title:     model.Text{Zh: "清单上有的项目没有报", En: "a project of the manifest was not submitted"},
		Rationale: model.Text{Zh: "应报未报的项目没有绩效目标，不能进入下一步审核。", En: "A project without its declaration cannot go on to review."},
		Fix:       model.Text{Zh: "请该单位补报；已经报了的，核对清单与申报表上的单位和项目名称是否一致。", En: "Have the unit submit it; where it did, make the names of unit and project agree."},
		Bad:       withManifest(clean("项目名称"), "单位,项目名称,金额\n云栖市青少年科普馆,云栖市青少年科普展厅运行项目,360000\n云栖市青少年科普馆,云栖市科普大篷车巡展项目,200000\n"),
		Good:      withManifest(clean("项目名称"), "单位,项目名称,金额\n云栖市青少年科普馆,云栖市青少年科普展厅运行项目,360000\n"),
	},
	bundle: missingFromManifest,
}

func missingFromManifest(b *Bundle, _ *Thresholds) verdict {
	if b.manifest == nil {
		return noManifest()
	}
	m := b.matched()
	byName := map[string]int{}
	for i := range b.forms {
		if m.forms[i] < 0 {
			byName[fold(b.forms[i].project)] = i
		}
	}
	var out []model.Finding
	for i, r := range b.manifest.Rows {
		if len(m.rows[i]) > 0 || m.unread[i] >= 0 { // B010
			continue
		}
		line := r.Line
		x := model.Finding{Path: b.manifest.Path, Project: r.Project, Field: "manifest", Text: r.Unit + " " + r.Project, Location: model.Location{Line: &line},
			Message: model.Message{Text: model.Text{Zh: "清单第{line}行：{unit}的“{project}”没有报。", En: `Row {line} of the manifest: "{project}" of {unit} was not submitted.`},
				Args: model.Args{"line": strconv.Itoa(r.Line), "unit": r.Unit, "project": r.Project}}, Evidence: map[string]string{"unit": r.Unit}}
		if k, found := byName[fold(r.Project)]; found { // not taken for it, but shown
			f := &b.forms[k]
			zh, en := b.where(f)
			x.Message.Text = model.Text{Zh: x.Message.Text.Zh + "{where_zh}有同名项目，但单位是“{other}”。", En: x.Message.Text.En + ` A project of that name stands in {where_en}, but of "{other}".`}
			x.Message.Args["where_zh"], x.Message.Args["where_en"], x.Message.Args["other"] = zh, en, f.unit
			x.Related = []model.Related{b.related(f, "project.name", f.project, f.name)}
		} else if m.adrift > 0 { // it may stand in one of them
			x.Severity = model.Warning
			x.Message.Text = model.Text{
				Zh: "清单第{line}行：没有找到{unit}的“{project}”。另有{unread}个文件没有读出来，也可能在其中，请先处理那些文件。",
				En: `Row {line} of the manifest: "{project}" of {unit} was not found. It may stand in one of the files that could not be read ({unread}); see to those first.`,
			}
			x.Message.Args["unread"] = strconv.Itoa(m.adrift)
		}
		out = append(out, x)
	}
	return judged(out)
}

var unreadFromManifestRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "B010", Name: "unread-from-manifest", Severity: model.Warning, Default: true, Kind: model.KindForm, Since: since, Basis: basisManifest,
		Title:     model.Text{Zh: "清单上的项目有文件，但没有读出来", En: "a project of the manifest has a file that could not be read"},
		Rationale: model.Text{Zh: "文件已经交了，只是没有读出来：既不能算报全了，也不能算没有报。", En: "The file was handed in but not read: the project is neither complete nor missing."},
		Fix:       model.Text{Zh: "按提示处理这个文件（如另存为 PDF、解压），再检查一次。", En: "Do with the file as its message says (save it as PDF, unpack it) and check again."},
		Bad: withUnread(withManifest(clean("项目名称"), "单位,项目名称\n云栖市青少年科普馆,云栖市青少年科普展厅运行项目\n云栖市青少年科普馆,云栖市科普大篷车巡展项目\n"),
			"云栖市科普大篷车巡展项目.pdf"),
		Good: withManifest(clean("项目名称"), "单位,项目名称\n云栖市青少年科普馆,云栖市青少年科普展厅运行项目\n"),
	},
	bundle: unreadFromManifest,
}

func unreadFromManifest(b *Bundle, _ *Thresholds) verdict {
	if b.manifest == nil {
		return noManifest()
	}
	m := b.matched()
	var out []model.Finding
	for i, r := range b.manifest.Rows {
		if m.unread[i] < 0 {
			continue
		}
		line, d := r.Line, &b.docs[m.unread[i]]
		out = append(out, model.Finding{Path: b.manifest.Path, Project: r.Project, Field: "manifest", Text: r.Unit + " " + r.Project, Location: model.Location{Line: &line},
			Message: model.Message{Text: model.Text{
				Zh: "清单第{line}行：{unit}的“{project}”有文件“{path}”，但没有读出来：{reason_zh}。处理之前不要当作没有报。",
				En: `Row {line} of the manifest: the file "{path}" is named after "{project}" of {unit} but could not be read: {reason_en}. Do not take it for missing.`,
			}, Args: model.Args{"line": strconv.Itoa(r.Line), "unit": r.Unit, "project": r.Project, "path": d.path,
				"reason_zh": d.problem.Message.In(model.Chinese), "reason_en": d.problem.Message.In(model.English)}},
			Related: []model.Related{{Path: d.path, Field: "file", Text: d.path}}, Evidence: map[string]string{"unit": r.Unit}})
	}
	return judged(out)
}

var notInManifestRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "B008", Name: "not-in-manifest", Severity: model.Warning, Default: true, Kind: model.KindForm, Since: since, Basis: basisManifest,
		Title:     model.Text{Zh: "报了清单上没有的项目", En: "a submitted project is not in the manifest"},
		Rationale: model.Text{Zh: "清单之外的项目没有列入预算安排，或者名称与清单不一致。", En: "It is not in the budget's list, or goes by another name there."},
		Fix:       model.Text{Zh: "核实是否应当列入；名称不一致的，请统一。", En: "Find out whether it belongs there; make differing names agree."},
		Bad:       withManifest(clean("项目名称"), "单位,项目名称\n云栖市青少年科普馆,云栖市科普大篷车巡展项目\n"),
		Good:      withManifest(clean("项目名称"), "单位,项目名称\n云栖市青少年科普馆,云栖市青少年科普展厅运行项目\n"),
	},
	bundle: notInManifest,
}

func notInManifest(b *Bundle, _ *Thresholds) verdict {
	if b.manifest == nil {
		return noManifest()
	}
	m := b.matched()
	var out []model.Finding
	for i := range b.forms {
		if f := &b.forms[i]; m.forms[i] < 0 {
			out = append(out, b.finding(f, "project.name", f.name, model.Text{
				Zh: "清单上没有{unit}的“{project}”。是清单外的项目，还是名称与清单不一致？",
				En: `The manifest has no "{project}" of {unit}. Is it not planned, or named otherwise there?`,
			}, model.Args{"unit": f.unit, "project": f.project}))
		}
	}
	return judged(out)
}

// differs says whether a form's annual total is not its row's amount, and by
// how much the printed rounding lets them differ.
func differs(r *ManifestRow, f *bundleForm) (bool, decimal.Decimal) {
	tolerance := r.Amount.Half().Add(f.annual.Half())
	if r.Amount.Scale.Equal(f.annual.Scale) { // both to the same place: nothing was rounded
		tolerance = decimal.Zero
	}
	return r.Amount.Valid() && f.annual.Valid() && f.annual.Amount.Sub(r.Amount.Amount).Abs().GreaterThan(tolerance), tolerance
}

var manifestAmountMismatchRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "B009", Name: "manifest-amount-mismatch", Severity: model.Error, Default: true, Kind: model.KindSum, Since: since, Basis: basisManifest,
		Title:     model.Text{Zh: "年度资金与清单上的金额不符", En: "the annual total is not the manifest's amount"},
		Rationale: model.Text{Zh: "申报的金额应当与预算安排一致。", En: "The amount declared has to be the amount budgeted."},
		Fix:       model.Text{Zh: "核实以哪个金额为准，改正申报表或清单。", En: "Find out which amount holds and correct the form or the manifest."},
		Bad:       withManifest(clean("项目名称", "年度资金申请总额"), "单位,项目名称,金额（万元）\n云栖市青少年科普馆,云栖市青少年科普展厅运行项目,38\n"),
		Good:      withManifest(clean("项目名称", "年度资金申请总额"), "单位,项目名称,金额（万元）\n云栖市青少年科普馆,云栖市青少年科普展厅运行项目,36\n"),
	},
	bundle: manifestAmount,
}

func manifestAmount(b *Bundle, _ *Thresholds) verdict {
	if b.manifest == nil {
		return noManifest()
	}
	m := b.matched()
	judgedAny := false
	var out []model.Finding
	for i := range b.forms {
		if m.forms[i] < 0 {
			continue
		}
		f, r := &b.forms[i], &b.manifest.Rows[m.forms[i]]
		if !r.Amount.Valid() || !f.annual.Valid() {
			continue
		}
		judgedAny = true
		bad, tolerance := differs(r, f)
		if !bad {
			continue
		}
		gap := f.annual.Amount.Sub(r.Amount.Amount)
		x := b.finding(f, "funding.annual.total", f.location, model.Text{
			Zh: "年度资金总额是 {now} 元，清单第{line}行是 {want} 元，相差 {gap} 元（允许误差 {tolerance} 元）。请核实。",
			En: "The annual total is {now} yuan, row {line} of the manifest has {want}, a gap of {gap} (tolerance {tolerance}).",
		}, model.Args{"now": amountOf(f.annual), "want": amountOf(r.Amount), "gap": model.FormatMoney(gap), "tolerance": model.FormatMoney(tolerance), "line": strconv.Itoa(r.Line)})
		line := r.Line
		x.Text = amountOf(f.annual)
		x.Related = []model.Related{{Path: b.manifest.Path, Field: "manifest", Text: amountOf(r.Amount), Location: model.Location{Line: &line}}}
		x.Evidence = map[string]string{"annual_total": f.annual.String(), "manifest": r.Amount.String(), "gap": gap.StringFixed(2), "tolerance": tolerance.String()}
		out = append(out, x)
	}
	if !judgedAny {
		return insufficient("清单没有金额，或对应的表没有年度金额", "the manifest or its forms have no amounts", nil)
	}
	return judged(out)
}

// Completeness counts what of the manifest came, nil without a manifest.
func (b *Bundle) Completeness() *Completeness {
	if b.manifest == nil {
		return nil
	}
	m := b.matched()
	c := &Completeness{Manifest: b.manifest.Path, Units: []UnitCompleteness{}}
	slot := map[string]int{}
	unit := func(name string) *UnitCompleteness {
		i, seen := slot[fold(name)]
		if !seen {
			i = len(c.Units)
			slot[fold(name)] = i
			c.Units = append(c.Units, UnitCompleteness{Unit: name})
		}
		return &c.Units[i]
	}
	for i := range b.manifest.Rows {
		r := &b.manifest.Rows[i]
		u := unit(r.Unit)
		u.Expected++
		if r.Amount.Valid() {
			u.ExpectedAmount = u.ExpectedAmount.Add(r.Amount.Amount)
		} else {
			u.Unstated++
		}
		if len(m.rows[i]) == 0 {
			if m.unread[i] >= 0 {
				u.Unread++
			} else {
				u.Missing++
			}
			continue
		}
		u.Submitted++
		different := false
		for _, k := range m.rows[i] {
			bad, _ := differs(r, &b.forms[k])
			different = different || bad
		}
		if different {
			u.AmountDiffers++
		}
		if first := b.forms[m.rows[i][0]].annual; first.Valid() { // once, however often it was submitted
			u.SubmittedAmount = u.SubmittedAmount.Add(first.Amount)
		}
	}
	for i := range b.forms {
		if m.forms[i] < 0 {
			u := unit(b.forms[i].unit)
			u.Extra++
			if a := b.forms[i].annual; a.Valid() {
				u.SubmittedAmount = u.SubmittedAmount.Add(a.Amount)
			}
		}
	}
	return c
}
