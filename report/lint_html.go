package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"perfgoal/model"
)

var (
	//go:embed page/report.html
	pageTemplate string
	//go:embed page/style.css
	pageStyle string
	//go:embed page/script.js
	pageScript string
)

// lintHTML writes one page that needs nothing else: totals, charts, a list to
// filter, and every form redrawn with its findings beside it.
type lintHTML struct {
	w   io.Writer
	opt Options
	tally
	page                     *template.Template
	list, readings           spool
	sheets                   spool
	shown                    int
	undrawn                  map[string]bool // files whose pages could not be drawn
	files                    []pageChoice
	byDepartment, byCategory map[string]decimal.Decimal
	money                    decimal.Decimal
}

func newLintHTML(w io.Writer, opt Options) LintWriter {
	l := &lintHTML{w: w, opt: opt, tally: newTally(opt), undrawn: map[string]bool{},
		byDepartment: map[string]decimal.Decimal{}, byCategory: map[string]decimal.Decimal{}}
	l.page = template.Must(template.New("page").Funcs(template.FuncMap{
		"say": func(zh, en string) string { return opt.say(zh, en) },
		"css": func() template.CSS { return template.CSS(pageStyle) },
		"js":  func() template.JS { return template.JS(pageScript) },
	}).Parse(pageTemplate))
	return l
}

type pageTable struct {
	Head []string
	Rows [][]string
}

type pageChoice struct{ ID, Label string }

type pageTile struct {
	Label, Value string
	Long         bool
}

type pageBar struct {
	Label, Value, Tone string
	Badge              string // "" where the label says it
	Width              string // of the widest bar, in per cent
}

type pageChart struct {
	ID, Title string
	Bars      []pageBar
}

type pageRow struct {
	Severity                                         string // or reading
	Word, Rule, Title, Project, Message, Place, Link string
	File                                             int
}

type pageDoc struct {
	ID    int
	Path  string
	Found bool // there are findings
	// Trouble is that it was not read for certain, where no finding says so.
	Trouble string
	Notes   []pageNote
	Forms   []pageForm
}

type pageForm struct {
	ID, Title, Caption string
	Year               []pageRef
	Groups             [][][]pageCell // bodies, rows, cells
	Notes, Readings    []pageNote
	Doubted            bool // some of it was not read for certain
	Pictures           []pagePicture
}

type pageCell struct {
	Head             bool
	ID, Class, Scope string
	Text, Small      string
	Blank            bool
	Cols, Rows       int
	Refs             []pageRef
}

// pageRef is the number on a cell that leads to a note.
type pageRef struct {
	Number             int
	Class, Note, Label string
}

type pageNote struct {
	ID, Word, Title, Message, Text, Rule, Name, Place, Cell string
	Number                                                  int
	Severity                                                string // or reading
	Mark                                                    string // its mark on the picture of a page
	Related                                                 []pageLink
}

type pageLink struct{ Text, Link string }

func (l *lintHTML) Add(c Checked) error {
	l.add(c)
	doc := pageDoc{ID: l.documents, Path: visible(c.Path)}
	if c.Bundle {
		doc.ID, doc.Path = l.documents+1, l.opt.bundleTitle()
	}
	perForm := map[int][]model.Finding{}
	forms := map[int]bool{}
	if c.Document != nil {
		for _, f := range c.Document.Forms {
			forms[f.Index] = true
		}
	}
	var whole []model.Finding
	judged, readings := l.opt.split(c.Findings)
	for i, f := range slices.Concat(judged, readings) {
		row := pageRow{Severity: l.opt.tone(f), Word: l.opt.gravity(f), Rule: f.Rule, Title: l.opt.ruleTitle(f.Rule), File: doc.ID,
			Project: l.opt.say("整份文件", "whole document"), Message: visible(f.Message.In(l.opt.Lang)), Place: visible(f.Path + " " + l.opt.where(f))}
		if f.Form != nil {
			row.Project = l.opt.formTitle(*f.Form, f.Project)
		}
		if f.Form != nil && forms[*f.Form] {
			row.Link = formID(doc.ID, *f.Form)
			perForm[*f.Form] = append(perForm[*f.Form], f)
		} else {
			whole = append(whole, f)
			row.Link = "d" + strconv.Itoa(doc.ID)
		}
		to := &l.list
		if i < len(judged) {
			l.shown++
		} else {
			to = &l.readings
		}
		if err := l.page.ExecuteTemplate(to, "row", row); err != nil {
			return err
		}
	}
	if doc.Found = len(whole)+len(perForm) > 0; doc.Found {
		l.files = append(l.files, pageChoice{strconv.Itoa(doc.ID), doc.Path})
	}
	for i, f := range whole {
		n := l.note("d"+strconv.Itoa(doc.ID), doc.ID, i+1, f, "")
		if c.Bundle {
			n.Place = strings.TrimSpace(visible(f.Path) + " " + n.Place)
		}
		doc.Notes = append(doc.Notes, n)
	}
	if c.Document != nil {
		for i := range c.Document.Forms {
			f := &c.Document.Forms[i]
			l.sum(f)
			doc.Forms = append(doc.Forms, l.sheet(c, doc.ID, f, perForm[f.Index]))
		}
	}
	if p := l.opt.trouble(c); p != nil && c.Error == nil {
		doc.Trouble = p.Message.In(l.opt.Lang)
	}
	if len(doc.Notes)+len(doc.Forms) == 0 {
		return nil
	}
	return l.page.ExecuteTemplate(&l.sheets, "doc", doc)
}

