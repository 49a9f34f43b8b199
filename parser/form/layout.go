// Package form puts the cells of tables together to declarations. Labels,
// their synonyms, the level system and what stands where are data: one layout
// is one file under layouts. Every printed character of a form is booked as
// label, value or ignored with a reason; what is left is doubted.
package form

import (
	"bytes"
	"cmp"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"perfgoal/internal/zh"
	"perfgoal/model"
)

//go:embed layouts/*.json
var layoutFiles embed.FS

// LayoutFile is one layout as its file has it. Lists of a layout that extends
// another are added to the other's. Labels are compared folded, without
// numbers, a colon, a year before and a bracketed note behind them.
type LayoutFile struct {
	Name    string `json:"name"`
	Extends string `json:"extends,omitempty"`
	Note    string `json:"note,omitempty"` // what it looks like, for people
	NoteEn  string `json:"note_en,omitempty"`
	// Kind is "project" (the default), "department", or "self-evaluation" for
	// forms that are no declarations.
	Kind string `json:"kind,omitempty"`

	Titles        []string `json:"titles,omitempty"`         // a title ends in one of them
	TitleExcludes []string `json:"title_excludes,omitempty"` // and holds none of these
	Marks         []string `json:"marks,omitempty"`          // labels that speak for this layout
	Against       []string `json:"against,omitempty"`        // labels that speak against it
	Prints        []string `json:"prints,omitempty"`         // paths of the fields such a form asks for

	Fields        map[string][]string `json:"fields,omitempty"`         // path -> labels
	OtherFields   []string            `json:"other_fields,omitempty"`   // labels whose values are not kept
	OtherSections []string            `json:"other_sections,omitempty"` // labels beside whole blocks that are not kept
	// Funding has the labels of amounts by path without "funding."; a side
	// "either" is told by where the label stands.
	Funding         map[string][]string `json:"funding,omitempty"`
	FundingItems    []string            `json:"funding_items,omitempty"`    // parts of an amount, kept as items
	FundingTotals   []string            `json:"funding_totals,omitempty"`   // 小计: the amount of the label left of it
	FundingGroups   []string            `json:"funding_groups,omitempty"`   // labels beside the whole funding block
	HeadGroups      []string            `json:"head_groups,omitempty"`      // labels beside the whole head
	Goals           map[string][]string `json:"goals,omitempty"`            // overall, annual, overall_or_group, group
	Columns         map[string][]string `json:"columns,omitempty"`          // role -> headings
	Scopes          map[string][]string `json:"scopes,omitempty"`           // annual, overall, half-year -> words in headings
	IndicatorGroups map[string][]string `json:"indicator_groups,omitempty"` // annual, overall -> labels beside an indicator table
	Stops           []string            `json:"stops,omitempty"`            // labels that end the indicator table
	Sums            []string            `json:"sums,omitempty"`             // 合计: a row that is no indicator
	Levels          []LevelFile         `json:"levels,omitempty"`
}

// LevelFile is a level label with its class and what goes by the same class.
type LevelFile struct {
	Name     string      `json:"name"`
	Class    model.Level `json:"class"`
	Labels   []string    `json:"labels,omitempty"`
	Required bool        `json:"required,omitempty"` // a form must have it
	Level2   []LevelFile `json:"level2,omitempty"`
}

// The roles of columns.
const (
	colLevel1    = "level1"
	colLevel2    = "level2"
	colLevel3    = "level3"
	colValue     = "value"
	colOperator  = "operator"
	colUnit      = "unit"
	colWeight    = "weight"
	colDirection = "direction"
	colRemark    = "remark"
	colNumber    = "number"
	colOther     = "other"
	colActual    = "actual"  // what was achieved: only self-evaluations have it
	colUnknown   = "unknown" // a heading that no layout knows
)

const (
	kindSelfEvaluation = "self-evaluation"
	scopeHalfYear      = "half-year"
)

// Common is the layout whose words all others share; no form is of it.
const Common = "common"

// role is what a label stands for.
type role struct {
	kind roleKind
	path string // field path, column role, scope; "" where the kind says it all
}

type roleKind int

