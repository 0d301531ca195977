package main

import (
	"fmt"

	"parigot-opt/tests/parigot/guest1"
	"parigot-opt/tests/parigot/guest1/wire"
)

func main() {
	for _, name := range []string{"one", "two", "shared"} {
		guest.Require(name+".v1", name)
	}
	guest.Run()
	one, codeOne := guest.Locate("one.v1", "one").Call("Shared", wire.Payload{})
	two, codeTwo := guest.Locate("two.v1", "two").Call("Shared", wire.Payload{})
	fmt.Println("exported by one of them:", one.Number+two.Number == wire.AlreadyExported, codeOne, codeTwo)
	shared := guest.Locate("shared.v1", "shared")
	fmt.Println("always the same:", *shared == *guest.Locate("shared.v1", "shared"))
	shared.Print("Echo", guest.Text("hello"))
}
