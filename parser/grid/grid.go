// Package grid rebuilds tables from glyphs and rules.
package grid

import (
	"perfgoal/model"
	"perfgoal/parser/pdf"
)

// Tables returns the tables of the pages in reading order.
func Tables([]pdf.Page) []model.Table { return nil }

// Text returns the running text of the pages.
func Text([]pdf.Page) []string { return nil }
