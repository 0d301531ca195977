// The main service: greets everybody on its command line.
//
//	hello [NAME[:en|fr|de]]...
package main

import (
	"fmt"
	"os"
	"strings"
	"unsafe"

	"parigot-opt/examples/greeting/message"
	"parigot-opt/examples/greeting/parigot"
)

//go:wasmimport greeting fetch_greeting_
func fetchGreeting(reqLen uint32, req, out, err unsafe.Pointer) uint64

var tongues = map[string]message.Tongue{"": message.English, "en": message.English, "fr": message.French, "de": message.German}

func main() {
	guests := os.Args[1:]
	if len(guests) == 0 {
		guests = []string{"Ada", "Blaise:fr", "Clara:de", "Ada"}
	}
	exit := 0
	for _, guest := range guests {
		name, tongue, _ := strings.Cut(guest, ":")
		request := message.FetchGreetingRequest{Name: name, Tongue: tongues[tongue]}
		reply, code := parigot.Call(fetchGreeting, request.Marshal())
		if code != 0 {
			fmt.Printf("no greeting for %q: error %d\n", name, code)
			exit = 1
			continue
		}
		var response message.FetchGreetingResponse
		if err := response.Unmarshal(reply); err != nil {
			fmt.Println("bad reply:", err)
			exit = 1
			continue
		}
		fmt.Println(response.Text)
	}
	os.Exit(exit)
}
