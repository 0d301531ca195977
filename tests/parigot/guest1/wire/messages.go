package wire

import "fmt"

// codec.go is that of ../../wire (a link): the messages of both generations are written down in the same way.

// KernelErr is what a kernel call can fail with: parigot's lib/go/kernelerr.go:6-87 of April 2023 (80a40219).
type KernelErr = int32

const (
	NoError           KernelErr = 0
	NotFound          KernelErr = 3
	DataTooLarge      KernelErr = 4
	MarshalFailed     KernelErr = 5
	UnmarshalFailed   KernelErr = 6
	CallerUnavailable KernelErr = 7
	AlreadyExported   KernelErr = 8
	AlreadyRequired   KernelErr = 9
	DependencyCycle   KernelErr = 10
	DecodeError       KernelErr = 16
	ExecError         KernelErr = 17
)

// ID names a service, a method or a call: a message around a BaseID.
type ID struct{ BaseID }

// BaseID is an id's value; its letter is a field of its own, and in the top byte of High, too.
type BaseID struct {
	Letter    uint32
	High, Low uint64
}

// IsA tells whether the id is set, has this letter, and comes through a guest's library as it is: that clears byte 6, and takes an
// id in which it is odd for an error (lib/go/idconv.go:251-271).
func (id ID) IsA(letter byte) bool {
	return id.Letter == uint32(letter) && byte(id.High>>56) == letter && byte(id.High>>48) == 0 && (id.High<<8 != 0 || id.Low != 0)
}

func (id ID) String() string { return fmt.Sprintf("%q %#x %#x", rune(id.Letter), id.High, id.Low) }

func (id *ID) fields(c *codec) {
	base := &id.BaseID
	message(c, 1, &base)
	if base != nil {
		id.BaseID = *base
	}
}

func (m *BaseID) fields(c *codec) {
	letter := uint64(m.Letter)
	c.uint64(1, &letter)
	m.Letter = uint32(letter)
	c.uint64(2, &m.High)
	c.uint64(3, &m.Low)
}

// Name is parigot's FullyQualifiedService.
type Name struct{ Package, Service string }

func (m *Name) fields(c *codec) {
	c.string(1, &m.Package)
	c.string(2, &m.Service)
}

// Empty is a message that has no fields.
type Empty struct{}

func (*Empty) fields(*codec) {}

// ExportRequest and RequireRequest are lists of names.
type ExportRequest struct{ Names []Name }

func (m *ExportRequest) fields(c *codec) { repeated(c, 1, &m.Names) }

type RequireRequest struct{ Names []Name }

func (m *RequireRequest) fields(c *codec) { repeated(c, 1, &m.Names) }

// BindMethodRequest says that a method of a service is there.
type BindMethodRequest struct {
	Package, Service, Method string
	Direction                int32
}

func (m *BindMethodRequest) fields(c *codec) {
	c.string(1, &m.Package)
	c.string(2, &m.Service)
	c.string(3, &m.Method)
	c.int32(4, &m.Direction)
}

type BindMethodResponse struct{ Method ID }

func (m *BindMethodResponse) fields(c *codec) { c.id(1, &m.Method) }

// RunRequest waits for what the process requires.
type RunRequest struct{ Wait bool }

func (m *RunRequest) fields(c *codec) { c.bool(1, &m.Wait) }

// LocateRequest asks for a service.
type LocateRequest struct{ Package, Service string }

func (m *LocateRequest) fields(c *codec) {
	c.string(1, &m.Package)
	c.string(2, &m.Service)
}

type LocateResponse struct{ Service ID }

func (m *LocateResponse) fields(c *codec) { c.id(1, &m.Service) }

// DispatchRequest makes a call; Context is a Pctx, Param an Any, both as bytes of their messages.
type DispatchRequest struct {
	Service        ID
	Method, Caller string
	Context, Param []byte
}

func (m *DispatchRequest) fields(c *codec) {
	c.id(1, &m.Service)
	c.string(2, &m.Method)
	c.string(3, &m.Caller)
	c.raw(4, &m.Context)
	c.raw(5, &m.Param)
}

// DispatchResponse is how a call was answered.
type DispatchResponse struct {
	Context, Result []byte
	Call, Method    ID
}

func (m *DispatchResponse) fields(c *codec) {
	c.raw(1, &m.Context)
	c.raw(2, &m.Result)
	c.id(3, &m.Call)
	c.id(4, &m.Method)
}

// BlockUntilCallRequest waits for a call of this process's services.
type BlockUntilCallRequest struct{ CanTimeout bool }

func (m *BlockUntilCallRequest) fields(c *codec) { c.bool(1, &m.CanTimeout) }

// BlockUntilCallResponse is a call, or none.
type BlockUntilCallResponse struct {
	Param, Context []byte
	Method, Call   ID
	TimedOut       bool
}

func (m *BlockUntilCallResponse) fields(c *codec) {
	c.raw(1, &m.Param)
	c.raw(2, &m.Context)
	c.id(3, &m.Method)
	c.id(4, &m.Call)
	c.bool(5, &m.TimedOut)
}

// ReturnValueRequest answers a call.
type ReturnValueRequest struct {
	Call, Method            ID
	Result, Context         []byte
	MarshalError, ExecError string
	ExecErrorID             *BaseID
}

func (m *ReturnValueRequest) fields(c *codec) {
	c.id(1, &m.Call)
	c.id(2, &m.Method)
	c.raw(3, &m.Result)
	c.raw(4, &m.Context)
	c.string(5, &m.MarshalError)
	c.string(6, &m.ExecError)
	message(c, 7, &m.ExecErrorID)
}

// ExitRequest ends the process.
type ExitRequest struct{ Code int32 }

func (m *ExitRequest) fields(c *codec) { c.int32(1, &m.Code) }

type ExitResponse struct{ Code int32 }

func (m *ExitResponse) fields(c *codec) { c.int32(1, &m.Code) }

// LogRequest is a line for standard error. The time stamp is not sent.
type LogRequest struct {
	Level   int32
	Message string
}

func (m *LogRequest) fields(c *codec) {
	c.int32(1, &m.Level)
	c.string(3, &m.Message)
}

// Any is google.protobuf.Any.
type Any struct {
	TypeURL string
	Value   []byte
}

func (m *Any) fields(c *codec) {
	c.string(1, &m.TypeURL)
	c.raw(2, &m.Value)
}

// Payload is the parameter and the result of the methods of these tests.
type Payload struct {
	Text   string
	Number int32
}

func (m *Payload) fields(c *codec) {
	c.string(1, &m.Text)
	c.int32(2, &m.Number)
}

const payloadURL = "type.googleapis.com/test.v1.Payload"

// Wrap gives the bytes of an Any that has the payload in it.
func Wrap(p Payload) []byte { return Encode(&Any{payloadURL, Encode(&p)}) }

// Unwrap reads them.
func Unwrap(bytes []byte) (Payload, error) {
	var any Any
	var p Payload
	if err := Decode(bytes, &any); err != nil {
		return p, err
	}
	if any.TypeURL != payloadURL {
		return p, fmt.Errorf("%w: an Any of %q", ErrMalformed, any.TypeURL)
	}
	return p, Decode(any.Value, &p)
}