const (
	roleField roleKind = iota + 1
	roleOtherField
	roleOtherSection
	roleFunding
	roleFundingItem
	roleFundingTotal
	roleFundingGroup
	roleHeadGroup
	roleGoal
	roleColumn
	roleIndicatorGroup
	roleStop
	roleSum
)

// level is a known level label.
type level struct {
	name    string // as forms are given it
	class   model.Level
	parents []string // of a level 2: names of level 1, the usual one first
}

// layout is a layout made ready for look-ups by normalised label.
type layout struct {
	file     LayoutFile
	ends     []string          // of its own titles
	own      map[string][]role // the layout's own labels: they win over the union's
	index    int               // in the list, -1 for one that is not in it
	required []model.Level
}

// label is a text that some layout knows as a label, with all that they know
// of it. nil is a text that none knows.
type label struct {
	key    string
	number int      // of those with votes, from 0
	roles  []role   // in the union of layouts
	own    [][]role // in each layout's own file
	level1 level
	level2 level
	votes  []vote
}

// asLevel1 and asLevel2 are the levels that a label is; blank where it is none.
func (k *label) asLevel1() level {
	if k == nil {
		return level{}
	}
	return k.level1
}

func (k *label) asLevel2() level {
	if k == nil {
		return level{}
	}
	return k.level2
}

// role is the label's role of that kind in the layout's own file, where it has
// one there, else in the union.
func (k *label) role(of *layout, kind roleKind) (string, bool) {
	if k == nil {
		return "", false
	}
	if of != nil && of.index >= 0 {
		if own := k.own[of.index]; len(own) > 0 {
			for _, r := range own {
				if r.kind == kind {
					return r.path, true
				}
			}
			if kind == roleField || kind == roleOtherField || kind == roleFunding || kind == roleFundingItem {
				return "", false // the layout says what else it is
			}
		}
	}
	for _, r := range k.roles {
		if r.kind == kind {
			return r.path, true
		}
	}
	return "", false
}

// runeSet is a set of characters. Those beyond the basic plane, which only
// names of places and people have, are in it all or not at all.
type runeSet struct {
	basic  [1 << 16 / 64]uint64
	beyond bool
}

func (s *runeSet) add(r rune) {
	if int(r)/64 >= len(s.basic) {
		s.beyond = true
		return
	}
	s.basic[r/64] |= 1 << (r % 64)
}

func (s *runeSet) has(r rune) bool {
	if int(r)/64 >= len(s.basic) {
		return s.beyond
	}
	return s.basic[r/64]&(1<<(r%64)) != 0
}

// Layouts are the layouts a reading knows, with the union of their labels.
type Layouts struct {
	list    []*layout         // in the order they are tried
	votes   map[string][]vote // label -> what it says for or against layouts
	titles  []titles
	closing runeSet // what titles end in
	roles   map[string][]role
	level1  map[string]level
	level2  map[string]level
	labels  []string // every normalised level label, for broken ones
	known   map[string]*label
	marks   int     // how many labels have votes
	longest int     // bytes of the longest label
	starts  runeSet // what a label, as printed, can begin with
	opens   runeSet // what a label's normal form can begin with
	scopes  []scopeWord
	ranked  map[string][]string // field path -> labels, the usual ones first
}

// vote is what a label says of a layout: its index in the list, and how much.
type vote struct{ layout, weight int }

// What a label says for the layouts it marks, and against others.
const (
	voteFor     = 1
	voteAgainst = -2
	voteTitle   = 3 // a title says more than a label
)

// titles are what a layout's titles end in, and what they do not hold.
type titles struct{ ends, bars []string }

func (t titles) match(key string) bool {
	return slices.ContainsFunc(t.ends, func(s string) bool { return strings.HasSuffix(key, s) }) &&
		!slices.ContainsFunc(t.bars, func(s string) bool { return strings.Contains(key, s) })
}

type scopeWord struct{ word, scope string }

