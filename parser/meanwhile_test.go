package parser

import "testing"

// A fault in what is done meanwhile is the waiting caller's.
func TestMeanwhile(t *testing.T) {
	if got := meanwhile(func() int { return 7 })(); got != 7 {
		t.Errorf("got %d", got)
	}
	wait := meanwhile(func() int { panic("fault") })
	defer func() {
		if got := recover(); got != "fault" {
			t.Errorf("recovered %v", got)
		}
	}()
	wait()
}
