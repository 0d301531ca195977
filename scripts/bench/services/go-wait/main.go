// A Go program that computes and makes host calls which could wait, and never do: what coroutines cost it. Its argument is
// the work: "compute" (calls, maps, small objects), "call" (nothing but host calls), or both without. Prints a checksum.
package main

import (
	"fmt"
	"os"
	"sort"
)

//go:wasmimport wasi_snapshot_preview1 sched_yield
func schedYield() uint32

type tree struct {
	left, right *tree
	key         uint64
}

func (t *tree) insert(key uint64) *tree {
	if t == nil {
		return &tree{key: key}
	}
	if key < t.key {
		t.left = t.left.insert(key)
	} else {
		t.right = t.right.insert(key)
	}
	return t
}

func (t *tree) fold(sum uint64) uint64 {
	if t == nil {
		return sum
	}
	return t.right.fold(t.left.fold(sum)*31 + t.key)
}

type shape interface{ area() uint64 }
type square struct{ side uint64 }
type oblong struct{ a, b uint64 }

func (s square) area() uint64 { return s.side * s.side }
func (o oblong) area() uint64 { return o.a * o.b }

func compute(round int) uint64 {
	key, sum := uint64(round)*2862933555777941757+3037000493, uint64(0)
	var root *tree
	counts := map[uint64]int{}
	var shapes []shape
	for range 4000 {
		key = key*6364136223846793005 + 1442695040888963407
		root = root.insert(key >> 20)
		counts[key>>52]++
		if key>>63 == 0 {
			shapes = append(shapes, square{key >> 40})
		} else {
			shapes = append(shapes, oblong{key >> 50, key >> 30})
		}
	}
	sort.Slice(shapes, func(i, j int) bool { return shapes[i].area() < shapes[j].area() })
	for _, s := range shapes {
		sum = sum*31 + s.area()
	}
	return root.fold(sum) + uint64(len(counts))
}

func main() {
	work := ""
	if len(os.Args) > 1 {
		work = os.Args[1]
	}
	sum := uint64(0)
	for round := range 200 {
		if work != "call" {
			sum = sum*31 + compute(round)
		}
		if work != "compute" {
			for range 20_000 {
				schedYield()
			}
		}
	}
	fmt.Printf("%016x\n", sum)
}
