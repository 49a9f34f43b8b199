package parser

import (
	"bytes"
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/shopspring/decimal"

	"perfgoal/model"
)

// full has the generators try every place and every mixture, not a few.
var full = flag.Bool("full", false, "run the generators of page breaks, borders and damage in full")

// paper says how a form is printed. Lengths are points.
type paper struct {
	border  string // full, none, horizontal, vertical, outer, zebra
	pad     float64
	size    float64
	centred bool // text in the middle of its cell, else at its top left

	first float64 // how far down the table may reach on the first page, 0 for as far as it goes
	later float64 // and on the others
	whole bool    // a row that does not fit moves to the next page whole
	open  bool    // no rule closes a cell where the page cuts it
	again bool    // the header of the indicators is printed again on each page

	labelsFirst bool // a merged cell's text stands on its first page, else in its middle
	caption     string
	head, foot  string
}

const (
	paperWidth, paperHeight = 595, 842
	paperLeft, paperTop     = 40, 110 // of the table on the first page
	paperNext               = 60      // its top on the others
)

var paperColumns = []float64{0, 0.10, 0.23, 0.38, 0.53, 0.69, 0.81, 1}

// printed is a cell of a form to be printed.
type printed struct {
	row, col, rows, cols int
	text                 string
	lines                []string
}

// cellsOf lays the form out in rows of seven columns; header is the row of the
// indicators' header.
func cellsOf(f truthForm) (cells []printed, rows, header int) {
	put := func(col, cols int, text string) {
		cells = append(cells, printed{row: rows, col: col, rows: 1, cols: cols, text: text})
	}
	tall := func(n int, text string) {
		cells = append(cells, printed{row: rows, col: 0, rows: n, cols: 1, text: text})
	}
	money := func(s string) string {
		if s == "" {
			return ""
		}
		whole, cents, _ := strings.Cut(decimal.RequireFromString(s).StringFixed(2), ".")
		for i := len(whole) - 3; i > 0; i -= 3 {
			whole = whole[:i] + "," + whole[i:]
		}
		return whole + "." + cents
	}
	put(0, 1, "项目名称")
	put(1, 2, f.ProjectName)
	put(3, 1, "项目性质")
	put(4, 1, f.ProjectNature)
	put(5, 1, "项目类别")
	put(6, 1, f.ProjectCategory)
	rows++
	put(0, 1, "主管部门")
	put(1, 2, f.SupervisingDepartment)
	put(3, 1, "实施单位")
	put(4, 3, f.ImplementingUnit)
	rows++
	put(0, 1, "计划开始日期")
	put(1, 2, f.StartDate)
	put(3, 1, "计划完成日期")
	put(4, 3, f.EndDate)
	rows++
	tall(4, "项目资金(元)")
	for _, r := range [][4]string{
		{"项目资金总额:", f.ProjectTotal, "年度资金申请总额:", f.AnnualTotal},
		{"其中:财政资金", f.ProjectFiscal, "其中:当年财政拨款", f.FiscalCurrent},
		{"", "", "上年结转资金", f.Carryover},
		{"其他资金", f.ProjectOther, "其他资金", f.AnnualOther},
	} {
		put(1, 1, r[0])
		put(2, 1, money(r[1]))
		put(3, 2, r[2])
		put(5, 2, money(r[3]))
		rows++
	}
	tall(2, "项目绩效目标")
	put(1, 2, "项目总目标")
	put(3, 4, "年度总体目标")
	rows++
	put(1, 2, f.OverallGoal)
	put(3, 4, f.AnnualGoal)
	rows++
	header = rows
	tall(len(f.Indicators)+1, "绩效指标")
	put(1, 1, "一级指标")
	put(2, 1, "二级指标")
	put(3, 2, "三级指标")
	put(5, 2, "年度(/项目)指标值")
	rows++
	run := func(i int, level func(int) string) int {
		n := 1
		for i+n < len(f.Indicators) && level(i+n) == level(i) {
			n++
		}
		return n
	}
	one := func(i int) string { return f.Indicators[i].L1 }
	two := func(i int) string { return f.Indicators[i].L1 + f.Indicators[i].L2 }
	for i, x := range f.Indicators {
		if i == 0 || one(i) != one(i-1) {
			cells = append(cells, printed{row: rows, col: 1, rows: run(i, one), cols: 1, text: x.L1})
		}
		if i == 0 || two(i) != two(i-1) {
			cells = append(cells, printed{row: rows, col: 2, rows: run(i, two), cols: 1, text: x.L2})
		}
		put(3, 2, x.L3)
		put(5, 2, x.Value)
		rows++
	}
	return cells, rows, header
}

