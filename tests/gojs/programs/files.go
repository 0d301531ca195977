// Every kind of file operation, in the current directory, and how each of them fails.
package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

func say(what string, err error) {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case err == nil:
		fmt.Println(what, "ok")
	case errors.As(err, &path):
		fmt.Println(what, path.Op, path.Err)
	case errors.As(err, &link):
		fmt.Println(what, link.Op, link.Err)
	default:
		fmt.Println(what, err)
	}
}

func show(what string) {
	info, err := os.Lstat(what)
	if err != nil {
		say("lstat "+what, err)
		return
	}
	size := info.Size()
	if info.IsDir() {
		size = 0
	}
	fmt.Println(what, info.Name(), size, info.IsDir(), info.Mode().Type())
}

func relative(base, path string) string {
	result, err := filepath.Rel(base, path)
	if err != nil {
		return err.Error()
	}
	return result
}

func main() {
	say("mkdir", os.Mkdir("d", 0o755))
	say("mkdir again", os.Mkdir("d", 0o755))
	say("mkdirall", os.MkdirAll("d/e/f/g", 0o755))
	say("mkdirall again", os.MkdirAll("d/e/f/g", 0o755))
	say("mkdir in nothing", os.Mkdir("none/d", 0o755))

	say("write", os.WriteFile("d/a", []byte("hello"), 0o644))
	say("write in nothing", os.WriteFile("none/a", []byte("hello"), 0o644))
	data, err := os.ReadFile("d/a")
	fmt.Printf("%q %v\n", data, err)
	show("d/a")
	show("d")
	show("d/")
	show("none")
	_, err = os.ReadFile("d/a/b")
	say("read below a file", err)
	_, err = os.ReadFile("d")
	say("read a directory", err)

	file, err := os.OpenFile("d/a", os.O_RDWR, 0)
	say("open", err)
	n, err := file.WriteAt([]byte("HE"), 0)
	fmt.Println(n, err)
	n, err = file.ReadAt(make([]byte, 10), 3)
	fmt.Println(n, err)
	position, err := file.Seek(-2, io.SeekEnd)
	fmt.Println(position, err)
	rest, err := io.ReadAll(file)
	fmt.Printf("%q %v\n", rest, err)
	_, err = file.Seek(-1, io.SeekStart)
	say("seek", err)
	say("truncate", file.Truncate(3))
	say("sync", file.Sync())
	info, err := file.Stat()
	fmt.Println(info.Size(), info.IsDir(), err)
	say("close", file.Close())
	say("close again", file.Close())
	_, err = file.Write([]byte("x"))
	say("write to closed", err)

	file, err = os.OpenFile("d/a", os.O_APPEND|os.O_WRONLY, 0)
	say("append", err)
	fmt.Fprint(file, "++")
	fmt.Fprint(file, "--")
	_, err = file.Read(make([]byte, 1))
	say("read what is open for writing", err)
	say("close", file.Close())
	data, err = os.ReadFile("d/a")
	fmt.Printf("%q %v\n", data, err)
	_, err = os.OpenFile("d/a", os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	say("exclusive", err)
	file, err = os.OpenFile("d/b", os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	say("exclusive", err)
	fmt.Fprint(file, strings.Repeat("long ", 50000))
	file.Seek(0, io.SeekStart)
	data, err = io.ReadAll(file)
	fmt.Println(len(data), err)
	say("close", file.Close())
	file, err = os.OpenFile("d/b", os.O_TRUNC|os.O_WRONLY, 0)
	say("truncating open", err)
	say("close", file.Close())
	show("d/b")
	say("truncate by name", os.Truncate("d/a", 100))
	show("d/a")
	say("truncate nothing", os.Truncate("none", 1))
	_, err = os.OpenFile("d", os.O_WRONLY, 0)
	say("open a directory for writing", err)

	say("symlink", os.Symlink("a", "d/link"))
	say("symlink again", os.Symlink("a", "d/link"))
	target, err := os.Readlink("d/link")
	fmt.Println(target, err)
	_, err = os.Readlink("d/a")
	say("readlink of a file", err)
	show("d/link")
	info, err = os.Stat("d/link")
	fmt.Println(info.Size(), info.Mode().Type(), err)
	say("link", os.Link("d/a", "d/hard"))
	say("link again", os.Link("d/a", "d/hard"))
	a, _ := os.Stat("d/a")
	hard, _ := os.Stat("d/hard")
	fmt.Println(os.SameFile(a, hard), os.SameFile(a, info))

	then := time.Unix(1234567890, 0)
	say("chtimes", os.Chtimes("d/a", then, then))
	a, _ = os.Stat("d/a")
	fmt.Println(a.ModTime().Unix())
	say("chmod", os.Chmod("d/a", 0o600))
	say("chmod nothing", os.Chmod("none", 0o600))

	say("rename", os.Rename("d/b", "d/e/c"))
	say("rename nothing", os.Rename("d/b", "d/e/c"))
	say("rename over", os.Rename("d/hard", "d/e/c"))
	entries, err := os.ReadDir("d")
	for _, entry := range entries {
		fmt.Println("entry", entry.Name(), entry.IsDir(), entry.Type())
	}
	say("readdir", err)
	directory, err := os.Open("d")
	say("open directory", err)
	names, err := directory.Readdirnames(-1)
	fmt.Println(names, err)
	_, err = directory.Read(make([]byte, 1))
	say("read", err)
	say("close", directory.Close())
	for i := 0; i < 300; i++ {
		os.WriteFile(fmt.Sprintf("d/e/f/file-with-a-name-%03d", i), nil, 0o600)
	}
	entries, err = os.ReadDir("d/e/f")
	fmt.Println(len(entries), entries[0].Name(), entries[300].Name(), err)

	say("remove directory with files", os.Remove("d/e"))
	say("remove", os.Remove("d/e/c"))
	say("remove again", os.Remove("d/e/c"))
	filepath.WalkDir("d", func(path string, entry fs.DirEntry, err error) error {
		if !strings.Contains(path, "file-with") {
			fmt.Println("walk", path, entry.IsDir(), err)
		}
		return nil
	})
	say("removeall", os.RemoveAll("d/e"))
	show("d/e")

	before, err := os.Getwd()
	say("getwd", err)
	say("chdir", os.Chdir("d"))
	after, err := os.Getwd()
	fmt.Println(relative(before, after), err)
	show("a")
	show("../d/a")
	say("chdir to nothing", os.Chdir("none"))
	say("chdir to a file", os.Chdir("a"))
	say("chdir", os.Chdir(".."))
	file, err = os.CreateTemp(".", "temporary-*")
	say("createtemp", err)
	say("close", file.Close())
	say("remove", os.Remove(file.Name()))
	say("removeall", os.RemoveAll("d"))
	fmt.Println(os.Getpid() > 0, os.Getuid() >= 0)
	absolute, err := filepath.Abs("x/../y")
	fmt.Println(relative(before, absolute), err)
}
