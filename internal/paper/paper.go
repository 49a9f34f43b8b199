// Package paper makes scans for tests: it takes pictures of pages through what
// printing, stamping and scanning do to them, and writes PDFs of such pictures.
// The same seed makes the same scan.
package paper

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"math/rand/v2"
)

// Spoil is what happens to a page. The zero value is a clean grey scan.
type Spoil struct {
	Seed     uint64
	Skew     float64    // degrees by which it lies askew
	Turns    int        // quarter turns clockwise
	Blur     float64    // radius in pixels
	Noise    float64    // standard deviation of 255
	Specks   int        // dark grains
	Shadow   float64    // how much darker one edge is, 0 to 1
	Fold     bool       // a light line runs across
	Broken   bool       // rulings are broken here and there
	Faint    float64    // how much lighter print is, 0 to 1
	Halftone bool       // grey grounds are dots
	Fax      bool       // black and white, no greys
	Seal     [2]float64 // the middle of a red seal as shares of the page; 0, 0 for none
	Dense    bool       // the seal hides what is under it
	Strokes  [2]float64 // where a signature in black ink runs, as of Seal
}

// Page spoils the picture of a page.
func Page(src image.Image, s Spoil) *image.RGBA {
	r := rand.New(rand.NewPCG(s.Seed, 2026))
	b := src.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	for y := range b.Dy() {
		for x := range b.Dx() {
			g := color.GrayModel.Convert(src.At(b.Min.X+x, b.Min.Y+y)).(color.Gray).Y
			g = uint8(255 - float64(255-g)*(1-s.Faint))
			set(out, x, y, g, g, g)
		}
	}
	if s.Broken {
		breakLines(out, r)
	}
	if s.Seal != [2]float64{} {
		seal(out, s.Seal, s.Dense)
	}
	if s.Strokes != [2]float64{} {
		scribble(out, s.Strokes, r)
	}
	for range s.Turns & 3 {
		out = turn(out)
	}
	if s.Skew != 0 {
		out = skew(out, s.Skew)
	}
	if s.Halftone {
		halftone(out)
	}
	if s.Fold {
		fold(out, r)
	}
	if s.Blur > 0 {
		blur(out, s.Blur)
	}
	finish(out, s, r)
	return out
}

func set(m *image.RGBA, x, y int, r, g, b uint8) {
	i := m.PixOffset(x, y)
	m.Pix[i], m.Pix[i+1], m.Pix[i+2], m.Pix[i+3] = r, g, b, 255
}

// finish lays shadow, grain and the threshold of a fax over the page.
func finish(m *image.RGBA, s Spoil, r *rand.Rand) {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	for y := range h {
		for x := range w {
			i := m.PixOffset(x, y)
			light := 1 - s.Shadow*math.Pow(1-float64(x)/float64(w), 3)
			grain := r.NormFloat64() * s.Noise
			for c := range 3 {
				m.Pix[i+c] = clamp(float64(m.Pix[i+c])*light*0.97 + grain)
			}
			if s.Fax {
				v := uint8(0)
				if m.Pix[i+1] > 150 {
					v = 255
				}
				set(m, x, y, v, v, v)
			}
		}
	}
	for range s.Specks {
		x, y := r.IntN(w-2), r.IntN(h-2)
		for d := range 1 + r.IntN(3) {
			set(m, x+d%2, y+d/2, 40, 40, 40)
		}
	}
}

func clamp(v float64) uint8 { return uint8(min(max(v, 0), 255)) }

