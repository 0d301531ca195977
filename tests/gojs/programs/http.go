// net/http on its network within the program, which it uses where there is no fetch.
package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"
)

func main() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		time.Sleep(2 * time.Millisecond)
		fmt.Fprintf(w, "%s %s %s", r.Method, r.URL.Path, strings.ToUpper(string(body)))
	}))
	defer server.Close()
	for i := 0; i < 3; i++ {
		response, err := http.Post(server.URL+fmt.Sprint("/path/", i), "text/plain", strings.NewReader("body"))
		if err != nil {
			fmt.Println(err)
			return
		}
		body, err := io.ReadAll(response.Body)
		fmt.Println(response.Status, string(body), err)
		response.Body.Close()
	}
	_, err := net.DialTimeout("tcp", "192.0.2.1:80", 10*time.Millisecond)
	fmt.Println(err != nil)
}
