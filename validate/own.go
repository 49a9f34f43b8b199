package validate

import "perfgoal/model"

// OwnRule is a rule from outside the table, such as one written in a
// configuration.
type OwnRule struct {
	Info  model.RuleInfo
	Check func(*model.Form) Answer
}

// Answer is what an own rule says of a form.
type Answer struct {
	Outcome model.Outcome
	Reason  model.Message // why it could not be judged; empty otherwise
	// Of a failure: the field it is about, what stands there, and the figures
	// behind it.
	Field    string
	Text     string
	Message  model.Message
	Evidence map[string]string
	Related  []string // further fields that it looked at
}

// rule makes an entry as those of the table.
func (o *OwnRule) rule() *rule {
	check := o.Check
	return &rule{RuleInfo: o.Info, own: true, form: func(f *form, _ *Thresholds) verdict {
		a := check(f.Form)
		v := verdict{outcome: a.Outcome, reason: a.Reason}
		if a.Outcome != model.Fail {
			return v
		}
		x := f.finding(f.head(a.Field, a.Text), a.Message.Text, a.Message.Args)
		x.Evidence = a.Evidence
		for _, field := range a.Related {
			if s, ok := f.Sources[field]; ok && field != a.Field {
				x.Related = append(x.Related, f.related(place{field: field, text: s.Text, location: s.Location}))
			}
		}
		v.findings = []model.Finding{x}
		return v
	}}
}
