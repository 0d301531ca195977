// The properties of objects, as data that is looked up by name.

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

// A property that is a number. Interfaces with many constants have a second list of these, beside their members.
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
  // Whether a property that is not listed is undefined. That is so if the object has no others in Node, or if it may
  // have any. Otherwise such a property ends the program.
  bool othersAreUndefined = false;
  bool hasPrototype = true;            // if othersAreUndefined: the object has the properties of Object.prototype
  Value (*other)(Text name) = nullptr; // if not null: gives further properties, or undefined

  const Member* find(Text name) const; // among the object's own; null if there is none
  const NumberMember* findNumber(Text name) const;
};

// Finds the member of that name among those of the object, and then among those of Object.prototype if the object has
// them. `of` becomes the interface that the member is in. Null if there is none.
const Member* findMember(const Object& object, Text name, const Interface*& of);

// The interface of the object's kind. Strings have one, too, without properties that Go could ask for.
const Interface& interfaceOf(const Object& object);

// The value of a member that is a function. It is always the same one.
Value functionOf(const Interface& interface, const Member& member);

template<size_t n> constexpr uint32_t countOf(const Member (&)[n]) { return n; }
template<size_t n> constexpr uint32_t countOf(const NumberMember (&)[n]) { return n; }

} // namespace gojs

#endif // parigot_runtime_gojs_interface_h