func (l *lintHTML) sum(f *model.Form) {
	total := f.Funding.Annual.Total
	if !total.Valid() {
		return
	}
	l.money = l.money.Add(total.Amount)
	for to, name := range map[*map[string]decimal.Decimal]string{&l.byDepartment: f.Project.SupervisingDepartment, &l.byCategory: f.Project.Category} {
		if name == "" {
			name = l.opt.say("（未填）", "(blank)")
		}
		(*to)[name] = (*to)[name].Add(total.Amount)
	}
}

func formID(doc, form int) string { return fmt.Sprintf("f%d-%d", doc, form) }

func (l *lintHTML) note(prefix string, doc, number int, f model.Finding, cell string) pageNote {
	o := l.opt
	n := pageNote{ID: fmt.Sprintf("%s-n%d", prefix, number), Number: number, Severity: o.tone(f), Word: o.gravity(f),
		Title: l.opt.ruleTitle(f.Rule), Message: visible(f.Message.In(o.Lang)), Rule: f.Rule, Name: f.Name, Place: visible(o.where(f)), Cell: cell}
	if f.Text != "" && cell == "" {
		n.Text = visible(f.Text)
	}
	for _, r := range f.Related {
		text, link := "", ""
		if r.Path != "" && r.Path != f.Path {
			text = visible(r.Path) + " "
		} else if r.Form != nil && !sameForm(r.Form, f.Form) {
			link = formID(doc, *r.Form)
		}
		if r.Form != nil && (text != "" || !sameForm(r.Form, f.Form)) {
			text += o.say("第%d张 ", "form %d ", *r.Form)
		}
		n.Related = append(n.Related, pageLink{text + o.place(r.Location) + " " + visible(r.Text), link})
	}
	return n
}

// sheet redraws a form as its table. Cells are filled by their field's path,
// so that a finding's field finds its cell.
func (l *lintHTML) sheet(c Checked, doc int, f *model.Form, findings []model.Finding) pageForm {
	o := l.opt
	id := formID(doc, f.Index)
	out := pageForm{ID: id, Title: o.formTitle(f.Index, f.Project.Name), Caption: f.Title}
	switch {
	case f.HasDoubt("title"):
		out.Caption = o.doubtedText(f, "title")
	case out.Caption == "":
		out.Caption = o.say("项目支出绩效目标申报表", "Declaration")
	}
	if f.HasDoubt("fiscal_year") {
		out.Caption += o.say("（年度%s）", " (year %s)", o.doubtedText(f, "fiscal_year"))
	} else if f.FiscalYear > 0 {
		out.Caption += o.say("（%d年度）", " (%d)", f.FiscalYear)
	}
	d := &drawing{lintHTML: l, form: f, marks: l.marks(id, f, findings)}
	out.Year = append(d.marks["fiscal_year"], d.marks["title"]...)
	out.Groups, out.Doubted = d.groups(), len(f.Doubts) > 0
	anchors := map[int]string{} // note -> cell
	marked := 0
	for _, group := range out.Groups {
		for _, row := range group {
			for i := range row {
				if len(row[i].Refs) > 0 {
					marked++
					anchor(&row[i], fmt.Sprintf("%s-c%d", id, marked), anchors)
				}
			}
		}
	}
	var picked map[int]string
	out.Pictures, picked = l.pictures(c, id, findings)
	for i, x := range findings {
		n := l.note(id, doc, i+1, x, anchors[i+1])
		n.Mark = picked[i+1]
		if o.reading(x) {
			out.Readings = append(out.Readings, n)
		} else {
			out.Notes = append(out.Notes, n)
		}
	}
	return out
}

