package main

import (
	"os"
	"strconv"

	"parigot-opt/tests/parigot/guest1"
)

// exit HOW CODE: calls a, and ends with that code.
func main() {
	code, err := strconv.Atoi(os.Args[2])
	if err != nil {
		guest.Fatal("%v", err)
	}
	guest.Require("a.v1", "a")
	guest.Run()
	guest.Locate("a.v1", "a").Print("Echo", guest.Text("before the end"))
	if os.Args[1] == "kernel" {
		guest.Exit(int32(code))
	}
	os.Exit(code)
}
