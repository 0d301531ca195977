// A panic of a goroutine: a trace on standard error, exit code 2.
package main

import (
	"fmt"
	"time"
)

func main() {
	fmt.Println("before")
	go func() {
		var m map[string]int
		m["x"] = 1
	}()
	time.Sleep(time.Second)
	fmt.Println("not reached")
}
