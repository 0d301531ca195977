// JavaScript values as the runtime holds them.
//
// A Value has the form of Go's ref (syscall/js/js.go): a number is itself, undefined is 0, and everything else is a NaN
// whose low word says what it is. Go has an id in the low word. The runtime has the address of an Object there, and
// counts the Values that hold the Object:
//
//   undefined        0
//   a number         its IEEE 754 bits, unless it is 0 or NaN
//   NaN, 0, null, true, false    0x7FF80000 in the high word, 0 to 4 in the low one: the ids that Go gives them
//   an object        0x7FF80000 | tag, and the address of the Object
//
// Counting keeps objects alive, so a cycle of objects is never freed. Within the set that is served, a program can make
// a cycle only by code such as `object.Set("self", object)`.

#ifndef parigot_runtime_gojs_value_h
#define parigot_runtime_gojs_value_h

#include "runtime.h"

namespace gojs {

// For functions that are used in hundreds of places. They are not inlined: a call is smaller, and fast enough.
#define PARIGOT_SMALL __attribute__((noinline))

// The kinds of values that `typeof` tells apart, with Go's numbers.
enum class Tag : uint32_t { none, object, string, symbol, function };

enum class Kind : uint8_t {
  plain,
  array,
  bytes,
  string,
  function,
  date,
  stat,
  error,
  event,
  timer,
  promise,
  builtin,
  unserved
};

struct Object {
  Kind kind;
  uint32_t uses = 0; // the number of Values that hold it, plus one if Go holds it
  uint32_t id = 0;   // the id by which Go knows it; 0 if Go does not hold it

  explicit constexpr Object(Kind kind) : kind(kind) {}
  Tag tag() const;
};

// Takes a use away. Frees the object if it has no uses left, and with it the objects that only it used.
void unuse(Object* object);

class Value {
public:
  static constexpr uint32_t nanHead = 0x7FF80000;
  enum Constant : uint32_t { nan, zero, null, yes, no, constants };

  constexpr Value() = default;
  constexpr Value(Constant constant) : bits(uint64_t(nanHead) << 32 | constant) {}
  PARIGOT_SMALL explicit Value(double number) {
    if (number == 0) {
      bits = Value(zero).bits;
    } else if (number != number) {
      bits = Value(nan).bits;
    } else {
      memcpy(&bits, &number, sizeof bits);
    }
  }
  PARIGOT_SMALL explicit Value(Object* object)
    : bits(uint64_t(nanHead | uint32_t(object->tag())) << 32 | (uint64_t(uintptr_t(object)) & addressMask)) {
    object->uses++;
  }
  PARIGOT_SMALL Value(const Value& other) : bits(other.bits) {
    if (auto* held = object()) {
      held->uses++;
    }
  }
  Value(Value&& other) : bits(other.bits) { other.bits = 0; }
  PARIGOT_SMALL Value& operator=(Value other) {
    uint64_t mine = bits;
    bits = other.bits;
    other.bits = mine;
    return *this;
  }
  PARIGOT_SMALL ~Value() {
    if (auto* held = object()) {
      unuse(held);
    }
  }
  PARIGOT_SMALL static Value boolean(bool b) { return b ? yes : no; }

  bool isUndefined() const { return bits == 0; }
  bool isNull() const { return bits == Value(null).bits; }
  bool isNothing() const { return isUndefined() || isNull(); }
  bool isBoolean() const { return bits == Value(yes).bits || bits == Value(no).bits; }
  bool isTrue() const { return bits == Value(yes).bits; }
  PARIGOT_SMALL bool isNumber() const {
    return !isUndefined() && (!isSpecial() || bits == Value(nan).bits || bits == Value(zero).bits);
  }
  // The number; NaN if the value is no number.
  PARIGOT_SMALL double number() const {
    if (bits == Value(zero).bits) {
      return 0;
    }
    double result;
    uint64_t from = isNumber() ? bits : Value(nan).bits;
    memcpy(&result, &from, sizeof result);
    return result;
  }
  // The object; null if the value is no object.
  Object* object() const {
    return isSpecial() && tag() != 0 ? reinterpret_cast<Object*>(uintptr_t(bits & addressMask)) : nullptr;
  }
  PARIGOT_SMALL Object* object(Kind kind) const {
    auto* held = object();
    return held && held->kind == kind ? held : nullptr;
  }
  bool isString() const { return object(Kind::string); }
  bool isFunction() const { return object(Kind::function); }

  // The bits of a constant or a number, which are Go's too.
  uint64_t raw() const { return bits; }
  static Value ofNumberBits(uint64_t bits) {
    Value result;
    result.bits = bits;
    return result;
  }
  bool isSpecial() const { return (uint32_t(bits >> 32) & nanHead) == nanHead; }
  uint32_t tag() const { return uint32_t(bits >> 32) & 7; }

private:
#if defined(__wasm__)
  static constexpr uint64_t addressMask = 0xFFFFFFFF;
#else
#error "Values hold 32-bit addresses"
#endif
  uint64_t bits = 0;
};

// JavaScript's `===`.
inline bool operator==(const Value& a, const Value& b) {
  return a.raw() == b.raw() && a.raw() != Value(Value::nan).raw();
}

// The arguments of a call. Arguments that were not given are undefined.
struct Arguments {
  const Value* items = nullptr;
  uint32_t size = 0;

  const Value& operator[](uint32_t i) const {
    static const Value none;
    return i < size ? items[i] : none;
  }
};

// How a call ended: with a result, or with a value that it threw.
struct Outcome {
  Value value;
  bool thrown = false;

  Outcome(Value value = {}, bool thrown = false) : value(static_cast<Value&&>(value)), thrown(thrown) {}
};

} // namespace gojs

#endif // parigot_runtime_gojs_value_h
