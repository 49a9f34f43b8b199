package cmd

import (
	"os"

	"perfgoal/cmd/input"
	"perfgoal/model"
	"perfgoal/report"
	"perfgoal/validate"
)

// checkedItem is a checked document with what the bundle keeps of it.
type checkedItem struct {
	report.Checked
	item validate.BundleItem
}

// isBundle says whether the arguments may lead to more than one document.
func isBundle(paths []string, stdinName string) bool {
	if len(paths) != 1 {
		return len(paths) > 1
	}
	path := paths[0]
	if path == "-" {
		path = stdinName
	}
	if info, err := os.Stat(path); err == nil {
		return info.IsDir() || input.IsArchive(path) || input.IsForms(path)
	}
	return input.IsArchive(path) || input.IsForms(path) || input.IsPattern(path)
}

// bundleChecked is what is said of all documents together.
func bundleChecked(b *validate.Bundle) report.Checked {
	result := b.Close()
	return report.Checked{Bundle: true, Status: model.StatusOK, Findings: result.Findings, Checks: result.Checks, Single: result.Single}
}

func completeness(c *validate.Completeness) *report.Completeness {
	if c == nil {
		return nil
	}
	out := &report.Completeness{Path: c.Manifest}
	for _, u := range c.Units {
		out.Units = append(out.Units, report.UnitCompleteness(u))
	}
	return out
}
