// echo NAME: a service NAME.v1.NAME.
package main

import (
	"os"

	"parigot-opt/bench/kernel/pair"
	"parigot-opt/tests/parigot/guest"
)

func main() {
	pair.Serve(os.Args[1])
	guest.Loop()
}
