package report

import (
	"io"
	"slices"
	"strconv"
	"strings"
	"text/template"

	"perfgoal/model"
)

// lintOpinion writes a letter for each unit, as a Word document and as a page.
type lintOpinion struct {
	to      Folder
	opt     Options
	wording *template.Template
	units   *units
	letters map[string]*unitLetter
}

// unitLetter gathers what one unit is told.
type unitLetter struct {
	tally
	files    []letterFile
	forms    []letterForm
	findings []model.Finding
}

// letterFile is what is kept of a file.
type letterFile struct {
	path  string
	shown LetterFile
}

// letterForm is what is kept of a form.
type letterForm struct {
	at    formAt
	shown LetterForm
}

func newLintOpinion(to Folder, opt Options) LintWriter {
	wording := opt.Letter
	if wording == nil {
		wording = template.Must(ParseLetter(LetterTemplate(opt.Lang)))
	}
	return &lintOpinion{to: to, opt: opt, wording: wording, units: newUnits(), letters: map[string]*unitLetter{}}
}

func (l *lintOpinion) Add(c Checked) error {
	for _, p := range l.units.split(c) {
		u := l.letter(p.unit)
		u.add(p.Checked)
		u.findings = append(u.findings, p.Findings...)
		if p.Bundle {
			continue
		}
		file := LetterFile{Path: letterText(fileName(p.Path)), Forms: p.Forms, Read: p.Status.Read(), Book: p.Book && !p.Status.Read()}
		if trouble := l.opt.trouble(p.Checked); trouble != nil {
			file.Trouble = letterText(trouble.Message.In(l.opt.Lang))
		}
		u.files = append(u.files, letterFile{p.Path, file})
		if p.Document == nil {
			continue
		}
		for i := range p.Document.Forms {
			f := &p.Document.Forms[i]
			u.forms = append(u.forms, letterForm{formAt{p.Path, f.Index}, LetterForm{Number: len(u.forms) + 1, Title: letterText(f.Title),
				Project: letterText(f.Project.Name), Year: yearText(f), Total: l.opt.amount(f.Funding.Annual.Total),
				Path: letterText(l.opt.say("%s 第%d张", "%s form %d", fileName(p.Path), f.Index))}})
		}
	}
	return nil
}

func yearText(f *model.Form) string {
	if f.FiscalYear == 0 {
		return ""
	}
	return strconv.Itoa(int(f.FiscalYear))
}

func (l *lintOpinion) letter(unit string) *unitLetter {
	u := l.letters[unit]
	if u == nil {
		u = &unitLetter{tally: newTally(l.opt)}
		l.letters[unit] = u
	}
	return u
}

func (l *lintOpinion) Close(end End) error {
	if end.Manifest != nil { // also to those who sent nothing
		for _, x := range end.Manifest.Units {
			l.letter(l.units.key(x.Unit))
		}
	}
	l.claimFiles()
	names := fileNames{}
	for _, unit := range l.units.order {
		u := l.letters[unit]
		if u == nil {
			continue
		}
		blocks, err := fillLetter(l.wording, l.content(u, unit, end))
		if err != nil {
			return err
		}
		name := names.name(l.units.title(l.opt, unit), "")
		if err := l.to.Put(name+".docx", func(w io.Writer) error { return writeDOCX(w, blocks) }); err != nil {
			return err
		}
		if err := l.to.Put(name+".html", func(w io.Writer) error { return writeLetterHTML(w, l.opt, blocks) }); err != nil {
			return err
		}
	}
	return nil
}

// claimFiles moves files that were not read, and so name no unit, to the units
// that the manifest knows them by.
func (l *lintOpinion) claimFiles() {
	none := l.letters[""]
	if none == nil {
		return
	}
	unknown, claimed := map[string]letterFile{}, map[string]bool{}
	for _, f := range none.files {
		if !f.shown.Read {
			unknown[f.path] = f
		}
	}
	for _, unit := range l.units.order {
		u := l.letters[unit]
		if u == nil || u == none {
			continue
		}
		listed := map[string]bool{}
		for _, f := range u.findings {
			for _, r := range f.Related {
				file, known := unknown[r.Path]
				if f.Form == nil && known && !listed[r.Path] {
					listed[r.Path], claimed[r.Path] = true, true
					u.files = append(u.files, file)
				}
			}
		}
	}
	none.files = slices.DeleteFunc(none.files, func(f letterFile) bool { return claimed[f.path] })
	if len(none.files)+len(none.forms)+len(none.findings) == 0 {
		delete(l.letters, "")
	}
}

