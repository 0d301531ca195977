// All goroutines wait for each other: Go says so itself, and exits with 2.
package main

import "fmt"

func main() {
	fmt.Println("before")
	forever := make(chan int)
	go func() { <-forever }()
	<-forever
}
