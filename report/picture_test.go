package report

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"perfgoal/model"
)

// drawn is a page with every kind of thing on it.
func drawn(_ []byte, pages []int) ([]model.Picture, error) {
	var out []model.Picture
	for _, n := range pages {
		out = append(out, model.Picture{Page: n, Width: 595.276, Height: 842, Items: []model.PictureItem{
			{Box: model.Box{10, 10, 50, 30}, Shade: 200},
			{Box: model.Box{10, 10, 50, 30}, Shade: 255},
			{Box: model.Box{60, 10, 90, 30}, Image: true},
			{Text: []string{"<", "甲", "ff"}, X: []float32{10, 15.04, 20}, Y: 20, Size: 9},
			{Text: []string{"≥"}, X: []float32{40}, Y: 20, Size: 9, Wide: 4.5, Shade: 128},
			{Text: []string{"乙"}, X: []float32{80}, Y: 20, Size: 9, Turn: 1},
		}, Lines: []model.PictureLine{
			{Box: model.Box{10, 40, 90, 40.5}}, {Box: model.Box{10, 40, 10.5, 90}}, {Box: model.Box{10, 95, 90, 99}}, {Box: model.Box{10, 100, 90, 100}, Faint: true},
		}})
	}
	return out, nil
}

// TestPictures shows pages beside forms where that is asked for, marks the
// cells in question, and lets nothing from a document become markup.
func TestPictures(t *testing.T) {
	checked := sampleChecked(t)
	for i := range checked {
		checked[i].Source = []byte("a file")
		for k := range checked[i].Findings {
			page := 2
			checked[i].Findings[k].Location.Page, checked[i].Findings[k].Location.Box = &page, &model.Box{10, 40, 90, 60}
		}
	}
	opt := options(model.Chinese)
	without := lint(t, lintFormat(t, "html"), opt, checked)
	opt.Pictures = drawn
	got := lint(t, lintFormat(t, "html"), opt, checked)
	if bytes.Contains(without, []byte(`class="pictures"`)) {
		t.Error("pictures that nobody asked for")
	}
	s := string(got)
	for _, want := range []string{
		`<text x="10 15 20 20" y="20" font-size="9">&lt;甲ff</text>`, `textLength="4.5"`, `rotate(90 80 20)`, `viewBox="0 0 595.3 842"`,
		`fill="#c8c8c8"`, `class="image"`, `d="M10 40.3H90M10.3 40V90"`, `class="lines thick"`, `class="lines faint"`, "看原页",
	} {
		if !strings.Contains(s, want) {
			t.Errorf("no %s", want)
		}
	}
	page, err := html.Parse(bytes.NewReader(got))
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	marks := 0
	for x := range page.Descendants() {
		if id := attribute(x, "id"); id != "" {
			if ids[id] {
				t.Errorf("two elements are called %s", id)
			}
			ids[id] = true
		}
	}
	for _, a := range elements(page, "a") {
		if to := attribute(a, "href"); strings.HasPrefix(to, "#") && !ids[to[1:]] {
			t.Errorf("%s leads nowhere", to)
		}
		if strings.Contains(attribute(a, "id"), "-m") {
			marks++
		}
	}
	if marks == 0 {
		t.Error("no cell is marked")
	}
	opt.Pictures = func(_ []byte, pages []int) ([]model.Picture, error) {
		return []model.Picture{{Page: pages[0], Width: 595, Height: 842, Items: []model.PictureItem{{Box: model.Box{0, 0, 595, 842}, Image: true}}}}, nil
	}
	if got := lint(t, lintFormat(t, "html"), opt, checked); !bytes.Equal(got, without) {
		t.Error("a page without text is shown")
	}
	warned := 0
	opt.Warn = func(string, *model.Problem) { warned++ }
	opt.Pictures = func([]byte, []int) ([]model.Picture, error) { return nil, &model.Problem{Code: "damaged"} }
	if got := lint(t, lintFormat(t, "html"), opt, checked); !bytes.Equal(got, without) || warned != 1 {
		t.Errorf("a file whose pages cannot be drawn changes the report, or is named %d times, not once", warned)
	}
}
