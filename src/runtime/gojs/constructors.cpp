// Object, Array, Uint8Array and Date, and what their instances have.

#include "bytes.h"
#include "globals.h"
#include "operations.h"
#include "runtime.h"
#include "state.h"

namespace gojs {

namespace {

// Whether a value that `new` gets is a length.
bool isLength(const Value& value) {
  double number = value.number();
  return number >= 0 && number <= UINT32_MAX && number == double(uint32_t(number));
}

} // namespace

Outcome newObject(const Value&, Arguments arguments) {
  if (arguments[0].object()) {
    return arguments[0];
  }
  return Value(make<Plain>());
}

// new Array(): a single number is the length of the array; other arguments become its elements.
Outcome newArray(const Value&, Arguments arguments) {
  auto* array = make<Array>();
  Value result(array);
  if (arguments.size == 1 && arguments[0].isNumber()) {
    if (!isLength(arguments[0])) {
      return thrown({}, "Invalid array length");
    }
    array->items.resize(uint64_t(arguments[0].number()));
    return result;
  }
  for (uint32_t i = 0; i < arguments.size; i++) {
    array->items.push(arguments[i]);
  }
  return result;
}

Outcome newBytes(const Value&, Arguments arguments) {
  auto& source = arguments[0];
  auto& buffers = state().buffers;
  if (auto* other = asBytes(source)) {
    auto* bytes = makeBytes(other->length);
    Value result(bytes);
    uint32_t stored;
    buffers.toRead(*other, 0, other->length, stored);
    auto* to = buffers.toWrite(*bytes, 0, stored);
    // The source is looked up only now, since making room may have moved it.
    memcpy(to, buffers.toRead(*other, 0, other->length, stored), stored);
    buffers.wrote(*bytes, stored);
    return result;
  }
  if (auto* array = asArray(source)) {
    auto* bytes = makeBytes(array->items.size());
    Value result(bytes);
    auto* to = buffers.toWrite(*bytes, 0, bytes->length);
    for (uint32_t i = 0; i < bytes->length; i++) {
      to[i] = toByte(array->items[i]);
    }
    buffers.wrote(*bytes, bytes->length);
    return result;
  }
  if (!source.isNothing() && !isLength(source)) {
    return thrown({}, "Invalid typed array length");
  }
  return Value(makeBytes(source.isNothing() ? 0 : uint32_t(source.number())));
}

Outcome newDate(const Value&, Arguments arguments) {
  auto* date = make<Date>();
  Value result(date);
  date->milliseconds = arguments.size && arguments[0].isNumber() ? arguments[0].number() : double(realtime() / 1000000);
  return result;
}

namespace {

Outcome newErrorOf(Text name, Arguments arguments) {
  auto* error = make<Error>();
  Value result(error);
  error->name = name;
  error->message = arguments[0].isUndefined() ? string("") : toString(arguments[0]);
  return result;
}

} // namespace

Outcome newError(const Value&, Arguments arguments) { return newErrorOf("Error", arguments); }
Outcome newTypeError(const Value&, Arguments arguments) { return newErrorOf("TypeError", arguments); }
Outcome newRangeError(const Value&, Arguments arguments) { return newErrorOf("RangeError", arguments); }
Outcome newSyntaxError(const Value&, Arguments arguments) { return newErrorOf("SyntaxError", arguments); }

namespace {

// Time is UTC, since WASI has no data base of time zones. This does not affect a Go program that sets time.Local, or
// that embeds time/tzdata and calls time.LoadLocation.
Outcome timezoneOffset(const Value&, Arguments) { return Value(Value::zero); }

Outcome getTime(const Value& self, Arguments) {
  auto* date = as<Date>(self, Kind::date);
  return Value(date ? date->milliseconds : 0);
}

Outcome pushItems(const Value& self, Arguments arguments) {
  auto* array = asArray(self);
  if (!array) {
    return thrown({}, "push is called on what is no array");
  }
  for (uint32_t i = 0; i < arguments.size; i++) {
    array->items.push(arguments[i]);
  }
  return Value(double(array->items.size()));
}

constexpr Member arrayMembers[] = {
  {.name = "length", .get = [](Object& object) { return Value(double(static_cast<Array&>(object).items.size())); }},
  {.name = "push", .call = pushItems},
};
constexpr Member dateMembers[] = {
  {.name = "getTimezoneOffset", .call = timezoneOffset},
  {.name = "getTime", .call = getTime},
  {.name = "valueOf", .call = getTime},
};

} // namespace

const Interface arrayInterface = {.name = "an array", .members = arrayMembers, .memberCount = countOf(arrayMembers)};
const Interface dateInterface = {.name = "a Date", .members = dateMembers, .memberCount = countOf(dateMembers)};

} // namespace gojs
