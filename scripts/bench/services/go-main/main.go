// The main service of ten in Go: has them and itself hold as many MiB as its argument says. With the tag "alone" there are no others.
package main

import (
	"fmt"
	"os"
	"strconv"
)

var held []byte

func touch(mebibytes int32) int32 {
	held = make([]byte, mebibytes<<20+1)
	for i := 0; i < len(held); i += 1024 {
		held[i] = 0x5a
	}
	return int32(held[len(held)/2/1024*1024])
}

func main() {
	mebibytes, err := strconv.Atoi(os.Args[1])
	if err != nil {
		panic(err)
	}
	sum := touch(int32(mebibytes))
	for _, touch := range others {
		sum += touch(int32(mebibytes))
	}
	fmt.Println(sum)
}
