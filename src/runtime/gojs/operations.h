// What the functions of syscall/js do to values, as JavaScript does it (Reflect.get, Reflect.apply, ...), for the
// objects that there are. Whatever would need more of JavaScript ends the program, and says which property of which
// object it was.

#ifndef parigot_runtime_gojs_operations_h
#define parigot_runtime_gojs_operations_h

#include "objects.h"

namespace gojs {

Value getProperty(const Value& of, Text name);
bool hasOwnProperty(Object& of, Text name);
void setProperty(const Value& of, Text name, const Value& value);
void deleteProperty(const Value& of, Text name);

// Of arrays and Uint8Arrays; beyond the end is undefined.
Value getElement(const Value& of, int64_t index);
void setElement(const Value& of, int64_t index, const Value& value);
int64_t lengthOf(const Value& of);

Outcome callMethod(const Value& of, Text name, Arguments arguments);
Outcome invoke(const Value& function, const Value& self, Arguments arguments);
Outcome construct(const Value& constructor, Arguments arguments);
bool isInstance(const Value& value, const Value& constructor);

// What an element of a Uint8Array becomes.
uint8_t toByte(const Value& value);

// String(value): a string.
Value toString(const Value& value);

} // namespace gojs

#endif // parigot_runtime_gojs_operations_h
