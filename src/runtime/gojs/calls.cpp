#include "calls.h"

#include "globals.h"
#include "operations.h"
#include "runtime.h"
#include "state.h"
#include "utf8.h"

namespace gojs {

CallArguments::CallArguments(uint64_t start, uint64_t given, Text what) {
  if (given > UINT32_MAX / sizeof(uint64_t)) {
    given = UINT32_MAX; // no memory has room for so many
  }
  Slice slice = checkedSlice(start, given * sizeof(uint64_t), what);
  count = uint32_t(given);
  constexpr uint32_t small = sizeof inPlace / sizeof *inPlace;
  if (count > small) {
    more.resize(count);
  }
  auto* values = more.empty() ? inPlace : more.begin();
  for (uint32_t i = 0; i < count; i++) {
    values[i] = state().references.take(program::load64(slice.start + i * 8));
  }
}

namespace {

// The string that JavaScript's TextDecoder makes of bytes.
String* findDecoded(Text bytes) {
  bytes = withoutMark(bytes);
  if (isUtf8(bytes)) {
    return state().strings.find(bytes);
  }
  Characters decoded;
  decodeUtf8(decoded, bytes);
  return state().strings.find(decoded);
}

} // namespace

uint64_t giveString(Slice from) {
  char small[64];
  auto& strings = state().strings;
  String* found;
  if (from.size <= sizeof small) {
    program::read(small, from.start, from.size);
    found = findDecoded({small, from.size});
  } else {
    auto* prepared = strings.prepare(from.size);
    program::read(prepared->data(), from.start, from.size);
    if (isUtf8(prepared->text()) && withoutMark(prepared->text()).size == from.size) {
      found = strings.intern(prepared);
    } else {
      found = findDecoded(prepared->text());
      release(prepared);
    }
  }
  return state().references.give(Value(found));
}

uint64_t prepareString(uint64_t ref, uint32_t& length) {
  Value text = toString(state().references.take(ref));
  length = asString(text)->size;
  uint64_t given = state().references.give(text);
  return (uint64_t(Value::nanHead | uint32_t(Tag::object)) << 32) | uint32_t(given);
}

void loadString(uint64_t ref, Slice to, Text what) {
  Value value = state().references.take(ref);
  auto* text = asString(value);
  if (!text) {
    fail("a reference that is not from valuePrepareString is passed to ", what);
  }
  program::write(to.start, text->data(), text->size < to.size ? text->size : to.size);
}

bool copyToProgram(Slice to, uint64_t ref, uint32_t& copied) {
  static uint8_t zeros[1024]; // not const: constant data would add a kilobyte to the module
  Value value = state().references.take(ref);
  auto* bytes = asBytes(value);
  if (!bytes) {
    return false;
  }
  copied = bytes->length < to.size ? bytes->length : to.size;
  uint32_t stored;
  auto* from = state().buffers.toRead(*bytes, 0, copied, stored);
  program::write(to.start, from, stored);
  for (uint32_t at = stored; at < copied;) {
    uint32_t n = copied - at < sizeof zeros ? copied - at : uint32_t(sizeof zeros);
    program::write(to.start + at, zeros, n);
    at += n;
  }
  state().buffers.spend(*bytes);
  return true;
}

bool copyFromProgram(uint64_t ref, Slice from, uint32_t& copied) {
  Value value = state().references.take(ref);
  auto* bytes = asBytes(value);
  if (!bytes) {
    return false;
  }
  copied = bytes->length < from.size ? bytes->length : from.size;
  program::read(state().buffers.toWrite(*bytes, 0, copied), from.start, copied);
  state().buffers.wrote(*bytes, copied);
  return true;
}

void randomToProgram(Slice to) {
  uint8_t some[256];
  while (to.size) {
    uint32_t n = to.size < sizeof some ? to.size : uint32_t(sizeof some);
    fillRandom(some, n);
    program::write(to.start, some, n);
    to = {to.start + n, to.size - n};
  }
}

void runEvents(Life life, void (*onTimer)()) {
  auto& events = state().events;
  events.setLooping(true);
  while (true) {
    if (program::yielded()) {
      return;
    }
    auto turn = events.next(life == Life::command);
    if (turn == Events::Turn::nothing) {
      break;
    }
    if (turn == Events::Turn::timer) {
      events.pending = Value::null;
      onTimer();
    }
  }
  events.setLooping(false);
}

void refuseLibrary() {
  Characters names;
  for (auto& property : globalObject.own) {
    bool isOrHasFunction = property.value.isFunction();
    if (auto* plain = as<Plain>(property.value, Kind::plain)) {
      for (auto& inner : plain->properties) {
        isOrHasFunction |= inner.value.isFunction();
      }
    }
    if (isOrHasFunction) {
      names << (names.empty() ? Text("") : Text(", ")) << asString(property.name)->text();
    }
  }
  if (!names.empty()) {
    writeAll(2, "go program is a library for JavaScript: it sets on global, for others to call: ");
    writeAll(2, names);
    writeAll(2, "; parigot-opt strip --library makes it one that hosts call\n");
    __wasi_proc_exit(exitFailed);
  }
}

} // namespace gojs