// anchor gives a marked cell its looks and its name.
func anchor(c *pageCell, id string, anchors map[int]string) {
	c.ID = id
	mark := "see"
	for _, r := range c.Refs {
		if r.Class == "from" {
			continue
		}
		if mark != "hit error" {
			if mark == "see" || r.Class == "error" || r.Class == "warning" {
				mark = "hit " + r.Class
			}
		}
		if anchors[r.Number] == "" {
			anchors[r.Number] = id
		}
	}
	c.Class = strings.TrimSpace(c.Class + " " + mark)
}

// marks are the numbers of notes by field. What a finding was compared with,
// within the same form, is marked as such.
func (l *lintHTML) marks(id string, f *model.Form, findings []model.Finding) map[string][]pageRef {
	marks := map[string][]pageRef{}
	add := func(field string, r pageRef) {
		for _, have := range marks[field] {
			if have.Number == r.Number {
				return
			}
		}
		marks[field] = append(marks[field], r)
	}
	for i, x := range findings {
		note := fmt.Sprintf("%s-n%d", id, i+1)
		add(cellField(x.Field), pageRef{i + 1, l.opt.tone(x), note, l.opt.say("问题%d，%s", "finding %d, %s", i+1, l.opt.gravity(x))})
	}
	for i, x := range findings {
		note := fmt.Sprintf("%s-n%d", id, i+1)
		for _, r := range x.Related {
			if r.Path == "" && (r.Form == nil || *r.Form == f.Index) && cellField(r.Field) != cellField(x.Field) {
				add(cellField(r.Field), pageRef{i + 1, "from", note, l.opt.say("问题%d的对照", "compared by finding %d", i+1)})
			}
		}
	}
	return marks
}

// cellField is the field whose cell shows a finding: a whole row by its name.
func cellField(field string) string {
	if _, _, row := rowOf(field); row {
		return field + ".level3"
	}
	return field
}

func (l *lintHTML) Close(end End) error {
	o := l.opt
	count := func(n int) string { return strconv.Itoa(n) }
	data := struct {
		Tool                     Tool
		Verdict, Checks          string
		Worst                    model.Severity
		Tiles                    []pageTile
		Charts                   []pageChart
		Manifest                 *pageTable
		Unread                   []struct{ Path, Message string }
		Readings                 bool
		Advice                   string
		Findings                 bool
		Severities, Rules, Files []pageChoice
	}{Tool: o.Tool, Verdict: l.verdict(end), Findings: l.shown > 0, Files: l.files}
	data.Worst = l.worst(end)
	data.Tiles = []pageTile{{o.say("文件", "Files"), count(l.documents), false}, {o.say("没有得到检查", "Not checked"), count(len(l.unread)), false},
		{o.say("申报表", "Forms"), count(l.forms), false}, {o.say("错误", "Errors"), count(l.severity[model.Error]), false},
		{o.say("警告", "Warnings"), count(l.severity[model.Warning]), false}, {o.say("提示", "Notes"), count(l.severity[model.Info]), false}}
	if l.partial > 0 {
		data.Tiles = append(data.Tiles, pageTile{o.readingTitle(), count(l.doubted), false})
	}
	data.Tiles = append(data.Tiles, pageTile{o.say("年度资金合计（元）", "Annual total (yuan)"), model.FormatMoney(l.money), true})
	data.Readings, data.Advice = l.doubted > 0, o.readingAdvice()
	data.Checks = l.judged()
	if n := l.outcomes().InsufficientData; n > 0 {
		data.Checks += o.say("因数据不足无法判断%d次，这些不算通过。", " %d could not be judged for want of data; these do not count as passed.", n)
	}
	for _, c := range l.unread {
		data.Unread = append(data.Unread, struct{ Path, Message string }{visible(c.Path), visible(c.Error.Message.In(o.Lang))})
	}
	for _, s := range []model.Severity{model.Error, model.Warning, model.Info} {
		data.Severities = append(data.Severities, pageChoice{string(s), o.severityWord(s)})
	}
	for _, r := range l.rulesByGravity() {
		choice := pageChoice{r.code, r.code + " " + r.title}
		if o.Shown(r.severity) && !slices.Contains(data.Rules, choice) {
			data.Rules = append(data.Rules, choice)
		}
	}
	data.Charts = l.charts()
	if c := end.Manifest; c != nil {
		data.Manifest = &pageTable{Rows: o.completenessRows(c)}
		for _, column := range o.completenessColumns(c) {
			data.Manifest.Head = append(data.Manifest.Head, column.Title)
		}
	}
	if err := l.page.ExecuteTemplate(l.w, "top", data); err != nil {
		return err
	}
	if err := l.list.copyTo(l.w); err != nil {
		return err
	}
	if err := l.page.ExecuteTemplate(l.w, "readings", data); err != nil {
		return err
	}
	if err := l.readings.copyTo(l.w); err != nil {
		return err
	}
	if err := l.page.ExecuteTemplate(l.w, "forms", data); err != nil {
		return err
	}
	if err := l.sheets.copyTo(l.w); err != nil {
		return err
	}
	return l.page.ExecuteTemplate(l.w, "bottom", data)
}