// Embedded are the layouts that the program comes with, as their files have
// them: every file of the folder, the common words among them.
var Embedded = sync.OnceValue(func() []LayoutFile {
	entries, err := layoutFiles.ReadDir("layouts")
	if err != nil {
		panic("embedded layouts: " + err.Error())
	}
	var out []LayoutFile
	for _, e := range entries {
		data, err := layoutFiles.ReadFile(path.Join("layouts", e.Name()))
		if err != nil {
			panic("embedded layouts: " + err.Error())
		}
		l, err := decodeLayout(data)
		if err == nil && l.Name+".json" != e.Name() {
			err = fmt.Errorf("it is named %q", l.Name)
		}
		if err != nil {
			panic("embedded layout " + e.Name() + ": " + err.Error())
		}
		out = append(out, l)
	}
	return out
})

// Standard returns the layouts that the program comes with.
var Standard = sync.OnceValue(func() *Layouts { return With(nil, nil) })

// With returns the layouts that the program comes with, the user's own beside
// them, and further labels by the keys that LabelKeys names.
func With(own []LayoutFile, labels map[string][]string) *Layouts {
	out := newLayouts()
	all := slices.Concat(Embedded(), own)
	for _, l := range all {
		out.enter(l)
	}
	if len(labels) > 0 {
		out.enter(labelLayout(labels))
	}
	for _, l := range all {
		if l.Name == Common {
			continue
		}
		base := slices.IndexFunc(all, func(b LayoutFile) bool { return l.Extends != "" && b.Name == l.Extends })
		out.vote(l, len(out.list))
		made := compile(l, LayoutFile{})
		if base >= 0 {
			made = compile(l, all[base])
		}
		made.index = len(out.list)
		out.list = append(out.list, made)
	}
	out.finish()
	return out
}

// decodeLayout reads a layout file strictly: unknown keys, field paths, column
// roles and classes are errors.
func decodeLayout(data []byte) (LayoutFile, error) {
	var l LayoutFile
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&l); err != nil {
		return l, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return l, errors.New("text behind the layout")
	}
	var faults []error
	known := func(what string, names, all []string) {
		for _, n := range names {
			if !slices.Contains(all, n) {
				faults = append(faults, fmt.Errorf("%s %q is none of %s", what, n, strings.Join(all, ", ")))
			}
		}
	}
	if l.Name == "" {
		faults = append(faults, errors.New("it has no name"))
	}
	known("kind", []string{cmp.Or(l.Kind, Kinds()[0])}, Kinds())
	known("field", slices.Concat(keysOf(l.Fields)), FieldPaths())
	known("field", l.Prints, PrintPaths())
	known("amount", keysOf(l.Funding), FundingPaths())
	known("column", keysOf(l.Columns), ColumnRoles())
	known("goal", keysOf(l.Goals), GoalKeys())
	known("scope", slices.Concat(keysOf(l.Scopes), keysOf(l.IndicatorGroups)), ScopeNames())
	for _, one := range l.Levels {
		for _, x := range append([]LevelFile{one}, one.Level2...) {
			known("class", []string{string(x.Class)}, Classes())
			if x.Name == "" {
				faults = append(faults, errors.New("a level has no name"))
			}
		}
	}
	return l, errors.Join(faults...)
}

func keysOf(m map[string][]string) []string { return slices.Sorted(maps.Keys(m)) }

func newLayouts() *Layouts {
	return &Layouts{votes: map[string][]vote{}, roles: map[string][]role{}, level1: map[string]level{}, level2: map[string]level{}, known: map[string]*label{}, ranked: map[string][]string{}}
}

// eachRole hands on a file's labels with their roles.
func (f *LayoutFile) eachRole(yield func(role, string)) {
	of := func(kind roleKind, path string, labels []string) {
		for _, s := range labels {
			if k := normLabel(s); k != "" {
				yield(role{kind, path}, k)
			}
		}
	}
	byPath := func(kind roleKind, m map[string][]string) {
		for _, p := range slices.Sorted(maps.Keys(m)) {
			of(kind, p, m[p])
		}
	}
	byPath(roleField, f.Fields)
	of(roleOtherField, "", f.OtherFields)
	of(roleOtherSection, "", f.OtherSections)
	byPath(roleFunding, f.Funding)
	of(roleFundingItem, "", f.FundingItems)
	of(roleFundingTotal, "", f.FundingTotals)
	of(roleFundingGroup, "", f.FundingGroups)
	of(roleHeadGroup, "", f.HeadGroups)
	byPath(roleGoal, f.Goals)
	byPath(roleColumn, f.Columns)
	byPath(roleIndicatorGroup, f.IndicatorGroups)
	of(roleStop, "", f.Stops)
	of(roleSum, "", f.Sums)
}

