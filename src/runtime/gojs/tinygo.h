// What the fronts for TinyGo have in common. TinyGo's `int` and its lengths have 4 bytes, a reference has 8. Versions
// differ in how they pass references (see tinygo_values.cpp and tinygo_addresses.cpp), and in their clock.

#ifndef parigot_runtime_gojs_tinygo_h
#define parigot_runtime_gojs_tinygo_h

#include "calls.h"

namespace gojs {

using Ref = uint64_t;

// Defines a function that a front exports under the name that TinyGo imports.
#define EXPORT(name) extern "C" __attribute__((export_name(name)))

namespace tinygo {

void finalize(Ref ref);
Ref get(Ref of, Slice name);
void set(Ref of, Slice name, Ref value);
void remove(Ref of, Slice name);
Ref element(Ref of, int32_t index);
void setElement(Ref of, int32_t index, Ref value);
uint32_t length(Ref of);
bool instanceOf(Ref value, Ref constructor);

// syscall/js.valueCall, valueInvoke and valueNew: they write (ref@0, ok u8@8) to the address `result`.
void call(Address result, Ref of, Slice name, Address arguments, uint32_t count);
void invoke(Address result, Ref function, Address arguments, uint32_t count);
void construct(Address result, Ref constructor, Address arguments, uint32_t count);

// syscall/js.valuePrepareString: writes (ref@0, length i32@8) to the address `result`.
void prepare(Address result, Ref value);
void load(Ref text, Slice to);

// syscall/js.copyBytesToGo and copyBytesToJS: they write (copied i32@0, ok u8@4) to the address `result`.
void copyToGo(Address result, Slice to, Ref from);
void copyToJs(Address result, Ref to, Slice from);

// Arms the wake-up for `nanoseconds` from now, unless it is already armed for an earlier time. There is only one.
void wakeUpIn(uint64_t nanoseconds);

// Checks a slice that an import gets.
Slice slice(Address start, uint32_t size);

} // namespace tinygo

} // namespace gojs

#endif // parigot_runtime_gojs_tinygo_h
