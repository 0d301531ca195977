// What properties objects have: data, looked up by name.

#ifndef parigot_runtime_gojs_interface_h
#define parigot_runtime_gojs_interface_h

#include "objects.h"

namespace gojs {

struct Interface;

struct Member {
  using Method = Outcome (*)(const Value& self, Arguments arguments);
  using Getter = Value (*)(Object& of);

  Text name;
  Getter get = nullptr;               // a property; the others are null
  Method call = nullptr;              // a function; null where only `construct` is served
  Method construct = nullptr;         // of a constructor: `new`, with an undefined self
  Kind instances = Kind::plain;       // of a constructor: what `instanceof` is true for
  const Interface* statics = nullptr; // of a constructor: its own functions
};

// Beside members, numbers: constants that are many.
struct NumberMember {
  Text name;
  int32_t number;
};

struct Interface {
  Text name; // in messages: "<property> on <name>"
  const Member* members = nullptr;
  uint32_t memberCount = 0;
  const NumberMember* numbers = nullptr;
  uint32_t numberCount = 0;
  // What a property is that is not listed: undefined, where the lists are all that the object has in Node, or where it
  // may have any; else it ends the program.
  bool othersAreUndefined = false;
  bool hasPrototype = true;            // has, in that case, what is on Object.prototype
  Value (*other)(Text name) = nullptr; // asked before that, if not null; undefined: it does not know either

  const Member* find(Text name) const; // of the object's own
  const NumberMember* findNumber(Text name) const;
};

// The member of that name, or of Object.prototype where the object has what is there; `of` becomes the one that it is
// in. Null if there is none.
const Member* findMember(const Object& object, Text name, const Interface*& of);

// Of the object's kind; of strings too, which have no properties that Go could ask for.
const Interface& interfaceOf(const Object& object);

// The value of a member that is a function: always the same one.
Value functionOf(const Interface& interface, const Member& member);

template<size_t n> constexpr uint32_t countOf(const Member (&)[n]) { return n; }
template<size_t n> constexpr uint32_t countOf(const NumberMember (&)[n]) { return n; }

} // namespace gojs

#endif // parigot_runtime_gojs_interface_h
