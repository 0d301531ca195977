#include "operations.h"

#include "bytes.h"
#include "globals.h"
#include "needs_javascript.h"
#include "number.h"
#include "runtime.h"
#include "state.h"

namespace gojs {

namespace {

// Describes a value that is no object, for messages.
Text describe(const Value& value) {
  if (value.isUndefined()) {
    return "undefined";
  }
  if (value.isNull()) {
    return "null";
  }
  if (value.isBoolean()) {
    return "a boolean";
  }
  return value.isString() ? "a string" : "a number";
}

// The object that an operation on a property works on. Go checks that the value is an object before it asks, so no
// known program passes anything else: that ends the program.
Object& objectOf(const Value& value, Text name) {
  auto* object = value.object();
  if (!object || object->kind == Kind::string) {
    needsJavaScript(name, describe(value));
  }
  if (object->kind == Kind::unserved) {
    needsJavaScript(static_cast<Unserved*>(object)->name, "global");
  }
  return *object;
}

// The properties that a program may set on an object. Null: it may set none.
Properties* ownProperties(Object& object) {
  if (object.kind == Kind::plain) {
    return &static_cast<Plain&>(object).properties;
  }
  return object.kind == Kind::builtin ? &static_cast<Builtin&>(object).own : nullptr;
}

bool isIndex(int64_t index) { return index >= 0 && index < int64_t(UINT32_MAX); }

} // namespace

Value getProperty(const Value& of, Text name) {
  auto& object = objectOf(of, name);
  if (auto* own = ownProperties(object)) {
    if (auto* found = own->find(name)) {
      return *found;
    }
  }
  const Interface* in;
  if (auto* member = findMember(object, name, in)) {
    return member->get ? member->get(object) : functionOf(*in, *member);
  }
  auto& interface = interfaceOf(object);
  if (auto* number = interface.findNumber(name)) {
    return Value(double(number->number));
  }
  Value other = interface.other ? interface.other(name) : Value();
  if (other.isUndefined() && !interface.othersAreUndefined) {
    needsJavaScript(name, interface.name);
  }
  return other;
}

bool hasOwnProperty(Object& object, Text name) {
  auto* own = ownProperties(object);
  if (own && own->find(name)) {
    return true;
  }
  auto& interface = interfaceOf(object);
  return interface.find(name) || interface.findNumber(name) ||
         (interface.other && !interface.other(name).isUndefined());
}

void setProperty(const Value& of, Text name, const Value& value) {
  auto& object = objectOf(of, name);
  if (&object == &goObject && name == "_pendingEvent") {
    state().events.pending = value;
  } else if (object.kind == Kind::event && name == "result") {
    static_cast<Event&>(object).result = value;
  } else if (auto* own = ownProperties(object); own && !(name == "__proto__")) {
    own->set(string(name), value);
  } else {
    needsJavaScript(name, interfaceOf(object).name);
  }
}

void deleteProperty(const Value& of, Text name) {
  auto& object = objectOf(of, name);
  auto* own = ownProperties(object);
  if (!own || (!own->find(name) && interfaceOf(object).find(name))) {
    needsJavaScript(name, interfaceOf(object).name);
  }
  own->remove(name);
}

Value getElement(const Value& of, int64_t index) {
  if (auto* array = asArray(of)) {
    return index >= 0 && index < array->items.size() ? array->items[uint32_t(index)] : Value();
  }
  if (auto* bytes = asBytes(of)) {
    if (index < 0 || index >= bytes->length) {
      return {};
    }
    uint32_t stored;
    auto* at = state().buffers.toRead(*bytes, uint32_t(index), uint32_t(index) + 1, stored);
    return Value(double(stored ? *at : 0));
  }
  Characters name;
  appendNumber(name, double(index));
  return getProperty(of, name);
}

// ECMAScript's ToUint8, for numbers only.
uint8_t toByte(const Value& value) {
  double number = value.number();
  if (!(number > -9.2e18 && number < 9.2e18)) {
    return 0; // infinite, NaN, or a multiple of 256
  }
  return uint8_t(int64_t(number));
}

void setElement(const Value& of, int64_t index, const Value& value) {
  if (auto* array = asArray(of); array && isIndex(index)) {
    if (index >= array->items.size()) {
      array->items.resize(uint64_t(index) + 1);
    }
    array->items[uint32_t(index)] = value;
    return;
  }
  if (auto* bytes = asBytes(of)) {
    if (index >= 0 && index < bytes->length) {
      state().buffers.set(*bytes, uint32_t(index), toByte(value));
    }
    return;
  }
  Characters name;
  appendNumber(name, double(index));
  setProperty(of, name, value);
}

int64_t lengthOf(const Value& of) {
  if (auto* array = asArray(of)) {
    return array->items.size();
  }
  if (auto* bytes = asBytes(of)) {
    return bytes->length;
  }
  Value length = getProperty(of, "length");
  if (!length.isNumber()) {
    needsJavaScript("length", interfaceOf(*of.object()).name);
  }
  return int64_t(length.number());
}

Outcome callMethod(const Value& of, Text name, Arguments arguments) {
  // The result is a TypeError. Go turns it into a panic with a more detailed message.
  if (!of.object() || of.isString()) {
    return thrown({}, "a method of what is no object is called");
  }
  auto& object = objectOf(of, name);
  auto* own = ownProperties(object);
  auto* set = own ? own->find(name) : nullptr;
  if (set) {
    return invoke(*set, of, arguments);
  }
  const Interface* in;
  auto* member = findMember(object, name, in);
  if (member && member->call) {
    return member->call(of, arguments);
  }
  if (member && member->get) {
    return invoke(member->get(object), of, arguments);
  }
  if (object.kind == Kind::plain) {
    return thrown({}, "a property that is no function is called");
  }
  needsJavaScript(name, interfaceOf(object).name);
}

Outcome invoke(const Value& function, const Value& self, Arguments arguments) {
  if (auto* unserved = function.object(Kind::unserved)) {
    needsJavaScript(static_cast<Unserved*>(unserved)->name, "global");
  }
  auto* called = as<Function>(function, Kind::function);
  if (!called) {
    return thrown({}, "what is no function is called");
  }
  if (called->goId) {
    return state().events.enter(called->goId, self, arguments);
  }
  if (called->native) {
    return called->native(called->bound, arguments);
  }
  if (!called->member->call) {
    needsJavaScript(called->member->name, called->of->name);
  }
  return called->member->call(self, arguments);
}

Outcome construct(const Value& constructor, Arguments arguments) {
  if (auto* unserved = constructor.object(Kind::unserved)) {
    needsJavaScript(static_cast<Unserved*>(unserved)->name, "global");
  }
  auto* called = as<Function>(constructor, Kind::function);
  if (!called) {
    return thrown({}, "what is no constructor is called with new");
  }
  if (!called->member || !called->member->construct) {
    needsJavaScript("new", !called->member ? Text("a function") : called->member->name);
  }
  return called->member->construct({}, arguments);
}

bool isInstance(const Value& value, const Value& constructor) {
  auto* function = as<Function>(constructor, Kind::function);
  if (!function || !function->member || !function->member->construct) {
    needsJavaScript("instanceof", function && function->member ? function->member->name : describe(constructor));
  }
  auto* object = value.object();
  if (!object || object->kind == Kind::string) {
    return false;
  }
  auto* error = as<Error>(value, Kind::error);
  if (error && function->member->instances == Kind::error) {
    return function->member->name == "Error" || function->member->name == error->name;
  }
  // Every object is an instance of Object (Kind::plain).
  return function->member->instances == Kind::plain || object->kind == function->member->instances;
}

Value toString(const Value& value) {
  if (value.isString()) {
    return value;
  }
  if (value.isNumber()) {
    Characters digits;
    appendNumber(digits, value.number());
    return string(digits);
  }
  if (value.isBoolean()) {
    return string(value.isTrue() ? Text("true") : Text("false"));
  }
  if (value.isNothing()) {
    return string(describe(value));
  }
  if (auto* error = as<Error>(value, Kind::error)) {
    Characters text;
    text << error->name << ": " << asString(error->message)->text();
    return string(text);
  }
  if (value.object(Kind::plain)) {
    return string("[object Object]");
  }
  auto& object = objectOf(value, "toString");
  needsJavaScript("toString", interfaceOf(object).name);
}

} // namespace gojs
