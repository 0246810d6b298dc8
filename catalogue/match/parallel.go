package match

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// inParallel runs work for each of n numbers, on as many cores as there are.
func inParallel(n int, work func(i int)) {
	workers := min(runtime.GOMAXPROCS(0), n)
	if workers < 2 {
		for i := range n {
			work(i)
		}
		return
	}
	var next atomic.Int64
	var running sync.WaitGroup
	for range workers {
		running.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				work(i)
			}
		})
	}
	running.Wait()
}

// inStretches is inParallel for much work of which each takes little: neighbours are left to one core.
func inStretches(n int, work func(i int)) {
	const stretch = 64
	inParallel((n+stretch-1)/stretch, func(k int) {
		for i := k * stretch; i < min(n, (k+1)*stretch); i++ {
			work(i)
		}
	})
}
