package report

import (
	"errors"
	"fmt"
	"html/template"
	"math"
	"slices"
	"strconv"
	"strings"

	"perfgoal/model"
)

// pagePicture is a page of the original with the cells in question marked.
type pagePicture struct {
	Title string
	SVG   template.HTML
}

// pictureMark is a cell in question on a page.
type pictureMark struct {
	box         model.Box
	id, class   string
	number      int
	note, label string
	from        bool // what a finding was compared with
}

// pictures draws the pages on which a form's findings stand, where they were
// asked for and the document has pages. picked are the ids of the findings'
// marks by the findings' numbers.
func (l *lintHTML) pictures(c Checked, id string, findings []model.Finding) (out []pagePicture, picked map[int]string) {
	if l.opt.Pictures == nil || len(c.Source) == 0 {
		return nil, nil
	}
	seen := func(l model.Location) model.Box {
		if c.Document != nil {
			if lies, straightened := c.Document.Straightened[*l.Page]; straightened {
				return lies.Box(*l.Box)
			}
		}
		return *l.Box
	}
	marks := map[int][]pictureMark{}
	picked = map[int]string{}
	for i, f := range findings {
		note := fmt.Sprintf("%s-n%d", id, i+1)
		if f.Location.Page != nil && f.Location.Box != nil {
			mark := fmt.Sprintf("%s-m%d", id, i+1)
			marks[*f.Location.Page] = append(marks[*f.Location.Page], pictureMark{box: seen(f.Location), id: mark, class: l.opt.tone(f), number: i + 1, note: note,
				label: l.opt.say("问题%d，%s", "finding %d, %s", i+1, l.opt.gravity(f))})
			picked[i+1] = mark
		}
		for _, r := range f.Related {
			if r.Path == "" && sameForm(r.Form, f.Form) && r.Location.Page != nil && r.Location.Box != nil {
				marks[*r.Location.Page] = append(marks[*r.Location.Page], pictureMark{box: seen(r.Location), from: true, class: "from", number: i + 1, note: note,
					label: l.opt.say("问题%d的对照", "compared by finding %d", i+1)})
			}
		}
	}
	var pages []int
	for page := range marks {
		pages = append(pages, page)
	}
	slices.Sort(pages)
	if len(pages) == 0 {
		return nil, nil
	}
	pictures, err := l.opt.Pictures(c.Source, pages)
	var problem *model.Problem
	if errors.As(err, &problem) && !l.undrawn[c.Path] {
		l.undrawn[c.Path] = true
		l.opt.warn(c.Path, problem)
	}
	if err != nil {
		return nil, nil // the form is shown all the same, redrawn
	}
	blank := map[int]bool{}
	for _, p := range pictures {
		if !slices.ContainsFunc(p.Items, func(it model.PictureItem) bool { return len(it.Text) > 0 }) {
			blank[p.Page] = true // a scan: marks on nothing tell nothing
			continue
		}
		out = append(out, pagePicture{l.opt.say("原文第%d页", "Page %d of the original", p.Page), l.svg(&p, marks[p.Page])})
	}
	for i, f := range findings {
		if picked[i+1] != "" && blank[*f.Location.Page] {
			delete(picked, i+1)
		}
	}
	return out, picked
}

