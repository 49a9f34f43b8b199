package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"math"

	"golang.org/x/image/ccitt"
)

// Drawn is a large image as it is drawn on a page.
type Drawn struct {
	stream *stream // nil for one that stands in the page's contents
	at     matrix  // from the unit square to the page as it is seen
}

// leastDrawn is how wide and high a large image is at least, in points.
const leastDrawn = 72

// draw remembers a large image.
func (p *Page) draw(s *stream, at matrix, w, h float64) {
	if w >= leastDrawn && h >= leastDrawn {
		p.Drawn = append(p.Drawn, Drawn{s, at})
	}
}

// Picture is a page's image: its first row is seen on top, its first column on
// the left, once it was turned by so many quarter turns clockwise.
type Picture struct {
	Image          image.Image
	Turns          int
	Mirrored       bool    // left and right are exchanged before it is turned
	X0, Y0, X1, Y1 float64 // where it lies on the page as it is seen, in points
}

// ErrPicture is the error of a page that is not one image, or whose image is of
// a kind that is not decoded here.
var ErrPicture = errors.New("the page is not one image that can be decoded")

// maxPixels bounds a page's image: A4 at 600 dpi has 35 million.
const maxPixels = 64 << 20

// Picture decodes the image that a page consists of. The error is ErrPicture,
// or the limits' (*model.Problem).
func (f *File) Picture(p *Page) (Picture, error) {
	const most = 0.8 // of the page must be covered
	if len(p.Drawn) != 1 || p.Drawn[0].stream == nil {
		return Picture{}, ErrPicture
	}
	d := &p.Drawn[0]
	out := Picture{}
	m := d.at
	out.X0, out.X1 = m[4]+min(m[0], 0)+min(m[2], 0), m[4]+max(m[0], 0)+max(m[2], 0)
	out.Y0, out.Y1 = m[5]+min(m[1], 0)+min(m[3], 0), m[5]+max(m[1], 0)+max(m[3], 0)
	seen := (min(out.X1, p.Width) - max(out.X0, 0)) * (min(out.Y1, p.Height) - max(out.Y0, 0))
	if seen < most*p.Width*p.Height {
		return Picture{}, ErrPicture
	}
	if !out.orient(m) {
		return Picture{}, ErrPicture
	}
	var err error
	out.Image, err = f.inner.decodeImage(d.stream)
	return out, err
}

// orient finds how an image's rows and columns lie on the page; ok is false for
// one drawn askew. The image's own top is at 1 of the unit square.
func (p *Picture) orient(m matrix) (ok bool) {
	const askew = 1e-3
	size := math.Abs(m[0]) + math.Abs(m[1])
	switch {
	case math.Abs(m[1]) <= askew*size && math.Abs(m[2]) <= askew*size:
		p.Mirrored = m[0]*m[3] > 0
		if m[3] > 0 { // its top is seen below
			p.Turns = 2
		}
	case math.Abs(m[0]) <= askew*size && math.Abs(m[3]) <= askew*size:
		p.Mirrored = m[1]*m[2] < 0
		p.Turns = 3
		if m[2] > 0 { // its top is seen on the right
			p.Turns = 1
		}
	default:
		return false
	}
	return true
}

// decodeImage decodes an image of grey, colour or black and white, without
// masks and maps of its values.
func (f *file) decodeImage(s *stream) (image.Image, error) {
	w, h := f.intOr(s.dict["Width"], 0), f.intOr(s.dict["Height"], 0)
	if w < 1 || h < 1 || w > maxPixels/h {
		return nil, fmt.Errorf("%w: %d × %d pixels", ErrPicture, w, h)
	}
	if s.decoded != nil || f.resolve(s.dict["SMask"]) != nil || f.resolve(s.dict["Mask"]) != nil || f.resolve(s.dict["ImageMask"]) == true {
		return nil, ErrPicture
	}
	inverted, ok := f.inverts(s.dict)
	if !ok {
		return nil, ErrPicture
	}
	filters, parms := f.filters(s.dict)
	if len(filters) > maxFilters {
		return nil, f.tooBig()
	}
	data := s.raw
	for i, name := range filters {
		last := i == len(filters)-1
		switch {
		case last && (name == "DCTDecode" || name == "DCT"):
			return f.decodeJPEG(data, w, h, inverted)
		case last && (name == "CCITTFaxDecode" || name == "CCF"):
			return f.decodeFax(data, w, h, parms[i], inverted)
		}
		var err error
		if data, err = f.applyFilter(data, name, parms[i]); err != nil {
			if errors.Is(err, errTooBig) {
				return nil, f.tooBig()
			}
			return nil, fmt.Errorf("%w: %w", ErrPicture, err)
		}
	}
	return f.samples(data, w, h, s.dict, inverted)
}

