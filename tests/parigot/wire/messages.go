package wire

// KernelErr is what a kernel call leaves at err_ptr, and what a call can fail with.
type KernelErr = int32

const (
	NoError           KernelErr = 0
	UnmarshalFailed   KernelErr = 2
	NotFound          KernelErr = 5
	DataTooLarge      KernelErr = 6
	CallerUnavailable KernelErr = 8
	DependencyCycle   KernelErr = 11
	RunTimeout        KernelErr = 29
	ReadOneTimeout    KernelErr = 30
)

// Capacity is the size of the out buffer of every kernel call, in bytes.
const Capacity = 4096

// ID names a host, a service, a method or a call; its letter is in the top byte of High.
type ID struct{ High, Low uint64 }

const idBits = 1<<48 - 1

// NewID gives an id of these (random) bits.
func NewID(letter byte, high, low uint64) ID {
	return ID{uint64(letter)<<56 | high&(1<<56-1), low}
}

// LaunchMethod and ExitMethod are what stands for a method in a message about launching and exiting: parigot's
// api/shared/const.go:78 and 84, made by NewIdTyped of api/shared/id/id.go.
var (
	LaunchMethod = NewID('m', ^uint64(0), 0xfffffffffffffff0)
	ExitMethod   = NewID('m', ^uint64(0), 0xfffffffffffffff2)
)

// IsSet tells an id that means something from an empty or zero one.
func (id ID) IsSet() bool {
	empty := id.High&idBits == 0 && id.Low == 0
	zero := id.High&idBits == idBits && id.Low == ^uint64(0)
	return !empty && !zero
}

// IsA tells whether the id is set, and has this letter.
func (id ID) IsA(letter byte) bool { return id.IsSet() && byte(id.High>>56) == letter }

func (id *ID) fields(c *codec) {
	c.uint64(1, &id.High)
	c.uint64(2, &id.Low)
}

// Bundle is parigot's MethodBundle: which call this is. Host is the caller's.
type Bundle struct{ Host, Service, Method, Call ID }

func (m *Bundle) fields(c *codec) {
	c.id(1, &m.Host)
	c.id(2, &m.Service)
	c.id(3, &m.Method)
	c.id(4, &m.Call)
}

// Binding is parigot's MethodBinding.
type Binding struct {
	Name   string
	Method ID
}

func (m *Binding) fields(c *codec) {
	c.string(1, &m.Name)
	c.id(2, &m.Method)
}

// Name is parigot's FullyQualifiedService.
type Name struct{ Package, Service string }

func (m *Name) fields(c *codec) {
	c.string(1, &m.Package)
	c.string(2, &m.Service)
}

func (m Name) String() string { return m.Package + "." + m.Service }

// ExitPair says who is to exit with which code.
type ExitPair struct {
	Service ID
	Code    int32
}

func (m *ExitPair) fields(c *codec) {
	c.id(1, &m.Service)
	c.int32(2, &m.Code)
}

// Any is google.protobuf.Any. Within the messages below it stays bytes: the kernel does not look into it.
type Any struct {
	TypeURL string
	Value   []byte
}

func (m *Any) fields(c *codec) {
	c.string(1, &m.TypeURL)
	if c.encode && len(m.Value) == 0 {
		return
	}
	c.raw(2, &m.Value)
}

// ResolvedCall is the end of a call, on its way back to the caller.
type ResolvedCall struct {
	Host, Call, Method ID
	Result             []byte // an Any
	Err                KernelErr
}

func (m *ResolvedCall) fields(c *codec) {
	c.id(1, &m.Host)
	c.id(2, &m.Call)
	c.id(3, &m.Method)
	c.raw(4, &m.Result)
	c.int32(5, &m.Err)
}

// Empty is every response without fields.
type Empty struct{}

func (*Empty) fields(*codec) {}

type RegisterRequest struct {
	Host      ID
	DebugName string
}

func (m *RegisterRequest) fields(c *codec) {
	c.id(1, &m.Host)
	c.string(2, &m.DebugName)
}

type RegisterResponse struct {
	Service           ID
	ExistedPreviously bool
}

func (m *RegisterResponse) fields(c *codec) {
	c.id(1, &m.Service)
	c.bool(2, &m.ExistedPreviously)
}

type ExportRequest struct {
	Service ID
	Names   []Name
	Host    ID
}

func (m *ExportRequest) fields(c *codec) {
	c.id(1, &m.Service)
	repeated(c, 2, &m.Names)
	c.id(3, &m.Host)
}

type RequireRequest struct {
	Names  []Name
	Source ID
}

func (m *RequireRequest) fields(c *codec) {
	repeated(c, 1, &m.Names)
	c.id(2, &m.Source)
}

