package scan

import (
	"fmt"
	"image"
	"math"
	"testing"

	"perfgoal/parser/ocr"
	"perfgoal/parser/pdf"
)

// em is the height of the characters of these tests, in pixels.
const em = 40

// line is a part with ink from the first to the last column of each stretch, as
// high as a character but where a top and bottom are given.
func line(chars []ocr.Char, ink ...[4]int) *part {
	p := &part{y0: 0, y1: em - 1, em: em, chars: chars, x1: ink[len(ink)-1][1]}
	for _, x := range ink {
		if x[2] == 0 && x[3] == 0 {
			x[3] = em - 1
		}
		p.blobs = append(p.blobs, blob{x0: x[0], x1: x[1], y0: x[2], y1: x[3], area: (x[1] - x[0] + 1) * (x[3] - x[2] + 1) / 2})
	}
	return p
}

func chars(list ...any) []ocr.Char {
	var out []ocr.Char
	for i := 0; i < len(list); i += 2 {
		out = append(out, ocr.Char{Rune: list[i].(rune), At: float64(list[i+1].(int)), Sure: 1})
	}
	return out
}

// The width of a sign shows in the blank on its outer side, or in its ink.
func TestWidthsOfSigns(t *testing.T) {
	for _, tt := range []struct {
		name string
		of   *part
		at   int // the character that is asked for
		want rune
		sure bool
	}{
		{"half bracket", line(chars('0', 10, '（', 28, '元', 55), [4]int{0, 19}, [4]int{24, 31}, [4]int{36, 74}), 1, '(', true},
		{"full bracket", line(chars('期', 20, '(', 70, '二', 100), [4]int{0, 38}, [4]int{66, 73}, [4]int{80, 118}), 1, '（', true},
		{"neither", line(chars('期', 20, '(', 62, '二', 90), [4]int{0, 38}, [4]int{58, 65}, [4]int{72, 110}), 1, '(', false},
		{"half tilde", line(chars('5', 10, '～', 36, '8', 60), [4]int{0, 19}, [4]int{25, 46}, [4]int{50, 69}), 1, '~', true},
		{"full tilde", line(chars('5', 10, '~', 42, '8', 80), [4]int{0, 19}, [4]int{25, 59}, [4]int{65, 84}), 1, '～', true},
		{"hyphen", line(chars('1', 10, '-', 30, '2', 50), [4]int{0, 19}, [4]int{24, 36, 18, 22}, [4]int{41, 60}), 1, '-', true},
		{"a dash that was read as a hyphen", line(chars('1', 10, '-', 42, '2', 80), [4]int{0, 19}, [4]int{24, 60, 18, 22}, [4]int{65, 84}), 1, '-', false},
		{"a hyphen that was read as a dash", line(chars('1', 10, '—', 30, '2', 50), [4]int{0, 19}, [4]int{24, 36, 18, 22}, [4]int{41, 60}), 1, '—', false},
		{"half less than", line(chars('<', 10, '8', 32), [4]int{0, 19}, [4]int{23, 42}), 0, '<', true},
		{"a small less than in full width", line(chars('<', 10, '8', 45), [4]int{0, 19}, [4]int{34, 55}), 0, '<', false},
	} {
		tt.of.setWidths(0)
		if c := tt.of.chars[tt.at]; c.Rune != tt.want || (c.Sure == 1) != tt.sure {
			t.Errorf("%s: %c, certain to %.0f", tt.name, c.Rune, c.Sure)
		}
	}
}

// Ink that no character accounts for by where it stands is not left unsaid.
func TestInkThatIsApart(t *testing.T) {
	for _, tt := range []struct {
		name string
		of   *part
		want int
	}{
		{"a letter and a bracket", line(chars('m', 15, ')', 38), [4]int{0, 29, 12, 39}, [4]int{34, 42}), 0},
		{"a figure set high behind a letter", line(chars('m', 15, ')', 55), [4]int{0, 29, 12, 39}, [4]int{32, 44, 0, 16}, [4]int{50, 58}), 1},
		{"a dot between characters", line(chars('人', 20, '月', 72), [4]int{0, 38}, [4]int{44, 48, 17, 22}, [4]int{54, 90}), 1},
		{"a dot of the character itself", line(chars('收', 20, '情', 60), [4]int{0, 38}, [4]int{42, 45, 10, 20}, [4]int{47, 78}), 0},
		{"a stop at the end", line(chars('元', 20), [4]int{0, 38}, [4]int{44, 52, 30, 38}), 1},
	} {
		if got := tt.of.unread(tt.of.chars); len(got) != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
	if got := line(chars('m', 12, ')', 48), [4]int{0, 36}, [4]int{44, 52}); len(got.unread(got.chars)) != 1 {
		t.Error("a letter takes more ink than it has: ㎡ is no m")
	}
}

// Where a ruling is missing, what its cell holds is not taken.
func TestCellsWithoutTheirRulings(t *testing.T) {
	cells := [][4]int{{0, 0, 300, 90}, {100, 0, 300, 60}, {300, 0, 400, 90}}
	if got := torn(cells, 10); !got[0] || got[1] || got[2] {
		t.Errorf("a cell around another: %v", got)
	}
	a, b, c := line(nil, [4]int{0, 100}), line(nil, [4]int{300, 400}), line(nil, [4]int{0, 100, 60, 99})
	c.y0, c.y1 = 60, 99
	sideBySide([]*part{a, b, c})
	if !a.torn || !b.torn || c.torn {
		t.Errorf("side by side: %v %v, below: %v", a.torn, b.torn, c.torn)
	}
}

// TestWhereThePictureLies follows a spot of ink: where it is read, led back, is
// where it lies on the page.
func TestWhereThePictureLies(t *testing.T) {
	const w, h, x, y, points = 300, 420, 90, 250, 0.3 // pixels, and points to a pixel
	img := image.NewGray(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for dy := range 5 {
		for dx := range 5 {
			img.Pix[(y-2+dy)*w+x-2+dx] = 0
		}
	}
	picture := pdf.Picture{Image: img, X0: 7, Y0: -3, X1: 7 + w*points, Y1: -3 + h*points}
	wantX, wantY := picture.X0+(x+0.5)*points, picture.Y0+(y+0.5)*points
	for turns := range 4 {
		for _, angle := range []float64{0, 0.04, -0.02} {
			t.Run(fmt.Sprint(turns, " ", angle), func(t *testing.T) {
				s := newSheet(picture, turns)
				if angle != 0 {
					s.straighten(angle)
				}
				sumX, sumY, n := 0.0, 0.0, 0.0
				for i, v := range s.grey {
					ink := float64(255 - v)
					sumX, sumY, n = sumX+ink*(float64(i%s.w)+0.5), sumY+ink*(float64(i/s.w)+0.5), n+ink
				}
				gotX, gotY := sumX/n*s.points, sumY/n*s.points
				if turns == 0 { // as page hands it on
					gotX, gotY = gotX+picture.X0, gotY+picture.Y0
				}
				lies := (&reading{sheet: s, turns: turns}).lies(picture)
				if (lies == nil) != (turns == 0 && angle == 0) {
					t.Fatalf("lies is %v", lies)
				}
				if lies != nil {
					gotX, gotY = lies.Apply(gotX, gotY)
				}
				if math.Hypot(gotX-wantX, gotY-wantY) > points {
					t.Errorf("the spot is at %.2f, %.2f, not %.2f, %.2f", gotX, gotY, wantX, wantY)
				}
			})
		}
	}
}
