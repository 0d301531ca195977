package main

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"parigot-opt/tests/parigot/guest"
	"parigot-opt/tests/parigot/wire"
)

func main() {
	self := guest.Client()
	for _, name := range []string{"sleeper", "clock", "busy"} {
		self.Require(name+".v1", name)
	}
	ticks := 0
	go func() {
		for range time.Tick(20 * time.Millisecond) {
			guest.Later(func() { ticks++ })
		}
	}()
	self.Launch(func() {
		sleeper, clock, busy := self.Locate("sleeper.v1", "sleeper"), self.Locate("clock.v1", "clock"), self.Locate("busy.v1", "busy")
		start := time.Now()
		answers, left := map[string]string{}, 6
		answered := func(what string, delay int) func(wire.Payload) {
			return func(p wire.Payload) {
				answers[what] = fmt.Sprint(p.Text, ", early: ", time.Since(start) < time.Duration(delay)*time.Millisecond)
				if left--; left > 0 {
					return
				}
				for _, what := range slices.Sorted(maps.Keys(answers)) {
					fmt.Println(what, answers[what])
				}
				fmt.Println("ticks:", ticks > 2, "calls of busy meanwhile:", calls > 20)
				self.Exit(0)
			}
		}
		for i, delay := range []int{150, 60, 100} {
			clock.Call("After", wire.Payload{Number: int32(delay)}).Success(answered(fmt.Sprint("clock ", i), delay))
		}
		for i, delay := range []int{20, 30, 40} { // one after the other
			sleeper.Call("Sleep", wire.Payload{Number: int32(delay)}).Success(answered(fmt.Sprint("sleeper ", i), []int{20, 50, 90}[i]))
		}
		var again func(wire.Payload)
		again = func(wire.Payload) {
			calls++
			busy.Call("Echo", wire.Payload{Text: "again"}).Success(again)
		}
		again(wire.Payload{})
	})
	guest.Loop()
}

var calls int
