// both COUNT: client and service in one process, with a kernel of its own (../canned): what is left is the guests' own work.
// Prints the nanoseconds per call, and then those that this kernel took of them.
package main

import (
	"fmt"
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
	// A process has them from whoever starts it, and this one is none.
	os.Setenv("HOSTID_HIGH", "6804000000000000")
	os.Setenv("HOSTID_LOW", "1000000000000000")
	pair.Serve("echo")
	pair.Measure(count, func(*guest.Service) {
		fmt.Printf("%.1f\n", guest.Replay(count))
		os.Exit(0)
	})
	guest.Loop()
}
