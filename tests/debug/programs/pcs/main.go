// Prints what Go's runtime says of each pc of its text: a line with the pc in hexadecimal, and one for each frame there,
// the innermost first: a tab, the function, a tab, "file:line". A pc without a file is none, and ends a function.
//
// framesOf is for each version of Go what its runtime does for back traces. (CallersFrames gives the innermost frame only.)
// The other functions are there to have something inlined in loops, closures, generic functions and methods.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"sort"
	"strings"
)

const firstSlot, slotShift = 0x1000, 16

type frame struct {
	function, file string
	line           int
}

type point struct{ x, y int }

func absolute(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

func (p point) length() int {
	return absolute(p.x) +
		absolute(p.y)
}

func largest[T int | string](values []T) (most T) {
	for _, value := range values {
		if value > most {
			most = value
		}
	}
	return most
}

//go:noinline
func measured(points []point) map[string]int {
	sort.Slice(points, func(i, j int) bool {
		return points[i].length() < points[j].length()
	})
	lengths := []int{}
	defer func() { recover() }()
	for _, p := range points {
		lengths = append(lengths, p.length())
	}
	return map[string]int{
		"largest": largest(lengths),
		"text":    len(largest(strings.Fields("a bc d"))),
	}
}

func main() {
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	defer out.Flush()
	if len(os.Args) > 9 {
		json.NewEncoder(out).Encode(measured([]point{{1, -2}, {-3, 4}}))
	}
	for slot := uintptr(firstSlot); runtime.FuncForPC(slot<<slotShift) != nil; slot++ {
		for block := uintptr(0); ; block++ {
			pc := slot<<slotShift | block
			frames := framesOf(pc)
			if frames[0].file == "" || frames[0].file == "?" {
				break
			}
			fmt.Fprintf(out, "%x\n", pc)
			for _, frame := range frames {
				fmt.Fprintf(out, "\t%s\t%s:%d\n", frame.function, frame.file, frame.line)
			}
		}
	}
}