// enter adds a layout's labels to the union.
func (l *Layouts) enter(f LayoutFile) {
	t := titles{normAll(f.Titles), normAll(f.TitleExcludes)}
	l.titles = append(l.titles, t)
	for _, end := range t.ends {
		last, _ := utf8.DecodeLastRuneInString(end)
		l.closing.add(last)
	}
	f.eachRole(func(r role, key string) {
		if !slices.Contains(l.roles[key], r) {
			l.roles[key] = append(l.roles[key], r)
		}
	})
	for p, labels := range f.Fields {
		l.ranked[p] = append(l.ranked[p], normAll(labels)...)
	}
	for _, scope := range slices.Sorted(maps.Keys(f.Scopes)) {
		for _, w := range f.Scopes[scope] {
			l.scopes = append(l.scopes, scopeWord{fold(w), scope})
		}
	}
	for _, one := range f.Levels {
		l.addLevel(l.level1, one, "")
		for _, two := range one.Level2 {
			l.addLevel(l.level2, two, one.Name)
		}
	}
	for _, m := range slices.Concat(f.Marks, f.Against) {
		l.enterLabel(normLabel(m))
	}
}

// enterLabel is the label of that key, which it makes where there was none.
func (l *Layouts) enterLabel(key string) *label {
	if l.known[key] == nil {
		l.known[key] = &label{key: key}
	}
	return l.known[key]
}

// addLevel enters a level's names. A level 1 goes by its name alone. A label of
// level 2 that is written out (…指标) stands for itself, an abbreviation for
// the entry's name.
func (l *Layouts) addLevel(into map[string]level, d LevelFile, parent string) {
	for _, s := range append([]string{d.Name}, d.Labels...) {
		name := d.Name
		if parent != "" && strings.HasSuffix(s, "指标") {
			name = s
		}
		k := normLabel(s)
		entry, seen := into[k]
		if !seen {
			entry = level{name: name, class: d.Class}
		}
		if parent != "" && !slices.Contains(entry.parents, parent) {
			entry.parents = append(entry.parents, parent)
		}
		into[k] = entry
		if !slices.Contains(l.labels, k) {
			l.labels = append(l.labels, k)
		}
	}
}

func (l *Layouts) finish() {
	for k, roles := range l.roles {
		l.enterLabel(k).roles = roles
	}
	for k, level := range l.level1 {
		l.enterLabel(k).level1 = level
	}
	for k, level := range l.level2 {
		l.enterLabel(k).level2 = level
	}
	delete(l.known, "")
	for k, of := range l.known {
		if of.votes = l.votes[k]; len(of.votes) > 0 {
			of.number = l.marks
			l.marks++
		}
		of.own = make([][]role, len(l.list))
		for i, lay := range l.list {
			of.own[i] = lay.own[k]
		}
	}
	for k := range l.known {
		l.longest = max(l.longest, len(k))
		l.starts.add(firstRune(k))
		l.opens.add(firstRune(k))
	}
	l.opens.add('(') // a note
	l.opens.add('2') // a year
	for _, w := range l.scopes {
		l.opens.add(firstRune(w.word))
	}
	for _, r := range "其0123456789一二三四五六七八九十(（*１２３４５６７８９" {
		l.starts.add(r)
	}
	slices.Sort(l.labels)
	// Longer words first: 中长期 before 长期, 半年 before 年.
	slices.SortStableFunc(l.scopes, func(a, b scopeWord) int { return cmp.Compare(len(b.word), len(a.word)) })
}

