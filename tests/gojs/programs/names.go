// Text that is no UTF-8, and text that begins with a mark of byte order: what JavaScript makes of it, as a value, as a property, as the
// name of a file.
package main

import (
	"fmt"
	"os"
	"syscall/js"
)

var texts = []string{
	"a\xffb", "c\xc3", "\xe2\x82", "\xe2\x82x", "\xf0\x9f\x98", "\xf0\x9f\x98\x80", "\xed\xa0\x80", "\xed\x9f\xbf", "\xc0\x80", "\xe0\x9f\xbf",
	"\xf4\x90\x80\x80", "\xf4\x8f\xbf\xbf", "\xf8\x88\x80\x80\x80", "\x80\x80", "\ufeffmark", "\ufeff\ufefftwo", "in\ufeffside", "ü€😀",
	"long enough to be elsewhere than where short ones are, which have sixty-four bytes \xff and \xc3",
	"\ufefflong enough to be elsewhere than where short ones are, which have sixty-four bytes \u00e9",
}

func main() {
	object := js.Global().Get("Object").New()
	for i, text := range texts {
		value := js.ValueOf(text)
		fmt.Printf("%q is %q, as itself %v\n", text, value.String(), value.Equal(js.ValueOf(value.String())))
		object.Set(text, i)
		fmt.Println(object.Get(value.String()).Type(), object.Get(text).Type())
	}
	fmt.Println(object.Get("c\ufffd").Int(), js.ValueOf("x\xff").Equal(js.ValueOf("x\xfe")))

	for _, text := range texts[:6] {
		fmt.Println(os.WriteFile(text, []byte("x"), 0o644), os.Mkdir(text+".d", 0o755), os.Symlink(text, text+".l"))
	}
	entries, err := os.ReadDir(".")
	for _, entry := range entries {
		target, _ := os.Readlink(entry.Name())
		fmt.Printf("%q %q\n", entry.Name(), target)
	}
	fmt.Println(err)
	_, err = os.Stat("a\ufffdb")
	fmt.Println(err)
	_, err = os.Stat("c\xc3")
	fmt.Println(err)
	fmt.Println(os.Chdir("c\xc3.d"), os.Chdir(".."), os.Remove("a\xfeb"), os.Rename("c\xff", "d\xff"))
	_, err = os.Stat("d\ufffd")
	fmt.Println(err)
	fmt.Printf("%q %q\n", os.Args[1:], os.Getenv("BAD"))
}