// inverts says whether an image's values are the other way round; ok is false
// for any other map of them.
func (f *file) inverts(d dict) (inverted, ok bool) {
	a, isArray := f.resolve(d["Decode"]).(array)
	if !isArray {
		return false, true
	}
	for i := range a {
		v, isNumber := number(f.resolve(a[i]))
		one := v == float64(i%2)
		if !isNumber || v != 0 && v != 1 || i > 0 && one == inverted {
			return false, false
		}
		inverted = !one
	}
	return inverted, true
}

func (f *file) decodeJPEG(data []byte, w, h int, inverted bool) (image.Image, error) {
	c, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil || c.Width != w || c.Height != h || inverted {
		return nil, ErrPicture
	}
	if f.spent.Add(int64(w)*int64(h)) > f.limits.Total {
		return nil, f.tooBig()
	}
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPicture, err)
	}
	if _, four := img.(*image.CMYK); four { // whose values may be either way round
		return nil, ErrPicture
	}
	return img, nil
}

func (f *file) decodeFax(data []byte, w, h int, parms dict, inverted bool) (image.Image, error) {
	k := f.intOr(parms["K"], 0)
	if k > 0 || f.intOr(parms["Columns"], 1728) != w {
		return nil, ErrPicture
	}
	format := ccitt.Group3
	if k < 0 {
		format = ccitt.Group4
	}
	opt := &ccitt.Options{Align: f.resolve(parms["EncodedByteAlign"]) == true}
	opt.Invert = (f.resolve(parms["BlackIs1"]) == true) != inverted
	if f.spent.Add(int64(w)*int64(h)) > f.limits.Total {
		return nil, f.tooBig()
	}
	bits, err := io.ReadAll(io.LimitReader(ccitt.NewReader(bytes.NewReader(data), ccitt.MSB, format, w, h, opt), int64((w+7)/8)*int64(h)))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPicture, err)
	}
	return bilevel(bits, w, h, opt.Invert), nil
}

// bilevel spreads bits, of which 1 is white, or where black is set black.
func bilevel(bits []byte, w, h int, black bool) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, w, h))
	row := (w + 7) / 8
	for y := range h {
		for x := range w {
			at := y*row + x/8
			white := at >= len(bits) || (bits[at]>>(7-x%8)&1 == 1) != black
			if white {
				out.Pix[y*out.Stride+x] = 0xff
			}
		}
	}
	return out
}

// samples makes an image of plain values of 8 bits, or of 1 bit.
func (f *file) samples(data []byte, w, h int, d dict, inverted bool) (image.Image, error) {
	planes := f.planes(d["ColorSpace"])
	bits := f.intOr(d["BitsPerComponent"], 0)
	if bits == 1 && planes == 1 && len(data) >= (w+7)/8*h {
		return bilevel(data, w, h, inverted), nil
	}
	if bits != 8 || inverted || len(data) < w*h*planes {
		return nil, ErrPicture
	}
	r := image.Rect(0, 0, w, h)
	switch planes {
	case 1:
		return &image.Gray{Pix: data[:w*h], Stride: w, Rect: r}, nil
	case 3:
		return &rgb{data, r}, nil
	}
	return nil, ErrPicture
}

// planes is how many values a pixel has, 0 for a colour space in which they
// are no plain grey or colours.
func (f *file) planes(o object) int {
	switch v := f.resolve(o).(type) {
	case name:
		switch v {
		case "DeviceGray", "CalGray", "G":
			return 1
		case "DeviceRGB", "CalRGB", "RGB":
			return 3
		}
	case array:
		if len(v) < 2 {
			return 0
		}
		switch f.resolve(v[0]) {
		case name("ICCBased"):
			if s, ok := f.resolve(v[1]).(*stream); ok {
				return f.intOr(s.dict["N"], 0)
			}
		case name("CalGray"):
			return 1
		case name("CalRGB"):
			return 3
		}
	}
	return 0
}

// rgb is an image of three bytes a pixel.
type rgb struct {
	pix  []byte
	rect image.Rectangle
}

// ColorModel implements image.Image.
func (r *rgb) ColorModel() color.Model { return color.RGBAModel }

// Bounds implements image.Image.
func (r *rgb) Bounds() image.Rectangle { return r.rect }

// At implements image.Image.
func (r *rgb) At(x, y int) color.Color {
	i := 3 * (y*r.rect.Dx() + x)
	return color.RGBA{r.pix[i], r.pix[i+1], r.pix[i+2], 0xff}
}

// RGB is a pixel's colours, for those who ask for all of them.
func (r *rgb) RGB(x, y int) (red, green, blue uint8) {
	i := 3 * (y*r.rect.Dx() + x)
	return r.pix[i], r.pix[i+1], r.pix[i+2]
}
