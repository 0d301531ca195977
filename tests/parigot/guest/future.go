package guest

import (
	"fmt"
	"time"

	"parigot-opt/tests/parigot/wire"
)

// Future is the end of a call, which is still to come or has come already: a result or an error.
type Future struct {
	done    bool
	result  []byte // an Any
	err     wire.KernelErr
	success func(result []byte)
	failure func(wire.KernelErr)
	after   func()    // both
	expires time.Time // zero: never
}

// NewFuture is a future that whoever made it completes.
func NewFuture() *Future { return &Future{} }

// Done is a future that has come with a result.
func Done(result wire.Payload) *Future {
	f := NewFuture()
	f.Complete(result)
	return f
}

// Failed is a future that has come with an error.
func Failed(err wire.KernelErr) *Future {
	f := NewFuture()
	f.Fail(err)
	return f
}

// Complete gives the future its result; a future that has ended stays as it is.
func (f *Future) Complete(result wire.Payload) { f.end(Wrap(result), wire.NoError) }

// Fail ends the future with an error.
func (f *Future) Fail(err wire.KernelErr) { f.end(nil, err) }

// Success says what to do with the result; at once if it is there.
func (f *Future) Success(do func(result wire.Payload)) *Future {
	return f.SuccessRaw(func(result []byte) { do(Unwrap(result)) })
}

// SuccessRaw is Success for results that are not a Payload.
func (f *Future) SuccessRaw(do func(result []byte)) *Future {
	if f.success = do; f.done && f.err == wire.NoError {
		do(f.result)
	}
	return f
}

// Failure says what to do with an error; at once if it is there.
func (f *Future) Failure(do func(wire.KernelErr)) *Future {
	if f.failure = do; f.done && f.err != wire.NoError {
		do(f.err)
	}
	return f
}

// EndRaw ends the future with an Any, or with an error if that is not 0.
func (f *Future) EndRaw(result []byte, err wire.KernelErr) { f.end(result, err) }

func (f *Future) end(result []byte, err wire.KernelErr) {
	if f.done {
		return
	}
	f.done, f.result, f.err = true, result, err
	if err == wire.NoError && f.success != nil {
		f.success(result)
	} else if err != wire.NoError && f.failure != nil {
		f.failure(err)
	}
	if f.after != nil {
		f.after()
	}
}

// Steps does one thing after the other: each when the future of the one before has ended, in whichever way. What a step says
// about its own future comes first.
func Steps(steps ...func() *Future) {
	if len(steps) == 0 {
		return
	}
	f := steps[0]()
	next := func() { Steps(steps[1:]...) }
	if f == nil || f.done {
		next()
	} else {
		f.after = next
	}
}

// Print says on standard output how a call ended.
func (f *Future) Print(what string) *Future {
	return f.Success(func(p wire.Payload) { fmt.Printf("%s: %q %d\n", what, p.Text, p.Number) }).
		Failure(func(code wire.KernelErr) { fmt.Printf("%s: error %d\n", what, code) })
}

// Wrap puts a payload into an Any.
func Wrap(payload wire.Payload) []byte {
	return wire.Encode(&wire.Any{TypeURL: wire.PayloadURL, Value: wire.Encode(&payload)})
}

// Unwrap is the payload in an Any. No Any at all is an empty payload.
func Unwrap(bytes []byte) (payload wire.Payload) {
	var any wire.Any
	if err := wire.Decode(bytes, &any); err != nil {
		panic(err)
	}
	if any.TypeURL != wire.PayloadURL && bytes != nil {
		panic("expected " + wire.PayloadURL + ", got " + any.TypeURL)
	}
	if err := wire.Decode(any.Value, &payload); err != nil {
		panic(err)
	}
	return payload
}
