// What objects without properties of that name have of Object.prototype: those of the program, global, and others that
// may have any property. Arrays and the like have functions of their own under these names, which are not served.

#include "globals.h"
#include "needs_javascript.h"
#include "operations.h"

namespace gojs {

namespace {

// hasOwnProperty(name), and propertyIsEnumerable, which is the same for what is a program's.
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

// It is there; whatever is done with it ends the program.
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

// Functions that are there, and of no use without prototypes.
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
