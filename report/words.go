package report

import (
	"fmt"
	"strconv"
	"strings"

	"perfgoal/model"
)

// say renders a wording in the chosen language. Both take the same arguments
// in the same order.
func (o Options) say(zh, en string, args ...any) string {
	s := model.Text{Zh: zh, En: en}.In(o.Lang)
	if len(args) == 0 {
		return s
	}
	return filled(s, args)
}

// filled is fmt.Sprintf for what most wordings are: texts and numbers, each
// behind a verb of its own. Others are left to fmt.
func filled(wording string, args []any) string {
	const usual = 16 // bytes of an argument
	var b strings.Builder
	b.Grow(len(wording) + usual*len(args))
	rest := wording
	for _, arg := range args {
		before, after, _ := strings.Cut(rest, "%")
		b.WriteString(before)
		switch v := arg.(type) {
		case string:
			rest, _ = strings.CutPrefix(after, "s")
			b.WriteString(v)
		case int:
			rest, _ = strings.CutPrefix(after, "d")
			b.WriteString(strconv.Itoa(v))
		default:
			return fmt.Sprintf(wording, args...)
		}
		if rest == after {
			return fmt.Sprintf(wording, args...)
		}
	}
	if strings.Contains(rest, "%") {
		return fmt.Sprintf(wording, args...)
	}
	b.WriteString(rest)
	return b.String()
}

// severityWord is a severity as people read it.
func (o Options) severityWord(s model.Severity) string {
	switch s {
	case model.Error:
		return o.say("错误", "error")
	case model.Warning:
		return o.say("警告", "warning")
	default:
		return o.say("提示", "info")
	}
}

// kindWord is what a rule stands on, as people read it.
func (o Options) kindWord(k model.RuleKind) string {
	switch k {
	case model.KindForm:
		return o.say("表式", "form")
	case model.KindSum:
		return o.say("勾稽", "sum")
	case model.KindGuide:
		return o.say("指引", "guide")
	case model.KindReading:
		return o.say("读取", "reading")
	case model.KindOwn:
		return o.say("自定", "own")
	default:
		return o.say("经验", "heuristic")
	}
}

// place says where something stands: 第3页第12行第4格, 第651行, Sheet1!C12, 表2第5行第1格. A line of text is
// enough to find it, and its columns may lie.
func (o Options) place(l model.Location) string {
	if l.Line != nil {
		return o.say("第%d行", "line %d", *l.Line)
	}
	if l.Sheet != "" {
		return l.Sheet + "!" + l.CellName()
	}
	part := ""
	switch {
	case l.Table > 0:
		part = o.say("表%d", "table %d ", l.Table)
	case l.Page != nil:
		part = o.say("第%d页", "page %d ", *l.Page)
	}
	cell := l.CellName()
	if l.Cell != (model.Ref{}) {
		cell = o.say("第%[1]d行第%[2]d格", "R%[1]dC%[2]d", l.Cell.Row, l.Cell.Col)
	}
	return strings.TrimSpace(part + cell)
}

// cellOf names a cell with its sheet or table: R12C3, Sheet1!C12, T2 R5C1.
func cellOf(l model.Location) string {
	switch {
	case l.Sheet != "":
		return l.Sheet + "!" + l.CellName()
	case l.Table > 0:
		return strings.TrimSpace("T" + strconv.Itoa(l.Table) + " " + l.CellName())
	}
	return l.CellName()
}

// rule is what is known of a rule, nil for one that is not checked.
func (o Options) rule(code string) *model.RuleInfo {
	for i := range o.Rules {
		if o.Rules[i].Code == code {
			return &o.Rules[i]
		}
	}
	return nil
}

// ruleTitle is what a rule reports, or its code.
func (o Options) ruleTitle(code string) string {
	if r := o.rule(code); r != nil {
		return r.Title.In(o.Lang)
	}
	return code
}

// fix is what to do about a rule's findings, "" where that is not said.
func (o Options) fix(code string) string {
	if r := o.rule(code); r != nil {
		return r.Fix.In(o.Lang)
	}
	return ""
}

// formTitle heads what is said about one form.
func (o Options) formTitle(index int, project string) string {
	if project == "" {
		project = o.say("（未填项目名称）", "(no project name)")
	}
	return o.say("第%d张 %s", "Form %d  %s", index, visible(project))
}

// sentence is a finding in one line for formats that know only files and
// lines: where on the form, and what.
func (o Options) sentence(f model.Finding) string {
	where := ""
	if f.Form != nil {
		where = o.formTitle(*f.Form, f.Project)
	}
	if f.Location.Line == nil { // else the format names it
		if place := o.where(f); place != "" {
			where = strings.TrimSpace(where + " " + place)
		}
	} else if o.reading(f) {
		where = strings.TrimSpace(where + " " + o.fieldName(f.Field))
	}
	if where != "" {
		where += o.say("：", ": ")
	}
	if o.reading(f) {
		where += o.say("没有读准，请对照原件：", "not read for certain, look at the original: ")
	}
	return where + f.Message.In(o.Lang)
}

// fullField names a field within its document: form[2].indicators[4].value.
func fullField(form *int, field string) string {
	if form == nil {
		return field
	}
	name := "form[" + strconv.Itoa(*form) + "]"
	if field != "" {
		name += "." + field
	}
	return name
}
