package report

import (
	"strconv"
	"strings"

	"perfgoal/model"
)

// FormDoubt is a doubt with the index of its form.
type FormDoubt struct {
	Form int
	model.Doubt
}

// doubtsOf are the doubts of a document's forms, in their order.
func doubtsOf(d *model.Document) []FormDoubt {
	var out []FormDoubt
	for i := range d.Forms {
		for _, x := range d.Forms[i].Doubts {
			out = append(out, FormDoubt{d.Forms[i].Index, x})
		}
	}
	return out
}

// reading says whether a finding is about what could not be read for certain.
// Such a finding is no fault of the unit's: it stands apart from the others,
// has a count of its own, and is listed whatever the least severity.
func (o Options) reading(f model.Finding) bool {
	for i := range o.Rules {
		if o.Rules[i].Code == f.Rule {
			return o.Rules[i].Kind == model.KindReading
		}
	}
	return false
}

// Lists says whether a finding is listed.
func (o Options) Lists(f model.Finding) bool { return o.Shown(f.Severity) || o.reading(f) }

// split are the findings that are listed, and apart from them those about what
// could not be read for certain.
func (o Options) split(findings []model.Finding) (judged, readings []model.Finding) {
	judged = make([]model.Finding, 0, len(findings))
	for _, f := range findings {
		switch {
		case o.reading(f):
			readings = append(readings, f)
		case o.Shown(f.Severity):
			judged = append(judged, f)
		}
	}
	return judged, readings
}

// readingTitle heads what could not be read for certain.
func (o Options) readingTitle() string { return o.say("没有读准的地方", "Not read for certain") }

// readingAdvice says what such places mean and what to do.
func (o Options) readingAdvice() string {
	return o.say("这些文字没有把握读准，没有写入任何字段，用到它们的规则没有作判断。请对照原件核对；原件没有错的，不必修改。",
		"These texts could not be read for certain: no field holds them, and rules that need them were not judged. Look at the original; where it is right there is nothing to correct.")
}

// gravity is how a finding is marked: its severity, or that it could not be
// read for certain.
func (o Options) gravity(f model.Finding) string {
	if o.reading(f) {
		return o.say("没有读准", "not certain")
	}
	return o.severityWord(f.Severity)
}

// trouble is why a document was not checked, or not all of it although no
// listed finding says so: its rules may be off.
func (o Options) trouble(c Checked) *model.Problem {
	if c.Status != model.StatusPartial || c.Bundle {
		return c.Error
	}
	for _, f := range c.Findings {
		if o.reading(f) {
			return nil
		}
	}
	return &model.Problem{Code: string(model.StatusPartial), Message: model.Message{Text: model.Text{
		Zh: "有{count}处没有读准，用到它们的规则没有作判断；请对照原件核对（用 perfgoal parse -o table 可以看到是哪些地方）。",
		En: "Places not read for certain, so that rules which need them were not judged: {count}; look at the original (perfgoal parse -o table names the places)."},
		Args: model.Args{"count": strconv.Itoa(len(c.Doubts))}}}
}

// where is the place of a finding, and the field that could not be read for
// certain: its message need not name it.
func (o Options) where(f model.Finding) string {
	place := o.place(f.Location)
	if o.reading(f) {
		place = strings.TrimSpace(place + " " + o.fieldName(f.Field))
	}
	return place
}

// tone is gravity for style sheets: a severity, or reading.
func (o Options) tone(f model.Finding) string {
	if o.reading(f) {
		return "reading"
	}
	return string(f.Severity)
}

// fieldName is a field as people call it: 项目名称, 指标第4条指标值, "" for none.
func (o Options) fieldName(path string) string {
	if path == "" {
		return ""
	}
	if number, list, ok := rowOf(path); ok {
		return o.rowWord(list, number)
	}
	return o.fieldWord(path)
}

// doubtedText is what stands in place of a field that was not read for
// certain: what is printed there, where that is known.
func (o Options) doubtedText(f *model.Form, path string) string {
	for _, d := range f.Doubts {
		if d.Field == path && d.Text != "" {
			return o.say("没有读准：%s", "not certain: %s", visible(d.Text))
		}
	}
	return o.say("没有读准", "not certain")
}

// doubtHead says where a doubt is, of what kind, and what is printed there.
func (o Options) doubtHead(d model.Doubt) string {
	parts := []string{}
	for _, s := range []string{o.place(d.Location), o.fieldName(d.Field), string(d.Code)} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	head := strings.Join(parts, " ")
	if d.Text != "" {
		head += o.say("：", ": ") + visible(d.Text)
	}
	return head
}

// rowOf takes a whole row's path ("indicators[3]") apart; the number is
// 1-based.
func rowOf(path string) (number int, list string, ok bool) {
	list, rest, ok := strings.Cut(path, "[")
	if !ok || !strings.HasSuffix(rest, "]") {
		return 0, "", false
	}
	n, err := strconv.Atoi(strings.TrimSuffix(rest, "]"))
	return n + 1, list, err == nil
}

// inLanguage returns the doubts with their messages put into words: in JSON a
// message is its Chinese wording.
func inLanguage(doubts []model.Doubt, lang model.Lang) []model.Doubt {
	out := make([]model.Doubt, len(doubts))
	for i, d := range doubts {
		d.Message = model.Message{Text: model.Text{Zh: d.Message.In(lang)}}
		out[i] = d
	}
	return out
}

// doubtJSON is a doubt in `lint -o json`.
type doubtJSON struct {
	Form int `json:"form"`
	model.Doubt
}

func doubtsIn(list []FormDoubt, lang model.Lang) []doubtJSON {
	out := make([]doubtJSON, len(list))
	for i, d := range list {
		out[i] = doubtJSON{d.Form, inLanguage([]model.Doubt{d.Doubt}, lang)[0]}
	}
	return out
}

// usualColumns are the columns of the indicator table that every form has.
var usualColumns = []string{"level1", "level2", "level3", "value"}
