package validate

import (
	"strconv"
	"strings"
	"unicode"

	"perfgoal/model"
)

var wordingRules = []rule{
	{
		RuleInfo: model.RuleInfo{
			Code: "W001", Name: "markup-leftover", Severity: model.Warning, Default: true, Kind: model.KindForm, Since: since, Basis: basisForm,
			Title:     model.Text{Zh: "文字里残留网页标记", En: "HTML tags or entities in text"},
			Rationale: model.Text{Zh: "网页编辑框的标记会原样公开出去。", En: "Leftovers of a web editor are published as they stand."},
			Fix:       model.Text{Zh: "删去标记，只留文字。", En: "Delete the markup and keep the text."},
			Bad:       example(edit{annualGoal, "<p>" + annualGoal + "</p>"}),
			Good:      clean(annualGoal),
		},
		form: markupLeftover,
	},
}

// texts are the places of a form that hold wording, in printed order.
func (f *form) texts() []place {
	out := make([]place, 0, 6+2*len(f.rows))
	for _, p := range []place{
		{field: "project.name", text: f.Project.Name},
		{field: "project.supervising_department", text: f.Project.SupervisingDepartment},
		{field: "project.implementing_unit", text: f.Project.ImplementingUnit},
		{field: "goals.overall", text: f.Goals.Overall},
		{field: "goals.annual", text: f.Goals.Annual},
	} {
		if p.text != "" {
			text := p.text
			p = f.head(p.field, text)
			p.text = text
			out = append(out, p)
		}
	}
	for i := range f.rows {
		r := &f.rows[i]
		for _, field := range []string{"level3", "value"} {
			if p := r.at(field); p.text != "" {
				out = append(out, p)
			}
		}
	}
	return out
}

// eachText runs a check over every wording of a form.
func eachText(f *form, check func(place) *model.Finding) verdict {
	var findings []model.Finding
	for _, p := range f.texts() {
		if x := check(p); x != nil {
			findings = append(findings, *x)
		}
	}
	return judged(findings)
}

func markupLeftover(f *form, _ *Thresholds) verdict {
	return eachText(f, func(p place) *model.Finding {
		found := markup(p.text)
		if len(found) == 0 {
			return nil
		}
		kinds := unique(found)
		x := f.finding(p, model.Text{
			Zh: "文字里残留{count}处网页标记（{marks}），请删去，只留文字。",
			En: "{count} leftover(s) of markup ({marks}) stand in the text; delete them.",
		}, model.Args{"count": strconv.Itoa(len(found)), "marks": strings.Join(kinds, " ")})
		x.Evidence = map[string]string{"count": strconv.Itoa(len(found)), "marks": strings.Join(kinds, " ")}
		return &x
	})
}

func unique(words []string) []string {
	seen := map[string]bool{}
	var out []string
	for _, w := range words {
		if !seen[w] {
			seen[w] = true
			out = append(out, w)
		}
	}
	return out
}

// markup finds HTML tags and entities; < and > as signs of comparison are
// none, because only known elements count.
func markup(s string) []string {
	var out []string
	for _, span := range markupSpans(s) {
		out = append(out, s[span[0]:span[1]])
	}
	return out
}

// stripMarkup takes tags and entities out.
func stripMarkup(s string) string {
	spans := markupSpans(s)
	if len(spans) == 0 {
		return s
	}
	var b strings.Builder
	last := 0
	for _, span := range spans {
		b.WriteString(s[last:span[0]])
		last = span[1]
	}
	b.WriteString(s[last:])
	return b.String()
}

func markupSpans(s string) [][2]int {
	var spans [][2]int
	for i := 0; i < len(s); i++ {
		end := -1
		switch s[i] {
		case '<':
			end = tagEnd(s, i)
		case '&':
			end = entityEnd(s, i)
		}
		if end > 0 {
			spans = append(spans, [2]int{i, end})
			i = end - 1
		}
	}
	return spans
}

var knownTags = func() map[string]bool {
	m := map[string]bool{}
	for _, t := range markupTags {
		m[t] = true
	}
	return m
}()

// tagEnd is the end of the tag or comment at i, -1 where there is none.
func tagEnd(s string, i int) int {
	if strings.HasPrefix(s[i:], "<!--") {
		if j := strings.Index(s[i:], "-->"); j > 0 {
			return i + j + 3
		}
		return -1
	}
	j := i + 1
	if j < len(s) && s[j] == '/' {
		j++
	}
	start := j
	for j < len(s) && (isDigit(s[j]) || s[j] == ':' || s[j]|0x20 >= 'a' && s[j]|0x20 <= 'z') {
		j++
	}
	if !knownTags[strings.ToLower(s[start:j])] || j == len(s) {
		return -1
	}
	if s[j] != '>' && s[j] != '/' && s[j] != ' ' && s[j] != '\t' {
		return -1
	}
	if k := strings.IndexAny(s[j:], "<>"); k >= 0 && s[j+k] == '>' {
		return j + k + 1
	}
	return -1
}

// entityEnd is the end of the entity at i, such as &nbsp; or &#160;.
func entityEnd(s string, i int) int {
	const longest = 10
	j := strings.IndexByte(s[i:min(len(s), i+longest)], ';')
	if j < 3 {
		return -1
	}
	for k, r := range s[i+1 : i+j] {
		if r >= unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && (r != '#' || k > 0) {
			return -1
		}
	}
	return i + j + 1
}