type BindMethodRequest struct {
	Host, Service ID
	Method        string
	Direction     int32
}

func (m *BindMethodRequest) fields(c *codec) {
	c.id(1, &m.Host)
	c.id(2, &m.Service)
	c.string(3, &m.Method)
	c.int32(4, &m.Direction)
}

type BindMethodResponse struct{ Method ID }

func (m *BindMethodResponse) fields(c *codec) { c.id(1, &m.Method) }

type LaunchRequest struct{ Service, Call, Host, Method ID }

func (m *LaunchRequest) fields(c *codec) {
	c.id(1, &m.Service)
	c.id(2, &m.Call)
	c.id(3, &m.Host)
	c.id(4, &m.Method)
}

// LaunchResult is what a launch resolves to, also one that failed: an Any of an empty LaunchResponse.
func LaunchResult() []byte {
	return Encode(&Any{TypeURL: LaunchResponseURL})
}

// ExitResult is what an exit resolves to: an Any of an ExitResponse.
func ExitResult(pair *ExitPair) []byte {
	return Encode(&Any{TypeURL: ExitResponseURL, Value: Encode(&ExitResponse{pair})})
}

// The types of those in an Any.
const (
	LaunchResponseURL = "type.googleapis.com/syscall.v1.LaunchResponse"
	ExitResponseURL   = "type.googleapis.com/syscall.v1.ExitResponse"
)

type LocateRequest struct {
	Package, Service string
	CalledBy         ID
}

func (m *LocateRequest) fields(c *codec) {
	c.string(1, &m.Package)
	c.string(2, &m.Service)
	c.id(3, &m.CalledBy)
}

type LocateResponse struct {
	Host, Service ID
	Bindings      []Binding
}

func (m *LocateResponse) fields(c *codec) {
	c.id(1, &m.Host)
	c.id(2, &m.Service)
	repeated(c, 3, &m.Bindings)
}

type DispatchRequest struct {
	Bundle *Bundle
	Param  []byte // an Any
}

func (m *DispatchRequest) fields(c *codec) {
	message(c, 1, &m.Bundle)
	c.raw(3, &m.Param)
}

type DispatchResponse struct{ Call, TargetHost ID }

func (m *DispatchResponse) fields(c *codec) {
	c.id(1, &m.Call)
	c.id(2, &m.TargetHost)
}

type ReadOneRequest struct {
	TimeoutMillis int32 // below 0 forever, 0 not at all
	Host          ID
}

func (m *ReadOneRequest) fields(c *codec) {
	c.int32(1, &m.TimeoutMillis)
	c.id(2, &m.Host)
}

// ReadOneResponse is one of: Timeout, a call (Bundle and Param), Resolved. With Resolved come an empty Bundle and an Exit, which
// is empty too, unless it is the call of an exit that was resolved.
type ReadOneResponse struct {
	Timeout  bool
	Bundle   *Bundle
	Param    []byte // an Any
	Err      KernelErr
	Resolved *ResolvedCall
	Exit     *ExitPair
}

func (m *ReadOneResponse) fields(c *codec) {
	c.bool(1, &m.Timeout)
	message(c, 2, &m.Bundle)
	c.raw(3, &m.Param)
	c.int32(4, &m.Err)
	message(c, 5, &m.Resolved)
	message(c, 6, &m.Exit)
}

type ReturnValueRequest struct {
	Bundle *Bundle
	Result []byte // an Any
	Err    KernelErr
}

func (m *ReturnValueRequest) fields(c *codec) {
	message(c, 1, &m.Bundle)
	c.raw(2, &m.Result)
	c.int32(3, &m.Err)
}

type ExitRequest struct {
	Pair               *ExitPair
	Call, Host, Method ID
	ShutdownAll        bool
}

func (m *ExitRequest) fields(c *codec) {
	message(c, 1, &m.Pair)
	c.id(2, &m.Call)
	c.id(3, &m.Host)
	c.id(4, &m.Method)
	c.bool(5, &m.ShutdownAll)
}

type ExitResponse struct{ Pair *ExitPair }

func (m *ExitResponse) fields(c *codec) { message(c, 1, &m.Pair) }

// Payload is the parameter and the result of the methods of these tests.
type Payload struct {
	Text   string
	Number int32
	Data   []byte
}

// PayloadURL is the type of a Payload in an Any.
const PayloadURL = "type.googleapis.com/test.v1.Payload"

func (m *Payload) fields(c *codec) {
	c.string(1, &m.Text)
	c.int32(2, &m.Number)
	if c.encode && len(m.Data) == 0 {
		return
	}
	c.raw(3, &m.Data)
}

// Size is how many bytes the encoded message takes.
func Size(m Message) int { return len(Encode(m)) }
