package main

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"

	"parigot-opt/tests/parigot/generated/greeting"
	guest "parigot-opt/tests/parigot/guest-generated"
)

var forms = map[greeting.Tongue]string{
	greeting.Tongue_TONGUE_ENGLISH: "Hello, %s!",
	greeting.Tongue_TONGUE_FRENCH:  "Bonjour, %s !",
	greeting.Tongue_TONGUE_GERMAN:  "Guten Tag, %s!",
}

func main() {
	counts := map[string]int64{}
	self := guest.New("greeting.v1", "greeting")
	self.Bind("FetchGreeting", func(param *anypb.Any) (proto.Message, int32) {
		var request greeting.FetchGreetingRequest
		if err := param.UnmarshalTo(&request); err != nil {
			panic(err)
		}
		form, known := forms[request.Tongue]
		if !known {
			return nil, 100 + int32(request.Tongue)
		}
		counts[request.Tongue.String()]++
		name := strings.Join(append(request.Titles, request.Name), " ")
		return &greeting.FetchGreetingResponse{Greeting: fmt.Sprintf(form, name), Counts: counts}, 0
	})
	self.Launch(func() {})
	self.Loop()
}
