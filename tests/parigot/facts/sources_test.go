package facts_test

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/bufbuild/protocompile"
	"google.golang.org/protobuf/reflect/protoreflect"

	"parigot-opt/tests/parigot/facts"
	"parigot-opt/tests/parigot/wire"
)

// What is written down in guests: constants of the three guest libraries, and the messages of the generated one. The guests
// are programs for wasm, and are read as text.

func source(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// constants are those that a source gives a number: `NAME = 5`.
func constants(text string) map[string]uint64 {
	found := map[string]uint64{}
	for _, match := range regexp.MustCompile(`\b(\w+) += (0x[0-9a-f]+|\d+)\b`).FindAllStringSubmatch(text, -1) {
		found[match[1]], _ = strconv.ParseUint(match[2], 0, 64)
	}
	return found
}

// plain makes names of different customs comparable.
func plain(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }

func sameNumber(t *testing.T, expected facts.Number, actual int64) {
	t.Helper()
	if actual != expected.Value {
		t.Errorf("%s (%s): expected %d, actual %d", expected.Name, expected.Source, expected.Value, actual)
	}
}

// compareErrors compares the constants that are codes of errors: those that `is` gives the name of.
func compareErrors(t *testing.T, listing *facts.Listing, constants map[string]uint64, is func(string) (string, bool)) {
	t.Helper()
	count := 0
	for constant, value := range constants {
		name, isError := is(constant)
		if !isError {
			continue
		}
		count++
		t.Run(constant, func(t *testing.T) {
			i := slices.IndexFunc(listing.Numbers, func(n facts.Number) bool { return plain(n.Name) == "kernelerr."+plain(name) })
			if i < 0 {
				t.Fatalf("%s: expected an error of KernelErr, actual none of them", constant)
			}
			sameNumber(t, listing.Numbers[i], int64(value))
		})
	}
	if count < 5 {
		t.Errorf("found %d codes of errors", count)
	}
}

func TestGoConstants(t *testing.T) {
	listing := load(t)
	text := source(t, "wire/messages.go")
	errors := map[string]uint64{}
	for _, match := range regexp.MustCompile(`(?m)^\t(\w+) +KernelErr = (\d+)$`).FindAllStringSubmatch(text, -1) {
		errors[match[1]], _ = strconv.ParseUint(match[2], 10, 64)
	}
	if declared := len(regexp.MustCompile(`\w +KernelErr = `).FindAllString(text, -1)) - 1; declared != len(errors) {
		t.Errorf("%d codes of errors, of which %d are plain numbers", declared, len(errors))
	}
	compareErrors(t, listing, errors, func(name string) (string, bool) { return name, true })
	t.Run("Capacity", func(t *testing.T) { sameNumber(t, listing.Number("GuestReceiveBufferSize"), wire.Capacity) })
}

func TestCConstants(t *testing.T) {
	listing := load(t)
	kernel := source(t, "guest-c/kernel.h")
	compareErrors(t, listing, constants(source(t, "guest-c/parigot.h")), func(name string) (string, bool) {
		return strings.CutPrefix(name, "PARIGOT_")
	})
	t.Run("CAPACITY", func(t *testing.T) {
		sameNumber(t, listing.Number("GuestReceiveBufferSize"), int64(constants(kernel)["CAPACITY"]))
	})
	for constant, name := range map[string]string{"launch_method": "LaunchMethod", "exit_method": "ExitMethod"} {
		t.Run(constant, func(t *testing.T) {
			match := regexp.MustCompile(constant + ` = \{(0x[0-9a-f]+), (0x[0-9a-f]+)\};`).FindStringSubmatch(kernel)
			if match == nil {
				t.Fatal("is not there")
			}
			high, _ := strconv.ParseUint(match[1], 0, 64)
			low, _ := strconv.ParseUint(match[2], 0, 64)
			sameID(t, listing.ID(name), high, low)
		})
	}
}

// The field numbers of the C guests are constants named after message and field, and no other numbers are used for fields.
func TestCFields(t *testing.T) {
	listing := load(t)
	fields := map[string]facts.Field{}
	for _, message := range listing.Messages {
		for _, field := range message.Fields {
			local := message.Name[strings.LastIndexByte(message.Name, '.')+1:]
			fields[plain(local+field.Name)] = field
		}
	}
	numbers := constants(source(t, "guest-c/messages.h"))
	if len(numbers) < 50 {
		t.Errorf("guest-c/messages.h has %d constants", len(numbers))
	}
	for name, actual := range numbers {
		t.Run(name, func(t *testing.T) {
			field, known := fields[plain(name)]
			if !known {
				t.Fatalf("%s: expected a field of the listing, actual none of them", name)
			}
			if actual != uint64(field.Number) {
				t.Errorf("%s (%s): expected %d, actual %d", name, field.Source, field.Number, actual)
			}
		})
	}
	bare := regexp.MustCompile(`(?m)^.*(?:\b(?:pb|put)_\w+\(&?\w+, \d|number [!=]= \d).*$`)
	for _, file := range []string{"guest-c/parigot.c", "guest-c/kernel.h"} {
		for _, line := range bare.FindAllString(source(t, file), -1) {
			t.Errorf("%s: a field's number that has no name: %s", file, strings.TrimSpace(line))
		}
	}
}

func TestGeneratedGuestConstants(t *testing.T) {
	listing := load(t)
	actual := constants(source(t, "guest-generated/guest.go"))
	sameNumber(t, listing.Number("GuestReceiveBufferSize"), int64(actual["capacity"]))
	sameID(t, listing.ID("LaunchMethod"), actual["controlHigh"], actual["launchLow"])
	sameID(t, listing.ID("ExitMethod"), actual["controlHigh"], actual["exitLow"])
}

// The messages of the generated guest, as a compiler of protobuf reads them.
func TestGeneratedGuestMessages(t *testing.T) {
	listing := load(t)
	compiler := protocompile.Compiler{
		Resolver: protocompile.WithStandardImports(&protocompile.SourceResolver{ImportPaths: []string{"../proto"}}),
	}
	files, err := compiler.Compile(context.Background(), "syscall.proto")
	if err != nil {
		t.Fatal(err)
	}
	messages := files[0].Messages()
	for i := range messages.Len() {
		actual := messages.Get(i)
		name := string(actual.FullName())
		if name == "syscall.v1.IdRaw" { // there in a package of its own
			name = "protosupport.v1.IdRaw"
		}
		expected := listing.Message(name)
		if actual.Fields().Len() != len(expected.Fields) {
			t.Errorf("%s (%s): expected %d fields, actual %d", name, expected.Source, len(expected.Fields), actual.Fields().Len())
		}
		for _, field := range expected.Fields {
			t.Run(string(actual.Name())+"."+field.Name, func(t *testing.T) { compareField(t, field, actual.Fields()) })
		}
	}
	for _, call := range listing.Calls {
		for _, name := range []string{call.Request, call.Response} {
			if messages.ByName(protoreflect.FullName(name).Name()) == nil {
				t.Errorf("%s (%s): expected a message, actual none", name, listing.Message(name).Source)
			}
		}
	}
}

func compareField(t *testing.T, expected facts.Field, fields protoreflect.FieldDescriptors) {
	t.Helper()
	actual := fields.ByName(protoreflect.Name(expected.Name))
	if actual == nil {
		t.Fatalf("%s (%s): expected field %d, actual none", expected.Name, expected.Source, expected.Number)
	}
	kind := actual.Kind().String()
	if message := actual.Message(); message != nil {
		kind = string(message.FullName())
	} else if enum := actual.Enum(); enum != nil {
		kind = string(enum.FullName())
	}
	kind = strings.Replace(kind, "syscall.v1.IdRaw", "protosupport.v1.IdRaw", 1)
	if int32(actual.Number()) != expected.Number || kind != expected.Type || actual.IsList() != expected.Repeated {
		t.Errorf("%s (%s): expected field %d of %s (repeated: %t), actual field %d of %s (repeated: %t)", expected.Name, expected.Source,
			expected.Number, expected.Type, expected.Repeated, actual.Number(), kind, actual.IsList())
	}
}

// The imports of each guest library, all with the uniform call's signature.
func TestImports(t *testing.T) {
	listing := load(t)
	inGo := `(?m)^//go:wasmimport ` + listing.Signature.Module + ` (\w+)\nfunc \w+\(reqLen, req, out, err int32\) int64$`
	for file, pattern := range map[string]string{"guest/imports.go": inGo, "guest-generated/guest.go": inGo, "guest-c/kernel.h": `(?m)^KERNEL_CALL\((\w+)\);$`} {
		t.Run(filepath.Dir(file), func(t *testing.T) {
			var actual []string
			for _, match := range regexp.MustCompile(pattern).FindAllStringSubmatch(source(t, file), -1) {
				actual = append(actual, match[1])
			}
			for _, call := range listing.Calls {
				if !slices.Contains(actual, call.Name) {
					t.Errorf("%s (%s): expected an import, actual none with that signature", call.Name, call.Source)
				}
			}
			if len(actual) != len(listing.Calls) {
				t.Errorf("expected %d imports, actual %d: %v", len(listing.Calls), len(actual), actual)
			}
		})
	}
}

// Types of messages in an Any, wherever a guest names one of the kernel's.
func TestTypeURLs(t *testing.T) {
	listing := load(t)
	prefix := listing.Text("type_url prefix")
	for _, file := range []string{"wire/messages.go", "guest-c/parigot.c"} {
		urls := regexp.MustCompile(`"([\w./]*/syscall\.v1\.\w+)"`).FindAllStringSubmatch(source(t, file), -1)
		if len(urls) == 0 {
			t.Errorf("%s names no type", file)
		}
		for _, url := range urls {
			t.Run(filepath.Base(file)+" "+url[1], func(t *testing.T) {
				name, has := strings.CutPrefix(url[1], prefix.Value)
				if !has || !slices.ContainsFunc(listing.Messages, func(m facts.Message) bool { return m.Name == name }) {
					t.Errorf("expected %s (%s) and a message of the listing, actual %s", prefix.Value, prefix.Source, url[1])
				}
			})
		}
	}
}
