// A Go program that keeps its garbage collector busy: trees of small objects, strings, maps, sorting. Prints a checksum.
package main

import (
	"fmt"
	"sort"
	"strings"
)

type node struct {
	left, right *node
	key         uint64
	text        string
}

func (n *node) insert(key uint64) *node {
	if n == nil {
		return &node{key: key, text: fmt.Sprint("key ", key%1000)}
	}
	if key < n.key {
		n.left = n.left.insert(key)
	} else {
		n.right = n.right.insert(key)
	}
	return n
}

func (n *node) walk(visit func(*node)) {
	if n != nil {
		n.left.walk(visit)
		visit(n)
		n.right.walk(visit)
	}
}

func main() {
	key, sum := uint64(88172645463325252), uint64(0)
	for round := 0; round < 40; round++ {
		var tree *node
		for i := 0; i < 20000; i++ {
			key = key*6364136223846793005 + 1442695040888963407
			tree = tree.insert(key >> 20)
		}
		counts := map[string]int{}
		tree.walk(func(n *node) { counts[n.text]++ })
		var words []string
		for text, count := range counts {
			words = append(words, fmt.Sprint(text, " ", count))
		}
		sort.Strings(words)
		for _, b := range []byte(strings.Join(words, ";")) {
			sum = sum*31 + uint64(b)
		}
	}
	fmt.Printf("%016x\n", sum)
}
