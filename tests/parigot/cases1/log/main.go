package main

import (
	"fmt"

	"parigot-opt/tests/parigot/guest1"
)

func main() {
	guest.Log("one line")
	guest.Log("two\nlines\n") // one newline is enough
	guest.Log("")
	guest.Log("last")
	fmt.Println("logged")
}
