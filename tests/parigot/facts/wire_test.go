package facts_test

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/dynamicpb"

	"parigot-opt/tests/parigot/facts"
	"parigot-opt/tests/parigot/wire"
)

// The Go guests' messages: every field, written by their package and read by protobuf's own implementation with the listing's
// descriptors, and the other way round.

// inGo says which message of the listing a type of ../wire is, and which field each of its members.
var inGo = []struct {
	message string
	zero    wire.Message
	members string
}{
	{"protosupport.v1.IdRaw", &wire.ID{}, "High:high Low:low"},
	{"google.protobuf.Any", &wire.Any{}, "TypeURL:type_url Value:value"},
	{"syscall.v1.MethodBundle", &wire.Bundle{}, "Host:host_id Service:service_id Method:method_id Call:call_id"},
	{"syscall.v1.MethodBinding", &wire.Binding{}, "Name:method_name Method:method_id"},
	{"syscall.v1.FullyQualifiedService", &wire.Name{}, "Package:package_path Service:service"},
	{"syscall.v1.ExitPair", &wire.ExitPair{}, "Service:service_id Code:code"},
	{"syscall.v1.ResolvedCall", &wire.ResolvedCall{}, "Host:host_id Call:call_id Method:method_id Result:result Err:result_error"},
	{"syscall.v1.RegisterRequest", &wire.RegisterRequest{}, "Host:host_id DebugName:debug_name"},
	{"syscall.v1.RegisterResponse", &wire.RegisterResponse{}, "Service:service_id ExistedPreviously:existed_previously"},
	{"syscall.v1.ExportRequest", &wire.ExportRequest{}, "Service:service_id Names:service Host:host_id"},
	{"syscall.v1.ExportResponse", &wire.Empty{}, ""},
	{"syscall.v1.RequireRequest", &wire.RequireRequest{}, "Names:dest Source:source"},
	{"syscall.v1.RequireResponse", &wire.Empty{}, ""},
	{"syscall.v1.BindMethodRequest", &wire.BindMethodRequest{}, "Host:host_id Service:service_id Method:method_name Direction:direction"},
	{"syscall.v1.BindMethodResponse", &wire.BindMethodResponse{}, "Method:method_id"},
	{"syscall.v1.LaunchRequest", &wire.LaunchRequest{}, "Service:service_id Call:call_id Host:host_id Method:method_id"},
	{"syscall.v1.LaunchResponse", &wire.Empty{}, ""},
	{"syscall.v1.LocateRequest", &wire.LocateRequest{}, "Package:package_name Service:service_name CalledBy:called_by"},
	{"syscall.v1.LocateResponse", &wire.LocateResponse{}, "Host:host_id Service:service_id Bindings:binding"},
	{"syscall.v1.DispatchRequest", &wire.DispatchRequest{}, "Bundle:bundle Param:param"},
	{"syscall.v1.DispatchResponse", &wire.DispatchResponse{}, "Call:call_id TargetHost:target_host_id"},
	{"syscall.v1.ReadOneRequest", &wire.ReadOneRequest{}, "TimeoutMillis:timeout_in_millis Host:host_id"},
	{"syscall.v1.ReadOneResponse", &wire.ReadOneResponse{},
		"Timeout:timeout Bundle:bundle Param:param_or_result Err:result_err Resolved:resolved Exit:exit"},
	{"syscall.v1.ReturnValueRequest", &wire.ReturnValueRequest{}, "Bundle:bundle Result:result Err:result_error"},
	{"syscall.v1.ReturnValueResponse", &wire.Empty{}, ""},
	{"syscall.v1.ExitRequest", &wire.ExitRequest{}, "Pair:pair Call:call_id Host:host_id Method:method_id ShutdownAll:shutdown_all"},
	{"syscall.v1.ExitResponse", &wire.ExitResponse{}, "Pair:pair"},
}

func load(t *testing.T) *facts.Listing {
	t.Helper()
	listing, err := facts.Load()
	if err != nil {
		t.Fatal(err)
	}
	return listing
}

