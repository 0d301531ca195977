// both COUNT [REPLAYS]: client and service in one process, with a kernel of its own (../canned): what is left is the guests' own
// work. Measures calls as ../client does; then has this kernel answer the last call again, that often.
package main

import (
	"os"
	"strconv"

	"parigot-opt/bench/kernel/pair"
	"parigot-opt/tests/parigot/guest"
)

func main() {
	number := func(text string) int {
		count, err := strconv.Atoi(text)
		if err != nil {
			panic(err)
		}
		return count
	}
	// A process has them from whoever starts it, and this one is none.
	os.Setenv("HOSTID_HIGH", "6804000000000000")
	os.Setenv("HOSTID_LOW", "1000000000000000")
	pair.Serve("echo")
	pair.Measure(number(os.Args[1]), func(*guest.Service) {
		if len(os.Args) > 2 {
			guest.Replay(number(os.Args[2]))
		}
		os.Exit(0)
	})
	guest.Loop()
}
