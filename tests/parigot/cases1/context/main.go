package main

import (
	"fmt"
	"os"

	"parigot-opt/tests/parigot/guest1"
	"parigot-opt/tests/parigot/guest1/wire"
)

func main() {
	guest.Require("a.v1", "a")
	guest.Run()
	a := guest.Locate("a.v1", "a")
	for _, context := range []string{"", "\x0a\x05hello", "\x0a\x02ab\x12\x00"} { // a Pctx is whatever message it is
		guest.Context = []byte(context)
		a.Print("Context", wire.Payload{})
		fmt.Printf("came back: %q\n", guest.GotContext)
	}
	for _, name := range []string{"COLOUR", "EMPTY", "EQUALS", "TZ"} {
		a.Print("Environment", guest.Text(name))
	}
	fmt.Printf("%q %q\n", os.Args, os.Getenv("COLOUR"))
}
