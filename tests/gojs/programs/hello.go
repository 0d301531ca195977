// fmt, the command line and the environment.
package main

import (
	"fmt"
	"os"
	"sort"
	"strings"
)

func main() {
	fmt.Println("hello", len(os.Args), os.Args[1:])
	fmt.Printf("%q %v\n", os.Getenv("GREETING"), os.Getenv("MISSING") == "")
	var names []string
	for _, variable := range os.Environ() {
		if strings.HasPrefix(variable, "T_") {
			names = append(names, variable)
		}
	}
	sort.Strings(names)
	fmt.Println(names)
	fmt.Fprintln(os.Stderr, "on standard error")
	os.Stdout.WriteString(strings.Repeat("0123456789", 20000) + "\n")
}
