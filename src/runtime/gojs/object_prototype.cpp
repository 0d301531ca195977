// The properties of Object.prototype. Objects that the program made have them, and so do global and others that may
// have any property, unless they have an own property of that name. Arrays and the like have other functions under
// these names, which are not served.

#include "globals.h"
#include "needs_javascript.h"
#include "operations.h"

namespace gojs {

namespace {

// hasOwnProperty(name), and propertyIsEnumerable(name), which is the same for properties that a program set.
Outcome hasOwn(const Value& self, Arguments arguments) {
  auto* object = self.object();
  if (!object || object->kind == Kind::string) {
    needsJavaScript("hasOwnProperty", "what is no object");
  }
  Value name = toString(arguments[0]);
  return Value::boolean(hasOwnProperty(*object, asString(name)->text()));
}

Outcome describe(const Value& self, Arguments) {
  return self.object() == &globalObject ? string("[object global]") : toString(self);
}

Outcome valueOf(const Value& self, Arguments) { return self; }

Value constructor(Object& object) {
  if (object.kind != Kind::plain && object.kind != Kind::builtin) {
    needsJavaScript("constructor", interfaceOf(object).name);
  }
  return getProperty(Value(&globalObject), "Object");
}

// The property exists; every use of its value ends the program.
Value prototype(Object&) {
  static Value made;
  if (made.isUndefined()) {
    auto* object = make<Unserved>();
    object->name = "Object.prototype";
    object->isPlain = true;
    made = Value(object);
  }
  return made;
}

// Functions that exist, and end the program when they are called: they are of no use without prototypes.
Outcome isPrototypeOf(const Value&, Arguments) { needsJavaScript("isPrototypeOf", "an object"); }
Outcome accessors(const Value&, Arguments) { needsJavaScript("getters and setters", "an object"); }

constexpr Member members[] = {
  {.name = "hasOwnProperty", .call = hasOwn},
  {.name = "propertyIsEnumerable", .call = hasOwn},
  {.name = "toString", .call = describe},
  {.name = "toLocaleString", .call = describe},
  {.name = "valueOf", .call = valueOf},
  {.name = "constructor", .get = constructor},
  {.name = "__proto__", .get = prototype},
  {.name = "isPrototypeOf", .call = isPrototypeOf},
  {.name = "__defineGetter__", .call = accessors},
  {.name = "__defineSetter__", .call = accessors},
  {.name = "__lookupGetter__", .call = accessors},
  {.name = "__lookupSetter__", .call = accessors},
};

} // namespace

const Interface objectPrototype = {
  .name = "an object", .members = members, .memberCount = countOf(members), .othersAreUndefined = true};

} // namespace gojs
