// The greeting service: knows three languages, and asks count who has been here before.
package main

import (
	"fmt"
	"unsafe"

	"parigot-opt/examples/greeting/message"
	"parigot-opt/examples/greeting/parigot"
)

const errNoName = 1

//go:wasmimport count visit_
func visit(reqLen uint32, req, out, err unsafe.Pointer) uint64

//go:wasmexport fetch_greeting_
func fetchGreeting(reqLen uint32, req, out, err unsafe.Pointer) uint64 {
	return parigot.Serve(reqLen, req, out, err, greet)
}

func greet(encoded []byte) ([]byte, int32) {
	var request message.FetchGreetingRequest
	if err := request.Unmarshal(encoded); err != nil || request.Name == "" {
		return nil, errNoName
	}
	reply, code := parigot.Call(visit, message.VisitRequest{Name: request.Name}.Marshal())
	if code != 0 {
		return nil, code
	}
	var guest message.VisitResponse
	if err := guest.Unmarshal(reply); err != nil {
		return nil, errNoName
	}
	return message.FetchGreetingResponse{Text: text(request, guest)}.Marshal(), 0
}

func text(request message.FetchGreetingRequest, guest message.VisitResponse) string {
	switch request.Tongue {
	case message.French:
		return fmt.Sprintf("Bonjour, %s ! Vous êtes le visiteur %d ; c'est votre visite %d.", request.Name, guest.Visitors, guest.Visits)
	case message.German:
		return fmt.Sprintf("Guten Tag, %s! Sie sind Gast Nummer %d; Ihr Besuch Nummer %d.", request.Name, guest.Visitors, guest.Visits)
	default:
		return fmt.Sprintf("Hello, %s! You are visitor %d; visits of yours: %d.", request.Name, guest.Visitors, guest.Visits)
	}
}

// A service has no main program; Go wants one all the same.
func main() {}
