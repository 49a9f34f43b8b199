package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"perfgoal/model"
)

// TestFormsOneByOne wants a document whose forms come one by one written as
// one that holds them, also where they are too many to wait as they are.
func TestFormsOneByOne(t *testing.T) {
	for _, n := range []int{0, 1, 2, 300} {
		d := *sampleDocument(t)
		form := d.Forms[0]
		d.Forms = []model.Form{}
		for i := range n {
			form.Index, form.Project.Name = i+1, fmt.Sprint("项目", i, `"forms": []`)
			d.Forms = append(d.Forms, form)
		}
		if n == 0 {
			d.Status, d.Error = model.StatusNoForm, &model.Problem{Code: "no-form"}
		}
		var whole, stream bytes.Buffer
		w, s := newParseJSON(&whole, options(model.Chinese)), newParseJSON(&stream, options(model.Chinese))
		for range 2 {
			if err := w.Add(&d); err != nil {
				t.Fatal(err)
			}
			bare := d
			bare.Forms = []model.Form{}
			for _, f := range d.Forms {
				if err := s.(FormWriter).AddForm(&bare, f); err != nil {
					t.Fatal(err)
				}
			}
			if err := s.Add(&bare); err != nil {
				t.Fatal(err)
			}
		}
		for _, x := range []DocumentWriter{w, s} {
			if err := x.Close(End{}); err != nil {
				t.Fatal(err)
			}
		}
		if n == 300 && whole.Len() < 2*plainSpool {
			t.Errorf("%d bytes are too few to be packed", whole.Len())
		}
		var got struct {
			Documents []struct{ Forms []json.RawMessage }
		}
		if err := json.Unmarshal(whole.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		// Indented as the standard library does it.
		var again bytes.Buffer
		if err := json.Indent(&again, whole.Bytes(), "", "  "); err != nil || again.String() != whole.String() {
			t.Errorf("%d forms: not indented throughout (%v)", n, err)
		}
		if !bytes.Equal(whole.Bytes(), stream.Bytes()) || len(got.Documents) != 2 || len(got.Documents[1].Forms) != n {
			t.Errorf("%d forms: %d bytes one by one, %d at once", n, stream.Len(), whole.Len())
		}
	}
}

// TestFormsOfAFailure wants the forms of a document dropped that could not be
// read to its end.
func TestFormsOfAFailure(t *testing.T) {
	d := *sampleDocument(t)
	form := d.Forms[0]
	d.Forms, d.Status, d.Error = []model.Form{}, model.StatusUnreadable, &model.Problem{Code: "timeout"}
	var want, got bytes.Buffer
	w, s := newParseJSON(&want, options(model.Chinese)), newParseJSON(&got, options(model.Chinese))
	if err := s.(FormWriter).AddForm(&d, form); err != nil {
		t.Fatal(err)
	}
	for _, x := range []DocumentWriter{w, s} {
		if err := x.Add(&d); err != nil {
			t.Fatal(err)
		}
	}
	if want.String() != got.String() {
		t.Errorf("got\n%s\nwant\n%s", got.String(), want.String())
	}
}
