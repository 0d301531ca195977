#include "properties.h"

#include "objects.h"
#include "state.h"

namespace gojs {

namespace {

// Names are interned strings: they are compared by address, and their hash is at hand.
uint32_t hashOf(const Object* name) { return static_cast<const String*>(name)->hash; }

} // namespace

void Properties::buildTable() const {
  uint32_t slots = 4 * tableFrom;
  while (slots < properties.size() * 4) {
    slots *= 2;
  }
  table.clear();
  table.resize(slots);
  for (uint32_t i = 0; i < properties.size(); i++) {
    uint32_t slot = hashOf(properties[i].name.object()) & (slots - 1);
    while (table[slot]) {
      slot = (slot + 1) & (slots - 1);
    }
    table[slot] = i + 1;
  }
}

int64_t Properties::indexOf(const Object* name) const {
  if (properties.size() < tableFrom) {
    for (uint32_t i = 0; i < properties.size(); i++) {
      if (properties[i].name.object() == name) {
        return i;
      }
    }
    return -1;
  }
  if (table.size() < properties.size() * 2) {
    buildTable();
  }
  for (uint32_t slot = hashOf(name) & (table.size() - 1); table[slot]; slot = (slot + 1) & (table.size() - 1)) {
    if (properties[table[slot] - 1].name.object() == name) {
      return table[slot] - 1;
    }
  }
  return -1;
}

const Value* Properties::find(Text name) const {
  if (properties.empty()) {
    return nullptr;
  }
  Value key = string(name);
  int64_t index = indexOf(key.object());
  return index < 0 ? nullptr : &properties[uint32_t(index)].value;
}

void Properties::set(const Value& name, Value value) {
  int64_t index = indexOf(name.object());
  if (index >= 0) {
    properties[uint32_t(index)].value = static_cast<Value&&>(value);
    return;
  }
  properties.push({name, static_cast<Value&&>(value)});
  if (!table.empty() && table.size() >= properties.size() * 2) {
    uint32_t slot = hashOf(name.object()) & (table.size() - 1);
    while (table[slot]) {
      slot = (slot + 1) & (table.size() - 1);
    }
    table[slot] = properties.size();
  }
}

void Properties::remove(Text name) {
  Value key = string(name);
  int64_t index = indexOf(key.object());
  if (index >= 0) {
    properties.remove(uint32_t(index));
    table.clear();
  }
}

} // namespace gojs
