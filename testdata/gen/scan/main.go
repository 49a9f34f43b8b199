// Command scan prints the pages of a PDF and scans them again: a PDF of
// pictures, for tests and for trying things out.
//
//	go run ./testdata/gen/scan -dpi 200 -skew 0.5 -noise 4 -seal 0.6,0.3 form.pdf scan.pdf
package main

import (
	"context"
	"flag"
	"fmt"
	"image"
	"log"
	"os"

	"perfgoal/internal/paper"
	"perfgoal/parser/pdfium"
)

func main() {
	log.SetFlags(0)
	var s paper.Spoil
	dpi := flag.Int("dpi", 300, "resolution")
	pages := flag.Int("pages", 0, "how many pages, 0 for all")
	seal := flag.String("seal", "", "middle of a red seal, as shares of the page: 0.6,0.3")
	strokes := flag.String("strokes", "", "where a signature begins, as of -seal")
	quality := flag.Int("quality", 80, "of JPEG, 1 to 100; 0 for no compression, in grey")
	flag.Uint64Var(&s.Seed, "seed", 1, "the same seed makes the same scan")
	flag.Float64Var(&s.Skew, "skew", 0, "degrees askew")
	flag.IntVar(&s.Turns, "turns", 0, "quarter turns clockwise")
	flag.Float64Var(&s.Blur, "blur", 0, "radius in pixels")
	flag.Float64Var(&s.Noise, "noise", 0, "standard deviation of 255")
	flag.IntVar(&s.Specks, "specks", 0, "dark grains")
	flag.Float64Var(&s.Shadow, "shadow", 0, "how much darker one edge is, 0 to 1")
	flag.Float64Var(&s.Faint, "faint", 0, "how much lighter print is, 0 to 1")
	flag.BoolVar(&s.Fold, "fold", false, "a crease runs across")
	flag.BoolVar(&s.Broken, "broken", false, "rulings are broken")
	flag.BoolVar(&s.Halftone, "halftone", false, "greys are dots")
	flag.BoolVar(&s.Fax, "fax", false, "black and white")
	flag.BoolVar(&s.Dense, "dense", false, "the seal hides what is under it")
	flag.Parse()
	if flag.NArg() != 2 {
		log.Fatal("usage: scan [flags] FORM.pdf SCAN.pdf")
	}
	place(*seal, &s.Seal)
	place(*strokes, &s.Strokes)
	if err := scan(flag.Arg(0), flag.Arg(1), *dpi, *pages, *quality, s); err != nil {
		log.Fatal(err)
	}
}

func place(text string, to *[2]float64) {
	if text == "" {
		return
	}
	if _, err := fmt.Sscanf(text, "%g,%g", &to[0], &to[1]); err != nil {
		log.Fatalf("%q is no place such as 0.6,0.3", text)
	}
}

func scan(from, to string, dpi, pages, quality int, s paper.Spoil) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	f, err := pdfium.Open(context.Background(), data, pdfium.Options{})
	if err != nil {
		return err
	}
	defer f.Close()
	if pages == 0 || pages > f.NumPages() {
		pages = f.NumPages()
	}
	var list []*image.RGBA
	for i := range pages {
		m, err := f.Draw(context.Background(), i, dpi)
		if err != nil {
			return err
		}
		list = append(list, paper.Page(m, s))
		s.Seed++
	}
	out, err := paper.PDF(list, dpi, quality)
	if err != nil {
		return err
	}
	return os.WriteFile(to, out, 0o644)
}
