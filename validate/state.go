package validate

import (
	"slices"
	"strconv"
	"strings"

	"perfgoal/model"
)

// state says whether a field was filled, left blank, not found on the form or
// doubted. It is the model's, asked for only where the source does not tell.
func (f *form) state(path string) model.FieldState {
	for i := range f.states {
		if f.states[i].path == path {
			return f.states[i].state
		}
	}
	return f.lookUpState(path)
}

// fieldState is what a field's state was found to be.
type fieldState struct {
	path  string
	state model.FieldState
}

// lookUpStates finds out once what many rules ask.
func (f *form) lookUpStates() []fieldState {
	states := make([]fieldState, len(requiredOfProject)+1)
	for i, path := range requiredOfProject {
		states[i] = fieldState{path, f.lookUpState(path)}
	}
	const goal = "goals.annual"
	states[len(requiredOfProject)] = fieldState{goal, f.lookUpState(goal)}
	return states
}

func (f *form) lookUpState(path string) model.FieldState {
	if len(f.Doubts) > 0 && f.HasDoubt(path) {
		return model.Doubted
	}
	switch s := f.Sources[path].Text; {
	case s != "" && !holdsPlace(s):
		return model.Filled
	case s != "":
		return model.LeftBlank
	}
	field, known := model.FieldAt(path)
	if f.Sources != nil || !known {
		return f.State(path)
	}
	if f.holds(field) {
		return model.Filled
	}
	return model.LeftBlank
}

// holds says whether a field has something in it that is no placeholder,
// without printing it as State does.
func (f *form) holds(field model.Field) bool {
	switch field.Kind {
	case model.FieldText:
		text := *field.Text(f.Form)
		return text != "" && !holdsPlace(text)
	case model.FieldYear:
		return *field.Year(f.Form) != 0
	case model.FieldDate:
		return !field.Date(f.Form).Blank()
	}
	return field.Money(f.Form).State != model.MoneyBlank
}

// lacking answers for a rule whose fields are not all filled; ok is false
// where they are. That a field is not on the form, was not read and was left
// blank are three things, and only the last is the unit's doing.
func (f *form) lacking(paths ...string) (v verdict, ok bool) {
	for _, path := range paths {
		if s := f.state(path); s != model.Filled {
			return unfilled(path, s), true
		}
	}
	return verdict{}, false
}

// reporters are the rules that report a field's blank.
var reporters = map[string]string{
	"fiscal_year": "S001", "department_name": "S001", "project.name": "S001", "project.supervising_department": "S001", "project.implementing_unit": "S001",
	"project.start_date": "S001", "project.end_date": "S001", "funding.annual.total": "S001", "goals.annual": "S004",
}

func unfilled(path string, s model.FieldState) verdict {
	name := model.Text{Zh: path, En: path}
	if field, ok := model.FieldAt(path); ok {
		name = field.Name
	}
	args := model.Args{"field": name.Zh, "field_en": name.En, "rule": reporters[path]}
	switch {
	case s == model.NotOnForm:
		return insufficient("表上没有找到“{field}”这一栏", "the form shows no field for the {field_en}", args)
	case s == model.Doubted:
		return insufficient("“{field}”一栏印有内容，但没有读准（见 R 开头的各条）", "what is printed for the {field_en} could not be read for certain (see the R rules)", args)
	case args["rule"] == "":
		return insufficient("“{field}”一栏空着", "the {field_en} is left blank", args)
	}
	return insufficient("“{field}”一栏空着（见 {rule}）", "the {field_en} is left blank (see {rule})", args)
}

// doubtRows marks the rows whose name or value could not be read for certain.
func (f *form) doubtRows() {
	for i := range f.Doubts {
		list, rest, ok := strings.Cut(f.Doubts[i].Field, "[")
		number, _, _ := strings.Cut(rest, "]")
		n, err := strconv.Atoi(number)
		if !ok || err != nil || list != annualList && list != overallList {
			continue
		}
		if list == annualList && n >= 0 && n < len(f.rows) {
			f.rows[n].doubted = true
		}
		for k := range f.further {
			if r := &f.further[k]; r.index == n && r.overall() == (list == overallList) {
				r.doubted = true
			}
		}
	}
}

// looseDoubt is a doubt about printed text that may be an indicator or a part
// of one, though no row is known to hold it; nil where there is none.
func (f *form) looseDoubt() *model.Doubt {
	i := slices.IndexFunc(f.Doubts, func(d model.Doubt) bool { return d.Field == "" || d.Field == "indicators" })
	if i < 0 {
		return nil
	}
	return &f.Doubts[i]
}

// doubtedTable answers for a rule about what is missing among the indicators,
// where something printed there was not read.
func (f *form) doubtedTable() (v verdict, ok bool) {
	for i := range f.rows {
		if f.rows[i].doubted {
			return doubtedRow(&f.rows[i]), true
		}
	}
	if d := f.looseDoubt(); d != nil {
		return insufficient("表里的“{text}”没有读准，可能就是所缺的内容", `"{text}" on the form could not be read for certain and may be what is missing`, model.Args{"text": d.Text}), true
	}
	return verdict{}, false
}

func doubtedRow(r *row) verdict {
	args := model.Args{"row": strconv.Itoa(r.index + 1)}
	if r.overall() {
		return insufficient("整个项目的第{row}条指标印有内容，但没有读准（见 R 开头的各条）", "indicator {row} of the whole project could not be read for certain (see the R rules)", args)
	}
	return insufficient("第{row}条指标印有内容，但没有读准（见 R 开头的各条）", "indicator {row} could not be read for certain (see the R rules)", args)
}

// meets says whether a rule can look at a form; where it cannot, the verdict
// says why.
func (r *rule) meets(f *form) (v verdict, ok bool) {
	if !r.about(f.Kind) {
		return notApplicable("这条规则不查这一类表", "the rule is not about forms of this kind"), false
	}
	v, lacking := f.lacking(r.needs...)
	return v, !lacking
}

// about says whether the rule is about forms of a kind.
func (r *rule) about(kind model.FormKind) bool {
	if kind == "" || r.kinds == nil {
		return kind != model.DepartmentForm
	}
	return slices.Contains(r.kinds, kind)
}

// anyKind are both kinds of form.
var anyKind = []model.FormKind{model.ProjectForm, model.DepartmentForm}
