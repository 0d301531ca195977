// os.Exit from a goroutine, while others run.
package main

import (
	"fmt"
	"os"
	"time"
)

func main() {
	go func() {
		for {
			time.Sleep(time.Millisecond)
		}
	}()
	go func() {
		time.Sleep(5 * time.Millisecond)
		fmt.Println("exit")
		os.Exit(3)
	}()
	select {}
}
