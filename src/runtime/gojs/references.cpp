#include "references.h"

#include "globals.h"
#include "runtime.h"

namespace gojs {

uint64_t References::give(const Value& value) {
  auto* object = value.object();
  if (!object) {
    return value.raw();
  }
  if (object->id == 0) {
    if (freeIds.empty()) {
      object->id = firstFree + entries.size();
      entries.push({});
    } else {
      object->id = freeIds.back();
      freeIds.pop();
    }
    entries[object->id - firstFree].object = object;
    object->uses++;
  }
  if (object->id >= firstFree) {
    auto& count = entries[object->id - firstFree].count;
    count += count != UINT32_MAX;
  }
  return uint64_t(Value::nanHead | uint32_t(object->tag())) << 32 | object->id;
}

Object* References::fixed(uint32_t id) { return id == global ? &globalObject : &goObject; }

// As in loadValue of wasm_exec.js, every NaN is a reference, and its id alone says to what.
Value References::take(uint64_t ref) {
  double number;
  memcpy(&number, &ref, sizeof number);
  if (number == 0) {
    return {};
  }
  if (number == number) {
    return Value::ofNumberBits(ref);
  }
  uint32_t id = uint32_t(ref);
  if (id < Value::constants) {
    return Value::Constant(id);
  }
  if (id < firstFree) {
    return Value(fixed(id));
  }
  if (id - firstFree >= entries.size() || !entries[id - firstFree].object) {
    fail("the program uses a reference that it does not hold");
  }
  return Value(entries[id - firstFree].object);
}

void References::finalize(uint32_t id) {
  if (id < firstFree) {
    return;
  }
  if (id - firstFree >= entries.size() || !entries[id - firstFree].object) {
    fail("the program finalizes a reference that it does not hold");
  }
  auto& entry = entries[id - firstFree];
  if (entry.count == UINT32_MAX || --entry.count != 0) {
    return;
  }
  auto* object = entry.object;
  entry.object = nullptr;
  object->id = 0;
  freeIds.push(id);
  unuse(object);
}

} // namespace gojs
