// Package wire is parigot's kernel calls as they go over its imports: the messages of generation 2, which are protobuf.
//
// A message says once which fields it has, and both directions follow from that:
//
//	func (m *ExitPair) fields(c *codec) {
//		c.id(1, &m.Service)
//		c.int32(2, &m.Code)
//	}
//
// encodes as 0a .. (the id) 10 .. (the code), and decodes from any order of fields, unknown ones skipped. That is less than
// generated code does (no merging of a field that comes twice, no unknown fields kept, no reflection) and a tenth of its
// size: the programs of these tests are compiled and wound by the dozen. That generated code means the same is what the
// case `generated` is for.
package wire

import (
	"errors"
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
)

// ErrMalformed is what Decode reports of bytes that are no message.
var ErrMalformed = errors.New("malformed protobuf")

// Message is a protobuf message.
type Message interface{ fields(c *codec) }

// Encode gives the bytes of a message.
func Encode(m Message) []byte {
	c := codec{encode: true, bytes: []byte{}}
	m.fields(&c)
	return c.bytes
}

// Decode reads a message; fields that the bytes do not have keep their value.
func Decode(bytes []byte, m Message) error {
	for len(bytes) > 0 {
		number, kind, length := protowire.ConsumeField(bytes)
		if length < 0 {
			return fmt.Errorf("%w: %v", ErrMalformed, protowire.ParseError(length))
		}
		_, _, tag := protowire.ConsumeTag(bytes)
		c := codec{number: number, kind: kind, bytes: bytes[tag:length]}
		if m.fields(&c); c.err != nil {
			return c.err
		}
		bytes = bytes[length:]
	}
	return nil
}

// codec writes every field that it is shown, or reads the one field that it has got.
type codec struct {
	encode bool
	bytes  []byte // all that was written, or the value to be read

	number protowire.Number
	kind   protowire.Type
	err    error
}

// reads tells whether the field at hand is this one. A field of another type than expected is an unknown field, as in any
// implementation of protobuf.
func (c *codec) reads(number protowire.Number, kind protowire.Type) bool {
	return !c.encode && c.number == number && c.kind == kind
}

func (c *codec) uint64(number protowire.Number, value *uint64) {
	if c.encode && *value != 0 {
		c.bytes = protowire.AppendVarint(protowire.AppendTag(c.bytes, number, protowire.VarintType), *value)
	} else if c.reads(number, protowire.VarintType) {
		*value, _ = protowire.ConsumeVarint(c.bytes)
	}
}

// int32 is sign extended to 64 bits, as protobuf wants it.
func (c *codec) int32(number protowire.Number, value *int32) {
	wide := uint64(int64(*value))
	c.uint64(number, &wide)
	*value = int32(wide)
}

func (c *codec) bool(number protowire.Number, value *bool) {
	var wide uint64
	if *value {
		wide = 1
	}
	c.uint64(number, &wide)
	*value = wide != 0
}

// raw is bytes, or a message that stays as it is. Absent is nil; what is present is written even if it is empty.
func (c *codec) raw(number protowire.Number, value *[]byte) {
	if c.encode && *value != nil {
		c.bytes = protowire.AppendBytes(protowire.AppendTag(c.bytes, number, protowire.BytesType), *value)
	} else if c.reads(number, protowire.BytesType) {
		bytes, _ := protowire.ConsumeBytes(c.bytes)
		*value = append([]byte{}, bytes...)
	}
}

func (c *codec) string(number protowire.Number, value *string) {
	var bytes []byte
	if *value != "" {
		bytes = []byte(*value)
	}
	c.raw(number, &bytes)
	*value = string(bytes)
}

func (c *codec) id(number protowire.Number, id *ID) {
	var bytes []byte
	if c.encode && *id != (ID{}) {
		bytes = Encode(id)
	}
	if c.raw(number, &bytes); !c.encode && bytes != nil {
		*id = ID{}
		c.err = Decode(bytes, id)
	}
}

// message is an optional message.
func message[T any, P interface {
	*T
	Message
}](c *codec, number protowire.Number, m **T) {
	var bytes []byte
	if c.encode && *m != nil {
		bytes = Encode(P(*m))
	}
	if c.raw(number, &bytes); !c.encode && bytes != nil {
		*m = new(T)
		c.err = Decode(bytes, P(*m))
	}
}

// repeated is any number of messages.
func repeated[T any, P interface {
	*T
	Message
}](c *codec, number protowire.Number, list *[]T) {
	if c.encode {
		for i := range *list {
			item := &(*list)[i]
			message[T, P](c, number, &item)
		}
		return
	}
	var item *T
	if message[T, P](c, number, &item); item != nil {
		*list = append(*list, *item)
	}
}
