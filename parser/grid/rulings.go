package grid

import (
	"cmp"
	"slices"

	"perfgoal/parser/pdf"
)

// segment is a ruling reduced to its line: at is its place across, from and to
// its extent along.
type segment struct {
	at, from, to float32
}

// rulingSet is a set of rulings that hang together.
type rulingSet struct{ h, v []segment }

// joinRulings splits rulings by direction and joins collinear pieces
// whose ends nearly meet: dashes, or one piece a cell.
func joinRulings(rulings []pdf.Ruling) rulingSet {
	var set rulingSet
	for _, r := range rulings {
		if r.Horizontal() {
			set.h = append(set.h, segment{r.Y0, r.X0, r.X1})
		} else {
			set.v = append(set.v, segment{r.X0, r.Y0, r.Y1})
		}
	}
	set.h, set.v = joinSegments(set.h), joinSegments(set.v)
	return set
}

func joinSegments(in []segment) []segment {
	slices.SortFunc(in, func(a, b segment) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.from, b.from))
	})
	// Pieces of one line may lie a hair apart: group them, then join along.
	var out []segment
	for i := 0; i < len(in); {
		j := i + 1
		for j < len(in) && in[j].at-in[i].at < 0.6 {
			j++
		}
		group := in[i:j]
		slices.SortFunc(group, func(a, b segment) int { return cmp.Compare(a.from, b.from) })
		cur := group[0]
		for _, s := range group[1:] {
			if s.from-cur.to <= 3.5 {
				cur.to = max(cur.to, s.to)
				continue
			}
			out = append(out, cur)
			cur = s
		}
		out = append(out, cur)
		i = j
	}
	return slices.DeleteFunc(out, func(s segment) bool { return s.to-s.from < minRule })
}

// components splits the rulings into sets that touch each other: one a table.
func components(all rulingSet) []rulingSet {
	nh := len(all.h)
	parent := make([]int, nh+len(all.v))
	for i := range parent {
		parent[i] = i
	}
	find := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	byX := make([]int, len(all.v))
	for i := range byX {
		byX[i] = i
	}
	slices.SortFunc(byX, func(a, b int) int { return cmp.Compare(all.v[a].at, all.v[b].at) })
	for hi, h := range all.h {
		start, _ := slices.BinarySearchFunc(byX, h.from-snap, func(i int, x float32) int { return cmp.Compare(all.v[i].at, x) })
		for _, vi := range byX[start:] {
			v := all.v[vi]
			if v.at > h.to+snap {
				break
			}
			if h.at >= v.from-snap && h.at <= v.to+snap {
				parent[find(hi)] = find(nh + vi)
			}
		}
	}
	index := map[int]int{}
	var out []rulingSet
	set := func(i int) *rulingSet {
		root := find(i)
		n, ok := index[root]
		if !ok {
			n = len(out)
			index[root] = n
			out = append(out, rulingSet{})
		}
		return &out[n]
	}
	for i, h := range all.h {
		s := set(i)
		s.h = append(s.h, h)
	}
	for i, v := range all.v {
		s := set(nh + i)
		s.v = append(s.v, v)
	}
	return out
}

// loneShare is how much of a table's height, or of the page's, a vertical ruling
// must run along that touches no horizontal one: the outer border of a merged
// cell that fills the page.
const loneShare = 0.85

