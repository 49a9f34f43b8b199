// Package meanwhile does work on goroutines of its own and carries a fault in it
// over to the caller, who can catch it: a panic that nobody catches there ends
// the program. It is a leaf: it imports nothing of this module.
package meanwhile

import "sync"

// Do does something beside what its caller goes on with. The function that it
// returns waits for the outcome; it is called once.
func Do[T any](do func() T) (outcome func() T) {
	var made T
	fault := make(chan any, 1)
	go func() {
		defer func() { fault <- recover() }()
		made = do()
	}()
	return func() T {
		if f := <-fault; f != nil {
			panic(f)
		}
		return made
	}
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
