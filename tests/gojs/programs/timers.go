// Sleeping, tickers, timers that are stopped, contexts, select with timeouts; none of them may hold another up.
package main

import (
	"context"
	"fmt"
	"sync"
	"time"
)

func main() {
	start := time.Now()
	time.Sleep(20 * time.Millisecond)
	fmt.Println("slept", time.Since(start) >= 20*time.Millisecond, time.Since(start) < 10*time.Second)

	ticker := time.NewTicker(5 * time.Millisecond)
	for i := 0; i < 3; i++ {
		<-ticker.C
		fmt.Println("tick", i)
	}
	ticker.Stop()

	never := time.AfterFunc(time.Hour, func() { fmt.Println("never") })
	fmt.Println("stopped", never.Stop())

	done := make(chan string)
	time.AfterFunc(10*time.Millisecond, func() { done <- "after" })
	select {
	case word := <-done:
		fmt.Println(word)
	case <-time.After(5 * time.Second):
		fmt.Println("timeout")
	}
	select {
	case <-done:
		fmt.Println("nobody sends")
	case <-time.After(10 * time.Millisecond):
		fmt.Println("timeout")
	}

	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Millisecond)
	defer cancel()
	<-ctx.Done()
	fmt.Println(ctx.Err())

	var group sync.WaitGroup
	results := make([]int, 100)
	for i := range results {
		group.Add(1)
		go func(i int) {
			defer group.Done()
			time.Sleep(time.Duration(i%10) * time.Millisecond)
			results[i] = i * i
		}(i)
	}
	group.Wait()
	sum := 0
	for _, n := range results {
		sum += n
	}
	fmt.Println(sum)

	// Files and timers at once.
	count := 0
	end := time.After(30 * time.Millisecond)
	for running := true; running; {
		select {
		case <-end:
			running = false
		default:
			fmt.Print("")
			count++
		}
	}
	fmt.Println("ended", count > 0)
}
