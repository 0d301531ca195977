package main

import (
	"time"

	"parigot-opt/tests/parigot/guest1"
	"parigot-opt/tests/parigot/guest1/wire"
)

func main() {
	for _, name := range []string{"a", "b", "c"} {
		guest.Require(name+".v1", name)
	}
	guest.Run()
	guest.Locate("a.v1", "a").Print("PanicThen", guest.Text("so long"))
	guest.Locate("b.v1", "b").Print("ExitThen", wire.Payload{Number: 5})
	time.Sleep(50 * time.Millisecond)
	guest.Locate("c.v1", "c").Print("Echo", guest.Text("still here"))
}