// seal stamps a ring with a star and a line of bars as of characters.
func seal(m *image.RGBA, at [2]float64, dense bool) {
	w, h := float64(m.Rect.Dx()), float64(m.Rect.Dy())
	cx, cy, radius := at[0]*w, at[1]*h, 0.095*w
	for y := int(cy - radius); y <= int(cy+radius); y++ {
		for x := int(cx - radius); x <= int(cx+radius); x++ {
			if !(image.Point{x, y}).In(m.Rect) {
				continue
			}
			dx, dy := (float64(x)-cx)/radius, (float64(y)-cy)/radius
			d := math.Hypot(dx, dy)
			angle := math.Atan2(dy, dx)
			ring := d > 0.94 && d < 1
			letters := d > 0.72 && d < 0.88 && math.Mod(angle+math.Pi, 0.42) < 0.25 && math.Mod(d*40, 2) < 1.1
			star := d < 0.32*(0.6+0.4*math.Cos(5*(angle+math.Pi/2)))
			if !ring && !letters && !star {
				continue
			}
			i := m.PixOffset(x, y)
			if dense {
				set(m, x, y, 205, 40, 40)
				continue
			}
			// Ink of a stamp is seen through.
			m.Pix[i] = uint8(int(m.Pix[i]) * 225 / 255)
			m.Pix[i+1] = uint8(int(m.Pix[i+1]) * 70 / 255)
			m.Pix[i+2] = uint8(int(m.Pix[i+2]) * 70 / 255)
		}
	}
}

// scribble draws a signature.
func scribble(m *image.RGBA, at [2]float64, r *rand.Rand) {
	w := float64(m.Rect.Dx())
	x, y := at[0]*w, at[1]*float64(m.Rect.Dy())
	thick := max(int(w/900), 1)
	dx, dy := 0.0, 0.0
	for range int(w / 2) {
		dx += r.NormFloat64() * 0.5
		dy += r.NormFloat64() * 0.7
		dx, dy = dx*0.95+0.05, dy*0.95
		x, y = x+dx, y+dy
		for a := range thick {
			for b := range thick {
				if p := (image.Point{int(x) + a, int(y) + b}); p.In(m.Rect) {
					set(m, p.X, p.Y, 30, 30, 40)
				}
			}
		}
	}
}

// breakLines takes short pieces out of the page's long dark lines.
func breakLines(m *image.RGBA, r *rand.Rand) {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	dark := func(x, y int) bool { return m.Pix[m.PixOffset(x, y)] < 140 }
	for y := range h {
		run := 0
		for x := range w {
			if dark(x, y) {
				run++
			} else {
				run = 0
			}
			if run > w/12 && r.IntN(w/3) == 0 {
				for d := range 1 + w/500 {
					for _, n := range []int{-2, -1, 0, 1, 2} {
						if p := (image.Point{x - d, y + n}); p.In(m.Rect) {
							set(m, p.X, p.Y, 255, 255, 255)
						}
					}
				}
			}
		}
	}
}

func turn(m *image.RGBA) *image.RGBA {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, h, w))
	for y := range h {
		for x := range w {
			out.SetRGBA(h-1-y, x, m.RGBAAt(x, y))
		}
	}
	return out
}

// skew turns the page about its middle, onto white paper.
func skew(m *image.RGBA, degrees float64) *image.RGBA {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	out := image.NewRGBA(m.Rect)
	sin, cos := math.Sincos(-degrees * math.Pi / 180)
	cx, cy := float64(w-1)/2, float64(h-1)/2
	for y := range h {
		for x := range w {
			fx := (float64(x)-cx)*cos - (float64(y)-cy)*sin + cx
			fy := (float64(x)-cx)*sin + (float64(y)-cy)*cos + cy
			px, py := int(math.Floor(fx)), int(math.Floor(fy))
			if px < 0 || py < 0 || px+1 >= w || py+1 >= h {
				set(out, x, y, 255, 255, 255)
				continue
			}
			u, v := fx-float64(px), fy-float64(py)
			i := m.PixOffset(px, py)
			var c [3]uint8
			for n := range c {
				top := float64(m.Pix[i+n])*(1-u) + float64(m.Pix[i+4+n])*u
				low := float64(m.Pix[i+m.Stride+n])*(1-u) + float64(m.Pix[i+m.Stride+4+n])*u
				c[n] = uint8(top*(1-v) + low*v)
			}
			set(out, x, y, c[0], c[1], c[2])
		}
	}
	return out
}

// halftone makes dots of what is neither black nor white.
func halftone(m *image.RGBA) {
	order := [4][4]int{{0, 8, 2, 10}, {12, 4, 14, 6}, {3, 11, 1, 9}, {15, 7, 13, 5}}
	for y := range m.Rect.Dy() {
		for x := range m.Rect.Dx() {
			v := uint8(255)
			if int(m.Pix[m.PixOffset(x, y)+1]) < order[y%4][x%4]*16+8 {
				v = 0
			}
			set(m, x, y, v, v, v)
		}
	}
}

