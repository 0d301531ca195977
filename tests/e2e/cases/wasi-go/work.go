// Both services do the same work with WASI, through Go's library: files, clocks, timers, random numbers, goroutines that sleep.
package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"
	"unsafe"
)

@IMPORT@

@EXPORT@
func serveWork(reqLen uint32, req, out, err unsafe.Pointer) uint64 {
	return serve(reqLen, req, out, err, func(request []byte) ([]byte, int32) {
		work(string(request))
		return append(request, " is done"...), 0
	})
}

func work(who string) {
	fmt.Println("---", who, os.Getenv("WHO"))
	line := []byte{}
	for one := []byte{0}; ; line = append(line, one[0]) {
		if n, _ := os.Stdin.Read(one); n == 0 || one[0] == '\n' {
			break
		}
	}
	fmt.Printf("stdin: %s\n", line)
	files(who)
	timers()
	a, b := make([]byte, 1000), make([]byte, 1000)
	rand.Read(a)
	rand.Read(b)
	check(string(a) != string(b), "random bytes differ")
}

func files(who string) {
	input, err := os.Open("/data/input.txt")
	check(err == nil, "input opens")
	_, err = input.Seek(-5, io.SeekEnd)
	check(err == nil, "input seeks")
	tail, err := io.ReadAll(input)
	fmt.Printf("tail: %q %v\n", tail, err)
	three := make([]byte, 3)
	n, err := input.ReadAt(three, 10)
	fmt.Printf("at 10: %q %d %v\n", three, n, err)
	check(input.Close() == nil, "input closes")

	path := "/data/" + who + ".out"
	check(os.WriteFile(path, []byte(strings.Repeat(who+"\n", 3000)), 0o600) == nil, "output is written")
	output, err := os.OpenFile(path, os.O_RDWR, 0)
	check(err == nil, "output opens")
	_, err = output.WriteAt([]byte("*"), 7)
	check(err == nil, "output is written at")
	check(output.Truncate(20) == nil, "output is truncated")
	check(output.Close() == nil, "output closes")
	read, err := os.ReadFile(path)
	fmt.Printf("written: %q %v\n", read, err)
	_, err = os.Stat("/data/missing")
	check(errors.Is(err, fs.ErrNotExist), "what is missing is missing")

	check(os.Mkdir("/data/"+who+".dir", 0o700) == nil, "folder is made")
	check(os.Rename("/data/"+who+".dir", "/data/"+who+".moved") == nil, "folder is renamed")
	check(os.Remove("/data/"+who+".moved") == nil, "folder is removed")
	entries, err := os.ReadDir("/data/folder")
	for _, entry := range entries {
		info, _ := entry.Info()
		fmt.Println("entry:", entry.Name(), entry.IsDir(), info.Size())
	}
	check(err == nil, "folder is read")
}

func timers() {
	start := time.Now()
	check(start.Year() >= 2020, "it is later than 2020")
	time.Sleep(20 * time.Millisecond)
	done := make(chan int)
	for i := range 3 {
		go func() {
			time.Sleep(time.Duration(i) * 10 * time.Millisecond)
			done <- i
		}()
	}
	for range 3 {
		fmt.Println("timer", <-done)
	}
	elapsed := time.Since(start)
	check(elapsed >= 39*time.Millisecond && elapsed < 10*time.Second, "time passes")
}

func main() {
	@MAIN@
}