// wide is a text's width: ASCII is half an em.
func wide(s string, size float64) float64 {
	w := 0.0
	for _, r := range s {
		if r < 0x80 {
			w += size / 2
		} else {
			w += size
		}
	}
	return w
}

func wrap(s string, size, width float64) []string {
	var out []string
	line := ""
	for _, r := range s {
		if line != "" && wide(line+string(r), size) > width {
			out = append(out, line)
			line = ""
		}
		line += string(r)
	}
	if line != "" {
		out = append(out, line)
	}
	return out
}

// part is the part of a row that stands on one page.
type part struct {
	row, page      int
	y0, y1         float64
	from, to       map[int]int // the lines of each cell that stand in it
	begins, closes bool        // the row begins and ends here
}

// sheets are the pages under construction: content streams, y downwards.
type sheets struct {
	pages []*bytes.Buffer
}

func (s *sheets) page(i int) *bytes.Buffer {
	for len(s.pages) <= i {
		s.pages = append(s.pages, &bytes.Buffer{})
	}
	return s.pages[i]
}

func (s *sheets) text(page int, x, y, size float64, text string) {
	fmt.Fprintf(s.page(page), "BT /F %g Tf 1 0 0 1 %.2f %.2f Tm <%s> Tj ET\n", size, x, paperHeight-y, hexOf(text))
}

func hexOf(text string) string {
	var hex strings.Builder
	for _, u := range utf16.Encode([]rune(text)) {
		fmt.Fprintf(&hex, "%04X", u)
	}
	return hex.String()
}

func (s *sheets) rule(page int, x0, y0, x1, y1 float64) {
	fmt.Fprintf(s.page(page), "0.7 w %.2f %.2f m %.2f %.2f l S\n", x0, paperHeight-y0, x1, paperHeight-y1)
}

func (s *sheets) fill(page int, grey, x0, y0, x1, y1 float64) {
	fmt.Fprintf(s.page(page), "q %g g %.2f %.2f %.2f %.2f re f Q\n", grey, x0, paperHeight-y1, x1-x0, y1-y0)
}

// pdf writes the file.
func (s *sheets) pdf() []byte {
	bodies := []string{"<</Type/Catalog/Pages 2 0 R>>", "",
		"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>",
		"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/DW 1000/W[1 95 500]/FontDescriptor 5 0 R>>",
		"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>",
	}
	var kids []string
	for _, p := range s.pages {
		n := len(bodies) + 1
		kids = append(kids, fmt.Sprintf("%d 0 R", n))
		bodies = append(bodies,
			fmt.Sprintf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents %d 0 R/Resources<</Font<</F 3 0 R>>>>>>", paperWidth, paperHeight, n+1),
			fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", p.Len(), p))
	}
	bodies[1] = fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", len(kids), strings.Join(kids, " "))
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	offsets := make([]int, len(bodies))
	for i, body := range bodies {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, body)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(bodies)+1)
	for _, at := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(bodies)+1, start)
	return b.Bytes()
}

// print prints a form.
func (p paper) print(f truthForm) []byte { return p.sheets(f).pdf() }

func (p paper) columns() []float64 {
	xs := make([]float64, len(paperColumns))
	for i, c := range paperColumns {
		xs[i] = paperLeft + c*(paperWidth-2*paperLeft)
	}
	return xs
}

func (p paper) leading() float64 { return 1.3 * p.size }

func (p paper) sheets(f truthForm) *sheets {
	cells, rows, header := cellsOf(f)
	xs := p.columns()
	heights := make([]float64, rows)
	for i := range cells {
		c := &cells[i]
		c.lines = wrap(c.text, p.size, xs[c.col+c.cols]-xs[c.col]-2*p.pad)
		if c.rows == 1 {
			heights[c.row] = max(heights[c.row], float64(max(1, len(c.lines)))*p.leading()+2*p.pad)
		}
	}
	for i := range cells { // what a merged cell needs more, its last row gives
		c := &cells[i]
		have := 0.0
		for r := c.row; r < c.row+c.rows; r++ {
			have += heights[r]
		}
		if need := float64(len(c.lines))*p.leading() + 2*p.pad; need > have {
			heights[c.row+c.rows-1] += need - have
		}
	}
	parts, tops := p.parts(cells, heights, header)
	return p.draw(f, cells, parts, tops, header)
}

