//go:build !noocr && !js

package ocr

import "math"

const (
	// silent is how certain it must be that a step holds no character, lest it
	// hold one that was not read.
	silent = 0.6
	// far is how much lower than the best a score may be and still count.
	far = 16
)

// decode turns the scores of all steps into characters. A character goes on
// for as long as it is a step's best, and is as certain as its best step.
// scale is pixels of the picture to a pixel of the line, width the picture's.
func (n *network) decode(scores []float32, steps int, scale, width float64) []Char {
	classes := len(n.keys) + 1
	var out []Char
	last, weight, at := 0, 0.0, 0.0
	finish := func() {
		if last > 0 {
			out[len(out)-1].At = min(at/weight*stride*scale, width)
		}
	}
	var gap Char // a step that is not surely silent
	between := func(next int) {
		if gap.Rune != 0 && gap.Rune != n.key(last) && gap.Rune != n.key(next) {
			gap.Rune, gap.Sure = Unknown, 1-gap.Sure
			out = append(out, gap)
		}
		gap = Char{}
	}
	quiet := 0 // the character before a silence
	for t := range steps {
		best, second, share := n.top(scores[t*classes : (t+1)*classes])
		middle := float64(t) + 0.5
		if best == 0 {
			finish()
			if last > 0 {
				quiet = last
			}
			last = 0
			if r := n.key(second); share < silent && r != ' ' && r != n.key(quiet) && (gap.Rune == 0 || share < gap.Sure) && middle*stride*scale < width {
				gap = Char{Rune: r, At: middle * stride * scale, Sure: share}
			}
			continue
		}
		if best != last {
			finish()
			between(best)
			out = append(out, Char{Rune: n.key(best)})
			last, weight, at = best, 0, 0
		}
		c := &out[len(out)-1]
		c.Sure = max(c.Sure, share)
		weight += float64(share)
		at += float64(share) * middle
	}
	finish()
	between(0)
	return out
}

// key is the character of a class, 0 for none.
func (n *network) key(class int) rune {
	if class == 0 {
		return 0
	}
	return n.keys[class-1]
}

// top is the best of a step's scores, the second, and the best's share of all.
// Which width a character has is not for its share to say.
func (n *network) top(row []float32) (best, second int, share float32) {
	second = 1
	if row[1] > row[0] {
		best, second = 1, 0
	}
	for i := 2; i < len(row); i++ {
		if v := row[i]; v > row[second] {
			if v > row[best] {
				best, second = i, best
			} else {
				second = i
			}
		}
	}
	highest := row[best]
	var sum float64
	for _, v := range row {
		if v > highest-far {
			sum += math.Exp(float64(v - highest))
		}
	}
	own := 1.0
	if t := n.twins[best]; t > 0 {
		own += math.Exp(float64(row[t] - highest))
	}
	return best, second, float32(own / sum)
}