// lab makes messages of the listing with values that are all different.
type lab struct {
	listing *facts.Listing
	types   *protoregistry.Files
	next    int
}

func newLab(t *testing.T) *lab {
	listing := load(t)
	types, err := listing.Descriptors()
	if err != nil {
		t.Fatal(err)
	}
	return &lab{listing: listing, types: types}
}

func (l *lab) new(name string) *dynamicpb.Message {
	descriptor, err := l.types.FindDescriptorByName(protoreflect.FullName(name))
	if err != nil {
		panic(err)
	}
	return dynamicpb.NewMessage(descriptor.(protoreflect.MessageDescriptor))
}

func (l *lab) fill(message protoreflect.Message, field protoreflect.FieldDescriptor) {
	if field.IsList() {
		list := message.Mutable(field).List()
		for range 2 {
			list.Append(l.value(field, list.NewElement()))
		}
		return
	}
	message.Set(field, l.value(field, message.NewField(field)))
}

func (l *lab) value(field protoreflect.FieldDescriptor, zero protoreflect.Value) protoreflect.Value {
	l.next++
	switch field.Kind() {
	case protoreflect.MessageKind:
		for i := range field.Message().Fields().Len() {
			l.fill(zero.Message(), field.Message().Fields().Get(i))
		}
		return zero
	case protoreflect.StringKind:
		return protoreflect.ValueOfString(fmt.Sprint("text ", l.next))
	case protoreflect.BytesKind:
		return protoreflect.ValueOfBytes(fmt.Append(nil, "bytes ", l.next))
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(true)
	case protoreflect.EnumKind:
		return protoreflect.ValueOfEnum(protoreflect.EnumNumber(1 + l.next%3))
	case protoreflect.Int32Kind:
		return protoreflect.ValueOfInt32(int32(-1000 - l.next)) // below 0, which takes ten bytes
	case protoreflect.Uint64Kind:
		return protoreflect.ValueOfUint64(1<<63 | uint64(l.next))
	}
	panic("a field of type " + field.Kind().String())
}

// assign gives a value of ../wire what a message of the listing has.
func assign(to reflect.Value, from protoreflect.Value, field protoreflect.FieldDescriptor) {
	switch {
	case field.IsList():
		to.Set(reflect.MakeSlice(to.Type(), from.List().Len(), from.List().Len()))
		for i := range to.Len() {
			assignMessage(to.Index(i), from.List().Get(i).Message())
		}
	case to.Type() == reflect.TypeFor[[]byte]():
		if field.Kind() == protoreflect.MessageKind {
			to.SetBytes(marshal(from.Message().Interface()))
		} else {
			to.SetBytes(from.Bytes())
		}
	case to.Kind() == reflect.Pointer:
		to.Set(reflect.New(to.Type().Elem()))
		assignMessage(to.Elem(), from.Message())
	case to.Kind() == reflect.Struct:
		assignMessage(to, from.Message())
	case field.Kind() == protoreflect.EnumKind:
		to.SetInt(int64(from.Enum()))
	default:
		to.Set(reflect.ValueOf(from.Interface()))
	}
}

func assignMessage(to reflect.Value, from protoreflect.Message) {
	members := ""
	for _, entry := range inGo {
		if entry.message == string(from.Descriptor().FullName()) {
			members = entry.members
		}
	}
	from.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		assign(member(to, members, string(field.Name())), value, field)
		return true
	})
}

// member is the one that is this field.
func member(of reflect.Value, members, field string) reflect.Value {
	for _, pair := range strings.Fields(members) {
		if name, which, _ := strings.Cut(pair, ":"); which == field {
			return of.FieldByName(name)
		}
	}
	return reflect.Value{}
}

func marshal(message proto.Message) []byte {
	bytes, err := proto.MarshalOptions{Deterministic: true}.Marshal(message)
	if err != nil {
		panic(err)
	}
	return bytes
}