// parts cuts the rows where the pages end. tops are where the table begins on
// each page, below a header printed again.
func (p paper) parts(cells []printed, heights []float64, header int) (parts []part, tops []float64) {
	page, y := 0, float64(paperTop)
	tops = append(tops, y)
	limit := func() float64 {
		switch {
		case p.first == 0:
			return 1e6
		case page == 0:
			return paperTop + p.first
		}
		return paperNext + p.later
	}
	turn := func(row int) {
		page++
		y = paperNext
		tops = append(tops, y)
		if p.again && row > header {
			y += heights[header]
		}
	}
	for r, h := range heights {
		done := map[int]int{}
		begins := true
		for {
			room := limit() - y
			if h <= room+0.01 {
				to := map[int]int{}
				for i, c := range cells {
					if c.row == r && c.rows == 1 {
						to[i] = len(c.lines)
					}
				}
				parts = append(parts, part{r, page, y, y + h, done, to, begins, true})
				y += h
				break
			}
			to, some, left := map[int]int{}, false, 0
			for i, c := range cells {
				if c.row == r && c.rows == 1 {
					n := min(len(c.lines)-done[i], max(0, int((room-p.pad)/p.leading())))
					to[i] = done[i] + n
					some = some || n > 0
					left = max(left, len(c.lines)-to[i])
				}
			}
			top := y <= tops[page]+0.01 || p.again && r > header && y <= tops[page]+heights[header]+0.01
			if !some && !top || left == 0 && !top || p.whole && !top && begins && h <= p.later-heights[header] {
				turn(r)
				continue
			}
			parts = append(parts, part{r, page, y, limit(), done, to, begins, false})
			begins = false
			done = to
			h = float64(left)*p.leading() + 2*p.pad
			turn(r)
		}
	}
	return parts, tops
}

// stretch is a cell's share of a page.
type stretch struct {
	page           int
	y0, y1         float64
	begins, closes bool
	from, to       int // lines
}

func (p paper) stretches(c printed, index int, parts []part) []stretch {
	var out []stretch
	for _, q := range parts {
		if q.row < c.row || q.row >= c.row+c.rows {
			continue
		}
		begins, closes := q.begins && q.row == c.row, q.closes && q.row == c.row+c.rows-1
		if n := len(out) - 1; n >= 0 && out[n].page == q.page {
			out[n].y1, out[n].closes = q.y1, closes
			continue
		}
		out = append(out, stretch{q.page, q.y0, q.y1, begins, closes, q.from[index], q.to[index]})
	}
	if c.rows == 1 {
		return out
	}
	// A merged cell's lines stand in its middle, or on its first page; what
	// does not fit goes on.
	total := 0.0
	for _, s := range out {
		total += s.y1 - s.y0
	}
	skip := p.pad
	if p.centred && !p.labelsFirst {
		skip = (total - float64(len(c.lines))*p.leading()) / 2
	}
	n := 0
	for i := range out {
		s := &out[i]
		h := s.y1 - s.y0
		s.from = n
		room := h - max(skip, 0)
		if i == len(out)-1 {
			n = len(c.lines)
		} else {
			n = min(len(c.lines), n+max(0, int((room+0.01)/p.leading())))
		}
		s.to = n
		skip -= h
	}
	return out
}

