// Package facts is wire.json: what parigot's published sources say of generation 2's wire, one fact a line, each with the
// file and line that it is from, at the commit that the listing names. Files are parigot's, but for google/protobuf's.
//
// The listing was made from those sources, and from nothing of this repository. The reference host takes its messages from it;
// the tests of this package compare the Go guests' package (../wire), the C guests' constants (../guest-c) and the generated
// guests' .proto (../proto) with it; tests/unit/kernel-facts.cpp does the same with the kernel of src/runtime/kernel.
package facts

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
)

//go:embed wire.json
var text []byte

// Listing is the whole of it. A Source is `file:line`.
type Listing struct {
	Repository, Commit string
	Signature          struct { // of every kernel call
		Module              string
		Parameters, Results []string
		Source              string
	}
	Calls    []Call
	Numbers  []Number // values of enums as ENUM.VALUE, letters of ids, sizes in bytes
	IDs      []ID
	Texts    []Text
	Messages []Message
}

// Call is a kernel call: the name that guests import, and its messages.
type Call struct{ Name, Request, Response, Source string }

// Number is a number with a name.
type Number struct {
	Name   string
	Value  int64
	Source string
}

// ID is one with a meaning of its own; its two words.
type ID struct {
	Name      string
	High, Low Word
	Source    string
}

// Word is 64 bits, in hexadecimal in the listing.
type Word uint64

// Text is a string with a name.
type Text struct{ Name, Value, Source string }

// Message is a message by its full name.
type Message struct {
	Name, Source string
	Fields       []Field
}

// Field has a scalar type of protobuf's, or the full name of a message or an enum.
type Field struct {
	Name     string
	Number   int32
	Type     string
	Repeated bool
	Source   string
}

// UnmarshalText reads a word.
func (w *Word) UnmarshalText(text []byte) error {
	value, err := strconv.ParseUint(string(text), 0, 64)
	*w = Word(value)
	return err
}

// Load reads the listing.
func Load() (*Listing, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	listing := new(Listing)
	if err := decoder.Decode(listing); err != nil {
		return nil, fmt.Errorf("wire.json: %w", err)
	}
	return listing, nil
}

// Number is the one of that name; it panics if there is none, as do those below.
func (l *Listing) Number(name string) Number {
	return find(l.Numbers, name, func(n Number) string { return n.Name })
}

// ID is the one of that name.
func (l *Listing) ID(name string) ID { return find(l.IDs, name, func(id ID) string { return id.Name }) }

// Text is the one of that name.
func (l *Listing) Text(name string) Text {
	return find(l.Texts, name, func(t Text) string { return t.Name })
}

// Message is the one of that full name.
func (l *Listing) Message(name string) Message {
	return find(l.Messages, name, func(m Message) string { return m.Name })
}

// Field is that of a message.
func (m Message) Field(name string) Field {
	return find(m.Fields, name, func(f Field) string { return f.Name })
}

func find[T any](list []T, name string, nameOf func(T) string) T {
	for _, item := range list {
		if nameOf(item) == name {
			return item
		}
	}
	panic("wire.json has no " + name)
}

// Descriptors are the messages and enums for protobuf's own implementation, which encodes and decodes by them.
func (l *Listing) Descriptors() (*protoregistry.Files, error) {
	files := new(protoregistry.Files)
	packages := map[string]*descriptorpb.FileDescriptorProto{}
	var order []string
	in := func(name string) *descriptorpb.FileDescriptorProto {
		pkg := packageOf(name)
		if packages[pkg] == nil {
			packages[pkg] = &descriptorpb.FileDescriptorProto{Name: proto.String(pkg), Package: proto.String(pkg), Syntax: proto.String("proto3")}
			order = append(order, pkg)
		}
		return packages[pkg]
	}
	for _, message := range l.Messages {
		file := in(message.Name)
		descriptor := &descriptorpb.DescriptorProto{Name: proto.String(localName(message.Name))}
		for _, field := range message.Fields {
			descriptor.Field = append(descriptor.Field, field.descriptor())
			if pkg := packageOf(field.Type); pkg != "" && pkg != file.GetPackage() && !slices.Contains(file.Dependency, pkg) {
				file.Dependency = append(file.Dependency, pkg)
			}
		}
		file.MessageType = append(file.MessageType, descriptor)
	}
	syscall := in(l.Calls[0].Request)
	for _, number := range l.Numbers {
		enum, value, isEnum := strings.Cut(number.Name, ".")
		if !isEnum || value == "Letter" {
			continue
		}
		if n := len(syscall.EnumType); n == 0 || syscall.EnumType[n-1].GetName() != enum {
			syscall.EnumType = append(syscall.EnumType, &descriptorpb.EnumDescriptorProto{Name: proto.String(enum)})
		}
		last := syscall.EnumType[len(syscall.EnumType)-1]
		last.Value = append(last.Value, &descriptorpb.EnumValueDescriptorProto{Name: proto.String(value), Number: proto.Int32(int32(number.Value))})
	}
	// What a file depends on has to be there before it.
	var register func(pkg string) error
	register = func(pkg string) error {
		if _, err := files.FindFileByPath(pkg); err == nil {
			return nil
		}
		for _, dependency := range packages[pkg].Dependency {
			if err := register(dependency); err != nil {
				return err
			}
		}
		file, err := protodesc.NewFile(packages[pkg], files)
		if err != nil {
			return err
		}
		return files.RegisterFile(file)
	}
	for _, pkg := range order {
		if err := register(pkg); err != nil {
			return nil, fmt.Errorf("wire.json: %w", err)
		}
	}
	return files, nil
}

func (f Field) descriptor() *descriptorpb.FieldDescriptorProto {
	label := descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL
	if f.Repeated {
		label = descriptorpb.FieldDescriptorProto_LABEL_REPEATED
	}
	d := &descriptorpb.FieldDescriptorProto{Name: proto.String(f.Name), Number: proto.Int32(f.Number), Label: &label}
	var kind protoreflect.Kind
	for k := protoreflect.DoubleKind; k <= protoreflect.Sint64Kind; k++ {
		if k.String() == f.Type {
			kind = k
		}
	}
	if kind != 0 {
		d.Type = descriptorpb.FieldDescriptorProto_Type(kind).Enum()
	} else {
		d.TypeName = proto.String("." + f.Type) // of a message or an enum, as will be found
	}
	return d
}

func packageOf(name string) string {
	if dot := strings.LastIndexByte(name, '.'); dot >= 0 {
		return name[:dot]
	}
	return ""
}

func localName(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }
