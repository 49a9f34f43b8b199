package meanwhile

import (
	"sync/atomic"
	"testing"
)

// caught is the fault that do ends in, nil for none.
func caught(do func()) (fault any) {
	defer func() { fault = recover() }()
	do()
	return nil
}

func TestDo(t *testing.T) {
	if got := Do(func() int { return 7 })(); got != 7 {
		t.Errorf("got %d", got)
	}
	wait := Do(func() int { panic("fault") })
	if got := caught(func() { wait() }); got != "fault" {
		t.Errorf("caught %v", got)
	}
}

func TestCrew(t *testing.T) {
	c := NewCrew(2, 3)
	var outcomes []func() int
	for i := range 50 {
		outcomes = append(outcomes, By(c, func() int {
			if i%10 == 7 {
				panic(i)
			}
			return i
		}))
	}
	c.Close()
	for i, outcome := range outcomes {
		got, want := 0, any(nil)
		if i%10 == 7 {
			want = i
		}
		if fault := caught(func() { got = outcome() }); fault != want || want == nil && got != i {
			t.Errorf("%d: got %d, caught %v", i, got, fault)
		}
	}
}

func TestAll(t *testing.T) {
	All(0, func(int) { t.Error("called for nothing") })
	for _, n := range []int{1, 2, 50} {
		var sum, calls atomic.Int64
		All(n, func(i int) { sum.Add(int64(i)); calls.Add(1) })
		if int(calls.Load()) != n || int(sum.Load()) != n*(n-1)/2 {
			t.Errorf("%d: %d calls, sum %d", n, calls.Load(), sum.Load())
		}
	}
	var calls atomic.Int64
	fault := caught(func() {
		All(9, func(i int) {
			calls.Add(1)
			if i >= 3 {
				panic(i)
			}
		})
	})
	if fault != 3 || calls.Load() != 9 {
		t.Errorf("caught %v after %d calls", fault, calls.Load())
	}
}
