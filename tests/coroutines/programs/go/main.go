// Programs that wait in host calls, one for each case of cases.toml.
package main

import (
	"fmt"
	"os"
	"reflect"
	"runtime"
	"strconv"
	"sync"
	"time"
)

// Package variables are initialised before main, on the main goroutine.
var initial = wait(100)

func main() {
	n := 0
	if len(os.Args) > 2 {
		n, _ = strconv.Atoi(os.Args[2])
	}
	fmt.Println("initial", initial)
	switch os.Args[1] {
	case "deep":
		fmt.Println(deep(n), deepOnGoroutine(n))
	case "goroutines":
		goroutines(n)
	case "collector":
		collector(n)
	case "many":
		many(n)
	case "two":
		two(n)
	case "panics":
		panics()
	case "ways":
		ways()
	case "uncaught":
		defer func() { fmt.Println("deferred", wait(1)) }()
		panic(wait(2))
	case "exit":
		defer fmt.Println("never")
		exit(n, 7)
	default:
		fmt.Println("no case", os.Args[1])
		os.Exit(3)
	}
	fmt.Println("done")
}

// deep has frames that hold something, which must be there after the wait.
func deep(n int) int32 {
	var held [4]int32
	held[n&3] = int32(n)
	if n == 0 {
		return wait(7)
	}
	below := deep(n - 1)
	return below ^ held[n&3]
}

func deepOnGoroutine(n int) int32 {
	result := make(chan int32)
	go func() { result <- deep(n) }() // on a stack that grows, and so moves
	return <-result
}

func goroutines(n int) {
	var group sync.WaitGroup
	var lock sync.Mutex
	next := make(chan int32)
	sums := make(chan int64, 1)
	go func() {
		sum := int64(0)
		for value := range next {
			sum += int64(value)
		}
		sums <- sum
	}()
	inside := 0
	for i := 0; i < n; i++ {
		group.Add(1)
		go func(i int) {
			defer group.Done()
			time.Sleep(time.Duration(i%5) * time.Millisecond)
			value := wait(int32(i))
			lock.Lock()
			inside++
			runtime.Gosched()
			lock.Unlock()
			select {
			case next <- value:
			case <-time.After(time.Minute):
				fmt.Println("too late")
			}
		}(i)
	}
	ticks := time.NewTicker(time.Millisecond)
	<-ticks.C
	ticks.Stop()
	group.Wait()
	close(next)
	fmt.Println(inside, <-sums)
}

type node struct {
	next  *node
	value int32
	rest  [100]byte
}

// collector waits between and below allocations; what is only on the stack of a goroutine that waited must not be freed.
func collector(n int) {
	finalized := make(chan bool, 1)
	runtime.SetFinalizer(&node{value: wait(1)}, func(*node) {
		select {
		case finalized <- true:
		default:
		}
	})
	sum := int64(0)
	for round := 0; round < n; round++ {
		list := build(200)
		runtime.GC()
		value := wait(int32(round))
		garbage := build(200)
		runtime.GC()
		for node := list; node != nil; node = node.next {
			sum += int64(node.value)
		}
		sum += int64(value) + int64(garbage.value)
	}
	<-finalized
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	fmt.Println(sum, stats.NumGC >= uint32(2*n))
}

func build(n int) *node {
	var list *node
	for i := 0; i < n; i++ {
		list = &node{next: list, value: int32(i)}
		if i == n/2 {
			list.value += wait(int32(i))
		}
	}
	return list
}

func many(n int) {
	sum := int64(0)
	for i := 0; i < n; i++ {
		sum = sum*3 + int64(wait(int32(i)))
	}
	fmt.Println(sum)
}

func two(n int) {
	sum := int64(0)
	for i := 0; i < n; i++ {
		sum += other(wait(int32(i)), sum)
		sum += int64(wait(int32(other(int32(i), 1<<40) >> 40)))
	}
	fmt.Println(sum)
}

func panics() {
	recovered := func(name string, f func()) {
		defer func() { fmt.Println(name, "recovered", recover(), wait(3)) }()
		defer func() { fmt.Println(name, "deferred", wait(4)) }()
		f()
		fmt.Println(name, "returned")
	}
	recovered("none", func() { wait(5) })
	recovered("after", func() { panic(wait(6)) })
	recovered("deep", func() { panicBelow(100) })
	recovered("nil", func() {
		var none *node
		fmt.Println(none.next, wait(8))
	})
	recovered("again", func() {
		defer func() { panic(fmt.Sprint("second after ", recover(), wait(9))) }()
		panic("first")
	})
	ended := make(chan int32)
	go func() {
		defer func() { ended <- wait(10) }()
		wait(11)
		runtime.Goexit()
	}()
	fmt.Println("ended", <-ended)
}

func panicBelow(n int) {
	defer func() {
		if n%50 == 0 {
			fmt.Println("passing", n, wait(int32(n)))
		}
	}()
	if n == 0 {
		panic(wait(12))
	}
	panicBelow(n - 1)
}

type waiter interface{ wait(x int32) int32 }
type plus int32

func (p plus) wait(x int32) int32 { return wait(x + int32(p)) }

// ways has all the ways that Go can come to call a function.
func ways() {
	function := wait
	if len(os.Args) > 100 {
		function = nil
	}
	var through waiter = plus(2)
	bound := through.wait
	results := reflect.ValueOf(wait).Call([]reflect.Value{reflect.ValueOf(int32(4))})
	fmt.Println(wait(1), function(2), through.wait(3), bound(5), results[0].Int())
	done := make(chan bool)
	go func() {
		defer close(done)
		defer wait(6)
	}()
	<-done
	go wait(7)
	runtime.Gosched()
	var once sync.Once
	once.Do(func() { fmt.Println("once", wait(8)) })
	timer := make(chan int32)
	time.AfterFunc(time.Millisecond, func() { timer <- wait(9) })
	fmt.Println("timer", <-timer)
}

func exit(n, code int) {
	defer fmt.Println("never either")
	if n == 0 {
		fmt.Println("exits", wait(1))
		os.Exit(code)
	}
	exit(n-1, code)
}
