package main

import (
	"parigot-opt/tests/parigot/guest"
	"parigot-opt/tests/parigot/wire"
)

// It does not require what it calls back, since that would be a cycle; it locates it in nobody's name.
func main() {
	self := guest.Server("worker.v1", "worker")
	self.Bind("Work", func(p wire.Payload) *guest.Future {
		answer := guest.NewFuture()
		progress, code := guest.Anybody().TryLocate("progress.v1", "progress")
		if code != wire.NoError {
			return guest.Failed(code)
		}
		var sum int32
		var report func(step int32)
		report = func(step int32) {
			if step > p.Number {
				answer.Complete(wire.Payload{Text: "done", Number: sum})
				return
			}
			progress.Call("Report", wire.Payload{Text: "of work", Number: step}).
				Success(func(p wire.Payload) { sum += p.Number; report(step + 1) }).
				Failure(answer.Fail)
		}
		report(1)
		return answer
	})
	self.Launch(nil)
	guest.Loop()
}
