package report

import (
	"bytes"
	"encoding/json"
	"testing"
)

// TestPlainStringsNeedNoEscape holds isPlain against encoding/json: what it
// calls plain, that writes as it is.
func TestPlainStringsNeedNoEscape(t *testing.T) {
	plain := 0
	check := func(s string) {
		if !isPlain(s) {
			return
		}
		plain++
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(s); err != nil {
			t.Fatal(err)
		}
		if got := `"` + s + "\"\n"; got != b.String() {
			t.Errorf("%q is written %s", s, b.String())
		}
	}
	for r := range rune(0x30000) {
		check(string(r))
		check("项" + string(r) + "目")
	}
	for a := range 256 { // bytes that are no characters
		for b := range 256 {
			check(string([]byte{byte(a), byte(b)}))
			check(string([]byte{0xe5, byte(a), byte(b)}))
			check(string([]byte{byte(a), 0x80, byte(b), '.'}))
		}
	}
	if plain < 2*0xf000 {
		t.Errorf("only %d strings were plain", plain)
	}
}
