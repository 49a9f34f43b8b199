//go:build !js

package pdfium

import (
	"context"
	"fmt"
	"image"

	"github.com/klippa-app/go-pdfium/requests"
)

// Draw draws page i (0-based) as it is seen.
func (f *File) Draw(ctx context.Context, i, dpi int) (img image.Image, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("pdfium: page %d: %v", i+1, r)
		}
		if err != nil && ctx.Err() != nil {
			err = ctx.Err()
		}
	}()
	got, err := f.instance.RenderPageInDPI(&requests.RenderPageInDPI{
		Page: requests.Page{ByIndex: &requests.PageByIndex{Document: f.doc, Index: i}}, DPI: dpi,
	})
	if err != nil {
		return nil, fmt.Errorf("pdfium: page %d: %w", i+1, err)
	}
	defer got.Cleanup()
	seen, ok := got.Result.RenderedImage.(*image.RGBA)
	if !ok {
		return nil, fmt.Errorf("pdfium: page %d: not drawn", i+1)
	}
	out := image.NewRGBA(seen.Rect)
	copy(out.Pix, seen.Pix)
	return out, nil
}
