// A world of one Go service: the program as it was.
package main

import (
	"fmt"
	"os"
	"sort"
	"strings"
)

func main() {
	fmt.Printf("%q\n", os.Args)
	env := os.Environ()
	sort.Strings(env)
	fmt.Printf("%q\n", env)
	words := map[string]int{}
	for i := 0; i < 20000; i++ {
		words[strings.Repeat("ab", i%50)]++
	}
	results := make(chan int)
	go func() { results <- len(words) }()
	fmt.Println(<-results)
	os.Exit(3)
}