func (p paper) draw(f truthForm, cells []printed, parts []part, tops []float64, header int) *sheets {
	out := &sheets{}
	xs := p.columns()
	left, right := xs[0], xs[len(xs)-1]
	pages := parts[len(parts)-1].page + 1
	middle := func(page int, y, size float64, s string) { out.text(page, (paperWidth-wide(s, size))/2, y, size, s) }
	if p.border == "zebra" {
		for _, q := range parts {
			if q.row%2 == 1 {
				out.fill(q.page, 0.9, left, q.y0, right, q.y1)
			}
		}
	}
	middle(0, 60, 16, "财政项目支出绩效目标申报表")
	middle(0, 85, 10, fmt.Sprintf("（%d年度）", f.Year))
	for page := range pages {
		if p.head != "" {
			out.text(page, left, 30, 8, p.head)
		}
		if p.foot != "" {
			middle(page, paperHeight-25, 8, strings.ReplaceAll(p.foot, "#", fmt.Sprint(page+1)))
		}
		if page > 0 && p.caption != "" {
			out.text(page, left, paperNext-8, 9, p.caption)
		}
	}
	box := func(c printed, s stretch) {
		x0, x1 := xs[c.col], xs[c.col+c.cols]
		top, bottom := s.begins || !p.open, s.closes || !p.open
		switch p.border {
		case "full":
		case "horizontal":
			if top {
				out.rule(s.page, x0, s.y0, x1, s.y0)
			}
			if bottom {
				out.rule(s.page, x0, s.y1, x1, s.y1)
			}
			return
		case "vertical":
			out.rule(s.page, x0, s.y0, x0, s.y1)
			out.rule(s.page, x1, s.y0, x1, s.y1)
			return
		default:
			return
		}
		if top {
			out.rule(s.page, x0, s.y0, x1, s.y0)
		}
		if bottom {
			out.rule(s.page, x0, s.y1, x1, s.y1)
		}
		out.rule(s.page, x0, s.y0, x0, s.y1)
		out.rule(s.page, x1, s.y0, x1, s.y1)
	}
	write := func(c printed, s stretch) {
		lines := c.lines[s.from:s.to]
		x0, x1 := xs[c.col], xs[c.col+c.cols]
		y := s.y0 + p.pad
		if p.centred {
			y = (s.y0 + s.y1 - float64(len(lines))*p.leading()) / 2
		}
		for i, l := range lines {
			x := x0 + p.pad
			if p.centred {
				x = (x0 + x1 - wide(l, p.size)) / 2
			}
			out.text(s.page, x, y+float64(i)*p.leading()+1.05*p.size, p.size, l)
		}
	}
	for i, c := range cells {
		all := p.stretches(c, i, parts)
		if p.again && c.row == header && c.rows > 1 {
			// The label left of the indicators reaches up beside the header.
			for n := range all[1:] {
				all[n+1].y0 = tops[all[n+1].page]
			}
		}
		for _, s := range all {
			box(c, s)
			write(c, s)
		}
	}
	if p.again {
		h := 0.0
		for _, q := range parts {
			if q.row == header {
				h = q.y1 - q.y0
			}
		}
		shown := map[int]bool{}
		for _, q := range parts {
			if q.row <= header {
				shown[q.page] = true
			}
		}
		for page := 1; page < pages; page++ {
			if shown[page] {
				continue
			}
			for _, c := range cells {
				if c.row == header && c.col > 0 {
					s := stretch{page, tops[page], tops[page] + h, true, true, 0, len(c.lines)}
					box(c, s)
					write(c, s)
				}
			}
		}
	}
	if p.border == "outer" {
		for page := range pages {
			y0, y1 := 1e9, 0.0
			for _, q := range parts {
				if q.page == page {
					y0, y1 = min(y0, q.y0), max(y1, q.y1)
				}
			}
			if page > 0 {
				y0 = tops[page]
			}
			out.rule(page, left, y0, right, y0)
			out.rule(page, left, y1, right, y1)
			out.rule(page, left, y0, left, y1)
			out.rule(page, right, y0, right, y1)
		}
	}
	return out
}

// tally counts how fields were read: rightly, doubted, refused with the whole
// file, or badly: lost, or something else, without a word.
type tally struct {
	right, doubted, refused int
	bad                     []string
}

func (y *tally) add(o tally) {
	y.right += o.right
	y.doubted += o.doubted
	y.refused += o.refused
	y.bad = append(y.bad, o.bad...)
}

func (y *tally) String() string {
	return fmt.Sprintf("%d right, %d doubted, %d refused, %d bad", y.right, y.doubted, y.refused, len(y.bad))
}