// vote enters what a layout's marks say.
func (l *Layouts) vote(f LayoutFile, index int) {
	for _, m := range f.Marks {
		k := normLabel(m)
		l.votes[k] = append(l.votes[k], vote{index, voteFor})
	}
	for _, m := range f.Against {
		k := normLabel(m)
		l.votes[k] = append(l.votes[k], vote{index, voteAgainst})
	}
}

func compile(f, base LayoutFile) *layout {
	out := &layout{file: f, ends: normAll(f.Titles), own: map[string][]role{}}
	f.eachRole(func(r role, key string) { out.own[key] = append(out.own[key], r) })
	if len(out.file.Prints) == 0 {
		out.file.Prints = base.Prints
	}
	levels := f.Levels
	if !slices.ContainsFunc(levels, func(l LevelFile) bool { return l.Required }) {
		levels = base.Levels
	}
	for _, one := range levels {
		if one.Required {
			out.required = append(out.required, one.Class)
		}
	}
	return out
}

func normAll(list []string) []string {
	out := make([]string, 0, len(list))
	for _, s := range list {
		out = append(out, normLabel(s))
	}
	return out
}

// keyOf is the form of a text in which labels are looked up, "" where no layout
// knows it.
func (l *Layouts) keyOf(norm string) string {
	if k := l.labelOf(norm); k != nil {
		return k.key
	}
	return ""
}

// labelOf is the label that a text in its normal form is: as it stands, or
// without a year before it or brackets within it, whichever is known; nil where
// none is.
func (l *Layouts) labelOf(norm string) *label {
	if len(norm) > l.longest+len("(2026年度)")+12 || !l.opens.has(firstRune(norm)) {
		return nil
	}
	if k := l.known[norm]; k != nil {
		return k
	}
	plain := norm
	if strings.IndexByte(norm, '(') >= 0 {
		plain = withoutNotes(norm)
		if k := l.known[plain]; k != nil {
			return k
		}
	}
	for _, s := range [2]string{norm, plain} {
		rest, ok := cutYear(s)
		if !ok || rest == "" { // a year alone is a value
			continue
		}
		for _, k := range []string{"年度" + rest, rest, "年" + rest, "本年度" + rest} {
			if k := l.known[k]; k != nil {
				return k
			}
		}
	}
	for _, w := range l.scopes { // 年度二级指标, 长期指标值
		if rest, ok := strings.CutPrefix(plain, w.word); ok && l.heads(rest) {
			return l.known[rest]
		}
	}
	return nil
}

// heads says whether a label is the heading of a column of the indicators
// themselves.
func (l *Layouts) heads(key string) bool {
	return slices.ContainsFunc(l.roles[key], func(r role) bool {
		return r.kind == roleColumn && (strings.HasPrefix(r.path, "level") || r.path == colValue)
	})
}

// cutYear takes a year off the beginning of a label: 2026年度总体目标.
func cutYear(s string) (string, bool) {
	if len(s) < 5 || s[:2] != "20" || !digitsOnly(s[:4]) {
		return s, false
	}
	rest := strings.TrimPrefix(s[4:], "年")
	return strings.TrimPrefix(rest, "度"), true
}

// withoutNotes drops bracketed notes within a label: 上年结转(结余)资金.
func withoutNotes(s string) string {
	for {
		i := strings.IndexByte(s, '(')
		j := strings.IndexByte(s, ')')
		if i < 0 || j < i {
			return s
		}
		s = s[:i] + s[j+1:]
	}
}

// role returns the label's role of that kind in the union of layouts, or the
// layout's own where it has one.
func (l *Layouts) role(of *layout, key string, kind roleKind) (string, bool) {
	return l.known[key].role(of, kind)
}

// isLabel says whether the key is any label.
func (l *Layouts) isLabel(key string) bool {
	return len(l.roles[key]) > 0 || l.level1[key].name != "" || l.level2[key].name != ""
}

// scopeOf is the scope that a heading's words name, "" where they name none.
func (l *Layouts) scopeOf(heading string) string {
	s := fold(heading)
	for _, w := range l.scopes {
		if strings.Contains(s, w.word) {
			return w.scope
		}
	}
	if i := strings.Index(s, "20"); i >= 0 && len(s) >= i+4 && digitsOnly(s[i:i+4]) {
		return string(model.Annual)
	}
	return ""
}

