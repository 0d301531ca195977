// The own properties of an object, in the order of JavaScript.

#ifndef parigot_runtime_gojs_object_keys_h
#define parigot_runtime_gojs_object_keys_h

#include "objects.h"

namespace gojs {

struct Key {
  Value name, value;
};

// Lists the own properties of an object that the program made, an array, or a Uint8Array. Names that are indices come
// first, by number, then the others in the order in which they were set. False: the value is none of these.
bool keysOf(const Value& of, List<Key>& keys);

} // namespace gojs

#endif // parigot_runtime_gojs_object_keys_h