// svg draws a page. Everything from the document is escaped.
func (l *lintHTML) svg(p *model.Picture, marks []pictureMark) template.HTML {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="page" viewBox="0 0 %s %s" role="group" aria-label="%s">`, point(p.Width), point(p.Height),
		template.HTMLEscapeString(l.opt.say("原文第%d页", "Page %d of the original", p.Page)))
	fmt.Fprintf(&b, `<rect class="paper" width="%s" height="%s"/>`, point(p.Width), point(p.Height))
	for _, m := range marks {
		if !m.from {
			fmt.Fprintf(&b, `<rect class="mark %s" %s/>`, m.class, area(m.box))
		}
	}
	b.WriteString(`<g aria-hidden="true">`)
	for i := range p.Items {
		drawItem(&b, &p.Items[i])
	}
	b.WriteString(`</g>`)
	drawLines(&b, p.Lines, false)
	drawLines(&b, p.Lines, true)
	placed := map[model.Box]int{}
	for _, m := range marks {
		b.WriteString("<a")
		if m.id != "" {
			fmt.Fprintf(&b, ` id="%s"`, m.id)
		}
		fmt.Fprintf(&b, ` class="%s" href="#%s" aria-label="%s"><rect class="edge" %s/>`, m.class, m.note, template.HTMLEscapeString(m.label), area(m.box))
		// Numbers of one cell stand side by side from its right edge.
		const radius, text = 6, 3
		x := m.box[2] - float64(placed[m.box])*2*radius
		placed[m.box]++
		fmt.Fprintf(&b, `<circle cx="%s" cy="%s" r="%d"/><text x="%s" y="%s">%d</text></a>`, point(x), point(m.box[1]), radius, point(x), point(m.box[1]+text), m.number)
	}
	b.WriteString("</svg>")
	return template.HTML(b.String())
}

func drawItem(b *strings.Builder, it *model.PictureItem) {
	if len(it.Text) == 0 {
		// White areas would cover the marks; what lies under one is not in
		// question where a reader sees it.
		switch {
		case it.Image:
			fmt.Fprintf(b, `<rect class="image" %s/>`, area(it.Box))
		case it.Shade < white:
			fmt.Fprintf(b, `<rect fill="%s" fill-opacity=".6" %s/>`, grey(it.Shade), area(it.Box))
		}
		return
	}
	b.WriteString(`<text`)
	if it.Shade > 0 {
		fmt.Fprintf(b, ` fill="%s"`, grey(it.Shade))
	}
	if it.Turn != 0 {
		const middle = 0.38 // of the em: from a character's middle to its baseline
		fmt.Fprintf(b, ` transform="rotate(%d %s %s)" text-anchor="middle" dy="%s"`, 90*it.Turn, point(float64(it.X[0])), point(float64(it.Y)), point(middle*float64(it.Size)))
	}
	if it.Wide > 0 {
		fmt.Fprintf(b, ` textLength="%s" lengthAdjust="spacingAndGlyphs"`, point(float64(it.Wide)))
	}
	xs := make([]string, len(it.X))
	for i, x := range it.X {
		xs[i] = point(float64(x))
	}
	// A list holds a place for each character of the text.
	text := strings.Builder{}
	var places []string
	for i, s := range it.Text {
		text.WriteString(s)
		for range []rune(s) {
			places = append(places, xs[i])
		}
	}
	fmt.Fprintf(b, ` x="%s" y="%s" font-size="%s">%s</text>`, strings.Join(places, " "), point(float64(it.Y)), point(float64(it.Size)), template.HTMLEscapeString(visible(text.String())))
}

// white is the shade from which an area is taken for paper.
const white = 245

func grey(shade uint8) string { return fmt.Sprintf("#%02x%02x%02x", shade, shade, shade) }

// drawLines draws the thin lines in one path, thick ones as areas.
func drawLines(b *strings.Builder, lines []model.PictureLine, faint bool) {
	const thin = 1.5 // points
	class := "lines"
	if faint {
		class = "lines faint"
	}
	var path strings.Builder
	for _, line := range lines {
		x, y := line.Box, [2]float64{line.Box[2] - line.Box[0], line.Box[3] - line.Box[1]}
		switch {
		case line.Faint != faint:
		case min(y[0], y[1]) > thin:
			fmt.Fprintf(b, `<rect class="%s thick" %s/>`, class, area(x))
		case y[0] >= y[1]:
			fmt.Fprintf(&path, "M%s %sH%s", point(x[0]), point((x[1]+x[3])/2), point(x[2]))
		default:
			fmt.Fprintf(&path, "M%s %sV%s", point((x[0]+x[2])/2), point(x[1]), point(x[3]))
		}
	}
	if path.Len() > 0 {
		fmt.Fprintf(b, `<path class="%s" d="%s"/>`, class, path.String())
	}
}

func area(b model.Box) string {
	return fmt.Sprintf(`x="%s" y="%s" width="%s" height="%s"`, point(b[0]), point(b[1]), point(b[2]-b[0]), point(b[3]-b[1]))
}

// point is a coordinate to a tenth of a point, as short as may be.
func point(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "0"
	}
	return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64)
}
