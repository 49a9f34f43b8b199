package validate

import (
	"perfgoal/model"
)

// booked are the books without forms of their own, each with the forms of its
// office in the other documents. A book that has none there is left out.
func (b *Bundle) booked() []*booked {
	var out []*booked
	for i := range b.books {
		k := &b.books[i]
		if b.docs[k.doc].twin >= 0 {
			continue
		}
		x := &booked{path: b.docs[k.doc].path, office: k.office, year: k.year, narratives: k.narratives, statements: k.statements, lex: b.engine.lex, across: true}
		for j := range b.forms {
			f := &b.forms[j]
			if b.docs[f.doc].twin >= 0 || !k.covers(f) {
				continue
			}
			x.forms = append(x.forms, counterpart{path: b.docs[f.doc].path, index: f.index, year: f.year, kind: f.kind,
				project: f.project, department: f.department, unit: f.unit, annual: f.annual, start: f.start, end: f.end,
				goal: fold(stripMarkup(f.goal)), location: f.location})
		}
		if len(x.forms) > 0 {
			out = append(out, x)
		}
	}
	return out
}

// covers says whether a form belongs to the book's office: a department's
// takes those of the units below it.
func (k *bundleBook) covers(f *bundleForm) bool {
	if k.office == "" || k.year != 0 && f.year != 0 && f.year != k.year {
		return false
	}
	office := fold(k.office)
	for _, s := range k.statements {
		if s.Scope == model.SingleUnit {
			return sameUnit(office, fold(f.unit))
		}
	}
	return sameUnit(office, fold(f.unit)) || sameUnit(office, fold(f.department))
}

// holdBooks checks a rule about books on those whose forms stand elsewhere.
func (b *Bundle) holdBooks(res *Result, r *rule, books []*booked, whole *document) {
	res.Checks = append(res.Checks, model.Checks{Rule: r.Code})
	for _, x := range books {
		r.book.each(x, func(v verdict) {
			b.engine.count(res, &res.Checks[len(res.Checks)-1], whole, -1, v)
			for _, f := range v.findings {
				b.engine.complete(res, r, whole, []model.Finding{f})
				res.Findings[len(res.Findings)-1].Path = x.path
			}
		})
	}
}
