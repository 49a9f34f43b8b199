package cmd

import (
	"cmp"
	"slices"
	"strings"

	"perfgoal/config"
	"perfgoal/model"
	"perfgoal/parser/form"
	"perfgoal/report"
	"perfgoal/validate"
)

// explainLayouts lists the layouts that are known here, or shows one in full.
func (a *app) explainLayouts(f *configFlags, args []string) error {
	p, err := a.newPlan(f, validate.Config{})
	if err != nil {
		return err
	}
	c, err := p.at("-")
	if err != nil {
		return err
	}
	all := a.knownLayouts(c.file)
	opt := report.Options{Lang: a.lang, Color: a.colorful(a.out), Width: terminalWidth(a.out), Screen: isTerminal(a.out)}
	switch {
	case len(args) == 1 && args[0] == "layouts":
		return report.Layouts(a.out, opt, slices.DeleteFunc(all, func(l report.Layout) bool { return l.Name == form.Common }))
	case len(args) != 2:
		return a.usage("请写一种版式的名称，如 perfgoal explain layout central", "name one layout, as in perfgoal explain layout central")
	}
	var names []string
	for _, l := range all {
		if l.Name == args[1] {
			return report.ExplainLayout(a.out, opt, l)
		}
		names = append(names, l.Name)
	}
	return a.usage("没有“%s”这种版式%s", "unknown layout %q%s", args[1], a.didYouMean(args[1], names))
}

// knownLayouts are the layouts that the program comes with and those of a
// configuration.
func (a *app) knownLayouts(file *config.File) []report.Layout {
	var out []report.Layout
	for _, l := range form.Embedded() {
		out = append(out, shownLayout(l, ""))
	}
	if file != nil {
		for _, l := range file.Layouts {
			out = append(out, shownLayout(l.LayoutFile, l.Path))
		}
	}
	return out
}

// shownLayout puts a layout into the parts in which people read it.
func shownLayout(l form.LayoutFile, path string) report.Layout {
	out := report.Layout{Name: l.Name, Path: path, Note: model.Text{Zh: l.Note, En: cmp.Or(l.NoteEn, l.Note)}, Kind: cmp.Or(l.Kind, form.Kinds()[0]), Marks: l.Marks}
	part := func(key string, entries ...report.LayoutEntry) {
		entries = slices.DeleteFunc(entries, func(e report.LayoutEntry) bool { return len(e.Labels) == 0 })
		if len(entries) > 0 {
			out.Parts = append(out.Parts, report.LayoutPart{Key: key, Says: config.LayoutKey(key), Entries: entries})
		}
	}
	plain := func(key string, labels []string) { part(key, report.LayoutEntry{Labels: labels}) }
	byKey := func(key string, m map[string][]string, order []string) {
		var entries []report.LayoutEntry
		for _, name := range order {
			entries = append(entries, report.LayoutEntry{Key: name, Says: config.Meaning(name), Labels: m[name]})
		}
		part(key, entries...)
	}
	if l.Extends != "" {
		plain("extends", []string{l.Extends})
	}
	plain("titles", l.Titles)
	plain("title_excludes", l.TitleExcludes)
	plain("marks", l.Marks)
	plain("against", l.Against)
	plain("prints", l.Prints)
	byKey("fields", l.Fields, form.FieldPaths())
	plain("other_fields", l.OtherFields)
	plain("other_sections", l.OtherSections)
	byKey("funding", l.Funding, form.FundingPaths())
	plain("funding_items", l.FundingItems)
	plain("funding_totals", l.FundingTotals)
	plain("funding_groups", l.FundingGroups)
	plain("head_groups", l.HeadGroups)
	byKey("goals", l.Goals, form.GoalKeys())
	byKey("columns", l.Columns, form.ColumnRoles())
	byKey("scopes", l.Scopes, form.ScopeNames())
	byKey("indicator_groups", l.IndicatorGroups, form.ScopeNames())
	plain("stops", l.Stops)
	plain("sums", l.Sums)
	part("levels", levelEntries(l.Levels)...)
	return out
}

// levelEntries are the levels with their classes, those of level 2 indented
// below their level 1.
func levelEntries(levels []form.LevelFile) []report.LayoutEntry {
	var out []report.LayoutEntry
	add := func(l form.LevelFile, depth int) {
		required := model.Text{}
		if l.Required {
			required = model.Text{Zh: "必备", En: "required"}
		}
		out = append(out, report.LayoutEntry{Key: strings.Repeat("  ", depth) + string(l.Class), Says: required, Labels: append([]string{l.Name}, l.Labels...)})
	}
	for _, one := range levels {
		add(one, 0)
		for _, two := range one.Level2 {
			add(two, 1)
		}
	}
	return out
}