// content is what the letter says.
func (l *lintOpinion) content(u *unitLetter, unit string, end End) Letter {
	o := l.opt
	book := slices.ContainsFunc(u.files, func(f letterFile) bool { return f.shown.Book })
	data := Letter{Book: book, Unit: letterText(l.units.names[unit]), Errors: u.severity[model.Error], Warnings: u.severity[model.Warning],
		Notes: u.severity[model.Info], Readings: u.doubted, Checked: u.judged(), Insufficient: u.outcomes().InsufficientData}
	for _, f := range u.files {
		data.Files = append(data.Files, f.shown)
	}
	if o.Ruleset != nil {
		data.Ruleset = letterText(o.rulesetLine(o.Ruleset))
	}
	if c := l.units.of(end.Manifest, unit); c != nil {
		s := c.sum()
		data.Manifest = &LetterManifest{s.Expected, s.Submitted, s.Missing, s.Extra, s.Unread, s.AmountDiffers,
			s.expectedAmount(), model.FormatMoney(s.SubmittedAmount)}
	}
	slot := map[formAt]int{}
	for i, f := range u.forms {
		slot[f.at] = i
		data.Forms = append(data.Forms, f.shown)
	}
	judged, readings := o.split(u.findings)
	number := 0
	// Findings about all documents come last, but stand with their forms.
	form := func(f model.Finding) int {
		if f.Form == nil {
			return len(data.Forms)
		}
		if i, known := slot[formAt{f.Path, *f.Form}]; known {
			return i
		}
		return len(data.Forms)
	}
	byForm := func(a, b model.Finding) int { return form(a) - form(b) }
	slices.SortStableFunc(judged, byForm)
	slices.SortStableFunc(readings, byForm)
	for i, f := range slices.Concat(judged, readings) {
		number++
		shown := l.finding(f, number)
		at := form(f)
		if at == len(data.Forms) {
			shown.Place = letterText(fileName(f.Path) + " " + shown.Place)
			data.General = append(data.General, shown)
			continue
		}
		to := &data.Forms[at]
		if i >= len(judged) {
			to.Readings = append(to.Readings, shown)
			continue
		}
		to.Findings = append(to.Findings, shown)
		switch f.Severity {
		case model.Error:
			to.Errors++
		case model.Warning:
			to.Warnings++
		case model.Info:
			to.Notes++
		}
	}
	return data
}

// longestQuote is how much of a cell a letter quotes, in half characters.
const longestQuote = 160

// fileName is a document's own name: where it lay with the reviewer is no
// concern of the unit's.
func fileName(path string) string {
	return path[strings.LastIndexAny(path, `/\`)+1:]
}

// withoutFolders is a text of a finding in which documents are called by their
// own names.
func withoutFolders(text string, f model.Finding) string {
	paths := []string{f.Path}
	for _, r := range f.Related {
		paths = append(paths, r.Path)
	}
	slices.SortFunc(paths, func(a, b string) int { return len(b) - len(a) }) // one may hold another
	for _, p := range paths {
		if p != "" {
			text = strings.ReplaceAll(text, p, fileName(p))
		}
	}
	return text
}

func (l *lintOpinion) finding(f model.Finding, number int) LetterFinding {
	o := l.opt
	said, quoted := withoutFolders(f.Message.In(o.Lang), f), withoutFolders(f.Text, f)
	out := LetterFinding{Number: number, Severity: o.gravity(f), Rule: f.Rule, Title: letterText(o.ruleTitle(f.Rule)), Place: letterText(o.where(f)),
		Message: letterText(said), Fix: letterText(o.fix(f.Rule))}
	if !strings.Contains(out.Message, letterText(quoted)) {
		out.Text = letterText(oneLine(quoted, longestQuote))
	}
	for _, r := range f.Related {
		text := ""
		if r.Path != "" && r.Path != f.Path {
			text += fileName(r.Path) + " "
		}
		if r.Form != nil && !(sameForm(r.Form, f.Form) && (r.Path == "" || r.Path == f.Path)) {
			text += o.say("第%d张 ", "form %d ", *r.Form)
		}
		what := withoutFolders(r.Text, f)
		if what == fileName(r.Path) { // already named
			what = ""
		}
		out.Related = append(out.Related, letterText(text+o.place(r.Location)+" "+oneLine(what, longestQuote)))
	}
	return out
}
