package report

// Ruleset names the set of rules that documents were checked with.
type Ruleset struct {
	ID        string `json:"id"`
	Version   string `json:"version"`
	ValidFrom string `json:"valid_from"` // first day, YYYY-MM-DD
	ValidTo   string `json:"valid_to"`   // last day; "" while it is in force
	ChosenBy  string `json:"chosen_by"`  // default, --ruleset, --year, or FILE:LINE of a configuration
}

// rulesetLine names the set on one line.
func (o Options) rulesetLine(r *Ruleset) string {
	valid := o.say("%s 起适用", "valid from %s", r.ValidFrom)
	if r.ValidTo != "" {
		valid = o.say("%s 至 %s 适用", "valid from %s to %s", r.ValidFrom, r.ValidTo)
	}
	by := r.ChosenBy
	if by == "default" {
		by = o.say("默认", "default")
	}
	return o.say("规则集：%s %s（%s；选定：%s）", "Ruleset: %s %s (%s; chosen by: %s)", r.ID, r.Version, valid, by)
}
