// Every operation on paths that end with more than a name, or have ".." behind a link: each in a fresh tree, with what it says and what
// it changes.
package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

var things = []string{"file", "full", "none", "none/x", "todeep", "tonone", "."}
var endings = []string{"", "/", "//.", "/..", "/../file"}

func open(flags int) func(string) error {
	return func(path string) error {
		fd, err := syscall.Open(path, flags, 0o600)
		if err == nil {
			syscall.Close(fd)
		}
		return err
	}
}

func stat(get func(string, *syscall.Stat_t) error) func(string) error {
	return func(path string) error {
		var info syscall.Stat_t
		err := get(path, &info)
		if err == nil {
			return fmt.Errorf("type %o", info.Mode&syscall.S_IFMT)
		}
		return err
	}
}

var operations = []struct {
	name string
	run  func(string) error
}{
	{"open", open(os.O_RDONLY)},
	{"write", open(os.O_WRONLY)},
	{"truncating", open(os.O_WRONLY | os.O_TRUNC)},
	{"create", open(os.O_WRONLY | os.O_CREATE)},
	{"exclusive", open(os.O_WRONLY | os.O_CREATE | os.O_EXCL)},
	{"stat", stat(syscall.Stat)},
	{"lstat", stat(syscall.Lstat)},
	{"readlink", func(path string) error {
		target, err := os.Readlink(path)
		if err == nil {
			return errors.New("-> " + target)
		}
		return err
	}},
	{"readdir", func(path string) error { _, err := os.ReadDir(path); return err }},
	{"mkdir", func(path string) error { return syscall.Mkdir(path, 0o700) }},
	{"rmdir", syscall.Rmdir},
	{"unlink", syscall.Unlink},
	{"rename", func(path string) error { return syscall.Rename(path, "new") }},
	{"rename file to", func(path string) error { return syscall.Rename("other", path) }},
	{"rename folder to", func(path string) error { return syscall.Rename("folder", path) }},
	{"link", func(path string) error { return syscall.Link(path, "new") }},
	{"link to", func(path string) error { return syscall.Link("other", path) }},
	{"symlink to", func(path string) error { return syscall.Symlink("other", path) }},
	{"truncate", func(path string) error { return syscall.Truncate(path, 1) }},
	{"chmod", func(path string) error { return syscall.Chmod(path, 0o700) }},
	{"chtimes", func(path string) error { return syscall.UtimesNano(path, make([]syscall.Timespec, 2)) }},
	{"chdir", func(path string) error {
		before, _ := syscall.Getwd()
		err := syscall.Chdir(path)
		if err != nil {
			return err
		}
		after, err := syscall.Getwd()
		syscall.Chdir(before)
		relative, _ := filepath.Rel(before, after)
		if err == nil {
			err = errors.New("to " + relative)
		}
		return err
	}},
}

// What is in a directory, in one line.
func tree(folder string) string {
	entries, _ := os.ReadDir(folder)
	text := ""
	for _, entry := range entries {
		path := filepath.Join(folder, entry.Name())
		info, err := entry.Info()
		switch {
		case entry.IsDir():
			text += path + "/ " + tree(path)
		case entry.Type() == fs.ModeSymlink:
			target, _ := os.Readlink(path)
			text += path + "->" + target + " "
		case err == nil:
			text += fmt.Sprint(path, "=", info.Size(), " ")
		}
	}
	return text
}

// Goes into a new tree, by its number, and says what is in it.
func enter(number int) string {
	os.MkdirAll(fmt.Sprintf("%d/deep/down/inner", number), 0o700)
	os.Chdir(fmt.Sprint(number))
	for _, folder := range []string{"full", "folder"} {
		os.Mkdir(folder, 0o700)
	}
	for _, file := range []string{"file", "other", "full/file", "deep/down/file"} {
		os.WriteFile(file, []byte(file), 0o600)
	}
	for link, target := range map[string]string{"tofile": "file", "tonone": "nothing", "todeep": "deep/down/inner"} {
		os.Symlink(target, link)
	}
	return tree(".")
}

// Chains of links before "..", links that lead in circles, and a current directory that is reached by one.
func links() {
	enter(0)
	os.Symlink("todeep/..", "above")
	os.Symlink("circle", "circle")
	os.Symlink("b", "a")
	os.Symlink("a", "b")
	for _, path := range []string{"above/../down/file", "todeep/../../../file", "circle/../file", "a/../file", "circle", "none/../../0/file"} {
		data, err := os.ReadFile(path)
		fmt.Printf("%s: %q %v\n", path, data, err)
	}
	fmt.Println(os.Chdir("todeep"))
	data, err := os.ReadFile("../file")
	fmt.Printf("%q %v\n", data, err)
	fmt.Println(os.WriteFile("../../other/../new", nil, 0o600), os.WriteFile("../../new", nil, 0o600))
	fmt.Println(os.Chdir("../../../.."))
	fmt.Println(tree("0"))
	os.RemoveAll("0")

	// What is made exclusively must not be made elsewhere.
	fmt.Println(os.Symlink("elsewhere", "lock"))
	_, err = os.OpenFile("lock", os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	fmt.Println(err, errors.Is(err, fs.ErrExist))
	_, err = os.Lstat("elsewhere")
	fmt.Println(err)
	file, err := os.OpenFile("lock", os.O_CREATE|os.O_WRONLY, 0o600)
	fmt.Println(err)
	file.Close()
	file, err = os.OpenFile("elsewhere", os.O_EXCL|os.O_WRONLY, 0o600)
	fmt.Println(err)
	file.Close()
	fmt.Println(tree("."))
	os.Remove("lock")
	os.Remove("elsewhere")
}

// Different files are different, whatever their numbers are.
func sameFiles() {
	var infos []os.FileInfo
	same := 0
	for i := 0; i < 80; i++ {
		name := fmt.Sprint("same", i)
		os.WriteFile(name, nil, 0o600)
		info, _ := os.Stat(name)
		for _, other := range infos {
			if os.SameFile(info, other) {
				same++
			}
		}
		again, _ := os.Lstat(name)
		if !os.SameFile(info, again) {
			fmt.Println(name, "is not the same again")
		}
		infos = append(infos, info)
	}
	fmt.Println("pairs of different files that are the same:", same)
	for i := range infos {
		os.Remove(fmt.Sprint("same", i))
	}
}

func main() {
	links()
	sameFiles()
	for i, thing := range things {
		for j, ending := range endings {
			path := thing + ending
			before := enter(i*len(endings) + j)
			for k, operation := range operations {
				err := operation.run(path)
				after := tree(".")
				fmt.Println(operation.name, path, err)
				if after != before {
					fmt.Println("  leaves", after)
					os.Chdir("..")
					os.RemoveAll(fmt.Sprint(i*len(endings) + j))
					if before = enter(i*len(endings) + j); k == 0 {
						fmt.Println("  from", before)
					}
				}
			}
			os.Chdir("..")
			os.RemoveAll(fmt.Sprint(i*len(endings) + j))
		}
	}
}