// IsTitle says whether a line is a declaration's title.
func (l *Layouts) IsTitle(s string) bool { return l.isTitle(normLabel(s)) }

// titleLength is how many characters a title has at most; a sentence that
// ends in a title's words has more, or punctuation.
const titleLength = 45

func (l *Layouts) isTitle(key string) bool {
	last, _ := utf8.DecodeLastRuneInString(key)
	if !l.closing.has(last) || zh.Count(key) > titleLength || strings.ContainsAny(key, "，。；,;、！？") {
		return false
	}
	return slices.ContainsFunc(l.titles, func(t titles) bool { return t.match(key) })
}

// IsStart says whether a text is the label that every declaration has once.
func (l *Layouts) IsStart(s string) bool {
	path, ok := l.role(nil, l.keyOf(normLabel(s)), roleField)
	return ok && path == "project.name"
}

// IsLabel says whether a text is a whole label of a form.
func (l *Layouts) IsLabel(s string) bool {
	key := l.keyOf(normLabel(s))
	return key != "" && l.isLabel(key)
}

// LevelsFit says whether labels of levels 1 and 2, "" for none, are labels that
// a layout knows and the one may stand above the other.
func (l *Layouts) LevelsFit(one, two string) bool {
	if one != "" && l.level1[l.keyOf(normLabel(one))].name == "" || two != "" && l.level2[l.keyOf(normLabel(two))].name == "" {
		return false
	}
	return one == "" || two == "" || l.under(one, two)
}

// HoldsFieldLabel says whether the label of a field stands in a text, as where
// the cells of both are taken for one.
func (l *Layouts) HoldsFieldLabel(s string) bool {
	const shortest = 4 // characters: shorter labels are words that stand anywhere
	text := fold(s)
	for key := range l.roles {
		if utf8.RuneCountInString(key) < shortest || !strings.Contains(text, key) {
			continue
		}
		if _, ok := l.role(nil, key, roleField); ok {
			return true
		}
	}
	return false
}

// shortestNear is how many characters a label has at least that may differ in
// one from what was read: in a shorter one it says too much.
const shortestNear = 4

// NearestLabel is the label that a text is, or that differs from it in one
// character; "" where there is none, or more than one is as near. others says
// whether another label differs in no more than one character from it.
func (l *Layouts) NearestLabel(s string) (label string, others bool) {
	norm := normLabel(s)
	if l.IsLabel(s) {
		label = norm
	}
	text := []rune(norm)
	if len(text) < shortestNear {
		return label, label != ""
	}
	near := ""
	for known := range l.known {
		if known == label || !l.isLabel(known) || !oneOff([]rune(known), text) {
			continue
		}
		others = others || near != "" || label != ""
		near = known
	}
	if label != "" || others {
		return label, others
	}
	return near, false
}

// oneOff says whether two texts differ in one character.
func oneOff(a, b []rune) bool {
	if len(a) != len(b) {
		return false
	}
	n := 0
	for i := range a {
		if a[i] != b[i] {
			n++
		}
	}
	return n == 1
}

// ValueHeader is the index of the column of values in a header of indicators,
// -1 where the texts are none, or have none.
func (l *Layouts) ValueHeader(texts []string) int {
	if l.IndicatorHeader(texts) < 0 {
		return -1
	}
	return slices.IndexFunc(texts, func(s string) bool {
		role, _ := l.role(nil, l.keyOf(normLabel(s)), roleColumn)
		return role == colValue
	})
}

// IndicatorHeader recognises the header row of the indicator table by its
// texts and returns the index of the column of names, else -1.
func (l *Layouts) IndicatorHeader(texts []string) int {
	name, levels := -1, 0
	for i, s := range texts {
		role, ok := l.role(nil, l.keyOf(normLabel(s)), roleColumn)
		if !ok {
			continue
		}
		if role == colLevel3 {
			name = i
		}
		if strings.HasPrefix(role, "level") {
			levels++
		}
	}
	if levels < 2 {
		return -1
	}
	return name
}
