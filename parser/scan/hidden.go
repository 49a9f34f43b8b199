package scan

import "perfgoal/model"

// Opaque red, in em: squares of so many blocks wholly red hide a character.
const (
	blockSide   = 0.15
	hidesBlocks = 4
	solid       = 0.9 // of a block that must be red
	dark        = 128 // a pixel so dark is print that shows through
)

// covered are the places in cells where red may hide print of which nothing is
// seen: squares as large as a character, beside the lines that were found.
func (s *sheet) covered(cells []model.Box, parts []*part, em float64) []*part {
	if s.red == nil {
		return nil
	}
	side := max(int(blockSide*em), 2)
	cols, rows := s.w/side, s.h/side
	full := make([]bool, cols*rows)
	for r := range rows {
		for c := range cols {
			full[r*cols+c] = s.solidRed(c*side, r*side, side)
		}
	}
	byCell := map[int][]*part{}
	for _, p := range parts {
		byCell[p.cell] = append(byCell[p.cell], p)
	}
	index := newIndex(cells, s)
	seen := map[int]bool{}
	var out []*part
	for r := 0; r+hidesBlocks <= rows; r++ {
		for c := 0; c+hidesBlocks <= cols; c++ {
			if !full[r*cols+c] || !square(full, cols, r, c) {
				continue
			}
			x0, y0, size := c*side, r*side, hidesBlocks*side
			cell := index.at(x0+size/2, y0+size/2)
			if cell == len(cells) || seen[cell] || within(byCell[cell], x0, y0, size) {
				continue
			}
			seen[cell] = true
			out = append(out, &part{x0: x0, y0: y0, x1: x0 + size - 1, y1: y0 + size - 1, em: em, cell: cell, hidden: true, gone: true})
		}
	}
	return out
}

func square(full []bool, cols, r, c int) bool {
	for i := range hidesBlocks {
		for j := range hidesBlocks {
			if !full[(r+i)*cols+c+j] {
				return false
			}
		}
	}
	return true
}

// within says whether a square lies in a line that was found, where hides has
// looked already.
func within(parts []*part, x0, y0, size int) bool {
	for _, p := range parts {
		if y0+size/2 >= p.y0 && y0+size/2 <= p.y1 && x0 >= p.x0 && x0+size <= p.x1 {
			return true
		}
	}
	return false
}

func (s *sheet) solidRed(x0, y0, side int) bool {
	n := 0
	for y := y0; y < y0+side; y++ {
		for x := x0; x < x0+side; x++ {
			if s.grey[y*s.w+x] < dark {
				return false
			}
			n += int(s.red[y*s.w+x])
		}
	}
	return float64(n) >= solid*float64(side*side)
}
