// Memory that grows to some 200 MiB and is given back, from many goroutines, with maps, strings and finalizers; the data
// must be what was put there.
package main

import (
	"fmt"
	"hash/crc32"
	"runtime"
	"runtime/debug"
	"sync"
	"time"
)

type tree struct {
	left, right *tree
	payload     []byte
}

func grow(depth, seed int) *tree {
	if depth == 0 {
		return nil
	}
	t := &tree{grow(depth-1, seed*2), grow(depth-1, seed*2+1), make([]byte, 200)}
	for i := range t.payload {
		t.payload[i] = byte(seed + i)
	}
	return t
}

func (t *tree) sum(hash uint32) uint32 {
	if t == nil {
		return hash
	}
	return t.right.sum(crc32.Update(t.left.sum(hash), crc32.IEEETable, t.payload))
}

func main() {
	debug.SetGCPercent(50)
	blocks := [][]byte{}
	for i := 0; i < 6; i++ {
		block := make([]byte, 32<<20)
		for k := 0; k < len(block); k += 4096 {
			block[k] = byte(i + k>>12)
		}
		blocks = append(blocks, block)
	}
	total := 0
	for _, block := range blocks {
		for k := 0; k < len(block); k += 4096 {
			total += int(block[k])
		}
	}
	fmt.Println(total)
	blocks = nil
	runtime.GC()

	var group sync.WaitGroup
	sums := make([]uint32, 8)
	for i := range sums {
		group.Add(1)
		go func(i int) {
			defer group.Done()
			kept := map[string]*tree{}
			for round := 0; round < 6; round++ {
				kept[fmt.Sprint(i, round%3)] = grow(10, i+round)
				time.Sleep(time.Millisecond)
			}
			for round := 0; round < 3; round++ {
				sums[i] = kept[fmt.Sprint(i, round)].sum(sums[i])
			}
		}(i)
	}
	group.Wait()
	fmt.Printf("%x\n", sums)

	finalized := make(chan bool, 1)
	func() {
		object := &tree{payload: make([]byte, 1000)}
		runtime.SetFinalizer(object, func(*tree) { finalized <- true })
	}()
	for i := 0; i < 3; i++ {
		runtime.GC()
	}
	select {
	case <-finalized:
		fmt.Println("finalized")
	case <-time.After(2 * time.Second):
		fmt.Println("not finalized")
	}
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	fmt.Println(stats.NumGC > 5, stats.HeapSys > 150<<20)
}
