// The ways in which a program can end early; the argument says which.
package main

import (
	"fmt"
	"os"
	"runtime"
	"time"
)

type failure struct{ code int }

func (f failure) Error() string { return fmt.Sprint("failure ", f.code) }

func deep(n int) int {
	if n == 0 {
		panic("deep")
	}
	return deep(n-1) + 1
}

func main() {
	way := "recovered"
	if len(os.Args) > 1 {
		way = os.Args[1]
	}
	defer fmt.Println("deferred", way)
	switch way {
	case "recovered":
		func() {
			defer func() { fmt.Println("recovered", recover()) }()
			var list []int
			_ = list[len(os.Args)+3]
		}()
		func() {
			defer func() { fmt.Println("recovered", recover()) }()
			var pointer *failure
			fmt.Println(pointer.code)
		}()
		func() {
			defer func() { fmt.Println("recovered", recover()) }()
			deep(10000)
		}()
		zero := len(os.Args) - len(os.Args)
		func() {
			defer func() { fmt.Println("recovered", recover()) }()
			fmt.Println(1 / zero)
		}()
	case "error":
		panic(fmt.Errorf("wrapped: %w", failure{2}))
	case "again":
		defer func() { panic("in deferred") }()
		panic("first")
	case "nil":
		var pointer *failure
		fmt.Println(pointer.code)
	case "index":
		fmt.Println([]int{1}[len(os.Args)+5])
	case "overflow":
		var forever func(int) int
		forever = func(n int) int { return forever(n+1) + 1 }
		forever(0)
	case "channel":
		channel := make(chan int)
		close(channel)
		close(channel)
	case "goexit":
		go func() { time.Sleep(time.Millisecond); fmt.Println("last") }()
		runtime.Goexit()
	case "code":
		os.Exit(42)
	}
}
