package validate

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"perfgoal/model"
)

// texts are the places of a form that hold wording, in printed order.
func (f *form) texts(may func(string) bool) []place {
	var out []place
	for _, p := range []place{
		{field: "project.name", text: f.Project.Name},
		{field: "project.supervising_department", text: f.Project.SupervisingDepartment},
		{field: "project.implementing_unit", text: f.Project.ImplementingUnit},
		{field: "goals.overall", text: f.Goals.Overall},
		{field: "goals.annual", text: f.Goals.Annual},
	} {
		if p.text != "" && may(p.text) {
			text := p.text
			p = f.head(p.field, text)
			p.text = text
			out = append(out, p)
		}
	}
	for i := range f.rows {
		r := &f.rows[i]
		if r.Level3 != "" && may(r.Level3) {
			out = append(out, r.at("level3"))
		}
		if r.Value.Raw != "" && may(r.Value.Raw) {
			out = append(out, r.at("value"))
		}
	}
	for i := range f.further {
		r := &f.further[i]
		if r.column() == "value" && r.Level3 != "" && may(r.Level3) {
			out = append(out, r.at("level3"))
		}
		if r.Value.Raw != "" && may(r.Value.Raw) {
			out = append(out, r.at("value"))
		}
	}
	return out
}

// mayHoldMarkup says whether a text has a character that markup begins with.
func mayHoldMarkup(s string) bool {
	return strings.IndexByte(s, '<') >= 0 || strings.IndexByte(s, '&') >= 0
}

// anyText takes every text.
func anyText(string) bool { return true }

// eachText runs a check over every wording of a form that may be of interest.
func eachText(f *form, may func(string) bool, check func(place) *model.Finding) verdict {
	var findings []model.Finding
	for _, p := range f.texts(may) {
		if x := check(p); x != nil {
			findings = append(findings, *x)
		}
	}
	return judged(findings)
}

var markupLeftoverRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "W001", Name: "markup-leftover", Severity: model.Warning, Default: true, Kind: model.KindForm, Since: since, Basis: basisForm,
		Title:     model.Text{Zh: "文字里残留网页标记", En: "HTML tags or entities in text"},
		Rationale: model.Text{Zh: "网页编辑框的标记会原样公开出去。", En: "Leftovers of a web editor are published as they stand."},
		Fix:       model.Text{Zh: "删去标记，只留文字。", En: "Delete the markup and keep the text."},
		Mends:     model.Text{Zh: "perfgoal fix 可以删去标记，段落标记改为换行，&ge; 这样的代码改为文字。", En: "perfgoal fix drops the tags, breaks the line where one ends it, and writes entities such as &ge; as characters."},
		Bad:       example(edit{annualGoal, "<p>" + annualGoal + "</p>"}),
		Good:      clean(annualGoal),
	},
	kinds: anyKind,
	form:  markupLeftover,
	mend:  mendMarkup,
}

func markupLeftover(f *form, _ *Thresholds) verdict {
	return eachText(f, mayHoldMarkup, func(p place) *model.Finding {
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
	if !mayHoldMarkup(s) {
		return nil
	}
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

var foreignWordRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "W002", Name: "foreign-word", Severity: model.Info, Kind: model.KindHeuristic, Since: since, Basis: basisHeuristic,
		Title:     model.Text{Zh: "中文里夹着小写的英文单词", En: "a lower-case English word in Chinese prose"},
		Rationale: model.Text{Zh: "公开材料面向公众，夹杂外文单词不便理解，也常是复制时没有译。", En: "Published papers address the public; a foreign word there was mostly left untranslated."},
		Fix:       model.Text{Zh: "改用中文。", En: "Use Chinese."},
		Bad:       example(edit{"及时排除故障", "及时排除故障，缩短 downtime"}),
		Good:      clean(annualGoal),
	},
	kinds: anyKind,
	form:  foreignWord,
}

func foreignWord(f *form, _ *Thresholds) verdict {
	return eachText(f, anyText, func(p place) *model.Finding {
		words := unique(foreignWords(stripMarkup(p.text)))
		if len(words) == 0 {
			return nil
		}
		x := f.finding(p, model.Text{
			Zh: "中文里夹着英文单词“{words}”，请改用中文。",
			En: `English word(s) in Chinese prose: "{words}". Use Chinese.`,
		}, model.Args{"words": strings.Join(words, "、")})
		x.Evidence = map[string]string{"words": strings.Join(words, " ")}
		return &x
	})
}

// foreignWords are runs of three or more lower-case Latin letters in a text
// that has Chinese characters, without units and parts of addresses.
func foreignWords(s string) []string {
	if !strings.ContainsFunc(s, isHan) {
		return nil
	}
	var out []string
	runes := []rune(s)
	for i := 0; i < len(runes); {
		if runes[i] >= unicode.MaxASCII || !isWordRune(runes[i]) {
			i++
			continue
		}
		j := i
		lower := true
		for j < len(runes) && runes[j] < unicode.MaxASCII && isWordRune(runes[j]) {
			lower = lower && runes[j] >= 'a' && runes[j] <= 'z'
			j++
		}
		word := string(runes[i:j])
		if lower && j-i >= 3 && !slices.Contains(latinUnits, word) {
			out = append(out, word)
		}
		i = j
	}
	return out
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// isWordRune keeps addresses and names such as www.example.cn in one piece.
func isWordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("./:@_-+#&", r)
}

var halfWidthPunctuationRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "W005", Name: "half-width-punctuation", Severity: model.Info, Kind: model.KindHeuristic, Since: since, Basis: basisHeuristic,
		Title:     model.Text{Zh: "汉字之间用了半角标点", En: "half-width punctuation between Chinese characters"},
		Rationale: model.Text{Zh: "中文行文应使用全角标点。", En: "Chinese prose takes full-width punctuation."},
		Fix:       model.Text{Zh: "改成全角标点。", En: "Use full-width punctuation."},
		Mends:     model.Text{Zh: "perfgoal fix 可以改成全角标点。", En: "perfgoal fix widens them."},
		Bad:       example(edit{"全年正常开放，按计划", "全年正常开放,按计划"}),
		Good:      clean(annualGoal),
	},
	kinds: anyKind,
	form:  halfWidthPunctuation,
	mend:  mendPunctuation,
}

