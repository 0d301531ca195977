package main

import (
	"fmt"

	"parigot-opt/tests/parigot/guest1"
)

func main() {
	guest.Require("greeting.v1", "greeting")
	guest.Run()
	greeting := guest.Locate("greeting.v1", "greeting")
	for _, language := range []string{"en", "fr", "de", "tlh"} {
		result, code := greeting.Call("FetchGreeting", guest.Text(language))
		fmt.Println(language, result.Text, code)
	}
}
