// What the functions of syscall/js do to values. For the objects that the runtime has, they do what JavaScript does
// (Reflect.get, Reflect.apply, ...). An operation that needs more of JavaScript ends the program with a message that
// has the property and the object.

#ifndef parigot_runtime_gojs_operations_h
#define parigot_runtime_gojs_operations_h

#include "objects.h"

namespace gojs {

Value getProperty(const Value& of, Text name);
bool hasOwnProperty(Object& of, Text name);
void setProperty(const Value& of, Text name, const Value& value);
void deleteProperty(const Value& of, Text name);

// The element of an array or a Uint8Array. Elements beyond the end are undefined.
Value getElement(const Value& of, int64_t index);
void setElement(const Value& of, int64_t index, const Value& value);
int64_t lengthOf(const Value& of);

Outcome callMethod(const Value& of, Text name, Arguments arguments);
Outcome invoke(const Value& function, const Value& self, Arguments arguments);
Outcome construct(const Value& constructor, Arguments arguments);
bool isInstance(const Value& value, const Value& constructor);

// The byte that a value becomes as an element of a Uint8Array.
uint8_t toByte(const Value& value);

// JavaScript's String(value). The result is a string.
Value toString(const Value& value);

} // namespace gojs

#endif // parigot_runtime_gojs_operations_h
