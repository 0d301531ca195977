package main

import (
	"fmt"
	"sync"
	"time"

	"parigot-opt/tests/parigot/guest"
	"parigot-opt/tests/parigot/wire"
)

const goroutines, calls = 1000, 3

func main() {
	guest.CallTimeout = 60 * time.Second
	self := guest.Client()
	self.Require("a.v1", "a")
	self.Require("b.v1", "b")
	self.Launch(func() {
		remotes := []*guest.Remote{self.Locate("a.v1", "a"), self.Locate("b.v1", "b")}
		var all sync.WaitGroup
		sums := make([]int, goroutines)
		for i := range goroutines {
			all.Add(1)
			go func() {
				defer all.Done()
				answers := make(chan wire.Payload)
				for j := range calls {
					text := fmt.Sprintf("%d.%d", i, j)
					guest.Later(func() {
						remotes[(i+j)%2].Call("Echo", wire.Payload{Text: text, Number: int32(i * j)}).
							Success(func(p wire.Payload) { go func() { answers <- p }() })
					})
					if p := <-answers; p.Text == string("ab"[(i+j)%2])+": "+text {
						sums[i] += int(p.Number)
					}
				}
			}()
		}
		go func() {
			all.Wait()
			guest.Later(func() {
				sum := 0
				for _, s := range sums {
					sum += s
				}
				fmt.Println("sum of", goroutines*calls, "results:", sum)
				self.Exit(0)
			})
		}()
	})
	guest.Loop()
}