// withLone gives vertical rulings that touch no other ruling to the table they run
// beside. Where a page has nothing but such rulings, at least three of one
// extent, they are a table of one row: the middle of a cell over three pages.
func withLone(sets []rulingSet, pageHeight float32) []rulingSet {
	var tables []rulingSet
	var lone []segment
	for _, s := range sets {
		if len(s.h) == 0 {
			lone = append(lone, s.v...)
		} else {
			tables = append(tables, s)
		}
	}
	if len(lone) == 0 {
		return sets
	}
	slices.SortFunc(lone, func(a, b segment) int { return cmp.Compare(a.at, b.at) })
	taken := make([]bool, len(lone))
	for i := range tables {
		t := &tables[i]
		if len(t.v) == 0 {
			continue
		}
		y0, y1 := extentOf(t.v)
		for n, l := range lone {
			if !taken[n] && min(l.to, y1)-max(l.from, y0) >= loneShare*(y1-y0) && l.to-l.from <= (y1-y0)+2*hang {
				t.v = append(t.v, l)
				taken[n] = true
			}
		}
	}
	for i := range lone {
		if taken[i] || lone[i].to-lone[i].from < loneShare*0.5*pageHeight {
			continue
		}
		same := rulingSet{v: []segment{lone[i]}}
		for n := i + 1; n < len(lone); n++ {
			if !taken[n] && abs32(lone[n].from-lone[i].from) <= snap && abs32(lone[n].to-lone[i].to) <= snap {
				same.v = append(same.v, lone[n])
				taken[n] = true
			}
		}
		if len(same.v) >= 3 {
			tables = append(tables, same)
		}
	}
	return tables
}

// extentOf is how far rulings reach together.
func extentOf(rulings []segment) (from, to float32) {
	from, to = rulings[0].from, rulings[0].to
	for _, s := range rulings {
		from, to = min(from, s.from), max(to, s.to)
	}
	return from, to
}

// cluster reduces coordinates to grid lines: neighbours within snap are one.
func cluster(at []float32) []float32 {
	slices.Sort(at)
	var out []float32
	for i := 0; i < len(at); {
		j := i + 1
		for j < len(at) && at[j]-at[j-1] <= snap && at[j]-at[i] <= 2*snap {
			j++
		}
		out = append(out, (at[i]+at[j-1])/2)
		i = j
	}
	return out
}

// nearest is the index of the grid line at a coordinate, -1 when none is near.
func nearest(grid []float32, at float32) int {
	i, _ := slices.BinarySearch(grid, at)
	best, dist := -1, float32(snap+0.5)
	for _, n := range []int{i - 1, i} {
		if n >= 0 && n < len(grid) && abs32(grid[n]-at) < dist {
			best, dist = n, abs32(grid[n]-at)
		}
	}
	return best
}

// covers reports for each interval of grid whether rulings on one line cover
// most of it.
func covers(grid []float32, rulings []segment) []bool {
	out := make([]bool, len(grid)-1)
	for i := range out {
		a, b := grid[i], grid[i+1]
		var covered float32
		reach := a
		for _, s := range rulings {
			from, to := max(s.from, reach), min(s.to, b)
			if to > from {
				covered += to - from
				reach = to
			}
		}
		out[i] = covered > 0.6*(b-a)
	}
	return out
}

