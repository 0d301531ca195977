// Reads lines while a ticker runs: waiting for standard input must not stop time.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"time"
)

func main() {
	lines := make(chan string)
	go func() {
		scanner := bufio.NewScanner(os.Stdin)
		for scanner.Scan() {
			lines <- scanner.Text()
		}
		close(lines)
	}()
	start, ticks := time.Now(), 0
	ticker := time.NewTicker(10 * time.Millisecond)
	for {
		select {
		case line, more := <-lines:
			if !more {
				rest, err := io.ReadAll(os.Stdin)
				fmt.Println("end", len(rest), err, time.Since(start) < 50*time.Millisecond || ticks > 0)
				return
			}
			fmt.Printf("line %q\n", line)
		case <-ticker.C:
			ticks++
		}
	}
}
