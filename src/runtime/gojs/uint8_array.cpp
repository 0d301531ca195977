// The functions and properties of a Uint8Array.

#include "bytes.h"
#include "globals.h"
#include "needs_javascript.h"
#include "operations.h"
#include "runtime.h"
#include "state.h"

namespace gojs {

namespace {

Value length(Object& object) { return Value(double(static_cast<Bytes&>(object).length)); }

// Reads an argument as an index of [0, size]. A negative one counts from the end; one that is out of range is cut off.
uint32_t indexOf(const Value& value, uint32_t size, uint32_t otherwise) {
  double number = value.isUndefined() ? otherwise : value.number();
  number = number != number ? 0 : number < 0 ? number + size : number;
  return number <= 0 ? 0 : number >= size ? size : uint32_t(number);
}

struct Range {
  uint32_t start, size;
};
Range rangeOf(const Bytes& bytes, const Value& from, const Value& to) {
  uint32_t start = indexOf(from, bytes.length, 0), end = indexOf(to, bytes.length, bytes.length);
  return {start, end > start ? end - start : 0};
}

Bytes& bytesOf(const Value& self, Text method) {
  auto* bytes = asBytes(self);
  if (!bytes) {
    needsJavaScript(method, "what is no Uint8Array");
  }
  return *bytes;
}

// Copies between arrays that may share their bytes.
void copy(Bytes& to, uint32_t at, Bytes& from, Range range) {
  auto& buffers = state().buffers;
  List<uint8_t> bytes;
  bytes.resize(range.size);
  uint32_t stored;
  auto* source = buffers.toRead(from, range.start, range.start + range.size, stored);
  memcpy(bytes.begin(), source, stored);
  memcpy(buffers.toWrite(to, at, at + range.size), bytes.begin(), range.size);
  buffers.wrote(to, at + range.size);
}

// subarray(start, end): a view of the same bytes.
Outcome subarray(const Value& self, Arguments arguments) {
  Range range = rangeOf(bytesOf(self, "subarray"), arguments[0], arguments[1]);
  return makeView(self, range.start, range.size);
}

// slice(start, end): a copy.
Outcome slice(const Value& self, Arguments arguments) {
  auto& bytes = bytesOf(self, "slice");
  Range range = rangeOf(bytes, arguments[0], arguments[1]);
  auto* made = makeBytes(range.size);
  Value result(made);
  if (range.size) {
    copy(*made, 0, bytes, range);
  }
  return result;
}

// set(bytes or array, offset)
Outcome set(const Value& self, Arguments arguments) {
  auto& bytes = bytesOf(self, "set");
  double offset = arguments[1].isUndefined() ? 0 : arguments[1].number();
  int64_t size = arguments[0].object() ? lengthOf(arguments[0]) : 0;
  if (!(offset >= 0 && offset + double(size) <= bytes.length)) {
    return thrownAs("RangeError", "offset is out of bounds");
  }
  auto at = uint32_t(offset);
  if (auto* from = asBytes(arguments[0]); from && size) {
    copy(bytes, at, *from, {0, from->length});
  } else if (auto* array = asArray(arguments[0])) {
    for (uint32_t i = 0; i < array->items.size(); i++) {
      state().buffers.set(bytes, at + i, toByte(array->items[i]));
    }
  }
  return {};
}

// fill(byte, start, end)
Outcome fill(const Value& self, Arguments arguments) {
  auto& bytes = bytesOf(self, "fill");
  Range range = rangeOf(bytes, arguments[1], arguments[2]);
  if (range.size) {
    memset(state().buffers.toWrite(bytes, range.start, range.start + range.size), toByte(arguments[0]), range.size);
    state().buffers.wrote(bytes, range.start + range.size);
  }
  return self;
}

constexpr Member members[] = {
  {.name = "length", .get = length},
  {.name = "byteLength", .get = length},
  {.name = "byteOffset", .get = [](Object& object) { return Value(double(static_cast<Bytes&>(object).offset)); }},
  {.name = "BYTES_PER_ELEMENT", .get = [](Object&) { return Value(1.0); }},
  {.name = "subarray", .call = subarray},
  {.name = "slice", .call = slice},
  {.name = "set", .call = set},
  {.name = "fill", .call = fill},
};

} // namespace

const Interface bytesInterface = {.name = "a Uint8Array", .members = members, .memberCount = countOf(members)};

} // namespace gojs