// newTable cuts the plane into the finest grid and joins neighbours that no
// ruling divides. ok is false when the rulings form no cells.
func newTable(rs rulingSet) (table, bool) {
	// One row of a table may be closed on one side only, or on none.
	if len(rs.v) < 2 || len(rs.h) < 1 && len(rs.v) < 3 {
		return table{}, false
	}
	hx, hy := make([]float32, 0, 2*len(rs.h)), make([]float32, 0, len(rs.h)+2)
	vx, vy := make([]float32, 0, len(rs.v)+2), make([]float32, 0, 2*len(rs.v))
	for _, h := range rs.h {
		hy = append(hy, h.at)
		hx = append(hx, h.from, h.to)
	}
	for _, v := range rs.v {
		vx = append(vx, v.at)
		vy = append(vy, v.from, v.to)
	}
	// Where a side is open, the ends of the crossing rulings close it.
	xs := cluster(withEnds(vx, hx))
	if len(rs.h) == 0 {
		hy = []float32{vy[0]}
	}
	ys := cluster(withEnds(hy, vy))
	if len(xs) < 2 || len(ys) < 2 || len(xs)*len(ys) > 1<<20 {
		return table{}, false
	}
	onH, onV := make([][]segment, len(ys)), make([][]segment, len(xs))
	for _, h := range rs.h {
		if i := nearest(ys, h.at); i >= 0 {
			onH[i] = append(onH[i], h)
		}
	}
	for _, v := range rs.v {
		if i := nearest(xs, v.at); i >= 0 {
			onV[i] = append(onV[i], v)
		}
	}
	rows, cols := len(ys)-1, len(xs)-1
	above := make([][]bool, len(ys)) // above[r][c]: a ruling over cell r, c
	left := make([][]bool, len(xs))  // left[c][r]: a ruling left of it
	for i := range ys {
		slices.SortFunc(onH[i], func(a, b segment) int { return cmp.Compare(a.from, b.from) })
		above[i] = covers(xs, onH[i])
	}
	for i := range xs {
		slices.SortFunc(onV[i], func(a, b segment) int { return cmp.Compare(a.from, b.from) })
		left[i] = covers(ys, onV[i])
	}
	owner := make([]int, rows*cols)
	for i := range owner {
		owner[i] = i
	}
	find := func(i int) int {
		for owner[i] != i {
			owner[i] = owner[owner[i]]
			i = owner[i]
		}
		return i
	}
	for r := range rows {
		for c := range cols {
			if c+1 < cols && !left[c+1][r] {
				owner[find(r*cols+c+1)] = find(r*cols + c)
			}
			if r+1 < rows && !above[r+1][c] {
				owner[find((r+1)*cols+c)] = find(r*cols + c)
			}
		}
	}
	t := table{rulings: rs, xs: xs, ys: ys, owner: make([]int, rows*cols), openLeft: !mostly(left[0]), openRight: !mostly(left[cols])}
	cells := 0
	for i := range owner {
		if owner[i] == i {
			cells++
		}
	}
	t.cells = make([]cell, 0, cells)
	index := make([]int, rows*cols) // of the cell that a square's root became, counted from 1
	for r := range rows {
		for c := range cols {
			root := find(r*cols + c)
			i := index[root] - 1
			if i < 0 {
				i = len(t.cells)
				index[root] = i + 1
				t.cells = append(t.cells, cell{r0: r, r1: r + 1, c0: c, c1: c + 1})
			}
			t.owner[r*cols+c] = i
			k := &t.cells[i]
			k.r0, k.c0, k.r1, k.c1 = min(k.r0, r), min(k.c0, c), max(k.r1, r+1), max(k.c1, c+1)
		}
	}
	t.y0, t.y1 = ys[0], ys[rows]
	for i := range t.cells {
		k := &t.cells[i]
		k.x0, k.y0, k.x1, k.y1 = xs[k.c0], ys[k.r0], xs[k.c1], ys[k.r1]
		k.openLeft = k.c0 == 0 && !mostly(left[0][k.r0:k.r1])
		k.openRight = k.c1 == cols && !mostly(left[cols][k.r0:k.r1])
		// Where a page break left a cell open, its text may hang over the end.
		if k.r0 == 0 && !mostly(above[0][k.c0:k.c1]) {
			k.openTop = true
			k.y0 -= hang
			t.y0 = k.y0
		}
		if k.r1 == rows && !mostly(above[rows][k.c0:k.c1]) {
			k.openBottom = true
			k.y1 += hang
			t.y1 = k.y1
		}
	}
	return t, len(t.cells) > 1
}

// withEnds adds the outermost ends of the crossing rulings to the coordinates
// of a direction where they reach beyond its own.
func withEnds(own, ends []float32) []float32 {
	if len(ends) == 0 {
		return own
	}
	lo, hi := slices.Min(ends), slices.Max(ends)
	if lo < slices.Min(own)-snap {
		own = append(own, lo)
	}
	if hi > slices.Max(own)+snap {
		own = append(own, hi)
	}
	return own
}

func mostly(bs []bool) bool {
	n := 0
	for _, b := range bs {
		if b {
			n++
		}
	}
	return 2*n > len(bs)
}
