// Package meanwhile does work on goroutines of its own and carries a fault in it
// over to the caller, who can catch it: a panic that nobody catches there ends
// the program. It is a leaf: it imports nothing of this module.
package meanwhile

import "sync"

// Do does something beside what its caller goes on with. The function that it
// returns waits for the outcome; it is called once.
func Do[T any](do func() T) (outcome func() T) {
	work, outcome := parted(do)
	go work()
	return outcome
}

// parted is a work and, for whoever waits for it, its outcome or its fault.
func parted[T any](do func() T) (work func(), outcome func() T) {
	var made T
	fault := make(chan any, 1)
	work = func() {
		defer func() { fault <- recover() }()
		made = do()
	}
	return work, func() T {
		if f := <-fault; f != nil {
			panic(f)
		}
		return made
	}
}

// Crew is goroutines that do one work after the other. They keep the stacks
// that they have grown: where works are many and small, growing one for each
// takes a twentieth of the time.
type Crew struct{ works chan func() }

// NewCrew begins so many goroutines. As many works as waiting says are taken
// before one of them is free. Close lets them end.
func NewCrew(goroutines, waiting int) *Crew {
	c := &Crew{make(chan func(), waiting)}
	for range goroutines {
		go func() {
			for work := range c.works {
				work()
			}
		}()
	}
	return c
}

// Close lets the goroutines end once they have done what was given them.
func (c *Crew) Close() { close(c.works) }

// By is Do by one of a crew.
func By[T any](c *Crew, do func() T) (outcome func() T) {
	work, outcome := parted(do)
	c.works <- work
	return outcome
}

// All calls do for each number under n, all at once, and waits for them. Of
// several faults the one with the least number is the caller's.
func All(n int, do func(i int)) {
	faults := make([]any, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			defer func() { faults[i] = recover() }()
			do(i)
		})
	}
	all.Wait()
	for _, f := range faults {
		if f != nil {
			panic(f)
		}
	}
}
