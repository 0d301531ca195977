// Libraries that need no system, and what they need by way of package initialisers: json, templates, hashes, random numbers.
package main

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"text/template"
	"time"
)

type entry struct {
	Name  string            `json:"name"`
	Count int               `json:"count"`
	Tags  map[string]string `json:"tags,omitempty"`
}

func main() {
	text, err := json.Marshal([]entry{{"a", 1, map[string]string{"k": "v"}}, {"b", 2, nil}})
	fmt.Println(string(text), err)
	var back []entry
	fmt.Println(json.Unmarshal(text, &back), back)

	page := template.Must(template.New("t").Parse("{{range .}}<{{.Name}} {{printf \"%03d\" .Count}}>{{end}}\n"))
	fmt.Println(page.Execute(os.Stdout, back))

	fmt.Printf("%x\n", sha256.Sum256([]byte("abc")))
	numbers := make([]byte, 200000)
	n, err := rand.Read(numbers)
	different := map[byte]bool{}
	for _, b := range numbers {
		different[b] = true
	}
	fmt.Println(n, err, len(different))

	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	io.WriteString(writer, strings.Repeat("abc", 10000))
	writer.Close()
	reader, _ := gzip.NewReader(&packed)
	unpacked, err := io.ReadAll(reader)
	fmt.Println(len(unpacked), err)
	fmt.Println(regexp.MustCompile(`(\w+)@(\w+)\.com`).FindStringSubmatch("bob@example.com"))
	fmt.Println(time.Unix(0, 0).UTC().Format(time.RFC3339), time.Now().Year() > 2000)
}
