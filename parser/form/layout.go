// Package form puts the cells of tables together to declarations. Labels,
// their synonyms, the level system and what stands where are data: one layout
// is one file under layouts.
package form

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"perfgoal/model"
)

//go:embed layouts/*.json
var layoutFiles embed.FS

// layoutData is a layout file. Lists of a layout that extends another are
// added to the other's.
type layoutData struct {
	Name          string   `json:"name"`
	Extends       string   `json:"extends"`
	Note          string   `json:"note"`
	Marks         []string `json:"marks"` // labels that tell this layout from others
	DefaultUnit   string   `json:"default_unit"`
	Titles        []string `json:"titles"`
	TitleNeeds    []string `json:"title_needs"`
	TitleExcludes []string `json:"title_excludes"`

	Fields           map[string][]string `json:"fields"`
	OtherFields      []string            `json:"other_fields"`
	Funding          map[string][]string `json:"funding"`
	FundingGroups    []string            `json:"funding_groups"`
	Goals            map[string][]string `json:"goals"`
	IndicatorHeaders map[string][]string `json:"indicator_headers"`
	IndicatorGroups  []string            `json:"indicator_groups"`
	Stops            []string            `json:"stops"`
	Levels           []levelData         `json:"levels"`
}

type levelData struct {
	Name    string      `json:"name"`
	Class   model.Level `json:"class"`
	Aliases []string    `json:"aliases"`
	Level2  []levelData `json:"level2"`
}

// role is what a label stands for.
type role struct {
	kind roleKind
	path string // field path, header name, or canonical level name
}

type roleKind int

const (
	roleField roleKind = iota + 1
	roleOtherField
	roleFunding
	roleFundingGroup
	roleGoal
	roleHeader
	roleIndicatorGroup
	roleStop
)

// layout is a layout made ready for look-ups by normalised label.
type layout struct {
	name        string
	defaultUnit string
	marks       map[string]bool
	titles      []string
	titleNeeds  []string
	titleBars   []string
	roles       map[string][]role
	level1      map[string]string      // normalised label -> name
	level2      map[string]string      // normalised label -> name
	parents     map[string][]string    // level-2 name -> level-1 names, the usual one first
	classes     map[string]model.Level // level name -> class
	levelLabels []string               // every normalised level label, for broken ones
	longest     int                    // runes of the longest label
}

// layouts returns the embedded layouts in the order they are tried.
var layouts = sync.OnceValue(func() []*layout {
	raw := map[string]layoutData{}
	entries, err := layoutFiles.ReadDir("layouts")
	if err != nil {
		panic("embedded layouts: " + err.Error())
	}
	for _, e := range entries {
		data, err := layoutFiles.ReadFile(path.Join("layouts", e.Name()))
		if err != nil {
			panic("embedded layouts: " + err.Error())
		}
		var l layoutData
		if err := json.Unmarshal(data, &l); err != nil {
			panic(fmt.Sprintf("embedded layout %s: %v", e.Name(), err))
		}
		raw[l.Name] = l
	}
	var out []*layout
	for _, name := range []string{"district", "central"} {
		l := raw[name]
		out = append(out, compile(l, raw[l.Extends]))
	}
	return out
})

// labelSet is a set of normalised labels.
type labelSet struct {
	set     map[string]bool
	longest int // bytes
}

// knownLabels are the labels of every layout.
var knownLabels = sync.OnceValue(func() labelSet {
	known := map[string]bool{}
	for _, l := range layouts() {
		for k := range l.roles {
			known[k] = true
		}
		for k := range l.level1 {
			known[k] = true
		}
		for k := range l.level2 {
			known[k] = true
		}
		for k := range l.marks {
			known[k] = true
		}
	}
	delete(known, "")
	longest := 0
	for k := range known {
		longest = max(longest, len(k))
	}
	return labelSet{known, longest}
})

// labelStarts are the characters a label, as printed, can begin with.
var labelStarts = sync.OnceValue(func() map[rune]bool {
	starts := map[rune]bool{}
	for k := range knownLabels().set {
		starts[firstRune(k)] = true
	}
	for _, r := range "其0123456789一二三四五六七八九十(（*１２３４５６７８９" {
		starts[r] = true
	}
	return starts
})

func compile(l, base layoutData) *layout {
	out := &layout{
		name: l.Name, defaultUnit: l.DefaultUnit,
		marks:      map[string]bool{},
		titles:     normAll(l.Titles, base.Titles),
		titleNeeds: normAll(l.TitleNeeds, base.TitleNeeds),
		titleBars:  normAll(l.TitleExcludes, base.TitleExcludes),
		roles:      map[string][]role{},
		level1:     map[string]string{},
		level2:     map[string]string{},
		parents:    map[string][]string{},
		classes:    map[string]model.Level{},
	}
	for _, m := range l.Marks {
		out.marks[normLabel(m)] = true
	}
	add := func(kind roleKind, path string, labels []string) {
		for _, s := range labels {
			k := normLabel(s)
			r := role{kind, path}
			if !slices.Contains(out.roles[k], r) {
				out.roles[k] = append(out.roles[k], r)
			}
			out.longest = max(out.longest, len([]rune(k)))
		}
	}
	addMap := func(kind roleKind, m map[string][]string) {
		for path, labels := range m {
			add(kind, path, labels)
		}
	}
	for _, d := range []layoutData{l, base} {
		addMap(roleField, d.Fields)
		add(roleOtherField, "", d.OtherFields)
		addMap(roleFunding, d.Funding)
		add(roleFundingGroup, "", d.FundingGroups)
		addMap(roleGoal, d.Goals)
		addMap(roleHeader, d.IndicatorHeaders)
		add(roleIndicatorGroup, "", d.IndicatorGroups)
		add(roleStop, "", d.Stops)
		for _, one := range d.Levels {
			out.addLevel(out.level1, one)
			for _, two := range one.Level2 {
				out.addLevel(out.level2, two)
				for _, name := range append([]string{two.Name}, two.Aliases...) {
					canonical := out.level2[normLabel(name)]
					if !slices.Contains(out.parents[canonical], one.Name) {
						out.parents[canonical] = append(out.parents[canonical], one.Name)
					}
				}
			}
		}
	}
	slices.Sort(out.levelLabels)
	return out
}

// addLevel enters a level's names. A name or alias that is a full label
// (…指标) stands for itself; an abbreviation stands for the entry's name.
func (l *layout) addLevel(into map[string]string, d levelData) {
	for _, s := range append([]string{d.Name}, d.Aliases...) {
		name := d.Name
		if strings.HasSuffix(s, "指标") {
			name = s
		}
		k := normLabel(s)
		if _, known := into[k]; !known {
			into[k] = name
		}
		if _, known := l.classes[name]; !known {
			l.classes[name] = d.Class
		}
		if !slices.Contains(l.levelLabels, k) {
			l.levelLabels = append(l.levelLabels, k)
		}
		l.longest = max(l.longest, len([]rune(k)))
	}
}

func normAll(lists ...[]string) []string {
	var out []string
	for _, list := range lists {
		for _, s := range list {
			out = append(out, normLabel(s))
		}
	}
	return out
}

// role returns the label's role of that kind.
func (l *layout) role(key string, kind roleKind) (string, bool) {
	if key == "" {
		return "", false
	}
	for _, r := range l.roles[key] {
		if r.kind == kind {
			return r.path, true
		}
	}
	return "", false
}

// isLabel says whether the normalised text is any label of the layout.
func (l *layout) isLabel(key string) bool {
	return len(l.roles[key]) > 0 || l.level1[key] != "" || l.level2[key] != ""
}
