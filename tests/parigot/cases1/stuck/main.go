package main

import (
	"fmt"

	"parigot-opt/tests/parigot/guest1"
)

func main() {
	guest.Require("a.v1", "a")
	guest.Run()
	fmt.Println("calling")
	guest.Locate("a.v1", "a").Print("Panic", guest.Text("before the answer"))
	fmt.Println("called")
}