// fold draws a crease: ink is worn off along it, and a shadow lies beside it.
func fold(m *image.RGBA, r *rand.Rand) {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	y0 := h/3 + r.IntN(h/3)
	for x := range w {
		y := y0 + int(3*math.Sin(float64(x)/float64(w)*4))
		for d := -2; d <= 5; d++ {
			i := m.PixOffset(x, y+d)
			for c := range 3 {
				if d <= 0 {
					m.Pix[i+c] = clamp(float64(m.Pix[i+c])*0.5 + 115)
				} else {
					m.Pix[i+c] = clamp(float64(m.Pix[i+c]) * 0.9)
				}
			}
		}
	}
}

// blur is a mean over each pixel's neighbours, once along and once across.
func blur(m *image.RGBA, radius float64) {
	reach := int(math.Ceil(radius))
	weights := make([]float64, 2*reach+1)
	sum := 0.0
	for i := range weights {
		weights[i] = math.Exp(-math.Pow(float64(i-reach)/radius, 2))
		sum += weights[i]
	}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	pass := func(n, length int, at func(i, j int) int) {
		row := make([]float64, length)
		for i := range n {
			for c := range 3 {
				for j := range length {
					v := 0.0
					for k, weight := range weights {
						v += weight * float64(m.Pix[at(i, min(max(j+k-reach, 0), length-1))+c])
					}
					row[j] = v / sum
				}
				for j, v := range row {
					m.Pix[at(i, j)+c] = uint8(v)
				}
			}
		}
	}
	pass(h, w, func(y, x int) int { return m.PixOffset(x, y) })
	pass(w, h, func(x, y int) int { return m.PixOffset(x, y) })
}

// PDF is a file of pictures, one a page, at a resolution in dpi. Where quality
// is 0 they are not compressed, and grey.
func PDF(pages []*image.RGBA, dpi, quality int) ([]byte, error) {
	return Searchable(pages, dpi, quality, nil)
}

// Searchable is PDF with text operators behind each picture, as a scanner puts
// them there that recognises text: /F is Helvetica.
func Searchable(pages []*image.RGBA, dpi, quality int, behind []string) ([]byte, error) {
	var out bytes.Buffer
	var offsets []int
	object := func(format string, args ...any) {
		offsets = append(offsets, out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n"+format+"\nendobj\n", append([]any{len(offsets)}, args...)...)
	}
	out.WriteString("%PDF-1.4\n")
	object("<< /Type /Catalog /Pages 2 0 R >>")
	kids := ""
	for i := range pages {
		kids += fmt.Sprintf("%d 0 R ", 3+3*i)
	}
	object("<< /Type /Pages /Count %d /Kids [%s] >>", len(pages), kids)
	for i, m := range pages {
		w, h := m.Rect.Dx(), m.Rect.Dy()
		pw, ph := float64(w)*72/float64(dpi), float64(h)*72/float64(dpi)
		object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %.2f %.2f] /Contents %d 0 R /Resources << /XObject << /Im %d 0 R >> /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >> >> >> >>", pw, ph, 4+3*i, 5+3*i)
		draw := fmt.Sprintf("q %.2f 0 0 %.2f 0 0 cm /Im Do Q", pw, ph)
		if i < len(behind) {
			draw += "\n" + behind[i]
		}
		object("<< /Length %d >>\nstream\n%s\nendstream", len(draw), draw)
		var data bytes.Buffer
		space, filter := "/DeviceRGB", "/Filter /DCTDecode"
		if quality > 0 {
			if err := jpeg.Encode(&data, m, &jpeg.Options{Quality: quality}); err != nil {
				return nil, err
			}
		} else {
			space, filter = "/DeviceGray", ""
			for i := 1; i < len(m.Pix); i += 4 {
				data.WriteByte(m.Pix[i])
			}
		}
		object("<< /Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8 /ColorSpace %s %s /Length %d >>\nstream\n%s\nendstream",
			w, h, space, filter, data.Len(), data.String())
	}
	start := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, o := range offsets {
		fmt.Fprintf(&out, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&out, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, start)
	return out.Bytes(), nil
}
