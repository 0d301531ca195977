// client COUNT: measures calls of the service echo.
package main

import (
	"os"
	"strconv"

	"parigot-opt/bench/kernel/pair"
	"parigot-opt/tests/parigot/guest"
)

func main() {
	count, err := strconv.Atoi(os.Args[1])
	if err != nil {
		panic(err)
	}
	pair.Measure(count, func(self *guest.Service) { self.Exit(0) })
	guest.Loop()
}