func halfWidthPunctuation(f *form, _ *Thresholds) verdict {
	var first *model.Finding
	count := 0
	for _, p := range f.texts(anyText) {
		n := halfWidthBetween(stripMarkup(p.text))
		count += n
		if n == 0 {
			continue
		}
		if first != nil {
			first.Related = append(first.Related, f.related(p))
			continue
		}
		x := f.finding(p, model.Text{
			Zh: "汉字之间有{count}处半角标点，请改成全角。",
			En: "{count} half-width punctuation mark(s) stand between Chinese characters; use full width.",
		}, nil)
		first = &x
	}
	if first == nil {
		return judged(nil)
	}
	first.Message.Args = model.Args{"count": strconv.Itoa(count)}
	first.Evidence = map[string]string{"count": strconv.Itoa(count)}
	return judged([]model.Finding{*first})
}

// halfWidthBetween counts half-width commas, colons and the like that stand
// between Chinese characters, white space aside.
func halfWidthBetween(s string) int {
	n := 0
	var before, mark rune
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
		case mark != 0:
			if isHan(r) {
				n++
			}
			before, mark = r, 0
		case strings.ContainsRune(",;:!?", r) && isHan(before):
			mark = r
		default:
			before = r
		}
	}
	return n
}

var unbalancedBracketsRule = rule{
	RuleInfo: model.RuleInfo{
		Code: "W008", Name: "unbalanced-brackets", Severity: model.Warning, Kind: model.KindForm, Since: since, Basis: basisForm,
		Title:     model.Text{Zh: "括号或引号不成对", En: "brackets or quotes that do not pair"},
		Rationale: model.Text{Zh: "括号不成对，多半是文字被截断或漏录。", En: "An unpaired bracket mostly shows text that was cut or left out."},
		Fix:       model.Text{Zh: "补上缺少的一半，或删去多余的。", En: "Add the missing half, or delete the spare one."},
		Bad:       example(edit{"保障科普展厅全年", "保障科普展厅（含天文厅全年"}),
		Good:      example(edit{"保障科普展厅全年", "保障科普展厅（含天文厅）全年"}),
	},
	kinds: anyKind,
	form:  unbalancedBrackets,
}

func unbalancedBrackets(f *form, _ *Thresholds) verdict {
	return eachText(f, anyText, func(p place) *model.Finding {
		mark := unpaired(stripMarkup(p.text))
		if mark == 0 {
			return nil
		}
		x := f.finding(p, model.Text{
			Zh: "“{mark}”没有配对，文字可能被截断或漏录，请补全。",
			En: `"{mark}" has no partner; the text may have been cut. Complete it.`,
		}, model.Args{"mark": string(mark)})
		x.Evidence = map[string]string{"mark": string(mark)}
		return &x
	})
}

// unpaired is the first bracket or quote without its partner, 0 where all
// pair. Half and full width pair with each other; the bracket behind a number
// in a list, as in 1), needs none.
func unpaired(s string) rune {
	var open []rune
	var before rune
	for _, r := range s {
		k, side := bracket(r)
		switch {
		case side > 0:
			open = append(open, r)
		case side < 0:
			if len(open) > 0 {
				if top, _ := bracket(open[len(open)-1]); top == k {
					open = open[:len(open)-1]
					break
				}
			}
			if k != bracketPairs[0].kind || !unicode.IsDigit(before) && !strings.ContainsRune("一二三四五六七八九十", before) {
				return r
			}
		}
		before = r
	}
	if len(open) > 0 {
		return open[0]
	}
	return 0
}

// bracket gives a bracket's kind and side: 1 opening, -1 closing, 0 none.
func bracket(r rune) (kind rune, side int) {
	for _, pair := range bracketPairs {
		switch {
		case strings.ContainsRune(pair.open, r):
			return pair.kind, 1
		case strings.ContainsRune(pair.closing, r):
			return pair.kind, -1
		}
	}
	return 0, 0
}
