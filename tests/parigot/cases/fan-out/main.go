package main

import (
	"fmt"

	"parigot-opt/tests/parigot/guest"
	"parigot-opt/tests/parigot/wire"
)

// Answers of one service come in the order of the calls; those of different services in any.
func main() {
	self := guest.Client()
	names := []string{"a", "b", "c", "d", "e"}
	for _, name := range names {
		self.Require(name+".v1", name)
	}
	answers := map[string][]string{}
	left := 10 * len(names)
	self.Launch(func() {
		remotes := map[string]*guest.Remote{}
		for _, name := range names {
			remotes[name] = self.Locate(name+".v1", name)
		}
		for i := range int32(10) {
			for _, name := range names {
				remotes[name].Call("Echo", wire.Payload{Text: fmt.Sprint(i), Number: i}).Success(func(p wire.Payload) {
					answers[name] = append(answers[name], p.Text)
					if left--; left == 0 {
						for _, name := range names {
							fmt.Println(name, answers[name])
						}
						self.Exit(0)
					}
				})
			}
		}
	})
	guest.Loop()
}
