package main

import (
	"fmt"
	"os"

	"google.golang.org/protobuf/types/known/anypb"

	"parigot-opt/tests/parigot/generated/greeting"
	guest "parigot-opt/tests/parigot/guest-generated"
)

// Greets its arguments in each language, and in one that there is not.
func main() {
	self := guest.New("", "hello")
	self.Require("greeting.v1", "greeting")
	self.Launch(func() {
		fetch := self.Locate("greeting.v1", "greeting", "FetchGreeting")
		names := os.Args[1:]
		left := len(names)
		for i, name := range names {
			request := &greeting.FetchGreetingRequest{Name: name, Tongue: greeting.Tongue(i + 1), Titles: []string{"Dr.", "h. c."}[:i%3]}
			fetch(request, func(result *anypb.Any, code int32) {
				var response greeting.FetchGreetingResponse
				if code != 0 {
					fmt.Println("error", code)
				} else if err := result.UnmarshalTo(&response); err != nil {
					panic(err)
				} else {
					fmt.Println(response.Greeting, len(response.Counts), response.Counts[request.Tongue.String()])
				}
				if left--; left == 0 {
					self.Exit(2)
				}
			})
		}
	})
	self.Loop()
}
