package pdf

import (
	"context"
	"unicode"

	"perfgoal/model"
)

// Pictures are what the pages of those numbers (1-based) show. Numbers of no
// page are left out. The error is a *model.Problem, or the context's.
func Pictures(ctx context.Context, data []byte, pages []int, opt Options) ([]model.Picture, error) {
	f, err := Open(ctx, data, opt)
	if err != nil {
		return nil, err
	}
	var out []model.Picture
	for _, n := range pages {
		if n < 1 || n > f.NumPages() {
			continue
		}
		p, err := f.Page(ctx, n-1)
		if err != nil {
			return nil, err
		}
		out = append(out, pictureOf(n, &p))
		p.Recycle()
	}
	return out, nil
}

func pictureOf(number int, p *Page) model.Picture {
	out := model.Picture{Page: number, Width: p.Width, Height: p.Height}
	fills := p.Fills
	for i := range p.Glyphs {
		for len(fills) > 0 && fills[0].Before <= i {
			out.Items = append(out.Items, area(fills[0]))
			fills = fills[1:]
		}
		g := &p.Glyphs[i]
		if g.Look&(Invisible|Clipped) != 0 || unicode.IsSpace(g.Rune) {
			continue
		}
		text := string(g.Rune) + g.Tail
		if n := len(out.Items) - 1; n >= 0 && goesOn(&out.Items[n], g) {
			out.Items[n].Text = append(out.Items[n].Text, text)
			out.Items[n].X = append(out.Items[n].X, g.X0)
			continue
		}
		it := model.PictureItem{Text: []string{text}, X: []float32{g.X0}, Y: g.Base, Size: g.Size, Turn: int(g.Turn), Shade: g.Shade}
		if narrow(g) {
			it.Wide = g.X1 - g.X0
		}
		if g.Turn != 0 { // placed by its box's middle
			it.X[0], it.Y = (g.X0+g.X1)/2, (g.Y0+g.Y1)/2
		}
		out.Items = append(out.Items, it)
	}
	for _, f := range fills {
		out.Items = append(out.Items, area(f))
	}
	for _, r := range p.Rulings {
		out.Lines = append(out.Lines, model.PictureLine{Box: model.Box{float64(r.X0), float64(r.Y0), float64(r.X1), float64(r.Y1)}, Faint: r.Faint})
	}
	return out
}

func area(f Fill) model.PictureItem {
	return model.PictureItem{Box: model.Box{float64(f.X0), float64(f.Y0), float64(f.X1), float64(f.Y1)}, Shade: f.Shade, Image: f.Image}
}

// narrow says whether a character takes less room than Chinese fonts give it,
// such as ≥ in half an em.
func narrow(g *Glyph) bool {
	const most = 0.8 // of the em
	return g.Rune > unicode.MaxASCII && g.Turn == 0 && g.X1-g.X0 < most*g.Size && g.X1 > g.X0
}

// goesOn says whether a glyph stands on the line of text that was drawn last.
func goesOn(it *model.PictureItem, g *Glyph) bool {
	const same = 0.05 // points within which two baselines are one
	return len(it.Text) > 0 && it.Turn == 0 && g.Turn == 0 && it.Wide == 0 && !narrow(g) && it.Size == g.Size && it.Shade == g.Shade &&
		it.Y-g.Base < same && g.Base-it.Y < same && g.X0 > it.X[len(it.X)-1]
}