// chartBars is how many bars a chart has at most; the rest is summed up.
const chartBars = 12

func (l *lintHTML) charts() []pageChart {
	o := l.opt
	var charts []pageChart
	add := func(title string, bars []pageBar) {
		if len(bars) > 0 {
			charts = append(charts, pageChart{fmt.Sprintf("chart%d", len(charts)+1), title, bars})
		}
	}
	worst := max(l.severity[model.Error], l.severity[model.Warning], l.severity[model.Info])
	var severities, rules []pageBar
	for _, s := range []model.Severity{model.Error, model.Warning, model.Info} {
		if worst > 0 {
			severities = append(severities, pageBar{Label: o.severityWord(s), Value: strconv.Itoa(l.severity[s]), Tone: string(s), Width: share(l.severity[s], worst)})
		}
	}
	byRule := l.rulesByGravity()
	most := 0
	for _, r := range byRule {
		most = max(most, r.findings)
	}
	for _, r := range byRule {
		rules = append(rules, pageBar{Label: r.code + " " + r.title, Value: strconv.Itoa(r.findings), Tone: string(r.severity),
			Badge: o.severityWord(r.severity), Width: share(r.findings, most)})
	}
	add(o.say("问题按级别（处）", "Findings by severity"), severities)
	add(o.say("问题按规则和级别（处）", "Findings by rule and severity"), rules)
	add(o.say("年度资金按主管部门（元）", "Annual money by department (yuan)"), l.moneyBars(l.byDepartment))
	add(o.say("年度资金按项目类别（元）", "Annual money by category (yuan)"), l.moneyBars(l.byCategory))
	return charts
}

func share(n, of int) string {
	return decimal.NewFromInt(int64(n)).Mul(decimal.New(100, 0)).Div(decimal.NewFromInt(int64(of))).StringFixed(1)
}

// moneyBars are the largest amounts, the rest in one bar.
func (l *lintHTML) moneyBars(amounts map[string]decimal.Decimal) []pageBar {
	names := slices.SortedFunc(maps.Keys(amounts), func(a, b string) int {
		if d := amounts[b].Cmp(amounts[a]); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	if len(names) == 0 || !amounts[names[0]].IsPositive() {
		return nil
	}
	largest := amounts[names[0]]
	rest, others := decimal.Zero, 0
	var bars []pageBar
	width := func(d decimal.Decimal) string {
		return decimal.Max(decimal.Zero, decimal.Min(d.Div(largest), decimal.New(1, 0))).Mul(decimal.New(100, 0)).StringFixed(1)
	}
	for i, name := range names {
		if i >= chartBars && len(names) > chartBars+1 {
			rest, others = rest.Add(amounts[name]), others+1
			continue
		}
		bars = append(bars, pageBar{Label: visible(name), Value: model.FormatMoney(amounts[name]), Width: width(amounts[name])})
	}
	if others > 0 {
		bars = append(bars, pageBar{Label: l.opt.say("其余%d个合计", "the other %d", others), Value: model.FormatMoney(rest), Width: width(rest)})
	}
	return bars
}
