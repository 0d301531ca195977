package main

import (
	"fmt"
	"math/rand/v2"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	"parigot-opt/tests/parigot/facts"
)

// The wire as the host has it: messages, codes of errors and ids are those of the listing (../facts), by their names there,
// and nothing is shared with the guests.

var (
	listing   = must(facts.Load())
	types     = must(listing.Descriptors())
	capacity  = uint32(listing.Number("GuestReceiveBufferSize").Value)
	idMessage = "protosupport.v1.IdRaw"

	launchMethod = idOf(listing.ID("LaunchMethod"))
	exitMethod   = idOf(listing.ID("ExitMethod"))

	noError           = code("NoError")
	unmarshalFailed   = code("UnmarshalFailed")
	idDispatch        = code("IdDispatch")
	notFound          = code("NotFound")
	dataTooLarge      = code("DataTooLarge")
	callerUnavailable = code("CallerUnavailable")
	dependencyCycle   = code("DependencyCycle")
	badID             = code("BadId")
	notRequired       = code("NotRequired")
	badCallID         = code("BadCallId")
)

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// kernelErr is what a call leaves at err_ptr.
type kernelErr int32

func code(name string) kernelErr { return kernelErr(listing.Number("KernelErr." + name).Value) }

// id names a host, a service, a method or a call. The zero one is none.
type id struct{ high, low uint64 }

func idOf(fact facts.ID) id { return id{uint64(fact.High), uint64(fact.Low)} }

// newID is a new one for a Host, a Service or a Method.
func newID(kind string) id {
	return id{uint64(listing.Number(kind+"Id.Letter").Value)<<56 | rand.Uint64()>>8, rand.Uint64() | 1}
}

// isSet tells an id that means something from the empty and the zero value, of which the upper two bytes do not count
// (api/shared/id/id.go:146 and 171).
func (i id) isSet() bool {
	zero := idOf(listing.ID("ZeroValue"))
	six := i.high & zero.high
	return !(six == 0 && i.low == 0) && !(six == zero.high && i.low == zero.low)
}

// message is a message of the listing.
type message struct{ protoreflect.Message }

// newMessage makes one of fields and their values, by turns. What is none (an id, a message) is left out.
func newMessage(name string, fields ...any) message {
	descriptor := must(types.FindDescriptorByName(protoreflect.FullName(name)))
	m := message{dynamicpb.NewMessage(descriptor.(protoreflect.MessageDescriptor))}
	for i := 0; i < len(fields); i += 2 {
		field := m.field(fields[i].(string))
		switch value := fields[i+1].(type) {
		case id:
			if value != (id{}) {
				m.Set(field, protoreflect.ValueOfMessage(newMessage(idMessage, "high", value.high, "low", value.low).Message))
			}
		case message:
			if value.Message != nil {
				m.Set(field, protoreflect.ValueOfMessage(value.Message))
			}
		case []message:
			for _, item := range value {
				m.Mutable(field).List().Append(protoreflect.ValueOfMessage(item.Message))
			}
		case kernelErr:
			m.Set(field, protoreflect.ValueOfInt32(int32(value)))
		default:
			m.Set(field, protoreflect.ValueOf(value))
		}
	}
	return m
}

// field is that of this name; it panics if the listing has none.
func (m message) field(name string) protoreflect.FieldDescriptor {
	field := m.Descriptor().Fields().ByName(protoreflect.Name(name))
	if field == nil {
		panic(fmt.Sprintf("%s has no field %s", m.Descriptor().FullName(), name))
	}
	return field
}

// message is the one in a field; without a Message if it is not there.
func (m message) message(name string) message {
	if m.Message == nil || !m.Has(m.field(name)) {
		return message{}
	}
	return message{m.Get(m.field(name)).Message()}
}

func (m message) id(name string) id {
	inner := m.message(name)
	if inner.Message == nil {
		return id{}
	}
	return id{inner.Get(inner.field("high")).Uint(), inner.Get(inner.field("low")).Uint()}
}

func (m message) text(name string) string  { return m.Get(m.field(name)).String() }
func (m message) number(name string) int32 { return int32(m.Get(m.field(name)).Int()) }
func (m message) flag(name string) bool    { return m.Get(m.field(name)).Bool() }

func (m message) list(name string) (items []message) {
	list := m.Get(m.field(name)).List()
	for i := range list.Len() {
		items = append(items, message{list.Get(i).Message()})
	}
	return items
}

func (m message) encode() []byte {
	return must(proto.MarshalOptions{Deterministic: true}.Marshal(m.Interface()))
}

// decode reads a request. One with a field that parigot does not have is a mistake of a guest library (or of a world's
// kernel, if it is a part), which no test wants: it panics.
func decode(name string, bytes []byte) (message, error) {
	m := newMessage(name)
	if err := proto.Unmarshal(bytes, m.Interface()); err != nil {
		return m, err
	}
	m.refuseUnknown()
	return m, nil
}

func (m message) refuseUnknown() {
	if unknown := m.GetUnknown(); len(unknown) > 0 {
		expected := listing.Message(string(m.Descriptor().FullName()))
		panic(fmt.Sprintf("%s (%s) has no field of that number and type: % x", expected.Name, expected.Source, unknown))
	}
	m.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		if field.Message() != nil && field.IsList() {
			for _, item := range m.list(string(field.Name())) {
				item.refuseUnknown()
			}
		} else if field.Message() != nil {
			message{value.Message()}.refuseUnknown()
		}
		return true
	})
}

// wrapped is a message in an Any.
func wrapped(m message) message {
	url := listing.Text("type_url prefix").Value + string(m.Descriptor().FullName())
	return newMessage("google.protobuf.Any", "type_url", url, "value", m.encode())
}
