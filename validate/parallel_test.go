package validate

import (
	"sync/atomic"
	"testing"
)

func TestEveryThingIsInOneStretch(t *testing.T) {
	for _, n := range []int{0, 1, stretch, stretch + 1, 10*stretch - 1} {
		for name, each := range map[string]func(int, func(int, int)){"stretch": eachStretch, "share": eachShare} {
			seen := make([]atomic.Int32, n)
			each(n, func(from, to int) {
				for i := from; i < to; i++ {
					seen[i].Add(1)
				}
			})
			for i := range seen {
				if got := seen[i].Load(); got != 1 {
					t.Errorf("%s: %d of %d was done %d times", name, i, n, got)
				}
			}
		}
	}
}

func TestFaultSideBySideIsTheCallers(t *testing.T) {
	defer func() {
		if fault := recover(); fault != "three" {
			t.Errorf("the fault is %v, want three", fault)
		}
	}()
	sideBySide(8, func(i int) {
		if i == 3 {
			panic("three")
		}
	})
}
