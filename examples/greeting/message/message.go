// Package message is ../greeting.proto, encoded by hand on top of the protobuf module's own wire format: generated code would
// do the same with reflection, at five times the size.
package message

import (
	"errors"

	"google.golang.org/protobuf/encoding/protowire"
)

type Tongue uint64

const (
	English Tongue = 1
	French  Tongue = 2
	German  Tongue = 3
)

type FetchGreetingRequest struct {
	Name   string
	Tongue Tongue
}

func (m FetchGreetingRequest) Marshal() []byte {
	return appendVarint(appendString(nil, 1, m.Name), 2, uint64(m.Tongue))
}

func (m *FetchGreetingRequest) Unmarshal(encoded []byte) error {
	return eachField(encoded, map[protowire.Number]any{1: &m.Name, 2: (*uint64)(&m.Tongue)})
}

type FetchGreetingResponse struct {
	Text string
}

func (m FetchGreetingResponse) Marshal() []byte {
	return appendString(nil, 1, m.Text)
}

func (m *FetchGreetingResponse) Unmarshal(encoded []byte) error {
	return eachField(encoded, map[protowire.Number]any{1: &m.Text})
}

type VisitRequest struct {
	Name string
}

func (m VisitRequest) Marshal() []byte {
	return appendString(nil, 1, m.Name)
}

type VisitResponse struct {
	Visitors uint64
	Visits   uint64
}

func (m *VisitResponse) Unmarshal(encoded []byte) error {
	return eachField(encoded, map[protowire.Number]any{1: &m.Visitors, 2: &m.Visits})
}

func appendString(to []byte, number protowire.Number, value string) []byte {
	if value == "" {
		return to
	}
	return protowire.AppendString(protowire.AppendTag(to, number, protowire.BytesType), value)
}

func appendVarint(to []byte, number protowire.Number, value uint64) []byte {
	if value == 0 {
		return to
	}
	return protowire.AppendVarint(protowire.AppendTag(to, number, protowire.VarintType), value)
}

// eachField stores the fields that the caller knows, by number, and skips the others.
func eachField(encoded []byte, known map[protowire.Number]any) error {
	for len(encoded) > 0 {
		number, kind, length := protowire.ConsumeTag(encoded)
		if length < 0 {
			return protowire.ParseError(length)
		}
		encoded = encoded[length:]
		switch field := known[number].(type) {
		case *string:
			if kind != protowire.BytesType {
				return errors.New("expected a string")
			}
			*field, length = protowire.ConsumeString(encoded)
		case *uint64:
			if kind != protowire.VarintType {
				return errors.New("expected a number")
			}
			*field, length = protowire.ConsumeVarint(encoded)
		default:
			length = protowire.ConsumeFieldValue(number, kind, encoded)
		}
		if length < 0 {
			return protowire.ParseError(length)
		}
		encoded = encoded[length:]
	}
	return nil
}
