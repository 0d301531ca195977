// The properties that an object has for itself, in the order of JavaScript.

#ifndef parigot_runtime_gojs_object_keys_h
#define parigot_runtime_gojs_object_keys_h

#include "objects.h"

namespace gojs {

struct Key {
  Value name, value;
};

// Of an object of the program's, an array or a Uint8Array: names that are indices first, by number, then others as they
// were set. False of what is none of these.
bool keysOf(const Value& of, List<Key>& keys);

} // namespace gojs

#endif // parigot_runtime_gojs_object_keys_h
