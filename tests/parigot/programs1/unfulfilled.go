package main

import (
	"fmt"
	"os"
	"strconv"

	"parigot-opt/tests/parigot/guest1"
)

// unfulfilled CODE: requires a, which cannot be, and ends with that code.
func main() {
	guest.Require("a.v1", "a")
	fmt.Println("run:", guest.TryRun())
	code, err := strconv.Atoi(os.Args[1])
	if err != nil {
		guest.Fatal("%v", err)
	}
	guest.Exit(int32(code))
}