// judge compares a document with the forms that were printed in it.
func judge(want []truthForm, doc model.Document) tally {
	var y tally
	if doc.Status == model.StatusUnreadable {
		for _, f := range want {
			y.refused += 16 + 4*len(f.Indicators)
		}
		return y
	}
	for i, w := range want {
		if i >= len(doc.Forms) {
			y.bad = append(y.bad, "no form "+w.ProjectName)
			continue
		}
		y.form(w, &doc.Forms[i])
	}
	for i := len(want); i < len(doc.Forms); i++ {
		y.bad = append(y.bad, "a form too many: "+doc.Forms[i].Project.Name)
	}
	return y
}

func (y *tally) form(w truthForm, g *model.Form) {
	doubted := func(field, want string) bool {
		return slices.ContainsFunc(g.Doubts, func(d model.Doubt) bool {
			s := squeeze(d.Text)
			return field != "" && d.Field == field || want != "" && s != "" && (strings.Contains(s, want) || strings.Contains(want, s) && len([]rune(s)) > 3)
		})
	}
	put := func(field, want, got string) {
		want, got = squeeze(want), squeeze(got)
		switch {
		case want == got:
			y.right++
		case got == "" && doubted(field, want):
			y.doubted++
		default:
			y.bad = append(y.bad, fmt.Sprintf("%s: %q, want %q", field, got, want))
		}
	}
	year := ""
	if g.FiscalYear != 0 {
		year = fmt.Sprint(g.FiscalYear)
	}
	put("fiscal_year", fmt.Sprint(w.Year), year)
	put("project.name", w.ProjectName, g.Project.Name)
	put("project.nature", w.ProjectNature, g.Project.Nature)
	put("project.category", w.ProjectCategory, g.Project.Category)
	put("project.supervising_department", w.SupervisingDepartment, g.Project.SupervisingDepartment)
	put("project.implementing_unit", w.ImplementingUnit, g.Project.ImplementingUnit)
	put("project.start_date", w.StartDate, g.Project.StartDate.String())
	put("project.end_date", w.EndDate, g.Project.EndDate.String())
	amount := func(field, want string, got model.Money) {
		text := ""
		if got.Valid() {
			text = got.Amount.StringFixed(2)
		}
		put(field, want, text)
	}
	amount("funding.annual.total", w.AnnualTotal, g.Funding.Annual.Total)
	amount("funding.annual.current_year_appropriation", w.FiscalCurrent, g.Funding.Annual.CurrentYearAppropriation)
	amount("funding.annual.carryover", w.Carryover, g.Funding.Annual.Carryover)
	amount("funding.annual.other", w.AnnualOther, g.Funding.Annual.Other)
	amount("funding.project.total", w.ProjectTotal, g.Funding.Project.Total)
	amount("funding.project.fiscal", w.ProjectFiscal, g.Funding.Project.Fiscal)
	amount("funding.project.other", w.ProjectOther, g.Funding.Project.Other)
	put("goals.overall", w.OverallGoal, g.Goals.Overall)
	put("goals.annual", w.AnnualGoal, g.Goals.Annual)
	// Rows are matched in order by their names.
	next := 0
	for i, x := range w.Indicators {
		at := slices.IndexFunc(g.Indicators[next:], func(o model.Indicator) bool { return squeeze(o.Level3) == squeeze(x.L3) })
		if at < 0 {
			for range 4 {
				if doubted("", squeeze(x.L3)) {
					y.doubted++
				} else {
					y.bad = append(y.bad, fmt.Sprintf("indicator %d is lost: %s", i+1, x.L3))
				}
			}
			continue
		}
		for n := next; n < next+at; n++ {
			y.bad = append(y.bad, "a row too many: "+g.Indicators[n].Level3+"|"+g.Indicators[n].Value.Raw)
		}
		next += at
		o, field := &g.Indicators[next], fmt.Sprintf("indicators[%d].", next)
		next++
		y.right++
		put(field+"value", x.Value, o.Value.Raw)
		put(field+"level1", x.L1, o.Level1)
		put(field+"level2", x.L2, o.Level2)
	}
	for n := next; n < len(g.Indicators); n++ {
		y.bad = append(y.bad, "a row too many: "+g.Indicators[n].Level3+"|"+g.Indicators[n].Value.Raw)
	}
}

func parseBytes(t testing.TB, data []byte, opt Options) model.Document {
	t.Helper()
	doc, err := Parse(t.Context(), Source{Path: "a.pdf", Data: data}, opt)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}
