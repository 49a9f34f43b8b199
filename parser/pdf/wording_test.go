package pdf

import (
	"errors"
	"regexp"
	"testing"

	"perfgoal/model"
)

// A library's English stays out of what is said in Chinese.
func TestChineseMessagesAreChinese(t *testing.T) {
	whole := FormPDF()
	inputs := map[string][]byte{
		"nothing but a header": []byte("%PDF-1.7\n"),
		"too few pages":        BuildPDF("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R 9 0 R]/Count 2>>", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"),
		"no pages":             BuildPDF("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[]/Count 0>>"),
		"broken off":           whole[:len(whole)*7/10],
		"too many pages":       BuildPDF("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 90000>>", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"),
	}
	english := regexp.MustCompile(`[A-Za-z]+ [a-z]+`)
	for what, data := range inputs {
		for _, engine := range []string{"pdfcpu", "ledongthuc"} {
			_, err := Open(t.Context(), data, Options{Engine: engine})
			var p *model.Problem
			if err == nil {
				continue
			}
			if !errors.As(err, &p) {
				t.Errorf("%s, %s: %v says nothing to the user", what, engine, err)
				continue
			}
			if zh := p.Message.In(model.Chinese); english.MatchString(zh) {
				t.Errorf("%s, %s: %s", what, engine, zh)
			}
		}
	}
}