func TestGoMessages(t *testing.T) {
	l := newLab(t)
	covered := map[string]bool{}
	for _, entry := range inGo {
		message := l.listing.Message(entry.message)
		covered[entry.message] = true
		if count := reflect.TypeOf(entry.zero).Elem().NumField(); count != len(message.Fields) {
			// DispatchRequest's second field, for instance, went away.
			t.Errorf("%s (%s): expected %d fields, actual %d", message.Name, message.Source, len(message.Fields), count)
		}
		for _, field := range message.Fields {
			t.Run(strings.TrimPrefix(message.Name, "syscall.v1.")+"."+field.Name, func(t *testing.T) {
				from := l.new(message.Name)
				descriptor := from.Descriptor().Fields().ByName(protoreflect.Name(field.Name))
				l.fill(from, descriptor)
				expected := reflect.New(reflect.TypeOf(entry.zero).Elem())
				to := member(expected.Elem(), entry.members, field.Name)
				if !to.IsValid() {
					t.Fatalf("%s.%s (%s): expected field %d, actual none", message.Name, field.Name, field.Source, field.Number)
				}
				assign(to, from.Get(descriptor), descriptor)

				actual := wire.Encode(expected.Interface().(wire.Message))
				if !bytes.Equal(actual, marshal(from)) {
					number, kind, _ := protowire.ConsumeTag(actual)
					t.Errorf("%s.%s (%s): written as: expected field %d, % x, actual field %d of wire type %d, % x",
						message.Name, field.Name, field.Source, field.Number, marshal(from), number, kind, actual)
				}
				read := reflect.New(expected.Type().Elem())
				if err := wire.Decode(marshal(from), read.Interface().(wire.Message)); err != nil || !reflect.DeepEqual(read.Interface(), expected.Interface()) {
					t.Errorf("%s.%s (%s): read from field %d: expected %q, actual %q (%v)",
						message.Name, field.Name, field.Source, field.Number, fmt.Sprintf("%+v", expected.Elem()), fmt.Sprintf("%+v", read.Elem()), err)
				}
			})
		}
	}
	for _, call := range l.listing.Calls {
		for _, name := range []string{call.Request, call.Response} {
			if !covered[name] {
				t.Errorf("%s of %s (%s) is not compared", name, call.Name, call.Source)
			}
		}
	}
}

func TestGoIDs(t *testing.T) {
	listing := load(t)
	for name, actual := range map[string]wire.ID{"LaunchMethod": wire.LaunchMethod, "ExitMethod": wire.ExitMethod} {
		t.Run(name, func(t *testing.T) { sameID(t, listing.ID(name), uint64(actual.High), uint64(actual.Low)) })
	}
	// Ids that mean nothing.
	for _, id := range listing.IDs {
		for _, form := range []string{"ZeroValue", "EmptyValue"} {
			if strings.HasSuffix(id.Name, form) {
				t.Run(id.Name, func(t *testing.T) {
					if (wire.ID{High: uint64(id.High), Low: uint64(id.Low)}).IsSet() {
						t.Errorf("%s (%s): expected an id that is not set, actual one that is", id.Name, id.Source)
					}
				})
			}
		}
	}
	for _, kind := range []string{"Host", "Service", "Method", "Call"} {
		t.Run(kind+"Id.Letter", func(t *testing.T) {
			letter := listing.Number(kind + "Id.Letter")
			if actual := wire.NewID(byte(letter.Value), ^uint64(0), 1); actual.High>>56 != uint64(letter.Value) || !actual.IsA(byte(letter.Value)) {
				t.Errorf("%s (%s): expected %#x, actual %#x", letter.Name, letter.Source, letter.Value, actual.High>>56)
			}
		})
	}
}

func sameID(t *testing.T, expected facts.ID, high, low uint64) {
	t.Helper()
	if high != uint64(expected.High) || low != uint64(expected.Low) {
		t.Errorf("%s (%s): expected %#016x %#016x, actual %#016x %#016x", expected.Name, expected.Source, expected.High, expected.Low, high, low)
	}
}
