#include "bytes.h"

#include "runtime.h"

namespace gojs {

namespace {

[[noreturn]] void failGivenUp() {
  fail("a Uint8Array is used again after its bytes were written out; they had been given up to keep memory in bounds");
}

} // namespace

Bytes* makeBytes(uint32_t length) {
  auto* bytes = make<Bytes>();
  bytes->length = length;
  return bytes;
}

Value makeView(const Value& bytes, uint32_t start, uint32_t length) {
  auto* of = asBytes(bytes);
  auto* view = makeBytes(length);
  Value result(view);
  view->whole = of->whole.isUndefined() ? bytes : of->whole;
  view->offset = of->offset + start;
  asBytes(view->whole)->shared = true;
  return result;
}

void Buffers::reserve(Bytes& bytes, uint32_t room) {
  if (room == bytes.room) {
    return;
  }
  total = total - bytes.room + room;
  if (room == 0) {
    release(bytes.data);
    bytes.data = nullptr;
  } else {
    bytes.data = static_cast<uint8_t*>(reallocate(bytes.data, room));
  }
  bytes.room = room;
}

void Buffers::unlink(Bytes& bytes) {
  if (!bytes.spent) {
    return;
  }
  (bytes.before ? bytes.before->after : oldest) = bytes.after;
  (bytes.after ? bytes.after->before : newest) = bytes.before;
  bytes.before = bytes.after = nullptr;
  bytes.spent = false;
}

void Buffers::spend(Bytes& bytes) {
  if (bytes.shared || asBytes(bytes.whole)) {
    return;
  }
  unlink(bytes);
  bytes.spent = true;
  bytes.before = newest;
  (newest ? newest->after : oldest) = &bytes;
  newest = &bytes;
}

void Buffers::remove(Bytes& bytes) {
  unlink(bytes);
  reserve(bytes, 0);
}

uint8_t* Buffers::toWrite(Bytes& bytes, uint32_t start, uint32_t end) {
  if (auto* whole = asBytes(bytes.whole)) {
    return toWrite(*whole, bytes.offset + start, bytes.offset + end);
  }
  unlink(bytes);
  if (start == 0 && end == bytes.length && !bytes.shared) {
    bytes.gaveUp = false;
    bytes.written = 0;
  } else if (bytes.gaveUp && start > bytes.written) {
    failGivenUp();
  }
  if (end > bytes.room) {
    while (total - bytes.room + bytes.length > budget && oldest) {
      auto& old = *oldest;
      unlink(old);
      old.gaveUp = true;
      old.written = 0;
      reserve(old, 0);
    }
    reserve(bytes, bytes.length);
  }
  if (start > bytes.written) {
    memset(bytes.data + bytes.written, 0, start - bytes.written);
    bytes.written = start;
  }
  return bytes.data + start;
}

void Buffers::set(Bytes& bytes, uint32_t index, uint8_t byte) {
  if (auto* whole = asBytes(bytes.whole)) {
    return set(*whole, bytes.offset + index, byte);
  }
  *toWrite(bytes, index, index + 1) = byte;
  if (index >= bytes.written) {
    bytes.written = index + 1;
  }
}

void Buffers::wrote(Bytes& bytes, uint32_t end) {
  if (auto* whole = asBytes(bytes.whole)) {
    return wrote(*whole, bytes.offset + end);
  }
  if (end > bytes.written) {
    bytes.written = end;
  }
  if (bytes.room - bytes.written > 4096) {
    reserve(bytes, bytes.written);
  }
}

const uint8_t* Buffers::toRead(Bytes& bytes, uint32_t start, uint32_t end, uint32_t& stored) {
  if (auto* whole = asBytes(bytes.whole)) {
    return toRead(*whole, bytes.offset + start, bytes.offset + end, stored);
  }
  if (bytes.gaveUp && end > bytes.written) {
    failGivenUp();
  }
  uint32_t until = end < bytes.written ? end : bytes.written;
  stored = start < until ? until - start : 0;
  return bytes.data + start;
}

const uint8_t* Buffers::toReadWhole(Bytes& bytes, uint32_t start, uint32_t end) {
  if (auto* whole = asBytes(bytes.whole)) {
    return toReadWhole(*whole, bytes.offset + start, bytes.offset + end);
  }
  uint32_t stored;
  auto* data = toRead(bytes, start, end, stored);
  if (stored == end - start) {
    return data;
  }
  toWrite(bytes, end, end);
  return bytes.data + start;
}

} // namespace gojs
