package form

import (
	"slices"
	"strings"

	"perfgoal/parser/text"
)

// Words is the vocabulary for texts that have lost their tables.
func (l *Layouts) Words() text.Words {
	return text.Words{Title: l.IsTitle, Kind: l.kind, Column: l.textColumn, Under: l.under}
}

// textColumn is what the column under a heading holds.
func (l *Layouts) textColumn(s string) text.Column {
	role, ok := l.role(nil, l.keyOf(normLabel(s)), roleColumn)
	switch {
	case !ok:
		return text.NoColumn
	case role == colLevel1, role == colLevel2:
		return text.LevelColumn
	case role == colLevel3:
		return text.NameColumn
	case role == colValue, role == colActual:
		return text.ValueColumn
	case role == colOperator, role == colDirection:
		return text.OperatorColumn
	case role == colUnit:
		return text.UnitColumn
	case role == colWeight:
		return text.WeightColumn
	}
	return text.NoteColumn
}

// under says whether a level-2 label may stand below a level-1 label, "" for
// none. A label that is both may stand anywhere.
func (l *Layouts) under(one, two string) bool {
	key := l.keyOf(normLabel(two))
	level2 := l.level2[key]
	return level2.name == "" || l.level1[key].name != "" || slices.Contains(level2.parents, l.level1[l.keyOf(normLabel(one))].name)
}

// kind is what a text is as a label.
func (l *Layouts) kind(s string) text.Kind {
	key := l.keyOf(normLabel(s))
	if key == "" {
		return text.NoLabel
	}
	if role, ok := l.role(nil, key, roleColumn); ok && (strings.HasPrefix(role, "level") || role == colValue || role == colOperator || role == colUnit || role == colWeight) && key != "单位" {
		if role == colLevel3 {
			return text.NameHeader
		}
		return text.HeaderLabel
	}
	switch {
	case l.level2[key].name != "" && strings.HasSuffix(key, "指标") && (l.level1[key].name == "" || key == "成本指标"):
		return text.Level2Label
	case l.level1[key].name != "" && strings.HasSuffix(key, "指标"):
		return text.Level1Label
	}
	for _, r := range l.roles[key] {
		switch r.kind {
		case roleField, roleOtherField:
			return text.FieldLabel
		case roleFunding:
			switch side, _, _ := strings.Cut(r.path, "."); side {
			case projectSide:
				return text.ProjectFund
			case annualSide:
				return text.AnnualFund
			}
			return text.EitherFund
		case roleFundingItem:
			return text.EitherFund
		case roleIndicatorGroup:
			return text.TableLabel
		case roleFundingGroup, roleHeadGroup:
			return text.GroupLabel
		case roleGoal:
			switch r.path {
			case goalOverall, goalAnnual:
				return text.GoalLabel
			case "overall_or_group":
				return text.EitherGoal
			}
			return text.GoalGroup
		case roleStop:
			return text.StopLabel
		}
	}
	return text.NoLabel
}
