package form

import (
	"slices"
	"strings"

	"perfgoal/model"
)

// The words that a layout file's keys and values are made of. What reads
// layouts that users wrote checks by these, and what explains them lists them.

// Kinds are the kinds of a layout, the usual one first.
func Kinds() []string {
	return []string{string(model.ProjectForm), string(model.DepartmentForm), kindSelfEvaluation}
}

// FieldPaths are the paths of fields that are read from a label of the head:
// all but the title, the amounts and the goals.
func FieldPaths() []string {
	return pathsOf(func(p string) bool {
		return p != "title" && !strings.HasPrefix(p, fundingPrefix) && !strings.HasPrefix(p, goalsPrefix)
	})
}

// PrintPaths are the paths of fields that a layout may say it prints.
func PrintPaths() []string { return pathsOf(func(string) bool { return true }) }

const (
	fundingPrefix = "funding."
	goalsPrefix   = "goals."
)

func pathsOf(keep func(string) bool) []string {
	var out []string
	for _, f := range model.Fields {
		if keep(f.Path) {
			out = append(out, f.Path)
		}
	}
	return out
}

// FundingPaths are the amounts' paths without "funding.", and those of a side
// that only the label's place tells.
func FundingPaths() []string {
	var out []string
	for _, f := range model.Fields {
		if rest, ok := strings.CutPrefix(f.Path, fundingPrefix); ok && f.Kind == model.FieldMoney {
			out = append(out, rest)
		}
	}
	return append(out, "either.total", "either.fiscal", "either.other", "either.carryover")
}

// GoalKeys are what a goal's label can stand for.
func GoalKeys() []string { return []string{goalOverall, goalAnnual, "overall_or_group", "group"} }

// ColumnRoles are what a column of the indicator table can hold.
func ColumnRoles() []string {
	return []string{colLevel1, colLevel2, colLevel3, colValue, colOperator, colUnit, colWeight, colDirection, colRemark, colNumber, colOther, colActual}
}

// ScopeNames are the scopes of a column or a table.
func ScopeNames() []string {
	return []string{string(model.Annual), string(model.Overall), scopeHalfYear}
}

// Classes are the classes of levels.
func Classes() []string {
	var out []string
	for _, l := range model.Levels {
		out = append(out, string(l))
	}
	return out
}

// LabelKeys are what further labels can be given for without a layout of
// one's own: a field's path, the role of a column, the class of a level.
func LabelKeys() []string {
	fields := pathsOf(func(p string) bool { return p != "title" && p != "funding.unit" })
	return slices.Concat(fields, ColumnRoles(), Classes())
}

// labelLayout puts further labels where a layout file has them.
func labelLayout(labels map[string][]string) LayoutFile {
	l := LayoutFile{Fields: map[string][]string{}, Funding: map[string][]string{}, Goals: map[string][]string{}, Columns: map[string][]string{}}
	for _, key := range keysOf(labels) {
		list := labels[key]
		amount, isAmount := strings.CutPrefix(key, fundingPrefix)
		goal, isGoal := strings.CutPrefix(key, goalsPrefix)
		switch {
		case isAmount:
			l.Funding[amount] = list
		case isGoal:
			l.Goals[goal] = list
		case slices.Contains(FieldPaths(), key):
			l.Fields[key] = list
		case slices.Contains(ColumnRoles(), key):
			l.Columns[key] = list
		default:
			l.Levels = append(l.Levels, levelOf(model.Level(key), list))
		}
	}
	return l
}

// levelOf gives labels to the common level of a class, under its parent where
// it is a level 2.
func levelOf(class model.Level, labels []string) LevelFile {
	common := commonLayout()
	for _, one := range common.Levels {
		if one.Class == class {
			return LevelFile{Name: one.Name, Class: class, Labels: labels}
		}
	}
	for _, one := range common.Levels {
		for _, two := range one.Level2 {
			if two.Class == class {
				return LevelFile{Name: one.Name, Class: one.Class, Level2: []LevelFile{{Name: two.Name, Class: class, Labels: labels}}}
			}
		}
	}
	return LevelFile{}
}

func commonLayout() LayoutFile {
	all := Embedded()
	return all[slices.IndexFunc(all, func(l LayoutFile) bool { return l.Name == Common })]
}

// LevelNamed is the common name of a class of levels, as forms print it.
func LevelNamed(class model.Level) (string, bool) {
	for _, one := range commonLayout().Levels {
		for _, x := range append([]LevelFile{one}, one.Level2...) {
			if x.Class == class {
				return x.Name, true
			}
		}
	}
	return "", false
}

// Taken says what a label stands for already among the layouts that the
// program comes with, by a key of LabelKeys; "" where it stands for nothing
// that the given key is apart from. Labels of one kind can stand for one thing
// only: that of a field, a column, a level.
func Taken(label, key string) string {
	all := Standard()
	norm := normLabel(label)
	role := func(kind roleKind, prefix string) string {
		if p, ok := all.role(nil, norm, kind); ok && prefix+p != key {
			return prefix + p
		}
		return ""
	}
	switch {
	case strings.HasPrefix(key, fundingPrefix):
		return role(roleFunding, fundingPrefix)
	case strings.HasPrefix(key, goalsPrefix):
		return role(roleGoal, goalsPrefix)
	case slices.Contains(ColumnRoles(), key):
		return role(roleColumn, "")
	case slices.Contains(Classes(), key):
		return takenLevel(all, norm, model.Level(key))
	}
	return role(roleField, "")
}

func takenLevel(all *Layouts, norm string, class model.Level) string {
	kin := all.level2
	for _, one := range all.level1 {
		if one.class == class {
			kin = all.level1
		}
	}
	if x, ok := kin[norm]; ok && x.class != class {
		return string(x.class)
	}
	return ""
}

// IsPossibleLabel says whether a text can be a label at all: something is left
// of it without its number, brackets and colon, and it is not too long.
func IsPossibleLabel(s string) bool { return normLabel(s) != "" }
